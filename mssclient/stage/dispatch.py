"""`mssclient dispatch`: sends what the record system lays down, without anybody, from an applicative BAL (mssante.md §1)."""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QLockFile

from mssclient import app
from mssclient.domain import whitelist
from mssclient.domain.errors import FilingRefused, MssError, NotAllowed, StoreTrouble, Unreadable, Untrusted
from mssclient.domain.identity import Usager
from mssclient.domain.outbox import OutboxId, Outgoing, SendEvent, SendState
from mssclient.dui import folder as files
from mssclient.dui import inbound
from mssclient.dui.inbound import REFUSED, SENT, Marks
from mssclient.engine.house import Speaker, utc_now
from mssclient.engine.roster import RosterFile
from mssclient.engine.shipping import opposed_by
from mssclient.remote import annuaire
from mssclient.remote.applicative import Identity, trust_with
from mssclient.stage import dispatch_words
from mssclient.stage.dispatch_config import BadConfig, Config, read
from mssclient.stage.dispatch_intake import Intake, asked
from mssclient.stage.dispatch_line import Lines
from mssclient.store.database import Database
from mssclient.store.outbox import OutboxStore
from mssclient.store.shipments import ShipmentStore

log = logging.getLogger(__name__)
WHITE_LIST = "liste-blanche.xml"
REPORT = "rapport.csv"
_WHITE_LIST_S = 86_400
LEFT = frozenset({SendState.SENT, SendState.DONE})
_COLUMNS = ("numero", "etat", "mis_en_file", "parti", "essais", "code", "destinataires", "devenir", "motif", "message_id",
            "fichier")  # fmt: skip


