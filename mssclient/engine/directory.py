"""The thread `directory`: fetches the white list and the Annuaire, and swaps them in whole."""

from __future__ import annotations

import logging
import random
from datetime import datetime, time, timedelta
from pathlib import Path

from mssclient.domain.environment import Environment
from mssclient.domain.errors import MssError, Offline, StoreReason, StoreTrouble
from mssclient.domain.events import DirectoryChanged
from mssclient.engine.directory_intake import Intake
from mssclient.engine.directory_reconcile import Comparison
from mssclient.engine.house import Clock, Speaker, back_off_s
from mssclient.engine.worker import Worker
from mssclient.remote import annuaire_fhir
from mssclient.store import api_key
from mssclient.store.directory import DirectoryStore

log = logging.getLogger(__name__)
QUIET_FROM, QUIET_FOR = time(19, 30), timedelta(hours=9, minutes=30)
"""Local time: consultations are over, and the day's extraction has long been published."""
STALE_AFTER = timedelta(hours=20)
"""Older than that, a copy is brought up to date as soon as the program starts, whatever the hour."""
SOON_S = 600.0
"""Workstations that are all switched on at eight do not all ask at eight."""
CHECK_LASTS = timedelta(minutes=15)
CHECKS_KEPT = 2_000


class Directory:
    """Owner of the Annuaire's local copy. Searches go on meanwhile, on the old copy or on the new, never a mixture."""

    def __init__(
        self, environment: Environment, store: DirectoryStore, folder: Path, speaker: Speaker, clock: Clock
    ) -> None:
        self._environment = environment
        self._store = store
        self._speaker = speaker
        self._clock = clock
        self._folder = folder
        self._tries = 0
        self._checked: dict[str, tuple[datetime, bool | None]] = {}
        self.loading = False
        self.worker = Worker("directory", self._tell)
        self.comparison = Comparison(self.worker, store.reader, speaker)
        self._intake = Intake(environment, store, folder, self._progress, lambda: self.worker.stopping)

    def start(self) -> None:
        """Begin: at once without a usable copy, within minutes when it is old, else at the next quiet hour."""
        self.worker.start()
        self.worker.post(self._begin)

    def refresh(self) -> None:
        """Look for a newer extraction now."""
        self.worker.post(self._refresh)

    def check(self, address: str) -> None:
        """Ask the Annuaire itself about one address, once a quarter of an hour; quiet when that is not possible."""
        asked_at, _ = self._checked.get(address, (None, None))
        if self._environment.directory_api and (asked_at is None or self._clock() - asked_at > CHECK_LASTS):
            self.worker.post_first(lambda: self._check(address))

    def checked(self, address: str) -> bool | None:
        """Whether the Annuaire listed an address when it was asked just now; None when it was not, or did not answer."""
        return self._checked.get(address, (None, None))[1]

    def stop(self) -> None:
        """End; a download under way is given up, the copy in use stays."""
        self.worker.stop()

    def _begin(self) -> None:
        status = self._store.status()
        wait_s = first_wait_s(status.loaded_at if status.entries else "", self._clock())
        if wait_s or not status.white_list_domains:
            self._intake.white_list()
            self._speaker.announce(DirectoryChanged())
        if wait_s:
            self.worker.post_in(wait_s, self._refresh)
        else:
            self._refresh()

    def _refresh(self) -> None:
        self.loading = True
        self._speaker.announce(DirectoryChanged())
        try:
            self._intake.white_list()
            if self._environment.directory:
                self._intake.take(self._environment.directory, self._clock().isoformat())
            self._tries = 0
            self.worker.post_in(until_quiet_s(self._clock()), self._refresh)
        except OSError as error:
            raise Offline(type(error).__name__) from error  # the file of a share that is not there now
        finally:
            self.loading = False
            self._speaker.progress("directory", None, 1, 1)
            self._speaker.announce(DirectoryChanged())

    def _check(self, address: str) -> None:
        key = api_key.read(self._folder.parent)
        found: bool | None = None
        try:
            if key:
                found = annuaire_fhir.look_up(self._environment, key, address) is annuaire_fhir.Listing.LISTED
        except MssError as error:
            log.info("check of one address: %s", type(error).__name__)
        if len(self._checked) >= CHECKS_KEPT:
            self._checked.clear()
        self._checked[address] = (self._clock(), found)
        if found is not None:
            self._speaker.progress("directory", None, 1, 1)

    def _progress(self, _what: str, done: int, total: int) -> None:
        self._speaker.progress("directory", None, min(done, max(total - 1, 1)), total or 0)

    def _tell(self, error: MssError | None) -> None:
        self.worker.post_in(max(30.0, back_off_s(self._tries + 4)), self._refresh)
        self._tries += 1
        busy = isinstance(error, StoreTrouble) and error.reason is StoreReason.LOCKED  # another process loads it
        if error is not None and not busy and not isinstance(error, Offline):
            self._speaker.problem(error, "directory")


def first_wait_s(loaded_at: str, now: datetime) -> float:
    """Seconds before the first look after a start: 0 without a copy, minutes for an old one, else the quiet hours."""
    try:
        age = now - datetime.fromisoformat(loaded_at)
    except (ValueError, TypeError):
        return 0.0
    if age > STALE_AFTER or age < timedelta(0):
        return random.uniform(1.0, SOON_S)  # noqa: S311  spreads workstations, guards nothing
    return until_quiet_s(now)


def until_quiet_s(now: datetime) -> float:
    """Seconds to a moment of the next quiet hours, another one for each workstation so that they do not ask at once."""
    here = now.astimezone()
    begin = datetime.combine(here.date(), QUIET_FROM, here.tzinfo)
    wait = (begin - here) % timedelta(days=1)
    return wait.total_seconds() + random.uniform(0, QUIET_FOR.total_seconds())  # noqa: S311
