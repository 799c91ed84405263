"""The Annuaire's extraction: whatever its header looks like, and when it is refused."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain import extraction
from mssclient.domain.bal import BalKind
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.extraction import Shrunken, Tally, entry, rows, stamp_of
from mssclient.sandbox.directory import HEADER, Listed
from mssclient.sandbox.directory import extraction as synthetic

LINE = (
    "PER|Jeanne.LE-GOFF@Medecin.MSS.example|8|10000000041|810000000041|1|690000041|Cardiologie|DR|LE GOFF|Jeanne|C|"
    "Civil|10|Médecin|SM04|Cardiologie et maladies vasculaires|O|CH DE VILLEFICTIVE|CH V|||3||RUE|DES LILAS||"
    "69372 LYON CEDEX 08|69372|69|FRANCE"
)


def _read(text: str | bytes, tally: Tally | None = None) -> list[extraction.Row]:
    raw = text.encode() if isinstance(text, str) else text
    return list(rows(extraction.bounded_lines(io.BytesIO(raw)), tally))


def _refusal(text: str | bytes) -> Unreadable:
    with pytest.raises(Unreadable) as caught:
        _read(text)
    return caught.value


def test_a_line_becomes_an_entry() -> None:
    (row,) = _read(f"{HEADER}\n{LINE}\n")
    read = entry(row)
    assert read.address == "jeanne.le-goff@medecin.mss.example"
    assert read.kind is BalKind.PER
    assert read.national_id == "810000000041"
    assert (read.title, read.given, read.family) == ("DR", "Jeanne", "LE GOFF")
    assert (read.profession, read.profession_code) == ("Médecin", "10")
    assert read.speciality == "Cardiologie et maladies vasculaires"
    assert (read.structure, read.structure_id, read.service) == ("CH DE VILLEFICTIVE", "690000041", "Cardiologie")
    assert (read.town, read.post_code) == ("LYON", "69372")
    assert read.paperless is True


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (HEADER.upper(), LINE),
        (HEADER.replace("é", "e").replace("'", "’"), LINE),
        ("\ufeff" + HEADER, LINE),
        (HEADER + "|", LINE + "|"),
        (HEADER, LINE + "|"),
        (HEADER + "|Nouvelle colonne", LINE + "|quelque chose"),
        ("Nouvelle|" + HEADER, "x|" + LINE),
        (HEADER.replace("Code postal", "  code   Postal "), LINE),
        ("|".join(reversed(HEADER.split("|"))), "|".join(reversed(LINE.split("|")))),
    ],
    ids=[
        "capitals",
        "no accents",
        "bom",
        "trailing bars",
        "trailing bar",
        "extra",
        "extra first",
        "blanks",
        "reversed",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_columns_are_found_by_their_folded_name(header: str, line: str, end: str) -> None:
    (row,) = _read(header + end + line + end)
    assert entry(row) == entry(_read(f"{HEADER}\n{LINE}\n")[0])


def test_the_last_line_needs_no_end() -> None:
    assert len(_read(f"{HEADER}\n{LINE}\n{LINE}")) == 2


@pytest.mark.parametrize("column", ["Adresse BAL", "Type de BAL", "Nom d'exercice", "Code postal structure BAL"])
def test_a_missing_compulsory_column_is_refused_by_its_name(column: str) -> None:
    place = HEADER.split("|").index(column)
    header, line = ("|".join(x for i, x in enumerate(text.split("|")) if i != place) for text in (HEADER, LINE))
    refusal = _refusal(f"{header}\n{line}\n")
    assert (refusal.reason, refusal.where) == (Unread.NOT_IT, column)


def test_a_missing_optional_column_reads_as_unknown() -> None:
    place = HEADER.split("|").index("Dématérialisation")
    header, line = ("|".join(x for i, x in enumerate(text.split("|")) if i != place) for text in (HEADER, LINE))
    assert entry(_read(f"{header}\n{line}\n")[0]).paperless is None


@pytest.mark.parametrize(
    ("flag", "expected"),
    [("O", True), ("N", False), ("True", True), ("False", False), ("1", True), ("0", False), ("", None), ("?", None)],
)
def test_every_spelling_of_the_paperless_flag(flag: str, expected: bool | None) -> None:
    line = LINE.replace("vasculaires|O|", f"vasculaires|{flag}|")
    assert entry(_read(f"{HEADER}\n{line}\n")[0]).paperless is expected


def test_sign_and_post_code_stand_in_when_their_column_is_empty() -> None:
    line = LINE.replace("CH DE VILLEFICTIVE|CH V", "|CH V").replace("|69372|69|", "||69|")
    read = entry(_read(f"{HEADER}\n{line}\n")[0])
    assert (read.structure, read.post_code, read.town) == ("CH V", "69372", "LYON")


def test_a_national_id_is_built_when_only_its_pieces_are_there() -> None:
    line = LINE.replace("|8|10000000041|810000000041|", "|8|10000000041||")
    assert entry(_read(f"{HEADER}\n{line}\n")[0]).national_id == "810000000041"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", Unread.EMPTY),
        (b"\r\n\r\n", Unread.EMPTY),
        (HEADER.encode(), Unread.EMPTY),
        (b"PK\x03\x04" + bytes(200), Unread.NOT_IT),
        (b"\xff\xfe" + HEADER.encode("utf-16-le"), Unread.NOT_IT),
        (b"<html><body>Connexion</body></html>\n", Unread.NOT_IT),
        (b"nom;prenom;adresse\n" * 50, Unread.NOT_IT),
        (f"{HEADER}\n{LINE}\n".encode() + (LINE.encode("latin-1") + b"\n") * 6, Unread.DAMAGED),
        (f"{HEADER}\n{LINE}\n{LINE[:120]}".encode(), Unread.DAMAGED),
        (f"{HEADER}\n".encode() + b"x" * 40_000, Unread.TOO_BIG),
        (f"{HEADER}\n{LINE}\n".encode() + b"a|b\n" * 20, Unread.DAMAGED),
    ],
    ids=[
        "empty",
        "blank",
        "header only",
        "zip",
        "utf-16",
        "portal",
        "foreign csv",
        "latin-1",
        "cut",
        "long line",
        "lines",
    ],
)
def test_what_is_no_extraction_is_refused(text: bytes, reason: Unread) -> None:
    assert _refusal(text).reason is reason


def test_a_line_that_is_not_utf8_is_read_as_windows_writes() -> None:
    tally = Tally()
    raw = f"{HEADER}\n".encode() + LINE.encode("cp1252") + b"\n" + f"{LINE}\n".encode()
    first, second = rows(raw.splitlines(keepends=True), tally)
    assert entry(first) == entry(second)
    assert (tally.good, tally.skipped, tally.misread) == (2, 0, 1)


def test_empty_columns_may_lack_at_the_end_of_a_line() -> None:
    least = HEADER.split("|").index("Code postal structure BAL") + 1
    short = "|".join(LINE.split("|")[:least])
    tally = Tally()
    first, second = _read(f"{HEADER}\n{short}\n{LINE}\n{short[:-6]}\n", tally)
    assert entry(first) == entry(second)
    assert (tally.good, tally.skipped) == (2, 1)


def test_a_kind_that_appeared_since_does_not_stop_the_annuaire() -> None:
    tally = Tally(good=90, skipped=10, strange=10)
    extraction._refuse_damaged(tally, "", 31)
    with pytest.raises(Unreadable):
        extraction._refuse_damaged(Tally(good=70, skipped=30, strange=30), "", 31)
    with pytest.raises(Unreadable):
        extraction._refuse_damaged(Tally(good=90, skipped=10), "", 31)


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_another_separator_is_told_as_such(separator: str) -> None:
    refusal = _refusal(f"{HEADER}\n{LINE}\n".replace("|", separator))
    assert (refusal.reason, refusal.where) == (Unread.NOT_IT, "separator")


def test_a_few_unusable_lines_are_counted_and_left_out() -> None:
    tally = Tally()
    found = _read(f"{HEADER}\n{LINE}\n" + f"a|b\n{LINE}\n" * 3 + LINE.replace("Jeanne", "Je\0anne", 1) + "\n", tally)
    assert (len(found), tally.good, tally.skipped) == (4, 4, 4)


@pytest.mark.parametrize("change", [("PER|", "XXX|"), ("Jeanne.LE-GOFF@", "rien"), ("Jeanne.LE-GOFF@", "a b@")])
def test_a_line_without_address_or_kind_has_no_fields(change: tuple[str, str]) -> None:
    (row,) = _read(f"{HEADER}\n{LINE.replace(*change)}\n")
    assert extraction.fields(row) is None
    with pytest.raises(Unreadable):
        entry(row)


@pytest.mark.parametrize(
    ("name", "stamp"),
    [
        ("Extraction_Correspondance_MSSante_202608261013.zip", "202608261013"),
        ("/a/b/Extraction_Correspondance_MSSante_202608261013.txt", "202608261013"),
        ("extraction.txt", ""),
        ("x_202613261013.txt", ""),
        ("x_2026082610135.txt", ""),
    ],
)
def test_the_moment_of_an_extraction_is_in_its_name(name: str, stamp: str) -> None:
    assert stamp_of(name) == stamp


def test_a_shrunken_file_is_refused_below_four_fifths() -> None:
    extraction.refuse_shrunken(1000, 800)
    extraction.refuse_shrunken(0, 0)
    with pytest.raises(Shrunken) as caught:
        extraction.refuse_shrunken(1000, 799)
    assert (caught.value.known, caught.value.seen) == (1000, 799)


_text = st.text(
    st.characters(exclude_characters="|\r\n\0\x1c\x1d\x1e\x1f\x85\u2028\u2029", exclude_categories=["Cs"]), max_size=20
)


@given(family=_text, town=_text, service=_text, bom=st.booleans(), end=st.sampled_from(["\n", "\r\n"]))
def test_any_text_comes_back_as_it_was(family: str, town: str, service: str, bom: bool, end: str) -> None:
    listed = Listed("a.b@x.mss.example", family=family, given="Zoé", service=service, town=town, post_code="69003")
    lines = [line.decode() for line in synthetic(1, fixed=[listed])]
    header = lines[0].removeprefix("\ufeff").strip()
    (row,) = _read(("\ufeff" if bom else "") + header + end + lines[1].removesuffix("\r\n") + end)
    read = entry(row)
    assert (read.family, read.service, read.given) == (family.strip(), service.strip(), "Zoé")


@given(st.binary(max_size=400))
def test_no_bytes_bring_it_down(junk: bytes) -> None:
    for text in (junk, f"{HEADER}\n{LINE}\n".encode() + junk):
        try:
            found = _read(text)
        except Unreadable:
            continue
        for row in found:
            extraction.fields(row)
