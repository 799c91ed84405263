"""The list of correspondents that drops under the recipients field while one types."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from mssclient.domain.address import Correspondent, CorrespondentKind, practitioner_label, shown_label
from mssclient.domain.bal import BalKind
from mssclient.domain.circle import Group
from mssclient.domain.directory_query import department_of
from mssclient.domain.entry import TITLES, DirectoryEntry
from mssclient.domain.homonyms import details_of
from mssclient.ui import wording
from mssclient.ui.icons import pixmap

ENTRY = Qt.ItemDataRole.UserRole + 1
LINE = Qt.ItemDataRole.UserRole + 2
_GAP = 16
_Index = QModelIndex | QPersistentModelIndex


def kind_of(entry: DirectoryEntry) -> CorrespondentKind:
    """Who stands behind an entry of the Annuaire."""
    kinds = {BalKind.PER: CorrespondentKind.PROFESSIONAL, BalKind.APP: CorrespondentKind.APPLICATION}
    return kinds.get(entry.kind, CorrespondentKind.ORGANISATION)


def correspondent_of(entry: DirectoryEntry) -> Correspondent:
    """The correspondent that an entry makes, labelled as ECO.2.2.7 has it."""
    label = practitioner_label(TITLES.get(entry.title.upper(), entry.title), entry.given, entry.family, entry.structure)
    name = label if entry.family else (entry.service or entry.structure)
    return Correspondent(name, entry.address, kind_of(entry))


def entry_for(who: Correspondent, listed: Sequence[DirectoryEntry]) -> DirectoryEntry:
    """A favourite or somebody one wrote to: as the Annuaire lists them, else by the label they were kept under."""
    if listed:
        return listed[0]
    kinds = {CorrespondentKind.ORGANISATION: BalKind.ORG, CorrespondentKind.APPLICATION: BalKind.APP}
    label = shown_label(who.label) or who.address
    return DirectoryEntry(
        who.address, kinds.get(who.kind, BalKind.PER), "", "", "", "", "", "", "", label, "", "", "", "", None
    )


def badge(entry: DirectoryEntry) -> str:
    """The kind of mailbox, with the paperless mark."""
    kind = wording.bal_kind(entry.kind)
    paperless = QCoreApplication.translate("EntryModel", "zéro papier")
    return f"{kind} · {paperless}" if entry.paperless else kind


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it is painted and read aloud."""

    name: str
    details: str
    badge: str
    favourite: bool = False
    near: bool = False
    """In the institution's own department."""


class EntryModel(QAbstractListModel):
    """Some entries of the Annuaire and some groups, in the order they are given."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[DirectoryEntry | Group] = []
        self._lines: list[Line] = []

    def show_entries(
        self,
        entries: Sequence[DirectoryEntry],
        groups: Sequence[Group] = (),
        favourites: frozenset[str] = frozenset(),
        department: str = "",
    ) -> None:
        """Replace what the list shows: groups first. `favourites` are addresses."""
        self.beginResetModel()
        self._items = [*groups, *entries]
        told = zip(entries, details_of(entries), strict=True)
        self._lines = [
            *map(_group_line, groups),
            *(
                Line(e.name, text, badge(e), e.address in favourites, department_of(e.post_code) == department != "")
                for e, text in told
            ),
        ]
        self.endResetModel()

    def item(self, row: int) -> DirectoryEntry | Group | None:
        """What stands on a row."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def entry(self, row: int) -> DirectoryEntry | None:
        """The entry of a row; None for a group."""
        found = self.item(row)
        return found if isinstance(found, DirectoryEntry) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item(index.row())
        if item is None:
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.name
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return self._sentence(item, line)
        return item if role == ENTRY else line if role == LINE else None

    def _sentence(self, item: DirectoryEntry | Group, line: Line) -> str:
        marks = [self.tr("favori") if line.favourite else "", self.tr("dans votre département") if line.near else ""]
        address = item.address if isinstance(item, DirectoryEntry) else ""
        said = (line.name, line.details, line.badge, *marks, address)
        return ", ".join(dict.fromkeys(piece for piece in said if piece))


