"""The list's model: message ids in order, and the rows of the pages one looks at."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from mssclient.domain.events import MessagesChanged
from mssclient.domain.message import ListQuery, MessageId, Row
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.herald import Herald
from mssclient.ui.models.runs import runs

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2
MIME = "application/x-mssclient-messages"

_PAGE = 40
"""Rows read at once: a screenful or two; a page not looked at costs the screen its time."""
_PAGES_KEPT = 60
_MANY = 2000
"""Beyond so many changes the list is reset: cheaper, and nobody follows them with the eye."""
_SETTLE_MS = 60
_REST_FACTOR = 6
"""While changes stream in, re-reading takes at most a seventh of the screen's time, whatever the folder's size."""

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class MessageListModel(QAbstractTableModel):
    """One column. Re-reads the ids when its folder changes and tells Qt the difference, so that selection and
    scroll survive; it never holds more than a few pages of rows. Main thread."""

    about_to_jump = Signal()
    """The rows will be renumbered by a reset; whoever keeps a selection should note its ids."""
    jumped = Signal()
    count_changed = Signal(int)

    def __init__(self, engine: Engine, herald: Herald, clock: Callable[[], datetime], parent: QObject | None = None):
        super().__init__(parent)
        self._reader = engine.reader
        self._clock = clock
        self._ids: list[MessageId] = []
        self._counted = 0
        self._places: dict[MessageId, int] | None = None
        self._pages: OrderedDict[int, dict[MessageId, Row]] = OrderedDict()
        self.query = ListQuery()
        self.looked_at: Callable[[], MessageId | None] = lambda: None
        """The line one stands on: of a list of unread messages it stays while it is being read."""
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        herald.messages_changed.connect(self._on_messages_changed)
        herald.outbox_changed.connect(self._on_fates)

    def show(self, query: ListQuery) -> None:
        """Show another folder, search or order from its top."""
        self._settle.stop()
        self._settle.setInterval(_SETTLE_MS)
        self.beginResetModel()
        self.query = query
        self._take(self._reader.ids(query))
        self.endResetModel()
        self._count(len(self._ids))

    def clear(self) -> None:
        """Show nothing, and keep nothing of what was shown."""
        self._settle.stop()
        self.beginResetModel()
        self.query = ListQuery()
        self._take([])
        self.endResetModel()
        self._count(0)

    def _count(self, lines: int) -> None:
        self._counted = lines
        self.count_changed.emit(lines)

    def refresh(self) -> None:
        """Read the ids again and tell the difference."""
        begun = time.perf_counter()
        self._refresh()
        spent_ms = (time.perf_counter() - begun) * 1000
        self._settle.setInterval(max(_SETTLE_MS, int(spent_ms * _REST_FACTOR)))

    def _refresh(self) -> None:
        found = self._reader.ids(self.query)
        fresh = self._with_looked_at(found) if self.query.unread_only else found
        if fresh != self._ids:
            self._become(fresh)
        if len(found) != self._counted:
            self._count(len(found))
        self._pages.clear()
        if self._ids:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._ids) - 1, 0))

    def _with_looked_at(self, found: list[MessageId]) -> list[MessageId]:
        """Without this, reading a message would take it away from under one's eyes, open the next one, and so on."""
        here = self.looked_at()
        place = self.place_of(here) if here is not None else -1
        if here is None or place < 0:
            return found
        wanted = set(found)
        before, now = self.row(place), next(iter(self._reader.rows([here])), None)
        if here in wanted or before is None or now is None or now.folder_id != before.folder_id:
            return found
        above = next((key for key in reversed(self._ids[:place]) if key in wanted), None)
        at = found.index(above) + 1 if above is not None else 0
        return [*found[:at], here, *found[at:]]

    def row(self, place: int) -> Row | None:
        """The row at a place; None when it vanished since the ids were read."""
        if not 0 <= place < len(self._ids):
            return None
        return self._page(place // _PAGE).get(self._ids[place])

    def id_at(self, place: int) -> MessageId | None:
        """The message at a place."""
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def place_of(self, message_id: MessageId) -> int:
        """Where a message stands, or -1."""
        if self._places is None:
            self._places = {key: place for place, key in enumerate(self._ids)}
        return self._places.get(message_id, -1)

    def next_unread(self, place: int, step: int) -> int:
        """The next place after `place` (or before, with step -1) whose message is unread, or -1."""
        place += step
        while 0 <= place < len(self._ids):
            row = self.row(place)
            if row is not None and not row.seen:
                return place
            place += step
        return -1

    def _page(self, number: int) -> dict[MessageId, Row]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        ids = self._ids[number * _PAGE : (number + 1) * _PAGE]
        page = {row.id: self._standing(row) for row in self._reader.rows(ids)}
        self._pages[number] = page
        if len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        return page

    def _standing(self, row: Row) -> Row:
        """In conversations one line stands for all: it is unread while one of them is."""
        return replace(row, seen=False) if self.query.conversations and row.conversation_unread else row

    def _take(self, ids: list[MessageId]) -> None:
        self._ids = ids
        self._places = None
        self._pages.clear()

    def _become(self, fresh: list[MessageId]) -> None:
        if self._grew(fresh):
            return
        known, wanted = set(self._ids), set(fresh)
        gone = runs([place for place, key in enumerate(self._ids) if key not in wanted])
        new = runs([place for place, key in enumerate(fresh) if key not in known])
        touched = len(known ^ wanted)
        if touched > _MANY or len(gone) + len(new) > _MANY // 10:
            self._jump(fresh)
            return
        for first, last in reversed(gone):
            self.beginRemoveRows(_NOWHERE, first, last)
            kept = self._ids[:first] + self._ids[last + 1 :]
            self._take(kept)
            self.endRemoveRows()
        self._reorder([key for key in fresh if key in known])
        for first, last in new:
            self.beginInsertRows(_NOWHERE, first, last)
            grown = self._ids[:first] + fresh[first : last + 1] + self._ids[first:]
            self._take(grown)
            self.endInsertRows()

    def _grew(self, fresh: list[MessageId]) -> bool:
        """The two usual changes, told without comparing row by row: older messages follow, newer ones stand above."""
        known = len(self._ids)
        if len(fresh) <= known:
            return False
        if fresh[:known] == self._ids:
            self.beginInsertRows(_NOWHERE, known, len(fresh) - 1)
        elif fresh[-known:] == self._ids:
            self.beginInsertRows(_NOWHERE, 0, len(fresh) - known - 1)
        else:
            return False
        self._take(fresh)
        self.endInsertRows()
        return True

    def _jump(self, fresh: list[MessageId]) -> None:
        self.about_to_jump.emit()
        self.beginResetModel()
        self._take(fresh)
        self.endResetModel()
        self.jumped.emit()

    def _reorder(self, ordered: list[MessageId]) -> None:
        if ordered == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._ids[index.row()] for index in before]
        self._take(ordered)
        self.changePersistentIndexList(before, [self.index(self.place_of(key), 0) for key in keys])
        self.layoutChanged.emit()

    def _on_fates(self) -> None:
        """What became of a sent message stands in its line."""
        if not self._settle.isActive():
            self._settle.start()

    def _on_messages_changed(self, event: MessagesChanged) -> None:
        here = self.query.folder_id
        if (here is None or here == event.folder_id) and not self._settle.isActive():
            self._settle.start()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == ID_ROLE:
            return self.id_at(index.row())
        if role not in {ROW_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        row = self.row(index.row())
        if row is None or role == ROW_ROLE:
            return row
        # A screen reader asks for either: both are the full sentence (EN 301 549, clause 11).
        return ", ".join((wording.row_sentence(row, self._clock()), *wording.row_news(row)))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.tr("Messages")
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: list[QModelIndex]) -> QMimeData:  # type: ignore[override]
        carried = QMimeData()
        ids = sorted({self._ids[index.row()] for index in indexes})
        carried.setData(MIME, ",".join(str(key) for key in ids).encode())
        return carried
