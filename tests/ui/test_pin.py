"""PySide6 6.12.0 loses references to True and None on CPython 3.11, then aborts: decisions/0003 is held here."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal

TIMES = 2_000


class Bell(QObject):
    """Something that rings."""

    rung = Signal(bool)
    rung_silently = Signal()


def test_two_thousand_emissions_cost_no_reference() -> None:
    bell, heard = Bell(), []
    bell.rung.connect(lambda on: heard.append(1 if on else 0))
    bell.rung_silently.connect(lambda: heard.append(0))
    before = sys.getrefcount(True), sys.getrefcount(None)
    for _ in range(TIMES):
        bell.rung.emit(True)
        bell.rung_silently.emit()
        bell.setObjectName("bell")
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert heard.count(1) == heard.count(0) == TIMES
    # Since 3.12 both are immortal (PEP 683): their counts drift freely and say nothing.
    mortal = sys.version_info < (3, 12)
    assert not mortal or all(lost < TIMES // 4 for lost in (b - a for b, a in zip(before, after, strict=True)))
