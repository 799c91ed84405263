"""Everything one can do in the window, by name: feeds the menus, the list of keys (F1) and the command palette."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from mssclient.ui.icons import put

translate = QCoreApplication.translate


class Group(Enum):
    """Where a command stands in the menus."""

    MAIL = "mail"
    MESSAGE = "message"
    FOLDER = "folder"
    VIEW = "view"
    TOOLS = "tools"
    HELP = "help"


def group_name(group: Group) -> str:
    """The title of a group."""
    match group:
        case Group.MAIL:
            return translate("commands", "Messagerie")
        case Group.MESSAGE:
            return translate("commands", "Message")
        case Group.FOLDER:
            return translate("commands", "Dossier")
        case Group.VIEW:
            return translate("commands", "Affichage")
        case Group.TOOLS:
            return translate("commands", "Outils")
        case Group.HELP:
            return translate("commands", "Aide")


@dataclass(frozen=True, slots=True)
class Command:
    """One thing one can do. `keys` are portable key sequences; the first is the one that is shown."""

    name: str
    text: str
    group: Group
    action: QAction

    @property
    def keys(self) -> str:
        """The keys as this system writes them, or empty."""
        return self.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)

    @property
    def plain_text(self) -> str:
        """The text without the mark of its mnemonic."""
        return self.text.replace("&", "")


class Commands(QObject):
    """The registry; main thread. `add` makes the action, `named` finds it again."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}

    def add(
        self, name: str, text: str, group: Group, slot: Callable[[], object], *keys: str, icon: str = "", tip: str = "",
        checkable: bool = False, within: tuple[QWidget, ...] = (), tint: str = "text",
    ) -> QAction:  # fmt: skip
        """A new command. With `within`, its keys count only while the keyboard is in one of these widgets."""
        action = QAction(text, self._window)
        action.setObjectName(f"command.{name}")
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setCheckable(checkable)
        action.triggered.connect(lambda _checked=False: slot())
        command = Command(name, text, group, action)
        said = tip or command.plain_text.rstrip("…")
        action.setToolTip(f"{said} ({command.keys})" if keys else said)
        action.setStatusTip("")
        if icon:
            put(action, icon, tint)
        if within:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for widget in within or (self._window,):
            widget.addAction(action)
        self._commands[name] = command
        return action

    def named(self, name: str) -> QAction:
        """The action of a command."""
        return self._commands[name].action

    def all(self) -> list[Command]:
        """Every command, in the order they were added."""
        return list(self._commands.values())

    def of(self, group: Group) -> list[Command]:
        """The commands of a group, in order."""
        return [command for command in self._commands.values() if command.group is group]

    def enable(self, on: bool, *names: str) -> None:
        """Allow or forbid commands."""
        for name in names:
            self._commands[name].action.setEnabled(on)
