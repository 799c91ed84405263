"""Drafts on the disk and in the operator’s Drafts folder: one copy each, replaced and never multiplied."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from mssclient.domain.bal import Bal, FolderRole
from mssclient.domain.draft import Draft, DraftId
from mssclient.domain.draft_copy import named
from mssclient.domain.outbox import SendState
from mssclient.engine import drafts as rounds
from mssclient.sandbox.mailstore import Message as Stored
from mssclient.sandbox.orders import When
from tests.engine.conftest import Workstation
from tests.engine.letters import reaches, sent, written

CHILD = Path(__file__).with_name("writing_process.py")


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits twenty seconds."""
    monkeypatch.setattr(rounds, "WAIT_S", 0.05)


def copies(desk: Workstation, bal: Bal) -> list[Stored]:
    """What stands in the Drafts folder of a BAL."""
    path = desk.folder(bal, FolderRole.DRAFTS).path
    return [m for m in desk.theatre.operator.messages(bal.address, path) if "\\Deleted" not in m.flags]


def of(desk: Workstation, draft: Draft) -> list[EmailMessage]:
    """The copies of one draft."""
    bal = next(b for b in desk.engine.reader.bals() if b.id == draft.bal_id)
    mails = [message_from_bytes(m.raw, policy=policy.default) for m in copies(desk, bal)]
    return [m for m in mails if (name := named(m["Message-ID"])) and name[0] == draft.id]


def stands(desk: Workstation, draft: Draft, text: str) -> None:
    """Wait until exactly one copy stands there, and says this."""

    def there() -> bool:
        found = of(desk, draft)
        return len(found) == 1 and text in body(found[0])

    desk.until(there, f"one copy says {text}")


def body(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    return str(part.get_content()) if part is not None else ""


def test_a_draft_goes_up_is_replaced_and_goes_when_it_is_thrown_away(signed_in: Workstation) -> None:
    draft = written(signed_in, signed_in.bal("soins"), "Brouillon")
    signed_in.engine.keep_draft(draft)
    stands(signed_in, draft, "Bonjour")
    for n in range(3):
        signed_in.engine.keep_draft(replace(draft, text=f"Version {n}"))
    stands(signed_in, draft, "Version 2")
    signed_in.engine.discard_draft(draft.id)
    signed_in.until(lambda: of(signed_in, draft) == [], "gone there too")


def test_a_draft_that_left_stands_in_sent_only(signed_in: Workstation) -> None:
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)
    stands(signed_in, draft, "Bonjour")
    sent(signed_in, draft)
    reaches(signed_in, SendState.DONE)
    signed_in.until(lambda: of(signed_in, draft) == [], "gone there too")


@pytest.mark.parametrize("when", list(When))
def test_a_line_cut_while_it_goes_up_makes_one_copy(signed_in: Workstation, when: When) -> None:
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)
    stands(signed_in, draft, "Bonjour")
    signed_in.theatre.operator.orders.drop("APPEND", when)
    signed_in.engine.keep_draft(replace(draft, text="Encore"))
    stands(signed_in, draft, "Encore")
    signed_in.engine.keep_draft(replace(draft, text="Toujours"))
    stands(signed_in, draft, "Toujours")


@contextmanager
def child(desk: Workstation, act: str) -> Iterator[subprocess.Popen[str]]:
    """A real process at this workstation, killed at the end."""
    found = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(CHILD), act, str(desk.theatre.environment_file), str(desk.home)],
        env=os.environ | {"PYTHONPATH": str(CHILD.parents[2])}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield found
    finally:
        found.send_signal(signal.SIGKILL)
        found.communicate(timeout=10)


@pytest.mark.parametrize("verb", ["APPEND", "STORE", "EXPUNGE"])
def test_a_process_killed_while_a_draft_is_replaced_leaves_one_draft(desk: Workstation, verb: str) -> None:
    orders = desk.theatre.operator.orders
    with child(desk, "replace") as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        heard = orders.times(verb)
        orders.slow(30, verb)
        process.stdin.write("\n")
        process.stdin.flush()
        assert orders.wait(verb, heard + 1, timeout_s=20)
    orders.clear()
    desk.sign_in()
    draft = desk.engine.reader.draft(DraftId("going-up"))
    assert draft is not None
    assert draft.text == "v2"
    stands(desk, draft, "v2")
    desk.engine.keep_draft(replace(draft, text="v3"))
    stands(desk, draft, "v3")
    assert desk.engine.draft_conflict(draft.id) is None


def test_a_process_killed_while_the_copy_is_made_leaves_one_copy(desk: Workstation) -> None:
    operator = desk.theatre.operator
    before, heard = len(operator.submissions), operator.orders.times("APPEND")
    operator.orders.slow(30, "APPEND")
    with child(desk, "send"):
        assert operator.orders.wait("APPEND", heard + 1, timeout_s=30)
    operator.orders.clear()
    desk.sign_in()
    found = reaches(desk, SendState.DONE)
    bal = next(b for b in desk.engine.reader.bals() if b.id == found.bal_id)
    path = desk.folder(bal, FolderRole.SENT).path
    assert sum(found.message_id.encode() in m.raw for m in operator.messages(bal.address, path)) == 1
    assert len(operator.submissions) == before + 1
