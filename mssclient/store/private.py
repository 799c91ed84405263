"""The private folder: copies of documents that another program shows, for as long as the person is here.

Outside the encrypted store there is no other place for health content: the folder is the person's own, inside the home,
0700; each copy lies alone in a folder of random name, read-only; all of it goes at lock, sign-out, end, and at the next
start after a crash.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from mssclient.domain.errors import StoreReason, StoreTrouble, Unread, Unreadable

log = logging.getLogger(__name__)
MOST_BYTES = 128 * 1024 * 1024
MOST_TOGETHER = 512 * 1024 * 1024
MOST_FILES = 200


class PrivateFolder:
    """One person's. Any thread; two threads never lay the same copy twice under one name."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def lay(self, name: str, content: bytes) -> Path:
        """A read-only copy under its own name, alone in a folder of its own. The caller made sure of the name and the
        kind (`domain.outside`). Raises Unreadable: FORBIDDEN for a name that leads elsewhere, TOO_BIG beyond what a
        workstation should hold; StoreTrouble."""
        if name in {"", ".", ".."} or set(name) & {"/", "\\", ":", "\0"}:
            raise Unreadable(Unread.FORBIDDEN, "name")
        held = self._sizes()
        if len(content) > MOST_BYTES or sum(held) + len(content) > MOST_TOGETHER or len(held) >= MOST_FILES:
            raise Unreadable(Unread.TOO_BIG, "private folder")
        folder = self._root / secrets.token_hex(12)
        target = folder / name
        try:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(mode=0o700)
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            target.chmod(stat.S_IRUSR)
        except OSError as error:
            _remove(target)
            _remove(folder)
            full = error.errno in {errno.ENOSPC, errno.EDQUOT}
            raise StoreTrouble(StoreReason.FULL if full else StoreReason.LOCKED) from error
        return target

    def empty(self) -> bool:
        """Take every copy away; whether all went. One that a program holds open (Windows) stays until the next time."""
        left = 0
        for place, folders, names in os.walk(self._root, topdown=False, followlinks=False):
            for each in (*names, *folders):
                left += not _remove(Path(place, each))
        if left:
            log.info("private folder: %d left", left)
        _remove(self._root)
        return not left

    def _sizes(self) -> list[int]:
        """Of everything in the folder, what other programs left beside our copies included; they may take it away now."""
        found = []
        for place, _, names in os.walk(self._root):
            for name in names:
                with suppress(OSError):
                    found.append(Path(place, name).lstat().st_size)
        return found


def _remove(path: Path) -> bool:
    """Remove one file or empty folder; whether it is gone."""
    try:
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        else:
            if os.name == "nt":
                # Windows keeps what is read-only.
                with suppress(OSError):
                    path.chmod(stat.S_IWRITE)
            path.unlink(missing_ok=True)
    except OSError:
        return False
    return True
