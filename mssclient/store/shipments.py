"""Health documents of drafts, and the registry: who received which version of which document."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from mssclient.domain.bal import BalId
from mssclient.domain.consignment import Consignment, Order, Paper, PaperId, SentDocument, digest
from mssclient.domain.documents import Archive
from mssclient.domain.draft import AttachmentId, DraftId
from mssclient.domain.identity import Usager
from mssclient.domain.outbox import OutboxId, Outgoing
from mssclient.domain.packing import Packed
from mssclient.store.codec import dump, load
from mssclient.store.database import Database
from mssclient.store.outbox import outgoing

Read = Callable[..., list[Any]]
"""A query method of a database or of a reader: SQL, values."""


class ShipmentStore:
    """Consignments of drafts. What of them was sent is known by the outbox line of the same draft, never twice."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def get(self, draft_id: DraftId) -> Consignment | None:
        """The health documents of a draft."""
        return consignment(self._db.read, draft_id)

    def keep_order(self, draft_id: DraftId, order: Order) -> None:
        """What the person says of all documents."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO shipment (draft_id, content) VALUES (?, ?)"
                " ON CONFLICT (draft_id) DO UPDATE SET content = excluded.content",
                (draft_id, dump(order)),
            )

    def add_paper(self, draft_id: DraftId, paper: Paper, content: bytes) -> None:
        """One more document."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO shipment_paper (id, draft_id, place, content, bytes) VALUES (?, ?,"
                " (SELECT COALESCE(MAX(place), 0) + 1 FROM shipment_paper WHERE draft_id = ?), ?, ?)",
                (paper.id, draft_id, draft_id, dump(paper), content),
            )

    def keep_paper(self, paper: Paper) -> None:
        """What is said of one document; its bytes stay."""
        with self._db.write() as sql:
            sql.execute("UPDATE shipment_paper SET content = ? WHERE id = ?", (dump(paper), paper.id))

    def remove_paper(self, paper_id: PaperId) -> None:
        """One document less."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM shipment_paper WHERE id = ?", (paper_id,))

    def bytes_of(self, paper_id: PaperId) -> bytes:
        """The bytes of a document; empty for one that is not here."""
        row = self._db.one("SELECT bytes FROM shipment_paper WHERE id = ?", (paper_id,))
        return bytes(row[0]) if row else b""

    def built(
        self,
        draft_id: DraftId,
        stamp: str,
        subject: str,
        attachments: Sequence[AttachmentId],
        packed: Iterable[Packed],
    ) -> None:
        """The attachments were made; what they hold takes the place of what was made before."""
        rows = [
            (draft_id, p.unique_id, p.set_id, p.version, p.replaces, p.action, p.type_code, p.title, p.act_date,
             dump(p.usager), p.qualified, p.author, p.structure, zlib.compress(p.cda))
            for p in packed
        ]  # fmt: skip
        with self._db.write() as sql:
            sql.execute(
                "UPDATE shipment SET built = ?, subject = ?, attachments = ? WHERE draft_id = ?",
                (stamp, subject, " ".join(attachments), draft_id),
            )
            sql.execute("DELETE FROM shipment_document WHERE draft_id = ?", (draft_id,))
            sql.executemany(f"INSERT INTO shipment_document VALUES ({', '.join('?' * 14)})", rows)

    def cda_of(self, draft_id: DraftId, unique_id: str) -> bytes:
        """A document that was packed; empty for one that is not known."""
        row = self._db.one(
            "SELECT cda FROM shipment_document WHERE draft_id = ? AND unique_id = ?", (draft_id, unique_id)
        )
        return zlib.decompress(row[0]) if row else b""

    def set_origin(self, draft_id: DraftId, names: Sequence[str]) -> None:
        """Which files of the "to send" folder a draft came from, the one it is known by first; the shipment exists from
        then on."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO shipment (draft_id, content, origin) VALUES (?, ?, ?)"
                " ON CONFLICT (draft_id) DO UPDATE SET origin = excluded.origin",
                (draft_id, dump(Order()), "/".join(names)),
            )

    def queued(self, draft_id: DraftId, order: Order, packed: Iterable[Packed], names: Sequence[str]) -> None:
        """Documents that a program sends: kept before their message is queued, so that the registry knows them."""
        self.keep_order(draft_id, order)
        self.built(draft_id, "-", "", (), packed)
        self.set_origin(draft_id, names)

    def left_since(self, seconds: int) -> int:
        """How many messages the operator took since then: for limits."""
        row = self._db.one("SELECT COUNT(*) FROM outbox WHERE sent > ?", (seconds,))
        return int(row[0]) if row else 0

    def times_queued(self, draft_id: DraftId) -> int:
        """How often a message was made of this draft: a refused one may be asked for again."""
        row = self._db.one("SELECT COUNT(*) FROM outbox WHERE draft_id = ?", (draft_id,))
        return int(row[0]) if row else 0

    def has_left(self, draft_id: DraftId) -> bool:
        """Whether the operator took its message."""
        row = self._db.one("SELECT 1 FROM outbox WHERE draft_id = ? AND state IN ('sent', 'done')", (draft_id,))
        return row is not None

    def register(self) -> list[tuple[Outgoing, str]]:
        """Every message of the outbox, oldest first, with the file of the folder that it was asked for by."""
        rows = self._db.read("SELECT o.id, s.origin FROM outbox o JOIN shipment s ON s.draft_id = o.draft_id")
        origins: dict[int, str] = dict(rows)
        return [
            (line, str(origins.get(line.id, "")).partition("/")[0])
            for line in outgoing(self._db.read, "1 ORDER BY o.id", ())
        ]

    def origins(self) -> frozenset[str]:
        """What of the "to send" folder was taken: its draft lives, or its message is on its way or gone."""
        rows = self._db.read(
            "SELECT origin FROM shipment s WHERE origin != '' AND (EXISTS (SELECT 1 FROM draft d WHERE d.id = s.draft_id)"
            " OR EXISTS (SELECT 1 FROM outbox o WHERE o.draft_id = s.draft_id AND o.state != 'cancelled'))"
        )
        return frozenset(r[0].partition("/")[0] for r in rows)

    def untold(self) -> list[tuple[DraftId, str, tuple[str, ...], bool]]:
        """Drafts out of the "to send" folder whose fate the folder was not told: draft, the file it is known by, the
        others, and whether the operator took it."""
        rows = self._db.read(
            "SELECT s.draft_id, s.origin, o.state IN ('sent', 'done') FROM shipment s JOIN outbox o ON o.draft_id ="
            " s.draft_id WHERE s.origin != '' AND ((s.told != 'sent' AND o.state IN ('sent', 'done'))"
            " OR (s.told = '' AND o.state = 'failed'))"
        )
        names = [(r[0], r[1].split("/"), bool(r[2])) for r in rows]
        return [(DraftId(draft_id), found[0], tuple(found[1:]), sent) for draft_id, found, sent in names]

    def set_told(self, draft_id: DraftId, told: str) -> None:
        """The folder was told."""
        with self._db.write() as sql:
            sql.execute("UPDATE shipment SET told = ? WHERE draft_id = ?", (told, draft_id))

    def forget_gone(self) -> None:
        """Papers of drafts that left or were thrown away go. The registry's lines of what left stay."""
        gone = "NOT EXISTS (SELECT 1 FROM draft d WHERE d.id = {}.draft_id)"
        with self._db.write() as sql:
            sql.execute(f"DELETE FROM shipment_paper WHERE {gone.format('shipment_paper')}")
            left = "AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.draft_id = {0}.draft_id AND o.state != 'cancelled')"
            for table in ("shipment_document", "shipment"):
                sql.execute(f"DELETE FROM {table} WHERE {gone.format(table)} {left.format(table)}")


