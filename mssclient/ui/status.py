"""The status line: one sentence with one number, the lines to the mailboxes, the Annuaire, the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from mssclient.domain.bal import Bal, Link
from mssclient.domain.outbox import SendState
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine, Progress
from mssclient.ui import wording
from mssclient.ui.herald import Herald
from mssclient.ui.icons import pixmap, put
from mssclient.ui.theme import colours, theme
from mssclient.ui.widgets.badge import BalBadge
from mssclient.ui.widgets.labels import ElidedLabel

_TICK_MS = 60_000
_RECOUNT_MS = 300
_HELD_MS = 6_000
_BYTES = {"body", "part", "sending"}
"""What is counted in bytes."""


class StatusLine(QStatusBar):
    """Re-reads the engine when an event says so. `outbox_asked` and `directory_asked` are clicks."""

    outbox_asked = Signal()
    directory_asked = Signal()

    def __init__(
        self, engine: Engine, herald: Herald, clock: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setSizeGripEnabled(False)
        self._engine = engine
        self._clock = clock
        self._make()
        self._recount = QTimer(self)
        self._recount.setSingleShot(True)
        self._recount.setInterval(_RECOUNT_MS)
        self._recount.timeout.connect(self._show_progress)
        self._held = QTimer(self)
        self._held.setSingleShot(True)
        self._held.setInterval(_HELD_MS)
        self._held.timeout.connect(self._show_progress)
        self._wire(herald)
        self._tick = QTimer(self)
        self._tick.setInterval(_TICK_MS)
        self._tick.timeout.connect(self._show_directory)
        self._tick.start()

    def _make(self) -> None:
        self.sentence = ElidedLabel(parent=self)
        self.sentence.setObjectName("status.sentence")
        self.sentence.setIndent(10)
        self.bar = QProgressBar(self)
        self.bar.setObjectName("status.progress")
        self.bar.setAccessibleName(self.tr("Avancement"))
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(120)
        self.outbox = QToolButton(self)
        self.outbox.setObjectName("status.outbox")
        self.outbox.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        put(self.outbox, "outbox")
        self.outbox.clicked.connect(self.outbox_asked)
        self.directory = QToolButton(self)
        self.directory.setObjectName("status.directory")
        self.directory.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        put(self.directory, "directory")
        self.directory.clicked.connect(self.directory_asked)
        self._links = QWidget(self)
        self._links.setObjectName("status.links")
        line = QHBoxLayout(self._links)
        line.setContentsMargins(4, 0, 8, 0)
        line.setSpacing(3)
        self.addWidget(self.sentence, 1)
        for widget in (self.bar, self.outbox, self.directory, self._links):
            self.addPermanentWidget(widget)

    def _wire(self, herald: Herald) -> None:
        herald.progress_changed.connect(lambda _event: self._show_progress())
        herald.bals_changed.connect(lambda _event: self._show_links())
        herald.bals_changed.connect(lambda _event: self._show_progress())
        herald.outbox_changed.connect(lambda _event: self._show_outbox())
        herald.directory_changed.connect(lambda _event: self._show_directory())
        for counted in (herald.folders_changed, herald.messages_changed, herald.attachment_filed):
            counted.connect(lambda _event: self._recount.start())
        herald.session_changed.connect(lambda _event: self._recount.start())
        theme.changed.connect(self._show_links)

    def refresh(self) -> None:
        """Read everything again."""
        self._show_progress()
        self._show_links()
        self._show_outbox()
        self._show_directory()

    def forget(self) -> None:
        """Nobody is there any more: nothing is counted, nobody's mailbox is named."""
        self._recount.stop()
        self._held.stop()
        self.refresh()

    def recount(self) -> None:
        """The tree has counted: the sentence says the same number."""
        self._recount.stop()
        self._show_progress()

    def say(self, text: str) -> None:
        """A sentence of no weight, for a few seconds or until the next progress."""
        self.sentence.set_text(text)
        self._held.start()

    def _show_progress(self) -> None:
        under_way = self._engine.progress()
        self.bar.setVisible(bool(under_way))
        over = self._engine.session_state() is SessionState.READING
        if not under_way and self._held.isActive() and not over:
            return
        if not under_way:
            self.sentence.set_text(self._idle())
            return
        first = max(under_way, key=lambda p: p.total - p.done)
        self.bar.setRange(0, first.total)
        self.bar.setValue(first.done)
        self.sentence.set_text(self._worded(first))

    def _idle(self) -> str:
        bals = self._engine.reader.bals()
        if self._engine.session_state() is SessionState.READING:
            return self.tr("Session terminée : on peut lire et rédiger, rien ne part et rien n’arrive")
        down = sum(bal.link is Link.OFFLINE for bal in bals)
        if down and self._engine.session_state() is SessionState.OPEN:
            if down == 1 < len(bals):
                return self.tr("Une boîte est hors ligne : nouvel essai automatique")
            if down < len(bals):
                return self.tr("{n} boîtes sont hors ligne : nouvel essai automatique").format(n=down)
            return self.tr("Hors ligne : on peut lire et écrire, tout partira au retour de la ligne")
        unread, to_file = self._engine.reader.unread(), self._engine.reader.to_file()
        if to_file:
            return self.tr("{unread}, {n} à classer").format(unread=wording.count_unread(unread), n=to_file)
        return wording.count_unread(unread).capitalize() if self._engine.reader.bals() else ""

    def _worded(self, progress: Progress) -> str:
        known = {
            "headers": self.tr("Réception des en-têtes"),
            "body": self.tr("Réception d’un message"),
            "part": self.tr("Réception d’une pièce jointe"),
            "directory": self.tr("Actualisation de l’annuaire"),
            "reconcile": self.tr("Rapprochement avec l’annuaire"),
            "sending": self.tr("Envoi en cours"),
            "opening": self.tr("Ouverture des boîtes"),
        }
        what = known.get(progress.what, self.tr("Travail en cours"))
        if not progress.total:
            return self.tr("{what}…").format(what=what)
        said = wording.size if progress.what in _BYTES else wording.number
        return self.tr("{what} : {done} sur {total}").format(
            what=what, done=said(progress.done), total=said(progress.total)
        )

    def _show_outbox(self) -> None:
        lines = self._engine.reader.outbox()
        self.outbox.setVisible(bool(lines))
        troubled = sum(line.state in {SendState.FAILED, SendState.UNCERTAIN} for line in lines)
        text = self.tr("Boîte d’envoi : {n}").format(n=len(lines))
        if troubled:
            text = self.tr("Boîte d’envoi : {n}, dont {bad} à vérifier").format(n=len(lines), bad=troubled)
        self.outbox.setText(text)
        self.outbox.setAccessibleName(text)

    def _show_directory(self) -> None:
        status = self._engine.reader.directory_status()
        said = wording.age(status, self._clock())
        self.directory.setText(said if status.entries else self.tr("Annuaire absent"))
        self.directory.setAccessibleName(said)
        self.directory.setToolTip(said)

    def _show_links(self) -> None:
        line = self._links.layout()
        while line is not None and (item := line.takeAt(0)):
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        said = []
        for bal in self._engine.reader.bals():
            state = self._link(bal)
            said.append(state)
            if line is not None:
                line.addWidget(_lamp(bal, state, self._links))
        self._links.setAccessibleName(", ".join(said))

    def _link(self, bal: Bal) -> str:
        match bal.link:
            case Link.LIVE:
                return self.tr("{bal} : en ligne").format(bal=bal.label)
            case Link.CONNECTING:
                return self.tr("{bal} : connexion…").format(bal=bal.label)
            case Link.WAITING:
                return self.tr("{bal} : pas encore ouverte").format(bal=bal.label)
            case Link.OFFLINE:
                return self.tr("{bal} : hors ligne, nouvel essai automatique").format(bal=bal.label)
            case Link.REFUSED:
                return self.tr("{bal} : accès refusé").format(bal=bal.label)


def _lamp(bal: Bal, said: str, parent: QWidget) -> QWidget:
    """The letter of a mailbox and a sign for its line."""
    lamp = QWidget(parent)
    lamp.setToolTip(said)
    lamp.setAccessibleName(said)
    line = QHBoxLayout(lamp)
    line.setContentsMargins(0, 0, 4, 0)
    line.setSpacing(2)
    badge = BalBadge(lamp)
    badge.show_bal(bal)
    badge.setFixedSize(16, 16)
    badge.setToolTip(said)
    c = colours()
    name, colour = {
        Link.LIVE: ("online", c.success),
        Link.CONNECTING: ("refresh", c.muted),
        Link.WAITING: ("clock", c.muted),
        Link.OFFLINE: ("offline", c.warning),
        Link.REFUSED: ("error", c.danger),
    }[bal.link]
    sign = QLabel(lamp)
    sign.setPixmap(pixmap(name, 15, colour))
    line.addWidget(badge)
    line.addWidget(sign)
    return lamp
