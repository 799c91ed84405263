"""The life of a sent message: at most once, ever."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.outbox import STEPS, Fate, SendEvent, SendState, later_fate, step


@pytest.mark.parametrize(("state", "event"), list(product(SendState, SendEvent)))
def test_every_pair_is_a_step_or_an_error(state: SendState, event: SendEvent) -> None:
    if (state, event) in STEPS:
        assert step(state, event) is STEPS[state, event]
    else:
        with pytest.raises(ValueError, match="not a step"):
            step(state, event)


@given(st.lists(st.sampled_from(SendEvent), max_size=40))
def test_nothing_leaves_twice_without_a_person(events: list[SendEvent]) -> None:
    """Between two tries that may have handed over the message, somebody decided: AGAIN, or the server said LATER."""
    state, handed_over = SendState.QUEUED, False
    for event in events:
        try:
            following = step(state, event)
        except ValueError:
            continue
        if event in {SendEvent.LATER, SendEvent.AGAIN}:
            handed_over = False
        if event is SendEvent.BEGIN:
            assert not handed_over
        if event in {SendEvent.UNKNOWN, SendEvent.ACCEPTED}:
            handed_over = True
        state = following


def test_ends_are_ends() -> None:
    for end in (SendState.DONE, SendState.CANCELLED):
        assert not [pair for pair in STEPS if pair[0] is end]


def test_what_left_cannot_be_taken_back() -> None:
    for state in (SendState.SENDING, SendState.SENT, SendState.DONE):
        with pytest.raises(ValueError, match="not a step"):
            step(state, SendEvent.TAKEN_BACK)


@given(st.lists(st.sampled_from(Fate), min_size=1, max_size=8))
def test_fates_never_go_back(heard: list[Fate]) -> None:
    known = Fate.ACCEPTED
    for each in heard:
        following = later_fate(known, each)
        assert following in {known, each}
        assert later_fate(following, each) is following
        known = following
    if Fate.INTEGRATED in heard:
        assert known is Fate.INTEGRATED
    assert later_fate(Fate.FAILED, Fate.DELAYED) is Fate.FAILED
    assert later_fate(Fate.READ, Fate.DELIVERED) is Fate.READ
