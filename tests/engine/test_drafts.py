"""Drafts on the disk and in the operator’s Drafts folder: one copy each, replaced and never multiplied."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
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
from mssclient.domain.errors import Refused
from mssclient.domain.message import MessageId
from mssclient.domain.outbox import SendState
from mssclient.engine import drafts as rounds
from mssclient.sandbox.mailstore import Message as Stored
from mssclient.sandbox.orders import Service, When
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


def test_what_is_typed_is_on_the_disk_within_two_seconds_while_the_desk_is_busy(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    inbox = signed_in.folder(bal)
    ids = signed_in.settled(inbox)[:60]
    draft = written(signed_in, bal)
    longest = 0.0
    for turn in range(20):
        for message_id in ids[turn * 3 : turn * 3 + 3]:
            signed_in.engine.want_body(message_id)
        signed_in.engine.flag(tuple(ids), turn % 2 == 0)
        begun, text = time.monotonic(), f"Frappe {turn}"
        signed_in.engine.keep_draft(replace(draft, text=text))
        signed_in.until(lambda text=text: _text_of(signed_in, draft) == text, "kept")  # type: ignore[misc]
        longest = max(longest, time.monotonic() - begun)
    assert longest < 1.0, f"{longest:.2f} s, and the window waits one second before it hands over"


def _text_of(desk: Workstation, draft: Draft) -> str:
    found = desk.engine.reader.draft(draft.id)
    return found.text if found is not None else ""


def test_what_was_typed_last_goes_up_before_a_lock_closes_the_line(
    signed_in: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "WAIT_S", 30.0)
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)
    signed_in.until(lambda: _text_of(signed_in, draft) == "Bonjour", "kept")
    signed_in.engine.lock()
    signed_in.until(lambda: signed_in.live() == 0, "lines closed")
    assert [body(m).strip() for m in of(signed_in, draft)] == ["Bonjour"]


def test_a_closed_window_does_not_wait_for_the_copy(signed_in: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "WAIT_S", 30.0)
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)
    signed_in.engine.put_draft_away(draft.id)
    stands(signed_in, draft, "Bonjour")


def test_a_copy_deleted_in_the_folder_takes_the_draft_along(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    folder = signed_in.folder(bal, FolderRole.DRAFTS)
    draft = written(signed_in, bal)
    signed_in.engine.keep_draft(draft)
    stands(signed_in, draft, "Bonjour")
    signed_in.engine.open_folder(folder.id)

    def row() -> list[MessageId]:
        names = {i: signed_in.engine.reader.message(i) for i in signed_in.ids(folder)}
        return [i for i, m in names.items() if m and (n := named(m.message_id)) and n[0] == draft.id]

    signed_in.until(row, "listed")
    signed_in.engine.delete(tuple(row()))
    signed_in.until(lambda: signed_in.engine.reader.draft(draft.id) is None, "gone here")
    signed_in.until(lambda: of(signed_in, draft) == [], "gone there")
    assert signed_in.engine.draft_conflict(draft.id) is None


def test_a_heavy_draft_is_not_sent_up_for_each_word(signed_in: Workstation) -> None:
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)
    stands(signed_in, draft, "Bonjour")
    signed_in.engine.attach_bytes(draft.id, "scan.pdf", "application/pdf", b"%PDF-1.4\n" + bytes(2 * 1024 * 1024))
    signed_in.until(lambda: any(list(m.iter_attachments()) for m in of(signed_in, draft)), "with its file")
    appended = signed_in.theatre.operator.orders.times("APPEND")
    for turn in range(5):
        signed_in.engine.keep_draft(replace(draft, text=f"Mot {turn}"))
        signed_in.until(lambda turn=turn: _text_of(signed_in, draft) == f"Mot {turn}", "kept")  # type: ignore[misc]
    signed_in.engine.refresh()
    stands(signed_in, draft, "Mot 4")
    assert signed_in.theatre.operator.orders.times("APPEND") <= appended + 2


def test_a_full_mailbox_is_told_once_and_the_draft_stays_here(signed_in: Workstation) -> None:
    signed_in.theatre.operator.orders.answer("APPEND", "NO [OVERQUOTA] full", times=-1)
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)

    def told() -> list[str]:
        return [t.error.code for t in signed_in.problems() if t.draft_id == draft.id and isinstance(t.error, Refused)]

    signed_in.until(told, "told")
    signed_in.engine.keep_draft(replace(draft, text="Encore"))
    signed_in.until(lambda: _text_of(signed_in, draft) == "Encore", "kept here")
    signed_in.engine.put_draft_away(draft.id)
    signed_in.theatre.operator.orders.clear()
    signed_in.engine.keep_draft(replace(draft, text="Toujours"))
    stands(signed_in, draft, "Toujours")
    assert told() == ["OVERQUOTA"]


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
    draft = desk.engine.reader.draft(DraftId(f"going-up-{process.pid}"))
    assert draft is not None
    assert draft.text == "v2"
    stands(desk, draft, "v2")
    desk.engine.keep_draft(replace(draft, text="v3"))
    stands(desk, draft, "v3")
    assert desk.engine.draft_conflict(draft.id) is None


def test_a_process_killed_while_the_copy_is_made_leaves_one_copy(desk: Workstation) -> None:
    operator = desk.theatre.operator
    before, orders = len(operator.submissions), operator.orders
    heard, left = orders.times("APPEND"), orders.times("QUIT", Service.SMTP)
    orders.slow(30, "APPEND")
    with child(desk, "send"):
        assert orders.wait("QUIT", left + 1, service=Service.SMTP, timeout_s=30)
        assert orders.wait("APPEND", heard + 1, timeout_s=30)
    operator.orders.clear()
    desk.sign_in()
    found = reaches(desk, SendState.DONE)
    bal = next(b for b in desk.engine.reader.bals() if b.id == found.bal_id)
    path = desk.folder(bal, FolderRole.SENT).path
    assert sum(found.message_id.encode() in m.raw for m in operator.messages(bal.address, path)) == 1
    assert len(operator.submissions) == before + 1
