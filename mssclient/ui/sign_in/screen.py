"""The first screen: who is there, the card, Pro Santé Connect, e-CPS; also what a locked workstation shows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from mssclient.domain.session import Person, SessionState, SignInStage, SignInView
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.icons import pixmap, put
from mssclient.ui.sign_in.card_tile import CardTile
from mssclient.ui.sign_in.ecps import EcpsForm
from mssclient.ui.sign_in.wait import SignInWait
from mssclient.ui.theme import colours, theme
from mssclient.ui.widgets.labels import PlainLabel, centred
from mssclient.ui.widgets.voice import voice

_WIDTH_EM = 32
_MARGIN = 36


class SignInScreen(QWidget):
    """Re-reads the engine at each event. With `locked`, it says whose session waits. Escape gives up. Main thread."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None, *, locked: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("sign_in")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._engine = engine
        self._locked = locked
        self._ecps_open = False
        self._make()
        self._lay_out()
        herald.card_changed.connect(self._on_news)
        herald.sign_in_changed.connect(self._on_news)
        herald.session_changed.connect(self._on_news)
        theme.changed.connect(self.refresh)
        self.refresh()

    @Slot(object)
    def _on_news(self, _event: object) -> None:
        # A method, not a lambda: the screens of a lock go away, and Qt forgets only what it knows as a receiver's slot.
        self.refresh()

    def _make(self) -> None:
        self._make_words()
        self._make_buttons()

    def _make_words(self) -> None:
        self.sign = QLabel(self)
        self.name = QLabel("mssclient", self)
        self.name.setProperty("letters", "title")
        self.purpose = QLabel(self.tr("Messagerie sécurisée de santé"), self)
        self.purpose.setProperty("muted", True)
        self.place = PlainLabel(parent=self)
        self.place.setObjectName("sign_in.environment")
        self.place.setProperty("tone", "warning")
        self.whose = PlainLabel(parent=self)
        self.whose.setObjectName("sign_in.whose")
        self.tile = CardTile(self)
        self.card = self.tile.words
        self.notice = Notice("sign_in.notice", self)
        self.wait = SignInWait("sign_in.wait", self)
        self.wait.cancelled.connect(self._engine.cancel_sign_in)

    def _make_buttons(self) -> None:
        self.button = QPushButton(self.tr("S’identifier avec Pro Santé Connect"), self)
        self.button.setObjectName("sign_in.psc")
        self.button.setProperty("primary", True)
        self.button.setProperty("large", True)
        self.button.clicked.connect(self._engine.sign_in_with_browser)
        self.other = QPushButton(self.tr("Utiliser l’application e-CPS"), self)
        self.other.setObjectName("sign_in.ecps")
        self.other.setFlat(True)
        put(self.other, "phone")
        self.other.clicked.connect(self._on_other)
        self.form = EcpsForm(self)
        self.form.asked.connect(self._engine.sign_in_with_ecps)
        self.leave = QPushButton(self.tr("Fermer cette session"), self)
        self.leave.setObjectName("sign_in.sign_out")
        self.leave.setFlat(True)
        self.leave.clicked.connect(self._engine.sign_out)
        for button in (self.button, self.other, self.form.button, self.leave):
            # Enter presses the button in focus: these stand in a window, not in a dialog.
            button.setAutoDefault(True)

    def _lay_out(self) -> None:
        frame = self._frame = QFrame(self)
        frame.setProperty("card", True)
        frame.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(frame)
        column.setContentsMargins(_MARGIN, 30, _MARGIN, 26)
        column.setSpacing(12)
        for widget in (self.sign, self.name, self.purpose):
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self.place.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.whose.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.place)
        column.addWidget(self.whose)
        column.addSpacing(4)
        column.addWidget(self.tile)
        steps: tuple[QWidget, ...] = (self.notice, self.button, self.wait, self.other, self.form)
        for step in steps:
            column.addWidget(step)
        column.addWidget(self.leave, 0, Qt.AlignmentFlag.AlignHCenter)
        middle = QWidget()
        middle.setProperty("surface", "window")
        page = QVBoxLayout(middle)
        page.addStretch(2)
        page.addLayout(centred(frame))
        page.addStretch(3)
        # 200 % text on a small screen: everything can still be reached.
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(middle)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._area)

    def refresh(self) -> None:
        """Show where things stand."""
        view, card = self._engine.sign_in_view(), self._engine.card_status()
        was_waiting, keyboard_here = self.wait.waiting, self._has_keyboard()
        self._dress()
        self.tile.show_card(card, view, self._waits())
        self.form.prefill(card.holder.national_id if card.holder else "")
        self.wait.show_view(view)
        waiting = self.wait.waiting
        if waiting and keyboard_here and not was_waiting:
            # Before the buttons go: Qt would hand the keyboard to whatever comes next, which closes the session.
            self._focus(self.wait.cancel)
        for widget in (self.button, self.other):
            widget.setVisible(not waiting)
        self.form.setVisible(not waiting and self._ecps_open)
        self.leave.setVisible(self._waits() is not None and not waiting)
        self._show_failure(view)
        if was_waiting and not waiting and keyboard_here:
            self._focus(self.form.button if self._ecps_open and self.form.button.isEnabled() else self.button)

    def _show_failure(self, view: SignInView) -> None:
        if view.stage is not SignInStage.FAILED or view.failure is None:
            self.notice.hush()
            return
        sentence = wording.failure(view.failure, "sign in")
        text = self.tr("{title}. {text}").format(title=sentence.title, text=sentence.text)
        if text != self.notice.text and self.isVisible():
            voice.say(self, text, at_once=True)
        self.notice.tell(text, Tone.ERROR)

    def take_keyboard(self) -> None:
        """Put the keyboard where one begins, or where one gives up."""
        self._focus(self.wait.cancel if self.wait.can_cancel else self.button)

    def forget(self) -> None:
        """Keep nothing of whoever signed in here."""
        self._ecps_open = False
        self.form.empty()
        self.refresh()

    def _has_keyboard(self) -> bool:
        if not self.isVisible():
            return False
        focus = self.window().focusWidget()
        return focus is None or self.isAncestorOf(focus)

    def _focus(self, widget: QWidget) -> None:
        widget.setFocus()
        self._area.ensureWidgetVisible(widget)

    def _waits(self) -> Person | None:
        """Whose locked session waits behind this screen."""
        return self._engine.person() if self._locked and self._engine.session_state() is SessionState.LOCKED else None

    def _dress(self) -> None:
        width = _WIDTH_EM * self.fontMetrics().height()
        self._frame.setFixedWidth(width)
        inner = width - 2 * _MARGIN
        for label in (self.place, self.whose, self.wait.words):
            label.wrap_at(inner)
        self.tile.wrap_at(inner)
        self.sign.setPixmap(pixmap("lock" if self._locked else "shield", 44, colours().accent))
        self.name.setText(self.tr("Poste verrouillé") if self._locked else "mssclient")
        self.purpose.setVisible(not self._locked)
        # The main window says it above this page, but not above a cover.
        self.place.setVisible(self._engine.environment.training and self._locked)
        self.place.setText(self.tr("Environnement de démonstration : personnes et messages fictifs."))
        waits = self._waits()
        self.whose.setVisible(waits is not None)
        if waits is not None:
            self.whose.setText(
                self.tr(
                    "Session de {name}. Identifiez-vous pour la retrouver telle quelle. "
                    "Si une autre personne s’identifie, elle ouvrira la sienne."
                ).format(name=waits.name)
            )

    def _on_other(self) -> None:
        self._ecps_open = not self._ecps_open
        self.refresh()
        if self._ecps_open:
            self.form.take_keyboard()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keyboard that is given to the whole page goes where one begins."""
        super().focusInEvent(event)
        self.take_keyboard()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A key, not a shortcut: a covered workstation lets no shortcut act.
        if event.key() == Qt.Key.Key_Escape and self.wait.can_cancel:
            self._engine.cancel_sign_in()
        else:
            super().keyPressEvent(event)
