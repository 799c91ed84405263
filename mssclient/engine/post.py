"""The outbox's thread: one message at a time to the operator, each step on the disk before the next byte leaves."""

from __future__ import annotations

import logging
from collections.abc import Callable

from mssclient.domain.bal import BalId
from mssclient.domain.errors import MssError, Offline, Refused, SessionEnded, StoreTrouble, Unreadable, Untrusted
from mssclient.domain.events import DraftChanged, OutboxChanged
from mssclient.domain.outbox import OutboxId, SendEvent
from mssclient.engine.house import House, back_off_s
from mssclient.engine.worker import Worker
from mssclient.remote.smtp import Outcome, Stage, Submission, Verdict, submit
from mssclient.store.outbox import Frozen

log = logging.getLogger(__name__)
WAIT_FOR_LINE_S = 5


class Post:
    """The thread `post`. Send at most once, ever: whatever is not known is UNCERTAIN and a person decides."""

    def __init__(self, house: House, *, sent: Callable[[BalId], None]) -> None:
        self._house = house
        self._sent = sent
        self._alarm: int | None = None
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
        code = error.code if isinstance(error, Refused) else ""
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
        house.speaker.announce(OutboxChanged(outbox_id))
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

    def _next_try(self, outbox_id: OutboxId) -> int:
        line = self._house.stores.outbox.get(outbox_id)
        return self._house.now() + int(back_off_s(line.tries if line else 1))

    def _tell(self, error: MssError | None) -> None:
        if isinstance(error, StoreTrouble):
            self._house.speaker.problem(error, "send")
        self.worker.post_in(30.0, self._look)
