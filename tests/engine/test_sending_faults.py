"""Everything that can go wrong between Send and the operator’s last word: never lost, never sent twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from mssclient.domain.bal import FolderRole, Link
from mssclient.domain.draft import DraftId
from mssclient.domain.errors import Offline, Refused, StoreReason, StoreTrouble, Untrusted
from mssclient.domain.outbox import Fate, SendState
from mssclient.domain.session import SessionState
from mssclient.engine import sent_copies
from mssclient.sandbox.orders import Service, Stage, When
from mssclient.sandbox.pki import Fault
from mssclient.store.database import Database
from tests.engine.conftest import Workstation
from tests.engine.letters import line, reaches, sent, written

CHILD = Path(__file__).with_name("killed.py")


def submissions(desk: Workstation) -> int:
    return len(desk.theatre.operator.submissions)


def copies(desk: Workstation, header_id: str) -> int:
    bal = desk.bal("soins")
    path = desk.folder(bal, FolderRole.SENT).path
    return sum(header_id.encode() in m.raw for m in desk.theatre.operator.messages(bal.address, path))


def told(desk: Workstation, context: str) -> list[Any]:
    return [t.error for t in desk.problems() if t.context == context]


def test_a_token_refused_once_is_replaced(signed_in: Workstation) -> None:
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.submission(Stage.AUTH, "535 5.7.8 no")
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1
    assert told(signed_in, "send") == []


def test_a_token_refused_twice_is_told_and_the_message_waits(signed_in: Workstation) -> None:
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.submission(Stage.AUTH, "535 5.7.8 no", times=2)
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    found = reaches(signed_in, SendState.QUEUED)
    assert found.code == "AUTHENTICATIONFAILED"
    signed_in.until(lambda: told(signed_in, "send"), "told")
    signed_in.engine.send_again(found.id)
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1


@pytest.mark.parametrize("stage", [Stage.EHLO, Stage.STARTTLS, Stage.AUTH, Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_a_line_cut_before_the_last_byte_makes_it_wait(signed_in: Workstation, stage: Stage) -> None:
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.drop_submission(stage)
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    found = reaches(signed_in, SendState.QUEUED)
    assert submissions(signed_in) == before
    signed_in.engine.send_again(found.id)
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1
    assert copies(signed_in, found.message_id) == 1


def test_a_line_cut_after_the_last_dot_is_uncertain_and_never_sent_by_itself(signed_in: Workstation) -> None:
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.drop_at_dot(delivered=False)
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    found = reaches(signed_in, SendState.UNCERTAIN)
    signed_in.until(lambda: told(signed_in, "uncertain"), "told")
    signed_in.engine.refresh()
    signed_in.until(lambda: signed_in.bal("soins").link is Link.LIVE, "live")
    assert line(signed_in).state is SendState.UNCERTAIN
    assert submissions(signed_in) == before
    signed_in.engine.settle_as_sent(found.id)
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before
    assert copies(signed_in, found.message_id) == 1


def test_an_uncertain_message_that_a_report_names_is_settled_by_it(
    signed_in: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent_copies, "UNCERTAIN_LOOKS_S", (0.2,) * 60)
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.drop_at_dot(delivered=True)
    sent(signed_in, written(signed_in, signed_in.bal("soins"), "Rapporté"))
    reaches(signed_in, SendState.UNCERTAIN)
    found = reaches(signed_in, SendState.DONE)
    assert found.recipients[0].fate is Fate.DELIVERED
    assert submissions(signed_in) == before + 1
    assert copies(signed_in, found.message_id) == 1


def test_an_uncertain_message_that_stands_in_sent_is_settled_by_it(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    path = signed_in.folder(bal, FolderRole.SENT).path
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.drop_at_dot(delivered=True)
    sent(signed_in, written(signed_in, bal))
    reaches(signed_in, SendState.UNCERTAIN)
    found = line(signed_in)
    raw = signed_in.theatre.operator.submissions[-1].raw
    signed_in.theatre.operator.deliver(bal.address, raw, path)
    signed_in.engine.refresh()
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1
    assert copies(signed_in, found.message_id) == 1


def test_an_uncertain_message_leaves_again_only_because_a_person_says_so(signed_in: Workstation) -> None:
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.drop_at_dot(delivered=False)
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    found = reaches(signed_in, SendState.UNCERTAIN)
    signed_in.engine.send_again(found.id)
    assert reaches(signed_in, SendState.DONE).message_id == found.message_id
    assert submissions(signed_in) == before + 1


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT])
def test_later_means_later(signed_in: Workstation, stage: Stage) -> None:
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.submission(stage, "451 4.3.0 try later")
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    found = reaches(signed_in, SendState.QUEUED)
    assert found.code == "4.3.0"
    signed_in.engine.send_again(found.id)
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT])
def test_a_refusal_brings_the_draft_back_and_it_leaves_once_corrected(signed_in: Workstation, stage: Stage) -> None:
    before = submissions(signed_in)
    draft = written(signed_in, signed_in.bal("soins"))
    signed_in.theatre.operator.orders.submission(stage, "550 5.7.1 refused by policy")
    sent(signed_in, draft)
    assert reaches(signed_in, SendState.FAILED).code == "5.7.1"
    signed_in.until(lambda: told(signed_in, "send"), "told")
    assert [d.id for d in signed_in.engine.reader.drafts()] == [draft.id]
    sent(signed_in, draft)
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1
    assert signed_in.engine.reader.outbox() == ()
    assert signed_in.engine.reader.drafts() == ()


def test_two_clicks_send_one_message_and_a_late_autosave_brings_nothing_back(signed_in: Workstation) -> None:
    before = submissions(signed_in)
    draft = written(signed_in, signed_in.bal("soins"))
    sent(signed_in, draft)
    signed_in.engine.send(draft)
    reaches(signed_in, SendState.DONE)
    signed_in.engine.send(draft)
    other = written(signed_in, signed_in.bal("soins"))
    signed_in.engine.keep_draft(draft)
    signed_in.engine.keep_draft(other)
    signed_in.until(lambda: signed_in.engine.reader.draft(other.id), "autosaved")
    assert [d.id for d in signed_in.engine.reader.drafts()] == [other.id]
    assert submissions(signed_in) == before + 1


def test_a_wrong_certificate_is_told_and_nothing_is_sent(signed_in: Workstation) -> None:
    operator, before = signed_in.theatre.operator, submissions(signed_in)
    operator.present(Service.SMTP, Fault.CHAIN)
    try:
        heard = operator.orders.times("AUTH", Service.SMTP)
        sent(signed_in, written(signed_in, signed_in.bal("soins")))
        found = reaches(signed_in, SendState.QUEUED)
        signed_in.until(lambda: told(signed_in, "send"), "told")
        assert isinstance(told(signed_in, "send")[0], Untrusted)
        assert operator.orders.times("AUTH", Service.SMTP) == heard
    finally:
        operator.present(Service.SMTP, None)
    signed_in.engine.send_again(found.id)
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1


def test_a_copy_that_sent_does_not_take_is_told_and_the_mailbox_stays_live(signed_in: Workstation) -> None:
    signed_in.theatre.operator.orders.answer("APPEND", "NO [OVERQUOTA] full", times=-1)
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    found = reaches(signed_in, SendState.SENT)
    signed_in.until(lambda: told(signed_in, "copy"), "told")
    assert isinstance(told(signed_in, "copy")[0], Refused)
    assert signed_in.bal("soins").link is Link.LIVE
    signed_in.theatre.operator.orders.clear()
    signed_in.theatre.operator.orders.cut(Service.IMAP)
    reaches(signed_in, SendState.DONE)
    assert copies(signed_in, found.message_id) == 1


def test_a_line_cut_while_the_copy_is_made_makes_one_copy(signed_in: Workstation) -> None:
    signed_in.theatre.operator.orders.drop("APPEND", When.DURING)
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    found = reaches(signed_in, SendState.DONE)
    assert copies(signed_in, found.message_id) == 1


@contextmanager
def full_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No write transaction begins."""

    @contextmanager
    def refused(_self: Database, *, durable: bool = True) -> Iterator[Any]:
        raise StoreTrouble(StoreReason.FULL)
        yield durable

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", refused)
        yield


