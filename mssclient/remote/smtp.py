"""Submission of one message to an operator over SMTP: accepted, later, refused, or unknown; never sent twice by us.

Blocking: aiosmtplib runs to its end inside the calling thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from enum import Enum

import aiosmtplib

from mssclient.domain.address import is_address
from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import MssError, Offline, Refused
from mssclient.domain.patience import USUAL, Patience
from mssclient.remote import tls
from mssclient.remote.applicative import Plain, plain
from mssclient.remote.imap_login import sasl_status, xoauth2
from mssclient.remote.smtp_starttls import secure
from mssclient.remote.tls import MailTrust

log = logging.getLogger(__name__)

_CHUNK = 64 * 1024
_TICK_S = 0.004
_GOODBYE_S = 2.0
_STOP_TICK_S = 0.2
STOP_PATIENCE_S = 10.0
"""A person gave up after the final dot: a certain answer is worth so many seconds more."""

_CONTINUE, _SIGNED_IN, _REFUSED_TOKEN, _GO_AHEAD = 334, 235, 535, 354
_SIGN_IN_AGAIN = frozenset({530, _REFUSED_TOKEN})
"""Behind a sign-in that was taken they speak of it and not of the message (RFC 4954 §6): the token ran out meanwhile."""
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b[ ]*")
_BARE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"^\.", re.MULTILINE)


class Outcome(Enum):
    """What became of a submission."""

    ACCEPTED = "accepted"  # the final 250
    LATER = "later"  # nothing was taken; try again
    REFUSED = "refused"  # nothing was taken, and never will be as it is
    UNKNOWN = "unknown"  # cut after the final dot: it may have been taken
    STOPPED = "stopped"  # the person gave it up before the final dot: nothing was taken


class Stage(Enum):
    """How far a submission is, told just before the step."""

    CONTENT = "content"  # recipients accepted: the message leaves
    DOT = "dot"  # from here on a cut means UNKNOWN
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class Submission:
    """One message to submit. `raw` is the whole MIME message; addresses are bare."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    envelope_id: str
    """Comes back in reports (ENVID, RFC 3461)."""
    ask_delivery: bool
    """Ask for a report of success too (ECO.2.3.1)."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The operator's word. `code` is the enhanced status, else the SMTP code; empty when the line was cut."""

    outcome: Outcome
    code: str = ""
    text: str = ""
    """The server's own words."""
    recipients: tuple[tuple[str, str, str], ...] = ()
    """(address, code, text) of those that were not accepted."""
    size_limit: int = 0
    """Bytes of a whole message (SIZE, RFC 1870); 0 when not announced."""
    dsn: bool = False
    """Whether reports were asked for (the operator announces DSN)."""


def submit(
    environment: Environment,
    profile: OperatorProfile,
    bal_address: str,
    token: str | Plain,
    submission: Submission,
    on_stage: Callable[[Stage], None] = lambda _stage: None,
    *,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    stopped: Callable[[], bool] = lambda: False,
    trust: MailTrust | None = None,
    patience: Patience = USUAL,
) -> Verdict:
    """Submits one message; `on_stage` is called in this thread, and an exception it raises before DOT stops all.

    `progress` hears the bytes that left and all bytes. `stopped` is asked again and again: before the final dot a yes
    ends in STOPPED; after it, the operator has `STOP_PATIENCE_S` for its answer before it is UNKNOWN.

    Without `trust`, one is made for this connection, which knows the administrator's lists of revoked certificates only.

    Raises before anything is submitted: Untrusted (no STARTTLS, certificate), Refused("AUTHENTICATIONFAILED") for a
    token that is not taken, Offline when the operator cannot be reached, Offline(busy) when it is in trouble.
    """

    async def run() -> Verdict:
        async with _signed_in(environment, profile, bal_address, token, trust, patience) as client:
            return await _submit(client, submission, _Way(on_stage, progress, stopped, patience))

    return asyncio.run(run())


def limits(
    environment: Environment,
    profile: OperatorProfile,
    bal_address: str,
    token: str | Plain,
    *,
    trust: MailTrust | None = None,
) -> int:
    """The size in bytes that the operator announces after sign-in, 0 for none; also a test of the connection.

    Raises as `submit`.
    """

    async def run() -> int:
        async with _signed_in(environment, profile, bal_address, token, trust) as client:
            return _size_limit(client)

    return asyncio.run(run())


