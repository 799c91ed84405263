"""Signing in from the workstation: browser, phone, tokens, sign-out; over real HTTPS, on the sandbox's PSC."""

from __future__ import annotations

import contextlib
import itertools
import logging
import re
import socket
import statistics
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from starlette.responses import Response

from mssclient.domain.errors import Cancelled, Distrust, MssError, Offline, Refused, SessionEnded, Unreadable, Untrusted
from mssclient.remote import web
from mssclient.remote.psc import PscRelay, RelaySession
from mssclient.sandbox.pki import Fault, Pki
from mssclient.sandbox.psc_tokens import Lives
from tests.relay.kit import ALICE, BOB
from tests.remote import https_kit
from tests.remote.psc_world import RELAY_HOST, Browser, Services, meanwhile, services


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"), [["imap.example"], ["smtp.example"]], [RELAY_HOST])


@pytest.fixture
def world(pki: Pki) -> Iterator[Services]:
    with services(pki) as running:
        yield running


@pytest.fixture
def browser(world: Services) -> Iterator[Browser]:
    browser = Browser(world.environment)
    yield browser
    browser.close()


def never() -> bool:
    return False


def _signed_in(world: Services, browser: Browser) -> RelaySession:
    flow = world.relay.begin_browser()
    with meanwhile(lambda: browser.visit(flow.url)):
        return flow.wait(never, 15)


def test_a_person_signs_in_by_browser_works_and_signs_out(world: Services, browser: Browser) -> None:
    session = _signed_in(world, browser)
    assert session.person == ALICE
    assert "Vous pouvez fermer cet onglet" in browser.page
    token = session.token()
    assert world.provider.check(token.value) == ALICE.national_id
    assert 0 < token.expires_at - time.time() <= 120
    assert 0 < token.session_left_s <= 1800
    assert token.value not in repr(token)
    fresh = session.token(fresh=True)
    assert fresh.value != token.value
    session.end()
    assert world.provider.check(fresh.value) is None
    with pytest.raises(SessionEnded):
        session.token()
    session.end()


def test_the_listening_socket_is_gone_after_every_end(world: Services, browser: Browser) -> None:
    def port_of(url: str) -> int:
        found = re.search(r"port=([0-9]+)", url)
        assert found
        return int(found[1])

    flow = world.relay.begin_browser()
    with meanwhile(lambda: browser.visit(flow.url)):
        flow.wait(never, 15)
    cancelled, late, unused = (world.relay.begin_browser() for _ in range(3))
    with pytest.raises(Cancelled):
        cancelled.wait(lambda: True)
    with pytest.raises(Refused) as caught:
        late.wait(never, 0.1)
    assert caught.value.code == "expired_token"
    unused.close()
    for each in (flow, cancelled, late, unused):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port_of(each.url)))


def test_a_cancellation_is_seen_within_a_fifth_of_a_second(world: Services) -> None:
    looked: list[float] = []

    def cancelled() -> bool:
        looked.append(time.monotonic())
        return len(looked) > 8

    with pytest.raises(Cancelled):
        world.relay.begin_browser().wait(cancelled)
    gaps = [after - before for before, after in itertools.pairwise(looked)]
    assert 0.05 < statistics.median(gaps) < 0.2, "soon, and without spinning"


def test_a_session_is_handed_over_to_another_of_the_same_person(world: Services, browser: Browser) -> None:
    old = _signed_in(world, browser)
    flow = world.relay.begin_browser(beside=old)
    assert flow.url.endswith("again=1")
    assert flow.shown_code == ""
    with meanwhile(lambda: browser.visit(flow.url)):
        new = flow.wait(never, 15)
    assert new.token(fresh=True).value
    old.hand_over(new)
    assert new.token(fresh=True).value
    with pytest.raises(SessionEnded):
        old.token()
    assert old.word not in repr(old)


def test_a_token_says_when_the_four_hours_end(world: Services, browser: Browser) -> None:
    token = _signed_in(world, browser).token()
    assert token.session_ends_in_s is not None
    assert 4 * 3600 - 60 < token.session_ends_in_s <= 4 * 3600


