"""The thread `card` and its watchdog: what stands in the reader, and a reader that no longer answers is a card gone."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from mssclient.card.reader import CardReader
from mssclient.domain.errors import CardReason, CardTrouble, MssError
from mssclient.domain.events import CardChanged
from mssclient.domain.session import CardStatus
from mssclient.engine.house import Speaker
from mssclient.engine.worker import Worker

log = logging.getLogger(__name__)
CARD_TICK_S = 1.0
AWAY = CardStatus(supported=True, reader=False, present=False, trouble=CardReason.NO_READER.name)
UNKNOWN = CardStatus(supported=False, reader=False, present=False)


class CardWatch:
    """Owner of what is known of the reader. `changed(before, now)` is told under `lock`, before anybody else hears of
    it: whoever holds the lock reads a status that nothing changes meanwhile."""

    def __init__(
        self,
        reader: CardReader,
        speaker: Speaker,
        lock: AbstractContextManager[object],
        changed: Callable[[CardStatus, CardStatus], None],
    ) -> None:
        self._reader = reader
        self._speaker = speaker
        self._lock = lock
        self._changed = changed
        self._stopped = threading.Event()
        self._silent = False
        self.status = UNKNOWN
        self.worker = Worker("card", self._tell)

    def start(self) -> None:
        """Begin to watch."""
        self.worker.start()
        self.worker.post(self._look)

    def stop(self) -> None:
        """End the watch and let the reader go."""
        self._stopped.set()
        self._reader.cancel()
        self.worker.stop()
        self.worker.join()
        self._reader.close()

    def check(self) -> None:
        """The watchdog's look, on another thread than `card`: said once, and over when the reader answers."""
        if self._stopped.is_set() or not (self._reader.is_stuck() or self.worker.join(0.0)):
            return
        with self._lock:
            if self._silent:
                return
            self._silent = True
        log.info("the reader does not answer: the card counts as gone")
        self._saw(AWAY)
        self._speaker.problem(CardTrouble(CardReason.NO_READER), "session")

    def _look(self) -> None:
        """One look at the reader, then again: the reader itself waits, and `cancel` ends its wait."""
        status = self._reader.wait(self.status, CARD_TICK_S)
        self._silent = False
        self._saw(status)
        if not self._stopped.is_set():
            self.worker.post(self._look)

    def _saw(self, status: CardStatus) -> None:
        with self._lock:
            before, self.status = self.status, status
            if before == status:
                return
            self._changed(before, status)
        self._speaker.announce(CardChanged())

    def _tell(self, error: MssError | None) -> None:
        """A monitor that fails counts as a card that is gone."""
        log.info("card monitor failed: %s", type(error).__name__)
        self._saw(UNKNOWN)
        if not self._stopped.is_set():
            self.worker.post_in(CARD_TICK_S, self._look)
