"""The recipients field: chips, and a line that proposes correspondents of the Annuaire at each key."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from mssclient.domain.address import Correspondent, fold, guessed_kind, is_address, normal
from mssclient.domain.circle import Group, named_so
from mssclient.domain.draft import Field, Origin, Recipient
from mssclient.domain.entry import DirectoryEntry
from mssclient.engine.api import Reader
from mssclient.ui.compose.chips import Chip
from mssclient.ui.compose.flow import FlowLayout
from mssclient.ui.compose.suggestions import Suggestions, correspondent_of, entry_for
from mssclient.ui.theme import colours

_SEPARATORS = re.compile(r"[;,\n\t]+")
_ANGLED = re.compile(r"^(.*)<([^<>]+)>$")
_ACCEPT = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab}
_LIMIT = 20
_GROUPS = 3


def typed_recipient(text: str, field: Field, reader: Reader) -> Recipient:
    """The recipient that a typed address makes: the Annuaire's entry when it knows the address (ECO.3.1.4)."""
    angled = _ANGLED.match(text.strip())
    label, address = (angled.group(1).strip(' "'), angled.group(2)) if angled else ("", text)
    address = normal(address)
    if known := reader.entries_of(address):
        return Recipient(correspondent_of(known[0]), field, Origin.DIRECTORY)
    return Recipient(Correspondent(label, address, guessed_kind(address, label)), field, Origin.TYPED)


def kept_recipient(who: Correspondent, field: Field, reader: Reader) -> Recipient:
    """The recipient that somebody kept at hand makes: as the Annuaire lists them today, else as one that was typed."""
    if known := reader.entries_of(who.address):
        return Recipient(correspondent_of(known[0]), field, Origin.DIRECTORY)
    return Recipient(who, field, Origin.TYPED)


def chosen_recipient(entry: DirectoryEntry, field: Field, reader: Reader) -> Recipient:
    """The recipient that a proposed line makes; one that is at hand may have left the Annuaire meanwhile."""
    listed = bool(entry.national_id or entry.structure_id) or bool(reader.entries_of(entry.address))
    return Recipient(correspondent_of(entry), field, Origin.DIRECTORY if listed else Origin.TYPED)


def _address_of(item: DirectoryEntry | Group) -> str:
    return normal(item.address) if isinstance(item, DirectoryEntry) else ""


