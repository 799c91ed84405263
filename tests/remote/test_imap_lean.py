"""FETCH responses, byte by byte: usual ones, odd ones, hostile ones."""

from __future__ import annotations

import contextlib
import datetime as dt
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.domain.address import CorrespondentKind
from mssclient.domain.errors import Offline
from mssclient.domain.message import PartSpec
from mssclient.remote import imap_lean
from mssclient.remote.imap_lean import envelope, flag_line, parts_of, value_at

PLAIN = b'("text" "plain" ("charset" "utf-8") NIL NIL "quoted-printable" 120 4 NIL NIL NIL NIL)'


def response(block: bytes, structure: bytes = PLAIN, *, order: str = "usual") -> bytes:
    """A FETCH response for a header block."""
    literal = b"BODY[HEADER.FIELDS (DATE FROM)] {%d}\r\n%s" % (len(block), block)
    fixed = b'UID 7 FLAGS (\\Seen \\Recent $MDNSent) INTERNALDATE "21-Nov-2026 04:05:06 +0100" RFC822.SIZE 900'
    if order == "Dovecot's":
        return b"3 FETCH (%s MODSEQ (42) BODYSTRUCTURE %s %s)" % (fixed, structure, literal)
    if order == "usual":
        return b"3 FETCH (%s BODYSTRUCTURE %s %s MODSEQ (42))" % (fixed, structure, literal)
    return b"3 FETCH (MODSEQ (42) %s %s BODYSTRUCTURE %s)" % (literal, fixed, structure)


HEADER = (
    b"Date: Sat, 21 Nov 2026 04:00:00 +0100\r\n"
    b"From: =?utf-8?q?Dr_H=C3=A9l=C3=A8ne_MARTIN_EHPAD?= <Helene.Martin@pro.mss.example>\r\n"
    b"To: matricule <255069900112345@patient.mssante.fr>,\r\n cabinet@pro.mss.example\r\n"
    b"Cc: ailleurs@example.com\r\n"
    b"Reply-To: accueil@pro.mss.example\r\n"
    b"Subject: XDM/1.0/DDM+Compte rendu\r\n =?utf-8?b?ZOKAmcOp?= =?utf-8?b?Y2hvZ3JhcGhpZQ==?=\r\n"
    b"Message-ID: <1@pro.mss.example>\r\nIn-Reply-To: <0@pro.mss.example>\r\n"
    b"References: <a@pro.mss.example>\r\n\t<0@pro.mss.example>\r\n"
    b"X-MSS-NIL: 1234\r\nX-MSS-INS: O\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
)


@pytest.mark.parametrize("order", ["usual", "Dovecot's", "odd"])
def test_an_envelope_says_what_the_header_says(order: str) -> None:
    found = envelope(response(HEADER, order=order))
    assert found is not None
    assert (found.uid, found.size, found.modseq, found.flags) == (7, 900, 42, {"\\Seen", "$MDNSent"})
    plus_one = dt.timezone(dt.timedelta(hours=1))
    assert found.received == dt.datetime(2026, 11, 21, 4, 5, 6, tzinfo=plus_one)
    assert found.sent == dt.datetime(2026, 11, 21, 4, 0, tzinfo=plus_one)
    assert found.sender.label == "Dr Hélène MARTIN EHPAD"
    assert found.sender.address == "helene.martin@pro.mss.example"
    assert [c.kind for c in found.to] == [CorrespondentKind.USAGER, CorrespondentKind.ORGANISATION]
    assert [c.kind for c in found.cc] == [CorrespondentKind.OUTSIDE]
    assert found.reply_to == "accueil@pro.mss.example"
    assert found.subject == "XDM/1.0/DDM+Compte rendu d’échographie"
    assert (found.message_id, found.in_reply_to) == ("<1@pro.mss.example>", "<0@pro.mss.example>")
    assert found.references == ("<a@pro.mss.example>", "<0@pro.mss.example>")
    assert dict(found.mss_headers) == {
        "x-mss-nil": "1234",
        "x-mss-ins": "O",
        "content-type": "multipart/mixed; boundary=x",
    }
    assert [p.media_type for p in found.parts] == ["text/plain"]


