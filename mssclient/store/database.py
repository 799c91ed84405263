"""Opens a person's encrypted store, keeps its schema current, and owns the one write lock of the process."""

from __future__ import annotations

import errno
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from mssclient.domain.errors import StoreReason, StoreTrouble

log = logging.getLogger(__name__)

_write_lock = threading.Lock()
"""Process-wide: SQLite's own busy wait sleeps, and costs two to three times more under load."""

SLOW_READ_S = 0.1
Row = tuple[Any, ...]


def trouble(error: Exception) -> StoreTrouble:
    """What an error of SQLite or of the file system means for the person."""
    text = str(error).lower()
    if "full" in text or getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}:
        return StoreTrouble(StoreReason.FULL)
    if "locked" in text or "busy" in text:
        return StoreTrouble(StoreReason.LOCKED)
    if "not a database" in text:
        return StoreTrouble(StoreReason.KEY)
    return StoreTrouble(StoreReason.DAMAGED)


def is_ours(error: Exception) -> bool:
    """Whether an SQL error is a bug of ours (a wrong statement, a broken rule) and not the world's fault."""
    wrong = isinstance(error, sqlcipher.IntegrityError | sqlcipher.ProgrammingError | sqlcipher.InterfaceError)
    return wrong or any(text in str(error) for text in ("no such", "syntax error", "has no column"))


def migrations() -> list[tuple[int, str]]:
    """The numbered SQL files, in order; never edited after a release."""
    folder = files("mssclient.store") / "schema"
    found = [(int(f.name[:4]), f.read_text("utf-8")) for f in folder.iterdir() if f.name[:4].isdigit()]
    return sorted(found)


class Database:
    """One SQLCipher file. Each thread gets a connection of its own; all are closed together by `close()`.

    `key` is 32 bytes. Raises StoreTrouble for everything that is the world's fault.
    """

    def __init__(self, path: Path, key: bytes) -> None:
        if len(key) != 32:
            raise StoreTrouble(StoreReason.KEY)
        self.path = path
        self._key = key.hex()
        self._local = threading.local()
        self._open: list[Any] = []
        self._guard = threading.Lock()
        self._closed = False
        try:
            self._migrate()
        except (sqlcipher.Error, OSError) as error:
            self.close()
            raise trouble(error) from error

    def _connect(self, *, query_only: bool = False) -> Any:
        if self._closed:
            raise StoreTrouble(StoreReason.LOCKED)
        connection = sqlcipher.connect(
            str(self.path), isolation_level=None, check_same_thread=False, timeout=10, cached_statements=256
        )
        connection.execute(f"PRAGMA key = \"x'{self._key}'\"")
        connection.execute("PRAGMA cipher_memory_security = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16000")
        if query_only:
            connection.execute("PRAGMA query_only = ON")
        with self._guard:
            self._open.append(connection)
        return connection

    def _migrate(self) -> None:
        connection = self.connection()
        known = connection.execute("PRAGMA user_version").fetchone()[0]
        steps = migrations()
        if known > steps[-1][0]:
            raise StoreTrouble(StoreReason.NEWER)
        for number, script in steps:
            if number > known:
                connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")
                log.info("store migrated to version %d", number)

    def connection(self) -> Any:
        """This thread's connection for reading and for `write`."""
        if (found := getattr(self._local, "connection", None)) is None:
            found = self._local.connection = self._connect()
        return found

    def query_connection(self) -> Any:
        """A new read-only connection, for one thread; a read past 100 ms on it is interrupted and logged."""
        connection = self._connect(query_only=True)
        return connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Any]:
        """A write transaction on this thread's connection. `durable`: on the disk when it returns; without it a power
        cut may lose it, which is right only for what the operator can tell again."""
        connection = self.connection()
        try:
            with _write_lock:
                connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
                connection.execute("BEGIN IMMEDIATE")
                try:
                    yield connection
                except BaseException:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except (sqlcipher.Error, OSError) as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if is_ours(error):
                raise
            raise trouble(error) from error

    def read(self, sql: str, values: Row | dict[str, Any] = ()) -> list[Row]:
        """All rows of a small query on this thread's connection."""
        try:
            return list(self.connection().execute(sql, values))
        except sqlcipher.Error as error:
            if is_ours(error):
                raise
            raise trouble(error) from error

    def one(self, sql: str, values: Row | dict[str, Any] = ()) -> Row | None:
        """The first row of a small query, or None."""
        rows = self.read(sql, values)
        return rows[0] if rows else None

    def close(self) -> None:
        """Close every connection; the threads that used them must have stopped."""
        self._closed = True
        with self._guard:
            for connection in self._open:
                try:
                    connection.close()
                except sqlcipher.Error as error:
                    log.info("closing a connection: %s", type(error).__name__)
            self._open.clear()


class Reads:
    """A query-only connection that never lets a read hold its thread longer than `SLOW_READ_S`."""

    def __init__(self, database: Database) -> None:
        self._connection = database.query_connection()
        self._until = 0.0
        self._connection.set_progress_handler(self._overdue, 20_000)

    def _overdue(self) -> int:
        return 1 if time.monotonic() > self._until else 0

    def all(self, sql: str, values: Row | dict[str, Any] = (), *, patience: float = 1.0) -> list[Row]:
        """All rows; a read that takes `patience` times too long is interrupted: StoreTrouble(LOCKED)."""
        begun = time.monotonic()
        self._until = begun + SLOW_READ_S * patience * 10
        try:
            rows = list(self._connection.execute(sql, values))
        except sqlcipher.Error as error:
            if is_ours(error):
                raise
            raise trouble(error) from error
        if (spent := time.monotonic() - begun) > SLOW_READ_S * patience:
            log.info("slow read: %.0f ms", spent * 1000)
        return rows

    def one(self, sql: str, values: Row | dict[str, Any] = ()) -> Row | None:
        """The first row, or None."""
        rows = self.all(sql, values)
        return rows[0] if rows else None
