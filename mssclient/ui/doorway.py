"""The door of a running program: another start of it, by the same system account, hands over what it was asked.

One line of JSON in, one word out. The socket lies in a folder of this account, or is a pipe that only it may open.
"""

from __future__ import annotations

import hashlib
import json
import os
import socket
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from mssclient.domain.errors import Unreadable
from mssclient.domain.handover import MAX_SIDECAR, Handover, as_sidecar, from_sidecar

MOST_BYTES = MAX_SIDECAR + 4096
_LONGEST_PATH = 90
_WAIT_MS = 5_000
_MOST_CALLERS = 8
TAKEN, REFUSED = b"pris\n", b"refus\n"


def door_name(home: Path) -> str:
    """Where the program that works on this home listens: in its own private folder, where the path is short enough."""
    place = home / "porte"
    if os.name == "posix" and len(str(place).encode()) < _LONGEST_PATH:
        return str(place)
    return f"mssclient-{hashlib.sha256(str(home).encode()).hexdigest()[:24]}"


class Doorway(QObject):
    """Listens; main thread. Emits `asked` with a Handover and whether its attachments are paths."""

    asked = Signal(object, bool)
    traces_asked = Signal(str)
    """Where the traces of whoever is signed in are to be written."""
    knocked = Signal()
    """Somebody started the program again without a wish: the window should come to the front."""

    def __init__(self, home: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.setMaxPendingConnections(_MOST_CALLERS)
        self._heard: dict[QLocalSocket, bytes] = {}
        self._server.newConnection.connect(self._on_caller)
        self._name = door_name(home)

    def open(self) -> bool:
        """Begin to listen; a socket that a crash left is taken away: the home's lock says that nobody else is here."""
        QLocalServer.removeServer(self._name)
        return self._server.listen(self._name)

    def close(self) -> None:
        """Listen no more."""
        self._server.close()
        for caller in list(self._heard):
            caller.abort()

    def _on_caller(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            if not _is_ours(int(caller.socketDescriptor())) or len(self._heard) >= _MOST_CALLERS:
                caller.abort()
                caller.deleteLater()
                continue
            self._heard[caller] = b""
            caller.readyRead.connect(lambda c=caller: self._on_words(c))
            caller.disconnected.connect(lambda c=caller: self._forget(c))
            QTimer.singleShot(_WAIT_MS, caller, caller.abort)
            self._on_words(caller)

    def _on_words(self, caller: QLocalSocket) -> None:
        if caller not in self._heard:
            return
        heard = self._heard[caller] + bytes(caller.read(MOST_BYTES + 1).data())
        self._heard[caller] = heard
        if len(heard) > MOST_BYTES:
            self._answer(caller, REFUSED)
        elif heard.endswith(b"\n"):
            self._answer(caller, TAKEN if self._take(heard) else REFUSED)

    def _answer(self, caller: QLocalSocket, word: bytes) -> None:
        caller.write(word)
        caller.flush()
        caller.disconnectFromServer()

    def _forget(self, caller: QLocalSocket) -> None:
        self._heard.pop(caller, None)
        caller.deleteLater()

    def _take(self, line: bytes) -> bool:
        try:
            found = json.loads(line)
            if not isinstance(found, dict) or found.get("v") != 1:
                return False
            if isinstance(target := found.get("traces"), str):
                self.traces_asked.emit(target)
                return True
            if "handover" not in found:
                self.knocked.emit()
                return True
            paths = found.get("paths") is True
            handed = from_sidecar(json.dumps(found["handover"]).encode(), anywhere=paths)
        except (ValueError, RecursionError, Unreadable):
            return False
        self.asked.emit(handed, paths)
        return True


def knock(home: Path, handed: Handover | None, *, paths: bool = False, traces: str = "") -> bool | None:
    """Ask the running program to write a message, to export traces, or just to come to the front; True when it took it,
    False when it refused, None when nobody is there."""
    line: dict[str, object] = {"v": 1, "paths": paths}
    if traces:
        line["traces"] = traces
    if handed is not None:
        line["handover"] = json.loads(as_sidecar(handed))
    caller = QLocalSocket()
    caller.connectToServer(door_name(home))
    if not caller.waitForConnected(_WAIT_MS):
        return None
    caller.write(json.dumps(line).encode() + b"\n")
    caller.flush()
    answer = b""
    while not answer.endswith(b"\n") and caller.waitForReadyRead(_WAIT_MS):
        answer += bytes(caller.readAll().data())
    caller.close()
    return answer == TAKEN


def _is_ours(descriptor: int) -> bool:
    """Whether the caller is this system account (Linux tells); elsewhere the socket's own rights decide."""
    if not sys.platform.startswith("linux"):
        return True
    with socket.socket(fileno=os.dup(descriptor)) as line:
        told = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return bool(struct.unpack("3i", told)[1] == os.geteuid())
