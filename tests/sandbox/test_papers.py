"""The sample documents are what they claim: readable PDF, French CDA headers, archives whose hashes are right."""

from __future__ import annotations

import hashlib
import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, datetime, timedelta, timezone

import pypdfium2
import pytest
from PIL import Image

from mssclient.sandbox import papers, papers_pdf, papers_pictures, papers_text, papers_xdm
from mssclient.sandbox.papers import Kind, Paper, Section
from mssclient.sandbox.papers_cda import level_1, level_3
from mssclient.sandbox.people import correspondent, institution, resident

NOW = datetime(2026, 11, 19, 10, 12, tzinfo=timezone(timedelta(hours=1)))
KINDS = [value for value in vars(papers_text).values() if isinstance(value, Kind)]
V3 = "{urn:hl7-org:v3}"
RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"


def sample(kind: Kind = papers_text.CONSULTATION, about: str = "BRUYERE", serial: int = 1) -> Paper:
    author = correspondent("antoine.delcourt@ch-montfleury.mss.example")
    return papers_text.paper(kind, resident(about).usager, author, NOW, serial)


def text_of(raw: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(raw)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.code)
def test_each_kind_of_letter_opens_and_names_its_usager(kind: Kind) -> None:
    pages = text_of(papers_pdf.letter(sample(kind)))
    assert 1 <= len(pages) <= 3
    assert "BRUYERE GERMAINE" in pages[0]
    assert "12/05/1936" in pages[0]
    assert "236056399900109" in pages[0]
    assert f"Page {len(pages)}/{len(pages)}" in pages[-1]
    assert "Dr Antoine DELCOURT" in pages[-1]


@pytest.mark.parametrize("address", [who.address for who in institution().correspondents])
def test_a_letter_of_every_author_stays_on_the_paper(address: str) -> None:
    who = correspondent(address)
    raw = papers_pdf.letter(papers_text.paper(papers_text.CONSULTATION, resident("MIMOSA").usager, who, NOW, 5))
    with pypdfium2.PdfDocument(raw) as document:
        page = document[0].get_textpage()
        boxes = [page.get_charbox(i) for i in range(page.count_chars())]
        assert max(box[2] for box in boxes) < papers_pdf.WIDTH - 20


def test_accents_survive_the_pdf() -> None:
    odd = Paper(
        sample().kind, "Œdème à l’œil – « été »", sample().usager, sample().author, NOW,
        (Section("Accents", ("cœur, naïf, ça où, 37,5 °C, 4 µg, fin\u202f!", r"parenthèses (a) et \b")),), 9,
    )  # fmt: skip
    page = text_of(papers_pdf.letter(odd))[0]
    assert "Œdème à l’œil – « été »" in page
    assert "cœur, naïf, ça où, 37,5 °C, 4 µg" in page
    assert r"parenthèses (a) et \b" in page


def test_a_long_table_runs_over_pages_without_losing_a_row() -> None:
    rows = (("N°", "Valeur"), *((str(i), f"ligne {i}") for i in range(120)))
    long = Paper(
        sample().kind, "Long", sample().usager, sample().author, NOW, (Section("Tableau", table=rows),), 10
    )  # fmt: skip
    whole = "\n".join(text_of(papers_pdf.letter(long)))
    assert all(f"ligne {i}\r" in whole or f"ligne {i}\n" in whole for i in range(120))


def test_laboratory_values_are_never_negative() -> None:
    for serial in range(200):
        table = sample(papers_text.BIOLOGY, serial=serial).sections[-2].table
        assert not [row for row in table if row[1].startswith("-")]


def test_the_same_serial_says_the_same_and_another_does_not() -> None:
    assert papers_pdf.letter(sample(serial=3)) == papers_pdf.letter(sample(serial=3))
    assert papers_xdm.archive((sample(serial=3),)) == papers_xdm.archive((sample(serial=3),))
    assert sample(serial=3).sections != sample(serial=4).sections


def test_the_cda_header_says_who_what_when() -> None:
    paper = sample(papers_text.BIOLOGY, "COQUELICOT")
    for raw in (level_1(paper), level_3(paper)):
        root = ET.fromstring(raw)
        assert root.tag == V3 + "ClinicalDocument"
        code = root.find(V3 + "code")
        assert code is not None
        assert code.get("code") == "11502-2"
        role = root.find(f"{V3}recordTarget/{V3}patientRole")
        assert role is not None
        assert "231016399902272" in [one.get("extension") for one in role.iter(V3 + "id")]
        names = {one.get("qualifier"): one.text for one in role.iter(V3 + "family")}
        assert names == {"BR": "COQUELICOT", "CL": "PERVENCHE"}
        given = {one.get("qualifier"): one.text for one in role.iter(V3 + "given")}
        assert given == {None: "ODETTE MARIE", "BR": "ODETTE"}
        version = root.find(V3 + "versionNumber")
        assert version is not None
        assert version.get("value") == "1"


