"""Under the search field: what one types may go on, and taking a hint searches for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QLineEdit
from pytestqt.qtbot import QtBot

from mssclient.domain.message import ListQuery
from mssclient.domain.outbox import Fate
from mssclient.ui import wording
from mssclient.ui.models.message_list import ROW_ROLE, MessageListModel
from mssclient.ui.search_hints import SearchHints
from tests.ui.desk import Desk, signed_in

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def field(desk: Desk, qtbot: QtBot) -> QLineEdit:
    line = QLineEdit()
    qtbot.addWidget(line)
    SearchHints(desk.engine, line)
    line.show()
    line.setFocus()
    return line


def popup_of(field: QLineEdit) -> QAbstractItemView:
    popup = field.completer().popup()
    assert popup is not None
    return popup


def offered(field: QLineEdit) -> list[str]:
    popup = popup_of(field)
    model = popup.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())] if popup.isVisible() else []


def test_typing_offers_how_to_go_on_and_taking_it_fills_the_field(field: QLineEdit) -> None:
    QTest.keyClicks(field, "bilan ap")
    assert offered(field) == ["après:"]
    popup = popup_of(field)
    popup.setCurrentIndex(popup.model().index(0, 0))
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == "bilan après:"


def test_words_are_left_alone(field: QLineEdit) -> None:
    QTest.keyClicks(field, "bilan xyz")
    assert offered(field) == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.text() == "bilan xyz"


def test_what_the_program_writes_offers_nothing(field: QLineEdit) -> None:
    field.setText("de:")
    assert offered(field) == []


def test_a_row_says_what_became_of_it_and_where_it_was_found(desk: Desk) -> None:
    world = desk.engine.world
    (key, message), *_ = world.messages.items()
    shown = replace(message.row, fate=Fate.FAILED.value, found_there=True, seen=True, conversation_unread=1)
    world.messages[key] = replace(message, row=shown)
    assert wording.row_news(shown) == ["Non remis", "trouvé chez l’opérateur"]
    model = MessageListModel(desk.engine, desk.herald, lambda: message.row.date)
    model.show(ListQuery(shown.folder_id))
    sentence = str(model.index(model.place_of(key), 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert sentence.endswith("Non remis, trouvé chez l’opérateur")
    assert model.index(model.place_of(key), 0).data(ROW_ROLE).seen
    model.show(ListQuery(shown.folder_id, conversations=True))
    place = model.place_of(key)
    if place >= 0:
        assert not model.index(place, 0).data(ROW_ROLE).seen, "one message of the conversation is unread"
