"""What an operator limits: the size it takes, the haste it bears; and a person who stops a message on its way."""

from __future__ import annotations

import threading
from dataclasses import replace

from mssclient.domain.draft import AttachmentId, DraftAttachment, Why, objections
from mssclient.domain.events import QuotaReached
from mssclient.domain.outbox import SendState
from mssclient.sandbox.orders import Service, Stage
from tests.engine.conftest import Workstation
from tests.engine.letters import line, reaches, sent, written


def submissions(desk: Workstation) -> int:
    return len(desk.theatre.operator.submissions)


def test_a_message_that_is_stopped_on_its_way_comes_back_as_a_draft(signed_in: Workstation) -> None:
    orders, before = signed_in.theatre.operator.orders, submissions(signed_in)
    orders.slow(3.0, "DATA", times=1)
    heard = orders.times("DATA", Service.SMTP)
    draft = written(signed_in, signed_in.bal("soins"), "Arrêté en route")
    sent(signed_in, draft)
    assert orders.wait("DATA", heard + 1, service=Service.SMTP, timeout_s=10)
    assert line(signed_in).state is SendState.SENDING
    signed_in.engine.take_back(line(signed_in).id)
    signed_in.until(lambda: any(d.id == draft.id for d in signed_in.engine.reader.drafts()), "back as a draft")
    assert submissions(signed_in) == before
    assert signed_in.engine.reader.outbox() == ()
    assert signed_in.problems() == []
    signed_in.engine.send(draft)
    assert reaches(signed_in, SendState.DONE).subject == "Arrêté en route"


def test_an_operator_that_finds_us_too_quick_is_left_in_peace(signed_in: Workstation) -> None:
    orders, before = signed_in.theatre.operator.orders, submissions(signed_in)
    orders.submission(Stage.MAIL, "450 4.7.1 too many messages, slow down", times=-1)
    heard = orders.times("MAIL", Service.SMTP)
    sent(signed_in, written(signed_in, signed_in.bal("soins"), "Un"))
    first = reaches(signed_in, SendState.QUEUED)
    assert first.code == "4.7.1"
    sent(signed_in, written(signed_in, signed_in.bal("soins"), "Deux"))
    signed_in.until(lambda: line(signed_in).subject == "Deux" and line(signed_in).code, "put off untried")
    second = line(signed_in)
    assert (second.tries, second.code) == (0, "4.7.0")
    assert (second.due - second.queued).total_seconds() > 30
    assert orders.times("MAIL", Service.SMTP) == heard + 1
    orders.clear()
    post = signed_in.engine._office._post  # type: ignore[union-attr]
    assert post is not None
    asked, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        asked.set()
        go_on.wait(5)

    post.worker.post(hold)
    assert asked.wait(5)
    # Both are asked for before the first of them is looked at.
    for each in (first, second):
        signed_in.engine.send_again(each.id)
        signed_in.until(lambda each=each: each.id in post._asked_for, "asked for")  # type: ignore[misc]
    go_on.set()
    signed_in.until(lambda: signed_in.engine.reader.outbox() == (), "both left")
    assert submissions(signed_in) == before + 2


def test_a_mailbox_that_fills_up_is_warned_of_once_a_step(desk: Workstation) -> None:
    address = next(b.address for b in desk.theatre.institution.mailboxes if b.address.startswith("soins"))
    account = desk.theatre.operator.store.account(address)
    assert account is not None
    whole = account.quota

    def warned() -> list[int]:
        bal = desk.bal("soins")
        return [e.percent for e in desk.events if isinstance(e, QuotaReached) and e.bal_id == bal.id]

    def looked_at(percent: int) -> None:
        account.quota = int(account.used / percent * 100)
        desk.sign_in()
        limit = account.quota // 1024 * 1024
        desk.until(lambda: desk.bal("soins").quota_limit == limit, "looked at")
        desk.engine.lock()
        desk.until(lambda: desk.live() == 0, "lines closed")

    try:
        looked_at(82)
        looked_at(97)
        looked_at(98)
        assert warned() == [80, 95]
    finally:
        account.quota = whole


def test_the_size_that_the_operator_takes_is_known_before_anybody_waits(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    draft = written(signed_in, bal)
    signed_in.engine.keep_draft(draft)
    limit = 10 * 1024 * 1024
    signed_in.engine.attach_bytes(draft.id, "note.txt", "text/plain", b"x")
    heavy = replace(draft, attachments=(DraftAttachment(AttachmentId("x"), "scan.pdf", "application/pdf", limit),))
    signed_in.until(lambda: signed_in.engine.reader.draft(draft.id), "kept")
    orders = signed_in.theatre.operator.orders
    signed_in.until(lambda: orders.times("EHLO", Service.SMTP) > 0, "asked")
    signed_in.until(lambda: signed_in.engine.facts(bal.id).bal.max_size == limit, "known")
    assert Why.TOO_BIG in {o.why for o in objections(heavy, signed_in.engine.facts(bal.id))}
