"""The table of faults: at which command of the program's day, what goes wrong; and which cells mean nothing, and why."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum


class Stage(Enum):
    """The command at which the fault strikes; the first three strike IMAP and submission alike."""

    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    SELECT = "select"
    HEADER = "fetch-header"
    BODY = "fetch-body"
    STORE = "store"
    MOVE = "move"
    APPEND = "append"
    IDLE = "idle"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    DOT = "after-the-last-dot"
    QUIT = "quit"
    DRAFT = "append-draft"
    EXPUNGE = "expunge-draft"


class Fault(Enum):
    """What goes wrong there, once."""

    REFUSED = "refused"  # the server goes: the command does not reach it, and it takes no connection until it is back
    RESET = "reset"  # the server does it, and the line is reset before the answer comes
    STALLED = "stalled"  # the server does it, and nothing is ever heard of it
    GARBAGE = "garbage"  # the server does it, and the answer comes as noise
    NO = "no"  # a refusal for good
    BYE = "bye"  # a polite end
    EXPIRED = "token-expired"  # the operator takes the token no more, the next one that is shown either
    KILLED = "sigkill"  # the program's process
    FULL = "disk-full"  # from there on the program's disk takes nothing


ON_SUBMISSION = frozenset({Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT, Stage.QUIT})
ON_BOTH = frozenset({Stage.CONNECT, Stage.TLS, Stage.AUTH})

OF_DRAFTS = (Stage.DRAFT, Stage.EXPUNGE)
"""Beside the table: the two commands that replace a draft in the operator's folder."""
FIFTEEN = tuple(stage for stage in Stage if stage not in OF_DRAFTS)

MEANINGLESS: dict[tuple[Stage, Fault], str] = {
    (Stage.CONNECT, Fault.EXPIRED): "no token is shown when a line is made",
    (Stage.TLS, Fault.EXPIRED): "no token is shown before TLS",
}
"""Cells that no test stands for."""


def cells() -> Iterator[tuple[Stage, Fault]]:
    """Every cell that means something."""
    return ((s, f) for s in FIFTEEN for f in Fault if (s, f) not in MEANINGLESS)
