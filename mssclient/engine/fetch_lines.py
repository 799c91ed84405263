"""The connections that bodies and attachments come over: one a BAL at most, as many in all as the budget leaves."""

from __future__ import annotations

import time
from collections.abc import Callable

from mssclient.domain.bal import BalId
from mssclient.domain.errors import Offline, Refused
from mssclient.engine.house import House
from mssclient.engine.worker import Worker
from mssclient.remote.imap import ImapSession
from mssclient.store.mail import Place

KEEP_LINE_S = 60.0


class FetchLines:
    """Sessions of the thread `fetch`, each with its selected mailbox. Its own thread only, `cut` excepted."""

    def __init__(self, house: House, worker: Worker, now: Callable[[], float] = time.monotonic) -> None:
        self._house = house
        self._worker = worker
        self._now = now
        self._open: dict[BalId, tuple[ImapSession, str]] = {}
        self._used: dict[BalId, float] = {}

    def cut(self) -> None:
        """End now: for a stop that takes too long. Any thread."""
        for session, _ in list(self._open.values()):
            session.cut()

    def read(self, place: Place, ask: Callable[[ImapSession], bytes]) -> bytes:
        """Content of a message. Another line's news reaches this one with its next command only (Dovecot, 11/2026): a
        message that came since the folder was selected looks gone, so what seems gone is asked for twice."""
        line = self._line(place)
        try:
            return ask(line)
        except Refused as refusal:
            if refusal.code != "NONEXISTENT":
                raise
        line.noop()
        return ask(line)

    def _line(self, place: Place) -> ImapSession:
        """A session on the BAL with the folder selected; one that was dropped is opened again, once."""
        try:
            return self._selected(place)
        except Offline:
            self.drop(place.bal_id)
            return self._selected(place)

    def _selected(self, place: Place) -> ImapSession:
        if place.bal_id not in self._open:
            self._make_room()
            self._open[place.bal_id] = (self._opened(place.bal_id), "")
            self._count()
            self._worker.post_in(KEEP_LINE_S, self._close_idle)
        session, mailbox = self._open[place.bal_id]
        if mailbox != place.mailbox:
            selected = session.select(place.mailbox)
            self._open[place.bal_id] = (session, place.mailbox)
            known = self._house.stores.mail.known(place.folder_id)
            if known is None or known.uidvalidity != selected.uidvalidity:
                # The uids we know may now name other messages: never another person's body under this header.
                self._open[place.bal_id] = (session, "")
                raise Offline("renumbered")
        if place.uid <= 0:
            raise Offline("renumbered")
        self._used[place.bal_id] = self._now()
        return session

    def _opened(self, bal_id: BalId) -> ImapSession:
        house = self._house
        bal = house.stores.mail.bal(bal_id)
        if bal is None:
            raise Offline("no such BAL")
        profile, trust, address = house.profile(bal_id), house.operators.trust, bal.address
        return house.admission.sign_in(
            "imap",
            address,
            lambda token: ImapSession.open(
                house.environment, profile, address, token, trust=trust, timeout_s=house.patience.imap_s
            ),
        )

    # -- the budget
    def _make_room(self) -> None:
        """Lines used longest ago are closed until one more may be opened."""
        room = self._house.lines.fetch_room(lambda: self._worker.post(self._shrink))
        while self._open and len(self._open) >= room:
            self._close_one(min(self._open, key=lambda bal_id: self._used.get(bal_id, 0.0)))

    def _shrink(self) -> None:
        """A BAL waits for a line to listen on: one is enough here."""
        while len(self._open) > 1:
            self._close_one(min(self._open, key=lambda bal_id: self._used.get(bal_id, 0.0)))

    def _close_idle(self) -> None:
        for bal_id in [b for b in self._open if self._now() - self._used.get(b, 0.0) >= KEEP_LINE_S - 1]:
            self._close_one(bal_id)
        if self._open:
            self._worker.post_in(KEEP_LINE_S, self._close_idle)

    def _close_one(self, bal_id: BalId) -> None:
        session, _ = self._open.pop(bal_id)
        session.close()
        self._count()

    def _count(self) -> None:
        self._house.lines.fetching(len(self._open))

    # -- the end
    def drop(self, bal_id: BalId) -> None:
        """This line may be broken."""
        if bal_id in self._open:
            session, _ = self._open.pop(bal_id)
            session.cut()
            self._count()

    def drop_all(self) -> None:
        """Any of them may be broken."""
        for bal_id in list(self._open):
            self.drop(bal_id)

    def close(self) -> None:
        """Say goodbye everywhere."""
        for bal_id in list(self._open):
            self._close_one(bal_id)
