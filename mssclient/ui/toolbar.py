"""The commands of the main window: what they are called, their keys, and where they stand."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from mssclient.ui.commands import Commands, Group, group_name
from mssclient.ui.icons import put, side
from mssclient.ui.mailbox.desk import Desk
from mssclient.ui.mailbox.verbs import Verbs
from mssclient.ui.theme import theme
from mssclient.ui.widgets.person_button import PersonButton

translate = QCoreApplication.translate


def add_message_commands(commands: Commands, verbs: Verbs, desk: Desk) -> None:
    """What one does to messages."""
    here: tuple[QWidget, ...] = (desk.list, desk.tree, desk.reading)
    mail, message = Group.MAIL, Group.MESSAGE
    commands.add(
        "new",
        translate("toolbar", "Nouveau"),
        mail,
        verbs.new,
        "Ctrl+N",
        icon="compose",
        tint="on_accent",
        tip=translate("toolbar", "Nouveau message"),
    )
    commands.add("reply", translate("toolbar", "Répondre"), message, verbs.answer, "Ctrl+R", icon="reply")
    commands.add(
        "reply_all",
        translate("toolbar", "Répondre à tous"),
        message,
        verbs.answer_all,
        "Ctrl+Shift+R",
        icon="reply-all",
    )
    commands.add("forward", translate("toolbar", "Transférer"), message, verbs.forward, "Ctrl+L", icon="forward")
    commands.add(
        "file",
        translate("toolbar", "Classer"),
        message,
        desk.file_first,
        "Ctrl+D",
        icon="file",
        tip=translate("toolbar", "Classer dans le DUI"),
    )
    commands.add(
        "read",
        translate("toolbar", "Marquer comme lu"),
        message,
        lambda: verbs.mark_read(True),
        "Ctrl+Q",
        icon="envelope-open",
    )
    commands.add(
        "unread",
        translate("toolbar", "Marquer comme non lu"),
        message,
        lambda: verbs.mark_read(False),
        "Ctrl+U",
        icon="envelope",
    )
    commands.add("toggle_read", translate("toolbar", "Lu ou non lu"), message, verbs.toggle_read, "M", within=here)
    commands.add("flag", translate("toolbar", "À suivre"), message, verbs.toggle_flag, "S", icon="flag", within=here)
    commands.add("delete", translate("toolbar", "Supprimer"), message, verbs.delete, "Del", icon="trash", within=here)
    commands.add(
        "undo",
        translate("toolbar", "Annuler"),
        message,
        verbs.undo,
        "Ctrl+Z",
        icon="undo",
        tip=translate("toolbar", "Annuler la dernière action"),
    )
    commands.add(
        "find",
        translate("toolbar", "Rechercher dans le message"),
        message,
        desk.reading.find_words,
        "Ctrl+F",
        icon="search",
    )
    commands.add(
        "next_unread", translate("toolbar", "Non lu suivant"), message, lambda: _unread(desk, 1), "N", within=here
    )
    commands.add(
        "previous_unread",
        translate("toolbar", "Non lu précédent"),
        message,
        lambda: _unread(desk, -1),
        "P",
        within=here,
    )
    commands.add(
        "open_outside",
        translate("toolbar", "Ouvrir dans un autre programme…"),
        message,
        desk.open_first_outside,
        "Ctrl+Shift+E",
        icon="link",
    )
    commands.named("reply_all").setIconText(translate("toolbar", "À tous"))
    commands.enable(False, "undo")
    desk.undo_bar.changed.connect(commands.named("undo").setEnabled)


def _unread(desk: Desk, step: int) -> None:
    desk.list.go_unread(step)


class Toolbar(QToolBar):
    """Buttons, the search field, who is there, and the menu of everything."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(translate("toolbar", "Barre d’outils"), parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setFloatable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setIconSize(side())
        self._commands = commands
        self._worded: list[QToolButton] = []
        self._fitted = 0
        self.move_menu = QMenu(self)
        self.search = QLineEdit(self)
        self.person = PersonButton(self)
        self.main_menu = QMenu(self)

    def build(self) -> None:
        """Lay the buttons out, once every command is known."""
        for name in ("new", "", "reply", "reply_all", "forward", "", "file"):
            self._button(name)
        self._mark_button()
        self._move_button()
        for name in ("delete", ""):
            self._button(name)
        for name in ("undo", "refresh"):
            self._button(name, text=False)
        self._search_field()
        self._who()
        theme.changed.connect(self._fit)

    def _fit(self) -> None:
        """Words beside the icons as far as there is room, what is used most last to lose its word; an icon alone keeps
        its name."""
        self.setIconSize(side())
        for button in self._worded:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        for button in reversed(self._worded[1:]):
            if self.sizeHint().width() <= self.width():
                break
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._fitted = self.sizeHint().width()

    def open_move_menu(self) -> None:
        """The folders the selection may go to."""
        self.move_button.showMenu()

    def open_menu(self) -> None:
        """F10."""
        self.menu_button.showMenu()

    def _button(self, name: str, text: bool = True) -> None:
        if not name:
            self.addSeparator()
            return
        action = self._commands.named(name)
        self.addAction(action)
        button = self.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setObjectName(f"mail.{name}")
            button.setAccessibleName(action.toolTip())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            style = Qt.ToolButtonStyle.ToolButtonTextBesideIcon if text else Qt.ToolButtonStyle.ToolButtonIconOnly
            button.setToolButtonStyle(style)
            if text:
                self._worded.append(button)

    def _menu_button(self, name: str, text: str, icon: str, menu: QMenu) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(name)
        button.setText(text)
        button.setAccessibleName(text)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setMenu(menu)
        put(button, icon)
        self.addWidget(button)
        self._worded.append(button)
        return button

    def _mark_button(self) -> None:
        menu = QMenu(self)
        for name in ("read", "unread", "flag"):
            menu.addAction(self._commands.named(name))
        self.mark_button = self._menu_button("mail.mark", translate("toolbar", "Marquer"), "flag", menu)

    def _move_button(self) -> None:
        self.move_menu.setObjectName("mail.move.menu")
        self.move_button = self._menu_button("mail.move", translate("toolbar", "Déplacer"), "move", self.move_menu)

    def _search_field(self) -> None:
        self.search.setObjectName("search")
        self.search.setAccessibleName(translate("toolbar", "Rechercher dans toutes les boîtes"))
        self.search.setPlaceholderText(translate("toolbar", "Rechercher (Ctrl+K)"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(150)
        self.search.setMaximumWidth(420)
        self.search.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        gap = QWidget(self)
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        gap.setMinimumWidth(6)
        self.addWidget(gap)
        self.addWidget(self.search)

    def _who(self) -> None:
        gap = QWidget(self)
        gap.setFixedWidth(2)
        self.addWidget(gap)
        self.person.fill(self._commands, ("activity", "", "lock", "sign_out", "", "forget_me"))
        self.addWidget(self.person)
        self._button("lock", text=False)
        button = self._menu_button("menu", translate("toolbar", "Menu"), "menu", self.main_menu)
        self._worded.remove(button)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setToolTip(translate("toolbar", "Menu (F10)"))
        self.menu_button = button
        for group in Group:
            sub = self.main_menu.addMenu(group_name(group))
            for command in self._commands.of(group):
                sub.addAction(command.action)

    def event(self, event: QEvent) -> bool:
        # Another person's name, larger letters: what no longer fits would push the menu out of the window.
        if event.type() == QEvent.Type.LayoutRequest and self.sizeHint().width() != self._fitted:
            self._fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit()
