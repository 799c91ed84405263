"""An operator's mailbox over IMAP: one session, domain values in and out.

A session belongs to the thread that opened it, `cut` excepted. Any method raises Offline when the line is cut, slow or
senseless (open another session), and Refused with the response code when the operator says no (RFC 5530).
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import Refused
from mssclient.domain.message import Envelope, PartSpec
from mssclient.domain.mime_tree import decoded
from mssclient.remote import imap_lean, tls
from mssclient.remote import imap_words as words
from mssclient.remote.applicative import Plain
from mssclient.remote.imap_content import CHUNK, Keep, Progress, content
from mssclient.remote.imap_folders import Folders
from mssclient.remote.imap_login import secure, sign_in
from mssclient.remote.imap_news import EVENTS, delta, search
from mssclient.remote.imap_removal import expunge
from mssclient.remote.imap_stream import readable
from mssclient.remote.imap_values import Idle, Known, News, Selected, kept_flags
from mssclient.remote.imap_wire import Literal, Wire
from mssclient.remote.imap_words import Counts, Delta, RemoteFolder
from mssclient.remote.tls import MailTrust

__all__ = ["CHUNK", "Counts", "Delta", "Idle", "ImapSession", "Known", "News", "RemoteFolder", "Selected"]

log = logging.getLogger(__name__)

BATCH = 200
"""Messages of one FETCH of envelopes."""
_POLL_S, _GOODBYE_S = 60.0, 2.0


class ImapSession:
    """A signed-in connection to one BAL. After Offline it is of no more use; `close` or `cut` it in any case."""

    def __init__(self, wire: Wire, capabilities: frozenset[str]) -> None:
        self._wire = wire
        self.capabilities = capabilities
        self._mailboxes = Folders(wire, capabilities)
        self._counted = True
        """Some mailboxes have no modseqs, and asking for them there is an error (RFC 7162 §3.1.2.2)."""
        self.resyncs = self.notifies = self.compressed = False
        """Whether SELECT tells what changed (QRESYNC, RFC 7162); changes of all mailboxes are told without asking (NOTIFY,
        RFC 5465); the line is DEFLATE."""

    @classmethod
    def open(
        cls,
        environment: Environment,
        profile: OperatorProfile,
        bal_address: str,
        token: str | Plain,
        *,
        trust: MailTrust | None = None,
        timeout_s: float = 30.0,
        compress: bool | None = None,
    ) -> ImapSession:
        """Connects, puts TLS on, signs in with XOAUTH2 (ECO.1.0.1, 1.2.1); `timeout_s` also bounds each later wait.

        Without `trust`, one is made for this connection, which knows the administrator's lists of revoked
        certificates only. `compress`: whether to ask for COMPRESS=DEFLATE, by default of servers that are not on this
        machine.

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
            session = cls(wire, sign_in(wire, login, token))
            session._agree(compress=not wire.stream.is_near if compress is None else compress)
            return session
        except BaseException:
            wire.cut()
            raise

    def _agree(self, *, compress: bool) -> None:
        """Extensions that have to be asked for; a server that announces one and refuses it goes without."""
        # Compression only behind TLS and sign-in: a token never shares a compressed stream with what others wrote.
        if compress and "COMPRESS=DEFLATE" in self.capabilities and self._is_granted(b"COMPRESS", b"DEFLATE"):
            self._wire.stream.compress()
            self.compressed = True
        if {"QRESYNC", "ENABLE"} <= self.capabilities:
            self.resyncs = self._is_granted(b"ENABLE", b"QRESYNC")

    def _is_granted(self, *command: bytes) -> bool:
        try:
            self._wire.command(*command)
        except Refused as error:
            log.info("%s refused: %s", command[0].decode(), error.code)
            return False
        return True

    def alerts(self) -> tuple[str, ...]:
        """What the server wants a person to read since the last call (RFC 3501 §7.1): its own words, plain text."""
        found = tuple(self._wire.alerts)
        self._wire.alerts.clear()
        return found

    @property
    def received(self) -> int:
        """Bytes that came over the line."""
        return self._wire.stream.received

    @property
    def spoken(self) -> int:
        """How many commands were given."""
        return self._wire.spoken

    # Folders

    def folders(self) -> tuple[RemoteFolder, ...]:
        """All mailboxes, those of shared namespaces too, with their special uses where the server tells them."""
        return self._mailboxes.all()

    def counts(self, mailbox: str) -> Counts:
        """STATUS of a mailbox; not of the selected one (RFC 3501 §6.3.10)."""
        return self._mailboxes.counts(mailbox)

    def all_counts(self) -> dict[str, Counts]:
        """STATUS of every selectable mailbox: one command with LIST-STATUS (RFC 5819), else one a mailbox."""
        return self._mailboxes.all_counts()

    def create(self, path: Sequence[str], use: str = "") -> str:
        """Makes and subscribes the folder of a path in the personal namespace, for a SPECIAL-USE where the server lets
        one say so; its mailbox name."""
        return self._mailboxes.create(path, use)

    def name_anew(self, mailbox: str, path: Sequence[str]) -> str:
        """Gives a mailbox, and those below it, another name; which."""
        return self._mailboxes.name_anew(mailbox, path)

    def delete(self, mailbox: str) -> None:
        """Deletes a mailbox with what is in it."""
        self._mailboxes.delete(mailbox)

    def rights(self, mailbox: str) -> str | None:
        """The letters of RFC 4314 §2.1 for a mailbox; None where the server does not tell."""
        return self._mailboxes.rights(mailbox)

    def mailbox_of(self, path: Sequence[str]) -> str:
        """The mailbox name of a path in the personal namespace; Refused("CANNOT") for one that cannot be."""
        return self._mailboxes.mailbox_of(path)

    def separator(self) -> str:
        """What stands between the names of a path; empty where mailboxes have none below them."""
        return self._mailboxes.namespaces()[0].separator

    def quota(self) -> tuple[int, int] | None:
        """(used, limit) of INBOX's storage in bytes (RFC 9208); None when the operator sets or tells none."""
        return self._mailboxes.quota()

    @property
    def moves(self) -> bool:
        """Whether a move is one step (RFC 6851), else a copy and a deletion."""
        return "MOVE" in self.capabilities

    @property
    def _modseqs(self) -> bool:
        return not self.capabilities.isdisjoint({"CONDSTORE", "QRESYNC"})

    # The selected mailbox

    def select(self, mailbox: str, known: Known | None = None) -> Selected:
        """Makes a mailbox the one that all calls below are about; with `known` and QRESYNC it tells what changed."""
        asks = known is not None and self.resyncs and known.uidvalidity > 0 and known.modseq > 0
        if asks and known is not None:
            wanted = b"(QRESYNC (%d %d))" % (known.uidvalidity, known.modseq)
        else:
            wanted = b"(CONDSTORE)" if self._modseqs else b""
        reply = self._wire.command(b"SELECT", words.mailbox_word(mailbox), *([wanted] if wanted else []))
        self._wire.news = False
        codes = {code: argument for code, argument in reply.codes() if code}
        self._counted = "NOMODSEQ" not in codes
        exists = [line.partition(b" ")[0] for line in reply.lines if line.upper().endswith(b" EXISTS")]
        uidvalidity, modseq = (imap_lean.number(codes.get(code)) for code in ("UIDVALIDITY", "HIGHESTMODSEQ"))
        same = asks and known is not None and uidvalidity == known.uidvalidity and modseq > 0
        return Selected(
            uidvalidity=uidvalidity,
            uidnext=imap_lean.number(codes.get("UIDNEXT")),
            exists=imap_lean.number(exists[-1]) if exists else 0,
            highest_modseq=modseq,
            delta=delta(reply.lines) if same else None,
            keeps=kept_flags(codes),
        )

    def uids(self, first_uid: int = 1) -> list[int]:
        """The uids at or above `first_uid`, ascending."""
        return self._search(b"UID %d:*" % first_uid, first_uid)

    def find(self, message_id: str) -> list[int]:
        """The uids of messages with this Message-ID, ascending."""
        return self._search(b"HEADER MESSAGE-ID", 1, Literal(message_id.encode("utf-8", "replace")))

    def bearing(self, flag: str, *, on: bool = True) -> set[int]:
        """The uids of messages that bear a flag or keyword, or do not."""
        word = flag.removeprefix("\\").upper() if flag.startswith("\\") else f"KEYWORD {flag}"
        return set(self._search((word if on else f"UN{word}").encode(), 1))

    def matching(self, uids: Sequence[int], conditions: Sequence[bytes | Literal]) -> list[int]:
        """Which of these uids meet the conditions of a SEARCH (`imap_search.criteria`), ascending."""
        if not uids or not conditions:
            return []
        found = self._search(b"CHARSET UTF-8 UID " + words.one_set(uids), 1, *conditions)
        asked = set(uids)
        return [uid for uid in found if uid in asked]

    def message_ids(self, uids: Sequence[int]) -> dict[int, str]:
        """The Message-ID of these few messages, as far as they are there."""
        found: dict[int, str] = {}
        item = b"(UID BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
        for line in self._wire.command(b"UID FETCH", words.one_set(uids), item).lines if uids else ():
            told = imap_lean.items(line)
            if told is not None and isinstance(block := told.get(b"BODY"), bytes):
                found[imap_lean.number(told.get(b"UID"))] = imap_lean.message_id_in(block)
        return found

    def _search(self, criterion: bytes, first_uid: int, *more: bytes | Literal) -> list[int]:
        return search(self._wire, criterion, first_uid, *more, short="ESEARCH" in self.capabilities)

    def envelopes(self, uids: Sequence[int]) -> Iterator[list[Envelope]]:
        """The envelopes of these uids in their order, at most `BATCH` at a time; those that are gone are left out.

        The next batch is asked for before one is decoded. Other calls may be made between two batches, `select`
        excepted.
        """
        batches = [uids[at : at + BATCH] for at in range(0, len(uids), BATCH)]
        items = b"(" + imap_lean.ENVELOPE_ITEMS + (b" MODSEQ)" if (self._modseqs and self._counted) else b")")
        pending = self._wire.ahead(b"UID FETCH", words.one_set(batches[0]), items) if batches else None
        for at, batch in enumerate(batches):
            if pending is None:
                return
            reply = self._wire.complete(pending)
            following = batches[at + 1] if at + 1 < len(batches) else None
            pending = self._wire.ahead(b"UID FETCH", words.one_set(following), items) if following else None
            found = {e.uid: e for line in reply.lines if (e := imap_lean.envelope(line)) is not None}
            yield [found[uid] for uid in batch if uid in found]

    def spare_envelopes(self, uids: Sequence[int]) -> Iterator[list[Envelope]]:
        """As `envelopes`, for what will not come otherwise: without parts, from the beginning of the header."""
        reply = self._wire.command(b"UID FETCH", words.one_set(uids), imap_lean.SPARE_ITEMS)
        yield [e for line in reply.lines if (e := imap_lean.envelope(line)) is not None and e.uid in uids]

    def flags(self, changed_since: int = 0, uids: Sequence[int] | None = None) -> list[tuple[int, frozenset[str], int]]:
        """(uid, flags, modseq) of these uids, of all by default; with CONDSTORE only those changed since a modseq."""
        counted = self._modseqs and self._counted
        items = b"(UID FLAGS MODSEQ)" if counted else b"(UID FLAGS)"
        since = [b"(CHANGEDSINCE %d)" % changed_since] if changed_since and counted else []
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

    def body(
        self,
        uid: int,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        *,
        have: bytes = b"",
        keep: Keep | None = None,
    ) -> bytes:
        """A whole message as it lies on the server, read state untouched; the bytes of `have` are not asked for again.

        Raises Refused("NONEXISTENT") when it is gone, Cancelled between two chunks.
        """
        return content(self._wire, uid, b"", progress=progress, cancelled=cancelled, have=have, keep=keep)

    def part(
        self,
        uid: int,
        spec: PartSpec,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        *,
        have: bytes = b"",
        keep: Keep | None = None,
    ) -> bytes:
        """A part, its transfer encoding undone as far as it goes. `have` and `keep` are as on the server. As `body`."""
        if not words.SECTION.fullmatch(spec.number):
            raise Refused("NONEXISTENT")
        section = spec.number.encode()
        raw = content(
            self._wire, uid, section, progress=progress, cancelled=cancelled, size=spec.size, have=have, keep=keep
        )
        return decoded(raw, spec.encoding)

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
            if self.moves:
                table |= words.copied(self._wire.command(b"UID MOVE", wanted, words.mailbox_word(mailbox)))
            else:
                table |= words.copied(self._wire.command(b"UID COPY", wanted, words.mailbox_word(mailbox)))
                expunge(self._wire, wanted, self.capabilities)
        self._wire.news = known
        return table

    def erase(self, uids: Sequence[int]) -> None:
        """Deletes messages for good; nobody else's deletions with them."""
        known = self._wire.news
        for wanted in words.sets(uids):
            expunge(self._wire, wanted, self.capabilities)
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
            woken = readable(wake, min(timeout_s, _POLL_S))
            if not woken:
                self.noop()
        elif not self._wire.news and not self._wire.aside:
            try:
                woken = self._wire.idle(wake, timeout_s)
            except Refused as error:
                log.info("IDLE refused: %s", error.code)
                self.capabilities -= {"IDLE"}
        pushed, self._wire.news = self._wire.news, False
        if pushed:
            return Idle.PUSHED
        if self._wire.aside:
            return Idle.ELSEWHERE
        return Idle.WOKEN if woken else Idle.TIMEOUT

    def notify(self) -> bool:
        """Asks to be told of changes in all mailboxes of the BAL (RFC 5465); whether they will be."""
        if "NOTIFY" in self.capabilities and not self.notifies:
            self.notifies = any(self._is_granted(b"NOTIFY SET", *events) for events in EVENTS)
        return self.notifies

    def news(self) -> News:
        """What was told in passing of other mailboxes since the last call."""
        told, self._wire.aside[:] = list(self._wire.aside), []
        counts: dict[str, Counts] = {}
        folders = False
        for line in told:
            if found := words.status(line):
                counts[found[0]] = found[1]
            else:
                folders = True
        return News(counts, folders)

    def noop(self) -> None:
        """Asks for news; a line that is dead says so."""
        self._wire.command(b"NOOP")

    def close(self) -> None:
        """Says goodbye and hangs up, within two seconds; never raises."""
        self._wire.logout(_GOODBYE_S)

    def cut(self) -> None:
        """Hangs up now; any thread. The owner's running call, if any, raises Offline."""
        self._wire.cut()
