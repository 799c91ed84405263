"""The main window: a secretary's morning, by mouse and by keyboard."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from mssclient.domain.bal import FolderId, FolderRole
from mssclient.domain.errors import Offline, Refused, StoreReason, StoreTrouble
from mssclient.domain.events import FoldersChanged
from mssclient.domain.message import MessageId
from mssclient.domain.outbox import SendState
from mssclient.engine.api import Progress
from mssclient.ui.compose.window import ComposeWindow
from mssclient.ui.models.folder_tree import Work
from tests.ui.conftest import Stage
from tests.ui.desk import unnamed


def test_one_comes_in_to_the_first_inbox(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    assert desk.list.query.folder_id == FolderId(1)
    assert (FolderId(1),) in stage.engine.asked("open_folder")
    assert stage.window.tools.person.text() == "Dr Claire VASSEUR"
    assert desk.reading.message is not None
    assert "LETTRE" not in stage.window.windowTitle(), "a title says where one is, never what is read"


def test_everything_one_reaches_with_tab_has_a_name(stage: Stage) -> None:
    stage.sign_in()
    assert unnamed(stage.window) == []


def test_deleting_is_undone_and_the_eye_stays_where_it_was(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    first, below = desk.list.model.id_at(0), desk.list.model.id_at(1)
    QTest.keyClick(desk.list.table, Qt.Key.Key_Delete)
    assert stage.engine.asked("delete") == [((first,),)]
    stage.until(lambda: desk.list.current() == below and desk.list.model.id_at(0) == below)
    assert desk.undo_bar.isVisible()
    stage.do("undo")
    stage.until(lambda: desk.list.model.id_at(0) == first)
    assert not desk.undo_bar.isVisible()


def test_undo_works_after_its_bar_has_gone(stage: Stage) -> None:
    stage.sign_in()
    stage.do("delete")
    stage.window.desk.undo_bar.hide()
    stage.do("undo")
    assert len(stage.engine.asked("undo")) == 1


def test_deleting_from_the_trash_is_asked_first(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    desk.tree.go_to(("folder", FolderId(7)))
    desk.list.table.selectRow(0)
    stage.do("delete")
    assert stage.engine.asked("delete") == []
    assert "définitivement" in desk.question.text
    desk.question.button(1).click()
    assert stage.engine.asked("delete") == []
    stage.do("delete")
    desk.question.button(0).click()
    assert len(stage.engine.asked("delete")) == 1


def test_several_are_marked_and_moved_at_once(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    desk.list.table.selectRow(0)
    desk.list.table.selectionModel().select(
        desk.list.model.index(1, 0), desk.list.table.selectionModel().SelectionFlag.Select
    )
    ids = desk.list.selected()
    assert len(ids) == 2
    stage.do("read")
    assert stage.engine.asked("mark_read")[-1] == (ids, True)
    menu = QMenu()
    stage.window.verbs.fill_move_menu(menu)
    offered = [action.text().strip() for action in menu.actions()]
    assert "Archives" in offered
    assert "Envoyés" not in offered
    assert "Boîte de réception" not in offered
    menu.actions()[offered.index("Archives")].trigger()
    assert stage.engine.asked("move") == [(ids, FolderId(4))]
    assert "2 messages" in desk.undo_bar.text.text()


def test_answering_opens_a_composer_in_the_mailbox_of_the_message(stage: Stage) -> None:
    stage.sign_in()
    for command, to_all in (("reply", False), ("reply_all", True)):
        stage.do(command)
        asked = stage.engine.asked("answer")[-1]
        assert asked[:2] == (MessageId(1), to_all)
        assert "a écrit" in str(asked[2])
    stage.do("forward")
    assert "Message transféré" in str(stage.engine.asked("forward")[0][1])
    composers = [w for w in QApplication.topLevelWidgets() if isinstance(w, ComposeWindow) and w.isVisible()]
    assert len(composers) == 3
    assert {w.keeper.draft.bal_id for w in composers} == {1}


def test_a_verb_acts_on_what_one_reads_when_the_conversation_led_elsewhere(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    assert desk.list.selected() == (1,)
    desk.reading.show_message(MessageId(22))
    stage.do("delete")
    assert stage.engine.asked("delete") == [((22,),)]


def test_a_new_message_leaves_from_where_one_stands(stage: Stage) -> None:
    stage.sign_in()
    stage.window.desk.tree.go_to(("folder", FolderId(12)))
    stage.do("new")
    assert stage.engine.asked("new_draft")[-1][0] == 2


def test_a_sent_message_can_be_taken_back(stage: Stage) -> None:
    stage.sign_in()
    held = stage.engine.world.outgoing_map
    held.clear()
    writing = stage.window.windows.compose(stage.engine.world.drafts()[0])
    stage.engine.send(writing.keeper.draft)
    writing.keeper.finish()
    writing.sent.emit(writing.keeper.draft.id)
    writing.close()
    stage.until(stage.window.desk.undo_bar.isVisible)
    stage.do("undo")
    assert len(stage.engine.asked("take_back")) == 1
    assert next(iter(held.values())).state is SendState.CANCELLED
    stage.until(lambda: any(isinstance(w, ComposeWindow) and w.isVisible() for w in QApplication.topLevelWidgets()))


def test_searching_spans_the_mailboxes_and_escape_comes_back(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    stage.do("search")
    assert stage.window.focusWidget() is stage.window.tools.search
    QTest.keyClicks(stage.window.tools.search, "scanner")
    stage.window.tools.search.setText("planning")
    stage.until(lambda: desk.list.query.search == "planning")
    row = desk.list.model.row(0)
    assert row is not None
    assert row.bal_id == 2
    stage.do("back")
    stage.until(lambda: desk.list.query.search == "" and desk.list.query.folder_id == FolderId(1))


def test_quick_filters(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    everything = desk.list.model.rowCount()
    desk.filters.unread.click()
    assert 0 < desk.list.model.rowCount() < everything
    assert desk.list.query.unread_only
    desk.filters.to_file.click()
    assert all((row := desk.list.model.row(n)) and not row.seen for n in range(desk.list.model.rowCount()))
    desk.filters.unread.click()
    desk.filters.to_file.click()
    assert desk.list.model.rowCount() == everything


def test_letters_walk_the_unread(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    desk.list.table.setFocus()
    QTest.keyClick(desk.list.table, Qt.Key.Key_N)
    row = desk.list.model.row(desk.list.table.currentIndex().row())
    assert row is not None
    assert not row.seen
    assert row.id != 1
    QTest.keyClick(desk.list.table, Qt.Key.Key_P)
    assert desk.list.current() == 1


def test_f6_goes_round_the_panes(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    stage.window.activateWindow()
    desk.tree.setFocus()
    stops = []
    for _ in range(3):
        stage.do("next_pane")
        stops.append(stage.window.focusWidget())
    assert stops == [desk.list.table, desk.reading.body, desk.tree]


@pytest.mark.parametrize("pane", ["classic", "list", "wide"])
def test_layouts_are_remembered(stage: Stage, pane: str) -> None:
    stage.sign_in()
    stage.do(f"pane_{pane}")
    assert stage.engine.kept.pane == pane
    assert stage.window.desk.right.isVisible() is (pane != "list")


def test_in_list_only_a_message_takes_the_place_of_the_list(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    stage.do("pane_list")
    desk.list.table.setFocus()
    desk.list.activated.emit(desk.list.current())
    assert desk.right.isVisible()
    assert not desk.list.isVisible()
    stage.do("back")
    assert desk.list.isVisible()


def test_sizes_are_kept_when_the_window_closes(stage: Stage) -> None:
    stage.sign_in()
    stage.window.desk.panes.inner.setSizes([500, 600])
    stage.window.close()
    frame, _, sizes = stage.engine.kept.geometry.partition("|")
    assert frame
    assert json.loads(sizes)["wide"][0] < 620
    assert stage.engine.kept.last_folder == 1


def test_a_damaged_memory_of_sizes_is_ignored(stage: Stage) -> None:
    stage.engine.kept = replace(stage.engine.kept, geometry='x|{"wide": ["a", 1], "outer": 3')
    stage.sign_in()
    assert stage.window.desk.list.isVisible()


def test_the_status_line_says_one_thing_with_one_number(stage: Stage) -> None:
    stage.sign_in()
    status = stage.window.status
    stage.engine.set_progress(Progress("headers", None, 412, 9300))
    stage.until(lambda: "412 sur 9\u202f300" in status.sentence.text())
    assert status.bar.isVisible()
    stage.engine.set_progress()
    stage.until(lambda: not status.bar.isVisible())
    assert "Une boîte est hors ligne" in status.sentence.text()
    assert "2 à vérifier" in status.outbox.text()
    assert "612" in status.directory.text()


def test_the_outbox_is_one_click_away_while_it_holds_something(stage: Stage) -> None:
    stage.sign_in()
    assert stage.window.status.outbox.isVisible()
    stage.window.status.outbox.click()
    assert stage.window.desk.outbox.isVisible()
    stage.window.desk.tree.go_to(("folder", FolderId(1)))
    assert stage.window.desk.list.isVisible()


def test_what_is_read_stays_on_a_list_of_unread_messages_until_one_moves_on(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    desk.tree.go_to(("work", Work.UNREAD))
    unread = [desk.list.model.id_at(n) for n in range(desk.list.model.rowCount())]
    assert len(unread) > 2
    before = len(stage.engine.asked("mark_read"))
    desk.list._stand_on(1)
    stage.until(lambda: len(stage.engine.asked("mark_read")) > before)
    stage.until(lambda: desk.filters.count.text().startswith(str(len(unread) - 1)))
    assert [desk.list.model.id_at(n) for n in range(desk.list.model.rowCount())] == unread
    assert (desk.list.current(), desk.reading.message and desk.reading.message.row.id) == (unread[1], unread[1])
    QTest.keyClick(desk.list.table, Qt.Key.Key_Down)
    stage.until(lambda: desk.list.model.place_of(unread[1]) < 0)
    assert desk.list.current() == unread[2]
    assert stage.engine.asked("mark_read")[before:] == [((unread[1],), True), ((unread[2],), True)]
    stage.do("delete")
    stage.until(lambda: desk.list.model.place_of(unread[2]) < 0)


def test_drafts_are_found_again(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    desk.tree.go_to(("work", Work.DRAFTS))
    assert desk.drafts.lines.count() == 2
    QTest.keyClick(desk.drafts.lines, Qt.Key.Key_Return)
    assert any(isinstance(w, ComposeWindow) and w.isVisible() for w in QApplication.topLevelWidgets())


def test_a_draft_begun_elsewhere_stands_among_the_drafts_and_nowhere_else(stage: Stage) -> None:
    stage.sign_in()
    desk, world = stage.window.desk, stage.engine.world
    drafts = next(f for f in world.folder_map.values() if f.role is FolderRole.DRAFTS)
    message = next(iter(world.messages.values()))
    world.messages[message.row.id] = replace(
        message, row=replace(message.row, folder_id=drafts.id, subject="D’ailleurs")
    )
    stage.engine.announce(FoldersChanged(drafts.bal_id))
    node = desk.tree.folders.find(("work", Work.DRAFTS))
    stage.until(lambda: desk.tree.folders.node(node).count == 3)
    assert not desk.tree.folders.find(("folder", drafts.id)).isValid()
    desk.tree.go_to(("work", Work.DRAFTS))
    lines = [desk.drafts.lines.item(n) for n in range(desk.drafts.lines.count())]
    (there,) = [line for line in lines if "D’ailleurs" in line.text()]
    assert "autre poste" in there.text()
    desk.drafts.lines.setCurrentItem(there)
    QTest.keyClick(desk.drafts.lines, Qt.Key.Key_Return)
    assert stage.engine.asked("continue_draft") == [(message.row.id,)]
    QTest.keyClick(desk.drafts.lines, Qt.Key.Key_Delete)
    assert stage.engine.asked("delete") == [((message.row.id,),)]
    stage.do("undo")
    assert len(stage.engine.asked("undo")) == 1


def test_a_draft_of_this_workstation_is_deleted_after_a_word(stage: Stage) -> None:
    stage.sign_in()
    page = stage.window.desk.drafts
    stage.window.desk.tree.go_to(("work", Work.DRAFTS))
    QTest.keyClick(page.lines, Qt.Key.Key_Delete)
    page.question.button(1).click()
    assert stage.engine.asked("discard_draft") == []
    QTest.keyClick(page.lines, Qt.Key.Key_Delete)
    page.question.button(0).click()
    assert len(stage.engine.asked("discard_draft")) == 1
    stage.until(lambda: page.lines.count() == 1)


def test_a_problem_is_told_above_the_panes_with_one_button(stage: Stage) -> None:
    stage.sign_in()
    strip = stage.window.desk.problems
    stage.engine.tell(Refused("5.7.1", "refused by policy"), "send")
    stage.until(strip.isVisible)
    assert "refused by policy" in strip.text.text()
    assert not strip.details.isVisible()
    strip.more.click()
    assert strip.details.isVisible()
    stage.engine.tell(Offline(), "sync")
    stage.engine.tell(StoreTrouble(StoreReason.FULL), "draft")
    stage.until(lambda: "5.7.1" not in strip.details.text())
    strip.dismiss()
    strip.dismiss()
    assert strip.isVisible()
    strip.dismiss()
    assert not strip.isVisible()


def test_the_same_problem_said_thrice_is_shown_once(stage: Stage) -> None:
    stage.sign_in()
    for _ in range(3):
        stage.engine.tell(Offline(), "sync")
    strip = stage.window.desk.problems
    stage.until(strip.isVisible)
    stage.window.desk.problems.dismiss()
    assert not strip.isVisible()


def test_new_mail_enters_without_moving_anything(stage: Stage) -> None:
    stage.sign_in()
    desk = stage.window.desk
    desk.list.table.selectRow(4)
    chosen = desk.list.selected()
    template = stage.engine.world.messages[MessageId(2)]
    fresh = replace(template, row=replace(template.row, id=MessageId(900), date=template.row.date.replace(year=2027)))
    stage.engine.put(fresh)
    stage.until(lambda: desk.list.model.id_at(0) == 900)
    assert desk.list.selected() == chosen


def test_the_theme_can_change_under_way(stage: Stage) -> None:
    stage.sign_in()
    stage.window.windows.settings()
    dialog = stage.window.windows._settings
    assert dialog is not None
    dialog.appearance.changed.emit(replace(stage.engine.kept, theme="dark", text_scale=150))
    assert stage.engine.kept.theme == "dark"
    assert stage.window.desk.list.table.rowHeight(0) > 28
    dialog.appearance.changed.emit(replace(stage.engine.kept, theme="light", text_scale=100))
