"""Above the list: what is shown, how many, and the quick filters."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from mssclient.domain.message import ListQuery
from mssclient.ui import wording
from mssclient.ui.icons import put
from mssclient.ui.widgets.badge import BalBadge
from mssclient.ui.widgets.labels import ElidedLabel


class FilterBar(QFrame):
    """`changed` when a filter was switched; `applied` puts the filters into a query."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("list.filters")
        self.setProperty("surface", "base")
        self.folders = QPushButton(self)
        self.folders.setObjectName("list.folders")
        self.folders.setProperty("compact", True)
        self.folders.setCheckable(True)
        self.folders.setToolTip(self.tr("Boîtes et dossiers (F6)"))
        self.folders.setAccessibleName(self.tr("Boîtes et dossiers"))
        put(self.folders, "folder")
        self.folders.hide()
        self.badge = BalBadge(self)
        self.title = ElidedLabel(parent=self)
        self.title.setObjectName("list.title")
        self.title.setProperty("heading", True)
        self.count = QLabel(self)
        self.count.setObjectName("list.count")
        self.count.setProperty("muted", True)
        self.unread = self._chip("unread", self.tr("Non lus"), self.tr("N’afficher que les messages non lus"))
        self.to_file = self._chip("to_file", self.tr("À classer"), self.tr("N’afficher que ce qui reste à classer"))
        self.conversations = self._chip(
            "conversations", self.tr("Conversations"), self.tr("Une ligne par conversation")
        )
        self.here = self._chip("here", self.tr("Cette boîte"), self.tr("Ne chercher que dans cette boîte"))
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 6, 8, 6)
        line.setSpacing(6)
        line.addWidget(self.folders)
        line.addWidget(self.badge)
        line.addWidget(self.title, 1)
        line.addWidget(self.count)
        line.addSpacing(6)
        for chip in (self.here, self.unread, self.to_file, self.conversations):
            line.addWidget(chip)
        self.here.hide()

    def _chip(self, name: str, text: str, tip: str) -> QPushButton:
        chip = _Chip(text, self)
        chip.setObjectName(f"list.filter.{name}")
        chip.setProperty("chip", True)
        chip.setCheckable(True)
        chip.setToolTip(tip)
        chip.setAccessibleDescription(tip)
        chip.clicked.connect(lambda _checked=False: self.changed.emit())
        return chip

    def applied(self, query: ListQuery) -> ListQuery:
        """The query with the filters that are on."""
        return replace(
            query,
            unread_only=query.unread_only or self.unread.isChecked(),
            to_file_only=query.to_file_only or self.to_file.isChecked(),
            conversations=self.conversations.isChecked(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        em = self.fontMetrics().height()
        self.count.setVisible(self.width() > 38 * em)
        self.conversations.setVisible(self.width() > 27 * em)

    def empty(self) -> None:
        """Keep nothing of anybody: the place, the count, the filters."""
        self.title.set_text("")
        self.count.setText("")
        self.badge.show_bal(None)
        for chip in (self.here, self.unread, self.to_file):
            chip.setChecked(False)

    def show_count(self, n: int) -> None:
        """How many lines the list has."""
        said = self.tr("1 message") if n == 1 else self.tr("{n} messages").format(n=wording.number(n))
        self.count.setText(said)


class _Chip(QPushButton):
    """Has room for its bold word, which it bears while it is on."""

    def sizeHint(self) -> QSize:
        hint, bold = super().sizeHint(), QFont(self.font())
        bold.setBold(True)
        usual = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(hint.width() + max(0, QFontMetrics(bold).horizontalAdvance(self.text()) - usual), hint.height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
