"""IMAP commands about messages: fetch, flag, search, copy, move, append, expunge."""

from __future__ import annotations

import datetime as dt

from mssclient.sandbox.imap_fetch import Plan, plan
from mssclient.sandbox.imap_search import Search, Test
from mssclient.sandbox.imap_session import Session
from mssclient.sandbox.imap_syntax import (
    Bad,
    No,
    Text,
    Token,
    compact,
    flag_set,
    items,
    moment,
    number,
    ranges,
    string,
    within,
    word,
)
from mssclient.sandbox.mailstore import Mailbox, Message, OverQuota, crlf

_NO_TARGET = "[TRYCREATE] no such mailbox"
_MAX_FLAGS = 64


def _argument(args: list[Token], at: int) -> Token:
    if at >= len(args):
        raise Bad("argument missing")
    return args[at]


def _writable(session: Session) -> Mailbox:
    mailbox = session.selected
    if session.read_only:
        raise No("[READ-ONLY] examined, not selected")
    return mailbox


async def append(session: Session, args: list[Token], uid: bool) -> str:
    """APPEND, with APPENDUID (RFC 4315)."""
    mailbox = session.existing(_argument(args, 0), _NO_TARGET)
    rest = args[1:]
    flags = flag_set(rest.pop(0)) if rest and isinstance(rest[0], list) else frozenset()
    received: dt.datetime | None = None
    if len(rest) == 2:
        received = moment(string(rest.pop(0)))
    if len(rest) != 1 or not isinstance(rest[0], Text):
        raise Bad("literal expected")
    raw = crlf(bytes(rest[0]))
    if b"\x00" in raw:
        raise No("[CANNOT] NUL in a message")
    try:
        session.owner.room_for(len(raw))
    except OverQuota:
        raise No("[OVERQUOTA] the mailbox is full") from None
    message = mailbox.add(raw, flags - {"\\Recent"}, received)
    return f"[APPENDUID {mailbox.uid_validity} {message.uid}] appended"


async def fetch(session: Session, args: list[Token], uid: bool) -> str:
    """FETCH and UID FETCH, with CHANGEDSINCE and VANISHED (RFC 7162)."""
    mailbox = session.selected
    asked = _argument(args, 1)
    since, vanished = _fetch_modifiers(args[2:])
    if since is not None:
        session.enabled.add("CONDSTORE")
    chosen = session.picked(_argument(args, 0), uid=uid)
    wanted = plan(asked if isinstance(asked, list) else [asked], uid=uid, modseq=since is not None)
    if "MODSEQ" in wanted.names:
        session.enabled.add("CONDSTORE")
    if vanished and since is not None:
        _say_vanished(session, mailbox, since, args[0])
    if since is not None:
        chosen = [(n, message) for n, message in chosen if message.modseq > since]
    marked = _mark_seen(session, mailbox, wanted, chosen)
    for n, message in chosen:
        extra = b" FLAGS " + _flags(message) if message.uid in marked and "FLAGS" not in wanted.names else b""
        session.untagged(b"%d FETCH (" % n, wanted.render(message), extra, b")")
        await session.breathe()
    return "fetched"


def _flags(message: Message) -> bytes:
    return b"(" + " ".join(sorted(message.flags)).encode("ascii", "replace") + b")"


def _fetch_modifiers(rest: list[Token]) -> tuple[int | None, bool]:
    if not rest:
        return None, False
    modifiers = items(rest[0])
    if word(_argument(modifiers, 0)) != "CHANGEDSINCE":
        raise Bad("unknown FETCH modifier")
    return number(_argument(modifiers, 1)), len(modifiers) > 2 and word(modifiers[2]) == "VANISHED"


def _say_vanished(session: Session, mailbox: Mailbox, since: int, asked: Token) -> None:
    if "QRESYNC" not in session.enabled:
        raise Bad("QRESYNC is not enabled")
    spans = ranges(asked, mailbox.uid_next)
    gone = {uid for modseq, uid in mailbox.vanished if modseq > since and within(spans, uid)}
    if gone:
        session.untagged(b"VANISHED (EARLIER) ", compact(gone).encode("ascii"))


def _mark_seen(session: Session, mailbox: Mailbox, wanted: Plan, chosen: list[tuple[int, Message]]) -> set[int]:
    """Reading a body without PEEK marks it \\Seen; returns the UIDs whose flags changed."""
    if not wanted.marks_seen or session.read_only:
        return set()
    changes = [(message, message.flags | {"\\Seen"}) for _, message in chosen]
    return {message.uid for message in mailbox.flag(changes, session.watcher)}


async def store(session: Session, args: list[Token], uid: bool) -> str:
    """STORE and UID STORE, with UNCHANGEDSINCE (RFC 7162)."""
    mailbox = _writable(session)
    chosen = session.picked(_argument(args, 0), uid=uid)
    rest, ceiling = args[1:], None
    if rest and isinstance(rest[0], list) and rest[0] and word(rest[0][0]) == "UNCHANGEDSINCE":
        ceiling = number(_argument(rest[0], 1))
        session.enabled.add("CONDSTORE")
        rest = rest[1:]
    verb, silent = word(_argument(rest, 0)).removesuffix(".SILENT"), word(rest[0]).endswith(".SILENT")
    flags = flag_set(list(rest[1:]) if len(rest) > 2 else _argument(rest, 1)) - {"\\Recent"}
    if len(flags) > _MAX_FLAGS:
        raise No("[LIMIT] too many flags")
    refused = [(n, message) for n, message in chosen if ceiling is not None and message.modseq > ceiling]
    agreed = [(n, message) for n, message in chosen if ceiling is None or message.modseq <= ceiling]
    changed = mailbox.flag([(message, _flagged(message, verb, flags)) for _, message in agreed], session.watcher)
    told = {message.uid for message in changed} if silent else {message.uid for _, message in agreed}
    for n, message in agreed:
        if message.uid in told and (not silent or session.enabled):
            text = b"UID %d MODSEQ (%d)" % (message.uid, message.modseq) if silent else session.state(message, uid=uid)
            session.untagged(b"%d FETCH (" % n, text, b")")
        await session.breathe()
    if refused:
        return f"[MODIFIED {compact(message.uid if uid else n for n, message in refused)}] some were changed before"
    return "stored"


