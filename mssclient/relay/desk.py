"""What the relay does for a workstation: sign-ins by browser and by phone, sessions, access tokens, sign-out."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from mssclient.domain.errors import MssError, Offline, Refused, SessionEnded
from mssclient.domain.session import Person, canonical_id, same_person
from mssclient.relay.config import RelayConfig
from mssclient.relay.identity import person_of
from mssclient.relay.psc import Pending, Psc, challenge_of
from mssclient.relay.sessions import (
    Arrival,
    Clock,
    Failure,
    Grant,
    PhoneRequest,
    RelaySession,
    Sessions,
    Start,
    secret,
    shelf,
)

log = logging.getLogger(__name__)

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_STATE = re.compile(r"[A-Za-z0-9_-]{16,128}")
_NATIONAL_ID = re.compile(r"[0-9A-Za-z/]{5,30}")
_LOOPBACK_FIRST_S = 2.0  # the browser is given this long to reach the loopback before polling may win
_CONFIRM_S = 300
_STILL_FRESH_S = 30.0
_CHANNELS = frozenset({"MOBILE", "CARD"})


class Unfit(Refused):
    """A request that no workstation of ours would make."""


@dataclass(frozen=True, slots=True)
class Landing:
    """What the browser gets when it comes back from PSC: an address to go to, or a page."""

    location: str = ""
    confirm: str = ""
    """One-use word for POST /confirm."""
    code: str = ""
    """Digits that the workstation shows too."""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class PhoneBegun:
    """A CIBA request was sent to the person's phone."""

    id: str
    digits: str
    interval_s: float
    expires_in_s: float


@dataclass(frozen=True, slots=True)
class TokenOut:
    """An access token on its way to the workstation."""

    value: str
    expires_at: float
    session_left_s: float


def pairing_code(challenge: str) -> str:
    """Four digits that the browser's page and the workstation both show when nothing else ties them together."""
    return f"{int.from_bytes(hashlib.sha256(challenge.encode()).digest()[:8], 'big') % 10_000:04d}"


