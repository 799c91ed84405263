"""Eight hours of traffic, played fast: nothing that the program holds grows with time.

The mailbox has as many messages after each hour as before it, so that what grows is not what it has to know.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.nursery import Far, Nursery
from tests.faults.settle import everywhere, settled
from tests.faults.station import Work
from tests.faults.truth import Truth
from tests.faults.world import FaultWorld

pytestmark = pytest.mark.lab
HOURS, ARRIVALS, SENDINGS, LOCKS, CUTS = 8, 24, 3, 2, 3
MEMORY_KB = 4_000
"""Of noise: what the allocator keeps, and page caches that fill up to their bounds."""
WAL_BYTES = 8_000_000
"""SQLite folds the journal in at some 4 MB."""
WAIT_S = 15.0


class Day:
    """One program that stays open, and what comes and goes."""

    def __init__(self, world: FaultWorld, far: Far, alice: Truth) -> None:
        self.world, self.far, self.alice = world, far, alice
        self.weights: list[dict[str, int]] = []

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait for the program."""
        end = time.monotonic() + WAIT_S
        while not holds():
            assert time.monotonic() < end, f"never: {what}; {self.far.call('account')}"

    def hour(self, number: int) -> None:
        """Arrivals, reading, filing, sending, locks, reconnections; then the mailbox is as large as before."""
        work = Work(f"heure{number}")
        headers = [work.header(n) for n in range(ARRIVALS)]
        for letter in range(ARRIVALS):
            self.alice.put("INBOX", work.raw(letter) + b"Une ligne de plus.\r\n" * (letter * 40))
        self.until(lambda: self.far.call("inbox", headers), "mail arrived")
        for at, header in enumerate(headers):
            self.far.call("body", header)
            self.far.call("read", header, True)
            if at % 3 == 0:
                self.far.call("move", header, "Class&AOk-s")
            if at % 5 == 1:
                self.far.call("flag", header, True)
        for version in range(8):
            self.far.call("keep", work.name, f"version {version}")
        self.until(lambda: all(self.far.call("seen", header) for header in headers), "bodies read")
        for cut in range(CUTS):
            self.world.proxy.cut()
            self.far.call("refresh")
            self.until(lambda: self.far.call("is_live"), f"live after cut {cut}")
        for lock in range(LOCKS):
            self.far.call("lock")
            self.far.call("sign_in")
            self.until(lambda: self.far.call("is_live"), f"live after lock {lock}")
        for sending in range(SENDINGS):
            self.far.call("send", f"{work.name}-{sending}")
        self.until(lambda: sum(line[1] == "done" for line in self.far.call("lines")) >= SENDINGS * (number + 1), "sent")
        self.far.call("forget", work.name)
        self._tidy()
        self.weights.append(self.far.call("weigh"))

    def _tidy(self) -> None:
        """The screen agrees once more, then another client empties the mailbox."""
        box = settled(self.world, self.far, self.alice)
        assert everywhere(box).total() >= ARRIVALS
        self.alice.empty()
        settled(self.world, self.far, self.alice)


@pytest.mark.timeout(120)
def test_a_day_ends_with_what_its_first_hour_took(
    fault_world: FaultWorld, nursery: Nursery, alice: Truth, tmp_path: Path
) -> None:
    fault_world.proxy.lift()
    fault_world.proxy.accepted.clear()
    alice.empty()
    far = nursery.station(fault_world.environment_file, tmp_path / "home")
    try:
        far.call("open")
        far.call("ready")
        day = Day(fault_world, far, alice)
        for number in range(HOURS):
            day.hour(number)
        assert len(set(fault_world.proxy.accepted)) == len(fault_world.proxy.accepted) == HOURS * SENDINGS
        far.stop()
    finally:
        far.kill()
    first, last = day.weights[0], day.weights[-1]
    assert last["memory"] <= first["memory"] + MEMORY_KB, day.weights
    assert last["threads"] <= first["threads"], day.weights
    assert last["descriptors"] <= first["descriptors"] + 1, day.weights
    assert max(each["wal"] for each in day.weights) <= WAL_BYTES, day.weights
