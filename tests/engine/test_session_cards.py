"""Cards that come, go and change at the wrong moment, and a reader that hangs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssclient.domain.errors import CardTrouble, Distrust, Untrusted
from mssclient.domain.events import CardChanged
from mssclient.domain.session import CardHolder, SessionState, SignInStage
from tests.engine.conftest import Workstation
from tests.engine.session_kit import HeldBrowser, beaten, is_state, refused, states, tokens_of

OPEN, LOCKED, OUT = SessionState.OPEN, SessionState.LOCKED, SessionState.SIGNED_OUT


def card(desk: Workstation, role: str = "secretary") -> CardHolder:
    return desk.theatre.institution.staff(role).card


def put(desk: Workstation, holder: CardHolder | None) -> None:
    desk.reader.insert(holder)
    desk.until(lambda: desk.engine.card_status().present and desk.engine.card_status().holder == holder, "card seen")


def closed(desk: Workstation) -> None:
    desk.until(lambda: desk.theatre.operator.connections() == 0, "no line is open")


def test_the_right_card_put_in_during_a_sign_in(desk: Workstation) -> None:
    browser = HeldBrowser(desk)
    desk.engine.sign_in_with_browser()
    desk.until(lambda: browser.urls, "browser opened")
    put(desk, card(desk))
    browser.go_on()
    desk.until(lambda: OPEN in states(desk), "signed in")
    desk.browser.join()
    desk.reader.remove()
    desk.until(is_state(desk, LOCKED), "it counts")


def test_another_s_card_put_in_during_a_sign_in(desk: Workstation) -> None:
    browser = HeldBrowser(desk)
    desk.engine.sign_in_with_browser()
    desk.until(lambda: browser.urls, "browser opened")
    put(desk, card(desk, "physician"))
    browser.go_on()
    failure = refused(desk)
    assert isinstance(failure, Untrusted)
    assert failure.reason is Distrust.IDENTITY
    desk.browser.join()
    assert desk.engine.session_state() is OUT


@pytest.mark.parametrize("seen_between", [True, False])
def test_a_card_changed_for_another_s_during_a_sign_in(desk: Workstation, seen_between: bool) -> None:
    browser = HeldBrowser(desk)
    put(desk, card(desk))
    desk.engine.sign_in_with_browser()
    desk.until(lambda: browser.urls, "browser opened")
    if seen_between:
        desk.reader.remove()
    desk.reader.insert(card(desk, "physician"))
    desk.until(is_state(desk, OUT), "given up")
    beaten(desk)
    browser.go_on()
    desk.browser.join()
    assert OPEN not in states(desk)


@pytest.mark.parametrize("other", ["physician", None])
def test_a_card_changed_in_a_blink_while_open_covers_and_stays_covered(
    signed_in: Workstation, other: str | None
) -> None:
    put(signed_in, card(signed_in, other) if other else None)
    signed_in.until(is_state(signed_in, LOCKED), "covered")
    closed(signed_in)
    assert signed_in.engine.session_state() is LOCKED
    put(signed_in, card(signed_in))
    assert signed_in.engine.session_state() is LOCKED


def test_another_s_card_changes_nothing_for_a_session_by_phone(desk: Workstation) -> None:
    desk.engine.sign_in_with_ecps(desk.theatre.institution.staff("physician").person.national_id)
    desk.until(lambda: desk.engine.sign_in_view().digits, "digits")
    desk.theatre.approve()
    desk.until(lambda: OPEN in states(desk), "signed in")
    seen = sum(isinstance(e, CardChanged) for e in desk.events)
    put(desk, card(desk))
    desk.until(lambda: sum(isinstance(e, CardChanged) for e in desk.events) > seen, "shown")
    desk.reader.remove()
    desk.until(lambda: not desk.engine.card_status().present, "gone again")
    assert desk.engine.session_state() is OPEN
    assert LOCKED not in states(desk)


def test_a_card_that_is_read_too_late_and_is_another_s_covers_and_ends(desk: Workstation) -> None:
    put(desk, None)
    desk.engine.sign_in_with_browser()
    desk.until(lambda: OPEN in states(desk), "signed in")
    desk.browser.join()
    put(desk, card(desk, "physician"))
    desk.until(is_state(desk, LOCKED), "covered")
    closed(desk)
    desk.until(lambda: tokens_of(desk) is None, "ended at the relay")


def test_a_card_that_is_read_late_and_is_theirs_disturbs_nothing(desk: Workstation) -> None:
    put(desk, None)
    desk.engine.sign_in_with_browser()
    desk.until(lambda: OPEN in states(desk), "signed in")
    desk.browser.join()
    put(desk, card(desk))
    assert LOCKED not in states(desk)
    desk.reader.remove()
    desk.until(is_state(desk, LOCKED), "the card counts")


def test_a_card_back_within_the_grace_is_known_when_it_is_read(signed_in: Workstation) -> None:
    signed_in.reader.remove()
    signed_in.until(is_state(signed_in, LOCKED), "covered")
    signed_in.reader.insert(None)
    signed_in.reader.insert(card(signed_in))
    signed_in.until(is_state(signed_in, OPEN), "the cover lifts")


def test_the_same_national_id_in_its_bare_form_is_the_same_card(desk: Workstation) -> None:
    desk.sign_in("physician")
    holder = card(desk, "physician")
    assert holder.national_id.startswith("8")
    put(desk, replace(holder, national_id=holder.national_id[1:]))
    assert LOCKED not in states(desk)


# -- a reader that hangs


def test_a_reader_that_hangs_counts_as_a_card_that_is_gone(signed_in: Workstation) -> None:
    signed_in.reader.stick()
    signed_in.engine._desk.look()
    signed_in.until(is_state(signed_in, LOCKED), "covered")
    assert not signed_in.engine.card_status().present
    for _ in range(3):
        signed_in.engine._desk.look()
    closed(signed_in)
    told = [t for t in signed_in.problems() if isinstance(t.error, CardTrouble)]
    assert len(told) == 1
    put(signed_in, card(signed_in))
    signed_in.sign_in()
    assert len([t for t in signed_in.problems() if isinstance(t.error, CardTrouble)]) == 1


def test_a_reader_that_hangs_during_a_sign_in_ends_it(desk: Workstation) -> None:
    browser = HeldBrowser(desk)
    put(desk, card(desk))
    desk.engine.sign_in_with_browser()
    desk.until(lambda: browser.urls, "browser opened")
    desk.reader.stick()
    desk.engine._desk.look()
    desk.until(is_state(desk, OUT), "given up")
    assert desk.engine.sign_in_view().stage is SignInStage.IDLE
    beaten(desk)


def test_a_watch_that_died_counts_as_a_card_that_is_gone(signed_in: Workstation) -> None:
    watch = signed_in.engine._desk._cards
    watch.worker.stop()
    signed_in.reader.cancel()
    assert watch.worker.join(10)
    signed_in.engine._desk.look()
    signed_in.until(is_state(signed_in, LOCKED), "covered")
    assert not signed_in.engine.card_status().present


@pytest.mark.logs
def test_a_watch_that_fails_counts_as_a_card_that_is_gone_and_begins_again(
    signed_in: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(signed_in.reader, "wait", broken)
        signed_in.reader.cancel()
        signed_in.until(is_state(signed_in, LOCKED), "covered")
    signed_in.until(lambda: signed_in.engine.card_status().present, "watched again")
