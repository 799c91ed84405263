"""Addresses, labels and who stands behind them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain import address
from mssclient.domain.address import CorrespondentKind


@pytest.mark.parametrize(
    "text", ["a@b.fr", "Claire.Vasseur@ch.mssante.fr", "279035121518989@patient.mssante.fr", "x+y=z@a-b.c.fr"]
)
def test_addresses(text: str) -> None:
    assert address.is_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "@b.fr",
        "a@b..fr",
        "a..b@c.fr",
        "a b@c.fr",
        "a@b.fr\n",
        "é@b.fr",
        "a@b.fr,c@d.fr",
        "<a@b.fr>",
        "a@" + "b" * 64 + ".fr",
        "a" * 65 + "@b.fr",
        "a@b.fr@c.fr",
    ],
)
def test_what_is_no_address(text: str) -> None:
    assert not address.is_address(text)


def test_usagers() -> None:
    """ECO.2.2.6."""
    assert address.matricule_of(" 279035121518989@Patient.MSSante.fr ") == "279035121518989"
    assert address.matricule_of("278122a12345678@patient.mssante.fr") == "278122A12345678"
    for other in (
        "279035121518989@patient.mssante.fr.example.org",
        "x@patient.mssante.fr",
        "27903512151898@patient.mssante.fr",
    ):
        assert not address.is_usager(other)
        assert address.matricule_of(other) == ""


@pytest.mark.parametrize(("text", "domain"), [("a@B.fr", "b.fr"), ("a", ""), ("", ""), ("a@b@C.fr ", "c.fr")])
def test_domains(text: str, domain: str) -> None:
    assert address.domain_of(text) == domain


@pytest.mark.parametrize(
    ("mail", "label", "kind"),
    [
        ("279035121518989@patient.mssante.fr", "", CorrespondentKind.USAGER),
        ("claire.vasseur@ch.mssante.fr", "Dr_Claire_VASSEUR_CH", CorrespondentKind.PROFESSIONAL),
        ("secretariat.cardio@ch.mssante.fr", "Secrétariat de cardiologie", CorrespondentKind.ORGANISATION),
        ("noreply@labo.mssante.fr", "Automate", CorrespondentKind.APPLICATION),
        ("claire@gmail.com", "Dr_Claire_VASSEUR", CorrespondentKind.OUTSIDE),
        ("claire@mssante.fr.example.org", "", CorrespondentKind.OUTSIDE),
        ("claire@notmssante.fr", "", CorrespondentKind.OUTSIDE),
    ],
)
def test_guessed_kinds(mail: str, label: str, kind: CorrespondentKind) -> None:
    """ECO.3.1.1."""
    assert address.guessed_kind(mail, label) is kind


def test_labels() -> None:
    """ECO.2.2.7."""
    assert address.practitioner_label("Dr", "Claire", "Vasseur", " CH ") == "Dr_Claire_VASSEUR_CH"
    assert address.practitioner_label("", "Claire", "Vasseur", "") == "Claire_VASSEUR"
    assert address.shown_label("Dr_Claire__VASSEUR") == "Dr Claire VASSEUR"


def test_folding() -> None:
    assert address.fold("  Œuvre  de l’ÉTÉ-ß ") == "oeuvre de l ete ss"


@given(st.text(max_size=80))
def test_folding_is_stable(text: str) -> None:
    once = address.fold(text)
    assert address.fold(once) == once
    assert once == " ".join(once.split())


@given(st.text(max_size=80))
def test_nothing_strange_passes_for_an_address(text: str) -> None:
    if address.is_address(text):
        assert text.isascii()
        assert text.count("@") == 1
        assert not set(text) & set(' \r\n<>,;:"()[]')


@given(st.text(max_size=60))
def test_folding_drops_exactly_the_combining_characters(text: str) -> None:
    opened = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE").replace("ß", "ss")
    plain = "".join(c for c in unicodedata.normalize("NFKD", opened) if not unicodedata.combining(c))
    assert address.fold(text) == " ".join(re.split(r"[\W_]+", plain.casefold())).strip()
