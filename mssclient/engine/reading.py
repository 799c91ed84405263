"""What the UI reads: the signed-in person's pages and the public directory, behind one `Reader`. Main thread only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from mssclient.domain.address import Correspondent, normal
from mssclient.domain.bal import Bal, BalId, Folder
from mssclient.domain.changes import LastAct
from mssclient.domain.circle import Acquaintance, Group
from mssclient.domain.consignment import Consignment, SentDocument
from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.directory_query import department_of
from mssclient.domain.documents import Archive
from mssclient.domain.draft import Draft, DraftId
from mssclient.domain.entry import Departure, DirectoryEntry, DirectoryStatus
from mssclient.domain.filing import Filed
from mssclient.domain.identity import Usager
from mssclient.domain.message import ListQuery, Message, MessageId, PartId, Row
from mssclient.domain.outbox import OutboxId, Outgoing
from mssclient.domain.receipts import Lost
from mssclient.domain.search import Hint
from mssclient.domain.worklist import DocumentId, WorkLine, WorkQuery
from mssclient.engine.last_act import SETTING, last_act
from mssclient.engine.server_search import Hits
from mssclient.store.directory import DirectoryStore
from mssclient.store.reader import MailReader

NO_CRITERIA = Criteria()
_BALS_ASKED = 20


class PersonReader:
    """`engine.api.Reader` over the store that is open; empty answers while none is.

    `open` runs on `session`: each read looks once at what is open.
    """

    def __init__(
        self,
        directory: DirectoryStore,
        loading: Callable[[], bool],
        department: str = "",
        checked: Callable[[str], bool | None] = lambda _: None,
    ) -> None:
        self.mail: MailReader | None = None
        self.there: Callable[[], Hits] = Hits
        """What the operators found for the last search."""
        self.silent_days = 0
        """After so many days without a sign of life a message that asked for one counts as lost; 0: never."""
        self.now: Callable[[], int] = lambda: 0
        """Seconds since 1970."""
        self._found_there: frozenset[MessageId] = frozenset()
        self._directory = directory
        self._loading = loading
        self._boosts: dict[str, int] | None = None
        self._used: frozenset[str] | None = None
        self._department = department
        self._checked = checked
        self._near: str | None = department or None

    def open(self, mail: MailReader | None) -> None:
        """Read another store from now on, or none."""
        self.mail = mail
        self._boosts = self._used = None
        self._found_there = frozenset()
        self.forget_place()

    def forget_place(self) -> None:
        """The mailboxes or the Annuaire changed: where the institution stands is looked up again. Any thread."""
        self._near = self._department or None

    def _place(self) -> str:
        """The department that answers are preferred from: the configured one, else that of the mailboxes' own entries."""
        if (near := self._near) is None:
            told = [
                department_of(entry.post_code)
                for bal in self.bals()[:_BALS_ASKED]
                for entry in self._directory.entries_of(bal.address)[:_BALS_ASKED]
            ]
            known = [department for department in told if department]
            near = max(known, key=known.count) if known else ""
            if told:
                self._near = near
        return near

    def forget_boosts(self) -> None:
        """Somebody was written to, or is a favourite now: the type-ahead's order may change."""
        self._boosts = self._used = None

    def bals(self) -> tuple[Bal, ...]:
        return mail.bals() if (mail := self.mail) else ()

    def folders(self, bal_id: BalId) -> tuple[Folder, ...]:
        return mail.folders(bal_id) if (mail := self.mail) else ()

    def ids(self, query: ListQuery) -> list[MessageId]:
        mail = self.mail
        if mail is None:
            return []
        here = mail.ids(query)
        there = self.there() if query.search.strip() else Hits()
        if there.search != query.search or not there.ids:
            self._found_there = frozenset()
            return here
        # What the index knows is told from what only the operator found.
        self._found_there = there.ids.difference(here)
        return mail.with_found(query, here, self._found_there)

    def in_trash(self, ids: Sequence[MessageId]) -> frozenset[MessageId]:
        """Those that the screen shows in a trash."""
        return mail.in_trash(ids) if (mail := self.mail) else frozenset()

    def rows(self, ids: list[MessageId]) -> list[Row]:
        rows = mail.rows(ids) if (mail := self.mail) else []
        found = self._found_there
        return [replace(row, found_there=True) if row.id in found else row for row in rows] if found else rows

    def drafts_there(self) -> tuple[Row, ...]:
        return mail.drafts_there() if (mail := self.mail) else ()

    def last_act(self) -> LastAct | None:
        return last_act(mail.setting(SETTING), self.now(), mail.waits) if (mail := self.mail) else None

    def search_hints(self, text: str) -> tuple[Hint, ...]:
        return mail.search_hints(text) if (mail := self.mail) else ()

    def lost(self) -> tuple[Lost, ...]:
        return mail.lost(self.silent_days) if (mail := self.mail) else ()

    def message(self, message_id: MessageId) -> Message | None:
        return mail.message(message_id) if (mail := self.mail) else None

    def conversation(self, conversation: int) -> list[MessageId]:
        return mail.conversation(conversation) if (mail := self.mail) else []

    def archive(self, part_id: PartId) -> Archive | None:
        return mail.archive(part_id) if (mail := self.mail) else None

    def filings(self, message_id: MessageId) -> tuple[Filed, ...]:
        return mail.filings(message_id) if (mail := self.mail) else ()

    def work_ids(self, query: WorkQuery) -> list[DocumentId]:
        return mail.documents.ids(query) if (mail := self.mail) else []

    def work_lines(self, ids: list[DocumentId]) -> list[WorkLine]:
        return mail.documents.lines(ids) if (mail := self.mail) else []

    def work_count(self) -> int:
        return mail.documents.count() if (mail := self.mail) else 0

    def work_types(self) -> list[tuple[str, str]]:
        return mail.documents.types() if (mail := self.mail) else []

    def companions(self, message_id: MessageId) -> dict[PartId, tuple[PartId, str]]:
        return mail.documents.companions(message_id) if (mail := self.mail) else {}

    def papers(self, part_id: PartId, content: str) -> list[PartId]:
        return mail.documents.papers(part_id, content) if (mail := self.mail) else []

    def drafts(self) -> tuple[Draft, ...]:
        return mail.drafts() if (mail := self.mail) else ()

    def draft(self, draft_id: DraftId) -> Draft | None:
        return mail.draft(draft_id) if (mail := self.mail) else None

    def outbox(self) -> tuple[Outgoing, ...]:
        return mail.outbox() if (mail := self.mail) else ()

    def sent(self, limit: int = 200) -> tuple[Outgoing, ...]:
        return mail.sent(limit) if (mail := self.mail) else ()

    def outgoing(self, outbox_id: OutboxId) -> Outgoing | None:
        return mail.outgoing(outbox_id) if (mail := self.mail) else None

    def outgoing_of(self, message_id: MessageId) -> Outgoing | None:
        return mail.outgoing_of(message_id) if (mail := self.mail) else None

    def shipment(self, draft_id: DraftId) -> Consignment | None:
        return mail.shipment(draft_id) if (mail := self.mail) else None

    def sent_documents(self, limit: int = 500) -> tuple[SentDocument, ...]:
        return mail.sent_documents(limit) if (mail := self.mail) else ()

    def known_usagers(self) -> tuple[tuple[Usager, bool], ...]:
        return mail.known_usagers() if (mail := self.mail) else ()

    def directory(
        self, text: str, limit: int = 20, kind: str = "", criteria: Criteria = NO_CRITERIA
    ) -> list[DirectoryEntry]:
        boosts = self._boosts
        if boosts is None:
            boosts = self._boosts = mail.circle.weights() if (mail := self.mail) else {}
        return self._directory.search(text, limit, kind, self._place(), boosts, criteria)

    def entries_of(self, address: str) -> tuple[DirectoryEntry, ...]:
        return self._directory.entries_of(address)

    def departure(self, address: str) -> Departure | None:
        return self._directory.departure(address)

    def listed_now(self, address: str) -> bool | None:
        return self._checked(normal(address))

    def successors(self, departure: Departure) -> tuple[DirectoryEntry, ...]:
        return self._directory.successors(departure)

    def favourites(self) -> tuple[Correspondent, ...]:
        return mail.circle.favourites() if (mail := self.mail) else ()

    def recent(self, limit: int = 50) -> tuple[Correspondent, ...]:
        return mail.circle.recent(limit) if (mail := self.mail) else ()

    def groups(self) -> tuple[Group, ...]:
        return mail.circle.groups() if (mail := self.mail) else ()

    def acquaintance(self, address: str) -> Acquaintance:
        return mail.circle.acquaintance(address) if (mail := self.mail) else Acquaintance(normal(address))

    def used_domains(self) -> frozenset[str]:
        if self._used is None:
            self._used = mail.circle.used_domains() if (mail := self.mail) else frozenset()
        return self._used

    def department(self) -> str:
        return self._place()

    def directory_status(self) -> DirectoryStatus:
        status = self._directory.status()
        return DirectoryStatus(
            status.entries, status.extracted, status.loaded_at, status.white_list_domains, self._loading()
        )

    def unread(self) -> int:
        return mail.unread() if (mail := self.mail) else 0

    def to_file(self) -> int:
        return mail.to_file() if (mail := self.mail) else 0
