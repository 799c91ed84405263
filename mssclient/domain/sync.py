"""Plan, then run: what a folder needs, from what we know of it and what the operator says now."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class Known:
    """A folder as the store has it."""

    uidvalidity: int
    uidnext: int
    modseq: int
    count: int
    """Messages in the store."""
    complete: bool
    """Every message below uidnext was listed once."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder as SELECT or STATUS shows it. `modseq` 0 without CONDSTORE (RFC 7162)."""

    uidvalidity: int
    uidnext: int
    exists: int
    modseq: int


class Step(Enum):
    """One thing to do, in the order they must be done."""

    START_OVER = "start over"  # UIDVALIDITY changed: every uid we know is void (RFC 3501 §2.3.1.1)
    LIST = "list"  # compare all uids: finds new and removed ones
    NEW = "new"  # fetch what is at or above the uidnext we know
    FLAGS_SINCE = "flags since"  # CONDSTORE
    FLAGS_ALL = "flags all"


def plan(known: Known, seen: Seen) -> tuple[Step, ...]:
    """The steps that bring what we know to what is seen; empty when nothing changed."""
    if known.uidvalidity != seen.uidvalidity:
        return (Step.START_OVER, Step.LIST) if known.uidvalidity else (Step.LIST,)
    if not known.complete:
        return (Step.LIST,)
    steps: list[Step] = []
    grown = seen.uidnext > known.uidnext
    if grown:
        steps.append(Step.NEW)
    # New ones can at most be as many as the uids that were given out; fewer in all means that some are gone.
    if seen.exists != known.count + (seen.uidnext - known.uidnext if grown else 0):
        steps.append(Step.LIST)
    if seen.modseq:
        if seen.modseq != known.modseq:
            steps.append(Step.FLAGS_SINCE)
    elif known.count:
        steps.append(Step.FLAGS_ALL)
    return tuple(steps)


def suspicious(known_count: int, listed_count: int) -> bool:
    """Whether a listing looks like an accident rather than like people deleting mail: a folder that had many
    messages and suddenly shows none is listed again before anything is removed."""
    return known_count >= 20 and listed_count == 0
