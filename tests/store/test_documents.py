"""The list of received documents in a real store: once each, in order, and messages that follow."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssclient.domain import xdm
from mssclient.domain.bal import FolderId
from mssclient.domain.filing import FilingChoice
from mssclient.domain.identity import Usager
from mssclient.domain.message import MessageId, PartId, PartSpec
from mssclient.domain.worklist import SORTS, AsideReason, WorkQuery, WorkState
from mssclient.store.database import Database, Reads
from mssclient.store.documents import DocumentReader
from tests.domain.archives import Doc, archive, cda
from tests.store.conftest import Shelf, envelope

EVERY = WorkQuery(states=frozenset(WorkState))
SPEC = PartSpec("2", "application/zip", 900, "base64", "", "IHE_XDM.ZIP", "", attachment=True)


@pytest.fixture
def reader(database: Database, shelf: Shelf) -> DocumentReader:
    return DocumentReader(Reads(database))


def arrive(shelf: Shelf, uid: int, *docs: Doc, folder: FolderId | None = None) -> tuple[MessageId, PartId]:
    """A message whose archive was read."""
    (message_id,) = shelf.stores.mail.add(folder or shelf.inbox, [envelope(uid, parts=(SPEC,))])
    part_id = shelf.stores.content.parts(message_id)[0].id
    found = xdm.read(archive(*docs))
    shelf.stores.content.keep_archive(part_id, found, None)
    shelf.stores.documents.take(part_id, found)
    return message_id, part_id


def doc(number: int, *, version: int = 1, family: int = 0, action: str = "") -> Doc:
    """A document that is like no other but in its family."""
    unique = f"2.25.{number}"
    raw = cda(unique=unique, version=version, replaced=f"2.27.{number}", pdf=f"%PDF-1.4 {number}".encode())
    raw = raw.replace(b"1.2.250.1.999.50", f"2.26.{family or number}".encode())
    return Doc(
        content=raw, unique=unique, action=action, uri=f"DOC{number}.XML", file=f"DOC{number}.XML", object_id=f"D{number}",
    )  # fmt: skip


def state_of(shelf: Shelf, message_id: MessageId) -> str:
    row = shelf.stores.database.one("SELECT state FROM message WHERE id = ?", (message_id,))
    assert row is not None
    return str(row[0])


def test_an_archive_is_listed_once_however_often_it_is_read(shelf: Shelf, reader: DocumentReader) -> None:
    _, part_id = arrive(shelf, 1, doc(1), doc(2))
    assert shelf.stores.documents.take(part_id, xdm.read(archive(doc(1), doc(2)))) == []
    assert reader.count() == 2


@pytest.mark.parametrize("where", ["sent", "trash"])
def test_what_we_sent_or_threw_away_is_no_work(shelf: Shelf, reader: DocumentReader, where: str) -> None:
    arrive(shelf, 1, doc(1), folder=getattr(shelf, where))
    assert reader.ids(EVERY) == []


def test_a_message_is_to_file_until_its_last_document_is_settled(shelf: Shelf, reader: DocumentReader) -> None:
    message_id, _ = arrive(shelf, 1, doc(1), doc(2))
    first, second = reader.ids(EVERY)
    assert state_of(shelf, message_id) == "to file"
    shelf.stores.documents.mark([first], WorkState.FILED)
    assert state_of(shelf, message_id) == "to file"
    shelf.stores.documents.mark([second], WorkState.ASIDE, AsideReason.OTHER)
    assert state_of(shelf, message_id) == "filed"
    shelf.stores.documents.mark([first, second], WorkState.ASIDE, AsideReason.OTHER)
    assert state_of(shelf, message_id) == "none"
    shelf.stores.documents.mark([second], WorkState.NEW)
    assert state_of(shelf, message_id) == "to file"


def test_the_journal_and_the_list_move_together(shelf: Shelf, reader: DocumentReader) -> None:
    message_id, part_id = arrive(shelf, 1, doc(1))
    (line,) = reader.lines(reader.ids(EVERY))
    choice = FilingChoice(Usager(None, None, "A", ("B",), "", ""), "", "", "")
    filing = shelf.stores.filings.begin(message_id, part_id, choice, "me", "aa", "u", 1, document_id=line.id)
    assert reader.lines([line.id])[0].state is WorkState.NEW
    shelf.stores.filings.finish(filing, message_id, "x.pdf")
    assert reader.lines([line.id])[0].state is WorkState.FILED
    assert reader.count() == 0


def test_a_newer_version_takes_the_place_of_the_older_ones(shelf: Shelf, reader: DocumentReader) -> None:
    old, _ = arrive(shelf, 1, doc(1, version=1, family=9))
    arrive(shelf, 2, doc(2, version=3, family=9))
    arrive(shelf, 3, doc(3, version=2, family=9))
    lines = {line.version: line for line in reader.lines(reader.ids(EVERY))}
    assert [lines[v].state for v in (1, 2, 3)] == [WorkState.REPLACED, WorkState.REPLACED, WorkState.NEW]
    assert lines[1].newer == lines[2].newer == lines[3].id
    assert state_of(shelf, old) == "none", "a message that holds an old version only waits for nobody"


def test_versions_that_were_filed_stand_against_older_and_equal_ones(shelf: Shelf, reader: DocumentReader) -> None:
    arrive(shelf, 1, doc(2, version=2, family=9))
    documents = shelf.stores.documents
    documents.mark(reader.ids(EVERY), WorkState.FILED)
    assert documents.is_outdated("2.26.9", 1)
    assert not documents.is_outdated("2.26.9", 2)
    assert documents.is_version_filed("2.26.9", 2)
    assert not documents.is_outdated("", 1)
    assert not documents.is_version_filed("2.26.9", None)


@pytest.mark.parametrize("sort", sorted(SORTS))
@pytest.mark.parametrize("descending", [True, False])
def test_every_order_lists_everything_once(shelf: Shelf, reader: DocumentReader, sort: str, descending: bool) -> None:
    for number in range(1, 6):
        arrive(shelf, number, doc(number, version=number))
    found = reader.ids(replace(EVERY, sort=sort, descending=descending))
    assert sorted(found) == sorted(reader.ids(EVERY))
    assert found == reader.ids(replace(EVERY, sort=sort, descending=not descending))[::-1]


def test_filters_by_words_type_and_mailbox(shelf: Shelf, reader: DocumentReader) -> None:
    arrive(shelf, 1, doc(1))
    assert reader.ids(replace(EVERY, words="pat-trois vasseur")) == reader.ids(EVERY)
    assert reader.ids(replace(EVERY, words="pat-deux")) == []
    assert reader.ids(replace(EVERY, type_code="34133-9")) == reader.ids(EVERY)
    assert reader.ids(replace(EVERY, type_code="x")) == []
    assert reader.ids(replace(EVERY, bal_id=shelf.bal)) == reader.ids(EVERY)
    assert reader.types() == [("34133-9", reader.lines(reader.ids(EVERY))[0].type_label)]


def test_a_message_that_goes_takes_its_lines_along(shelf: Shelf, reader: DocumentReader) -> None:
    message_id, _ = arrive(shelf, 1, doc(1))
    with shelf.stores.database.write() as sql:
        sql.execute("DELETE FROM message WHERE id = ?", (message_id,))
    assert reader.ids(EVERY) == []


def test_what_has_to_be_fetched_is_recent_received_and_small(shelf: Shelf) -> None:
    documents = shelf.stores.documents
    (inbox,) = shelf.stores.mail.add(shelf.inbox, [envelope(1, parts=(SPEC,))])
    shelf.stores.mail.add(shelf.sent, [envelope(2, parts=(SPEC,))])
    part = shelf.stores.content.parts(inbox)[0].id
    since = int(envelope(1).received.timestamp())
    assert documents.missing(since, 10, 1000) == [part]
    assert documents.missing(since + 1, 10, 1000) == []
    assert documents.missing(since, 10, 899) == []


def test_a_receipt_goes_only_where_the_message_came_from(shelf: Shelf) -> None:
    asked = "disposition-notification-to"
    for uid, headers, wanted in (
        (1, ((asked, "<anne.martin@ch.mss.example>"),), True),
        (2, ((asked, "Anne <anne.martin@ch.mss.example>"), ("return-path", "<anne.martin@ch.mss.example>")), True),
        (3, ((asked, "<x@y.mss.example>"),), False),
        (4, ((asked, "<anne.martin@ch.mss.example>"), ("return-path", "<other@ch.mss.example>")), False),
        (5, (), False),
    ):
        (message_id,) = shelf.stores.mail.add(shelf.inbox, [replace(envelope(uid), mss_headers=headers)])
        found = shelf.stores.documents.receipt_wanted(message_id)
        assert (found is not None) is wanted, uid
        assert found is None or found.to == "anne.martin@ch.mss.example"
