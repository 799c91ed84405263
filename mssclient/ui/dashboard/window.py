"""« Tableau de bord »: counts of a month or a year, by kind, structure and professional; and their export."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.dashboard import Board, Count, Kind, Span, as_csv
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.herald import Herald
from mssclient.ui.widgets.file_dialog import choose_target
from mssclient.ui.widgets.labels import PlainLabel


class DashboardWindow(QWidget):
    """Main thread. Counted on a worker each time it is shown."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.setObjectName("dashboard.window")
        self.setWindowTitle(self.tr("Tableau de bord des échanges"))
        self.words: dict[object, str] = {
            Span.MONTH: self.tr("Ce mois-ci"), Span.YEAR: self.tr("Cette année"),
            Span.LAST_YEAR: self.tr("L’année dernière"),
            Kind.TO_PROFESSIONALS: self.tr("Documents envoyés à des professionnels"),
            Kind.TO_USAGERS: self.tr("Documents envoyés à des usagers"),
            Kind.MESSAGES: self.tr("Messages envoyés sans document de santé"),
            Kind.RECEIVED: self.tr("Documents reçus"), Kind.INTEGRATED: self.tr("Documents intégrés au dossier"),
            Kind.REPLACEMENTS: self.tr("Remplacements envoyés"), Kind.DELETIONS: self.tr("Demandes de suppression"),
            "span": self.tr("période"), "first": self.tr("du"), "last": self.tr("au"), "what": self.tr("mesure"),
            "name": self.tr("nom"), "qualified": self.tr("avec INS qualifiée"), "other": self.tr("sans INS qualifiée"),
            "total": self.tr("total"), "kind": self.tr("type d’échange"), "structure": self.tr("structure"),
            "professional": self.tr("professionnel"),
        }  # fmt: skip
        self.span = QComboBox(self)
        self.span.setObjectName("dashboard.span")
        self.span.setAccessibleName(self.tr("Période"))
        for each in Span:
            self.span.addItem(self.words[each], each)
        self.span.activated.connect(lambda _row: self._show())
        self.days = PlainLabel("", self)
        self.days.setProperty("muted", True)
        self.export_button = Button(self.tr("Exporter (CSV)…"), "dashboard.export", self, sign="save")
        self.export_button.does(self.export, "Ctrl+S")
        names = (self.tr("Types d’échange"), self.tr("Structures"), self.tr("Professionnels"))
        self.tables = [self._table(title, place) for place, title in enumerate(names)]
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("dashboard.tabs")
        self.tabs.setAccessibleName(self.tr("Tableau de bord"))
        for table, title in zip(self.tables, names, strict=True):
            self.tabs.addTab(table, title)
        head = QHBoxLayout()
        head.addWidget(self.span)
        head.addWidget(self.days, 1)
        head.addWidget(self.export_button)
        page = QVBoxLayout(self)
        page.addLayout(head)
        page.addWidget(self.tabs, 1)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        QShortcut(QKeySequence("F5"), self, engine.count_exchanges)
        herald.dashboard_ready.connect(lambda _event: self._show())
        self.resize(760, 420)
        engine.count_exchanges()
        self._show()

    def _table(self, title: str, place: int) -> QTableWidget:
        table = QTableWidget(0, 4, self)
        table.setObjectName(f"dashboard.table{place}")
        table.setAccessibleName(title)
        heads = ("name", "qualified", "other", "total")
        table.setHorizontalHeaderLabels([self.words[head][:1].upper() + self.words[head][1:] for head in heads])
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        return table

    def _show(self) -> None:
        found: Board | None = self._engine.dashboard(self.span.currentData())
        self.export_button.setEnabled(found is not None)
        if found is None:
            self.days.setText(self.tr("Calcul…"))
            return
        first, last = (wording.iso_day(day.isoformat()) for day in (found.first, found.last))
        self.days.setText(self.tr("du {first} au {last}").format(first=first, last=last))
        kinds = tuple((self.words[kind], count) for kind, count in found.kinds)
        for table, lines in zip(self.tables, (kinds, found.structures, found.professionals), strict=True):
            _fill(table, lines)

    def export(self) -> None:
        """Every span into one file that a spreadsheet opens."""
        choose_target(self, self.tr("Exporter le tableau de bord"), "tableau-de-bord.csv", self.write)

    def write(self, target: Path) -> None:
        """As `export`, to a place that is known."""
        boards = [found for span in Span if (found := self._engine.dashboard(span)) is not None]
        self._engine.write_file(target, as_csv(boards, self.words))


def _fill(table: QTableWidget, lines: tuple[tuple[str, Count], ...]) -> None:
    table.setRowCount(len(lines))
    for row, (name, count) in enumerate(lines):
        for column, text in enumerate((name, str(count.qualified), str(count.other), str(count.total))):
            item = QTableWidgetItem(text)
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(row, column, item)
