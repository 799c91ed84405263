"""What the relay remembers between two requests, behind a protocol that a shared store can implement too."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Protocol

from mssclient.domain.errors import Offline
from mssclient.domain.session import Person

Clock = Callable[[], float]
"""Seconds since the epoch."""

_CAPACITY = 20_000
_SWEEP_S = 60.0


@dataclass(frozen=True, slots=True)
class Grant:
    """What PSC gave for one person; stays inside the relay."""

    access_token: str = field(repr=False)
    access_expires_at: float
    refresh_token: str = field(repr=False)
    refresh_expires_at: float
    id_token: str = field(repr=False)
    subject: str
    """PSC's `sub`, stable for the person at this client."""
    sid: str = ""
    """PSC's session (OIDC Back-Channel Logout §2.1), when the id token names it."""
    auth_time: float = 0.0
    """When the person authenticated, when PSC says so: a browser may bring a session that is hours old."""


@dataclass(frozen=True, slots=True)
class Start:
    """A sign-in on its way through a browser, kept under its PSC `state`."""

    challenge: str
    """S256 of the workstation's verifier (RFC 7636 §4.2): names the workstation's side of the flow."""
    workstation_state: str = field(repr=False)
    port: int
    """The workstation's loopback port, or 0 when it only polls."""
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    """The relay's own, for PSC."""
    cookie: str = field(repr=False)
    """Binds the answer to the browser that began."""
    address: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """A person who came back from PSC and waits to be fetched by the workstation that knows the verifier."""

    challenge: str
    person: Person
    grant: Grant
    address: str
    """Of the browser."""
    at: float
    ready: bool
    """Whether asking with the verifier is enough; else a ticket, or the person's word in the browser, is needed too."""
    loopback: bool = False
    """Whether a ticket was sent to the workstation's loopback."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A sign-in that PSC or the person ended; `code` is PSC's error code."""

    code: str


@dataclass(frozen=True, slots=True)
class PhoneRequest:
    """A CIBA request that PSC has not settled yet."""

    challenge: str
    national_id: str
    request_id: str = field(repr=False)
    """PSC's auth_req_id."""
    interval_s: float
    next_poll_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class RelaySession:
    """A workstation's open session."""

    person: Person
    grant: Grant
    ends_at: float
    """Four hours after the sign-in, whatever is refreshed."""
    tokens: int = 1
    """Access tokens that PSC gave for it so far."""


Entry = Start | Arrival | Failure | PhoneRequest | RelaySession | str


class Sessions(Protocol):
    """Values under random keys, each with a life: `MemorySessions`, or a store that several relays share."""

    async def put(self, key: str, entry: Entry, life_s: float) -> None:
        """Keep or replace; raises Offline(busy) when there is no room."""
        ...

    async def get(self, key: str) -> Entry | None: ...

    async def take(self, key: str) -> Entry | None:
        """Get and forget in one step: of two takers only one succeeds."""
        ...

    def alone(self, key: str) -> AbstractAsyncContextManager[object]:
        """Hold others off this key: PSC rotates refresh tokens, so one refresh at a time."""
        ...

    async def note(self, index: str, key: str, life_s: float) -> None:
        """Remember a key under an index, for at least that long."""
        ...

    async def noted(self, index: str) -> tuple[str, ...]:
        """The keys under an index; some may be gone."""
        ...

    async def forget(self, index: str, key: str) -> None: ...

    async def tally(self, key: str, life_s: float) -> int:
        """Count one more under a key that lives so long from its first count; how many that makes, in all relays."""
        ...

    async def counted(self, key: str) -> int:
        """How much was tallied, counting nothing."""
        ...

    async def ping(self) -> None:
        """Raises Offline when what is kept cannot be reached."""
        ...

    async def close(self) -> None: ...


class MemorySessions:
    """Sessions of a single relay process; gone when it stops. Lives on the server's event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[float, Entry]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._notes: dict[str, tuple[float, set[str]]] = {}
        self._tallies: dict[str, tuple[float, int]] = {}
        self._swept_at = clock()

    async def put(self, key: str, entry: Entry, life_s: float) -> None:
        if len(self._entries) >= _CAPACITY or self._clock() - self._swept_at >= _SWEEP_S:
            self._sweep()  # tokens must not outlive their session in memory
        if len(self._entries) >= _CAPACITY and key not in self._entries:
            raise Offline("relay is full", busy=True)
        self._entries[key] = (self._clock() + life_s, entry)

    async def get(self, key: str) -> Entry | None:
        ends_at, entry = self._entries.get(key, (0.0, None))
        return entry if self._clock() < ends_at else None

    async def take(self, key: str) -> Entry | None:
        entry = await self.get(key)
        self._entries.pop(key, None)
        return entry

    def alone(self, key: str) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())

    async def note(self, index: str, key: str, life_s: float) -> None:
        ends_at, keys = self._notes.get(index, (0.0, set()))
        self._notes[index] = (max(ends_at, self._clock() + life_s), keys | {key})

    async def noted(self, index: str) -> tuple[str, ...]:
        ends_at, keys = self._notes.get(index, (0.0, set()))
        return tuple(keys) if self._clock() < ends_at else ()

    async def forget(self, index: str, key: str) -> None:
        _, keys = self._notes.get(index, (0.0, set()))
        keys.discard(key)
        if not keys:
            self._notes.pop(index, None)

    async def tally(self, key: str, life_s: float) -> int:
        ends_at, count = self._tallies.get(key, (0.0, 0))
        if self._clock() >= ends_at:
            if len(self._tallies) >= _CAPACITY:
                self._sweep()
            if len(self._tallies) >= _CAPACITY:
                raise Offline("relay is full", busy=True)
            ends_at, count = self._clock() + life_s, 0
        self._tallies[key] = (ends_at, count + 1)
        return count + 1

    async def counted(self, key: str) -> int:
        ends_at, count = self._tallies.get(key, (0.0, 0))
        return count if self._clock() < ends_at else 0

    async def ping(self) -> None:
        return

    async def close(self) -> None:
        self._entries.clear()

    def _sweep(self) -> None:
        now = self._swept_at = self._clock()
        self._notes = {index: kept for index, kept in self._notes.items() if now < kept[0]}
        self._tallies = {key: kept for key, kept in self._tallies.items() if now < kept[0]}
        self._entries = {key: kept for key, kept in self._entries.items() if now < kept[0]}
        self._locks = {key: lock for key, lock in self._locks.items() if key in self._entries or lock.locked()}


def secret() -> str:
    """A new unguessable word of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def shelf(kind: str, name: str) -> str:
    """The key something is kept under: a digest, so that what is kept does not tell the secret that opens it."""
    return f"{kind}:{hashlib.sha256(name.encode()).hexdigest()}"
