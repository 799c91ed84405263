"""Every draft of the person, once: those of this workstation, and those that stand in a Drafts folder only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mssclient.domain.changes import LastAct, Wish
from mssclient.domain.draft import Draft, DraftId
from mssclient.domain.message import MessageId, Row
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.icons import icon
from mssclient.ui.wording_acts import done

_ID = Qt.ItemDataRole.UserRole
_COPY = Qt.ItemDataRole.UserRole + 1


class DraftsPage(QWidget):
    """Newest first; Enter or a double click goes on writing, Del deletes. `wanted` carries a draft's id, `copy_wanted` the
    id of a message that stands in a Drafts folder and nowhere else."""

    wanted = Signal(str)
    copy_wanted = Signal(object)
    undo_offered = Signal(str, object)

    def __init__(
        self, engine: Engine, herald: Herald, clock: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("drafts")
        self.setProperty("surface", "base")
        self._engine = engine
        self._clock = clock
        self._doomed: DraftId | None = None
        title = QLabel(self.tr("Mes brouillons"), self)
        title.setProperty("heading", True)
        title.setContentsMargins(12, 8, 12, 6)
        self.question = Notice("drafts.question", self)
        self.question.acted.connect(self._on_answer)
        self.lines = _Lines(self)
        self.lines.setObjectName("drafts.list")
        self.lines.setAccessibleName(self.tr("Mes brouillons"))
        self.lines.itemActivated.connect(self._on_item)
        self.lines.delete_asked.connect(self._on_delete)
        self.nothing = QLabel(self.tr("Aucun brouillon."), self)
        self.nothing.setProperty("muted", True)
        self.nothing.setContentsMargins(12, 12, 12, 12)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        for widget in (title, self.question, self.nothing):
            page.addWidget(widget)
        page.addWidget(self.lines, 1)
        for changed in (herald.draft_changed, herald.messages_changed, herald.draft_in_conflict):
            changed.connect(lambda _event: self.refresh() if self.isVisible() else None)

    def refresh(self) -> None:
        """Read the drafts again."""
        here = self.lines.currentRow()
        self.lines.clear()
        reader = self._engine.reader
        bals = {bal.id: bal.label for bal in reader.bals()}
        found: list[tuple[float, str, DraftId | None, MessageId | None]] = []
        for draft in reader.drafts():
            at = draft.updated.timestamp() if draft.updated else 0.0
            found.append((at, self._worded(draft, bals.get(draft.bal_id, "")), draft.id, None))
        for row in reader.drafts_there():
            found.append((row.date.timestamp(), self._of_row(row, bals.get(row.bal_id, "")), None, row.id))
        for _at, text, draft_id, copy_id in sorted(found, key=lambda each: -each[0]):
            item = QListWidgetItem(icon("drafts"), text, self.lines)
            item.setData(_ID, draft_id)
            item.setData(_COPY, copy_id)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text.replace("\n", ", "))
        self.nothing.setVisible(not found)
        self.lines.setVisible(bool(found))
        self.lines.setCurrentRow(min(max(here, 0), len(found) - 1))

    def forget(self) -> None:
        """Keep no line of anybody."""
        self._doomed = None
        self.question.hush()
        self.lines.clear()

    def _worded(self, draft: Draft, bal: str) -> str:
        to = ", ".join(wording.correspondent(r.who) for r in draft.recipients)
        when = wording.when(draft.updated, self._clock()) if draft.updated else ""
        disputed = self._engine.draft_conflict(draft.id) is not None
        mark = self.tr("modifié aussi ailleurs : ouvrez-le pour choisir") if disputed else ""
        return self._said(draft.subject, to, (bal, when, self._files(len(draft.attachments)), mark))

    def _of_row(self, row: Row, bal: str) -> str:
        when = wording.when(row.date, self._clock())
        there = self.tr("commencé sur un autre poste")
        to = wording.correspondent(row.sender) if row.sender.address else ""
        return self._said(row.subject, to, (bal, when, self._files(row.attachments), there))

    def _said(self, subject: str, to: str, pieces: tuple[str, ...]) -> str:
        first = self.tr("{subject} – pour {to}").format(
            subject=subject or self.tr("(sans objet)"), to=to or self.tr("sans destinataire")
        )
        return first + "\n" + " · ".join(piece for piece in pieces if piece)

    def _files(self, count: int) -> str:
        return wording.attachments(count) if count else ""

    def _on_item(self, item: QListWidgetItem) -> None:
        if (draft_id := item.data(_ID)) is not None:
            self.wanted.emit(DraftId(str(draft_id)))
        else:
            self.copy_wanted.emit(item.data(_COPY))

    def _on_delete(self, item: QListWidgetItem) -> None:
        copy_id, draft_id = item.data(_COPY), item.data(_ID)
        if copy_id is not None:
            change = self._engine.delete((MessageId(copy_id),))
            self.undo_offered.emit(done(LastAct(change, Wish.MOVE)), lambda: self._engine.undo(change))
        elif draft_id is not None:
            self._doomed = DraftId(str(draft_id))
            text = self.tr("Supprimer définitivement ce brouillon ? Il ne pourra pas être retrouvé.")
            self.question.tell(text, Tone.WARNING, (self.tr("Supprimer définitivement"), self.tr("Garder")))
            self.question.button(1).setFocus()

    def _on_answer(self, place: int) -> None:
        doomed, self._doomed = self._doomed, None
        self.question.hush()
        if place == 0 and doomed is not None:
            self._engine.discard_draft(doomed)
        self.lines.setFocus()


class _Lines(QListWidget):
    """Enter opens, on every system."""

    delete_asked = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentItem() is not None:
            self.itemActivated.emit(self.currentItem())
        elif event.key() == Qt.Key.Key_Delete and self.currentItem() is not None:
            self.delete_asked.emit(self.currentItem())
        else:
            super().keyPressEvent(event)