def _group_line(group: Group) -> Line:
    count = len(group.members)
    one = QCoreApplication.translate("EntryModel", "groupe, 1 membre")
    many = QCoreApplication.translate("EntryModel", "groupe, {n} membres").format(n=count)
    return Line(group.name, ", ".join(map(wording.correspondent, group.members)), one if count == 1 else many)


class EntryDelegate(QStyledItemDelegate):
    """Two lines an entry: the name and the kind of mailbox, then what tells namesakes apart."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        line = index.data(LINE)
        if not isinstance(line, Line):
            return
        painter.save()
        state, palette, rect = option.state, option.palette, option.rect
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, palette.highlight())
        strong = palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        weak = strong if selected else palette.color(QPalette.ColorRole.PlaceholderText)
        inner = rect.adjusted(10, 4, -10, -4)
        self._lines(painter, inner, line, (strong, weak))
        painter.restore()

    def _lines(self, painter: QPainter, inner: QRect, line: Line, pens: tuple[QColor, QColor]) -> None:
        strong, weak = pens
        metrics = painter.fontMetrics()
        half = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        side = metrics.height() if line.favourite else 0
        if side:
            painter.drawPixmap(
                half.left(), half.top() + (half.height() - side) // 2, pixmap("star-on", side, strong.name())
            )
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        plain = painter.font()
        painter.setFont(bold)
        painter.setPen(strong)
        title = half.adjusted(side + 4 if side else 0, 0, 0, 0)
        name = painter.fontMetrics().elidedText(line.name, Qt.TextElideMode.ElideRight, title.width())
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        taken = painter.fontMetrics().horizontalAdvance(name) + _GAP
        painter.setFont(plain)
        painter.setPen(weak)
        self._right(painter, title.adjusted(taken, 0, 0, 0), line.badge)
        second = half.translated(0, half.height())
        near = QCoreApplication.translate("EntryModel", "votre département") if line.near else ""
        room = second.width() - (metrics.horizontalAdvance(near) + _GAP if near else 0)
        # in the middle: what differs stands first, the town last, and two namesakes need both
        text = metrics.elidedText(line.details, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(second, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        self._right(painter, second, near)

    @staticmethod
    def _right(painter: QPainter, room: QRect, text: str) -> None:
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, max(0, room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, shown)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, option.fontMetrics.height() * 2 + 14)


class Suggestions(QListView):
    """Drops over the window under the field that asks; never takes the keyboard. Emits `chosen` with the entry or group."""

    chosen = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._host = window
        self.setObjectName("compose.suggestions")
        self.setAccessibleName(self.tr("Correspondants proposés"))
        self._model = EntryModel(self)
        self.setModel(self._model)
        self.setItemDelegate(EntryDelegate(self))
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("QListView { border: 1px solid palette(dark); }")
        self.clicked.connect(self._on_clicked)
        self.hide()

    def offer(
        self,
        entries: Sequence[DirectoryEntry],
        under: QWidget,
        groups: Sequence[Group] = (),
        favourites: frozenset[str] = frozenset(),
        department: str = "",
    ) -> None:
        """Show groups and entries under a widget, the first one marked; nothing to show hides the list."""
        self._model.show_entries(entries, groups, favourites, department)
        count = self._model.rowCount()
        if not count:
            self.hide()
            return
        host = self._host
        corner = under.mapTo(host, QPoint(0, under.height()))
        row = self.sizeHintForRow(0)
        height = min(count, 8) * row + 4
        self.setGeometry(corner.x(), corner.y(), under.width(), min(height, host.height() - corner.y() - 8))
        self.setCurrentIndex(self._model.index(0))
        self.show()
        self.raise_()

    def move_by(self, step: int) -> None:
        """Mark another row, round the end."""
        count = self._model.rowCount()
        if count:
            self.setCurrentIndex(self._model.index((self.currentIndex().row() + step) % count))

    def current(self) -> DirectoryEntry | Group | None:
        """The marked entry or group while the list shows."""
        return self._model.item(self.currentIndex().row()) if self.isVisible() else None

    def _on_clicked(self, index: QModelIndex) -> None:
        if item := self._model.item(index.row()):
            self.chosen.emit(item)
