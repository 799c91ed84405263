"""Whose things lie at this workstation: opens, binds and forgets a person's store, and keeps private copies private."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from mssclient.domain.errors import StoreReason, StoreTrouble
from mssclient.engine.house import Clock, Speaker
from mssclient.engine.worker import Worker
from mssclient.store.database import Database, opens, rekey, set_aside
from mssclient.store.keys import Binding, KeyEntry, KeyVault, Place, folder_name, forget_others
from mssclient.store.places import Places

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE_S = 60.0
"""How long a keyring may wait for its password: a person types it."""
_TICK_S = 0.1


class Persons:
    """The people of one home. `open` and `forget` run on `session`; the keyring is asked on a thread of its own: it may
    wait for a password, and for ever where nobody sees its question."""

    def __init__(
        self,
        home: Path,
        speaker: Speaker,
        clock: Clock,
        run: str,
        *,
        file_allowed: bool,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._speaker = speaker
        self._clock = clock
        self._run = run
        self._patience_s = patience_s
        self._vault = KeyVault(home, file_allowed=file_allowed)
        self.places = Places(home)
        self._given_up = threading.Event()
        self._worker = Worker("keyring", lambda _error: None)
        self._started = False
        self.lasting = True
        """Whether what the store that was opened last holds will be readable after a restart."""

    def mend(self) -> None:
        """At the start: what an earlier run left in private folders goes, and the stores whose keys ended with it, whoever
        they were of; a forgetting that a crash cut is finished. Does not wait for the keyring."""
        self.places.empty_private()
        for folder in self.places.known():
            forget_others(self._of_this_run(self.places.path(folder)))
        for folder in self.places.doomed():
            self.places.erase(folder)
            self._post(lambda folder=folder: self._finish(folder))  # type: ignore[misc]

    def stop(self) -> None:
        """No more waiting for a keyring. Any thread."""
        self._given_up.set()
        self._worker.stop()

    def join(self) -> None:
        """After `stop`: wait for the keyring's thread, not for a keyring that waits for a password."""
        if not self._worker.join(1.0):
            log.info("the keyring does not answer")

    # -- opening
    def open(self, national_id: str, share: bytes) -> Database:
        """The person's store. `share` is what the relay lends to whoever signed in as this person, or empty.

        A store bound to a share opens with that share only. Raises StoreTrouble: KEY without it, KEYRING_LOCKED while
        the keyring is closed. A store that is damaged, or whose key the keyring lost, is kept aside, another begins, and
        the person is told.
        """
        folder = self.places.folder(national_id)
        if folder.name in self.places.doomed():
            self._forget(folder.name)
            folder = self.places.folder(national_id)
        place, entry = self._patiently(lambda: self._vault.entry(folder.name))
        path = folder / "mail.sqlite"
        if entry is None:
            place, entry = self._begin(folder, place, share)
        if place is Place.MEMORY:
            # The key dies with the program: so does this file; the drafts of an earlier run cannot be read anyway.
            path = self._of_this_run(folder)
            forget_others(path)
        self.lasting = place is not Place.MEMORY
        return self._database(path, self._key(path, place, entry, share))

    def _of_this_run(self, folder: Path) -> Path:
        return folder / f"mail-{self._run}.sqlite"

    def _begin(self, folder: Path, place: Place, share: bytes) -> tuple[Place, KeyEntry]:
        """A new key. A store that stands there was kept under another, which is gone."""
        entry = KeyEntry.fresh().bound(share) if share else KeyEntry.fresh()
        place = self._keep(folder.name, entry, place)
        path = folder / "mail.sqlite"
        if place is not Place.MEMORY and path.exists():
            self._set_aside(path, StoreReason.KEY_LOST)
        return place, entry

    def _key(self, path: Path, place: Place, entry: KeyEntry, share: bytes) -> bytes:
        """The key that opens the file now; moved to the share where it can be. Raises StoreTrouble(KEY)."""
        match entry.binding:
            case Binding.SHARED:
                if not entry.fits(share):
                    raise StoreTrouble(StoreReason.KEY)
                return entry.key(share)
            case Binding.MOVING if entry.fits(share) and opens(path, entry.key(share)):
                self._keep(path.parent.name, entry.bound(share), place)
                return entry.key(share)
            case Binding.MOVING if not opens(path, entry.secret):
                # Under the bound key, or damaged: only the right share tells.
                if not entry.fits(share):
                    raise StoreTrouble(StoreReason.KEY)
                return entry.key(share)
            case _:
                return self._bound(path, place, entry, share) if share else entry.secret

    def _bound(self, path: Path, place: Place, entry: KeyEntry, share: bytes) -> bytes:
        """Move a store from this workstation's secret to the secret and the relay's share. The entry says that it is on
        its way before the file changes, and that it arrived after."""
        try:
            if path.exists():
                self._keep(path.parent.name, entry.bound(share, Binding.MOVING), place)
                rekey(path, entry.secret, entry.key(share))
            self._keep(path.parent.name, entry.bound(share), place)
        except StoreTrouble as error:
            log.info("store not bound: %s", error.reason.value)
            return entry.key(share) if path.exists() and opens(path, entry.key(share)) else entry.secret
        return entry.key(share)

    def _database(self, path: Path, key: bytes) -> Database:
        """The store under the key that is known to be its own: one that it does not open is damaged. It is kept aside:
        what the operator has comes again, but drafts, the outbox and the journals are in the file that was kept."""
        try:
            return Database(path, key)
        except StoreTrouble as trouble:
            if trouble.reason not in {StoreReason.DAMAGED, StoreReason.KEY} or not path.exists():
                raise
        self._set_aside(path, StoreReason.DAMAGED)
        return Database(path, key)

    def _set_aside(self, path: Path, reason: StoreReason) -> None:
        aside = set_aside(path, f"{self._clock():%Y%m%d-%H%M%S}")
        log.info("store kept aside, %s: %d bytes", reason.value, aside.stat().st_size)
        self._speaker.problem(StoreTrouble(reason), "store")

    # -- forgetting
    def forget(self, national_id: str) -> None:
        """Everything of a person goes: first the key, after which the rest is noise, then every file. Their store must be
        closed. Raises StoreTrouble when something is left: it is tried again at each start."""
        self._forget(folder_name(national_id))

    def forget_folder(self, folder: str) -> bool:
        """The same for a folder of `places.known()`, whose person nobody can name. Whether a keyring could be asked."""
        return self._forget(folder)

    def _forget(self, folder: str) -> bool:
        self.places.doom(folder)
        trouble: StoreTrouble | None = None
        reached = True
        try:
            reached = self._patiently(lambda: self._vault.forget(folder))
        except StoreTrouble as error:
            trouble = error
        gone = self.places.erase(folder)
        if trouble is not None:
            raise trouble
        if not gone:
            raise StoreTrouble(StoreReason.LOCKED)
        self.places.pardon(folder)
        log.info("a person was forgotten")
        return reached

    def _finish(self, folder: str) -> None:
        """On `keyring`: the end of a forgetting that was cut; once more at the next start where it fails again."""
        self._vault.forget(folder)
        if self.places.erase(folder):
            self.places.pardon(folder)
            log.info("a person was forgotten, at last")

    # -- the keyring
    def _keep(self, folder: str, entry: KeyEntry, place: Place) -> Place:
        return self._patiently(lambda: self._vault.keep(folder, entry, place))

    def _post(self, job: Callable[[], None]) -> bool:
        if not self._started:
            self._worker.start()
            self._started = True
        return self._worker.post(job)

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask on `keyring`, and wait as long as a person may need for a password. A keyring that does not answer counts
        as closed, never as absent. Raises StoreTrouble."""
        answers: list[T] = []
        failures: list[StoreTrouble] = [StoreTrouble(StoreReason.KEYRING_LOCKED)]
        answered = threading.Event()

        def job() -> None:
            try:
                answers.append(ask())
            except StoreTrouble as error:
                failures.append(error)
            finally:
                answered.set()

        end = time.monotonic() + self._patience_s
        if self._post(job):
            while not answered.wait(_TICK_S) and time.monotonic() < end and not self._given_up.is_set():
                continue
        if not answers:
            raise failures[-1]
        return answers[0]
