"""Header fields as servers hand them over → text, addresses, dates: fast on good mail, never at a loss on bad mail.

Foreign input: each function bounds its work and answers something for any bytes; none raises.
"""

from __future__ import annotations

import binascii
import codecs
import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz
from functools import lru_cache

BLOCK_CAP = 256 * 1024
"""Bytes of a header that are looked at."""
VALUE_CAP = 64 * 1024
"""Bytes of one field that are looked at."""
ADDRESS_CAP = 250
REFERENCE_CAP = 100

_FIELD = re.compile(rb"^([!-9;-~]{1,80})[ \t]*:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n")
_WORD = re.compile(r"=\?([^?\s]{1,40})\?([bBqQ])\?([^?]*)\?=")
# Controls, and the marks that turn the direction of text: a file name must not read backwards.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_ONE_ADDRESS = re.compile(r'(?:"([^"\\]*)"[ \t]*|([^"<>@,;:()\\]*))<([^<>@\s,]+@[^<>@\s,]+)>')
_ADDRESS_TOKEN = re.compile(
    r'"([^"\\]*(?:\\.[^"\\]*)*)"?|\(([^()\\]*(?:\\.[^()\\]*)*)\)?|<([^<>]*)>?|([,;:])|([^\s",;:<()]+)|\s+', re.DOTALL
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_DATE = re.compile(r"(?:[A-Za-z]{3},?\s+)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d)(?::(\d\d))? ([+-]\d{4})")
_INTERNAL_DATE = re.compile(rb" ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-]\d{4})")
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
# Codecs that are no charset of mail, or that a long input makes slow.
_REFUSED_CODECS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})


def fields(block: bytes) -> dict[bytes, bytes]:
    """Field name in lower case → raw unfolded value; of a repeated field, the first."""
    found: dict[bytes, bytes] = {}
    for name, value in _FIELD.findall(block[:BLOCK_CAP]):
        found.setdefault(name.lower(), value if b"\n" not in value else _FOLD.sub(b"", value))
    return found


def text(raw: bytes) -> str:
    """A value's characters: ASCII, else UTF-8, else what western mail programs meant (windows-1252)."""
    raw = raw[:VALUE_CAP]
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def decoded(value: bytes | str) -> str:
    """A field as a person reads it: encoded words (RFC 2047) decoded, blanks and controls tidied."""
    words = text(value) if isinstance(value, bytes) else value[:VALUE_CAP]
    if "=?" in words:
        words = _with_words(words)
    if not words.isprintable():
        words = _UNPRINTABLE.sub(" ", words)
    return words.strip()


def _with_words(value: str) -> str:
    pieces: list[str] = []
    charset, content, end = "", b"", 0
    for match in _WORD.finditer(value):
        gap = value[end : match.start()]
        # Blanks between encoded words are for folding only; a character may even be split over two words.
        apart = bool(gap.strip()) or end == 0
        word_charset = match[1].partition("*")[0].lower()
        if content and (apart or word_charset != charset):
            pieces.append(charset_text(content, charset))
            content = b""
        if apart:
            pieces.append(gap)
        charset, content, end = word_charset, content + _word_bytes(match[2], match[3]), match.end()
    pieces.append(charset_text(content, charset))
    pieces.append(value[end:])
    return "".join(pieces)


def _word_bytes(encoding: str, body: str) -> bytes:
    raw = body.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        raw = raw.replace(b"_", b" ")
        return _HEX.sub(lambda match: bytes((int(match[1], 16),)), raw) if b"=" in raw else raw
    return base64_bytes(raw)


def base64_bytes(raw: bytes) -> bytes:
    """Base64 decoded as far as it goes: foreign characters are skipped, a missing end is made up for."""
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        kept = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
        return binascii.a2b_base64(kept[: len(kept) - (len(kept) % 4 == 1)] + b"==")


@lru_cache(maxsize=64)
def _codec(charset: str) -> str:
    """The Python codec of a charset; empty when it is unknown or refused."""
    try:
        codec = codecs.lookup(charset.strip("\"' "))
        codec.decode(b"")
    except (LookupError, ValueError, TypeError):
        return ""
    return "" if codec.name in _REFUSED_CODECS or not getattr(codec, "_is_text_encoding", True) else codec.name


def charset_text(content: bytes, charset: str) -> str:
    """Bytes in a charset that may be unknown, or not the one they are in."""
    try:
        return content.decode(_codec(charset) or "utf-8")
    except (UnicodeError, ValueError):
        return text(content)


