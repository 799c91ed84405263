"""Builds IHE_XDM.ZIP: INDEX.HTM, README.TXT, METADATA.XML (ebRIM 3.0) and the CDA documents (ECO.2.1.1, documents.md).

Everything that METADATA.XML says of a document is read from the CDA itself, so the two cannot disagree.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO

from mssclient.domain import cda, cda_people
from mssclient.domain.cda_people import Party
from mssclient.domain.documents import HealthDocument
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import INS_OIDS, Usager
from mssclient.domain.shipment import (
    CONFIDENTIALITY,
    LOINC,
    PERSONS,
    STRUCTURES,
    Coded,
    Institution,
    Parcel,
    Shipment,
    class_of,
)
from mssclient.domain.xml_write import lines, tag

SUBSET = "IHE_XDM/SUBSET01/"
NAME = "IHE_XDM.ZIP"
"""The archive's own file name, which receivers look for (ECO.2.1.1)."""
MAX_PARCELS = 99
_FORMATS = "1.3.6.1.4.1.19376.1.2.3"
_FORMAT_PDF = Coded("urn:ihe:iti:xds-sd:pdf:2008", "Document PDF", _FORMATS)
_FORMAT_STRUCTURED = Coded("urn:ihe:iti:xds-sd:text:2008", "Document structuré", _FORMATS)
_RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
_LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"
_SYMBOL = "urn:uuid:"
_SET = "urn:uuid:soumission"
_STABLE = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
_SET_NODE = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
_HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
_CONTENT_TYPE = Coded("04", "Hospitalisation", "1.2.250.1.213.2.2")
_INDEX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML Basic 1.1//EN" "http://www.w3.org/TR/xhtml-basic/xhtml-basic11.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><head><title>Documents de santé</title></head>
<body><h1>Documents de santé</h1><p><a href="README.TXT">Lisez-moi</a></p>{list}</body></html>
"""
_README = """Archive IHE XDM de documents de sante, emise par une messagerie MSSante.\r
Les documents (CDA R2) et leur description (METADATA.XML) se trouvent dans IHE_XDM/SUBSET01.\r
Leur contenu est couvert par le secret professionnel.\r
"""


def archive(shipment: Shipment) -> bytes:
    """The archive; the same shipment gives the same bytes.

    Raises Unreadable for a CDA that we could not read back, NotIts for a document of somebody else (one mail, one
    usager), ValueError for no document, too many, or two with one unique id.
    """
    documents = [_Document(number, parcel, shipment) for number, parcel in enumerate(shipment.parcels, 1)]
    if not 0 < len(documents) <= MAX_PARCELS:
        raise ValueError("documents")
    if len({each.header.unique_id for each in documents}) != len(documents):
        raise ValueError("unique id")
    files = [
        ("INDEX.HTM", _index(documents)),
        ("README.TXT", _README.encode("ascii")),
        (f"{SUBSET}METADATA.XML", metadata(documents, shipment)),
        *((SUBSET + each.uri, each.parcel.cda) for each in documents),
    ]
    return _zipped(files, shipment.sent)


class NotIts(ValueError):
    """A document that is about another person than the mail."""


class _Document:
    """One document of the archive: what its CDA says, and where it stands."""

    def __init__(self, number: int, parcel: Parcel, shipment: Shipment) -> None:
        self.parcel = parcel
        self.uri = f"DOC{number:05d}.XML"
        self.id = f"{_SYMBOL}document{number:02d}"
        self.header: HealthDocument = cda.read(parcel.cda)
        if not self.header.unique_id or not self.header.type_code:
            raise Unreadable(Unread.DAMAGED, "cda header")
        if not _same(self.header.usager, shipment.usager):
            raise NotIts("usager")
        self.author, self.authenticator = cda_people.parties(parcel.cda)
        embedded = [content for content in self.header.contents if content.embedded >= 0]
        pdf_only = len(embedded) == 1 and embedded[0].media_type == "application/pdf"
        self.format = _FORMAT_PDF if pdf_only else _FORMAT_STRUCTURED


def _same(found: Usager | None, wanted: Usager) -> bool:
    """Whether a document is the mail's usager's: by matricule and OID where both have one, always by name and birth."""
    if found is None:
        return False
    if found.matricule and wanted.matricule and (found.matricule, found.oid) != (wanted.matricule, wanted.oid):
        return False
    return (found.birth_name.casefold(), found.birth_date) == (wanted.birth_name.casefold(), wanted.birth_date)


def metadata(documents: list[_Document], shipment: Shipment) -> bytes:
    """METADATA.XML: the documents, the submission set, and what ties them (ebRIM 3.0, IHE ITI TF-3 §4.2)."""
    objects = [_extrinsic(each, shipment) for each in documents]
    node = tag("rim:Classification", id="noeud01", classifiedObject=_SET, classificationNode=_SET_NODE)
    ties = [_tie(number, each) for number, each in enumerate(documents, 1)]
    body = tag("rim:RegistryObjectList", *objects, _submission(documents, shipment), node, *ties)
    return lines(tag("lcm:SubmitObjectsRequest", body, xmlns__lcm=_LCM, xmlns__rim=_RIM))


def _slot(name: str, *values: str) -> str:
    listed = tag("rim:ValueList", *(tag("rim:Value", value) for value in values))
    return tag("rim:Slot", listed, name=name)


def _name(text: str) -> str:
    return tag("rim:Name", tag("rim:LocalizedString", value=text, xml__lang="fr-FR", charset="UTF-8"))


def _classified(scheme: str, owner: str, number: int, coded: Coded) -> str:
    return tag(
        "rim:Classification", _slot("codingScheme", coded.system), _name(coded.label),
        id=f"{owner}-c{number}", classificationScheme=_SYMBOL + scheme, classifiedObject=owner,
        nodeRepresentation=coded.code,
    )  # fmt: skip


def _identified(scheme: str, owner: str, name: str, value: str) -> str:
    return tag(
        "rim:ExternalIdentifier", _name(name), id=f"{owner}-{name.rpartition('.')[2]}",
        identificationScheme=_SYMBOL + scheme, registryObject=owner, value=value,
    )  # fmt: skip


def _written_by(scheme: str, owner: str, party: Party) -> str:
    slots = [_slot("authorPerson", _xcn(party))] if party.family else []
    if party.organisation:
        slots.append(_slot("authorInstitution", _xon(party.organisation, party.organisation_id)))
    if party.role:
        slots.append(_slot("authorSpecialty", f"{party.role}^{_plain(party.role_label)}^{party.role_system}"))
    return tag(
        "rim:Classification", *slots, id=f"{owner}-auteur", classificationScheme=_SYMBOL + scheme,
        classifiedObject=owner, nodeRepresentation="",
    )  # fmt: skip


def _plain(text: str) -> str:
    """HL7 v2 has delimiters of its own: a name that holds one must not become several fields."""
    return " ".join("".join(" " if c in "^&~|\\" else c for c in text).split())


def _xcn(party: Party) -> str:
    return f"{_plain(party.number)}^{_plain(party.family)}^{_plain(party.given)}^^^^^^&{PERSONS}&ISO^D^^^IDNPS"


def _xon(name: str, number: str) -> str:
    return f"{_plain(name)}^^^^^&{STRUCTURES}&ISO^IDNST^^^{_plain(number)}" if number else _plain(name)


def _patient_id(usager: Usager, shipment: Shipment) -> str:
    """patientId is the identity that counts (ECO.2.1.2); without an INS, a number of this mail that means nothing."""
    if usager.matricule and usager.oid in INS_OIDS:
        return f"{usager.matricule}^^^&{usager.oid}&ISO^NH"
    return f"{hashlib.sha256(shipment.submission_id.encode()).hexdigest()[:16]}^^^&{shipment.source_id}&ISO^PI"


def _source_patient(usager: Usager, patient_id: str) -> Iterator[str]:
    given = _plain(usager.given[0]) if usager.given else ""
    every = _plain(" ".join(usager.given))
    names = [f"{_plain(usager.birth_name)}^{given}^{every}^^^^L"]
    if usager.used_name:
        names.append(f"{_plain(usager.used_name)}^{given}^^^^^D")
    yield f"PID-3|{patient_id}"
    yield f"PID-5|{'~'.join(names)}"
    yield f"PID-7|{usager.birth_date.replace('-', '')}"
    yield f"PID-8|{usager.sex}"
    if usager.birth_place:
        yield f"PID-11|^^^^^^BDL^^{_plain(usager.birth_place)}"


def _utc(iso: str) -> str:
    """METADATA.XML's times are UTC, as precise as the source (IHE ITI TF-3 §4.2.3.1.7)."""
    if "T" not in iso:
        return iso.replace("-", "")
    when = datetime.fromisoformat(iso)
    return f"{when.astimezone(UTC):%Y%m%d%H%M%S}" if when.tzinfo else f"{when:%Y%m%d%H%M%S}"


