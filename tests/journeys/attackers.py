"""Who attacks in `test_attacks`: something before the relay, somebody at the browser, another program on the machine."""

from __future__ import annotations

import contextlib
import json
import socket
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from mssclient.remote import web
from mssclient.stage.browser import StandInBrowser
from tests.journeys.recorded_world import RecordedWorld
from tests.journeys.workstation import environment_of

Reply = tuple[int, str, bytes]
"""Status, type and content of an answer that is not the relay's."""
VERIFIER = "a" * 64
HUGE = 6 * 1024 * 1024

GARBAGE: dict[str, tuple[str, str, Reply]] = {
    "bytes": ("POST", "/session", (201, "application/json", b"\x00\xff{")),
    "types": ("POST", "/session", (201, "application/json", b'{"session": 7}')),
    "huge": ("POST", "/session", (201, "application/json", b'{"session": "' + b"x" * HUGE + b'"}')),
    "deep": ("POST", "/session", (201, "application/json", b"[" * 200_000)),
    "portal": ("POST", "/session", (200, "text/html", b"<!doctype html><title>portail captif</title>")),
    "nobody": ("GET", "/identity", (200, "application/json", b'{"national_id": ""}')),
    "odd person": ("GET", "/identity", (200, "application/json", b'{"national_id": "x", "activities": {"a": ["b"]}}')),
    "huge person": ("GET", "/identity", (200, "application/json", b'{"national_id": "' + b"8" * HUGE + b'"}')),
}
"""What a relay may answer that is none: method, path, answer."""
EVIL: dict[str, Callable[[bytes], bytes]] = {
    "elsewhere": lambda good: good.replace(b"imap.essais.mss.example", b"listeblanche.sandbox.mss.example"),
    "private address": lambda good: good.replace(b"imap.essais.mss.example", b"127.0.0.1"),
    "doctype": lambda good: good.replace(b"<clientConfig", b'<!DOCTYPE x [<!ENTITY a "b">]><clientConfig', 1),
    "ten megabytes": lambda good: good + b"<!--" + b"x" * 10 * 1024 * 1024 + b"-->",
    "no tls": lambda good: good.replace(b"STARTTLS", b"plain"),
    "not xml": lambda _good: b"<html>",
}
"""What becomes of an operator's good announcement."""


class Hostile:
    """Stands before the relay and answers in its place where told to, by method and path."""

    def __init__(self) -> None:
        self.replies: dict[tuple[str, str], Callable[[], Reply]] = {}
        self.rewrite: Callable[[bytes], bytes] | None = None
        """What becomes of the relay's own answer to GET /identity."""
        self.headers: dict[str, str] = {}

    def __call__(self, relay: ASGIApp) -> ASGIApp:
        async def served(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] == "http" and (reply := self.replies.get((scope["method"], scope["path"]))):
                status, kind, body = reply()
                headers = {"content-type": kind, "content-length": str(len(body)), **self.headers}
                raw = [(name.encode(), value.encode()) for name, value in headers.items()]
                await send({"type": "http.response.start", "status": status, "headers": raw})
                await send({"type": "http.response.body", "body": body})
            elif scope["type"] == "http" and scope["path"] == "/identity" and self.rewrite is not None:
                await self._rewritten(relay, scope, receive, send)
            else:
                await relay(scope, receive, send)

        return served

    async def _rewritten(self, relay: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        body = bytearray()

        async def hold(message: object) -> None:
            assert isinstance(message, dict)
            body.extend(message.get("body", b""))

        await relay(scope, receive, hold)
        assert self.rewrite is not None
        told = self.rewrite(bytes(body))
        raw = [(b"content-type", b"application/json"), (b"content-length", str(len(told)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": raw})
        await send({"type": "http.response.body", "body": told})

    def clear(self) -> None:
        self.replies.clear()
        self.headers.clear()
        self.rewrite = None


class Spied(StandInBrowser):
    """A browser whose walk somebody watches: `at_the_door` runs right before, `after` right after it goes back to the
    program, with that address."""

    def __init__(self, world: RecordedWorld, national_id: str) -> None:
        super().__init__(world.web_context(), world.hosts(), lambda: national_id)
        self.at_the_door: Callable[[str], None] = lambda _url: None
        self.after: Callable[[str], None] = lambda _url: None
        self.trail: list[tuple[str, str]] = []
        self.troubles: list[BaseException] = []

    def _ask(
        self,
        client: httpx.Client,
        cookies: dict[str, dict[str, str]],
        method: str,
        url: str,
        form: dict[str, str] | None = None,
    ) -> httpx.Response:
        self.trail.append((method, url))
        if urlsplit(url).hostname != "127.0.0.1":
            return super()._ask(client, cookies, method, url, form)
        self._guarded_call(self.at_the_door, url)
        response = super()._ask(client, cookies, method, url, form)
        self._guarded_call(self.after, url)
        return response

    def _guarded_call(self, act: Callable[[str], None], url: str) -> None:
        try:
            act(url)
        except AssertionError as trouble:
            self.troubles.append(trouble)


class Attacker:
    """Another program of another person on the same machine, who knows the relay's address."""

    def __init__(self, world: RecordedWorld) -> None:
        self._world = world
        self._environment = environment_of(world)

    def ask(self, method: str, path: str, **more: object) -> httpx.Response:
        """One question to the relay."""
        with web.client(self._environment) as http:
            return http.request(method, self._world.operator.url("relay") + path, **more)  # type: ignore[arg-type]

    def swap(self, ticket: str, verifier: str = VERIFIER) -> httpx.Response:
        return self.ask("POST", "/session", json={"ticket": ticket, "verifier": verifier})


def said(world: RecordedWorld, target: str, name: str, *, asked: bool = False) -> list[str]:
    """A field of what went to and fro at an address of the relay, oldest first; what is no JSON has none."""
    found: list[str] = []
    for each in world.asked_of_relay():
        with contextlib.suppress(ValueError, RecursionError, AttributeError):
            value = json.loads(each.body if asked else each.answer).get(name) if each.target == target else None
            found += [value] if isinstance(value, str) else []
    return found


def verifiers(world: RecordedWorld) -> list[str]:
    """What workstations proved themselves with so far."""
    return [each for each in said(world, "/session", "verifier", asked=True) if each != VERIFIER]


def ticket_of(url: str) -> str:
    """The ticket in an address of the loopback."""
    return parse_qs(urlsplit(url).query)["ticket"][0]


def methods(world: RecordedWorld) -> list[str]:
    """What was done to sessions at the relay, oldest first."""
    return [each.method for each in world.asked_of_relay() if each.target == "/session"]


def knock(port: int, request: str) -> bytes:
    """What the loopback says to these bytes; nothing when it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        with contextlib.suppress(OSError):
            line.sendall(request.encode("latin-1"))
        try:
            return line.recv(64)
        except OSError:
            return b""
