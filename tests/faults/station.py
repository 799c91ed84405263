"""A workstation at the faulty operator, the work of one cell, and what must be true when all is over."""

from __future__ import annotations

import logging
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from imapclient import imap_utf7

from mssclient.domain import environment as environments
from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Bal, Folder, FolderRole, Link
from mssclient.domain.draft import Draft, DraftId, Recipient
from mssclient.domain.environment import AUTO, Policy
from mssclient.domain.errors import Offline, StoreTrouble
from mssclient.domain.events import Event, Problem
from mssclient.domain.message import ListQuery, MessageId
from mssclient.domain.outbox import Outgoing, SendState
from mssclient.domain.patience import Patience
from mssclient.domain.session import SessionState
from mssclient.engine.api import Told
from mssclient.engine.engine import MailEngine
from mssclient.engine.house import utc_now
from mssclient.stage.reader import StageReader
from tests.faults.truth import Box, Seen
from tests.faults.world import FOLDER, RECIPIENT
from tests.lab import mail

POLICY = Policy(undo_send_s=0, keep_key_in_file=True, operator_saves_sent=False)
AUTO_POLICY = replace(POLICY, operator_saves_sent=AUTO)
"""As workstations have it: some seconds are given to the operator to save a copy by itself, which most cells have not."""
QUICK = Patience(connect_s=1.0, imap_s=1.0, submission_s=1.0, outcome_s=1.5)
BOB = Correspondent("Dr Bob DURAND", mail.address(RECIPIENT), CorrespondentKind.PROFESSIONAL)
WAIT_S = 20.0
LETTERS = 5


class Station:
    """One engine on one home, and the hands that work it; `start` may follow `stop`, as a program that is opened again."""

    def __init__(self, environment_file: Path, home: Path, patience: Patience = QUICK, policy: Policy = POLICY) -> None:
        found = environments.parse(tomllib.loads(environment_file.read_text("utf-8")))
        self.environment = replace(found, policy=policy)
        self.home = home
        self._patience = patience
        self.heard = threading.Condition()
        self.events: list[Event] = []
        self.told: list[Told] = []
        """Everything the person was told since the first start."""
        self.engine = self._new()

    def _new(self) -> MailEngine:
        return MailEngine(
            self.environment, self.home, StageReader(), lambda _url: True, self._hear, utc_now, patience=self._patience
        )

    def _hear(self, event: Event) -> None:
        with self.heard:
            self.events.append(event)
            self.heard.notify_all()
        if isinstance(event, Problem) and (told := self.engine.problem(event.problem_id)) is not None:
            self.told.append(told)

    def start(self) -> None:
        """The program opens, and its person signs in."""
        self.engine.start()
        self.sign_in()

    def sign_in(self) -> None:
        """Again, or for the first time."""
        self.engine.sign_in_with_ecps(mail.ALICE)
        self.until(lambda: self.engine.session_state() is SessionState.OPEN, "signed in")

    def stop(self) -> None:
        """The program closes."""
        self.engine.stop()

    def reopen(self) -> None:
        """Closed and opened again."""
        self.stop()
        self.engine = self._new()
        self.start()

    def until(self, holds: Callable[[], object], what: str, timeout_s: float = WAIT_S) -> None:
        """Wait for events until something holds; the test fails when it never does."""
        assert self.within(holds, timeout_s), f"never: {what}; {self.account()}"

    def within(self, holds: Callable[[], object], timeout_s: float) -> bool:
        """Wait for events until something holds; whether it did in time."""
        end = time.monotonic() + timeout_s
        while not holds():
            left = end - time.monotonic()
            if left <= 0:
                return False
            with self.heard:
                self.heard.wait(min(left, 0.03))
        return True

    def account(self) -> str:
        """How it stands, for a test that failed."""
        reader = self.engine.reader
        lines = [(o.state.value, o.code, o.needs_consent) for o in reader.outbox()]
        told = [(t.context, type(t.error).__name__, getattr(t.error, "code", "")) for t in self.told]
        return f"links {[b.link.value for b in reader.bals()]}, outbox {lines}, told {told}"

    # what the person sees
    @property
    def bal(self) -> Bal:
        """Their mailbox."""
        return self.engine.reader.bals()[0]

    def is_live(self) -> bool:
        """Whether the mailbox is on line."""
        return any(b.link is Link.LIVE for b in self.engine.reader.bals())

    def folder(self, role: FolderRole, name: str = "") -> Folder:
        """A folder by its role, or by its name."""

        def found() -> list[Folder]:
            folders = self.engine.reader.folders(self.bal.id)
            return [f for f in folders if (f.path == (name,) if name else f.role is role)]

        self.until(found, f"folder {name or role.value}")
        return found()[0]

    def ids(self, folder: Folder) -> list[MessageId]:
        """What the list shows of a folder."""
        return self.engine.reader.ids(ListQuery(folder.id))

    def screen(self) -> Box:
        """Everything the lists show, as the operator would tell it."""
        found: Box = {}
        for bal in self.engine.reader.bals():
            for folder in self.engine.reader.folders(bal.id):
                if folder.selectable:
                    found[imap_utf7.encode("/".join(folder.path)).decode()] = self._shown(folder)
        return found

    def _shown(self, folder: Folder) -> Counter[Seen]:
        shown: Counter[Seen] = Counter()
        for message_id in self.ids(folder):
            if (message := self.engine.reader.message(message_id)) is not None:
                shown[Seen(message.message_id, message.row.seen, message.row.flagged)] += 1
        return shown

    def pending(self) -> list[MessageId]:
        """Messages with a wish that has not been carried out."""
        reader = self.engine.reader
        folders = [f for b in reader.bals() for f in reader.folders(b.id)]
        ids = [i for f in folders for i in self.ids(f)]
        return [row.id for at in range(0, len(ids), 200) for row in reader.rows(ids[at : at + 200]) if row.pending]

    def by_header(self) -> dict[str, MessageId]:
        """Message-ID → row, of everything listed."""
        reader = self.engine.reader
        folders = [f for b in reader.bals() for f in reader.folders(b.id)]
        ids = [i for f in folders for i in self.ids(f)]
        return {m.message_id: i for i in ids if (m := reader.message(i)) is not None}

    def can_write(self) -> bool:
        """Whether the white list is here."""
        return bool(self.engine.reader.bals()) and bool(self.engine.facts(self.bal.id).white_list)

    def lines(self) -> list[Outgoing]:
        """Every outgoing message, newest first."""
        reader = self.engine.reader
        return sorted([*reader.outbox(), *reader.sent()], key=lambda o: -o.id)


