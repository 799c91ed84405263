"""Reads the Annuaire's public extraction line by line, whatever its header looks like, and says when not to trust it.

`Extraction_Correspondance_MSSante_AAAAMMJJhhmm.txt`: UTF-8, `|` between columns, no quoting, one header line. Columns
are found by their folded name, never by their place. The file is foreign: lines and their number are bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import IO, Any

from mssclient.domain.address import fold, is_address
from mssclient.domain.bal import BalKind
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import Unread, Unreadable

LINE_LIMIT = 32_768
"""Bytes of one line; the longest real ones stay under 2,000."""
ROW_LIMIT = 5_000_000
SHRINK_LIMIT = 0.8
"""Under this share of the last good copy, a person decides."""
DAMAGE_LIMIT = 0.01
"""Above this share of broken lines the file is not what it claims to be."""
STRANGE_LIMIT = 0.2
"""The same for whole lines that say nothing we know: a kind of BAL that appeared since must not stop the Annuaire."""

_COMPULSORY = (
    "Type de BAL",
    "Adresse BAL",
    "Identifiant PP",
    "Identification nationale PP",
    "Identification Structure",
    "Service de rattachement",
    "Nom d'exercice",
    "Prénom d'exercice",
    "Code Profession",
    "Libellé Profession",
    "Libellé savoir-faire",
    "Raison Sociale structure BAL",
    "L6LIGNEACHEMINEMENT structure BAL",
    "Code postal structure BAL",
)
_OPTIONAL = (
    "Type Identifiant PP",
    "Civilité d'exercice",
    "Dématérialisation",
    "Enseigne commerciale structure BAL",
    "Département structure BAL",
)
COLUMNS = _COMPULSORY + _OPTIONAL
"""What `rows` yields, in this order; an optional column that is missing reads as empty."""

Row = tuple[str, ...]
_KINDS = {kind.value: kind for kind in BalKind}
_PAPERLESS = {"o": True, "oui": True, "true": True, "1": True, "n": False, "non": False, "false": False, "0": False}
_STAMP = re.compile(r"(?<!\d)(20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d)(?!\d)")
_LAST_LINE = re.compile(r"^(?:F-?)?(\d{5})?\s*(.*?)(?:\s+CEDEX\b.*)?$", re.IGNORECASE | re.DOTALL)


class Shrunken(Unreadable):
    """The new extraction holds far fewer lines than the last: refused until a person confirms it."""

    def __init__(self, known: int, seen: int) -> None:
        super().__init__(Unread.DAMAGED, "shrunken")
        self.known = known
        self.seen = seen


@dataclass(slots=True)
class Tally:
    """What `rows` has met so far; read it when they are exhausted."""

    good: int = 0
    skipped: int = 0
    """Lines with a wrong number of columns, an unknown kind of BAL or no address."""
    strange: int = 0
    """Those among them that are whole: the kind or the address is what is wrong."""
    misread: int = 0
    """Lines that are not UTF-8 and were read as Windows-1252."""
    read_bytes: int = 0


def stamp_of(name: str) -> str:
    """AAAAMMJJhhmm as a file name of the Annuaire carries it; empty when it carries none."""
    found = _STAMP.search(name)
    return found[1] if found else ""


def bounded_lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines of a stream; one that is longer than any real one is Unreadable(TOO_BIG) before it fills the memory."""
    while line := stream.readline(LINE_LIMIT + 1):
        if len(line) > LINE_LIMIT:
            raise Unreadable(Unread.TOO_BIG, "line")
        yield line


def rows(lines: Iterable[bytes], tally: Tally | None = None) -> Iterator[Row]:
    """One tuple (see `COLUMNS`) a usable line, in the order of the file.

    Raises Unreadable: NOT_IT for a file without the compulsory columns, naming the first that lacks; DAMAGED for one
    that is cut, mostly not UTF-8 or full of unusable lines; EMPTY; TOO_BIG. What was yielded before must then be thrown
    away. Columns that are empty at the end of a line may lack there.
    """
    tally = Tally() if tally is None else tally
    source = iter(lines)
    header = _text(next(source, b""))
    if not header.strip():
        raise Unreadable(Unread.EMPTY, "extraction")
    if header.lstrip().startswith("<"):
        raise Unreadable(Unread.NOT_IT, "page")  # the error page of a proxy or of the server, saved as the file
    width, least, pick = _picker(header)
    last = ""
    for line in source:
        if len(line) > LINE_LIMIT:
            raise Unreadable(Unread.TOO_BIG, "line")
        tally.read_bytes += len(line)
        last = _line(line, tally)
        fields = last.rstrip("\r\n").split("|")
        if least <= len(fields) < width:
            fields += [""] * (width - len(fields))
        if _is_usable(fields, width) and "\0" not in last:
            tally.good += 1
            yield pick(fields)
        elif last.strip():
            tally.skipped += 1
        if tally.good > ROW_LIMIT:
            raise Unreadable(Unread.TOO_BIG, "lines")
    _refuse_damaged(tally, last, width)


