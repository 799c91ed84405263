"""Searches the local copy of the Annuaire, at each keystroke.

What is a good answer is decided in `domain.directory_query`; here the index is asked for a few hundred candidates in a
handful of cheap ways, because the full-text engine's own rank takes a second on two letters.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from mssclient.domain import directory_query as query
from mssclient.domain.address import normal
from mssclient.domain.bal import BalKind
from mssclient.domain.entry import DirectoryEntry, DirectoryStatus
from mssclient.domain.extraction import entry_of
from mssclient.store.directory_load import ENTRY_COLUMNS, VERSION, Generations, trouble

log = logging.getLogger(__name__)

READ_LIMIT_S = 1.0
ENOUGH = 200
"""Candidates of one way; with this many the answers are narrowed in other ways too."""
_SOME = 60
_FEW = 3
"""Under so many answers, spelling mistakes are forgiven."""
_BOOST_LIMIT = 300
_KEPT = 4_000
"""Candidates kept in memory between keystrokes: the next letter mostly finds the same again."""
_EXPANSION = 48
"""Words that a long beginning may become; with more, the engine's own prefix search is cheap enough."""
_FOUND = f"SELECT e.id, {', '.join('e.' + name for name in ENTRY_COLUMNS.split(', '))} FROM "
_MATCHING = "SELECT rowid FROM entry_words WHERE entry_words MATCH ? LIMIT ?"
_BY_ID = _FOUND + "entry e WHERE e.id IN (SELECT value FROM json_each(?))"
_BY_ADDRESS = _FOUND + "entry e WHERE e.address = ?"
_BY_ADDRESS_START = _FOUND + "entry e WHERE e.address >= ? AND e.address < ? ORDER BY e.address LIMIT ?"
_BY_NUMBER = _FOUND + "entry e WHERE e.national_id >= ? AND e.national_id < ? ORDER BY e.national_id LIMIT ?"
_RESEMBLING = (
    "SELECT DISTINCT w.text, w.uses FROM spelling s JOIN word w ON w.id = s.word "
    "WHERE s.key IN (SELECT value FROM json_each(?)) LIMIT 600"
)
_NAMING = (
    "SELECT 1 FROM word w JOIN spelling s ON s.word = w.id AND s.key = substr(w.text, 1, "
    f"{query.NEAR_LENGTH}) WHERE w.text >= ? AND w.text < ? LIMIT 1"
)
_END = "\U0010ffff"
_INDEXED = 5
"""Letters of the longest beginning that has an index of its own (schema/directory.sql)."""
NO_BOOSTS: Mapping[str, int] = {}

Candidate = tuple[DirectoryEntry, query.Folded]


