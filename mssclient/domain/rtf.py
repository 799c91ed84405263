"""The words of an RTF document as plain text (CDA level 1 may carry one); one pass, linear, runs and fetches nothing."""

from __future__ import annotations

import codecs
import re
from itertools import islice

MAX_RTF = 8_000_000
"""Bytes that are read."""
_MOST_TOKENS = 300_000
_MAX_DEPTH = 500
_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.IGNORECASE
)
_SILENT = frozenset({
    b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"objdata", b"themedata", b"datastore", b"xmlnstbl",
    b"latentstyles", b"listtable", b"listoverridetable", b"rsidtbl", b"generator", b"fldinst", b"filetbl", b"revtbl",
    b"colorschememapping", b"bkmkstart", b"bkmkend", b"nonshppict", b"upr", b"falt", b"mmathpr",
})  # fmt: skip
_SAID = {
    b"par": "\n", b"line": "\n", b"sect": "\n", b"page": "\n", b"row": "\n", b"tab": "\t", b"cell": " | ", b"nestcell": " | ",
    b"nestrow": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"emspace": " ", b"enspace": " ",
}  # fmt: skip
_SIGNS = {b"~": "\u00a0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}
_BLANK_LINES = re.compile(r"\n{3,}")


def rtf_to_text(raw: bytes) -> str:
    """The text of a document in RTF 1.x, paragraphs on lines of their own, cells apart; tables of fonts, pictures and
    fields' instructions are left out."""
    return _BLANK_LINES.sub("\n\n", _Reading().text(raw[:MAX_RTF])).strip()


class _Reading:
    """One document being read; lives for one call."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._silent = False
        self._after_unicode = 1
        """How many characters stand after a \\u for readers that do not know it."""
        self._outer: list[tuple[bool, int]] = []
        self._to_skip = 0
        self._codec = "cp1252"
        self._bytes = bytearray()

    def text(self, raw: bytes) -> str:
        for found in islice(_TOKEN.finditer(raw), _MOST_TOKENS):
            word, number, code, sign, brace, plain = found.groups()
            if code is not None:
                self._char(int(code, 16))
                continue
            if plain is not None:
                self._plain(plain)
                continue
            self._flush()
            if brace is not None:
                self._group(brace)
            elif sign is not None:
                self._sign(sign)
            elif word is not None:
                self._word(word.lower(), int(number) if number else None)
        self._flush()
        return "".join(self._out)

    def _say(self, text: str) -> None:
        if not self._silent:
            self._out.append(text)

    def _char(self, code: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._bytes.append(code)

    def _plain(self, raw: bytes) -> None:
        skipped = min(self._to_skip, len(raw))
        self._to_skip -= skipped
        self._bytes += raw[skipped:]

    def _flush(self) -> None:
        """Characters of a multi-byte code page come in pieces: they are decoded together."""
        if self._bytes:
            self._say(self._bytes.decode(self._codec, errors="replace"))
            self._bytes.clear()

    def _group(self, brace: bytes) -> None:
        self._to_skip = 0
        if brace == b"{":
            if len(self._outer) < _MAX_DEPTH:
                self._outer.append((self._silent, self._after_unicode))
        elif self._outer:
            self._silent, self._after_unicode = self._outer.pop()

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._silent = True
        else:
            self._say(_SIGNS.get(sign, ""))

    def _word(self, word: bytes, number: int | None) -> None:
        if word in _SILENT:
            self._silent = True
        elif word == b"u" and number is not None:
            self._say(_letter(number))
            self._to_skip = self._after_unicode
        elif word == b"uc" and number is not None:
            self._after_unicode = min(max(number, 0), 8)
        elif word == b"ansicpg" and number:
            self._codec = _known(f"cp{number}") or self._codec
        elif word == b"mac":
            self._codec = "mac_roman"
        elif said := _SAID.get(word):
            self._say(said)


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return ""


def _letter(number: int) -> str:
    """A character by its UTF-16 unit, negative above 32767; half of a pair is none."""
    unit = number & 0xFFFF
    return "" if 0xD800 <= unit <= 0xDFFF or unit < 9 else chr(unit)
