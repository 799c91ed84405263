"""Faults on command: what a test or a trainer tells the sandbox's servers to do next. Safe from any thread."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Service(Enum):
    """Which of the sandbox's servers."""

    IMAP = "imap"
    SMTP = "smtp"


class When(Enum):
    """At which point of a command the line is cut."""

    BEFORE = "before"  # the command is not carried out
    DURING = "during"  # carried out, half of the answer is sent
    AFTER = "after"  # the whole answer is sent


class Stage(Enum):
    """The steps of a submission that can be refused."""

    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"  # before the first byte of content
    DOT = "DOT"  # after the last
    AUTH = "AUTH"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"


@dataclass(frozen=True, slots=True)
class Bounce:
    """The fate of mail to some local parts: an enhanced status code and the diagnostic text of the other side."""

    status: str
    text: str


BOUNCES = {
    "inconnu": Bounce("5.1.1", "550 5.1.1 User unknown"),
    "pleine": Bounce("5.2.2", "552 5.2.2 Mailbox full"),
    "volumineux": Bounce("5.3.4", "552 5.3.4 Message too big for system"),
    "refus": Bounce("5.7.1", "550 5.7.1 Delivery not authorized, message refused"),
    "suspendue": Bounce("5.2.1", "550 5.2.1 Mailbox disabled, not accepting messages"),
    "lent": Bounce("4.4.1", "450 4.4.1 Connection timed out"),
}
"""Local parts that fail in any trusted domain; a 4.x.x status makes a delayed report (RFC 3464)."""


@dataclass(slots=True)
class _Order:
    """One pending order; `left` below zero means until cleared."""

    kind: str
    name: str
    value: object
    left: int


