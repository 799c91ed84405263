"""INS: the key, the traits, what counts as qualified (documents.md)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.identity import OID_DEMO, OID_NIR, OID_TEST, Usager, is_qualified, key_is_valid, key_of

WHOLE = Usager("279035121518989", OID_NIR, "PAT-TROIS", ("DOMINIQUE",), "1979-03-28", "F")


@pytest.mark.parametrize("matricule", ["279035121518989", "277076322082910", "146026322000196", "274075176079430"])
def test_the_published_test_values_have_the_right_key(matricule: str) -> None:
    assert key_is_valid(matricule)


@given(st.integers(1, 9_999_999_999_999), st.integers(1, 96))
def test_another_key_is_wrong(number: int, shift: int) -> None:
    first = f"{number:013d}"
    key = key_of(first)
    assert key is not None
    assert key_is_valid(f"{first}{key:02d}")
    assert not key_is_valid(f"{first}{(key - 1 + shift) % 97 + 1:02d}")


def test_corsica() -> None:
    for department, digits in (("2A", "19"), ("2B", "18")):
        first = f"27903{department}121518"
        key = key_of(first)
        assert key == key_of(f"27903{digits}121518")
        assert key_is_valid(f"{first.lower()}{key:02d}")


@pytest.mark.parametrize(
    "text", ["", "27903512151898", "2790351215189890", "27903512151898X", "2790²5121518989", "x" * 15]
)
def test_what_is_no_matricule(text: str) -> None:
    assert not key_is_valid(text)
    assert key_of("27903") is None


def test_qualified_wants_everything() -> None:
    """ECO.2.4.2."""
    assert is_qualified(WHOLE)
    assert is_qualified(replace(WHOLE, oid=OID_TEST))
    assert is_qualified(replace(WHOLE, oid=OID_DEMO))
    for bent in (
        replace(WHOLE, matricule=None),
        replace(WHOLE, oid=None),
        replace(WHOLE, oid="1.2.3"),
        replace(WHOLE, birth_name=""),
        replace(WHOLE, given=()),
        replace(WHOLE, birth_date="1979-03"),
        replace(WHOLE, sex="U"),
        replace(WHOLE, sex=""),
    ):
        assert not is_qualified(bent)
