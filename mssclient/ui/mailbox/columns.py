"""Where each piece of a row stands: shared by the list's painter and by the strip of titles above it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QFontMetrics

TITLES = {
    "bal": "",
    "mark": "",
    "state": QT_TRANSLATE_NOOP("columns", "État"),
    "sender": QT_TRANSLATE_NOOP("columns", "De"),
    "usager": QT_TRANSLATE_NOOP("columns", "Usager"),
    "subject": QT_TRANSLATE_NOOP("columns", "Objet"),
    "attachments": QT_TRANSLATE_NOOP("columns", "PJ"),
    "date": QT_TRANSLATE_NOOP("columns", "Date"),
    "size": QT_TRANSLATE_NOOP("columns", "Taille"),
}  # fmt: skip
SORTABLE = ("state", "sender", "usager", "subject", "date", "size")
PAD = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One area of a row, in logical pixels from the row's left edge."""

    name: str
    x: int
    width: int


def title(name: str) -> str:
    """What a column is called."""
    source = TITLES[name]
    return QCoreApplication.translate("columns", str(source)) if source else ""


def columns(width: int, metrics: QFontMetrics, with_bal: bool) -> tuple[Column, ...]:
    """The areas of a row `width` wide: what is least needed goes first when room is short."""
    date = metrics.horizontalAdvance("mar. 30 nov.") + 2 * PAD
    size = metrics.horizontalAdvance("88,8 Mo") + 2 * PAD
    return _columns(width, metrics.height(), date, size, with_bal)


@lru_cache(maxsize=64)
def _columns(width: int, em: int, date: int, size: int, with_bal: bool) -> tuple[Column, ...]:
    fixed = {"mark": max(22, em + 8), "state": em + 14, "attachments": 2 * em + 12, "date": date}
    if with_bal:
        fixed["bal"] = em + 12
    if width >= 52 * em:
        fixed["size"] = size
    rest = max(0, width - sum(fixed.values()))
    shares = {"sender": 0.35, "usager": 0.25, "subject": 0.40} if rest > 24 * em else {"sender": 0.42, "subject": 0.58}
    if rest > 70 * em:
        shares = {"sender": 0.28, "usager": 0.25, "subject": 0.47}
    order = ("mark", "bal", "state", "sender", "usager", "subject", "attachments", "date", "size")
    found, x = [], 0
    for name in order:
        wide = fixed.get(name) or int(rest * shares.get(name, 0))
        if wide:
            found.append(Column(name, x, wide))
            x += wide
    return tuple(found)
