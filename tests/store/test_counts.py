"""Counts are always those of the lists: whatever happened, in any order, each equals a recount."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mssclient.domain.bal import FolderId, FolderRole
from mssclient.domain.changes import Change, ChangeId, Wish
from mssclient.domain.message import ListQuery, MessageId, PartSpec, RowState, Sort
from mssclient.store.database import Database
from mssclient.store.mail import FolderSpec
from tests.store.conftest import Shelf, envelope, fill

PDF = PartSpec("2", "application/pdf", 4000, "base64", "", "Compte rendu.pdf", "", attachment=True)
ROLES = {
    "INBOX": FolderRole.INBOX, "Dr Martin": FolderRole.OTHER, "Archive": FolderRole.ARCHIVE, "Sent": FolderRole.SENT,
    "Trash": FolderRole.TRASH,
}  # fmt: skip
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["arrive", "read there", "unread there", "gone there", "renumbered", "listed again", "mark read", "mark unread",
             "move", "erase", "withdraw", "done", "moved", "moved somewhere", "filed", "complete", "erased", "parked over",
             "discard", "discard withdrawn", "brought back", "folder done"]
        ),
        st.integers(0, 9),
        st.integers(0, 4),
    ),
    max_size=40,
)  # fmt: skip


class World:
    """A store, and random things that happen to it."""

    def __init__(self, database: Database) -> None:
        self.shelf: Shelf = fill(database)
        mail = self.shelf.stores.mail
        mail.keep_folders(
            self.shelf.bal, [FolderSpec(name, (name,), role, selectable=True) for name, role in ROLES.items()]
        )
        self.folders = [folder for folder, _, _ in mail.folders(self.shelf.bal)]
        for folder in self.folders:
            mail.set_position(folder, 1, 1, 0, complete=True)
        self.next_uid = 1
        self.wishes = 0

    def ids(self) -> list[MessageId]:
        return [MessageId(r[0]) for r in self.shelf.stores.database.read("SELECT id FROM message ORDER BY id")]

    def act(self, what: str, which: int, where: int) -> None:
        folder, ids = self.folders[where], self.ids()
        if what in _OF_FOLDERS:
            self._on_folder(what, which, folder)
        elif ids:
            one = ids[which % len(ids)]
            self._on_message(what, which, one, folder)

    def _on_folder(self, what: str, which: int, folder: FolderId) -> None:
        mail = self.shelf.stores.mail
        match what:
            case "arrive":
                parts = (PDF,) if which % 2 else ()
                mail.add(folder, [envelope(self.next_uid, flags="\\Seen" if which % 3 else "", parts=parts)])
                self.next_uid += 1
            case "renumbered":
                mail.void_uids(folder, 2)
            case "listed again":
                mail.drop_void(folder)
            case "parked over":
                mail.drop_parked()
            case "complete":
                mail.set_position(folder, 1, 1, 0, complete=True)
            case "discard" | "discard withdrawn" | "brought back" | "folder done":
                self._on_folder_wish(what, which)

    def _on_folder_wish(self, what: str, which: int) -> None:
        """What becomes of the one folder that a person made."""
        wishes, folder = self.shelf.stores.folder_wishes, self.folders[list(ROLES).index("Dr Martin")]
        waiting = wishes.of_bal(self.shelf.bal)
        change = ChangeId(f"f{which}")
        match what:
            case "discard":
                wishes.discard(change, folder, ("Trash", f"Dr Martin {which}"))
            case "brought back":
                wishes.name_anew(change, folder, (f"Dr Martin {which}",))
            case "discard withdrawn" if waiting:
                wishes.back_out(waiting[-1])
            case "folder done" if waiting:
                wishes.done(waiting[0], "/".join(waiting[0].path))

    def _on_message(self, what: str, which: int, one: MessageId, folder: FolderId) -> None:
        stores = self.shelf.stores
        place = stores.mail.places([one])[0]
        if what in _WISHES:
            self.wishes += 1
            target = folder if what == "move" else None
            stores.changes.add([Change(ChangeId(f"c{self.wishes}"), one, _WISHES[what], target)])
        match what:
            case "read there" | "unread there":
                flags = frozenset({"\\Seen"} if what == "read there" else ())
                stores.mail.set_flags(place.folder_id, [(place.uid, flags, 1)])
            case "gone there":
                stores.mail.remove(place.folder_id, [place.uid])
            case "withdraw":
                stores.changes.withdraw(ChangeId(f"c{which}"))
            case "moved":
                stores.mail.moved(one, folder, self.next_uid)
                self.next_uid += 1
            case "moved somewhere":
                stores.mail.moved_somewhere(one, folder)
            case "filed":
                stores.content.set_state(one, RowState.FILED)
            case "erased":
                stores.mail.erased([one])


_OF_FOLDERS = (
    "arrive",
    "renumbered",
    "listed again",
    "parked over",
    "complete",
    "discard",
    "discard withdrawn",
    "brought back",
    "folder done",
)
_WISHES = {"mark read": Wish.READ, "mark unread": Wish.UNREAD, "move": Wish.MOVE, "erase": Wish.ERASE}


def recount(shelf: Shelf, folder: FolderId | None, *, unread: bool = False, to_file: bool = False) -> set[int]:
    """The same by looking at each message alone, as the rule of wishes says (domain/changes.py)."""
    found = set()
    rows = shelf.stores.database.read(
        "SELECT s.id, s.shown_folder, s.shown_seen, s.state, s.uid, s.pending, s.gone, f.role FROM shown s"
        " JOIN folder f ON f.id = s.shown_folder"
    )
    for number, place, seen, state, uid, pending, gone, role in rows:
        here = place == folder if folder is not None else role in {"inbox", "other", "archive"}
        if (
            here
            and not gone
            and (uid > 0 or pending)
            and not (unread and seen)
            and not (to_file and state != "to file")
        ):
            found.add(number)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_every_count_is_a_recount(tmp_path_factory: pytest.TempPathFactory, acts: list[tuple[str, int, int]]) -> None:
    database = Database(tmp_path_factory.mktemp("counts") / "mail.sqlite", bytes(32))
    world = World(database)
    shelf, reader = world.shelf, world.shelf.reader
    for act in acts:
        world.act(*act)
    for folder in reader.folders(shelf.bal):
        listed = reader.ids(ListQuery(folder.id))
        assert len(listed) == len(set(listed)) == folder.total
        assert set(listed) == recount(shelf, folder.id)
        unread = reader.ids(ListQuery(folder.id, unread_only=True))
        assert set(unread) == recount(shelf, folder.id, unread=True)
        assert folder.unread == len(unread)
        for column in ("sender", "subject", "size", "usager", "state"):
            assert sorted(reader.ids(ListQuery(folder.id, sort=Sort(column)))) == sorted(listed)
    # The status sentence, and the lists it leads to.
    assert reader.unread() == len(reader.ids(ListQuery(unread_only=True))) == len(recount(shelf, None, unread=True))
    assert reader.to_file() == len(reader.ids(ListQuery(to_file_only=True))) == len(recount(shelf, None, to_file=True))
    reader.close()
    database.close()


def test_a_folder_that_is_still_being_listed_counts_what_its_operator_says(shelf: Shelf) -> None:
    shelf.stores.mail.add(shelf.inbox, [envelope(1), envelope(2)])
    shelf.stores.mail.set_counts(shelf.inbox, 500, 40)
    assert shelf.reader.unread() == 40
    assert shelf.reader.folders(shelf.bal)[0].unread == 40
    shelf.stores.mail.set_position(shelf.inbox, 1, 3, 0, complete=True)
    assert shelf.reader.unread() == 2


@pytest.mark.parametrize("descending", [True, False])
def test_columns_that_few_messages_fill_sort_as_the_others(shelf: Shelf, descending: bool) -> None:
    subjects = ["Bonjour", "XDM/1.0/DDM+CR ZOE LEA 01/02/1950", "Avis", "XDM/1.0/DDM+CR ABEL JEAN 01/02/1950"]
    ids = shelf.stores.mail.add(
        shelf.inbox, [envelope(n, text, parts=(PDF,) if n == 3 else ()) for n, text in enumerate(subjects, 1)]
    )
    shelf.stores.content.set_state(ids[0], RowState.FILED)
    facts = {r[0]: r[1:] for r in shelf.stores.database.read("SELECT id, usager_name, state, rank FROM message")}
    for number, column in ((0, "usager"), (1, "state")):
        expected = sorted(ids, key=lambda i: (facts[i][number], facts[i][2]), reverse=descending)
        for pending in (False, True):
            if pending:
                shelf.stores.changes.add([Change(ChangeId(f"{column}"), ids[1], Wish.READ)])
            assert shelf.reader.ids(ListQuery(shelf.inbox, sort=Sort(column, descending))) == expected


def test_conversations_show_their_newest_of_the_list(shelf: Shelf) -> None:
    one, two, three = shelf.stores.mail.add(
        shelf.inbox, [envelope(1), envelope(2, refs="<1@ch.mss.example>"), envelope(3, flags="\\Seen")]
    )
    talks = ListQuery(shelf.inbox, conversations=True)
    assert shelf.reader.ids(talks) == [three, two]
    assert shelf.reader.rows([two])[0].conversation_unread == 2
    shelf.stores.changes.add([Change(ChangeId("c"), two, Wish.MOVE, shelf.trash)])
    assert shelf.reader.ids(talks) == [three, one]
    row = shelf.reader.rows([one])[0]
    assert (row.conversation_size, row.conversation_unread) == (1, 1)
    people = json.loads(shelf.stores.database.read("SELECT recipients FROM message WHERE id = ?", (one,))[0][0])
    assert people["to"][0][1] == "soins@tilleuls.mss.example"
