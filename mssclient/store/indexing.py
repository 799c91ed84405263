"""The full-text index, written behind the lists: what came is queued with it, and taken newest first."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from mssclient.domain import reports
from mssclient.domain.message import MessageId, PartId
from mssclient.store.database import Database

_NAMES = (
    "id", "rank", "subject", "sender_label", "sender_address", "recipients", "usager_name", "usager_matricule", "headers",
    "size", "body",
)  # fmt: skip
_INSERT = (
    "INSERT OR REPLACE INTO message_fts (rowid, subject, sender, recipients, body, attachments, usager, documents)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
REPORTS_S = 60 * 86_400
"""Reports so old say nothing that somebody waits for."""
MOST_DOCUMENTS = 1_000_000
"""Characters of documents in one line."""


@dataclass(frozen=True, slots=True)
class Written:
    """What one round wrote."""

    count: int
    reports: tuple[MessageId, ...] = ()
    """Messages that may say what became of a sent one, and whose words are not here."""


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

    def write(self, limit: int, now: int = 0) -> Written:
        """The lines of some messages that wait, the latest arrivals first. What they say is read before the lock is
        taken. Reports older than `REPORTS_S` at `now` are not named."""
        owed = self._db.read("SELECT message_id, turn FROM unindexed ORDER BY message_id DESC LIMIT ?", (limit,))
        if not owed:
            return Written(0)
        wanted = [r[0] for r in owed]
        marks = ",".join("?" * len(wanted))
        rows = self._db.read(f"SELECT {', '.join(_NAMES)} FROM message WHERE id IN ({marks})", tuple(wanted))
        names = self._gathered("SELECT message_id, name FROM part WHERE name != '' AND message_id IN", wanted)
        bodies = self._gathered("SELECT message_id, text FROM body WHERE message_id IN", wanted)
        texts = self._gathered(
            "SELECT p.message_id, t.text FROM part_text t JOIN part p ON p.id = t.part_id WHERE p.message_id IN", wanted
        )
        lines = [
            _line(row, names.get(row[0], ""), bodies.get(row[0], ""), texts.get(row[0], "")[:MOST_DOCUMENTS])
            for row in rows
        ]
        with self._db.write(durable=False) as sql:
            # A message may have gone in the meantime: its line would outlive it.
            here = {r[0] for r in sql.execute(f"SELECT id FROM message WHERE id IN ({marks})", wanted)}
            kept = [line for row, line in zip(rows, lines, strict=True) if row[0] in here]
            # In the index's own order: it writes out all it holds before it takes a row that stands before the last one.
            sql.executemany(_INSERT, sorted(kept))
            sql.executemany("DELETE FROM unindexed WHERE message_id = ? AND turn = ?", owed)
        absent = (r for r in rows if r[10] == "absent" and r[1] > (now - REPORTS_S) << 20)
        met = [MessageId(r[0]) for r in absent if reports.may_be(dict(json.loads(r[8])), r[2], r[4], r[9])]
        return Written(len(owed), tuple(met))

    def _gathered(self, sql: str, ids: list[int]) -> dict[int, str]:
        """Texts by message, those of one joined."""
        found: dict[int, list[str]] = {}
        for message_id, text in self._db.read(f"{sql} ({','.join('?' * len(ids))})", tuple(ids)):
            found.setdefault(message_id, []).append(text)
        return {message_id: " ".join(pieces) for message_id, pieces in found.items()}

    def reports_since(self, now: int, limit: int = 500) -> list[MessageId]:
        """Messages of the last weeks that may be reports and whose words are not here: an earlier run did not fetch them."""
        rows = self._db.read(
            "SELECT id, headers, subject, sender_address, size FROM message WHERE rank > ? AND body = 'absent' AND uid > 0"
            " ORDER BY rank DESC LIMIT 20000",
            ((now - REPORTS_S) << 20,),
        )
        met = [MessageId(r[0]) for r in rows if reports.may_be(dict(json.loads(r[1])), r[2], r[3], r[4])]
        return met[:limit]

    def unread_documents(self, limit: int) -> list[PartId]:
        """Attachments that are here and whose text was not looked for yet, the latest first."""
        rows = self._db.read(
            "SELECT b.part_id FROM part_bytes b WHERE b.part_id NOT IN (SELECT part_id FROM part_text)"
            " ORDER BY b.part_id DESC LIMIT ?",
            (limit,),
        )
        return [PartId(r[0]) for r in rows]

    def keep_text(self, part_id: PartId, text: str) -> None:
        """What a document says; its message's line is written anew when it says anything."""
        with self._db.write(durable=False) as sql:
            row = sql.execute("SELECT message_id FROM part WHERE id = ?", (part_id,)).fetchone()
            if row is not None:
                sql.execute("INSERT OR REPLACE INTO part_text (part_id, text) VALUES (?, ?)", (part_id, text))
                if text:
                    owe(sql, row[0])


def _line(row: tuple[Any, ...], names: str, body: str, documents: str) -> tuple[Any, ...]:
    _id, rank, subject, label, address, recipients, usager, matricule = row[:8]
    people = json.loads(recipients)
    told = " ".join(f"{p[0]} {p[1]}" for p in people["to"] + people["cc"])
    return rank, subject, f"{label} {address}".replace("_", " "), told, body, names, f"{usager} {matricule}", documents
