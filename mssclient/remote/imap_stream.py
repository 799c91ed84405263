"""The bytes of an IMAP connection: TLS, compression, lines and literals, each with a bound in size and time.

A stream belongs to the thread that opened it, `cut` excepted. Every method raises Offline when the line is cut, late or
senseless.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import ssl
import threading
import time
import zlib

from mssclient.domain.errors import Distrust, Offline, Untrusted
from mssclient.remote import tls

_CHUNK = 1 << 16
_LINE_CAP = 32 << 20
"""Bytes of a line: a plain SEARCH over a million messages takes 8 MB."""
_INFLATED = 1 << 18
"""Bytes taken out of the decompressor at once: a small packet may stand for a thousand times as many."""
_DRIBBLE_AFTER_S = 120.0
_DRIBBLE_BYTES_S = 256
"""A peer slower than this for so long only keeps us from trying another."""


def malformed() -> Offline:
    """What a server that does not speak IMAP amounts to: as good as not there."""
    return Offline("protocol")


class Stream:
    """One connection as lines and blocks of bytes."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = b""
        self._start = 0
        self._deflate: zlib._Compress | None = None
        self._inflate: zlib._Decompress | None = None
        self._held = False
        """The decompressor has more to give."""
        self._since, self._got = time.monotonic(), 0
        self.over = False
        self.received = 0
        """Bytes that came over the line, as they came."""
        # Held around each system call, so that `cut` never closes a descriptor that another thread waits on.
        self._using = threading.Lock()

    @classmethod
    def connect(cls, host: str, to: str, port: int, timeout_s: float) -> Stream:
        """Connects to `to`, which stands for `host`; nothing is read yet."""
        try:
            sock = socket.create_connection((to, port), timeout_s)
        except OSError as error:
            raise tls.failure(error, host) from error
        # Without it an APPEND waits some 40 ms for a delayed acknowledgement.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(sock)

    @property
    def secured(self) -> bool:
        """Whether TLS is on."""
        return isinstance(self._sock, ssl.SSLSocket)

    @property
    def is_near(self) -> bool:
        """Whether the peer is on this machine, where compressing costs more than it saves."""
        try:
            name = self._sock.getpeername()
        except OSError:
            return False
        return isinstance(name, tuple) and (str(name[0]).startswith("127.") or name[0] == "::1")

    def upgrade(self, context: ssl.SSLContext, host: str) -> None:
        """Puts TLS on the line. Bytes that came in clear behind the answer to STARTTLS are an injection: refused."""
        if self._start < len(self._buffer):
            raise Untrusted(Distrust.PROTOCOL, host)
        try:
            self._sock = context.wrap_socket(self._sock, server_hostname=host)
        except OSError as error:
            raise tls.failure(error, host) from error
        except ValueError as error:  # a host name that SNI cannot carry
            raise Untrusted(Distrust.NAME, host) from error
        self._buffer, self._start = b"", 0

    def compress(self) -> None:
        """Both directions are DEFLATE from here on (RFC 4978); what was read ahead is already."""
        self._deflate = zlib.compressobj(wbits=-15)
        self._inflate = zlib.decompressobj(wbits=-15)
        early, self._buffer, self._start = self._buffer[self._start :], b"", 0
        if early:
            self._buffer = self._inflated(early)

    def _inflated(self, packed: bytes) -> bytes:
        if self._inflate is None:
            return packed
        try:
            plain = self._inflate.decompress(self._inflate.unconsumed_tail + packed, _INFLATED)
        except zlib.error as error:
            self.cut()
            raise malformed() from error
        self._held = len(plain) == _INFLATED
        return plain

    def patience(self) -> None:
        """A command begins: the peer's slowness counts from here."""
        self._since, self._got = time.monotonic(), 0

    def _receive(self) -> bytes:
        """Some bytes, at least one."""
        while True:
            if self._held:
                if plain := self._inflated(b""):
                    return plain
                continue
            if plain := self._inflated(self._packet()):
                return plain

    def _packet(self) -> bytes:
        try:
            with self._using:
                chunk = self._sock.recv(_CHUNK)
        except OSError as error:
            self.cut()
            raise tls.failure(error, "") if not isinstance(error, ssl.SSLError) else Offline("cut") from error
        if not chunk:
            self.cut()
            raise Offline("hung up")
        self._got += len(chunk)
        self.received += len(chunk)
        if (spent := time.monotonic() - self._since) > _DRIBBLE_AFTER_S and self._got < spent * _DRIBBLE_BYTES_S:
            self.cut()
            raise Offline("too slow")
        return chunk

    def send(self, content: bytes) -> None:
        """All of it."""
        if self.over:
            raise Offline("cut")
        if self._deflate is not None:
            content = self._deflate.compress(content) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        try:
            with self._using:
                self._sock.sendall(content)
        except OSError as error:
            self.cut()
            raise Offline("cut") from error

    def line(self) -> bytes:
        """One line with its line feed."""
        end = self._buffer.find(b"\n", self._start)
        if end < 0:
            pieces, size = [self._buffer[self._start :]], len(self._buffer) - self._start
            while end < 0:
                chunk = self._receive()
                end = chunk.find(b"\n")
                pieces.append(chunk)
                size += len(chunk)
                if size > _LINE_CAP:
                    self.cut()
                    raise malformed()
            self._buffer, self._start = b"".join(pieces), 0
            end += len(self._buffer) - len(pieces[-1])
        line = self._buffer[self._start : end + 1]
        self._start = end + 1
        return line

    def exactly(self, size: int) -> bytes:
        """So many bytes."""
        have = len(self._buffer) - self._start
        if have >= size:
            content = self._buffer[self._start : self._start + size]
            self._start += size
            return content
        pieces = [self._buffer[self._start :]]
        while have < size:
            chunk = self._receive()
            have += len(chunk)
            pieces.append(chunk)
        whole = b"".join(pieces)
        self._buffer, self._start = whole, size
        return whole[:size]

    @property
    def has_line(self) -> bool:
        """Whether a line is here already."""
        return self._buffer.find(b"\n", self._start) >= 0

    def wait(self, wake: socket.socket, timeout_s: float) -> tuple[bool, bool]:
        """(the line has something to read, `wake` has)."""
        if self._held or (isinstance(self._sock, ssl.SSLSocket) and self._sock.pending()):
            return True, False
        with self._using, selectors.DefaultSelector() as selector:
            try:
                selector.register(self._sock, selectors.EVENT_READ)
            except ValueError as error:  # closed by `cut`
                raise Offline("cut") from error
            selector.register(wake, selectors.EVENT_READ)
            ready = {key.fileobj for key, _ in selector.select(timeout_s)}
        return self._sock in ready, wake in ready

    def fill(self) -> None:
        """Reads what is there without waiting: a readable socket may hold a TLS ticket only, and no line."""
        chunk = b"" if self._held else self._ready()
        if chunk is None:
            return
        if not self._held and not chunk:
            self.cut()
            raise Offline("hung up")
        self.received += len(chunk)
        self._buffer, self._start = self._buffer[self._start :] + self._inflated(chunk), 0
        if len(self._buffer) > _LINE_CAP:
            self.cut()
            raise malformed()

    def _ready(self) -> bytes | None:
        """The bytes that are here; None when there are none yet, empty when the peer hung up."""
        timeout_s = self._sock.gettimeout()
        try:
            with self._using:
                self._sock.settimeout(0)
                try:
                    return self._sock.recv(_CHUNK)
                finally:
                    self._sock.settimeout(timeout_s)
        except (ssl.SSLWantReadError, BlockingIOError):
            return None
        except OSError as error:
            self.cut()
            raise Offline("cut") from error

    def hurry(self, timeout_s: float) -> None:
        """Each later wait is at most so long."""
        self._sock.settimeout(timeout_s)

    def cut(self) -> None:
        """Hangs up now. Any thread: whoever waits on the line gets Offline at once."""
        self.over = True
        with contextlib.suppress(OSError):  # never connected, or hung up by the other end
            # Not SSLSocket.shutdown: that one forgets its TLS state first, and a send that races would go in clear.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        # The shutdown woke whoever waits; where a system does not do so, closing does.
        free = self._using.acquire(timeout=1.0)
        self._sock.close()
        if free:
            self._using.release()


def readable(wake: socket.socket, timeout_s: float) -> bool:
    """Whether a socket has something to read within so many seconds."""
    with selectors.DefaultSelector() as selector:
        selector.register(wake, selectors.EVENT_READ)
        return bool(selector.select(timeout_s))
