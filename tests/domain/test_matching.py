"""The rule that decides whether a document may be filed by itself: exactly, or never."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mssclient.domain.identity import OID_NIR, OID_TEST, Usager
from mssclient.domain.matching import Agreement, RecordUsager, Roster, Trait, agreement, differences

RUTH = Usager("277076322082910", OID_TEST, "NESSI", ("RUTH", "ISABELLE"), "1977-07-14", "F")
DOMINIQUE = Usager("279035121518989", OID_TEST, "PAT-TROIS", ("DOMINIQUE",), "1979-03-28", "F")
IN_RECORD = RecordUsager("D-1", RUTH, qualified=True)


def test_everything_equal_is_exact() -> None:
    assert agreement(RUTH, RUTH) is Agreement.EXACT
    assert Roster([IN_RECORD, RecordUsager("D-2", DOMINIQUE)]).certain(RUTH) == IN_RECORD


def test_spelling_of_one_name_makes_no_difference() -> None:
    other = replace(DOMINIQUE, birth_name="Pat Trois", given=("Dominique", "Marie"))
    assert differences(DOMINIQUE, other) == ()
    assert agreement(DOMINIQUE, other) is Agreement.EXACT


@pytest.mark.parametrize(
    ("change", "trait"),
    [
        ({"oid": OID_NIR}, Trait.OID),
        ({"birth_name": "NESSY"}, Trait.BIRTH_NAME),
        ({"given": ("RUTHE",)}, Trait.GIVEN),
        ({"given": ()}, Trait.GIVEN),
        ({"birth_date": "1977-07-15"}, Trait.BIRTH_DATE),
        ({"birth_date": ""}, Trait.BIRTH_DATE),
        ({"sex": "M"}, Trait.SEX),
        ({"sex": ""}, Trait.SEX),
    ],
)
def test_never_on_the_matricule_alone(change: dict[str, object], trait: Trait) -> None:
    document = replace(RUTH, **change)  # type: ignore[arg-type]
    (candidate,) = Roster([IN_RECORD]).candidates(document)
    assert candidate.agreement is Agreement.SAME_NUMBER
    assert candidate.differences == (trait,)
    assert Roster([IN_RECORD]).certain(document) is None


def test_a_wrong_key_or_a_missing_trait_on_both_sides_is_not_exact() -> None:
    wrong = replace(RUTH, matricule="277076322082911")
    assert agreement(wrong, wrong) is Agreement.SAME_NUMBER
    vague = replace(RUTH, sex="")
    assert agreement(vague, vague) is Agreement.SAME_NUMBER


def test_traits_without_a_number_wait_for_a_person() -> None:
    document = replace(RUTH, matricule=None, oid=None)
    assert agreement(document, RUTH) is Agreement.SAME_TRAITS
    assert Roster([IN_RECORD]).certain(document) is None


def test_two_numbers_under_the_same_traits_are_only_close() -> None:
    twin = replace(RUTH, matricule=DOMINIQUE.matricule)
    assert agreement(twin, RUTH) is Agreement.CLOSE


def test_strangers_are_not_proposed() -> None:
    assert agreement(DOMINIQUE, RUTH) is None
    assert Roster([IN_RECORD]).candidates(DOMINIQUE) == ()
    assert agreement(replace(DOMINIQUE, birth_name=""), replace(RUTH, birth_name="")) is None


def test_a_record_that_stands_twice_is_never_certain() -> None:
    roster = Roster([IN_RECORD, RecordUsager("D-9", RUTH)])
    assert roster.certain(RUTH) is None
    assert len(roster.candidates(RUTH)) == 2
    shadow = Roster([IN_RECORD, RecordUsager("D-9", replace(RUTH, birth_name="AUTRE"))])
    assert shadow.certain(RUTH) is None
    assert roster.by_matricule(RUTH.matricule or "") is None


def test_candidates_come_best_first() -> None:
    near = RecordUsager("A", replace(RUTH, matricule=None, oid=None, given=("RACHEL",)))
    traits = RecordUsager("B", replace(RUTH, matricule=None, oid=None))
    found = Roster([near, traits, IN_RECORD]).candidates(RUTH)
    assert [c.agreement for c in found] == [Agreement.EXACT, Agreement.SAME_TRAITS, Agreement.CLOSE]
