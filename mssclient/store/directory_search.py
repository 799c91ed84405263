"""Searches the local copy of the Annuaire, at each keystroke.

What is a good answer is decided in `domain.directory_query`; here the index is asked for a few hundred candidates in a
handful of cheap ways, because the full-text engine's own rank takes a second on two letters.
"""

from __future__ import annotations

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
ENOUGH = 240
"""Candidates of one way; with this many the answers are narrowed in other ways too."""
_SOME = 100
_FEW = 3
"""Under so many answers, spelling mistakes are forgiven."""
_BOOST_LIMIT = 300
_FOUND = f"SELECT e.id, {', '.join('e.' + name for name in ENTRY_COLUMNS.split(', '))} FROM "
_MATCHING = _FOUND + "entry_words w CROSS JOIN entry e ON e.id = w.rowid WHERE entry_words MATCH ? LIMIT ?"
_BY_ADDRESS = _FOUND + "entry e WHERE e.address = ?"
_BY_ADDRESS_START = _FOUND + "entry e WHERE e.address >= ? AND e.address < ? ORDER BY e.address LIMIT ?"
_BY_NUMBER = _FOUND + "entry e WHERE e.national_id >= ? AND e.national_id < ? ORDER BY e.national_id LIMIT ?"
NO_BOOSTS: Mapping[str, int] = {}

Found = dict[int, DirectoryEntry]


class DirectoryReader:
    """Searches; lives on the thread that opened it. Sees one whole generation at a time, the newest at each call."""

    def __init__(self, path: Path) -> None:
        self._generations = Generations(path)
        self._file: Path | None = None
        self._connection: sqlite3.Connection | None = None
        self._until = 0.0
        self._boosts: tuple[Mapping[str, int], Found] = (NO_BOOSTS, {})
        self._status: DirectoryStatus | None = None

    def search(
        self, text: str, limit: int = 20, kind: str = "", near: str = "", boosts: Mapping[str, int] = NO_BOOSTS
    ) -> list[DirectoryEntry]:
        """The best answers to what somebody is typing. `kind` is a BalKind value or empty, `near` a department,
        `boosts` weighs favourites and recent correspondents by address, 1 to 100."""
        asked = query.question(text)
        if asked.ask is query.Ask.NOTHING or (kind and kind not in BalKind.__members__):
            return []
        with self._reading() as connection:
            if connection is None:
                return []
            if exact := self._exactly(connection, asked, limit):
                return [entry for entry in exact if not kind or entry.kind.value == kind][:limit]
            return _Search(connection, asked, kind, near, self._boosted(connection, boosts), boosts).best(limit)

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
        self._connection = self._file = None
        self._boosts = (NO_BOOSTS, {})

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
        return self._connection

    def _open(self, path: Path) -> sqlite3.Connection | None:
        # rw, not ro: a journal that a crash left has to be rolled back by whoever reads first
        uri = f"{path.absolute().as_uri()}?mode=rw"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=2)
        try:
            for pragma in ("query_only = ON", "mmap_size = 1073741824", "cache_size = -8192", "temp_store = MEMORY"):
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
        text, end = asked.text, asked.text + "\U0010ffff"
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

    def _boosted(self, connection: sqlite3.Connection, boosts: Mapping[str, int]) -> Found:
        """The entries of favourites and recent correspondents: few, and always candidates."""
        if not boosts:
            return {}
        known, found = self._boosts
        if known != boosts:
            found = {}
            for address in sorted(boosts, key=lambda one: -boosts[one])[:_BOOST_LIMIT]:
                found.update((row[0], entry_of(row[1:])) for row in connection.execute(_BY_ADDRESS, (address,)))
            self._boosts = (dict(boosts), found)
        return found


