"""What only some may see of the relay: numbers, readiness, the audit, and a person's share of their store's key."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from mssclient.domain.session import Person
from mssclient.relay import app
from mssclient.relay.config import RelayConfig
from tests.relay import kit
from tests.relay.kit import ALICE, BOB, HERE, VERIFIER, World


def _play(scene: Callable[[World], Any], **config: Any) -> None:
    asyncio.run(kit.played(scene, **config))


def test_metrics_are_for_this_machine_when_it_is_said_so() -> None:
    async def scene(world: World) -> None:
        for peer, headers, status in (
            ("127.0.0.1", {}, 200),
            ("::1", {}, 200),
            (HERE, {}, 404),
            ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, 404),
            ("127.0.0.1", {"via": "1.1 proxy"}, 404),
        ):
            async with world.at(peer) as client:
                assert (await client.get("/metrics", headers=headers)).status_code == status

    _play(scene, metrics_on_loopback=True)


def test_there_are_no_metrics_unless_asked_for() -> None:
    async def scene(world: World) -> None:
        async with world.at("127.0.0.1") as client:
            assert (await client.get("/metrics")).status_code == 404

    _play(scene)


def test_the_share_of_a_store_is_the_persons_own_and_stays_the_same(tmp_path: Path) -> None:
    file = tmp_path / "store"
    file.write_text("a secret of the institution, long enough\n")

    async def share(world: World, person: Person) -> str:
        session = await kit.signed_in(world, person)
        async with world.at() as station:
            found = (await station.get("/identity", headers=kit.bearer(session))).json()
            await station.request("DELETE", "/session", headers=kit.bearer(session))
        return str(found["store_share"])

    shares: list[str] = []

    async def scene(world: World) -> None:
        shares.extend([await share(world, ALICE), await share(world, BOB), await share(world, ALICE)])

    _play(scene, store_secret_file=str(file))
    _play(scene, store_secret_file=str(file))
    assert shares[0] == shares[2] == shares[3]
    assert shares[0] != shares[1]
    assert shares[0] == "p/a5Y4YFkoyvSiP/GhGu2Zu2+yKxFoPRgkWGHStCxWU=", "stores of years ago depend on it"


def test_there_is_no_share_without_a_secret() -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        async with world.at() as station:
            found = (await station.get("/identity", headers=kit.bearer(session))).json()
        assert "store_share" not in found
        assert found["issuer"] == world.config.issuer

    _play(scene)


def test_ready_says_what_is_away() -> None:
    down = True

    def psc_line(request: httpx.Request) -> httpx.Response:
        if down:
            raise httpx.ConnectError("line cut", request=request)
        return httpx.Response(200, json={"issuer": "https://psc.example/realm"})

    async def scene() -> None:
        nonlocal down
        clock = kit.Clock()
        config = RelayConfig("https://relais.example", "https://psc.example/realm", "relais", "secret")
        async with httpx.AsyncClient(transport=httpx.MockTransport(psc_line)) as line:
            relay = app.create(config, clock, line)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(relay), base_url=config.base_url) as client:
                assert (await client.get("/health")).status_code == 200
                away = await client.get("/ready")
                assert (away.status_code, away.json()) == (503, {"psc": "away", "sessions": "ok"})
                down = False
                assert (await client.get("/ready")).json() == {"psc": "ok", "sessions": "ok"}
                down = True
                assert (await client.get("/ready")).status_code == 200, "asked a moment ago"
                clock.pass_by(5)
                assert (await client.get("/ready")).status_code == 503

    asyncio.run(scene())


def test_the_audit_tells_the_story_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "mssclient.relay.audit")

    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        async with world.at() as station:
            for _ in range(2):
                await station.post("/token", headers=kit.bearer(session), json={"fresh": True})
            await station.request("DELETE", "/session", headers=kit.bearer(session))
            await kit.chosen(station, await kit.to_psc(station), None)
            for _ in range(3):
                await station.post("/session", json={"ticket": "x\ny", "verifier": VERIFIER})

    _play(scene, failures_per_minute=1)
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    told = [{name: value for name, value in line.items() if name not in {"at", "session"}} for line in lines]
    assert told == [
        {"event": "sign_in_begun", "way": "loopback", "address": HERE},
        {"event": "session_opened", "way": "loopback", "person": ALICE.national_id},
        {"event": "session_closed", "why": "signed_out", "person": ALICE.national_id, "tokens": 3},
        {"event": "sign_in_begun", "way": "loopback", "address": HERE},
        {"event": "sign_in_failed", "way": "loopback", "code": "access_denied"},
        {"event": "request_refused", "code": "invalid_ticket", "address": HERE},
        {"event": "address_limited", "address": HERE},
    ]