def announced(
    environment: Environment,
    profile: OperatorProfile,
    bal_address: str,
    token: str | Plain,
    *,
    trust: MailTrust | None = None,
) -> dict[str, str]:
    """Every extension that the operator announces after sign-in, lower case, with its parameters (RFC 5321 §4.1.1.1).

    Raises as `submit`.
    """

    async def run() -> dict[str, str]:
        async with _signed_in(environment, profile, bal_address, token, trust) as client:
            return dict(client.esmtp_extensions)

    return asyncio.run(run())


# Connection


@contextlib.asynccontextmanager
async def _signed_in(
    environment: Environment,
    profile: OperatorProfile,
    bal_address: str,
    token: str | Plain,
    trust: MailTrust | None,
    patience: Patience = USUAL,
) -> AsyncIterator[aiosmtplib.SMTP]:
    host = profile.smtp.host
    context = trust.context() if trust is not None else tls.mail_context(environment)
    client = _connected(tls.address(environment, host), host, profile.smtp.port, patience)
    line: asyncio.BaseTransport | None = None
    try:
        try:
            await client.connect()
            line = client.transport
            await secure(client, context, host)
            login = bal_address.partition("@")[0] if profile.login == "local" else bal_address
            await _sign_in(client, login, token)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            raise _failure(error, host) from error
        yield client
    finally:
        await _farewell(client, line)


def _connected(to: str, host: str, port: int, patience: Patience) -> aiosmtplib.SMTP:
    try:
        sock = socket.create_connection((to, port), patience.connect_s)
    except OSError as error:
        raise tls.failure(error, host) from error
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setblocking(False)
    # An address literal (RFC 5321 §4.1.4): the name of a workstation is nobody's business.
    own = sock.getsockname()[0]
    name = f"[IPv6:{own}]" if ":" in own else f"[{own}]"
    return aiosmtplib.SMTP(sock=sock, local_hostname=name, start_tls=False, timeout=patience.submission_s)


async def _sign_in(client: aiosmtplib.SMTP, login: str, token: str | Plain) -> None:
    """XOAUTH2, or PLAIN for an applicative BAL, in two steps: a long token in an initial response overruns Postfix's line
    limit and is told as 535."""
    mechanism = "PLAIN" if isinstance(token, Plain) else "XOAUTH2"
    if mechanism.lower() not in client.server_auth_methods:
        raise Refused(mechanism)
    answer, status = await client.execute_command(b"AUTH", mechanism.encode()), ""
    if answer.code == _CONTINUE:
        response = plain(login, token.password) if isinstance(token, Plain) else xoauth2(login, token)
        answer = await client.execute_command(response)
    if answer.code == _CONTINUE:
        status = sasl_status(answer.message.encode())
        answer = await client.execute_command(b"")
    if answer.code == _SIGNED_IN:
        return
    code, text = _told(answer)
    if 400 <= answer.code < 500:
        raise Offline(code, busy=True)
    if answer.code == _REFUSED_TOKEN:
        raise Refused("AUTHENTICATIONFAILED", f"{text} ({status})" if status else text)
    raise Refused(code, text)


async def _farewell(client: aiosmtplib.SMTP, line: asyncio.BaseTransport | None) -> None:
    """QUIT, briefly, then the line below TLS is closed for sure: a polite end of TLS would wait for the other side."""
    if client.is_connected:
        with contextlib.suppress(aiosmtplib.SMTPException, OSError, ValueError):
            await client.quit(timeout=min(_GOODBYE_S, client.timeout or _GOODBYE_S))
    client.close()
    if isinstance(line, asyncio.WriteTransport):
        line.abort()
    # Lets the loop run the transports' last callbacks, which close the socket.
    await asyncio.sleep(0)
    await asyncio.sleep(0)


