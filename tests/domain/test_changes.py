"""Truth with wishes applied: what the list shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.bal import FolderId
from mssclient.domain.changes import Change, ChangeId, Truth, Wish, projected
from mssclient.domain.message import MessageId

TRUTH = Truth(FolderId(1), seen=False, flagged=False)


def wish(kind: Wish, target: int | None = None) -> Change:
    return Change(ChangeId("c"), MessageId(1), kind, FolderId(target) if target is not None else None)


def test_each_wish_does_one_thing() -> None:
    assert projected(TRUTH, (wish(Wish.READ),)) == Truth(FolderId(1), seen=True, flagged=False)
    assert projected(TRUTH, (wish(Wish.FLAG),)) == Truth(FolderId(1), seen=False, flagged=True)
    assert projected(TRUTH, (wish(Wish.MOVE, 7),)) == Truth(FolderId(7), seen=False, flagged=False)
    assert projected(TRUTH, (wish(Wish.ERASE),)).gone
    for silent in (Wish.MDN_SENT, Wish.ANSWERED, Wish.FORWARDED):
        assert projected(TRUTH, (wish(silent),)) == TRUTH


def test_the_last_wish_wins() -> None:
    wishes = (
        wish(Wish.READ),
        wish(Wish.UNREAD),
        wish(Wish.FLAG),
        wish(Wish.UNFLAG),
        wish(Wish.MOVE, 2),
        wish(Wish.MOVE, 3),
    )
    assert projected(TRUTH, wishes) == Truth(FolderId(3), seen=False, flagged=False)


def test_a_move_without_target_stays() -> None:
    assert projected(TRUTH, (wish(Wish.MOVE),)) == TRUTH


@given(st.lists(st.builds(wish, st.sampled_from(Wish), st.integers(1, 5)), max_size=10), st.integers(0, 10))
def test_wishes_apply_in_order_and_in_parts(wishes: list[Change], cut: int) -> None:
    assert projected(TRUTH, tuple(wishes)) == projected(projected(TRUTH, tuple(wishes[:cut])), tuple(wishes[cut:]))
