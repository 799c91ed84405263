"""« Message supprimé – Annuler »: shown a while, never in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from mssclient.ui.icons import put
from mssclient.ui.widgets.labels import ElidedLabel

_SHOWN_MS = 10_000


class UndoBar(QFrame):
    """The last act that can be taken back. The bar goes away; Ctrl+Z goes on working until the next act."""

    changed = Signal(bool)
    """Whether there is something to undo."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("undo.bar")
        self.setProperty("banner", "info")
        self._undo: Callable[[], None] | None = None
        self.text = ElidedLabel(parent=self)
        self.button = QPushButton(self.tr("Annuler (Ctrl+Z)"), self)
        self.button.setObjectName("undo.button")
        self.button.setProperty("compact", True)
        self.button.clicked.connect(self.undo)
        shut = QToolButton(self)
        put(shut, "close")
        shut.setAccessibleName(self.tr("Fermer"))
        shut.clicked.connect(self.hide)
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 3, 6, 3)
        line.addWidget(self.text, 1)
        line.addWidget(self.button)
        line.addWidget(shut)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SHOWN_MS)
        self._timer.timeout.connect(self.hide)
        self.hide()

    def offer(self, text: str, undo: Callable[[], None]) -> None:
        """Say what was done, and how to take it back."""
        self._undo = undo
        self.text.set_text(text)
        self.setAccessibleName(text)
        self.show()
        self._timer.start()
        self.changed.emit(True)

    def undo(self) -> None:
        """Take the last act back."""
        undo, self._undo = self._undo, None
        self.hide()
        self.changed.emit(False)
        if undo is not None:
            undo()

    def forget(self) -> None:
        """There is nothing to undo any more."""
        self._undo = None
        self.hide()
        self.changed.emit(False)

    @property
    def ready(self) -> bool:
        """Whether there is something to undo."""
        return self._undo is not None
