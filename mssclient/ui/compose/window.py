"""The composer: one window a draft, framed in the colour of the mailbox it leaves from."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPalette,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from mssclient.domain.address import Correspondent, CorrespondentKind, is_usager, matricule_of
from mssclient.domain.bal import BalId
from mssclient.domain.draft import Draft, Objection, Origin, Recipient, Why, encoded_size
from mssclient.domain.errors import NotAllowed
from mssclient.domain.events import Problem, SessionChanged
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.attachments import AttachmentBar, MessageText, local_files
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.checks import Place, is_early, objections_to, place_of
from mssclient.ui.compose.header import ComposeHeader
from mssclient.ui.compose.health import HealthSection
from mssclient.ui.compose.keeper import DraftKeeper
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.compose.rival import RivalNotice
from mssclient.ui.herald import Herald
from mssclient.ui.theme import theme
from mssclient.ui.widgets.voice import voice

_FRAME = 4


class ComposeWindow(QWidget):
    """One draft being written. Main thread; closing keeps the draft, only Send and Discard end it.

    Shortcuts: Ctrl+Enter send, Ctrl+S keep now, Ctrl+Shift+A attach, Ctrl+Shift+Del discard, Escape close.
    """

    sent = Signal(str)
    closed = Signal(str)
    discarded = Signal(str)

    def __init__(self, engine: Engine, herald: Herald, draft: Draft, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._engine = engine
        self._asked_to_send = False
        self._asking = ""
        self.keeper = DraftKeeper(engine, herald, draft, self)
        self.setObjectName("compose.window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAcceptDrops(True)
        self._make_widgets(herald)
        self._lay_out()
        self._wire(herald)
        self._show_draft(draft)
        self.resize(860, 680)

    # -- building
    def _make_widgets(self, herald: Herald) -> None:
        self.send_button = Button(self.tr("Envoyer"), "compose.send", self, sign="send", primary=True)
        self.send_button.does(self.try_send, "Ctrl+Return")
        self.attachments = AttachmentBar(self)
        self.attach_button = Button(self.tr("Joindre…"), "compose.attach", self, sign="attachment")
        self.attach_button.does(self.attachments.ask_files, "Ctrl+Shift+A")
        self.discard_button = Button(self.tr("Supprimer"), "compose.discard", self, sign="trash")
        self.discard_button.does(self.try_discard, "Ctrl+Shift+Del")
        self.saved = QLabel(self)
        self.saved.setObjectName("compose.saved")
        self.saved.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.header = ComposeHeader(self._engine.reader, self)
        self.question = Notice("compose.question", self)
        self.size_notice = Notice("compose.notice.size", self)
        self.session_notice = Notice("compose.notice.session", self)
        self.rival = RivalNotice(self._engine, herald, self.keeper, self)
        self.health = HealthSection(self._engine, herald, self.keeper, self)
        self.health_button = Button(self.tr("Document de santé…"), "compose.health_button", self, sign="health")
        self.health_button.does(self.health.open, "Ctrl+Shift+H")
        self.text = MessageText(self)
        self.text.setObjectName("compose.text")
        self.text.setAccessibleName(self.tr("Texte du message"))
        self.text.setTabChangesFocus(True)
        self.ask_delivery = self._option("compose.ask_delivery", self.tr("Accusé de &réception"))
        self.ask_read = self._option("compose.ask_read", self.tr("Accusé de &lecture"))
        self.no_answer = self._option("compose.no_answer", self.tr("L’&usager ne peut pas répondre"))
        QShortcut(QKeySequence("Ctrl+Enter"), self, self.try_send)
        QShortcut(QKeySequence("Ctrl+S"), self, self.keep)
        QShortcut(QKeySequence("Alt+T"), self, self.text.setFocus)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self._on_escape)

    def _option(self, name: str, label: str) -> QCheckBox:
        box = QCheckBox(label, self)
        box.setObjectName(name)
        box.setAccessibleName(label.replace("&", ""))
        return box

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        for button in (self.send_button, self.attach_button, self.health_button, self.discard_button):
            tools.addWidget(button)
        tools.addStretch(1)
        tools.addWidget(self.saved)
        options = QHBoxLayout()
        options.setSpacing(16)
        for box in (self.ask_delivery, self.ask_read, self.no_answer):
            options.addWidget(box)
        options.addStretch(1)
        page = QVBoxLayout(self)
        page.setContentsMargins(12 + _FRAME, 10 + _FRAME, 12 + _FRAME, 10 + _FRAME)
        page.setSpacing(8)
        page.addLayout(tools)
        page.addWidget(self.session_notice)
        page.addWidget(self.rival)
        page.addWidget(self.question)
        page.addWidget(self.header)
        page.addWidget(self.health)
        page.addWidget(self.text, 1)
        page.addWidget(self.attachments)
        page.addWidget(self.size_notice)
        page.addLayout(options)

    def _wire(self, herald: Herald) -> None:
        self.header.recipients_changed.connect(self._on_recipients)
        self.header.subject_changed.connect(self._on_words)
        self.header.sender_line.chosen.connect(self._on_sender)
        self.text.textChanged.connect(self._on_words)
        self.text.files_given.connect(self._on_files)
        self.text.picture_given.connect(self.keeper.attach_picture)
        self.attachments.files_given.connect(self._on_files)
        self.attachments.removed.connect(self.keeper.detach)
        for box in (self.ask_delivery, self.ask_read, self.no_answer):
            box.toggled.connect(self._on_options)
        self.question.acted.connect(self._on_answered)
        self.health.changed.connect(self._check)
        self.health.prepared.connect(self._on_prepared)
        self.health.usager_wanted.connect(self._on_usager)
        self.session_notice.acted.connect(lambda _place: self._engine.renew_session())
        self.keeper.kept.connect(self._show_saved)
        self.keeper.attachments_changed.connect(self._on_attachments)
        herald.problem.connect(self._on_problem)
        herald.session_changed.connect(self._on_session)
        herald.bals_changed.connect(self._on_bals)

    def _show_draft(self, draft: Draft) -> None:
        boxes = (self.ask_delivery, self.ask_read, self.no_answer)
        for box, on in zip(boxes, (draft.ask_delivery, draft.ask_read, draft.no_answer), strict=True):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        self.text.blockSignals(True)
        self.text.setPlainText(draft.text)
        self.text.blockSignals(False)
        self.header.show_draft(draft)
        self.health.refresh()
        self._on_bals()
        self._on_attachments()
        self._show_saved()
        self._show_session()
        if draft.recipients:
            self.text.setFocus()
        else:
            self.header.to.input.setFocus()

    # -- what the person does
    def _on_recipients(self) -> None:
        self.keeper.readdress(self.header.recipients())
        self._check()

    def _on_words(self) -> None:
        self.keeper.retext(self.header.subject.text(), self.text.toPlainText())
        self._check()

    def _on_options(self) -> None:
        self.keeper.reoption(
            ask_delivery=self.ask_delivery.isChecked(),
            ask_read=self.ask_read.isChecked(),
            no_answer=self.no_answer.isChecked(),
        )
        self._check()

    def _on_prepared(self, subject: str) -> None:
        """The subject is the documents' (ECO.2.1.3)."""
        self.header.subject.setText(subject)
        self._on_words()

    def _on_usager(self, wanted: Correspondent | None) -> None:
        """The usager is the program's to address, never typed (ECO.3.1.5)."""
        others = tuple(r for r in self.header.recipients() if not is_usager(r.who.address))
        people = (*others, Recipient(wanted, origin=Origin.RECORD)) if wanted is not None else others
        if people != self.header.recipients():
            self.keeper.readdress(people)
            self.header.show_recipients(people)
        self._check()

    def _on_sender(self, bal_id: BalId) -> None:
        self.keeper.resend_from(bal_id)
        self._check()
        self.update()

    def _on_files(self, files: list[Path]) -> None:
        self.keeper.attach(files)

    def _on_attachments(self) -> None:
        self.attachments.show_attachments(self.keeper.draft.attachments, self.keeper.reading)
        self._check()

    def _on_bals(self) -> None:
        self.header.sender_line.show_bals(self._engine.reader.bals(), self.keeper.draft.bal_id)
        self._check()
        self.update()

    # -- what is wrong
    def _check(self) -> None:
        """Say live what stands in the way; what is merely not written yet waits for Send."""
        draft = self.keeper.draft
        bal = self.header.sender_line.bal()
        if bal is None:
            return
        found = self._objections()
        self.header.count(len(draft.recipients))
        self.header.show_objections(tuple(o for o in found if self._asked_to_send or is_early(o)))
        heavy = [wording.objection(o) for o in found if place_of(o) is Place.SIZE]
        if heavy:
            self.size_notice.tell("\n".join(heavy), Tone.ERROR)
        else:
            self.size_notice.hush()
        self.attachments.show_weight(encoded_size(draft), bal.max_size)
        self.health.show_objections([o for o in found if place_of(o) is Place.HEALTH], asked=self._asked_to_send)
        self._offer_no_answer(draft)
        subject = draft.subject.strip() or self.tr("Nouveau message")
        self.setWindowTitle(self.tr("{subject} – {bal}[*]").format(subject=subject, bal=bal.label))
        self.setWindowModified(self.keeper.dirty)
        if self.keeper.dirty:
            self.saved.setText(self.tr("Modifié"))

    def _objections(self) -> tuple[Objection, ...]:
        draft = self.keeper.draft
        told = objections_to(draft, self._engine.facts(draft.bal_id), self._engine.reader)
        return (*told, *self._engine.shipment_objections(draft))

    def _offer_no_answer(self, draft: Draft) -> None:
        with_usager = any(r.who.kind is CorrespondentKind.USAGER or is_usager(r.who.address) for r in draft.recipients)
        self.no_answer.setVisible(with_usager)
        if not with_usager and self.no_answer.isChecked():
            self.no_answer.setChecked(False)

    def _show_saved(self) -> None:
        at = self.keeper.kept_at
        if at is not None and not self.keeper.dirty:
            self.saved.setText(self.tr("Enregistré à {time}").format(time=wording.clock(at)))
            self.setWindowModified(False)

    def keep(self) -> None:
        """Give the engine everything that was typed; to be called before signing out or stopping."""
        self.header.settle()
        self.health.keep_now()
        self.keeper.keep_now()

    # -- leaving
    def try_send(self) -> None:
        """Send, or say what stands in the way, or ask what has to be asked; all inside the window."""
        if self._engine.session_state() is SessionState.READING:
            voice.say(self, self.session_notice.text, at_once=True)
            return
        if self.header.sender_line.bal() is None:
            self.question.tell(self.tr("Choisissez la boîte d’où part ce message."), Tone.WARNING)
            self.header.sender_line.box.setFocus()
            return
        self.header.settle()
        self._asked_to_send = True
        self._check()
        if self.keeper.reading:
            self.question.tell(self.tr("Une pièce jointe est encore en cours de lecture."), Tone.WARNING)
            return
        if self.health.unsettled:
            self.health.open()
            self.health.prepare()
            return
        found = self._objections()
        if blocking := [o for o in found if o.blocking]:
            self._refuse(blocking)
        elif questions := self._questions(found):
            self._ask("send", "\n".join(questions), self.tr("Envoyer quand même"), self.tr("Revenir au message"))
        else:
            self._send()

    def _refuse(self, blocking: list[Objection]) -> None:
        self.question.hush()
        place = place_of(blocking[0])
        if place is Place.HEALTH:
            self.health.open()
            if all(o.why is Why.NOT_PREPARED for o in blocking):
                self.health.prepare()
        self.header.focus_place(place)

    def _questions(self, found: tuple[Objection, ...]) -> list[str]:
        asked = [wording.objection(o) for o in found]
        usagers = (r.who for r in self.keeper.draft.recipients if is_usager(r.who.address))
        return asked + [wording.usager_check(u, matricule_of(u.address)) for u in usagers]

    def _ask(self, about: str, text: str, yes: str, no: str) -> None:
        self._asking = about
        self.question.tell(text, Tone.WARNING, (yes, no))
        self.question.button(1).setFocus()

    def _on_answered(self, place: int) -> None:
        about, self._asking = self._asking, ""
        self.question.hush()
        if place != 0:
            self.text.setFocus()
        elif about == "send":
            self._send()
        elif about == "discard":
            self._discard()

    def _send(self) -> None:
        try:
            self._engine.send(self.keeper.draft)
        except NotAllowed as refusal:
            found = tuple(o for o in refusal.objections if isinstance(o, Objection))
            self.header.show_objections(found)
            self.question.tell("\n".join(wording.objection(o) for o in found), Tone.ERROR)
            return
        self.keeper.finish()
        self.sent.emit(self.keeper.draft.id)
        self.close()

    def try_discard(self) -> None:
        """Throw the draft away; asks when a person would miss something."""
        if self.keeper.draft.is_empty():
            self._discard()
        else:
            text = self.tr("Supprimer ce brouillon ? Son texte et ses pièces jointes seront perdus.")
            self._ask("discard", text, self.tr("Supprimer le brouillon"), self.tr("Garder"))

    def _discard(self) -> None:
        self.keeper.finish()
        self._engine.discard_draft(self.keeper.draft.id)
        self.discarded.emit(self.keeper.draft.id)
        self.close()

    def _on_escape(self) -> None:
        if self._asking:
            self._on_answered(1)
        else:
            self.close()

    # -- what the engine says
    def _on_problem(self, event: Problem) -> None:
        told = self._engine.problem(event.problem_id)
        if told is None or told.draft_id != self.keeper.draft.id:
            return
        self.keeper.give_up_reading()
        sentence = wording.problem(told)
        self.question.tell(f"{sentence.title}. {sentence.text}", Tone.ERROR)

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is SessionState.LOCKED:
            self.keep()
        elif event.state is not SessionState.SIGNED_OUT:
            self._show_session()
        else:
            # The store is closed: the draft was kept at the lock, or by `keep` before signing out.
            self.keeper.finish()
            self.close()

    def _show_session(self) -> None:
        """Without a session one may write, not send: the button says why."""
        over = self._engine.session_state() is SessionState.READING
        why = self.tr("Votre session est terminée : ce message est gardé ici et pourra partir après identification.")
        self.send_button.setEnabled(not over)
        self.send_button.setAccessibleDescription(why if over else "")
        tip = self.tr("{label} ({keys})").format(
            label=self.send_button.accessibleName(),
            keys=self.send_button.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
        )
        self.send_button.setToolTip(why if over else tip)
        if not over:
            self.session_notice.hush()
        elif not self.session_notice.text:
            self.session_notice.tell(why, Tone.WARNING, (self.tr("S’identifier à nouveau"),))

    # -- Qt
    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.keeper.over:
            self.keep()
            if self.keeper.draft.is_empty():
                self._engine.discard_draft(self.keeper.draft.id)
            else:
                self._engine.put_draft_away(self.keeper.draft.id)
            self.keeper.finish()
        self.closed.emit(self.keeper.draft.id)
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._check()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if files := local_files(event.mimeData()):
            event.acceptProposedAction()
            self.keeper.attach(files)

    def paintEvent(self, event: QPaintEvent) -> None:
        bal = self.header.sender_line.bal()
        if bal is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.bal_colour(bal.colour)))
        inner = self.rect().adjusted(_FRAME, _FRAME, -_FRAME, -_FRAME)
        painter.fillRect(inner, self.palette().color(QPalette.ColorRole.Window))
        painter.end()
