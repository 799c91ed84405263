"""The file itself: encrypted, migrated, refused kindly."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from mssclient.domain.errors import StoreReason, StoreTrouble
from mssclient.store.database import Database, Reads, migrations, set_aside

KEY = bytes(range(32))


def test_nothing_is_readable_in_the_file(tmp_path: Path) -> None:
    database = Database(tmp_path / "mail.sqlite", KEY)
    with database.write() as sql:
        sql.execute("INSERT INTO setting (name, value) VALUES ('marker', 'PAT-TROIS DOMINIQUE')")
    left = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    database.close()
    assert b"PAT-TROIS" not in left
    assert b"SQLite format 3" not in left


def test_the_wrong_key_is_told(tmp_path: Path) -> None:
    Database(tmp_path / "mail.sqlite", KEY).close()
    with pytest.raises(StoreTrouble) as caught:
        Database(tmp_path / "mail.sqlite", bytes(32))
    assert caught.value.reason is StoreReason.KEY


def test_a_store_of_a_newer_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    database = Database(tmp_path / "mail.sqlite", KEY)
    database.connection().execute("PRAGMA user_version = 9999")
    database.close()
    with pytest.raises(StoreTrouble) as caught:
        Database(tmp_path / "mail.sqlite", KEY)
    assert caught.value.reason is StoreReason.NEWER


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mail.sqlite"
    path.write_bytes(b"not a store at all" * 1000)
    with pytest.raises(StoreTrouble):
        Database(path, KEY)


def half_done(database: Database) -> None:
    """A transaction that fails in the middle."""
    with database.write() as sql:
        sql.execute("INSERT INTO setting (name, value) VALUES ('half', 'done')")
        raise KeyError


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "mail.sqlite", KEY)
    with pytest.raises(KeyError):
        half_done(database)
    assert database.read("SELECT 1 FROM setting") == []
    database.close()


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


def test_readers_cannot_write(tmp_path: Path) -> None:
    database = Database(tmp_path / "mail.sqlite", KEY)
    connection = database.query_connection()
    with pytest.raises(Exception, match=r"readonly|attempt to write"):
        connection.execute("INSERT INTO setting (name, value) VALUES ('a', 'b')")
    database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte; only root can mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder], check=False, capture_output=True)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_told_loses_nothing_and_heals(small_disk: Path) -> None:
    ballast = small_disk / "ballast"
    database = Database(small_disk / "mail.sqlite", KEY)
    with database.write() as sql:
        sql.execute("INSERT INTO setting (name, value) VALUES ('before', 'kept')")
    with suppress(OSError), ballast.open("wb") as file:
        file.write(bytes(2_000_000))
    with pytest.raises(StoreTrouble) as caught, database.write() as sql:
        sql.execute("INSERT INTO setting (name, value) VALUES ('big', hex(randomblob(60000)))")
    assert caught.value.reason is StoreReason.FULL
    ballast.unlink()
    with database.write() as sql:
        sql.execute("INSERT INTO setting (name, value) VALUES ('after', 'kept too')")
    assert database.read("SELECT name FROM setting ORDER BY name") == [("after",), ("before",)]
    assert database.read("PRAGMA quick_check") == [("ok",)]
    database.close()


def test_a_failed_write_leaves_the_way_free_for_other_threads(tmp_path: Path) -> None:
    database = Database(tmp_path / "mail.sqlite", KEY)
    with pytest.raises(KeyError):
        half_done(database)

    def other() -> None:
        with database.write() as sql:
            sql.execute("INSERT INTO setting (name, value) VALUES ('whole', 'done')")
        database.release()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(5)
    assert database.read("SELECT name FROM setting") == [("whole",)]
    database.close()


def test_a_store_is_set_aside_with_its_journal_and_another_begins(tmp_path: Path) -> None:
    path = tmp_path / "mail.sqlite"
    for tail in ("", "-wal"):
        path.with_name(path.name + tail).write_bytes(b"damaged" * 1000)
    for _ in range(2):
        aside = set_aside(path, "20260304-100000")
        assert aside.read_bytes().startswith(b"damaged")
        assert not path.exists()
        path.write_bytes(b"damaged again")
    path.unlink()
    Database(path, KEY).close()
    assert len(list(tmp_path.glob("mail-damaged-*.sqlite"))) == 2


def test_reads_end_quietly_when_their_store_closes(tmp_path: Path) -> None:
    database = Database(tmp_path / "mail.sqlite", KEY)
    reads = Reads(database)
    assert reads.one("SELECT COUNT(*) FROM setting") == (0,)
    reads.close()
    database.close()
    assert reads.one("SELECT COUNT(*) FROM setting") is None


def test_a_read_that_never_ends_is_interrupted_and_is_no_damage(tmp_path: Path) -> None:
    database = Database(tmp_path / "mail.sqlite", KEY)
    reads = Reads(database)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n"
    with pytest.raises(StoreTrouble) as caught:
        reads.all(endless, patience=0.1)
    assert caught.value.reason is StoreReason.LOCKED
    database.close()
