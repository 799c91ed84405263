"""FETCH: from the items a client asks for to the bytes it gets (RFC 3501 §6.4.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mssclient.sandbox.imap_mime import Node
from mssclient.sandbox.imap_session import flags_text
from mssclient.sandbox.imap_structure import bodystructure, envelope
from mssclient.sandbox.imap_syntax import Bad, Token, internal_date, string
from mssclient.sandbox.mailstore import Message

Renderer = Callable[[Message], bytes]

_SECTION = re.compile(r"BODY(\.PEEK)?\[(.*)\](?:<(\d{1,10})\.(\d{1,10})>)?", re.IGNORECASE | re.DOTALL)
_NUMBERS = re.compile(r"(\d+(?:\.\d+)*)(?:\.(.+))?", re.DOTALL)
_FIELDS = re.compile(r"HEADER\.FIELDS(\.NOT)? \((.+)\)", re.IGNORECASE | re.DOTALL)
_MACROS = {
    "ALL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"),
    "FAST": ("FLAGS", "INTERNALDATE", "RFC822.SIZE"),
    "FULL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What to send for each message, and whether reading it marks it \\Seen."""

    renderers: tuple[Renderer, ...]
    names: frozenset[str]
    marks_seen: bool

    def render(self, message: Message) -> bytes:
        """The items of one message, without parentheses."""
        return b" ".join([render(message) for render in self.renderers])


def plan(asked: Sequence[Token], *, uid: bool, modseq: bool) -> Plan:
    """The plan for the items of a FETCH; `uid` and `modseq` add these when they were not asked for."""
    spelt: list[str] = []
    for token in asked:
        item = string(token).decode("utf-8", "replace")
        spelt += _MACROS.get(item.upper(), (item,)) if len(asked) == 1 else (item,)
    names = {item.upper() for item in spelt}
    if uid and "UID" not in names:
        spelt.insert(0, "UID")
    if modseq and "MODSEQ" not in names:
        spelt.append("MODSEQ")
    renderers: list[Renderer] = []
    seen = False
    for item in spelt:
        renderer, marks = _renderer(item)
        renderers.append(renderer)
        seen = seen or marks
    return Plan(tuple(renderers), frozenset(item.upper() for item in spelt), seen)


def literal(content: bytes) -> bytes:
    """A literal; quoted strings are never used for content."""
    return b"{%d}\r\n%b" % (len(content), content)


def _cached(name: str, build: Callable[[Node], bytes]) -> Renderer:
    label = name.encode("ascii") + b" "

    def render(message: Message) -> bytes:
        found = message.cache.get(name)
        if found is None:
            found = message.cache[name] = label + build(message.node)
        return found

    return render


_SIMPLE: dict[str, Renderer] = {
    "UID": lambda message: b"UID %d" % message.uid,
    "FLAGS": lambda message: b"FLAGS " + flags_text(message.flags),
    "MODSEQ": lambda message: b"MODSEQ (%d)" % message.modseq,
    "INTERNALDATE": lambda message: b'INTERNALDATE "%b"' % internal_date(message.received),
    "RFC822.SIZE": lambda message: b"RFC822.SIZE %d" % len(message.raw),
    "RFC822": lambda message: b"RFC822 " + literal(message.raw),
    "RFC822.HEADER": lambda message: b"RFC822.HEADER " + literal(message.node.header),
    "RFC822.TEXT": lambda message: b"RFC822.TEXT " + literal(message.node.content),
    "ENVELOPE": _cached("ENVELOPE", envelope),
    "BODYSTRUCTURE": _cached("BODYSTRUCTURE", bodystructure),
    "BODY": _cached("BODY", lambda node: bodystructure(node, extended=False)),
}


def _renderer(item: str) -> tuple[Renderer, bool]:
    simple = _SIMPLE.get(item.upper())
    if simple is not None:
        return simple, item.upper() in {"RFC822", "RFC822.TEXT"}
    found = _SECTION.fullmatch(item)
    if found is None:
        raise Bad("unknown FETCH item")
    label = f"BODY[{found[2].upper() if '(' not in found[2] else found[2]}]"
    cut = slice(None)
    if found[3] is not None:
        begin, count = int(found[3]), int(found[4])
        if not count:
            raise Bad("empty partial")
        cut = slice(begin, begin + count)
        label += f"<{begin}>"
    return _section(label.encode("utf-8"), found[2], cut), not found[1]


def _section(label: bytes, spec: str, cut: slice) -> Renderer:
    extract = _extractor(spec)

    def render(message: Message) -> bytes:
        content = extract(message.node)
        return label + (b" NIL" if content is None else b" " + literal(content[cut]))

    return render


def _extractor(spec: str) -> Callable[[Node], bytes | None]:
    """How to cut a section out of a message; it gives None where the message has no such part."""
    numbers = _NUMBERS.fullmatch(spec)
    if numbers is None:
        return _text_extractor(spec, whole=True)
    path = tuple(int(one) for one in numbers[1].split("."))
    if numbers[2] is None:
        inner: Callable[[Node], bytes | None] = lambda node: node.content  # noqa: E731 - the simplest of the kinds
    elif numbers[2].upper() == "MIME":
        inner = lambda node: node.header  # noqa: E731
    else:
        of_message = _text_extractor(numbers[2], whole=False)
        inner = lambda node: None if node.nested is None else of_message(node.nested)  # noqa: E731

    def extract(root: Node) -> bytes | None:
        part = root.part(path)
        return None if part is None else inner(part)

    return extract


def _text_extractor(spec: str, *, whole: bool) -> Callable[[Node], bytes | None]:
    match spec.upper():
        case "" if whole:
            return lambda node: node.raw
        case "HEADER":
            return lambda node: node.header
        case "TEXT":
            return lambda node: node.content
        case _:
            pass
    found = _FIELDS.fullmatch(spec)
    if found is None:
        raise Bad("unknown section")
    wanted = frozenset(name.strip('"').lower().encode("utf-8") for name in found[2].split())
    negated = found[1] is not None
    return lambda node: (
        b"".join([field.raw for field in node.fields if (field.name in wanted) is not negated]) + b"\r\n"
    )
