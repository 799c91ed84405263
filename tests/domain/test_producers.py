"""Habits of producers that are not ours: encodings, packings and pairs that a strict reader would spoil in silence."""

from __future__ import annotations

import base64
import gzip
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain import cda, xdm, xml
from mssclient.domain.cda_view import Figure, Listing, Paragraph, Style, view
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import OID_NIR, OID_TEST
from mssclient.domain.rtf import rtf_to_text
from tests.domain import archives
from tests.domain.archives import MATRICULE, OTHER, PDF, Doc

WORDS = "L’œil à 10 €"


@pytest.mark.parametrize(("declared", "written"), [
    ("ISO-8859-1", "cp1252"), ("iso-8859-1", "utf-8"), ("windows-1252", "utf-8"), ("UTF-8", "cp1252"),
    ("ISO-8859-15", "cp1252"), ("UTF-16", "utf-16-le"), ("UTF-16", "utf-16-be"), ("utf-16", "utf-16"), ("UTF-8", "utf-16"),
])  # fmt: skip
def test_no_letter_is_lost_to_a_wrong_declaration(declared: str, written: str) -> None:
    text = WORDS.replace("œ", "oe").replace("’", "'").replace("€", "EUR") if declared == "ISO-8859-15" else WORDS
    root = xml.parse(f'<?xml version="1.0" encoding="{declared}"?>\n<r>{text}</r>'.encode(written))
    assert root.text == text


def test_utf_16_without_its_mark_is_a_cda() -> None:
    data = archives.cda(pdf=None).decode().replace("UTF-8", "UTF-16").replace("libre", WORDS).encode("utf-16-le")
    assert cda.is_cda(data)
    assert cda.read(data).title == "Synthèse & suite"


def test_two_byte_order_marks() -> None:
    assert xml.parse(b"\xef\xbb\xbf\xef\xbb\xbf<r>x</r>").text == "x"


def body(content: str, attributes: str = 'mediaType="application/pdf" representation="B64"') -> bytes:
    """A level-1 CDA around this content."""
    return archives.cda(body=f"<component><nonXMLBody><text {attributes}>{content}</text></nonXMLBody></component>")


DIRTY = PDF + bytes(range(256)) * 3
"""Its base64 holds both signs that URL-safe writing changes."""


@pytest.mark.parametrize(("content", "attributes"), [
    (base64.urlsafe_b64encode(DIRTY), 'mediaType="application/pdf" representation="B64"'),
    (b"data:application/pdf;base64," + base64.b64encode(DIRTY), 'mediaType="application/pdf" representation="B64"'),
    (base64.b64encode(zlib.compress(DIRTY)[2:-4]), 'mediaType="application/pdf" representation="B64" compression="DF"'),
    (base64.b64encode(zlib.compress(DIRTY)), 'mediaType="application/pdf" representation="B64" compression="DF"'),
    (base64.b64encode(zlib.compress(DIRTY)), 'mediaType="application/pdf" representation="B64" compression="ZL"'),
    (base64.b64encode(gzip.compress(DIRTY)), 'mediaType="application/pdf" representation="B64" compression="GZ"'),
])  # fmt: skip
def test_an_embedded_pdf_comes_out_as_it_went_in(content: bytes, attributes: str) -> None:
    assert cda.embedded(body(content.decode(), attributes), 0) == DIRTY


def test_an_embedded_bomb_is_refused() -> None:
    packed = base64.b64encode(gzip.compress(b"\0" * (65 * 1024 * 1024), 9)).decode()
    start = time.thread_time()
    with pytest.raises(Unreadable) as caught:
        cda.read(body(packed, 'mediaType="application/pdf" representation="B64" compression="GZ"'))
    assert caught.value.reason is Unread.TOO_BIG
    assert time.thread_time() - start < 2


def test_a_body_that_stands_elsewhere_is_said() -> None:
    found = view(body('<reference value="DOC0002.PDF"/>', 'mediaType="application/pdf"'))
    assert found.blocks == (Figure(-1, "application/pdf", "DOC0002.PDF"),)


@pytest.mark.parametrize(("raw", "media_type"), [
    (WORDS.encode("cp1252"), "text/plain"),
    (WORDS.encode(), "text/plain"),
    (f"<html><head><title>t</title></head><body><script>bad()</script><p>{WORDS}</p></body></html>".encode(), "text/html"),
    (rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 L\'92\'9cil \'e0 10 \'80\par}", "text/rtf"),
    (rb"{\rtf1\uc1{\*\generator x;}L\u8217'\u339?il \u224?\~10 \u8364 E}", "application/rtf"),
])  # fmt: skip
def test_embedded_words_are_shown(raw: bytes, media_type: str) -> None:
    data = body(base64.b64encode(raw).decode(), f'mediaType="{media_type}" representation="B64"')
    words = "\n".join(run.text for b in view(data).blocks if isinstance(b, Paragraph) for run in b.runs)
    assert words.replace("\u00a0", " ").strip() == WORDS
    assert WORDS in cda.text(data).replace("\u00a0", " ")


def test_a_long_embedded_text_comes_in_pieces() -> None:
    raw = "\n".join(f"ligne {n}" for n in range(500)).encode()
    data = body(base64.b64encode(raw).decode(), 'mediaType="text/plain" representation="B64"')
    shown = [b.runs[0].text for b in view(data).blocks if isinstance(b, Paragraph)]
    assert len(shown) > 5
    assert "\n".join(shown).encode() == raw


def test_rtf_keeps_cells_apart_and_leaves_pictures_out() -> None:
    raw = rb"{\rtf1 \trowd Na\cell 140\cell\row Suite\par{\pict\pngblip 89504e47}{\*\bkmkstart x}\{fin\}}"
    assert rtf_to_text(raw) == "Na | 140 | \nSuite\n{fin}"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [b"{", b"}", b"\\", b"\\u", b"\\'", b"9", b"-1", b"\\bin", b"\\uc", b" x", b"\xe9", b"\\ansicpg65001"]
        )
    )
)
def test_any_rtf_ends(pieces: list[bytes]) -> None:
    rtf_to_text(b"{\\rtf1 " + b"".join(pieces))


