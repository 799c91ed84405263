"""The settings: everything applies at once, there is nothing to confirm."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTabWidget, QVBoxLayout, QWidget

from mssclient.domain.events import Problem, SessionChanged
from mssclient.domain.session import SessionState
from mssclient.engine.api import Engine, Preferences
from mssclient.ui import wording
from mssclient.ui.compose.buttons import Button
from mssclient.ui.herald import Herald
from mssclient.ui.settings.pages import AboutPage, AppearancePage, BalsPage, DirectoryPage, FolderPage
from mssclient.ui.settings.receipts import ReceiptsPage
from mssclient.ui.settings.workstation import WorkstationPage
from mssclient.ui.theme import theme


class SettingsDialog(QDialog):
    """Main thread, not modal. `preferences_changed` carries the new `Preferences`, already kept by the engine."""

    preferences_changed = Signal(object)

    def __init__(self, engine: Engine, herald: Herald, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.setObjectName("settings.dialog")
        self.setWindowTitle(self.tr("Réglages"))
        self.appearance = AppearancePage(engine.preferences(), self)
        self.bals = BalsPage(engine, self)
        self.receipts = ReceiptsPage(engine, self)
        self.folder = FolderPage(engine, herald, self)
        self.directory = DirectoryPage(engine, self)
        self.workstation = WorkstationPage(engine, herald, self)
        self.about = AboutPage(engine, self)
        self.tabs = QTabWidget(self)
        self.tabs.setObjectName("settings.tabs")
        self.tabs.setAccessibleName(self.tr("Pages des réglages"))
        self.tabs.setDocumentMode(True)
        pages: tuple[tuple[str, QWidget], ...] = (
            (self.tr("&Apparence"), self.appearance),
            (self.tr("&Boîtes"), self.bals),
            (self.tr("A&ccusés"), self.receipts),
            (self.tr("&DUI"), self.folder),
            (self.tr("A&nnuaire"), self.directory),
            (self.tr("Ce p&oste"), self.workstation),
            (self.tr("À &propos"), self.about),
        )
        for label, page in pages:
            self.tabs.addTab(page, label)
        close = Button(self.tr("Fermer"), "settings.close", self).does(self.close)
        bottom = QHBoxLayout()
        bottom.addStretch(1)
        bottom.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 12, 12)
        column.addWidget(self.tabs, 1)
        column.addLayout(bottom)
        self.resize(640, 460)
        self._wire(herald)

    def _wire(self, herald: Herald) -> None:
        self.appearance.changed.connect(self._on_preferences)
        herald.bals_changed.connect(self._on_bals)
        herald.directory_changed.connect(self._on_directory)
        herald.problem.connect(self._on_problem)
        herald.session_changed.connect(self._on_session)

    def show_page(self, name: str) -> None:
        """Open at appearance, bals, receipts, folder, directory, workstation or about."""
        self.tabs.setCurrentWidget(getattr(self, name))

    def _on_preferences(self, chosen: Preferences) -> None:
        # The window may have kept its geometry since this dialog opened: only what is chosen here changes.
        now = self._engine.preferences()
        kept = Preferences(
            pane=chosen.pane,
            two_lines=chosen.two_lines,
            conversations=chosen.conversations,
            theme=chosen.theme,
            text_scale=chosen.text_scale,
            geometry=now.geometry,
            last_folder=now.last_folder,
        )
        self._engine.keep_preferences(kept)
        if (kept.theme, kept.text_scale) != (now.theme, now.text_scale):
            theme.apply(kept.theme, kept.text_scale)
        self.preferences_changed.emit(kept)

    def _on_bals(self) -> None:
        self.bals.show_bals()
        self.receipts.show_bals()

    def _on_directory(self) -> None:
        self.directory.show_status()

    def _on_problem(self, event: Problem) -> None:
        told = self._engine.problem(event.problem_id)
        if told is not None and told.context == "bal":
            self.bals.tell_problem(wording.problem(told))

    def _on_session(self, event: SessionChanged) -> None:
        if event.state is SessionState.SIGNED_OUT:
            self.close()
