"""How operators are found and whether they are believed: discovery kept for a day, revocation asked about behind."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from mssclient.domain.address import domain_of
from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import Distrust, MssError, Offline, Refused, SessionEnded, Untrusted
from mssclient.domain.trust import Revocation
from mssclient.engine.house import Clock, Speaker, back_off_s
from mssclient.engine.worker import Worker
from mssclient.remote.autoconfig import discover
from mssclient.remote.tls import MailTrust

log = logging.getLogger(__name__)
KEEP = timedelta(days=1)
"""How long an operator's answer serves (ECO.1.1.9)."""
REFRESH_EVERY_S = 4 * 3600.0
SOON_S = 30.0
"""Between two looks that lines which were refused asked for."""


@dataclass(frozen=True, slots=True)
class _Found:
    profile: OperatorProfile
    at: datetime
    doubtful: bool = False


class Operators:
    """Made once by the engine and shared by every line; knows domains, no person. Any thread.

    The thread `revocation` works from the start of the program, whoever is signed in; `renewed` is called on it when
    newer lists came: lines that were refused may try again.
    """

    def __init__(
        self, environment: Environment, folder: Path, speaker: Speaker, clock: Clock, renewed: Callable[[], None]
    ) -> None:
        self.trust = MailTrust(environment, folder, clock)
        self._environment = environment
        self._speaker = speaker
        self._clock = clock
        self._renewed = renewed
        self._lock = threading.Lock()
        self._found: dict[str, _Found] = {}
        self._tries = 0
        self._told = False
        self._rung = False
        self._round = 0
        self.state = Revocation(environment.policy.revocation)
        """What was known after the last look; replaced whole."""
        self.worker = Worker("revocation", self._tell)

    # -- revocation
    def start(self) -> None:
        """Begin, with a look at what is due; nothing to do where there is no list or none is consulted."""
        listed = self._environment.crl_urls or self._environment.mail_crl
        if listed and self._environment.policy.revocation != "off":
            self.worker.start()
            self.worker.post(self._refresh)

    def stop(self) -> None:
        """End; a download under way is waited for in `worker.join`, or left behind."""
        self.worker.stop()

    def _refresh(self, *, at_once: bool = False) -> None:
        newer = self.trust.refresh(at_once=at_once)
        self.state = state = self.trust.state()
        if state.cuts or state.blind:
            self._again()
            if state.cuts and not self._told:
                self._told = True
                self._speaker.problem(Untrusted(Distrust.REVOCATION), "revocation")
        else:
            self._later(REFRESH_EVERY_S * random.uniform(0.75, 1.25))  # noqa: S311
            self._tries, self._told = 0, False
        if newer:
            self._renewed()

    def _tell(self, error: MssError | None) -> None:
        # The anchors file is missing or foreign: the lines tell it.
        log.info("revocation not known: %s", type(error).__name__)
        self._again()

    def _again(self) -> None:
        self._later(max(SOON_S, back_off_s(self._tries + 4)))
        self._tries += 1

    def _later(self, delay_s: float) -> None:
        """The next look; one that was planned before no longer counts."""
        self._round += 1
        planned = self._round
        self.worker.post_in(delay_s, lambda: self._refresh() if planned == self._round else None)

    def _ask_at_once(self) -> None:
        self.worker.post_in(SOON_S, self._listen)
        self._refresh(at_once=True)

    def _listen(self) -> None:
        with self._lock:
            self._rung = False

    # -- discovery
    def profile(self, address: str) -> OperatorProfile:
        """The operator of an address, as announced within a day. Raises as `remote.autoconfig.discover`.

        After a failure the operator is asked again; only when it cannot be asked does the former answer serve.
        """
        domain, now = domain_of(address), self._clock()
        with self._lock:
            known = self._found.get(domain)
        fresh = known if known is not None and timedelta(0) <= now - known.at < KEEP else None
        if fresh is not None and not fresh.doubtful:
            return fresh.profile
        try:
            profile = discover(self._environment, address)
        except Offline:
            if fresh is None:
                raise
            return fresh.profile
        with self._lock:
            self._found[domain] = _Found(profile, now)
        return profile

    def failed(self, address: str, error: MssError | None) -> None:
        """A line to this address's operator failed: it may stand elsewhere by now, or lists may be missing."""
        if isinstance(error, SessionEnded | Refused):
            return
        domain = domain_of(address)
        with self._lock:
            if (known := self._found.get(domain)) is not None:
                self._found[domain] = replace(known, doubtful=True)
            wanted = isinstance(error, Untrusted) and error.reason is Distrust.REVOCATION and not self._rung
            self._rung = self._rung or wanted
        if wanted:
            self.worker.post(self._ask_at_once)
