"""The steps of `mssclient check`: each told as soon as it is known, and none tried that stands on one that failed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from mssclient.domain.errors import MssError

T = TypeVar("T")


class State(Enum):
    """What became of a step."""

    GOOD = "ok"
    WARNING = "warning"  # it works, and something is to be seen to
    FAILED = "failed"
    NOT_TRIED = "not tried"  # it stands on a step that failed


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the report. `name` is stable, for programs; the rest is for the person and their support."""

    name: str
    title: str
    state: State
    words: str
    """What was found; for a failure, what does not work."""
    meaning: str = ""
    """What a failure or a warning means for the person."""
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a step brought: a value for those after it, and its words. With `meaning` the step is a warning."""

    value: T
    words: str
    meaning: str = ""
    todo: str = ""


class Fault(Exception):
    """A step failed: what does not work, what it means, what to do; in French."""

    def __init__(self, words: str, meaning: str, todo: str) -> None:
        super().__init__(words)
        self.words, self.meaning, self.todo = words, meaning, todo


class Walk:
    """Collects steps, and says each to `say` at once. `worded` turns a domain error into the step's fault. One thread."""

    def __init__(self, say: Callable[[Step], None], worded: Callable[[MssError], Fault]) -> None:
        self._say = say
        self._worded = worded
        self.steps: list[Step] = []

    @property
    def good(self) -> bool:
        """Whether nothing failed; a warning is no failure."""
        return all(step.state in {State.GOOD, State.WARNING} for step in self.steps)

    def take(self, name: str, title: str, act: Callable[[], Found[T]], *, possible: bool = True) -> T | None:
        """One step; its value, or None when it failed or was not `possible`."""
        if not possible:
            self.skip(name, title)
            return None
        try:
            found = act()
        except (Fault, MssError) as error:
            fault = error if isinstance(error, Fault) else self._worded(error)
            self._add(Step(name, title, State.FAILED, fault.words, fault.meaning, fault.todo))
            return None
        state = State.WARNING if found.meaning else State.GOOD
        self._add(Step(name, title, state, found.words, found.meaning, found.todo))
        return found.value

    def skip(self, name: str, title: str) -> None:
        """A step that stands on one that failed."""
        self._add(Step(name, title, State.NOT_TRIED, "non essayé"))

    def _add(self, step: Step) -> None:
        self.steps.append(step)
        self._say(step)
