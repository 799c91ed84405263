"""The sandbox's IMAP4rev1 server: connections, TLS, sign-in, and who carries out which command."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from mssclient.sandbox import imap_boxes as boxes
from mssclient.sandbox import imap_messages as messages
from mssclient.sandbox.imap_line import Gone, Line
from mssclient.sandbox.imap_session import Rules, Session
from mssclient.sandbox.imap_sign_in import Parting, authenticate, capability, login
from mssclient.sandbox.imap_syntax import Bad, No, Token, tokens, word
from mssclient.sandbox.orders import Service, When
from mssclient.sandbox.pki import server_context

_LITERAL = re.compile(rb"\{(\d{1,12})(\+?)\}$")
_SMALL = 64 * 1024
_Run = Callable[[Session, list[Token], bool], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Command:
    """Who carries a command out, and whether it needs an opened BAL."""

    run: _Run
    signed_in: bool = True
    by_uid: bool = False


async def _say_capability(session: Session, args: list[Token], uid: bool) -> str:
    session.untagged(b"CAPABILITY ", capability(session).encode("ascii"))
    return "told"


async def _noop(session: Session, args: list[Token], uid: bool) -> str:
    return "done"


async def _check(session: Session, args: list[Token], uid: bool) -> str:
    session.selected  # noqa: B018 - refuses when nothing is selected
    return "done"


async def _logout(session: Session, args: list[Token], uid: bool) -> str:
    session.untagged(b"BYE see you")
    session.tagged("OK", "out")
    raise Parting


async def _id(session: Session, args: list[Token], uid: bool) -> str:
    session.untagged(b'ID ("name" "mssclient sandbox")')
    return "pleased"


async def _enable(session: Session, args: list[Token], uid: bool) -> str:
    asked = {word(item) for item in args} & {"CONDSTORE", "QRESYNC"}
    session.enabled |= asked | ({"CONDSTORE"} if "QRESYNC" in asked else set())
    session.untagged(b"ENABLED", *(b" " + name.encode("ascii") for name in sorted(asked)))
    return "enabled"


async def _idle(session: Session, args: list[Token], uid: bool) -> str:
    session.raw(b"+ idling")
    session.flush()
    session.idle(on=True)
    try:
        answer = await session.line.read_line()
    finally:
        session.idle(on=False)
    if answer.upper() != b"DONE":
        raise Bad("DONE expected")
    return "idled"


COMMANDS = {
    "CAPABILITY": Command(_say_capability, signed_in=False),
    "NOOP": Command(_noop, signed_in=False),
    "LOGOUT": Command(_logout, signed_in=False),
    "ID": Command(_id, signed_in=False),
    "LOGIN": Command(login, signed_in=False),
    "AUTHENTICATE": Command(authenticate, signed_in=False),
    "ENABLE": Command(_enable),
    "IDLE": Command(_idle),
    "CHECK": Command(_check),
    "CREATE": Command(boxes.create),
    "DELETE": Command(boxes.delete),
    "RENAME": Command(boxes.rename),
    "SUBSCRIBE": Command(boxes.subscribe),
    "UNSUBSCRIBE": Command(boxes.unsubscribe),
    "LIST": Command(boxes.list_),
    "LSUB": Command(boxes.lsub),
    "STATUS": Command(boxes.status),
    "NAMESPACE": Command(boxes.namespace),
    "GETQUOTA": Command(boxes.getquota),
    "GETQUOTAROOT": Command(boxes.getquotaroot),
    "SELECT": Command(boxes.select),
    "EXAMINE": Command(boxes.examine),
    "CLOSE": Command(boxes.close),
    "UNSELECT": Command(boxes.unselect),
    "APPEND": Command(messages.append),
    "FETCH": Command(messages.fetch, by_uid=True),
    "STORE": Command(messages.store, by_uid=True),
    "SEARCH": Command(messages.search, by_uid=True),
    "COPY": Command(messages.copy, by_uid=True),
    "MOVE": Command(messages.move, by_uid=True),
    "EXPUNGE": Command(messages.expunge, by_uid=True),
}
_KEEPS_NUMBERS = {"FETCH", "STORE", "SEARCH"}
"""While one of these (not their UID form) is in progress no EXPUNGE may be sent (RFC 3501 §7.4.1)."""


class ImapServer:
    """Listens on one loopback port. Everything but the constructor runs on the event loop."""

    def __init__(self, rules: Rules, certificate: Path) -> None:
        self.rules = rules
        self.context: ssl.SSLContext = server_context(certificate)
        """Replaced by a test that wants another certificate, for the connections that come."""
        self._sessions: dict[Line, Session] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def listen(self, listener: socket.socket) -> None:
        """Accept connections on a bound socket."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: Line(self._opened), sock=listener)

    async def deafen(self) -> None:
        """Stop to accept, and cut every line."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.cut()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    def cut(self) -> None:
        """Cut every line at once."""
        for line in list(self._sessions):
            line.cut()

    @property
    def count(self) -> int:
        """How many lines are open."""
        return len(self._sessions)

    def _opened(self, line: Line) -> None:
        session = Session(line, self.rules)
        self._sessions[line] = session
        task = asyncio.get_running_loop().create_task(self._serve(session))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, session: Session) -> None:
        try:
            session.untagged(f"OK [CAPABILITY {capability(session)}] sandbox".encode("ascii"))
            session.flush()
            while not session.over:
                await self._one(session)
        except (Gone, Parting):
            pass
        finally:
            session.flush()
            session.unselect()
            session.line.close()
            self._sessions.pop(session.line, None)

    async def _one(self, session: Session) -> None:
        """Read and carry out one command."""
        lines, literals = await self._read(session)
        tag, _, lines[0] = lines[0].partition(b" ")
        session.tag = tag or b"*"
        name = "?"
        try:
            if not re.fullmatch(rb"[!#$&',-\[\]^_`a-z|}~.]+", tag):
                raise Bad("tag expected")
            name, args, uid = _named(lines, literals)
            if name == "STARTTLS":
                await self._start_tls(session)
                return
            await self._obey(session, name, args, uid=uid)
        except No as refusal:
            session.sync(expunge=False)
            session.tagged("NO", str(refusal))
        except Bad as refusal:
            session.tagged("BAD", str(refusal))
        session.flush()
        await session.line.drain()

    async def _obey(self, session: Session, name: str, args: list[Token], *, uid: bool) -> None:
        orders = self.rules.orders
        orders.hear(Service.IMAP, name)
        if delay := orders.taken_delay(name):
            await asyncio.sleep(delay)
        if (reply := orders.taken_answer(name)) is not None:
            self._answer(session, reply)
            return
        when = orders.taken_drop(name)
        if when is When.BEFORE:
            raise Parting
        command = _allowed(session, name, uid=uid)
        session.held = when is When.DURING
        if command.by_uid:  # what arrived a moment ago can be asked for by its UID at once
            session.sync(expunge=uid)
        text = await command.run(session, args, uid)
        if name in {"LOGIN", "AUTHENTICATE"}:
            self._count(session)
        session.sync(expunge=uid or name not in _KEEPS_NUMBERS)
        session.tagged("OK", text)
        if when is When.DURING:
            session.flush_half()
        if when is not None:
            raise Parting

    def _answer(self, session: Session, reply: str) -> None:
        status, _, text = reply.partition(" ")
        if status == "BYE":
            session.untagged(f"BYE {text}".encode())
            raise Parting
        session.tagged(status, text)

    def _count(self, session: Session) -> None:
        """Refuse one connection too many, as operators do."""
        same = [
            other
            for other in self._sessions.values()
            if other.account is session.account and other.person == session.person
        ]
        if len(same) > self.rules.connection_limit:
            session.account = None
            session.tagged("NO", "[UNAVAILABLE] too many connections for this user")
            raise Parting

    async def _start_tls(self, session: Session) -> None:
        self.rules.orders.hear(Service.IMAP, "STARTTLS")
        if session.line.secure:
            raise Bad("TLS already")
        if (reply := self.rules.orders.taken_answer("STARTTLS")) is not None:
            self._answer(session, reply)
            session.flush()
            return
        await session.line.start_tls(self.context, session.tag + b" OK begin TLS\r\n")

    async def _read(self, session: Session) -> tuple[list[bytes], list[bytes]]:
        """A command: its text between the literals, and the literals."""
        lines, literals = [await session.line.read_line()], list[bytes]()
        budget = self.rules.append_limit if session.account is not None else _SMALL
        while found := _LITERAL.search(lines[-1]):
            size = int(found[1])
            budget -= size
            if budget < 0:
                session.untagged(b"BYE [TOOBIG] literal too big") if found[2] else session.raw(
                    lines[0].partition(b" ")[0] + b" NO [TOOBIG] literal too big"
                )
                session.flush()
                if found[2]:
                    raise Parting
                lines, literals, budget = [await session.line.read_line()], [], self.rules.append_limit
                continue
            if not found[2]:
                session.raw(b"+ go on")
                session.flush()
            lines[-1] = lines[-1][: found.start()]
            literals.append(await session.line.read_bytes(size))
            lines.append(await session.line.read_line())
        return lines, literals


def _allowed(session: Session, name: str, *, uid: bool) -> Command:
    """The command of a name, when it may be given now."""
    command = COMMANDS.get(name)
    if command is None or (uid and not command.by_uid):
        raise Bad("unknown command")
    if command.signed_in and session.account is None:
        raise Bad("sign in first")
    if name in {"LOGIN", "AUTHENTICATE"} and session.account is not None:
        raise Bad("already signed in")
    return command


def _named(lines: list[bytes], literals: list[bytes]) -> tuple[str, list[Token], bool]:
    """Name, arguments, and whether UID stood before."""
    found = tokens(lines, literals)
    if not found:
        raise Bad("command expected")
    name, args = word(found[0]), found[1:]
    if name == "UID" and args:
        return word(args[0]), args[1:], True
    return name, args, False
