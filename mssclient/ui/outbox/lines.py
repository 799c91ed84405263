"""The register of what was sent, as a table: when, to whom, what, and what became of it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QIcon

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.outbox import Fate, OutboxId, Outgoing, RecipientFate, SendState
from mssclient.ui import wording
from mssclient.ui.icons import icon
from mssclient.ui.theme import colours

_Index = QModelIndex | QPersistentModelIndex
_WORST = (Fate.REFUSED, Fate.FAILED, Fate.DELAYED, Fate.ACCEPTED, Fate.DELIVERED, Fate.READ, Fate.INTEGRATED)
_SIGNS = {
    Fate.ACCEPTED: "sent", Fate.DELAYED: "clock", Fate.DELIVERED: "check", Fate.READ: "eye", Fate.INTEGRATED: "filed",
    Fate.FAILED: "error", Fate.REFUSED: "warning",
}  # fmt: skip


def name_of(recipient: RecipientFate) -> str:
    """A recipient as one reads it."""
    return wording.correspondent(Correspondent(recipient.label, recipient.address, CorrespondentKind.PROFESSIONAL))


def fate_line(recipient: RecipientFate) -> str:
    """Who, and what became of the message for them."""
    said = QCoreApplication.translate("outbox", "{who} : {fate}")
    return said.format(who=name_of(recipient), fate=wording.fate_sentence(recipient))


def worst(line: Outgoing) -> Fate:
    """The fate that needs somebody first, over all recipients of a message."""
    fates = {r.fate for r in line.recipients}
    return next((fate for fate in _WORST if fate in fates), Fate.ACCEPTED)


def did_not_arrive(line: Outgoing) -> bool:
    """Whether somebody has to act on this message: it was refused, or a recipient did not get it."""
    return line.state is SendState.FAILED or any(wording.arrived_badly(r.fate) for r in line.recipients)


def fate_sign(fate: Fate) -> QIcon:
    """The icon of a fate; always beside its word."""
    c = colours()
    shade = {Fate.FAILED: c.danger, Fate.REFUSED: c.danger, Fate.DELAYED: c.warning, Fate.INTEGRATED: c.success}
    return icon(_SIGNS[fate], shade.get(fate, c.muted))


class RegisterModel(QAbstractTableModel):
    """Lines of the sent register, newest first as the engine gives them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Outgoing, ...] = ()
        self._silent: frozenset[OutboxId] = frozenset()
        self._now = datetime.now().astimezone()

    def show_lines(self, lines: tuple[Outgoing, ...], now: datetime, silent: frozenset[OutboxId] = frozenset()) -> None:
        """Replace what the table shows; of the `silent` nothing was heard for too long."""
        self.beginResetModel()
        self._lines, self._now, self._silent = lines, now, silent
        self.endResetModel()

    def line(self, row: int) -> Outgoing | None:
        """The line of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        titles = (self.tr("Devenir"), self.tr("Destinataires"), self.tr("Objet"), self.tr("Envoyé"))
        return titles[section]

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        line = self.line(index.row())
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(line, index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            if self._is_silent(line):
                return icon("question", colours().warning)
            return fate_sign(Fate.FAILED if line.state is SendState.FAILED else worst(line))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(self._text(line, column) for column in range(4))
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(fate_line(r) for r in line.recipients)
        return None

    def _is_silent(self, line: Outgoing) -> bool:
        return line.id in self._silent and worst(line) is Fate.ACCEPTED

    def _text(self, line: Outgoing, column: int) -> str:
        if column == 0 and self._is_silent(line):
            return self.tr("Sans nouvelles")
        if column == 0:
            return self.tr("Refusé") if line.state is SendState.FAILED else wording.fate(worst(line))
        if column == 1:
            return ", ".join(name_of(r) for r in line.recipients)
        if column == 2:
            return line.subject or self.tr("sans objet")
        return wording.when(line.sent or line.queued, self._now)
