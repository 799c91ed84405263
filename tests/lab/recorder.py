"""Notes every request and answer of a web service, and knows which of the words in them are secrets."""

from __future__ import annotations

import base64
import binascii
import contextlib
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECRET_NAMES = frozenset({
    "access_token", "refresh_token", "id_token", "id_token_hint", "code", "code_verifier", "verifier", "ticket", "session",
    "client_secret", "auth_req_id", "store_share", "word",
})  # fmt: skip
"""Fields of JSON, forms, queries and redirections whose values open something. `state`, `code_challenge` and the id of an
e-CPS request do not: a browser is started with the first two on its command line, the third stands in the relay's
addresses and is worth nothing without its verifier."""
LEAST = 16


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request with its answer."""

    service: str
    method: str
    target: str
    """Path and query, as asked."""
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    status: int
    answer_headers: dict[str, str] = field(repr=False)
    answer: bytes = field(repr=False)

    def secrets(self) -> Iterator[str]:
        """Every secret that went either way."""
        yield from _fields(self.body, self.headers.get("content-type", ""))
        yield from _fields(self.answer, self.answer_headers.get("content-type", ""))
        for address in (self.target, self.answer_headers.get("location", "")):
            yield from (v for n, v in parse_qsl(urlsplit(address).query) if n in SECRET_NAMES)
        scheme, _, word = self.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            yield word
        elif scheme.lower() == "basic":
            yield word
            yield base64.b64decode(word).decode().partition(":")[2]
        for cookie in SimpleCookie(self.answer_headers.get("set-cookie", "")).values():
            yield cookie.value


class Recorder:
    """Put `wrapped` in front of applications. Any thread may look."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._exchanges: list[Exchange] = []

    def wrapped(self, service: str, app: ASGIApp) -> ASGIApp:
        """The application, with everything that passes noted."""

        async def noted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            asked, answered, start = bytearray(), bytearray(), dict[str, Any]()

            async def hear() -> Message:
                message = await receive()
                asked.extend(message.get("body", b""))
                return message

            async def say(message: Message) -> None:
                if message["type"] == "http.response.start":
                    start.update(message)
                answered.extend(message.get("body", b""))
                await send(message)

            await app(scope, hear, say)
            query = scope["query_string"].decode()
            exchange = Exchange(
                service, scope["method"], scope["path"] + (f"?{query}" if query else ""), _headers(scope["headers"]),
                bytes(asked), start.get("status", 0), _headers(start.get("headers", [])), bytes(answered),
            )  # fmt: skip
            with self._lock:
                self._exchanges.append(exchange)

        return noted

    def exchanges(self, service: str = "") -> list[Exchange]:
        """So far, oldest first."""
        with self._lock:
            return [each for each in self._exchanges if service in {"", each.service}]

    def secrets(self) -> frozenset[str]:
        """Every secret so far."""
        return frozenset(word for each in self.exchanges() for word in each.secrets() if len(word) >= LEAST)


def spellings(secret: bytes) -> set[bytes]:
    """The ways in which a secret may lie in a file."""
    text = secret.decode("latin-1")
    found = {secret, binascii.hexlify(secret), binascii.hexlify(secret).upper(), text.encode("utf-16-le")}
    found |= {base64.b64encode(secret).rstrip(b"="), base64.urlsafe_b64encode(secret).rstrip(b"=")}
    return found | {quote(text, safe="").encode(), json.dumps(text)[1:-1].encode()}


def _headers(raw: Any) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in raw}


def _fields(body: bytes, content_type: str) -> Iterator[str]:
    if "json" in content_type and body:
        with contextlib.suppress(ValueError, RecursionError):  # some tests let a service talk nonsense
            yield from _named(json.loads(body))
    elif "form-urlencoded" in content_type:
        yield from (value for name, value in parse_qsl(body.decode()) if name in SECRET_NAMES)


def _named(found: Any) -> Iterator[str]:
    match found:
        case dict():
            for name, value in found.items():
                if isinstance(value, str) and name in SECRET_NAMES:
                    yield value
                else:
                    yield from _named(value)
        case list():
            for each in found:
                yield from _named(each)
