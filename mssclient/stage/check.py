"""`mssclient check ADDRESS`: from the settings of this workstation to the mailbox, one step a line, for support."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509

from mssclient import app
from mssclient.domain.address import domain_of
from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.machine import EnvironmentTrouble, Machine
from mssclient.engine.house import utc_now
from mssclient.remote import anchors
from mssclient.remote.tls import MailTrust
from mssclient.remote.web import web_context
from mssclient.stage import check_mail, check_web, doctor, refusals
from mssclient.stage import check_words as words
from mssclient.stage.check_lines import Protocol, common_name
from mssclient.stage.check_mail import MailServer
from mssclient.stage.check_sign_in import Mailbox, Ready, SignIn, Way, walk_through
from mssclient.stage.check_walk import Fault, Found, Step, Walk
from mssclient.stage.check_web import WebService
from mssclient.store import binding

TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """What is checked, as the command line says it."""

    address: str
    environment: str | None = None
    home: str | None = None
    way: Way = Way.NONE
    national_id: str = ""


@dataclass(frozen=True, slots=True)
class Means:
    """What surrounds the check. `machine` None: this workstation's own settings; `timeout_s` bounds each wait."""

    tell: Callable[[str], None]
    opener: Callable[[str], object] = webbrowser.open
    clock: Callable[[], datetime] = utc_now
    timeout_s: float = TIMEOUT_S
    machine: Machine | None = None
    cancelled: Callable[[], bool] = lambda: False


def run(asked: Asked, say: Callable[[Step], None], means: Means) -> Walk:
    """Every step in turn, each to `say` as soon as it is known.

    Nothing is changed on any server, and nothing is written here, but for an installed list of revoked certificates
    that a home in use has not taken yet.
    """
    walk = Walk(say, words.failed)
    machine = walk.take("machine", "Réglages du poste", lambda: _machine(means))
    environment = walk.take(
        "environment", "Environnement", lambda: _environment(asked, machine), possible=machine is not None
    )
    if environment is None:
        _not_tried(walk, asked.way)
    else:
        _Round(walk, asked, means, environment, machine).go()
    return walk


