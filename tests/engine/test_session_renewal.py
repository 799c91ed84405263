"""Signing in again without leaving the screen: nothing moves, whoever answers, whatever happens meanwhile."""

from __future__ import annotations

import threading

import pytest

from mssclient.domain.errors import Distrust, Refused, Untrusted
from mssclient.domain.session import SessionState, SignInStage
from tests.engine.conftest import Workstation
from tests.engine.session_kit import (
    HeldBrowser,
    at_psc,
    beaten,
    endings,
    is_state,
    lines,
    refused,
    settle,
    states,
    tokens_of,
)

OPEN, LOCKED = SessionState.OPEN, SessionState.LOCKED


def renewed(desk: Workstation, old: object) -> None:
    desk.until(lambda: tokens_of(desk) is not old, "renewed")
    desk.until(lambda: desk.engine.sign_in_view().stage is SignInStage.IDLE, "told")
    desk.browser.join()


def test_a_renewal_by_browser_closes_no_line_and_covers_nothing(signed_in: Workstation) -> None:
    settle(signed_in)
    desk, operator = signed_in, signed_in.theatre.operator
    old, announced, told = tokens_of(desk), states(desk), endings(desk)
    open_lines, logins = lines(desk), operator.orders.times("AUTHENTICATE")
    desk.engine.renew_session()
    renewed(desk, old)
    beaten(desk)
    assert states(desk) == announced
    desk.until(lambda: endings(desk) > told, "the end moved")
    assert lines(desk) == open_lines
    assert operator.orders.times("AUTHENTICATE") == logins
    desk.until(lambda: at_psc(desk) == 1, "the old session is over at PSC, the new one is not")
    assert desk.engine._desk.fresh_token(refused=True)


def test_a_renewal_by_phone(signed_in: Workstation) -> None:
    old = tokens_of(signed_in)
    person = signed_in.engine.person()
    assert person is not None
    signed_in.engine.renew_session(person.national_id)
    signed_in.until(lambda: signed_in.engine.sign_in_view().digits, "digits")
    assert signed_in.engine.session_state() is OPEN
    signed_in.theatre.approve()
    renewed(signed_in, old)
    assert LOCKED not in states(signed_in)


def test_no_auth_falls_between_two_sessions(signed_in: Workstation) -> None:
    desk = signed_in.engine._desk
    trouble: list[BaseException] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            try:
                assert desk.fresh_token(refused=True)
            except BaseException as error:  # noqa: BLE001
                trouble.append(error)
                return

    askers = [threading.Thread(target=ask, name=f"asker-{n}") for n in range(3)]
    for asker in askers:
        asker.start()
    for _ in range(3):
        old = tokens_of(signed_in)
        signed_in.engine.renew_session()
        renewed(signed_in, old)
    over.set()
    for asker in askers:
        asker.join(20)
    assert trouble == []
    assert signed_in.engine.session_state() is OPEN


@pytest.mark.parametrize("card", [True, False])
def test_another_person_does_not_come_in_by_a_renewal(desk: Workstation, card: bool) -> None:
    signed_in = desk
    if card:
        desk.sign_in()
    else:
        desk.engine.sign_in_with_browser()
        desk.until(lambda: states(desk)[-1:] == [OPEN], "signed in")
        desk.browser.join()
    settle(signed_in)
    old, announced = tokens_of(signed_in), states(signed_in)
    open_lines = lines(signed_in)
    signed_in.role = "physician"
    signed_in.engine.renew_session()
    failure = refused(signed_in)
    assert isinstance(failure, Untrusted)
    assert failure.reason is Distrust.IDENTITY
    signed_in.browser.join()
    assert tokens_of(signed_in) is old
    assert states(signed_in) == announced
    assert lines(signed_in) == open_lines
    signed_in.until(lambda: at_psc(signed_in) == 1, "theirs is signed out, ours is not")
    assert signed_in.engine._desk.fresh_token(refused=True)
    signed_in.role = "secretary"
    signed_in.engine.renew_session()
    renewed(signed_in, old)


