"""What we build, checked against documents.md's tables by code that shares nothing with the builder; and read back."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain import cda, xdm
from mssclient.domain.cda_build import level_1
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import OID_TEST, Usager
from mssclient.domain.shipment import Act, Institution, Parcel, Shipment, Signatory, oid_of
from mssclient.domain.xdm_build import NotIts, archive

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RUTH = Usager("277076322082910", OID_TEST, "NESSI", ("RUTH", "ISABELLE"), "1977-07-14", "F", "L’ÉVÊQUE", "63220")
DOCTOR = Signatory("810009999991", "LEBŒUF & FILS", "Anne", "Dr")
HOME = Institution("EHPAD <Les Tilleuls>", "1630009999")
PARIS = timezone(timedelta(hours=2))
MADE = datetime(2026, 5, 4, 10, 30, tzinfo=PARIS)
ACT = Act(oid_of(123456789), oid_of(987654321), "11488-4", "CR de consultation du Dr. Œ", "2026-05-03", MADE)
NS = {"h": "urn:hl7-org:v3", "r": "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"}


def _cda(act: Act = ACT, usager: Usager = RUTH) -> bytes:
    return level_1(act, usager, DOCTOR, HOME, PDF)


def _shipment(*parcels: Parcel, usager: Usager = RUTH) -> Shipment:
    return Shipment(usager, parcels, DOCTOR, HOME, oid_of(5), oid_of(6), datetime(2026, 5, 4, 9, 0, tzinfo=UTC))


def _metadata(packed: bytes) -> ET.Element:
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        return ET.fromstring(opened.read("IHE_XDM/SUBSET01/METADATA.XML"))


def _slot(element: ET.Element, name: str) -> list[str]:
    return [v.text or "" for v in element.findall(f"r:Slot[@name='{name}']/r:ValueList/r:Value", NS)]


def test_the_header_stands_where_the_table_says() -> None:
    root = ET.fromstring(_cda())

    def at(path: str) -> ET.Element:
        found = root.findall("/".join(f"h:{p}" if p[0] != "." else p for p in path.split("/")), NS)
        assert len(found) == 1, path
        return found[0]

    assert root.tag == "{urn:hl7-org:v3}ClinicalDocument"
    assert at("id").attrib == {"root": ACT.unique_id}
    assert at("setId").attrib == {"root": ACT.set_id}
    assert at("versionNumber").get("value") == "1"
    assert (at("code").get("code"), at("code").get("codeSystem")) == ("11488-4", "2.16.840.1.113883.6.1")
    assert at("title").text == ACT.title
    assert at("effectiveTime").get("value") == "20260504103000+0200"
    assert at("documentationOf/serviceEvent/effectiveTime/low").get("value") == "20260503"
    assert at("confidentialityCode").get("code") == "N"
    number = at("recordTarget/patientRole/id")
    assert number.attrib == {"root": OID_TEST, "extension": RUTH.matricule}
    patient = at("recordTarget/patientRole/patient")
    families = {e.get("qualifier"): e.text for e in patient.findall("h:name/h:family", NS)}
    givens = {e.get("qualifier"): e.text for e in patient.findall("h:name/h:given", NS)}
    assert families == {"BR": "NESSI", "CL": "L’ÉVÊQUE"}
    assert givens == {None: "RUTH ISABELLE", "BR": "RUTH"}
    assert at("recordTarget/patientRole/patient/birthTime").get("value") == "19770714"
    assert at("recordTarget/patientRole/patient/birthplace/place/addr/county").text == "63220"
    author = at("author/assignedAuthor/id")
    assert (author.get("root"), author.get("extension")) == ("1.2.250.1.71.4.2.1", "810009999991")
    body = at("component/nonXMLBody/text")
    assert (body.get("mediaType"), body.get("representation")) == ("application/pdf", "B64")
    assert base64.b64decode(body.text or "") == PDF


def test_the_elements_follow_the_schema_s_order() -> None:
    order = [
        "realmCode", "typeId", "templateId", "id", "code", "title", "effectiveTime", "confidentialityCode",
        "languageCode", "setId", "versionNumber", "recordTarget", "author", "custodian", "legalAuthenticator",
        "documentationOf", "relatedDocument", "componentOf", "component",
    ]  # fmt: skip
    root = ET.fromstring(_cda(replace(ACT, version=2, replaces=oid_of(1))))
    names = list(dict.fromkeys(each.tag.rpartition("}")[2] for each in root))
    assert names == order
    assert root.find("h:relatedDocument", NS).get("typeCode") == "RPLC"  # type: ignore[union-attr]
    assert root.find("h:relatedDocument/h:parentDocument/h:id", NS).get("root") == oid_of(1)  # type: ignore[union-attr]


def test_the_archive_has_its_furniture_and_names_in_8_3_capitals() -> None:
    packed = archive(_shipment(Parcel(_cda()), Parcel(_cda(replace(ACT, unique_id=oid_of(77))))))
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        names = opened.namelist()
        assert opened.testzip() is None
    assert {"INDEX.HTM", "README.TXT", "IHE_XDM/SUBSET01/METADATA.XML"} < set(names)
    for name in names:
        assert all(re.fullmatch(r"[A-Z0-9_]{1,8}(\.[A-Z0-9]{1,3})?", piece) for piece in name.split("/")), name


def test_each_attribute_of_the_table_is_in_the_metadata() -> None:
    document = _cda()
    root = _metadata(archive(_shipment(Parcel(document, action="C"))))
    (entry,) = root.findall(".//r:ExtrinsicObject", NS)
    schemes = {c.get("classificationScheme", "")[9:]: c for c in entry.findall("r:Classification", NS)}
    assert set(schemes) == {
        "93606bcf-9494-43ec-9b4e-a7748d1a838d", "41a5887f-8865-4c09-adf7-e362475b143a",
        "f0306f51-975f-434e-a61c-c59651d33983", "a09d5840-386c-46f2-b5ad-9c3699a4309d",
        "f4f85eac-e6cb-4883-b524-f2705394840f", "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1",
        "cccf5598-8b07-4b77-a05e-ae952c785ead",
    }  # fmt: skip
    assert schemes["f0306f51-975f-434e-a61c-c59651d33983"].get("nodeRepresentation") == "11488-4"
    assert schemes["41a5887f-8865-4c09-adf7-e362475b143a"].get("nodeRepresentation") == "10"
    assert entry.get("objectType") == "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
    assert entry.get("mimeType") == "text/xml"
    assert _slot(entry, "hash") == [hashlib.sha1(document).hexdigest()]
    assert _slot(entry, "size") == [str(len(document))]
    assert _slot(entry, "URI") == ["DOC00001.XML"]
    assert _slot(entry, "creationTime") == ["20260504083000"]
    assert _slot(entry, "serviceStartTime") == ["20260503"]
    assert _slot(entry, "languageCode") == ["fr-FR"]
    assert _slot(entry, "urn:asip:ci-sis:action") == ["C"]
    assert "PID-5|NESSI^RUTH^RUTH ISABELLE^^^^L~L’ÉVÊQUE^RUTH^^^^^D" in _slot(entry, "sourcePatientInfo")
    author = schemes["93606bcf-9494-43ec-9b4e-a7748d1a838d"]
    assert _slot(author, "authorPerson")[0].split("^")[:3] == ["810009999991", "LEBŒUF FILS", "Anne"]
    outside = {e.get("identificationScheme", "")[9:]: e.get("value") for e in entry.findall("r:ExternalIdentifier", NS)}
    assert outside == {
        "58a6f841-87b3-4a3e-92fd-a8ffeff98427": f"{RUTH.matricule}^^^&{OID_TEST}&ISO^NH",
        "2e82c1f6-a085-4c72-9da3-8640a32e42ab": ACT.unique_id,
    }


def test_the_submission_set_is_whole_and_tied() -> None:
    root = _metadata(archive(_shipment(Parcel(_cda()))))
    (package,) = root.findall(".//r:RegistryPackage", NS)
    ids = {e.get("identificationScheme", "")[9:] for e in package.findall("r:ExternalIdentifier", NS)}
    assert ids == {
        "96fdda7c-d067-4183-912e-bf5ee74998a8", "554ac39e-e3fe-47fe-b233-965d2a147832",
        "6b5aea1a-874d-4603-a4bc-96a0a7b38446",
    }  # fmt: skip
    kinds = {c.get("classificationScheme", "")[9:] for c in package.findall("r:Classification", NS)}
    assert kinds == {"a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d", "aa543740-bdda-424e-8c96-df4873be8500"}
    nodes = [
        c.get("classificationNode") for c in root.findall(".//r:Classification", NS) if c.get("classificationNode")
    ]
    assert nodes == ["urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"]
    (tie,) = root.findall(".//r:Association", NS)
    (entry,) = root.findall(".//r:ExtrinsicObject", NS)
    assert (tie.get("sourceObject"), tie.get("targetObject")) == (package.get("id"), entry.get("id"))
    every = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(every) == len(set(every))


def test_the_remaining_slots_of_the_table() -> None:
    root = _metadata(archive(_shipment(Parcel(_cda()))))
    (entry,) = root.findall(".//r:ExtrinsicObject", NS)
    for name in ("serviceStopTime", "sourcePatientId", "legalAuthenticator"):
        assert len(_slot(entry, name)) <= 1, name
    (source,) = _slot(entry, "sourcePatientId")
    number, _, authority = source.partition("^^^&")
    assert number
    assert re.fullmatch(r"[0-9.]+&ISO\^[A-Z]{2}", authority)
    (signed,) = _slot(entry, "legalAuthenticator")
    pieces = signed.split("^")
    assert pieces[:3] == ["810009999991", "LEBŒUF FILS", "Anne"]
    assert pieces[8:10] == ["&1.2.250.1.71.4.2.1&ISO", "D"]
    assert {line.partition("|")[0] for line in _slot(entry, "sourcePatientInfo")} >= {"PID-5", "PID-7", "PID-8"}
    assert "PID-7|19770714" in _slot(entry, "sourcePatientInfo")
    assert "PID-8|F" in _slot(entry, "sourcePatientInfo")
    (author,) = (
        c for c in entry.findall("r:Classification", NS) if c.get("classificationScheme", "").endswith("8d1a838d")
    )
    assert _slot(author, "authorPerson") == [signed]
    (place,) = _slot(author, "authorInstitution")
    assert place.split("^")[0] == HOME.name
    assert place.split("^")[5:7] == ["&1.2.250.1.71.4.2.2&ISO", "IDNST"]
    assert place.split("^")[9] == HOME.identifier


def test_children_follow_the_schema_of_ebrim() -> None:
    """rim.xsd 3.0: RegistryObjectType is a sequence, and references name objects of the same submission."""
    root = _metadata(archive(_shipment(Parcel(_cda()), Parcel(_cda(replace(ACT, unique_id=oid_of(77)))))))
    order = ["Slot", "Name", "Description", "VersionInfo", "Classification", "ExternalIdentifier"]
    ids = {e.get("id") for e in root.iter() if e.get("id")}
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name in {"ExtrinsicObject", "RegistryPackage", "Classification", "ExternalIdentifier", "Association"}:
            places = [order.index(each.tag.rpartition("}")[2]) for each in element]
            assert places == sorted(places), name
            assert element.get("id"), name
        for reference in ("classifiedObject", "registryObject", "sourceObject", "targetObject"):
            assert element.get(reference) is None or element.get(reference) in ids, (name, reference)
        if name == "Classification" and element.get("classificationScheme"):
            assert element.get("nodeRepresentation") is not None
            if not _slot(element, "authorPerson"):
                assert _slot(element, "codingScheme"), element.attrib
                assert element.find("r:Name/r:LocalizedString", NS) is not None, element.attrib
        if name == "ExternalIdentifier":
            assert element.find("r:Name/r:LocalizedString", NS) is not None
    package = root.find(".//r:RegistryPackage", NS)
    assert package is not None
    assert re.fullmatch(r"\d{14}", _slot(package, "submissionTime")[0])
    ties = {(t.get("sourceObject"), t.get("targetObject")) for t in root.findall(".//r:Association", NS)}
    assert ties == {(package.get("id"), e.get("id")) for e in root.findall(".//r:ExtrinsicObject", NS)}
    for tie in root.findall(".//r:Association", NS):
        assert tie.get("associationType") == "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
        assert _slot(tie, "SubmissionSetStatus") == ["Original"]


def test_what_we_build_we_read_back() -> None:
    second = replace(ACT, unique_id=oid_of(77), version=2, replaces=ACT.unique_id, type_code="18748-4", title="Radio")
    read = xdm.read(archive(_shipment(Parcel(_cda()), Parcel(_cda(second), action="C"))))
    assert read.is_xdm
    assert [warning.code for warning in read.warnings] == ["replacement"]
    one, two = read.documents
    assert (one.usager, one.hash_ok, one.size_ok, one.key_valid) == (RUTH, True, True, True)
    assert (one.type_code, one.title, one.act_date[:10], one.version) == ("11488-4", ACT.title, "2026-05-03", 1)
    assert (two.action, two.replaces, two.version, two.class_code) == ("C", (ACT.unique_id,), 2, "31")
    assert one.organisation == HOME.name
    assert "LEBŒUF" in one.author


def test_the_same_shipment_gives_the_same_bytes() -> None:
    assert archive(_shipment(Parcel(_cda()))) == archive(_shipment(Parcel(_cda())))


def test_a_document_of_another_usager_is_refused() -> None:
    other = replace(RUTH, matricule="279035121518989", birth_name="PAT-TROIS", birth_date="1979-03-28")
    with pytest.raises(NotIts):
        archive(_shipment(Parcel(_cda(usager=other))))
    with pytest.raises(NotIts):
        archive(_shipment(Parcel(_cda(usager=replace(RUTH, birth_date="1977-07-15")))))


def test_the_same_document_twice_or_none_is_refused() -> None:
    with pytest.raises(ValueError, match="unique id"):
        archive(_shipment(Parcel(_cda()), Parcel(_cda())))
    with pytest.raises(ValueError, match="documents"):
        archive(_shipment())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rest", b"\xff\xd8\xff\xe0", b"<html>"])
def test_only_a_pdf_goes_into_a_level_1(content: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        level_1(ACT, RUTH, DOCTOR, HOME, content)
    assert refused.value.reason is Unread.NOT_IT


@pytest.mark.parametrize(
    "missing", [{"birth_name": ""}, {"given": ()}, {"birth_date": "1977"}, {"sex": ""}, {"sex": "U"}]
)
def test_without_the_traits_nothing_is_built(missing: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="traits"):
        _cda(usager=replace(RUTH, **missing))  # type: ignore[arg-type]


def test_without_an_ins_the_usager_is_named_by_traits_only() -> None:
    nameless = replace(RUTH, matricule=None, oid=None)
    read = xdm.read(archive(_shipment(Parcel(_cda(usager=nameless)), usager=nameless)))
    (one,) = read.documents
    assert one.usager is not None
    assert (one.usager.matricule, one.usager.birth_name) == (None, "NESSI")


_words = st.text(st.characters(codec="utf-8"), max_size=60)


@given(title=_words, family=_words, place=_words, label=_words)
def test_no_word_can_become_markup_or_another_field(title: str, family: str, place: str, label: str) -> None:
    act = replace(ACT, title=title, type_code="00000-0", type_label=label)
    doctor = replace(DOCTOR, family=family)
    made = level_1(act, replace(RUTH, used_name=family), doctor, replace(HOME, name=place), PDF)
    header = cda.read(made)
    assert (header.unique_id, header.usager and header.usager.matricule) == (ACT.unique_id, RUTH.matricule)
    root = _metadata(archive(_shipment(Parcel(made))))
    for person in root.findall(".//r:Slot[@name='authorPerson']//r:Value", NS):
        assert (person.text or "").count("^") == 12
    assert len(root.findall(".//r:ExtrinsicObject", NS)) == 1


def test_the_nist_archives_still_read() -> None:
    folder = Path(__file__).parents[1] / "data" / "xdm"
    assert all(xdm.read(path.read_bytes()).is_xdm for path in folder.glob("*.zip"))
