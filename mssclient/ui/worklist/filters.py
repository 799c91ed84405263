"""Above the worklist: what of it is shown, and words to look for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

from mssclient.domain.bal import BalId
from mssclient.domain.worklist import OPEN_STATES, WorkQuery, WorkState
from mssclient.engine.api import Reader
from mssclient.ui import wording
from mssclient.ui.wording_documents import type_label
from mssclient.ui.worklist import words

_TYPING_MS = 120


class WorkFilters(QFrame):
    """`changed` when the query is another one; `applied` gives it."""

    changed = Signal()

    def __init__(self, reader: Reader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self.setObjectName("worklist.filters")
        self.setProperty("surface", "base")
        self.title = QLabel(self.tr("À intégrer"), self)
        self.title.setProperty("heading", True)
        self.count = QLabel(self)
        self.count.setObjectName("worklist.count")
        self.count.setProperty("muted", True)
        self.states = self._combo("states", self.tr("État"))
        self.states.addItem(self.tr("À intégrer"), OPEN_STATES)
        for state in WorkState:
            if state not in OPEN_STATES:
                self.states.addItem(words.state(state), frozenset({state}))
        self.states.addItem(self.tr("Tous les états"), frozenset(WorkState))
        self.bals = self._combo("bals", self.tr("Boîte"))
        self.types = self._combo("types", self.tr("Type"))
        self.words = QLineEdit(self)
        self.words.setObjectName("worklist.words")
        self.words.setPlaceholderText(self.tr("Usager, titre, auteur…"))
        self.words.setAccessibleName(self.tr("Filtrer par usager, titre, auteur ou structure"))
        self.words.setClearButtonEnabled(True)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self.changed)
        self.words.textChanged.connect(lambda _text: self._typing.start())
        line = QHBoxLayout(self)
        line.setContentsMargins(10, 6, 8, 6)
        line.setSpacing(6)
        for widget in (self.title, self.count):
            line.addWidget(widget)
        line.addStretch(1)
        for box in (self.states, self.bals, self.types):
            line.addWidget(box)
        line.addWidget(self.words)
        self.refresh()

    def _combo(self, name: str, said: str) -> QComboBox:
        box = QComboBox(self)
        box.setObjectName(f"worklist.{name}")
        box.setAccessibleName(said)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(11)
        box.activated.connect(lambda _place: self.changed.emit())
        return box

    def refresh(self) -> None:
        """Offer the mailboxes and types there are now; what is chosen stays."""
        self._fill(self.bals, self.tr("Toutes les boîtes"), [(bal.label, bal.id) for bal in self._reader.bals()])
        types = [(type_label(code, label), code) for code, label in self._reader.work_types()]
        self._fill(self.types, self.tr("Tous les types"), types)

    @staticmethod
    def _fill(box: QComboBox, every: str, offered: Sequence[tuple[str, object]]) -> None:
        here = box.currentData()
        box.clear()
        box.addItem(every, None)
        for label, value in offered:
            box.addItem(label, value)
        box.setCurrentIndex(max(0, box.findData(here)) if here is not None else 0)

    def applied(self, sort: str, descending: bool) -> WorkQuery:
        """What the filters ask for, in an order."""
        bal = self.bals.currentData()
        return WorkQuery(
            frozenset(self.states.currentData()), BalId(bal) if bal is not None else None,
            str(self.types.currentData() or ""), self.words.text(), sort, descending,
        )  # fmt: skip

    def is_narrow(self) -> bool:
        """Whether anything beside the state is filtered."""
        return bool(self.bals.currentData() is not None or self.types.currentData() or self.words.text().strip())

    def show_count(self, n: int) -> None:
        """How many lines are shown."""
        said = self.tr("1 document") if n == 1 else self.tr("{n} documents").format(n=wording.number(n))
        self.count.setText(said)

    def empty(self) -> None:
        """Keep nothing of anybody."""
        self._typing.stop()
        self.words.blockSignals(True)
        self.words.setText("")
        self.words.blockSignals(False)
        for box in (self.bals, self.types):
            box.clear()
        self.states.setCurrentIndex(0)
        self.count.clear()
