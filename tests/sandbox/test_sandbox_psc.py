"""The sandbox's Pro Santé Connect keeps PSC's promises, and refuses what PSC refuses."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from mssclient.domain.session import Activity, Person
from mssclient.sandbox import psc
from mssclient.sandbox.psc_tokens import Lives

BASE = "https://psc.example"
OIDC = "/auth/realms/esante-wallet/protocol/openid-connect"
BACK = "https://relais.example/callback"
CLIENT = {"client_id": "mssclient-relay", "client_secret": "sandbox-only-client-secret"}
VERIFIER = "x" * 60
NADIA = Person("899900000037", "Nadia", "Imaginaire", "Dr", (Activity("Pharmacien", "", "Officine <Fictive>", "S1"),))
OMAR = Person("899900000045", "Omar", "Supposé")
ASKED = {
    "response_type": "code",
    "client_id": CLIENT["client_id"],
    "redirect_uri": BACK,
    "scope": "openid scope_all",
    "acr_values": "eidas1",
    "state": "s",
    "nonce": "n",
    "code_challenge": base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode(),
    "code_challenge_method": "S256",
}
CIBA = {"scope": "openid scope_all", "login_hint": NADIA.national_id, "binding_message": "42", "channel": "MOBILE"}

Scene = Callable[["Stage"], Coroutine[Any, Any, None]]


class Stage:
    """A provider, its clock and an HTTP client with a browser's cookies."""

    def __init__(self, lives: Lives) -> None:
        self.now = 1_900_000_000.0
        self.provider = psc.create((NADIA, OMAR), BASE, redirect_uri=BACK, clock=lambda: self.now, lives=lives)
        transport = httpx.ASGITransport(self.provider.app)
        self.http = httpx.AsyncClient(transport=transport, base_url=BASE)

    async def page(self, **changed: str) -> httpx.Response:
        return await self.http.get(f"{OIDC}/auth", params={**ASKED, **changed})

    async def code(self, person: Person = NADIA) -> str:
        page = await self.page(prompt="login")
        found = re.search(r'name="transaction" value="([^"]+)"', page.text)
        assert found
        back = await self.http.post(f"{OIDC}/auth", data={"transaction": found[1], "person": person.national_id})
        return answer(back)["code"]

    async def token(self, **form: str) -> httpx.Response:
        return await self.http.post(f"{OIDC}/token", data={**CLIENT, **form})

    async def tokens(self) -> dict[str, Any]:
        redeemed = await self.redeem(await self.code())
        assert redeemed.status_code == 200, redeemed.text
        return dict(redeemed.json())

    async def redeem(self, code: str, verifier: str = VERIFIER, back: str = BACK) -> httpx.Response:
        return await self.token(grant_type="authorization_code", code=code, code_verifier=verifier, redirect_uri=back)

    async def refresh(self, token: str) -> httpx.Response:
        return await self.token(grant_type="refresh_token", refresh_token=token)


def answer(response: httpx.Response) -> dict[str, str]:
    url = urlsplit(response.headers["location"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == BACK
    return dict(parse_qsl(url.query))


def play(scene: Scene, **lives: int) -> None:
    async def run() -> None:
        stage = Stage(Lives(**lives))
        async with stage.http:
            await scene(stage)

    asyncio.run(run())


def test_it_is_discovered_under_pscs_own_name() -> None:
    async def scene(stage: Stage) -> None:
        realm = "/auth/realms/esante-wallet/.well-known"
        found = (await stage.http.get(f"{realm}/wallet-openid-configuration")).json()
        assert found["issuer"] == stage.provider.issuer
        assert found["backchannel_authentication_endpoint"].endswith("/protocol/openid-connect/ext/ciba/auth")
        assert (await stage.http.get(f"{realm}/openid-configuration")).status_code == 404

    play(scene)


@pytest.mark.parametrize(
    "changed",
    [{"redirect_uri": BACK + "/"}, {"redirect_uri": "https://relais.example.evil/callback"}, {"client_id": "other"}],
)
def test_a_stranger_is_never_redirected_to(changed: dict[str, str]) -> None:
    async def scene(stage: Stage) -> None:
        page = await stage.page(**changed)
        assert page.status_code == 400
        assert "location" not in page.headers

    play(scene)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "openid"}, "invalid_scope"),
        ({"nonce": ""}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"acr_values": ""}, "invalid_request"),
    ],
)
def test_what_psc_demands_is_demanded(changed: dict[str, str], error: str) -> None:
    async def scene(stage: Stage) -> None:
        assert answer(await stage.page(**changed))["error"] == error

    play(scene)


