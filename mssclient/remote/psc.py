"""The workstation's side of Pro Santé Connect: sign in through the relay, take tokens on demand, sign out."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import secrets
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx

from mssclient.domain.environment import Environment
from mssclient.domain.errors import (
    Cancelled,
    Distrust,
    MssError,
    Offline,
    Refused,
    SessionEnded,
    Unread,
    Unreadable,
    Untrusted,
)
from mssclient.domain.session import Activity, Person, canonical_id, same_person
from mssclient.remote import web
from mssclient.remote.loopback import Answer, Loopback

log = logging.getLogger(__name__)

_TICK_S = 0.15  # how late a cancellation may be seen
_POLL_S = 2.0
_POLL_TIMEOUT = httpx.Timeout(4.0)
_ANSWER_MOST = 64 * 1024
_NUMBER_MOST = 1e12  # of seconds: beyond it, NaN and infinities are no numbers
_SHARE_BYTES = 32


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A PSC access token for one AUTH. Never kept on disk (ECO.1.2.5) and never logged."""

    value: str = field(repr=False)
    expires_at: float
    """Seconds since the epoch, by the relay's clock."""
    session_left_s: float
    """Until the PSC session ends unless a token is taken before: the idle half hour starts anew with each refresh."""
    session_ends_in_s: float | None = None
    """Until it ends whatever is done; None where the relay does not say."""


class PscRelay:
    """The relay of one environment. Its verbs block; each opens a connection of its own, so any thread may call."""

    def __init__(self, environment: Environment, web_context: ssl.SSLContext) -> None:
        self._environment = environment
        self._context = web_context
        self.base = environment.psc_relay.rstrip("/")

    def begin_browser(self, *, poll_only: bool = False, beside: RelaySession | None = None) -> BrowserSignIn:
        """Flow A (identity.md §1): open `url` in the system browser, then `wait`. Opens a listening socket at once.

        With `poll_only` (remote desktops) nothing listens: the relay's page shows the digits of `code`, and the person
        confirms there that they are the workstation's. `beside`: a session that is renewed, and lives on meanwhile.
        """
        return BrowserSignIn(self, poll_only=poll_only, beside=beside)

    def begin_ecps(self, national_id: str, channel: str = "MOBILE") -> EcpsSignIn:
        """Flow B (CIBA): a request goes to the person's e-CPS. Show `digits` large, then `wait`.

        Raises Offline, Untrusted, or Refused: unknown_user_id, request_pending, invalid_request…
        """
        verifier = _verifier()
        with self.client() as http:
            answer = self.ask(
                http,
                "POST",
                "/ciba",
                json={"national_id": canonical_id(national_id), "channel": channel, "code_challenge": _s256(verifier)},
            )
        found = _object(answer)
        return EcpsSignIn(
            relay=self,
            digits=_text(found, "digits"),
            expires_in_s=int(_number(found, "expires_in_s")),
            national_id=canonical_id(national_id),
            phone_id=_text(found, "id"),
            verifier=verifier,
            interval_s=_number(found, "interval_s"),
        )

    def client(self) -> httpx.Client:
        """A connection for a few questions; use it in `with`."""
        return web.client(self._environment, self._context)

    def ask(self, http: httpx.Client, method: str, path: str, session: str = "", **more: Any) -> httpx.Response:
        """One question to the relay; `session` goes into the Authorization header, never into the address."""
        headers = {"Authorization": f"Bearer {session}"} if session else {}
        try:
            response = http.request(method, self.base + path, headers=headers, **more)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise web.failure(error) from error
        if response.is_success:
            return response
        raise _refusal(response)

    def open_session(self, http: httpx.Client, **proof: str) -> RelaySession | None:
        """Swap a proof for a session; None while the relay has nobody for this verifier yet."""
        response = self.ask(http, "POST", "/session", json=proof)
        if response.status_code == 202:
            return None
        word = _text(_object(response), "session")
        try:
            told = _object(self.ask(http, "GET", "/identity", word))
            session = RelaySession(self, word, _person(told), _share(told))
        except MssError:
            # Whose it is cannot be said: it must not live on, unknown to anybody.
            RelaySession(self, word, Person("", "", "")).give_up()
            raise
        if not self._is_ours(_text(told, "issuer", needed=False)):
            session.give_up()
            raise Untrusted(Distrust.ENVIRONMENT, urlsplit(self.base).hostname or "")
        return session

    def _is_ours(self, issuer: str) -> bool:
        """Whether a relay that stands before `issuer` is this environment's; one that does not say is none of
        production's."""
        wanted = self._environment.psc_issuer
        if not wanted or (not issuer and self._environment.training):
            return True
        return issuer.rstrip("/") == wanted.rstrip("/")


