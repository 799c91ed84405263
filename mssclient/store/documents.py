"""Received health documents, one line each: what is to be filed, what came twice, which version takes whose place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mssclient.domain import xdm
from mssclient.domain.address import fold
from mssclient.domain.bal import BalId
from mssclient.domain.documents import Archive, HealthDocument
from mssclient.domain.identity import Usager
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.worklist import (
    AsideReason,
    DocumentId,
    Received,
    Standing,
    WorkLine,
    WorkQuery,
    WorkState,
    standing,
)
from mssclient.store.codec import dump, load
from mssclient.store.database import Database, Reads

_QUIET = "('sent', 'drafts', 'trash', 'trashed', 'junk')"
_KNOWN = "id, unique_id, sha1, set_id, version, state, replaces, action"
_LINE = (
    "d.id, d.message_id, d.part_id, d.content, f.bal_id, d.state, d.reason, d.title, d.type_code, d.type_label, d.act_date,"
    " d.created, d.received, d.usager, d.key_valid, d.whole, d.author, d.organisation, d.version, d.set_id, d.unique_id,"
    " d.action, d.replaces, d.newer, d.twin, d.deletion"
)
_HOME = "document d JOIN message m ON m.id = d.message_id JOIN folder f ON f.id = m.folder_id"
_ORDER = {
    "received": "d.received", "act": "d.act_date", "title": "d.title_sort", "type": "d.type_label",
    "usager": "d.usager_sort", "author": "d.author_sort", "organisation": "d.organisation", "version": "d.version",
    "bal": "f.bal_id", "state": "d.state",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Arrived:
    """A document that was put on the list now, and how it stands to those before it."""

    id: DocumentId
    document: HealthDocument
    content: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class ReceiptWanted:
    """Who wants to hear what became of a message."""

    bal_id: BalId
    to: str
    header_id: str
    subject: str
    """As the list shows it."""


def looked_at(document: HealthDocument) -> str:
    """The key of the rendition one looks at first: its PDF, else the document itself."""
    pdf = next((c for c in document.contents if c.media_type == "application/pdf"), None)
    chosen = pdf or next(iter(document.contents), None)
    return xdm.key(document, chosen) if chosen else ""


class DocumentStore:
    """The table `document`. Each method is one transaction; any thread."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def take(self, part_id: PartId, archive: Archive, *, loose: bool = False) -> list[Arrived]:
        """Put an archive's documents on the list, once; nothing for what lies in Sent, Drafts, the trash or junk.
        `loose` says that it is no archive but a PDF by itself."""
        if not archive.documents:
            return []
        with self._db.write() as sql:
            home = sql.execute(
                "SELECT m.id, m.date FROM part p JOIN message m ON m.id = p.message_id JOIN folder f ON f.id = m.folder_id"
                f" WHERE p.id = ? AND f.role NOT IN {_QUIET}",
                (part_id,),
            ).fetchone()
            if home is None:
                return []
            found = []
            for number, document in enumerate(archive.documents):
                arrived = self._take(sql, home, part_id, number, document, loose=loose)
                if arrived is not None:
                    found.append(arrived)
            settle_message(sql, home[0])
            return found

    @staticmethod
    def _take(
        sql: Any, home: Sequence[int], part_id: PartId, number: int, document: HealthDocument, *, loose: bool
    ) -> Arrived | None:
        there = sql.execute("SELECT 1 FROM document WHERE part_id = ? AND number = ?", (part_id, number)).fetchone()
        if there:
            return None
        how = standing(document, _known_papers(sql, document) if loose else _known(sql, document))
        content = looked_at(document)
        cursor = sql.execute(
            f"INSERT INTO document ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})",
            (
                home[0],
                part_id,
                number,
                content,
                home[1],
                how.state.value,
                how.twin or 0,
                how.newer or 0,
                int(loose),
                *_values(document),
            ),
        )
        document_id = DocumentId(cursor.lastrowid)
        for earlier in how.replaced:
            sql.execute(
                "UPDATE document SET newer = ?, state = CASE state WHEN 'new' THEN 'replaced' ELSE state END WHERE id = ?",
                (document_id, earlier),
            )
            message = sql.execute("SELECT message_id FROM document WHERE id = ?", (earlier,)).fetchone()
            settle_message(sql, message[0])
        for earlier in how.deleted:
            sql.execute("UPDATE document SET deletion = 1 WHERE id = ?", (earlier,))
        return Arrived(document_id, document, content, how)

    def missing(self, since: int, most: int, largest: int) -> list[PartId]:
        """Archives of received mail that were not read yet, newest first: messages from `since` on (seconds since 1970),
        parts of `largest` bytes at most."""
        rows = self._db.read(
            "SELECT p.id FROM message m JOIN folder f ON f.id = m.folder_id JOIN part p ON p.message_id = m.id"
            f" WHERE m.rank >= (? << 20) AND f.role NOT IN {_QUIET} AND m.uid > 0 AND p.attachment"
            " AND (p.is_xdm OR p.media_type IN ('text/xml', 'application/xml') OR p.name LIKE '%.xml')"
            " AND p.loading = 'absent' AND p.size <= ? ORDER BY m.rank DESC LIMIT ?",
            (since, largest, most),
        )
        return [PartId(r[0]) for r in rows]

    def unlisted(self, most: int) -> list[tuple[PartId, Archive]]:
        """Archives that were read before this list existed."""
        rows = self._db.read(
            "SELECT a.part_id, a.content FROM archive a JOIN part p ON p.id = a.part_id JOIN message m ON"
            " m.id = p.message_id JOIN folder f ON f.id = m.folder_id WHERE m.documents > 0"
            f" AND f.role NOT IN {_QUIET}"
            " AND NOT EXISTS (SELECT 1 FROM document d WHERE d.part_id = a.part_id) ORDER BY a.part_id LIMIT ?",
            (most,),
        )
        found = [(PartId(r[0]), load(Archive, r[1])) for r in rows]
        return [(part_id, archive) for part_id, archive in found if archive.documents]

    def line(self, document_id: DocumentId) -> WorkLine | None:
        """One line."""
        row = self._db.one(f"SELECT {_LINE} FROM {_HOME} WHERE d.id = ?", (document_id,))
        return _line(row) if row else None

    def of_part(self, part_id: PartId, content: str) -> WorkLine | None:
        """The line of a rendition: by its key, else the only document of the part."""
        rows = self._db.read(f"SELECT {_LINE} FROM {_HOME} WHERE d.part_id = ? ORDER BY d.number", (part_id,))
        lines = [_line(r) for r in rows]
        return next((line for line in lines if line.content == content), lines[0] if len(lines) == 1 else None)

    def number(self, document_id: DocumentId) -> int:
        """The place of a document in its archive."""
        row = self._db.one("SELECT number FROM document WHERE id = ?", (document_id,))
        return int(row[0]) if row else 0

    def of_message(self, message_id: MessageId) -> list[WorkLine]:
        """The lines of a message."""
        rows = self._db.read(f"SELECT {_LINE} FROM {_HOME} WHERE d.message_id = ? ORDER BY d.id", (message_id,))
        return [_line(r) for r in rows]

    def is_outdated(self, set_id: str, version: int | None) -> bool:
        """Whether a newer version of the same set was filed (mssante.md §9: an older one is refused)."""
        row = self._db.one(
            "SELECT 1 FROM document WHERE set_id = ? AND set_id != '' AND state = 'filed' AND version > ?",
            (set_id, version or 0),
        )
        return row is not None

    def is_version_filed(self, set_id: str, version: int | None) -> bool:
        """Whether this very version was filed, under whatever id."""
        row = self._db.one(
            "SELECT 1 FROM document WHERE set_id = ? AND set_id != '' AND state = 'filed' AND version = ? AND version > 0",
            (set_id, version or 0),
        )
        return row is not None

    def mark(self, ids: Iterable[DocumentId], state: WorkState, reason: AsideReason | None = None) -> list[MessageId]:
        """Lines enter a state; the messages they belong to follow. Those messages."""
        messages: dict[MessageId, None] = {}
        with self._db.write() as sql:
            for document_id in ids:
                sql.execute(
                    "UPDATE document SET state = ?, reason = ? WHERE id = ?",
                    (state.value, reason.value if reason else "", document_id),
                )
                row = sql.execute("SELECT message_id FROM document WHERE id = ?", (document_id,)).fetchone()
                if row:
                    messages[MessageId(row[0])] = None
            for message_id in messages:
                settle_message(sql, message_id)
        return list(messages)

    def answered(self, message_id: MessageId, answer: str) -> bool:
        """Note the integration answer of a message; False when one was given before."""
        with self._db.write() as sql:
            row = sql.execute(
                "SELECT 1 FROM document WHERE message_id = ? AND answered != ''", (message_id,)
            ).fetchone()
            if row:
                return False
            sql.execute("UPDATE document SET answered = ? WHERE message_id = ?", (answer, message_id))
            return True

    def is_by_the_book(self, message_id: MessageId) -> bool:
        """Whether a message brought a document out of an archive or a CDA: what an integration answer speaks of."""
        row = self._db.one("SELECT 1 FROM document WHERE message_id = ? AND NOT loose", (message_id,))
        return row is not None

    def receipt_wanted(self, message_id: MessageId) -> ReceiptWanted | None:
        """Where the answer to a message goes, if its sender asked for one: `Disposition-Notification-To`, and only where it
        is the address the message came from (else a person is asked, ECO.3.1.6)."""
        row = self._db.one(
            "SELECT m.headers, m.header_id, m.subject, f.bal_id, m.sender_address FROM message m"
            " JOIN folder f ON f.id = m.folder_id WHERE m.id = ?",
            (message_id,),
        )
        if row is None:
            return None
        headers = dict(json.loads(row[0]))
        to = headers.get("disposition-notification-to", "").rpartition("<")[2].strip(" <>").lower()
        back = headers.get("return-path", "").strip(" <>").lower() or row[4]
        if not to or to != back:
            return None
        return ReceiptWanted(BalId(row[3]), to, row[1], row[2])


