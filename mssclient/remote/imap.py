"""An operator's mailbox over IMAP: one session, domain values in and out.

A session belongs to the thread that opened it, `cut` excepted. Any method raises Offline when the line is cut, slow or
senseless (open another session), and Refused with the response code when the operator says no (RFC 5530).
"""

from __future__ import annotations

import logging
import selectors
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import Cancelled, Refused
from mssclient.domain.message import Envelope, PartSpec
from mssclient.domain.mime_tree import decoded
from mssclient.remote import imap_lean, tls
from mssclient.remote import imap_words as words
from mssclient.remote.imap_login import secure, sign_in
from mssclient.remote.imap_wire import Literal, Wire, malformed
from mssclient.remote.imap_words import Counts, RemoteFolder
from mssclient.remote.tls import MailTrust

__all__ = ["Counts", "Idle", "ImapSession", "RemoteFolder", "Selected"]

log = logging.getLogger(__name__)

BATCH = 200
"""Messages of one FETCH of envelopes."""
CHUNK = 256 * 1024
"""Bytes of one piece of a body: what a cancel or a progress bar waits for."""
_POLL_S = 60.0
_GOODBYE_S = 2.0

Progress = Callable[[int, int], None]
"""Bytes so far, bytes in all (0 when unknown)."""


@dataclass(frozen=True, slots=True)
class Selected:
    """A mailbox as SELECT tells it; `highest_modseq` 0 without CONDSTORE, `uidnext` 0 when the server keeps it."""

    uidvalidity: int
    uidnext: int
    exists: int
    highest_modseq: int


class Idle(Enum):
    """Why IDLE ended."""

    PUSHED = "pushed"  # something changed in the mailbox
    WOKEN = "woken"  # the wake socket is readable
    TIMEOUT = "timeout"