class DirectoryReader:
    """Searches; lives on the thread that opened it. Sees one whole generation at a time, the newest at each call."""

    def __init__(self, path: Path) -> None:
        self._generations = Generations(path)
        self._file: Path | None = None
        self._connection: sqlite3.Connection | None = None
        self._index: _Index | None = None
        self._until = 0.0

    def search(
        self, text: str, limit: int = 20, kind: str = "", near: str = "", boosts: Mapping[str, int] = NO_BOOSTS
    ) -> list[DirectoryEntry]:
        """The best answers to what somebody is typing. `kind` is a BalKind value or empty, `near` a department,
        `boosts` weighs favourites and recent correspondents by address, 1 to 100."""
        asked = query.question(text)
        if asked.ask is query.Ask.NOTHING or (kind and kind not in BalKind.__members__):
            return []
        with self._reading() as connection:
            if connection is None or self._index is None:
                return []
            if exact := self._exactly(connection, asked, limit):
                return [entry for entry in exact if not kind or entry.kind.value == kind][:limit]
            return _Search(self._index, asked, kind, near, boosts).best(limit)

    def entries_of(self, address: str) -> tuple[DirectoryEntry, ...]:
        """Every tie of one address."""
        with self._reading() as connection:
            rows = connection.execute(_BY_ADDRESS, (normal(address),)) if connection else ()
            return tuple(entry_of(row[1:]) for row in rows)

    def status(self) -> DirectoryStatus:
        """Age and size of this copy."""
        with self._reading() as connection:
            if connection is None:
                return DirectoryStatus(0, "", "", 0)
            facts = dict(connection.execute("SELECT name, value FROM fact").fetchall())
            entries, domains = int(facts.get("entries", 0)), int(facts.get("domains", 0))
            return DirectoryStatus(entries, facts.get("extracted", ""), facts.get("loaded_at", ""), domains)

    def white_list(self) -> frozenset[str]:
        """The domains of the trust space; empty when none was ever kept."""
        with self._reading() as connection:
            rows = connection.execute("SELECT name FROM white_domain") if connection else ()
            return frozenset(name for (name,) in rows)

    def white_list_date(self) -> str:
        """`DateDeGeneration` of the white list; empty when none was ever kept."""
        with self._reading() as connection:
            row = (
                connection.execute("SELECT value FROM fact WHERE name = 'generated'").fetchone() if connection else None
            )
            return str(row[0]) if row else ""

    def close(self) -> None:
        """Let go of the file; a later call opens it again."""
        if self._connection is not None:
            self._connection.close()
        self._connection = self._file = self._index = None

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        begun = time.monotonic()
        self._until = begun + READ_LIMIT_S
        try:
            yield self._current()
        except sqlite3.Error as error:
            raise trouble(error) from error
        if (spent := time.monotonic() - begun) > READ_LIMIT_S / 10:
            log.info("slow directory read: %.0f ms", spent * 1000)

    def _current(self) -> sqlite3.Connection | None:
        newest = self._generations.current()
        if newest == self._file:
            return self._connection
        self.close()
        if newest is None:
            return None
        try:
            self._connection = self._open(newest)
        except sqlite3.OperationalError:
            if newest == self._generations.current():
                raise
            return self._current()  # swapped between the look and the opening
        self._file = newest
        self._index = _Index(self._connection) if self._connection else None
        return self._connection

    def _open(self, path: Path) -> sqlite3.Connection | None:
        # rw, not ro: a journal that a crash left has to be rolled back by whoever reads first
        uri = f"{path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=2)
        try:
            for pragma in ("query_only = ON", "cache_size = -8192", "temp_store = MEMORY"):
                connection.execute(f"PRAGMA {pragma}")
            version = connection.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.Error:
            connection.close()
            raise
        if version != VERSION:
            connection.close()
            return None
        connection.set_progress_handler(self._overdue, 20_000)
        return connection

    def _overdue(self) -> int:
        return 1 if time.monotonic() > self._until else 0

    def _exactly(self, connection: sqlite3.Connection, asked: query.Question, limit: int) -> list[DirectoryEntry]:
        """Answers to a pasted address or number, or to the beginning of one."""
        text, end = asked.text, asked.text + _END
        rows: list[Any] = []
        match asked.ask:
            case query.Ask.ADDRESS:
                rows = list(connection.execute(_BY_ADDRESS, (text,)))
                rows = rows or list(connection.execute(_BY_ADDRESS_START, (text, end, limit)))
            case query.Ask.NUMBER:
                for kind in ("8", "0", "", "3", "5"):  # RPPS, ADELI, with its type, FINESS, SIRET
                    rows = rows or list(connection.execute(_BY_NUMBER, (kind + text, kind + end, limit)))
            case _:
                pass
        return [entry_of(row[1:]) for row in rows]


