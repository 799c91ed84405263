"""Folders as a person wishes them: what the tree shows while the operator has not confirmed."""

from __future__ import annotations

import json
from collections.abc import Iterable

from mssclient.domain.changes import FolderWish
from mssclient.store.database import Row

WISHES = (
    "SELECT w.folder_id, w.wish, w.path FROM folder_wish w JOIN folder f ON f.id = w.folder_id"
    " WHERE f.bal_id = ? ORDER BY w.seq"
)
Path = tuple[str, ...]


def projected(paths: dict[int, Path], wishes: Iterable[Row]) -> dict[int, Path]:
    """Folder id → path with wishes applied in order; deleted ones are left out, what is below a renamed one follows."""
    shown = dict(paths)
    for folder_id, wish, path in wishes:
        if folder_id not in shown:
            continue
        former, new = shown[folder_id], tuple(json.loads(path))
        match FolderWish(wish):
            case FolderWish.DELETE:
                del shown[folder_id]
            case FolderWish.RENAME | FolderWish.DISCARD:
                below = len(former)
                shown = {i: new + p[below:] if p[:below] == former else p for i, p in shown.items()}
            case FolderWish.NEW:
                shown[folder_id] = new
    return shown
