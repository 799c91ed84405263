"""Messages as they come: headers, bodies, attachments, and what is meant to hurt."""

from __future__ import annotations

import email.policy
import time
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain import mime
from mssclient.domain.address import CorrespondentKind, fold
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.type_codes import TYPE_LABELS

PNG = b"\x89PNG\r\n\x1a\n123"


def rich() -> bytes:
    message = EmailMessage()
    message["Subject"] = "Été à l’EHPAD"
    message["From"] = "Dr_Claire_VASSEUR <claire.vasseur@ch.mssante.fr>"
    message["To"] = "a@b.mssante.fr"
    message.set_content("Bonjour é\n")
    message.add_alternative('<p>Bonjour <b>é</b></p><img src="cid:abc">', subtype="html")
    message.get_payload()[1].add_related(PNG, "image", "jpeg", cid="<abc>")  # type: ignore[union-attr, index]
    message.add_attachment(b"%PDF-1.4 x", "application", "octet-stream", filename="résumé.pdf")
    inner = EmailMessage()
    inner["Subject"] = "XDM/1.0/DDM+Vieux courrier"
    inner.set_content("x")
    message.add_attachment(inner)
    return message.as_bytes(policy=email.policy.SMTP)


def test_a_rich_message() -> None:
    parsed = mime.parse(rich())
    assert parsed.text == "Bonjour é"
    assert parsed.html.startswith("<p>Bonjour <b>é</b>")
    assert mime.decode_header(parsed.header("subject")) == "Été à l’EHPAD"
    assert [(a.name, a.media_type, a.inline, a.number) for a in parsed.attachments] == [
        ("document-1-2-2.png", "image/png", True, "1.2.2"),
        ("résumé.pdf", "application/pdf", False, "2"),
        ("Vieux courrier.eml", "message/rfc822", False, "3"),
    ]
    assert parsed.attachments[0].content == PNG
    assert not parsed.truncated


@pytest.mark.parametrize("newline", [b"\r\n", b"\n", b"\r"])
def test_any_line_ending(newline: bytes) -> None:
    raw = rich().replace(b"\r\n", newline)
    parsed = mime.parse(raw)
    assert parsed.text == "Bonjour é"
    assert len(parsed.attachments) == 3


def simple(headers: str, body: bytes) -> mime.Parsed:
    return mime.parse(b"Subject: x\r\n" + headers.encode() + b"\r\n\r\n" + body)


@pytest.mark.parametrize(
    ("charset", "raw"),
    [
        ("utf-8", "é".encode()),
        ("utf-8", b"\xe9"),
        ("iso-8859-1", b"\xe9"),
        ("iso-8859-1", "é".encode()),
        ("us-ascii", b"\xe9"),
        ("windows-1252", b"\xe9"),
        ("cp-850", b"\x82"),
        ("x-unknown", "é".encode()),
        ("nonsense", b"\xe9"),
        ("", "é".encode()),
        ("utf-16", "é".encode("utf-16")),
        ('"ISO-8859-15"', b"\xe9"),
        ("rot13", "é".encode()),
        ("unicode_escape", "é".encode()),
    ],
)
def test_charsets_that_lie(charset: str, raw: bytes) -> None:
    assert simple(f"Content-Type: text/plain; charset={charset}", raw).text == "é"


def test_only_html_gives_its_words() -> None:
    html = (
        b"<html><head><title>t</title><style>p{}</style></head><body><p>Un &amp; deux<br>trois</p><ul><li>a<li>b</ul>"
        b"<script>alert(1)</script><table><tr><td>x</td><td>y</td></tr></table><!-- c --></body>"
    )
    assert simple("Content-Type: text/html", html).text == "Un & deux\ntrois\n\n• a\n• b\n\nx  y"


def test_a_plain_footer_does_not_hide_an_html_body() -> None:
    body = b"--b\r\nContent-Type: text/html\r\n\r\n<p>le message</p>\r\n"
    body += b"--b\r\nContent-Type: text/plain\r\n\r\npied\r\n--b--"
    parsed = simple("Content-Type: multipart/mixed; boundary=b", body)
    assert parsed.text == "le message\n\npied"
    assert "<pre>pied</pre>" in parsed.html


