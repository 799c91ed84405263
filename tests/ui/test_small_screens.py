"""Large letters on a small screen, long subjects, the toast that counts, a pasted picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from mssclient.domain.message import MessageId, RowState
from mssclient.domain.outbox import SendState
from mssclient.ui.compose.attachments import png_of
from mssclient.ui.theme import theme
from mssclient.ui.widgets.labels import ClampedLabel
from mssclient.ui.widgets.undo_bar import UndoBar
from tests.ui.conftest import Stage

LONG = "Compte rendu de consultation pluridisciplinaire de gériatrie et de soins palliatifs " * 6


@pytest.fixture
def large() -> Iterator[None]:
    """Letters twice as large."""
    yield
    theme.apply("light", 100)


def test_with_large_letters_the_tree_comes_when_it_is_called(stage: Stage, large: None) -> None:
    stage.sign_in()
    desk = stage.window.desk
    stage.window.resize(1366, 768)
    assert desk.tree.isVisible()
    theme.apply("light", 200)
    stage.until(lambda: not desk.tree.isVisible())
    assert desk.filters.folders.isVisible()
    assert desk.list.isVisible()
    assert desk.reading.isVisible()
    desk.list.table.setFocus()
    stage.do("previous_pane")
    assert desk.tree.isVisible()
    assert stage.window.focusWidget() is desk.tree
    desk.list.table.setFocus()
    stage.until(lambda: not desk.tree.isVisible())
    desk.filters.folders.click()
    assert desk.tree.isVisible()
    QTest.keyClick(desk.tree, Qt.Key.Key_Return)
    stage.until(lambda: not desk.tree.isVisible())
    theme.apply("light", 100)
    stage.until(desk.tree.isVisible)
    assert not desk.filters.folders.isVisible()


def test_the_tree_s_width_survives_large_letters(stage: Stage, large: None) -> None:
    stage.sign_in()
    panes = stage.window.desk.panes
    panes.outer.setSizes([260, 1106])
    before = panes.outer.sizes()
    theme.apply("light", 200)
    stage.until(lambda: panes.narrow)
    kept = panes.sizes()
    theme.apply("light", 100)
    stage.until(lambda: not panes.narrow)
    assert panes.outer.sizes() == before
    assert str(before[0]) in kept


def test_with_large_letters_nothing_of_a_message_is_cut_sideways(stage: Stage, large: None) -> None:
    stage.sign_in()
    stage.window.resize(1366, 768)
    theme.apply("light", 200)
    reading = stage.window.desk.reading
    stage.until(lambda: not stage.window.desk.tree.isVisible())
    stage.until(lambda: reading._top_area.horizontalScrollBar().maximum() == 0)


def test_a_long_subject_takes_three_lines_and_is_told_whole(stage: Stage) -> None:
    stage.sign_in()
    message = stage.engine.world.messages[MessageId(1)]
    stage.engine.put(replace(message, row=replace(message.row, subject=LONG)))
    stage.window.desk.reading.refresh()
    label = stage.window.desk.reading.header.subject
    stage.until(lambda: "…" in label.text())
    assert label.text().count("\n") == 2
    assert label.toolTip() == label.accessibleName() == LONG.strip()
    assert label.height() < 4 * label.fontMetrics().lineSpacing()


def test_a_short_subject_is_left_alone(stage: Stage) -> None:
    label = ClampedLabel(3, stage.window)
    label.resize(400, 60)
    label.set_text("Bilan")
    assert label.text() == "Bilan"
    assert label.toolTip() == ""


def test_the_toast_counts_down_until_it_is_too_late(stage: Stage) -> None:
    bar = UndoBar(stage.window)
    done: list[bool] = []
    bar.offer("Il part dans {n} s.", lambda: done.append(True), 3)
    assert bar.text.text() == "Il part dans 3 s."
    said = bar.accessibleName()
    bar.tick()
    assert bar.text.text() == "Il part dans 2 s."
    assert bar.accessibleName() == said, "said once, not each second"
    bar.tick()
    bar.tick()
    assert bar.isHidden()
    assert bar.ready


def test_sending_counts_down(stage: Stage) -> None:
    stage.sign_in()
    stage.engine.world.outgoing_map.clear()
    writing = stage.window.windows.compose(stage.engine.world.drafts()[0])
    stage.engine.send(writing.keeper.draft)
    writing.keeper.finish()
    writing.sent.emit(writing.keeper.draft.id)
    bar = stage.window.desk.undo_bar
    stage.until(bar.isVisible)
    seconds = round(stage.engine.environment.policy.undo_send_s)
    assert f"{seconds} s" in bar.text.text()
    bar.tick()
    assert f"{seconds - 1} s" in bar.text.text()
    assert next(iter(stage.engine.world.outgoing_map.values())).state is SendState.QUEUED


def test_the_status_line_counts_with_the_tree(stage: Stage) -> None:
    for number, bal in enumerate(stage.engine.world.bal_list):
        stage.engine.world.bal_list[number] = replace(bal, link=type(bal.link).LIVE)
    stage.sign_in()
    sentence = stage.window.status.sentence
    stage.until(lambda: f"{stage.engine.world.to_file()} à classer" in sentence.text())
    waiting = next(m for m in stage.engine.world.messages.values() if m.row.state is RowState.TO_FILE)
    stage.engine.put(replace(waiting, row=replace(waiting.row, state=RowState.FILED, seen=True)))
    told: list[str] = []
    stage.window.desk.tree.folders.counted.connect(lambda: told.append(sentence.text()))
    stage.until(lambda: bool(told))
    assert f"{stage.engine.world.to_file()} à classer" in sentence.text()


def test_a_pasted_picture_is_attached_as_png(stage: Stage) -> None:
    stage.sign_in()
    writing = stage.window.windows.compose(stage.engine.world.drafts()[0])
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkCyan)
    paste = QMimeData()
    paste.setImageData(picture)
    assert writing.text.canInsertFromMimeData(paste)
    words = writing.text.toPlainText()
    for _ in range(2):
        writing.text.insertFromMimeData(paste)
    asked = stage.engine.asked("attach_bytes")
    assert [a[2] for a in asked] == ["image/png", "image/png"]
    assert QImage.fromData(asked[0][3]) == picture.convertToFormat(QImage.Format.Format_RGB32)
    stage.until(lambda: {"image 1.png", "image 2.png"} <= set(writing.attachments.names()))
    assert writing.text.toPlainText() == words


def test_text_with_a_picture_of_itself_is_pasted_as_text(stage: Stage) -> None:
    stage.sign_in()
    writing = stage.window.windows.compose(stage.engine.world.drafts()[0])
    paste = QMimeData()
    paste.setImageData(QImage(3, 3, QImage.Format.Format_RGB32))
    paste.setText("un tableau")
    writing.text.insertFromMimeData(paste)
    assert "un tableau" in writing.text.toPlainText()
    assert stage.engine.asked("attach_bytes") == []


def test_what_is_no_picture_or_too_large_a_one_is_not_attached() -> None:
    assert png_of(None) == b""
    assert png_of(QImage()) == b""
    assert png_of(QImage(10_000, 7_000, QImage.Format.Format_Mono)) == b""


def test_a_longer_name_does_not_push_the_menu_out_of_the_window(stage: Stage) -> None:
    stage.sign_in()
    stage.window.resize(1366, 768)
    bar = stage.window.tools
    stage.until(lambda: bar.width() <= 1366)
    bar.person.setText("Dr Marie-Philippine DE LA ROCHE-BEAUCOURT, médecine physique et de réadaptation")
    stage.until(lambda: bar.person.width() >= bar.person.sizeHint().width())
    stage.until(lambda: bar.menu_button.geometry().right() <= bar.width())
