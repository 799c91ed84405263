"""What of each folder is at the operator only: messages whose words or attachments are not here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mssclient.domain.bal import BalId, FolderId
from mssclient.domain.message import MessageId
from mssclient.store.database import Database


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Some messages of a folder, newest first."""

    bal_id: BalId
    folder_id: FolderId
    mailbox: str
    uids: tuple[int, ...]

    def pieces(self, size: int) -> list[Elsewhere]:
        """The same, so many at a time."""
        return [replace(self, uids=self.uids[at : at + size]) for at in range(0, len(self.uids), size)]


class ElsewhereStore:
    """Reads only; any thread."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def of_bal(self, bal_id: BalId) -> list[Elsewhere]:
        """INBOX first, the trash and unwanted mail last."""
        folders = self._db.read(
            "SELECT id, mailbox FROM folder WHERE bal_id = ? AND selectable"
            " ORDER BY role != 'inbox', role IN ('trash', 'trashed', 'junk'), id",
            (bal_id,),
        )
        found = []
        for folder_id, mailbox in folders:
            rows = self._db.read(
                "SELECT uid FROM message WHERE folder_id = ? AND uid > 0 AND (body != 'here' OR EXISTS"
                " (SELECT 1 FROM part WHERE message_id = message.id AND attachment AND loading != 'here'))"
                " ORDER BY uid DESC",
                (folder_id,),
            )
            if rows:
                found.append(Elsewhere(bal_id, FolderId(folder_id), mailbox, tuple(r[0] for r in rows)))
        return found

    def ids(self, folder_id: FolderId, uids: Sequence[int]) -> list[MessageId]:
        """The messages under these uids."""
        marks = ",".join("?" * len(uids))
        rows = self._db.read(f"SELECT id FROM message WHERE folder_id = ? AND uid IN ({marks})", (folder_id, *uids))
        return [MessageId(r[0]) for r in rows]
