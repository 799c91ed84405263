"""Paints one line of the worklist: nothing is computed here but where things stand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mssclient.domain.bal import Bal, BalId
from mssclient.domain.worklist import WorkLine, WorkState
from mssclient.ui import wording
from mssclient.ui.icons import pixmap
from mssclient.ui.mailbox.row_painter import draw_badge
from mssclient.ui.theme import colours
from mssclient.ui.wording_documents import type_label
from mssclient.ui.worklist import words
from mssclient.ui.worklist.columns import PAD, columns
from mssclient.ui.worklist.model import LINE_ROLE

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_SIGNS = {
    WorkState.NEW: "file", WorkState.FILED: "filed", WorkState.REPLACED: "refresh", WorkState.ASIDE: "close",
    WorkState.DOUBLE: "copy",
}  # fmt: skip

Index = QModelIndex | QPersistentModelIndex


class WorkPainter(QStyledItemDelegate):
    """One line a document; `of_bal` tells the mailbox it came to."""

    def __init__(self, of_bal: Callable[[BalId], Bal | None], parent: QObject) -> None:
        super().__init__(parent)
        self._of_bal = of_bal

    @staticmethod
    def height(metrics: QFontMetrics) -> int:
        """Pixels of a line."""
        return max(28, metrics.height() + 11)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(option.rect.width(), self.height(option.fontMetrics))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line, c, rect = index.data(LINE_ROLE), colours(), option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.fillRect(rect, QColor(c.selected if selected else c.hover if hovered else c.base))
        painter.setPen(QColor(c.raised))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))
        if isinstance(line, WorkLine):
            font = QFont(option.font)
            font.setBold(line.state is WorkState.NEW)
            for column in columns(rect.width(), QFontMetrics(option.font)):
                painter.setFont(font if column.name == "title" else option.font)
                area = QRect(rect.x() + column.x, rect.y(), column.width, rect.height())
                self._piece(painter, column.name, area, line, selected=selected)
        painter.restore()

    def _piece(self, painter: QPainter, name: str, area: QRect, line: WorkLine, *, selected: bool) -> None:
        c = colours()
        plain, muted = (c.on_selected, c.on_selected) if selected else (c.text, c.muted)
        match name:
            case "bal":
                if (bal := self._of_bal(line.bal_id)) is not None:
                    side = min(area.height() - 8, painter.fontMetrics().height() + 3)
                    draw_badge(painter, QRect(area.x() + 6, area.y() + (area.height() - side) // 2, side, side), bal)
            case "state":
                self._state(painter, area, line, plain)
            case "title":
                self._title(painter, area, line, plain, warning=plain if selected else c.warning)
            case "usager":
                _write(painter, area, words.usager(line), plain)
            case "type":
                _write(painter, area, type_label(line.type_code, line.type_label), muted)
            case "act":
                _write(painter, area, wording.iso_day(line.act_date[:10]), plain)
            case "author":
                _write(painter, area, words.author(line), muted)
            case "version":
                _write(painter, area, str(line.version or ""), muted)
            case _:
                _write(painter, area, f"{line.received.astimezone():%d/%m/%Y}", muted)

    @staticmethod
    def _state(painter: QPainter, area: QRect, line: WorkLine, shade: str) -> None:
        side = min(16, painter.fontMetrics().height())
        painter.drawPixmap(
            area.x() + 4, area.y() + (area.height() - side) // 2, pixmap(_SIGNS[line.state], side, shade)
        )
        _write(painter, area.adjusted(side + 6, 0, 0, 0), words.state(line.state), shade)

    @staticmethod
    def _title(painter: QPainter, area: QRect, line: WorkLine, shade: str, *, warning: str) -> None:
        said = ", ".join(words.oddities(line))
        if said:
            metrics = painter.fontMetrics()
            wide = min(metrics.horizontalAdvance(said) + PAD, area.width() * 6 // 10)
            _write(painter, QRect(area.x(), area.y(), wide, area.height()), said, warning)
            area = area.adjusted(wide, 0, 0, 0)
        _write(painter, area, words.title(line), shade)


def _write(painter: QPainter, area: QRect, text: str, shade: str) -> None:
    room = area.adjusted(4, 0, -PAD // 2, 0)
    painter.setPen(QColor(shade))
    painter.drawText(room, _LEFT, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width()))
