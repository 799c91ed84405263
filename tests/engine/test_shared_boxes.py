"""Folders that others have opened to us (RFC 2342, RFC 4314), on Dovecot: what we may not do there is said, and backed out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mssclient.domain.bal import FolderRole
from mssclient.domain.changes import Wish
from mssclient.domain.errors import Refused
from mssclient.remote.imap import ImapSession
from tests.engine.sync_kit import Rows, SyncDesk, fill, sync_desk
from tests.lab.mail import ALICE, LabMail
from tests.lab.mail import missing as missing_servers
from tests.lab.pcscd import need
from tests.remote.places import lab_place

pytestmark = pytest.mark.lab
OWNER, SHARED = "bob.durand", ("Autres", "bob.durand", "Projets")
READS = ("lookup", "read", "write-seen")
LOOKS = ("lookup", "read")
EVERYTHING = (*READS, "write", "write-deleted", "expunge", "insert", "post", "create", "delete")


@pytest.fixture(scope="module")
def lab() -> Iterator[LabMail]:
    """Real servers where boxes are shared."""
    need(missing_servers())
    running = LabMail(shared=True)
    running.start()
    yield running
    running.stop()


@dataclass
class Shared:
    """Bob's folder of three messages, open to Alice as far as `opened` was told."""

    lab: LabMail
    home: Path
    bob: ImapSession

    def opened(self, *rights: str) -> Iterator[SyncDesk]:
        """Alice at her workstation, with these rights in the folder."""
        self.lab.doveadm("acl", "set", "-u", OWNER, "Projets", f"user={ALICE}", *rights)
        with sync_desk(lab_place(self.lab), "alice.martin", self.home) as desk:
            desk.settle()
            desk.until(lambda: len(desk.ids(*SHARED)) == 3, "listed")
            yield desk

    def rows(self) -> Rows:
        """What Bob sees there."""
        self.bob.select("Projets")
        flags = {uid: marks for uid, marks, _ in self.bob.flags()}
        names = self.bob.message_ids(list(flags))
        return {(names[u], "\\Seen" in m, "\\Flagged" in m) for u, m in flags.items()}


@pytest.fixture
def shared(lab: LabMail, tmp_path: Path) -> Iterator[Shared]:
    place = lab_place(lab)
    lab.empty("alice.martin")
    bob = place.session(OWNER, "bob")
    for folder in bob.folders():
        if folder.path[0].startswith(("Projets", "Nouveau")):
            bob.delete(folder.mailbox)
    bob.create(("Projets",))
    fill(bob, "Projets", range(3))
    yield Shared(lab, tmp_path, bob)
    bob.close()


@pytest.fixture
def reading(shared: Shared) -> Iterator[SyncDesk]:
    yield from shared.opened(*READS)


@pytest.fixture
def looking(shared: Shared) -> Iterator[SyncDesk]:
    yield from shared.opened(*LOOKS)


@pytest.fixture
def working(shared: Shared) -> Iterator[SyncDesk]:
    yield from shared.opened(*EVERYTHING)


def told(desk: SyncDesk) -> list[tuple[str, str]]:
    """What the person was told: the act, and the operator's code."""
    return [(t.context, t.error.code) for t in desk.problems() if isinstance(t.error, Refused)]


def trash(desk: SyncDesk) -> tuple[str, ...]:
    return next(f.path for f in desk.reader.folders(desk.bal_id) if f.role is FolderRole.TRASH)


def test_a_shared_folder_stands_below_its_owner_and_has_no_role(reading: SyncDesk) -> None:
    folders = {f.path: f for f in reading.reader.folders(reading.bal_id)}
    assert {("Autres",), ("Autres", OWNER), SHARED} <= set(folders)
    assert [folders[SHARED[:n]].selectable for n in (1, 2, 3)] == [False, False, True]
    assert folders[SHARED].role is FolderRole.OTHER
    assert folders[SHARED].unread == 3
    assert told(reading) == []


