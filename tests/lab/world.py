"""The whole lab as one world: OpenID provider, the institution's relay, Dovecot, Postfix, and the lists of the trust space.

What a workstation needs of it is one environment file, as for any other world.
"""

from __future__ import annotations

import contextlib
import imaplib
import json
import os
import shutil
import smtplib
import ssl
import subprocess
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import httpx
from joserfc.jwk import KeySet, RSAKey

from mssclient.domain.session import Activity, Person
from mssclient.relay import app as relay
from mssclient.relay.config import RelayConfig
from mssclient.sandbox import autoconfig, directory
from mssclient.sandbox.orders import Orders
from mssclient.sandbox.pki import Fault, Pki
from mssclient.sandbox.psc_tokens import userinfo
from tests.lab import mail, oidc
from tests.lab.mail import LabMail
from tests.remote import https_kit

_PLACE = "EHPAD Les Essais"
_AT_HOME = (Activity("Médecin", "Gériatrie", _PLACE, "1639999915"),)
ALICE = Person(mail.ALICE, "Alice", "MARTIN", "Dr", _AT_HOME)
BOB = Person(mail.BOB, "Bob", "DURAND", "Dr", _AT_HOME)
CAROL = Person(mail.CAROL, "Carol", "PETIT", "Mme", (Activity("Infirmier", "", _PLACE, "1639999915"),))
PEOPLE = (ALICE, BOB, CAROL)
OFFERED = ("alice.martin", "bob.durand", "carol.petit", "cabinet")
"""What the administrator offers at the workstation; the operator lets each person into their own."""

PSC_HOST, RELAY_HOST = "psc.lab.mss.example", "relais.lab.mss.example"
ANNUAIRE_HOST, AUTOCONFIG_HOST = "annuaire.lab.mss.example", f"autoconfig.{mail.DOMAIN}"
_CLIENT_ID = "mssclient-relay-" + "d-un-etablissement-au-nom-interminable-" * 6
"""It stands in each token twice, which makes them longer than Postfix takes in an initial response (1.45 KB)."""
FAILING_DOMAIN = "echec.example"
"""Mail to it is taken and comes back."""


def missing() -> str:
    """Why this world cannot be built here; empty when it can."""
    return mail.missing() or oidc.missing()


def listed(domain: str) -> list[directory.Listed]:
    """The people and the shared box as the Annuaire publishes them."""
    people = [
        directory.Listed(
            f"{person.given}.{person.family}@{domain}".lower(), "PER", person.national_id[1:], person.title,
            person.family, person.given, "60" if person is CAROL else "10", "", _PLACE, "1639999915", "", "63999",
            "Montfleury-les-Bois",
        )
        for person in PEOPLE
    ]  # fmt: skip
    shared = directory.Listed(
        f"cabinet@{domain}", "ORG", structure=_PLACE, structure_id="1639999915", service="Cabinet", post_code="63999",
        town="Montfleury-les-Bois",
    )  # fmt: skip
    return [*people, shared]


