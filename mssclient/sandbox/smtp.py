"""The sandbox's submission server: aiosmtpd with bearer sign-in, DSN, and the refusals of a real operator."""

from __future__ import annotations

import asyncio
import base64
import binascii
import collections
import json
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, AnyStr

from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope, Session, auth_mechanism

from mssclient.sandbox.imap_mime import parse
from mssclient.sandbox.imap_sign_in import REFUSAL, bearer
from mssclient.sandbox.mailstore import MailStore
from mssclient.sandbox.orders import Orders, Service, Stage
from mssclient.sandbox.pki import server_context
from mssclient.sandbox.smtp_delivery import PostOffice, Recipient, Submission

_RET = re.compile(r" (RET|ENVID)=(\S+)", re.IGNORECASE)
_NOTIFY = re.compile(r" (NOTIFY|ORCPT)=(\S+)", re.IGNORECASE)
_NOTIFY_VALUE = re.compile(r"NEVER|(SUCCESS|FAILURE|DELAY)(,(SUCCESS|FAILURE|DELAY)){0,2}")
_ANGLE = re.compile(r"<([^<>]*)>")
_DELIVERY_DELAY_S = 0.02  # reports come after the answer, as from a real queue
_ENHANCED = {
    "552 Error: message size exceeds fixed maximum message size": "552 5.3.4 Message size exceeds fixed limit",
    "552 Error: Too much mail data": "552 5.3.4 Error: message file too big",
    "250 OK": "250 2.0.0 Ok",
}


@dataclass(frozen=True, slots=True)
class SubmissionRules:
    """How the submission server is set up. Sizes in bytes."""

    store: MailStore
    orders: Orders
    post: PostOffice
    check: Callable[[str], str | None]
    host: str
    size_limit: int = 10 * 1024 * 1024
    recipient_limit: int = 50
    auth_line_limit: int = 12_288
    """Longest AUTH line. Postfix stops at some 2,000: set that to meet an operator who refuses long first responses."""


class _Letter(Envelope):
    """aiosmtpd's envelope, with what RFC 3461 adds."""

    def __init__(self) -> None:
        super().__init__()
        self.returned: dict[str, str] = {}
        self.recipients: list[Recipient] = []


