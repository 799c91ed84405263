"""What leaves: the durable outbox, the register of sent messages, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from mssclient.domain.bal import BalId
from mssclient.domain.draft import Draft, DraftId
from mssclient.domain.message import MessageId
from mssclient.domain.outbox import Fate, OutboxId, Outgoing, RecipientFate, SendEvent, SendState, step
from mssclient.store.database import Database


@dataclass(frozen=True, slots=True)
class Frozen:
    """A message made ready to leave."""

    bal_id: BalId
    sender: str
    subject: str
    header_id: str
    envelope_id: str
    raw: bytes
    recipients: tuple[tuple[str, str], ...]
    """Address and label."""
    ask_delivery: bool
    answers: MessageId | None
    answered_wish: str


_TAKEN = "'queued', 'sending', 'uncertain', 'sent', 'done'"


class OutboxStore:
    """The outbox. States move only along `domain.outbox.STEPS`, each step one durable transaction."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def queue(self, draft: Draft, frozen: Frozen, now: int, due: int) -> OutboxId:
        """Freeze a draft into the outbox. The draft is held, hidden, until the message has left or comes back."""
        with self._db.write() as sql:
            cursor = sql.execute(
                "INSERT INTO outbox (bal_id, draft_id, state, subject, sender, header_id, envelope_id, raw, size,"
                " ask_delivery, queued, due, answers, answered_wish) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (frozen.bal_id, draft.id, SendState.QUEUED.value, frozen.subject, frozen.sender, frozen.header_id,
                 frozen.envelope_id, frozen.raw, len(frozen.raw), frozen.ask_delivery, now, due, frozen.answers,
                 frozen.answered_wish),
            )  # fmt: skip
            sql.executemany(
                "INSERT INTO outbox_recipient (outbox_id, address, label, fate) VALUES (?, ?, ?, ?)",
                [(cursor.lastrowid, address, label, Fate.ACCEPTED.value) for address, label in frozen.recipients],
            )
            for address, _label in frozen.recipients:
                sql.execute(
                    "INSERT INTO frequent (address, count, last) VALUES (?, 1, ?)"
                    " ON CONFLICT (address) DO UPDATE SET count = count + 1, last = excluded.last",
                    (address, now),
                )
            # One that was refused and is sent anew, corrected, has had its time (FAILED, TAKEN_BACK).
            sql.execute(
                "UPDATE outbox SET state = 'cancelled', raw = NULL WHERE draft_id = ? AND state = 'failed'", (draft.id,)
            )
            sql.execute("UPDATE draft SET held = 1 WHERE id = ?", (draft.id,))
            return OutboxId(cursor.lastrowid)

    def under_way(self, draft_id: DraftId) -> bool:
        """Whether a draft waits in the outbox, left, or may have left: it is not queued a second time."""
        return self._db.one(f"SELECT 1 FROM outbox WHERE draft_id = ? AND state IN ({_TAKEN})", (draft_id,)) is not None

    def advance(
        self, outbox_id: OutboxId, event: SendEvent, *, due: int = 0, code: str = "", reason: str = "", now: int = 0
    ) -> SendState:
        """One step of the state machine; raises ValueError for an illegal one. On the disk when it returns."""
        with self._db.write() as sql:
            return advanced(sql, outbox_id, event, due=due, code=code, reason=reason, now=now)

    def hasten(self, outbox_id: OutboxId, now: int) -> None:
        """A waiting message may leave now, with the person's consent."""
        with self._db.write() as sql:
            sql.execute("UPDATE outbox SET due = ?, needs_consent = 0 WHERE id = ?", (now, outbox_id))

    def put_off(self, outbox_id: OutboxId, due: int, code: str = "") -> None:
        """Not before `due`: the line is down, or the operator wants it so (`code`)."""
        with self._db.write(durable=False) as sql:
            sql.execute(
                "UPDATE outbox SET due = ?, code = CASE WHEN ? = '' THEN code ELSE ? END WHERE id = ?",
                (due, code, code, outbox_id),
            )

    def ask_consent(self) -> list[OutboxId]:
        """A new sign-in: what was queued before is shown and confirmed, never sent silently (identity.md §3)."""
        with self._db.write() as sql:
            sql.execute("UPDATE outbox SET needs_consent = 1 WHERE state = 'queued'")
            return [OutboxId(r[0]) for r in sql.execute("SELECT id FROM outbox WHERE state = 'queued'").fetchall()]

    def due(self, now: int) -> list[OutboxId]:
        """What may leave now, oldest first."""
        rows = self._db.read(
            "SELECT id FROM outbox WHERE state = 'queued' AND due <= ? AND NOT needs_consent ORDER BY queued, id",
            (now,),
        )
        return [OutboxId(r[0]) for r in rows]

    def next_due(self) -> int | None:
        """When the next message wants to leave."""
        row = self._db.one("SELECT MIN(due) FROM outbox WHERE state = 'queued' AND NOT needs_consent")
        return row[0] if row else None

    def in_state(self, state: SendState, bal_id: BalId | None = None) -> list[OutboxId]:
        """Messages in a state, of one BAL or of all."""
        rows = self._db.read(
            "SELECT id FROM outbox WHERE state = ? AND (? IS NULL OR bal_id = ?) ORDER BY id",
            (state.value, bal_id, bal_id),
        )
        return [OutboxId(r[0]) for r in rows]

    def frozen(self, outbox_id: OutboxId) -> Frozen | None:
        """What is to be submitted; None once it has gone."""
        row = self._db.one(
            "SELECT bal_id, sender, subject, header_id, envelope_id, raw, ask_delivery, answers, answered_wish"
            " FROM outbox WHERE id = ? AND raw IS NOT NULL",
            (outbox_id,),
        )
        if row is None:
            return None
        people = self._db.read(
            "SELECT address, label FROM outbox_recipient WHERE outbox_id = ? ORDER BY rowid", (outbox_id,)
        )
        answers = None if row[7] is None else MessageId(row[7])
        return Frozen(BalId(row[0]), row[1], row[2], row[3], row[4], bytes(row[5]), tuple((p[0], p[1]) for p in people),
                      bool(row[6]), answers, row[8])  # fmt: skip

    def draft_of(self, outbox_id: OutboxId) -> DraftId | None:
        """The draft a message was made from."""
        row = self._db.one("SELECT draft_id FROM outbox WHERE id = ?", (outbox_id,))
        return DraftId(row[0]) if row else None

    def blame(self, outbox_id: OutboxId, recipients: Sequence[tuple[str, str, str]]) -> None:
        """Recipients the operator refused at once: address, code, its words."""
        with self._db.write() as sql:
            for address, code, reason in recipients:
                sql.execute(
                    "UPDATE outbox_recipient SET fate = ?, code = ?, reason = ? WHERE outbox_id = ? AND address = ?",
                    (Fate.FAILED.value, code, reason, outbox_id, address.lower()),
                )

    def copy_was_tried(self, outbox_id: OutboxId) -> bool:
        """Whether we ever began to put a copy into Sent: what stands there may then be ours."""
        row = self._db.one("SELECT copy_tried FROM outbox WHERE id = ?", (outbox_id,))
        return bool(row and row[0])

    def try_copy(self, outbox_id: OutboxId) -> None:
        """We are about to put a copy into Sent. Durable, before the first byte."""
        with self._db.write() as sql:
            sql.execute("UPDATE outbox SET copy_tried = 1 WHERE id = ?", (outbox_id,))

    def copy_made(self, outbox_id: OutboxId, uid: int, due: int) -> None:
        """Our copy stands under `uid` (0: not told); Sent is to be looked at once more at `due`, 0 for never."""
        with self._db.write() as sql:
            sql.execute("UPDATE outbox SET copy_uid = ?, copy_due = ? WHERE id = ?", (uid, due, outbox_id))

    def copies_due(self, bal_id: BalId) -> list[OutboxId]:
        """Messages whose copy is to be looked at once more, now or later."""
        rows = self._db.read(
            "SELECT id FROM outbox WHERE bal_id = ? AND copy_due > 0 AND state = 'done' ORDER BY id", (bal_id,)
        )
        return [OutboxId(r[0]) for r in rows]

    def copy_place(self, outbox_id: OutboxId) -> tuple[int, int]:
        """The uid of our copy, and when to look once more."""
        row = self._db.one("SELECT copy_uid, copy_due FROM outbox WHERE id = ?", (outbox_id,))
        return (row[0], row[1]) if row else (0, 0)

    def get(self, outbox_id: OutboxId) -> Outgoing | None:
        """One line."""
        found = outgoing(self._db.read, "o.id = ?", (outbox_id,))
        return found[0] if found else None


