"""HTTPS on loopback for tests: an application behind a certificate of the sandbox's throw-away authority."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from mssclient.domain.environment import Environment


class _Server(uvicorn.Server):
    """Tells when it is ready."""

    def __init__(self, app: ASGIApp, pem: Path) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                ssl_certfile=pem,
                ssl_keyfile=pem,
                log_level="critical",
                access_log=False,
                lifespan="off",
                ws="none",
                timeout_graceful_shutdown=1,
            )
        )
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


def bound() -> socket.socket:
    """A listening port, known before the application that is served on it is made."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    return listener


@contextlib.contextmanager
def served(app: ASGIApp, pem: Path, listener: socket.socket | None = None) -> Iterator[int]:
    """The application, served; yields its port."""
    listener = listener or bound()
    server = _Server(app, pem)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="server-https")
    thread.start()
    try:
        assert server.ready.wait(10), "the server did not start"
        yield int(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def environment(web_anchors: Path | str, psc_relay: str = "", *hosts: str) -> Environment:
    """An environment whose `hosts` stand on this machine."""
    return Environment(
        name="essai",
        autoconfig="",
        psc_relay=psc_relay,
        directory="",
        white_list="",
        mail_anchors="",
        web_anchors=str(web_anchors),
        product="TEST",
        hosts=tuple((host, "127.0.0.1") for host in hosts),
    )
