"""One operator behind the proxy for all faults, and a disk of its own that can be filled."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.nursery import Nursery
from tests.faults.truth import Truth
from tests.faults.world import RECIPIENT, SENDER, FaultWorld
from tests.lab import mail


def _unable(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def fault_world() -> Iterator[FaultWorld]:
    """The running operator; skipped with its reason where it cannot run, failed there with CI=true."""
    if reason := mail.missing():
        _unable(reason)
    world = FaultWorld()
    world.start()
    try:
        truth = Truth(world.lab, SENDER, mail.ALICE)
        truth.create("Class&AOk-s")
        truth.close()
        yield world
    finally:
        world.stop()


@pytest.fixture(scope="session")
def alice(fault_world: FaultWorld) -> Iterator[Truth]:
    """The sender's mailbox as the operator has it."""
    truth = Truth(fault_world.lab, SENDER, mail.ALICE)
    yield truth
    truth.close()


@pytest.fixture(scope="session")
def bob(fault_world: FaultWorld) -> Iterator[Truth]:
    """The recipient's."""
    truth = Truth(fault_world.lab, RECIPIENT, mail.BOB)
    yield truth
    truth.close()


class SmallDisk:
    """A file system in memory of 48 MB, real enough to be full."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._filler = place / "filler"

    def fill(self) -> None:
        """Nothing fits any more."""
        with self._filler.open("wb", buffering=0) as filler:
            for size in (1 << 20, 4096):
                try:
                    while filler.write(b"\0" * size):
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """As before."""
        self._filler.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def small_disk() -> Iterator[SmallDisk]:
    """Mounted for the session; needs the right to mount."""
    place = Path(tempfile.mkdtemp(prefix="mss-disk-"))
    command = ["mount", "-t", "tmpfs", "-o", "size=48m,mode=700", "mss-faults", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        place.rmdir()
        _unable("no right to mount a small disk")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
        place.rmdir()


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where stations in processes of their own come from."""
    with Nursery() as found:
        yield found