def test_the_card_in_the_reader_comes_first_and_names_are_shown_as_text() -> None:
    async def scene(stage: Stage) -> None:
        first, second = re.findall(r'name="person" value="([0-9]+)"', (await stage.page()).text)
        assert (first, second) == (NADIA.national_id, OMAR.national_id)
        stage.provider.card = OMAR.national_id
        page = (await stage.page()).text
        assert re.findall(r'name="person" value="([0-9]+)"', page)[0] == OMAR.national_id
        assert "Carte insérée" in page

    play(scene)


def test_a_code_serves_once_with_its_verifier_and_address() -> None:
    async def scene(stage: Stage) -> None:
        for verifier, back in (("y" * 60, BACK), (VERIFIER, BACK + "2")):
            assert (await stage.redeem(await stage.code(), verifier, back)).json() == {"error": "invalid_grant"}
        code = await stage.code()
        assert (await stage.redeem(code)).status_code == 200
        assert (await stage.redeem(code)).json() == {"error": "invalid_grant"}
        late = await stage.code()
        stage.now += 60
        assert (await stage.redeem(late)).json() == {"error": "invalid_grant"}

    play(scene)


def test_the_client_proves_itself() -> None:
    async def scene(stage: Stage) -> None:
        wrong = {"client_id": CLIENT["client_id"], "client_secret": "é", "grant_type": "refresh_token"}
        assert (await stage.http.post(f"{OIDC}/token", data=wrong)).status_code == 401
        auth = httpx.BasicAuth(*CLIENT.values())
        basic = await stage.http.post(f"{OIDC}/token", data={"grant_type": "nothing"}, auth=auth)
        assert basic.json() == {"error": "unsupported_grant_type"}
        broken = await stage.http.post(f"{OIDC}/token", headers={"authorization": "Basic ///"})
        assert broken.status_code == 401

    play(scene)


def test_a_token_lives_two_minutes_and_is_not_believed_when_touched() -> None:
    async def scene(stage: Stage) -> None:
        tokens = await stage.tokens()
        token = tokens["access_token"]
        assert stage.provider.check(token) == NADIA.national_id
        head, body, signature = token.split(".")
        assert stage.provider.check(f"{head}.{body[:-2]}AA.{signature}") is None
        none = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        assert stage.provider.check(f"{none}.{body}.") is None
        assert stage.provider.check(tokens["id_token"]) is None, "an id token is no access token"
        assert stage.provider.check("") is None
        stage.now += 120
        assert stage.provider.check(token) is None

    play(scene)


def test_refresh_tokens_rotate_and_a_copied_one_ends_the_session() -> None:
    async def scene(stage: Stage) -> None:
        first = (await stage.tokens())["refresh_token"]
        second = (await stage.refresh(first)).json()
        assert second["refresh_token"] != first
        assert (await stage.refresh(first)).json() == {"error": "invalid_grant"}
        assert (await stage.refresh(second["refresh_token"])).json() == {"error": "invalid_grant"}
        assert stage.provider.check(second["access_token"]) is None

    play(scene)


@pytest.mark.parametrize(("waits", "alive"), [([1799, 1799], True), ([1800], False), ([1700] * 9, False)])
def test_a_session_lasts_half_an_idle_hour_and_four_in_all(waits: list[int], alive: bool) -> None:
    async def scene(stage: Stage) -> None:
        answered = await stage.tokens()
        for wait in waits:
            stage.now += wait
            answered = (await stage.refresh(answered.get("refresh_token", ""))).json()
        assert ("access_token" in answered) is alive

    play(scene)


def test_userinfo_describes_the_person_with_pscs_empty_strings() -> None:
    async def scene(stage: Stage) -> None:
        headers = {"authorization": f"Bearer {(await stage.tokens())['access_token']}"}
        told = (await stage.http.get(f"{OIDC}/userinfo", headers=headers)).json()
        assert told["SubjectNameID"] == told["preferred_username"] == NADIA.national_id
        (exercise,) = told["SubjectRefPro"]["exercices"]
        assert exercise["libelleProfession"] == "Pharmacien"
        assert exercise["activities"][0]["raisonSocialeSite"] == "Officine <Fictive>"
        assert told["email"] == ""
        assert (await stage.http.get(f"{OIDC}/userinfo")).status_code == 401

    play(scene)