def test_who_comes_back_after_the_sign_in_was_given_up_is_signed_out(world: Services, browser: Browser) -> None:
    flow = world.relay.begin_browser()
    with pytest.raises(Cancelled):
        flow.wait(lambda: True)
    with pytest.raises(httpx.ConnectError):
        browser.visit(flow.url)
    assert len(world.provider._mint._sessions) == 0


def test_a_person_who_cancels_at_psc_is_refused(world: Services, browser: Browser) -> None:
    flow = world.relay.begin_browser()
    with meanwhile(lambda: browser.visit(flow.url, None)), pytest.raises(Refused) as caught:
        flow.wait(never, 15)
    assert caught.value.code == "access_denied"
    assert "non aboutie" in browser.page


def test_a_ticket_from_a_stranger_does_not_end_the_sign_in(world: Services, browser: Browser) -> None:
    """Somebody's page brings its own ticket to our loopback, to sign us in as themselves."""
    flow = world.relay.begin_browser()
    port = re.search(r"port=([0-9]+)", flow.url)
    assert port

    def act() -> None:
        with httpx.Client(trust_env=False) as http:
            answer = http.get(f"http://127.0.0.1:{port[1]}/retour?ticket=theirs&state=guess")
        assert answer.status_code == 404
        browser.visit(flow.url)

    with meanwhile(act):
        assert flow.wait(never, 15).person == ALICE


def test_a_forged_ticket_with_the_right_state_opens_nothing(world: Services) -> None:
    flow = world.relay.begin_browser()
    found = re.search(r"state=([^&]+)&port=([0-9]+)", flow.url)
    assert found

    def act() -> None:
        with httpx.Client(trust_env=False) as http:
            http.get(f"http://127.0.0.1:{found[2]}/retour?ticket=forged&state={found[1]}")

    with meanwhile(act), pytest.raises(Refused) as caught:
        flow.wait(never, 15)
    assert caught.value.code == "invalid_ticket"


def test_a_browser_that_reaches_no_loopback_is_waited_for_at_the_relay(world: Services) -> None:
    far = Browser(world.environment, reaches_loopback=False)
    flow = world.relay.begin_browser()
    with meanwhile(lambda: far.visit(flow.url)):
        assert flow.wait(never, 15).person == ALICE
    far.close()


@pytest.mark.parametrize("yes", [True, False])
def test_a_remote_desktop_shows_the_code_that_the_browser_shows(world: Services, browser: Browser, yes: bool) -> None:
    flow = world.relay.begin_browser(poll_only=True)
    assert "port=" not in flow.url

    def act() -> None:
        browser.visit(flow.url)
        assert f'class="code">{flow.code}<' in browser.page
        browser.confirm(yes=yes)

    with meanwhile(act), contextlib.ExitStack() as stack:
        if not yes:
            stack.enter_context(pytest.raises(Refused))
        assert flow.wait(never, 15).person == ALICE


def test_a_person_confirms_on_the_phone(world: Services) -> None:
    flow = world.relay.begin_ecps(ALICE.national_id)
    assert flow.expires_in_s == 10
    ticks: list[int] = []

    def act(left_s: int) -> None:
        ticks.append(left_s)
        if left_s == 8:
            (request,) = world.provider.pending()
            assert request.digits == flow.digits
            world.provider.approve(request.id)

    session = flow.wait(never, act)
    assert session.person == ALICE
    assert ticks == sorted(set(ticks), reverse=True), "each second once, downwards"


def test_a_refusal_on_the_phone_is_told(world: Services) -> None:
    flow = world.relay.begin_ecps(BOB.national_id)
    world.provider.approve(yes=False)
    with pytest.raises(Refused) as caught:
        flow.wait(never)
    assert caught.value.code == "access_denied"


