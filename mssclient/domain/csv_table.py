"""Reads a table out of the CSV dialects that offices really produce; columns are found by name.

UTF-8 with or without BOM, UTF-16, Windows-1252; `;`, `,`, tab or `|`; a `sep=` line; cells that Excel wrapped as ="0123".
The file is foreign: size, lines and fields are bounded.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from mssclient.domain.directory_words import folded
from mssclient.domain.errors import Unread, Unreadable

SIZE_LIMIT = 64 * 1024 * 1024
ROW_LIMIT = 500_000
FIELD_LIMIT = 2_000
COLUMN_LIMIT = 200
_DELIMITERS = ";,\t|"
_WRAPPED = re.compile(r'="?(.*?)"?', re.DOTALL)


def read(
    content: bytes, names: Mapping[str, Sequence[str]], needed: Collection[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Number (the heading being 1) and fields of every line that says something. `names` gives each field's possible
    column names, folded, best first; one field of `needed` has to be there.

    Raises Unreadable: EMPTY, TOO_BIG, DAMAGED, NOT_IT without a needed column; while it is read, too.
    """
    if len(content) > SIZE_LIMIT:
        raise Unreadable(Unread.TOO_BIG, "csv")
    text = _decoded(content).replace("\0", "")
    if not text.strip():
        raise Unreadable(Unread.EMPTY, "csv")
    delimiter, text = _delimiter(text)
    source = csv.reader(_bounded(text), delimiter=delimiter)
    try:
        places = _places(next(source, []), names)
        if not places.keys() & set(needed):
            raise Unreadable(Unread.NOT_IT, "csv")
        for line, row in enumerate(source, 2):
            told = {name: plain(row[place])[:FIELD_LIMIT] if place < len(row) else "" for name, place in places.items()}
            if any(told.values()):
                yield line, told
    except csv.Error as error:
        raise Unreadable(Unread.DAMAGED, "csv") from error


def plain(value: str) -> str:
    """What a person sees in the cell: without Excel's ="…" and leading apostrophe, without odd blanks."""
    text = " ".join(value.split())
    if text.startswith("="):
        wrapped = _WRAPPED.fullmatch(text)
        text = wrapped[1] if wrapped else text
    return text.removeprefix("'").strip()


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    if content[1:2] == b"\0" or content[:1] == b"\0":
        return content.decode("utf-16-le" if content[1:2] == b"\0" else "utf-16-be", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _delimiter(text: str) -> tuple[str, str]:
    """What stands between columns, and the text behind a `sep=` line."""
    first, _, rest = text.lstrip("\r\n").partition("\n")
    if first.lower().startswith("sep=") and first[4:5] in set(_DELIMITERS):
        return first[4], rest
    bare = re.sub(r'"[^"]*"', "", first)
    return max(_DELIMITERS, key=bare.count), text.lstrip("\r\n")


def _bounded(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline="")):
        if number > ROW_LIMIT or len(line) > FIELD_LIMIT * 10:
            raise Unreadable(Unread.TOO_BIG, "csv")
        yield line


def _places(heading: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Which column holds what; the first of a field's names that is there wins."""
    if len(heading) > COLUMN_LIMIT:
        raise Unreadable(Unread.TOO_BIG, "csv")
    found = [folded(plain(name)) for name in heading]
    places = {}
    for field, known in names.items():
        if (name := next((name for name in known if name in found), None)) is not None:
            places[field] = found.index(name)
    return places
