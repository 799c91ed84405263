"""A transfer under way: how far it is, and the button that stops it. Shown once it lasts."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QSizePolicy, QWidget

from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button

_AFTER_MS = 500
_SCALE = 1000


class TransferLine(QWidget):
    """Hidden until a transfer has lasted half a second. `stopped` is the button; without `stop` there is none. With
    `bare` another bar stands beside it already."""

    stopped = Signal()
    revealed = Signal()

    def __init__(
        self, name: str, said: str, stop: str = "", parent: QWidget | None = None, *, bare: bool = False
    ) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._under_way = False
        self.bar = QProgressBar(self)
        self.bar.setObjectName(f"{name}.bar")
        self.bar.setAccessibleName(said)
        self.bar.setTextVisible(False)
        self.bar.setMinimumWidth(60)
        self.words = QLabel(self)
        self.words.setProperty("muted", True)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 2, 0, 2)
        line.setSpacing(8)
        self.bar.setVisible(not bare)
        line.addWidget(self.bar, 1)
        line.addWidget(self.words, 1 if bare else 0)
        self.button: Button | None = None
        if stop:
            self.button = Button(stop, f"{name}.stop", self, sign="close").does(self.stopped.emit)
            self.button.setProperty("compact", True)
            self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            line.addWidget(self.button)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_AFTER_MS)
        self._wait.timeout.connect(self.reveal)
        self.hide()

    def begin(self) -> None:
        """It is under way; how far, nobody knows yet."""
        if not self._under_way:
            self._under_way = True
            self.bar.setRange(0, 0)
            self.words.setText("")
            self._wait.start()

    def show_progress(self, done: int, total: int) -> None:
        """So many bytes of so many."""
        self.begin()
        if total > 0:
            self.bar.setRange(0, _SCALE)
            self.bar.setValue(min(_SCALE, done * _SCALE // total))
            self.words.setText(self.tr("{done} sur {total}").format(done=wording.size(done), total=wording.size(total)))

    def reveal(self) -> None:
        """It lasts: it is shown."""
        if self._under_way:
            self.show()
            self.revealed.emit()

    def end(self) -> None:
        """It is over, one way or the other."""
        self._under_way = False
        self._wait.stop()
        self.hide()
