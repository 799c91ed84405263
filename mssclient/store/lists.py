"""The ids a list shows: a folder, the day's work, or a search, in an order; and the counts that must agree with them.

A list is made of two halves: messages without pending wishes, which an index gives in order, and the few that somebody
just acted on, seen through `shown`. A message that waits for its uid is shown only where a wish speaks of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from mssclient.domain.address import fold
from mssclient.domain.bal import BalId, FolderId
from mssclient.domain.message import ListQuery, MessageId
from mssclient.domain.search import Mark, SearchQuery, parse
from mssclient.store.database import Reads

SEARCH_LIMIT = 2000
QUIET_ROLES = "('trash', 'trashed', 'junk', 'sent', 'drafts')"
"""Folders whose mail waits for nobody."""
_WISHED = "(SELECT message_id FROM pending_change)"
_VOID = "(SELECT id FROM message WHERE folder_id IN (SELECT id FROM folder) AND uid < 0)"
_FEW_FOLDERS = 3
_KEYS = {"date": "m.rank", "sender": "m.sender_sort", "subject": "m.subject_sort", "size": "m.size"}
_RARE = {"usager": ("usager_name", "usager_name != ''"), "state": ("state", "state != 'none'")}
"""Columns that few messages fill: those come from a small index, the others by date."""
Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Half:
    """One of the two halves, as SQL."""

    source: str
    where: tuple[str, ...]

    def select(self, columns: str) -> str:
        return f"SELECT {columns} FROM {self.source} WHERE {' AND '.join(self.where) or '1'}"


class Lists:
    """Reads of one thread. `clock` says which day "hier" is."""

    def __init__(self, reads: Reads, clock: Clock) -> None:
        self._reads = reads
        self._clock = clock

    def ids(self, query: ListQuery) -> list[MessageId]:
        """All ids a list shows, in order."""
        if query.search.strip():
            return self._found(query)
        if query.folder_id is None and not (query.to_file_only or query.unread_only):
            return []
        where, values = self._narrowed(query)
        return self._ordered(self._halves(where), values, query)

    def count(self, query: ListQuery) -> int:
        """How many ids `ids` would give, conversations aside."""
        where, values = self._narrowed(query)
        total = 0
        for half in self._halves(where):
            row = self._reads.one(half.select("COUNT(*)"), values)
            total += row[0] if row else 0
        return total

    # -- what is wanted
    def _narrowed(self, query: ListQuery) -> tuple[list[str], dict[str, object]]:
        """Conditions on {folder} and {seen}, which the halves name differently."""
        values: dict[str, object] = {"folder": query.folder_id, "bal": query.bal_id}
        where = []
        if query.folder_id is not None:
            where.append("{folder} = :folder")
        else:
            of_bal = " AND bal_id = :bal" if query.bal_id is not None else ""
            where.append(f"{{folder}} IN (SELECT id FROM folder WHERE role NOT IN {QUIET_ROLES}{of_bal})")
        if query.unread_only:
            where.append("{seen} = 0")
        if query.to_file_only:
            # The second says the same again, as the partial index says it.
            where.append("m.state = 'to file' AND m.state != 'none'")
        return where, values

    def _halves(self, where: list[str]) -> list[_Half]:
        """The two halves, or the first alone while no wish waits."""
        pending = self._reads.one("SELECT 1 FROM pending_change LIMIT 1") is not None
        first = [each.format(folder="m.folder_id", seen="m.seen", flagged="m.flagged") for each in where]
        if self._reads.one(f"{_VOID[1:-1]} LIMIT 1") is not None:
            # Asking each row for its uid would read the row itself, where an index has the rest.
            first.append(f"m.id NOT IN {_VOID}")
        if pending:
            first.append(f"m.id NOT IN {_WISHED}")
        halves = [_Half("message m", tuple(first))]
        if pending:
            second = [
                each.format(folder="m.shown_folder", seen="m.shown_seen", flagged="m.shown_flagged") for each in where
            ]
            halves.append(_Half("shown m", (f"m.id IN {_WISHED}", "NOT m.gone", *second)))
        return halves

    # -- orders
    def _ordered(self, halves: list[_Half], values: dict[str, object], query: ListQuery) -> list[MessageId]:
        column, down = query.sort.column, query.sort.descending
        found = (
            self._with_rare(halves, values, column, down)
            if column in _RARE
            else self._selected(halves, values, _KEYS[column], down)
        )
        if not query.conversations:
            return found
        heads = self._heads(halves, values)
        return [each for each in found if each in heads]

    def _selected(self, halves: list[_Half], values: dict[str, object], key: str, down: bool) -> list[MessageId]:
        way = "DESC" if down else "ASC"
        keys = ("m.rank",) if key == "m.rank" else (key, "m.rank")
        if len(halves) == 1:
            sql = f"{halves[0].select('m.id')} ORDER BY {', '.join(f'{each} {way}' for each in keys)}"
        else:
            both = " UNION ALL ".join(half.select(f"m.id, {', '.join(keys)}") for half in halves)
            sql = f"SELECT id FROM ({both} ORDER BY {', '.join(f'{n} {way}' for n in range(2, 2 + len(keys)))})"
        return self._all_at_once(sql, values)

    def _all_at_once(self, sql: str, values: dict[str, object]) -> list[MessageId]:
        """The one column of a query, in its order. As one value: each row asked for one by one gives the interpreter
        away, and the screen must win it back from the threads at work. An aggregate that depends on the order keeps
        that of its subquery (SQLite, "The ORDER BY clause on a subquery", rule 6 of its omission)."""
        row = self._reads.one(f"SELECT json_group_array(id) FROM ({sql})", values, patience=2)
        return json.loads(row[0]) if row else []

    def _with_rare(self, halves: list[_Half], values: dict[str, object], column: str, down: bool) -> list[MessageId]:
        """By a column that few messages fill: those in its order, the others by date where an empty value stands."""
        name, filled = _RARE[column]
        marked = [replace(half, where=(*half.where, f"m.{filled}")) for half in halves]
        way = "DESC" if down else "ASC"
        both = " UNION ALL ".join(half.select(f"m.id, m.{name}, m.rank") for half in marked)
        rows = self._reads.all(f"{both} ORDER BY 2 {way}, 3 {way}", values, patience=2)
        known = {r[0] for r in rows}
        others = [each for each in self._selected(halves, values, "m.rank", down) if each not in known]
        usual = "none" if column == "state" else ""
        before = [r[0] for r in rows if (r[1] > usual if down else r[1] < usual)]
        after = [r[0] for r in rows if (r[1] < usual if down else r[1] > usual)]
        return [*before, *others, *after]

    def _heads(self, halves: list[_Half], values: dict[str, object]) -> set[MessageId]:
        """The newest message of each conversation, of those that the list has."""
        if len(halves) == 1:
            # The + keeps indexes of folders out: one of conversations has all that is asked for, in the order of groups.
            free = replace(
                halves[0], where=tuple(each.replace("m.folder_id", "+m.folder_id") for each in halves[0].where)
            )
            sql = f"{free.select('m.id, MAX(m.rank)')} GROUP BY m.conversation"
        else:
            both = " UNION ALL ".join(half.select("m.id, m.conversation AS talk, m.rank AS place") for half in halves)
            sql = f"SELECT id, MAX(place) FROM ({both}) GROUP BY talk"
        return {r[0] for r in self._reads.all(sql, values, patience=2)}

    # -- searching
    def _found(self, query: ListQuery) -> list[MessageId]:
        asked = parse(query.search, self._clock().astimezone().date())
        where, values = self._searched(query, asked)
        rows: list[tuple[int, MessageId]] = []
        for number, half in enumerate(self._halves(where)):
            hits, place = _hits(half, asked, first=number == 0)
            bounded = replace(hits, where=(*hits.where, *_within(asked, place)))
            sql = f"{bounded.select(f'{place}, m.id')} ORDER BY {place} DESC LIMIT {SEARCH_LIMIT}"
            rows += self._reads.all(sql, values, patience=2)
        found = [each for _, each in sorted(rows, reverse=True)[:SEARCH_LIMIT]]
        return found if query.sort.column == "date" and query.sort.descending else self._sorted(found, query)

    def with_found(self, query: ListQuery, here: list[MessageId], there: Collection[MessageId]) -> list[MessageId]:
        """What a search found here, with what operators found: those that keep to its days, folders and marks."""
        asked = replace(parse(query.search, self._clock().astimezone().date()), match="", without="")
        where, values = self._searched(query, asked)
        ids = ", ".join(str(int(each)) for each in sorted(there))
        kept: list[MessageId] = []
        for half in self._halves([f"+m.id IN ({ids})", *where]):
            bounded = replace(half, where=(*half.where, *_within(asked, "m.rank")))
            kept += [r[0] for r in self._reads.all(bounded.select("m.id"), values, patience=2)]
        return self._sorted([*here, *kept], query)

    def _searched(self, query: ListQuery, asked: SearchQuery) -> tuple[list[str], dict[str, object]]:
        values: dict[str, object] = {"match": asked.match, "without": asked.without}
        where = []
        if asked.without:
            where.append("m.rank NOT IN (SELECT rowid FROM message_fts WHERE message_fts MATCH :without)")
        if query.bal_id is not None or asked.places:
            folders = ", ".join(str(each) for each in self._folders_named(asked.places, query.bal_id))
            where.append(f"{{folder}} IN ({folders})")
        wanted = set(asked.marks)
        wanted |= {Mark.UNREAD} if query.unread_only else set()
        wanted |= {Mark.TO_FILE} if query.to_file_only else set()
        where += [_MARKED[each] for each in sorted(wanted, key=lambda mark: mark.value)]
        return where, values

    def _folders_named(self, places: tuple[str, ...], bal_id: BalId | None) -> list[FolderId]:
        """Folders, of one mailbox or of all, whose own name or mailbox has words that begin so."""
        rows = self._reads.all(
            "SELECT f.id, f.path, f.role, b.label, b.address FROM folder f JOIN bal b ON b.id = f.bal_id"
            " WHERE ? IS NULL OR f.bal_id = ?",
            (bal_id, bal_id),
        )
        return [FolderId(r[0]) for r in rows if all(_named(place, r[1:]) for place in places)]

    def _sorted(self, found: list[MessageId], query: ListQuery) -> list[MessageId]:
        column, way = query.sort.column, "DESC" if query.sort.descending else "ASC"
        key = _KEYS.get(column) or f"m.{_RARE[column][0]}"
        sql = f"SELECT m.id FROM message m WHERE m.id IN ({', '.join('?' * len(found))}) ORDER BY {key} {way}, m.rank {way}"
        return [r[0] for r in self._reads.all(sql, tuple(found), patience=2)]


_MARKED = {
    Mark.UNREAD: "{seen} = 0", Mark.READ: "{seen} = 1", Mark.FLAGGED: "{flagged} = 1", Mark.ATTACHED: "m.attachments > 0",
    Mark.TO_FILE: "m.state = 'to file' AND m.state != 'none'",
}  # fmt: skip


def _hits(half: _Half, asked: SearchQuery, *, first: bool) -> tuple[_Half, str]:
    """A half among what the index finds, and where its place in time stands: the first half follows the index in order,
    the second is small and looked up."""
    if first and asked.match:
        # What an index can say of a message is asked of it, once for all hits; the + keeps it from leading the search.
        kept = [
            f"+m.id IN (SELECT x.id FROM message x WHERE {_of_index(each)})" if _is_of_index(each) else each
            for each in half.where
        ]
        where = ("message_fts MATCH :match", "m.rank = f.rowid", *kept)
        return _Half(f"message_fts f CROSS JOIN {half.source}", where), "f.rowid"
    if asked.match:
        among = "m.rank IN (SELECT rowid FROM message_fts WHERE message_fts MATCH :match)"
        return _Half(half.source, (*half.where, among)), "m.rank"
    # Only with the folders named do the indexes of folders serve.
    where = (*half.where, "m.folder_id IN (SELECT id FROM folder)") if half.where else ()
    return _Half(half.source, where), "m.rank"


def _is_of_index(condition: str) -> bool:
    """One or two folders are better asked hit by hit: their own index has the rank."""
    if condition.startswith("m.folder_id IN"):
        return condition.count(",") >= _FEW_FOLDERS
    return condition.startswith(("m.seen = 0", "m.state = 'to file'"))


def _of_index(condition: str) -> str:
    return condition.replace("m.", "x.")


def _within(asked: SearchQuery, place: str) -> list[str]:
    """The days asked for, as bounds of the rank."""
    found = [f"{place} >= {_rank_of(asked.after)}"] if asked.after else []
    return [*found, f"{place} < {_rank_of(asked.before)}"] if asked.before else found


def _rank_of(day: date) -> int:
    """The least rank of a day at the reader's place."""
    return int(datetime(day.year, day.month, day.day).astimezone().timestamp()) << 20


_ROLE_WORDS = {
    "inbox": "boite de reception", "sent": "envoyes", "drafts": "brouillons", "trash": "corbeille",
    "junk": "indesirables spam", "archive": "archives",
}  # fmt: skip


def _named(place: str, folder: tuple[str, str, str, str]) -> bool:
    """Whether a folder, or the mailbox it stands in, has words that begin so."""
    path, role, label, address = folder
    words = f" {fold(path)} {_ROLE_WORDS.get(role, '')} {fold(label)} {fold(address)}"
    return f" {place}" in words