def advanced(
    sql: Any, outbox_id: OutboxId, event: SendEvent, *, due: int = 0, code: str = "", reason: str = "", now: int = 0
) -> SendState:
    """One step, within a transaction that is open."""
    row = sql.execute("SELECT state, draft_id FROM outbox WHERE id = ?", (outbox_id,)).fetchone()
    if row is None:
        raise ValueError("no such outgoing message")
    state = step(SendState(row[0]), event)
    sql.execute(
        "UPDATE outbox SET state = ?, code = ?, reason = ? WHERE id = ?", (state.value, code, reason, outbox_id)
    )
    if event is SendEvent.BEGIN:
        sql.execute("UPDATE outbox SET tries = tries + 1 WHERE id = ?", (outbox_id,))
    if due:
        sql.execute("UPDATE outbox SET due = ? WHERE id = ?", (due, outbox_id))
    if state is SendState.SENT:
        sql.execute("UPDATE outbox SET sent = ? WHERE id = ?", (now, outbox_id))
        sql.execute("DELETE FROM draft WHERE id = ?", (row[1],))
        sql.execute("DELETE FROM draft_attachment WHERE draft_id = ?", (row[1],))
    if state in {SendState.CANCELLED, SendState.FAILED}:
        sql.execute(
            f"UPDATE draft SET held = EXISTS (SELECT 1 FROM outbox WHERE draft_id = :id AND state IN ({_TAKEN}))"
            " WHERE id = :id",
            {"id": row[1]},
        )
    if state in {SendState.DONE, SendState.CANCELLED}:
        sql.execute("UPDATE outbox SET raw = NULL WHERE id = ?", (outbox_id,))
    return state


