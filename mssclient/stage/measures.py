"""What a measure is: its figure beside its target and its peer; and how long the screen's thread was away."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer

TICK_MS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One measure. `target` None: only told. `at_least` turns the comparison round."""

    name: str
    value: float
    unit: str
    target: float | None = None
    worst: float | None = None
    at_least: bool = False
    beside: str = ""

    @property
    def verdict(self) -> str:
        """In plain words."""
        if self.target is None:
            return ""
        kept = self.value >= self.target if self.at_least else self.value <= self.target
        return "tenu" if kept else "non tenu"

    def __str__(self) -> str:
        bound = f"{'≥' if self.at_least else '≤'} {self.target:g} {self.unit}" if self.target is not None else ""
        worst = f"pire {figure(self.worst)}" if self.worst is not None else ""
        measured = f"{figure(self.value)} {self.unit}"
        return f"{self.name:54} {measured:>16} {worst:>13}  {bound:>14}  {self.verdict:9} {self.beside}".rstrip()


HEADING = f"{'mesure':54} {'médiane':>16} {'':>13}  {'objectif':>14}"


def figure(value: float) -> str:
    """As many digits as one reads."""
    if value >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}" if value < 10 else f"{value:.1f}"


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of them does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


class Gaps:
    """How long the screen's thread was away: the time between the ticks of a 10 ms timer."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._last = 0.0
        self.found: list[float] = []

    def _tick(self) -> None:
        now = time.perf_counter()
        self.found.append((now - self._last) * 1000)
        self._last = now

    def __enter__(self) -> Gaps:
        self._last = time.perf_counter()
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()
