"""Takes a message apart into headers and MIME leaves, bounded in size, depth and count (RFC 2045, RFC 2046).

Its own reader rather than the standard library's: that one is slow on large messages, raises on some broken headers
and knows no bounds.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass

from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.headers import clean, parameters, text_of, unbase64

_NEWLINE = re.compile(rb"\r\n|\r|\n")
_BLANK = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_MOST_HEADERS = 2000
_MOST_TEXT = 4_000_000
"""Characters of one text part."""
_MOST_BOUNDARIES = 5000
"""Lines that look like a boundary, in the whole message: bounds the time of hostile ones."""
_LONGEST_BOUNDARY_LINE = 300
_MOST_LINES = 200_000
"""Lines of flowed text that are joined; what follows stays as it is."""
_SHORTEST_LINE = 30
"""Bytes of a uuencoded line on average: those of programs have 61, and shorter ones only cost time."""
_COPIES = 4
_COPIES_FREE = 1024 * 1024
"""Each level of parts within parts is a copy: so many times the message in all, beside some bytes, and no deeper."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a message is read. Over `size` it is refused; over the rest, what is beyond is left out."""

    size: int = 64 * 1024 * 1024
    """Bytes of the whole message."""
    header: int = 512 * 1024
    """Bytes of one header block."""
    depth: int = 20
    parts: int = 500
    text: int = 2_000_000
    """Characters of a body."""


DEFAULT = Limits()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of the MIME tree, still encoded."""

    number: str
    """IMAP section number (RFC 3501 §6.4.5), such as "1.2"."""
    media_type: str
    parameters: dict[str, str]
    disposition: str
    """inline, attachment or empty."""
    name: str
    content_id: str
    """Without angle brackets."""
    encoding: str
    raw: bytes
    """The body as it stands in the message."""
    parents: tuple[str, ...]
    """Media types of the multiparts around it, outermost first."""
    first: bool
    """Whether it comes first in its multipart."""

    @property
    def content(self) -> bytes:
        """The bytes decoded."""
        return decoded(self.raw, self.encoding)

    @property
    def text(self) -> str:
        """The text decoded, newlines as "\\n"."""
        text = tidy(text_of(self.content[: _MOST_TEXT * 4], self.parameters.get("charset", "")))[:_MOST_TEXT]
        if self.media_type == "text/plain" and self.parameters.get("format", "").lower() == "flowed":
            return _unflowed(text, joined=self.parameters.get("delsp", "").lower() == "yes")
        return text

    @property
    def is_body(self) -> bool:
        """Whether it is text that a person reads in the message rather than a file."""
        return self.media_type in {"text/plain", "text/html"} and self.disposition != "attachment" and not self.name


def leaves(raw: bytes, limits: Limits = DEFAULT) -> tuple[Leaf, ...]:
    """Every leaf of a message, for `reports`. Raises as `parse`."""
    return tuple(Tree(limits).message(raw)[1])


def headers_of(raw: bytes, limits: Limits = DEFAULT) -> tuple[tuple[str, str], ...]:
    """The header fields of a header block or of a whole message: names in lower case, values unfolded, not decoded."""
    return tuple(_fields(_split(raw, limits)[0]))


def decoded(raw: bytes, encoding: str) -> bytes:
    """The bytes behind a Content-Transfer-Encoding (RFC 2045 §6); an unknown one is taken as none. Never fails."""
    match encoding.strip().strip('"').lower():
        case "base64":
            return unbase64(raw)
        case "quoted-printable":
            return binascii.a2b_qp(raw)
        case "x-uuencode" | "uuencode" | "x-uue" | "uue":
            return _uudecoded(raw)
        case _:
            return raw


def _uudecoded(raw: bytes) -> bytes:
    pieces = []
    most = _MOST_LINES + len(raw) // _SHORTEST_LINE
    for line in raw.split(b"\n", most)[:most]:
        if line.startswith((b"begin ", b"end")) or not line.strip():
            continue
        try:
            pieces.append(binascii.a2b_uu(line[:62]))
        except binascii.Error:
            continue
    return b"".join(pieces)


def tidy(text: str) -> str:
    """Newlines as "\\n", no NUL, no BOM."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")


def _unflowed(text: str, *, joined: bool) -> str:
    """format=flowed (RFC 3676): lines that end with a blank go on in the next one, at the same depth of quotation."""
    pieces: list[str] = []
    open_depth = -1
    lines = text.split("\n", _MOST_LINES)
    rest = lines.pop() if len(lines) > _MOST_LINES else ""
    for line in lines:
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        words = bare.removeprefix(" ")
        flows = words.endswith(" ") and words != "-- "
        if open_depth != depth or words == "-- ":
            pieces.append("\n" + ">" * depth + (" " if depth and words else ""))
        pieces.append(words[:-1] if flows and joined else words)
        open_depth = depth if flows else -1
    return "".join((*pieces, "\n", rest) if rest else pieces).removeprefix("\n")


def _split(raw: bytes, limits: Limits) -> tuple[bytes, bytes]:
    """Header block and body; a block longer than allowed is cut and the message has no body."""
    if raw.startswith((b"\n", b"\r\n")):
        return b"", raw[1 if raw[:1] == b"\n" else 2 :]
    blank = _BLANK.search(raw, 0, limits.header + 4)
    if blank is None:
        return raw[: limits.header], b""
    return raw[: blank.start()], raw[blank.end() :]


