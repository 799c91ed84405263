"""Where stations in processes of their own come from, for tests that kill them. See `hands.py`."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_TOP = Path(__file__).parents[2]
ANSWER_S = 40.0


class Far:
    """A station elsewhere: `far.call("flag", header, True)` does there what `Hands.flag` says."""

    def __init__(self, pid: int, line: socket.socket, log: Path) -> None:
        self.pid = pid
        self._line = line
        self._words = line.makefile("rw", encoding="utf-8")
        self._log = log

    def call(self, verb: str, *values: object) -> Any:
        """One order, to its end."""
        self.order(verb, *values)
        answer = json.loads(self._words.readline() or '{"failed": "the process is gone"}')
        assert "failed" not in answer, f"{verb}: {answer['failed']}"
        return answer["done"]

    def order(self, verb: str, *values: object) -> None:
        """One order, whose end nobody waits for."""
        self._words.write(json.dumps([verb, *values]) + "\n")
        self._words.flush()

    def kill(self) -> None:
        """SIGKILL; returns when the process is gone."""
        self.kill_now()
        end = time.monotonic() + 10
        while Path(f"/proc/{self.pid}").exists() and time.monotonic() < end:
            with contextlib.suppress(OSError):
                self._line.recv(4096)
        self.close()

    def kill_now(self) -> None:
        """SIGKILL; any thread."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def stop(self) -> None:
        """The program closes, and its process with it."""
        self.call("stop")
        self.close()

    def close(self) -> None:
        """Nothing more is said."""
        with contextlib.suppress(OSError):
            self._words.close()
        self._line.close()

    def logged(self) -> str:
        """What it and its libraries logged, at every level."""
        return self._log.read_text("utf-8", "replace") if self._log.exists() else ""


class Nursery:
    """The one process that has everything imported; `station` takes some ten milliseconds."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="mss-nursery-")
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.faults.hands"],
            env=os.environ | {"PYTHONPATH": str(_TOP)}, cwd=_TOP,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._count = 0
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait(10)
        self._folder.cleanup()

    def station(self, environment_file: Path, home: Path, policy: str = "") -> Far:
        """A station on a home that nobody else has open; not opened yet."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._count += 1
        place, log = Path(self._folder.name) / f"{self._count}.sock", home.with_name(f"{home.name}.log")
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(place))
            door.listen(1)
            door.settimeout(ANSWER_S)
            order = {
                "environment": str(environment_file), "home": str(home), "log": str(log), "socket": str(place),
                "policy": policy,
            }  # fmt: skip
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            pid = int(self._process.stdout.readline())
            line, _ = door.accept()
        line.settimeout(ANSWER_S)
        return Far(pid, line, log)
