"""CSV files of strangers: whatever is in them, they are read or refused, in time, and what is read stays within bounds."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain import correspondents, csv_table, roster_csv
from mssclient.domain.errors import Unread, Unreadable

Read = Callable[[bytes], tuple[object, ...]]
READERS = (roster_csv.read, correspondents.read)
HEADINGS = (
    "Nom de naissance", "Prénoms", "Date de naissance", "Sexe", "Matricule INS", "OID", "N° de dossier", "Opposition MES",
    "Nom", "RPPS", "Adresse MSSanté", "Code postal", "Clé",
)  # fmt: skip
ODD = (
    "", " ", '"', '""', "''", '="0123"', "=CMD()", "2,79035E+14", "31/02/1979", "0/0/0", "٠١/٠١/١٩٧٩", "\0", "\x1b[2J",
    "\u202e", "a\nb", "é" * 3000, "1" * 4000, "😀", "oui", "sep=;", "\ufeff", "-1", "NaN", "1.2.250.1.213.1.4.8",
    "279035121518989",
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> bytes:
    """Something that nearly is a table, in a dialect and an encoding."""
    mark = draw(st.sampled_from(";,\t|"))
    cell = st.one_of(st.sampled_from(ODD), st.text(max_size=12))
    quoted = draw(st.booleans())
    width = draw(st.integers(1, 6))
    rows = [draw(st.lists(st.sampled_from(HEADINGS), min_size=width, max_size=width))]
    rows += draw(st.lists(st.lists(cell, max_size=8), max_size=8))
    lines = [mark.join('"' + c.replace('"', '""') + '"' if quoted else c for c in row) for row in rows]
    text = draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)
    codec = draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]))
    return draw(st.sampled_from([b"", b"sep=;\r\n", b"\xef\xbb\xbf"])) + text.encode(codec, "replace")


def reads_or_refuses(read: Read, content: bytes) -> None:
    begun = time.thread_time()
    try:
        found = read(content)
    except Unreadable:
        found = ()
    assert time.thread_time() - begun < 4, "a third of a second alone; three workers on two cores take longer"
    assert len(repr(found[:3])) < 3 * 14 * csv_table.FIELD_LIMIT * 4


@pytest.mark.parametrize("read", READERS)
@settings(max_examples=250, deadline=None)
@given(content=tables())
def test_any_table_is_read_or_refused(read: Read, content: bytes) -> None:
    reads_or_refuses(read, content)


@pytest.mark.parametrize("read", READERS)
@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(read: Read, content: bytes) -> None:
    reads_or_refuses(read, content)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("content", [
    b'"' * 2_000_000, b"Nom;Prenom\n" + b'"a\n' * 100_000, b"Nom;" * 300_000, b"Nom\n" + b"x" * 3_000_000,
    b"\xff\xfe" + b"\x00\xd8" * 500_000, b"Nom\n" + b"\0" * 3_000_000,
    b"Nom;Date de naissance\n" + b"=" * 15_000 + b';"' * 2000, ("Nom\n" + "é" * 19_000 + "\n").encode() * 40,
])  # fmt: skip
def test_what_is_meant_to_be_slow_is_not(read: Read, content: bytes) -> None:
    reads_or_refuses(read, content)


def test_too_many_lines_or_too_long_ones_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "ROW_LIMIT", 1000)
    with pytest.raises(Unreadable) as many:
        roster_csv.read(b"Nom de naissance\n" + b"A\n" * (csv_table.ROW_LIMIT + 5))
    with pytest.raises(Unreadable) as long:
        roster_csv.read(b"Nom de naissance\n" + b"A" * (csv_table.FIELD_LIMIT * 11))
    assert {many.value.reason, long.value.reason} == {Unread.TOO_BIG}


def test_a_matricule_that_a_spreadsheet_rounded_is_none() -> None:
    heading = "Matricule INS;OID;Nom de naissance;Prénoms;N° de dossier\n"
    for ruined in ("2,79035E+14", "2.79035121518989E14", "279035121518989,00", "néant", "-"):
        (record,) = roster_csv.read((heading + f"{ruined};1.2.250.1.213.1.4.8;PAT-TROIS;DOMINIQUE;7\n").encode())
        assert (record.usager.matricule, record.usager.oid, record.usager.birth_name) == (None, None, "PAT-TROIS")


def test_a_key_in_a_column_of_its_own_completes_the_number() -> None:
    heading = "NIR;Clé;OID;Nom de naissance;Prénoms\n"
    (record,) = roster_csv.read((heading + "2 79 03 51 215 189;89;1.2.250.1.213.1.4.8;PAT-TROIS;DOMINIQUE\n").encode())
    assert record.usager.matricule == "279035121518989"
    (corsican,) = roster_csv.read((heading + "279032A215189;05;1.2.250.1.213.1.4.8;PAT-TROIS;DOMINIQUE\n").encode())
    assert corsican.usager.matricule == "279032A21518905"
    (short,) = roster_csv.read((heading + "2790351215189;;1.2.250.1.213.1.4.8;PAT-TROIS;DOMINIQUE\n").encode())
    assert short.usager.matricule == "2790351215189", "shown as it stands: its key tells that it is not whole"
