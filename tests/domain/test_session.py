"""The table that alone may decide to lock (identity.md §3)."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.session import (
    STEPS,
    Person,
    SessionEvent,
    SessionState,
    canonical_id,
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


@given(st.lists(st.sampled_from(E), max_size=30))
def test_only_signing_in_opens(events: list[SessionEvent]) -> None:
    state = S.SIGNED_OUT
    for event in events:
        following = step(state, event)
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
