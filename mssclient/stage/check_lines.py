"""The layers of a line to a mail server, one at a time: name, connection, greeting, STARTTLS, TLS, certificate.

What the program itself does in one go (`remote/`) is taken apart here, under the same TLS context, so that a failure
has a place. Nothing is said over a line whose certificate was refused.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from mssclient.stage import check_words as words
from mssclient.stage.check_walk import Fault

LINE_CAP = 8 * 1024
LINES_CAP = 60
WHOLE_S = 30.0
"""For all that is said before TLS."""


class Protocol(Enum):
    """Which of the two servers of an operator."""

    IMAP = "imap"
    SMTP = "smtp"


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a TLS handshake showed. `refusal` is OpenSSL's verdict on the certificate, None when it was taken."""

    version: str
    suite: str
    certificate: x509.Certificate | None
    refusal: ssl.SSLCertVerificationError | None = None


def resolved(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a name, as this workstation sees it. Raises Fault."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise words.unresolved(host, error) from error
    except (UnicodeError, OSError) as error:
        raise words.unresolved(host, socket.gaierror(socket.EAI_NONAME, "")) from error
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def connected(to: str, port: int, timeout_s: float, where: str = "") -> socket.socket:
    """A TCP connection; the caller closes it. `where` names it in sentences. Raises Fault."""
    try:
        return socket.create_connection((to, port), timeout_s)
    except OSError as error:
        raise words.unconnected(where or f"{to}:{port}", error) from error


class ClearLine:
    """A line before TLS: greeting and STARTTLS of either protocol. Raises Fault."""

    def __init__(self, sock: socket.socket, protocol: Protocol, where: str) -> None:
        self._sock, self._protocol, self._where = sock, protocol, where
        self._buffer = b""
        # A server that drips one byte at a time must not hold the whole walk.
        self._end = time.monotonic() + WHOLE_S

    def greet(self) -> str:
        """The server's first words, without what makes a protocol of them."""
        line = self._line()
        starts = (b"* OK",) if self._protocol is Protocol.IMAP else (b"220",)
        if line.startswith(starts):
            # A greeting of several lines (RFC 5321 §4.2.1).
            while self._protocol is Protocol.SMTP and line[3:4] == b"-":
                line = self._line()
            return line.decode("utf-8", "replace")[4:124].strip()
        if line.startswith((b"* BYE", b"421", b"554")):
            raise Fault(
                f"{self._where} accueille par un refus ({_shown(line)})",
                "le serveur est en maintenance, ou n’accepte pas ce poste",
                words.OPERATOR,
            )
        raise Fault(
            f"{self._where} ne parle pas {self._protocol.name} ({_shown(line)})",
            "un autre service écoute sur ce port, ou un équipement répond à sa place",
            words.OPERATOR,
        )

    def begin_tls(self) -> None:
        """STARTTLS, up to the server's go-ahead (ECO.1.0.1, 1.0.2)."""
        if self._protocol is Protocol.IMAP:
            self._say(b"m1 STARTTLS")
            line = self._until(b"m1 ")
            good = line.upper().startswith(b"M1 OK")
        else:
            self._say(b"EHLO [127.0.0.1]")
            self._answer()
            self._say(b"STARTTLS")
            line = self._answer()
            good = line.startswith(b"220")
        if not good:
            raise Fault(
                f"{self._where} refuse STARTTLS ({_shown(line)})",
                "la connexion resterait en clair : le programme ne s’y identifiera jamais",
                words.OPERATOR,
            )
        if self._buffer:
            raise Fault(
                f"{self._where} parle avant TLS", "quelqu’un glisse des réponses en clair dans la ligne", words.IT
            )

    def _say(self, line: bytes) -> None:
        try:
            self._sock.sendall(line + b"\r\n")
        except OSError as error:
            raise words.unanswered(self._where, error) from error

    def _answer(self) -> bytes:
        """The last line of an SMTP answer."""
        for _ in range(LINES_CAP):
            line = self._line()
            if line[3:4] != b"-":
                return line
        raise words.unanswered(self._where, EOFError())

    def _until(self, tag: bytes) -> bytes:
        for _ in range(LINES_CAP):
            line = self._line()
            if line.startswith(tag):
                return line
        raise words.unanswered(self._where, EOFError())

    def _line(self) -> bytes:
        try:
            while b"\n" not in self._buffer:
                chunk = self._sock.recv(4096)
                if not chunk or len(self._buffer) > LINE_CAP:
                    raise words.unanswered(self._where, EOFError())
                self._buffer += chunk
                if time.monotonic() > self._end:
                    raise words.unanswered(self._where, TimeoutError())
        except OSError as error:
            raise words.unanswered(self._where, error) from error
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.rstrip(b"\r")


def _shown(line: bytes) -> str:
    """A server's own words, short and harmless on a terminal."""
    text = "".join(c if c.isprintable() else " " for c in line.decode("utf-8", "replace"))
    return text[:80].strip() or "rien"


def shaken(sock: socket.socket, context: ssl.SSLContext, host: str) -> Handshake:
    """The program's own handshake. Raises Fault when it fails before a certificate is judged."""
    try:
        line = context.wrap_socket(sock, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        return Handshake("", "", None, error)
    except (OSError, ValueError) as error:
        raise words.unsealed(host, error if isinstance(error, OSError) else OSError(str(error))) from error
    with line:
        return _seen(line)


def looked_at(sock: socket.socket, host: str) -> Handshake | None:
    """A handshake that judges nothing, to see what was refused; nothing is said over it. None when it fails too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    try:
        with context.wrap_socket(sock, server_hostname=host) as line:
            return _seen(line)
    except (OSError, ValueError):
        return None


def _seen(line: ssl.SSLSocket) -> Handshake:
    cipher, der = line.cipher(), line.getpeercert(binary_form=True)
    certificate = None
    if der is not None:
        with contextlib.suppress(ValueError):
            certificate = x509.load_der_x509_certificate(der)
    return Handshake(line.version() or "", cipher[0] if cipher else "", certificate)


def common_name(name: x509.Name) -> str:
    """The CN of a certificate's subject or issuer; the whole name where it has none."""
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return _shown(str(found[0].value if found else name.rfc4514_string()).encode())


def host_names(certificate: x509.Certificate) -> tuple[str, ...]:
    """The DNS names a certificate was made for."""
    try:
        extension = certificate.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    if not isinstance(extension, x509.SubjectAlternativeName):
        return ()
    return tuple(_shown(name.encode()) for name in extension.get_values_for_type(x509.DNSName)[:20])


def is_named(certificate: x509.Certificate, host: str) -> bool:
    """Whether one of its names is this host's (RFC 6125 §6.4: a wildcard stands for the first label)."""
    wanted = host.lower()
    above = wanted.partition(".")[2]
    return any(name.lower() in {wanted, f"*.{above}"} for name in host_names(certificate))


def lifetime(certificate: x509.Certificate) -> tuple[datetime, datetime]:
    """From when to when it holds; aware."""
    return certificate.not_valid_before_utc, certificate.not_valid_after_utc


@contextlib.contextmanager
def up_to_tls(protocol: Protocol, to: str, port: int, timeout_s: float) -> Iterator[socket.socket]:
    """Another line, ready for the handshake. Raises Fault."""
    with contextlib.closing(connected(to, port, timeout_s)) as sock:
        line = ClearLine(sock, protocol, f"{to}:{port}")
        line.greet()
        line.begin_tls()
        yield sock
