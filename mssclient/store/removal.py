"""Messages that leave a place: for good, for another folder, or for a new numbering of the same one.

What a person did to a message (filings, wishes, a body that was fetched) goes with it wherever its Message-ID is met again:
a row that is missing is parked under a negative uid before it is deleted. Functions run inside a write transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mssclient.domain.bal import FolderId
from mssclient.domain.message import MessageId
from mssclient.store import indexing

PARKED_S = 3600
"""How long a missing message is waited for: every folder is looked at many times in an hour."""
_VALUED = (
    "(m.header_id != '' AND (m.body = 'here' OR EXISTS (SELECT 1 FROM filing WHERE message_id = m.id)"
    " OR EXISTS (SELECT 1 FROM pending_change WHERE message_id = m.id)))"
)
# Another copy of the same mail in this BAL that nobody has touched yet: the place where a colleague moved it.
_TWIN = (
    "SELECT t.id, t.folder_id, t.uid, t.seen, t.flagged, t.answered, t.forwarded, t.mdn_sent, t.modseq, t.rank"
    " FROM message t JOIN folder f ON f.id = t.folder_id"
    " WHERE t.header_id = ? AND t.header_id != '' AND t.id != ? AND t.uid > 0"
    " AND f.bal_id = (SELECT bal_id FROM folder WHERE id = ?)"
    " AND NOT EXISTS (SELECT 1 FROM filing WHERE message_id = t.id)"
    " AND NOT EXISTS (SELECT 1 FROM pending_change WHERE message_id = t.id) ORDER BY t.id DESC LIMIT 1"
)
_CHUNK = 500


def drop(sql: Any, where: str, values: Sequence[object]) -> int:
    """Delete messages and their lines of the index; how many."""
    ranks = [r[0] for r in sql.execute(f"SELECT rank FROM message WHERE {where}", values)]
    indexing.forget(sql, ranks)
    sql.execute(f"DELETE FROM unindexed WHERE message_id IN (SELECT id FROM message WHERE {where})", values)
    sql.execute(f"DELETE FROM message WHERE {where}", values)
    return len(ranks)


def missing(sql: Any, folder_id: FolderId, uids: Iterable[int], now: int) -> int:
    """These left a folder at the operator; how many were there."""
    wanted, count = list(uids), 0
    for at in range(0, len(wanted), _CHUNK):
        some = wanted[at : at + _CHUNK]
        marks = ",".join("?" * len(some))
        valued = sql.execute(
            f"SELECT m.id, m.header_id FROM message m WHERE m.folder_id = ? AND m.uid IN ({marks}) AND {_VALUED}",
            (folder_id, *some),
        ).fetchall()
        for message_id, header in valued:
            _follow_or_park(sql, folder_id, message_id, header, now)
        count += len(valued) + drop(sql, f"folder_id = ? AND uid IN ({marks})", (folder_id, *some))
    return count


def _follow_or_park(sql: Any, folder_id: FolderId, message_id: int, header: str, now: int) -> None:
    twin = sql.execute(_TWIN, (header, message_id, folder_id)).fetchone()
    if twin is None:
        sql.execute("UPDATE message SET uid = -id, parked = ? WHERE id = ?", (now, message_id))
        return
    drop(sql, "id = ?", (twin[0],))
    sql.execute(
        "UPDATE message SET folder_id = ?, uid = ?, seen = ?, flagged = ?, answered = ?, forwarded = ?, mdn_sent = ?,"
        " modseq = ? WHERE id = ?",
        (*twin[1:9], message_id),
    )


def without_folder(sql: Any, folder_id: FolderId, refuge: FolderId, now: int) -> None:
    """A folder is gone: what a person did to its messages waits, out of sight, in another folder's name."""
    sql.execute(
        f"UPDATE message SET folder_id = ?, uid = -id, parked = ? WHERE id IN"
        f" (SELECT m.id FROM message m WHERE m.folder_id = ? AND {_VALUED})",
        (refuge, now, folder_id),
    )
    drop(sql, "folder_id = ?", (folder_id,))


def renumbered(sql: Any, folder_id: FolderId, uidvalidity: int) -> None:
    """A new UIDVALIDITY: rows are kept under negative uids until they are met again."""
    sql.execute("UPDATE message SET uid = -id WHERE folder_id = ?", (folder_id,))
    sql.execute(
        "UPDATE folder SET uidvalidity = ?, complete = 0, uidnext = 0, modseq = 0 WHERE id = ?",
        (uidvalidity, folder_id),
    )


def not_met_again(sql: Any, folder_id: FolderId, now: int) -> int:
    """After a whole new listing: rows that were not met are missing; how many."""
    rows = sql.execute(
        "SELECT uid FROM message WHERE folder_id = ? AND uid < 0 AND parked = 0", (folder_id,)
    ).fetchall()
    return missing(sql, folder_id, [r[0] for r in rows], now) if rows else 0


def moved(sql: Any, message_id: MessageId, folder_id: FolderId, uid: int) -> None:
    """A message has a new place; when the listing was there first, the row that a person touched stays."""
    row = sql.execute("SELECT id FROM message WHERE folder_id = ? AND uid = ?", (folder_id, uid)).fetchone()
    if row is not None and row[0] != message_id:
        drop(sql, "id = ?", (row[0],))
    sql.execute("UPDATE message SET folder_id = ?, uid = ?, parked = 0 WHERE id = ?", (folder_id, uid, message_id))
