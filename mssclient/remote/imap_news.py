"""What changed in mailboxes, by the answers of SELECT, SEARCH and NOTIFY."""

from __future__ import annotations

from collections.abc import Sequence

from mssclient.remote import imap_lean
from mssclient.remote import imap_words as words
from mssclient.remote.imap_wire import Literal, Wire
from mssclient.remote.imap_words import Delta

_HERE = b"(selected (MessageNew MessageExpunge FlagChange))"
EVENTS = (
    (_HERE, b"(personal (MessageNew MessageExpunge FlagChange MailboxName))"),
    (_HERE, b"(personal (MessageNew MessageExpunge FlagChange))"),
)
"""What NOTIFY asks for (RFC 5465), and what it asks for where that is too much."""


def delta(lines: Sequence[bytes]) -> Delta:
    """The difference that SELECT told (RFC 7162 §3.2.5)."""
    found: dict[int, tuple[int, frozenset[str], int]] = {}
    for line in lines:
        if told := imap_lean.flag_line(line):
            found[told[0]] = told
    gone = tuple(span for line in lines for span in words.vanished(line))
    return Delta(gone, tuple(found.values()))


def search(wire: Wire, criterion: bytes, first_uid: int, *more: bytes | Literal, short: bool) -> list[int]:
    """The uids at or above `first_uid` that a criterion finds, ascending; `short`: as ranges, a thousandth of the bytes
    (ESEARCH, RFC 4731)."""
    reply = wire.command(b"UID SEARCH RETURN (ALL)" if short else b"UID SEARCH", criterion, *more)
    found: set[int] = set()
    for line in reply.lines:
        if line[:8].upper() == b"ESEARCH " and (ranges := words.ESEARCH_ALL.search(line)):
            found |= words.expanded(ranges[1])
        elif line[:6].upper() == b"SEARCH":
            found.update(int(word) for word in line[6:].split() if word.isdigit())
    # `n:*` always names the last message, be it below n (RFC 3501 §9, seq-range).
    return sorted(uid for uid in found if uid >= first_uid)