def test_an_empty_plain_alternative_gives_way_to_html() -> None:
    body = b"--b\r\nContent-Type: text/plain\r\n\r\n \r\n--b\r\nContent-Type: text/html\r\n\r\n<p>ici</p>\r\n--b--"
    assert simple("Content-Type: multipart/alternative; boundary=b", body).text == "ici"


def test_flowed_text_is_joined() -> None:
    body = b"Une phrase \r\nqui continue\r\n> citation \r\n> longue\r\n-- \r\nsignature"
    parsed = simple("Content-Type: text/plain; format=flowed", body)
    assert parsed.text == "Une phrase qui continue\n> citation longue\n-- \nsignature"


@pytest.mark.parametrize(
    "body",
    [
        b"preamble\r\n--b\r\n\r\nhello\r\n--b--\r\nepilogue",
        b"--b\r\n\r\nhello",
        b"--b  \r\n\r\nhello\r\n--b",
        b"hello",
        b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--",
        b"--bb\r\n--b\r\n\r\nhello\r\n--b--",
    ],
)
def test_careless_boundaries(body: bytes) -> None:
    text = simple("Content-Type: multipart/mixed; boundary=b", body).text
    assert text.strip() == "hello"


@pytest.mark.parametrize(
    ("encoding", "raw"),
    [
        ("base64", b"aGVsbG8="),
        ("base64", b"aGVs\r\nbG8"),
        ("BASE64", b" aGVs!bG8= "),
        ("quoted-printable", b"hel=\r\nlo"),
        ("quoted-printable", b"he=6C=6co"),
        ("7bit", b"hello"),
        ("nonsense", b"hello"),
        ("x-uuencode", b"begin 644 f\n%:&5L;&\\ \n`\nend\n"),
    ],
)
def test_transfer_encodings(encoding: str, raw: bytes) -> None:
    assert mime.decoded(raw, encoding).startswith(b"hello")


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=utf-8''r%C3%A9sum%C3%A9.pdf", "résumé.pdf"),
        ('attachment; filename="=?utf-8?Q?r=C3=A9s?="', "rés"),
        ("attachment; filename*0*=iso-8859-1''r%E9; filename*1=s.pdf", "rés.pdf"),
        ("attachment; filename=deux mots.pdf", "deux mots.pdf"),
        ('attachment; filename="..\\\\..\\\\C:\\\\x.pdf"', "x.pdf"),
        ("attachment; filename=../../etc/passwd", "passwd"),
        ('attachment; filename="a\u202efdp.exe"', "a fdp.exe"),
        ("attachment; filename=..", "document-1.pdf"),
        ("attachment", "document-1.pdf"),
    ],
)
def test_file_names(disposition: str, name: str) -> None:
    headers = f"Content-Type: application/pdf\r\nContent-Disposition: {disposition}"
    assert simple(headers, b"%PDF-1.4").attachments[0].name == name


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"=?utf-8?B?w6nD?= =?utf-8?B?qQ==?=", "éé"),
        (b"=?ISO-8859-1?Q?caf=E9_noir?= suite", "café noir suite"),
        (b"caf\xe9", "café"),
        ("café".encode(), "café"),
        (b"a\r\n b", "a b"),
        (b"=?utf-8?Q?a=0Ab?=", "a b"),
        (b"=?utf-8?X?a?=", "=?utf-8?X?a?="),
        (b"=?utf-8?B?!!!?=", ""),
        (b"=?utf-8*fr?Q?=C3=A9?=", "é"),
        ("x\u202ey".encode(), "x y"),
        (b"plain", "plain"),
    ],
)
def test_unstructured_headers(raw: bytes, text: str) -> None:
    assert mime.decode_header(raw) == text


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (
            "Dr_Claire_VASSEUR_CH <Claire.Vasseur@CH.mssante.fr>",
            [("Dr_Claire_VASSEUR_CH", "claire.vasseur@ch.mssante.fr")],
        ),
        (
            '"Vasseur, Claire" <a@b.fr>, c@d.fr (Jean (x) Dupont), undisclosed-recipients:;',
            [("Vasseur, Claire", "a@b.fr"), ("Jean (x) Dupont", "c@d.fr")],
        ),
        ("Amis: a@b.fr, <c@d.fr>; e@f.fr", [("", "a@b.fr"), ("", "c@d.fr"), ("", "e@f.fr")]),
        ("Jean <a@b", [("Jean", "a@b")]),
        ("<@x,@y:c@d.fr>", [("", "c@d.fr")]),
        ("", []),
        ("'Jean' <a@b.fr>", [("Jean", "a@b.fr")]),
        ("=?utf-8?Q?H=C3=A9l=C3=A8ne?= <a@b.fr>; c@d.fr", [("Hélène", "a@b.fr"), ("", "c@d.fr")]),
        ('"a\\"b" <x@y.fr>', [('a"b', "x@y.fr")]),
        ("Jean Dupont a@b.fr", [("Jean Dupont", "a@b.fr")]),
    ],
)
def test_address_headers(header: str, expected: list[tuple[str, str]]) -> None:
    assert [(c.label, c.address) for c in mime.addresses(header)] == expected