@pytest.mark.parametrize("raw", [b"{" * 8_000_000, b"\\" * 8_000_000, b"\\par " * 1_600_000, b"\\u1?" * 2_000_000])
def test_a_hostile_rtf_takes_no_time(raw: bytes) -> None:
    start = time.thread_time()
    rtf_to_text(raw)
    assert time.thread_time() - start < 2


HTML = "<p>Un <b>deux</b></p><p>Trois</p><h3>Titre</h3><ol><li>a</li><li>b</li></ol><table><tr><td>x</td></tr></table>"


@pytest.mark.parametrize("name", ["", ' xmlns="http://www.w3.org/1999/xhtml"'])
def test_html_in_the_narrative_keeps_its_words_apart(name: str) -> None:
    text = f"<div{name}>{HTML}</div>"
    section = f"<component><section><text>{text}</text></section></component>"
    data = archives.cda(body=f"<component><structuredBody>{section}</structuredBody></component>")
    found = view(data).blocks
    lines = ["".join(run.text for run in b.runs) for b in found if isinstance(b, Paragraph)]
    assert lines == ["Un deux", "Trois", "Titre"]
    (listing,) = (b for b in found if isinstance(b, Listing))
    assert listing.ordered
    assert len(listing.items) == 2
    first = found[0]
    assert isinstance(first, Paragraph)
    assert first.runs[1].style is Style.BOLD
    assert "Un deux\nTrois\nTitre\n" in cda.text(data)


def test_a_local_code_gives_way_to_its_loinc_translation() -> None:
    loinc = b'<translation code="34133-9" codeSystem="2.16.840.1.113883.6.1"/>'
    local = b'<code code="CR7" codeSystem="1.2.250.1.999.4" displayName="maison">' + loinc + b"</code>"
    plain = b'<code code="34133-9" codeSystem="2.16.840.1.113883.6.1" displayName="libre"/>'
    assert cda.read(archives.cda().replace(plain, local)).type_code == "34133-9"
    unknown = local.replace(b'code="CR7" codeSystem="1.2.250.1.999.4"', b'nullFlavor="UNK"')
    assert cda.read(archives.cda().replace(plain, unknown)).type_code == "34133-9"


def test_a_real_matricule_comes_before_one_of_a_test() -> None:
    own = f'<id root="{OID_NIR}" extension="{MATRICULE}"/>'.encode()
    test = f'<id root="{OID_TEST}" extension="{OTHER}"/><id root="{OID_NIR}" nullFlavor="UNK"/>'.encode()
    usager = cda.read(archives.cda().replace(own, test + own)).usager
    assert usager is not None
    assert (usager.matricule, usager.oid) == (MATRICULE, OID_NIR)
    alone = cda.read(archives.cda().replace(own, test)).usager
    assert alone is not None
    assert (alone.matricule, alone.oid) == (OTHER, OID_TEST)


def sheet(**other: str) -> Doc:
    """A PDF beside the CDA of an archive."""
    return Doc(
        content=DIRTY, uri=other.get("uri", "DOC00002.PDF"), file=other.get("uri", "DOC00002.PDF"), unique="1.2.250.1.999.2",
        mime="application/pdf", object_id="Document02", title=other.get("title", "Synthèse d'épisode"),
        code=other.get("code", "34133-9"), patient=other.get("patient", Doc().patient),
    )  # fmt: skip


KIND = "urn:ihe:iti:2007:AssociationType:XFRM"
XFRM = f'<r:Association associationType="{KIND}" sourceObject="Document02" targetObject="Document01"/>'


@pytest.mark.parametrize(("paper", "extra"), [
    (sheet(title="Autre titre"), XFRM),
    (sheet(title="Autre titre", uri="doc00001.pdf"), ""),
    (sheet(), ""),
])  # fmt: skip
def test_a_pdf_beside_its_cda_is_the_same_document(paper: Doc, extra: str) -> None:
    data = archives.archive(Doc(content=archives.cda(pdf=None, body=" ")), paper, extra=extra)
    (document,) = xdm.read(data).documents
    assert [c.media_type for c in document.contents] == ["text/xml", "application/pdf"]
    assert document.unique_id == "1.2.250.1.999.1"
    assert xdm.by_key(data, xdm.key(document, document.contents[1])) == DIRTY


@pytest.mark.parametrize("paper", [
    sheet(title="Autre titre"), sheet(code="11488-4"), sheet(patient=f"{OTHER}^^^&amp;{archives.OID}&amp;ISO^NH"),
])  # fmt: skip
def test_another_pdf_stays_a_document_of_its_own(paper: Doc) -> None:
    assert len(xdm.read(archives.archive(Doc(), paper)).documents) == 2


def test_two_pdfs_that_might_be_it_stay_apart() -> None:
    third = Doc(
        content=DIRTY + b"x", uri="DOC00003.PDF", file="DOC00003.PDF", unique="1.2.250.1.999.3", mime="application/pdf",
        object_id="Document03",
    )  # fmt: skip
    assert len(xdm.read(archives.archive(Doc(), sheet(), third)).documents) == 3


def test_a_bent_pdf_is_told_at_the_document_it_shows() -> None:
    paper = sheet()
    paper.hash = "0" * 40
    (document,) = xdm.read(archives.archive(Doc(), paper)).documents
    assert document.hash_ok is False
