"""Bodies, attachments and the documents read from them. Written by `fetch` only."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mssclient.domain.documents import Archive
from mssclient.domain.message import Loading, MessageId, PartId, PartSpec, RowState, UsagerMark
from mssclient.store.codec import dump, load
from mssclient.store.database import Database
from mssclient.store.indexing import owe


@dataclass(frozen=True, slots=True)
class PartPlace:
    """A part, and what is needed to fetch it."""

    id: PartId
    message_id: MessageId
    spec: PartSpec
    is_xdm: bool


@dataclass(frozen=True, slots=True)
class BodyRecord:
    """A body as it is kept: already sanitised, never foreign HTML as it came."""

    text: str
    safe_html: str = ""
    blocked_remote: int = 0
    receipt: str = ""
    problem: str = ""


class ContentStore:
    """Bodies, parts, archives. Each method is one transaction. What comes for a message that is gone is dropped: a colleague
    may delete it while it is fetched."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def set_body_loading(self, message_id: MessageId, loading: Loading) -> None:
        """Where the fetch of a body stands."""
        with self._db.write(durable=False) as sql:
            sql.execute("UPDATE message SET body = ? WHERE id = ?", (loading.value, message_id))

    def body_loading(self, message_id: MessageId) -> Loading | None:
        """Where the fetch of a body stands, None for a message that is gone."""
        row = self._db.one("SELECT body FROM message WHERE id = ?", (message_id,))
        return Loading(row[0]) if row else None

    def keep_body(self, message_id: MessageId, body: BodyRecord) -> None:
        """A body came; it is searchable from here on."""
        with self._db.write(durable=False) as sql:
            if not _stands(sql, "message", message_id):
                return
            sql.execute(
                "INSERT OR REPLACE INTO body (message_id, text, safe_html, blocked_remote, receipt, problem)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (message_id, body.text, body.safe_html, body.blocked_remote, body.receipt, body.problem),
            )
            loading = Loading.FAILED if body.problem else Loading.HERE
            sql.execute(
                "UPDATE message SET body = ?, content_at = ? WHERE id = ?",
                (loading.value, int(time.time()), message_id),
            )
            owe(sql, message_id)

    def parts(self, message_id: MessageId) -> list[PartPlace]:
        """The parts of a message, in order."""
        rows = self._db.read(f"SELECT {_PART} FROM part WHERE message_id = ? ORDER BY id", (message_id,))
        return [_place(r) for r in rows]

    def part(self, part_id: PartId) -> PartPlace | None:
        """One part."""
        row = self._db.one(f"SELECT {_PART} FROM part WHERE id = ?", (part_id,))
        return _place(row) if row else None

    def add_parts(self, message_id: MessageId, specs: Sequence[PartSpec]) -> None:
        """Parts that only the whole message showed; those known by number stay."""
        with self._db.write(durable=False) as sql:
            if not _stands(sql, "message", message_id):
                return
            for p in specs:
                sql.execute(
                    "INSERT OR IGNORE INTO part (message_id, number, media_type, size, encoding, charset, name,"
                    " content_id, attachment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        message_id,
                        p.number,
                        p.media_type,
                        p.size,
                        p.encoding,
                        p.charset,
                        p.name,
                        p.content_id,
                        p.attachment,
                    ),
                )
            sql.execute(
                "UPDATE message SET attachments = (SELECT COUNT(*) FROM part WHERE message_id = message.id AND attachment)"
                " WHERE id = ?",
                (message_id,),
            )

    def set_part_loading(self, part_id: PartId, loading: Loading) -> None:
        """Where the fetch of a part stands."""
        with self._db.write(durable=False) as sql:
            sql.execute("UPDATE part SET loading = ? WHERE id = ?", (loading.value, part_id))

    def keep_part(self, part_id: PartId, content: bytes, media_type: str, *, xdm: bool) -> None:
        """An attachment came; `media_type` and `xdm` from its bytes."""
        with self._db.write(durable=False) as sql:
            if not _stands(sql, "part", part_id):
                return
            sql.execute("INSERT OR REPLACE INTO part_bytes (part_id, bytes) VALUES (?, ?)", (part_id, content))
            sql.execute(
                "UPDATE part SET loading = 'here', size = ?, media_type = ?, is_xdm = ? WHERE id = ?",
                (len(content), media_type, xdm, part_id),
            )
            sql.execute("DELETE FROM piece WHERE part_id = ?", (part_id,))
            sql.execute(
                "UPDATE message SET content_at = ? WHERE id = (SELECT message_id FROM part WHERE id = ?)",
                (int(time.time()), part_id),
            )

    def keep_piece(self, part_id: PartId, start: int, content: bytes) -> None:
        """A piece of an attachment as it lies on the server."""
        with self._db.write(durable=False) as sql:
            if not _stands(sql, "part", part_id):
                return
            sql.execute(
                "INSERT OR REPLACE INTO piece (part_id, start, bytes) VALUES (?, ?, ?)", (part_id, start, content)
            )

    def pieces(self, part_id: PartId) -> bytes:
        """What came of an attachment so far, from its beginning on and without a gap."""
        found: list[bytes] = []
        have = 0
        for start, content in self._db.read(
            "SELECT start, bytes FROM piece WHERE part_id = ? ORDER BY start", (part_id,)
        ):
            if start != have:
                break
            found.append(bytes(content))
            have += len(content)
        return b"".join(found)

    def part_bytes(self, part_id: PartId) -> bytes | None:
        """An attachment's bytes, if they are here."""
        row = self._db.one("SELECT bytes FROM part_bytes WHERE part_id = ?", (part_id,))
        return bytes(row[0]) if row else None

    def keep_archive(self, part_id: PartId, archive: Archive, about: UsagerMark | None) -> None:
        """What an archive or CDA holds, and who it is about: METADATA.XML's word wins over the subject (ECO.2.1.2)."""
        with self._db.write(durable=False) as sql:
            if not _stands(sql, "part", part_id):
                return
            sql.execute("INSERT OR REPLACE INTO archive (part_id, content) VALUES (?, ?)", (part_id, dump(archive)))
            message_id = sql.execute("SELECT message_id FROM part WHERE id = ?", (part_id,)).fetchone()[0]
            if archive.documents:
                sql.execute(
                    "UPDATE message SET documents = ?, has_xdm = 1 WHERE id = ?", (len(archive.documents), message_id)
                )
            if about:
                sql.execute(
                    "UPDATE message SET usager_name = ?, usager_birth = ?, usager_matricule = ?, usager_qualified = ?"
                    " WHERE id = ?",
                    (about.name, about.birth_date, about.matricule, about.qualified, message_id),
                )
            owe(sql, message_id)

    def archive(self, part_id: PartId) -> Archive | None:
        """What an archive or CDA attachment holds, once read."""
        row = self._db.one("SELECT content FROM archive WHERE part_id = ?", (part_id,))
        return load(Archive, row[0]) if row else None

    def set_state(self, message_id: MessageId, state: RowState) -> None:
        """Where a message stands in the day's work."""
        with self._db.write() as sql:
            sql.execute("UPDATE message SET state = ? WHERE id = ?", (state.value, message_id))

    def forget_unfinished(self) -> None:
        """Fetches that an earlier run left half done are absent again."""
        with self._db.write(durable=False) as sql:
            sql.execute("UPDATE message SET body = 'absent' WHERE body = 'coming'")
            sql.execute("UPDATE part SET loading = 'absent' WHERE loading IN ('coming', 'failed')")


_PART = "id, message_id, number, media_type, size, encoding, charset, name, content_id, attachment, is_xdm"


def _stands(sql: Any, table: str, row_id: int) -> bool:
    return sql.execute(f"SELECT 1 FROM {table} WHERE id = ?", (row_id,)).fetchone() is not None


def _place(r: Sequence[Any]) -> PartPlace:
    spec = PartSpec(r[2], r[3], r[4], r[5], r[6], r[7], r[8], bool(r[9]))
    return PartPlace(PartId(r[0]), MessageId(r[1]), spec, bool(r[10]))
