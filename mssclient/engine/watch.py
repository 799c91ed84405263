"""One BAL's thread: listens in IDLE, brings the folders up to date, replays the user's wishes.

Long work is cut into jobs of one batch each, so that a mark or a move never waits behind 20,000 headers.
"""

from __future__ import annotations

import logging
import select
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from mssclient.domain.bal import BalId, BalKind, FolderId, FolderRole, Link
from mssclient.domain.errors import MssError, Offline, Refused, SessionEnded, Unreadable, Untrusted
from mssclient.domain.events import BalsChanged
from mssclient.domain.message import MessageId
from mssclient.engine.admission import NOT_LET_IN
from mssclient.engine.bring_up import BringUp
from mssclient.engine.connection import Connection
from mssclient.engine.folder_list import FolderList
from mssclient.engine.house import House, back_off_s
from mssclient.engine.line import Line, LineJob
from mssclient.engine.replay import Replay
from mssclient.engine.worker import Worker
from mssclient.remote.imap import Idle
from mssclient.store.mail import PROVISIONAL

log = logging.getLogger(__name__)
SURVEY_EVERY_S = 60.0
SURVEY_ELSEWHERE_S = 15.0
SURVEY_NOTIFIED_S = 300.0
"""Where the operator tells of every folder (NOTIFY), counting them is for what it forgot."""
MORE_EVERY = 5
"""At each so many surveys: how full the BAL is, and marks that no count shows."""
UNTRUSTED_PAUSE_S = 300.0


