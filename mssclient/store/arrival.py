"""Messages that come in: a page of envelopes in one short transaction. Full text is indexed behind (`indexing.py`).

What can be asked once for all is asked here once: each statement costs more than the row it touches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from mssclient.domain.address import Correspondent, fold, is_usager, matricule_of, shown_label
from mssclient.domain.bal import BalId, FolderId, FolderRole
from mssclient.domain.headers import shown_subject, xdm_subject
from mssclient.domain.message import Envelope, Flag, MessageId, PartSpec, RowState, UsagerMark
from mssclient.store.rows import insert
from mssclient.store.threads import Threads

QUIET = frozenset({FolderRole.SENT, FolderRole.DRAFTS, FolderRole.TRASH, FolderRole.TRASHED, FolderRole.JUNK})
"""Folders whose mail waits for nobody to file it."""
TWO_DAYS_S = 172_800
_json = json.JSONEncoder(ensure_ascii=False).encode
_NO_LIST = "[]"
_COLUMNS = (
    "uid", "seen", "flagged", "answered", "forwarded", "mdn_sent", "modseq", "date", "size", "header_id", "subject",
    "subject_sort", "sender_label", "sender_address", "sender_kind", "sender_sort", "recipients", "reply_to", "in_reply_to",
    "refs", "headers", "attachments", "has_xdm", "state", "usager_name", "usager_birth", "usager_matricule",
    "usager_qualified",
)  # fmt: skip
_DATE, _SIZE, _HEADER_ID, _SUBJECT, _SORT = (
    _COLUMNS.index(name) for name in ("date", "size", "header_id", "subject", "subject_sort")
)
_ALL = ("id", "rank", "folder_id", "conversation", *_COLUMNS)
_INSERT = f"INSERT INTO message ({', '.join(_ALL)})"
_PART = (
    "INSERT INTO part (message_id, number, media_type, size, encoding, charset, name, content_id, attachment, is_xdm)"
)
_AGAIN = (
    "UPDATE message SET folder_id = ?, uid = ?, seen = ?, flagged = ?, answered = ?, forwarded = ?, mdn_sent = ?,"
    " modseq = ?, parked = 0 WHERE id = ?"
)


def pack(people: Iterable[Correspondent]) -> list[list[str]]:
    """Correspondents as JSON keeps them."""
    return [[p.label, p.address, p.kind.value] for p in people]


def is_xdm(part: PartSpec) -> bool:
    """Whether a part looks like a health-document archive or CDA, before its bytes are here."""
    name = part.name.lower()
    return name.endswith(".zip") and ("xdm" in name or "ihe" in name)


def rank_of(date: int, message_id: int) -> int:
    """The place of a message in time: seconds, then the id. Also its row id in the full-text index."""
    return date << 20 | message_id & 0xFFFFF


@lru_cache(maxsize=512)
def marks_of(flags: frozenset[str]) -> tuple[bool, bool, bool, bool, bool]:
    """seen, flagged, answered, forwarded, mdn_sent."""
    low = {f.lower() for f in flags}
    wanted = (Flag.SEEN, Flag.FLAGGED, Flag.ANSWERED, Flag.FORWARDED, Flag.MDN_SENT)
    return tuple(f.value.lower() in low for f in wanted)  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def _sender(sender: Correspondent) -> tuple[str, str, str, str]:
    return sender.label, sender.address, sender.kind.value, fold(shown_label(sender.label) or sender.address)[:80]


@lru_cache(maxsize=4096)
def _people(to: tuple[Correspondent, ...], cc: tuple[Correspondent, ...]) -> str:
    return _json({"to": pack(to), "cc": pack(cc)})


def _about(envelope: Envelope) -> UsagerMark | None:
    """Who a message seems to be about, from what its header shows (ECO.3.1.2); documents correct it later."""
    sender = envelope.sender.address
    if is_usager(sender):
        return UsagerMark(shown_label(envelope.sender.label), "", matricule_of(sender), qualified=True)
    return xdm_subject(envelope.subject)


_NOBODY = UsagerMark("", "", "", qualified=False)


def prepared(e: Envelope, *, quiet: bool) -> tuple[Any, ...]:
    """The values of `_COLUMNS`. Made outside the write lock."""
    received = int(e.received.timestamp())
    sent = int(e.sent.timestamp()) if e.sent else received
    attachments = [p for p in e.parts if p.attachment]
    archive = any(is_xdm(p) for p in attachments)
    papers = archive or any(p.media_type == "application/pdf" for p in attachments)
    usager = _about(e) or _NOBODY
    subject = shown_subject(e.subject)
    label, address, kind, sort = _sender(e.sender)
    return (
        e.uid, *marks_of(e.flags), e.modseq, max(0, sent if abs(sent - received) < TWO_DAYS_S else received), e.size,
        e.message_id, subject, fold(subject)[:80], label, address, kind, sort, _people(e.to, e.cc), e.reply_to,
        e.in_reply_to, _json(e.references) if e.references else _NO_LIST, _json(e.mss_headers), len(attachments), archive,
        (RowState.TO_FILE if papers and not quiet else RowState.NONE).value, usager.name, usager.birth_date,
        usager.matricule, usager.qualified,
    )  # fmt: skip


class Page:
    """New messages of one folder in one write transaction."""

    def __init__(self, sql: Any, bal_id: BalId, folder_id: FolderId, envelopes: Sequence[Envelope]) -> None:
        self._sql = sql
        self._folder_id = folder_id
        self._envelopes = envelopes
        uids = [e.uid for e in envelopes]
        marks = ",".join("?" * len(uids))
        known = sql.execute(f"SELECT uid FROM message WHERE folder_id = ? AND uid IN ({marks})", (folder_id, *uids))
        self._known = {r[0] for r in known}
        self._waiting = _Waiting(sql, bal_id, folder_id)
        last = sql.execute("SELECT seq FROM sqlite_sequence WHERE name = 'message'").fetchone()
        self._last = int(last[0]) if last else 0
        self._rows: list[tuple[Any, ...]] = []
        self._parts: list[tuple[Any, ...]] = []

    def insert(self, rows: Sequence[tuple[Any, ...]]) -> list[MessageId]:
        """The messages that were not here, with the values of `prepared`; those met again keep their id."""
        threads = Threads(self._sql, self._envelopes, [values[_SORT] for values in rows])
        found: list[MessageId] = []
        for at, (e, values) in enumerate(zip(self._envelopes, rows, strict=True)):
            if e.uid in self._known:
                continue
            self._known.add(e.uid)
            met = self._waiting.met(values)
            if met is not None:
                self._sql.execute(_AGAIN, (self._folder_id, e.uid, *values[1:7], met))
                found.append(met)
                continue
            # The rank needs the id, and stands in most indexes: both are given at once.
            self._last += 1
            message_id = MessageId(self._last)
            rank = rank_of(values[_DATE], message_id)
            self._rows.append((message_id, rank, self._folder_id, threads.of(at, message_id), *values))
            self._parts += [
                (message_id, p.number, p.media_type, p.size, p.encoding, p.charset, p.name, p.content_id, p.attachment,
                 is_xdm(p))
                for p in e.parts
            ]  # fmt: skip
            found.append(message_id)
        threads.keep()
        at = _ALL.index("conversation")
        insert(self._sql, _INSERT, [(*row[:at], threads.now(row[at]), *row[at + 1 :]) for row in self._rows])
        insert(self._sql, "INSERT INTO unindexed (message_id)", [row[:1] for row in self._rows])
        insert(self._sql, _PART, self._parts)
        threads.by_subject()
        return found


class _Waiting:
    """Rows under negative uids that may be met again: those of this folder after a new UIDVALIDITY or a move to an
    unknown uid, those of the whole BAL that are missing since a colleague moved them."""

    _WHERE = (
        "uid < 0 AND (folder_id = :folder OR (parked > 0 AND folder_id IN (SELECT id FROM folder WHERE bal_id = :bal)))"
    )

    def __init__(self, sql: Any, bal_id: BalId, folder_id: FolderId) -> None:
        self._sql = sql
        self._places = {"bal": bal_id, "folder": folder_id}
        own = "SELECT 1 FROM message WHERE folder_id = :folder AND uid < 0"
        elsewhere = "SELECT 1 FROM message WHERE parked > 0"
        self._any = bool(sql.execute(f"SELECT EXISTS ({own}) OR EXISTS ({elsewhere})", self._places).fetchone()[0])

    def met(self, values: tuple[Any, ...]) -> MessageId | None:
        """The row that this message was, with its body, marks and filings."""
        if not self._any:
            return None
        header, date = values[_HEADER_ID], values[_DATE]
        asked = {**self._places, "header": header, "date": date, "size": values[_SIZE], "subject": values[_SUBJECT]}
        alike = "" if header else " AND date = :date AND size = :size AND subject = :subject"
        row = self._sql.execute(
            f"SELECT id FROM message WHERE header_id = :header{alike} AND {self._WHERE}"
            " ORDER BY folder_id != :folder, id LIMIT 1",
            asked,
        ).fetchone()
        return MessageId(row[0]) if row else None
