"""One sentence inside a window, with the buttons that answer it: what other programs ask in a modal box."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from mssclient.ui.icons import icon


class Tone(Enum):
    """How a notice looks; its icon says the same as its colour."""

    NOTE = "info"
    DONE = "check"
    WARNING = "warning"
    ERROR = "error"


_HUES = {Tone.NOTE: QColor(45, 110, 180), Tone.DONE: QColor(30, 130, 76), Tone.WARNING: QColor(180, 110, 0),
         Tone.ERROR: QColor(190, 40, 40)}  # fmt: skip


class Notice(QFrame):
    """Hidden until `tell`; `acted` carries the place of the button that was pressed."""

    acted = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._tone = Tone.NOTE
        self._sign = QLabel(self)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._buttons: list[QPushButton] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 6, 8, 6)
        self._line.setSpacing(8)
        self._line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._line.addWidget(self._text, 1)
        self.hide()

    def tell(self, text: str, tone: Tone = Tone.NOTE, actions: tuple[str, ...] = ()) -> None:
        """Show a sentence, and a button for each action."""
        self._tone = tone
        side = self.fontMetrics().height()
        self._sign.setPixmap(icon(tone.value).pixmap(QSize(side, side)))
        self._text.setText(text)
        self._text.setAccessibleName(text)
        self.setAccessibleName(text)
        self._set_actions(actions)
        self.show()
        self.update()

    def hush(self) -> None:
        """Take the sentence away."""
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty while hidden."""
        return "" if self.isHidden() else self._text.text()

    def button(self, place: int = 0) -> QPushButton:
        """One of the buttons of the last `tell`."""
        return self._buttons[place]

    def _set_actions(self, actions: tuple[str, ...]) -> None:
        for old in self._buttons:
            self._line.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for place, label in enumerate(actions):
            button = QPushButton(label, self)
            button.setObjectName(f"{self.objectName()}.action{place}")
            button.setAutoDefault(True)
            button.clicked.connect(lambda _checked=False, place=place: self.acted.emit(place))
            self._line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self._buttons.append(button)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        hue, base = _HUES[self._tone], self.palette().color(QPalette.ColorRole.Window)
        painter.fillRect(self.rect(), mixed(hue, base, 0.12))
        painter.fillRect(0, 0, 4, self.height(), mixed(hue, self.palette().color(QPalette.ColorRole.WindowText), 0.8))
        painter.end()


def mixed(one: QColor, other: QColor, part: float) -> QColor:
    """A colour between two: `part` of the first."""
    rest = 1 - part
    return QColor.fromRgbF(
        one.redF() * part + other.redF() * rest,
        one.greenF() * part + other.greenF() * rest,
        one.blueF() * part + other.blueF() * rest,
    )
