"""The dashboard of exchanges (SC.TBB.01): counts by kind, with or without qualified INS, by structure and professional."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum


class Kind(Enum):
    """What was exchanged."""

    TO_PROFESSIONALS = "to professionals"
    TO_USAGERS = "to usagers"
    MESSAGES = "messages"  # sent without health documents
    RECEIVED = "received"
    INTEGRATED = "integrated"
    REPLACEMENTS = "replacements"
    DELETIONS = "deletions"


class Span(Enum):
    """Which days are counted."""

    MONTH = "month"
    YEAR = "year"
    LAST_YEAR = "last year"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One document or message on one day."""

    day: date
    kind: Kind
    qualified: bool
    structure: str = ""
    professional: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many with a qualified INS and how many without."""

    qualified: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """Both."""
        return self.qualified + self.other


@dataclass(frozen=True, slots=True)
class Board:
    """The counts of one span. Names stand most first."""

    span: Span
    first: date
    last: date
    kinds: tuple[tuple[Kind, Count], ...]
    structures: tuple[tuple[str, Count], ...]
    professionals: tuple[tuple[str, Count], ...]


def days(span: Span, today: date) -> tuple[date, date]:
    """The first and the last day of a span."""
    match span:
        case Span.MONTH:
            first = today.replace(day=1)
            return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
        case Span.YEAR:
            return date(today.year, 1, 1), date(today.year, 12, 31)
        case Span.LAST_YEAR:
            return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


def board(exchanges: Iterable[Exchange], span: Span, today: date) -> Board:
    """Count what belongs to a span. What was sent and received counts for structures and professionals; what was only
    integrated here was counted when it came."""
    first, last = days(span, today)
    kinds, structures, professionals = (Counter[tuple[object, bool]]() for _ in range(3))
    for each in exchanges:
        if not first <= each.day <= last:
            continue
        kinds[each.kind, each.qualified] += 1
        if each.kind is not Kind.INTEGRATED:
            if each.structure:
                structures[each.structure, each.qualified] += 1
            if each.professional:
                professionals[each.professional, each.qualified] += 1
    return Board(
        span, first, last, tuple((kind, Count(kinds[kind, True], kinds[kind, False])) for kind in Kind),
        _named(structures), _named(professionals),
    )  # fmt: skip


def _named(found: Counter[tuple[object, bool]]) -> tuple[tuple[str, Count], ...]:
    names = {str(name) for name, _ in found}
    counts = [(name, Count(found[name, True], found[name, False])) for name in names]
    return tuple(sorted(counts, key=lambda each: (-each[1].total, each[0].casefold())))


def cell(text: str) -> str:
    """A field that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def as_csv(boards: Iterable[Board], words: dict[object, str]) -> str:
    """For a spreadsheet; `words` says spans and kinds in the reader's language, and the heads under their English names."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    heads = ("span", "first", "last", "what", "name", "qualified", "other", "total")
    writer.writerow([words.get(head, head) for head in heads])
    for each in boards:
        start = (words.get(each.span, each.span.value), each.first.isoformat(), each.last.isoformat())
        lines = [("kind", words.get(kind, kind.value), count) for kind, count in each.kinds]
        lines += [("structure", name, count) for name, count in each.structures]
        lines += [("professional", name, count) for name, count in each.professionals]
        for what, name, count in lines:
            row = (words.get(what, what), cell(name), count.qualified, count.other, count.total)
            writer.writerow([*start, *row])
    return out.getvalue()
