"""Messages that go and come back, the queue of the index, content that is let go, the turns of lines."""

from __future__ import annotations

import time

from mssclient.domain.bal import FolderRole
from mssclient.domain.changes import Change, ChangeId, Wish
from mssclient.domain.message import ListQuery
from mssclient.domain.sync import Known, Seen, Step, plan, sample, still_missing
from mssclient.engine.budget import SHARE_S, LineBudget
from mssclient.store import removal
from mssclient.store.content import BodyRecord
from mssclient.store.mail import FolderSpec
from tests.store.conftest import Shelf, envelope


def test_what_nobody_touched_goes_at_once_and_what_was_read_waits(shelf: Shelf) -> None:
    mail = shelf.stores.mail
    plain, read = mail.add(shelf.inbox, [envelope(1), envelope(2)])
    shelf.stores.content.keep_body(read, BodyRecord("bonjour"))
    assert mail.remove(shelf.inbox, [1, 2]) == 2
    assert shelf.reader.ids(ListQuery(shelf.inbox)) == []
    assert shelf.reader.rows([plain, read]) == []
    assert mail.add(shelf.trash, [envelope(2), envelope(1)])[0] == read
    assert shelf.reader.ids(ListQuery(shelf.trash)) != [plain]
    assert read in shelf.reader.ids(ListQuery(shelf.trash))


def test_a_wish_waits_with_its_message_and_is_not_replayed_meanwhile(shelf: Shelf) -> None:
    mail, changes = shelf.stores.mail, shelf.stores.changes
    (found,) = mail.add(shelf.inbox, [envelope(1)])
    changes.add([Change(ChangeId("c"), found, Wish.FLAG)])
    mail.remove(shelf.inbox, [1])
    assert changes.of_bal(shelf.bal) == []
    assert mail.add(shelf.sent, [envelope(1)]) == [found]
    assert [p.change.message_id for p in changes.of_bal(shelf.bal)] == [found]


def test_what_is_missing_for_long_is_gone(shelf: Shelf) -> None:
    mail = shelf.stores.mail
    (found,) = mail.add(shelf.inbox, [envelope(1)])
    shelf.stores.content.keep_body(found, BodyRecord("bonjour"))
    mail.remove(shelf.inbox, [1])
    assert mail.drop_parked() == 0
    with shelf.stores.database.write() as sql:
        sql.execute("UPDATE message SET parked = ?", (int(time.time()) - removal.PARKED_S - 5,))
    assert mail.drop_parked() == 1
    assert mail.add(shelf.sent, [envelope(1)]) != [found]


def test_a_folder_that_is_renamed_keeps_its_rows_and_one_that_goes_parks_them(shelf: Shelf) -> None:
    mail = shelf.stores.mail
    specs = [FolderSpec(n, (n,), FolderRole.OTHER, selectable=True) for n in ("A", "B")]
    inbox = FolderSpec("INBOX", ("INBOX",), FolderRole.INBOX, selectable=True)
    mail.keep_folders(shelf.bal, [inbox, *specs])
    ids = {mailbox: folder for folder, mailbox, _ in mail.folders(shelf.bal)}
    (in_a,), (in_b,) = mail.add(ids["A"], [envelope(1)]), mail.add(ids["B"], [envelope(2)])
    for message_id in (in_a, in_b):
        shelf.stores.content.keep_body(message_id, BodyRecord("x"))
    renamed = FolderSpec("A2", ("A2",), FolderRole.OTHER, selectable=True)
    assert mail.keep_folders(shelf.bal, [inbox, renamed], {"A": "A2"})
    assert {mailbox: folder for folder, mailbox, _ in mail.folders(shelf.bal)}["A2"] == ids["A"]
    assert shelf.reader.ids(ListQuery(ids["A"])) == [in_a]
    assert mail.add(ids["A"], [envelope(2)]) == [in_b]
    assert not mail.keep_folders(shelf.bal, [inbox, renamed])


