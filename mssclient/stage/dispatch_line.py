"""The lines of an applicative BAL: one message at a time by SMTP, its copy in Sent and the search for it by IMAP."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from mssclient.domain.address import fold
from mssclient.domain.bal import FolderRole, role_of
from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import MssError, Offline, Refused, Untrusted
from mssclient.domain.outbox import OutboxId, SendEvent, SendState
from mssclient.engine.house import back_off_s
from mssclient.remote import autoconfig
from mssclient.remote.applicative import Plain
from mssclient.remote.imap import ImapSession
from mssclient.remote.smtp import Outcome, Stage, Submission, Verdict, submit
from mssclient.remote.tls import MailTrust
from mssclient.stage.dispatch_config import Config
from mssclient.stage.dispatch_hearing import Hearing
from mssclient.store.database import Database
from mssclient.store.filings import SettingStore, TraceStore
from mssclient.store.outbox import OutboxStore

log = logging.getLogger(__name__)
PROFILE_KEPT_S = 86_400
LISTEN_S = 60
_UNDER_WAY = "dispatch.under-way"
"""How far the message under way was, and which one it is."""
_FIRST_LOOK_S = 30


class Lines:
    """Blocking; one thread. `clock` gives aware times."""

    def __init__(
        self, config: Config, environment: Environment, trust: MailTrust, database: Database, clock: Callable[[], datetime]
    ) -> None:  # fmt: skip
        self._config = config
        self._environment = environment
        self._trust = trust
        self._outbox, self._traces = OutboxStore(database), TraceStore(database)
        self._settings, self._hearing = SettingStore(database), Hearing(database)
        self._clock = clock
        self._profile: tuple[OperatorProfile, int] | None = None
        self._quiet_until = 0
        self._looked: dict[OutboxId, int] = {}
        self._listen_at = 0
        self.size_limit = 10 * 1024 * 1024
        self.trouble = ""
        """Why the operator cannot be spoken to now, for the report; empty when all is well."""

    def now(self) -> int:
        """Seconds since 1970."""
        return int(self._clock().timestamp())

    def mend(self) -> None:
        """What was under way when an earlier run ended: before the final dot nothing was taken, and it leaves again; after
        it nobody knows, and it is looked for, never sent again by itself."""
        for outbox_id in self._outbox.in_state(SendState.SENDING):
            if self._settings.get(_UNDER_WAY) == f"{Stage.CONTENT.value} {outbox_id}":
                self._outbox.advance(outbox_id, SendEvent.LATER, due=self.now())
                log.info("outgoing %d: cut before its end", outbox_id)
            else:
                self._outbox.advance(outbox_id, SendEvent.UNKNOWN)
                log.info("outgoing %d: outcome unknown", outbox_id)

    @property
    def rests(self) -> bool:
        """Whether the operator was in trouble a moment ago."""
        return self.now() < self._quiet_until

    def _known_profile(self) -> OperatorProfile:
        now = self.now()
        if self._profile is None or now - self._profile[1] > PROFILE_KEPT_S:
            self._profile = autoconfig.discover(self._environment, self._config.address), now
        return self._profile[0]

    # -- submission
    def send(self, outbox_id: OutboxId) -> None:
        """One try; each step is on the disk before the next byte leaves."""
        frozen = self._outbox.frozen(outbox_id)
        if frozen is None:
            return
        try:
            profile = self._known_profile()
        except MssError as error:
            self._wait(error)
            return
        self._settings.set(_UNDER_WAY, f"{Stage.CONTENT.value} {outbox_id}")
        self._outbox.advance(outbox_id, SendEvent.BEGIN)
        submission = Submission(
            frozen.sender, tuple(a for a, _ in frozen.recipients), frozen.raw, frozen.envelope_id, frozen.ask_delivery
        )
        stages: list[Stage] = []
        verdict: Verdict | None = None

        def told(stage: Stage) -> None:
            stages.append(stage)
            if stage is Stage.DOT:
                # On the disk before the dot leaves: a crash from here on means that nobody knows.
                self._settings.set(_UNDER_WAY, f"{Stage.DOT.value} {outbox_id}")

        try:
            verdict = submit(
                self._environment, profile, frozen.sender, Plain(self._config.password), submission, told,
                trust=self._trust,
            )  # fmt: skip
        except MssError as error:
            self._wait(error)
        finally:
            # Before the final dot nothing was taken; after it nobody knows.
            unknown = Verdict(Outcome.UNKNOWN if Stage.DOT in stages else Outcome.LATER)
            self._settle(outbox_id, verdict or unknown, len(frozen.recipients))

    def _wait(self, error: MssError) -> None:
        """The line is down, or we are not let in: no message is to blame."""
        match error:
            case Refused():
                self.trouble, rest = f"refused {error.code}", 300
            case Untrusted():
                self.trouble, rest = f"untrusted {error.reason.value}", 300
            case Offline():
                self.trouble, rest = f"offline {error}", 20
            case _:
                self.trouble, rest = type(error).__name__, 60
        self._quiet_until = self.now() + rest
        log.info("the operator cannot be used now: %s", self.trouble)

    def _settle(self, outbox_id: OutboxId, verdict: Verdict, people: int) -> None:
        now, line = self.now(), self._outbox.get(outbox_id)
        match verdict.outcome:
            case Outcome.ACCEPTED:
                self._outbox.advance(outbox_id, SendEvent.ACCEPTED, now=now)
                self.trouble = ""
            case Outcome.UNKNOWN:
                self._outbox.advance(outbox_id, SendEvent.UNKNOWN, code=verdict.code, reason=verdict.text)
                self._looked[outbox_id] = now
            case Outcome.LATER if line is None or now - int(line.queued.timestamp()) < self._config.give_up_s:
                due = now + int(back_off_s(line.tries if line else 1))
                self._outbox.advance(outbox_id, SendEvent.LATER, due=due, code=verdict.code, reason=verdict.text)
            case Outcome.LATER | Outcome.REFUSED:
                self._outbox.blame(outbox_id, verdict.recipients)
                self._outbox.advance(outbox_id, SendEvent.REFUSED, code=verdict.code, reason=verdict.text)
        if verdict.size_limit:
            self.size_limit = verdict.size_limit
        told = f"{verdict.outcome.name} {verdict.code}".strip()
        self._traces.add("application", self._config.address, "send", f"{people} recipient(s)", told, now)
        log.info("outgoing %d: %s", outbox_id, told)

    # -- Sent
    def tidy(self) -> None:
        """Copies into Sent, and the search there for what is uncertain. Raises nothing: mail goes on without."""
        wanted = self._outbox.in_state(SendState.SENT)
        doubtful = [i for i in self._outbox.in_state(SendState.UNCERTAIN) if self._is_to_be_looked_for(i)]
        if not (wanted or doubtful) or self.rests:
            return
        try:
            with self._sent_folder() as (session, mailbox):
                for outbox_id in wanted:
                    self._copy(session, mailbox, outbox_id)
                for outbox_id in doubtful:
                    self._look_for(session, outbox_id)
        except MssError as error:
            self._wait(error)

    def _is_to_be_looked_for(self, outbox_id: OutboxId) -> bool:
        return self.now() >= self._looked.get(outbox_id, 0)

    @contextmanager
    def _session(self) -> Iterator[ImapSession]:
        session = ImapSession.open(
            self._environment,
            self._known_profile(),
            self._config.address,
            Plain(self._config.password),
            trust=self._trust,
        )
        try:
            yield session
        finally:
            session.close()

    @contextmanager
    def _sent_folder(self) -> Iterator[tuple[ImapSession, str]]:
        with self._session() as session:
            folders = [f for f in session.folders() if f.selectable and f.personal]
            sent = [f for f in folders if role_of(fold(f.path[-1]), f.uses, len(f.path)) is FolderRole.SENT]
            if not sent:
                raise Refused("no sent folder")
            session.select(sent[0].mailbox)
            yield session, sent[0].mailbox

    # -- INBOX
    def listen(self) -> None:
        """What was heard of messages that left, once in a while. Raises nothing: mail goes on without."""
        if self.rests or self.now() < self._listen_at or not self._hearing.is_of_use():
            return
        self._listen_at = self.now() + LISTEN_S
        try:
            with self._session() as session:
                self._hearing.listen(session, self.now())
        except MssError as error:
            self._wait(error)

    def _copy(self, session: ImapSession, mailbox: str, outbox_id: OutboxId) -> None:
        frozen = self._outbox.frozen(outbox_id)
        if frozen is not None and not self._config.operator_saves_sent and not session.find(frozen.header_id):
            session.append(mailbox, frozen.raw, frozenset({"\\Seen"}), self._clock())
        self._outbox.advance(outbox_id, SendEvent.COPIED)

    def _look_for(self, session: ImapSession, outbox_id: OutboxId) -> None:
        frozen = self._outbox.frozen(outbox_id)
        if frozen is not None and session.find(frozen.header_id):
            self._outbox.advance(outbox_id, SendEvent.FOUND, now=self.now())
            log.info("outgoing %d: found in Sent", outbox_id)
            return
        self._looked[outbox_id] = self.now() + _FIRST_LOOK_S
