"""A health document on the screen: everything of it, nothing of its producer's markup, searchable, in every rendition."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mssclient.domain import cda, cda_view
from mssclient.domain.cda_parts import MOST
from mssclient.domain.cda_view import Block, Cell, Figure, Heading, Listing, Paragraph, Run, Style, Table, View
from mssclient.domain.documents import Archive
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.events import PreviewReady
from mssclient.domain.message import MessageId, PartId
from mssclient.engine.api import Picture
from mssclient.ui.preview.document import DocumentPage
from mssclient.ui.preview.document_html import facts, slices
from mssclient.ui.preview.panel import PreviewPanel
from tests.domain import archives
from tests.ui.desk import Desk, signed_in, unnamed

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

PART, PAPER = PartId(10), PartId(99)
HOSTILE = '<script>alert(1)</script><img src="http://x.example/t.png"><a href="file:///etc/passwd">x</a>'
DOCUMENT = cda.read(archives.cda())


def paragraph(text: str, style: Style = Style.NONE) -> Paragraph:
    return Paragraph((Run(text, style),))


def view(*blocks: cda_view.Block, cut: bool = False) -> View:
    return View("Titre", blocks, cut)


@pytest.fixture
def page(qtbot: QtBot) -> DocumentPage:
    made = DocumentPage()
    qtbot.addWidget(made)
    made.resize(600, 500)
    made.show()
    return made


def none(_number: int) -> Picture | None:
    return None


def test_the_producers_markup_is_text(page: DocumentPage) -> None:
    page.show_view(
        view(Heading(HOSTILE, 1), paragraph(HOSTILE), Table(((Cell((paragraph(HOSTILE),)),),), HOSTILE)), None, none
    )
    assert page.body.toPlainText().count("<script>alert(1)</script>") == 4
    assert page.body.refused == 0, "nothing was asked for"
    assert "file:///etc/passwd" in page.body.toPlainText()


def test_a_hostile_header_is_text(page: DocumentPage) -> None:
    hostile = replace(DOCUMENT, title=HOSTILE, author=HOSTILE, organisation=HOSTILE, confidentiality=(HOSTILE,))
    page.show_view(View("", (), False), hostile, none)
    assert page.body.toPlainText().count("<script>alert(1)</script>") == 4
    assert page.body.refused == 0


def test_the_header_facts_come_first() -> None:
    told = dict(facts(DOCUMENT))
    assert list(told) == [
        "Type", "Date de l’acte", "Usager", "INS", "Auteur", "Structure", "Version", "Remplacement", "Confidentialité"
    ]  # fmt: skip
    assert told["Date de l’acte"] == "10/01/2024"
    assert told["Usager"].startswith("PAT-TROIS DOMINIQUE MARIE-LOUISE (nom utilisé : DURAND), née le 28/03/1979")
    assert told["INS"] == "279035121518989 (qualifiée)"
    assert told["Confidentialité"] == "normale, masqué aux professionnels"


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (archives.cda(matricule="279035121518988"), "clé fausse"),
        (archives.cda(oid="1.2.250.1.213.1.4.10"), "matricule de test"),
        (archives.cda(birth="1979"), "traits incomplets"),
    ],
)
def test_what_is_wrong_with_an_ins_is_said(raw: bytes, words: str) -> None:
    assert words in dict(facts(cda.read(raw)))["INS"]


def test_a_long_document_comes_in_slices_and_all_of_it(page: DocumentPage, qtbot: QtBot) -> None:
    blocks = [paragraph(f"ligne {n} " + "mot " * 40) for n in range(1200)]
    found = list(slices(view(*blocks), DOCUMENT))
    assert len(found) > 3
    assert all(piece.count("<p>") <= MOST for piece in found)
    page.show_view(view(*blocks), DOCUMENT, none)
    assert "ligne 1199 " not in page.body.toPlainText()
    qtbot.waitUntil(lambda: "ligne 1199 " in page.body.toPlainText())
    assert page.body.verticalScrollBar().value() == 0


def test_a_long_table_repeats_its_head_and_loses_no_row() -> None:
    head = (Cell((paragraph("Examen"),), heading=True), Cell((paragraph("Valeur"),), heading=True))
    rows = tuple((Cell((paragraph(f"r{n}."),)), Cell((paragraph(str(n)),))) for n in range(700))
    text = "".join(slices(view(Table((head, *rows), "Bilan")), None))
    assert text.count("Examen") == text.count("<table cellspacing") > 9
    assert text.count("Bilan") == 1
    assert all(f">r{n}.<" in text for n in range(700))


def test_rows_that_are_tied_are_parted_between_them() -> None:
    tied = ((Cell((paragraph("x"),), rows=2), Cell((paragraph("y"),))), (Cell((paragraph("z"),)),)) * 200
    text = "".join(slices(view(Table(tied)), None))
    assert text.count("<table cellspacing") > 2
    assert (text.count('rowspan="2"'), text.count(">z<")) == (200, 200)


SHAPES: dict[str, Block] = {
    "one paragraph": paragraph("mot suivant, " * 34_000),
    "a long list": Listing(tuple((paragraph("élément de la liste"),) for _ in range(5000))),
    "tied rows": Table(
        ((Cell((paragraph("x"),), rows=1500), Cell((paragraph("y"),))), *([(Cell((paragraph("z"),)),)] * 1499))
    ),
    "a page in a cell": Table(((Cell(tuple(paragraph(f"ligne {n}") for n in range(3000))),),)),
    "wide": Table(tuple(tuple(Cell((paragraph("1,2"),)) for _ in range(40)) for _ in range(80))),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_document_holds_the_screen_up(page: DocumentPage, qtbot: QtBot, shape: str) -> None:
    """The longest step takes a small part of what laying all of it out would: whatever the machine."""
    steps: list[float] = []
    real = page.body.add_html

    def timed(safe_html: str) -> None:
        begun = time.perf_counter()
        real(safe_html)
        steps.append(time.perf_counter() - begun)

    page.body.add_html = timed  # type: ignore[method-assign]
    page.show_view(view(SHAPES[shape]), None, none)
    qtbot.waitUntil(lambda: not page._pour.isActive(), timeout=60_000)
    assert len(steps) > 4
    assert sorted(steps)[len(steps) // 2] < sum(steps) / 4


def test_a_cut_document_says_so() -> None:
    assert "n’est pas montrée" in "".join(slices(view(cut=True), None))


def test_a_new_document_ends_the_one_that_was_pouring(page: DocumentPage, qtbot: QtBot) -> None:
    page.show_view(view(*[paragraph("ancien " * 60) for _ in range(1500)]), None, none)
    page.show_view(view(paragraph("nouveau")), None, none)
    qtbot.waitUntil(lambda: not page._pour.isActive())
    assert "ancien" not in page.body.toPlainText()
    page.clear()
    assert page.body.toPlainText() == ""
    assert page.view is None


def test_words_are_found_from_the_keyboard(page: DocumentPage) -> None:
    page.show_view(view(paragraph("rien"), paragraph("une hémoglobine basse")), None, none)
    page.body.setFocus()
    QTest.keyClick(page.body, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page.finder.isVisible()
    page.finder.words.setText("hémoglobine")
    assert page.body.textCursor().selectedText() == "hémoglobine"


# -- in the preview
@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    found = signed_in()
    found.engine.world.archives[PART] = Archive(False, (DOCUMENT,), (), ())
    found.engine.pictures[PART, "", 0] = Unreadable(Unread.NOT_IT, "text/xml")
    found.engine.views[PART, ""] = view(
        paragraph("corps"), Figure(0, "image/png", "Tracé"), Figure(1, "application/pdf")
    )
    return found


@pytest.fixture
def panel(desk: Desk, qtbot: QtBot) -> PreviewPanel:
    made = PreviewPanel(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.resize(600, 600)
    made.show()
    return made


def test_a_cda_is_shown_in_full_and_its_picture_follows(desk: Desk, panel: PreviewPanel, qtbot: QtBot) -> None:
    desk.engine.pictures[PART, "cda:#0", 0] = None  # type: ignore[assignment]
    panel.show_part(PART)
    desk.settle()
    assert panel.stack.currentWidget() is panel.document
    assert "corps" in panel.document.body.toPlainText()
    assert "Auteur" in panel.document.body.toPlainText()
    assert (PART, "cda:#0", 0, 900) in desk.engine.asked("want_picture")
    before = panel.document.body.document().size().height()
    desk.engine.pictures[PART, "cda:#0", 0] = Picture(40, 300, b"\x80" * 40 * 300 * 4, 0, 1)
    desk.herald.post(PreviewReady(PART, 0))
    desk.settle()
    assert panel.document.body.document().size().height() > before + 200


def test_every_rendition_is_offered_and_shown(desk: Desk, panel: PreviewPanel) -> None:
    desk.engine.world.paired[MessageId(1)] = {PAPER: (PART, "")}
    panel.show_part(PART)
    desk.settle()
    labels = [panel.ways.itemText(n) for n in range(panel.ways.count())]
    assert labels[0] == "Document structuré"
    assert labels[-1] == "PDF joint au message"
    panel.ways.setCurrentIndex(panel.ways.count() - 1)
    panel.ways.activated.emit(panel.ways.count() - 1)
    desk.settle()
    assert panel.stack.currentWidget() is panel.pages_area
    assert desk.engine.asked("want_picture")[-1][:2] == (PAPER, "")
    panel.ways.activated.emit(0)
    desk.settle()
    assert panel.stack.currentWidget() is panel.document
    assert panel.ways.count() == len(labels), "the way back stays"


def test_a_pdf_inside_is_opened_from_the_text(desk: Desk, panel: PreviewPanel) -> None:
    panel.show_part(PART)
    desk.settle()
    panel.document.figure_asked.emit(1)
    desk.settle()
    assert desk.engine.asked("want_picture")[-1][:2] == (PART, "cda:#1")
    assert panel.stack.currentWidget() is panel.pages_area


def test_what_is_no_cda_is_shown_as_text(desk: Desk, panel: PreviewPanel) -> None:
    del desk.engine.views[PART, ""]
    desk.engine.texts[PART, ""] = "un texte"
    panel.show_part(PART)
    desk.settle()
    assert panel.words.toPlainText() == "un texte"


def test_zoom_makes_the_letters_larger_and_leaving_forgets(desk: Desk, panel: PreviewPanel) -> None:
    panel.show_part(PART)
    desk.settle()
    before = panel.document.body.document().defaultFont().pointSizeF()
    panel.zoom_in()
    assert panel.document.body.document().defaultFont().pointSizeF() > before
    assert "125" in panel.place.text()
    panel.clear()
    assert panel.document.body.toPlainText() == ""
    assert panel.ways.count() == 0


def test_everything_has_a_name_for_a_screen_reader(desk: Desk, panel: PreviewPanel) -> None:
    panel.show_part(PART)
    desk.settle()
    assert unnamed(panel) == []


def test_a_body_in_another_file_is_said() -> None:
    text = "".join(slices(view(Figure(-1, "application/pdf", "DOC0002.PDF")), None))
    assert "dans un autre fichier" in text
    assert "DOC0002.PDF" in text
    assert "Image annoncée" in "".join(slices(view(Figure(-1, "")), None))
