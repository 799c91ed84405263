"""The registry: who received which version of which document, and « annule et remplace » to the same people."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.address import shown_label
from mssclient.domain.consignment import SentDocument, usager_label
from mssclient.domain.outbox import OutboxId
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.widgets.labels import PlainLabel


class FollowButtons(QWidget):
    """« Annule et remplace » and the request to delete, for one document that was sent. Emits `begun` with the draft."""

    begun = Signal(object)

    def __init__(self, engine: Engine, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._document: SentDocument | None = None
        self.replace_button = Button(self.tr("Annule et remplace…"), f"{name}.replace", self, sign="refresh")
        self.replace_button.does(lambda: self._begin(False))
        self.delete_button = Button(self.tr("Demander la suppression…"), f"{name}.delete", self, sign="trash")
        self.delete_button.does(lambda: self._begin(True))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.addStretch(1)
        row.addWidget(self.replace_button)
        row.addWidget(self.delete_button)
        self.offer(None)

    def offer(self, document: SentDocument | None) -> None:
        """Which document the buttons are about; they are hidden without one, and for one that was followed already."""
        self._document = document
        self.setVisible(document is not None and document.latest and document.action != "D")

    def _begin(self, deletion: bool) -> None:
        if self._document is not None:
            self.begun.emit(self._engine.replacement(self._document, deletion=deletion))


class RegistryView(QWidget):
    """One line a document and mail, newest first; under it who has it."""

    def __init__(self, engine: Engine, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._lines: tuple[SentDocument, ...] = ()
        self.table = QTableWidget(0, 5, self)
        self.table.setObjectName("outbox.registry")
        self.table.setAccessibleName(self.tr("Documents envoyés"))
        self.table.setHorizontalHeaderLabels(
            [self.tr("Envoyé"), self.tr("Document"), self.tr("Usager"), self.tr("Version"), self.tr("État")]
        )
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 140), (2, 170), (4, 160)):
            self.table.setColumnWidth(column, width)
        self.table.itemSelectionChanged.connect(self._on_selected)
        self.empty = PlainLabel(self.tr("Aucun document de santé envoyé pour l’instant."), self)
        self.empty.setProperty("muted", True)
        self.empty.setContentsMargins(12, 12, 12, 12)
        self.people = Notice("outbox.registry.people", self)
        self.buttons = FollowButtons(engine, "outbox.registry", self)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.empty)
        page.addWidget(self.table, 1)
        page.addWidget(self.people)
        page.addWidget(self.buttons)

    def refresh(self) -> None:
        """Read the registry again; the chosen line stays chosen."""
        self.show_lines(self._engine.reader.sent_documents())

    def show_lines(self, lines: tuple[SentDocument, ...]) -> None:
        """Replace the lines."""
        if lines == self._lines and self.table.rowCount() == len(lines):
            return
        chosen = self.chosen()
        self._lines = lines
        self.table.blockSignals(True)
        self.table.setRowCount(len(lines))
        for row, line in enumerate(lines):
            words = (
                f"{line.sent.astimezone():%d/%m/%Y %H:%M}", line.title, usager_label(line.usager), str(line.version),
                self._state(line),
            )  # fmt: skip
            for column, text in enumerate(words):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                self.table.setItem(row, column, item)
        self.table.blockSignals(False)
        row = next((n for n, line in enumerate(lines) if chosen is not None and _same(line, chosen)), -1)
        self.table.setCurrentCell(row, 0)
        self.empty.setVisible(not lines)
        self.table.setVisible(bool(lines))
        self._on_selected()

    def _state(self, line: SentDocument) -> str:
        if line.action == "D" or any(o.action == "D" and o.unique_id == line.unique_id for o in self._lines):
            return self.tr("suppression demandée")
        if not line.latest:
            return self.tr("remplacé depuis")
        return self.tr("remplace une version") if line.action == "C" else self.tr("dernière version")

    def chosen(self) -> SentDocument | None:
        """The line that is selected."""
        row = self.table.currentRow()
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def of(self, outbox_id: OutboxId) -> SentDocument | None:
        """The first document of a message that was sent."""
        return next((line for line in self._lines if line.outbox_id == outbox_id), None)

    def _on_selected(self) -> None:
        line = self.chosen()
        self.buttons.offer(line)
        if line is None:
            self.people.hush()
            return
        names = ", ".join(shown_label(label) or address for address, label in line.recipients)
        qualified = self.tr("INS qualifiée") if line.qualified else self.tr("sans INS qualifiée")
        act = wording.iso_day(line.act_date)
        self.people.tell(
            self.tr("Acte du {act}, {qualified}. Reçu par : {names}").format(act=act, qualified=qualified, names=names),
            Tone.NOTE,
        )


def _same(one: SentDocument, other: SentDocument) -> bool:
    return (one.outbox_id, one.unique_id) == (other.outbox_id, other.unique_id)