def test_an_empty_header_makes_an_empty_envelope() -> None:
    found = envelope(response(b"\r\n"))
    assert found is not None
    assert (found.subject, found.message_id, found.sender.address, found.to, found.sent) == ("", "", "", (), None)


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        (b"Date: 1 Jan 2026 10:00 +0000", dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)),
        (b"Date: Thu, 01 Jan 2026 10:00:60 GMT", dt.datetime(2026, 1, 1, 10, 0, 59, tzinfo=dt.UTC)),
        (b"Date: Thu, 1 Jan 2026 10:00:00 +0000 (UTC)", dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)),
        (b"Date: Thu, 32 Jan 2026 10:00:00 +0000", None),
        (b"Date: Thu, 1 Jan 0001 10:00:00 +0000", None),
        (b"Date: hier soir", None),
        (b"Date:", None),
    ],
)
def test_dates_are_read_or_left(line: bytes, sent: dt.datetime | None) -> None:
    found = envelope(response(line + b"\r\n\r\n"))
    assert found is not None
    if sent is None or found.sent is not None:
        assert found.sent == sent
    else:
        assert b":60" in line  # a leap second that the standard library does not know either


@pytest.mark.parametrize(
    "line", [b"5 EXISTS", b"3 FETCH (FLAGS (\\Seen))", b"3 FETCH (UID 7 FLAGS (\\Seen))", b"OK done", b""]
)
def test_other_responses_are_no_envelopes(line: bytes) -> None:
    assert envelope(line) is None


def test_flags_are_read_in_any_order_and_from_uid_fetches_only() -> None:
    assert flag_line(b"3 FETCH (UID 7 FLAGS (\\Seen a) MODSEQ (9))") == (7, {"\\Seen", "a"}, 9)
    assert flag_line(b"3 FETCH (FLAGS () UID 7)") == (7, frozenset(), 0)
    assert flag_line(b"3 FETCH (FLAGS (\\Seen))") is None
    assert flag_line(b"3 EXISTS") is None


def parts(structure: bytes) -> tuple[PartSpec, ...]:
    value, end = value_at(structure, 0)
    assert end == len(structure)
    usual = imap_lean.usual_parts(structure) if b"{" not in structure else parts_of(value)
    assert usual == parts_of(value), "both readers agree"
    return usual


def test_a_report_with_its_documents_is_numbered_as_the_server_numbers_it() -> None:
    structure = (
        b'((("text" "plain" ("charset" "ISO-8859-1") NIL NIL "8bit" 10 1 NIL NIL NIL NIL)'
        b'("text" "html" ("charset" "utf-8") NIL NIL "base64" 20 1 NIL NIL NIL NIL)'
        b' "alternative" ("boundary" "b") NIL NIL)'
        b'("image" "png" NIL "<logo@x>" NIL "base64" 30 NIL ("inline" NIL) NIL NIL)'
        b'("application" "zip" NIL NIL NIL "base64" 400 NIL ("attachment" ("filename" "IHE_XDM.ZIP")) NIL NIL)'
        b'("message" "rfc822" NIL NIL NIL "7bit" 500 ("d" "s" NIL NIL NIL NIL NIL NIL NIL NIL) '
        b'("text" "plain" NIL NIL NIL "7bit" 3 1 NIL NIL NIL NIL) 12 NIL '
        b'("attachment" ("filename" "transfert.eml")) NIL NIL)'
        b' "mixed" ("boundary" "a") NIL NIL)'
    )
    found = parts(structure)
    assert [(p.number, p.media_type, p.attachment, p.name) for p in found] == [
        ("1.1", "text/plain", False, ""),
        ("1.2", "text/html", False, ""),
        ("2", "image/png", True, ""),
        ("3", "application/zip", True, "IHE_XDM.ZIP"),
        ("4", "message/rfc822", True, "transfert.eml"),
    ]
    assert (found[0].charset, found[0].encoding, found[0].size) == ("iso-8859-1", "8bit", 10)
    assert found[2].content_id == "logo@x"


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        (b'("filename*" "utf-8\'\'r%C3%A9sultat.pdf")', "résultat.pdf"),
        (b'("filename*0*" "utf-8\'\'r%C3%A9" "filename*1" "sultat.pdf")', "résultat.pdf"),
        (b'("filename*0" "compte" "filename*1" " rendu.pdf")', "compte rendu.pdf"),
        (b'("filename" "=?utf-8?b?csOpc3VsdGF0LnBkZg==?=")', "résultat.pdf"),
        (b'("filename" "r\xc3\xa9sultat.pdf")', "résultat.pdf"),
        (b'("filename" "r\xe9sultat.pdf")', "résultat.pdf"),
        (b'("filename" {8}\r\na"b\\c.pd)', 'a"b\\c.pd'),
        (b'("filename*0" "a\\"b" "filename*1" ".pdf")', 'a"b.pdf'),
        (b'("filename" "fdp.\xe2\x80\xaeexe")', "fdp. exe"),
        (b'("filename")', "de-name.pdf"),
    ],
)
def test_file_names_are_read_however_they_are_written(parameters: bytes, name: str) -> None:
    structure = (
        b'("application" "pdf" ("name" "de-name.pdf") NIL NIL "base64" 9 NIL ("attachment" '
        + parameters
        + b") NIL NIL)"
    )
    assert parts(structure)[0].name == name


