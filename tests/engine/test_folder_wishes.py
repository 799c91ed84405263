"""Folders that go into the trash, come back, or go for good, with what is below them and what was done to their mail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mssclient.domain.bal import Folder, FolderRole
from mssclient.domain.changes import ChangeId, FolderWish
from mssclient.domain.errors import Refused
from mssclient.domain.message import ListQuery
from mssclient.remote.imap import ImapSession
from mssclient.sandbox.operator import Operator
from tests.engine.sync_kit import SyncDesk, fill, sync_desk
from tests.engine.test_sync_history import colleague, filed
from tests.lab.mail import lab_mail
from tests.remote.places import Place, new_operator, sandbox_place

__all__ = ["colleague", "lab_mail"]
Beside = tuple[Place, str, ImapSession]
SUB = ("Suivi", "Été 2025")


def shown(desk: SyncDesk) -> dict[tuple[str, ...], Folder]:
    """The tree by path."""
    return {f.path: f for f in desk.reader.folders(desk.bal_id)}


def told(desk: SyncDesk) -> list[tuple[str, str]]:
    """What the person was told: the act, and the operator's code."""
    return [(t.context, t.error.code) for t in desk.problems() if isinstance(t.error, Refused)]


def deleted(desk: SyncDesk, *path: str) -> tuple[ChangeId, Folder]:
    """The person deletes a folder."""
    folders = desk.reader.folders(desk.bal_id)
    folder = next(f for f in folders if f.path == path)
    return desk.folders.delete(folders, folder), folder


@pytest.fixture
def desk(colleague: Beside, tmp_path: Path) -> Iterator[SyncDesk]:
    """A folder with five messages, one below it with two, one of them unread and filed."""
    place, name, session = colleague
    session.create(("Suivi",))
    session.create(SUB)
    fill(session, "Suivi", range(100, 105))
    fill(session, "/".join(SUB), range(200, 202))
    with sync_desk(place, name, tmp_path) as opened:
        opened.agree(session)
        yield opened


@pytest.mark.lab
def test_a_deleted_folder_stands_in_the_trash_and_an_undo_brings_it_back(desk: SyncDesk, colleague: Beside) -> None:
    before, below = desk.ids("Suivi"), desk.ids(*SUB)
    kept = below["<201@x.mss.example>"]
    filed(desk, kept)
    unread = desk.reader.unread()
    change, folder = deleted(desk, "Suivi")
    desk.until(lambda: ("Corbeille", *SUB) in shown(desk), "shown in the trash")
    desk.agree(colleague[2])
    assert shown(desk)["Corbeille", "Suivi"].id == folder.id
    assert {shown(desk)["Corbeille", *path].role for path in (("Suivi",), SUB)} == {FolderRole.TRASHED}
    assert (desk.ids("Corbeille", "Suivi"), desk.ids("Corbeille", *SUB)) == (before, below)
    assert desk.reader.unread() == unread - 7
    assert desk.reader.unread() == len(desk.reader.ids(ListQuery(unread_only=True)))
    desk.folders.undo(change)
    desk.until(lambda: SUB in shown(desk), "shown in its place")
    desk.agree(colleague[2])
    assert (desk.ids("Suivi"), desk.ids(*SUB)) == (before, below)
    assert [f.message_id for f in desk.reader.filings(kept)] == [kept]
    assert {shown(desk)[path].role for path in (("Suivi",), SUB)} == {FolderRole.OTHER}
    assert desk.reader.unread() == unread
    assert desk.problems() == []


@pytest.mark.lab
def test_a_folder_in_the_trash_goes_for_good_with_all_that_is_below_it(desk: SyncDesk, colleague: Beside) -> None:
    deleted(desk, "Suivi")
    desk.until(lambda: ("Corbeille", *SUB) in shown(desk), "in the trash")
    desk.agree(colleague[2])
    deleted(desk, "Corbeille", "Suivi")
    desk.until(lambda: not [path for path in shown(desk) if "Suivi" in path], "gone")
    desk.agree(colleague[2])
    assert [f.path for f in colleague[2].folders() if "Suivi" in f.path] == []
    assert desk.ids("Corbeille") == {}
    assert desk.problems() == []