class DocumentReader:
    """The list for the screen, on its query-only connection."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def ids(self, query: WorkQuery) -> list[DocumentId]:
        """Every line that a query shows, in order."""
        values: dict[str, object] = {"bal": query.bal_id, "type": query.type_code}
        states = ", ".join(f"'{state.value}'" for state in sorted(query.states, key=lambda s: s.value))
        where = [f"d.state IN ({states})", f"f.role NOT IN {_QUIET}"]
        if query.bal_id is not None:
            where.append("f.bal_id = :bal")
        if query.type_code:
            where.append("d.type_code = :type")
        for number, word in enumerate(fold(query.words).split()[:8]):
            values[f"word{number}"] = f"%{word}%"
            where.append(f"d.words LIKE :word{number}")
        way = "DESC" if query.descending else "ASC"
        order = f"{_ORDER[query.sort]} {way}, d.id {way}"
        rows = self._reads.all(
            f"SELECT d.id FROM {_HOME} WHERE {' AND '.join(where)} ORDER BY {order}", values, patience=2
        )
        return [r[0] for r in rows]

    def lines(self, ids: list[DocumentId]) -> list[WorkLine]:
        """The lines of a page, in the order asked; those that vanished are left out."""
        if not ids:
            return []
        marks = ",".join("?" * len(ids))
        rows = self._reads.all(f"SELECT {_LINE} FROM {_HOME} WHERE d.id IN ({marks})", tuple(ids))
        known = {r[0]: _line(r) for r in rows}
        return [known[i] for i in ids if i in known]

    def count(self) -> int:
        """Documents that wait."""
        row = self._reads.one(f"SELECT COUNT(*) FROM {_HOME} WHERE d.state = 'new' AND f.role NOT IN {_QUIET}")
        return int(row[0]) if row else 0

    def types(self) -> list[tuple[str, str]]:
        """The types on the list: code and label."""
        rows = self._reads.all(
            "SELECT type_code, MAX(type_label) FROM document WHERE type_code != '' GROUP BY type_code ORDER BY 2 LIMIT 100"
        )
        return [(r[0], r[1]) for r in rows]

    def papers(self, part_id: PartId, content: str) -> list[PartId]:
        """The loose papers that show a document, by the key of its first rendition."""
        rows = self._reads.all(
            "SELECT part_id FROM companion WHERE of_part = ? AND content = ? ORDER BY part_id LIMIT 10",
            (part_id, content),
        )
        return [PartId(r[0]) for r in rows]

    def companions(self, message_id: MessageId) -> dict[PartId, tuple[PartId, str]]:
        """Loose papers of a message: the part and the document that each one shows."""
        rows = self._reads.all(
            "SELECT c.part_id, c.of_part, c.content FROM companion c JOIN part p ON p.id = c.part_id WHERE p.message_id = ?",
            (message_id,),
        )
        return {PartId(r[0]): (PartId(r[1]), r[2]) for r in rows}


_COLUMNS = (
    "message_id", "part_id", "number", "content", "received", "state", "twin", "newer", "loose", "unique_id", "set_id",
    "version", "sha1", "action", "replaces", "type_code", "type_label", "title", "act_date", "created", "author",
    "organisation", "usager", "usager_sort", "title_sort", "author_sort", "key_valid", "whole", "words",
)  # fmt: skip


def _values(d: HealthDocument) -> tuple[object, ...]:
    usager = d.usager
    name = " ".join((usager.birth_name, *usager.given)) if usager else ""
    spoken = (d.title, d.type_label, name, usager.used_name if usager else "", usager.matricule or "" if usager else "",
              d.author, d.organisation)  # fmt: skip
    key = -1 if d.key_valid is None else int(d.key_valid)
    whole = int(d.hash_ok is not False and d.size_ok is not False)
    return (
        d.unique_id, d.set_id or "", d.version or 0, d.sha1, d.action, json.dumps(list(d.replaces)), d.type_code,
        d.type_label, d.title, d.act_date or d.created, d.created, d.author, d.organisation, dump(usager) if usager else "",
        fold(f"{name} {usager.birth_date}" if usager else ""), fold(d.title or d.type_label), fold(d.author), key, whole,
        fold(" ".join(spoken)),
    )  # fmt: skip


def _known(sql: Any, document: HealthDocument) -> tuple[Received, ...]:
    """Lines that may be the same document, or another version of it."""
    meant = [i for i in (document.unique_id, *document.replaces) if i]
    marks = ",".join("?" * len(meant)) or "''"
    rows = sql.execute(
        f"SELECT {_KNOWN} FROM document WHERE unique_id IN ({marks})"
        f" UNION SELECT {_KNOWN} FROM document WHERE set_id = ? AND set_id != ''"
        f" UNION SELECT {_KNOWN} FROM document WHERE replaces != '[]' AND ? != '' AND replaces LIKE ?"
        " ORDER BY id LIMIT 200",
        (*meant, document.set_id or "", document.unique_id, f'%"{document.unique_id}"%'),
    ).fetchall()
    return tuple(
        Received(DocumentId(r[0]), r[1], r[2], r[3], r[4] or None, WorkState(r[5]), tuple(json.loads(r[6])), r[7])
        for r in rows
    )


def _known_papers(sql: Any, document: HealthDocument) -> tuple[Received, ...]:
    """Loose papers of the same bytes: they have no other name."""
    rows = sql.execute(
        f"SELECT {_KNOWN} FROM document WHERE loose AND sha1 = ? ORDER BY id LIMIT 20", (document.sha1,)
    ).fetchall()
    return tuple(
        Received(DocumentId(r[0]), r[1], r[2], r[3], r[4] or None, WorkState(r[5]), tuple(json.loads(r[6])), r[7])
        for r in rows
    )


def settle_message(sql: Any, message_id: int) -> None:
    """A message is to file while one of its documents is; filed when they are settled and at least one was filed."""
    states = {r[0] for r in sql.execute("SELECT state FROM document WHERE message_id = ?", (message_id,))}
    if not states:
        return
    state = "to file" if "new" in states else "filed" if "filed" in states else "none"
    sql.execute("UPDATE message SET state = ? WHERE id = ?", (state, message_id))


def _line(r: Sequence[Any]) -> WorkLine:
    return WorkLine(
        id=DocumentId(r[0]), message_id=MessageId(r[1]), part_id=PartId(r[2]), content=r[3], bal_id=BalId(r[4]),
        state=WorkState(r[5]), reason=AsideReason(r[6]) if r[6] else None, title=r[7], type_code=r[8], type_label=r[9],
        act_date=r[10], created=r[11], received=datetime.fromtimestamp(r[12], UTC),
        usager=load(Usager, r[13]) if r[13] else None, key_valid=None if r[14] < 0 else bool(r[14]), whole=bool(r[15]),
        author=r[16], organisation=r[17], version=r[18] or None, set_id=r[19], unique_id=r[20], action=r[21],
        replaces=r[22] != "[]", newer=DocumentId(r[23]) if r[23] else None, twin=DocumentId(r[24]) if r[24] else None,
        deletion=bool(r[25]),
    )  # fmt: skip
