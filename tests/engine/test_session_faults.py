"""Signing in, locking and leaving at the wrong moment; stores that do not open; disks that are full."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mssclient.domain.bal import Folder
from mssclient.domain.errors import Refused, StoreReason, StoreTrouble
from mssclient.domain.events import SessionChanged
from mssclient.domain.filing import FilingChoice
from mssclient.domain.message import MessageId, PartId, RowState
from mssclient.domain.session import SessionState, SignInStage
from mssclient.sandbox.orders import Service
from mssclient.stage.theatre import Theatre
from tests.engine.conftest import Workstation
from tests.engine.session_kit import HeldBrowser

NEW = b"From: contact@had-valdelys.mss.example\r\nSubject: %s\r\nMessage-ID: <%s@x>\r\n\r\nBonjour %s\r\n"


def inbox(desk: Workstation) -> Folder:
    return desk.folder(desk.bal("soins"))


def told(desk: Workstation, context: str) -> list[Any]:
    return [t.error for t in desk.problems() if t.context == context]


def arrived(desk: Workstation, name: bytes) -> MessageId:
    """A new message of that name comes to the inbox."""
    here, address = inbox(desk), desk.bal("soins").address
    before = set(desk.settled(here))
    desk.theatre.operator.deliver(address, NEW % (name, name, name))
    desk.until(lambda: set(desk.ids(here)) - before, "arrived")
    return (set(desk.ids(here)) - before).pop()


# -- the store


@pytest.mark.parametrize("wound", ["first page", "key"])
def test_a_store_that_cannot_be_opened_is_kept_aside_and_the_person_works(
    theatre: Theatre, tmp_path: Path, wound: str
) -> None:
    first = Workstation(theatre, tmp_path / "home")
    first.engine.start()
    first.sign_in()
    first.engine.stop()
    folder = next((tmp_path / "home" / "persons").iterdir())
    if wound == "key":
        (folder / "key").write_bytes(b"short")
    else:
        with (folder / "mail.sqlite").open("r+b") as file:
            file.write(b"\x00" * 4096)
    second = Workstation(theatre, tmp_path / "home")
    second.engine.start()
    second.sign_in()
    assert second.settled(inbox(second))
    said = StoreReason.KEY_LOST if wound == "key" else StoreReason.DAMAGED
    assert [e.reason for e in told(second, "store")] == [said]
    assert len(list(folder.glob("mail-damaged-*.sqlite"))) == 1
    second.engine.stop()


def test_a_home_that_cannot_be_written_is_told_at_sign_in(desk: Workstation) -> None:
    in_the_way = desk.home / "persons"
    in_the_way.write_bytes(b"")
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.sign_in_view().failure, "told")
    in_the_way.unlink()
    assert isinstance(desk.engine.sign_in_view().failure, StoreTrouble)
    assert desk.engine.session_state() is SessionState.SIGNED_OUT
    desk.browser.join()
    desk.sign_in()


# -- the session


def closed(desk: Workstation) -> None:
    desk.until(lambda: desk.theatre.operator.connections() == 0, "no line is open")


def test_a_psc_session_that_is_over_locks_and_closes_the_lines(signed_in: Workstation) -> None:
    signed_in.theatre.expire()
    signed_in.until(lambda: signed_in.engine.session_state() is SessionState.LOCKED, "locked")
    closed(signed_in)
    signed_in.sign_in()


def test_a_phone_that_says_no(desk: Workstation) -> None:
    desk.engine.sign_in_with_ecps(desk.theatre.institution.staff("physician").person.national_id)
    desk.until(lambda: desk.engine.sign_in_view().digits, "asked")
    # An earlier test may have left a request that nobody answers: ours is the one of these digits.
    digits = desk.engine.sign_in_view().digits
    ours = [p.id for p in desk.theatre.provider.pending() if p.digits == digits]
    desk.theatre.provider.approve(ours[-1], yes=False)
    desk.until(lambda: desk.engine.sign_in_view().failure, "told")
    assert isinstance(desk.engine.sign_in_view().failure, Refused)
    assert desk.engine.session_state() is SessionState.SIGNED_OUT


def test_a_sign_in_is_given_up_in_the_browser_and_another_begun(desk: Workstation) -> None:
    browser = HeldBrowser(desk)
    desk.engine.sign_in_with_browser()
    desk.until(lambda: browser.urls, "browser opened")
    desk.engine.cancel_sign_in()
    assert desk.engine.session_state() is SessionState.SIGNED_OUT
    browser.release()
    desk.sign_in()
    states = [e.state for e in desk.events if isinstance(e, SessionChanged)]
    assert states == [SessionState.SIGNING_IN, SessionState.SIGNED_OUT, SessionState.SIGNING_IN, SessionState.OPEN]


def test_a_sign_in_is_given_up_on_the_phone(desk: Workstation) -> None:
    desk.engine.sign_in_with_ecps(desk.theatre.institution.staff("physician").person.national_id)
    desk.until(lambda: desk.engine.sign_in_view().stage is SignInStage.PHONE, "digits")
    desk.engine.cancel_sign_in()
    assert desk.engine.sign_in_view().stage is SignInStage.IDLE
    assert desk.engine.session_state() is SessionState.SIGNED_OUT
    desk.sign_in()


def lock(desk: Workstation) -> None:
    desk.engine.lock()


def cancel(desk: Workstation) -> None:
    desk.engine.cancel_sign_in()


def pull(desk: Workstation) -> None:
    desk.reader.remove()
    desk.until(lambda: not desk.engine.card_status().present, "card out")


@pytest.mark.parametrize("act", [lock, cancel, pull])
def test_while_the_house_opens_a_person_may_leave(desk: Workstation, act: Callable[[Workstation], None]) -> None:
    begun, go = threading.Event(), threading.Event()
    opening = desk.engine._desk._opening

    def held(person: Any) -> None:
        begun.set()
        assert go.wait(10)
        opening(person)

    desk.engine._desk._opening = held
    desk.reader.insert(desk.theatre.institution.staff("secretary").card)
    desk.until(lambda: desk.engine.card_status().present, "card seen")
    desk.engine.sign_in_with_browser()
    assert begun.wait(10)
    act(desk)
    go.set()
    desk.until(lambda: desk.engine.sign_in_view().stage is SignInStage.IDLE, "over")
    desk.until(lambda: desk.engine.session_state() is not SessionState.OPEN, "not open")
    closed(desk)
    states = [e.state for e in desk.events if isinstance(e, SessionChanged)]
    assert SessionState.OPEN not in states
    desk.engine._desk._opening = opening
    desk.browser.join()
    desk.sign_in()


def test_a_card_pulled_while_the_browser_is_open_ends_the_attempt(desk: Workstation) -> None:
    desk.engine._desk._door.browser = lambda _url: True
    desk.reader.insert(desk.theatre.institution.staff("secretary").card)
    desk.until(lambda: desk.engine.card_status().present, "card seen")
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.sign_in_view().stage is SignInStage.BROWSER, "browser")
    desk.reader.remove()
    desk.until(lambda: desk.engine.session_state() is SessionState.SIGNED_OUT, "given up")
    assert desk.engine.sign_in_view().stage is SignInStage.IDLE


def test_a_sign_in_begun_within_the_grace_closes_the_old_lines_first(signed_in: Workstation) -> None:
    browser = HeldBrowser(signed_in)
    signed_in.reader.remove()
    signed_in.until(lambda: signed_in.engine.session_state() is SessionState.LOCKED, "locked")
    signed_in.engine.sign_in_with_browser()
    closed(signed_in)
    signed_in.until(lambda: browser.urls, "browser opened")
    signed_in.engine.cancel_sign_in()
    browser.release()
    signed_in.sign_in()


def test_a_lock_by_hand_is_not_lifted_by_moving_the_card(signed_in: Workstation) -> None:
    signed_in.engine.lock()
    signed_in.reader.remove()
    signed_in.until(lambda: not signed_in.engine.card_status().present, "out")
    signed_in.reader.insert(signed_in.theatre.institution.staff("secretary").card)
    signed_in.until(lambda: signed_in.engine.card_status().present, "in")
    closed(signed_in)
    assert signed_in.engine.session_state() is SessionState.LOCKED


def test_after_a_sign_out_nothing_can_be_read(desk: Workstation) -> None:
    desk.theatre.operator.orders.slow(0.05, "FETCH", times=4)
    desk.sign_in()
    desk.engine.sign_out()
    desk.until(lambda: desk.engine.reader.bals() == (), "nothing to read")
    closed(desk)
    desk.sign_in()
    assert desk.engine.reader.bals()


def test_a_disk_that_is_full_at_the_lock_does_not_keep_the_session_open(
    signed_in: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreTrouble(StoreReason.FULL)

    with monkeypatch.context() as patch:
        patch.setattr("mssclient.store.mail.MailStore.set_all_links", full)
        signed_in.engine.lock()
        closed(signed_in)
        signed_in.until(lambda: signed_in.engine._desk._tokens.session is None, "relay told")


def test_a_mailbox_that_cannot_write_its_link_lives_on(signed_in: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreTrouble(StoreReason.FULL)

    with monkeypatch.context() as patch:
        patch.setattr("mssclient.store.mail.MailStore.set_link", full)
        before = signed_in.theatre.operator.orders.times("AUTHENTICATE")
        signed_in.theatre.operator.orders.cut(Service.IMAP)
        signed_in.until(lambda: signed_in.theatre.operator.orders.times("AUTHENTICATE") > before, "tries again")
    signed_in.engine.refresh()
    arrived(signed_in, b"vivant")


def test_a_filing_that_a_lock_overtakes_is_told(signed_in: Workstation) -> None:
    inside, go = threading.Event(), threading.Event()
    office = signed_in.engine._office
    assert office is not None

    def busy() -> None:
        inside.set()
        go.wait(10)

    office.fetch.worker.post(busy)
    assert inside.wait(10)
    reader = signed_in.engine.reader
    ids = signed_in.settled(inbox(signed_in))
    row = next(r for r in reader.rows(ids[:200]) if r.state is RowState.TO_FILE)
    message = reader.message(row.id)
    assert message is not None
    part: PartId = message.attachments[0].id
    proposal: FilingChoice = signed_in.engine.filing_proposal(part, "")
    signed_in.engine.file_attachment(part, proposal)
    signed_in.engine.lock()
    go.set()
    signed_in.until(lambda: told(signed_in, "file"), "told")


def test_a_stop_in_the_middle_of_everything_ends_every_thread(theatre: Theatre, tmp_path: Path) -> None:
    for number, verb in enumerate(("AUTHENTICATE", "LIST", "FETCH", "SEARCH", "IDLE")):
        desk = Workstation(theatre, tmp_path / f"home{number}")
        heard = theatre.operator.orders.times(verb)
        theatre.operator.orders.slow(0.1, verb, times=2)
        desk.engine.start()
        desk.engine.sign_in_with_browser()
        assert theatre.operator.orders.wait(verb, heard + 1, timeout_s=10)
        desk.engine.stop()
        desk.browser.join()
        assert {t.name for t in threading.enumerate() if not t.name.startswith("server-")} <= {"MainThread"}
