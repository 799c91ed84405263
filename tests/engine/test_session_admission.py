"""A refused token, a BAL that does not let somebody in, and which of the two it is; and what the person works as."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Link
from mssclient.domain.draft import Recipient
from mssclient.domain.errors import Offline, Refused, SessionEnded
from mssclient.domain.events import ProgressChanged, SessionChanged
from mssclient.domain.session import SessionState
from mssclient.engine.admission import AUTH_REFUSED, Admission
from mssclient.stage.theatre import Theatre
from tests.engine.conftest import POLICY, Workstation
from tests.engine.session_kit import is_state, settle, states

OPEN, LOCKED, READING = SessionState.OPEN, SessionState.LOCKED, SessionState.READING
DOCTOR = Correspondent("Dr Thomas LEMOINE", "thomas.lemoine@medecins.mss.example", CorrespondentKind.PROFESSIONAL)


class Tokens:
    """Gives numbered tokens; those asked for because one was refused end in a letter."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def __call__(self, *, refused: bool = False) -> str:
        self.given.append(f"{len(self.given)}{'r' if refused else ''}")
        return self.given[-1]


class Operator:
    """Takes the tokens of some lines."""

    def __init__(self, *taken: tuple[str, str]) -> None:
        self.taken = set(taken)

    def asked(self, admission: Admission, protocol: str, address: str) -> str:
        def ask(token: str) -> str:
            if (protocol, address) not in self.taken:
                raise Refused(AUTH_REFUSED)
            return token

        return admission.sign_in(protocol, address, ask)


A, B, SMTP_A = ("imap", "a"), ("imap", "b"), ("smtp", "a")


@pytest.fixture
def ended() -> list[bool]:
    return []


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()


@pytest.fixture
def admission(tokens: Tokens, ended: list[bool]) -> Admission:
    return Admission(tokens, lambda: ended.append(True))


def test_a_refused_token_is_asked_for_once_more(admission: Admission, tokens: Tokens) -> None:
    def ask(token: str) -> str:
        if not token.endswith("r"):
            raise Refused(AUTH_REFUSED)
        return token

    assert admission.sign_in("imap", "a", ask) == "1r"
    assert admission.sign_in("smtp", "a", ask, "given") == "2r"
    assert tokens.given == ["0", "1r", "2r"]


@pytest.mark.parametrize("error", [Refused("AUTHORIZATIONFAILED"), Offline("cut"), SessionEnded("over")])
def test_what_is_no_refused_token_is_not_asked_twice(
    admission: Admission, tokens: Tokens, ended: list[bool], error: Exception
) -> None:
    def ask(_token: str) -> None:
        raise error

    with pytest.raises(type(error)):
        admission.sign_in("imap", "a", ask)
    assert (tokens.given, ended) == (["0"], [])


def test_a_bal_that_never_let_them_in_is_its_own_affair(admission: Admission, ended: list[bool]) -> None:
    operator = Operator()
    for _ in range(3):
        with pytest.raises(Refused):
            operator.asked(admission, *A)
    assert ended == []


def test_one_bal_of_two_that_shuts_its_door_ends_nothing(admission: Admission, ended: list[bool]) -> None:
    operator = Operator(A, B)
    operator.asked(admission, *A)
    operator.asked(admission, *B)
    operator.taken = {A}
    with pytest.raises(Refused):
        operator.asked(admission, *B)
    with pytest.raises(Refused):
        operator.asked(admission, *B)
    operator.asked(admission, *A)
    assert ended == []


def test_sending_that_is_refused_while_mail_is_read_ends_nothing(admission: Admission, ended: list[bool]) -> None:
    operator = Operator(A, SMTP_A)
    operator.asked(admission, *A)
    operator.asked(admission, *SMTP_A)
    operator.taken = {A}
    with pytest.raises(Refused):
        operator.asked(admission, *SMTP_A)
    assert ended == []


def test_when_the_last_line_takes_no_token_the_session_is_over(admission: Admission, ended: list[bool]) -> None:
    operator = Operator(A, B)
    operator.asked(admission, *A)
    operator.asked(admission, *B)
    operator.taken = set()
    with pytest.raises(Refused):
        operator.asked(admission, *A)
    assert ended == []
    with pytest.raises(SessionEnded):
        operator.asked(admission, *B)
    assert ended == [True]


def test_after_another_sign_in_nothing_of_before_counts(admission: Admission, ended: list[bool]) -> None:
    operator = Operator(A)
    operator.asked(admission, *A)
    admission.begin()
    operator.taken = set()
    with pytest.raises(Refused):
        operator.asked(admission, *A)
    assert ended == [], "or a person whom the operator no longer wants is locked at each sign-in"


# -- on the sandbox


def shut(theatre: Theatre, start: str) -> Callable[[], None]:
    """A BAL lets nobody in; the answer opens it again."""
    store = theatre.operator.store
    address = next(m.address for m in theatre.institution.mailboxes if m.address.startswith(start))
    account = store.account(address)
    assert account is not None
    box = account.box
    account.box = replace(box, people=frozenset())

    def open_again() -> None:
        account.box = box

    return open_again


