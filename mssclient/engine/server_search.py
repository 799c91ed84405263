"""A search completed by the operators: what is not here is looked for there, a few thousand messages at a time.

Each piece is a job of its own on the BAL's line, so that a mark or a move never waits behind a search, and each looks first
whether the person is still asking: whoever types on cancels by it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from mssclient.domain.bal import BalId, FolderId
from mssclient.domain.events import MessagesChanged
from mssclient.domain.message import ListQuery, MessageId
from mssclient.domain.search import SearchQuery, parse
from mssclient.engine.house import House
from mssclient.engine.line import Ask, Line, LineJob
from mssclient.remote.imap_search import criteria
from mssclient.store.elsewhere import Elsewhere

log = logging.getLogger(__name__)
PAUSE_S = 0.6
"""Whoever still types is not asking yet."""
AT_ONCE = 2_000
"""Uids of one SEARCH: a server without an index of its own reads every one of them."""
MOST_FOUND = 2_000
SHORTEST = 3
"""Letters of the shortest word that is worth a server's time."""


@dataclass(frozen=True, slots=True)
class Hits:
    """What the operators found for a search, so far."""

    search: str = ""
    ids: frozenset[MessageId] = frozenset()


class ServerSearch:
    """One search at a time. `want` and `hits` on any thread, the rest on the lines of the BAL."""

    def __init__(self, house: House, ask: Ask) -> None:
        self._house = house
        self._ask = ask
        self._lock = threading.Lock()
        self._turn = 0
        self._hits = Hits()

    @property
    def hits(self) -> Hits:
        """What was found for the last search."""
        with self._lock:
            return self._hits

    def want(self, query: ListQuery, bals: Iterable[BalId]) -> None:
        """Look for it in these BAL where it is not here, after a pause; a search that is asked again goes on. An empty one
        cancels. Reads nothing: the main thread says it at every key."""
        asked = parse(query.search, self._house.clock().astimezone().date())
        worth = any(len(term.words) >= SHORTEST for term in asked.terms if not term.unwanted)
        with self._lock:
            if self._hits.search == query.search:
                return
            self._turn += 1
            self._hits = Hits(query.search)
            turn = self._turn
        if not (worth and asked.asks_for_words):
            return
        for bal_id in bals:
            if query.bal_id in {None, bal_id}:
                self._ask(bal_id, self._begin(turn, asked, bal_id), PAUSE_S)

    def _is_over(self, turn: int) -> bool:
        with self._lock:
            return turn != self._turn or len(self._hits.ids) >= MOST_FOUND

    def _begin(self, turn: int, asked: SearchQuery, bal_id: BalId) -> LineJob:
        def job(_line: Line) -> set[FolderId]:
            if not self._is_over(turn):
                places = self._house.stores.elsewhere.of_bal(bal_id)
                self._next(turn, asked, [piece for place in places for piece in place.pieces(AT_ONCE)])
            return set()

        return job

    def _next(self, turn: int, asked: SearchQuery, pieces: list[Elsewhere]) -> None:
        if pieces:
            self._ask(pieces[0].bal_id, self._piece(turn, asked, pieces), 0.0)

    def _piece(self, turn: int, asked: SearchQuery, pieces: list[Elsewhere]) -> LineJob:
        place = pieces[0]

        def job(line: Line) -> set[FolderId]:
            if self._is_over(turn):
                return set()
            known = self._house.stores.mail.known(place.folder_id)
            if known is not None and line.select(place.mailbox).uidvalidity == known.uidvalidity:
                found = line.session.matching(place.uids, criteria(asked))
                self._keep(turn, place, found)
            self._next(turn, asked, pieces[1:])
            return set()

        return job

    def _keep(self, turn: int, place: Elsewhere, uids: list[int]) -> None:
        ids = self._house.stores.elsewhere.ids(place.folder_id, uids)
        with self._lock:
            if turn != self._turn or not ids:
                return
            self._hits = Hits(self._hits.search, self._hits.ids | frozenset(ids))
        log.info("%d found at the operator", len(ids))
        self._house.speaker.announce(MessagesChanged(place.folder_id))
