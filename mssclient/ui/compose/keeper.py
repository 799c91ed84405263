"""Holds the draft of one window and has it kept, so that nothing typed is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from mssclient.domain.bal import BalId
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, Recipient
from mssclient.domain.events import DraftChanged
from mssclient.engine.api import Engine
from mssclient.ui.compose.attachments import reading_attachment
from mssclient.ui.herald import Herald

KEEP_AFTER_MS = 1000
"""A draft is on its way to the disk one second after the first key it does not hold (ux.md: two at most)."""


class DraftKeeper(QObject):
    """The one draft of a window. `kept_at` changes when the engine says that it stands on the disk."""

    kept = Signal()
    attachments_changed = Signal()

    def __init__(self, engine: Engine, herald: Herald, draft: Draft, parent: QObject) -> None:
        super().__init__(parent)
        self.draft = draft
        self.kept_at: datetime | None = draft.updated
        self.reading: tuple[DraftAttachment, ...] = ()
        self._engine = engine
        self._removed: set[AttachmentId] = set()
        self._pasted: set[str] = set()
        self._dirty = False
        self._over = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(self.keep_now)
        herald.draft_changed.connect(self._on_draft_changed)

    def retext(self, subject: str, text: str) -> None:
        """The words changed."""
        self._edit(replace(self.draft, subject=subject, text=text))

    def readdress(self, recipients: tuple[Recipient, ...]) -> None:
        """The recipients changed."""
        self._edit(replace(self.draft, recipients=recipients))

    def resend_from(self, bal_id: BalId) -> None:
        """The person chose another mailbox to write from."""
        self._edit(replace(self.draft, bal_id=bal_id))

    def reoption(self, *, ask_delivery: bool, ask_read: bool, no_answer: bool) -> None:
        """The options changed."""
        self._edit(replace(self.draft, ask_delivery=ask_delivery, ask_read=ask_read, no_answer=no_answer))

    def _edit(self, draft: Draft) -> None:
        if draft == self.draft or self._over:
            return
        self.draft = draft
        self._dirty = True
        if not self._timer.isActive():
            self._timer.start()

    @property
    def dirty(self) -> bool:
        """Whether something was typed that the engine was not given yet."""
        return self._dirty

    @property
    def over(self) -> bool:
        """Whether the draft left or was discarded."""
        return self._over

    def keep_now(self) -> None:
        """Give the engine what was typed; returns at once."""
        self._timer.stop()
        if self._dirty and not self._over:
            self._dirty = False
            self._engine.keep_draft(self.draft)

    def keep_first(self) -> None:
        """The engine has to know the draft before something joins it."""
        if self._engine.reader.draft(self.draft.id) is None:
            self._dirty = True
        self.keep_now()

    def attach(self, files: list[Path]) -> None:
        """Have files read into the draft."""
        self.keep_first()
        for path in files:
            attachment_id = self._engine.attach_file(self.draft.id, path)
            if attachment_id not in {a.id for a in self.draft.attachments}:
                self.reading = (*self.reading, reading_attachment(attachment_id, path))
        self._merge()
        self.attachments_changed.emit()

    def attach_picture(self, png: bytes) -> None:
        """Attach a pasted picture under a name of its own."""
        if self._engine.reader.draft(self.draft.id) is None:
            self._dirty = True
        self.keep_now()
        # Those on their way count as well: the engine has not said yet that they are in the draft.
        self._pasted |= {a.name for a in self.draft.attachments}
        names = (self.tr("image {n}.png").format(n=n) for n in range(1, len(self._pasted) + 2))
        name = next(name for name in names if name not in self._pasted)
        self._pasted.add(name)
        self._engine.attach_bytes(self.draft.id, name, "image/png", png)

    def detach(self, attachment_id: AttachmentId) -> None:
        """Take an attachment off the draft."""
        self._removed.add(attachment_id)
        self._engine.detach(self.draft.id, attachment_id)
        self.reading = tuple(a for a in self.reading if a.id != attachment_id)
        self.draft = replace(self.draft, attachments=tuple(a for a in self.draft.attachments if a.id != attachment_id))
        self.attachments_changed.emit()

    def give_up_reading(self) -> None:
        """A file could not be read: what is still awaited comes with the next word of the engine."""
        self.reading = ()
        self._merge()
        self.attachments_changed.emit()

    def finish(self) -> None:
        """The draft left or was discarded: nothing is kept any more."""
        self._over = True
        self._timer.stop()

    def _merge(self) -> None:
        """Take the attachments that came in; never a word of text, which only the person changes."""
        stored = self._engine.reader.draft(self.draft.id)
        if stored is None:
            return
        known = {a.id for a in self.draft.attachments}
        new = tuple(a for a in stored.attachments if a.id not in known and a.id not in self._removed)
        # What was made anew took the place of what was made before.
        there = {a.id for a in stored.attachments}
        held = tuple(a for a in self.draft.attachments if a.id in there)
        if new or held != self.draft.attachments:
            self._edit(replace(self.draft, attachments=(*held, *new)))
        here = {a.id for a in self.draft.attachments}
        self.reading = tuple(a for a in self.reading if a.id not in here)

    def _on_draft_changed(self, event: DraftChanged) -> None:
        if event.draft_id != self.draft.id or self._over:
            return
        before = (self.draft.attachments, self.reading)
        self._merge()
        if before != (self.draft.attachments, self.reading):
            self.attachments_changed.emit()
        self.kept_at = datetime.now().astimezone()
        self.kept.emit()
