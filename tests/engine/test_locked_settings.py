"""What an administrator locked holds against what a person chose before, and against any verb."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.workstation import Workstation, environment_of
from tests.journeys.worlds import SandboxWorld


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SandboxWorld]:
    found = SandboxWorld(tmp_path)
    found.start()
    yield found
    found.stop()


def test_a_locked_folder_and_locked_mailboxes_are_the_administrators(
    world: SandboxWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = tmp_path / "a-moi"
    free = Workstation(world, tmp_path / "home")
    try:
        free.sign_in()
        free.engine.set_filing_folder(mine)
        assert free.engine.filing_folder() == mine
    finally:
        free.close()
    locked = environment_of(world, locked=frozenset({"filing.folder", "bals"}))
    desk = Workstation(world, tmp_path / "home", environment=locked)
    try:
        desk.sign_in()
        assert desk.engine.filing_folder() == world.filing_folder
        desk.engine.set_filing_folder(mine)
        assert desk.engine.filing_folder() == world.filing_folder
        posted: list[object] = []
        with monkeypatch.context() as patched:
            patched.setattr(desk.engine._desk.worker, "post", posted.append)
            desk.engine.add_bal(world.address("carol.petit"))
        assert not posted
    finally:
        desk.close()
