"""ENVELOPE and BODYSTRUCTURE as IMAP spells them, from a MIME tree (RFC 3501 §7.4.2)."""

from __future__ import annotations

import re

from mssclient.sandbox.imap_mime import Node, Params, parameters

_NOT_QUOTABLE = re.compile(rb"[\r\n\x00\x80-\xff]")
_ESCAPE = re.compile(rb'(["\\])')
_WORD = re.compile(
    rb'[ \t\r\n]*(?:"((?:[^"\\]|\\.)*)"|([^\s()<>@,;:\\"\[\]]+)|(\[[^\]]*\])|([<>@,;:])|(\((?:[^()\\]|\\.)*\))|(.))',
    re.DOTALL,
)
_UNESCAPE = re.compile(rb"\\(.)", re.DOTALL)

Address = tuple[bytes | None, bytes | None, bytes | None]
"""Name, mailbox, host; a group begins with (None, its name, None) and ends with three Nones."""


def quoted(text: bytes | None) -> bytes:
    """An nstring: NIL, a quoted string, or a literal when the text cannot be quoted."""
    if text is None:
        return b"NIL"
    if _NOT_QUOTABLE.search(text) or len(text) > 4_000:
        return b"{%d}\r\n%b" % (len(text), text)
    return b'"' + _ESCAPE.sub(rb"\\\1", text) + b'"'


def addresses(value: bytes) -> list[Address]:
    """The addresses of a header value, groups included; lenient, never fails (RFC 5322 §3.4)."""
    return _AddressReader().read(value)


class _AddressReader:
    """Words gathered until a delimiter says what they were."""

    def __init__(self) -> None:
        self._found: list[Address] = []
        self._words: list[bytes] = []
        self._comment: bytes | None = None
        self._angle: list[bytes] | None = None
        self._group = False

    def read(self, value: bytes) -> list[Address]:
        for token in _WORD.finditer(value):
            if token[5] is not None:
                self._comment = token[5][1:-1]
            elif token[4] is not None:
                self._special(token[4])
            else:
                self._word(_UNESCAPE.sub(rb"\1", token[1]) if token[1] is not None else token[2] or token[3] or b"")
        self._flush()
        if self._group:
            self._found.append((None, None, None))
        return self._found

    def _word(self, word: bytes) -> None:
        (self._words if self._angle is None else self._angle).append(word)

    def _special(self, sign: bytes) -> None:
        if self._angle is not None and sign != b">":
            self._angle.append(sign)
            return
        match sign:
            case b"<":
                self._angle = []
            case b">" if self._angle is not None:
                self._close_angle(self._angle)
            case b":" if not self._group:
                self._found.append((None, b" ".join(self._words), None))
                self._words, self._group = [], True
            case b"," | b";":
                self._flush()
                if sign == b";" and self._group:
                    self._found.append((None, None, None))
                    self._group = False
            case b"@":
                self._words.append(sign)
            case _:
                pass

    def _close_angle(self, angle: list[bytes]) -> None:
        route = max((at for at, word in enumerate(angle) if word == b":"), default=-1)
        self._emit(angle[route + 1 :], b" ".join(self._words) or None)
        self._words, self._angle, self._comment = [], None, None

    def _flush(self) -> None:
        if self._angle:
            self._close_angle(self._angle)
        if self._words:
            self._emit(self._words, self._comment)
        self._words, self._comment = [], None

    def _emit(self, words: list[bytes], name: bytes | None) -> None:
        at = max((at for at, word in enumerate(words) if word == b"@"), default=len(words))
        mailbox, host = b"".join(words[:at]), b"".join(words[at + 1 :])
        if mailbox or host:
            self._found.append((name, mailbox, host))


def _address_list(values: list[bytes]) -> bytes:
    found = [address for value in values for address in addresses(value)]
    if not found:
        return b"NIL"
    spelt = [b"(%b NIL %b %b)" % (quoted(name), quoted(mailbox), quoted(host)) for name, mailbox, host in found]
    return b"(" + b"".join(spelt) + b")"


def envelope(node: Node) -> bytes:
    """The ENVELOPE of a message; Sender and Reply-To default to From."""
    sender = _address_list(node.all(b"from"))
    others = [_address_list(node.all(name)) for name in (b"sender", b"reply-to", b"to", b"cc", b"bcc")]
    pieces = [
        quoted(node.field(b"date")),
        quoted(node.field(b"subject")),
        sender,
        sender if others[0] == b"NIL" else others[0],
        sender if others[1] == b"NIL" else others[1],
        *others[2:],
        quoted(node.field(b"in-reply-to")),
        quoted(node.field(b"message-id")),
    ]
    return b"(" + b" ".join(pieces) + b")"


def _params(params: Params) -> bytes:
    if not params:
        return b"NIL"
    return b"(" + b" ".join(quoted(name) + b" " + quoted(value) for name, value in params) + b")"


def _tail(node: Node) -> bytes:
    """The extension fields after the first: disposition, language, location."""
    disposition = node.field(b"content-disposition")
    spelt = b"NIL"
    if disposition is not None:
        kind, params = parameters(disposition)
        spelt = b"(%b %b)" % (quoted(kind or b"attachment"), _params(params))
    language = node.field(b"content-language")
    return spelt + b" " + quoted(language) + b" " + quoted(node.field(b"content-location"))


def bodystructure(node: Node, *, extended: bool = True) -> bytes:
    """BODYSTRUCTURE, or BODY when not `extended`."""
    if node.children:
        parts = b"".join(bodystructure(child, extended=extended) for child in node.children)
        tail = b" " + _params(node.params) + b" " + _tail(node) if extended else b""
        return b"(" + parts + b" " + quoted(node.subtype) + tail + b")"
    size = node.end - node.body
    pieces = [
        quoted(node.type),
        quoted(node.subtype),
        _params(node.params),
        quoted(node.field(b"content-id")),
        quoted(node.field(b"content-description")),
        quoted((node.field(b"content-transfer-encoding") or b"7bit").lower()),
        b"%d" % size,
    ]
    lines = b"%d" % node.raw.count(b"\n", node.body, node.end)
    if node.nested is not None:
        pieces += [envelope(node.nested), bodystructure(node.nested, extended=extended), lines]
    elif node.type == b"text":
        pieces.append(lines)
    if extended:
        pieces += [quoted(node.field(b"content-md5")), _tail(node)]
    return b"(" + b" ".join(pieces) + b")"