class LabWorld:
    """Everything at once on free loopback ports. Threads are named `server-…`; processes end with `stop`."""

    name = "lab"
    domain = mail.DOMAIN
    unreachable = f"personne@{FAILING_DOMAIN}"

    def __init__(self) -> None:
        # Not pytest's folder, which is closed to the servers' own users.
        self.folder = Path(tempfile.mkdtemp(prefix="mss-world-"))
        self.environment_file = self.folder / "lab.toml"
        self.filing_folder = self.folder / "dossier-dui"
        self._doors = contextlib.ExitStack()
        self._doors.callback(shutil.rmtree, self.folder, ignore_errors=True)
        self._pki = Pki(
            self.folder / "web", [["imap.unused"], ["smtp.unused"]],
            [PSC_HOST, RELAY_HOST, ANNUAIRE_HOST, AUTOCONFIG_HOST],
        )  # fmt: skip

    # life

    def start(self) -> None:
        """Returns when every server answers; takes some four seconds. What was begun is ended when something fails."""
        mask = os.umask(0o022)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        finally:
            os.umask(mask)

    def _start(self) -> None:
        self.folder.chmod(0o755)
        self.filing_folder.mkdir()
        at_relay, at_lists = https_kit.bound(), https_kit.bound()
        relay_url = f"https://{RELAY_HOST}:{at_relay.getsockname()[1]}"
        self.provider = self._provider(relay_url)
        keys = self.folder / "keys"
        self.mail = LabMail(keys=keys, issuer=self.provider.issuer)
        self._lay_keys(keys)
        self._doors.callback(self.mail.stop)
        self.mail.start()
        settings = RelayConfig(
            relay_url, self.provider.issuer, self.provider.client_id, self.provider.client_secret,
            discovery=oidc.DISCOVERY,
        )  # fmt: skip
        service = relay.create(settings, time.time, httpx.AsyncClient(transport=_ByName(self.web_context())))
        self._doors.enter_context(https_kit.served(service, self._pki.web, at_relay))
        lists = self._doors.enter_context(https_kit.served(autoconfig.website(self._site()), self._pki.web, at_lists))
        self.environment_file.write_text(self._environment(relay_url, lists), "utf-8")

    def stop(self) -> None:
        """End every server, the last one first, and remove the folder."""
        self._doors.close()

    def _provider(self, relay_url: str) -> oidc.OidcProvider:
        people = {f"f:lab:{p.national_id}": {k: v for k, v in userinfo(p).items() if k != "sub"} for p in PEOPLE}
        folder = self.folder / "provider"
        folder.mkdir()
        found = oidc.OidcProvider(
            folder, self._pki.web, PSC_HOST, people, f"{relay_url}/callback", client_id=_CLIENT_ID
        )
        self._doors.callback(found.stop)
        return found

    def _lay_keys(self, folder: Path) -> None:
        """The provider's public keys where Dovecot looks for them, beside those of the tests' own mail client."""
        self.mail.signer.write(folder)
        where = f"{self.provider.issuer}/protocol/openid-connect/certs".replace(PSC_HOST, "127.0.0.1")
        with httpx.Client(verify=self.web_context(), trust_env=False) as http:
            published = KeySet.import_key_set(http.get(where).raise_for_status().json())
        place = folder / self.provider.client_id / "RS256"
        place.mkdir(parents=True)
        for key in published.keys:
            assert isinstance(key, RSAKey)
            (place / str(key.kid)).write_bytes(key.as_pem(private=False))

    def _site(self) -> autoconfig.Site:
        now = datetime.now().astimezone()
        ports = {"imap": self.mail.ports.imap, "smtp": self.mail.ports.smtp}
        extraction = directory.zipped(directory.extraction(60, now=now, fixed=listed(self.domain)), now)
        names = (self.domain, FAILING_DOMAIN, *directory.domains())
        trusted = autoconfig.white_list_xml(names, now)
        return autoconfig.Site(frozenset({self.domain}), ports, trusted, extraction, now, Orders())

    def _environment(self, relay_url: str, lists: int) -> str:
        pki = self.mail.pki
        tables: dict[str, Mapping[str, object]] = {
            "": {
                "name": "lab",
                "autoconfig": f"https://autoconfig.{{domain}}:{lists}{autoconfig.CONFIG_PATH}",
                "psc_relay": relay_url,
                "directory": f"https://{ANNUAIRE_HOST}:{lists}{autoconfig.DIRECTORY_PATH}",
                "white_list": f"https://{ANNUAIRE_HOST}:{lists}{autoconfig.WHITE_LIST_PATH}",
                "product": mail.PRODUCT,
                "training": True,
                "bals": [self.address(name) for name in OFFERED],
            },
            "trust": {
                "mail": str(pki.mail_anchors),
                "web": str(self._pki.web_anchors),
                "crl": str(pki.mail_crl),
                "pins": list(pki.pins),
            },
            "hosts": self.hosts(),
            "filing": {"folder": str(self.filing_folder)},
        }
        lines = []
        for name, table in tables.items():
            lines += [f"[{name}]"] if name else []
            lines += [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in table.items()]
        return "\n".join(lines) + "\n"

    # what a person's browser needs

    def hosts(self) -> dict[str, str]:
        """Names → addresses."""
        names = (PSC_HOST, RELAY_HOST, ANNUAIRE_HOST, AUTOCONFIG_HOST, f"imap.{self.domain}", f"smtp.{self.domain}")
        return dict.fromkeys(names, "127.0.0.1")

    def web_context(self) -> ssl.SSLContext:
        """TLS that trusts this world's web certificates only."""
        return ssl.create_default_context(cafile=str(self._pki.web_anchors))

    # what the tests' own mail client needs

    def address(self, name: str) -> str:
        """The address of a BAL by its local part."""
        return f"{name}@{self.domain}"

    @property
    def ports(self) -> tuple[int, int]:
        """IMAP and SMTP."""
        return self.mail.ports.imap, self.mail.ports.smtp

    @property
    def mail_chain(self) -> Path:
        """PEM of the mail servers' root, for clients that want chains whole."""
        return self.mail.pki.mail_chain

    def token(self, person: Person) -> str:
        """A token of that person from elsewhere than the relay."""
        return self.mail.token(person.national_id)

    # what happens around the workstation

    def deliver(self, name: str, raw: bytes) -> None:
        """Mail from another operator, over LMTP as Postfix would bring it."""
        with smtplib.LMTP("127.0.0.1", self.mail.ports.lmtp) as line:
            line.sendmail(f"ailleurs@{self.domain}", [self.address(name)], raw)

    def lines_open(self) -> int:
        """How many IMAP sessions the operator has."""
        told = self.mail.doveadm("who", "-1").splitlines()[1:]
        return sum(1 for line in told if " imap " in f" {' '.join(line.split())} ")

    def sign_ins(self) -> int:
        """How many tokens the operator's IMAP was shown so far, good or bad."""
        log = (self.mail.folder / "dovecot" / "dovecot.log").read_text("utf-8", "replace").splitlines()
        return sum("imap-login: " in line and ("Login: user=" in line or "auth failed" in line) for line in log)

    def close_door(self, name: str) -> None:
        """Nobody is let into this BAL any more; the sessions of those who were, here and elsewhere, are cut."""
        (self.mail.folder / "dovecot" / "lists" / name).write_text("")
        for person in mail.BALS[name]:
            with contextlib.suppress(subprocess.CalledProcessError):  # nobody was there
                self.mail.doveadm("kick", person)

    def open_door(self, name: str) -> None:
        """As before."""
        people = "".join(f"{one}\n" for one in mail.BALS[name])
        (self.mail.folder / "dovecot" / "lists" / name).write_text(people)

    def refuse_tokens(self, *, refuse: bool) -> None:
        """No token of Pro Santé Connect is good any more, or all are again: Dovecot misses the key that signs them."""
        there, away = (self.folder / "keys" / name for name in (self.provider.client_id, "away"))
        there.rename(away) if refuse else away.rename(there)
        self.mail.doveadm("reload")  # it would keep the key for its life

    def present(self, fault: Fault | None) -> None:
        """IMAP shows another certificate from now on; None: the good one again. Sessions that are open stay."""
        made = self.mail.pki.mail_server([f"imap.{self.domain}"], fault)
        shutil.copyfile(made, self.mail.pki.imap)
        self.mail.doveadm("reload")
        self._shown(made)

    def _shown(self, made: Path) -> None:
        """Wait until it is this very certificate that newcomers are shown."""
        wanted = ssl.PEM_cert_to_DER_cert(_first_certificate(made.read_text()))
        end = time.monotonic() + 10
        while _presented(self.mail.ports.imap) != wanted:
            assert time.monotonic() < end, "Dovecot did not take the new certificate"


def _first_certificate(pem: str) -> str:
    begin = pem.index("-----BEGIN CERTIFICATE-----")
    return pem[begin : pem.index("-----END CERTIFICATE-----") + len("-----END CERTIFICATE-----")] + "\n"


def _presented(port: int) -> bytes:
    """The certificate behind STARTTLS, whatever it is worth: nothing is sent to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with imaplib.IMAP4("127.0.0.1", port, timeout=5) as line:
            line.starttls(context)
            assert isinstance(line.sock, ssl.SSLSocket)
            shown = line.sock.getpeercert(binary_form=True)
    except (OSError, imaplib.IMAP4.error):
        return b""
    return shown or b""


class _ByName(httpx.AsyncBaseTransport):
    """Leads PSC's name to this machine, as an institution's DNS would."""

    def __init__(self, context: ssl.SSLContext) -> None:
        no_idle_line = httpx.Limits(max_keepalive_connections=0)  # it would outlive the server's loop
        self._inner = httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=no_idle_line)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert request.url.host == PSC_HOST
        request.extensions["sni_hostname"] = PSC_HOST
        request.url = request.url.copy_with(host="127.0.0.1")
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
