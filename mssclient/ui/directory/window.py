"""The Annuaire's window: search by any criterion, see who it is, keep them at hand, write to them."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.address import Correspondent
from mssclient.domain.bal import BalKind
from mssclient.domain.draft import MAX_CORRESPONDENTS
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.events import SessionChanged
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.suggestions import EntryDelegate, EntryModel, correspondent_of, entry_for
from mssclient.ui.directory.card import EntryCard
from mssclient.ui.directory.group_bar import GroupBar
from mssclient.ui.directory.groups import GroupDesk
from mssclient.ui.directory.reconcile import ReconcileWindow
from mssclient.ui.directory.side import SEARCH, Shelf, Shown, Side
from mssclient.ui.herald import Herald

_CANDIDATES = 200
_TOLD_MS = 4000


class DirectoryWindow(QWidget):
    """Search the Annuaire. Main thread; each key reads at most 200 entries, which takes milliseconds.

    Keys: Ctrl+F the line, Ctrl+Shift+F the criteria, Ctrl+Enter write to the selected, Ctrl+D favourite, Ctrl+G group,
    Del out of the group, Ctrl+Shift+C copy the address, F5 refresh, Escape close.
    """

    write_to = Signal(object)
    """tuple[Correspondent, ...]"""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._engine = engine
        self._herald = herald
        self._reconcile: ReconcileWindow | None = None
        self.setObjectName("directory.window")
        self.setWindowTitle(self.tr("Annuaire Santé"))
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_TOLD_MS)
        self._quiet.timeout.connect(self._show_status)
        self._make()
        self._lay_out()
        self._wire(herald)
        self._on_circle()
        self._show_status()
        self.resize(1120, 700)
        self.line.setFocus()

    # -- building
    def _make(self) -> None:
        self.line = QLineEdit(self)
        self.line.setObjectName("directory.search")
        self.line.setAccessibleName(self.tr("Rechercher dans l’Annuaire"))
        self.line.setPlaceholderText(self.tr("Nom, prénom, profession, structure, ville, RPPS, adresse…"))
        self.line.setClearButtonEnabled(True)
        self.line.textEdited.connect(self._on_asked)
        self.kind = QComboBox(self)
        self.kind.setObjectName("directory.kind")
        self.kind.setAccessibleName(self.tr("Genre de boîte"))
        self.kind.addItem(self.tr("Toutes les boîtes"), "")
        for kind in BalKind:
            self.kind.addItem(wording.bal_kind(kind), kind.value)
        self.side = Side(self)
        self.criteria = self.side.criteria
        self.model = EntryModel(self)
        self.list = QListView(self)
        self.list.setObjectName("directory.results")
        self.list.setAccessibleName(self.tr("Correspondants trouvés"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.group_bar = GroupBar(self)
        self.count = QLabel(self)
        self.count.setObjectName("directory.count")
        self.count.setProperty("muted", True)
        self.card = EntryCard(self._engine, self)
        self.status = QLabel(self)
        self.status.setObjectName("directory.status")
        self.status.setProperty("muted", True)
        self.compare = Button(self.tr("Rapprocher un fichier…"), "directory.reconcile", self, sign="sort-down")
        self.compare.does(self.open_reconcile)
        self.refresh = Button(self.tr("Actualiser"), "directory.refresh", self, sign="refresh")
        self.refresh.does(self._engine.refresh_directory, "F5")
        self.group = Button(self.tr("Ajouter à un groupe"), "directory.group", self, sign="people")
        self.group.does(self.ask_group, "Ctrl+G")
        self.write = Button(self.tr("Écrire"), "directory.write", self, sign="compose", primary=True)
        self.write.does(self._write, "Ctrl+Return")
        self.groups = GroupDesk(self._engine, self.side, self.group_bar, self.selected_people, self)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.line, 1)
        top.addWidget(self.kind)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.group_bar)
        column.addWidget(self.list, 1)
        column.addWidget(self.count)
        side, card = self._scrolled(self.side), self._scrolled(self.card)
        side.setMinimumWidth(210)
        split = QSplitter(self)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        for part in (side, middle, card):
            split.addWidget(part)
        split.setSizes([220, 480, 400])
        split.setStretchFactor(1, 1)
        bottom = QHBoxLayout()
        bottom.addWidget(self.status, 1)
        for button in (self.compare, self.refresh, self.group, self.write):
            bottom.addWidget(button)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 12, 12, 10)
        page.setSpacing(8)
        page.addLayout(top)
        page.addWidget(split, 1)
        page.addLayout(bottom)

    @staticmethod
    def _scrolled(inside: QWidget) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setWidget(inside)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return scroll

    def _wire(self, herald: Herald) -> None:
        self.kind.activated.connect(self._search)
        self.side.chosen.connect(self._on_shelf)
        self.side.criteria_changed.connect(self._on_asked)
        self.list.selectionModel().selectionChanged.connect(self._on_selected)
        self.list.doubleClicked.connect(self._write)
        self.line.returnPressed.connect(self.list.setFocus)
        self.card.write_to.connect(self.write_to)
        self.card.copied.connect(self._on_copied)
        self.groups.write_to.connect(self.write_to)
        self.groups.told.connect(self._tell)
        herald.directory_changed.connect(self._on_directory)
        herald.correspondents_changed.connect(self._on_circle)
        herald.outbox_changed.connect(lambda _event: self.card.refresh())
        herald.progress_changed.connect(lambda _event: self.card.show_check())
        herald.session_changed.connect(self._on_session)
        for keys, act in (
            ("Ctrl+F", self._focus_line),
            ("Ctrl+Shift+F", self.criteria["family"].setFocus),
            ("Ctrl+Enter", self._write),
            ("Ctrl+D", self.favour),
            ("Ctrl+Shift+C", self._copy),
            ("Escape", self.close),
        ):
            QShortcut(QKeySequence(keys), self, act)
        out = QShortcut(QKeySequence("Del"), self.list, self._leave_group)
        out.setContext(Qt.ShortcutContext.WidgetShortcut)

    # -- searching
    def search(self, text: str) -> None:
        """Look for something, as if it had been typed."""
        self.line.setText(text)
        self._on_asked()

    def _on_asked(self) -> None:
        if self.side.shown() != SEARCH:
            self.side.choose(SEARCH)
        else:
            self._search()

    def _on_shelf(self, shown: Shown) -> None:
        self.group_bar.show_group(self.groups.current())
        if shown.shelf is not Shelf.SEARCH:
            self.line.clear()
        self._search()

    def _search(self) -> None:
        chosen = [entry.address for entry in self.selected()]
        shown = self.side.shown()
        entries = self._found() if shown == SEARCH else self._kept(shown)
        favourites = frozenset(who.address for who in self._engine.reader.favourites())
        self.model.show_entries(entries, (), favourites, self._engine.reader.department())
        self.count.setText(self._counted(shown, len(entries)))
        rows = [row for row, entry in enumerate(entries) if entry.address in chosen] or [0]
        if entries:
            model = self.list.selectionModel()
            model.setCurrentIndex(self.model.index(rows[0]), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            self._on_selected()

    def _found(self) -> list[DirectoryEntry]:
        criteria, text = self.side.asked(), self.line.text().strip()
        kind = str(self.kind.currentData())
        if len(text) < 2 and not criteria:
            return []
        return self._engine.reader.directory(text, _CANDIDATES, kind, criteria)

    def _kept(self, shown: Shown) -> list[DirectoryEntry]:
        """The favourites, the recent ones or a group's members, as the Annuaire lists them today."""
        reader, group = self._engine.reader, self.groups.current()
        people: tuple[Correspondent, ...]
        match shown.shelf:
            case Shelf.FAVOURITES:
                people = reader.favourites()
            case Shelf.RECENT:
                people = reader.recent()
            case _:
                people = group.members if group is not None else ()
        kind = str(self.kind.currentData())
        entries = [entry_for(who, reader.entries_of(who.address)) for who in people]
        return [entry for entry in entries if not kind or entry.kind.value == kind]

    def _counted(self, shown: Shown, number: int) -> str:
        if shown != SEARCH:
            nothing = {
                Shelf.FAVOURITES: self.tr("Aucun favori : l’étoile d’une fiche en ajoute (Ctrl+D)."),
                Shelf.RECENT: self.tr("Aucun message envoyé depuis ce poste."),
                Shelf.GROUP: self.tr("Groupe vide : cherchez un correspondant, puis « Ajouter à un groupe » (Ctrl+G)."),
            }
            if not number:
                return nothing[shown.shelf]
        elif len(self.line.text().strip()) < 2 and not self.side.asked():
            return self.tr("Tapez au moins deux lettres.")
        elif number == 0:
            return self.tr("Aucun correspondant : essayez moins de mots, ou la ville.")
        if number == 1:
            return self.tr("1 correspondant")
        if number >= _CANDIDATES:
            return self.tr("Les {number} premiers correspondants ; précisez pour en voir moins.").format(number=number)
        return self.tr("{number} correspondants").format(number=number)

    def _focus_line(self) -> None:
        self.line.setFocus()
        self.line.selectAll()

    # -- the chosen ones
    def selected(self) -> list[DirectoryEntry]:
        """The entries that are selected, in the order of the list."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [entry for row in rows if (entry := self.model.entry(row)) is not None]

    def selected_people(self) -> tuple[DirectoryEntry, ...]:
        """The same, each address once."""
        return tuple({entry.address: entry for entry in reversed(self.selected())}.values())[::-1]

    def _on_selected(self) -> None:
        chosen = self.selected()
        self.card.show_entry(chosen[0] if chosen else None)
        count = len(self.selected_people())
        self.write.setEnabled(0 < count <= MAX_CORRESPONDENTS)
        self.group.setEnabled(0 < count <= MAX_CORRESPONDENTS)
        many = self.tr("Écrire aux {number} choisis").format(number=count)
        self.write.relabel(many if count > 1 else self.tr("Écrire"))

    def _write(self) -> None:
        chosen = self.selected_people()[:MAX_CORRESPONDENTS]
        if chosen:
            self.write_to.emit(tuple(correspondent_of(entry) for entry in chosen))

    def favour(self) -> None:
        """The selected ones become favourites, or none of them when all are."""
        reader = self._engine.reader
        chosen = self.selected_people()
        favourite = not all(reader.acquaintance(entry.address).favourite for entry in chosen)
        for entry in chosen:
            self.card.favour(entry, favourite)
        if chosen:
            self._tell(self.tr("Ajouté aux favoris") if favourite else self.tr("Retiré des favoris"))

    def ask_group(self) -> QMenu:
        """The menu of groups that the selected ones may join."""
        menu = self.groups.menu()
        menu.popup(self.group.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        return menu

    def _leave_group(self) -> None:
        self.groups.take_out()

    def _copy(self) -> None:
        if chosen := self.selected():
            self.card.copy(chosen[0].address)

    def _on_copied(self, address: str) -> None:
        self._tell(self.tr("Adresse copiée : {address}").format(address=address))

    def _tell(self, text: str) -> None:
        self.status.setText(text)
        self._quiet.start()

    # -- the record system's base
    def open_reconcile(self) -> ReconcileWindow:
        """The window that compares a file with the Annuaire."""
        if self._reconcile is None:
            self._reconcile = ReconcileWindow(self._engine, self._herald, self)
        self._reconcile.show()
        self._reconcile.raise_()
        self._reconcile.activateWindow()
        return self._reconcile

    # -- what the engine says
    def _on_directory(self) -> None:
        self._show_status()
        self._search()

    def _on_circle(self) -> None:
        self.side.show_groups(self._engine.reader.groups())
        self.group_bar.show_group(self.groups.current())
        self._search()

    def _show_status(self) -> None:
        status = self._engine.reader.directory_status()
        self.status.setText(wording.age(status))
        self.refresh.setEnabled(not status.loading)

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is SessionState.SIGNED_OUT:
            self.close()
