"""The worklist's model: ids in order, and the lines of the pages one looks at."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from mssclient.domain.bal import Bal, BalId
from mssclient.domain.worklist import DocumentId, WorkLine, WorkQuery
from mssclient.engine.api import Engine
from mssclient.ui.herald import Herald
from mssclient.ui.worklist import words

LINE_ROLE = Qt.ItemDataRole.UserRole + 1
_PAGE = 100
_PAGES_KEPT = 12
_SETTLE_MS = 80

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class WorkModel(QAbstractTableModel):
    """One column. Main thread. Re-reads behind a rest when something changed and somebody looks (`awake`); `jumped` after
    each re-reading."""

    jumped = Signal()

    def __init__(
        self, engine: Engine, herald: Herald, of_bal: Callable[[BalId], Bal | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reader = engine.reader
        self._of_bal = of_bal
        self.awake: Callable[[], bool] = lambda: True
        self._ids: list[DocumentId] = []
        self._pages: OrderedDict[int, dict[DocumentId, WorkLine]] = OrderedDict()
        self.query = WorkQuery()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        herald.worklist_changed.connect(lambda _event: self.later())

    def later(self) -> None:
        """Read again soon; many changes are one reading."""
        if self.awake() and not self._settle.isActive():
            self._settle.start()

    def show(self, query: WorkQuery) -> None:
        """Show another part of the list, or another order."""
        self.query = query
        self.refresh()

    def refresh(self) -> None:
        """Read the ids again."""
        self._settle.stop()
        fresh = self._reader.work_ids(self.query)
        same = fresh == self._ids
        if same:
            self._pages.clear()
            if fresh:
                self.dataChanged.emit(self.index(0, 0), self.index(len(fresh) - 1, 0))
        else:
            self.beginResetModel()
            self._ids = fresh
            self._pages.clear()
            self.endResetModel()
        self.jumped.emit()

    def clear(self) -> None:
        """Show nothing, and keep nothing of what was shown."""
        self._settle.stop()
        self.beginResetModel()
        self._ids = []
        self._pages.clear()
        self.query = WorkQuery()
        self.endResetModel()

    def id_at(self, place: int) -> DocumentId | None:
        """The document at a place."""
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def place_of(self, document_id: DocumentId) -> int:
        """Where a document stands, or -1."""
        return self._ids.index(document_id) if document_id in self._ids else -1

    def line(self, place: int) -> WorkLine | None:
        """The line at a place; None when it vanished since the ids were read."""
        if not 0 <= place < len(self._ids):
            return None
        return self._page(place // _PAGE).get(self._ids[place])

    def _page(self, number: int) -> dict[DocumentId, WorkLine]:
        if number in self._pages:
            self._pages.move_to_end(number)
            return self._pages[number]
        ids = self._ids[number * _PAGE : (number + 1) * _PAGE]
        page = {line.id: line for line in self._reader.work_lines(ids)}
        self._pages[number] = page
        if len(self._pages) > _PAGES_KEPT:
            self._pages.popitem(last=False)
        return page

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or role not in {
            LINE_ROLE,
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.AccessibleTextRole,
        }:
            return None
        line = self.line(index.row())
        if line is None or role == LINE_ROLE:
            return line
        bal = self._of_bal(line.bal_id)
        return words.sentence(line, bal.label if bal else "")

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.tr("Documents reçus")
        return None
