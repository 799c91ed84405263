"""What tests of the session share: hours moved by hand, a browser that waits, and a look at what PSC and the relay keep."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from mssclient.domain.bal import Link
from mssclient.domain.errors import MssError
from mssclient.domain.events import SessionChanged, SessionEnding
from mssclient.domain.session import SessionState, SignInStage
from tests.engine.conftest import Workstation

MINUTE = 60.0


class Hours:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 10_000.0

    def __call__(self) -> float:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += seconds


def passed(desk: Workstation, hours: Hours, seconds: float, *, working: bool = False) -> None:
    """Time goes by, and the desk has looked at the hour since."""
    hours.pass_by(seconds)
    if working:
        desk.engine.touch()
    looked = threading.Event()
    desk.engine._desk.look()
    desk.engine._desk.worker.post(looked.set)
    assert looked.wait(10)


def beaten(desk: Workstation) -> None:
    """Whatever was asked of the relay in the background is done."""
    done = threading.Event()
    desk.engine._desk._door.worker.post(done.set)
    assert done.wait(20)


class HeldBrowser:
    """A browser that opens and shows the page until a person goes on."""

    def __init__(self, desk: Workstation) -> None:
        self.urls: list[str] = []
        self._desk = desk
        self._real = desk.engine._desk._door.browser
        desk.engine._desk._door.browser = self

    def __call__(self, url: str) -> bool:
        self.urls.append(url)
        return True

    def go_on(self) -> None:
        """The person goes through with the last page that was opened."""
        self._desk.until(lambda: self.urls, "browser opened")
        self._real(self.urls[-1])

    def release(self) -> None:
        """The next page is answered by itself again."""
        self._desk.engine._desk._door.browser = self._real


def states(desk: Workstation) -> list[SessionState]:
    """Every state that was announced, in order."""
    return [e.state for e in desk.events if isinstance(e, SessionChanged)]


def endings(desk: Workstation) -> int:
    """How often the end was announced."""
    return sum(isinstance(e, SessionEnding) for e in desk.events)


def is_state(desk: Workstation, state: SessionState) -> Callable[[], bool]:
    return lambda: desk.engine.session_state() is state


def refused(desk: Workstation) -> MssError:
    """Why the sign-in under way fails, once it does."""
    desk.until(lambda: desk.engine.sign_in_view().stage is SignInStage.FAILED, "told")
    failure = desk.engine.sign_in_view().failure
    assert isinstance(failure, MssError)
    return failure


def tokens_of(desk: Workstation) -> Any:
    """The relay session in use."""
    return desk.engine._desk._tokens.session


def settle(desk: Workstation) -> None:
    """The first lists and bodies are in: nothing opens a line by itself any more."""
    desk.until(lambda: all(p.what != "opening" for p in desk.engine.progress()), "every BAL answered")
    for bal in desk.engine.reader.bals():
        desk.settled(desk.folder(bal))
    done = threading.Event()
    desk.engine._at().fetch.worker.post(done.set)
    desk.until(done.is_set, "prefetched")


def lines(desk: Workstation) -> list[object]:
    """The connections that listen, one a BAL."""
    office = desk.engine._office
    return [] if office is None else [w._line.session for w in office._watches if w._line.is_up]


def at_psc(desk: Workstation) -> int:
    """How many sessions PSC keeps open, of anybody."""
    provider: Any = desk.theatre.provider
    with provider._lock:
        return len(provider._mint._sessions)


def all_live(desk: Workstation) -> bool:
    """Whether every BAL on the screen is on line."""
    bals = desk.engine.reader.bals()
    return bool(bals) and all(b.link is Link.LIVE for b in bals)