def _fields(block: bytes) -> Iterator[tuple[str, str]]:
    lines: list[bytes] = []
    count = 0
    for line in (*_NEWLINE.split(block), b"x"):
        if line[:1] in {b" ", b"\t"} and lines:
            lines.append(line)
            continue
        if lines and (found := _FIELD.fullmatch(b"\n".join(lines))):
            count += 1
            yield found[1].decode("ascii").lower(), _unfolded(found[2])
        lines = [line]
        if count >= _MOST_HEADERS:
            return


def _unfolded(value: bytes) -> str:
    text = value.decode("utf-8", errors="surrogateescape")
    return re.sub(r"\n[ \t]*", " ", text).strip() if "\n" in text else text.strip()


class Tree:
    """One message being taken apart; lives for one call."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._count = 0
        self._lines_tried = 0
        self._copied = 0
        self._whole = 0
        self.truncated = False

    def message(self, raw: bytes) -> tuple[list[tuple[str, str]], list[Leaf]]:
        if not raw.strip(b"\0 \t\r\n"):
            raise Unreadable(Unread.EMPTY, "message")
        if len(raw) > self._limits.size:
            raise Unreadable(Unread.TOO_BIG, "message")
        self._whole = len(raw)
        # Exported mailboxes put a "From " line first, some gateways a blank one or a BOM.
        text = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
        if b"\n" not in text:
            text = text.replace(b"\r", b"\r\n")
        if text.startswith((b"From ", b">From ")):
            text = text.partition(b"\n")[2]
        block, body = _split(text, self._limits)
        headers = list(_fields(block))
        if not headers:
            raise Unreadable(Unread.NOT_IT, "message")
        if not body and len(block) >= self._limits.header:
            self.truncated = True
        return headers, list(self._part(dict(reversed(headers)), body, "", (), first=True))

    def _part(
        self, headers: dict[str, str], body: bytes, number: str, parents: tuple[str, ...], *, first: bool
    ) -> Iterator[Leaf]:
        media_type, values = parameters(headers.get("content-type", "text/plain"))
        if media_type.startswith("multipart/") and values.get("boundary"):
            if len(parents) < self._limits.depth:
                yield from self._multipart(media_type, values["boundary"], body, number, parents)
            else:
                self.truncated = True
            return
        self._count += 1
        if self._count > self._limits.parts:
            self.truncated = True
            return
        disposition, more = parameters(headers.get("content-disposition", ""))
        if "/" not in media_type or media_type.startswith("multipart/"):
            media_type = "text/plain"
        yield Leaf(
            number=number or "1", media_type=media_type, parameters=values,
            disposition=disposition if disposition in {"inline", ""} else "attachment",
            name=_file_name(more.get("filename") or values.get("name") or ""),
            content_id=clean(headers.get("content-id", "")).strip("<> "),
            encoding=headers.get("content-transfer-encoding", "").partition(";")[0].partition("(")[0],
            raw=body, parents=parents, first=first,
        )  # fmt: skip

    def _multipart(
        self, media_type: str, boundary: str, body: bytes, number: str, parents: tuple[str, ...]
    ) -> Iterator[Leaf]:
        marker = b"--" + boundary[:200].rstrip().encode("utf-8", errors="surrogateescape")
        found = 0
        for piece in self._pieces(body, marker):
            found += 1
            self._copied += len(piece)
            deep = self._copied > _COPIES * self._whole + _COPIES_FREE
            if deep or self._count >= self._limits.parts or found > self._limits.parts:
                self.truncated = True
                return
            block, inner = _split(piece, self._limits)
            headers = dict(reversed(list(_fields(block))))
            inner = inner if headers or not block else piece
            if media_type == "multipart/digest":
                headers.setdefault("content-type", "message/rfc822")
            own = f"{number}.{found}" if number else str(found)
            yield from self._part(headers, inner, own, (*parents, media_type), first=found == 1)
        if not found and not number:
            # The boundary never comes: what is there is better shown than lost.
            yield from self._part({}, body, number, (*parents, media_type), first=True)

    def _pieces(self, body: bytes, marker: bytes) -> Iterator[bytes]:
        """The parts between boundary lines (RFC 2046 §5.1.1); the closing one may be missing."""
        start: int | None = None
        position = 0
        while (found := _next_line(body, marker, position)) >= 0:
            self._lines_tried += 1
            if self._lines_tried > _MOST_BOUNDARIES:
                self.truncated = True
                return
            position = found + len(marker)
            line, newline, _ = body[position : position + _LONGEST_BOUNDARY_LINE].partition(b"\n")
            rest = line.strip()
            if rest not in {b"", b"--"}:
                continue
            if start is not None:
                yield body[start : _line_end_before(body, found)]
            if rest == b"--":
                return
            start = position = position + len(line) + len(newline)
        if start is not None and start < len(body):
            yield body[start:]


def _next_line(body: bytes, marker: bytes, position: int) -> int:
    """Where the next line that begins with the marker begins; -1 when there is none."""
    if position == 0 and body.startswith(marker):
        return 0
    found = body.find(b"\n" + marker, max(position - 1, 0))
    return found + 1 if found >= 0 else -1


def _line_end_before(body: bytes, position: int) -> int:
    """Where the part ends: the line end before a boundary belongs to the boundary."""
    if body[position - 2 : position] == b"\r\n":
        return position - 2
    return max(position - 1, 0)


def _file_name(name: str) -> str:
    """The last piece of a path, on one line, at most 200 characters with its extension kept."""
    last = clean(name).replace("\\", "/").rpartition("/")[2].strip().strip("\"'")
    if len(last) > 200:
        stem, dot, extension = last.rpartition(".")
        last = f"{stem[:190]}{dot}{extension[:9]}" if dot else last[:200]
    return "" if last in {".", ".."} else last
