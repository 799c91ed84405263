"""One IMAP client's session: who it is, which folder it selected, and what it has not been told yet."""

from __future__ import annotations

import asyncio
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mssclient.sandbox.imap_line import Line
from mssclient.sandbox.imap_syntax import Bad, No, Token, compact, ranges, string
from mssclient.sandbox.imap_syntax import decoded as decoded_name
from mssclient.sandbox.imap_syntax import encoded as encoded_name
from mssclient.sandbox.mailstore import INBOX, Account, Mailbox, MailStore, Message, Path, Watcher
from mssclient.sandbox.orders import Orders

SEPARATOR = "/"
FLUSH_BYTES = 128 * 1024


@dataclass(frozen=True, slots=True)
class Rules:
    """How the IMAP server is set up. `check` gives the national id of the person a token stands for."""

    store: MailStore
    orders: Orders
    check: Callable[[str], str | None]
    passwords: Mapping[str, str] = field(default_factory=dict)
    """Address → password: for clients that cannot speak XOAUTH2, in tests only."""
    append_limit: int = 40 * 1024 * 1024
    """Bytes of one message (RFC 7889)."""
    connection_limit: int = 10
    """Connections that one person may hold to one BAL."""
    tells_unauthorised: bool = False
    """Answer AUTHORIZATIONFAILED (RFC 5530) to the good token of somebody not let in. False: as Dovecot does, the same
    refusal as for a bad token."""


def path_of(name: bytes) -> Path:
    """A mailbox name as sent, as names from the root."""
    text = decoded_name(name).rstrip(SEPARATOR)
    first, *rest = text.split(SEPARATOR)
    return (INBOX[0] if first.upper() == INBOX[0] else first, *rest)


def name_of(path: Path) -> bytes:
    """A mailbox name as sent, without quotes."""
    return encoded_name(SEPARATOR.join(path))


def flags_text(flags: Iterable[str]) -> bytes:
    """A parenthesised flag list."""
    return b"(" + " ".join(sorted(flags)).encode("ascii", "replace") + b")"


