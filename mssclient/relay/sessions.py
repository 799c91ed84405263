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


class MemorySessions:
    """Sessions of a single relay process; gone when it stops. Lives on the server's event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, tuple[float, Entry]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
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
        self._locks.pop(key, None)
        return entry

    def alone(self, key: str) -> asyncio.Lock:
        return self._locks.setdefault(key, asyncio.Lock())

    def _sweep(self) -> None:
        now = self._swept_at = self._clock()
        self._entries = {key: kept for key, kept in self._entries.items() if now < kept[0]}
        self._locks = {key: lock for key, lock in self._locks.items() if key in self._entries}


def secret() -> str:
    """A new unguessable word of 256 bits, safe in a URL."""
    return secrets.token_urlsafe(32)


def shelf(kind: str, name: str) -> str:
    """The key something is kept under: a digest, so that what is kept does not tell the secret that opens it."""
    return f"{kind}:{hashlib.sha256(name.encode()).hexdigest()}"
