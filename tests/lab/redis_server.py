"""A real Redis of our own on a free loopback port, with a password, its files in a folder of the test."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

PASSWORD = "le-mot-de-passe-de-redis-du-laboratoire"
START_S = 20.0


def missing() -> str:
    """What this machine lacks to run it, or nothing."""
    return "" if shutil.which("redis-server") else "redis-server is not installed"


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RedisServer:
    """One server process; `stop` and `start` again keep what it held (append-only file). `pem` (key and chain) makes it
    speak TLS on `tls_port` too.
    """

    def __init__(self, folder: Path, pem: Path | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.tls_port = free_port() if pem else 0
        self._pem = str(pem or "")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Without the password."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Until it answers."""
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder),
                    "--requirepass", PASSWORD, "--appendonly", "yes", "--appendfsync", "always", "--save", "",
                    "--maxmemory", "64mb", "--maxmemory-policy", "noeviction",
                    *(["--tls-port", str(self.tls_port), "--tls-cert-file", self._pem, "--tls-key-file", self._pem,
                       "--tls-ca-cert-file", self._pem, "--tls-auth-clients", "no"] if self._pem else []),
                ],
                stdout=log, stderr=log,
            )  # fmt: skip
        end = time.monotonic() + START_S
        while True:
            try:
                with self.client() as client:
                    client.ping()
                return
            except RedisError as error:
                if time.monotonic() > end:
                    self.stop()
                    raise AssertionError((self.folder / "redis.log").read_text()) from error
                threading.Event().wait(0.02)

    def client(self) -> Redis:
        """A client of the test's own."""
        return Redis(host="127.0.0.1", port=self.port, password=PASSWORD, socket_timeout=5)

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def written(self) -> bytes:
        """Everything it left on the disk, a dump included."""
        with self.client() as client:
            client.save()
        return b"".join(path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file())
