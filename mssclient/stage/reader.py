"""A card reader that a hand moves: `insert` and `remove` instead of PC/SC. Keeps the promises of `CardReader`."""

from __future__ import annotations

import threading

from mssclient.domain.session import CardHolder, CardStatus

EMPTY = CardStatus(supported=True, reader=True, present=False)


class StageReader:
    """A reader with at most one card in it. Any thread moves the card; one thread waits."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._status = EMPTY
        self._cancelled = 0
        self._stuck = False

    def insert(self, holder: CardHolder | None) -> None:
        """A card goes in; None is one that cannot be read."""
        self._set(CardStatus(supported=True, reader=True, present=True, holder=holder))

    def remove(self) -> None:
        """The card comes out."""
        self._set(EMPTY)

    def show(self, status: CardStatus) -> None:
        """The reader is as told: unplugged, with a card it cannot use."""
        self._set(status)

    def stick(self) -> None:
        """The card service hangs, from now until something moves."""
        with self._condition:
            self._stuck = True

    def is_stuck(self) -> bool:
        """Whether the service owes an answer."""
        return self._stuck

    def _set(self, status: CardStatus) -> None:
        with self._condition:
            self._status = status
            self._stuck = False
            self._condition.notify_all()

    def wait(self, previous: CardStatus | None, timeout_s: float) -> CardStatus:
        """The status as soon as it differs from `previous`, else after `timeout_s`."""
        with self._condition:
            begun = self._cancelled
            self._condition.wait_for(lambda: self._is_news(previous) or self._cancelled != begun, timeout_s)
            while self._stuck and self._cancelled == begun:
                self._condition.wait()
            return self._status

    def _is_news(self, previous: CardStatus | None) -> bool:
        return self._status != previous and not self._stuck

    def cancel(self) -> None:
        """End a wait."""
        with self._condition:
            self._cancelled += 1
            self._condition.notify_all()

    def close(self) -> None:
        """Nothing to release."""
        self.cancel()
