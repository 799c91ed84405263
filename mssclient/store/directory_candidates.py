"""What the index of one generation can be asked at a keystroke, and how a question finds its answers in it.

What is a good answer is decided in `domain.directory_query`; here the index is asked for a few hundred candidates in a
handful of cheap ways, because the full-text engine's own rank takes a second on two letters.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from mssclient.domain import directory_query as query
from mssclient.domain.address import normal
from mssclient.domain.bal import BalKind
from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.directory_words import Folded, folded_entry, kind_word
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.extraction import entry_of
from mssclient.store import directory_spelling
from mssclient.store.directory_load import ENTRY_COLUMNS

ENOUGH = 200
"""Candidates of one way; with this many the answers are narrowed in other ways too."""
_SOME = 60
_TELLING = 100
"""Under so many candidates, the rare words of a question are enough to ask for."""
_FREQUENT = 10_000
"""Entries that a word has to be in for its list to be slow to go through."""
_FEW = 3
"""Under so many answers, spelling mistakes are forgiven."""
_BOOST_LIMIT = 300
_KEPT = 4_000
"""Candidates kept in memory between keystrokes: the next letter mostly finds the same again."""
_EXPANSION = 48
"""Words that a long beginning may become; with more, the engine's own prefix search is cheap enough."""
FOUND = f"SELECT e.id, {', '.join('e.' + name for name in ENTRY_COLUMNS.split(', '))} FROM "
_MATCHING = "SELECT rowid FROM entry_words WHERE entry_words MATCH ? LIMIT ?"
_BY_ID = FOUND + "entry e WHERE e.id IN (SELECT value FROM json_each(?))"
BY_ADDRESS = FOUND + "entry e WHERE e.address = ?"
_NAMING = "SELECT 1 FROM word WHERE text >= ? AND text < ? AND naming = 1 LIMIT 1"
_END = "\U0010ffff"
_INDEXED = 5
"""Letters of the longest beginning that has an index of its own (schema/directory.sql)."""
_KEPT_WORD = 3
"""Letters of the shortest words that `word` holds."""
NO_BOOSTS: Mapping[str, int] = {}

Candidate = tuple[DirectoryEntry, Folded]