class RecipientField(QFrame):
    """One header line (À or Cc). The keyboard is enough: Enter, Tab and ; accept, Backspace removes, arrows walk."""

    changed = Signal()

    def __init__(self, field: Field, reader: Reader, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._reader = reader
        self._chips: list[Chip] = []
        self._popup: Suggestions | None = None
        self.setObjectName(f"compose.field.{field.value}")
        self.input = QLineEdit(self)
        # The frame is ours: the whole field is one box, chips included.
        self.input.setStyleSheet("QLineEdit, QLineEdit:focus { border: none; background: transparent; padding: 3px; }")
        self.input.setMinimumWidth(90)
        self.input.setObjectName(f"compose.{field.value}")
        self.input.setAccessibleName(name)
        self.input.setAccessibleDescription(
            self.tr("Tapez un nom, une profession, une ville ou une adresse ; Entrée ajoute, Retour arrière retire.")
        )
        self.input.installEventFilter(self)
        self.input.textEdited.connect(self._on_text_edited)
        self.setFocusProxy(self.input)
        self._flow = FlowLayout(self)
        self._flow.addWidget(self.input)

    # -- what it holds
    def recipients(self) -> tuple[Recipient, ...]:
        """The recipients, in order."""
        return tuple(chip.recipient for chip in self._chips)

    def pending_text(self) -> str:
        """What is typed and not yet a recipient."""
        return self.input.text().strip()

    def show_recipients(self, recipients: tuple[Recipient, ...]) -> None:
        """Replace the chips; announces nothing."""
        for chip in tuple(self._chips):
            self._drop(chip)
        for recipient in recipients:
            self._add(recipient)

    def add(self, recipient: Recipient) -> None:
        """One more recipient; the same address does not stand twice in one field."""
        if normal(recipient.who.address) not in {normal(c.recipient.who.address) for c in self._chips}:
            self._add(recipient)
        self.changed.emit()

    def swap(self, address: str, instead: str) -> bool:
        """Write to another address where one stands; whether it stood here."""
        for place, chip in enumerate(self._chips):
            if normal(chip.recipient.who.address) == normal(address):
                self._drop(chip)
                if normal(instead) not in {normal(other.recipient.who.address) for other in self._chips}:
                    self._add(typed_recipient(instead, self._field, self._reader), place)
                self.changed.emit()
                return True
        return False

    def settle(self) -> None:
        """Turn what is left in the line into recipients, right or wrong: nothing typed is lost."""
        if text := self.pending_text():
            self._take_text(text)

    def mark(self, wrong: dict[str, str]) -> None:
        """Say on each chip why it may not be written to; keyed by address."""
        for chip in self._chips:
            chip.mark_wrong(wrong.get(normal(chip.recipient.who.address), wrong.get(chip.recipient.who.address, "")))

    # -- chips
    def _add(self, recipient: Recipient, place: int | None = None) -> None:
        chip = Chip(recipient, self)
        chip.removed.connect(self._on_removed)
        chip.left.connect(self._on_left)
        place = len(self._chips) if place is None else place
        self._flow.insert_widget(place, chip)
        self._chips.insert(place, chip)
        chip.show()
        self._tell_namesakes_apart()
        self.updateGeometry()

    def _drop(self, chip: Chip) -> None:
        self._chips.remove(chip)
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()
        self._tell_namesakes_apart()
        self.updateGeometry()

    def _tell_namesakes_apart(self) -> None:
        """Two chips of one name show their addresses."""
        names = [fold(chip.name) for chip in self._chips]
        for chip, name in zip(self._chips, names, strict=True):
            chip.show_address(names.count(name) > 1)

    def _on_removed(self, chip: Chip) -> None:
        self.input.setFocus()
        self._drop(chip)
        self.changed.emit()

    def _on_left(self, chip: Chip, step: int) -> None:
        place = self._chips.index(chip) + step
        if 0 <= place < len(self._chips):
            self._chips[place].setFocus()
        elif place >= len(self._chips):
            self.input.setFocus()

    # -- typing
    def _on_text_edited(self, text: str) -> None:
        if _SEPARATORS.search(text):
            self._take_text(text)
        else:
            self._propose(text)
        self.changed.emit()

    def _propose(self, text: str) -> None:
        taken = {normal(chip.recipient.who.address) for chip in self._chips}
        long_enough = len(text.strip()) >= 2
        found = self._reader.directory(text, _LIMIT) if long_enough else []
        groups = named_so(self._reader.groups(), text)[:_GROUPS] if long_enough else []
        self._offer([e for e in found if normal(e.address) not in taken], groups)

    def _propose_usual(self) -> None:
        """Without a word typed: groups, favourites, and whom one wrote to last."""
        taken = {normal(chip.recipient.who.address) for chip in self._chips}
        usual = {who.address: who for who in (*self._reader.favourites(), *self._reader.recent(_LIMIT))}
        wanted = [who for address, who in usual.items() if address not in taken][:_LIMIT]
        self._offer([entry_for(who, self._reader.entries_of(who.address)) for who in wanted], self._reader.groups())

    def _offer(self, entries: list[DirectoryEntry], groups: Sequence[Group]) -> None:
        if self._popup is None:
            self._popup = Suggestions(self.window())
            self._popup.chosen.connect(self._on_chosen)
        favourites = frozenset(who.address for who in self._reader.favourites())
        self._popup.offer(entries, self, groups, favourites, self._reader.department())

    def _hide_popup(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    def _popup_shown(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    def _on_chosen(self, item: DirectoryEntry | Group) -> None:
        self.input.clear()
        self._hide_popup()
        if isinstance(item, Group):
            for who in item.members:
                self.add(kept_recipient(who, self._field, self._reader))
        else:
            self.add(chosen_recipient(item, self._field, self._reader))
        self.input.setFocus()

    def _take_text(self, text: str) -> None:
        self.input.clear()
        self._hide_popup()
        for piece in _SEPARATORS.split(text):
            if piece.strip():
                self.add(typed_recipient(piece, self._field, self._reader))

    def _accept(self) -> bool:
        """Take the marked correspondent or the typed address; False when there is nothing to take."""
        text = self.pending_text()
        marked = self._popup.current() if self._popup is not None else None
        if not text and marked is None:
            return False
        if marked is not None and not (is_address(text) and _address_of(marked) != normal(text)):
            self._on_chosen(marked)
        else:
            self._take_text(text)
        return True

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if not plain:
            return False
        if key in _ACCEPT:
            return self._accept() or key != Qt.Key.Key_Tab
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self._popup_shown() and self._popup is not None:
            self._popup.move_by(1 if key == Qt.Key.Key_Down else -1)
            return True
        if key == Qt.Key.Key_Down and not self.input.text():
            self._propose_usual()
            return True
        if key == Qt.Key.Key_Escape and self._popup_shown():
            self._hide_popup()
            return True
        return self._on_edge_key(key)

    def _on_edge_key(self, key: Qt.Key) -> bool:
        if not self._chips or self.input.cursorPosition() > 0 or self.input.hasSelectedText():
            return False
        if key == Qt.Key.Key_Backspace and not self.input.text():
            self._on_removed(self._chips[-1])
            return True
        if key == Qt.Key.Key_Left:
            self._chips[-1].setFocus()
            return True
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.input:
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._on_key(event)
            if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
                if event.key() == Qt.Key.Key_Escape and self._popup_shown():
                    event.accept()
                    return True
            elif isinstance(event, QFocusEvent):
                self.update()
                if event.type() == QEvent.Type.FocusOut:
                    self._on_focus_left()
        return super().eventFilter(watched, event)

    def _on_focus_left(self) -> None:
        self._hide_popup()
        if is_address(self.pending_text()):
            self.settle()

    def paintEvent(self, event: QPaintEvent) -> None:
        c, ring = colours(), self.input.hasFocus()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(c.focus if ring else c.field), 2 if ring else 1))
        painter.setBrush(QColor(c.base))
        edge = 1.0 if ring else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(edge, edge, -edge, -edge), 5, 5)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.input.setFocus()
        super().mousePressEvent(event)
