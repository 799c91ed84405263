"""The Annuaire's window: search by any criterion, see who it is, write to them."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.bal import BalKind
from mssclient.domain.draft import MAX_CORRESPONDENTS
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.events import SessionChanged
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.suggestions import EntryDelegate, EntryModel, correspondent_of
from mssclient.ui.directory.card import EntryCard
from mssclient.ui.directory.criteria import Criteria
from mssclient.ui.herald import Herald

_CANDIDATES = 200
_TOLD_MS = 4000


class DirectoryWindow(QWidget):
    """Search the Annuaire. Main thread; each key reads at most 200 entries, which takes milliseconds.

    Keys: Ctrl+F the line, Ctrl+Enter write to the selected, Ctrl+Shift+C copy the address, F5 refresh, Escape close.
    """

    write_to = Signal(object)
    """tuple[Correspondent, ...]"""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._engine = engine
        self.setObjectName("directory.window")
        self.setWindowTitle(self.tr("Annuaire Santé"))
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(_TOLD_MS)
        self._quiet.timeout.connect(self._show_status)
        self._make()
        self._lay_out()
        self._wire(herald)
        self._show_status()
        self.resize(980, 640)
        self.line.setFocus()

    # -- building
    def _make(self) -> None:
        self.line = self._field("directory.search", self.tr("Rechercher dans l’Annuaire"))
        self.line.setPlaceholderText(self.tr("Nom, prénom, profession, structure, ville, RPPS, adresse…"))
        self.line.setClearButtonEnabled(True)
        self.kind = QComboBox(self)
        self.kind.setObjectName("directory.kind")
        self.kind.setAccessibleName(self.tr("Genre de boîte"))
        self.kind.addItem(self.tr("Toutes les boîtes"), "")
        for kind in BalKind:
            self.kind.addItem(wording.bal_kind(kind), kind.value)
        self.more = Button(self.tr("Critères"), "directory.more", self, sign="filter")
        self.more.setCheckable(True)
        self.more.setShortcut(QKeySequence("Ctrl+Shift+F"))
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
        self.model = EntryModel(self)
        self.list = QListView(self)
        self.list.setObjectName("directory.results")
        self.list.setAccessibleName(self.tr("Correspondants trouvés"))
        self.list.setModel(self.model)
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.count = QLabel(self)
        self.count.setObjectName("directory.count")
        self.count.setProperty("muted", True)
        self.card = EntryCard(self._engine.reader, self)
        self.status = QLabel(self)
        self.status.setObjectName("directory.status")
        self.status.setProperty("muted", True)
        self.refresh = Button(self.tr("Actualiser"), "directory.refresh", self, sign="refresh")
        self.refresh.does(self._engine.refresh_directory, "F5")
        self.write = Button(self.tr("Écrire"), "directory.write", self, sign="compose", primary=True)
        self.write.does(self._write, "Ctrl+Return")

    def _field(self, name: str, label: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setObjectName(name)
        field.setAccessibleName(label)
        field.setPlaceholderText(label)
        field.textEdited.connect(self._search)
        return field

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.line, 1)
        top.addWidget(self.kind)
        top.addWidget(self.more)
        self.filters = QWidget(self)
        grid = QGridLayout(self.filters)
        grid.setContentsMargins(0, 0, 0, 0)
        for place, field in enumerate(self.criteria.values()):
            grid.addWidget(field, place // 5, place % 5)
        self.filters.hide()
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.list, 1)
        column.addWidget(self.count)
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.card)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setStyleSheet("QScrollArea { padding-left: 8px; }")
        split = QSplitter(self)
        split.setHandleWidth(1)
        split.setChildrenCollapsible(False)
        split.addWidget(left)
        split.addWidget(scroll)
        split.setSizes([520, 440])
        bottom = QHBoxLayout()
        bottom.addWidget(self.status, 1)
        bottom.addWidget(self.refresh)
        bottom.addWidget(self.write)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 12, 12, 10)
        page.setSpacing(8)
        page.addLayout(top)
        page.addWidget(self.filters)
        page.addWidget(split, 1)
        page.addLayout(bottom)

    def _wire(self, herald: Herald) -> None:
        self.kind.activated.connect(self._search)
        self.more.toggled.connect(self._on_more)
        self.list.selectionModel().selectionChanged.connect(self._on_selected)
        self.list.doubleClicked.connect(self._write)
        self.line.returnPressed.connect(self.list.setFocus)
        self.card.write_to.connect(self.write_to)
        self.card.copied.connect(self._on_copied)
        herald.directory_changed.connect(self._on_directory)
        herald.session_changed.connect(self._on_session)
        for keys, act in (
            ("Ctrl+F", self._focus_line),
            ("Ctrl+Enter", self._write),
            ("Ctrl+Shift+C", self._copy),
            ("Escape", self.close),
        ):
            QShortcut(QKeySequence(keys), self, act)

    # -- searching
    def search(self, text: str) -> None:
        """Look for something, as if it had been typed."""
        self.line.setText(text)
        self._search()

    def _search(self) -> None:
        criteria = Criteria(**{name: field.text() for name, field in self.criteria.items()})
        question = f"{self.line.text()} {criteria.words()}".strip()
        kind = str(self.kind.currentData())
        found = self._engine.reader.directory(question, _CANDIDATES, kind) if len(question) >= 2 else []
        entries = [entry for entry in found if criteria.accepts(entry)]
        self.model.show_entries(entries)
        self.count.setText(self._counted(question, len(entries)))
        if entries:
            self.list.selectionModel().setCurrentIndex(
                self.model.index(0), QItemSelectionModel.SelectionFlag.ClearAndSelect
            )
        else:
            self._on_selected()

    def _counted(self, question: str, number: int) -> str:
        if len(question) < 2:
            return self.tr("Tapez au moins deux lettres.")
        if number == 0:
            return self.tr("Aucun correspondant : essayez moins de mots, ou la ville.")
        if number == 1:
            return self.tr("1 correspondant")
        if number >= _CANDIDATES:
            return self.tr("Les {number} premiers correspondants ; précisez pour en voir moins.").format(number=number)
        return self.tr("{number} correspondants").format(number=number)

    def _on_more(self, shown: bool) -> None:
        self.filters.setVisible(shown)
        if shown:
            self.criteria["family"].setFocus()
        else:
            for field in self.criteria.values():
                field.clear()
            self._search()
            self.line.setFocus()

    def _focus_line(self) -> None:
        self.line.setFocus()
        self.line.selectAll()

    # -- the chosen ones
    def selected(self) -> list[DirectoryEntry]:
        """The entries that are selected, in the order of the list."""
        rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
        return [entry for row in rows if (entry := self.model.entry(row)) is not None]

    def _on_selected(self) -> None:
        chosen = self.selected()
        self.card.show_entry(chosen[0] if chosen else None)
        self.write.setEnabled(0 < len(chosen) <= MAX_CORRESPONDENTS)
        many = self.tr("Écrire aux {number} choisis").format(number=len(chosen))
        self.write.relabel(many if len(chosen) > 1 else self.tr("Écrire"))

    def _write(self) -> None:
        chosen = self.selected()[:MAX_CORRESPONDENTS]
        if chosen:
            self.write_to.emit(tuple(dict.fromkeys(correspondent_of(entry) for entry in chosen)))

    def _copy(self) -> None:
        if chosen := self.selected():
            self.card.copy(chosen[0].address)

    def _on_copied(self, address: str) -> None:
        self.status.setText(self.tr("Adresse copiée : {address}").format(address=address))
        self._quiet.start()

    # -- what the engine says
    def _on_directory(self) -> None:
        self._show_status()
        self._search()

    def _show_status(self) -> None:
        status = self._engine.reader.directory_status()
        self.status.setText(wording.age(status))
        self.refresh.setEnabled(not status.loading)

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is SessionState.SIGNED_OUT:
            self.close()
