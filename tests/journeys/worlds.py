"""The two worlds of every journey: what they have in common, and the sandbox furnished like the lab."""

from __future__ import annotations

import dataclasses
import ssl
import time
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import httpx

from mssclient.domain.bal import BalKind
from mssclient.domain.session import Person
from mssclient.relay import app as relay
from mssclient.relay.config import RelayConfig
from mssclient.sandbox import directory, psc
from mssclient.sandbox.mailstore import Box
from mssclient.sandbox.operator import Operator
from mssclient.sandbox.orders import Service
from mssclient.sandbox.pki import Fault
from tests.lab.world import ALICE, BOB, CAROL, OFFERED, PEOPLE, listed

_SECRET = "sandbox-only-client-secret"
_ELSEWHERE = "token-from-elsewhere-"


class World(Protocol):
    """An operator with PSC, relay, Annuaire and white list around it; the people are `tests.lab.world.PEOPLE`."""

    name: str
    domain: str
    unreachable: str
    """An address in a trusted domain whose mail comes back."""
    environment_file: Path
    filing_folder: Path

    @property
    def ports(self) -> tuple[int, int]: ...
    @property
    def mail_chain(self) -> Path: ...
    def hosts(self) -> dict[str, str]: ...
    def web_context(self) -> ssl.SSLContext: ...
    def address(self, name: str) -> str: ...
    def token(self, person: Person) -> str: ...
    def deliver(self, name: str, raw: bytes) -> None: ...
    def lines_open(self) -> int: ...
    def sign_ins(self) -> int: ...
    def close_door(self, name: str) -> None: ...
    def open_door(self, name: str) -> None: ...
    def refuse_tokens(self, *, refuse: bool) -> None: ...
    def present(self, fault: Fault | None) -> None: ...


class SandboxWorld:
    """The sandbox operator with the lab's people and mailboxes."""

    name = "sandbox"
    domain = "essais.mss.example"
    unreachable = "inconnu@etablissement-001.mss.example"

    def __init__(self, folder: Path) -> None:
        self.environment_file = folder / "sandbox.toml"
        self.filing_folder = folder / "dossier-dui"
        self._tokens = {_ELSEWHERE + person.national_id: person.national_id for person in PEOPLE}
        self._provider: psc.OpenIdProvider | None = None
        now = datetime.now().astimezone()
        self.operator = Operator(
            [self._box(name) for name in OFFERED], {}, self._check, folder / "certificates",
            extraction=directory.zipped(directory.extraction(60, now=now, fixed=listed(self.domain)), now),
            white_list=directory.domains(), apps={"psc": self._psc, "relay": self._relay},
        )  # fmt: skip

    def _box(self, name: str) -> Box:
        owners = {"alice.martin": {ALICE}, "bob.durand": {BOB}, "carol.petit": {CAROL}, "cabinet": {ALICE, BOB}}
        kind = BalKind.ORG if name == "cabinet" else BalKind.PER
        return Box(self.address(name), kind, frozenset(p.national_id for p in owners[name]), name)

    def start(self) -> None:
        """Returns when every server answers."""
        self.filing_folder.mkdir()
        self.operator.start()
        text = self.operator.environment_toml(filing_folder=str(self.filing_folder))
        self.environment_file.write_text(text, "utf-8")

    def stop(self) -> None:
        """End the thread."""
        self.operator.stop()

    def _check(self, token: str) -> str | None:
        assert self._provider is not None
        return self._tokens.get(token) or self._provider.check(token)

    def _psc(self, urls: dict[str, str]) -> Any:
        self._provider = psc.create(
            PEOPLE, urls["psc"], redirect_uri=f"{urls['relay']}/callback", clock=time.time, client_secret=_SECRET
        )
        return self._provider.app

    def _relay(self, urls: dict[str, str]) -> Any:
        assert self._provider is not None
        config = RelayConfig(urls["relay"], self._provider.issuer, "mssclient-relay", _SECRET)
        towards_psc = httpx.AsyncClient(transport=httpx.ASGITransport(self._provider.app))
        return relay.create(config, time.time, towards_psc)

    def hosts(self) -> dict[str, str]:
        """Names → addresses."""
        return self.operator.hosts()

    def web_context(self) -> ssl.SSLContext:
        """TLS that trusts this world's web certificates only."""
        return ssl.create_default_context(cafile=str(self.operator.pki.web_anchors))

    def address(self, name: str) -> str:
        """The address of a BAL by its local part."""
        return f"{name}@{self.domain}"

    @property
    def ports(self) -> tuple[int, int]:
        """IMAP and SMTP."""
        return self.operator.ports["imap"], self.operator.ports["smtp"]

    @property
    def mail_chain(self) -> Path:
        """PEM of the mail servers' root."""
        return self.operator.pki.mail_chain

    def token(self, person: Person) -> str:
        """A token of that person from elsewhere than the relay."""
        return _ELSEWHERE + person.national_id

    def deliver(self, name: str, raw: bytes) -> None:
        """Mail from another operator."""
        self.operator.deliver(self.address(name), raw)

    def lines_open(self) -> int:
        """How many IMAP sessions the operator has."""
        return self.operator.connections()

    def sign_ins(self) -> int:
        """How many tokens the operator's IMAP was shown so far, good or bad."""
        return self.operator.orders.times("AUTHENTICATE")

    def close_door(self, name: str) -> None:
        """Nobody is let into this BAL any more; open sessions are cut."""
        self._let_in(name, frozenset())
        self.operator.orders.cut(Service.IMAP)

    def open_door(self, name: str) -> None:
        """As before."""
        self._let_in(name, self._box(name).people)

    def _let_in(self, name: str, people: frozenset[str]) -> None:
        account = self.operator.store.account(self.address(name))
        assert account is not None
        account.box = dataclasses.replace(account.box, people=people)

    def refuse_tokens(self, *, refuse: bool) -> None:
        """No token is good any more, or all are again."""
        if refuse:
            self.operator.orders.refuse_tokens(-1)
        else:
            self.operator.orders.clear()

    def present(self, fault: Fault | None) -> None:
        """IMAP shows another certificate from now on; None: the good one again."""
        self.operator.present(Service.IMAP, fault)
