"""Whose mailbox a message leaves from: the chooser of the composer."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from mssclient.domain.bal import Bal, BalId, BalKind
from mssclient.ui import wording
from mssclient.ui.widgets.badge import BalBadge


class SenderLine(QWidget):
    """« De » : the mailbox one writes from, and a word when it is not one's own. Emits `chosen(bal_id)`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bals: tuple[Bal, ...] = ()
        self.mark = BalBadge(self)
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
