"""The record system's folder: files appear in it whole, under a free name, or not at all (documents.md)."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import logging
import os
import platform
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.filing_rules import numbered, safe_name

log = logging.getLogger(__name__)

STALE_S = 3600.0
_MOST_NUMBERS = 1000
_MOST_LOOKED_AT = 5000
_MOST_KEPT = 10
_LARGEST_LOOKED_AT = 128 * 1024 * 1024
_TEMPORARY = re.compile(r"\.mssclient-([0-9a-f]{8})-(\d{1,9})-[0-9a-f]{12}\.part")
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EINVAL})
_REASONS = {
    errno.ENOENT: FilingReason.NO_FOLDER, errno.ENOTDIR: FilingReason.NO_FOLDER,
    errno.EACCES: FilingReason.READ_ONLY, errno.EPERM: FilingReason.READ_ONLY, errno.EROFS: FilingReason.READ_ONLY,
    errno.ENOSPC: FilingReason.FULL, errno.EDQUOT: FilingReason.FULL, errno.EFBIG: FilingReason.FULL,
    errno.ENAMETOOLONG: FilingReason.NAME, errno.EINVAL: FilingReason.NAME, errno.EILSEQ: FilingReason.NAME,
}  # fmt: skip
_RENAME_NOREPLACE = 1
_AT_FDCWD = -100


def drop(folder: Path, files: Sequence[tuple[str, bytes]]) -> tuple[Path, ...]:
    """Put files (name, bytes) into the folder and say where they are; of a pair the watched one stands last.

    Nothing is overwritten: when a name is taken all of them take the next number. After a failure neither a file nor
    a temporary of this call is left. Raises FilingRefused.
    """
    if not files or len({name.casefold() for name, _ in files}) != len(files):
        raise FilingRefused(FilingReason.NAME)
    for name, _ in files:
        if name != safe_name(name):
            raise FilingRefused(FilingReason.NAME)
    with _told(folder):
        _check_folder(folder)
        temporaries: list[Path] = []
        try:
            for _, content in files:
                temporaries.append(_temporary_path(folder))
                _write(temporaries[-1], content, _mode_for(folder))
            placed = _place_all(folder, [name for name, _ in files], temporaries)
        finally:
            for temporary in temporaries:
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        _sync_folder(folder)
    return placed


def replace(target: Path, content: bytes) -> None:
    """Write a copy where a person chose, replacing what they agreed to replace; whole or not at all.

    Raises FilingRefused.
    """
    with _told(target.parent):
        _check_folder(target.parent)
        temporary = _temporary_path(target.parent)
        try:
            _write(temporary, content, 0o600)
            temporary.replace(target)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        _sync_folder(target.parent)


def left_over(folder: Path, stale_s: float = STALE_S) -> int:
    """Remove our own temporaries that nobody is writing any more, and say how many.

    One is stale when its process on this machine is gone, or when it was not touched for `stale_s`: the folder may be
    shared, and another workstation may be writing now. Raises FilingRefused when the folder cannot be read.
    """
    removed = 0
    with _told(folder):
        for entry in _files(folder):
            found = _TEMPORARY.fullmatch(entry.name)
            if found is None or not (_is_orphan(found[1], int(found[2])) or _age_s(entry) > stale_s):
                continue
            with suppress(OSError):
                entry.unlink(missing_ok=True)
                removed += 1
    if removed:
        log.info("%d temporaries removed", removed)
    return removed


def find(folder: Path, sha256: str) -> Path | None:
    """The newest file with this digest, to settle a drop that a crash cut: in the folder, else in one directly under it,
    where importers keep what they took (`SAVE`). Raises FilingRefused."""
    with _told(folder):
        for place in (folder, *_kept(folder)):
            dated = sorted(((_age_s(each), each) for each in _files(place)), key=lambda pair: pair[0])
            for _, entry in dated[:_MOST_LOOKED_AT]:
                if not _TEMPORARY.fullmatch(entry.name) and _digest(entry) == sha256:
                    return entry
    return None


def _kept(folder: Path) -> Iterator[Path]:
    """Folders under this one that may be read."""
    with os.scandir(folder) as entries:
        under = sorted(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))
    return (Path(each) for each in under[:_MOST_KEPT] if os.access(each, os.R_OK | os.X_OK))


class _told:  # noqa: N801 — reads as a sentence where it is used
    """Turns operating-system errors into FilingRefused with the reason a person can act on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, OSError):
            log.info("folder refused: errno %s", error.errno)
            reason = _REASONS.get(error.errno or 0, FilingReason.VANISHED)
            if reason is FilingReason.NO_FOLDER and self._folder.is_dir():
                # The folder stands: it is our own file that somebody took away while it was being written.
                reason = FilingReason.VANISHED
            raise FilingRefused(reason) from error