def _extrinsic(document: _Document, shipment: Shipment) -> str:
    header, content = document.header, document.parcel.cda
    usager = header.usager or shipment.usager
    patient_id = _patient_id(usager, shipment)
    slots = [
        _slot("creationTime", _utc(header.created)),
        _slot("languageCode", "fr-FR"),
        _slot("serviceStartTime", _utc(header.act_date)),
        _slot("sourcePatientId", patient_id),
        _slot("sourcePatientInfo", *_source_patient(usager, patient_id)),
        _slot("URI", document.uri),
        _slot("size", str(len(content))),
        _slot("hash", hashlib.sha1(content, usedforsecurity=False).hexdigest()),
    ]
    if document.authenticator.family:
        slots.append(_slot("legalAuthenticator", _xcn(document.authenticator)))
    if document.parcel.action:
        slots.append(_slot("urn:asip:ci-sis:action", document.parcel.action))
    return tag(
        "rim:ExtrinsicObject", *slots, _name(header.title or header.type_label), tag("rim:Description"),
        tag("rim:VersionInfo", versionName=str(header.version or 1)),
        _written_by("93606bcf-9494-43ec-9b4e-a7748d1a838d", document.id, document.author),
        *_codes(document, shipment.institution),
        _identified("58a6f841-87b3-4a3e-92fd-a8ffeff98427", document.id, "XDSDocumentEntry.patientId", patient_id),
        _identified("2e82c1f6-a085-4c72-9da3-8640a32e42ab", document.id, "XDSDocumentEntry.uniqueId",
                    header.unique_id),
        id=document.id, objectType=_STABLE, mimeType="text/xml", status="urn:oasis:names:tc:ebxml-regrep:StatusType:Approved",
        **({"lid": header.set_id} if header.set_id else {}),
    )  # fmt: skip


