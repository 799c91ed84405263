"""What the user wishes of folders and the operator has not confirmed: new, renamed, deleted."""

from __future__ import annotations

import json
import time
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
    """The wished path; of a deletion for good the present one."""
    mailbox: str
    """The operator's name; begins with `PROVISIONAL` while there is none."""
    role: FolderRole
    sent: bool
    former: Path
    """Where the folder is as long as the operator has not done it."""


_ROW = (
    "SELECT w.seq, w.change_id, w.folder_id, w.wish, w.path, f.mailbox, f.role, w.sent, f.path FROM folder_wish w"
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

    def name_anew(self, change_id: ChangeId, folder_id: FolderId, path: Path) -> bool:
        """Another name, or another place; false for a folder that is no more."""
        with self._db.write() as sql:
            if (known := _path_of(sql, folder_id)) is None:
                return False
            _wish(sql, change_id, folder_id, FolderWish.RENAME, json.dumps(path, ensure_ascii=False))
            _set_role(sql, folder_id, known, FolderRole.OTHER)
            return True

    def discard(self, change_id: ChangeId, folder_id: FolderId, path: Path) -> None:
        """Into the trash, under `path`, with what is below it; nothing in it waits for anybody from now on."""
        with self._db.write() as sql:
            if (known := _path_of(sql, folder_id)) is not None:
                _wish(sql, change_id, folder_id, FolderWish.DISCARD, json.dumps(path, ensure_ascii=False))
                _set_role(sql, folder_id, known, FolderRole.TRASHED)

    def delete(self, change_id: ChangeId, *folder_ids: FolderId) -> None:
        """Away with folders, in this order; what is in one that stands outside the trash goes to the trash first."""
        with self._db.write() as sql:
            for folder_id in folder_ids:
                if (known := _path_of(sql, folder_id)) is not None:
                    _wish(sql, change_id, folder_id, FolderWish.DELETE, json.dumps(known, ensure_ascii=False))

    def path_of(self, folder_id: FolderId) -> Path | None:
        """Where the operator has a folder; wishes are not counted."""
        row = self._db.one("SELECT path FROM folder WHERE id = ?", (folder_id,))
        return tuple(json.loads(row[0])) if row else None

    def paths(self, bal_id: BalId) -> list[tuple[FolderId, Path]]:
        """Folders of a BAL that mail can be moved into, those only wished for included; none below the trash."""
        rows = self._db.read(
            "SELECT id, path FROM folder WHERE bal_id = ? AND selectable AND role NOT IN ('trash', 'trashed', 'junk')"
            " ORDER BY id",
            (bal_id,),
        )
        return [(FolderId(r[0]), tuple(json.loads(r[1]))) for r in rows]

    def of_bal(self, bal_id: BalId) -> list[WishedFolder]:
        """What waits for a BAL, oldest first."""
        return [_row(r) for r in self._db.read(f"{_ROW} WHERE f.bal_id = ? ORDER BY w.seq", (bal_id,))]

    def at(self, seq: int) -> WishedFolder | None:
        """A wish as it is now: one before it may have given its folder another name."""
        return next((_row(r) for r in self._db.read(f"{_ROW} WHERE w.seq = ?", (seq,))), None)

    def of(self, change_id: ChangeId) -> list[WishedFolder]:
        """What one act consists of that still stands."""
        return [_row(r) for r in self._db.read(f"{_ROW} WHERE w.change_id = ? ORDER BY w.seq", (change_id,))]

    def mark_sent(self, seq: int) -> bool:
        """The operator is being asked; false for a wish that was withdrawn meanwhile."""
        with self._db.write() as sql:
            return bool(sql.execute("UPDATE folder_wish SET sent = 1 WHERE seq = ?", (seq,)).rowcount)

    def done(self, wish: WishedFolder, mailbox: str) -> None:
        """The operator did it: `mailbox` is the folder's name there now, empty for one that is no more."""
        with self._db.write() as sql:
            if not mailbox:
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
                if wish.mailbox != mailbox:
                    _follow(sql, wish, mailbox)
            sql.execute("DELETE FROM folder_wish WHERE seq = ?", (wish.seq,))

    def back_out(self, wish: WishedFolder) -> None:
        """Refused for good, or withdrawn: deleting the row is the back-out; a folder that never was goes with it."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM folder_wish WHERE seq = ?", (wish.seq,))
            if wish.wish is FolderWish.DISCARD and (known := _path_of(sql, wish.folder_id)) is not None:
                _set_role(sql, wish.folder_id, known, FolderRole.OTHER)
            if wish.wish is FolderWish.NEW and wish.mailbox.startswith(PROVISIONAL):
                sql.execute("DELETE FROM pending_change WHERE target = ?", (wish.folder_id,))
                sql.execute("DELETE FROM folder WHERE id = ?", (wish.folder_id,))


def _wish(sql: Any, change_id: ChangeId, folder_id: FolderId, wish: FolderWish, path: str) -> None:
    sql.execute(
        "INSERT INTO folder_wish (change_id, folder_id, wish, path) VALUES (?, ?, ?, ?)",
        (change_id, folder_id, wish.value, path),
    )


def _path_of(sql: Any, folder_id: FolderId) -> Path | None:
    row = sql.execute("SELECT path FROM folder WHERE id = ?", (folder_id,)).fetchone()
    return tuple(json.loads(row[0])) if row is not None else None


def _below(sql: Any, folder_id: FolderId, path: Path) -> list[tuple[int, str, Path]]:
    """Id, mailbox and path of the folders below one."""
    rows = sql.execute(
        "SELECT id, mailbox, path FROM folder WHERE id != ? AND bal_id = (SELECT bal_id FROM folder WHERE id = ?)",
        (folder_id, folder_id),
    ).fetchall()
    told = [(r[0], r[1], tuple(json.loads(r[2]))) for r in rows]
    return [each for each in told if each[2][: len(path)] == path]


def _set_role(sql: Any, folder_id: FolderId, path: Path, role: FolderRole) -> None:
    """Of a folder and those below it, unless one has a role of its own."""
    plain = f"role IN ('{FolderRole.OTHER.value}', '{FolderRole.TRASHED.value}')"
    for each in (folder_id, *(found[0] for found in _below(sql, folder_id, path))):
        sql.execute(f"UPDATE folder SET role = ? WHERE id = ? AND {plain}", (role.value, each))


def _follow(sql: Any, wish: WishedFolder, mailbox: str) -> None:
    """What stood below a folder stands below its new name (RFC 3501 §6.3.5): the same folders, nothing to look for."""
    former = wish.former
    for folder_id, known, path in _below(sql, wish.folder_id, former):
        if known.startswith(wish.mailbox):
            told = json.dumps((*wish.path, *path[len(former) :]), ensure_ascii=False)
            sql.execute(
                "UPDATE OR IGNORE folder SET mailbox = ?, path = ? WHERE id = ?",
                (mailbox + known[len(wish.mailbox) :], told, folder_id),
            )


def _gone(sql: Any, folder_id: FolderId) -> None:
    """What a person did to its messages waits, out of sight, until they are met again in the trash."""
    sql.execute("DELETE FROM pending_change WHERE target = ?", (folder_id,))
    inbox = sql.execute(
        "SELECT id FROM folder WHERE role = 'inbox' AND bal_id = (SELECT bal_id FROM folder WHERE id = ?)", (folder_id,)
    ).fetchone()
    if inbox is None:
        removal.drop(sql, "folder_id = ?", (folder_id,))
    else:
        removal.without_folder(sql, folder_id, FolderId(inbox[0]), int(time.time()))
    sql.execute("DELETE FROM folder WHERE id = ?", (folder_id,))


def _row(r: tuple[Any, ...]) -> WishedFolder:
    path = tuple(json.loads(r[4]))
    return WishedFolder(
        r[0], ChangeId(r[1]), FolderId(r[2]), FolderWish(r[3]), path, r[5], FolderRole(r[6]), bool(r[7]),
        tuple(json.loads(r[8])),
    )  # fmt: skip
