"""“Ce qui n’est pas arrivé”: every mailbox's failed, refused, delayed and silent messages, and what to do about each."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from mssclient.domain.bal import BalId
from mssclient.domain.outbox import Outgoing, SendState
from mssclient.domain.receipts import Loss, Lost
from mssclient.engine.api import Engine
from mssclient.ui.compose.buttons import Button
from mssclient.ui.outbox.register import Register


class LostPage(QWidget):
    """Filters, the register of what was lost, and its verbs. R writes again, F passes on, Suppr says “I know”."""

    written = Signal(object)
    forward_wanted = Signal(object)

    def __init__(self, engine: Engine, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._lost: tuple[Lost, ...] = ()
        self._now = datetime.now().astimezone()
        title = self.tr("Ce qui n’est pas arrivé")
        self.register = Register("outbox.lost", title, self.tr("Tout ce qui est parti est arrivé."), self)
        self.chips = {loss: self._chip(loss, text) for loss, text in self._losses()}
        self.boxes = QComboBox(self)
        self.boxes.setObjectName("outbox.lost.boxes")
        self.boxes.setAccessibleName(self.tr("Boîte d’expédition"))
        self.boxes.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.boxes.currentIndexChanged.connect(lambda _place: self._show())
        self.coming = QLabel(self.tr("Le message est en cours de réception : recommencez dans un instant."), self)
        self.coming.setObjectName("outbox.lost.coming")
        self.coming.setProperty("muted", True)
        self.coming.setContentsMargins(12, 4, 12, 4)
        self.coming.hide()
        self._make_verbs()
        self._lay_out()
        self.register.table.selectionModel().selectionChanged.connect(self._on_selected)
        self.register.table.doubleClicked.connect(lambda _index: self.write())

    def _losses(self) -> tuple[tuple[Loss, str], ...]:
        return (
            (Loss.FAILED, self.tr("Non remis")),
            (Loss.REFUSED, self.tr("Non intégrés")),
            (Loss.DELAYED, self.tr("Retardés")),
            (Loss.SILENT, self.tr("Sans nouvelles")),
        )

    def _chip(self, loss: Loss, text: str) -> QPushButton:
        chip = QPushButton(text, self)
        chip.setObjectName(f"outbox.lost.{loss.value}")
        chip.setProperty("chip", True)
        chip.setCheckable(True)
        chip.setAccessibleDescription(self.tr("N’afficher que ceux-là"))
        chip.clicked.connect(lambda _checked=False: self._show())
        return chip

    def _make_verbs(self) -> None:
        self.again = Button(self.tr("Écrire à nouveau"), "outbox.lost.again", self, sign="reply").does(self.write)
        self.pass_on = Button(self.tr("Transférer à une autre adresse"), "outbox.lost.forward", self, sign="forward")
        self.pass_on.does(self.forward)
        self.known = Button(self.tr("C’est noté"), "outbox.lost.known", self, sign="check").does(self.know)
        self.take_back = Button(self.tr("Reprendre comme brouillon"), "outbox.lost.take_back", self, sign="undo")
        self.take_back.does(self._take_back)
        for button, key, act in (
            (self.again, "R", self.write),
            (self.pass_on, "F", self.forward),
            (self.known, "Del", self.know),
        ):
            sequence = QKeySequence(key)
            # On the table alone: a letter typed elsewhere is a letter.
            QShortcut(sequence, self.register.table, act, context=Qt.ShortcutContext.WidgetShortcut)
            shown = sequence.toString(QKeySequence.SequenceFormat.NativeText)
            button.setToolTip(self.tr("{label} ({keys})").format(label=button.accessibleName(), keys=shown))

    def _lay_out(self) -> None:
        filters, verbs = QHBoxLayout(), QHBoxLayout()
        filters.setContentsMargins(10, 6, 10, 6)
        filters.setSpacing(6)
        for chip in self.chips.values():
            filters.addWidget(chip)
        filters.addStretch(1)
        filters.addWidget(self.boxes)
        verbs.setContentsMargins(10, 6, 10, 6)
        verbs.setSpacing(6)
        verbs.addStretch(1)
        for button in (self.known, self.pass_on, self.again, self.take_back):
            verbs.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(filters)
        column.addWidget(self.register, 1)
        column.addWidget(self.coming)
        column.addLayout(verbs)

    def show_lost(self, lost: tuple[Lost, ...], now: datetime) -> None:
        """Show other lines; filters and choice stay as far as they make sense."""
        self._lost, self._now = lost, now
        self._fill_boxes()
        self._show()

    def _fill_boxes(self) -> None:
        chosen = self.boxes.currentData()
        here = {each.line.bal_id for each in self._lost}
        bals = [bal for bal in self._engine.reader.bals() if bal.id in here] if here else []
        self.boxes.blockSignals(True)
        self.boxes.clear()
        self.boxes.addItem(self.tr("Toutes les boîtes"), None)
        for bal in bals:
            self.boxes.addItem(bal.label or bal.address, int(bal.id))
        self.boxes.setCurrentIndex(max(0, self.boxes.findData(chosen)))
        self.boxes.blockSignals(False)
        self.boxes.setVisible(len(bals) > 1)

    def _show(self) -> None:
        counts = {loss: sum(loss in each.why for each in self._lost) for loss in Loss}
        for loss, chip in self.chips.items():
            chip.setVisible(counts[loss] > 0)
            # What no line has any more cannot be what is looked for.
            chip.setChecked(chip.isChecked() and counts[loss] > 0)
        wanted = {loss for loss, chip in self.chips.items() if chip.isChecked()}
        box = self.boxes.currentData()
        shown = [
            each.line
            for each in self._lost
            if (not wanted or each.why & wanted) and (box is None or each.line.bal_id == BalId(box))
        ]
        silent = frozenset(each.line.id for each in self._lost if Loss.SILENT in each.why)
        self.register.show_lines(tuple(shown), self._now, silent)
        self._on_selected()

    def _on_selected(self) -> None:
        line = self.register.chosen()
        refused = line is not None and line.state is SendState.FAILED
        self.coming.hide()
        self.take_back.setVisible(refused)
        for button in (self.again, self.pass_on, self.known):
            button.setVisible(bool(self._lost) and not refused)
            button.setEnabled(line is not None)
        copied = line is not None and line.copy_id is not None
        self.again.setEnabled(copied)
        self.pass_on.setEnabled(copied)

    # -- verbs
    def _chosen(self) -> Outgoing | None:
        line = self.register.chosen()
        return None if line is None or line.state is SendState.FAILED else line

    def write(self) -> None:
        """The same message once more, to those whom it did not reach."""
        line = self._chosen()
        if line is None or line.copy_id is None:
            return
        draft = self._engine.write_again(line.id)
        self.coming.setVisible(draft is None)
        if draft is not None:
            self.written.emit(draft)

    def forward(self) -> None:
        """The copy in Sent, to somebody else."""
        line = self._chosen()
        if line is not None and line.copy_id is not None:
            self.forward_wanted.emit(line.copy_id)

    def know(self) -> None:
        """It leaves the view until something worse is heard; the next line is chosen."""
        line = self._chosen()
        if line is not None:
            row = self.register.table.currentIndex().row()
            self._engine.know_lost(line.id)
            self._lost = tuple(each for each in self._lost if each.line.id != line.id)
            self._show()
            if (left := self.register.model.rowCount()) > 0:
                self.register.table.selectRow(min(row, left - 1))

    def _take_back(self) -> None:
        line = self.register.chosen()
        if line is not None and line.state is SendState.FAILED:
            self._engine.take_back(line.id)
