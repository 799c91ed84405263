"""The part of `mssclient check` about HTTPS services: autoconfiguration, relay, clock, lists of revoked certificates."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
from cryptography import x509

from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import Distrust, Offline, Untrusted
from mssclient.domain.trust import Revocation, Trouble
from mssclient.remote import autoconfig, tls, web
from mssclient.remote.tls import MailTrust
from mssclient.stage import check_discovery
from mssclient.stage import check_lines as layers
from mssclient.stage import check_words as words
from mssclient.stage.check_mail import SOON
from mssclient.stage.check_walk import Fault, Found, Walk

CLOCK_OFF = timedelta(minutes=5)
"""Beyond it tokens and certificates are judged at a wrong time; beyond a fifth of it a warning is due."""
_BODY_CAP = 64 * 1024

_TROUBLES = {
    Trouble.MISSING: "le fichier manque",
    Trouble.EXPIRED: "la liste reçue est périmée",
    Trouble.OFFLINE: "l’adresse ne répond pas",
    Trouble.REFUSED: "l’adresse ne donne pas de liste",
    Trouble.TOO_BIG: "la liste est trop grosse",
    Trouble.DAMAGED: "ce n’est pas une liste lisible",
    Trouble.FOREIGN: "la liste vient d’une autre autorité que celles de ce poste",
    Trouble.FORGED: "la signature de la liste est fausse",
    Trouble.ROLLED_BACK: "la liste est plus ancienne que celle déjà connue",
    Trouble.FUTURE: "la liste est datée de demain : une des deux horloges est fausse",
    Trouble.DISK: "la liste n’a pas pu être gardée sur le disque",
}


@dataclass(frozen=True, slots=True)
class WebService:
    """An HTTPS service to walk up to: `kind` names its steps, `title` its lines."""

    environment: Environment
    kind: str
    title: str
    url: str
    timeout_s: float

    @property
    def host(self) -> str:
        """Its name."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Its port."""
        return urlsplit(self.url).port or 443


def walk_to(walk: Walk, service: WebService) -> bool:
    """Name and connection; whether something answers."""
    resolved = walk.take(f"{service.kind}-dns", f"{service.title}, nom", lambda: _resolved(service))
    reached = walk.take(
        f"{service.kind}-tcp", f"{service.title}, connexion", lambda: _reached(service), possible=bool(resolved)
    )
    return bool(reached)


def _resolved(service: WebService) -> Found[bool]:
    to = tls.address(service.environment, service.host)
    if to != service.host:
        return Found(value=True, words=f"{service.host} est fixé à {to} par l’environnement")
    return Found(value=True, words=f"{service.host} est à {', '.join(layers.resolved(to, service.port)[:4])}")


def _reached(service: WebService) -> Found[bool]:
    where = f"{service.host}:{service.port}"
    to = tls.address(service.environment, service.host)
    layers.connected(to, service.port, service.timeout_s, where).close()
    return Found(value=True, words=f"{where} répond")


def clock_step(walk: Walk, services: tuple[WebService, ...], clock: Callable[[], datetime], *, possible: bool) -> None:
    """This workstation's clock beside that of the first service that answers."""
    told = next((date for each in services if (date := _date_of(each)) is not None), None) if possible else None

    def compare() -> Found[bool]:
        off = clock() - told if told is not None else timedelta()
        side = "avance" if off > timedelta() else "retarde"
        seconds = abs(off).total_seconds()
        if abs(off) > CLOCK_OFF:
            raise Fault(
                f"l’horloge de ce poste {side} de {_lasting(seconds)}",
                "les certificats et les sessions sont jugés à une heure fausse : rien de fiable ne peut s’ouvrir",
                "Réglez la date, l’heure et le fuseau du poste, de préférence sur un serveur de temps.",
            )
        if abs(off) > CLOCK_OFF / 5:
            return Found(
                True,
                f"elle {side} de {_lasting(seconds)}",
                "c’est supportable, mais anormal",
                "Mettez le poste à l’heure.",
            )
        return Found(value=True, words="juste à la minute près")

    walk.take("clock", "Horloge du poste", compare, possible=told is not None)


def _lasting(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} secondes"
    return f"{seconds / 60:.0f} minutes" if seconds < 7200 else f"{seconds / 3600:.0f} heures"


def _date_of(service: WebService) -> datetime | None:
    try:
        with web.client(service.environment) as client, client.stream("GET", service.url) as answer:
            told = parsedate_to_datetime(answer.headers.get("date", ""))
    except (httpx.HTTPError, httpx.InvalidURL, Untrusted, ValueError, TypeError):
        return None
    return told if told.tzinfo else None