def addresses(value: bytes) -> list[tuple[str, str]]:
    """(label, address in lower case) of an address list (RFC 5322 §3.4): groups opened, comments heard as labels."""
    line = text(value).strip()
    if match := _ONE_ADDRESS.fullmatch(line):
        return [(decoded(match[1] or match[2] or ""), match[3].lower())]
    found: list[tuple[str, str]] = []
    words: list[str] = []
    address, comment = "", ""
    for token in _ADDRESS_TOKEN.finditer(line + ","):
        quoted, remark, angle, sign, atom = token.groups()
        if sign == ":":  # the name of a group
            words.clear()
        elif sign is not None:
            if one := _address(words, address, comment):
                found.append(one)
            words, address, comment = [], "", ""
            if len(found) >= ADDRESS_CAP:
                break
        elif quoted is not None:
            words.append(_ESCAPED.sub(r"\1", quoted))
        else:
            words += [atom] if atom else []
            address, comment = angle or address, remark or comment
    return found


def _address(words: list[str], angle: str, comment: str) -> tuple[str, str] | None:
    if not angle:
        angle = next((word for word in words if "@" in word), "")
        words = [word for word in words if word != angle] if angle else words
    address = angle.rpartition(":")[2].strip().lower()  # a source route ends in a colon
    label = decoded(" ".join(words) or comment)
    return (label, address) if address or label else None


def message_id(value: bytes) -> str:
    """The first message id with its angle brackets; empty when there is none."""
    line = text(value)
    if match := _MESSAGE_ID.search(line):
        return match[0]
    bare = line.strip(" \t<>")
    return f"<{bare}>" if bare and not any(c.isspace() for c in bare) and len(bare) < 999 else ""


def references(value: bytes) -> tuple[str, ...]:
    """The message ids of References, oldest first; of an endless thread the first and the latest."""
    ids = _MESSAGE_ID.findall(text(value))
    return tuple(ids if len(ids) <= REFERENCE_CAP else ids[:1] + ids[1 - REFERENCE_CAP :])


@lru_cache(maxsize=64)
def _zone(offset: str) -> timezone:
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    return timezone(timedelta(minutes=min(minutes, 1439) * (-1 if offset[0] == "-" else 1)))


def date(value: bytes) -> datetime | None:
    """A Date field, aware; None when it is missing or senseless."""
    line = text(value[:200])
    try:
        if match := _DATE.match(line):
            day, month, year, hour, minute, second, zone = match.groups()
            when = datetime(  # noqa: DTZ001
                int(year), _MONTHS[month.lower()], int(day), int(hour), int(minute), min(int(second or 0), 59)
            ).replace(tzinfo=_zone(zone))
        elif parsed := parsedate_tz(line):
            offset = timezone(timedelta(seconds=parsed[9] or 0))
            when = datetime(*parsed[:5], min(parsed[5], 59), tzinfo=offset)
        else:
            return None
        # Near the edges of the calendar a change of zone overflows.
        return when if 1971 <= when.year <= 2200 else None
    except (ValueError, LookupError, TypeError, OverflowError):
        return None


def internal_date(value: bytes) -> datetime:
    """INTERNALDATE, aware; the epoch when the server's is senseless."""
    try:
        if match := _INTERNAL_DATE.fullmatch(value):
            day, month, year, hour, minute, second, zone = match.groups()
            when = datetime(  # noqa: DTZ001
                int(year), _MONTHS[month.decode().lower()], int(day), int(hour), int(minute), min(int(second), 59)
            )
            return when.replace(tzinfo=_zone(zone.decode()))
    except (ValueError, LookupError):
        pass
    return datetime(1970, 1, 1, tzinfo=UTC)


def parameter(parameters: dict[str, str], name: str) -> str:
    """A parameter such as `filename`, from its RFC 2231 forms (`*`, `*0*`, `*0`…) or encoded words."""
    if not parameters:
        return ""
    if (extended := parameters.get(name + "*")) is not None:
        return _extended(extended)
    pieces: list[str] = []
    encoded = False
    while len(pieces) < 100:
        key = f"{name}*{len(pieces)}"
        piece = parameters.get(key)
        if piece is None:
            if (piece := parameters.get(key + "*")) is None:
                break
            encoded = True
        pieces.append(piece)
    if pieces:
        return _extended("".join(pieces)) if encoded else decoded("".join(pieces))
    return decoded(parameters.get(name, ""))


def _extended(value: str) -> str:
    charset, mark, rest = value.partition("'")
    _, second, content = rest.partition("'")
    if not (mark and second):
        charset, content = "utf-8", value
    raw = re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes((int(match[1], 16),)), content.encode("utf-8", "replace"))
    return decoded(charset_text(raw, charset).replace("=?", "= ?"))
