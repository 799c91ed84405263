"""Tokens, the life of a session, sign-out, limits, and what must never be written down."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from mssclient.relay import app, config, server
from mssclient.relay.config import BadConfig, RelayConfig
from tests.relay import kit
from tests.relay.kit import ALICE, VERIFIER, World


async def _token(world: World, session: str, **asked: Any) -> httpx.Response:
    async with world.at() as station:
        return await station.post("/token", headers=kit.bearer(session), json=asked)


def test_a_token_is_the_persons_and_tells_its_end() -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        token = (await _token(world, session)).json()
        assert world.provider.check(token["access_token"]) == ALICE.national_id
        assert token["expires_at"] == world.clock.now + 120
        assert 0 < token["session_left_s"] <= 1800
        assert len(token["access_token"]) > 1450, "as long as a real one"

    asyncio.run(kit.played(scene))


def test_a_token_about_to_end_is_replaced_and_a_fresh_one_can_be_asked_for() -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        first = (await _token(world, session)).json()["access_token"]
        assert (await _token(world, session)).json()["access_token"] == first
        world.clock.pass_by(100)
        second = (await _token(world, session)).json()["access_token"]
        assert second != first
        third = (await _token(world, session, fresh=True)).json()["access_token"]
        assert third not in {first, second}

    asyncio.run(kit.played(scene))


def test_all_who_ask_for_a_fresh_token_at_once_get_the_same_one() -> None:
    """PSC rotates refresh tokens: two refreshes at once would look like theft and end the session."""

    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        first = (await _token(world, session)).json()["access_token"]
        answers = await asyncio.gather(*(_token(world, session, fresh=True) for _ in range(6)))
        assert {answer.status_code for answer in answers} == {200}
        (second,) = {answer.json()["access_token"] for answer in answers}
        later = (await _token(world, session, fresh=True)).json()["access_token"]
        assert len({first, second, later}) == 3

    asyncio.run(kit.played(scene))


def test_a_token_tells_the_end_that_nothing_moves() -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        assert (await _token(world, session)).json()["session_ends_in_s"] == 4 * 3600
        world.clock.pass_by(1000)
        later = (await _token(world, session, fresh=True)).json()
        assert later["session_ends_in_s"] == 4 * 3600 - 1000
        assert later["session_left_s"] == 1800

    asyncio.run(kit.played(scene))


@pytest.mark.parametrize("why", ["idle", "four hours", "logout elsewhere"])
def test_when_psc_is_over_so_is_the_session(why: str) -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        match why:
            case "idle":
                world.clock.pass_by(1801)
            case "four hours":
                for _ in range(8):
                    world.clock.pass_by(1790)
                    await _token(world, session)
                world.clock.pass_by(200)
            case _:
                world.provider.expire_all()
        over = await _token(world, session, fresh=True)
        assert (over.status_code, over.json()) == (401, {"error": "session_ended"})
        assert (await _token(world, session)).status_code == 401

    asyncio.run(kit.played(scene))


def test_signing_out_ends_the_session_here_and_at_psc() -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        token = (await _token(world, session)).json()["access_token"]
        async with world.at() as station:
            assert (await station.delete("/session", headers=kit.bearer(session))).status_code == 204
            assert (await station.get("/identity", headers=kit.bearer(session))).status_code == 401
        assert world.provider.check(token) is None

    asyncio.run(kit.played(scene))


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}])
def test_nobody_without_a_session_gets_anything(header: dict[str, str]) -> None:
    async def scene(world: World) -> None:
        await kit.signed_in(world)
        async with world.at() as station:
            assert (await station.post("/token", headers=header)).status_code == 401
            assert (await station.get("/identity", headers=header)).status_code == 401

    asyncio.run(kit.played(scene))


def test_psc_out_of_reach_is_no_end_of_session() -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        async with httpx.AsyncClient(transport=httpx.MockTransport(_cut)) as line:
            dead = app.create(world.config, world.clock, line)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(dead), base_url=kit.RELAY) as station:
                start = {"code_challenge": kit.challenge(), "state": kit.STATE, "port": "50123"}
                assert (await station.get("/start", params=start)).status_code == 503
                ciba = {"national_id": "899900000011", "code_challenge": kit.challenge()}
                assert (await station.post("/ciba", json=ciba)).status_code == 502
        assert (await _token(world, session)).status_code == 200

    def _cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("line cut", request=request)

    asyncio.run(kit.played(scene))


def test_an_address_that_guesses_has_to_wait() -> None:
    async def scene(world: World) -> None:
        guess = {"ticket": "guess", "verifier": VERIFIER}
        async with world.at() as station:
            codes = [(await station.post("/session", json=guess)).status_code for _ in range(5)]
            assert codes == [400, 400, 400, 503, 503]
            async with world.at(kit.ELSEWHERE) as other:
                assert (await other.get("/health")).status_code == 200
            world.clock.pass_by(60)
            assert (await station.get("/health")).status_code == 200

    asyncio.run(kit.played(scene, failures_per_minute=3))


def test_an_address_that_floods_has_to_wait() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            codes = [(await station.get("/health")).status_code for _ in range(12)]
        assert codes == [200] * 10 + [503] * 2

    asyncio.run(kit.played(scene, requests_per_minute=10))


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"ticket": 5}', b"x" * 10_000, b"[" * 5000])
def test_a_malformed_body_is_refused(body: bytes) -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            answer = await station.post("/session", content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400

    asyncio.run(kit.played(scene))


def test_a_form_from_a_foreign_page_is_no_request() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            answer = await station.post("/session", content=b'{"verifier":"x"}', headers={"content-type": "text/plain"})
        assert answer.status_code == 400

    asyncio.run(kit.played(scene))


def test_no_secret_reaches_a_log_or_an_address(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen: list[str] = []
    secrets: list[str] = []

    async def scene(world: World) -> None:
        async with world.at() as browser:

            async def note(response: httpx.Response) -> None:
                seen.extend((str(response.request.url), response.headers.get("location", "")))

            browser.event_hooks["response"] = [note]
            answer = kit.landed(await kit.chosen(browser, await kit.to_psc(browser), ALICE))
            opened = await browser.post("/session", json={"ticket": answer["ticket"], "verifier": VERIFIER})
            session = opened.json()["session"]
            headers = kit.bearer(session)
            token = (await browser.post("/token", headers=headers, json={"fresh": True})).json()["access_token"]
            await browser.get("/identity", headers=headers)
            await browser.delete("/session", headers=headers)
            assert opened.headers["cache-control"] == "no-store"
        secrets.extend((session, token, VERIFIER, "sandbox-only-client-secret"))
        secrets.append(answer["ticket"])

    asyncio.run(kit.played(scene))
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("mssclient"))
    assert '"event": "session_opened", "way": "loopback", "person": "899900000011"' in ours
    assert '"why": "signed_out"' in ours
    addresses = "\n".join(seen)
    *never, ticket = secrets
    assert not [each for each in never if each in addresses]
    assert addresses.count(ticket) == 1, "the ticket is in one address only: the loopback's"
    assert not [each for each in secrets if each in ours]


def test_the_configuration_hides_its_secret_and_refuses_what_cannot_serve(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("le-secret\n")
    good = (
        'base_url = "https://relais.example"\nissuer = "https://psc.example/auth/realms/x"\n'
        'client_id = "relais"\nclient_secret_file = "secret"\n'
    )
    file = tmp_path / "relay.toml"
    file.write_text(good)
    read = config.read(file)
    assert read.client_secret == "le-secret"
    assert "le-secret" not in repr(read)
    assert read.redirect_uri == "https://relais.example/callback"
    for bad in (
        good.replace("https://relais", "http://relais"),
        good + "unknown = 1\n",
        good + "ticket_s = 600\n",
        good + 'ticket_s = "60"\n',
        good.replace('client_id = "relais"\n', ""),
        good.replace('client_secret_file = "secret"\n', ""),
        "not toml",
    ):
        file.write_text(bad)
        with pytest.raises(BadConfig):
            config.read(file)


def test_a_relay_without_certificate_does_not_serve() -> None:
    settings = RelayConfig("https://relais.example", "https://psc.example", "id", "secret")
    with pytest.raises(BadConfig):
        server.run(replace(settings, certificate=""), kit.Clock())
