"""Doubles of the engine for the screen's tests: in-memory values, recorded verbs, scripted events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from mssclient.domain import consignment as consignments
from mssclient.domain import draft as drafting
from mssclient.domain.address import Correspondent, domain_of, fold
from mssclient.domain.bal import Bal, BalId, Folder, FolderId, FolderRole
from mssclient.domain.cda_view import View
from mssclient.domain.changes import ChangeId, LastAct, folder_name
from mssclient.domain.circle import Acquaintance, Group, GroupId, wrong_with
from mssclient.domain.consignment import Consignment, Order, Paper, PaperId, PaperKind, SentDocument
from mssclient.domain.dashboard import Board, Exchange, Span, board
from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.directory_words import folded_entry
from mssclient.domain.documents import Archive
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId, Facts, Objection, Recipient
from mssclient.domain.draft_copy import TwoVersions
from mssclient.domain.entry import Departure, DirectoryEntry, DirectoryStatus
from mssclient.domain.environment import Environment
from mssclient.domain.errors import MssError, NotAllowed, Refused, Unread, Unreadable
from mssclient.domain.events import (
    AttachmentFiled,
    BalsChanged,
    BodyArrived,
    CardChanged,
    CorrespondentsChanged,
    DashboardReady,
    DirectoryChanged,
    DraftChanged,
    DraftInConflict,
    Event,
    FoldersChanged,
    MessagesChanged,
    OutboxChanged,
    OutsideReady,
    PartArrived,
    PreviewReady,
    Problem,
    ProgressChanged,
    ProposalsChanged,
    ReconciliationChanged,
    SessionChanged,
    SessionEnding,
    ShipmentChanged,
    SignInChanged,
    WorklistChanged,
)
from mssclient.domain.filing import Filed, FilingChoice, FilingId
from mssclient.domain.handover import Handover, Proposal
from mssclient.domain.identity import Usager
from mssclient.domain.matching import Candidate, RecordUsager, Roster
from mssclient.domain.message import ListQuery, Loading, Message, MessageId, PartId, Row, RowState
from mssclient.domain.outbox import Fate, OutboxId, Outgoing, RecipientFate, SendState
from mssclient.domain.read_receipts import ReceiptAct, ReceiptPolicy, receipt_act
from mssclient.domain.receipts import Loss, Lost, losses
from mssclient.domain.reconcile_report import Reconciliation
from mssclient.domain.search import Hint, continued
from mssclient.domain.session import Activity, CardStatus, Person, SessionState, SignInStage, SignInView
from mssclient.domain.shipment import Institution, Signatory
from mssclient.domain.trust import Revocation
from mssclient.domain.worklist import AsideReason, DocumentId, WorkLine, WorkQuery, WorkState
from mssclient.engine.api import Engine, Picture, Preferences, Progress, Reader, RosterStatus, Told, Trial

NO_CRITERIA = Criteria()
ENVIRONMENT = Environment(
    name="formation", autoconfig="", psc_relay="", directory="", white_list="", mail_anchors="", web_anchors="",
    product="0000-TEST", training=True,
)  # fmt: skip


@dataclass
class FakeReader:
    """The store as dictionaries; answers like `engine.api.Reader`."""

    bal_list: list[Bal] = field(default_factory=list)
    folder_map: dict[FolderId, Folder] = field(default_factory=dict)
    messages: dict[MessageId, Message] = field(default_factory=dict)
    unread_archives: dict[PartId, Archive] = field(default_factory=dict)
    """What archives hold that were not fetched yet: `want_part` brings it."""
    archives: dict[PartId, Archive] = field(default_factory=dict)
    filed: list[Filed] = field(default_factory=list)
    draft_map: dict[DraftId, Draft] = field(default_factory=dict)
    outgoing_map: dict[OutboxId, Outgoing] = field(default_factory=dict)
    entries: list[DirectoryEntry] = field(default_factory=list)
    listed: dict[str, bool] = field(default_factory=dict)
    departed: dict[str, Departure] = field(default_factory=dict)
    favourite_map: dict[str, Correspondent] = field(default_factory=dict)
    recent_list: list[Correspondent] = field(default_factory=list)
    group_map: dict[GroupId, Group] = field(default_factory=dict)
    known: dict[str, Acquaintance] = field(default_factory=dict)
    near: str = ""
    status: DirectoryStatus = field(default_factory=lambda: DirectoryStatus(0, "", "", 0))
    shipments: dict[DraftId, Consignment] = field(default_factory=dict)
    registry: list[SentDocument] = field(default_factory=list)
    usagers: list[tuple[Usager, bool]] = field(default_factory=list)
    row_reads: int = 0
    known_lost: set[OutboxId] = field(default_factory=set)
    silent: dict[OutboxId, frozenset[Loss]] = field(default_factory=dict)
    work: list[WorkLine] = field(default_factory=list)
    last: LastAct | None = None
    paired: dict[MessageId, dict[PartId, tuple[PartId, str]]] = field(default_factory=dict)

    def bals(self) -> tuple[Bal, ...]:
        return tuple(self.bal_list)

    def folders(self, bal_id: BalId) -> tuple[Folder, ...]:
        return tuple(self._counted(f) for f in self.folder_map.values() if f.bal_id == bal_id)

    def _counted(self, folder: Folder) -> Folder:
        rows = [m.row for m in self.messages.values() if m.row.folder_id == folder.id]
        return replace(folder, unread=sum(not r.seen for r in rows), total=len(rows))

    def ids(self, query: ListQuery) -> list[MessageId]:
        rows = [m.row for m in self.messages.values() if self._matches(m.row, query)]
        rows.sort(key=lambda r: _order(r, query.sort.column), reverse=query.sort.descending)
        if not query.conversations:
            return [r.id for r in rows]
        newest: dict[int, Row] = {}
        for row in rows:
            if row.conversation not in newest or newest[row.conversation].date < row.date:
                newest[row.conversation] = row
        return [r.id for r in rows if newest[r.conversation].id == r.id]

    def _matches(self, row: Row, query: ListQuery) -> bool:
        if query.search:
            usager = row.usager.name if row.usager else ""
            text = fold(f"{row.subject} {row.sender.label} {usager} {self.messages[row.id].text}")
            if not all(word in text for word in fold(query.search).split()):
                return False
            if query.bal_id is not None and row.bal_id != query.bal_id:
                return False
        elif query.folder_id is not None and row.folder_id != query.folder_id:
            return False
        if query.unread_only and row.seen:
            return False
        return not query.to_file_only or row.state is RowState.TO_FILE

    def rows(self, ids: list[MessageId]) -> list[Row]:
        self.row_reads += 1
        assert len(ids) <= 200, "a page is at most 200 rows"
        return [self.messages[i].row for i in ids if i in self.messages]

    def message(self, message_id: MessageId) -> Message | None:
        return self.messages.get(message_id)

    def conversation(self, conversation: int) -> list[MessageId]:
        rows = [m.row for m in self.messages.values() if m.row.conversation == conversation]
        return [r.id for r in sorted(rows, key=lambda r: r.date)]

    def archive(self, part_id: PartId) -> Archive | None:
        return self.archives.get(part_id)

    def filings(self, message_id: MessageId) -> tuple[Filed, ...]:
        return tuple(f for f in self.filed if f.message_id == message_id)

    def work_ids(self, query: WorkQuery) -> list[DocumentId]:
        words = fold(query.words).split()
        found = [
            line for line in self.work
            if line.state in query.states and query.bal_id in {None, line.bal_id}
            and query.type_code in {"", line.type_code} and all(w in _work_words(line) for w in words)
        ]  # fmt: skip
        found.sort(key=lambda line: _work_key(line, query.sort), reverse=query.descending)
        return [line.id for line in found]

    def work_lines(self, ids: list[DocumentId]) -> list[WorkLine]:
        assert len(ids) <= 200, "a page is at most 200 lines"
        known = {line.id: line for line in self.work}
        return [known[i] for i in ids if i in known]

    def work_count(self) -> int:
        return sum(line.state is WorkState.NEW for line in self.work)

    def work_types(self) -> list[tuple[str, str]]:
        return sorted({(line.type_code, line.type_label) for line in self.work})

    def papers(self, part_id: PartId, content: str) -> list[PartId]:
        pairs = [(paper, place) for found in self.paired.values() for paper, place in found.items()]
        return [paper for paper, place in pairs if place == (part_id, content)]

    def companions(self, message_id: MessageId) -> dict[PartId, tuple[PartId, str]]:
        return self.paired.get(message_id, {})

    def drafts(self) -> tuple[Draft, ...]:
        return tuple(reversed(self.draft_map.values()))

    def drafts_there(self) -> tuple[Row, ...]:
        folders = {f.id for f in self.folder_map.values() if f.role is FolderRole.DRAFTS}
        return tuple(m.row for m in self.messages.values() if m.row.folder_id in folders)

    def draft(self, draft_id: DraftId) -> Draft | None:
        return self.draft_map.get(draft_id)

    def last_act(self) -> LastAct | None:
        return self.last

    def outbox(self) -> tuple[Outgoing, ...]:
        waiting = {SendState.QUEUED, SendState.SENDING, SendState.FAILED, SendState.UNCERTAIN}
        return tuple(o for o in self.outgoing_map.values() if o.state in waiting)

    def sent(self, limit: int = 200) -> tuple[Outgoing, ...]:
        done = [o for o in self.outgoing_map.values() if o.state in {SendState.SENT, SendState.DONE}]
        return tuple(sorted(done, key=lambda o: o.queued, reverse=True)[:limit])

    def outgoing(self, outbox_id: OutboxId) -> Outgoing | None:
        return self.outgoing_map.get(outbox_id)

    def lost(self) -> tuple[Lost, ...]:
        lines = [o for o in self.outgoing_map.values() if o.id not in self.known_lost]
        lines.sort(key=lambda o: o.queued, reverse=True)
        never = timedelta(days=10_000)
        told = [(o, losses(o, asked=True, now=o.queued, silent_after=never)) for o in lines]
        return tuple(Lost(o, why | self.silent.get(o.id, frozenset())) for o, why in told if why or o.id in self.silent)

    def search_hints(self, text: str) -> tuple[Hint, ...]:
        return continued(text)

    def outgoing_of(self, message_id: MessageId) -> Outgoing | None:
        return next((o for o in self.outgoing_map.values() if o.copy_id == message_id), None)

    def shipment(self, draft_id: DraftId) -> Consignment | None:
        return self.shipments.get(draft_id)

    def sent_documents(self, limit: int = 500) -> tuple[SentDocument, ...]:
        return tuple(self.registry[:limit])

    def known_usagers(self) -> tuple[tuple[Usager, bool], ...]:
        return tuple(self.usagers)

    def directory(
        self, text: str, limit: int = 20, kind: str = "", criteria: Criteria = NO_CRITERIA
    ) -> list[DirectoryEntry]:
        words = fold(text).split()
        found = [e for e in self.entries if not kind or e.kind.value == kind]
        found = [e for e in found if not criteria or criteria.admits(e, folded_entry(e))]
        return [e for e in found if (words or criteria) and all(w in _spoken(e) for w in words)][:limit]

    def entries_of(self, address: str) -> tuple[DirectoryEntry, ...]:
        return tuple(e for e in self.entries if e.address == address)

    def departure(self, address: str) -> Departure | None:
        return self.departed.get(address)

    def listed_now(self, address: str) -> bool | None:
        return self.listed.get(address)

    def successors(self, departure: Departure) -> tuple[DirectoryEntry, ...]:
        same = departure.national_id or "nobody"
        return tuple(e for e in self.entries if e.national_id == same and e.address != departure.address)

    def favourites(self) -> tuple[Correspondent, ...]:
        return tuple(sorted(self.favourite_map.values(), key=lambda who: fold(who.label)))

    def recent(self, limit: int = 50) -> tuple[Correspondent, ...]:
        return tuple(self.recent_list[:limit])

    def groups(self) -> tuple[Group, ...]:
        return tuple(sorted(self.group_map.values(), key=lambda group: fold(group.name)))

    def acquaintance(self, address: str) -> Acquaintance:
        names = tuple(g.name for g in self.groups() if any(who.address == address for who in g.members))
        known = self.known.get(address, Acquaintance(address))
        return replace(known, favourite=address in self.favourite_map, groups=names)

    def used_domains(self) -> frozenset[str]:
        return frozenset(domain_of(address) for address in self.known)

    def department(self) -> str:
        return self.near

    def directory_status(self) -> DirectoryStatus:
        return self.status

    def unread(self) -> int:
        inboxes = {f.id for f in self.folder_map.values() if f.role is FolderRole.INBOX}
        return sum(not m.row.seen and m.row.folder_id in inboxes for m in self.messages.values())

    def to_file(self) -> int:
        return sum(m.row.state is RowState.TO_FILE for m in self.messages.values())


def _work_words(line: WorkLine) -> str:
    usager = line.usager
    name = " ".join((usager.birth_name, *usager.given)) if usager else ""
    return fold(f"{line.title} {line.type_label} {name} {line.author} {line.organisation}")


def _work_key(line: WorkLine, sort: str) -> tuple[object, int]:
    keys: dict[str, object] = {
        "received": line.received, "act": line.act_date, "title": fold(line.title), "type": line.type_label,
        "usager": fold(line.usager.birth_name) if line.usager else "", "author": fold(line.author),
        "organisation": fold(line.organisation), "version": line.version or 0, "bal": line.bal_id,
        "state": line.state.value,
    }  # fmt: skip
    return keys[sort], line.id


def _spoken(entry: DirectoryEntry) -> str:
    return fold(
        f"{entry.name} {entry.address} {entry.profession} {entry.speciality} {entry.structure} {entry.service} "
        f"{entry.town} {entry.post_code} {entry.national_id} {entry.national_id[1:]}"
    )


def _order(row: Row, column: str) -> tuple[object, datetime]:
    keys: dict[str, object] = {
        "date": row.date, "sender": fold(row.sender.label), "subject": fold(row.subject), "size": row.size,
        "usager": fold(row.usager.name) if row.usager else "", "state": row.state.value,
    }  # fmt: skip
    return keys[column], row.date


class FakeEngine:
    """Implements `engine.api.Engine` in memory. `verbs` records what the UI asked; `announce` receives events.

    `world` holds the values: change it, then `script` the event that tells the screen.
    """

    def __init__(self, reader: FakeReader | None = None, environment: Environment = ENVIRONMENT) -> None:
        self.environment = environment
        self.world = reader or FakeReader()
        self.reader: Reader = self.world
        self.announce: Callable[[Event], None] = lambda _event: None
        self.verbs: list[tuple[object, ...]] = []
        self.state = SessionState.SIGNED_OUT
        self.who: Person | None = None
        self.card = CardStatus(supported=True, reader=True, present=False)
        self.view = SignInView()
        self.progress_list: tuple[Progress, ...] = ()
        self.problems: dict[int, Told] = {}
        self.pictures: dict[tuple[PartId, str, int], Picture | MssError] = {}
        self.inline: dict[tuple[MessageId, str], Picture] = {}
        self.texts: dict[tuple[PartId, str], str] = {}
        self.views: dict[tuple[PartId, str], View | MssError | None] = {}
        self.kept = Preferences()
        self.folder: Path | None = Path("/srv/dui/import")
        self.roster = Roster()
        self.undoable: dict[ChangeId, dict[MessageId, Row]] = {}
        self.former_folders: dict[ChangeId, dict[FolderId, Folder]] = {}
        self.white_list = frozenset({"tilleuls.mss.example", "chu.mss.example", "ville.mss.example"})
        self.ends_at: datetime | None = None
        self.chosen: Activity | None = None
        self.outside: dict[tuple[PartId, str], Path] = {}
        self.compared: Reconciliation | None = None
        self.begun_elsewhere: dict[MessageId, DraftId] = {}
        self.conflicts: dict[DraftId, TwoVersions] = {}
        self.receipt_policies: dict[BalId, ReceiptPolicy] = {}
        self.receipts: list[tuple[str, bool]] = []
        """What read receipts said, and whether nobody was asked."""
        self._numbers = count(1)
        self.proposed: tuple[Proposal, ...] = ()
        self.exchanges: list[Exchange] = []
        self.rules = consignments.Rules(Institution("EHPAD Les Tilleuls", "1630009999"), training=True)

    # -- scripting, for tests
    def script(self, event: Event) -> None:
        """Announce an event as the engine would."""
        self.announce(event)

    def asked(self, verb: str) -> list[tuple[object, ...]]:
        """The arguments of each time a verb was said."""
        return [said[1:] for said in self.verbs if said[0] == verb]

    def sign_in(self, person: Person) -> None:
        """As if the sign-in had succeeded."""
        self.who = person
        self.view = SignInView()
        self._enter(SessionState.OPEN)

    def tell(self, error: MssError, context: str, **about: object) -> int:
        """Announce a problem; the number of it."""
        told = Told(next(self._numbers), error, context, **about)  # type: ignore[arg-type]
        self.problems[told.id] = told
        self.announce(Problem(told.id))
        return told.id

    def set_card(self, card: CardStatus) -> None:
        self.card = card
        self.announce(CardChanged())

    def set_progress(self, *progress: Progress) -> None:
        self.progress_list = progress
        self.announce(ProgressChanged())

    def put(self, *messages: Message) -> None:
        """Messages enter, or change."""
        for message in messages:
            self.world.messages[message.row.id] = message
        for folder_id in sorted({m.row.folder_id for m in messages}):
            self.announce(MessagesChanged(folder_id))
            self.announce(FoldersChanged(self.world.folder_map[folder_id].bal_id))

    def _enter(self, state: SessionState) -> None:
        self.state = state
        self.announce(SessionChanged(state))

    # -- session
    def start(self) -> None:
        self.verbs.append(("start",))

    def stop(self) -> None:
        self.verbs.append(("stop",))

    def session_state(self) -> SessionState:
        return self.state

    def person(self) -> Person | None:
        return self.who

    def card_status(self) -> CardStatus:
        return self.card

    def sign_in_view(self) -> SignInView:
        return self.view

    def show_sign_in(self, view: SignInView) -> None:
        self.view = view
        self.announce(SignInChanged())

    def sign_in_with_browser(self) -> None:
        self.verbs.append(("sign_in_with_browser",))
        self.show_sign_in(SignInView(SignInStage.BROWSER, url="https://relais.example/start?t=1"))

    def sign_in_with_ecps(self, national_id: str) -> None:
        self.verbs.append(("sign_in_with_ecps", national_id))
        self.show_sign_in(SignInView(SignInStage.PHONE, digits="47", expires_in_s=120))

    def cancel_sign_in(self) -> None:
        self.verbs.append(("cancel_sign_in",))
        self.show_sign_in(SignInView())

    def lock(self) -> None:
        self.verbs.append(("lock",))
        self._enter(SessionState.LOCKED)

    def sign_out(self) -> None:
        self.verbs.append(("sign_out",))
        self.who = None
        self._enter(SessionState.SIGNED_OUT)

    def session_ends_at(self) -> datetime | None:
        return self.ends_at

    def renew_session(self, national_id: str = "") -> None:
        self.verbs.append(("renew_session", national_id))
        if national_id:
            self.show_sign_in(SignInView(SignInStage.PHONE, digits="47", expires_in_s=120))
        else:
            self.show_sign_in(SignInView(SignInStage.BROWSER, url="https://relais.example/start?t=2"))

    def end_near(self, ends_at: datetime | None) -> None:
        """The end of the session is near, or was moved."""
        self.ends_at = ends_at
        self.announce(SessionEnding())

    def read_on(self) -> None:
        """PSC is over, and the policy lets the person read."""
        self.ends_at = None
        self._enter(SessionState.READING)

    def renewed(self, ends_at: datetime | None) -> None:
        """The renewal succeeded."""
        self.ends_at = ends_at
        self.show_sign_in(SignInView())
        self._enter(SessionState.OPEN)
        self.announce(SessionEnding())

    def activity(self) -> Activity | None:
        if self.chosen is None and self.who is not None and len(self.who.activities) == 1:
            return self.who.activities[0]
        return self.chosen

    def choose_activity(self, activity: Activity) -> None:
        self.verbs.append(("choose_activity", activity))
        self.chosen = activity
        self.announce(SessionChanged(self.state))

    def forget_me(self) -> None:
        self.verbs.append(("forget_me",))
        self.who = None
        self._enter(SessionState.SIGNED_OUT)

    def open_outside(self, part_id: PartId, content: str) -> None:
        self.verbs.append(("open_outside", part_id, content))
        self.outside.setdefault((part_id, content), Path(f"/prive/{part_id}/document.pdf"))
        self.announce(OutsideReady(part_id, content))

    def outside_file(self, part_id: PartId, content: str) -> Path | None:
        return self.outside.get((part_id, content))

    def touch(self) -> None:
        """Too frequent to be recorded."""

    def add_bal(self, address: str) -> None:
        self.verbs.append(("add_bal", address))
        self.announce(BalsChanged())

    # -- mail
    def open_folder(self, folder_id: FolderId) -> None:
        self.verbs.append(("open_folder", folder_id))

    def refresh(self) -> None:
        self.verbs.append(("refresh",))

    def want_body(self, message_id: MessageId) -> None:
        self.verbs.append(("want_body", message_id))

    def body_comes(self, message_id: MessageId, text: str) -> None:
        """The body that was wanted is at hand."""
        message = self.world.messages[message_id]
        self.world.messages[message_id] = replace(message, body=Loading.HERE, text=text)
        self.announce(BodyArrived(message_id))

    def want_part(self, part_id: PartId) -> None:
        self.verbs.append(("want_part", part_id))
        if part_id in self.world.unread_archives:
            self.world.archives[part_id] = self.world.unread_archives.pop(part_id)
        for message in list(self.world.messages.values()):
            if any(a.id == part_id for a in message.attachments):
                here = tuple(replace(a, loading=Loading.HERE) if a.id == part_id else a for a in message.attachments)
                self.world.messages[message.row.id] = replace(message, attachments=here)
        self.announce(PartArrived(part_id))

    def want_picture(self, part_id: PartId, content: str, page: int, width: int) -> None:
        self.verbs.append(("want_picture", part_id, content, page, width))
        self.pictures.setdefault((part_id, content, page), _page(width, page))
        self.announce(PreviewReady(part_id, page))

    def picture(self, part_id: PartId, content: str, page: int) -> Picture | MssError | None:
        return self.pictures.get((part_id, content, page))

    def inline_image(self, message_id: MessageId, content_id: str) -> Picture | None:
        return self.inline.get((message_id, content_id))

    def save_part(self, part_id: PartId, content: str, target: Path) -> None:
        self.verbs.append(("save_part", part_id, content, target))

    def document_view(self, part_id: PartId, content: str) -> View | MssError | None:
        return self.views.get((part_id, content), Unreadable(Unread.NOT_IT, "no CDA"))

    def document_text(self, part_id: PartId, content: str) -> str:
        return self.texts.get((part_id, content), "")

    def _wish(self, ids: tuple[MessageId, ...], **changes: object) -> ChangeId:
        change = ChangeId(f"change-{next(self._numbers)}")
        before = {i: self.world.messages[i].row for i in ids if i in self.world.messages}
        self.undoable[change] = before
        self._restore({i: replace(row, **changes) for i, row in before.items()})  # type: ignore[arg-type]
        return change

    def _restore(self, rows: dict[MessageId, Row]) -> None:
        folders = {self.world.messages[i].row.folder_id for i in rows} | {r.folder_id for r in rows.values()}
        for i, row in rows.items():
            self.world.messages[i] = replace(self.world.messages[i], row=row)
        for folder_id in sorted(folders):
            self.announce(MessagesChanged(folder_id))
        for bal_id in sorted({self.world.folder_map[f].bal_id for f in folders}):
            self.announce(FoldersChanged(bal_id))

    def mark_read(self, ids: tuple[MessageId, ...], read: bool) -> ChangeId:
        self.verbs.append(("mark_read", ids, read))
        return self._wish(ids, seen=read)

    def flag(self, ids: tuple[MessageId, ...], flagged: bool) -> ChangeId:
        self.verbs.append(("flag", ids, flagged))
        return self._wish(ids, flagged=flagged)

    def move(self, ids: tuple[MessageId, ...], target: FolderId) -> ChangeId:
        self.verbs.append(("move", ids, target))
        return self._wish(ids, folder_id=target)

    def delete(self, ids: tuple[MessageId, ...]) -> ChangeId:
        self.verbs.append(("delete", ids))
        bal = self.world.messages[ids[0]].row.bal_id
        trash = next(f.id for f in self.world.folder_map.values() if f.bal_id == bal and f.role is FolderRole.TRASH)
        return self._wish(ids, folder_id=trash)

    def new_folder(self, bal_id: BalId, parent: FolderId | None, name: str) -> ChangeId:
        self.verbs.append(("new_folder", bal_id, parent, name))
        above = self.world.folder_map[parent].path if parent is not None else ()
        path = (*above, self._free_name(bal_id, above, name))
        folder_id = FolderId(max(self.world.folder_map) + 1)
        folder = Folder(folder_id, bal_id, path, FolderRole.OTHER, 0, 0)
        return self._change_folders(bal_id, {**self.world.folder_map, folder_id: folder})

    def rename_folder(self, folder_id: FolderId, name: str) -> ChangeId:
        self.verbs.append(("rename_folder", folder_id, name))
        folder = self.world.folder_map[folder_id]
        above = folder.path[:-1]
        return self._move_folder(folder, (*above, self._free_name(folder.bal_id, above, name)), folder.role)

    def delete_folder(self, folder_id: FolderId) -> ChangeId:
        self.verbs.append(("delete_folder", folder_id))
        folders, folder = self.world.folder_map, self.world.folder_map[folder_id]
        if folder.role is FolderRole.TRASHED:
            kept = {i: f for i, f in folders.items() if f.path[: len(folder.path)] != folder.path}
            return self._change_folders(folder.bal_id, kept)
        trash = next(f for f in folders.values() if f.bal_id == folder.bal_id and f.role is FolderRole.TRASH)
        return self._move_folder(folder, (*trash.path, folder.name), FolderRole.TRASHED)

    def _free_name(self, bal_id: BalId, above: tuple[str, ...], name: str) -> str:
        beside = [f.name for f in self.world.folder_map.values() if f.bal_id == bal_id and f.path[:-1] == above]
        try:
            return folder_name(name, "/", beside)
        except ValueError as error:
            raise Refused("ALREADYEXISTS" if "exists" in str(error) else "CANNOT") from error

    def _move_folder(self, folder: Folder, path: tuple[str, ...], role: FolderRole) -> ChangeId:
        below = len(folder.path)
        moved = {
            i: replace(f, path=(*path, *f.path[below:]), role=role)
            for i, f in self.world.folder_map.items()
            if f.bal_id == folder.bal_id and f.path[:below] == folder.path
        }
        return self._change_folders(folder.bal_id, {**self.world.folder_map, **moved})

    def _change_folders(self, bal_id: BalId, folders: dict[FolderId, Folder]) -> ChangeId:
        change = ChangeId(f"change-{next(self._numbers)}")
        self.former_folders[change] = dict(self.world.folder_map)
        self.world.folder_map = folders
        self.announce(FoldersChanged(bal_id))
        return change

    def stop_part(self, part_id: PartId) -> None:
        self.verbs.append(("stop_part", part_id))

    def undo(self, change_id: ChangeId) -> None:
        self.verbs.append(("undo", change_id))
        self._restore(self.undoable.pop(change_id, {}))
        if (former := self.former_folders.pop(change_id, None)) is not None:
            self.world.folder_map = former
            for bal in self.world.bal_list:
                self.announce(FoldersChanged(bal.id))

    def receipt_policy(self, bal_id: BalId) -> ReceiptPolicy:
        return self.receipt_policies.get(bal_id, ReceiptPolicy.ASK)

    def set_receipt_policy(self, bal_id: BalId, policy: ReceiptPolicy) -> None:
        self.verbs.append(("set_receipt_policy", bal_id, policy))
        self.receipt_policies[bal_id] = policy

    def receipt_act(self, message_id: MessageId) -> ReceiptAct:
        message = self.world.messages.get(message_id)
        return receipt_act(self.receipt_policy(message.row.bal_id), message) if message else ReceiptAct.NOTHING

    def send_read_receipt(self, message_id: MessageId, text: str = "", *, automatic: bool = False) -> None:
        self.verbs.append(("send_read_receipt", message_id))
        self.receipts.append((text, automatic))
        self.world.messages[message_id] = replace(self.world.messages[message_id], receipt_asked="")
        self.announce(BodyArrived(message_id))

    # -- writing
    def facts(self, bal_id: BalId) -> Facts:
        bal = next(b for b in self.world.bal_list if b.id == bal_id)
        return Facts(bal=bal, white_list=self.white_list, product=self.environment.product)

    def new_draft(self, bal_id: BalId, to: tuple[Correspondent, ...] = ()) -> Draft:
        self.verbs.append(("new_draft", bal_id, to))
        draft = Draft(self._draft_id(), bal_id, recipients=tuple(Recipient(c) for c in to))
        return self._keep(draft)

    def answer(self, message_id: MessageId, to_all: bool, heading: str) -> Draft:
        self.verbs.append(("answer", message_id, to_all, heading))
        message = self.world.messages[message_id]
        bal = self.facts(message.row.bal_id).bal
        return self._keep(drafting.answer(self._draft_id(), message, bal, to_all=to_all, heading=heading))

    def forward(self, message_id: MessageId, heading: str) -> Draft:
        self.verbs.append(("forward", message_id, heading))
        message = self.world.messages[message_id]
        bal = self.facts(message.row.bal_id).bal
        return self._keep(drafting.forward(self._draft_id(), message, bal, heading=heading))

    def _draft_id(self) -> DraftId:
        return DraftId(f"draft-{next(self._numbers)}")

    def _keep(self, draft: Draft) -> Draft:
        self.world.draft_map[draft.id] = draft
        return draft

    def keep_draft(self, draft: Draft) -> None:
        self.verbs.append(("keep_draft", draft))
        self._keep(draft)
        self.announce(DraftChanged(draft.id))

    def discard_draft(self, draft_id: DraftId) -> None:
        self.verbs.append(("discard_draft", draft_id))
        self.world.draft_map.pop(draft_id, None)
        self.announce(DraftChanged(draft_id))

    def put_draft_away(self, draft_id: DraftId) -> None:
        self.verbs.append(("put_draft_away", draft_id))

    def continue_draft(self, message_id: MessageId) -> DraftId:
        self.verbs.append(("continue_draft", message_id))
        return self.begun_elsewhere.get(message_id, DraftId(f"draft-of-{message_id}"))

    def draft_conflict(self, draft_id: DraftId) -> TwoVersions | None:
        return self.conflicts.get(draft_id)

    def keep_mine(self, draft_id: DraftId) -> None:
        self._chosen("keep_mine", draft_id)

    def keep_theirs(self, draft_id: DraftId) -> None:
        self._chosen("keep_theirs", draft_id)

    def keep_both(self, draft_id: DraftId) -> None:
        self._chosen("keep_both", draft_id)

    def _chosen(self, verb: str, draft_id: DraftId) -> None:
        self.verbs.append((verb, draft_id))
        self.conflicts.pop(draft_id, None)
        self.announce(DraftInConflict(draft_id))

    def attach_file(self, draft_id: DraftId, path: Path) -> AttachmentId:
        self.verbs.append(("attach_file", draft_id, path))
        attachment = DraftAttachment(
            AttachmentId(f"att-{next(self._numbers)}"), path.name, "application/octet-stream", 1000
        )
        draft = self.world.draft_map[draft_id]
        self._keep(replace(draft, attachments=(*draft.attachments, attachment)))
        self.announce(DraftChanged(draft_id))
        return attachment.id

    def attach_bytes(self, draft_id: DraftId, name: str, media_type: str, content: bytes) -> None:
        self.verbs.append(("attach_bytes", draft_id, name, media_type, content))
        attachment = DraftAttachment(AttachmentId(f"att-{next(self._numbers)}"), name, media_type, len(content))
        draft = self.world.draft_map[draft_id]
        self._keep(replace(draft, attachments=(*draft.attachments, attachment)))
        self.announce(DraftChanged(draft_id))

    def detach(self, draft_id: DraftId, attachment_id: AttachmentId) -> None:
        self.verbs.append(("detach", draft_id, attachment_id))
        draft = self.world.draft_map[draft_id]
        self._keep(replace(draft, attachments=tuple(a for a in draft.attachments if a.id != attachment_id)))
        self.announce(DraftChanged(draft_id))

    def send(self, draft: Draft) -> None:
        self.verbs.append(("send", draft))
        why = tuple(o for o in drafting.objections(draft, self.facts(draft.bal_id)) if o.blocking)
        if why:
            raise NotAllowed(why)
        self.world.draft_map.pop(draft.id, None)
        to = tuple(RecipientFate(r.who.address, r.who.label, Fate.ACCEPTED) for r in draft.recipients)
        now = datetime.now(UTC)
        line = Outgoing(
            OutboxId(next(self._numbers)), draft.bal_id, SendState.QUEUED, draft.subject, to, now, now, None, "", 0
        )
        self.world.outgoing_map[line.id] = line
        self.announce(DraftChanged(draft.id))
        self.announce(OutboxChanged(line.id))

    def _settle(self, outbox_id: OutboxId, state: SendState) -> None:
        self.world.outgoing_map[outbox_id] = replace(self.world.outgoing_map[outbox_id], state=state)
        self.announce(OutboxChanged(outbox_id))

    def take_back(self, outbox_id: OutboxId) -> None:
        self.verbs.append(("take_back", outbox_id))
        line = self.world.outgoing_map[outbox_id]
        self._keep(Draft(DraftId(f"back-{outbox_id}"), line.bal_id, subject=line.subject))
        self._settle(outbox_id, SendState.CANCELLED)
        self.announce(DraftChanged(DraftId(f"back-{outbox_id}")))

    def send_again(self, outbox_id: OutboxId) -> None:
        self.verbs.append(("send_again", outbox_id))
        self._settle(outbox_id, SendState.QUEUED)

    def know_lost(self, outbox_id: OutboxId, known: bool = True) -> None:
        self.verbs.append(("know_lost", outbox_id, known))
        (self.world.known_lost.add if known else self.world.known_lost.discard)(outbox_id)
        self.announce(OutboxChanged(outbox_id))

    def write_again(self, outbox_id: OutboxId) -> Draft | None:
        self.verbs.append(("write_again", outbox_id))
        line = self.world.outgoing_map[outbox_id]
        message = self.world.messages.get(line.copy_id) if line.copy_id is not None else None
        return None if message is None else drafting.again(DraftId("again"), message, line)

    def search_there(self, query: ListQuery) -> None:
        self.verbs.append(("search_there", query.search))

    def settle_as_sent(self, outbox_id: OutboxId) -> None:
        self.verbs.append(("settle_as_sent", outbox_id))
        self._settle(outbox_id, SendState.SENT)

    # -- health documents by the book
    def add_paper(self, draft_id: DraftId, path: Path) -> PaperId:
        self.verbs.append(("add_paper", draft_id, path))
        paper = Paper(PaperId(f"paper-{next(self._numbers)}"), path.name, PaperKind.PDF, 1000, "2.25.1", "2.25.2")
        self._ship(draft_id, papers=(*self._consignment(draft_id).papers, paper))
        return paper.id

    def remove_paper(self, draft_id: DraftId, paper_id: PaperId) -> None:
        self.verbs.append(("remove_paper", draft_id, paper_id))
        self._ship(draft_id, papers=tuple(p for p in self._consignment(draft_id).papers if p.id != paper_id))

    def keep_order(self, draft_id: DraftId, order: Order, papers: tuple[Paper, ...]) -> None:
        self.verbs.append(("keep_order", draft_id, order, papers))
        self._ship(draft_id, order=order, papers=papers)

    def prepare_shipment(self, draft_id: DraftId) -> None:
        self.verbs.append(("prepare_shipment", draft_id))
        found = self._consignment(draft_id)
        if consignments.before_building(found, self.rules):
            self._ship(draft_id)
            return
        draft = self.world.draft_map[draft_id]
        files = tuple(DraftAttachment(AttachmentId(f"att-{next(self._numbers)}"), name, "application/zip", 2000)
                      for name in ("IHE_XDM.ZIP", "document.pdf"))  # fmt: skip
        kept = tuple(a for a in draft.attachments if a.id not in found.attachments)
        self._keep(replace(draft, attachments=(*kept, *files)))
        made = tuple(a.id for a in files)
        self.world.shipments[draft_id] = replace(found, fresh=True, subject="XDM/1.0/DDM+Essai", attachments=made)
        self.announce(DraftChanged(draft_id))
        self.announce(ShipmentChanged(draft_id))

    def _consignment(self, draft_id: DraftId) -> Consignment:
        return self.world.shipments.get(draft_id) or Consignment(draft_id, Order(), ())

    def _ship(self, draft_id: DraftId, **changes: object) -> None:
        found = replace(self._consignment(draft_id), fresh=False, **changes)  # type: ignore[arg-type]
        self.world.shipments[draft_id] = found
        self.announce(ShipmentChanged(draft_id))

    def shipment_objections(self, draft: Draft) -> tuple[Objection, ...]:
        return consignments.objections(draft, self.world.shipments.get(draft.id), self.rules)

    def author_of(self, number: str) -> Signatory:
        return Signatory(number, "LEMOINE", "Thomas", "Dr") if number.endswith("7") else Signatory(number, "", "")

    def usager_correspondent(self, order: Order) -> Correspondent | None:
        return consignments.usager_correspondent(order, training=True)

    def replacement(self, sent: SentDocument, *, deletion: bool) -> Draft:
        self.verbs.append(("replacement", sent, deletion))
        return self._keep(consignments.following(self._draft_id(), sent, "annule et remplace"))

    def compose(self, handed: Handover, folder: Path | None = None) -> Draft:
        self.verbs.append(("compose", handed, folder))
        return self._keep(Draft(self._draft_id(), self.world.bal_list[0].id, subject=handed.subject, text=handed.text))

    def proposals(self) -> tuple[Proposal, ...]:
        return self.proposed

    def propose(self, *found: Proposal) -> None:
        """The record system lays something down."""
        self.proposed = found
        self.announce(ProposalsChanged())

    def take_proposal(self, name: str) -> Draft:
        self.verbs.append(("take_proposal", name))
        found = next(p for p in self.proposed if p.name == name)
        self.propose(*(p for p in self.proposed if p.name != name))
        return self._keep(Draft(self._draft_id(), self.world.bal_list[0].id, subject=found.handed.subject))

    def refuse_proposal(self, name: str) -> None:
        self.verbs.append(("refuse_proposal", name))
        self.propose(*(p for p in self.proposed if p.name != name))

    def count_exchanges(self) -> None:
        self.verbs.append(("count_exchanges",))
        self.announce(DashboardReady())

    def dashboard(self, span: Span) -> Board | None:
        return board(self.exchanges, span, datetime.now().astimezone().date())

    def write_file(self, target: Path, text: str) -> None:
        self.verbs.append(("write_file", target, text))

    def export_traces(self, target: Path) -> None:
        self.verbs.append(("export_traces", target))

    # -- directory
    def refresh_directory(self) -> None:
        self.verbs.append(("refresh_directory",))
        self.announce(DirectoryChanged())

    def check_address(self, address: str) -> None:
        self.verbs.append(("check_address", address))

    def favour(self, who: Correspondent, favourite: bool) -> None:
        self.verbs.append(("favour", who, favourite))
        self.world.favourite_map.pop(who.address, None)
        if favourite:
            self.world.favourite_map[who.address] = who
        self.announce(CorrespondentsChanged())

    def keep_group(self, group: Group) -> None:
        self.verbs.append(("keep_group", group))
        if (wrong := wrong_with(group, self.world.groups())) is not None:
            raise NotAllowed((wrong,))
        self.world.group_map[group.id] = group
        self.announce(CorrespondentsChanged())

    def drop_group(self, group_id: GroupId) -> None:
        self.verbs.append(("drop_group", group_id))
        self.world.group_map.pop(group_id, None)
        self.announce(CorrespondentsChanged())

    def reconcile(self, source: Path) -> None:
        self.verbs.append(("reconcile", source))
        self.show_reconciliation(Reconciliation(source.name))

    def show_reconciliation(self, state: Reconciliation | None) -> None:
        """As the comparison goes on."""
        self.compared = state
        self.announce(ReconciliationChanged())

    def reconciliation(self) -> Reconciliation | None:
        return self.compared

    def cancel_reconciliation(self) -> None:
        self.verbs.append(("cancel_reconciliation",))
        self.show_reconciliation(None)

    def write_reconciliation(self, target: Path, accepted: Mapping[int, str]) -> None:
        self.verbs.append(("write_reconciliation", target, dict(accepted)))
        assert self.compared is not None
        self.show_reconciliation(replace(self.compared, written=target.name))

    # -- filing
    def filing_proposal(self, part_id: PartId, content: str) -> FilingChoice:
        archive = self.world.archive(part_id)
        if archive and archive.documents:
            document = archive.documents[0]
            usager = document.usager or Usager(None, None, "", (), "", "")
            return FilingChoice(
                usager, document.act_date[:10], document.type_code, document.type_label, document.title, content=content
            )
        return FilingChoice(Usager(None, None, "", (), "", ""), "", "", "", content=content)

    def filing_name(self, part_id: PartId, choice: FilingChoice) -> str:
        given = choice.usager.given[0] if choice.usager.given else ""
        return f"{choice.act_date.replace('-', '')}_{choice.type_label[:40]}_{choice.usager.birth_name}_{given}.pdf"

    def file_attachment(self, part_id: PartId, choice: FilingChoice) -> None:
        self.verbs.append(("file_attachment", part_id, choice))
        for message in list(self.world.messages.values()):
            if any(a.id == part_id for a in message.attachments):
                self._mark_filed(message, part_id, choice)
        self.announce(AttachmentFiled(part_id))

    def _mark_filed(self, message: Message, part_id: PartId, choice: FilingChoice) -> None:
        done = tuple(replace(a, filed=True) if a.id == part_id else a for a in message.attachments)
        row = replace(message.row, state=RowState.FILED)
        self.world.messages[row.id] = replace(message, row=row, attachments=done)
        name = self.filing_name(part_id, choice)
        who = self.who.national_id if self.who else ""
        self.world.filed.append(
            Filed(
                FilingId(next(self._numbers)), row.id, part_id, choice.content, who, datetime.now(UTC), name, "0" * 64,
                "", choice.usager.birth_name,
            )
        )  # fmt: skip
        self.announce(MessagesChanged(row.folder_id))

    def set_aside(self, ids: tuple[DocumentId, ...], reason: AsideReason) -> None:
        self.verbs.append(("set_aside", ids, reason))
        self._enter_work(ids, WorkState.ASIDE, reason)

    def take_up(self, ids: tuple[DocumentId, ...]) -> None:
        self.verbs.append(("take_up", ids))
        self._enter_work(ids, WorkState.NEW, None)

    def _enter_work(self, ids: tuple[DocumentId, ...], state: WorkState, reason: AsideReason | None) -> None:
        self.world.work = [
            replace(line, state=state, reason=reason) if line.id in ids else line for line in self.world.work
        ]
        self.announce(WorklistChanged())

    def roster_status(self) -> RosterStatus:
        return (
            RosterStatus("/srv/dui/usagers.csv", len(self.roster.records)) if self.roster.records else RosterStatus("")
        )

    def roster_candidates(self, usager: Usager) -> tuple[Candidate, ...]:
        return self.roster.candidates(usager)

    def roster_search(self, words: str) -> tuple[RecordUsager, ...]:
        return self.roster.search(words)

    def try_filing(self) -> Trial:
        self.verbs.append(("try_filing",))
        return Trial(("20261120_Synthese_PAT-TROIS_DOMINIQUE.pdf",), "", None)

    def filing_folder(self) -> Path | None:
        return self.folder

    def set_filing_folder(self, folder: Path) -> None:
        self.verbs.append(("set_filing_folder", folder))
        self.folder = folder

    # -- the rest
    def revocation(self) -> Revocation:
        return Revocation(self.environment.policy.revocation)

    def progress(self) -> tuple[Progress, ...]:
        return self.progress_list

    def problem(self, problem_id: int) -> Told | None:
        return self.problems.get(problem_id)

    def preferences(self) -> Preferences:
        return self.kept

    def keep_preferences(self, preferences: Preferences) -> None:
        self.verbs.append(("keep_preferences", preferences))
        self.kept = preferences


def _page(width: int, page: int) -> Picture:
    """A white page with grey lines, like a printed letter."""
    height = int(width * 1.414)
    margin, line = max(1, width // 10), max(2, height // 60)
    white, grey = b"\xff\xff\xff\xff", b"\x9a\xa4\xb2\xff"
    blank = white * width
    text = white * margin + grey * (width - 2 * margin) + white * margin
    rows = [
        text if margin < y < height - margin and (y // line) % 3 == 1 and (y // line) % 12 < 9 else blank
        for y in range(height)
    ]
    return Picture(width, height, b"".join(rows), page, 3)


def as_engine(fake: FakeEngine) -> Engine:
    """The type checker's proof that the double keeps the protocol."""
    return fake
