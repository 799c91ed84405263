"""The relay and the workstation against a certified OpenID provider: what the sandbox claims, the lab confirms."""

from __future__ import annotations

import base64
import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from mssclient.domain.errors import Refused, SessionEnded
from mssclient.relay import app
from mssclient.relay.config import RelayConfig
from mssclient.remote import web
from mssclient.remote.psc import PscRelay
from mssclient.sandbox.pki import Pki
from mssclient.sandbox.psc_tokens import userinfo
from tests.lab import oidc
from tests.lab.pcscd import need
from tests.relay.kit import ALICE, BOB
from tests.remote import https_kit
from tests.remote.psc_world import PSC_HOST, RELAY_HOST, Browser, meanwhile

pytestmark = pytest.mark.lab


@dataclass
class Lab:
    provider: oidc.OidcProvider
    relay: PscRelay
    browser: Browser
    http: httpx.Client


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    need(oidc.missing())
    pki = Pki(tmp_path / "pki", [["imap.example"], ["smtp.example"]], [RELAY_HOST, PSC_HOST])
    listener = https_kit.bound()
    relay_url = f"https://{RELAY_HOST}:{listener.getsockname()[1]}"
    people = {
        f"f:lab:{person.given}": {name: value for name, value in userinfo(person).items() if name != "sub"}
        for person in (ALICE, BOB)
    }
    provider = oidc.OidcProvider(tmp_path, pki.web, PSC_HOST, people, f"{relay_url}/callback")
    environment = https_kit.environment(pki.web_anchors, relay_url, RELAY_HOST, PSC_HOST)
    settings = RelayConfig(
        relay_url, provider.issuer, provider.client_id, provider.client_secret, discovery=oidc.DISCOVERY
    )
    no_idle_line = httpx.Limits(max_keepalive_connections=0)  # it would outlive the server's loop
    transport = _ByName(httpx.AsyncHTTPTransport(verify=web.web_context(environment), limits=no_idle_line))
    service = app.create(settings, time.time, httpx.AsyncClient(transport=transport))
    browser, http = Browser(environment), web.client(environment)
    try:
        with https_kit.served(service, pki.web, listener):
            yield Lab(provider, PscRelay(environment, web.web_context(environment)), browser, http)
            browser.close()  # an idle line would keep the server from ending cleanly
    finally:
        http.close()
        provider.stop()


class _ByName(httpx.AsyncBaseTransport):
    """Leads PSC's name to this machine, as an institution's DNS would."""

    def __init__(self, inner: httpx.AsyncHTTPTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == PSC_HOST
        routed = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": PSC_HOST},
        )
        return await self._inner.handle_async_request(routed)


def never() -> bool:
    return False


def _claims(token: str) -> dict[str, object]:
    payload = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))))


def test_flow_a_from_the_browser_to_sign_out(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "mssclient")
    flow = lab.relay.begin_browser()
    with meanwhile(lambda: lab.browser.visit(flow.url)):
        session = flow.wait(never, 20)
    assert session.person == ALICE
    first = session.token()
    assert _claims(first.value)["SubjectNameID"] == ALICE.national_id
    assert 0 < first.expires_at - time.time() <= 120
    fresh = [session.token(fresh=True).value for _ in range(3)]
    assert len({first.value, *fresh}) == 4, "the refresh token rotates each time"
    session.end()
    assert lab.provider.revoked(lab.http) >= 1
    with pytest.raises(SessionEnded):
        session.token()
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert not [token for token in (first.value, *fresh) if token in told or token in "\n".join(lab.browser.addresses)]


def test_a_person_who_cancels(lab: Lab) -> None:
    flow = lab.relay.begin_browser()
    with meanwhile(lambda: lab.browser.visit(flow.url, None)), pytest.raises(Refused) as caught:
        flow.wait(never, 20)
    assert caught.value.code == "access_denied"


@pytest.mark.parametrize("yes", [True, False])
def test_flow_b_on_the_phone(lab: Lab, yes: bool) -> None:
    flow = lab.relay.begin_ecps(BOB.national_id)
    (request,) = lab.provider.pending(lab.http)
    assert request["digits"] == flow.digits
    lab.provider.approve(lab.http, request["request"], yes=yes)
    if yes:
        assert flow.wait(never).person == BOB
        return
    with pytest.raises(Refused) as caught:
        flow.wait(never)
    assert caught.value.code == "access_denied"


def test_an_unknown_person_has_no_phone(lab: Lab) -> None:
    with pytest.raises(Refused) as caught:
        lab.relay.begin_ecps("899999999999")
    assert caught.value.code == "unknown_user_id"
