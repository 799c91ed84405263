"""Copies for other programs: laid when asked for, refused when they start something, gone when the person is."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path

import pytest

from mssclient.domain.errors import FilingReason, FilingRefused
from mssclient.domain.events import OutsideReady
from mssclient.domain.message import Loading, PartId
from mssclient.domain.session import SessionState
from tests.engine.conftest import Workstation

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def attached(desk: Workstation, name: str, content: bytes) -> PartId:
    """The attachment of a message that just came."""
    bal, reader = desk.bal("soins"), desk.engine.reader
    inbox = desk.folder(bal)
    before = set(desk.settled(inbox))
    desk.theatre.operator.deliver(
        bal.address,
        f"From: contact@had-valdelys.mss.example\r\nSubject: Piece\r\nMessage-ID: <{name}@x>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: application/octet-stream; name="{name}"\r\nContent-Transfer-Encoding: base64\r\n'
        f'Content-Disposition: attachment; filename="{name}"\r\n\r\n{b64encode(content).decode()}\r\n'.encode(),
    )
    desk.until(lambda: set(desk.ids(inbox)) - before, "arrived")
    message_id = (set(desk.ids(inbox)) - before).pop()
    desk.engine.want_body(message_id)
    desk.until(lambda: (m := reader.message(message_id)) and m.body is Loading.HERE and m.attachments, "body")
    message = reader.message(message_id)
    assert message is not None
    return message.attachments[0].id


def opened(desk: Workstation, part_id: PartId) -> Path:
    """The copy, once it lies there."""
    desk.events.clear()
    desk.engine.open_outside(part_id, "")
    desk.until(lambda: OutsideReady(part_id, "") in desk.events, "ready")
    found = desk.engine.outside_file(part_id, "")
    assert found is not None
    return found


def private_files(desk: Workstation) -> list[Path]:
    walks = [os.walk(person / "private") for person in (desk.home / "persons").iterdir()]
    return [Path(place, name) for walk in walks for place, _, names in walk for name in names]


def test_a_document_is_laid_once_and_goes_at_the_lock(signed_in: Workstation) -> None:
    part_id = attached(signed_in, "Lettre.pdf", PDF)
    assert signed_in.engine.outside_file(part_id, "") is None
    copy = opened(signed_in, part_id)
    assert (copy.name, copy.read_bytes()) == ("Lettre.pdf", PDF)
    assert opened(signed_in, part_id) == copy
    assert private_files(signed_in) == [copy]
    signed_in.engine.lock()
    signed_in.until(lambda: not copy.exists(), "gone")
    assert signed_in.engine.outside_file(part_id, "") is None
    signed_in.engine.open_outside(part_id, "")
    signed_in.engine._at().preview.worker.post(lambda: None)
    signed_in.sign_in()
    assert not private_files(signed_in), "nothing is laid behind a lock"
    assert opened(signed_in, part_id).exists()
    signed_in.engine.sign_out()
    signed_in.until(lambda: not private_files(signed_in), "gone at sign-out too")


@pytest.mark.parametrize(("name", "content"), [("facture.pdf", b"MZ\x90\0"), ("facture.pdf.exe", PDF)])
def test_a_program_is_refused_and_said(signed_in: Workstation, name: str, content: bytes) -> None:
    part_id = attached(signed_in, name, content)
    signed_in.engine.open_outside(part_id, "")
    signed_in.until(lambda: any(t.context == "open" for t in signed_in.problems()), "told")
    (told,) = [t for t in signed_in.problems() if t.context == "open"]
    assert isinstance(told.error, FilingRefused)
    assert told.error.reason is FilingReason.TYPE
    assert told.message_id is not None
    assert not private_files(signed_in)


def test_what_is_not_here_is_said_once(signed_in: Workstation) -> None:
    signed_in.engine.open_outside(PartId(10**9), "")
    signed_in.until(lambda: any(t.context == "open" for t in signed_in.problems()), "told")
    assert [t.context for t in signed_in.problems()] == ["open"]


def test_the_end_of_the_program_takes_copies_away(signed_in: Workstation) -> None:
    copy = opened(signed_in, attached(signed_in, "Lettre.pdf", PDF))
    signed_in.engine.stop()
    assert not copy.exists()
    assert signed_in.engine.session_state() is not SessionState.LOCKED