class BrowserSignIn:
    """A sign-in under way in the system browser. Made and waited for by the same thread, once.

    `url` is where the browser goes; `code` the digits to show when it polls only. `wait` or `close` frees the socket.
    """

    def __init__(self, relay: PscRelay, *, poll_only: bool, beside: RelaySession | None = None) -> None:
        self._relay = relay
        self._beside = beside
        self._verifier = _verifier()
        self._challenge = _s256(self._verifier)
        state = secrets.token_urlsafe(32)
        self._loopback = None if poll_only else Loopback(state)
        way = {"port": str(self._loopback.port)} if self._loopback else {"mode": "poll"}
        again = {"again": "1"} if beside else {}
        query = urlencode({"code_challenge": self._challenge, "state": state, **way, **again})
        self.url = f"{relay.base}/start?{query}"

    @property
    def code(self) -> str:
        """Four digits, also on the relay's page when there is no loopback."""
        digest = hashlib.sha256(self._challenge.encode()).digest()
        return f"{int.from_bytes(digest[:8], 'big') % 10_000:04d}"

    @property
    def shown_code(self) -> str:
        """`code` where the person has to compare it, else empty."""
        return "" if self._loopback else self.code

    def close(self) -> None:
        """Give up without waiting."""
        if self._loopback:
            self._loopback.close()

    def wait(self, cancelled: Callable[[], bool], timeout_s: float = 600.0) -> RelaySession:
        """The session once the person has authenticated; the relay is polled too, for browsers that reach no loopback.

        Raises Cancelled, Refused (access_denied; expired_token after `timeout_s`), Offline or Untrusted.
        """
        until = time.monotonic() + timeout_s
        poll_at = time.monotonic() + _POLL_S
        try:
            with self._relay.client() as http:
                while time.monotonic() < until:
                    if cancelled():
                        self._abandon(http)
                        raise Cancelled("browser")
                    if answer := self._hear():
                        return self._arrived(http, answer)
                    if time.monotonic() >= poll_at:
                        if session := self._polled(http):
                            return session
                        poll_at = time.monotonic() + _POLL_S
                self._abandon(http)
        finally:
            self.close()
        raise Refused("expired_token")

    def _abandon(self, http: httpx.Client) -> None:
        """Whoever comes back from PSC now comes for nobody: else their PSC session would wait for the next person."""
        keeper = self._beside.word if self._beside else ""
        try:
            self._relay.ask(http, "POST", "/abandon", keeper, json={"verifier": self._verifier}, timeout=_POLL_TIMEOUT)
        except MssError as error:
            log.info("sign-in not given up at the relay: %s", type(error).__name__)

    def _hear(self) -> Answer | None:
        if self._loopback:
            return self._loopback.hear(_TICK_S)
        _pause()
        return None

    def _arrived(self, http: httpx.Client, answer: Answer) -> RelaySession:
        self.close()
        if answer.error:
            raise _said(answer.error)
        session = self._relay.open_session(http, ticket=answer.ticket, verifier=self._verifier)
        if session is None:
            raise Refused("invalid_ticket")
        return session

    def _polled(self, http: httpx.Client) -> RelaySession | None:
        try:
            return self._relay.open_session(http, verifier=self._verifier)
        except Offline as error:
            log.info("relay not reached while polling: %s", error)
            return None


@dataclass(frozen=True, slots=True)
class EcpsSignIn:
    """An e-CPS request on its way to a phone; waited for once. The person compares `digits` with the phone's."""

    relay: PscRelay
    digits: str
    expires_in_s: int
    national_id: str
    phone_id: str = field(repr=False)
    verifier: str = field(repr=False)
    interval_s: float

    def wait(self, cancelled: Callable[[], bool], on_tick: Callable[[int], None] = lambda _: None) -> RelaySession:
        """The session once the person confirmed. `on_tick` gets the seconds left, each time that number changes.

        Raises Cancelled (the relay drops the request), Refused (access_denied, expired_token), Untrusted(IDENTITY) when
        another person answered. A short loss of the line is waited out.
        """
        with self.relay.client() as http:
            try:
                return self._waited(http, cancelled, on_tick)
            except MssError:
                # Whatever ended it here: the relay must not take it for pending, nor keep what the phone says later.
                self._drop(http)
                raise

    def _waited(
        self, http: httpx.Client, cancelled: Callable[[], bool], on_tick: Callable[[int], None]
    ) -> RelaySession:
        began = asked = time.monotonic()
        told = -1
        while (left := self.expires_in_s - (time.monotonic() - began)) > -self.interval_s:
            if cancelled():
                raise Cancelled("e-cps")
            if max(int(left), 0) != told:
                told = max(int(left), 0)
                on_tick(told)
            if time.monotonic() >= asked + self.interval_s:
                asked = time.monotonic()
                if self._is_ready(http):
                    return self._open(http)
            _pause()
        raise Refused("expired_token")

    def _is_ready(self, http: httpx.Client) -> bool:
        path = f"/ciba/{quote(self.phone_id, safe='')}"
        try:
            state = _text(_object(self.relay.ask(http, "GET", path, timeout=_POLL_TIMEOUT)), "state")
        except Offline as error:
            log.info("relay not reached while polling: %s", error)
            return False
        match state:
            case "ready":
                return True
            case "waiting":
                return False
            case "other_person":
                raise Untrusted(Distrust.IDENTITY)
            case code:
                raise _said(code)

    def _open(self, http: httpx.Client) -> RelaySession:
        session = self.relay.open_session(http, ciba=self.phone_id, verifier=self.verifier)
        if session is None:
            raise Refused("invalid_request")
        if not same_person(session.person.national_id, self.national_id):
            session.end()
            raise Untrusted(Distrust.IDENTITY)
        return session

    def _drop(self, http: httpx.Client) -> None:
        try:
            self.relay.ask(http, "DELETE", f"/ciba/{quote(self.phone_id, safe='')}", self.verifier)
        except MssError as error:
            log.info("e-cps request not dropped: %s", error)


