"""Compares a record system's list of correspondents with the local Annuaire, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mssclient.domain.correspondents import Correspondent
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import Cancelled
from mssclient.domain.reconcile import Found, Verdict, judge, notes_of
from mssclient.store.directory import DirectoryReader

_CANDIDATES = 40


def verdicts(
    reader: DirectoryReader,
    base: Sequence[Correspondent],
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Iterator[Verdict]:
    """One verdict a line, in order, on the thread that owns `reader`. Raises Cancelled, StoreTrouble."""
    for done, (one, notes) in enumerate(zip(base, notes_of(base), strict=True), 1):
        if cancelled():
            raise Cancelled
        yield judge(one, found_for(reader, one), notes)
        progress(done, len(base))


def found_for(reader: DirectoryReader, one: Correspondent) -> Found:
    """What may concern a correspondent; names are asked for only when number and address settle nothing."""
    numbered = reader.numbered(one.number)
    listed = reader.entries_of(one.address) if one.address else ()
    if numbered:
        return Found(numbered, listed)
    return Found((), listed, _by_name(reader, one))


def _by_name(reader: DirectoryReader, one: Correspondent) -> list[DirectoryEntry]:
    """From narrow to wide: with the place first, because a frequent name has hundreds of answers."""
    name = f"{one.family} {one.given}" if one.family else one.structure
    kind = "PER" if one.is_person else ""
    found: list[DirectoryEntry] = []
    for place in dict.fromkeys((one.post_code, one.town, "")):
        if name.strip() and len(found) < _CANDIDATES:
            found += reader.search(f"{name} {place} ", _CANDIDATES, kind)
    if one.family and one.given:
        found += reader.search(f"{one.family} {one.given[:1]} {one.post_code[:2]}", _CANDIDATES, kind)
    return list(dict.fromkeys(found))
