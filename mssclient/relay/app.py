"""The relay as an ASGI service: HTTP in front of `desk.Desk`, and the program that serves it."""

from __future__ import annotations

import json
import ssl
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mssclient.domain.errors import MssError, Offline, Refused, SessionEnded
from mssclient.relay import pages
from mssclient.relay.config import BadConfig, RelayConfig
from mssclient.relay.desk import Desk, Unfit
from mssclient.relay.identity import as_json
from mssclient.relay.limits import Limits
from mssclient.relay.psc import Psc
from mssclient.relay.sessions import Clock, MemorySessions, Sessions

_COOKIE = "__Host-mssclient"
_BODY_MOST = 8 * 1024
_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
    ),
}

Answer = Callable[[Request], Awaitable[Response]]


def create(config: RelayConfig, clock: Clock, http: httpx.AsyncClient, sessions: Sessions | None = None) -> Starlette:
    """The service. `clock` gives seconds since the epoch; `http` reaches PSC and belongs to the caller.

    Serve it with access logs off: PSC's answer to /callback carries a code in its address.
    """
    desk = Desk(config, Psc(config, http, clock), sessions or MemorySessions(clock), clock)
    counter = _Counter(desk, config, clock)
    routes = (
        ("/start", "GET", counter.start),
        ("/callback", "GET", counter.callback),
        ("/confirm", "POST", counter.confirm),
        ("/session", "POST", counter.open_session),
        ("/session", "DELETE", counter.end_session),
        ("/ciba", "POST", counter.ask_phone),
        ("/ciba/{id}", "GET", counter.phone_state),
        ("/ciba/{id}", "DELETE", counter.drop_phone),
        ("/token", "POST", counter.token),
        ("/identity", "GET", counter.identity),
        ("/health", "GET", counter.health),
    )
    prefix = httpx.URL(config.base_url).path.rstrip("/")
    return Starlette(
        routes=[Route(prefix + path, counter.admitted(answer), methods=[verb]) for path, verb, answer in routes]
    )


class _Counter:
    """Turns requests into the desk's verbs and its errors into statuses."""

    def __init__(self, desk: Desk, config: RelayConfig, clock: Clock) -> None:
        self._desk = desk
        self._limits = Limits(config.requests_per_minute, config.failures_per_minute, clock)

    def admitted(self, answer: Answer) -> Answer:
        """`answer` behind the rate limits, with every failure told and every answer kept out of caches."""

        async def respond(request: Request) -> Response:
            try:
                self._limits.admit(_address(request))
                response = await answer(request)
            except MssError as error:
                if isinstance(error, Unfit):
                    self._limits.blame(_address(request))
                page = request.url.path.endswith(("/start", "/callback", "/confirm"))
                response = _failure_page(error) if page else _failure(error)
            response.headers.update(_HEADERS)
            return response

        return respond

    async def start(self, request: Request) -> Response:
        """Query: `code_challenge`, `state`, and `port` or `mode=poll`."""
        asked = request.query_params
        port = 0 if asked.get("mode") == "poll" else _port(asked.get("port", ""))
        url, cookie = await self._desk.begin(
            asked.get("code_challenge", ""), asked.get("state", ""), port, _address(request)
        )
        response = RedirectResponse(url, 303)
        response.set_cookie(_COOKIE, cookie, max_age=900, secure=True, httponly=True, samesite="lax", path="/")
        return response

    async def callback(self, request: Request) -> Response:
        """PSC's redirection."""
        asked = request.query_params
        landing = await self._desk.land(
            asked.get("state", ""),
            request.cookies.get(_COOKIE, ""),
            asked.get("code", ""),
            asked.get("error", ""),
            asked.get("iss", ""),
        )
        response: Response
        if landing.location:
            response = RedirectResponse(landing.location, 303)
        elif landing.confirm:
            response = HTMLResponse(pages.confirm(landing.confirm, landing.code))
        else:
            response = HTMLResponse(pages.failed(), 400)
        response.delete_cookie(_COOKIE, path="/", secure=True, httponly=True, samesite="lax")
        return response

    async def confirm(self, request: Request) -> Response:
        """Form: `word`, `answer` yes or no."""
        form = parse_qs((await _body(request)).decode("latin-1"))
        yes = form.get("answer") == ["yes"]
        await self._desk.confirm(form.get("word", [""])[0], yes=yes)
        return HTMLResponse(pages.done() if yes else pages.disowned())

    async def open_session(self, request: Request) -> Response:
        """JSON: `verifier` and `ticket` or `ciba`, or `verifier` alone to poll (202 while nobody came back)."""
        asked = await _json(request)
        verifier, ticket, phone_id = _word(asked, "verifier"), _word(asked, "ticket"), _word(asked, "ciba")
        session: str | None
        if ticket:
            session = await self._desk.open_with_ticket(ticket, verifier)
        elif phone_id:
            session = await self._desk.open_after_phone(phone_id, verifier)
        else:
            session = await self._desk.open_by_polling(verifier, _address(request))
        if session is None:
            return JSONResponse({"state": "waiting"}, 202)
        return JSONResponse({"session": session}, 201)

    async def end_session(self, request: Request) -> Response:
        await self._desk.end(_bearer(request))
        return Response(status_code=204)

    async def ask_phone(self, request: Request) -> Response:
        """JSON: `national_id`, `channel`, `code_challenge`."""
        asked = await _json(request)
        begun = await self._desk.ask_phone(
            _word(asked, "national_id"), _word(asked, "channel") or "MOBILE", _word(asked, "code_challenge")
        )
        return JSONResponse(
            {
                "id": begun.id,
                "digits": begun.digits,
                "interval_s": begun.interval_s,
                "expires_in_s": begun.expires_in_s,
            },
            201,
        )

    async def phone_state(self, request: Request) -> Response:
        return JSONResponse({"state": await self._desk.phone_state(request.path_params["id"])})

    async def drop_phone(self, request: Request) -> Response:
        """Bearer: the verifier."""
        await self._desk.drop_phone(request.path_params["id"], _bearer(request))
        return Response(status_code=204)

    async def token(self, request: Request) -> Response:
        """JSON, optional: `fresh` true when the operator refused the last one."""
        asked = await _json(request)
        token = await self._desk.token(_bearer(request), fresh=asked.get("fresh") is True)
        return JSONResponse(
            {"access_token": token.value, "expires_at": token.expires_at, "session_left_s": token.session_left_s}
        )

    async def identity(self, request: Request) -> Response:
        return JSONResponse(as_json(await self._desk.person(_bearer(request))))

    async def health(self, _request: Request) -> Response:
        return JSONResponse({"status": "ok"})