def _codes(document: _Document, institution: Institution) -> Iterator[str]:
    header = document.header
    coded = [
        ("41a5887f-8865-4c09-adf7-e362475b143a", class_of(header.type_code)),
        ("f0306f51-975f-434e-a61c-c59651d33983", Coded(header.type_code, header.type_label, LOINC)),
        ("a09d5840-386c-46f2-b5ad-9c3699a4309d", document.format),
        ("f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", institution.facility),
        ("cccf5598-8b07-4b77-a05e-ae952c785ead", institution.setting),
    ]
    for code in header.confidentiality or ("N",):
        coded.append(("f4f85eac-e6cb-4883-b524-f2705394840f", Coded(code, code, CONFIDENTIALITY)))
    for number, (scheme, each) in enumerate(coded, 1):
        yield _classified(scheme, document.id, number, each)


def _submission(documents: list[_Document], shipment: Shipment) -> str:
    who, place = shipment.sender, shipment.institution
    sender = Party(
        who.national_id, who.family, who.given, place.name, place.identifier, who.role.code, who.role.label,
        who.role.system,
    )  # fmt: skip
    title = documents[0].header.title if len(documents) == 1 else f"{len(documents)} documents"
    identifiers = (
        ("96fdda7c-d067-4183-912e-bf5ee74998a8", "uniqueId", shipment.submission_id),
        ("554ac39e-e3fe-47fe-b233-965d2a147832", "sourceId", shipment.source_id),
        ("6b5aea1a-874d-4603-a4bc-96a0a7b38446", "patientId", _patient_id(shipment.usager, shipment)),
    )
    return tag(
        "rim:RegistryPackage",
        _slot("submissionTime", f"{shipment.sent.astimezone(UTC):%Y%m%d%H%M%S}"), _name(title), tag("rim:Description"),
        _written_by("a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", _SET, sender),
        _classified("aa543740-bdda-424e-8c96-df4873be8500", _SET, 1, _CONTENT_TYPE),
        *(_identified(scheme, _SET, f"XDSSubmissionSet.{name}", value) for scheme, name, value in identifiers),
        id=_SET,
    )  # fmt: skip


def _tie(number: int, document: _Document) -> str:
    return tag(
        "rim:Association", _slot("SubmissionSetStatus", "Original"), id=f"lien{number:02d}",
        associationType=_HAS_MEMBER, sourceObject=_SET, targetObject=document.id,
    )  # fmt: skip


def _index(documents: list[_Document]) -> bytes:
    items = (tag("li", tag("a", each.header.title or each.uri, href=SUBSET + each.uri)) for each in documents)
    return _INDEX.format(list=tag("ul", *items)).encode("utf-8")


def _zipped(files: list[tuple[str, bytes]], when: datetime) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in files:
            entry = zipfile.ZipInfo(name, (max(when.year, 1980), when.month, when.day, when.hour, when.minute, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return out.getvalue()
