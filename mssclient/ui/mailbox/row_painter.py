"""Paints one row of the list from a `Row`: nothing is computed here but where things stand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from mssclient.domain.address import CorrespondentKind
from mssclient.domain.bal import Bal, BalId
from mssclient.domain.message import Row, RowState, UsagerMark
from mssclient.ui import wording
from mssclient.ui.icons import OF_KIND, pixmap
from mssclient.ui.mailbox.columns import PAD, columns
from mssclient.ui.models.message_list import ROW_ROLE
from mssclient.ui.theme import Colours, colours, theme

_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_ELIDE = Qt.TextElideMode.ElideRight

Index = QModelIndex | QPersistentModelIndex


def spaced(matricule: str) -> str:
    """A matricule as people read it aloud: 2 79 03 51 215 189 89."""
    cuts = ((0, 1), (1, 3), (3, 5), (5, 7), (7, 10), (10, 13), (13, 15))
    return " ".join(matricule[a:b] for a, b in cuts if matricule[a:b])


_FATES = {
    "failed": "error", "refused": "warning", "delayed": "clock", "delivered": "check", "read": "eye", "integrated": "filed",
}  # fmt: skip
"""What became of a sent message, by `outbox.Fate`, as a small sign before its subject; its word is said and stands in the
register."""


class RowPainter(QStyledItemDelegate):
    """One line a message, or two when `two_lines`; `of_bal` tells the mailbox of a row, shown when `with_bal`."""

    def __init__(self, clock: Callable[[], datetime], of_bal: Callable[[BalId], Bal | None], parent: QObject) -> None:
        super().__init__(parent)
        self._clock = clock
        self._of_bal = of_bal
        self.two_lines = False
        self.with_bal = False
        self.focused = False
        self._c: Colours = colours()

    def height(self, metrics: QFontMetrics) -> int:
        """Pixels of a row."""
        if self.two_lines:
            return max(46, 2 * metrics.height() + 14)
        return max(26, metrics.height() + 9)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(ROW_ROLE)
        self._c = colours()
        painter.save()
        self._ground(painter, option)
        if isinstance(row, Row):
            font = QFont(option.font)
            font.setBold(not row.seen)
            painter.setFont(font)
            if self.two_lines:
                self._card(painter, option.rect, row)
            else:
                self._line(painter, option.rect, row)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(option.rect.width(), self.height(option.fontMetrics))

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        c, rect = self._c, option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.fillRect(rect, QColor(c.selected if selected else c.hover if hovered else c.base))
        painter.setPen(QColor(c.edge if self.two_lines else c.raised))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if self.focused and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(c.focus), 2))
            painter.drawRect(rect.adjusted(1, 1, -2, -2))

    def _line(self, painter: QPainter, rect: QRect, row: Row) -> None:
        for column in columns(rect.width(), QFontMetrics(self._plain(painter)), self.with_bal):
            area = QRect(rect.x() + column.x, rect.y(), column.width, rect.height())
            self._piece(painter, column.name, area, row)

    def _piece(self, painter: QPainter, name: str, area: QRect, row: Row) -> None:
        match name:
            case "mark":
                self._mark(painter, area, row)
            case "bal":
                self._badge(painter, area, row)
            case "state":
                self._state(painter, area, row)
            case "sender":
                self._sender(painter, area, row)
            case "usager":
                if row.usager:
                    self._usager(painter, area, row.usager, row.sender.kind is CorrespondentKind.USAGER)
            case "subject":
                self._subject(painter, area, row)
            case "attachments":
                self._attachments(painter, area, row)
            case "date":
                self._date(painter, area, row)
            case _:
                place = area.adjusted(0, 0, -PAD, 0)
                self._write(painter, place, wording.size(row.size), self._c.muted, _RIGHT, plain=True)

    def _card(self, painter: QPainter, rect: QRect, row: Row) -> None:
        metrics = painter.fontMetrics()
        half = rect.height() // 2
        upper = QRect(rect.x(), rect.y() + 3, rect.width(), half - 2)
        lower = QRect(rect.x(), rect.y() + half, rect.width(), half - 4)
        side = metrics.height() + 12
        gutter = max(22, metrics.height() + 8)
        x = rect.x() + gutter
        self._mark(painter, QRect(rect.x(), upper.y(), gutter, upper.height()), row)
        if self.with_bal:
            self._badge(painter, QRect(x, upper.y(), side, upper.height()), row)
            x += side
        date_width = metrics.horizontalAdvance(wording.when(row.date, self._clock())) + 2 * PAD
        right = rect.right() - date_width
        self._sender(painter, QRect(x, upper.y(), right - x, upper.height()), row)
        self._date(painter, QRect(right, upper.y(), date_width, upper.height()), row)
        self._state(painter, QRect(rect.x(), lower.y(), gutter, lower.height()), row)
        marks = 2 * metrics.height() + 12
        self._attachments(painter, QRect(rect.right() - marks, lower.y(), marks, lower.height()), row)
        room = rect.width() - gutter - marks
        told = int(room * 0.42) if row.usager else 0
        self._subject(painter, QRect(rect.x() + gutter, lower.y(), room - told, lower.height()), row)
        if row.usager:
            self._usager(
                painter, QRect(rect.x() + gutter + room - told, lower.y(), told, lower.height()), row.usager, False
            )

    def _mark(self, painter: QPainter, area: QRect, row: Row) -> None:
        if row.flagged:
            self._icon(painter, area, "flag-on", self._c.danger)
        elif not row.seen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._c.accent))
            radius = max(4, painter.fontMetrics().height() // 4)
            painter.drawEllipse(area.center(), radius, radius)
            painter.setBrush(Qt.BrushStyle.NoBrush)

    def _badge(self, painter: QPainter, area: QRect, row: Row) -> None:
        if bal := self._of_bal(row.bal_id):
            side = min(area.height() - 6, painter.fontMetrics().height() + 3)
            box = QRect(area.x() + (area.width() - side) // 2, area.y() + (area.height() - side) // 2, side, side)
            draw_badge(painter, box, bal)

    def _state(self, painter: QPainter, area: QRect, row: Row) -> None:
        match row.state:
            case RowState.TO_FILE:
                self._icon(painter, area, "file", self._c.warning)
            case RowState.FILED:
                self._icon(painter, area, "filed", self._c.success)
            case RowState.NONE:
                pass

    def _sender(self, painter: QPainter, area: QRect, row: Row) -> None:
        usager = row.sender.kind is CorrespondentKind.USAGER
        tint = self._c.accent if usager else self._c.danger if row.sender.kind is CorrespondentKind.OUTSIDE else ""
        side = self._side(painter)
        self._icon(painter, QRect(area.x(), area.y(), side + 4, area.height()), OF_KIND[row.sender.kind], tint)
        place = area.adjusted(side + 8, 0, -PAD, 0)
        # A usager's own mail: birth name and first given name here, matricule in the next column (ECO.3.1.2).
        name = row.usager.name if usager and row.usager else wording.correspondent(row.sender)
        self._write(painter, place, name, self._c.text)

    def _usager(self, painter: QPainter, area: QRect, usager: UsagerMark, whole: bool) -> None:
        """Name, birth date where there is room, an INS tag; `whole`: the matricule itself (ECO.3.1.2)."""
        place = area.adjusted(0, 0, -PAD, 0)
        if whole and usager.matricule:
            said = spaced(usager.matricule)
            if QFontMetrics(self._plain(painter)).horizontalAdvance(said) > place.width():
                said = usager.matricule
            self._write(painter, place, said, self._c.text, plain=True)
            return
        if usager.matricule:
            place.setRight(self._tag(painter, place, usager.qualified) - 4)
        said = wording.iso_day(usager.birth_date)
        metrics = painter.fontMetrics()
        needed = metrics.horizontalAdvance(usager.name) + 10
        room = place.width()
        extra = QFontMetrics(self._plain(painter)).horizontalAdvance(said) if said else 0
        self._write(painter, place, usager.name, self._c.text)
        if said and room - needed >= extra:
            self._write(painter, place.adjusted(needed, 0, 0, 0), said, self._c.muted, plain=True)

    def _tag(self, painter: QPainter, place: QRect, qualified: bool) -> int:
        """Draw INS at the right end; qualified is a filled tag, otherwise dashed: never colour alone."""
        font = self._plain(painter)
        font.setPointSizeF(max(6.0, font.pointSizeF() * 0.78))
        metrics = QFontMetrics(font)
        width, height = metrics.horizontalAdvance("INS") + 8, metrics.height() + 1
        box = QRect(place.right() - width, place.center().y() - height // 2, width, height)
        c = self._c
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        tint = c.success if qualified else c.muted
        painter.setPen(QPen(QColor(tint), 1, Qt.PenStyle.SolidLine if qualified else Qt.PenStyle.DashLine))
        painter.setBrush(QColor(c.success_soft) if qualified else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3, 3)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "INS")
        painter.restore()
        return box.left()

    def _subject(self, painter: QPainter, area: QRect, row: Row) -> None:
        x = area.x()
        side = self._side(painter)
        signs = [(n, self._c.muted) for n, on in (("reply", row.answered), ("forward", row.forwarded)) if on]
        signs += [(_FATES[row.fate], self._shade(row.fate))] if row.fate in _FATES else []
        signs += [("search", self._c.accent)] if row.found_there else []
        for name, shade in signs:
            self._icon(painter, QRect(x, area.y(), side, area.height()), name, shade)
            x += side + 3
        right = area.right() - PAD
        if row.conversation_size > 1:
            right = self._count(painter, area, right, row.conversation_size)
        text = row.subject or self.tr("(sans objet)")
        self._write(painter, QRect(x, area.y(), right - x, area.height()), text, self._c.text)

    def _shade(self, fate: str) -> str:
        if fate in {"failed", "refused"}:
            return self._c.danger
        return {"delayed": self._c.warning, "integrated": self._c.success}.get(fate, self._c.muted)

    def _count(self, painter: QPainter, area: QRect, right: int, n: int) -> int:
        metrics = QFontMetrics(self._plain(painter))
        width, height = metrics.horizontalAdvance(str(n)) + 10, metrics.height()
        box = QRect(right - width, area.center().y() - height // 2, width, height)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._plain(painter))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._c.hover))
        painter.drawRoundedRect(box, height / 2, height / 2)
        painter.setPen(QColor(self._c.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(n))
        painter.restore()
        return box.left() - 5

    def _attachments(self, painter: QPainter, area: QRect, row: Row) -> None:
        side = self._side(painter)
        if row.has_xdm or row.documents:
            self._icon(painter, QRect(area.x(), area.y(), side + 2, area.height()), "health", self._c.accent)
        if row.attachments:
            place = QRect(area.x() + side + 4, area.y(), side + 2, area.height())
            self._icon(painter, place, "attachment", self._c.muted)

    def _date(self, painter: QPainter, area: QRect, row: Row) -> None:
        place = area.adjusted(0, 0, -PAD, 0)
        if row.pending:
            side = self._side(painter)
            self._icon(painter, QRect(area.x() - 6, area.y(), side, area.height()), "clock", self._c.muted)
        shade = self._c.text if not row.seen else self._c.muted
        self._write(painter, place, wording.when(row.date, self._clock()), shade, _RIGHT, plain=True)

    def _write(
        self, painter: QPainter, area: QRect, text: str, colour: str, align: Qt.AlignmentFlag = _LEFT,
        plain: bool = False,
    ) -> None:  # fmt: skip
        if plain:
            painter.save()
            painter.setFont(self._plain(painter))
        painter.setPen(QColor(colour))
        painter.drawText(area, align, painter.fontMetrics().elidedText(text, _ELIDE, area.width()))
        if plain:
            painter.restore()

    def _icon(self, painter: QPainter, area: QRect, name: str, colour: str = "") -> None:
        side = self._side(painter)
        x = area.x() + (area.width() - side) // 2
        painter.drawPixmap(x, area.y() + (area.height() - side) // 2, pixmap(name, side, colour or self._c.muted))

    def _side(self, painter: QPainter) -> int:
        return max(14, min(painter.fontMetrics().height(), 32))

    def _plain(self, painter: QPainter) -> QFont:
        font = QFont(painter.font())
        font.setBold(False)
        return font


def draw_badge(painter: QPainter, box: QRect, bal: Bal) -> None:
    """A BAL's colour and letter in a rounded square."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.bal_colour(bal.colour)))
    painter.drawRoundedRect(box, 4, 4)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(max(8, int(box.height() * 0.62)))
    painter.setFont(font)
    painter.setPen(QColor(theme.on_bal()))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, bal.letter)
    painter.restore()
