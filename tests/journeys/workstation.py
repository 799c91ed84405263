"""One workstation without a screen: the engine, a reader, a browser, and the hands that work them."""

from __future__ import annotations

import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

from mssclient.card.reader import CardReader
from mssclient.domain import environment as environments
from mssclient.domain.bal import Bal, Folder, FolderRole, Link
from mssclient.domain.environment import Environment, Policy
from mssclient.domain.events import Event, Problem
from mssclient.domain.message import ListQuery, Loading, Message, MessageId, Row
from mssclient.domain.session import CardHolder, Person, SessionState
from mssclient.engine.api import Told
from mssclient.engine.engine import MailEngine
from mssclient.engine.house import utc_now
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.reader import StageReader
from tests.journeys.mail_client import MailClient
from tests.journeys.worlds import World
from tests.lab.world import ALICE

POLICY = Policy(card_out_grace_s=0.3, undo_send_s=0, keep_key_in_file=True, operator_saves_sent=False)
BALS_OF_ALICE = 2
PATIENCE_S = 15.0


def environment_of(world: World, **changes: Any) -> Environment:
    """What the world's file says, with the tests' policy."""
    found = environments.parse(tomllib.loads(world.environment_file.read_text("utf-8")))
    return replace(found, **{"policy": POLICY, **changes})


def card_of(person: Person) -> CardHolder:
    """What a person's card says in the reader."""
    return CardHolder(person.national_id, f"{person.family} {person.given}", "Médecin", test_card=True)


def letter(world: World, subject: str, text: str = "Bonjour", *, to: str = "cabinet") -> EmailMessage:
    """A mail from Bob, with an identity of its own."""
    mail = EmailMessage()
    mail["From"] = f"Dr Bob DURAND <{world.address('bob.durand')}>"
    mail["To"] = world.address(to)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(datetime.now().astimezone())
    mail["Message-ID"] = make_msgid(domain=world.domain)
    mail["X-MSS-NIL"] = "TESTS-0001"
    mail.set_content(text + "\n")
    return mail


class Workstation:
    """The engine at work in a world. `person` is who holds the mouse and answers PSC's page."""

    def __init__(
        self,
        world: World,
        home: Path,
        *,
        reader: CardReader | None = None,
        environment: Environment | None = None,
        browser: StandInBrowser | None = None,
    ) -> None:
        self.world = world
        self.events: list[Event] = []
        self._heard = threading.Condition()
        self.reader = StageReader()
        self.person: Person | None = ALICE
        self.browser = browser or StandInBrowser(
            world.web_context(), world.hosts(), lambda: self.person.national_id if self.person else ""
        )
        self.engine = MailEngine(
            environment or environment_of(world), home, reader or self.reader, self.browser, self._hear, utc_now
        )
        self.engine.start()

    def close(self) -> None:
        """The program ends."""
        self.engine.stop()
        self.browser.join()

    def _hear(self, event: Event) -> None:
        with self._heard:
            self.events.append(event)
            self._heard.notify_all()

    def until(self, holds: Callable[[], object], what: str, timeout_s: float = PATIENCE_S) -> None:
        """Wait for events until something holds; the test fails when it never does."""
        end = time.monotonic() + timeout_s
        while not holds():
            left = end - time.monotonic()
            assert left > 0, f"never: {what}; told {[(t.context, repr(t.error)) for t in self.told()]}"
            with self._heard:
                self._heard.wait(min(left, 0.05))

    def told(self) -> list[Told]:
        """Everything the person was told."""
        found = [self.engine.problem(e.problem_id) for e in list(self.events) if isinstance(e, Problem)]
        return [told for told in found if told is not None]

    # -- what a person does

    def sign_in(self, *, card: bool = True) -> None:
        """The card goes in, the person goes through the browser; ends when both of Alice's BAL are live."""
        if card:
            assert self.person is not None
            self.reader.insert(card_of(self.person))
        self.until(lambda: self.engine.card_status().present, "the card is seen")
        self.engine.sign_in_with_browser()
        self.until(lambda: self.engine.session_state() is SessionState.OPEN, "signed in")
        self.browser.join()
        self.until(lambda: self.live() == BALS_OF_ALICE, "both mailboxes live")

    def live(self) -> int:
        """How many BAL are on line."""
        return sum(b.link is Link.LIVE for b in self.engine.reader.bals())

    def bal(self, name: str) -> Bal:
        """A BAL by its local part, once it is known."""
        address = self.world.address(name)
        self.until(lambda: any(b.address == address for b in self.engine.reader.bals()), f"BAL {name}")
        return next(b for b in self.engine.reader.bals() if b.address == address)

    def folder(self, name: str, role: FolderRole = FolderRole.INBOX) -> Folder:
        """A folder of a BAL by its role."""
        bal = self.bal(name)

        def found() -> list[Folder]:
            return [f for f in self.engine.reader.folders(bal.id) if f.role is role]

        self.until(found, f"{role.value} of {name}")
        return found()[0]

    def rows(self, name: str, role: FolderRole = FolderRole.INBOX) -> list[Row]:
        """What the list shows of a folder."""
        reader = self.engine.reader
        return reader.rows(reader.ids(ListQuery(self.folder(name, role).id))[:200])

    def row(self, subject: str, name: str = "cabinet", role: FolderRole = FolderRole.INBOX) -> Row | None:
        """The row of a folder that shows this subject, or None."""
        return next((row for row in self.rows(name, role) if row.subject == subject), None)

    def arrived(self, subject: str, name: str = "cabinet", role: FolderRole = FolderRole.INBOX) -> MessageId:
        """Wait until the list shows this subject."""
        self.until(lambda: self.row(subject, name, role), f"“{subject}” is listed")
        row = self.row(subject, name, role)
        assert row is not None
        return row.id

    def settled(self, message_id: MessageId) -> None:
        """Wait until nothing the person wished about a message waits any more."""
        self.until(lambda: not any(r.pending for r in self.engine.reader.rows([message_id])), "replayed")

    def opened(self, message_id: MessageId) -> Message:
        """Open a message and wait for its text."""
        self.engine.want_body(message_id)
        self.until(lambda: self._at_hand(message_id), "the text is here")
        message = self.engine.reader.message(message_id)
        assert message is not None
        return message

    def _at_hand(self, message_id: MessageId) -> bool:
        message = self.engine.reader.message(message_id)
        return message is not None and message.body in {Loading.HERE, Loading.FAILED}

    def elsewhere(self, name: str, person: Person = ALICE) -> MailClient:
        """Another client on a BAL of this world."""
        return MailClient(self.world, name, person)
