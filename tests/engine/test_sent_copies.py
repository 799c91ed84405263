"""The copy in Sent, once: whether the operator makes it, makes it late, or leaves it to us; and what it proves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mssclient.domain.bal import FolderRole
from mssclient.domain.outbox import Outgoing, SendState
from mssclient.engine import sent_copies
from mssclient.stage.theatre import Theatre
from tests.engine.conftest import POLICY, Workstation
from tests.engine.letters import line, reaches, sent, written

AUTO = replace(POLICY, operator_saves_sent="auto")


@pytest.fixture
def watchful(theatre: Theatre, tmp_path: Path) -> Iterator[Workstation]:
    """The secretary at a workstation that watches what the operator does."""
    theatre.operator.orders.clear()
    theatre.operator.orders.line_up()
    found = Workstation(theatre, tmp_path / "home", AUTO)
    found.engine.start()
    found.sign_in()
    yield found
    found.engine.stop()
    found.browser.join()


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long."""
    monkeypatch.setattr(sent_copies, "LOOK_EVERY_S", 0.1)
    monkeypatch.setattr(sent_copies, "DOUBLE_AFTER_S", 0)
    monkeypatch.setattr(sent_copies, "UNCERTAIN_LOOKS_S", (0.2,) * 40)


def patience(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """So long an unknown operator has for its own copy."""
    monkeypatch.setattr(sent_copies, "copy_wait_s", lambda _saves: seconds)


def in_sent(desk: Workstation, found: Outgoing) -> int:
    """How many copies stand there."""
    bal = desk.bal("soins")
    path = desk.folder(bal, FolderRole.SENT).path
    return sum(found.message_id.encode() in m.raw for m in desk.theatre.operator.messages(bal.address, path))


def operator_saves(desk: Workstation, found: Outgoing) -> None:
    """The operator puts its copy of what it took into Sent."""
    bal, mark = desk.bal("soins"), found.message_id.encode()
    desk.until(lambda: any(mark in s.raw for s in desk.theatre.operator.submissions), "submitted")
    raw = next(s.raw for s in desk.theatre.operator.submissions if mark in s.raw)
    desk.theatre.operator.deliver(bal.address, raw, desk.folder(bal, FolderRole.SENT).path)


def sends(desk: Workstation, subject: str) -> Outgoing:
    """A message that the operator took; its copy is not settled yet."""
    sent(desk, written(desk, desk.bal("soins"), subject))
    return reaches(desk, SendState.SENT)


def test_an_operator_that_saves_is_given_its_time_and_known_afterwards(
    watchful: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 20)
    found = sends(watchful, "Enregistré par l’opérateur")
    operator_saves(watchful, found)
    assert reaches(watchful, SendState.DONE).id == found.id
    assert in_sent(watchful, found) == 1
    bal = watchful.bal("soins")
    drafts = watchful.folder(bal, FolderRole.DRAFTS).path
    watchful.until(
        lambda: not [m for m in watchful.theatre.operator.messages(bal.address, drafts) if b"Enregistr" in m.raw],
        "no draft of it stays",
    )


def test_an_operator_that_does_not_is_waited_for_once(watchful: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[str] = []

    def told(saves: object) -> int:
        waits.append(str(getattr(saves, "value", "?")))
        return 0

    monkeypatch.setattr(sent_copies, "copy_wait_s", told)
    sent(watchful, written(watchful, watchful.bal("soins"), "Premier"))
    first = reaches(watchful, SendState.DONE)
    watchful.engine.refresh()
    sent(watchful, written(watchful, watchful.bal("soins"), "Deuxième"))
    watchful.until(lambda: line(watchful).subject == "Deuxième" and line(watchful).state is SendState.DONE, "second")
    assert (in_sent(watchful, first), in_sent(watchful, line(watchful))) == (1, 1)
    assert (waits[0], waits[-1]) == ("", "no")


def test_a_copy_that_the_operator_makes_late_takes_the_place_of_ours(
    watchful: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 0)
    monkeypatch.setattr(sent_copies, "DOUBLE_AFTER_S", 1)
    sent(watchful, written(watchful, watchful.bal("soins"), "En retard"))
    found = reaches(watchful, SendState.DONE)
    operator_saves(watchful, found)
    assert in_sent(watchful, found) == 2
    watchful.until(lambda: in_sent(watchful, found) == 1, "one copy again")


def test_an_uncertain_message_is_settled_by_the_operators_copy_alone(
    watchful: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience(monkeypatch, 20)
    watchful.theatre.operator.orders.drop_at_dot(delivered=True)
    sent(watchful, written(watchful, watchful.bal("soins"), "Incertain"))
    found = reaches(watchful, SendState.UNCERTAIN)
    operator_saves(watchful, found)
    reaches(watchful, SendState.DONE)
    assert in_sent(watchful, found) == 1
    assert sum(found.message_id.encode() in s.raw for s in watchful.theatre.operator.submissions) == 1
