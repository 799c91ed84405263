"""Small rules around sending: quota steps, who makes the copy in Sent, read receipts, whose haste."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from mssclient.domain.bal import quota_step
from mssclient.domain.outbox import SavesSent, copy_wait_s, saves_sent, wants_patience
from mssclient.domain.read_receipts import ReceiptAct, ReceiptPolicy, receipt_act


@pytest.mark.parametrize(
    ("used", "told", "step"),
    [(79, 0, 0), (80, 0, 80), (94, 80, 80), (95, 80, 95), (99, 0, 95), (93, 95, 95), (90, 95, 80), (76, 80, 80),
     (75, 80, 0), (10, 95, 0)],
)  # fmt: skip
def test_a_quota_is_said_once_a_step_and_again_after_it_emptied(used: int, told: int, step: int) -> None:
    assert quota_step(used, 100, told) == step


def test_no_quota_is_never_full() -> None:
    assert quota_step(10**9, 0, 0) == 0


@pytest.mark.parametrize(
    ("policy", "learnt", "saves"),
    [(True, "no", SavesSent.SURELY), (False, "yes", SavesSent.SURELY_NOT), ("auto", "", SavesSent.UNKNOWN),
     ("auto", "yes", SavesSent.YES), ("auto", "no", SavesSent.NO), ("auto", "surely", SavesSent.UNKNOWN)],
)  # fmt: skip
def test_the_administrators_word_wins_over_what_was_seen(policy: bool | str, learnt: str, saves: SavesSent) -> None:
    assert saves_sent(policy, learnt) is saves


def test_an_operator_that_saves_has_longer_than_one_that_is_unknown() -> None:
    assert copy_wait_s(SavesSent.YES) > copy_wait_s(SavesSent.UNKNOWN) > copy_wait_s(SavesSent.NO) == 0


@pytest.mark.parametrize(
    ("code", "yes"), [("4.7.1", True), ("421", True), ("4.3.0", False), ("5.7.1", False), ("", False)]
)
def test_who_asks_for_less_haste(code: str, yes: bool) -> None:
    assert wants_patience(code) is yes


@pytest.mark.parametrize(
    ("policy", "asked", "doubtful", "act"),
    [
        (ReceiptPolicy.ASK, "a@b.fr", False, ReceiptAct.ASK),
        (ReceiptPolicy.ALWAYS, "a@b.fr", False, ReceiptAct.SEND),
        (ReceiptPolicy.ALWAYS, "a@b.fr", True, ReceiptAct.ASK),
        (ReceiptPolicy.NEVER, "a@b.fr", True, ReceiptAct.NOTHING),
        (ReceiptPolicy.ALWAYS, "", False, ReceiptAct.NOTHING),
    ],
)
def test_a_receipt_that_goes_elsewhere_is_always_a_question(
    policy: ReceiptPolicy, asked: str, doubtful: bool, act: ReceiptAct
) -> None:
    message: Any = SimpleNamespace(receipt_asked=asked, receipt_doubtful=doubtful)
    assert receipt_act(policy, message) is act
