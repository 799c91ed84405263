"""The end of a session is told in time, and renewed without leaving the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mssclient.domain.errors import Distrust, Offline, Untrusted
from mssclient.domain.session import SessionState, SignInStage, SignInView
from mssclient.ui import wording
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.sign_in.session_bar import SessionBar
from mssclient.ui.widgets.voice import voice
from tests.fakes import NOW
from tests.ui.conftest import Stage

SOON = NOW + timedelta(minutes=14)
LATER = NOW + timedelta(hours=4)


@pytest.fixture
def said() -> Iterator[list[str]]:
    """What a screen reader would have heard."""
    heard: list[str] = []
    voice.said.connect(heard.append)
    yield heard
    voice.said.disconnect(heard.append)


def ending(stage: Stage) -> SessionBar:
    """The desk, a quarter of an hour before the end."""
    stage.sign_in()
    stage.engine.end_near(SOON)
    bar = stage.window.desk.session_bar
    stage.until(bar.isVisible)
    return bar


def composer(stage: Stage) -> ComposeWindow:
    """A composer with a draft in it."""
    return stage.window.windows.compose(stage.engine.world.drafts()[0])


def test_it_is_not_there_while_there_is_time(stage: Stage) -> None:
    stage.sign_in()
    stage.engine.end_near(LATER)
    stage.until(lambda: stage.herald.receivers("2session_ending(PyObject)") >= 0)
    assert not stage.window.desk.session_bar.isVisible()


def test_it_says_when_once_and_leaves_the_keyboard_alone(stage: Stage, said: list[str]) -> None:
    stage.sign_in()
    table = stage.window.desk.list.table
    table.setFocus()
    stage.engine.end_near(SOON)
    bar = stage.window.desk.session_bar
    stage.until(bar.isVisible)
    assert bar.words.text() == f"Votre session Pro Santé Connect se termine à {wording.clock(SOON)}."
    assert stage.window.focusWidget() is table
    stage.engine.script(stage_news())
    bar.refresh()
    assert said.count(bar.words.text()) == 1


def stage_news() -> object:
    """The same end, announced again."""
    from mssclient.domain.events import SessionEnding

    return SessionEnding()


def test_renewing_by_browser_changes_nothing_on_the_screen(stage: Stage, said: list[str]) -> None:
    bar = ending(stage)
    writing = composer(stage)
    writing.text.setPlainText("Une phrase en cours.")
    chosen, read = stage.window.desk.list.selected(), stage.window.desk.reading.message
    stage.do("renew")
    assert stage.engine.asked("renew_session") == [("",)]
    stage.until(lambda: bar.wait.isVisible() and bar.wait.cancel.isVisible())
    assert not bar.button.isVisible()
    stage.engine.renewed(LATER)
    stage.until(lambda: not bar.isVisible())
    assert stage.window.desk.list.selected() == chosen
    assert stage.window.desk.reading.message == read
    assert writing.text.toPlainText() == "Une phrase en cours."
    assert any(wording.clock(LATER) in sentence for sentence in said)
    assert wording.clock(LATER) in stage.window.status.sentence.text()


def test_the_keyboard_comes_back_where_it_was(stage: Stage) -> None:
    bar = ending(stage)
    stage.window.desk.list.table.setFocus()
    stage.do("renew")
    stage.until(lambda: stage.window.focusWidget() is bar.wait.cancel)
    stage.engine.renewed(LATER)
    stage.until(lambda: not bar.isVisible())
    assert stage.window.focusWidget() is stage.window.desk.list.table


def test_ecps_is_the_second_choice_with_the_number_filled_in(stage: Stage, said: list[str]) -> None:
    bar = ending(stage)
    bar.other.click()
    assert bar.form.number.text() == "899900012345"
    assert stage.window.focusWidget() is bar.form.button
    bar.form.button.click()
    assert stage.engine.asked("renew_session") == [("899900012345",)]
    stage.until(bar.wait.digits.isVisible)
    assert bar.wait.digits.text() == "4 7"
    assert any("4 7" in sentence for sentence in said)


def test_a_second_wish_while_one_waits_asks_nothing(stage: Stage) -> None:
    bar = ending(stage)
    stage.do("renew")
    stage.until(lambda: bar.waiting)
    stage.do("renew")
    assert len(stage.engine.asked("renew_session")) == 1


@pytest.mark.parametrize("way", ["button", "escape", "command"])
def test_giving_up_leaves_things_as_they_were(stage: Stage, way: str) -> None:
    bar = ending(stage)
    stage.do("renew")
    stage.until(lambda: bar.waiting)
    match way:
        case "button":
            bar.wait.cancel.click()
        case "escape":
            QTest.keyClick(bar.wait.cancel, Qt.Key.Key_Escape)
        case _:
            stage.do("back")
    assert stage.engine.asked("cancel_sign_in") == [()]
    stage.until(bar.button.isVisible)
    assert "se termine" in bar.words.text()


@pytest.mark.parametrize("failure", [Untrusted(Distrust.IDENTITY), Offline("away")])
def test_a_failure_is_told_in_the_bar(stage: Stage, failure: Exception, said: list[str]) -> None:
    bar = ending(stage)
    stage.do("renew")
    stage.until(lambda: bar.waiting)
    stage.engine.show_sign_in(SignInView(SignInStage.FAILED, failure=failure))
    stage.until(bar.button.isVisible)
    if isinstance(failure, Untrusted):
        assert "Une autre personne s’est identifiée" in bar.words.text()
    assert "se termine" in bar.words.text()
    assert bar.words.text() in said
    bar.shut.click()
    assert bar.words.text().startswith("Votre session Pro Santé Connect se termine")
    assert not bar.shut.isVisible()
    assert stage.window.desk.isVisible()


def test_reading_goes_on_and_nothing_can_be_sent(stage: Stage) -> None:
    stage.sign_in()
    writing = composer(stage)
    chosen = stage.window.desk.list.selected()
    stage.engine.read_on()
    bar = stage.window.desk.session_bar
    stage.until(bar.isVisible)
    assert "vous pouvez lire et rédiger" in bar.words.text()
    assert stage.window.desk.list.selected() == chosen
    stage.until(lambda: not writing.send_button.isEnabled())
    assert "session est terminée" in writing.send_button.toolTip()
    assert "session est terminée" in writing.send_button.accessibleDescription()
    QTest.keyClick(writing.text, Qt.Key.Key_Enter, Qt.KeyboardModifier.ControlModifier)
    writing.try_send()
    assert stage.engine.asked("send") == []
    stage.until(lambda: "Session terminée" in stage.window.status.sentence.text())
    writing.session_notice.button().click()
    assert stage.engine.asked("renew_session") == [("",)]
    stage.until(lambda: bar.waiting)


def test_a_failure_of_before_is_not_told_of_what_comes_after(stage: Stage) -> None:
    bar = ending(stage)
    stage.do("renew")
    stage.until(lambda: bar.waiting)
    stage.engine.show_sign_in(SignInView(SignInStage.FAILED, failure=Untrusted(Distrust.IDENTITY)))
    stage.until(bar.shut.isVisible)
    stage.engine.read_on()
    stage.until(lambda: bar.words.text().startswith("Votre session est terminée"))
    assert not bar.shut.isVisible()


def test_a_new_sign_in_gives_sending_back(stage: Stage) -> None:
    stage.sign_in()
    writing = composer(stage)
    stage.engine.read_on()
    stage.until(lambda: not writing.send_button.isEnabled())
    stage.do("renew")
    stage.engine.renewed(LATER)
    stage.until(writing.send_button.isEnabled)
    assert writing.session_notice.text == ""
    assert "Ctrl" in writing.send_button.toolTip()
    stage.until(lambda: not stage.window.desk.session_bar.isVisible())
    assert stage.engine.state is SessionState.OPEN


def test_the_sign_in_that_opens_the_day_shows_no_bar(stage: Stage) -> None:
    stage.engine.show_sign_in(SignInView(SignInStage.OPENING))
    stage.sign_in()
    stage.engine.show_sign_in(SignInView(SignInStage.OPENING))
    assert not stage.window.desk.session_bar.isVisible()


def test_f6_reaches_the_bar(stage: Stage) -> None:
    bar = ending(stage)
    stage.window.desk.tree.setFocus()
    for _ in range(3):
        stage.do("next_pane")
    assert stage.window.focusWidget() is bar.button