class ImapSession:
    """A signed-in connection to one BAL. After Offline it is of no more use; `close` or `cut` it in any case."""

    def __init__(self, wire: Wire, capabilities: frozenset[str]) -> None:
        self._wire = wire
        self.capabilities = capabilities
        self._personal: tuple[str, str] | None = None
        self._counted = True

    @classmethod
    def open(
        cls,
        environment: Environment,
        profile: OperatorProfile,
        bal_address: str,
        token: str,
        *,
        trust: MailTrust | None = None,
        timeout_s: float = 30.0,
    ) -> ImapSession:
        """Connects, puts TLS on, signs in with XOAUTH2 (ECO.1.0.1, 1.2.1); `timeout_s` also bounds each later wait.

        Without `trust`, one is made for this connection, which knows the administrator's lists of revoked
        certificates only.

        Raises Untrusted before the token leaves when the server is not to be trusted or does no STARTTLS,
        Refused("AUTHENTICATIONFAILED") for a token that is not taken, Refused with another code (such as
        AUTHORIZATIONFAILED) for a person who is not let in, Offline(busy) when the operator is in trouble.
        """
        host = profile.imap.host
        context = trust.context() if trust is not None else tls.mail_context(environment)
        wire = Wire.connect(host, tls.address(environment, host), profile.imap.port, timeout_s)
        try:
            secure(wire, context, host)
            login = bal_address.partition("@")[0] if profile.login == "local" else bal_address
            return cls(wire, sign_in(wire, login, token))
        except BaseException:
            wire.cut()
            raise

    # Folders

    def folders(self) -> tuple[RemoteFolder, ...]:
        """All mailboxes, those of shared namespaces too, with their special uses where the server tells them."""
        told = {"SPECIAL-USE", "LIST-EXTENDED"} <= self.capabilities
        reply = self._wire.command(b'LIST "" "*"' + (b" RETURN (SPECIAL-USE)" if told else b""))
        prefix, _ = self._namespace()
        found = (words.listed(line[5:], prefix) for line in reply.lines if line[:5].upper() == b"LIST ")
        return tuple(folder for folder in found if folder is not None)

    def _namespace(self) -> tuple[str, str]:
        """Prefix and separator of the personal namespace (RFC 2342); asked once a session."""
        if self._personal is None:
            self._personal = ("", self._separator())
            if "NAMESPACE" in self.capabilities:
                for line in self._wire.command(b"NAMESPACE").lines:
                    if line[:10].upper() == b"NAMESPACE ":
                        self._personal = words.personal(imap_lean.values(line, 10)) or self._personal
        return self._personal

    def _separator(self) -> str:
        for line in self._wire.command(b'LIST "" ""').lines:
            if line[:5].upper() == b"LIST ":
                return words.text_of(imap_lean.values(line, 5)[1:2])
        return "/"

    def counts(self, mailbox: str) -> Counts:
        """STATUS of a mailbox; not of the selected one (RFC 3501 §6.3.10)."""
        for line in self._wire.command(b"STATUS", words.mailbox_word(mailbox), self._status_items()).lines:
            if told := words.status(line):
                return told[1]
        raise malformed()

    def all_counts(self) -> dict[str, Counts]:
        """STATUS of every selectable mailbox: one command with LIST-STATUS (RFC 5819), else one a mailbox."""
        if "LIST-STATUS" in self.capabilities:
            reply = self._wire.command(b'LIST "" "*" RETURN (STATUS ' + self._status_items() + b")")
            return dict(told for line in reply.lines if (told := words.status(line)))
        found: dict[str, Counts] = {}
        for folder in self.folders():
            if folder.selectable:
                try:
                    found[folder.mailbox] = self.counts(folder.mailbox)
                except Refused as error:  # gone since, or not ours to look into
                    log.info("status refused: %s", error.code)
        return found

    def _status_items(self) -> bytes:
        return b"(MESSAGES UNSEEN UIDNEXT UIDVALIDITY" + (b" HIGHESTMODSEQ)" if self._modseqs else b")")

    @property
    def _modseqs(self) -> bool:
        return not self.capabilities.isdisjoint({"CONDSTORE", "QRESYNC"})

    @property
    def _modseqs_here(self) -> bool:
        """Some mailboxes have no modseqs, and asking for them there is an error (RFC 7162 §3.1.2.2)."""
        return self._modseqs and self._counted

    def create(self, path: Sequence[str]) -> str:
        """Makes and subscribes the folder of a path in the personal namespace; its mailbox name."""
        prefix, separator = self._namespace()
        if any(separator and separator in name for name in path):
            raise Refused("CANNOT")
        name = prefix + separator.join(path)
        self._wire.command(b"CREATE", words.mailbox_word(name))
        self._wire.command(b"SUBSCRIBE", words.mailbox_word(name))
        return name

    def quota(self) -> tuple[int, int] | None:
        """(used, limit) of INBOX's storage in bytes (RFC 9208); None when the operator sets or tells none."""
        if not any(word.startswith("QUOTA") for word in self.capabilities):
            return None
        for line in self._wire.command(b"GETQUOTAROOT INBOX").lines:
            if line[:6].upper() == b"QUOTA ":
                told = imap_lean.values(line, 6)[1:2]
                resources = told[0] if told and isinstance(told[0], list) else []
                for at in range(0, len(resources) - 2, 3):
                    if words.text_of(resources[at : at + 1]).upper() == "STORAGE":
                        return imap_lean.number(resources[at + 1]) * 1024, imap_lean.number(resources[at + 2]) * 1024
        return None

    # The selected mailbox

    def select(self, mailbox: str) -> Selected:
        """Makes a mailbox the one that all calls below are about."""
        reply = self._wire.command(b"SELECT", words.mailbox_word(mailbox), *([b"(CONDSTORE)"] if self._modseqs else []))
        self._wire.news = False
        codes = {code: argument for code, argument in reply.codes() if code}
        self._counted = "NOMODSEQ" not in codes
        exists = [line.partition(b" ")[0] for line in reply.lines if line.upper().endswith(b" EXISTS")]
        return Selected(
            uidvalidity=imap_lean.number(codes.get("UIDVALIDITY")),
            uidnext=imap_lean.number(codes.get("UIDNEXT")),
            exists=imap_lean.number(exists[-1]) if exists else 0,
            highest_modseq=imap_lean.number(codes.get("HIGHESTMODSEQ")),
        )

    def uids(self, first_uid: int = 1) -> list[int]:
        """The uids at or above `first_uid`, ascending."""
        return self._search(b"UID %d:*" % first_uid, first_uid)

    def find(self, message_id: str) -> list[int]:
        """The uids of messages with this Message-ID, ascending."""
        return self._search(b"HEADER MESSAGE-ID", 1, Literal(message_id.encode("utf-8", "replace")))

    def _search(self, criterion: bytes, first_uid: int, *more: Literal) -> list[int]:
        short = "ESEARCH" in self.capabilities  # RFC 4731: ranges, a thousandth of the bytes
        reply = self._wire.command(b"UID SEARCH RETURN (ALL)" if short else b"UID SEARCH", criterion, *more)
        found: set[int] = set()
        for line in reply.lines:
            if line[:8].upper() == b"ESEARCH " and (ranges := words.ESEARCH_ALL.search(line)):
                found |= words.expanded(ranges[1])
            elif line[:6].upper() == b"SEARCH":
                found.update(int(word) for word in line[6:].split() if word.isdigit())
        # `n:*` always names the last message, be it below n (RFC 3501 §9, seq-range).
        return sorted(uid for uid in found if uid >= first_uid)

    def envelopes(self, uids: Sequence[int]) -> Iterator[list[Envelope]]:
        """The envelopes of these uids in their order, at most `BATCH` at a time; those that are gone are left out.

        The next batch is asked for before one is decoded. Other calls may be made between two batches, `select`
        excepted.
        """
        batches = [uids[at : at + BATCH] for at in range(0, len(uids), BATCH)]
        items = b"(" + imap_lean.ENVELOPE_ITEMS + (b" MODSEQ)" if self._modseqs_here else b")")
        pending = self._wire.ahead(b"UID FETCH", words.one_set(batches[0]), items) if batches else None
        for at, batch in enumerate(batches):
            if pending is None:
                return
            reply = self._wire.complete(pending)
            following = batches[at + 1] if at + 1 < len(batches) else None
            pending = self._wire.ahead(b"UID FETCH", words.one_set(following), items) if following else None
            found = {e.uid: e for line in reply.lines if (e := imap_lean.envelope(line)) is not None}
            yield [found[uid] for uid in batch if uid in found]

    def flags(self, changed_since: int = 0, uids: Sequence[int] | None = None) -> list[tuple[int, frozenset[str], int]]:
        """(uid, flags, modseq) of these uids, of all by default; with CONDSTORE only those changed since a modseq."""
        items = b"(UID FLAGS MODSEQ)" if self._modseqs_here else b"(UID FLAGS)"
        since = [b"(CHANGEDSINCE %d)" % changed_since] if changed_since and self._modseqs_here else []
        found: dict[int, tuple[int, frozenset[str], int]] = {}
        for wanted in [b"1:*"] if uids is None else words.sets(uids):
            for line in self._wire.command(b"UID FETCH", wanted, items, *since).lines:
                if told := imap_lean.flag_line(line):
                    found[told[0]] = told
        if uids is not None:  # others may be told in passing
            asked = set(uids)
            return [told for uid, told in found.items() if uid in asked]
        return list(found.values())

    # Content

    def body(self, uid: int, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None) -> bytes:
        """A whole message as it lies on the server, read state untouched.

        Raises Refused("NONEXISTENT") when it is gone, Cancelled between two chunks.
        """
        return self._content(uid, b"", progress, cancelled)

    def part(
        self,
        uid: int,
        spec: PartSpec,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> bytes:
        """A part, its transfer encoding undone as far as it goes. As `body`."""
        if not words.SECTION.fullmatch(spec.number):
            raise Refused("NONEXISTENT")
        raw = self._content(uid, spec.number.encode(), progress, cancelled, spec.size)
        return decoded(raw, spec.encoding)

    def _content(
        self,
        uid: int,
        section: bytes,
        progress: Progress | None,
        cancelled: Callable[[], bool] | None,
        size: int = 0,
    ) -> bytes:
        pieces: list[bytes] = []
        done = 0
        while True:
            if cancelled is not None and cancelled():
                raise Cancelled
            item = b"BODY.PEEK[%s]<%d.%d>" % (section, done, CHUNK)
            wanted = b"(UID RFC822.SIZE %s)" if not section and not pieces else b"(UID %s)"
            found = self._items(uid, wanted % item)
            piece = found.get(b"BODY") or b""
            if not isinstance(piece, bytes):
                raise malformed()
            size = imap_lean.number(found.get(b"RFC822.SIZE")) or size
            pieces.append(piece)
            done += len(piece)
            if progress is not None:
                progress(done, max(size, done))
            # The size is no criterion: some servers announce it wrong.
            if len(piece) < CHUNK:
                return b"".join(pieces)

    def _items(self, uid: int, wanted: bytes) -> dict[bytes, imap_lean.Value]:
        for line in self._wire.command(b"UID FETCH %d" % uid, wanted).lines:
            found = imap_lean.items(line)
            if found is not None and imap_lean.number(found.get(b"UID")) == uid and b"BODY" in found:
                return found
        raise Refused("NONEXISTENT")

    # Changes

    def mark(
        self, uids: Sequence[int], add: frozenset[str] = frozenset(), remove: frozenset[str] = frozenset()
    ) -> None:
        """Sets and clears flags and keywords."""
        for wanted in words.sets(uids):
            for sign, flags in ((b"+", add), (b"-", remove)):
                if flags:
                    self._wire.command(b"UID STORE", wanted, sign + b"FLAGS.SILENT", words.flag_list(flags))

    def move(self, uids: Sequence[int], mailbox: str) -> dict[int, int]:
        """Moves messages; old uid → new uid where the server tells (UIDPLUS), else an empty table."""
        known = self._wire.news
        table: dict[int, int] = {}
        for wanted in words.sets(uids):
            if "MOVE" in self.capabilities:
                table |= words.copied(self._wire.command(b"UID MOVE", wanted, words.mailbox_word(mailbox)))
            else:
                table |= words.copied(self._wire.command(b"UID COPY", wanted, words.mailbox_word(mailbox)))
                self._expunge(wanted)
        self._wire.news = known
        return table

    def erase(self, uids: Sequence[int]) -> None:
        """Deletes messages for good; nobody else's deletions with them where the server has UIDPLUS (RFC 4315)."""
        known = self._wire.news
        for wanted in words.sets(uids):
            self._expunge(wanted)
        self._wire.news = known

    def _expunge(self, wanted: bytes) -> None:
        self._wire.command(b"UID STORE", wanted, b"+FLAGS.SILENT", rb"(\Deleted)")
        if "UIDPLUS" in self.capabilities:
            self._wire.command(b"UID EXPUNGE", wanted)
        # Without UIDPLUS the mark stays: a plain EXPUNGE would also take what others marked.

    def sweep(self, uids: Sequence[int]) -> None:
        """After `erase`, on a server without UIDPLUS: a plain EXPUNGE, unless it would take what somebody else marked."""
        if "UIDPLUS" not in self.capabilities and set(self._search(b"DELETED", 1)) <= set(uids):
            known = self._wire.news
            self._wire.command(b"EXPUNGE")
            self._wire.news = known

    def append(self, mailbox: str, raw: bytes, flags: frozenset[str], when: datetime) -> int:
        """Files a message; its uid, 0 when the server does not tell. `when` is aware."""
        stamp = f'"{when.day:02d}-{words.MONTHS[when.month - 1]}-{when:%Y %H:%M:%S %z}"'.encode()
        reply = self._wire.command(b"APPEND", words.mailbox_word(mailbox), words.flag_list(flags), stamp, Literal(raw))
        for code, argument in reply.codes():
            if code == "APPENDUID":
                return imap_lean.number(argument.split()[-1] if argument else None)
        return 0

    # The line

    def idle(self, wake: socket.socket, timeout_s: float) -> Idle:
        """Rests until the selected mailbox changes, `wake` is readable (it is not read) or the time is over.

        A change that was told in passing by an earlier command ends it at once. Servers without IDLE are polled each
        minute. Raises Offline when the server hangs up. Stay under 29 minutes (RFC 2177).
        """
        woken = False
        if "IDLE" not in self.capabilities:
            woken = _readable(wake, min(timeout_s, _POLL_S))
            if not woken:
                self.noop()
        elif not self._wire.news:
            woken = self._wire.idle(wake, timeout_s)
        pushed, self._wire.news = self._wire.news, False
        if pushed:
            return Idle.PUSHED
        return Idle.WOKEN if woken else Idle.TIMEOUT

    def noop(self) -> None:
        """Asks for news; a line that is dead says so."""
        self._wire.command(b"NOOP")

    def close(self) -> None:
        """Says goodbye and hangs up, within two seconds; never raises."""
        self._wire.logout(_GOODBYE_S)

    def cut(self) -> None:
        """Hangs up now; any thread. The owner's running call, if any, raises Offline."""
        self._wire.cut()


def _readable(wake: socket.socket, timeout_s: float) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(wake, selectors.EVENT_READ)
        return bool(selector.select(timeout_s))
