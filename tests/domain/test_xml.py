"""Foreign XML: what is tolerated and what is refused."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain import xml
from mssclient.domain.errors import Unread, Unreadable


def refused(data: bytes, limits: xml.Limits = xml.DEFAULT) -> Unread:
    start = time.thread_time()
    with pytest.raises(Unreadable) as caught:
        xml.parse(data, limits)
    assert time.thread_time() - start < 2
    return caught.value.reason


def test_elements_text_tails_and_namespaces() -> None:
    root = xml.parse(b'<?xml version="1.0"?><!-- c --><a:r xmlns:a="urn:a" k="v">one<b/>two<c a:z="1">&lt;</c></a:r>')
    assert root.tag == "{urn:a}r"
    assert (root.text, root[0].tail, root[1].text) == ("one", "two", "<")
    assert root[1].attrib == {"{urn:a}z": "1"}
    assert (xml.local(root.tag), xml.namespace(root.tag), xml.namespace("b")) == ("r", "urn:a", "")
    assert xml.attribute(root, "k") == "v"
    assert xml.child(root, "c") is root[1]
    assert xml.child(root, "c", "nothing", "more") is None


@pytest.mark.parametrize("data", [
    b"\xef\xbb\xbf<r>\xc3\xa9</r>",
    b"\n  <?xml version='1.0'?><r>\xc3\xa9</r>\n\0\0",
    "<?xml version='1.0' encoding='UTF-16'?><r>é</r>".encode("utf-16"),
    b"<?xml version='1.0' encoding='UTF-16'?><r>\xc3\xa9</r>",
    b"<?xml version='1.0' encoding='iso-8859-1'?><r>\xe9</r>",
    b"<?xml version='1.0' encoding='utf-8'?><r>\xe9</r>",
    b"<?xml version='1.0' encoding='windows-1252'?><r>\xe9</r>",
    b"<?xml version='1.0' encoding='x-nobody'?><r>\xc3\xa9</r>",
    b"<r>\x0b\xc3\xa9\x01</r>",
])  # fmt: skip
def test_what_real_software_writes_is_tolerated(data: bytes) -> None:
    assert xml.parse(data).text == "é"


@pytest.mark.parametrize(
    "doctype", [b"<!DOCTYPE r>", b'<!DOCTYPE r [<!ENTITY a "x">]>', b'<!DOCTYPE r SYSTEM "http://x/">']
)
def test_a_doctype_is_refused(doctype: bytes) -> None:
    assert refused(doctype + b"<r>&a;</r>") is Unread.FORBIDDEN
    assert refused((doctype + b"<r/>").decode().encode("utf-16")) is Unread.FORBIDDEN


@pytest.mark.parametrize(
    "data", [b"<r>", b"<r></s>", b"text", b"<r/><r/>", b"<r a=1/>", b"<r>&unknown;</r>", b"\xff\xfe<"]
)
def test_broken_xml_is_damaged(data: bytes) -> None:
    assert refused(data) is Unread.DAMAGED


@pytest.mark.parametrize("data", [b"", b" \n\t", b"\xef\xbb\xbf", b"\0\0"])
def test_nothing_is_empty(data: bytes) -> None:
    assert refused(data) is Unread.EMPTY


@pytest.mark.parametrize("data", [
    b"<a>" * 200,
    b"<r>" + b"<a/>" * 200_000 + b"</r>",
    b"<r " + b" ".join(b'a%d=""' % n for n in range(400_000)) + b"/>",
    b"<!--" + b"x" * 3_000_000 + b"--><r/>",
    b"<r>" + b"<a xmlns='" + b"u" * 100_000 + b"'/>" * 10 + b"</r>",
    b"<r>" + b"x" * xml.DEFAULT.size + b"</r>",
])  # fmt: skip
def test_too_much_of_anything_is_refused(data: bytes) -> None:
    assert refused(data) is Unread.TOO_BIG


def test_one_long_text_is_read() -> None:
    """Real documents hold a text node of 435 kB, and base64 of several megabytes."""
    assert len(xml.parse(b"<r>" + b"x" * 10_000_000 + b"</r>").text or "") == 10_000_000


@settings(max_examples=200, deadline=1000)
@given(st.one_of(st.binary(max_size=300), st.text(alphabet="<>/a&;\"'= !-[]\n?", max_size=200).map(str.encode)))
def test_any_bytes_read_or_are_refused(data: bytes) -> None:
    try:
        xml.parse(data)
    except Unreadable:
        return
