"""What a person waits for in the list, on the running program: a folder opened, a page, a jump, a sort, a search."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable

from PySide6.QtWidgets import QApplication

from mssclient.domain.bal import Folder
from mssclient.domain.message import Sort
from mssclient.stage.loop import rest
from mssclient.stage.workplace import Workplace

COLUMNS = ("sender", "subject", "size", "usager", "state", "date")
TURNS = 120
LATEST_S = 20.0


def painted(place: Workplace, act: Callable[[], object], holds: Callable[[], object]) -> float:
    """Milliseconds from an act of the person to the list painted as it should be."""
    viewport = place.window.desk.list.table.viewport()
    begun = time.perf_counter()
    act()
    while not holds() and time.perf_counter() - begun < LATEST_S:
        QApplication.processEvents()
    viewport.repaint()
    return (time.perf_counter() - begun) * 1000


def opened(place: Workplace, large: Folder, other: Folder, count: int, times: int) -> list[float]:
    """Milliseconds to open a folder of `count` messages, each time from the other one."""
    model = place.window.desk.list.model
    spent = []
    for _ in range(times):
        place.go(other)
        rest(150)
        spent.append(painted(place, lambda: place.go_to(("folder", large.id)), lambda: model.rowCount() >= count))
        rest(150)
    return spent


def scrolled(place: Workplace) -> tuple[list[float], list[float]]:
    """Milliseconds of pages one after the other from the top, and of jumps to anywhere."""
    table = place.window.desk.list.table
    bar, viewport = table.verticalScrollBar(), table.viewport()
    chance = random.Random(7)  # noqa: S311  # places in a list, no secret

    def to(value: int) -> float:
        begun = time.perf_counter()
        bar.setValue(value)
        viewport.repaint()
        return (time.perf_counter() - begun) * 1000

    to(0)
    pages = [to(bar.value() + bar.pageStep()) for _ in range(TURNS)]
    return pages, [to(chance.randrange(max(1, bar.maximum()))) for _ in range(TURNS)]


def sorted_by(place: Workplace, times: int = 1) -> dict[str, list[float]]:
    """Milliseconds of each column's sort, up and down; ends as the list begins, by date, the newest first."""
    strip = place.window.desk.list.strip
    spent: dict[str, list[float]] = {column: [] for column in COLUMNS}
    for _ in range(times):
        for column in COLUMNS:
            for descending in (False, True):
                sort = Sort(column, descending)
                spent[column].append(painted(place, lambda sort=sort: strip.sorted.emit(sort), lambda: True))  # type: ignore[misc]
                rest(20)
    return spent


def typed(place: Workplace, texts: Iterable[str]) -> list[float]:
    """Milliseconds from each text in the search field to its rows, without the pause that waits for the next key."""
    desk = place.window.desk
    spent = []
    for text in texts:

        def type_one(text: str = text) -> None:
            desk.search(text)
            desk.search_now()

        spent.append(painted(place, type_one, lambda text=text: desk.list.query.search == text.strip()))  # type: ignore[misc]
        rest(5)
    desk.search("")
    desk.search_now()
    return spent
