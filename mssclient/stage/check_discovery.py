"""Why an autoconfiguration was not taken: the document looked at once more, for support (ECO.1.1.9)."""

from __future__ import annotations

import xml.etree.ElementTree as ET  # a document type is refused before anything is parsed

import httpx

from mssclient.domain.environment import Environment
from mssclient.domain.errors import Distrust, MssError, Untrusted
from mssclient.remote import autoconfig, web
from mssclient.stage import check_words as words
from mssclient.stage.check_walk import Fault

_MEANING = "les serveurs de cette adresse ne peuvent pas être trouvés"


def why_not(environment: Environment, domain: str) -> Fault:
    """What is wrong with the document of a domain that `autoconfig.discover` refused."""
    url = environment.autoconfig.replace("{domain}", domain)
    try:
        with web.client(environment) as client, client.stream("GET", url) as answer:
            if answer.is_redirect:
                return _fault(
                    "elle renvoie hors du domaine, vers http, en boucle, ou vers un document qui n’est pas admis"
                )
            if answer.status_code != httpx.codes.OK:
                return _fault(f"le serveur répond {answer.status_code} : ce domaine n’a pas d’autoconfiguration ici")
            content = b""
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > autoconfig.SIZE_CAP:
                    return _fault(f"le document dépasse {autoconfig.SIZE_CAP // 1024} Ko")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return words.failed(web.failure(error))
    except MssError as error:
        return words.failed(error)
    return _fault(_wrong(content, domain))


def _fault(told: str) -> Fault:
    return Fault(told, _MEANING, "Vérifiez l’adresse ; si elle est juste, prévenez l’opérateur, avec cette ligne.")


def _wrong(content: bytes, domain: str) -> str:
    if b"<!doctype" in content.lower().replace(b"\0", b""):
        return "le document contient un DOCTYPE, que la sécurité interdit"
    try:
        root = ET.fromstring(content)  # noqa: S314
    except (ET.ParseError, ValueError, LookupError):
        return "le document n’est pas du XML bien formé"
    if root.tag != "clientConfig":
        return "le document n’est pas une autoconfiguration (clientConfig)"
    named = [(d.text or "").strip().lower() for d in root.iterfind("emailProvider/domain")]
    if domain not in named:
        return "le document ne parle pas de ce domaine"
    return _servers(content, domain, root)


def _servers(content: bytes, domain: str, root: ET.Element) -> str:
    for path, kind in (("incomingServer", "imap"), ("outgoingServer", "smtp")):
        found = [each for each in root.iterfind(f"emailProvider/{path}") if each.get("type", "").lower() == kind]
        if not found:
            return f"le document n’annonce aucun serveur {kind.upper()}"
        if not any((each.findtext("socketType") or "").strip().upper() == "STARTTLS" for each in found):
            return f"le serveur {kind.upper()} est annoncé sans STARTTLS (ECO.1.0.1, 1.0.2)"
    try:
        autoconfig.profile(content, domain)
    except Untrusted as error:
        if error.reason is Distrust.DISCOVERY:
            return "un nom de serveur, un port ou une forme d’identifiant annoncés ne sont pas admis"
        return words.failed(error).words
    return "le document a changé entre deux lectures"
