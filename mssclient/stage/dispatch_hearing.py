"""What is heard of messages that left an applicative BAL: reports in its INBOX, each read once, kept under the recipients."""

from __future__ import annotations

import logging

from mssclient.domain import reports
from mssclient.domain.errors import Unreadable
from mssclient.domain.outbox import SendState
from mssclient.remote.imap import ImapSession
from mssclient.store.database import Database
from mssclient.store.filings import SettingStore
from mssclient.store.outbox import OutboxStore
from mssclient.store.receipts import ReceiptStore

log = logging.getLogger(__name__)
MOST_AT_ONCE = 500
"""Messages that are looked at before the next round of sending."""
_PLACE = "dispatch.heard"
_TOLD_OF = (SendState.SENT, SendState.DONE, SendState.UNCERTAIN)


class Hearing:
    """The reports of one BAL. Nothing is marked or moved: others may read that mailbox too. One thread."""

    def __init__(self, database: Database) -> None:
        self._receipts = ReceiptStore(database)
        self._settings = SettingStore(database)
        self._outbox = OutboxStore(database)

    def is_of_use(self) -> bool:
        """Whether anything left that a report could speak of."""
        return any(self._outbox.in_state(state) for state in _TOLD_OF)

    def listen(self, session: ImapSession, now: int) -> int:
        """Read what came since the last time (seconds since 1970); how many lines of the register changed."""
        chosen = session.select("INBOX")
        validity, _, last = self._settings.get(_PLACE).partition(" ")
        known = int(last) if validity == str(chosen.uidvalidity) and last.isdigit() else 0
        heard = 0
        uids = session.uids(known + 1)[:MOST_AT_ONCE]
        for batch in session.envelopes(uids):
            for envelope in batch:
                about, sender = dict(envelope.mss_headers), envelope.sender.address
                if reports.may_be(about, envelope.subject, sender, envelope.size):
                    heard += self._hear(session.body(envelope.uid), min(now, int(envelope.received.timestamp())))
        if uids:
            self._settings.set(_PLACE, f"{chosen.uidvalidity} {uids[-1]}")
        heard += len(self._receipts.try_again())
        if heard:
            log.info("%d reports heard", heard)
        return heard

    def _hear(self, raw: bytes, at: int) -> bool:
        try:
            report = reports.read(raw)
        except Unreadable as error:
            log.info("a report cannot be read: %s", error.reason.value)
            return False
        return report is not None and self._receipts.hear(report, at) is not None
