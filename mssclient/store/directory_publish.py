"""Publishes the Annuaire for an institution's workstations, as plain files that any web server or share can serve.

Order of writing: the files that the new manifest names, forced to the disk under their final names; then the manifest,
replaced in one rename; then what no manifest of the last days names is removed. A reader finds the old set or the new.
"""

from __future__ import annotations

import hashlib
import lzma
import os
import secrets
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mssclient.domain import extraction, publication
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.publication import Delta, Manifest, Packed
from mssclient.store.directory_files import Generations, settled, trouble
from mssclient.store.directory_load import Course, Digested, digested

DAYS_KEPT = 30
"""Publications that a workstation may have missed and still catch up with by deltas."""
SNAPSHOTS_KEPT = 2
"""One more than the manifest names: who has just read the manifest before still finds its file."""
_PRESSED_AT_ONCE = 256 * 1024
"""Bytes given to xz at once: line by line, it spends more on asking for memory than on the lines."""
_PRESET = 2  # of xz: 4 s and 12 % more bytes than the default, which takes 25 s


@dataclass(frozen=True, slots=True)
class Published:
    """What a publication did."""

    number: int
    entries: int
    arrived: int
    vanished: int
    skipped: int
    snapshot_bytes: int
    delta_bytes: int
    """0 for the first of a folder, and when nothing changed."""
    fresh: bool
    """False when the folder already held these very entries: nothing was written."""


class _Writing:
    """One file of a publication while it is written: compressed, counted and digested on the way."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("xb")
        self._press = lzma.LZMACompressor(preset=_PRESET)
        self._digest = hashlib.sha256()
        self._size = self._unpacked = 0
        self._waiting = bytearray()

    def write(self, line: bytes) -> None:
        self._unpacked += len(line)
        self._waiting += line
        if len(self._waiting) >= _PRESSED_AT_ONCE:
            self._press_waiting()

    def _press_waiting(self) -> None:
        self._put(self._press.compress(self._waiting))
        self._waiting.clear()

    def _put(self, piece: bytes) -> None:
        if piece:
            self._size += len(piece)
            self._digest.update(piece)
            self._file.write(piece)

    def finish(self) -> Packed:
        """Everything is on the disk."""
        self._press_waiting()
        self._put(self._press.flush())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Packed(self._path.name, self._size, self._digest.hexdigest(), self._unpacked)

    def abandon(self) -> None:
        """Nothing of it is wanted."""
        self._file.close()
        self._path.unlink(missing_ok=True)


class PublicationFolder:
    """The folder of a publication, seen by the one who writes it. One process at a time; raises StoreTrouble."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._alone = Generations(folder / "publication.none")

    def current(self) -> Manifest | None:
        """What is published; None for a new folder. Raises Unreadable for a manifest that is damaged or foreign."""
        try:
            with (self._folder / publication.MANIFEST).open("rb") as file:
                return publication.read_manifest(file.read(publication.MANIFEST_LIMIT + 1))
        except FileNotFoundError:
            return None

    def publish(
        self,
        lines: Iterable[bytes],
        progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
        *,
        extracted: str,
        published_at: str,
        size_bytes: int,
        confirmed: bool = False,
        days: int = DAYS_KEPT,
    ) -> Published:
        """Publish an extraction (its lines), whole or not at all. Raises Unreadable, Shrunken, Cancelled, StoreTrouble.

        An extraction older than the published one is refused: workstations would refuse it too.
        """
        try:
            with self._alone.locked(0.0):
                before = self.current()
                if before is not None and extracted and extracted < before.extracted:
                    raise Unreadable(Unread.FORBIDDEN, "older")
                known = before.entries if before else 0
                course = Course(progress, cancelled, size_bytes, known, 0 if confirmed else known, extraction.Tally())
                self._sweep(before)
                with self._edition(before) as edition:
                    edition.take(digested(lines, course.tally), course)
                    return self._seal(edition, before, extracted, published_at, days)
        except OSError as error:
            raise trouble(error) from error

    @contextmanager
    def _edition(self, before: Manifest | None) -> Iterator[_Edition]:
        edition = _Edition(self._folder, before, self._known(before))
        try:
            yield edition
        except BaseException:
            edition.abandon()
            raise

    def _known(self, before: Manifest | None) -> array[int]:
        """Digests of what is published, in order; empty when its snapshot is no more what the manifest says."""
        if before is None:
            return array("q")
        path = self._folder / before.snapshot.name
        try:
            with lzma.open(path) as file:
                found = sorted(publication.digest(publication.values_of(line)) for line in file)
        except (OSError, EOFError, lzma.LZMAError, Unreadable):
            return array("q")
        return array("q", found) if publication.mark(sum(found)) == before.mark else array("q")

    def _seal(
        self, edition: _Edition, before: Manifest | None, extracted: str, published_at: str, days: int
    ) -> Published:
        said = edition.result()
        if before is not None and before.mark == edition.mark and self._stands(before.snapshot):
            edition.abandon()
            if (before.extracted, before.published_at) != (extracted, published_at):
                self._replace_manifest(
                    replace(before, extracted=extracted or before.extracted, published_at=published_at)
                )
            return Published(before.number, *said, before.snapshot.size, 0, fresh=False)
        snapshot, changed = edition.finish()
        deltas: tuple[Delta, ...] = ()
        if before is not None and changed is not None:
            new = Delta(edition.number, before.mark, edition.mark, edition.entries, changed)
            deltas = (*before.deltas, new)[-min(days, publication.DELTA_LIMIT) :]
        series = before.series if before else secrets.token_hex(8)
        manifest = Manifest(
            series, edition.number, extracted, published_at, edition.entries, edition.mark, snapshot, deltas
        )
        settled(self._folder)
        self._replace_manifest(manifest)
        self._sweep(manifest)
        return Published(edition.number, *said, snapshot.size, changed.size if changed else 0, fresh=True)

    def _stands(self, packed: Packed) -> bool:
        path = self._folder / packed.name
        return path.is_file() and path.stat().st_size == packed.size

    def _replace_manifest(self, manifest: Manifest) -> None:
        fresh = self._folder / f"{publication.MANIFEST}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(manifest.as_json())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / publication.MANIFEST)
        settled(self._folder)

    def _sweep(self, manifest: Manifest | None) -> None:
        """Remove files of ours that nobody is told of any more, and what a crash left."""
        named = {delta.file.name for delta in manifest.deltas} if manifest else set()
        snapshots = sorted(path.name for path in self._folder.glob("snapshot-*.xz"))
        if manifest:
            older = [name for name in snapshots if name < manifest.snapshot.name]
            named |= {manifest.snapshot.name, *older[1 - SNAPSHOTS_KEPT :]}
        for path in (*self._folder.glob("snapshot-*.xz"), *self._folder.glob("delta-*.xz")):
            if path.name not in named:
                path.unlink(missing_ok=True)


