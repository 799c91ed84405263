"""Asks the Annuaire's FHIR API about one address, now: is it listed today?

R4, read only, one key an institution (header ESANTE-API-KEY), 17 calls a second at most. Good for one address, poor for a
copy. Blocking, no threads; what is answered is foreign and bounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

import httpx

from mssclient.domain.environment import Environment
from mssclient.domain.errors import Unread, Unreadable
from mssclient.remote import web

KEY_HEADER = "ESANTE-API-KEY"
RESOURCES = ("Practitioner", "PractitionerRole", "Organization")
"""Whoever may have a mailbox; each knows the search parameter `mailbox-mss`."""
_SIZE_LIMIT = 2 * 1024 * 1024
_TYPE = "fr-core-contact-point-email-type"
_METADATA = "as-ext-mailbox-mss-metadata"


class Listing(Enum):
    """What the Annuaire says of an address at this moment."""

    LISTED = "listed"
    UNLISTED = "unlisted"
    """Left, never there, or an applicative box: those are not published."""


def look_up(environment: Environment, key: str, address: str) -> Listing:
    """One address, asked of each resource until one has it. Raises Offline, Refused, Untrusted, Unreadable."""
    wanted = address.strip().lower()
    with web.client(environment) as client:
        for resource in RESOURCES:
            bundle = _asked(client, f"{environment.directory_api.rstrip('/')}/{resource}", key, wanted)
            if any(_is_mailbox(point, wanted) for point in _contact_points(bundle)):
                return Listing.LISTED
    return Listing.UNLISTED


def _asked(client: httpx.Client, url: str, key: str, address: str) -> Mapping[str, Any]:
    headers = {KEY_HEADER: key, "Accept": "application/fhir+json"}
    content = bytearray()
    try:
        # the key goes to the configured host only: redirects are not followed
        with client.stream("GET", url, params={"mailbox-mss:exact": address, "_count": "5"}, headers=headers) as answer:
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                content += piece
                if len(content) > _SIZE_LIMIT:
                    raise Unreadable(Unread.TOO_BIG, "bundle")
        found = json.loads(content)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise web.failure(error) from error
    except (ValueError, RecursionError) as error:
        raise Unreadable(Unread.DAMAGED, "bundle") from error
    if not isinstance(found, dict) or found.get("resourceType") != "Bundle":
        raise Unreadable(Unread.NOT_IT, "bundle")
    return found


def _contact_points(bundle: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for entry in _dicts(bundle.get("entry")):
        resource = entry.get("resource")
        if isinstance(resource, dict) and resource.get("active") is not False:
            yield from _dicts(resource.get("telecom"))


def _is_mailbox(point: Mapping[str, Any], address: str) -> bool:
    """A `telecom` of this address that says in one of the two ways that it is an MSSanté box."""
    if point.get("system") != "email" or str(point.get("value", "")).strip().lower() != address:
        return False
    return any(_says_mssante(extension) for extension in _dicts(point.get("extension")))


def _says_mssante(extension: Mapping[str, Any]) -> bool:
    name = str(extension.get("url", "")).rpartition("/")[2]
    if name == _METADATA:
        return True
    coding = extension.get("valueCoding")
    coded = _dicts((extension.get("valueCodeableConcept") or {}).get("coding")) if not coding else _dicts([coding])
    codes = {str(one.get("code")) for one in coded} | {str(extension.get("valueCode"))}
    return name == _TYPE and "MSSANTE" in codes


def _dicts(found: object) -> Iterator[dict[str, Any]]:
    for one in found[:50] if isinstance(found, list) else ():
        if isinstance(one, dict):
            yield one
