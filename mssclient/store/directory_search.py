"""Searches the local copy of the Annuaire, at each keystroke.

Opens the newest generation at each call; `directory_candidates` asks its index, `domain.directory_query` ranks.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mssclient.domain import directory_query as query
from mssclient.domain.address import normal
from mssclient.domain.bal import BalKind
from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.entry import Departure, DirectoryEntry, DirectoryStatus
from mssclient.domain.extraction import entry_of
from mssclient.store.directory_candidates import BY_ADDRESS, ENOUGH, FOUND, NO_BOOSTS, Index, Search, admits
from mssclient.store.directory_files import Generations, trouble
from mssclient.store.directory_load import DEPARTED_COLUMNS, VERSION

log = logging.getLogger(__name__)

READ_LIMIT_S = 1.0
_BY_ADDRESS_START = FOUND + "entry e WHERE e.address >= ? AND e.address < ? ORDER BY e.address LIMIT ?"
_BY_NUMBER = FOUND + "entry e WHERE e.national_id >= ? AND e.national_id < ? ORDER BY e.national_id LIMIT ?"
_END = "\U0010ffff"
_SUCCESSORS = 20
NO_CRITERIA = Criteria()


class DirectoryReader:
    """Searches; lives on the thread that opened it. Sees one whole generation at a time, the newest at each call."""

    def __init__(self, path: Path) -> None:
        self._generations = Generations(path)
        self._file: Path | None = None
        self._connection: sqlite3.Connection | None = None
        self._index: Index | None = None
        self._until = 0.0

    def search(
        self,
        text: str,
        limit: int = 20,
        kind: str = "",
        near: str = "",
        boosts: Mapping[str, int] = NO_BOOSTS,
        criteria: Criteria = NO_CRITERIA,
    ) -> list[DirectoryEntry]:
        """The best answers to what somebody is typing. `kind` is a BalKind value or empty, `near` a department,
        `boosts` weighs favourites and recent correspondents by address, 1 to 100. With `criteria` the text may be
        empty."""
        asked = query.question(text)
        if asked.ask is query.Ask.NOTHING and criteria:
            asked = query.question(criteria.address or criteria.digits or f"{criteria.spoken} ")
        if asked.ask is query.Ask.NOTHING or (kind and kind not in BalKind.__members__):
            return []
        with self._reading() as connection:
            if connection is None or self._index is None:
                return []
            if exact := self._exactly(connection, asked, ENOUGH if criteria else limit):
                return [one for one in exact if (not kind or one.kind.value == kind) and admits(criteria, one)][:limit]
            return Search(self._index, asked, kind, near, boosts, criteria).best(limit)

    def entries_of(self, address: str) -> tuple[DirectoryEntry, ...]:
        """Every tie of one address."""
        with self._reading() as connection:
            rows = connection.execute(BY_ADDRESS, (normal(address),)) if connection else ()
            return tuple(entry_of(row[1:]) for row in rows)

    def numbered(self, number: str) -> tuple[DirectoryEntry, ...]:
        """Every tie of one RPPS or ADELI, with or without its type digit."""
        with self._reading() as connection:
            asked = FOUND + "entry e WHERE e.national_id IN (?, ?, ?) LIMIT ?"
            values = (number, f"8{number}", f"0{number}", ENOUGH)
            rows = connection.execute(asked, values) if connection and number else ()
            return tuple(entry_of(row[1:]) for row in rows)

    def departure(self, address: str) -> Departure | None:
        """Whether an address left the Annuaire, or changed hands, since this workstation follows it."""
        with self._reading() as connection:
            asked = f"SELECT {DEPARTED_COLUMNS} FROM departed WHERE address = ?"
            row = connection.execute(asked, (normal(address),)).fetchone() if connection else None
            return Departure(row[0], row[1], bool(row[2]), *row[3:]) if row else None

    def successors(self, departure: Departure) -> tuple[DirectoryEntry, ...]:
        """Where who had an address is found now: the same person by number, the same service by structure and name."""
        found: Iterable[DirectoryEntry] = ()
        if departure.national_id:
            found = self.numbered(departure.national_id)
        elif departure.structure_id and departure.name:
            asked = self.search(f"{departure.name} ", _SUCCESSORS)
            found = (one for one in asked if one.structure_id == departure.structure_id and not one.national_id)
        return tuple(one for one in found if one.address != departure.address)

    def status(self) -> DirectoryStatus:
        """Age and size of this copy."""
        with self._reading() as connection:
            if connection is None:
                return DirectoryStatus(0, "", "", 0)
            facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
            entries, domains = int(facts.get("entries", 0)), int(facts.get("domains", 0))
            return DirectoryStatus(entries, facts.get("extracted", ""), facts.get("loaded_at", ""), domains)

    def white_list(self) -> frozenset[str]:
        """The domains of the trust space; empty when none was ever kept."""
        with self._reading() as connection:
            rows = connection.execute("SELECT name FROM white_domain") if connection else ()
            return frozenset(name for (name,) in rows)

    def fact(self, name: str) -> str:
        """One thing known of this copy (schema/directory.sql lists them); empty when it is not."""
        with self._reading() as connection:
            asked = "SELECT value FROM fact WHERE name = ?"
            row = connection.execute(asked, (name,)).fetchone() if connection else None
            return str(row[0]) if row else ""

    def close(self) -> None:
        """Let go of the file; a later call opens it again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._file = self._index = None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        begun = time.monotonic()
        self._until = begun + READ_LIMIT_S
        try:
            yield self._current()
        except sqlite3.Error as error:
            raise trouble(error) from error
        if (spent := time.monotonic() - begun) > READ_LIMIT_S / 10:
            log.info("slow directory read: %.0f ms", spent * 1000)

    def _current(self) -> sqlite3.Connection | None:
        newest = self._generations.current()
        if newest == self._file:
            return self._connection
        self.close()
        if newest is None:
            return None
        try:
            self._connection = self._open(newest)
        except sqlite3.OperationalError:
            if newest == self._generations.current():
                raise
            return self._current()  # swapped between the look and the opening
        self._file = newest
        self._index = Index(self._connection) if self._connection else None
        return self._connection

    def _open(self, path: Path) -> sqlite3.Connection | None:
        # rw, not ro: a journal that a crash left has to be rolled back by whoever reads first
        uri = f"{path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=2)
        try:
            for pragma in ("query_only = ON", "cache_size = -8192", "temp_store = MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error:
            connection.close()
            raise
        if version != VERSION:
            connection.close()
            return None
        connection.set_progress_handler(self._overdue, 20_000)
        return connection

    def _overdue(self) -> int:
        return 1 if time.monotonic() > self._until else 0

    def _exactly(self, connection: sqlite3.Connection, asked: query.Question, limit: int) -> list[DirectoryEntry]:
        """Answers to a pasted address or number, or to the beginning of one."""
        text, end = asked.text, asked.text + _END
        rows: list[Any] = []
        match asked.ask:
            case query.Ask.ADDRESS:
                rows = list(connection.execute(BY_ADDRESS, (text,)))
                rows = rows or list(connection.execute(_BY_ADDRESS_START, (text, end, limit)))
            case query.Ask.NUMBER:
                for kind in ("8", "0", "", "3", "5"):  # RPPS, ADELI, with its type, FINESS, SIRET
                    rows = rows or list(connection.execute(_BY_NUMBER, (kind + text, kind + end, limit)))
            case _:
                pass
        return [entry_of(row[1:]) for row in rows]
