"""The wishes table: what the user wants done and the operator has not confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mssclient.domain.bal import BalId, FolderId
from mssclient.domain.changes import Change, ChangeId, Wish
from mssclient.domain.message import MessageId
from mssclient.store.database import Database

_COLUMN = {
    Wish.READ: ("seen", 1), Wish.UNREAD: ("seen", 0), Wish.FLAG: ("flagged", 1), Wish.UNFLAG: ("flagged", 0),
    Wish.ANSWERED: ("answered", 1), Wish.FORWARDED: ("forwarded", 1), Wish.MDN_SENT: ("mdn_sent", 1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pending:
    """One row of the table."""

    seq: int
    change: Change
    sent: bool
    copies_from: int = 0
    """Of a move that was asked for before as a copy: a copy of that try stands in the target at this uid or above; 0: not
    known."""


class ChangeStore:
    """Wishes, in the order they were uttered."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def add(self, changes: Iterable[Change]) -> None:
        """Keep wishes; durable, because the screen shows them as done."""
        with self._db.write() as sql:
            for c in changes:
                if sql.execute("SELECT 1 FROM message WHERE id = ?", (c.message_id,)).fetchone():
                    sql.execute(
                        "INSERT INTO pending_change (change_id, message_id, wish, target) VALUES (?, ?, ?, ?)",
                        (c.id, c.message_id, c.wish.value, c.target),
                    )

    def shown_marks(self, ids: Iterable[MessageId]) -> dict[MessageId, frozenset[Wish]]:
        """Which marks a wish would change, by message, as the screen shows them: READ for an unread one."""
        found = {}
        for message_id in ids:
            if row := self._db.one("SELECT shown_seen, shown_flagged FROM shown WHERE id = ?", (message_id,)):
                found[message_id] = frozenset(
                    {Wish.UNREAD if row[0] else Wish.READ, Wish.UNFLAG if row[1] else Wish.FLAG}
                )
        return found

    def of_bal(self, bal_id: BalId) -> list[Pending]:
        """Wishes on messages of a BAL, oldest first."""
        rows = self._db.read(
            "SELECT p.seq, p.change_id, p.message_id, p.wish, p.target, p.sent FROM pending_change p"
            " JOIN message m ON m.id = p.message_id JOIN folder f ON f.id = m.folder_id WHERE f.bal_id = ? AND m.parked = 0"
            " ORDER BY p.seq",
            (bal_id,),
        )
        return [_pending(r) for r in rows]

    def of(self, change_id: ChangeId) -> list[Pending]:
        """The wishes one act consists of that still stand."""
        rows = self._db.read(
            "SELECT seq, change_id, message_id, wish, target, sent FROM pending_change WHERE change_id = ?",
            (change_id,),
        )
        return [_pending(r) for r in rows]

    def receipt_is_sent(self, message_id: MessageId) -> bool:
        """Whether a read receipt was returned, here or elsewhere: one is enough."""
        row = self._db.one(
            "SELECT 1 FROM message WHERE id = :id AND mdn_sent UNION ALL"
            " SELECT 1 FROM pending_change WHERE message_id = :id AND wish = 'mdn sent'",
            {"id": message_id},
        )
        return row is not None

    def unsend(self, seqs: Iterable[int]) -> None:
        """They could not be asked for after all, and wait again."""
        with self._db.write() as sql:
            sql.executemany("UPDATE pending_change SET sent = 0 WHERE seq = ?", [(s,) for s in seqs])

    def withdraw(self, change_id: ChangeId) -> list[Pending]:
        """Take back what has not left; the rows withdrawn."""
        with self._db.write() as sql:
            rows = sql.execute(
                "SELECT seq, change_id, message_id, wish, target, sent FROM pending_change WHERE change_id = ? AND sent = 0",
                (change_id,),
            ).fetchall()
            sql.execute("DELETE FROM pending_change WHERE change_id = ? AND sent = 0", (change_id,))
        return [_pending(r) for r in rows]

    def mark_sent(self, seqs: Iterable[int], copies_from: int = 0) -> set[int]:
        """The operator is being asked: from here on undo wishes the opposite. Those that still stand: a wish that was
        withdrawn meanwhile must not be carried out. `copies_from`: see `Pending`; that of the first try stays."""
        told, found = max(1, copies_from), set[int]()
        with self._db.write() as sql:
            for seq in seqs:
                done = sql.execute("UPDATE pending_change SET sent = MAX(sent, 1) WHERE seq = ?", (seq,)).rowcount
                sql.execute("UPDATE pending_change SET sent = ? WHERE seq = ? AND sent = 1", (told, seq))
                found |= {seq} if done else set()
        return found

    def done(self, pendings: Iterable[Pending]) -> None:
        """The operator did it: truth takes the value in the same transaction in which the wish goes, so that the
        screen never flickers back."""
        with self._db.write() as sql:
            for p in pendings:
                if column := _COLUMN.get(p.change.wish):
                    sql.execute(f"UPDATE message SET {column[0]} = ? WHERE id = ?", (column[1], p.change.message_id))
                sql.execute("DELETE FROM pending_change WHERE seq = ?", (p.seq,))

    def back_out(self, seqs: Iterable[int]) -> None:
        """Refused for good: deleting the row is the back-out."""
        with self._db.write() as sql:
            sql.executemany("DELETE FROM pending_change WHERE seq = ?", [(s,) for s in seqs])


def _pending(r: tuple[int, str, int, str, int | None, int]) -> Pending:
    target = None if r[4] is None else FolderId(r[4])
    return Pending(
        r[0], Change(ChangeId(r[1]), MessageId(r[2]), Wish(r[3]), target), bool(r[5]), r[5] if r[5] > 1 else 0
    )
