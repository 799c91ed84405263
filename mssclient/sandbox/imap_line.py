"""One IMAP connection as lines and literals, upgraded to TLS in place; lives on the server's event loop."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import cast

LINE_LIMIT = 64 * 1024


class Gone(Exception):
    """The peer hung up, or was cut."""


class Line(asyncio.Protocol):
    """Bytes in, bytes out. asyncio already sets TCP_NODELAY on it. One reader at a time."""

    def __init__(self, opened: Callable[[Line], None]) -> None:
        self._opened = opened
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._scanned = 0
        self._waiter: asyncio.Future[None] | None = None
        self._room: asyncio.Future[None] | None = None
        self.closed = False
        self.secure = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._opened(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if len(self._buffer) > 4 * 1024 * 1024 and self._waiter is None and self._transport is not None:
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> bool:
        self.closed = True
        self._wake()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        self._wake()
        self._resume()

    def pause_writing(self) -> None:
        if self._room is None:
            self._room = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        self._resume()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _resume(self) -> None:
        if self._room is not None and not self._room.done():
            self._room.set_result(None)
        self._room = None

    async def _more(self) -> None:
        if self.closed:
            raise Gone
        if self._transport is not None:
            self._transport.resume_reading()
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    async def read_line(self) -> bytes:
        """The next line without its line end. Raises Gone at the end, or when the line is too long."""
        while True:
            at = self._buffer.find(b"\n", self._scanned)
            if at >= 0:
                line = bytes(self._buffer[:at]).rstrip(b"\r")
                del self._buffer[: at + 1]
                self._scanned = 0
                return line
            self._scanned = len(self._buffer)
            if self._scanned > LINE_LIMIT:
                raise Gone
            await self._more()

    async def read_bytes(self, count: int) -> bytes:
        """Exactly `count` bytes."""
        while len(self._buffer) < count:
            await self._more()
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._scanned = 0
        return taken

    def write(self, data: bytes) -> None:
        """Queue bytes; nothing after the end."""
        if self._transport is not None and not self.closed:
            self._transport.write(data)

    async def drain(self) -> None:
        """Wait until the peer has taken enough of what was written."""
        if self._room is not None:
            await self._room
        if self.closed:
            raise Gone

    async def start_tls(self, context: ssl.SSLContext, answer: bytes) -> None:
        """Say `answer`, then TLS. What came in clear after the command is thrown away (RFC 3501 §6.2.1)."""
        transport = self._transport
        if transport is None or self.closed:
            raise Gone
        self._buffer.clear()
        self._scanned = 0
        transport.write(answer)
        loop = asyncio.get_running_loop()
        try:
            secure = await loop.start_tls(transport, self, context, server_side=True, ssl_handshake_timeout=20)
        except (OSError, ssl.SSLError):
            self.closed = True
            raise Gone from None
        if secure is None:
            raise Gone
        self._transport = secure
        self.secure = True

    def close(self) -> None:
        """Hang up once all is written."""
        if self._transport is not None:
            self._transport.close()

    def cut(self) -> None:
        """Hang up at once; what is not yet written is lost."""
        self.closed = True
        if self._transport is not None:
            self._transport.abort()
        self._wake()
        self._resume()
