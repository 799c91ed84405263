"""The limit of the mail bench: an IMAP client that asks for what we ask for, counts the bytes and reads nothing of them."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import ssl
import time
from typing import Self

from mssclient.remote.imap_lean import ENVELOPE_ITEMS

_PIECE = 1 << 18
_CODE = re.compile(rb"\[(UIDVALIDITY|HIGHESTMODSEQ) (\d+)\]")
_EXISTS = re.compile(rb"^\* (\d+) EXISTS", re.MULTILINE)


class RawLine:
    """One line to a server by its name, at this machine."""

    def __init__(self, host: str, port: int, chain: str) -> None:
        self._number = 0
        context = ssl.create_default_context(cafile=chain)
        sock = socket.create_connection(("127.0.0.1", port), 120)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock: socket.socket = sock
        self._line()
        self.command(b"STARTTLS")
        self._sock = context.wrap_socket(sock, server_hostname=host)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self.command(b"LOGOUT")
        self._sock.close()

    def _line(self) -> bytes:
        found = b""
        while not found.endswith(b"\r\n"):
            chunk = self._sock.recv(_PIECE)
            if not chunk:
                raise OSError("hung up")
            found += chunk
        return found

    def command(self, words: bytes, *, keep: bool = True) -> tuple[bytes, int]:
        """What was answered (its last bytes, without `keep`) and how many bytes it was. Raises OSError for a refusal."""
        self._number += 1
        tag = b"R%04d " % self._number
        self._sock.sendall(tag + words + b"\r\n")
        size, tail = 0, b""
        ends = re.compile(rb"(?:^|\r\n)" + tag + rb"(OK|NO|BAD)[^\r\n]*\r\n\Z")
        while True:
            chunk = self._sock.recv(_PIECE)
            if not chunk:
                raise OSError("hung up")
            size += len(chunk)
            tail = tail + chunk if keep else (tail + chunk)[-2048:]
            if chunk.endswith(b"\r\n") and (end := ends.search(tail[-2048:])):
                if end[1] != b"OK":
                    raise OSError("refused")
                return tail, size

    def sign_in(self, address: str, token: str) -> None:
        """With an access token; in one go, as the server allows (SASL-IR)."""
        told = base64.b64encode(f"user={address}\x01auth=Bearer {token}\x01\x01".encode())
        self.command(b"AUTHENTICATE XOAUTH2 " + told)

    def select(self, mailbox: str) -> tuple[int, int, int]:
        """UIDVALIDITY, HIGHESTMODSEQ, EXISTS."""
        answer, _ = self.command(b'SELECT "%s" (CONDSTORE)' % mailbox.encode())
        codes = {name: int(value) for name, value in _CODE.findall(answer)}
        exists = _EXISTS.findall(answer)
        return codes[b"UIDVALIDITY"], codes[b"HIGHESTMODSEQ"], int(exists[-1])

    def headers(self, wanted: str) -> tuple[int, float]:
        """Bytes and seconds of one FETCH of what a list shows."""
        begun = time.perf_counter()
        _, size = self.command(b"FETCH %s (%s)" % (wanted.encode(), ENVELOPE_ITEMS), keep=False)
        return size, time.perf_counter() - begun

    def resync(self, mailbox: str, uidvalidity: int, modseq: int) -> tuple[int, float]:
        """Bytes and seconds of a SELECT that tells what changed (RFC 7162); QRESYNC must have been enabled."""
        begun = time.perf_counter()
        _, size = self.command(b'SELECT "%s" (QRESYNC (%d %d))' % (mailbox.encode(), uidvalidity, modseq))
        return size, time.perf_counter() - begun


def newest(host: str, port: int, chain: str, address: str, token: str, count: int) -> tuple[float, float, float]:
    """Seconds to have the newest headers of INBOX: from nothing, from the end of the sign-in; and of one round trip."""
    begun = time.perf_counter()
    with RawLine(host, port, chain) as line:
        line.sign_in(address, token)
        signed_in = time.perf_counter()
        _, _, exists = line.select("INBOX")
        line.headers(f"{max(1, exists - count + 1)}:{exists}")
        done = time.perf_counter()
        line.command(b"NOOP")
        turn = time.perf_counter() - done
    return done - begun, done - signed_in, turn
