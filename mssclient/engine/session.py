"""Card, PSC and lock: who is signed in, and the token of the next AUTH.

The thread `session` opens, keeps and ends; it never waits for a person or for a sign-in (`engine/sign_in.py` does), so
that a lock is never late. Hiding comes before tidying: the state is announced first, what it closes is closed after.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime

from mssclient.card.reader import CardReader
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Cancelled, Distrust, MssError, SessionEnded, Untrusted
from mssclient.domain.events import SessionChanged, SessionEnding, SignInChanged
from mssclient.domain.session import (
    CardStatus,
    Person,
    SessionEvent,
    SessionState,
    SignInStage,
    SignInView,
    card_left,
    holder_id,
    is_strangers,
    same_person,
    step,
)
from mssclient.engine.card_watch import CardWatch
from mssclient.engine.house import Clock, Speaker, utc_now
from mssclient.engine.session_clock import Alarm, SessionClock, Ticks, steady_ticks
from mssclient.engine.sign_in import Attempt, Door, Opener
from mssclient.engine.tokens import Tokens
from mssclient.engine.worker import Worker
from mssclient.remote.psc import RelaySession

__all__ = ["Opener", "SessionDesk", "new_id"]

log = logging.getLogger(__name__)
TICK_S = 2.0
STOP_S = 60.0
INSIDE = frozenset({SessionState.OPEN, SessionState.READING})
PSC_ENDS = frozenset({SessionEvent.PSC_OVER, SessionEvent.TOKEN_REFUSED})


class SessionDesk:
    """The one owner of the session state. `opening(session)` runs on `session` once the identity is known, `closing()`
    when a session ended and its lines have to be closed. States are announced under the lock: in their order."""

    def __init__(
        self,
        environment: Environment,
        reader: CardReader,
        browser: Opener,
        speaker: Speaker,
        *,
        opening: Callable[[RelaySession], None],
        closing: Callable[[], None],
        clock: Clock = utc_now,
        ticks: Ticks = steady_ticks,
    ) -> None:
        self._policy = environment.policy
        self._speaker = speaker
        self._opening = opening
        self._closing = closing
        self._lock = threading.RLock()
        self._state = SessionState.SIGNED_OUT
        self._person: Person | None = None
        self._view = SignInView()
        self._by_card = False
        self._ridden: SessionState | None = None
        """What a card that is out within its grace covers: nothing of it was closed yet."""
        self._entering = False
        """OPEN for the workers, and not yet for the screen: there is nothing to come back to."""
        self._turns = 0
        self._attempt: Attempt | None = None
        self._stopped = threading.Event()
        self._clock = SessionClock(environment.policy.idle_lock_s, clock, ticks)
        self._cards = CardWatch(reader, speaker, self._lock, self._card_changed)
        self._door = Door(environment, browser, self)
        self._tokens = Tokens(self)
        self.worker = Worker("session", self._tell)

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
        return self._cards.status

    @property
    def view(self) -> SignInView:
        """A sign-in under way."""
        return self._view

    @property
    def ends_at(self) -> datetime | None:
        """When PSC's four hours end; None unless the session is open."""
        return self._clock.ends_at if self._state is SessionState.OPEN else None

    def start(self) -> None:
        """Begin to watch the reader and the hour."""
        self.worker.start()
        self._door.worker.start()
        self._cards.start()
        self.worker.post(self._tick)

    def stop(self) -> None:
        """End the threads; a session that is open is ended at the relay first."""
        self._stopped.set()
        with self._lock:
            self._attempt = None
        self._cards.stop()
        self._door.worker.stop()
        if not self._door.worker.join(STOP_S):
            log.info("a sign-in does not end")
        self.worker.post(self._tokens.end)
        self.worker.finish()
        if not self.worker.join(STOP_S):
            log.info("session does not end")

    def touch(self) -> None:
        """Somebody did something; covered in this very call when nobody was there for too long."""
        if not self._clock.touch() and self._state in INSIDE:
            self.fire(SessionEvent.IDLE)

    def fire(self, event: SessionEvent, *, for_good: bool = False) -> SessionState:
        """One event through the table; the new state is announced before anything is tidied. `for_good`: no grace."""
        with self._lock:
            before, self._state = self._state, step(self._state, event, reading=self._policy.read_after_session)
            state = self._state
            if state is before:
                return state
            self._turns += 1
            turn = self._turns
            rides = before in INSIDE and event is SessionEvent.CARD_OUT and not for_good and not self._entering
            covered = before if rides else None
            self._ridden = covered
            log.info("session: %s, %s -> %s", event.value, before.value, state.value)
            self._speaker.announce(SessionChanged(state))
            self._drop_attempt(event, before)
        if state is SessionState.LOCKED:
            # A bad contact is ridden over behind the cover: the lines close when the grace has passed.
            self.worker.post_in(self._policy.card_out_grace_s if covered else 0.0, lambda: self._tidy(turn))
        elif before in INSIDE or before is SessionState.LOCKED:
            self.worker.post(lambda: self._tidy(turn))
        return state

    def _drop_attempt(self, event: SessionEvent, before: SessionState) -> None:
        """Whatever covers or empties the screen ends the sign-in under way, a renewal too; what PSC ends is just what a
        renewal is for."""
        attempt = self._attempt
        if attempt is None or before is SessionState.SIGNED_OUT or (attempt.renewal and event in PSC_ENDS):
            return
        self._attempt = None
        self._show(SignInView())

    def fresh_token(self, *, refused: bool = False) -> str:
        """A token for the next AUTH (`engine/tokens.py`). Raises Offline, SessionEnded."""
        return self._tokens.take(lambda: self._state is SessionState.OPEN, refused=refused)

    def learned(self, session_ends_in_s: float | None) -> None:
        """See `tokens.Listener`."""
        if self._clock.learn(session_ends_in_s):
            self._speaker.announce(SessionEnding())

    def ended(self) -> None:
        """See `tokens.Listener`."""
        self.fire(SessionEvent.PSC_OVER)

    def say_again(self) -> None:
        """What stands beside the state changed: the state is announced as it is."""
        with self._lock:
            self._speaker.announce(SessionChanged(self._state))

    # -- signing in
    def sign_in_with_browser(self) -> None:
        """Flow A."""
        self._begin(by_phone=False)

    def sign_in_with_ecps(self, national_id: str) -> None:
        """Flow B."""
        self._begin(national_id, by_phone=True)

    def renew(self, national_id: str = "") -> None:
        """Sign in again behind the open screen; by phone when a national id is given."""
        self._begin(national_id, by_phone=bool(national_id), again=True)

    def cancel(self) -> None:
        """Give the sign-in under way up; without one, forget why the last failed."""
        self._give_up(SignInView())

    def _begin(self, national_id: str = "", *, by_phone: bool, again: bool = False) -> None:
        with self._lock:
            if self._attempt is not None or self._stopped.is_set():
                return
            renewal = self._state in INSIDE
            if again is not renewal and self._state is not SessionState.READING:
                return
            attempt = self._attempt = Attempt(national_id, by_phone, renewal)
            self.fire(SessionEvent.SIGN_IN)
            self._show(SignInView(attempt.stage))
        self.worker.post(lambda: self._prepare(attempt))

    def _prepare(self, attempt: Attempt) -> None:
        # PSC may keep one session for the old sign-in and the new: what a lock has to end is ended before.
        if self.wanted(attempt) and self._state is not SessionState.OPEN and self._tokens.session is not None:
            self._close_all()
        self._door.walk(attempt)

    def wanted(self, attempt: Attempt) -> bool:
        """See `sign_in.Host`."""
        return attempt is self._attempt and not self._stopped.is_set()

    def in_use(self) -> RelaySession | None:
        """See `sign_in.Host`."""
        return self._tokens.session

    def show(self, attempt: Attempt, view: SignInView) -> None:
        """See `sign_in.Host`."""
        with self._lock:
            if self.wanted(attempt):
                self._show(view)

    def arrived(self, attempt: Attempt, session: RelaySession) -> None:
        """See `sign_in.Host`."""
        if not self.worker.post(lambda: self._admit(attempt, session)):
            self._tokens.dismiss(session)

    def failed(self, attempt: Attempt, failure: MssError) -> None:
        """See `sign_in.Host`: what an attempt that came to nothing leaves on the screen; nothing when another took its
        place."""
        with self._lock:
            if attempt is self._attempt:
                quiet = isinstance(failure, Cancelled)
                self._give_up(SignInView() if quiet else SignInView(SignInStage.FAILED, failure=failure))

    def _give_up(self, view: SignInView) -> None:
        with self._lock:
            self._attempt = None
            self.fire(SessionEvent.GIVE_UP)
            self._show(view)

    def _show(self, view: SignInView) -> None:
        self._view = view
        self._speaker.announce(SignInChanged())

    # -- opening, on `session`
    def _admit(self, attempt: Attempt, session: RelaySession) -> None:
        """Somebody came in by the door. What is not wanted is ended at the relay."""
        opened, failure = False, MssError("sign-in failed")
        try:
            if (objection := self._objection(attempt, session)) is not None:
                self._tokens.dismiss(session)
                raise objection
            if not self._swap(attempt, session):
                self._open(attempt, session)
            opened = True
        except MssError as error:
            log.info("not opened: %s", type(error).__name__)
            failure = error
        finally:
            if not opened:
                self.failed(attempt, failure)

    def _objection(self, attempt: Attempt, session: RelaySession) -> MssError | None:
        """The person who signed in must be the one whose card is in the reader (identity.md §2), and the one whose
        screen this is."""
        with self._lock:
            if not self.wanted(attempt):
                return Cancelled()
            owner = self._person.national_id if attempt.renewal and self._person is not None else ""
            other = bool(owner) and not same_person(owner, session.person.national_id)
            return Untrusted(Distrust.IDENTITY) if other or is_strangers(self.card, session.person) else None

    def _swap(self, attempt: Attempt, session: RelaySession) -> bool:
        """A renewal while the session is open: the house and its lines do not notice. Whether it was one."""

        def fits() -> bool:
            with self._lock:
                if self._state is not SessionState.OPEN or self._objection(attempt, session) is not None:
                    return False
                self._by_card = self._by_card or self.card.present
                self._clock.begin()
                self._attempt = None
                self._show(SignInView())
                return True

        if not self._tokens.swap(session, fits):
            return False
        log.info("session renewed")
        self._speaker.announce(SessionEnding())
        self._door.worker.post(self._beat)
        return True

    def _open(self, attempt: Attempt, session: RelaySession) -> None:
        """Identity known: the person's house opens. Raises Cancelled when they gave up or locked meanwhile."""
        before = self._state
        if before is SessionState.OPEN or not self.wanted(attempt):
            self._tokens.dismiss(session)
            raise Cancelled
        if self._tokens.session is not None:
            self._close_all()
        self.show(attempt, SignInView(SignInStage.OPENING))
        self._tokens.session = session
        opened = False
        try:
            if before is SessionState.LOCKED and not self._is_theirs(session):
                self._closing()
                before = self._become(SessionState.SIGNED_OUT)
            self._enter(attempt, session)
            self._opening(session)
            opened = self._opened(attempt)
        finally:
            if not opened:
                self._shut(before)
        if not opened:
            raise Cancelled

    def _is_theirs(self, session: RelaySession) -> bool:
        return self._person is not None and same_person(self._person.national_id, session.person.national_id)

    def _become(self, state: SessionState) -> SessionState:
        with self._lock:
            self._state = state
            self._speaker.announce(SessionChanged(state))
        return state

    def _enter(self, attempt: Attempt, session: RelaySession) -> None:
        """Workers ask for tokens as soon as they start: the state must be OPEN before the house is."""
        with self._lock:
            if (objection := self._objection(attempt, session)) is not None:
                raise objection
            if step(self._state, SessionEvent.SIGNED_IN) is not SessionState.OPEN:
                raise Cancelled
            self._state = SessionState.OPEN
            self._entering = True
            self._turns += 1
            self._person = session.person
            self._by_card = self.card.present
            self._ridden = None
            self._clock.begin()

    def _opened(self, attempt: Attempt) -> bool:
        """The house is open: said to the world unless it was locked or given up in the meantime."""
        with self._lock:
            if not self.wanted(attempt) or self._state is not SessionState.OPEN:
                return False
            self._attempt = None
            self._entering = False
            self._show(SignInView())
            self._speaker.announce(SessionChanged(SessionState.OPEN))
            return True

    def _shut(self, before: SessionState) -> None:
        """An opening that came to nothing: as it was before, and no line stays open."""
        with self._lock:
            self._entering = False
            if self._state is SessionState.OPEN:
                kept = before if before in {SessionState.LOCKED, SessionState.READING} else SessionState.SIGNED_OUT
                self._become(kept)
        self._close_all()

    # -- keeping and ending
    def look(self) -> None:
        """Look at the hour and at the reader now, on `session`."""
        self.worker.post(self._look)

    def _tick(self) -> None:
        self.worker.post_in(TICK_S, self._tick)
        self._look()

    def _look(self) -> None:
        self._cards.check()
        for alarm in self._clock.alarms(self._state):
            match alarm:
                case Alarm.IDLE:
                    self.fire(SessionEvent.IDLE)
                case Alarm.OVER:
                    self.fire(SessionEvent.PSC_OVER)
                case Alarm.ENDING:
                    self._speaker.announce(SessionEnding())
                case Alarm.HEARTBEAT:
                    self._door.worker.post(self._beat)

    def _beat(self) -> None:
        """A token is asked for while the person works, so that PSC's 30 idle minutes do not pass (identity.md §1)."""
        try:
            self.fresh_token()
        except SessionEnded:
            log.info("heartbeat: no session")
        except MssError as error:
            log.info("heartbeat: %s", type(error).__name__)
            self._clock.missed()

    def _tidy(self, turn: int) -> None:
        """What a lock or a sign-out closes, unless the person came back meanwhile."""
        with self._lock:
            if turn != self._turns:
                return
        self._close_all()

    def _close_all(self) -> None:
        with self._lock:
            self._ridden = None
        try:
            self._closing()
        finally:
            self._tokens.end()

    # -- the card, under the lock
    def _card_changed(self, before: CardStatus, now: CardStatus) -> None:
        if card_left(before, now):
            self._card_out()
        if now.present:
            self._card_in(now)

    def _card_out(self) -> None:
        if self._state in INSIDE:
            if self._by_card:
                self.fire(SessionEvent.CARD_OUT)
        elif self._attempt is not None and not self._attempt.by_phone:
            self._give_up(SignInView())

    def _card_in(self, now: CardStatus) -> None:
        """The same card back within the grace: a bad contact. The cover lifts, nothing was closed. And a card whose
        holder could not be read when they signed in, and turns out to be another's."""
        person = self._person
        if person is None or not holder_id(now):
            return
        if self._state in INSIDE and self._by_card and is_strangers(now, person):
            log.info("session: the card is another person's")
            self.fire(SessionEvent.CARD_OUT, for_good=True)
        elif self._state is SessionState.LOCKED and self._ridden is not None and not is_strangers(now, person):
            ridden, self._ridden = self._ridden, None
            self._turns += 1
            log.info("session: card back within the grace")
            self._become(ridden)

    def _tell(self, error: MssError | None) -> None:
        if error is not None:
            self._speaker.problem(error, "session")


def new_id() -> str:
    """A random id for drafts and wishes."""
    return secrets.token_hex(12)