@dataclass(frozen=True, slots=True)
class BalCard:
    """What is known of a BAL before it opens."""

    address: str
    kind: BalKind
    label: str
    own: bool
    asked_by_hand: bool = False
    """The person typed it: a refusal is told; else a BAL that does not let them in is left out quietly."""


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
        self._house = house
        self._opened = opened
        self._settled: Callable[[], None] | None = settled
        self._farewell = farewell
        self._line = Connection(house, card.address, bal_id)
        self._folders = FolderList(self._line)
        self._bring_up = BringUp(
            self._line, settled=self._folders.settled, prefetch=prefetch, more=self._more, later=self._later,
            finished=self._finished,
        )  # fmt: skip
        self._current: FolderId | None = None
        self._closed_doors: set[FolderId] = set()
        """Folders the operator does not let us into on this line."""
        self._told: set[str] = set()
        """Mailboxes of which the person knows that they may only be read."""
        self._spoken = 0
        """Commands on the line when the folder that IDLE listens to was last known to be up to date."""
        self._surveys = 0
        self._tries = 0
        self._refusal_told = False
        self.worker = Worker(f"watch-{number}", self._tell, rest=self._rest, ending=self._hang_up)

    @property
    def bal_id(self) -> BalId | None:
        """The BAL, once it was opened."""
        return self._line.bal_id

    # -- any thread
    def start(self) -> None:
        """Connect and begin."""
        self.worker.start()
        self.worker.post(self._connect)

    def look_at(self, folder_id: FolderId) -> None:
        """The person opened this folder: it comes first and IDLE listens there."""
        self._house.lines.look_at(self.card.address)
        self.worker.post_first(lambda: self._look_at(folder_id))

    def replay(self) -> None:
        """There are new wishes."""
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
        self._line.cut()

    def _rung(self) -> None:
        """The budget of lines has news for this BAL. Any thread."""
        self.worker.post(self._connect)

    # -- connecting
    def _connect(self) -> None:
        if self._line.is_up or self.worker.stopping:
            return
        house, address = self._house, self.card.address
        if not house.lines.take(address, self._rung):
            self._link(Link.WAITING)
            self._settle()
            return
        self._link(Link.CONNECTING)
        self._line.open()
        self._refusal_told = False
        self._closed_doors.clear()
        self._folders.settled.clear()
        self._line.bal_id = house.stores.mail.keep_bal(address, self.card.kind, self.card.label, own=self.card.own)
        house.profiles[self._line.bal_id] = house.operators.profile(address)
        if self._is_over():
            return
        self._link(Link.LIVE)
        self._opened(self._line.bal_id, self.card)
        self._line.session.notify()
        self._folders.relist()
        self._replay()
        self._survey()
        self.worker.post(self._look_how_full)
        # Behind the first lists that the survey asked for.
        self.worker.post(self._settle)

    def _is_over(self) -> bool:
        """Whether a lock or a stop came while we were connecting: nothing is shown or replayed behind it."""
        return self.worker.stopping

    def _look_how_full(self) -> None:
        if self._line.is_up:
            self._folders.quota()

    def _settle(self) -> None:
        """Said once: this BAL answered, or will not for now."""
        settled, self._settled = self._settled, None
        if settled is not None:
            settled()

    def _link(self, link: Link) -> None:
        if self.bal_id is not None:
            self._house.stores.mail.set_link(self.bal_id, link)
            self._house.speaker.announce(BalsChanged())

    # -- looking
    def _refresh(self) -> None:
        if self._line.is_up:
            self._list_again()
            self._replay()
        else:
            self._connect()

    def _list_again(self) -> None:
        self._folders.relist()
        self._survey()

    def _look_at(self, folder_id: FolderId) -> None:
        self._current = folder_id
        if self._line.is_up:
            self._sync(folder_id)

    def _survey(self) -> None:
        """Count all folders; those that changed are brought up to date, the one looked at first."""
        if not self._line.is_up:
            return
        more = self._surveys % MORE_EVERY == MORE_EVERY - 1
        self._surveys += 1
        if more:
            self._folders.quota()
        wanted = self._folders.survey(self._current, self._closed_doors, flags_too=more)
        self._sync_soon(folder_id for folder_id in wanted if not self._bring_up.is_under_way(folder_id))
        self._line.listen()

    def _sync_soon(self, folders: Iterable[FolderId]) -> None:
        for folder_id in folders:
            if folder_id not in self._closed_doors:
                self.worker.post(lambda folder_id=folder_id: self._sync(folder_id))  # type: ignore[misc]

    def _sync(self, folder_id: FolderId) -> None:
        try:
            self._bring_up.begin(folder_id)
        except Refused as refusal:
            self._shut_out(folder_id, refusal)

    def _more(self, folder_id: FolderId) -> None:
        self.worker.post(lambda: self._batch(folder_id))

    def _later(self, folder_id: FolderId, delay_s: float) -> None:
        self.worker.post_in(delay_s, lambda: self._sync(folder_id))

    def _batch(self, folder_id: FolderId) -> None:
        try:
            self._bring_up.batch(folder_id)
        except Refused as refusal:
            self._shut_out(folder_id, refusal)

    def _finished(self) -> None:
        self._tries = 0
        if self._house.stores.changes.of_bal(self._line.id):
            self.worker.post(self._replay)

    def _shut_out(self, folder_id: FolderId, refusal: Refused) -> None:
        """One folder that is gone, or not ours to look into, does not stop the others."""
        log.info("folder %d refused: %s", folder_id, refusal.code)
        self._closed_doors.add(folder_id)
        self._bring_up.leave(folder_id)
        if self._current == folder_id:
            self._current = None
        self._folders.relist()
        place = self._house.stores.mail.folder(folder_id)
        if place is not None and place[2] is FolderRole.INBOX:
            raise Offline("INBOX refused", busy=True) from refusal
        if place is not None:
            self._house.speaker.problem(refusal, "sync", bal_id=self.bal_id)

    # -- wishes
    def _replay(self) -> None:
        if not self._line.is_up:
            return
        changed = self._folders.wish_round(deletions=False)
        replay = Replay(self._house, self._line.session, self._line.id, self._line.select, self._told)
        for folder_id in replay.wishes():
            self._bring_up.changed(folder_id)
        if replay.again:
            self.worker.post(self._replay)
        elif self._folders.wish_round(deletions=True) or changed:
            self.worker.post(self._survey)
        self._sync_soon(replay.to_sync)

    def _lend(self, job: LineJob) -> None:
        if not self._line.is_up or self.bal_id is None:
            return
        try:
            touched = job(self._lent())
        except (Refused, Unreadable) as error:
            log.info("a job on the line failed: %s", error.code if isinstance(error, Refused) else error.reason.value)
            self._line.selected = ""
            return
        self._sync_soon(touched)

    def _lent(self) -> Line:
        return Line(self._line.session, self._line.id, self._line.select, self._folders.ensure)

    # -- resting
    def _rest(self, wake: socket.socket, timeout_s: float) -> None:
        if not self._line.is_up:
            select.select([wake], [], [], timeout_s)
            return
        lines, address = self._house.lines, self.card.address
        if lines.must_yield(address):
            self._give_way()
            return
        if (place := self._listening_place()) is None:
            select.select([wake], [], [], min(timeout_s, SURVEY_EVERY_S))
            self.worker.post(self._list_again)
            return
        # Selecting again shows what came while other commands ran: IDLE only tells what comes after it.
        session = self._line.session
        if self._line.selected != place[1] or session.spoken != self._spoken:
            self._sync(place[0])
            if self.worker.busy or not self._line.is_up or self._line.selected != place[1]:
                return
        self._tries = 0
        outcome = session.idle(wake, min(timeout_s, self._every_s(place[0]), lines.turn_ends_in_s(address)))
        self._spoken = session.spoken
        self._line.listen()
        self._heard(outcome, place[0])

    def _every_s(self, listening: FolderId) -> float:
        """IDLE listens to one folder: while it is not the inbox, new mail is looked for more often."""
        if self._line.session.notifies:
            return SURVEY_NOTIFIED_S
        inbox = self._house.stores.mail.folder_for(self._line.id, FolderRole.INBOX)
        return SURVEY_EVERY_S if inbox is None or inbox[0] == listening else SURVEY_ELSEWHERE_S

    def _heard(self, outcome: Idle, listening: FolderId) -> None:
        if outcome is Idle.PUSHED:
            self.worker.post(lambda: self._sync(listening))
        elif outcome is Idle.TIMEOUT and not self.worker.stopping:
            self.worker.post(self._survey)
        news = self._line.session.news()
        folders, everything = self._folders.told(news)
        if everything:
            self.worker.post(self._list_again)
        else:
            self._sync_soon(folders)

    def _listening_place(self) -> tuple[FolderId, str] | None:
        mail = self._house.stores.mail
        if self._current is not None and self._current not in self._closed_doors:
            place = mail.folder(self._current)
            if place is not None and place[0] == self.bal_id and not place[1].startswith(PROVISIONAL):
                return self._current, place[1]
        return mail.folder_for(self._line.id, FolderRole.INBOX)

    def _give_way(self) -> None:
        """Another BAL's turn: this one listens again when its own comes."""
        log.info("BAL %d gives its line away for a while", self._line.id)
        self._close_line()
        self.worker.post(self._connect)

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
            self._line.bal_id = self._house.stores.mail.keep_bal(card.address, card.kind, card.label, own=card.own)
        if self.bal_id is not None:
            # It let them in before: it may be the operator's trouble, not the person's.
            self.worker.post_in(UNTRUSTED_PAUSE_S, self._connect)
        if self.card.asked_by_hand or (self.bal_id is not None and not self._refusal_told):
            self._refusal_told = True
            self._house.speaker.problem(error, "bal", bal_id=self.bal_id)
        self._link(Link.REFUSED)

    def _drop_line(self) -> None:
        self._bring_up.give_up()
        self._line.drop()
        self._house.lines.give_back(self.card.address)
        self._house.speaker.progress("headers", self.bal_id, 1, 1)

    def _close_line(self) -> None:
        self._bring_up.give_up()
        if self._line.is_up and self.bal_id is not None:
            self._farewell(self._lent())
        self._line.close()
        self._house.lines.give_back(self.card.address)

    def _hang_up(self) -> None:
        self._close_line()
        self._house.stores.database.release()


def asked(card: BalCard) -> BalCard:
    """The same BAL, typed by the person."""
    return replace(card, asked_by_hand=True)
