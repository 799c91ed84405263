"""The local half of what a person wishes of folders: new, renamed, deleted; instant on screen, replayed by `watch`."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count

from mssclient.domain.bal import BalId, Folder, FolderId, FolderRole
from mssclient.domain.changes import ChangeId, FolderWish, LastAct, folder_name
from mssclient.domain.errors import Refused
from mssclient.domain.events import FoldersChanged
from mssclient.engine.folder_list import NAMES
from mssclient.engine.house import House
from mssclient.engine.last_act import LastActs
from mssclient.engine.session import new_id
from mssclient.engine.worker import Worker
from mssclient.store.folder_wishes import WishedFolder

log = logging.getLogger(__name__)
KEEP_UNDO = 50
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Opposite:
    """What takes an act back once the operator did it: another place for the folder, or its end."""

    bal_id: BalId
    folder_id: FolderId
    path: Path
    """Empty: the folder goes."""


class FolderDesk:
    """Everything public may be called on any thread; it returns at once. The work is done on `clerk`.

    Folders are given as the tree shows them. What cannot be is refused at once: Refused with CANNOT (a name no operator
    would keep, a folder that has a role) or ALREADYEXISTS.
    """

    def __init__(self, house: House, worker: Worker, wished: Callable[[BalId], None]) -> None:
        self._house = house
        self._worker = worker
        self._wished = wished
        self._acts = LastActs(house)
        self._undo: dict[ChangeId, _Opposite] = {}

    def new(self, folders: tuple[Folder, ...], bal_id: BalId, parent: Folder | None, name: str) -> ChangeId:
        """A folder below another one, or at the root."""
        above = parent.path if parent is not None else ()
        path, wishes = (*above, _named(folders, above, name)), self._house.stores.folder_wishes
        change_id = ChangeId(new_id())

        def job() -> None:
            folder_id = wishes.new(change_id, bal_id, path)
            self._keep(change_id, FolderWish.NEW, path[-1], _Opposite(bal_id, folder_id, ()))

        self._post(bal_id, job)
        return change_id

    def name_anew(self, folders: tuple[Folder, ...], folder: Folder, name: str) -> ChangeId:
        """Another name in the same place."""
        _movable(folder)
        above = folder.path[:-1]
        others = tuple(each for each in folders if each.id != folder.id)
        path = (*above, _named(others, above, name))
        change_id = ChangeId(new_id())

        def job() -> None:
            if self._house.stores.folder_wishes.name_anew(change_id, folder.id, path):
                opposite = _Opposite(folder.bal_id, folder.id, folder.path)
                self._keep(change_id, FolderWish.RENAME, path[-1], opposite)

        self._post(folder.bal_id, job)
        return change_id

    def delete(self, folders: tuple[Folder, ...], folder: Folder) -> ChangeId:
        """Into the trash, with what is below it; from the trash for good, which the UI asked before."""
        _movable(folder)
        change_id = ChangeId(new_id())
        if folder.role is FolderRole.TRASHED:
            below = [each for each in folders if each.path[: len(folder.path)] == folder.path]
            # An operator deletes no folder that has others below it.
            deepest_first = [each.id for each in sorted(below, key=lambda each: -len(each.path))]
            self._post(folder.bal_id, lambda: self._house.stores.folder_wishes.delete(change_id, *deepest_first))
        else:
            self._post(folder.bal_id, lambda: self._discard(change_id, folders, folder))
        return change_id

    def undo(self, change_id: ChangeId) -> None:
        """Withdraw what has not left, wish the opposite of what has: a deletion for good that was done stays."""
        self._worker.post(lambda: self._take_back(change_id))

    # -- on `clerk`
    def at(self, bal_id: BalId, path: Path) -> FolderId:
        """The folder at this path of a BAL, at the root or under INBOX as its operator has it; made when it is not there."""
        wishes = self._house.stores.folder_wishes
        known = {tuple(name.casefold() for name in at): folder_id for folder_id, at in wishes.paths(bal_id)}
        wanted = tuple(name.casefold() for name in path)
        if (found := known.get(wanted) or known.get(("inbox", *wanted))) is not None:
            return found
        for depth in range(1, len(path) + 1):
            found = known.get(wanted[:depth]) or wishes.new(ChangeId(new_id()), bal_id, path[:depth])
        self._changed(bal_id)
        return FolderId(found or 0)

    def _post(self, bal_id: BalId, job: Callable[[], None]) -> None:
        def whole() -> None:
            job()
            self._changed(bal_id)

        self._worker.post(whole)

    def _changed(self, bal_id: BalId) -> None:
        self._house.speaker.announce(FoldersChanged(bal_id))
        self._wished(bal_id)

    def _discard(self, change_id: ChangeId, folders: tuple[Folder, ...], folder: Folder) -> None:
        wishes = self._house.stores.folder_wishes
        trash = next((each.path for each in folders if each.role is FolderRole.TRASH), None)
        if trash is None:
            trash = (NAMES[FolderRole.TRASH],)
            wishes.new(ChangeId(new_id()), folder.bal_id, trash, FolderRole.TRASH)
        wishes.discard(change_id, folder.id, (*trash, _free_name(folders, trash, folder.name)))
        self._keep(change_id, FolderWish.DISCARD, folder.name, _Opposite(folder.bal_id, folder.id, folder.path))

    def _keep(self, change_id: ChangeId, wish: FolderWish, name: str, opposite: _Opposite) -> None:
        self._undo[change_id] = opposite
        while len(self._undo) > KEEP_UNDO:
            del self._undo[next(iter(self._undo))]
        self._acts.keep(
            LastAct(change_id, folder_wish=wish, name=name),
            (int(opposite.bal_id), int(opposite.folder_id), *opposite.path),
        )

    def _take_back(self, change_id: ChangeId) -> None:
        wishes = self._house.stores.folder_wishes
        standing = wishes.of(change_id)
        opposite = self._undo.pop(change_id, None) or self._remembered(change_id)
        if not standing and opposite is None:
            return
        for wish in standing:
            if not wish.sent:
                wishes.back_out(wish)
        bal_ids = {place[0] for wish in standing if (place := self._house.stores.mail.folder(wish.folder_id))}
        if opposite is not None:
            bal_ids.add(opposite.bal_id)
            if not any(_is_withdrawn(wish) for wish in standing):
                self._oppose(opposite)
        for bal_id in bal_ids:
            self._changed(bal_id)

    def _oppose(self, opposite: _Opposite) -> None:
        """The operator did it already, or is doing it."""
        wishes = self._house.stores.folder_wishes
        if not opposite.path:
            wishes.delete(ChangeId(new_id()), opposite.folder_id)
        elif not wishes.name_anew(ChangeId(new_id()), opposite.folder_id, opposite.path):
            self._house.speaker.problem(Refused("NONEXISTENT"), "restore folder", bal_id=opposite.bal_id)

    def _remembered(self, change_id: ChangeId) -> _Opposite | None:
        """Of an act from before the program was started anew."""
        match self._acts.inverse(change_id, of_folder=True):
            case [int() as bal_id, int() as folder_id, *path]:
                return _Opposite(BalId(bal_id), FolderId(folder_id), tuple(str(name) for name in path))
            case _:
                return None


def _is_withdrawn(wish: WishedFolder) -> bool:
    return wish.wish is not FolderWish.DELETE and not wish.sent


def _named(folders: tuple[Folder, ...], above: Path, name: str) -> str:
    beside = [each.name for each in folders if each.path[:-1] == above]
    try:
        return folder_name(name, "/", beside)
    except ValueError as error:
        raise Refused("ALREADYEXISTS" if "exists" in str(error) else "CANNOT") from error


def _free_name(folders: tuple[Folder, ...], above: Path, name: str) -> str:
    """A name that no folder beside bears: "Name", else "Name (2)"."""
    taken = {each.name.casefold() for each in folders if each.path[:-1] == above}
    names = chain((name,), (f"{name} ({n})" for n in count(2)))
    return next(each for each in names if each.casefold() not in taken)


def _movable(folder: Folder) -> None:
    if folder.role not in {FolderRole.OTHER, FolderRole.TRASHED}:
        raise Refused("CANNOT")
