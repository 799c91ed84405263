"""The worklist "À intégrer": documents of every mailbox, and beside them the document and the form that files it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QSplitter, QTableView, QVBoxLayout, QWidget

from mssclient.domain.bal import Bal, BalId
from mssclient.domain.worklist import AsideReason, DocumentId, WorkLine, WorkState
from mssclient.engine.api import Engine
from mssclient.ui.herald import Herald
from mssclient.ui.mailbox.workbench import Workbench
from mssclient.ui.theme import colours, theme
from mssclient.ui.worklist import words
from mssclient.ui.worklist.columns import WorkStrip
from mssclient.ui.worklist.filters import WorkFilters
from mssclient.ui.worklist.model import WorkModel
from mssclient.ui.worklist.painter import WorkPainter

_SETTLE_MS = 90
_ENTER = {Qt.Key.Key_Return, Qt.Key.Key_Enter}


class WorkTable(QTableView):
    """One column, whole lines. `file_asked` and `aside_asked` are its keys; `message` shows while it is empty."""

    file_asked = Signal()
    aside_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("worklist.table")
        self.setAccessibleName(self.tr("Documents reçus à intégrer"))
        self.message = ""
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if plain and (event.key() in _ENTER or event.key() == Qt.Key.Key_C):
            self.file_asked.emit()
        elif plain and event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_E}:
            self.aside_asked.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, and matching would read every line."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.message and self.model().rowCount() == 0:
            painter = QPainter(self.viewport())
            painter.setPen(colours().muted)
            place = self.viewport().rect().adjusted(24, 0, -24, -self.viewport().height() // 3)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.message)
            painter.end()


class WorklistPage(QWidget):
    """Main thread. `undo_offered` carries a sentence and what takes it back; `outside_asked` as in the workbench."""

    undo_offered = Signal(str, object)
    outside_asked = Signal(object, str, str)

    def __init__(
        self, engine: Engine, herald: Herald, of_bal: Callable[[BalId], Bal | None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("worklist")
        self._engine = engine
        self.model = WorkModel(engine, herald, of_bal, self)
        self.model.awake = self.isVisible
        self.filters = WorkFilters(engine.reader, self)
        self.strip = WorkStrip(self)
        self.table = WorkTable(self)
        self.table.setItemDelegate(WorkPainter(of_bal, self.table))
        self.table.setModel(self.model)
        self.workbench = Workbench(engine, herald, self)
        self._sort, self._descending = "received", True
        self._shown: DocumentId | None = None
        self._stands: tuple[DocumentId | None, int] = (None, 0)
        self._next: DocumentId | None = None
        self._filing = False
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._open_current)
        self._lay_out()
        self._wire()
        self._size_lines()

    def _lay_out(self) -> None:
        listing = QWidget(self)
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.table, 1)
        self._halves = QSplitter(Qt.Orientation.Vertical, self)
        self._halves.addWidget(listing)
        self._halves.addWidget(self.workbench)
        self._halves.setChildrenCollapsible(False)
        self._halves.setSizes([300, 420])
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.filters)
        page.addWidget(self._halves, 1)
        self.workbench.back.hide()

    def _wire(self) -> None:
        self.setFocusProxy(self.table)
        self.filters.changed.connect(self._show)
        self.strip.sorted.connect(self._on_sorted)
        self.model.jumped.connect(self._on_read)
        self.model.modelAboutToBeReset.connect(self._note)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._settle.start())
        self.table.file_asked.connect(self.file)
        self.table.aside_asked.connect(self.ask_aside)
        self.table.doubleClicked.connect(lambda _index: self.file())
        self.table.customContextMenuRequested.connect(
            lambda point: self._menu(self.table.viewport().mapToGlobal(point))
        )
        self.workbench.filed.connect(self._on_filed)
        self.workbench.closed.connect(self._on_closed)
        self.workbench.outside_asked.connect(self.outside_asked)
        self.table.verticalScrollBar().rangeChanged.connect(lambda *_: self._arrange())
        theme.changed.connect(self._size_lines)

    # -- showing
    def refresh(self) -> None:
        """Read everything again: the page comes to the front."""
        self.filters.refresh()
        self._show()

    def empty(self) -> None:
        """Keep nothing of anybody on the screen."""
        self._settle.stop()
        self._shown = self._next = None
        self._filing = False
        self.model.clear()
        self.filters.empty()
        self.workbench.empty()

    def current(self) -> WorkLine | None:
        """The line the keyboard stands on."""
        return self.model.line(self.table.currentIndex().row())

    def selected(self) -> tuple[DocumentId, ...]:
        """The selected documents, from top to bottom."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return tuple(key for row in rows if (key := self.model.id_at(row)) is not None)

    def _show(self) -> None:
        self.model.show(self.filters.applied(self._sort, self._descending))
        self.table.scrollToTop()
        self._arrange()

    def _on_sorted(self, name: str, descending: bool) -> None:
        self._sort, self._descending = name, descending
        self._show()

    def _note(self) -> None:
        row = self.table.currentIndex().row()
        self._stands = (self.model.id_at(row), max(0, row))

    def _on_read(self) -> None:
        """After a re-reading: stand on the same document, else on the one that took its place."""
        count = self.model.rowCount()
        self.filters.show_count(count)
        self.table.message = (
            self.tr("Aucun document ne correspond.")
            if self.filters.is_narrow()
            else self.tr("Rien n’attend : tout ce qui a été reçu est intégré ou écarté.")
        )
        if not count:
            self._shown = None
            self.workbench.empty()
            self.table.viewport().update()
            return
        if self.table.currentIndex().isValid():
            return
        key, row = self._stands
        wanted = self._next if self._next is not None else key
        place = self.model.place_of(wanted) if wanted is not None else -1
        self._next = None
        self._stand_on(place if place >= 0 else min(row, count - 1))

    def _stand_on(self, place: int) -> None:
        chosen = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().setCurrentIndex(self.model.index(place, 0), chosen)

    def _open_current(self) -> None:
        line = self.current()
        if line is None or line.id == self._shown:
            return
        self._shown = line.id
        filing = self._filing and line.state is WorkState.NEW
        self._filing = False
        focus = self.window().focusWidget()
        self._look_at(line, filing=filing)
        if not filing and focus is self.table:
            self.table.setFocus()

    def _look_at(self, line: WorkLine, *, filing: bool) -> None:
        self._engine.want_part(line.part_id)
        self.workbench.show_part(line.part_id, line.content, words.title(line), filing=filing)

    # -- what the person does
    def file(self) -> None:
        """The form for the document one stands on, ready to be confirmed."""
        line = self.current()
        if line is not None:
            self._shown = line.id
            self._look_at(line, filing=True)

    def ask_aside(self) -> None:
        """Why the selection will not be filed: a menu of reasons."""
        if not self.selected():
            return
        menu = QMenu(self)
        menu.setObjectName("worklist.reasons")
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_reasons(menu)
        menu.popup(self.table.viewport().mapToGlobal(self.table.visualRect(self.table.currentIndex()).bottomLeft()))

    def set_aside(self, why: AsideReason) -> None:
        """Not filed, and why; can be taken back."""
        ids = self.selected()
        if ids:
            self._step_away()
            self._engine.set_aside(ids, why)
            one, many = self.tr("Document écarté : {why}."), self.tr("{n} documents écartés : {why}.")
            text = (one if len(ids) == 1 else many).format(n=len(ids), why=words.lowered(words.reason(why)))
            self.undo_offered.emit(text, partial(self._engine.take_up, ids))

    def take_up(self) -> None:
        """Back on the list."""
        if ids := self.selected():
            self._engine.take_up(ids)

    def _menu(self, place: QPoint) -> None:
        line = self.current()
        if line is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Classer dans le DUI")).triggered.connect(lambda _checked=False: self.file())
        if line.state in {WorkState.ASIDE, WorkState.REPLACED, WorkState.DOUBLE}:
            again = menu.addAction(self.tr("Remettre à intégrer"))
            again.triggered.connect(lambda _checked=False: self.take_up())
        else:
            self._fill_reasons(menu.addMenu(self.tr("Écarter")))
        menu.popup(place)

    def _fill_reasons(self, menu: QMenu) -> None:
        for why in AsideReason:
            action = menu.addAction(words.reason(why))
            action.triggered.connect(lambda _checked=False, why=why: self.set_aside(why))

    def _step_away(self) -> None:
        """Note the neighbour of what leaves, so that the eye stays where it was."""
        rows = [index.row() for index in self.table.selectionModel().selectedRows()]
        below, above = max(rows) + 1, min(rows) - 1
        place = below if below < self.model.rowCount() else above
        self._next = self.model.id_at(place)

    def _on_filed(self, _part: object) -> None:
        """The next one appears, its proposal ready."""
        if self.selected():
            self._step_away()
        self._filing = self._next is not None
        self.model.later()
        if self._next is None:
            self.table.setFocus()

    def _on_closed(self) -> None:
        self.workbench.filing.hide()
        self.workbench.file.show()
        self.table.setFocus()

    # -- Qt
    def _size_lines(self) -> None:
        height = WorkPainter.height(self.table.fontMetrics())
        self.table.verticalHeader().setDefaultSectionSize(height)
        self.table.verticalScrollBar().setSingleStep(height)
        self.strip.setFixedHeight(self.strip.sizeHint().height())
        self._arrange()

    def _arrange(self) -> None:
        margin = max(0, self.table.width() - self.table.viewport().width())
        self.strip.arrange(self._sort, self._descending, margin)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
