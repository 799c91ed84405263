"""People who want another's session, or want somebody to work in theirs: what they try at the relay."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.requests import Request

from mssclient.domain.session import Person
from mssclient.relay import asking
from mssclient.relay.limits import house_of
from tests.relay import kit
from tests.relay.kit import ALICE, BOB, ELSEWHERE, HERE, OTHER_VERIFIER, PORT, STATE, VERIFIER, World


async def _back_from_psc(browser: httpx.AsyncClient, person: Person) -> str:
    """The address that PSC sends the browser back to, not yet followed."""
    page = await kit.to_psc(browser)
    transaction = re.search(r'name="transaction" value="([^"]+)"', page.text)
    assert transaction
    form = {"transaction": transaction[1], "person": person.national_id}
    return str((await browser.post(str(page.url), data=form)).headers["location"])


def _play(scene: Callable[[World], Any], **config: Any) -> None:
    asyncio.run(kit.played(scene, **config))


def test_a_victims_browser_cannot_be_brought_to_finish_the_attackers_sign_in() -> None:
    """Login CSRF: the attacker signs in as themselves and gives the victim the answer's address."""

    async def scene(world: World) -> None:
        async with world.at(ELSEWHERE) as attacker, world.at(HERE) as victim:
            back = await _back_from_psc(attacker, BOB)
            assert (await victim.get(back)).status_code == 400
        async with world.at(ELSEWHERE) as attacker, world.at(HERE) as victim:
            await _begins(victim)
            back = await _back_from_psc(attacker, BOB)
            assert (await victim.get(back)).status_code == 400, "a cookie, but of another sign-in"

    _play(scene)


async def _begins(browser: httpx.AsyncClient) -> httpx.URL:
    way = {"code_challenge": kit.challenge(), "state": STATE, "port": str(PORT)}
    return httpx.URL((await browser.get("/start", params=way)).headers["location"])


def test_a_code_of_another_sign_in_is_not_redeemed() -> None:
    """The attacker puts a code of theirs, or a stolen one, into an answer of the victim's own sign-in."""

    async def scene(world: World) -> None:
        async with world.at(ELSEWHERE) as attacker, world.at(HERE) as victim:
            stolen = httpx.URL(await _back_from_psc(attacker, BOB)).params["code"]
            state = (await _begins(victim)).params["state"]
            answer = await victim.get("/callback", params={"state": state, "code": stolen})
            assert kit.landed(answer)["error"] == "invalid_grant", "PKCE: it was asked for with another verifier"

    _play(scene)


def test_a_code_and_a_state_serve_once() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            back = await _back_from_psc(browser, ALICE)
            cookie = {"cookie": f"__Host-mssclient={browser.cookies['__Host-mssclient']}"}
            kit.landed(await browser.get(back))
            assert (await browser.get(back, headers=cookie)).status_code == 400
            state = (await _begins(browser)).params["state"]
            code = httpx.URL(back).params["code"]
            again = await browser.get("/callback", params={"state": state, "code": code})
            assert kit.landed(again)["error"] == "invalid_grant"

    _play(scene)


@pytest.mark.parametrize("twice", ["state", "code", "iss", "error"])
def test_a_parameter_said_twice_is_refused(twice: str) -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            state = (await _begins(browser)).params["state"]
            query: list[tuple[str, str | int | float | bool | None]] = [
                ("state", state),
                ("code", "c"),
                (twice, "one"),
                (twice, "two"),
            ]
            assert (await browser.get("/callback", params=query)).status_code == 400
            ok = await browser.get("/callback", params={"state": state, "error": "access_denied"})
            assert kit.landed(ok)["error"] == "access_denied", "the sign-in is untouched"

    _play(scene)


@pytest.mark.parametrize(
    "query",
    [
        {"port": "50123/../../x"}, {"port": "50123%0d%0aset-cookie:x=1"}, {"port": "٥٠١٢٣"},
        {"port": "-50123"}, {"state": "s" * 20 + "&ticket=x"}, {"state": "s" * 20 + "\r\nlocation: https://x"},
        {"redirect_uri": "https://ailleurs.example", "port": ""}, {"state": "s" * 129},
    ],
)  # fmt: skip
def test_the_browser_is_led_nowhere_else(query: dict[str, str]) -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            full = {"code_challenge": kit.challenge(), "state": STATE, "port": str(PORT)} | query
            answer = await browser.get("/start", params=full)
            assert answer.status_code == 400
            assert "location" not in answer.headers

    _play(scene)


