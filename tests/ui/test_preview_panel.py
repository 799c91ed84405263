"""The preview: pages and text as the engine decoded them, zoom, and failures in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mssclient.domain.errors import Offline, Unread, Unreadable
from mssclient.domain.events import PreviewReady, SessionChanged
from mssclient.domain.message import PartId
from mssclient.domain.session import SessionState
from mssclient.engine.api import Picture, Progress
from mssclient.ui.preview.panel import PreviewPanel
from tests.ui.desk import Desk, signed_in, unnamed

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

PART = PartId(10)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def panel(desk: Desk, qtbot: QtBot) -> PreviewPanel:
    made = PreviewPanel(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.resize(500, 600)
    made.show()
    desk.settle()
    return made


def asked_widths(desk: Desk) -> list[int]:
    return [int(str(args[3])) for args in desk.engine.asked("want_picture")]


def test_a_page_fills_the_width(desk: Desk, panel: PreviewPanel) -> None:
    panel.show_part(PART)
    desk.settle()

    assert panel.place.text() == "Page 1 sur 3 · 100\u00a0%"
    assert 400 <= panel.canvas.width() <= 500
    assert asked_widths(desk) == [panel.canvas.width()]
    assert not panel.busy.isVisible()


def test_the_colours_are_those_that_were_decoded(desk: Desk, panel: PreviewPanel) -> None:
    desk.engine.pictures[PART, "", 0] = Picture(2, 1, b"\xff\x00\x00\xff\x00\x00\xff\xff", 0, 1)
    panel.show_part(PART)
    desk.settle()
    shown = panel.canvas.grab().toImage()

    assert shown.pixelColor(10, shown.height() // 2) == QColor(255, 0, 0)
    assert shown.pixelColor(shown.width() - 10, shown.height() // 2) == QColor(0, 0, 255)


def test_pages_turn_and_stop_at_the_ends(desk: Desk, panel: PreviewPanel) -> None:
    panel.show_part(PART)
    desk.settle()
    panel.pages_area.setFocus()
    for _ in range(5):
        panel.next.click()
        desk.settle()

    assert panel.place.text().startswith("Page 3 sur 3")
    assert not panel.next.isEnabled()
    assert [args[2] for args in desk.engine.asked("want_picture")] == [0, 1, 2]


def test_zooming_asks_for_a_sharper_page(desk: Desk, panel: PreviewPanel, qtbot: QtBot) -> None:
    panel.show_part(PART)
    desk.settle()
    before = panel.canvas.width()
    panel.zoom_in()
    assert panel.canvas.width() == round(before * 1.25), "the page grows at once, sharp or not"

    qtbot.waitUntil(lambda: asked_widths(desk)[-1] == round(before * 1.25), timeout=1000)
    panel.fit()
    assert panel.canvas.width() == before


def test_text_is_shown_as_text(desk: Desk, panel: PreviewPanel) -> None:
    desk.engine.pictures[PART, "", 0] = Unreadable(Unread.NOT_IT, "text/xml")
    desk.engine.texts[PART, ""] = "Compte rendu <b>tel quel</b>"
    panel.show_part(PART)
    desk.settle()

    assert panel.words.toPlainText() == "Compte rendu <b>tel quel</b>"
    assert panel.stack.currentWidget() is panel.words
    assert panel.notice.text == ""


def test_text_that_comes_after_the_refusal_of_the_picture(desk: Desk, panel: PreviewPanel) -> None:
    desk.engine.pictures[PART, "", 0] = Unreadable(Unread.NOT_IT, "text/xml")
    panel.show_part(PART)
    desk.settle()
    assert panel.notice.text == ""

    desk.engine.texts[PART, ""] = "Plus tard"
    desk.herald.post(PreviewReady(PART, 0))
    desk.settle()
    assert panel.words.toPlainText() == "Plus tard"


def test_a_failure_is_told_and_can_be_tried_again(desk: Desk, panel: PreviewPanel, qtbot: QtBot) -> None:
    desk.engine.pictures[PART, "", 0] = Unreadable(Unread.TOO_BIG, "pdf")
    panel.show_part(PART)
    qtbot.waitUntil(lambda: "ne peut pas être affiché" in panel.notice.text, timeout=1000)

    del desk.engine.pictures[PART, "", 0]
    panel.notice.button().click()
    desk.settle()
    assert panel.canvas.has_page()
    assert panel.notice.text == ""


def test_a_part_that_cannot_be_fetched_is_told(
    desk: Desk, panel: PreviewPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.engine, "want_picture", lambda *_args: None)
    panel.show_part(PART)
    assert panel.busy.isVisible()
    desk.engine.set_progress(Progress("part", None, 40, 100))
    desk.settle()
    assert (panel.busy.value(), panel.busy.maximum()) == (40, 100)

    desk.engine.tell(Offline("gone"), "part")
    desk.settle()
    assert "Pas de connexion" in panel.notice.text
    assert not panel.busy.isVisible()


def test_a_page_of_another_document_is_not_shown(desk: Desk, panel: PreviewPanel) -> None:
    panel.show_part(PART)
    panel.clear()
    desk.settle()

    assert not panel.canvas.has_page()
    assert panel.stack.currentWidget() is panel.empty


def test_a_lock_keeps_the_page_and_a_person_who_leaves_takes_it_along(desk: Desk, panel: PreviewPanel) -> None:
    panel.show_part(PART)
    desk.settle()
    desk.herald.post(SessionChanged(SessionState.LOCKED))
    desk.settle()
    assert panel.canvas.has_page()
    desk.herald.post(SessionChanged(SessionState.SIGNED_OUT))
    desk.settle()

    assert not panel.canvas.has_page()


def test_keys(desk: Desk, panel: PreviewPanel, qtbot: QtBot) -> None:
    panel.show_part(PART)
    desk.settle()
    panel.activateWindow()
    panel.pages_area.setFocus()
    QTest.keyClick(panel.pages_area, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert panel.place.text().startswith("Page 3")

    QTest.keyClick(panel.pages_area, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert "80" in panel.place.text()

    with qtbot.waitSignal(panel.closed):
        QTest.keyClick(panel.pages_area, Qt.Key.Key_Escape)


def test_everything_has_a_name_for_a_screen_reader(panel: PreviewPanel) -> None:
    assert unnamed(panel) == []
