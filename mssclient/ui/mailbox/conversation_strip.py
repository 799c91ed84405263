"""The other messages of a conversation, one short line each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from mssclient.domain.message import MessageId, Row
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.icons import OF_KIND, icon

_LINES = 4
_MOST = 200
_ID = Qt.ItemDataRole.UserRole


class ConversationStrip(QFrame):
    """Hidden for a message that stands alone. `wanted` carries the message to show."""

    wanted = Signal(object)

    def __init__(self, engine: Engine, clock: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading.conversation")
        self.setProperty("surface", "window")
        self._reader = engine.reader
        self._clock = clock
        self.toggle = QToolButton(self)
        self.toggle.setObjectName("reading.conversation.toggle")
        self.toggle.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._on_toggled)
        self.lines = QListWidget(self)
        self.lines.setObjectName("reading.conversation.lines")
        self.lines.setAccessibleName(self.tr("Messages de la conversation"))
        self.lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.lines.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.lines.itemClicked.connect(self._on_item)
        self.lines.itemActivated.connect(self._on_item)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 2, 8, 2)
        page.setSpacing(2)
        page.addWidget(self.toggle)
        page.addWidget(self.lines)
        self.hide()

    def empty(self) -> None:
        """List nothing."""
        self.lines.clear()
        self.hide()

    def show_of(self, row: Row) -> None:
        """Show the conversation of a message, or hide."""
        ids = self._reader.conversation(row.conversation)[-_MOST:] if row.conversation_size > 1 else []
        rows = self._reader.rows(ids)
        self.setVisible(len(rows) > 1)
        self.lines.clear()
        if len(rows) < 2:
            return
        self.toggle.setText(self.tr("Conversation : {n} messages").format(n=len(rows)))
        for other in rows:
            self._add(other, current=other.id == row.id)
        height = self.lines.sizeHintForRow(0) * min(len(rows), _LINES) + 4
        self.lines.setFixedHeight(height)
        self._on_toggled(self.toggle.isChecked())

    def _add(self, row: Row, current: bool) -> None:
        text = self.tr("{when} – {who} – {subject}").format(
            when=wording.when(row.date, self._clock()), who=wording.correspondent(row.sender), subject=row.subject
        )
        item = QListWidgetItem(icon(OF_KIND[row.sender.kind]), text, self.lines)
        item.setData(_ID, row.id)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, wording.row_sentence(row, self._clock()))
        font = item.font()
        font.setBold(current)
        item.setFont(font)
        if current:
            self.lines.setCurrentItem(item)

    def _on_toggled(self, on: bool) -> None:
        self.toggle.setIcon(icon("chevron-down" if on else "chevron-right"))
        self.toggle.setAccessibleDescription(self.tr("déplié") if on else self.tr("replié"))
        self.lines.setVisible(on)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.wanted.emit(MessageId(int(item.data(_ID))))
