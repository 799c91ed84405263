"""The one thread class: runs posted jobs in order, one at a time, and rests in a way that can always be rung.

A job's failure becomes a word to `tell`, never a dead thread. This is one of the two places that may catch everything.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import select
import socket
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable

from mssclient.domain.errors import Cancelled, MssError

log = logging.getLogger(__name__)
Job = Callable[[], None]
LONGEST_REST_S = 3600.0


class Worker:
    """A named thread with a queue. `rest(wake, timeout_s)` must return when `wake` becomes readable.

    `tell(error)` hears every `MssError` of a job; anything else is a bug: logged by its place, told as `None`.
    `ending` runs last, on the thread itself: connections belong to the thread that opened them.
    """

    def __init__(
        self,
        name: str,
        tell: Callable[[MssError | None], None],
        *,
        rest: Callable[[socket.socket, float], None] | None = None,
        ending: Job | None = None,
    ) -> None:
        self.name = name
        self._tell = tell
        self._rest = rest or self._sleep
        self._ending = ending
        self._jobs: deque[Job] = deque()
        self._due: list[tuple[float, int, Job]] = []
        self._count = itertools.count()
        self._lock = threading.Lock()
        self._bell: socket.socket | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin."""
        self._bell, wake = socket.socketpair()
        self._bell.setblocking(False)
        wake.setblocking(False)
        self._thread = threading.Thread(target=self._run, args=(self._bell, wake), name=self.name, daemon=True)
        self._thread.start()

    def post(self, job: Job) -> bool:
        """Queue a job and ring; whether it was taken: after `stop` it is dropped."""
        with self._lock:
            if self._stopping.is_set():
                return False
            self._jobs.append(job)
        self.ring()
        return True

    def post_first(self, job: Job) -> bool:
        """Queue a job before all others: what a person is waiting for. As `post`."""
        with self._lock:
            if self._stopping.is_set():
                return False
            self._jobs.appendleft(job)
        self.ring()
        return True

    def post_in(self, delay_s: float, job: Job) -> None:
        """Queue a job that may begin after a delay."""
        with self._lock:
            if self._stopping.is_set():
                return
            heapq.heappush(self._due, (time.monotonic() + delay_s, next(self._count), job))
        self.ring()

    def ring(self) -> None:
        """End the rest that is going on, if any."""
        if self._bell is None:
            return
        try:
            self._bell.send(b"!")
        except (BlockingIOError, OSError):
            log.debug("%s is awake already", self.name)

    @property
    def stopping(self) -> bool:
        """Whether a long job should come to its end."""
        return self._stopping.is_set()

    @property
    def busy(self) -> bool:
        """Whether jobs wait: a resting activity should make room."""
        with self._lock:
            return bool(self._jobs)

    def stop(self) -> None:
        """Ask the thread to end after the job under way. Returns at once; see `join`."""
        with self._lock:
            self._stopping.set()
            self._jobs.clear()
            self._due.clear()
        self.ring()

    def finish(self) -> None:
        """Ask the thread to end once all jobs queued so far are done: for work that nobody would ask for again."""
        self.post(self.stop)

    def join(self, timeout_s: float = 10.0) -> bool:
        """Wait for the end; whether it came. A thread that was never started has ended."""
        if self._thread is None:
            return True
        if threading.current_thread() is not self._thread:
            self._thread.join(max(0.0, timeout_s))
        return not self._thread.is_alive()

    def _run(self, bell: socket.socket, wake: socket.socket) -> None:
        log.debug("%s begins", self.name)
        while not self._stopping.is_set():
            job, wait_s = self._next()
            if job is not None:
                self._guarded(job)
            else:
                self._guarded(lambda wait_s=wait_s: self._rest(wake, wait_s))  # type: ignore[misc]
                self._drain(wake)
        if self._ending is not None:
            self._guarded(self._ending)
        bell.close()
        wake.close()
        log.debug("%s ends", self.name)

    def _next(self) -> tuple[Job | None, float]:
        with self._lock:
            now = time.monotonic()
            while self._due and self._due[0][0] <= now:
                self._jobs.append(heapq.heappop(self._due)[2])
            if self._jobs:
                return self._jobs.popleft(), 0.0
            return None, min(LONGEST_REST_S, self._due[0][0] - now) if self._due else LONGEST_REST_S

    def _guarded(self, job: Job) -> None:
        try:
            job()
        except Cancelled:
            log.info("%s: a job was cancelled", self.name)
        except MssError as error:
            log.info("%s: %s", self.name, type(error).__name__)
            self._told(error)
        except Exception as bug:  # noqa: BLE001 — one of the two places where everything is caught
            log.error("%s: a job failed: %s", self.name, place_of(bug))
            self._told(None)

    def _told(self, error: MssError | None) -> None:
        """Telling may fail too, on a full disk for one: the thread lives on."""
        try:
            self._tell(error)
        except MssError as again:
            log.info("%s: %s while telling", self.name, type(again).__name__)
        except Exception as bug:  # noqa: BLE001 — one of the two places where everything is caught
            log.error("%s: telling failed: %s", self.name, place_of(bug))

    @staticmethod
    def _drain(wake: socket.socket) -> None:
        try:
            while wake.recv(4096):
                pass
        except BlockingIOError:
            return

    @staticmethod
    def _sleep(wake: socket.socket, timeout_s: float) -> None:
        select.select([wake], [], [], timeout_s)


def place_of(bug: BaseException) -> str:
    """Class and places of a bug, without its text and its source lines: those may hold content."""
    frames = traceback.extract_tb(bug.__traceback__)[-8:]
    return " < ".join(
        [type(bug).__name__, *(f"{frame.filename[-40:]}:{frame.lineno} {frame.name}" for frame in reversed(frames))]
    )
