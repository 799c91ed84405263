"""The relay's share of the store's key, as the workstation takes it: the person's own, always the same, or none."""

from __future__ import annotations

import base64
from pathlib import Path

import httpx
import pytest

from mssclient.domain.errors import Unreadable
from mssclient.domain.session import Person
from mssclient.remote.psc import PscRelay, RelaySession
from mssclient.sandbox.pki import Pki
from tests.relay.kit import ALICE, BOB
from tests.remote.psc_world import RELAY_HOST, Browser, Services, meanwhile, services


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"), [["imap.example"], ["smtp.example"]], [RELAY_HOST])


def signed_in(world: Services, person: Person) -> RelaySession:
    browser = Browser(world.environment)
    flow = world.relay.begin_browser()
    with meanwhile(lambda: browser.visit(flow.url, person)):
        session = flow.wait(lambda: False, 15)
    browser.close()
    return session


def test_each_person_has_one_share_the_same_each_time(pki: Pki, tmp_path: Path) -> None:
    secret = tmp_path / "store-secret"
    secret.write_text("a-secret-of-the-relay-of-32-characters")
    shares = []
    for _ in range(2):
        with services(pki, store_secret_file=str(secret)) as world:
            for who in (ALICE, BOB):
                session = signed_in(world, who)
                shares.append(session.store_share)
                session.end()
    assert shares[:2] == shares[2:]
    assert shares[0] != shares[1]
    assert [len(share) for share in shares] == [32] * 4


def test_a_relay_that_lends_none(pki: Pki) -> None:
    with services(pki) as world:
        session = signed_in(world, ALICE)
        assert session.store_share == b""
        session.end()


@pytest.mark.parametrize("share", ["AAAA", "é", "A" * 43, 7, base64.b64encode(b"x" * 33).decode(), None])
def test_a_share_that_is_none_opens_nothing(pki: Pki, share: object) -> None:
    answers = {
        "/session": {"session": "word"},
        "/identity": {"national_id": ALICE.national_id, "given": "", "family": "", "store_share": share},
    }

    def relay(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json=answers.get(request.url.path, {}))

    with services(pki) as world, httpx.Client(transport=httpx.MockTransport(relay)) as http:
        bare = PscRelay(world.environment, world.context)
        bare.base = "https://relais.example"
        with pytest.raises(Unreadable):
            bare.open_session(http, ticket="t", verifier="v")
