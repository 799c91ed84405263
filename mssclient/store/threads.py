"""Conversations by References, In-Reply-To and Message-ID, found for a page of new messages at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from mssclient.domain.message import Envelope

_NEAR = 20
"""References looked at, the last ones: they are the nearest."""
_MARKS = 500


def headers_of(envelope: Envelope) -> list[str]:
    """Every Message-ID that ties this message to others, its own last."""
    named = (*envelope.references[-_NEAR:], envelope.in_reply_to, envelope.message_id)
    return list(dict.fromkeys(header for header in named if header))


class Threads:
    """The conversations of the messages of one write transaction: asked once for all, written once for all."""

    def __init__(self, sql: Any, envelopes: Iterable[Envelope], flush: Callable[[], None]) -> None:
        self._sql = sql
        self._flush = flush
        """Writes the messages that were told their conversation already: a join must find them."""
        self._known: dict[str, int] = {}
        self._new: dict[str, int] = {}
        wanted = list(dict.fromkeys(header for envelope in envelopes for header in headers_of(envelope)))
        for at in range(0, len(wanted), _MARKS):
            some = wanted[at : at + _MARKS]
            marks = ",".join("?" * len(some))
            found = sql.execute(f"SELECT header, conversation FROM reference WHERE header IN ({marks})", some)
            self._known.update(found.fetchall())
        last = sql.execute("SELECT seq FROM sqlite_sequence WHERE name = 'conversation'").fetchone()
        self._first = self._last = int(last[0]) if last else 0

    def of(self, envelope: Envelope) -> int:
        """The conversation of a message; several that it ties together become one."""
        headers = headers_of(envelope)
        met = sorted({self._known[header] for header in headers if header in self._known})
        if met:
            kept = met[0]
            for other in met[1:]:
                self._join(kept, other)
        else:
            self._last += 1
            kept = self._last
        for header in headers:
            if header not in self._known:
                self._known[header] = self._new[header] = kept
        return kept

    def _join(self, kept: int, other: int) -> None:
        self._flush()
        self.keep()
        self._sql.execute("UPDATE message SET conversation = ? WHERE conversation = ?", (kept, other))
        self._sql.execute("UPDATE reference SET conversation = ? WHERE conversation = ?", (kept, other))
        self._known.update((header, kept) for header, each in self._known.items() if each == other)

    def keep(self) -> None:
        """Writes what is new. Before the transaction ends, and before conversations are joined."""
        made = [(each,) for each in range(self._first + 1, self._last + 1)]
        self._sql.executemany("INSERT INTO conversation (id) VALUES (?)", made)
        self._first = self._last
        self._sql.executemany("INSERT INTO reference (header, conversation) VALUES (?, ?)", self._new.items())
        self._new.clear()
