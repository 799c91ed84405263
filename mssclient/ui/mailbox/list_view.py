"""The list of messages: one fixed-height line each, sorted by the strip above, never copied out of the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QVBoxLayout, QWidget

from mssclient.domain.bal import Bal, BalId
from mssclient.domain.message import ListQuery, MessageId, Sort
from mssclient.engine.api import Engine
from mssclient.ui.herald import Herald
from mssclient.ui.mailbox.header_strip import HeaderStrip
from mssclient.ui.mailbox.row_painter import RowPainter
from mssclient.ui.models.message_list import MessageListModel
from mssclient.ui.theme import colours, theme

_NARROW_EM = 30
"""A list narrower than this many letter heights has no room for columns."""
_KEPT_IN_A_JUMP = 2000
_SETTLE_MS = 90
"""Holding an arrow key down must not open every message on the way."""


class MessageTable(QTableView):
    """One column, whole rows; keys that a list of mail wants. `message` is painted when the list is empty."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("list.table")
        self.setAccessibleName(self.tr("Messages"))
        self.message = ""
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(20)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        last = self.model().rowCount() - 1
        plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if plain and last >= 0 and event.key() in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            self.setCurrentIndex(self.model().index(0 if event.key() == Qt.Key.Key_Home else last, 0))
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here (N, P), and matching would read every row."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_focus(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_focus(False)

    def _show_focus(self, focused: bool) -> None:
        painter = self.itemDelegate()
        if isinstance(painter, RowPainter):
            painter.focused = focused
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.message and self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(colours().muted)
            place = self.viewport().rect().adjusted(24, 0, -24, -self.viewport().height() // 3)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.message)
            painter.end()


class MessageListPane(QWidget):
    """Strip and table over one model. `opened` follows the current message once it settles, None for none."""

    opened = Signal(object)
    activated = Signal(object)
    selection_changed = Signal()
    menu_asked = Signal(QPoint)
    sort_changed = Signal(object)

    def __init__(
        self, engine: Engine, herald: Herald, clock: Callable[[], datetime], of_bal: Callable[[BalId], Bal | None],
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("list.pane")
        self.model = MessageListModel(engine, herald, clock, self)
        self.model.looked_at = self.current
        self.table = MessageTable(self)
        self.strip = HeaderStrip(self)
        self._painter = RowPainter(clock, of_bal, self.table)
        self._noted: tuple[list[MessageId], MessageId | None] = ([], None)
        self._shown: MessageId | None = None
        self._wish = False
        self.table.setItemDelegate(self._painter)
        self.table.setModel(self.model)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.table, 1)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._open_current)
        self._connect()
        self._size_rows()

    def _connect(self) -> None:
        choice = self.table.selectionModel()
        choice.currentRowChanged.connect(lambda *_: self._settle.start())
        choice.selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.table.activated.connect(lambda index: self.activated.emit(self.model.id_at(index.row())))
        self.table.customContextMenuRequested.connect(
            lambda point: self.menu_asked.emit(self.table.viewport().mapToGlobal(point))
        )
        self.strip.sorted.connect(self._on_sorted)
        self.model.about_to_jump.connect(self._note)
        self.model.jumped.connect(self._restore)
        self.model.rowsRemoved.connect(lambda *_: self._settle.start())
        theme.changed.connect(self._size_rows)

    @property
    def query(self) -> ListQuery:
        """What is shown."""
        return self.model.query

    def show_query(self, query: ListQuery) -> None:
        """Show a folder or a search from its top."""
        self._painter.with_bal = query.folder_id is None
        self._shown = None
        self.model.show(query)
        self._arrange()
        self.table.scrollToTop()

    def clear(self) -> None:
        """Show nothing and remember nothing."""
        self._settle.stop()
        self._shown = None
        self._noted = ([], None)
        self.model.clear()

    def set_two_lines(self, two_lines: bool) -> None:
        """One line a message, or a card of two."""
        self._wish = two_lines
        self._size_rows()

    @property
    def two_lines(self) -> bool:
        """Whether the person wants cards; a narrow list shows them anyway."""
        return self._wish

    def selected(self) -> tuple[MessageId, ...]:
        """The selected messages, from top to bottom."""
        return tuple(key for place in self._places() if (key := self.model.id_at(place)) is not None)

    def has_selection(self) -> bool:
        """Whether anything is selected."""
        return self.table.selectionModel().hasSelection()

    def _places(self) -> list[int]:
        # Ranges, not indexes: Ctrl+A on 100,000 rows must not make 100,000 objects.
        chosen = self.table.selectionModel().selection()
        ranges = sorted((chosen.at(n).top(), chosen.at(n).bottom()) for n in range(chosen.count()))
        return [place for top, bottom in ranges for place in range(top, bottom + 1)]

    def current(self) -> MessageId | None:
        """The message the keyboard stands on."""
        return self.model.id_at(self.table.currentIndex().row())

    def go_to(self, message_id: MessageId) -> bool:
        """Stand on a message of this list; False when it is not in it."""
        place = self.model.place_of(message_id)
        if place < 0:
            return False
        self._stand_on(place)
        return True

    def go_unread(self, step: int) -> bool:
        """Stand on the next unread message, or the previous one with step -1."""
        start = self.table.currentIndex().row() if self.table.currentIndex().isValid() else -1
        place = self.model.next_unread(start, step)
        if place >= 0:
            self._stand_on(place)
        return place >= 0

    def _stand_on(self, place: int) -> None:
        """Select one line and no other. The view's own verb would look at the keys that are held: Ctrl would add."""
        chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(self.model.index(place, 0), chosen)

    def step_away(self) -> None:
        """Before the selection leaves the list: stand on its neighbour, so that the eye stays where it was."""
        places = self._places()
        if not places:
            return
        below, above = max(places) + 1, min(places) - 1
        place = below if below < self.model.rowCount() else above
        if place >= 0:
            self._stand_on(place)

    def _on_sorted(self, sort: Sort) -> None:
        here = self.current()
        self.show_query(replace(self.query, sort=sort))
        self.sort_changed.emit(sort)
        if here is not None:
            self.go_to(here)

    def _open_current(self) -> None:
        here = self.current()
        if here != self._shown:
            self._shown = here
            self.opened.emit(here)

    def _note(self) -> None:
        self._noted = (list(self.selected()), self.current())

    def _restore(self) -> None:
        ids, current = self._noted
        choice = self.table.selectionModel()
        picked = QItemSelection()
        for key in ids[:_KEPT_IN_A_JUMP]:
            if (place := self.model.place_of(key)) >= 0:
                picked.select(self.model.index(place, 0), self.model.index(place, 0))
        if current is not None and (place := self.model.place_of(current)) >= 0:
            choice.setCurrentIndex(self.model.index(place, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            self.table.scrollTo(self.model.index(place, 0))
        choice.select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def _size_rows(self) -> None:
        cards = self._wish or self.width() < _NARROW_EM * self.fontMetrics().height()
        self._painter.two_lines = cards
        self.strip.setVisible(not cards)
        height = self._painter.height(QFontMetrics(self.table.font()))
        self.table.verticalHeader().setDefaultSectionSize(height)
        self.table.verticalScrollBar().setSingleStep(height)
        self.strip.setFixedHeight(self.strip.sizeHint().height())
        self._arrange()
        self.table.viewport().update()

    def _arrange(self) -> None:
        margin = self.table.width() - self.table.viewport().width()
        self.strip.arrange(self.query.sort, self._painter.with_bal, max(0, margin))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW_EM * self.fontMetrics().height()
        if self._painter.two_lines != (self._wish or narrow):
            self._size_rows()
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size_rows()
