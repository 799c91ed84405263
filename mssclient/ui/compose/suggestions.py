"""The list of correspondents that drops under the recipients field while one types."""

from __future__ import annotations

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

from mssclient.domain.address import Correspondent, CorrespondentKind, practitioner_label
from mssclient.domain.bal import BalKind
from mssclient.domain.entry import TITLES, DirectoryEntry
from mssclient.ui import wording

ENTRY = Qt.ItemDataRole.UserRole + 1
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


def details(entry: DirectoryEntry) -> str:
    """What tells two namesakes apart: profession, speciality, structure, town."""
    place = " ".join(piece for piece in (entry.post_code, entry.town) if piece)
    structure = entry.structure if entry.structure != entry.name else ""
    return " · ".join(piece for piece in (entry.profession, entry.speciality, structure, place) if piece)


def badge(entry: DirectoryEntry) -> str:
    """The kind of mailbox, with the paperless mark."""
    kind = wording.bal_kind(entry.kind)
    paperless = QCoreApplication.translate("EntryModel", "zéro papier")
    return f"{kind} · {paperless}" if entry.paperless else kind


class EntryModel(QAbstractListModel):
    """Some entries of the Annuaire, in the order the engine ranked them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: list[DirectoryEntry] = []

    def show_entries(self, entries: list[DirectoryEntry]) -> None:
        """Replace what the list shows."""
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def entry(self, row: int) -> DirectoryEntry | None:
        """The entry of a row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.name
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return ", ".join(piece for piece in (entry.name, details(entry), badge(entry), entry.address) if piece)
        return entry if role == ENTRY else None


class EntryDelegate(QStyledItemDelegate):
    """Two lines an entry: the name and the kind of mailbox, then what tells namesakes apart."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        entry = index.data(ENTRY)
        if not isinstance(entry, DirectoryEntry):
            return
        painter.save()
        state, palette, rect = option.state, option.palette, option.rect
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(rect, palette.highlight())
        strong = palette.color(QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text)
        weak = strong if selected else palette.color(QPalette.ColorRole.PlaceholderText)
        inner = rect.adjusted(10, 4, -10, -4)
        self._lines(painter, inner, entry, (strong, weak))
        painter.restore()

    def _lines(self, painter: QPainter, inner: QRect, entry: DirectoryEntry, pens: tuple[QColor, QColor]) -> None:
        strong, weak = pens
        metrics = painter.fontMetrics()
        half = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 2)
        right = badge(entry)
        painter.setPen(weak)
        painter.drawText(half, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right)
        bold = QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        plain = painter.font()
        painter.setFont(bold)
        painter.setPen(strong)
        room = half.width() - metrics.horizontalAdvance(right) - 16
        name = painter.fontMetrics().elidedText(entry.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(half, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(plain)
        painter.setPen(weak)
        second = half.translated(0, half.height())
        text = metrics.elidedText(details(entry) or entry.address, Qt.TextElideMode.ElideRight, second.width())
        painter.drawText(second, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(200, option.fontMetrics.height() * 2 + 14)


class Suggestions(QListView):
    """Drops over the window under the field that asks; never takes the keyboard. Emits `chosen(entry)`."""

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

    def offer(self, entries: list[DirectoryEntry], under: QWidget) -> None:
        """Show entries under a widget, the first one marked; nothing to show hides the list."""
        self._model.show_entries(entries)
        if not entries:
            self.hide()
            return
        host = self._host
        corner = under.mapTo(host, QPoint(0, under.height()))
        row = self.sizeHintForRow(0)
        height = min(len(entries), 8) * row + 4
        self.setGeometry(corner.x(), corner.y(), under.width(), min(height, host.height() - corner.y() - 8))
        self.setCurrentIndex(self._model.index(0))
        self.show()
        self.raise_()

    def move_by(self, step: int) -> None:
        """Mark another row, round the end."""
        count = self._model.rowCount()
        if count:
            self.setCurrentIndex(self._model.index((self.currentIndex().row() + step) % count))

    def current(self) -> DirectoryEntry | None:
        """The marked entry while the list shows."""
        return self._model.entry(self.currentIndex().row()) if self.isVisible() else None

    def _on_clicked(self, index: QModelIndex) -> None:
        if entry := self._model.entry(index.row()):
            self.chosen.emit(entry)
