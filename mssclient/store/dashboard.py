"""What the dashboard counts, out of the registry, the outbox, the list of received documents and the filing journal."""

from __future__ import annotations

from datetime import date, datetime

from mssclient.domain.address import is_usager
from mssclient.domain.dashboard import Exchange, Kind
from mssclient.domain.identity import OID_DEMO, OID_TEST, Usager
from mssclient.store.codec import load
from mssclient.store.database import Database


def exchanges(database: Database, since: int, *, training: bool) -> list[Exchange]:
    """Everything from `since` (seconds) on. Days are the workstation's. A worker's read: it may take a second."""
    return [*_sent(database, since), *_plain(database, since), *_received(database, since, training=training),
            *_integrated(database, since)]  # fmt: skip


def _day(seconds: int) -> date:
    return datetime.fromtimestamp(seconds).astimezone().date()


def _sent(database: Database, since: int) -> list[Exchange]:
    rows = database.read(
        "SELECT o.sent, d.qualified, d.structure, d.author, d.action, (SELECT GROUP_CONCAT(address, ' ') FROM"
        " outbox_recipient r WHERE r.outbox_id = o.id) FROM shipment_document d JOIN outbox o ON o.draft_id = d.draft_id"
        " WHERE o.state IN ('sent', 'done') AND o.sent >= ?",
        (since,),
    )
    found = []
    for sent, qualified, structure, author, action, people in rows:
        if action in {"C", "D"}:
            kinds = {Kind.REPLACEMENTS if action == "C" else Kind.DELETIONS}
        else:
            kinds = {Kind.TO_USAGERS if is_usager(a) else Kind.TO_PROFESSIONALS for a in (people or "").split()}
        found += [Exchange(_day(sent), kind, bool(qualified), structure, author) for kind in kinds]
    return found


def _plain(database: Database, since: int) -> list[Exchange]:
    rows = database.read(
        "SELECT sent FROM outbox o WHERE state IN ('sent', 'done') AND sent >= ? AND NOT EXISTS"
        " (SELECT 1 FROM shipment_document d WHERE d.draft_id = o.draft_id)",
        (since,),
    )
    return [Exchange(_day(r[0]), Kind.MESSAGES, qualified=False) for r in rows]


def _received(database: Database, since: int, *, training: bool) -> list[Exchange]:
    rows = database.read(
        "SELECT received, key_valid, usager, organisation, author FROM document WHERE twin = 0 AND received >= ?",
        (since,),
    )
    found = []
    for received, key_valid, text, organisation, author in rows:
        usager = load(Usager, text) if text else None
        known = bool(key_valid == 1 and usager and usager.oid and (training or usager.oid not in {OID_TEST, OID_DEMO}))
        found.append(Exchange(_day(received), Kind.RECEIVED, known, organisation, author))
    return found


def _integrated(database: Database, since: int) -> list[Exchange]:
    rows = database.read(
        "SELECT f.at, d.key_valid FROM filing f LEFT JOIN document d ON d.id = f.document_id"
        " WHERE f.state = 'done' AND f.at >= ?",
        (since,),
    )
    return [Exchange(_day(r[0]), Kind.INTEGRATED, r[1] == 1) for r in rows]
