"""What `watch` does for the user at the operator: wishes, in order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import groupby

from mssclient.domain.bal import BalId, FolderId
from mssclient.domain.changes import Wish
from mssclient.domain.errors import Refused
from mssclient.domain.message import Flag, MessageId
from mssclient.engine.house import House
from mssclient.remote.imap import ImapSession, Selected
from mssclient.store.changes import Pending
from mssclient.store.mail import Place

log = logging.getLogger(__name__)
_FLAGS = {
    Wish.READ: (Flag.SEEN, True), Wish.UNREAD: (Flag.SEEN, False),
    Wish.FLAG: (Flag.FLAGGED, True), Wish.UNFLAG: (Flag.FLAGGED, False),
    Wish.MDN_SENT: (Flag.MDN_SENT, True), Wish.ANSWERED: (Flag.ANSWERED, True),
    Wish.FORWARDED: (Flag.FORWARDED, True),
}  # fmt: skip
_NEEDS = {
    Wish.READ: Flag.SEEN, Wish.UNREAD: Flag.SEEN, Wish.FLAG: Flag.FLAGGED, Wish.UNFLAG: Flag.FLAGGED,
    Wish.MOVE: Flag.DELETED, Wish.ERASE: Flag.DELETED,
}  # fmt: skip
"""What a person must be allowed to change in a folder for a wish to come true (RFC 4314 §4)."""
ACT = {
    Wish.READ: "read", Wish.UNREAD: "unread", Wish.FLAG: "flag", Wish.UNFLAG: "unflag", Wish.MOVE: "move",
    Wish.ERASE: "delete", Wish.MDN_SENT: "receipt", Wish.ANSWERED: "answered", Wish.FORWARDED: "forwarded",
}  # fmt: skip


class Replay:
    """One round over what waits for a BAL. Lives for the time of one job, on the BAL's `watch` thread."""

    def __init__(
        self,
        house: House,
        session: ImapSession,
        bal_id: BalId,
        select: Callable[[str], Selected],
        told: set[str],
    ) -> None:
        """`told`: mailboxes of which the person knows that nothing is marked as read there; grows."""
        self._house = house
        self._session = session
        self._bal_id = bal_id
        self._select = select
        self._told = told
        self.again = False
        """Whether a wish waits for one that went before it in this round."""
        self.to_sync: set[FolderId] = set()
        """Folders that have to be looked at before their wishes can be replayed, or to find what was moved there."""
        bal = house.stores.mail.bal(bal_id)
        self._address = bal.address if bal else ""

    def wishes(self) -> set[FolderId]:
        """Replay every wish in order; the folders whose truth changed. Offline leaves the rest for the next line."""
        touched: set[FolderId] = set()
        pendings = self._house.stores.changes.of_bal(self._bal_id)
        places = {p.message_id: p for p in self._house.stores.mail.places({p.change.message_id for p in pendings})}

        def sort_of(pending: Pending) -> tuple[Wish, FolderId | None, str]:
            place = places.get(pending.change.message_id)
            return pending.change.wish, pending.change.target, place.mailbox if place else ""

        for (wish, target, mailbox), group in groupby(pendings, key=sort_of):
            rows = list(group)
            touched |= {places[r.change.message_id].folder_id for r in rows if r.change.message_id in places}
            if target is not None:
                touched.add(target)
            if mailbox:
                self._replay(wish, target, mailbox, rows)
        return touched

    def _replay(self, wish: Wish, target: FolderId | None, mailbox: str, rows: list[Pending]) -> None:
        changes = self._house.stores.changes
        answer, quiet = "OK", False
        try:
            selected = self._select(mailbox)
            # Places may have changed by an earlier move of this very round.
            places = {p.message_id: p for p in self._house.stores.mail.places({r.change.message_id for r in rows})}
            rows = [r for r in rows if self._is_safe(places.get(r.change.message_id), mailbox, selected)]
            if not rows:
                return
            standing = changes.mark_sent((r.seq for r in rows), self._copies_from(wish, target))
            rows = [r for r in rows if r.seq in standing]
            if not rows:
                return
            if wish is Wish.MOVE:
                rows = self._without_copied(target, rows, places)
            if (flag := _NEEDS.get(wish)) is not None and not selected.allows(flag.value):
                # Reading marks as read: in a folder that is open for reading only that is said once, not each time.
                quiet = wish in {Wish.READ, Wish.UNREAD} and mailbox in self._told
                self._told.add(mailbox)
                raise Refused("NOPERM")
            self._ask(wish, target, [places[r.change.message_id] for r in rows])
            changes.done(rows)
        except Refused as refusal:
            answer = refusal.code
            changes.back_out(r.seq for r in rows)
            if not quiet:
                self._house.speaker.problem(refusal, ACT[wish], bal_id=self._bal_id)
        if wish in {Wish.MOVE, Wish.ERASE}:
            self._house.trace(self._address, ACT[wish], f"{len(rows)} message(s)", answer)

    def _is_safe(self, place: Place | None, mailbox: str, selected: Selected) -> bool:
        """Whether the uid we know names the same message at the operator: after a new UIDVALIDITY another may bear it.
        A wish that is not safe yet waits for the folder's next listing."""
        if place is None or place.mailbox != mailbox:
            self.again |= place is not None
            return False
        known = self._house.stores.mail.known(place.folder_id)
        if place.uid > 0 and known is not None and known.uidvalidity == selected.uidvalidity:
            return True
        self.to_sync.add(place.folder_id)
        return False

    def _ask(self, wish: Wish, target: FolderId | None, places: list[Place]) -> None:
        uids = [p.uid for p in places]
        if wish is Wish.ERASE:
            self._session.erase(uids)
            self._house.stores.mail.erased(p.message_id for p in places)
        elif wish is Wish.MOVE:
            self._move(target, places, uids)
        else:
            flag, on = _FLAGS[wish]
            marks = frozenset({flag.value})
            self._session.mark(uids, marks if on else frozenset(), frozenset() if on else marks)

    def _target(self, target: FolderId | None) -> tuple[FolderId, str]:
        place = self._house.stores.mail.folder(target) if target is not None else None
        if place is None or target is None or place[0] != self._bal_id:
            raise Refused("NONEXISTENT")
        return target, place[1]

    def _move(self, target: FolderId | None, places: list[Place], uids: list[int]) -> None:
        mail = self._house.stores.mail
        folder_id, mailbox = self._target(target)
        new = self._session.move(uids, mailbox) if uids else {}
        for p in places:
            if p.uid in new:
                mail.moved(p.message_id, folder_id, new[p.uid])
            else:
                # Without COPYUID, or moved already by an earlier try: the target's next listing finds it.
                mail.moved_somewhere(p.message_id, folder_id)
                self.to_sync.add(folder_id)

    # -- moves that are a copy and a deletion (no MOVE): cut in between, the copy must not be made again
    def _copies_from(self, wish: Wish, target: FolderId | None) -> int:
        if wish is not Wish.MOVE or self._session.moves:
            return 0
        return self._session.counts(self._target(target)[1]).uidnext

    def _without_copied(
        self, target: FolderId | None, rows: list[Pending], places: dict[MessageId, Place]
    ) -> list[Pending]:
        """Finish the moves whose copy an earlier try made, or that stand where they should; those that are left."""
        mail, changes = self._house.stores.mail, self._house.stores.changes
        folder_id, mailbox = self._target(target)
        there = [r for r in rows if places[r.change.message_id].folder_id == folder_id]
        changes.done(there)
        copied: dict[int, int] = {}
        doubtful = [r for r in rows if r.copies_from and r not in there]
        if doubtful and not self._session.moves:
            self._select(mailbox)
            for row in doubtful:
                header = self._house.stores.server_drafts.header_of(row.change.message_id)
                found = [u for u in self._session.find(header) if u >= row.copies_from] if header else []
                if found:
                    copied[row.seq] = found[-1]
            self._select(places[rows[0].change.message_id].mailbox)
        done = [r for r in doubtful if r.seq in copied]
        if done:
            log.info("%d copies of an earlier try stand there already", len(done))
            self._session.erase([places[r.change.message_id].uid for r in done])
            for row in done:
                mail.moved(row.change.message_id, folder_id, copied[row.seq])
            changes.done(done)
        return [r for r in rows if r not in there and r not in done]
