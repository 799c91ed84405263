"""What changed between two lists of ids, in the shape Qt's models want it."""

from __future__ import annotations

from collections.abc import Sequence


def runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending places as runs of neighbours: first and last of each, both included."""
    found: list[tuple[int, int]] = []
    for place in places:
        if found and found[-1][1] == place - 1:
            found[-1] = (found[-1][0], place)
        else:
            found.append((place, place))
    return found
