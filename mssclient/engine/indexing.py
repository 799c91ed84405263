"""The full-text index, written behind the lists: what came can be listed at once and found a moment later."""

from __future__ import annotations

import logging

from mssclient.domain.errors import MssError
from mssclient.engine.house import House
from mssclient.engine.worker import Worker

log = logging.getLogger(__name__)
LINES_A_TRANSACTION = 50
"""Some 5 ms of the write lock."""
ASIDE_S = 0.25
"""While headers are coming in: they go first, and this is how often a few lines are written all the same."""
AGAIN_S = 30.0


class Indexing:
    """The thread `index`. Lives as long as a person's store is open; `ring` may be called on any thread."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._queued = False
        self.worker = Worker("index", self._tell, ending=house.stores.database.release)

    def start(self) -> None:
        """Begin with what an earlier run left."""
        self.worker.start()
        self.ring()

    def ring(self) -> None:
        """Something came that has to be found."""
        if not self._queued:
            self._queued = True
            self.worker.post(self._some)

    def _some(self) -> None:
        self._queued = False
        if self._house.stores.index.write(LINES_A_TRANSACTION) == 0 or self.worker.stopping:
            return
        self._queued = True
        if any(each.what == "headers" for each in self._house.speaker.all_progress()):
            self.worker.post_in(ASIDE_S, self._some)
        else:
            self.worker.post(self._some)

    def _tell(self, error: MssError | None) -> None:
        """A full disk, for one: what is owed stays owed."""
        log.info("index: %s", type(error).__name__)
        self._queued = True
        self.worker.post_in(AGAIN_S, self._some)