def test_what_psc_sends_back_never_chooses_where_the_browser_goes() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            state = (await _begins(browser)).params["state"]
            error = "x&ticket=forged#@ailleurs.example/\r\nset-cookie: a=b"
            answer = await browser.get("/callback", params={"state": state, "error": error})
            assert kit.landed(answer) == {"error": error[:64], "state": STATE}
            assert "a" not in answer.cookies

    _play(scene)


@pytest.mark.parametrize("cookie", ["", "wrong", "é", "x" * 4000])
def test_a_cookie_that_is_not_the_one_is_refused(cookie: str) -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser, world.at() as other:
            back = await _back_from_psc(browser, ALICE)
            header = {"cookie": f"__Host-mssclient={cookie}".encode("latin-1")}
            assert (await other.get(back, headers=header)).status_code == 400  # type: ignore[arg-type]

    _play(scene)


def test_the_cookie_is_for_this_host_alone() -> None:
    async def scene(world: World) -> None:
        async with world.at() as browser:
            way = {"code_challenge": kit.challenge(), "state": STATE, "port": str(PORT)}
            cookie = (await browser.get("/start", params=way)).headers["set-cookie"].lower()
        assert cookie.startswith("__host-mssclient=")
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= {piece.strip() for piece in cookie.split(";")}
        assert "domain" not in cookie

    _play(scene)


def test_two_e_cps_requests_at_once_make_one() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            asked = {"national_id": ALICE.national_id, "code_challenge": kit.challenge()}
            answers = await asyncio.gather(*(station.post("/ciba", json=asked) for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
        assert len(world.provider.pending()) == 1

    _play(scene)


def test_nobodys_phone_is_worn_out() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            asked = {"national_id": ALICE.national_id, "code_challenge": kit.challenge()}
            codes = []
            for _ in range(4):
                begun = await station.post("/ciba", json=asked)
                codes.append(begun.status_code)
                if begun.status_code == 201:
                    await station.delete(f"/ciba/{begun.json()['id']}", headers=kit.bearer(VERIFIER))
            assert codes == [201, 201, 201, 503]
            asked["national_id"] = BOB.national_id
            assert (await station.post("/ciba", json=asked)).status_code == 201
            asked["national_id"] = ALICE.national_id
            world.clock.pass_by(600)
            assert (await station.post("/ciba", json=asked)).status_code == 201

    _play(scene, phone_requests_per_ten_minutes=3)


def test_who_reads_the_request_of_a_phone_cannot_use_or_stop_it() -> None:
    async def scene(world: World) -> None:
        async with world.at() as station, world.at(ELSEWHERE) as thief:
            asked = {"national_id": ALICE.national_id, "code_challenge": kit.challenge()}
            begun = (await station.post("/ciba", json=asked)).json()
            await thief.delete(f"/ciba/{begun['id']}", headers=kit.bearer(OTHER_VERIFIER))
            world.provider.approve()
            world.clock.pass_by(1)
            assert (await thief.get(f"/ciba/{begun['id']}")).json() == {"state": "ready"}, "which tells no person"
            taken = await thief.post("/session", json={"ciba": begun["id"], "verifier": OTHER_VERIFIER})
            assert taken.status_code == 400
            assert (await station.post("/session", json={"ciba": begun["id"], "verifier": VERIFIER})).status_code == 201

    _play(scene)


@pytest.mark.parametrize(("path", "verb"), [("/session", "POST"), ("/ciba", "POST"), ("/token", "POST")])
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_foreign_pages_form_is_no_request(path: str, verb: str, kind: str) -> None:
    async def scene(world: World) -> None:
        headers = kit.bearer(await kit.signed_in(world)) | {"content-type": kind}
        async with world.at() as station:
            answer = await station.request(verb, path, content=b"{}", headers=headers)
        assert answer.status_code == 400

    _play(scene)


@pytest.mark.parametrize("path", ["/session", "/ciba", "/token", "/confirm", "/backchannel-logout"])
def test_a_body_that_is_too_long_is_not_read_to_its_end(path: str) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(1000):
            read += 1
            yield b"x" * 1024

    async def scene(world: World) -> None:
        kind = "application/json" if path in {"/session", "/ciba", "/token"} else "application/x-www-form-urlencoded"
        async with world.at() as station:
            answer = await station.post(path, content=endless(), headers={"content-type": kind})
        assert answer.status_code == 400

    _play(scene)
    assert read <= 20


@pytest.mark.parametrize(
    ("path", "name"),
    [("/session", "ticket"), ("/session", "ciba"), ("/session", "verifier"), ("/ciba", "national_id"),
     ("/ciba", "code_challenge"), ("/abandon", "verifier"), ("/handover", "heir")],
)  # fmt: skip
def test_half_a_character_is_no_word(path: str, name: str) -> None:
    """JSON can write a surrogate alone, which no encoding carries (RFC 8259 §8.2)."""

    async def scene(world: World) -> None:
        async with world.at() as thief:
            content = f'{{"verifier": "{VERIFIER}", "{name}": "\\ud800"}}'.encode()
            answer = await thief.post(path, content=content, headers={"content-type": "application/json"})
            assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})

    _play(scene)


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_BODY_S", 0.05)

    async def stuck() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    async def scene(world: World) -> None:
        async with world.at() as station:
            answer = await station.post("/session", content=stuck(), headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()) == (400, {"error": "too_slow"})

    _play(scene)


