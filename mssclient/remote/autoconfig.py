"""From an address to its operator's servers: Mozilla's clientConfig 1.1, fetched over HTTPS (ECO.1.1.9)."""

from __future__ import annotations

import re
import time
import xml.etree.ElementTree as ET  # a document type, the root of entity attacks, is refused below
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import httpx

from mssclient.domain.address import domain_of
from mssclient.domain.environment import Endpoint, Environment, OperatorProfile
from mssclient.domain.errors import Distrust, Offline, Refused, Unread, Unreadable, Untrusted
from mssclient.remote import web

SIZE_CAP = 64 * 1024
_REDIRECTS = 3
WHOLE_S = 30.0
"""For the document from the first byte asked to the last: a site that drips is given up."""
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_USUAL = {"imap": frozenset({143}), "smtp": frozenset({25, 587})}
_LOCAL = frozenset({"localhost", "local", "internal", "localdomain", "arpa"})
_FREE = 1024
"""Below it stand other services' ports: an answer may not send us knocking there."""


class _Tree(ET.TreeBuilder):
    """Builds the tree, and stops at a document type."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Unreadable(Unread.FORBIDDEN, "doctype")


def discover(environment: Environment, address: str) -> OperatorProfile:
    """The operator of an address, as its domain announces it; nothing is kept: caching is the caller's.

    Raises Untrusted(DISCOVERY) when the answer is missing, too big, damaged or comes from elsewhere,
    Untrusted(PROTOCOL) when a server is announced without STARTTLS, Offline when the service does not answer, and
    the certificate failures of `web.failure`.
    """
    domain = domain_of(address)
    if not _HOST.fullmatch(domain):
        raise Untrusted(Distrust.DISCOVERY, "")
    url = environment.autoconfig.replace("{domain}", domain)
    with web.client(environment) as client:
        try:
            content = _fetch(client, url, domain)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = web.failure(error)
            # A plain 404 is an operator that does not publish its servers.
            raise (Untrusted(Distrust.DISCOVERY, domain) if isinstance(told, Refused) else told) from error
    return profile(content, domain, frozenset(host.lower() for host, _ in environment.hosts))


def _fetch(client: httpx.Client, url: str, domain: str) -> bytes:
    """The document's bytes, over https and within the domain from the first request to the last redirect."""
    first, end = urlsplit(url).hostname or "", time.monotonic() + WHOLE_S
    for _ in range(_REDIRECTS + 1):
        with client.stream(
            "GET", url, headers={"accept": "application/xml, text/xml", "accept-encoding": "identity"}
        ) as answer:
            if answer.is_redirect:
                url = _redirected(url, answer.headers.get("location", ""), first, domain)
                continue
            answer.raise_for_status()
            if answer.headers.get("content-encoding", "identity").lower() != "identity":
                raise Untrusted(Distrust.DISCOVERY, domain)  # not asked for, and a way to send much in little
            return _bounded(answer.iter_raw(), domain, end)
    raise Untrusted(Distrust.DISCOVERY, domain)


def _redirected(url: str, location: str, first: str, domain: str) -> str:
    try:
        url = urljoin(url, location)
        parts = urlsplit(url)
    except ValueError as error:
        raise Untrusted(Distrust.DISCOVERY, domain) from error
    host = (parts.hostname or "").lower()
    if parts.scheme != "https":
        raise Untrusted(Distrust.PROTOCOL, host)
    if host not in {first, domain} and not host.endswith("." + domain):
        raise Untrusted(Distrust.DISCOVERY, host)
    return url


def _bounded(chunks: Iterator[bytes], domain: str, end: float) -> bytes:
    content = b""
    for chunk in chunks:
        content += chunk
        if len(content) > SIZE_CAP:
            raise Untrusted(Distrust.DISCOVERY, domain)
        if time.monotonic() > end:
            raise Offline("timeout")
    return content


def profile(content: bytes, domain: str, mapped: frozenset[str] = frozenset()) -> OperatorProfile:
    """The profile that a clientConfig document describes for a domain. Same errors as `discover`.

    Servers have full names and mail's ports; `mapped` hosts, which the administrator gave an address, may have any.
    """
    provider = _provider(content, domain)
    incoming = [server for server in provider.iterfind("incomingServer") if server.get("type", "").lower() == "imap"]
    outgoing = [server for server in provider.iterfind("outgoingServer") if server.get("type", "").lower() == "smtp"]
    imap, smtp = _starttls(incoming, domain), _starttls(outgoing, domain)
    name = (provider.findtext("displayName") or provider.get("id") or domain).strip()
    return OperatorProfile(domain, name, _endpoint(imap, domain, mapped), _endpoint(smtp, domain, mapped),
                           _login(imap, domain))  # fmt: skip


def _provider(content: bytes, domain: str) -> ET.Element:
    parser = ET.XMLParser(target=_Tree())  # noqa: S314
    try:
        parser.feed(content)
        root = parser.close()
    except (ET.ParseError, Unreadable, ValueError, LookupError) as error:
        raise Untrusted(Distrust.DISCOVERY, domain) from error
    if root.tag != "clientConfig":
        raise Untrusted(Distrust.DISCOVERY, domain)
    providers = list(root.iterfind("emailProvider"))
    named = [p for p in providers if domain in {(d.text or "").strip().lower() for d in p.iterfind("domain")}]
    # A document served for this domain that names others only is somebody else's; one that names it twice is nobody's.
    if len(named) != 1:
        raise Untrusted(Distrust.DISCOVERY, domain)
    return named[0]


def _starttls(servers: list[ET.Element], domain: str) -> ET.Element:
    """The first server that asks for STARTTLS: the norm knows nothing else (ECO.1.0.1, 1.0.2)."""
    if not servers:
        raise Untrusted(Distrust.DISCOVERY, domain)
    for server in servers:
        if (server.findtext("socketType") or "").strip().upper() == "STARTTLS":
            return server
    raise Untrusted(Distrust.PROTOCOL, domain)


def _endpoint(server: ET.Element, domain: str, mapped: frozenset[str]) -> Endpoint:
    host = (server.findtext("hostname") or "").strip().lower().replace("%emaildomain%", domain)
    port = (server.findtext("port") or "").strip()
    if not _HOST.fullmatch(host) or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise Untrusted(Distrust.DISCOVERY, domain)
    if host not in mapped and not _is_reasonable(host, int(port), server.get("type", "").lower()):
        raise Untrusted(Distrust.DISCOVERY, host)
    return Endpoint(host, int(port))


def _is_reasonable(host: str, port: int, kind: str) -> bool:
    """Whether a full name, never an address in any of its spellings nor a name of this very network, on a port of mail.

    A name may lead into a private network: institutions that are operators have theirs there; a certificate then says
    who answers.
    """
    labels = host.split(".")
    if len(labels) < 2 or _NUMBER.fullmatch(labels[-1]) or labels[-1] in _LOCAL:
        return False
    return port >= _FREE or port in _USUAL.get(kind, frozenset())


def _login(server: ET.Element, domain: str) -> str:
    match (server.findtext("username") or "%EMAILADDRESS%").strip().upper():
        case "%EMAILADDRESS%":
            return "address"
        case "%EMAILLOCALPART%":
            return "local"
        case _:
            raise Untrusted(Distrust.DISCOVERY, domain)
