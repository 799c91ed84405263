"""Health documents sent by the book on the sandbox operator: made, sent, received whole, replaced, asked to be deleted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mssclient.domain import mime, xdm
from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Bal
from mssclient.domain.cda_build import level_1
from mssclient.domain.consignment import Consignment, Order, PaperKind
from mssclient.domain.dashboard import Count, Kind, Span
from mssclient.domain.draft import Draft, DraftId, Objection, Origin, Recipient, Why, objections
from mssclient.domain.errors import NotAllowed, Unreadable
from mssclient.domain.handover import Handover
from mssclient.domain.identity import OID_TEST, Usager
from mssclient.domain.matching import RecordUsager, Roster
from mssclient.domain.outbox import SendState
from mssclient.domain.shipment import Act, Institution, Signatory
from mssclient.engine.roster import RosterFile
from tests.engine.conftest import POLICY, Workstation
from tests.engine.letters import DOCTOR

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RUTH = Usager("277076322082910", OID_TEST, "NESSI", ("RUTH", "ISABELLE"), "1977-07-14", "F")
HOME = Institution("EHPAD Les Tilleuls", "1630009999")


def begun(desk: Workstation, bal: Bal) -> Draft:
    desk.until(lambda: desk.engine.facts(bal.id).white_list, "white list")
    draft = replace(desk.engine.new_draft(bal.id), recipients=(Recipient(DOCTOR),), text="Bonjour")
    desk.engine.keep_draft(draft)
    return draft


def shipment(desk: Workstation, draft_id: DraftId) -> Consignment:
    found = desk.engine.reader.shipment(draft_id)
    assert found is not None
    return found


def prepared(desk: Workstation, draft: Draft) -> Draft:
    """The archive is made; the draft as the window would send it."""
    desk.engine.prepare_shipment(draft.id)
    desk.until(lambda: shipment(desk, draft.id).fresh, "archive made")
    desk.until(lambda: (d := desk.engine.reader.draft(draft.id)) and d.attachments, "attached")
    kept = desk.engine.reader.draft(draft.id)
    assert kept is not None
    return replace(draft, subject=shipment(desk, draft.id).subject, attachments=kept.attachments)


def with_pdf(desk: Workstation, draft: Draft, folder: Path, name: str = "synthese.pdf") -> None:
    path = folder / name
    path.write_bytes(PDF)
    desk.engine.add_paper(draft.id, path)
    desk.until(lambda: (s := desk.engine.reader.shipment(draft.id)) and s.papers, "document read")


def told(desk: Workstation, draft: Draft, order: Order = Order(RUTH, qualified=True)) -> None:  # noqa: B008
    papers = tuple(
        replace(p, type_code="60591-5", act_date="2026-05-03", title="Synthèse") if p.kind is PaperKind.PDF else p
        for p in shipment(desk, draft.id).papers
    )
    desk.engine.keep_order(draft.id, order, papers)
    desk.until(lambda: shipment(desk, draft.id).papers[0].type_code and shipment(desk, draft.id).order.usager, "told")


def leaves(desk: Workstation, draft: Draft) -> bytes:
    """Send, and the bytes that the operator took."""
    before = len(desk.theatre.operator.submissions)
    desk.engine.send(draft)
    desk.until(lambda: len(desk.theatre.operator.submissions) > before, "submitted")
    return desk.theatre.operator.submissions[-1].raw


def outfitted(signed: Workstation, institution: Institution | None = HOME) -> None:
    office = signed.engine._office
    assert office is not None
    office.house.environment = replace(signed.environment, institution=institution)


def test_a_pdf_leaves_by_the_book_and_is_read_back(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft)
    raw = leaves(desk, prepared(desk, draft))
    assert b"X-MSS-INS: O\r\n" in raw
    assert b"X-MSS-CODECDA: 60591-5\r\n" in raw
    desk.until(desk.engine.reader.sent_documents, "registry")
    (line,) = desk.engine.reader.sent_documents()
    assert (line.title, line.recipients[0][0], line.qualified) == ("Synthèse", DOCTOR.address, True)


def parts(raw: bytes) -> dict[str, bytes]:
    return {a.name: a.content for a in mime.parse(raw).attachments}


def test_the_archive_and_the_pdf_say_the_same_and_bear_the_names_of_the_book(
    signed_in: Workstation, tmp_path: Path
) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft)
    ready = prepared(desk, draft)
    assert ready.subject == "XDM/1.0/DDM+Synthèse médicale NESSI RUTH 14/07/1977"
    raw = leaves(desk, ready)
    found = parts(raw)
    assert set(found) == {"IHE_XDM.ZIP", "20260503_Synthese medicale_NESSI_RUTH.pdf"}
    assert found["20260503_Synthese medicale_NESSI_RUTH.pdf"] == PDF
    (document,) = xdm.read(found["IHE_XDM.ZIP"]).documents
    assert document.hash_ok is True
    assert document.usager is not None
    assert (document.usager.matricule, document.usager.oid) == (RUTH.matricule, OID_TEST)
    desk.until(desk.engine.reader.sent_documents, "registry")
    assert document.unique_id == desk.engine.reader.sent_documents()[0].unique_id


def test_made_again_it_is_the_same_document(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft)
    first = prepared(desk, draft)
    before = shipment(desk, draft.id)
    paper = replace(before.papers[0], title="Autre titre")
    desk.engine.keep_order(draft.id, before.order, (paper,))
    desk.until(lambda: not shipment(desk, draft.id).fresh, "no more fresh")
    assert Why.NOT_PREPARED in {o.why for o in desk.engine.shipment_objections(first)}
    second = prepared(desk, draft)
    after = shipment(desk, draft.id)
    assert (after.papers[0].unique_id, after.papers[0].set_id) == (before.papers[0].unique_id, before.papers[0].set_id)
    assert {a.id for a in second.attachments}.isdisjoint(a.id for a in first.attachments)
    assert len(second.attachments) == len(first.attachments) == 2


def test_nothing_leaves_that_was_not_made_or_is_somebody_else_s(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft)
    outfitted(desk, None)
    with pytest.raises(NotAllowed) as refusal:
        desk.engine.send(draft)
    assert Why.NO_INSTITUTION in {o.why for o in refusal.value.objections if isinstance(o, Objection)}
    outfitted(desk)
    assert {o.why for o in desk.engine.shipment_objections(draft)} == {Why.NOT_PREPARED}
    stranger = Correspondent("X", "279035121518989@patient.mssante.fr", CorrespondentKind.USAGER)
    ready = prepared(desk, draft)
    wrong = replace(ready, recipients=(Recipient(stranger, origin=Origin.RECORD),))
    assert {o.why for o in desk.engine.shipment_objections(wrong)} == {Why.OTHER_USAGER}
    own = desk.engine.usager_correspondent(shipment(desk, draft.id).order)
    assert own is not None
    assert own.address == "277076322082910@patient.mssante.fr"
    assert desk.engine.shipment_objections(replace(ready, recipients=(Recipient(own, origin=Origin.RECORD),))) == ()


def test_a_replacement_and_a_deletion_go_to_those_who_have_it(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft)
    leaves(desk, prepared(desk, draft))
    desk.until(desk.engine.reader.sent_documents, "registry")
    (first,) = desk.engine.reader.sent_documents()

    again = desk.engine.replacement(first, deletion=False)
    desk.until(lambda: desk.engine.reader.shipment(again.id), "replacement begun")
    with_pdf(desk, again, tmp_path, "nouvelle.pdf")
    # Of the same act as the version before: nothing has to be said again.
    (paper,) = shipment(desk, again.id).papers
    assert (paper.type_code, paper.title, paper.act_date) == ("60591-5", "Synthèse", "2026-05-03")
    raw = leaves(desk, prepared(desk, again))
    (document,) = xdm.read(parts(raw)["IHE_XDM.ZIP"]).documents
    assert (document.action, document.version, document.set_id) == ("C", 2, first.set_id)
    assert document.replaces == (first.unique_id,)
    assert again.recipients[0].who.address == DOCTOR.address
    assert "annule et remplace" in again.text
    desk.until(lambda: len(desk.engine.reader.sent_documents()) == 2, "registry")
    second, former = desk.engine.reader.sent_documents()
    assert (second.latest, former.latest) == (True, False)

    gone = desk.engine.replacement(second, deletion=True)
    desk.until(lambda: (s := desk.engine.reader.shipment(gone.id)) and s.fresh, "deletion made")
    raw = leaves(desk, prepared(desk, gone))
    (document,) = xdm.read(parts(raw)["IHE_XDM.ZIP"]).documents
    assert (document.action, document.unique_id) == ("D", second.unique_id)
    assert shipment(desk, gone.id).subject.startswith("[Demande de suppression] XDM/1.0/DDM+")
    desk.until(lambda: not desk.engine.reader.sent_documents()[1].latest, "registry")


def test_the_record_system_hands_over_a_document(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    desk.until(lambda: desk.engine.facts(bal.id).white_list, "white list")
    (tmp_path / "cr.pdf").write_bytes(PDF)
    handed = Handover(
        (DOCTOR.address,), bal.address, attachments=("cr.pdf",), usager=RUTH, type_code="11488-4", act_date="2026-05-03",
        title="CR", unique_id="2.25.99", to_usager=True,
    )  # fmt: skip
    draft = desk.engine.compose(handed, tmp_path)
    desk.until(lambda: (s := desk.engine.reader.shipment(draft.id)) and s.fresh, "made")
    assert [r.who.address for r in draft.recipients] == [DOCTOR.address, "277076322082910@patient.mssante.fr"]
    assert draft.bal_id == bal.id
    ready = prepared(desk, draft)
    assert desk.engine.shipment_objections(ready) == ()
    assert shipment(desk, draft.id).papers[0].unique_id == "2.25.99"
    raw = leaves(desk, ready)
    assert xdm.read(parts(raw)["IHE_XDM.ZIP"]).documents[0].unique_id == "2.25.99"


def test_nobody_names_a_usager_s_own_messaging_without_their_qualified_ins(signed_in: Workstation) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    desk.until(lambda: desk.engine.facts(bal.id).white_list, "white list")
    own, other = "277076322082910@patient.mssante.fr", "279035121518989@patient.mssante.fr"
    nobody, stranger, known = (
        desk.engine.compose(handed)
        for handed in (
            Handover((own,), subject="Bonjour", text="Bonjour"),
            Handover((other,), subject="Bonjour", text="Bonjour", usager=RUTH),
            Handover((own,), subject="Bonjour", text="Bonjour", usager=RUTH, to_usager=True),
        )
    )
    for draft, address in ((nobody, own), (stranger, other)):
        with pytest.raises(NotAllowed) as refused:
            desk.engine.send(draft)
        assert Objection(Why.TYPED_USAGER, address) in refused.value.objections
    assert [r.who.address for r in known.recipients] == [own]
    assert objections(known, desk.engine.facts(bal.id)) == ()


def test_what_is_no_document_is_refused_and_said(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    draft = begun(desk, bal)
    bad = tmp_path / "lettre.docx"
    bad.write_bytes(b"PK\x03\x04 not one of ours")
    desk.engine.add_paper(draft.id, bad)
    desk.until(lambda: any(isinstance(t.error, Unreadable) and t.draft_id == draft.id for t in desk.problems()), "told")
    assert desk.engine.reader.shipment(draft.id) is None


def test_papers_do_not_outlive_their_message(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft)
    leaves(desk, prepared(desk, draft))
    desk.until(
        lambda: any(s.state is SendState.DONE and s.subject.startswith("XDM") for s in desk.engine.reader.sent()),
        "done",
    )
    office = desk.engine._office
    assert office is not None
    office.house.stores.shipments.forget_gone()
    assert shipment(desk, draft.id).papers == ()
    assert len(desk.engine.reader.sent_documents()) == 1
    assert POLICY.undo_send_s == 0


def test_an_opposition_in_the_record_is_respected(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    office = desk.engine._office
    assert office is not None
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft, Order(RUTH, qualified=True, to_usager=True))
    ready = prepared(desk, draft)
    own = desk.engine.usager_correspondent(shipment(desk, draft.id).order)
    assert own is not None
    both = replace(ready, recipients=(*ready.recipients, Recipient(own, origin=Origin.RECORD)))
    assert desk.engine.shipment_objections(both) == ()
    office.roster.roster = Roster([RecordUsager("42", RUTH, True, refuses_citizen=True, refuses_professional=True)])
    assert {o.why for o in desk.engine.shipment_objections(both)} == {Why.OPPOSED, Why.OPPOSED_PROFESSIONALS}


def test_an_opposition_that_was_just_recorded_counts(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    office = desk.engine._office
    assert office is not None
    path = tmp_path / "usagers.csv"
    office.roster = RosterFile(str(path), office.house.speaker, office.house.clock)
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft)
    path.write_text(
        "Matricule INS;OID;Nom de naissance;Prénoms;Date de naissance;Sexe;Opposition pro\n"
        f"{RUTH.matricule};{RUTH.oid};NESSI;RUTH;14/07/1977;F;oui\n", "utf-8",
    )  # fmt: skip
    ready = prepared(desk, draft)
    assert {o.why for o in desk.engine.shipment_objections(ready)} == {Why.OPPOSED_PROFESSIONALS}


def test_an_opposition_holds_for_a_message_without_documents(signed_in: Workstation) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    office = desk.engine._office
    assert office is not None
    draft = begun(desk, bal)
    own = Correspondent("NESSI RUTH", "277076322082910@patient.mssante.fr", CorrespondentKind.USAGER)
    answer = replace(draft, recipients=(Recipient(own, origin=Origin.ANSWER),))
    assert desk.engine.shipment_objections(answer) == ()
    office.roster.roster = Roster([RecordUsager("42", RUTH, True, refuses_citizen=True, refuses_professional=True)])
    assert {o.why for o in desk.engine.shipment_objections(answer)} == {Why.OPPOSED}
    assert desk.engine.shipment_objections(draft) == ()


def test_what_its_patient_may_not_see_does_not_go_to_them(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    draft = begun(desk, bal)
    act = Act("2.25.7", "2.25.8", "60591-5", "Synthèse", "2026-05-03", datetime(2026, 5, 4, 9, tzinfo=UTC),
              confidentiality=("N", "INVISIBLE_PATIENT"))  # fmt: skip
    author = Signatory("810009999991", "LEMOINE", "Anne")
    (tmp_path / "s.xml").write_bytes(level_1(act, RUTH, author, HOME, PDF))
    desk.engine.add_paper(draft.id, tmp_path / "s.xml")
    desk.until(lambda: (s := desk.engine.reader.shipment(draft.id)) and s.papers, "read")
    ready = prepared(desk, draft)
    assert {a.name for a in ready.attachments} == {"IHE_XDM.ZIP", "20260503_Synthese medicale_NESSI_RUTH.pdf"}
    own = desk.engine.usager_correspondent(shipment(desk, draft.id).order)
    assert own is not None
    to_them = replace(ready, recipients=(Recipient(own, origin=Origin.RECORD),))
    assert {o.why for o in desk.engine.shipment_objections(to_them)} == {Why.HIDDEN}
    assert desk.engine.shipment_objections(ready) == ()


def test_the_dashboard_and_the_traces_tell_what_left(signed_in: Workstation, tmp_path: Path) -> None:
    desk, bal = signed_in, signed_in.bal("soins")
    outfitted(desk)
    draft = begun(desk, bal)
    with_pdf(desk, draft, tmp_path)
    told(desk, draft)
    leaves(desk, prepared(desk, draft))
    desk.until(desk.engine.reader.sent_documents, "registry")
    desk.engine.count_exchanges()
    desk.until(lambda: desk.engine.dashboard(Span.MONTH), "counted")
    board = desk.engine.dashboard(Span.MONTH)
    assert board is not None
    counts = dict(board.kinds)
    assert counts[Kind.TO_PROFESSIONALS] == Count(1, 0)
    assert (HOME.name, Count(1, 0)) in board.structures
    office = desk.engine._office
    assert office is not None
    desk.until(lambda: any(each[3] == "send" for each in office.house.stores.traces.all()), "traced")
    target = tmp_path / "traces.csv"
    desk.engine.export_traces(target)
    desk.until(target.exists, "written")
    text = target.read_text("utf-8-sig")
    assert text.splitlines()[0] == "date;personne;boite;acte;demande;reponse"
    assert any('"send"' in line and "ACCEPTED" in line for line in text.splitlines())
    assert "NESSI" not in text
