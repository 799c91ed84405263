"""The open sessions of the workstations: their access tokens, their ends, and PSC's word that somebody signed out."""

from __future__ import annotations

import base64
import hmac
import logging
from dataclasses import dataclass, replace

from mssclient.domain.errors import Offline, Refused, SessionEnded
from mssclient.domain.session import Person, canonical_id
from mssclient.relay import logout
from mssclient.relay.audit import Audit, Closing, Way
from mssclient.relay.config import RelayConfig
from mssclient.relay.psc import Psc
from mssclient.relay.sessions import Arrival, Clock, Grant, RelaySession, Sessions, secret, shelf

log = logging.getLogger(__name__)

_STILL_FRESH_S = 30.0


@dataclass(frozen=True, slots=True)
class TokenOut:
    """An access token on its way to the workstation; durations in seconds."""

    value: str
    expires_at: float
    session_left_s: float
    """Until PSC ends the session unless a token is asked for before."""
    session_ends_in_s: float
    """Until the four hours are over, whatever is asked for."""


class Register:
    """Sessions from their opening to their end. Lives on the server's event loop.

    Raises Refused (with a code), SessionEnded or Offline.
    """

    def __init__(
        self, config: RelayConfig, psc: Psc, sessions: Sessions, clock: Clock, audit: Audit, store_secret: bytes
    ) -> None:
        self._config = config
        self._psc = psc
        self._sessions = sessions
        self._clock = clock
        self._audit = audit
        self._store_secret = store_secret

    def ends_at(self, grant: Grant) -> float:
        """Four hours after the person authenticated, or after now when PSC does not say when that was."""
        return (grant.auth_time or self._clock()) + self._config.session_max_s

    async def open(self, arrival: Arrival, way: Way) -> str:
        """A session for a person who arrived; the word that opens it."""
        word, ends_at = secret(), self.ends_at(arrival.grant)
        key, life_s = shelf("session", word), ends_at - self._clock()
        if life_s <= 0:
            raise Refused("login_required")
        await self._sessions.put(key, RelaySession(arrival.person, arrival.grant, ends_at), life_s)
        await self._note(key, arrival.grant)
        self._audit.opened(way, arrival.person.national_id, _tag(key))
        return word

    async def token(self, session: str, *, fresh: bool) -> TokenOut:
        """An access token good for an AUTH now; replaced when it is about to end or when `fresh` is asked, once for
        all who ask at the same time.
        """
        key = shelf("session", session)
        before = await self._session(key)
        async with self._sessions.alone(key):
            entry = await self._session(key)
            now = self._clock()
            asked = fresh and entry.grant.access_token == before.grant.access_token
            stale = asked or entry.grant.access_expires_at < now + _STILL_FRESH_S
            if stale:
                entry = await self._refreshed(key, entry)
            self._audit.meters.tokens.labels("psc" if stale else "kept").inc()
            ends_in_s = entry.ends_at - now
            left_s = min(ends_in_s, entry.grant.refresh_expires_at - now)
            return TokenOut(
                entry.grant.access_token, entry.grant.access_expires_at, max(left_s, 0.0), max(ends_in_s, 0.0)
            )

    async def _refreshed(self, key: str, entry: RelaySession) -> RelaySession:
        try:
            grant = await self._psc.refresh(entry.grant)
        except SessionEnded:
            await self._closed(key, Closing.PSC_OVER)
            raise
        fresh = replace(entry, grant=grant, tokens=entry.tokens + 1)
        await self._sessions.put(key, fresh, entry.ends_at - self._clock())
        await self._note(key, grant)
        return fresh

    async def _note(self, key: str, grant: Grant) -> None:
        """So that PSC's word finds the session, by its latest `sid` and under the latest of the shared keys."""
        for index in _indexes(grant):
            await self._sessions.note(index, key, self._config.session_max_s)

    async def person(self, session: str) -> Person:
        """Whose session it is."""
        return (await self._session(shelf("session", session))).person

    def store_share(self, person: Person) -> str:
        """The institution's piece of the key of that person's local stores, in base64; empty without a secret."""
        if not self._store_secret:
            return ""
        words = b"store share|" + canonical_id(person.national_id).encode()
        return base64.b64encode(hmac.digest(self._store_secret, words, "sha256")).decode()

    async def end(self, session: str) -> None:
        """Forget the session and sign the person out at PSC; the workstation is told yes even if PSC is away."""
        key = shelf("session", session)
        if await self._sessions.get(key) is None:
            return
        async with self._sessions.alone(key):
            entry = await self._closed(key, Closing.SIGNED_OUT)
        if entry is not None:
            await self.end_at_psc(entry.grant)

    async def hand_over(self, session: str, heir: str) -> None:
        """Forget a session whose person goes on with another, or with an older one."""
        key = shelf("session", session)
        if await self._sessions.get(key) is None:
            return
        async with self._sessions.alone(key):
            entry = await self._closed(key, Closing.RENEWED)
        if entry is not None:
            await self.end_beside(entry.grant, shelf("session", heir))

    async def end_beside(self, grant: Grant, heir: str) -> None:
        """Sign out at PSC, unless PSC has one and the same session for this grant and for the session kept under the
        key `heir`: a browser that signs in twice brings the same one, and its end would be the end of both.
        """
        kept = await self._sessions.get(heir)
        if not (isinstance(kept, RelaySession) and _is_one_at_psc(grant, kept.grant)):
            await self.end_at_psc(grant)

    async def end_at_psc(self, grant: Grant) -> None:
        """Sign a person out at PSC, if it takes it."""
        try:
            await self._psc.end(grant)
        except (Offline, Refused) as error:
            log.info("sign-out not taken by psc: %s", type(error).__name__)

    async def end_by_psc(self, token: str) -> int:
        """What a logout token asks for; how many sessions that ended. Of two posts of one token only one counts."""
        asked = logout.judged(await self._psc.logout_claims(token), self._config, self._clock())
        jti = shelf("jti", asked.jti)
        async with self._sessions.alone(jti):
            if await self._sessions.get(jti) is not None:
                raise Refused("logout_token", "replayed")
            ended = 0
            for key in await self._meant(asked):
                async with self._sessions.alone(key):
                    ended += await self._closed(key, Closing.LOGOUT_AT_PSC) is not None
            # Only now: a token that met a Redis in trouble may be sent again.
            await self._sessions.put(jti, "seen", logout.YOUNG_S + 2 * logout.LEEWAY_S)
        self._audit.logout_received(ended)
        return ended

    async def _meant(self, asked: logout.Logout) -> list[str]:
        """Sessions of that PSC session and, since a phone's id token may name none, the person's that know no `sid`."""
        found = list(await self._sessions.noted(shelf("sid", asked.sid))) if asked.sid else []
        if asked.subject:
            found += await self._sessions.noted(shelf("sub", asked.subject))
        meant = []
        for key in dict.fromkeys(found):
            entry = await self._sessions.get(key)
            if isinstance(entry, RelaySession) and _is_meant(entry.grant, asked):
                meant.append(key)
        return meant

    async def _session(self, key: str) -> RelaySession:
        entry = await self._sessions.get(key)
        if not isinstance(entry, RelaySession):
            raise SessionEnded("unknown session")
        return entry

    async def _closed(self, key: str, why: Closing) -> RelaySession | None:
        entry = await self._sessions.take(key)
        if not isinstance(entry, RelaySession):
            return None
        for index in _indexes(entry.grant):
            await self._sessions.forget(index, key)
        self._audit.closed(why, entry.person.national_id, _tag(key), entry.tokens)
        return entry


def _is_one_at_psc(one: Grant, other: Grant) -> bool:
    return one.subject == other.subject and (not one.sid or not other.sid or one.sid == other.sid)


def _indexes(grant: Grant) -> list[str]:
    return [shelf("sub", grant.subject), *([shelf("sid", grant.sid)] if grant.sid else [])]


def _is_meant(grant: Grant, asked: logout.Logout) -> bool:
    same_subject = not asked.subject or grant.subject == asked.subject
    return same_subject and (not asked.sid or not grant.sid or grant.sid == asked.sid)


def _tag(key: str) -> str:
    return key[-8:]
