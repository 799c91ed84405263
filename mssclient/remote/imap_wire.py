"""The IMAP line: connection, STARTTLS, commands and whole responses, as bytes; `imap.py` gives them a meaning.

Own reader because the bulk of our traffic is FETCH: a response is cut out of the stream once, literals in place, and
handed over without a parse. A wire belongs to the thread that opened it, `cut` excepted.
"""

from __future__ import annotations

import contextlib
import re
import selectors
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mssclient.domain.errors import Distrust, MssError, Offline, Refused, Untrusted
from mssclient.remote import tls

_CHUNK = 1 << 16
_LINE_CAP = 32 << 20
"""Bytes of a response without its literals: a plain SEARCH over a million messages takes 8 MB."""
_LITERAL_CAP = 256 << 20
_LITERAL_END = re.compile(rb"\{(\d{1,10})\+?\}\r\n\Z")
_STATUS = re.compile(
    rb"(OK|NO|BAD|BYE|PREAUTH)(?: \[([A-Za-z0-9=-]+)(?: ([^\]]*))?\])? ?(.*)", re.DOTALL | re.IGNORECASE
)
TROUBLE = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})  # RFC 5530: worth another try, later


def malformed() -> Offline:
    """What a server that does not speak IMAP amounts to: as good as not there."""
    return Offline("protocol")


@dataclass(frozen=True, slots=True)
class Literal:
    """A command argument that is sent as a literal (RFC 3501 §4.3)."""

    content: bytes


@dataclass(frozen=True, slots=True)
class Status:
    """A status response: OK, NO, BAD, BYE or PREAUTH, its response code and the server's words."""

    kind: str
    code: str
    """Upper case, without brackets; empty when there is none."""
    argument: bytes
    text: str


@dataclass(slots=True)
class Reply:
    """All that a command brought back. `lines` are untagged responses without "* "."""

    status: Status
    lines: list[bytes]

    def codes(self) -> Iterator[tuple[str, bytes]]:
        """The response codes among all status responses, the tagged one last."""
        for line in self.lines:
            if line[:3].upper() in {b"OK ", b"NO "}:
                status = status_of(line)
                yield status.code, status.argument
        yield self.status.code, self.status.argument


@dataclass(slots=True)
class Ahead:
    """A command sent before its answer is wanted, so that the server works while we decode."""

    tag: bytes
    lines: list[bytes] = field(default_factory=list)
    status: Status | None = None


def status_of(line: bytes) -> Status:
    """A status response read from its first word on."""
    if (match := _STATUS.match(line)) is None:
        raise malformed()
    kind, code, argument, text = match.groups()
    words = text.decode("utf-8", "replace").strip()
    return Status(kind.decode().upper(), (code or b"").decode().upper(), argument or b"", words)


