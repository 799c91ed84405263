"""“Somebody else is at my workstation's network, at my browser, at my relay: they get nothing, and I am told.”

One test an attack, through the whole engine on the sandbox with the real relay.
"""

from __future__ import annotations

import contextlib
import logging
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.session import SessionState
from mssclient.sandbox import autoconfig, imap_sign_in
from mssclient.sandbox.orders import Service, Stage
from mssclient.stage.browser import StandInBrowser
from mssclient.ui import wording
from tests.journeys.attackers import (
    EVIL,
    GARBAGE,
    VERIFIER,
    Attacker,
    Hostile,
    Reply,
    Spied,
    knock,
    methods,
    said,
    ticket_of,
    verifiers,
)
from tests.journeys.recorded_world import RecordedWorld
from tests.journeys.test_writing import draft_to
from tests.journeys.workstation import PATIENCE_S, Workstation, card_of, environment_of, letter
from tests.lab.world import ALICE, BOB


@pytest.fixture(scope="module")
def hostile() -> Hostile:
    return Hostile()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory, hostile: Hostile) -> Iterator[RecordedWorld]:
    world = RecordedWorld(tmp_path_factory.mktemp("recorded-world"), hostile)
    world.start()
    yield world
    world.stop()


@pytest.fixture
def desk(recorded: RecordedWorld, hostile: Hostile, tmp_path: Path) -> Iterator[Workstation]:
    """Alice's card in the reader, a spied browser, nobody signed in."""
    browser = Spied(recorded, ALICE.national_id)
    found = Workstation(recorded, tmp_path / "home", browser=browser)
    found.reader.insert(card_of(ALICE))
    found.until(lambda: found.engine.card_status().present, "the card is seen")
    try:
        yield found
    finally:
        found.close()
        hostile.clear()
        recorded.operator.orders.clear()
        assert not browser.troubles, browser.troubles


@pytest.fixture
def attacker(recorded: RecordedWorld) -> Attacker:
    return Attacker(recorded)


def spied(desk: Workstation) -> Spied:
    assert isinstance(desk.browser, Spied)
    return desk.browser


def opened(desk: Workstation) -> None:
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.session_state() is SessionState.OPEN, "signed in")
    desk.browser.join()


def failed(desk: Workstation) -> BaseException:
    """What the person is told of a sign-in that came to nothing."""
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.sign_in_view().failure, "told")
    failure = desk.engine.sign_in_view().failure
    assert failure is not None
    assert desk.engine.session_state() is SessionState.SIGNED_OUT
    assert wording.failure(failure, "sign in").text
    desk.browser.join()
    return failure


class TestTickets:
    def test_stolen_and_swapped_first(self, desk: Workstation, attacker: Attacker) -> None:
        """The thief has the ticket before the program: no session for the thief, and the ticket is worth nothing."""
        answers: list[httpx.Response] = []
        spied(desk).at_the_door = lambda url: answers.append(attacker.swap(ticket_of(url)))
        failed(desk)
        assert [answer.status_code for answer in answers] == [400]
        assert b"session" not in answers[0].content
        spied(desk).at_the_door = lambda _url: None
        opened(desk)

    def test_replayed_even_with_its_verifier(
        self, desk: Workstation, attacker: Attacker, recorded: RecordedWorld
    ) -> None:
        opened(desk)
        ticket = ticket_of(spied(desk).trail[-1][1])
        assert attacker.swap(ticket).status_code == 400
        assert attacker.swap(ticket, verifiers(recorded)[-1]).status_code == 400
        assert attacker.ask("POST", "/session", json={"verifier": verifiers(recorded)[-1]}).status_code == 202

    def test_every_address_of_the_browsers_history_is_worth_nothing(
        self, desk: Workstation, attacker: Attacker, recorded: RecordedWorld
    ) -> None:
        opened(desk)
        before = len([each for each in recorded.asked_of_relay() if each.status == 201])
        with httpx.Client(verify=recorded.web_context(), trust_env=False) as plain:
            for method, url in list(spied(desk).trail):
                if method != "GET" or urlsplit(url).hostname == "127.0.0.1":
                    continue
                answer = StandInBrowser._ask(spied(desk), plain, {}, "GET", url)
                assert "ticket=" not in answer.headers.get("location", "")
                assert "/retour" not in answer.headers.get("location", "")
        assert len([each for each in recorded.asked_of_relay() if each.status == 201]) == before
        access, words = set(said(recorded, "/token", "access_token")), set(said(recorded, "/session", "session"))
        assert access
        assert words
        for _, url in spied(desk).trail:
            assert not any(secret in url for secret in access | words)

    def test_guessed_sessions_and_verifiers_get_nothing(self, desk: Workstation, attacker: Attacker) -> None:
        opened(desk)
        assert attacker.ask("POST", "/session", json={"verifier": VERIFIER}).status_code == 202
        for word in ("x", "x" * 43, "../session", "0"):
            header = {"Authorization": f"Bearer {word}".encode()}
            assert attacker.ask("POST", "/token", headers=header).status_code == 401
            assert attacker.ask("GET", "/identity", headers=header).status_code == 401
        assert desk.engine.session_state() is SessionState.OPEN