def _failure(error: Exception, host: str) -> MssError:
    match error:
        case aiosmtplib.SMTPResponseException():
            code, text = _told(aiosmtplib.SMTPResponse(error.code, error.message))
            return Offline(code, busy=error.code >= 400) if error.code < 500 else Refused(code, text)
        case aiosmtplib.SMTPTimeoutError():
            return Offline("timeout")
        case OSError():
            return tls.failure(error, host)
        case _:
            return Offline("protocol")


# Submission


@dataclass(frozen=True, slots=True)
class _Way:
    """What accompanies a submission."""

    on_stage: Callable[[Stage], None]
    progress: Callable[[int, int], None]
    stopped: Callable[[], bool]
    patience: Patience


class _Stopped(Exception):
    """The person gave the message up, and the line was cut before the final dot."""


async def _submit(client: aiosmtplib.SMTP, submission: Submission, way: _Way) -> Verdict:
    raw = _stuffed(submission.raw)
    plain = Verdict(Outcome.LATER, size_limit=_size_limit(client), dsn=client.supports_extension("dsn"))
    if plain.size_limit and len(raw) > plain.size_limit:
        return replace(plain, outcome=Outcome.REFUSED, code="5.3.4")
    if bad := [r for r in (submission.sender, *submission.recipients) if not is_address(r)]:
        return replace(plain, outcome=Outcome.REFUSED, code="5.1.3", recipients=tuple((r, "5.1.3", "") for r in bad))
    try:
        refusal = await _envelope(client, submission, len(raw), plain)
        if refusal is None:
            _unless_stopped(client, way)
            way.on_stage(Stage.CONTENT)
            answer = await client.execute_command(b"DATA")
            if answer.code != _GO_AHEAD:
                return _verdict(plain, answer)
            await _content(client, raw, way)
    except _Stopped:
        return replace(plain, outcome=Outcome.STOPPED)
    except (aiosmtplib.SMTPException, OSError) as error:
        log.info("submission cut before its end: %s", type(error).__name__)
        return plain
    if refusal is not None:
        return refusal
    way.on_stage(Stage.DOT)
    if not client.is_connected:
        return plain
    try:
        answer = await _ended(client, way)
    except (aiosmtplib.SMTPException, OSError) as error:
        log.info("submission cut after its end: %s", type(error).__name__)
        return replace(plain, outcome=Outcome.UNKNOWN)
    way.on_stage(Stage.ANSWERED)
    return _verdict(plain, answer, Outcome.ACCEPTED if _good(answer) else Outcome.UNKNOWN)


async def _envelope(client: aiosmtplib.SMTP, submission: Submission, size: int, plain: Verdict) -> Verdict | None:
    """MAIL and RCPT; the verdict when the message is not to leave: all recipients or none."""
    options = [f"SIZE={size}".encode()] if client.supports_extension("size") else []
    if not submission.raw.isascii() and client.supports_extension("8bitmime"):
        options.append(b"BODY=8BITMIME")
    if plain.dsn:
        options += [b"RET=HDRS", b"ENVID=" + _xtext(submission.envelope_id)]
    answer = await client.execute_command(b"MAIL", b"FROM:<" + submission.sender.encode() + b">", *options)
    if not _good(answer):
        return _verdict(plain, answer)
    refused = list[tuple[str, aiosmtplib.SMTPResponse]]()
    for recipient in submission.recipients:
        answer = await client.execute_command(
            b"RCPT", b"TO:<" + recipient.encode() + b">", *_report_options(recipient, submission, plain)
        )
        if not _good(answer):
            refused.append((recipient, answer))
    if not refused:
        return None
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):  # the refusal is known, cut or not
        await client.execute_command(b"RSET")
    for_good = [answer for _, answer in refused if answer.code >= 500]
    told = tuple((recipient, *_told(answer)) for recipient, answer in refused)
    return replace(_verdict(plain, (for_good or [refused[0][1]])[0]), recipients=told)


def _report_options(recipient: str, submission: Submission, plain: Verdict) -> list[bytes]:
    if not plain.dsn:
        return []
    notify = b"NOTIFY=SUCCESS,FAILURE,DELAY" if submission.ask_delivery else b"NOTIFY=FAILURE,DELAY"
    return [notify, b"ORCPT=rfc822;" + _xtext(recipient)]


