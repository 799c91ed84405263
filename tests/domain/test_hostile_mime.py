"""Small mails that were made to take minutes or gigabytes: read in a moment, or cut."""

from __future__ import annotations

import binascii
import resource
import time
from collections.abc import Callable, Iterator

import pytest

from mssclient.domain import mime, reports
from mssclient.domain.html_tags import MAX_ATTRIBUTES, TooMuch, rewritten
from mssclient.domain.html_text import html_to_text
from mssclient.engine.sanitise import sanitise

MILLION = 1_000_000
HEAD = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
WANTED = {name: frozenset[str]() for name in ("p", "b", "i", "div", "li", "table", "td")} | {"a": frozenset({"href"})}


@pytest.fixture
def soon() -> Iterator[None]:
    """Two seconds are promised for any message, on machines slower than this one."""
    begun = time.thread_time()
    yield
    assert time.thread_time() - begun < 4


def nested(levels: int, size: int) -> bytes:
    """Parts within parts, the innermost of so many bytes."""
    raw = b"Content-Type: text/plain\r\n\r\n" + b"x" * size
    for level in range(levels):
        head = b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level)
        raw = head + raw + b"\r\n--b%d--\r\n" % level
    return HEAD + raw


HTML = {
    "tags that never end": "<a" * MILLION,
    "blanks behind src": "src=" + " " * 200_000,
    "blanks behind url": "url(" + " " * 200_000,
    "attributes": "<a " + " ".join(f"x{n}=y" for n in range(200_000)) + ">",
    "attributes behind a quote": '<a x=">" ' + " ".join(f"x{n}" for n in range(200_000)) + ">",
    "styles opened again in every block": "<p>" + "".join(f"<b id={n}>" for n in range(190)) + "</p><p>x" * 14_000,
    "slashes that end nothing": "<div/>" * 29_000,
    "ends of what was never begun": "<div></x>" * 14_500,
    "signs": "<" * 2 * MILLION,
    "comments": "<!-->" * 400_000,
}


@pytest.mark.parametrize("html", HTML.values(), ids=HTML.keys())
def test_html_is_made_harmless_in_a_moment(soon: None, html: str) -> None:
    assert len(sanitise(html).html) < 10 * MILLION
    html_to_text(html)


def report(notification: bytes) -> bytes:
    """A read receipt."""
    return (
        HEAD + b"Content-Type: multipart/report; report-type=disposition-notification; boundary=q\r\n\r\n--q\r\n"
        b"Content-Type: message/disposition-notification\r\n\r\n" + notification + b"\r\n--q--\r\n"
    )  # fmt: skip


MAILS: dict[str, Callable[[], bytes]] = {
    "blanks behind error": lambda: report(b"Disposition: a/b; failed\r\nError: error" + b" " * 400_000 + b"x"),
    "flowed lines": lambda: HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"> \n" * 1_300_000,
    "uuencoded lines": lambda: HEAD + b"Content-Transfer-Encoding: x-uuencode\r\n\r\n" + b"begin\n" * 2_000_000,
    "html in many parts": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=q\r\n\r\n"
        + (b"--q\r\nContent-Type: text/html\r\n\r\n" + b"<b>x</b>" * 8000 + b"\r\n") * 400
    ),
}  # fmt: skip


@pytest.mark.parametrize("made", MAILS.values(), ids=MAILS.keys())
def test_mail_is_read_in_a_moment(made: Callable[[], bytes]) -> None:
    raw = made()
    begun = time.thread_time()
    mime.parse(raw)
    if len(raw) < reports.MOST_BYTES:
        reports.read(raw)
    assert time.thread_time() - begun < 5


def test_parts_within_parts_do_not_multiply_a_message() -> None:
    raw = nested(19, 20 * MILLION)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert mime.parse(raw).truncated
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 220 * 1024


def test_parts_within_parts_of_usual_size_are_all_read() -> None:
    parsed = mime.parse(nested(19, 100))
    assert not parsed.truncated
    assert parsed.text == "x" * 100


def test_a_long_uuencoded_file_is_whole() -> None:
    content = bytes(range(256)) * 40_000
    lines = b"".join(binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    raw = HEAD + b'Content-Type: application/pdf; name="a.pdf"\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n'
    raw += b"begin 644 a.pdf\r\n" + lines.replace(b"\n", b"\r\n") + b"`\r\nend\r\n"
    assert mime.parse(raw).attachments[0].content == content


# HTML written anew


@pytest.mark.parametrize(
    ("html", "plain"),
    [
        ("<P CLASS=x>Bonjour<BR>a &lt; b &amp; c", "<p>Bonjour" + "a &lt; b &amp; c"),
        ('<a href="https://a.example/?x=1&y=2" onclick=x>ici</a>', '<a href="https://a.example/?x=1&y=2">ici</a>'),
        ("<a href='x\">'>ici", '<a href="x&quot;>">ici'),
        ("<a href=x/y>ici", '<a href="x/y">ici'),
        ("1 < 2 <3", "1 &lt; 2 &lt;3"),
        ("a<!-- <b> -->b<!-->c<?x?>d<![CDATA[e]]>f", "abcdf"),
        ("a<script>if (a<b) '</p>'</script>b<style>p{}</STYLE >c<title>d", "abc"),
        ("<textarea><b></textarea>x", "&lt;b>x"),
        ("<b/>x", "<b>x"),
        ("<svg/><b>x", "<b>x"),
        ("<svg viewBox=x><path d='>'/></svg>x", "<svg></svg>x"),
        ("<unknown a=b><b>x</b></unknown>", "<b>x</b>"),
        ('x<a href="never ends', "x"),
        ("<b\0>x", "<b>x"),
    ],
)
def test_html_is_written_anew(html: str, plain: str) -> None:
    assert rewritten(html, WANTED) == plain


def test_what_people_write_is_not_too_much() -> None:
    rows = "<tr><td width=10><p>valeur<li>point</td></tr>" * 2_000
    assert rewritten(f"<table>{rows}</table>", WANTED).count("valeur") == 2_000
    assert rewritten("<p>un paragraphe de plus" * 5_000, WANTED).count("<p>") == 5_000


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 300,
        "<b>" * 30_001,
        "<a " + "x " * (MAX_ATTRIBUTES + 1) + ">",
        "<b><i>" * 3 + "<div></div>" * 100_000,
    ],
)
def test_too_much_is_refused(html: str) -> None:
    with pytest.raises(TooMuch):
        rewritten(html, WANTED)
