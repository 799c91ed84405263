"""The thread `door`: walks a person through their browser or their phone. What waits for the relay or a person, waits
here, so that the session's own thread can lock at any moment."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Protocol

from mssclient.domain.environment import Environment
from mssclient.domain.errors import Cancelled, MssError
from mssclient.domain.session import SignInStage, SignInView
from mssclient.engine.worker import Worker
from mssclient.remote.psc import BrowserSignIn, PscRelay, RelaySession
from mssclient.remote.web import web_context

log = logging.getLogger(__name__)
SIGN_IN_LIMIT_S = 300.0


class Opener(Protocol):
    """Opens a URL in the person's browser; whether it worked."""

    def __call__(self, url: str) -> bool: ...


@dataclass(frozen=True, slots=True, eq=False)
class Attempt:
    """One sign-in that a person began. Compared by identity: two of them are never the same."""

    national_id: str = ""
    """Whose phone is asked; with `by_phone` only."""
    by_phone: bool = False
    renewal: bool = False
    """The screen is this person's already: nobody else may come in through it."""

    @property
    def stage(self) -> SignInStage:
        """Where the person has to look."""
        return SignInStage.PHONE if self.by_phone else SignInStage.BROWSER


class Host(Protocol):
    """Who opens the door: the session's desk. Any thread."""

    def wanted(self, attempt: Attempt) -> bool:
        """Whether the attempt is still the one that the person waits for."""
        ...

    def in_use(self) -> RelaySession | None:
        """The session that the workstation goes on with, whatever becomes of the attempt."""
        ...

    def show(self, attempt: Attempt, view: SignInView) -> None:
        """What the screen shows of the attempt, while it is wanted."""
        ...

    def arrived(self, attempt: Attempt, session: RelaySession) -> None:
        """Somebody signed in; the session is the host's from now on."""
        ...

    def failed(self, attempt: Attempt, failure: MssError) -> None:
        """Nobody did."""
        ...


class Door:
    """One attempt after the other: an earlier one has told its phone request off before the next is sent."""

    def __init__(self, environment: Environment, browser: Opener, host: Host) -> None:
        self._environment = environment
        self.browser = browser
        self._host = host
        self.worker = Worker("door", self._tell)

    def walk(self, attempt: Attempt) -> None:
        """Begin; ends in `Host.arrived` or `Host.failed`."""
        self.worker.post(lambda: self._walk(attempt))

    def _walk(self, attempt: Attempt) -> None:
        session: RelaySession | None = None
        failure = MssError("sign-in failed")
        try:
            if self._is_unwanted(attempt):
                raise Cancelled
            session = self._by_phone(attempt) if attempt.by_phone else self._by_browser(attempt)
        except MssError as error:
            log.info("sign-in failed: %s", type(error).__name__)
            failure = error
        finally:
            if session is None:
                self._host.failed(attempt, failure)
        if session is not None:
            self._host.arrived(attempt, session)

    def _is_unwanted(self, attempt: Attempt) -> bool:
        return not self._host.wanted(attempt)

    def _relay(self) -> PscRelay:
        return PscRelay(self._environment, web_context(self._environment))

    def _by_browser(self, attempt: Attempt) -> RelaySession:
        relay, beside = self._relay(), self._host.in_use()
        flow = _begun(relay, beside)
        self._host.show(attempt, SignInView(SignInStage.BROWSER, url=flow.url, code=flow.shown_code))
        if not self._open(flow.url) and not flow.shown_code:
            # Whoever carries the address to a browser by hand may do so on another machine, which cannot reach ours.
            flow.close()
            flow = relay.begin_browser(poll_only=True, beside=beside)
            self._host.show(attempt, SignInView(SignInStage.BROWSER, url=flow.url, code=flow.shown_code))
        return flow.wait(lambda: self._is_unwanted(attempt), SIGN_IN_LIMIT_S)

    def _open(self, url: str) -> bool:
        try:
            opened = self.browser(url)
        except OSError:
            opened = False
        log.info("browser %s", "opened" if opened else "did not open")
        return opened

    def _by_phone(self, attempt: Attempt) -> RelaySession:
        flow = self._relay().begin_ecps(attempt.national_id)

        def tick(left_s: int) -> None:
            self._host.show(attempt, SignInView(SignInStage.PHONE, flow.digits, left_s))

        tick(flow.expires_in_s)
        return flow.wait(lambda: self._is_unwanted(attempt), tick)

    def _tell(self, error: MssError | None) -> None:
        """A bug in a walk: the attempt was told off already."""
        log.info("door: %s", type(error).__name__)


def _begun(relay: PscRelay, beside: RelaySession | None) -> BrowserSignIn:
    """A sign-in that listens, or one that asks the relay where nothing may listen on this machine."""
    try:
        return relay.begin_browser(beside=beside)
    except OSError as error:
        log.info("no loopback (%s): the relay is asked instead", type(error).__name__)
        return relay.begin_browser(poll_only=True, beside=beside)