class Dispatch:
    """One sender on one folder. `round` does all there is to do now; one thread."""

    def __init__(self, config: Config, clock: Callable[[], datetime] = utc_now) -> None:
        self._config = config
        self._clock = clock
        self.environment = app.load_environment(config.environment)
        app.prepare_home(config.state)
        self.database = Database(config.state / "queue.sqlite", _key(config.key_file))
        self.outbox, self.shipments = OutboxStore(self.database), ShipmentStore(self.database)
        self._roster = RosterFile(self.environment.filing_roster, Speaker(lambda _event: None), clock)
        self._intake = Intake(config, self.environment, self.database, self._opposed)
        self._marks: Marks = {}
        self._known: dict[str, tuple[int, int]] = {}
        """Sidecars that were taken in, as they were then: one that is written anew is another wish."""
        self._white_list: frozenset[str] = frozenset()
        self._listed_at = 0.0
        identity = Identity.read(_content(config.certificate), config.certificate_password)
        if identity.expires < clock():
            raise BadConfig("identity.certificate")
        trust = trust_with(self.environment, identity, config.state / "revocation")
        self._trust = trust
        self.lines = Lines(config, self.environment, trust, self.database, clock)

    def begin(self) -> None:
        """What an earlier run left half done is told for what it is."""
        self.lines.mend()

    def close(self) -> None:
        """No more."""
        self.database.close()

    def round(self, stopping: Callable[[], bool] = lambda: False) -> None:
        """Take in, send what is due within the limits, put away, report."""
        self._know_whom_to_trust()
        self._take_in()
        self._send(stopping)
        self.lines.tidy()
        self.lines.listen()
        self._put_away()
        self._report()

    def _know_whom_to_trust(self) -> None:
        """The white list, a day old at most; the last good one serves while a newer cannot be had."""
        kept, now = self._config.state / WHITE_LIST, self._clock().timestamp()
        if self._white_list and now - self._listed_at < _WHITE_LIST_S:
            return
        if self.environment.white_list:
            try:
                content = annuaire.white_list(self.environment)
                self._white_list = frozenset(whitelist.read(content).domains)
                files.replace(kept, content)
                self._trust.refresh()
                self._listed_at = now
            except (MssError, OSError) as error:
                log.info("white list: %s", type(error).__name__)
        if not self._white_list and kept.exists():
            with contextlib.suppress(Unreadable):
                self._white_list = frozenset(whitelist.read(kept.read_bytes()).domains)
                self._listed_at = now - _WHITE_LIST_S + 600

    # -- in
    def _take_in(self) -> None:
        folder = self._config.folder
        if not self._white_list:
            log.info("no white list: nothing can be checked, nothing is taken in")
            return
        self._roster.look()
        if self._roster.status.error is not None and not self._roster.roster.records:
            log.info("the record's usagers cannot be read: oppositions are not known, nothing is taken in")
            return
        try:
            seen = inbound.look(folder, self._marks)
        except FilingRefused as error:
            log.info("folder: %s", error.reason.value)
            return
        self._marks = seen.marks
        for proposal in seen.proposals:
            mark = seen.marks[proposal.name]
            if not proposal.name.lower().endswith(".json") or self._known.get(proposal.name) == mark:
                continue
            self._known[proposal.name] = mark
            try:
                if proposal.problem is not None:
                    raise proposal.problem
                wish = asked(folder, proposal.name, proposal.handed)
                queued = self._intake.queue(
                    wish, self._white_list, self._clock().replace(microsecond=0), self.lines.size_limit
                )
            except (Unreadable, NotAllowed) as error:
                self._refuse(proposal.name, proposal.handed.attachments, error)
                continue
            log.info("one message %s", "queued" if queued else "was asked for already")
            if not queued and self.shipments.has_left(wish.draft_id):
                self._put(SENT, (proposal.name, *proposal.handed.attachments))

    def _opposed(self, usager: Usager) -> tuple[bool, bool]:
        return opposed_by(self._roster.roster.candidates(usager))

    def _refuse(self, name: str, others: tuple[str, ...], error: MssError) -> None:
        """What may not leave goes into REFUSED with the reason beside it, in words."""
        log.info("a message is refused: %s", error)
        self._put(REFUSED, (name, *others))
        self._give_reason(name, dispatch_words.refusal(error))

    def _give_reason(self, name: str, why: str) -> None:
        with contextlib.suppress(FilingRefused):
            files.drop(self._config.folder / REFUSED, [(f"{Path(name).stem[:80]}.motif.txt", f"{why}\n".encode())])

    # -- out
    def _send(self, stopping: Callable[[], bool]) -> None:
        for outbox_id in self.outbox.due(self.lines.now()):
            if stopping() or self.lines.rests or not self._may_send():
                return
            self.lines.send(outbox_id)

    def _may_send(self) -> bool:
        now, config = self.lines.now(), self._config
        bounds = ((config.per_minute, 60), (config.per_hour, 3600))
        return all(not most or self.shipments.left_since(now - span) < most for most, span in bounds)

    def _put_away(self) -> None:
        for draft_id, origin, names, sent in self.shipments.untold():
            if self._put(SENT if sent else REFUSED, (origin, *names)):
                self.shipments.set_told(draft_id, "sent" if sent else "refused")
                if not sent:
                    said = [row["motif"] for row in self.table() if row["fichier"] == origin]
                    self._give_reason(origin, dispatch_words.refused_by_operator(said[-1] if said else ""))

    def _put(self, place: str, names: tuple[str, ...]) -> bool:
        try:
            inbound.put_away(self._config.folder, names, place)
        except FilingRefused as error:
            log.info("folder: %s", error.reason.value)
            return False
        return True

    # -- what a person decides
    def retry(self, outbox_id: OutboxId) -> None:
        """An uncertain one leaves again because a person says so. Raises ValueError for any other."""
        self.outbox.advance(outbox_id, SendEvent.AGAIN)
        self.outbox.hasten(outbox_id, self.lines.now())

    def settle(self, outbox_id: OutboxId) -> None:
        """An uncertain one arrived, a person knows. Raises ValueError for any other."""
        self.outbox.advance(outbox_id, SendEvent.FOUND, now=self.lines.now())

    # -- report
    def table(self) -> list[dict[str, str]]:
        """One line a message, oldest first. No subject, no name: addresses and ids are what an administrator needs."""
        return [_row(line, origin) for line, origin in self.shipments.register()]

    def _report(self) -> None:
        with contextlib.suppress(FilingRefused, OSError):
            files.replace(self._config.state / REPORT, as_csv(self.table()).encode("utf-8-sig"))


