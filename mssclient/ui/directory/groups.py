"""What one does with groups in the Annuaire's window: begin, rename, fill, empty, write to, remove."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from mssclient.domain.address import fold
from mssclient.domain.circle import Group, GroupId, GroupWrong, with_members, without
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import NotAllowed
from mssclient.engine.api import Engine
from mssclient.ui.compose.suggestions import correspondent_of, entry_for
from mssclient.ui.directory.group_bar import GroupBar
from mssclient.ui.directory.side import Shelf, Shown, Side


class GroupDesk(QObject):
    """Between the side, the bar and the engine. `told` carries a sentence, `write_to` correspondents."""

    write_to = Signal(object)
    told = Signal(str)

    def __init__(
        self,
        engine: Engine,
        side: Side,
        bar: GroupBar,
        chosen: Callable[[], Sequence[DirectoryEntry]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._side = side
        self._bar = bar
        self._chosen = chosen
        self._host = parent
        self._wanted: GroupId | None = None
        side.new_group.connect(lambda: self.begin(()))
        bar.renamed.connect(self._rename)
        bar.write.connect(self._write)
        bar.removed.connect(self._remove)

    def current(self) -> Group | None:
        """The group that is shown."""
        shown = self._side.shown()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            if any(group.id == wanted for group in self._engine.reader.groups()):
                self._side.choose(Shown(Shelf.GROUP, wanted))
                self._bar.edit_name()
                shown = self._side.shown()
            else:
                self._wanted = wanted
        return next((group for group in self._engine.reader.groups() if group.id == shown.group), None)

    def menu(self) -> QMenu:
        """Every group, and a new one, for the selected correspondents."""
        menu = QMenu(self._host)
        menu.setObjectName("directory.groups")
        for group in self._engine.reader.groups():
            menu.addAction(group.name.replace("&", "&&")).triggered.connect(partial(self._join, group))
        menu.addSeparator()
        menu.addAction(self.tr("Nouveau groupe…")).triggered.connect(lambda: self.begin(self._chosen()))
        return menu

    def begin(self, people: Sequence[DirectoryEntry]) -> None:
        """A new group with these members; its name waits to be typed."""
        known = {fold(group.name) for group in self._engine.reader.groups()}
        plain = self.tr("Nouveau groupe")
        numbered = (self.tr("Nouveau groupe {n}").format(n=n) for n in range(2, len(known) + 3))
        name = next(name for name in (plain, *numbered) if fold(name) not in known)
        group = Group(GroupId(secrets.token_hex(8)), name, tuple(correspondent_of(entry) for entry in people))
        if self._keep(group):
            self._wanted = group.id
            self.told.emit(self.tr("Groupe créé : donnez-lui un nom"))

    def take_out(self) -> None:
        """The selected members leave the group that is shown."""
        group = self.current()
        if group is None:
            return
        for entry in self._chosen():
            group = without(group, entry.address)
        self._keep(group)

    def _join(self, group: Group) -> None:
        if self._keep(with_members(group, (correspondent_of(entry) for entry in self._chosen()))):
            self.told.emit(self.tr("Ajouté au groupe {name}").format(name=group.name))

    def _rename(self, name: str) -> None:
        if (group := self.current()) is not None and self._keep(replace(group, name=name)):
            self._bar.notice.hush()

    def _write(self) -> None:
        if (group := self.current()) is not None and group.members:
            reader = self._engine.reader
            entries = (entry_for(who, reader.entries_of(who.address)) for who in group.members)
            self.write_to.emit(tuple(correspondent_of(entry) for entry in entries))

    def _remove(self) -> None:
        if (group := self.current()) is not None:
            self._engine.drop_group(group.id)

    def _keep(self, group: Group) -> bool:
        try:
            self._engine.keep_group(group)
        except NotAllowed as refusal:
            wrong = next(one for one in refusal.objections if isinstance(one, GroupWrong))
            if self.current() is not None:
                self._bar.tell(wrong)
            else:
                self.told.emit(self._bar.worded(wrong))
            return False
        return True
