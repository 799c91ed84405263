"""Reads the search field: words, quotes and filters, made into an FTS5 expression that can never be a syntax error.

The same text can be asked of a server (`Term`), and continued as one types (`continued`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from mssclient.domain.address import fold
from mssclient.domain.search_dates import PERIODS, Period, period

MAX_TERMS = 12
_LONGEST = 500
_TOKEN = re.compile(
    r'(?P<minus>-?)(?:(?P<key>[^\W\d_]+(?:-[^\W\d_]+)?)\s?:\s*)?(?:[«"“](?P<quoted>[^»"”]*)[»"”]?|(?P<bare>[^\s«"“]\S*))?'
)
_COLUMNS = {
    "de": "sender", "from": "sender", "expediteur": "sender",
    "a": "recipients", "to": "recipients", "pour": "recipients", "destinataire": "recipients",
    "objet": "subject", "sujet": "subject", "subject": "subject",
    "pj": "attachments", "piece": "attachments", "fichier": "attachments",
    "usager": "usager", "patient": "usager", "resident": "usager", "nom": "usager",
    "texte": "body", "corps": "body",
    "document": "documents", "doc": "documents",
}  # fmt: skip
_PLACES = frozenset({"dans", "dossier", "boite", "in"})
_BEFORE, _AFTER = frozenset({"avant", "before"}), frozenset({"apres", "depuis", "after"})
_ON = frozenset({"le", "date", "en", "on"})
_DATES = _BEFORE | _AFTER | _ON
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
WORDS = ("non-lu", "suivi", "avec-pj", "à-classer")
KEYS = ("de:", "à:", "objet:", "usager:", "pj:", "doc:", "texte:", "dans:", "avant:", "après:", "le:")
"""The filters as one types them; there are others in English and other words."""


class Mark(Enum):
    """What a message may be, beside its words."""

    UNREAD = "unread"
    READ = "read"
    FLAGGED = "flagged"
    ATTACHED = "attached"
    TO_FILE = "to file"


_MARKS = {
    "non lu": Mark.UNREAD, "non lus": Mark.UNREAD, "nonlu": Mark.UNREAD, "nonlus": Mark.UNREAD, "unread": Mark.UNREAD,
    "deja lu": Mark.READ, "deja lus": Mark.READ, "suivi": Mark.FLAGGED, "suivis": Mark.FLAGGED,
    "a pj": Mark.ATTACHED, "avec pj": Mark.ATTACHED, "a classer": Mark.TO_FILE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """One condition about words."""

    column: str
    """Of the index; empty for anywhere."""
    words: str
    phrase: bool = False
    unwanted: bool = False


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What was asked. Dates are days at the reader's place."""

    match: str
    """An FTS5 expression; empty when only filters were given, or nothing."""
    marks: frozenset[Mark] = frozenset()
    before: date | None = None
    """Sent strictly before this day."""
    after: date | None = None
    """Sent on this day or later."""
    without: str = ""
    """An FTS5 expression of what is not wanted, where nothing is wanted that it could be taken from."""
    places: tuple[str, ...] = ()
    """Folded beginnings of names: of the folder or of the mailbox, all wanted."""
    terms: tuple[Term, ...] = ()
    """The same conditions about words, one by one."""

    @property
    def asks_for_words(self) -> bool:
        """Whether something is wanted that may stand in a text or in a document, beside what every list knows."""
        return any(each.column not in {"sender", "recipients", "subject"} and not each.unwanted for each in self.terms)

    @property
    def empty(self) -> bool:
        """Whether nothing was asked yet: a key without its value, a quotation mark."""
        return self == SearchQuery("")


def parse(text: str, today: date | None = None) -> SearchQuery:
    """Read the search field. Words are beginnings of words, all wanted; `"…"` is a phrase; `-word` is not wanted.

    Filters: de:, à:, objet:, pj:, usager:, texte:, doc:, dans:, avant:, après:, le:, non-lu, suivi, avec-pj, à-classer.
    `today` gives words such as "hier" their meaning; without it they are words.
    """
    tokens = [_Token.of(found) for found in _TOKEN.finditer(text[:_LONGEST]) if found[0].strip("- ")]
    query = SearchQuery("")
    terms: list[Term] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        at += 1
        if token.key in _DATES:
            days, taken = _dated(token, tokens[at:], today)
            if days is not None:
                at += taken
                query = _limited(query, token.key, days)
                continue
        if token.key in _PLACES and not token.minus:
            query = replace(query, places=(*query.places, *([fold(token.words)] if fold(token.words) else [])))
        elif (marked := _marked(query, token)) is not None:
            query = marked
        elif (term := token.term()) is not None and (whole := _whole(term, last=at == len(tokens))) is not None:
            terms.append(whole)
    return _completed(query, terms)


@dataclass(frozen=True, slots=True)
class _Token:
    """One piece of what was typed."""

    minus: bool
    written: str
    """The key as it was written."""
    quoted: str
    bare: str

    @classmethod
    def of(cls, found: re.Match[str]) -> _Token:
        return cls(bool(found["minus"]), found["key"] or "", found["quoted"] or "", found["bare"] or "")

    @property
    def key(self) -> str:
        return fold(self.written)

    @property
    def words(self) -> str:
        return self.quoted or self.bare

    @property
    def plain(self) -> bool:
        return not (self.minus or self.written or self.quoted)

    def term(self) -> Term | None:
        """The condition about words; an unknown key is a word like another."""
        column = _COLUMNS.get(self.key, "")
        words = self.words if column or not self.written else f"{self.written} {self.words}"
        return Term(column, words, bool(self.quoted), self.minus) if _WORD.search(words) else None


