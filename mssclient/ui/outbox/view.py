"""The outbox: what waits and why, what was sent and what became of it, and what did not arrive."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QTabWidget, QVBoxLayout, QWidget

from mssclient.domain.events import SessionChanged
from mssclient.domain.outbox import Outgoing
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.outbox.lines import RegisterModel, did_not_arrive, fate_line
from mssclient.ui.outbox.proposals import ProposalList
from mssclient.ui.outbox.registry import FollowButtons, RegistryView
from mssclient.ui.outbox.waiting import WaitingList

_MERGE_MS = 50


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

    def show_lines(self, lines: tuple[Outgoing, ...], now: datetime) -> None:
        """Replace the lines; the chosen one stays chosen."""
        chosen = self.chosen()
        self.model.show_lines(lines, now)
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


class OutboxView(QWidget):
    """Five tabs: Boîte d’envoi, Envoyés, Ce qui n’est pas arrivé, Documents envoyés, À envoyer. Main thread; Alt+1 to
    Alt+5, F5 looks again."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.setObjectName("outbox.view")
        self.setAccessibleName(self.tr("Envois"))
        self.waiting = WaitingList(engine, self)
        self.sent = Register("outbox.sent", self.tr("Envoyés"), self.tr("Aucun message envoyé pour l’instant."), self)
        self.lost = Register(
            "outbox.lost", self.tr("Ce qui n’est pas arrivé"), self.tr("Tout ce qui est parti est arrivé."), self
        )
        self.take_back = Button(self.tr("Reprendre comme brouillon"), "outbox.lost.take_back", self, sign="undo")
        self.take_back.does(self._take_back)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("outbox.tabs")
        self.tabs.setAccessibleName(self.tr("Envois"))
        self.tabs.setDocumentMode(True)
        self.registry = RegistryView(engine, self)
        self.follow = FollowButtons(engine, "outbox.sent", self)
        self.proposals = ProposalList(engine, herald, self)
        self.proposals.counted.connect(self._on_proposed)
        for page in (self.waiting, self._sent_page(), self._lost_page(), self.registry, self.proposals):
            self.tabs.addTab(page, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self._merge = QTimer(self)
        self._merge.setSingleShot(True)
        self._merge.setInterval(_MERGE_MS)
        self._merge.timeout.connect(self.refresh)
        herald.outbox_changed.connect(self._on_changed)
        herald.session_changed.connect(self._on_session)
        for place in range(5):
            keys = QKeySequence(f"Alt+{place + 1}")
            QShortcut(keys, self, lambda place=place: self.tabs.setCurrentIndex(place))
        QShortcut(QKeySequence("F5"), self, self.refresh)
        self.refresh()

    def _sent_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.sent, 1)
        column.addWidget(self.follow)
        self.sent.table.selectionModel().selectionChanged.connect(self._on_sent_selected)
        return page

    def _on_sent_selected(self) -> None:
        line = self.sent.chosen()
        self.follow.offer(self.registry.of(line.id) if line is not None else None)

    def _lost_page(self) -> QWidget:
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lost, 1)
        column.addWidget(self.take_back, 0, Qt.AlignmentFlag.AlignRight)
        self.lost.table.selectionModel().selectionChanged.connect(self._on_lost_selected)
        return page

    def refresh(self) -> None:
        """Read everything again: the outbox and the newest 200 of the register."""
        self.registry.refresh()
        self._show(self._engine.reader.outbox(), self._engine.reader.sent())

    def forget(self) -> None:
        """Keep no line of anybody."""
        self._merge.stop()
        self.registry.show_lines(())
        self.proposals.show_proposals(())
        self._show((), ())

    def _show(self, waiting: tuple[Outgoing, ...], sent: tuple[Outgoing, ...]) -> None:
        now = datetime.now().astimezone()
        lost = tuple(line for line in (*waiting, *sent) if did_not_arrive(line))
        self.waiting.show_lines(waiting, now)
        self.sent.show_lines(sent, now)
        self.lost.show_lines(lost, now)
        titles = (
            self.tr("Boîte d’envoi ({number})").format(number=len(waiting)),
            self.tr("Envoyés"),
            self.tr("Ce qui n’est pas arrivé ({number})").format(number=len(lost)),
            self.tr("Documents envoyés"),
            self.tr("À envoyer ({number})").format(number=len(self.proposals.tiles)),
        )
        for place, title in enumerate(titles):
            self.tabs.setTabText(place, title.removesuffix(" (0)"))
        self._on_lost_selected()
        self._on_sent_selected()

    def _on_proposed(self, number: int) -> None:
        title = self.tr("À envoyer ({number})").format(number=number)
        self.tabs.setTabText(4, title.removesuffix(" (0)"))

    def show_proposals(self) -> None:
        """What the record system laid down."""
        self.tabs.setCurrentWidget(self.proposals)

    def _on_changed(self) -> None:
        # Reports come in bursts: one reading for all of them.
        self._merge.start()

    def _on_lost_selected(self) -> None:
        line = self.lost.chosen()
        waiting = {w.id for w in self._engine.reader.outbox()}
        self.take_back.setVisible(line is not None and line.id in waiting)

    def _take_back(self) -> None:
        if line := self.lost.chosen():
            self._engine.take_back(line.id)

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is SessionState.OPEN:
            self.proposals.refresh()
            self.refresh()
