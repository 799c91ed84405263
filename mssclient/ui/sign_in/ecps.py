"""Signing in with the e-CPS application: the national id to which the request goes."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mssclient.domain.session import canonical_id

_SHORTEST = 8


class EcpsForm(QFrame):
    """Asks for the national id; `asked` carries it with its type digit."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None, name: str = "sign_in.ecps") -> None:
        super().__init__(parent)
        self.setObjectName(f"{name}.form")
        self._proposed = ""
        self.label = QLabel(self.tr("Votre numéro RPPS ou identifiant national"), self)
        self.number = QLineEdit(self)
        self.number.setObjectName(f"{name}.number")
        self.number.setAccessibleName(self.label.text())
        self.number.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9 ]{0,24}"), self))
        self.label.setBuddy(self.number)
        self.button = QPushButton(self.tr("Recevoir la demande"), self)
        self.button.setObjectName(f"{name}.ask")
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
        """Follow the card, empty when there is none, unless something was typed."""
        if self.number.text() in {"", self._proposed}:
            self._proposed = national_id
            self.number.setText(national_id)

    def take_keyboard(self) -> None:
        """Put the keyboard where something is missing: in the field, or on the button once it is filled in."""
        (self.button if self.button.isEnabled() else self.number).setFocus()

    def empty(self) -> None:
        """Keep nobody's number."""
        self._proposed = ""
        self.number.setText("")

    def _digits(self) -> str:
        return self.number.text().replace(" ", "")

    def _ask(self) -> None:
        if len(self._digits()) >= _SHORTEST:
            self.asked.emit(canonical_id(self._digits()))
