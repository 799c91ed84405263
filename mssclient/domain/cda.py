"""Reads a CDA R2: header by the French profile, embedded renditions of level 1, text of level 3 (documents.md)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from mssclient.domain import hl7, sniff
from mssclient.domain.cda_text import embedded_text, rendered
from mssclient.domain.documents import Content, HealthDocument
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import INS_OIDS, OID_NIA, OID_NIR, Usager, key_is_valid
from mssclient.domain.type_codes import label_of
from mssclient.domain.xml import attribute, child, children, descendants, local, parse, words

MAX_EMBEDDED = 50
_HEAD = 1 << 16
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")
_DATA_URI = re.compile(r"\s*data:[^,]{0,100};base64,")
_URL_SAFE = str.maketrans("-_", "+/")
_TYPE_SYSTEMS = frozenset({"2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12"})
_COMPRESSED = {"DF": -zlib.MAX_WBITS, "ZL": zlib.MAX_WBITS, "GZ": zlib.MAX_WBITS | 16}
"""The CompressionAlgorithm codes of HL7 V3 (ED data type) that zlib reads."""
_MAX_INFLATED = 64 * 1024 * 1024


def is_cda(data: bytes) -> bool:
    """Whether the bytes look like a CDA, judged by their beginning and without parsing."""
    if not sniff.is_xml(data):
        return False
    head = data[:_HEAD]
    return b"ClinicalDocument" in (head.replace(b"\0", b"") if b"\0" in head[:8] else head)


def read(data: bytes) -> HealthDocument:
    """The document that a CDA is. `contents` begins with the XML itself, followed by what its body embeds.

    Raises Unreadable: NOT_IT when there is no ClinicalDocument, and whatever `xml.parse` raises.
    """
    root = document(data)
    code, said = _code(root)
    created = hl7.iso(attribute(child(root, "effectiveTime"), "value"))
    usager = _usager(root)
    return HealthDocument(
        uri="", unique_id=_id(child(root, "id")), type_code=code,
        type_label=label_of(code, said),
        title=words(child(root, "title")), created=created, act_date=_act_date(root) or created,
        version=_number(attribute(child(root, "versionNumber"), "value")), set_id=_id(child(root, "setId")) or None,
        replaces=_replaced(root), action="", author=_author(root), organisation=_organisation(root),
        confidentiality=_codes(children(root, "confidentialityCode")), hash_ok=None, size_ok=None, usager=usager,
        key_valid=key_is_valid(usager.matricule) if usager is not None and usager.matricule else None,
        contents=(Content("text/xml", len(data)), *_listed(root)),
        sha1=hashlib.sha1(data, usedforsecurity=False).hexdigest(), cda_code=code,
    )  # fmt: skip


def embedded(data: bytes, index: int) -> bytes:
    """The bytes of one embedded rendition (`Content.embedded`). Raises Unreadable when there is none."""
    for number, (_, content) in enumerate(_embedded(document(data))):
        if number == index:
            return content
    raise Unreadable(Unread.NOT_IT, "embedded content")


def text(data: bytes) -> str:
    """A readable plain text of the document: title, sections, lists, tables; embedded text for level 1."""
    root = document(data)
    pieces = [words(child(root, "title")), rendered(root)]
    for media_type, content in _embedded(root):
        pieces.append(embedded_text(media_type, content))
    return "\n\n".join(piece for piece in pieces if piece.strip())


def document(data: bytes) -> Element:
    """The ClinicalDocument element. Raises Unreadable as `read`."""
    root = parse(data)
    if local(root.tag) == "ClinicalDocument":
        return root
    found = next(descendants(root, "ClinicalDocument"), None)
    if found is None:
        raise Unreadable(Unread.NOT_IT, "no ClinicalDocument")
    return found


def _id(element: Element | None) -> str:
    """An instance identifier the way uniqueId writes it: root, or root^extension."""
    root, extension = attribute(element, "root"), attribute(element, "extension")
    return f"{root}^{extension}" if root and extension else root or extension


def _code(root: Element) -> tuple[str, str]:
    """The document's type and its producer's words; a local code stands with a LOINC translation beside it at times."""
    own = child(root, "code")
    translations = list(children(own, "translation")) if own is not None else []
    stated = [each for each in (own, *translations) if attribute(each, "code")]
    known = next((each for each in stated if attribute(each, "codeSystem") in _TYPE_SYSTEMS), None)
    best = known if known is not None else next(iter(stated), own)
    return attribute(best, "code"), attribute(best, "displayName") or attribute(own, "displayName")


def _number(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _codes(elements: Iterator[Element]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for element in elements if (code := attribute(element, "code"))))


def _act_date(root: Element) -> str:
    for link in children(root, "documentationOf"):
        time = child(link, "serviceEvent", "effectiveTime")
        for element in (child(time, "low"), time, child(time, "high")):
            if found := hl7.iso(attribute(element, "value")):
                return found
    return ""


def _replaced(root: Element) -> tuple[str, ...]:
    return tuple(
        found
        for link in children(root, "relatedDocument")
        if attribute(link, "typeCode").upper() == "RPLC"
        for parent in children(link, "parentDocument")
        for each in children(parent, "id")
        if (found := _id(each))
    )


def _spoken(name: Element | None) -> str:
    if name is None:
        return ""
    parts = [words(each) for kind in ("prefix", "given", "family") for each in children(name, kind)]
    return hl7.squeezed(" ".join(parts)) or words(name)


def _author(root: Element) -> str:
    names = []
    for author in children(root, "author"):
        assigned = child(author, "assignedAuthor")
        device = child(assigned, "assignedAuthoringDevice")
        names.append(
            _spoken(child(assigned, "assignedPerson", "name"))
            or words(child(device, "softwareName"))
            or words(child(device, "manufacturerModelName"))
        )
    return ", ".join(dict.fromkeys(name for name in names[:5] if name))


def _organisation(root: Element) -> str:
    for author in children(root, "author"):
        if name := words(child(author, "assignedAuthor", "representedOrganization", "name")):
            return name
    return words(child(root, "custodian", "assignedCustodian", "representedCustodianOrganization", "name"))


def _usager(root: Element) -> Usager | None:
    role = child(root, "recordTarget", "patientRole")
    if role is None:
        return None
    numbers = [
        each for each in children(role, "id") if attribute(each, "root") in INS_OIDS and attribute(each, "extension")
    ]
    # A number of the real nomenclatures before one of a test, whatever their order.
    ins = next((each for each in numbers if attribute(each, "root") in (OID_NIR, OID_NIA)), next(iter(numbers), None))
    number = "".join(attribute(ins, "extension").split()).upper()
    patient = child(role, "patient")
    birth, used, given = _patient_names(child(patient, "name") if patient is not None else None)
    place = child(patient, "birthplace", "place", "addr")
    return Usager(
        matricule=number or None, oid=attribute(ins, "root") if number else None, birth_name=birth, given=given,
        birth_date=hl7.iso(attribute(child(patient, "birthTime"), "value"))[:10],
        sex=hl7.sex(attribute(child(patient, "administrativeGenderCode"), "code")), used_name=used,
        birth_place=words(child(place, "county")),
    )  # fmt: skip


def _patient_names(name: Element | None) -> tuple[str, str, tuple[str, ...]]:
    """Birth name, used name, given names with the first one first; qualifiers may be missing altogether."""
    if name is None:
        return "", "", ()
    families = [(_qualifiers(each), words(each)) for each in children(name, "family")]
    givens = [(_qualifiers(each), words(each)) for each in children(name, "given")]
    if not families and not givens:
        return words(name), "", ()
    birth = _first(families, "BR") or _first(families, "") or next((value for _, value in families), "")
    return birth, _first(families, "CL") or _first(families, "SP"), _given(givens)


def _qualifiers(element: Element) -> frozenset[str]:
    return frozenset(attribute(element, "qualifier").upper().split()) or frozenset({""})


def _first(names: list[tuple[frozenset[str], str]], qualifier: str) -> str:
    return next((value for qualifiers, value in names if qualifier in qualifiers and value), "")


def _given(names: list[tuple[frozenset[str], str]]) -> tuple[str, ...]:
    first = _first(names, "BR")
    every = " ".join(value for qualifiers, value in names if "" in qualifiers)
    if not first:
        return tuple(every.split()) or tuple(value for _, value in names if value)[:1]
    rest = every[len(first) :] if (every + " ").upper().startswith(first.upper() + " ") else every
    return (first, *(each for each in rest.split() if each.upper() != first.upper()))


def _decoded(element: Element) -> bytes:
    raw = "".join(element.itertext())
    declared = attribute(element, "mediaType").lower() or "text/plain"
    encoded = attribute(element, "representation").upper() == "B64" or not declared.startswith("text/")
    # The representation is forgotten at times: these are the first characters of a PDF, a PNG and a JPEG.
    if not encoded and not raw.lstrip().startswith(("JVBERi", "iVBORw0", "/9j/")):
        return raw.strip().encode()
    start = found.end() if (found := _DATA_URI.match(raw)) else 0
    clean = _NOT_BASE64.sub("", raw[start:].translate(_URL_SAFE))
    try:
        content = base64.b64decode(clean[: len(clean) - (len(clean) % 4 == 1)] + "=" * (-len(clean) % 4 % 3))
    except binascii.Error:
        return b""
    return _inflated(content, attribute(element, "compression").upper())


def _inflated(content: bytes, compression: str) -> bytes:
    """An embedded content out of its compression, as far as we know it. Raises Unreadable(TOO_BIG) for a bomb."""
    window = _COMPRESSED.get(compression)
    if window is None or not content:
        return content
    for bits in (window, zlib.MAX_WBITS | 32):
        inflater = zlib.decompressobj(bits)
        try:
            plain = inflater.decompress(content, _MAX_INFLATED + 1)
        except zlib.error:
            # A raw stream and one with a header go by each other's name.
            continue
        if len(plain) > _MAX_INFLATED:
            raise Unreadable(Unread.TOO_BIG, "embedded content")
        return plain
    return content


def _holders(root: Element) -> Iterator[Element]:
    yield from (text for body in descendants(root, "nonXMLBody") for text in children(body, "text"))
    yield from (value for media in descendants(root, "observationMedia") for value in children(media, "value"))


def _embedded(root: Element) -> Iterator[tuple[str, bytes]]:
    """Media type (from the bytes: "image/jpeg" has been a PNG) and bytes of each embedded content."""
    for _, media_type, content in held(root):
        yield media_type, content


def held(root: Element) -> Iterator[tuple[Element, str, bytes]]:
    """The element, media type and bytes of each embedded content, in the order of their index."""
    count = 0
    for holder in _holders(root):
        content = _decoded(holder)
        if content and count < MAX_EMBEDDED:
            count += 1
            yield holder, sniff.media_type(content, attribute(holder, "mediaType")), content


def _listed(root: Element) -> Iterator[Content]:
    for number, (media_type, content) in enumerate(_embedded(root)):
        yield Content(media_type, len(content), embedded=number)
