"""Who signed in, how, until when: one JSON line an event, for the person who must answer for it; never a secret."""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from collections.abc import Callable
from enum import Enum
from logging.handlers import WatchedFileHandler

from mssclient.relay.meters import Meters

log = logging.getLogger(__name__)


class Event(Enum):
    """What the audit knows."""

    SIGN_IN_BEGUN = "sign_in_begun"
    SIGN_IN_FAILED = "sign_in_failed"
    SESSION_OPENED = "session_opened"
    SESSION_CLOSED = "session_closed"
    REQUEST_REFUSED = "request_refused"
    ADDRESS_LIMITED = "address_limited"
    LOGOUT_RECEIVED = "logout_received"
    RELAY_STARTED = "relay_started"
    RELAY_STOPPED = "relay_stopped"


class Way(Enum):
    """How a person comes to a session."""

    LOOPBACK = "loopback"  # browser, ticket through the workstation's own port
    POLLING = "polling"  # browser that cannot reach the workstation
    PHONE = "phone"  # CIBA, on the phone or by CPS-Gestion


class Closing(Enum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    PSC_OVER = "psc_over"
    LOGOUT_AT_PSC = "logout_at_psc"
    RENEWED = "renewed"  # another session of the same person took its place


class Audit:
    """Writes events and counts them. Lives on the server's event loop.

    `person` is a national id, written where traceability needs it: sessions opened and closed. `session` is the tail of
    a digest, which opens nothing. Codes that come from outside are cut and stripped to plain letters.
    """

    def __init__(self, clock: Callable[[], float], meters: Meters) -> None:
        self._clock = clock
        self.meters = meters

    def begun(self, way: Way, address: str) -> None:
        """Somebody was sent to PSC, or their phone was rung."""
        self.meters.sign_ins.labels(way.value, "begun").inc()
        self._write(Event.SIGN_IN_BEGUN, way=way.value, address=address)

    def failed(self, way: Way, code: str) -> None:
        """PSC, the person, or we ended a sign-in."""
        self.meters.sign_ins.labels(way.value, "failed").inc()
        self._write(Event.SIGN_IN_FAILED, way=way.value, code=plain(code))

    def opened(self, way: Way, person: str, session: str) -> None:
        """A workstation has a session."""
        self.meters.sign_ins.labels(way.value, "opened").inc()
        self._write(Event.SESSION_OPENED, way=way.value, person=person, session=session)

    def closed(self, why: Closing, person: str, session: str, tokens: int) -> None:
        """A session is over; `tokens` is how many access tokens PSC gave for it."""
        self.meters.closed.labels(why.value).inc()
        self._write(Event.SESSION_CLOSED, why=why.value, person=person, session=session, tokens=tokens)

    def refused(self, code: str, address: str) -> None:
        """A request that no workstation of ours would make."""
        self.meters.refused.inc()
        self._write(Event.REQUEST_REFUSED, code=plain(code), address=address)

    def limited(self, address: str) -> None:
        """An address has to wait; told once a minute."""
        self._write(Event.ADDRESS_LIMITED, address=address)

    def logout_received(self, sessions: int) -> None:
        """PSC told us by itself that a person is signed out."""
        self._write(Event.LOGOUT_RECEIVED, sessions=sessions)

    def started(self, version: str, *, shared: bool) -> None:
        self._write(Event.RELAY_STARTED, version=version, shared=shared)

    def stopped(self) -> None:
        self._write(Event.RELAY_STOPPED)

    def _write(self, event: Event, **more: str | int) -> None:
        at = dt.datetime.fromtimestamp(self._clock(), dt.UTC).isoformat(timespec="milliseconds")
        log.info("%s", json.dumps({"at": at, "event": event.value, **more}))


def plain(code: str) -> str:
    """A foreign code as it may be written down: OAuth's are letters and underscores (RFC 6749 §5.2)."""
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-.") else "?" for c in code[:48])


def direct(where: str) -> None:
    """Send the audit there: "log", "stdout", or a file that a log rotation may move away. Raises OSError."""
    if where == "log":
        return
    out: logging.Handler
    out = logging.StreamHandler(sys.stdout) if where == "stdout" else WatchedFileHandler(where, encoding="utf-8")
    out.setFormatter(logging.Formatter("%(message)s"))
    log.addHandler(out)
    log.propagate = False
    log.setLevel(logging.INFO)
