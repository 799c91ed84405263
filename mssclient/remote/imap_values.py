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
