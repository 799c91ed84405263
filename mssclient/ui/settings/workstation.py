"""The person at this workstation: the activity they work in, and how to leave no trace of oneself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mssclient.domain.events import Problem, SessionChanged
from mssclient.domain.outbox import SendState
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui import wording, wording_trust
from mssclient.ui.compose.buttons import Button
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.sign_in.choose_activity import ActivityList
from mssclient.ui.widgets.file_dialog import choose_target
from mssclient.ui.widgets.labels import PlainLabel

_NOT_GONE = {SendState.QUEUED, SendState.SENDING, SendState.FAILED, SendState.UNCERTAIN}


class WorkstationPage(QWidget):
    """Main thread. Forgetting is asked twice: a box says that it was understood, then the button may be pressed."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._awaited = False
        self._make()
        self._lay_out()
        herald.session_changed.connect(self._on_session)
        for counted in (herald.draft_changed, herald.outbox_changed):
            counted.connect(self._on_counted)
        herald.problem.connect(self._on_problem)
        self.refresh()

    def _make(self) -> None:
        self.activity_title = _heading(self.tr("Votre activité"), self)
        self.activity_words = PlainLabel(self.tr("Elle accompagne vos messages et les traces de vos actes."), self)
        self.activity_words.setProperty("muted", True)
        self.activities = ActivityList(self)
        self.activities.setObjectName("settings.activities")
        self.activities.wanted.connect(self._engine.choose_activity)
        self.choose = Button(self.tr("Prendre cette activité"), "settings.activity_choose", self)
        self.choose.does(self._choose)
        self.traces = Button(self.tr("Exporter les traces de mes actes…"), "settings.traces", self, sign="save")
        self.traces.does(self._export_traces)
        self.trust_title = _heading(self.tr("Sécurité des connexions"), self)
        self.trust = PlainLabel(parent=self)
        self.trust.setObjectName("settings.revocation")
        self.forget_title = _heading(self.tr("M’oublier sur ce poste"), self)
        self.leaves = PlainLabel(
            self.tr(
                "Vos messages, brouillons, journaux et réglages quittent ce poste, avec la clé qui les protège. "
                "Vos boîtes restent intactes chez l’opérateur et les documents déjà classés restent dans le DUI. "
                "Les autres personnes qui utilisent ce poste ne perdent rien."
            ),
            self,
        )
        self.loss = PlainLabel(parent=self)
        self.loss.setObjectName("settings.forget_loss")
        self.loss.setProperty("tone", "danger")
        self.sure = QCheckBox(self)
        self.sure.setObjectName("settings.forget_sure")
        self.sure.toggled.connect(self._allow)
        self.forget = Button(self.tr("Tout effacer et fermer ma session"), "settings.forget", self, sign="trash")
        self.forget.does(self._forget)
        self.notice = Notice("settings.forget_notice", self)

    def _export_traces(self) -> None:
        choose_target(self, self.tr("Exporter les traces"), "traces.csv", self._engine.export_traces)

    def _lay_out(self) -> None:
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        pressed = QHBoxLayout()
        pressed.addWidget(self.choose)
        pressed.addWidget(self.traces)
        pressed.addStretch(1)
        last = QHBoxLayout()
        last.addWidget(self.forget)
        last.addStretch(1)
        described: tuple[QWidget, ...] = (self.activity_title, self.activity_words, self.activities)
        for widget in described:
            column.addWidget(widget)
        column.addLayout(pressed)
        column.addSpacing(10)
        for widget in (self.trust_title, self.trust):
            column.addWidget(widget)
        column.addSpacing(10)
        asked: tuple[QWidget, ...] = (self.forget_title, self.leaves, self.loss, self.sure)
        for widget in asked:
            column.addWidget(widget)
        column.addLayout(last)
        column.addWidget(self.notice)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(area)

    def refresh(self) -> None:
        """Read the person, the activity and what would be lost again."""
        person, chosen = self._engine.person(), self._engine.activity()
        several = person is not None and len(person.activities) > 1
        self.activities.show_person(person, chosen)
        for widget in (self.activity_title, self.activity_words, self.activities, self.choose):
            widget.setVisible(several)
        self.activities.setFixedHeight(self.activities.natural_height())
        self.sure.setText(
            self.tr("Oui, effacer de ce poste tout ce qui concerne {name}").format(name=person.name if person else "")
        )
        self.sure.setAccessibleName(self.sure.text())
        self.trust.setText("\n".join(wording_trust.revocation(self._engine.revocation())))
        self._count()
        self._allow()

    def _count(self) -> None:
        reader = self._engine.reader
        drafts = len(reader.drafts())
        waiting = sum(line.state in _NOT_GONE for line in reader.outbox())
        lost = []
        if drafts:
            lost.append(self.tr("1 brouillon") if drafts == 1 else self.tr("{n} brouillons").format(n=drafts))
        if waiting:
            one, many = self.tr("1 message qui n’est pas parti"), self.tr("{n} messages qui ne sont pas partis")
            lost.append(one if waiting == 1 else many.format(n=waiting))
        self.loss.setVisible(bool(lost))
        self.loss.setText(
            self.tr("Seront perdus pour de bon : {what}.").format(what=self.tr(" et ").join(lost)) if lost else ""
        )

    def _allow(self) -> None:
        self.forget.setEnabled(self.sure.isChecked() and not self._awaited and self._engine.person() is not None)

    def _choose(self) -> None:
        if (activity := self.activities.activity()) is not None:
            self._engine.choose_activity(activity)

    def _forget(self) -> None:
        self._awaited = True
        self._allow()
        self.notice.tell(self.tr("Effacement en cours…"))
        self._engine.forget_me()

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is not SessionState.SIGNED_OUT:
            self.refresh()

    def _on_counted(self, _event: object) -> None:
        self._count()

    def _on_problem(self, event: Problem) -> None:
        told = self._engine.problem(event.problem_id)
        if told is not None and told.context == "forget" and self._awaited:
            self._awaited = False
            sentence = wording.problem(told)
            self.notice.tell(f"{sentence.title}. {sentence.text}", Tone.ERROR)
            self._allow()


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("heading", True)
    return label
