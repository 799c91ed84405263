"""A mailbox that fills up is said once on the strip, with what to do."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from mssclient.domain.errors import Refused
from mssclient.ui import wording


@pytest.mark.parametrize("percent", [80, 95])
def test_the_sentence_says_how_full_and_what_to_do(qtbot: QtBot, percent: int) -> None:
    found = wording.failure(Refused(f"QUOTA{percent}"), "quota")
    assert found.title == "Cette boîte est presque pleine"
    assert str(percent) in found.text
    assert "supprimez" in found.text


def test_an_operator_that_is_in_haste_is_not_a_refusal(qtbot: QtBot) -> None:
    assert "ralentir" in wording.code_reason("4.7.1")
    assert "volumineux" in wording.code_reason("552")
