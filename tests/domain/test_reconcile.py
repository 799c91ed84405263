"""Which entry a correspondent is: certain, changed, vanished, or for a person to decide, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssclient.domain.bal import BalKind
from mssclient.domain.correspondents import Correspondent
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.reconcile import CERTAIN, Found, Note, Outcome, Reason, judge, notes_of, totals, weigh

ENTRY = DirectoryEntry(
    "marie.lefevre@a.mss.example", BalKind.PER, "810000000041", "DR", "Marie", "LEFÈVRE", "Médecin", "10",
    "Cardiologie et maladies vasculaires", "Clinique Les Cèdres", "690000001", "", "LYON", "69003", True,
)  # fmt: skip
OTHER = replace(
    ENTRY, address="marie.lefevre2@b.mss.example", national_id="810000000058", town="NICE", post_code="06000"
)
SECOND_BOX = replace(ENTRY, address="marie.lefevre@c.mss.example")
WHO = Correspondent(2, family="Lefevre", given="Marie", post_code="69003", town="Lyon")
NUMBERED = Correspondent(2, "10000000041", family="LEFEVRE")


def test_the_number_with_the_name_is_certain() -> None:
    verdict = judge(NUMBERED, Found(by_number=(ENTRY,)))
    assert (verdict.outcome, verdict.certain) == (Outcome.NEW, True)
    assert verdict.best is not None
    assert verdict.best.reasons[0] is Reason.NUMBER


@pytest.mark.parametrize(
    ("address", "outcome"),
    [("", Outcome.NEW), (ENTRY.address, Outcome.SAME), ("vieille@a.mss.example", Outcome.CHANGED)],
)
def test_what_became_of_the_known_address(address: str, outcome: Outcome) -> None:
    for one, found in ((NUMBERED, Found(by_number=(ENTRY,))), (WHO, Found(by_name=(ENTRY,)))):
        verdict = judge(replace(one, address=address), found)
        assert (verdict.outcome, verdict.certain) == (outcome, True)


def test_a_number_of_somebody_else_is_for_a_person() -> None:
    verdict = judge(replace(NUMBERED, family="Durand"), Found(by_number=(ENTRY,)))
    assert (verdict.outcome, verdict.certain) == (Outcome.AMBIGUOUS, False)
    assert verdict.best is not None
    assert Reason.OTHER_NAME in verdict.best.reasons


def test_name_and_place_are_enough_and_the_name_alone_is_not() -> None:
    assert judge(WHO, Found(by_name=(ENTRY, OTHER))).certain
    bare = replace(WHO, post_code="", town="")
    verdict = judge(bare, Found(by_name=(ENTRY, OTHER)))
    assert verdict.outcome is Outcome.AMBIGUOUS
    assert Reason.SEVERAL_PEOPLE in verdict.reasons
    assert not judge(bare, Found(by_name=(ENTRY,))).certain


def test_two_people_who_fit_alike_are_for_a_person() -> None:
    twin = replace(OTHER, town="LYON", post_code="69003")
    verdict = judge(WHO, Found(by_name=(ENTRY, twin)))
    assert (verdict.outcome, verdict.certain) == (Outcome.AMBIGUOUS, False)
    assert {match.entry for match in (verdict.best, *verdict.others) if match} == {ENTRY, twin}


def test_two_boxes_of_one_person_are_for_a_person_unless_one_is_known() -> None:
    both = Found(by_number=(ENTRY, SECOND_BOX))
    assert Reason.SEVERAL_BOXES in judge(NUMBERED, both).reasons
    verdict = judge(replace(NUMBERED, address=SECOND_BOX.address), both)
    assert (verdict.outcome, verdict.best and verdict.best.entry) == (Outcome.SAME, SECOND_BOX)
    elsewhere = replace(SECOND_BOX, post_code="01000", town="BOURG EN BRESSE")
    placed = judge(replace(NUMBERED, post_code="69003"), Found(by_number=(elsewhere, ENTRY)))
    assert placed.best is not None
    assert placed.best.entry == ENTRY


@pytest.mark.parametrize(
    ("one", "found", "outcome"),
    [
        (replace(WHO, address="partie@a.mss.example"), Found(), Outcome.VANISHED),
        (WHO, Found(), Outcome.UNKNOWN),
        (replace(WHO, family="Autre", address=ENTRY.address), Found(by_address=(ENTRY,)), Outcome.AMBIGUOUS),
    ],
)
def test_nobody_fits(one: Correspondent, found: Found, outcome: Outcome) -> None:
    verdict = judge(one, found)
    assert (verdict.outcome, verdict.certain) == (outcome, False)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"family": "LEFEVRE-DUPONT"}, Reason.FAMILY_NEAR), ({"family": "Lefebvre"}, Reason.FAMILY_NEAR),
        ({"given": "M."}, Reason.GIVEN_NEAR), ({"given": "Paul"}, Reason.OTHER_GIVEN),
        ({"post_code": "69100"}, Reason.TOWN), ({"post_code": "69100", "town": "Bron"}, Reason.DEPARTMENT),
        ({"speciality": "cardiologue"}, Reason.PROFESSION), ({"town": "LYON CEDEX 08", "post_code": ""}, Reason.TOWN),
        ({"structure": "clinique les cedres"}, Reason.STRUCTURE),
    ],
)  # fmt: skip
def test_every_point_is_explained(change: dict[str, str], reason: Reason) -> None:
    assert reason in weigh(replace(WHO, **change), ENTRY).reasons  # type: ignore[arg-type]


def test_another_given_name_is_never_certain() -> None:
    assert weigh(replace(WHO, given="Paul", speciality="cardiologue"), ENTRY).score < CERTAIN


def test_a_service_is_matched_by_its_structure() -> None:
    place = replace(ENTRY, family="", given="", national_id="", kind=BalKind.ORG, service="Gériatrie")
    one = Correspondent(2, structure="Clinique les Cèdres Gériatrie", post_code="69003")
    assert judge(one, Found(by_name=(place,))).certain


def test_notes_about_the_base_itself() -> None:
    base = (
        Correspondent(2, "10000000041", family="A", given="B"), Correspondent(3, "10000000041", family="C"),
        Correspondent(4, family="D", given="E", town="Lyon"), Correspondent(5, family="d", given="é", town="LYON"),
        Correspondent(6, "10000000042", family="F"), Correspondent(7, is_ruined=True, family="G"),
        Correspondent(8, structure="EHPAD", address="x@y.mss.example"),
        Correspondent(9, structure="SSIAD", address="x@y.mss.example"),
    )  # fmt: skip
    notes = notes_of(base)
    assert notes[0] == notes[1] == (Note.TWICE_NUMBER,)
    assert notes[2] == notes[3] == (Note.NO_NUMBER, Note.TWICE_NAME)
    assert notes[4] == (Note.WRONG_NUMBER,)
    assert notes[5] == (Note.RUINED_NUMBER,)
    assert notes[6] == notes[7] == (Note.TWICE_ADDRESS,)
    count = totals(judge(one, Found(), found) for one, found in zip(base, notes, strict=True))
    assert (count["twice number"], count["unknown"], count["vanished"], count["certain"]) == (2, 6, 2, 0)
