"""The tree's model: work lists, mailboxes, and the folders of each."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import Enum
from typing import assert_never

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QIcon

from mssclient.domain.bal import Bal, BalId, Folder, FolderId, FolderRole
from mssclient.domain.message import ListQuery
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.herald import Herald
from mssclient.ui.icons import OF_ROLE, icon
from mssclient.ui.models.message_list import MIME

NODE_ROLE = Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_SETTLE_MS = 80
_REST_FACTOR = 6
"""While changes stream in, counting takes at most a seventh of the screen's time."""
_QUIET = {FolderRole.SENT, FolderRole.TRASH, FolderRole.TRASHED, FolderRole.JUNK}
"""Folders whose unread counts nobody has to act on."""


class Work(Enum):
    """Lists that gather messages of every BAL (DUI.MSS.26)."""

    UNREAD = "unread"
    TO_FILE = "to file"
    DRAFTS = "drafts"
    OUTBOX = "outbox"
    DOCUMENTS = "documents"


WORK_ICONS = {
    Work.UNREAD: "envelope", Work.TO_FILE: "file", Work.DOCUMENTS: "health", Work.DRAFTS: "drafts", Work.OUTBOX: "outbox",
}  # fmt: skip


@dataclass(eq=False)
class Node:
    """One line of the tree: a work list, a BAL, or a folder."""

    parent: Node | None = None
    work: Work | None = None
    bal: Bal | None = None
    folder: Folder | None = None
    count: int = 0
    children: list[Node] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, object]:
        """What names this line from one reading to the next."""
        if self.work is not None:
            return "work", self.work
        if self.folder is not None:
            return "folder", self.folder.id
        return "bal", self.bal.id if self.bal else None

    def query(self) -> ListQuery | None:
        """What the list shows for this line; None for a line that shows nothing."""
        match self.work:
            case Work.UNREAD:
                return ListQuery(unread_only=True)
            case Work.TO_FILE:
                return ListQuery(to_file_only=True)
            case Work.DRAFTS | Work.OUTBOX | Work.DOCUMENTS:
                return None
            case None:
                pass
        folder = self.folder or self._inbox()
        return ListQuery(folder_id=folder.id) if folder and folder.selectable else None

    def _inbox(self) -> Folder | None:
        return next((n.folder for n in self.children if n.folder and n.folder.role is FolderRole.INBOX), None)

    def shape(self) -> tuple[object, ...]:
        """What must be equal for a re-reading to change no line, only values."""
        path = self.folder.path if self.folder else ()
        return (self.key, path, tuple(child.shape() for child in self.children))


