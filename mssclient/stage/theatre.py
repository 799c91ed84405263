"""The sandbox with everything in place: operator, PSC, the real relay, an institution and its mail, an environment file."""

from __future__ import annotations

import json
import logging
import ssl
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from mssclient.domain.environment import Policy
from mssclient.relay import app as relay
from mssclient.relay.config import RelayConfig
from mssclient.sandbox import annuaire_fhir, directory, letters, people, psc
from mssclient.sandbox.mailstore import Box, Seed
from mssclient.sandbox.operator import Operator

SECRET = "sandbox-only-client-secret"  # noqa: S105
STORE_SECRET = "sandbox-only-secret-of-the-stores-0001"  # noqa: S105
PROFESSION_CODES = {"Médecin": "10", "Infirmier": "60", "Pharmacien": "21", "Masseur-kinésithérapeute": "70"}


class Theatre:
    """A whole fictitious world on 127.0.0.1. `start` returns when every door is open; `stop` closes them.

    Its verbs play the outside: mail arrives, the line is cut, the phone approves. Any thread.
    """

    def __init__(self, folder: Path, *, lines: int = 2_000, bulk: int = 0, policy: Policy | None = None) -> None:
        self.folder = folder
        self.institution = people.institution()
        now = datetime.now().astimezone()
        mail = letters.mailboxes(now)
        boxes = [Box(m.address, m.kind, m.let_in, m.label) for m in self.institution.mailboxes]
        seeds = {
            address: [Seed(s.folder, s.raw, s.flags, s.received) for s in found] for address, found in mail.items()
        }
        if bulk:
            box = next(m.address for m in self.institution.mailboxes if "secretariat" in m.address)
            seeds[box] = [
                *seeds.get(box, []),
                *(Seed(people.ARCHIVES, raw, frozenset({"\\Seen"}), received)
                  for received, raw in letters.bulk(bulk, now, box)),
            ]  # fmt: skip
        self._policy = policy or Policy(keep_key_in_file=True, undo_send_s=5, operator_saves_sent=False)
        self._provider: psc.OpenIdProvider | None = None
        listed = self._listed()
        extraction = directory.zipped(directory.extraction(lines, now=now, fixed=listed), now)
        self.filing_folder = folder / "dossier-dui"
        self.send_folder = folder / "a-envoyer"
        self.operator = Operator(
            boxes, seeds, self._check, folder / "certificates",
            white_list=[*self.institution.trusted_domains, *directory.domains(listed)],
            extraction=extraction, apps={"psc": self._psc, "relay": self._relay, "fhir": annuaire_fhir.create(listed)},
        )  # fmt: skip
        self.environment_file = folder / "sandbox.toml"

    # -- life
    def start(self) -> None:
        """Open every door and write the environment file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.filing_folder.mkdir(exist_ok=True)
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # it complains of lines cut on purpose
        self.operator.start()
        text = self.operator.environment_toml(
            policy=self._policy, filing_folder=str(self.filing_folder), filing_profile="pdf-json",
            extra_toml=f'directory_api = "{self.operator.urls()["fhir"]}/fhir/v2"\n{self._sending()}',
        )  # fmt: skip
        self.environment_file.write_text(text, "utf-8")

    def _sending(self) -> str:
        """Who sends health documents here, and the folder that the record system lays them in."""
        self.send_folder.mkdir(exist_ok=True)
        place = self.institution
        return (
            f'\n[institution]\nname = {json.dumps(place.name, ensure_ascii=False)}\nidentifier = "{place.structure_id}"'
            f"\n\n[sending]\nfolder = {json.dumps(str(self.send_folder))}\n"
        )

    def stop(self) -> None:
        """Close every door."""
        self.operator.stop()

    def __enter__(self) -> Theatre:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    # -- pieces
    def _check(self, token: str) -> str | None:
        return self.provider.check(token)

    @property
    def provider(self) -> psc.OpenIdProvider:
        """The PSC of this world."""
        if self._provider is None:
            raise RuntimeError("the theatre has not started")
        return self._provider

    def _psc(self, urls: dict[str, str]) -> Any:
        staff = [member.person for member in self.institution.people]
        self._provider = psc.create(
            staff, urls["psc"], redirect_uri=f"{urls['relay']}/callback", clock=time.time, client_secret=SECRET
        )
        return self._provider.app

    def _relay(self, urls: dict[str, str]) -> Any:
        # The same in every theatre: a home that is kept from one to the next must open again.
        store_secret = self.folder / "store-secret"
        store_secret.write_text(STORE_SECRET, "ascii")
        config = RelayConfig(
            urls["relay"], self.provider.issuer, "mssclient-relay", SECRET, store_secret_file=str(store_secret)
        )
        return relay.create(config, time.time, self.web_client())

    def web_client(self) -> httpx.AsyncClient:
        """HTTPS to this world's names, for the relay."""
        return httpx.AsyncClient(transport=_Local(self.web_context(), self.operator.hosts()), trust_env=False)

    def web_context(self) -> ssl.SSLContext:
        """TLS that trusts this world's web certificates only."""
        return ssl.create_default_context(cafile=str(self.operator.pki.web_anchors))

    def _listed(self) -> list[directory.Listed]:
        """The institution's own people and those it writes to, as lines of the Annuaire."""
        place = self.institution
        code, town = place.town.split(" ", 1)
        lines = [
            directory.Listed(m.address, m.kind.value, structure=place.name, structure_id=place.structure_id,
                             service=m.label, post_code=code, town=town)
            for m in place.mailboxes if m.kind.value == "ORG"
        ]  # fmt: skip
        for member in place.people:
            if member.address:
                p = member.person
                lines.append(directory.Listed(
                    member.address, "PER", p.national_id[1:] if p.national_id.startswith("8") else "", p.title, p.family,
                    p.given, PROFESSION_CODES.get(member.profession, "10"), "", place.name, place.structure_id, "", code,
                    town, profession=member.profession,
                ))  # fmt: skip
        for c in place.correspondents:
            post_code, name = c.town.split(" ", 1)
            lines.append(directory.Listed(
                c.address, "PER" if c.family else "ORG", c.national_id[1:] if c.national_id.startswith("8") else "",
                c.title, c.family, c.given, "10" if c.family else "", c.speciality, c.structure, "", "", post_code, name,
            ))  # fmt: skip
        return lines

    # -- the outside world
    def approve(self, *, yes: bool = True) -> bool:
        """The phone answers the pending e-CPS request; whether there was one."""
        if not self.provider.pending():
            return False
        self.provider.approve(yes=yes)
        return True

    def deliver(self, kind: str, address: str = "") -> None:
        """A new mail arrives: "plain", "xdm" or "usager"; for one BAL, or for whom it happens to be."""
        now = datetime.now().astimezone()
        offers = (letters.new_mail(kind, now, serial) for serial in range(200))
        to, raw = next((to, raw) for to, raw in offers if address in {"", to})
        self.operator.deliver(to, raw)

    def cut(self) -> None:
        """The line goes down."""
        self.operator.orders.line_down()

    def mend(self) -> None:
        """The line comes back."""
        self.operator.orders.line_up()

    def expire(self) -> None:
        """PSC ends every session, and the operator closes the lines (ECO.1.2.6)."""
        self.provider.expire_all()
        self.operator.orders.cut()


class _Local(httpx.AsyncBaseTransport):
    """Names of this world lead to 127.0.0.1; certificates are checked against the names."""

    def __init__(self, context: ssl.SSLContext, hosts: dict[str, str]) -> None:
        # No connection outlives its request: the loop that owns it may end at any time.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=context, trust_env=False, limits=limits)
        self._hosts = hosts

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        request.extensions["sni_hostname"] = host
        request.url = request.url.copy_with(host=self._hosts.get(host, host))
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
