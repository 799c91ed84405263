"""Packs sample documents into an IHE_XDM.ZIP: INDEX.HTM, README.TXT, METADATA.XML (ebRIM 3.0) and CDA files."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from io import BytesIO

from mssclient.sandbox.papers import OID_ROOT, Paper
from mssclient.sandbox.papers_cda import FORMAT_LEVEL_1, FORMAT_LEVEL_3, level_1, level_3

SUBSET = "IHE_XDM/SUBSET01/"
_HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"


@dataclass(frozen=True, slots=True)
class Entry:
    """One document of an archive: its file, and how METADATA.XML speaks of it."""

    paper: Paper
    content: bytes
    uri: str
    media_type: str = "text/xml"
    format_code: str = FORMAT_LEVEL_1
    action: str = ""
    """"C" replacement, "D" deletion, or empty."""
    says_hash: bool = True
    says_uri: bool = True
    patient_id: str = ""
    """Overrides the CX of the usager: for archives that lie."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How the archive is laid out; the defaults are what the profile asks."""

    root: str = ""
    """A folder around everything, with its trailing slash."""
    subset: str = SUBSET
    furniture: bool = True
    """INDEX.HTM and README.TXT."""
    prolog: str = ""
    """Put before the root element of METADATA.XML."""
    extra: tuple[tuple[str, bytes], ...] = field(default=())
    """Further entries, by full name."""


def entries(papers: Sequence[Paper], structured: bool = False) -> tuple[Entry, ...]:
    """The papers as CDA files in 8.3 names; a paper that replaces another carries the action "C"."""
    return tuple(
        Entry(
            paper, level_3(paper) if structured else level_1(paper), f"DOC{number:05d}.XML",
            format_code=FORMAT_LEVEL_3 if structured else FORMAT_LEVEL_1, action="C" if paper.replaces else "",
        )
        for number, paper in enumerate(papers, 1)
    )  # fmt: skip


def archive(papers: Sequence[Paper], structured: bool = False) -> bytes:
    """A sound IHE_XDM.ZIP with the CDA of each paper."""
    return pack(entries(papers, structured))


def pack(documents: Sequence[Entry], packing: Packing | None = None) -> bytes:
    """An IHE_XDM.ZIP of these entries; the same entries give the same bytes."""
    how = packing or Packing()
    files = [(how.root + how.subset + "METADATA.XML", metadata(documents, how.prolog))]
    if how.furniture:
        files += [(how.root + "INDEX.HTM", _index(documents)), (how.root + "README.TXT", _readme(documents))]
    files += [(how.root + how.subset + document.uri, document.content) for document in documents]
    return zipped([*files, *how.extra], documents[0].paper.act)


