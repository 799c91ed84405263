"""A message full of markers goes through everything: none is found in clear on the disk, nor in the log."""

from __future__ import annotations

import logging
from base64 import b64encode
from pathlib import Path

import pytest

from mssclient.domain.bal import Bal
from mssclient.domain.documents import Usager
from mssclient.domain.filing import FilingChoice
from mssclient.domain.message import Loading, MessageId
from mssclient.domain.outbox import SendState
from mssclient.sandbox.orders import Stage
from tests.engine.conftest import Workstation
from tests.engine.letters import reaches, sent, written

SUBJECT, NAME, ADDRESS = "SujetMarqueZQX", "NOMMARQUEZQX", "adresse.marquezqx@medecins.mss.example"
BODY, FILE, DRAFT, INS = "CorpsMarqueZQX", "FichierMarqueZQX.pdf", "BrouillonMarqueZQX", "277076322082910"
PDF = b"%PDF-1.4\n% ContenuMarqueZQX\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RAW = (
    f"From: {NAME} <{ADDRESS}>\r\nSubject: {SUBJECT} {INS}\r\nMessage-ID: <marque@x>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{BODY}\r\n"
    f'--b\r\nContent-Type: application/pdf; name="{FILE}"\r\nContent-Transfer-Encoding: base64\r\n'
    f'Content-Disposition: attachment; filename="{FILE}"\r\n\r\n{b64encode(PDF).decode()}\r\n--b--\r\n'
).encode()


def found_in(home: Path, markers: list[bytes]) -> list[tuple[str, bytes]]:
    """Where markers stand in clear; the directory is public."""
    files = [f for f in home.rglob("*") if f.is_file() and "directory" not in f.relative_to(home).parts]
    assert any(f.name.endswith("-wal") for f in files)
    return [(f.name, m) for f in files for m in markers if m in f.read_bytes()]


def overheard(desk: Workstation, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The tokens that the operator is shown from now on."""
    tokens: set[str] = set()
    check = desk.theatre.provider.check

    def heard(token: str) -> str | None:
        tokens.add(token)
        return check(token)

    monkeypatch.setattr(desk.theatre.provider, "check", heard)
    return tokens


def arrived(desk: Workstation, bal: Bal) -> MessageId:
    """The message came, and its body."""
    reader, here = desk.engine.reader, desk.folder(bal)
    before = set(desk.settled(here))
    desk.theatre.operator.deliver(bal.address, RAW)
    desk.until(lambda: set(desk.ids(here)) - before, "arrived")
    message_id = (set(desk.ids(here)) - before).pop()
    desk.engine.want_body(message_id)
    desk.until(lambda: (m := reader.message(message_id)) and m.body is Loading.HERE, "body")
    return message_id


@pytest.mark.logs
def test_nothing_of_a_message_is_in_clear_on_the_disk_or_in_the_log(
    desk: Workstation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tokens = overheard(desk, monkeypatch)
    caplog.set_level(logging.DEBUG, logger="mssclient")
    desk.sign_in()
    reader, bal = desk.engine.reader, desk.bal("soins")
    message_id = arrived(desk, bal)
    message = reader.message(message_id)
    assert message is not None
    assert BODY in message.text
    part = message.attachments[0].id
    folder = tmp_path / "dossier"
    folder.mkdir()
    desk.engine.set_filing_folder(folder)
    usager = Usager(
        birth_name=NAME, given=("Ruth",), birth_date="1977-07-14", sex="F", matricule=INS, oid="1.2.250.1.213.1.4.10"
    )
    desk.engine.file_attachment(part, FilingChoice(usager, "2026-01-02", "34112-3", "CR hospitalier"))
    desk.until(lambda: reader.filings(message_id), "filed")
    assert any(NAME in f.name.upper() for f in folder.iterdir())

    desk.theatre.operator.orders.submission(Stage.RCPT, f"550 5.7.1 {ADDRESS} is not welcome")
    sent(desk, written(desk, bal, DRAFT))
    reaches(desk, SendState.FAILED)
    sent(desk, written(desk, bal, DRAFT))
    reaches(desk, SendState.DONE)
    (tmp_path / FILE).write_bytes(PDF)
    draft = written(desk, bal, DRAFT)
    desk.engine.keep_draft(draft)
    desk.engine.attach_file(draft.id, tmp_path / FILE)
    desk.until(lambda: (d := reader.draft(draft.id)) and d.attachments, "attached")
    desk.engine._at().clerk.worker.post(lambda: {}[SUBJECT])  # a bug whose text holds content
    desk.until(lambda: any(t.context == "store" for t in desk.problems()), "a bug is told too")

    markers = [SUBJECT, NAME, ADDRESS, BODY, FILE, DRAFT, INS, "ContenuMarqueZQX", *tokens]
    assert tokens
    assert found_in(desk.home, [m.encode() for m in markers]) == []
    lines = "\n".join(r.getMessage() + (r.exc_text or "") for r in caplog.records if r.name.startswith("mssclient"))
    assert "mssclient.engine" in {r.name.rpartition(".")[0] for r in caplog.records}
    assert [m for m in markers if m in lines] == []