def moment(seconds: int | None) -> datetime | None:
    """Stored seconds as an aware time."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def outgoing(read: Any, where: str, values: tuple[Any, ...]) -> list[Outgoing]:
    """Outbox lines; `read` is a query method of a database or of a reader."""
    rows = read(
        "SELECT o.id, o.bal_id, o.state, o.subject, o.queued, o.due, o.sent, o.header_id, o.tries, o.code, o.reason,"
        " o.size, o.needs_consent, (SELECT m.id FROM message m JOIN folder f ON f.id = m.folder_id"
        "  WHERE m.header_id = o.header_id AND f.role = 'sent' LIMIT 1)"
        f" FROM outbox o WHERE {where}",
        values,
    )
    lines = []
    for r in rows:
        people = read(
            "SELECT address, label, fate, code, reason, at FROM outbox_recipient WHERE outbox_id = ? ORDER BY rowid",
            (r[0],),
        )
        fates = tuple(RecipientFate(p[0], p[1], Fate(p[2]), p[3], p[4], moment(p[5])) for p in people)
        copy = None if r[13] is None else MessageId(r[13])
        queued, due = (datetime.fromtimestamp(seconds, UTC) for seconds in r[4:6])
        lines.append(
            Outgoing(OutboxId(r[0]), BalId(r[1]), SendState(r[2]), r[3], fates, queued, due, moment(r[6]), r[7], r[8],
                     r[9], r[10], r[11], copy, bool(r[12]))
        )  # fmt: skip
    return lines
