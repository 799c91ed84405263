"""The side of the Annuaire's window: what one has at hand (favourites, recent, groups), and the nine criteria."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from mssclient.domain.circle import Group, GroupId
from mssclient.domain.directory_criteria import Criteria
from mssclient.ui.compose.buttons import Button
from mssclient.ui.icons import icon


class Shelf(Enum):
    """What the list of the window shows."""

    SEARCH = "search"
    FAVOURITES = "favourites"
    RECENT = "recent"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class Shown:
    """A shelf, and which group it is."""

    shelf: Shelf
    group: GroupId | None = None


SEARCH = Shown(Shelf.SEARCH)
_SHOWN = Qt.ItemDataRole.UserRole + 1
_SIGNS = {Shelf.SEARCH: "search", Shelf.FAVOURITES: "star", Shelf.RECENT: "clock", Shelf.GROUP: "people"}


class Side(QFrame):
    """Emits `chosen` with a `Shown`, `criteria_changed` at each key, `new_group` when one is wanted."""

    chosen = Signal(object)
    criteria_changed = Signal()
    new_group = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("directory.side")
        self.shelves = QListWidget(self)
        self.shelves.setObjectName("directory.shelves")
        self.shelves.setAccessibleName(self.tr("Listes de correspondants"))
        self.shelves.setMaximumHeight(190)
        self.shelves.setIconSize(QSize(18, 18))
        self.shelves.currentItemChanged.connect(self._on_chosen)
        self.add = Button(self.tr("Nouveau groupe"), "directory.new_group", self, sign="plus")
        self.add.does(self.new_group.emit, "Ctrl+Shift+G")
        self.criteria = {
            "family": self._field("directory.family", self.tr("Nom d’exercice")),
            "given": self._field("directory.given", self.tr("Prénom")),
            "rpps": self._field("directory.rpps", self.tr("RPPS")),
            "profession": self._field("directory.profession", self.tr("Profession")),
            "speciality": self._field("directory.speciality", self.tr("Spécialité")),
            "structure": self._field("directory.structure", self.tr("Raison sociale")),
            "post_code": self._field("directory.post_code", self.tr("Code postal")),
            "town": self._field("directory.town", self.tr("Ville")),
            "address": self._field("directory.address_field", self.tr("Adresse MSSanté")),
        }
        self.clear = Button(self.tr("Effacer les critères"), "directory.clear", self, sign="close")
        self.clear.does(self.clear_criteria)
        self._lay_out()
        self.show_groups(())

    def _field(self, name: str, label: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.setAccessibleName(label)
        field.setPlaceholderText(label)
        field.textEdited.connect(self._on_edited)
        return field

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(6)
        column.addWidget(self.shelves)
        column.addWidget(self.add)
        title = QLabel(self.tr("Critères"), self)
        title.setProperty("heading", True)
        column.addSpacing(6)
        column.addWidget(title)
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(5)
        for field in self.criteria.values():
            form.addRow(field)
        column.addLayout(form)
        column.addWidget(self.clear)
        column.addStretch(1)
        self.clear.setEnabled(False)

    # -- the criteria
    def asked(self) -> Criteria:
        """What was filled in."""
        return Criteria(**{name: field.text() for name, field in self.criteria.items()})

    def clear_criteria(self) -> None:
        """Ask for nothing in particular any more."""
        for field in self.criteria.values():
            field.clear()
        self._on_edited()

    def _on_edited(self) -> None:
        self.clear.setEnabled(bool(self.asked()))
        self.criteria_changed.emit()

    # -- the shelves
    def shown(self) -> Shown:
        """What is chosen."""
        item = self.shelves.currentItem()
        found = item.data(_SHOWN) if item is not None else None
        return found if isinstance(found, Shown) else SEARCH

    def choose(self, wanted: Shown) -> None:
        """Choose a shelf as if it had been clicked; one that is gone is the search."""
        rows = [row for row in range(self.shelves.count()) if self.shelves.item(row).data(_SHOWN) == wanted]
        self.shelves.setCurrentRow(rows[0] if rows else 0)

    def show_groups(self, groups: tuple[Group, ...]) -> None:
        """List the groups under the three shelves that are always there; what is chosen stays chosen."""
        wanted = self.shown()
        with QSignalBlocker(self.shelves):
            self.shelves.clear()
            self._line(self.tr("Recherche"), SEARCH)
            self._line(self.tr("Favoris"), Shown(Shelf.FAVOURITES))
            self._line(self.tr("Récents"), Shown(Shelf.RECENT))
            for group in groups:
                self._line(group.name, Shown(Shelf.GROUP, group.id), len(group.members))
            self.choose(wanted)
        if self.shown() != wanted:
            self.chosen.emit(self.shown())

    def _line(self, name: str, shown: Shown, members: int = 0) -> None:
        item = QListWidgetItem(icon(_SIGNS[shown.shelf]), name, self.shelves)
        item.setData(_SHOWN, shown)
        if shown.shelf is Shelf.GROUP:
            said = self.tr("Groupe {name}, {n} membres").format(name=name, n=members)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            item.setToolTip(said)

    def _on_chosen(self) -> None:
        self.chosen.emit(self.shown())
