"""The copy of what was sent: once in Sent, whether we put it there or the operator does; and what Sent proves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from mssclient.domain.address import domain_of
from mssclient.domain.bal import BalId, FolderId, FolderRole
from mssclient.domain.changes import Change, ChangeId, Wish
from mssclient.domain.errors import Refused
from mssclient.domain.events import MessagesChanged, OutboxChanged
from mssclient.domain.message import Flag
from mssclient.domain.outbox import OutboxId, Outgoing, SavesSent, SendEvent, SendState, copy_wait_s, saves_sent
from mssclient.engine.house import House
from mssclient.engine.line import Ask, Line

log = logging.getLogger(__name__)
LOOK_EVERY_S = 2.0
"""While the operator may still be saving its copy."""
DOUBLE_AFTER_S = 40
"""Our copy was made: so long after it Sent is looked at once more, for an operator that was slower than our patience."""
UNCERTAIN_LOOKS_S = (5.0, 30.0, 120.0, 600.0)


class SentCopies:
    """Rounds over a BAL's sent messages, on the BAL's own line; everything above `_round` runs on any thread."""

    def __init__(self, house: House, ask: Ask, *, wished: Callable[[BalId], None]) -> None:
        self._house = house
        self._ask = ask
        self._wished = wished
        self._lock = threading.Lock()
        self._untaken: set[OutboxId] = set()
        """The operator refused their copy on this line: told once."""
        self._looks: dict[OutboxId, int] = {}

    def now(self, bal_id: BalId) -> None:
        """A message left, or may have left."""
        self._ask(bal_id, self._round, 0.0)

    def opened(self, bal_id: BalId) -> None:
        """A line is there: what an earlier one, or an earlier run, left undone is taken up by looking, never by heart."""
        with self._lock:
            self._untaken.clear()
            self._looks.clear()
        self.now(bal_id)

    # -- on the BAL's line
    def _round(self, line: Line) -> set[FolderId]:
        outbox, bal_id = self._house.stores.outbox, line.bal_id
        uncertain = outbox.in_state(SendState.UNCERTAIN, bal_id)
        waiting = outbox.in_state(SendState.SENT, bal_id)
        doubtful = outbox.copies_due(bal_id)
        if not (uncertain or waiting or doubtful):
            return set()
        sent = line.ensure(FolderRole.SENT)
        if sent is None:
            for outbox_id in set(waiting) - self._untaken:
                self._untaken.add(outbox_id)
                self._house.speaker.problem(Refused("NONEXISTENT"), "copy", bal_id=bal_id, outbox_id=outbox_id)
            return set()
        sent_id, mailbox = sent
        for outbox_id in uncertain:
            if self._is_found(line, mailbox, outbox_id):
                waiting.append(outbox_id)
            else:
                self._look_again(line, outbox_id)
        touched = False
        for outbox_id in waiting:
            touched |= outbox_id not in self._untaken and self._copied(line, mailbox, outbox_id)
        for outbox_id in doubtful:
            touched |= self._once(line, mailbox, outbox_id)
        return {sent_id} if touched else set()

    def _stands(self, line: Line, mailbox: str, outgoing: Outgoing) -> list[int]:
        line.select(mailbox)
        return line.session.find(outgoing.message_id)

    def _is_found(self, line: Line, mailbox: str, outbox_id: OutboxId) -> bool:
        """Whether an uncertain message stands in Sent: nobody but the operator can have put it there. A person may have
        decided in the meantime."""
        outbox = self._house.stores.outbox
        outgoing = outbox.get(outbox_id)
        try:
            if outgoing is None or not self._stands(line, mailbox, outgoing):
                return False
            outbox.advance(outbox_id, SendEvent.FOUND, now=self._house.now())
        except Refused as refusal:
            log.info("Sent cannot be searched: %s", refusal.code)
            return False
        except ValueError:
            log.info("outgoing %d was decided meanwhile", outbox_id)
            return False
        self._house.speaker.announce(OutboxChanged(outbox_id))
        return True

    def _look_again(self, line: Line, outbox_id: OutboxId) -> None:
        with self._lock:
            turn = self._looks.get(outbox_id, 0)
            self._looks[outbox_id] = turn + 1
        if turn < len(UNCERTAIN_LOOKS_S):
            self._ask(line.bal_id, self._round, UNCERTAIN_LOOKS_S[turn])

    def _copied(self, line: Line, mailbox: str, outbox_id: OutboxId) -> bool:
        """See to it that one sent message stands in Sent; whether the folder changed."""
        outbox = self._house.stores.outbox
        outgoing, frozen = outbox.get(outbox_id), outbox.frozen(outbox_id)
        if outgoing is None or outgoing.state is not SendState.SENT:
            return False
        try:
            if frozen is not None and not self._is_there(line, mailbox, outgoing, frozen.sender, frozen.raw):
                self._ask(line.bal_id, self._round, LOOK_EVERY_S)
                return False
        except Refused as refusal:
            # The message left: a full mailbox that takes no copy must not stop the mailbox.
            self._untaken.add(outbox_id)
            self._house.speaker.problem(refusal, "copy", bal_id=line.bal_id, outbox_id=outbox_id)
            return False
        self._finish(outbox_id, line.bal_id)
        return True

    def _finish(self, outbox_id: OutboxId, bal_id: BalId) -> None:
        self._mark_answered(outbox_id, bal_id)
        self._house.stores.outbox.advance(outbox_id, SendEvent.COPIED)
        self._house.speaker.announce(OutboxChanged(outbox_id))

    def _is_there(self, line: Line, mailbox: str, outgoing: Outgoing, sender: str, raw: bytes) -> bool:
        """Whether the copy stands in Sent, ours when nobody else's came in time; False: the operator gets a moment more."""
        outbox, now = self._house.stores.outbox, self._house.now()
        saves = self._saves(sender)
        if saves is SavesSent.SURELY:
            return True
        tried = outbox.copy_was_tried(outgoing.id)
        if self._stands(line, mailbox, outgoing):
            if not tried:
                self._learn(sender, SavesSent.YES)
            return True
        left = int(outgoing.sent.timestamp()) + copy_wait_s(saves) - now if outgoing.sent and not tried else 0
        if left > 0:
            return False
        outbox.try_copy(outgoing.id)
        uid = line.session.append(mailbox, raw, frozenset({Flag.SEEN.value}), datetime.now(UTC))
        if saves is not SavesSent.SURELY_NOT:
            outbox.copy_made(outgoing.id, uid, now + DOUBLE_AFTER_S)
            self._ask(line.bal_id, self._round, DOUBLE_AFTER_S + 1.0)
        return True

    def _once(self, line: Line, mailbox: str, outbox_id: OutboxId) -> bool:
        """Our copy was made some time ago: if the operator's came after all, ours goes. Whether the folder changed."""
        outbox = self._house.stores.outbox
        outgoing, uid, due = outbox.get(outbox_id), *outbox.copy_place(outbox_id)
        if outgoing is None or due > self._house.now():
            return False
        bal = self._house.stores.mail.bal(outgoing.bal_id)
        try:
            found = self._stands(line, mailbox, outgoing)
            doubled = len(found) > 1
            if doubled and uid in found and "UIDPLUS" in line.session.capabilities:
                line.session.erase([uid])
        except Refused as refusal:
            log.info("Sent cannot be searched: %s", refusal.code)
            return False
        outbox.copy_made(outbox_id, uid, 0)
        if bal is not None and found:
            self._learn(bal.address, SavesSent.YES if doubled else SavesSent.NO)
        return doubled

    # -- what is known of the operator
    def _saves(self, address: str) -> SavesSent:
        learnt = self._house.stores.settings.get(_setting(address))
        return saves_sent(self._house.environment.policy.operator_saves_sent, learnt)

    def _learn(self, address: str, saves: SavesSent) -> None:
        if self._house.stores.settings.get(_setting(address)) != saves.value:
            log.info("this operator's own copy in Sent: %s", saves.value)
            self._house.stores.settings.set(_setting(address), saves.value)

    def _mark_answered(self, outbox_id: OutboxId, bal_id: BalId) -> None:
        frozen = self._house.stores.outbox.frozen(outbox_id)
        if frozen is None or frozen.answers is None or not frozen.answered_wish:
            return
        wish = Wish(frozen.answered_wish)
        self._house.stores.changes.add([Change(ChangeId(f"sent-{outbox_id}"), frozen.answers, wish)])
        for place in self._house.stores.mail.places([frozen.answers]):
            self._house.speaker.announce(MessagesChanged(place.folder_id))
        self._wished(bal_id)


def _setting(address: str) -> str:
    return f"saves sent {domain_of(address)}"
