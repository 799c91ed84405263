"""The card of one correspondent: every address, every structure, what one had to do with them, and what one does now."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from mssclient.domain.circle import Acquaintance
from mssclient.domain.entry import DirectoryEntry
from mssclient.engine.api import Engine, Reader
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.suggestions import correspondent_of
from mssclient.ui.icons import put
from mssclient.ui.widgets import clipboard


def ties_of(entry: DirectoryEntry, reader: Reader) -> tuple[DirectoryEntry, ...]:
    """Every tie of a correspondent: of the address, and of the same person elsewhere; the chosen one first."""
    same = list(reader.entries_of(entry.address))
    if entry.national_id:
        same += [e for e in reader.directory(entry.national_id, 50) if e.national_id == entry.national_id]
    return tuple(dict.fromkeys([entry, *same]))


class EntryCard(QFrame):
    """One correspondent in full. Emits `write_to` with the correspondents to write to, `copied` with an address."""

    write_to = Signal(object)
    copied = Signal(str)

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._entry: DirectoryEntry | None = None
        self.setObjectName("directory.card")
        self.setAccessibleName(self.tr("Fiche du correspondant"))
        self.setProperty("card", True)
        self._page = QVBoxLayout(self)
        self._page.setContentsMargins(16, 14, 16, 14)
        self._page.setSpacing(6)
        self._inside: QWidget | None = None
        self._checked = QLabel(self)
        self.show_entry(None)

    def show_entry(self, entry: DirectoryEntry | None) -> None:
        """Show a correspondent, or how to find one; asks the Annuaire about their address where that is possible."""
        self._entry = entry
        self.refresh()
        if entry is not None:
            self._engine.check_address(entry.address)

    def refresh(self) -> None:
        """Show the same again: a favourite, a group or the copy changed."""
        if self._inside is not None:
            self._page.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = self._card(self._entry) if self._entry is not None else self._nobody()
        self._page.addWidget(self._inside, 1)
        self.setAccessibleDescription(self._sentence(self._entry) if self._entry is not None else "")

    def show_check(self) -> None:
        """What the Annuaire itself answered about the address, once it did."""
        listed = self._engine.reader.listed_now(self._entry.address) if self._entry is not None else None
        said = {
            True: self.tr("Vérifié en ligne : l’adresse figure à l’Annuaire Santé."),
            False: self.tr("Vérifié en ligne : l’adresse ne figure plus à l’Annuaire Santé."),
        }.get(listed, "") if listed is not None else ""  # fmt: skip
        self._checked.setText(said)
        self._checked.setVisible(bool(said))

    # -- building
    def _nobody(self) -> QWidget:
        self._checked = QLabel(self)
        self._checked.hide()
        label = QLabel(self.tr("Choisissez un correspondant pour voir ses adresses."), self)
        label.setProperty("muted", True)
        label.setWordWrap(True)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        return label

    def _line(self, text: str, *, heading: bool = False, muted: bool = False) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(text)
        label.setWordWrap(True)
        label.setProperty("heading", heading)
        label.setProperty("muted", muted)
        label.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return label

    def _card(self, entry: DirectoryEntry) -> QWidget:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        name = self._line(entry.name, heading=True)
        font = name.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        name.setFont(font)
        column.addWidget(name)
        for text in (self._work(entry), self._number(entry)):
            if text:
                column.addWidget(self._line(text, muted=True))
        self._checked = self._line("")
        self._checked.setObjectName("directory.checked")
        column.addWidget(self._checked)
        self.show_check()
        ties = ties_of(entry, self._engine.reader)
        for address in dict.fromkeys(tie.address for tie in ties):
            column.addWidget(self._address([tie for tie in ties if tie.address == address]))
        column.addStretch(1)
        age = self._line(wording.age(self._engine.reader.directory_status()), muted=True)
        age.setObjectName("directory.age")
        column.addWidget(age)
        return inside

    @staticmethod
    def _work(entry: DirectoryEntry) -> str:
        return " · ".join(piece for piece in (entry.profession, entry.speciality) if piece)

    def _number(self, entry: DirectoryEntry) -> str:
        number = entry.national_id
        if not number:
            return ""
        kind = self.tr("RPPS") if number.startswith("8") else self.tr("Identifiant")
        return self.tr("{kind} {number}").format(kind=kind, number=number[1:])

    def _address(self, ties: list[DirectoryEntry]) -> QWidget:
        first = ties[0]
        known = self._engine.reader.acquaintance(first.address)
        box = QFrame(self)
        box.setProperty("tile", True)
        box.setObjectName("directory.address")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        column.addLayout(self._head(first, known, box))
        paperless = self.tr("{kind}, accepte le zéro papier") if first.paperless else "{kind}"
        column.addWidget(self._line(paperless.format(kind=wording.bal_kind(first.kind)), muted=True))
        if (departure := self._engine.reader.departure(first.address)) is not None:
            column.addWidget(self._line(self._gone(departure.replaced, departure.since)))
        for tie in ties:
            if text := self._place(tie):
                column.addWidget(self._line(text))
        for text in (self._habit(known), self._groups(known)):
            if text:
                column.addWidget(self._line(text, muted=True))
        column.addLayout(self._acts(first, box))
        return box

    def _head(self, entry: DirectoryEntry, known: Acquaintance, box: QWidget) -> QHBoxLayout:
        top = QHBoxLayout()
        star = QToolButton(box)
        put(star, "star-on" if known.favourite else "star")
        star.setCheckable(True)
        star.setChecked(known.favourite)
        star.setIconSize(QSize(16, 16))
        star.setObjectName("directory.star")
        star.setToolTip(self.tr("Retirer des favoris") if known.favourite else self.tr("Ajouter aux favoris"))
        star.setAccessibleName(self.tr("Favori, {address}").format(address=entry.address))
        star.clicked.connect(lambda checked: self.favour(entry, checked))
        top.addWidget(star)
        top.addWidget(self._line(entry.address), 1)
        return top

    def _acts(self, entry: DirectoryEntry, box: QWidget) -> QHBoxLayout:
        line = QHBoxLayout()
        copy = QToolButton(box)
        put(copy, "copy")
        copy.setIconSize(QSize(16, 16))
        copy.setObjectName("directory.copy")
        copy.setAccessibleName(self.tr("Copier l’adresse {address}").format(address=entry.address))
        copy.setToolTip(self.tr("Copier l’adresse"))
        copy.clicked.connect(lambda: self.copy(entry.address))
        write = Button(self.tr("Écrire"), "directory.write_one", box, sign="compose")
        write.setAccessibleName(self.tr("Écrire à {address}").format(address=entry.address))
        write.does(lambda: self.write_to.emit((correspondent_of(entry),)))
        line.addStretch(1)
        line.addWidget(copy)
        line.addWidget(write)
        return line

    # -- words
    @staticmethod
    def _place(tie: DirectoryEntry) -> str:
        place = " ".join(piece for piece in (tie.post_code, tie.town) if piece)
        return ", ".join(piece for piece in (tie.service, tie.structure, place) if piece)

    def _habit(self, known: Acquaintance) -> str:
        if not known.times or known.last is None:
            return self.tr("Aucun message envoyé à cette adresse depuis ce poste")
        day = wording.iso_day(known.last.astimezone().date().isoformat())
        if known.times == 1:
            return self.tr("1 message envoyé, le {day}").format(day=day)
        return self.tr("{n} messages envoyés, le dernier le {day}").format(n=wording.number(known.times), day=day)

    def _groups(self, known: Acquaintance) -> str:
        return self.tr("Groupes : {names}").format(names=", ".join(known.groups)) if known.groups else ""

    def _gone(self, replaced: bool, since: str) -> str:
        day = wording.iso_day(since)
        if replaced:
            return self.tr("Cette adresse a changé de titulaire le {day}.").format(day=day)
        return self.tr("Cette adresse n’est plus à l’Annuaire depuis le {day}.").format(day=day)

    def _sentence(self, entry: DirectoryEntry) -> str:
        """The card as one reads it aloud."""
        ties = ties_of(entry, self._engine.reader)
        addresses = list(dict.fromkeys(tie.address for tie in ties))
        many = self.tr("{n} adresses").format(n=len(addresses)) if len(addresses) > 1 else ""
        places = dict.fromkeys(self._place(tie) for tie in ties)
        known = self._engine.reader.acquaintance(entry.address)
        favourite = self.tr("favori") if known.favourite else ""
        pieces = (entry.name, self._work(entry), *places, many, entry.address, favourite, self._habit(known),
                  self._groups(known))  # fmt: skip
        return ", ".join(piece for piece in pieces if piece)

    # -- acts
    def favour(self, entry: DirectoryEntry, favourite: bool) -> None:
        """Have this address at hand, or no more."""
        self._engine.favour(correspondent_of(entry), favourite)

    def copy(self, address: str) -> None:
        """Put an address on the clipboard."""
        clipboard.copy(address)
        self.copied.emit(address)
