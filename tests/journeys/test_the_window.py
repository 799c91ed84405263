"""“I sit down at the screen”: the real program, its window clicked and typed into, from the sign-in to an answer."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from mssclient import app
from mssclient.domain.bal import FolderRole, Link
from mssclient.domain.message import Row
from mssclient.domain.session import SessionState
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.reader import StageReader
from mssclient.ui.compose.window import ComposeWindow
from tests.journeys.mail_client import MailClient
from tests.journeys.workstation import BALS_OF_ALICE, PATIENCE_S, POLICY, card_of, letter
from tests.journeys.worlds import World
from tests.lab.world import ALICE, BOB

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Screen:
    """The program as a person has it before them."""

    def __init__(self, world: World, home: Path) -> None:
        self.world = world
        self.reader = StageReader()
        self.browser = StandInBrowser(world.web_context(), world.hosts(), lambda: ALICE.national_id)
        environment = replace(app.load_environment(str(world.environment_file)), policy=POLICY)
        self.program = app.Application(environment, home, reader=self.reader, browser=self.browser)
        self.engine, self.window = self.program.engine, self.program.window
        self.program.start()

    def close(self) -> None:
        """The window is closed, the program ends."""
        self.window.close()
        self.program.stop()
        self.browser.join()
        self.window.deleteLater()
        for _ in range(3):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def rest(self, milliseconds: int = 15) -> None:
        """Let the window live: `exec` gives the other threads the interpreter, QTest.qWait would not."""
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()

    def until(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds."""
        end = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < end, f"never: {what}"
            self.rest()

    def click(self, name: str, inside: QWidget | None = None) -> None:
        """Press a button that can be seen."""
        button = next(b for b in (inside or self.window).findChildren(QPushButton, name) if b.isVisible())
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def type_in(self, widget: QWidget, text: str) -> None:
        """Key by key, accents included, which QTest.keyClicks does not know."""
        widget.setFocus()
        for sign in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, sign)
                QApplication.sendEvent(widget, event)

    def sign_in(self) -> None:
        """The card goes in, the button is pressed."""
        self.reader.insert(card_of(ALICE))
        self.until(lambda: self.engine.card_status().present, "the card is seen")
        self.click("sign_in.psc")
        self.until(self.window.desk.isVisible, "the mailboxes are on the screen")
        self.until(lambda: self.live() == BALS_OF_ALICE, "both mailboxes live")

    def live(self) -> int:
        """How many BAL are on line."""
        return sum(b.link is Link.LIVE for b in self.engine.reader.bals())

    def choose_inbox(self, name: str) -> None:
        """Choose a BAL's INBOX in the tree."""
        (bal,) = (b for b in self.engine.reader.bals() if b.address == self.world.address(name))

        def chosen() -> bool:
            inboxes = [f for f in self.engine.reader.folders(bal.id) if f.role is FolderRole.INBOX]
            self.window.desk.tree.go_to(("folder", inboxes[0].id)) if inboxes else None
            return bool(inboxes) and self.window.desk.list.query.folder_id == inboxes[0].id

        self.until(chosen, f"INBOX of {name}")

    def rows(self) -> list[Row]:
        """What the list on the screen holds."""
        model = self.window.desk.list.model
        return [row for place in range(model.rowCount()) if (row := model.row(place)) is not None]

    def click_row(self, subject: str) -> None:
        """Click the line with this subject."""
        self.until(lambda: any(row.subject == subject for row in self.rows()), f"“{subject}” is in the list")
        pane = self.window.desk.list
        place = next(n for n in range(pane.model.rowCount()) if (r := pane.model.row(n)) and r.subject == subject)
        index = pane.model.index(place, 0)
        pane.table.scrollTo(index)
        where = pane.table.visualRect(index).center()
        QTest.mouseClick(pane.table.viewport(), Qt.MouseButton.LeftButton, pos=where)

    def composer(self) -> ComposeWindow:
        """The window being written in."""

        def found() -> list[ComposeWindow]:
            return [w for w in QApplication.topLevelWidgets() if isinstance(w, ComposeWindow) and w.isVisible()]

        self.until(found, "a composer opens")
        return found()[-1]


@pytest.fixture
def screen(world: World, qtbot: QtBot, tmp_path: Path) -> Iterator[Screen]:
    """The program, started; what it sets for its whole process is put back."""
    mask, interval = os.umask(0o022), sys.getswitchinterval()
    os.umask(mask)
    found = Screen(world, tmp_path / "home")
    try:
        yield found
    finally:
        found.close()
        os.umask(mask)
        sys.setswitchinterval(interval)


def test_i_sign_in_read_answer_and_leave(screen: Screen) -> None:
    mail = letter(screen.world, "À l’écran", "Pouvez-vous me rappeler\u202f?\nMerci")
    screen.world.deliver("cabinet", mail.as_bytes())
    screen.sign_in()
    screen.choose_inbox("cabinet")
    screen.click_row("À l’écran")
    reading = screen.window.desk.reading
    screen.until(lambda: "Pouvez-vous me rappeler" in reading.body.toPlainText(), "its text is on the screen")
    shown = reading.message
    assert shown is not None
    at_cabinet = MailClient(screen.world, "cabinet", BOB)
    screen.until(lambda: "\\Seen" in at_cabinet.find(mail["Message-ID"])[0][0], "read, at the operator too")

    bal_id = shown.row.bal_id
    screen.until(lambda: screen.engine.facts(bal_id).white_list, "the white list came")
    screen.window.commands.named("reply").trigger()
    window = screen.composer()
    text = window.findChild(QPlainTextEdit, "compose.text")
    assert text is not None
    screen.type_in(text, "Oui, dès ce soir à 18 h.")
    screen.click("compose.send", window)
    at_bob = MailClient(screen.world, "bob.durand", BOB)
    screen.until(lambda: any(m["In-Reply-To"] == mail["Message-ID"] for m in at_bob.recent()), "Bob has the answer")
    (answer,) = (m for m in at_bob.recent() if m["In-Reply-To"] == mail["Message-ID"])
    body = answer.get_body(("plain",))
    assert body is not None
    assert "Oui, dès ce soir à 18 h." in body.get_content()
    screen.until(lambda: screen.engine.reader.rows([shown.row.id])[0].answered, "marked as answered")

    screen.reader.remove()
    screen.until(lambda: screen.window.lock.on and not screen.window.desk.isVisible(), "covered")
    assert screen.engine.session_state() is SessionState.LOCKED
    screen.until(lambda: screen.world.lines_open() == 0, "no session left at the operator")
    screen.sign_in()
    assert "Pouvez-vous me rappeler" in reading.body.toPlainText()
