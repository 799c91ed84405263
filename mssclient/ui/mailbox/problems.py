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
        if not (told.context in _OWN_PLACE and nearer):
            self._desk.problems.tell(told)

    def _on_quota(self, event: QuotaReached) -> None:
        self._desk.problems.tell(Told(0, Refused(f"QUOTA{event.percent}"), "quota", bal_id=event.bal_id))

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
