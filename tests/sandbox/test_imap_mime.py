"""BODYSTRUCTURE, ENVELOPE and sections of tricky messages, held against the bytes and against Python's email."""

from __future__ import annotations

import base64
import email
import email.policy
import io
import quopri
import re
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mssclient.sandbox.imap_fetch import plan
from mssclient.sandbox.imap_mime import Node, parameters, parse
from mssclient.sandbox.imap_structure import addresses, bodystructure, envelope
from mssclient.sandbox.imap_syntax import Atom, Bad, compact, decoded, encoded, tokens
from mssclient.sandbox.mailstore import Message, crlf
from mssclient.sandbox.operator import Operator
from tests.sandbox.sandbox_kit import PER, opened, sandbox


def _wire(text: str) -> bytes:
    return crlf(text.encode())


NESTED = _wire("""\
From: Dr A <a@x.mss.example>
Subject: dehors
Content-Type: multipart/mixed; boundary="b1"

préambule
--b1
Content-Type: multipart/alternative; boundary="b1x"

--b1x
Content-Type: text/plain; charset=utf-8

un
deux
--b1x
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: quoted-printable

<p>un</p>
--b1x--
--b1
Content-Type: message/rfc822
Content-Disposition: attachment; filename*=utf-8''r%C3%A9ponse.eml

From: "B, C" <bc@x.mss.example>
Subject: dedans
Content-Type: multipart/mixed; boundary=b2

--b2

sans en-tête
--b2
Content-Type: application/pdf; name="a b.pdf"
Content-ID: <1@x>
Content-Transfer-Encoding: base64

JVBERi0=
--b2--
--b1
Content-Type: message/rfc822

Subject: simple

corps
--b1--
épilogue
""")


def _section(raw: bytes, item: str) -> bytes:
    text = plan([Atom(item.encode())], uid=False, modseq=False).render(
        Message(1, raw, frozenset(), None, 1)  # type: ignore[arg-type]
    )
    label, rest = re.fullmatch(rb"(BODY\[[^]]*\](?:<\d+>)?) (.*)", text, re.DOTALL).groups()
    assert label.upper().startswith(item.upper().replace(".PEEK", "").partition("<")[0].encode())
    if rest == b"NIL":
        return b"<nil>"
    size, _, content = rest.partition(b"\r\n")
    assert size == b"{%d}" % len(content)
    return content


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("1.1", b"un\r\ndeux"),
        ("1.2", b"<p>un</p>"),
        ("1.1.MIME", b"Content-Type: text/plain; charset=utf-8\r\n\r\n"),
        ("2.HEADER.FIELDS (SUBJECT)", b"Subject: dedans\r\n\r\n"),
        ("2.1", "sans en-tête".encode()),
        ("2.2", b"JVBERi0="),
        ("2.2.MIME",
         (b'Content-Type: application/pdf; name="a b.pdf"\r\nContent-ID: <1@x>\r\n'
         b"Content-Transfer-Encoding: base64\r\n\r\n")),
        ("3", b"Subject: simple\r\n\r\ncorps"),
        ("3.1", b"corps"),
        ("3.TEXT", b"corps"),
        ("3.HEADER", b"Subject: simple\r\n\r\n"),
        ("4", b"<nil>"),
        ("1.3", b"<nil>"),
        ("3.1.1", b"<nil>"),
        ("1.HEADER", b"<nil>"),
        ("HEADER.FIELDS (subject X-None)", b"Subject: dehors\r\n\r\n"),
        ("HEADER.FIELDS.NOT (Subject From)", b'Content-Type: multipart/mixed; boundary="b1"\r\n\r\n'),
    ],
)  # fmt: skip
def test_sections_are_exact_slices(section, expected):
    assert _section(NESTED, f"BODY.PEEK[{section}]") == expected


def test_whole_header_and_text_make_the_message():
    assert _section(NESTED, "BODY[HEADER]") + _section(NESTED, "BODY[TEXT]") == _section(NESTED, "BODY[]") == NESTED


def test_partials():
    whole = _section(NESTED, "BODY[]")
    assert _section(NESTED, "BODY[]<10.20>") == whole[10:30]
    assert _section(NESTED, "BODY[]<999999.5>") == b""
    with pytest.raises(Bad):
        plan([Atom(b"BODY[]<0.0>")], uid=False, modseq=False)


