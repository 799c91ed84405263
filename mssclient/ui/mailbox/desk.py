"""The working place: tree, list, reading, and what follows from one to the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from mssclient.domain.bal import Bal, BalId, BalKind, FolderId, FolderRole
from mssclient.domain.message import ListQuery, MessageId, PartId
from mssclient.engine.api import Engine, Preferences
from mssclient.ui.compose.notice import Notice
from mssclient.ui.herald import Herald
from mssclient.ui.mailbox.drafts_page import DraftsPage
from mssclient.ui.mailbox.filter_bar import FilterBar
from mssclient.ui.mailbox.list_view import MessageListPane
from mssclient.ui.mailbox.outside import Outside
from mssclient.ui.mailbox.panes import Panes
from mssclient.ui.mailbox.reading import ReadingPane
from mssclient.ui.mailbox.tree import MailboxTree
from mssclient.ui.mailbox.workbench import Workbench
from mssclient.ui.models.folder_tree import Node, Work
from mssclient.ui.outbox.view import OutboxView
from mssclient.ui.sign_in.session_bar import SessionBar
from mssclient.ui.widgets.problem_strip import ProblemStrip
from mssclient.ui.widgets.undo_bar import UndoBar
from mssclient.ui.worklist.page import WorklistPage

_TYPING_MS = 30
_SIDE_BY_SIDE = 840
"""Pixels a document and its filing form want, one beside the other."""


class Desk(QWidget):
    """Owns the panes and the query. `changed` says that what one can do may have changed. Main thread."""

    changed = Signal()
    title_changed = Signal(str)
    draft_wanted = Signal(str)
    copy_wanted = Signal(object)
    """A message of a Drafts folder is to be written on."""

    def __init__(
        self, engine: Engine, herald: Herald, clock: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("desk")
        self._engine = engine
        self._base = ListQuery()
        self._search = ""
        self._wished = 0
        self._make(engine, herald, clock)
        self._lay_out()
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._show)
        self._wire()

    def _make(self, engine: Engine, herald: Herald, clock: Callable[[], datetime]) -> None:
        self.tree = MailboxTree(engine, herald, self)
        self.list = MessageListPane(engine, herald, clock, self.bal, self)
        self.filters = FilterBar(self)
        self.reading = ReadingPane(engine, herald, clock, self.bal, self)
        self.workbench = Workbench(engine, herald, self)
        self.outbox = OutboxView(engine, herald, self)
        self.drafts = DraftsPage(engine, herald, clock, self)
        self.worklist = WorklistPage(engine, herald, self.bal, self)
        self.problems = ProblemStrip(self)
        self.session_bar = SessionBar(engine, herald, clock, self)
        self.question = Notice("desk.question", self)
        self.folder_question = Notice("desk.folder_question", self)
        self.outside = Outside(engine, herald, self)
        self.undo_bar = UndoBar(self)

    def _lay_out(self) -> None:
        listing = QWidget(self)
        listing.setProperty("surface", "base")
        column = QVBoxLayout(listing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.filters)
        column.addWidget(self.list, 1)
        self.right = QStackedWidget(self)
        self.right.addWidget(self.reading)
        self.right.addWidget(self.workbench)
        self.panes = Panes(self.tree, listing, self.right, self)
        self.panes.centre.addWidget(self.outbox)
        self.panes.centre.addWidget(self.drafts)
        self.panes.centre.addWidget(self.worklist)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        for widget in (self.session_bar, self.problems, self.question, self.folder_question, self.outside.notice):
            page.addWidget(widget)
        page.addWidget(self.panes, 1)
        page.addWidget(self.undo_bar)

    def _wire(self) -> None:
        self.tree.chosen.connect(self._on_chosen)
        self.tree.folders.jumped.connect(self._settle)
        self.tree.folders.modelReset.connect(self.changed)
        self.list.opened.connect(self._on_opened)
        self.list.activated.connect(self._on_activated)
        self.list.selection_changed.connect(self.changed)
        self.list.model.count_changed.connect(self._on_count)
        self.filters.changed.connect(self._on_filters)
        self.filters.folders.clicked.connect(self._call_tree)
        self.panes.narrowed.connect(self.filters.folders.setVisible)
        self.tree.left.connect(lambda: self._call_tree(False))
        self.tree.activated.connect(lambda _index: self.list.table.setFocus())
        self.reading.message_wanted.connect(self.reading.show_message)
        self.reading.preview_asked.connect(lambda *key: self.show_part(*key, filing=False))
        self.reading.filing_asked.connect(lambda *key: self.show_part(*key, filing=True))
        self.reading.shown.connect(lambda _message: self.changed.emit())
        self.workbench.closed.connect(self.back_to_message)
        self.reading.outside_asked.connect(self.outside.ask)
        self.workbench.outside_asked.connect(self.outside.ask)
        self.worklist.outside_asked.connect(self.outside.ask)
        self.worklist.undo_offered.connect(self.undo_bar.offer)
        self.outside.answered.connect(self._take_keyboard)
        self.session_bar.keyboard_back.connect(self._take_keyboard)
        self.drafts.wanted.connect(self.draft_wanted)
        self.drafts.copy_wanted.connect(self.copy_wanted)
        self.drafts.undo_offered.connect(self.undo_bar.offer)

    # -- what one stands on
    def bal(self, bal_id: BalId) -> Bal | None:
        """A mailbox as last read."""
        return self.tree.folders.bal(bal_id)

    def bal_here(self) -> BalId | None:
        """The mailbox one stands in: of the tree's line, else of the message, else the person's own."""
        node = self.tree.node()
        if node is not None and node.bal is not None:
            return node.bal.id
        if self.reading.message is not None:
            return self.reading.message.row.bal_id
        bals = self.tree.folders.bals()
        return bals[0].id if bals else None

    def targets(self) -> tuple[MessageId, ...]:
        """What a verb acts on: several selected messages, else the one that is read (it may stand in another
        folder: the conversation led there), else the one selected."""
        if self.panes.centre.currentIndex() != 0:
            return ()
        selected = () if self.panes.reading_alone else self.list.selected()
        message = self.reading.message
        return (message.row.id,) if message is not None and len(selected) <= 1 else selected

    def has_targets(self) -> bool:
        """Whether a verb would act on anything; cheap however much is selected."""
        if self.panes.centre.currentIndex() != 0:
            return False
        return self.reading.message is not None or (not self.panes.reading_alone and self.list.has_selection())

    def one(self) -> MessageId | None:
        """What is answered or forwarded: the message that is read, else the only one selected."""
        if self.panes.centre.currentIndex() != 0:
            return None
        if self.reading.message is not None:
            return self.reading.message.row.id
        targets = self.targets()
        return targets[0] if len(targets) == 1 else None

    def folder_of(self, message_id: MessageId) -> FolderId | None:
        """The folder a message stands in."""
        message = self._engine.reader.message(message_id)
        return message.row.folder_id if message is not None else None

    # -- showing
    def open(self, preferences: Preferences) -> None:
        """A person came in: their mailboxes, their arrangement, the folder they left."""
        self.tree.folders.refresh()
        self.tree.expandAll()
        self.arrange(preferences)
        self._wished = preferences.last_folder
        self._settle()
        self.list.table.setFocus()

    def _settle(self) -> None:
        """Stand somewhere as soon as there is a place: the folder the person left, else the first inbox."""
        if self.tree.node() is not None:
            return
        if self._wished and self.tree.go_to(("folder", FolderId(self._wished))):
            return
        if (inbox := self.tree.folders.first_inbox()) is not None:
            self.tree.go_to(("folder", inbox.id))

    def arrange(self, preferences: Preferences) -> None:
        """Panes, density and conversations as the person wants them."""
        self.panes.set_pane(preferences.pane)
        self.list.set_two_lines(preferences.two_lines)
        if self.filters.conversations.isChecked() != preferences.conversations:
            self.filters.conversations.setChecked(preferences.conversations)
            self._show()

    def empty(self) -> None:
        """Keep nothing of anybody on the screen."""
        self._base = ListQuery()
        self._search = ""
        self._typing.stop()
        self.list.clear()
        self.reading.empty()
        self.workbench.empty()
        self.tree.folders.clear()
        self.problems.clear()
        self.question.hush()
        self.folder_question.hush()
        self.outside.forget()
        self.session_bar.forget()
        self.undo_bar.forget()
        self.drafts.forget()
        self.filters.empty()
        self.outbox.forget()
        self.worklist.empty()
        self.right.setCurrentIndex(0)

    def search(self, text: str) -> None:
        """Show what was found as the person types; an empty text shows the folder again."""
        self._search = text.strip()
        self._typing.start()

    def search_now(self) -> None:
        """Do not wait for the typing to end."""
        if self._typing.isActive():
            self._typing.stop()
            self._show()

    def show_part(self, part_id: PartId, content: str, name: str, *, filing: bool) -> None:
        """Show a document in the place of its message; with `filing`, the form beside it."""
        self.right.setCurrentIndex(1)
        if filing:
            self.panes.widen_reading(_SIDE_BY_SIDE)
        self.workbench.show_part(part_id, content, name, filing=filing)

    def file_first(self) -> None:
        """Ctrl+D: file the first thing of the message that is not in the record."""
        if self.reading.message is not None and (first := self.reading.attachments.first):
            self.show_part(*first, filing=True)

    def open_first_outside(self) -> None:
        """Hand the document on screen, or the first of the message, to another program."""
        if self.right.currentIndex() == 1 and self.workbench.key is not None:
            self.outside.ask(*self.workbench.key)
        elif self.reading.message is not None and (key := self.reading.attachments.top):
            self.outside.ask(*key)

    def back_to_message(self) -> None:
        """Leave the document."""
        self._leave_document()
        self.reading.refresh()
        self.reading.body.setFocus()

    def _leave_document(self) -> None:
        if self.right.currentIndex() == 1:
            self.right.setCurrentIndex(0)
            self.workbench.empty()
            self.panes.give_back()

    def step_back(self) -> None:
        """Escape: from a document to its message, from a message to the list, from a search to the folder."""
        if self.right.currentIndex() == 1:
            self.back_to_message()
        elif self.panes.reading_alone:
            self.panes.show_reading(False)
            self.list.table.setFocus()

    def show_outbox(self) -> None:
        """The outbox and the register of what was sent."""
        self.tree.go_to(("work", Work.OUTBOX))

    def show_worklist(self) -> None:
        """Received documents to put into the record."""
        self.tree.go_to(("work", Work.DOCUMENTS))
        self.worklist.table.setFocus()

    def next_pane(self, step: int) -> None:
        """F6: from tree to list to reading."""
        called = [self.tree] if self.panes.narrow or self.tree.isVisible() else []
        stops = called + [w for w in (*self._middle(), self.session_bar.button) if w.isVisible()]
        here = next((n for n, w in enumerate(stops) if w.hasFocus() or w.isAncestorOf(self._focus())), -1)
        there = stops[(here + step) % len(stops)]
        if there is self.tree:
            self._call_tree(True)
        there.setFocus()

    def _call_tree(self, on: bool) -> None:
        """While there is no room for it: the tree in front, or away."""
        self.panes.call_tree(on)
        self.filters.folders.setChecked(on)
        if on:
            self.tree.setFocus()

    def _take_keyboard(self) -> None:
        self.list.table.setFocus()

    def _focus(self) -> QWidget:
        return self.window().focusWidget() or self

    def _middle(self) -> list[QWidget]:
        match self.panes.centre.currentIndex():
            case 1:
                return [self.outbox]
            case 2:
                return [self.drafts.lines]
            case _ if self.panes.centre.currentWidget() is self.worklist:
                return [self.worklist.table, self.worklist.workbench.preview]
            case _:
                right: QWidget = self.reading.body if self.right.currentIndex() == 0 else self.workbench.preview
                return [self.list.table, right]

    def _show(self) -> None:
        query = self._base
        if self._search:
            here = self.bal_here() if self.filters.here.isChecked() else None
            query = ListQuery(search=self._search, bal_id=here)
            self.panes.centre.setCurrentIndex(0)
        self.filters.here.setVisible(bool(self._search))
        query = replace(self.filters.applied(query), sort=self.list.query.sort)
        self._title()
        self.list.show_query(query)
        self._engine.search_there(query)
        self.reading.empty()
        self._leave_document()
        self.panes.show_reading(False)

    def _title(self) -> None:
        node = self.tree.node()
        place = ""
        if node is not None:
            place = str(self.tree.folders.data(self.tree.currentIndex()) or "")
            if node.bal is not None and node.folder is None:
                place = node.bal.label
        bal = node.bal if node is not None else None
        if bal is not None and bal.kind is BalKind.PER and not bal.own:
            place = self.tr("{place}, au nom de {person}").format(place=place, person=bal.label)
        shown = self.tr("Recherche « {words} »").format(words=self._search) if self._search else place
        self.filters.title.set_text(shown)
        bal = None if self._search else bal
        self.filters.badge.setVisible(bal is not None)
        self.filters.badge.show_bal(bal)
        owner = self.tr("{place} – {bal}").format(place=place, bal=bal.label) if bal and bal.label != place else place
        self.title_changed.emit(owner)

    def _on_chosen(self, query: ListQuery | None, node: Node) -> None:
        if node.work in {Work.OUTBOX, Work.DRAFTS, Work.DOCUMENTS}:
            self._show_work(node.work)
            return
        self.panes.centre.setCurrentIndex(0)
        self._search = ""
        self._base = query or ListQuery()
        self._show()
        if self._base.folder_id is not None:
            self._engine.open_folder(self._base.folder_id)

    def _show_work(self, work: Work) -> None:
        if work is Work.OUTBOX:
            self.outbox.refresh()
        elif work is Work.DRAFTS:
            self.drafts.refresh()
        else:
            self.worklist.refresh()
        pages: dict[Work, QWidget] = {Work.OUTBOX: self.outbox, Work.DRAFTS: self.drafts}
        self.panes.centre.setCurrentWidget(pages.get(work, self.worklist))
        self._title()
        self.changed.emit()

    def _on_filters(self) -> None:
        here = self.list.current()
        self._show()
        if here is not None:
            self.list.go_to(here)

    def _on_opened(self, message_id: MessageId | None) -> None:
        if self.panes.pane != "list":
            self._leave_document()
            self.reading.show_message(message_id)

    def _on_activated(self, message_id: MessageId | None) -> None:
        if message_id is None:
            return
        if self._is_draft(message_id):
            self.copy_wanted.emit(message_id)
            return
        self._leave_document()
        self.reading.show_message(message_id)
        self.panes.show_reading(True)
        self.reading.body.setFocus()

    def _is_draft(self, message_id: MessageId) -> bool:
        """Whether a message stands in a Drafts folder: opened, it is written on, not read."""
        message = self._engine.reader.message(message_id)
        folders = self._engine.reader.folders(message.row.bal_id) if message is not None else ()
        here = message.row.folder_id if message is not None else None
        return any(f.id == here and f.role is FolderRole.DRAFTS for f in folders)

    def _on_count(self, n: int) -> None:
        self.filters.show_count(n)
        query = self.list.query
        if query.search:
            self.list.table.message = self.tr("Rien ne correspond à cette recherche.")
        elif query.unread_only:
            self.list.table.message = self.tr("Tout est lu.")
        elif query.to_file_only:
            self.list.table.message = self.tr("Tout est classé.")
        else:
            self.list.table.message = self.tr("Aucun message ici.")
        self.changed.emit()