class TestLoopback:
    def test_a_wrong_state_is_not_heard_and_the_right_one_is(self, desk: Workstation) -> None:
        """Somebody who guesses the port brings a ticket of their own."""

        def knock(url: str) -> None:
            split = urlsplit(url)
            base = f"http://{split.netloc}/retour"
            for query in ("ticket=theirs", "ticket=theirs&state=", f"ticket=theirs&state={'x' * 43}",
                          f"error=access_denied&state={'x' * 43}", f"{split.query}&state=again"):  # fmt: skip
                assert httpx.get(f"{base}?{query}", trust_env=False).status_code == 404

        spied(desk).at_the_door = knock
        opened(desk)

    def test_after_the_answer_nobody_is_heard(self, desk: Workstation) -> None:
        after: list[object] = []

        def again(url: str) -> None:
            try:
                after.append(httpx.get(url, trust_env=False, timeout=5).status_code)
            except httpx.TransportError as error:
                after.append(type(error))

        spied(desk).after = again
        opened(desk)
        assert after != []
        assert 200 not in after

    def test_another_user_of_the_machine_knocks_in_every_way(self, desk: Workstation) -> None:
        """Wrong and rebound host names, other methods, huge and endless requests, and lines that are only held."""
        held: list[socket.socket] = []

        def pester(url: str) -> None:
            split = urlsplit(url)
            port, target = split.port or 0, f"{split.path}?{split.query}"
            for host in (
                "localhost",
                f"localhost:{port}",
                "pirate.example",
                f"pirate.example:{port}",
                f"127.0.0.1:{port}\r\nHost: x",
            ):
                assert knock(port, f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n").startswith(b"HTTP/1.1 404")
            good = f"Host: 127.0.0.1:{port}\r\n"
            for verb in ("POST", "PUT", "OPTIONS", "HEAD", "get"):
                assert knock(port, f"{verb} {target} HTTP/1.1\r\n{good}\r\n").startswith(b"HTTP/1.1 404")
            assert knock(port, f"GET {target} HTTP/1.1\r\n{good}X: {'y' * 70_000}\r\n\r\n") == b""
            assert knock(port, "\x00\xff\r\n\r\n").startswith(b"HTTP/1.1 404")
            for _ in range(4):
                line = socket.create_connection(("127.0.0.1", port), timeout=5)
                line.sendall(b"GET /retour?st")
                held.append(line)

        spied(desk).at_the_door = pester
        try:
            opened(desk)
        finally:
            for line in held:
                line.close()

    def test_all_lines_held_by_somebody_else_only_delay(self, desk: Workstation) -> None:
        held: list[socket.socket] = []

        def hold(url: str) -> None:
            port = urlsplit(url).port or 0
            for _ in range(12):
                with contextlib.suppress(OSError):
                    held.append(socket.create_connection(("127.0.0.1", port), timeout=5))

        spied(desk).at_the_door = hold
        try:
            opened(desk)
        finally:
            for line in held:
                line.close()


class TestRelay:
    def test_one_that_names_another_person_than_the_card(
        self, desk: Workstation, hostile: Hostile, recorded: RecordedWorld
    ) -> None:
        hostile.rewrite = lambda body: body.replace(ALICE.national_id.encode(), BOB.national_id.encode())
        failure = failed(desk)
        assert isinstance(failure, Untrusted)
        assert failure.reason is Distrust.IDENTITY
        desk.until(lambda: methods(recorded)[-1] == "DELETE", "the session that was opened is ended")

    def test_one_that_names_another_person_than_who_was_locked_opens_nothing_of_theirs(
        self, desk: Workstation, hostile: Hostile
    ) -> None:
        opened(desk)
        draft = desk.engine.new_draft(desk.bal("cabinet").id)
        desk.engine.keep_draft(draft)
        desk.until(lambda: desk.engine.reader.draft(draft.id), "kept")
        desk.reader.remove()
        desk.until(lambda: desk.engine.session_state() is SessionState.LOCKED, "locked")
        desk.until(lambda: desk.world.lines_open() == 0, "closed")
        hostile.rewrite = lambda body: body.replace(ALICE.national_id.encode(), BOB.national_id.encode())
        desk.engine.sign_in_with_browser()
        desk.until(
            lambda: desk.engine.session_state() is SessionState.OPEN or desk.engine.sign_in_view().failure, "settled"
        )
        desk.browser.join()
        assert desk.engine.reader.draft(draft.id) is None

    @pytest.mark.parametrize(
        ("method", "path", "reply"), GARBAGE.values(), ids=GARBAGE
    )  # fmt: skip
    def test_garbage_signs_nobody_in(
        self, desk: Workstation, hostile: Hostile, method: str, path: str, reply: Reply
    ) -> None:
        before = desk.world.sign_ins()
        hostile.replies[method, path] = lambda: reply
        failed(desk)
        assert desk.world.sign_ins() == before
        hostile.clear()
        opened(desk)

    def test_a_redirection_elsewhere_is_not_followed(self, desk: Workstation, hostile: Hostile) -> None:
        hostile.headers["location"] = "http://127.0.0.1:9/token"
        hostile.replies["POST", "/session"] = lambda: (307, "text/plain", b"")
        failed(desk)

    def test_a_slow_one_can_be_cancelled(self, desk: Workstation) -> None:
        """The person does not wait for a page that never ends."""
        gone = threading.Event()
        spied(desk)._choose = lambda: "" if gone.wait(PATIENCE_S) else ALICE.national_id
        desk.engine.sign_in_with_browser()
        desk.until(lambda: spied(desk).trail, "in the browser")
        desk.engine.cancel_sign_in()
        desk.until(lambda: desk.engine.session_state() is SessionState.SIGNED_OUT, "cancelled", 3)
        gone.set()
        desk.browser.join()

    def test_garbage_instead_of_a_token_sends_nothing_to_the_operator(
        self, desk: Workstation, hostile: Hostile, recorded: RecordedWorld
    ) -> None:
        hostile.replies["POST", "/token"] = lambda: (200, "application/json", b'{"access_token": "a\\r\\nb LOGIN x y"}')
        before = recorded.sign_ins()
        opened(desk)
        desk.until(lambda: any(e.target == "/token" for e in recorded.asked_of_relay()), "a token was asked for")
        desk.until(lambda: desk.told() or desk.live() == 0, "told")
        assert recorded.sign_ins() == before


class TestOperator:
    def test_one_that_wants_a_password_before_tls(
        self, desk: Workstation, recorded: RecordedWorld, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(imap_sign_in, "_BEFORE_TLS", "IMAP4rev1 AUTH=PLAIN AUTH=LOGIN")
        recorded.operator.orders.answer("STARTTLS", "BAD no such command", times=-1)
        before = recorded.sign_ins()
        opened(desk)
        desk.until(lambda: any(isinstance(t.error, Untrusted) for t in desk.told()), "told")
        assert {t.error.reason for t in desk.told() if isinstance(t.error, Untrusted)} == {Distrust.PROTOCOL}
        assert recorded.sign_ins() == before
        assert recorded.operator.orders.times("LOGIN") == 0

    def test_one_that_refuses_tls(self, desk: Workstation, recorded: RecordedWorld) -> None:
        recorded.operator.orders.answer("STARTTLS", "NO not today", times=-1)
        before = recorded.sign_ins()
        opened(desk)
        desk.until(lambda: any(isinstance(t.error, Untrusted) for t in desk.told()), "told")
        assert recorded.sign_ins() == before

    def test_one_that_echoes_the_token(
        self, desk: Workstation, recorded: RecordedWorld, caplog: pytest.LogCaptureFixture
    ) -> None:
        """Neither the screen nor the log repeats it, whatever the operator says to it."""
        caplog.set_level(logging.DEBUG)
        opened(desk)
        desk.until(lambda: desk.live() == 2, "live")
        tokens = said(recorded, "/token", "access_token")
        recorded.operator.orders.answer("AUTHENTICATE", f"NO [AUTHENTICATIONFAILED] no: {tokens[-1]}", times=-1)
        recorded.operator.orders.submission(Stage.AUTH, f"535 5.7.8 no: {tokens[-1]}", times=-1)
        draft = draft_to(desk, recorded.address("bob.durand"), "Écho")
        desk.engine.send(draft)
        recorded.operator.orders.cut(Service.IMAP)
        desk.until(lambda: desk.told() or desk.engine.session_state() is not SessionState.OPEN, "told")
        shown = " ".join(f"{wording.problem(told)} {told!r} {told.error}" for told in desk.told())
        shown += " ".join(str(line) for line in desk.engine.reader.outbox())
        logged = " ".join(r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore")))
        for piece in re.findall(r".{24}", tokens[-1]):
            assert piece not in shown
            assert piece not in logged


class TestAutoconfiguration:
    def test_the_good_one_opens(self, recorded: RecordedWorld, hostile: Hostile, tmp_path: Path) -> None:
        """The control of the tests below: nothing but the content makes the difference."""
        with announced(recorded, hostile, tmp_path, lambda good: good) as desk:
            desk.until(lambda: desk.live() == 2, "live")

    @pytest.mark.parametrize("change", EVIL.values(), ids=EVIL)
    def test_one_that_points_elsewhere_or_lies_gets_no_token(
        self, recorded: RecordedWorld, hostile: Hostile, tmp_path: Path, change: Callable[[bytes], bytes]
    ) -> None:
        before = recorded.sign_ins()
        with announced(recorded, hostile, tmp_path, change) as desk:
            desk.until(desk.told, "told")
            assert all(isinstance(told.error, Untrusted) for told in desk.told()), desk.told()
            assert desk.live() == 0
        assert recorded.sign_ins() == before

    def test_a_redirection_to_plain_http_is_not_followed(
        self, recorded: RecordedWorld, hostile: Hostile, tmp_path: Path
    ) -> None:
        before = recorded.sign_ins()
        hostile.headers["location"] = f"http://autoconfig.{recorded.domain}{autoconfig.CONFIG_PATH}"
        with announced(recorded, hostile, tmp_path, lambda _good: b"", status=302) as desk:
            desk.until(desk.told, "told")
            assert desk.live() == 0
        assert recorded.sign_ins() == before


@contextlib.contextmanager
def announced(
    world: RecordedWorld, hostile: Hostile, folder: Path, change: Callable[[bytes], bytes], status: int = 200
) -> Iterator[Workstation]:
    """Alice signed in where the operator's autoconfiguration is what somebody made of it."""
    good = autoconfig.client_config(world.domain, *world.ports)
    hostile.replies["GET", "/config.xml"] = lambda: (status, "application/xml", change(good))
    environment = environment_of(world, autoconfig=world.operator.url("relay") + "/config.xml")
    desk = Workstation(world, folder / "home", environment=environment)
    try:
        desk.reader.insert(card_of(ALICE))
        opened(desk)
        yield desk
    finally:
        desk.close()
        hostile.clear()


def test_no_secret_stands_in_any_address_that_the_program_asked_for(desk: Workstation, recorded: RecordedWorld) -> None:
    opened(desk)
    desk.world.deliver("cabinet", letter(desk.world, "Adresses").as_bytes())
    desk.arrived("Adresses")
    secrets = recorded.recorder.secrets()
    ours = [each for each in recorded.recorder.exchanges() if not each.target.startswith("/callback")]
    assert len(ours) > 5
    for each in ours:
        assert not any(secret in each.target for secret in secrets), each.target.partition("?")[0]
        assert "referer" not in each.headers
