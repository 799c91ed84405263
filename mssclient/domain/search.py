"""Reads the search field: words, quotes and filters, made into an FTS5 expression that can never be a syntax error."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from mssclient.domain.address import fold

MAX_TERMS = 12
_LONGEST = 500
_TOKEN = re.compile(r'(-?)(?:([^\W\d_]+(?:-[^\W\d_]+)?)\s?:\s*)?(?:[«"“]([^»"”]*)[»"”]?|(\S+))?', re.UNICODE)
_COLUMNS = {
    "de": "sender", "from": "sender", "expediteur": "sender",
    "a": "recipients", "to": "recipients", "pour": "recipients", "destinataire": "recipients",
    "objet": "subject", "sujet": "subject", "subject": "subject",
    "pj": "attachments", "piece": "attachments", "fichier": "attachments",
    "usager": "usager", "patient": "usager", "resident": "usager", "nom": "usager",
    "texte": "body", "corps": "body",
}  # fmt: skip
_UNREAD = frozenset({"non lu", "non lus", "nonlu", "nonlus", "unread"})
_BEFORE, _AFTER = frozenset({"avant", "before"}), frozenset({"apres", "depuis", "after"})
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})|(\d{4})-(\d{1,2})")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What was asked. Both dates are days at the reader's place."""

    match: str
    """An FTS5 expression; empty when only filters were given, or nothing."""
    unread: bool = False
    before: date | None = None
    """Sent strictly before this day."""
    after: date | None = None
    """Sent on this day or later."""


def parse(text: str) -> SearchQuery:
    """Read the search field. Words are beginnings of words, all wanted; `"…"` is a phrase; `-word` is not wanted.

    Filters: de:, à:, objet:, pj:, usager:, texte:, avant:, après: (JJ/MM/AAAA, MM/AAAA, AAAA or ISO), non-lu.
    """
    wanted: list[str] = []
    unwanted: list[str] = []
    unread, before, after = False, None, None
    for minus, key, quoted, bare in _TOKEN.findall(text[:_LONGEST]):
        folded = fold(key)
        period = _period(bare or quoted)
        if not key and fold(bare) in _UNREAD:
            unread = unread or not minus
        elif folded in _BEFORE and period:
            before = min(before, period[0]) if before else period[0]
        elif folded in _AFTER and period:
            after = max(after, period[0]) if after else period[0]
        elif term := _term(folded, key, quoted, bare):
            (unwanted if minus else wanted).append(term)
    return SearchQuery(_joined(wanted[:MAX_TERMS], unwanted[:MAX_TERMS]), unread, before, after)


def _term(folded: str, key: str, quoted: str, bare: str) -> str:
    """One condition: a column filter, or free words; an unknown key is a word like another."""
    column = _COLUMNS.get(folded, "")
    words = quoted or bare
    if key and not column:
        return _phrase(f"{key} {words}", prefix=not quoted)
    phrase = _phrase(words, prefix=not quoted)
    return f"{{{column}}} : {phrase}" if column and phrase else phrase


def _phrase(text: str, *, prefix: bool) -> str:
    """Letters and digits only, in quotes: nothing a person types can mean anything to FTS5."""
    words = " ".join(_WORD.findall(text))
    return f'"{words}"' + ("*" if prefix else "") if words else ""


def _joined(wanted: list[str], unwanted: list[str]) -> str:
    """All that is wanted and nothing that is not; FTS5 cannot look for "not this" alone."""
    match = " AND ".join(f"({term})" for term in wanted)
    if not match or not unwanted:
        return match
    return f"({match}) NOT ({' OR '.join(f'({term})' for term in unwanted)})"


def _period(text: str) -> tuple[date, date] | None:
    """The first day of a day, month or year and the day after its end; None when it is none."""
    try:
        if found := _DAY.fullmatch(text.strip()):
            day, month, year, iso_year, iso_month, iso_day = (int(each) if each else 0 for each in found.groups())
            first = date(year or iso_year, month or iso_month, day or iso_day)
            return first, first + timedelta(days=1)
        if found := _MONTH.fullmatch(text.strip()):
            month, year, iso_year, iso_month = (int(each) if each else 0 for each in found.groups())
            first = date(year or iso_year, month or iso_month, 1)
            return first, first + timedelta(days=monthrange(first.year, first.month)[1])
        if len(text) == 4 and text.isdigit():
            return date(int(text), 1, 1), date(int(text) + 1, 1, 1)
    except (ValueError, OverflowError):
        return None
    return None
