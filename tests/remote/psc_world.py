"""PSC (the sandbox's) and a relay over real HTTPS, and a person at a browser."""

from __future__ import annotations

import contextlib
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpx

from mssclient.domain.environment import Environment
from mssclient.domain.session import Person
from mssclient.relay import app
from mssclient.relay.config import RelayConfig
from mssclient.remote import web
from mssclient.remote.psc import PscRelay
from mssclient.sandbox import psc
from mssclient.sandbox.pki import Pki
from mssclient.sandbox.psc_tokens import Lives
from tests.relay.kit import ALICE, BOB
from tests.remote import https_kit

LIVES = Lives(phone_s=10)
RELAY_HOST, PSC_HOST = "relais.mss.example", "psc.mss.example"


@dataclass
class Services:
    """What runs; `relay` is the workstation's view of it."""

    environment: Environment
    provider: psc.OpenIdProvider
    relay: PscRelay

    @property
    def context(self) -> ssl.SSLContext:
        return web.web_context(self.environment)

    def relay_with(self, context: ssl.SSLContext) -> PscRelay:
        return PscRelay(self.environment, context)


@contextlib.contextmanager
def services(pki: Pki, lives: Lives = LIVES, **config: Any) -> Iterator[Services]:
    """Both services, until the block ends. They find each other by host names that only the environment knows."""
    ports = {name: https_kit.bound() for name in ("relay", "psc")}
    base = {name: listener.getsockname()[1] for name, listener in ports.items()}
    relay_url = f"https://{RELAY_HOST}:{base['relay']}/psc"
    provider = psc.create(
        (ALICE, BOB),
        f"https://{PSC_HOST}:{base['psc']}",
        redirect_uri=f"{relay_url}/callback",
        clock=time.time,
        lives=lives,
    )
    settings = RelayConfig(relay_url, provider.issuer, "mssclient-relay", "sandbox-only-client-secret", **config)
    towards_psc = httpx.AsyncClient(transport=httpx.ASGITransport(provider.app))
    service = app.create(settings, time.time, towards_psc)
    environment = https_kit.environment(pki.web_anchors, relay_url, RELAY_HOST, PSC_HOST)
    pem = pki.web_server([RELAY_HOST, PSC_HOST])
    with https_kit.served(provider.app, pem, ports["psc"]), https_kit.served(service, pem, ports["relay"]):
        yield Services(environment, provider, PscRelay(environment, web.web_context(environment)))


class Browser:
    """A person at a browser, by plain HTTP: follows every redirection, chooses at PSC, reaches 127.0.0.1 or not."""

    def __init__(self, environment: Environment, *, reaches_loopback: bool = True) -> None:
        self._http = web.client(environment)
        self._reaches_loopback = reaches_loopback
        self.addresses: list[str] = []
        self.page = ""

    def close(self) -> None:
        self._http.close()

    def visit(self, url: str, person: Person | None = ALICE) -> None:
        """Open a sign-in's address and go through with it; None cancels at PSC."""
        response = self._open("GET", url)
        if "transaction" in response.text:
            response = self._choose(response, person)
        self.page = response.text

    def confirm(self, *, yes: bool = True) -> None:
        """Answer the relay's question about the workstation's code."""
        word = re.search(r'name="word" value="([^"]+)"', self.page)
        assert word, self.page
        form = {"word": word[1], "answer": "yes" if yes else "no"}
        self.page = self._open("POST", urljoin(self.addresses[-1], "confirm"), data=form).text

    def _choose(self, page: httpx.Response, person: Person | None) -> httpx.Response:
        transaction = re.search(r'name="transaction" value="([^"]+)"', page.text)
        assert transaction
        form = {"transaction": transaction[1]} | ({"person": person.national_id} if person else {"cancel": "1"})
        return self._open("POST", str(page.url), data=form)

    def _open(self, method: str, url: str, **more: Any) -> httpx.Response:
        for _ in range(10):
            self.addresses.append(url)
            if url.startswith("http://127.0.0.1:"):
                return self._at_loopback(url)
            response = self._http.request(method, url, **more)
            if not response.is_redirect:
                return response
            method, more, url = "GET", {}, urljoin(url, response.headers["location"])
        raise AssertionError("redirected in circles")

    def _at_loopback(self, url: str) -> httpx.Response:
        if not self._reaches_loopback:
            return httpx.Response(599)
        with httpx.Client(trust_env=False) as http:
            return http.get(url)


@contextlib.contextmanager
def meanwhile(act: Callable[[], object]) -> Iterator[None]:
    """Do something in another thread while the block waits for it; what goes wrong there fails here."""
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:  # noqa: BLE001
            trouble.append(error)

    thread = threading.Thread(target=run, name="person")
    thread.start()
    try:
        yield
    finally:
        thread.join(20)
    if trouble:
        raise trouble[0]