def test_kinds_of_correspondents() -> None:
    (usager,) = mime.addresses("279035121518989@patient.mssante.fr")
    assert usager.kind is CorrespondentKind.USAGER
    assert mime.addresses("x <not an address>")[0].kind is CorrespondentKind.OUTSIDE


def test_ten_thousand_headers_in_a_second() -> None:
    start = time.thread_time()
    for number in range(10_000):
        mime.addresses(f"Dr_Claire_VASSEUR_CH <claire.vasseur{number}@ch.mssante.fr>")
        mime.decode_header(b"=?utf-8?Q?R=C3=A9sultat?= de biologie")
    assert time.thread_time() - start < 1.5


@pytest.mark.parametrize(
    ("subject", "shown", "name", "born"),
    [
        (
            "XDM/1.0/DDM+ECHOGRAPHIE ABDOMINOPELVIENNE CORSE FIGATELLIX 12/10/1988",
            "ECHOGRAPHIE ABDOMINOPELVIENNE CORSE FIGATELLIX 12/10/1988",
            "CORSE FIGATELLIX",
            "1988-10-12",
        ),
        (
            "XDM/1.0/DDM+2 documents DE LA TOUR Jean 01/02/1930",
            "2 documents DE LA TOUR Jean 01/02/1930",
            "DE LA TOUR Jean",
            "1930-02-01",
        ),
        (
            "Re: XDM/1.0/DDM+[Annule et remplace] Compte rendu de biologie PAT-TROIS DOMINIQUE",
            "Re: [Annule et remplace] Compte rendu de biologie PAT-TROIS DOMINIQUE",
            "PAT-TROIS DOMINIQUE",
            "",
        ),
        (
            "[Annule et remplace] xdm/1.0/ddm+Lettre de sortie NESSI Ruth 14/07/1977",
            "[Annule et remplace] Lettre de sortie NESSI Ruth 14/07/1977",
            "NESSI Ruth",
            "1977-07-14",
        ),
        ("XDM/1.0/DDM+", "", "", ""),
    ],
)
def test_subjects_of_mails_with_documents(subject: str, shown: str, name: str, born: str) -> None:
    """ECO.2.1.3, ECO.3.1.3."""
    assert mime.shown_subject(subject) == shown
    mark = mime.xdm_subject(subject)
    assert mark is not None
    assert (mark.name, mark.birth_date, mark.matricule, mark.qualified) == (name, born, "", False)


@pytest.mark.parametrize("label", sorted(set(TYPE_LABELS.values())))
def test_every_label_is_told_from_the_name_behind_it(label: str) -> None:
    """As the norm cuts it, in capitals and without accents as most software writes it (ECO.2.1.3)."""
    for written in (label[:40].strip(), fold(label[:40]).upper() if "'" not in label else label[:40].strip().upper()):
        mark = mime.xdm_subject(f"XDM/1.0/DDM+{written} NESSI Ruth 14/07/1977")
        assert mark is not None
        assert mark.name == "NESSI Ruth"


