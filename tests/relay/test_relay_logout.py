"""PSC says that a person signed out elsewhere: what of it is believed, and which sessions end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from mssclient.relay import app
from mssclient.relay.logout import EVENT
from tests.relay import kit
from tests.relay.answers import CONFIG, ISSUER, KEY, NEW_KEY, Answers
from tests.relay.kit import HERE, PORT, STATE, VERIFIER

Scene = Callable[["Place"], Coroutine[Any, Any, None]]


class Place:
    """A relay in front of prepared answers, and a workstation."""

    def __init__(self, answers: Answers, station: httpx.AsyncClient) -> None:
        self.answers = answers
        self.station = station
        self.claims: dict[str, Any] = {
            "iss": ISSUER, "aud": "relais", "iat": int(answers.clock.now), "exp": int(answers.clock.now) + 120,
            "jti": "one", "sub": "s", "sid": "s1", "events": {EVENT: {}},
        }  # fmt: skip

    async def signed_in(self, sid: str = "s1", subject: str = "s", **claims: Any) -> str:
        way = {"code_challenge": kit.challenge(), "state": STATE, "port": str(PORT)}
        sent = httpx.URL((await self.station.get("/start", params=way)).headers["location"])
        self.answers.claims.update(nonce=sent.params["nonce"], sub=subject, **claims)
        self.answers.claims.pop("sid", None)
        self.answers.claims.update({"sid": sid} if sid else {})
        self.answers.userinfo.update(sub=subject)
        back = await self.station.get("/callback", params={"state": sent.params["state"], "code": "c"})
        ticket = kit.landed(back)["ticket"]
        opened = await self.station.post("/session", json={"ticket": ticket, "verifier": VERIFIER})
        return str(opened.json()["session"])

    async def is_open(self, session: str) -> bool:
        return (await self.station.get("/identity", headers=kit.bearer(session))).status_code == 200

    async def told(self, token: str | None = None, **header: Any) -> httpx.Response:
        """PSC posts a logout token."""
        signed = token or jwt.encode(
            {"alg": "RS256", "kid": "one", "typ": "logout+jwt"} | header, self.claims, KEY, algorithms=["RS256"]
        )
        return await self.station.post("/backchannel-logout", data={"logout_token": signed})


def played(scene: Scene) -> None:
    async def play() -> None:
        answers = Answers()
        async with httpx.AsyncClient(transport=kit.Line(httpx.MockTransport(answers))) as towards_psc:
            relay = app.create(CONFIG, answers.clock, towards_psc)
            seen = httpx.ASGITransport(relay, client=(HERE, 40000))
            async with httpx.AsyncClient(transport=seen, base_url=CONFIG.base_url) as station:
                await scene(Place(answers, station))

    asyncio.run(play())


def test_a_logout_ends_the_session_it_names_and_no_other() -> None:
    async def scene(place: Place) -> None:
        mine = [await place.signed_in("s1") for _ in range(2)]
        elsewhere = await place.signed_in("s2")
        other = await place.signed_in("s1", "somebody else")
        answer = await place.told()
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert [await place.is_open(each) for each in (*mine, elsewhere, other)] == [False, False, True, True]
        token = await place.station.post("/token", headers=kit.bearer(mine[0]))
        assert (token.status_code, token.json()) == (401, {"error": "session_ended"})

    played(scene)


def test_a_logout_of_the_person_ends_all_their_sessions() -> None:
    async def scene(place: Place) -> None:
        mine = [await place.signed_in(sid) for sid in ("s1", "s2", "")]
        other = await place.signed_in("s3", "somebody else")
        place.claims.pop("sid")
        assert (await place.told()).status_code == 200
        assert [await place.is_open(each) for each in (*mine, other)] == [False, False, False, True]

    played(scene)


def test_a_session_whose_psc_session_is_unknown_ends_with_any_of_the_persons() -> None:
    async def scene(place: Place) -> None:
        session = await place.signed_in("")
        assert (await place.told()).status_code == 200
        assert not await place.is_open(session)

    played(scene)


def test_a_logout_by_session_alone_is_enough() -> None:
    async def scene(place: Place) -> None:
        session = await place.signed_in()
        place.claims.pop("sub")
        assert (await place.told()).status_code == 200
        assert not await place.is_open(session)

    played(scene)


def test_a_logout_token_serves_once() -> None:
    async def scene(place: Place) -> None:
        await place.signed_in()
        assert (await place.told()).status_code == 200
        again = await place.signed_in()
        assert (await place.told()).status_code == 400
        assert await place.is_open(again)
        place.claims["jti"] = "two"
        assert (await place.told()).status_code == 200
        assert not await place.is_open(again)

    played(scene)


@pytest.mark.parametrize(
    "bend",
    [
        {"iss": "https://ailleurs.example"},
        {"aud": "another client"},
        {"aud": ["another client"]},
        {"nonce": "n"},
        {"events": {}},
        {"events": {EVENT: "yes"}},
        {"events": [EVENT]},
        {"events": None},
        {"jti": ""},
        {"jti": 5},
        {"sub": "", "sid": ""},
        {"sub": ["s"]},
        {"iat": None},
        {"iat": "1900000000"},
        {"iat": 1_900_000_000 - 301},
        {"iat": 1_900_000_000 + 61},
        {"exp": 1_900_000_000 - 61},
        {"exp": "later"},
    ],
)
def test_an_unsound_logout_token_ends_nothing(bend: dict[str, Any]) -> None:
    async def scene(place: Place) -> None:
        session = await place.signed_in()
        place.claims = {name: value for name, value in (place.claims | bend).items() if value is not None}
        answer = await place.told()
        assert (answer.status_code, answer.json()) == (400, {"error": "logout_token"})
        assert await place.is_open(session)

    played(scene)


@pytest.mark.parametrize("skew", [-299, 59])
def test_clocks_may_differ_a_little(skew: int) -> None:
    async def scene(place: Place) -> None:
        session = await place.signed_in()
        place.claims["iat"] += skew
        assert (await place.told()).status_code == 200
        assert not await place.is_open(session)

    played(scene)


def _forged(claims: dict[str, Any], kind: str) -> str:
    match kind:
        case "another key":
            return jwt.encode({"alg": "RS256", "kid": "one"}, claims, NEW_KEY, algorithms=["RS256"])
        case "unknown key":
            return jwt.encode({"alg": "RS256", "kid": "two"}, claims, NEW_KEY, algorithms=["RS256"])
        case "our secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("secret" * 8), algorithms=["HS256"])
        case _:
            head, body, _ = jwt.encode({"alg": "RS256"}, claims, KEY, algorithms=["RS256"]).split(".")
            return f"eyJhbGciOiJub25lIn0.{body}." if kind == "none" else f"{head}.{body}.AAAA"


@pytest.mark.parametrize("kind", ["another key", "unknown key", "our secret", "none", "bad signature"])
def test_a_forged_logout_token_ends_nothing_and_costs_psc_nothing(kind: str) -> None:
    async def scene(place: Place) -> None:
        session = await place.signed_in()
        before = len(place.answers.asked)
        for _ in range(5):
            assert (await place.told(_forged(place.claims, kind))).status_code == 400
        assert len(place.answers.asked) == before, "keys were just fetched: garbage does not fetch them again"
        assert await place.is_open(session)

    played(scene)


def test_a_new_key_of_psc_is_found() -> None:
    async def scene(place: Place) -> None:
        session = await place.signed_in()
        place.answers.published = [NEW_KEY]
        place.answers.clock.pass_by(30)
        assert (await place.told(_forged(place.claims, "unknown key"))).status_code == 200
        assert not await place.is_open(session)

    played(scene)


def test_an_id_token_is_no_logout_token_and_the_reverse() -> None:
    async def scene(place: Place) -> None:
        session = await place.signed_in()
        assert (await place.told(typ="at+jwt")).status_code == 400
        id_token = jwt.encode(place.answers.header, place.answers.claims, KEY, algorithms=["RS256"])
        assert (await place.told(id_token)).status_code == 400
        assert await place.is_open(session)
        with pytest.raises(KeyError, match="ticket"):
            await place.signed_in(events={EVENT: {}})

    played(scene)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("", "application/x-www-form-urlencoded"),
        ("logout_token=", "application/x-www-form-urlencoded"),
        ("logout_token=a&logout_token=b", "application/x-www-form-urlencoded"),
        ("logout_token=a", "text/plain"),
        ('{"logout_token": "a"}', "application/json"),
        ("x=1&" * 30, "application/x-www-form-urlencoded"),
        ("logout_token=" + "a" * 20_000, "application/x-www-form-urlencoded"),
    ],
)
def test_what_is_no_form_with_one_token_is_refused(content: str, kind: str) -> None:
    async def scene(place: Place) -> None:
        answer = await place.station.post("/backchannel-logout", content=content, headers={"content-type": kind})
        assert answer.status_code == 400

    played(scene)


def test_a_logout_during_a_refresh_is_not_undone() -> None:
    async def scene(place: Place) -> None:
        session = await place.signed_in()
        place.answers.clock.pass_by(100)
        place.claims["iat"] += 100
        refreshed, told = await asyncio.gather(
            place.station.post("/token", headers=kit.bearer(session), json={"fresh": True}), place.told()
        )
        assert refreshed.status_code in {200, 401}
        assert told.status_code == 200
        assert not await place.is_open(session)

    played(scene)


def test_the_four_hours_count_from_when_the_person_authenticated() -> None:
    async def scene(place: Place) -> None:
        now = int(place.answers.clock.now)
        session = await place.signed_in(auth_time=now - 3 * 3600)
        token = (await place.station.post("/token", headers=kit.bearer(session))).json()
        assert token["session_ends_in_s"] == 3600
        future = await place.signed_in(auth_time=now + 30)
        token = (await place.station.post("/token", headers=kit.bearer(future))).json()
        assert token["session_ends_in_s"] == 4 * 3600
        place.answers.clock.pass_by(3600)
        assert not await place.is_open(session)
        assert await place.is_open(future)

    played(scene)


def test_a_browser_whose_four_hours_are_over_must_authenticate_again() -> None:
    async def scene(place: Place) -> None:
        way = {"code_challenge": kit.challenge(), "state": STATE, "port": str(PORT)}
        sent = httpx.URL((await place.station.get("/start", params=way)).headers["location"])
        place.answers.claims.update(nonce=sent.params["nonce"], auth_time=int(place.answers.clock.now) - 4 * 3600)
        back = await place.station.get("/callback", params={"state": sent.params["state"], "code": "c"})
        assert kit.landed(back) == {"error": "login_required", "state": STATE}
        assert place.answers.asked[-1].url.path.endswith("/logout"), "else the next attempt ends here again"

    played(scene)