def discovered(environment: Environment, address: str, domain: str) -> Found[OperatorProfile]:
    """The operator's servers, found as the program finds them. Raises Fault, MssError."""
    try:
        found = autoconfig.discover(environment, address)
    except Untrusted as error:
        if error.reason in {Distrust.DISCOVERY, Distrust.PROTOCOL}:
            raise check_discovery.why_not(environment, domain) from error
        raise
    imap, smtp = found.imap, found.smtp
    return Found(found, f"IMAP {imap.host}:{imap.port}, SMTP {smtp.host}:{smtp.port}, STARTTLS")


def relay_health(service: WebService, now: datetime) -> Found[str]:
    """The relay's `/health` and its certificate; the issuer it stands in front of, empty when it does not say.

    Raises Fault, MssError.
    """
    try:
        with web.client(service.environment) as client, client.stream("GET", service.url) as answer:
            end = _end_of_certificate(answer)
            content = next(answer.iter_bytes(_BODY_CAP), b"")
            answer.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise web.failure(error) from error
    issuer = _issuer_in(content)
    until = f", certificat valable jusqu’au {end:%d/%m/%Y}" if end else ""
    if end is not None and end - now < SOON:
        return Found(
            issuer,
            f"en service{until}",
            f"son certificat expire dans {(end - now).days} jours",
            "Prévenez qui le tient.",
        )
    return Found(issuer, f"en service{until}")


def _issuer_in(content: bytes) -> str:
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Offline("protocol") from error
    if not isinstance(told, dict) or "status" not in told:
        raise Offline("protocol")
    issuer = told.get("issuer", "")
    return issuer if isinstance(issuer, str) else ""


def _end_of_certificate(answer: httpx.Response) -> datetime | None:
    stream = answer.extensions.get("network_stream")
    line = stream.get_extra_info("socket") if stream is not None else None
    der = line.getpeercert(binary_form=True) if isinstance(line, ssl.SSLSocket) else None
    return x509.load_der_x509_certificate(der).not_valid_after_utc if der else None


_PARTS = {"psc": "Pro Santé Connect", "sessions": "ses sessions (Redis)"}


def relay_ready(service: WebService) -> Found[bool]:
    """Whether the relay reaches what it needs; one without that page is not asked for more. Raises Fault, MssError."""
    url = f"{service.environment.psc_relay.rstrip('/')}/ready"
    try:
        with web.client(service.environment) as client, client.stream("GET", url) as answer:
            content, code = next(answer.iter_bytes(_BODY_CAP), b""), answer.status_code
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise web.failure(error) from error
    if code == httpx.codes.NOT_FOUND:
        return Found(value=True, words="ce relais ne le dit pas")
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Offline("protocol") from error
    bad = [name for part, name in _PARTS.items() if isinstance(told, dict) and told.get(part, "ok") != "ok"]
    if bad:
        raise Fault(
            f"le relais ne joint pas {' ni '.join(bad)}",
            "personne ne peut s’identifier par ce relais en ce moment",
            "Prévenez qui tient le relais.",
        )
    return Found(value=True, words="il joint ce dont il a besoin")


def issuer_of(environment: Environment, issuer: str) -> Found[bool]:
    """Whether the relay stands in front of the PSC that the environment names. Raises Fault."""
    wanted = environment.psc_issuer.rstrip("/")
    if not wanted:
        return Found(value=True, words="l’environnement n’en exige aucun")
    if not issuer:
        return Found(value=True, words="le relais ne le dira qu’à l’identification ; il sera comparé alors")
    if issuer.rstrip("/") != wanted:
        raise words.untrusted(Untrusted(Distrust.ENVIRONMENT, issuer[:120]))
    return Found(value=True, words=wanted)


def lists_downloaded(trust: MailTrust) -> Found[Revocation]:
    """Whether lists of revoked certificates can be had from here now. Raises MssError."""
    trust.refresh(at_once=True)
    state = trust.state()
    if state.policy == "off":
        return Found(state, "non demandées (politique « off »)")
    if not state.sources:
        return Found(
            state, "aucune adresse ni fichier dans l’environnement", "un certificat volé ne serait pas reconnu comme tel",
            "Renseignez [trust] crl_urls, ou installez une liste par [trust] crl.",
        )  # fmt: skip
    bad = [f"{each.name} : {_TROUBLES[each.trouble]}" for each in state.sources if each.trouble is not None]
    late = [each for each in state.lists if each.trouble is Trouble.EXPIRED]
    bad += [f"{each.source} : {_TROUBLES[Trouble.EXPIRED]} (« {each.authority} »)" for each in late]
    if not bad:
        return Found(state, ", ".join(each.name for each in state.sources))
    if state.cuts:
        raise words.untrusted(Untrusted(Distrust.REVOCATION, "; ".join(bad)))
    return Found(
        state, " ; ".join(bad), "la dernière liste connue sert en attendant", "Faites ouvrir l’accès à ces adresses."
    )
