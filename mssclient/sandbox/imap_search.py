"""SEARCH: from a client's keys to a test of one message (RFC 3501 §6.4.4)."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import email.header
import email.utils
import quopri
from collections.abc import Callable
from dataclasses import dataclass

from mssclient.sandbox.imap_mime import Node
from mssclient.sandbox.imap_syntax import Atom, Bad, Token, day, items, number, ranges, string, within, word
from mssclient.sandbox.mailstore import Message

Test = Callable[[int, Message], bool]
"""(sequence number, message) → whether it is found."""

_FLAGS = {name: f"\\{name.capitalize()}" for name in ("ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN")}
_HEADERS = {"BCC", "CC", "FROM", "SUBJECT", "TO"}
_DATES: dict[str, Callable[[dt.date, dt.date], bool]] = {
    "BEFORE": lambda found, asked: found < asked,
    "ON": lambda found, asked: found == asked,
    "SINCE": lambda found, asked: found >= asked,
}


@dataclass(slots=True)
class Search:
    """A compiled search. `count` and `top` are the highest sequence number and UID of the folder."""

    count: int
    top: int
    modseq: bool = False
    """Whether MODSEQ was among the keys: the answer then names the highest (RFC 7162 §3.1.5)."""

    def all_of(self, keys: list[Token]) -> Test:
        """The test for keys that must all hold."""
        rest, tests = list(keys), []
        while rest:
            tests.append(self._key(rest))
        if len(tests) == 1:
            return tests[0]
        return lambda n, message: all(test(n, message) for test in tests)

    def _key(self, rest: list[Token]) -> Test:
        """Take one key and its arguments off the list."""
        if not rest:
            raise Bad("search key expected")
        first = rest.pop(0)
        if isinstance(first, list):
            return self.all_of(items(first))
        name = word(first)
        if name[:1].isdigit() or name[:1] == "*":
            spans = ranges(first, self.count)
            return lambda n, message: within(spans, n)
        return self._flag_key(name) or self._logic_key(name, rest) or self._text_key(name, rest)

    def _flag_key(self, name: str) -> Test | None:
        if flag := _FLAGS.get(name):
            return lambda n, message: flag in message.flags
        if name.startswith("UN") and (absent := _FLAGS.get(name[2:])):
            return lambda n, message: absent not in message.flags
        match name:
            case "ALL" | "OLD":
                return lambda n, message: True
            case "NEW" | "RECENT":  # \Recent is never set here
                return lambda n, message: False
            case _:
                return None

    def _logic_key(self, name: str, rest: list[Token]) -> Test | None:
        match name:
            case "NOT":
                inner = self._key(rest)
                return lambda n, message: not inner(n, message)
            case "OR":
                left, right = self._key(rest), self._key(rest)
                return lambda n, message: left(n, message) or right(n, message)
            case "UID":
                spans = ranges(_argument(rest), self.top)
                return lambda n, message: within(spans, message.uid)
            case "KEYWORD" | "UNKEYWORD":
                flag, there = string(_argument(rest)).decode("ascii", "replace"), name == "KEYWORD"
                return lambda n, message: (flag in message.flags) is there
            case "LARGER" | "SMALLER":
                size, sign = number(_argument(rest)), 1 if name == "LARGER" else -1
                return lambda n, message: (len(message.raw) - size) * sign > 0
            case "MODSEQ":
                return self._modseq(rest)
            case _:
                return _date_key(name, rest)

    def _modseq(self, rest: list[Token]) -> Test:
        self.modseq = True
        value = _argument(rest)
        if not isinstance(value, Atom):  # "/flags/…" and its type: the entry is not kept apart here
            _argument(rest)
            value = _argument(rest)
        floor = number(value)
        return lambda n, message: message.modseq >= floor

    def _text_key(self, name: str, rest: list[Token]) -> Test:
        if name in _HEADERS or name == "HEADER":
            field = string(_argument(rest)).lower() if name == "HEADER" else name.lower().encode("ascii")
            sought = _sought(rest)
            return lambda n, message: _in_header(message.node, field, sought)
        if name == "BODY":
            sought = _sought(rest)
            return lambda n, message: sought in _body_text(message.node)
        if name == "TEXT":
            sought = _sought(rest)
            return lambda n, message: sought in _head_text(message.node) or sought in _body_text(message.node)
        raise Bad("unknown search key")


def _argument(rest: list[Token]) -> Token:
    if not rest:
        raise Bad("search key without its argument")
    return rest.pop(0)


def _sought(rest: list[Token]) -> str:
    return string(_argument(rest)).decode("utf-8", "replace").casefold()


def _date_key(name: str, rest: list[Token]) -> Test | None:
    compare = _DATES.get(name.removeprefix("SENT"))
    if compare is None:
        return None
    asked = day(_argument(rest))
    if not name.startswith("SENT"):
        return lambda n, message: compare(message.received.date(), asked)
    return lambda n, message: (sent := _sent_day(message.node)) is not None and compare(sent, asked)


def _sent_day(node: Node) -> dt.date | None:
    """The day of the Date field, its zone disregarded (RFC 3501 §6.4.4)."""
    parsed = email.utils.parsedate((node.field(b"date") or b"").decode("latin-1"))
    try:
        return dt.date(*parsed[:3]) if parsed else None
    except ValueError:
        return None


def _decoded(value: bytes) -> str:
    try:
        pieces = email.header.decode_header(value.decode("utf-8", "replace"))
        return "".join(
            text if isinstance(text, str) else text.decode(charset or "utf-8", "replace") for text, charset in pieces
        ).casefold()
    except (LookupError, ValueError, binascii.Error):
        return value.decode("utf-8", "replace").casefold()


def _in_header(node: Node, name: bytes, sought: str) -> bool:
    return any(sought in _decoded(value) for value in node.all(name))


def _head_text(node: Node) -> str:
    return "\n".join(_decoded(field.name + b": " + field.value) for field in node.fields)


def _body_text(node: Node) -> str:
    """The decoded text parts, and the headers of attached messages."""
    if node.children:
        return "\n".join(_body_text(child) for child in node.children)
    if node.nested is not None:
        return _head_text(node.nested) + "\n" + _body_text(node.nested)
    if node.type != b"text":
        return ""
    charset = next((value for name, value in node.params if name.lower() == b"charset"), b"utf-8")
    try:
        return _content(node).decode(charset.decode("ascii", "replace"), "replace").casefold()
    except LookupError:
        return _content(node).decode("latin-1").casefold()


def _content(node: Node) -> bytes:
    match (node.field(b"content-transfer-encoding") or b"").lower():
        case b"base64":
            try:
                return base64.b64decode(node.content)
            except binascii.Error:
                return b""
        case b"quoted-printable":
            return quopri.decodestring(node.content)
        case _:
            return node.content