class RelaySession:
    """An open session at the relay, known here by one opaque word. Any thread."""

    def __init__(self, relay: PscRelay, word: str, person: Person, store_share: bytes = b"") -> None:
        self._relay = relay
        self.word = word
        """Opens the session: never logged, never in an address."""
        self.person = person
        self.store_share = store_share
        """What the relay lends to open this person's store on any workstation; empty where it lends none."""

    def token(self, *, fresh: bool = False) -> AccessToken:
        """An access token for an AUTH now; `fresh` when the operator refused the last one.

        The relay lets one refresh run at a time. Raises SessionEnded, Offline or Untrusted.
        """
        with self._relay.client() as http:
            found = _object(self._relay.ask(http, "POST", "/token", self.word, json={"fresh": fresh}))
        ends_in_s = _number(found, "session_ends_in_s") if "session_ends_in_s" in found else None
        return AccessToken(
            _text(found, "access_token"), _number(found, "expires_at"), _number(found, "session_left_s"), ends_in_s
        )

    def hand_over(self, heir: RelaySession) -> None:
        """End this session while another of the same person goes on: the relay signs out at PSC only what the other
        does not live on. Raises Offline, or Refused by a relay that does not know how."""
        with self._relay.client() as http:
            self._relay.ask(http, "POST", "/handover", self.word, json={"heir": heir.word})

    def give_up(self) -> None:
        """`end`, for a session that is refused: a relay that cannot be told now lets it run out."""
        try:
            self.end()
        except MssError as error:
            log.info("refused session not ended: %s", type(error).__name__)

    def end(self) -> None:
        """Sign out at PSC too: else the next person at this browser is signed in as this one. Raises Offline.

        Ending a session that is over already is no error.
        """
        with self._relay.client() as http:
            self._relay.ask(http, "DELETE", "/session", self.word)


def _refusal(response: httpx.Response) -> MssError:
    if response.status_code == 401:
        return SessionEnded("relay")
    if response.status_code == 429 or response.status_code >= 500:
        return Offline(f"relay http {response.status_code}", busy=True)
    try:
        code = _object(response).get("error")
    except Unreadable:
        code = None
    return _said(code[:64] if isinstance(code, str) else f"http {response.status_code}")


def _said(code: str) -> MssError:
    """What an error code of PSC or of the relay amounts to."""
    return Offline(code, busy=True) if code in {"temporarily_unavailable", "server_error"} else Refused(code)


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = json.loads(response.content) if len(response.content) <= _ANSWER_MOST else None
    except (ValueError, RecursionError) as error:
        raise Unreadable(Unread.DAMAGED, "relay") from error
    if not isinstance(found, dict):
        raise Unreadable(Unread.DAMAGED, "relay")
    return found


def _text(found: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    value = found.get(name, "")
    if not isinstance(value, str) or (needed and not value):
        raise Unreadable(Unread.DAMAGED, f"relay {name}")
    return value


def _number(found: Mapping[str, Any], name: str) -> float:
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _NUMBER_MOST:
        raise Unreadable(Unread.DAMAGED, f"relay {name}")
    return float(value)


def _share(found: Mapping[str, Any]) -> bytes:
    """32 bytes or none: a relay that means to lend one and cannot is damaged, its people's stores stay closed."""
    text = _text(found, "store_share", needed=False)
    try:
        share = base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Unreadable(Unread.DAMAGED, "relay store_share") from error
    if text and len(share) != _SHARE_BYTES:
        raise Unreadable(Unread.DAMAGED, "relay store_share")
    return share


def _person(found: Mapping[str, Any]) -> Person:
    listed = found.get("activities", [])
    places = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    return Person(
        national_id=canonical_id(_text(found, "national_id")),
        given=_text(found, "given", needed=False),
        family=_text(found, "family", needed=False),
        title=_text(found, "title", needed=False),
        activities=tuple(
            Activity(
                profession=_text(place, "profession", needed=False),
                speciality=_text(place, "speciality", needed=False),
                structure=_text(place, "structure", needed=False),
                structure_id=_text(place, "structure_id", needed=False),
            )
            for place in places
        ),
    )


def _verifier() -> str:
    return secrets.token_urlsafe(48)


def _s256(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _pause() -> None:
    threading.Event().wait(_TICK_S)
