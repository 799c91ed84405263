"""One sentence inside a window, with the buttons that answer it: what other programs ask in a modal box."""

from __future__ import annotations

from enum import Enum
from typing import assert_never

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from mssclient.ui.compose.buttons import Button
from mssclient.ui.icons import pixmap
from mssclient.ui.theme import colours, theme

_MOST_FOR_BUTTONS = 0.55
"""Of the width, before the buttons go below the words."""


class Tone(Enum):
    """How a notice looks; its icon says the same as its colour."""

    NOTE = "info"
    DONE = "check"
    WARNING = "warning"
    ERROR = "error"


def _hues(tone: Tone) -> tuple[str, str]:
    """The strong and the soft colour of a tone."""
    c = colours()
    match tone:
        case Tone.NOTE:
            return c.accent, c.accent_soft
        case Tone.DONE:
            return c.success, c.success_soft
        case Tone.WARNING:
            return c.warning, c.warning_soft
        case Tone.ERROR:
            return c.danger, c.danger_soft
        case _:
            assert_never(tone)


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
        self._buttons: list[Button] = []
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(12, 6, 8, 6)
        self._line.setSpacing(8)
        self._line.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        self._answers = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._answers.setSpacing(8)
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setSpacing(8)
        self._words.addWidget(self._text, 1)
        self._words.addLayout(self._answers)
        self._line.addLayout(self._words, 1)
        self.hide()
        theme.changed.connect(self._dress)

    def tell(self, text: str, tone: Tone = Tone.NOTE, actions: tuple[str, ...] = ()) -> None:
        """Show a sentence, and a button for each action."""
        self._tone = tone
        self._dress()
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

    def button(self, place: int = 0) -> Button:
        """One of the buttons of the last `tell`."""
        return self._buttons[place]

    def _dress(self) -> None:
        self._sign.setPixmap(pixmap(self._tone.value, self.fontMetrics().height(), _hues(self._tone)[0]))

    def _set_actions(self, actions: tuple[str, ...]) -> None:
        for old in self._buttons:
            self._answers.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for place, label in enumerate(actions):
            button = Button(label, f"{self.objectName()}.action{place}", self, primary=place == 0)
            button.clicked.connect(lambda _checked=False, place=place: self.acted.emit(place))
            button.show()
            self._answers.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            self._buttons.append(button)
        self._arrange()

    def _arrange(self) -> None:
        """Buttons beside the words, or below where they would leave the words a third of the room or less."""
        asked = sum(button.sizeHint().width() + self._answers.spacing() for button in self._buttons)
        below = bool(self._buttons) and asked > self.width() * _MOST_FOR_BUTTONS
        way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        if self._words.direction() != way:
            self._words.setDirection(way)
            self._answers.setAlignment(Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag.AlignTop)

    def minimumSizeHint(self) -> QSize:
        # Not the layout's: it could never become narrower than words and buttons side by side.
        hint = super().minimumSizeHint()
        widest = sum(button.sizeHint().width() + self._answers.spacing() for button in self._buttons)
        return QSize(min(hint.width(), widest + 3 * self.fontMetrics().height() + 24), hint.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        strong, soft = _hues(self._tone)
        painter.fillRect(self.rect(), QColor(soft))
        painter.fillRect(0, 0, 4, self.height(), QColor(strong))
        painter.end()
