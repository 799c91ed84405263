"""The windows beside the main one: composers, the Annuaire, the settings. Each exists once for what it is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mssclient.domain.address import Correspondent
from mssclient.domain.bal import BalId
from mssclient.domain.draft import Draft, DraftId
from mssclient.domain.events import DraftChanged, OutboxChanged
from mssclient.domain.message import MessageId
from mssclient.domain.outbox import OutboxId, SendState
from mssclient.engine.api import Engine
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.dashboard.window import DashboardWindow
from mssclient.ui.directory.window import DirectoryWindow
from mssclient.ui.herald import Herald
from mssclient.ui.settings.dialog import SettingsDialog
from mssclient.ui.widgets.file_dialog import choose_target


class Windows(QObject):
    """Opens and remembers windows; main thread. `left` tells that a message went to the outbox and may come back,
    `gone` that it no longer can."""

    left = Signal(object)
    gone = Signal()
    preferences_changed = Signal(object)

    def __init__(self, engine: Engine, herald: Herald, home: QWidget, bal_here: Callable[[], BalId | None]) -> None:
        super().__init__(home)
        self._engine = engine
        self._herald = herald
        self._home = home
        self._bal_here = bal_here
        self._composers: dict[DraftId, ComposeWindow] = {}
        self._directory: DirectoryWindow | None = None
        self._settings: SettingsDialog | None = None
        self._dashboard: DashboardWindow | None = None
        self._leaving: set[OutboxId] | None = None
        self._held: OutboxId | None = None
        self._returning: set[DraftId] | None = None
        self._coming: set[DraftId] = set()
        """Drafts whose window opens when the engine has them."""
        herald.outbox_changed.connect(self._on_outbox)
        herald.draft_changed.connect(self._on_draft)

    def compose(self, draft: Draft) -> ComposeWindow:
        """Open a draft, or bring its window to the front."""
        window = self._composers.get(draft.id)
        if window is None:
            window = ComposeWindow(self._engine, self._herald, draft)
            self._composers[draft.id] = window
            window.sent.connect(self._on_sent)
            window.rival.replaced.connect(partial(self._on_replaced, draft.id, window))
            window.destroyed.connect(partial(self._on_gone, draft.id, window))
        self._front(window)
        return window

    def new(self, to: tuple[Correspondent, ...] = ()) -> None:
        """A new message from the mailbox one stands in."""
        bal_id = self._bal_here()
        if bal_id is not None:
            self.compose(self._engine.new_draft(bal_id, to))

    def continue_draft(self, message_id: MessageId) -> None:
        """Go on with a draft that stands in a Drafts folder; its window opens once it is here."""
        draft_id = self._engine.continue_draft(message_id)
        if self._engine.reader.draft(draft_id) is None:
            self._coming.add(draft_id)
        else:
            self.open_draft(draft_id)

    def _on_replaced(self, draft_id: DraftId, window: ComposeWindow) -> None:
        """The other version was chosen: it opens in a window of its own once it is here."""
        self._composers.pop(draft_id, None)
        self._coming.add(draft_id)
        window.close()

    def open_draft(self, draft_id: DraftId) -> None:
        """Go on with a draft."""
        if draft := self._engine.reader.draft(draft_id):
            self.compose(draft)

    def directory(self) -> None:
        """The Annuaire."""
        if self._directory is None:
            self._directory = DirectoryWindow(self._engine, self._herald)
            self._directory.write_to.connect(self.new)
        self._front(self._directory)

    def dashboard(self) -> None:
        """What was exchanged, counted."""
        if self._dashboard is None:
            self._dashboard = DashboardWindow(self._engine, self._herald)
        else:
            self._engine.count_exchanges()
        self._front(self._dashboard)

    def export_traces(self) -> None:
        """The traces of the person's acts, where they choose."""
        title = self.tr("Exporter les traces")
        choose_target(self._home, title, "traces.csv", self._engine.export_traces)

    def settings(self, page: str = "") -> None:
        """The settings; not modal. `page` as in `SettingsDialog.show_page`."""
        if self._settings is None:
            self._settings = SettingsDialog(self._engine, self._herald, self._home)
            self._settings.preferences_changed.connect(self.preferences_changed)
        if page:
            self._settings.show_page(page)
        self._front(self._settings)

    def take_back(self, outbox_id: OutboxId) -> None:
        """Undo a send: the message comes back as a draft and its window opens again."""
        self._returning = {draft.id for draft in self._engine.reader.drafts()}
        self._engine.take_back(outbox_id)

    def keep_all(self) -> None:
        """The person is about to leave: what was typed goes into their store while it is open."""
        for window in list(self._composers.values()):
            window.keep()

    def drop_all(self) -> None:
        """The person has left: windows go away unasked, and nothing of them comes back for the next one."""
        for window in list(self._composers.values()):
            window.keeper.finish()
        for other in (*self._composers.values(), self._directory, self._settings, self._dashboard):
            if other is not None:
                other.hide()
                other.deleteLater()
        self._composers.clear()
        self._directory = self._settings = self._dashboard = None
        self._leaving = self._held = self._returning = None
        self._coming.clear()

    def close_all(self) -> None:
        """The person leaves: windows go away; drafts are kept by their composers."""
        for window in list(self._composers.values()):
            window.close()
        for other in (self._directory, self._settings, self._dashboard):
            if other is not None:
                other.close()

    def _front(self, window: QWidget) -> None:
        window.show()
        window.raise_()
        window.activateWindow()

    def _on_sent(self, _draft_id: str) -> None:
        self._leaving = {line.id for line in self._engine.reader.outbox()}
        self._offer_undo()

    def _on_outbox(self, _event: OutboxChanged) -> None:
        self._offer_undo()
        queued = {line.id for line in self._engine.reader.outbox() if line.state is SendState.QUEUED}
        if self._held is not None and self._held not in queued:
            self._held = None
            self.gone.emit()

    def _offer_undo(self) -> None:
        """The engine queues on its own thread: the line may stand in the outbox already, or come with an event."""
        if self._leaving is None:
            return
        held = [line for line in self._engine.reader.outbox() if line.state is SendState.QUEUED and line.tries == 0]
        if held:
            self._leaving = None
            self._held = max(held, key=lambda line: line.id).id
            self.left.emit(self._held)

    def _on_draft(self, event: DraftChanged) -> None:
        if event.draft_id in self._coming and self._engine.reader.draft(event.draft_id) is not None:
            self._coming.discard(event.draft_id)
            self.open_draft(event.draft_id)
        if self._returning is not None and event.draft_id not in self._returning:
            if self._engine.reader.draft(event.draft_id) is None:
                return
            self._returning = None
            self.open_draft(event.draft_id)

    def _on_gone(self, draft_id: DraftId, window: ComposeWindow, _gone: object = None) -> None:
        # A window that went late must not take along the one that took its place.
        if self._composers.get(draft_id) is window:
            del self._composers[draft_id]
