"""What becomes of a submitted message: into the sandbox's mailboxes, or answered on behalf of the world outside."""

from __future__ import annotations

import datetime as dt
import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate

from mssclient.domain.address import domain_of, normal
from mssclient.sandbox.mailstore import INBOX, MailStore, OverQuota
from mssclient.sandbox.orders import Orders
from mssclient.sandbox.smtp_reports import Fate, delivery_report

log = logging.getLogger(__name__)

AutoAnswer = Callable[[str, bytes], bytes | None]
"""(recipient outside the sandbox, message) → the message it answers with, or None. Runs on the servers' thread."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """One RCPT TO. `notify` holds the words of NOTIFY in capitals; empty when there were none (RFC 3461 §4.1)."""

    address: str
    notify: frozenset[str] = frozenset()
    original: str = ""

    def wants(self, event: str) -> bool:
        """Whether a report of this kind is due: without NOTIFY, failures and delays are."""
        return event in (self.notify or {"FAILURE", "DELAY"})


@dataclass(frozen=True, slots=True)
class Submission:
    """One message that was accepted, as the client gave it."""

    person: str
    sender: str
    recipients: tuple[Recipient, ...]
    raw: bytes
    envelope_id: str = ""
    full: bool = False
    """RET=FULL."""
    at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))


class PostOffice:
    """Delivers and reports. Runs on the servers' thread; `submissions` may be read by any."""

    def __init__(
        self, store: MailStore, orders: Orders, trusted: frozenset[str], host: str, answer: AutoAnswer | None = None
    ) -> None:
        self._store = store
        self._orders = orders
        self._trusted = trusted
        self._host = host
        self._answer = answer
        self._local = {domain_of(address) for address in store.accounts}
        self._lock = threading.Lock()
        self._submissions: list[Submission] = []

    @property
    def submissions(self) -> tuple[Submission, ...]:
        """Everything accepted since the start, oldest first."""
        with self._lock:
            return tuple(self._submissions)

    def trusts(self, address: str) -> bool:
        """Whether the domain belongs to the trust space of the sandbox."""
        return domain_of(address) in self._trusted

    def accept(self, submission: Submission) -> str:
        """Take a message over; returns its queue id. `deliver` is to follow."""
        with self._lock:
            self._submissions.append(submission)
        return uuid.uuid4().hex[:10].upper()

    def deliver(self, submission: Submission, queue_id: str) -> None:
        """To each recipient, then the reports and answers to the sender."""
        trace = (
            f"Return-Path: <{submission.sender}>\r\n"
            f"Received: by {self._host} (sandbox) with ESMTPSA id {queue_id};\r\n\t{formatdate(localtime=True)}\r\n"
        ).encode("ascii", "replace")
        fates: list[Fate] = []
        for recipient in submission.recipients:
            fate = self._fate(recipient, trace + submission.raw)
            event = {"delivered": "SUCCESS", "failed": "FAILURE", "delayed": "DELAY"}[fate.action]
            if recipient.wants(event):
                fates.append(fate)
        for action in ("delivered", "failed", "delayed"):
            if same := [fate for fate in fates if fate.action == action]:
                report = delivery_report(
                    self._host, submission.sender, submission.envelope_id, same, submission.raw, full=submission.full
                )
                self._return(submission.sender, report)
        log.info("delivered to %d recipients, %d reports due", len(submission.recipients), len(fates))
        self._answers(submission)

    def _fate(self, recipient: Recipient, raw: bytes) -> Fate:
        local_part, _, domain = normal(recipient.address).rpartition("@")
        if (bounce := self._orders.bounced(local_part)) is not None:
            action = "delayed" if bounce.status.startswith("4") else "failed"
            return Fate(recipient.address, recipient.original, action, bounce.status, bounce.text)
        if domain in self._local:
            account = self._store.account(recipient.address)
            if account is None:
                return Fate(recipient.address, recipient.original, "failed", "5.1.1", "550 5.1.1 User unknown")
            try:
                account.add(INBOX, raw)
            except OverQuota:
                return Fate(recipient.address, recipient.original, "failed", "5.2.2", "552 5.2.2 Mailbox full")
        return Fate(recipient.address, recipient.original, "delivered", "2.0.0", "250 2.0.0 Ok")

    def _answers(self, submission: Submission) -> None:
        for recipient in submission.recipients:
            outside = domain_of(recipient.address) not in self._local
            bounced = self._orders.bounced(normal(recipient.address).rpartition("@")[0])
            if self._answer is not None and outside and bounced is None:
                answer = self._answer(recipient.address, submission.raw)
                if answer is not None:
                    self._return(submission.sender, answer)

    def _return(self, sender: str, raw: bytes) -> None:
        account = self._store.account(sender)
        if account is not None:
            try:
                account.add(INBOX, raw)
            except OverQuota:
                log.info("a report was lost: the mailbox is full")
