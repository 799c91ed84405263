"""What is known of the drafts that stand in the operators' Drafts folders: which version, where, and who changed it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mssclient.domain.bal import BalId
from mssclient.domain.draft import Draft, DraftId
from mssclient.domain.draft_copy import Choice, Rival
from mssclient.domain.message import MessageId
from mssclient.store.codec import dump, load
from mssclient.store.database import Database

_COLUMNS = (
    "draft_id, bal_id, revision, uid, uidvalidity, size, digest, next_revision, next_size, next_digest, rival, choice"
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A version of a draft: its revision, its weight on the wire in bytes, and the digest of the draft it holds."""

    revision: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class ServerCopy:
    """One draft in one BAL's Drafts folder. Without `held.revision` nothing of ours stands there, or another client's."""

    draft_id: DraftId
    bal_id: BalId
    held: Standing
    uid: int
    uidvalidity: int
    coming: Standing
    """On its way: committed before the first byte leaves."""
    rival: Rival | None
    choice: Choice | None


def digest_of(draft: Draft) -> str:
    """Tells two contents of a draft apart; when it was kept does not count."""
    return hashlib.sha256(dump(replace(draft, updated=None)).encode()).hexdigest()


class ServerDraftStore:
    """Rows of `server_draft`. One whose draft is gone here means: to be removed there too."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of_bal(self, bal_id: BalId) -> list[ServerCopy]:
        """Every copy of a BAL."""
        rows = self._db.read(f"SELECT {_COLUMNS} FROM server_draft WHERE bal_id = ? ORDER BY draft_id", (bal_id,))
        return [_copy(r) for r in rows]

    def get(self, draft_id: DraftId, bal_id: BalId) -> ServerCopy | None:
        """One copy."""
        row = self._db.one(f"SELECT {_COLUMNS} FROM server_draft WHERE draft_id = ? AND bal_id = ?", (draft_id, bal_id))
        return _copy(row) if row else None

    def at(self, bal_id: BalId, uidvalidity: int, uid: int) -> DraftId | None:
        """The draft that was begun from another client's mail."""
        row = self._db.one(
            "SELECT draft_id FROM server_draft WHERE bal_id = ? AND uidvalidity = ? AND uid = ? AND uid > 0",
            (bal_id, uidvalidity, uid),
        )
        return DraftId(row[0]) if row else None

    def header_of(self, message_id: MessageId) -> str:
        """The Message-ID of a message, or an empty string."""
        row = self._db.one("SELECT header_id FROM message WHERE id = ?", (message_id,))
        return str(row[0]) if row else ""

    def copied_at(self, ids: Iterable[MessageId]) -> list[tuple[DraftId, BalId]]:
        """The drafts, being written here, whose copies some messages are."""
        if self._db.one("SELECT 1 FROM server_draft WHERE uid > 0 LIMIT 1") is None:
            return []
        found = []
        for message_id in ids:
            row = self._db.one(
                "SELECT d.draft_id, d.bal_id FROM message m JOIN folder f ON f.id = m.folder_id AND f.role = 'drafts'"
                " JOIN server_draft d ON d.bal_id = f.bal_id AND d.uid = m.uid AND d.uidvalidity = f.uidvalidity"
                " JOIN draft ON draft.id = d.draft_id AND NOT draft.held WHERE m.id = ? AND m.uid > 0",
                (message_id,),
            )
            if row:
                found.append((DraftId(row[0]), BalId(row[1])))
        return found

    def drafts(self, bal_id: BalId) -> list[Draft]:
        """Local drafts of a BAL that are still being written."""
        rows = self._db.read("SELECT content FROM draft WHERE bal_id = ? AND NOT held ORDER BY updated", (bal_id,))
        return [load(Draft, r[0]) for r in rows]

    def held_back(self, draft_id: DraftId, bal_id: BalId) -> bool:
        """Whether a draft of this BAL is here at all, written on or waiting in the outbox."""
        return self._db.one("SELECT 1 FROM draft WHERE id = ? AND bal_id = ?", (draft_id, bal_id)) is not None

    def sets_out(self, draft_id: DraftId, bal_id: BalId, coming: Standing) -> None:
        """A version is about to be put there. Durable: after a crash it is looked for."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO server_draft (draft_id, bal_id, next_revision, next_size, next_digest)"
                " VALUES (?, ?, ?, ?, ?) ON CONFLICT (draft_id, bal_id) DO UPDATE SET next_revision ="
                " excluded.next_revision, next_size = excluded.next_size, next_digest = excluded.next_digest",
                (draft_id, bal_id, coming.revision, coming.size, coming.digest),
            )

    def stands(self, draft_id: DraftId, bal_id: BalId, held: Standing, uid: int, uidvalidity: int) -> None:
        """This version stands there, and nothing else is under way or in dispute."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO server_draft (draft_id, bal_id, revision, size, digest, uid, uidvalidity)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (draft_id, bal_id) DO UPDATE SET revision ="
                " excluded.revision, size = excluded.size, digest = excluded.digest, uid = excluded.uid, uidvalidity ="
                " excluded.uidvalidity, next_revision = '', next_size = 0, next_digest = '', rival = '', choice = ''",
                (draft_id, bal_id, held.revision, held.size, held.digest, uid, uidvalidity),
            )

    def set_rival(self, draft_id: DraftId, bal_id: BalId, rival: Rival | None) -> None:
        """Somebody else changed it, or that is over. A choice about another version of theirs is void."""
        with self._db.write() as sql:
            sql.execute(
                "UPDATE server_draft SET rival = ?, choice = '' WHERE draft_id = ? AND bal_id = ?",
                (dump(rival) if rival else "", draft_id, bal_id),
            )

    def choose(self, draft_id: DraftId, choice: Choice) -> BalId | None:
        """A person chose; the BAL where the choice is to be carried out, None when there is nothing to choose."""
        with self._db.write() as sql:
            row = sql.execute(
                "SELECT bal_id FROM server_draft WHERE draft_id = ? AND rival != ''", (draft_id,)
            ).fetchone()
            if row is None:
                return None
            sql.execute(
                "UPDATE server_draft SET choice = ? WHERE draft_id = ? AND bal_id = ?", (choice.value, draft_id, row[0])
            )
            return BalId(row[0])

    def forget(self, draft_id: DraftId, bal_id: BalId) -> None:
        """Nothing of it stands there any more, or nobody follows it."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM server_draft WHERE draft_id = ? AND bal_id = ?", (draft_id, bal_id))


def _copy(r: Sequence[Any]) -> ServerCopy:
    return ServerCopy(
        DraftId(r[0]), BalId(r[1]), Standing(r[2], r[5], r[6]), r[3], r[4], Standing(r[7], r[8], r[9]),
        load(Rival, r[10]) if r[10] else None, Choice(r[11]) if r[11] else None,
    )  # fmt: skip
