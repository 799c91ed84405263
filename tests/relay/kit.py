"""A provider, a relay and a browser in one process, without a socket; and what a workstation says to the relay."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from mssclient.domain.session import Activity, Person
from mssclient.relay import app
from mssclient.relay.config import RelayConfig
from mssclient.sandbox import psc

PSC = "https://psc.example"
RELAY = "https://relais.example/psc"
HERE, ELSEWHERE = "192.0.2.10", "198.51.100.66"
VERIFIER = "v" * 20 + "erifier-of-the-workstation-under-test"
OTHER_VERIFIER = "o" * 50
STATE = "state-of-the-workstation-0123456789"
PORT = 50123

ALICE = Person(
    "899900000011",
    "Alice",
    "Fictive",
    "Dr",
    (Activity("Médecin", "Gériatrie", "EHPAD Les Essais", "F990000001"), Activity("Médecin", "", "Cabinet Fictif", "")),
)
BOB = Person("899900000029", "Bob", "Inventé", "", ())


class Clock:
    """Seconds since the epoch, moved by hand."""

    def __init__(self) -> None:
        self.now = 1_900_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


class Line(httpx.AsyncBaseTransport):
    """The way from the relay to PSC: others get their turn while it answers, as on a network. `bend` edits answers."""

    def __init__(
        self, inner: httpx.AsyncBaseTransport, bend: Callable[[str, dict[str, Any]], None] | None = None
    ) -> None:
        self._inner = inner
        self._bend = bend

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        response = await self._inner.handle_async_request(request)
        await asyncio.sleep(0)
        if self._bend is None:
            return response
        body = await response.aread()
        content = json.loads(body) if body.startswith(b"{") else {}
        self._bend(request.url.path.rpartition("/")[2], content)
        return httpx.Response(response.status_code, json=content)


def challenge(verifier: str = VERIFIER) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass
class World:
    """Everything at once. `at(address)` is an HTTP client that the relay sees coming from there."""

    clock: Clock
    provider: psc.OpenIdProvider
    relay: Any
    config: RelayConfig

    def at(self, address: str = HERE) -> httpx.AsyncClient:
        seen = (address, 40000)
        return httpx.AsyncClient(
            mounts={
                "https://relais.example": httpx.ASGITransport(self.relay, client=seen),
                "https://psc.example": httpx.ASGITransport(self.provider.app, client=seen),
            },
            base_url=RELAY,
        )


def played(
    scene: Callable[[World], Coroutine[Any, Any, None]],
    bend: Callable[[str, dict[str, Any]], None] | None = None,
    **config: Any,
) -> Coroutine[Any, Any, None]:
    """A scene in a new world."""

    async def play() -> None:
        clock = Clock()
        provider = psc.create((ALICE, BOB), PSC, redirect_uri=f"{RELAY}/callback", clock=clock)
        settings = RelayConfig(RELAY, provider.issuer, "mssclient-relay", "sandbox-only-client-secret")
        settings = replace(settings, **config)
        async with httpx.AsyncClient(transport=Line(httpx.ASGITransport(provider.app), bend)) as towards_psc:
            await scene(World(clock, provider, app.create(settings, clock, towards_psc), settings))

    return play()


async def to_psc(browser: httpx.AsyncClient, **more: str) -> httpx.Response:
    """The browser opens the relay's start page and goes where it is sent."""
    way = more or {"port": str(PORT)}
    query = {"code_challenge": challenge(), "state": STATE} | way
    sent = await browser.get("/start", params=query)
    return await browser.get(sent.headers["location"]) if sent.is_redirect else sent


async def chosen(browser: httpx.AsyncClient, page: httpx.Response, person: Person | None) -> httpx.Response:
    """The person chooses at PSC (None: cancels); the answer is what the relay tells the browser then."""
    transaction = re.search(r'name="transaction" value="([^"]+)"', page.text)
    assert transaction, page.text
    form = {"transaction": transaction[1]} | ({"person": person.national_id} if person else {"cancel": "1"})
    back = await browser.post(str(page.url), data=form)
    return await browser.get(back.headers["location"])


def landed(response: httpx.Response) -> dict[str, str]:
    """What the browser brings to the workstation's loopback."""
    assert response.status_code == 303, response.text
    url = urlsplit(response.headers["location"])
    assert (url.scheme, url.netloc, url.path) == ("http", f"127.0.0.1:{PORT}", "/retour")
    return dict(parse_qsl(url.query))


async def signed_in(world: World, person: Person = ALICE) -> str:
    """A session, by the whole of flow A."""
    async with world.at() as browser:
        answer = landed(await chosen(browser, await to_psc(browser), person))
        opened = await browser.post("/session", json={"ticket": answer["ticket"], "verifier": VERIFIER})
    assert opened.status_code == 201, opened.text
    return str(opened.json()["session"])


def bearer(session: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {session}"}
