"""What the record system asks us to write while the program runs: opened at once, or kept in sight until somebody signs in."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from mssclient.domain.errors import SessionEnded
from mssclient.domain.handover import Handover
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald

MOST_WAITING = 20


class Arrivals(QObject):
    """Emits `begun` with a draft. Nothing of what waits is shown but that it waits: whoever stands here is not known."""

    begun = Signal(object)

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._waiting: list[tuple[Handover, Path | None]] = []
        self.notice = Notice("window.arrivals", parent)
        self._refusal = ""
        self.notice.acted.connect(lambda _place: self._on_acted())
        herald.session_changed.connect(lambda _event: self.open_waiting())
        herald.bals_changed.connect(lambda _event: self.open_waiting())

    def take(self, handed: Handover, paths: bool) -> bool:
        """One more; whether it is kept, and if not, why is said here: who asked may have no screen of its own. Names are
        looked for in the record system's folder, paths where they say."""
        folder = self._engine.environment.send_folder
        if len(self._waiting) >= MOST_WAITING:
            return self._refuse(
                self.tr("Trop de messages attendent déjà d’être rédigés : le dernier n’a pas été pris.")
            )
        if handed.attachments and not paths and not folder:
            return self._refuse(
                self.tr(
                    "Ce lien désigne des documents du dossier « à envoyer », qui n’est pas configuré sur ce poste : "
                    "le message n’a pas été commencé."
                )
            )
        self._waiting.append((handed, None if paths or not folder else Path(folder)))
        self.open_waiting()
        return True

    def open_waiting(self) -> None:
        """Everything that waits becomes a window, when there is somebody with a mailbox."""
        if self._engine.session_state() is SessionState.OPEN and self._engine.reader.bals():
            while self._waiting:
                handed, folder = self._waiting[0]
                try:
                    draft = self._engine.compose(handed, folder)
                except SessionEnded:
                    break
                self._waiting.pop(0)
                self.begun.emit(draft)
        self._say()

    def _refuse(self, why: str) -> bool:
        self._refusal = why
        self._say()
        return False

    def _on_acted(self) -> None:
        if not self._refusal:
            self._waiting.clear()
        self._refusal = ""
        self._say()

    def _say(self) -> None:
        if self._refusal:
            self.notice.tell(self._refusal, Tone.WARNING, (self.tr("Fermer"),))
            return
        if not self._waiting:
            self.notice.hush()
            return
        text = self.tr("Un message est prêt à être rédigé : il s’ouvrira quand vous serez identifié.")
        if len(self._waiting) > 1:
            text = self.tr("{number} messages sont prêts à être rédigés : ils s’ouvriront quand vous serez identifié.")
        self.notice.tell(text.format(number=len(self._waiting)), Tone.NOTE, (self.tr("Abandonner"),))
