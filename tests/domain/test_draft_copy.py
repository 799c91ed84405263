"""A draft as a mail: it comes back whole, whatever was typed halfway; what others left there is read with care."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Bal, BalId, BalKind
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId, Field, Origin, Recipient
from mssclient.domain.draft_copy import header_id, named, taken, written
from mssclient.domain.message import MessageId

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
BAL = Bal(BalId(1), "cabinet@essais.mss.example", BalKind.ORG, "Cabinet", "C", 0, own=False)
DOCTOR = Correspondent("Dr Œdipe FIGATELLIX", "oedipe@essais.mss.example", CorrespondentKind.PROFESSIONAL)
HALF = Correspondent("", "quelqu", CorrespondentKind.PROFESSIONAL)
PDF = b"%PDF-1.4\n" + bytes(range(256))


def draft(**changes: object) -> Draft:
    people = (Recipient(DOCTOR, Field.TO, Origin.RECORD), Recipient(HALF, Field.CC, Origin.TYPED))
    values = {"recipients": people, "subject": "Été – à voir", "text": "Bonjour\n.\n.. fin", "ask_read": True} | changes
    return Draft(DraftId("abc"), BAL.id, **values)  # type: ignore[arg-type]


def there_and_back(what: Draft, files: dict[AttachmentId, bytes] | None = None, forwards: str = "") -> object:
    name = header_id(what.id, "r1", "essais.mss.example")
    raw = written(what, BAL, BAL.label, "TEST-1", name, NOW, files or {}, forwards=forwards)
    return taken(raw, what.id, BAL.id, NOW)


def test_what_was_typed_comes_back() -> None:
    what = draft(in_reply_to="<1@x>", references=("<0@x>", "<1@x>"), answers=MessageId(4), ask_delivery=False)
    found = there_and_back(what)
    assert found.draft.recipients == what.recipients  # type: ignore[attr-defined]
    assert (found.draft.subject, found.draft.text) == (what.subject, what.text)  # type: ignore[attr-defined]
    assert (found.draft.ask_read, found.draft.ask_delivery) == (True, False)  # type: ignore[attr-defined]
    assert (found.answers, found.draft.references) == ("<1@x>", ("<0@x>", "<1@x>"))  # type: ignore[attr-defined]


def test_files_come_along_and_those_that_do_not_are_named() -> None:
    kept, left = AttachmentId("a"), AttachmentId("b")
    files = (DraftAttachment(kept, "tracé.pdf", "application/pdf", len(PDF)),
             DraftAttachment(left, "film.mp4", "video/mp4", 10**8))  # fmt: skip
    found = there_and_back(draft(attachments=files), {kept: PDF}, forwards="<9@x>")
    assert [(f.name, f.content) for f in found.files] == [("tracé.pdf", PDF)]  # type: ignore[attr-defined]
    assert found.missing == ("film.mp4",)  # type: ignore[attr-defined]
    assert found.forwards == "<9@x>"  # type: ignore[attr-defined]


def test_names_are_told_from_those_of_others() -> None:
    assert named(header_id(DraftId("d1"), "r2", "x.fr")) == ("d1", "r2")
    for other in ("<1@x.fr>", "<mssd.@x.fr>", "<mssd.a.b.c@x.fr>", "mssd.a.b@x.fr", "<mssd.a.b@x.fr> <2@x>"):
        assert named(other) is None


def test_a_foreign_draft_is_read_and_its_recipients_count_as_typed() -> None:
    mail = EmailMessage()
    mail["To"] = "Dr Œdipe FIGATELLIX <oedipe@essais.mss.example>, 277076322082910@patient.mssante.fr"
    mail["Cc"] = "labo@essais.mss.example"
    mail["Subject"] = "Ébauche"
    mail.set_content("Une idée")
    found = taken(mail.as_bytes(), DraftId("x"), BAL.id, NOW)
    assert {r.origin for r in found.draft.recipients} == {Origin.TYPED}
    assert [r.field for r in found.draft.recipients] == [Field.TO, Field.TO, Field.CC]
    assert found.draft.text.strip() == "Une idée"


@pytest.mark.parametrize(
    "state",
    ["!!!", "e30=", base64.b64encode(b"[1]").decode(), base64.b64encode(b'{"people": [[1], {}, "abcde"]}').decode(),
     base64.b64encode(b"[" * 20_000).decode()],
)  # fmt: skip
def test_a_damaged_state_falls_back_on_what_mail_tells(state: str) -> None:
    raw = f"X-Mssclient-Draft: {state}\r\nTo: labo@essais.mss.example\r\nSubject: x\r\n\r\ntexte\r\n".encode()
    found = taken(raw, DraftId("x"), BAL.id, NOW)
    assert [r.who.address for r in found.draft.recipients] == ["labo@essais.mss.example"]


@given(st.text(max_size=60), st.text(max_size=200), st.lists(st.text(max_size=30), max_size=4))
def test_any_words_make_a_mail_that_is_read_again(subject: str, text: str, addresses: list[str]) -> None:
    people = tuple(
        Recipient(Correspondent("", a, CorrespondentKind.PROFESSIONAL), Field.TO, Origin.TYPED) for a in addresses
    )
    found = there_and_back(draft(recipients=people, subject=subject, text=text))
    assert len(found.draft.recipients) in {0, len(people)}  # type: ignore[attr-defined]
