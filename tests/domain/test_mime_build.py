"""What we send (mssante.md §3): read back with the standard library, which is not our reader."""

from __future__ import annotations

import email
import email.policy
import time
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain import mime, reports
from mssclient.domain.address import Correspondent, CorrespondentKind
from mssclient.domain.bal import Bal, BalId, BalKind
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId, Field, Recipient
from mssclient.domain.mime_build import build, health_subject, read_receipt
from mssclient.domain.outbox import Fate
from mssclient.domain.xdm import read as read_xdm
from tests.domain import archives
from tests.domain.archives import Doc

NOW = datetime(2024, 1, 15, 10, 30, tzinfo=UTC)
BAL = Bal(BalId(1), "claire.vasseur@ch.mssante.fr", BalKind.PER, "", "A", 0, own=True)
TO = Recipient(Correspondent("Dr_Hélène_DUPONT", "helene.dupont@b.mssante.fr", CorrespondentKind.PROFESSIONAL))
CC = Recipient(Correspondent("", "accueil@b.mssante.fr", CorrespondentKind.ORGANISATION), Field.CC)
USAGER = Recipient(Correspondent("", "279035121518989@patient.mssante.fr", CorrespondentKind.USAGER))
DRAFT = Draft(
    DraftId("d"), BalId(1), (TO, CC), "Été", "Bonjour é\n", in_reply_to="<o@x>", references=("<n@x>", "<o@x>")
)


def sent(draft: Draft = DRAFT, contents: dict[str, bytes] | None = None, **changed: str) -> bytes:
    given = {"label": "Dr_Claire_VASSEUR_CH", "product": "NIL-42", "message_id": "<m@ch.mssante.fr>", **changed}
    attached = {AttachmentId(key): value for key, value in (contents or {}).items()}
    return build(draft, BAL, given["label"], given["product"], given["message_id"], NOW, attached)


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def with_files(*files: tuple[str, str, bytes], draft: Draft = DRAFT) -> tuple[Draft, dict[str, bytes]]:
    listed = tuple(
        DraftAttachment(AttachmentId(str(n)), name, kind, len(content)) for n, (name, kind, content) in enumerate(files)
    )
    return replace(draft, attachments=listed), {str(n): content for n, (_, _, content) in enumerate(files)}


def test_headers_of_a_plain_answer() -> None:
    """ECO.2.2.1, ECO.2.2.2, ECO.2.2.7, ECO.2.3.1, ECO.2.4.3."""
    message = parsed(sent())
    assert message["From"] == "Dr_Claire_VASSEUR_CH <claire.vasseur@ch.mssante.fr>"
    assert message["To"].addresses[0].display_name == "Dr_Hélène_DUPONT"
    assert message["Cc"] == "accueil@b.mssante.fr"
    assert message["Subject"] == "Été"
    assert (message["Message-ID"], message["X-MSS-NIL"]) == ("<m@ch.mssante.fr>", "NIL-42")
    assert (message["In-Reply-To"], message["References"]) == ("<o@x>", "<n@x> <o@x>")
    assert message["Date"].datetime == NOW
    assert "claire.vasseur@ch.mssante.fr" in message["Return-Receipt-To"]
    for absent in ("Disposition-Notification-To", "X-MSS-MES", "X-MSS-INS", "X-MSS-CODECDA", "Bcc"):
        assert message[absent] is None
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message.get_content() == "Bonjour é\r\n"


@pytest.mark.parametrize("product", ["", " ", "a\r\nBcc: x@y", "é"])
def test_without_a_product_nothing_is_built(product: str) -> None:
    """ECO.2.4.3."""
    with pytest.raises(ValueError, match="NIL"):
        sent(product=product)
    with pytest.raises(ValueError, match="NIL"):
        read_receipt(BAL, "x", product, "<m@x>", NOW, to="a@b.fr", original_id="<o@x>")


def test_receipts_and_the_closing_of_a_thread_are_asked_for() -> None:
    """ECO.2.3.2, ECO.2.2.8."""
    message = parsed(sent(replace(DRAFT, recipients=(USAGER,), ask_read=True, ask_delivery=False, no_answer=True)))
    assert "claire.vasseur" in message["Disposition-Notification-To"]
    assert message["Return-Receipt-To"] is None
    assert message["X-MSS-MES"] == "FIN"
    assert parsed(sent(replace(DRAFT, no_answer=True)))["X-MSS-MES"] is None


def test_an_archive_of_documents_brings_its_headers() -> None:
    """ECO.2.4.1, ECO.2.4.2."""
    second = Doc(
        content=archives.cda(unique="2", code="11502-2"), uri="B.XML", file="B.XML", unique="2", object_id="D2"
    )
    draft, contents = with_files(("IHE_XDM.ZIP", "application/zip", archives.archive(Doc(), second)))
    message = parsed(sent(draft, contents))
    assert message["X-MSS-CODECDA"] == "34133-9,11502-2"
    assert message["X-MSS-INS"] == "O"


def test_an_archive_without_qualified_ins_says_so() -> None:
    doc = Doc(content=archives.cda(oid="1.2.250.1.999.7"), patient="IPP^^^&amp;1.2.250.1.999.7&amp;ISO")
    draft, contents = with_files(("any name.zip", "application/zip", archives.archive(doc)))
    assert parsed(sent(draft, contents))["X-MSS-INS"] == "N"


