"""A server that says what a test tells it, line by line, with or without TLS; and the environment that leads to it."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from mssclient.domain.environment import Endpoint, Environment, OperatorProfile
from mssclient.sandbox.pki import Pki, server_context

DOMAIN = "script.mss.example"
IMAP_HOST, SMTP_HOST, WEB_HOST = f"imap.{DOMAIN}", f"smtp.{DOMAIN}", f"autoconfig.{DOMAIN}"
BAL = f"cabinet@{DOMAIN}"
TOKEN = "jeton"


def new_pki(folder: Path) -> Pki:
    """Certificates for the three hosts of the script's operator."""
    return Pki(folder, [[IMAP_HOST], [SMTP_HOST]], [WEB_HOST])


def environment(pki: Pki, **changes: object) -> Environment:
    """Leads every host of the operator to this machine."""
    fields: dict[str, object] = {
        "name": "script",
        "autoconfig": "https://autoconfig.{domain}/mail/config-v1.1.xml",
        "psc_relay": "",
        "directory": "",
        "white_list": "",
        "mail_anchors": str(pki.mail_anchors),
        "web_anchors": str(pki.web_anchors),
        "product": "TEST-1",
        "hosts": tuple((host, "127.0.0.1") for host in (IMAP_HOST, SMTP_HOST, WEB_HOST)),
        **changes,
    }
    return Environment(**fields)  # type: ignore[arg-type]


def profile(port: int, *, login: str = "address") -> OperatorProfile:
    """Both servers on one port: a script is one of them."""
    return OperatorProfile(DOMAIN, "Script", Endpoint(IMAP_HOST, port), Endpoint(SMTP_HOST, port), login)


class Peer:
    """The server's end of one connection."""

    def __init__(self, sock: socket.socket) -> None:
        sock.settimeout(10)
        self._sock = sock
        self._buffer = b""

    def send(self, *lines: bytes) -> None:
        """Lines with their CRLF, in one write."""
        self._sock.sendall(b"".join(line + b"\r\n" for line in lines))

    def raw(self, content: bytes) -> None:
        """Bytes as they are."""
        self._sock.sendall(content)

    def line(self) -> bytes:
        """The client's next line without CRLF; empty when it hung up."""
        while b"\n" not in self._buffer:
            chunk = self._sock.recv(65536)
            if not chunk:
                return b""
            self._buffer += chunk
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.removesuffix(b"\r")

    def command(self, start: bytes) -> bytes:
        """The tag of the next line, which must be this IMAP command."""
        line = self.line()
        tag, _, rest = line.partition(b" ")
        assert rest.upper().startswith(start.upper()), line
        return tag

    def exactly(self, size: int) -> bytes:
        """So many bytes."""
        while len(self._buffer) < size:
            chunk = self._sock.recv(65536)
            assert chunk
            self._buffer += chunk
        content, self._buffer = self._buffer[:size], self._buffer[size:]
        return content

    def rest(self) -> bytes:
        """Everything until the client hangs up."""
        content, self._buffer = self._buffer, b""
        with contextlib.suppress(OSError):
            while chunk := self._sock.recv(65536):
                content += chunk
        return content

    def secure(self, context: ssl.SSLContext) -> None:
        """The server's side of a TLS handshake."""
        self._sock = context.wrap_socket(self._sock, server_side=True)

    def relay(self, other: socket.socket) -> None:
        """Bytes to and from another server, until one of the three hangs up."""
        while True:
            readable, _, _ = select.select([self._sock, other], [], [], 10)
            for one in readable:
                if not (piece := one.recv(65536)):
                    return
                (other if one is self._sock else self._sock).sendall(piece)
            if not readable:
                return

    def hang_up(self) -> None:
        """Now, without a word."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
        self._sock.close()


@contextlib.contextmanager
def script(talk: Callable[[Peer], None]) -> Iterator[int]:
    """Serves one connection at a time with `talk`; yields the port. What fails in `talk` fails the test at the end."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    over, wrong = threading.Event(), list[BaseException]()

    def serve() -> None:
        while not over.is_set():
            try:
                sock, _ = listener.accept()
            except TimeoutError:
                continue
            peer = Peer(sock)
            try:
                talk(peer)
            except OSError:
                pass  # the client hung up first, which is its right
            except AssertionError as error:
                wrong.append(error)
            finally:
                peer.hang_up()

    thread = threading.Thread(target=serve, name="server-script")
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        thread.join()
        listener.close()
    if wrong:
        raise wrong[0]


CAPABILITIES = b"IMAP4rev1 SASL-IR AUTH=XOAUTH2 IDLE UIDPLUS MOVE ESEARCH"


def imap_signed_in(
    pki: Pki, talk: Callable[[Peer], None], capabilities: bytes = CAPABILITIES
) -> Callable[[Peer], None]:
    """An IMAP server that lets everybody in, then talks."""

    def whole(peer: Peer) -> None:
        imap_secured(peer, pki)
        peer.send(b"* CAPABILITY " + capabilities, peer.command(b"CAPABILITY") + b" OK")
        if b"SASL-IR" in capabilities:
            tag = peer.command(b"AUTHENTICATE XOAUTH2 ")
        else:
            tag = peer.command(b"AUTHENTICATE XOAUTH2")
            peer.send(b"+ ")
            peer.line()
        peer.send(tag + b" OK [CAPABILITY " + capabilities + b"] in")
        talk(peer)

    return whole


def imap_secured(peer: Peer, pki: Pki) -> None:
    """An IMAP server up to TLS."""
    peer.send(b"* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] ready")
    peer.send(peer.command(b"STARTTLS") + b" OK begin")
    peer.secure(server_context(pki.imap))


def smtp_signed_in(
    pki: Pki, talk: Callable[[Peer], None], extensions: tuple[bytes, ...] = (b"SIZE 1000000", b"DSN", b"8BITMIME")
) -> Callable[[Peer], None]:
    """A submission server that lets everybody in, then talks."""

    def whole(peer: Peer) -> None:
        peer.send(b"220 ready")
        assert peer.line().startswith(b"EHLO [")
        peer.send(b"250-hello", b"250 STARTTLS")
        assert peer.line() == b"STARTTLS"
        peer.send(b"220 go")
        peer.secure(server_context(pki.smtp))
        assert peer.line().startswith(b"EHLO [")
        peer.send(b"250-hello", *(b"250-" + word for word in extensions), b"250 AUTH XOAUTH2")
        assert peer.line() == b"AUTH XOAUTH2"
        peer.send(b"334 ")
        peer.line()
        peer.send(b"235 2.7.0 in")
        talk(peer)

    return whole