def test_a_phone_that_stays_silent_is_given_up(pki: Pki) -> None:
    with services(pki, Lives(phone_s=2)) as world:
        flow = world.relay.begin_ecps(BOB.national_id)
        with pytest.raises(Refused) as caught:
            flow.wait(never)
    assert caught.value.code == "expired_token"


def test_a_cancelled_phone_request_makes_room_for_another(world: Services) -> None:
    first = world.relay.begin_ecps(ALICE.national_id)
    with pytest.raises(Refused) as caught:
        world.relay.begin_ecps(ALICE.national_id)
    assert caught.value.code == "request_pending"
    with pytest.raises(Cancelled):
        first.wait(lambda: True)
    world.relay.begin_ecps(ALICE.national_id)


def test_an_unknown_person_has_no_phone(world: Services) -> None:
    with pytest.raises(Refused) as caught:
        world.relay.begin_ecps("899999999999")
    assert caught.value.code == "unknown_user_id"


def test_psc_over_is_session_over(world: Services, browser: Browser) -> None:
    session = _signed_in(world, browser)
    world.provider.expire_all()
    with pytest.raises(SessionEnded):
        session.token(fresh=True)


def test_many_threads_may_ask_for_tokens_at_once(world: Services, browser: Browser) -> None:
    session = _signed_in(world, browser)
    taken: list[str] = []
    threads = [
        threading.Thread(target=lambda: taken.append(session.token(fresh=True).value), name=f"taker-{n}")
        for n in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(set(taken)) == 5


def test_a_relay_that_is_not_there_is_offline(pki: Pki) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"https://{RELAY_HOST}:{closed.getsockname()[1]}"
        environment = https_kit.environment(pki.web_anchors, url, RELAY_HOST)
        relay = PscRelay(environment, web.web_context(environment))
        with pytest.raises(Offline):
            relay.begin_ecps(ALICE.national_id)
        looked = iter([False] * 20)
        with pytest.raises(Cancelled):
            relay.begin_browser().wait(lambda: next(looked, True))


def test_a_relay_with_a_wrong_certificate_is_not_spoken_to(pki: Pki) -> None:
    async def nothing(scope: object, receive: object, send: object) -> None:
        raise AssertionError("something was asked")

    with https_kit.served(nothing, pki.web_server([RELAY_HOST], Fault.CHAIN)) as port:
        environment = https_kit.environment(pki.web_anchors, f"https://{RELAY_HOST}:{port}", RELAY_HOST)
        with pytest.raises(Untrusted) as caught:
            PscRelay(environment, web.web_context(environment)).begin_ecps(ALICE.national_id)
    assert caught.value.reason is Distrust.CHAIN


def test_a_relay_without_tls_is_not_spoken_to(pki: Pki) -> None:
    environment = https_kit.environment(pki.web_anchors, "http://127.0.0.1:9")
    with pytest.raises(Untrusted) as caught:
        PscRelay(environment, web.web_context(environment)).begin_ecps(ALICE.national_id)
    assert caught.value.reason is Distrust.PROTOCOL


@pytest.mark.parametrize("body", ["", "[]", "{", '{"digits": 5}', '{"id": "x", "digits": "42", "expires_in_s": "1"}'])
def test_a_relay_that_talks_nonsense_is_unreadable(pki: Pki, body: str) -> None:
    with https_kit.served(Response(body, 201), pki.web_server([RELAY_HOST])) as port:
        environment = https_kit.environment(pki.web_anchors, f"https://{RELAY_HOST}:{port}", RELAY_HOST)
        with pytest.raises(Unreadable):
            PscRelay(environment, web.web_context(environment)).begin_ecps(ALICE.national_id)


def test_nothing_secret_is_logged_or_shown_in_an_address(
    world: Services, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    session = _signed_in(world, browser)
    token = session.token().value
    with contextlib.suppress(MssError):
        world.relay.begin_ecps("899999999999")
    session.end()
    everything = "\n".join((*(record.getMessage() for record in caplog.records), *browser.addresses))
    assert token not in everything
    ours = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("mssclient.relay"))
    assert ALICE.national_id not in ours
    assert ALICE.family not in everything
