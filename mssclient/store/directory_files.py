"""The files of the local Annuaire: numbered generations, one writer at a time, and a download that can go on later."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO

from mssclient.domain.errors import StoreReason, StoreTrouble

log = logging.getLogger(__name__)
_NOTE_LIMIT = 20_000


def trouble(error: sqlite3.Error | OSError) -> StoreTrouble:
    """What an error of SQLite or of the file system means for the Annuaire's file."""
    text = str(error).lower()
    if "full" in text or "no space" in text:
        return StoreTrouble(StoreReason.FULL)
    return StoreTrouble(StoreReason.LOCKED if "locked" in text else StoreReason.DAMAGED)


def settled(folder: Path) -> None:
    """Force a folder's names to the disk, where the system knows how."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


class Generations:
    """The files of one Annuaire, named after `path`: "annuaire.sqlite" stands for "annuaire-0001.sqlite" and on."""

    def __init__(self, path: Path) -> None:
        self._folder = path.parent
        self._stem = path.stem
        self._suffix = path.suffix
        self._name = re.compile(rf"{re.escape(path.stem)}-(\d{{4,9}}){re.escape(path.suffix)}")

    def current(self) -> Path | None:
        """The newest whole generation."""
        found = self._numbered()
        return self._folder / found[-1][1] if found else None

    def _numbered(self) -> list[tuple[int, str]]:
        try:
            names = os.listdir(self._folder)  # noqa: PTH208  at each keystroke: Path.iterdir takes ten times longer
        except FileNotFoundError:
            return []
        return sorted((int(match[1]), name) for name in names if (match := self._name.fullmatch(name)))

    @contextmanager
    def locked(self, wait_s: float = 10.0) -> Iterator[None]:
        """Be the only writer of this Annuaire among all processes. Raises StoreTrouble(LOCKED) when another stays."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # SQLite's own file lock works on every system and ends with its process, however that ends.
            with closing(sqlite3.connect(self._lock_file, isolation_level=None, timeout=wait_s)) as connection:
                connection.execute("BEGIN EXCLUSIVE")
                yield
        except sqlite3.OperationalError as error:
            raise trouble(error) from error

    def is_locked(self) -> bool:
        """Whether somebody, in any process, is writing."""
        try:
            with self.locked(0.0):
                return False
        except StoreTrouble as error:
            return error.reason is StoreReason.LOCKED

    @property
    def _lock_file(self) -> Path:
        return self._folder / f"{self._stem}.lock"

    def partial(self) -> Path:
        """Where the next generation is built; what a crash left there is removed."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._stem}.partial"
        path.unlink(missing_ok=True)
        return path

    def adopt(self, partial: Path) -> Path:
        """Make a finished file the current generation, in one step, and drop the older ones."""
        numbered = self._numbered()
        number = numbered[-1][0] + 1 if numbered else 1
        path = self._folder / f"{self._stem}-{number:04d}{self._suffix}"
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(path)
        settled(self._folder)
        self.drop_old()
        return path

    def drop_old(self) -> None:
        """Remove the generations before the current one; one that is still open on Windows goes the next time."""
        for _, name in self._numbered()[:-1]:
            for suffix in ("", "-journal"):
                try:
                    (self._folder / (name + suffix)).unlink(missing_ok=True)
                except OSError as error:
                    log.info("old generation kept: %s", type(error).__name__)


def copied(source: Path, target: Path) -> None:
    """A copy of a generation that nobody writes; one that a crash left with a journal is copied by SQLite, healed."""
    if not source.with_name(source.name + "-journal").exists():
        shutil.copyfile(source, target)
        return
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


class Incoming:
    """What arrives over the line before it is read, and the note of what it is: a later start can go on with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "incoming.part"
        self._note = folder / "incoming.json"

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The file, for reading and writing, with whatever an interrupted transfer left. Raises StoreTrouble."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file.touch(mode=0o600)
            with self._file.open("rb+") as file:
                yield file
        except OSError as error:
            raise trouble(error) from error

    def note(self) -> Mapping[str, str]:
        """What was noted of the bytes that are there; empty when nothing usable is."""
        try:
            with self._note.open("rb") as file:
                found = json.loads(file.read(_NOTE_LIMIT))
        except (OSError, ValueError, RecursionError):
            return {}
        return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}

    def keep_note(self, facts: Mapping[str, str]) -> None:
        """Note what the bytes to come are, before the first of them."""
        try:
            fresh = self._note.with_suffix(".new")
            fresh.write_text(json.dumps(dict(facts)), "utf-8")
            fresh.replace(self._note)
        except OSError as error:
            raise trouble(error) from error

    def drop(self) -> None:
        """Everything was read, or nothing of it is wanted."""
        for path in (self._note, self._file):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                log.info("incoming file kept: %s", type(error).__name__)