def _flagged(message: Message, verb: str, flags: frozenset[str]) -> frozenset[str]:
    match verb:
        case "FLAGS":
            return flags
        case "+FLAGS":
            return message.flags | flags
        case "-FLAGS":
            return message.flags - flags
        case _:
            raise Bad("FLAGS, +FLAGS or -FLAGS expected")


async def expunge(session: Session, args: list[Token], uid: bool) -> str:
    """EXPUNGE, and UID EXPUNGE (RFC 4315)."""
    mailbox = _writable(session)
    messages = [message for _, message in session.picked(_argument(args, 0), uid=True)] if uid else mailbox.messages
    mailbox.expunge([message.uid for message in messages if "\\Deleted" in message.flags])
    return "expunged"


def _copied(session: Session, args: list[Token], *, uid: bool) -> tuple[list[Message], str]:
    """Copy to another folder; the messages copied, and the COPYUID code."""
    chosen = [message for _, message in session.picked(_argument(args, 0), uid=uid)]
    target = session.existing(_argument(args, 1), _NO_TARGET)
    return chosen, _duplicate(session, chosen, target)


def _duplicate(session: Session, chosen: list[Message], target: Mailbox) -> str:
    if not chosen:
        return ""
    with session.rules.store.lock:
        new = [target.add(message.raw, message.flags, message.received).uid for message in chosen]
    return f"[COPYUID {target.uid_validity} {compact(message.uid for message in chosen)} {compact(new)}]"


async def copy(session: Session, args: list[Token], uid: bool) -> str:
    """COPY, with COPYUID."""
    session.selected  # noqa: B018 - refuses when nothing is selected
    chosen = session.picked(_argument(args, 0), uid=uid)
    try:
        session.owner.room_for(sum(len(message.raw) for _, message in chosen))
    except OverQuota:
        raise No("[OVERQUOTA] the mailbox is full") from None
    _, code = _copied(session, args, uid=uid)
    return f"{code} copied".strip()


async def move(session: Session, args: list[Token], uid: bool) -> str:
    """MOVE (RFC 6851): COPYUID untagged, then the expunges."""
    mailbox = _writable(session)
    with session.rules.store.lock:
        chosen, code = _copied(session, args, uid=uid)
        mailbox.expunge([message.uid for message in chosen])
    if code:
        session.untagged(b"OK ", code.encode("ascii"), b" moved")
    return "moved"


async def search(session: Session, args: list[Token], uid: bool) -> str:
    """SEARCH, and ESEARCH when RETURN is given (RFC 4731)."""
    session.selected  # noqa: B018 - refuses when nothing is selected
    rest = list(args)
    wanted: list[str] | None = None
    if rest and not isinstance(rest[0], list) and word(rest[0]) == "RETURN":
        wanted = [word(item) for item in items(_argument(rest, 1))] or ["ALL"]
        rest = rest[2:]
    if rest and not isinstance(rest[0], list) and word(rest[0]) == "CHARSET":
        if word(_argument(rest, 1)) not in {"US-ASCII", "UTF-8"}:
            raise No("[BADCHARSET (US-ASCII UTF-8)] unknown charset")
        rest = rest[2:]
    if not rest:
        raise Bad("search key expected")
    compiled = Search(len(session.view), session.view[-1].uid if session.view else 0)
    found = _found(session, compiled.all_of(rest))
    modseq = max((message.modseq for _, message in found), default=0) if compiled.modseq else 0
    if modseq:
        session.enabled.add("CONDSTORE")
    numbers = [message.uid if uid else n for n, message in found]
    session.untagged(_plain(numbers, modseq) if wanted is None else _extended(session, numbers, wanted, modseq, uid))
    return "searched"


def _found(session: Session, test: Test) -> list[tuple[int, Message]]:
    return [(n, message) for n, message in enumerate(session.view, 1) if test(n, message)]


def _plain(numbers: list[int], modseq: int) -> bytes:
    code = f" (MODSEQ {modseq})" if modseq else ""
    return ("SEARCH" + "".join(f" {one}" for one in numbers) + code).encode("ascii")


def _extended(session: Session, numbers: list[int], wanted: list[str], modseq: int, uid: bool) -> bytes:
    pieces = ["UID"] if uid else []
    for item in wanted:
        match item:
            case "COUNT":
                pieces.append(f"COUNT {len(numbers)}")
            case "MIN" | "MAX" | "ALL" if numbers:
                value = {"MIN": str(numbers[0]), "MAX": str(numbers[-1]), "ALL": compact(numbers)}[item]
                pieces.append(f"{item} {value}")
            case "MIN" | "MAX" | "ALL":
                pass
            case _:
                raise Bad("unknown RETURN option")
    if modseq:
        pieces.append(f"MODSEQ {modseq}")
    return b'ESEARCH (TAG "' + session.tag + b'")' + "".join(f" {piece}" for piece in pieces).encode("ascii")