@dataclass(frozen=True, slots=True)
class Work:
    """What a person does in one cell: five letters lie in the inbox, a sixth comes."""

    name: str

    def header(self, number: int) -> str:
        """The Message-ID of one of the letters."""
        return f"<{self.name}-{number}@{mail.DOMAIN}>"

    def raw(self, number: int) -> bytes:
        """One letter."""
        return (
            f"From: Bob DURAND <{mail.address(RECIPIENT)}>\r\nTo: alice.martin@{mail.DOMAIN}\r\n"
            f"Subject: Lettre {number} de {self.name}\r\nDate: Fri, 20 Nov 2026 09:0{number % 10}:00 +0100\r\n"
            f"Message-ID: {self.header(number)}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            f"CorpsSecretDeLaLettre {number} {self.name}\r\n"
        ).encode()

    @property
    def kept(self) -> DraftId:
        """The draft that stays."""
        return DraftId(f"kept-{self.name}")

    @property
    def left(self) -> DraftId:
        """The draft that leaves."""
        return DraftId(f"left-{self.name}")

    def draft(self, station: Station, draft_id: DraftId, text: str = "") -> Draft:
        """As written; a report of delivery would come in at its own time."""
        plain = replace(station.engine.new_draft(station.bal.id), id=draft_id, ask_delivery=False)
        return replace(
            plain,
            recipients=(Recipient(BOB),),
            subject=f"Objet {draft_id}",
            text=f"TexteSecretDuBrouillon {text or draft_id}",
        )

    def is_listed(self, station: Station) -> bool:
        """Whether the five letters are on the screen, and all can begin."""
        if not (station.is_live() and station.can_write()):
            return False
        folders = station.engine.reader.folders(station.bal.id)
        inbox = next((f for f in folders if f.role is FolderRole.INBOX), None)
        named = any(f.path == (FOLDER,) for f in folders)
        return named and inbox is not None and len(station.ids(inbox)) == LETTERS

    def do(self, station: Station) -> None:
        """All of it at once; the hands do not wait for the operator."""
        rows = station.by_header()
        engine = station.engine
        target = station.folder(FolderRole.OTHER, FOLDER).id
        engine.keep_draft(self.draft(station, self.kept))
        engine.flag((rows[self.header(1)],), True)
        engine.move((rows[self.header(2)],), target)
        engine.delete((rows[self.header(3)],))
        engine.mark_read((rows[self.header(4)],), True)
        draft = self.draft(station, self.left)
        engine.keep_draft(draft)
        engine.send(draft)

    def wished(self) -> Box:
        """Where the letters stand when every wish came true."""

        def one(number: int, *, read: bool = False, flagged: bool = False) -> Seen:
            return Seen(self.header(number), read, flagged)

        return {
            "INBOX": Counter([one(1, flagged=True), one(4, read=True), one(5), one(6)]),
            imap_utf7.encode(FOLDER).decode(): Counter([one(2)]),
            "Corbeille": Counter([one(3)]),
        }


def told_of(station: Station, contexts: set[str]) -> list[Told]:
    """What the person was told in these contexts, but for lines that were down."""
    return [t for t in station.told if t.context in contexts and not isinstance(t.error, Offline)]


def disk_told(station: Station) -> bool:
    """Whether the person knows of the disk."""
    return any(isinstance(t.error, StoreTrouble) for t in station.told)


def settle_outbox(station: Station, work: Work, accepted: int) -> None:
    """What a person does about messages that wait for them, once the outside works again: they know whether the other
    side has it."""
    engine = station.engine
    if not any(line.subject == f"Objet {work.left}" for line in station.lines()):
        if (draft := engine.reader.draft(work.left)) is not None:
            engine.send(draft)
        return
    for line in engine.reader.outbox():
        match line.state:
            case SendState.QUEUED if line.needs_consent or line.tries:
                engine.send_again(line.id)
            case SendState.UNCERTAIN:
                engine.settle_as_sent(line.id) if accepted else engine.send_again(line.id)
            case SendState.FAILED if (draft := engine.reader.draft(work.left)) is not None:
                engine.send(draft)
            case _:
                pass


class Overheard(logging.Handler):
    """Everything that anybody logged, at every level."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(f"{record.name} {record.getMessage()} {record.exc_text or ''}")
