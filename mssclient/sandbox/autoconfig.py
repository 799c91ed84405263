"""The sandbox's web server: autoconfiguration of each domain, the white list and the directory's extraction."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mssclient.sandbox.orders import Orders

CONFIG_PATH = "/mail/config-v1.1.xml"
WHITE_LIST_PATH = "/listeblanchemssante.xml"
DIRECTORY_PATH = "/annuaire"
MADE_UP = tuple(f"etablissement-{n:03}.mss.example" for n in range(1, 301))
"""Domains that fill the white list: they exist nowhere, and are accepted and answered for."""

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class Site:
    """What the web server serves. `mail_host` gives the host of a service ("imap", "smtp") of a domain."""

    domains: frozenset[str]
    ports: dict[str, int]
    white_list: bytes
    extraction: bytes
    extracted: dt.datetime
    orders: Orders


def client_config(domain: str, imap_port: int, smtp_port: int) -> bytes:
    """Mozilla's clientConfig 1.1 of a domain (ECO.1.1.9)."""
    name = escape(domain)

    def server(kind: str, tag: str, port: int) -> str:
        return (
            f'    <{tag} type="{kind}">\n      <hostname>{kind}.{name}</hostname>\n      <port>{port}</port>\n'
            "      <socketType>STARTTLS</socketType>\n      <authentication>OAuth2</authentication>\n"
            f"      <username>%EMAILADDRESS%</username>\n    </{tag}>\n"
        )

    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1">\n'
        f'  <emailProvider id="{name}">\n    <domain>{name}</domain>\n'
        "    <displayName>Opérateur bac à sable</displayName>\n    <displayShortName>Bac à sable</displayShortName>\n"
        + server("imap", "incomingServer", imap_port)
        + server("smtp", "outgoingServer", smtp_port)
        + "  </emailProvider>\n</clientConfig>\n"
    ).encode()


def white_list_xml(domains: Iterable[str], when: dt.datetime) -> bytes:
    """`listeblanchemssante.xml`: one entry a domain, the first of them twice, as in the real list."""
    names = sorted(set(domains))
    spelt = [*names[:1], *names]
    stamp = when.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    entries = "".join(
        f"    <Domaine>\n      <Nom>{escape(name)}</Nom>\n"
        f"      <Description>Domaine fictif {number}</Description>\n"
        "      <DNCertificatOperateur>CN=smtp.sandbox.mss.example,OU=318751275100020,O=OPERATEUR BAC A SABLE,"
        "ST=Ille-et-Vilaine (35),C=FR</DNCertificatOperateur>\n"
        "      <ResponsableContact>responsable@sandbox.mss.example</ResponsableContact>\n"
        "      <SupportContact>support@sandbox.mss.example</SupportContact>\n"
        f"      <DateMAJ>{stamp}</DateMAJ>\n    </Domaine>\n"
        for number, name in enumerate(spelt, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ListeBlancheMSSante xmlns="https://listeblanche.mssante.fr/schema">\n'
        f"  <DateDeGeneration>{stamp}</DateDeGeneration>\n  <ListeDomaines>\n{entries}"
        "  </ListeDomaines>\n</ListeBlancheMSSante>\n"
    ).encode()


def website(site: Site) -> Starlette:
    """The ASGI application; HEAD and Range are answered everywhere the real servers do."""

    def config(request: Request) -> Response:
        host = (request.url.hostname or "").lower()
        domain = host.removeprefix("autoconfig.")
        if host == domain or domain not in site.domains:
            return Response(status_code=404)
        body = client_config(domain, site.ports["imap"], site.ports["smtp"])
        return _served(request, body, "application/xml")

    def white_list(request: Request) -> Response:
        return _served(request, site.white_list, "application/xml")

    def directory(request: Request) -> Response:
        if not site.extraction:
            return Response(status_code=404)
        name = f"Extraction_Correspondance_MSSante_{site.extracted:%Y%m%d%H%M}.zip"
        response = _served(request, site.extraction, "application/zip")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["Last-Modified"] = site.extracted.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return response

    def _served(request: Request, body: bytes, kind: str) -> Response:
        path = request.url.path
        if site.orders.taken_truncation(path):
            body = body[: len(body) // 2]
        return ranged(body, request.headers.get("range", ""), kind)

    def route(path: str, endpoint: Callable[[Request], Response]) -> Route:
        async def obeying(request: Request) -> Response:
            status = site.orders.taken_status(path)
            return Response(status_code=status) if status is not None else endpoint(request)

        return Route(path, obeying, methods=["GET", "HEAD"])

    return Starlette(
        routes=[route(CONFIG_PATH, config), route(WHITE_LIST_PATH, white_list), route(DIRECTORY_PATH, directory)]
    )


def ranged(body: bytes, asked: str, kind: str) -> Response:
    """A body, or the one range of it that was asked for (RFC 9110 §14)."""
    headers = {"Accept-Ranges": "bytes"}
    found = _RANGE.fullmatch(asked)
    if found is None or not (found[1] or found[2]):
        return Response(body, media_type=kind, headers=headers)
    size = len(body)
    begin = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(int(found[2]), size - 1) if found[1] and found[2] else size - 1
    if begin > end:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {begin}-{end}/{size}"
    return Response(body[begin : end + 1], status_code=206, media_type=kind, headers=headers)
