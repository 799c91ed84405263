"""What the workers of one signed-in person share: stores, the way to speak, the token, the clock."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from mssclient.domain.bal import BalId, FolderId
from mssclient.domain.draft import DraftId
from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import MssError, Offline
from mssclient.domain.events import Event, Problem, ProgressChanged
from mssclient.domain.message import Envelope, MessageId
from mssclient.domain.outbox import OutboxId
from mssclient.domain.patience import USUAL, Patience
from mssclient.domain.session import Activity, Person
from mssclient.dui.profile import ExportProfile
from mssclient.engine.admission import Admission, TokenSource
from mssclient.engine.api import Progress, Told
from mssclient.engine.budget import LineBudget
from mssclient.remote.tls import MailTrust
from mssclient.store.changes import ChangeStore
from mssclient.store.content import ContentStore
from mssclient.store.correspondents import CorrespondentStore
from mssclient.store.database import Database
from mssclient.store.documents import DocumentStore
from mssclient.store.drafts import DraftStore
from mssclient.store.elsewhere import ElsewhereStore
from mssclient.store.filings import FilingStore, SettingStore, TraceStore
from mssclient.store.folder_wishes import FolderWishStore
from mssclient.store.indexing import IndexStore
from mssclient.store.mail import MailStore
from mssclient.store.outbox import OutboxStore
from mssclient.store.papers import PaperStore
from mssclient.store.positions import PositionStore
from mssclient.store.receipts import ReceiptStore
from mssclient.store.retention import RetentionStore
from mssclient.store.server_drafts import ServerDraftStore
from mssclient.store.shipments import ShipmentStore

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
Kept = Future[list[MessageId]]
"""What `MailStore.add` will have given."""


class Operators(Protocol):
    """`engine.operators.Operators`, as the lines need it."""

    @property
    def trust(self) -> MailTrust:
        """Which mail servers are believed."""
        ...

    def profile(self, address: str) -> OperatorProfile:
        """The operator of an address; may ask for it. Raises as `remote.autoconfig.discover`."""
        ...

    def failed(self, address: str, error: MssError | None) -> None:
        """A line to this address's operator failed."""
        ...


KEEP_PROBLEMS = 200


@dataclass(frozen=True, slots=True)
class Stores:
    """The tables of one person's store."""

    database: Database
    mail: MailStore
    content: ContentStore
    changes: ChangeStore
    drafts: DraftStore
    outbox: OutboxStore
    server_drafts: ServerDraftStore
    filings: FilingStore
    traces: TraceStore
    settings: SettingStore
    index: IndexStore
    documents: DocumentStore
    papers: PaperStore
    correspondents: CorrespondentStore
    shipments: ShipmentStore
    receipts: ReceiptStore
    elsewhere: ElsewhereStore
    positions: PositionStore
    folder_wishes: FolderWishStore
    retention: RetentionStore

    @classmethod
    def open(cls, database: Database) -> Stores:
        """All tables over one file."""
        return cls(database, MailStore(database), ContentStore(database), ChangeStore(database), DraftStore(database),
                   OutboxStore(database), ServerDraftStore(database), FilingStore(database), TraceStore(database),
                   SettingStore(database), IndexStore(database),
                   documents=DocumentStore(database), papers=PaperStore(database), correspondents=CorrespondentStore(database),
                   shipments=ShipmentStore(database),
                   receipts=ReceiptStore(database), elsewhere=ElsewhereStore(database), positions=PositionStore(database),
                   retention=RetentionStore(database),
                   folder_wishes=FolderWishStore(database))  # fmt: skip


