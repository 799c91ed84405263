"""Foreign HTML stays where it is: nothing is fetched, nothing opens by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QImage, QTextDocument
from pytestqt.qtbot import QtBot

from mssclient.engine.api import Picture
from mssclient.ui.html import MessageBody, to_image

RED = Picture(2, 1, b"\xff\x00\x00\xff" * 2, 0, 1)
IMAGE = QTextDocument.ResourceType.ImageResource.value


@pytest.fixture
def body(qtbot: QtBot) -> MessageBody:
    made = MessageBody()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize(
    "address",
    [
        "https://tracker.example/p.png", "http://127.0.0.1/x.png", "file:///etc/passwd", "/etc/hostname",
        "data:image/png;base64,iVBORw0KGgo=", "qrc:/x.png", "//host.example/x", "cid:unknown", "CID:unknown", "",
    ],
)  # fmt: skip
def test_no_resource_is_loaded_but_the_message_s_own(body: MessageBody, address: str) -> None:
    body.show_html("<p>x</p>", lambda content_id: RED if content_id == "logo" else None)
    body.refused = 0
    found = body.loadResource(IMAGE, QUrl(address))
    assert isinstance(found, QImage)
    assert (found.width(), found.height()) == (1, 1)
    assert body.refused == 1


def test_a_cid_image_comes_from_the_engine(body: MessageBody) -> None:
    body.show_html("<p>x</p>", lambda content_id: RED if content_id == "logo" else None)
    found = body.loadResource(IMAGE, QUrl("cid:logo"))
    assert isinstance(found, QImage)
    assert found.width() == 2
    assert found.pixelColor(0, 0).red() == 255


def test_style_sheets_are_refused(body: MessageBody) -> None:
    body.show_html("<p>x</p>", lambda _content_id: RED)
    body.refused = 0
    body.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl("cid:logo"))
    assert body.refused == 1


def test_a_link_is_told_and_never_opened(body: MessageBody, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    body.show_html('<a href="https://example.org/a">a</a>', lambda _content_id: None)
    with qtbot.waitSignal(body.link_asked) as asked:
        body.anchorClicked.emit(QUrl("https://example.org/a"))
    assert asked.args == ["https://example.org/a"]
    assert opened == []
    assert "a" in body.toPlainText()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "vbscript:x", "data:text/html,x"])
def test_links_that_run_or_read_files_are_dead(body: MessageBody, address: str) -> None:
    told: list[str] = []
    body.link_asked.connect(told.append)
    body.show_text("x")
    body.anchorClicked.emit(QUrl(address))
    assert told == []
    assert body.toPlainText() == "x"


def test_plain_text_is_never_taken_for_html(body: MessageBody) -> None:
    body.show_text("<b>gras</b> & <img src='https://x.example/y'>")
    assert body.toPlainText().startswith("<b>gras</b>")
    assert body.refused == 0


def test_emptying_keeps_nothing(body: MessageBody) -> None:
    body.show_html("<p>secret</p>", lambda _content_id: None)
    body.empty()
    assert body.toPlainText() == ""
    assert "secret" not in body.document().toHtml()


def test_a_picture_shorter_than_it_claims_is_no_image(qtbot: QtBot) -> None:
    assert to_image(Picture(100, 100, b"\x00" * 4, 0, 1)).isNull()
    assert to_image(Picture(0, 0, b"", 0, 1)).isNull()
