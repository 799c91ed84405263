"""The table that alone may decide to lock (identity.md §3)."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.session import (
    READING_STEPS,
    STEPS,
    Activity,
    CardHolder,
    CardStatus,
    Person,
    SessionEvent,
    SessionState,
    activity_of,
    canonical_id,
    card_left,
    is_strangers,
    same_person,
    step,
)

S, E = SessionState, SessionEvent


@pytest.mark.parametrize("event", [E.CARD_OUT, E.PSC_OVER, E.TOKEN_REFUSED, E.IDLE, E.LOCK])
def test_what_locks_an_open_session(event: SessionEvent) -> None:
    assert step(S.OPEN, event) is S.LOCKED


def test_the_line_down_never_locks() -> None:
    """ECO.1.2.3: mail trouble disturbs nothing else."""
    for state in S:
        assert step(state, E.LINE_DOWN) is state


@pytest.mark.parametrize("event", [E.CARD_OUT, E.PSC_OVER, E.TOKEN_REFUSED, E.GIVE_UP])
def test_what_ends_a_sign_in(event: SessionEvent) -> None:
    assert step(S.SIGNING_IN, event) is S.SIGNED_OUT


@given(st.lists(st.sampled_from(E), max_size=30), st.booleans())
def test_only_signing_in_opens(events: list[SessionEvent], reading: bool) -> None:
    state = S.SIGNED_OUT
    for event in events:
        following = step(state, event, reading=reading)
        if following is S.OPEN and state is not S.OPEN:
            assert event is E.SIGNED_IN
        state = following


def test_unknown_pairs_change_nothing() -> None:
    for state, event in product(S, E):
        if (state, event) not in STEPS:
            assert step(state, event) is state


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("899700000001", "99700000001", True),
        (" 899700000001 ", "899700000001", True),
        ("899700000001", "899700000002", False),
        ("", "", False),
        ("099700000", "99700000", False),
    ],
)
def test_who_is_the_same_person(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same
    assert canonical_id(canonical_id(one)) == canonical_id(one)


def test_a_name_as_one_says_it() -> None:
    assert Person("8", "Claire", "Vasseur", "Dr").name == "Dr Claire VASSEUR"
    assert Person("8", "", "Vasseur").name == "VASSEUR"


# -- reading on when PSC is over


@pytest.mark.parametrize("event", [E.PSC_OVER, E.TOKEN_REFUSED])
def test_where_the_policy_allows_the_end_of_psc_leaves_the_screen(event: SessionEvent) -> None:
    assert step(S.OPEN, event, reading=True) is S.READING
    assert step(S.OPEN, event) is S.LOCKED


@pytest.mark.parametrize("event", [E.CARD_OUT, E.IDLE, E.LOCK])
def test_what_covers_an_open_screen_covers_a_reading_one(event: SessionEvent) -> None:
    assert step(S.READING, event, reading=True) is S.LOCKED
    assert step(S.OPEN, event, reading=True) is S.LOCKED


def test_reading_ends_by_signing_in_or_out() -> None:
    assert step(S.READING, E.SIGNED_IN, reading=True) is S.OPEN
    assert step(S.READING, E.SIGN_OUT, reading=True) is S.SIGNED_OUT
    assert step(S.READING, E.SIGN_IN, reading=True) is S.READING


def test_reading_begins_with_the_end_of_psc_only() -> None:
    assert set(READING_STEPS) == {(S.OPEN, E.PSC_OVER), (S.OPEN, E.TOKEN_REFUSED)}
    assert not [state for state, event in product(S, E) if S.READING is step(state, event) is not state]


# -- the activity

AT_HOME, AT_WARD = Activity("Médecin", "", "EHPAD Fictif", "F1"), Activity("Médecin", "", "CH Fictif", "F2")


def test_an_activity_is_the_only_one_or_the_chosen_one() -> None:
    one, two = Person("8", "A", "B", "", (AT_HOME,)), Person("8", "A", "B", "", (AT_HOME, AT_WARD))
    assert activity_of(one, "") == AT_HOME
    assert activity_of(one, AT_WARD.key) == AT_HOME, "the kept one is not theirs any more"
    assert activity_of(two, "") is None
    assert activity_of(two, AT_WARD.key) == AT_WARD
    assert activity_of(two, "F3|Médecin|") is None
    assert activity_of(Person("8", "A", "B"), AT_HOME.key) is None
    assert AT_HOME.key != AT_WARD.key


# -- the card


def card(number: str | None) -> CardStatus:
    """A reader with that card; None for one that is not read, an empty text for no card."""
    holder = CardHolder(number, "", "") if number else None
    return CardStatus(supported=True, reader=True, present=number != "", holder=holder)


ONE, OTHER, BARE = "899700000001", "899700000002", "99700000001"


@pytest.mark.parametrize(
    ("before", "now", "left"),
    [(ONE, "", True), (ONE, ONE, False), (ONE, BARE, False), (ONE, OTHER, True), (ONE, None, True), (None, "", True),
     (None, ONE, False), ("", ONE, False), ("", "", False)],
)  # fmt: skip
def test_when_a_card_is_gone(before: str | None, now: str | None, left: bool) -> None:
    assert card_left(card(before), card(now)) is left


def test_a_stranger_is_only_who_is_known_to_be_one() -> None:
    person = Person(ONE, "A", "B")
    assert [is_strangers(card(number), person) for number in (OTHER, ONE, BARE, None, "")] == [True] + [False] * 4
