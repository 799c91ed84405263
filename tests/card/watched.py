"""Our reader at work in a child process, and what it told so far."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from tests.lab import pcscd

LIMIT_S = 12.0
Status = dict[str, Any]


class Watched:
    """Close it on every path."""

    def __init__(self, socket: Path) -> None:
        environment = os.environ | {pcscd.SOCKET_VARIABLE: str(socket)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.reader_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
            bufsize=1,
        )
        self._lines: SimpleQueue[dict[str, Any]] = SimpleQueue()
        self._listener = Thread(target=self._listen, name="watched")
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(json.loads(line))

    def next(self, end: float) -> dict[str, Any] | None:
        """The next line, or None when nothing more came in time."""
        try:
            return self._lines.get(timeout=max(end - time.monotonic(), 0.001))
        except Empty:
            return None

    def until(self, wanted: Callable[[Status], bool], limit_s: float = LIMIT_S) -> list[dict[str, Any]]:
        """What was told, up to and with the first wanted status."""
        told: list[dict[str, Any]] = []
        end = time.monotonic() + limit_s
        while line := self.next(end):
            told.append(line)
            if line.get("status") and wanted(line["status"]):
                return told
        raise AssertionError(told)

    def until_stuck(self, *, stuck: bool) -> None:
        """Until the reader says that the service holds it, or does no more."""
        end = time.monotonic() + LIMIT_S
        while line := self.next(end):
            if line.get("stuck") is stuck:
                return
        raise AssertionError(f"never {'' if stuck else 'un'}stuck")

    def during(self, seconds: float) -> list[Status]:
        """Every status told within this time."""
        told: list[Status] = []
        end = time.monotonic() + seconds
        while line := self.next(end):
            told.append(line["status"])
        return told

    def holds(self) -> tuple[int, int]:
        """Descriptors and threads of the reader's process."""
        self.say("holds")
        end = time.monotonic() + LIMIT_S
        while line := self.next(end):
            if "holds" in line:
                return line["holds"][0], line["holds"][1]
        raise AssertionError("holds was not answered")

    def say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def close(self) -> int:
        """End the process; its exit code."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        if not self._process.stdin.closed:
            self._process.stdin.close()
        try:
            return self._process.wait(10)
        finally:
            self._process.kill()
            self._process.wait(5)
            self._listener.join(5)
            self._process.stdout.close()


def present(status: Status) -> bool:
    return bool(status["present"])


def known(status: Status) -> bool:
    return bool(status["present"]) and status["holder"] is not None


def absent(status: Status) -> bool:
    return bool(status["reader"]) and not status["present"] and status["trouble"] == "ABSENT"


def no_reader(status: Status) -> bool:
    return not status["reader"] and not status["present"] and status["trouble"] == "NO_READER"
