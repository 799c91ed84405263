"""What leaves the protection of the program: a document for another program, a person who wants to be forgotten."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mssclient.domain.errors import StoreReason, StoreTrouble
from mssclient.domain.events import OutsideReady
from mssclient.ui.settings.workstation import WorkstationPage
from tests.ui.conftest import Stage


def opened_by(stage: Stage, *, works: bool = True) -> list[Path]:
    """Stand on a message with documents, the system's opener replaced."""
    stage.sign_in()
    paths: list[Path] = []

    def note(path: Path) -> bool:
        paths.append(path)
        return works

    stage.window.desk.outside.opener = note
    return paths


def test_it_is_asked_once_for_each_document_and_then_opened(stage: Stage) -> None:
    paths = opened_by(stage)
    outside = stage.window.desk.outside
    stage.do("open_outside")
    assert stage.engine.asked("open_outside") == []
    assert "effacée au verrouillage" in outside.notice.text
    assert stage.window.focusWidget() is outside.notice.button(0)
    QTest.keyClick(outside.notice.button(0), Qt.Key.Key_Return)
    stage.until(lambda: len(paths) == 1)
    assert stage.engine.asked("open_outside")[0] == stage.window.desk.reading.attachments.top[:2]
    assert outside.notice.text == ""
    stage.do("open_outside")
    stage.until(lambda: len(paths) == 2)
    assert outside.notice.text == ""


def test_no_means_no(stage: Stage) -> None:
    paths = opened_by(stage)
    stage.do("open_outside")
    stage.window.desk.outside.notice.button(1).click()
    assert stage.engine.asked("open_outside") == []
    assert stage.window.focusWidget() is stage.window.desk.list.table
    assert paths == []


def test_a_copy_that_comes_under_the_lock_is_not_opened(stage: Stage) -> None:
    paths = opened_by(stage)
    outside = stage.window.desk.outside
    stage.engine.open_outside = lambda *_key: None
    stage.do("open_outside")
    outside.notice.button(0).click()
    stage.engine.lock()
    stage.until(lambda: stage.window.lock.on)
    part, content, _name = stage.window.desk.reading.attachments.top
    stage.engine.outside[part, content] = Path("/prive/document.pdf")
    stage.engine.script(OutsideReady(part, content))
    stage.engine.script(OutsideReady(part, content))
    stage.window.desk.outside._on_ready(OutsideReady(part, content))
    assert paths == []


def test_a_system_without_a_program_is_told(stage: Stage) -> None:
    paths = opened_by(stage, works=False)
    stage.do("open_outside")
    stage.window.desk.outside.notice.button(0).click()
    stage.until(lambda: bool(paths))
    assert "Aucun programme" in stage.window.desk.outside.notice.text


def page_of(stage: Stage) -> WorkstationPage:
    """The page of the settings that forgets."""
    stage.sign_in()
    stage.do("forget_me")
    dialog = stage.window.windows._settings
    assert dialog is not None
    assert dialog.tabs.currentWidget() is dialog.workstation
    return dialog.workstation


def test_what_would_be_lost_is_counted(stage: Stage) -> None:
    page = page_of(stage)
    drafts, outbox = len(stage.engine.world.drafts()), len(stage.engine.world.outbox())
    assert f"{drafts} brouillons" in page.loss.text()
    assert f"{outbox} messages qui ne sont pas partis" in page.loss.text()


def test_nobody_is_forgotten_without_saying_so_twice(stage: Stage) -> None:
    page = page_of(stage)
    assert not page.forget.isEnabled()
    page.forget.click()
    assert stage.engine.asked("forget_me") == []
    QTest.keyClick(page.sure, Qt.Key.Key_Space)
    assert page.forget.isEnabled()
    page.forget.click()
    assert stage.engine.asked("forget_me") == [()]
    stage.until(stage.window.sign_in.isVisible)
    assert stage.window.windows._settings is None


def test_a_forgetting_that_failed_is_told_there(stage: Stage) -> None:
    page = page_of(stage)
    stage.engine.forget_me = lambda: None
    page.sure.setChecked(True)
    page.forget.click()
    assert not page.forget.isEnabled()
    stage.engine.tell(StoreTrouble(StoreReason.LOCKED), "forget")
    stage.until(page.forget.isEnabled)
    assert page.notice.text
