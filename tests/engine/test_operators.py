"""How operators are found and believed by the engine: discovery for a day, lists of revoked certificates behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from mssclient.domain.bal import Link
from mssclient.domain.environment import Endpoint, Environment, OperatorProfile, Policy
from mssclient.domain.errors import Distrust, MssError, Offline, Refused, SessionEnded, Untrusted
from mssclient.domain.events import Event
from mssclient.domain.session import SessionState
from mssclient.domain.trust import Trouble
from mssclient.engine import operators
from mssclient.engine.engine import MailEngine
from mssclient.engine.house import Speaker, utc_now
from mssclient.engine.operators import Operators
from mssclient.sandbox.orders import Service
from mssclient.sandbox.pki import Fault
from mssclient.stage.theatre import Theatre
from tests.engine.conftest import POLICY, Workstation
from tests.remote.wrong_servers import LISTS_HOST, Place

ADDRESS = "cabinet@operateur.mss.example"
PROFILE = OperatorProfile(
    "operateur.mss.example", "O", Endpoint("imap.x.example", 143), Endpoint("smtp.x.example", 587)
)
HOUR = dt.timedelta(hours=1)


# Discovery


@dataclass
class Announced:
    """What discovery answers, and how often it was asked."""

    answer: OperatorProfile | MssError = PROFILE
    asked: int = 0

    def __call__(self, _environment: Environment, _address: str) -> OperatorProfile:
        self.asked += 1
        if isinstance(self.answer, MssError):
            raise self.answer
        return self.answer


@dataclass
class Clock:
    """Hours pass when a test says so."""

    now: dt.datetime = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> Announced:
    found = Announced()
    monkeypatch.setattr(operators, "discover", found)
    return found


@pytest.fixture
def known(tmp_path: Path, clock: Clock) -> Operators:
    events: list[Event] = []
    nowhere = Environment("essai", "", "", "", "", str(tmp_path / "absent.pem"), "", "TEST")
    return Operators(nowhere, tmp_path / "revocation", Speaker(events.append), clock, renewed=lambda: None)


def test_an_operator_is_asked_for_once_a_day(known: Operators, announced: Announced, clock: Clock) -> None:
    for _ in range(3):
        assert known.profile(ADDRESS) is PROFILE
    assert known.profile("autre@OPERATEUR.mss.example") is PROFILE
    clock.now += 23 * HOUR
    known.profile(ADDRESS)
    assert announced.asked == 1
    clock.now += 2 * HOUR
    known.profile(ADDRESS)
    assert announced.asked == 2
    clock.now -= 48 * HOUR
    known.profile(ADDRESS)
    assert announced.asked == 3, "a clock that was put back makes nothing young again"


def test_after_a_failure_it_is_asked_again_and_serves_when_nobody_answers(
    known: Operators, announced: Announced, clock: Clock
) -> None:
    known.profile(ADDRESS)
    known.failed(ADDRESS, Offline("cut"))
    announced.answer = Offline("unknown host")
    assert known.profile(ADDRESS) is PROFILE
    assert announced.asked == 2
    announced.answer = replace(PROFILE, name="moved")
    assert known.profile(ADDRESS).name == "moved"
    assert known.profile(ADDRESS).name == "moved"
    assert announced.asked == 3
    known.failed(ADDRESS, Offline("cut"))
    clock.now += 25 * HOUR
    announced.answer = Offline("unknown host")
    with pytest.raises(Offline):
        known.profile(ADDRESS)


def test_an_announcement_that_is_not_believed_is_never_replaced_by_the_former_one(
    known: Operators, announced: Announced
) -> None:
    known.profile(ADDRESS)
    known.failed(ADDRESS, Untrusted(Distrust.CHAIN))
    announced.answer = Untrusted(Distrust.DISCOVERY)
    with pytest.raises(Untrusted):
        known.profile(ADDRESS)


@pytest.mark.parametrize("error", [SessionEnded(), Refused("AUTHENTICATIONFAILED")])
def test_a_person_who_is_not_let_in_says_nothing_of_the_operators_place(
    known: Operators, announced: Announced, error: MssError
) -> None:
    known.profile(ADDRESS)
    known.failed(ADDRESS, error)
    known.profile(ADDRESS)
    assert announced.asked == 1


def test_where_no_list_is_published_no_thread_begins(known: Operators) -> None:
    known.start()
    known.stop()
    assert known.worker.join(0)


# Revocation, through the whole engine on the sandbox


@pytest.fixture
def place(theatre: Theatre) -> Iterator[Place]:
    """Where the sandbox's authority publishes; tests change what it says."""
    yield Place(theatre.operator.pki.mail_crl.read_bytes())
    theatre.operator.present(Service.IMAP, None)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators, "SOON_S", 0.05)


