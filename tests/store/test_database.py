"""The file itself: encrypted, migrated, refused kindly."""

from __future__ import annotations

from pathlib import Path

import pytest

from mssclient.domain.errors import StoreReason, StoreTrouble
from mssclient.store.database import Database, migrations

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


def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "mail.sqlite", KEY)
    with pytest.raises(KeyError), database.write() as sql:
        sql.execute("INSERT INTO setting (name, value) VALUES ('half', 'done')")
        raise KeyError
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
