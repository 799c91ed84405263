"""The severity of every test: loopback only, no stray log, no thread left behind, no screen."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Iterator

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")

_real_connect = socket.socket.connect


def _guarded_connect(self: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and not str(address[0]).startswith("127.") and address[0] not in {"::1", "localhost"}:
        raise AssertionError(f"a test reached for {address[0]}: only loopback is allowed")
    _real_connect(self, address)  # type: ignore[arg-type]


socket.socket.connect = _guarded_connect  # type: ignore[method-assign, assignment]


@pytest.fixture(autouse=True)
def _no_stray_log(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A log record of WARNING or worse fails the test, unless the test says `@pytest.mark.logs`."""
    yield
    if request.node.get_closest_marker("logs"):
        return
    stray = [r for r in caplog.get_records("call") if r.levelno >= logging.WARNING and r.name.startswith("mssclient")]
    assert not stray, [f"{r.name}: {r.getMessage()}" for r in stray]


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Every thread a test began is over when it ends (module- and session-wide servers are named `server-…`)."""
    before = set(threading.enumerate())
    yield
    end = time.monotonic() + 5
    while left := [t for t in threading.enumerate() if t not in before and not t.name.startswith("server-")]:
        left[0].join(0.05)
        assert time.monotonic() < end, [t.name for t in left]
