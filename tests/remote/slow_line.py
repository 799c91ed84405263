"""A TCP line that is slow: every byte comes late, each way; turns of the conversation are counted."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class SlowLine:
    """Where to connect, and what was seen there."""

    port: int
    turns: int = 0
    """How often the server began to speak after the client had."""
    received: int = 0
    """Bytes from the server."""
    client_spoke: bool = True


@contextlib.contextmanager
def slow_line(to_port: int, one_way_s: float) -> Iterator[SlowLine]:
    """Connections to the yielded port end at `to_port` of this machine."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    over = threading.Event()
    line = SlowLine(listener.getsockname()[1])
    threads: list[threading.Thread] = []

    def accept() -> None:
        while not over.is_set():
            try:
                client, _ = listener.accept()
            except TimeoutError:
                continue
            pair = (client, socket.create_connection(("127.0.0.1", to_port)))
            threads.append(threading.Thread(target=_carry, args=(*pair, line, one_way_s, over), name="server-slow"))
            threads[-1].start()

    acceptor = threading.Thread(target=accept, name="server-slow-door")
    acceptor.start()
    try:
        yield line
    finally:
        over.set()
        acceptor.join()
        for thread in threads:
            thread.join()
        listener.close()


def _carry(
    client: socket.socket, server: socket.socket, line: SlowLine, one_way_s: float, over: threading.Event
) -> None:
    late: dict[socket.socket, deque[tuple[float, bytes]]] = {client: deque(), server: deque()}
    for sock in late:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    is_open = True
    while is_open and not over.is_set():
        for source, target in ((client, server), (server, client)):
            piece = _heard(source)
            if piece:
                _note(line, piece, from_server=source is server)
                late[target].append((time.monotonic() + one_way_s, piece))
            is_open = is_open and piece != b""
        for target, pieces in late.items():
            while pieces and pieces[0][0] <= time.monotonic():
                target.settimeout(5)
                with contextlib.suppress(OSError):
                    target.sendall(pieces.popleft()[1])
    client.close()
    server.close()


def _heard(source: socket.socket) -> bytes | None:
    """What came within a millisecond; None when nothing did, empty when the end hung up."""
    source.settimeout(0.001)
    try:
        return source.recv(1 << 16)
    except TimeoutError:
        return None
    except OSError:
        return b""


def _note(line: SlowLine, piece: bytes, *, from_server: bool) -> None:
    if not from_server:
        line.client_spoke = True
        return
    line.received += len(piece)
    if line.client_spoke:
        line.turns += 1
        line.client_spoke = False
