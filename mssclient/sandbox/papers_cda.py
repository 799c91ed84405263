"""Writes sample documents as CDA R2 with the French header (documents.md): level 1 (a PDF inside) and level 3."""

from __future__ import annotations

import base64
from datetime import datetime
from html import escape

from mssclient.sandbox.papers import OID_ROOT, Paper, Section
from mssclient.sandbox.papers_pdf import letter
from mssclient.sandbox.people import NAME, STRUCTURE_ID

LOINC = "2.16.840.1.113883.6.1"
PERSONS, STRUCTURES = "1.2.250.1.71.4.2.1", "1.2.250.1.71.4.2.2"
FORMAT_LEVEL_1, FORMAT_LEVEL_3 = "urn:ihe:iti:xds-sd:pdf:2008", "urn:asip:ci-sis:document-structure:2023"


def stamp(when: datetime) -> str:
    """A moment as HL7 writes it, with its offset."""
    return f"{when:%Y%m%d%H%M%S%z}"


def level_1(paper: Paper) -> bytes:
    """A CDA whose body is the PDF letter."""
    content = base64.b64encode(letter(paper)).decode("ascii")
    body = f'<nonXMLBody><text mediaType="application/pdf" representation="B64">{content}</text></nonXMLBody>'
    return _document(paper, body, "1.3.6.1.4.1.19376.1.2.20")


def level_3(paper: Paper) -> bytes:
    """A CDA whose body is sections of paragraphs, lists and tables."""
    sections = "".join(_section(section, number) for number, section in enumerate(paper.sections, 1))
    return _document(paper, f"<structuredBody>{sections}</structuredBody>", "1.2.250.1.213.1.1.1.5.1")


def _section(section: Section, number: int) -> str:
    title = f"<title>{escape(section.title)}</title>" if section.title else ""
    parts = [f"<paragraph>{escape(text)}</paragraph>" for text in section.paragraphs]
    if section.items:
        items = "".join(f"<item>{escape(text)}</item>" for text in section.items)
        parts.append(f'<list listType="unordered">{items}</list>')
    if section.table:
        parts.append(_table(section.table))
    return (
        f'<component><section ID="s{number}"><id root="{OID_ROOT}.9.{number}"/>'
        f"{title}<text>{''.join(parts)}</text></section></component>"
    )


def _table(rows: tuple[tuple[str, ...], ...]) -> str:
    heading = "".join(f"<th>{escape(text)}</th>" for text in rows[0])
    body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows[1:])
    return f'<table border="1"><thead><tr>{heading}</tr></thead><tbody>{body}</tbody></table>'


def _document(paper: Paper, body: str, template: str) -> bytes:
    act = paper.act.strftime("%Y%m%d")
    text = f"""<?xml version="1.0" encoding="UTF-8"?>
<?xml-stylesheet type="text/xsl" href="cda_asip.xsl"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="FR"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/><templateId root="1.2.250.1.213.1.1.1.1"/><templateId root="{template}"/>
<id root="{paper.unique_id}"/>
<code code="{paper.kind.code}" codeSystem="{LOINC}" displayName="{escape(paper.kind.label)}"/>
<title>{escape(paper.title)}</title>
<effectiveTime value="{stamp(paper.act)}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25" displayName="Normal"/>
<languageCode code="fr-FR"/>
<setId root="{paper.set_id}"/><versionNumber value="{paper.version}"/>
{_record_target(paper)}
{_author(paper)}
<custodian><assignedCustodian><representedCustodianOrganization><id root="{STRUCTURES}" extension="{STRUCTURE_ID}"/>
<name>{escape(paper.author.structure)}</name></representedCustodianOrganization></assignedCustodian></custodian>
<informationRecipient><intendedRecipient><receivedOrganization><id root="{STRUCTURES}" extension="{STRUCTURE_ID}"/>
<name>{escape(NAME)}</name></receivedOrganization></intendedRecipient></informationRecipient>
{_related(paper)}<documentationOf><serviceEvent><effectiveTime><low value="{act}"/></effectiveTime>
</serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><low value="{act}"/></effectiveTime>
</encompassingEncounter></componentOf>
<component>{body}</component>
</ClinicalDocument>
"""
    return text.encode("utf-8")


def _record_target(paper: Paper) -> str:
    usager = paper.usager
    ins = f'<id extension="{usager.matricule}" root="{usager.oid}"/>' if usager.matricule else ""
    used = f'<family qualifier="CL">{escape(usager.used_name)}</family>' if usager.used_name else ""
    sex = {"M": "Masculin", "F": "Féminin"}[usager.sex]
    place = f"<birthplace><place><addr><county>{usager.birth_place}</county></addr></place></birthplace>"
    return (
        f'<recordTarget><patientRole><id extension="D{paper.serial:06d}" root="1.2.250.1.999.5"/>{ins}'
        f'<addr nullFlavor="NASK"/><telecom nullFlavor="NASK"/><patient><name>'
        f'<family qualifier="BR">{escape(usager.birth_name)}</family>{used}'
        f"<given>{escape(' '.join(usager.given))}</given>"
        f'<given qualifier="BR">{escape(usager.given[0])}</given></name>'
        f'<administrativeGenderCode code="{usager.sex}" codeSystem="2.16.840.1.113883.5.1" displayName="{sex}"/>'
        f'<birthTime value="{usager.birth_date.replace("-", "")}"/>{place if usager.birth_place else ""}'
        "</patient></patientRole></recordTarget>"
    )


def _author(paper: Paper) -> str:
    author = paper.author
    structure = f"<representedOrganization><name>{escape(author.structure)}</name></representedOrganization>"
    if author.family:
        ident = f'<id root="{PERSONS}" extension="{author.national_id}"/>'
        who = (
            f"<assignedPerson><name><prefix>{escape(author.title)}</prefix><family>{escape(author.family)}</family>"
            f"<given>{escape(author.given)}</given></name></assignedPerson>"
        )
    else:
        ident = f'<id root="{STRUCTURES}" extension="1639990000"/>'
        who = (
            "<assignedAuthoringDevice><manufacturerModelName>Logiciel de formation</manufacturerModelName>"
            f"<softwareName>{escape(author.structure)}</softwareName></assignedAuthoringDevice>"
        )
    return (
        f'<author><time value="{stamp(paper.act)}"/><assignedAuthor>{ident}'
        f'<code code="G15_10" displayName="{escape(author.speciality)}" codeSystem="1.2.250.1.213.1.1.4.5"/>'
        f"{who}{structure}</assignedAuthor></author>"
    )


def _related(paper: Paper) -> str:
    if not paper.replaces:
        return ""
    return (
        f'<relatedDocument typeCode="RPLC"><parentDocument><id root="{paper.replaces}"/></parentDocument>'
        "</relatedDocument>\n"
    )
