"""The record system's "to send" folder: what is complete in it, its bytes, and where it goes once its fate is known."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from mssclient.domain.errors import FilingReason, FilingRefused, Unread, Unreadable
from mssclient.domain.filing_rules import numbered
from mssclient.domain.handover import MAX_SIDECAR, Handover, Proposal, from_sidecar

MOST_FILES = 2_000
SENT, REFUSED = "SENT", "REFUSED"
_DOCUMENTS = {".pdf", ".xml", ".zip"}
_UNFINISHED = {".tmp", ".part", ".partial", ".crdownload", ".filepart"}
_MOST_NUMBERS = 500
_MOST_BYTES = 64 * 1024 * 1024
Marks = Mapping[str, tuple[int, int]]
"""Name → size and time of change (ns), at one look."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at the folder found. Something is taken when two looks in a row saw it the same."""

    marks: Marks
    proposals: tuple[Proposal, ...]


def look(folder: Path, former: Marks) -> Look:
    """One look. A file still being written, a sidecar before its documents, a hidden or temporary name: not yet.

    Raises FilingRefused(NO_FOLDER) when the folder is not there.
    """
    marks = _marks(folder)
    still = {name for name, mark in marks.items() if former.get(name) == mark and mark[0] > 0}
    found, claimed = list[Proposal](), set[str]()
    for name in sorted(n for n in marks if n.lower().endswith(".json")):
        if name not in still:
            claimed |= _beside(name, marks)
            continue
        try:
            handed = from_sidecar(_read(folder / name, MAX_SIDECAR))
        except Unreadable as error:
            beside = _beside(name, marks)
            found.append(Proposal(name, Handover(attachments=tuple(sorted(beside))), error))
            claimed |= beside
            continue
        named = set(handed.attachments) or _beside(name, marks)
        claimed |= named
        if named <= still:
            if not handed.attachments:
                handed = replace(handed, attachments=tuple(sorted(named)))
            found.append(Proposal(name, handed))
    alone = sorted(n for n in still - claimed if Path(n).suffix.lower() in _DOCUMENTS)
    found += [Proposal(name, Handover(attachments=(name,))) for name in alone]
    return Look(marks, tuple(found))


def _beside(sidecar: str, marks: Marks) -> set[str]:
    """Documents that bear a sidecar's name: `x.json` or `x.pdf.json` beside `x.pdf`."""
    stem = sidecar[: -len(".json")]
    return {n for n in marks if n != sidecar and (n == stem or n.rpartition(".")[0] == stem)}


def _marks(folder: Path) -> dict[str, tuple[int, int]]:
    marks = dict[str, tuple[int, int]]()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if len(marks) >= MOST_FILES:
                    break
                name = entry.name
                if name.startswith((".", "~")) or Path(name).suffix.lower() in _UNFINISHED:
                    continue
                with suppress(OSError):
                    known = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(known.st_mode):
                        marks[name] = known.st_size, known.st_mtime_ns
    except OSError as error:
        raise FilingRefused(FilingReason.NO_FOLDER) from error
    return marks


def _read(path: Path, most: int) -> bytes:
    """A regular file's bytes, never through a link. Raises Unreadable."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise Unreadable(Unread.FORBIDDEN, "file")
            content = file.read(most + 1)
    except OSError as error:
        raise Unreadable(Unread.DAMAGED, "file") from error
    if len(content) > most:
        raise Unreadable(Unread.TOO_BIG, "file")
    return content


def document(folder: Path, name: str) -> bytes:
    """The bytes of a document of the folder. Raises Unreadable."""
    return _read(folder / name, _MOST_BYTES)


def put_away(folder: Path, names: tuple[str, ...], place: str) -> int:
    """Move files into `SENT` or `REFUSED` under the folder, never over another; how many were there to be moved.

    Files that the record system took away meanwhile are not missed. Raises FilingRefused.
    """
    target, moved = folder / place, 0
    try:
        target.mkdir(exist_ok=True)
        for name in names:
            for source in (folder / name, folder / REFUSED / name):
                if source.parent != target and _move(source, target, name):
                    moved += 1
                    break
    except OSError as error:
        raise FilingRefused(FilingReason.READ_ONLY) from error
    return moved


def _move(source: Path, target: Path, name: str) -> bool:
    if not source.is_file() or source.is_symlink():
        return False
    for number in range(1, _MOST_NUMBERS):
        wanted = target / numbered(name, number)
        try:
            os.link(source, wanted)
        except FileExistsError:
            continue
        except OSError:
            if wanted.exists():
                continue
            source.rename(wanted)
            return True
        source.unlink()
        return True
    return False
