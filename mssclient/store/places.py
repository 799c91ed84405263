"""Where each person's things lie in the home, and how all of them go: one folder a person, under a name that tells nobody.

A folder that has to go is marked first (`home/forget/<folder>`): what a crash cuts is finished at the next start.
"""

from __future__ import annotations

import logging
import os
import re
import stat
import sys
from contextlib import suppress
from pathlib import Path

from mssclient.domain.errors import StoreReason, StoreTrouble
from mssclient.store.database import trouble
from mssclient.store.keys import folder_name
from mssclient.store.private import PrivateFolder

log = logging.getLogger(__name__)
_FOLDER = re.compile(r"[0-9a-f]{24}")


class Places:
    """The folders of the people of one home. No state: several may look at one home."""

    def __init__(self, home: Path) -> None:
        self._persons = home / "persons"
        self._marks = home / "forget"

    def folder(self, national_id: str) -> Path:
        """The person's own folder, made where it is missing. Raises StoreTrouble."""
        found = self._persons / folder_name(national_id)
        try:
            found.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreTrouble(StoreReason.FULL) from error
        return found

    def known(self) -> list[str]:
        """The folders of everybody who has something here."""
        return _folders_in(self._persons)

    def path(self, folder: str) -> Path:
        """Where a folder of `known` is."""
        return self._persons / folder

    def private(self, folder: str) -> PrivateFolder:
        """Where a person's opened documents lie for a while."""
        return PrivateFolder(self._persons / folder / "private")

    def empty_private(self) -> bool:
        """Take everybody's opened documents away; whether all went."""
        left = [folder for folder in self.known() if not self.private(folder).empty()]
        return not left

    # -- forgetting
    def doomed(self) -> list[str]:
        """The folders whose forgetting was begun."""
        return _folders_in(self._marks)

    def doom(self, folder: str) -> None:
        """Mark a folder: on the disk before the first thing goes. Raises StoreTrouble."""
        try:
            self._marks.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(self._marks / folder, os.O_WRONLY | os.O_CREAT, 0o600)
            os.fsync(descriptor)
            os.close(descriptor)
            _sync(self._marks)
        except OSError as error:
            raise trouble(error) from error

    def erase(self, folder: str) -> bool:
        """Remove everything in a person's folder, and the folder; whether all of it went. What another program holds
        open stays for the next time."""
        return _erase(self._persons / folder)

    def pardon(self, folder: str) -> None:
        """The forgetting is done."""
        with suppress(OSError):
            (self._marks / folder).unlink(missing_ok=True)
            _sync(self._marks)
            self._marks.rmdir()


def _folders_in(parent: Path) -> list[str]:
    try:
        return sorted(each.name for each in parent.iterdir() if _FOLDER.fullmatch(each.name))
    except OSError:
        return []


def _erase(folder: Path) -> bool:
    """Everything below, links not followed; whether it is all gone."""
    if folder.is_symlink() or not folder.exists():
        with suppress(OSError):
            folder.unlink(missing_ok=True)
        return not folder.is_symlink()
    for place, folders, names in os.walk(folder, topdown=False, followlinks=False):
        for name in (*names, *folders):
            path = Path(place, name)
            try:
                if path.is_dir() and not path.is_symlink():
                    path.rmdir()
                else:
                    if sys.platform == "win32":
                        path.chmod(stat.S_IWRITE)
                    path.unlink()
            except OSError as error:
                log.info("not removed: errno %s", error.errno)
    with suppress(OSError):
        folder.rmdir()
    return not folder.exists()


def _sync(folder: Path) -> None:
    """Make names survive a power cut, where the system can."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
