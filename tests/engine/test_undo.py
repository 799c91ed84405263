"""Undo of acts on many messages, before and after the operator did them; refusals are backed out where one sees it."""

from __future__ import annotations

import pytest

from mssclient.domain.bal import Bal, Folder, FolderRole, Link
from mssclient.domain.errors import Refused
from mssclient.domain.message import MessageId
from mssclient.sandbox.orders import Service
from tests.engine.conftest import Workstation

MANY = 1_000


def mail(number: int, subject: str) -> bytes:
    """A small letter."""
    return (
        f"From: Dr Essai <essai@medecins.mss.example>\r\nSubject: {subject} {number}\r\n"
        f"Message-ID: <{subject}-{number}@medecins.mss.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0100\r\n\r\nBonjour\r\n"
    ).encode()


def delivered(desk: Workstation, bal: Bal, folder: Folder, subject: str, count: int) -> list[MessageId]:
    """So many new letters in a folder, listed."""
    before = set(desk.ids(folder))
    for number in range(count):
        desk.theatre.operator.deliver(bal.address, mail(number, subject), folder.path)
    desk.engine.open_folder(folder.id)
    desk.until(lambda: len(set(desk.ids(folder)) - before) == count, f"{count} listed", 60)
    return [i for i in desk.ids(folder) if i not in before]


def settled(desk: Workstation, ids: list[MessageId]) -> None:
    """Nothing waits for the operator any more."""

    def done() -> bool:
        pages = [desk.engine.reader.rows(ids[at : at + 200]) for at in range(0, len(ids), 200)]
        return not any(row.pending for page in pages for row in page)

    desk.until(done, "done at the operator", 60)


def there(desk: Workstation, bal: Bal, folder: Folder, subject: str) -> int:
    """How many letters of that subject the operator has in a folder."""
    mark = f"Subject: {subject} ".encode()
    return sum(mark in m.raw for m in desk.theatre.operator.messages(bal.address, folder.path))


def test_a_thousand_messages_are_moved_by_a_command_a_chunk_and_come_back(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    inbox, archive = signed_in.folder(bal), signed_in.folder(bal, FolderRole.ARCHIVE)
    signed_in.settled(inbox)
    ids = delivered(signed_in, bal, inbox, "mille", MANY)
    orders = signed_in.theatre.operator.orders
    moves = orders.times("MOVE")
    change = signed_in.engine.move(tuple(ids), archive.id)
    signed_in.until(lambda: not set(ids) & set(signed_in.ids(inbox)), "gone from the list", 10)
    settled(signed_in, ids)
    assert there(signed_in, bal, archive, "mille") == MANY
    assert orders.times("MOVE") - moves <= 10
    signed_in.engine.undo(change)
    signed_in.until(lambda: set(ids) <= set(signed_in.ids(inbox)), "back in the list", 10)
    settled(signed_in, ids)
    signed_in.until(lambda: there(signed_in, bal, inbox, "mille") == MANY, "back at the operator", 30)
    assert there(signed_in, bal, archive, "mille") == 0


def test_messages_of_several_folders_go_back_each_to_its_own(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    inbox, archive = signed_in.folder(bal), signed_in.folder(bal, FolderRole.ARCHIVE)
    trash = signed_in.folder(bal, FolderRole.TRASH)
    signed_in.settled(inbox)
    mine, kept = delivered(signed_in, bal, inbox, "ici", 6), delivered(signed_in, bal, archive, "classés", 5)
    mixed = [each for pair in zip(mine, kept, strict=False) for each in pair] + mine[5:]
    moves = signed_in.theatre.operator.orders.times("MOVE")
    change = signed_in.engine.delete(tuple(mixed))
    signed_in.until(lambda: not set(mine) & set(signed_in.ids(inbox)), "gone from the list")
    settled(signed_in, mixed)
    assert (there(signed_in, bal, trash, "ici"), there(signed_in, bal, trash, "classés")) == (6, 5)
    assert signed_in.theatre.operator.orders.times("MOVE") - moves == 2
    signed_in.engine.undo(change)
    signed_in.until(lambda: set(mine) <= set(signed_in.ids(inbox)), "back here")
    signed_in.until(lambda: set(kept) <= set(signed_in.ids(archive)), "back there")
    settled(signed_in, mixed)
    assert (there(signed_in, bal, inbox, "ici"), there(signed_in, bal, archive, "classés")) == (6, 5)


def test_what_was_read_before_stays_read_when_reading_is_undone(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    inbox = signed_in.folder(bal)
    signed_in.settled(inbox)
    first, second = delivered(signed_in, bal, inbox, "lus", 2)
    signed_in.engine.mark_read((first,), True)
    signed_in.until(lambda: signed_in.engine.reader.rows([first])[0].seen, "read")
    settled(signed_in, [first])
    change = signed_in.engine.mark_read((first, second), True)
    signed_in.until(lambda: signed_in.engine.reader.rows([second])[0].seen, "read")
    settled(signed_in, [first, second])
    signed_in.engine.undo(change)
    signed_in.until(lambda: not signed_in.engine.reader.rows([second])[0].seen, "unread again")
    settled(signed_in, [first, second])
    assert [r.seen for r in signed_in.engine.reader.rows([first, second])] == [True, False]


@pytest.mark.parametrize("verb", ["MOVE", "STORE"])
def test_a_refused_wish_is_backed_out_and_told(signed_in: Workstation, verb: str) -> None:
    bal = signed_in.bal("soins")
    inbox, archive = signed_in.folder(bal), signed_in.folder(bal, FolderRole.ARCHIVE)
    signed_in.settled(inbox)
    ids = delivered(signed_in, bal, inbox, f"refus-{verb}", 3)
    signed_in.theatre.operator.orders.answer(verb, "NO [NOPERM] not here")
    if verb == "MOVE":
        signed_in.engine.move(tuple(ids), archive.id)
    else:
        signed_in.engine.flag(tuple(ids), True)
    signed_in.until(lambda: [t.error.code for t in signed_in.problems() if isinstance(t.error, Refused)], "told")
    settled(signed_in, ids)
    assert set(ids) <= set(signed_in.ids(inbox))
    assert not any(r.flagged for r in signed_in.engine.reader.rows(ids))
    assert there(signed_in, bal, inbox, f"refus-{verb}") == 3


def test_a_move_wished_off_line_and_undone_off_line_never_leaves(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    inbox, archive = signed_in.folder(bal), signed_in.folder(bal, FolderRole.ARCHIVE)
    signed_in.settled(inbox)
    ids = delivered(signed_in, bal, inbox, "hors ligne", 3)
    orders = signed_in.theatre.operator.orders
    orders.line_down(Service.IMAP)
    signed_in.until(lambda: signed_in.bal("soins").link is not Link.LIVE, "off line")
    moves = orders.times("MOVE")
    change = signed_in.engine.move(tuple(ids), archive.id)
    signed_in.until(lambda: not set(ids) & set(signed_in.ids(inbox)), "gone from the list")
    signed_in.engine.undo(change)
    signed_in.until(lambda: set(ids) <= set(signed_in.ids(inbox)), "back in the list")
    orders.line_up(Service.IMAP)
    signed_in.engine.refresh()
    signed_in.until(lambda: signed_in.bal("soins").link is Link.LIVE, "on line")
    settled(signed_in, ids)
    assert orders.times("MOVE") == moves
    assert there(signed_in, bal, inbox, "hors ligne") == 3
