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


def test_the_profession_comes_from_the_private_extension_when_the_name_has_no_title() -> None:
    assert certificate.read(cards.certificate(title="", profession=b"\x16\x0260")).profession == "60"


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