def as_json(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """For a support tool."""
    return [
        {
            "name": s.name,
            "title": s.title,
            "state": s.state.value,
            "text": s.words,
            "meaning": s.meaning,
            "todo": s.todo,
        }
        for s in steps
    ]


_AFTER_ENVIRONMENT = (
    ("home", "Dossier du programme"), ("mail-anchors", "Autorités de la messagerie"),
    ("web-anchors", "Autorités des services web"), ("clock", "Horloge du poste"),
    ("autoconfig", "Autoconfiguration"), ("revocation", "Listes de révocation"), ("imap", "IMAP"), ("smtp", "SMTP"),
    ("relay", "Relais"),
)  # fmt: skip


def _not_tried(walk: Walk, way: Way) -> None:
    for name, title in (*_AFTER_ENVIRONMENT, *((("sign-in", "Identification"),) if way is not Way.NONE else ())):
        walk.skip(name, title)


def _machine(means: Means) -> Found[Machine]:
    try:
        found = means.machine if means.machine is not None else app.machine_settings()
    except EnvironmentTrouble as trouble:
        raise _settings_fault(trouble) from trouble
    return Found(found, refusals.machine(found))


def _environment(asked: Asked, machine: Machine | None) -> Found[Environment]:
    try:
        found = app.load_environment(asked.environment, machine)
    except EnvironmentTrouble as trouble:
        raise _settings_fault(trouble) from trouble
    return Found(found, f"« {found.name} », {'entraînement' if found.training else 'production'}")


def _settings_fault(trouble: EnvironmentTrouble) -> Fault:
    return Fault(refusals.settings(trouble), "le programme ne démarrera pas", words.IT)


class _Round:
    """The steps that stand on an environment."""

    def __init__(
        self, walk: Walk, asked: Asked, means: Means, environment: Environment, machine: Machine | None
    ) -> None:
        self._walk, self._asked, self._means = walk, asked, means
        self._environment, self._machine = environment, machine
        self._home: Path | None = None

    def go(self) -> None:
        """All of them, in the order in which one stands on the other."""
        take = self._walk.take
        take("home", "Dossier du programme", self._bound)
        trust = take("mail-anchors", "Autorités de la messagerie", self._mail_anchors)
        web = take("web-anchors", "Autorités des services web", self._web_anchors)
        found_at = self._service("autoconfig", "Autoconfiguration", self._autoconfig_url())
        relay = self._service("relay", "Relais", f"{self._environment.psc_relay.rstrip('/')}/health")
        check_web.clock_step(self._walk, (found_at, relay), self._means.clock, possible=web is not None)
        profile = self._discover(found_at, possible=web is not None)
        used = take("revocation", "Listes de révocation", lambda: self._lists(trust), possible=trust is not None)
        mail = {protocol: self._mail(protocol, profile, used or trust) for protocol in Protocol}
        is_relay = self._relay(relay, possible=web is not None)
        take("keyring", "Trousseau", self._keyring)
        take("reader", "Lecteur de carte", _reader)
        if self._asked.way is not Way.NONE:
            ready = Ready(is_relay, mail[Protocol.IMAP], mail[Protocol.SMTP])
            self._sign_in(profile, used or trust, ready)

    # -- this workstation
    def _bound(self) -> Found[bool]:
        try:
            self._home = app.home_of(self._asked.home, self._environment, self._machine)
        except EnvironmentTrouble as trouble:
            raise _settings_fault(trouble) from trouble
        try:
            binding.check(self._home, self._environment)
        except Untrusted as error:
            told = refusals.other_environment(self._home, self._environment, error)
            raise Fault(told, "le programme ne démarrera pas avec ce dossier", words.IT) from error
        except OSError as error:
            told = refusals.no_home(self._home, error)
            raise Fault(told, "le programme ne démarrera pas", words.IT) from error
        return Found(value=True, words=str(self._home) if self._home.exists() else f"{self._home}, pas encore créé")

    def _mail_anchors(self) -> Found[MailTrust]:
        try:
            found = anchors.read(self._environment)
        except Untrusted as error:
            raise _anchors_fault(self._environment) from error
        kept = self._home / doctor.REVOCATION_FOLDER if self._home is not None else None
        trust = MailTrust(self._environment, kept if kept is not None and kept.is_dir() else None, self._means.clock)
        trust.context()
        names = ", ".join(f"« {common_name(cert.subject)} »" for cert in found.lowest)
        if self._environment.pins:
            return Found(trust, f"{names}, empreinte vérifiée")
        return Found(
            trust, names, "aucune empreinte n’est fixée : n’importe quelle autorité de ce fichier serait crue",
            "Renseignez [trust] pins dans l’environnement.",
        )  # fmt: skip

    def _web_anchors(self) -> Found[bool]:
        count = web_context(self._environment).cert_store_stats()["x509_ca"]
        if not count:
            raise Untrusted(Distrust.ANCHOR, Path(self._environment.web_anchors).name)
        return Found(value=True, words=f"{count} dans {Path(self._environment.web_anchors).name}")

    def _keyring(self) -> Found[bool]:
        line = doctor.keyring_line(self._environment.policy)
        if not line.good:
            raise Fault(_without_title(line), "brouillons et boîte d’envoi ne survivront pas à la fermeture", words.IT)
        return Found(value=True, words=_without_title(line))

    # -- services
    def _service(self, kind: str, title: str, url: str) -> WebService:
        return WebService(self._environment, kind, title, url, self._means.timeout_s)

    def _autoconfig_url(self) -> str:
        return self._environment.autoconfig.replace("{domain}", domain_of(self._asked.address))

    def _discover(self, service: WebService, *, possible: bool) -> OperatorProfile | None:
        address, domain = self._asked.address, domain_of(self._asked.address)
        return self._walk.take(
            service.kind,
            service.title,
            lambda: check_web.discovered(self._environment, address, domain),
            possible=check_web.walk_to(self._walk, service) and possible,
        )

    def _lists(self, kept: MailTrust | None) -> Found[MailTrust]:
        """What is kept at home serves, as it serves the program; else what can be had now, which is not kept."""
        fresh = MailTrust(self._environment, None, self._means.clock)
        found = check_web.lists_downloaded(fresh)
        is_kept = kept is not None and any(each.this_update for each in kept.state().lists)
        return Found(kept if kept is not None and is_kept else fresh, found.words, found.meaning, found.todo)

    def _mail(self, protocol: Protocol, profile: OperatorProfile | None, trust: MailTrust | None) -> bool:
        if profile is None or trust is None:
            check_mail.not_tried(self._walk, protocol)
            return False
        endpoint = profile.imap if protocol is Protocol.IMAP else profile.smtp
        server = MailServer(self._environment, protocol, endpoint, trust, self._means.timeout_s, self._means.clock)
        return check_mail.walk_up_to(self._walk, server)

    def _relay(self, service: WebService, *, possible: bool) -> bool:
        issuer = self._walk.take(
            "relay",
            "Relais",
            lambda: check_web.relay_health(service, self._means.clock()),
            possible=check_web.walk_to(self._walk, service) and possible,
        )
        fits = self._walk.take(
            "relay-issuer",
            "Relais, Pro Santé Connect",
            lambda: check_web.issuer_of(self._environment, issuer or ""),
            possible=issuer is not None,
        )
        ready = self._walk.take(
            "relay-ready", "Relais, état", lambda: check_web.relay_ready(service), possible=issuer is not None
        )
        return fits is not None and ready is not None

    def _sign_in(self, profile: OperatorProfile | None, trust: MailTrust | None, ready: Ready) -> None:
        means, asked = self._means, self._asked
        mailbox = Mailbox(self._environment, profile, asked.address, trust) if profile and trust else None
        sign_in = SignIn(asked.way, asked.national_id, means.opener, means.tell, means.cancelled)
        walk_through(self._walk, sign_in, self._environment, mailbox, ready)


def _anchors_fault(environment: Environment) -> Fault:
    """What is wrong with the file of mail authorities."""
    path = Path(environment.mail_anchors)
    install = "L’administrateur installe ce fichier à côté du fichier d’environnement."
    meaning = "aucun serveur de messagerie ne peut être cru"
    try:
        with path.open("rb") as file:
            content = file.read(anchors.SIZE_CAP)
    except OSError:
        return Fault(f"le fichier {path} manque, ou ne peut pas être lu", meaning, install)
    try:
        found = x509.load_pem_x509_certificates(content)
    except ValueError:
        return Fault(f"le fichier {path.name} n’est pas un fichier de certificats PEM entier", meaning, install)
    strangers = [cert for cert in found if environment.pins and anchors.fingerprint(cert) not in environment.pins]
    if strangers:
        told = ", ".join(f"« {common_name(c.subject)} » ({anchors.fingerprint(c)[:16]}…)" for c in strangers[:3])
        return Fault(
            f"empreinte inattendue dans {path.name} : {told}", meaning,
            "Vérifiez que ce fichier est celui de cet environnement ; sinon, comparez [trust] pins à ce que publie l’ANS.",
        )  # fmt: skip
    return Fault(
        f"le fichier {path.name} contient une autorité d’un autre environnement, une racine seule, ou ce qui n’est pas "
        "une autorité", meaning, install,
    )  # fmt: skip


def _reader() -> Found[bool]:
    return Found(value=True, words=_without_title(doctor.reader_line()))


def _without_title(line: doctor.Line) -> str:
    """What doctor found, whose lines begin with what they are about."""
    return line.words.partition("\u00a0: ")[2] or line.words
