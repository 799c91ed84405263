"""The durable outbox: legal steps only, drafts held and given back, reports matched."""

from __future__ import annotations

import pytest

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId, Recipient
from mssclient.domain.outbox import OutboxId, SendEvent, SendState
from mssclient.store.outbox import Frozen
from tests.store.conftest import Shelf

TO = Correspondent("Dr_Jean_PETIT_Cabinet", "jean.petit@cab.mss.example", CorrespondentKind.PROFESSIONAL)
CC = Correspondent("", "labo@labo.mss.example", CorrespondentKind.ORGANISATION)


def queue(shelf: Shelf, draft_id: str = "d1") -> OutboxId:
    draft = Draft(DraftId(draft_id), shelf.bal, (Recipient(TO), Recipient(CC)), "Bilan", "Bonjour")
    shelf.stores.drafts.keep(draft, 100)
    frozen = Frozen(shelf.bal, "soins@tilleuls.mss.example", "Bilan", f"<{draft_id}@tilleuls.mss.example>",
                    f"env-{draft_id}", b"raw", ((TO.address, TO.label), (CC.address, "")), True, None, "")  # fmt: skip
    return shelf.stores.outbox.queue(draft, frozen, 100, 110)


def test_a_queued_message_hides_its_draft_and_takes_its_hour(shelf: Shelf) -> None:
    outbox_id = queue(shelf)
    assert shelf.reader.drafts() == ()
    assert shelf.stores.outbox.due(109) == []
    assert shelf.stores.outbox.due(110) == [outbox_id]
    assert [line.state for line in shelf.reader.outbox()] == [SendState.QUEUED]


def test_taking_back_brings_the_draft_back(shelf: Shelf) -> None:
    outbox_id = queue(shelf)
    shelf.stores.outbox.advance(outbox_id, SendEvent.TAKEN_BACK)
    assert [d.subject for d in shelf.reader.drafts()] == ["Bilan"]
    assert shelf.reader.outbox() == ()


def test_once_sent_the_draft_is_gone_and_nothing_sends_it_again(shelf: Shelf) -> None:
    outbox_id = queue(shelf)
    outbox = shelf.stores.outbox
    outbox.advance(outbox_id, SendEvent.BEGIN)
    outbox.advance(outbox_id, SendEvent.ACCEPTED, now=200)
    assert shelf.reader.drafts() == ()
    assert outbox.due(10_000) == []
    for event in (SendEvent.BEGIN, SendEvent.AGAIN, SendEvent.TAKEN_BACK):
        with pytest.raises(ValueError, match="not a step"):
            outbox.advance(outbox_id, event)
    outbox.advance(outbox_id, SendEvent.COPIED)
    assert outbox.frozen(outbox_id) is None
    assert [line.state for line in shelf.reader.sent()] == [SendState.DONE]


def test_an_uncertain_message_never_leaves_by_itself(shelf: Shelf) -> None:
    outbox_id = queue(shelf)
    shelf.stores.outbox.advance(outbox_id, SendEvent.BEGIN)
    shelf.stores.outbox.advance(outbox_id, SendEvent.UNKNOWN)
    assert shelf.stores.outbox.due(10_000) == []
    assert shelf.stores.outbox.frozen(outbox_id) is not None


def test_after_a_new_sign_in_a_queued_message_waits_for_consent(shelf: Shelf) -> None:
    outbox_id = queue(shelf)
    assert shelf.stores.outbox.ask_consent() == [outbox_id]
    assert shelf.stores.outbox.due(10_000) == []
    shelf.stores.outbox.hasten(outbox_id, 300)
    assert shelf.stores.outbox.due(300) == [outbox_id]


def test_drafts_and_their_files_come_back_equal(shelf: Shelf) -> None:
    attachment = DraftAttachment(AttachmentId("a1"), "été.pdf", "application/pdf", 3)
    draft = Draft(
        DraftId("d2"), shelf.bal, (Recipient(TO),), "Sujet « é »", "Texte\nligne", (attachment,), no_answer=True
    )
    shelf.stores.drafts.attach(draft.id, attachment, b"abc")
    shelf.stores.drafts.keep(draft, 5)
    assert shelf.reader.draft(draft.id) == draft
    assert shelf.stores.drafts.bytes_of(draft.id) == {attachment.id: b"abc"}
    shelf.stores.drafts.discard(draft.id)
    assert shelf.reader.drafts() == ()
    assert shelf.stores.drafts.bytes_of(draft.id) == {}


def test_a_draft_that_left_is_not_brought_back_by_a_late_autosave(shelf: Shelf) -> None:
    outbox_id = queue(shelf)
    shelf.stores.outbox.advance(outbox_id, SendEvent.BEGIN)
    shelf.stores.outbox.advance(outbox_id, SendEvent.ACCEPTED, now=200)
    assert shelf.stores.outbox.under_way(DraftId("d1"))
    shelf.stores.drafts.keep(Draft(DraftId("d1"), shelf.bal, (), "Bilan", "Bonjour"), 300)
    assert shelf.reader.drafts() == ()


def test_a_refused_message_that_is_corrected_makes_one_line(shelf: Shelf) -> None:
    first = queue(shelf)
    shelf.stores.outbox.advance(first, SendEvent.BEGIN)
    shelf.stores.outbox.advance(first, SendEvent.REFUSED, code="5.1.1")
    assert not shelf.stores.outbox.under_way(DraftId("d1"))
    draft = Draft(DraftId("d1"), shelf.bal, (Recipient(TO),), "Bilan", "Corrigé")
    shelf.stores.drafts.keep(draft, 300)
    frozen = Frozen(shelf.bal, "soins@tilleuls.mss.example", "Bilan", "<again@tilleuls.mss.example>", "env-again", b"raw",
                    ((TO.address, TO.label),), False, None, "")  # fmt: skip
    second = shelf.stores.outbox.queue(draft, frozen, 300, 300)
    assert [line.id for line in shelf.reader.outbox()] == [second]
    assert shelf.reader.drafts() == ()
    with pytest.raises(ValueError, match="not a step"):
        shelf.stores.outbox.advance(first, SendEvent.TAKEN_BACK)
