"""The card of one correspondent: every address, every structure, and what one does with them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from mssclient.domain.entry import DirectoryEntry
from mssclient.engine.api import Reader
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
    """One correspondent in full. Emits `write_to` with the correspondents to write to."""

    write_to = Signal(object)
    copied = Signal(str)

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.setObjectName("directory.card")
        self.setAccessibleName(self.tr("Fiche du correspondant"))
        self.setProperty("card", True)
        self._page = QVBoxLayout(self)
        self._page.setContentsMargins(16, 14, 16, 14)
        self._page.setSpacing(6)
        self._inside: QWidget | None = None
        self.show_entry(None)

    def show_entry(self, entry: DirectoryEntry | None) -> None:
        """Show a correspondent, or how to find one."""
        if self._inside is not None:
            self._page.removeWidget(self._inside)
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = self._card(entry) if entry is not None else self._nobody()
        self._page.addWidget(self._inside, 1)

    def _nobody(self) -> QWidget:
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
        work = " · ".join(piece for piece in (entry.profession, entry.speciality) if piece)
        for text in (work, self._number(entry)):
            if text:
                column.addWidget(self._line(text, muted=True))
        ties = ties_of(entry, self._reader)
        for address in dict.fromkeys(tie.address for tie in ties):
            column.addWidget(self._address([tie for tie in ties if tie.address == address]))
        column.addStretch(1)
        return inside

    def _number(self, entry: DirectoryEntry) -> str:
        number = entry.national_id
        if not number:
            return ""
        kind = self.tr("RPPS") if number.startswith("8") else self.tr("Identifiant")
        return self.tr("{kind} {number}").format(kind=kind, number=number[1:])

    def _address(self, ties: list[DirectoryEntry]) -> QWidget:
        first = ties[0]
        box = QFrame(self)
        box.setProperty("tile", True)
        box.setObjectName("directory.address")
        column = QVBoxLayout(box)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(4)
        top = QHBoxLayout()
        top.addWidget(self._line(first.address), 1)
        copy = QToolButton(box)
        put(copy, "copy")
        copy.setIconSize(QSize(16, 16))
        copy.setObjectName("directory.copy")
        copy.setAccessibleName(self.tr("Copier l’adresse {address}").format(address=first.address))
        copy.setToolTip(self.tr("Copier l’adresse"))
        copy.clicked.connect(lambda: self.copy(first.address))
        write = Button(self.tr("Écrire"), "directory.write_one", box, sign="compose")
        write.setAccessibleName(self.tr("Écrire à {address}").format(address=first.address))
        write.does(lambda: self.write_to.emit((correspondent_of(first),)))
        top.addWidget(copy)
        top.addWidget(write)
        column.addLayout(top)
        paperless = self.tr("{kind}, accepte le zéro papier") if first.paperless else "{kind}"
        column.addWidget(self._line(paperless.format(kind=wording.bal_kind(first.kind)), muted=True))
        for tie in ties:
            place = " ".join(piece for piece in (tie.post_code, tie.town) if piece)
            text = ", ".join(piece for piece in (tie.service, tie.structure, place) if piece)
            if text:
                column.addWidget(self._line(text))
        return box

    def copy(self, address: str) -> None:
        """Put an address on the clipboard."""
        clipboard.copy(address)
        self.copied.emit(address)
