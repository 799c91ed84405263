"""A workstation at the theatre: the real program, its card reader, and a person who signs in and goes to a folder."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mssclient import app
from mssclient.domain.bal import Bal, Folder, FolderRole, Link
from mssclient.domain.environment import Environment
from mssclient.domain.message import Loading, MessageId, Row
from mssclient.domain.session import CardHolder, SessionState
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.loop import rest, until
from mssclient.stage.reader import StageReader
from mssclient.ui.main_window import MainWindow


class Workplace:
    """One running program. Main thread; `stop` ends it."""

    def __init__(self, environment: Environment, home: Path) -> None:
        self.reader = StageReader()
        self.number = ""
        """National id of who answers PSC's page; empty cancels."""
        context = ssl.create_default_context(cafile=environment.web_anchors)
        self.browser = StandInBrowser(context, dict(environment.hosts), lambda: self.number)
        self.app = app.Application(environment, home, reader=self.reader, browser=self.browser)
        self.window: MainWindow = self.app.window
        self.engine = self.app.engine

    def start(self) -> None:
        """Show the window and begin."""
        self.app.start()

    def stop(self) -> None:
        """End the program, and the walk of the browser if there is one."""
        self.app.stop()
        self.browser.join()
        self.window.close()
        self.window.deleteLater()
        rest(1)

    # -- signing in
    def insert(self, card: CardHolder) -> None:
        """The card goes in, and is seen."""
        self.number = card.national_id
        self.reader.insert(card)
        # This card, not the one before: another card during a sign-in ends it.
        until(lambda: self.engine.card_status().holder == card, "card seen")

    def sign_in(self, card: CardHolder) -> float:
        """From card to open session; the time.monotonic() at which it was open."""
        self.insert(card)
        self.engine.sign_in_with_browser()
        until(lambda: self.engine.session_state() is SessionState.OPEN, "session open")
        opened = time.monotonic()
        window = self.window
        until(lambda: not (window.lock.on or window.sign_in.isVisible()), "the screen follows")
        if window.choose_activity.isVisible():
            window.choose_activity.button.click()
        return opened

    def live(self, at_least: int) -> None:
        """Wait for mailboxes on line and their folders."""
        reader = self.engine.reader
        until(lambda: sum(b.link is Link.LIVE for b in reader.bals()) >= at_least, f"{at_least} mailboxes on line")
        until(lambda: all(reader.folders(b.id) for b in reader.bals()), "folders")

    def quiet(self, seconds: float = 60.0) -> None:
        """Wait until no work is under way."""
        rest(200)
        until(lambda: not self.engine.progress(), "quiet", seconds)

    # -- finding one's way
    def bal(self, start: str) -> Bal:
        """A mailbox by the start of its address."""
        return next(b for b in self.engine.reader.bals() if b.address.startswith(start))

    def folder(self, bal: Bal, role: FolderRole = FolderRole.INBOX) -> Folder:
        """A folder of a mailbox by its role."""
        return next(f for f in self.engine.reader.folders(bal.id) if f.role is role)

    def go(self, folder: Folder) -> None:
        """Stand in a folder, its list shown."""
        self.go_to(("folder", folder.id))
        until(lambda: self.window.desk.list.query.folder_id == folder.id, "folder shown")
        until(lambda: self.window.desk.list.model.rowCount() >= min(1, folder.total), "list filled")

    def go_to(self, key: tuple[str, object]) -> None:
        """Choose a line of the tree."""
        until(lambda: self.window.desk.tree.go_to(key), "line of the tree")

    def rows(self) -> Sequence[Row]:
        """The first page of the list."""
        reader = self.engine.reader
        return reader.rows(reader.ids(self.window.desk.list.query)[:200])

    def open(self, wanted: Callable[[Row], bool]) -> MessageId | None:
        """Open the first message of the list that fits, its text here; None when there is none."""
        row = next((r for r in self.rows() if wanted(r)), None)
        if row is None or not self.window.desk.list.go_to(row.id):
            return None
        reading, reader = self.window.desk.reading, self.engine.reader
        until(lambda: reading.message is not None and reading.message.row.id == row.id, "message shown")

        def settled() -> bool:
            message = reader.message(row.id)
            if message is None or message.body not in {Loading.HERE, Loading.FAILED}:
                return False
            return all(a.loading is not Loading.COMING for a in message.attachments)

        until(settled, "text and documents")
        rest(250)
        return row.id
