"""What synchronisation asks of a folder: which messages are here, which bear a mark, what they were called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mssclient.domain.bal import BalId, FolderId
from mssclient.domain.message import Flag
from mssclient.store.database import Database

_CHUNK = 500
_MARKS = (Flag.FLAGGED, Flag.ANSWERED, Flag.FORWARDED, Flag.MDN_SENT)
Marks = dict[Flag, set[int]]


class PositionStore:
    """Reads only; any thread."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def mailboxes(self, bal_id: BalId) -> dict[str, FolderId]:
        """Folders of a BAL that the operator knows, by its name for them."""
        rows = self._db.read(
            "SELECT mailbox, id FROM folder WHERE bal_id = ? AND mailbox NOT LIKE char(10) || '%'", (bal_id,)
        )
        return {r[0]: FolderId(r[1]) for r in rows}

    def here(self, folder_id: FolderId, uids: Sequence[int]) -> set[int]:
        """Those of some uids that are in the store."""
        found: set[int] = set()
        for at in range(0, len(uids), _CHUNK):
            some = uids[at : at + _CHUNK]
            marks = ",".join("?" * len(some))
            rows = self._db.read(
                f"SELECT uid FROM message WHERE folder_id = ? AND uid IN ({marks})", (folder_id, *some)
            )
            found.update(r[0] for r in rows)
        return found

    def within(self, folder_id: FolderId, spans: Iterable[tuple[int, int]]) -> set[int]:
        """The uids in the store that stand in runs of uids, however long those are."""
        found: set[int] = set()
        for first, last in spans:
            rows = self._db.read(
                "SELECT uid FROM message WHERE folder_id = ? AND uid BETWEEN ? AND ?", (folder_id, max(first, 1), last)
            )
            found.update(r[0] for r in rows)
        return found

    def header_ids(self, folder_id: FolderId, uids: Sequence[int]) -> dict[int, str]:
        """The Message-ID of some messages by uid."""
        marks = ",".join("?" * len(uids))
        return dict(
            self._db.read(
                f"SELECT uid, header_id FROM message WHERE folder_id = ? AND uid IN ({marks})", (folder_id, *uids)
            )
        )

    def marks(self, folder_id: FolderId) -> Marks:
        """Which uids bear which mark; under SEEN those that do not bear it: there are fewer."""
        unseen = self._db.read("SELECT uid FROM message WHERE folder_id = ? AND seen = 0 AND +uid > 0", (folder_id,))
        found: Marks = {Flag.SEEN: {r[0] for r in unseen}, **{flag: set() for flag in _MARKS}}
        rows = self._db.read(
            "SELECT uid, flagged, answered, forwarded, mdn_sent FROM message"
            " WHERE folder_id = ? AND (flagged OR answered OR forwarded OR mdn_sent) AND +uid > 0",
            (folder_id,),
        )
        for uid, *bears in rows:
            for flag, on in zip(_MARKS, bears, strict=True):
                if on:
                    found[flag].add(uid)
        return found
