"""« À envoyer »: what the record system laid down to be sent, one tile each; a person opens it or refuses it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from mssclient.domain.consignment import usager_label
from mssclient.domain.errors import SessionEnded
from mssclient.domain.handover import Proposal
from mssclient.domain.session import SessionState
from mssclient.domain.type_codes import TYPE_LABELS
from mssclient.engine.api import Engine
from mssclient.ui.compose.buttons import Button
from mssclient.ui.herald import Herald
from mssclient.ui.widgets.labels import PlainLabel
from mssclient.ui.wording_documents import unreadable

_SHOWN = 50


class ProposalTile(QFrame):
    """One thing to be sent. Emits `opened` and `refused` with its name."""

    opened = Signal(str)
    refused = Signal(str)

    def __init__(self, proposal: Proposal, parent: QWidget) -> None:
        super().__init__(parent)
        self.proposal = proposal
        self.setObjectName("outbox.proposal")
        self.setProperty("tile", True)
        handed = proposal.handed
        usager = usager_label(handed.usager) if handed.usager else ""
        what = handed.title or TYPE_LABELS.get(handed.type_code, "") or proposal.name
        title = " · ".join(piece for piece in (what, usager) if piece)
        to = ", ".join(handed.to) or self.tr("destinataires à choisir")
        if proposal.problem is not None:
            to = unreadable(proposal.problem)
        words = QVBoxLayout()
        words.setSpacing(2)
        for text, role in ((title, "heading"), (to, "muted")):
            label = PlainLabel(text, self)
            label.setProperty(role, True)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.addLayout(words, 1)
        open_button = Button(self.tr("Ouvrir"), "outbox.proposal.open", self, primary=True)
        open_button.does(lambda: self.opened.emit(proposal.name))
        open_button.setVisible(proposal.problem is None)
        refuse = Button(self.tr("Ne pas envoyer"), "outbox.proposal.refuse", self)
        refuse.does(lambda: self.refused.emit(proposal.name))
        for button in (open_button, refuse):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(f"{title}, {to}")


class ProposalList(QScrollArea):
    """All that waits. Emits `begun` with a draft, `counted` with how many wait."""

    begun = Signal(object)
    counted = Signal(int)

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self.tiles: list[ProposalTile] = []
        self.setObjectName("outbox.proposals")
        self.setAccessibleName(self.tr("À envoyer"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        herald.proposals_changed.connect(lambda _event: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Read again what waits."""
        inside = self._engine.session_state() in {SessionState.OPEN, SessionState.READING}
        self.show_proposals(self._engine.proposals() if inside else ())

    def show_proposals(self, found: tuple[Proposal, ...]) -> None:
        """Rebuild the tiles."""
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        self.tiles = [ProposalTile(each, page) for each in found[:_SHOWN]]
        for tile in self.tiles:
            tile.opened.connect(self._open)
            tile.refused.connect(self._engine.refuse_proposal)
            column.addWidget(tile)
        if len(found) != len(self.tiles) or not found:
            rest = self.tr("et {number} autres").format(number=len(found) - _SHOWN) if found else ""
            label = PlainLabel(rest or self.tr("Le logiciel métier n’a rien déposé à envoyer."), page)
            label.setProperty("muted", True)
            column.addWidget(label)
        column.addStretch(1)
        self.setWidget(page)
        self.counted.emit(len(found))

    def _open(self, name: str) -> None:
        try:
            draft = self._engine.take_proposal(name)
        except SessionEnded:
            self.refresh()
            return
        self.begun.emit(draft)
