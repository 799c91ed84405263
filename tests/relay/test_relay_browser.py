"""Flow A at the relay: the ticket, those who steal it, and browsers that reach no loopback."""

from __future__ import annotations

import asyncio
import re

import httpx
import pytest

from tests.relay import kit
from tests.relay.kit import ALICE, BOB, ELSEWHERE, HERE, OTHER_VERIFIER, STATE, VERIFIER, World


def test_a_person_signs_in_and_is_described() -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        async with world.at() as station:
            identity = (await station.get("/identity", headers=kit.bearer(session))).json()
        assert identity["national_id"] == ALICE.national_id
        assert (identity["title"], identity["family"]) == ("Dr", "Fictive")
        assert [place["structure"] for place in identity["activities"]] == ["EHPAD Les Essais", "Cabinet Fictif"]
        assert identity["activities"][0]["speciality"] == "Gériatrie"

    asyncio.run(kit.played(scene))


def test_the_workstations_state_comes_back_untouched() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            answer = kit.landed(await kit.chosen(browser, await kit.to_psc(browser), ALICE))
        assert answer["state"] == STATE
        assert set(answer) == {"ticket", "state"}

    asyncio.run(kit.played(scene))


@pytest.mark.parametrize("verifier", ["", "short", OTHER_VERIFIER])
def test_a_stolen_ticket_is_worth_nothing_without_the_verifier_and_is_burnt(verifier: str) -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            ticket = kit.landed(await kit.chosen(browser, await kit.to_psc(browser), ALICE))["ticket"]
            async with world.at(ELSEWHERE) as thief:
                stolen = await thief.post("/session", json={"ticket": ticket, "verifier": verifier})
            assert stolen.status_code == 400
            assert stolen.json() == {"error": "invalid_ticket"}
            late = await browser.post("/session", json={"ticket": ticket, "verifier": VERIFIER})
            assert late.status_code == 400

    asyncio.run(kit.played(scene))


def test_a_ticket_serves_once() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            ticket = kit.landed(await kit.chosen(browser, await kit.to_psc(browser), ALICE))["ticket"]
            proof = {"ticket": ticket, "verifier": VERIFIER}
            answers = await asyncio.gather(*(browser.post("/session", json=proof) for _ in range(4)))
        assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]

    asyncio.run(kit.played(scene))


def test_a_ticket_lives_a_minute() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            ticket = kit.landed(await kit.chosen(browser, await kit.to_psc(browser), ALICE))["ticket"]
            world.clock.pass_by(60)
            late = await browser.post("/session", json={"ticket": ticket, "verifier": VERIFIER})
        assert late.status_code == 400

    asyncio.run(kit.played(scene))


def test_the_answer_of_psc_serves_once_and_only_in_the_browser_that_began() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser, world.at() as other:
            page = await kit.to_psc(browser)
            transaction = re.search(r'name="transaction" value="([^"]+)"', page.text)
            assert transaction
            form = {"transaction": transaction[1], "person": ALICE.national_id}
            back = (await browser.post(str(page.url), data=form)).headers["location"]
            assert (await other.get(back)).status_code == 400, "a browser without the cookie"
            assert (await browser.get(back)).status_code == 400, "the state was used up"

    asyncio.run(kit.played(scene))


def test_an_answer_from_another_issuer_is_refused() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            sent = await browser.get(
                "/start", params={"code_challenge": kit.challenge(), "state": STATE, "port": "50123"}
            )
            state = re.search(r"[?&]state=([^&]+)", sent.headers["location"])
            assert state
            query = {"state": state[1], "code": "x", "iss": "https://ailleurs.example"}
            assert (await browser.get("/callback", params=query)).status_code == 400

    asyncio.run(kit.played(scene))


def test_a_person_who_cancels_is_told_to_the_workstation() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            answer = kit.landed(await kit.chosen(browser, await kit.to_psc(browser), None))
        assert answer == {"error": "access_denied", "state": STATE}

    asyncio.run(kit.played(scene))


@pytest.mark.parametrize(
    "query",
    [
        {"port": "80"},
        {"port": "0"},
        {"port": "65536"},
        {"port": "50123@ailleurs.example"},
        {"port": "50123", "code_challenge": "short"},
        {"port": "50123", "state": "short"},
        {},
    ],
)
def test_a_start_that_no_workstation_would_make_is_refused(query: dict[str, str]) -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            full = {"code_challenge": kit.challenge(), "state": STATE} | query
            assert (await browser.get("/start", params=full)).status_code == 400

    asyncio.run(kit.played(scene))


