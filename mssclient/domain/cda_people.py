"""Who wrote and who answers for a CDA, piece by piece: what METADATA.XML wants apart and `cda.read` says in one word."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

from mssclient.domain.xml import attribute, child, children, parse, words

PERSONS = "1.2.250.1.71.4.2.1"
STRUCTURES = "1.2.250.1.71.4.2.2"


@dataclass(frozen=True, slots=True)
class Party:
    """A professional and the structure they act for; empty strings where a document is silent."""

    number: str = ""
    """National id, with its type digit."""
    family: str = ""
    given: str = ""
    organisation: str = ""
    organisation_id: str = ""
    role: str = ""
    role_label: str = ""
    role_system: str = ""


def parties(data: bytes) -> tuple[Party, Party]:
    """The first author and the legal authenticator of a CDA. Raises Unreadable as `xml.parse`."""
    root = parse(data)
    author = child(root, "author", "assignedAuthor")
    return _party(author), _party(child(root, "legalAuthenticator", "assignedEntity"))


def _party(element: Element | None) -> Party:
    if element is None:
        return Party()
    name = child(element, "assignedPerson", "name")
    code, place = child(element, "code"), child(element, "representedOrganization")
    return Party(
        number=_number(element, PERSONS), family=words(child(name, "family")), given=words(child(name, "given")),
        organisation=words(child(place, "name")), organisation_id=_number(place, STRUCTURES) if place is not None else "",
        role=attribute(code, "code"), role_label=attribute(code, "displayName"), role_system=attribute(code, "codeSystem"),
    )  # fmt: skip


def _number(element: Element, root: str) -> str:
    return next(
        (attribute(each, "extension") for each in children(element, "id") if attribute(each, "root") == root), ""
    )
