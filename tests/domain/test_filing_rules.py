"""Names in the record system's folder, and what must not go there (ECO.2.1.6)."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain import cda, filing_rules
from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.filing import FilingChoice
from mssclient.domain.identity import Usager
from tests.domain import archives
from tests.domain.archives import PDF

USAGER = Usager("279035121518989", "1.2.250.1.213.1.4.8", "Pât-Trois", ("Dominique", "Marie"), "1979-03-28", "F")
CHOICE = FilingChoice(USAGER, "2024-01-10", "11490-0", "Lettre de liaison à la sortie d'un établissement de soins")
WINDOWS = set('<>:"/\\|?*') | {chr(n) for n in range(32)}


def test_the_name_of_the_reference_document() -> None:
    assert filing_rules.name(CHOICE, PDF) == "20240110_Lettre de liaison a la sortie d un etabl_PAT-TROIS_Dominique.pdf"
    assert filing_rules.name(replace(CHOICE, record_number="N° 12/34"), PDF).endswith(
        "_PAT-TROIS_Dominique_N-12-34.pdf"
    )


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("2024-01-10T10:00:00+01:00", "20240110"),
        ("2024-01", "20240101"),
        ("2024", "20240101"),
        ("", "00000000"),
        ("x", "00000000"),
    ],
)
def test_the_day_of_the_act(date: str, day: str) -> None:
    assert filing_rules.name(replace(CHOICE, act_date=date), PDF).partition("_")[0] == day


def test_the_extension_follows_the_bytes() -> None:
    assert filing_rules.name(CHOICE, b"\x89PNG\r\n\x1a\n").endswith(".png")
    assert filing_rules.name(CHOICE, archives.cda()).endswith(".xml")
    assert filing_rules.name_for(CHOICE, "application/zip").endswith(".zip")
    assert filing_rules.name_for(CHOICE, "?").endswith(".bin")


@pytest.mark.parametrize("name", ["", "  ", "_", "???"])
def test_nothing_is_named_for_nobody(name: str) -> None:
    with pytest.raises(FilingRefused) as caught:
        filing_rules.name(replace(CHOICE, usager=replace(USAGER, birth_name=name)), PDF)
    assert caught.value.reason is FilingReason.IDENTITY


TEXT = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("./\\_ :'é\u202e\0")), max_size=200)


@given(TEXT, TEXT, TEXT, TEXT, TEXT)
def test_any_name_is_safe(birth: str, given_name: str, label: str, record: str, date: str) -> None:
    usager = replace(USAGER, birth_name=birth, given=(given_name,))
    choice = replace(CHOICE, usager=usager, type_label=label, record_number=record, act_date=date)
    try:
        name = filing_rules.name(choice, PDF)
    except FilingRefused:
        return
    assert name == filing_rules.safe_name(name)
    assert name.isascii()
    assert len(name) <= filing_rules.MAX_NAME
    assert not set(name) & WINDOWS
    assert re.fullmatch(r"\d{8}_[^_]{1,40}_[^_a-z]+(_[^_]+){0,2}\.pdf", name)
    assert filing_rules.refusal(name, PDF) is None


@given(TEXT)
def test_any_text_is_made_a_safe_name(text: str) -> None:
    name = filing_rules.safe_name(text)
    assert name == filing_rules.safe_name(name)
    assert 0 < len(name) <= filing_rules.MAX_NAME
    assert not set(name) & WINDOWS
    assert name not in {".", ".."}
    assert name[-1] not in " ."


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\x\\a.pdf", "a.pdf"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("a\u202efdp.pdf", "a fdp.pdf"),
        ("  a .pdf. ", "a .pdf"),
        ("", "document"),
        (".pdf", "pdf"),
        ("..", "document"),
        ("x" * 300 + ".pdf", "x" * 110 + ".pdf"),
    ],
)
def test_safe_names(text: str, name: str) -> None:
    assert filing_rules.safe_name(text) == name


def test_numbers_of_taken_names() -> None:
    assert [filing_rules.numbered("a.pdf", n) for n in (0, 1, 2, 10)] == ["a.pdf", "a.pdf", "a (2).pdf", "a (10).pdf"]
    assert filing_rules.numbered("a", 2) == "a (2)"
    assert len(filing_rules.numbered("x" * 116 + ".pdf", 1000)) == filing_rules.MAX_NAME


@pytest.mark.parametrize(
    "name", ["a.exe", "a.EXE", "a.pdf.exe", "a.js", "a.docm", "a.lnk", "a.exe. ", "a.html", "a.svg"]
)
def test_refused_names(name: str) -> None:
    assert filing_rules.refusal(name, b"x") is FilingReason.TYPE


@pytest.mark.parametrize(
    "head", [b"MZ\x90\0", b"\x7fELF", b"#!/bin/sh", b"L\0\0\0\x01\x14\x02\0", b"<html>", b"<svg/>"]
)
def test_refused_contents_whatever_their_name(head: bytes) -> None:
    assert filing_rules.refusal("a.pdf", head) is FilingReason.TYPE


@pytest.mark.parametrize("name", ["", " ", "a/b.pdf", "a\\b.pdf", "a\0.pdf", "con", "a\u202e.pdf", "a:b.pdf"])
def test_names_that_are_no_names(name: str) -> None:
    assert filing_rules.refusal(name, PDF) is FilingReason.NAME


@pytest.mark.parametrize(
    ("name", "head"), [("a.pdf", PDF), ("a.xml", archives.cda()), ("a.zip", b"PK\3\4"), ("a.b.txt", b"x"), ("a", b"")]
)
def test_what_may_be_filed(name: str, head: bytes) -> None:
    assert filing_rules.refusal(name, head) is None


def test_a_proposal_takes_the_documents_word() -> None:
    document = cda.read(archives.cda())
    choice = filing_rules.proposal(None, document, "cda:#0")
    assert choice.usager == document.usager
    assert (choice.act_date, choice.type_code, choice.content) == ("2024-01-10", "34133-9", "cda:#0")
    empty = filing_rules.proposal(None, None, "")
    assert (empty.usager.birth_name, empty.usager.matricule, empty.act_date) == ("", None, "")


def test_automatic_filing_wants_everything_right() -> None:
    """mssante.md §9: never on the matricule alone."""
    document = replace(cda.read(archives.cda()), hash_ok=True, size_ok=True)
    assert filing_rules.is_automatic(document)
    usager = document.usager
    assert usager is not None
    for bent in (
        replace(document, hash_ok=False),
        replace(document, size_ok=False),
        replace(document, usager=None),
        replace(document, usager=replace(usager, matricule="279035121518980")),
        replace(document, usager=replace(usager, birth_name="")),
        replace(document, usager=replace(usager, given=())),
        replace(document, usager=replace(usager, birth_date="")),
    ):
        assert not filing_rules.is_automatic(bent)


def test_names_without_accents() -> None:
    assert filing_rules.plain("Œuvre d’Élève — ß") == "OEuvre d'Eleve ss"
    assert set(filing_rules.plain("àéîõüçñ")) <= set(string.ascii_lowercase)
