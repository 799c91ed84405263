"""PDF files that came loose, without archive: which are to be fetched, and which stand on the list of documents."""

from __future__ import annotations

from dataclasses import dataclass

from mssclient.domain.message import MessageId, PartId
from mssclient.store.database import Database
from mssclient.store.documents import settle_message

_QUIET = "('sent', 'drafts', 'trash', 'junk')"
_PAPER = "(p.media_type = 'application/pdf' OR p.name LIKE '%.pdf')"
_ARCHIVE = "(x.is_xdm OR x.media_type IN ('text/xml', 'application/xml') OR x.name LIKE '%.xml')"
_FROM = "message m JOIN folder f ON f.id = m.folder_id JOIN part p ON p.message_id = m.id"
_RECEIVED = f"m.rank >= (? << 20) AND f.role NOT IN {_QUIET} AND m.uid > 0 AND p.attachment AND {_PAPER}"
_NO_COMPANION = "NOT EXISTS (SELECT 1 FROM companion c WHERE c.part_id = p.id)"
_ARCHIVES_READ = (
    "NOT EXISTS (SELECT 1 FROM part x WHERE x.message_id = m.id AND x.attachment"
    f" AND {_ARCHIVE} AND x.loading IN ('absent', 'coming') AND x.size <= ?)"
)
"""Before the archives of its message were read nobody knows whether a PDF is a document of its own."""


@dataclass(frozen=True, slots=True)
class LoosePaper:
    """A PDF that is here and stands on no line yet."""

    part_id: PartId
    message_id: MessageId
    name: str


class PaperStore:
    """Loose papers in the tables `part` and `document`. Each method is one transaction; any thread."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def missing(self, since: int, most: int, largest: int, message_id: MessageId | None = None) -> list[PartId]:
        """Papers of received mail to be fetched, newest first: messages from `since` on (seconds since 1970) or only this
        one of them, parts of `largest` bytes at most."""
        only, which = (" AND m.id = ?", (message_id,)) if message_id is not None else ("", ())
        rows = self._db.read(
            f"SELECT p.id FROM {_FROM} WHERE {_RECEIVED} AND p.loading = 'absent' AND p.size <= ? AND {_NO_COMPANION}"
            f" AND {_ARCHIVES_READ}{only} ORDER BY m.rank DESC LIMIT ?",
            (since, largest, largest, *which, most),
        )
        return [PartId(r[0]) for r in rows]

    def unlisted(self, message_id: MessageId, largest: int) -> list[LoosePaper]:
        """Papers of a message that are here and stand on no line; none while an archive of it is still to be read."""
        rows = self._db.read(
            f"SELECT p.id, p.name FROM {_FROM} WHERE m.id = ? AND {_RECEIVED} AND p.loading = 'here' AND {_NO_COMPANION}"
            f" AND {_ARCHIVES_READ} AND NOT EXISTS (SELECT 1 FROM document d WHERE d.part_id = p.id) ORDER BY p.id",
            (message_id, 0, largest),
        )
        return [LoosePaper(PartId(r[0]), message_id, r[1]) for r in rows]

    def waiting(self, since: int, most: int, largest: int) -> list[MessageId]:
        """Messages with a paper that is here and stands on no line, newest first."""
        rows = self._db.read(
            f"SELECT DISTINCT m.id, m.rank FROM {_FROM} WHERE {_RECEIVED} AND p.loading = 'here' AND {_NO_COMPANION}"
            f" AND {_ARCHIVES_READ} AND NOT EXISTS (SELECT 1 FROM document d WHERE d.part_id = p.id)"
            " ORDER BY m.rank DESC LIMIT ?",
            (since, largest, most),
        )
        return [MessageId(r[0]) for r in rows]

    # -- other renditions
    def pair(self, message_id: MessageId, found: dict[PartId, tuple[PartId, str]]) -> bool:
        """Which loose papers of a message show which document; whether that is news."""
        with self._db.write(durable=False) as sql:
            before = {
                r[0]: (r[1], r[2])
                for r in sql.execute(
                    "SELECT c.part_id, c.of_part, c.content FROM companion c JOIN part p ON p.id = c.part_id"
                    " WHERE p.message_id = ?",
                    (message_id,),
                )
            }
            if before == found:
                return False
            sql.execute(
                "DELETE FROM companion WHERE part_id IN (SELECT id FROM part WHERE message_id = ?)", (message_id,)
            )
            sql.executemany(
                "INSERT INTO companion (part_id, of_part, content) VALUES (?, ?, ?)",
                [(part_id, of_part, content) for part_id, (of_part, content) in found.items()],
            )
            sql.executemany(
                "DELETE FROM document WHERE part_id = ? AND loose AND state = 'new'", [(part_id,) for part_id in found]
            )
            settle_message(sql, message_id)
            return True

    def companion(self, part_id: PartId) -> tuple[PartId, str] | None:
        """The part and the document that a loose paper shows."""
        row = self._db.one("SELECT of_part, content FROM companion WHERE part_id = ?", (part_id,))
        return (PartId(row[0]), row[1]) if row else None

    def companions(self, part_id: PartId, content: str) -> list[PartId]:
        """The loose papers that show a document, by the key of its first rendition."""
        rows = self._db.read(
            "SELECT part_id FROM companion WHERE of_part = ? AND content = ? ORDER BY part_id", (part_id, content)
        )
        return [PartId(r[0]) for r in rows]
