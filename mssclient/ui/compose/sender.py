"""Whose mailbox a message leaves from: the mark (a colour and a letter) and the chooser of the composer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QWidget

from mssclient.domain.bal import Bal, BalId, BalKind
from mssclient.ui import wording
from mssclient.ui.theme import theme


class BalMark(QWidget):
    """The letter of a mailbox on its colour: never colour alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bal: Bal | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_bal(self, bal: Bal) -> None:
        """Mark this mailbox."""
        self._bal = bal
        self.setAccessibleName(bal.label)
        self.setToolTip(bal.address)
        self.update()

    def sizeHint(self) -> QSize:
        side = self.fontMetrics().height() + 6
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bal is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.bal_colour(self._bal.colour)))
        painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        font = QFont(self.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.on_bal()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._bal.letter)
        painter.end()


class SenderLine(QWidget):
    """« De » : the mailbox one writes from, and a word when it is not one's own. Emits `chosen(bal_id)`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bals: tuple[Bal, ...] = ()
        self.mark = BalMark(self)
        self.mark.setObjectName("compose.bal_mark")
        self.box = QComboBox(self)
        self.box.setObjectName("compose.sender")
        self.box.setAccessibleName(self.tr("De"))
        self.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.box.activated.connect(self._on_activated)
        self._word = QLabel(self)
        self._word.setObjectName("compose.on_behalf")
        self._word.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.mark)
        line.addWidget(self.box)
        line.addWidget(self._word)
        line.addStretch(1)
        self.setFocusProxy(self.box)

    def show_bals(self, bals: tuple[Bal, ...], current: BalId) -> None:
        """Offer the mailboxes that a person writes from, one of them chosen."""
        self._bals = tuple(b for b in bals if b.kind is not BalKind.APP or b.id == current)
        self.box.clear()
        for bal in self._bals:
            self.box.addItem(self.tr("{label} <{address}>").format(label=bal.label, address=bal.address))
        place = next((n for n, bal in enumerate(self._bals) if bal.id == current), -1)
        self.box.setCurrentIndex(place)
        self._mark()

    def bal(self) -> Bal | None:
        """The mailbox that is chosen."""
        place = self.box.currentIndex()
        return self._bals[place] if 0 <= place < len(self._bals) else None

    def _mark(self) -> None:
        bal = self.bal()
        if bal is None:
            return
        self.mark.show_bal(bal)
        if bal.own:
            self._word.clear()
        elif bal.kind is BalKind.PER:
            self._word.setText(self.tr("Par délégation : vous écrivez pour quelqu’un d’autre"))
        else:
            self._word.setText(wording.bal_kind(bal.kind))

    def _on_activated(self) -> None:
        self._mark()
        if bal := self.bal():
            self.chosen.emit(bal.id)
