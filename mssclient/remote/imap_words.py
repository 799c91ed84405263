"""The words of IMAP commands and what their answers say: names, sets of uids, folders, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imapclient import imap_utf7

from mssclient.domain.errors import Refused
from mssclient.remote import imap_lean
from mssclient.remote.imap_wire import Reply, malformed

_SET_CAP = 7_000
"""Bytes of a list of uids in one command; servers cut lines at 8 kB and more (RFC 7162 §4)."""
_UID_CAP = 5_000_000
ESEARCH_ALL = re.compile(rb" ALL ([0-9:,]+)", re.IGNORECASE)
SECTION = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5}){0,49}")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FLAG = re.compile(r"\\?[^\x00-\x20(){%*\"\\\]\x7f-\uffff]+")
_USES = frozenset({"\\all", "\\archive", "\\drafts", "\\flagged", "\\junk", "\\sent", "\\trash", "\\important"})


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """One mailbox of a LIST. `mailbox` names it in every call here; `path` is what a person reads."""

    mailbox: str
    path: tuple[str, ...]
    uses: tuple[str, ...]
    """SPECIAL-USE attributes (RFC 6154), as \\Sent."""
    selectable: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """A mailbox as STATUS tells it; `highest_modseq` 0 without CONDSTORE."""

    messages: int
    unseen: int
    uidnext: int
    uidvalidity: int
    highest_modseq: int


def quoted(content: bytes) -> bytes:
    """A quoted string."""
    return b'"' + content.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def mailbox_word(name: str) -> bytes:
    """A mailbox name in modified UTF-7 (RFC 3501 §5.1.3), in which no control character is left."""
    return quoted(imap_utf7.encode(name))


def flag_list(flags: frozenset[str]) -> bytes:
    """Flags in parentheses; Refused("CANNOT") for what is no flag."""
    if any(not _FLAG.fullmatch(flag) for flag in flags):
        raise Refused("CANNOT")
    return b"(" + " ".join(sorted(flags)).encode() + b")"


def text_of(values: Sequence[imap_lean.Value]) -> str:
    """The first value as text; empty when there is none."""
    return values[0].decode("utf-8", "replace") if values and isinstance(values[0], bytes) else ""


def personal(namespaces: list[imap_lean.Value]) -> tuple[str, str] | None:
    """Prefix and separator of the first personal namespace."""
    match namespaces:
        case [[[bytes() as prefix, separator, *_], *_], *_]:
            return imap_utf7.decode(prefix), text_of([separator])
        case _:
            return None


def listed(line: bytes, prefix: str) -> RemoteFolder | None:
    """A folder from a LIST response; `prefix` is that of the personal namespace. None for a name with empty pieces."""
    match imap_lean.values(line)[:3]:
        case [list() as attributes, separator, bytes() as name]:
            words = tuple(text_of([attribute]) for attribute in attributes)
        case _:
            raise malformed()
    mailbox = mailbox_name(name)
    # INBOX is one name in any case (RFC 3501 §5.1), and the prefix of some servers: "INBOX." must not hide it.
    inside = mailbox.removeprefix(prefix) if prefix and len(mailbox) > len(prefix) else mailbox
    path = tuple(inside.split(text_of([separator]))) if separator else (inside,)
    lowered = {word.lower() for word in words}
    if not all(path):
        return None
    uses = tuple(word for word in words if word.lower() in _USES)
    return RemoteFolder(mailbox, path, uses, lowered.isdisjoint({"\\noselect", "\\nonexistent"}))


def mailbox_name(name: bytes) -> str:
    """A mailbox name as people write it."""
    try:
        return str(imap_utf7.decode(name))
    except (ValueError, LookupError) as error:
        raise malformed() from error


def status(line: bytes) -> tuple[str, Counts] | None:
    """Mailbox and counts of a STATUS response; None for another one."""
    if line[:7].upper() != b"STATUS ":
        return None
    match imap_lean.values(line, 7):
        case [bytes() as name, list() as pairs]:
            told = {text_of([k]).upper(): imap_lean.number(v) for k, v in zip(pairs[::2], pairs[1::2], strict=False)}
        case _:
            raise malformed()
    keys = ("MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", "HIGHESTMODSEQ")
    return mailbox_name(name), Counts(*(told.get(key, 0) for key in keys))


def expanded(ranges: bytes) -> set[int]:
    """The uids of a set such as `1:3,7`; Offline("protocol") for millions."""
    found: set[int] = set()
    for piece in ranges.split(b","):
        first, _, last = piece.partition(b":")
        low, high = sorted((imap_lean.number(first), imap_lean.number(last or first)))
        if high - low + len(found) > _UID_CAP:
            raise malformed()
        found.update(range(low, high + 1))
    return found


def one_set(uids: Sequence[int]) -> bytes:
    """The shortest set of these uids, which are few."""
    return b",".join(_ranges(uids))


def _ranges(uids: Sequence[int]) -> Iterator[bytes]:
    ordered = sorted(set(uids))
    start = 0
    for at in range(1, len(ordered) + 1):
        if at == len(ordered) or ordered[at] != ordered[at - 1] + 1:
            first, last = ordered[start], ordered[at - 1]
            yield b"%d" % first if first == last else b"%d:%d" % (first, last)
            start = at


def sets(uids: Sequence[int]) -> Iterator[bytes]:
    """Lists of uids, each short enough for one command line."""
    line = b""
    for piece in _ranges(uids):
        if line and len(line) + len(piece) >= _SET_CAP:
            yield line
            line = b""
        line += b"," + piece if line else piece
    if line:
        yield line


def copied(reply: Reply) -> dict[int, int]:
    """COPYUID (RFC 4315 §3): the n-th uid of one set became the n-th of the other."""
    for code, argument in reply.codes():
        if code == "COPYUID" and len(sets := argument.split()) == 3:
            return dict(zip(_in_order(sets[1]), _in_order(sets[2]), strict=False))
    return {}


def _in_order(uid_set: bytes) -> list[int]:
    return [uid for piece in uid_set.split(b",") for uid in sorted(expanded(piece))]
