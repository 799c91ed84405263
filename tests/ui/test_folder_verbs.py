"""Folders by keyboard and by menu: new, renamed, deleted, all read, the trash emptied; each seen at once and taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from mssclient.domain.bal import BalId, Folder, FolderId, FolderRole
from mssclient.domain.changes import ChangeId, FolderWish, LastAct, Wish
from mssclient.domain.message import ListQuery
from mssclient.ui.mailbox.folder_naming import FolderNaming
from tests.ui.conftest import Stage
from tests.ui.desk import unnamed

COLLEAGUE, TRASH = FolderId(11), FolderId(7)
SUB = FolderId(12)


def path_of(stage: Stage, folder_id: FolderId) -> tuple[str, ...]:
    return stage.engine.world.folder_map[folder_id].path


def stand(stage: Stage, folder_id: FolderId) -> None:
    """The keyboard on a line of the tree."""
    tree = stage.window.desk.tree
    assert tree.go_to(("folder", folder_id))
    tree.setFocus()


def naming(stage: Stage) -> FolderNaming:
    found = [d for d in stage.window.findChildren(FolderNaming) if d.isVisible()]
    assert len(found) == 1
    return found[0]


def given(stage: Stage, name: str) -> FolderNaming:
    """The person types a name and presses Enter."""
    dialog = naming(stage)
    dialog.field.setText(name)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    return dialog


def said(stage: Stage) -> str:
    """What the bar offers to take back."""
    return stage.window.desk.undo_bar.accessibleName()


def folders_named(stage: Stage, name: str) -> list[Folder]:
    return [f for f in stage.engine.world.folder_map.values() if f.name == name]


@pytest.fixture
def at(stage: Stage) -> Stage:
    stage.sign_in()
    return stage


def test_a_new_folder_stands_below_the_line_at_once_and_an_undo_takes_it_away(at: Stage) -> None:
    stand(at, COLLEAGUE)
    at.do("new_folder")
    assert unnamed(naming(at)) == []
    dialog = given(at, "  Suivi   post-op ")
    assert not dialog.isVisible()
    (made,) = folders_named(at, "Suivi post-op")
    assert made.path == (*path_of(at, COLLEAGUE), "Suivi post-op")
    at.until(lambda: at.window.desk.tree.folders.folder(made.id) is not None)
    assert said(at) == "Dossier « Suivi post-op » créé."
    at.do("undo")
    at.until(lambda: at.window.desk.tree.folders.folder(made.id) is None)


def test_a_name_that_cannot_be_is_told_beside_the_field(at: Stage) -> None:
    stand(at, COLLEAGUE)
    at.do("new_folder")
    dialog = given(at, path_of(at, SUB)[-1].upper())
    assert "existe déjà" in dialog.wrong.text()
    given(at, "a/b")
    assert "ne convient pas" in dialog.wrong.text()
    dialog.field.setText(" ")
    assert not dialog.ok.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert at.engine.asked("new_folder")[-1][-1] == "a/b"
    assert not dialog.isVisible()


def test_f2_in_the_tree_names_a_folder_anew(at: Stage) -> None:
    stand(at, SUB)
    former = path_of(at, SUB)[-1]
    QTest.keyClick(at.window.desk.tree, Qt.Key.Key_F2)
    assert naming(at).field.text() == former
    assert naming(at).field.hasSelectedText()
    given(at, "Dr BERNARD")
    assert path_of(at, SUB)[-1] == "Dr BERNARD"
    at.do("undo")
    assert path_of(at, SUB)[-1] == former


def test_the_same_name_asks_the_operator_nothing(at: Stage) -> None:
    stand(at, SUB)
    at.do("rename_folder")
    given(at, path_of(at, SUB)[-1])
    assert at.engine.asked("rename_folder") == []


def test_del_in_the_tree_is_about_the_folder_and_asks_nothing(at: Stage) -> None:
    stand(at, SUB)
    former = path_of(at, SUB)
    QTest.keyClick(at.window.desk.tree, Qt.Key.Key_Delete)
    assert at.engine.asked("delete") == []
    assert at.engine.world.folder_map[SUB].role is FolderRole.TRASHED
    node = at.window.desk.tree.node()
    assert node is not None
    assert node.key == ("folder", COLLEAGUE)
    at.do("undo")
    assert path_of(at, SUB) == former


def test_del_on_a_folder_with_a_role_does_nothing(at: Stage) -> None:
    stand(at, COLLEAGUE)
    QTest.keyClick(at.window.desk.tree, Qt.Key.Key_Delete)
    assert at.engine.asked("delete") == at.engine.asked("delete_folder") == []
    assert not at.window.commands.named("delete_folder").isEnabled()


def test_a_folder_in_the_trash_goes_for_good_only_after_a_word(at: Stage) -> None:
    at.engine.delete_folder(SUB)
    at.until(lambda: (f := at.window.desk.tree.folders.folder(SUB)) is not None and f.role is FolderRole.TRASHED)
    stand(at, SUB)
    at.do("delete_folder")
    question = at.window.desk.folder_question
    assert "définitivement" in question.text
    assert question.button(1).hasFocus()
    question.button(1).click()
    assert SUB in at.engine.world.folder_map
    stand(at, SUB)
    at.do("delete_folder")
    question.button(0).click()
    assert SUB not in at.engine.world.folder_map


def test_everything_read_at_once_and_unread_again(at: Stage) -> None:
    folder = next(f for f in at.engine.reader.folders(BalId(1)) if f.role is FolderRole.INBOX)
    stand(at, folder.id)
    unread = at.engine.reader.ids(ListQuery(folder.id, unread_only=True))
    assert len(unread) > 1
    at.do("all_read")
    assert at.engine.reader.ids(ListQuery(folder.id, unread_only=True)) == []
    assert said(at).endswith("messages marqués comme lus.")
    at.do("undo")
    assert at.engine.reader.ids(ListQuery(folder.id, unread_only=True)) == unread


def test_the_trash_is_emptied_only_after_a_word(at: Stage) -> None:
    inbox = next(f for f in at.engine.reader.folders(BalId(1)) if f.role is FolderRole.INBOX)
    some = tuple(at.engine.reader.ids(ListQuery(inbox.id))[:2])
    at.engine.delete(some)
    stand(at, TRASH)
    at.until(at.window.commands.named("empty_trash").isEnabled)
    at.do("empty_trash")
    before = len(at.engine.asked("delete"))
    at.window.desk.folder_question.button(0).click()
    (asked,) = at.engine.asked("delete")[before:]
    assert set(some) <= set(asked[0])  # type: ignore[call-overload]


def test_the_menu_of_another_line_leaves_the_list_where_it_is(at: Stage) -> None:
    tree = at.window.desk.tree
    here = tree.node()
    assert here is not None
    index = tree.folders.find(("folder", SUB))
    place = tree.visualRect(index).center()
    QTest.mousePress(tree.viewport(), Qt.MouseButton.RightButton, pos=place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, tree.viewport().mapToGlobal(place))
    QApplication.sendEvent(tree.viewport(), event)
    menu = at.window.findChild(QMenu, "folder.menu")
    assert menu is not None
    assert (still := tree.node()) is not None
    assert still.key == here.key
    assert [a.text() for a in menu.actions() if a.isEnabled() and a.text()][:2] == [
        "Nouveau dossier…",
        "Renommer le dossier…",
    ]
    rename = next(a for a in menu.actions() if a.text().startswith("Renommer"))
    menu.setActiveAction(rename)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    at.until(lambda: bool([d for d in at.window.findChildren(FolderNaming) if d.isVisible()]))
    assert naming(at).field.text() == path_of(at, SUB)[-1]
    given(at, "Dr AUTRE")
    assert path_of(at, SUB)[-1] == "Dr AUTRE"
    assert (still := tree.node()) is not None
    assert still.key == here.key
    # Once the menu has gone, keys are about the line the keyboard stands on.
    at.until(lambda: not at.window.commands.named("rename_folder").isEnabled())


def test_the_menu_key_opens_the_menu_of_the_line_one_stands_on(at: Stage) -> None:
    stand(at, SUB)
    tree = at.window.desk.tree
    QApplication.sendEvent(
        tree.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    )
    menu = at.window.findChild(QMenu, "folder.menu")
    assert menu is not None
    assert menu.isVisible()
    menu.close()


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (LastAct(ChangeId("x"), Wish.MOVE, count=3, target=TRASH), "3 messages mis à la corbeille."),
        (LastAct(ChangeId("x"), Wish.MOVE, target=FolderId(4)), "Message déplacé vers"),
        (LastAct(ChangeId("x"), Wish.FLAG), "Message à suivre."),
        (LastAct(ChangeId("x"), folder_wish=FolderWish.DISCARD, name="Été"), "Dossier « Été » mis à la corbeille."),
    ],
)
def test_ctrl_z_works_after_the_program_was_reopened(stage: Stage, act: LastAct, words: str) -> None:
    stage.engine.world.last = act
    stage.sign_in()
    assert said(stage).startswith(words)
    stage.do("undo")
    assert stage.engine.asked("undo") == [("x",)]
