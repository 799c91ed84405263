"""The life of a sent message: its states and the steps that are legal. Send at most once, ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType

from mssclient.domain.bal import BalId
from mssclient.domain.message import MessageId

OutboxId = NewType("OutboxId", int)


class SendState(Enum):
    """Where a message is between the user's Send and the operator's word."""

    QUEUED = "queued"  # frozen, waiting for its hour, the line or a session
    SENDING = "sending"  # committed before the first byte leaves
    SENT = "sent"  # the operator said 250; the copy in Sent is not made yet
    DONE = "done"  # sent, and its copy stands in Sent
    FAILED = "failed"  # refused for good; back as a draft
    UNCERTAIN = "uncertain"  # cut between the last byte and the answer: a person decides
    CANCELLED = "cancelled"  # taken back before it left


class SendEvent(Enum):
    """What happens to an outgoing message."""

    BEGIN = "begin"
    ACCEPTED = "accepted"  # the final 250
    LATER = "later"  # refused for now, or cut before the last byte
    REFUSED = "refused"
    UNKNOWN = "unknown"  # cut after the last byte, or found SENDING at start
    COPIED = "copied"
    TAKEN_BACK = "taken back"
    FOUND = "found"  # it stands in Sent after all, or the person saw that it arrived
    AGAIN = "again"  # the person decided to send an uncertain or failed one again
    STOPPED = "stopped"  # the person stopped it before the last byte: nothing was taken


STEPS: dict[tuple[SendState, SendEvent], SendState] = {
    (SendState.QUEUED, SendEvent.BEGIN): SendState.SENDING,
    (SendState.QUEUED, SendEvent.TAKEN_BACK): SendState.CANCELLED,
    (SendState.SENDING, SendEvent.ACCEPTED): SendState.SENT,
    (SendState.SENDING, SendEvent.LATER): SendState.QUEUED,
    (SendState.SENDING, SendEvent.REFUSED): SendState.FAILED,
    (SendState.SENDING, SendEvent.UNKNOWN): SendState.UNCERTAIN,
    (SendState.SENDING, SendEvent.STOPPED): SendState.CANCELLED,
    (SendState.SENT, SendEvent.COPIED): SendState.DONE,
    (SendState.UNCERTAIN, SendEvent.FOUND): SendState.SENT,
    (SendState.UNCERTAIN, SendEvent.AGAIN): SendState.QUEUED,
    (SendState.UNCERTAIN, SendEvent.TAKEN_BACK): SendState.CANCELLED,
    (SendState.FAILED, SendEvent.TAKEN_BACK): SendState.CANCELLED,
}


def step(state: SendState, event: SendEvent) -> SendState:
    """The state after an event; ValueError for a step that the table does not know."""
    try:
        return STEPS[state, event]
    except KeyError:
        raise ValueError(f"{event.value} is not a step from {state.value}") from None


def wants_patience(code: str) -> bool:
    """Whether a refusal for now means that too much comes at once (RFC 3463 X.3.2, X.4.5, X.7.*; 421 before any word)."""
    return code.startswith("4.7.") or code in {"421", "4.3.2", "4.4.5"}


class SavesSent(Enum):
    """Whether the operator puts its own copy of a submitted message into Sent."""

    SURELY = "surely"  # the administrator says so
    SURELY_NOT = "surely not"
    YES = "yes"  # it was seen to
    NO = "no"  # it was seen not to
    UNKNOWN = ""


def saves_sent(policy: bool | str, learnt: str) -> SavesSent:
    """What is known of an operator: the administrator's word, else what was seen ("auto")."""
    if isinstance(policy, bool):
        return SavesSent.SURELY if policy else SavesSent.SURELY_NOT
    return SavesSent(learnt) if learnt in {"yes", "no"} else SavesSent.UNKNOWN


def copy_wait_s(saves: SavesSent) -> int:
    """Seconds after the final 250 in which the operator's own copy may still come before we make ours."""
    match saves:
        case SavesSent.YES | SavesSent.SURELY:
            return 45
        case SavesSent.UNKNOWN:
            return 6
        case SavesSent.NO | SavesSent.SURELY_NOT:
            return 0


class Fate(Enum):
    """What became of a message at one recipient (mssante.md §6), in the order they may follow each other."""

    ACCEPTED = "accepted"  # by our operator
    DELAYED = "delayed"
    DELIVERED = "delivered"  # DSN
    READ = "read"  # MDN displayed
    INTEGRATED = "integrated"  # MDN processed
    FAILED = "failed"
    REFUSED = "refused"  # by the recipient's software, 900 to 906


@dataclass(frozen=True, slots=True)
class RecipientFate:
    """One recipient of a sent message, and the last that was heard of it there."""

    address: str
    label: str
    fate: Fate
    code: str = ""
    """Enhanced status (5.1.1) or integration code (902); empty for good news."""
    reason: str = ""
    """The other side's own words, shown as theirs."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One line of the outbox and of the sent register."""

    id: OutboxId
    bal_id: BalId
    state: SendState
    subject: str
    recipients: tuple[RecipientFate, ...]
    queued: datetime
    due: datetime
    """Not before this time: the undo-send hold, or the next try."""
    sent: datetime | None
    message_id: str
    tries: int
    code: str = ""
    """Why it failed or waits, as an enhanced status code; empty when all is well."""
    reason: str = ""
    size: int = 0
    copy_id: MessageId | None = None
    needs_consent: bool = False
    """Queued under an earlier session: shown and confirmed, never sent silently."""


_RANK = {
    Fate.ACCEPTED: 0,
    Fate.DELAYED: 1,
    Fate.DELIVERED: 2,
    Fate.FAILED: 3,
    Fate.READ: 4,
    Fate.REFUSED: 5,
    Fate.INTEGRATED: 6,
}


def later_fate(known: Fate, heard: Fate) -> Fate:
    """Which of two words about a recipient stands: reports come late and out of order. Bad news is not overwritten by an
    earlier step; a recipient who read it has it, whatever a server says; a successful integration wins over all."""
    return heard if _RANK[heard] >= _RANK[known] else known