class Wire:
    """One connection. Every method raises Offline when the line is cut, late or senseless."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._buffer = b""
        self._start = 0
        self._tags = 0
        self._ahead: Ahead | None = None
        self._over = False
        # Held around each system call, so that `cut` never closes a descriptor that another thread waits on.
        self._using = threading.Lock()
        self.news = False
        """Messages came or went in the selected mailbox, as untagged responses said in passing."""

    @classmethod
    def connect(cls, host: str, to: str, port: int, timeout_s: float) -> Wire:
        """Connects to `to`, which stands for `host`; nothing is read yet."""
        try:
            sock = socket.create_connection((to, port), timeout_s)
        except OSError as error:
            raise tls.failure(error, host) from error
        # Without it an APPEND waits some 40 ms for a delayed acknowledgement.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(sock)

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

    # Bytes

    def _receive(self) -> bytes:
        try:
            with self._using:
                chunk = self._sock.recv(_CHUNK)
        except OSError as error:
            self.cut()
            raise tls.failure(error, "") if not isinstance(error, ssl.SSLError) else Offline("cut") from error
        if not chunk:
            self.cut()
            raise Offline("hung up")
        return chunk

    def _send(self, content: bytes) -> None:
        if self._over:
            raise Offline("cut")
        try:
            with self._using:
                self._sock.sendall(content)
        except OSError as error:
            self.cut()
            raise Offline("cut") from error

    def _line(self) -> bytes:
        """One line with its CRLF."""
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

    def _exactly(self, size: int) -> bytes:
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

    def response(self) -> bytes:
        """The next whole response, literals in place as `{n}` CRLF and n bytes, without the closing CRLF."""
        line = self._line()
        if not line.endswith(b"}\r\n"):
            return line[:-2] if line.endswith(b"\r\n") else line[:-1]
        pieces, size = [line], len(line)
        while match := _LITERAL_END.search(line):
            wanted = int(match[1])
            size += wanted
            if size > _LITERAL_CAP:
                self.cut()
                raise malformed()
            pieces.append(self._exactly(wanted))
            line = self._line()
            pieces.append(line)
        return b"".join(pieces)[:-2]

    # Commands

    def greeting(self) -> Status:
        """The server's first response."""
        line = self.response()
        if not line.startswith(b"* "):
            raise malformed()
        return status_of(line[2:])

    def command(self, *words: bytes | Literal) -> Reply:
        """Runs a command to its end; the words stand as they are, one blank between two.

        Raises Refused with the response code (or NO, BAD) when the server says no, Offline(busy) when it is in
        trouble, Offline when it says BYE.
        """
        self.settle()
        tag, lines = self._begin(words)
        status = self._finish(tag, lines)
        return Reply(accepted(status), lines)

    def ahead(self, *words: bytes) -> Ahead:
        """Sends a command without waiting; `complete` it, or let the next command do so."""
        self.settle()
        tag, _ = self._begin(words)
        self._ahead = Ahead(tag)
        return self._ahead

    def complete(self, ahead: Ahead) -> Reply:
        """The reply to a command sent ahead. Same errors as `command`."""
        if ahead.status is None:
            if ahead is not self._ahead:
                raise Offline("cut")
            self._ahead = None
            ahead.status = self._finish(ahead.tag, ahead.lines)
        return Reply(accepted(ahead.status), ahead.lines)

    def settle(self) -> None:
        """Reads what a command sent ahead still owes us."""
        if (ahead := self._ahead) is not None:
            self._ahead = None
            ahead.status = self._finish(ahead.tag, ahead.lines)

    def _tag(self) -> bytes:
        self._tags += 1
        return b"m%d" % self._tags

    def _begin(self, words: Sequence[bytes | Literal]) -> tuple[bytes, list[bytes]]:
        """Sends a command; its untagged responses so far are those that came before a literal was let through."""
        tag, lines = self._tag(), list[bytes]()
        pending = tag
        for word in words:
            if isinstance(word, bytes):
                pending += b" " + word
                continue
            self._send(pending + b" {%d}\r\n" % len(word.content))
            while not (line := self.response()).startswith(b"+"):
                if line.startswith(tag + b" "):
                    accepted(status_of(line[len(tag) + 1 :]))
                    raise malformed()  # a command cannot succeed before it was sent
                self._note(line, lines)
            pending = word.content
        self._send(pending + b"\r\n")
        return tag, lines

    def _finish(self, tag: bytes, lines: list[bytes]) -> Status:
        end = tag + b" "
        while not (line := self.response()).startswith(end):
            self._note(line, lines)
        return status_of(line[len(end) :])

    def _note(self, line: bytes, lines: list[bytes]) -> None:
        if not line.startswith(b"* "):
            self.cut()
            raise malformed()
        line = line[2:]
        if line.endswith((b" EXISTS", b" EXPUNGE")) or line.startswith(b"VANISHED"):
            self.news = True
        elif line[:4].upper() == b"BYE ":
            self.cut()
            raise Offline("bye", busy=status_of(line).code in TROUBLE)
        lines.append(line)

    def dialogue(self, command: bytes, answer: Callable[[bytes], bytes]) -> tuple[Status, list[bytes]]:
        """A command whose continuation requests are each answered with a line (AUTHENTICATE)."""
        tag, lines = self._begin([command])
        end = tag + b" "
        while not (line := self.response()).startswith(end):
            if line.startswith(b"+"):
                self._send(answer(line[1:].strip()) + b"\r\n")
            else:
                self._note(line, lines)
        return status_of(line[len(end) :]), lines

    # IDLE

    def idle(self, wake: socket.socket, timeout_s: float) -> bool:
        """IDLE (RFC 2177) until news, until `wake` is readable or until the time is over; True when woken."""
        self.settle()
        tag, lines = self._begin([b"IDLE"])
        while not (line := self.response()).startswith(b"+"):
            if line.startswith(tag + b" "):
                accepted(status_of(line[len(tag) + 1 :]))
                raise malformed()
            self._note(line, lines)
        end, woken = time.monotonic() + timeout_s, False
        while not self.news and not woken and (left := end - time.monotonic()) > 0:
            self._hear(lines)
            if not self.news:
                heard, woken = self._wait(wake, left)
                if heard:
                    self._fill()
        self._send(b"DONE\r\n")
        accepted(self._finish(tag, lines))
        return woken

    def _hear(self, lines: list[bytes]) -> None:
        """Takes in the lines that are here already; never waits for one."""
        while self._buffer.find(b"\n", self._start) >= 0:
            self._note(self.response(), lines)
            # A change of flags is news in IDLE only: elsewhere it echoes our own STORE.
            self.news = self.news or b" FETCH (" in lines[-1][:32]

    def _wait(self, wake: socket.socket, timeout_s: float) -> tuple[bool, bool]:
        """(the line has something to read, `wake` has)."""
        if isinstance(self._sock, ssl.SSLSocket) and self._sock.pending():
            return True, False
        with self._using, selectors.DefaultSelector() as selector:
            try:
                selector.register(self._sock, selectors.EVENT_READ)
            except ValueError as error:  # closed by `cut`
                raise Offline("cut") from error
            selector.register(wake, selectors.EVENT_READ)
            ready = {key.fileobj for key, _ in selector.select(timeout_s)}
        return self._sock in ready, wake in ready

    def _fill(self) -> None:
        """Reads what is there without waiting: a readable socket may hold a TLS ticket only, and no line."""
        timeout_s = self._sock.gettimeout()
        try:
            with self._using:
                self._sock.settimeout(0)
                try:
                    chunk = self._sock.recv(_CHUNK)
                finally:
                    self._sock.settimeout(timeout_s)
        except (ssl.SSLWantReadError, BlockingIOError):
            return
        except OSError as error:
            self.cut()
            raise Offline("cut") from error
        if not chunk or len(self._buffer) - self._start > _LINE_CAP:
            self.cut()
            raise Offline("hung up")
        self._buffer, self._start = self._buffer[self._start :] + chunk, 0

    # End

    def logout(self, timeout_s: float) -> None:
        """Says goodbye, waits a little for the answer, hangs up; never raises."""
        if not self._over:
            try:
                self._sock.settimeout(timeout_s)
                self._ahead = None
                self._send(self._tag() + b" LOGOUT\r\n")
                while not self.response()[:6].upper().startswith(b"* BYE"):
                    pass
            except (MssError, OSError):
                pass  # it is over either way
        self.cut()

    def cut(self) -> None:
        """Hangs up now. Any thread: whoever waits on the line gets Offline at once."""
        self._over = True
        with contextlib.suppress(OSError):  # never connected, or hung up by the other end
            # Not SSLSocket.shutdown: that one forgets its TLS state first, and a send that races would go in clear.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        # The shutdown woke whoever waits; where a system does not do so, closing does.
        free = self._using.acquire(timeout=1.0)
        self._sock.close()
        if free:
            self._using.release()


def accepted(status: Status) -> Status:
    """The status itself when it is OK; else the error it stands for."""
    if status.kind == "OK":
        return status
    if status.kind not in {"NO", "BAD"}:
        raise malformed()
    if status.code in TROUBLE:
        raise Offline(status.code.lower(), busy=True)
    raise Refused(status.code or status.kind, status.text)
