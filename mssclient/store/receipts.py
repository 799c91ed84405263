"""What is heard of sent messages: reports matched, believed as far as their writer may speak, kept until their message is met.

A message sent from another station or program joins the register when something is heard of it: its copy in Sent says
that it is ours (mssante.md §6).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from mssclient.domain.address import fold
from mssclient.domain.outbox import Fate, OutboxId, Outgoing, SendEvent, SendState, later_fate
from mssclient.domain.receipts import Lost, Outcome, Report, believed, losses
from mssclient.store.codec import dump, load
from mssclient.store.database import Database
from mssclient.store.outbox import advanced, outgoing

MOST_WAITING = 2_000
WAITING_S = 90 * 86_400
QUOTED_WITHIN_S = 10 * 86_400
"""A returned message without ids was sent so long before its report at most."""
REGISTER = 1_000
"""Lines of the register that are looked through for those nothing was heard of."""
_SENT_COPY = (
    "SELECT m.id FROM message m JOIN folder f ON f.id = m.folder_id WHERE m.header_id = ? AND f.role = 'sent'"
    " AND m.parked = 0 ORDER BY m.id LIMIT 1"
)
_LEFT = ("sending", "uncertain", "sent", "done")


class ReceiptStore:
    """The fates in the register of sent messages. Each method is one transaction; any thread."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def hear(self, report: Report, at: int) -> OutboxId | None:
        """A report came, written at `at`: what it may say is kept under each recipient; the line it changed, or None.

        Matched by ENVID, then by the Message-ID it names (Original-Message-ID, the returned message), in the register or
        in any Sent folder, then by the returned subject and date. What matches nothing waits (`try_again`).
        """
        with self._db.write() as sql:
            outbox_id = _matched(sql, report, at)
            if outbox_id is not None:
                return OutboxId(outbox_id) if _keep(sql, outbox_id, report, at) else None
            if report.original_message_id or report.envelope_id:
                sql.execute(
                    "INSERT OR IGNORE INTO unheard (header_id, envelope_id, report, at) VALUES (?, ?, ?, ?)",
                    (report.original_message_id, report.envelope_id, dump(report), at),
                )
                sql.execute(
                    "DELETE FROM unheard WHERE at < ? OR id <= (SELECT MAX(id) FROM unheard) - ?",
                    (at - WAITING_S, MOST_WAITING),
                )
            return None

    def try_again(self) -> list[OutboxId]:
        """Reports that came before their message: those whose message is known now are kept; the lines they changed."""
        if self._db.one("SELECT 1 FROM unheard LIMIT 1") is None:
            return []
        met = self._db.read(
            "SELECT u.id, u.report, u.at FROM unheard u WHERE"
            " (u.envelope_id != '' AND EXISTS (SELECT 1 FROM outbox o WHERE o.envelope_id = u.envelope_id))"
            " OR (u.header_id != '' AND (EXISTS (SELECT 1 FROM outbox o WHERE o.header_id = u.header_id)"
            " OR EXISTS (SELECT 1 FROM message m JOIN folder f ON f.id = m.folder_id"
            " WHERE m.header_id = u.header_id AND f.role = 'sent' AND m.parked = 0))) ORDER BY u.at, u.id LIMIT 200"
        )
        changed: dict[OutboxId, None] = {}
        for number, text, at in met:
            with self._db.write() as sql:
                report = load(Report, text)
                outbox_id = _matched(sql, report, at)
                if outbox_id is not None and _keep(sql, outbox_id, report, at):
                    changed[OutboxId(outbox_id)] = None
                sql.execute("DELETE FROM unheard WHERE id = ?", (number,))
        return list(changed)

    def know_lost(self, outbox_id: OutboxId, at: int) -> None:
        """The person saw that it did not arrive: the line leaves the view, until something worse is heard; `at` 0 brings
        it back."""
        with self._db.write() as sql:
            sql.execute("UPDATE outbox SET known_lost = ? WHERE id = ?", (at, outbox_id))


def _matched(sql: Any, report: Report, at: int) -> int | None:
    """The register's line that a report is about; made from the copy in Sent for a message that left elsewhere."""
    marks = ", ".join(f"'{state}'" for state in _LEFT)
    for column, value in (("envelope_id", report.envelope_id), ("header_id", report.original_message_id)):
        row = (
            value
            and sql.execute(
                f"SELECT id FROM outbox WHERE {column} = ? AND state IN ({marks}) LIMIT 1", (value,)
            ).fetchone()
        )
        if row:
            return int(row[0])
    if report.original_message_id:
        copy = sql.execute(_SENT_COPY, (report.original_message_id,)).fetchone()
        return _joined(sql, copy[0]) if copy else None
    return _by_what_came_back(sql, report, at) if report.quoted_subject and not report.envelope_id else None


def _by_what_came_back(sql: Any, report: Report, at: int) -> int | None:
    """The only message of that subject that was sent to a recipient the report names, in the days before it."""
    wanted = fold(report.quoted_subject)
    sent = int(report.quoted_sent.timestamp()) if report.quoted_sent else None
    marks = ", ".join("?" * len(_LEFT))
    rows = sql.execute(
        f"SELECT id, subject, COALESCE(sent, queued) FROM outbox WHERE state IN ({marks})"
        " AND COALESCE(sent, queued) BETWEEN ? AND ? ORDER BY id DESC LIMIT 500",
        (*_LEFT, at - QUOTED_WITHIN_S, at + 3600),
    ).fetchall()
    found = [
        r[0]
        for r in rows
        if fold(r[1]) == wanted
        and (sent is None or abs(r[2] - sent) < 3600)
        and believed(report, _recipients(sql, r[0]))
    ]
    return int(found[0]) if len(found) == 1 else None


