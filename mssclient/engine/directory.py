"""The thread `directory`: fetches the white list and the Annuaire extraction, and swaps them in whole."""

from __future__ import annotations

import logging
import random
from pathlib import Path

from mssclient.domain import whitelist
from mssclient.domain.environment import Environment
from mssclient.domain.errors import MssError, Offline, StoreReason, StoreTrouble
from mssclient.domain.events import DirectoryChanged
from mssclient.engine.house import Clock, Speaker, back_off_s
from mssclient.engine.worker import Worker
from mssclient.remote import annuaire
from mssclient.store.directory import DirectoryStore

log = logging.getLogger(__name__)
REFRESH_EVERY_S = 24 * 3600.0
JITTER_S = 1800.0


class Directory:
    """Owner of the Annuaire's local copy. Searches go on meanwhile, on the old copy or on the new, never a mixture."""

    def __init__(
        self, environment: Environment, store: DirectoryStore, folder: Path, speaker: Speaker, clock: Clock
    ) -> None:
        self._environment = environment
        self._store = store
        self._folder = folder
        self._speaker = speaker
        self._clock = clock
        self._tries = 0
        self.loading = False
        self.worker = Worker("directory", self._tell)

    def start(self) -> None:
        """Begin, with a look at what is new."""
        self.worker.start()
        self.worker.post(self._refresh)

    def refresh(self) -> None:
        """Look for a newer extraction now."""
        self.worker.post(self._refresh)

    def stop(self) -> None:
        """End; a download under way is given up, the copy in use stays."""
        self.worker.stop()

    def _refresh(self) -> None:
        self.loading = True
        self._speaker.announce(DirectoryChanged())
        try:
            self._white_list()
            if self._environment.directory:
                self._extraction()
            self._tries = 0
            self.worker.post_in(REFRESH_EVERY_S + random.uniform(0, JITTER_S), self._refresh)  # noqa: S311
        finally:
            self.loading = False
            self._speaker.progress("directory", None, 1, 1)
            self._speaker.announce(DirectoryChanged())

    def _white_list(self) -> None:
        if self._environment.white_list:
            read = whitelist.read(annuaire.white_list(self._environment))
            self._store.keep_white_list(read.domains, read.generated)

    def _extraction(self) -> None:
        fresh = annuaire.freshness(self._environment)
        if fresh.stamp and fresh.stamp == self._store.status().extracted:
            return
        incoming = self._folder / "incoming.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with incoming.open("w+b") as target:
                arrived = annuaire.download(self._environment, target, self._progress, self._cancelled)
            with annuaire.extraction_stream(incoming) as text:
                self._store.load(
                    text, self._progress, self._cancelled,
                    extracted=fresh.stamp or arrived.stamp or text.stamp, loaded_at=self._clock().isoformat(),
                    size_bytes=text.size_bytes,
                )  # fmt: skip
        except OSError as error:
            raise StoreTrouble(StoreReason.FULL) from error
        finally:
            incoming.unlink(missing_ok=True)

    def _cancelled(self) -> bool:
        return self.worker.stopping

    def _progress(self, done: int, total: int) -> None:
        self._speaker.progress("directory", None, min(done, max(total - 1, 1)), total or 0)

    def _tell(self, error: MssError | None) -> None:
        self.worker.post_in(max(30.0, back_off_s(self._tries + 4)), self._refresh)
        self._tries += 1
        if error is not None and not isinstance(error, Offline):
            self._speaker.problem(error, "directory")
