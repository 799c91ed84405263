"""The local copy of the Annuaire Santé and of the white list: kept by the `directory` thread, searched by any.

Public data in a file of its own, plain SQLite; one generation after the other (see `directory_load`).
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.entry import Departure, DirectoryEntry, DirectoryStatus
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.extraction import Tally, bounded_lines
from mssclient.domain.later import Later
from mssclient.domain.publication import Held, digest, values_of
from mssclient.store.directory_candidates import NO_BOOSTS
from mssclient.store.directory_files import Generations, copied, trouble
from mssclient.store.directory_load import (
    DEPARTED_COLUMNS,
    VERSION,
    Course,
    Digested,
    LoadResult,
    apply,
    build,
    create,
    differ,
    digested,
    index,
    open_partial,
)
from mssclient.store.directory_search import NO_CRITERIA, DirectoryReader

if TYPE_CHECKING:
    import sqlite_utils
else:
    sqlite_utils = Later("sqlite_utils")

__all__ = ["Arrival", "DirectoryReader", "DirectoryStore", "LoadResult"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where what is loaded comes from."""

    loaded_at: str = ""
    """ISO time of the load."""
    extracted: str = ""
    """AAAAMMJJhhmm of the extraction."""
    validator: str = ""
    """What its server calls the file (ETag)."""
    series: str = ""
    """Of the institution's publication, with its number; empty for the extraction itself."""
    number: int = 0

    @property
    def since(self) -> str:
        """ISO date of what is loaded."""
        day = self.extracted
        return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if day else self.loaded_at[:10]

    def facts(self, result: LoadResult) -> dict[str, str]:
        """What is kept of it beside the entries."""
        return {
            "extracted": self.extracted, "loaded_at": self.loaded_at, "validator": self.validator,
            "series": self.series, "number": str(self.number), "entries": str(result.entries), "mark": result.mark,
        }  # fmt: skip


