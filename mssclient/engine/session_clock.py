"""The hours of a session: inactivity, the heartbeat towards PSC, the end that nothing moves. It waits for nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum

from mssclient.domain.session import ENDING_S, SESSION_MOST_S, SessionState

Ticks = Callable[[], float]
"""Seconds that only go forward."""
HEARTBEAT_S = 600.0
RETRY_S = 60.0
MOVED_S = 60.0
"""The relay counts anew at each token: an end that differs by less is the same end."""


class Alarm(Enum):
    """What the hour asks for."""

    IDLE = "idle"  # nobody worked for as long as the policy allows
    OVER = "over"  # PSC's session has reached its end
    ENDING = "ending"  # it will soon: said once
    HEARTBEAT = "heartbeat"  # PSC has to hear that somebody works


def steady_ticks() -> float:
    """Seconds since the machine started, asleep or not: a lid that was closed over lunch is inactivity too."""
    # Elsewhere `monotonic` counts the sleep by itself, or nothing does.
    asleep_too: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if asleep_too is None else time.clock_gettime(asleep_too)


class SessionClock:
    """What the desk looks at every other second. `ticks` measures, `wall` tells the time of day. Any thread."""

    def __init__(self, idle_lock_s: float, wall: Callable[[], datetime], ticks: Ticks = steady_ticks) -> None:
        self._idle_lock_s = idle_lock_s
        self._wall = wall
        self._ticks = ticks
        self._lock = threading.Lock()
        self._touched = self._beat = ticks()
        self._ends = self._touched + SESSION_MOST_S
        self._ends_at = wall()
        self._ending_told = False

    @property
    def ends_at(self) -> datetime:
        """When PSC's session ends, as last heard; counted from the sign-in until the relay has said."""
        return self._ends_at

    def touch(self) -> bool:
        """Somebody did something. False when that is too late: nobody was there for longer than the policy allows, as
        when a machine wakes up, and whoever moves the pointer now need not be the person."""
        now = self._ticks()
        if now - self._touched > self._idle_lock_s:
            return False
        self._touched = now
        return True

    def begin(self) -> None:
        """The person signed in, or signed in again: everything is counted from now."""
        with self._lock:
            self._touched = self._beat = self._ticks()
            self._set_end(SESSION_MOST_S)

    def learn(self, left_s: float | None) -> bool:
        """The relay says how long the session may last at most; None from one that does not. Whether the end moved."""
        if left_s is None:
            return False
        with self._lock:
            left_s = min(max(left_s, 0.0), SESSION_MOST_S)
            if abs(self._ticks() + left_s - self._ends) <= MOVED_S:
                return False
            self._set_end(left_s)
            return True

    def _set_end(self, left_s: float) -> None:
        self._ends = self._ticks() + left_s
        self._ends_at = self._wall() + timedelta(seconds=left_s)
        self._ending_told = False

    def missed(self) -> None:
        """The heartbeat did not get through: soon again."""
        self._beat = self._ticks() - HEARTBEAT_S + RETRY_S

    def alarms(self, state: SessionState) -> list[Alarm]:
        """What is due now, each once. A heartbeat only for somebody who worked since the last one (identity.md §1: 30
        idle minutes end PSC's session, and they shall when nobody is there)."""
        now = self._ticks()
        if state in {SessionState.OPEN, SessionState.READING} and now - self._touched > self._idle_lock_s:
            return [Alarm.IDLE]
        if state is not SessionState.OPEN:
            return []
        with self._lock:
            return self._of_open_session(now)

    def _of_open_session(self, now: float) -> list[Alarm]:
        if now >= self._ends:
            return [Alarm.OVER]
        due = []
        if not self._ending_told and now >= self._ends - ENDING_S:
            self._ending_told = True
            due.append(Alarm.ENDING)
        if now - self._beat >= HEARTBEAT_S and self._touched > self._beat:
            self._beat = now
            due.append(Alarm.HEARTBEAT)
        return due