class _Index:
    """What one generation can be asked for; remembers what the keystroke before asked."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._kept: dict[int, Candidate] = {}
        self._starts: dict[str, str] = {}
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
                self._kept[row[0]] = (entry, query.folded_entry(entry))
        return {number: self._kept[number] for number in wanted}

    def liked(self, boosts: Mapping[str, int]) -> list[int]:
        """The entries of favourites and recent correspondents: few, and always candidates."""
        known, found = self._liked
        if known != boosts:
            addresses = sorted(boosts, key=lambda one: -boosts[one])[:_BOOST_LIMIT]
            found = [row[0] for one in addresses for row in self._connection.execute(_BY_ADDRESS, (normal(one),))]
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
        """Whether a word of a name or a town begins so; for a short beginning, always."""
        if len(text) <= _INDEXED:
            return True
        return self._connection.execute(_NAMING, (text, text + _END)).fetchone() is not None

    def resembling(self, text: str) -> tuple[tuple[str, int], ...]:
        """Known words that differ from this one by a mistake or two, the nearest and most used first."""
        keys = json.dumps(list(query.spelling_keys(text)))
        rows = self._connection.execute(_RESEMBLING, (keys,))
        near = [(query.mistakes(text, word), -uses, word) for word, uses in rows if word != text]
        allowed = 1 if len(text) < 8 else 2
        return tuple((word, wrong) for wrong, _, word in sorted(one for one in near if one[0] <= allowed)[:8])


class _Search:
    """One question, from its candidates to its answers."""

    def __init__(
        self, index: _Index, asked: query.Question, kind: str, near: str, boosts: Mapping[str, int]
    ) -> None:  # fmt: skip
        self._index = index
        self._asked = asked
        self._kind = kind
        self._near = near
        self._boosts = boosts
        self._scored: dict[int, tuple[float, DirectoryEntry]] = {}

    def best(self, limit: int) -> list[DirectoryEntry]:
        """The answers, best first."""
        if not self._asked.words:
            return []
        liked = self._index.liked(self._boosts) if self._boosts else []
        self._consider(self._asked, self._candidates(self._asked).union(liked))
        if len(self._scored) < _FEW:
            for other in (query.joined(self._asked), query.without_particles(self._asked)):
                if other != self._asked:
                    self._consider(other, self._matching(self._all(other.needed), ENOUGH))
        if len(self._scored) < _FEW:
            self._forgive()
        ordered = sorted(self._scored.values(), key=_order)
        return [entry for _, entry in ordered[:limit]]

    def _consider(self, asked: query.Question, numbers: Iterable[int]) -> None:
        ranking = query.Ranking(asked, self._near, self._boosts)
        for number, (entry, words) in self._index.candidates(numbers).items():
            if number in self._scored or (self._kind and entry.kind.value != self._kind):
                continue
            score = ranking.score(entry, words)
            if score is not None:
                self._scored[number] = (score, entry)

    def _candidates(self, asked: query.Question) -> set[int]:
        """Enough entries to hold the best ones: all that match when they are few, else the promising among them."""
        needed = asked.needed
        found = self._matching(self._all(needed), ENOUGH)
        if len(found) < ENOUGH:
            return found
        for ways in (self._nearby(needed), self._whole(needed), self._named(needed)):
            for match in ways:
                more = self._matching(match, _SOME)
                found |= more
                if len(more) < _SOME:  # complete: a narrower expression finds nothing else
                    break
        return found

    def _nearby(self, needed: tuple[query.Word, ...]) -> Iterator[str]:
        """The same department, ever narrower."""
        if near := query.post_prefix(self._near):
            for match in (self._all(needed), *self._whole(needed), *self._named(needed)):
                yield f'{match} AND place : "{near}" *'

    def _whole(self, needed: tuple[query.Word, ...]) -> Iterator[str]:
        """What is typed as whole words: all but the last, then the last too."""
        if any(word.whole for word in needed) and not needed[-1].whole:
            terms = (f'"{word.text}"' if word.whole else self._index.starting(word.text) for word in needed)
            yield " AND ".join(terms)
        yield " AND ".join(f'"{word.text}"' for word in needed)

    def _named(self, needed: tuple[query.Word, ...]) -> Iterator[str]:
        """As the name of a person, where the words may be one; not for a few letters, which are in every name."""
        if len(needed) == 1:
            yield f"family : {self._index.starting(needed[0].text)}"
            yield f'family : "{needed[0].text}"'
        elif any(len(word.text) > 2 for word in needed) and all(self._index.may_name(word.text) for word in needed):
            yield f"{{family given}} : ({' AND '.join(self._index.starting(word.text) for word in needed)})"

    def _matching(self, match: str, limit: int) -> set[int]:
        kind = f' AND mail : "bal{self._kind.lower()}"' if self._kind else ""
        return set(self._index.matching(match + kind, limit))

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
            replace(word, mistaken=self._index.resembling(word.text)) if query.is_forgivable(word.text) else word
            for word in self._asked.words
        )
        if words != self._asked.words:
            asked = replace(self._asked, words=words)
            self._consider(asked, self._matching(self._all(asked.needed), ENOUGH))


def _order(scored: tuple[float, DirectoryEntry]) -> tuple[float, str, str, str]:
    score, entry = scored
    return -score, entry.family or entry.structure, entry.given, entry.address


def _either(terms: Iterable[str]) -> str:
    alternatives = list(terms)
    return f"({' OR '.join(alternatives)})" if len(alternatives) > 1 else alternatives[0]
