"""One BAL's thread: listens in IDLE, brings the folders up to date, replays the user's wishes, copies to Sent.

Long work is cut into jobs of one batch each, so that a mark or a move never waits behind 20,000 headers.
"""

from __future__ import annotations

import logging
import select
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace

from mssclient.domain.address import fold
from mssclient.domain.bal import BalId, BalKind, FolderId, FolderRole, Link, role_of
from mssclient.domain.errors import MssError, Offline, Refused, SessionEnded, Untrusted
from mssclient.domain.events import BalsChanged, FoldersChanged, MessagesArrived, MessagesChanged
from mssclient.domain.message import MessageId
from mssclient.domain.outbox import OutboxId
from mssclient.domain.sync import Seen, Step, plan, suspicious
from mssclient.engine.admission import NOT_LET_IN
from mssclient.engine.house import House, back_off_s
from mssclient.engine.line import Line, LineJob
from mssclient.engine.replay import Replay
from mssclient.engine.worker import Worker
from mssclient.remote.imap import Idle, ImapSession, Selected
from mssclient.store.mail import FolderSpec

log = logging.getLogger(__name__)
BATCH = 200
LATER_BATCH = 1_000
"""After the first rows are on the screen: so many headers, asked for 200 at a time and ahead, before other jobs get
their turn."""
ROWS_A_TRANSACTION = 200
"""Some 20 ms of the write lock: a person's mark may wait so long; each commit costs the full-text index a segment."""
SURVEY_EVERY_S = 60.0
SURVEY_ELSEWHERE_S = 15.0
UNTRUSTED_PAUSE_S = 300.0
PREFETCH = 25


@dataclass(frozen=True, slots=True)
class BalCard:
    """What is known of a BAL before it opens."""

    address: str
    kind: BalKind
    label: str
    own: bool
    asked_by_hand: bool = False
    """The person typed it: a refusal is told; else a BAL that does not let them in is left out quietly."""


@dataclass(slots=True)
class _Todo:
    """A folder whose listing is known and whose headers are still coming, newest first."""

    uids: list[int]
    total: int
    selected: Selected
    first_time: bool


