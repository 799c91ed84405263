"""Files a document in a process of its own that is killed at its N-th step, for every N until it ends by itself.

A step is whatever reaches the disk: the journal's transactions, opening, writing, syncing, naming and removing a file.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from mssclient.dui import folder as dui
from mssclient.store.filings import FilingStore
from tests.engine.filing_place import place

MOST = 200


class Steps:
    """Counts, and dies before or after the step that was named."""

    def __init__(self, fatal: int) -> None:
        self._left = fatal

    def step(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """The same act, with a chance to die before and after it."""

        def counted(*given: Any, **named: Any) -> Any:
            self._tick()
            done = act(*given, **named)
            self._tick()
            return done

        return counted

    def _tick(self) -> None:
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self._left -= 1


def doomed(work: Path, fatal: int) -> None:
    """One filing that dies at a step; returns when there were fewer."""
    with place(work / "mail.sqlite", work / "dui", fresh=False) as here:
        steps = Steps(fatal)
        FilingStore.begin = steps.step(FilingStore.begin)  # type: ignore[method-assign]
        FilingStore.finish = steps.step(FilingStore.finish)  # type: ignore[method-assign]
        for name in ("_write", "_place", "_sync_folder"):
            setattr(dui, name, steps.step(getattr(dui, name)))
        for name in ("open", "fsync"):
            setattr(os, name, steps.step(getattr(os, name)))
        here.file(here.lines()[0])


def main(home: Path) -> None:
    """Leave one folder a step behind, and say how many there are."""
    (home / "pattern" / "dui").mkdir(parents=True)
    with place(home / "pattern" / "mail.sqlite", home / "pattern" / "dui"):
        pass
    for number in range(MOST):
        work = home / f"{number:03d}"
        shutil.copytree(home / "pattern", work)
        child = os.fork()
        if child == 0:
            doomed(work, number)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            sys.stdout.write(f"{number} {os.waitstatus_to_exitcode(status)}\n")
            return
    raise SystemExit("it never ended by itself")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