def test_a_workstation_behind_the_same_address_may_fetch_what_its_loopback_missed() -> None:
    async def scene(world: World) -> None:
        async with world.at(HERE) as browser:
            waiting = await browser.post("/session", json={"verifier": VERIFIER})
            assert waiting.status_code == 202
            await kit.chosen(browser, await kit.to_psc(browser), ALICE)
            early = await browser.post("/session", json={"verifier": VERIFIER})
            assert early.status_code == 202, "the loopback comes first"
            world.clock.pass_by(2)
            async with world.at(ELSEWHERE) as stranger:
                assert (await stranger.post("/session", json={"verifier": VERIFIER})).status_code == 202
            other = await browser.post("/session", json={"verifier": OTHER_VERIFIER})
            assert other.status_code == 202
            assert (await browser.post("/session", json={"verifier": VERIFIER})).status_code == 201

    asyncio.run(kit.played(scene))


def test_polling_can_be_forbidden() -> None:
    async def scene(world: World) -> None:
        async with world.at(HERE) as browser:
            assert (await kit.to_psc(browser, mode="poll")).status_code == 400
            await kit.chosen(browser, await kit.to_psc(browser), ALICE)
            world.clock.pass_by(2)
            assert (await browser.post("/session", json={"verifier": VERIFIER})).status_code == 202

    asyncio.run(kit.played(scene, polling=False))


async def _asked_to_confirm(world: World, browser: httpx.AsyncClient) -> str:
    page = await kit.chosen(browser, await kit.to_psc(browser, mode="poll"), ALICE)
    word = re.search(r'name="word" value="([^"]+)"', page.text)
    assert word, page.text
    assert re.search(r'class="code">[0-9]{4}<', page.text), page.text
    async with world.at(HERE) as station:
        assert (await station.post("/session", json={"verifier": VERIFIER})).status_code == 202
    return word[1]


def test_a_remote_desktop_gets_its_session_once_the_person_confirmed_the_code() -> None:
    async def scene(world: World) -> None:
        async with world.at(ELSEWHERE) as browser, world.at(HERE) as station:
            word = await _asked_to_confirm(world, browser)
            said = await browser.post("/confirm", data={"word": word, "answer": "yes"})
            assert "fermer cet onglet" in said.text
            assert (await station.post("/session", json={"verifier": VERIFIER})).status_code == 201
            again = await browser.post("/confirm", data={"word": word, "answer": "yes"})
            assert again.status_code == 400

    asyncio.run(kit.played(scene))


def test_whoever_sent_somebody_the_start_page_gets_nothing_when_the_code_is_not_theirs() -> None:
    async def scene(world: World) -> None:
        async with world.at(ELSEWHERE) as browser, world.at(HERE) as station:
            word = await _asked_to_confirm(world, browser)
            await browser.post("/confirm", data={"word": word, "answer": "no"})
            refused = await station.post("/session", json={"verifier": VERIFIER})
            assert (refused.status_code, refused.json()) == (403, {"error": "access_denied"})
            page = await kit.to_psc(browser)
            assert "transaction" in page.text, "PSC forgot the person too"

    asyncio.run(kit.played(scene))


def test_two_people_at_one_browser_stay_apart_once_the_first_signed_out() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            first = kit.landed(await kit.chosen(browser, await kit.to_psc(browser), ALICE))
            opened = await browser.post("/session", json={"ticket": first["ticket"], "verifier": VERIFIER})
            session = opened.json()["session"]
            silent = await kit.to_psc(browser)
            assert silent.is_redirect, "PSC's own session: no question asked"
            gone = await browser.delete("/session", headers=kit.bearer(session))
            assert gone.status_code == 204
            page = await kit.to_psc(browser)
            answer = kit.landed(await kit.chosen(browser, page, BOB))
            opened = await browser.post("/session", json={"ticket": answer["ticket"], "verifier": VERIFIER})
            who = await browser.get("/identity", headers=kit.bearer(opened.json()["session"]))
        assert who.json()["national_id"] == BOB.national_id

    asyncio.run(kit.played(scene))