class Careful(Workstation):
    """A workstation whose administrator demands a valid list, published at one URL."""

    def __init__(self, theatre: Theatre, home: Path, url: str, revocation: str = "required") -> None:
        super().__init__(theatre, home)
        self.environment = replace(
            self.environment, crl_urls=(url,), mail_crl="", policy=replace(POLICY, revocation=revocation),
            hosts=(*self.environment.hosts, (LISTS_HOST, "127.0.0.1")),
        )  # fmt: skip
        self.engine = MailEngine(self.environment, home, self.reader, self.browser, self._hear, utc_now)

    def reasons(self) -> list[tuple[Distrust, str]]:
        return [(t.error.reason, t.context) for t in self.problems() if isinstance(t.error, Untrusted)]

    def enter(self) -> None:
        """Signed in, whether lines open or not."""
        self.reader.insert(self.theatre.institution.staff(self.role).card)
        self.until(lambda: self.engine.card_status().present, "card seen")
        self.engine.sign_in_with_browser()
        self.until(lambda: self.engine.session_state() is SessionState.OPEN, "signed in")
        self.browser.join()

    def end(self) -> None:
        self.engine.stop()
        self.browser.join()


def test_with_a_published_list_lines_open_and_nothing_is_told(theatre: Theatre, tmp_path: Path, place: Place) -> None:
    with place.served() as url:
        desk = Careful(theatre, tmp_path / "home", url)
        desk.engine.start()
        try:
            desk.until(lambda: any((tmp_path / "home" / "revocation").glob("*.crl")), "the list is kept")
            desk.sign_in()
            assert desk.reasons() == []
        finally:
            desk.end()
    asked = len(place.asked)
    again = Careful(theatre, tmp_path / "home", url)  # the place is away, the kept list serves
    again.engine.start()
    try:
        again.sign_in()
        assert again.reasons() == []
    finally:
        again.end()
    assert len(place.asked) == asked


@pytest.mark.usefixtures("quick")
def test_without_a_list_it_is_told_once_and_lines_open_when_it_comes(
    theatre: Theatre, tmp_path: Path, place: Place
) -> None:
    good, place.body = place.body, b"<html>portail captif</html>"
    with place.served() as url:
        desk = Careful(theatre, tmp_path / "home", url)
        desk.engine.start()
        try:
            desk.enter()
            desk.until(lambda: (Distrust.REVOCATION, "sync") in desk.reasons(), "told by a line")
            desk.until(lambda: (Distrust.REVOCATION, "revocation") in desk.reasons(), "told by itself")
            assert desk.live() == 0
            asked = len(place.asked)
            desk.engine.refresh()
            desk.until(lambda: len(place.asked) > asked, "a refused line asks for the list")
            assert desk.reasons().count((Distrust.REVOCATION, "revocation")) == 1
            place.body = good
            desk.engine.refresh()
            desk.until(lambda: desk.live() > 0, "the lines come by themselves")
        finally:
            desk.end()


@pytest.mark.parametrize("revocation", ["required", "known"])
def test_a_server_revoked_meanwhile_is_refused_on_the_next_line(
    theatre: Theatre, tmp_path: Path, place: Place, revocation: str
) -> None:
    theatre.operator.present(Service.IMAP, Fault.REVOKED)
    place.body = theatre.operator.pki.mail_crl.read_bytes()
    with place.served() as url:
        desk = Careful(theatre, tmp_path / "home", url, revocation)
        desk.engine.start()
        try:
            desk.until(lambda: any((tmp_path / "home" / "revocation").glob("*.crl")), "the list is kept")
            desk.enter()
            desk.until(lambda: (Distrust.REVOKED, "sync") in desk.reasons(), "told")
            assert desk.live() == 0
            desk.until(lambda: theatre.operator.connections(Service.IMAP) == 0, "no line stays")
            assert all(bal.link is not Link.LIVE for bal in desk.engine.reader.bals())
        finally:
            desk.end()


def test_known_never_had_a_list_and_goes_on(theatre: Theatre, tmp_path: Path, place: Place) -> None:
    place = replace(place, head=b"HTTP/1.1 404 Not Found\r\n", asked=[])
    with place.served() as url:
        desk = Careful(theatre, tmp_path / "home", url, "known")
        desk.engine.start()
        try:
            desk.sign_in()
            assert desk.reasons() == []
            state = desk.engine.revocation()
            assert state.blind
            desk.until(lambda: desk.engine.revocation().sources[0].trouble is Trouble.REFUSED, "support sees it")
        finally:
            desk.end()


def test_the_policy_of_tests_is_the_programs() -> None:
    assert Policy().revocation == "known"
