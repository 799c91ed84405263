"""Where the parts of a message stand in its bytes: a MIME tree of offsets, so that every section is an exact slice."""

from __future__ import annotations

import re

MAX_DEPTH = 40
MAX_PARTS = 2_000
"""Beyond these a multipart is shown as one opaque part: a seed is never refused, only flattened."""

_FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:((?:[^\n]*\n)(?:[ \t][^\n]*\n)*)", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_TOKEN = re.compile(rb'[ \t\r\n]*(?:"((?:[^"\\]|\\.)*)"|([^\s()<>@,;:\\"/\[\]?=]+)|(.))', re.DOTALL)
_QUOTED = re.compile(rb"\\(.)", re.DOTALL)

Params = tuple[tuple[bytes, bytes], ...]


class Field:
    """One header field: lower-case name, unfolded value, and its own bytes with the line end."""

    __slots__ = ("name", "raw", "value")

    def __init__(self, name: bytes, value: bytes, raw: bytes) -> None:
        self.name = name
        self.value = value
        self.raw = raw


class Node:
    """A message or a part: `raw[start:body]` is its header with the blank line, `raw[body:end]` its content."""

    __slots__ = ("_fields", "body", "children", "end", "nested", "params", "raw", "start", "subtype", "type")

    def __init__(self, raw: bytes, start: int, body: int, end: int) -> None:
        self.raw = raw
        self.start = start
        self.body = body
        self.end = end
        self.type = b"text"
        self.subtype = b"plain"
        self.params: Params = ((b"charset", b"us-ascii"),)
        self.children: list[Node] = []
        self.nested: Node | None = None
        self._fields: list[Field] | None = None

    @property
    def header(self) -> bytes:
        """The header block with its blank line."""
        return self.raw[self.start : self.body]

    @property
    def content(self) -> bytes:
        """What follows the blank line."""
        return self.raw[self.body : self.end]

    @property
    def fields(self) -> list[Field]:
        """The header fields, in order."""
        if self._fields is None:
            self._fields = [
                Field(found[1].lower(), _FOLD.sub(b"", found[2]).strip(), found[0])
                for found in _FIELD.finditer(self.header)
            ]
        return self._fields

    def field(self, name: bytes) -> bytes | None:
        """The unfolded value of the first field of a lower-case name."""
        return next((field.value for field in self.fields if field.name == name), None)

    def all(self, name: bytes) -> list[bytes]:
        """The unfolded values of all fields of a lower-case name."""
        return [field.value for field in self.fields if field.name == name]

    def part(self, path: tuple[int, ...]) -> Node | None:
        """The part of a section number such as (2, 1), as RFC 3501 §6.4.5 counts; None when there is none."""
        current: Node | None = self
        for depth, number in enumerate(path):
            container = current
            if depth and current is not None:
                container = current.nested or (current if current.children else None)
            if container is None:
                return None
            if container.children:
                current = container.children[number - 1] if 1 <= number <= len(container.children) else None
            else:
                current = container if number == 1 else None
        return current


def parse(raw: bytes) -> Node:
    """The tree of a whole message. Never fails: what is not MIME is text."""
    return _Parser(raw).message(0, len(raw), 0)


def parameters(value: bytes) -> tuple[bytes, Params]:
    """A structured value such as `attachment; filename="a b"`: its lower-case head, and its parameters as spelt."""
    tokens = _tokens(value)
    head: list[bytes] = []
    while tokens and tokens[0] != (b";", False):
        head.append(tokens.pop(0)[0])
    params: list[tuple[bytes, bytes]] = []
    while tokens:
        chunk: list[tuple[bytes, bool]] = []
        tokens.pop(0)
        while tokens and tokens[0] != (b";", False):
            chunk.append(tokens.pop(0))
        if len(chunk) > 2 and chunk[1] == (b"=", False):
            params.append((chunk[0][0], b"".join(text for text, _ in chunk[2:])))
    return b"".join(head).lower(), tuple(params)


def _tokens(value: bytes) -> list[tuple[bytes, bool]]:
    """(text, whether it was quoted) of each token; comments are dropped."""
    tokens: list[tuple[bytes, bool]] = []
    depth = 0
    for found in _TOKEN.finditer(value):
        if depth or found[3] in {b"(", b")"}:
            depth = max(0, depth + {b"(": 1, b")": -1}.get(found[3] or b"", 0))
        elif found[1] is not None:
            tokens.append((_QUOTED.sub(rb"\1", found[1]), True))
        else:
            tokens.append((found[2] or found[3], False))
    return [token for token in tokens if token[1] or token[0].strip()]


class _Parser:
    """One pass over one message, with its budget of parts."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._budget = MAX_PARTS

    def message(self, start: int, end: int, depth: int, default: bytes = b"text/plain") -> Node:
        node = Node(self._raw, start, self._body(start, end), end)
        self._type(node, default)
        if node.type == b"multipart":
            self._multipart(node, depth)
        elif node.type == b"message" and node.subtype == b"rfc822":
            if depth < MAX_DEPTH:
                node.nested = self.message(node.body, end, depth + 1)
            else:
                node.type, node.subtype = b"application", b"octet-stream"
        return node

    def _body(self, start: int, end: int) -> int:
        if self._raw.startswith(b"\r\n", start):
            return min(start + 2, end)
        blank = self._raw.find(b"\r\n\r\n", start, end)
        return end if blank < 0 else blank + 4

    def _type(self, node: Node, default: bytes) -> None:
        value = node.field(b"content-type")
        kind, params = parameters(value if value is not None else default)
        major, slash, minor = kind.partition(b"/")
        if not (slash and major and minor):
            major, minor, params = b"text", b"plain", ()
        node.type, node.subtype = major, minor
        if major == b"text" and not any(name.lower() == b"charset" for name, _ in params):
            params = (*params, (b"charset", b"us-ascii"))
        node.params = params

    def _multipart(self, node: Node, depth: int) -> None:
        boundary = next((value for name, value in node.params if name.lower() == b"boundary"), b"")
        if not boundary or depth >= MAX_DEPTH:
            node.type, node.subtype = b"application", b"octet-stream"
            return
        default = b"message/rfc822" if node.subtype == b"digest" else b"text/plain"
        for start, end in self._spans(node, boundary):
            self._budget -= 1
            if self._budget < 0:
                break
            node.children.append(self.message(start, end, depth + 1, default))
        if not node.children:  # the grammar of BODYSTRUCTURE wants one part at least
            node.children.append(Node(self._raw, node.end, node.end, node.end))

    def _spans(self, node: Node, boundary: bytes) -> list[tuple[int, int]]:
        """Start and end of each part; the line end before a delimiter belongs to the delimiter (RFC 2046 §5.1.1)."""
        delimiter = re.compile(rb"\r\n--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\Z)")
        spans: list[tuple[int, int]] = []
        begin = -1
        for found in delimiter.finditer(self._raw, max(node.body - 2, 0), node.end):
            if begin >= 0:
                spans.append((min(begin, found.start()), found.start()))
            begin = -1 if found[1] else found.end() + 2
            if found[1]:
                return [(max(start, 0), max(start, end)) for start, end in spans]
        if begin >= 0:
            spans.append((min(begin, node.end), node.end))
        return spans