class FolderTreeModel(QAbstractItemModel):
    """Two levels and more; one column. Main thread. Values change in place; another shape resets the model."""

    about_to_jump = Signal()
    jumped = Signal()
    dropped = Signal(object, object)
    """Messages were dragged onto a folder: their ids, the FolderId."""
    counted = Signal()
    """What is unread and what is to file was counted anew."""

    def __init__(self, engine: Engine, herald: Herald, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = engine.reader
        self._root = Node()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        herald.bals_changed.connect(self._on_changed)
        herald.folders_changed.connect(self._on_changed)
        herald.attachment_filed.connect(self._on_changed)
        herald.worklist_changed.connect(self._on_changed)
        herald.draft_changed.connect(self._on_changed)
        herald.outbox_changed.connect(self._on_changed)

    def refresh(self) -> None:
        """Read mailboxes and folders again."""
        begun = time.perf_counter()
        fresh = self._read()
        spent_ms = (time.perf_counter() - begun) * 1000
        self._settle.setInterval(max(_SETTLE_MS, int(spent_ms * _REST_FACTOR)))
        if fresh.shape() == self._root.shape():
            self._copy(fresh, self._root)
        else:
            self.about_to_jump.emit()
            self.beginResetModel()
            self._root = fresh
            self.endResetModel()
            self.jumped.emit()
        self.counted.emit()

    def clear(self) -> None:
        """Show nothing."""
        self._settle.stop()
        self.beginResetModel()
        self._root = Node()
        self.endResetModel()

    def node(self, index: Index) -> Node:
        """The line at an index; the root for no index."""
        pointed = index.internalPointer() if index.isValid() else None
        return pointed if isinstance(pointed, Node) else self._root

    def find(self, key: tuple[str, object]) -> QModelIndex:
        """Where a line stands, or an invalid index."""
        for node in self._walk(self._root):
            if node.key == key:
                return self._index_of(node)
        return QModelIndex()

    def folder(self, folder_id: FolderId) -> Folder | None:
        """A folder as last read."""
        return next((n.folder for n in self._walk(self._root) if n.folder and n.folder.id == folder_id), None)

    def first_inbox(self) -> Folder | None:
        """The inbox of the first mailbox."""
        folders = (n.folder for n in self._walk(self._root) if n.folder)
        return next((f for f in folders if f.role is FolderRole.INBOX), None)

    def bal(self, bal_id: BalId) -> Bal | None:
        """A mailbox as last read."""
        return next((n.bal for n in self._root.children if n.bal and n.bal.id == bal_id), None)

    def bals(self) -> list[Bal]:
        """All mailboxes, as last read."""
        return [node.bal for node in self._root.children if node.bal]

    def _read(self) -> Node:
        root = Node()
        bals = self._reader.bals()
        if bals:
            root.children = [
                Node(root, work=Work.UNREAD, count=self._reader.unread()),
                Node(root, work=Work.TO_FILE, count=self._reader.to_file()),
                Node(root, work=Work.DOCUMENTS, count=self._reader.work_count()),
                Node(root, work=Work.DRAFTS, count=len(self._reader.drafts()) + len(self._reader.drafts_there())),
                Node(root, work=Work.OUTBOX, count=len(self._reader.outbox())),
            ]
        for bal in bals:
            root.children.append(self._read_bal(root, bal))
        return root

    def _read_bal(self, root: Node, bal: Bal) -> Node:
        top = Node(root, bal=bal)
        by_path: dict[tuple[str, ...], Node] = {}
        for folder in self._reader.folders(bal.id):
            if folder.role is FolderRole.DRAFTS:
                continue  # each draft is on the list of drafts, once
            home = by_path.get(folder.path[:-1], top)
            count = 0 if folder.role in _QUIET else folder.unread
            by_path[folder.path] = Node(home, bal=bal, folder=folder, count=count)
            home.children.append(by_path[folder.path])
        top.count = sum(n.count for n in self._walk(top))
        return top

    def _walk(self, node: Node) -> list[Node]:
        found = []
        for child in node.children:
            found += [child, *self._walk(child)]
        return found

    def _copy(self, fresh: Node, shown: Node) -> None:
        for new, old in zip(fresh.children, shown.children, strict=True):
            if (new.bal, new.folder, new.count) != (old.bal, old.folder, old.count):
                old.bal, old.folder, old.count = new.bal, new.folder, new.count
                index = self._index_of(old)
                self.dataChanged.emit(index, index)
            self._copy(new, old)

    def _index_of(self, node: Node) -> QModelIndex:
        if node.parent is None:
            return QModelIndex()
        return self.createIndex(node.parent.children.index(node), 0, node)

    def _on_changed(self, _event: object) -> None:
        if not self._settle.isActive():
            self._settle.start()

    def _label(self, node: Node) -> str:
        if node.work is not None:
            return self._work_label(node.work)
        if node.folder is not None:
            return wording.folder_name(node.folder)
        return (node.bal.label or node.bal.address) if node.bal else ""

    def _work_label(self, work: Work) -> str:
        match work:
            case Work.UNREAD:
                return self.tr("Tous les non lus")
            case Work.TO_FILE:
                return self.tr("Tout à classer")
            case Work.DOCUMENTS:
                return self.tr("À intégrer")
            case Work.DRAFTS:
                return self.tr("Mes brouillons")
            case Work.OUTBOX:
                return self.tr("Suivi des envois")
            case _:
                assert_never(work)

    def _spoken(self, node: Node) -> str:
        label = self._label(node)
        if node.bal is not None and node.folder is None:
            label = self.tr("{label}, {kind}, {address}").format(
                label=label, kind=wording.bal_kind(node.bal.kind).lower(), address=node.bal.address
            )
        if not node.count:
            return label
        if node.work not in {None, Work.UNREAD}:
            return self.tr("{label}, {n}").format(label=label, n=node.count)
        return self.tr("{label}, {count}").format(label=label, count=wording.count_unread(node.count))

    def index(self, row: int, column: int, parent: Index = _NOWHERE) -> QModelIndex:
        siblings = self.node(parent).children
        if column == 0 and 0 <= row < len(siblings):
            return self.createIndex(row, column, siblings[row])
        return QModelIndex()

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        above = self.node(index).parent if index.isValid() else None
        return self._index_of(above) if above is not None else QModelIndex()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return len(self.node(parent).children) if parent.column() <= 0 else 0

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        node = self.node(index)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._label(node)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(node)
            case Qt.ItemDataRole.ToolTipRole:
                return node.bal.address if node.bal and not node.folder else None
            case Qt.ItemDataRole.DecorationRole:
                return _icon(node)
        return node if role == NODE_ROLE else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        usual = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        node = self.node(index)
        return usual | Qt.ItemFlag.ItemIsDropEnabled if node.folder and node.folder.selectable else usual

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def dropMimeData(self, carried: QMimeData, _action: Qt.DropAction, _row: int, _column: int, parent: Index) -> bool:
        folder = self.node(parent).folder
        if folder is None or not carried.hasFormat(MIME):
            return False
        ids = tuple(int(piece) for piece in bytes(carried.data(MIME).data()).decode().split(",") if piece)
        self.dropped.emit(ids, folder.id)
        return True


def _icon(node: Node) -> QIcon | None:
    if node.work is not None:
        return icon(WORK_ICONS[node.work])
    return icon(OF_ROLE[node.folder.role]) if node.folder else None
