"""The record's usagers as record systems export them."""

from __future__ import annotations

import pytest

from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.identity import OID_NIR, Usager
from mssclient.domain.matching import Roster
from mssclient.domain.roster_csv import read

HEADING = (
    "Matricule INS;OID;Nom de naissance;Prénoms;Date de naissance;Sexe;Code lieu de naissance;N° dossier;Statut INS;"
    "Opposition MES;Opposition pro"
)
LINE = f"2 79 03 51 215 189 89;{OID_NIR};PAT-TROIS;DOMINIQUE MARIE-LOUISE;28/03/1979;F;51215;D-42;Qualifiée;oui;non"
USAGER = Usager(
    "279035121518989", OID_NIR, "PAT-TROIS", ("DOMINIQUE", "MARIE-LOUISE"), "1979-03-28", "F", birth_place="51215"
)


@pytest.mark.parametrize(
    "raw",
    [
        f"{HEADING}\n{LINE}\n".encode(), f"\ufeff{HEADING}\r\n{LINE}\r\n".encode(), f"{HEADING}\n{LINE}\n".encode("cp1252"),
        f"{HEADING}\n{LINE}\n".encode("utf-16"), f"sep=;\n{HEADING}\n{LINE}\n".encode(),
        f"{HEADING}\n{LINE}\n".replace(";", "\t").encode(),
    ],
)  # fmt: skip
def test_every_dialect_says_the_same(raw: bytes) -> None:
    (record,) = read(raw)
    assert record.usager == USAGER
    assert (record.record_number, record.qualified) == ("D-42", True)
    assert (record.refuses_citizen, record.refuses_professional) == (True, False)


@pytest.mark.parametrize("day", ["1979-03-28", "28/03/1979", "19790328", "28.03.1979", "28/03/1979 00:00"])
def test_dates_as_systems_write_them(day: str) -> None:
    assert read(f"Nom;DDN\nA;{day}\n".encode())[0].usager.birth_date == "1979-03-28"


@pytest.mark.parametrize("day", ["", "31/13/1979", "1979", "x"])
def test_a_date_that_is_none_is_left_out(day: str) -> None:
    assert read(f"Nom;DDN\nA;{day}\n".encode())[0].usager.birth_date == ""


def test_without_an_oid_nothing_is_exact() -> None:
    (record,) = read(f"{HEADING}\n{LINE.replace(OID_NIR, '')}\n".encode())
    assert record.usager.oid is None
    assert not record.qualified
    assert Roster((record,)).certain(USAGER) is None
    (whole,) = read(f"{HEADING}\n{LINE}\n".encode())
    assert Roster((whole,)).certain(USAGER) == whole


def test_lines_without_a_birth_name_are_left_out() -> None:
    assert read(b"Nom;DDN\n;1979-03-28\nB;\n") == read(b"Nom;DDN\nB;\n")


@pytest.mark.parametrize(("raw", "reason"), [(b"a;b\n1;2\n", Unread.NOT_IT), (b"", Unread.EMPTY)])
def test_what_is_no_roster_is_refused(raw: bytes, reason: Unread) -> None:
    with pytest.raises(Unreadable) as caught:
        read(raw)
    assert caught.value.reason is reason


@pytest.mark.parametrize("words", ["pat tro", "domi 28 03", "D-42", "279035121518989", "marie"])
def test_an_usager_is_found_by_what_one_types(words: str) -> None:
    roster = Roster(read(f"{HEADING}\n{LINE}\n;;AUTRE;X;;;;;;;\n".encode()))
    assert [r.record_number for r in roster.search(words)] == ["D-42"]
    assert roster.search("zzz") == ()
    assert roster.search(" ") == ()
