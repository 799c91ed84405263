"""Proof by pixels and by reading every widget: a locked program shows what an empty one shows, and no more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QSettings, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QCompleter,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTextEdit,
    QToolTip,
    QWidget,
)

from mssclient.domain.events import DraftChanged, MessagesArrived, PreviewReady
from mssclient.stage.loop import rest
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.sign_in.lock import Cover
from mssclient.ui.widgets import clipboard, file_dialog
from tests.fakes import PERSON, FakeReader
from tests.ui.conftest import Stage

SIZE = (900, 620)
PLANTED = ("PAT-TROIS", "279035121518989", "apixaban", "LETTRE", "bilan", "Martin", "MARTIN", "Tilleuls", "VASSEUR")
"""Words of the sample: an usager, a matricule, a drug, a subject, a file, correspondents, a mailbox, the person."""


def locked(stage: Stage) -> None:
    """Lock, and wait for the covers."""
    stage.engine.lock()
    stage.until(lambda: stage.window.lock.on)


def picture(window: QWidget) -> QImage:
    """What a window shows, all windows at one size."""
    window.resize(*SIZE)
    QApplication.processEvents()
    return window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def visible() -> list[QWidget]:
    """Every top-level window on the screen."""
    return [w for w in QApplication.topLevelWidgets() if w.isVisible()]


def everything_said(windows: list[QWidget], *, hidden: bool = False) -> str:
    """Every text, title, tool tip and accessible text of some windows; with `hidden`, of what does not show as well."""
    said: list[str] = []
    for window in windows:
        said += [window.windowTitle(), window.accessibleName(), window.windowFilePath()]
        for widget in window.findChildren(QWidget):
            if hidden or widget.isVisible():
                said += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), text_of(widget)]
    return "\n".join(said)


def text_of(widget: QWidget) -> str:
    """What is written in a widget."""
    match widget:
        case QLabel() | QAbstractButton() | QLineEdit():
            return widget.text()
        case QPlainTextEdit() | QTextEdit():
            return widget.toPlainText()
        case QComboBox():
            return " ".join(widget.itemText(n) for n in range(widget.count()))
        case _:
            return ""


def busy(stage: Stage) -> ComposeWindow:
    """A morning's work: everything that can be open is open, a document is previewed."""
    stage.sign_in()
    stage.window.windows.directory()
    stage.window.windows.settings()
    writing = stage.window.windows.compose(stage.engine.world.drafts()[0])
    top = stage.window.desk.reading.attachments.top
    assert top is not None
    stage.window.desk.show_part(*top, filing=True)
    stage.until(stage.window.desk.workbench.preview.canvas.has_page)
    return writing


def test_a_locked_desk_looks_like_a_locked_empty_one(stage: Stage) -> None:
    world = stage.engine.world
    busy(stage)
    locked(stage)
    full = {type(w).__name__: picture(w) for w in visible()}
    assert set(full) == {"MainWindow", "DirectoryWindow", "SettingsDialog", "ComposeWindow"}
    stage.engine.world = stage.engine.reader = FakeReader(bal_list=world.bal_list[:1])
    stage.engine.sign_out()
    stage.until(stage.window.sign_in.isVisible)
    stage.engine.sign_in(PERSON)
    stage.until(stage.window.desk.isVisible)
    stage.window.windows.directory()
    stage.window.windows.settings()
    stage.window.windows.new()
    locked(stage)
    empty = {type(w).__name__: picture(w) for w in visible()}
    assert set(empty) == set(full)
    for name, image in empty.items():
        assert image == full[name], name


def test_the_proof_by_pixels_can_fail(stage: Stage) -> None:
    busy(stage)
    open_windows = {type(w).__name__: picture(w) for w in visible()}
    locked(stage)
    for window in visible():
        assert picture(window) != open_windows[type(window).__name__]


def test_nothing_can_be_read_under_the_covers_but_whose_session_it_is(stage: Stage) -> None:
    busy(stage)
    assert "PAT-TROIS" in everything_said(visible())
    locked(stage)
    said = everything_said(visible()).replace(PERSON.name, "")
    assert [word for word in PLANTED if word in said] == []
    assert {w.windowTitle().replace("[*]", "") for w in visible()} == {"Verrouillé – mssclient"}


