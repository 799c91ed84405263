"""The tree: mailboxes with their letter, folders with what is unread in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from mssclient.domain.bal import BalId, Folder, FolderId, FolderRole
from mssclient.domain.message import MessageId
from mssclient.ui.herald import Herald
from mssclient.ui.mailbox.tree import MailboxTree
from mssclient.ui.models.folder_tree import FolderTreeModel, Work
from mssclient.ui.models.message_list import MIME
from tests.fakes import FakeEngine, sample_engine


@pytest.fixture
def engine() -> FakeEngine:
    return sample_engine()


@pytest.fixture
def tree(engine: FakeEngine, qtbot: QtBot) -> MailboxTree:
    herald = Herald()
    engine.announce = herald.post
    made = MailboxTree(engine, herald)
    made.herald = herald  # type: ignore[attr-defined]
    QAbstractItemModelTester(made.folders, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    qtbot.addWidget(made)
    made.folders.refresh()
    made.expandAll()
    made.show()
    return made


def label(model: FolderTreeModel, index: QModelIndex) -> str:
    return str(model.data(index))


def test_professionals_have_sub_folders_in_the_organisation_s_inbox(tree: MailboxTree) -> None:
    inbox = tree.folders.find(("folder", FolderId(11)))
    names = [label(tree.folders, tree.folders.index(n, 0, inbox)) for n in range(tree.folders.rowCount(inbox))]
    assert names == ["Dr VASSEUR", "Dr MERCADIER", "Cadre de santé"]


def test_work_lists_span_the_mailboxes(tree: MailboxTree, engine: FakeEngine) -> None:
    node = tree.folders.node(tree.folders.find(("work", Work.TO_FILE)))
    assert node.count == engine.world.to_file()
    query = node.query()
    assert query is not None
    assert query.folder_id is None
    assert query.to_file_only


def test_a_new_count_changes_a_line_and_resets_nothing(tree: MailboxTree, engine: FakeEngine, qtbot: QtBot) -> None:
    resets: list[int] = []
    tree.folders.modelReset.connect(lambda: resets.append(1))
    before = tree.folders.node(tree.folders.find(("folder", FolderId(1)))).count
    engine.mark_read((MessageId(1),), True)
    qtbot.waitUntil(lambda: tree.folders.node(tree.folders.find(("folder", FolderId(1)))).count == before - 1)
    assert resets == []


def test_a_new_folder_keeps_the_line_one_stands_on(tree: MailboxTree, engine: FakeEngine) -> None:
    tree.go_to(("folder", FolderId(12)))
    engine.world.folder_map[FolderId(99)] = Folder(FolderId(99), BalId(1), ("Projets",), FolderRole.OTHER, 0, 0)
    tree.folders.refresh()
    node = tree.node()
    assert node is not None
    assert node.key == ("folder", FolderId(12))


def test_a_closed_mailbox_stays_closed(tree: MailboxTree, engine: FakeEngine) -> None:
    tree.collapse(tree.folders.find(("bal", BalId(2))))
    engine.world.folder_map[FolderId(99)] = Folder(FolderId(99), BalId(1), ("P",), FolderRole.OTHER, 0, 0)
    tree.folders.refresh()
    assert not tree.isExpanded(tree.folders.find(("bal", BalId(2))))
    assert tree.isExpanded(tree.folders.find(("bal", BalId(1))))


def test_a_screen_reader_hears_kind_address_and_count(tree: MailboxTree) -> None:
    said = tree.folders.data(tree.folders.find(("bal", BalId(2))), Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(said, str)
    assert "boîte de service" in said
    assert "accueil@tilleuls.mss.example" in said
    assert "non lus" in said


def test_standing_on_a_mailbox_shows_its_inbox(tree: MailboxTree, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tree.chosen) as chosen:
        tree.go_to(("bal", BalId(3)))
    assert chosen.args is not None
    assert chosen.args[0].folder_id == FolderId(21)


def test_messages_dropped_on_a_folder_are_told(tree: MailboxTree, qtbot: QtBot) -> None:
    carried = QMimeData()
    carried.setData(MIME, b"3,4")
    with qtbot.waitSignal(tree.folders.dropped) as dropped:
        tree.folders.dropMimeData(carried, Qt.DropAction.MoveAction, 0, 0, tree.folders.find(("folder", FolderId(4))))
    assert dropped.args == [(3, 4), FolderId(4)]
    assert not tree.folders.dropMimeData(carried, Qt.DropAction.MoveAction, 0, 0, tree.folders.find(("bal", BalId(1))))


def test_losing_every_mailbox_empties_the_tree(tree: MailboxTree, engine: FakeEngine) -> None:
    engine.world.bal_list.clear()
    tree.folders.refresh()
    assert tree.folders.rowCount() == 0
    engine.world.bal_list = [replace(b) for b in sample_engine().world.bal_list]
    tree.folders.refresh()
    assert tree.folders.rowCount() > 3
