"""The outbox's thread: one message at a time to the operator, each step on the disk before the next byte leaves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import assert_never

from mssclient.domain.address import domain_of
from mssclient.domain.bal import BalId
from mssclient.domain.errors import MssError, Offline, Refused, SessionEnded, StoreTrouble, Unreadable, Untrusted
from mssclient.domain.events import BalsChanged, DraftChanged, OutboxChanged
from mssclient.domain.outbox import OutboxId, SendEvent, wants_patience
from mssclient.engine.house import House, back_off_s
from mssclient.engine.worker import Worker
from mssclient.remote.smtp import Outcome, Stage, Submission, Verdict, limits, submit
from mssclient.store.outbox import Frozen

log = logging.getLogger(__name__)
WAIT_FOR_LINE_S = 5
PAUSE_S, LONGEST_PAUSE_S = 60, 1800
"""After an operator asked for less haste."""
SLOW = "4.7.0"
"""What a message that waits for such an operator says of itself."""
SHOWN_FROM = 128 * 1024
"""Bytes: smaller messages are gone before a bar could be read."""


class Post:
    """The thread `post`. Send at most once, ever: whatever is not known is UNCERTAIN and a person decides."""

    def __init__(self, house: House, *, sent: Callable[[BalId], None]) -> None:
        self._house = house
        self._sent = sent
        self._alarm: int | None = None
        self._given_up: OutboxId | None = None
        self._asked_for: set[OutboxId] = set()
        self._slow_until: dict[str, int] = {}
        """Operators that asked for less haste, by domain, and until when nothing more is offered to them."""
        self._slowed: dict[str, int] = {}
        """How often in a row they did."""
        self._unwritten: dict[OutboxId, tuple[Frozen, Verdict]] = {}
        """What the operator said and the disk did not take yet: the message is not to be asked for again."""
        self.worker = Worker("post", self._tell, ending=house.stores.database.release)

    def start(self) -> None:
        """Begin."""
        self.worker.start()
        self.worker.post(self._look)

    def ring(self) -> None:
        """There may be something to send."""
        self.worker.post(self._look)

    def hasten(self, outbox_id: OutboxId) -> None:
        """The person wants this one to be tried now, whatever the operator asked for. Any thread."""
        self._asked_for.add(outbox_id)
        self.ring()

    def give_up(self, outbox_id: OutboxId) -> None:
        """The person stops a message that is leaving: before the final dot it does not leave. Any thread."""
        self._given_up = outbox_id

    def learn_limit(self, bal_id: BalId) -> None:
        """What the operator of a BAL takes in one message, asked before somebody waits for an upload; once a day."""
        self.worker.post(lambda: self._learn_limit(bal_id))

    def stop(self) -> None:
        """End after the message under way: stopping inside it would make an UNCERTAIN."""
        self.worker.stop()

    def _look(self) -> None:
        for outbox_id, (frozen, verdict) in list(self._unwritten.items()):
            self._settle(outbox_id, frozen, verdict)
        outbox, now = self._house.stores.outbox, self._house.now()
        for outbox_id in outbox.due(now):
            if self.worker.stopping:
                return
            if not self._is_put_off(outbox_id):
                self._submit(outbox_id)
        due = outbox.next_due()
        # One alarm at a time: an earlier one looks at what is due next.
        if due is not None and (self._alarm is None or due < self._alarm):
            self._alarm = due
            self.worker.post_in(max(0.2, due - self._house.now()), self._on_alarm)

    def _on_alarm(self) -> None:
        self._alarm = None
        self._look()

    def _submit(self, outbox_id: OutboxId) -> None:
        house, outbox = self._house, self._house.stores.outbox
        self._asked_for.discard(outbox_id)
        frozen = outbox.frozen(outbox_id)
        if frozen is None:
            return
        try:
            token, profile = house.fresh_token(), house.profile(frozen.bal_id)
        except Offline:
            log.info("outgoing %d waits for the line", outbox_id)
            outbox.put_off(outbox_id, house.now() + WAIT_FOR_LINE_S)
            return
        except (Untrusted, Refused, Unreadable) as error:
            outbox.put_off(outbox_id, self._next_try(outbox_id))
            house.speaker.problem(error, "send", outbox_id=outbox_id)
            return
        try:
            outbox.advance(outbox_id, SendEvent.BEGIN)
        except ValueError:
            log.info("outgoing %d was taken back just now", outbox_id)
            return
        house.speaker.announce(OutboxChanged(outbox_id))
        submission = Submission(frozen.sender, tuple(a for a, _ in frozen.recipients), frozen.raw, frozen.envelope_id,
                                frozen.ask_delivery)  # fmt: skip
        stages: list[Stage] = []
        # Stands for an end that nobody foresaw: before the final dot nothing was taken, after it nobody knows.
        verdict: Verdict | None = None
        trouble: MssError | None = None
        try:
            verdict = house.admission.sign_in(
                "smtp", frozen.sender,
                lambda token: submit(
                    house.environment, profile, frozen.sender, token, submission, stages.append,
                    progress=lambda done, total: self._progress(frozen.bal_id, done, total),
                    stopped=lambda: self._given_up == outbox_id,
                    trust=house.operators.trust, patience=house.patience,
                ),
                token,
            )  # fmt: skip
        except MssError as error:
            trouble = error
        finally:
            if verdict is not None or Stage.DOT in stages:
                self._settle(outbox_id, frozen, verdict or Verdict(Outcome.UNKNOWN))
            else:
                self._not_begun(outbox_id, frozen, trouble or MssError("a bug"))

    def _not_begun(self, outbox_id: OutboxId, frozen: Frozen, error: MssError) -> None:
        """No byte of the message left: it waits, and the person is told when it is not just the line."""
        self._house.operators.failed(frozen.sender, error)
        busy = isinstance(error, Offline) and error.busy
        code = error.code if isinstance(error, Refused) else str(error) if busy else ""
        text = error.text if isinstance(error, Refused) else ""
        self._settle(outbox_id, frozen, Verdict(Outcome.LATER, code, text))
        if not isinstance(error, Offline | SessionEnded):
            self._house.speaker.problem(error, "send", outbox_id=outbox_id)

    def _settle(self, outbox_id: OutboxId, frozen: Frozen, verdict: Verdict) -> None:
        """The operator's word goes to the disk before anything else, and is kept here until the disk takes it."""
        self._unwritten[outbox_id] = frozen, verdict
        try:
            self._write(outbox_id, verdict)
        except ValueError:
            log.info("outgoing %d was decided meanwhile", outbox_id)
        del self._unwritten[outbox_id]
        house = self._house
        house.speaker.progress("sending", frozen.bal_id, 1, 1)
        house.speaker.announce(OutboxChanged(outbox_id))
        self._keep_pace(domain_of(frozen.sender), verdict)
        if self._given_up == outbox_id:
            self._given_up = None
            if verdict.outcome is Outcome.ACCEPTED:
                house.speaker.problem(Refused("too late"), "take back", outbox_id=outbox_id)
        if verdict.outcome in {Outcome.ACCEPTED, Outcome.UNKNOWN}:
            self._sent(frozen.bal_id)
        bal = house.stores.mail.bal(frozen.bal_id)
        house.trace(bal.address if bal else "", "send", f"{len(frozen.recipients)} recipient(s)",
                    f"{verdict.outcome.name} {verdict.code}".strip())  # fmt: skip
        if verdict.size_limit and bal is not None:
            house.stores.mail.set_limits(bal.id, bal.quota_used, bal.quota_limit, verdict.size_limit)

    def _write(self, outbox_id: OutboxId, verdict: Verdict) -> None:
        house, outbox = self._house, self._house.stores.outbox
        match verdict.outcome:
            case Outcome.ACCEPTED:
                outbox.advance(outbox_id, SendEvent.ACCEPTED, now=house.now())
            case Outcome.LATER:
                due = self._next_try(outbox_id)
                outbox.advance(outbox_id, SendEvent.LATER, due=due, code=verdict.code, reason=verdict.text)
            case Outcome.REFUSED:
                outbox.blame(outbox_id, verdict.recipients)
                outbox.advance(outbox_id, SendEvent.REFUSED, code=verdict.code, reason=verdict.text)
                house.speaker.problem(Refused(verdict.code, verdict.text), "send", outbox_id=outbox_id)
                if draft_id := outbox.draft_of(outbox_id):
                    house.speaker.announce(DraftChanged(draft_id))
            case Outcome.UNKNOWN:
                outbox.advance(outbox_id, SendEvent.UNKNOWN, code=verdict.code, reason=verdict.text)
                house.speaker.problem(Offline("outcome unknown"), "uncertain", outbox_id=outbox_id)
            case Outcome.STOPPED:
                outbox.advance(outbox_id, SendEvent.STOPPED)
                if draft_id := outbox.draft_of(outbox_id):
                    house.speaker.announce(DraftChanged(draft_id))
            case _:
                assert_never(verdict.outcome)

    # -- the operator's limits
    def _progress(self, bal_id: BalId, done: int, total: int) -> None:
        if total > SHOWN_FROM and done < total:
            self._house.speaker.progress("sending", bal_id, done, total)

    def _keep_pace(self, domain: str, verdict: Verdict) -> None:
        """An operator that finds us too quick is left in peace, twice as long each time: not for this message alone."""
        if verdict.outcome is Outcome.LATER and wants_patience(verdict.code):
            times = self._slowed[domain] = self._slowed.get(domain, 0) + 1
            self._slow_until[domain] = self._house.now() + min(LONGEST_PAUSE_S, PAUSE_S * 2 ** (times - 1))
            log.info("the operator asks for less haste, %d in a row", times)
        elif verdict.outcome is Outcome.ACCEPTED:
            self._slowed.pop(domain, None)

    def _is_put_off(self, outbox_id: OutboxId) -> bool:
        outbox = self._house.stores.outbox
        line, frozen = outbox.get(outbox_id), outbox.frozen(outbox_id)
        until = self._slow_until.get(domain_of(frozen.sender), 0) if frozen is not None else 0
        if line is None or until <= self._house.now() or outbox_id in self._asked_for:
            return False
        outbox.put_off(outbox_id, until, SLOW)
        self._house.speaker.announce(OutboxChanged(outbox_id))
        return True

    def _learn_limit(self, bal_id: BalId) -> None:
        house, today = self._house, self._house.clock().date().isoformat()
        bal, setting = house.stores.mail.bal(bal_id), f"size asked {bal_id}"
        if bal is None or house.stores.settings.get(setting) == today:
            return
        try:
            profile = house.profile(bal_id)
            size = house.admission.sign_in(
                "smtp", bal.address,
                lambda token: limits(house.environment, profile, bal.address, token, trust=house.operators.trust),
            )  # fmt: skip
        except (Offline, Refused, Untrusted, Unreadable) as error:
            log.info("limits of BAL %d not told: %s", bal_id, type(error).__name__)
            return
        house.stores.settings.set(setting, today)
        if size:
            house.stores.mail.set_limits(bal_id, bal.quota_used, bal.quota_limit, size)
            house.speaker.announce(BalsChanged())

    def _next_try(self, outbox_id: OutboxId) -> int:
        line = self._house.stores.outbox.get(outbox_id)
        return self._house.now() + int(back_off_s(line.tries if line else 1))

    def _tell(self, error: MssError | None) -> None:
        if isinstance(error, StoreTrouble):
            self._house.speaker.problem(error, "send")
        self.worker.post_in(30.0, self._look)
