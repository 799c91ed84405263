"""The sandbox operator: IMAP, SMTP, autoconfiguration, lists and other web services, all on 127.0.0.1.

It speaks the real protocols and holds its state in memory: for demonstrations, training and tests. `mssclient` does
not know that it exists: it is given an environment file, as for any operator.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import datetime as dt
import inspect
import json
import logging
import re
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from mssclient.domain.address import USAGER_DOMAIN, domain_of
from mssclient.domain.bal import BalKind
from mssclient.domain.environment import Policy
from mssclient.sandbox import autoconfig
from mssclient.sandbox.imap import ImapServer
from mssclient.sandbox.imap_session import Rules
from mssclient.sandbox.mailstore import INBOX, Box, MailStore, Message, Seed, crlf
from mssclient.sandbox.orders import Orders, Service
from mssclient.sandbox.pki import Fault, Pki, server_context
from mssclient.sandbox.smtp import SubmissionRules, SubmissionServer
from mssclient.sandbox.smtp_delivery import AutoAnswer, PostOffice, Submission

log = logging.getLogger(__name__)

HOME_DOMAIN = "sandbox.mss.example"
"""Where the operator's own web services live: annuaire, listeblanche and the applications given by the caller."""
PRODUCT = "MSSCLIENT-SANDBOX-0001"
START_TIMEOUT_S = 20.0
_GRACE_S = 1.0  # for requests under way when the operator stops

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")

AppFactory = Callable[[dict[str, str]], ASGIApp]
"""Makes an application once the base URL of every web service is known, by name."""


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What the operator imposes; sizes in bytes. `quota` is each BAL's."""

    size: int = 10 * 1024 * 1024
    quota: int = 2 * 1024**3
    connections: int = 10
    recipients: int = 50
    auth_line: int = 12_288
    tells_unauthorised: bool = False
    """Over IMAP, a good token of somebody not let in is told apart from a bad one (RFC 5530)."""


