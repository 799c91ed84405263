"""“A report comes, the program knows whose it is; I confirm, and it is in the record's folder, once.”"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes

from mssclient.domain import xdm
from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.message import MessageId, PartId, RowState
from mssclient.sandbox import papers_text as texts
from mssclient.sandbox.letters_documents import xdm_mail
from mssclient.sandbox.letters_mime import delivered, party
from mssclient.sandbox.letters_talk import ADDRESSES
from mssclient.sandbox.people import correspondent, resident
from tests.journeys.workstation import Workstation

BIRTH_NAME = "MARRONNIER"


def receive_report(alice: Workstation, number: int) -> tuple[MessageId, PartId]:
    """A laboratory's report in an IHE_XDM.ZIP comes to the practice; its message and the archive's part."""
    laboratory, about, now = correspondent(ADDRESSES["laboratory"]), resident(BIRTH_NAME), datetime.now().astimezone()
    papers = (texts.paper(texts.BIOLOGY, about.usager, laboratory, now, number),)
    mail = xdm_mail(f"journey/{number}", party(laboratory), (party(laboratory),), papers, now, "Ci-joint.\n")
    raw = delivered(mail)
    wanted = message_from_bytes(raw)["Message-ID"]
    alice.world.deliver("cabinet", raw)

    def here() -> list[MessageId]:
        opened = (alice.engine.reader.message(row.id) for row in alice.rows("cabinet"))
        return [message.row.id for message in opened if message is not None and message.message_id == wanted]

    alice.until(here, "the report arrived")
    (message_id,) = here()
    message = alice.opened(message_id)
    alice.until(lambda: alice.engine.reader.rows([message_id])[0].documents, "the archive was read")
    part = next(a for a in message.attachments if a.name.upper().endswith(".ZIP"))
    return message_id, part.id


def test_a_report_is_filed_named_journalled_and_marked(alice: Workstation) -> None:
    engine, folder = alice.engine, alice.world.filing_folder
    message_id, part_id = receive_report(alice, 10_000_001)
    row = engine.reader.rows([message_id])[0]
    assert row.state is RowState.TO_FILE
    assert row.usager is not None
    assert row.usager.name.startswith(BIRTH_NAME)

    archive = engine.reader.archive(part_id)
    assert archive is not None
    assert archive.warnings == ()
    (document,) = archive.documents
    content = xdm.key(document, next(c for c in document.contents if c.media_type == "application/pdf"))
    choice = engine.filing_proposal(part_id, content)
    assert choice.usager.birth_name == BIRTH_NAME
    engine.file_attachment(part_id, choice)
    alice.until(lambda: engine.reader.rows([message_id])[0].state is RowState.FILED, "marked as filed")

    (filed,) = engine.reader.filings(message_id)
    written = folder / filed.file_name
    assert hashlib.sha256(written.read_bytes()).hexdigest() == filed.sha256
    assert filed.file_name == engine.filing_name(part_id, choice)
    assert f"_{BIRTH_NAME}_" in filed.file_name
    assert filed.person == (alice.person and alice.person.national_id)

    engine.file_attachment(part_id, choice)
    alice.until(alice.told, "told that it was filed before")
    error = alice.told()[-1].error
    assert isinstance(error, FilingRefused)
    assert error.reason is FilingReason.ALREADY
    engine.file_attachment(part_id, replace(choice, again=True))
    alice.until(lambda: len(engine.reader.filings(message_id)) == 2, "filed again, as asked")
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