@pytest.mark.lab
def test_two_folders_of_one_name_stand_side_by_side_in_the_trash(desk: SyncDesk, colleague: Beside) -> None:
    deleted(desk, "Suivi")
    desk.until(lambda: ("Corbeille", "Suivi") in shown(desk), "in the trash")
    desk.agree(colleague[2])
    desk.folders.new(desk.reader.folders(desk.bal_id), desk.bal_id, None, "suivi")
    desk.until(lambda: ("suivi",) in shown(desk), "another one")
    deleted(desk, "suivi")
    desk.until(lambda: ("Corbeille", "suivi (2)") in shown(desk), "beside the first")
    desk.agree(colleague[2])
    assert {("Corbeille", "Suivi"), ("Corbeille", "suivi (2)")} <= set(shown(desk))


@pytest.mark.lab
def test_a_deletion_that_has_not_left_is_withdrawn_after_a_restart(desk: SyncDesk, colleague: Beside) -> None:
    wishes, folder = desk.house.stores.folder_wishes, shown(desk)["Suivi",]
    wishes.discard(ChangeId("late"), folder.id, ("Corbeille", "Suivi"))
    assert ("Corbeille", *SUB) in shown(desk)
    assert desk.reader.waits(ChangeId("late"))
    assert desk.reader.unread() == 0
    desk.folders.undo(ChangeId("late"))
    desk.until(lambda: SUB in shown(desk), "withdrawn")
    desk.agree(colleague[2])
    assert wishes.of(ChangeId("late")) == []
    assert desk.reader.unread() == 7


@pytest.mark.lab
def test_a_folder_that_another_client_put_into_the_trash_waits_for_nobody(desk: SyncDesk, colleague: Beside) -> None:
    session = colleague[2]
    session.select("INBOX")
    session.name_anew("Suivi", ("Corbeille", "Suivi"))
    desk.agree(session)
    assert shown(desk)["Corbeille", *SUB].role is FolderRole.TRASHED
    assert desk.reader.unread() == 0


@pytest.fixture
def operator(tmp_path: Path) -> Iterator[Operator]:
    """One that takes orders."""
    with new_operator(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def sandbox(operator: Operator, tmp_path: Path) -> Iterator[tuple[SyncDesk, ImapSession]]:
    """A BAL with a folder of three messages at an operator that takes orders."""
    place = sandbox_place(operator)
    session = place.session("alice.martin")
    session.create(("Suivi",))
    fill(session, "Suivi", range(3))
    with sync_desk(place, "alice.martin", tmp_path) as opened:
        opened.agree(session)
        yield opened, session
    session.close()


def test_where_the_trash_holds_no_folders_the_messages_go_there_and_the_folder_goes(
    operator: Operator, sandbox: tuple[SyncDesk, ImapSession]
) -> None:
    desk, session = sandbox
    kept = desk.ids("Suivi")["<1@x.mss.example>"]
    filed(desk, kept)
    trash = next(f for f in desk.reader.folders(desk.bal_id) if f.role is FolderRole.TRASH)
    operator.orders.answer("RENAME", "NO [CANNOT] no folders in there")
    change, _ = deleted(desk, "Suivi")
    desk.until(lambda: desk.house.stores.folder_wishes.of(change) == [], "done")
    desk.agree(session)
    assert ("Suivi",) not in shown(desk)
    assert set(desk.ids(*trash.path)) == {f"<{n}@x.mss.example>" for n in range(3)}
    # What was filed of a message is known under its new place too.
    assert [f.message_id for f in desk.reader.filings(kept)] == [kept]
    assert desk.ids(*trash.path)["<1@x.mss.example>"] == kept
    desk.folders.undo(change)
    desk.until(desk.problems, "told that it is too late")
    assert told(desk) == [("restore folder", "NONEXISTENT")]


def test_a_deletion_that_is_refused_is_backed_out_where_one_sees_it(
    operator: Operator, sandbox: tuple[SyncDesk, ImapSession]
) -> None:
    desk, session = sandbox
    operator.orders.answer("RENAME", "NO [NOPERM] not yours")
    deleted(desk, "Suivi")
    desk.until(desk.problems, "told")
    assert told(desk) == [("delete folder", "NOPERM")]
    desk.until(lambda: ("Suivi",) in shown(desk), "back")
    desk.agree(session)
    assert shown(desk)["Suivi",].role is FolderRole.OTHER
    assert desk.reader.unread() == 3
    assert [w.wish for w in desk.house.stores.folder_wishes.of_bal(desk.bal_id)] == list[FolderWish]()
