"""The small file beside a document that tells an importer what it is: JSON, XML, a CSV line or an HPRIM header."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import assert_never
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from mssclient.domain.documents import HealthDocument
from mssclient.domain.filing import FilingChoice

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]+")
CSV_COLUMNS = (
    "file", "sha1", "size", "media_type", "unique_id", "type_code", "type_label", "act_date", "created", "author",
    "organisation", "matricule", "oid", "birth_name", "given", "birth_date", "sex", "record_number", "sender",
    "received", "message_id",
)  # fmt: skip
_GENDERS = {"M": "male", "F": "female", "U": "unknown"}


class SidecarKind(Enum):
    """What an importer wants beside the document."""

    NONE = "none"
    JSON = "json"
    XML = "xml"
    CSV = "csv"
    HPRIM = "hprim"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sidecar may say of one filed document."""

    choice: FilingChoice
    file_name: str
    media_type: str
    size: int
    sha1: str
    document: HealthDocument | None = None
    sender: str = ""
    """Address, or label and address, of who sent it."""
    recipient: str = ""
    received: datetime | None = None
    message_id: str = ""


def extension(kind: SidecarKind) -> str:
    """File extension of a sidecar, without dot; empty for none."""
    match kind:
        case SidecarKind.NONE:
            return ""
        case SidecarKind.JSON | SidecarKind.XML | SidecarKind.CSV:
            return str(kind.value)
        case SidecarKind.HPRIM:
            return "hpr"
        case _:
            assert_never(kind)


def sidecar(kind: SidecarKind, facts: Facts) -> bytes:
    """The bytes of a sidecar; empty for none. HPRIM is in the Windows code page its readers expect, others in UTF-8."""
    match kind:
        case SidecarKind.NONE:
            return b""
        case SidecarKind.JSON:
            return (json.dumps(_reference(facts), ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")
        case SidecarKind.XML:
            return _xml(facts)
        case SidecarKind.CSV:
            return _csv(facts)
        case SidecarKind.HPRIM:
            return _hprim(facts)
        case _:
            assert_never(kind)


def _reference(facts: Facts) -> dict[str, object]:
    """Fields after FHIR DocumentReference (documents.md)."""
    choice, document, usager = facts.choice, facts.document, facts.choice.usager
    identifiers = [{"system": f"urn:oid:{usager.oid}", "value": usager.matricule}] if usager.matricule else []
    return {
        "resourceType": "DocumentReference",
        "masterIdentifier": document.unique_id if document else "",
        "type": {"code": choice.type_code, "display": choice.type_label},
        "category": document.class_code if document else "",
        "date": choice.act_date,
        "created": document.created if document else "",
        "title": choice.title or (document.title if document else ""),
        "version": document.version if document else None,
        "author": {
            "display": document.author if document else "", "organisation": document.organisation if document else "",
        },
        "subject": {
            "identifier": identifiers, "family": usager.birth_name, "given": list(usager.given),
            "birthDate": usager.birth_date, "gender": _GENDERS.get(usager.sex, ""),
            "recordNumber": choice.record_number,
        },
        "attachment": {
            "contentType": facts.media_type, "title": facts.file_name, "hash": facts.sha1, "size": facts.size,
        },
        "source": {
            "sender": facts.sender, "received": facts.received.isoformat() if facts.received else "",
            "messageId": facts.message_id,
        },
    }  # fmt: skip


def _xml(facts: Facts) -> bytes:
    root = Element("documentReference")
    _fill(root, {key: value for key, value in _reference(facts).items() if key != "resourceType"})
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _fill(parent: Element, values: dict[str, object]) -> None:
    for key, value in values.items():
        for each in value if isinstance(value, list) else [value]:
            element = SubElement(parent, key)
            if isinstance(each, dict):
                _fill(element, each)
            else:
                element.text = _NOT_XML.sub("", "" if each is None else str(each))


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _csv(facts: Facts) -> bytes:
    """Header and one line, semicolons as French spreadsheets want; cells that a spreadsheet would run are defused."""
    choice, document, usager = facts.choice, facts.document, facts.choice.usager
    values = (
        facts.file_name, facts.sha1, str(facts.size), facts.media_type, document.unique_id if document else "",
        choice.type_code, choice.type_label, choice.act_date, document.created if document else "",
        document.author if document else "", document.organisation if document else "", usager.matricule or "",
        usager.oid or "", usager.birth_name, " ".join(usager.given), usager.birth_date, usager.sex,
        choice.record_number, facts.sender, facts.received.isoformat() if facts.received else "", facts.message_id,
    )  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerow([f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell for cell in map(_line, values)])
    return out.getvalue().encode("utf-8-sig", "replace")


def _hprim(facts: Facts) -> bytes:
    """HPRIM Médecin: twelve lines, then the text, then the two end marks; CRLF, Windows code page."""
    choice, usager = facts.choice, facts.choice.usager
    lines = (
        choice.record_number or usager.matricule or "", usager.birth_name, usager.given[0] if usager.given else "",
        "", "", "", _french_date(usager.birth_date), usager.matricule or "", choice.record_number,
        _french_date(choice.act_date), facts.sender, facts.recipient,
        choice.title or choice.type_label, facts.file_name, "****FIN****", "****FINFICHIER****",
    )  # fmt: skip
    return "".join(_line(line) + "\r\n" for line in lines).encode("cp1252", "replace")


def _french_date(iso: str) -> str:
    year, month, day = [*iso[:10].split("-"), "", ""][:3]
    return f"{day}/{month}/{year}" if day else ""
