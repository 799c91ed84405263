"""The words an entry is found by: the index has to hold exactly those that the ranking looks for."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mssclient.domain.bal import BalKind
from mssclient.domain.directory_words import KIND_MARK, folded, folded_entry, indexed_columns, kind_word
from mssclient.domain.entry import DirectoryEntry

COLUMNS = ("family", "given", "own", "place", "work", "mail")
TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs", "Co", "Cn")), max_size=25
)
FRENCH = st.text("aeiouéèêëïîôùûçœæŒÆßNTRSLDtrsld'’- _.&/()0123", max_size=25)


def _entry(**values: str) -> DirectoryEntry:
    names = ("address", "national_id", "title", "given", "family", "profession", "profession_code", "speciality",
             "structure", "structure_id", "service", "town", "post_code")  # fmt: skip
    return DirectoryEntry(kind=BalKind.PER, paperless=None, **{name: values.get(name, "") for name in names})


def _words_in_index(columns: tuple[str, ...]) -> set[tuple[str, str]]:
    """(column, word) as SQLite's tokenizer splits them."""
    with closing(sqlite3.connect(":memory:")) as connection:
        listed = ", ".join(COLUMNS)
        connection.execute(
            f"CREATE VIRTUAL TABLE w USING fts5 ({listed}, content = '', detail = 'column', columnsize = 0, "
            "tokenize = 'unicode61 remove_diacritics 2')"
        )
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab (w, col)")
        connection.execute(f"INSERT INTO w (rowid, {listed}) VALUES (1{', ?' * 6})", columns)
        return {(column, term) for term, column in connection.execute("SELECT term, col FROM v")}


@settings(max_examples=60, deadline=None)
@given(FRENCH, FRENCH, FRENCH, FRENCH, FRENCH)
@example("LE GOFF", "Jean-Pierre", "Groß & Fils d’Œuvre", "L’HAŸ-LES-ROSES", "CÔTÉ_SUD")
@example("O'CONNOR", "Anne_Laure", "C.H. DE LYON", "SAINT-DENIS", "EHPAD N°3")
def test_the_index_holds_the_words_that_are_ranked(
    family: str, first: str, house: str, town: str, service: str
) -> None:
    entry = _entry(address="Jean.le_goff-x@ch-lyon.mssante.fr".lower(), family=family, given=first, structure=house,
                   service=service, town=town, post_code="69003", profession="Médecin", speciality="Gériatrie")  # fmt: skip
    columns = indexed_columns(
        entry.address, "PER", first, family, ("Médecin", "Gériatrie"), (house, service), (town, "69003")
    )
    ranked = {
        (column, word)
        for column, text in zip(COLUMNS, folded_entry(entry), strict=True)
        for word in text.split()
    }  # fmt: skip
    assert _words_in_index(columns) == ranked


@given(TEXT)
def test_nobody_can_type_the_word_of_a_kind(text: str) -> None:
    assert KIND_MARK not in folded(text + KIND_MARK)


def test_people_are_those_without_a_word_for_their_kind() -> None:
    told = {
        kind: indexed_columns("a@b.mss.example", kind.value, "", "", ("", ""), ("", ""), ("", ""))[5].split()
        for kind in BalKind
    }
    assert told[BalKind.PER] == ["a", "b", "mss", "example"]
    others = [kind_word(kind.value) for kind in BalKind if kind is not BalKind.PER]
    assert [words[-1] for kind, words in told.items() if kind is not BalKind.PER] == others
    assert len(set(others)) == len(others)


@pytest.mark.parametrize(("given_name", "initials"), [("Jean-Pierre", "jp"), ("Marie Ève Anne", "mea")])
def test_a_compound_first_name_has_initials(given_name: str, initials: str) -> None:
    assert f" {initials} " in folded_entry(_entry(given=given_name)).given