class _Edition:
    """The next publication while it is made: the snapshot, and what changed, in one pass over the entries."""

    def __init__(self, folder: Path, before: Manifest | None, known: array[int]) -> None:
        self.number = before.number + 1 if before else 1
        self.entries = 0
        self.mark = publication.mark(0)
        self._known = known
        self._met = bytearray(len(known))
        self._arrived = 0
        self._skipped = 0
        token = secrets.token_hex(4)  # a name is never used twice: caches on the way may keep files for ever
        self._snapshot = _Writing(folder / f"snapshot-{self.number:08d}-{token}.xz")
        self._delta = _Writing(folder / f"delta-{self.number:08d}-{token}.xz")

    def take(self, source: Iterator[Digested], course: Course) -> None:
        """Read everything; raises Unreadable, Shrunken, Cancelled."""
        seen: set[int] = set()
        total = 0
        for number, values in source:
            if number in seen:
                continue
            seen.add(number)
            total += number
            line = publication.line_of(values)
            self._snapshot.write(line)
            self._compare(number, line)
            if len(seen) % 5_000 == 0:
                course.told(0.95 * min(1.0, course.tally.good / max(1, course.total())))
        extraction.refuse_shrunken(course.floor, len(seen))
        for place, still in enumerate(self._met):
            if not still:
                raw = self._known[place].to_bytes(8, "big", signed=True)
                self._delta.write(b"-" + raw.hex().encode() + b"\n")
        self.entries, self.mark, self._skipped = len(seen), publication.mark(total), course.tally.skipped
        course.settle()
        course.told(1.0)

    def _compare(self, number: int, line: bytes) -> None:
        place = bisect_left(self._known, number)
        if place < len(self._known) and self._known[place] == number:
            self._met[place] = 1
        else:
            self._arrived += 1
            self._delta.write(b"+" + line)

    def result(self) -> tuple[int, int, int, int]:
        """Entries, arrived, vanished, skipped."""
        return self.entries, self._arrived, len(self._met) - sum(self._met), self._skipped

    def finish(self) -> tuple[Packed, Packed | None]:
        """The snapshot and, when there was something to compare with, the changes."""
        snapshot = self._snapshot.finish()
        if self._known:
            return snapshot, self._delta.finish()
        self._delta.abandon()
        return snapshot, None

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._snapshot.abandon()
        self._delta.abandon()
