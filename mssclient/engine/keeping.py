"""Headers are written on a thread of their own: SQLite encrypts and sorts while the next ones are decoded."""

from __future__ import annotations

import logging
from concurrent.futures import Future

from mssclient.domain.bal import FolderId
from mssclient.domain.errors import MssError
from mssclient.domain.message import Envelope
from mssclient.engine.house import Kept, Stores
from mssclient.engine.worker import Worker

log = logging.getLogger(__name__)


class Keeping:
    """The thread `keep`. Lives as long as a person's store is open; `add` may be called on any thread."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self.worker = Worker("keep", self._tell, ending=stores.database.release)

    def add(self, folder_id: FolderId, envelopes: list[Envelope]) -> Kept:
        """As `MailStore.add`, soon; the result raises what that raises. After the end it is written here and now."""
        kept: Kept = Future()
        if not self.worker.post(lambda: self._write(kept, folder_id, envelopes)):
            self._write(kept, folder_id, envelopes)
        return kept

    def _write(self, kept: Kept, folder_id: FolderId, envelopes: list[Envelope]) -> None:
        try:
            kept.set_result(self._stores.mail.add(folder_id, envelopes))
        except BaseException as error:
            # Whoever waits hears it first; this thread's own word comes behind.
            kept.set_exception(error)
            raise

    @staticmethod
    def _tell(error: MssError | None) -> None:
        """The line that waits for the result has heard it."""
        log.debug("keep: %s", type(error).__name__)
