"""How often one address may knock, so that a relay on the network cannot be guessed at or drowned."""

from __future__ import annotations

import ipaddress

from mssclient.domain.errors import Offline
from mssclient.relay.sessions import Clock, Sessions, shelf

_WINDOW_S = 60.0
_MOST_ADDRESSES = 50_000


class TooOften(Offline):
    """An address has to wait. `first` is true once a window, for the audit."""

    def __init__(self, *, first: bool) -> None:
        super().__init__("too many requests", busy=True)
        self.first = first


class Limits:
    """Counts by address over one-minute windows in this process. Lives on the server's event loop."""

    def __init__(self, requests: int, failures: int, clock: Clock) -> None:
        self._allowed = {"request": requests, "failure": failures}
        self._clock = clock
        self._since = clock()
        self._counts: dict[tuple[str, str], int] = {}

    def admit(self, address: str) -> None:
        """Count a request; raises TooOften once the address has asked, or failed, too often this minute."""
        self._turn_window()
        address = house_of(address)
        if len(self._counts) >= _MOST_ADDRESSES and ("request", address) not in self._counts:
            raise TooOften(first=False)
        asked = self._count("request", address)
        if asked > self._allowed["request"] or self._counts.get(("failure", address), 0) >= self._allowed["failure"]:
            raise TooOften(first=self._count("refusal", address) == 1)

    def blame(self, address: str) -> None:
        """Count a wrong ticket or verifier."""
        self._count("failure", house_of(address))

    def _count(self, kind: str, address: str) -> int:
        self._counts[kind, address] = self._counts.get((kind, address), 0) + 1
        return self._counts[kind, address]

    def _turn_window(self) -> None:
        now = self._clock()
        if now - self._since >= _WINDOW_S:
            self._since = now
            self._counts.clear()


class SharedLimits:
    """The same over all relays of one Redis; asked after `Limits`, which keeps a flood from Redis too."""

    def __init__(self, requests: int, failures: int, sessions: Sessions) -> None:
        self._requests = requests
        self._failures = failures
        self._sessions = sessions

    async def admit(self, address: str) -> None:
        """As `Limits.admit`; Offline when Redis is away."""
        house = house_of(address)
        asked = await self._sessions.tally(shelf("requests-of", house), _WINDOW_S)
        if asked > self._requests or await self._sessions.counted(shelf("failures-of", house)) >= self._failures:
            raise TooOften(first=await self._sessions.tally(shelf("refusals-of", house), _WINDOW_S) == 1)

    async def blame(self, address: str) -> None:
        """Count a wrong ticket or verifier."""
        await self._sessions.tally(shelf("failures-of", house_of(address)), _WINDOW_S)


def house_of(address: str) -> str:
    """What is counted as one: an IPv4 address, or the /64 that one IPv6 subscriber has to themselves."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
