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
from dataclasses import replace
from pathlib import Path
from typing import IO

import sqlite_utils

from mssclient.domain.entry import DirectoryEntry, DirectoryStatus
from mssclient.domain.extraction import Tally, bounded_lines
from mssclient.store.directory_load import (
    VERSION,
    Course,
    Generations,
    LoadResult,
    build,
    copy,
    create,
    differ,
    index,
    open_partial,
    trouble,
)
from mssclient.store.directory_search import NO_BOOSTS, DirectoryReader

__all__ = ["DirectoryReader", "DirectoryStore", "LoadResult"]

log = logging.getLogger(__name__)


class DirectoryStore:
    """The Annuaire of this workstation. The `directory` thread loads it; each thread reads through its own reader.

    `path` names the family of files (see `directory_load.Generations`). Raises StoreTrouble for the world's fault.
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
        self, text: str, limit: int = 20, kind: str = "", near: str = "", boosts: Mapping[str, int] = NO_BOOSTS
    ) -> list[DirectoryEntry]:
        """As `DirectoryReader.search`, on this thread's reader."""
        return self.reader().search(text, limit, kind, near, boosts)

    def entries_of(self, address: str) -> tuple[DirectoryEntry, ...]:
        """Every tie of one address."""
        return self.reader().entries_of(address)

    def status(self) -> DirectoryStatus:
        """Age and size of the local copy, and whether a load is under way."""
        return replace(self.reader().status(), loading=self._loading)

    def white_list(self) -> frozenset[str]:
        """The domains of the trust space."""
        return self.reader().white_list()

    def white_list_date(self) -> str:
        """`DateDeGeneration` of the white list."""
        return self.reader().white_list_date()

    def load(
        self,
        extraction: IO[bytes],
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        *,
        extracted: str = "",
        loaded_at: str = "",
        size_bytes: int = 0,
        confirmed: bool = False,
    ) -> LoadResult:
        """Take over an extraction (its text), whole or not at all; searches go on meanwhile.

        `progress` is told (lines done, lines expected); `extracted` is the extraction's AAAAMMJJhhmm, `loaded_at` the
        ISO time, `size_bytes` what the text measures if known. Raises Unreadable, Cancelled, StoreTrouble; Shrunken
        (an Unreadable) for a suspiciously short one unless a person `confirmed` it. The last good copy then stays.
        """
        begun = time.monotonic()
        with self._writing, self._while_loading():
            known = self._known()
            course = Course(progress, cancelled, size_bytes, known, 0 if confirmed else known, Tally())
            facts = {"extracted": extracted, "loaded_at": loaded_at}
            with self._next(keep=known > 0) as connection:
                take = differ if known else build
                result = take(connection, bounded_lines(extraction), course)
                _state(connection, facts | {"entries": str(result.entries)})
        log.info(
            "directory: %d entries, %d arrived, %d vanished, %d lines skipped, %.1f s",
            result.entries, result.arrived, result.vanished, result.skipped, time.monotonic() - begun,
        )  # fmt: skip
        return result

    def keep_white_list(self, domains: Iterable[str], generated: str) -> None:
        """Replace the white list, in one transaction."""
        names = sorted({domain.strip().lower() for domain in domains})
        with self._writing, self._writing_in_place() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM white_domain")
            sqlite_utils.Database(connection).table("white_domain").insert_all({"name": name} for name in names)
            _state(connection, {"generated": generated, "domains": str(len(names))})
            connection.execute("COMMIT")
        log.info("white list: %d domains", len(names))

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
            with closing(open_partial(partial)) as connection:
                if keep and (current := self._generations.current()):
                    copy(current, connection)
                else:
                    create(connection)
                    self._carry_white_list(connection)
                yield connection
            self._generations.adopt(partial)
        except (sqlite3.Error, OSError) as error:
            raise trouble(error) from error
        finally:
            partial.unlink(missing_ok=True)

    def _carry_white_list(self, connection: sqlite3.Connection) -> None:
        path = self._generations.current()
        if path is None:
            return
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as old:
                names = old.execute("SELECT name FROM white_domain").fetchall()
                facts = old.execute("SELECT name, value FROM fact WHERE name IN ('generated', 'domains')").fetchall()
        except sqlite3.DatabaseError:
            return  # damaged: the next download brings it back
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO white_domain VALUES (?)", names)
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


def _state(connection: sqlite3.Connection, facts: Mapping[str, str]) -> None:
    connection.executemany("INSERT OR REPLACE INTO fact VALUES (?, ?)", list(facts.items()))
