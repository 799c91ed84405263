"""The end of a PSC session, said in time and calmly: renew without leaving the screen, or read on without sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.session import SessionState, SignInStage, SignInView
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.herald import Herald
from mssclient.ui.icons import pixmap, put
from mssclient.ui.sign_in.ecps import EcpsForm
from mssclient.ui.sign_in.wait import WAITING, SignInWait
from mssclient.ui.theme import colours, theme
from mssclient.ui.widgets.labels import PlainLabel
from mssclient.ui.widgets.voice import voice

NEAR = timedelta(minutes=15)
"""How long before the end the bar shows: EN 301 549, 9.2.2.1 wants a limit told while it can be moved."""


class SessionBar(QFrame):
    """Above the list; hidden while the session has time. Never takes the keyboard by itself. Main thread.

    `renewed` says that the session was prolonged, `keyboard_back` that the bar, which had the keyboard, is going.
    """

    renewed = Signal(str)
    keyboard_back = Signal()

    def __init__(
        self, engine: Engine, herald: Herald, clock: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("session.bar")
        self._engine = engine
        self._clock = clock
        self._asked = False
        self._state = SessionState.SIGNED_OUT
        self._told: object = None
        self._before: QWidget | None = None
        self._make()
        self._lay_out()
        herald.session_changed.connect(self._on_news)
        herald.session_ending.connect(self._on_news)
        herald.sign_in_changed.connect(self._on_news)
        theme.changed.connect(self.refresh)
        self.hide()

    def _make(self) -> None:
        self.sign = QLabel(self)
        self.words = PlainLabel(parent=self)
        self.words.setObjectName("session.words")
        self.button = QPushButton(self.tr("S’identifier à nouveau"), self)
        self.button.setObjectName("session.renew")
        self.button.setToolTip(self.tr("Prolonger la session dans le navigateur (Ctrl+Maj+I)"))
        self.button.clicked.connect(self.renew)
        self.other = QPushButton(self.tr("Par e-CPS"), self)
        self.other.setObjectName("session.ecps")
        self.other.setToolTip(self.tr("Prolonger la session avec l’application e-CPS"))
        put(self.other, "phone")
        self.other.clicked.connect(self._on_other)
        self.shut = QToolButton(self)
        self.shut.setObjectName("session.close")
        put(self.shut, "close")
        self.shut.setAccessibleName(self.tr("Fermer"))
        self.shut.clicked.connect(self._on_shut)
        for button in (self.button, self.other):
            button.setProperty("compact", True)
            button.setAutoDefault(True)
        self.form = EcpsForm(self, "session.ecps")
        self.form.asked.connect(self._ask)
        self.wait = SignInWait("session.wait", self, compact=True)
        self.wait.cancelled.connect(self._engine.cancel_sign_in)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self.sign)
        line.addWidget(self.words, 1)
        line.addWidget(self.wait, 1)
        line.addWidget(self.button)
        line.addWidget(self.other)
        line.addWidget(self.shut)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 5, 8, 5)
        page.addLayout(line)
        page.addWidget(self.form)
        self.form.hide()

    @property
    def waiting(self) -> bool:
        """Whether a renewal can be given up."""
        return self.wait.can_cancel and not self.isHidden()

    def renew(self) -> None:
        """Sign in again by the browser; the screen stays as it is."""
        self._ask("")

    def cancel(self) -> None:
        """Give the renewal up."""
        if self.waiting:
            self._engine.cancel_sign_in()

    def forget(self) -> None:
        """Keep nothing of the person who left."""
        self._asked, self._told, self._before = False, None, None
        self.form.empty()
        self.form.hide()
        self.hide()

    def _ask(self, national_id: str) -> None:
        if self.wait.waiting:
            return
        self._before = self._before or self.window().focusWidget()
        self._asked = True
        self._engine.renew_session(national_id)
        self.refresh()

    def _on_other(self) -> None:
        self.form.setVisible(self.form.isHidden())
        if not self.form.isHidden():
            person = self._engine.person()
            self.form.prefill(person.national_id if person else "")
            self.form.take_keyboard()

    def _on_shut(self) -> None:
        """The failure was read; what is still true of the session stays."""
        self._asked = False
        self.refresh()

    def _on_news(self, _event: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        """Show where things stand."""
        state, view = self._engine.session_state(), self._engine.sign_in_view()
        if state is not self._state:
            # What failed before belongs to the state before.
            self._state, self._asked = state, False
        if state is SessionState.LOCKED:
            # Covered; what a renewal under way shows belongs to the cover now.
            return
        inside = state in {SessionState.OPEN, SessionState.READING}
        if not inside:
            self._go()
            return
        # A composer may have asked for it as well. Opening the mailboxes is the end of the first sign-in, too.
        self._asked = self._asked or view.stage in {SignInStage.BROWSER, SignInStage.PHONE}
        under_way = self._asked and view.stage in WAITING
        if view.stage is SignInStage.OPENING and not self._asked:
            view = SignInView()
        was_waiting, words = self.wait.waiting, self._words(state)
        if was_waiting and not under_way and self._has_keyboard():
            # Before the wait hides: Qt would hand the keyboard to whatever comes next.
            self._give_back()
        self.wait.show_view(view)
        if was_waiting and not under_way:
            self._end_of_wait(view.stage)
        if not words and not under_way:
            self._go()
            return
        self._show_words(words, under_way)
        self.show()
        if under_way and not was_waiting:
            self.wait.cancel.setFocus()
        self._tell(words, under_way)

    def _show_words(self, words: str, under_way: bool) -> None:
        failed = self._engine.sign_in_view().stage is SignInStage.FAILED and self._asked
        over = self._engine.session_state() is SessionState.READING
        tone = "danger" if failed else "warning" if over else "info"
        if self.property("banner") != tone:
            self.setProperty("banner", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        c = colours()
        name, colour = ("warning", c.danger) if failed else ("clock", c.warning if over else c.accent)
        self.sign.setPixmap(pixmap(name, self.fontMetrics().height() + 4, colour))
        self.words.setText(words)
        self.setAccessibleName(words)
        for widget in (self.words, self.button, self.other):
            widget.setVisible(not under_way)
        self.shut.setVisible(failed and not under_way)
        if under_way:
            self.form.hide()

    def _words(self, state: SessionState) -> str:
        """What the bar says; empty while there is nothing to say."""
        view = self._engine.sign_in_view()
        ends = self._engine.session_ends_at()
        pieces = []
        if view.stage is SignInStage.FAILED and view.failure is not None and self._asked:
            pieces.append(self._failure(view.failure))
        if state is SessionState.READING:
            pieces.append(
                self.tr(
                    "Votre session est terminée : vous pouvez lire et rédiger ; rien ne part et rien n’arrive avant "
                    "une nouvelle identification."
                )
            )
        elif ends is not None and ends - self._clock() <= NEAR:
            pieces.append(
                self.tr("Votre session Pro Santé Connect se termine à {time}.").format(time=wording.clock(ends))
            )
        return " ".join(pieces)

    def _failure(self, failure: Exception) -> str:
        if isinstance(failure, Untrusted) and failure.reason is Distrust.IDENTITY:
            return self.tr("Une autre personne s’est identifiée : votre session n’a pas été prolongée.")
        sentence = wording.failure(failure, "sign in")
        return self.tr("{title}. {text}").format(title=sentence.title, text=sentence.text)

    def _end_of_wait(self, stage: SignInStage) -> None:
        if stage is SignInStage.FAILED:
            return
        self._asked = False
        ends = self._engine.session_ends_at()
        if self._engine.session_state() is SessionState.OPEN and not self._words(SessionState.OPEN):
            said = self.tr("Votre session est prolongée.")
            if ends is not None:
                said = self.tr("Votre session est prolongée jusqu’à {time}.").format(time=wording.clock(ends))
            voice.say(self, said)
            self.renewed.emit(said)

    def _tell(self, words: str, under_way: bool) -> None:
        """Aloud once for each end and each trouble; a repaint says nothing."""
        if not under_way and words and words != self._told:
            self._told = words
            voice.say(self, words)

    def _go(self) -> None:
        if self._has_keyboard():
            self._give_back()
        self._told, self._before = None, None
        self.wait.show_view(SignInView())
        self.form.hide()
        self.hide()

    def _give_back(self) -> None:
        before, self._before = self._before, None
        if before is not None and before.isVisible() and not self.isAncestorOf(before):
            before.setFocus()
        elif before is not None and self.isAncestorOf(before) and not self.button.isHidden():
            self.button.setFocus()
        else:
            self.keyboard_back.emit()

    def _has_keyboard(self) -> bool:
        focus = self.window().focusWidget()
        return focus is not None and self.isAncestorOf(focus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.waiting:
            self.cancel()
        elif event.key() == Qt.Key.Key_Escape and not self.form.isHidden():
            self.form.hide()
            self.other.setFocus()
        else:
            super().keyPressEvent(event)
