"""How the local Annuaire is brought up to date, from wherever it comes: shared by the `directory` thread and the command line.

Three sources: the national extraction over the line, a file that is at hand, and what the institution publishes.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mssclient.domain import whitelist
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Refused, Unread, Unreadable
from mssclient.domain.publication import Manifest, Packed, Plan, plan
from mssclient.remote import annuaire, publication
from mssclient.remote.annuaire import Freshness
from mssclient.remote.publication import PublishedFolder, is_publication
from mssclient.store.directory import Arrival, DirectoryStore, LoadResult
from mssclient.store.directory_files import Incoming

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Told "fetch" with bytes, then "load" with lines: what, done, total (0 when unknown)."""


class Intake:
    """Brings `store` up to date. Blocking; belongs to the thread that made it. `now` is an ISO time."""

    def __init__(
        self,
        environment: Environment,
        store: DirectoryStore,
        folder: Path,
        progress: Progress,
        cancelled: Callable[[], bool],
        *,
        confirmed: bool = False,
    ) -> None:
        self._environment = environment
        self._store = store
        self._incoming = Incoming(folder)
        self._progress = progress
        self._cancelled = cancelled
        self._confirmed = confirmed
        """A person accepted a file that holds far fewer lines than the last."""

    def white_list(self) -> None:
        """Fetch and keep the white list, where the environment knows one. Raises as `remote.annuaire.white_list`."""
        if self._environment.white_list:
            read = whitelist.read(annuaire.white_list(self._environment))
            self._store.keep_white_list(read.domains, read.generated)

    def take(self, location: str, now: str) -> LoadResult | None:
        """Look at a location and take over what is new there; None when this copy is up to date.

        https addresses, paths of files and of published folders. Raises Offline, Refused, Untrusted, Unreadable,
        Cancelled, StoreTrouble; the last good copy then stays, and what arrived is kept for the next call.
        """
        if is_publication(location):
            return self._take_published(location, now)
        if location.startswith("https://"):
            return self._take_extraction(replace(self._environment, directory=location), now)
        return self.take_file(Path(location), now)

    def take_file(self, path: Path, now: str) -> LoadResult:
        """Take over an extraction that is at hand, zipped or not. Raises OSError for a path that leads nowhere."""
        with annuaire.extraction_stream(path) as text:
            return self._load(text, Arrival(now, text.stamp))

    def _load(self, text: annuaire.ExtractionText, arrival: Arrival) -> LoadResult:
        return self._store.load(
            text, self._loading, self._cancelled, arrival=arrival, size_bytes=text.size_bytes, confirmed=self._confirmed
        )

    # -- the national extraction
    def _take_extraction(self, environment: Environment, now: str) -> LoadResult | None:
        fresh = annuaire.freshness(environment)
        if self._has(fresh):
            return None
        with self._incoming.opened() as target:
            known = self._begun(environment.directory, fresh)
            if known is None:
                target.truncate()
            self._incoming.keep_note(_note(environment.directory, fresh))
            arrived = annuaire.download(environment, target, self._fetching, self._cancelled, known)
            try:
                with annuaire.extraction_stream(target) as text:
                    stamp = fresh.stamp or arrived.stamp or text.stamp
                    result = self._load(text, Arrival(now, stamp, arrived.validator or fresh.validator))
            except Unreadable:
                self._incoming.drop()
                raise
        self._incoming.drop()
        return result

    def _has(self, fresh: Freshness) -> bool:
        held = self._store.held()
        if not held.mark:
            return False
        if fresh.validator and fresh.validator == self._store.validator():
            return True
        return bool(fresh.stamp) and fresh.stamp == held.extracted

    def _begun(self, url: str, fresh: Freshness) -> Freshness | None:
        """What an earlier start began to fetch, when it is still what the server offers."""
        noted = self._incoming.note()
        same = fresh.size > 0 and bool(fresh.validator or fresh.stamp) and dict(noted) == _note(url, fresh)
        return fresh if same else None

    # -- what the institution publishes
    def _take_published(self, location: str, now: str) -> LoadResult | None:
        with PublishedFolder(self._environment, location) as folder:
            manifest = folder.manifest()
            try:
                return self._follow(folder, manifest, now)
            except Refused as error:
                # a file may have been removed since the manifest was read: the next one names others
                again = folder.manifest()
                if again == manifest:
                    raise Unreadable(Unread.DAMAGED, "publication") from error
                return self._follow(folder, again, now)

    def _follow(self, folder: PublishedFolder, manifest: Manifest, now: str) -> LoadResult | None:
        wanted = plan(manifest, self._store.held())
        arrival = Arrival(now, manifest.extracted, series=manifest.series, number=manifest.number)
        if wanted.deltas:
            try:
                return self._take_deltas(folder, wanted, manifest, arrival)
            except (Unreadable, Refused) as error:
                log.info("published changes do not fit (%s): the snapshot is taken", type(error).__name__)
                return self._take_snapshot(folder, manifest, arrival)
        if wanted.snapshot:
            return self._take_snapshot(folder, manifest, arrival)
        if manifest.extracted > self._store.held().extracted:
            self._store.keep_date(manifest.extracted)
        return None

    def _take_deltas(self, folder: PublishedFolder, wanted: Plan, manifest: Manifest, arrival: Arrival) -> LoadResult:
        fetched: list[tuple[io.BytesIO, Packed]] = []
        for delta in wanted.deltas:
            target = io.BytesIO()
            folder.fetch(delta.file, target, self._fetching, self._cancelled)
            fetched.append((target, delta.file))
        changes = (line for target, packed in fetched for line in publication.lines(target, packed))
        return self._store.apply(changes, (manifest.entries, manifest.mark), arrival)

    def _take_snapshot(self, folder: PublishedFolder, manifest: Manifest, arrival: Arrival) -> LoadResult:
        packed = manifest.snapshot
        with self._incoming.opened() as target:
            note = {"sha256": packed.sha256}
            if dict(self._incoming.note()) != note:
                target.truncate()
            self._incoming.keep_note(note)
            folder.fetch(packed, target, self._fetching, self._cancelled)
            result = self._store.load_snapshot(
                publication.lines(target, packed), self._loading, self._cancelled, arrival=arrival,
                size_bytes=packed.unpacked, expected=(manifest.entries, manifest.mark), confirmed=self._confirmed,
            )  # fmt: skip
        self._incoming.drop()
        return result

    def _fetching(self, done: int, total: int) -> None:
        self._progress("fetch", done, total)

    def _loading(self, done: int, total: int) -> None:
        self._progress("load", done, total)


def _note(url: str, fresh: Freshness) -> dict[str, str]:
    return {"url": url, "stamp": fresh.stamp, "size": str(fresh.size), "validator": fresh.validator}
