"""What takes long says how far it is and can be stopped: attachments that come, messages that leave."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from mssclient.domain.bal import BalId
from mssclient.domain.events import PartArrived, ProgressChanged
from mssclient.domain.message import Attachment, Loading, MessageId
from mssclient.domain.outbox import SendState
from mssclient.engine.api import Progress
from mssclient.ui.outbox.view import OutboxView
from mssclient.ui.preview.panel import PreviewPanel
from mssclient.ui.widgets.transfer import TransferLine
from tests.ui.conftest import Stage
from tests.ui.desk import Desk, signed_in

MB = 1024 * 1024


def coming(stage: Stage) -> tuple[MessageId, Attachment]:
    """The message on screen has an attachment that is on its way."""
    stage.sign_in()
    message = next(m for m in stage.engine.world.messages.values() if m.attachments and not m.row.has_xdm)
    stage.window.desk.reading.show_message(message.row.id)
    first = replace(message.attachments[0], loading=Loading.COMING)
    stage.engine.world.messages[message.row.id] = replace(message, attachments=(first, *message.attachments[1:]))
    stage.engine.announce(PartArrived(first.id))
    reading = stage.window.desk.reading
    stage.until(lambda: reading.attachments.findChild(TransferLine) is not None)
    return message.row.id, first


def on_its_way(stage: Stage | Desk, what: str, bal_id: BalId, done: int, total: int) -> None:
    stage.engine.progress_list = (Progress(what, bal_id, done, total),)
    stage.engine.announce(ProgressChanged())


def test_an_attachment_on_its_way_says_how_far_and_is_stopped_by_keyboard(stage: Stage) -> None:
    message_id, part = coming(stage)
    transfer = stage.window.desk.reading.attachments.findChild(TransferLine)
    assert transfer is not None
    stage.until(transfer.isVisible)
    on_its_way(stage, "part", stage.engine.world.messages[message_id].row.bal_id, 3 * MB, 9 * MB)
    stage.until(lambda: transfer.bar.value() > 0)
    assert round(transfer.bar.value() * 3 / transfer.bar.maximum(), 2) == 1
    assert transfer.words.text() == "3 Mo sur 9 Mo".replace(" M", "\u00a0M")
    assert part.name in transfer.bar.accessibleName()
    assert transfer.button is not None
    transfer.button.setFocus()
    QTest.keyClick(transfer.button, Qt.Key.Key_Return)
    assert stage.engine.asked("stop_part") == [(part.id,)]


def test_a_quick_one_shows_no_line(stage: Stage) -> None:
    message_id, part = coming(stage)
    transfer = stage.window.desk.reading.attachments.findChild(TransferLine)
    assert transfer is not None
    assert transfer.isHidden()
    stage.engine.want_part(part.id)
    stage.until(lambda: stage.engine.world.messages[message_id].attachments[0].loading is Loading.HERE)
    stage.until(lambda: stage.window.desk.reading.attachments.findChild(TransferLine) is None)


@pytest.fixture
def desk() -> Desk:
    return signed_in()


def test_a_preview_that_waits_can_be_given_up_and_taken_up_again(desk: Desk, qtbot) -> None:  # type: ignore[no-untyped-def]
    message = next(m for m in desk.engine.world.messages.values() if m.attachments)
    part = message.attachments[0]
    panel = PreviewPanel(desk.engine, desk.herald)
    qtbot.addWidget(panel)
    panel.show()
    desk.engine.announce = lambda _event: None  # nothing comes
    panel.show_part(part.id)
    qtbot.waitUntil(panel.transfer.isVisible, timeout=2000)
    assert panel.transfer.button is not None
    panel.transfer.button.click()
    assert desk.engine.asked("stop_part") == [(part.id,)]
    assert not panel.transfer.isVisible()
    assert not panel.busy.isVisible()
    assert "arrêtée" in panel.notice.text
    before = len(desk.engine.asked("want_picture"))
    panel.notice.button().click()
    assert len(desk.engine.asked("want_picture")) == before + 1


def test_a_message_that_leaves_says_how_much_has_left(desk: Desk, qtbot) -> None:  # type: ignore[no-untyped-def]
    line = next(o for o in desk.engine.world.outgoing_map.values() if o.state is SendState.QUEUED)
    desk.engine.world.outgoing_map[line.id] = replace(line, state=SendState.SENDING)
    view = OutboxView(desk.engine, desk.herald)
    qtbot.addWidget(view)
    view.show()
    tile = next(t for t in view.waiting.tiles if t.outbox_id == line.id)
    qtbot.waitUntil(tile.transfer.isVisible, timeout=2000)
    on_its_way(desk, "sending", line.bal_id, 2 * MB, 8 * MB)
    qtbot.waitUntil(lambda: tile.transfer.bar.value() * 4 == tile.transfer.bar.maximum(), timeout=2000)
    others = [t for t in view.waiting.tiles if t.outbox_id != line.id]
    assert others
    assert not any(t.transfer.isVisible() for t in others)


def test_the_tile_makes_room_for_the_button_that_stops(stage: Stage) -> None:
    coming(stage)
    tiles = stage.window.desk.reading.attachments
    transfer = tiles.findChild(TransferLine)
    assert transfer is not None
    before = tiles.height()
    stage.until(transfer.isVisible)
    stage.until(lambda: tiles.height() > before)
    assert transfer.button is not None
    assert not transfer.button.visibleRegion().isEmpty()


def test_the_status_line_counts_bytes_as_sizes(stage: Stage) -> None:
    stage.sign_in()
    on_its_way(stage, "part", BalId(1), 3 * MB, 9 * MB)
    stage.until(lambda: "3\u00a0Mo sur 9\u00a0Mo" in stage.window.status.sentence.text())
