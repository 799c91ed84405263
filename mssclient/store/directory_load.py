"""Builds the next generation of the local Annuaire: whole at first, later as the difference from the one before.

A generation is one file, `annuaire-0007.sqlite`. The next is made beside it under another name and takes its number in
one rename: who searches meanwhile sees the old or the new, whole, and on Windows no open file has to be replaced.
"""

from __future__ import annotations

import logging
import os
import re
import sqlite3
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import sqlite_utils

from mssclient.domain import directory_query, extraction
from mssclient.domain.errors import Cancelled, StoreReason, StoreTrouble

log = logging.getLogger(__name__)

VERSION = 1
"""Of the schema; a generation of another version is not read."""
ENTRY_COLUMNS = (
    "address, kind, national_id, title, given, family, profession, profession_code, speciality, structure, "
    "structure_id, service, town, post_code, paperless"
)
_INSERT_ENTRY = f"INSERT OR IGNORE INTO entry (digest, {ENTRY_COLUMNS}) VALUES (?{', ?' * 15})"
_INSERT_WORDS = "INSERT INTO entry_words (rowid, family, given, own, place, work, mail) VALUES (?, ?, ?, ?, ?, ?, ?)"
_DELETE_WORDS = (
    "INSERT INTO entry_words (entry_words, rowid, family, given, own, place, work, mail) "
    "VALUES ('delete', ?, ?, ?, ?, ?, ?, ?)"
)
_BATCH = 2_000
_HASH_BYTES = 16 * 1024 * 1024

Values = tuple[Any, ...]


def trouble(error: sqlite3.Error | OSError) -> StoreTrouble:
    """What an error of SQLite or of the file system means for the Annuaire's file."""
    text = str(error).lower()
    if "full" in text or "no space" in text:
        return StoreTrouble(StoreReason.FULL)
    return StoreTrouble(StoreReason.LOCKED if "locked" in text else StoreReason.DAMAGED)


