"""The hours of a session, moved by hand: nobody waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.session import SessionState
from mssclient.engine.session_clock import Alarm, SessionClock, steady_ticks
from tests.engine.session_kit import MINUTE, Hours

OPEN, READING, LOCKED = SessionState.OPEN, SessionState.READING, SessionState.LOCKED
NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)


@pytest.fixture
def hours() -> Hours:
    return Hours()


@pytest.fixture
def clock(hours: Hours) -> SessionClock:
    began = hours.now
    found = SessionClock(15 * 60, lambda: NOON + timedelta(seconds=hours.now - began), hours)
    found.begin()
    return found


def test_idle_after_the_policy_s_minutes_and_not_before(clock: SessionClock, hours: Hours) -> None:
    hours.pass_by(15 * MINUTE)
    assert clock.alarms(OPEN) == []
    hours.pass_by(1)
    assert clock.alarms(OPEN) == clock.alarms(READING) == [Alarm.IDLE]
    assert clock.alarms(LOCKED) == clock.alarms(SessionState.SIGNED_OUT) == []
    clock.begin()
    assert Alarm.IDLE not in clock.alarms(OPEN)


def test_whoever_moves_the_pointer_of_a_machine_that_wakes_up_is_too_late(clock: SessionClock, hours: Hours) -> None:
    hours.pass_by(14 * MINUTE)
    assert clock.touch()
    hours.pass_by(40 * MINUTE)
    assert not clock.touch()
    assert clock.alarms(OPEN) == [Alarm.IDLE]
    clock.begin()
    assert clock.touch()


def test_a_heartbeat_each_ten_minutes_of_work(clock: SessionClock, hours: Hours) -> None:
    beats = 0
    for _ in range(60):
        hours.pass_by(MINUTE)
        clock.touch()
        beats += clock.alarms(OPEN).count(Alarm.HEARTBEAT)
    assert beats == 6


def test_no_heartbeat_for_nobody(clock: SessionClock, hours: Hours) -> None:
    hours.pass_by(12 * MINUTE)
    assert clock.alarms(OPEN) == []
    clock.touch()
    assert clock.alarms(OPEN) == [Alarm.HEARTBEAT]
    hours.pass_by(14 * MINUTE)
    assert clock.alarms(OPEN) == []


@given(st.lists(st.floats(0.1, 29.0), min_size=1, max_size=40))
def test_who_never_rests_half_an_hour_is_never_forgotten_by_psc(rests: list[float]) -> None:
    """The longest time between two refreshes at PSC is what the person rested, or ten minutes and a look."""
    hours = Hours()
    clock = SessionClock(30 * 60, lambda: NOON, hours)
    clock.begin()
    last, end = hours.now, hours.now + 3.5 * 3600
    for minutes in rests:
        until = min(hours.now + minutes * MINUTE, end)
        while hours.now < until:
            hours.pass_by(min(5.0, until - hours.now))
            for alarm in clock.alarms(OPEN):
                last = hours.now if alarm is Alarm.HEARTBEAT else last
        clock.touch()
        if Alarm.HEARTBEAT in clock.alarms(OPEN):
            last = hours.now
        assert hours.now - last < 30 * MINUTE


def test_a_heartbeat_that_was_lost_comes_again_soon(clock: SessionClock, hours: Hours) -> None:
    hours.pass_by(10 * MINUTE)
    clock.touch()
    assert clock.alarms(OPEN) == [Alarm.HEARTBEAT]
    clock.missed()
    hours.pass_by(MINUTE - 1)
    assert clock.alarms(OPEN) == []
    hours.pass_by(1)
    assert clock.alarms(OPEN) == [Alarm.HEARTBEAT]


def worked(clock: SessionClock, hours: Hours, seconds: float) -> list[Alarm]:
    """What came up while somebody worked."""
    found = []
    for _ in range(int(seconds // MINUTE)):
        hours.pass_by(MINUTE)
        clock.touch()
        found += clock.alarms(OPEN)
    return [alarm for alarm in found if alarm is not Alarm.HEARTBEAT]


def test_the_end_is_told_once_a_quarter_of_an_hour_before(clock: SessionClock, hours: Hours) -> None:
    assert clock.ends_at == NOON + timedelta(hours=4)
    assert worked(clock, hours, 3 * 3600 + 44 * MINUTE) == []
    assert worked(clock, hours, MINUTE) == [Alarm.ENDING]
    assert worked(clock, hours, 14 * MINUTE) == []
    assert worked(clock, hours, MINUTE) == [Alarm.OVER]


def test_the_relay_knows_the_end_better(clock: SessionClock, hours: Hours) -> None:
    assert not clock.learn(None)
    assert not clock.learn(4 * 3600 - 30.0), "the same end"
    assert clock.learn(20 * MINUTE)
    assert clock.ends_at == NOON + timedelta(minutes=20)
    assert worked(clock, hours, 5 * MINUTE) == [Alarm.ENDING]
    assert worked(clock, hours, 15 * MINUTE) == [Alarm.OVER]


@pytest.mark.parametrize(("told", "taken"), [(-5.0, 0.0), (1e9, 4 * 3600.0)])
def test_an_end_out_of_reason_is_bounded(clock: SessionClock, told: float, taken: float) -> None:
    clock.learn(told)
    assert clock.ends_at == NOON + timedelta(seconds=taken)


def test_a_renewal_moves_the_end_and_it_is_told_again(clock: SessionClock, hours: Hours) -> None:
    assert worked(clock, hours, 3 * 3600 + 50 * MINUTE) == [Alarm.ENDING]
    clock.begin()
    assert clock.ends_at == NOON + timedelta(hours=7, minutes=50)
    assert worked(clock, hours, 3 * 3600 + 50 * MINUTE) == [Alarm.ENDING]


def test_ticks_go_forward() -> None:
    first = steady_ticks()
    assert steady_ticks() >= first
