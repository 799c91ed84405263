"""The local half of what a person wishes of folders: new, renamed, deleted; instant on screen, replayed by `watch`."""

from __future__ import annotations

import logging
from collections.abc import Callable

from mssclient.domain.bal import BalId, Folder, FolderRole
from mssclient.domain.changes import ChangeId, FolderWish, folder_name
from mssclient.domain.errors import Refused
from mssclient.domain.events import FoldersChanged
from mssclient.engine.house import House
from mssclient.engine.session import new_id
from mssclient.engine.worker import Worker

log = logging.getLogger(__name__)
KEEP_UNDO = 50
Path = tuple[str, ...]


class FolderDesk:
    """Everything public may be called on any thread; it returns at once. The work is done on `clerk`.

    Folders are given as the tree shows them. What cannot be is refused at once: Refused with CANNOT (a name no operator
    would keep, a folder that has a role or others below it) or ALREADYEXISTS.
    """

    def __init__(self, house: House, worker: Worker, wished: Callable[[BalId], None]) -> None:
        self._house = house
        self._worker = worker
        self._wished = wished
        self._undo: dict[ChangeId, tuple[BalId, Callable[[], None]]] = {}

    def new(self, folders: tuple[Folder, ...], bal_id: BalId, parent: Folder | None, name: str) -> ChangeId:
        """A folder below another one, or at the root."""
        above = parent.path if parent is not None else ()
        path, wishes = (*above, _named(folders, above, name)), self._house.stores.folder_wishes
        change_id = ChangeId(new_id())

        def job() -> None:
            folder_id = wishes.new(change_id, bal_id, path)
            self._keep(change_id, bal_id, lambda: wishes.delete(ChangeId(new_id()), folder_id))

        self._post(bal_id, job)
        return change_id

    def name_anew(self, folders: tuple[Folder, ...], folder: Folder, name: str) -> ChangeId:
        """Another name in the same place."""
        _movable(folder)
        above = folder.path[:-1]
        others = tuple(each for each in folders if each.id != folder.id)
        path, wishes = (*above, _named(others, above, name)), self._house.stores.folder_wishes
        change_id = ChangeId(new_id())

        def job() -> None:
            wishes.name_anew(change_id, folder.id, path)
            self._keep(change_id, folder.bal_id, lambda: wishes.name_anew(ChangeId(new_id()), folder.id, folder.path))

        self._post(folder.bal_id, job)
        return change_id

    def delete(self, folders: tuple[Folder, ...], folder: Folder) -> ChangeId:
        """Away with it; its messages go to the trash first. The UI asked before."""
        _movable(folder)
        if any(each.path[: len(folder.path)] == folder.path and each.id != folder.id for each in folders):
            raise Refused("HASCHILDREN")
        change_id = ChangeId(new_id())
        self._post(folder.bal_id, lambda: self._house.stores.folder_wishes.delete(change_id, folder.id))
        return change_id

    def undo(self, change_id: ChangeId) -> None:
        """Withdraw what has not left, wish the opposite of what has: a deletion that was done stays."""
        self._worker.post(lambda: self._take_back(change_id))

    # -- on `clerk`
    def _post(self, bal_id: BalId, job: Callable[[], None]) -> None:
        def whole() -> None:
            job()
            self._house.speaker.announce(FoldersChanged(bal_id))
            self._wished(bal_id)

        self._worker.post(whole)

    def _keep(self, change_id: ChangeId, bal_id: BalId, opposite: Callable[[], None]) -> None:
        self._undo[change_id] = (bal_id, opposite)
        while len(self._undo) > KEEP_UNDO:
            del self._undo[next(iter(self._undo))]

    def _take_back(self, change_id: ChangeId) -> None:
        standing = self._house.stores.folder_wishes.of(change_id)
        found = self._undo.pop(change_id, None)
        for wish in standing:
            if not wish.sent:
                self._house.stores.folder_wishes.back_out(wish)
        bal_ids = {place[0] for wish in standing if (place := self._house.stores.mail.folder(wish.folder_id))}
        if found is not None:
            bal_ids.add(found[0])
            if not any(wish.wish is not FolderWish.DELETE and not wish.sent for wish in standing):
                found[1]()
        for bal_id in bal_ids:
            self._house.speaker.announce(FoldersChanged(bal_id))
            self._wished(bal_id)


def _named(folders: tuple[Folder, ...], above: Path, name: str) -> str:
    beside = [each.name for each in folders if each.path[:-1] == above]
    try:
        return folder_name(name, "/", beside)
    except ValueError as error:
        raise Refused("ALREADYEXISTS" if "exists" in str(error) else "CANNOT") from error


def _movable(folder: Folder) -> None:
    if folder.role is not FolderRole.OTHER:
        raise Refused("CANNOT")
