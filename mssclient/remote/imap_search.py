"""What a person looks for, as IMAP SEARCH says it (RFC 3501 §6.4.4): words as literals in UTF-8, days as dates."""

from __future__ import annotations

from datetime import date

from mssclient.domain.search import Mark, SearchQuery, Term
from mssclient.remote.imap_wire import Literal
from mssclient.remote.imap_words import MONTHS

_KEYS = {"sender": b"FROM", "subject": b"SUBJECT", "body": b"BODY"}
_MARKS = {Mark.UNREAD: b"UNSEEN", Mark.READ: b"SEEN", Mark.FLAGGED: b"FLAGGED"}


def criteria(asked: SearchQuery) -> list[bytes | Literal]:
    """The conditions a server can judge; empty when words are none of them. Servers look for pieces of words, and few fold
    accents: what they find is shown beside what the index found, never instead."""
    if not asked.asks_for_words:
        return []
    words: list[bytes | Literal] = []
    for term in asked.terms:
        words += ([b"NOT"] if term.unwanted else []) + _condition(term)
    words += [_MARKS[mark] for mark in sorted(asked.marks, key=lambda mark: mark.value) if mark in _MARKS]
    if asked.before is not None:
        words += [b"SENTBEFORE", _day(asked.before)]
    if asked.after is not None:
        words += [b"SENTSINCE", _day(asked.after)]
    return words


def _condition(term: Term) -> list[bytes | Literal]:
    word = Literal(term.words.encode("utf-8", errors="replace"))
    if term.column == "recipients":
        return [b"OR TO", word, b"CC", word]
    return [_KEYS.get(term.column, b"TEXT"), word]


def _day(day: date) -> bytes:
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}".encode()
