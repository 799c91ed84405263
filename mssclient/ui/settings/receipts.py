"""What becomes of read receipts that senders ask for: a question each time, always, or never; mailbox by mailbox."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mssclient.domain.bal import Bal, BalId
from mssclient.domain.read_receipts import ReceiptPolicy
from mssclient.engine.api import Engine
from mssclient.ui.settings.pages import muted
from mssclient.ui.widgets.badge import BalBadge


class ReceiptsPage(QWidget):
    """One choice a mailbox, and one for all of them; each applies at once. Main thread."""

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._shown: tuple[BalId, ...] = ()
        self.choices: dict[BalId, QComboBox] = {}
        self.all = self._choice("settings.receipts.all", self.tr("Pour toutes mes boîtes"))
        self.all.insertItem(0, self.tr("Selon la boîte"), None)
        self.all.activated.connect(lambda _index: self._choose_all())
        label = QLabel(self.tr("Pour &toutes mes boîtes"), self)
        label.setBuddy(self.all)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        explained = self.tr(
            "Un expéditeur peut demander un accusé de lecture. Il dit seulement que son message a été affiché, et part "
            "sous votre nom. Même avec « Toujours envoyer », vous êtes consulté quand l’adresse de retour paraît douteuse."
        )
        page = QVBoxLayout(self)
        page.setContentsMargins(16, 16, 16, 16)
        page.setSpacing(10)
        page.addWidget(muted(explained, self))
        page.addWidget(label)
        page.addWidget(self.all)
        page.addWidget(self._area, 1)
        self.show_bals()

    def show_bals(self) -> None:
        """Read the mailboxes again; the choices are built anew only when there are others."""
        bals = self._engine.reader.bals()
        if tuple(bal.id for bal in bals) != self._shown:
            self._shown = tuple(bal.id for bal in bals)
            self._build(bals)
        for bal_id, choice in self.choices.items():
            choice.setCurrentIndex(choice.findData(self._engine.receipt_policy(bal_id)))
        self._agree()

    def _build(self, bals: tuple[Bal, ...]) -> None:
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setColumnStretch(1, 1)
        self.choices = {}
        for row, bal in enumerate(bals):
            badge = BalBadge(inside)
            badge.show_bal(bal)
            said = self.tr("Accusés de lecture de {bal}").format(bal=bal.label)
            choice = self.choices[bal.id] = self._choice(f"settings.receipts.{bal.id}", said, inside)
            choice.activated.connect(lambda _index, bal_id=bal.id: self._choose(bal_id))
            label = QLabel(inside)
            label.setText(bal.label.replace("&", "&&"))
            label.setBuddy(choice)
            for column, widget in enumerate((badge, label, choice)):
                grid.addWidget(widget, row, column)
        grid.setRowStretch(len(bals), 1)
        self._area.setWidget(inside)

    def _choice(self, name: str, said: str, parent: QWidget | None = None) -> QComboBox:
        box = QComboBox(parent or self)
        box.setObjectName(name)
        box.setAccessibleName(said)
        for policy, text in (
            (ReceiptPolicy.ASK, self.tr("Me demander chaque fois")),
            (ReceiptPolicy.ALWAYS, self.tr("Toujours envoyer")),
            (ReceiptPolicy.NEVER, self.tr("Ne jamais envoyer")),
        ):
            box.addItem(text, policy)
        return box

    def _choose(self, bal_id: BalId) -> None:
        policy = self.choices[bal_id].currentData()
        if isinstance(policy, ReceiptPolicy):
            self._engine.set_receipt_policy(bal_id, policy)
        self._agree()

    def _choose_all(self) -> None:
        policy = self.all.currentData()
        if isinstance(policy, ReceiptPolicy):
            for bal_id, choice in self.choices.items():
                choice.setCurrentIndex(choice.findData(policy))
                self._engine.set_receipt_policy(bal_id, policy)

    def _agree(self) -> None:
        """The choice for all says what the mailboxes have in common, if anything."""
        policies = {choice.currentData() for choice in self.choices.values()}
        common = policies.pop() if len(policies) == 1 else None
        self.all.setCurrentIndex(self.all.findData(common) if common is not None else 0)
