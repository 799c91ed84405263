"""Builds a level 1 CDA R2 around a PDF, with the French header, when the record system gives only a PDF and the traits.

Order and places of the elements: CDA R2 schema and CI-SIS "Structuration minimale" (documents.md has the table).
"""

from __future__ import annotations

import base64
from datetime import datetime

from mssclient.domain import sniff
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import INS_OIDS, Usager
from mssclient.domain.shipment import CONFIDENTIALITY, PERSONS, STRUCTURES, Act, Coded, Institution, Signatory
from mssclient.domain.xml_write import Xml, lines, tag

_SEXES = {"M": "Masculin", "F": "Féminin"}
_CONFIDENTIALITIES = {"N": "Normal", "R": "Restreint", "V": "Très restreint"}
_FRENCH_PROFILE = "2.16.840.1.113883.2.8.2.1"
_MINIMAL_STRUCTURE = "1.2.250.1.213.1.1.1.1"
_SCANNED_DOCUMENT = "1.3.6.1.4.1.19376.1.2.20"
_UNKNOWN = {"nullFlavor": "NASK"}


def level_1(act: Act, usager: Usager, author: Signatory, institution: Institution, pdf: bytes) -> bytes:
    """The CDA, UTF-8. Raises Unreadable(NOT_IT) for what is no PDF, ValueError for traits without name, birth or sex."""
    if sniff.media_type(pdf, "") != "application/pdf":
        raise Unreadable(Unread.NOT_IT, "pdf")
    if not (usager.birth_name and usager.given and len(usager.birth_date) == 10 and usager.sex in _SEXES):
        raise ValueError("traits")
    if act.made.tzinfo is None:
        raise ValueError("a date without its offset")
    document = tag(
        "ClinicalDocument",
        tag("realmCode", code="FR"),
        tag("typeId", root="2.16.840.1.113883.1.3", extension="POCD_HD000040"),
        *(tag("templateId", root=root) for root in (_FRENCH_PROFILE, _MINIMAL_STRUCTURE, _SCANNED_DOCUMENT)),
        tag("id", root=act.unique_id),
        _code("code", act.kind),
        tag("title", act.title or act.kind.label),
        tag("effectiveTime", value=_stamp(act.made)),
        *(_confidentiality(code) for code in act.confidentiality),
        tag("languageCode", code="fr-FR"),
        tag("setId", root=act.set_id),
        tag("versionNumber", value=str(act.version)),
        _record_target(usager),
        _author(act.made, author, institution),
        _custodian(institution),
        _authenticator(act.made, author, institution),
        _service(act, author, institution),
        _related(act.replaces),
        _encounter(act, institution),
        _body(pdf),
        xmlns="urn:hl7-org:v3",
    )
    return lines(document)


def _stamp(when: datetime) -> str:
    return f"{when:%Y%m%d%H%M%S%z}"


def _code(name: str, coded: Coded) -> Xml:
    return tag(name, code=coded.code, displayName=coded.label, codeSystem=coded.system)


def _confidentiality(code: str) -> Xml:
    label = _CONFIDENTIALITIES.get(code, code)
    return tag("confidentialityCode", code=code, displayName=label, codeSystem=CONFIDENTIALITY)


def _record_target(usager: Usager) -> Xml:
    known = usager.matricule and usager.oid in INS_OIDS
    number = (
        tag("id", root=usager.oid or "", extension=usager.matricule or "") if known else tag("id", nullFlavor="UNK")
    )
    patient = tag(
        "patient",
        _names(usager),
        tag("administrativeGenderCode", code=usager.sex, displayName=_SEXES[usager.sex],
            codeSystem="2.16.840.1.113883.5.1"),
        tag("birthTime", value=usager.birth_date.replace("-", "")),
        _birth_place(usager.birth_place),
    )  # fmt: skip
    role = tag("patientRole", number, tag("addr", **_UNKNOWN), tag("telecom", **_UNKNOWN), patient)
    return tag("recordTarget", role)


def _names(usager: Usager) -> Xml:
    """The birth names as the INS gives them: all given names in one element, the first once more on its own."""
    return tag(
        "name",
        tag("family", usager.birth_name, qualifier="BR"),
        tag("family", usager.used_name, qualifier="CL") if usager.used_name else "",
        tag("given", " ".join(usager.given)),
        tag("given", usager.given[0], qualifier="BR"),
    )


def _birth_place(insee: str) -> Xml:
    return tag("birthplace", tag("place", tag("addr", tag("county", insee)))) if insee else ""


def _person(who: Signatory) -> Xml:
    title = tag("prefix", who.title) if who.title else ""
    return tag("assignedPerson", tag("name", title, tag("given", who.given), tag("family", who.family)))


def _structure(institution: Institution, name: str, *, setting: bool = False) -> Xml:
    return tag(
        name,
        tag("id", root=STRUCTURES, extension=institution.identifier),
        tag("name", institution.name),
        tag("telecom", **_UNKNOWN),
        tag("addr", **_UNKNOWN),
        _code("standardIndustryClassCode", institution.setting) if setting else "",
    )


def _assigned(name: str, who: Signatory, institution: Institution, *, setting: bool = False) -> Xml:
    """A professional in their role, and the structure they acted for."""
    return tag(
        name,
        tag("id", root=PERSONS, extension=who.national_id),
        _code("code", who.role) if who.role.code else "",
        tag("addr", **_UNKNOWN),
        tag("telecom", **_UNKNOWN),
        _person(who),
        _structure(institution, "representedOrganization", setting=setting),
    )


def _author(made: datetime, who: Signatory, institution: Institution) -> Xml:
    return tag("author", tag("time", value=_stamp(made)), _assigned("assignedAuthor", who, institution))


def _custodian(institution: Institution) -> Xml:
    keeper = _structure(institution, "representedCustodianOrganization")
    return tag("custodian", tag("assignedCustodian", keeper))


def _authenticator(made: datetime, who: Signatory, institution: Institution) -> Xml:
    return tag(
        "legalAuthenticator",
        tag("time", value=_stamp(made)),
        tag("signatureCode", code="S"),
        _assigned("assignedEntity", who, institution),
    )


def _service(act: Act, who: Signatory, institution: Institution) -> Xml:
    performer = tag("performer", _assigned("assignedEntity", who, institution, setting=True), typeCode="PRF")
    low = tag("effectiveTime", tag("low", value=act.date.replace("-", "")))
    return tag("documentationOf", tag("serviceEvent", low, performer))


def _related(replaced: str) -> Xml:
    if not replaced:
        return ""
    return tag("relatedDocument", tag("parentDocument", tag("id", root=replaced)), typeCode="RPLC")


def _encounter(act: Act, institution: Institution) -> Xml:
    place = tag("healthCareFacility", _code("code", institution.facility))
    low = tag("effectiveTime", tag("low", value=act.date.replace("-", "")))
    return tag("componentOf", tag("encompassingEncounter", low, tag("location", place)))


def _body(pdf: bytes) -> Xml:
    text = tag("text", base64.b64encode(pdf).decode("ascii"), mediaType="application/pdf", representation="B64")
    return tag("component", tag("nonXMLBody", text))
