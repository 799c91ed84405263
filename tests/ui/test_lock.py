"""Locking hides everything, at once; the same person finds everything again, another finds nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMenu, QVBoxLayout, QWidget

from mssclient.domain.session import SessionState
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.sign_in.lock import Cover
from mssclient.ui.widgets import clipboard
from tests.fakes import PERSON
from tests.ui.conftest import Stage


def locked(stage: Stage) -> None:
    """Lock, and wait for the covers."""
    stage.engine.lock()
    stage.until(lambda: stage.window.lock.on)


def composer(stage: Stage) -> ComposeWindow:
    """A composer with a draft in it."""
    return stage.window.windows.compose(stage.engine.world.drafts()[0])


def visible_texts(window: QWidget) -> str:
    """Every text that a look, or a screen reader, would find in a window."""
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_every_window_is_covered_and_its_content_hidden(stage: Stage) -> None:
    stage.sign_in()
    writing = composer(stage)
    stage.window.windows.directory()
    stage.window.windows.settings()
    windows = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert len(windows) == 4
    locked(stage)
    for window in windows:
        cover = window.findChild(Cover)
        assert cover is not None
        assert cover.isVisible()
        assert cover.geometry() == window.rect()
        seen = [w for w in window.findChildren(QWidget) if w.isVisible() and w is not cover]
        assert all(cover.isAncestorOf(w) or w.window() is not window for w in seen)
        assert window.windowTitle().replace("[*]", "") == "Verrouillé – mssclient"
    assert "PAT-TROIS" not in visible_texts(stage.window)
    assert PERSON.name in visible_texts(stage.window)
    assert not writing.text.isVisible()


def test_the_keyboard_stands_on_the_sign_in_of_the_cover_and_comes_back(stage: Stage) -> None:
    stage.sign_in()
    stage.window.activateWindow()
    table = stage.window.desk.list.table
    table.setFocus()
    stage.until(lambda: QApplication.focusWidget() is table)
    locked(stage)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.objectName() == "sign_in.psc"
    assert focus.isVisible()
    QTest.keyClick(focus, Qt.Key.Key_Return)
    assert stage.engine.asked("sign_in_with_browser")[-1:] == [()]
    stage.engine.sign_in(PERSON)
    stage.until(lambda: not stage.window.lock.on)
    assert QApplication.focusWidget() is table


def test_menus_modal_dialogs_and_the_clipboard_go(stage: Stage) -> None:
    stage.sign_in()
    menu = QMenu(stage.window)
    menu.addAction("PAT-TROIS")
    menu.popup(stage.window.mapToGlobal(stage.window.rect().center()))
    dialog = QDialog(stage.window)
    dialog.setModal(True)
    dialog.show()
    clipboard.copy("279035121518989")
    locked(stage)
    assert not menu.isVisible()
    assert not dialog.isVisible()
    assert QGuiApplication.clipboard().text() == ""


def test_what_another_program_copied_is_left_alone(stage: Stage) -> None:
    stage.sign_in()
    clipboard.copy("à nous")
    QGuiApplication.clipboard().setText("à un autre programme")
    if QGuiApplication.clipboard().ownsClipboard():
        pytest.skip("this platform says that we own what was put from outside")
    locked(stage)
    assert QGuiApplication.clipboard().text() == "à un autre programme"


def test_a_window_that_opens_while_locked_is_covered_too(stage: Stage) -> None:
    stage.sign_in()
    locked(stage)
    late = QWidget()
    late.setWindowTitle("Bilan de M. FICTIF")
    QVBoxLayout(late).addWidget(QLabel("contenu", late))
    late.show()
    assert late.findChild(Cover) is not None
    assert "FICTIF" not in late.windowTitle()
    assert "contenu" not in visible_texts(late)
    late.setWindowTitle("Bilan de M. FICTIF, modifié")
    assert "FICTIF" not in late.windowTitle()


def test_the_same_person_finds_everything_as_it_was(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    desk.list.table.selectRow(3)
    chosen = desk.list.selected()
    stage.until(lambda: desk.reading.message is not None and desk.reading.message.row.id == chosen[0])
    writing = composer(stage)
    writing.text.setPlainText("Une phrase à ne pas perdre.")
    title = stage.window.windowTitle()
    locked(stage)
    stage.engine.sign_in(PERSON)
    stage.until(lambda: not stage.window.lock.on)
    assert writing.isVisible()
    assert writing.text.isVisible()
    assert writing.text.toPlainText() == "Une phrase à ne pas perdre."
    assert stage.window.windowTitle() == title
    assert desk.list.selected() == chosen
    assert desk.reading.body.isVisible()
    assert stage.window.tools.isVisible()


def test_another_person_finds_nothing_of_the_first(stage: Stage) -> None:
    stage.sign_in()
    writing = composer(stage)
    gone: list[bool] = []
    writing.destroyed.connect(lambda: gone.append(True))
    stage.window.tools.search.setText("bilan")
    locked(stage)
    kept = len(stage.engine.asked("keep_draft"))
    stage.engine.sign_in(replace(PERSON, national_id="899900099999", given="Paul", family="Mercadier"))
    stage.until(lambda: not stage.window.lock.on and bool(gone))
    assert len(stage.engine.asked("keep_draft")) == kept, "nothing is written into another person's store"
    assert stage.window.tools.search.text() == ""
    assert stage.window.desk.reading.message is None
    assert stage.window.tools.person.text() == "Dr Paul MERCADIER"


def test_signing_out_of_a_locked_session_leads_to_the_first_screen(stage: Stage) -> None:
    stage.sign_in()
    composer(stage)
    locked(stage)
    cover = stage.window.findChild(Cover)
    assert cover is not None
    stage.engine.sign_out()
    stage.until(lambda: stage.window.pages.currentWidget() is stage.window.sign_in and stage.window.sign_in.isVisible())
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == [stage.window]
    assert stage.window.desk.list.model.rowCount() == 0


def test_closing_a_locked_window_ends_the_program_without_a_glimpse(stage: Stage) -> None:
    stage.sign_in()
    composer(stage)
    locked(stage)
    stage.window.close()
    assert [w for w in QApplication.topLevelWidgets() if w.isVisible()] == []


def test_keys_of_what_is_covered_do_nothing(stage: Stage) -> None:
    stage.sign_in()
    locked(stage)
    stage.engine.verbs.clear()
    for key in (Qt.Key.Key_N, Qt.Key.Key_R, Qt.Key.Key_D):
        QTest.keyClick(stage.window, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(stage.window, Qt.Key.Key_Delete)
    assert stage.engine.verbs == []


def test_a_cover_follows_its_window(stage: Stage) -> None:
    stage.sign_in()
    locked(stage)
    stage.window.resize(1100, 600)
    cover = stage.window.findChild(Cover)
    assert cover is not None
    stage.until(lambda: cover.geometry() == stage.window.rect())


def test_only_the_engine_s_word_uncovers(stage: Stage) -> None:
    stage.sign_in()
    locked(stage)
    stage.engine.set_card(stage.engine.card)
    stage.herald.sign_in_changed.emit(None)
    assert stage.window.lock.on
    assert stage.engine.state is SessionState.LOCKED
