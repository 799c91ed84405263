"""`inspect`: one JSON shape whatever the file."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain.documents import Warn
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.inspect import inspect
from mssclient.ui import wording_documents
from tests.domain import archives
from tests.domain.archives import MATRICULE, OID, PDF, Doc

KEYS = {
    "kind",
    "subject",
    "display_subject",
    "from",
    "to",
    "message_id",
    "mss",
    "receipt",
    "documents",
    "attachments",
    "body_text",
    "warnings",
}
DOCUMENT = {
    "uri",
    "unique_id",
    "type_code",
    "type_label",
    "title",
    "created",
    "version",
    "set_id",
    "replaces",
    "author",
    "hash_ok",
    "size_ok",
    "usager",
    "contents",
}


def say(warn: Warn) -> str:
    return wording_documents.warning(warn)


def seen(data: bytes, name: str = "file") -> dict:  # type: ignore[type-arg]
    found = inspect(data, name, say)
    assert set(found) == KEYS
    return json.loads(json.dumps(found, ensure_ascii=False).encode())  # type: ignore[no-any-return]


def mail(*files: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["Subject"] = "XDM/1.0/DDM+Synthèse PAT-TROIS DOMINIQUE 28/03/1979"
    message["From"] = "Dr_Claire_VASSEUR_CH <claire.vasseur@ch.mssante.fr>"
    message["To"] = f"{MATRICULE}@patient.mssante.fr"
    message["Cc"] = "Secrétariat <x@elsewhere.example.org>"
    message["Message-ID"] = "<m@x>"
    message["X-MSS-NIL"] = "NIL-1"
    message["X-MSS-CODECDA"] = "34133-9, 11502-2"
    message["X-MSS-INS"] = "O"
    message["X-MSS-MES"] = "FIN"
    message.set_content("Bonjour")
    for name, content in files:
        message.add_attachment(content, "application", "octet-stream", filename=name)
    return message.as_bytes()


def test_a_message_with_documents() -> None:
    found = seen(mail(("IHE_XDM.ZIP", archives.archive()), ("20240110_Synthese_PAT-TROIS_DOMINIQUE.pdf", PDF)))
    assert found["kind"] == "message"
    assert found["display_subject"] == "Synthèse PAT-TROIS DOMINIQUE 28/03/1979"
    assert found["subject"].startswith("XDM/1.0/DDM+")
    assert found["from"] == {
        "label": "Dr_Claire_VASSEUR_CH",
        "address": "claire.vasseur@ch.mssante.fr",
        "kind": "professional",
    }
    assert [to["kind"] for to in found["to"]] == ["usager", "outside"]
    assert found["mss"] == {"nil": "NIL-1", "codecda": ["34133-9", "11502-2"], "ins": "O", "mes": "FIN"}
    assert (found["message_id"], found["receipt"], found["body_text"], found["warnings"]) == (
        "<m@x>",
        None,
        "Bonjour",
        [],
    )
    assert [(a["name"], a["media_type"]) for a in found["attachments"]] == [
        ("IHE_XDM.ZIP", "application/zip"),
        ("20240110_Synthese_PAT-TROIS_DOMINIQUE.pdf", "application/pdf"),
    ]
    (document,) = found["documents"]
    assert set(document) == DOCUMENT
    assert document["usager"] == {
        "matricule": MATRICULE,
        "oid": OID,
        "key_valid": True,
        "birth_name": "PAT-TROIS",
        "given": ["DOMINIQUE", "MARIE-LOUISE"],
        "birth_date": "1979-03-28",
        "sex": "F",
    }
    assert document["contents"] == [
        {"media_type": "text/xml", "size": len(archives.cda())},
        {"media_type": "application/pdf", "size": len(PDF)},
    ]
    assert (document["version"], document["replaces"]) == (2, ["1.2.250.1.999.0"])


def test_an_archive_alone() -> None:
    found = seen(archives.archive(Doc(hash="0" * 40)), "anything.eml")
    assert found["kind"] == "xdm"
    assert found["from"] == {"label": "", "address": "", "kind": "outside"}
    assert [w["code"] for w in found["warnings"]] == ["hash"]
    assert found["warnings"][0]["text"].startswith("L’empreinte")


def test_a_cda_alone() -> None:
    found = seen(archives.cda())
    assert found["kind"] == "cda"
    assert found["documents"][0]["title"] == "Synthèse & suite"
    assert "Synthèse & suite" in found["body_text"]


def test_other_files() -> None:
    assert seen(PDF, "a.xml")["attachments"] == [{"name": "a.xml", "media_type": "application/pdf", "size": len(PDF)}]
    assert seen("Bonjour é".encode(), "n.txt")["body_text"] == "Bonjour é"
    assert seen(b"<r><a/></r>", "r.xml")["kind"] == "other"
    plain = seen(archives.zipped([("a.pdf", PDF)]), "IHE_XDM.ZIP")
    assert (plain["kind"], plain["attachments"][0]["name"]) == ("other", "a.pdf")
    assert [w["code"] for w in plain["warnings"]] == ["plain-zip"]


def test_a_receipt() -> None:
    raw = b"From: a@b.fr\r\nSubject: [KO Int\xc3\xa9gration syst\xc3\xa8me !][902] XDM/1.0/DDM+X\r\n\r\nInconnu\r\n"
    assert seen(raw)["receipt"] == {
        "kind": "integration",
        "recipients": [{"address": "a@b.fr", "status": "902", "reason": "Inconnu"}],
    }


def test_the_archive_attached_twice_counts_once() -> None:
    found = seen(mail(("IHE_XDM.ZIP", archives.archive()), ("IHE_XDM (1).ZIP", archives.archive())))
    assert len(found["documents"]) == 1
    assert len(found["attachments"]) == 2
    assert [w["code"] for w in found["warnings"]] == ["twice"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("IHE_XDM.ZIP", archives.zipped([("../x", b"")]), "refused-forbidden"),
        ("IHE_XDM.ZIP", archives.zipped([("x", bytes(70_000_000))]), "refused-too-big"),
        ("IHE_XDM.ZIP", archives.archive()[:-40], "refused-damaged"),
        ("cda.xml", archives.cda(before="<!DOCTYPE x>"), "refused-forbidden"),
        ("note.pdf.exe", b"MZ\x90\0", "dangerous"),
        ("note.pdf", b"MZ\x90\0", "dangerous"),
    ],
)
def test_a_bad_attachment_is_a_warning_and_the_message_is_read(name: str, content: bytes, code: str) -> None:
    found = seen(mail((name, content)))
    assert found["body_text"] == "Bonjour"
    assert [w["code"] for w in found["warnings"]] == [code]
    assert name in found["warnings"][0]["text"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", Unread.EMPTY),
        (archives.zipped([("/x", b"")]), Unread.FORBIDDEN),
        (archives.cda(before="<!DOCTYPE x [<!ENTITY a 'b'>]>"), Unread.FORBIDDEN),
        (b"<?xml version='1.0'?><r>", Unread.DAMAGED),
    ],
)
def test_hostile_input_is_refused(data: bytes, reason: Unread) -> None:
    with pytest.raises(Unreadable) as caught:
        inspect(data, "x", say)
    assert caught.value.reason is reason


def test_every_warning_has_its_french_words() -> None:
    for code in wording_documents.codes():
        assert "{}" not in wording_documents.warning(Warn(code))
        assert code not in wording_documents.warning(Warn(code, "ABOUT")).split()
    for reason in Unread:
        assert wording_documents.unreadable(Unreadable(reason))
    assert wording_documents.type_label("11488-4") == "Compte rendu de consultation"
    assert wording_documents.type_label("?") == "Document de type inconnu"


@settings(max_examples=150, deadline=2000)
@given(st.data())
def test_any_corruption_is_told_or_refused(data: st.DataObject) -> None:
    raw = bytearray(data.draw(st.sampled_from([mail(("IHE_XDM.ZIP", archives.archive())), archives.cda(), b"\0"])))
    for _ in range(data.draw(st.integers(1, 10))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    start = time.thread_time()
    with suppress(Unreadable):
        seen(bytes(raw))
    assert time.thread_time() - start < 2
