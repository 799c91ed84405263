"""One BAL's real thread between a real store and a real operator, with a colleague's mail client beside it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from mssclient.domain.bal import BalId, BalKind, FolderId, FolderRole
from mssclient.domain.changes import Change, ChangeId, Wish
from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import MssError
from mssclient.domain.events import Event, Problem
from mssclient.domain.message import MessageId
from mssclient.domain.session import Person
from mssclient.engine.api import Told
from mssclient.engine.folder_desk import FolderDesk
from mssclient.engine.house import House, Speaker, Stores, utc_now
from mssclient.engine.watch import BalCard, Watch
from mssclient.engine.worker import Worker
from mssclient.remote.imap import ImapSession
from mssclient.remote.tls import MailTrust
from mssclient.store.database import Database
from mssclient.store.reader import MailReader
from tests.remote.places import Place

WHEN = dt.datetime(2026, 3, 3, 10, 11, 12, tzinfo=dt.UTC)
PERSON = Person("899700000001", "Alice", "MARTIN", "Dr")
Rows = set[tuple[str, bool, bool]]
"""Message-ID, read, flagged."""


def mail(number: int | str) -> bytes:
    """A mail that can be told from the others."""
    return (
        f"From: a@tilleuls.mss.example\r\nTo: b@tilleuls.mss.example\r\nSubject: sujet {number}\r\n"
        f"Date: Tue, 03 Mar 2026 10:00:00 +0100\r\nMessage-ID: <{number}@x.mss.example>\r\nX-MSS-NIL: TEST-1\r\n\r\n"
        f"texte {number}\r\n"
    ).encode()


@dataclass(slots=True)
class _Operators:
    """The one operator of the place."""

    environment: Environment
    found: OperatorProfile
    trust: MailTrust

    def profile(self, address: str) -> OperatorProfile:
        return self.found

    def failed(self, address: str, error: MssError | None) -> None:
        """Nothing to learn from it here."""


@dataclass(slots=True)
class SyncDesk:
    """A workstation that has one BAL open, or several, and nothing else."""

    place: Place
    address: str
    house: House
    watch: Watch
    reader: MailReader
    folders: FolderDesk
    events: list[Event] = field(default_factory=list)
    heard: threading.Condition = field(default_factory=threading.Condition)
    opened: int = 0
    prefetched: list[MessageId] = field(default_factory=list)

    def until(self, holds: Callable[[], object], what: str, timeout_s: float = 15.0) -> None:
        """Wait for events until something holds."""
        end = time.monotonic() + timeout_s
        while not holds():
            left = end - time.monotonic()
            assert left > 0, f"never: {what}; problems {self.problems()}"
            with self.heard:
                self.heard.wait(min(left, 0.03))

    def problems(self) -> list[Told]:
        """Everything the person was told."""
        told = [self.house.speaker.told(e.problem_id) for e in self.events if isinstance(e, Problem)]
        return [t for t in told if t is not None]

    @property
    def bal_id(self) -> BalId:
        """The BAL."""
        assert self.watch.bal_id is not None
        return self.watch.bal_id

    def settle(self, refreshed: bool = True) -> None:
        """Everything that waits on the line is through."""
        for _ in range(3):  # what is found may ask for more
            done = threading.Event()
            if refreshed:
                self.watch.refresh()
            self.watch.worker.post(done.set)
            self.until(done.is_set, "the line is through")
            self.until(lambda: not self.watch.worker.busy, "the line rests")

    def folder(self, *path: str) -> FolderId:
        """A folder by its path, as the screen shows it."""
        self.until(lambda: any(f.path == path for f in self.reader.folders(self.bal_id)), f"folder {path}")
        return next(f.id for f in self.reader.folders(self.bal_id) if f.path == path)

    def ids(self, *path: str) -> dict[str, MessageId]:
        """Message-ID → id of a folder's messages by the operator's word."""
        rows = self.house.stores.database.read(
            "SELECT header_id, id FROM message WHERE folder_id = ? AND uid > 0", (self.folder(*path),)
        )
        return {r[0]: MessageId(r[1]) for r in rows}

    def wish(self, wish: Wish, headers: Sequence[str], source: tuple[str, ...], target: tuple[str, ...] = ()) -> None:
        """The person does something to those of some messages that are still there."""
        here = self.ids(*source)
        to = self.folder(*target) if target else None
        change = ChangeId(f"{wish.value} {time.monotonic_ns()}")
        wanted = [here[name] for h in headers if (name := f"<{h}@x.mss.example>") in here]
        self.house.stores.changes.add([Change(change, message_id, wish, to) for message_id in wanted])
        self.watch.replay()

    def ours(self) -> dict[tuple[str, ...], Rows]:
        """What the store has, wishes not counted."""
        found: dict[tuple[str, ...], Rows] = {}
        for f in self.reader.folders(self.bal_id):
            rows = self.house.stores.database.read(
                "SELECT header_id, seen, flagged FROM message WHERE folder_id = ? AND uid > 0", (f.id,)
            )
            assert len({r[0] for r in rows}) == len(rows)
            found[f.path] = {(r[0], bool(r[1]), bool(r[2])) for r in rows}
        return found

    def theirs(self, colleague: ImapSession) -> dict[tuple[str, ...], Rows]:
        """What the operator has, by another client."""
        found: dict[tuple[str, ...], Rows] = {}
        for folder in colleague.folders():
            colleague.select(folder.mailbox)
            flags = {uid: marks for uid, marks, _ in colleague.flags()}
            names = colleague.message_ids(list(flags))
            found[folder.path] = {(names[u], "\\Seen" in m, "\\Flagged" in m) for u, m in flags.items()}
        return found

    def agree(self, colleague: ImapSession) -> None:
        """Screen and operator show the same."""
        self.settle()
        theirs = self.theirs(colleague)
        self.until(lambda: self.ours() == theirs, f"{self.ours()} == {theirs}", 8)


@contextmanager
def sync_desk(place: Place, name: str, home: Path, **policy: object) -> Iterator[SyncDesk]:
    """A store and one open BAL; all threads have ended when it closes."""
    database = Database(home / "store.sqlite", bytes(range(32)))
    events: list[Event] = []
    heard = threading.Condition()

    def hear(event: Event) -> None:
        with heard:
            events.append(event)
            heard.notify_all()

    environment = replace(place.environment, policy=replace(place.environment.policy, **policy))  # type: ignore[arg-type]
    operators = _Operators(environment, place.profile, MailTrust(environment))
    house = House(
        environment, PERSON, Stores.open(database), Speaker(hear), utc_now, lambda *, refused=False: place.token("alice"),
        operators,
    )  # fmt: skip
    address = f"{name}@{place.domain}"
    prefetched: list[MessageId] = []
    watch = new_watch(house, 1, address, prefetched)
    clerk = Worker("clerk", lambda error: None, ending=database.release)
    clerk.start()
    desk = SyncDesk(
        place, address, house, watch, MailReader(database), FolderDesk(house, clerk, lambda _bal: watch.replay()), events,
        heard, prefetched=prefetched,
    )  # fmt: skip
    watch.start()
    try:
        desk.until(lambda: watch.bal_id is not None, "opened")
        desk.settle(refreshed=False)
        yield desk
    finally:
        for worker in (watch.worker, clerk):
            worker.stop()
        if not watch.worker.join(8):
            watch.cut()
        late = [worker.name for worker in (watch.worker, clerk) if not worker.join(8)]
        assert not late
        desk.reader.close()
        database.close()


def new_watch(house: House, number: int, address: str, prefetched: list[MessageId]) -> Watch:
    """One more BAL's thread."""
    return Watch(
        house, number, BalCard(address, BalKind.PER, address.partition("@")[0], own=True), bal_id=None,
        prefetch=prefetched.extend, opened=lambda _bal, _card: None, settled=lambda: None, farewell=lambda _line: None,
    )  # fmt: skip


def fill(colleague: ImapSession, mailbox: str, numbers: Sequence[int | str]) -> None:
    """Mail that was there before."""
    for number in numbers:
        colleague.append(mailbox, mail(number), frozenset(), WHEN)


def uid_of(colleague: ImapSession, number: int | str) -> int:
    """In the folder the colleague has selected."""
    return colleague.find(f"<{number}@x.mss.example>")[-1]


def role_of(desk: SyncDesk, role: FolderRole) -> str:
    """The operator's name for the folder of a role."""
    found = desk.house.stores.mail.folder_for(desk.bal_id, role)
    assert found is not None
    return found[1]
