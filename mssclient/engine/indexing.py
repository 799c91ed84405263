"""The full-text index, written behind the lists: what came can be listed at once and found a moment later."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from mssclient.domain.errors import MssError
from mssclient.domain.events import OutboxChanged
from mssclient.domain.message import MessageId
from mssclient.engine.document_text import PdfReader, text_of
from mssclient.engine.house import House
from mssclient.engine.memory import give_back
from mssclient.engine.worker import Worker

log = logging.getLogger(__name__)
LINES_A_TRANSACTION = 50
"""Some 5 ms of the write lock."""
ASIDE_S = 0.25
"""While headers are coming in: they go first, and this is how often a few lines are written all the same."""
AGAIN_S = 30.0
LONG_LOG = 16 << 20
"""Bytes of the store's log that are brought in although there is more to index."""


class Indexing:
    """The thread `index`. Lives as long as a person's store is open; `ring` may be called on any thread."""

    def __init__(self, house: House, want: Callable[[Iterable[MessageId]], None]) -> None:
        self._house = house
        self._want = want
        """Fetches bodies that nobody asked for: of reports, so that what they say is known."""
        self._queued = False
        self._worked = False
        """Something was indexed since memory was given back."""
        self._pdf = PdfReader()
        self.worker = Worker("index", self._tell, ending=self._end)

    def start(self) -> None:
        """Begin with what an earlier run left."""
        self.worker.start()
        self.ring()

    def look_for_reports(self) -> None:
        """The lines are open: reports of the last weeks that were never fetched are asked for."""
        self.worker.post(lambda: self._want(self._house.stores.index.reports_since(self._house.now())))

    def ring(self) -> None:
        """Something came that has to be found."""
        if not self._queued:
            self._queued = True
            self.worker.post(self._some)

    def _some(self) -> None:
        self._queued = False
        written = self._house.stores.index.write(LINES_A_TRANSACTION, self._house.now())
        if self.worker.stopping:
            return
        if written.reports:
            self._want(written.reports)
        if written.count < LINES_A_TRANSACTION:
            self._hear_again()
        if not written.count and not self._read_document():
            self._pdf.close()
            self._house.stores.database.checkpoint()
            if self._worked:
                give_back()
            self._worked = False
            return
        self._queued = self._worked = True
        self._house.stores.database.checkpoint(least=LONG_LOG)
        if any(each.what == "headers" for each in self._house.speaker.all_progress()):
            self.worker.post_in(ASIDE_S, self._some)
        else:
            self.worker.post(self._some)

    def _hear_again(self) -> None:
        """A copy in Sent may have come after the report that speaks of it."""
        for outbox_id in self._house.stores.receipts.try_again():
            self._house.speaker.announce(OutboxChanged(outbox_id))

    def _read_document(self) -> bool:
        """The text of one document that came; whether there was one."""
        index, content = self._house.stores.index, self._house.stores.content
        waiting = index.unread_documents(1)
        for part_id in waiting:
            raw = content.part_bytes(part_id)
            index.keep_text(part_id, text_of(raw, self._pdf) if raw else "")
        return bool(waiting)

    def _end(self) -> None:
        self._pdf.close()
        self._house.stores.database.release()

    def _tell(self, error: MssError | None) -> None:
        """A full disk, for one: what is owed stays owed."""
        log.info("index: %s", type(error).__name__)
        self._queued = True
        self.worker.post_in(AGAIN_S, self._some)
