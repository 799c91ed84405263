"""Favourites, groups and habits on a real encrypted store."""

from __future__ import annotations

from datetime import UTC, datetime

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.circle import Group, GroupId
from tests.store.conftest import Shelf

PRO = CorrespondentKind.PROFESSIONAL
ZOE, ABEL = Correspondent("Zoé", "zoe@a.mss.example", PRO), Correspondent("Abel", "abel@a.mss.example", PRO)
USAGER = "277076322082910@patient.mssante.fr"


def wrote(shelf: Shelf, address: str, label: str, times: int, last: int) -> None:
    with shelf.stores.database.write() as sql:
        sql.execute("INSERT INTO frequent (address, count, last) VALUES (?, ?, ?)", (address, times, last))
        sql.execute(
            "INSERT INTO outbox (bal_id, draft_id, state, subject, sender, header_id, envelope_id, size, ask_delivery,"
            " queued, due) VALUES (1, ?, 'done', '', '', ?, '', 0, 0, 0, 0)",
            (address, address),
        )
        sql.execute(
            "INSERT INTO outbox_recipient (outbox_id, address, label, fate) VALUES (last_insert_rowid(), ?, ?, 'accepted')",
            (address, label),
        )


def test_favourites_are_kept_by_name_and_taken_back(shelf: Shelf) -> None:
    store, circle = shelf.stores.correspondents, shelf.reader.circle
    for who in (ZOE, ABEL, Correspondent("Zoé M.", " ZOE@a.mss.example", PRO)):
        store.favour(who, 1)
    assert circle.favourites() == (ABEL, Correspondent("Zoé M.", ZOE.address, PRO))
    store.disfavour("ZOE@A.mss.example")
    assert circle.favourites() == (ABEL,)
    assert circle.acquaintance(ABEL.address).favourite
    assert not circle.acquaintance(ZOE.address).favourite


def test_the_oldest_favourites_go_when_there_are_too_many(shelf: Shelf) -> None:
    with shelf.stores.database.write() as sql:
        sql.executemany(
            "INSERT INTO favourite (address, label, kind, at) VALUES (?, '', 'professional', ?)",
            [(f"f{n}@a.mss.example", n) for n in range(1000)],
        )
    shelf.stores.correspondents.favour(ZOE, 5000)
    kept = {who.address for who in shelf.reader.circle.favourites()}
    assert len(kept) == 1000
    assert ZOE.address in kept
    assert "f0@a.mss.example" not in kept


def test_a_group_is_replaced_whole_and_goes_whole(shelf: Shelf) -> None:
    store, circle = shelf.stores.correspondents, shelf.reader.circle
    store.keep_group(Group(GroupId("b"), "Staff", (ZOE, ABEL)))
    store.keep_group(Group(GroupId("a"), "Écoute", (ABEL,)))
    assert [group.name for group in circle.groups()] == ["Écoute", "Staff"]
    assert circle.groups()[1].members == (ZOE, ABEL)
    assert circle.acquaintance(ABEL.address).groups == ("Écoute", "Staff")

    store.keep_group(Group(GroupId("b"), " Équipe ", (ABEL, ZOE)))
    assert circle.groups()[1] == Group(GroupId("b"), "Équipe", (ABEL, ZOE))
    store.drop_group(GroupId("b"))
    assert [group.id for group in circle.groups()] == ["a"]
    assert shelf.stores.database.one("SELECT count(*) FROM circle_member") == (1,)


def test_habits(shelf: Shelf) -> None:
    wrote(shelf, ZOE.address, "Dr_Zoé_EXEMPLE_Lilas", 3, 2_000)
    wrote(shelf, ABEL.address, "", 1, 3_000)
    wrote(shelf, USAGER, "Ruth", 9, 4_000)
    circle = shelf.reader.circle
    assert [who.address for who in circle.recent(10)] == [ABEL.address, ZOE.address], (
        "a usager is never picked from a list"
    )
    assert circle.recent(10)[1].label == "Dr_Zoé_EXEMPLE_Lilas"
    known = circle.acquaintance("ZOE@a.mss.example ")
    assert (known.times, known.last) == (3, datetime.fromtimestamp(2_000, UTC))
    assert circle.acquaintance("stranger@a.mss.example").last is None
    assert circle.used_domains() == {"a.mss.example", "patient.mssante.fr"}
    shelf.stores.correspondents.favour(ABEL, 1)
    weights = circle.weights()
    assert weights[ABEL.address] > weights[ZOE.address]
