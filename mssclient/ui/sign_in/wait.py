"""A sign-in under way: what to do next in words, the digits or the code to compare, the time left, and how to stop."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from mssclient.domain.session import SignInStage, SignInView
from mssclient.ui.widgets import clipboard
from mssclient.ui.widgets.labels import PlainLabel
from mssclient.ui.widgets.voice import voice

_ROUND = {600, 300, 240, 180, 120, 60, 30, 10, 0}
"""Seconds left at which the time is said aloud: each second would drown everything else."""
WAITING = (SignInStage.BROWSER, SignInStage.PHONE, SignInStage.OPENING)


class SignInWait(QFrame):
    """Follows `SignInView`; `cancelled` asks to give up. With `compact`, one line for a bar. Never begins anew by
    itself. Main thread."""

    cancelled = Signal()

    def __init__(self, name: str, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._left = 0
        self._view = SignInView()
        self._told = ""
        self.words = PlainLabel(parent=self)
        self.words.setObjectName(f"{name}.words")
        self.digits = QLabel(self)
        self.digits.setObjectName(f"{name}.digits")
        self.digits.setProperty("letters", "code" if compact else "digits")
        self.digits.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        self.countdown = QLabel(self)
        self.countdown.setObjectName(f"{name}.countdown")
        self.countdown.setProperty("muted", True)
        self.cancel = QPushButton(self.tr("Annuler"), self)
        self.cancel.setObjectName(f"{name}.cancel")
        self.cancel.setToolTip(self.tr("Annuler l’identification (Échap)"))
        self.cancel.clicked.connect(self.cancelled)
        self.copy = QPushButton(self.tr("Copier l’adresse"), self)
        self.copy.setObjectName(f"{name}.copy")
        self.copy.setToolTip(self.tr("Si votre navigateur ne s’est pas ouvert, collez cette adresse dans le vôtre."))
        self.copy.setFlat(not compact)
        self.copy.clicked.connect(self._on_copy)
        for button in (self.cancel, self.copy):
            button.setAutoDefault(True)
        self._lay_out(compact)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self.hide()

    def _lay_out(self, compact: bool) -> None:
        line: QBoxLayout
        if compact:
            line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
            line.addWidget(self.words, 1)
        else:
            line = QVBoxLayout(self)
            line.addWidget(self.words)
            for label in (self.words, self.digits, self.countdown):
                label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(10)
        for widget in (self.digits, self.countdown, self.cancel, self.copy):
            line.addWidget(widget)

    @property
    def waiting(self) -> bool:
        """Whether a sign-in is under way."""
        return self._view.stage in WAITING

    @property
    def can_cancel(self) -> bool:
        """Whether giving up still has a sense."""
        return self._view.stage in {SignInStage.BROWSER, SignInStage.PHONE}

    def show_view(self, view: SignInView) -> None:
        """Follow a view; what changed is said aloud."""
        before, self._view = self._view, view
        if not self.waiting:
            self._stop()
            return
        self._count_from(before, view)
        shown = view.digits if view.stage is SignInStage.PHONE else view.code
        self.words.setText(self._sentence(view))
        self.digits.setVisible(bool(shown))
        self.digits.setText(" ".join(shown))
        self.digits.setAccessibleName(self._named(view))
        self.countdown.setVisible(view.stage is SignInStage.PHONE and bool(view.digits))
        self.cancel.setVisible(self.can_cancel)
        self.copy.setVisible(view.stage is SignInStage.BROWSER and bool(view.url))
        self.show()
        self._tell(" ".join(piece for piece in (self.words.text(), self.digits.accessibleName()) if piece))

    def _count_from(self, before: SignInView, view: SignInView) -> None:
        """The countdown begins anew for another request only, or when its end was moved."""
        if view.stage is not SignInStage.PHONE or not view.digits:
            self._timer.stop()
        elif (before.digits, before.expires_in_s) != (view.digits, view.expires_in_s) or not self._timer.isActive():
            self._left = max(0, view.expires_in_s)
            self._timer.start()
            self._word()

    def _stop(self) -> None:
        self._timer.stop()
        self._told = ""
        self.digits.clear()
        self.words.setText("")
        self.hide()

    def _sentence(self, view: SignInView) -> str:
        match view.stage:
            case SignInStage.BROWSER if view.code:
                return self.tr(
                    "Étape 1 sur 2 : identifiez-vous dans votre navigateur. Il vous montrera un code : "
                    "ne confirmez que si c’est celui-ci."
                )
            case SignInStage.BROWSER:
                return self.tr("Étape 1 sur 2 : identifiez-vous dans votre navigateur. La suite se fait toute seule.")
            case SignInStage.PHONE if view.digits:
                return self.tr(
                    "Étape 1 sur 2 : ouvrez l’application e-CPS sur votre téléphone et choisissez ce nombre."
                )
            case SignInStage.PHONE:
                return self.tr("Envoi de la demande à votre application e-CPS…")
            case _:
                return self.tr("Étape 2 sur 2 : identité reconnue, ouverture de vos boîtes…")

    def _named(self, view: SignInView) -> str:
        if view.stage is SignInStage.PHONE and view.digits:
            return self.tr("Nombre à reconnaître : {digits}").format(digits=" ".join(view.digits))
        if view.stage is SignInStage.BROWSER and view.code:
            return self.tr("Code à comparer : {code}").format(code=" ".join(view.code))
        return ""

    def tick(self) -> None:
        """One second went by."""
        self._left = max(0, self._left - 1)
        self._word()
        if self._left == 0:
            self._timer.stop()
        if self._left in _ROUND:
            self._tell(self.countdown.text())

    def _word(self) -> None:
        minutes, seconds = divmod(self._left, 60)
        if self._left >= 60:
            text = self.tr("Il reste {minutes} min {seconds} s.").format(minutes=minutes, seconds=f"{seconds:02d}")
        elif self._left:
            text = self.tr("Il reste {seconds} s.").format(seconds=seconds)
        else:
            text = self.tr("La demande a expiré : annulez, puis recommencez.")
        self.countdown.setText(text)
        if self._left in _ROUND or not self.countdown.accessibleName():
            # A name of its own keeps Qt from telling a screen reader each second.
            self.countdown.setAccessibleName(text)

    def _tell(self, text: str) -> None:
        if text != self._told and self.isVisible():
            self._told = text
            voice.say(self, text, at_once=True)

    def _on_copy(self) -> None:
        clipboard.copy(self._view.url)
        voice.say(self.copy, self.tr("Adresse copiée."))
