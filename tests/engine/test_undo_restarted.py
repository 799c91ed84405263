"""Ctrl+Z after the program was reopened: acts that wait are withdrawn, those that were done a moment ago are undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mssclient.domain.bal import FolderRole, Link
from mssclient.domain.changes import FolderWish, LastAct, Wish
from mssclient.engine.last_act import FRESH_S, last_act
from mssclient.sandbox.orders import Service
from mssclient.stage.theatre import Theatre
from mssclient.store.codec import dump
from tests.engine.conftest import Workstation
from tests.engine.test_undo import delivered, settled, there


@pytest.fixture
def again(theatre: Theatre, signed_in: Workstation, tmp_path: Path) -> Iterator[list[Workstation]]:
    """Where the program that is opened anew is put, to be closed."""
    opened: list[Workstation] = []
    yield opened
    for each in opened:
        each.engine.stop()
        each.browser.join()


def reopened(former: Workstation, again: list[Workstation], home: Path) -> Workstation:
    """The program ends, and the same person opens it again."""
    former.engine.stop()
    former.browser.join()
    found = Workstation(former.theatre, home)
    again.append(found)
    found.engine.start()
    found.sign_in()
    return found


def test_a_move_that_waited_is_withdrawn(signed_in: Workstation, again: list[Workstation], tmp_path: Path) -> None:
    bal = signed_in.bal("soins")
    inbox, archive = signed_in.folder(bal), signed_in.folder(bal, FolderRole.ARCHIVE)
    signed_in.settled(inbox)
    ids = delivered(signed_in, bal, inbox, "waited", 3)
    orders = signed_in.theatre.operator.orders
    orders.line_down(Service.IMAP)
    signed_in.until(lambda: signed_in.bal("soins").link is not Link.LIVE, "off line")
    moves = orders.times("MOVE")
    change = signed_in.engine.move(tuple(ids), archive.id)
    signed_in.until(lambda: not set(ids) & set(signed_in.ids(inbox)), "gone from the list")
    signed_in.engine.stop()
    signed_in.browser.join()
    found = Workstation(signed_in.theatre, tmp_path / "home")
    again.append(found)
    found.engine.start()
    found.sign_in(off_line=True)
    found.until(found.engine.reader.last_act, "known")
    assert found.engine.reader.last_act() == LastAct(change, Wish.MOVE, count=3, target=archive.id)
    found.engine.undo(change)
    found.until(lambda: set(ids) <= set(found.ids(inbox)), "back in the list")
    found.until(lambda: found.engine.reader.last_act() is None, "forgotten")
    orders.line_up(Service.IMAP)
    found.engine.refresh()
    found.until(lambda: found.bal("soins").link is Link.LIVE, "on line")
    settled(found, ids)
    assert orders.times("MOVE") == moves
    assert there(found, bal, inbox, "waited") == 3


def test_a_deletion_that_was_done_is_undone(signed_in: Workstation, again: list[Workstation], tmp_path: Path) -> None:
    bal = signed_in.bal("soins")
    inbox, trash = signed_in.folder(bal), signed_in.folder(bal, FolderRole.TRASH)
    signed_in.settled(inbox)
    ids = delivered(signed_in, bal, inbox, "done", 2)
    signed_in.engine.delete(tuple(ids))
    signed_in.until(lambda: not set(ids) & set(signed_in.ids(inbox)), "gone from the list")
    settled(signed_in, ids)
    assert there(signed_in, bal, trash, "done") == 2
    # Looking at a message marks it as read, and is no act.
    signed_in.engine.mark_read(tuple(ids[:1]), True)
    settled(signed_in, ids)
    found = reopened(signed_in, again, tmp_path / "home")
    act = found.engine.reader.last_act()
    assert act is not None
    assert (act.wish, act.count, act.target) == (Wish.MOVE, 2, trash.id)
    found.engine.undo(act.change_id)
    found.until(lambda: set(ids) <= set(found.ids(inbox)), "back in the list")
    settled(found, ids)
    found.until(lambda: there(found, bal, inbox, "done") == 2, "back at the operator")


def test_a_deleted_folder_comes_back(signed_in: Workstation, again: list[Workstation], tmp_path: Path) -> None:
    bal = signed_in.bal("soins")
    signed_in.settled(signed_in.folder(bal))
    engine = signed_in.engine
    engine.new_folder(bal.id, None, "Projets")

    def paths(desk: Workstation) -> set[tuple[str, ...]]:
        return {f.path for f in desk.engine.reader.folders(bal.id)}

    def there_too(name: tuple[str, ...]) -> bool:
        return name in signed_in.theatre.operator.folders(bal.address)

    signed_in.until(lambda: ("Projets",) in paths(signed_in) and there_too(("Projets",)), "made")
    projects = next(f for f in engine.reader.folders(bal.id) if f.path == ("Projets",))
    engine.delete_folder(projects.id)
    signed_in.until(lambda: ("Projets",) not in paths(signed_in) and not there_too(("Projets",)), "deleted")
    found = reopened(signed_in, again, tmp_path / "home")
    act = found.engine.reader.last_act()
    assert act is not None
    assert (act.folder_wish, act.name) == (FolderWish.DISCARD, "Projets")
    found.engine.undo(act.change_id)
    found.until(lambda: ("Projets",) in paths(found) and there_too(("Projets",)), "back")


def test_an_act_is_offered_for_ten_minutes_or_as_long_as_it_waits() -> None:
    act = LastAct("c", Wish.FLAG, count=2)  # type: ignore[arg-type]
    text = '{"act":' + dump(act) + ',"at":1000,"inverse":"[]"}'
    assert last_act(text, 1000 + FRESH_S, lambda _: False) == act
    assert last_act(text, 1001 + FRESH_S, lambda _: False) is None
    assert last_act(text, 999_999, lambda change: change == "c") == act
    assert last_act("", 1000, lambda _: True) is None
