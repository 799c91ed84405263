"""“I write to a colleague with a document; it arrives there, once, and I learn that it did.”"""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import FolderRole
from mssclient.domain.draft import Draft, Origin, Recipient
from mssclient.domain.outbox import Fate, Outgoing, SendState
from tests.journeys.mail_client import SENT_USE
from tests.journeys.workstation import Workstation, letter
from tests.lab.world import BOB

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 400 + b"\n%%EOF\n"
SUBJECT = "Demande d’avis – Mme FICTIVE Œdipa"
TEXT = "Cher confrère,\n\nQue penses-tu de ce tracé ?\n.\n.. deux points seuls sur leur ligne\n\nAlice"


def draft_to(alice: Workstation, address: str, subject: str = SUBJECT) -> Draft:
    """A draft as the composer keeps it, from the practice's BAL."""
    bal = alice.bal("cabinet")
    alice.until(lambda: alice.engine.facts(bal.id).white_list, "the white list came")
    who = Correspondent("", address, CorrespondentKind.PROFESSIONAL)
    draft = replace(
        alice.engine.new_draft(bal.id), recipients=(Recipient(who, origin=Origin.TYPED),), subject=subject, text=TEXT
    )
    alice.engine.keep_draft(draft)
    return draft


def line_of(alice: Workstation, subject: str) -> Outgoing | None:
    """The line of the sent register."""
    return next((line for line in alice.engine.reader.sent() if line.subject == subject), None)


def test_it_arrives_with_its_attachment_stands_in_sent_once_and_is_reported(alice: Workstation, tmp_path: Path) -> None:
    scan = tmp_path / "Tracé du 3 mars.pdf"
    scan.write_bytes(PDF)
    draft = draft_to(alice, alice.world.address("bob.durand"))
    alice.engine.attach_file(draft.id, scan)
    alice.until(lambda: (d := alice.engine.reader.draft(draft.id)) and d.attachments, "the file is attached")
    kept = alice.engine.reader.draft(draft.id)
    assert kept is not None
    alice.engine.send(kept)
    alice.until(lambda: (x := line_of(alice, SUBJECT)) and x.state is SendState.DONE, "sent and copied")
    line = line_of(alice, SUBJECT)
    assert line is not None

    at_bob = alice.elsewhere("bob.durand", BOB)
    alice.until(lambda: at_bob.find(line.message_id), "Bob has it")
    ((_, received),) = at_bob.find(line.message_id)
    assert received["Subject"] == SUBJECT
    body = received.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == TEXT.splitlines()
    (attached,) = received.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == (scan.name, PDF)
    assert received["X-MSS-NIL"] == alice.engine.environment.product

    ((flags, _),) = alice.elsewhere("cabinet").find(line.message_id, SENT_USE)
    assert "\\Seen" in flags
    assert alice.arrived(SUBJECT, role=FolderRole.SENT)

    def fate() -> Fate | None:
        found = line_of(alice, SUBJECT)
        return found.recipients[0].fate if found else None

    alice.until(lambda: fate() is Fate.DELIVERED, "the delivery report is matched")
    assert alice.engine.reader.drafts() == ()
    assert alice.engine.reader.outbox() == ()
    assert not alice.told()


def test_mail_that_comes_back_is_told_at_its_recipient(alice: Workstation) -> None:
    subject = "Revenu"
    alice.engine.send(draft_to(alice, alice.world.unreachable, subject))

    def fate() -> Fate | None:
        found = line_of(alice, subject)
        return found.recipients[0].fate if found else None

    alice.until(lambda: fate() is Fate.FAILED, "the bounce is matched")
    line = line_of(alice, subject)
    assert line is not None
    assert line.recipients[0].code.startswith("5.")
    assert line.recipients[0].reason


def test_i_answer_and_what_i_answered_is_marked(alice: Workstation) -> None:
    mail = letter(alice.world, "Question")
    alice.world.deliver("cabinet", mail.as_bytes())
    message_id = alice.arrived("Question")
    alice.opened(message_id)
    draft = replace(alice.engine.answer(message_id, False, "Bob a écrit :"), text="Oui.\n")
    alice.until(lambda: alice.engine.facts(draft.bal_id).white_list, "the white list came")
    alice.engine.keep_draft(draft)
    alice.engine.send(draft)
    alice.until(lambda: alice.engine.reader.rows([message_id])[0].answered, "marked as answered")
    alice.settled(message_id)
    assert "\\Answered" in alice.elsewhere("cabinet").find(mail["Message-ID"])[0][0]
    at_bob = alice.elsewhere("bob.durand", BOB)

    def answers() -> list[EmailMessage]:
        return [answer for answer in at_bob.recent() if answer["In-Reply-To"] == mail["Message-ID"]]

    alice.until(answers, "Bob has the answer")
    (answer,) = answers()
    assert answer["Subject"] == draft.subject


def test_mail_of_a_colleagues_own_client_comes_to_us(alice: Workstation) -> None:
    mail = letter(alice.world, "Écrit ailleurs")
    alice.elsewhere("bob.durand", BOB).send(mail)
    message = alice.opened(alice.arrived("Écrit ailleurs"))
    assert message.text.strip() == "Bonjour"