def float_menu(window: QWidget) -> None:
    """A menu."""
    menu = QMenu(window)
    menu.addAction("PAT-TROIS")
    menu.popup(window.mapToGlobal(QPoint(50, 50)))


def float_box(window: QWidget) -> None:
    """A question that blocks."""
    box = QMessageBox(window)
    box.setText("PAT-TROIS")
    box.open()


def float_combo(window: QWidget) -> None:
    """The list of a combo."""
    combo = QComboBox(window)
    combo.addItem("PAT-TROIS")
    combo.show()
    combo.showPopup()


def float_tip(window: QWidget) -> None:
    """A tool tip."""
    QToolTip.showText(window.mapToGlobal(QPoint(10, 10)), "PAT-TROIS", window)


def float_chooser(window: QWidget) -> None:
    """The choice of a file."""
    file_dialog.choose_target(window, "Enregistrer", "PAT-TROIS.pdf", lambda _path: None)


def float_completer(window: QWidget) -> None:
    """The list of a completer."""
    field = QLineEdit(window)
    field.setCompleter(QCompleter(["PAT-TROIS"], field))
    field.show()
    field.setFocus()
    field.completer().setCompletionPrefix("PAT")
    field.completer().complete()


@pytest.mark.parametrize("above", [float_menu, float_box, float_combo, float_tip, float_chooser, float_completer])
def test_what_floats_above_goes(stage: Stage, above: Callable[[QWidget], None]) -> None:
    stage.sign_in()
    above(stage.window)
    assert len(visible()) > 1
    locked(stage)
    assert visible() == [stage.window]


def test_a_drag_under_way_is_cancelled(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    stage.sign_in()
    calls: list[bool] = []
    monkeypatch.setattr(QDrag, "cancel", lambda: calls.append(True))
    locked(stage)
    assert calls == []
    stage.engine.sign_in(PERSON)
    stage.until(lambda: not stage.window.lock.on)
    drag = QDrag(stage.window.desk.list.table)
    drag.setMimeData(QMimeData())
    locked(stage)
    assert calls == [True]
    drag.deleteLater()


def test_what_comes_up_while_locked_is_covered_at_birth(stage: Stage) -> None:
    stage.sign_in()
    locked(stage)
    late = QWidget()
    late.setWindowTitle("PAT-TROIS")
    QLabel("PAT-TROIS", late)
    late.show()
    question = QDialog(stage.window)
    question.setWindowTitle("PAT-TROIS")
    QLabel("PAT-TROIS", question)
    question.open()
    menu = QMenu(stage.window)
    menu.addAction("PAT-TROIS")
    menu.popup(QPoint(10, 10))
    for window in (late, question, menu):
        assert window.findChild(Cover) is not None
        assert "PAT-TROIS" not in window.windowTitle()
    assert "PAT-TROIS" not in everything_said(visible())
    stage.until(lambda: not question.isVisible() and not menu.isVisible())
    assert late.isVisible()


def test_news_that_comes_under_the_covers_shows_nothing(stage: Stage) -> None:
    writing = busy(stage)
    field = writing.findChild(QLineEdit, "compose.to")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "mart")
    locked(stage)
    before = {w: picture(w) for w in visible()}
    writing.question.tell("PAT-TROIS")
    stage.window.desk.problems.show()
    stage.window.status.show()
    for event in (DraftChanged(writing.keeper.draft.id), MessagesArrived(1, 2), PreviewReady(1, 0)):
        stage.engine.script(event)
    # Typing asks the Annuaire a moment later: its list must not come up above the cover.
    rest(400)
    assert {w: picture(w) for w in visible()} == before
    assert "PAT-TROIS" not in everything_said(visible())
    stage.engine.sign_in(PERSON)
    stage.until(lambda: not stage.window.lock.on)
    assert writing.question.isVisible()


