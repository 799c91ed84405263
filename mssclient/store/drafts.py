"""Drafts and their attachments: what is typed survives a crash."""

from __future__ import annotations

from collections.abc import Mapping

from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId
from mssclient.store.codec import dump, load
from mssclient.store.database import Database


class DraftStore:
    """Drafts of a person, local truth."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, draft: Draft, now: int) -> None:
        """Write a draft, whole. One whose message has left does not come back: a late autosave would double it."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO draft (id, bal_id, content, updated) SELECT :id, :bal, :content, :now WHERE NOT EXISTS"
                " (SELECT 1 FROM outbox WHERE draft_id = :id AND state IN ('sent', 'done')) ON CONFLICT (id) DO UPDATE SET"
                " bal_id = excluded.bal_id, content = excluded.content, updated = excluded.updated",
                {"id": draft.id, "bal": draft.bal_id, "content": dump(draft), "now": now},
            )

    def get(self, draft_id: DraftId) -> Draft | None:
        """One draft, with the attachments that are truly here."""
        row = self._db.one("SELECT content FROM draft WHERE id = ?", (draft_id,))
        return load(Draft, row[0]) if row else None

    def discard(self, draft_id: DraftId) -> None:
        """Forget a draft and its files."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM draft WHERE id = ?", (draft_id,))
            sql.execute("DELETE FROM draft_attachment WHERE draft_id = ?", (draft_id,))

    def attach(self, draft_id: DraftId, attachment: DraftAttachment, content: bytes) -> None:
        """Keep the bytes of an attached file."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT OR REPLACE INTO draft_attachment (id, draft_id, name, media_type, size, bytes)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (attachment.id, draft_id, attachment.name, attachment.media_type, attachment.size, content),
            )

    def detach(self, attachment_id: AttachmentId) -> None:
        """Forget an attached file."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM draft_attachment WHERE id = ?", (attachment_id,))

    def attached(self, draft_id: DraftId) -> tuple[DraftAttachment, ...]:
        """The files whose bytes are here."""
        rows = self._db.read(
            "SELECT id, name, media_type, size FROM draft_attachment WHERE draft_id = ? ORDER BY rowid", (draft_id,)
        )
        return tuple(DraftAttachment(AttachmentId(r[0]), r[1], r[2], r[3]) for r in rows)

    def bytes_of(self, draft_id: DraftId) -> Mapping[AttachmentId, bytes]:
        """The bytes of all attached files."""
        rows = self._db.read("SELECT id, bytes FROM draft_attachment WHERE draft_id = ?", (draft_id,))
        return {AttachmentId(r[0]): bytes(r[1]) for r in rows}
