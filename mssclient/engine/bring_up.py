"""Brings one folder up to date: plan, then run; removals and flags at once, headers as batches of their own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from mssclient.domain.bal import FolderId, FolderRole
from mssclient.domain.errors import Offline, Refused
from mssclient.domain.events import FoldersChanged, MessagesArrived, MessagesChanged
from mssclient.domain.message import Envelope, Flag, MessageId
from mssclient.domain.sync import Known, Seen, Step, plan, still_missing, suspicious
from mssclient.engine.connection import Connection
from mssclient.engine.house import Kept
from mssclient.engine.suspects import Care, Suspects
from mssclient.remote import imap
from mssclient.remote.imap import Delta, Selected
from mssclient.store.mail import PROVISIONAL

log = logging.getLogger(__name__)
BATCH = 200
LATER_BATCH = 2_000
"""After the first rows are on the screen: so many headers, asked for 200 at a time and ahead, before other jobs get
their turn."""
ROWS_A_TRANSACTION = 400
"""Some 30 ms of the write lock: a person's mark may wait so long. Fewer cost more: each commit encrypts the pages of ten
indexes."""
PREFETCH = 25
NO_PREFETCH = frozenset({FolderRole.SENT, FolderRole.DRAFTS, FolderRole.TRASH, FolderRole.TRASHED, FolderRole.JUNK})
MarkedFlags = list[tuple[int, frozenset[str], int]]


@dataclass(slots=True)
class _Todo:
    """A folder whose listing is known and whose headers are still coming, newest first."""

    uids: list[int]
    total: int
    selected: Selected
    first_time: bool
    left_out: bool = False
    """Whether some message would not come."""


class BringUp:
    """The folders of one BAL that are being brought up. On the BAL's own thread."""

    def __init__(
        self,
        connection: Connection,
        *,
        settled: dict[FolderId, Seen],
        prefetch: Callable[[list[MessageId]], None],
        more: Callable[[FolderId], None],
        later: Callable[[FolderId, float], None],
        finished: Callable[[], None],
    ) -> None:
        self._line = connection
        self._house = connection.house
        self._settled = settled
        self._prefetch = prefetch
        self._more = more
        self._later = later
        self._finished = finished
        self._todo: dict[FolderId, _Todo] = {}
        self._suspects = Suspects()

    def give_up(self) -> None:
        """The line is gone; the next one lists again."""
        self._todo.clear()

    def leave(self, folder_id: FolderId) -> None:
        """The operator does not let us into this folder."""
        self._todo.pop(folder_id, None)

    def begin(self, folder_id: FolderId) -> None:
        """Select, compare, apply what is small, and queue the headers that are missing."""
        mail = self._house.stores.mail
        place, known = mail.folder(folder_id), mail.known(folder_id)
        if not self._line.is_up or place is None or known is None or folder_id in self._todo:
            return
        if place[1].startswith(PROVISIONAL):
            return  # the operator does not know it yet
        position = imap.Known(known.uidvalidity, known.modseq) if known.complete else None
        selected = self._line.select(place[1], position)
        if known.uidvalidity == 0:
            mail.void_uids(folder_id, selected.uidvalidity)
        if selected.delta is not None:
            missing, changed = self._apply(folder_id, known, selected, selected.delta)
        else:
            missing, changed = self._compare_by_plan(folder_id, place[1], known, selected)
        if changed:
            self.changed(folder_id)
        todo = _Todo(sorted(missing, reverse=True), len(missing), selected, first_time=not known.complete)
        self._todo[folder_id] = todo
        if todo.uids:
            self.batch(folder_id)
        else:
            self._finish(folder_id, todo)

    # -- what is different
    def _apply(self, folder_id: FolderId, known: Known, selected: Selected, delta: Delta) -> tuple[set[int], bool]:
        """QRESYNC told it all; the count shows whether that is true."""
        mail, positions = self._house.stores.mail, self._house.stores.positions
        gone = positions.within(folder_id, delta.vanished)
        changed = mail.remove(folder_id, gone) > 0 if gone else False
        told = [uid for uid, _, _ in delta.flags]
        here = positions.here(folder_id, told)
        changed |= self._keep_flags(folder_id, [each for each in delta.flags if each[0] in here])
        missing = set(told) - here
        seen = _seen(selected)
        if known.count - len(gone) + len(missing) != selected.exists:
            steps = still_missing((Step.LIST,), seen, self._settled.get(folder_id))
            if steps:
                log.info("folder %d: what the operator told does not add up", folder_id)
                new, removed = self._compare(folder_id, self._line.selected, known.count)
                return new, changed or removed
        return missing, changed

    def _compare_by_plan(
        self, folder_id: FolderId, mailbox: str, known: Known, selected: Selected
    ) -> tuple[set[int], bool]:
        mail, session = self._house.stores.mail, self._line.session
        seen = _seen(selected)
        steps = still_missing(plan(known, seen), seen, self._settled.get(folder_id))
        missing: set[int] = set()
        changed = False
        for step in steps:
            match step:
                case Step.START_OVER:
                    log.info("folder %d: UIDVALIDITY changed", folder_id)
                    self._suspects.renumbered(folder_id)
                    mail.void_uids(folder_id, selected.uidvalidity)
                    changed = True
                case Step.LIST:
                    new, gone = self._compare(folder_id, mailbox, known.count)
                    missing |= new
                    changed |= gone
                case Step.NEW:
                    missing |= {u for u in session.uids(known.uidnext) if u >= known.uidnext}
                case Step.FLAGS_SINCE:
                    changed |= self._keep_flags(folder_id, session.flags(changed_since=known.modseq))
                case Step.FLAGS_ALL:
                    changed |= self._keep_flags(folder_id, self._marks(folder_id))
        return missing - mail.uids(folder_id) if missing else missing, changed

    def _compare(self, folder_id: FolderId, mailbox: str, known_count: int) -> tuple[set[int], bool]:
        mail = self._house.stores.mail
        listed = set(self._line.session.uids())
        if suspicious(known_count, len(listed)):
            log.info("folder %d suddenly looks empty: listed again", folder_id)
            again = self._line.select(mailbox)
            listed = set(self._line.session.uids())
            if again.exists != len(listed):
                raise Offline("listing does not agree with itself")
        local = mail.uids(folder_id)
        gone = local - listed
        if gone:
            mail.remove(folder_id, gone)
        return listed - local, bool(gone)

    def _marks(self, folder_id: FolderId) -> MarkedFlags:
        """Which messages bear other marks than here: five short searches instead of everybody's flags."""
        ours, session = self._house.stores.positions.marks(folder_id), self._line.session
        theirs = {flag: session.bearing(flag.value, on=flag is not Flag.SEEN) for flag in ours}
        different = set[int]().union(*(ours[flag] ^ theirs[flag] for flag in ours))
        found: MarkedFlags = []
        for uid in different:
            flags = {flag.value for flag in ours if (uid in theirs[flag]) is not (flag is Flag.SEEN)}
            found.append((uid, frozenset(flags), 0))
        return found

    def _keep_flags(self, folder_id: FolderId, flags: MarkedFlags) -> bool:
        changed = False
        for at in range(0, len(flags), ROWS_A_TRANSACTION):
            changed |= self._house.stores.mail.set_flags(folder_id, flags[at : at + ROWS_A_TRANSACTION])
        return changed

    # -- headers
    def batch(self, folder_id: FolderId) -> None:
        """One batch of headers, then room for whatever else waits: `more` is called for the next."""
        todo = self._todo.get(folder_id)
        place = self._house.stores.mail.folder(folder_id)
        if todo is None or not self._line.is_up or place is None:
            self._todo.pop(folder_id, None)
            return
        if self._line.selected != place[1]:
            again = self._line.select(place[1])
            if again.uidvalidity != todo.selected.uidvalidity:
                raise Offline("renumbered")
        size = BATCH if len(todo.uids) == todo.total else LATER_BATCH
        fresh = self._next_headers(folder_id, todo, size)
        if fresh:
            self._house.owed()
            self.changed(folder_id)
            self._welcome(folder_id, place[2], todo, fresh)
        if todo.total > BATCH:
            self._house.speaker.progress("headers", self._line.bal_id, todo.total - len(todo.uids), todo.total)
        if todo.uids:
            self._more(folder_id)
        else:
            self._finish(folder_id, todo)

    def _next_headers(self, folder_id: FolderId, todo: _Todo, most: int) -> list[MessageId]:
        """The next headers of a folder into the store; what was added."""
        size, care = self._suspects.next(folder_id, todo.uids, most)
        chunk = todo.uids[:size]
        fresh: list[MessageId] = []
        try:
            if care is not Care.LEFT_OUT:
                self._headers(folder_id, chunk, care, fresh)
                self._suspects.came(folder_id, chunk)
            todo.left_out |= care is Care.LEFT_OUT
            todo.uids = todo.uids[size:]
        except Refused as refusal:
            log.info("folder %d: headers refused: %s", folder_id, refusal.code)
            self._suspects.broke(folder_id, chunk, care)
        except Offline:
            self._suspects.broke(folder_id, chunk, care)
            if fresh:
                self.changed(folder_id)
            raise
        return fresh

    def _headers(self, folder_id: FolderId, chunk: list[int], care: Care, fresh: list[MessageId]) -> None:
        """While one page is written, the next one is decoded. When it returns or fails nothing is being written any more:
        uids must not come into a folder that was numbered anew since."""
        session, page = self._line.session, list[Envelope]()
        writing: Kept | None = None
        try:
            for envelopes in session.spare_envelopes(chunk) if care is Care.SPARING else session.envelopes(chunk):
                page += envelopes
                if len(page) >= ROWS_A_TRANSACTION:
                    if writing is not None:
                        fresh += writing.result()
                    writing, page = self._house.keep(folder_id, page), []
        finally:
            if writing is not None:
                fresh += writing.result()
        fresh += self._house.stores.mail.add(folder_id, page)

    def _finish(self, folder_id: FolderId, todo: _Todo) -> None:
        del self._todo[folder_id]
        mail, seen = self._house.stores.mail, todo.selected
        if mail.drop_void(folder_id):
            self.changed(folder_id)
        mail.set_position(folder_id, seen.uidvalidity, seen.uidnext, seen.highest_modseq, complete=True)
        self._settled[folder_id] = _seen(seen)
        if todo.left_out:
            del self._settled[folder_id]  # so that the next round looks for it again
            self._later(folder_id, self._suspects.pause_s(folder_id) + 0.1)
        self._finished()
        self._house.speaker.announce(FoldersChanged(self._line.id))

    def is_under_way(self, folder_id: FolderId) -> bool:
        """Whether headers of this folder are still coming."""
        return folder_id in self._todo

    def _welcome(self, folder_id: FolderId, role: FolderRole, todo: _Todo, fresh: list[MessageId]) -> None:
        """New mail: a notice, and the newest bodies are fetched before they are asked for."""
        if role is FolderRole.INBOX and not todo.first_time:
            self._house.speaker.announce(MessagesArrived(folder_id, len(fresh)))
        if role not in NO_PREFETCH:
            newest = not todo.first_time or todo.total - len(todo.uids) <= BATCH
            self._prefetch(fresh[:PREFETCH] if newest else [])

    def changed(self, folder_id: FolderId) -> None:
        """The screen has to look at this folder."""
        self._house.speaker.announce(MessagesChanged(folder_id))
        self._house.speaker.announce(FoldersChanged(self._line.id))


def _seen(selected: Selected) -> Seen:
    return Seen(selected.uidvalidity, selected.uidnext, selected.exists, selected.highest_modseq)
