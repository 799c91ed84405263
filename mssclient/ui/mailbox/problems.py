"""Problems that the engine tells, and what the one button of each does."""

from __future__ import annotations

from typing import assert_never

from PySide6.QtCore import QObject

from mssclient.domain.errors import Refused
from mssclient.domain.events import Problem, QuotaReached
from mssclient.engine.api import Engine, Told
from mssclient.ui.herald import Herald
from mssclient.ui.mailbox.desk import Desk
from mssclient.ui.mailbox.windows import Windows
from mssclient.ui.wording import Deed

_OWN_PLACE = {"attach", "draft", "file", "preview", "part"}
"""Contexts that the composer or the document's page tells itself while it is shown."""
_BACKED_OUT = {"move", "delete", "read", "unread", "flag", "unflag", "new folder", "rename folder", "delete folder"}
"""Contexts of acts that the screen showed as done, and shows undone when they are refused."""


class Problems(QObject):
    """Puts problems on the desk's strip unless a window tells them nearer; main thread."""

    def __init__(self, engine: Engine, herald: Herald, desk: Desk, windows: Windows) -> None:
        super().__init__(desk)
        self._engine = engine
        self._desk = desk
        self._windows = windows
        herald.problem.connect(self._on_problem)
        herald.quota_reached.connect(self._on_quota)
        desk.problems.acted.connect(self._on_deed)

    def _on_problem(self, event: Problem) -> None:
        told = self._engine.problem(event.problem_id)
        if told is None or not self._desk.isVisibleTo(self._desk.window()):
            return
        nearer = told.draft_id is not None or self._desk.right.currentIndex() == 1
        if told.context in _BACKED_OUT and isinstance(told.error, Refused):
            # Offering to take back what was not done would be a lie.
            self._desk.undo_bar.forget()
        if not (told.context in _OWN_PLACE and nearer):
            self._desk.problems.tell(told, self._whose(told))

    def _on_quota(self, event: QuotaReached) -> None:
        told = Told(0, Refused(f"QUOTA{event.percent}"), "quota", bal_id=event.bal_id)
        self._desk.problems.tell(told, self._whose(told))

    def _whose(self, told: Told) -> str:
        """The mailbox it is about, where there are several."""
        bals = {bal.id: bal.label for bal in self._engine.reader.bals()}
        return bals.get(told.bal_id, "") if told.bal_id is not None and len(bals) > 1 else ""

    def _on_deed(self, told: Told, deed: Deed) -> None:
        match deed:
            case Deed.SIGN_IN:
                self._engine.lock()
            case Deed.OPEN_DRAFT if told.draft_id is not None:
                self._windows.open_draft(told.draft_id)
            case Deed.OPEN_DRAFT | Deed.OPEN_OUTBOX:
                self._desk.show_outbox()
            case Deed.CHOOSE_FOLDER:
                self._windows.settings()
            case Deed.FILE_AGAIN:
                self._desk.file_first()
            case Deed.RETRY:
                self._engine.refresh()
            case Deed.CLOSE | Deed.NONE:
                pass
            case _:
                assert_never(deed)
