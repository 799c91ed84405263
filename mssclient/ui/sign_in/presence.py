"""Tells the engine that somebody is there: keys and clicks in any window start the inactivity clock anew."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject
from PySide6.QtGui import QGuiApplication, QWindow

_EVERY_MS = 5_000
_SIGNS = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel}


class Presence(QObject):
    """Watches the window that has the keyboard; an application-wide filter would see every paint."""

    def __init__(self, touch: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._touch = touch
        self._since = QElapsedTimer()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._on_window)

    def _on_window(self, window: QWindow | None) -> None:
        if window is not None:
            # Installing twice is harmless: Qt moves the filter to the front.
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS and (not self._since.isValid() or self._since.elapsed() > _EVERY_MS):
            self._since.start()
            self._touch()
        return False
