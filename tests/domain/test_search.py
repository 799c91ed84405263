"""The search field: whatever a person types, FTS5 understands it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mssclient.domain.search import SearchQuery, parse

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
        ("non-lu", SearchQuery("", unread=True)),
        ("Non-Lus bio", SearchQuery('("bio"*)', unread=True)),
        ("avant:15/01/2024", SearchQuery("", before=date(2024, 1, 15))),
        ("après:2024-01-15", SearchQuery("", after=date(2024, 1, 15))),
        ("apres:01/2024 avant:2025", SearchQuery("", before=date(2025, 1, 1), after=date(2024, 1, 1))),
        ("avant:2025 avant:2024", SearchQuery("", before=date(2024, 1, 1))),
        ("-bio", SearchQuery("")),
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
    assert (query.before, query.unread) == (None, False)
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
