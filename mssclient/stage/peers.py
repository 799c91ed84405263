"""What the measures are held against: the same bytes over the same line, a bare interpreter, an operator beside us."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from mssclient.domain.environment import Environment
from mssclient.remote.autoconfig import discover
from mssclient.remote.imap_lean import ENVELOPE_ITEMS
from mssclient.remote.tls import mail_context
from mssclient.stage.loop import NeverHappened


def floor() -> float:
    """Seconds that an interpreter with Qt takes to do nothing."""
    begun = time.monotonic()
    subprocess.run([sys.executable, "-c", "import PySide6.QtWidgets"], check=False)
    return time.monotonic() - begun


class _Line(imaplib.IMAP4):
    """To a server of this world by its name, at its address."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._address = address
        super().__init__(host, port, timeout=30)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self._address, self.port), timeout)


def raw_fetch(environment: Environment, address: str, token: str, mailbox: str) -> tuple[int, float]:
    """Bytes and seconds of one FETCH of every header of a mailbox; nothing is read into values."""
    profile = discover(environment, address)
    where = dict(environment.hosts).get(profile.imap.host, profile.imap.host)
    line = _Line(profile.imap.host, profile.imap.port, where)
    try:
        line.starttls(mail_context(environment))
        login = f"user={address}\x01auth=Bearer {token}\x01\x01".encode()
        line.authenticate("XOAUTH2", lambda _challenge: login)
        line.select(mailbox, readonly=True)
        begun = time.perf_counter()
        _, found = line.fetch("1:*", f"({ENVELOPE_ITEMS.decode()})")
        seconds = time.perf_counter() - begun
        size = sum(len(piece) for item in found for piece in (item if isinstance(item, tuple) else (item,)) if piece)
        return size, seconds
    finally:
        with contextlib.suppress(OSError, imaplib.IMAP4.error):
            line.logout()


@contextlib.contextmanager
def sandbox(folder: Path, lines: int, bulk: int) -> Iterator[Path]:
    """The sandbox operator in a process of its own; gives its environment file."""
    started = subprocess.Popen(
        [sys.executable, "-m", "mssclient", "sandbox", "--dir", str(folder), "--lines", str(lines), "--bulk", str(bulk)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        if started.stdout is None or not (said := started.stdout.readline().strip()):
            raise NeverHappened("the sandbox did not start")
        yield Path(said)
    finally:
        started.terminate()
        started.wait(20)
