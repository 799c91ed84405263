"""Top of the reading pane: subject, who wrote to whom, when, in which mailbox, about whom."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Bal
from mssclient.domain.message import Message, UsagerMark
from mssclient.ui import wording
from mssclient.ui.icons import OF_KIND, pixmap
from mssclient.ui.mailbox.row_painter import spaced
from mssclient.ui.theme import colours, theme
from mssclient.ui.widgets.badge import BalBadge
from mssclient.ui.widgets.labels import ClampedLabel, ElidedLabel, PlainLabel

_SUBJECT_LINES = 3


class ReadingHeader(QFrame):
    """Everything about a message but its words. `plain_toggled` asks for plain text instead of HTML."""

    plain_toggled = Signal(bool)
    find_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reading.header")
        # When room is short the words of the message give way, never their header.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._message: Message | None = None
        self._whole = False
        self._make()
        self._lay_out()
        theme.changed.connect(self._fill)

    def _make(self) -> None:
        self.subject = ClampedLabel(_SUBJECT_LINES, self)
        self.subject.setObjectName("reading.subject")
        self.subject.setProperty("letters", "subject")
        self.badge = BalBadge(self)
        self.bal = ElidedLabel(parent=self)
        self.bal.setObjectName("reading.bal")
        self.bal.setProperty("muted", True)
        self.bal.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.bal.setMaximumWidth(170)
        self.sign = QLabel(self)
        self.author = ElidedLabel(parent=self)
        self.author.setObjectName("reading.sender")
        self.author.setProperty("heading", True)
        self.kind = QLabel(self)
        self.kind.setObjectName("reading.kind")
        self.kind.setProperty("muted", True)
        self.date = ElidedLabel(parent=self)
        self.date.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.date.setObjectName("reading.date")
        self.date.setProperty("muted", True)
        self.people = ElidedLabel(parent=self)
        self.people.setObjectName("reading.people")
        self.people.setProperty("muted", True)
        self.all_people = PlainLabel(parent=self, selectable=True)
        self.all_people.setProperty("muted", True)
        self.more = QPushButton(self.tr("Détails"), self)
        self.more.setObjectName("reading.more")
        self.more.setProperty("chip", True)
        self.more.setToolTip(self.tr("Adresses complètes et taille"))
        self.more.setCheckable(True)
        self.more.toggled.connect(self._on_more)
        self.plain = QPushButton(self.tr("Texte seul"), self)
        self.plain.setObjectName("reading.plain")
        self.plain.setCheckable(True)
        self.plain.setProperty("chip", True)
        self.plain.setToolTip(self.tr("Afficher le message sans mise en forme"))
        self.plain.toggled.connect(self.plain_toggled)
        self.usager_sign = QLabel(self)
        self.usager = PlainLabel(parent=self, selectable=True)
        self.usager.setObjectName("reading.usager")

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        who = QHBoxLayout()
        who.setSpacing(8)
        who.addWidget(self.author, 1)
        who.addWidget(self.date)
        grid.addWidget(self.sign, 0, 0)
        grid.addLayout(who, 0, 1)
        to = QHBoxLayout()
        to.setSpacing(8)
        to.addWidget(self.kind)
        to.addWidget(self.people, 1)
        to.addWidget(self.plain)
        to.addWidget(self.more)
        grid.addLayout(to, 1, 1)
        grid.addWidget(self.all_people, 2, 1)
        grid.addWidget(self.usager_sign, 3, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.usager, 3, 1)
        grid.setColumnStretch(1, 1)
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self.subject, 1)
        top.addSpacing(8)
        top.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.bal, 0, Qt.AlignmentFlag.AlignTop)
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 10, 12, 8)
        page.setSpacing(6)
        page.addLayout(top)
        page.addLayout(grid)

    def show_message(self, message: Message, bal: Bal | None) -> None:
        """Fill in from a message."""
        self._message = message
        self.badge.show_bal(bal)
        self.bal.set_text(bal.label if bal else "")
        self.plain.setVisible(bool(message.safe_html and message.text))
        self._fill()

    def empty(self) -> None:
        """Keep nothing of the message that was shown."""
        self._message = None
        self.badge.show_bal(None)
        self.subject.set_text("")
        for label in (self.bal, self.author, self.date, self.people):
            label.set_text("")
        for words in (self.all_people, self.usager):
            words.setText("")

    def _fill(self) -> None:
        message = self._message
        if message is None:
            return
        row = message.row
        self.subject.set_text(row.subject or self.tr("(sans objet)"))
        self.author.set_text(wording.correspondent(row.sender))
        side = self.fontMetrics().height() + 4
        outside = row.sender.kind is CorrespondentKind.OUTSIDE
        c = colours()
        self.sign.setPixmap(pixmap(OF_KIND[row.sender.kind], side, c.danger if outside else c.accent))
        self.sign.setAccessibleName(wording.kind(row.sender.kind))
        self.kind.setText(wording.kind(row.sender.kind))
        self.date.set_text(wording.full_when(row.date))
        self._fill_people(message)
        self._fill_usager(row.usager, side)

    def _fill_people(self, message: Message) -> None:
        to = ", ".join(wording.correspondent(c) for c in message.to)
        cc = ", ".join(wording.correspondent(c) for c in message.cc)
        if cc:
            self.people.set_text(self.tr("À : {to} – Cc : {cc}").format(to=to, cc=cc))
        else:
            self.people.set_text(self.tr("À : {to}").format(to=to) if to else "")
        lines = [self.tr("De : {who}").format(who=_in_full(message.row.sender))]
        lines += [self.tr("À : {who}").format(who=_in_full(c)) for c in message.to]
        lines += [self.tr("Cc : {who}").format(who=_in_full(c)) for c in message.cc]
        if message.reply_to:
            lines.append(self.tr("Répondre à : {address}").format(address=message.reply_to))
        lines.append(self.tr("Taille : {size}").format(size=wording.size(message.row.size)))
        self.all_people.setText("\n".join(lines))
        self.all_people.setVisible(self._whole)

    def _fill_usager(self, mark: UsagerMark | None, side: int) -> None:
        self.usager.setVisible(mark is not None)
        self.usager_sign.setVisible(mark is not None)
        if mark is None:
            return
        self.usager_sign.setPixmap(pixmap("usager", side, colours().success if mark.qualified else colours().muted))
        pieces = [self.tr("Usager : {name}").format(name=mark.name)]
        if mark.birth_date:
            pieces.append(self._born(mark).format(date=wording.iso_day(mark.birth_date)))
        if mark.matricule:
            ins = self.tr("INS qualifiée {number}") if mark.qualified else self.tr("INS non qualifiée {number}")
            pieces.append(ins.format(number=spaced(mark.matricule).replace(" ", "\u00a0")))
        self.usager.setText(", ".join(pieces))

    def _born(self, mark: UsagerMark) -> str:
        """The first digit of a matricule tells the sex: 1, 3, 7 or 2, 4, 8."""
        if mark.matricule[:1] in {"1", "3", "7"}:
            return self.tr("né le {date}")
        return self.tr("née le {date}") if mark.matricule[:1] in {"2", "4", "8"} else self.tr("né(e) le {date}")

    def _on_more(self, on: bool) -> None:
        self._whole = on
        self.all_people.setVisible(on)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Large letters: the date must not push the sender out.
        self.date.setMaximumWidth(max(60, event.size().width() // 2 - 20))


def _in_full(who: Correspondent) -> str:
    name = wording.correspondent(who)
    return name if name == who.address else f"{name} <{who.address}>"
