"""What the operators said: mailboxes, folders, messages and their flags. Written by `watch` and `fetch` only."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from mssclient.domain import reports
from mssclient.domain.address import Correspondent, CorrespondentKind, fold
from mssclient.domain.bal import Bal, BalId, BalKind, FolderId, FolderRole, Link
from mssclient.domain.message import Envelope, MessageId
from mssclient.domain.sync import Known
from mssclient.store import removal
from mssclient.store.arrival import QUIET, Page, marks_of, prepared
from mssclient.store.database import Database

REMOVED_AT_ONCE = 200
PROVISIONAL = "\n"
"""Begins the mailbox name of a folder that the operator does not know yet: none of theirs can."""


@dataclass(frozen=True, slots=True)
class FolderSpec:
    """A folder as LIST shows it."""

    mailbox: str
    path: tuple[str, ...]
    role: FolderRole
    selectable: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message stands at its operator."""

    message_id: MessageId
    bal_id: BalId
    folder_id: FolderId
    mailbox: str
    uid: int


def unpack(people: Iterable[Sequence[str]]) -> tuple[Correspondent, ...]:
    """The inverse of `pack`."""
    return tuple(Correspondent(p[0], p[1], CorrespondentKind(p[2])) for p in people)


class MailStore:
    """The tables of server truth. Each method is one short transaction; any thread may call it."""

    def __init__(self, database: Database) -> None:
        self._db = database

    # -- mailboxes
    def keep_bal(self, address: str, kind: BalKind, label: str, *, own: bool) -> BalId:
        """The BAL's id, made on first sight. Letter and colour are chosen once."""
        with self._db.write() as sql:
            if row := sql.execute("SELECT id FROM bal WHERE address = ?", (address,)).fetchone():
                sql.execute(
                    "UPDATE bal SET kind = ?, label = ?, own = ? WHERE id = ?", (kind.value, label, own, row[0])
                )
                return BalId(row[0])
            taken = [r[0] for r in sql.execute("SELECT letter FROM bal")]
            # "Dr" and "Mme" would give half of the people the same letter.
            words = [w for w in fold(label or address).upper().split() if w not in {"DR", "PR", "MME", "M", "MR"}]
            wanted = [c for c in "".join(words) if c.isalpha()] + list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            letter = next((c for c in wanted if c not in taken), wanted[0])
            values = (address, kind.value, label, letter, len(taken), own)
            cursor = sql.execute(
                "INSERT INTO bal (address, kind, label, letter, colour, own) VALUES (?, ?, ?, ?, ?, ?)", values
            )
            return BalId(cursor.lastrowid)

    def set_link(self, bal_id: BalId, link: Link) -> None:
        """How the line to a BAL stands now."""
        with self._db.write(durable=False) as sql:
            sql.execute("UPDATE bal SET link = ? WHERE id = ?", (link.value, bal_id))

    def set_all_links(self, link: Link) -> None:
        """The same word for every BAL: at start and when a session ends."""
        with self._db.write(durable=False) as sql:
            sql.execute("UPDATE bal SET link = ?", (link.value,))

    def set_limits(self, bal_id: BalId, used: int, limit: int, max_size: int = 0) -> None:
        """Quota and greatest message, in bytes; a `max_size` of 0 keeps the known one."""
        with self._db.write(durable=False) as sql:
            sql.execute(
                "UPDATE bal SET quota_used = ?, quota_limit = ?, max_size = CASE WHEN ? > 0 THEN ? ELSE max_size END"
                " WHERE id = ?",
                (used, limit, max_size, max_size, bal_id),
            )

    def bal(self, bal_id: BalId) -> Bal | None:
        """One BAL."""
        row = self._db.one(f"SELECT {BAL_COLUMNS} FROM bal WHERE id = ?", (bal_id,))
        return bal_of(row) if row else None

    def addresses(self) -> dict[str, BalId]:
        """Every BAL this person opened, by address."""
        return {r[1]: BalId(r[0]) for r in self._db.read("SELECT id, address FROM bal ORDER BY id")}

    # -- folders
    def keep_folders(
        self, bal_id: BalId, specs: Sequence[FolderSpec], renamed: Mapping[str, str] = MappingProxyType({})
    ) -> bool:
        """The BAL has exactly these folders now, beside those a person has just wished for; whether anything changed.
        `renamed`: former name of a mailbox → its name now. A listing without INBOX is an accident and changes nothing."""
        inbox = next((s.mailbox for s in specs if s.mailbox.upper() == "INBOX"), None)
        if inbox is None:
            return False
        with self._db.write() as sql:
            for former, mailbox in renamed.items():
                sql.execute("UPDATE folder SET mailbox = ? WHERE bal_id = ? AND mailbox = ?", (mailbox, bal_id, former))
            known = {
                r[0]: tuple(r[1:])
                for r in sql.execute(
                    "SELECT mailbox, path, role, selectable, id FROM folder WHERE bal_id = ?", (bal_id,)
                )
                if not r[0].startswith(PROVISIONAL)
            }
            wanted = {
                s.mailbox: (json.dumps(s.path, ensure_ascii=False), s.role.value, int(s.selectable)) for s in specs
            }
            news = bool(renamed)
            for mailbox, values in wanted.items():
                if known.get(mailbox, ())[:3] != values:
                    news = True
                    sql.execute(
                        "INSERT INTO folder (bal_id, mailbox, path, role, selectable) VALUES (?, ?, ?, ?, ?)"
                        " ON CONFLICT (bal_id, mailbox) DO UPDATE SET path = excluded.path, role = excluded.role,"
                        " selectable = excluded.selectable",
                        (bal_id, mailbox, *values),
                    )
            find = "SELECT id FROM folder WHERE bal_id = ? AND mailbox = ?"
            refuge = FolderId(sql.execute(find, (bal_id, inbox)).fetchone()[0])
            for mailbox in known.keys() - wanted.keys():
                news = True
                removal.without_folder(sql, known[mailbox][3], refuge, int(time.time()))
                sql.execute("DELETE FROM folder WHERE id = ?", (known[mailbox][3],))
            return news

    def folder(self, folder_id: FolderId) -> tuple[BalId, str, FolderRole] | None:
        """BAL, server name and role of a folder."""
        row = self._db.one("SELECT bal_id, mailbox, role FROM folder WHERE id = ?", (folder_id,))
        return (BalId(row[0]), row[1], FolderRole(row[2])) if row else None

    def folders(self, bal_id: BalId) -> list[tuple[FolderId, str, FolderRole]]:
        """Selectable folders of a BAL: INBOX first, then the others as listed."""
        rows = self._db.read(
            "SELECT id, mailbox, role FROM folder WHERE bal_id = ? AND selectable ORDER BY role != 'inbox', id",
            (bal_id,),
        )
        return [(FolderId(r[0]), r[1], FolderRole(r[2])) for r in rows]

    def folder_for(self, bal_id: BalId, role: FolderRole) -> tuple[FolderId, str] | None:
        """The folder of a BAL that plays a role."""
        row = self._db.one(
            "SELECT id, mailbox FROM folder WHERE bal_id = ? AND role = ? AND selectable ORDER BY id LIMIT 1",
            (bal_id, role.value),
        )
        return (FolderId(row[0]), row[1]) if row else None

    def known(self, folder_id: FolderId) -> Known | None:
        """What sync compares with what it sees."""
        row = self._db.one(
            "SELECT uidvalidity, uidnext, modseq, complete,"
            " (SELECT COUNT(*) FROM message WHERE folder_id = folder.id AND uid > 0),"
            " (SELECT COUNT(*) FROM message WHERE folder_id = folder.id AND seen = 0 AND +uid > 0) FROM folder WHERE id = ?",
            (folder_id,),
        )
        return Known(row[0], row[1], row[2], row[4], bool(row[3]), row[5]) if row else None

    def set_position(self, folder_id: FolderId, uidvalidity: int, uidnext: int, modseq: int, *, complete: bool) -> None:
        """How far the folder was read. Written after the messages it speaks of, never before."""
        with self._db.write(durable=False) as sql:
            sql.execute(
                "UPDATE folder SET uidvalidity = ?, uidnext = ?, modseq = ?, complete = ? WHERE id = ?",
                (uidvalidity, uidnext, modseq, complete, folder_id),
            )

    def set_counts(self, folder_id: FolderId, total: int, unseen: int) -> bool:
        """What STATUS said; whether it is news."""
        with self._db.write(durable=False) as sql:
            done = sql.execute(
                "UPDATE folder SET server_total = ?, server_unseen = ?"
                " WHERE id = ? AND (server_total != ? OR server_unseen != ?)",
                (total, unseen, folder_id, total, unseen),
            )
            return bool(done.rowcount)

    # -- messages
    def uids(self, folder_id: FolderId) -> set[int]:
        """The uids in the store."""
        return {r[0] for r in self._db.read("SELECT uid FROM message WHERE folder_id = ? AND uid > 0", (folder_id,))}

    def add(self, folder_id: FolderId, envelopes: Sequence[Envelope]) -> list[MessageId]:
        """Insert new messages, at most 400 for one short transaction; those already there are left alone.

        After a UIDVALIDITY change a row of the same Message-ID is taken up again, with its body, marks and filings.
        """
        folder = self.folder(folder_id)
        if folder is None or not envelopes:
            return []
        quiet = folder[2] in QUIET
        rows = [prepared(e, quiet=quiet) for e in envelopes]
        with self._db.write(durable=False) as sql:
            return Page(sql, folder[0], folder_id, envelopes).insert(rows)

    def set_flags(self, folder_id: FolderId, flags: Sequence[tuple[int, frozenset[str], int]]) -> bool:
        """Server flags by uid; whether any row changed."""
        changed = 0
        with self._db.write(durable=False) as sql:
            for uid, marks, modseq in flags:
                seen = marks_of(marks)
                values = (*seen, modseq, folder_id, uid, *seen)
                changed += sql.execute(
                    "UPDATE message SET seen = ?, flagged = ?, answered = ?, forwarded = ?, mdn_sent = ?, modseq = ?"
                    " WHERE folder_id = ? AND uid = ?"
                    " AND (seen, flagged, answered, forwarded, mdn_sent) != (?, ?, ?, ?, ?)",
                    values,
                ).rowcount
        return bool(changed)

    def remove(self, folder_id: FolderId, uids: Iterable[int]) -> int:
        """Messages that left a folder at the operator; how many. What a person did to them waits for them elsewhere."""
        wanted, count = list(uids), 0
        for at in range(0, len(wanted), REMOVED_AT_ONCE):
            with self._db.write(durable=False) as sql:
                count += removal.missing(sql, folder_id, wanted[at : at + REMOVED_AT_ONCE], int(time.time()))
        return count

    def erased(self, ids: Iterable[MessageId]) -> None:
        """Deleted for good by the person: nothing of them waits anywhere."""
        with self._db.write() as sql:
            for message_id in ids:
                removal.drop(sql, "id = ?", (message_id,))

    def void_uids(self, folder_id: FolderId, uidvalidity: int) -> None:
        """A new UIDVALIDITY: keep the rows, under negative uids, until `add` meets them again. Written before the first
        message of the new listing: the folder's UIDVALIDITY is always that of its uids above zero."""
        with self._db.write() as sql:
            removal.renumbered(sql, folder_id, uidvalidity)

    def drop_void(self, folder_id: FolderId) -> int:
        """After a whole new listing: rows that were not met again are gone."""
        with self._db.write(durable=False) as sql:
            return removal.not_met_again(sql, folder_id, int(time.time()))

    def drop_parked(self) -> int:
        """What was missing for long is gone; how many."""
        before = int(time.time()) - removal.PARKED_S
        if not self._db.one("SELECT 1 FROM message WHERE parked > 0 AND parked < ? LIMIT 1", (before,)):
            return 0
        with self._db.write(durable=False) as sql:
            return removal.drop(sql, "parked > 0 AND parked < ?", (before,))

    def moved_somewhere(self, message_id: MessageId, folder_id: FolderId) -> None:
        """Moved, to a uid the operator did not tell: the row waits in its new folder until `add` meets it again, so that
        its body, marks and filings go with it."""
        with self._db.write() as sql:
            sql.execute("UPDATE message SET folder_id = ?, uid = -id WHERE id = ?", (folder_id, message_id))

    def moved(self, message_id: MessageId, folder_id: FolderId, uid: int) -> None:
        """A message has a new place, known by COPYUID (RFC 4315): its body and marks go with it."""
        with self._db.write() as sql:
            removal.moved(sql, message_id, folder_id, uid)

    def shown_folders(self, ids: Iterable[MessageId]) -> dict[MessageId, FolderId]:
        """Where the screen shows messages, wishes applied: what a person means by "here"."""
        found = {}
        for message_id in ids:
            if row := self._db.one("SELECT shown_folder FROM shown WHERE id = ?", (message_id,)):
                found[message_id] = FolderId(row[0])
        return found

    def places(self, ids: Iterable[MessageId]) -> list[Place]:
        """Where messages stand at their operator."""
        found = []
        for message_id in ids:
            row = self._db.one(
                "SELECT m.id, f.bal_id, f.id, f.mailbox, m.uid FROM message m JOIN folder f ON f.id = m.folder_id"
                " WHERE m.id = ?",
                (message_id,),
            )
            if row:
                found.append(Place(MessageId(row[0]), BalId(row[1]), FolderId(row[2]), row[3], row[4]))
        return found

    def origin(self, message_id: MessageId) -> tuple[str, str, datetime, str] | None:
        """Sender, BAL, time and Message-ID of a message: what a sidecar says of where a document came from."""
        row = self._db.one(
            "SELECT m.sender_address, b.address, m.date, m.header_id FROM message m JOIN folder f ON f.id = m.folder_id"
            " JOIN bal b ON b.id = f.bal_id WHERE m.id = ?",
            (message_id,),
        )
        return (row[0], row[1], datetime.fromtimestamp(row[2], UTC), row[3]) if row else None

    def looks_like_report(self, message_id: MessageId) -> bool:
        """Whether a message may be an automatic answer about one we sent, and deserves to be read whole."""
        row = self._db.one("SELECT headers, subject, sender_address, size FROM message WHERE id = ?", (message_id,))
        return row is not None and reports.may_be(dict(json.loads(row[0])), row[1], row[2], row[3])

    def by_header(self, header_id: str) -> list[MessageId]:
        """Messages with this Message-ID, any folder."""
        if not header_id:
            return []
        return [MessageId(r[0]) for r in self._db.read("SELECT id FROM message WHERE header_id = ?", (header_id,))]


BAL_COLUMNS = "id, address, kind, label, letter, colour, own, link, quota_used, quota_limit, max_size"


def bal_of(row: Sequence[Any]) -> Bal:
    """A BAL from `BAL_COLUMNS`."""
    return Bal(
        BalId(row[0]),
        row[1],
        BalKind(row[2]),
        row[3],
        row[4],
        row[5],
        bool(row[6]),
        Link(row[7]),
        row[8],
        row[9],
        row[10],
    )
