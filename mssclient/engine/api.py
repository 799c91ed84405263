"""Every verb the UI may say, and every read it may make. The UI and its doubles are written against this page.

Verbs return at once: what they start ends in an event (`domain.events`), and the UI re-reads. Reads are by key and
small, made on the UI thread through a `query_only` connection; none waits for a network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from mssclient.domain.address import Correspondent
from mssclient.domain.bal import Bal, BalId, Folder, FolderId
from mssclient.domain.cda_view import View
from mssclient.domain.changes import ChangeId, LastAct
from mssclient.domain.circle import Acquaintance, Group, GroupId
from mssclient.domain.consignment import Consignment, Order, Paper, PaperId, SentDocument
from mssclient.domain.dashboard import Board, Span
from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.documents import Archive
from mssclient.domain.draft import AttachmentId, Draft, DraftId, Facts, Objection
from mssclient.domain.draft_copy import TwoVersions
from mssclient.domain.entry import Departure, DirectoryEntry, DirectoryStatus
from mssclient.domain.environment import Environment
from mssclient.domain.errors import MssError
from mssclient.domain.filing import Filed, FilingChoice
from mssclient.domain.handover import Handover, Proposal
from mssclient.domain.identity import Usager
from mssclient.domain.matching import Candidate, RecordUsager
from mssclient.domain.message import ListQuery, Message, MessageId, PartId, Row
from mssclient.domain.outbox import OutboxId, Outgoing
from mssclient.domain.read_receipts import ReceiptAct, ReceiptPolicy
from mssclient.domain.receipts import Lost
from mssclient.domain.reconcile_report import Reconciliation
from mssclient.domain.search import Hint
from mssclient.domain.session import Activity, CardStatus, Person, SessionState, SignInView
from mssclient.domain.shipment import Signatory
from mssclient.domain.trust import Revocation
from mssclient.domain.worklist import AsideReason, DocumentId, WorkLine, WorkQuery


@dataclass(frozen=True, slots=True)
class Progress:
    """One sentence's worth of background work; `total` 0 when unknown."""

    what: str
    """One of headers, body, part, directory, reconcile, sending, opening."""
    bal_id: BalId | None
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A page or an image, decoded off the UI thread: RGBA, 8 bits a channel, rows without padding."""

    width: int
    height: int
    rgba: bytes
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class Told:
    """A problem, and what it is about. `context` names the act: sync, send, move, file, preview, directory, draft…"""

    id: int
    error: MssError
    context: str
    bal_id: BalId | None = None
    message_id: MessageId | None = None
    draft_id: DraftId | None = None
    outbox_id: OutboxId | None = None


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a person arranged for themselves; kept in their store."""

    pane: str = "wide"
    """wide (list above, reading below is "classic"), "wide": three columns, "list": list only."""
    two_lines: bool = False
    conversations: bool = False
    theme: str = "system"
    """system, light or dark."""
    geometry: str = ""
    """Window and splitter state, opaque."""
    last_folder: int = 0
    text_scale: int = 100
    """Percent, 80 to 200."""


@dataclass(frozen=True, slots=True)
class RosterStatus:
    """What is known of the record system's usagers."""

    path: str
    """Their file; empty: none is set."""
    usagers: int = 0
    read_at: datetime | None = None
    error: MssError | None = None
    """Why the file was not read the last time."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What filing a sample would write: names, and the sidecar as text where there is one."""

    names: tuple[str, ...]
    sidecar: str
    folder_error: MssError | None
    """Why the folder would refuse it; None when it is there and may be written to."""


