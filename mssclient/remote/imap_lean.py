"""FETCH responses → domain values in one pass: the lexer, BODYSTRUCTURE, envelopes and flags.

Twenty thousand headers a second, where general libraries read four thousand; the list of a 100,000 folder lives on it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.errors import Offline
from mssclient.domain.headers import addresses, decode_header, message_ids, parameters, text_of
from mssclient.domain.message import Envelope, PartSpec
from mssclient.remote.imap_headers import date, fields, internal_date
from mssclient.remote.imap_stream import malformed

Value = bytes | None | list["Value"]
"""A parsed IMAP value: bytes, NIL, or a list."""

_TOKEN = re.compile(rb' *(?:(\()|(\))|"([^"\\]*(?:\\.[^"\\]*)*)"|~?\{(\d{1,10})\+?\}\r\n|([^\s(){"]+))', re.DOTALL)
_OPEN, _CLOSE, _QUOTED, _LITERAL, _ATOM = range(1, 6)
_NIL = frozenset({b"NIL", b"nil"})
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_FETCH = re.compile(rb"\d+ FETCH \(", re.IGNORECASE)
_ITEM = re.compile(rb" *([A-Za-z0-9.]+(?:\[[^\]]*\](?:<\d+>)?)?) ")
# What servers usually answer to ENVELOPE_ITEMS, cut out with one match; all else takes the long way.
_USUAL = re.compile(
    rb"\d+ FETCH \(UID (\d{1,10}) FLAGS \(([^()]*)\) INTERNALDATE \"([^\"]*)\" RFC822\.SIZE (\d{1,12})"
    rb"(?: MODSEQ \((\d{1,20})\))? BODYSTRUCTURE (\([^{\r\n]*\)) BODY\[HEADER\.FIELDS [^\]\r\n]*\] \{(\d{1,9})\}\r\n"
)
# A mail that is one plain or HTML text and nothing else: most of them.
_SINGLE = re.compile(
    rb'\("text" "(plain|html)" \("charset" "([a-z0-9_-]+)"\) NIL NIL "([a-z0-9-]+)" (\d{1,12}) \d+ NIL NIL NIL NIL\)',
    re.IGNORECASE,
)
_TAIL = re.compile(rb"(?: MODSEQ \((\d{1,20})\))?\)")
_UID = re.compile(rb"[ (]UID (\d+)", re.IGNORECASE)
_FLAGS = re.compile(rb"[ (]FLAGS \(([^()]*)\)", re.IGNORECASE)
_MODSEQ = re.compile(rb"[ (]MODSEQ \((\d+)\)", re.IGNORECASE)
_DEPTH_CAP = 250
"""Dovecot tells of a hundred levels of parts, each in up to two pairs of parentheses."""
_PART_CAP = 500
_HEAD_CAP = 4096
_BLOCK = re.compile(rb" BODY\[HEADER\.FIELDS [^\]\r\n]*\] \{(\d{1,9})\}\r\n", re.IGNORECASE)
_RECEIVED = re.compile(rb'[ (]INTERNALDATE "([^"]*)"', re.IGNORECASE)
_SIZE = re.compile(rb"[ (]RFC822\.SIZE (\d{1,12})", re.IGNORECASE)
_PARAMETER_CAP = 4096

HEADER_FIELDS = (
    b"DATE FROM TO CC REPLY-TO SUBJECT MESSAGE-ID IN-REPLY-TO REFERENCES X-MSS-NIL X-MSS-CODECDA X-MSS-INS X-MSS-MES "
    b"RETURN-PATH DISPOSITION-NOTIFICATION-TO RETURN-RECEIPT-TO AUTO-SUBMITTED CONTENT-TYPE THREAD-INDEX"
)
ENVELOPE_ITEMS = b"UID FLAGS INTERNALDATE RFC822.SIZE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (" + HEADER_FIELDS + b")]"
SPARE_ITEMS = b"(UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.65536>)"
_MSS_HEADERS = tuple(
    (name, name.encode())
    for name in (
        "x-mss-nil",
        "x-mss-codecda",
        "x-mss-ins",
        "x-mss-mes",
        "return-path",
        "disposition-notification-to",
        "return-receipt-to",
        "auto-submitted",
        "content-type",
        "thread-index",
    )
)
_NO_SENDER = Correspondent("", "", CorrespondentKind.OUTSIDE)


def value_at(buffer: bytes, at: int) -> tuple[Value, int]:
    """The value that begins at `at` and where it ends. Raises Offline("protocol") on anything else."""
    stack: list[list[Value]] = []
    while match := _TOKEN.match(buffer, at):
        kind, at = match.lastindex, match.end()
        value: Value
        if kind == _OPEN:
            if len(stack) >= _DEPTH_CAP:
                break
            stack.append([])
            continue
        if kind == _CLOSE:
            if not stack:
                break
            value = stack.pop()
        elif kind == _LITERAL:
            end = at + int(match[_LITERAL])
            value, at = buffer[at:end], end
        else:
            value = _plain(match)
        if not stack:
            return value, at
        stack[-1].append(value)
    raise malformed()


def _plain(match: re.Match[bytes]) -> bytes | None:
    if (atom := match[_ATOM]) is not None:
        return None if atom in _NIL else atom
    return _ESCAPE.sub(rb"\1", match[_QUOTED])


def values(buffer: bytes, at: int = 0) -> list[Value]:
    """All values from `at` to the end of a response."""
    found: list[Value] = []
    while buffer[at:].strip():
        value, at = value_at(buffer, at)
        found.append(value)
    return found


def items(line: bytes) -> dict[bytes, Value] | None:
    """The items of a FETCH response by upper-case name (BODY[…] without its section); None for another response."""
    if (match := _FETCH.match(line)) is None:
        return None
    at = match.end()
    found: dict[bytes, Value] = {}
    while line[at : at + 1] not in {b")", b""}:
        if (name := _ITEM.match(line, at)) is None:
            raise malformed()
        found[name[1].partition(b"[")[0].upper()], at = value_at(line, name.end())
        while line[at : at + 1] == b" ":
            at += 1
    return found


def number(value: Value) -> int:
    """A number; 0 for anything else."""
    return int(value) if isinstance(value, bytes) and value.isdigit() and len(value) < 20 else 0


def flags_of(value: Value) -> frozenset[str]:
    """A list of flags."""
    return _flags(b" ".join(v for v in value if isinstance(v, bytes))) if isinstance(value, list) else frozenset()


@lru_cache(maxsize=1024)
def _flags(words: bytes) -> frozenset[str]:
    # \\Recent is about sessions, not about messages, and gone from IMAP4rev2 (RFC 9051 appendix E).
    return frozenset(words.decode("utf-8", "replace").split()) - {"\\Recent"}


def flag_line(line: bytes) -> tuple[int, frozenset[str], int] | None:
    """(uid, flags, modseq) of a FETCH response without literals; None when it tells no flags of a known message."""
    uid, flags = _UID.search(line), _FLAGS.search(line)
    if uid is None or flags is None:
        return None
    modseq = _MODSEQ.search(line)
    return int(uid[1]), _flags(flags[1]), int(modseq[1]) if modseq else 0


def envelope(line: bytes) -> Envelope | None:
    """The envelope in a FETCH response; None for other responses and for a FETCH that only tells of flags.

    A message whose structure cannot be read comes without parts: one odd message must not keep the others from coming.
    """
    try:
        found = _whole(line)
    except Offline:
        return _without_parts(line)
    if found is None and _BLOCK.search(line) is not None:
        return _without_parts(line)  # a structure that never ends swallowed the rest
    return found


def _whole(line: bytes) -> Envelope | None:
    if head := _USUAL.match(line):
        uid, flags, received, size, modseq, structure, block_size = head.groups()
        end = head.end() + int(block_size)
        if tail := _TAIL.fullmatch(line, end):
            modseq = modseq or tail[1] or b"0"
            return _built(
                int(uid),
                _flags(flags),
                received,
                int(size),
                line[head.end() : end],
                usual_parts(structure),
                int(modseq),
            )
    return _unusual(line)


def _unusual(line: bytes) -> Envelope | None:
    """As `envelope`, for items in another order and strings in another form."""
    found = items(line)
    if found is None or b"UID" not in found or not isinstance(block := found.get(b"BODY"), bytes):
        return None
    received, modseq = found.get(b"INTERNALDATE"), found.get(b"MODSEQ")
    return _built(
        number(found[b"UID"]),
        flags_of(found.get(b"FLAGS")),
        received if isinstance(received, bytes) else b"",
        number(found.get(b"RFC822.SIZE")),
        block,
        parts_of(found.get(b"BODYSTRUCTURE")),
        number(modseq[0]) if isinstance(modseq, list) and modseq else 0,
    )


def _without_parts(line: bytes) -> Envelope | None:
    """What can be cut out of a FETCH response that as a whole makes no sense: its numbers, and its header where that is a
    literal. Raises Offline("protocol") when it does not even tell whose it is."""
    if _FETCH.match(line) is None:
        return None
    head = line[:_HEAD_CAP]
    if (uid := _UID.search(head)) is None:
        raise malformed()
    block = next(_BLOCK.finditer(line), None)
    flags, received, size = _FLAGS.search(head), _RECEIVED.search(head), _SIZE.search(head)
    return _built(
        int(uid[1]),
        _flags(flags[1]) if flags else frozenset(),
        received[1] if received else b"",
        int(size[1]) if size else 0,
        line[block.end() : block.end() + int(block[1])] if block else b"",
        (),
        0,
    )


def _built(
    uid: int,
    flags: frozenset[str],
    received: bytes,
    size: int,
    block: bytes,
    parts: tuple[PartSpec, ...],
    modseq: int,
) -> Envelope:
    found = fields(block)
    get = found.get
    senders = _people(get(b"from", b""))
    replies = _people(get(b"reply-to", b""))
    return Envelope(
        uid=uid,
        flags=flags,
        received=internal_date(received),
        size=size,
        message_id=_message_id(get(b"message-id", b"")),
        subject=_text(get(b"subject", b"")),
        sender=senders[0] if senders else _NO_SENDER,
        to=_people(get(b"to", b"")),
        cc=_people(get(b"cc", b"")),
        reply_to=replies[0].address if replies else "",
        sent=date(get(b"date", b"")),
        in_reply_to=_message_id(get(b"in-reply-to", b"")),
        references=message_ids(references) if (references := get(b"references")) else (),
        mss_headers=tuple([(name, _text(found[key])) for name, key in _MSS_HEADERS if key in found]),
        parts=parts,
        modseq=modseq,
    )


@lru_cache(maxsize=8192)
def _people(value: bytes) -> tuple[Correspondent, ...]:
    # The same few people write most of a mailbox.
    return addresses(value) if value else ()


def _message_id(value: bytes) -> str:
    found = message_ids(value) if value else ()
    return found[0] if found else ""


def message_id_in(block: bytes) -> str:
    """The Message-ID of a header block; empty when it has none."""
    return _message_id(fields(block).get(b"message-id", b""))


def _text(value: bytes) -> str:
    if value.isascii() and b"=?" not in value and (text := value.decode()).isprintable() and "  " not in text:
        return text.strip()
    return decode_header(value)


def usual_parts(structure: bytes) -> tuple[PartSpec, ...]:
    """The leaves of a BODYSTRUCTURE without literals; faster than `value_at`, same errors."""
    if single := _SINGLE.fullmatch(structure):
        minor, charset, encoding, size = (word.decode().lower() for word in single.groups())
        return (PartSpec("1", f"text/{minor}", int(size), encoding, charset, "", "", attachment=False),)
    stack: list[list[Value]] = [[]]
    top = stack[0]
    for opened, closed, quoted, _, atom in _TOKEN.findall(structure):
        if opened:
            top = []
            stack.append(top)
            if len(stack) > _DEPTH_CAP:
                raise malformed()
        elif closed:
            done = top
            stack.pop()
            if not stack:
                raise malformed()
            top = stack[-1]
            top.append(done)
        elif atom:
            top.append(None if atom in _NIL else atom)
        else:
            top.append(_ESCAPE.sub(rb"\1", quoted) if b"\\" in quoted else quoted)
    if len(stack) != 1 or len(top) != 1:
        raise malformed()
    return parts_of(top[0])


def parts_of(structure: Value) -> tuple[PartSpec, ...]:
    """The leaves of a BODYSTRUCTURE (RFC 3501 §7.4.2); an attached message is one leaf."""
    if not isinstance(structure, list) or not structure:
        return ()
    if isinstance(structure[0], list):
        found: list[PartSpec] = []
        _collect(structure, "", found)
        return tuple(found)
    return (_leaf(structure, "1"),)


def _collect(structure: list[Value], prefix: str, found: list[PartSpec]) -> None:
    for at, child in enumerate(structure, 1):
        if not isinstance(child, list) or len(found) >= _PART_CAP:
            return
        section = f"{prefix}{at}"
        if child and isinstance(child[0], list):
            _collect(child, section + ".", found)
        else:
            found.append(_leaf(child, section))


def _leaf(part: list[Value], section: str) -> PartSpec:
    part = part + [None] * (12 - len(part))
    major, minor = _word(part[0]) or "application", _word(part[1]) or "octet-stream"
    media_type = f"{major}/{minor}"
    message = media_type in {"message/rfc822", "message/global"}
    # Extension data stand behind the fields that only text and attached messages have, and behind an MD5.
    disposition = part[11 if message else 9 if major == "text" else 8]
    kind, details = "", dict[str, str]()
    if isinstance(disposition, list) and disposition:
        kind = _word(disposition[0])
        details = _parameters(disposition[1]) if len(disposition) > 1 else details
    typed = _parameters(part[2])
    name = details.get("filename", "") or typed.get("name", "")
    return PartSpec(
        number=section,
        media_type=media_type,
        size=number(part[6]),
        encoding=_word(part[5]) or "7bit",
        charset=typed.get("charset", "").strip().lower(),
        name=name,
        content_id=text_of(part[3]).strip(" <>") if isinstance(part[3], bytes) else "",
        attachment=bool(name) or kind == "attachment" or message or major != "text",
    )


def _word(value: Value) -> str:
    return _lowered(value) if isinstance(value, bytes) else ""


@lru_cache(maxsize=1024)
def _lowered(value: bytes) -> str:
    return value[:200].decode("ascii", "replace").strip().lower()


def _parameters(value: Value) -> dict[str, str]:
    """Parameters decoded: RFC 2231 pieces joined, encoded words read."""
    if not isinstance(value, list):
        return {}
    found: dict[str, bytes] = {}
    plain = True
    for name, content in zip(value[::2], value[1::2], strict=False):
        if isinstance(name, bytes) and isinstance(content, bytes):
            key = _lowered(name)
            plain = plain and "*" not in key
            found[key] = content[:_PARAMETER_CAP]
    if plain:
        return {key: _text(each) for key, each in found.items()}
    return parameters(b"x" + b"".join(b'; %s="%s"' % (key.encode(), _escaped(each)) for key, each in found.items()))[1]


def _escaped(content: bytes) -> bytes:
    return content.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