def _line(line: bytes, tally: Tally) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        tally.misread += 1
        return line.decode("cp1252", "replace")


def _is_usable(fields: list[str], width: int) -> bool:
    extra = len(fields) - width
    return extra == 0 or (extra == 1 and not fields[-1])


def _refuse_damaged(tally: Tally, last: str, width: int) -> None:
    if not last.endswith("\n") and last and not _is_usable(last.rstrip("\r").split("|"), width):
        raise Unreadable(Unread.DAMAGED, "cut")
    few = max(5.0, DAMAGE_LIMIT * (tally.good + tally.skipped))
    if tally.misread > few:
        raise Unreadable(Unread.DAMAGED, "encoding")
    if tally.skipped - tally.strange > few or tally.strange > max(few, STRANGE_LIMIT * (tally.good + tally.skipped)):
        raise Unreadable(Unread.DAMAGED, "lines")
    if not tally.good:
        raise Unreadable(Unread.EMPTY, "extraction")


def _text(header: bytes) -> str:
    if len(header) > LINE_LIMIT:
        raise Unreadable(Unread.NOT_IT, "header")
    try:
        return header.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(Unread.NOT_IT, "encoding") from error


def _picker(header: str) -> tuple[int, int, Callable[[list[str]], Row]]:
    """How many columns a line has, how many it has at least, and what picks ours out of it."""
    names = header.rstrip("\r\n").split("|")
    if len(names) == 1 and _column(_COMPULSORY[1]) in _column(header):
        raise Unreadable(Unread.NOT_IT, "separator")
    if not names[-1].strip():
        names.pop()
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(_column(name), place)
    for name in _COMPULSORY:
        if _column(name) not in places:
            raise Unreadable(Unread.NOT_IT, name)
    wanted = [places.get(_column(name), -1) for name in COLUMNS]
    least = 1 + max(places[_column(name)] for name in _COMPULSORY)
    if -1 not in wanted:
        return len(names), least, itemgetter(*wanted)
    return len(names), least, lambda fields: tuple([fields[place] if place >= 0 else "" for place in wanted])


def _column(name: str) -> str:
    return fold(name).replace(" ", "")


def fields(row: Row) -> tuple[Any, ...] | None:
    """The values of a DirectoryEntry in its order, `kind` as its code; None without an address or a known kind."""
    (kind, address, person_id, national_id, structure_id, service, family, given, code, profession, speciality,
     legal_name, last_line, post_code, person_type, title, paperless, sign, _) = map(str.strip, row)  # fmt: skip
    address = address.lower()
    kind = kind.upper()
    if kind not in _KINDS or not is_address(address):
        return None
    found_code, town = _last_line(last_line)
    return (
        address, kind, national_id or (person_type + person_id if person_id else ""), title, given, family,
        profession, code, speciality, legal_name or sign, structure_id, service, town, post_code or found_code,
        _PAPERLESS.get(paperless.lower()),
    )  # fmt: skip


def entry(row: Row) -> DirectoryEntry:
    """A tie as the program shows it. Raises Unreadable(DAMAGED) without an address or a known kind of BAL."""
    values = fields(row)
    if values is None:
        raise Unreadable(Unread.DAMAGED, "line")
    return entry_of(values)


def entry_of(values: tuple[Any, ...]) -> DirectoryEntry:
    """The entry of what `fields` gave, once kept and read again (`paperless` may come back as 0 or 1)."""
    address, kind, *texts, paperless = values
    told = None if paperless is None else bool(paperless)
    whole: tuple[Any, ...] = (address, _KINDS[kind], *texts, told)
    return DirectoryEntry(*whole)


@lru_cache(maxsize=50_000)
def _last_line(line: str) -> tuple[str, str]:
    """Post code and town of the line that routes a letter (NF Z 10-011): "69372 LYON CEDEX 08" → 69372, LYON."""
    found = _LAST_LINE.match(line)
    return (found[1] or "", found[2].strip()) if found else ("", line)


def refuse_shrunken(known: int, seen: int) -> None:
    """Raises Shrunken when `seen` lines are suspiciously few beside the `known` of the last good copy."""
    if seen < SHRINK_LIMIT * known:
        raise Shrunken(known, seen)
