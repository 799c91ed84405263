"""Groups are bounded and named once; favourites weigh more than habits."""

from __future__ import annotations

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.circle import Group, GroupId, GroupWrong, named_so, weights, with_members, without, wrong_with


def who(name: str) -> Correspondent:
    return Correspondent(name, f"{name}@ville.mss.example", CorrespondentKind.PROFESSIONAL)


PLAIES = Group(GroupId("1"), "Réseau plaies", (who("a"), who("b")))
STAFF = Group(GroupId("2"), "Staff de gériatrie", (who("c"),))


def test_a_sound_group_is_kept() -> None:
    assert wrong_with(PLAIES, [PLAIES, STAFF]) is None
    assert wrong_with(Group(GroupId("3"), "Dix", tuple(who(f"p{n}") for n in range(10))), []) is None


@pytest.mark.parametrize(
    ("group", "wrong"),
    [
        (Group(GroupId("9"), " - "), GroupWrong.NO_NAME),
        (Group(GroupId("9"), "x" * 61), GroupWrong.LONG_NAME),
        (Group(GroupId("9"), "reseau  PLAIES"), GroupWrong.SAME_NAME),
        (Group(GroupId("9"), "Onze", tuple(who(f"p{n}") for n in range(11))), GroupWrong.TOO_MANY),
        (Group(GroupId("9"), "Nul", (Correspondent("", "nul", CorrespondentKind.OUTSIDE),)), GroupWrong.NOT_AN_ADDRESS),
        (
            Group(
                GroupId("9"), "U", (Correspondent("", "277076322082910@patient.mssante.fr", CorrespondentKind.USAGER),)
            ),
            GroupWrong.USAGER,
        ),
    ],
)
def test_what_is_wrong_with_a_group(group: Group, wrong: GroupWrong) -> None:
    assert wrong_with(group, [PLAIES, STAFF]) is wrong


def test_too_many_groups() -> None:
    others = [Group(GroupId(str(n)), f"groupe {n}") for n in range(200)]
    assert wrong_with(Group(GroupId("new"), "Encore"), others) is GroupWrong.TOO_MANY_GROUPS
    assert wrong_with(others[0], others) is None


def test_an_address_stands_in_a_group_once() -> None:
    again = Correspondent("other label", "A@VILLE.mss.example ", CorrespondentKind.PROFESSIONAL)
    assert with_members(PLAIES, (again, who("c"))).members == (who("a"), who("b"), who("c"))
    assert without(PLAIES, " A@ville.mss.example").members == (who("b"),)


@pytest.mark.parametrize(("text", "found"), [("pla", [PLAIES]), ("GERI sta", [STAFF]), ("res plaz", []), ("", [])])
def test_a_group_is_found_by_beginnings_of_its_words(text: str, found: list[Group]) -> None:
    assert named_so([PLAIES, STAFF], text) == found


def test_favourites_weigh_more_than_any_habit() -> None:
    found = weights([("a@x.fr", 5000), ("b@x.fr", 0)], ["C@x.fr"])
    assert found["c@x.fr"] > found["a@x.fr"] > found["b@x.fr"] > 0
    assert max(found.values()) <= 100
