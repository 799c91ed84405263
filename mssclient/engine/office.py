"""One signed-in person's workers, from sign-in to lock: clerk, watches, fetch, post, preview."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from mssclient.domain.address import CorrespondentKind, fold, guessed_kind, is_address, normal
from mssclient.domain.bal import BalId, BalKind, FolderId, Link
from mssclient.domain.draft import Draft
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import Offline, StoreTrouble, Unread, Unreadable
from mssclient.domain.events import BalsChanged, OutboxChanged
from mssclient.domain.message import Attachment, Message
from mssclient.domain.outbox import SendEvent, SendState
from mssclient.domain.session import same_person
from mssclient.engine.clerk import Clerk
from mssclient.engine.drafts import DraftRounds
from mssclient.engine.fetch import Fetch
from mssclient.engine.figures import Figures
from mssclient.engine.filing import Filing
from mssclient.engine.folder_desk import FolderDesk
from mssclient.engine.house import House, Speaker
from mssclient.engine.indexing import Indexing
from mssclient.engine.keeping import Keeping
from mssclient.engine.line import LineJob
from mssclient.engine.outside import Outside
from mssclient.engine.post import Post
from mssclient.engine.preview import Preview
from mssclient.engine.roster import RosterFile
from mssclient.engine.send_folder import SendFolder
from mssclient.engine.sent_copies import SentCopies
from mssclient.engine.server_search import ServerSearch
from mssclient.engine.shipping import Shipping, opposed_by
from mssclient.engine.watch import BalCard, Watch, asked
from mssclient.engine.worker import Worker
from mssclient.engine.worklist import Worklist
from mssclient.store.reader import MailReader

log = logging.getLogger(__name__)
ADDED = "bals"
STOP_S = 20.0
POLITE_S = 5.0


class Office:
    """Made at sign-in for one person; `go_on` after each sign-in of theirs, `pause` at each lock, `close` at the end.

    The clerk and the preview work as long as the store is open; the lines only while the session is.
    """

    def __init__(self, house: House, entries_of: Callable[[str], Iterable[DirectoryEntry]], outside: Outside) -> None:
        self.house = house
        self.outside = outside
        self._entries_of = entries_of
        self.drafts = DraftRounds(house, self._ask)
        self.copies = SentCopies(house, self._ask, wished=self._ring_watch)
        self.clerk = Clerk(house, self.drafts, self.copies, wished=self._ring_watch, posting=lambda: self._post)
        self.folders = FolderDesk(house, self.clerk.worker, self._ring_watch)
        self.preview = Preview(house.speaker)
        self.shipping = Shipping(
            house,
            self.clerk,
            lambda usager: opposed_by(self.roster.roster.candidates(usager)),
            self._look_at_the_record,
        )
        self.send_folder = SendFolder(house, self.shipping)
        self.figures = Figures(house, self.shipping.worker)
        self.search = ServerSearch(house, self._ask)
        self.indexing = Indexing(house, lambda ids: self.fetch.want_bodies(ids, now=False))
        house.owed = self.indexing.ring
        self.keeping = Keeping(house.stores)
        house.keep = self.keeping.add
        self.reader: MailReader | None = None
        self.fetch = Fetch(house)
        self.filing = Filing(house, self.fetch)
        self.roster = RosterFile(house.environment.filing_roster, house.speaker, house.clock)
        self.folder: Callable[[], Path | None] = lambda: None
        """The record system's folder as it stands; any thread."""
        self.worklist = Worklist(house, self.fetch, self.filing, self.roster, self.clerk, self.folders, self._folder)
        self._post: Post | None = None
        self._watches: list[Watch] = []
        self._late: list[Worker] = []
        """Lines of an earlier session that did not end in time."""
        self._begun = False
        self._opening = _Opening(house.speaker, 0)

    def _look_at_the_record(self) -> bool:
        return self.roster.look()

    def _folder(self) -> Path | None:
        return self.folder()

    # -- lines
    def go_on(self, addresses: Iterable[str], folder: Path | None) -> None:
        """Open the lines. Runs on `session`."""
        house = self.house
        if not self._begun:
            self._mend()
            self.clerk.start()
            self.preview.worker.start()
            self.shipping.start()
            self.send_folder.start()
            self.indexing.start()
            self.keeping.worker.start()
            self._begun = True
        self.outside.open()
        house.admission.begin()
        self.fetch = Fetch(house)
        self.filing = Filing(house, self.fetch)
        self.worklist = Worklist(house, self.fetch, self.filing, self.roster, self.clerk, self.folders, self._folder)
        # Whatever was queued before this sign-in is shown and confirmed, never sent silently (identity.md §3).
        for outbox_id in house.stores.outbox.ask_consent():
            house.speaker.announce(OutboxChanged(outbox_id))
        self.fetch.start()
        self.indexing.look_for_reports()
        self.fetch.worker.post(lambda: self.filing.mend(folder))
        self.fetch.worker.post(self.worklist.begin)
        self._post = Post(house, sent=self._message_left)
        self._post.start()
        known = house.stores.mail.addresses()
        added = house.stores.settings.get(ADDED).split()
        offered = dict.fromkeys([*known, *(normal(a) for a in addresses), *added])
        self._opening = _Opening(house.speaker, len(offered))
        for address in offered:
            self._watch(self._card_of(address), known.get(address))

    def _mend(self) -> None:
        """What an earlier run left half done is told for what it is, before anything new begins."""
        stores = self.house.stores
        stores.content.forget_unfinished()
        for outbox_id in stores.outbox.in_state(SendState.SENDING):
            stores.outbox.advance(outbox_id, SendEvent.UNKNOWN)
            self.house.speaker.problem(Offline("found sending"), "uncertain", outbox_id=outbox_id)
        stores.mail.set_all_links(Link.WAITING)

    def _watch(self, card: BalCard, bal_id: BalId | None) -> None:
        watch = Watch(
            self.house,
            len(self._watches) + 1,
            card,
            bal_id=bal_id,
            prefetch=lambda ids: self.fetch.want_bodies(ids, now=False),
            opened=self._opened,
            settled=self._opening.settled,
            farewell=self.drafts.last,
        )
        self._watches.append(watch)
        watch.start()

    def _opened(self, bal_id: BalId, card: BalCard) -> None:
        log.info("BAL %d is open", bal_id)
        if card.asked_by_hand:
            addresses = dict.fromkeys([*self.house.stores.settings.get(ADDED).split(), card.address])
            self.house.stores.settings.set(ADDED, " ".join(addresses))
        self.house.speaker.announce(BalsChanged())
        self.copies.opened(bal_id)
        self.drafts.opened(bal_id)
        self._ring_post()

    def _card_of(self, address: str) -> BalCard:
        """What the Annuaire says of an address; red-listed and applicative boxes are not in it: guess."""
        for entry in self._entries_of(address):
            person = self.house.person
            named = fold(f"{entry.given} {entry.family}") == fold(f"{person.given} {person.family}")
            own = same_person(entry.national_id, person.national_id) or (not entry.national_id and named)
            label = self.house.person.name if own else entry.name
            return BalCard(address, entry.kind, label, own)
        person = self.house.person
        local = address.partition("@")[0]
        if fold(local) == fold(f"{person.given} {person.family}"):
            # Not everybody with a BAL has an RPPS id that the Annuaire could tie to it.
            return BalCard(address, BalKind.PER, person.name, own=True)
        kind = {
            CorrespondentKind.ORGANISATION: BalKind.ORG,
            CorrespondentKind.APPLICATION: BalKind.APP,
        }.get(guessed_kind(address), BalKind.PER)
        return BalCard(address, kind, local, own=False)

    def add_bal(self, address: str) -> None:
        """The person typed an address. Runs on `session`."""
        if not is_address(normal(address)):
            self.house.speaker.problem(Unreadable(Unread.NOT_IT, "address"), "bal")
            return
        if any(w.card.address == normal(address) and w.bal_id is not None for w in self._watches):
            self.refresh()
            return
        self._watch(asked(self._card_of(normal(address))), None)

    def pause(self) -> None:
        """Close the lines politely; what takes too long is cut. Runs on `session`. Raises nothing: a lock must end."""
        lines: list[Watch | Fetch] = [*self._watches, self.fetch]
        workers = [line.worker for line in lines]
        if self._post is not None:
            workers.append(self._post.worker)
        for worker in workers:
            worker.stop()
        polite, end = time.monotonic() + POLITE_S, time.monotonic() + STOP_S
        for line in lines:
            if not line.worker.join(polite - time.monotonic()):
                line.cut()
        self._late = [w for w in [*self._late, *workers] if not w.join(end - time.monotonic())]
        if self._late:
            log.info("%d lines are late to end", len(self._late))
        self._watches.clear()
        self._post = None
        self.filing.give_up()
        self.clerk.expect_nothing()
        self.house.profiles.clear()
        self.house.speaker.clear_progress()
        if self._begun:
            try:
                self.house.stores.mail.set_all_links(Link.OFFLINE)
            except StoreTrouble as trouble:
                log.info("links not written: %s", trouble.reason.value)
            self.house.speaker.announce(BalsChanged())

    def close(self) -> None:
        """Everything stops and the store closes; what was handed to the clerk is done first."""
        self.outside.shut()
        self.pause()
        for worker in (self.send_folder.worker, self.shipping.worker):
            worker.stop()
            worker.join(STOP_S)
        self.clerk.worker.finish()
        self.preview.worker.stop()
        self.indexing.worker.stop()
        self.keeping.worker.finish()
        keepers = (
            self.clerk.worker,
            self.preview.worker,
            self.shipping.worker,
            self.send_folder.worker,
            self.indexing.worker,
            self.keeping.worker,
        )
        self._late = [w for w in (*self._late, *keepers) if not w.join(STOP_S)]
        self.preview.forget()
        if self.reader is not None:
            self.reader.close()
        if self._late:
            # A connection closed under a thread that uses it may crash the program: theirs end with them.
            self.house.stores.database.refuse()
        else:
            self.house.stores.database.close()

    # -- any thread
    def forward_attachments(self, draft: Draft, message: Message) -> None:
        """Copy a message's attachments into the draft that passes it on, fetched where absent."""
        fetch, clerk, content = self.fetch, self.clerk, self.house.stores.content
        clerk.keep_draft(draft)
        for a in message.attachments:

            def copy(a: Attachment = a) -> None:
                try:
                    raw = content.part_bytes(a.id)
                except StoreTrouble:
                    clerk.expect(draft.id, -1)
                    raise
                if raw is not None:
                    clerk.attach_bytes(draft.id, a.name, a.media_type, raw)
                clerk.expect(draft.id, -1)

            clerk.expect(draft.id, 1)
            fetch.want_part(a.id, copy, otherwise=lambda: clerk.expect(draft.id, -1))

    def look_at(self, bal_id: BalId, folder_id: FolderId) -> None:
        """The person opened a folder."""
        for watch in tuple(self._watches):
            if watch.bal_id == bal_id:
                watch.look_at(folder_id)

    def describe_again(self) -> None:
        """The Annuaire came or changed: kinds and labels of the BAL may be known better now."""

        def job() -> None:
            for address in self.house.stores.mail.addresses():
                card = self._card_of(address)
                self.house.stores.mail.keep_bal(address, card.kind, card.label, own=card.own)
            self.house.speaker.announce(BalsChanged())

        self.clerk.worker.post(job)

    def refresh(self) -> None:
        """Look everywhere now."""
        for watch in tuple(self._watches):
            watch.refresh()
            if watch.bal_id is not None:
                self.copies.now(watch.bal_id)
                self.drafts.now(watch.bal_id)
        self._ring_post()

    def _ask(self, bal_id: BalId, job: LineJob, delay_s: float) -> None:
        for watch in tuple(self._watches):
            if watch.bal_id == bal_id:
                watch.ask(job, delay_s)

    def _message_left(self, bal_id: BalId) -> None:
        self.copies.now(bal_id)
        self.drafts.now(bal_id)

    def _ring_watch(self, bal_id: BalId) -> None:
        for watch in tuple(self._watches):
            if watch.bal_id == bal_id:
                watch.replay()

    def _ring_post(self) -> None:
        if (post := self._post) is not None:
            post.ring()


class _Opening:
    """Says how many of the BAL that are tried have answered since the sign-in, until all have. Any thread."""

    def __init__(self, speaker: Speaker, total: int) -> None:
        self._speaker = speaker
        self._total = total
        self._done = 0
        self._lock = threading.Lock()
        if total:
            speaker.progress("opening", None, 0, total)

    def settled(self) -> None:
        """The first lists of one more are there, or will not come."""
        with self._lock:
            self._done += 1
            if self._done <= self._total:
                self._speaker.progress("opening", None, self._done, self._total)