class Reader(Protocol):
    """Read-only pages for the UI. Main thread only. Empty answers while nobody is signed in."""

    def bals(self) -> tuple[Bal, ...]:
        """Mailboxes of the person, own first."""
        ...

    def folders(self, bal_id: BalId) -> tuple[Folder, ...]:
        """Folders of a BAL: INBOX first, then by role and name, children after their parent."""
        ...

    def ids(self, query: ListQuery) -> list[MessageId]:
        """All ids the list shows, in order."""
        ...

    def rows(self, ids: list[MessageId]) -> list[Row]:
        """The rows of some ids (a page: at most 200), in the order asked; ids that vanished are left out."""
        ...

    def message(self, message_id: MessageId) -> Message | None:
        """One message; asking does not fetch (see `Engine.want_body`)."""
        ...

    def conversation(self, conversation: int) -> list[MessageId]:
        """The messages of a conversation in every folder of the person, oldest first."""
        ...

    def archive(self, part_id: PartId) -> Archive | None:
        """What an archive or CDA attachment holds, once it was read."""
        ...

    def filings(self, message_id: MessageId) -> tuple[Filed, ...]:
        """What of a message was filed."""
        ...

    def work_ids(self, query: WorkQuery) -> list[DocumentId]:
        """Every received document a query of the worklist shows, in order."""
        ...

    def work_lines(self, ids: list[DocumentId]) -> list[WorkLine]:
        """The lines of some ids (a page: at most 200), in the order asked; those that vanished are left out."""
        ...

    def work_count(self) -> int:
        """Received documents that wait to be filed."""
        ...

    def work_types(self) -> list[tuple[str, str]]:
        """The types on the worklist: code and label."""
        ...

    def companions(self, message_id: MessageId) -> dict[PartId, tuple[PartId, str]]:
        """Loose PDFs that show a document of the same message: the document's part, and the key of its first content."""
        ...

    def papers(self, part_id: PartId, content: str) -> list[PartId]:
        """The loose PDFs that show one document: the other way round than `companions`."""
        ...

    def drafts(self) -> tuple[Draft, ...]:
        """Local drafts, newest first."""
        ...

    def drafts_there(self) -> tuple[Row, ...]:
        """Drafts that stand in Drafts folders and not among `drafts()`: begun elsewhere; newest first, at most 200. One is
        gone on with by `Engine.continue_draft`."""
        ...

    def draft(self, draft_id: DraftId) -> Draft | None:
        """One draft."""
        ...

    def last_act(self) -> LastAct | None:
        """The last thing the person did, while `Engine.undo` takes it back: for Ctrl+Z after the program was reopened. None
        once it reached its operator some minutes ago."""
        ...

    def outbox(self) -> tuple[Outgoing, ...]:
        """What has not left or failed: queued, sending, failed, uncertain."""
        ...

    def sent(self, limit: int = 200) -> tuple[Outgoing, ...]:
        """The register of sent messages, newest first."""
        ...

    def outgoing(self, outbox_id: OutboxId) -> Outgoing | None:
        """One line of the outbox or of the sent register."""
        ...

    def lost(self) -> tuple[Lost, ...]:
        """What did not arrive, of all BAL, newest first: refused, not delivered, delayed, not integrated, or silent for
        longer than `policy.silent_days`; without what the person said they know."""
        ...

    def search_hints(self, text: str) -> tuple[Hint, ...]:
        """How the search field may go on: filters, days, names; at most eight."""
        ...

    def outgoing_of(self, message_id: MessageId) -> Outgoing | None:
        """The register's line for a message that stands in Sent."""
        ...

    def shipment(self, draft_id: DraftId) -> Consignment | None:
        """The health documents of a draft; None for a draft without."""
        ...

    def sent_documents(self, limit: int = 500) -> tuple[SentDocument, ...]:
        """The registry, newest first: which version of which document the operator took, and for whom."""
        ...

    def known_usagers(self) -> tuple[tuple[Usager, bool], ...]:
        """Usagers of documents that came or went, newest first, and whether their INS was qualified there."""
        ...

    def directory(self, text: str, limit: int = 20, kind: str = "", criteria: Criteria = ...) -> list[DirectoryEntry]:
        """Type-ahead over the Annuaire, best first; `kind` limits to a BalKind value, `criteria` to the fields filled in
        (the text may then be empty)."""
        ...

    def entries_of(self, address: str) -> tuple[DirectoryEntry, ...]:
        """Every tie of one address."""
        ...

    def departure(self, address: str) -> Departure | None:
        """Whether an address left the Annuaire or changed hands since this workstation follows it: to be said before
        sending to whom one wrote to before `since`."""
        ...

    def listed_now(self, address: str) -> bool | None:
        """What the Annuaire itself answered to `check_address`; None until it did, or when it could not be asked."""
        ...

    def successors(self, departure: Departure) -> tuple[DirectoryEntry, ...]:
        """Where the person or the service that had an address is found now; empty when the Annuaire does not say."""
        ...

    def favourites(self) -> tuple[Correspondent, ...]:
        """Whom the person has at hand, by label."""
        ...

    def recent(self, limit: int = 50) -> tuple[Correspondent, ...]:
        """Whom the person wrote to last, newest first; never a usager."""
        ...

    def groups(self) -> tuple[Group, ...]:
        """The person's groups, by name."""
        ...

    def acquaintance(self, address: str) -> Acquaintance:
        """How often an address was written to, when last, and whether the person chose to have it at hand."""
        ...

    def used_domains(self) -> frozenset[str]:
        """The domains that the person writes to."""
        ...

    def department(self) -> str:
        """The department whose correspondents come first in a search; empty when it is not known."""
        ...

    def directory_status(self) -> DirectoryStatus:
        """Age and size of the local copy."""
        ...

    def unread(self) -> int:
        """Unread messages in inboxes and in the folders people sort them into: as many as the list "Non lus" has."""
        ...

    def to_file(self) -> int:
        """Messages whose documents are not in the record yet, all BAL."""
        ...


