"""Messages whose headers would not come: asked for with more and more care, so that one of them never keeps the others away.

An operator may say no to a FETCH because of one damaged message, hang up over it, or answer with more than a reply may
hold. Asked for together, all its neighbours would share its fate at every new try.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from mssclient.domain.bal import FolderId

log = logging.getLogger(__name__)
FEW = 25
PAUSE_S, LONGEST_PAUSE_S = 15.0, 900.0
"""A message that was left out is tried again, as the line may have been to blame: after a while, then four times as long."""


class Care(IntEnum):
    """How some messages are asked for."""

    USUAL = 0
    FEW = 1
    ALONE = 2
    SPARING = 3  # alone, a piece of the header only, no structure
    LEFT_OUT = 4  # for a while


@dataclass(slots=True)
class _Doubt:
    uids: set[int]
    care: Care
    until: float = 0.0
    """When those that are left out are tried again."""
    pause_s: float = 0.0


class Suspects:
    """What is in doubt in the folders of one BAL; kept over its lines, as it is the lines that break. Its own thread.

    `now` is a steady clock in seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._doubts: dict[FolderId, list[_Doubt]] = {}

    def next(self, folder_id: FolderId, uids: Sequence[int], most: int) -> tuple[int, Care]:
        """How many of these are to be asked for next, from the first on, and how."""
        care = self._care(folder_id, uids[0])
        size = {Care.USUAL: most, Care.FEW: FEW}.get(care, 1)
        for at, uid in enumerate(uids[:size]):
            if self._care(folder_id, uid) is not care:
                return at, care
        return min(size, len(uids)), care

    def _care(self, folder_id: FolderId, uid: int) -> Care:
        doubt = next((d for d in self._doubts.get(folder_id, ()) if uid in d.uids), None)
        if doubt is None:
            return Care.USUAL
        if doubt.care is Care.LEFT_OUT and self._now() >= doubt.until:
            return Care.ALONE
        return doubt.care

    def broke(self, folder_id: FolderId, uids: Sequence[int], care: Care) -> None:
        """Asked for like this, they did not come."""
        former = max((d.pause_s for d in self._doubts.get(folder_id, ()) if not d.uids.isdisjoint(uids)), default=0.0)
        self.came(folder_id, uids)
        following = _Doubt(set(uids), Care(min(care + 1, Care.LEFT_OUT)), pause_s=former)
        if following.care is Care.LEFT_OUT:
            following.pause_s = min(LONGEST_PAUSE_S, former * 4 or PAUSE_S)
            following.until = self._now() + following.pause_s
        log.info("folder %d: %d headers did not come, next time: %s", folder_id, len(uids), following.care.name)
        self._doubts.setdefault(folder_id, []).append(following)

    def pause_s(self, folder_id: FolderId) -> float:
        """How long until something that was left out may be tried again."""
        due = [doubt.until for doubt in self._doubts.get(folder_id, ()) if doubt.care is Care.LEFT_OUT]
        return max(0.0, min(due, default=self._now()) - self._now())

    def came(self, folder_id: FolderId, uids: Sequence[int]) -> None:
        """They came, or are gone: nothing is held against them."""
        if doubts := self._doubts.get(folder_id):
            for doubt in doubts:
                doubt.uids.difference_update(uids)
            self._doubts[folder_id] = [doubt for doubt in doubts if doubt.uids]

    def renumbered(self, folder_id: FolderId) -> None:
        """The folder's uids name other messages now."""
        self._doubts.pop(folder_id, None)
