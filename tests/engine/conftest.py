"""The engine on a real store and on the sandbox operator, with a list as its listener. No Qt."""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mssclient.domain import environment as environments
from mssclient.domain.bal import Bal, Folder, FolderRole, Link
from mssclient.domain.environment import Policy
from mssclient.domain.events import Event, Problem
from mssclient.domain.message import ListQuery, MessageId
from mssclient.domain.session import SessionState
from mssclient.engine.api import Told
from mssclient.engine.engine import MailEngine
from mssclient.engine.house import utc_now
from mssclient.engine.session_clock import Ticks, steady_ticks
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.reader import StageReader
from mssclient.stage.theatre import Theatre

POLICY = Policy(card_out_grace_s=0.3, undo_send_s=0, keep_key_in_file=True, operator_saves_sent=False)


class Workstation:
    """One engine at one workstation, and the hands that work it."""

    def __init__(
        self, theatre: Theatre, home: Path, policy: Policy = POLICY, *, ticks: Ticks = steady_ticks, **changes: Any
    ) -> None:
        self.theatre = theatre
        self.home = home
        self.events: list[Event] = []
        self.heard = threading.Condition()
        self.reader = StageReader()
        self.role = "secretary"
        self.browser = StandInBrowser(
            theatre.web_context(),
            theatre.operator.hosts(),
            lambda: theatre.institution.staff(self.role).person.national_id,
        )
        found = environments.parse(tomllib.loads(theatre.environment_file.read_text("utf-8")))
        self.environment = replace(found, policy=policy, **changes)
        self.engine = MailEngine(self.environment, home, self.reader, self.browser, self._hear, utc_now, ticks=ticks)

    def _hear(self, event: Event) -> None:
        with self.heard:
            self.events.append(event)
            self.heard.notify_all()

    def until(self, holds: Callable[[], object], what: str, timeout_s: float = 20.0) -> None:
        """Wait for events until something holds; the test fails when it never does."""
        end = time.monotonic() + timeout_s
        while not holds():
            left = end - time.monotonic()
            assert left > 0, f"never: {what}; problems {self.problems()}"
            with self.heard:
                self.heard.wait(min(left, 0.05))

    def problems(self) -> list[Told]:
        """Everything the person was told."""
        told = [self.engine.problem(e.problem_id) for e in self.events if isinstance(e, Problem)]
        return [t for t in told if t is not None]

    def sign_in(self, role: str = "secretary", *, off_line: bool = False) -> None:
        """The person puts the card in and goes through their browser; ends when their mailboxes are live, unless the
        operator's line is down."""
        self.role = role
        self.reader.insert(self.theatre.institution.staff(role).card)
        self.until(lambda: self.engine.card_status().present, "card seen")
        self.engine.sign_in_with_browser()
        self.until(lambda: self.engine.session_state() is SessionState.OPEN, "signed in")
        self.browser.join()
        expected = len(self.theatre.institution.mailboxes_of(self.theatre.institution.staff(role).person.national_id))
        self.until(lambda: off_line or self.live() >= min(expected, 2), "mailboxes live")

    def live(self) -> int:
        """How many mailboxes are on line."""
        return sum(1 for b in self.engine.reader.bals() if b.link is Link.LIVE)

    def bal(self, start: str) -> Bal:
        """A mailbox by the start of its address."""
        self.until(lambda: any(b.address.startswith(start) for b in self.engine.reader.bals()), f"BAL {start}")
        return next(b for b in self.engine.reader.bals() if b.address.startswith(start))

    def folder(self, bal: Bal, role: FolderRole = FolderRole.INBOX) -> Folder:
        """A folder of a mailbox by its role."""
        self.until(lambda: self.engine.reader.folders(bal.id), "folders")
        return next(f for f in self.engine.reader.folders(bal.id) if f.role is role)

    def ids(self, folder: Folder) -> list[MessageId]:
        """What the list shows of a folder."""
        return self.engine.reader.ids(ListQuery(folder.id))

    def settled(self, folder: Folder) -> list[MessageId]:
        """The folder's ids once the first listing is through."""
        self.until(lambda: len(self.ids(folder)) >= self.here(folder).total > 0, "folder listed")
        return self.ids(folder)

    def here(self, folder: Folder) -> Folder:
        """The folder as it is now."""
        return next(f for f in self.engine.reader.folders(folder.bal_id) if f.id == folder.id)


@pytest.fixture(scope="module")
def theatre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Theatre]:
    """A fictitious world for the tests of one file."""
    with Theatre(tmp_path_factory.mktemp("sandbox"), lines=300) as found:
        yield found


@pytest.fixture
def desk(theatre: Theatre, tmp_path: Path) -> Iterator[Workstation]:
    """A workstation with nobody signed in."""
    theatre.operator.orders.clear()
    theatre.operator.orders.line_up()
    found = Workstation(theatre, tmp_path / "home")
    found.engine.start()
    yield found
    found.engine.stop()
    found.browser.join()


@pytest.fixture
def signed_in(desk: Workstation) -> Workstation:
    """The secretary, signed in."""
    desk.sign_in()
    return desk
