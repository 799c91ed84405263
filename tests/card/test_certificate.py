"""The holder's certificate: names that trip splitters, test cards, authorities, garbage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.card import certificate
from mssclient.domain.errors import Unread, Unreadable
from tests.card import cards


def test_the_multi_valued_name_is_read_attribute_by_attribute() -> None:
    read = certificate.read(cards.certificate())
    assert (read.national_id, read.given, read.family) == ("899900000011", "Élise, Anne", "Le+Goff")
    assert read.holder.name == "Élise, Anne LE+GOFF"
    assert read.profession == "Médecin"
    assert read.card_serial == "2800000011"


def test_a_bare_rpps_gets_its_type_digit() -> None:
    assert certificate.read(cards.certificate("99900000011")).national_id == "899900000011"


@pytest.mark.parametrize(
    ("category", "test_card"),
    [(b"\x04\x01\x80", True), (b"\x03\x02\x00\x80", True), (b"\x04\x01\x00", False), (b"", False)],
)
def test_a_test_card_is_told_from_a_real_one(category: bytes, test_card: bool) -> None:
    assert certificate.read(cards.certificate(category=category)).test_card is test_card


@pytest.mark.parametrize(
    ("title", "extension", "shown"),
    [
        ("", b"\x16\x0260", "Infirmier"),
        ("", b"\x13\x0210", "Médecin"),
        ("", b"10", "Médecin"),
        ("", b"\x0c\x06G15_40", "Chirurgien-dentiste"),
        ("10", b"", "Médecin"),
        ("Sage-Femme", b"\x16\x0260", "Sage-Femme"),
        ("99", b"\x16\x0221", "Pharmacien"),
        ("", b"\x16\x0299", ""),
        ("", b"\x02\x01\x0a", ""),
        ("", b"", ""),
    ],
)
def test_the_profession_is_said_in_words_and_never_as_a_bare_number(title: str, extension: bytes, shown: str) -> None:
    assert certificate.read(cards.certificate(title=title, profession=extension)).profession == shown


@pytest.mark.parametrize(
    ("number", "national_id"),
    [
        ("899900000011", "899900000011"),
        ("099900001", "099900001"),
        ("3999000019/0000000042", "3999000019/0000000042"),
        ("5999000019", "5999000019"),
    ],
    ids=["CPS by RPPS", "CPS by ADELI", "CPE of an institution", "CDE by SIRET"],
)
def test_the_cards_of_employees_and_heads_are_read_too(number: str, national_id: str) -> None:
    read = certificate.read(cards.certificate(number, title=""))
    assert read.national_id == national_id
    assert read.holder.profession == ""


def test_a_name_that_spans_several_rdns_or_repeats_is_read_all_the_same() -> None:
    """Older cards spread what newer ones put into one multi-valued RDN; both orders of attributes occur."""
    read = certificate.read(cards.certificate(spread=True))
    assert (read.national_id, read.given, read.family) == ("899900000011", "Élise, Anne", "Le+Goff")


def test_an_authority_is_not_a_holder() -> None:
    with pytest.raises(Unreadable) as caught:
        certificate.read(cards.certificate(authority=True))
    assert caught.value.reason is Unread.NOT_IT


def test_a_name_without_a_number_is_nobody() -> None:
    with pytest.raises(Unreadable) as caught:
        certificate.read(cards.certificate("AC PERSONNES"))
    assert caught.value.reason is Unread.NOT_IT


@given(st.binary(max_size=400))
def test_garbage_is_refused(garbage: bytes) -> None:
    with pytest.raises(Unreadable):
        certificate.read(garbage)


@given(st.data())
def test_a_damaged_certificate_is_read_or_refused(data: st.DataObject) -> None:
    der = bytearray(_ONE)
    at = data.draw(st.integers(0, len(der) - 1))
    der[at] = data.draw(st.integers(0, 255))
    try:
        certificate.read(bytes(der))
    except Unreadable:
        return


_ONE = cards.certificate()