class _Search:
    """One question, from its candidates to its answers."""

    def __init__(
        self, connection: sqlite3.Connection, asked: query.Question, kind: str, near: str, liked: Found,
        boosts: Mapping[str, int],
    ) -> None:  # fmt: skip
        self._connection = connection
        self._asked = asked
        self._kind = f' AND mail : "bal{kind.lower()}"' if kind else ""
        self._kind_name = kind
        self._near = near
        self._liked = liked
        self._boosts = boosts
        self._scored: dict[int, tuple[float, DirectoryEntry]] = {}

    def best(self, limit: int) -> list[DirectoryEntry]:
        """The answers, best first."""
        self._consider(self._asked, self._liked)
        self._consider(self._asked, self._candidates(self._asked))
        if len(self._scored) < _FEW:
            for other in (query.joined(self._asked), query.without_particles(self._asked)):
                if other != self._asked:
                    self._consider(other, self._matching(_match(other.needed), ENOUGH))
        if len(self._scored) < _FEW:
            self._forgive()
        ordered = sorted(self._scored.values(), key=lambda one: (-one[0], one[1].family, one[1].given, one[1].address))
        return [entry for _, entry in ordered[:limit]]

    def _consider(self, asked: query.Question, candidates: Found) -> None:
        ranking = query.Ranking(asked, self._near, self._boosts)
        for number, entry in candidates.items():
            if number in self._scored or (self._kind_name and entry.kind.value != self._kind_name):
                continue
            score = ranking.score(entry, query.folded_entry(entry))
            if score is not None:
                self._scored[number] = (score, entry)

    def _candidates(self, asked: query.Question) -> Found:
        """Enough entries to hold the best ones: all that match when they are few, else the promising among them."""
        needed = asked.needed
        found = self._matching(_match(needed), ENOUGH)
        if len(found) < ENOUGH:
            return found
        near = query.post_prefix(self._near)
        here = f' AND place : "{near}" *' if near else ""
        complete = tuple(replace(word, other=()) for word in needed)
        whole = " AND ".join(_term(word.text, "") for word in complete)
        if here:
            found |= self._matching(whole + here, _SOME) | self._matching(_match(needed) + here, _SOME)
        found |= self._matching(whole, _SOME)
        if len(needed) == 1:
            family = f'family : "{needed[0].text}"'
            found |= self._matching(family, _SOME) | self._matching(f"{family} *", _SOME)
            if here:
                found |= self._matching(f"{family} *{here}", _SOME)
        else:
            typed = [_term(word.text, "" if word.whole else " *") for word in complete]
            found |= self._matching(" AND ".join(typed), _SOME)
            found |= self._matching(
                "{family given} : (" + " AND ".join(_term(w.text, " *") for w in complete) + ")", _SOME
            )
        return found

    def _matching(self, match: str, limit: int) -> Found:
        rows = self._connection.execute(_MATCHING, (f"({match}){self._kind}", limit))
        return {row[0]: entry_of(row[1:]) for row in rows}

    def _forgive(self) -> None:
        """Look for known words near those that were typed."""
        words = tuple(self._with_mistakes(word) for word in self._asked.words)
        if words != self._asked.words:
            asked = replace(self._asked, words=words)
            self._consider(asked, self._matching(_match(asked.needed), ENOUGH))

    def _with_mistakes(self, word: query.Word) -> query.Word:
        if not query.is_forgivable(word.text):
            return word
        keys = list(dict.fromkeys(query.spelling_keys(word.text)))
        rows = self._connection.execute(
            f"SELECT DISTINCT w.text, w.uses FROM spelling s JOIN word w ON w.id = s.word "
            f"WHERE s.key IN (?{', ?' * (len(keys) - 1)}) LIMIT 400", keys,
        )  # fmt: skip
        allowed = 1 if len(word.text) < 8 else 2
        near = [(query.mistakes(word.text, text), -uses, text) for text, uses in rows if text != word.text]
        chosen = sorted(one for one in near if one[0] <= allowed)[:8]
        return replace(word, mistaken=tuple((text, wrong) for wrong, _, text in chosen))


def _term(text: str, star: str) -> str:
    return f'"{text}"{star}'


def _match(words: Iterable[query.Word]) -> str:
    """The FTS expression that every word has to begin a word of the entry, in one of its spellings."""
    return " AND ".join(map(_any_of, words))


def _any_of(word: query.Word) -> str:
    terms = [_term(word.text, " *")]
    terms += [("{work own} : " if of_work else "") + _term(text, " *") for text, of_work in word.other]
    terms += [_term(text, " *") for text, _ in word.mistaken]
    return f"({' OR '.join(terms)})" if len(terms) > 1 else terms[0]
