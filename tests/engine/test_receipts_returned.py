"""Read receipts that we return: once, with a sentence for people, and by the rule of each BAL."""

from __future__ import annotations

from email import message_from_bytes, policy

from mssclient.domain.message import Loading, MessageId
from mssclient.domain.read_receipts import ReceiptAct, ReceiptPolicy
from tests.engine.conftest import Workstation

SENTENCE = "Votre message a été affiché."


def asking(desk: Workstation, name: str, to: str, back: str = "essai@medecins.mss.example") -> MessageId:
    """A letter that asks for a read receipt, opened."""
    bal = desk.bal("soins")
    inbox = desk.folder(bal)
    desk.settled(inbox)
    before = set(desk.ids(inbox))
    raw = (
        f"Return-Path: <{back}>\r\nFrom: Dr Essai <essai@medecins.mss.example>\r\nTo: {bal.address}\r\nSubject: {name}\r\n"
        f"Message-ID: <{name}@medecins.mss.example>\r\nDate: Mon, 02 Mar 2026 10:00:00 +0100\r\n"
        f"Disposition-Notification-To: <{to}>\r\n\r\nBonjour\r\n"
    ).encode()
    desk.theatre.operator.deliver(bal.address, raw, inbox.path)
    desk.engine.refresh()
    desk.until(lambda: set(desk.ids(inbox)) - before, "arrived")
    (message_id,) = set(desk.ids(inbox)) - before
    desk.engine.want_body(message_id)

    def here() -> bool:
        message = desk.engine.reader.message(message_id)
        return message is not None and message.body is Loading.HERE

    desk.until(here, "its text")
    return message_id


def returned(desk: Workstation, name: str) -> list[bytes]:
    """The receipts that left about a letter."""
    mark = f"Original-Message-ID: <{name}@medecins.mss.example>".encode()
    return [s.raw for s in desk.theatre.operator.submissions if mark in s.raw]


def test_a_receipt_says_its_sentence_and_leaves_once(signed_in: Workstation) -> None:
    message_id = asking(signed_in, "avis", "essai@medecins.mss.example")
    assert signed_in.engine.receipt_act(message_id) is ReceiptAct.ASK
    signed_in.engine.send_read_receipt(message_id, SENTENCE)
    signed_in.engine.send_read_receipt(message_id, SENTENCE)
    signed_in.until(lambda: returned(signed_in, "avis"), "left")
    (raw,) = returned(signed_in, "avis")
    mail = message_from_bytes(raw, policy=policy.default)
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == SENTENCE
    assert b"Disposition: manual-action/MDN-sent-manually; displayed" in raw
    signed_in.until(lambda: signed_in.engine.receipt_act(message_id) is ReceiptAct.NOTHING, "no question any more")


def test_the_rule_of_the_mailbox_is_kept(signed_in: Workstation) -> None:
    bal = signed_in.bal("soins")
    message_id = asking(signed_in, "regle", "essai@medecins.mss.example")
    elsewhere = asking(signed_in, "ailleurs", "autre@medecins.mss.example")
    signed_in.engine.set_receipt_policy(bal.id, ReceiptPolicy.ALWAYS)
    signed_in.until(lambda: signed_in.engine.receipt_policy(bal.id) is ReceiptPolicy.ALWAYS, "kept")
    assert signed_in.engine.receipt_act(message_id) is ReceiptAct.SEND
    assert signed_in.engine.receipt_act(elsewhere) is ReceiptAct.ASK
    signed_in.engine.send_read_receipt(message_id, SENTENCE, automatic=True)
    signed_in.until(lambda: returned(signed_in, "regle"), "left")
    assert b"automatic-action/MDN-sent-automatically; displayed" in returned(signed_in, "regle")[0]
    signed_in.engine.set_receipt_policy(bal.id, ReceiptPolicy.NEVER)
    signed_in.until(lambda: signed_in.engine.receipt_act(elsewhere) is ReceiptAct.NOTHING, "never")
