"""The outbox: what waits and why, what was sent and what became of it, and what did not arrive."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from mssclient.domain.events import SessionChanged
from mssclient.domain.outbox import Outgoing
from mssclient.domain.receipts import Lost
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui.herald import Herald
from mssclient.ui.outbox.lost import LostPage
from mssclient.ui.outbox.proposals import ProposalList
from mssclient.ui.outbox.register import Register
from mssclient.ui.outbox.registry import FollowButtons, RegistryView
from mssclient.ui.outbox.waiting import WaitingList

_MERGE_MS = 50


class OutboxView(QWidget):
    """Five tabs: Boîte d’envoi, Envoyés, Ce qui n’est pas arrivé, Documents envoyés, À envoyer. Main thread; Alt+1 to
    Alt+5, F5 looks again."""

    written = Signal(object)
    """A Draft to go on with: the same message once more."""
    forward_wanted = Signal(object)
    """The MessageId of a copy in Sent, to be passed on to somebody else."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.setObjectName("outbox.view")
        self.setAccessibleName(self.tr("Envois"))
        self.waiting = WaitingList(engine, self)
        self.sent = Register("outbox.sent", self.tr("Envoyés"), self.tr("Aucun message envoyé pour l’instant."), self)
        self.lost_page = LostPage(engine, self)
        self.lost = self.lost_page.register
        self.take_back = self.lost_page.take_back
        self.lost_page.written.connect(self.written)
        self.lost_page.forward_wanted.connect(self.forward_wanted)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("outbox.tabs")
        self.tabs.setAccessibleName(self.tr("Envois"))
        self.tabs.setDocumentMode(True)
        self.registry = RegistryView(engine, self)
        self.follow = FollowButtons(engine, "outbox.sent", self)
        self.proposals = ProposalList(engine, herald, self)
        self.proposals.counted.connect(self._on_proposed)
        for page in (self.waiting, self._sent_page(), self.lost_page, self.registry, self.proposals):
            self.tabs.addTab(page, "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        self._merge = QTimer(self)
        self._merge.setSingleShot(True)
        self._merge.setInterval(_MERGE_MS)
        self._merge.timeout.connect(self.refresh)
        herald.outbox_changed.connect(self._on_changed)
        herald.progress_changed.connect(lambda _event: self._on_progress())
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

    def refresh(self) -> None:
        """Read everything again: the outbox, the newest 200 of the register, and what did not arrive."""
        self.registry.refresh()
        reader = self._engine.reader
        self._show(reader.outbox(), reader.sent(), reader.lost())

    def forget(self) -> None:
        """Keep no line of anybody."""
        self._merge.stop()
        self.registry.show_lines(())
        self.proposals.show_proposals(())
        self._show((), (), ())

    def _show(self, waiting: tuple[Outgoing, ...], sent: tuple[Outgoing, ...], lost: tuple[Lost, ...]) -> None:
        now = datetime.now().astimezone()
        self.waiting.show_lines(waiting, now)
        self.sent.show_lines(sent, now)
        self.lost_page.show_lost(lost, now)
        titles = (
            self.tr("Boîte d’envoi ({number})").format(number=len(waiting)),
            self.tr("Envoyés"),
            self.tr("Ce qui n’est pas arrivé ({number})").format(number=len(lost)),
            self.tr("Documents envoyés"),
            self.tr("À envoyer ({number})").format(number=len(self.proposals.tiles)),
        )
        for place, title in enumerate(titles):
            self.tabs.setTabText(place, title.removesuffix(" (0)"))
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

    def _on_progress(self) -> None:
        for progress in self._engine.progress():
            if progress.what == "sending":
                for tile in self.waiting.tiles:
                    tile.show_progress(progress.bal_id, progress.done, progress.total)

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is SessionState.OPEN:
            self.proposals.refresh()
            self.refresh()