class Orders:
    """What is to go wrong, and what was heard so far. A verb is a command name in capitals, "*" any command.

    `UID FETCH` counts as FETCH. Times below zero mean until `clear()`.
    """

    def __init__(self) -> None:
        self._heard: Counter[tuple[Service, str]] = Counter()
        self._orders: list[_Order] = []
        self._bounces = dict(BOUNCES)
        self._change = threading.Condition()
        self._lines: Callable[[str, Service | None], None] = lambda _verb, _service: None

    # what a test says

    def answer(self, verb: str, reply: str, *, times: int = 1) -> None:
        """Answer the next IMAP `verb` with "NO …", "BAD …" or "BYE …" instead of carrying it out."""
        self._add("answer", verb, reply, times)

    def drop(self, verb: str = "*", when: When = When.AFTER, *, times: int = 1) -> None:
        """Cut the IMAP line at the next `verb`."""
        self._add("drop", verb, when, times)

    def slow(self, seconds: float, verb: str = "*", *, times: int = -1) -> None:
        """Wait before each `verb`, over IMAP and SMTP."""
        self._add("slow", verb, seconds, times)

    def refuse_tokens(self, times: int = 1) -> None:
        """Refuse the next tokens, however good, over IMAP and SMTP."""
        self._add("token", "*", None, times)

    def submission(self, stage: Stage, reply: str, *, recipient: str = "*", times: int = 1) -> None:
        """Answer a step of the next submission with an SMTP reply such as "451 4.3.0 try later"."""
        self._add(stage.value, recipient, reply, times)

    def drop_submission(self, stage: Stage, *, times: int = 1) -> None:
        """Cut the SMTP line at a step of the next submission, before any answer."""
        self._add(f"cut {stage.value}", "*", None, times)

    def drop_at_dot(self, *, delivered: bool, times: int = 1) -> None:
        """Cut the SMTP line after the final dot, before the answer; the message is delivered all the same, or not."""
        self._add("dot", "*", delivered, times)

    def bounce(self, local_part: str, status: str, text: str) -> None:
        """From now on mail to this local part comes back with this status."""
        with self._change:
            self._bounces[local_part.lower()] = Bounce(status, text)

    def http(self, path: str, status: int, *, times: int = 1) -> None:
        """Answer the next request for a path of the web server (autoconfiguration, lists) with a bare status."""
        self._add("http", path, status, times)

    def truncate(self, path: str, *, times: int = 1) -> None:
        """Send only half of the next body of a path of the web server, as if it were whole."""
        self._add("truncate", path, None, times)

    def cut(self, service: Service | None = None) -> None:
        """Cut every line now; returns when it is done."""
        self._lines("cut", service)

    def line_down(self, service: Service | None = None) -> None:
        """Cut every line and refuse connections; returns when it is done."""
        self._lines("down", service)

    def line_up(self, service: Service | None = None) -> None:
        """Accept connections again, on the same ports."""
        self._lines("up", service)

    def clear(self) -> None:
        """Forget every pending order (bounces included); lines that are down stay down."""
        with self._change:
            self._orders.clear()
            self._bounces = dict(BOUNCES)

    def times(self, verb: str, service: Service = Service.IMAP) -> int:
        """How often a verb was heard since the start."""
        with self._change:
            return self._heard[service, verb]

    def wait(self, verb: str, times: int = 1, *, service: Service = Service.IMAP, timeout_s: float = 5) -> bool:
        """Wait until a verb was heard that many times since the start."""
        end = time.monotonic() + timeout_s
        with self._change:
            return self._change.wait_for(lambda: self._heard[service, verb] >= times, end - time.monotonic())

    # what the servers ask

    def attach(self, lines: Callable[[str, Service | None], None]) -> None:
        """Whom to tell to "cut", to go "down" and to come "up"."""
        self._lines = lines

    def hear(self, service: Service, verb: str) -> None:
        """Note a command as it arrives."""
        with self._change:
            self._heard[service, verb] += 1
            self._change.notify_all()

    def taken_answer(self, verb: str) -> str | None:
        """The reply ordered for this IMAP command."""
        order = self._take("answer", verb)
        return str(order.value) if order else None

    def taken_drop(self, verb: str) -> When | None:
        """When to cut the line at this IMAP command."""
        order = self._take("drop", verb)
        return order.value if order and isinstance(order.value, When) else None

    def taken_delay(self, verb: str) -> float:
        """Seconds to wait before this command."""
        order = self._take("slow", verb)
        return order.value if order and isinstance(order.value, float | int) else 0.0

    def taken_refusal(self) -> bool:
        """Whether this token is to be refused."""
        return self._take("token", "*") is not None

    def taken_reply(self, stage: Stage, recipient: str = "*") -> str | None:
        """The reply ordered for this step of a submission."""
        order = self._take(stage.value, recipient)
        return str(order.value) if order else None

    def taken_cut(self, stage: Stage) -> bool:
        """Whether to cut the SMTP line at this step."""
        return self._take(f"cut {stage.value}", "*") is not None

    def taken_dot(self) -> bool | None:
        """At the final dot: None to answer, else cut, having delivered (true) or not (false)."""
        order = self._take("dot", "*")
        return bool(order.value) if order else None

    def taken_status(self, path: str) -> int | None:
        """The HTTP status ordered for this path."""
        order = self._take("http", path)
        return order.value if order and isinstance(order.value, int) else None

    def taken_truncation(self, path: str) -> bool:
        """Whether to send half of this body."""
        return self._take("truncate", path) is not None

    def bounced(self, local_part: str) -> Bounce | None:
        """How mail to this local part fails; a suffix such as `dr.pleine` counts too."""
        with self._change:
            return self._bounces.get(local_part.lower()) or self._bounces.get(local_part.lower().rpartition(".")[2])

    def _add(self, kind: str, name: str, value: object, times: int) -> None:
        with self._change:
            self._orders.append(_Order(kind, name, value, times))

    def _take(self, kind: str, name: str) -> _Order | None:
        with self._change:
            for order in self._orders:
                if order.kind == kind and order.name in {"*", name}:
                    order.left -= 1
                    if order.left == 0:
                        self._orders.remove(order)
                    return order
            return None