class Watch:
    """One BAL, on the thread `watch-<n>`. Everything but `start`, `look_at`, `ring…` and `stop` runs on that thread."""

    def __init__(
        self,
        house: House,
        number: int,
        card: BalCard,
        *,
        bal_id: BalId | None,
        prefetch: Callable[[list[MessageId]], None],
        opened: Callable[[BalId, BalCard], None],
        settled: Callable[[], None],
        farewell: Callable[[Line], None],
    ) -> None:
        self.card = card
        self.bal_id = bal_id
        self._house = house
        self._prefetch = prefetch
        self._opened = opened
        self._settled: Callable[[], None] | None = settled
        self._farewell = farewell
        self._session: ImapSession | None = None
        self._selected = ""
        self._current: FolderId | None = None
        self._todo: dict[FolderId, _Todo] = {}
        self._closed_doors: set[FolderId] = set()
        """Folders the operator does not let us into on this line."""
        self._uncopied: set[OutboxId] = set()
        self._tries = 0
        self._refusal_told = False
        self.worker = Worker(f"watch-{number}", self._tell, rest=self._rest, ending=self._hang_up)

    # -- any thread
    def start(self) -> None:
        """Connect and begin."""
        self.worker.start()
        self.worker.post(self._connect)

    def look_at(self, folder_id: FolderId) -> None:
        """The person opened this folder: it comes first and IDLE listens there."""
        self.worker.post_first(lambda: self._look_at(folder_id))

    def replay(self) -> None:
        """There are new wishes, or something to copy to Sent."""
        self.worker.post(self._replay)

    def refresh(self) -> None:
        """Look at every folder now; connects when the line was down."""
        self.worker.post(self._refresh)

    def ask(self, job: LineJob, delay_s: float = 0.0) -> None:
        """Have a job run on this line; without a line it is not: who asks does so again once the BAL is open."""
        if delay_s:
            self.worker.post_in(delay_s, lambda: self._lend(job))
        else:
            self.worker.post(lambda: self._lend(job))

    def stop(self) -> None:
        """End politely: the command under way finishes, then LOGOUT."""
        self.worker.stop()

    def cut(self) -> None:
        """End now: for a stop that takes too long."""
        if (session := self._session) is not None:
            session.cut()

    def _lend(self, job: LineJob) -> None:
        if self._session is None or self.bal_id is None:
            return
        try:
            touched = job(Line(self._session, self.bal_id, self._select))
        except Refused as refusal:
            log.info("a job on the line was refused: %s", refusal.code)
            self._selected = ""
            return
        for folder_id in touched - self._closed_doors:
            self.worker.post(lambda folder_id=folder_id: self._sync(folder_id))  # type: ignore[misc]

    # -- connecting
    def _connect(self) -> None:
        if self._session is not None or self.worker.stopping:
            return
        house, address = self._house, self.card.address
        self._link(Link.CONNECTING)
        profile = house.operators.profile(address)
        trust = house.operators.trust
        self._session = house.admission.sign_in(
            "imap",
            address,
            lambda token: ImapSession.open(
                house.environment, profile, address, token, trust=trust, timeout_s=house.patience.imap_s
            ),
        )
        self._selected = ""
        self._refusal_told = False
        self._closed_doors.clear()
        self._uncopied.clear()
        self.bal_id = house.stores.mail.keep_bal(address, self.card.kind, self.card.label, own=self.card.own)
        house.profiles[self.bal_id] = profile
        if self._is_over():
            return
        self._link(Link.LIVE)
        self._opened(self.bal_id, self.card)
        self._list_folders()
        self._read_quota()
        self._replay()
        self._survey()
        # Behind the first lists that the survey asked for.
        self.worker.post(self._settle)

    def _settle(self) -> None:
        """Said once: this BAL answered, or will not for now."""
        settled, self._settled = self._settled, None
        if settled is not None:
            settled()

    def _is_over(self) -> bool:
        """Whether a lock or a stop came while we were connecting: nothing is shown or replayed behind it."""
        return self.worker.stopping

    def _link(self, link: Link) -> None:
        if self.bal_id is not None:
            self._house.stores.mail.set_link(self.bal_id, link)
            self._house.speaker.announce(BalsChanged())

    def _list_folders(self) -> None:
        session, bal_id = self._open_session(), self._id()
        specs = []
        for f in session.folders():
            role = FolderRole.INBOX if f.mailbox.upper() == "INBOX" else role_of(fold(f.path[-1]), f.uses, len(f.path))
            specs.append(FolderSpec(f.mailbox, f.path, role, f.selectable))
        if self._house.stores.mail.keep_folders(bal_id, specs):
            self._house.speaker.announce(FoldersChanged(bal_id))

    def _read_quota(self) -> None:
        if quota := self._open_session().quota():
            self._house.stores.mail.set_limits(self._id(), quota[0], quota[1])
            self._house.speaker.announce(BalsChanged())

    # -- looking
    def _refresh(self) -> None:
        if self._session is None:
            self._connect()
        else:
            self._list_folders()
            self._replay()
            self._survey()

    def _look_at(self, folder_id: FolderId) -> None:
        self._current = folder_id
        if self._session is not None:
            self._sync(folder_id)

    def _survey(self) -> None:
        """STATUS of every folder; those that changed are brought up to date, the one looked at first."""
        session, bal_id = self._open_session(), self._id()
        mail = self._house.stores.mail
        counts = session.all_counts()
        folders = mail.folders(bal_id)
        folders.sort(key=lambda f: f[0] != self._current)
        changed = False
        for folder_id, mailbox, _role in folders:
            seen = counts.get(mailbox)
            known = mail.known(folder_id)
            if seen is None or known is None:
                continue
            changed |= mail.set_counts(folder_id, seen.messages, seen.unseen)
            now = Seen(seen.uidvalidity, seen.uidnext, seen.messages, seen.highest_modseq)
            if plan(known, now) and folder_id not in self._todo and folder_id not in self._closed_doors:
                self.worker.post(lambda folder_id=folder_id: self._sync(folder_id))  # type: ignore[misc]
        if changed:
            self._house.speaker.announce(FoldersChanged(bal_id))

    def _select(self, mailbox: str) -> Selected:
        selected = self._open_session().select(mailbox)
        self._selected = mailbox
        return selected

    def _sync(self, folder_id: FolderId) -> None:
        """Plan, then run: removals and flags at once, headers as batches of their own."""
        try:
            self._bring_up(folder_id)
        except Refused as refusal:
            self._shut_out(folder_id, refusal)

    def _shut_out(self, folder_id: FolderId, refusal: Refused) -> None:
        """One folder that is gone, or not ours to look into, does not stop the others."""
        log.info("folder %d refused: %s", folder_id, refusal.code)
        self._closed_doors.add(folder_id)
        self._todo.pop(folder_id, None)
        self._selected = ""
        if self._current == folder_id:
            self._current = None
        self._list_folders()
        place = self._house.stores.mail.folder(folder_id)
        if place is not None and place[2] is FolderRole.INBOX:
            raise Offline("INBOX refused", busy=True) from refusal
        if place is not None:
            self._house.speaker.problem(refusal, "sync", bal_id=self.bal_id)

    def _bring_up(self, folder_id: FolderId) -> None:
        mail = self._house.stores.mail
        place, known = mail.folder(folder_id), mail.known(folder_id)
        if self._session is None or place is None or known is None or folder_id in self._todo:
            return
        selected = self._select(place[1])
        if known.uidvalidity == 0:
            mail.void_uids(folder_id, selected.uidvalidity)
        steps = plan(known, Seen(selected.uidvalidity, selected.uidnext, selected.exists, selected.highest_modseq))
        missing: set[int] = set()
        changed = False
        for step in steps:
            match step:
                case Step.START_OVER:
                    log.info("folder %d: UIDVALIDITY changed", folder_id)
                    mail.void_uids(folder_id, selected.uidvalidity)
                    changed = True
                case Step.LIST:
                    new, gone = self._compare(folder_id, place[1], known.count)
                    missing |= new
                    changed |= gone
                case Step.NEW:
                    missing |= {u for u in self._open_session().uids(known.uidnext) if u >= known.uidnext}
                case Step.FLAGS_SINCE:
                    flags = self._open_session().flags(changed_since=known.modseq)
                    changed |= mail.set_flags(folder_id, flags)
                case Step.FLAGS_ALL:
                    changed |= mail.set_flags(folder_id, self._open_session().flags())
        missing -= mail.uids(folder_id)
        if changed:
            self._changed(folder_id)
        self._todo[folder_id] = _Todo(
            sorted(missing, reverse=True), len(missing), selected, first_time=not known.complete
        )
        self._batch(folder_id)

    def _compare(self, folder_id: FolderId, mailbox: str, known_count: int) -> tuple[set[int], bool]:
        mail = self._house.stores.mail
        listed = set(self._open_session().uids())
        if suspicious(known_count, len(listed)):
            log.info("folder %d suddenly looks empty: listed again", folder_id)
            again = self._select(mailbox)
            listed = set(self._open_session().uids())
            if again.exists != len(listed):
                raise Offline("listing does not agree with itself")
        local = mail.uids(folder_id)
        gone = local - listed
        if gone:
            mail.remove(folder_id, gone)
        return listed - local, bool(gone)

    def _batch(self, folder_id: FolderId) -> None:
        """One batch of headers, then room for whatever else waits."""
        try:
            self._next_batch(folder_id)
        except Refused as refusal:
            self._shut_out(folder_id, refusal)

    def _next_batch(self, folder_id: FolderId) -> None:
        todo = self._todo.get(folder_id)
        place = self._house.stores.mail.folder(folder_id)
        if todo is None or self._session is None or place is None:
            self._todo.pop(folder_id, None)
            return
        if self._selected != place[1] and self._select(place[1]).uidvalidity != todo.selected.uidvalidity:
            raise Offline("renumbered")
        size = BATCH if len(todo.uids) == todo.total else LATER_BATCH
        chunk, todo.uids = todo.uids[:size], todo.uids[size:]
        fresh: list[MessageId] = []
        for envelopes in self._session.envelopes(chunk):
            for start in range(0, len(envelopes), ROWS_A_TRANSACTION):
                fresh += self._house.stores.mail.add(folder_id, envelopes[start : start + ROWS_A_TRANSACTION])
        if fresh:
            self._house.owed()
            self._changed(folder_id)
            self._welcome(folder_id, place[2], todo, fresh)
        done = todo.total - len(todo.uids)
        if todo.total > BATCH:
            self._house.speaker.progress("headers", self.bal_id, done, todo.total)
        if todo.uids:
            self.worker.post(lambda: self._batch(folder_id))
        else:
            self._finish(folder_id, todo)

    def _finish(self, folder_id: FolderId, todo: _Todo) -> None:
        del self._todo[folder_id]
        mail, seen = self._house.stores.mail, todo.selected
        if mail.drop_void(folder_id):
            self._changed(folder_id)
        mail.set_position(folder_id, seen.uidvalidity, seen.uidnext, seen.highest_modseq, complete=True)
        self._tries = 0
        if self._house.stores.changes.of_bal(self._id()):
            self.worker.post(self._replay)
        self._house.speaker.announce(FoldersChanged(self._id()))

    def _welcome(self, folder_id: FolderId, role: FolderRole, todo: _Todo, fresh: list[MessageId]) -> None:
        """New mail: a notice, and the newest bodies are fetched before they are asked for."""
        if role is FolderRole.INBOX and not todo.first_time:
            self._house.speaker.announce(MessagesArrived(folder_id, len(fresh)))
        if role not in {FolderRole.SENT, FolderRole.DRAFTS, FolderRole.TRASH, FolderRole.JUNK}:
            newest = not todo.first_time or todo.total - len(todo.uids) <= BATCH
            self._prefetch(fresh[:PREFETCH] if newest else [])

    def _changed(self, folder_id: FolderId) -> None:
        self._house.speaker.announce(MessagesChanged(folder_id))
        self._house.speaker.announce(FoldersChanged(self._id()))

    # -- wishes and the copy in Sent
    def _replay(self) -> None:
        if self._session is None:
            return
        replay = Replay(self._house, self._session, self._id(), self._select, self._uncopied)
        for folder_id in replay.wishes():
            self._changed(folder_id)
        if replay.again:
            self.worker.post(self._replay)
        for folder_id in replay.to_sync - self._closed_doors:
            self.worker.post(lambda folder_id=folder_id: self._sync(folder_id))  # type: ignore[misc]
        copied = replay.copies()
        for folder_id in copied:
            self._sync(folder_id)
        if copied:
            # The marks of what was answered are wishes of their own.
            self.worker.post(self._replay)

    # -- resting
    def _rest(self, wake: socket.socket, timeout_s: float) -> None:
        if self._session is None:
            select.select([wake], [], [], timeout_s)
            return
        if (place := self._listening_place()) is None:
            select.select([wake], [], [], min(timeout_s, SURVEY_EVERY_S))
            self.worker.post(self._list_folders)
            return
        # Selecting again shows what came while other commands ran: IDLE only tells what comes after it.
        try:
            seen, known = self._select(place[1]), self._house.stores.mail.known(place[0])
        except Refused as refusal:
            self._shut_out(place[0], refusal)
            return
        self._tries = 0
        now = Seen(seen.uidvalidity, seen.uidnext, seen.exists, seen.highest_modseq)
        if known is not None and set(plan(known, now)) - {Step.FLAGS_ALL}:
            self.worker.post(lambda: self._sync(place[0]))
            return
        # IDLE listens to one folder: while it is not the inbox, new mail is looked for more often.
        inbox = self._house.stores.mail.folder_for(self._id(), FolderRole.INBOX)
        every_s = SURVEY_EVERY_S if inbox is None or inbox[0] == place[0] else SURVEY_ELSEWHERE_S
        outcome = self._session.idle(wake, min(timeout_s, every_s))
        if outcome is Idle.PUSHED:
            self.worker.post(lambda: self._sync(place[0]))
        elif outcome is Idle.TIMEOUT and not self.worker.stopping:
            self.worker.post(self._survey)

    def _listening_place(self) -> tuple[FolderId, str] | None:
        mail = self._house.stores.mail
        if self._current is not None and (place := mail.folder(self._current)) is not None:
            return self._current, place[1]
        return mail.folder_for(self._id(), FolderRole.INBOX)

    # -- trouble
    def _tell(self, error: MssError | None) -> None:
        """A job failed, on our own thread: decide what becomes of the line."""
        if self.worker.stopping:
            return
        self._drop_line()
        self._settle()
        self._house.operators.failed(self.card.address, error)
        # The next try first: writing the link may fail too, on a full disk.
        match error:
            case SessionEnded():
                pass
            case Refused(code=code) if code in NOT_LET_IN:
                self._turned_away(error)
                return
            case Untrusted() | Refused():
                self.worker.post_in(UNTRUSTED_PAUSE_S, self._connect)
                self._house.speaker.problem(error, "sync", bal_id=self.bal_id)
            case Offline() | None:
                self.worker.post_in(back_off_s(self._tries), self._connect)
                self._tries += 1
            case _:
                self.worker.post_in(back_off_s(6), self._connect)
                self._house.speaker.problem(error, "sync", bal_id=self.bal_id)
        self._link(Link.OFFLINE)

    def _turned_away(self, error: MssError) -> None:
        """The operator does not let this person in, twice in a row with a fresh token."""
        if self.bal_id is None and self.card.own:
            # One's own BAL has its place on the screen, shut or not: there the person reads which it is, and why.
            card = self.card
            self.bal_id = self._house.stores.mail.keep_bal(card.address, card.kind, card.label, own=card.own)
        if self.bal_id is not None:
            # It let them in before: it may be the operator's trouble, not the person's.
            self.worker.post_in(UNTRUSTED_PAUSE_S, self._connect)
        if self.card.asked_by_hand or (self.bal_id is not None and not self._refusal_told):
            self._refusal_told = True
            self._house.speaker.problem(error, "bal", bal_id=self.bal_id)
        self._link(Link.REFUSED)

    def _drop_line(self) -> None:
        self._todo.clear()
        self._selected = ""
        if self._session is not None:
            session, self._session = self._session, None
            session.cut()
        self._house.speaker.progress("headers", self.bal_id, 1, 1)

    def _hang_up(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            if self.bal_id is not None:
                self._farewell(Line(session, self.bal_id, session.select))
            session.close()
        self._house.stores.database.release()

    def _open_session(self) -> ImapSession:
        if self._session is None:
            raise Offline("no line")
        return self._session

    def _id(self) -> BalId:
        if self.bal_id is None:
            raise Offline("not opened yet")
        return self.bal_id


def asked(card: BalCard) -> BalCard:
    """The same BAL, typed by the person."""
    return replace(card, asked_by_hand=True)
