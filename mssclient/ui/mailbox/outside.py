"""Handing a document to another program: asked once for each, since the copy leaves what this program protects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from mssclient.domain.events import OutsideReady, SessionChanged
from mssclient.domain.message import PartId
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald

Opener = Callable[[Path], bool]
_Key = tuple[PartId, str]


def open_by_system(path: Path) -> bool:
    """Let the system choose the program; False when it has none."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class Outside(QObject):
    """Asks, has the copy made, opens it. `notice` shows the question; `answered` says that it was answered.
    Main thread; `opener` is the system's but in tests."""

    answered = Signal()

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget, opener: Opener = open_by_system) -> None:
        super().__init__(parent)
        self._engine = engine
        self.opener = opener
        self._agreed: set[_Key] = set()
        self._asked: tuple[_Key, str] | None = None
        self._awaited: set[_Key] = set()
        self.notice = Notice("outside.question", parent)
        self.notice.acted.connect(self._on_answer)
        herald.outside_ready.connect(self._on_ready)
        herald.session_changed.connect(self._on_session)

    def ask(self, part_id: PartId, content: str, name: str) -> None:
        """Open a document elsewhere, once the person knows what becomes of the copy."""
        key = (part_id, content)
        if key in self._agreed:
            self._open(key)
            return
        self._asked = (key, name)
        text = QCoreApplication.translate(
            "Outside",
            "Ouvrir « {name} » dans un autre programme ? Il reçoit une copie provisoire en lecture seule, effacée au "
            "verrouillage du poste : ce que vous y changeriez serait perdu.",
        ).replace("{name}", name)
        self.notice.tell(text, Tone.NOTE, (_tr_open(), _tr_keep()))
        self.notice.button(0).setFocus()

    def forget(self) -> None:
        """Another person: nothing was agreed, nothing is awaited."""
        self._agreed.clear()
        self._awaited.clear()
        self._asked = None
        self.notice.hush()

    def _on_answer(self, place: int) -> None:
        asked, self._asked = self._asked, None
        self.notice.hush()
        self.answered.emit()
        if asked is None:
            return
        if place == 0:
            self._agreed.add(asked[0])
            self._open(asked[0])

    def _open(self, key: _Key) -> None:
        self._awaited.add(key)
        self._engine.open_outside(*key)

    def _on_ready(self, event: OutsideReady) -> None:
        key = (event.part_id, event.content)
        if key not in self._awaited or self._engine.session_state() not in {SessionState.OPEN, SessionState.READING}:
            return
        self._awaited.discard(key)
        path = self._engine.outside_file(*key)
        if path is not None and not self.opener(path):
            text = QCoreApplication.translate(
                "Outside", "Aucun programme de ce poste ne sait ouvrir ce document. Vous pouvez l’enregistrer."
            )
            self.notice.tell(text, Tone.WARNING, (QCoreApplication.translate("Outside", "Fermer"),))

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is SessionState.LOCKED:
            # What comes ready under the cover must not open a window beside it.
            self._awaited.clear()


def _tr_open() -> str:
    return QCoreApplication.translate("Outside", "Ouvrir")


def _tr_keep() -> str:
    return QCoreApplication.translate("Outside", "Ne pas ouvrir")