def consignment(read: Read, draft_id: DraftId) -> Consignment | None:
    """The health documents of a draft; None for a draft without."""
    rows = read("SELECT content, built, subject, attachments, origin FROM shipment WHERE draft_id = ?", (draft_id,))
    papers = tuple(
        load(Paper, r[0])
        for r in read("SELECT content FROM shipment_paper WHERE draft_id = ? ORDER BY place", (draft_id,))
    )
    if not rows and not papers:
        return None
    content, built, subject, attachments, origin = rows[0] if rows else (dump(Order()), "", "", "", "")
    order = load(Order, content)
    made = tuple(AttachmentId(each) for each in attachments.split())
    return Consignment(draft_id, order, papers, built != "" and built == digest(order, papers), subject, made, origin)


def sent_documents(read: Read, limit: int = 500) -> list[SentDocument]:
    """The registry, newest first: documents of messages that the operator accepted."""
    rows = read(
        "SELECT o.id, d.draft_id, d.unique_id, d.set_id, d.version, d.replaces, d.action, d.type_code, d.title,"
        " d.act_date, d.usager, d.qualified, o.bal_id, o.sent, d.author, d.structure,"
        " NOT EXISTS (SELECT 1 FROM shipment_document n JOIN outbox p ON p.draft_id = n.draft_id AND p.state IN"
        "  ('sent', 'done') WHERE n.rowid != d.rowid AND (n.replaces = d.unique_id OR"
        "  (n.unique_id = d.unique_id AND n.action = 'D') OR (n.set_id = d.set_id AND n.version > d.version)))"
        " FROM shipment_document d JOIN outbox o ON o.draft_id = d.draft_id AND o.state IN ('sent', 'done')"
        " ORDER BY o.sent DESC, d.rowid DESC LIMIT ?",
        (limit,),
    )
    found = []
    for r in rows:
        people = read("SELECT address, label FROM outbox_recipient WHERE outbox_id = ? ORDER BY rowid", (r[0],))
        found.append(
            SentDocument(
                OutboxId(r[0]), DraftId(r[1]), r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], load(Usager, r[10]),
                bool(r[11]), tuple((p[0], p[1]) for p in people), BalId(r[12]), datetime.fromtimestamp(r[13] or 0, UTC),
                r[14], r[15], bool(r[16]),
            )
        )  # fmt: skip
    return found


def known_usagers(read: Read, limit: int = 200) -> list[tuple[Usager, bool]]:
    """Usagers of documents that came or went, newest first, each once, and whether their INS was qualified there."""
    found: dict[tuple[str, str, str, str], tuple[Usager, bool]] = {}

    def note(usager: Usager | None, qualified: bool) -> None:
        if usager is not None and usager.birth_name:
            key = (
                usager.matricule or "",
                usager.birth_name,
                usager.given[0] if usager.given else "",
                usager.birth_date,
            )
            found.setdefault(key, (usager, qualified))

    for row in read("SELECT usager, qualified FROM shipment_document ORDER BY rowid DESC LIMIT ?", (limit,)):
        note(load(Usager, row[0]), bool(row[1]))
    for row in read("SELECT content FROM archive ORDER BY part_id DESC LIMIT ?", (limit,)):
        for document in load(Archive, row[0]).documents:
            note(document.usager, bool(document.key_valid and document.usager and document.usager.oid))
    return list(found.values())