def test_a_renewal_is_given_up_and_nothing_changed(signed_in: Workstation) -> None:
    old, browser = tokens_of(signed_in), HeldBrowser(signed_in)
    signed_in.engine.renew_session()
    signed_in.until(lambda: browser.urls, "browser opened")
    assert signed_in.engine.sign_in_view().stage is SignInStage.BROWSER
    signed_in.engine.cancel_sign_in()
    assert signed_in.engine.sign_in_view().stage is SignInStage.IDLE
    beaten(signed_in)
    browser.go_on()  # too late: whoever goes through with the page is signed out again
    signed_in.browser.join()
    assert tokens_of(signed_in) is old
    assert at_psc(signed_in) == 1
    assert signed_in.engine._desk.fresh_token(refused=True)
    assert signed_in.engine.session_state() is OPEN
    browser.release()
    signed_in.engine.renew_session()
    renewed(signed_in, old)


def test_a_renewal_given_up_at_the_moment_of_success_ends_the_new_one_only(signed_in: Workstation) -> None:
    old, desk = tokens_of(signed_in), signed_in.engine._desk
    real, came = desk.arrived, threading.Event()

    def late(attempt: object, session: object) -> None:
        desk.cancel()
        real(attempt, session)  # type: ignore[arg-type]
        came.set()

    desk.arrived = late  # type: ignore[method-assign]
    signed_in.engine.renew_session()
    assert came.wait(20)
    signed_in.until(lambda: at_psc(signed_in) == 1, "the new one is over at PSC")
    signed_in.browser.join()
    assert tokens_of(signed_in) is old
    assert desk.fresh_token(refused=True)


@pytest.mark.parametrize("cover", ["lock", "card"])
def test_a_cover_ends_a_renewal(signed_in: Workstation, cover: str) -> None:
    browser = HeldBrowser(signed_in)
    signed_in.engine.renew_session()
    signed_in.until(lambda: browser.urls, "browser opened")
    if cover == "lock":
        signed_in.engine.lock()
    else:
        signed_in.reader.remove()
    signed_in.until(is_state(signed_in, LOCKED), "covered")
    assert signed_in.engine.sign_in_view().stage is SignInStage.IDLE
    signed_in.until(lambda: tokens_of(signed_in) is None, "relay told")
    beaten(signed_in)
    browser.go_on()
    signed_in.browser.join()
    assert signed_in.engine.session_state() is LOCKED
    assert at_psc(signed_in) == 0
    browser.release()
    signed_in.sign_in()


def test_psc_over_during_a_renewal_does_not_send_the_person_back_to_its_beginning(signed_in: Workstation) -> None:
    browser = HeldBrowser(signed_in)
    signed_in.engine.renew_session()
    signed_in.until(lambda: browser.urls, "browser opened")
    signed_in.theatre.expire()
    signed_in.until(is_state(signed_in, LOCKED), "covered")
    assert signed_in.engine.sign_in_view().stage is SignInStage.BROWSER
    browser.go_on()
    signed_in.until(is_state(signed_in, OPEN), "open again")
    signed_in.browser.join()


def test_a_renewal_needs_a_screen_and_only_one_runs(signed_in: Workstation) -> None:
    browser = HeldBrowser(signed_in)
    signed_in.engine.renew_session()
    signed_in.engine.renew_session()
    signed_in.until(lambda: browser.urls, "browser opened")
    signed_in.engine.renew_session()
    signed_in.engine.sign_in_with_browser()
    signed_in.engine.cancel_sign_in()
    beaten(signed_in)
    assert len(browser.urls) == 1
    assert "again=1" in browser.urls[0]
    signed_in.engine.lock()
    signed_in.engine.renew_session()
    beaten(signed_in)
    assert len(browser.urls) == 1


def test_a_phone_that_says_no_to_a_renewal_leaves_the_session(signed_in: Workstation) -> None:
    person = signed_in.engine.person()
    assert person is not None
    signed_in.engine.renew_session(person.national_id)
    signed_in.until(lambda: signed_in.engine.sign_in_view().digits, "digits")
    signed_in.theatre.approve(yes=False)
    assert isinstance(refused(signed_in), Refused)
    assert signed_in.engine.session_state() is OPEN
    assert signed_in.engine._desk.fresh_token(refused=True)
