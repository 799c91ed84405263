"""The lines of a comparison as a table: what was found, and what a person accepted of it."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QWidget

from mssclient.domain.reconcile import Match, Note, Outcome, Verdict
from mssclient.ui.directory import reconcile_words as words

_Index = QModelIndex | QPersistentModelIndex
ACCEPTED, LINE, WHO, OUTCOME, KNOWN, PROPOSED, WHY = range(7)


@dataclass(frozen=True, slots=True)
class Sieve:
    """Which lines are shown: those of an outcome, those with one of some notes, or all."""

    outcome: Outcome | None = None
    notes: tuple[Note, ...] = ()
    certain: bool = False

    def lets(self, verdict: Verdict) -> bool:
        """Whether a line is shown."""
        return (
            (self.outcome is None or verdict.outcome is self.outcome)
            and (not self.notes or any(note in self.notes for note in verdict.notes))
            and (not self.certain or verdict.certain)
        )


ALL = Sieve()


class VerdictModel(QAbstractTableModel):
    """Rows come in while the comparison goes on. `decided` tells that something was accepted or taken back."""

    decided = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verdicts: tuple[Verdict, ...] = ()
        self._rows: list[int] = []
        self._sieve = ALL
        self.accepted: dict[int, str] = {}
        """By place of the verdict, the address that was accepted."""

    # -- what it shows
    def take(self, verdicts: tuple[Verdict, ...]) -> None:
        """The comparison went on, or another one began."""
        known = len(self._verdicts)
        if known > len(verdicts) or (known and verdicts[0] is not self._verdicts[0]):
            self.beginResetModel()
            self._verdicts, self._rows, self.accepted = (), [], {}
            self.endResetModel()
            known = 0
        fresh = [place for place in range(known, len(verdicts)) if self._sieve.lets(verdicts[place])]
        if fresh:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(fresh) - 1)
        self._verdicts = verdicts
        self._rows += fresh
        if fresh:
            self.endInsertRows()

    def sift(self, sieve: Sieve) -> None:
        """Show some of the lines."""
        self.beginResetModel()
        self._sieve = sieve
        self._rows = [place for place, verdict in enumerate(self._verdicts) if sieve.lets(verdict)]
        self.endResetModel()

    def place(self, row: int) -> int:
        """The place of a row's verdict among all of them; -1 for no row."""
        return self._rows[row] if 0 <= row < len(self._rows) else -1

    def verdict(self, row: int) -> Verdict | None:
        """The verdict of a row."""
        place = self.place(row)
        return self._verdicts[place] if place >= 0 else None

    def proposed(self, place: int) -> Match | None:
        """What was accepted for a verdict, else its best match."""
        verdict = self._verdicts[place]
        matches = [match for match in (verdict.best, *verdict.others) if match is not None]
        address = self.accepted.get(place)
        return next((match for match in matches if match.entry.address == address), verdict.best)

    # -- what a person decides
    def accept(self, row: int, address: str) -> None:
        """Take an address for the right one; an empty one takes the acceptance back."""
        place = self.place(row)
        if place < 0:
            return
        if address:
            self.accepted[place] = address
        else:
            self.accepted.pop(place, None)
        self.dataChanged.emit(self.index(row, ACCEPTED), self.index(row, WHY))
        self.decided.emit()

    def accept_certain(self) -> int:
        """Accept every certain verdict that was not decided yet; how many."""
        fresh = {
            place: verdict.best.entry.address
            for place, verdict in enumerate(self._verdicts)
            if verdict.certain and verdict.best is not None and place not in self.accepted
        }
        self.accepted |= fresh
        if self._rows:
            self.dataChanged.emit(self.index(0, ACCEPTED), self.index(len(self._rows) - 1, WHY))
        self.decided.emit()
        return len(fresh)

    # -- Qt
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else WHY + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (
            self.tr("Accepté"), self.tr("Ligne"), self.tr("Correspondant"), self.tr("Résultat"),
            self.tr("Adresse connue"), self.tr("Adresse de l’Annuaire"), self.tr("Pourquoi"),
        )[section]  # fmt: skip

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        verdict = self.verdict(index.row())
        if index.column() == ACCEPTED and verdict is not None and verdict.best is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        verdict = self.verdict(index.row())
        if verdict is None:
            return None
        place = self.place(index.row())
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == ACCEPTED and verdict.best is not None:
            return Qt.CheckState.Checked if place in self.accepted else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._sentence(verdict, place)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole} and index.column() != ACCEPTED:
            return self._text(verdict, self.proposed(place), index.column())
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or index.column() != ACCEPTED:
            return False
        match = self.proposed(self.place(index.row()))
        checked = Qt.CheckState(value) is Qt.CheckState.Checked
        self.accept(index.row(), match.entry.address if checked and match is not None else "")
        return True

    @staticmethod
    def _text(verdict: Verdict, match: Match | None, column: int) -> str:
        return {
            LINE: str(verdict.correspondent.line),
            WHO: words.name(verdict),
            OUTCOME: words.outcome(verdict.outcome),
            KNOWN: verdict.correspondent.address,
            PROPOSED: match.entry.address if match is not None else "",
            WHY: words.why(verdict, match),
        }.get(column, "")

    def _sentence(self, verdict: Verdict, place: int) -> str:
        match = self.proposed(place)
        accepted = self.tr("accepté") if place in self.accepted else self.tr("non accepté")
        pieces = (
            self.tr("Ligne {n}").format(n=verdict.correspondent.line), words.name(verdict), words.outcome(verdict.outcome),
            words.proposal(match) if match is not None else "", words.why(verdict, match),
            accepted if match is not None else "",
        )  # fmt: skip
        return ", ".join(piece for piece in pieces if piece)