def _check_folder(folder: Path) -> None:
    if not stat.S_ISDIR(folder.stat().st_mode):
        raise NotADirectoryError(errno.ENOTDIR, "not a folder")


def _files(folder: Path) -> Iterator[Path]:
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_file(follow_symlinks=False):
                yield Path(entry.path)


def _age_s(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:
        return 0.0


def _digest(path: Path) -> str:
    """SHA-256, or nothing for a file that is too large or that an importer just took away."""
    try:
        if path.stat().st_size > _LARGEST_LOOKED_AT:
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _host() -> str:
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def _temporary_path(folder: Path) -> Path:
    return folder / f".mssclient-{_host()}-{os.getpid()}-{secrets.token_hex(6)}.part"


def _is_orphan(host: str, pid: int) -> bool:
    """Whether the process that wrote it ran here and is gone. Windows gives no harmless way to ask: age decides."""
    if host != _host() or sys.platform == "win32":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False


def _mode_for(folder: Path) -> int:
    """As open as the folder itself, so that the importer's account may read, but never executable."""
    return stat.S_IMODE(folder.stat().st_mode) & 0o660 | 0o600


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        if mode != 0o600 and hasattr(os, "fchmod"):
            # Shares mounted with fixed permissions refuse this; theirs hold then.
            with suppress(OSError):
                os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new names survive a power cut, where the system can."""
    if sys.platform == "win32":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _place_all(folder: Path, names: Sequence[str], temporaries: Sequence[Path]) -> tuple[Path, ...]:
    """Give all files their names, in order; all take the next number as soon as one name is taken."""
    for number in range(1, _MOST_NUMBERS):
        targets = tuple(folder / numbered(name, number) for name in names)
        if not any(os.path.lexists(target) for target in targets) and _place_round(temporaries, targets):
            return targets
    raise FilingRefused(FilingReason.NAME)


def _place_round(temporaries: Sequence[Path], targets: Sequence[Path]) -> bool:
    """One round; a name taken meanwhile, or a failure, moves what was placed back to its temporary name."""
    placed: list[tuple[Path, Path]] = []
    try:
        for temporary, target in zip(temporaries, targets, strict=True):
            _place(temporary, target)
            placed.append((temporary, target))
    except OSError as error:
        for temporary, target in reversed(placed):
            with suppress(OSError):
                target.replace(temporary)
        if isinstance(error, FileExistsError):
            return False
        raise
    return True


def _place(temporary: Path, target: Path) -> None:
    """Rename without ever overwriting. Raises FileExistsError when the name is taken."""
    if sys.platform == "win32":
        temporary.rename(target)
    elif not _renamed_free(temporary, target):
        _linked(temporary, target)


def _linked(temporary: Path, target: Path) -> None:
    try:
        os.link(temporary, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
    else:
        with suppress(OSError):
            temporary.unlink()
        return
    # A share without links nor exclusive rename: the name was free a moment ago, and is asked for once more.
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, "name taken")
    temporary.rename(target)


def _find_renameat2() -> Callable[..., int] | None:
    if not sys.platform.startswith("linux"):
        return None
    try:
        function: Callable[..., int] = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    return function


_renameat2 = _find_renameat2()


def _renamed_free(temporary: Path, target: Path) -> bool:
    """renameat2(RENAME_NOREPLACE), one step on the disk; False where kernel or file system do not know it."""
    if _renameat2 is None:
        return False
    if _renameat2(_AT_FDCWD, os.fsencode(temporary), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE) == 0:
        return True
    number = ctypes.get_errno()
    if number in {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}:
        return False
    raise OSError(number, os.strerror(number))
