"""How often one address may knock, so that a relay on the network cannot be guessed at or drowned."""

from __future__ import annotations

from mssclient.domain.errors import Offline
from mssclient.relay.sessions import Clock

_WINDOW_S = 60.0
_MOST_ADDRESSES = 50_000


class Limits:
    """Counts by address over one-minute windows. Lives on the server's event loop."""

    def __init__(self, requests: int, failures: int, clock: Clock) -> None:
        self._allowed = {"request": requests, "failure": failures}
        self._clock = clock
        self._since = clock()
        self._counts: dict[tuple[str, str], int] = {}

    def admit(self, address: str) -> None:
        """Count a request; raises Offline(busy) once the address has asked, or failed, too often this minute."""
        self._turn_window()
        if len(self._counts) >= _MOST_ADDRESSES and ("request", address) not in self._counts:
            raise Offline("too many addresses", busy=True)
        asked = self._count("request", address)
        if asked > self._allowed["request"] or self._counts.get(("failure", address), 0) >= self._allowed["failure"]:
            raise Offline("too many requests", busy=True)

    def blame(self, address: str) -> None:
        """Count a wrong ticket or verifier."""
        self._count("failure", address)

    def _count(self, kind: str, address: str) -> int:
        self._counts[kind, address] = self._counts.get((kind, address), 0) + 1
        return self._counts[kind, address]

    def _turn_window(self) -> None:
        now = self._clock()
        if now - self._since >= _WINDOW_S:
            self._since = now
            self._counts.clear()
