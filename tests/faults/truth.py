"""Somebody else's mail client, of the standard library alone, straight at the operator: what is true there."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tests.lab import mail
from tests.lab.mail import LabMail

_FETCHED = re.compile(rb"UID (\d+)")
_FLAGS = re.compile(rb"FLAGS \(([^)]*)\)")
_HEADER = re.compile(rb"message-id:\s*(<[^>]*>)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, order=True)
class Seen:
    """One message as a person would see it."""

    message_id: str
    read: bool
    flagged: bool


Box = dict[str, Counter[Seen]]
"""Mailbox name as IMAP writes it → its messages."""


class Truth:
    """One BAL under its person's own token, on a line of its own that is kept. Belongs to one thread at a time."""

    def __init__(self, lab: LabMail, name: str, person: str) -> None:
        self._lab = lab
        self._name = name
        self._person = person
        self._line: imaplib.IMAP4 | None = None

    def line(self) -> imaplib.IMAP4:
        """The connection, made when it is first wanted."""
        if self._line is None:
            line = imaplib.IMAP4("127.0.0.1", self._lab.ports.imap, timeout=10)
            line.starttls(ssl.create_default_context(cafile=str(self._lab.pki.mail_chain)))
            word = f"user={mail.address(self._name)}\x01auth=Bearer {self._lab.token(self._person)}\x01\x01"
            line.authenticate("XOAUTH2", lambda _challenge: word.encode())
            self._line = line
        return self._line

    def close(self) -> None:
        """Leave."""
        if self._line is not None:
            self._line.logout()
            self._line = None

    def folders(self) -> list[str]:
        """Names of all mailboxes, as IMAP writes them."""
        rows = self.line().list()[1]
        return [row.decode().split(") ", 1)[1].split(" ", 1)[1].strip('"') for row in rows if isinstance(row, bytes)]

    def select(self, mailbox: str, *, readonly: bool = True) -> int:
        """The mailbox the next question is about; how many messages it has."""
        kind, told = self.line().select(_quoted(mailbox), readonly=readonly)
        assert kind == "OK", told
        return int(told[0] or b"0")

    def listed(self, mailbox: str) -> dict[int, Seen]:
        """Uid → message of one mailbox; what is marked for deletion counts as gone from the screen's point of view no
        more than from a server's: it is there."""
        if not self.select(mailbox):
            return {}
        rows = self.line().uid("FETCH", "1:*", "(FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")[1]
        found: dict[int, Seen] = {}
        for at, row in enumerate(rows):
            if not isinstance(row, tuple):
                continue
            tail = rows[at + 1] if at + 1 < len(rows) else b""
            told = row[0] + (tail if isinstance(tail, bytes) else b"")
            uid, flags = _FETCHED.search(told), _FLAGS.search(told)
            header = _HEADER.search(row[1])
            assert uid is not None
            assert flags is not None
            marks = flags[1].split()
            name = header[1].decode() if header else ""
            found[int(uid[1])] = Seen(name, b"\\Seen" in marks, b"\\Flagged" in marks)
        return found

    def box(self) -> Box:
        """Everything."""
        return {name: Counter(self.listed(name).values()) for name in self.folders()}

    def raws(self, mailbox: str) -> list[bytes]:
        """Its messages, whole; quoted-printable line ends undone."""
        if not self.select(mailbox):
            return []
        rows = self.line().uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
        return [row[1].replace(b"=\r\n", b"") for row in rows if isinstance(row, tuple)]

    def put(self, mailbox: str, raw: bytes, flags: str = "") -> None:
        """One message more."""
        kind, told = self.line().append(_quoted(mailbox), flags, imaplib.Time2Internaldate(1_790_000_000), raw)
        assert kind == "OK", told

    def find(self, mailbox: str, message_id: str) -> list[int]:
        """Its uids there."""
        self.select(mailbox)
        return [int(n) for n in self.line().uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')[1][0].split()]

    def mark(self, mailbox: str, uids: Iterable[int], flag: str, *, on: bool = True) -> None:
        """Set or clear a flag."""
        if chosen := ",".join(map(str, uids)):
            self.select(mailbox, readonly=False)
            self.line().uid("STORE", chosen, "+FLAGS" if on else "-FLAGS", f"({flag})")

    def erase(self, mailbox: str, uids: Iterable[int]) -> None:
        """For good."""
        chosen = ",".join(map(str, uids))
        if chosen:
            self.select(mailbox, readonly=False)
            self.line().uid("STORE", chosen, "+FLAGS", "(\\Deleted)")
            self.line().uid("EXPUNGE", chosen)

    def move(self, mailbox: str, uids: Iterable[int], target: str) -> None:
        """To another mailbox."""
        if chosen := ",".join(map(str, uids)):
            self.select(mailbox, readonly=False)
            self.line().uid("MOVE", chosen, _quoted(target))

    def empty(self) -> None:
        """No mail anywhere; folders stay."""
        for name in self.folders():
            if self.select(name, readonly=False):
                self.line().store("1:*", "+FLAGS", "(\\Deleted)")
                self.line().expunge()

    def create(self, mailbox: str) -> None:
        """A folder, where it does not exist."""
        if mailbox not in self.folders():
            self.line().create(_quoted(mailbox))

    def rename(self, mailbox: str, name: str) -> None:
        """A folder's new name."""
        kind, told = self.line().rename(_quoted(mailbox), _quoted(name))
        assert kind == "OK", told

    def delete(self, mailbox: str) -> None:
        """A folder with its mail."""
        self.line().select("INBOX", readonly=True)
        kind, told = self.line().delete(_quoted(mailbox))
        assert kind == "OK", told


def _quoted(mailbox: str) -> str:
    return f'"{mailbox}"'
