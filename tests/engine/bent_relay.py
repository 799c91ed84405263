"""A relay with something wrong: stands before the real one over HTTPS, hands on what it hears and bends what it is told to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from mssclient.stage.theatre import Theatre
from tests.remote import https_kit

Bend = Callable[[httpx.Response], Response]
HEADERS = ("authorization", "content-type")


@dataclass
class BentRelay:
    """`bend[verb path]` answers in the real one's place, having seen its answer. Set from any thread."""

    theatre: Theatre
    base: str
    bend: dict[str, Bend] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    held: dict[str, threading.Event] = field(default_factory=dict)
    """Requests whose answer waits until the event is set."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        name = f"{request.method} /{request.url.path.strip('/').split('/')[0]}"
        self.heard.append(name)
        if name == "GET /start":
            response: Response = RedirectResponse(f"{self.base}/start?{request.url.query}", 307)
        else:
            response = await self._asked(name, request)
        await response(scope, receive, send)

    async def _asked(self, name: str, request: Request) -> Response:
        if (bend := self.bend.get(name)) is not None and getattr(bend, "alone", False):
            return bend(httpx.Response(599))
        headers = {key: request.headers[key] for key in HEADERS if key in request.headers}
        async with self.theatre.web_client() as http:
            url = f"{self.base}{request.url.path}"
            real = await http.request(request.method, url, headers=headers, content=await request.body())
        if (gate := self.held.get(name)) is not None:
            while not gate.is_set():
                await asyncio.sleep(0.02)
        return bend(real) if bend is not None else Response(real.content, real.status_code)


def status(code: int) -> Bend:
    """A bare status, and the real relay hears nothing."""

    def bend(_: httpx.Response) -> Response:
        return Response(b'{"error": "session_ended"}', code)

    bend.alone = True  # type: ignore[attr-defined]
    return bend


def content(raw: bytes) -> Bend:
    """Success, with that body."""
    return lambda _: Response(raw, 200)


def changed(**fields: Any) -> Bend:
    """The real answer with some fields replaced."""

    def bend(real: httpx.Response) -> Response:
        return Response(json.dumps({**json.loads(real.content), **fields}).encode(), real.status_code)

    return bend


@contextlib.contextmanager
def bent(theatre: Theatre, psc_relay: str) -> Iterator[tuple[BentRelay, str]]:
    """The relay, and the address that workstations ask."""
    host = urlsplit(psc_relay).hostname or ""
    relay = BentRelay(theatre, psc_relay.rstrip("/"))
    with https_kit.served(relay, theatre.operator.pki.web_server([host])) as port:
        yield relay, f"https://{host}:{port}"
