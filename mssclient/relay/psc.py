"""The OpenID Connect client towards Pro Santé Connect: code flow with PKCE, CIBA by polling, refresh, logout."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, Key, KeySet

from mssclient.domain.errors import Offline, Refused, SessionEnded
from mssclient.relay.config import RelayConfig
from mssclient.relay.meters import Meters
from mssclient.relay.sessions import Clock, Grant

log = logging.getLogger(__name__)

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384"]
_LEEWAY_S = 60
_KEYS_AGAIN_S = 30.0
_READY_S = 5.0
_GRANT_CIBA = "urn:openid:params:grant-type:ciba"
_ANSWER_MOST = 256 * 1024
_LOGOUT_TYPES = frozenset({"jwt", "logout+jwt"})
_MUTUAL = frozenset({
    "token_endpoint", "revocation_endpoint", "backchannel_authentication_endpoint", "userinfo_endpoint",
})  # fmt: skip


class Pending(Enum):
    """PSC's answers to a CIBA poll that settle nothing."""

    WAIT = "authorization_pending"
    SLOW_DOWN = "slow_down"


@dataclass(frozen=True, slots=True)
class PhoneAnswer:
    """PSC took a CIBA request."""

    request_id: str
    interval_s: float
    expires_in_s: float


def challenge_of(verifier: str) -> str:
    """S256 code challenge of a verifier (RFC 7636 §4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Psc:
    """One PSC environment as its relay sees it. Lives on the server's event loop.

    Every call may raise Offline (PSC unreachable or in trouble) or Refused (its error code); `refresh` SessionEnded.
    """

    def __init__(
        self, config: RelayConfig, http: httpx.AsyncClient, clock: Clock, meters: Meters | None = None
    ) -> None:
        self._config = config
        self._http = http
        self._clock = clock
        self._meters = meters or Meters()
        self._found: Mapping[str, Any] | None = None
        self._keys: KeySet | None = None
        self._keys_at = float("-inf")
        self._reached_at = float("-inf")

    async def authorization_url(self, state: str, nonce: str, verifier: str, *, again: bool = False) -> str:
        """Where the browser goes to authenticate; `again`: even when PSC knows the person already (OIDC Core §3.1.2.1)."""
        query = {
            "response_type": "code",
            "client_id": self._config.client_id,
            "redirect_uri": self._config.redirect_uri,
            "scope": self._config.scope,
            "acr_values": self._config.acr_values,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge_of(verifier),
            "code_challenge_method": "S256",
        }
        if again:
            query["prompt"] = "login"
        endpoint = await self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"

    async def redeem(self, code: str, verifier: str, nonce: str) -> Grant:
        """Swap an authorization code; the id token must carry our nonce."""
        answer = await self._token(
            grant_type="authorization_code", code=code, redirect_uri=self._config.redirect_uri, code_verifier=verifier
        )
        return await self._grant(answer, nonce=nonce)

    async def refresh(self, grant: Grant) -> Grant:
        """Fresh tokens of the same person; raises SessionEnded when PSC no longer takes the refresh token."""
        try:
            answer = await self._token(grant_type="refresh_token", refresh_token=grant.refresh_token)
        except Refused as error:
            if error.code == "invalid_grant":
                raise SessionEnded(error.code) from error
            raise
        return await self._grant(answer, before=grant)

    async def ask_phone(self, national_id: str, digits: str, channel: str) -> PhoneAnswer:
        """Begin a CIBA request (OpenID CIBA Core §7.1); `channel` is MOBILE or CARD."""
        answer = await self._post(
            "backchannel_authentication_endpoint",
            scope=self._config.scope,
            acr_values=self._config.acr_values,
            login_hint=national_id,
            binding_message=digits,
            channel=channel,
        )
        request_id = answer.get("auth_req_id")
        if not isinstance(request_id, str) or not request_id:
            raise Refused("invalid_answer", "no auth_req_id")
        return PhoneAnswer(
            request_id, max(_number(answer.get("interval"), 5), 1), min(_number(answer.get("expires_in"), 120), 600)
        )

    async def poll_phone(self, request_id: str) -> Grant | Pending:
        """Ask once whether the person answered (CIBA Core §10.1, §11)."""
        try:
            answer = await self._token(grant_type=_GRANT_CIBA, auth_req_id=request_id)
        except Refused as error:
            if error.code in {each.value for each in Pending}:
                return Pending(error.code)
            raise
        return await self._grant(answer)

    async def end(self, grant: Grant) -> None:
        """Sign out at PSC (RP-Initiated Logout §2, by POST: no token in an address) and revoke the refresh token."""
        form = {"id_token_hint": grant.id_token, "client_id": self._config.client_id}
        await self._send("POST", await self._endpoint("end_session_endpoint"), "logout", data=form)
        if "revocation_endpoint" in await self._discovery():
            await self._post_form("revocation_endpoint", token=grant.refresh_token, token_type_hint="refresh_token")  # noqa: S106

    async def userinfo(self, grant: Grant) -> Mapping[str, Any]:
        """What PSC says of the person; must be about the id token's subject (OIDC Core §5.3.2)."""
        headers = {"Authorization": f"Bearer {grant.access_token}"}
        response = await self._send("GET", await self._endpoint("userinfo_endpoint"), "userinfo", headers=headers)
        if response.status_code != 200:
            raise Refused("userinfo", str(response.status_code))
        if response.headers.get("content-type", "").startswith("application/jwt"):
            claims: Mapping[str, Any] = await self._claims(response.text)
        else:
            claims = _object(response)
        if claims.get("sub") != grant.subject:
            raise Refused("userinfo", "another subject")
        return claims

    async def logout_claims(self, token: str) -> Mapping[str, Any]:
        """Claims of a token that says to be a logout token, signed by PSC; `logout.py` judges them."""
        # Whoever posts garbage here must not make us fetch PSC's keys each time.
        again = self._clock() - self._keys_at >= _KEYS_AGAIN_S
        return await self._claims(token, again=again, header_types=_LOGOUT_TYPES)

    async def reach(self) -> None:
        """Raises Offline when PSC's discovery cannot be read now; asks once every few seconds, whoever wants to know."""
        if self._clock() - self._reached_at >= _READY_S:
            self._found = await self._read_discovery()
            self._reached_at = self._clock()

    async def _grant(self, answer: Mapping[str, Any], nonce: str = "", before: Grant | None = None) -> Grant:
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        id_token = answer.get("id_token")
        if before is not None:
            refresh, id_token = refresh or before.refresh_token, id_token or before.id_token
        if not (isinstance(access, str) and isinstance(refresh, str) and isinstance(id_token, str)):
            raise Refused("invalid_answer", "a token is missing")
        now = self._clock()
        idle_s = _number(answer.get("refresh_expires_in"), 0) or self._config.session_idle_s
        fresh = Grant(
            access_token=access,
            access_expires_at=min(_expiry_written_in(access), now + _number(answer.get("expires_in"), 120)),
            refresh_token=refresh,
            refresh_expires_at=now + idle_s,
            id_token=id_token,
            subject="",
        )
        if before is not None and id_token == before.id_token:
            return replace(fresh, subject=before.subject, sid=before.sid, auth_time=before.auth_time)
        claims = await self._id_claims(id_token, nonce)
        if before is not None and claims["sub"] != before.subject:
            raise Refused("invalid_answer", "another subject")
        sid, auth_time = claims.get("sid"), min(_number(claims.get("auth_time"), 0), now)
        if before is not None:
            sid, auth_time = sid or before.sid, before.auth_time
        return replace(
            fresh, subject=claims["sub"], sid=sid if isinstance(sid, str) else "", auth_time=max(auth_time, 0.0)
        )

    async def _id_claims(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        """Validate an id token (OIDC Core §3.1.3.7); `sub` is a string. `acr` is not compared: PSC varies it."""
        claims = await self._claims(id_token)
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        now, subject = self._clock(), claims.get("sub")
        sound = (
            claims.get("iss") == self._config.issuer
            and self._config.client_id in audiences
            and (len(audiences) == 1 or claims.get("azp") == self._config.client_id)
            and _number(claims.get("exp"), 0) > now - _LEEWAY_S
            and _number(claims.get("iat"), now) < now + _LEEWAY_S
            and (not nonce or claims.get("nonce") == nonce)
            and "events" not in claims  # a logout token is no id token (Back-Channel Logout §4)
        )
        if not sound or not isinstance(subject, str) or not subject:
            raise Refused("id_token", "claims")
        return claims

    async def _claims(
        self, token: str, *, again: bool = True, header_types: frozenset[str] | None = None
    ) -> dict[str, Any]:
        """Claims of a JWT signed by PSC; keys are asked for again once, since PSC changes them."""
        for fresh in (False, True) if again else (False,):
            try:
                found = jwt.decode(token, await self._key_set(fresh=fresh), algorithms=_ALGORITHMS)
            except (JoseError, ValueError) as error:
                if fresh or not again:
                    raise Refused("id_token", type(error).__name__) from error
                continue
            if header_types is not None and str(found.header.get("typ", "JWT")).lower() not in header_types:
                raise Refused("id_token", "typ")
            return dict(found.claims)
        raise AssertionError("unreachable")

    async def _key_set(self, *, fresh: bool) -> KeySet:
        if self._keys is None or fresh:
            self._keys_at = self._clock()
            response = await self._send("GET", await self._endpoint("jwks_uri"), "certs")
            keys = _object(response).get("keys")
            self._keys = KeySet([key for each in keys if (key := _key(each))] if isinstance(keys, list) else [])
        return self._keys

    async def _discovery(self) -> Mapping[str, Any]:
        if self._found is None:
            self._found = await self._read_discovery()
        return self._found

    async def _read_discovery(self) -> Mapping[str, Any]:
        url = f"{self._config.issuer}/.well-known/{self._config.discovery}"
        response = await self._send("GET", url, "discovery")
        found = _object(response)
        if response.status_code != 200 or found.get("issuer") != self._config.issuer:
            raise Offline("psc discovery", busy=True)
        return found

    async def _endpoint(self, name: str) -> str:
        """Where an endpoint stands; the one for clients with a certificate comes first (RFC 8705 §5)."""
        found = await self._discovery()
        address = found.get(name)
        aliases = found.get("mtls_endpoint_aliases")
        if self._config.by_certificate and isinstance(aliases, dict) and name in _MUTUAL:
            address = aliases.get(name, address)
        if not isinstance(address, str) or not address.startswith("https://"):
            raise Refused("discovery", name)
        return address

    async def _token(self, **form: str) -> Mapping[str, Any]:
        return await self._post("token_endpoint", **form)

    async def _post(self, endpoint: str, **form: str) -> Mapping[str, Any]:
        response = await self._post_form(endpoint, **form)
        answer = _object(response)
        if response.status_code >= 400:
            code = answer.get("error")
            raise Refused(code[:64] if isinstance(code, str) else f"http {response.status_code}")
        return answer

    async def _post_form(self, endpoint: str, **form: str) -> httpx.Response:
        credentials = {"client_id": self._config.client_id}
        if not self._config.by_certificate:
            credentials["client_secret"] = self._config.client_secret
        url = await self._endpoint(endpoint)
        return await self._send("POST", url, endpoint.removesuffix("_endpoint"), data={**form, **credentials})

    async def _send(self, method: str, url: str, what: str, **more: Any) -> httpx.Response:
        """One request; the answer is read no further than our limit."""
        try:
            with self._meters.psc_seconds.labels(what).time():
                async with self._http.stream(method, url, **more) as response:
                    content = b""
                    async for piece in response.aiter_bytes():
                        content += piece
                        if len(content) > _ANSWER_MOST:
                            raise Refused("invalid_answer", "too long")
        except httpx.HTTPError as error:
            self._meters.psc_failures.inc()
            log.info("psc unreachable: %s", type(error).__name__)
            raise Offline(f"psc {type(error).__name__}") from error
        if response.status_code == 429 or response.status_code >= 500:
            self._meters.psc_failures.inc()
            raise Offline(f"psc http {response.status_code}", busy=True)
        headers = {"content-type": response.headers.get("content-type", "")}
        return httpx.Response(response.status_code, content=content, headers=headers)


def _object(response: httpx.Response) -> Mapping[str, Any]:
    try:
        found = json.loads(response.content)
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _key(found: object) -> Key | None:
    """A key that may sign; None for one that may not, or of a kind we do not know (RFC 7517 §5)."""
    if not isinstance(found, dict) or found.get("use", "sig") != "sig":
        return None
    try:
        return JWKRegistry.import_key(found)
    except (JoseError, ValueError, TypeError) as error:
        log.info("key of psc left aside: %s", type(error).__name__)
        return None


def _number(value: object, otherwise: float) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else otherwise


def _expiry_written_in(token: str) -> float:
    """The `exp` an access token carries, when it is a JWT at all; the operator, not we, judges its signature."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return _number(claims.get("exp"), float("inf"))
    except (IndexError, ValueError, AttributeError):
        return float("inf")
