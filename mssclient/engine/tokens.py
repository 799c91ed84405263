"""The session at the relay that is in use, and the tokens it gives: one request at a time for all threads."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from mssclient.domain.errors import MssError, SessionEnded
from mssclient.remote.psc import RelaySession

log = logging.getLogger(__name__)


class Listener(Protocol):
    """What the owner hears of a session. Any thread, under the lock of the tokens."""

    def learned(self, session_ends_in_s: float | None) -> None:
        """A token came, and with it how long the session may last at most."""
        ...

    def ended(self) -> None:
        """PSC, or the relay, knows this session no more."""
        ...


class Tokens:
    """Owner of the relay session. None is kept beyond one AUTH (ECO.1.2.5). The lock of the tokens is taken before the
    lock of the session's state, never after it."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._lock = threading.Lock()
        self.session: RelaySession | None = None

    def take(self, allowed: Callable[[], bool], *, refused: bool = False) -> str:
        """A token for the next AUTH; `refused`: the operator did not take the last one. Raises Offline, SessionEnded."""
        with self._lock:
            session = self.session
            if session is None or not allowed():
                raise SessionEnded("no session")
            try:
                token = session.token(fresh=refused)
            except SessionEnded:
                if self.session is session:
                    self._listener.ended()
                raise
            if self.session is session:
                self._listener.learned(token.session_ends_in_s)
        return token.value

    def swap(self, session: RelaySession, fits: Callable[[], bool]) -> bool:
        """From one token to the next, while `fits` says so; no AUTH falls between. The old one is left to the relay."""
        with self._lock:
            old = self.session
            if old is None or not fits():
                return False
            self.session = session
        _hand_over(old, session)
        return True

    def dismiss(self, session: RelaySession) -> None:
        """End one that nobody wants. Where PSC has one session for it and for the one in use, that one lives on."""
        if (keeper := self.session) is not None:
            _hand_over(session, keeper)
        else:
            session.give_up()

    def end(self) -> None:
        """Sign out at PSC; a relay out of reach forgets the session by itself."""
        session, self.session = self.session, None
        if session is not None:
            session.give_up()


def _hand_over(session: RelaySession, heir: RelaySession) -> None:
    try:
        session.hand_over(heir)
    except MssError as error:
        log.info("relay not told: %s", type(error).__name__)
