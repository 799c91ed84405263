"""SIGKILL at moments that nobody chose, round after round on the same home: each time it opens again, and all is there."""

from __future__ import annotations

import os
import random
import threading
from pathlib import Path

import pytest

from tests.faults.nursery import Far, Nursery
from tests.faults.settle import everywhere, no_secret, settled
from tests.faults.station import LETTERS, Work
from tests.faults.truth import Truth
from tests.faults.world import FaultWorld

pytestmark = pytest.mark.lab
ROUNDS = int(os.environ.get("MSSCLIENT_KILLS", "20"))
LONGEST_S = 1.0
"""From the opening: signing in, the first listing, the acts and the sending take less than that."""


class Killed:
    """One home, and its rounds."""

    def __init__(self, world: FaultWorld, nursery: Nursery, alice: Truth, bob: Truth, home: Path) -> None:
        self.world, self.nursery, self.alice, self.bob, self.home = world, nursery, alice, bob, home
        self.kept: dict[str, str] = {}

    def round(self, name: str, moment_s: float) -> None:
        """Work, be killed, open again, look."""
        work = Work(name)
        self.alice.empty()
        self.world.proxy.accepted.clear()
        for number in range(1, LETTERS + 1):
            self.alice.put("INBOX", work.raw(number))
        self._cut_short(work, moment_s)
        far = self.nursery.station(self.world.environment_file, self.home)
        try:
            far.call("open")
            far.call("ready")
            self._look(far, work)
            far.stop()
        finally:
            far.kill()

    def _cut_short(self, work: Work, moment_s: float) -> None:
        far = self.nursery.station(self.world.environment_file, self.home)
        killer = threading.Timer(moment_s, far.kill_now)
        killer.start()
        try:
            far.call("open")
            far.call("keep", work.name, "deux heures de travail")
            far.call("wait_kept", work.name)
            self.kept[work.name] = "deux heures de travail"
            far.call("listed", work.name)
            self.alice.put("INBOX", work.raw(6))
            far.call("work", work.name)
            far.call("rest")
        except (AssertionError, OSError, ValueError):
            pass  # that is the round
        finally:
            killer.join()
            far.kill()
            self.world.proxy.wait_idle()
        no_secret(self.world, far)

    def _look(self, far: Far, work: Work) -> None:
        box = settled(self.world, far, self.alice)
        found = everywhere(box)
        letters = [number for number in range(1, LETTERS + 2) if number <= LETTERS or found[work.header(6)]]
        for number in letters:
            assert found[work.header(number)] == 1, f"letter {number} stands there {found[work.header(number)]} times"
        mine = [line for line in far.call("lines") if line[3] == f"Objet {work.left}"]
        assert all(line[1] == "done" for line in mine), mine
        assert len(mine) == len(self.world.proxy.accepted) <= 1
        if mine:
            for message_id in self.world.proxy.accepted:
                assert len(self.bob.find("INBOX", message_id)) <= 1
            assert [seen.message_id for seen in box["Envoy&AOk-s"].elements()] == [mine[0][2]]
        for name, text in self.kept.items():
            assert far.call("kept", name) in {f"TexteSecretDuBrouillon {text}", self._later(name)}

    @staticmethod
    def _later(name: str) -> str:
        """What the work of a cell makes of the same draft."""
        return f"TexteSecretDuBrouillon {Work(name).kept}"


@pytest.fixture
def killed(fault_world: FaultWorld, nursery: Nursery, alice: Truth, bob: Truth, tmp_path: Path) -> Killed:
    """A fresh home."""
    fault_world.proxy.lift()
    return Killed(fault_world, nursery, alice, bob, tmp_path / "home")


@pytest.mark.timeout(120 + 10 * ROUNDS)
def test_killed_at_any_moment(killed: Killed) -> None:
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    for number in range(ROUNDS):
        moment_s = chance.uniform(0.0, LONGEST_S)
        try:
            killed.round(f"tour{number}", moment_s)
        except AssertionError as failure:
            raise AssertionError(f"seed {seed}, round {number}, killed after {moment_s:.3f} s: {failure}") from failure
