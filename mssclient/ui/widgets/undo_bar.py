"""« Message supprimé – Annuler »: shown a while, never in the way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QWidget

from mssclient.ui.icons import put
from mssclient.ui.widgets.labels import ElidedLabel
from mssclient.ui.widgets.voice import voice

_SHOWN_S = 10
_SECOND_MS = 1_000


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
        self._words = ""
        self._left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_SECOND_MS)
        self._timer.timeout.connect(self.tick)
        self.hide()

    def offer(self, text: str, undo: Callable[[], None], seconds: int = 0) -> None:
        """Say what was done, and how to take it back. With `seconds`, "{n}" in the text counts down to when it will be
        too late, and the bar stays until then."""
        self._undo = undo
        self._words = text
        self._left = seconds or _SHOWN_S
        self._word()
        # Said once, with the time at the beginning: a name that changes would be read each second.
        self.setAccessibleName(self.text.text())
        voice.say(self, self.text.text())
        self.show()
        self._timer.start()
        self.changed.emit(True)

    def tick(self) -> None:
        """One second went by."""
        self._left -= 1
        if self._left <= 0:
            self._timer.stop()
            self.hide()
        else:
            self._word()

    def _word(self) -> None:
        self.text.set_text(self._words.replace("{n}", str(self._left)))

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
