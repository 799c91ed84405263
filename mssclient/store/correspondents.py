"""Favourites, groups and habits of a person: kept by the clerk, read by the screen."""

from __future__ import annotations

from datetime import UTC, datetime

from mssclient.domain.address import Correspondent, CorrespondentKind, domain_of, fold, guessed_kind, is_usager, normal
from mssclient.domain.circle import FAVOURITES_LIMIT, Acquaintance, Group, GroupId, weights
from mssclient.store.database import Database, Reads

_HABITS = 2_000
_USED_TWICE = 2
"""Messages to a domain before it counts as one that is written to."""


class CorrespondentStore:
    """What changes. Runs on `clerk`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def favour(self, who: Correspondent, now: int) -> None:
        """Have somebody at hand; the oldest choices go when there are too many."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO favourite (address, label, kind, at) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (address) DO UPDATE SET label = excluded.label, kind = excluded.kind",
                (normal(who.address), who.label, who.kind.value, now),
            )
            sql.execute(
                "DELETE FROM favourite WHERE address IN (SELECT address FROM favourite ORDER BY at DESC, address"
                " LIMIT -1 OFFSET ?)",
                (FAVOURITES_LIMIT,),
            )

    def disfavour(self, address: str) -> None:
        """No more a favourite."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM favourite WHERE address = ?", (normal(address),))

    def keep_group(self, group: Group) -> None:
        """Write a group, whole."""
        with self._db.write() as sql:
            sql.execute(
                "INSERT INTO circle_group (id, name, name_sort) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_sort = excluded.name_sort",
                (group.id, group.name.strip(), fold(group.name)),
            )
            sql.execute("DELETE FROM circle_member WHERE group_id = ?", (group.id,))
            sql.executemany(
                "INSERT OR IGNORE INTO circle_member (group_id, place, address, label, kind) VALUES (?, ?, ?, ?, ?)",
                [
                    (group.id, place, normal(who.address), who.label, who.kind.value)
                    for place, who in enumerate(group.members)
                ],
            )

    def drop_group(self, group_id: GroupId) -> None:
        """Forget a group; its members stay what they are."""
        with self._db.write() as sql:
            sql.execute("DELETE FROM circle_group WHERE id = ?", (group_id,))


class CorrespondentReader:
    """What the screen shows of it; lives on the thread of `reads`."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    def favourites(self) -> tuple[Correspondent, ...]:
        """By label."""
        rows = self._reads.all("SELECT label, address, kind FROM favourite")
        return tuple(sorted(map(_correspondent, rows), key=lambda who: (fold(who.label), who.address)))

    def recent(self, limit: int) -> tuple[Correspondent, ...]:
        """Whom the person wrote to last, newest first; never a usager, whose address is built for each message."""
        rows = self._reads.all(
            "SELECT coalesce((SELECT r.label FROM outbox_recipient r WHERE r.address = f.address"
            " ORDER BY r.outbox_id DESC LIMIT 1), ''), f.address FROM frequent f ORDER BY f.last DESC, f.address LIMIT ?",
            (limit * 2,),
        )
        people = (Correspondent(label, address, guessed_kind(address, label)) for label, address in rows)
        return tuple(who for who in people if not is_usager(who.address))[:limit]

    def groups(self) -> tuple[Group, ...]:
        """By name."""
        members: dict[str, list[Correspondent]] = {}
        for group_id, *row in self._reads.all(
            "SELECT group_id, label, address, kind FROM circle_member ORDER BY group_id, place"
        ):
            members.setdefault(group_id, []).append(_correspondent(tuple(row)))
        rows = self._reads.all("SELECT id, name FROM circle_group ORDER BY name_sort, id")
        return tuple(Group(GroupId(number), name, tuple(members.get(number, ()))) for number, name in rows)

    def acquaintance(self, address: str) -> Acquaintance:
        """What the person has to do with an address."""
        known = normal(address)
        told = self._reads.one("SELECT count, last FROM frequent WHERE address = ?", (known,))
        favourite = self._reads.one("SELECT 1 FROM favourite WHERE address = ?", (known,)) is not None
        names = self._reads.all(
            "SELECT g.name FROM circle_member m JOIN circle_group g ON g.id = m.group_id WHERE m.address = ?"
            " ORDER BY g.name_sort",
            (known,),
        )
        times, last = (told[0], datetime.fromtimestamp(told[1], UTC)) if told else (0, None)
        return Acquaintance(known, times, last, favourite, tuple(name for (name,) in names))

    def weights(self) -> dict[str, int]:
        """How much each address is preferred in a search."""
        habits = self._reads.all("SELECT address, count FROM frequent ORDER BY last DESC LIMIT ?", (_HABITS,))
        return weights(habits, (who.address for who in self.favourites()))

    def used_domains(self) -> frozenset[str]:
        """Domains that the person writes to."""
        times: dict[str, int] = {}
        for address, count in self._reads.all(
            "SELECT address, count FROM frequent ORDER BY last DESC LIMIT ?", (_HABITS,)
        ):
            times[domain_of(address)] = times.get(domain_of(address), 0) + count
        return frozenset(domain for domain, count in times.items() if count >= _USED_TWICE)


def _correspondent(row: tuple[str, ...]) -> Correspondent:
    label, address, kind = row
    return Correspondent(label, address, CorrespondentKind(kind))