async def _ended(client: aiosmtplib.SMTP, way: _Way) -> aiosmtplib.SMTPResponse:
    """Sends the final dot alone on its line (the content before it ends in CRLF) and waits for the operator's word."""
    loop, limit_s = asyncio.get_running_loop(), way.patience.outcome_s
    asked = asyncio.ensure_future(client.execute_command(b".", timeout=limit_s))
    given_up_at = 0.0
    while not (await asyncio.wait({asked}, timeout=_STOP_TICK_S))[0]:
        if not given_up_at and way.stopped():
            given_up_at = loop.time()
        if given_up_at and loop.time() > given_up_at + STOP_PATIENCE_S:
            asked.cancel()
            _cut(client)
            raise aiosmtplib.SMTPServerDisconnected("given up before the answer")
    return asked.result()


def _cut(client: aiosmtplib.SMTP) -> None:
    if isinstance(client.transport, asyncio.WriteTransport):
        client.transport.abort()


async def _content(client: aiosmtplib.SMTP, raw: bytes, way: _Way) -> None:
    """Writes the message and waits until it is out of our hands; raises when the line is cut or stalls."""
    loop = asyncio.get_running_loop()
    transport = client.transport
    if not isinstance(transport, asyncio.WriteTransport):
        raise aiosmtplib.SMTPServerDisconnected("cut")
    for at in range(0, len(raw), _CHUNK):
        transport.write(raw[at : at + _CHUNK])
        last = at + _CHUNK >= len(raw)
        end = loop.time() + way.patience.submission_s
        # The final dot must not be written while content waits: a cut would then look like an UNKNOWN.
        while (waiting := transport.get_write_buffer_size()) > (0 if last else _CHUNK):
            if not client.is_connected or loop.time() > end:
                raise aiosmtplib.SMTPServerDisconnected(f"cut with {waiting} bytes to go")
            _unless_stopped(client, way)
            await asyncio.sleep(_TICK_S)
        _unless_stopped(client, way)
        way.progress(min(at + _CHUNK, len(raw)), len(raw))
        await asyncio.sleep(0)  # lets a hang-up be noticed
    _unless_stopped(client, way)


def _unless_stopped(client: aiosmtplib.SMTP, way: _Way) -> None:
    """A message whose final dot never comes is not taken (RFC 5321 §4.1.1.4): the line is cut in the middle."""
    if way.stopped():
        _cut(client)
        raise _Stopped


def _stuffed(raw: bytes) -> bytes:
    """CRLF at each line's end (a bare CR or LF may smuggle a command), dots doubled (RFC 5321 §4.5.2)."""
    content = _DOT.sub(b"..", _BARE_END.sub(b"\r\n", raw))
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def _xtext(text: str) -> bytes:
    """RFC 3461 §4; ENVID is at most 100 characters long."""
    return b"".join(
        bytes((c,)) if 33 <= c <= 126 and c not in b"+=" else b"+%02X" % c
        for c in text.encode("ascii", "replace")[:100]
    )


def _size_limit(client: aiosmtplib.SMTP) -> int:
    told = client.esmtp_extensions.get("size", "").strip()
    return int(told) if told.isdigit() and len(told) < 16 else 0


def _good(answer: aiosmtplib.SMTPResponse) -> bool:
    return 200 <= answer.code < 300


def _told(answer: aiosmtplib.SMTPResponse) -> tuple[str, str]:
    """(code, the server's words): the enhanced status of the last line when there is one (RFC 2034)."""
    text = answer.message.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    match = _ENHANCED.match(text)
    code = match[1] if match else str(answer.code)
    return code, _ENHANCED.sub("", text).strip()[:2000]


def _verdict(plain: Verdict, answer: aiosmtplib.SMTPResponse, senseless: Outcome = Outcome.LATER) -> Verdict:
    """The verdict of a refusal, or `senseless` for an answer that has no place there."""
    code, text = _told(answer)
    outcome = {4: Outcome.LATER, 5: Outcome.REFUSED}.get(answer.code // 100, senseless)
    if answer.code in _SIGN_IN_AGAIN:
        outcome = Outcome.LATER
    return replace(plain, outcome=outcome, code=code, text=text)
