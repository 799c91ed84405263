"""The part of `mssclient check` about one mail server: from its name to its certificate, without signing in."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography import x509

from mssclient.domain.environment import Endpoint, Environment
from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.trust import Listed, Trouble
from mssclient.remote import tls
from mssclient.remote.tls import MailTrust
from mssclient.remote.tls_failures import OTHER_USE, distrust
from mssclient.stage import check_lines as layers
from mssclient.stage import check_words as words
from mssclient.stage.check_lines import ClearLine, Handshake, Protocol
from mssclient.stage.check_walk import Fault, Found, T, Walk

SOON = timedelta(days=30)
"""How long before its end a certificate is worth a warning."""
_LAYERS = (
    ("dns", "nom"), ("tcp", "connexion"), ("greeting", "accueil"), ("starttls", "STARTTLS"), ("tls", "TLS"),
    ("chain", "autorité"), ("name", "nom du certificat"), ("dates", "dates du certificat"),
    ("revocation", "révocation"),
)  # fmt: skip
_BEFORE_REVOCATION = frozenset({Distrust.CHAIN, Distrust.NAME, Distrust.EXPIRED, Distrust.PROTOCOL})
"""Verdicts after which nobody asked whether the certificate is revoked."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """One server to walk up to. `clock` gives the time, aware; `timeout_s` bounds each wait."""

    environment: Environment
    protocol: Protocol
    endpoint: Endpoint
    trust: MailTrust
    timeout_s: float
    clock: Callable[[], datetime]

    @property
    def to(self) -> str:
        """Where connections go."""
        return tls.address(self.environment, self.endpoint.host)

    @property
    def where(self) -> str:
        """Name and port, for sentences."""
        return f"{self.endpoint.host}:{self.endpoint.port}"


def not_tried(walk: Walk, protocol: Protocol) -> None:
    """Every layer of a server that is not known."""
    for name, title in _LAYERS:
        walk.skip(f"{protocol.value}-{name}", f"{protocol.name}, {title}")


def walk_up_to(walk: Walk, server: MailServer) -> bool:
    """All layers of one server in turn; whether the program would talk to it."""
    steps = _Steps(walk, server)
    with contextlib.ExitStack() as lines:
        resolved = steps.take("dns", lambda: _resolved(server))
        sock = steps.take("tcp", lambda: _connected(server, lines), possible=resolved is not None)
        line = ClearLine(sock, server.protocol, server.where) if sock is not None else None
        greeted = steps.take("greeting", lambda: _greeted(_known(line)), possible=line is not None)
        begun = steps.take("starttls", lambda: _begun(_known(line)), possible=greeted is not None)
        seen = steps.take("tls", lambda: _shaken(server, _known(sock)), possible=begun is not None)
    return _judged(steps, seen)


class _Steps:
    """The walk, under the names of one server."""

    def __init__(self, walk: Walk, server: MailServer) -> None:
        self.server = server
        self._walk = walk

    def take(self, name: str, act: Callable[[], Found[T]], *, possible: bool = True) -> T | None:
        protocol = self.server.protocol
        title = f"{protocol.name}, {dict(_LAYERS)[name]}"
        return self._walk.take(f"{protocol.value}-{name}", title, act, possible=possible)


def _known(value: T | None) -> T:
    if value is None:
        raise Fault("étape précédente absente", "rien n’a été essayé", words.IT)
    return value


def _resolved(server: MailServer) -> Found[bool]:
    host = server.endpoint.host
    if server.to != host:
        return Found(value=True, words=f"{host} est fixé à {server.to} par l’environnement")
    found = layers.resolved(host, server.endpoint.port)
    return Found(value=True, words=f"{host} est à {', '.join(found[:4])}")


def _connected(server: MailServer, lines: contextlib.ExitStack) -> Found[socket.socket]:
    sock = layers.connected(server.to, server.endpoint.port, server.timeout_s, server.where)
    lines.callback(sock.close)
    return Found(sock, f"{server.where} répond")


def _greeted(line: ClearLine) -> Found[bool]:
    return Found(value=True, words=f"« {line.greet()} »")


def _begun(line: ClearLine) -> Found[bool]:
    line.begin_tls()
    return Found(value=True, words="accepté")


def _shaken(server: MailServer, sock: socket.socket) -> Found[Handshake]:
    seen = layers.shaken(sock, server.trust.context(), server.endpoint.host)
    if seen.refusal is None:
        return Found(seen, f"{seen.version}, {seen.suite}")
    if distrust(seen.refusal.verify_code) is Distrust.PROTOCOL:
        raise Fault(
            "clé ou signature du certificat trop faible",
            "la norme exige des clés de 2048 bits et des signatures SHA-2",
            words.OPERATOR,
        )
    # What was refused is looked at over another line, so that support knows what it was.
    with layers.up_to_tls(server.protocol, server.to, server.endpoint.port, server.timeout_s) as again:
        looked = layers.looked_at(again, server.endpoint.host)
    if looked is None:
        return Found(seen, "négocié")
    return Found(replace(looked, refusal=seen.refusal), f"{looked.version}, {looked.suite}")


def _judged(steps: _Steps, seen: Handshake | None) -> bool:
    """The certificate, one question at a time; whether all were answered well."""
    cert = seen.certificate if seen else None
    refusal = seen.refusal if seen else None
    reason = distrust(refusal.verify_code) if refusal else None
    answers = (
        steps.take("chain", lambda: _chain(_known(seen), reason), possible=seen is not None),
        steps.take("name", lambda: _name(_known(cert), reason, steps.server), possible=cert is not None),
        steps.take("dates", lambda: _dates(_known(cert), steps.server.clock()), possible=cert is not None),
        steps.take(
            "revocation",
            lambda: _revocation(_known(cert), reason, steps.server),
            possible=cert is not None and reason not in _BEFORE_REVOCATION,
        ),
    )
    return refusal is None and all(answer is not None for answer in answers)


def _chain(seen: Handshake, reason: Distrust | None) -> Found[bool]:
    cert = seen.certificate
    issuer = layers.common_name(cert.issuer) if cert else "autorité inconnue"
    if seen.refusal is not None and seen.refusal.verify_code == OTHER_USE:
        raise Fault(
            "délivré pour un autre usage que celui d’un serveur",
            "le certificat d’un poste ou d’un logiciel ne dit pas qu’on est chez le serveur annoncé",
            words.OPERATOR,
        )
    if reason is not Distrust.CHAIN:
        return Found(value=True, words=f"émis par « {issuer} », que ce poste reconnaît")
    if cert is not None and cert.issuer == cert.subject:
        told = "certificat signé par lui-même"
    else:
        told = f"émis par « {issuer} », qui n’est pas une autorité de ce poste"
    raise Fault(
        told,
        "ce serveur ne prouve pas qu’il est de l’espace MSSanté, ou le poste a les autorités d’un autre environnement ; "
        "rien ne lui sera envoyé (ECO.1.1.5)",
        "Vérifiez [trust] mail et son empreinte ; s’ils sont justes, prévenez l’opérateur.",
    )


def _name(cert: x509.Certificate, reason: Distrust | None, server: MailServer) -> Found[bool]:
    names = ", ".join(layers.host_names(cert)[:4]) or "aucun nom"
    if reason is not Distrust.NAME and layers.is_named(cert, server.endpoint.host):
        return Found(value=True, words=f"délivré pour {names}")
    raise Fault(
        f"délivré pour {names}, et non pour {server.endpoint.host}",
        "on n’est pas chez le serveur annoncé, ou son certificat est mal fait",
        words.OPERATOR,
    )


def _dates(cert: x509.Certificate, now: datetime) -> Found[bool]:
    begin, end = layers.lifetime(cert)
    if now < begin:
        raise Fault(
            f"valable à partir du {begin:%d/%m/%Y} seulement", "il est trop récent, ou l’horloge de ce poste retarde",
            "Vérifiez la date et l’heure du poste, puis prévenez l’opérateur.",
        )  # fmt: skip
    if now > end:
        raise Fault(
            f"périmé depuis le {end:%d/%m/%Y}", "l’opérateur ne l’a pas renouvelé, ou l’horloge de ce poste avance",
            "Vérifiez la date et l’heure du poste, puis prévenez l’opérateur.",
        )  # fmt: skip
    told = f"valable jusqu’au {end:%d/%m/%Y}"
    if end - now < SOON:
        return Found(
            True, told, f"il expire dans {(end - now).days} jours", "Prévenez l’opérateur qu’il le renouvelle."
        )
    return Found(value=True, words=told)


def _revocation(cert: x509.Certificate, reason: Distrust | None, server: MailServer) -> Found[bool]:
    if reason is not None:
        raise words.untrusted(Untrusted(reason, server.endpoint.host))
    state = server.trust.state()
    if state.policy == "off":
        return Found(
            True, "non consultée", "la politique de ce poste (« off ») ne demande rien : un certificat volé passerait",
            "Réglez [policy] revocation sur « known » ou « required ».",
        )  # fmt: skip
    issuer = layers.common_name(cert.issuer)
    held = [each for each in state.lists if each.authority == issuer] or [Listed(issuer, trouble=Trouble.MISSING)]
    return listed(held[0], server.clock())


def listed(held: Listed, now: datetime) -> Found[bool]:
    """What a list of revoked certificates is worth today."""
    if held.this_update is None:
        return Found(
            True, f"aucune liste de « {held.authority} »", "un certificat volé ne serait pas reconnu comme tel",
            "Vérifiez [trust] crl_urls et l’accès à ces adresses, ou installez la liste par [trust] crl.",
        )  # fmt: skip
    age = max((now - held.this_update).days, 0)
    told = (
        f"liste de « {held.authority} » du {held.this_update:%d/%m/%Y} ({age} j), {held.count} révoqués, celui-ci non"
    )
    if held.trouble is Trouble.EXPIRED and held.next_update is not None:
        return Found(
            True, told, f"elle devait être remplacée le {held.next_update:%d/%m/%Y}",
            "Ouvrez l’accès aux adresses de crl_urls, ou installez une liste récente par [trust] crl.",
        )  # fmt: skip
    return Found(value=True, words=told)