class Speaker:
    """How workers speak: events out, problems and progress kept for the UI to read. Any thread."""

    def __init__(self, announce: Callable[[Event], None]) -> None:
        self.announce = announce
        self._lock = threading.Lock()
        self._problems: dict[int, Told] = {}
        self._progress: dict[tuple[str, BalId | None], Progress] = {}
        self._next = 1

    def problem(
        self,
        error: MssError,
        context: str,
        *,
        bal_id: BalId | None = None,
        message_id: MessageId | None = None,
        draft_id: DraftId | None = None,
        outbox_id: OutboxId | None = None,
    ) -> None:
        """Something a person should know."""
        with self._lock:
            told = Told(self._next, error, context, bal_id, message_id, draft_id, outbox_id)
            self._problems[told.id] = told
            self._next += 1
            self._problems.pop(told.id - KEEP_PROBLEMS, None)
        log.info("problem %d in %s: %s", told.id, context, type(error).__name__)
        self.announce(Problem(told.id))

    def told(self, problem_id: int) -> Told | None:
        """What a Problem event speaks of."""
        with self._lock:
            return self._problems.get(problem_id)

    def progress(self, what: str, bal_id: BalId | None, done: int, total: int) -> None:
        """Work under way; it goes from the list when done reaches total."""
        with self._lock:
            if total and done >= total:
                self._progress.pop((what, bal_id), None)
            else:
                self._progress[what, bal_id] = Progress(what, bal_id, done, total)
        self.announce(ProgressChanged())

    def all_progress(self) -> tuple[Progress, ...]:
        """Everything under way."""
        with self._lock:
            return tuple(self._progress.values())

    def clear_progress(self) -> None:
        """A session ended: nothing is under way."""
        with self._lock:
            self._progress.clear()
        self.announce(ProgressChanged())


@dataclass(slots=True)
class House:
    """One signed-in person's working place. The workers hold it; the engine makes it at sign-in."""

    environment: Environment
    person: Person
    stores: Stores
    speaker: Speaker
    clock: Clock
    fresh_token: TokenSource
    operators: Operators
    """How operators are found and believed; outlives the person."""
    export_profile: ExportProfile = field(default_factory=lambda: ExportProfile("standard"))
    """How the record system wants its documents."""
    profiles: dict[BalId, OperatorProfile] = field(default_factory=dict)
    """Discovered operators, shared by watch, fetch and post. Written by watch only."""
    token_refused: Callable[[], object] = field(default=lambda: None)
    """The operator takes no token of this person any more."""
    owed: Callable[[], object] = field(default=lambda: None)
    """Something came that the full-text index has to know."""
    keep: Callable[[FolderId, list[Envelope]], Kept] = field(init=False)
    """Writes headers into the store, on another thread where there is one."""
    activity: Activity | None = None
    """What the person signed in for; None while several wait for a choice."""
    patience: Patience = USUAL
    """How long the operators may keep us waiting."""
    admission: Admission = field(init=False)
    lines: LineBudget = field(init=False)
    """How many IMAP lines may be open."""

    def __post_init__(self) -> None:
        self.admission = Admission(self.fresh_token, self.token_refused)
        self.lines = LineBudget(self.environment.policy.connection_limit)
        self.keep = self._keep_here

    def _keep_here(self, folder_id: FolderId, envelopes: list[Envelope]) -> Kept:
        kept: Kept = Future()
        kept.set_result(self.stores.mail.add(folder_id, envelopes))
        return kept

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.clock().timestamp())

    def profile(self, bal_id: BalId) -> OperatorProfile:
        """The operator of a BAL, once discovered; Offline until then."""
        if found := self.profiles.get(bal_id):
            return found
        raise Offline("operator not discovered yet")

    def address_of(self, bal_id: BalId) -> str:
        """A BAL as traces name it."""
        bal = self.stores.mail.bal(bal_id)
        return bal.address if bal is not None else ""

    def trace(self, bal: str, act: str, request: str, answer: str) -> None:
        """A functional trace under the signed-in person's id and the structure they act for (ECO.4.1.1)."""
        structure = (self.activity.structure_id or self.activity.structure) if self.activity else ""
        person = f"{self.person.national_id} {structure}".strip()
        self.stores.traces.add(person, bal, act, request, answer, self.now())


def back_off_s(tries: int) -> float:
    """Seconds before the next try: doubling from 2 s to 5 min, with a quarter of jitter."""
    return float(min(300.0, 2.0 * 2 ** min(tries, 8)) * random.uniform(0.75, 1.25))  # noqa: S311


def utc_now() -> datetime:
    """The system's clock, aware."""
    return datetime.now(UTC)
