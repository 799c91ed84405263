"""The strip of titles above the list: each sorts, by mouse or keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QToolButton, QWidget

from mssclient.domain.message import Sort
from mssclient.ui.icons import pixmap
from mssclient.ui.mailbox.columns import PAD, SORTABLE, TITLES, columns, title
from mssclient.ui.theme import colours

_SIGNS = {"state": "file", "attachments": "attachment"}
"""Columns too narrow for a title: the icon their rows show."""


class HeaderStrip(QWidget):
    """One button a sortable column, over the areas the list paints."""

    sorted = Signal(object)
    """The person asked for another order: a `Sort`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("list.header")
        self._sort = Sort()
        self._with_bal = False
        self._margin = 0
        self._titles: dict[str, _Title] = {}
        for name in TITLES:
            made = _Title(name, self)
            made.setObjectName(f"list.header.{name}")
            made.setEnabled(name in SORTABLE)
            made.clicked.connect(lambda _checked=False, name=name: self._on_clicked(name))
            self._titles[name] = made
        self._word()

    def arrange(self, sort: Sort, with_bal: bool, margin: int) -> None:
        """Show an order, and leave `margin` pixels for the scroll bar."""
        self._sort, self._with_bal, self._margin = sort, with_bal, margin
        self._word()
        self._place()

    def _on_clicked(self, name: str) -> None:
        if self._sort.column == name:
            self.sorted.emit(Sort(name, not self._sort.descending))
        else:
            self.sorted.emit(Sort(name, name in {"date", "size", "state"}))

    def _word(self) -> None:
        for name, made in self._titles.items():
            way = self._sort.descending if self._sort.column == name else None
            made.show_way(way)
            if way is None:
                made.setAccessibleName(self.tr("Trier par {column}").format(column=title(name).lower()))
            else:
                order = self.tr("décroissant") if way else self.tr("croissant")
                made.setAccessibleName(
                    self.tr("Trié par {column}, {order}").format(column=title(name).lower(), order=order)
                )

    def _place(self) -> None:
        areas = {c.name: c for c in columns(self.width() - self._margin, QFontMetrics(self.font()), self._with_bal)}
        for name, made in self._titles.items():
            area = areas.get(name)
            made.setVisible(area is not None and bool(title(name)))
            if area is not None:
                made.setGeometry(area.x, 0, area.width, self.height())

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 9)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setFixedHeight(self.sizeHint().height())
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colours().raised)
        painter.setPen(colours().edge)
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        painter.end()


class _Title(QToolButton):
    """A column's title with its arrow, aligned with what the list paints below."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._name = name
        self._way: bool | None = None
        self.setText(title(name))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolTip(title(name))

    def show_way(self, descending: bool | None) -> None:
        """Descending, ascending, or not the sorted column."""
        self._way = descending
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        c = colours()
        if self.underMouse() and self.isEnabled():
            painter.fillRect(self.rect().adjusted(0, 0, 0, -1), c.hover)
        font = self.font()
        font.setBold(self._way is not None)
        painter.setFont(font)
        painter.setPen(c.text if self._way is not None else c.muted)
        metrics = painter.fontMetrics()
        right = self._name in {"date", "size"}
        side = 12 if self._way is not None else 0
        left = metrics.height() + 4 if self._name == "sender" else 2
        if self._name in _SIGNS:
            side = min(16, metrics.height())
            x = 2 + (metrics.height() + 2 - side) // 2 if self._name == "state" else metrics.height() + 4
            shade = c.text if self._way is not None else c.muted
            painter.drawPixmap(x, (self.height() - side) // 2, pixmap(_SIGNS[self._name], side, shade))
            self._ring(painter)
            painter.end()
            return
        room = self.rect().adjusted(0 if right else left, 0, -PAD, 0)
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width() - side)
        align = Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
        painter.drawText(room, align, text)
        if self._way is not None:
            width = metrics.horizontalAdvance(text)
            x = room.right() - width - side - 2 if right else min(room.x() + width + 2, self.width() - side)
            arrow = pixmap("sort-down" if self._way else "sort-up", side, c.text)
            painter.drawPixmap(max(0, x), (self.height() - side) // 2, arrow)
        self._ring(painter)
        painter.end()

    def _ring(self, painter: QPainter) -> None:
        if self.hasFocus():
            painter.setPen(colours().focus)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -2))
