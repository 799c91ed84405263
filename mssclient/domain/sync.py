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
    unseen: int = 0
    """Unread messages in the store, by the operator's word."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A folder as SELECT or STATUS shows it. `modseq` 0 without CONDSTORE (RFC 7162)."""

    uidvalidity: int
    uidnext: int
    exists: int
    modseq: int
    unseen: int = -1
    """Unread messages as STATUS counts them; -1 where it was not told."""

    @property
    def mark(self) -> tuple[int, int, int, int]:
        """What stays the same as long as nothing came, went or, with CONDSTORE, changed."""
        return self.uidvalidity, self.uidnext, self.exists, self.modseq


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
    elif known.count and seen.unseen != known.unseen:
        # Without CONDSTORE, marks that nobody counts are compared when the folder is opened and every few minutes.
        steps.append(Step.FLAGS_ALL)
    return tuple(steps)


def still_missing(steps: tuple[Step, ...], seen: Seen, settled: Seen | None) -> tuple[Step, ...]:
    """The steps that can still bring anything: a server whose numbers disagree with its own listing is not listed again
    until it says something else."""
    if settled is None or settled.mark != seen.mark:
        return steps
    return tuple(step for step in steps if step in {Step.START_OVER, Step.FLAGS_ALL})


def is_within(uid: int, spans: tuple[tuple[int, int], ...]) -> bool:
    """Whether a uid stands in one of these runs."""
    return any(first <= uid <= last for first, last in spans)


def sample(uids: list[int], size: int = 12) -> list[int]:
    """Some uids spread over all of them, the first and the last included."""
    if len(uids) <= size:
        return sorted(uids)
    ordered = sorted(uids)
    return sorted({ordered[at * (len(ordered) - 1) // (size - 1)] for at in range(size)})


def suspicious(known_count: int, listed_count: int) -> bool:
    """Whether a listing looks like an accident rather than like people deleting mail: a folder that had many
    messages and suddenly shows none is listed again before anything is removed."""
    return known_count >= 20 and listed_count == 0
