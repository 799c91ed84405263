"""What is kept off line, and for how long: bodies and attachments go oldest first, the lists and the index stay."""

from __future__ import annotations

from mssclient.domain.message import MessageId
from mssclient.store.database import Database

_SOME = 50
# Drafts, documents that wait for the record system, and messages a person has just done something to stay whole.
_FREE = (
    "m.content_at > 0 AND m.state != 'to file'"
    " AND m.folder_id NOT IN (SELECT id FROM folder WHERE role = 'drafts')"
    " AND NOT EXISTS (SELECT 1 FROM document d WHERE d.message_id = m.id AND d.state = 'new')"
    " AND NOT EXISTS (SELECT 1 FROM pending_change p WHERE p.message_id = m.id)"
)


class RetentionStore:
    """Each method is short, or one short transaction. What goes can be fetched again as long as the operator has it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def used(self) -> int:
        """Bytes of bodies, attachments and pieces."""
        row = self._db.one(
            "SELECT (SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM part_bytes)"
            " + (SELECT COALESCE(SUM(LENGTH(text) + LENGTH(safe_html)), 0) FROM body)"
            " + (SELECT COALESCE(SUM(LENGTH(bytes)), 0) FROM piece)"
        )
        return int(row[0]) if row else 0

    def drop_older(self, before: int) -> list[MessageId]:
        """Content that came before a time, some at a time; whose."""
        return self._drop(f"{_FREE} AND m.content_at < ?", (before,))

    def drop_oldest(self) -> list[MessageId]:
        """The oldest content, some at a time; whose."""
        return self._drop(_FREE, ())

    def _drop(self, where: str, values: tuple[int, ...]) -> list[MessageId]:
        rows = self._db.read(
            f"SELECT m.id FROM message m WHERE {where} ORDER BY m.content_at, m.id LIMIT {_SOME}", values
        )
        ids = [(r[0],) for r in rows]
        if not ids:
            return []
        with self._db.write(durable=False) as sql:
            parts = "SELECT id FROM part WHERE message_id = ?"
            sql.executemany(f"DELETE FROM part_bytes WHERE part_id IN ({parts})", ids)
            sql.executemany(f"DELETE FROM piece WHERE part_id IN ({parts})", ids)
            sql.executemany("UPDATE part SET loading = 'absent' WHERE message_id = ?", ids)
            sql.executemany("DELETE FROM body WHERE message_id = ?", ids)
            sql.executemany("UPDATE message SET body = 'absent', content_at = 0 WHERE id = ?", ids)
        return [MessageId(i[0]) for i in ids]
