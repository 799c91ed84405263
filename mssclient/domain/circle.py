"""Whom a person writes to: favourites, groups, and how often and when each address was written to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType

from mssclient.domain.address import Correspondent, fold, is_address, is_usager, normal
from mssclient.domain.draft import MAX_CORRESPONDENTS

GroupId = NewType("GroupId", str)
"""A random id made where the group is begun."""
NAME_LIMIT = 60
GROUPS_LIMIT = 200
FAVOURITES_LIMIT = 1_000
_FAVOURITE_WEIGHT = 100
_HABIT_WEIGHT = 60
"""However often one writes to somebody, a favourite stands before them."""


@dataclass(frozen=True, slots=True)
class Group:
    """Correspondents that one writes to together; at most as many as a message may have."""

    id: GroupId
    name: str
    members: tuple[Correspondent, ...] = ()


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What a person has to do with one address."""

    address: str
    times: int = 0
    """Messages sent to it from this workstation."""
    last: datetime | None = None
    favourite: bool = False
    groups: tuple[str, ...] = ()
    """Names of the groups it stands in."""


class GroupWrong(Enum):
    """Why a group is not kept."""

    NO_NAME = "no name"
    LONG_NAME = "long name"
    SAME_NAME = "same name"  # accents and case apart
    TOO_MANY = "too many"
    NOT_AN_ADDRESS = "not an address"
    USAGER = "usager"  # an usager's address is built for one message from a qualified identity (ECO.2.2.6)
    TOO_MANY_GROUPS = "too many groups"


def wrong_with(group: Group, others: Iterable[Group]) -> GroupWrong | None:
    """Why a group may not be kept beside the others, or None."""
    name = group.name.strip()
    beside = [other for other in others if other.id != group.id]
    if not fold(name):
        return GroupWrong.NO_NAME
    if len(name) > NAME_LIMIT:
        return GroupWrong.LONG_NAME
    if any(fold(other.name) == fold(name) for other in beside):
        return GroupWrong.SAME_NAME
    if len({normal(who.address) for who in group.members}) > MAX_CORRESPONDENTS:
        return GroupWrong.TOO_MANY
    if any(not is_address(normal(who.address)) for who in group.members):
        return GroupWrong.NOT_AN_ADDRESS
    if any(is_usager(who.address) for who in group.members):
        return GroupWrong.USAGER
    return GroupWrong.TOO_MANY_GROUPS if len(beside) >= GROUPS_LIMIT else None


def with_members(group: Group, people: Iterable[Correspondent]) -> Group:
    """The group with some more; an address stands in it once."""
    members = {normal(who.address): who for who in group.members}
    for who in people:
        members.setdefault(normal(who.address), who)
    return Group(group.id, group.name, tuple(members.values()))


def without(group: Group, address: str) -> Group:
    """The group without one."""
    return Group(group.id, group.name, tuple(who for who in group.members if normal(who.address) != normal(address)))


def named_so(groups: Iterable[Group], text: str) -> list[Group]:
    """The groups whose name has every typed word at the beginning of one of its own; accents and case do not count."""
    words = fold(text).split()
    return [
        group
        for group in groups
        if words and all(any(own.startswith(word) for own in fold(group.name).split()) for word in words)
    ]


def weights(habits: Iterable[tuple[str, int]], favourites: Iterable[str]) -> dict[str, int]:
    """How much each address is preferred in a search, 1 to 100; `habits` is how often each was written to."""
    found = {normal(address): max(1, min(times, _HABIT_WEIGHT)) for address, times in habits}
    return found | {normal(address): _FAVOURITE_WEIGHT for address in favourites}
