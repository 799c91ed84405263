"""“What I sent stands in Sent, once, whoever put it there.”"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mssclient.domain.outbox import Outgoing, SendState
from mssclient.engine import sent_copies
from tests.journeys.mail_client import SENT_USE
from tests.journeys.test_writing import draft_to, line_of
from tests.journeys.workstation import POLICY, Workstation, environment_of
from tests.journeys.worlds import World
from tests.lab.world import BOB


@pytest.fixture
def watchful(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workstation]:
    """Alice at a workstation that watches what the operator does with sent mail."""
    monkeypatch.setattr(sent_copies, "LOOK_EVERY_S", 0.2)
    monkeypatch.setattr(sent_copies, "DOUBLE_AFTER_S", 1)
    policy = replace(POLICY, operator_saves_sent="auto")
    desk = Workstation(world, tmp_path / "home", environment=environment_of(world, policy=policy))
    try:
        desk.sign_in()
        yield desk
    finally:
        desk.close()


def operator_saves(desk: Workstation, line: Outgoing) -> None:
    """The operator's copy, byte for byte what Bob received."""
    bob = desk.elsewhere("bob.durand", BOB)
    desk.until(lambda: bob.find(line.message_id), "Bob has it")
    ((_, mail),) = bob.find(line.message_id)
    desk.elsewhere("cabinet").put(SENT_USE, mail.as_bytes(), "(\\Seen)")


def sent_line(desk: Workstation, subject: str, state: SendState) -> Outgoing:
    desk.until(lambda: (x := line_of(desk, subject)) and x.state is state, f"{subject} is {state.value}")
    found = line_of(desk, subject)
    assert found is not None
    return found


@pytest.mark.parametrize("wait_s", [20, 0])
def test_there_is_one_copy_whoever_is_first(
    watchful: Workstation, monkeypatch: pytest.MonkeyPatch, wait_s: int
) -> None:
    monkeypatch.setattr(sent_copies, "copy_wait_s", lambda _saves: wait_s)
    subject = f"Copie {wait_s}"
    draft = draft_to(watchful, watchful.world.address("bob.durand"), subject)
    watchful.engine.send(draft)
    line = sent_line(watchful, subject, SendState.SENT if wait_s else SendState.DONE)
    operator_saves(watchful, line)
    sent_line(watchful, subject, SendState.DONE)
    client = watchful.elsewhere("cabinet")
    watchful.until(lambda: len(client.find(line.message_id, SENT_USE)) == 1, "one copy")
    assert not watchful.told()
