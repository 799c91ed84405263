"""Messages one began on this workstation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mssclient.domain.draft import Draft, DraftId
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.herald import Herald
from mssclient.ui.icons import icon

_ID = Qt.ItemDataRole.UserRole


class DraftsPage(QWidget):
    """Newest first; Enter or a double click goes on writing. `wanted` carries the draft's id."""

    wanted = Signal(str)

    def __init__(
        self, engine: Engine, herald: Herald, clock: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("drafts")
        self.setProperty("surface", "base")
        self._reader = engine.reader
        self._clock = clock
        title = QLabel(self.tr("Mes brouillons"), self)
        title.setProperty("heading", True)
        title.setContentsMargins(12, 8, 12, 6)
        self.lines = _Lines(self)
        self.lines.setObjectName("drafts.list")
        self.lines.setAccessibleName(self.tr("Mes brouillons"))
        self.lines.itemActivated.connect(self._on_item)
        self.nothing = QLabel(self.tr("Aucun brouillon sur ce poste."), self)
        self.nothing.setProperty("muted", True)
        self.nothing.setContentsMargins(12, 12, 12, 12)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(title)
        page.addWidget(self.nothing)
        page.addWidget(self.lines, 1)
        herald.draft_changed.connect(lambda _event: self.refresh() if self.isVisible() else None)

    def refresh(self) -> None:
        """Read the drafts again."""
        here = self.lines.currentRow()
        self.lines.clear()
        bals = {bal.id: bal.label for bal in self._reader.bals()}
        drafts = self._reader.drafts()
        for draft in drafts:
            item = QListWidgetItem(icon("drafts"), self._worded(draft, bals.get(draft.bal_id, "")), self.lines)
            item.setData(_ID, draft.id)
        self.nothing.setVisible(not drafts)
        self.lines.setVisible(bool(drafts))
        self.lines.setCurrentRow(min(max(here, 0), len(drafts) - 1))

    def _worded(self, draft: Draft, bal: str) -> str:
        to = ", ".join(wording.correspondent(r.who) for r in draft.recipients) or self.tr("sans destinataire")
        when = wording.when(draft.updated, self._clock()) if draft.updated else ""
        first = self.tr("{subject} – pour {to}").format(subject=draft.subject or self.tr("(sans objet)"), to=to)
        pieces = [bal, when, wording.attachments(len(draft.attachments)) if draft.attachments else ""]
        return first + "\n" + " · ".join(piece for piece in pieces if piece)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.wanted.emit(DraftId(str(item.data(_ID))))


class _Lines(QListWidget):
    """Enter opens, on every system."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentItem() is not None:
            self.itemActivated.emit(self.currentItem())
        else:
            super().keyPressEvent(event)
