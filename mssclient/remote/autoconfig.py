"""From an address to its operator's servers: Mozilla's clientConfig 1.1, fetched over HTTPS (ECO.1.1.9)."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET  # a document type, the root of entity attacks, is refused below
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import httpx

from mssclient.domain.address import domain_of
from mssclient.domain.environment import Endpoint, Environment, OperatorProfile
from mssclient.domain.errors import Distrust, Refused, Unread, Unreadable, Untrusted
from mssclient.remote import web

SIZE_CAP = 64 * 1024
_REDIRECTS = 3
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")


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
    return profile(content, domain)


def _fetch(client: httpx.Client, url: str, domain: str) -> bytes:
    """The document's bytes, over https and within the domain from the first request to the last redirect."""
    first = urlsplit(url).hostname or ""
    for _ in range(_REDIRECTS + 1):
        with client.stream(
            "GET", url, headers={"accept": "application/xml, text/xml", "accept-encoding": "identity"}
        ) as answer:
            if answer.is_redirect:
                url = _redirected(url, answer.headers.get("location", ""), first, domain)
                continue
            answer.raise_for_status()
            return _bounded(answer.iter_bytes(), domain)
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


def _bounded(chunks: Iterator[bytes], domain: str) -> bytes:
    content = b""
    for chunk in chunks:
        content += chunk
        if len(content) > SIZE_CAP:
            raise Untrusted(Distrust.DISCOVERY, domain)
    return content


def profile(content: bytes, domain: str) -> OperatorProfile:
    """The profile that a clientConfig document describes for a domain. Same errors as `discover`."""
    provider = _provider(content, domain)
    incoming = [server for server in provider.iterfind("incomingServer") if server.get("type", "").lower() == "imap"]
    outgoing = [server for server in provider.iterfind("outgoingServer") if server.get("type", "").lower() == "smtp"]
    imap, smtp = _starttls(incoming, domain), _starttls(outgoing, domain)
    name = (provider.findtext("displayName") or provider.get("id") or domain).strip()
    return OperatorProfile(domain, name, _endpoint(imap, domain), _endpoint(smtp, domain), _login(imap, domain))


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
    # A document served for this domain that names others only is somebody else's.
    if not named:
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


def _endpoint(server: ET.Element, domain: str) -> Endpoint:
    host = (server.findtext("hostname") or "").strip().lower().replace("%emaildomain%", domain)
    port = (server.findtext("port") or "").strip()
    if not _HOST.fullmatch(host) or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise Untrusted(Distrust.DISCOVERY, domain)
    return Endpoint(host, int(port))


def _login(server: ET.Element, domain: str) -> str:
    match (server.findtext("username") or "%EMAILADDRESS%").strip().upper():
        case "%EMAILADDRESS%":
            return "address"
        case "%EMAILLOCALPART%":
            return "local"
        case _:
            raise Untrusted(Distrust.DISCOVERY, domain)
