"""How many IMAP lines are open at once: two a BAL at most, and in all no more than the administrator allows.

Operators count connections (mssante.md §2). Each BAL listens on one line; `fetch` has the rest, one at least. Where there
are more BAL than lines, they take turns: the one that a person looks at keeps its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

SHARE_S = 60.0
"""How long a BAL keeps its line while another one waits."""


@dataclass(slots=True)
class _Holder:
    ring: Callable[[], object]
    since: float


class LineBudget:
    """Any thread. `now` is a steady clock in seconds."""

    def __init__(self, limit: int, now: Callable[[], float] = time.monotonic) -> None:
        self._limit = max(2, limit)
        self._now = now
        self._lock = threading.Lock()
        self._held: dict[str, _Holder] = {}
        self._waiting: dict[str, Callable[[], object]] = {}
        self._fetching = 0
        self._shrink: Callable[[], object] = lambda: None
        self._looked_at = ""

    def take(self, who: str, ring: Callable[[], object]) -> bool:
        """A line for a BAL to listen on; without one, `ring` is called when it is worth asking again, and also later to
        make a resting holder look at `must_yield`."""
        with self._lock:
            if who in self._held:
                return True
            room = self._limit - len(self._held) - max(1, self._fetching)
            first = next(iter(self._waiting), who)
            if room > 0 and (first == who or room > len(self._waiting)):
                self._waiting.pop(who, None)
                self._held[who] = _Holder(ring, self._now())
                return True
            self._waiting.setdefault(who, ring)
            calls = self._to_ring()
        for call in calls:
            call()
        return False

    def _to_ring(self) -> list[Callable[[], object]]:
        """Who could make room for who waits."""
        calls = [self._shrink] if self._fetching > 1 else []
        held = sorted((h.since, who) for who, h in self._held.items() if who != self._looked_at)
        return calls + [self._held[who].ring for _, who in held[:1]]

    def give_back(self, who: str) -> None:
        """A BAL's line is closed, or it waits no more."""
        with self._lock:
            self._held.pop(who, None)
            self._waiting.pop(who, None)
            call = next(iter(self._waiting.values()), None)
        if call is not None:
            call()

    def look_at(self, who: str) -> None:
        """The person looks at this BAL: it goes first, and keeps its line."""
        with self._lock:
            self._looked_at = who
            if (ring := self._waiting.pop(who, None)) is None:
                return
            self._waiting = {who: ring, **self._waiting}
            calls = self._to_ring()
        for call in calls:
            call()

    def must_yield(self, who: str) -> bool:
        """Whether a resting BAL should close its line now: another one's turn has come."""
        return self.turn_ends_in_s(who) <= 0

    def turn_ends_in_s(self, who: str) -> float:
        """How long a BAL may rest on its line; a long time while nobody waits."""
        with self._lock:
            holder = self._held.get(who)
            if holder is None or not self._waiting or who == self._looked_at or self._fetching > 1:
                return 86_400.0
            oldest = min((h.since, name) for name, h in self._held.items() if name != self._looked_at)[1]
            if who != oldest:
                return SHARE_S
            if next(iter(self._waiting)) == self._looked_at:
                return 0.0
            return max(0.0, holder.since + SHARE_S - self._now())

    def fetch_room(self, shrink: Callable[[], object]) -> int:
        """How many lines `fetch` may have open; `shrink` is called when it should close those it does not need."""
        with self._lock:
            self._shrink = shrink
            return max(1, self._limit - len(self._held))

    def fetching(self, count: int) -> None:
        """`fetch` has so many lines open."""
        with self._lock:
            fewer, self._fetching = count < self._fetching, count
            call = next(iter(self._waiting.values()), None) if fewer else None
        if call is not None:
            call()

    @property
    def open_lines(self) -> int:
        """Lines held now."""
        with self._lock:
            return len(self._held) + self._fetching
