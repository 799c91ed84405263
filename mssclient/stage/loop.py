"""Lets the window live until something holds.

`QEventLoop.exec` gives the interpreter to the engine's threads while it waits; `QTest.qWait` keeps it, and starves them.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

TICK_MS = 10


class NeverHappened(AssertionError):
    """What was waited for did not come in time; the message names it."""


def rest(milliseconds: int) -> None:
    """Let events and other threads run. Main thread."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(holds: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Wait until something holds, looked at every 10 ms; raises NeverHappened. Main thread."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise NeverHappened(what)
        rest(TICK_MS)
