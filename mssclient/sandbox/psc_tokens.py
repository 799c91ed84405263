"""What the sandbox provider signs and remembers of its sessions."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from mssclient.domain.session import Person

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Lives:
    """PSC's durations in seconds (identity.md §1, "Lifetimes")."""

    access_s: int = 120
    refresh_s: int = 1800
    session_s: int = 4 * 3600
    code_s: int = 60
    phone_s: int = 120
    interval_s: int = 1


@dataclass(slots=True)
class OpSession:
    """One person signed in at the provider, in one browser or from one phone."""

    sid: str
    person: Person
    since: float
    last: float
    refresh: set[str] = field(default_factory=set)
    """Refresh tokens that were not used yet."""
    spent: set[str] = field(default_factory=set)


class Mint:
    """Signs tokens and tells which sessions still live. Callers hold the provider's lock."""

    def __init__(self, issuer: str, client_id: str, lives: Lives, clock: Clock) -> None:
        self._issuer = issuer
        self._client_id = client_id
        self._lives = lives
        self._clock = clock
        self._key = RSAKey.generate_key(2048, {"kid": secrets.token_hex(8), "alg": "RS256", "use": "sig"}, private=True)
        self._sessions: dict[str, OpSession] = {}

    def jwks(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def open(self, person: Person) -> OpSession:
        now = self._clock()
        session = OpSession(secrets.token_urlsafe(16), person, now, now)
        self._sessions[session.sid] = session
        return session

    def live(self, sid: str) -> OpSession | None:
        """The session if it is within four hours and thirty idle minutes."""
        session, now = self._sessions.get(sid), self._clock()
        if session is None:
            return None
        if now >= session.since + self._lives.session_s or now >= session.last + self._lives.refresh_s:
            del self._sessions[sid]
            return None
        return session

    def end(self, sid: str) -> None:
        self._sessions.pop(sid, None)

    def end_all(self) -> None:
        self._sessions.clear()

    def answer(self, session: OpSession, nonce: str) -> dict[str, Any]:
        """A token answer; the session's idle time starts anew."""
        now = self._clock()
        session.last = now
        refresh = secrets.token_urlsafe(48)
        session.refresh.add(refresh)
        left = int(session.since + self._lives.session_s - now)
        return {
            "access_token": self._access(session, now),
            "expires_in": self._lives.access_s,
            "refresh_token": refresh,
            "refresh_expires_in": min(self._lives.refresh_s, left),
            "id_token": self._id(session, nonce, now),
            "token_type": "Bearer",
            "scope": "openid scope_all",
            "session_state": session.sid,
        }

    def refreshed(self, token: str) -> OpSession | None:
        """The session of a refresh token. One used twice was copied: its session ends (RFC 9700 §4.14)."""
        for sid in list(self._sessions):
            session = self.live(sid)
            if session is None:
                continue
            if token in session.spent:
                self.end(sid)
                return None
            if token in session.refresh:
                session.refresh.discard(token)
                session.spent.add(token)
                return session
        return None

    def session_of(self, token: str) -> OpSession | None:
        """The live session of a valid access token of ours."""
        claims = self._read(token)
        if claims is None or claims.get("typ") != "Bearer" or claims.get("exp", 0) <= self._clock():
            return None
        return self.live(str(claims.get("sid")))

    def hinted(self, id_token: str) -> str | None:
        """The session id in an id token, expired or not (RP-Initiated Logout §2)."""
        claims = self._read(id_token)
        return str(claims.get("sid")) if claims is not None and claims.get("typ") == "ID" else None

    def _read(self, token: str) -> Mapping[str, Any] | None:
        try:
            claims = jwt.decode(token, self._key, algorithms=["RS256"]).claims
        except (JoseError, ValueError):
            return None
        return claims if claims.get("iss") == self._issuer else None

    def _sign(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "typ": "JWT", "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=["RS256"])

    def _common(self, session: OpSession, now: float) -> dict[str, Any]:
        return {
            "iss": self._issuer,
            "sub": subject(session.person),
            "iat": int(now),
            "auth_time": int(session.since),
            "jti": secrets.token_hex(16),
            "azp": self._client_id,
            "session_state": session.sid,
            "sid": session.sid,
            "acr": "eidas1",
            "preferred_username": session.person.national_id,
            "given_name": session.person.given,
            "family_name": session.person.family,
        }

    def _id(self, session: OpSession, nonce: str, now: float) -> str:
        claims = {**self._common(session, now), "typ": "ID", "aud": self._client_id, "exp": int(now) + 300}
        return self._sign({**claims, "nonce": nonce} if nonce else claims)

    def _access(self, session: OpSession, now: float) -> str:
        """As long as a real one: mail servers have stumbled over tokens above 1.4 KB."""
        person = session.person
        roles = ["offline_access", "uma_authorization", "default-roles-esante-wallet"]
        return self._sign(
            {
                **self._common(session, now),
                "typ": "Bearer",
                "aud": "account",
                "exp": int(now) + self._lives.access_s,
                "scope": "openid scope_all",
                "allowed-origins": [self._issuer.partition("/auth/")[0]],
                "realm_access": {"roles": roles},
                "resource_access": {"account": {"roles": ["manage-account", "manage-account-links", "view-profile"]}},
                "SubjectNameID": person.national_id,
                "SubjectOrganization": next((each.structure for each in person.activities), ""),
                "SubjectOrganizationID": next((each.structure_id for each in person.activities), ""),
                "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"],
                "PSI_Locale": "1.2.250.1.213.1.3.1.1",
                "Mode_Acces_Raison": "",
                "UITVersion": "1.0",
                "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
                "otherIds": [{"identifiant": person.national_id, "origine": "RPPS", "qualite": 1}],
            }
        )


def subject(person: Person) -> str:
    """PSC's `sub`: opaque, stable for a person."""
    return f"f:sandbox:{person.national_id}"


def userinfo(person: Person) -> dict[str, Any]:
    """PSC's userinfo, with the empty strings that the real one is full of."""
    civility = {"Dr": "DR", "Pr": "PR", "M.": "M", "Mme": "MME"}.get(person.title, "")
    return {
        "sub": subject(person),
        "SubjectNameID": person.national_id,
        "preferred_username": person.national_id,
        "given_name": person.given,
        "family_name": person.family,
        "email": "",
        "UITVersion": "1.0",
        "otherIds": [{"identifiant": person.national_id, "origine": "RPPS", "qualite": 1}],
        "SubjectRefPro": {
            "codeCivilite": civility,
            "exercices": [
                {
                    "codeProfession": "",
                    "libelleProfession": activity.profession,
                    "codeSavoirFaire": "",
                    "libelleSavoirFaire": activity.speciality,
                    "codeCiviliteDexercice": civility,
                    "nomDexercice": person.family,
                    "prenomDexercice": person.given,
                    "activities": [
                        {
                            "codeModeExercice": "",
                            "numeroSiretSite": "",
                            "numeroFinessSite": "",
                            "identifiantTechniqueDeLaStructure": activity.structure_id,
                            "raisonSocialeSite": activity.structure,
                            "enseigneCommercialeSite": "",
                        }
                    ],
                }
                for activity in person.activities
            ],
        },
    }
