"""Searching the store: every filter, wishes applied, what is not wanted, words of documents, what operators add."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import BalKind, FolderRole
from mssclient.domain.changes import Change, ChangeId, Wish
from mssclient.domain.message import ListQuery, Loading, MessageId, PartSpec, RowState, Sort
from mssclient.store.content import BodyRecord
from mssclient.store.lists import SEARCH_LIMIT
from mssclient.store.mail import FolderSpec
from mssclient.store.reader import MailReader
from tests.store.conftest import Shelf, envelope

PDF = PartSpec("2", "application/pdf", 4000, "base64", "", "Échographie.pdf", "", attachment=True)
TODAY = datetime(2026, 3, 4, 12, 0).astimezone()


def index(shelf: Shelf) -> None:
    while shelf.stores.index.write(50).count:
        pass


def found(shelf: Shelf, text: str, **limits: object) -> list[MessageId]:
    reader = MailReader(shelf.stores.database, lambda: TODAY)
    try:
        return reader.ids(replace(ListQuery(search=text), **limits))  # type: ignore[arg-type]
    finally:
        reader.close()


@pytest.fixture
def letters(shelf: Shelf) -> list[MessageId]:
    """Five messages: unread bio in INBOX; a read letter with a PDF; one in Sent; one in the trash; one of last year."""
    mail = shelf.stores.mail
    sender = Correspondent("Dr_Anne_MARTIN", "anne.martin@ch.mss.example", CorrespondentKind.PROFESSIONAL)
    anne = replace(envelope(1, "Résultats de biologie"), sender=sender)
    when = TODAY - timedelta(days=400)
    ids = [
        *mail.add(shelf.inbox, [anne, envelope(2, "Lettre de sortie", flags="\\Seen \\Flagged", parts=(PDF,))]),
        *mail.add(shelf.sent, [envelope(3, "Re: biologie", flags="\\Seen")]),
        *mail.add(shelf.trash, [envelope(4, "Vieille biologie")]),
        *mail.add(shelf.inbox, [replace(envelope(5, "Bilan annuel", flags="\\Seen"), received=when, sent=when)]),
    ]
    shelf.stores.content.keep_body(ids[1], BodyRecord("La patiente rentre à domicile avec une ordonnance"))
    index(shelf)
    return ids


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("biologie", [3, 2, 0]),
        ("BIOLO", [3, 2, 0]),
        ("biologie -vieille", [2, 0]),
        ("-biologie", [1, 4]),
        ("-biologie -bilan", [1]),
        ("non-lu", [3, 0]),
        ("-non-lu", [2, 1, 4]),
        ("non-lu biologie", [3, 0]),
        ("suivi", [1]),
        ("avec-pj", [1]),
        ("à-classer", [1]),
        ("à-classer lettre", [1]),
        ("pj:echographie", [1]),
        ("de:martin biologie", [3, 2, 0]),
        ("de:anne objet:résultats", [0]),
        ("à:soins", [3, 2, 1, 0, 4]),
        ("dans:corbeille", [3]),
        ("dans:envoyés biologie", [2]),
        ("dans:réception -bilan", [1, 0]),
        ("dans:soins dans:corbeille", [3]),
        ("dans:introuvable", []),
        ("avant:2026", [4]),
        ("après:2026 biologie", [3, 2, 0]),
        ("le:04/03/2026", [3, 2, 1, 0]),
        ("après:hier biologie", [3, 2, 0]),
        ("avant:aujourd’hui", [4]),
        ("le:aujourd'hui lettre", [1]),
        ('"rentre à domicile"', [1]),
        ('"domicile à rentre"', []),
        ("texte:ordonnance", [1]),
        ("b", [3, 2, 1, 0, 4]),
    ],
)
def test_what_each_filter_finds(shelf: Shelf, letters: list[MessageId], text: str, expected: list[int]) -> None:
    assert found(shelf, text) == [letters[n] for n in expected]


@pytest.mark.parametrize(
    "text", ["biologie", "non-lu", "non-lu biologie", "-lettre", "dans:corbeille", "le:04/03/2026", "suivi"]
)
def test_wishes_are_seen_at_once(shelf: Shelf, letters: list[MessageId], text: str) -> None:
    """Whatever is wished, a search finds what it would find once the wish is done."""
    before = set(found(shelf, text))
    shelf.stores.changes.add(
        [
            Change(ChangeId("a"), letters[0], Wish.READ), Change(ChangeId("b"), letters[1], Wish.MOVE, shelf.trash),
            Change(ChangeId("c"), letters[3], Wish.ERASE), Change(ChangeId("d"), letters[2], Wish.FLAG),
        ]
    )  # fmt: skip
    wished = set(found(shelf, text))
    assert letters[3] not in wished
    shelf.stores.changes.withdraw(ChangeId("a"))
    for change in ("b", "c", "d"):
        shelf.stores.changes.withdraw(ChangeId(change))
    assert set(found(shelf, text)) == before
    expected = {
        "biologie": {0, 2}, "non-lu": set(), "non-lu biologie": set(), "-lettre": {0, 2, 4}, "dans:corbeille": {1},
        "le:04/03/2026": {0, 1, 2}, "suivi": {1, 2},
    }[text]  # fmt: skip
    assert wished == {letters[n] for n in expected}


def test_filters_hold_beyond_the_newest_hits(shelf: Shelf) -> None:
    """A rare mark is found behind more hits than a search shows."""
    many = [envelope(n, "ordonnance", flags="\\Seen") for n in range(2, SEARCH_LIMIT + 100)]
    (first,) = shelf.stores.mail.add(shelf.inbox, [envelope(1, "ordonnance")])
    for at in range(0, len(many), 200):
        shelf.stores.mail.add(shelf.inbox, many[at : at + 200])
    index(shelf)
    assert found(shelf, "ordonnance non-lu") == [first]
    assert len(found(shelf, "ordonnance")) == SEARCH_LIMIT


def test_a_search_keeps_to_a_mailbox_and_to_the_chips(shelf: Shelf, letters: list[MessageId]) -> None:
    other = shelf.stores.mail.keep_bal("autre@tilleuls.mss.example", BalKind.PER, "Autre", own=True)
    shelf.stores.mail.keep_folders(other, [FolderSpec("INBOX", ("INBOX",), FolderRole.INBOX, selectable=True)])
    inbox = shelf.stores.mail.folders(other)[0][0]
    (there,) = shelf.stores.mail.add(inbox, [envelope(50, "biologie")])
    index(shelf)
    assert found(shelf, "biologie", bal_id=other) == [there]
    assert found(shelf, "biologie", bal_id=shelf.bal) == [letters[3], letters[2], letters[0]]
    assert found(shelf, "biologie", unread_only=True) == [there, letters[3], letters[0]]
    assert found(shelf, "lettre", to_file_only=True) == [letters[1]]
    assert found(shelf, "biologie", sort=Sort("subject", descending=False))[0] == there


def test_the_words_of_documents_are_found_once_they_were_read(shelf: Shelf, letters: list[MessageId]) -> None:
    index_store, content = shelf.stores.index, shelf.stores.content
    (part,) = content.parts(letters[1])
    assert index_store.unread_documents(9) == []
    content.keep_part(part.id, b"%PDF-1.4", "application/pdf", xdm=False)
    assert index_store.unread_documents(9) == [part.id]
    index_store.keep_text(part.id, "Hyperkaliémie modérée")
    assert index_store.unread_documents(9) == []
    index(shelf)
    assert found(shelf, "hyperkaliemie") == found(shelf, "doc:hyperkaliémie ordonnance") == [letters[1]]
    assert found(shelf, "texte:hyperkaliemie") == []
    # A body that comes later does not cost the line its documents.
    content.keep_body(letters[1], BodyRecord("autre texte"))
    index(shelf)
    assert found(shelf, "hyperkaliemie autre") == [letters[1]]
    assert found(shelf, "ordonnance") == []


def test_what_an_operator_found_stands_in_its_place_and_keeps_to_the_filters(
    shelf: Shelf, letters: list[MessageId]
) -> None:
    reader = MailReader(shelf.stores.database, lambda: TODAY)
    query = ListQuery(search="biologie")
    here = reader.ids(query)
    assert reader.with_found(query, here, {letters[1], letters[4]}) == [letters[n] for n in (3, 2, 1, 0, 4)]
    limited = ListQuery(search="biologie après:2026 -vieille")
    assert reader.with_found(limited, reader.ids(limited), {letters[1], letters[4]}) == [letters[n] for n in (2, 1, 0)]
    shelf.stores.changes.add([Change(ChangeId("x"), letters[1], Wish.ERASE)])
    assert reader.with_found(query, here, {letters[1]}) == here
    assert reader.with_found(query, here, set()) == here
    reader.close()


def test_what_is_elsewhere(shelf: Shelf, letters: list[MessageId]) -> None:
    shelf.stores.content.set_body_loading(letters[0], Loading.HERE)
    places = {place.mailbox: place for place in shelf.stores.elsewhere.of_bal(shelf.bal)}
    assert list(places) == ["INBOX", "Sent", "Trash"]
    assert places["INBOX"].uids == (5, 2), "the PDF of the second is not here"
    assert [len(piece.uids) for piece in places["INBOX"].pieces(1)] == [1, 1]
    assert shelf.stores.elsewhere.ids(shelf.inbox, [5, 1, 99]) == [letters[0], letters[4]]


def test_reports_that_nobody_opened_are_named(shelf: Shelf) -> None:
    report = replace(
        envelope(1, "Undelivered Mail"), mss_headers=(("return-path", "<>"), ("content-type", "multipart/report; x=y"))
    )
    ids = shelf.stores.mail.add(
        shelf.inbox, [report, envelope(2), replace(report, uid=3, message_id="<3@x>", size=5_000_000)]
    )
    now = int(datetime(2026, 3, 10, tzinfo=UTC).timestamp())
    assert shelf.stores.index.write(50, now).reports == (ids[0],)
    late = shelf.stores.mail.add(shelf.inbox, [replace(report, uid=9, message_id="<9@x>")])
    assert shelf.stores.index.write(50, now + 90 * 86_400).reports == ()
    shelf.stores.content.keep_body(late[0], BodyRecord("lu"))
    assert shelf.stores.index.reports_since(now) == [ids[0]]
    assert shelf.stores.index.reports_since(now + 90 * 86_400) == []
    shelf.stores.content.keep_body(ids[0], BodyRecord("lu"))
    assert shelf.stores.index.reports_since(now) == []
    assert shelf.stores.index.write(50).reports == ()


def test_hints_name_people_usagers_and_folders(shelf: Shelf, letters: list[MessageId]) -> None:
    (mail,) = shelf.stores.mail.add(shelf.inbox, [envelope(60, "XDM/1.0/DDM+COMPTE RENDU NESSI RUTH 14/07/1977")])
    shelf.stores.content.set_state(mail, RowState.FILED)
    reader = shelf.reader
    assert {hint.shown for hint in reader.search_hints("de:anne")} == {"Dr Anne MARTIN", "Dr Anne MARTIN CH"}
    assert [hint.text for hint in reader.search_hints("usager:nes")] == ['usager:"NESSI RUTH" ']
    assert [hint.shown for hint in reader.search_hints("dans:tr")] == ["Trash"]
    assert [hint.shown for hint in reader.search_hints("no")] == ["non-lu"]
    assert len(letters) == 5
