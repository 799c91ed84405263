"""IMAP's grammar: a command's tokens, sequence sets, modified UTF-7, dates (RFC 3501 §9)."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Iterable, Sequence

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_QUOTED = re.compile(rb'"((?:[^"\\\r\n]|\\["\\])*)"')
_ATOM = re.compile(rb'(?:[^\s()"\[\x00]|\[[^\]]*\])+')
_UNESCAPE = re.compile(rb"\\(.)")
_SHIFTED = re.compile(r"&([A-Za-z0-9+,]*)-")
_PLAIN = re.compile(r"[\x20-\x25\x27-\x7e]+|&|[^\x20-\x7e]+")
_DATE = re.compile(r" ?(\d{1,2})-([A-Za-z]{3})-(\d{4})")
_DATE_TIME = re.compile(r"[ 0]?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")
MAX_DEPTH = 50


class Bad(Exception):
    """The client's command is wrong: answered BAD."""


class No(Exception):
    """The command cannot be carried out: answered NO; the text may begin with a response code."""


class Atom(bytes):
    """An unquoted token, as spelt."""

    __slots__ = ()


class Text(bytes):
    """A quoted string or a literal, decoded."""

    __slots__ = ()


Token = Atom | Text | list["Token"]


def tokens(lines: Sequence[bytes], literals: Sequence[bytes]) -> list[Token]:
    """The tokens of a command whose text was cut by literals: one line more than literals."""
    stack: list[list[Token]] = [[]]
    for number, line in enumerate(lines):
        _line_tokens(line, stack)
        if number < len(literals):
            stack[-1].append(Text(literals[number]))
    if len(stack) != 1:
        raise Bad("unbalanced parentheses")
    return stack[0]


def _line_tokens(line: bytes, stack: list[list[Token]]) -> None:
    at, end = 0, len(line)
    while at < end:
        sign = line[at : at + 1]
        if sign == b" ":
            at += 1
        elif sign == b"(":
            if len(stack) > MAX_DEPTH:
                raise Bad("too deep")
            stack.append([])
            at += 1
        elif sign == b")":
            if len(stack) < 2:
                raise Bad("unbalanced parentheses")
            inner = stack.pop()
            stack[-1].append(inner)
            at += 1
        else:
            found = (_QUOTED if sign == b'"' else _ATOM).match(line, at)
            if found is None:
                raise Bad("syntax error")
            stack[-1].append(Text(_UNESCAPE.sub(rb"\1", found[1])) if sign == b'"' else Atom(found[0]))
            at = found.end()


def string(token: Token) -> bytes:
    """The bytes of an astring."""
    if isinstance(token, list):
        raise Bad("string expected")
    return bytes(token)


def word(token: Token) -> str:
    """An atom in capitals."""
    return string(token).decode("ascii", "replace").upper()


def number(token: Token) -> int:
    """A number of at most 63 bits."""
    text = string(token)
    if not re.fullmatch(rb"\d{1,19}", text):
        raise Bad("number expected")
    return int(text)


def items(token: Token) -> list[Token]:
    """The members of a parenthesised list."""
    if not isinstance(token, list):
        raise Bad("list expected")
    return token


def flag_set(token: Token) -> frozenset[str]:
    """The flags of a list or of a single flag; system flags get their usual capitals."""
    spelt = token if isinstance(token, list) else [token]
    found = (string(flag).decode("ascii", "replace") for flag in spelt)
    return frozenset("\\" + flag[1:].capitalize() if flag.startswith("\\") else flag for flag in found)


def decoded(name: bytes) -> str:
    """A mailbox name out of modified UTF-7 (RFC 3501 §5.1.3)."""

    def shifted(found: re.Match[str]) -> str:
        if not found[1]:
            return "&"
        coded = found[1].replace(",", "/")
        try:
            return base64.b64decode(coded + "=" * (-len(coded) % 4)).decode("utf-16-be")
        except (binascii.Error, UnicodeDecodeError):
            raise Bad("mailbox name is not modified UTF-7") from None

    try:
        return _SHIFTED.sub(shifted, name.decode("ascii"))
    except UnicodeDecodeError:
        raise Bad("mailbox name is not modified UTF-7") from None


def encoded(name: str) -> bytes:
    """A mailbox name in modified UTF-7."""

    def piece(found: re.Match[str]) -> str:
        text = found[0]
        if text == "&":
            return "&-"
        if " " <= text[0] <= "~":
            return text
        coded = base64.b64encode(text.encode("utf-16-be")).decode("ascii")
        return "&" + coded.rstrip("=").replace("/", ",") + "-"

    return _PLAIN.sub(piece, name).encode("ascii")


def compact(numbers: Iterable[int]) -> str:
    """A sequence set, shortest spelling: 1:3,7. Empty for nothing."""
    ranges: list[list[int]] = []
    for one in sorted(numbers):
        if ranges and one <= ranges[-1][1] + 1:
            ranges[-1][1] = one
        else:
            ranges.append([one, one])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in ranges)


def ranges(token: Token, top: int) -> list[tuple[int, int]]:
    """The ranges of a sequence set, `*` being `top`."""
    text = string(token).decode("ascii", "replace")
    found: list[tuple[int, int]] = []
    for piece in text.split(","):
        ends = piece.split(":")
        if len(ends) > 2 or not all(end == "*" or (end.isdecimal() and 0 < int(end) < 1 << 32) for end in ends):
            raise Bad("sequence set expected")
        values = sorted(top if end == "*" else int(end) for end in ends)
        found.append((values[0], values[-1]))
    return found


def within(spans: Sequence[tuple[int, int]], value: int) -> bool:
    """Whether a number stands in one of the ranges."""
    return any(low <= value <= high for low, high in spans)


def day(token: Token) -> dt.date:
    """A date such as 1-Feb-2026."""
    found = _DATE.fullmatch(string(token).decode("ascii", "replace"))
    if found is None or found[2].title() not in _MONTHS:
        raise Bad("date expected")
    try:
        return dt.date(int(found[3]), _MONTHS.index(found[2].title()) + 1, int(found[1]))
    except ValueError:
        raise Bad("no such date") from None


def moment(text: bytes) -> dt.datetime:
    """A date-time such as "01-Feb-2026 10:00:00 +0100"."""
    found = _DATE_TIME.fullmatch(text.decode("ascii", "replace"))
    if found is None or found[2].title() not in _MONTHS:
        raise Bad("date-time expected")
    shift = dt.timedelta(hours=int(found[8]), minutes=int(found[9])) * (-1 if found[7] == "-" else 1)
    month = _MONTHS.index(found[2].title()) + 1
    try:
        return dt.datetime(
            int(found[3]), month, int(found[1]), int(found[4]), int(found[5]), int(found[6]), tzinfo=dt.timezone(shift)
        )
    except ValueError:
        raise Bad("no such date") from None


def internal_date(when: dt.datetime) -> bytes:
    """INTERNALDATE, without quotes; a moment without zone counts as UTC."""
    aware = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    text = f"{aware.day:2d}-{_MONTHS[aware.month - 1]}-{aware:%Y %H:%M:%S %z}"
    return text.encode("ascii")
