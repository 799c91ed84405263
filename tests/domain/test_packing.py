"""What leaves, made from what a person said: one usager, one identity a document, PDF beside CDA, nothing invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mssclient.domain import packing, xdm
from mssclient.domain.cda_build import level_1
from mssclient.domain.consignment import Consignment, Order, Paper, PaperId, PaperKind, usager_address
from mssclient.domain.draft import DraftId
from mssclient.domain.environment import institution_of
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.handover import Handover, as_sidecar, from_sidecar
from mssclient.domain.identity import OID_NIR, OID_TEST, Usager
from mssclient.domain.session import Activity, Person
from mssclient.domain.shipment import Act, Institution, Parcel, Shipment, Signatory, oid_of
from mssclient.domain.xdm_build import archive

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OTHER_PDF = PDF + b"% another\n"
RUTH = Usager("277076322082910", OID_TEST, "NESSI", ("RUTH", "ISABELLE"), "1977-07-14", "F")
DOMINIQUE = Usager("279035121518989", OID_TEST, "PAT-TROIS", ("DOMINIQUE",), "1979-03-28", "F")
DOCTOR = Signatory("810009999991", "LEMOINE", "Anne", "Dr")
HOME = Institution("EHPAD Les Tilleuls", "1630009999")
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
ACT = Act("2.25.7", "2.25.8", "60591-5", "Synthèse", "2026-05-03", NOW)
CDA = level_1(ACT, RUTH, DOCTOR, HOME, PDF)


def paper(name: str, content: bytes, **changes: object) -> Paper:
    return replace(packing.paper_of(name, content, PaperId(name), NOW), **changes)  # type: ignore[arg-type]


def made(*given: tuple[Paper, bytes], order: Order | None = None) -> packing.Made:
    said = order or Order(RUTH, qualified=True, submission_id=oid_of(1))
    found = Consignment(DraftId("d"), said, packing.paired(tuple(p for p, _ in given)))
    return packing.made(found, {p.id: c for p, c in given}, DOCTOR, HOME, NOW)


def test_a_pdf_of_the_same_name_is_the_cda_s_other_face() -> None:
    result = made((paper("s.xml", CDA), CDA), (paper("s.pdf", OTHER_PDF), OTHER_PDF))
    names = {name: content for name, _, content in result.files}
    assert len(result.packed) == 1
    assert list(names) == ["IHE_XDM.ZIP", "20260503_Synthese medicale_NESSI_RUTH.pdf"]
    assert names["20260503_Synthese medicale_NESSI_RUTH.pdf"] == OTHER_PDF


def test_a_cda_alone_gives_the_pdf_that_it_holds() -> None:
    result = made((paper("s.xml", CDA), CDA))
    assert result.files[1][2] == PDF
    assert xdm.read(result.files[0][2]).documents[0].unique_id == "2.25.7"


def test_an_archive_that_came_leaves_as_it_came_and_joins_others_when_there_are() -> None:
    whole = archive(Shipment(RUTH, (Parcel(CDA),), DOCTOR, HOME, oid_of(5), oid_of(6), NOW))
    assert made((paper("IHE_XDM.ZIP", whole), whole)).files[0][2] == whole
    extra = paper("b.pdf", OTHER_PDF, type_code="11488-4", act_date="2026-05-02")
    both = made((paper("IHE_XDM.ZIP", whole), whole), (extra, OTHER_PDF))
    assert [d.unique_id for d in xdm.read(both.files[0][2]).documents] == ["2.25.7", extra.unique_id]
    assert "2 documents" in both.subject


def test_without_a_qualified_ins_no_matricule_goes_out() -> None:
    one = paper("a.pdf", PDF, type_code="60591-5", act_date="2026-05-03")
    result = made((one, PDF), order=Order(RUTH, qualified=False, submission_id=oid_of(1)))
    assert RUTH.matricule is not None
    (document,) = xdm.read(result.files[0][2]).documents
    assert document.usager is not None
    assert document.usager.matricule is None
    assert RUTH.matricule not in result.subject
    assert usager_address(Order(RUTH, qualified=False), training=True) == ""


def test_the_address_is_built_from_a_right_key_and_in_production_from_production_s_oids() -> None:
    assert usager_address(Order(RUTH, qualified=True), training=True) == "277076322082910@patient.mssante.fr"
    assert usager_address(Order(RUTH, qualified=True), training=False) == ""
    real = replace(RUTH, oid=OID_NIR)
    assert usager_address(Order(real, qualified=True), training=False) == "277076322082910@patient.mssante.fr"
    assert usager_address(Order(replace(real, matricule="277076322082911"), qualified=True), training=False) == ""
    assert usager_address(Order(replace(real, sex=""), qualified=True), training=False) == ""


def test_documents_of_two_usagers_are_no_mail() -> None:
    other = level_1(replace(ACT, unique_id="2.25.9"), DOMINIQUE, DOCTOR, HOME, PDF)
    with pytest.raises(ValueError, match="usager"):
        made((paper("s.xml", CDA), CDA), (paper("t.xml", other), other))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"<html/>", b"MZ\x90", b"<ClinicalDocument/>"])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        packing.paper_of("x.pdf", content, PaperId("x"), NOW)


def test_a_document_without_usager_is_refused() -> None:
    blank = CDA.replace(b"<patientRole>", b"<nobody>").replace(b"</patientRole>", b"</nobody>")
    with pytest.raises(Unreadable) as told:
        packing.paper_of("x.xml", blank, PaperId("x"), NOW)
    assert told.value.reason is Unread.NOT_IT


@pytest.mark.parametrize(("profession", "code"), [("Médecin", "G15_10"), ("infirmier", "G15_60"), ("Secrétaire", "")])
def test_a_profession_that_is_not_known_is_left_out(profession: str, code: str) -> None:
    who = packing.signatory(Person("810000000001", "Anne", "LEMOINE"), Activity(profession, "", "EHPAD"))
    assert who.role.code == code
    document = level_1(ACT, RUTH, who, HOME, PDF)
    assert (b'codeSystem="1.2.250.1.213.1.1.4.5"' in document) is bool(code)


def test_a_hand_over_survives_the_way_between_two_programs() -> None:
    handed = Handover(
        ("a.b@chu.mss.example",), "s@t.mss.example", "Objet", "Texte\nligne", ("/x/a.pdf",), RUTH, "12", "60591-5",
        "2026-05-03", "Titre", "810009999991", "2.25.1", "2.25.2", 2, "2.25.3", "C", True,
    )  # fmt: skip
    assert from_sidecar(as_sidecar(handed), anywhere=True) == handed
    with pytest.raises(Unreadable):
        from_sidecar(as_sidecar(handed))


def test_the_institution_is_told_by_the_environment() -> None:
    table = {
        "institution": {"name": "EHPAD", "identifier": "1630009999", "facility": "SA05", "facility_label": "EHPAD"}
    }
    found = institution_of(table)
    assert found is not None
    assert (found.name, found.facility.code, found.setting.code) == ("EHPAD", "SA05", "ESSMS")
    assert institution_of({}) is None
    for wrong in ({"name": "x"}, {"name": "x", "identifier": "12"}, {"identifier": "1630009999"}):
        with pytest.raises(ValueError, match=r"name|identifier"):
            institution_of({"institution": wrong})


def test_kinds_are_told_by_the_bytes() -> None:
    assert paper("a.xml", PDF).kind is PaperKind.PDF
    assert paper("a.pdf", CDA).kind is PaperKind.CDA
