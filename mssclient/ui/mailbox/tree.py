"""Whose mailbox: work lists, mailboxes with their letter and colour, folders with what is unread in them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from mssclient.domain.bal import Link
from mssclient.engine.api import Engine
from mssclient.ui.herald import Herald
from mssclient.ui.icons import OF_ROLE, pixmap
from mssclient.ui.mailbox.row_painter import draw_badge
from mssclient.ui.models.folder_tree import NODE_ROLE, WORK_ICONS, FolderTreeModel, Node
from mssclient.ui.theme import colours, theme

_SETTLE_MS = 120
_PASSING = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason, Qt.FocusReason.MenuBarFocusReason}


class MailboxTree(QTreeView):
    """`chosen` says what the list has to show, once the keyboard settles on a line."""

    chosen = Signal(object, object)
    """The `ListQuery` (None for drafts and outbox), and the `Node`."""
    left = Signal()
    """The keyboard went elsewhere in the window."""
    menu_asked = Signal(object, object)
    """The menu of a line: where on the screen, the `Node`."""
    delete_asked = Signal()
    """Del, while the keyboard is here."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mailbox.tree")
        self.setAccessibleName(self.tr("Boîtes aux lettres et dossiers"))
        self.folders = FolderTreeModel(engine, herald, self)
        self.setModel(self.folders)
        self.setItemDelegate(_LinePainter(self))
        self.setHeaderHidden(True)
        self.setIndentation(14)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(False)
        self.setAnimated(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self._closed: set[tuple[str, object]] = set()
        self._noted: tuple[str, object] | None = None
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._choose)
        self.collapsed.connect(lambda index: self._closed.add(self.folders.node(index).key))
        self.expanded.connect(lambda index: self._closed.discard(self.folders.node(index).key))
        self.folders.about_to_jump.connect(self._note)
        self.folders.jumped.connect(self._restore)
        self.selectionModel().currentRowChanged.connect(lambda *_: self._settle.start())
        theme.changed.connect(self.doItemsLayout)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            self.left.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # The right button asks for a line's menu and leaves the list where it is.
        if event.button() is not Qt.MouseButton.RightButton:
            super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_hand = event.reason() is QContextMenuEvent.Reason.Mouse
        index = self.indexAt(event.pos()) if by_hand else self.currentIndex()
        if index.isValid():
            line = self.visualRect(index)
            place = event.globalPos() if by_hand else self.viewport().mapToGlobal(line.bottomLeft())
            self.menu_asked.emit(place, self.folders.node(index))

    def event(self, event: QEvent) -> bool:
        # In the tree Del is about the folder, not about the message that the list stands on.
        is_del = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete and not event.modifiers()
        if is_del and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            self.delete_asked.emit()
        else:
            super().keyPressEvent(event)

    def node(self) -> Node | None:
        """The line the keyboard stands on."""
        return self.folders.node(self.currentIndex()) if self.currentIndex().isValid() else None

    def go_to(self, key: tuple[str, object]) -> bool:
        """Stand on a line, at once."""
        index = self.folders.find(key)
        if not index.isValid():
            return False
        self.setCurrentIndex(index)
        self._settle.stop()
        self._choose()
        return True

    def _choose(self) -> None:
        node = self.node()
        if node is not None:
            self.chosen.emit(node.query(), node)

    def _note(self) -> None:
        node = self.node()
        self._noted = node.key if node else None

    def _restore(self) -> None:
        closed = set(self._closed)
        self.expandAll()
        self._closed = closed
        for key in closed:
            index = self.folders.find(key)
            if index.isValid():
                self.collapse(index)
        index = self.folders.find(self._noted) if self._noted else QModelIndex()
        if index.isValid():
            # The same line as before: the list shows it already.
            blocked = self.selectionModel().blockSignals(True)
            self.setCurrentIndex(index)
            self.selectionModel().blockSignals(blocked)
            self.viewport().update()


class _LinePainter(QStyledItemDelegate):
    """A line of the tree; mailboxes stand out as headings."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        node = index.data(NODE_ROLE)
        height = option.fontMetrics.height()
        heading = isinstance(node, Node) and node.bal is not None and node.folder is None
        return QSize(100, height + (18 if heading else 10))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        node = index.data(NODE_ROLE)
        if not isinstance(node, Node):
            return
        painter.save()
        self._ground(painter, option)
        text = str(index.data(Qt.ItemDataRole.DisplayRole))
        # The whole width is ours: indentation is small and the count stands at the right edge.
        area = option.rect.adjusted(6, 0, -8, 0)
        if node.bal is not None and node.folder is None:
            self._heading(painter, area, node, text)
        else:
            self._folder(painter, area, node, text)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        c = colours()
        box = option.rect.adjusted(2, 1, -4, -1)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(c.selected if selected else c.hover))
            painter.drawRoundedRect(box, 5, 5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        view = option.widget
        if option.state & QStyle.StateFlag.State_HasFocus and isinstance(view, QWidget) and view.hasFocus():
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)

    def _heading(self, painter: QPainter, area: QRect, node: Node, text: str) -> None:
        c, bal = colours(), node.bal
        if bal is None:
            return
        side = painter.fontMetrics().height() + 5
        draw_badge(painter, QRect(area.x(), area.y() + (area.height() - side) // 2, side, side), bal)
        font = QFont(painter.font())
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(c.text))
        room = area.adjusted(side + 8, 0, -4, 0)
        if bal.link in {Link.OFFLINE, Link.REFUSED}:
            mark = side - 5
            name, colour = ("offline", c.muted) if bal.link is Link.OFFLINE else ("error", c.danger)
            painter.drawPixmap(room.right() - mark, area.y() + (area.height() - mark) // 2, pixmap(name, mark, colour))
            room.setRight(room.right() - mark - 4)
        self._write(painter, room, text)

    def _folder(self, painter: QPainter, area: QRect, node: Node, text: str) -> None:
        c = colours()
        side = painter.fontMetrics().height()
        name = WORK_ICONS[node.work] if node.work else "folder"
        if node.folder:
            name = OF_ROLE[node.folder.role]
        tint = c.accent if node.count and not node.work else c.muted
        painter.drawPixmap(area.x(), area.y() + (area.height() - side) // 2, pixmap(name, side, tint))
        font = QFont(painter.font())
        font.setBold(bool(node.count))
        painter.setFont(font)
        room = area.adjusted(side + 7, 0, 0, 0)
        if node.count:
            count = str(node.count)
            width = painter.fontMetrics().horizontalAdvance(count)
            painter.setPen(QColor(c.accent))
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, count)
            room.setRight(room.right() - width - 8)
        painter.setPen(QColor(c.text))
        self._write(painter, room, text)

    def _write(self, painter: QPainter, room: QRect, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
