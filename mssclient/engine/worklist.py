"""The list of received documents: filled as archives are read, fetched behind, settled by a person or by an exact match."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mssclient.domain import filing_rules, integration
from mssclient.domain.address import domain_of
from mssclient.domain.bal import Bal
from mssclient.domain.changes import Wish
from mssclient.domain.documents import Archive
from mssclient.domain.environment import filed_folder
from mssclient.domain.errors import Cancelled, MssError, Refused, Unreadable
from mssclient.domain.events import FoldersChanged, MessagesChanged, WorklistChanged
from mssclient.domain.filing import FilingChoice
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.mime_build import read_receipt
from mssclient.domain.worklist import AsideReason, DocumentId, WorkState
from mssclient.engine.clerk import Clerk
from mssclient.engine.fetch import Fetch
from mssclient.engine.filing import Filing
from mssclient.engine.folder_desk import FolderDesk
from mssclient.engine.house import House
from mssclient.engine.papers import Papers
from mssclient.engine.roster import RosterFile
from mssclient.store.documents import Arrived

log = logging.getLogger(__name__)
LOOK_AGAIN_S = 60.0
LARGEST_BEHIND = 20 * 1024 * 1024
_PAPERS_AT_ONCE = 10


class Worklist:
    """Use case of the thread `fetch`, and of the clerk for what a person decides."""

    def __init__(
        self, house: House, fetch: Fetch, filing: Filing, roster: RosterFile, clerk: Clerk, folders: FolderDesk,
        folder: Callable[[], Path | None],
    ) -> None:  # fmt: skip
        self._house = house
        self._fetch = fetch
        self._filing = filing
        self._papers = Papers(house)
        self._roster = roster
        self._clerk = clerk
        self._folders = folders
        self._folder = folder
        fetch.documents_came = self.arrived
        fetch.paper_came = self._paper_came
        fetch.body_came = self._body_came
        filing.settled = self.settled

    # -- on `fetch`
    def begin(self) -> None:
        """After a sign-in: the record's usagers, what was read before, and what has to be fetched."""
        self._roster.look()
        documents = self._house.stores.documents
        for part_id, archive in documents.unlisted(500):
            self._tell_all(documents.take(part_id, archive))
        for message_id in self._house.stores.papers.waiting(self._since(), 500, LARGEST_BEHIND):
            self._tell_all(self._papers.take(message_id, LARGEST_BEHIND))
        self.gather()

    def gather(self) -> None:
        """Fetch the documents of recent mail, one a turn, archives first: whatever a person asks for comes between."""
        waiting = self._missing()
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

    def _since(self) -> int:
        return self._house.now() - self._house.environment.policy.documents_behind_days * 86_400

    def _body_came(self, message_id: MessageId) -> None:
        """What has just arrived need not wait for the next look: its loose PDFs come after whatever a person asks for."""
        if self._house.environment.policy.documents_behind_days:
            papers = self._house.stores.papers.missing(self._since(), _PAPERS_AT_ONCE, LARGEST_BEHIND, message_id)
            for part_id in papers:
                self._fetch.worker.post(partial(self._paper_behind, part_id))

    def _paper_behind(self, part_id: PartId) -> None:
        try:
            self._fetch.part_behind(part_id)
        except (Unreadable, Refused) as error:
            log.info("behind: %s", type(error).__name__)

    def _missing(self) -> list[PartId]:
        if not self._house.environment.policy.documents_behind_days:
            return []
        stores, since = self._house.stores, self._since()
        archives = stores.documents.missing(since, 1, LARGEST_BEHIND)
        return archives or stores.papers.missing(since, 1, LARGEST_BEHIND)

    def _look_again(self) -> None:
        self._roster.look()
        self.gather()

    def arrived(self, part_id: PartId, archive: Archive) -> None:
        """An archive or a CDA was read: its documents are on the list, and what is certain files itself."""
        came = self._house.stores.documents.take(part_id, archive)
        part = self._house.stores.content.part(part_id)
        if part is not None:
            self._papers.pair(part.message_id)
            self._tell_all(self._papers.take(part.message_id, LARGEST_BEHIND))
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
            self._house.trace(self._house.address_of(line.bal_id), act, f"{count} earlier versions", "OK")

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

    def _paper_came(self, message_id: MessageId) -> None:
        """A loose PDF is here: it shows a document of its message, or it is one."""
        self._papers.pair(message_id)
        self._tell_all(self._papers.take(message_id, LARGEST_BEHIND))

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
            self._house.trace(self._house.address_of(place.bal_id), act, "1 document", reason.value if reason else "OK")
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
        # Nobody asks what became of a plain PDF in a record: its sender gets the receipt of a letter.
        if policy.integration_answers and self._house.stores.documents.is_by_the_book(message_id):
            self._clerk.worker.post(lambda: self._answer(message_id, refused))
        if refused is None and not any(line.deletion for line in lines):
            match policy.after_filing:
                case "read":
                    self._clerk.wish(Wish.READ, (message_id,))
                case "delete":
                    self._clerk.delete((message_id,))
                case other if path := filed_folder(other):
                    self._clerk.worker.post(lambda: self._move(message_id, path))

    def _move(self, message_id: MessageId, path: tuple[str, ...]) -> None:
        """On `clerk`: into the folder that the policy names, in the mailbox of the message."""
        for place in self._house.stores.mail.places([message_id]):
            target = self._folders.at(place.bal_id, path)
            if target != place.folder_id:
                self._clerk.wish(Wish.MOVE, (message_id,), target)

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