@pytest.mark.parametrize(
    ("wish", "context"), [(Wish.FLAG, "flag"), (Wish.ERASE, "delete"), (Wish.MOVE, "move")], ids=str
)
def test_what_may_only_be_read_is_not_changed(reading: SyncDesk, shared: Shared, wish: Wish, context: str) -> None:
    before, here = shared.rows(), reading.ids(*SHARED)
    reading.wish(wish, ["1"], SHARED, trash(reading) if wish is Wish.MOVE else ())
    reading.until(lambda: told(reading), "said")
    reading.settle()
    assert told(reading) == [(context, "NOPERM")]
    assert shared.rows() == before
    assert reading.ids(*SHARED) == here
    assert reading.house.stores.changes.of_bal(reading.bal_id) == []
    (row,) = reading.reader.rows([here["<1@x.mss.example>"]])
    assert (row.flagged, row.pending, row.folder_id) == (False, False, reading.folder(*SHARED))
    assert reading.ids(*trash(reading)) == {}


def test_what_was_read_there_is_marked_where_one_may(reading: SyncDesk, shared: Shared) -> None:
    reading.wish(Wish.READ, ["1"], SHARED)
    reading.settle()
    assert ("<1@x.mss.example>", True, False) in shared.rows()
    assert told(reading) == []


def test_a_folder_that_keeps_no_marks_says_so_once(looking: SyncDesk, shared: Shared) -> None:
    before = shared.rows()
    for number in ("0", "1", "2"):
        looking.wish(Wish.READ, [number], SHARED)
        looking.settle()
    assert told(looking) == [("read", "NOPERM")]
    assert shared.rows() == before
    assert looking.house.stores.changes.of_bal(looking.bal_id) == []
    looking.wish(Wish.FLAG, ["0"], SHARED)
    looking.until(lambda: len(told(looking)) == 2, "an act is told each time")


def test_nothing_is_put_where_one_may_only_read(reading: SyncDesk, shared: Shared) -> None:
    own = lab_place(shared.lab).session("alice.martin")
    fill(own, "INBOX", [50])
    reading.settle()
    mine = reading.ids("INBOX")["<50@x.mss.example>"]
    reading.wish(Wish.MOVE, ["50"], ("INBOX",), SHARED)
    reading.until(lambda: told(reading), "said")
    reading.settle()
    assert told(reading) == [("move", "NOPERM")]
    assert reading.ids("INBOX")["<50@x.mss.example>"] == mine
    assert len(shared.rows()) == 3
    own.select("INBOX")
    own.erase(own.uids())
    own.close()


def test_their_folder_is_neither_renamed_nor_deleted_without_the_right(reading: SyncDesk, shared: Shared) -> None:
    folders = reading.reader.folders(reading.bal_id)
    folder = next(f for f in folders if f.path == SHARED)
    reading.folders.name_anew(folders, folder, "À moi")
    reading.until(lambda: told(reading), "the name is refused")
    reading.settle()
    reading.folders.delete(reading.reader.folders(reading.bal_id), folder)
    reading.until(lambda: len(told(reading)) == 2, "the deletion is refused")
    reading.settle()
    assert told(reading) == [("rename folder", "NOPERM"), ("delete folder", "NOPERM")]
    assert reading.folder(*SHARED) == folder.id
    assert len(shared.rows()) == 3
    assert len(reading.ids(*SHARED)) == 3


def test_with_every_right_one_works_there_as_at_home(working: SyncDesk, shared: Shared) -> None:
    working.wish(Wish.FLAG, ["0"], SHARED)
    working.wish(Wish.MOVE, ["1"], SHARED, trash(working))
    working.settle()
    assert shared.rows() == {("<0@x.mss.example>", False, True), ("<2@x.mss.example>", False, False)}
    assert set(working.ids(*trash(working))) == {"<1@x.mss.example>"}
    folders = working.reader.folders(working.bal_id)
    parent = next(f for f in folders if f.path == SHARED)
    working.folders.new(folders, working.bal_id, parent, "Sous-projet")
    working.until(lambda: any(f.path == ("Projets", "Sous-projet") for f in shared.bob.folders()), "made at Bob's")
    working.settle()
    assert told(working) == []


def test_where_one_may_empty_a_folder_and_not_delete_it_nothing_is_moved(shared: Shared) -> None:
    for desk in shared.opened(*(right for right in EVERYTHING if right != "delete")):
        folders = desk.reader.folders(desk.bal_id)
        desk.folders.delete(folders, next(f for f in folders if f.path == SHARED))
        desk.until(lambda desk=desk: told(desk), "refused")  # type: ignore[misc]
        desk.settle()
        assert told(desk) == [("delete folder", "NOPERM")]
        assert len(shared.rows()) == 3
        assert desk.ids(*trash(desk)) == {}
