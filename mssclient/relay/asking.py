"""What a request says, read with distrust: parameters once each, bodies small and of their type, addresses proven."""

from __future__ import annotations

import asyncio
import ipaddress
import json
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from mssclient.relay.desk import Unfit

_BODY_MOST = 16 * 1024
_BODY_S = 10.0
_FIELDS_MOST = 20
_HOPS_MOST = 16

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(named: Iterable[str]) -> tuple[Network, ...]:
    """Addresses and networks of a configuration that was checked."""
    return tuple(ipaddress.ip_network(each, strict=False) for each in named)


def address_of(request: Request, proxies: Sequence[Network]) -> str:
    """Who asks: the peer or, when the peer is a proxy of ours, the nearest address in X-Forwarded-For that is not."""
    peer = request.client.host if request.client else ""
    if not proxies or not _is_among(peer, proxies):
        return peer
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    for hop in reversed(hops[-_HOPS_MOST:]):
        if not _is_address(hop):
            return peer
        if not _is_among(hop, proxies):
            return hop
    return peer


def is_local(request: Request) -> bool:
    """Whether this very machine asks, without a proxy between."""
    peer = request.client.host if request.client else ""
    handed_on = {"forwarded", "x-forwarded-for", "x-real-ip", "via"} & set(request.headers.keys())
    return _is_address(peer) and ipaddress.ip_address(peer).is_loopback and not handed_on


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_among(text: str, proxies: Sequence[Network]) -> bool:
    return _is_address(text) and any(ipaddress.ip_address(text) in network for network in proxies)


def query(request: Request) -> dict[str, str]:
    """The query's parameters; one that comes twice is refused (RFC 6749 §3.1)."""
    return _once(request.query_params.multi_items())


async def form(request: Request) -> dict[str, str]:
    """A form's fields."""
    if _content_type(request) != "application/x-www-form-urlencoded":
        raise Unfit("invalid_request", "content type")
    text = (await _body(request)).decode("latin-1")
    try:
        return _once(parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS_MOST))
    except ValueError as error:
        raise Unfit("invalid_request", "fields") from error


def _once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unfit("invalid_request", "twice")
    return found


async def json_object(request: Request) -> dict[str, Any]:
    """A JSON object; nothing at all counts as an empty one."""
    body = await _body(request)
    if not body:
        return {}
    if _content_type(request) != "application/json":
        raise Unfit("invalid_request", "content type")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unfit("invalid_request") from error
    if not isinstance(found, dict):
        raise Unfit("invalid_request")
    return found


def word(asked: dict[str, Any], name: str) -> str:
    """A string of a JSON object, or an empty one. Ours are ASCII: JSON can also write what no encoding carries."""
    value = asked.get(name, "")
    if not isinstance(value, str) or not value.isascii():
        raise Unfit("invalid_request", name)
    return value


def bearer(request: Request) -> str:
    """The session, or verifier, that a request shows (RFC 6750 §2.1: never in an address)."""
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    return shown.strip() if scheme.lower() == "bearer" else ""


def port(text: str) -> int:
    """A port number as a workstation writes it."""
    if not (text.isascii() and text.isdigit() and len(text) <= 5) or int(text) == 0:
        raise Unfit("invalid_request", "port")
    return int(text)


def _content_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _body(request: Request) -> bytes:
    """The body, small and in time: one who sends a byte a minute must not hold a place."""
    body = b""
    try:
        async with asyncio.timeout(_BODY_S):
            async for piece in request.stream():
                body += piece
                if len(body) > _BODY_MOST:
                    raise Unfit("too_large")
    except TimeoutError as error:
        raise Unfit("too_slow") from error
    return body
