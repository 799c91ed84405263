"""The way to the certificates on a card, and cards that lie about it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.card import pkcs15
from mssclient.domain.errors import Unreadable
from tests.card import cards
from tests.lab.pcscd import CPS3, IAS_CONTACT
from tests.lab.virtual_card import Chip


def card(files: dict[str, str], application: str = IAS_CONTACT) -> tuple[Chip, pkcs15.Transmit]:
    chip = Chip({"atr": CPS3, "application": application, "files": files})

    def transmit(apdu: bytes) -> tuple[bytes, int]:
        answer = chip.answer(apdu)
        return answer[:-2], int.from_bytes(answer[-2:], "big")

    return chip, transmit


def test_every_certificate_is_found_in_the_cards_order_and_no_pin_is_ever_presented() -> None:
    ders = [cards.certificate(), cards.certificate(authority=True)]
    chip, transmit = card(cards.files(*ders))
    assert list(pkcs15.certificates(transmit)) == ders
    assert set(chip.seen) == {"A4", "B0", "C0"}, "SELECT, READ BINARY and GET RESPONSE only"


@pytest.mark.parametrize("application", pkcs15.APPLICATIONS)
def test_each_generation_of_card_is_tried(application: bytes) -> None:
    _, transmit = card(cards.files(cards.certificate()), application.hex())
    assert len(list(pkcs15.certificates(transmit))) == 1


def test_another_kind_of_card_is_refused() -> None:
    _, transmit = card({}, "A000000003")
    with pytest.raises(Unreadable):
        list(pkcs15.certificates(transmit))


def test_a_path_to_nowhere_is_refused() -> None:
    files = cards.files(cards.certificate())
    del files["0001D100"]
    _, transmit = card(files)
    with pytest.raises(Unreadable):
        list(pkcs15.certificates(transmit))


def test_a_file_without_end_is_given_up() -> None:
    def endless(apdu: bytes) -> tuple[bytes, int]:
        return (b"\xa4" * 256, 0x9000) if apdu[1] == 0xB0 else (b"", 0x9000)

    with pytest.raises(Unreadable):
        list(pkcs15.certificates(endless))


def test_a_card_that_always_promises_more_is_given_up() -> None:
    with pytest.raises(Unreadable):
        list(pkcs15.certificates(lambda _: (b"", 0x6110)))


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_garbage_in_the_directory_files_is_refused_or_read(directory: bytes, entries: bytes) -> None:
    _, transmit = card({"00015031": directory.hex(), "00017004": entries.hex()})
    try:
        list(pkcs15.certificates(transmit))
    except Unreadable:
        return
