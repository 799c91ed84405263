"""Card, PSC and lock: who is signed in, and the token of the next AUTH.

Two threads: `card` waits for the reader, `session` signs in, keeps the session and ends it. Hiding comes before
tidying: the state is announced first, what it closes is closed after.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Protocol

from mssclient.card.reader import CardReader
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Cancelled, Distrust, MssError, Offline, SessionEnded, Untrusted
from mssclient.domain.events import CardChanged, SessionChanged, SignInChanged
from mssclient.domain.session import (
    CardStatus,
    Person,
    SessionEvent,
    SessionState,
    SignInStage,
    SignInView,
    same_person,
    step,
)
from mssclient.engine.house import Speaker
from mssclient.engine.worker import Worker
from mssclient.remote.psc import PscRelay, RelaySession
from mssclient.remote.web import web_context

log = logging.getLogger(__name__)
CARD_TICK_S = 1.0
IDLE_TICK_S = 5.0
HEARTBEAT_S = 600.0
SIGN_IN_LIMIT_S = 300.0


class Opener(Protocol):
    """Opens a URL in the person's browser; whether it worked."""

    def __call__(self, url: str) -> bool: ...


class SessionDesk:
    """The one owner of the session state. `opening(person)` runs on `session` once the identity is known, `closing()`
    when a session ended and its lines have to be closed."""

    def __init__(
        self,
        environment: Environment,
        reader: CardReader,
        browser: Opener,
        speaker: Speaker,
        *,
        opening: Callable[[Person], None],
        closing: Callable[[], None],
    ) -> None:
        self._environment = environment
        self._reader = reader
        self._browser = browser
        self._speaker = speaker
        self._opening = opening
        self._closing = closing
        self._lock = threading.RLock()
        self._token_lock = threading.Lock()
        self._state = SessionState.SIGNED_OUT
        self._person: Person | None = None
        self._card = CardStatus(supported=False, reader=False, present=False)
        self._view = SignInView()
        self._relay_session: RelaySession | None = None
        self._by_card = False
        self._tidy_number = 0
        self._attempt = 0
        self._touched = time.monotonic()
        self._stopped = threading.Event()
        self.worker = Worker("session", self._tell)
        self.card_worker = Worker("card", self._tell_card)

    # -- any thread
    @property
    def state(self) -> SessionState:
        """Where the session stands."""
        return self._state

    @property
    def person(self) -> Person | None:
        """Who is, or before the lock was, signed in."""
        return self._person

    @property
    def card(self) -> CardStatus:
        """The reader as last seen."""
        return self._card

    @property
    def view(self) -> SignInView:
        """A sign-in under way."""
        return self._view

    def start(self) -> None:
        """Begin to watch the reader."""
        self.worker.start()
        self.card_worker.start()
        self.card_worker.post(self._watch_card)
        self.worker.post_in(IDLE_TICK_S, self._look_at_clock)

    def stop(self) -> None:
        """End both threads; a session that is open is ended at the relay first."""
        self._stopped.set()
        self._attempt += 1
        self._reader.cancel()
        self.card_worker.stop()
        self.card_worker.join()
        self.worker.post(self._end_relay_session)
        self.worker.post(self.worker.stop)
        self.worker.join()
        self._reader.close()

    def touch(self) -> None:
        """The person did something."""
        self._touched = time.monotonic()

    def fire(self, event: SessionEvent) -> SessionState:
        """One event through the table; the new state is announced before anything is tidied."""
        with self._lock:
            before, self._state = self._state, step(self._state, event)
            state = self._state
            if state is before:
                return state
            self._tidy_number += 1
            number = self._tidy_number
        log.info("session: %s, %s -> %s", event.value, before.value, state.value)
        self._speaker.announce(SessionChanged(state))
        if state is SessionState.LOCKED:
            # A bad contact is ridden over behind the cover: the lines close when the grace has passed.
            grace = self._environment.policy.card_out_grace_s if event is SessionEvent.CARD_OUT else 0.0
            self.worker.post_in(grace, lambda: self._tidy(number))
        elif state is SessionState.SIGNED_OUT and before is not SessionState.SIGNING_IN:
            self.worker.post(lambda: self._tidy(number))
        return state

    def fresh_token(self, *, refused: bool = False) -> str:
        """A token for the next AUTH: one request to the relay at a time for all threads. `refused`: the operator did
        not take the last one. Never kept here (ECO.1.2.5). Raises Offline, SessionEnded."""
        with self._token_lock:
            session = self._relay_session
            if session is None or self._state is not SessionState.OPEN:
                raise SessionEnded("no session")
            try:
                return session.token(fresh=refused).value
            except SessionEnded:
                self.fire(SessionEvent.PSC_OVER)
                raise

    # -- signing in
    def sign_in_with_browser(self) -> None:
        """Flow A."""
        self._begin(self._browser_flow)

    def sign_in_with_ecps(self, national_id: str) -> None:
        """Flow B."""
        self._begin(lambda attempt: self._ecps_flow(attempt, national_id))

    def cancel(self) -> None:
        """Give the sign-in under way up."""
        self._attempt += 1
        self.fire(SessionEvent.GIVE_UP)
        self._show(SignInView())

    def _begin(self, flow: Callable[[int], RelaySession]) -> None:
        with self._lock:
            if self._state is SessionState.OPEN or self._view.stage in {SignInStage.BROWSER, SignInStage.PHONE}:
                return
            self._attempt += 1
            attempt = self._attempt
        self.fire(SessionEvent.SIGN_IN)
        self.worker.post(lambda: self._sign_in(attempt, flow))

    def _sign_in(self, attempt: int, flow: Callable[[int], RelaySession]) -> None:
        if attempt != self._attempt:
            return
        try:
            session = flow(attempt)
            if attempt != self._attempt:
                session.end()
                return
            self._check_card(session)
            self._open(session)
        except Cancelled:
            self.fire(SessionEvent.GIVE_UP)
            self._show(SignInView())
        except MssError as error:
            log.info("sign-in failed: %s", type(error).__name__)
            self.fire(SessionEvent.GIVE_UP)
            self._show(SignInView(SignInStage.FAILED, failure=error))

    def _browser_flow(self, attempt: int) -> RelaySession:
        flow = PscRelay(self._environment, web_context(self._environment)).begin_browser()
        self._show(SignInView(SignInStage.BROWSER, url=flow.url))
        try:
            opened = self._browser(flow.url)
        except OSError:
            opened = False
        log.info("browser %s", "opened" if opened else "did not open")
        return flow.wait(lambda: attempt != self._attempt or self._stopped.is_set(), SIGN_IN_LIMIT_S)

    def _ecps_flow(self, attempt: int, national_id: str) -> RelaySession:
        flow = PscRelay(self._environment, web_context(self._environment)).begin_ecps(national_id)

        def tick(left_s: int) -> None:
            self._show(SignInView(SignInStage.PHONE, flow.digits, left_s))

        tick(flow.expires_in_s)
        return flow.wait(lambda: attempt != self._attempt or self._stopped.is_set(), tick)

    def _check_card(self, session: RelaySession) -> None:
        """The person who signed in must be the one whose card is in the reader (identity.md §2)."""
        holder = self._card.holder
        if self._card.present and holder and holder.national_id:
            if not same_person(holder.national_id, session.person.national_id):
                session.end()
                raise Untrusted(Distrust.IDENTITY)

    def _open(self, session: RelaySession) -> None:
        self._show(SignInView(SignInStage.OPENING))
        with self._lock:
            same = self._person is not None and same_person(self._person.national_id, session.person.national_id)
            if self._state is SessionState.LOCKED and not same:
                self._state = SessionState.SIGNED_OUT
        if self._state is SessionState.SIGNED_OUT and self._person is not None and not same:
            self._closing()
            self._speaker.announce(SessionChanged(SessionState.SIGNED_OUT))
        self._relay_session = session
        self._person = session.person
        self._by_card = self._card.present
        self.touch()
        with self._lock:
            opened = step(self._state, SessionEvent.SIGNED_IN)
        if opened is not SessionState.OPEN:
            raise Cancelled
        # Workers ask for tokens as soon as they start: the state must be OPEN before the house is.
        with self._lock:
            self._state = SessionState.OPEN
            self._tidy_number += 1
        try:
            self._opening(session.person)
        except MssError:
            with self._lock:
                self._state = SessionState.SIGNING_IN
            self._end_relay_session()
            raise
        self._show(SignInView())
        self._speaker.announce(SessionChanged(SessionState.OPEN))
        self.worker.post_in(HEARTBEAT_S, lambda: self._heartbeat(session))

    def _show(self, view: SignInView) -> None:
        self._view = view
        self._speaker.announce(SignInChanged())

    # -- keeping and ending
    def _heartbeat(self, session: RelaySession) -> None:
        """A token is asked for while the person works, so that PSC's 30 idle minutes do not pass (identity.md §1)."""
        if self._relay_session is not session or self._state is not SessionState.OPEN:
            return
        if time.monotonic() - self._touched < HEARTBEAT_S:
            try:
                with self._token_lock:
                    session.token()
            except SessionEnded:
                self.fire(SessionEvent.PSC_OVER)
                return
            except Offline:
                log.info("heartbeat: relay out of reach")
        self.worker.post_in(HEARTBEAT_S, lambda: self._heartbeat(session))

    def _look_at_clock(self) -> None:
        if self._state is SessionState.OPEN:
            if time.monotonic() - self._touched > self._environment.policy.idle_lock_s:
                self.fire(SessionEvent.IDLE)
        self.worker.post_in(IDLE_TICK_S, self._look_at_clock)

    def _tidy(self, number: int) -> None:
        """What a lock or a sign-out closes, unless the person came back meanwhile."""
        with self._lock:
            if number != self._tidy_number:
                return
        self._closing()
        self._end_relay_session()

    def _end_relay_session(self) -> None:
        session, self._relay_session = self._relay_session, None
        if session is not None:
            try:
                session.end()
            except MssError as error:
                log.info("relay not told: %s", type(error).__name__)

    # -- the card
    def _watch_card(self) -> None:
        """One look at the reader, then again: the reader itself waits, and `cancel` ends its wait."""
        status = self._reader.wait(self._card, CARD_TICK_S)
        if status != self._card:
            before, self._card = self._card, status
            if before.present and not status.present:
                self._card_out()
            elif status.present and not before.present:
                self._card_in(status)
            self._speaker.announce(CardChanged())
        if not self._stopped.is_set():
            self.card_worker.post(self._watch_card)

    def _card_out(self) -> None:
        if self._by_card or self._state is SessionState.SIGNING_IN:
            if self._state is SessionState.SIGNING_IN and self._view.stage is SignInStage.PHONE:
                return
            self.fire(SessionEvent.CARD_OUT)

    def _card_in(self, status: CardStatus) -> None:
        """The same card back within the grace: a bad contact. The cover lifts, nothing was closed."""
        with self._lock:
            back = (
                self._state is SessionState.LOCKED
                and self._relay_session is not None
                and self._by_card
                and self._person is not None
                and status.holder is not None
                and same_person(status.holder.national_id, self._person.national_id)
            )
            if not back:
                return
            self._state = SessionState.OPEN
            self._tidy_number += 1
        log.info("session: card back within the grace")
        self._speaker.announce(SessionChanged(SessionState.OPEN))

    def _tell(self, error: MssError | None) -> None:
        if error is not None:
            self._speaker.problem(error, "session")

    def _tell_card(self, error: MssError | None) -> None:
        """A monitor that fails counts as a card that is gone."""
        log.info("card monitor failed: %s", type(error).__name__)
        self._card = CardStatus(supported=False, reader=False, present=False)
        self._card_out()
        self._speaker.announce(CardChanged())
        if not self._stopped.is_set():
            self.card_worker.post_in(CARD_TICK_S, self._watch_card)


def new_id() -> str:
    """A random id for drafts and wishes."""
    return secrets.token_hex(12)
