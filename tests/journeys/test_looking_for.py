"""“What became of my message? Where is that letter?”: reports of every kind, and searches the operator completes."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.utils import make_msgid

from mssclient.domain.bal import FolderRole
from mssclient.domain.message import ListQuery, MessageId
from mssclient.domain.outbox import Fate, Outgoing, SendState
from mssclient.domain.receipts import Loss
from tests.engine.test_document_text import pdf, said
from tests.journeys.mail_client import SENT_USE
from tests.journeys.test_writing import draft_to, line_of
from tests.journeys.workstation import Workstation, letter


def read_receipt(about: str, who: str, to: str, *, sender: str = "") -> bytes:
    """An MDN (RFC 8098) about a message, in the name of `who`, written by `sender`."""
    head = f"From: <{sender or who}>\nTo: <{to}>\nSubject: Lu\nMessage-ID: {make_msgid(domain='x.example')}\n"
    kind = "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\nMIME-Version: 1.0\n"
    fields = f"Final-Recipient: rfc822; {who}\nOriginal-Message-ID: {about}\n"
    said_so = "Disposition: manual-action/MDN-sent-manually; displayed\n"
    body = f"--b\n\nLu.\n--b\nContent-Type: message/disposition-notification\n\n{fields}{said_so}\n--b--\n"
    return f"{head}{kind}\n{body}".replace("\n", "\r\n").encode()


def sent(alice: Workstation, subject: str) -> Outgoing:
    """A message to Bob that left and was copied."""
    alice.engine.send(draft_to(alice, alice.world.address("bob.durand"), subject))
    alice.until(lambda: (x := line_of(alice, subject)) and x.state is SendState.DONE, "sent and copied")
    line = line_of(alice, subject)
    assert line is not None
    return line


def fates(alice: Workstation, subject: str) -> set[Fate]:
    line = line_of(alice, subject)
    return {each.fate for each in line.recipients} if line is not None else set()


def found(alice: Workstation, text: str) -> list[MessageId]:
    return alice.engine.reader.ids(ListQuery(search=text))


def test_a_receipt_counts_and_a_strangers_does_not(alice: Workstation) -> None:
    world, subject = alice.world, "Un accusé, et un faux"
    line = sent(alice, subject)
    bob, us = world.address("bob.durand"), world.address("cabinet")
    alice.until(lambda: fates(alice, subject) == {Fate.DELIVERED}, "delivered")
    world.deliver("alice.martin", read_receipt(line.message_id, bob, us, sender=world.address("carol.petit")))
    marker = letter(world, "Après le faux", to="alice.martin")
    world.deliver("alice.martin", marker.as_bytes())
    alice.opened(alice.arrived("Après le faux", "alice.martin"))
    forged = alice.arrived("Lu", "alice.martin")
    alice.opened(forged)
    assert fates(alice, subject) == {Fate.DELIVERED}
    # The true one comes into her other mailbox, and nobody opens it.
    world.deliver("alice.martin", read_receipt(line.message_id, bob, us))
    alice.until(lambda: fates(alice, subject) == {Fate.READ}, "read")
    copy = alice.row(subject, role=FolderRole.SENT)
    assert copy is not None
    assert copy.fate == Fate.READ.value


def test_a_message_that_another_program_sent_is_followed_too(alice: Workstation) -> None:
    world = alice.world
    bob, us = world.address("bob.durand"), world.address("cabinet")
    mail = letter(world, "Écrit ailleurs", to="bob.durand")
    mail.replace_header("From", us)
    # The receipt is here before the copy in Sent is.
    world.deliver("cabinet", read_receipt(mail["Message-ID"], bob, us))
    alice.opened(alice.arrived("Lu"))
    assert line_of(alice, "Écrit ailleurs") is None
    alice.elsewhere("cabinet").put(SENT_USE, mail.as_bytes())
    alice.engine.refresh()
    alice.until(lambda: fates(alice, "Écrit ailleurs") == {Fate.READ}, "matched when the copy came")


def test_what_came_back_is_in_the_view_until_it_is_known_and_written_again(alice: Workstation) -> None:
    subject = "Revenu deux fois"
    alice.engine.send(draft_to(alice, alice.world.unreachable, subject))

    def lost() -> list[Outgoing]:
        return [each.line for each in alice.engine.reader.lost() if each.line.subject == subject]

    alice.until(lost, "the bounce is shown")
    (line,) = lost()
    assert next(e.why for e in alice.engine.reader.lost() if e.line.id == line.id) == frozenset({Loss.FAILED})
    alice.until(lambda: alice.row(subject, role=FolderRole.SENT), "the copy is listed")
    copy = alice.row(subject, role=FolderRole.SENT)
    assert copy is not None
    alice.opened(copy.id)
    draft = alice.engine.write_again(line.id)
    assert draft is not None
    assert [each.who.address for each in draft.recipients] == [alice.world.unreachable]
    assert draft.subject == subject
    assert "tracé" in draft.text
    alice.engine.know_lost(line.id)
    alice.until(lambda: not lost(), "it left the view")
    alice.engine.know_lost(line.id, False)
    alice.until(lost, "it is back")


def test_the_words_of_a_document_are_found(alice: Workstation) -> None:
    mail: EmailMessage = letter(alice.world, "Biologie", "Voir pièce jointe")
    mail.add_attachment(
        pdf(said("Kaliémie : hyperkaliémie modérée")), maintype="application", subtype="pdf", filename="kaliemie.pdf"
    )
    alice.world.deliver("cabinet", mail.as_bytes())
    message_id = alice.arrived("Biologie")
    message = alice.opened(message_id)
    alice.engine.want_part(message.attachments[0].id)
    alice.until(lambda: found(alice, "hyperkaliemie") == [message_id], "the PDF's words are indexed")
    assert found(alice, "doc:kaliémie") == [message_id]
    assert found(alice, "pj:kaliemie") == [message_id]
    assert found(alice, "texte:kaliémie") == []


def test_what_is_not_here_is_found_at_the_operator(alice: Workstation) -> None:
    """The words of what stands in Sent are not fetched before they are asked for."""
    old = letter(alice.world, "Courrier de l’an passé", "Une dyspnée zygomorphe, déjà connue", to="bob.durand")
    alice.elsewhere("cabinet").put(SENT_USE, old.as_bytes())
    alice.engine.refresh()
    message_id = alice.arrived("Courrier de l’an passé", role=FolderRole.SENT)
    query = ListQuery(search="zygomorphe")
    assert found(alice, query.search) == []
    alice.engine.search_there(replace(query, search="zygo morphose"))
    alice.engine.search_there(query)
    alice.until(lambda: found(alice, query.search) == [message_id], "the operator found it")
    assert alice.engine.reader.rows([message_id])[0].found_there
    assert found(alice, "zygomorphes") == [], "another search is another question"
    # Once it was read here, it is found here.
    alice.opened(message_id)
    alice.until(lambda: not alice.engine.reader.rows(found(alice, query.search))[0].found_there, "indexed here")
    alice.engine.search_there(ListQuery())
    assert found(alice, query.search) == [message_id]


def test_words_with_accents_are_asked_of_the_operator_as_they_are(alice: Workstation) -> None:
    old = letter(alice.world, "Accents", "Une hépatosplénomégalie, sans plus", to="bob.durand")
    alice.elsewhere("cabinet").put(SENT_USE, old.as_bytes())
    alice.engine.refresh()
    message_id = alice.arrived("Accents", role=FolderRole.SENT)
    query = ListQuery(search='"hépatosplénomégalie" -splénectomie dans:envoyés')
    alice.engine.search_there(query)
    alice.until(lambda: found(alice, query.search) == [message_id], "found through a literal in UTF-8")
