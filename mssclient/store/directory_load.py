"""Builds the next generation of the local Annuaire: whole at first, later as the difference from the one before.

A generation is one file, `annuaire-0007.sqlite`. The next is made beside it under another name and takes its number in
one rename: who searches meanwhile sees the old or the new, whole, and on Windows no open file has to be replaced.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mssclient.domain import directory_words, extraction
from mssclient.domain.errors import Cancelled, Unread, Unreadable
from mssclient.domain.later import Later
from mssclient.domain.publication import Values, digest, mark, values_of
from mssclient.store import directory_spelling

if TYPE_CHECKING:
    import sqlite_utils
else:
    sqlite_utils = Later("sqlite_utils")

VERSION = 4
"""Of the schema; a generation of another version is not read."""
ENTRY_COLUMNS = (
    "address, kind, national_id, title, given, family, profession, profession_code, speciality, structure, "
    "structure_id, service, town, post_code, paperless"
)
_INSERT_ENTRY = f"INSERT OR IGNORE INTO entry (digest, {ENTRY_COLUMNS}) VALUES (?{', ?' * 15})"
_INSERT_FRESH = f"INSERT INTO entry (digest, {ENTRY_COLUMNS}) VALUES (?{', ?' * 15})"
_INSERT_WORDS = "INSERT INTO entry_words (rowid, family, given, own, place, work, mail) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DELETE_WORDS = (
    "INSERT INTO entry_words (entry_words, rowid, family, given, own, place, work, mail) "
    "VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"
)
DEPARTED_COLUMNS = "address, since, replaced, national_id, structure_id, name"
_BATCH = 1_000
Digested = tuple[int, Values]
_HASH_BYTES = 256 * 1024 * 1024
"""Words held before they are written: fewer pieces to merge."""
_DEPARTED_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load changed."""

    entries: int
    arrived: int
    vanished: int
    skipped: int
    """Lines that could not be used."""
    fresh: bool
    """Built anew, not as a difference."""
    mark: str
    """Names the entries that are there now (`domain.publication.mark`)."""


@dataclass(slots=True)
class Course:
    """How a load tells how far it is, and learns that nobody wants it any more. Steps are lines."""

    progress: Callable[[int, int], None]
    cancelled: Callable[[], bool]
    size_bytes: int
    """Of the whole text, to foretell the number of lines; 0 when unknown."""
    known: int
    """Entries of the last good copy."""
    floor: int
    """The same, for the guard against a shrunken file; 0 when a person confirmed it."""
    tally: extraction.Tally

    def total(self) -> int:
        """Lines to expect."""
        if self.size_bytes and self.tally.read_bytes:
            lines = self.tally.good + self.tally.skipped
            return max(lines, round(self.size_bytes * lines / self.tally.read_bytes))
        return max(self.known, self.tally.good)

    def settle(self) -> None:
        """The text was read to its end: the number of lines is no estimate any more."""
        self.size_bytes, self.known = 0, self.tally.good

    def told(self, share: float) -> None:
        """Announce the share done (0 to 1); raises Cancelled."""
        if self.cancelled():
            raise Cancelled
        self.progress(round(self.total() * share), self.total())


def open_partial(path: Path) -> sqlite3.Connection:
    """A connection to a file that nobody else sees: no journal, nothing forced to the disk before `adopt`."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    for pragma in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF", "cache_size = -16384",
                   "locking_mode = EXCLUSIVE"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    return connection


def create(connection: sqlite3.Connection) -> None:
    """An empty generation."""
    script = (files("mssclient.store") / "schema" / "directory.sql").read_text("utf-8")
    connection.executescript(f"{script}; PRAGMA user_version = {VERSION};")


def index(connection: sqlite3.Connection) -> None:
    """The indexes of an entry's exact keys; made last, because that is quicker."""
    connection.execute("CREATE UNIQUE INDEX IF NOT EXISTS entry_digest ON entry (digest)")
    table = sqlite_utils.Database(connection).table("entry")
    table.create_index(["address"], "entry_address", if_not_exists=True)
    table.create_index(["national_id"], "entry_national_id", if_not_exists=True)


