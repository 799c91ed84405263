"""First start: the address of a mailbox is all one has to know."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from mssclient.domain.address import is_address, normal
from mssclient.domain.events import Problem
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald
from mssclient.ui.widgets.labels import PlainLabel, centred

_WIDTH_EM = 32
_MARGIN = 36


class FirstAddress(QWidget):
    """Shown while a person has no mailbox yet; goes away by itself when one opens (`BalsChanged`)."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first_address")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._engine = engine
        self.title = QLabel(self)
        self.title.setProperty("letters", "title")
        self.words = PlainLabel(
            self.tr(
                "Indiquez l’adresse MSSanté de votre boîte, personnelle ou de service. "
                "Les serveurs de votre opérateur sont trouvés automatiquement."
            ),
            self,
        )
        self.words.setProperty("muted", True)
        self.address = QLineEdit(self)
        self.address.setObjectName("first_address.address")
        self.address.setAccessibleName(self.tr("Adresse MSSanté"))
        self.address.setPlaceholderText(self.tr("prenom.nom@domaine.mssante.fr"))
        self.address.setMinimumHeight(34)
        self.notice = Notice("first_address.notice", self)
        self.button = QPushButton(self.tr("Ouvrir cette boîte"), self)
        self.button.setObjectName("first_address.open")
        self.button.setProperty("primary", True)
        self.button.setProperty("large", True)
        self.button.setEnabled(False)
        self.button.clicked.connect(self._open)
        self.address.returnPressed.connect(self._open)
        self.address.textChanged.connect(self._on_text)
        tile = self._tile = QFrame(self)
        tile.setProperty("card", True)
        column = QVBoxLayout(tile)
        column.setContentsMargins(_MARGIN, 30, _MARGIN, 30)
        column.setSpacing(14)
        for widget in (self.title, self.words, self.address, self.notice, self.button):
            column.addWidget(widget)
        page = QVBoxLayout(self)
        page.addStretch(2)
        page.addLayout(centred(tile))
        page.addStretch(3)
        herald.problem.connect(self._on_problem)
        self.refresh()

    def refresh(self) -> None:
        """Greet whoever is there."""
        width = _WIDTH_EM * self.fontMetrics().height()
        self._tile.setFixedWidth(width)
        self.words.wrap_at(width - 2 * _MARGIN)
        person = self._engine.person()
        self.title.setText(
            self.tr("Bonjour {name}").format(name=person.name) if person else self.tr("Première ouverture")
        )

    def take_keyboard(self) -> None:
        """Put the keyboard in the field."""
        self.address.setFocus()

    def _on_text(self, text: str) -> None:
        self.button.setEnabled(is_address(text.strip()))
        self.notice.hush()

    def _open(self) -> None:
        if is_address(self.address.text().strip()):
            self.button.setEnabled(False)
            self.notice.tell(self.tr("Recherche de votre opérateur…"), Tone.NOTE)
            self._engine.add_bal(normal(self.address.text()))

    def _on_problem(self, event: Problem) -> None:
        told = self._engine.problem(event.problem_id)
        if told is not None and self.isVisible():
            sentence = wording.problem(told)
            self.notice.tell(self.tr("{title}. {text}").format(title=sentence.title, text=sentence.text), Tone.ERROR)
            self.button.setEnabled(True)
