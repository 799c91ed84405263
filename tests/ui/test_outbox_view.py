"""The outbox: why each message waits, one action each, and what became of what was sent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from mssclient.domain.outbox import OutboxId, SendState
from mssclient.ui.outbox.view import OutboxView
from tests.ui.desk import Desk, signed_in, unnamed

# The offscreen platform says this for every window that has a layout.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

WAITING, UNCERTAIN, FAILED = OutboxId(501), OutboxId(502), OutboxId(503)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def view(desk: Desk, qtbot: QtBot) -> OutboxView:
    made = OutboxView(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    desk.settle()
    return made


def buttons(view: OutboxView, outbox_id: OutboxId) -> dict[str, QPushButton]:
    tile = next(t for t in view.waiting.tiles if t.outbox_id == outbox_id)
    return {b.text(): b for b in tile.findChildren(QPushButton)}


@pytest.mark.parametrize(
    ("outbox_id", "label", "verb"),
    [
        (WAITING, "Envoyer maintenant", "send_again"),
        (WAITING, "Reprendre", "take_back"),
        (UNCERTAIN, "Il est bien arrivé", "settle_as_sent"),
        (UNCERTAIN, "Renvoyer", "send_again"),
        (FAILED, "Reprendre", "take_back"),
    ],
)
def test_each_state_has_its_action(desk: Desk, view: OutboxView, outbox_id: OutboxId, label: str, verb: str) -> None:
    buttons(view, outbox_id)[label].click()

    assert desk.engine.asked(verb) == [(outbox_id,)]


def test_no_state_has_another_action(view: OutboxView) -> None:
    assert set(buttons(view, UNCERTAIN)) == {"Il est bien arrivé", "Renvoyer"}
    assert set(buttons(view, FAILED)) == {"Reprendre"}


def test_a_message_in_its_hold_is_only_taken_back(desk: Desk, view: OutboxView) -> None:
    held = replace(desk.engine.reader.outgoing_map[WAITING], tries=0)
    desk.engine.reader.outgoing_map[WAITING] = held
    view.refresh()

    assert set(buttons(view, WAITING)) == {"Reprendre"}


def test_a_message_of_another_session_waits_for_consent(desk: Desk, view: OutboxView) -> None:
    held = replace(desk.engine.reader.outgoing_map[WAITING], tries=0, needs_consent=True)
    desk.engine.reader.outgoing_map[WAITING] = held
    view.refresh()

    assert "Envoyer maintenant" in buttons(view, WAITING)
    assert "accord" in view.waiting.tiles[0].accessibleName()


def test_a_message_being_sent_can_only_be_stopped(desk: Desk, view: OutboxView) -> None:
    desk.engine.reader.outgoing_map[WAITING] = replace(
        desk.engine.reader.outgoing_map[WAITING], state=SendState.SENDING
    )
    view.refresh()

    assert set(buttons(view, WAITING)) == {"Arrêter l’envoi"}
    buttons(view, WAITING)["Arrêter l’envoi"].click()
    assert desk.engine.asked("take_back") == [(WAITING,)]


def test_each_tile_says_why_and_since_when(view: OutboxView) -> None:
    said = [tile.accessibleName() for tile in view.waiting.tiles]

    assert all("depuis" in sentence for sentence in said)
    assert "pleine" in said[2]
    assert "«\u00a0552 5.2.2 mailbox full\u00a0»" in said[2]


def test_the_view_follows_the_engine(desk: Desk, view: OutboxView, qtbot: QtBot) -> None:
    assert view.tabs.tabText(0) == "Boîte d’envoi (3)"
    desk.engine.take_back(FAILED)

    qtbot.waitUntil(lambda: view.tabs.tabText(0) == "Boîte d’envoi (2)", timeout=1000)


def test_an_empty_outbox_says_so(desk: Desk, view: OutboxView) -> None:
    desk.engine.reader.outgoing_map.clear()
    view.refresh()

    assert view.tabs.tabText(0) == "Boîte d’envoi"
    assert view.sent.empty.isVisibleTo(view.sent)
    assert view.lost.empty.text() == "Tout ce qui est parti est arrivé."


def test_the_register_tells_each_recipients_fate(view: OutboxView) -> None:
    view.tabs.setCurrentIndex(1)
    view.sent.table.selectRow(1)

    assert "Mme Sophie EXEMPLE" in view.sent.fates.text
    assert "Intégré dans le dossier" in view.sent.fates.text
    assert "Remis au serveur" in view.sent.fates.text


def test_what_did_not_arrive_stands_apart(desk: Desk, view: OutboxView) -> None:
    view.tabs.setCurrentIndex(2)
    rows = [view.lost.model.line(row) for row in range(view.lost.model.rowCount())]
    assert [line.id for line in rows if line] == [FAILED, OutboxId(506)]

    view.lost.table.selectRow(1)
    assert "L’INS et les traits d’identité ne concordent pas." in view.lost.fates.text
    assert not view.take_back.isVisible()

    view.lost.table.selectRow(0)
    view.take_back.click()
    assert desk.engine.asked("take_back") == [(FAILED,)]


def test_the_choice_survives_a_refresh(view: OutboxView) -> None:
    view.sent.table.selectRow(2)
    view.refresh()

    chosen = view.sent.chosen()
    assert chosen is not None
    assert chosen.id == OutboxId(506)


def test_rows_are_sentences_for_a_screen_reader(view: OutboxView) -> None:
    sentence = str(view.sent.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))

    assert sentence.startswith("Lu, Dr Hélène MARTIN CHU de Villefictive, Avis gériatrique")
    assert unnamed(view) == []