def test_a_disk_that_fills_up_while_sending_does_not_send_twice(
    signed_in: Workstation, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = submissions(signed_in)
    orders = signed_in.theatre.operator.orders
    orders.slow(0.3, "DATA", times=1)
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    signed_in.until(signed_in.engine.reader.outbox, "queued")
    reaches(signed_in, SendState.SENDING)
    with full_disk(monkeypatch):
        signed_in.until(lambda: told(signed_in, "send"), "told")
        signed_in.engine.refresh()
        assert line(signed_in).state is SendState.SENDING
    signed_in.engine.refresh()
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1


def test_a_draft_that_cannot_be_kept_is_told(signed_in: Workstation, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = written(signed_in, signed_in.bal("soins"))
    with full_disk(monkeypatch):
        signed_in.engine.keep_draft(draft)
        signed_in.until(lambda: any(isinstance(t.error, StoreTrouble) for t in signed_in.problems()), "told")
    signed_in.engine.keep_draft(draft)
    signed_in.until(lambda: signed_in.engine.reader.draft(draft.id), "kept once there is room")


def test_what_was_handed_over_before_the_stop_is_kept(theatre: Any, tmp_path: Path) -> None:
    first = Workstation(theatre, tmp_path / "home")
    first.engine.start()
    first.sign_in()
    drafts = [written(first, first.bal("soins"), f"Brouillon {n}") for n in range(5)]
    for draft in drafts:
        first.engine.keep_draft(draft)
    first.engine.stop()
    second = Workstation(theatre, tmp_path / "home")
    second.engine.start()
    second.sign_in()
    assert {d.id for d in second.engine.reader.drafts()} == {d.id for d in drafts}
    second.engine.stop()


def test_a_message_queued_under_an_earlier_session_waits_for_consent(signed_in: Workstation) -> None:
    before = submissions(signed_in)
    signed_in.theatre.operator.orders.line_down(Service.SMTP)
    sent(signed_in, written(signed_in, signed_in.bal("soins")))
    found = reaches(signed_in, SendState.QUEUED)
    signed_in.engine.lock()
    signed_in.until(lambda: signed_in.live() == 0, "lines closed")
    signed_in.theatre.operator.orders.line_up(Service.SMTP)
    signed_in.sign_in()
    signed_in.until(lambda: line(signed_in).needs_consent, "shown")
    assert submissions(signed_in) == before
    signed_in.engine.send_again(found.id)
    reaches(signed_in, SendState.DONE)
    assert submissions(signed_in) == before + 1


def test_a_process_killed_while_sending_leaves_an_uncertain_message_and_its_drafts(
    desk: Workstation, tmp_path: Path
) -> None:
    orders = desk.theatre.operator.orders
    orders.slow(30, "DATA")
    heard, before = orders.times("DATA", Service.SMTP), submissions(desk)
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", str(CHILD), str(desk.theatre.environment_file), str(desk.home)],
        env=os.environ | {"PYTHONPATH": str(CHILD.parents[2])},
        stdin=subprocess.DEVNULL,
    )
    try:
        assert orders.wait("DATA", heard + 1, service=Service.SMTP, timeout_s=30)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    orders.clear()
    desk.sign_in()
    found = reaches(desk, SendState.UNCERTAIN)
    assert any(isinstance(error, Offline) for error in told(desk, "uncertain"))
    assert desk.engine.reader.draft(DraftId("only-kept")) is not None
    assert submissions(desk) == before
    desk.engine.take_back(found.id)
    desk.until(lambda: desk.engine.reader.draft(DraftId("only-kept")) and len(desk.engine.reader.drafts()) == 2, "back")
    assert desk.engine.session_state() is SessionState.OPEN
    assert submissions(desk) == before
