"""First start: the address of a mailbox is all one has to know."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
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
_GRACE_MS = 1200
"""What an operator that answers is given to open a mailbox before a person is asked for an address."""


class FirstAddress(QWidget):
    """Shown while a person has no mailbox yet: says that they open while this is tried, then asks for an address.
    Goes away by itself when one opens (`BalsChanged`)."""

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("first_address")
        self.setProperty("surface", "window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._engine = engine
        self._tried = False
        self._make()
        self._lay_out()
        herald.problem.connect(self._on_problem)
        herald.progress_changed.connect(self._on_progress)
        self._grace = QTimer(self)
        self._grace.setSingleShot(True)
        self._grace.setInterval(_GRACE_MS)
        self._grace.timeout.connect(self._give_up_waiting)
        self.refresh()

    def _make(self) -> None:
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
        self.opening = PlainLabel(self.tr("Ouverture de vos boîtes…"), self)
        self.opening.setObjectName("first_address.opening")
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

    def _lay_out(self) -> None:
        tile = self._tile = QFrame(self)
        tile.setProperty("card", True)
        column = QVBoxLayout(tile)
        column.setContentsMargins(_MARGIN, 30, _MARGIN, 30)
        column.setSpacing(14)
        for widget in (self.title, self.opening, self.words, self.address, self.notice, self.button):
            column.addWidget(widget)
        page = QVBoxLayout(self)
        page.addStretch(2)
        page.addLayout(centred(tile))
        page.addStretch(3)

    def begin(self) -> None:
        """Somebody came in: their mailboxes are tried first."""
        self._tried = False
        self.address.setText("")
        self.notice.hush()
        self._grace.start()
        self.refresh()

    def forget(self) -> None:
        """Keep nothing of whoever was here."""
        self._grace.stop()
        self.address.setText("")
        self.notice.hush()
        self.refresh()

    def refresh(self) -> None:
        """Greet whoever is there."""
        width = _WIDTH_EM * self.fontMetrics().height()
        self._tile.setFixedWidth(width)
        self.words.wrap_at(width - 2 * _MARGIN)
        self._show_form(self._tried and not self._under_way())
        person = self._engine.person()
        self.title.setText(
            self.tr("Bonjour {name}").format(name=person.name) if person else self.tr("Première ouverture")
        )

    def take_keyboard(self) -> None:
        """Put the keyboard in the field."""
        self.address.setFocus()

    def _under_way(self) -> bool:
        return any(progress.what == "opening" for progress in self._engine.progress())

    def _show_form(self, on: bool) -> None:
        had = self.address.isHidden()
        for widget in (self.words, self.address, self.button):
            widget.setVisible(on)
        self.opening.setVisible(not on)
        if on and had and self.isVisible():
            self.take_keyboard()

    def _give_up_waiting(self) -> None:
        self._tried = True
        self.refresh()

    def _on_progress(self) -> None:
        if self.isVisible():
            self.refresh()

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
            self._tried = True
            self.refresh()
            sentence = wording.problem(told)
            self.notice.tell(self.tr("{title}. {text}").format(title=sentence.title, text=sentence.text), Tone.ERROR)
            self.button.setEnabled(True)
