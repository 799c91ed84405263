"""The words of IMAP commands and what their answers say: names, sets of uids, folders, counts."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mssclient.domain.errors import Offline, Refused
from mssclient.domain.later import Later
from mssclient.remote import imap_lean
from mssclient.remote.imap_stream import malformed
from mssclient.remote.imap_wire import Reply

if TYPE_CHECKING:
    from imapclient import imap_utf7
else:
    imap_utf7 = Later("imapclient.imap_utf7")

log = logging.getLogger(__name__)
_SET_CAP = 7_000
"""Bytes of a list of uids in one command; servers cut lines at 8 kB and more (RFC 7162 §4)."""
_UID_CAP = 5_000_000
ESEARCH_ALL = re.compile(rb" ALL ([0-9:,]+)", re.IGNORECASE)
SECTION = re.compile(r"[0-9]{1,5}(\.[0-9]{1,5}){0,149}")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AS_TOLD = "\x01"
"""Ends the name of a mailbox that is kept as the server writes it, because it is no good modified UTF-7: the "R&D" of a
careless program, a control character."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
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
    personal: bool = True
    """False in a namespace of other users or of everybody (RFC 2342): its Sent is not this BAL's Sent."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """Where mailboxes of one kind stand (RFC 2342)."""

    prefix: str
    separator: str
    personal: bool


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Delta:
    """What became of a mailbox since a known state (RFC 7162 §3.2.5)."""

    vanished: tuple[Span, ...]
    """First and last uid of each run that is gone; a server may name uids that nobody ever saw."""
    flags: tuple[tuple[int, frozenset[str], int], ...]
    """(uid, flags, modseq) of each message that changed or came."""


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
    """A mailbox name in modified UTF-7 (RFC 3501 §5.1.3), in which no control character is left; one `AS_TOLD` as it is."""
    told = name.removesuffix(AS_TOLD)
    return quoted(imap_utf7.encode(name) if told == name else told.encode("latin-1", "replace"))


def flag_list(flags: frozenset[str]) -> bytes:
    """Flags in parentheses; Refused("CANNOT") for what is no flag."""
    if any(not _FLAG.fullmatch(flag) for flag in flags):
        raise Refused("CANNOT")
    return b"(" + " ".join(sorted(flags)).encode() + b")"


def text_of(values: Sequence[imap_lean.Value]) -> str:
    """The first value as text; empty when there is none."""
    return values[0].decode("utf-8", "replace") if values and isinstance(values[0], bytes) else ""


def namespaces(told: list[imap_lean.Value]) -> tuple[Namespace, ...]:
    """Personal, other users' and shared namespaces of a NAMESPACE response."""
    found = []
    for kind, group in enumerate(told[:3]):
        for each in group if isinstance(group, list) else []:
            match each:
                case [bytes() as prefix, separator, *_]:
                    found.append(Namespace(mailbox_name(prefix), text_of([separator]), kind == 0))
    return tuple(found)


def namespace_of(mailbox: str, known: Sequence[Namespace]) -> Namespace:
    """The namespace a mailbox stands in: the one with the longest prefix."""
    nearest = Namespace("", "/", personal=True)
    for each in known:
        inside = mailbox.startswith(each.prefix) or mailbox + each.separator == each.prefix
        if inside and (len(each.prefix) > len(nearest.prefix) or not each.prefix):
            nearest = each
    return nearest


def listed(line: bytes, known: Sequence[Namespace]) -> RemoteFolder | None:
    """A folder from a LIST response. None for a name with empty pieces, and for a line that cannot be read: one odd folder
    must not hide the others."""
    match _values(line, 0)[:3]:
        case [list() as attributes, separator, bytes() as name]:
            words = tuple(text_of([attribute]) for attribute in attributes)
        case _:
            log.info("a folder is not read")
            return None
    mailbox = mailbox_name(name)
    place = namespace_of(mailbox, known)
    # INBOX is one name in any case (RFC 3501 §5.1), and the prefix of some servers: "INBOX." must not hide it.
    prefix = place.prefix if place.personal else ""
    inside = mailbox.removeprefix(prefix) if prefix and len(mailbox) > len(prefix) else mailbox
    inside = inside.removesuffix(AS_TOLD)
    path = tuple(inside.split(text_of([separator]))) if separator else (inside,)
    lowered = {word.lower() for word in words}
    if not all(path):
        return None
    uses = tuple(word for word in words if word.lower() in _USES) if place.personal else ()
    selectable = lowered.isdisjoint({"\\noselect", "\\nonexistent"})
    return RemoteFolder(mailbox, path, uses, selectable, place.personal)


def spans(ranges: bytes) -> tuple[Span, ...]:
    """The runs of a set such as `1:3,7`, without counting them out."""
    found = []
    for piece in ranges.split(b","):
        first, _, last = piece.partition(b":")
        low, high = sorted((imap_lean.number(first), imap_lean.number(last or first)))
        if low:
            found.append((low, high))
    return tuple(found)


def vanished(line: bytes) -> tuple[Span, ...]:
    """The uids of a VANISHED response (RFC 7162 §3.2.10)."""
    return spans(line.rpartition(b" ")[2]) if line[:9].upper() == b"VANISHED " else ()


def mailbox_name(name: bytes) -> str:
    """A mailbox name as people write it, if that leads back to the same mailbox; else `AS_TOLD`."""
    as_told = name.decode("latin-1") + AS_TOLD
    if not name.isascii():
        # Dovecot 2.3 names mailboxes in plain UTF-8 when it notifies (seen 11/2026); RFC 6855 lets others do so.
        try:
            return name.decode("utf-8")
        except UnicodeDecodeError:
            return as_told
    try:
        plain = str(imap_utf7.decode(name))
        back = imap_utf7.encode(plain)
    except (ValueError, LookupError):
        return as_told
    return plain if back == name and _CONTROL.search(plain) is None else as_told


def status(line: bytes) -> tuple[str, Counts] | None:
    """Mailbox and counts of a STATUS response; None for another one, or one that cannot be read."""
    if line[:7].upper() != b"STATUS ":
        return None
    match _values(line, 7):
        case [bytes() as name, list() as pairs]:
            told = {text_of([k]).upper(): imap_lean.number(v) for k, v in zip(pairs[::2], pairs[1::2], strict=False)}
        case _:
            return None
    keys = ("MESSAGES", "UNSEEN", "UIDNEXT", "UIDVALIDITY", "HIGHESTMODSEQ")
    return mailbox_name(name), Counts(*(told.get(key, 0) for key in keys))


def _values(line: bytes, at: int) -> list[imap_lean.Value]:
    try:
        return imap_lean.values(line, at)
    except Offline:
        return []


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