def test_bodystructure_of_nested_messages():
    inner = NESTED.split(b".eml\r\n\r\n")[1].split(b"\r\n--b1\r\n")[0]
    size, lines = b"%d" % len(inner), b"%d" % inner.count(b"\n")
    assert bodystructure(parse(NESTED)) == (
        b'((("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 8 1 NIL NIL NIL NIL)'
        b'("text" "html" ("charset" "utf-8") NIL NIL "quoted-printable" 9 0 NIL NIL NIL NIL)'
        b' "alternative" ("boundary" "b1x") NIL NIL NIL)'
        b'("message" "rfc822" NIL NIL NIL "7bit" ' + size + b" "
        b'(NIL "dedans" (("B, C" NIL "bc" "x.mss.example")) (("B, C" NIL "bc" "x.mss.example")) '
        b'(("B, C" NIL "bc" "x.mss.example")) NIL NIL NIL NIL NIL) '
        b'(("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 13 0 NIL NIL NIL NIL)'
        b'("application" "pdf" ("name" "a b.pdf") "<1@x>" NIL "base64" 8 NIL NIL NIL NIL)'
        b' "mixed" ("boundary" "b2") NIL NIL NIL) '
        + lines
        + b' NIL ("attachment" ("filename*" "utf-8\'\'r%C3%A9ponse.eml")) '
        b"NIL NIL)"
        b'("message" "rfc822" NIL NIL NIL "7bit" 24 (NIL "simple" NIL NIL NIL NIL NIL NIL NIL NIL) '
        b'("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 5 0 NIL NIL NIL NIL) 2 NIL NIL NIL NIL)'
        b' "mixed" ("boundary" "b1") NIL NIL NIL)'
    )


def _leaves(node: Node) -> Iterator[Node]:
    if node.children:
        for child in node.children:
            yield from _leaves(child)
    else:
        yield node


def test_parts_of_a_health_message_are_those_that_python_reads():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as pack:
        pack.writestr("IHE_XDM/SUBSET01/METADATA.XML", "<x/>" * 500)
    message = EmailMessage()
    message["Subject"] = "XDM/1.0/DDM+Compte rendu"
    message.set_content("Bonjour à tous\n")
    message.add_alternative("<p>Bonjour à tous</p>", subtype="html")
    message.add_attachment(archive.getvalue(), maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    message.add_attachment(b"%PDF-1.7" * 1000, maintype="application", subtype="pdf", filename="été très long.pdf")
    raw = message.as_bytes(policy=email.policy.SMTP)
    ours = list(_leaves(parse(raw)))
    theirs = [part for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
    assert len(ours) == len(theirs) == 4
    for mine, other in zip(ours, theirs, strict=True):
        assert f"{mine.type.decode()}/{mine.subtype.decode()}" == other.get_content_type()
        encoding = (mine.field(b"content-transfer-encoding") or b"8bit").decode()
        sent = {"base64": base64.b64decode, "quoted-printable": quopri.decodestring}.get(encoding, bytes)(mine.content)
        assert sent.rstrip() == other.get_payload(decode=True).rstrip()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"no header at all",
        b"Content-Type: multipart/mixed\r\n\r\nno boundary",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\nnothing there",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n--x\r\n\r\n--x",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nnever closed",
        b"Content-Type: //;;=\r\n\r\nx",
        b"Content-Type: message/rfc822\r\n\r\n",
        b'Content-Type: text/plain; name="open\r\n\r\nx',
        b"Content-Type: multipart/digest; boundary=x\r\n\r\n--x\r\n\r\nSubject: in\r\n\r\nb\r\n--x--",
        b"".join(b"Content-Type: message/rfc822\r\n\r\n" for _ in range(500)),
        b"Subject: \xff\xfe \x00\r\nFrom: (((\r\nTo: <<@@>>,;:,\r\n\r\n",
    ],
)
def test_damaged_messages_still_have_a_structure_that_a_client_reads(tmp_path, raw):
    node = parse(raw)
    assert bodystructure(node).count(b"(") >= 1
    assert node.header + node.content == raw


