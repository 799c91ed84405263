"""A session that is renewed, and a sign-in that is given up: what ends at PSC, and what must not."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from mssclient.domain.session import Person
from tests.relay.kit import (
    ALICE,
    BOB,
    OTHER_VERIFIER,
    VERIFIER,
    World,
    bearer,
    challenge,
    chosen,
    landed,
    played,
    to_psc,
)


def at_psc(world: World) -> int:
    """How many sessions PSC keeps."""
    return len(world.provider._mint._sessions)


async def opened(browser: httpx.AsyncClient, answer: dict[str, str], verifier: str = VERIFIER) -> str:
    response = await browser.post("/session", json={"ticket": answer["ticket"], "verifier": verifier})
    return str(response.json()["session"])


async def in_same_browser(world: World, browser: httpx.AsyncClient, *, again: bool) -> tuple[str, str]:
    """Two sign-ins of one person in one browser: by the second, PSC knows them."""
    first = await opened(browser, landed(await chosen(browser, await to_psc(browser), ALICE)))
    way = {"port": "50123"} | ({"again": "1"} if again else {})
    page = await to_psc(browser, **way)
    back = await (chosen(browser, page, ALICE) if again else browser.get(page.headers["location"]))
    return first, await opened(browser, landed(back))


async def works(browser: httpx.AsyncClient, session: str) -> bool:
    answer = await browser.post("/token", json={"fresh": True}, headers=bearer(session))
    return answer.status_code == 200


async def handed_over(browser: httpx.AsyncClient, old: str, heir: str) -> int:
    return (await browser.post("/handover", json={"heir": heir}, headers=bearer(old))).status_code


def test_a_session_that_psc_shares_is_only_forgotten() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            first, second = await in_same_browser(world, browser, again=False)
            assert at_psc(world) == 1
            assert await handed_over(browser, first, second) == 204
            assert not await works(browser, first)
            assert await works(browser, second)

    asyncio.run(played(scene))


def test_a_renewal_asks_psc_for_the_person_anew_and_ends_the_old_session() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            first, second = await in_same_browser(world, browser, again=True)
            assert at_psc(world) == 2
            assert await handed_over(browser, first, second) == 204
            assert at_psc(world) == 1
            assert await works(browser, second)
            assert not await works(browser, first)

    asyncio.run(played(scene))


def test_a_session_is_not_spared_for_another_person_or_for_nobody() -> None:
    async def scene(world: World) -> None:
        async with world.at() as here, world.at() as there:
            alice = await opened(here, landed(await chosen(here, await to_psc(here), ALICE)))
            bob = await opened(there, landed(await chosen(there, await to_psc(there), BOB)))
            assert await handed_over(there, bob, alice) == 204
            assert at_psc(world) == 1
            assert await works(here, alice)
            assert await handed_over(here, alice, "nobody") == 204
            assert at_psc(world) == 0
            assert await handed_over(here, alice, "nobody") == 204, "over already is no error"

    asyncio.run(played(scene))


@pytest.mark.parametrize("body", [{"heir": 5}, {"heir": ["x"]}])
def test_a_heir_that_is_none_is_refused(body: dict[str, Any]) -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            session = await opened(browser, landed(await chosen(browser, await to_psc(browser), ALICE)))
            answer = await browser.post("/handover", json=body, headers=bearer(session))
            assert answer.status_code == 400
            assert await works(browser, session)

    asyncio.run(played(scene))


# -- given up


async def abandoned(browser: httpx.AsyncClient, verifier: str = VERIFIER, session: str = "") -> int:
    headers = bearer(session) if session else {}
    return (await browser.post("/abandon", json={"verifier": verifier}, headers=headers)).status_code


def test_who_came_back_for_nobody_is_signed_out() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            answer = landed(await chosen(browser, await to_psc(browser), ALICE))
            assert await abandoned(browser) == 204
            assert at_psc(world) == 0
            late = await browser.post("/session", json={"ticket": answer["ticket"], "verifier": VERIFIER})
            assert late.status_code == 400

    asyncio.run(played(scene))


def test_who_comes_back_later_is_signed_out_then() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            page = await to_psc(browser)
            assert await abandoned(browser) == 204
            answer = landed(await chosen(browser, page, ALICE))
            assert answer.get("error") == "abandoned"
            assert at_psc(world) == 0

    asyncio.run(played(scene))


def test_giving_a_renewal_up_spares_the_session_in_use() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            session = await opened(browser, landed(await chosen(browser, await to_psc(browser), ALICE)))
            page = await to_psc(browser)  # PSC knows the browser: no page, and the same session
            landed(await browser.get(page.headers["location"]))
            assert await abandoned(browser, session=session) == 204
            assert await works(browser, session)

    asyncio.run(played(scene))


def test_only_the_workstation_that_began_may_give_up() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            answer = landed(await chosen(browser, await to_psc(browser), ALICE))
            assert await abandoned(browser, OTHER_VERIFIER) == 204
            assert await abandoned(browser, challenge()) == 204, "the challenge stands in an address: it is no proof"
            assert await abandoned(browser, "short") == 400
            assert await opened(browser, answer)

    asyncio.run(played(scene))


# -- the phone


async def rung(workstation: httpx.AsyncClient, person: Person = ALICE) -> str:
    asked = {"national_id": person.national_id, "channel": "MOBILE", "code_challenge": challenge()}
    answer = await workstation.post("/ciba", json=asked)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_a_request_given_up_after_the_phone_said_yes_is_signed_out() -> None:
    async def scene(world: World) -> None:
        async with world.at() as workstation:
            phone_id = await rung(workstation)
            world.provider.approve()
            world.clock.pass_by(2)
            assert (await workstation.get(f"/ciba/{phone_id}")).json()["state"] == "ready"
            assert at_psc(world) == 1
            await workstation.request("DELETE", f"/ciba/{phone_id}", headers=bearer(OTHER_VERIFIER))
            assert at_psc(world) == 1, "somebody else's word"
            await workstation.request("DELETE", f"/ciba/{phone_id}", headers=bearer(VERIFIER))
            assert at_psc(world) == 0
            await rung(workstation)

    asyncio.run(played(scene))