class Engine(Protocol):
    """The facade the UI speaks to."""

    environment: Environment

    @property
    def reader(self) -> Reader:
        """The reads of the screen."""
        ...

    # -- session
    def start(self) -> None:
        """Start the threads; announces what it finds."""
        ...

    def stop(self) -> None:
        """Stop politely and wait; a message being submitted finishes its command."""
        ...

    def session_state(self) -> SessionState: ...

    def person(self) -> Person | None:
        """Who is, or before the lock was, signed in."""
        ...

    def card_status(self) -> CardStatus: ...

    def sign_in_view(self) -> SignInView: ...

    def sign_in_with_browser(self) -> None:
        """Begin flow A: the system browser through the relay."""
        ...

    def sign_in_with_ecps(self, national_id: str) -> None:
        """Begin flow B (CIBA); the digits come in `sign_in_view()`."""
        ...

    def cancel_sign_in(self) -> None: ...

    def lock(self) -> None:
        """Lock by hand."""
        ...

    def sign_out(self) -> None:
        """End the session at PSC and close the store."""
        ...

    def session_ends_at(self) -> datetime | None:
        """When PSC's four hours end, aware; None without a session or where the relay does not say."""
        ...

    def renew_session(self, national_id: str = "") -> None:
        """Sign in again without leaving the screen (OPEN or READING): by browser, or by e-CPS when a national id is
        given. `sign_in_view()` tells; `cancel_sign_in` gives up and leaves things as they were. Another person than the
        one whose screen this is: refused with Untrusted(IDENTITY)."""
        ...

    def activity(self) -> Activity | None:
        """The activity the person signed in for: the chosen one, the only one, or None while several wait for a choice
        (PSC selects none, identity.md §1)."""
        ...

    def choose_activity(self, activity: Activity) -> None:
        """One of `person().activities`; kept for the next sign-in, ends in SessionChanged."""
        ...

    def forget_me(self) -> None:
        """Everything of the signed-in person leaves this workstation: store, key, private files, recent choices; then
        signed out. What was not sent is lost: the UI asked before. Ends in SessionChanged, or a Problem "forget"."""
        ...

    def touch(self) -> None:
        """The person did something: the inactivity clock starts anew."""
        ...

    def add_bal(self, address: str) -> None:
        """Discover an address and try to open it; ends in BalsChanged or a Problem. Nothing where "bals" is locked."""
        ...

    # -- mail
    def search_there(self, query: ListQuery) -> None:
        """Have the operators look for what is not here, once the typing pauses: what they find joins `reader.ids` of the
        same search, each piece with a MessagesChanged. Another search, or an empty one, cancels it."""
        ...

    def open_folder(self, folder_id: FolderId) -> None:
        """The person looks at this folder: keep it fresh first."""
        ...

    def refresh(self) -> None:
        """Look for new mail everywhere now."""
        ...

    def want_body(self, message_id: MessageId) -> None: ...

    def want_part(self, part_id: PartId) -> None:
        """Fetch an attachment; an archive or CDA is read too (`reader.archive`)."""
        ...

    def stop_part(self, part_id: PartId) -> None:
        """Give up a download under way; what came of it is not asked for again the next time."""
        ...

    def want_picture(self, part_id: PartId, content: str, page: int, width: int) -> None:
        """Decode a page of a PDF or an image, `width` pixels wide, for `picture`; `content` as in FilingChoice."""
        ...

    def picture(self, part_id: PartId, content: str, page: int) -> Picture | MssError | None:
        """The last decoded page, or why there is none; None while it is being made."""
        ...

    def inline_image(self, message_id: MessageId, content_id: str) -> Picture | None:
        """An image that a message's own HTML refers to by cid:, if it is at hand."""
        ...

    def save_part(self, part_id: PartId, content: str, target: Path) -> None:
        """Write a copy where the person chose; whole or not at all."""
        ...

    def open_outside(self, part_id: PartId, content: str) -> None:
        """Lay a copy in the private folder, which empties itself at lock, sign-out and start; the UI asked before.
        OutsideReady, or a Problem "open" (a program, a script or a double extension is refused)."""
        ...

    def outside_file(self, part_id: PartId, content: str) -> Path | None:
        """Where the copy of `open_outside` lies, while it does."""
        ...

    def document_text(self, part_id: PartId, content: str) -> str:
        """Plain text of a CDA or text attachment that is at hand, for the preview; empty when there is none."""
        ...

    def document_view(self, part_id: PartId, content: str) -> View | MssError | None:
        """The body of a CDA that is at hand, as blocks; or why there is none (Unreadable: NOT_IT for what is no CDA). None
        while it is being read, PreviewReady says when."""
        ...

    def mark_read(self, ids: tuple[MessageId, ...], read: bool) -> ChangeId: ...

    def flag(self, ids: tuple[MessageId, ...], flagged: bool) -> ChangeId: ...

    def move(self, ids: tuple[MessageId, ...], target: FolderId) -> ChangeId: ...

    def delete(self, ids: tuple[MessageId, ...]) -> ChangeId:
        """To the trash; from the trash for good (the UI asked before)."""
        ...

    def undo(self, change_id: ChangeId) -> None:
        """Take a wish back: withdrawn when it has not left, else its opposite is wished."""
        ...

    def new_folder(self, bal_id: BalId, parent: FolderId | None, name: str) -> ChangeId:
        """A folder below `parent`, or at the root of the BAL: shown at once, messages may be moved into it at once; ends in
        FoldersChanged, or a Problem "new folder". Raises Refused at once: CANNOT for a name no operator keeps,
        ALREADYEXISTS."""
        ...

    def rename_folder(self, folder_id: FolderId, name: str) -> ChangeId:
        """Another name; folders with a role keep theirs (Refused CANNOT). As `new_folder`; Problem "rename folder"."""
        ...

    def delete_folder(self, folder_id: FolderId) -> ChangeId:
        """Into the trash, with what is below it, and `undo` brings it back; one that stands in the trash goes for good (the
        UI asked before). Refused CANNOT for a folder with a role; Problem "delete folder"."""
        ...

    def receipt_policy(self, bal_id: BalId) -> ReceiptPolicy:
        """What the person decided about read receipts that are asked for in this BAL; ASK at first."""
        ...

    def set_receipt_policy(self, bal_id: BalId, policy: ReceiptPolicy) -> None: ...

    def receipt_act(self, message_id: MessageId) -> ReceiptAct:
        """What to do about a receipt now that the message is displayed: nothing, ask, or return it without asking (by
        `send_read_receipt` with `automatic`)."""
        ...

    def send_read_receipt(self, message_id: MessageId, text: str = "", *, automatic: bool = False) -> None:
        """Return the MDN that was asked for, once; `text` is its sentence for people, in the screen's language."""
        ...

    # -- writing
    def facts(self, bal_id: BalId) -> Facts: ...

    def new_draft(self, bal_id: BalId, to: tuple[Correspondent, ...] = ()) -> Draft: ...

    def answer(self, message_id: MessageId, to_all: bool, heading: str) -> Draft: ...

    def forward(self, message_id: MessageId, heading: str) -> Draft: ...

    def keep_draft(self, draft: Draft) -> None:
        """Autosave; announces DraftChanged after the commit."""
        ...

    def discard_draft(self, draft_id: DraftId) -> None: ...

    def put_draft_away(self, draft_id: DraftId) -> None:
        """The composer closed and the draft stays: the operator's Drafts folder gets its last words at once."""
        ...

    def continue_draft(self, message_id: MessageId) -> DraftId:
        """Go on with a message of a Drafts folder, ours or another client's: its draft, which `reader.draft` knows at
        once or after DraftChanged; else a Problem "draft" with that draft_id."""
        ...

    def draft_conflict(self, draft_id: DraftId) -> TwoVersions | None:
        """Both versions of a draft that was changed, sent or removed elsewhere as well; None once that is settled.
        DraftInConflict says that there is news. Nothing of it goes to the operator before a person chose."""
        ...

    def keep_mine(self, draft_id: DraftId) -> None:
        """What is here stands; the other version goes."""
        ...

    def keep_theirs(self, draft_id: DraftId) -> None:
        """What stands at the operator takes the draft's place here (a window open on it has to be closed without
        keeping, and opened again after DraftChanged); where it is gone there, it goes here too."""
        ...

    def keep_both(self, draft_id: DraftId) -> None:
        """The other version becomes a draft of its own."""
        ...

    def attach_file(self, draft_id: DraftId, path: Path) -> AttachmentId:
        """Read a file into the draft; DraftChanged or a Problem when done."""
        ...

    def attach_bytes(self, draft_id: DraftId, name: str, media_type: str, content: bytes) -> None:
        """Attach what never was a file, such as a pasted picture; DraftChanged when done."""
        ...

    def detach(self, draft_id: DraftId, attachment_id: AttachmentId) -> None: ...

    def send(self, draft: Draft) -> None:
        """Freeze and queue. Raises NotAllowed at once when a blocking objection stands."""
        ...

    def take_back(self, outbox_id: OutboxId) -> None:
        """Undo send during the hold, or give up a failed or uncertain one: comes back as a draft."""
        ...

    def send_again(self, outbox_id: OutboxId) -> None:
        """The person decided that an uncertain message has to leave again, or a waiting one may leave now."""
        ...

    def know_lost(self, outbox_id: OutboxId, known: bool = True) -> None:
        """The person knows that it did not arrive: it leaves `reader.lost` until something worse is heard. OutboxChanged."""
        ...

    def write_again(self, outbox_id: OutboxId) -> Draft | None:
        """A draft of the same message, with its attachments, to those whom it did not reach; None when its copy is not
        in Sent, or not here yet (it is fetched)."""
        ...

    def settle_as_sent(self, outbox_id: OutboxId) -> None:
        """The person knows that an uncertain message arrived."""
        ...

    # -- health documents by the book
    def add_paper(self, draft_id: DraftId, path: Path) -> PaperId:
        """A PDF, a CDA or an IHE_XDM archive joins the draft's health documents (the draft is kept already); ends in
        ShipmentChanged, or a Problem "documents"."""
        ...

    def remove_paper(self, draft_id: DraftId, paper_id: PaperId) -> None: ...

    def keep_order(self, draft_id: DraftId, order: Order, papers: tuple[Paper, ...]) -> None:
        """Autosave of what the person says of the documents; ends in ShipmentChanged."""
        ...

    def prepare_shipment(self, draft_id: DraftId) -> None:
        """Make IHE_XDM.ZIP and the PDFs from the documents, in the place of those made before; ends in ShipmentChanged and
        DraftChanged, or a Problem "documents"."""
        ...

    def shipment_objections(self, draft: Draft) -> tuple[Objection, ...]:
        """Why the health documents of a draft may not leave; empty for a draft without."""
        ...

    def author_of(self, number: str) -> Signatory:
        """A professional by their national id, as the Annuaire knows them; without a name when it does not."""
        ...

    def usager_correspondent(self, order: Order) -> Correspondent | None:
        """The usager as a recipient, built from a qualified INS only (ECO.2.2.6); None for any other."""
        ...

    def replacement(self, sent: SentDocument, *, deletion: bool) -> Draft:
        """A draft to everybody who received a document: its next version is to replace it, or it is to be deleted
        (DUI.MSS.20). For a deletion the documents are made already, with ShipmentChanged."""
        ...

    def compose(self, handed: Handover, folder: Path | None = None) -> Draft:
        """A draft from what the record system hands over; its documents come with ShipmentChanged and DraftChanged.
        Attachments are looked for in `folder`, by name; without one they are paths. Raises SessionEnded."""
        ...

    def proposals(self) -> tuple[Proposal, ...]:
        """What the record system laid into its "to send" folder and nobody took yet."""
        ...

    def take_proposal(self, name: str) -> Draft:
        """A draft from one of `proposals()`; its files move into SENT once the operator took it. Raises SessionEnded when
        it has gone."""
        ...

    def refuse_proposal(self, name: str) -> None:
        """Not to be sent: its files move into REFUSED."""
        ...

    def count_exchanges(self) -> None:
        """Count what was exchanged; DashboardReady when done."""
        ...

    def dashboard(self, span: Span) -> Board | None:
        """The last count; None before there is one."""
        ...

    def write_file(self, target: Path, text: str) -> None:
        """A text where the person chose, whole or not at all; a Problem "save" else."""
        ...

    def export_traces(self, target: Path) -> None:
        """Every trace of this person's acts as CSV (ECO.4.1.1, 4.1.2); a Problem "save" when it cannot be written."""
        ...

    # -- directory
    def refresh_directory(self) -> None: ...

    def check_address(self, address: str) -> None:
        """Ask the Annuaire's API about one address, where the environment names it and a key is at hand; ends in
        ProgressChanged and `reader.listed_now`, or in nothing: a failure is never told."""
        ...

    def favour(self, who: Correspondent, favourite: bool) -> None:
        """Have somebody at hand, or no more; ends in CorrespondentsChanged."""
        ...

    def keep_group(self, group: Group) -> None:
        """Begin or change a group; ends in CorrespondentsChanged. Raises NotAllowed at once with a GroupWrong."""
        ...

    def drop_group(self, group_id: GroupId) -> None:
        """Forget a group; ends in CorrespondentsChanged."""
        ...

    def reconcile(self, source: Path) -> None:
        """Compare a record system's list of correspondents (CSV) with the Annuaire, behind everything else. Ends in
        ReconciliationChanged, several times; another list takes the place of the one before."""
        ...

    def reconciliation(self) -> Reconciliation | None:
        """The comparison under way or the last one, as far as it is; None when there was none or it was given up."""
        ...

    def cancel_reconciliation(self) -> None:
        """Give it up, or forget what it found."""
        ...

    def write_reconciliation(self, target: Path, accepted: Mapping[int, str]) -> None:
        """Write the result as `mssclient annuaire reconcile` does, whole or not at all: `accepted` holds, by the place of a
        verdict, the address that a person accepted. Ends in ReconciliationChanged."""
        ...

    # -- filing
    def filing_proposal(self, part_id: PartId, content: str) -> FilingChoice: ...

    def filing_name(self, part_id: PartId, choice: FilingChoice) -> str:
        """The file name this choice would get."""
        ...

    def file_attachment(self, part_id: PartId, choice: FilingChoice) -> None: ...

    def set_aside(self, ids: tuple[DocumentId, ...], reason: AsideReason) -> None:
        """Received documents that will not be filed, and why; ends in WorklistChanged. Their sender hears of it where the
        policy answers."""
        ...

    def take_up(self, ids: tuple[DocumentId, ...]) -> None:
        """Back on the list; ends in WorklistChanged."""
        ...

    def roster_status(self) -> RosterStatus:
        """The record's usagers: how many, since when; WorklistChanged says that they were read anew."""
        ...

    def roster_candidates(self, usager: Usager) -> tuple[Candidate, ...]:
        """Who of the record the usager of a document may be, best first."""
        ...

    def roster_search(self, words: str) -> tuple[RecordUsager, ...]:
        """Usagers of the record by the beginnings of names, birth date or record number; 20 at most."""
        ...

    def try_filing(self) -> Trial:
        """What the export profile makes of a fictitious sample; nothing is written. Raises FilingRefused."""
        ...

    def filing_folder(self) -> Path | None: ...

    def set_filing_folder(self, folder: Path) -> None:
        """Another folder for this person. Nothing where "filing.folder" is locked (`environment.locked`)."""
        ...

    # -- the rest
    def revocation(self) -> Revocation:
        """What was known of revoked certificates after the last look: lists, their age, where they come from."""
        ...

    def progress(self) -> tuple[Progress, ...]: ...

    def problem(self, problem_id: int) -> Told | None: ...

    def preferences(self) -> Preferences: ...

    def keep_preferences(self, preferences: Preferences) -> None: ...