def test_other_subjects_are_left_alone() -> None:
    assert mime.shown_subject("Les archives XDM  de mars") == "Les archives XDM de mars"
    assert mime.xdm_subject("Les archives XDM de mars") is None


def test_dates() -> None:
    assert str(mime.sent_date("Mon, 15 Jan 2024 10:00:00 +0100")) == "2024-01-15 10:00:00+01:00"
    assert mime.sent_date("Mon, 15 Jan 2024 10:00:00 -0000") is not None
    for senseless in ("", "hier", "Mon, 15 Jan 1901 10:00:00 +0100", "Mon, 32 Jan 2024 10:00:00 +0100", "0 0 0 0 0"):
        assert mime.sent_date(senseless) is None


@pytest.mark.parametrize(
    ("raw", "reason"), [(b"", Unread.EMPTY), (b"\r\n \n", Unread.EMPTY), (b"no header here", Unread.NOT_IT)]
)
def test_what_is_no_message(raw: bytes, reason: Unread) -> None:
    with pytest.raises(Unreadable) as caught:
        mime.parse(raw)
    assert caught.value.reason is reason


def test_a_message_over_the_limit() -> None:
    with pytest.raises(Unreadable):
        mime.parse(b"A: b\n\n" + bytes(100), mime.Limits(size=50))


def test_an_mbox_line_and_a_bom_are_skipped() -> None:
    assert mime.parse(b"From x@y Mon Jan 15\nSubject: s\n\nhi").text == "hi"
    assert mime.parse(b"\xef\xbb\xbfSubject: s\n\nhi").header("subject") == "s"


MIXED = b"Content-Type: multipart/mixed; boundary=x\n\n"
HOSTILE = {
    "nested": b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000)),
    "boundaries": MIXED + b"\n--xy" * 2_000_000,
    "parts": MIXED + b"\n--x\n\na" * 300_000,
    "headers": b"A: b\n" * 1_000_000,
    "folding": b"A: b\n" + b" x\n" * 1_000_000,
    "parameters": b"Content-Type: text/plain" + b";a*1=x" * 50_000 + b"\n\nhi",
    "unclosed tags": b"Content-Type: text/html\n\n" + b'<a "' * 500_000,
    "comments": b"Content-Type: text/html\n\n" + b"<!--" * 500_000,
    "scripts": b"Content-Type: text/html\n\n" + b"<script></scrip>" * 200_000,
    "quotes": b"Content-Type: text/html\n\n" + b'<a b=">' * 300_000,
    "flowed": b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 2_000_000,
    "addresses": b"To: " + b"(a" * 100_000 + b"\n\nx",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages_end_in_time(name: str) -> None:
    start = time.thread_time()
    parsed = mime.parse(HOSTILE[name])
    mime.addresses(parsed.header("to"))
    assert time.thread_time() - start < 2
    assert len(parsed.attachments) <= 500


@pytest.mark.parametrize("text", ["<", "(", '"', "=?", "a,", "\\", "=?a?q?", " ", ';a="', "(a", " <", "a ", "@", "<a>"])
def test_hostile_headers_end_in_time(text: str) -> None:
    value = text * (60_000 // len(text))
    start = time.thread_time()
    mime.addresses(value)
    mime.decode_header(value)
    mime.parameters(value)
    mime.message_ids(value)
    mime.xdm_subject("XDM/1.0/DDM+" + value)
    mime.sent_date(value)
    assert time.thread_time() - start < 1


@settings(max_examples=200, deadline=1000)
@given(st.binary(max_size=400), st.sampled_from([b"", MIXED, b"Content-Type: text/html\n\n", b"To: "]))
def test_any_bytes_parse_or_are_refused(data: bytes, before: bytes) -> None:
    try:
        parsed = mime.parse(before + data)
    except Unreadable:
        return
    assert "\0" not in parsed.text
    for key, value in parsed.headers:
        assert key == key.lower()
        mime.decode_header(value)
        mime.addresses(value)
