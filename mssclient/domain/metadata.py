"""Reads METADATA.XML, the ebRIM 3.0 submission of an IHE_XDM archive, whatever its prefixes and envelope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from mssclient.domain import hl7
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import Usager
from mssclient.domain.xml import attribute, child, children, descendants, parse, words

MAX_DOCUMENTS = 500
_MOST_OUTSIDE = 100
_AUTHOR = "93606bcf-9494-43ec-9b4e-a7748d1a838d"
_CLASS = "41a5887f-8865-4c09-adf7-e362475b143a"
_TYPE = "f0306f51-975f-434e-a61c-c59651d33983"
_FORMAT = "a09d5840-386c-46f2-b5ad-9c3699a4309d"
_CONFIDENTIALITY = "f4f85eac-e6cb-4883-b524-f2705394840f"
_PATIENT = "58a6f841-87b3-4a3e-92fd-a8ffeff98427"
_UNIQUE = "2e82c1f6-a085-4c72-9da3-8640a32e42ab"
_SET_PATIENT = "6b5aea1a-874d-4603-a4bc-96a0a7b38446"


@dataclass(frozen=True, slots=True)
class Described:
    """One ExtrinsicObject: what the metadata says of a document, nothing verified."""

    uri: str
    hash: str
    """SHA-1 in lower-case hex (or another digest as found); empty when missing."""
    size: int | None
    media_type: str
    unique_id: str
    title: str
    type_code: str
    type_name: str
    class_code: str
    format_code: str
    confidentiality: tuple[str, ...]
    created: str
    act_date: str
    author: str
    organisation: str
    patient: hl7.Identifier | None
    """patientId: the identity that counts (ECO.2.1.2)."""
    traits: Usager
    replaces: tuple[str, ...]
    action: str
    version: int | None
    set_id: str
    identity: str = ""
    """Of the ExtrinsicObject in its submission."""
    transforms: tuple[str, ...] = ()
    """Identities of the documents that it shows in another format (association XFRM, IHE ITI TF-3 §4.2.2)."""


def read(data: bytes) -> tuple[Described, ...]:
    """The documents of one METADATA.XML. Raises Unreadable: NOT_IT when no submission is in it, and as `xml.parse`."""
    root = parse(data)
    submission = _Submission(root)
    objects = list(descendants(root, "ExtrinsicObject"))
    if len(objects) > MAX_DOCUMENTS:
        raise Unreadable(Unread.TOO_BIG, "metadata")
    if not objects and next(descendants(root, "RegistryPackage"), None) is None:
        raise Unreadable(Unread.NOT_IT, "metadata")
    return tuple(submission.described(each) for each in objects)


def _bare(uuid: str) -> str:
    return uuid.strip().lower().removeprefix("urn:uuid:")


def _slots(element: Element) -> dict[str, tuple[str, ...]]:
    """Slot values by the slot's lower-case name; a long value may be cut over several Value elements."""
    return {
        attribute(slot, "name").lower(): tuple(
            text for value in descendants(slot, "Value") if (text := (value.text or "").strip())
        )
        for slot in children(element, "Slot")
    }


def _first(slots: dict[str, tuple[str, ...]], name: str) -> str:
    return next(iter(slots.get(name.lower(), ())), "")


def _label(element: Element | None) -> str:
    """The Name of a registry object: its French wording where there are several."""
    strings = list(children(element, "LocalizedString")) if element is not None else []
    french = [
        each
        for each in strings
        if any(v.lower().startswith("fr") for k, v in each.attrib.items() if k.endswith("lang"))
    ]
    return next(
        (hl7.squeezed(value) for each in french + strings if (value := attribute(each, "value"))), words(element)
    )


def _action(slots: dict[str, tuple[str, ...]]) -> str:
    """The extra slot whose name ends in "action": C replaces, D deletes (documents.md)."""
    for name, values in slots.items():
        if name.endswith("action") and values and values[0][:1].upper() in {"C", "D"} and len(values[0]) < 20:
            return values[0][:1].upper()
    return ""