class Session:
    """Lives on the event loop of the server; only `ring` is called from other threads."""

    def __init__(self, line: Line, rules: Rules) -> None:
        self.line = line
        self.rules = rules
        self.tag = b"*"
        self.person: str | None = None
        self.account: Account | None = None
        self.mailbox: Mailbox | None = None
        self.view: list[Message] = []
        """The messages in the order of their sequence numbers, as this client knows them."""
        self.read_only = False
        self.enabled: set[str] = set()
        self.watcher = Watcher(self.ring)
        self.over = False
        self.held = False
        """While true nothing goes out by itself: half of it will be thrown away."""
        self._idle = False
        self._rung = False
        self._pending: list[bytes] = []
        self._pending_size = 0
        self._loop = asyncio.get_running_loop()

    # output

    def untagged(self, *pieces: bytes) -> None:
        """Queue `* …`."""
        self._queue(b"* " + b"".join(pieces) + b"\r\n")

    def raw(self, text: bytes) -> None:
        """Queue a line as it is."""
        self._queue(text + b"\r\n")

    def tagged(self, status: str, text: str) -> None:
        """Queue the answer to the present command."""
        self._queue(self.tag + f" {status} {text}\r\n".encode("utf-8", "replace"))

    def _queue(self, piece: bytes) -> None:
        self._pending.append(piece)
        self._pending_size += len(piece)

    def flush(self) -> None:
        """Hand what is queued to the transport."""
        if self._pending:
            pending, self._pending, self._pending_size = self._pending, [], 0
            self.line.write(b"".join(pending))

    def flush_half(self) -> None:
        """Send half of what is queued and forget the rest."""
        whole = b"".join(self._pending)
        self._pending, self._pending_size = [], 0
        self.line.write(whole[: len(whole) // 2])

    async def breathe(self) -> None:
        """In a long answer: send what is queued and let others run."""
        if self._pending_size > FLUSH_BYTES and not self.held:
            self.flush()
            await self.line.drain()
            await asyncio.sleep(0)

    # the selected folder

    @property
    def selected(self) -> Mailbox:
        """The selected folder."""
        if self.mailbox is None:
            raise Bad("no mailbox selected")
        return self.mailbox

    @property
    def owner(self) -> Account:
        """The BAL of this session."""
        if self.account is None:
            raise Bad("not authenticated")
        return self.account

    def existing(self, token: Token, otherwise: str = "[NONEXISTENT] no such mailbox") -> Mailbox:
        """The folder a command names; NO when there is none."""
        mailbox = self.owner.mailboxes.get(path_of(string(token)))
        if mailbox is None:
            raise No(otherwise)
        return mailbox

    def select(self, mailbox: Mailbox, *, read_only: bool) -> None:
        """Begin to watch a folder."""
        self.unselect()
        with self.rules.store.lock:
            self.watcher = Watcher(self.ring)
            mailbox.watchers.add(self.watcher)
            self.view = list(mailbox.messages)
            self.mailbox, self.read_only = mailbox, read_only

    def unselect(self) -> None:
        """Stop to watch."""
        if self.mailbox is not None:
            with self.rules.store.lock:
                self.mailbox.watchers.discard(self.watcher)
        self.mailbox, self.view = None, []

    def picked(self, token: Token, *, uid: bool) -> list[tuple[int, Message]]:
        """(sequence number, message) for a sequence set, ascending; unknown UIDs are passed over."""
        view = self.view
        if not uid:
            spans = ranges(token, len(view))
            if any(low < 1 or high > len(view) for low, high in spans):
                raise Bad("no such message")
            spans = [(low - 1, high) for low, high in spans]
        else:
            top = view[-1].uid if view else 0
            spans = [(self.place(low), self.place(high + 1)) for low, high in ranges(token, top)]
        if len(spans) == 1:
            return [(at + 1, view[at]) for at in range(*spans[0])]
        return [(at + 1, view[at]) for at in sorted({at for span in spans for at in range(*span)})]

    def place(self, uid: int) -> int:
        """The index in the view of the first message whose UID is not below `uid`."""
        return bisect_left(self.view, uid, key=lambda message: message.uid)

    # changes made by others

    def ring(self) -> None:
        """Something changed; tell an idling client soon. Any thread, under the store's lock."""
        if self._idle and not self._rung:
            self._rung = True
            self._loop.call_soon_threadsafe(self._tell_idle)

    def _tell_idle(self) -> None:
        self._rung = False
        if self._idle:
            self.sync(expunge=True)
            self.flush()

    def idle(self, *, on: bool) -> None:
        """Enter or leave IDLE."""
        self._idle = on
        if on:
            self._tell_idle()

    def sync(self, *, expunge: bool) -> None:
        """Queue the untagged answers for everything that changed in the folder since the last time."""
        mailbox = self.mailbox
        if mailbox is None:
            return
        with self.rules.store.lock:
            touched, self.watcher.touched = self.watcher.touched, {}
            gone: set[int] = set()
            if expunge:
                gone, self.watcher.gone = self.watcher.gone, set()
            last = self.view[-1].uid if self.view else 0
            fresh = mailbox.after(last)
        self._say_gone(gone)
        if fresh:
            self.view += fresh
            self.untagged(b"%d EXISTS" % len(self.view))
        for uid, message in sorted(touched.items()):
            at = self.place(uid)
            if uid <= last and at < len(self.view) and self.view[at].uid == uid:
                self.untagged(b"%d FETCH (%b)" % (at + 1, self.state(message)))

    def state(self, message: Message, *, uid: bool = True) -> bytes:
        """UID, FLAGS, and MODSEQ where it was asked for."""
        text = (
            b"UID %d FLAGS %b" % (message.uid, flags_text(message.flags))
            if uid
            else b"FLAGS " + flags_text(message.flags)
        )
        return text + (b" MODSEQ (%d)" % message.modseq if self.enabled else b"")

    def _say_gone(self, gone: set[int]) -> None:
        known = {uid for uid in gone if (at := self.place(uid)) < len(self.view) and self.view[at].uid == uid}
        if not known:
            return
        if "QRESYNC" in self.enabled:
            self.untagged(b"VANISHED ", compact(known).encode("ascii"))
        else:
            for uid in sorted(known):
                at = self.place(uid)
                del self.view[at]
                self.untagged(b"%d EXPUNGE" % (at + 1))
            return
        self.view = [message for message in self.view if message.uid not in known]
