"""A proxy between the program and an operator that understands lines: it strikes once, at a command that is named.

It ends TLS on both sides with the operator's own certificate. Every thread is named `server-…`.
"""

from __future__ import annotations

import contextlib
import re
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from tests.faults.table import ON_BOTH, ON_SUBMISSION, Fault, Stage

_LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r?\n\Z")
_NOISE = b"\x00\xff* \x7f{9 OK (((\r\n)))]] 250 -\r\n~~~ \xc3\x28 ~~~\r\n"
_HIDDEN = re.compile(rb" COMPRESS=DEFLATE\b|250-CHUNKING\r\n")
"""What would hide the commands of the table from us."""
_NOTIFY = re.compile(rb" NOTIFY\b")
TICK_S = 0.2


class Service(Enum):
    """Which of the operator's servers."""

    IMAP = "imap"
    SMTP = "smtp"


@dataclass(slots=True)
class Strike:
    """One fault, at the first command of its kind after `Proxy.arm`; at the stages of both services once on each."""

    stage: Stage
    fault: Fault
    act: Callable[[], None] = lambda: None
    """Runs when the command is seen, before anything else: a kill, a disk that fills up, a token that expires."""
    seen: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)
    """The program let go of the line that was struck."""
    struck: set[Service] = field(default_factory=set)

    def expected(self) -> set[Service]:
        """Where it is to be seen before it has been seen."""
        if self.stage in ON_BOTH:
            return {Service.IMAP, Service.SMTP}
        return {Service.SMTP} if self.stage in ON_SUBMISSION else {Service.IMAP}


@dataclass(frozen=True, slots=True)
class Behind:
    """One server that the proxy stands before."""

    service: Service
    host: str
    port: int


class Proxy:
    """Two listening ports, whose numbers stay. Any thread may arm, lift and cut."""

    def __init__(self, servers: list[Behind], as_server: dict[Service, ssl.SSLContext], chain: str) -> None:
        self.servers = {each.service: each for each in servers}
        self.as_server = as_server
        self.as_client = ssl.create_default_context(cafile=chain)
        self.accepted: list[str] = []
        """Message-IDs that the submission server answered 250 for, heard by the program or not."""
        self.commands: list[tuple[Service, str]] = []
        """Verbs as they came; for a failed test to show."""
        self.notify = False
        """Whether the program may know that the server does NOTIFY (RFC 5465), with which it needs no IDLE."""
        self._lock = threading.Lock()
        self._strike: Strike | None = None
        self._lines: set[_Line] = set()
        self._doors: dict[Service, _Door] = {s: _Door(self, s) for s in self.servers}
        self.ports = {s: door.port for s, door in self._doors.items()}

    def arm(self, strike: Strike) -> None:
        """From now on; a server that refuses connections does so at once."""
        with self._lock:
            self._strike = strike
        self.commands.clear()
        if strike.stage is Stage.CONNECT and strike.fault is Fault.REFUSED:
            self.shut()
            strike.struck |= strike.expected()
            strike.seen.set()
            strike.over.set()

    def lift(self) -> None:
        """Everything works again; lines that were struck are cut."""
        with self._lock:
            strike, self._strike = self._strike, None
        for door in self._doors.values():
            door.open()
        if strike is not None:
            for line in self._those(lambda each: each.dead):
                line.cut()

    def shut(self) -> None:
        """No server takes a connection, and every line is cut, as when a machine goes down."""
        for door in self._doors.values():
            door.shut()
        self.cut()

    def cut(self) -> None:
        """Every line that is open, politely."""
        for line in self._those(lambda _each: True):
            line.cut()

    def wait_idle(self, timeout_s: float = 10.0) -> None:
        """Until every line is over, of a program that is gone: then all is known that the servers took."""
        for line in self._those(lambda _each: True):
            line.thread.join(timeout_s)

    def awaits_outcome(self) -> bool:
        """Whether a server has the end of a message and has not said what becomes of it."""
        return bool(self._those(lambda line: line.dotted))

    def stop(self) -> None:
        """The end."""
        for door in self._doors.values():
            door.shut()
        self.cut()
        for line in self._those(lambda _each: True):
            line.thread.join(5)

    def take(self, service: Service, stage: Stage) -> Strike | None:
        """The strike that is due at this command, once a service."""
        with self._lock:
            strike = self._strike
            if strike is None or strike.stage is not stage or service in strike.struck:
                return None
            if service not in strike.expected():
                return None
            strike.struck.add(service)
        strike.act()
        if strike.fault is Fault.REFUSED:
            for door in self._doors.values():
                door.shut()
        strike.seen.set()
        return strike

    def _those(self, wanted: Callable[[_Line], bool]) -> list[_Line]:
        with self._lock:
            return [line for line in self._lines if wanted(line)]

    def begin(self, service: Service, client: socket.socket) -> None:
        """A connection came."""
        line = _Line(self, service, client)
        with self._lock:
            self._lines.add(line)
        line.thread.start()

    def ended(self, line: _Line) -> None:
        """A connection is over."""
        with self._lock:
            self._lines.discard(line)


