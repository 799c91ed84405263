"""What another program may open: documents by their bytes, never what starts something."""

from __future__ import annotations

import io
import zipfile

import pytest

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.outside import name_for

PDF, PNG, TEXT = b"%PDF-1.4\n1 0 obj", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "Compte rendu d’examen".encode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def office(*names: str) -> bytes:
    """A container with these entries."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "<x/>")
    return raw.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "shown"),
    [
        ("Lettre de sortie.pdf", PDF, "Lettre de sortie.pdf"),
        ("LETTRE.PDF", PDF, "LETTRE.PDF"),
        ("lettre", PDF, "lettre.pdf"),
        ("lettre.docx", PDF, "lettre.docx.pdf"),
        ("scan.jpg", PNG, "scan.jpg.png"),
        ("resultats.hpr", TEXT, "resultats.hpr"),
        ("note", TEXT, "note.txt"),
        ("courrier.docx", office("word/document.xml"), "courrier.docx"),
        ("tableau.xlsx", office("docProps/app.xml"), "tableau.xlsx"),
        ("ancien.doc", OLE, "ancien.doc"),
        ("Mme DUPONT 12.03.2026.pdf", PDF, "Mme DUPONT 12.03.2026.pdf"),
        ("..\\..\\chemin/lettre.pdf", PDF, "lettre.pdf"),
        ("", PDF, "document.pdf"),
        ("CON.pdf", PDF, "_CON.pdf"),
    ],
)
def test_documents_keep_a_name_that_fits_their_bytes(name: str, content: bytes, shown: str) -> None:
    assert name_for(name, content) == shown


def test_a_long_name_stays_short_enough() -> None:
    assert len(name_for("a" * 300, PDF)) <= 120
    assert name_for("a" * 300, PDF).endswith("aaa.pdf")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("lettre.pdf.exe", b"MZ\x90\0"),
        ("lettre.pdf", b"MZ\x90\0"),
        ("lettre.exe", PDF),
        ("lettre.exe.pdf", PDF),
        ("lettre.pdf .scr", PDF),
        ("lettre.pdf.", b"\x7fELF\x02"),
        ("lettre.txt", b"#!/bin/sh\nrm -r ~\n"),
        ("lettre.desktop", b"[Desktop Entry]\nExec=sh\n"),
        ("lettre.lnk", b"L\0\0\0\x01\x14\x02\0"),
        ("lettre.txt", b"L\0\0\0\x01\x14\x02\0"),
        ("lettre.bat", TEXT),
        ("lettre.ps1", TEXT),
        ("lettre.py", TEXT),
        ("lettre.url", b"[InternetShortcut]\nURL=file://x\n"),
        ("lettre.html", b"<html><script>1</script>"),
        ("lettre.txt", b"<html><script>1</script>"),
        ("image.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("cda.xml", b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>"),
        ("archive.zip", b"PK\x03\x04" + b"\0" * 40),
        ("courrier.docm", office("word/document.xml")),
        ("courrier.docx", office("word/document.xml", "word/vbaProject.bin")),
        ("tableau.xlsx", office("xl/workbook.xml", "xl/macrosheets/sheet1.xml")),
        ("ancien.doc", OLE + "_VBA_PROJECT".encode("utf-16-le")),
        ("inconnu.bin", bytes(range(256))),
        ("vide.pdf", b""),
    ],
)
def test_what_starts_something_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FilingRefused) as caught:
        name_for(name, content)
    assert caught.value.reason is FilingReason.TYPE


def test_a_direction_mark_hides_no_extension() -> None:
    with pytest.raises(FilingRefused):
        name_for("lettre\u202efdp.exe", PDF)
    assert name_for("lettre\u202efdp.pdf", PDF) == "lettre fdp.pdf"