def test_a_message_is_listed_before_it_is_found(shelf: Shelf) -> None:
    index = shelf.stores.index
    (found,) = shelf.stores.mail.add(shelf.inbox, [envelope(1, "Échographie")])
    assert shelf.reader.ids(ListQuery(shelf.inbox)) == [found]
    assert shelf.reader.ids(ListQuery(search="echographie")) == []
    index.write(50)
    assert shelf.reader.ids(ListQuery(search="echographie")) == [found]
    shelf.stores.content.keep_body(found, BodyRecord("radiographie"))
    assert index.owed() == 1
    index.write(50)
    assert index.owed() == 0
    assert shelf.reader.ids(ListQuery(search="radiographie")) == [found]
    shelf.stores.mail.erased([found])
    assert shelf.reader.ids(ListQuery(search="radiographie")) == []


def test_conversations_of_one_page_are_joined(shelf: Shelf) -> None:
    mail = shelf.stores.mail
    page = [
        envelope(1), envelope(2), envelope(3, refs="<1@ch.mss.example> <2@ch.mss.example>"),
        envelope(4, refs="<3@ch.mss.example>"),
    ]  # fmt: skip
    ids = mail.add(shelf.inbox, page)
    assert len({row.conversation for row in shelf.reader.rows(ids)}) == 1


def test_without_condstore_a_folder_is_compared_when_its_count_of_unread_moved() -> None:
    known = Known(9, 11, 0, 10, complete=True, unseen=2)
    assert plan(known, Seen(9, 11, 10, 0, unseen=2)) == ()
    assert plan(known, Seen(9, 11, 10, 0, unseen=3)) == (Step.FLAGS_ALL,)
    assert plan(known, Seen(9, 11, 10, 0)) == (Step.FLAGS_ALL,)


def test_numbers_that_disagree_are_looked_into_until_they_are_told_again() -> None:
    seen = Seen(9, 11, 12, 4)
    steps = plan(Known(9, 11, 4, 10, complete=True), seen)
    assert steps == (Step.LIST,)
    assert still_missing(steps, seen, None) == steps
    assert still_missing(steps, seen, seen) == ()
    assert still_missing(steps, seen, Seen(9, 11, 13, 4)) == steps
    assert still_missing((Step.START_OVER, Step.LIST), seen, seen) == (Step.START_OVER,)


def test_a_sample_holds_both_ends() -> None:
    assert sample([3, 1, 2]) == [1, 2, 3]
    found = sample(list(range(1, 1001)))
    assert (found[0], found[-1], len(found)) == (1, 1000, 12)


class _Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_lines_are_few_and_go_round() -> None:
    clock, rung = _Clock(), list[str]()
    lines = LineBudget(3, clock)
    for name in ("a", "b"):
        assert lines.take(name, lambda name=name: rung.append(name))  # type: ignore[misc]
    assert lines.fetch_room(lambda: rung.append("fetch")) == 1
    lines.fetching(1)
    assert not lines.take("c", lambda: rung.append("c"))
    assert rung == ["a"]
    assert not lines.must_yield("a")
    clock.now = SHARE_S + 1
    assert lines.must_yield("a")
    assert not lines.must_yield("b")
    lines.give_back("a")
    assert rung[-1] == "c"
    assert lines.take("c", lambda: None)
    assert not lines.take("a", lambda: rung.append("a"))
    assert lines.open_lines == 3


def test_who_is_looked_at_goes_first_and_stays() -> None:
    clock, rung = _Clock(), list[str]()
    lines = LineBudget(2, clock)
    assert lines.take("a", lambda: rung.append("a"))
    assert not lines.take("b", lambda: rung.append("b"))
    assert not lines.take("c", lambda: rung.append("c"))
    lines.look_at("c")
    assert lines.must_yield("a")
    lines.give_back("a")
    assert rung[-1] == "c"
    assert not lines.take("b", lambda: rung.append("b"))
    assert lines.take("c", lambda: None)
    clock.now = 10 * SHARE_S
    assert not lines.must_yield("c")


def test_content_gives_its_lines_back_when_a_box_waits() -> None:
    shrunk: list[str] = []
    lines = LineBudget(4, _Clock())
    assert lines.take("a", lambda: None)
    assert lines.fetch_room(lambda: shrunk.append("x")) == 3
    lines.fetching(3)
    rung: list[str] = []
    assert not lines.take("b", lambda: rung.append("b"))
    assert shrunk == ["x"]
    lines.fetching(1)
    assert rung == ["b"]
    assert lines.take("b", lambda: None)