class Desk:
    """The relay's verbs (identity.md §1, "The relay's contract"). Lives on the server's event loop.

    Raises Refused (with a code), SessionEnded or Offline. National ids are the only personal thing that it logs: they
    are what an audit asks for. Tokens, tickets and verifiers never are.
    """

    def __init__(self, config: RelayConfig, psc: Psc, sessions: Sessions, clock: Clock) -> None:
        self._config = config
        self._psc = psc
        self._sessions = sessions
        self._clock = clock

    async def begin(self, challenge: str, workstation_state: str, port: int, address: str) -> tuple[str, str]:
        """A browser begins: PSC's address, and the cookie that ties the answer to it. Port 0: polling only."""
        if not _CHALLENGE.fullmatch(challenge) or not _STATE.fullmatch(workstation_state):
            raise Unfit("invalid_request")
        if port and not 1024 <= port <= 65535:
            raise Unfit("invalid_request", "port")
        if not port and not self._config.polling:
            raise Unfit("polling_off")
        start = Start(challenge, workstation_state, port, secret(), secret(), secret(), address)
        state = secret()
        url = await self._psc.authorization_url(state, start.nonce, start.verifier)
        await self._sessions.put(shelf("start", state), start, self._config.start_s)
        return url, start.cookie

    async def land(self, state: str, cookie: str, code: str, error: str, issuer: str) -> Landing:
        """The browser is back from PSC. A failure is told to the workstation too."""
        start = await self._sessions.take(shelf("start", state))
        if not isinstance(start, Start):
            raise Unfit("unknown_state")
        if not secrets.compare_digest(start.cookie, cookie):
            raise Unfit("other_browser")
        if issuer and issuer != self._config.issuer:  # RFC 9207 §2.4
            raise Unfit("other_issuer")
        try:
            if error or not code:
                raise Refused(error[:64] or "invalid_request")
            grant = await self._psc.redeem(code, start.verifier, start.nonce)
            person = person_of(await self._psc.userinfo(grant))
        except MssError as failure:
            return await self._land_failure(start, failure)
        return await self._land_person(start, person, grant)

    async def _land_failure(self, start: Start, failure: MssError) -> Landing:
        code = failure.code if isinstance(failure, Refused) else "temporarily_unavailable"
        log.info("sign-in by browser failed: %s", failure)
        if start.port:
            return Landing(location=_loopback(start, error=code))
        await self._sessions.put(shelf("arrival", start.challenge), Failure(code), self._config.ticket_s)
        return Landing(failure=code)

    async def _land_person(self, start: Start, person: Person, grant: Grant) -> Landing:
        arrival = Arrival(
            start.challenge, person, grant, start.address, self._clock(), ready=False, loopback=bool(start.port)
        )
        key = shelf("arrival", start.challenge)
        if start.port:
            ticket = secret()
            await self._sessions.put(key, arrival, self._config.ticket_s)
            await self._sessions.put(shelf("ticket", ticket), start.challenge, self._config.ticket_s)
            return Landing(location=_loopback(start, ticket=ticket))
        word = secret()
        await self._sessions.put(key, arrival, _CONFIRM_S)
        await self._sessions.put(shelf("confirm", word), start.challenge, _CONFIRM_S)
        return Landing(confirm=word, code=pairing_code(start.challenge))

    async def confirm(self, word: str, *, yes: bool) -> None:
        """The person compared the code in the browser with the workstation's: without it, whoever sent them a link to
        the start page would get their session.
        """
        challenge = await self._sessions.take(shelf("confirm", word))
        key = shelf("arrival", challenge) if isinstance(challenge, str) else ""
        arrival = await self._sessions.take(key)
        if not isinstance(arrival, Arrival):
            raise Unfit("unknown_confirmation")
        if yes:
            await self._sessions.put(key, replace(arrival, ready=True), self._config.ticket_s)
            return
        log.info("sign-in disowned in the browser")
        await self._sessions.put(key, Failure("access_denied"), self._config.ticket_s)
        await self._end_at_psc(arrival.grant)

    async def open_with_ticket(self, ticket: str, verifier: str) -> str:
        """Swap a ticket, once, whatever comes of it."""
        challenge = await self._sessions.take(shelf("ticket", ticket))
        if not isinstance(challenge, str) or not _matches(verifier, challenge):
            raise Unfit("invalid_ticket")
        arrival = await self._sessions.take(shelf("arrival", challenge))
        if not isinstance(arrival, Arrival):
            raise Unfit("invalid_ticket")
        return await self._open(arrival, "loopback")

    async def open_by_polling(self, verifier: str, address: str) -> str | None:
        """The session of a workstation that knows only its verifier; None while nobody came back.

        A person whose ticket went to a loopback is handed over only to the address their browser came from.
        """
        if not _VERIFIER.fullmatch(verifier):
            raise Unfit("invalid_verifier")
        key = shelf("arrival", challenge_of(verifier))
        match await self._sessions.get(key):
            case Failure(code=code):
                await self._sessions.take(key)
                raise Refused(code)
            case Arrival() as arrival if arrival.ready or self._may_poll(arrival, address):
                taken = await self._sessions.take(key)
                return await self._open(taken, "polling") if isinstance(taken, Arrival) else None
            case _:
                return None

    def _may_poll(self, arrival: Arrival, address: str) -> bool:
        patient = self._clock() >= arrival.at + _LOOPBACK_FIRST_S
        return self._config.polling and arrival.loopback and patient and arrival.address == address

    async def ask_phone(self, national_id: str, channel: str, challenge: str) -> PhoneBegun:
        """Send a request to the person's e-CPS; one at a time a person."""
        person_id = canonical_id(national_id)
        if not _NATIONAL_ID.fullmatch(person_id) or channel not in _CHANNELS or not _CHALLENGE.fullmatch(challenge):
            raise Unfit("invalid_request")
        busy = shelf("phone-of", person_id)
        async with self._sessions.alone(busy):
            if await self._sessions.get(busy) is not None:
                raise Refused("request_pending")
            digits = f"{secrets.randbelow(100):02d}"
            answer = await self._psc.ask_phone(person_id, digits, channel)
            now, phone_id = self._clock(), secret()
            request = PhoneRequest(
                challenge, person_id, answer.request_id, answer.interval_s, now, now + answer.expires_in_s
            )
            await self._sessions.put(busy, phone_id, answer.expires_in_s)
            await self._sessions.put(shelf("phone", phone_id), request, answer.expires_in_s + self._config.ticket_s)
        return PhoneBegun(phone_id, digits, answer.interval_s, answer.expires_in_s)

    async def phone_state(self, phone_id: str) -> str:
        """waiting, ready, or PSC's error code (access_denied, expired_token); asks PSC no more often than it allows."""
        key = shelf("phone", phone_id)
        async with self._sessions.alone(key):
            match await self._sessions.get(key):
                case PhoneRequest() as request:
                    return await self._poll_phone(key, request)
                case Arrival():
                    return "ready"
                case Failure(code=code):
                    return code
                case _:
                    return "expired_token"

    async def _poll_phone(self, key: str, request: PhoneRequest) -> str:
        now = self._clock()
        if now >= request.expires_at:
            return await self._settle_phone(key, request, Failure("expired_token"))
        if now < request.next_poll_at:
            return "waiting"
        try:
            answer = await self._psc.poll_phone(request.request_id)
            if isinstance(answer, Pending):
                wait_s = request.interval_s + (5 if answer is Pending.SLOW_DOWN else 0)
                later = replace(request, interval_s=wait_s, next_poll_at=now + wait_s)
                await self._sessions.put(key, later, request.expires_at - now + self._config.ticket_s)
                return "waiting"
            person = person_of(await self._psc.userinfo(answer))
        except Refused as error:
            return await self._settle_phone(key, request, Failure(error.code))
        if not same_person(person.national_id, request.national_id):
            await self._end_at_psc(answer)
            return await self._settle_phone(key, request, Failure("other_person"))
        arrival = Arrival(request.challenge, person, answer, "", now, ready=True)
        return await self._settle_phone(key, request, arrival)

    async def _settle_phone(self, key: str, request: PhoneRequest, outcome: Arrival | Failure) -> str:
        await self._sessions.put(key, outcome, self._config.ticket_s)
        await self._sessions.take(shelf("phone-of", request.national_id))
        if isinstance(outcome, Arrival):
            return "ready"
        log.info("sign-in by phone failed: %s", outcome.code)
        return outcome.code

    async def open_after_phone(self, phone_id: str, verifier: str) -> str:
        """The session of a request that is ready."""
        key = shelf("phone", phone_id)
        waiting = await self._sessions.get(key)
        if not isinstance(waiting, Arrival) or not _matches(verifier, waiting.challenge):
            raise Unfit("invalid_request")
        arrival = await self._sessions.take(key)
        if not isinstance(arrival, Arrival):
            raise Unfit("invalid_request")
        return await self._open(arrival, "phone")

    async def drop_phone(self, phone_id: str, verifier: str) -> None:
        """The person gave up: whatever the phone says later is ignored."""
        key = shelf("phone", phone_id)
        entry = await self._sessions.get(key)
        if isinstance(entry, PhoneRequest) and _matches(verifier, entry.challenge):
            await self._sessions.take(key)
            await self._sessions.take(shelf("phone-of", entry.national_id))

    async def token(self, session: str, *, fresh: bool) -> TokenOut:
        """An access token good for an AUTH now; refreshed when it is about to end or when `fresh` is asked."""
        key = shelf("session", session)
        async with self._sessions.alone(key):
            entry = await self._session(key)
            now = self._clock()
            if fresh or entry.grant.access_expires_at < now + _STILL_FRESH_S:
                entry = await self._refreshed(key, entry)
            left_s = min(entry.ends_at, entry.grant.refresh_expires_at) - now
            return TokenOut(entry.grant.access_token, entry.grant.access_expires_at, max(left_s, 0.0))

    async def _refreshed(self, key: str, entry: RelaySession) -> RelaySession:
        try:
            grant = await self._psc.refresh(entry.grant)
        except SessionEnded:
            await self._sessions.take(key)
            log.info("session %s is over at psc", _tag(key))
            raise
        fresh = replace(entry, grant=grant)
        await self._sessions.put(key, fresh, entry.ends_at - self._clock())
        return fresh

    async def person(self, session: str) -> Person:
        """Whose session it is."""
        return (await self._session(shelf("session", session))).person

    async def end(self, session: str) -> None:
        """Forget the session and sign the person out at PSC; the workstation is told yes even if PSC is away."""
        key = shelf("session", session)
        async with self._sessions.alone(key):
            entry = await self._sessions.take(key)
        if isinstance(entry, RelaySession):
            log.info("session %s closed", _tag(key))
            await self._end_at_psc(entry.grant)

    async def _session(self, key: str) -> RelaySession:
        entry = await self._sessions.get(key)
        if not isinstance(entry, RelaySession):
            raise SessionEnded("unknown session")
        return entry

    async def _open(self, arrival: Arrival, way: str) -> str:
        word = secret()
        key = shelf("session", word)
        life_s = self._config.session_max_s
        await self._sessions.put(key, RelaySession(arrival.person, arrival.grant, self._clock() + life_s), life_s)
        log.info("session %s opened for %s by %s", _tag(key), arrival.person.national_id, way)
        return word

    async def _end_at_psc(self, grant: Grant) -> None:
        try:
            await self._psc.end(grant)
        except (Offline, Refused) as error:
            log.info("sign-out not taken by psc: %s", error)


def _matches(verifier: str, challenge: str) -> bool:
    return bool(_VERIFIER.fullmatch(verifier)) and secrets.compare_digest(challenge_of(verifier), challenge)


def _loopback(start: Start, **answer: str) -> str:
    """Literal loopback address only (RFC 8252 §7.3): never a host name, never another machine."""
    return f"http://127.0.0.1:{start.port}/retour?{urlencode({**answer, 'state': start.workstation_state})}"


def _tag(key: str) -> str:
    return key[-8:]
