"""A fresh token before each AUTH, once more when it is refused, and what a second refusal means."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol, TypeVar

from mssclient.domain.errors import Refused, SessionEnded

log = logging.getLogger(__name__)
AUTH_REFUSED = "AUTHENTICATIONFAILED"
NOT_LET_IN = frozenset({AUTH_REFUSED, "AUTHORIZATIONFAILED"})
"""What stands between a person and one BAL (RFC 5530 §3): only the first can be the token's fault."""
T = TypeVar("T")
Line = tuple[str, str]
"""Protocol and address."""


class TokenSource(Protocol):
    """A token for the next AUTH; blocks for the relay. `refused`: the last one was not taken by the operator.

    Raises Offline or SessionEnded.
    """

    def __call__(self, *, refused: bool = False) -> str: ...


class Admission:
    """Whether a refusal is about the token or about one BAL: operators answer both alike.

    It is the token when nothing that let this person in since they signed in takes them any more. A BAL that never did,
    or one of several, is that BAL's affair: the session goes on. Any thread.
    """

    def __init__(self, fresh_token: TokenSource, token_refused: Callable[[], object]) -> None:
        self._fresh_token = fresh_token
        self._token_refused = token_refused
        self._lock = threading.Lock()
        self._let_in: set[Line] = set()

    def begin(self) -> None:
        """The person signed in: what earlier sessions were told counts no more."""
        with self._lock:
            self._let_in.clear()

    def sign_in(self, protocol: str, address: str, ask: Callable[[str], T], token: str = "") -> T:
        """What `ask` makes of a token (mssante.md §2). Raises Refused(AUTH_REFUSED) when this BAL refuses two, and
        SessionEnded when the last one that let the person in does."""
        line = protocol, address
        try:
            found = ask(token or self._fresh_token())
        except Refused as refusal:
            if refusal.code != AUTH_REFUSED:
                raise
            log.info("%s: token refused, asking for another", protocol)
            found = self._once_more(line, ask)
        with self._lock:
            self._let_in.add(line)
        return found

    def _once_more(self, line: Line, ask: Callable[[str], T]) -> T:
        try:
            return ask(self._fresh_token(refused=True))
        except Refused as refusal:
            if refusal.code == AUTH_REFUSED and self._is_the_last(line):
                log.info("%s: two fresh tokens refused, and no line is left", line[0])
                self._token_refused()
                raise SessionEnded("token refused twice") from refusal
            raise

    def _is_the_last(self, line: Line) -> bool:
        with self._lock:
            was_in = line in self._let_in
            self._let_in.discard(line)
            return was_in and not self._let_in
