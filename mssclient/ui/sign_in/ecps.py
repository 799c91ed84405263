"""Signing in with the e-CPS application: the national id, then two digits to recognise on the phone."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Qt, QTimer, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mssclient.domain.session import canonical_id
from mssclient.ui.widgets.labels import PlainLabel

_SHORTEST = 8


class EcpsForm(QFrame):
    """Asks for the national id; `asked` carries it with its type digit."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sign_in.ecps.form")
        self.label = QLabel(self.tr("Votre numéro RPPS ou identifiant national"), self)
        self.number = QLineEdit(self)
        self.number.setObjectName("sign_in.ecps.number")
        self.number.setAccessibleName(self.label.text())
        self.number.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9 ]{0,24}"), self))
        self.label.setBuddy(self.number)
        self.button = QPushButton(self.tr("Recevoir la demande"), self)
        self.button.setObjectName("sign_in.ecps.ask")
        self.button.setEnabled(False)
        self.button.clicked.connect(self._ask)
        self.number.textChanged.connect(lambda _text: self.button.setEnabled(len(self._digits()) >= _SHORTEST))
        self.number.returnPressed.connect(self._ask)
        line = QHBoxLayout()
        line.addWidget(self.number, 1)
        line.addWidget(self.button)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.label)
        page.addLayout(line)

    def prefill(self, national_id: str) -> None:
        """Take the number from the card, unless something was typed."""
        if not self.number.text() and national_id:
            self.number.setText(national_id)

    def take_keyboard(self) -> None:
        """Put the keyboard in the field."""
        self.number.setFocus()

    def _digits(self) -> str:
        return self.number.text().replace(" ", "")

    def _ask(self) -> None:
        if len(self._digits()) >= _SHORTEST:
            self.asked.emit(canonical_id(self._digits()))


class EcpsWait(QFrame):
    """The two digits, very large, and the time that is left; it is never restarted by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sign_in.phone")
        self._left = 0
        self._shown: tuple[str, int] = ("", 0)
        self.words = PlainLabel(
            self.tr("Ouvrez l’application e-CPS sur votre téléphone et choisissez ce nombre :"), self
        )
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.digits = QLabel(self)
        self.digits.setObjectName("sign_in.digits")
        self.digits.setProperty("letters", "digits")
        self.digits.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.countdown = QLabel(self)
        self.countdown.setObjectName("sign_in.countdown")
        self.countdown.setProperty("muted", True)
        self.countdown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        for widget in (self.words, self.digits, self.countdown):
            page.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._tick)

    def show_digits(self, digits: str, seconds: int) -> None:
        """Show a request; the countdown begins anew only for another one."""
        if self._shown != (digits, seconds) or not self._timer.isActive():
            self._shown = (digits, seconds)
            self._left = seconds
            self._timer.start()
        self.digits.setText(" ".join(digits))
        self.digits.setAccessibleName(self.tr("Nombre à reconnaître : {digits}").format(digits=digits))
        self._word()

    def stop(self) -> None:
        """No request is under way."""
        self._timer.stop()
        self.digits.clear()

    def _tick(self) -> None:
        self._left = max(0, self._left - 1)
        self._word()

    def _word(self) -> None:
        minutes, seconds = divmod(self._left, 60)
        if self._left:
            text = self.tr("Il reste {minutes} min {seconds} s.").format(minutes=minutes, seconds=f"{seconds:02d}")
        else:
            text = self.tr("La demande a expiré : annulez, puis recommencez.")
        self.countdown.setText(text)