def digested(lines: Iterable[bytes], tally: extraction.Tally) -> Iterator[Digested]:
    """The digest and the columns of the entry of each usable line."""
    for row in extraction.rows(lines, tally):
        values = extraction.fields(row)
        if values is None:
            tally.skipped += 1
            tally.strange += 1
            tally.good -= 1
        else:
            yield digest(values), values


def words_of(row_id: int, values: Values) -> tuple[int, str, str, str, str, str, str]:
    """A line of `entry_words` for an entry."""
    (address, kind, _, _, given, family, profession, _, speciality, structure, _, service, town, post_code, _) = values
    return row_id, *directory_words.indexed_columns(
        address, kind, given, family, (profession, speciality), (structure, service), (town, post_code)
    )


def build(connection: sqlite3.Connection, source: Iterator[Digested], course: Course) -> LoadResult:
    """Fill an empty generation from a whole extraction (see `digested`), in one transaction and one pass."""
    connection.execute("BEGIN")
    connection.execute("DROP INDEX entry_digest")  # made again at the end: in order, it takes a tenth of the time
    connection.execute("INSERT INTO entry_words (entry_words, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))
    seen: set[int] = set()
    entries: list[Values] = []
    words: list[Values] = []
    for number, values in source:
        if number in seen:
            continue
        seen.add(number)
        entries.append((number, *values))
        words.append(words_of(len(seen), values))  # the table was empty: SQLite numbers its rows alike
        if len(entries) == _BATCH:
            _write(connection, entries, words)
            course.told(0.8 * min(1.0, course.tally.good / max(1, course.total())))
    _write(connection, entries, words)
    count, total = len(seen), sum(seen)
    del seen
    extraction.refuse_shrunken(course.floor, count)
    course.settle()
    connection.execute("INSERT INTO entry_words (entry_words) VALUES ('optimize')")
    course.told(0.85)
    directory_spelling.keep_all(connection)
    course.told(0.95)
    index(connection)
    connection.execute("COMMIT")
    course.told(1.0)
    return LoadResult(count, count, 0, course.tally.skipped, fresh=True, mark=mark(total))


def _write(connection: sqlite3.Connection, entries: list[Values], words: list[Values]) -> None:
    connection.executemany(_INSERT_FRESH, entries)
    connection.executemany(_INSERT_WORDS, words)
    entries.clear()
    words.clear()


def _keep_words(connection: sqlite3.Connection, written: tuple[Any, ...]) -> None:
    """Add the words of one line of `entry_words` that are new."""
    _, family, given, own, place, work, mail = written
    named = set(directory_words.folded(f"{family} {given} {place}").split())
    others = set(directory_words.folded(f"{work} {mail}").split())
    directory_spelling.keep(connection, named, set(directory_words.folded(own).split()), others)


def mark_of(connection: sqlite3.Connection) -> str:
    """The mark of the entries that stand there."""
    return mark(sum(number for (number,) in connection.execute("SELECT digest FROM entry")))


def differ(connection: sqlite3.Connection, source: Iterator[Digested], course: Course, since: str) -> LoadResult:
    """Bring a copy of the last generation up to a new extraction (see `digested`), in one transaction.

    `since` is the ISO date that addresses which left are noted with.
    """
    gone = {number for (number,) in connection.execute("SELECT digest FROM entry")}  # until it is met
    known, total = len(gone), sum(gone)
    connection.execute("BEGIN")
    arrived, added = 0, 0
    for count, (number, values) in enumerate(source):
        if number in gone:
            gone.remove(number)
        elif _add(connection, number, values):
            arrived += 1
            added += number
        if count % _BATCH == 0:
            course.told(0.8 * min(1.0, course.tally.good / max(1, course.total())))
    extraction.refuse_shrunken(course.floor, known - len(gone) + arrived)
    course.settle()
    _note_departures(connection, _remove(connection, gone), since)
    connection.execute("COMMIT")
    course.told(1.0)
    return LoadResult(
        known - len(gone) + arrived, arrived, len(gone), course.tally.skipped, fresh=False,
        mark=mark(total + added - sum(gone)),
    )  # fmt: skip


def apply(
    connection: sqlite3.Connection, changes: Iterable[bytes], expected: tuple[int, str], since: str
) -> LoadResult:
    """Change a copy of the last generation as published deltas say, in one transaction.

    A line is "-" and a digest in hexadecimal, or "+" and an entry. `expected` is how many entries, and which mark, there
    must be afterwards: anything else is Unreadable(DAMAGED), as is a line that does not fit.
    """
    connection.execute("BEGIN")
    arrived = 0
    leaving: set[int] = set()
    for line in changes:
        sign, rest = line[:1], line[1:]
        if sign == b"+":
            values = values_of(rest)
            number = digest(values)
            if number in leaving:  # away for a day or two
                leaving.remove(number)
            else:
                arrived += _add(connection, number, values)
        elif sign == b"-":
            leaving.add(_number(rest))
        else:
            raise Unreadable(Unread.DAMAGED, "publication")
    gone = _remove(connection, leaving)
    entries = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    if (entries, mark_of(connection)) != expected:
        raise Unreadable(Unread.DAMAGED, "publication")
    _note_departures(connection, gone, since)
    connection.execute("COMMIT")
    return LoadResult(entries, arrived, len(gone), 0, fresh=False, mark=expected[1])


def _number(text: bytes) -> int:
    try:
        return int.from_bytes(bytes.fromhex(text.decode("ascii").strip()), "big", signed=True)
    except ValueError as error:
        raise Unreadable(Unread.DAMAGED, "publication") from error


def _add(connection: sqlite3.Connection, number: int, values: Values) -> int:
    cursor = connection.execute(_INSERT_ENTRY, (number, *values))
    if not cursor.rowcount:
        return 0
    written = words_of(cursor.lastrowid or 0, values)
    connection.execute(_INSERT_WORDS, written)
    _keep_words(connection, written)
    return 1


def _remove(connection: sqlite3.Connection, digests: Iterable[int]) -> list[Values]:
    """The entries that were taken away, of those that stood there.

    In the order of their ids: the full-text index writes out what it holds each time an id is lower than the last.
    """
    asked = "SELECT id FROM entry WHERE digest = ?"
    numbers = sorted(number for one in digests for (number,) in connection.execute(asked, (one,)))
    gone: list[Values] = []
    for number in numbers:
        row = connection.execute(f"SELECT {ENTRY_COLUMNS} FROM entry WHERE id = ?", (number,)).fetchone()
        connection.execute(_DELETE_WORDS, words_of(number, row))
        connection.execute("DELETE FROM entry WHERE id = ?", (number,))
        gone.append(row)
    return gone


def _note_departures(connection: sqlite3.Connection, gone: list[Values], since: str) -> None:
    """Keep which addresses left or changed hands; forget those that are back and the oldest."""
    for values in gone:
        found = connection.execute(f"SELECT {ENTRY_COLUMNS} FROM entry WHERE address = ?", (values[0],)).fetchall()
        if not any(_owner(values) & _owner(row) for row in found):
            connection.execute(
                f"INSERT OR REPLACE INTO departed ({DEPARTED_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
                (values[0], since, int(bool(found)), *_who_had(values)),
            )
    connection.execute("DELETE FROM departed WHERE NOT replaced AND address IN (SELECT address FROM entry)")
    connection.execute("DELETE FROM departed WHERE id <= (SELECT max(id) FROM departed) - ?", (_DEPARTED_LIMIT,))


def _who_had(values: Values) -> tuple[str, str, str]:
    """What finds an owner again under another address: number of the person, else of the structure, and its name."""
    entry = extraction.entry_of(values)
    if entry.national_id:
        return entry.national_id, "", ""
    return "", entry.structure_id, f"{entry.structure} {entry.service}".strip() if entry.structure_id else ""


def _owner(values: Values) -> set[str]:
    """What tells whose address it is: two ties of one owner share one of these."""
    entry = extraction.entry_of(values)
    person = directory_words.folded(f"{entry.family} {entry.given}")
    told = {f"id {entry.national_id}" if entry.national_id else "", f"name {person}" if person else ""}
    if entry.national_id or person:
        return told - {""}
    own = directory_words.folded(f"{entry.structure} {entry.service}")
    return {f"structure {entry.structure_id}" if entry.structure_id else "", f"own {own}" if own else ""} - {""}
