"""Two small windows over the registry: the searchable command list, and the list of keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from mssclient.domain.address import fold
from mssclient.ui.commands import Command, Commands, group_name

_NAME = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """Type a few letters of what you want, Enter does it."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setWindowTitle(self.tr("Commandes"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands = commands
        self.words = QLineEdit(self)
        self.words.setObjectName("palette.words")
        self.words.setPlaceholderText(self.tr("Que voulez-vous faire ?"))
        self.words.setAccessibleName(self.tr("Chercher une commande"))
        self.words.textChanged.connect(self._fill)
        self.words.installEventFilter(self)
        self.found = QListWidget(self)
        self.found.setObjectName("palette.found")
        self.found.setAccessibleName(self.tr("Commandes trouvées"))
        self.found.itemActivated.connect(lambda _item: self._run())
        self.found.itemClicked.connect(lambda _item: self._run())
        page = QVBoxLayout(self)
        page.setContentsMargins(10, 10, 10, 10)
        page.addWidget(self.words)
        page.addWidget(self.found)
        self.resize(520, 420)
        self._fill("")

    def _fill(self, text: str) -> None:
        words = fold(text).split()
        self.found.clear()
        for command in self._commands.all():
            said = fold(f"{command.plain_text} {group_name(command.group)}")
            if command.action.isEnabled() and all(word in said for word in words):
                self._add(command)
        self.found.setCurrentRow(0)

    def _add(self, command: Command) -> None:
        keys = self.tr("   ({keys})").format(keys=command.keys) if command.keys else ""
        item = QListWidgetItem(command.action.icon(), command.plain_text + keys, self.found)
        item.setData(_NAME, command.name)

    def _run(self) -> None:
        item = self.found.currentItem()
        self.accept()
        if item is not None:
            self._commands.named(str(item.data(_NAME))).trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.words and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                self.found.setCurrentRow(max(0, min(self.found.count() - 1, self.found.currentRow() + step)))
                return True
            if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self._run()
                return True
        return super().eventFilter(watched, event)


class KeyList(QDialog):
    """F1: every command that has a key."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keys")
        self.setWindowTitle(self.tr("Raccourcis clavier"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = [command for command in commands.all() if command.keys]
        table = QTableWidget(len(shown), 3, self)
        table.setObjectName("keys.table")
        table.setAccessibleName(self.tr("Raccourcis clavier"))
        table.setHorizontalHeaderLabels([self.tr("Touches"), self.tr("Action"), self.tr("Menu")])
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setStretchLastSection(True)
        for place, command in enumerate(shown):
            every = ", ".join(key.toString(key.SequenceFormat.NativeText) for key in command.action.shortcuts())
            for column, text in enumerate((every, command.plain_text, group_name(command.group))):
                table.setItem(place, column, QTableWidgetItem(text))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        page = QVBoxLayout(self)
        page.setContentsMargins(12, 12, 12, 12)
        page.addWidget(table)
        page.addWidget(buttons)
        self.resize(620, 560)
