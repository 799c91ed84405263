"""IMAP commands about folders: make, list, count, select them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from mssclient.sandbox.imap_session import SEPARATOR, Session, name_of, path_of
from mssclient.sandbox.imap_structure import quoted
from mssclient.sandbox.imap_syntax import (
    Bad,
    No,
    Token,
    compact,
    decoded,
    flag_set,
    items,
    number,
    ranges,
    string,
    within,
    word,
)
from mssclient.sandbox.mailstore import INBOX, Mailbox

_FLAGS = "\\Answered \\Deleted \\Draft \\Flagged \\Seen"
_STATUS = {"MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN", "HIGHESTMODSEQ", "SIZE", "DELETED"}
_USES = frozenset({"\\All", "\\Archive", "\\Drafts", "\\Flagged", "\\Junk", "\\Sent", "\\Trash"})


def _argument(args: list[Token], at: int) -> Token:
    if at >= len(args):
        raise Bad("argument missing")
    return args[at]


async def create(session: Session, args: list[Token], uid: bool) -> str:
    """CREATE, with the USE of RFC 6154."""
    path = path_of(string(_argument(args, 0)))
    account = session.owner
    if path in account.mailboxes:
        raise No("[ALREADYEXISTS] there is such a mailbox")
    if not all(path) or len(path) > 10 or any(len(name) > 200 for name in path):
        raise No("[CANNOT] not a name for a mailbox")
    mailbox = account.open(path)
    if len(args) > 1 and (option := items(args[1])) and word(option[0]) == "USE":
        uses = flag_set(_argument(option, 1))
        if not uses <= _USES:
            raise No("[USEATTR] unknown use")
        mailbox.use = " ".join(sorted(uses))
    return "created"


async def delete(session: Session, args: list[Token], uid: bool) -> str:
    """DELETE: never INBOX, nor a folder with folders below."""
    mailbox = session.existing(_argument(args, 0))
    if mailbox.path == INBOX:
        raise No("[CANNOT] INBOX stays")
    if any(path[:-1] == mailbox.path for path in session.owner.mailboxes):
        raise No("[HASCHILDREN] it has mailboxes below")
    with session.rules.store.lock:
        mailbox.expunge([message.uid for message in mailbox.messages])
        del session.owner.mailboxes[mailbox.path]
    return "deleted"


async def rename(session: Session, args: list[Token], uid: bool) -> str:
    """RENAME, with everything below."""
    mailbox, target = session.existing(_argument(args, 0)), path_of(string(_argument(args, 1)))
    if target in session.owner.mailboxes:
        raise No("[ALREADYEXISTS] there is such a mailbox")
    if not all(target) or target[: len(mailbox.path)] == mailbox.path:
        raise No("[CANNOT] not a name for it")
    session.owner.rename(mailbox.path, target)
    return "renamed"


async def subscribe(session: Session, args: list[Token], uid: bool) -> str:
    """SUBSCRIBE."""
    session.existing(_argument(args, 0)).subscribed = True
    return "subscribed"


async def unsubscribe(session: Session, args: list[Token], uid: bool) -> str:
    """UNSUBSCRIBE."""
    session.existing(_argument(args, 0)).subscribed = False
    return "unsubscribed"


def _pattern(reference: bytes, pattern: bytes) -> re.Pattern[str]:
    text = decoded(reference) + decoded(pattern)
    if len(text) > 500 or text.count("*") > 8:
        raise Bad("pattern too long")
    pieces = {"*": ".*", "%": f"[^{SEPARATOR}]*"}
    spelt = "".join(pieces.get(sign, re.escape(sign)) for sign in re.sub(r"\*+", "*", text))
    if text.upper().startswith(INBOX[0]):
        spelt = f"(?i:{INBOX[0]})" + spelt[len(INBOX[0]) :]
    return re.compile(spelt, re.DOTALL)


def _matching(session: Session, patterns: list[re.Pattern[str]]) -> Iterator[Mailbox]:
    for path in sorted(session.owner.mailboxes, key=lambda path: (path[0] != INBOX[0], path)):
        name = SEPARATOR.join(path)
        if any(pattern.fullmatch(name) for pattern in patterns):
            yield session.owner.mailboxes[path]


def _attributes(session: Session, mailbox: Mailbox, asked: set[str]) -> bytes:
    below = any(path[:-1] == mailbox.path for path in session.owner.mailboxes)
    found = ["\\HasChildren" if below else "\\HasNoChildren"]
    if mailbox.use:
        found.append(mailbox.use)
    if "SUBSCRIBED" in asked and mailbox.subscribed:
        found.append("\\Subscribed")
    return " ".join(found).encode("ascii")


async def list_(session: Session, args: list[Token], uid: bool) -> str:
    """LIST, basic and extended (RFC 5258, RFC 5819, RFC 6154)."""
    rest = list(args)
    selection = {word(option) for option in items(rest.pop(0))} if rest and isinstance(rest[0], list) else set()
    reference, names = string(_argument(rest, 0)), _argument(rest, 1)
    returned = _return_options(rest[2:])
    if names == b"":
        session.untagged(b'LIST (\\Noselect) "', SEPARATOR.encode(), b'" ""')
        return "listed"
    spelt = names if isinstance(names, list) else [names]
    patterns = [_pattern(reference, string(name)) for name in spelt]
    for mailbox in _matching(session, patterns):
        if ("SUBSCRIBED" in selection and not mailbox.subscribed) or ("SPECIAL-USE" in selection and not mailbox.use):
            continue
        attributes = _attributes(session, mailbox, selection | returned.keys())
        session.untagged(b"LIST (", attributes, b') "', SEPARATOR.encode(), b'" ', quoted(name_of(mailbox.path)))
        if "STATUS" in returned:
            _say_status(session, mailbox, returned["STATUS"])
    return "listed"


def _return_options(rest: list[Token]) -> dict[str, list[str]]:
    if not rest:
        return {}
    if word(rest[0]) != "RETURN":
        raise Bad("RETURN expected")
    options, found = items(_argument(rest, 1)), dict[str, list[str]]()
    for at, option in enumerate(options):
        if not isinstance(option, list):
            following = options[at + 1] if at + 1 < len(options) else []
            found[word(option)] = [word(item) for item in following] if isinstance(following, list) else []
    return found


async def lsub(session: Session, args: list[Token], uid: bool) -> str:
    """LSUB."""
    pattern = _pattern(string(_argument(args, 0)), string(_argument(args, 1)))
    for mailbox in _matching(session, [pattern]):
        if mailbox.subscribed:
            session.untagged(b'LSUB () "', SEPARATOR.encode(), b'" ', quoted(name_of(mailbox.path)))
    return "listed"


def _say_status(session: Session, mailbox: Mailbox, asked: list[str]) -> None:
    messages = mailbox.messages
    found: dict[str, Callable[[], int]] = {
        "MESSAGES": lambda: len(messages),
        "RECENT": lambda: 0,
        "UIDNEXT": lambda: mailbox.uid_next,
        "UIDVALIDITY": lambda: mailbox.uid_validity,
        "UNSEEN": lambda: sum("\\Seen" not in message.flags for message in messages),
        "HIGHESTMODSEQ": lambda: mailbox.modseq,
        "SIZE": lambda: mailbox.size,
        "DELETED": lambda: sum("\\Deleted" in message.flags for message in messages),
    }
    if not asked or not set(asked) <= _STATUS:
        raise Bad("unknown status item")
    spelt = " ".join(f"{item} {found[item]()}" for item in asked)
    session.untagged(b"STATUS ", quoted(name_of(mailbox.path)), b" (", spelt.encode("ascii"), b")")


async def status(session: Session, args: list[Token], uid: bool) -> str:
    """STATUS."""
    mailbox = session.existing(_argument(args, 0))
    asked = [word(item) for item in items(_argument(args, 1))]
    if "HIGHESTMODSEQ" in asked:
        session.enabled.add("CONDSTORE")
    _say_status(session, mailbox, asked)
    return "counted"


async def namespace(session: Session, args: list[Token], uid: bool) -> str:
    """NAMESPACE: one, personal (RFC 2342)."""
    session.untagged(b'NAMESPACE (("" "', SEPARATOR.encode(), b'")) NIL NIL')
    return "that is all"


def _say_quota(session: Session) -> None:
    account = session.owner
    used, limit = -(-account.used // 1024), account.quota // 1024
    session.untagged(b'QUOTA "" (STORAGE %d %d)' % (used, limit))


async def getquota(session: Session, args: list[Token], uid: bool) -> str:
    """GETQUOTA of the one root, "" (RFC 9208)."""
    if string(_argument(args, 0)):
        raise No("[NONEXISTENT] no such quota root")
    _say_quota(session)
    return "counted"


async def getquotaroot(session: Session, args: list[Token], uid: bool) -> str:
    """GETQUOTAROOT."""
    mailbox = session.existing(_argument(args, 0))
    session.untagged(b"QUOTAROOT ", quoted(name_of(mailbox.path)), b' ""')
    _say_quota(session)
    return "counted"


async def select(session: Session, args: list[Token], uid: bool) -> str:
    """SELECT."""
    return _select(session, args, read_only=False)


async def examine(session: Session, args: list[Token], uid: bool) -> str:
    """EXAMINE."""
    return _select(session, args, read_only=True)


def _select(session: Session, args: list[Token], *, read_only: bool) -> str:
    options = _select_options(args[1:])
    was_selected = session.mailbox is not None
    session.unselect()
    if was_selected and "QRESYNC" in session.enabled:
        session.untagged(b"OK [CLOSED] previous mailbox is closed")
    if options:
        session.enabled.add("CONDSTORE")
    resync = options.get("QRESYNC")
    if resync is not None and "QRESYNC" not in session.enabled:
        raise Bad("QRESYNC is not enabled")
    mailbox = session.existing(_argument(args, 0))
    session.select(mailbox, read_only=read_only)
    _say_selected(session, mailbox)
    if resync:
        _say_resync(session, mailbox, resync)
    return "[READ-ONLY] examined" if read_only else "[READ-WRITE] selected"


def _select_options(rest: list[Token]) -> dict[str, list[Token]]:
    if not rest:
        return {}
    options, found = items(rest[0]), dict[str, list[Token]]()
    for at, option in enumerate(options):
        if not isinstance(option, list):
            following = options[at + 1] if at + 1 < len(options) else []
            found[word(option)] = following if isinstance(following, list) else []
    if not found.keys() <= {"CONDSTORE", "QRESYNC"}:
        raise Bad("unknown SELECT parameter")
    return found


def _say_selected(session: Session, mailbox: Mailbox) -> None:
    keywords = sorted({flag for message in session.view for flag in message.flags if not flag.startswith("\\")})
    flags = " ".join([_FLAGS, *keywords])
    permanent = "" if session.read_only else flags + " \\*"
    session.untagged(b"FLAGS (", flags.encode("ascii", "replace"), b")")
    session.untagged(b"OK [PERMANENTFLAGS (", permanent.encode("ascii", "replace"), b")] kept")
    session.untagged(b"%d EXISTS" % len(session.view))
    session.untagged(b"0 RECENT")
    first = next((n for n, message in enumerate(session.view, 1) if "\\Seen" not in message.flags), 0)
    if first:
        session.untagged(b"OK [UNSEEN %d] first unseen" % first)
    session.untagged(b"OK [UIDVALIDITY %d] UIDs valid" % mailbox.uid_validity)
    session.untagged(b"OK [UIDNEXT %d] next UID" % mailbox.uid_next)
    session.untagged(b"OK [HIGHESTMODSEQ %d] highest" % mailbox.modseq)


def _say_resync(session: Session, mailbox: Mailbox, resync: list[Token]) -> None:
    """What changed since the client's last visit (RFC 7162 §3.2.5)."""
    if number(_argument(resync, 0)) != mailbox.uid_validity:
        return
    since = number(_argument(resync, 1))
    known = resync[2] if len(resync) > 2 and not isinstance(resync[2], list) else None
    spans = ranges(known, mailbox.uid_next) if known is not None else [(1, mailbox.uid_next)]
    gone = {uid for modseq, uid in mailbox.vanished if modseq > since and within(spans, uid)}
    if gone:
        session.untagged(b"VANISHED (EARLIER) ", compact(gone).encode("ascii"))
    for n, message in enumerate(session.view, 1):
        if message.modseq > since and within(spans, message.uid):
            session.untagged(b"%d FETCH (%b)" % (n, session.state(message)))


async def close(session: Session, args: list[Token], uid: bool) -> str:
    """CLOSE: silently expunge, then leave."""
    mailbox = session.selected
    if not session.read_only:
        mailbox.expunge([message.uid for message in mailbox.messages if "\\Deleted" in message.flags])
    session.unselect()
    return "closed"


async def unselect(session: Session, args: list[Token], uid: bool) -> str:
    """UNSELECT (RFC 3691)."""
    session.selected  # noqa: B018 - refuses when nothing is selected
    session.unselect()
    return "left"