@pytest.fixture(scope="module")
def operator(tmp_path_factory) -> Iterator[Operator]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def test_imapclient_reads_the_structure_and_the_envelope(operator):
    uid = operator.deliver(PER, NESTED, ("Archives",))
    with opened(operator) as client:
        client.select_folder("Archives")
        fetched = client.fetch([uid], ["BODYSTRUCTURE", "ENVELOPE", "BODY"])[uid]
    structure = fetched[b"BODYSTRUCTURE"]
    assert structure.is_multipart
    assert [part[0] for part in structure[0][1:]] == [b"message", b"message"]
    assert structure[0][1][8][1][:2] == (b"application", b"pdf")
    assert fetched[b"ENVELOPE"].subject == b"dehors"
    assert fetched[b"ENVELOPE"].from_[0].mailbox == b"a"


def test_a_literal_carries_what_quotes_cannot(operator):
    uid = operator.deliver(PER, 'Subject: été "brut"\r\nFrom: é@x\r\n\r\nx'.encode(), ("Archives",))
    with opened(operator) as client:
        client.select_folder("Archives")
        assert client.fetch([uid], ["ENVELOPE"])[uid][b"ENVELOPE"].subject == 'été "brut"'.encode()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"a@b.c", [(None, b"a", b"b.c")]),
        (b"Dr. Jean Demo <j@b.c>, <k@b.c>", [(b"Dr. Jean Demo", b"j", b"b.c"), (None, b"k", b"b.c")]),
        (rb'"Demo, \"Jean\"" <j@b.c>', [(b'Demo, "Jean"', b"j", b"b.c")]),
        (b"j@b.c (Jean Demo)", [(b"Jean Demo", b"j", b"b.c")]),
        (b"=?utf-8?Q?=C3=A9?= <e@b.c>", [(b"=?utf-8?Q?=C3=A9?=", b"e", b"b.c")]),
        (b"<@r1,@r2:j@b.c>", [(None, b"j", b"b.c")]),
        (b"equipe: a@b.c, d@e.f;, g@h.i",
         [(None, b"equipe", None), (None, b"a", b"b.c"), (None, b"d", b"e.f"), (None, None, None),
          (None, b"g", b"h.i")]),
        (b"undisclosed-recipients:;", [(None, b"undisclosed-recipients", None), (None, None, None)]),
        (b"sans-arobase", [(None, b"sans-arobase", b"")]),
        (b"", []),
        (b", ,", []),
    ],
)  # fmt: skip
def test_addresses(value, expected):
    assert addresses(value) == expected


def test_envelope_defaults_sender_and_reply_to_to_from():
    text = envelope(parse(b"From: a@b.c\r\nReply-To: r@b.c\r\nSubject: x\r\n y\r\n\r\n"))
    assert text == (
        b'(NIL "x y" ((NIL NIL "a" "b.c")) ((NIL NIL "a" "b.c")) ((NIL NIL "r" "b.c")) NIL NIL NIL NIL NIL)'
    )


def test_parameters_drop_comments_and_keep_continuations():
    head, params = parameters(b'Attachment (x); filename*0="a;b"; filename*1*=c%20d; size=3 (y)')
    assert head == b"attachment"
    assert params == ((b"filename*0", b"a;b"), (b"filename*1*", b"c%20d"), (b"size", b"3"))


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=30))
def test_mailbox_names_come_back(name):
    assert decoded(encoded(name)) == name
    assert encoded(name).isascii()


@given(st.sets(st.integers(1, 60)))
def test_compact_sets_say_the_same(numbers):
    spelt = compact(numbers)
    pieces = [piece.partition(":") for piece in spelt.split(",") if piece]
    assert {n for low, _, high in pieces for n in range(int(low), int(high or low) + 1)} == numbers


@given(st.binary(max_size=400))
def test_no_bytes_break_the_parser(raw):
    message = crlf(raw)
    bodystructure(parse(message))
    envelope(parse(message))


def test_tokens_with_literals():
    assert tokens([b'STORE "a\\"b" (x ', b" y) BODY[HEADER.FIELDS (A B)]<0.1>"], [b"(lit"]) == [
        b"STORE", b'a"b', [b"x", b"(lit", b"y"], b"BODY[HEADER.FIELDS (A B)]<0.1>",
    ]  # fmt: skip
