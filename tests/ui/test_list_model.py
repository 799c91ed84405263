"""The list's model: the difference is told, the selection survives, only pages are read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from mssclient.domain.bal import FolderId
from mssclient.domain.events import MessagesChanged
from mssclient.domain.message import ListQuery, MessageId, Sort
from mssclient.ui.herald import Herald
from mssclient.ui.mailbox.list_view import MessageListPane
from mssclient.ui.models.message_list import ROW_ROLE, MessageListModel
from mssclient.ui.models.runs import runs
from tests.fakes import NOW, FakeEngine, sample_engine

INBOX = ListQuery(folder_id=FolderId(1))


@pytest.fixture
def engine() -> FakeEngine:
    return sample_engine(rows=300)


@pytest.fixture
def model(engine: FakeEngine, qtbot: QtBot) -> MessageListModel:
    herald = Herald()
    engine.announce = herald.post
    made = MessageListModel(engine, herald, lambda: NOW)
    made.herald = herald  # type: ignore[attr-defined]  # keeps it alive
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    return made


def test_runs_of_neighbours() -> None:
    assert runs([]) == []
    assert runs([1, 2, 3, 7, 9, 10]) == [(1, 3), (7, 7), (9, 10)]


def test_only_a_page_is_read_for_a_screen(engine: FakeEngine, model: MessageListModel) -> None:
    model.show(INBOX)
    engine.world.row_reads = 0
    for place in range(30):
        assert model.data(model.index(place, 0), ROW_ROLE) is not None
    assert engine.world.row_reads <= 1


def test_the_sentence_of_a_row_is_what_a_screen_reader_says(model: MessageListModel) -> None:
    model.show(INBOX)
    said = model.data(model.index(0, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(said, str)
    for piece in ("Non lu", "à classer", "Hélène MARTIN", "LETTRE DE LIAISON", "PAT-TROIS", "2 pièces jointes"):
        assert piece in said


def test_arrivals_and_departures_are_told_as_runs(engine: FakeEngine, model: MessageListModel) -> None:
    model.show(INBOX)
    told: list[tuple[str, int, int]] = []
    model.rowsInserted.connect(lambda _p, first, last: told.append(("in", first, last)))
    model.rowsRemoved.connect(lambda _p, first, last: told.append(("out", first, last)))
    model.modelReset.connect(lambda: told.append(("reset", 0, 0)))
    gone = [model.id_at(place) for place in (4, 5, 6)]
    template = engine.world.messages[MessageId(1)]
    for number in range(3):
        row = replace(template.row, id=MessageId(9000 + number), date=NOW)
        engine.world.messages[row.id] = replace(template, row=row)
    for key in gone:
        assert key is not None
        engine.world.messages.pop(key)
    model.refresh()
    assert told == [("out", 4, 6), ("in", 0, 2)]
    assert model.id_at(0) in {9000, 9001, 9002}


def test_another_order_moves_what_is_pointed_at(engine: FakeEngine, model: MessageListModel) -> None:
    model.show(INBOX)
    first = model.id_at(0)
    index = model.index(0, 0)
    pointed = QPersistentModelIndex(index)
    assert first is not None
    message = engine.world.messages[first]
    old = replace(message.row, date=message.row.date.replace(year=2020))
    engine.world.messages[first] = replace(message, row=old)
    model.refresh()
    assert pointed.row() == model.rowCount() - 1
    assert model.id_at(pointed.row()) == first


def test_an_event_of_another_folder_reads_nothing(engine: FakeEngine, model: MessageListModel, qtbot: QtBot) -> None:
    model.show(INBOX)
    engine.put(replace(engine.world.messages[MessageId(16)]))
    with qtbot.waitSignal(model.dataChanged, timeout=1000, raising=True):
        engine.script(MessagesChanged(FolderId(1)))


def test_next_unread_looks_both_ways(model: MessageListModel) -> None:
    model.show(INBOX)
    unread = [p for p in range(model.rowCount()) if (row := model.row(p)) and not row.seen]
    assert model.next_unread(-1, 1) == unread[0]
    assert model.next_unread(unread[0], 1) == unread[1]
    assert model.next_unread(unread[1], -1) == unread[0]
    assert model.next_unread(unread[-1], 1) == -1


def test_a_vanished_row_is_empty_and_not_an_error(engine: FakeEngine, model: MessageListModel) -> None:
    model.show(INBOX)
    key = model.id_at(250)
    assert key is not None
    engine.world.messages.pop(key)
    assert model.row(250) is None
    assert model.data(model.index(250, 0)) is None
    assert model.data(QModelIndex()) is None


@pytest.fixture
def pane(engine: FakeEngine, qtbot: QtBot) -> MessageListPane:
    herald = Herald()
    engine.announce = herald.post
    bals = {bal.id: bal for bal in engine.world.bal_list}
    made = MessageListPane(engine, herald, lambda: NOW, bals.get)
    made.herald = herald  # type: ignore[attr-defined]
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.show_query(INBOX)
    return made


def test_selection_survives_arrivals(engine: FakeEngine, pane: MessageListPane) -> None:
    pane.table.selectRow(5)
    chosen = pane.selected()
    template = engine.world.messages[MessageId(1)]
    engine.world.messages[MessageId(9000)] = replace(template, row=replace(template.row, id=MessageId(9000), date=NOW))
    pane.model.refresh()
    assert pane.selected() == chosen
    assert pane.table.currentIndex().row() == 6


def test_selection_survives_a_flood(engine: FakeEngine, pane: MessageListPane, qtbot: QtBot) -> None:
    pane.table.selectRow(5)
    chosen = pane.selected()
    template = engine.world.messages[MessageId(1)]
    for number in range(2500):
        row = replace(template.row, id=MessageId(9000 + number), date=NOW if number % 2 else NOW - timedelta(days=999))
        engine.world.messages[row.id] = replace(template, row=row)
    with qtbot.waitSignal(pane.model.modelReset):
        pane.model.refresh()
    assert pane.selected() == chosen
    assert pane.current() == chosen[0]


@pytest.mark.parametrize("age", [timedelta(0), timedelta(days=999)])
def test_what_comes_on_one_side_only_is_told_as_such(
    engine: FakeEngine, pane: MessageListPane, qtbot: QtBot, age: timedelta
) -> None:
    """Headers of a first synchronisation follow the newest ones: nothing on the screen moves, nothing is reset."""
    pane.table.selectRow(5)
    chosen, before = pane.selected(), pane.model.rowCount()
    template = engine.world.messages[MessageId(1)]
    for number in range(2500):
        row = replace(template.row, id=MessageId(9000 + number), date=NOW - age)
        engine.world.messages[row.id] = replace(template, row=row)
    with qtbot.assertNotEmitted(pane.model.modelReset), qtbot.waitSignal(pane.model.rowsInserted) as told:
        pane.model.refresh()
    first, last = told.args[1:]
    assert (first, last) == ((before, before + 2499) if age else (0, 2499))
    assert pane.model.rowCount() == before + 2500
    assert pane.selected() == chosen
    assert pane.model.place_of(chosen[0]) == (5 if age else 2505)


def test_the_strip_sorts_and_keeps_the_place(pane: MessageListPane) -> None:
    pane.table.selectRow(2)
    here = pane.current()
    pane.strip.sorted.emit(Sort("subject", False))
    assert pane.query.sort == Sort("subject", False)
    assert pane.current() == here
    first, second = pane.model.row(0), pane.model.row(1)
    assert first is not None
    assert second is not None
    assert first.subject.lower() <= second.subject.lower()


def test_rows_are_dense_and_as_tall_as_the_letters_want(pane: MessageListPane) -> None:
    assert 24 <= pane.table.rowHeight(0) <= 28
    pane.set_two_lines(True)
    assert pane.table.rowHeight(0) >= 44
    assert pane.strip.isHidden()
    pane.set_two_lines(False)
    pane.resize(300, 600)
    assert pane.table.rowHeight(0) >= 44, "a narrow list shows cards"


def test_after_the_selection_leaves_one_stands_on_its_neighbour(pane: MessageListPane) -> None:
    pane.table.selectRow(3)
    below = pane.model.id_at(4)
    pane.step_away()
    assert pane.current() == below
