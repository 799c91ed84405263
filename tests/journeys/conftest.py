"""Every journey twice: in the sandbox, and in the lab where its servers are installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.workstation import Workstation
from tests.journeys.worlds import SandboxWorld, World
from tests.lab import world as lab
from tests.lab.pcscd import need


@pytest.fixture(scope="session")
def sandbox_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxWorld]:
    """The sandbox operator, once for all journeys."""
    world = SandboxWorld(tmp_path_factory.mktemp("sandbox-world"))
    world.start()
    yield world
    world.stop()


@pytest.fixture(scope="session")
def lab_world() -> Iterator[lab.LabWorld]:
    """The real servers, once for all journeys; skipped with the reason where they cannot run, failed with CI=true."""
    need(lab.missing())
    world = lab.LabWorld()
    world.start()
    yield world
    world.stop()


@pytest.fixture(params=["sandbox", pytest.param("lab", marks=pytest.mark.lab)])
def world(request: pytest.FixtureRequest) -> World:
    """Both worlds, one after the other."""
    found: World = request.getfixturevalue(f"{request.param}_world")
    return found


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Iterator[Workstation]:
    """A workstation with nobody signed in."""
    found = Workstation(world, tmp_path / "home")
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def alice(desk: Workstation) -> Workstation:
    """Dr Alice Martin, signed in with her card: her own BAL and the practice's."""
    desk.sign_in()
    return desk
