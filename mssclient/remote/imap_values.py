"""What an IMAP session says of mailboxes, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mssclient.remote.imap_words import Counts, Delta


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a mailbox, for SELECT to tell the difference (RFC 7162 §3.2.5)."""

    uidvalidity: int
    modseq: int


@dataclass(frozen=True, slots=True)
class Selected:
    """A mailbox as SELECT tells it; `highest_modseq` 0 without CONDSTORE, `uidnext` 0 when the server keeps it."""

    uidvalidity: int
    uidnext: int
    exists: int
    highest_modseq: int
    delta: Delta | None = None
    """What changed since what was known, where the server tells; None: it has to be compared."""
    keeps: frozenset[str] | None = None
    """The flags that may be changed for good, in lower case; None: all of them (RFC 3501 §7.1, PERMANENTFLAGS)."""

    def allows(self, flag: str) -> bool:
        """Whether a system flag may be changed. Servers say OK to a change that they do not make (RFC 4314 §5.1.1)."""
        return self.keeps is None or flag.lower() in self.keeps


@dataclass(frozen=True, slots=True)
class News:
    """What the server told in passing of other mailboxes (NOTIFY, RFC 5465)."""

    counts: dict[str, Counts]
    """Mailboxes that changed. Numbers that the server left out are 0."""
    folders: bool
    """Mailboxes were made, renamed or deleted."""


class Idle(Enum):
    """Why IDLE ended."""

    PUSHED = "pushed"  # something changed in the mailbox
    ELSEWHERE = "elsewhere"  # something changed in another one: see `news`
    WOKEN = "woken"  # the wake socket is readable
    TIMEOUT = "timeout"


def kept_flags(codes: dict[str, bytes]) -> frozenset[str] | None:
    """The flags of PERMANENTFLAGS; none in a mailbox that is read-only for this person."""
    if "READ-ONLY" in codes:
        return frozenset()
    told = codes.get("PERMANENTFLAGS")
    return None if told is None else frozenset(told.decode("ascii", "replace").lower().strip("() ").split())