@pytest.mark.parametrize("reading", [False, True])
def test_an_operator_that_takes_no_token_any_more_ends_the_session(
    theatre: Theatre, tmp_path: Path, reading: bool
) -> None:
    desk = Workstation(theatre, tmp_path / "home", replace(POLICY, read_after_session=reading))
    desk.engine.start()
    try:
        desk.sign_in()
        settle(desk)
        theatre.operator.orders.refuse_tokens(1000)
        theatre.operator.orders.cut()
        desk.until(is_state(desk, READING if reading else LOCKED), "over")
        assert not [t for t in desk.problems() if t.context == "session"]
        theatre.operator.orders.clear()
        if reading:
            desk.engine.renew_session()
        else:
            desk.engine.sign_in_with_browser()
        desk.until(lambda: states(desk)[-1] is OPEN, "open again")
        desk.until(lambda: desk.live() > 0, "lines again")
        desk.browser.join()
    finally:
        theatre.operator.orders.clear()
        desk.engine.stop()


def test_one_bal_that_shuts_its_door_is_told_and_the_session_goes_on(signed_in: Workstation) -> None:
    settle(signed_in)
    bal = signed_in.bal("soins")
    open_again = shut(signed_in.theatre, "soins")
    try:
        signed_in.theatre.operator.orders.cut()
        signed_in.until(lambda: signed_in.bal("soins").link is Link.REFUSED, "refused")
        told = [t for t in signed_in.problems() if t.context == "bal"]
        assert [t.bal_id for t in told] == [bal.id]
        assert states(signed_in)[-1] is OPEN
    finally:
        open_again()


def test_one_s_own_bal_that_is_shut_from_the_start_is_named_and_told(desk: Workstation) -> None:
    own = desk.theatre.institution.staff("secretary").address
    open_again = shut(desk.theatre, own)
    try:
        desk.engine.sign_in_with_browser()
        desk.until(lambda: [t for t in desk.problems() if t.context == "bal"], "told")
        (told,) = [t for t in desk.problems() if t.context == "bal"]
        assert isinstance(told.error, Refused)
        bal = desk.bal(own)
        assert (told.bal_id, bal.own) == (bal.id, True)
        desk.until(lambda: desk.bal(own).link is Link.REFUSED, "marked")
        assert desk.engine.session_state() is OPEN
        desk.browser.join()
    finally:
        open_again()


def test_a_bal_offered_to_everybody_that_is_not_theirs_is_left_out_quietly(signed_in: Workstation) -> None:
    settle(signed_in)
    let_in = signed_in.theatre.institution.mailboxes_of(
        signed_in.theatre.institution.staff("secretary").person.national_id
    )
    assert {b.address for b in signed_in.engine.reader.bals()} <= {m.address for m in let_in}
    assert not [t for t in signed_in.problems() if t.context == "bal"]


def test_the_opening_is_told_until_every_bal_has_answered(desk: Workstation) -> None:
    seen: list[tuple[int, int]] = []
    hear = desk.engine._speaker.announce

    def announce(event: object) -> None:
        if isinstance(event, ProgressChanged):
            seen.extend((p.done, p.total) for p in desk.engine.progress() if p.what == "opening")
        hear(event)  # type: ignore[arg-type]

    desk.engine._speaker.announce = announce
    desk.sign_in()
    settle(desk)
    assert seen[0][0] == 0
    assert seen[0][1] >= desk.live() > 0
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert desk.engine.progress() == ()


# -- the activity


@pytest.fixture
def physician(desk: Workstation) -> Workstation:
    """Who practises at two places, signed in."""
    desk.sign_in("physician")
    desk.until(lambda: states(desk)[-1] is OPEN, "signed in")
    return desk


def kept(desk: Workstation) -> None:
    """What the clerk was given is written."""
    done = threading.Event()
    desk.engine._at().clerk.worker.post(done.set)
    assert done.wait(10)


def test_an_activity_is_chosen_kept_and_held_to_what_psc_says(physician: Workstation) -> None:
    engine = physician.engine
    person = engine.person()
    assert person is not None
    assert len(person.activities) == 2
    assert engine.activity() is None
    chosen = person.activities[1]
    said = sum(isinstance(e, SessionChanged) for e in physician.events)
    engine.choose_activity(replace(chosen, structure="Ailleurs"))
    assert engine.activity() is None
    engine.choose_activity(chosen)
    assert engine.activity() == chosen
    assert sum(isinstance(e, SessionChanged) for e in physician.events) == said + 1
    kept(physician)
    engine.lock()
    physician.sign_in("physician")
    assert engine.activity() == chosen
    kept_key = engine._at().house.stores.settings.get("activity")
    engine._at().clerk.keep_setting("activity", kept_key + "gone")
    kept(physician)
    engine.lock()
    physician.sign_in("physician")
    assert engine.activity() is None


def test_what_leaves_and_what_is_traced_name_the_chosen_place(physician: Workstation) -> None:
    engine = physician.engine
    person = engine.person()
    assert person is not None
    chosen = person.activities[1]
    engine.choose_activity(chosen)
    bal = physician.bal(physician.theatre.institution.staff("physician").address)
    physician.until(lambda: bool(engine.facts(bal.id).white_list), "white list")
    already = len(physician.theatre.operator.submissions)
    engine.send(replace(engine.new_draft(bal.id), recipients=(Recipient(DOCTOR),), subject="Avis", text="Bonjour"))
    physician.until(lambda: len(physician.theatre.operator.submissions) > already, "sent")
    label = engine._at().clerk.sender_label(bal)
    assert label.endswith(chosen.structure)
    traces = engine._at().house.stores.traces
    physician.until(lambda: any(t[3] == "send" for t in traces.all()), "traced")
    (sent,) = [t for t in traces.all() if t[3] == "send"]
    assert sent[1] == f"{person.national_id} {chosen.structure_id}"


def test_somebody_with_one_activity_has_it(signed_in: Workstation) -> None:
    person = signed_in.engine.person()
    assert person is not None
    assert signed_in.engine.activity() == person.activities[0]
