"""The words of one generation of the Annuaire: what a beginning may become, and which words a misspelled one resembles.

Codes of spellings (`domain.directory_query.spelling_codes`) lie in order in a few hundred pieces: a million rows of their
own would take longer to write than everything else about words.
"""

from __future__ import annotations

import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from mssclient.domain import directory_query as query

_PIECE = 1_024
"""Codes in a piece when it is made; what a day adds makes it longer."""
_RESEMBLING_LIMIT = 600
_PIECES = (
    "SELECT codes FROM spelling WHERE first <= ? "
    "AND first >= (SELECT max(first) FROM spelling WHERE first <= ?) ORDER BY first"
)


def keep_all(connection: sqlite3.Connection) -> None:
    """Fill `word` and `spelling` from the index itself."""
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab (main, entry_words, col)")
    connection.execute(
        "INSERT INTO word (text, uses, naming) "
        "SELECT term, sum(doc), CASE WHEN max(col IN ('family', 'given', 'place')) THEN 1 "
        "WHEN max(col = 'own') THEN 2 ELSE 0 END FROM vocabulary "
        "WHERE length(term) >= 3 AND term NOT GLOB '*[0-9]*' GROUP BY term ORDER BY term"
    )
    connection.execute("DROP TABLE temp.vocabulary")
    named = connection.execute("SELECT id, text FROM word WHERE naming").fetchall()
    codes = array("q", sorted(_codes(named)))
    connection.executemany(
        "INSERT INTO spelling VALUES (?, ?)",
        ((codes[at] if at else 0, codes[at : at + _PIECE].tobytes()) for at in range(0, len(codes) or 1, _PIECE)),
    )


def keep(connection: sqlite3.Connection, named: set[str], own: set[str], others: set[str]) -> None:
    """Add the words of one new entry: those of its name and its town, of its structure, and all others."""
    words = [(text,) for text in named | own | others if query.may_be_mistaken(text)]
    connection.executemany("INSERT OR IGNORE INTO word (text, uses, naming) VALUES (?, 1, 0)", words)
    for naming, texts in ((1, named), (2, own - named)):
        for text in texts:
            asked = "SELECT id, text, naming FROM word WHERE text = ? AND naming NOT IN (1, ?)"
            for number, _, before in connection.execute(asked, (text, naming)).fetchall():
                connection.execute("UPDATE word SET naming = ? WHERE id = ?", (naming, number))
                for code in () if before else _codes([(number, text)]):
                    _insert(connection, code)


def _insert(connection: sqlite3.Connection, code: int) -> None:
    asked = "SELECT first, codes FROM spelling WHERE first <= ? ORDER BY first DESC LIMIT 1"
    first, piece = connection.execute(asked, (code,)).fetchone() or (0, b"")
    codes = array("q", piece)
    place = bisect_left(codes, code)
    if codes[place : place + 1] != array("q", (code,)):
        codes.insert(place, code)
        connection.execute("INSERT OR REPLACE INTO spelling VALUES (?, ?)", (first, codes.tobytes()))


def _codes(words: Iterable[tuple[int, str]]) -> list[int]:
    return [
        code | number
        for number, text in words
        if number <= query.WORD_MASK and query.is_forgivable(text)
        for code in set(query.spelling_codes(text))
    ]


def resembling(connection: sqlite3.Connection, text: str) -> list[tuple[str, int]]:
    """Words of names, towns and structures that may be one mistake away, and how many entries have them; some are
    further."""
    numbers: set[int] = set()
    for key in sorted(set(query.spelling_codes(text))):
        for (piece,) in connection.execute(_PIECES, (key | query.WORD_MASK, key)):
            codes = array("q", piece)
            met = codes[bisect_left(codes, key) : bisect_right(codes, key | query.WORD_MASK)]
            numbers.update(code & query.WORD_MASK for code in met)
    listed = ",".join(map(str, sorted(numbers)[:_RESEMBLING_LIMIT]))
    return connection.execute(f"SELECT text, uses FROM word WHERE id IN ({listed})").fetchall()