@pytest.mark.parametrize("content", [archives.zipped([("a.pdf", b"%PDF-1.4")]), b"PK\3\4broken", b"x"])
def test_another_zip_brings_none(content: bytes) -> None:
    draft, contents = with_files(("IHE_XDM.ZIP", "application/zip", content))
    message = parsed(sent(draft, contents))
    assert message["X-MSS-CODECDA"] is None
    assert message["X-MSS-INS"] is None


def test_attachments_arrive_whole() -> None:
    name = "Résumé très long de l’hospitalisation " * 4 + ".pdf"
    draft, contents = with_files(
        (name, "application/pdf", bytes(range(256)) * 300),
        ("a.txt", "bad type", b""),
        ('../x".txt', "multipart/mixed", b"z"),
    )
    raw = sent(draft, contents)
    message = parsed(raw)
    files = list(message.iter_attachments())
    assert files[0].get_filename() == name
    assert files[0].get_payload(decode=True) == contents["0"]
    assert [f.get_content_type() for f in files] == ["application/pdf"] + ["application/octet-stream"] * 2
    assert files[2].get_filename() == 'x".txt'
    read = mime.parse(raw)
    assert [a.content for a in read.attachments] == list(contents.values())
    assert read.attachments[0].name == name
    assert read.text == "Bonjour é"


def test_ten_megabytes_are_quick_and_no_line_is_long() -> None:
    draft, contents = with_files(("big.bin", "application/octet-stream", bytes(10_000_000)))
    start = time.thread_time()
    raw = sent(draft, contents)
    assert time.thread_time() - start < 1
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


def test_a_missing_attachment_fails() -> None:
    draft, _ = with_files(("a.txt", "text/plain", b"x"))
    with pytest.raises(ValueError, match="no bytes"):
        sent(draft)


@pytest.mark.parametrize(
    "message_id", ["", "m@x", "<a b@x>", "<a@b>\r\nBcc: x@y", "<a@b><c@d>", "<" + "a" * 995 + "@x>"]
)
def test_a_malformed_message_id_fails(message_id: str) -> None:
    with pytest.raises(ValueError, match="Message-ID"):
        sent(message_id=message_id)


@pytest.mark.parametrize("address", ["", "nobody", "a@b.fr\r\nBcc: c@d.fr", "a b@c.fr", "é@c.fr", "a@b.fr, c@d.fr"])
def test_an_address_that_is_none_fails(address: str) -> None:
    bad = Recipient(Correspondent("x", address, CorrespondentKind.OUTSIDE))
    with pytest.raises(ValueError, match="address"):
        sent(replace(DRAFT, recipients=(bad,)))
    with pytest.raises(ValueError, match="address"):
        read_receipt(BAL, "x", "NIL", "<m@x>", NOW, to=address, original_id="<o@x>")


NASTY = st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from('\r\n\0 ,<>"\\=?:;')), max_size=120)


@settings(max_examples=150, deadline=1000)
@given(NASTY, NASTY, NASTY, NASTY)
def test_nothing_a_person_types_makes_a_header(subject: str, text: str, label: str, name: str) -> None:
    recipient = Recipient(Correspondent(label, "a@b.mssante.fr", CorrespondentKind.PROFESSIONAL))
    draft, contents = with_files((name, "application/pdf", b"x"))
    draft = replace(draft, subject=subject, text=text, recipients=(recipient,), references=(text,), in_reply_to=subject)
    raw = sent(draft, contents, label=label)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    head = raw.partition(b"\r\n\r\n")[0]
    allowed = {
        "date",
        "from",
        "message-id",
        "x-mss-nil",
        "mime-version",
        "to",
        "subject",
        "return-receipt-to",
        "content-type",
        "in-reply-to",
        "references",
    }
    assert {key for key, _ in mime.headers_of(head)} <= allowed
    read = mime.parse(raw)
    assert mime.decode_header(read.header("subject")) == mime.decode_header(subject.encode("utf-8")) or "=?" in subject
    assert [c.address for c in mime.addresses(read.header("to"))] == ["a@b.mssante.fr"]
    assert [c.address for c in mime.addresses(read.header("from"))] == [BAL.address]


@settings(max_examples=150, deadline=1000)
@given(
    st.text(
        alphabet=st.one_of(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff"), st.sampled_from("\n.= -"))
    )
)
def test_the_text_arrives_as_it_was_written(text: str) -> None:
    read = mime.parse(sent(replace(DRAFT, text=text)))
    assert read.text.strip("\n") == text.strip("\n") or not text.strip()


def test_a_read_receipt_is_read_as_one() -> None:
    """RFC 8098, ECO.3.1.6."""
    raw = read_receipt(
        BAL, "Dr_Claire_VASSEUR", "NIL-42", "<m@x>", NOW, to="a@b.fr", original_id="<o@x>", subject="Été"
    )
    message = parsed(raw)
    assert message["X-MSS-NIL"] == "NIL-42"
    assert message.get_content_type() == "multipart/report"
    assert message.get_param("report-type") == "disposition-notification"
    report = reports.read(raw)
    assert report is not None
    assert (report.kind.value, report.original_message_id) == ("mdn", "<o@x>")
    assert [(o.address, o.fate) for o in report.outcomes] == [(BAL.address, Fate.READ)]


def test_the_subject_that_documents_ask_for() -> None:
    """ECO.2.1.3."""
    documents = read_xdm(archives.archive()).documents
    assert health_subject(documents) == "XDM/1.0/DDM+Synthèse d'épisode PAT-TROIS DOMINIQUE 28/03/1979"
    assert health_subject(documents * 3) == "XDM/1.0/DDM+3 documents PAT-TROIS DOMINIQUE 28/03/1979"
    assert health_subject(()) == ""