class _Door:
    """One listening port that can be shut and opened again at the same number."""

    def __init__(self, proxy: Proxy, service: Service) -> None:
        self._proxy = proxy
        self._service = service
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None
        self.port = 0
        self.open()

    def open(self) -> None:
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(50)
        self.port = listener.getsockname()[1]
        self._listener = listener
        name = f"server-fault-{self._service.value}"
        self._thread = threading.Thread(target=self._accept, args=(listener,), name=name, daemon=True)
        self._thread.start()

    def shut(self) -> None:
        listener, self._listener = self._listener, None
        if listener is not None:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._proxy.begin(self._service, client)


class _Line:
    """One connection of the program, and ours behind it: one thread that reads both."""

    def __init__(self, proxy: Proxy, service: Service, client: socket.socket) -> None:
        self._proxy = proxy
        self._service = service
        self._client = client
        self._server: socket.socket | None = None
        self._from_client = b""
        self._tail = b""
        """The server's last line, as far as it came."""
        self._literal = 0
        self._inside = False
        """The line to come belongs to a command that began before."""
        self._content = False
        self._message = ""
        self.dotted = False
        """The server has the end of a message and has not answered."""
        self._tag = b""
        self._strike: Strike | None = None
        """Strikes when the server has answered."""
        self.dead = False
        """Struck: nothing passes any more."""
        self._poisoned = False
        """The server waits for the end of a message that will not come: the proxy says goodbye in its place."""
        self._over = False
        self.thread = threading.Thread(target=self._run, name=f"server-fault-line-{service.value}", daemon=True)

    # life
    def _run(self) -> None:
        strike = None
        try:
            strike = self._proxy.take(self._service, Stage.CONNECT)
            if strike is None or self._greet(strike):
                behind = self._proxy.servers[self._service]
                self._server = socket.create_connection(("127.0.0.1", behind.port), 5)
                self._server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._relay()
                self._hear_the_outcome()
            else:
                self._wait_for_the_end()
        except (OSError, ValueError):
            pass
        finally:
            self._close()
            for each in (strike, self._strike):
                if each is not None:
                    each.over.set()
            self._proxy.ended(self)

    def cut(self) -> None:
        """Any thread. Ours to the server ends on the thread of the line."""
        self._over = True
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self._client, socket.SHUT_RDWR)

    def _close(self) -> None:
        for sock in (self._client, self._server):
            if sock is not None:
                sock.close()

    def _reset(self) -> None:
        self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._over = True

    def _wait_for_the_end(self) -> None:
        """Nothing passes until the program lets go."""
        self.dead = True
        if self._strike is not None:
            self._strike.seen.set()
        while not self._over:
            ready, _, _ = select.select([self._client], [], [], TICK_S)
            if ready:
                heard = _heard(self._client)
                if heard is None:
                    continue
                if not heard:
                    return
                if self._poisoned:
                    self._client.sendall(b"221 2.0.0 bye\r\n")
                    return

    def _hear_the_outcome(self) -> None:
        """The program is gone; what the server makes of the message whose end it has is for us to know."""
        assert self._server is not None
        self._server.settimeout(5)
        while self.dotted and (chunk := self._server.recv(65536)):
            self._note_outcome(chunk)

    def _relay(self) -> None:
        assert self._server is not None
        while not self._over:
            socks = [self._client, self._server]
            ready: list[socket.socket] = [s for s in socks if isinstance(s, ssl.SSLSocket) and s.pending()]
            ready = ready or select.select(socks, [], [], TICK_S)[0]
            for sock in ready:
                from_client = sock is self._client
                chunk = _heard(sock)
                if chunk is None:
                    continue
                if not chunk:
                    return
                if from_client:
                    self._from_client += chunk
                    self._take_lines()
                else:
                    self._from_server(chunk)
                if self.dead:
                    self._wait_for_the_end()
                    return
                if self._over or self._client not in socks:
                    break
                if socks != [self._client, self._server]:
                    break  # TLS began

    # from the program
    def _take_lines(self) -> None:
        while self._from_client and not self._over and not self.dead:
            if self._literal:
                piece, self._from_client = self._from_client[: self._literal], self._from_client[self._literal :]
                self._literal -= len(piece)
                self._send_server(piece)
                continue
            end = self._from_client.find(b"\n") + 1
            if not end:
                return
            line, self._from_client = self._from_client[:end], self._from_client[end:]
            self._line(line)

    def _line(self, line: bytes) -> None:
        stage = self._stage_smtp(line) if self._service is Service.SMTP else self._stage_imap(line)
        strike = self._proxy.take(self._service, stage) if stage is not None else None
        if strike is not None and not self._lets_through(strike, line):
            return
        if stage is Stage.TLS:
            self._begin_tls(line)
            return
        self._send_server(line)

    def _stage_smtp(self, line: bytes) -> Stage | None:
        if self._content:
            if line[:11].lower() == b"message-id:":
                self._message = line[11:].decode("ascii", "replace").strip()
            if line.rstrip(b"\r\n") != b".":
                return None
            self._content, self.dotted = False, True
            return Stage.DOT
        verb = line.split(None, 1)[0].upper() if line.strip() else b""
        self._note(verb)
        return {b"STARTTLS": Stage.TLS, b"AUTH": Stage.AUTH, b"MAIL": Stage.MAIL, b"RCPT": Stage.RCPT,
                b"DATA": Stage.DATA, b"QUIT": Stage.QUIT}.get(verb)  # fmt: skip

    def _stage_imap(self, line: bytes) -> Stage | None:
        began, self._inside = self._inside, False
        if literal := _LITERAL.search(line):
            self._literal, self._inside = int(literal[1]), True
        words = line.split(None, 3)
        if began or len(words) < 2:
            return None
        self._tag = words[0]
        by_uid = words[1].upper() == b"UID" and len(words) > 2
        verb = words[2].upper() if by_uid else words[1].upper()
        self._note(verb)
        match verb:
            case b"FETCH":
                upper = line.upper()
                if b"ENVELOPE" in upper or b"HEADER.FIELDS" in upper:
                    return Stage.HEADER
                return Stage.BODY if b"BODY" in upper else None
            case b"APPEND":
                return Stage.APPEND if b"Envoy" in line else Stage.DRAFT if b"Brouillons" in line else None
            case b"EXPUNGE":
                return Stage.EXPUNGE
            case b"COPY":
                return Stage.MOVE
        return {b"STARTTLS": Stage.TLS, b"AUTHENTICATE": Stage.AUTH, b"SELECT": Stage.SELECT, b"EXAMINE": Stage.SELECT,
                b"STORE": Stage.STORE, b"MOVE": Stage.MOVE, b"IDLE": Stage.IDLE}.get(verb)  # fmt: skip

    def _note(self, verb: bytes) -> None:
        if len(verb) < 13:
            self._proxy.commands.append((self._service, verb.decode("ascii", "replace")))

    # the fault
    def _greet(self, strike: Strike) -> bool:
        """The fault where a line is made; whether the line goes on as if nothing was."""
        self._strike = strike
        imap = self._service is Service.IMAP
        match strike.fault:
            case Fault.KILLED | Fault.FULL:
                return True
            case Fault.RESET:
                self._reset()
            case Fault.GARBAGE:
                self._client.sendall(_NOISE)
            case Fault.NO:
                self._client.sendall(b"* NO not you\r\n" if imap else b"554 5.3.2 not you\r\n")
            case Fault.BYE:
                self._client.sendall(b"* BYE too many\r\n" if imap else b"421 4.3.2 too many\r\n")
                self._over = True
        return False

    def _lets_through(self, strike: Strike, line: bytes) -> bool:
        """Strikes at a command; whether it goes to the server."""
        self._strike = strike
        match strike.fault:
            case Fault.REFUSED:
                self._over, self.dotted = True, False
                return False
            case Fault.NO:
                self._answer_instead(self._refusal(strike.stage))
                return False
            case Fault.BYE:
                self._part(b"* BYE going down\r\n", b"421 4.3.2 going down\r\n")
                return False
            case Fault.EXPIRED if strike.stage is not Stage.AUTH:
                if self._service is Service.SMTP:
                    self._answer_instead(b"530 5.7.0 the token has expired\r\n")
                else:
                    self._part(b"* BYE [EXPIRED] the token has expired\r\n", b"")
                return False
        return True

    def _refusal(self, stage: Stage) -> bytes:
        if self._service is Service.SMTP:
            return b"454 4.7.0 no TLS today\r\n" if stage is Stage.TLS else b"550 5.7.1 refused by policy\r\n"
        word = b"[AUTHORIZATIONFAILED] not you" if stage is Stage.AUTH else b"not that"
        return self._tag + b" NO " + word + b"\r\n"

    def _answer_instead(self, answer: bytes) -> None:
        """The server's part, spoken; it hears nothing of the command."""
        self._literal, self._inside = 0, False
        self._poisoned = self.dead = self.dotted
        self.dotted = False
        self._client.sendall(answer)

    def _part(self, imap: bytes, smtp: bytes) -> None:
        self._client.sendall(imap if self._service is Service.IMAP else smtp)
        self._over, self.dotted = True, False

    def _due(self, strike: Strike) -> None:
        """The server has answered, and its answer stays here."""
        match strike.fault:
            case Fault.RESET:
                self._reset()
            case Fault.GARBAGE:
                self._client.sendall(_NOISE)
                self.dead = True
            case Fault.STALLED:
                self.dead = True

    # from the server
    def _send_server(self, content: bytes) -> None:
        assert self._server is not None
        self._server.sendall(content)

    def _from_server(self, chunk: bytes) -> None:
        lines = (self._tail + chunk).split(b"\n")
        self._tail = lines[-1][-200:]
        final = any(self._is_final(line) for line in lines[:-1])
        self._note_outcome(chunk)
        if self._service is Service.SMTP and any(line[:4] == b"354 " for line in lines):
            self._content = True
        strike = self._strike
        if strike is not None and strike.fault in {Fault.RESET, Fault.STALLED, Fault.GARBAGE}:
            if self._literal and any(line[:1] == b"+" for line in lines):
                self._client.sendall(chunk)  # leave to send a literal
            elif final:
                self._due(strike)
            return
        told = _HIDDEN.sub(b"", chunk)
        self._client.sendall(told if self._proxy.notify else _NOTIFY.sub(b"", told))

    def _note_outcome(self, chunk: bytes) -> None:
        said = [line for line in chunk.split(b"\n") if line[:3].isdigit()]
        if self.dotted and said:
            self.dotted = False
            if said[-1][:3] == b"250":
                self._proxy.accepted.append(self._message)

    def _is_final(self, line: bytes) -> bool:
        if self._service is Service.SMTP:
            return line[:3].isdigit() and line[3:4] in {b" ", b"\r", b""}
        return line.startswith((self._tag + b" ", b"+"))

    # TLS
    def _begin_tls(self, line: bytes) -> None:
        self._send_server(line)
        answer = b""
        assert self._server is not None
        while not answer.endswith(b"\n"):
            chunk = self._server.recv(4096)
            if not chunk:
                self._over = True
                return
            answer += chunk
        if self._strike is not None and self._strike.fault in {Fault.RESET, Fault.STALLED, Fault.GARBAGE}:
            self._due(self._strike)
            return
        behind = self._proxy.servers[self._service]
        self._client.sendall(answer)
        for sock in (self._client, self._server):
            sock.settimeout(10)
        # `wrap_socket` forgets to close what a killed program has reset already (CPython 3.11): its first byte, or its end.
        self._client.recv(1, socket.MSG_PEEK)
        self._server = self._proxy.as_client.wrap_socket(self._server, server_hostname=behind.host)
        self._client = self._proxy.as_server[self._service].wrap_socket(self._client, server_side=True)


def _heard(sock: socket.socket) -> bytes | None:
    """What is there, without waiting: a readable TLS line may hold a session ticket only, which is None."""
    before = sock.gettimeout()
    sock.settimeout(0)
    try:
        return sock.recv(65536)
    except (ssl.SSLWantReadError, BlockingIOError):
        return None
    finally:
        sock.settimeout(before)
