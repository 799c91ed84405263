"""Every fault at every command of the program's day, on Dovecot and Postfix behind a proxy: nothing lost, nothing sent
twice, and the screen says what the operator says. A cell is a test; those that mean nothing are listed in `table.py`."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.cell import Cell
from tests.faults.station import Overheard, Work
from tests.faults.table import FIFTEEN, MEANINGLESS, OF_DRAFTS, Fault, Stage, cells
from tests.faults.truth import Truth
from tests.faults.world import FaultWorld

pytestmark = pytest.mark.lab
_NUMBERS = itertools.count(1)


@pytest.fixture
def overheard() -> Iterator[Overheard]:
    """All that is logged meanwhile, by us and by the libraries."""
    ear, root = Overheard(), logging.getLogger()
    level = root.level
    root.addHandler(ear)
    root.setLevel(logging.DEBUG)
    yield ear
    root.removeHandler(ear)
    root.setLevel(level)


@pytest.fixture
def cell(
    request: pytest.FixtureRequest, fault_world: FaultWorld, alice: Truth, bob: Truth, tmp_path: Path,
    overheard: Overheard,
) -> Cell:  # fmt: skip
    """A fresh home and a name of its own; on the small disk when that is to be filled."""
    work = Work(f"cellule{next(_NUMBERS)}")
    fault = request.node.callspec.params["fault"]
    disk = request.getfixturevalue("small_disk") if fault is Fault.FULL else None
    home = (disk.place if disk is not None else tmp_path) / work.name
    nursery = request.getfixturevalue("nursery") if fault is Fault.KILLED else None
    return Cell(fault_world, alice, bob, home, work, overheard, disk, nursery)


@pytest.mark.parametrize(
    ("stage", "fault"), [pytest.param(s, f, id=f"{s.value}-{f.value}") for s, f in cells()]
)  # fmt: skip
def test_whatever_happens(cell: Cell, stage: Stage, fault: Fault) -> None:
    cell.run(stage, fault)


@pytest.mark.parametrize("stage", OF_DRAFTS, ids=lambda stage: stage.value)
@pytest.mark.parametrize("fault", Fault, ids=lambda fault: fault.value)
def test_a_draft_is_replaced_and_never_multiplied(cell: Cell, stage: Stage, fault: Fault) -> None:
    cell.replace_draft(stage, fault)


@pytest.mark.parametrize("fault", [Fault.RESET, Fault.KILLED], ids=lambda fault: fault.value)
@pytest.mark.parametrize("stage", [Stage.APPEND, Stage.QUIT], ids=lambda stage: stage.value)
def test_one_copy_where_the_program_finds_out_who_makes_it(cell: Cell, stage: Stage, fault: Fault) -> None:
    cell.auto = True
    cell.run(stage, fault)


def test_the_table_is_whole() -> None:
    assert len(list(cells())) + len(MEANINGLESS) == len(FIFTEEN) * len(Fault) == 135
    assert all(MEANINGLESS.values())
