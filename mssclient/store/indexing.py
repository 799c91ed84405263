"""The full-text index, written behind the lists: what came is queued with it, and taken newest first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from mssclient.domain.message import MessageId
from mssclient.store.database import Database

_NAMES = (
    "id", "rank", "subject", "sender_label", "sender_address", "recipients", "usager_name", "usager_matricule",
)  # fmt: skip
_INSERT = (
    "INSERT OR REPLACE INTO message_fts (rowid, subject, sender, recipients, body, attachments, usager)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)


def owe(sql: Any, message_id: MessageId | int) -> None:
    """In a write transaction: what is known of this message changed, its line has to be written anew."""
    sql.execute(
        "INSERT INTO unindexed (message_id) VALUES (?) ON CONFLICT DO UPDATE SET turn = turn + 1", (message_id,)
    )


def forget(sql: Any, ranks: Iterable[int]) -> None:
    """In a write transaction: these messages are gone."""
    sql.executemany("DELETE FROM message_fts WHERE rowid = ?", [(rank,) for rank in ranks])


class IndexStore:
    """The queue and the lines. Each method is one short transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def owed(self) -> int:
        """Messages that wait."""
        row = self._db.one("SELECT COUNT(*) FROM unindexed")
        return int(row[0]) if row else 0

    def write(self, limit: int) -> int:
        """The lines of some messages that wait, the latest arrivals first; how many. What they say is read before the
        lock is taken."""
        owed = self._db.read("SELECT message_id, turn FROM unindexed ORDER BY message_id DESC LIMIT ?", (limit,))
        if not owed:
            return 0
        wanted = [r[0] for r in owed]
        marks = ",".join("?" * len(wanted))
        rows = self._db.read(f"SELECT {', '.join(_NAMES)} FROM message WHERE id IN ({marks})", tuple(wanted))
        attached: dict[int, list[str]] = {}
        for message_id, name in self._db.read(
            f"SELECT message_id, name FROM part WHERE message_id IN ({marks}) AND name != ''", tuple(wanted)
        ):
            attached.setdefault(message_id, []).append(name)
        bodies: dict[int, str] = dict(self._db.read(f"SELECT message_id, text FROM body WHERE message_id IN ({marks})", tuple(wanted)))
        lines = [_line(row, " ".join(attached.get(row[0], ())), bodies.get(row[0], "")) for row in rows]
        with self._db.write(durable=False) as sql:
            # A message may have gone in the meantime: its line would outlive it.
            here = {r[0] for r in sql.execute(f"SELECT id FROM message WHERE id IN ({marks})", wanted)}
            sql.executemany(_INSERT, [line for row, line in zip(rows, lines, strict=True) if row[0] in here])
            sql.executemany("DELETE FROM unindexed WHERE message_id = ? AND turn = ?", owed)
        return len(owed)


def _line(row: tuple[Any, ...], names: str, body: str) -> tuple[Any, ...]:
    _id, rank, subject, label, address, recipients, usager, matricule = row
    people = json.loads(recipients)
    told = " ".join(f"{p[0]} {p[1]}" for p in people["to"] + people["cc"])
    return rank, subject, f"{label} {address}".replace("_", " "), told, body, names, f"{usager} {matricule}"
