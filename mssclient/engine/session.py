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
STOP_S = 60.0
UNDER_WAY = frozenset({SignInStage.BROWSER, SignInStage.PHONE, SignInStage.OPENING})


class Opener(Protocol):
    """Opens a URL in the person's browser; whether it worked."""

    def __call__(self, url: str) -> bool: ...


class SessionDesk:
    """The one owner of the session state. `opening(person)` runs on `session` once the identity is known, `closing()`
    when a session ended and its lines have to be closed. States are announced under the lock: in their order."""

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
        self._by_phone = False
        self._riding = False
        """Within the grace of a card that is out: nothing was closed yet."""
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
        with self._lock:
            self._attempt += 1
        self._reader.cancel()
        self.card_worker.stop()
        self.card_worker.join()
        self.worker.post(self._end_relay_session)
        self.worker.finish()
        if not self.worker.join(STOP_S):
            log.info("session does not end")
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
            if before is SessionState.SIGNING_IN:
                # Whatever ended the attempt, a card that is gone for one, what still comes of it is not wanted.
                self._attempt += 1
                self._show(SignInView())
            self._riding = event is SessionEvent.CARD_OUT and state is SessionState.LOCKED
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
                if self._relay_session is session:
                    self.fire(SessionEvent.PSC_OVER)
                raise

    # -- signing in
    def sign_in_with_browser(self) -> None:
        """Flow A."""
        self._begin(self._browser_flow, by_phone=False)

    def sign_in_with_ecps(self, national_id: str) -> None:
        """Flow B."""
        self._begin(lambda attempt: self._ecps_flow(attempt, national_id), by_phone=True)

    def cancel(self) -> None:
        """Give the sign-in under way up."""
        self._give_up(SignInView())

    def _begin(self, flow: Callable[[int], RelaySession], *, by_phone: bool) -> None:
        with self._lock:
            if self._state is SessionState.OPEN or self._view.stage in UNDER_WAY:
                return
            self._attempt += 1
            attempt = self._attempt
            self._by_phone = by_phone
            self.fire(SessionEvent.SIGN_IN)
        self.worker.post(lambda: self._sign_in(attempt, flow))

    def _wanted(self, attempt: int) -> bool:
        """Whether a sign-in under way is still the one that the person waits for."""
        return attempt == self._attempt and not self._stopped.is_set()

    def _give_up(self, view: SignInView) -> None:
        with self._lock:
            self._attempt += 1
            self.fire(SessionEvent.GIVE_UP)
            self._show(view)

    def _sign_in(self, attempt: int, flow: Callable[[int], RelaySession]) -> None:
        """One attempt. An attempt that was given up meanwhile says nothing more: another may be under way."""
        opened, failure = False, MssError("sign-in failed")
        try:
            self._walk(attempt, flow)
            opened = True
        except MssError as error:
            log.info("sign-in failed: %s", type(error).__name__)
            failure = error
        finally:
            if not opened:
                self._concluded(attempt, failure)

    def _walk(self, attempt: int, flow: Callable[[int], RelaySession]) -> None:
        if not self._wanted(attempt):
            raise Cancelled
        # A person may take minutes in their browser: what a lock has to close does not wait for them.
        if self._relay_session is not None:
            self._close_all()
        session = flow(attempt)
        if not self._wanted(attempt):
            _end(session)
            raise Cancelled
        self._check_card(session)
        self._open(attempt, session)

    def _browser_flow(self, attempt: int) -> RelaySession:
        relay = PscRelay(self._environment, web_context(self._environment))
        try:
            flow = relay.begin_browser()
        except OSError as error:
            raise Offline("loopback") from error
        self._show(SignInView(SignInStage.BROWSER, url=flow.url))
        try:
            opened = self._browser(flow.url)
        except OSError:
            opened = False
        log.info("browser %s", "opened" if opened else "did not open")
        return flow.wait(lambda: not self._wanted(attempt), SIGN_IN_LIMIT_S)

    def _ecps_flow(self, attempt: int, national_id: str) -> RelaySession:
        flow = PscRelay(self._environment, web_context(self._environment)).begin_ecps(national_id)

        def tick(left_s: int) -> None:
            if self._wanted(attempt):
                self._show(SignInView(SignInStage.PHONE, flow.digits, left_s))

        tick(flow.expires_in_s)
        return flow.wait(lambda: not self._wanted(attempt), tick)

    def _check_card(self, session: RelaySession) -> None:
        """The person who signed in must be the one whose card is in the reader (identity.md §2)."""
        holder = self._card.holder
        known = holder.national_id if self._card.present and holder is not None else ""
        if known and not same_person(known, session.person.national_id):
            _end(session)
            raise Untrusted(Distrust.IDENTITY)

    def _open(self, attempt: int, session: RelaySession) -> None:
        """Identity known: the person's house opens. Raises Cancelled when they gave up or locked meanwhile."""
        self._show(SignInView(SignInStage.OPENING))
        with self._lock:
            before, self._relay_session = self._state, session
            same = self._person is not None and same_person(self._person.national_id, session.person.national_id)
        opened = False
        try:
            if before is SessionState.LOCKED and not same:
                self._closing()
                before = self._become(SessionState.SIGNED_OUT)
            self._enter(attempt, session)
            self._opening(session.person)
            opened = self._opened(attempt)
        finally:
            if not opened:
                self._shut(before)
        if not opened:
            raise Cancelled
        self.worker.post_in(HEARTBEAT_S, lambda: self._heartbeat(session))

    def _become(self, state: SessionState) -> SessionState:
        with self._lock:
            self._state = state
            self._speaker.announce(SessionChanged(state))
        return state

    def _enter(self, attempt: int, session: RelaySession) -> None:
        """Workers ask for tokens as soon as they start: the state must be OPEN before the house is."""
        with self._lock:
            if not self._wanted(attempt) or step(self._state, SessionEvent.SIGNED_IN) is not SessionState.OPEN:
                raise Cancelled
            self._state = SessionState.OPEN
            self._tidy_number += 1
            self._person = session.person
            self._by_card = self._card.present
            self._riding = False
            self.touch()

    def _opened(self, attempt: int) -> bool:
        """The house is open: said to the world unless it was locked or given up in the meantime."""
        with self._lock:
            if not self._wanted(attempt) or self._state is not SessionState.OPEN:
                return False
            self._show(SignInView())
            self._speaker.announce(SessionChanged(SessionState.OPEN))
            return True

    def _shut(self, before: SessionState) -> None:
        """An opening that came to nothing: as it was before, and no line stays open."""
        with self._lock:
            if self._state is SessionState.OPEN:
                self._become(SessionState.LOCKED if before is SessionState.LOCKED else SessionState.SIGNED_OUT)
        self._close_all()

    def _concluded(self, attempt: int, failure: MssError) -> None:
        """What an attempt that did not open leaves on the screen; nothing when another took its place."""
        with self._lock:
            if attempt == self._attempt:
                quiet = isinstance(failure, Cancelled)
                self._give_up(SignInView() if quiet else SignInView(SignInStage.FAILED, failure=failure))
            elif self._view.stage is SignInStage.OPENING:
                self._show(SignInView())

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
            except MssError as error:
                log.info("heartbeat: %s", type(error).__name__)
        self.worker.post_in(HEARTBEAT_S, lambda: self._heartbeat(session))

    def _look_at_clock(self) -> None:
        idle_s = time.monotonic() - self._touched
        if self._state is SessionState.OPEN and idle_s > self._environment.policy.idle_lock_s:
            self.fire(SessionEvent.IDLE)
        self.worker.post_in(IDLE_TICK_S, self._look_at_clock)

    def _tidy(self, number: int) -> None:
        """What a lock or a sign-out closes, unless the person came back meanwhile."""
        with self._lock:
            if number != self._tidy_number:
                return
        self._close_all()

    def _close_all(self) -> None:
        with self._lock:
            self._riding = False
        try:
            self._closing()
        finally:
            self._end_relay_session()

    def _end_relay_session(self) -> None:
        with self._lock:
            session, self._relay_session = self._relay_session, None
        if session is not None:
            _end(session)

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
        with self._lock:
            under_way = self._state is SessionState.SIGNING_IN or self._view.stage in UNDER_WAY
            if under_way and self._state is not SessionState.OPEN:
                if not self._by_phone:
                    self._give_up(SignInView())
            elif self._by_card:
                self.fire(SessionEvent.CARD_OUT)

    def _card_in(self, status: CardStatus) -> None:
        """The same card back within the grace: a bad contact. The cover lifts, nothing was closed."""
        with self._lock:
            back = (
                self._state is SessionState.LOCKED
                and self._riding
                and self._person is not None
                and status.holder is not None
                and same_person(status.holder.national_id, self._person.national_id)
            )
            if not back:
                return
            self._tidy_number += 1
            log.info("session: card back within the grace")
            self._become(SessionState.OPEN)

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


def _end(session: RelaySession) -> None:
    """Sign out at PSC; a relay out of reach forgets the session by itself."""
    try:
        session.end()
    except MssError as error:
        log.info("relay not told: %s", type(error).__name__)


def new_id() -> str:
    """A random id for drafts and wishes."""
    return secrets.token_hex(12)
