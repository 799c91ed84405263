"""From a connected submission line to a protected one: STARTTLS or nothing (RFC 3207)."""

from __future__ import annotations

import asyncio
import re
import ssl

import aiosmtplib

from mssclient.domain.errors import Distrust, Offline, Untrusted

_ONE_ANSWER = re.compile(rb"(?:220-[^\r\n]*\r?\n)*220(?: [^\r\n]*)?\r?\n")
_HEARD_CAP = 64 * 1024


async def secure(client: aiosmtplib.SMTP, context: ssl.SSLContext, host: str) -> None:
    """Puts TLS on a line that said EHLO to nobody yet, and says it again behind TLS.

    Raises Untrusted(PROTOCOL) when the server does not offer TLS, refuses it, or more than its answer was heard in
    clear; Offline when it is in trouble; what aiosmtplib and the handshake raise passes.
    """
    await client.ehlo()
    if not client.supports_extension("starttls"):
        raise Untrusted(Distrust.PROTOCOL, host)
    overheard = _Overheard.on(client)
    try:
        await client.starttls(server_hostname=host, tls_context=context)
    except aiosmtplib.SMTPResponseException as error:
        raise (
            Offline("starttls", busy=True) if 400 <= error.code < 500 else Untrusted(Distrust.PROTOCOL, host)
        ) from error
    if not _ONE_ANSWER.fullmatch(overheard.heard):
        raise Untrusted(Distrust.PROTOCOL, host)
    await client.ehlo()


class _Overheard(asyncio.Protocol):
    """Stands between the line and aiosmtplib until TLS begins: the library drops in silence what somebody slipped in
    behind the answer to STARTTLS (RFC 3207 §6), and a line that was tampered with is not one to sign in on."""

    def __init__(self, inner: asyncio.Protocol) -> None:
        self._inner = inner
        self.heard = b""

    @classmethod
    def on(cls, client: aiosmtplib.SMTP) -> _Overheard:
        """Listens from now on; TLS takes its place by itself."""
        line = client.transport
        inner = line.get_protocol() if isinstance(line, asyncio.Transport) else None
        if not isinstance(line, asyncio.Transport) or not isinstance(inner, asyncio.Protocol):
            raise aiosmtplib.SMTPServerDisconnected("cut")
        found = cls(inner)
        line.set_protocol(found)
        return found

    def data_received(self, data: bytes) -> None:
        self.heard = (self.heard + data)[:_HEARD_CAP]
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()