@pytest.mark.parametrize(
    "structure", [b"()", b'("text")', b'("text" NIL)', b"(())", b"(NIL)", b'(("text" "plain"))', b"((((()))))", b"NIL"]
)
def test_odd_structures_are_survived(structure: bytes) -> None:
    parts_of(value_at(structure, 0)[0])


@pytest.mark.parametrize("structure", [b"(", b")", b"(" * 5000, b'("a', b"({99}\r\n", b"", b'("a" {5}\r\nab)'])
def test_broken_structures_are_a_protocol_error(structure: bytes) -> None:
    with pytest.raises(Offline):
        value_at(structure, 0)


@pytest.mark.parametrize(
    "header",
    [
        b"From: " + b" " * 60_000 + b"x\r\n\r\n",
        b"From: " + b'"' * 60_000 + b"\r\n\r\n",
        b"From: " + b"(" * 60_000 + b"\r\n\r\n",
        b"From: " + b"a@b," * 15_000 + b"\r\n\r\n",
        b"Subject: " + b"=?utf-8?q?a?= " * 5_000 + b"\r\n\r\n",
        b"Subject: " + b"=?" * 30_000 + b"\r\n\r\n",
        b"References: " + b"<" * 60_000 + b"\r\n\r\n",
        b"Subject: x\r\n" + b" y\r\n" * 20_000 + b"\r\n",
        b"x" * 200_000,
    ],
)
def test_hostile_headers_cost_little(header: bytes) -> None:
    begin = time.perf_counter()
    assert envelope(response(header)) is not None
    assert time.perf_counter() - begin < 1.5


@given(st.binary(max_size=400))
def test_no_header_is_beyond_us(block: bytes) -> None:
    found = envelope(response(block))
    assert found is not None
    assert found.subject.isprintable() or "\xa0" in found.subject or not found.subject.isascii()


@given(st.binary(max_size=200))
def test_no_response_does_worse_than_offline(line: bytes) -> None:
    for content in (line, b"3 FETCH (" + line, b"3 FETCH (UID 7 BODYSTRUCTURE " + line):
        with contextlib.suppress(Offline):
            envelope(content)


def test_the_pace_is_far_above_that_of_general_libraries() -> None:
    lines = [response(HEADER.replace(b"<1@", b"<%d@" % at)) for at in range(2000)]
    begin = time.perf_counter()
    assert all(envelope(line) for line in lines)
    # The aim is 20,000 a second on a quiet machine; a busy one must still do a quarter of that.
    assert 2000 / (time.perf_counter() - begin) > 5_000
