"""Reads foreign XML without trusting it: no DOCTYPE, no entity, bounded depth, count and size (documents.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element
from xml.parsers import expat

from mssclient.domain.errors import Unread, Unreadable

MAX_DEPTH = 120
_CHUNK = 1 << 16
_LONGEST_TOKEN = 1 << 20
"""A start tag or comment longer than this serves an attack only."""
_LONGEST_NAMESPACE = 500
"""The namespace is copied for each element: a long one makes a small file slow."""
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_UTF16_BARE = {b"<\0": b"\xff\xfe", b"\0<": b"\xfe\xff"}
"""How UTF-16 begins where its mark was forgotten, and the mark."""
_WESTERN = re.compile(
    rb"<\?xml[^>]{0,80}encoding\s*=\s*[\"'](?:iso-?8859-1|latin-?1|us-ascii|windows-1252)[\"']", re.IGNORECASE
)
_MARKS = re.compile(rb"[\x80-\x9f]")
"""Control characters in ISO 8859-1, curly quotes and the euro sign in what Windows programs write under that name."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_NO_CODEC = (LookupError, ValueError, TypeError)
"""What expat raises through Python for an encoding that is unknown, no text, or of several bytes a character."""
_UNWRITABLE = frozenset({
    expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_INCORRECT_ENCODING],
    expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING],
    expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
    expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """How much XML is read; beyond, the input is refused as TOO_BIG."""

    size: int = 30 * 1024 * 1024
    """Bytes."""
    depth: int = MAX_DEPTH
    elements: int = 150_000
    attributes: int = 300_000


DEFAULT = Limits()


def parse(data: bytes, limits: Limits = DEFAULT) -> Element:
    """The root element; tags are `{namespace}name`, comments and processing instructions are dropped.

    Raises Unreadable: EMPTY, TOO_BIG, FORBIDDEN (DOCTYPE) or DAMAGED. Tolerates a BOM, white space before the
    declaration, padding at the end, and an encoding that is not the one declared.
    """
    if len(data) > limits.size:
        raise Unreadable(Unread.TOO_BIG, "xml")
    text = _trimmed(data)
    if not text:
        raise Unreadable(Unread.EMPTY, "xml")
    try:
        return _Reading(limits).read(text, _meant(text))
    except expat.ExpatError as error:
        if error.code not in _UNWRITABLE or text.startswith(_UTF16_BOMS):
            raise Unreadable(Unread.DAMAGED, "xml") from None
    except _NO_CODEC:
        pass
    clean = _CONTROLS.sub(b"", text)
    for encoding in ("utf-8",) if _is_utf8(clean) else ("windows-1252", "iso-8859-1"):
        try:
            return _Reading(limits).read(clean, encoding)
        except (expat.ExpatError, *_NO_CODEC):
            continue
    raise Unreadable(Unread.DAMAGED, "xml")


def _trimmed(data: bytes) -> bytes:
    """Without what stands around the document; UTF-16 with its mark."""
    if data.startswith(_UTF16_BOMS):
        return data
    text = data.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xef\xbb\xbf").lstrip()
    if mark := _UTF16_BARE.get(text[:2]):
        return mark + text
    return text.rstrip(b"\0 \t\r\n\x1a")


def _meant(text: bytes) -> str | None:
    """The encoding to read a document in where its declaration says less than its bytes; None to believe it."""
    if text.startswith(_UTF16_BOMS):
        return "utf-16"
    if text.isascii() or not _WESTERN.match(text):
        return None
    if _is_utf8(text):
        return "utf-8"
    return "windows-1252" if _MARKS.search(text) else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class _Reading:
    """One document being read; lives for one call."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: list[Element] = []
        self._text: list[str] = []
        self._last: Element | None = None
        self._root: Element | None = None
        self._elements = 0
        self._attributes = 0
        self._names: dict[str, str] = {}

    def read(self, data: bytes, encoding: str | None) -> Element:
        parser = expat.ParserCreate(encoding, "}")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.EntityDeclHandler = _refuse_doctype
        parser.StartNamespaceDeclHandler = _check_namespace
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        view = memoryview(data)
        for position in range(0, len(data), _CHUNK):
            parser.Parse(view[position : position + _CHUNK], False)
            if position + _CHUNK - parser.CurrentByteIndex > _LONGEST_TOKEN:
                raise Unreadable(Unread.TOO_BIG, "xml token")
        parser.Parse(b"", True)
        if self._root is None:
            raise Unreadable(Unread.EMPTY, "xml")
        return self._root

    def _name(self, raw: str) -> str:
        name = self._names.get(raw)
        if name is None:
            name = self._names[raw] = "{" + raw if "}" in raw else raw
        return name

    def _flush(self) -> None:
        if self._text:
            text = "".join(self._text)
            self._text.clear()
            if self._last is not None:
                self._last.tail = text
            elif self._open:
                self._open[-1].text = text

    def _start(self, raw: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._attributes += len(attributes)
        if self._elements > self._limits.elements or self._attributes > self._limits.attributes:
            raise Unreadable(Unread.TOO_BIG, "xml count")
        if len(self._open) >= self._limits.depth:
            raise Unreadable(Unread.TOO_BIG, "xml depth")
        self._flush()
        element = Element(self._name(raw), {self._name(key): value for key, value in attributes.items()})
        if self._open:
            self._open[-1].append(element)
        else:
            self._root = element
        self._open.append(element)
        self._last = None

    def _end(self, _raw: str) -> None:
        self._flush()
        self._last = self._open.pop()


def _refuse_doctype(*_: object) -> None:
    raise Unreadable(Unread.FORBIDDEN, "doctype")


def _check_namespace(_prefix: str | None, uri: str | None) -> None:
    if uri is not None and len(uri) > _LONGEST_NAMESPACE:
        raise Unreadable(Unread.TOO_BIG, "xml namespace")


def local(tag: str) -> str:
    """A tag or attribute name without its namespace."""
    return tag.rpartition("}")[2]


def namespace(tag: str) -> str:
    """The namespace of a tag, or an empty string."""
    return tag[1:].partition("}")[0] if tag.startswith("{") else ""


def children(element: Element, name: str) -> Iterator[Element]:
    """Direct children by local name, whatever their namespace."""
    suffix = "}" + name
    return (child for child in element if child.tag == name or child.tag.endswith(suffix))


def child(element: Element | None, *path: str) -> Element | None:
    """The first descendant along a path of local names; None as soon as a step is missing."""
    for name in path:
        if element is None:
            return None
        element = next(children(element, name), None)
    return element


def descendants(element: Element, name: str) -> Iterator[Element]:
    """Every descendant by local name, in document order."""
    suffix = "}" + name
    return (each for each in element.iter() if each.tag == name or each.tag.endswith(suffix))


def attribute(element: Element | None, name: str) -> str:
    """An attribute's value, trimmed, or an empty string."""
    return element.get(name, "").strip() if element is not None else ""


def words(element: Element | None) -> str:
    """All the text inside an element, white space collapsed."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""