def _whole(term: Term, *, last: bool) -> Term | None:
    """A single letter is a word, or not yet one: too much begins with it to be worth the wait."""
    if term.phrase or len("".join(_WORD.findall(term.words))) > 1:
        return term
    return None if last else replace(term, phrase=True)


def _dated(token: _Token, following: list[_Token], today: date | None) -> tuple[Period | None, int]:
    """The days that a filter names, and how many more words they took: "avant:12 mars 2026"."""
    if token.minus:
        return None, 0
    more = [each.bare for each in following[:2] if each.plain] if not token.quoted else []
    for taken in range(len(more), -1, -1):
        days = period(" ".join((token.words, *more[:taken])), today)
        # A following number or year belongs to the date; a following word only where it makes one.
        if days is not None:
            return days, taken
    return None, 0


def _limited(query: SearchQuery, key: str, days: Period) -> SearchQuery:
    before = days[0] if key in _BEFORE else days[1] if key in _ON else None
    after = None if key in _BEFORE else days[0]
    return replace(
        query,
        before=min(filter(None, (query.before, before)), default=None),
        after=max(filter(None, (query.after, after)), default=None),
    )


def _marked(query: SearchQuery, token: _Token) -> SearchQuery | None:
    """A mark such as non-lu; with a minus, its opposite where there is one."""
    if token.quoted:
        return None
    # "à:pj" says the same as "avec-pj".
    mark = _MARKS.get(fold(f"{token.written} {token.bare}"))
    if token.minus:
        mark = Mark.READ if mark is Mark.UNREAD else None
    return replace(query, marks=query.marks | {mark}) if mark else None


def _completed(query: SearchQuery, terms: list[Term]) -> SearchQuery:
    wanted = [each for each in terms if not each.unwanted][:MAX_TERMS]
    unwanted = [each for each in terms if each.unwanted][:MAX_TERMS]
    match = " AND ".join(f"({_expression(each)})" for each in wanted)
    without = " OR ".join(f"({_expression(each)})" for each in unwanted)
    if match and without:
        # FTS5 cannot look for "not this" alone.
        match, without = f"({match}) NOT ({without})", ""
    return replace(query, match=match, without=without, terms=(*wanted, *unwanted))


def _expression(term: Term) -> str:
    phrase = _phrase(term.words, prefix=not term.phrase)
    return f"{{{term.column}}} : {phrase}" if term.column else phrase


def _phrase(text: str, *, prefix: bool) -> str:
    """Letters and digits only, in quotes: nothing a person types can mean anything to FTS5."""
    return f'"{" ".join(_WORD.findall(text))}"' + ("*" if prefix else "")


@dataclass(frozen=True, slots=True)
class Hint:
    """One way to go on: what the whole field becomes."""

    text: str
    shown: str
    """The piece that is new, as one reads it."""


def last_piece(text: str) -> tuple[str, str, str]:
    """What is being typed: all before it, its filter as a folded key without the colon (empty for none), its value."""
    start = max(text.rfind(" "), text.rfind(" ")) + 1
    quote = max((text.rfind(mark) for mark in '«"“'), default=-1)
    if quote >= 0 and sum(text.count(mark) for mark in '"«“') % 2 and text[quote] != "«":
        start = max(text.rfind(" ", 0, quote), -1) + 1
    head, piece = text[:start], text[start:].lstrip("-")
    key, colon, value = piece.partition(":")
    return (head, fold(key), value.strip('«»"“” ')) if colon else (head, "", piece)


def continued(text: str, names: tuple[str, ...] = ()) -> tuple[Hint, ...]:
    """How the last piece may go on: filters that begin so, days after avant: and après:, `names` after a filter that
    wants one (people, usagers, folders, as the store knows them)."""
    head, key, value = last_piece(text)
    minus = "-" if text[len(head) :].startswith("-") else ""
    if key:
        begun = fold(value)
        if key in _DATES:
            found = [each for each in PERIODS if fold(each).startswith(begun)]
        else:
            found = [each for each in names if f" {begun}" in f" {fold(each)}"]
        typed = text[len(head) + len(minus) :].partition(":")[0]
        return tuple(Hint(f"{head}{minus}{typed}:{_quoted(each)} ", each) for each in found[:8])
    begun = fold(value)
    pieces = [each for each in (*KEYS, *WORDS) if begun and fold(each).startswith(begun) and fold(each) != begun]
    return tuple(Hint(f"{head}{minus}{each}{'' if each.endswith(':') else ' '}", each) for each in pieces)


def wants_names(key: str) -> str:
    """Which names a filter wants: "people", "usagers", "places" or nothing."""
    if key in _PLACES:
        return "places"
    return {"sender": "people", "recipients": "people", "usager": "usagers"}.get(_COLUMNS.get(key, ""), "")


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value or "-" in value else value