def test_escape_gives_a_sign_in_up_under_the_cover_and_no_other_key_acts(stage: Stage) -> None:
    stage.sign_in()
    locked(stage)
    cover = stage.window.findChild(Cover)
    assert cover is not None
    stage.engine.sign_in_with_browser()
    cancel = cover.findChild(QAbstractButton, "sign_in.wait.cancel")
    assert cancel is not None
    stage.until(cancel.isVisible)
    assert stage.window.focusWidget() is cancel
    stage.engine.verbs.clear()
    QTest.keyClick(cancel, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(cancel, Qt.Key.Key_F5)
    assert stage.engine.verbs == []
    QTest.keyClick(cancel, Qt.Key.Key_Escape)
    assert stage.engine.asked("cancel_sign_in") == [()]


def test_the_same_person_finds_focus_scroll_undo_and_document(stage: Stage) -> None:
    writing = busy(stage)
    desk = stage.window.desk
    writing.text.setPlainText("")
    writing.text.insertPlainText("\n".join(f"ligne {n}" for n in range(80)))
    writing.text.verticalScrollBar().setValue(20)
    writing.text.setFocus()
    desk.list.table.verticalScrollBar().setValue(37)
    scrolls = (writing.text.verticalScrollBar().value(), desk.list.table.verticalScrollBar().value())
    locked(stage)
    stage.engine.sign_in(PERSON)
    stage.until(lambda: not stage.window.lock.on)
    assert (writing.text.verticalScrollBar().value(), desk.list.table.verticalScrollBar().value()) == scrolls
    assert writing.focusWidget() is writing.text
    assert desk.workbench.preview.canvas.has_page()
    assert desk.workbench.filing.isVisible()
    assert writing.text.document().isUndoAvailable()
    writing.text.undo()
    assert "ligne 79" not in writing.text.toPlainText()


@pytest.mark.parametrize("way", ["lock and another", "sign out and another"])
def test_another_person_finds_no_word_of_the_first_anywhere(stage: Stage, way: str) -> None:
    writing = busy(stage)
    gone: list[bool] = []
    writing.destroyed.connect(lambda: gone.append(True))
    stage.window.tools.search.setText("PAT-TROIS")
    stage.window.desk.reading.find_bar.words.setText("apixaban")
    stage.do("outbox")
    clipboard.copy("279035121518989")
    if way.startswith("lock"):
        locked(stage)
    else:
        stage.do("sign_out")
        stage.until(stage.window.sign_in.isVisible)
        assert QGuiApplication.clipboard().text() == ""
    stage.engine.world = stage.engine.reader = FakeReader()
    for holder in (stage.window.desk.tree.folders, stage.window.desk.reading.conversation):
        holder._reader = stage.engine.reader
    stage.engine.sign_in(replace(PERSON, national_id="899900099999", given="Paul", family="Mercadier", activities=()))
    stage.until(lambda: stage.window.first_address.isVisible() and bool(gone))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    said = everything_said(QApplication.topLevelWidgets(), hidden=True)
    assert [word for word in PLANTED if word in said] == []
    for field in stage.window.findChildren(QLineEdit):
        assert not field.isUndoAvailable(), field.objectName()
    assert not stage.window.desk.workbench.preview.canvas.has_page()
    assert stage.window.windows._settings is None


def test_the_file_dialog_leaves_nothing_in_the_workstation_s_settings(stage: Stage, tmp_path: Path) -> None:
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "conf"))
    try:
        stage.sign_in()
        place = tmp_path / "PAT-TROIS"
        place.mkdir()
        chosen: list[Path] = []
        dialog = file_dialog.choose_target(stage.window, "Enregistrer", "bilan.pdf", chosen.append)
        assert dialog.testOption(dialog.Option.DontUseNativeDialog)
        dialog.setDirectory(str(place))
        dialog.selectFile("bilan.pdf")
        gone: list[bool] = []
        dialog.destroyed.connect(lambda: gone.append(True))
        dialog.accept()
        stage.until(lambda: bool(gone))
        assert chosen == [place / "bilan.pdf"]
        kept = "".join(p.read_text("utf-8") for p in (tmp_path / "conf").rglob("*") if p.is_file())
        assert "PAT-TROIS" not in kept
        second = file_dialog.file_dialog(stage.window, "Joindre", "second")
        assert second.directory().path() == str(place)
        second.deleteLater()
        stage.do("sign_out")
        stage.until(stage.window.sign_in.isVisible)
        third = file_dialog.file_dialog(stage.window, "Joindre", "third")
        assert "PAT-TROIS" not in " ".join([third.directory().path(), *third.history()])
        third.deleteLater()
    finally:
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(Path.home() / ".config"))


def test_quitting_takes_what_we_copied_along(stage: Stage) -> None:
    stage.sign_in()
    clipboard.copy("279035121518989")
    stage.window.close()
    assert QGuiApplication.clipboard().text() == ""
