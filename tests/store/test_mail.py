"""Messages, folders, conversations and wishes, on a real store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mssclient.domain.bal import FolderRole
from mssclient.domain.changes import Change, ChangeId, Truth, Wish, projected
from mssclient.domain.message import ListQuery, MessageId, PartSpec, RowState, Sort
from mssclient.store.database import Database
from mssclient.store.mail import FolderSpec
from tests.store.conftest import Shelf, envelope, fill

PDF = PartSpec("2", "application/pdf", 4000, "base64", "", "Compte rendu.pdf", "", attachment=True)


def add(shelf: Shelf, *uids: int) -> list[MessageId]:
    return shelf.stores.mail.add(shelf.inbox, [envelope(u) for u in uids])


def test_the_list_is_newest_first_and_unread_are_counted(shelf: Shelf) -> None:
    first, second, third = add(shelf, 1, 3, 2)
    assert shelf.reader.ids(ListQuery(shelf.inbox)) == [second, third, first]
    shelf.stores.mail.set_position(shelf.inbox, 1, 4, 0, complete=True)
    inbox = shelf.reader.folders(shelf.bal)[0]
    assert (inbox.unread, inbox.total) == (3, 3)


def test_the_same_uid_is_never_added_twice(shelf: Shelf) -> None:
    assert len(add(shelf, 1, 2)) == 2
    assert add(shelf, 1, 2) == []


def test_a_pdf_waits_to_be_filed_in_the_inbox_and_not_in_sent(shelf: Shelf) -> None:
    here = shelf.stores.mail.add(shelf.inbox, [envelope(1, parts=(PDF,))])
    there = shelf.stores.mail.add(shelf.sent, [envelope(2, parts=(PDF,))])
    states = {row.id: row.state for row in shelf.reader.rows([*here, *there])}
    assert states == {here[0]: RowState.TO_FILE, there[0]: RowState.NONE}
    assert shelf.reader.to_file() == 1


def test_conversations_join_when_a_later_mail_ties_them(shelf: Shelf) -> None:
    one, two = add(shelf, 1, 2)
    three = shelf.stores.mail.add(shelf.inbox, [envelope(3, refs="<1@ch.mss.example> <2@ch.mss.example>")])[0]
    rows = shelf.reader.rows([one, two, three])
    assert len({row.conversation for row in rows}) == 1
    assert shelf.reader.conversation(rows[0].conversation) == [one, two, three]
    assert shelf.reader.ids(ListQuery(shelf.inbox, conversations=True)) == [three]


def test_an_answer_that_came_first_still_joins(shelf: Shelf) -> None:
    answer = shelf.stores.mail.add(shelf.inbox, [envelope(9, refs="<4@ch.mss.example>")])[0]
    first = add(shelf, 4)[0]
    rows = shelf.reader.rows([answer, first])
    assert rows[0].conversation == rows[1].conversation


def test_sorts(shelf: Shelf) -> None:
    ids = shelf.stores.mail.add(shelf.inbox, [envelope(1, "Épreuve"), envelope(2, "avis"), envelope(3, "Zona")])
    query = ListQuery(shelf.inbox, sort=Sort("subject", descending=False))
    assert shelf.reader.ids(query) == [ids[1], ids[0], ids[2]]


def test_search_ignores_accents_and_finds_prefixes(shelf: Shelf) -> None:
    ids = shelf.stores.mail.add(shelf.inbox, [envelope(1, "Échographie abdominale"), envelope(2, "Ordonnance")])
    shelf.stores.index.write(50)
    assert shelf.reader.ids(ListQuery(search="echog")) == [ids[0]]
    assert shelf.reader.ids(ListQuery(search='"échographie abdominale"')) == [ids[0]]
    assert shelf.reader.ids(ListQuery(search="introuvable")) == []


def test_no_search_is_a_syntax_error(shelf: Shelf) -> None:
    add(shelf, 1)
    for text in ('"', "AND", "a OR", "sujet:", "(((", "-", "*", "col:x NEAR(", "'; DROP TABLE message; --", "^"):
        assert isinstance(shelf.reader.ids(ListQuery(search=text)), list)


def test_a_changed_uidvalidity_keeps_the_rows(shelf: Shelf) -> None:
    ids = add(shelf, 1, 2)
    shelf.stores.mail.void_uids(shelf.inbox, 2)
    again = shelf.stores.mail.add(shelf.inbox, [envelope(1)])
    assert again == [ids[0]]
    assert shelf.stores.mail.drop_void(shelf.inbox) == 1
    assert shelf.reader.ids(ListQuery(shelf.inbox)) == [ids[0]]


def test_a_moved_message_keeps_its_id(shelf: Shelf) -> None:
    one = add(shelf, 1)[0]
    shelf.stores.mail.moved(one, shelf.trash, 77)
    place = shelf.stores.mail.places([one])[0]
    assert (place.mailbox, place.uid) == ("Trash", 77)


def test_a_wish_shows_at_once_and_goes_with_its_row(shelf: Shelf) -> None:
    one, two = add(shelf, 1, 2)
    shelf.stores.changes.add(
        [Change(ChangeId("c"), one, Wish.MOVE, shelf.trash), Change(ChangeId("c"), two, Wish.READ)]
    )
    assert shelf.reader.ids(ListQuery(shelf.inbox)) == [two]
    assert shelf.reader.ids(ListQuery(shelf.trash)) == [one]
    assert shelf.reader.ids(ListQuery(shelf.inbox, unread_only=True)) == []
    shelf.stores.changes.withdraw(ChangeId("c"))
    assert shelf.reader.ids(ListQuery(shelf.inbox)) == [two, one]


wishes = st.lists(
    st.tuples(
        st.sampled_from([Wish.READ, Wish.UNREAD, Wish.FLAG, Wish.UNFLAG, Wish.MOVE, Wish.ERASE, Wish.ANSWERED]),
        st.sampled_from(["inbox", "trash", "sent"]),
    ),
    max_size=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seen=st.booleans(), flagged=st.booleans(), wanted=wishes)
def test_the_view_and_the_rule_agree(tmp_path: Path, seen: bool, flagged: bool, wanted: list[tuple[Wish, str]]) -> None:
    database = Database(tmp_path / f"{abs(hash((seen, flagged, tuple(wanted))))}.sqlite", bytes(32))
    shelf = fill(database)
    flags = " ".join(["\\Seen"] * seen + ["\\Flagged"] * flagged)
    uid = 1 + len(shelf.stores.mail.uids(shelf.inbox))
    message_id = shelf.stores.mail.add(shelf.inbox, [envelope(uid, flags=flags)])[0]
    changes = tuple(
        Change(ChangeId("c"), message_id, wish, getattr(shelf, where) if wish is Wish.MOVE else None)
        for wish, where in wanted
    )
    shelf.stores.changes.add(changes)
    expected = projected(Truth(shelf.inbox, seen, flagged), changes)
    row = database.one("SELECT shown_folder, shown_seen, shown_flagged, gone FROM shown WHERE id = ?", (message_id,))
    assert row is not None
    assert (row[0], bool(row[1]), bool(row[2]), bool(row[3])) == (
        expected.folder_id, expected.seen, expected.flagged, expected.gone
    )  # fmt: skip
    database.close()


def test_a_message_moved_to_an_unknown_uid_is_met_again_with_its_marks(shelf: Shelf) -> None:
    one = add(shelf, 1)[0]
    shelf.stores.content.set_state(one, RowState.FILED)
    shelf.stores.mail.moved_somewhere(one, shelf.trash)
    assert shelf.stores.mail.add(shelf.trash, [envelope(1, flags="\\Seen")]) == [one]
    row = shelf.reader.rows([one])[0]
    assert (row.folder_id, row.state, row.seen) == (shelf.trash, RowState.FILED, True)


def test_without_a_message_id_a_renumbered_message_is_known_by_date_size_and_subject(shelf: Shelf) -> None:
    nameless = replace(envelope(1), message_id="")
    one = shelf.stores.mail.add(shelf.inbox, [nameless])[0]
    shelf.stores.mail.void_uids(shelf.inbox, 2)
    assert shelf.stores.mail.add(shelf.inbox, [replace(nameless, uid=9)]) == [one]


def test_a_listing_without_inbox_is_an_accident(shelf: Shelf) -> None:
    before = shelf.stores.mail.folders(shelf.bal)
    one = FolderSpec("Trash", ("Trash",), FolderRole.TRASH, selectable=True)
    assert not shelf.stores.mail.keep_folders(shelf.bal, [one])
    assert shelf.stores.mail.folders(shelf.bal) == before
