"""What one does to folders: new, renamed, deleted, all read, the trash emptied; instant, and taken back with Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QMenu

from mssclient.domain.bal import Bal, Folder, FolderId, FolderRole
from mssclient.domain.changes import ChangeId, FolderWish, LastAct, Wish
from mssclient.domain.errors import Refused
from mssclient.domain.message import ListQuery
from mssclient.engine.api import Engine
from mssclient.ui import wording
from mssclient.ui.commands import Commands, Group
from mssclient.ui.compose.notice import Tone
from mssclient.ui.mailbox.desk import Desk
from mssclient.ui.mailbox.folder_naming import FolderNaming
from mssclient.ui.models.folder_tree import Node
from mssclient.ui.wording_acts import done

_OWN = {FolderRole.OTHER, FolderRole.TRASHED}
"""Folders that people made: the others keep their name and their place."""


class FolderVerbs(QObject):
    """Speaks to the engine for the tree's line, or for the one that a menu was opened on; main thread. No confirmation
    but for what cannot be undone."""

    def __init__(self, engine: Engine, desk: Desk) -> None:
        super().__init__(desk)
        self._engine = engine
        self._desk = desk
        self._menu_on: Node | None = None
        self._doomed: Callable[[], None] = lambda: None
        desk.folder_question.acted.connect(self._on_answer)
        desk.tree.delete_asked.connect(self.delete)

    def add_commands(self, commands: Commands) -> None:
        """Their names and keys."""
        tree = (self._desk.tree,)
        group, add = Group.FOLDER, commands.add
        add("new_folder", self.tr("Nouveau dossier…"), group, self.new, "Ctrl+Shift+N", icon="plus")
        add("rename_folder", self.tr("Renommer le dossier…"), group, self.rename, "F2", icon="text", within=tree)
        add("delete_folder", self.tr("Supprimer le dossier"), group, self.delete, icon="trash")
        add(
            "all_read",
            self.tr("Tout marquer comme lu"),
            group,
            self.mark_all_read,
            "Shift+C",
            icon="envelope-open",
            within=(self._desk.list, *tree),
        )
        add("empty_trash", self.tr("Vider la corbeille…"), group, self.empty_trash, icon="trash")
        self._commands = commands

    def enable(self) -> None:
        """Allow what can be done where the tree stands."""
        node = self._node()
        folder = node.folder if node is not None else None
        own = folder is not None and folder.role in _OWN
        self._commands.enable(self._bal() is not None, "new_folder")
        self._commands.enable(own, "rename_folder", "delete_folder")
        self._commands.enable(folder is not None and folder.unread > 0, "all_read")
        full = folder is not None and folder.role is FolderRole.TRASH and bool(folder.total or self._below(folder))
        self._commands.enable(full, "empty_trash")

    def show_menu(self, place: QPoint, node: Node) -> None:
        """The menu of a line of the tree; `place` on the screen."""
        if node.bal is None:
            return
        menu = QMenu(self._desk)
        menu.setObjectName("folder.menu")
        self._menu_on = node
        self.enable()
        trash = node.folder is not None and node.folder.role is FolderRole.TRASH
        names = ("new_folder", "rename_folder", "", "all_read", "", "empty_trash" if trash else "delete_folder")
        for name in names:
            _ = menu.addAction(self._commands.named(name)) if name else menu.addSeparator()
        menu.aboutToHide.connect(self._after_menu)
        menu.popup(place)

    def _after_menu(self) -> None:
        menu, node = self.sender(), self._menu_on
        if isinstance(menu, QMenu):
            menu.deleteLater()
        # What was chosen is triggered after the menu has gone: it is still about the menu's line.
        QTimer.singleShot(0, self, lambda: self._forget_line(node))

    def _forget_line(self, node: Node | None) -> None:
        if self._menu_on is node:
            self._menu_on = None
            self.enable()

    # -- the verbs
    def new(self) -> None:
        """A folder below the line, or at the mailbox's root."""
        bal, folder = self._bal(), self._folder()
        if bal is None:
            return
        parent = folder if folder is not None and folder.role not in {FolderRole.TRASH, FolderRole.TRASHED} else None
        place = wording.folder_name(parent) if parent is not None else bal.label
        title = self.tr("Nouveau dossier dans « {place} »").replace("{place}", place)

        def attempt(name: str) -> str:
            at = parent.id if parent is not None else None
            return self._tried(FolderWish.NEW, name, lambda: self._engine.new_folder(bal.id, at, name))

        self._ask_name(title, self.tr("Créer"), "", attempt)

    def rename(self) -> None:
        """Another name for the line's folder."""
        folder = self._folder()
        if folder is None or folder.role not in _OWN:
            return
        title = self.tr("Renommer « {name} »").replace("{name}", folder.name)

        def attempt(name: str) -> str:
            if " ".join(name.split()) == folder.name:
                return ""
            return self._tried(FolderWish.RENAME, name, lambda: self._engine.rename_folder(folder.id, name))

        self._ask_name(title, self.tr("Renommer"), folder.name, attempt)

    def delete(self) -> None:
        """Into the trash; from the trash for good, once the person has said so."""
        folder = self._folder()
        if folder is None or folder.role not in _OWN:
            return
        if folder.role is FolderRole.TRASHED:
            total = folder.total + sum(each.total for each in self._below(folder))
            text = self.tr("Supprimer définitivement le dossier « {name} » ? Il est vide.")
            if total:
                text = self.tr(
                    "Supprimer définitivement le dossier « {name} » et ses messages ({n}) ? Ils ne pourront pas être "
                    "retrouvés."
                )
            self._ask(
                text.replace("{name}", folder.name).replace("{n}", wording.number(total)),
                self.tr("Supprimer définitivement"),
                lambda: self._erase(folder),
            )
            return
        self._step_off(folder)
        self._tried(FolderWish.DISCARD, folder.name, lambda: self._engine.delete_folder(folder.id))

    def mark_all_read(self) -> None:
        """Nothing of the folder is unread any more."""
        folder = self._folder()
        ids = tuple(self._engine.reader.ids(ListQuery(folder.id, unread_only=True))) if folder is not None else ()
        if ids:
            change = self._engine.mark_read(ids, True)
            self._offer(LastAct(change, Wish.READ, count=len(ids)))

    def empty_trash(self) -> None:
        """What is in the trash goes for good, folders too, once the person has said so."""
        trash = self._folder()
        if trash is None or trash.role is not FolderRole.TRASH:
            return
        below = self._below(trash)
        total = trash.total + sum(each.total for each in below)
        text = self.tr(
            "Vider la corbeille : {n} messages supprimés définitivement. Ils ne pourront pas être retrouvés."
        )
        self._ask(
            text.replace("{n}", wording.number(total)), self.tr("Vider la corbeille"), lambda: self._empty(trash.id)
        )

    def _empty(self, trash: FolderId) -> None:
        folder = self._desk.tree.folders.folder(trash)
        ids = tuple(self._engine.reader.ids(ListQuery(trash)))
        if ids:
            self._engine.delete(ids)
        for each in self._below(folder) if folder is not None else ():
            if folder is not None and len(each.path) == len(folder.path) + 1 and each.role is FolderRole.TRASHED:
                self._erase(each)

    def _erase(self, folder: Folder) -> None:
        self._step_off(folder)
        # What brought it into the trash cannot be taken back any more.
        self._desk.undo_bar.forget()
        try:
            self._engine.delete_folder(folder.id)
        except Refused as refusal:
            self._desk.folder_question.tell(self._wrong(refusal), Tone.ERROR)

    # -- how they are done
    def _tried(self, wish: FolderWish, name: str, act: Callable[[], ChangeId]) -> str:
        """Do it and offer to take it back; why it cannot be, or nothing."""
        try:
            change = act()
        except Refused as refusal:
            return self._wrong(refusal)
        self._offer(LastAct(change, folder_wish=wish, name=" ".join(name.split())))
        return ""

    def _offer(self, act: LastAct) -> None:
        self._desk.undo_bar.offer(done(act), lambda: self._engine.undo(act.change_id))

    def _ask_name(self, title: str, accept: str, name: str, attempt: Callable[[str], str]) -> None:
        naming = FolderNaming(title, accept, name, attempt, self._desk)
        naming.finished.connect(lambda _result: self._desk.tree.setFocus())
        naming.show()
        naming.raise_()
        naming.activateWindow()
        naming.field.setFocus()

    def _ask(self, text: str, label: str, act: Callable[[], None]) -> None:
        self._doomed = act
        self._desk.folder_question.tell(text, Tone.WARNING, (label, self.tr("Garder")))
        self._desk.folder_question.button(1).setFocus()

    def _on_answer(self, place: int) -> None:
        act, self._doomed = self._doomed, lambda: None
        self._desk.folder_question.hush()
        if place == 0:
            act()
        self._desk.tree.setFocus()

    def _step_off(self, folder: Folder) -> None:
        """Whoever stands in a folder that goes finds themselves in the one above it, else in the inbox."""
        here = self._desk.tree.node()
        if here is None or here.folder is None or here.folder.path[: len(folder.path)] != folder.path:
            return
        if here.folder.bal_id == folder.bal_id:
            all_of = {f.path: f for f in self._engine.reader.folders(folder.bal_id)}
            above = all_of.get(folder.path[:-1]) or next(f for f in all_of.values() if f.role is FolderRole.INBOX)
            self._desk.tree.go_to(("folder", above.id))

    def _wrong(self, refusal: Refused) -> str:
        match refusal.code:
            case "ALREADYEXISTS":
                return self.tr("Un dossier de ce nom existe déjà ici.")
            case "NONEXISTENT":
                return self.tr("Ce dossier n’existe plus.")
            case _:
                return self.tr(
                    "Ce nom ne convient pas : un nom de dossier s’écrit sans / \\ % * et n’est pas « INBOX »."
                )

    # -- where one stands
    def _node(self) -> Node | None:
        return self._menu_on or self._desk.tree.node()

    def _folder(self) -> Folder | None:
        node = self._node()
        return node.folder if node is not None else None

    def _bal(self) -> Bal | None:
        node = self._node()
        if node is not None and node.bal is not None:
            return node.bal
        here = self._desk.bal_here()
        return self._desk.bal(here) if here is not None else None

    def _below(self, folder: Folder) -> list[Folder]:
        folders = self._engine.reader.folders(folder.bal_id)
        return [f for f in folders if f.path[: len(folder.path)] == folder.path and f.id != folder.id]
