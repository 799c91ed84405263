"""A filing that is cut at any step leaves nothing half done, and nothing that the journal does not know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.worklist import WorkState
from tests.engine.filing_place import Place, place

TOP = Path(__file__).resolve().parents[2]
FILES = 3
"""A PDF, its CDA and the sidecar that the importer watches."""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_killed_at_every_step(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.killed_filing", str(tmp_path)],
        cwd=TOP, capture_output=True, text=True, timeout=240, check=True,
    )  # fmt: skip
    steps, code = (int(word) for word in done.stdout.split())
    assert code == 0
    assert steps >= 20, "every way to the disk is a step"
    ends = [look_at(tmp_path / f"{number:03d}") for number in range(steps)]
    assert {"nothing", "unsure", "done"} <= set(ends), ends
    assert look_at(tmp_path / f"{steps:03d}") == "done"


def look_at(work: Path) -> str:
    """What a cut left, settled as the next sign-in does; and filing once more does no harm."""
    folder = work / "dui"
    with place(work / "mail.sqlite", folder, fresh=False) as here:
        before = here.journal()
        assert len(before) <= 1
        seen = {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}
        assert all(content for content in seen.values()), "no file is there half"
        if any(name.endswith(".json") for name in seen):
            assert len(seen) == FILES, "the watched file comes last"
            assert before in (["begun"], ["done"])
        here.filing.mend(folder)
        assert not [path for path in folder.iterdir() if path.name.startswith(".")], "temporaries are tidied"
        (line,) = here.lines()
        match here.journal():
            case []:
                assert seen == {}
                end = "nothing"
            case ["done"]:
                assert len(seen) == FILES, "the importer finds all of it"
                assert line.state is WorkState.FILED
                end = "done"
            case ["unsure"]:
                assert len(seen) < FILES
                assert line.state is WorkState.NEW
                end = "unsure"
            case other:
                raise AssertionError(other)
        _file_once_more(here, already=end != "nothing")
        return end


def _file_once_more(here: Place, *, already: bool) -> None:
    if already:
        with pytest.raises(FilingRefused) as refused:
            here.file(here.lines()[0])
        assert refused.value.reason is FilingReason.ALREADY
    else:
        here.file(here.lines()[0])
        assert here.journal() == ["done"]
