"""The text of documents for the index: read by a child that a hostile file may take down, never us."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator

import pytest

from mssclient.domain import cda
from mssclient.engine import pdf_child
from mssclient.engine.document_text import MOST_CHARACTERS, PdfReader, text_of
from mssclient.engine.pdf_child import UNREADABLE, serve


def pdf(*pages: bytes, catalog: bytes = b"") -> bytes:
    """A PDF of pages with these content streams, compressed."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R %s >>" % catalog,
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, content in enumerate(pages):
        packed = zlib.compress(content)
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * n),
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        ]
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def said(text: str) -> bytes:
    return b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % text.encode("cp1252")


@pytest.fixture
def reader() -> Iterator[PdfReader]:
    found = PdfReader()
    yield found
    found.close()


def test_the_text_of_every_page(reader: PdfReader) -> None:
    assert (
        text_of(pdf(said("Kaliémie à surveiller"), said("deuxième page")), reader)
        == "Kaliémie à surveiller deuxième page"
    )
    assert text_of(pdf(said("encore un")), reader) == "encore un"


@pytest.mark.parametrize(
    "raw",
    [
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.4\n" + bytes(range(256)) * 50,
        pdf(said("coupé"))[:200],
        pdf(b"BT (" * 5000),
        pdf(said("x"), catalog=b"/Names << /JavaScript 9 0 R >> /OpenAction << /S /JavaScript /JS (while(1);) >>"),
        pdf().replace(b"/Kids []", b"/Kids [2 0 R 2 0 R]").replace(b"/Count 0", b"/Count 99999999"),
        b"",
        b"MZ\x90\x00" + bytes(200),
    ],
    ids=["nothing", "noise", "cut", "unclosed", "script", "a tree that holds itself", "empty", "program"],
)
def test_a_hostile_file_gives_little_or_nothing_and_the_next_one_is_read(reader: PdfReader, raw: bytes) -> None:
    assert len(text_of(raw, reader)) <= 2
    assert text_of(pdf(said("la suite")), reader) == "la suite"


def test_what_takes_too_long_is_given_up() -> None:
    slow = PdfReader(patience_s=0.3)
    try:
        assert text_of(pdf(b"BT /F1 1 Tf " + b"(a) Tj 1 0 Td " * 3_000_000 + b"ET"), slow) == ""
        slow.close()
    finally:
        slow.close()
    usual = PdfReader()
    assert text_of(pdf(said("la suite")), usual) == "la suite"
    usual.close()


def test_a_child_that_died_is_replaced(reader: PdfReader) -> None:
    assert text_of(pdf(said("un")), reader) == "un"
    assert reader._child is not None
    reader._child.kill()
    reader._child.wait()
    assert text_of(pdf(said("deux")), reader) == ""
    assert text_of(pdf(said("trois")), reader) == "trois"


def test_a_long_document_is_cut() -> None:
    page = b"BT /F1 1 Tf " + b"(abcdefghijklmnopqrst ) Tj " * 2000 + b"ET"
    text = pdf_child.text_of(pdf(*[page] * 20))
    assert text is not None
    assert 0 < len(text) <= MOST_CHARACTERS + 20


def test_what_the_child_answers() -> None:
    good, bad = pdf(said("mot")), b"%PDF-nothing"
    asked = b"".join(len(raw).to_bytes(4, "big") + raw for raw in (good, bad)) + b"\x00\x00"
    out = io.BytesIO()
    serve(io.BytesIO(asked), out)
    answer = out.getvalue()
    length = int.from_bytes(answer[:4], "big")
    assert answer[4 : 4 + length] == b"mot"
    assert int.from_bytes(answer[4 + length :], "big") == UNREADABLE


def test_text_and_xml_need_no_child(reader: PdfReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cda, "is_cda", lambda _raw: True)
    monkeypatch.setattr(cda, "text", lambda _raw: "Compte  rendu\0")
    assert text_of(b"<?xml version='1.0'?><ClinicalDocument/>", reader) == "Compte rendu"
    assert text_of("Un texte à lire".encode(), reader) == "Un texte à lire"
    assert reader._child is None
