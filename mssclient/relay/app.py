"""The relay as an ASGI service: HTTP in front of `desk.Desk` and `register.Register`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import httpx
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from mssclient.domain.errors import MssError, Offline, Refused, SessionEnded
from mssclient.relay import asking, pages, redis_sessions
from mssclient.relay.audit import Audit
from mssclient.relay.config import RelayConfig, store_secret
from mssclient.relay.desk import Desk, Unfit
from mssclient.relay.identity import as_json
from mssclient.relay.limits import Limits, SharedLimits, TooOften
from mssclient.relay.meters import CONTENT_TYPE, Meters
from mssclient.relay.psc import Psc
from mssclient.relay.register import Register
from mssclient.relay.sessions import Clock, MemorySessions, Sessions

_COOKIE = "__Host-mssclient"
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
    """The service. `clock` gives seconds since the epoch; `http` reaches PSC and belongs to the caller; so do
    `sessions`, or they are those that the configuration asks for. Raises BadConfig.

    Serve it with access logs off: PSC's answer to /callback carries a code in its address.
    """
    return pair(config, clock, http, sessions)[0]


def pair(
    config: RelayConfig, clock: Clock, http: httpx.AsyncClient, sessions: Sessions | None = None
) -> tuple[Starlette, Starlette]:
    """The service, and the pages for who watches over it, to be served where only they can ask."""
    kept = sessions or _sessions(config, clock)
    audit = Audit(clock, Meters())
    psc = Psc(config, http, clock, audit.meters)
    register = Register(config, psc, kept, clock, audit, store_secret(config))
    counter = _Counter(Desk(config, psc, kept, clock, register, audit), register, config, clock, audit, kept)
    watch = _Watch(psc, kept, audit.meters, config.issuer)
    routes: list[tuple[str, str, Answer]] = [
        ("/start", "GET", counter.start),
        ("/callback", "GET", counter.callback),
        ("/confirm", "POST", counter.confirm),
        ("/session", "POST", counter.open_session),
        ("/session", "DELETE", counter.end_session),
        ("/handover", "POST", counter.hand_over),
        ("/abandon", "POST", counter.abandon),
        ("/ciba", "POST", counter.ask_phone),
        ("/ciba/{id}", "GET", counter.phone_state),
        ("/ciba/{id}", "DELETE", counter.drop_phone),
        ("/token", "POST", counter.token),
        ("/identity", "GET", counter.identity),
        ("/backchannel-logout", "POST", counter.logout_at_psc),
    ]
    watched: list[tuple[str, Answer]] = [("/health", watch.health), ("/ready", watch.ready)]
    prefix = httpx.URL(config.base_url).path.rstrip("/")
    served = [Route(prefix + path, counter.admitted(path, answer), methods=[verb]) for path, verb, answer in routes]
    served += [Route(prefix + path, counter.admitted(path, answer, alone=True)) for path, answer in watched]
    if config.metrics_on_loopback:
        served.append(Route(f"{prefix}/metrics", counter.admitted("/metrics", watch.metrics_here, alone=True)))
    watching = [Route(path, answer) for path, answer in (*watched, ("/metrics", watch.metrics))]
    return Starlette(routes=served, lifespan=_closing(None if sessions else kept)), Starlette(routes=watching)


def _sessions(config: RelayConfig, clock: Clock) -> Sessions:
    return redis_sessions.connected(config) if config.redis_url else MemorySessions(clock)


def _closing(sessions: Sessions | None) -> Callable[[Starlette], contextlib.AbstractAsyncContextManager[None]]:
    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        if sessions is not None:
            await sessions.close()

    return lifespan


class _Watch:
    """Pages for a supervisor: is the process there, can it work, what did it count."""

    def __init__(self, psc: Psc, sessions: Sessions, meters: Meters, issuer: str) -> None:
        self._psc = psc
        self._sessions = sessions
        self._meters = meters
        self._issuer = issuer

    async def health(self, _request: Request) -> Response:
        """The issuer is no secret (/start leads to it), and tells a workstation of another environment apart."""
        return JSONResponse({"status": "ok", "issuer": self._issuer})

    async def ready(self, _request: Request) -> Response:
        states = {"psc": await _state(self._psc.reach()), "sessions": await _state(self._sessions.ping())}
        return JSONResponse(states, 200 if set(states.values()) == {"ok"} else 503)

    async def metrics(self, _request: Request) -> Response:
        return Response(self._meters.text(), headers={"content-type": CONTENT_TYPE})

    async def metrics_here(self, request: Request) -> Response:
        """For this machine alone: what a proxy hands on came from elsewhere."""
        if not asking.is_local(request):
            return Response(status_code=404)
        return await self.metrics(request)


class _Counter:
    """Turns requests into verbs and errors into statuses."""

    def __init__(
        self, desk: Desk, register: Register, config: RelayConfig, clock: Clock, audit: Audit, sessions: Sessions
    ) -> None:
        self._desk = desk
        self._register = register
        self._config = config
        self._audit = audit
        self._proxies = asking.networks(config.trusted_proxies)
        self._limits = Limits(config.requests_per_minute, config.failures_per_minute, clock)
        self._shared = SharedLimits(config.requests_per_minute, config.failures_per_minute, sessions)
        self._is_shared = bool(config.redis_url)

    def admitted(self, route: str, answer: Answer, *, alone: bool = False) -> Answer:
        """`answer` behind the rate limits, with every failure told and every answer kept out of caches. `alone`: it
        must answer even when what the relays share is away.
        """
        meters = self._audit.meters

        async def respond(request: Request) -> Response:
            began = time.perf_counter()
            address = asking.address_of(request, self._proxies)
            try:
                self._limits.admit(address)
                if self._is_shared and not alone:
                    await self._shared.admit(address)
                response = await answer(request)
            except ClientDisconnect:
                response = Response(status_code=400)
            except MssError as error:
                await self._told(error, address)
                response = _failure_page(error) if route in _PAGES else _failure(error)
            response.headers.update(_HEADERS)
            meters.requests.labels(route, response.status_code).inc()
            meters.seconds.labels(route).observe(time.perf_counter() - began)
            return response

        return respond

    async def _told(self, error: MssError, address: str) -> None:
        match error:
            case Unfit(code=code):
                self._audit.refused(code, address)
                self._limits.blame(address)
                if self._is_shared:
                    with contextlib.suppress(Offline):
                        await self._shared.blame(address)
            case TooOften(first=first):
                self._audit.meters.limited.inc()
                if first:
                    self._audit.limited(address)
            case Offline(busy=True):
                self._audit.meters.busy.inc()
            case _:
                pass

    def _address(self, request: Request) -> str:
        return asking.address_of(request, self._proxies)

    async def start(self, request: Request) -> Response:
        """Query: `code_challenge`, `state`, `port` or `mode=poll`, and `again=1` to renew a session."""
        asked = asking.query(request)
        port = 0 if asked.get("mode") == "poll" else asking.port(asked.get("port", ""))
        url, cookie = await self._desk.begin(
            asked.get("code_challenge", ""),
            asked.get("state", ""),
            port,
            self._address(request),
            again=asked.get("again") == "1",
        )
        response = RedirectResponse(url, 303)
        response.set_cookie(_COOKIE, cookie, max_age=900, secure=True, httponly=True, samesite="lax", path="/")
        return response

    async def callback(self, request: Request) -> Response:
        """PSC's redirection."""
        asked = asking.query(request)
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
        form = await asking.form(request)
        yes = form.get("answer") == "yes"
        await self._desk.confirm(form.get("word", ""), yes=yes)
        return HTMLResponse(pages.done() if yes else pages.disowned())

    async def open_session(self, request: Request) -> Response:
        """JSON: `verifier` and `ticket` or `ciba`, or `verifier` alone to poll (202 while nobody came back)."""
        asked = await asking.json_object(request)
        verifier, ticket, phone_id = (
            asking.word(asked, "verifier"),
            asking.word(asked, "ticket"),
            asking.word(asked, "ciba"),
        )
        session: str | None
        if ticket:
            session = await self._desk.open_with_ticket(ticket, verifier)
        elif phone_id:
            session = await self._desk.open_after_phone(phone_id, verifier)
        else:
            session = await self._desk.open_by_polling(verifier, self._address(request))
        if session is None:
            return JSONResponse({"state": "waiting"}, 202)
        return JSONResponse({"session": session}, 201)

    async def end_session(self, request: Request) -> Response:
        await self._register.end(asking.bearer(request))
        return Response(status_code=204)

    async def hand_over(self, request: Request) -> Response:
        """Bearer: the session that ends; JSON: `heir`, the one that the workstation goes on with."""
        heir = asking.word(await asking.json_object(request), "heir")
        await self._register.hand_over(asking.bearer(request), heir)
        return Response(status_code=204)

    async def abandon(self, request: Request) -> Response:
        """JSON: `verifier` of a sign-in by browser; Bearer, optional: the session that the workstation goes on with."""
        verifier = asking.word(await asking.json_object(request), "verifier")
        await self._desk.abandon(verifier, asking.bearer(request))
        return Response(status_code=204)

    async def ask_phone(self, request: Request) -> Response:
        """JSON: `national_id`, `channel`, `code_challenge`."""
        asked = await asking.json_object(request)
        begun = await self._desk.ask_phone(
            asking.word(asked, "national_id"),
            asking.word(asked, "channel") or "MOBILE",
            asking.word(asked, "code_challenge"),
            self._address(request),
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
        await self._desk.drop_phone(request.path_params["id"], asking.bearer(request))
        return Response(status_code=204)

    async def token(self, request: Request) -> Response:
        """JSON, optional: `fresh` true when the operator refused the last one."""
        asked = await asking.json_object(request)
        token = await self._register.token(asking.bearer(request), fresh=asked.get("fresh") is True)
        return JSONResponse(
            {
                "access_token": token.value,
                "expires_at": token.expires_at,
                "session_left_s": token.session_left_s,
                "session_ends_in_s": token.session_ends_in_s,
            }
        )

    async def identity(self, request: Request) -> Response:
        """Whose session it is, at which PSC; and the person's `store_share` where the institution gives one."""
        person = await self._register.person(asking.bearer(request))
        answer = as_json(person) | {"issuer": self._config.issuer}
        if share := self._register.store_share(person):
            answer["store_share"] = share
        return JSONResponse(answer)

    async def logout_at_psc(self, request: Request) -> Response:
        """Form: `logout_token` (OIDC Back-Channel Logout §2.5)."""
        token = (await asking.form(request)).get("logout_token", "")
        meters = self._audit.meters
        try:
            if not token:
                raise Refused("logout_token", "missing")
            await self._register.end_by_psc(token)
        except Refused as error:
            meters.logouts.labels("refused").inc()
            raise Unfit("logout_token", error.text) from error
        meters.logouts.labels("taken").inc()
        return Response(status_code=200)


_PAGES = frozenset({"/start", "/callback", "/confirm"})


async def _state(asked: Awaitable[None]) -> str:
    try:
        await asked
    except MssError:
        return "away"
    return "ok"


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
