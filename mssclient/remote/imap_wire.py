"""The IMAP line: commands and whole responses, as bytes; `imap.py` gives them a meaning.

Own reader because the bulk of our traffic is FETCH: a response is cut out of the stream once, literals in place, and
handed over without a parse. A wire belongs to the thread that opened it, `cut` excepted.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from mssclient.domain.errors import MssError, Offline, Refused
from mssclient.remote.imap_stream import Stream, malformed

_LITERAL_CAP = 32 << 20
_REPLY_CAP = 64 << 20
"""Bytes of all that one command brings back: pieces of bodies and batches of headers are asked for, never more."""
_ASIDE_CAP = 1_000
_ALERTS_CAP = 5
_ALERT_LENGTH = 500
_LITERAL_END = re.compile(rb"\{(\d{1,10})\+?\}\r\n\Z")
_STATUS = re.compile(
    rb"(OK|NO|BAD|BYE|PREAUTH)(?: \[([A-Za-z0-9=-]+)(?: ([^\]]*))?\])? ?(.*)", re.DOTALL | re.IGNORECASE
)
TROUBLE = frozenset({"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG"})  # RFC 5530: worth another try, later


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

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self._tags = 0
        self._ahead: Ahead | None = None
        self._told = 0
        self.news = False
        """Messages came or went in the selected mailbox, as untagged responses said in passing."""
        self.aside: list[bytes] = []
        """STATUS and LIST responses that nobody asked for (RFC 5465)."""
        self.alerts: list[str] = []
        """What the server wants a person to read (RFC 3501 §7.1), heard under TLS only."""

    @classmethod
    def connect(cls, host: str, to: str, port: int, timeout_s: float) -> Wire:
        """Connects to `to`, which stands for `host`; nothing is read yet."""
        return cls(Stream.connect(host, to, port, timeout_s))

    def upgrade(self, context: ssl.SSLContext, host: str) -> None:
        """Puts TLS on the line; nothing that was said in clear is believed any more (RFC 3501 §6.2.1)."""
        self.stream.upgrade(context, host)
        self.news = False
        self.aside.clear()
        self.alerts.clear()

    def response(self) -> bytes:
        """The next whole response, literals in place as `{n}` CRLF and n bytes, without the closing CRLF."""
        line = self.stream.line()
        if not line.endswith(b"}\r\n"):
            return line[:-2] if line.endswith(b"\r\n") else line[:-1]
        pieces, size = [line], len(line)
        while match := _LITERAL_END.search(line):
            wanted = int(match[1])
            size += wanted
            if size > _LITERAL_CAP:
                self.cut()
                raise malformed()
            pieces.append(self.stream.exactly(wanted))
            line = self.stream.line()
            pieces.append(line)
        return b"".join(pieces)[:-2]

    # Commands

    @property
    def spoken(self) -> int:
        """How many commands were given."""
        return self._tags

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
        self._told = 0
        self.stream.patience()
        pending = tag
        for word in words:
            if isinstance(word, bytes):
                pending += b" " + word
                continue
            self.stream.send(pending + b" {%d}\r\n" % len(word.content))
            while not (line := self.response()).startswith(b"+"):
                if line.startswith(tag + b" "):
                    accepted(status_of(line[len(tag) + 1 :]))
                    raise malformed()  # a command cannot succeed before it was sent
                self._note(line, lines)
            pending = word.content
        self.stream.send(pending + b"\r\n")
        return tag, lines

    def _finish(self, tag: bytes, lines: list[bytes]) -> Status:
        end = tag + b" "
        while not (line := self.response()).startswith(end):
            self._note(line, lines)
        self._overhear(line[len(end) :])
        return status_of(line[len(end) :])

    def _overhear(self, line: bytes) -> None:
        """What is said to whoever listens, whatever was asked."""
        start = line[:7].upper()
        if start in {b"STATUS ", b"LIST (\\", b"LIST ()"} and len(self.aside) < _ASIDE_CAP:
            self.aside.append(line)
        elif b"[ALERT]" in line[:11].upper() and self.stream.secured and len(self.alerts) < _ALERTS_CAP:
            words = "".join(c if c.isprintable() else " " for c in status_of(line).text[:_ALERT_LENGTH])
            self.alerts.append(" ".join(words.split()))

    def _note(self, line: bytes, lines: list[bytes]) -> None:
        if not line.startswith(b"* "):
            self.cut()
            raise malformed()
        self._told += len(line)
        if self._told > _REPLY_CAP:
            self.cut()
            raise malformed()
        line = line[2:]
        self._overhear(line)
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
                self.stream.send(answer(line[1:].strip()) + b"\r\n")
            else:
                self._note(line, lines)
        self._overhear(line[len(end) :])
        return status_of(line[len(end) :]), lines

    # IDLE

    def idle(self, wake: socket.socket, timeout_s: float) -> bool:
        """IDLE (RFC 2177) until news, until `wake` is readable or until the time is over; True when woken. With NOTIFY
        (RFC 5465) news of other mailboxes come in `aside`."""
        self.settle()
        tag, lines = self._begin([b"IDLE"])
        while not (line := self.response()).startswith(b"+"):
            if line.startswith(tag + b" "):
                accepted(status_of(line[len(tag) + 1 :]))
                raise malformed()
            self._note(line, lines)
        end, woken = time.monotonic() + timeout_s, False
        while not (self.news or self.aside or woken) and (left := end - time.monotonic()) > 0:
            self._hear(lines)
            if not (self.news or self.aside):
                heard, woken = self.stream.wait(wake, left)
                if heard:
                    self.stream.fill()
        self.stream.send(b"DONE\r\n")
        accepted(self._finish(tag, lines))
        return woken

    def _hear(self, lines: list[bytes]) -> None:
        """Takes in the lines that are here already; never waits for one."""
        while self.stream.has_line:
            self._note(self.response(), lines)
            # A change of flags is news in IDLE only: elsewhere it echoes our own STORE.
            self.news = self.news or b" FETCH (" in lines[-1][:32]

    # End

    def logout(self, timeout_s: float) -> None:
        """Says goodbye, waits a little for the answer, hangs up; never raises."""
        if not self.stream.over:
            try:
                self.stream.hurry(timeout_s)
                self._ahead = None
                self.stream.send(self._tag() + b" LOGOUT\r\n")
                while not self.response()[:6].upper().startswith(b"* BYE"):
                    pass
            except (MssError, OSError):
                pass  # it is over either way
        self.cut()

    def cut(self) -> None:
        """Hangs up now. Any thread: whoever waits on the line gets Offline at once."""
        self.stream.cut()


def accepted(status: Status) -> Status:
    """The status itself when it is OK; else the error it stands for."""
    if status.kind == "OK":
        return status
    if status.kind not in {"NO", "BAD"}:
        raise malformed()
    if status.code in TROUBLE:
        raise Offline(status.code.lower(), busy=True)
    raise Refused(status.code or status.kind, status.text)