def test_the_browsers_session_signs_in_silently_until_logout() -> None:
    async def scene(stage: Stage) -> None:
        tokens = await stage.tokens()
        assert "code" in answer(await stage.page()), "no question asked"
        assert (await stage.page(prompt="login")).status_code == 200
        wrong = await stage.http.post(f"{OIDC}/logout", data={"id_token_hint": tokens["access_token"]})
        assert wrong.status_code == 400
        await stage.http.post(f"{OIDC}/logout", data={"id_token_hint": tokens["id_token"]})
        assert (await stage.page()).status_code == 200
        assert stage.provider.check(tokens["access_token"]) is None

    play(scene)


def test_everything_can_be_ended_at_once() -> None:
    async def scene(stage: Stage) -> None:
        tokens = await stage.tokens()
        stage.provider.expire_all()
        assert stage.provider.check(tokens["access_token"]) is None
        assert (await stage.refresh(tokens["refresh_token"])).json() == {"error": "invalid_grant"}

    play(scene)


async def _rung(stage: Stage, **changed: str) -> httpx.Response:
    return await stage.http.post(f"{OIDC}/ext/ciba/auth", data={**CLIENT, **CIBA, **changed})


async def _polled(stage: Stage, request_id: str) -> dict[str, Any]:
    stage.now += 1
    asked = await stage.token(grant_type="urn:openid:params:grant-type:ciba", auth_req_id=request_id)
    return dict(asked.json())


def test_a_phone_request_waits_is_answered_and_serves_once() -> None:
    async def scene(stage: Stage) -> None:
        request_id = (await _rung(stage)).json()["auth_req_id"]
        (pending,) = stage.provider.pending()
        assert (pending.digits, pending.channel, pending.national_id) == ("42", "MOBILE", NADIA.national_id)
        assert await _polled(stage, request_id) == {"error": "authorization_pending"}
        stage.now -= 1
        assert await _polled(stage, request_id) == {"error": "slow_down"}
        stage.provider.approve()
        assert stage.provider.pending() == ()
        granted = await _polled(stage, request_id)
        assert stage.provider.check(granted["access_token"]) == NADIA.national_id
        assert await _polled(stage, request_id) == {"error": "invalid_grant"}

    play(scene)


def test_the_phones_page_answers_the_request_it_shows() -> None:
    async def scene(stage: Stage) -> None:
        one = (await _rung(stage)).json()["auth_req_id"]
        two = (await _rung(stage, login_hint=OMAR.national_id, binding_message="07")).json()["auth_req_id"]
        page = (await stage.http.get("/telephone")).text
        assert "42" in page
        assert "07" in page
        assert (await stage.http.post("/telephone", data={"request": two, "answer": "no"})).status_code == 303
        assert await _polled(stage, two) == {"error": "access_denied"}
        assert await _polled(stage, one) == {"error": "authorization_pending"}
        assert (await stage.http.post("/telephone", data={"request": two, "answer": "yes"})).status_code == 400

    play(scene)


def test_a_phone_request_expires() -> None:
    async def scene(stage: Stage) -> None:
        request_id = (await _rung(stage)).json()["auth_req_id"]
        stage.now += 120
        assert stage.provider.pending() == ()
        with pytest.raises(LookupError):
            stage.provider.approve()
        assert await _polled(stage, request_id) == {"error": "expired_token"}

    play(scene)


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"login_hint": "899999999999"}, "unknown_user_id"),
        ({"binding_message": "bonjour"}, "invalid_binding_message"),
        ({"binding_message": "٤٢"}, "invalid_binding_message"),
        ({"channel": "PIGEON"}, "invalid_request"),
        ({"client_secret": "wrong"}, "invalid_client"),
    ],
)
def test_a_wrong_phone_request_is_refused(changed: dict[str, str], error: str) -> None:
    async def scene(stage: Stage) -> None:
        assert (await _rung(stage, **changed)).json() == {"error": error}

    play(scene)