class Generations:
    """The files of one Annuaire, named after `path`: "annuaire.sqlite" stands for "annuaire-0001.sqlite" and on."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        self._stem = path.stem
        self._suffix = path.suffix
        self._name = re.compile(rf"{re.escape(path.stem)}-(\d{{4,9}}){re.escape(path.suffix)}")

    def current(self) -> Path | None:
        """The newest whole generation."""
        found = self._numbered()
        return self._folder / found[-1][1] if found else None

    def _numbered(self) -> list[tuple[int, str]]:
        try:
            names = os.listdir(self._folder)  # noqa: PTH208  at each keystroke: Path.iterdir takes ten times longer
        except FileNotFoundError:
            return []
        return sorted((int(match[1]), name) for name in names if (match := self._name.fullmatch(name)))

    def partial(self) -> Path:
        """Where the next generation is built; what a crash left there is removed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._stem}.partial"
        path.unlink(missing_ok=True)
        return path

    def adopt(self, partial: Path) -> Path:
        """Make a finished file the current generation, in one step, and drop the older ones."""
        numbered = self._numbered()
        number = numbered[-1][0] + 1 if numbered else 1
        path = self._folder / f"{self._stem}-{number:04d}{self._suffix}"
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
        if os.name == "posix":
            folder = os.open(self._folder, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        self.drop_old()
        return path

    def drop_old(self) -> None:
        """Remove the generations before the current one; one that is still open on Windows goes the next time."""
        for _, name in self._numbered()[:-1]:
            for suffix in ("", "-journal"):
                try:
                    (self._folder / (name + suffix)).unlink(missing_ok=True)
                except OSError as error:
                    log.info("old generation kept: %s", type(error).__name__)


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
    table = sqlite_utils.Database(connection).table("entry")
    table.create_index(["address"], "entry_address", if_not_exists=True)
    table.create_index(["national_id"], "entry_national_id", if_not_exists=True)


def _digest(values: Values) -> int:
    raw = "\x1f".join(map(str, values)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big", signed=True)


def _digested(lines: Iterable[bytes], tally: extraction.Tally) -> Iterator[Values]:
    """(digest, then the columns of an entry) of each usable line."""
    for row in extraction.rows(lines, tally):
        values = extraction.fields(row)
        if values is None:
            tally.skipped += 1
            tally.good -= 1
        else:
            yield (_digest(values), *values)


def words_of(row_id: int, values: Values) -> tuple[int, str, str, str, str, str, str]:
    """A line of `entry_words` for an entry."""
    words = directory_query.folded_entry(extraction.entry_of(values))
    mail = f"{words.mail} bal{values[1].lower()}"
    return row_id, words.family, words.given, words.own, words.place, words.work, mail


def build(connection: sqlite3.Connection, lines: Iterable[bytes], course: Course) -> LoadResult:
    """Fill an empty generation from a whole extraction, in one transaction."""
    connection.execute("BEGIN")
    connection.execute("INSERT INTO entry_words (entry_words, rank) VALUES ('hashsize', ?)", (_HASH_BYTES,))
    source = _digested(lines, course.tally)
    while batch := list(islice(source, _BATCH)):
        connection.executemany(_INSERT_ENTRY, batch)
        course.told(0.3 * min(1.0, course.tally.good / max(1, course.total())))
    entries = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    extraction.refuse_shrunken(course.floor, entries)
    course.settle()
    cursor = connection.execute(f"SELECT id, {ENTRY_COLUMNS} FROM entry ORDER BY id")
    done = 0
    while rows := cursor.fetchmany(_BATCH):
        connection.executemany(_INSERT_WORDS, [words_of(row[0], row[1:]) for row in rows])
        done += len(rows)
        course.told(0.3 + 0.6 * done / entries)
    connection.execute("INSERT INTO entry_words (entry_words) VALUES ('optimize')")
    course.told(0.93)
    _keep_all_words(connection)
    index(connection)
    connection.execute("COMMIT")
    course.told(1.0)
    return LoadResult(entries, entries, 0, course.tally.skipped, fresh=True)


def _keep_all_words(connection: sqlite3.Connection) -> None:
    """Fill `word` and `spelling` from the index itself."""
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, entry_words, col)")
    connection.execute(
        "INSERT INTO word (text, uses) SELECT term, sum(doc) FROM vocabulary "
        "WHERE length(term) >= 4 AND term NOT GLOB '*[0-9]*' GROUP BY term"
    )
    connection.execute("CREATE TEMP TABLE loose (key TEXT NOT NULL, word INTEGER NOT NULL)")
    named = connection.execute(
        "SELECT id, text FROM word WHERE text IN "
        "(SELECT term FROM vocabulary WHERE col IN ('family', 'given', 'place'))"
    )
    while words := named.fetchmany(_BATCH):
        connection.executemany("INSERT INTO loose VALUES (?, ?)", _spellings(words))
    connection.execute("INSERT INTO spelling SELECT key, word FROM loose ORDER BY key, word")
    connection.execute("DROP TABLE loose")
    connection.execute("DROP TABLE temp.vocabulary")


def _spellings(words: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    for number, text in words:
        if directory_query.is_forgivable(text):
            yield from ((key, number) for key in set(directory_query.spelling_keys(text)))


def _keep_words(connection: sqlite3.Connection, written: tuple[Any, ...]) -> None:
    """Add the words of one line of `entry_words` that are new."""
    _, family, given, own, place, work, mail = written
    named = set(f"{family}{given}{place}".split())
    words = [text for text in named.union(f"{own}{work}{mail}".split()) if directory_query.is_forgivable(text)]
    connection.executemany("INSERT OR IGNORE INTO word (text, uses) VALUES (?, 1)", ((text,) for text in words))
    for text in named:
        found = connection.execute("SELECT id, text FROM word WHERE text = ?", (text,)).fetchall()
        connection.executemany("INSERT OR IGNORE INTO spelling VALUES (?, ?)", _spellings(found))


def differ(connection: sqlite3.Connection, lines: Iterable[bytes], course: Course) -> LoadResult:
    """Bring a copy of the last generation up to a new extraction, in one transaction."""
    known = array("q", (digest for (digest,) in connection.execute("SELECT digest FROM entry ORDER BY digest")))
    met = bytearray(len(known))
    connection.execute("BEGIN")
    arrived = 0
    for number, (digest, *values) in enumerate(_digested(lines, course.tally)):
        place = bisect_left(known, digest)
        if place < len(known) and known[place] == digest:
            met[place] = 1
        else:
            arrived += _add(connection, digest, tuple(values))
        if number % _BATCH == 0:
            course.told(0.8 * min(1.0, course.tally.good / max(1, course.total())))
    extraction.refuse_shrunken(course.floor, sum(met) + arrived)
    course.settle()
    gone = [digest for digest, still in zip(known, met, strict=True) if not still]
    for digest in gone:
        _remove(connection, digest)
    connection.execute("COMMIT")
    course.told(1.0)
    return LoadResult(len(known) - len(gone) + arrived, arrived, len(gone), course.tally.skipped, fresh=False)


def _add(connection: sqlite3.Connection, digest: int, values: Values) -> int:
    cursor = connection.execute(_INSERT_ENTRY, (digest, *values))
    if not cursor.rowcount:
        return 0
    written = words_of(cursor.lastrowid or 0, values)
    connection.execute(_INSERT_WORDS, written)
    _keep_words(connection, written)
    return 1


def _remove(connection: sqlite3.Connection, digest: int) -> None:
    row = connection.execute(f"SELECT id, {ENTRY_COLUMNS} FROM entry WHERE digest = ?", (digest,)).fetchone()
    connection.execute(_DELETE_WORDS, words_of(row[0], row[1:]))
    connection.execute("DELETE FROM entry WHERE id = ?", (row[0],))


def copy(source: Path, target: sqlite3.Connection) -> None:
    """A consistent copy of a generation (its white list and facts too)."""
    with closing(sqlite3.connect(source, isolation_level=None)) as connection:
        connection.backup(target)
