"""The main window: lays out what other modules make, and follows the session. Dull on purpose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import QByteArray, QPoint, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QLabel, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget

from mssclient.domain.bal import FolderId
from mssclient.domain.session import Person, SessionState, same_person
from mssclient.engine.api import Engine, Preferences
from mssclient.ui.arrivals import Arrivals
from mssclient.ui.commands import Commands, Group
from mssclient.ui.herald import Herald
from mssclient.ui.mailbox.desk import Desk
from mssclient.ui.mailbox.folder_verbs import FolderVerbs
from mssclient.ui.mailbox.problems import Problems
from mssclient.ui.mailbox.verbs import Verbs
from mssclient.ui.mailbox.windows import Windows
from mssclient.ui.palette import CommandPalette, KeyList
from mssclient.ui.search_hints import SearchHints
from mssclient.ui.sign_in.choose_activity import ChooseActivity
from mssclient.ui.sign_in.first_address import FirstAddress
from mssclient.ui.sign_in.lock import Lock
from mssclient.ui.sign_in.presence import Presence
from mssclient.ui.sign_in.screen import SignInScreen
from mssclient.ui.status import StatusLine
from mssclient.ui.theme import theme
from mssclient.ui.toolbar import Toolbar, add_message_commands
from mssclient.ui.widgets import clipboard
from mssclient.ui.widgets.file_dialog import forget_folders

_INSIDE = {SessionState.OPEN, SessionState.READING}


def local_now() -> datetime:
    """The time, aware."""
    return datetime.now().astimezone()


class MainWindow(QMainWindow):
    """One a program; main thread. Pages: sign-in, choice of an activity, first address, desk."""

    def __init__(self, engine: Engine, herald: Herald, clock: Callable[[], datetime] = local_now) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._engine = engine
        self._herald = herald
        self._owner = ""
        self.desk = Desk(engine, herald, clock, self)
        self.windows = Windows(engine, herald, self, self.desk.bal_here)
        self.arrivals = Arrivals(engine, herald, self)
        self.verbs = Verbs(engine, self.desk, self.windows)
        self.folder_verbs = FolderVerbs(engine, self.desk)
        self.problems = Problems(engine, herald, self.desk, self.windows)
        self.commands = Commands(self)
        self.tools = Toolbar(self.commands, self)
        self.status = StatusLine(engine, herald, clock, self)
        self.sign_in = SignInScreen(engine, herald, self)
        self.choose_activity = ChooseActivity(engine, self)
        self.first_address = FirstAddress(engine, herald, self)
        self.lock = Lock(self._inside_of, self)
        self._presence = Presence(engine.touch, self)
        self._add_commands()
        self.tools.build()
        self._lay_out()
        self._wire()
        self.resize(1366, 728)
        self.show_sign_in()
        if engine.session_state() is SessionState.OPEN:
            self._open()

    def _lay_out(self) -> None:
        self.training = QLabel(self.tr("Environnement de démonstration : aucun message réel"), self)
        self.training.setObjectName("window.training")
        self.training.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.training.setVisible(self._engine.environment.training)
        self.pages = QStackedWidget(self)
        for page in (self.sign_in, self.choose_activity, self.first_address, self.desk):
            self.pages.addWidget(page)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.training)
        column.addWidget(self.arrivals.notice)
        column.addWidget(self.pages, 1)
        self.addToolBar(self.tools)
        self.setCentralWidget(middle)
        self.setStatusBar(self.status)

    def _add_commands(self) -> None:
        add_message_commands(self.commands, self.verbs, self.desk)
        self.folder_verbs.add_commands(self.commands)
        add, mail, view, tools, about = self.commands.add, Group.MAIL, Group.VIEW, Group.TOOLS, Group.HELP
        add("refresh", self.tr("Actualiser"), mail, self._engine.refresh, "F5", "F9", icon="refresh")
        add("move", self.tr("Déplacer vers…"), Group.MESSAGE, self.tools.open_move_menu, "Ctrl+Shift+V", icon="move")
        add("search", self.tr("Rechercher dans toutes les boîtes"), mail, self._focus_search, "Ctrl+K", icon="search")
        add("lock", self.tr("Verrouiller"), mail, self._engine.lock, "Ctrl+Shift+L", icon="lock")
        add("sign_out", self.tr("Se déconnecter"), mail, self._sign_out, icon="sign-out")
        add("renew", self.tr("S’identifier à nouveau"), mail, self.desk.session_bar.renew, "Ctrl+Shift+I")
        add(
            "activity",
            self.tr("Changer d’activité…"),
            mail,
            partial(self.windows.settings, "workstation"),
            icon="person",
        )
        add("forget_me", self.tr("M’oublier sur ce poste…"), mail, partial(self.windows.settings, "workstation"))
        add("quit", self.tr("Quitter"), mail, self.close, "Ctrl+Shift+Q")
        for pane, text, key in (
            ("wide", self.tr("Trois colonnes"), "Ctrl+1"),
            ("classic", self.tr("Lecture sous la liste"), "Ctrl+2"),
            ("list", self.tr("Liste seule"), "Ctrl+3"),
        ):
            add(f"pane_{pane}", text, view, partial(self._set_pane, pane), key, icon=f"layout-{pane}")
        add("density", self.tr("Une ou deux lignes par message"), view, self._toggle_density, "Ctrl+4", icon="density")
        add("outbox", self.tr("Suivi des envois"), view, self.desk.show_outbox, "Ctrl+Shift+O", icon="outbox")
        add("worklist", self.tr("Documents à intégrer"), view, self.desk.show_worklist, "Ctrl+Shift+W", icon="health")
        add("next_pane", self.tr("Volet suivant"), view, lambda: self.desk.next_pane(1), "F6")
        add("previous_pane", self.tr("Volet précédent"), view, lambda: self.desk.next_pane(-1), "Shift+F6")
        add("back", self.tr("Revenir"), view, self._step_back, "Esc")
        add("directory", self.tr("Annuaire Santé"), tools, self.windows.directory, "Ctrl+Shift+B", icon="directory")
        add("refresh_directory", self.tr("Actualiser l’annuaire"), tools, self._engine.refresh_directory)
        add("dashboard", self.tr("Tableau de bord"), tools, self.windows.dashboard, "Ctrl+Shift+T")
        add("traces", self.tr("Exporter les traces…"), tools, self.windows.export_traces)
        add("settings", self.tr("Réglages"), tools, partial(self.windows.settings, ""), "Ctrl+,", icon="settings")
        add("palette", self.tr("Chercher une commande…"), about, self._show_palette, "Ctrl+Shift+P", icon="keyboard")
        add("keys", self.tr("Raccourcis clavier"), about, self._show_keys, "F1", icon="help")
        add("menu", self.tr("Ouvrir le menu"), about, self.tools.open_menu, "F10")

    def _wire(self) -> None:
        self._herald.session_changed.connect(lambda _event: self._follow_session())
        self._herald.bals_changed.connect(lambda _event: self._follow_bals())
        self.tools.move_menu.aboutToShow.connect(lambda: self.verbs.fill_move_menu(self.tools.move_menu))
        self.tools.search.textChanged.connect(self.desk.search)
        SearchHints(self._engine, self.tools.search)
        self.tools.search.returnPressed.connect(self._on_search_entered)
        self.desk.list.menu_asked.connect(self._show_message_menu)
        self.desk.changed.connect(self._enable)
        self.desk.title_changed.connect(self._on_title)
        self.desk.draft_wanted.connect(self.windows.open_draft)
        self.desk.copy_wanted.connect(self.windows.continue_draft)
        self.desk.session_bar.renewed.connect(self.status.say)
        self.desk.tree.folders.counted.connect(self.status.recount)
        self.desk.tree.folders.counted.connect(self._enable)
        self.desk.tree.menu_asked.connect(self.folder_verbs.show_menu)
        self.desk.tree.clicked.connect(lambda _index: self._clear_search())
        self.windows.preferences_changed.connect(self.desk.arrange)
        outbox = self.desk.outbox
        for source in (outbox.follow, outbox.registry.buttons, outbox.proposals, self.arrivals):
            source.begun.connect(self.windows.compose)
        outbox.written.connect(self.windows.compose)
        outbox.forward_wanted.connect(self.verbs.pass_on)
        self.status.outbox_asked.connect(self.desk.show_outbox)
        self.status.directory_asked.connect(self.windows.directory)

    def show_sign_in(self) -> None:
        """The first screen: nobody's mail is there."""
        self.pages.setCurrentWidget(self.sign_in)
        self._frame(False)
        self.setWindowTitle(self.tr("mssclient"))
        self.sign_in.refresh()
        self.sign_in.take_keyboard()

    def _follow_session(self) -> None:
        # The engine's word now, not the event's: several may have collapsed on the way.
        match self._engine.session_state():
            case SessionState.LOCKED:
                person = self._engine.person()
                self.lock.cover(person.national_id if person else "")
            case SessionState.OPEN | SessionState.READING:
                self._open()
            case SessionState.SIGNED_OUT:
                self._leave()
            case SessionState.SIGNING_IN:
                pass

    def _open(self) -> None:
        person = self._engine.person()
        number = person.national_id if person else ""
        if self.lock.on and same_person(number, self.lock.whose):
            self.lock.lift()
            self._follow()
            return
        if not self.lock.on and self._owner and same_person(number, self._owner):
            self._follow()
            return
        if self.lock.on or self._owner:
            self._forget()
        self._owner = number
        self._begin(person)

    def _follow(self) -> None:
        """The same person, in another state or another activity: nothing on the screen moves."""
        self.tools.person.show_person(self._engine.person(), self._engine.activity())
        self.status.refresh()
        self.desk.session_bar.refresh()
        if self.pages.currentWidget() is not self.desk:
            self._show_place()
            if self.pages.currentWidget() is self.desk:
                self.desk.open(self._engine.preferences())

    def _begin(self, person: Person | None) -> None:
        self.tools.person.show_person(person, self._engine.activity())
        preferences = self._engine.preferences()
        theme.apply(preferences.theme, preferences.text_scale)
        self._restore(preferences)
        self.first_address.begin()
        self._show_place()
        if self.pages.currentWidget() is self.desk:
            self.desk.open(preferences)
            self.verbs.offer_last()
        self.status.refresh()
        self.desk.session_bar.refresh()

    def _sign_out(self) -> None:
        self.windows.keep_all()
        self._engine.sign_out()

    def _leave(self) -> None:
        self._forget()
        self.show_sign_in()

    def _forget(self) -> None:
        if self.lock.on:
            self.lock.drop(self)
        self.windows.drop_all()
        clipboard.clear_ours()
        forget_folders()
        self._owner = ""
        # Not `clear`: it can be undone.
        self.tools.search.setText("")
        self.tools.person.show_person(None, None)
        self.sign_in.forget()
        self.choose_activity.forget()
        self.first_address.forget()
        self.desk.empty()
        self.status.forget()

    def _follow_bals(self) -> None:
        if self._engine.session_state() not in _INSIDE or self.lock.on:
            return
        waited = self.pages.currentWidget() is not self.desk
        self._show_place()
        if waited and self.pages.currentWidget() is self.desk:
            self.desk.open(self._engine.preferences())

    def _show_place(self) -> None:
        person = self._engine.person()
        undecided = person is not None and len(person.activities) > 1 and self._engine.activity() is None
        at_desk = not undecided and bool(self._engine.reader.bals())
        if undecided:
            # Measured on its page: a list does not know its lines before it is shown.
            self.pages.setCurrentWidget(self.choose_activity)
            self.choose_activity.refresh()
            self.choose_activity.take_keyboard()
        else:
            self.pages.setCurrentWidget(self.desk if at_desk else self.first_address)
        self._frame(at_desk)
        if not undecided and not at_desk:
            self.first_address.refresh()
            self.first_address.take_keyboard()

    def _frame(self, on: bool) -> None:
        """Tool bar, status line and the desk's keys belong to the desk."""
        self.tools.setVisible(on)
        self.status.setVisible(on)
        for command in self.commands.all():
            command.action.setEnabled(on)
        if on:
            self.commands.enable(self.desk.undo_bar.ready, "undo")
            self._enable()

    def _inside_of(self, window: QWidget) -> QWidget | None:
        if window is not self:
            return None
        return SignInScreen(self._engine, self._herald, self, locked=True)

    def _enable(self) -> None:
        if self.pages.currentWidget() is not self.desk:
            return
        self.folder_verbs.enable()
        some, one = self.desk.has_targets(), self.desk.one() is not None
        self.commands.enable(some, "read", "unread", "toggle_read", "flag", "delete", "move")
        self.commands.enable(one, "reply", "reply_all", "forward", "find")
        message = self.desk.reading.message
        self.commands.enable(one and message is not None and bool(message.attachments), "file", "open_outside")
        for button in (self.tools.mark_button, self.tools.move_button):
            button.setEnabled(some)
        # The outbox has a key of its own for looking again.
        self.commands.enable(not self.desk.outbox.isVisible(), "refresh")

    def _focus_search(self) -> None:
        self.tools.search.setFocus()
        self.tools.search.selectAll()

    def _on_search_entered(self) -> None:
        self.desk.search_now()
        self.desk.list.table.setFocus()

    def _clear_search(self) -> None:
        blocked = self.tools.search.blockSignals(True)
        self.tools.search.clear()
        self.tools.search.blockSignals(blocked)

    def _step_back(self) -> None:
        if self.desk.session_bar.waiting:
            self.desk.session_bar.cancel()
        elif self.tools.search.text() and self.desk.right.currentIndex() == 0:
            self.tools.search.clear()
            self.desk.search_now()
            self.desk.list.table.setFocus()
        else:
            self.desk.step_back()

    def _set_pane(self, pane: str) -> None:
        self.desk.panes.set_pane(pane)
        self._keep(pane=pane)

    def _toggle_density(self) -> None:
        self.desk.list.set_two_lines(not self.desk.list.two_lines)
        self._keep(two_lines=self.desk.list.two_lines)

    def _show_message_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in ("reply", "reply_all", "forward", "", "file", "read", "unread", "flag", "", "delete"):
            _ = menu.addAction(self.commands.named(name)) if name else menu.addSeparator()
        self.verbs.fill_move_menu(menu.addMenu(self.tr("Déplacer vers")))
        menu.popup(place)

    def _show_palette(self) -> None:
        _present(CommandPalette(self.commands, self))

    def _show_keys(self) -> None:
        _present(KeyList(self.commands, self))

    def _on_title(self, place: str) -> None:
        self.setWindowTitle(self.tr("{place} – mssclient").format(place=place) if place else "mssclient")
        self._enable()

    def _keep(self, **changes: object) -> None:
        if self._owner and self._engine.session_state() in _INSIDE:
            self._engine.keep_preferences(replace(self._engine.preferences(), **changes))  # type: ignore[arg-type]

    def _restore(self, preferences: Preferences) -> None:
        frame, _, sizes = preferences.geometry.partition("|")
        if frame:
            self.restoreGeometry(QByteArray.fromBase64(frame.encode()))
        self.desk.panes.restore(sizes)

    def closeEvent(self, event: QCloseEvent) -> None:
        frame = bytes(self.saveGeometry().toBase64().data()).decode()
        folder: FolderId | None = self.desk.list.query.folder_id
        self._keep(geometry=f"{frame}|{self.desk.panes.sizes()}", last_folder=int(folder or 0))
        if self.lock.on:
            self.hide()
            self.lock.drop(self)
        else:
            self.windows.close_all()
        clipboard.clear_ours()
        forget_folders()
        super().closeEvent(event)


def _present(dialog: QDialog) -> None:
    dialog.setModal(False)
    dialog.show()
    dialog.raise_()
