"""Conversations found for a page of new messages at once: by their ids, then by subject for answers that name nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from typing import Any

from mssclient.domain.message import Envelope, MessageId
from mssclient.domain.threads import WITHIN, base_of, is_answer_or_forward, is_loose_answer, may_answer, ties
from mssclient.store.rows import insert

_MARKS = 500
_CANDIDATES = 20
"""Messages of one subject that are compared; the nearest in time."""
_PREFIXES = ("", "re ", "tr ", "re re ", "re tr ", "fwd ")
"""What may stand before the subject of a message that is answered, as `subject_sort` keeps it."""
_SELECT = (
    "SELECT m.conversation, m.sender_address, m.recipients, m.usager_matricule, m.usager_name, m.rank FROM message m"
)


class Threads:
    """The conversations of the messages of one write transaction: asked once for all, written once for all."""

    def __init__(self, sql: Any, envelopes: Sequence[Envelope], folded: Sequence[str]) -> None:
        """`folded`: the subjects as `subject_sort` keeps them."""
        self._sql = sql
        self._envelopes = envelopes
        self._folded = folded
        self._joined: dict[int, int] = {}
        """Conversations that became part of an older one."""
        self._known: dict[str, int] = {}
        self._new: dict[str, int] = {}
        self._loose: list[tuple[MessageId, int]] = []
        self._all: list[tuple[MessageId, int]] = []
        self._ties = [ties(envelope) for envelope in envelopes]
        wanted = list(dict.fromkeys(chain.from_iterable(self._ties)))
        for at in range(0, len(wanted), _MARKS):
            some = wanted[at : at + _MARKS]
            marks = ",".join("?" * len(some))
            found = sql.execute(f"SELECT header, conversation FROM reference WHERE header IN ({marks})", some)
            self._known.update(found.fetchall())
        last = sql.execute("SELECT seq FROM sqlite_sequence WHERE name = 'conversation'").fetchone()
        self._first = self._last = int(last[0]) if last else 0
        self._stored = self._last
        """Conversations up to here stand in the store already."""

    def of(self, at: int, message_id: MessageId) -> int:
        """The conversation of the message of envelope number `at`; several that it ties together become one, and a later
        message may still make it part of another: `now` tells."""
        headers = self._ties[at]
        met = sorted({self.now(self._known[header]) for header in headers if header in self._known})
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
        self._all.append((message_id, at))
        if is_loose_answer(self._envelopes[at]):
            self._loose.append((message_id, at))
        return kept

    def _base(self, at: int) -> str:
        """`base_of` its subject, which is folded already where nothing stands before it."""
        subject = self._envelopes[at].subject
        return base_of(subject) if is_answer_or_forward(subject) else self._folded[at]

    def now(self, conversation: int) -> int:
        """What a conversation has become."""
        while conversation in self._joined:
            conversation = self._joined[conversation]
        return conversation

    def _join(self, kept: int, other: int) -> None:
        """`other` is the younger one. What this page has not written yet is written right."""
        self._joined[other] = kept
        if other <= self._stored:
            self._sql.execute("UPDATE message SET conversation = ? WHERE conversation = ?", (kept, other))
            self._sql.execute("UPDATE reference SET conversation = ? WHERE conversation = ?", (kept, other))

    def keep(self) -> None:
        """Writes what is new. After the last `of`."""
        made = [(each,) for each in range(self._first + 1, self._last + 1)]
        insert(self._sql, "INSERT INTO conversation (id)", made)
        self._first = self._stored = self._last
        new = [(header, self.now(conversation)) for header, conversation in self._new.items()]
        insert(self._sql, "INSERT INTO reference (header, conversation)", new)
        self._new.clear()

    def by_subject(self) -> None:
        """Answers that name nothing join what they answer, whichever came first. After the last `of`, once all is written."""
        loose = [(message_id, self._base(at)) for message_id, at in self._loose]
        insert(self._sql, "INSERT OR IGNORE INTO loose_answer (message_id, base)", loose)
        for message_id, base in loose:
            self._look_back(message_id, base)
        if self._sql.execute("SELECT 1 FROM loose_answer LIMIT 1").fetchone() is not None:
            self._look_ahead()

    def _look_back(self, message_id: MessageId, base: str) -> None:
        """The message that a loose answer answers: the last one of that subject between the same people."""
        answer = self._sql.execute(f"{_SELECT} WHERE m.id = ?", (message_id,)).fetchone()
        rank, marks = answer[5], ",".join("?" * len(_PREFIXES))
        rows = self._sql.execute(
            f"{_SELECT} WHERE m.folder_id IN (SELECT id FROM folder) AND m.subject_sort IN ({marks}) AND m.rank BETWEEN ? AND ?"
            f" AND m.id != ? ORDER BY m.rank DESC LIMIT {_CANDIDATES}",
            (*(f"{each}{base}"[:80] for each in _PREFIXES), rank - _window(), rank, message_id),
        ).fetchall()
        asked = next((row for row in rows if _answers(answer, row)), None)
        if asked is not None:
            self._tie(answer[0], asked[0])

    def _look_ahead(self) -> None:
        """Loose answers that stand already, to the messages of this page."""
        bases: dict[str, list[MessageId]] = {}
        for message_id, at in self._all:
            bases.setdefault(self._base(at), []).append(message_id)
        wanted = list(bases)
        for at in range(0, len(wanted), _MARKS):
            some = wanted[at : at + _MARKS]
            marks = ",".join("?" * len(some))
            found = self._sql.execute(
                f"SELECT message_id, base FROM loose_answer WHERE base IN ({marks})", some
            ).fetchall()
            for answer_id, base in found:
                self._answer_met(answer_id, bases[base][:_CANDIDATES])

    def _answer_met(self, answer_id: MessageId, asked_ids: Sequence[MessageId]) -> None:
        answer = self._sql.execute(f"{_SELECT} WHERE m.id = ?", (answer_id,)).fetchone()
        for asked_id in asked_ids:
            asked = self._sql.execute(f"{_SELECT} WHERE m.id = ?", (asked_id,)).fetchone()
            if (
                answer
                and asked
                and answer_id != asked_id
                and 0 <= answer[5] - asked[5] <= _window()
                and _answers(answer, asked)
            ):
                self._tie(answer[0], asked[0])
                return

    def _tie(self, one: int, other: int) -> None:
        if one != other:
            self._join(min(one, other), max(one, other))


def _window() -> int:
    """`WITHIN` in ranks."""
    return int(WITHIN.total_seconds()) << 20


def _people(row: Sequence[Any]) -> list[str]:
    told = json.loads(row[2])
    return [row[1], *(p[1] for p in told["to"] + told["cc"])]


def _answers(answer: Sequence[Any], asked: Sequence[Any]) -> bool:
    """Same people, and about the same usager as far as both say whom they are about."""
    for number in (3, 4):
        if answer[number] and asked[number] and answer[number] != asked[number]:
            return False
    return may_answer(_people(answer), _people(asked))
