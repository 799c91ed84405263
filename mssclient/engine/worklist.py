"""The list of received documents: filled as archives are read, fetched behind, settled by a person or by an exact match."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Callable
from pathlib import Path

from mssclient.domain import filing_rules, integration, xdm
from mssclient.domain.address import domain_of
from mssclient.domain.bal import Bal
from mssclient.domain.changes import Wish
from mssclient.domain.documents import Archive, HealthDocument
from mssclient.domain.errors import Cancelled, MssError, Refused, Unreadable
from mssclient.domain.events import BodyArrived, FoldersChanged, MessagesChanged, WorklistChanged
from mssclient.domain.filing import FilingChoice
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.mime_build import read_receipt
from mssclient.domain.pairing import Candidate, Paper, pairs
from mssclient.domain.worklist import AsideReason, DocumentId, WorkState
from mssclient.engine.clerk import Clerk
from mssclient.engine.fetch import Fetch
from mssclient.engine.filing import Filing
from mssclient.engine.house import House
from mssclient.engine.roster import RosterFile
from mssclient.store.documents import Arrived

log = logging.getLogger(__name__)
LOOK_AGAIN_S = 60.0
LARGEST_BEHIND = 20 * 1024 * 1024
LARGEST_PAIRED = 30 * 1024 * 1024


class Worklist:
    """Use case of the thread `fetch`, and of the clerk for what a person decides."""

    def __init__(
        self, house: House, fetch: Fetch, filing: Filing, roster: RosterFile, clerk: Clerk,
        folder: Callable[[], Path | None],
    ) -> None:  # fmt: skip
        self._house = house
        self._fetch = fetch
        self._filing = filing
        self._roster = roster
        self._clerk = clerk
        self._folder = folder
        fetch.documents_came = self.arrived
        fetch.paper_came = self.pair
        filing.settled = self.settled

    # -- on `fetch`
    def begin(self) -> None:
        """After a sign-in: the record's usagers, what was read before, and what has to be fetched."""
        self._roster.look()
        documents = self._house.stores.documents
        for part_id, archive in documents.unlisted(500):
            self._tell_all(documents.take(part_id, archive))
        self.gather()

    def gather(self) -> None:
        """Fetch the documents of recent mail, one archive a turn: whatever a person asks for comes between."""
        days = self._house.environment.policy.documents_behind_days
        since = self._house.now() - days * 86_400
        waiting = self._house.stores.documents.missing(since, 1, LARGEST_BEHIND) if days else []
        if not waiting:
            self._fetch.worker.post_in(LOOK_AGAIN_S, self._look_again)
            return
        try:
            self._fetch.part_behind(waiting[0])
        except (Unreadable, Refused) as error:
            # The part says so where it stands; the next one may do better.
            log.info("behind: %s", type(error).__name__)
        except MssError:
            self._fetch.worker.post_in(LOOK_AGAIN_S, self._look_again)
            raise
        self._fetch.worker.post(self.gather)

    def _look_again(self) -> None:
        self._roster.look()
        self.gather()

    def arrived(self, part_id: PartId, archive: Archive) -> None:
        """An archive or a CDA was read: its documents are on the list, and what is certain files itself."""
        came = self._house.stores.documents.take(part_id, archive)
        part = self._house.stores.content.part(part_id)
        if part is not None:
            self.pair(part.message_id)
        self._tell_all(came)
        if came and self._house.environment.policy.file_exact_matches:
            self._roster.look()
            for each in came:
                self._file_by_itself(part_id, each)

    def _tell_all(self, came: list[Arrived]) -> None:
        if not came:
            return
        for each in came:
            if each.standing.replaced:
                self._trace(each.id, "replacement received", len(each.standing.replaced))
            if each.document.action == "D":
                self._trace(each.id, "deletion received", len(each.standing.deleted))
        self._house.speaker.announce(WorklistChanged())

    def _trace(self, document_id: DocumentId, act: str, count: int) -> None:
        line = self._house.stores.documents.line(document_id)
        if line is not None:
            self._house.trace(str(line.bal_id), act, f"{count} earlier versions", "OK")

    def _file_by_itself(self, part_id: PartId, came: Arrived) -> None:
        """mssante.md §9: matricule, OID and traits of one usager of the record, exactly; sound; not replaced, not twice."""
        document, usager, folder = came.document, came.document.usager, self._folder()
        sound = came.standing.state is WorkState.NEW and document.action != "D" and filing_rules.is_automatic(document)
        if not sound or usager is None or folder is None:
            return
        record = self._roster.roster.certain(usager)
        if record is None:
            return
        choice = FilingChoice(
            usager, (document.act_date or document.created)[:10], document.type_code, document.type_label,
            document.title, record.record_number, came.content,
        )  # fmt: skip
        try:
            self._filing.file_now(part_id, choice, folder, act="file automatically")
        except Cancelled:
            raise
        except MssError as error:
            log.info("document %d waits for a person: %s", came.id, type(error).__name__)

    def pair(self, message_id: MessageId) -> None:
        """Which loose PDFs of a message show one of its documents: one line on the screen, not two."""
        content, documents = self._house.stores.content, self._house.stores.documents
        candidates: list[Candidate] = []
        papers: list[Paper] = []
        sizes: set[int] = set()
        parts = content.parts(message_id)
        for part in parts:
            archive = content.archive(part.id)
            for document in archive.documents if archive else ():
                candidates.append(self._candidate(part.id, document))
                sizes |= {c.size for c in document.contents if c.media_type == "application/pdf"}
        if not candidates:
            return
        for part in parts:
            if part.spec.attachment and part.spec.name.lower().endswith(".pdf"):
                # Its bytes are looked at only where they could be those of a document.
                raw = content.part_bytes(part.id) if part.spec.size in sizes else None
                sha1 = hashlib.sha1(raw, usedforsecurity=False).hexdigest() if raw else ""
                papers.append(Paper(part.id, part.spec.name, sha1))
        found = {paper: (c.part_id, c.content) for paper, c in pairs(papers, candidates).items()}
        if documents.pair(message_id, found):
            self._house.speaker.announce(BodyArrived(message_id))

    def _candidate(self, part_id: PartId, document: HealthDocument) -> Candidate:
        first = next((xdm.key(document, c) for c in document.contents), "")
        digests = set()
        raw = self._house.stores.content.part_bytes(part_id)
        for content in document.contents:
            if raw is None or len(raw) > LARGEST_PAIRED or content.media_type != "application/pdf":
                continue
            try:
                piece = xdm.by_key(raw, xdm.key(document, content))
            except Unreadable:
                continue
            digests.add(hashlib.sha1(piece, usedforsecurity=False).hexdigest())
        return Candidate(part_id, first, document, frozenset(digests))

    # -- what a person decides
    def set_aside(self, ids: tuple[DocumentId, ...], reason: AsideReason) -> None:
        """Not filed, and why. Any thread."""
        self._clerk.worker.post(lambda: self._mark(ids, WorkState.ASIDE, reason))

    def take_up(self, ids: tuple[DocumentId, ...]) -> None:
        """Back on the list. Any thread."""
        self._clerk.worker.post(lambda: self._mark(ids, WorkState.NEW, None))

    def _mark(self, ids: tuple[DocumentId, ...], state: WorkState, reason: AsideReason | None) -> None:
        messages = self._house.stores.documents.mark(ids, state, reason)
        act = "set aside" if reason is not None else "take up"
        for place in self._house.stores.mail.places(messages):
            self._house.trace(str(place.bal_id), act, "1 document", reason.value if reason else "OK")
            self._house.speaker.announce(MessagesChanged(place.folder_id))
            self._house.speaker.announce(FoldersChanged(place.bal_id))
        self._house.speaker.announce(WorklistChanged())
        for message_id in messages:
            self.settled(message_id)

    def settled(self, message_id: MessageId) -> None:
        """A document of this message was filed or set aside: once none waits, the sender is answered and the message goes
        where the policy says."""
        lines = self._house.stores.documents.of_message(message_id)
        if any(line.state is WorkState.NEW for line in lines):
            return
        policy = self._house.environment.policy
        refused = next((line.reason for line in lines if line.reason is not None), None)
        if lines and policy.integration_answers:
            self._clerk.worker.post(lambda: self._answer(message_id, refused))
        if refused is None and not any(line.deletion for line in lines):
            match policy.after_filing:
                case "read":
                    self._clerk.wish(Wish.READ, (message_id,))
                case "delete":
                    self._clerk.delete((message_id,))

    def _answer(self, message_id: MessageId, refused: AsideReason | None) -> None:
        """On `clerk`: the integration answer (mssante.md §6), once a message, to whom its receipts go."""
        asked = self._house.stores.documents.receipt_wanted(message_id)
        bal = self._house.stores.mail.bal(asked.bal_id) if asked is not None else None
        if asked is None or bal is None:
            return
        disposition = integration.disposition(refused)
        if not self._house.stores.documents.answered(message_id, refused.value if refused else integration.PROCESSED):
            return
        self._clerk.answer(
            bal, asked.to, *self._built(bal, asked.to, asked.header_id, asked.subject, refused, disposition)
        )
        log.info("integration answer queued: %s", refused.value if refused else "processed")

    def _built(
        self, bal: Bal, to: str, header_id: str, about: str, refused: AsideReason | None, disposition: str
    ) -> tuple[str, str, bytes]:
        own_id = f"<{uuid.uuid4()}@{domain_of(bal.address)}>"
        said = integration.subject(refused, about)
        raw = read_receipt(
            bal, self._clerk.sender_label(bal), self._house.environment.product, own_id, self._house.clock(), to=to,
            original_id=header_id, subject=said, automatic=True, disposition=disposition,
        )  # fmt: skip
        return said, own_id, raw