def zipped(files: Iterable[tuple[str, bytes]], when: datetime) -> bytes:
    """A ZIP of named contents, all with the same date so that the bytes do not change."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in files:
            entry = zipfile.ZipInfo(name, (when.year, when.month, when.day, when.hour, when.minute, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            target.writestr(entry, content)
    return out.getvalue()


def _index(documents: Sequence[Entry]) -> bytes:
    lines = "".join(f'<li><a href="{SUBSET}{d.uri}">{escape(d.paper.title)}</a></li>' for d in documents)
    return (
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML Basic 1.1//EN" '
        '"http://www.w3.org/TR/xhtml-basic/xhtml-basic11.dtd">\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr"><head><title>Documents de santé</title></head>'
        f'<body><p><a href="README.TXT">README</a></p><ul>{lines}</ul></body></html>\n'
    ).encode()


def _readme(documents: Sequence[Entry]) -> bytes:
    return (
        f"Archive IHE XDM produite par {documents[0].paper.author.structure}.\r\n"
        "Les documents se trouvent dans IHE_XDM, leur description dans METADATA.XML.\r\n"
        "Contenu fictif, pour la formation.\r\n"
    ).encode()


def _slot(name: str, *values: str) -> str:
    inner = "".join(f"<rim:Value>{escape(value)}</rim:Value>" for value in values)
    return f'<rim:Slot name="{name}"><rim:ValueList>{inner}</rim:ValueList></rim:Slot>'


def _name(text: str) -> str:
    return f'<rim:Name><rim:LocalizedString xml:lang="fr-FR" value="{escape(text)}"/></rim:Name>'


def _coded(scheme: str, owner: str, number: int, code: str, system: str, label: str) -> str:
    return (
        f'<rim:Classification id="{owner}-c{number}" classificationScheme="urn:uuid:{scheme}" '
        f'classifiedObject="{owner}" nodeRepresentation="{code}">{_slot("codingScheme", system)}{_name(label)}'
        "</rim:Classification>"
    )


def _author(scheme: str, owner: str, paper: Paper) -> str:
    who = paper.author
    person = f"{who.national_id}^{who.family}^{who.given}^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS" if who.family else ""
    slots = (
        (_slot("authorPerson", person) if person else "")
        + _slot("authorInstitution", f"{who.structure}^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^1639990000")
        + _slot("authorRole", "Auteur")
        + _slot("authorSpecialty", f"G15_10^{who.speciality}^1.2.250.1.213.1.1.4.5")
    )
    return (
        f'<rim:Classification id="{owner}-author" classificationScheme="urn:uuid:{scheme}" '
        f'classifiedObject="{owner}" nodeRepresentation="">{slots}</rim:Classification>'
    )


def _external(scheme: str, owner: str, name: str, value: str) -> str:
    return (
        f'<rim:ExternalIdentifier id="{owner}-{name.rpartition(".")[2]}" identificationScheme="urn:uuid:{scheme}" '
        f'registryObject="{owner}" value="{escape(value)}">{_name(name)}</rim:ExternalIdentifier>'
    )


def cx(paper: Paper) -> str:
    """The patientId of a paper: the INS as CX (`…^NH`), or a local number when there is none."""
    usager = paper.usager
    if usager.matricule:
        return f"{usager.matricule}^^^&{usager.oid}&ISO^NH"
    return f"D{paper.serial:06d}^^^&1.2.250.1.999.5&ISO^PI"


def _slots(entry: Entry) -> str:
    paper, usager = entry.paper, entry.paper.usager
    used = f"{usager.used_name}^{usager.given[0]}^^^^^D" if usager.used_name else ""
    names = [f"{usager.birth_name}^{usager.given[0]}^{' '.join(usager.given)}^^^^L", *filter(None, [used])]
    return "".join(
        (
            _slot("creationTime", f"{paper.act.astimezone(UTC):%Y%m%d%H%M%S}"),
            _slot("languageCode", "fr-FR"),
            _slot("serviceStartTime", f"{paper.act:%Y%m%d}"),
            _slot("size", str(len(entry.content))),
            _slot("hash", hashlib.sha1(entry.content, usedforsecurity=False).hexdigest()) if entry.says_hash else "",
            _slot("URI", entry.uri) if entry.says_uri else "",
            _slot("sourcePatientId", f"D{paper.serial:06d}^^^&1.2.250.1.999.5&ISO^PI"),
            _slot(
                "sourcePatientInfo", f"PID-3|{entry.patient_id or cx(paper)}", "PID-5|" + "~".join(names),
                f"PID-7|{usager.birth_date.replace('-', '')}", f"PID-8|{usager.sex}",
            ),
            _slot("urn:asip:ci-sis:action", entry.action) if entry.action else "",
        )
    )  # fmt: skip


def _extrinsic(entry: Entry, number: int) -> str:
    paper, owner = entry.paper, f"urn:uuid:document{number:02d}"
    codes = (
        (
            "41a5887f-8865-4c09-adf7-e362475b143a",
            paper.kind.class_code,
            "1.2.250.1.213.1.1.4.1",
            paper.kind.class_label,
        ),
        ("f4f85eac-e6cb-4883-b524-f2705394840f", "N", "2.16.840.1.113883.5.25", "Normal"),
        ("a09d5840-386c-46f2-b5ad-9c3699a4309d", entry.format_code, "1.3.6.1.4.1.19376.1.2.3", "Format du document"),
        ("f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1", "SA07", "1.2.250.1.71.4.2.4", "Établissement"),
        ("cccf5598-8b07-4b77-a05e-ae952c785ead", "ETABLISSEMENT", "1.2.250.1.213.1.1.4.9", "Établissement de santé"),
        ("f0306f51-975f-434e-a61c-c59651d33983", paper.kind.code, "2.16.840.1.113883.6.1", paper.kind.label),
    )
    coded = "".join(_coded(scheme, owner, i, *rest) for i, (scheme, *rest) in enumerate(codes, 1))
    patient = entry.patient_id or cx(paper)
    return (
        f'<rim:ExtrinsicObject id="{owner}" mimeType="{entry.media_type}" '
        'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">'
        f"{_slots(entry)}{_name(paper.title)}<rim:Description/>"
        f"{_author('93606bcf-9494-43ec-9b4e-a7748d1a838d', owner, paper)}{coded}"
        f"{_external('58a6f841-87b3-4a3e-92fd-a8ffeff98427', owner, 'XDSDocumentEntry.patientId', patient)}"
        f"{_external('2e82c1f6-a085-4c72-9da3-8640a32e42ab', owner, 'XDSDocumentEntry.uniqueId', paper.unique_id)}"
        "</rim:ExtrinsicObject>"
    )


def _submission(first: Entry) -> str:
    paper, owner = first.paper, "urn:uuid:submission01"
    sent = f"{paper.act.astimezone(UTC):%Y%m%d%H%M%S}"
    content = _coded("aa543740-bdda-424e-8c96-df4873be8500", owner, 1, "04", "1.2.250.1.213.2.2", "Hospitalisation")
    identifiers = (
        ("96fdda7c-d067-4183-912e-bf5ee74998a8", "uniqueId", f"{OID_ROOT}.4.{paper.serial}"),
        ("554ac39e-e3fe-47fe-b233-965d2a147832", "sourceId", f"{OID_ROOT}.6"),
        ("6b5aea1a-874d-4603-a4bc-96a0a7b38446", "patientId", first.patient_id or cx(paper)),
    )
    externals = "".join(_external(uuid, owner, f"XDSSubmissionSet.{name}", value) for uuid, name, value in identifiers)
    return (
        f'<rim:RegistryPackage id="{owner}">{_slot("submissionTime", sent)}{_name(paper.title)}'
        f"<rim:Description/>{_author('a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d', owner, paper)}{content}{externals}"
        f'</rim:RegistryPackage><rim:Classification id="node01" classifiedObject="{owner}" '
        'classificationNode="urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"/>'
    )


def metadata(documents: Sequence[Entry], prolog: str = "") -> bytes:
    """METADATA.XML of these entries: documents, submission set, and what ties them."""
    members = "".join(
        f'<rim:Association id="a{number:02d}" associationType="{_HAS_MEMBER}" '
        f'sourceObject="urn:uuid:submission01" targetObject="urn:uuid:document{number:02d}">'
        f"{_slot('SubmissionSetStatus', 'Original')}</rim:Association>"
        for number in range(1, len(documents) + 1)
    )
    objects = "".join(_extrinsic(document, number) for number, document in enumerate(documents, 1))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{prolog}'
        '<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0" '
        'xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><rim:RegistryObjectList>\n'
        f"{objects}\n{_submission(documents[0])}\n{members}\n"
        "</rim:RegistryObjectList></lcm:SubmitObjectsRequest>\n"
    ).encode()