def _digits(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None


def _group(group: list[Element], element: Element, inside: set[int]) -> None:
    """Collect what refers to an object from outside; no honest document has more than a few of these."""
    if id(element) not in inside and len(group) < _MOST_OUTSIDE:
        group.append(element)


class _Submission:
    """The parts of a submission that stand beside its documents; lives for one call."""

    def __init__(self, root: Element) -> None:
        self._classifications: dict[str, list[Element]] = defaultdict(list)
        self._identifiers: dict[str, list[Element]] = defaultdict(list)
        self._replaced: dict[str, list[str]] = defaultdict(list)
        self._transformed: dict[str, list[str]] = defaultdict(list)
        self._member_slots: dict[str, dict[str, tuple[str, ...]]] = {}
        self._patient = ""
        self._action = ""
        objects = list(descendants(root, "ExtrinsicObject"))
        inside = {id(each) for element in objects for each in element}
        for each in descendants(root, "Classification"):
            _group(self._classifications[attribute(each, "classifiedObject")], each, inside)
        for each in descendants(root, "ExternalIdentifier"):
            _group(self._identifiers[attribute(each, "registryObject")], each, inside)
            if _bare(attribute(each, "identificationScheme")) == _SET_PATIENT:
                self._patient = self._patient or attribute(each, "value")
        for package in descendants(root, "RegistryPackage"):
            self._action = self._action or _action(_slots(package))
        self._unique_ids = {attribute(each, "id"): self._identifier(each, _UNIQUE) for each in objects}
        for each in descendants(root, "Association"):
            self._associate(each)

    def _associate(self, element: Element) -> None:
        kind = attribute(element, "associationType").rpartition(":")[2].upper()
        source, target = attribute(element, "sourceObject"), attribute(element, "targetObject")
        if (
            kind.split("_")[-1] in {"RPLC", "REPLACE", "REPLACES"}
            and target
            and len(self._replaced[source]) < _MOST_OUTSIDE
        ):
            self._replaced[source].append(self._unique_ids.get(target) or target)
        if kind.split("_")[0] in {"XFRM", "TRANSFORMS"} and target and len(self._transformed[source]) < _MOST_OUTSIDE:
            self._transformed[source].append(target)
        self._member_slots.setdefault(target, {}).update(_slots(element))

    def _owned(self, element: Element, name: str, grouped: dict[str, list[Element]]) -> Iterator[Element]:
        """What stands inside the object, then what refers to it from outside."""
        yield from children(element, name)
        if identity := attribute(element, "id"):
            yield from grouped.get(identity, ())

    def _identifier(self, element: Element, scheme: str) -> str:
        for each in self._owned(element, "ExternalIdentifier", self._identifiers):
            if _bare(attribute(each, "identificationScheme")) == scheme:
                return attribute(each, "value")
        return ""

    def _classified(self, element: Element, scheme: str) -> list[Element]:
        owned = self._owned(element, "Classification", self._classifications)
        return [each for each in owned if _bare(attribute(each, "classificationScheme")) == scheme]

    def _coded(self, element: Element, scheme: str) -> tuple[str, str]:
        for each in self._classified(element, scheme):
            if code := attribute(each, "nodeRepresentation"):
                return code, _label(child(each, "Name"))
        return "", ""

    def _authors(self, element: Element) -> tuple[str, str]:
        people, places = [], []
        for each in self._classified(element, _AUTHOR)[:5]:
            slots = _slots(each)
            people += [hl7.person(value) for value in slots.get("authorperson", ())[:1]]
            places += [hl7.organisation(value) for value in slots.get("authorinstitution", ())[:1]]
        return ", ".join(dict.fromkeys(p for p in people if p)), next((p for p in places if p), "")

    def described(self, element: Element) -> Described:
        """What is said of one document."""
        slots, identity = _slots(element), attribute(element, "id")
        type_code, type_name = self._coded(element, _TYPE)
        author, organisation = self._authors(element)
        patient = self._identifier(element, _PATIENT) or self._patient
        version = child(element, "VersionInfo")
        logical = attribute(element, "lid")
        created = hl7.iso(_first(slots, "creationTime"), utc=True)
        return Described(
            uri=_uri(slots.get("uri", ())), hash=_first(slots, "hash").lower(), size=_digits(_first(slots, "size")),
            media_type=attribute(element, "mimeType").lower(), unique_id=self._identifier(element, _UNIQUE),
            title=_label(child(element, "Name")), type_code=type_code, type_name=type_name,
            class_code=self._coded(element, _CLASS)[0], format_code=self._coded(element, _FORMAT)[0],
            confidentiality=self._codes(element, _CONFIDENTIALITY), created=created,
            act_date=hl7.iso(_first(slots, "serviceStartTime"), utc=True), author=author, organisation=organisation,
            patient=hl7.identifier(patient) if patient.strip("^ ") else None,
            traits=hl7.source_patient(slots.get("sourcepatientinfo", ())),
            replaces=tuple(dict.fromkeys(self._replaced.get(identity, ()))) if identity else (),
            action=_action(slots) or _action(self._member_slots.get(identity, {})) or self._action,
            version=_digits(attribute(version, "versionName")), set_id=logical if logical != identity else "",
            identity=identity, transforms=tuple(self._transformed.get(identity, ())) if identity else (),
        )  # fmt: skip

    def _codes(self, element: Element, scheme: str) -> tuple[str, ...]:
        codes = (attribute(each, "nodeRepresentation") for each in self._classified(element, scheme))
        return tuple(dict.fromkeys(code for code in codes if code))


def _uri(values: tuple[str, ...]) -> str:
    """The URI slot; ITI allows a long one to be cut into values "1|…", "2|…"."""
    if len(values) > 1 and all(value[:1].isdigit() and "|" in value for value in values):
        return "".join(value.partition("|")[2] for value in sorted(values, key=lambda v: int(v.partition("|")[0] or 0)))
    return values[0].removeprefix("1|") if values else ""
