"""Says in a composer that its draft was changed, sent or removed elsewhere too, and asks which version stands."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from mssclient.domain.draft_copy import Rival
from mssclient.domain.events import DraftInConflict
from mssclient.engine.api import Engine
from mssclient.ui.compose.keeper import DraftKeeper
from mssclient.ui.compose.notice import Notice, Tone
from mssclient.ui.herald import Herald

EXCERPT = 160


class RivalNotice(Notice):
    """Hidden while there is one version. `replaced`: theirs was chosen, and this window holds the other one."""

    replaced = Signal()

    def __init__(self, engine: Engine, herald: Herald, keeper: DraftKeeper, parent: QWidget) -> None:
        super().__init__("compose.notice.rival", parent)
        self._engine = engine
        self._keeper = keeper
        herald.draft_in_conflict.connect(self._on_news)
        self.acted.connect(self._on_acted)
        self.refresh()

    def refresh(self) -> None:
        """Read again whether there are two versions."""
        two = self._engine.draft_conflict(self._keeper.draft.id)
        if two is None:
            self.hush()
        elif two.rival.uid:
            self.tell(self._changed(two.rival), Tone.WARNING, self._choices())
        else:
            text = self.tr("Ce brouillon a été envoyé ou supprimé depuis un autre poste.")
            self.tell(text, Tone.WARNING, (self.tr("Le garder ici"), self.tr("Le supprimer ici aussi")))

    def _choices(self) -> tuple[str, ...]:
        return self.tr("Garder cette version"), self.tr("Prendre l’autre"), self.tr("Garder les deux")

    def _changed(self, rival: Rival) -> str:
        theirs = rival.theirs
        if theirs is None:
            return self.tr("Ce brouillon a aussi été modifié depuis un autre poste.")
        words = " ".join(theirs.text.split())
        shown = words if len(words) <= EXCERPT else f"{words[:EXCERPT]}…"
        return self.tr("Ce brouillon a aussi été modifié depuis un autre poste, où il dit : « {words} »").format(
            words=shown
        )

    def _on_news(self, event: DraftInConflict) -> None:
        if event.draft_id == self._keeper.draft.id and not self._keeper.over:
            self.refresh()

    def _on_acted(self, place: int) -> None:
        draft_id = self._keeper.draft.id
        self.hush()
        match place:
            case 0:
                self._keeper.keep_now()
                self._engine.keep_mine(draft_id)
            case 1:
                self._keeper.finish()
                self._engine.keep_theirs(draft_id)
                self.replaced.emit()
            case _:
                self._keeper.keep_now()
                self._engine.keep_both(draft_id)
