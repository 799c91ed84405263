"""What the user wishes of folders and the operator has not confirmed: new, renamed, deleted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from mssclient.domain.bal import BalId, FolderId, FolderRole
from mssclient.domain.changes import ChangeId, FolderWish
from mssclient.store import removal
from mssclient.store.database import Database
from mssclient.store.mail import PROVISIONAL

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WishedFolder:
    """One row of the table, and the folder it speaks of as the operator knows it."""

    seq: int
    change_id: ChangeId
    folder_id: FolderId
    wish: FolderWish
    path: Path
    """The wished path; of a deletion the present one."""
    mailbox: str
    """The operator's name; begins with `PROVISIONAL` while there is none."""
    role: FolderRole
    sent: bool


_ROW = (
    "SELECT w.seq, w.change_id, w.folder_id, w.wish, w.path, f.mailbox, f.role, w.sent FROM folder_wish w"
    " JOIN folder f ON f.id = w.folder_id"
)


class FolderWishStore:
    """Wishes on folders, in the order they were uttered."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def new(self, change_id: ChangeId, bal_id: BalId, path: Path, role: FolderRole = FolderRole.OTHER) -> FolderId:
        """A folder that has its place at once: messages can be moved into it before the operator knows it."""
        told = json.dumps(path, ensure_ascii=False)
        with self._db.write() as sql:
            cursor = sql.execute(
                "INSERT INTO folder (bal_id, mailbox, path, role, selectable) VALUES (?, ?, ?, ?, 1)",
                (bal_id, f"{PROVISIONAL}{change_id}", told, role.value),
            )
            folder_id = FolderId(cursor.lastrowid)
            _wish(sql, change_id, folder_id, FolderWish.NEW, told)
            return folder_id

    def name_anew(self, change_id: ChangeId, folder_id: FolderId, path: Path) -> None:
        """Another name, or another place."""
        with self._db.write() as sql:
            _wish(sql, change_id, folder_id, FolderWish.RENAME, json.dumps(path, ensure_ascii=False))

    def delete(self, change_id: ChangeId, folder_id: FolderId) -> None:
        """Away with it; what is in it goes to the trash first."""
        with self._db.write() as sql:
            row = sql.execute("SELECT path FROM folder WHERE id = ?", (folder_id,)).fetchone()
            if row is not None:
                _wish(sql, change_id, folder_id, FolderWish.DELETE, row[0])

    def of_bal(self, bal_id: BalId) -> list[WishedFolder]:
        """What waits for a BAL, oldest first."""
        return [_row(r) for r in self._db.read(f"{_ROW} WHERE f.bal_id = ? ORDER BY w.seq", (bal_id,))]

    def of(self, change_id: ChangeId) -> list[WishedFolder]:
        """What one act consists of that still stands."""
        return [_row(r) for r in self._db.read(f"{_ROW} WHERE w.change_id = ? ORDER BY w.seq", (change_id,))]

    def mark_sent(self, seq: int) -> bool:
        """The operator is being asked; false for a wish that was withdrawn meanwhile."""
        with self._db.write() as sql:
            return bool(sql.execute("UPDATE folder_wish SET sent = 1 WHERE seq = ?", (seq,)).rowcount)

    def done(self, wish: WishedFolder, mailbox: str) -> None:
        """The operator did it: `mailbox` is the folder's name there now. Its sub-folders' names follow with LIST."""
        with self._db.write() as sql:
            if wish.wish is FolderWish.DELETE:
                _gone(sql, wish.folder_id)
            else:
                path = json.dumps(wish.path, ensure_ascii=False)
                # A listing may have met the folder before we learned our own name for it.
                twin = sql.execute(
                    "SELECT id FROM folder WHERE mailbox = ? AND id != ? AND bal_id ="
                    " (SELECT bal_id FROM folder WHERE id = ?)",
                    (mailbox, wish.folder_id, wish.folder_id),
                ).fetchone()
                if twin is not None:
                    removal.drop(sql, "folder_id = ?", (twin[0],))
                    sql.execute("DELETE FROM folder WHERE id = ?", twin)
                sql.execute("UPDATE folder SET mailbox = ?, path = ? WHERE id = ?", (mailbox, path, wish.folder_id))
            sql.execute("DELETE FROM folder_wish WHERE seq = ?", (wish.seq,))

    def back_out(self, wish: WishedFolder) -> None:
        """Refused for good, or withdrawn: deleting the row is the back-out; a folder that never was goes with it."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM folder_wish WHERE seq = ?", (wish.seq,))
            if wish.wish is FolderWish.NEW and wish.mailbox.startswith(PROVISIONAL):
                sql.execute("DELETE FROM pending_change WHERE target = ?", (wish.folder_id,))
                sql.execute("DELETE FROM folder WHERE id = ?", (wish.folder_id,))


def _wish(sql: Any, change_id: ChangeId, folder_id: FolderId, wish: FolderWish, path: str) -> None:
    sql.execute(
        "INSERT INTO folder_wish (change_id, folder_id, wish, path) VALUES (?, ?, ?, ?)",
        (change_id, folder_id, wish.value, path),
    )


def _gone(sql: Any, folder_id: FolderId) -> None:
    """Rows of a deleted folder whose messages were moved wait where they went; the others are gone."""
    sql.execute("DELETE FROM pending_change WHERE target = ?", (folder_id,))
    removal.drop(sql, "folder_id = ?", (folder_id,))
    sql.execute("DELETE FROM folder WHERE id = ?", (folder_id,))


def _row(r: tuple[Any, ...]) -> WishedFolder:
    path = tuple(json.loads(r[4]))
    return WishedFolder(
        r[0], ChangeId(r[1]), FolderId(r[2]), FolderWish(r[3]), path, r[5], FolderRole(r[6]), bool(r[7])
    )
