"""Flow B at the relay: e-CPS requests, their answers, and those who meddle."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.relay import kit
from tests.relay.kit import ALICE, BOB, OTHER_VERIFIER, VERIFIER, World


async def _begun(station: httpx.AsyncClient, national_id: str = ALICE.national_id, **more: str) -> httpx.Response:
    asked = {"national_id": national_id, "code_challenge": kit.challenge(), "channel": "MOBILE"} | more
    return await station.post("/ciba", json=asked)


async def _state(world: World, station: httpx.AsyncClient, begun: dict[str, Any]) -> str:
    world.clock.pass_by(1)
    return str((await station.get(f"/ciba/{begun['id']}")).json()["state"])


def test_a_person_confirms_on_the_phone() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            begun = (await _begun(station)).json()
            (request,) = world.provider.pending()
            assert request.digits == begun["digits"]
            assert len(begun["digits"]) == 2
            assert await _state(world, station, begun) == "waiting"
            world.provider.approve()
            assert await _state(world, station, begun) == "ready"
            thief = await station.post("/session", json={"ciba": begun["id"], "verifier": OTHER_VERIFIER})
            assert thief.status_code == 400
            opened = await station.post("/session", json={"ciba": begun["id"], "verifier": VERIFIER})
            assert opened.status_code == 201
            again = await station.post("/session", json={"ciba": begun["id"], "verifier": VERIFIER})
            assert again.status_code == 400
            who = await station.get("/identity", headers=kit.bearer(opened.json()["session"]))
            assert who.json()["national_id"] == ALICE.national_id

    asyncio.run(kit.played(scene))


def test_a_bare_rpps_is_understood() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            assert (await _begun(station, ALICE.national_id[1:])).status_code == 201
        assert world.provider.pending()[0].national_id == ALICE.national_id

    asyncio.run(kit.played(scene))


def test_a_refusal_on_the_phone_is_told() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            begun = (await _begun(station)).json()
            world.provider.approve(yes=False)
            assert await _state(world, station, begun) == "access_denied"
            assert await _state(world, station, begun) == "access_denied"
            assert (await _begun(station)).status_code == 201, "a new request may follow"

    asyncio.run(kit.played(scene))


def test_silence_ends_by_itself() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            begun = (await _begun(station)).json()
            world.clock.pass_by(begun["expires_in_s"])
            assert await _state(world, station, begun) == "expired_token"

    asyncio.run(kit.played(scene))


def test_one_request_at_a_time_until_it_is_dropped_by_who_made_it() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            begun = (await _begun(station)).json()
            second = await _begun(station)
            assert (second.status_code, second.json()) == (409, {"error": "request_pending"})
            url = f"/ciba/{begun['id']}"
            await station.delete(url, headers=kit.bearer(OTHER_VERIFIER))
            assert (await _begun(station)).status_code == 409
            await station.delete(url, headers=kit.bearer(VERIFIER))
            assert (await _begun(station)).status_code == 201
            world.provider.approve(world.provider.pending()[0].id)
            assert await _state(world, station, begun) == "expired_token", "a dropped request never opens anything"

    asyncio.run(kit.played(scene))


def test_psc_is_asked_no_more_often_than_it_allows() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            begun = (await _begun(station)).json()
            url = f"/ciba/{begun['id']}"
            assert (await station.get(url)).json() == {"state": "waiting"}
            world.provider.approve()
            assert (await station.get(url)).json() == {"state": "waiting"}, "not asked again within the interval"
            assert await _state(world, station, begun) == "ready"

    asyncio.run(kit.played(scene))


@pytest.mark.parametrize(
    ("asked", "status", "error"),
    [
        ({"national_id": "899999999999"}, 403, "unknown_user_id"),
        ({"national_id": ""}, 400, "invalid_request"),
        ({"national_id": "8999\r\nX: y"}, 400, "invalid_request"),
        ({"channel": "PIGEON"}, 400, "invalid_request"),
        ({"code_challenge": "short"}, 400, "invalid_request"),
    ],
)
def test_a_request_that_cannot_be_is_refused(asked: dict[str, str], status: int, error: str) -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            answer = await _begun(station, **asked)
        assert (answer.status_code, answer.json()) == (status, {"error": error})

    asyncio.run(kit.played(scene))


def test_an_answer_about_another_person_opens_nothing_and_is_signed_out_at_psc() -> None:
    paths: list[str] = []

    def bend(path: str, content: dict[str, Any]) -> None:
        paths.append(path)
        if path == "userinfo":
            content["SubjectNameID"] = BOB.national_id

    async def scene(world: World) -> None:
        async with world.at() as station:
            begun = (await _begun(station)).json()
            world.provider.approve()
            assert await _state(world, station, begun) == "other_person"
            opened = await station.post("/session", json={"ciba": begun["id"], "verifier": VERIFIER})
            assert opened.status_code == 400
            assert paths[-1] == "logout"

    asyncio.run(kit.played(scene, bend))
