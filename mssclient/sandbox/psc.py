"""An OpenID provider that behaves like Pro Santé Connect for fictitious people: code flow, CIBA, userinfo, logout."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mssclient.domain.session import Person, canonical_id
from mssclient.sandbox import psc_pages
from mssclient.sandbox.psc_tokens import Clock, Lives, Mint, OpSession, userinfo

REALM = "/auth/realms/esante-wallet"
_OIDC = f"{REALM}/protocol/openid-connect"
_COOKIE = "psc_session"
_BODY_MOST = 32 * 1024
_CIBA = "urn:openid:params:grant-type:ciba"
_ASKED = ("state", "nonce", "code_challenge")


@dataclass(frozen=True, slots=True)
class PendingRequest:
    """An e-CPS request that waits for an answer on the phone."""

    id: str
    national_id: str
    digits: str
    channel: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A code flow whose person has not chosen yet, or whose code was not redeemed yet."""

    state: str
    nonce: str
    challenge: str
    expires_at: float
    session: OpSession | None = None


@dataclass(slots=True)
class _Phone:
    request: PendingRequest
    person: Person
    expires_at: float
    next_poll_at: float
    answer: bool | None = None


class _Wrong(Exception):
    """An OAuth error on its way to the client."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


class OpenIdProvider:
    """The provider: `app` is served by any ASGI server; the other verbs may be called from any thread.

    `card` is the national id of the card in the demo's reader, or None: the page then offers that person first.
    """

    def __init__(
        self,
        people: Sequence[Person],
        base_url: str,
        redirect_uri: str,
        client_id: str,
        client_secret: str,
        lives: Lives,
        clock: Clock,
    ) -> None:
        self.card: str | None = None
        self.issuer = base_url.rstrip("/") + REALM
        self.phone_url = base_url.rstrip("/") + "/telephone"
        self._endpoints = base_url.rstrip("/") + _OIDC
        self._people = {person.national_id: person for person in people}
        self._redirect_uri = redirect_uri
        self._client = (client_id, client_secret)
        self._lives = lives
        self._clock = clock
        self._lock = threading.Lock()
        self._mint = Mint(self.issuer, client_id, lives, clock)
        self._asked: dict[str, _Asked] = {}
        self._codes: dict[str, _Asked] = {}
        self._phones: dict[str, _Phone] = {}
        self.app = Starlette(routes=self._routes())

    def _routes(self) -> list[Route]:
        return [
            Route(f"{REALM}/.well-known/wallet-openid-configuration", self._discovery),
            Route(f"{_OIDC}/auth", self._authorize, methods=["GET"]),
            Route(f"{_OIDC}/auth", self._choose, methods=["POST"]),
            Route(f"{_OIDC}/token", self._token, methods=["POST"]),
            Route(f"{_OIDC}/userinfo", self._userinfo, methods=["GET", "POST"]),
            Route(f"{_OIDC}/certs", self._certs),
            Route(f"{_OIDC}/logout", self._logout, methods=["GET", "POST"]),
            Route(f"{_OIDC}/ext/ciba/auth", self._ask_phone, methods=["POST"]),
            Route("/telephone", self._phone_page, methods=["GET"]),
            Route("/telephone", self._phone_answer, methods=["POST"]),
        ]

    def check(self, token: str) -> str | None:
        """Whose access token this is, or None when it is forged, expired or its session is over."""
        with self._lock:
            session = self._mint.session_of(token)
            return session.person.national_id if session else None

    def expire_all(self) -> None:
        """End every session and refuse every token given so far."""
        with self._lock:
            self._mint.end_all()
            self._codes.clear()

    def pending(self) -> tuple[PendingRequest, ...]:
        """e-CPS requests that wait for an answer, oldest first."""
        with self._lock:
            return tuple(each.request for each in self._waiting())

    def approve(self, request_id: str | None = None, *, yes: bool = True) -> None:
        """Answer an e-CPS request, the latest when none is named, as the person would on the phone.

        Raises LookupError when nothing waits.
        """
        with self._lock:
            waiting = [each for each in self._waiting() if request_id in {None, each.request.id}]
            if not waiting:
                raise LookupError("no e-CPS request waits")
            waiting[-1].answer = yes

    def _waiting(self) -> list[_Phone]:
        now = self._clock()
        return [each for each in self._phones.values() if each.answer is None and now < each.expires_at]

    # -- code flow
    async def _discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self._endpoints}/auth",
                "token_endpoint": f"{self._endpoints}/token",
                "userinfo_endpoint": f"{self._endpoints}/userinfo",
                "jwks_uri": f"{self._endpoints}/certs",
                "end_session_endpoint": f"{self._endpoints}/logout",
                "backchannel_authentication_endpoint": f"{self._endpoints}/ext/ciba/auth",
                "backchannel_token_delivery_modes_supported": ["poll"],
                "grant_types_supported": ["authorization_code", "refresh_token", _CIBA],
                "response_types_supported": ["code"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "acr_values_supported": ["eidas1"],
                "scopes_supported": ["openid", "scope_all"],
                "subject_types_supported": ["public"],
                "authorization_response_iss_parameter_supported": True,
            }
        )

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        if asked.get("client_id") != self._client[0] or asked.get("redirect_uri") != self._redirect_uri:
            return HTMLResponse(psc_pages.told("Demande refusée", "Ce service n’est pas connu."), 400)
        if error := _objection(asked):
            return self._back(asked.get("state", ""), error=error)
        entry = _Asked(asked["state"], asked["nonce"], asked["code_challenge"], self._clock() + 10 * self._lives.code_s)
        with self._lock:
            session = self._mint.live(request.cookies.get(_COOKIE, ""))
            if session is not None and asked.get("prompt") != "login":
                return self._back(entry.state, code=self._code(entry, session))
            transaction = secrets.token_urlsafe(24)
            self._asked[transaction] = entry
        page = psc_pages.choose(tuple(self._people.values()), self.card, transaction, f"{_OIDC}/auth")
        return HTMLResponse(page, headers={"cache-control": "no-store"})

    async def _choose(self, request: Request) -> Response:
        form = await _form(request)
        with self._lock:
            entry = self._asked.pop(form.get("transaction", ""), None)
            person = self._people.get(form.get("person", ""))
            if entry is None or self._clock() >= entry.expires_at:
                return HTMLResponse(psc_pages.told("Page expirée", "Recommencez depuis votre messagerie."), 400)
            if person is None:
                return self._back(entry.state, error="access_denied")
            session = self._mint.open(person)
            response = self._back(entry.state, code=self._code(entry, session))
        response.set_cookie(_COOKIE, session.sid, secure=True, httponly=True, samesite="lax")
        return response

    def _code(self, entry: _Asked, session: OpSession) -> str:
        code = secrets.token_urlsafe(24)
        self._codes[code] = replace(entry, session=session, expires_at=self._clock() + self._lives.code_s)
        return code

    def _back(self, state: str, **answer: str) -> Response:
        query = urlencode({**answer, "state": state, "iss": self.issuer})
        return RedirectResponse(f"{self._redirect_uri}?{query}", 303)

    # -- the client's side
    async def _token(self, request: Request) -> Response:
        form = await _form(request)
        try:
            self._authenticate(request, form)
            with self._lock:
                answer = self._granted(form)
        except _Wrong as wrong:
            return JSONResponse({"error": wrong.error}, wrong.status)
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    def _granted(self, form: Mapping[str, str]) -> dict[str, Any]:
        match form.get("grant_type"):
            case "authorization_code":
                return self._redeemed(form)
            case "refresh_token":
                session = self._mint.refreshed(form.get("refresh_token", ""))
                if session is None:
                    raise _Wrong("invalid_grant")
                return self._mint.answer(session, "")
            case grant if grant == _CIBA:
                return self._phone_granted(form)
            case _:
                raise _Wrong("unsupported_grant_type")

    def _redeemed(self, form: Mapping[str, str]) -> dict[str, Any]:
        entry = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if entry is None or entry.session is None or self._clock() >= entry.expires_at:
            raise _Wrong("invalid_grant")
        if challenge != entry.challenge or form.get("redirect_uri") != self._redirect_uri:
            raise _Wrong("invalid_grant")
        return self._mint.answer(entry.session, entry.nonce)

    def _authenticate(self, request: Request, form: Mapping[str, str]) -> None:
        scheme, _, word = request.headers.get("authorization", "").partition(" ")
        given = (form.get("client_id", ""), form.get("client_secret", ""))
        if scheme.lower() == "basic":
            try:
                name, _, secret = base64.b64decode(word, validate=True).decode().partition(":")
            except ValueError as error:
                raise _Wrong("invalid_client", 401) from error
            given = (unquote(name), unquote(secret))
        if given[0] != self._client[0] or not secrets.compare_digest(given[1].encode(), self._client[1].encode()):
            raise _Wrong("invalid_client", 401)

    async def _userinfo(self, request: Request) -> Response:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        with self._lock:
            session = self._mint.session_of(token) if scheme.lower() == "bearer" else None
        if session is None:
            return JSONResponse({"error": "invalid_token"}, 401, headers={"www-authenticate": "Bearer"})
        return JSONResponse(userinfo(session.person))

    async def _certs(self, _request: Request) -> Response:
        return JSONResponse(self._mint.jwks())

    async def _logout(self, request: Request) -> Response:
        form = await _form(request) if request.method == "POST" else dict(request.query_params)
        with self._lock:
            sid = self._mint.hinted(form.get("id_token_hint", ""))
            if sid is None:
                return HTMLResponse(psc_pages.told("Déconnexion", "La demande n’est pas complète."), 400)
            self._mint.end(sid)
        return HTMLResponse(psc_pages.told("Déconnexion", "Vous êtes déconnecté."))

    # -- CIBA
    async def _ask_phone(self, request: Request) -> Response:
        form = await _form(request)
        try:
            self._authenticate(request, form)
            with self._lock:
                phone = self._rung(form)
        except _Wrong as wrong:
            return JSONResponse({"error": wrong.error}, wrong.status)
        lives = self._lives
        return JSONResponse(
            {"auth_req_id": phone.request.id, "expires_in": lives.phone_s, "interval": lives.interval_s}
        )

    def _rung(self, form: Mapping[str, str]) -> _Phone:
        person = self._people.get(canonical_id(form.get("login_hint", "")))
        if person is None:
            raise _Wrong("unknown_user_id")
        digits, channel = form.get("binding_message", ""), form.get("channel", "MOBILE")
        if not re.fullmatch(r"[0-9]{2}", digits):
            raise _Wrong("invalid_binding_message")
        if channel not in {"MOBILE", "CARD"} or "openid" not in form.get("scope", "").split():
            raise _Wrong("invalid_request")
        now = self._clock()
        request = PendingRequest(secrets.token_urlsafe(24), person.national_id, digits, channel)
        phone = _Phone(request, person, now + self._lives.phone_s, now)
        self._phones[request.id] = phone
        return phone

    def _phone_granted(self, form: Mapping[str, str]) -> dict[str, Any]:
        request_id = form.get("auth_req_id", "")
        phone, now = self._phones.get(request_id), self._clock()
        if phone is None:
            raise _Wrong("invalid_grant")
        if phone.answer is None and now < phone.expires_at:
            early = now < phone.next_poll_at
            phone.next_poll_at = now + self._lives.interval_s
            raise _Wrong("slow_down" if early else "authorization_pending")
        del self._phones[request_id]
        if now >= phone.expires_at:
            raise _Wrong("expired_token")
        if not phone.answer:
            raise _Wrong("access_denied")
        return self._mint.answer(self._mint.open(phone.person), "")

    async def _phone_page(self, _request: Request) -> Response:
        rows = [
            psc_pages.PhoneRow(each.id, each.digits, self._people[each.national_id].name) for each in self.pending()
        ]
        return HTMLResponse(psc_pages.phone(rows, "/telephone"), headers={"cache-control": "no-store"})

    async def _phone_answer(self, request: Request) -> Response:
        form = await _form(request)
        try:
            self.approve(form.get("request", ""), yes=form.get("answer") == "yes")
        except LookupError:
            return HTMLResponse(psc_pages.told("Demande expirée", "Cette demande n’attend plus de réponse."), 400)
        return RedirectResponse("/telephone", 303)


def create(
    people: Sequence[Person],
    base_url: str,
    *,
    redirect_uri: str,
    clock: Clock,
    client_id: str = "mssclient-relay",
    client_secret: str = "sandbox-only-client-secret",  # noqa: S107
    lives: Lives | None = None,
) -> OpenIdProvider:
    """A provider for these people at `base_url` (its issuer is `base_url` + REALM) with one client, the relay."""
    return OpenIdProvider(people, base_url, redirect_uri, client_id, client_secret, lives or Lives(), clock)


def _objection(asked: Mapping[str, str]) -> str:
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if not {"openid", "scope_all"} <= set(asked.get("scope", "").split()):
        return "invalid_scope"
    if asked.get("code_challenge_method") != "S256" or any(not asked.get(name) for name in _ASKED):
        return "invalid_request"
    return "" if "eidas1" in asked.get("acr_values", "").split() else "invalid_request"


async def _form(request: Request) -> dict[str, str]:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _BODY_MOST:
            return {}
    return {name: values[0] for name, values in parse_qs(body.decode("latin-1"), keep_blank_values=True).items()}