@pytest.mark.parametrize("path", ["/token", "/identity", "/session", "/callback", "/start", "/confirm", "/nothing"])
@pytest.mark.parametrize("verb", ["PUT", "PATCH", "TRACE", "OPTIONS"])
def test_other_verbs_do_nothing(path: str, verb: str) -> None:
    async def scene(world: World) -> None:
        async with world.at() as station:
            answer = await station.request(verb, path)
        assert answer.status_code in {404, 405}
        assert "access-control-allow-origin" not in answer.headers

    _play(scene)


def test_a_session_in_the_address_is_no_session() -> None:
    async def scene(world: World) -> None:
        session = await kit.signed_in(world)
        async with world.at() as station:
            for name in ("session", "access_token", "token"):
                assert (await station.get("/identity", params={name: session})).status_code == 401
            station.cookies.set("session", session, domain="relais.example")
            assert (await station.post("/token")).status_code == 401

    _play(scene)


# -- addresses behind a proxy
@pytest.mark.parametrize(
    ("forwarded", "seen"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 10.1.2.3", "203.0.113.9"),
        ("203.0.113.9, garbage", "10.0.0.1"),
        ("", "10.0.0.1"),
        ("10.9.9.9", "10.0.0.1"),
        ("2001:db8::7", "2001:db8::7"),
    ],
)
def test_a_proxy_of_ours_is_believed_and_only_the_nearest_foreign_address(forwarded: str, seen: str) -> None:
    assert asking.address_of(_request("10.0.0.1", forwarded), asking.networks(["10.0.0.0/8"])) == seen


def test_nobody_else_chooses_their_address() -> None:
    assert asking.address_of(_request("192.0.2.66", "203.0.113.9"), asking.networks(["10.0.0.0/8"])) == "192.0.2.66"
    assert asking.address_of(_request("10.0.0.1", "203.0.113.9"), ()) == "10.0.0.1"


def _request(peer: str, forwarded: str) -> Any:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    return Request({"type": "http", "client": (peer, 1), "headers": headers})


def test_limits_count_the_workstation_behind_the_proxy_and_not_the_one_who_pretends() -> None:
    async def scene(world: World) -> None:
        guess = {"ticket": "guess", "verifier": VERIFIER}

        async def tries(proxy: str, forwarded: str) -> int:
            async with world.at(proxy) as station:
                answer = await station.post("/session", json=guess, headers={"x-forwarded-for": forwarded})
                return answer.status_code

        assert [await tries("10.0.0.1", "203.0.113.9") for _ in range(3)] == [400, 400, 503]
        assert await tries("10.0.0.1", "203.0.113.10") == 400
        assert [await tries(HERE, f"203.0.113.{number}") for number in range(3)] == [400, 400, 503]

    _play(scene, failures_per_minute=2, trusted_proxies=("10.0.0.0/24",))


def test_one_subscriber_of_ipv6_counts_as_one() -> None:
    assert house_of("2001:db8:1:2::7") == house_of("2001:db8:1:2:ffff::1") != house_of("2001:db8:1:3::7")
    assert house_of("::ffff:192.0.2.1") == house_of("192.0.2.1") == "192.0.2.1"
    assert house_of("garbage") == "garbage"