class Operator:
    """Everything at once, in one thread named `server-sandbox`. Its methods are called from any other thread.

    `messages` maps addresses to what stands in their folders; `check_token` gives the national id that a token
    stands for, or None; `folder` receives certificates. `white_list` adds trusted domains to those of the boxes, of
    the usagers, and to some hundreds made up. `apps` are more web services by name: an ASGI application, or what makes
    one from all base URLs. `passwords` lets clients without XOAUTH2 in, for tests of the servers themselves.
    """

    def __init__(
        self,
        boxes: Sequence[Box],
        messages: Mapping[str, Sequence[Seed]],
        check_token: Callable[[str], str | None],
        folder: Path,
        *,
        white_list: Iterable[str] = (),
        extraction: bytes = b"",
        apps: Mapping[str, ASGIApp | AppFactory] | None = None,
        ports: Mapping[str, int] | None = None,
        answer: AutoAnswer | None = None,
        passwords: Mapping[str, str] | None = None,
        limits: Limits = Limits(),
    ) -> None:
        self.boxes = tuple(boxes)
        self.domains = tuple(sorted({domain_of(box.address) for box in boxes}))
        self.orders = Orders()
        self.orders.attach(self._lines)
        self.store = MailStore(boxes, messages)
        for account in self.store.accounts.values():
            account.quota = limits.quota
        self._apps = dict(apps or {})
        self._wished = dict(ports or {})
        self._extraction = extraction
        self._trusted = frozenset({*self.domains, USAGER_DOMAIN, *autoconfig.MADE_UP, *white_list})
        self.pki = Pki(folder, [self._mail_hosts("imap"), self._mail_hosts("smtp")], self._web_hosts())
        rules = Rules(
            self.store, self.orders, check_token, dict(passwords or {}),
            connection_limit=limits.connections, tells_unauthorised=limits.tells_unauthorised,
        )  # fmt: skip
        host = f"smtp.{self.domains[0]}"
        self._post = PostOffice(self.store, self.orders, self._trusted, host, answer)
        submission = SubmissionRules(
            self.store, self.orders, self._post, check_token, host, limits.size, limits.recipients, limits.auth_line
        )
        self._imap = ImapServer(rules, self.pki.imap)
        self._smtp = SubmissionServer(submission, self.pki.smtp)
        self.ports: dict[str, int] = {}
        """Port of "imap", "smtp", "web" and of each application, once started."""
        self._web: list[uvicorn.Server] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    # life

    def start(self) -> None:
        """Bind every port and serve; returns when all answer. Raises what went wrong."""
        for quiet in ("mail.log", "mail.debug"):  # aiosmtpd logs whole lines, tokens included
            logging.getLogger(quiet).setLevel(logging.CRITICAL)
        listeners = {name: _bound(self._wished.get(name, 0)) for name in ("imap", "smtp", "web", *self._apps)}
        self.ports = {name: listener.getsockname()[1] for name, listener in listeners.items()}
        ready, trouble = threading.Event(), list[BaseException]()

        def run() -> None:
            try:
                asyncio.run(self._serve(listeners, ready))
            except (OSError, RuntimeError, ValueError) as error:
                trouble.append(error)
            finally:
                ready.set()

        self._thread = threading.Thread(target=run, name="server-sandbox", daemon=True)
        self._thread.start()
        if not ready.wait(START_TIMEOUT_S) or trouble:
            raise RuntimeError("the sandbox operator did not start") from (trouble[0] if trouble else None)
        log.info("sandbox operator serves %d domains, %d boxes", len(self.domains), len(self.boxes))

    def stop(self) -> None:
        """Cut every line and end the thread. May be called twice."""
        thread, loop = self._thread, self._loop
        if thread is None or loop is None:
            return
        loop.call_soon_threadsafe(self._over.set)
        thread.join(START_TIMEOUT_S)
        self._thread = self._loop = None

    def __enter__(self) -> Operator:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _serve(self, listeners: dict[str, socket.socket], ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        self._over = asyncio.Event()
        await self._imap.listen(listeners["imap"])
        await self._smtp.listen(listeners["smtp"])
        urls = self.urls()
        served: dict[str, ASGIApp] = {"web": autoconfig.website(self._site())}
        for name, app in self._apps.items():
            served[name] = _application(app, urls)
        context = server_context(self.pki.web)
        self._web = [_WebServer(app, context, self._over) for app in served.values()]
        tasks = [
            asyncio.ensure_future(server.serve(sockets=[listeners[name]]))
            for name, server in zip(served, self._web, strict=True)
        ]
        while not all(server.started for server in self._web):
            if any(task.done() for task in tasks):
                raise RuntimeError("a web service did not start")
            await asyncio.sleep(0.005)
        ready.set()
        await self._over.wait()
        await self._imap.deafen()
        await self._smtp.deafen()
        await asyncio.gather(*tasks)

    def _site(self) -> autoconfig.Site:
        now = dt.datetime.now(dt.UTC)
        listed = autoconfig.white_list_xml(self._trusted, now)
        return autoconfig.Site(frozenset(self.domains), self.ports, listed, self._extraction, now, self.orders)

    # lines, for orders

    def _lines(self, verb: str, service: Service | None) -> None:
        chosen = list(Service) if service is None else [service]
        self._run(self._move_lines(verb, chosen))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        if self._loop is None:
            work.close()
            raise RuntimeError("the sandbox operator is not running")
        asyncio.run_coroutine_threadsafe(work, self._loop).result(START_TIMEOUT_S)

    async def _move_lines(self, verb: str, services: list[Service]) -> None:
        servers: dict[Service, ImapServer | SubmissionServer] = {Service.IMAP: self._imap, Service.SMTP: self._smtp}
        for service in services:
            server = servers[service]
            match verb:
                case "cut":
                    server.cut()
                case "down":
                    await server.deafen()
                case _:
                    await server.deafen()
                    await server.listen(_bound(self.ports[service.value]))
        await asyncio.sleep(0)

    # what a test or a trainer does

    def deliver(
        self,
        address: str,
        raw: bytes,
        folder: tuple[str, ...] = INBOX,
        *,
        flags: Iterable[str] = (),
        received: dt.datetime | None = None,
    ) -> int:
        """Put a message into a BAL, past every check but the quota; returns its UID. Raises KeyError, OverQuota."""
        account = self.store.account(address)
        if account is None:
            raise KeyError("no such BAL in the sandbox")
        return account.add(folder, crlf(raw), flags, received)[1].uid

    def messages(self, address: str, folder: tuple[str, ...] = INBOX) -> tuple[Message, ...]:
        """What stands in a folder now; empty when there is no such folder."""
        account = self.store.account(address)
        mailbox = account.mailboxes.get(folder) if account is not None else None
        return tuple(mailbox.messages) if mailbox is not None else ()

    def folders(self, address: str) -> tuple[tuple[str, ...], ...]:
        """The folders of a BAL."""
        account = self.store.account(address)
        return tuple(account.mailboxes) if account is not None else ()

    @property
    def submissions(self) -> tuple[Submission, ...]:
        """Every message accepted over SMTP, oldest first."""
        return self._post.submissions

    def connections(self, service: Service = Service.IMAP) -> int:
        """How many lines are open."""
        return self._imap.count if service is Service.IMAP else self._smtp.count

    def present(self, service: Service, fault: Fault | None) -> None:
        """Show another certificate to those who connect from now on: wrong in one way, or good again (None)."""
        server = self._imap if service is Service.IMAP else self._smtp
        server.context = server_context(self.pki.mail_server(self._mail_hosts(service.value), fault))

    def renumber(self, address: str, folder: tuple[str, ...] = INBOX) -> None:
        """Give a folder a new UIDVALIDITY, and cut the IMAP lines, as a restored server would."""
        account = self.store.account(address)
        if account is None:
            raise KeyError("no such BAL in the sandbox")
        account.mailboxes[folder].renumber()
        self.orders.cut(Service.IMAP)

    # names

    def url(self, name: str) -> str:
        """Base URL of an application, of "annuaire" or of "listeblanche". Only once started."""
        return self.urls()[name]

    def urls(self) -> dict[str, str]:
        """Every base URL, by name, without a slash at the end."""
        own = dict.fromkeys(("annuaire", "listeblanche"), self.ports["web"])
        ports = {**own, **{name: self.ports[name] for name in self._apps}}
        return {name: f"https://{name}.{HOME_DOMAIN}:{port}" for name, port in ports.items()}

    def _mail_hosts(self, kind: str) -> list[str]:
        return [*(f"{kind}.{domain}" for domain in self.domains), "localhost"]

    def _web_hosts(self) -> list[str]:
        own = [f"{name}.{HOME_DOMAIN}" for name in ("annuaire", "listeblanche", *self._apps)]
        return [*(f"autoconfig.{domain}" for domain in self.domains), *own, "localhost"]

    def hosts(self) -> dict[str, str]:
        """Host name → address, for a client without DNS."""
        named = {*self._mail_hosts("imap"), *self._mail_hosts("smtp"), *self._web_hosts()} - {"localhost"}
        return dict.fromkeys(sorted(named), "127.0.0.1")

    def environment_toml(
        self,
        *,
        psc_relay: str | None = None,
        bals: Sequence[str] | None = None,
        policy: Policy | None = None,
        filing_folder: str = "",
        filing_profile: str = "standard",
        extra_toml: str = "",
    ) -> str:
        """The environment file of this sandbox (domain.environment.Environment). Only once started.

        `psc_relay` is by default the application named "relay"; `bals` every BAL but the applicative ones;
        `extra_toml` is put after the top-level keys.
        """
        urls = self.urls()
        if bals is None:
            bals = [box.address for box in self.boxes if box.kind is not BalKind.APP]
        top: dict[str, object] = {
            "name": "sandbox",
            "autoconfig": f"https://autoconfig.{{domain}}:{self.ports['web']}{autoconfig.CONFIG_PATH}",
            "psc_relay": urls.get("relay", "") if psc_relay is None else psc_relay,
            "directory": f"{urls['annuaire']}{autoconfig.DIRECTORY_PATH}" if self._extraction else "",
            "white_list": f"{urls['listeblanche']}{autoconfig.WHITE_LIST_PATH}",
            "product": PRODUCT,
            "training": True,
            "bals": list(bals),
        }
        pki = self.pki
        trust = {
            "mail": str(pki.mail_anchors), "web": str(pki.web_anchors), "crl": str(pki.mail_crl), "pins": list(pki.pins)
        }  # fmt: skip
        tables: dict[str, Mapping[str, object]] = {
            "trust": trust,
            "hosts": self.hosts(),
            "policy": dataclasses.asdict(policy or Policy()),
            "filing": {"folder": filing_folder, "profile": filing_profile},
        }
        lines = [*_assignments(top), extra_toml]
        for name, table in tables.items():
            lines += ["", f"[{name}]", *_assignments(table)]
        return "\n".join(lines) + "\n"


def _application(app: ASGIApp | AppFactory, urls: dict[str, str]) -> ASGIApp:
    """The application itself: a factory takes one argument where an application takes three."""
    if len(inspect.signature(app).parameters) == 1:
        return cast("AppFactory", app)(urls)
    return cast("ASGIApp", app)


def _assignments(table: Mapping[str, object]) -> list[str]:
    """TOML lines; JSON spells strings, numbers, booleans and lists as TOML does."""
    keys = {key: key if _BARE_KEY.fullmatch(key) else json.dumps(key) for key in table}
    return [f"{keys[key]} = {json.dumps(value, ensure_ascii=False)}" for key, value in table.items()]


def _bound(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.setblocking(False)
    return listener


class _WebServer(uvicorn.Server):
    """A uvicorn server that ends as soon as it is told, instead of looking every tenth of a second."""

    def __init__(self, app: ASGIApp, context: ssl.SSLContext, over: asyncio.Event) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                log_level="warning",
                access_log=False,
                ws="none",
                http="h11",
                server_header=False,
                ssl_context_factory=lambda _config, _default: context,
            )
        )
        self._over = over

    async def main_loop(self) -> None:
        while not self._over.is_set():
            await self.on_tick(0)  # dates the answers
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), 1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn's, without its waits of a tenth of a second: each test of the house stops an operator."""
        state = self.server_state
        for server in self.servers:
            server.close()
        for connection in list(state.connections):
            connection.shutdown()
        end = asyncio.get_running_loop().time() + _GRACE_S
        while (state.connections or state.tasks) and asyncio.get_running_loop().time() < end:
            await asyncio.sleep(0.002)
        for task in state.tasks:
            task.cancel()
        await self.lifespan.shutdown()
