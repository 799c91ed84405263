"""A signed-in workstation for the tests of the composer and of the panels: fake engine, real herald."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

from mssclient.ui.herald import Herald
from tests.fakes import PERSON, FakeEngine, sample_engine


@dataclass
class Desk:
    """What a window is built from."""

    engine: FakeEngine
    herald: Herald

    def settle(self) -> None:
        """Let every event that waits reach the windows."""
        for _ in range(3):
            QCoreApplication.processEvents()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def signed_in() -> Desk:
    """The lively sample, its first person signed in, events through a real herald."""
    engine, herald = sample_engine(), Herald()
    engine.announce = herald.post
    engine.sign_in(PERSON)
    desk = Desk(engine, herald)
    desk.settle()
    return desk


def unnamed(window: QWidget) -> list[str]:
    """Widgets a person reaches with Tab that a screen reader could not name (EN 301 549, 11.5.2.5)."""
    reached = (
        w for w in window.findChildren(QWidget)
        if w.window() is window.window()
        and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not w.objectName().startswith("qt_")
    )  # fmt: skip
    return [f"{type(w).__name__} {w.objectName()}" for w in reached if not _name(w)]


def _name(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return widget.accessibleName() or (str(text()) if callable(text) else "")
