"""Two versions of a draft in the composer: said in a sentence, answered by a button, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mssclient.domain.bal import BalId
from mssclient.domain.draft_copy import Rival, TwoVersions
from mssclient.domain.events import DraftInConflict
from mssclient.ui.compose.window import ComposeWindow
from tests.ui.desk import Desk, signed_in

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> Iterator[ComposeWindow]:
    made = ComposeWindow(desk.engine, desk.herald, replace(desk.engine.new_draft(BalId(1)), text="Mes mots"))
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    made.show()
    desk.settle()
    yield made
    made.close()
    made.deleteLater()
    desk.settle()


def disputed(desk: Desk, window: ComposeWindow, *, gone: bool = False) -> None:
    """The engine says that the draft was changed elsewhere."""
    mine = window.keeper.draft
    theirs = None if gone else replace(mine, text="Leurs mots, " + "très longs " * 40)
    desk.engine.conflicts[mine.id] = TwoVersions(mine, Rival("r", 0 if gone else 7, theirs))
    desk.engine.announce(DraftInConflict(mine.id))
    desk.settle()


def press(desk: Desk, window: ComposeWindow, place: int) -> None:
    buttons = [b for b in window.rival.findChildren(QPushButton) if b.isVisible()]
    QTest.mouseClick(buttons[place], Qt.MouseButton.LeftButton)
    desk.settle()


def test_it_says_what_the_other_version_says_and_offers_three_ways(desk: Desk, window: ComposeWindow) -> None:
    assert not window.rival.isVisible()
    disputed(desk, window)
    assert window.rival.isVisible()
    assert "Leurs mots" in window.rival.text
    assert len(window.rival.text) < 300
    assert sum(b.isVisible() for b in window.rival.findChildren(QPushButton)) == 3


@pytest.mark.parametrize(("place", "verb"), [(0, "keep_mine"), (2, "keep_both")])
def test_my_words_stay_in_the_window(desk: Desk, window: ComposeWindow, place: int, verb: str) -> None:
    disputed(desk, window)
    press(desk, window, place)
    assert desk.engine.asked(verb) == [(window.keeper.draft.id,)]
    assert not window.rival.isVisible()
    assert window.keeper.draft.text == "Mes mots"
    assert not window.keeper.over


def test_theirs_closes_this_window_without_keeping_it(desk: Desk, window: ComposeWindow, qtbot: QtBot) -> None:
    disputed(desk, window)
    with qtbot.waitSignal(window.rival.replaced):
        press(desk, window, 1)
    assert desk.engine.asked("keep_theirs") == [(window.keeper.draft.id,)]
    kept = len(desk.engine.asked("keep_draft"))
    window.close()
    assert len(desk.engine.asked("keep_draft")) == kept


def test_a_draft_that_went_elsewhere_is_said_to_have_gone(desk: Desk, window: ComposeWindow) -> None:
    disputed(desk, window, gone=True)
    assert "envoyé ou supprimé" in window.rival.text
    assert sum(b.isVisible() for b in window.rival.findChildren(QPushButton)) == 2
