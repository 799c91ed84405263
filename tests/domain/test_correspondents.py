"""Lists of correspondents as offices export them: encodings, separators, spreadsheets' habits, and hostile cells."""

from __future__ import annotations

import pytest

from mssclient.domain import csv_table
from mssclient.domain.correspondents import Correspondent, guarded, read
from mssclient.domain.errors import Unread, Unreadable

PLAIN = (
    "N° RPPS;Nom;Prénom;Code postal;Ville;Adresse mail\r\n10000000041;LEFÈVRE;Zoé;69003;Lyon;Zoe.L@x.mss.example\r\n"
)
EXPECTED = Correspondent(
    2, "10000000041", family="LEFÈVRE", given="Zoé", post_code="69003", town="Lyon", address="zoe.l@x.mss.example"
)


@pytest.mark.parametrize(
    "raw",
    [
        PLAIN.encode(), PLAIN.encode("utf-8-sig"), PLAIN.encode("cp1252"), PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"), PLAIN.encode("utf-16-be"), PLAIN.replace(";", ",").encode(),
        PLAIN.replace(";", "\t").encode("cp1252"), PLAIN.replace(";", "|").encode(), PLAIN.replace("\r\n", "\n").encode(),
        PLAIN.replace("\r\n", "\r").replace("\r", "\r\n").encode(), b"\r\n" + PLAIN.encode(),
        PLAIN.replace("10000000041", '="10000000041"').encode(), PLAIN.replace("10000000041", "'10000000041").encode(),
        PLAIN.replace("10000000041", "10 000 000 041").encode(), PLAIN.replace("10000000041", "10000000041.0").encode(),
        PLAIN.replace("LEFÈVRE", '"LEFÈVRE"').encode(), PLAIN.replace("Zoe.L@", "mailto:Zoe.L@").encode(),
    ],
)  # fmt: skip
def test_every_dialect_says_the_same(raw: bytes) -> None:
    assert read(raw) == (EXPECTED,)


def test_a_separator_may_be_announced() -> None:
    assert read(b"sep=,\r\n" + PLAIN.replace(";", ",").encode())[0].number == "10000000041"


def test_a_post_code_that_lost_its_zero() -> None:
    assert read(PLAIN.replace("69003", "6000").encode())[0].post_code == "06000"


@pytest.mark.parametrize("number", ["1,00E+10", "1.00002E+10", "1E+10"])
def test_a_number_that_a_spreadsheet_rounded_is_none(number: str) -> None:
    (one,) = read(PLAIN.replace("10000000041", f'"{number}"').encode())
    assert (one.number, one.is_ruined) == ("", True)


@pytest.mark.parametrize(
    ("whole", "family", "given"),
    [("DUPONT Marie", "DUPONT", "Marie"), ("Dr Marie DUPONT", "DUPONT", "Marie"), ("Dupont Marie", "Dupont", "Marie"),
     ("LE GOFF Anne-Marie", "LE GOFF", "Anne-Marie"), ("DUPONT", "DUPONT", "")],
)  # fmt: skip
def test_names_in_one_column(whole: str, family: str, given: str) -> None:
    (one,) = read(f"Correspondant;Ville\n{whole};Lyon\n".encode())
    assert (one.family, one.given) == (family, given)


def test_a_quoted_cell_may_hold_the_separator_and_a_line_end() -> None:
    (one,) = read(b'Nom;Ville\n"DE LA;\nCROIX";Nantes\n')
    assert one.family == "DE LA; CROIX"


def test_short_empty_and_long_lines() -> None:
    found = read(b"Nom;Prenom;Ville\nA\n;;\n\nB;C;D;E;F\n")
    assert [one.family for one in found] == ["A", "B"]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [(b"", Unread.EMPTY), (b"\n\n", Unread.EMPTY), (b"a;b;c\n1;2;3\n", Unread.NOT_IT), (b"PK\x03\x04zip", Unread.NOT_IT),
     (b"nom;" * 300, Unread.TOO_BIG), (b"nom\n" + b"x" * 300_000, Unread.TOO_BIG), (b"\xff\xfe", Unread.EMPTY)],
)  # fmt: skip
def test_what_is_no_list_is_refused(raw: bytes, reason: Unread) -> None:
    with pytest.raises(Unreadable) as caught:
        read(raw)
    assert caught.value.reason is reason


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "ROW_LIMIT", 10)
    with pytest.raises(Unreadable):
        read(b"nom\n" + b"x\n" * 50)


@pytest.mark.parametrize("cell", ["=1+1", "+33 1", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_of_ours_is_a_formula(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert guarded("LE GOFF") == "LE GOFF"
