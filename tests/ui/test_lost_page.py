"""“Ce qui n’est pas arrivé”: filters, one key to write again, to pass on, to say one knows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from mssclient.domain.draft import Draft
from mssclient.domain.message import MessageId
from mssclient.domain.outbox import OutboxId
from mssclient.domain.receipts import Loss
from mssclient.ui.outbox.lost import LostPage
from mssclient.ui.outbox.view import OutboxView
from tests.ui.desk import Desk, signed_in, unnamed

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

FAILED, REFUSED, FINE = OutboxId(503), OutboxId(506), OutboxId(505)


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return signed_in()


@pytest.fixture
def view(desk: Desk, qtbot: QtBot) -> OutboxView:
    lines = desk.engine.world.outgoing_map
    copy = next(iter(desk.engine.world.messages))
    lines[REFUSED] = replace(lines[REFUSED], copy_id=copy)
    desk.engine.world.silent[FINE] = frozenset({Loss.SILENT})
    made = OutboxView(desk.engine, desk.herald)
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    made.tabs.setCurrentIndex(2)
    desk.settle()
    return made


@pytest.fixture
def page(view: OutboxView) -> LostPage:
    return view.lost_page


def shown(page: LostPage) -> list[OutboxId]:
    lines = (page.register.model.line(row) for row in range(page.register.model.rowCount()))
    return [line.id for line in lines if line is not None]


def choose(page: LostPage, outbox_id: OutboxId) -> None:
    page.register.table.selectRow(shown(page).index(outbox_id))


def test_each_filter_shows_its_own_and_none_shows_all(page: LostPage) -> None:
    assert set(shown(page)) == {FAILED, REFUSED, FINE}
    page.chips[Loss.SILENT].click()
    assert shown(page) == [FINE]
    page.chips[Loss.REFUSED].click()
    assert set(shown(page)) == {FINE, REFUSED}
    assert not page.chips[Loss.DELAYED].isVisibleTo(page)
    page.chips[Loss.SILENT].click()
    page.chips[Loss.REFUSED].click()
    assert set(shown(page)) == {FAILED, REFUSED, FINE}


def test_a_mailbox_of_several_can_be_chosen(desk: Desk, page: LostPage) -> None:
    if not page.boxes.isVisibleTo(page):
        line = desk.engine.world.outgoing_map[REFUSED]
        other = next(bal.id for bal in desk.engine.reader.bals() if bal.id != line.bal_id)
        desk.engine.world.outgoing_map[REFUSED] = replace(line, bal_id=other)
        page.show_lost(desk.engine.reader.lost(), page._now)
    of_one = desk.engine.world.outgoing_map[REFUSED].bal_id
    page.boxes.setCurrentIndex(page.boxes.findData(int(of_one)))
    expected = {each for each in (FAILED, REFUSED, FINE) if desk.engine.world.outgoing_map[each].bal_id == of_one}
    assert set(shown(page)) == expected


def test_r_writes_the_same_again(desk: Desk, view: OutboxView, page: LostPage) -> None:
    written: list[Draft] = []
    view.written.connect(written.append)
    choose(page, REFUSED)
    QTest.keyClick(page.register.table, Qt.Key.Key_R)
    assert desk.engine.asked("write_again") == [(REFUSED,)]
    assert len(written) == 1
    assert written[0].recipients
    assert not page.coming.isVisibleTo(page)


def test_a_copy_that_is_not_here_yet_is_said(desk: Desk, page: LostPage) -> None:
    line = desk.engine.world.outgoing_map[REFUSED]
    desk.engine.world.outgoing_map[REFUSED] = replace(line, copy_id=MessageId(999_999))
    page.show_lost(desk.engine.reader.lost(), page._now)
    choose(page, REFUSED)
    page.again.click()
    assert page.coming.isVisibleTo(page)


def test_f_passes_the_copy_on(desk: Desk, view: OutboxView, page: LostPage) -> None:
    wanted: list[MessageId] = []
    view.forward_wanted.connect(wanted.append)
    choose(page, REFUSED)
    QTest.keyClick(page.register.table, Qt.Key.Key_F)
    assert wanted == [desk.engine.world.outgoing_map[REFUSED].copy_id]


def test_delete_says_one_knows_and_the_next_line_is_chosen(desk: Desk, page: LostPage) -> None:
    choose(page, REFUSED)
    QTest.keyClick(page.register.table, Qt.Key.Key_Delete)
    assert desk.engine.asked("know_lost") == [(REFUSED, True)]
    assert REFUSED not in shown(page)
    assert page.register.chosen() is not None


def test_what_never_left_is_taken_back_and_nothing_else(page: LostPage) -> None:
    choose(page, FAILED)
    assert page.take_back.isVisibleTo(page)
    assert not page.again.isVisibleTo(page)
    choose(page, FINE)
    assert not page.take_back.isVisibleTo(page)
    assert not page.again.isEnabled(), "there is no copy to say again"


def test_everything_has_a_name(page: LostPage) -> None:
    assert unnamed(page) == []
