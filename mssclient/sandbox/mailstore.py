"""The sandbox's mailboxes, in memory: messages, flags, sequence of changes, folders, quota, who is let in."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mssclient.domain.address import normal
from mssclient.domain.bal import BalKind
from mssclient.sandbox.imap_mime import Node, parse

Path = tuple[str, ...]
"""Names of a folder from the root, decoded; ("INBOX",) is spelt in capitals."""

INBOX: Path = ("INBOX",)
QUOTA = 2 * 1024**3
"""Bytes that a typical BAL holds (mssante.md §1)."""
SPECIAL = {
    ("Brouillons",): "\\Drafts",
    ("Éléments envoyés",): "\\Sent",
    ("Corbeille",): "\\Trash",
    ("Indésirables",): "\\Junk",
    ("Archives",): "\\Archive",
}
"""The folders every BAL begins with, and their SPECIAL-USE (RFC 6154)."""


@dataclass(frozen=True, slots=True)
class Box:
    """A BAL of the sandbox. `people` are the national ids of those let in, each under their own token."""

    address: str
    kind: BalKind
    people: frozenset[str]
    label: str


@dataclass(frozen=True, slots=True)
class Seed:
    """A message that stands in a folder from the start. `flags` in IMAP spelling; `received` with a time zone."""

    folder: Path
    raw: bytes
    flags: frozenset[str]
    received: dt.datetime


class OverQuota(Exception):
    """The BAL is full: the message was not stored."""


_LONE = re.compile(rb"(?<!\r)\n|\r(?!\n)")


def crlf(raw: bytes) -> bytes:
    """A message with the line ends of the wire."""
    pairs = raw.count(b"\r\n")  # counting is a hundred times faster than replacing, and most need nothing
    return raw if pairs == raw.count(b"\n") == raw.count(b"\r") else _LONE.sub(b"\r\n", raw)


class Message:
    """One stored message. `flags` is replaced, never changed, so any thread may read it."""

    __slots__ = ("_node", "cache", "flags", "modseq", "raw", "received", "uid")

    def __init__(self, uid: int, raw: bytes, flags: frozenset[str], received: dt.datetime, modseq: int) -> None:
        self.uid = uid
        self.raw = raw
        self.flags = flags
        self.received = received
        self.modseq = modseq
        self._node: Node | None = None
        self.cache: dict[str, bytes] = {}
        """Rendered ENVELOPE and the like, by item name: computed once, a message never changes."""

    @property
    def node(self) -> Node:
        """The MIME tree, parsed at the first use."""
        if self._node is None:
            self._node = parse(self.raw)
        return self._node


@dataclass(eq=False)
class Watcher:
    """What one session has not yet told its client about the folder it selected. Filled under the store's lock."""

    ring: Callable[[], None]
    """Called after each change, in the thread that made it."""
    touched: dict[int, Message] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)


_uid_validity = itertools.count(1_700_000_001)


class Mailbox:
    """One folder. Everything that changes it takes the store's lock; lists are replaced or grow at the end only."""

    def __init__(self, path: Path, lock: threading.RLock, use: str = "") -> None:
        self.path = path
        self.use = use
        self.subscribed = True
        self.uid_validity = next(_uid_validity)
        self.uid_next = 1
        self.modseq = 1
        self.messages: list[Message] = []
        self.vanished: list[tuple[int, int]] = []
        """(modseq, uid) of what was expunged, oldest first: for QRESYNC (RFC 7162)."""
        self.watchers: set[Watcher] = set()
        self.size = 0
        self._lock = lock

    def add(self, raw: bytes, flags: Iterable[str] = (), received: dt.datetime | None = None) -> Message:
        """Store a message under the next UID."""
        with self._lock:
            self.modseq += 1
            when = received or dt.datetime.now(dt.UTC).replace(microsecond=0)
            message = Message(self.uid_next, raw, frozenset(flags), when, self.modseq)
            self.uid_next += 1
            self.size += len(raw)
            self.messages.append(message)
            self._tell()
            return message

    def flag(self, messages: Iterable[tuple[Message, frozenset[str]]], by: Watcher | None = None) -> list[Message]:
        """Give messages new flags; every watcher but `by` is to be told. Returns those that really changed."""
        with self._lock:
            changed = [(message, flags) for message, flags in messages if message.flags != flags]
            if not changed:
                return []
            self.modseq += 1
            for message, flags in changed:
                message.flags = flags
                message.modseq = self.modseq
                for watcher in self.watchers:
                    if watcher is not by:
                        watcher.touched[message.uid] = message
            self._tell()
            return [message for message, _ in changed]

    def expunge(self, uids: Iterable[int]) -> list[int]:
        """Remove messages for good; returns the UIDs that were there, ascending."""
        with self._lock:
            wanted = set(uids)
            removed = [message for message in self.messages if message.uid in wanted]
            if not removed:
                return []
            self.modseq += 1
            self.messages = [message for message in self.messages if message.uid not in wanted]
            self.size -= sum(len(message.raw) for message in removed)
            gone = [message.uid for message in removed]
            self.vanished += [(self.modseq, uid) for uid in gone]
            for watcher in self.watchers:
                watcher.gone.update(gone)
            self._tell()
            return gone

    def renumber(self) -> None:
        """Begin anew: a new UIDVALIDITY and UIDs from 1 (a restored server). Sessions must be cut by the caller."""
        with self._lock:
            kept, self.messages, self.vanished = self.messages, [], []
            self.uid_validity, self.uid_next, self.size = next(_uid_validity), 1, 0
            for message in kept:
                self.add(message.raw, message.flags, message.received)

    def find(self, uid: int) -> Message | None:
        """The message of a UID."""
        messages = self.messages
        at = bisect_left(messages, uid, key=lambda message: message.uid)
        return messages[at] if at < len(messages) and messages[at].uid == uid else None

    def after(self, uid: int) -> list[Message]:
        """The messages above a UID."""
        messages = self.messages
        return messages[bisect_left(messages, uid + 1, key=lambda message: message.uid) :]

    def _tell(self) -> None:
        for watcher in self.watchers:
            watcher.ring()


