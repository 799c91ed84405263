"""Relays as real processes, the way an institution runs them, in front of the lab's provider; and who uses them."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import re
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from mssclient.domain.session import Person
from mssclient.sandbox.pki import Pki
from mssclient.sandbox.psc_tokens import userinfo
from tests.lab import oidc, redis_server
from tests.lab.redis_server import free_port
from tests.relay import kit
from tests.relay.kit import ALICE, BOB, STATE, VERIFIER

RELAY_HOST = "relais.mss.example"
BASE = f"https://{RELAY_HOST}/psc"
TOP = Path(__file__).resolve().parents[2]
START_S = 40.0


class Gate(httpx.HTTPTransport):
    """The institution's name for its relays, led to the one that `port` says now."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, limits=httpx.Limits(max_keepalive_connections=0))
        self.port = 0
        self.addresses: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.addresses.append(str(request.url))
        if request.url.host != RELAY_HOST:
            return super().handle_request(request)
        # A request of its own: the cookies belong to the name.
        routed = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1", port=self.port),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": RELAY_HOST},
        )
        return super().handle_request(routed)


class Client(httpx.Client):
    """A browser and a workstation; `at` chooses the relay that the next requests meet."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.gate = Gate(context)
        super().__init__(transport=self.gate, base_url=BASE, timeout=30, trust_env=False)

    def at(self, relay: Relay) -> Client:
        self.gate.port = relay.port
        return self

    def chosen(self, person: Person = ALICE) -> str:
        """From the start page to PSC and the person's choice; the address PSC sends the browser back to."""
        way = {"code_challenge": kit.challenge(), "state": STATE, "port": str(kit.PORT)}
        answer = self._followed(self.get("/start", params=way))
        if answer.is_redirect:
            return answer.headers["location"]
        transaction = re.search(r'name="transaction" value="([^"]+)"', answer.text)
        assert transaction, answer.text
        form = {"transaction": transaction[1], "person": person.national_id}
        answer = self._followed(self.post(str(answer.url), data=form))
        assert answer.is_redirect, answer.text
        return str(answer.headers["location"])

    def _followed(self, answer: httpx.Response) -> httpx.Response:
        """Redirections, up to the one that leads back to the relay."""
        while answer.is_redirect:
            url = urljoin(str(answer.url), answer.headers["location"])
            if url.startswith(f"{BASE}/callback"):
                break
            answer = self.get(url)
        return answer

    def ticket(self, back: str) -> str:
        """What the relay gives the browser for the workstation."""
        answer = self.get(back)
        assert answer.status_code == 303, answer.text
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))["ticket"]

    def opened(self, ticket: str) -> str:
        answer = self.post("/session", json={"ticket": ticket, "verifier": VERIFIER})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["session"])

    def signed_in(self, person: Person = ALICE) -> str:
        return self.opened(self.ticket(self.chosen(person)))

    def token(self, session: str, *, fresh: bool = False) -> httpx.Response:
        return self.post("/token", headers=kit.bearer(session), json={"fresh": fresh})


@dataclass
class Relay:
    """One process of `mssclient relay`; everything it writes is kept in `output`."""

    folder: Path
    config: str
    port: int
    metrics_port: int
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def output(self) -> Path:
        return self.folder / "output.txt"

    @property
    def audit(self) -> str:
        return (self.folder / "audit.jsonl").read_text()

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / "relay.toml"
        file.write_text(self.config)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mssclient", "relay", "--config", str(file)],
                stdout=output, stderr=output, cwd=TOP, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
            )  # fmt: skip
        end = time.monotonic() + START_S
        while not self._answers():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() < end, self.output.read_text()
            threading.Event().wait(0.05)

    def _answers(self) -> bool:
        try:
            return self.watched("health").status_code == 200
        except httpx.TransportError:
            return False

    def watched(self, page: str) -> httpx.Response:
        """A page of the separate port."""
        return httpx.get(f"http://127.0.0.1:{self.metrics_port}/{page}", trust_env=False)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


@dataclass
class Institution:
    """A provider, a Redis and relays that share it."""

    folder: Path
    pki: Pki
    context: ssl.SSLContext
    provider: oidc.OidcProvider
    redis: redis_server.RedisServer | None
    relays: list[Relay]
    secrets: dict[str, str]

    def client(self) -> Client:
        return Client(self.context)


def key_line() -> str:
    return base64.b64encode(os.urandom(32)).decode()


@contextlib.contextmanager
def institution(
    folder: Path, relays: int = 2, *, redis: bool = True, mutual: bool = False, entries: str = ""
) -> Iterator[Institution]:
    """Everything started, everything stopped."""
    pki = Pki(folder / "pki", [["imap.example"], ["smtp.example"]], [RELAY_HOST])
    context = ssl.create_default_context(cafile=pki.web_anchors)
    ports = [(free_port(), free_port()) for _ in range(relays)]
    people = {
        f"f:lab:{person.given}": {name: value for name, value in userinfo(person).items() if name != "sub"}
        for person in (ALICE, BOB)
    }
    (folder / "op").mkdir()
    provider = oidc.OidcProvider(
        folder / "op", pki.web, "127.0.0.1", people, f"{BASE}/callback",
        certificate=("relais-client.mss.example", pki.mail_chain) if mutual else None,
        logout=(f"{BASE}/backchannel-logout", ports[0][0], pki.web_anchors),
    )  # fmt: skip
    server = redis_server.RedisServer(folder / "redis") if redis else None
    secrets = {"client_secret": provider.client_secret, "redis_password": redis_server.PASSWORD, "key": key_line()}
    for name, secret in secrets.items():
        (folder / name).write_text(secret + "\n")
        (folder / name).chmod(0o600)
    credentials = _by_certificate(folder, pki) if mutual else 'client_secret_file = "../client_secret"\n'
    shared = (
        f'redis_url = "{server.url}"\nredis_password_file = "../redis_password"\nredis_key_file = "../key"\n'
        if server
        else ""
    )
    made = [
        Relay(
            folder / f"relay{number}",
            f'base_url = "{BASE}"\nissuer = "{provider.issuer}"\nclient_id = "{provider.client_id}"\n'
            f'discovery = "{oidc.DISCOVERY}"\npsc_anchors = "{pki.web_anchors}"\n'
            f'certificate = "{pki.web}"\nprivate_key = "{pki.web}"\nlisten_port = {port}\n'
            f'metrics_port = {metrics_port}\nlog_level = "debug"\naudit = "audit.jsonl"\n'
            f"{credentials}{shared}{entries}",
            port,
            metrics_port,
        )
        for number, (port, metrics_port) in enumerate(ports)
    ]
    with contextlib.ExitStack() as ends:
        ends.callback(provider.stop)
        if server:
            server.start()
            ends.callback(server.stop)
        threads = [threading.Thread(target=relay.start, name="starting") for relay in made]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for relay in made:
            ends.callback(relay.stop)
        yield Institution(folder, pki, context, provider, server, made, secrets)


def _by_certificate(folder: Path, pki: Pki) -> str:
    both = pki.mail_server(["relais-client.mss.example"])
    return f'client_certificate = "{both}"\nclient_key = "{both}"\n'


def lines_of(relay: Relay) -> list[dict[str, Any]]:
    """The audit, parsed."""
    return [dict(json.loads(line)) for line in relay.audit.splitlines()]
