"""Mailboxes of an operator: which there are, what they count, and making, renaming and deleting them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from mssclient.domain.errors import Refused
from mssclient.remote import imap_lean
from mssclient.remote import imap_words as words
from mssclient.remote.imap_stream import malformed
from mssclient.remote.imap_wire import Reply, Wire
from mssclient.remote.imap_words import Counts, Namespace, RemoteFolder

log = logging.getLogger(__name__)
_NAME_CAP = 200
"""Characters of one folder's name; servers begin to refuse at 255 bytes of a path."""


class Folders:
    """What a signed-in line says and does about mailboxes. Same thread and errors as the session."""

    def __init__(self, wire: Wire, capabilities: frozenset[str]) -> None:
        self._wire = wire
        self._can = capabilities
        self._namespaces: tuple[Namespace, ...] = ()

    def all(self) -> tuple[RemoteFolder, ...]:
        """All mailboxes, those of shared namespaces too, with their special uses where the server tells them."""
        told = {"SPECIAL-USE", "LIST-EXTENDED"} <= self._can
        known = self.namespaces()
        reply = self._wire.command(b'LIST "" "*"' + (b" RETURN (SPECIAL-USE)" if told else b""))
        found = self._listed(reply)
        if all(place.prefix for place in known if place.personal):
            # Where the root is not the personal namespace, the others need not be listed from it.
            for place in known:
                if not place.personal and place.prefix and not any(m.startswith(place.prefix) for m in found):
                    found |= self._listed(self._wire.command(b'LIST ""', words.mailbox_word(place.prefix + "*")))
        self._heard(b"LIST ")
        return tuple(found.values())

    def _listed(self, reply: Reply) -> dict[str, RemoteFolder]:
        known = self.namespaces()
        told = (words.listed(line[5:], known) for line in reply.lines if line[:5].upper() == b"LIST ")
        return {folder.mailbox: folder for folder in told if folder is not None}

    def namespaces(self) -> tuple[Namespace, ...]:
        """Personal namespace first; asked once a session (RFC 2342)."""
        if not self._namespaces:
            told: tuple[Namespace, ...] = ()
            if "NAMESPACE" in self._can:
                told = self._asked_namespaces()
            own = [place for place in told if place.personal] or [Namespace("", self._separator(), personal=True)]
            self._namespaces = (*own, *(place for place in told if not place.personal))
        return self._namespaces

    def _asked_namespaces(self) -> tuple[Namespace, ...]:
        try:
            lines = self._wire.command(b"NAMESPACE").lines
        except Refused as error:  # announced, and not done: there is the root then
            log.info("NAMESPACE refused: %s", error.code)
            return ()
        found: tuple[Namespace, ...] = ()
        for line in lines:
            if line[:10].upper() == b"NAMESPACE ":
                found = words.namespaces(imap_lean.values(line, 10))
        return found

    def _separator(self) -> str:
        for line in self._wire.command(b'LIST "" ""').lines:
            if line[:5].upper() == b"LIST ":
                self._heard(b"LIST ")
                return words.text_of(imap_lean.values(line, 5)[1:2])
        return "/"

    def counts(self, mailbox: str) -> Counts:
        """STATUS of a mailbox; not of the selected one (RFC 3501 §6.3.10)."""
        lines = self._wire.command(b"STATUS", words.mailbox_word(mailbox), self._items()).lines
        for line in lines:
            if told := words.status(line):
                self._wire.aside[:] = [each for each in self._wire.aside if each not in lines]
                return told[1]
        raise malformed()

    def all_counts(self) -> dict[str, Counts]:
        """STATUS of every selectable mailbox: one command with LIST-STATUS (RFC 5819), else one a mailbox."""
        if "LIST-STATUS" in self._can:
            reply = self._wire.command(b'LIST "" "*" RETURN (STATUS ' + self._items() + b")")
            self._wire.aside.clear()
            return dict(told for line in reply.lines if (told := words.status(line)))
        found: dict[str, Counts] = {}
        for folder in self.all():
            if folder.selectable:
                try:
                    found[folder.mailbox] = self.counts(folder.mailbox)
                except Refused as error:  # gone since, or not ours to look into
                    log.info("status refused: %s", error.code)
        return found

    def _items(self) -> bytes:
        modseqs = not self._can.isdisjoint({"CONDSTORE", "QRESYNC"})
        return b"(MESSAGES UNSEEN UIDNEXT UIDVALIDITY" + (b" HIGHESTMODSEQ)" if modseqs else b")")

    def _heard(self, kind: bytes) -> None:
        """What was asked for is no news."""
        self._wire.aside[:] = [line for line in self._wire.aside if line[: len(kind)].upper() != kind]

    def mailbox_of(self, path: Sequence[str]) -> str:
        """The mailbox name of a path in the personal namespace; Refused("CANNOT") for a name that a server would take
        for something else."""
        place = self.namespaces()[0]
        separator = place.separator
        for name in path:
            odd = not name.isprintable() or name != name.strip() or len(name) > _NAME_CAP or not name
            if odd or (separator and separator in name):
                raise Refused("CANNOT")
        if len(path) > 1 and not separator:
            raise Refused("CANNOT")
        if path[0].upper() == "INBOX":
            return separator.join(("INBOX", *path[1:]))
        return place.prefix + separator.join(path)

    def create(self, path: Sequence[str], use: str = "") -> str:
        """Makes and subscribes the folder of a path; its mailbox name. `use` is a SPECIAL-USE attribute that the new
        folder gets where the server lets one say so (RFC 6154 §3)."""
        name = self.mailbox_of(path)
        word = words.mailbox_word(name)
        if use and "CREATE-SPECIAL-USE" in self._can:
            try:
                self._wire.command(b"CREATE", word, b"(USE (%s))" % use.encode())
            except Refused as error:
                if error.code not in {"USEATTR", "BAD", "NO"}:
                    raise
                self._wire.command(b"CREATE", word)
        else:
            self._wire.command(b"CREATE", word)
        self._followed(b"SUBSCRIBE", name)
        return name

    def name_anew(self, mailbox: str, path: Sequence[str]) -> str:
        """Gives a mailbox, and those below it, another name; which."""
        name = self.mailbox_of(path)
        self._wire.command(b"RENAME", words.mailbox_word(mailbox), words.mailbox_word(name))
        self._followed(b"UNSUBSCRIBE", mailbox)
        self._followed(b"SUBSCRIBE", name)
        return name

    def rights(self, mailbox: str) -> str | None:
        """The letters of what this person may do with a mailbox (RFC 4314 §3.5); None where the server does not tell."""
        if "ACL" not in self._can:
            return None
        for line in self._wire.command(b"MYRIGHTS", words.mailbox_word(mailbox)).lines:
            if line[:9].upper() == b"MYRIGHTS ":
                return words.text_of(imap_lean.values(line, 9)[1:2])
        return None

    def delete(self, mailbox: str) -> None:
        """Deletes a mailbox with what is in it."""
        self._wire.command(b"DELETE", words.mailbox_word(mailbox))
        self._followed(b"UNSUBSCRIBE", mailbox)

    def _followed(self, verb: bytes, mailbox: str) -> None:
        """Subscriptions do not follow by themselves (RFC 3501 §6.3.3–6.3.5), and are no reason to fail."""
        try:
            self._wire.command(verb, words.mailbox_word(mailbox))
        except Refused as error:
            log.info("%s refused: %s", verb.decode(), error.code)

    def quota(self) -> tuple[int, int] | None:
        """(used, limit) of INBOX's storage in bytes (RFC 9208); None when the operator sets or tells none."""
        if not any(word.startswith("QUOTA") for word in self._can):
            return None
        try:
            lines = self._wire.command(b"GETQUOTAROOT INBOX").lines
        except Refused as error:
            log.info("GETQUOTAROOT refused: %s", error.code)
            return None
        for line in lines:
            if line[:6].upper() == b"QUOTA ":
                told = imap_lean.values(line, 6)[1:2]
                resources = told[0] if told and isinstance(told[0], list) else []
                for at in range(0, len(resources) - 2, 3):
                    if words.text_of(resources[at : at + 1]).upper() == "STORAGE":
                        return imap_lean.number(resources[at + 1]) * 1024, imap_lean.number(resources[at + 2]) * 1024
        return None
