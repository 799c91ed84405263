"""The head of the composer: De, À, Cc, Objet, each with what is wrong with it right under."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from mssclient.domain.draft import MAX_CORRESPONDENTS, Draft, Field, Objection, Recipient
from mssclient.engine.api import Reader
from mssclient.ui import wording
from mssclient.ui.compose.checks import Place, place_of
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.compose.recipients import RecipientField
from mssclient.ui.compose.sender import SenderLine
from mssclient.ui.widgets.voice import voice

_OFFERS = 3
"""Addresses proposed at once for those that left."""


class ComposeHeader(QWidget):
    """The header fields of one draft. Emits what changed; the window keeps the draft."""

    recipients_changed = Signal()
    subject_changed = Signal()

    def __init__(self, reader: Reader, parent: QWidget) -> None:
        super().__init__(parent)
        self.sender_line = SenderLine(self)
        self.to = RecipientField(Field.TO, reader, self.tr("À"), self)
        self.cc = RecipientField(Field.CC, reader, self.tr("Copie à"), self)
        self.counter = QLabel(self)
        self.counter.setObjectName("compose.counter")
        self.counter.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.subject = QLineEdit(self)
        self.subject.setObjectName("compose.subject")
        self.subject.setAccessibleName(self.tr("Objet"))
        self.subject.setMaxLength(900)
        self.sender_notice = Notice("compose.notice.sender", self)
        self.recipients_notice = Notice("compose.notice.recipients", self)
        self.words_notice = Notice("compose.notice.words", self)
        self._offers: tuple[Objection, ...] = ()
        self._said = ""
        self._build()
        self.to.changed.connect(self.recipients_changed)
        self.cc.changed.connect(self.recipients_changed)
        self.subject.textEdited.connect(self.subject_changed)
        self.recipients_notice.acted.connect(self._take_offer)

    def _build(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        lines = (
            (self.tr("De :"), self.sender_line, "Alt+D"),
            (self.tr("À :"), self.to, "Alt+A"),
            (self.tr("Cc :"), self.cc, "Alt+C"),
            (self.tr("Objet :"), self.subject, "Alt+O"),
        )
        rows = (0, 2, 3, 5)
        for row, (label, widget, keys) in zip(rows, lines, strict=True):
            word = QLabel(label, self)
            word.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            word.setBuddy(widget)
            grid.addWidget(word, row, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(widget, row, 1, 1, 1 if widget is self.to else 2)
            widget.setToolTip(keys)
            QShortcut(QKeySequence(keys), self, widget.setFocus)
        grid.addWidget(self.counter, 2, 2, Qt.AlignmentFlag.AlignVCenter)
        for row, notice in ((1, self.sender_notice), (4, self.recipients_notice), (6, self.words_notice)):
            grid.addWidget(notice, row, 1, 1, 2)
        grid.setColumnStretch(1, 1)

    def show_draft(self, draft: Draft) -> None:
        """Fill the fields."""
        self.show_recipients(draft.recipients)
        self.subject.setText(draft.subject)
        self.count(len(draft.recipients))

    def show_recipients(self, recipients: tuple[Recipient, ...]) -> None:
        """Those of À and those of Cc."""
        self.to.show_recipients(tuple(r for r in recipients if r.field is Field.TO))
        self.cc.show_recipients(tuple(r for r in recipients if r.field is Field.CC))

    def recipients(self) -> tuple[Recipient, ...]:
        """Those of À, then those of Cc."""
        return (*self.to.recipients(), *self.cc.recipients())

    def settle(self) -> None:
        """What is half typed in a recipients field becomes a recipient, right or wrong."""
        self.to.settle()
        self.cc.settle()

    def count(self, number: int) -> None:
        """How many correspondents of the ten that are allowed."""
        text = self.tr("{number} sur {limit}").format(number=number, limit=MAX_CORRESPONDENTS)
        self.counter.setText(text)
        self.counter.setAccessibleName(self.tr("Destinataires : {text}").format(text=text))

    def show_objections(self, found: tuple[Objection, ...]) -> None:
        """Each objection under its field, and on the chip it is about."""
        self.to.mark({o.about: wording.objection(o) for o in found if o.about})
        self.cc.mark({o.about: wording.objection(o) for o in found if o.about})
        self._tell(self.sender_notice, [o for o in found if place_of(o) is Place.SENDER])
        self._tell(self.recipients_notice, [o for o in found if place_of(o) is Place.RECIPIENTS])
        if (said := self.recipients_notice.text) != self._said:
            self._said = said
            voice.say(self.recipients_notice, said)
        self._tell(self.words_notice, [o for o in found if place_of(o) is Place.WORDS])

    def _tell(self, notice: Notice, found: list[Objection]) -> None:
        """Says it, with a button for each address that was probably meant; nothing moves while nothing changes."""
        text = "\n".join(wording.objection(o) for o in found)
        offers = tuple(o for o in found if o.instead)[:_OFFERS] if notice is self.recipients_notice else ()
        if not found:
            notice.hush()
        elif text != notice.text or (notice is self.recipients_notice and offers != self._offers):
            tone = Tone.ERROR if any(o.blocking for o in found) else Tone.WARNING
            actions = (self.tr("Écrire à {address}").format(address=offer.instead) for offer in offers)
            notice.tell(text, tone, tuple(actions))
        if notice is self.recipients_notice:
            self._offers = offers

    def _take_offer(self, place: int) -> None:
        offer = self._offers[place]
        for field in (self.to, self.cc):
            if field.swap(offer.about, offer.instead):
                field.input.setFocus()
                return

    def focus_place(self, place: Place) -> None:
        """Bring the keyboard to the field that an objection is about."""
        fields = {Place.RECIPIENTS: self.to.input, Place.WORDS: self.subject, Place.SENDER: self.sender_line.box}
        if widget := fields.get(place):
            widget.setFocus()

    def minimumSizeHint(self) -> QSize:
        return QSize(360, super().minimumSizeHint().height())