class Account:
    """The folders of one BAL. Any thread, under the lock it was given."""

    def __init__(self, box: Box, lock: threading.RLock, quota: int = QUOTA) -> None:
        self.box = box
        self.quota = quota
        self.lock = lock
        self.mailboxes: dict[Path, Mailbox] = {INBOX: Mailbox(INBOX, lock)}
        for path, use in SPECIAL.items():
            self.mailboxes[path] = Mailbox(path, lock, use)

    @property
    def used(self) -> int:
        """Bytes of all messages."""
        return sum(mailbox.size for mailbox in self.mailboxes.values())

    def open(self, path: Path) -> Mailbox:
        """The folder at a path, made with its parents when missing."""
        with self.lock:
            for depth in range(1, len(path) + 1):
                self.mailboxes.setdefault(path[:depth], Mailbox(path[:depth], self.lock))
            return self.mailboxes[path]

    def room_for(self, size: int) -> None:
        """Raise OverQuota when `size` more bytes do not fit."""
        if self.used + size > self.quota:
            raise OverQuota

    def add(
        self, path: Path, raw: bytes, flags: Iterable[str] = (), received: dt.datetime | None = None
    ) -> tuple[Mailbox, Message]:
        """Store a message within the quota."""
        with self.lock:
            self.room_for(len(raw))
            mailbox = self.open(path)
            return mailbox, mailbox.add(raw, flags, received)

    def rename(self, old: Path, new: Path) -> None:
        """Move a folder and those below it; INBOX itself gives its messages to the new folder (RFC 3501 §6.3.5)."""
        with self.lock:
            if old == INBOX:
                inbox, target = self.mailboxes[INBOX], self.open(new)
                for message in list(inbox.messages):
                    target.add(message.raw, message.flags, message.received)
                inbox.expunge([message.uid for message in inbox.messages])
                return
            if new[:-1]:
                self.open(new[:-1])
            for path in [path for path in self.mailboxes if path[: len(old)] == old]:
                mailbox = self.mailboxes.pop(path)
                mailbox.path = new + path[len(old) :]
                self.mailboxes[mailbox.path] = mailbox


class MailStore:
    """Every BAL of the sandbox, by address. One lock for all; any thread."""

    def __init__(self, boxes: Sequence[Box], messages: Mapping[str, Sequence[Seed]] | None = None) -> None:
        self.lock = threading.RLock()
        self.accounts = {normal(box.address): Account(box, self.lock) for box in boxes}
        for address, seeds in (messages or {}).items():
            account = self.accounts[normal(address)]
            for seed in seeds:
                account.open(seed.folder).add(crlf(seed.raw), seed.flags, seed.received)

    def account(self, address: str) -> Account | None:
        """The BAL of an address."""
        return self.accounts.get(normal(address))

    def lets_in(self, address: str, person: str | None) -> Account | None:
        """The BAL of an address when this person may open it."""
        account = self.account(address)
        return account if account is not None and person is not None and person in account.box.people else None