def _row(line: Outgoing, origin: str) -> dict[str, str]:
    when = line.sent.isoformat() if line.sent else ""
    people = " ".join(r.address for r in line.recipients)
    fates = [dispatch_words.FATES[r.fate] for r in line.recipients] if line.state in LEFT else []
    bad = [r for r in line.recipients if line.state not in LEFT or r.fate in dispatch_words.BAD]
    why = " ; ".join(dict.fromkeys(f"{r.code} {r.reason}".strip()[:200] for r in bad if r.code or r.reason))
    values = (str(line.id), dispatch_words.STATES[line.state], line.queued.isoformat(), when, str(line.tries), line.code,
              people, " ".join(fates), why, line.message_id, origin.partition("/")[0])  # fmt: skip
    return dict(zip(_COLUMNS, values, strict=True))


def as_csv(rows: list[dict[str, str]]) -> str:
    """For a spreadsheet; what could be taken for a formula is not."""
    out = io.StringIO()
    writer = csv.DictWriter(out, _COLUMNS, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({k: f"'{v}" if v.startswith(("=", "+", "-", "@")) else v for k, v in row.items()} for row in rows)
    return out.getvalue()


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadConfig(f"identity.certificate: {path}") from error


def _key(path: Path) -> bytes:
    """The queue's key, in a file that only this account reads; made the first time."""
    try:
        with contextlib.suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(32))
                file.flush()
                os.fsync(descriptor)
        return path.read_bytes()
    except OSError as error:
        raise BadConfig(f"state.key_file: {path}") from error


@contextlib.contextmanager
def _alone(config: Config) -> Iterator[None]:
    """Two senders on one queue would each take the other's message under way for one that a crash cut."""
    app.prepare_home(config.state)
    lock = QLockFile(str(config.state / "dispatch.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(500):
        raise BlockingIOError
    try:
        yield
    finally:
        lock.unlock()


def run(config: Config, *, once: bool, stopped: threading.Event) -> None:
    """Rounds until told to stop; the message under way is finished first."""
    sender = Dispatch(config)
    try:
        sender.begin()
        for _ in range(2 if once else 1):
            sender.round(stopped.is_set)
            if once:
                stopped.wait(min(config.every_s, 1.0))
        while not once and not stopped.wait(config.every_s):
            try:
                sender.round(stopped.is_set)
            except StoreTrouble as trouble:
                log.info("store: %s", trouble.reason.value)
    finally:
        sender.close()


def command(wanted: argparse.Namespace) -> int:
    """The sub-command; 2 for what an administrator has to correct, 3 when another one runs."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    try:
        config = read(Path(wanted.config))
        if wanted.report:
            return _show(config, as_json=wanted.json)
        with _alone(config):
            if wanted.retry or wanted.settle:
                return _decide(config, wanted)
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, stop)
            run(config, once=wanted.once, stopped=stopped)
    except BadConfig as bad:
        print(dispatch_words.bad_config(str(bad)), file=sys.stderr)
        return 2
    except Untrusted as error:
        print(dispatch_words.untrusted(error), file=sys.stderr)
        return 2
    except BlockingIOError:
        print(dispatch_words.RUNNING, file=sys.stderr)
        return 3
    return 0


def _decide(config: Config, wanted: argparse.Namespace) -> int:
    sender = Dispatch(config)
    try:
        number = OutboxId(int(wanted.retry or wanted.settle))
        (sender.retry if wanted.retry else sender.settle)(number)
    except ValueError:
        print(dispatch_words.NOT_UNCERTAIN, file=sys.stderr)
        return 2
    finally:
        sender.close()
    return 0


def _show(config: Config, *, as_json: bool) -> int:
    sender = Dispatch(config)
    try:
        rows = sender.table()
        print(json.dumps(rows, ensure_ascii=False, indent=1) if as_json else as_csv(rows), end="\n" if as_json else "")
        uncertain = sum(row["etat"] == dispatch_words.STATES[SendState.UNCERTAIN] for row in rows)
    finally:
        sender.close()
    return 1 if uncertain else 0
