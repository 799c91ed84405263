"""Dovecot and Postfix behind the proxy, with the least of what stands around them: a relay that signs people in at once,
autoconfiguration, and the white list. What a workstation needs of it is one environment file."""

from __future__ import annotations

import contextlib
import json
import secrets
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from mssclient.sandbox.autoconfig import CONFIG_PATH, WHITE_LIST_PATH, client_config, white_list_xml
from mssclient.sandbox.pki import server_context
from tests.faults.proxy import Behind, Proxy, Service
from tests.lab import mail
from tests.lab.mail import LabMail
from tests.remote import https_kit

RELAY_HOST, AUTOCONFIG_HOST = "relais.lab.mss.example", f"autoconfig.{mail.DOMAIN}"
PERSON = {
    "national_id": mail.ALICE, "given": "Alice", "family": "MARTIN", "title": "Dr",
    "activities": [{"profession": "Médecin", "structure": "EHPAD Les Essais", "structure_id": "1639999915"}],
}  # fmt: skip
SENDER, RECIPIENT = "alice.martin", "bob.durand"
FOLDER = "Classés"


class QuickRelay:
    """A relay whose people answer their phone at once; remembers every secret that it gave away. Any thread."""

    def __init__(self, lab: LabMail) -> None:
        self._lab = lab
        self._lock = threading.Lock()
        self._expired = 0
        self.secrets: set[str] = set()
        self.app = Starlette(
            routes=[
                Route("/ciba", self._asked, methods=["POST"]),
                Route("/ciba/{name}", self._ready, methods=["GET", "DELETE"]),
                Route("/session", self._session, methods=["POST", "DELETE"]),
                Route("/identity", self._identity, methods=["GET"]),
                Route("/token", self._token, methods=["POST"]),
                Route("/handover", self._session, methods=["POST"]),
                Route(CONFIG_PATH, self._config, methods=["GET", "HEAD"]),
                Route(WHITE_LIST_PATH, self._white_list, methods=["GET", "HEAD"]),
            ]
        )
        self.ports: dict[Service, int] = {}

    def expire(self, times: int = 1) -> None:
        """The next tokens are too old when they are shown."""
        with self._lock:
            self._expired += times

    def mend(self) -> None:
        """Tokens are good again."""
        with self._lock:
            self._expired = 0

    async def _asked(self, _: Request) -> Response:
        return JSONResponse({"digits": "42", "expires_in_s": 60, "id": secrets.token_hex(8), "interval_s": 0})

    async def _ready(self, _: Request) -> Response:
        return JSONResponse({"state": "ready"})

    async def _session(self, request: Request) -> Response:
        if request.method == "DELETE" or request.url.path == "/handover":
            return Response(status_code=204)
        word = secrets.token_urlsafe(32)
        self.secrets.add(word)
        return JSONResponse({"session": word})

    async def _identity(self, _: Request) -> Response:
        return JSONResponse(PERSON)

    async def _token(self, _: Request) -> Response:
        with self._lock:
            stale, self._expired = self._expired > 0, max(0, self._expired - 1)
        token = self._lab.token(mail.ALICE, lives_s=-60 if stale else 120)
        self.secrets.add(token)
        return JSONResponse(
            {"access_token": token, "expires_at": time.time() + 120, "session_left_s": 1800, "session_ends_in_s": 14400}
        )

    async def _config(self, _: Request) -> Response:
        document = client_config(mail.DOMAIN, self.ports[Service.IMAP], self.ports[Service.SMTP])
        return Response(document, media_type="application/xml")

    async def _white_list(self, _: Request) -> Response:
        return Response(white_list_xml([mail.DOMAIN], datetime.now().astimezone()), media_type="application/xml")


class FaultWorld:
    """Everything at once on free loopback ports; starts in about a second."""

    def __init__(self) -> None:
        self._doors = contextlib.ExitStack()
        self.lab = LabMail()
        self.relay = QuickRelay(self.lab)

    def start(self) -> None:
        """Returns when every server answers."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    def _start(self) -> None:
        self._doors.callback(self.lab.stop)
        self.lab.start()
        self.folder = Path(self._doors.enter_context(tempfile.TemporaryDirectory(prefix="mss-faults-")))
        pki, ports = self.lab.pki, self.lab.ports
        behind = [
            Behind(Service.IMAP, f"imap.{mail.DOMAIN}", ports.imap),
            Behind(Service.SMTP, f"smtp.{mail.DOMAIN}", ports.smtp),
        ]
        contexts = {Service.IMAP: server_context(pki.imap), Service.SMTP: server_context(pki.smtp)}
        self.proxy = Proxy(behind, contexts, str(pki.mail_chain))
        self._doors.callback(self.proxy.stop)
        self.relay.ports = self.proxy.ports
        pem = pki.web_server([RELAY_HOST, AUTOCONFIG_HOST])
        web = self._doors.enter_context(https_kit.served(self.relay.app, pem))
        self.environment_file = self.folder / "faults.toml"
        self.environment_file.write_text(self._environment(web), "utf-8")

    def stop(self) -> None:
        """End every server, the last one first."""
        self._doors.close()

    def _environment(self, web: int) -> str:
        pki = self.lab.pki
        hosts = (RELAY_HOST, AUTOCONFIG_HOST, f"imap.{mail.DOMAIN}", f"smtp.{mail.DOMAIN}")
        tables: dict[str, dict[str, object]] = {
            "": {
                "name": "faults", "training": True, "product": mail.PRODUCT, "directory": "",
                "autoconfig": f"https://autoconfig.{{domain}}:{web}{CONFIG_PATH}",
                "psc_relay": f"https://{RELAY_HOST}:{web}",
                "white_list": f"https://{AUTOCONFIG_HOST}:{web}{WHITE_LIST_PATH}",
                "bals": [mail.address(SENDER)],
            },
            "trust": {"mail": str(pki.mail_anchors), "web": str(pki.web_anchors), "pins": list(pki.pins)},
            "hosts": dict.fromkeys(hosts, "127.0.0.1"),
        }  # fmt: skip
        lines = []
        for name, table in tables.items():
            lines += [f"[{name}]"] if name else []
            lines += [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in table.items()]
        return "\n".join(lines) + "\n"
