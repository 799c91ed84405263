"""A recipient as a small box one can reach, read and remove with the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from mssclient.domain.draft import Recipient
from mssclient.ui import wording
from mssclient.ui.icons import OF_KIND, pixmap, put
from mssclient.ui.theme import colours, theme

_MAX_LETTERS = 42
_REMOVE_KEYS = {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}


class Chip(QWidget):
    """One recipient. Arrow keys leave it, Del and Backspace remove it; `wrong` tells why it may not be written to."""

    removed = Signal(object)
    left = Signal(object, int)
    """The keyboard goes to the neighbour: the chip, and -1 or +1."""

    def __init__(self, recipient: Recipient, parent: QWidget) -> None:
        super().__init__(parent)
        self.recipient = recipient
        self._wrong = ""
        self._with_address = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setObjectName("compose.chip")
        self._label = QLabel(self)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._sign = QLabel(self)
        self._remove = QToolButton(self)
        put(self._remove, "close")
        self._remove.setAutoRaise(True)
        self._remove.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._remove.clicked.connect(lambda: self.removed.emit(self))
        line = QHBoxLayout(self)
        line.setContentsMargins(8, 1, 2, 1)
        line.setSpacing(4)
        for widget in (self._sign, self._label, self._remove):
            line.addWidget(widget)
        self._word()
        theme.changed.connect(self._word)

    def mark_wrong(self, why: str) -> None:
        """Show that this recipient may not be written to, and why; an empty sentence: all is well."""
        if why != self._wrong:
            self._wrong = why
            self._word()
            self.update()

    @property
    def wrong(self) -> str:
        """Why this recipient may not be written to, or empty."""
        return self._wrong

    @property
    def name(self) -> str:
        """The recipient as one reads it."""
        return wording.correspondent(self.recipient.who)

    def show_address(self, shown: bool) -> None:
        """Show the address beside the name: there is a namesake."""
        if shown != self._with_address:
            self._with_address = shown
            self._word()

    def _word(self) -> None:
        who = self.recipient.who
        name = self.name
        metrics = self._label.fontMetrics()
        room = _MAX_LETTERS * metrics.averageCharWidth()
        if self._with_address and name != who.address:
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, room // 2)
            told = metrics.elidedText(who.address, Qt.TextElideMode.ElideMiddle, room)
            self._label.setText(self.tr("{name}, {address}").format(name=shown, address=told))
        else:
            self._label.setText(metrics.elidedText(name, Qt.TextElideMode.ElideRight, room))
        side = metrics.height() - 2
        self._remove.setIconSize(QSize(side - 2, side - 2))
        name_of_sign, colour = ("warning", colours().danger) if self._wrong else (OF_KIND[who.kind], colours().muted)
        self._sign.setPixmap(pixmap(name_of_sign, side, colour))
        said = [name, wording.kind(who.kind), who.address, self._wrong]
        sentence = ", ".join(dict.fromkeys(piece for piece in said if piece))
        self.setAccessibleName(sentence)
        self.setToolTip("\n".join(dict.fromkeys(piece for piece in said if piece)))
        self._remove.setAccessibleName(self.tr("Retirer {name}").format(name=name))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _REMOVE_KEYS:
            self.removed.emit(self)
        elif key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.left.emit(self, -1 if key == Qt.Key.Key_Left else 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        c = colours()
        edge = c.danger if self._wrong else c.edge
        painter.setPen(QPen(QColor(c.focus if self.hasFocus() else edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(c.danger_soft if self._wrong else c.accent_soft))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        painter.end()