def test_level_1_holds_the_pdf_and_level_3_the_table() -> None:
    paper = sample(papers_text.BIOLOGY)
    body = ET.fromstring(level_1(paper)).find(f".//{V3}nonXMLBody/{V3}text")
    assert body is not None
    assert body.text is not None
    assert body.text.startswith("JVBERi0x")
    sections = ET.fromstring(level_3(paper)).findall(f".//{V3}section")
    assert len(sections) == len(paper.sections)
    assert sum(len(one.findall(f".//{V3}tbody/{V3}tr")) for one in sections) == 10


def slots(node: ET.Element) -> dict[str, list[str]]:
    return {
        str(slot.get("name")): [value.text or "" for value in slot.iter(RIM + "Value")]
        for slot in node.findall(RIM + "Slot")
    }


def test_the_archive_describes_its_files_truly() -> None:
    papers_ = (sample(serial=1), sample(papers_text.IMAGING, serial=2))
    with zipfile.ZipFile(io.BytesIO(papers_xdm.archive(papers_))) as source:
        assert source.testzip() is None
        assert {"INDEX.HTM", "README.TXT", "IHE_XDM/SUBSET01/METADATA.XML"} <= set(source.namelist())
        root = ET.fromstring(source.read("IHE_XDM/SUBSET01/METADATA.XML"))
        objects = root.findall(f".//{RIM}ExtrinsicObject")
        assert len(objects) == 2
        for node, paper in zip(objects, papers_, strict=True):
            told = slots(node)
            content = source.read("IHE_XDM/SUBSET01/" + told["URI"][0])
            assert told["hash"] == [hashlib.sha1(content).hexdigest()]
            assert told["size"] == [str(len(content))]
            assert told["creationTime"] == [f"{paper.act.astimezone(UTC):%Y%m%d%H%M%S}"]
            schemes = {str(one.get("classificationScheme"))[9:] for one in node.iter(RIM + "Classification")}
            assert len(schemes) == 7
            values = {str(one.get("value")) for one in node.iter(RIM + "ExternalIdentifier")}
            assert values == {paper.unique_id, "236056399900109^^^&1.2.250.1.213.1.4.10&ISO^NH"}
        assert len(root.findall(f".//{RIM}Association")) == 2


def test_a_replacement_says_so_in_both_places() -> None:
    first = sample(serial=20)
    second = first.replaced_by(21, NOW + timedelta(days=1))
    third = second.replaced_by(22, NOW + timedelta(days=2))
    assert (third.version, third.set_id, third.replaces) == (3, first.set_id, second.unique_id)
    related = ET.fromstring(level_1(second)).find(f"{V3}relatedDocument/{V3}parentDocument/{V3}id")
    assert related is not None
    assert related.get("root") == first.unique_id
    with zipfile.ZipFile(io.BytesIO(papers_xdm.archive((second,)))) as source:
        node = ET.fromstring(source.read("IHE_XDM/SUBSET01/METADATA.XML")).find(f".//{RIM}ExtrinsicObject")
        assert node is not None
        assert [value for name, value in slots(node).items() if name.endswith("action")] == [["C"]]


def test_the_subject_and_the_pdf_name_follow_the_norm() -> None:
    paper = sample(papers_text.DISCHARGE, "GENET D'OR")
    assert papers.subject((paper,)) == (
        "XDM/1.0/DDM+Lettre de liaison à la sortie d'un établ GENET D'OR YVONNE 08/09/1929"
    )
    assert papers.subject((paper, paper), dated=False) == "XDM/1.0/DDM+2 documents GENET D'OR YVONNE"
    assert papers.pdf_name(sample()) == "20261119_CR ou fiche de consultation ou de visite_BRUYERE_GERMAINE.pdf"


def test_pictures_open_and_are_the_size_they_should_be() -> None:
    for raw, kind in ((papers_pictures.wound_photo(), "JPEG"), (papers_pictures.pill_box(), "PNG"),
                      (papers_pictures.logo(), "PNG")):  # fmt: skip
        with Image.open(io.BytesIO(raw)) as picture:
            picture.load()
            assert picture.format == kind


def test_the_scan_is_heavy_incompressible_and_legible() -> None:
    raw = papers_pictures.heavy_scan()
    assert 8_500_000 < len(raw) < 10_500_000
    with pypdfium2.PdfDocument(raw) as document:
        assert len(document) == 3
        page = document[0].render(scale=1.0, grayscale=True).to_pil()
    # Paper is light, and the letterhead is darker than the paper around it.
    assert sum(page.getpixel((x, 700)) for x in range(40, 550)) / 510 > 180
    assert min(page.getpixel((x, y)) for x in range(70, 300) for y in range(90, 120)) < 120
