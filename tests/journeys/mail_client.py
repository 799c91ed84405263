"""Somebody else's mail client, of the standard library alone: what the operator says when it is not us who ask."""

from __future__ import annotations

import base64
import contextlib
import imaplib
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage

from mssclient.domain.session import Person
from tests.journeys.worlds import World

SENT_USE = "\\Sent"
TRASH_USE = "\\Trash"
DRAFTS_USE = "\\Drafts"


class MailClient:
    """One BAL of one world, opened under a person's own token. Each question opens a connection and closes it."""

    def __init__(self, world: World, name: str, person: Person) -> None:
        self._world = world
        self._person = person
        self.address = world.address(name)

    def _xoauth2(self) -> bytes:
        return f"user={self.address}\x01auth=Bearer {self._world.token(self._person)}\x01\x01".encode()

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self._world.mail_chain))

    @contextmanager
    def _imap(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4("127.0.0.1", self._world.ports[0], timeout=10) as line:
            line.starttls(self._context())
            line.authenticate("XOAUTH2", lambda _challenge: self._xoauth2())
            yield line

    @staticmethod
    def _folder(line: imaplib.IMAP4, use: str) -> str:
        if not use:
            return "INBOX"
        for row in line.list()[1]:
            assert isinstance(row, bytes)
            flags, name = row.decode().split(") ", 1)
            if use in flags:
                return '"' + name.split(" ", 1)[1].strip('"') + '"'
        raise AssertionError(f"no folder for {use}")

    def find(self, message_id: str, use: str = "") -> list[tuple[frozenset[str], EmailMessage]]:
        """Flags and content of the messages with this Message-ID in INBOX, or in the folder of a SPECIAL-USE."""
        with self._imap() as line:
            line.select(self._folder(line, use), readonly=True)
            numbers = line.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')[1][0].split()
            return [self._fetched(line, number.decode()) for number in numbers]

    @staticmethod
    def _fetched(line: imaplib.IMAP4, number: str) -> tuple[frozenset[str], EmailMessage]:
        answer = line.uid("FETCH", number, "(FLAGS BODY.PEEK[])")[1]
        raw = next(piece[1] for piece in answer if isinstance(piece, tuple))
        told = b" ".join(piece[0] if isinstance(piece, tuple) else piece for piece in answer).decode()
        flags = re.search(r"FLAGS \(([^)]*)\)", told)
        assert flags
        return frozenset(flags[1].split()), message_from_bytes(raw, policy=policy.default)

    def recent(self) -> list[EmailMessage]:
        """The last ten messages of INBOX."""
        with self._imap() as line:
            line.select("INBOX", readonly=True)
            numbers = line.uid("SEARCH", "ALL")[1][0].split()[-10:]
            return [self._fetched(line, number.decode())[1] for number in numbers]

    def all_of(self, use: str) -> list[tuple[frozenset[str], EmailMessage]]:
        """Flags and content of every message in the folder of a SPECIAL-USE, those marked as deleted left out."""
        with self._imap() as line:
            line.select(self._folder(line, use), readonly=True)
            numbers = line.uid("SEARCH", "UNDELETED")[1][0].split()
            found = []
            for number in numbers:
                with contextlib.suppress(StopIteration):  # gone in this very moment
                    found.append(self._fetched(line, number.decode()))
            return found

    def named(self, folder: str) -> int:
        """How many messages stand in a folder by its own name, of plain letters; 0 while there is none."""
        with self._imap() as line:
            found, told = line.select(f'"{folder}"', readonly=True)
            return int(told[0] or 0) if found == "OK" else 0

    def put(self, use: str, raw: bytes, flags: str = "") -> None:
        """File a message in the folder of a SPECIAL-USE."""
        with self._imap() as line:
            assert line.append(self._folder(line, use), flags, None, raw)[0] == "OK"

    def erase(self, use: str, message_id: str) -> None:
        """Delete a message for good."""
        with self._imap() as line:
            line.select(self._folder(line, use))
            for number in line.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')[1][0].split():
                line.uid("STORE", number.decode(), "+FLAGS", "(\\Deleted)")
            line.expunge()

    def mark(self, message_id: str, flag: str) -> None:
        """Set a flag on a message of INBOX."""
        with self._imap() as line:
            line.select("INBOX")
            number = line.uid("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')[1][0].decode()
            line.uid("STORE", number, "+FLAGS", f"({flag})")

    def send(self, message: EmailMessage) -> None:
        """Submit, as any client of this BAL would. The token goes after the 334, for Postfix's line limit."""
        with smtplib.SMTP("127.0.0.1", self._world.ports[1], timeout=10) as line:
            line.starttls(context=self._context())
            line.ehlo()
            code, _ = line.docmd("AUTH", "XOAUTH2")
            assert code == 334
            code, words = line.docmd(base64.b64encode(self._xoauth2()).decode())
            assert code == 235, words
            line.send_message(message)
