"""The search field: whatever a person types, FTS5 understands it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mssclient.domain.search import MAX_TERMS, Hint, Mark, SearchQuery, Term, continued, last_piece, parse, wants_names
from mssclient.domain.search_dates import period

ROWS = [
    (
        "Résultats de biologie",
        "Dr Claire VASSEUR claire.vasseur@ch.mssante.fr",
        "ehpad@x.mssante.fr",
        "le potassium de l’été",
        "bio.pdf",
        "NESSI RUTH",
    ),
    (
        "Lettre de sortie",
        "Jean Dupont",
        "claire.vasseur@ch.mssante.fr",
        "sortie prévue mardi, retour à domicile",
        "",
        "PAT-TROIS DOMINIQUE",
    ),
]


@pytest.fixture(scope="module")
def fts() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE f USING fts5 (subject, sender, recipients, body, attachments, usager,"
        " prefix='2 3', tokenize='unicode61 remove_diacritics 2')"
    )
    connection.executemany("INSERT INTO f VALUES (?, ?, ?, ?, ?, ?)", ROWS)
    yield connection
    connection.close()


def hits(fts: sqlite3.Connection, text: str) -> list[int]:
    match = parse(text).match
    return (
        [row[0] for row in fts.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid", (match,))] if match else []
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bio", [1]),
        ("biologie résultats", [1]),
        ("RESULTATS", [1]),
        ("vasseur", [1, 2]),
        ("de:vasseur", [1]),
        ("à:vasseur", [2]),
        ("a : vasseur", [2]),
        ("objet:sortie", [2]),
        ("pj:bio", [1]),
        ("usager:nessi", [1]),
        ('usager:"pat trois"', [2]),
        ('"retour à domicile"', [2]),
        ('"domicile à retour"', []),
        ("« retour à domicile »", [2]),
        ("vasseur -biologie", [2]),
        ("bio.pdf", [1]),
        ("bio OR sortie", []),
        ("claire.vasseur@ch.mssante.fr", [1, 2]),
        ("l'été", [1]),
        ("pat-trois", [2]),
        ("DE:DUPONT sort", [2]),
    ],
)
def test_what_is_found(fts: sqlite3.Connection, text: str, found: list[int]) -> None:
    assert hits(fts, text) == found


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", SearchQuery("")),
        ("non-lu", SearchQuery("", frozenset({Mark.UNREAD}))),
        ("-non-lu", SearchQuery("", frozenset({Mark.READ}))),
        ("Non-Lus bio", SearchQuery('("bio"*)', frozenset({Mark.UNREAD}), terms=(Term("", "bio"),))),
        ("suivi avec-pj", SearchQuery("", frozenset({Mark.FLAGGED, Mark.ATTACHED}))),
        ("a:pj", SearchQuery("", frozenset({Mark.ATTACHED}))),
        ("dans:archives dans:soins", SearchQuery("", places=("archives", "soins"))),
        ("le:15/01/2024", SearchQuery("", before=date(2024, 1, 16), after=date(2024, 1, 15))),
        ("avant:12 mars 2026", SearchQuery("", before=date(2026, 3, 12))),
        ("après:mars 2026", SearchQuery("", after=date(2026, 3, 1))),
        ("avant:15/01/2024", SearchQuery("", before=date(2024, 1, 15))),
        ("après:2024-01-15", SearchQuery("", after=date(2024, 1, 15))),
        ("apres:01/2024 avant:2025", SearchQuery("", before=date(2025, 1, 1), after=date(2024, 1, 1))),
        ("avant:2025 avant:2024", SearchQuery("", before=date(2024, 1, 1))),
        ("-bio", SearchQuery("", without='("bio"*)', terms=(Term("", "bio", unwanted=True),))),
        ('"', SearchQuery("")),
    ],
)
def test_filters(text: str, query: SearchQuery) -> None:
    assert parse(text) == query


@pytest.mark.parametrize(
    "text", ["avant:hier", "avant:32/13/2024", "après:9999", "avant:0000", "nobody:x", "https://x.fr/a"]
)
def test_what_is_no_filter_is_a_word(text: str) -> None:
    query = parse(text)
    assert (query.before, query.marks) == (None, frozenset())
    assert query.match or query.after


TYPED = st.text(
    alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("\"*:()-^{}+'« »ANDORNT \0")), max_size=80
)


@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TYPED)
def test_nothing_typed_is_a_syntax_error(fts: sqlite3.Connection, text: str) -> None:
    hits(fts, text)


def test_a_long_text_is_bounded(fts: sqlite3.Connection) -> None:
    assert len(parse("mot " * 10_000).match) < 500
    hits(fts, "mot " * 10_000)


TODAY = date(2026, 3, 4)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("hier", (2026, 3, 3), (2026, 3, 3)),
        ("Aujourd'hui", (2026, 3, 4), (2026, 3, 4)),
        ("aujourd’hui", (2026, 3, 4), (2026, 3, 4)),
        ("avant-hier", (2026, 3, 2), (2026, 3, 2)),
        ("lundi", (2026, 3, 2), (2026, 3, 2)),
        ("mercredi", (2026, 2, 25), (2026, 2, 25)),
        ("cette semaine", (2026, 3, 2), (2026, 3, 8)),
        ("semaine dernière", (2026, 2, 23), (2026, 3, 1)),
        ("mois dernier", (2026, 2, 1), (2026, 2, 28)),
        ("mars", (2026, 3, 1), (2026, 3, 31)),
        ("déc.", (2025, 12, 1), (2025, 12, 31)),
        ("août 2024", (2024, 8, 1), (2024, 8, 31)),
        ("1er avril 2025", (2025, 4, 1), (2025, 4, 1)),
        ("12 mars", (2025, 3, 12), (2025, 3, 12)),
        ("3/3", (2026, 3, 3), (2026, 3, 3)),
        ("05/03", (2025, 3, 5), (2025, 3, 5)),
        ("12/03/26", (2026, 3, 12), (2026, 3, 12)),
        ("12-03-2026", (2026, 3, 12), (2026, 3, 12)),
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        ("2026-02", (2026, 2, 1), (2026, 2, 28)),
    ],
)
def test_days_as_one_types_them(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    found = period(text, TODAY)
    assert found is not None
    assert (found[0], found[1]) == (date(*first), date.fromordinal(date(*last).toordinal() + 1))


@pytest.mark.parametrize("text", ["", "31/02/2026", "demain", "99", "mars avril", "10000", "mars 0", "²²²²", "٢٠٢٦"])
def test_what_names_no_day(text: str) -> None:
    assert period(text, TODAY) is None


def test_a_date_takes_the_words_that_belong_to_it_and_no_other() -> None:
    assert parse("avant:12 mars scanner", TODAY).before == date(2025, 3, 12)
    assert parse("avant:12 mars scanner", TODAY).terms == (Term("", "scanner"),)
    assert parse("scanner après:semaine dernière", TODAY).after == date(2026, 2, 23)
    assert parse("après:hier", TODAY).after == date(2026, 3, 3)


def test_the_conditions_one_by_one() -> None:
    asked = parse('de:martin "compte rendu" -scanner objet:bio')
    assert asked.terms == (
        Term("sender", "martin"), Term("", "compte rendu", phrase=True), Term("subject", "bio"),
        Term("", "scanner", unwanted=True),
    )  # fmt: skip
    assert not asked.empty
    assert parse("de:").empty
    assert len(parse(" ".join(f"mot{n}" for n in range(100))).terms) == MAX_TERMS


def test_what_could_come_next() -> None:
    assert continued("d") == (Hint("de:", "de:"), Hint("doc:", "doc:"), Hint("dans:", "dans:"))
    assert continued("scanner no") == (Hint("scanner non-lu ", "non-lu"),)
    assert continued("scanner ap") == (Hint("scanner après:", "après:"),)
    assert continued("avant:h", ()) == (Hint("avant:hier ", "hier"),)
    assert [each.shown for each in continued("après:sem")] == ["semaine dernière"]
    assert continued("x de:mar", ("Dr Anne MARTIN", "Lucas PETIT")) == (
        Hint('x de:"Dr Anne MARTIN" ', "Dr Anne MARTIN"),
    )
    assert continued("-us") == (Hint("-usager:", "usager:"),)
    assert continued("") == ()
    assert [wants_names(last_piece(each)[1]) for each in ("de:x", "à:", "usager:n", "dans:s", "pj:a", "mot")] == [
        "people", "people", "usagers", "places", "", "",
    ]  # fmt: skip


@settings(max_examples=200)
@given(TYPED)
def test_whatever_is_typed_can_be_continued_and_read_again(text: str) -> None:
    for hint in continued(text, ("Anne MARTIN", "x")):
        parse(hint.text, TODAY)