class Index:
    """What one generation can be asked for; remembers what the keystroke before asked."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kept: dict[int, Candidate] = {}
        self._starts: dict[str, str] = {}
        self._frequent: dict[str, bool] = {}
        self._near: dict[str, tuple[tuple[str, int], ...]] = {}
        self._liked: tuple[Mapping[str, int], list[int]] = (NO_BOOSTS, [])

    def matching(self, match: str, limit: int) -> list[int]:
        """The first entries that a full-text expression matches."""
        return [number for (number,) in self._connection.execute(_MATCHING, (match, limit))]

    def candidates(self, numbers: Iterable[int]) -> dict[int, Candidate]:
        """These entries, with the words they are found by."""
        wanted = set(numbers)
        if missing := sorted(wanted - self._kept.keys()):
            if len(self._kept) + len(missing) > _KEPT:
                self._kept = {number: one for number, one in self._kept.items() if number in wanted}
            for row in self._connection.execute(_BY_ID, (json.dumps(missing),)):
                entry = entry_of(row[1:])
                self._kept[row[0]] = (entry, folded_entry(entry))
        return {number: self._kept[number] for number in wanted}

    def addresses(self, start: str) -> list[int]:
        """The first entries whose address begins so."""
        asked = "SELECT id FROM entry WHERE address >= ? AND address < ? ORDER BY address LIMIT ?"
        return [number for (number,) in self._connection.execute(asked, (start, start + _END, _SOME))]

    def liked(self, boosts: Mapping[str, int]) -> list[int]:
        """The entries of favourites and recent correspondents: few, and always candidates."""
        known, found = self._liked
        if known != boosts:
            addresses = sorted(boosts, key=lambda one: -boosts[one])[:_BOOST_LIMIT]
            found = [row[0] for one in addresses for row in self._connection.execute(BY_ADDRESS, (normal(one),))]
            self._liked = (dict(boosts), found)
        return found

    def starting(self, text: str) -> str:
        """The expression for words that begin so; a long beginning is spelled out as the words it may become."""
        if len(text) <= _INDEXED:
            return f'"{text}" *'
        if (found := self._starts.get(text)) is None:
            rows = self._connection.execute(
                "SELECT text FROM word WHERE text >= ? AND text < ? LIMIT ?", (text, text + _END, _EXPANSION + 1)
            )
            words = [word for (word,) in rows]
            found = f'"{text}" *' if len(words) > _EXPANSION else _either(f'"{word}"' for word in words or [text])
            if len(self._starts) >= _KEPT:
                self._starts.clear()
            self._starts[text] = found
        return found

    def may_name(self, text: str) -> bool:
        """Whether a word of a name or a town begins so; for a beginning shorter than the words that are kept, always."""
        if len(text) < _KEPT_WORD:
            return True
        return self._connection.execute(_NAMING, (text, text + _END)).fetchone() is not None

    def is_frequent(self, text: str) -> bool:
        """Whether so many entries hold this word that asking for it costs more than comparing what the others find."""
        if (found := self._frequent.get(text)) is None:
            if len(self._frequent) >= _KEPT:
                self._frequent.clear()
            row = self._connection.execute("SELECT uses FROM word WHERE text = ?", (text,)).fetchone()
            found = self._frequent[text] = len(text) == 1 or (row is not None and row[0] >= _FREQUENT)
        return found

    def resembling(self, text: str) -> tuple[tuple[str, int], ...]:
        """Known words that differ from this one by a mistake or two, the nearest and most used first."""
        if (found := self._near.get(text)) is None:
            if len(self._near) >= _KEPT:
                self._near.clear()
            found = self._near[text] = self._found_near(text)
        return found

    def _found_near(self, text: str) -> tuple[tuple[str, int], ...]:
        rows = directory_spelling.resembling(self._connection, text)
        allowed = 1 if len(text) < 8 else 2
        near = [(query.mistakes(text, word, allowed), -uses, word) for word, uses in rows if word != text]
        return tuple((word, wrong) for wrong, _, word in sorted(one for one in near if one[0] <= allowed)[:8])


class Search:
    """One question, from its candidates to its answers."""

    def __init__(
        self,
        index: Index,
        asked: query.Question,
        kind: str,
        near: str,
        boosts: Mapping[str, int],
        criteria: Criteria,
    ) -> None:
        self._index = index
        self._asked = asked
        self._kind = kind
        self._criteria = criteria
        self._narrowing = _narrowing(index, kind, criteria)
        self._narrowed = bool(criteria)
        self._near = near
        self._boosts = boosts
        self._scored: dict[int, tuple[float, DirectoryEntry]] = {}

    def best(self, limit: int) -> list[DirectoryEntry]:
        """The answers, best first."""
        if not self._asked.words:
            return []
        liked = self._index.liked(self._boosts) if self._boosts else []
        beginning = self._index.addresses(self._asked.local) if self._asked.local else ()
        self._consider(self._asked, self._candidates(self._asked).union(liked, beginning))
        if len(self._scored) < _FEW:
            asked = self._asked
            self._ask_otherwise(query.joined(asked), query.without_particles(asked), query.unglued(asked))
        if len(self._scored) < _FEW:
            self._forgive()
        if not self._scored:
            self._ask_otherwise(query.without_noise(self._asked))
        if not self._scored:
            self._ask_otherwise(*query.lacking_one(self._asked))
        ordered = sorted(self._scored.values(), key=_order)
        return [entry for _, entry in ordered[:limit]]

    def _ask_otherwise(self, *ways: query.Question) -> None:
        for asked in ways:
            if asked != self._asked:
                self._consider(asked, self._holding(asked.needed))

    def _consider(self, asked: query.Question, numbers: Iterable[int]) -> None:
        ranking = query.Ranking(asked, self._near, self._boosts)
        for number, (entry, words) in self._index.candidates(numbers).items():
            if number in self._scored or (self._kind and entry.kind.value != self._kind):
                continue
            if self._narrowed and not self._criteria.admits(entry, words):
                continue
            score = ranking.score(entry, words)
            if score is not None:
                self._scored[number] = (score, entry)

    def _candidates(self, asked: query.Question) -> set[int]:
        """Enough entries to hold the best ones: all that match when they are few, else the promising among them."""
        needed = asked.needed
        found = self._holding(needed)
        if len(found) < ENOUGH:
            return found
        open_ended = [self._all(needed)]
        for ways in (self._whole(needed), self._named(needed)):
            for match in ways:
                if match in open_ended:
                    continue
                more = self._matching(match, _SOME)
                found |= more
                if len(more) < _SOME:  # complete: a narrower expression finds nothing else
                    break
                open_ended.append(match)
        if near := query.post_prefix(self._near):
            for match in open_ended:
                more = self._matching(f'{match} AND place : "{near}" *', _SOME)
                found |= more
                if len(more) < _SOME:
                    break
        return found

    def _whole(self, needed: tuple[query.Word, ...]) -> Iterator[str]:
        """What is typed as whole words: all but the last, then the last too."""
        if any(word.whole for word in needed) and not needed[-1].whole:
            terms = (f'"{word.text}"' if word.whole else self._index.starting(word.text) for word in needed)
            yield " AND ".join(terms)
        yield " AND ".join(f'"{word.text}"' for word in needed)

    def _named(self, needed: tuple[query.Word, ...]) -> Iterator[str]:
        """As the name of a person, where the words may be one; not for a few letters, which are in every name."""
        if len(needed) == 1 and self._index.may_name(needed[0].text):
            yield f"family : {self._index.starting(needed[0].text)}"
            yield f'family : "{needed[0].text}"'
        elif (
            len(needed) > 1
            and any(len(word.text) > 2 for word in needed)
            and all(self._index.may_name(word.text) for word in needed)
        ):
            yield f"{{family given}} : ({' AND '.join(self._index.starting(word.text) for word in needed)})"

    def _holding(self, needed: tuple[query.Word, ...]) -> set[int]:
        """Every entry with these words when they are fewer than ENOUGH, and some that only have the rare ones."""
        rare = tuple(word for word in needed if not self._index.is_frequent(word.text))
        if 0 < len(rare) < len(needed):
            found = self._matching(self._all(rare), _TELLING)
            if len(found) < _TELLING:
                return found
        return self._matching(self._all(needed), ENOUGH)

    def _matching(self, match: str, limit: int) -> set[int]:
        return set(self._index.matching(match + self._narrowing, limit))

    def _all(self, words: Iterable[query.Word]) -> str:
        """Every word begins a word of the entry, in one of its spellings."""
        return " AND ".join(map(self._any_of, words))

    def _any_of(self, word: query.Word) -> str:
        terms = [self._index.starting(word.text)]
        terms += [("{work own} : " if work else "") + self._index.starting(text) for text, work in word.other]
        terms += [self._index.starting(text) for text, _ in word.mistaken]
        return _either(terms)

    def _forgive(self) -> None:
        """Look for known words near those that were typed."""
        words = tuple(
            replace(word, mistaken=self._index.resembling(word.text)) if query.may_be_mistaken(word.text) else word
            for word in self._asked.words
        )
        if words != self._asked.words:
            asked = replace(self._asked, words=words)
            self._consider(asked, self._holding(asked.needed))


def admits(criteria: Criteria, entry: DirectoryEntry) -> bool:
    return not criteria or criteria.admits(entry, folded_entry(entry))


def _narrowing(index: Index, kind: str, criteria: Criteria) -> str:
    """What the side filters add to every full-text expression."""
    terms = []
    for column, words in criteria.constraints() if criteria else ():
        terms += [f"{column} : {_either(index.starting(text) for text in spellings)}" for spellings in words]
    narrowed = "".join(f" AND {term}" for term in terms)
    if not kind:
        return narrowed
    if kind != BalKind.PER.value:
        return f'{narrowed} AND mail : "{kind_word(kind)}"'
    others = (f'"{kind_word(other.value)}"' for other in BalKind if other is not BalKind.PER)
    return f"{narrowed} NOT mail : {_either(others)}"


def _order(scored: tuple[float, DirectoryEntry]) -> tuple[float, str, str, str]:
    score, entry = scored
    return -score, entry.family or entry.structure, entry.given, entry.address


def _either(terms: Iterable[str]) -> str:
    alternatives = list(terms)
    return f"({' OR '.join(alternatives)})" if len(alternatives) > 1 else alternatives[0]
