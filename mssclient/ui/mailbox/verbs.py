"""What one does to messages: answer, mark, move, delete; each can be taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from mssclient.domain.bal import Folder, FolderId, FolderRole
from mssclient.domain.changes import ChangeId, LastAct, Wish
from mssclient.domain.draft import Draft
from mssclient.domain.message import Message, MessageId, Row
from mssclient.domain.outbox import OutboxId
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.compose.notice import Tone
from mssclient.ui.mailbox.desk import Desk
from mssclient.ui.mailbox.windows import Windows
from mssclient.ui.wording_acts import done

_NO_TARGETS = {FolderRole.DRAFTS, FolderRole.SENT, FolderRole.TRASHED}


class Verbs(QObject):
    """Speaks to the engine for the desk's selection; main thread. No confirmation but for what cannot be undone."""

    done = Signal()

    def __init__(self, engine: Engine, desk: Desk, windows: Windows) -> None:
        super().__init__(desk)
        self._engine = engine
        self._desk = desk
        self._windows = windows
        self._erasing: tuple[MessageId, ...] = ()
        self._send_offered = False
        desk.question.acted.connect(self._on_answer)
        desk.tree.folders.dropped.connect(lambda ids, folder: self.move(folder, tuple(MessageId(i) for i in ids)))
        windows.left.connect(self._on_left)
        windows.gone.connect(self._on_gone)

    def new(self) -> None:
        """Begin a message."""
        self._windows.new()

    def answer(self) -> None:
        """Answer the sender."""
        self._write(lambda key, m: self._engine.answer(key, False, self._quoting(m)))

    def answer_all(self) -> None:
        """Answer everybody."""
        self._write(lambda key, m: self._engine.answer(key, True, self._quoting(m)))

    def forward(self) -> None:
        """Pass on."""
        self._write(lambda key, m: self._engine.forward(key, self._introducing(m)))

    def pass_on(self, message_id: MessageId) -> None:
        """Pass on a message that stands in another list."""
        if (message := self._engine.reader.message(message_id)) is not None:
            self._windows.compose(self._engine.forward(message_id, self._introducing(message)))

    def toggle_read(self) -> None:
        """Read to unread, anything unread to read."""
        self.mark_read(any(not row.seen for row in self._rows()))

    def mark_read(self, read: bool) -> None:
        """Mark the selection."""
        ids = self._desk.targets()
        if ids:
            self._offer(Wish.READ if read else Wish.UNREAD, ids, self._engine.mark_read(ids, read))

    def toggle_flag(self) -> None:
        """Follow, or no longer."""
        ids = self._desk.targets()
        if ids:
            on = any(not row.flagged for row in self._rows())
            self._offer(Wish.FLAG if on else Wish.UNFLAG, ids, self._engine.flag(ids, on))

    def delete(self) -> None:
        """To the trash; from the trash for good, once the person has said so."""
        ids = self._desk.targets()
        if not ids:
            return
        if any(self._role(key) is FolderRole.TRASH for key in ids[:100]):
            self._erasing = ids
            text = (
                self.tr("Supprimer définitivement ce message ? Il ne pourra pas être retrouvé.")
                if len(ids) == 1
                else self.tr("Supprimer définitivement {n} messages ? Ils ne pourront pas être retrouvés.").format(
                    n=len(ids)
                )
            )
            self._desk.question.tell(text, Tone.WARNING, (self.tr("Supprimer définitivement"), self.tr("Garder")))
            self._desk.question.button(1).setFocus()
            return
        self._desk.list.step_away()
        self._offer(Wish.MOVE, ids, self._engine.delete(ids))

    def move(self, target: FolderId, ids: tuple[MessageId, ...] = ()) -> None:
        """To another folder of the same mailbox."""
        ids = ids or self._desk.targets()
        folder = self._desk.tree.folders.folder(target)
        if ids and folder is not None:
            self._desk.list.step_away()
            self._offer(Wish.MOVE, ids, self._engine.move(ids, target), folder)

    def fill_move_menu(self, menu: QMenu) -> None:
        """The folders the selection may go to."""
        menu.clear()
        for folder in self._homes():
            depth = "    " * (len(folder.path) - 1)
            action = menu.addAction(depth + wording.folder_name(folder).replace("&", "&&"))
            action.triggered.connect(lambda _checked=False, key=folder.id: self.move(key))
        if menu.isEmpty():
            menu.addAction(self.tr("Choisissez des messages d’une même boîte")).setEnabled(False)

    def undo(self) -> None:
        """Ctrl+Z."""
        self._desk.undo_bar.undo()

    def _homes(self) -> list[Folder]:
        rows = self._rows()
        bals = {row.bal_id for row in rows}
        if len(bals) != 1:
            return []
        here = {row.folder_id for row in rows}
        return [
            folder
            for folder in self._engine.reader.folders(bals.pop())
            if folder.selectable and folder.role not in _NO_TARGETS and here != {folder.id}
        ]

    def _rows(self) -> list[Row]:
        ids = list(self._desk.targets())[:200]
        return self._engine.reader.rows(ids) if ids else []

    def _role(self, message_id: MessageId) -> FolderRole | None:
        key = self._desk.folder_of(message_id)
        folder = self._desk.tree.folders.folder(key) if key is not None else None
        return folder.role if folder else None

    def _write(self, begin: Callable[[MessageId, Message], Draft]) -> None:
        key = self._desk.one()
        message = self._engine.reader.message(key) if key is not None else None
        if key is not None and message is not None:
            self._windows.compose(begin(key, message))

    def _quoting(self, message: Message) -> str:
        return self.tr("Le {when}, {who} a écrit :").format(
            when=wording.full_when(message.row.date), who=wording.correspondent(message.row.sender)
        )

    def _introducing(self, message: Message) -> str:
        to = ", ".join(wording.correspondent(c) for c in message.to)
        lines = (
            self.tr("---------- Message transféré ----------"),
            self.tr("De : {who}").format(who=wording.correspondent(message.row.sender)),
            self.tr("Date : {when}").format(when=wording.full_when(message.row.date)),
            self.tr("À : {to}").format(to=to),
            self.tr("Objet : {subject}").format(subject=message.row.subject),
        )
        return "\n".join(lines)

    def offer_last(self) -> None:
        """The program was reopened: what was done last can still be taken back."""
        act = self._engine.reader.last_act()
        if act is None or self._desk.undo_bar.ready:
            return
        target = self._desk.tree.folders.folder(act.target) if act.target is not None else None
        self._desk.undo_bar.offer(done(act, target), lambda: self._engine.undo(act.change_id))

    def _offer(self, wish: Wish, ids: tuple[MessageId, ...], change: ChangeId, target: Folder | None = None) -> None:
        self._send_offered = False
        text = done(LastAct(change, wish, count=len(ids)), target)
        self._desk.undo_bar.offer(text, lambda: self._engine.undo(change))
        self.done.emit()

    def _on_answer(self, place: int) -> None:
        ids, self._erasing = self._erasing, ()
        self._desk.question.hush()
        if place == 0 and ids:
            self._desk.list.step_away()
            self._engine.delete(ids)
        self._desk.list.table.setFocus()

    def _on_left(self, outbox_id: OutboxId) -> None:
        seconds = round(self._engine.environment.policy.undo_send_s)
        text = self.tr("Message placé dans la boîte d’envoi : il part dans {n} s.")
        if not seconds:
            text = self.tr("Message placé dans la boîte d’envoi.")
        self._send_offered = True
        self._desk.undo_bar.offer(text, lambda: self._windows.take_back(outbox_id), seconds)

    def _on_gone(self) -> None:
        """It has left, or was taken back: offering that again would be a lie."""
        if self._send_offered:
            self._send_offered = False
            self._desk.undo_bar.forget()
