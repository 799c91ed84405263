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
READERS_CACHE_KB = 16_000
WRITERS_CACHE_KB = 4_000
CHECKPOINT_FROM = 3 << 20
"""Bytes of the write-ahead log that are worth bringing into the store."""
Row = tuple[Any, ...]


def trouble(error: Exception) -> StoreTrouble:
    """What an error of SQLite or of the file system means for the person."""
    text = str(error).lower()
    if "full" in text or getattr(error, "errno", None) in {errno.ENOSPC, errno.EDQUOT}:
        return StoreTrouble(StoreReason.FULL)
    if "locked" in text or "busy" in text or "interrupted" in text:
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
        except StoreTrouble:
            self.close()
            raise

    def _connect(self, *, query_only: bool = False) -> Any:
        if self._closed:
            raise StoreTrouble(StoreReason.LOCKED)
        try:
            connection = sqlcipher.connect(
                str(self.path), isolation_level=None, check_same_thread=False, timeout=10, cached_statements=256
            )
            with self._guard:
                self._open.append(connection)
            self._prepare(connection, query_only=query_only)
        except sqlcipher.Error as error:
            raise trouble(error) from error
        return connection

    def _prepare(self, connection: Any, *, query_only: bool) -> None:
        connection.execute(f"PRAGMA key = \"x'{self._key}'\"")
        connection.execute("PRAGMA cipher_memory_security = OFF")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA temp_store = MEMORY")
        # The screen reads the same pages again and again; the ten other threads write, and would hold ten times as much.
        connection.execute(f"PRAGMA cache_size = -{READERS_CACHE_KB if query_only else WRITERS_CACHE_KB}")
        # A checkpoint inside a person's mark would make it wait; `checkpoint` makes them in time, this one in the last.
        connection.execute("PRAGMA wal_autocheckpoint = 16000")
        connection.execute("PRAGMA journal_size_limit = 4194304")
        if query_only:
            connection.execute("PRAGMA query_only = ON")

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
        """A new read-only connection, for one thread."""
        return self._connect(query_only=True)

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
                    connection.execute("COMMIT")
                except BaseException:
                    # Before the lock is let go: an open transaction would keep every other thread out.
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    raise
        except (sqlcipher.Error, OSError) as error:
            raise self._failure(error) from error

    def read(self, sql: str, values: Row | dict[str, Any] = ()) -> list[Row]:
        """All rows of a small query on this thread's connection."""
        connection = self.connection()
        try:
            return list(connection.execute(sql, values))
        except sqlcipher.Error as error:
            raise self._failure(error) from error

    def one(self, sql: str, values: Row | dict[str, Any] = ()) -> Row | None:
        """The first row of a small query, or None."""
        rows = self.read(sql, values)
        return rows[0] if rows else None

    def _failure(self, error: Exception) -> Exception:
        """What a failed statement amounts to: a bug of ours stays what it is."""
        if self._closed:
            return StoreTrouble(StoreReason.LOCKED)
        return error if is_ours(error) else trouble(error)

    def checkpoint(self, *, least: int = CHECKPOINT_FROM) -> None:
        """Bring the write-ahead log into the store when it holds at least so many bytes. Keeps nobody from writing; for
        a thread that nobody waits for."""
        try:
            if self.path.with_name(self.path.name + "-wal").stat().st_size >= least:
                self.connection().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except FileNotFoundError:
            return  # nothing was written yet
        except (sqlcipher.Error, OSError) as error:
            raise self._failure(error) from error

    def release(self) -> None:
        """Close this thread's connection: a thread that ends calls it last."""
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is None:
            return
        with self._guard:
            if connection in self._open:
                self._open.remove(connection)
        try:
            connection.close()
        except sqlcipher.Error as error:
            log.info("closing a connection: %s", type(error).__name__)

    def refuse(self) -> None:
        """Let no thread open another connection: for an end that does not wait for the last thread."""
        self._closed, self._key = True, ""

    def close(self) -> None:
        """Close every connection; the threads that used them must have stopped. The key is not kept."""
        self._closed, self._key = True, ""
        with self._guard:
            for connection in self._open:
                try:
                    connection.close()
                except sqlcipher.Error as error:
                    log.info("closing a connection: %s", type(error).__name__)
            self._open.clear()


