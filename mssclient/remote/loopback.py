"""The workstation's one ear for the browser: a listening socket on 127.0.0.1 that hears one answer and closes."""

from __future__ import annotations

import logging
import secrets
import selectors
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from mssclient.domain.errors import Refused

log = logging.getLogger(__name__)

_PATH = "/retour"
_HEAD_MOST = 8 * 1024
_VISITORS_MOST = 8  # browsers open spare connections
_STRANGERS_MOST = 50
_VISITOR_S = 5.0

_PAGE = """<!doctype html>
<html lang="fr"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font:18px/1.5 system-ui,sans-serif;max-width:34em;margin:12vh auto;padding:0 1.5em">
<h1>{title}</h1><p>{sentence}</p></body></html>
"""
_DONE = _PAGE.format(title="Identification transmise", sentence="Vous pouvez fermer cet onglet.")
_FAILED = _PAGE.format(
    title="Identification non aboutie",
    sentence="Vous pouvez fermer cet onglet, puis recommencer depuis votre messagerie.",
)
_NOT_HERE = _PAGE.format(title="Page inconnue", sentence="Cette adresse ne répond qu’à une identification en cours.")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought: a ticket, or an error code."""

    ticket: str = field(default="", repr=False)
    error: str = ""


class Loopback:
    """Listens by IP literal on an ephemeral port (RFC 8252 §7.3). Belongs to one thread; close it on every path.

    Requests without the right state, path and Host are answered 404 and do not count: a page in the browser that
    guesses our port can neither end a sign-in nor bring its own.
    """

    def __init__(self, state: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._state = state
        self._clock = clock
        self._strangers = 0
        self._selector = selectors.DefaultSelector()
        self._visitors: dict[socket.socket, tuple[bytearray, float]] = {}
        self._ear = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._ear.bind(("127.0.0.1", 0))
            self._ear.listen(_VISITORS_MOST)
            self._ear.setblocking(False)
            self._selector.register(self._ear, selectors.EVENT_READ)
        except OSError:
            self.close()
            raise
        self.port: int = self._ear.getsockname()[1]

    def hear(self, timeout_s: float) -> Answer | None:
        """Wait up to `timeout_s` for the answer. Raises Refused when somebody keeps knocking with wrong ones."""
        for key, _ in self._selector.select(timeout_s):
            visitor = key.fileobj
            if visitor is self._ear:
                self._welcome()
            elif isinstance(visitor, socket.socket) and (answer := self._listen_to(visitor)):
                return answer
        for visitor, (_, until) in list(self._visitors.items()):
            if self._clock() >= until:
                self._part(visitor)
        return None

    def close(self) -> None:
        """Stop listening; safe to call twice."""
        for visitor in list(self._visitors):
            self._part(visitor)
        self._selector.close()
        self._ear.close()

    def _welcome(self) -> None:
        try:
            visitor, _ = self._ear.accept()
        except OSError:
            return
        if len(self._visitors) >= _VISITORS_MOST:
            visitor.close()
            return
        visitor.setblocking(False)
        self._visitors[visitor] = (bytearray(), self._clock() + _VISITOR_S)
        self._selector.register(visitor, selectors.EVENT_READ)

    def _listen_to(self, visitor: socket.socket) -> Answer | None:
        head, _ = self._visitors[visitor]
        try:
            piece = visitor.recv(4096)
        except BlockingIOError:
            return None
        except OSError:
            piece = b""
        head += piece
        if not piece or len(head) > _HEAD_MOST:
            self._part(visitor)
            return None
        if b"\r\n\r\n" not in head:
            return None
        answer = self._understood(bytes(head))
        self._reply(visitor, answer)
        self._part(visitor)
        if answer is None:
            self._strangers += 1
            log.info("a stranger knocked at the loopback")
            if self._strangers >= _STRANGERS_MOST:
                raise Refused("loopback")
        return answer

    def _understood(self, head: bytes) -> Answer | None:
        lines = head.decode("latin-1").split("\r\n")
        verb, _, rest = lines[0].partition(" ")
        try:
            target = urlsplit(rest.partition(" ")[0])
        except ValueError:  # brackets that are no address: the sign-in of the right browser goes on
            return None
        hosts = [line.partition(":")[2].strip() for line in lines[1:] if line.lower().startswith("host:")]
        if verb != "GET" or target.path != _PATH or hosts != [f"127.0.0.1:{self.port}"]:
            return None
        query = {name: values[0] for name, values in parse_qs(target.query).items() if len(values) == 1}
        if not secrets.compare_digest(query.get("state", "").encode(), self._state.encode()):
            return None
        ticket, error = query.get("ticket", ""), query.get("error", "")
        return Answer(ticket, error[:64]) if ticket or error else None

    def _reply(self, visitor: socket.socket, answer: Answer | None) -> None:
        status, page = "200 OK", _DONE
        if answer is None:
            status, page = "404 Not Found", _NOT_HERE
        elif answer.error:
            page = _FAILED
        body = page.encode()
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nConnection: close\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\n\r\n"
        )
        try:
            visitor.settimeout(1.0)
            visitor.sendall(head.encode() + body)
            visitor.shutdown(socket.SHUT_WR)
        except OSError:
            log.info("the browser left before its page")

    def _part(self, visitor: socket.socket) -> None:
        del self._visitors[visitor]
        self._selector.unregister(visitor)
        visitor.close()
