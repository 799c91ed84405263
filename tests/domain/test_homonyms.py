"""No two entries of one name stand in a list without what tells them apart, even where lines are cut."""

from __future__ import annotations

from dataclasses import replace

from mssclient.domain.bal import BalKind
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.homonyms import details_of

ONE = DirectoryEntry(
    "marie.martin@a.mss.example", BalKind.PER, "810000000041", "DR", "Marie", "MARTIN", "Médecin", "10", "Cardiologie",
    "Clinique Les Cèdres", "690000001", "", "LYON", "69003", True,
)  # fmt: skip


def test_one_alone_says_what_and_where() -> None:
    assert details_of([ONE]) == ["Médecin · Cardiologie · Clinique Les Cèdres · 69003 LYON"]


def test_namesakes_begin_with_what_differs() -> None:
    other = replace(ONE, address="m@b.mss.example", town="NICE", post_code="06000")
    accents = replace(other, address="m@c.mss.example", family="MÀRTIN", town="BREST", post_code="29200")
    assert [text.split(" · ")[0] for text in details_of([ONE, other, accents])] == [
        "69003 LYON",
        "06000 NICE",
        "29200 BREST",
    ]


def test_a_title_makes_nobody_another() -> None:
    other = replace(ONE, address="m@b.mss.example", title="M", town="NICE", post_code="06000")
    assert [text.split(" · ")[0] for text in details_of([ONE, other])] == ["69003 LYON", "06000 NICE"]


def test_where_nothing_differs_the_address_does() -> None:
    twin = replace(ONE, address="marie.martin2@a.mss.example")
    assert [text.split(" · ")[0] for text in details_of([ONE, twin])] == [ONE.address, twin.address]


def test_one_box_twice_is_told_apart_by_its_structure() -> None:
    tie = replace(ONE, structure="Hôpital Neuf")
    assert [text.split(" · ")[0] for text in details_of([ONE, tie])] == ["Clinique Les Cèdres", "Hôpital Neuf"]
    assert len(set(details_of([ONE, ONE]))) == 1


def test_services_of_one_structure_are_told_apart() -> None:
    service = replace(
        ONE, kind=BalKind.ORG, title="", given="", family="", profession="", speciality="", national_id="",
        structure="CHU", service="Secrétariat",
    )  # fmt: skip
    elsewhere = replace(service, address="s@chu2.mss.example", structure="CHU de Nice")
    assert [text.split(" · ")[0] for text in details_of([service, elsewhere])] == ["CHU", "CHU de Nice"]