class DirectoryStore:
    """The Annuaire of this workstation. The `directory` thread loads it; each thread reads through its own reader.

    `path` names the family of files (see `directory_files.Generations`); other processes may read, and write in turn.
    Raises StoreTrouble for the world's fault.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._generations = Generations(path)
        self._writing = threading.Lock()
        self._loading = False
        self._readers: list[DirectoryReader] = []
        self._local = threading.local()
        try:
            if self._generations.current() is None:
                with self._generations.locked():
                    if self._generations.current() is None:
                        self._begin()
            self._generations.drop_old()
        except (sqlite3.Error, OSError) as error:
            raise trouble(error) from error

    def reader(self) -> DirectoryReader:
        """This thread's reader, opened at its first use."""
        found: DirectoryReader | None = getattr(self._local, "reader", None)
        if found is None:
            found = self._local.reader = DirectoryReader(self._path)
            self._readers.append(found)
        return found

    def search(
        self,
        text: str,
        limit: int = 20,
        kind: str = "",
        near: str = "",
        boosts: Mapping[str, int] = NO_BOOSTS,
        criteria: Criteria = NO_CRITERIA,
    ) -> list[DirectoryEntry]:
        """As `DirectoryReader.search`, on this thread's reader."""
        return self.reader().search(text, limit, kind, near, boosts, criteria)

    def entries_of(self, address: str) -> tuple[DirectoryEntry, ...]:
        """Every tie of one address."""
        return self.reader().entries_of(address)

    def numbered(self, number: str) -> tuple[DirectoryEntry, ...]:
        """Every tie of one RPPS or ADELI."""
        return self.reader().numbered(number)

    def departure(self, address: str) -> Departure | None:
        """Whether an address left or changed hands while this copy was kept."""
        return self.reader().departure(address)

    def successors(self, departure: Departure) -> tuple[DirectoryEntry, ...]:
        """Where who had an address is found now."""
        return self.reader().successors(departure)

    def status(self) -> DirectoryStatus:
        """Age and size of the local copy, and whether a load is under way in this process."""
        return replace(self.reader().status(), loading=self._loading)

    def is_loading_elsewhere(self) -> bool:
        """Whether any process is writing."""
        return self._loading or self._generations.is_locked()

    def white_list(self) -> frozenset[str]:
        """The domains of the trust space."""
        return self.reader().white_list()

    def white_list_date(self) -> str:
        """`DateDeGeneration` of the white list."""
        return self.reader().fact("generated")

    def held(self) -> Held:
        """What this copy is, for whoever may bring it up to date."""
        fact = self.reader().fact
        return Held(fact("series"), int(fact("number") or 0), fact("mark"), fact("extracted"))

    def validator(self) -> str:
        """What the server called the extraction that was loaded last."""
        return self.reader().fact("validator")

    def load(
        self,
        extraction: IO[bytes],
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        *,
        arrival: Arrival = Arrival(),
        size_bytes: int = 0,
        confirmed: bool = False,
    ) -> LoadResult:
        """Take over an extraction (its text), whole or not at all; searches go on meanwhile.

        `progress` is told (lines done, lines expected); `size_bytes` is what the text measures if known. Raises
        Unreadable, Cancelled, StoreTrouble; Shrunken (an Unreadable) for a suspiciously short one unless a person
        `confirmed` it. The last good copy then stays.
        """
        tally = Tally()
        source = digested(bounded_lines(extraction), tally)
        return self._take(source, Course(progress, cancelled, size_bytes, 0, 0, tally), arrival, confirmed=confirmed)

    def load_snapshot(
        self,
        lines: Iterable[bytes],
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        *,
        arrival: Arrival,
        size_bytes: int,
        expected: tuple[int, str],
        confirmed: bool = False,
    ) -> LoadResult:
        """Take over a published snapshot (`domain.publication.line_of`), as `load` does an extraction.

        `expected` is how many entries, and which mark, it must hold: anything else is Unreadable(DAMAGED).
        """
        tally = Tally()
        course = Course(progress, cancelled, size_bytes, 0, 0, tally)
        return self._take(_published(lines, tally), course, arrival, confirmed=confirmed, expected=expected)

    def apply(self, changes: Iterable[bytes], expected: tuple[int, str], arrival: Arrival) -> LoadResult:
        """Take over published changes (see `directory_load.apply`), all or none of them. Raises Unreadable, StoreTrouble."""
        begun = time.monotonic()
        with self._writing, self._while_loading(), self._generations.locked(), self._next(keep=True) as connection:
            result = apply(connection, changes, expected, arrival.since)
            _state(connection, arrival.facts(result))
        _told(result, begun)
        return result

    def _take(
        self,
        source: Iterator[Digested],
        course: Course,
        arrival: Arrival,
        *,
        confirmed: bool,
        expected: tuple[int, str] | None = None,
    ) -> LoadResult:
        begun = time.monotonic()
        with self._writing, self._while_loading(), self._generations.locked():
            course.known = self._known()
            course.floor = 0 if confirmed else course.known
            with self._next(keep=course.known > 0) as connection:
                if course.known:
                    result = differ(connection, source, course, arrival.since)
                else:
                    result = build(connection, source, course)
                if expected not in {None, (result.entries, result.mark)}:
                    raise Unreadable(Unread.DAMAGED, "publication")
                _state(connection, arrival.facts(result))
        _told(result, begun)
        return result

    def keep_white_list(self, domains: Iterable[str], generated: str) -> None:
        """Replace the white list, in one transaction."""
        names = sorted({domain.strip().lower() for domain in domains})
        with self._writing, self._generations.locked(), self._writing_in_place() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM white_domain")
            sqlite_utils.Database(connection).table("white_domain").insert_all({"name": name} for name in names)
            _state(connection, {"generated": generated, "domains": str(len(names))})
            connection.execute("COMMIT")
        log.info("white list: %d domains", len(names))

    def keep_date(self, extracted: str) -> None:
        """A later extraction (AAAAMMJJhhmm) holds these very entries."""
        with self._writing, self._generations.locked(), self._writing_in_place() as connection:
            connection.execute("BEGIN IMMEDIATE")
            _state(connection, {"extracted": extracted})
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close every reader; the threads that used them must have stopped."""
        for reader in self._readers:
            reader.close()

    @contextmanager
    def _while_loading(self) -> Iterator[None]:
        self._loading = True
        try:
            yield
        finally:
            self._loading = False

    def _known(self) -> int:
        """Entries of the current generation; 0 when it cannot be read, so that it is built anew."""
        path = self._generations.current()
        if path is None:
            return 0
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                    return 0
                connection.execute("SELECT text FROM word LIMIT 1").fetchone()
                return int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
        except sqlite3.DatabaseError as error:
            log.info("the directory is damaged and built anew: %s", type(error).__name__)
            return 0

    @contextmanager
    def _next(self, *, keep: bool) -> Iterator[sqlite3.Connection]:
        """A connection to the next generation, adopted when the block ends well and thrown away when not."""
        partial = self._generations.partial()
        try:
            if keep and (current := self._generations.current()):
                copied(current, partial)
            with closing(open_partial(partial)) as connection:
                if not keep:
                    create(connection)
                    self._carry(connection)
                yield connection
            self._generations.adopt(partial)
        except (sqlite3.Error, OSError) as error:
            raise trouble(error) from error
        finally:
            partial.unlink(missing_ok=True)

    def _carry(self, connection: sqlite3.Connection) -> None:
        """What a generation that is built anew takes over from the one before: the white list, and who left."""
        path = self._generations.current()
        if path is None:
            return
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as old:
                names = old.execute("SELECT name FROM white_domain").fetchall()
                facts = old.execute("SELECT name, value FROM fact WHERE name IN ('generated', 'domains')").fetchall()
                listed = "SELECT 1 FROM sqlite_master WHERE name = 'departed'"
                left = _departed(old) if old.execute(listed).fetchone() else []
        except sqlite3.DatabaseError:
            return  # damaged: the next download brings it back
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO white_domain VALUES (?)", names)
        connection.executemany(f"INSERT INTO departed ({DEPARTED_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", left)
        _state(connection, dict(facts))
        connection.execute("COMMIT")

    @contextmanager
    def _writing_in_place(self) -> Iterator[sqlite3.Connection]:
        path = self._generations.current()
        if path is None:
            path = self._begin()
        try:
            with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as connection:
                yield connection
        except (sqlite3.Error, OSError) as error:
            raise trouble(error) from error

    def _begin(self) -> Path:
        partial = self._generations.partial()
        with closing(open_partial(partial)) as connection:
            create(connection)
            index(connection)
        return self._generations.adopt(partial)


def _published(lines: Iterable[bytes], tally: Tally) -> Iterator[Digested]:
    for line in lines:
        values = values_of(line)
        tally.good += 1
        tally.read_bytes += len(line)
        yield digest(values), values


def _departed(old: sqlite3.Connection) -> list[tuple[str, ...]]:
    """Who left, as an earlier generation knows it: those of the first versions do not say who had an address."""
    known = {name for _, name, *_ in old.execute("PRAGMA table_info (departed)")}
    columns = (name if name in known else "''" for name in DEPARTED_COLUMNS.split(", "))
    return old.execute(f"SELECT {', '.join(columns)} FROM departed ORDER BY id").fetchall()


def _told(result: LoadResult, begun: float) -> None:
    log.info(
        "directory: %d entries, %d arrived, %d vanished, %d lines skipped, %.1f s",
        result.entries, result.arrived, result.vanished, result.skipped, time.monotonic() - begun,
    )  # fmt: skip


def _state(connection: sqlite3.Connection, facts: Mapping[str, str]) -> None:
    connection.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", list(facts.items()))