class _Line(SMTP):
    """One connection. Its hooks are its own methods: no handler object."""

    line_length_limit = 16_384  # of the stream: bearer tokens are long; content lines are checked by _content

    def __init__(self, rules: SubmissionRules, context: ssl.SSLContext, lines: set[_Line]) -> None:
        super().__init__(
            self,
            data_size_limit=rules.size_limit,
            hostname=rules.host,
            ident="ESMTP sandbox",
            tls_context=context,
            require_starttls=True,
            auth_required=True,
            auth_exclude_mechanism=["LOGIN", "PLAIN"],
            loop=asyncio.get_running_loop(),
        )
        # aiosmtpd keeps one dictionary for the whole process: ours is this connection's
        self.command_size_limits = collections.defaultdict(
            lambda: 512, {"AUTH": rules.auth_line_limit, "MAIL": 1_024, "RCPT": 1_024}
        )
        self._rules = rules
        self._lines = lines
        self._ehlo_hook_ver = "new"
        self._handle_hooks = {"EHLO": self._greet, "MAIL": self._sender, "RCPT": self._recipient, "DATA": self._content}
        self._smtp_methods["MAIL"] = self._mail
        self._smtp_methods["RCPT"] = self._rcpt
        for verb, method in list(self._smtp_methods.items()):
            self._smtp_methods[verb] = self._obeying(verb, method)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._lines.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._lines.discard(self)
        super().connection_lost(error)

    def cut(self) -> None:
        """Hang up at once."""
        transport = self._original_transport or self.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def _create_envelope(self) -> Envelope:
        return _Letter()

    async def push(self, status: AnyStr) -> None:
        """Send a reply, with the enhanced status that aiosmtpd leaves out."""
        if isinstance(status, str) and status in _ENHANCED:
            await super().push(_ENHANCED[status])
        else:
            await super().push(status)

    def _obeying(self, verb: str, method: Callable[[str | None], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        """The command as the orders let it run."""
        orders = self._rules.orders

        async def run(arg: str | None) -> None:
            orders.hear(Service.SMTP, verb)
            if delay := orders.taken_delay(verb):
                await asyncio.sleep(delay)
            if verb in Stage.__members__:
                named = _ANGLE.search(arg or "")
                reply = orders.taken_reply(Stage[verb], named[1].lower() if named else "*")
                if reply is not None:
                    await self.push(reply)
                    return
                if orders.taken_cut(Stage[verb]):
                    await self._cut_short()
            await method(arg)

        return run

    async def _cut_short(self) -> None:
        self.cut()
        await asyncio.get_running_loop().create_future()  # cancelled by connection_lost

    async def _greet(self, _line: SMTP, session: Session, _envelope: Envelope, host: str, said: list[str]) -> list[str]:
        session.host_name = host
        return [*said[:-1], "250-PIPELINING", "250-DSN", "250 ENHANCEDSTATUSCODES"]

    # sign-in

    @auth_mechanism("XOAUTH2")
    async def auth_xoauth2(self, _line: SMTP, args: list[str]) -> AuthResult:
        """SASL XOAUTH2, with or without initial response (ECO.1.2.1)."""
        return await self._bearer(args)

    @auth_mechanism("OAUTHBEARER")
    async def auth_oauthbearer(self, _line: SMTP, args: list[str]) -> AuthResult:
        """SASL OAUTHBEARER (RFC 7628)."""
        return await self._bearer(args)

    async def _bearer(self, args: list[str]) -> AuthResult:
        if len(args) > 1:
            try:
                response = base64.b64decode(args[1], validate=True)
            except binascii.Error:
                return AuthResult(success=False, handled=False, message="501 5.5.2 Error: not base64")
        else:
            challenged = await self.challenge_auth("")
            if not isinstance(challenged, bytes):
                return AuthResult(success=False, handled=True)
            response = challenged
        address, token = bearer(response.decode("utf-8", "replace"))
        person = None if self._rules.orders.taken_refusal() else self._rules.check(token)
        if person is None or self._rules.store.lets_in(address, person) is None:
            await self.push(b"334 " + base64.b64encode(json.dumps(REFUSAL).encode("ascii")))
            await self._reader.readline()
            await self.push("535 5.7.8 Error: authentication failed")
            if self.transport is not None:
                self.transport.close()
            return AuthResult(success=False, handled=True)
        return AuthResult(success=True, auth_data=person)

    # the envelope

    async def _mail(self, arg: str | None) -> None:
        found = {name.upper(): value for name, value in _RET.findall(arg or "")}
        if found.get("RET", "HDRS").upper() not in {"FULL", "HDRS"} or len(found.get("ENVID", "")) > 100:
            await self.push("501 5.5.4 Bad RET or ENVID")
            return
        await super().smtp_MAIL(_RET.sub("", arg) if arg else None)
        letter = self.envelope
        if isinstance(letter, _Letter) and letter.mail_from:
            letter.returned = letter.returned or found

    async def _rcpt(self, arg: str | None) -> None:
        letter = self.envelope
        if not isinstance(letter, _Letter):
            return
        found = {name.upper(): value for name, value in _NOTIFY.findall(arg or "")}
        notify = found.get("NOTIFY", "").upper()
        if notify and not _NOTIFY_VALUE.fullmatch(notify):
            await self.push("501 5.5.4 Bad NOTIFY")
            return
        if len(letter.recipients) >= self._rules.recipient_limit:
            await self.push("452 4.5.3 Error: too many recipients")
            return
        before = len(letter.rcpt_tos)
        await super().smtp_RCPT(_NOTIFY.sub("", arg) if arg else None)
        if len(letter.rcpt_tos) > before:
            words = frozenset(notify.split(",")) if notify else frozenset()
            letter.recipients.append(Recipient(letter.rcpt_tos[-1], words, found.get("ORCPT", "")))

    async def _sender(self, _line: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self._rules.store.lets_in(address, session.auth_data) is None:
            return "553 5.7.1 Sender address rejected: not owned by user"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def _recipient(
        self, _line: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not self._rules.post.trusts(address):
            return "550 5.7.1 Recipient address rejected: domain outside the trust space"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    # the content

    async def _content(self, _line: SMTP, session: Session, letter: Envelope) -> Any:
        raw = letter.original_content
        if not isinstance(letter, _Letter) or not isinstance(raw, bytes):
            return MISSING
        orders = self._rules.orders
        if orders.taken_cut(Stage.DOT):
            await self._cut_short()
        if (reply := orders.taken_reply(Stage.DOT)) is not None:
            return reply
        if (objection := _objection(raw)) is not None:
            return objection
        submission = Submission(
            person=str(session.auth_data),
            sender=letter.mail_from or "",
            recipients=tuple(letter.recipients),
            raw=raw,
            envelope_id=letter.returned.get("ENVID", ""),
            full=letter.returned.get("RET", "").upper() == "FULL",
        )
        delivered = orders.taken_dot()
        if delivered is not False:
            queue_id = self._rules.post.accept(submission)
            self.loop.call_later(_DELIVERY_DELAY_S, self._rules.post.deliver, submission, queue_id)
        if delivered is not None:
            await self._cut_short()
        return f"250 2.0.0 Ok: queued as {queue_id}"


def _objection(raw: bytes) -> str | None:
    """Why an operator refuses this content."""
    if parse(raw).field(b"x-mss-nil") in {None, b""}:
        return "550 5.6.0 Message refused: X-MSS-NIL is missing (ECO.2.4.3)"
    if max((len(line) for line in raw.split(b"\r\n")), default=0) > 998:
        return "550 5.6.0 Message refused: line longer than 998 octets (RFC 5322)"
    return None


class SubmissionServer:
    """Listens on one loopback port. Everything but the constructor runs on the event loop."""

    def __init__(self, rules: SubmissionRules, certificate: Path) -> None:
        self._rules = rules
        self.context = server_context(certificate)
        """Replaced by a test that wants another certificate, for the connections that come."""
        self._lines: set[_Line] = set()
        self._server: asyncio.Server | None = None

    async def listen(self, listener: socket.socket) -> None:
        """Accept connections on a bound socket."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Line(self._rules, self.context, self._lines), sock=listener)

    async def deafen(self) -> None:
        """Stop to accept, and cut every line."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()
        for _ in range(200):
            if not self._lines:
                break
            await asyncio.sleep(0.005)

    def cut(self) -> None:
        """Cut every line at once."""
        for line in list(self._lines):
            line.cut()

    @property
    def count(self) -> int:
        """How many lines are open."""
        return len(self._lines)
