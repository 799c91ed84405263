"""A main window over the lively sample, for the tests of the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from mssclient.ui.herald import Herald
from mssclient.ui.main_window import MainWindow
from mssclient.ui.theme import theme
from tests.fakes import NOW, PERSON, FakeEngine, sample_engine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The plug-in without a screen has no window manager, and says so each time."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support", extend=True))


@dataclass
class Stage:
    """The window, what it speaks to, and a way to wait."""

    engine: FakeEngine
    herald: Herald
    window: MainWindow
    until: Callable[[Callable[[], bool]], None]

    def sign_in(self) -> None:
        """The sample's person comes in, and stands on the first message."""
        self.engine.sign_in(PERSON)
        self.until(lambda: self.window.desk.list.model.rowCount() > 0)
        self.window.desk.list.table.setCurrentIndex(self.window.desk.list.model.index(0, 0))
        self.until(lambda: self.window.desk.reading.message is not None)

    def do(self, command: str) -> None:
        """What the menu would do."""
        self.window.commands.named(command).trigger()
        QCoreApplication.processEvents()


@pytest.fixture
def stage(qtbot: QtBot, qapp: QApplication) -> Iterator[Stage]:
    """Signed out; no window of it survives the test."""
    engine, herald = sample_engine(), Herald()
    engine.announce = herald.post
    theme.apply("light")
    window = MainWindow(engine, herald, lambda: NOW)
    qtbot.addWidget(window)
    window.resize(1366, 728)
    window.show()
    yield Stage(engine, herald, window, lambda asked: qtbot.waitUntil(asked, timeout=3000))
    if window.lock.on:
        window.lock.lift()
    herald.close()
    for other in QApplication.topLevelWidgets():
        if other is not window:
            other.hide()
            other.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
