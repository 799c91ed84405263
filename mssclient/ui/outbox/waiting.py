"""What has not left: one tile a message, why, since when, and the one thing to do."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from mssclient.domain.bal import BalId
from mssclient.domain.outbox import OutboxId, Outgoing, SendState
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.icons import pixmap
from mssclient.ui.outbox.lines import name_of
from mssclient.ui.theme import colours
from mssclient.ui.widgets.transfer import TransferLine

_SHOWN = 50


class WaitingTile(QFrame):
    """One message of the outbox. Its buttons speak to the engine."""

    def __init__(self, engine: Engine, line: Outgoing, now: datetime, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._line = line
        self.setObjectName("outbox.tile")
        self.setProperty("tile", True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        words = QVBoxLayout()
        words.setSpacing(2)
        since = self.tr("depuis {when}").format(when=wording.when(line.queued, now))
        people = ", ".join(name_of(r) for r in line.recipients)
        texts = (line.subject or self.tr("sans objet"), f"{people} · {since}", wording.send_state(line))
        for text, role in zip(texts, ("heading", "muted", ""), strict=True):
            words.addWidget(self._label(text, role))
        self.transfer = TransferLine("outbox.transfer", self.tr("Envoi du message"), parent=self)
        words.addWidget(self.transfer)
        if line.state is SendState.SENDING:
            self.transfer.begin()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 8, 8)
        row.addWidget(self._sign(), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        for button in self._buttons():
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(", ".join(texts))

    def _label(self, text: str, role: str) -> QLabel:
        label = QLabel(self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(text)
        label.setWordWrap(True)
        if role:
            label.setProperty(role, True)
        return label

    def _sign(self) -> QLabel:
        c = colours()
        signs = {SendState.FAILED: ("error", c.danger), SendState.UNCERTAIN: ("question", c.warning)}
        name, shade = signs.get(self._line.state, ("clock", c.muted))
        label = QLabel(self)
        label.setPixmap(pixmap(name, 18, shade))
        return label

    def _button(self, label: str, name: str, *, primary: bool = False) -> Button:
        return Button(label, f"outbox.{name}", self, primary=primary)

    def _buttons(self) -> list[Button]:
        number = self._line.id
        match self._line.state:
            case SendState.QUEUED if self._line.tries or self._line.needs_consent:
                now = self._button(self.tr("Envoyer maintenant"), "send_now", primary=self._line.needs_consent)
                return [now.does(lambda: self._engine.send_again(number)), self._back()]
            case SendState.QUEUED | SendState.FAILED:
                return [self._back()]
            case SendState.UNCERTAIN:
                arrived = self._button(self.tr("Il est bien arrivé"), "settle")
                again = self._button(self.tr("Renvoyer"), "send_again")
                return [
                    arrived.does(lambda: self._engine.settle_as_sent(number)),
                    again.does(lambda: self._engine.send_again(number)),
                ]
            case SendState.SENDING:
                return [self._button(self.tr("Arrêter l’envoi"), "stop").does(lambda: self._engine.take_back(number))]
            case SendState.SENT | SendState.DONE | SendState.CANCELLED:
                return []
            case _:
                assert_never(self._line.state)

    def _back(self) -> Button:
        number = self._line.id
        return self._button(self.tr("Reprendre"), "take_back").does(lambda: self._engine.take_back(number))

    def show_progress(self, bal_id: BalId | None, done: int, total: int) -> None:
        """How much of it has left, in bytes; a mailbox sends one message at a time."""
        if self._line.state is SendState.SENDING and self._line.bal_id == bal_id:
            self.transfer.show_progress(done, total)

    @property
    def outbox_id(self) -> OutboxId:
        """Which line this is."""
        return self._line.id


class WaitingList(QScrollArea):
    """All that waits, or the good news that nothing does. Emits `counted` with how many wait."""

    counted = Signal(int)

    def __init__(self, engine: Engine, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.tiles: list[WaitingTile] = []
        self.setObjectName("outbox.waiting")
        self.setAccessibleName(self.tr("Boîte d’envoi"))
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_lines(self, lines: tuple[Outgoing, ...], now: datetime) -> None:
        """Rebuild the tiles; at most 50, the rest is told by its number."""
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        self.tiles = [WaitingTile(self._engine, line, now, inside) for line in lines[:_SHOWN]]
        for tile in self.tiles:
            column.addWidget(tile)
        if text := self._rest(len(lines)):
            label = QLabel(text, inside)
            label.setObjectName("outbox.rest")
            label.setProperty("muted", True)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)
        self.setWidget(inside)
        self.counted.emit(len(lines))

    def _rest(self, number: int) -> str:
        if number == 0:
            return self.tr("Rien n’attend : tout est parti.")
        if number > _SHOWN:
            return self.tr("et {number} autres").format(number=number - _SHOWN)
        return ""
