"""Loose PDFs: one that shows a document of its mail is no line of its own, any other is, and a person says whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from mssclient.domain import xdm
from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.filing import FilingChoice
from mssclient.domain.identity import Usager
from mssclient.domain.message import Loading, MessageId, PartSpec
from mssclient.domain.worklist import AsideReason, WorkState
from mssclient.dui.profile import ExportProfile
from mssclient.engine.admission import TokenSource
from mssclient.engine.house import House, Operators, Speaker
from mssclient.engine.papers import Papers
from tests.domain.archives import Doc, archive, cda
from tests.engine.filing_place import PERSON, Place, place
from tests.fake_engine import ENVIRONMENT
from tests.store.conftest import NOW, envelope

MOST = 20 * 1024 * 1024
WORDS = (
    "Madame a ete recue en consultation pour un bilan complet. La marche reste possible avec un deambulateur."
    " Appetit conserve, sommeil agite depuis une semaine. Tension arterielle treize sept, pouls regulier."
    " Examen neurologique sans particularite. Traitement reconduit a l identique, poids chaque lundi, kinesitherapie."
)


def printed(text: str) -> bytes:
    """A PDF of one page with these words."""
    pieces = text.split()
    lines = [" ".join(pieces[k : k + 9]) for k in range(0, len(pieces), 9)]
    stream = (
        b"BT /F1 10 Tf 14 TL 40 780 Td " + b" ".join(f"({line}) Tj T*".encode("latin-1") for line in lines) + b" ET"
    )
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    body = b"".join(b"%d 0 obj%s endobj\n" % (k, each) for k, each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def narrative(text: str) -> bytes:
    """A level-3 CDA that says this."""
    section = f"<component><section><title>Bilan</title><text>{text}</text></section></component>"
    return cda(body=f"<component><structuredBody>{section}</structuredBody></component>")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "dui").mkdir()
    with place(tmp_path / "mail.sqlite", tmp_path / "dui", profile=ExportProfile("pdf"), fresh=False) as found:
        yield found


def house(here: Place) -> House:
    return House(
        ENVIRONMENT, PERSON, here.shelf.stores, Speaker(here.said.append), lambda: NOW, cast("TokenSource", str),
        cast("Operators", None),
    )  # fmt: skip


def mail(here: Place, files: Sequence[tuple[str, bytes]], uid: int = 7) -> MessageId:
    """A message with these attachments, all here and read."""
    kinds = {"zip": "application/zip", "pdf": "application/pdf"}
    specs = tuple(
        PartSpec(str(k + 2), kinds[name[-3:].lower()], len(raw), "base64", "", name, "", attachment=True)
        for k, (name, raw) in enumerate(files)
    )
    (message_id,) = here.shelf.stores.mail.add(here.shelf.inbox, [envelope(uid, parts=specs)])
    content = here.shelf.stores.content
    for part, (name, raw) in zip(content.parts(message_id), files, strict=True):
        archived = name.endswith("ZIP")
        content.keep_part(part.id, raw, part.spec.media_type, xdm=archived)
        if archived:
            found = xdm.read(raw)
            content.keep_archive(part.id, found, None)
            here.shelf.stores.documents.take(part.id, found)
    papers = Papers(house(here))
    papers.pair(message_id)
    papers.take(message_id, MOST)
    return message_id


def titles(here: Place) -> list[str]:
    return sorted(line.title for line in here.lines())


def test_a_pdf_alone_is_on_the_list_and_files_to_whom_a_person_chooses(here: Place) -> None:
    mail(here, [("20240110_Courrier_du_chirurgien.pdf", printed(WORDS))])
    (line,) = here.lines()
    assert (line.title, line.act_date, line.usager, line.state) == (
        "20240110 Courrier du chirurgien", "2024-01-10", None, WorkState.NEW,
    )  # fmt: skip
    chosen = Usager(None, None, "NESSI", ("RUTH",), "1977-07-14", "F")
    choice = FilingChoice(chosen, "2024-01-10", "11488-4", "Consultation", line.title, "D-7", line.content)
    here.filing.file_now(line.part_id, choice, here.folder)
    (path,) = here.folder.iterdir()
    assert path.name == "20240110_Consultation_NESSI_RUTH_D-7.pdf"
    assert path.read_bytes() == printed(WORDS)
    assert [each.state for each in here.lines()] == [WorkState.FILED]
    assert here.journal() == ["done"]
    with pytest.raises(FilingRefused) as twice:
        here.filing.file_now(line.part_id, choice, here.folder)
    assert twice.value.reason is FilingReason.ALREADY


def test_the_same_pdf_sent_again_is_a_double(here: Place) -> None:
    for uid in (7, 8):
        mail(here, [("a.pdf", printed(WORDS))], uid)
    mail(here, [("a.pdf", printed(WORDS + " Autre."))], 9)
    assert sorted(line.state.value for line in here.lines()) == ["double", "new", "new"]


def test_a_pdf_that_prints_the_cda_is_the_same_document(here: Place) -> None:
    paper = printed(
        "Hopital de la ville, service de geriatrie. PAT-TROIS Dominique. Bilan. Synthese. " + WORDS + " Page une."
    )
    mail(here, [("IHE_XDM.ZIP", archive(Doc(content=narrative(WORDS)))), ("impression.pdf", paper)])
    (line,) = here.lines()
    assert line.usager is not None
    here.file(line)
    assert [path.read_bytes() for path in here.folder.iterdir()] == [paper]


def test_a_pdf_that_says_something_else_is_a_document_of_its_own(here: Place) -> None:
    other = printed("Facture numero douze. " + " ".join(f"ligne{n} montant{n}" for n in range(40)))
    mail(here, [("IHE_XDM.ZIP", archive(Doc(content=narrative(WORDS)))), ("facture.pdf", other)])
    assert titles(here) == ["Synthèse d'épisode", "facture"]


def test_a_pdf_that_quotes_the_cda_in_a_long_report_is_its_own(here: Place) -> None:
    long = printed(WORDS + " " + " ".join(f"suite{n}" for n in range(400)))
    mail(here, [("IHE_XDM.ZIP", archive(Doc(content=narrative(WORDS)))), ("dossier complet.pdf", long)])
    assert len(here.lines()) == 2


@pytest.mark.parametrize("name", ["DOC00001.PDF", "Synthèse d'épisode.pdf", "1.2.250.1.999.1.pdf"])
def test_a_pdf_named_after_the_document_is_it(here: Place, name: str) -> None:
    mail(here, [("IHE_XDM.ZIP", archive(Doc(content=narrative(WORDS)))), (name, b"%PDF-1.4 scan")])
    assert titles(here) == ["Synthèse d'épisode"]


def test_while_the_archive_is_not_read_nobody_judges_its_pdf(here: Place) -> None:
    raw = archive(Doc(content=narrative(WORDS)))
    specs = tuple(
        PartSpec(str(k), kind, len(raw), "base64", "", name, "", attachment=True)
        for k, (name, kind) in enumerate((("IHE_XDM.ZIP", "application/zip"), ("x.pdf", "application/pdf")), 2)
    )
    stores = here.shelf.stores
    (message_id,) = stores.mail.add(here.shelf.inbox, [envelope(7, parts=specs)])
    packed, loose = stores.content.parts(message_id)
    assert stores.papers.missing(0, 5, MOST) == []
    stores.content.keep_part(loose.id, printed(WORDS), "application/pdf", xdm=False)
    papers = Papers(house(here))
    assert papers.take(message_id, MOST) == []
    assert papers.take(message_id, 10) != [], "an archive that will not be fetched is not waited for"
    stores.content.keep_part(packed.id, raw, "application/zip", xdm=True)
    stores.content.keep_archive(packed.id, xdm.read(raw), None)
    stores.documents.take(packed.id, xdm.read(raw))
    papers.pair(message_id)
    assert titles(here) == ["Synthèse d'épisode"], "the line of the PDF went into that of its document"


def test_papers_are_fetched_behind_and_those_found_here_are_listed(here: Place) -> None:
    stores = here.shelf.stores
    spec = PartSpec("2", "application/octet-stream", 900, "base64", "", "Scan.PDF", "", attachment=True)
    (message_id,) = stores.mail.add(here.shelf.inbox, [envelope(7, parts=(spec,))])
    (part,) = stores.content.parts(message_id)
    assert stores.papers.missing(0, 5, MOST) == [part.id]
    assert stores.papers.missing(0, 5, 100) == []
    assert stores.papers.waiting(0, 5, MOST) == []
    stores.content.keep_part(part.id, b"%PDF-1.4", "application/pdf", xdm=False)
    assert stores.papers.waiting(0, 5, MOST) == [message_id]
    stores.content.set_part_loading(part.id, Loading.FAILED)
    assert stores.papers.waiting(0, 5, MOST) == []


def test_what_lies_in_sent_is_nobodys_work(here: Place) -> None:
    stores = here.shelf.stores
    spec = PartSpec("2", "application/pdf", 900, "base64", "", "Scan.PDF", "", attachment=True)
    (message_id,) = stores.mail.add(here.shelf.sent, [envelope(7, parts=(spec,))])
    (part,) = stores.content.parts(message_id)
    stores.content.keep_part(part.id, b"%PDF-1.4", "application/pdf", xdm=False)
    assert Papers(house(here)).take(message_id, MOST) == []


def test_no_integration_answer_speaks_of_a_plain_pdf(here: Place) -> None:
    alone = mail(here, [("a.pdf", printed(WORDS))])
    packed = mail(here, [("IHE_XDM.ZIP", archive())], 8)
    documents = here.shelf.stores.documents
    assert [documents.is_by_the_book(each) for each in (alone, packed)] == [False, True]
    (line,) = (each for each in here.lines() if each.message_id == alone)
    documents.mark([line.id], WorkState.ASIDE, AsideReason.OTHER)
    assert documents.line(line.id) == replace(line, state=WorkState.ASIDE, reason=AsideReason.OTHER)