def _recipients(sql: Any, outbox_id: int) -> list[str]:
    found = sql.execute("SELECT address FROM outbox_recipient WHERE outbox_id = ? ORDER BY rowid", (outbox_id,))
    return [row[0] for row in found]


def _joined(sql: Any, message_id: int) -> int:
    """A line of the register for a message that another station or program sent: as the copy in Sent tells it."""
    bal_id, subject, sender, header, size, date, recipients = sql.execute(
        "SELECT f.bal_id, m.subject, m.sender_address, m.header_id, m.size, m.date, m.recipients FROM message m"
        " JOIN folder f ON f.id = m.folder_id WHERE m.id = ?",
        (message_id,),
    ).fetchone()
    cursor = sql.execute(
        "INSERT INTO outbox (bal_id, draft_id, state, subject, sender, header_id, envelope_id, size, ask_delivery, queued,"
        " due, sent) VALUES (?, '', ?, ?, ?, ?, '', ?, 0, ?, ?, ?)",
        (bal_id, SendState.DONE.value, subject, sender, header, size, date, date, date),
    )
    people = json.loads(recipients)
    sql.executemany(
        "INSERT OR IGNORE INTO outbox_recipient (outbox_id, address, label, fate) VALUES (?, ?, ?, ?)",
        [(cursor.lastrowid, p[1], p[0], Fate.ACCEPTED.value) for p in people["to"] + people["cc"] if p[1]],
    )
    return int(cursor.lastrowid)


def _keep(sql: Any, outbox_id: int, report: Report, at: int) -> bool:
    """What the report may say, under each recipient; whether anything is new."""
    heard = believed(report, _recipients(sql, outbox_id))
    news = False
    for outcome in heard:
        news |= _keep_one(sql, outbox_id, outcome, at)
    if heard:
        state = SendState(sql.execute("SELECT state FROM outbox WHERE id = ?", (outbox_id,)).fetchone()[0])
        if state is SendState.UNCERTAIN:
            # Nobody reports on a message that the operator did not take.
            advanced(sql, OutboxId(outbox_id), SendEvent.FOUND, now=at)
            news = True
    return news


def _keep_one(sql: Any, outbox_id: int, outcome: Outcome, at: int) -> bool:
    address, fate, code = sql.execute(
        "SELECT address, fate, code FROM outbox_recipient WHERE outbox_id = ? AND lower(address) = ?",
        (outbox_id, outcome.address),
    ).fetchone()
    known = Fate(fate)
    if later_fate(known, outcome.fate) is not outcome.fate:
        return False
    if known is outcome.fate and (code or not outcome.status):
        # The same word twice: the first one told when.
        return False
    sql.execute(
        "UPDATE outbox_recipient SET fate = ?, code = ?, reason = ?, at = ? WHERE outbox_id = ? AND address = ?",
        (outcome.fate.value, outcome.status, outcome.reason[:500], at, outbox_id, address),
    )
    if known is not outcome.fate:
        sql.execute("UPDATE outbox SET known_lost = 0 WHERE id = ?", (outbox_id,))
    return True


def lost(read: Any, now: datetime, silent_days: int) -> list[Lost]:
    """What did not arrive, newest first; `read` is a query method of a database or of a reader. Messages that wait for
    a person are here too; those a person said they know are not. `silent_days` 0: silence means nothing."""
    bad = ", ".join(f"'{fate.value}'" for fate in (Fate.FAILED, Fate.REFUSED, Fate.DELAYED))
    silent_after = timedelta(days=silent_days) if silent_days else timedelta.max
    before = int((now - silent_after).timestamp()) if silent_days else -1
    where = (
        "o.known_lost = 0 AND (o.state = 'failed' OR (o.state IN ('sent', 'done') AND (o.id IN"
        f" (SELECT outbox_id FROM outbox_recipient WHERE fate IN ({bad}))"
        " OR (o.ask_delivery AND o.sent <= ? AND o.id IN (SELECT outbox_id FROM outbox_recipient WHERE fate = 'accepted')))))"
        f" ORDER BY COALESCE(o.sent, o.queued) DESC, o.id DESC LIMIT {REGISTER}"
    )
    found: list[Outgoing] = outgoing(read, where, (before,))
    asked = _asking(read, found)
    told = [(line, losses(line, asked=line.id in asked, now=now, silent_after=silent_after)) for line in found]
    return [Lost(line, why) for line, why in told if why]


def _asking(read: Any, lines: Sequence[Outgoing]) -> set[OutboxId]:
    marks = ", ".join("?" * len(lines))
    rows = read(f"SELECT id FROM outbox WHERE ask_delivery AND id IN ({marks})", tuple(line.id for line in lines))
    return {OutboxId(r[0]) for r in rows}


def worst_fates(read: Any, header_ids: Sequence[str]) -> dict[str, Fate]:
    """Of some sent messages, by Message-ID, the fate that wants somebody first: what the list's line shows."""
    wanted = [header for header in dict.fromkeys(header_ids) if header]
    marks = ", ".join("?" * len(wanted))
    rows = read(
        "SELECT o.header_id, r.fate FROM outbox o JOIN outbox_recipient r ON r.outbox_id = o.id"
        f" WHERE o.header_id IN ({marks}) AND o.state IN ('sent', 'done')",
        tuple(wanted),
    )
    found: dict[str, set[Fate]] = {}
    for header, fate in rows:
        found.setdefault(header, set()).add(Fate(fate))
    return {header: min(fates, key=_URGENCY.index) for header, fates in found.items()}


_URGENCY = (Fate.REFUSED, Fate.FAILED, Fate.DELAYED, Fate.ACCEPTED, Fate.DELIVERED, Fate.READ, Fate.INTEGRATED)
