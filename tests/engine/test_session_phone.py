"""e-CPS requests: one at a time, given up at any moment, and none left ringing."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from mssclient.domain.session import SessionState, SignInStage
from mssclient.remote.psc import EcpsSignIn, PscRelay
from tests.engine.conftest import Workstation
from tests.engine.session_kit import at_psc, beaten, is_state

OPEN, OUT = SessionState.OPEN, SessionState.SIGNED_OUT


def physician(desk: Workstation) -> str:
    return desk.theatre.institution.staff("physician").person.national_id


def rung(desk: Workstation) -> str:
    """The digits of the request that is on the phone now."""
    desk.until(lambda: desk.engine.sign_in_view().digits, "digits")
    return desk.engine.sign_in_view().digits


@pytest.fixture(autouse=True)
def _no_phone_rings(desk: Workstation) -> None:
    provider: Any = desk.theatre.provider
    with provider._lock:
        provider._phones.clear()


class Rings:
    """How many requests are pending at once, as the relay was asked for them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.most = self.begun = 0
        self.before_answer = threading.Event()
        self.go = threading.Event()
        self.go.set()
        self._lock = threading.Lock()
        begin, wait, rings = PscRelay.begin_ecps, EcpsSignIn.wait, self

        def counted_begin(relay: PscRelay, *args: Any) -> EcpsSignIn:
            with rings._lock:
                rings.now += 1
                rings.begun += 1
                rings.most = max(rings.most, rings.now)
            flow = begin(relay, *args)
            rings.before_answer.set()
            assert rings.go.wait(10)
            return flow

        def counted_wait(flow: EcpsSignIn, *args: Any) -> Any:
            try:
                return wait(flow, *args)
            finally:
                with rings._lock:
                    rings.now -= 1

        monkeypatch.setattr(PscRelay, "begin_ecps", counted_begin)
        monkeypatch.setattr(EcpsSignIn, "wait", counted_wait)


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> Rings:
    return Rings(monkeypatch)


def test_a_double_click_rings_once(desk: Workstation, rings: Rings) -> None:
    for _ in range(3):
        desk.engine.sign_in_with_ecps(physician(desk))
    desk.engine.sign_in_with_browser()
    digits = rung(desk)
    desk.theatre.approve()
    desk.until(is_state(desk, OPEN), "signed in")
    assert rings.begun == 1
    assert digits


def test_give_up_and_begin_again_at_once_many_times(desk: Workstation, rings: Rings) -> None:
    for _ in range(5):
        desk.engine.sign_in_with_ecps(physician(desk))
        desk.engine.cancel_sign_in()
    desk.engine.sign_in_with_ecps(physician(desk))
    digits = rung(desk)
    assert rings.most == 1
    desk.until(lambda: len(desk.theatre.provider.pending()) >= 1, "rings")
    ours = [p.id for p in desk.theatre.provider.pending() if p.digits == digits]
    desk.theatre.provider.approve(ours[-1])
    desk.until(is_state(desk, OPEN), "signed in")


def test_given_up_before_the_relay_has_answered(desk: Workstation, rings: Rings) -> None:
    rings.go.clear()
    desk.engine.sign_in_with_ecps(physician(desk))
    assert desk.engine.sign_in_view().stage is SignInStage.PHONE
    assert desk.engine.sign_in_view().digits == ""
    assert rings.before_answer.wait(10)
    desk.engine.cancel_sign_in()
    assert (desk.engine.session_state(), desk.engine.sign_in_view().stage) == (OUT, SignInStage.IDLE)
    desk.engine.sign_in_with_ecps(physician(desk))
    rings.go.set()
    digits = rung(desk)
    assert (rings.begun, rings.most) == (2, 1), "the relay's mark was free again"
    ours = [p.id for p in desk.theatre.provider.pending() if p.digits == digits]
    desk.theatre.provider.approve(ours[-1])
    desk.until(is_state(desk, OPEN), "signed in")


def test_given_up_when_the_phone_has_just_said_yes(desk: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    """The relay has the person's session; nobody fetches it."""
    ready, real = threading.Event(), EcpsSignIn._is_ready

    def is_ready(flow: EcpsSignIn, http: Any) -> bool:
        if real(flow, http):
            ready.set()
            desk.engine.cancel_sign_in()
        return False

    before = at_psc(desk)
    with monkeypatch.context() as patch:
        patch.setattr(EcpsSignIn, "_is_ready", is_ready)
        desk.engine.sign_in_with_ecps(physician(desk))
        rung(desk)
        desk.theatre.approve()
        assert ready.wait(10)
        beaten(desk)
    desk.until(lambda: at_psc(desk) == before, "signed out at PSC")
    assert desk.engine.session_state() is OUT


def test_given_up_when_the_session_has_just_come(desk: Workstation) -> None:
    inner, came = desk.engine._desk, threading.Event()
    real, before = inner.arrived, at_psc(desk)

    def late(attempt: Any, session: Any) -> None:
        inner.cancel()
        real(attempt, session)
        came.set()

    inner.arrived = late  # type: ignore[method-assign]
    desk.engine.sign_in_with_ecps(physician(desk))
    rung(desk)
    desk.theatre.approve()
    assert came.wait(10)
    desk.until(lambda: at_psc(desk) == before, "signed out at PSC")
    assert (desk.engine.session_state(), desk.engine.sign_in_view().stage) == (OUT, SignInStage.IDLE)
    assert OPEN not in [getattr(e, "state", None) for e in desk.events]


def test_the_program_ends_while_the_phone_rings(desk: Workstation, rings: Rings) -> None:
    desk.engine.sign_in_with_ecps(physician(desk))
    rung(desk)
    desk.engine.stop()
    assert rings.now == 0
    assert desk.engine.session_state() is not OPEN


def test_the_last_failure_is_forgotten_when_asked(desk: Workstation) -> None:
    desk.engine.sign_in_with_ecps("899999999999")
    desk.until(lambda: desk.engine.sign_in_view().stage is SignInStage.FAILED, "unknown person")
    desk.engine.cancel_sign_in()
    assert desk.engine.sign_in_view().failure is None
