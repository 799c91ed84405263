"""Where each piece of a worklist line stands, and the strip of titles above that sorts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from mssclient.domain.worklist import WorkState
from mssclient.ui.icons import pixmap
from mssclient.ui.theme import colours
from mssclient.ui.worklist import words

PAD = 8
TITLES = {
    "bal": QT_TRANSLATE_NOOP("worklist", "Boîte"),
    "state": QT_TRANSLATE_NOOP("worklist", "État"),
    "title": QT_TRANSLATE_NOOP("worklist", "Document"),
    "usager": QT_TRANSLATE_NOOP("worklist", "Usager"),
    "type": QT_TRANSLATE_NOOP("worklist", "Type"),
    "act": QT_TRANSLATE_NOOP("worklist", "Acte"),
    "author": QT_TRANSLATE_NOOP("worklist", "Auteur"),
    "version": QT_TRANSLATE_NOOP("worklist", "V."),
    "received": QT_TRANSLATE_NOOP("worklist", "Reçu"),
}
NEWEST_FIRST = frozenset({"act", "received", "version"})


@dataclass(frozen=True, slots=True)
class Column:
    """One area of a line, in logical pixels from its left edge."""

    name: str
    x: int
    width: int


def title(name: str) -> str:
    """What a column is called."""
    return QCoreApplication.translate("worklist", str(TITLES[name]))


def columns(width: int, metrics: QFontMetrics) -> tuple[Column, ...]:
    """The areas of a line; what is least needed goes first when room is short."""
    day = metrics.horizontalAdvance("88/88/8888") + 2 * PAD
    state = metrics.horizontalAdvance(words.state(WorkState.REPLACED)) + metrics.height() + 2 * PAD
    return _columns(width, metrics.height(), day, state)


@lru_cache(maxsize=64)
def _columns(width: int, em: int, day: int, state: int) -> tuple[Column, ...]:
    fixed = {"bal": em + 12, "state": state, "act": day}
    rest = width - sum(fixed.values())
    for name, wide, needs in (("version", 2 * em + PAD, 34), ("received", day, 42)):
        if rest > needs * em:
            fixed[name] = wide
            rest -= wide
    shares = {"title": 0.52, "usager": 0.48}
    if rest > 30 * em:
        shares = {"title": 0.38, "usager": 0.34, "author": 0.28}
    if rest > 52 * em:
        shares = {"title": 0.30, "usager": 0.26, "type": 0.20, "author": 0.24}
    found, x = [], 0
    for name in TITLES:
        wide = fixed.get(name) or int(max(0, rest) * shares.get(name, 0))
        if wide:
            found.append(Column(name, x, wide))
            x += wide
    return tuple(found)


class WorkStrip(QWidget):
    """One button a column. `sorted` carries the column and whether it goes down."""

    sorted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("worklist.header")
        self._sort, self._descending, self._margin = "received", True, 0
        self._titles: dict[str, _Title] = {}
        for name in TITLES:
            made = _Title(title(name), self)
            made.setObjectName(f"worklist.header.{name}")
            made.clicked.connect(lambda _checked=False, name=name: self._on_clicked(name))
            self._titles[name] = made
        self._word()

    def arrange(self, sort: str, descending: bool, margin: int) -> None:
        """Show an order, and leave `margin` pixels for the scroll bar."""
        self._sort, self._descending, self._margin = sort, descending, margin
        self._word()
        self._place()

    def _on_clicked(self, name: str) -> None:
        descending = not self._descending if self._sort == name else name in NEWEST_FIRST
        self.sorted.emit(name, descending)

    def _word(self) -> None:
        for name, made in self._titles.items():
            here = self._sort == name
            made.show_way(self._descending if here else None)
            said = self.tr("Trier par {column}").format(column=title(name).lower())
            if here:
                way = self.tr("décroissant") if self._descending else self.tr("croissant")
                said = self.tr("Trié par {column}, {order}").format(column=title(name).lower(), order=way)
            made.setAccessibleName(said)

    def _place(self) -> None:
        areas = {c.name: c for c in columns(self.width() - self._margin, QFontMetrics(self.font()))}
        for name, made in self._titles.items():
            area = areas.get(name)
            made.setVisible(area is not None)
            if area is not None:
                made.setGeometry(area.x, 0, area.width, self.height())

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 9)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().raised)
        painter.setPen(colours().edge)
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()


class _Title(QToolButton):
    """A column's title with its arrow."""

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setToolTip(text)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._way: bool | None = None

    def show_way(self, descending: bool | None) -> None:
        """Descending, ascending, or not the sorted column."""
        self._way = descending
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, c = QPainter(self), colours()
        if self.underMouse():
            painter.fillRect(self.rect().adjusted(0, 0, 0, -1), c.hover)
        font = self.font()
        font.setBold(self._way is not None)
        painter.setFont(font)
        painter.setPen(c.text if self._way is not None else c.muted)
        side = 12 if self._way is not None else 0
        room = self.rect().adjusted(4, 0, -2, 0)
        metrics = painter.fontMetrics()
        fits = metrics.horizontalAdvance(self.text()[:3]) <= room.width() - side
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width() - side) if fits else ""
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if self._way is not None:
            x = min(room.x() + metrics.horizontalAdvance(text) + 2, self.width() - side)
            arrow = pixmap("sort-down" if self._way else "sort-up", side, c.text)
            painter.drawPixmap(max(0, x), (self.height() - side) // 2, arrow)
        if self.hasFocus():
            painter.setPen(c.focus)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -2))
        painter.end()
