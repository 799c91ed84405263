"""How a person signs in at the relay: by a browser that comes back from PSC, or by their phone."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from mssclient.domain.errors import MssError, Offline, Refused
from mssclient.domain.session import Person, canonical_id, same_person
from mssclient.relay.audit import Audit, Way
from mssclient.relay.config import RelayConfig
from mssclient.relay.identity import person_of
from mssclient.relay.psc import Pending, Psc, challenge_of
from mssclient.relay.register import Register
from mssclient.relay.sessions import (
    Arrival,
    Clock,
    Failure,
    Grant,
    PhoneRequest,
    Sessions,
    Start,
    secret,
    shelf,
)

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_STATE = re.compile(r"[A-Za-z0-9_-]{16,128}")
_NATIONAL_ID = re.compile(r"[0-9A-Za-z/]{5,30}")
_LOOPBACK_FIRST_S = 2.0  # the browser is given this long to reach the loopback before polling may win
_CONFIRM_S = 300
_PHONE_WINDOW_S = 600.0
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


def pairing_code(challenge: str) -> str:
    """Four digits that the browser's page and the workstation both show when nothing else ties them together."""
    return f"{int.from_bytes(hashlib.sha256(challenge.encode()).digest()[:8], 'big') % 10_000:04d}"


class Desk:
    """The relay's verbs up to a session (identity.md §1, "The relay's contract"). Lives on the server's event loop.

    Raises Refused (with a code) or Offline. Tokens, tickets and verifiers are written nowhere.
    """

    def __init__(
        self, config: RelayConfig, psc: Psc, sessions: Sessions, clock: Clock, register: Register, audit: Audit
    ) -> None:
        self._config = config
        self._psc = psc
        self._sessions = sessions
        self._clock = clock
        self._register = register
        self._audit = audit

    async def begin(
        self, challenge: str, workstation_state: str, port: int, address: str, *, again: bool = False
    ) -> tuple[str, str]:
        """A browser begins: PSC's address, and the cookie that ties the answer to it. Port 0: polling only. `again`: a
        session is renewed, so the person has to authenticate even when PSC knows their browser.
        """
        if not _CHALLENGE.fullmatch(challenge) or not _STATE.fullmatch(workstation_state):
            raise Unfit("invalid_request")
        if port and not 1024 <= port <= 65535:
            raise Unfit("invalid_request", "port")
        if not port and not self._config.polling:
            raise Unfit("polling_off")
        start = Start(challenge, workstation_state, port, secret(), secret(), secret(), address)
        state = secret()
        url = await self._psc.authorization_url(state, start.nonce, start.verifier, again=again)
        await self._sessions.put(shelf("start", state), start, self._config.start_s)
        self._audit.begun(Way.LOOPBACK if port else Way.POLLING, address)
        return url, start.cookie

    async def land(self, state: str, cookie: str, code: str, error: str, issuer: str) -> Landing:
        """The browser is back from PSC. A failure is told to the workstation too."""
        start = await self._sessions.take(shelf("start", state))
        if not isinstance(start, Start):
            raise Unfit("unknown_state")
        if not secrets.compare_digest(start.cookie.encode(), cookie.encode()):
            raise Unfit("other_browser")
        if issuer and issuer != self._config.issuer:  # RFC 9207 §2.4
            raise Unfit("other_issuer")
        try:
            if error or not code:
                raise Refused(error[:64] or "invalid_request")
            grant = await self._psc.redeem(code, start.verifier, start.nonce)
            heir = await self._sessions.get(shelf("abandoned", start.challenge))
            if isinstance(heir, str):
                await self._register.end_beside(grant, heir)
                raise Refused("abandoned")
            person = await self._person(grant)
        except MssError as failure:
            return await self._land_failure(start, failure)
        return await self._land_person(start, person, grant)

    async def _land_failure(self, start: Start, failure: MssError) -> Landing:
        code = failure.code if isinstance(failure, Refused) else "temporarily_unavailable"
        self._audit.failed(Way.LOOPBACK if start.port else Way.POLLING, code)
        if start.port:
            return Landing(location=_loopback(start, error=code))
        await self._sessions.put(shelf("arrival", start.challenge), Failure(code), self._config.ticket_s)
        return Landing(failure=code)

    async def _person(self, grant: Grant) -> Person:
        if self._register.ends_at(grant) <= self._clock():
            # PSC's browser session is over for us: without a sign-out there the next attempt would end here again.
            await self._register.end_at_psc(grant)
            raise Refused("login_required")
        return person_of(await self._psc.userinfo(grant))

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
        self._audit.failed(Way.POLLING, "disowned")
        await self._sessions.put(key, Failure("access_denied"), self._config.ticket_s)
        await self._register.end_at_psc(arrival.grant)

    async def open_with_ticket(self, ticket: str, verifier: str) -> str:
        """Swap a ticket, once, whatever comes of it."""
        challenge = await self._sessions.take(shelf("ticket", ticket))
        if not isinstance(challenge, str) or not _matches(verifier, challenge):
            raise Unfit("invalid_ticket")
        arrival = await self._sessions.take(shelf("arrival", challenge))
        if not isinstance(arrival, Arrival):
            raise Unfit("invalid_ticket")
        return await self._register.open(arrival, Way.LOOPBACK)

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
                return await self._register.open(taken, Way.POLLING) if isinstance(taken, Arrival) else None
            case _:
                return None

    def _may_poll(self, arrival: Arrival, address: str) -> bool:
        patient = self._clock() >= arrival.at + _LOOPBACK_FIRST_S
        return self._config.polling and arrival.loopback and patient and arrival.address == address

    async def abandon(self, verifier: str, session: str) -> None:
        """The workstation no longer waits: whoever came back from PSC, or still comes, is signed out there. `session`
        is one that the workstation goes on with, or empty.
        """
        if not _VERIFIER.fullmatch(verifier):
            raise Unfit("invalid_verifier")
        challenge, heir = challenge_of(verifier), shelf("session", session)
        await self._sessions.put(shelf("abandoned", challenge), heir, self._config.start_s)
        arrival = await self._sessions.take(shelf("arrival", challenge))
        if isinstance(arrival, Arrival):
            await self._register.end_beside(arrival.grant, heir)

    async def ask_phone(self, national_id: str, channel: str, challenge: str, address: str) -> PhoneBegun:
        """Send a request to the person's e-CPS; one at a time a person."""
        person_id = canonical_id(national_id)
        if not _NATIONAL_ID.fullmatch(person_id) or channel not in _CHANNELS or not _CHALLENGE.fullmatch(challenge):
            raise Unfit("invalid_request")
        busy = shelf("phone-of", person_id)
        async with self._sessions.alone(busy):
            if await self._sessions.get(busy) is not None:
                raise Refused("request_pending")
            asked = await self._sessions.tally(shelf("phones", person_id), _PHONE_WINDOW_S)
            if asked > self._config.phone_requests_per_ten_minutes:
                raise Offline("too many e-CPS requests", busy=True)
            digits = f"{secrets.randbelow(100):02d}"
            answer = await self._psc.ask_phone(person_id, digits, channel)
            now, phone_id = self._clock(), secret()
            request = PhoneRequest(
                challenge, person_id, answer.request_id, answer.interval_s, now, now + answer.expires_in_s
            )
            await self._sessions.put(busy, phone_id, answer.expires_in_s)
            await self._sessions.put(shelf("phone", phone_id), request, answer.expires_in_s + self._config.ticket_s)
        self._audit.begun(Way.PHONE, address)
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
            person = await self._person(answer)
        except Refused as error:
            return await self._settle_phone(key, request, Failure(error.code))
        if not same_person(person.national_id, request.national_id):
            await self._register.end_at_psc(answer)
            return await self._settle_phone(key, request, Failure("other_person"))
        arrival = Arrival(request.challenge, person, answer, "", now, ready=True)
        return await self._settle_phone(key, request, arrival)

    async def _settle_phone(self, key: str, request: PhoneRequest, outcome: Arrival | Failure) -> str:
        await self._sessions.put(key, outcome, self._config.ticket_s)
        await self._sessions.take(shelf("phone-of", request.national_id))
        if isinstance(outcome, Arrival):
            return "ready"
        self._audit.failed(Way.PHONE, outcome.code)
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
        return await self._register.open(arrival, Way.PHONE)

    async def drop_phone(self, phone_id: str, verifier: str) -> None:
        """The person gave up: whatever the phone says later is ignored, what it has said is signed out at PSC."""
        key = shelf("phone", phone_id)
        async with self._sessions.alone(key):
            entry = await self._sessions.get(key)
            if isinstance(entry, PhoneRequest) and _matches(verifier, entry.challenge):
                await self._sessions.take(key)
                await self._sessions.take(shelf("phone-of", entry.national_id))
            elif isinstance(entry, Arrival) and _matches(verifier, entry.challenge):
                await self._sessions.take(key)
                await self._register.end_at_psc(entry.grant)


def _matches(verifier: str, challenge: str) -> bool:
    return bool(_VERIFIER.fullmatch(verifier)) and secrets.compare_digest(challenge_of(verifier), challenge)


def _loopback(start: Start, **answer: str) -> str:
    """Literal loopback address only (RFC 8252 §7.3): never a host name, never another machine."""
    return f"http://127.0.0.1:{start.port}/retour?{urlencode({**answer, 'state': start.workstation_state})}"