def run(config: RelayConfig, clock: Clock) -> None:
    """Serve until interrupted. Raises BadConfig without a certificate: a relay never speaks plain HTTP."""
    if not config.certificate or not config.private_key:
        raise BadConfig("certificate and private_key are needed")
    context = ssl.create_default_context(cafile=config.psc_anchors or None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    http = httpx.AsyncClient(verify=context, timeout=15, trust_env=False)
    uvicorn.run(
        create(config, clock, http),
        host=config.listen_host,
        port=config.listen_port,
        ssl_certfile=config.certificate,
        ssl_keyfile=config.private_key,
        access_log=False,
        server_header=False,
    )


def _failure(error: MssError) -> Response:
    match error:
        case SessionEnded():
            return JSONResponse({"error": "session_ended"}, 401)
        case Unfit(code=code):
            return JSONResponse({"error": code}, 400)
        case Refused(code="request_pending" as code):
            return JSONResponse({"error": code}, 409)
        case Refused(code=code):
            return JSONResponse({"error": code}, 403)
        case Offline(busy=True):
            return JSONResponse({"error": "busy"}, 503, headers={"retry-after": "10"})
        case _:
            return JSONResponse({"error": "psc_unreachable"}, 502)


def _failure_page(error: MssError) -> Response:
    return HTMLResponse(pages.failed(), 503 if isinstance(error, Offline) else 400)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _bearer(request: Request) -> str:
    scheme, _, word = request.headers.get("authorization", "").partition(" ")
    return word.strip() if scheme.lower() == "bearer" else ""


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5) or int(text) == 0:
        raise Unfit("invalid_request", "port")
    return int(text)


async def _body(request: Request) -> bytes:
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _BODY_MOST:
            raise Unfit("too_large")
    return body


async def _json(request: Request) -> dict[str, Any]:
    body = await _body(request)
    if not body:
        return {}
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise Unfit("invalid_request")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unfit("invalid_request") from error
    if not isinstance(found, dict):
        raise Unfit("invalid_request")
    return found


def _word(asked: dict[str, Any], name: str) -> str:
    value = asked.get(name, "")
    if not isinstance(value, str):
        raise Unfit("invalid_request", name)
    return value
