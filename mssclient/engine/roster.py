"""The record system's usagers, read from its export file again whenever that file changes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from mssclient.domain import csv_table, roster_csv
from mssclient.domain.errors import MssError, Unread, Unreadable
from mssclient.domain.events import WorklistChanged
from mssclient.domain.matching import Roster
from mssclient.engine.api import RosterStatus
from mssclient.engine.house import Speaker

log = logging.getLogger(__name__)
_NOBODY = Roster()


class RosterFile:
    """`look` reads the file, which may lie on a slow share: never on the UI thread. The roster itself is immutable."""

    def __init__(self, path: str, speaker: Speaker, clock: Callable[[], datetime]) -> None:
        self._path = Path(path) if path else None
        self._speaker = speaker
        self._clock = clock
        self._seen: tuple[int, int] | None = None
        self.roster = _NOBODY
        self.status = RosterStatus(path)

    def look(self) -> bool:
        """Read the file if it is another than last time; whether it was read. A file that cannot be read leaves the
        usagers known so far, and the status says so."""
        if self._path is None:
            return False
        try:
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if stamp == self._seen:
                return False
            self._seen = stamp
            if stat.st_size > csv_table.SIZE_LIMIT:
                raise Unreadable(Unread.TOO_BIG, "csv")
            roster = Roster(roster_csv.read(self._path.read_bytes()))
        except OSError as error:
            self._seen = None
            self._trouble(Unreadable(Unread.NOT_IT, f"errno {error.errno}"))
            return False
        except Unreadable as error:
            self._trouble(error)
            return False
        self.roster = roster
        self.status = RosterStatus(str(self._path), len(roster.records), self._clock())
        log.info("%d usagers of the record read", len(roster.records))
        self._speaker.announce(WorklistChanged())
        return True

    def _trouble(self, error: MssError) -> None:
        if self.status.error is None or str(self.status.error) != str(error):
            log.info("usagers of the record not read: %s", error)
            self.status = RosterStatus(self.status.path, len(self.roster.records), self.status.read_at, error)
            self._speaker.announce(WorklistChanged())
