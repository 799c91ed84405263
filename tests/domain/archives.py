"""Builds IHE_XDM archives and CDA documents of fictitious people for the tests, sound by default and bent on demand."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

OID = "1.2.250.1.213.1.4.8"
MATRICULE = "279035121518989"
OTHER = "277076322082910"
PDF = b"%PDF-1.4\n%fictitious\n%%EOF\n"
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
LCM = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"


def cda(
    *,
    matricule: str = MATRICULE,
    oid: str = OID,
    unique: str = "1.2.250.1.999.1",
    code: str = "34133-9",
    version: int = 2,
    replaced: str = "1.2.250.1.999.0",
    birth: str = "19790328",
    pdf: bytes | None = PDF,
    body: str = "",
    before: str = "",
) -> bytes:
    inner = body
    if not body and pdf is not None:
        packed = base64.b64encode(pdf).decode()
        inner = (
            '<component><nonXMLBody><text mediaType="image/jpeg" representation="B64">'
            f"{packed}</text></nonXMLBody></component>"
        )
    return f"""<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="cda.xsl" type="text/xsl"?>{before}
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc">
<id root="{unique}"/><code code="{code}" codeSystem="2.16.840.1.113883.6.1" displayName="libre"/>
<title>Synthèse &amp; suite</title><effectiveTime value="20240115103000+0100"/>
<confidentialityCode code="N"/><confidentialityCode code="MASQUE_PS"/>
<setId root="1.2.250.1.999.50"/><versionNumber value="{version}"/>
<recordTarget><patientRole><id root="1.2.250.1.999.7" extension="IPP42"/>
<id root="{oid}" extension="{matricule}"/><patient><name><family qualifier="BR">PAT-TROIS</family>
<family qualifier="CL">DURAND</family><given>DOMINIQUE MARIE-LOUISE</given>
<given qualifier="BR">DOMINIQUE</given></name>
<administrativeGenderCode code="F"/><birthTime value="{birth}"/>
<birthplace><place><addr><county>51215</county></addr></place>
</birthplace></patient></patientRole></recordTarget>
<author><assignedAuthor><id root="1.2.250.1.71.4.2.1" extension="899700000001"/>
<assignedPerson><name><prefix>Dr</prefix>
<given>Claire</given><family>VASSEUR</family></name></assignedPerson>
<representedOrganization><name>EHPAD Les Tilleuls</name>
</representedOrganization></assignedAuthor></author>
<documentationOf><serviceEvent><effectiveTime><low value="20240110"/></effectiveTime></serviceEvent></documentationOf>
<relatedDocument typeCode="RPLC"><parentDocument><id root="{replaced}"/></parentDocument></relatedDocument>
{inner}</ClinicalDocument>""".encode()


@dataclass
class Doc:
    """One document of an archive under construction; an empty string leaves a slot out."""

    content: bytes = field(default_factory=cda)
    uri: str = "DOC00001.XML"
    file: str = "DOC00001.XML"
    unique: str = "1.2.250.1.999.1"
    hash: str | None = None
    size: str | None = None
    patient: str = f"{MATRICULE}^^^&amp;{OID}&amp;ISO^NH"
    mime: str = "text/xml"
    action: str = ""
    object_id: str = "Document01"
    title: str = "Synthèse d'épisode"
    code: str = "34133-9"


def _slot(name: str, *values: str) -> str:
    inner = "".join(f"<r:Value>{value}</r:Value>" for value in values)
    return f'<r:Slot name="{name}"><r:ValueList>{inner}</r:ValueList></r:Slot>' if values and values[0] else ""


def _identifier(scheme: str, value: str) -> str:
    return f'<r:ExternalIdentifier identificationScheme="urn:uuid:{scheme}" value="{value}"/>' if value else ""


def _object(doc: Doc) -> str:
    digest = hashlib.sha1(doc.content).hexdigest().upper() if doc.hash is None else doc.hash
    size = str(len(doc.content)) if doc.size is None else doc.size
    return (
        f'<r:ExtrinsicObject id="{doc.object_id}" mimeType="{doc.mime}" '
        'objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1">'
        + _slot("URI", doc.uri)
        + _slot("hash", digest)
        + _slot("size", size)
        + _slot("creationTime", "20240115093000")
        + _slot("serviceStartTime", "202401100800")
        + _slot("urn:example:action", doc.action)
        + _slot("sourcePatientInfo", "PID-5|PAT-TROIS^DOMINIQUE^^^^^L", "PID-7|19790328", "PID-8|F")
        + f'<r:Name><r:LocalizedString value="{doc.title}"/></r:Name>'
        + f'<r:Classification classificationScheme="urn:uuid:f0306f51-975f-434e-a61c-c59651d33983" '
        f'classifiedObject="{doc.object_id}" nodeRepresentation="{doc.code}"/>'
        + _identifier("58a6f841-87b3-4a3e-92fd-a8ffeff98427", doc.patient)
        + _identifier("2e82c1f6-a085-4c72-9da3-8640a32e42ab", doc.unique)
        + "</r:ExtrinsicObject>"
    )


def metadata(docs: Sequence[Doc], *, extra: str = "", doctype: str = "") -> bytes:
    objects = "".join(_object(doc) for doc in docs)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<l:SubmitObjectsRequest xmlns:l="{LCM}" xmlns:r="{RIM}">'
        f'<r:RegistryObjectList>{objects}<r:RegistryPackage id="Set01"/>{extra}</r:RegistryObjectList>'
        "</l:SubmitObjectsRequest>"
    ).encode()


def zipped(files: Sequence[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()


def files_of(docs: Sequence[Doc], root: str = "", subset: str = "SUBSET01", **bent: str) -> list[tuple[str, bytes]]:
    folder = f"{root}IHE_XDM/{subset}"
    return [
        (f"{root}INDEX.HTM", b"<html></html>"),
        (f"{root}README.TXT", b"read me"),
        (f"{folder}/METADATA.XML", metadata(docs, **bent)),
        *((f"{folder}/{doc.file}", doc.content) for doc in docs if doc.file),
    ]


def archive(*docs: Doc, **bent: str) -> bytes:
    return zipped(files_of(docs or (Doc(),), **bent))
