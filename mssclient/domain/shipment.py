"""What a health document needs to be sent by the book: who made it, where, about what (mssante.md §5, documents.md)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mssclient.domain.identity import Usager
from mssclient.domain.type_codes import CLASS_LABELS, CLASS_OF, TYPE_LABELS

LOINC = "2.16.840.1.113883.6.1"
PROFESSIONS = "1.2.250.1.213.1.1.4.5"
PERSONS = "1.2.250.1.71.4.2.1"
STRUCTURES = "1.2.250.1.71.4.2.2"
CLASSES = "1.2.250.1.213.1.1.4.1"
FACILITIES = "1.2.250.1.71.4.2.4"
SETTINGS = "1.2.250.1.213.1.1.4.9"
CONFIDENTIALITY = "2.16.840.1.113883.5.25"
NORMAL = "N"


@dataclass(frozen=True, slots=True)
class Coded:
    """A code, the system it belongs to (an OID), and its label."""

    code: str
    label: str
    system: str


@dataclass(frozen=True, slots=True)
class Institution:
    """The structure that sends. `identifier` is the national one of structures: 1 + FINESS, 3 + SIRET."""

    name: str
    identifier: str
    facility: Coded = Coded("SA16", "Autre établissement du domaine social ou médico-social", FACILITIES)
    """healthcareFacilityTypeCode; the administrator's to say."""
    setting: Coded = Coded("ESSMS", "Etablissement ou Service Social ou Médico-Social", SETTINGS)
    """practiceSettingCode, of the terminology of professional settings."""


@dataclass(frozen=True, slots=True)
class Signatory:
    """The professional who answers for a document. `national_id` has its type digit: 8 + RPPS, 0 + ADELI."""

    national_id: str
    family: str
    given: str
    title: str = ""
    role: Coded = Coded("G15_10", "Médecin", PROFESSIONS)


@dataclass(frozen=True, slots=True)
class Act:
    """What a PDF alone does not say of itself. Ids are OIDs; `made` is aware."""

    unique_id: str
    set_id: str
    type_code: str
    title: str
    date: str
    """ISO date of the act."""
    made: datetime
    version: int = 1
    replaces: str = ""
    """unique id of the version this one replaces."""
    type_label: str = ""
    """For a code that we do not know."""
    confidentiality: tuple[str, ...] = (NORMAL,)

    @property
    def kind(self) -> Coded:
        """The document type, with the nomenclature's label."""
        return Coded(self.type_code, TYPE_LABELS.get(self.type_code, self.type_label or self.title), LOINC)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One document on its way: the CDA, and what of it the recipient reads without an XDM reader."""

    cda: bytes
    action: str = ""
    """C replaces, D deletes; empty for a first sending."""
    pdf: bytes = b""
    """The same document as PDF; empty where only the CDA is at hand."""


def class_of(type_code: str) -> Coded:
    """The class a document type belongs to; "compte rendu" where the nomenclature is silent."""
    code = CLASS_OF.get(type_code, "10")
    return Coded(code, CLASS_LABELS[code], CLASSES)


def oid_of(number: int) -> str:
    """An OID from a random UUID's integer: such need no registration (ITU-T X.667, arc 2.25)."""
    return f"2.25.{number}"


@dataclass(frozen=True, slots=True)
class Shipment:
    """Everything that goes into one mail: one usager (ECO.2.1.1), one or more documents. `sent` is aware."""

    usager: Usager
    parcels: tuple[Parcel, ...]
    sender: Signatory
    institution: Institution
    submission_id: str
    source_id: str
    sent: datetime
