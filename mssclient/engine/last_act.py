"""The last act of a person that can be taken back, kept over a restart: Ctrl+Z works after the program was reopened."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mssclient.domain.changes import ChangeId, LastAct
from mssclient.engine.house import House
from mssclient.store.codec import dump, load

SETTING = "last act"
FRESH_S = 600
"""An act that reached its operator is offered for so long; one that waits, as long as it waits."""
_MOST = 20_000
"""Pieces of an inverse that are kept."""

Inverse = Sequence[object]


@dataclass(frozen=True, slots=True)
class _Kept:
    act: LastAct
    at: int
    inverse: str = ""
    """JSON, of a shape that only its writer knows."""


class LastActs:
    """Writes and finds it; on `clerk` only."""

    def __init__(self, house: House) -> None:
        self._house = house

    def keep(self, act: LastAct, inverse: Inverse) -> None:
        """This was the last act; `inverse` takes it back once the operator did it."""
        told = json.dumps(inverse, ensure_ascii=False) if len(inverse) <= _MOST else "[]"
        self._house.stores.settings.set(SETTING, dump(_Kept(act, self._house.now(), told)))

    def inverse(self, change_id: ChangeId, *, of_folder: bool) -> list[object]:
        """What takes an act on messages, or on a folder, back, if it was the last one; it is forgotten with that."""
        kept = _read(self._house.stores.settings.get(SETTING))
        if kept is None or kept.act.change_id != change_id or (kept.act.folder_wish is not None) is not of_folder:
            return []
        self._house.stores.settings.set(SETTING, "")
        found = json.loads(kept.inverse or "[]")
        return found if isinstance(found, list) else []


def last_act(text: str, now: int, waits: Callable[[ChangeId], bool]) -> LastAct | None:
    """The act that `LastActs` kept in this setting, while it may be taken back."""
    kept = _read(text)
    if kept is None or not (0 <= now - kept.at <= FRESH_S or waits(kept.act.change_id)):
        return None
    return kept.act


def _read(text: str) -> _Kept | None:
    return load(_Kept, text) if text else None
