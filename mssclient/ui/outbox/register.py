"""A table of sent messages, and under it what became of the chosen one, recipient by recipient."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from mssclient.domain.outbox import OutboxId, Outgoing
from mssclient.ui import wording
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.outbox.lines import RegisterModel, did_not_arrive, fate_line


class Register(QWidget):
    """A table of sent messages, and under it what became of the chosen one, recipient by recipient."""

    def __init__(self, name: str, title: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._nothing = nothing
        self.model = RegisterModel(self)
        self.table = QTableView(self)
        self.table.setObjectName(name)
        self.table.setAccessibleName(title)
        self.table.setModel(self.model)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 12)
        head = self.table.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 150), (1, 280), (3, 120)):
            self.table.setColumnWidth(column, width)
        self.fates = Notice(f"{name}.fates", self)
        self.empty = QLabel(nothing, self)
        self.empty.setObjectName(f"{name}.empty")
        self.empty.setProperty("muted", True)
        self.empty.setContentsMargins(12, 12, 12, 12)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.empty)
        page.addWidget(self.table, 1)
        page.addWidget(self.fates)
        self.table.selectionModel().selectionChanged.connect(self._on_selected)

    def show_lines(self, lines: tuple[Outgoing, ...], now: datetime, silent: frozenset[OutboxId] = frozenset()) -> None:
        """Replace the lines; the chosen one stays chosen."""
        chosen = self.chosen()
        self.model.show_lines(lines, now, silent)
        self.empty.setVisible(not lines)
        self.table.setVisible(bool(lines))
        row = next((n for n, line in enumerate(lines) if chosen is not None and line.id == chosen.id), -1)
        if row >= 0:
            self.table.selectRow(row)
        self._on_selected()

    def chosen(self) -> Outgoing | None:
        """The line that is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.line(rows[0].row()) if rows else None

    def _on_selected(self) -> None:
        line = self.chosen()
        if line is None:
            self.fates.hush()
            return
        said = [fate_line(r) for r in line.recipients]
        tone = Tone.WARNING if did_not_arrive(line) else Tone.NOTE
        self.fates.tell("\n".join((wording.send_state(line), *said)), tone)