class Reads:
    """A query-only connection of one thread; a read that takes ten times `SLOW_READ_S` is interrupted.

    `close` may be called on another thread, while a read goes on: reads after it find nothing.
    """

    def __init__(self, database: Database) -> None:
        self._connection = database.query_connection()
        self._until = 0.0
        self._use = threading.Lock()
        self._over = False
        self._connection.set_progress_handler(self._overdue, 20_000)

    def _overdue(self) -> int:
        return 1 if time.monotonic() > self._until else 0

    def all(self, sql: str, values: Row | dict[str, Any] = (), *, patience: float = 1.0) -> list[Row]:
        """All rows; a read that takes `patience` times too long is interrupted: StoreTrouble(LOCKED)."""
        begun = time.monotonic()
        self._until = begun + SLOW_READ_S * patience * 10
        try:
            with self._use:
                rows = [] if self._over else list(self._connection.execute(sql, values))
        except sqlcipher.Error as error:
            if is_ours(error):
                raise
            raise trouble(error) from error
        if (spent := time.monotonic() - begun) > SLOW_READ_S * patience:
            log.info("slow read: %.0f ms", spent * 1000)
        return rows

    def one(self, sql: str, values: Row | dict[str, Any] = (), *, patience: float = 1.0) -> Row | None:
        """The first row, or None. As `all`."""
        rows = self.all(sql, values, patience=patience)
        return rows[0] if rows else None

    def close(self) -> None:
        """No more reads; returns when the one under way has ended."""
        with self._use:
            self._over = True


def opens(path: Path, key: bytes) -> bool:
    """Whether a key opens a store that nobody else has open. A file that is not there opens with any."""
    if not path.exists():
        return True
    try:
        with _alone(path, key):
            return True
    except StoreTrouble as error:
        if error.reason in {StoreReason.KEY, StoreReason.DAMAGED}:
            return False
        raise


def rekey(path: Path, old: bytes, new: bytes) -> None:
    """Write a whole store again under another key: one transaction, and a crash leaves it under the old one. Nobody else
    may have it open; takes about a second for 100 MB. Raises StoreTrouble."""
    with _alone(path, old) as connection:
        # In WAL mode a crash would leave pages under two keys in two files: a rollback journal undoes all of them.
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute(f"PRAGMA rekey = \"x'{new.hex()}'\"")
    if not opens(path, new):
        # SQLCipher does not raise for a page that it could not write.
        raise StoreTrouble(StoreReason.FULL)
    log.info("store under another key")


@contextmanager
def _alone(path: Path, key: bytes) -> Iterator[Any]:
    """A connection for a moment, without the schema. Raises StoreTrouble when the key does not open the file."""
    try:
        connection = sqlcipher.connect(str(path), isolation_level=None, timeout=10)
    except sqlcipher.Error as error:
        raise trouble(error) from error
    try:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        connection.execute("SELECT COUNT(*) FROM sqlite_master")
        yield connection
    except sqlcipher.Error as error:
        raise trouble(error) from error
    finally:
        connection.close()


def set_aside(path: Path, stamp: str) -> Path:
    """Rename a store that cannot be opened, with its journal, so that another can begin; nothing is deleted."""
    aside = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    number = 1
    while aside.exists():
        number += 1
        aside = path.with_name(f"{path.stem}-damaged-{stamp}-{number}{path.suffix}")
    try:
        for tail in ("-wal", "-shm", ""):
            part = path.with_name(path.name + tail)
            if part.exists():
                part.rename(aside.with_name(aside.name + tail))
    except OSError as error:
        raise trouble(error) from error
    return aside
