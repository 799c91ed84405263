"""A CDA as blocks to show: header facts, headings, paragraphs, lists, tables, figures. Values only: no markup gets out.

The narrative block of CDA R2 (§4.3.5) is read, never a style sheet; what is not known is shown as its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Flag, auto
from itertools import islice
from xml.etree.ElementTree import Element

from mssclient.domain import cda
from mssclient.domain.cda_text import embedded_text, is_ordered, kind
from mssclient.domain.xml import attribute, child, children, descendants, local, words

MAX_BLOCKS = 20_000
MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 12
MAX_COLUMNS = 60
_MOST_LINES = 60


class Style(Flag):
    """How a run of text stands out."""

    NONE = 0
    BOLD = auto()
    ITALIC = auto()
    UNDERLINE = auto()
    SUBSCRIPT = auto()
    SUPERSCRIPT = auto()
    DELETED = auto()
    """A revision took it out (`content revised="delete"`)."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style; "\\n" is a line break that the author set."""

    text: str
    style: Style = Style.NONE


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's title; level 1 is the outermost."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Runs that flow together."""

    runs: tuple[Run, ...]
    small: bool = False
    """A caption or a footnote."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A list; each item is blocks of its own."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1
    """The number of the first item, for one that goes on from another."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table."""

    blocks: tuple[Block, ...]
    heading: bool = False
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, as the author laid them out."""

    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    widths: tuple[int, ...] = ()
    """Hundredths of the page for each column; empty to let the words decide."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture or a document that the CDA embeds: `index` is `Content.embedded`, -1 when it is not there."""

    index: int
    media_type: str
    caption: str = ""


Block = Heading | Paragraph | Listing | Table | Figure


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of a document's body."""

    title: str
    blocks: tuple[Block, ...]
    cut: bool
    """The document was longer than what is shown."""


def view(data: bytes) -> View:
    """The body of a CDA as blocks, bounded. Raises Unreadable as `cda.read`."""
    root = cda.document(data)
    reading = _Reading(root)
    blocks = tuple(reading.body(root))
    return View(words(child(root, "title")), blocks, reading.cut)


_EMPHASIS = {
    "bold": Style.BOLD,
    "strong": Style.BOLD,
    "italics": Style.ITALIC,
    "emphasis": Style.ITALIC,
    "underline": Style.UNDERLINE,
}
_TAGS = {
    "sub": Style.SUBSCRIPT,
    "sup": Style.SUPERSCRIPT,
    "b": Style.BOLD,
    "strong": Style.BOLD,
    "i": Style.ITALIC,
    "em": Style.ITALIC,
    "u": Style.UNDERLINE,
    "del": Style.DELETED,
    "s": Style.DELETED,
}
"""Elements that stand out by themselves: two of CDA R2, the others of HTML."""
_BLOCKS = frozenset({"paragraph", "list", "table", "renderMultiMedia", "footnote"})
_PARTS = frozenset({"thead", "tbody", "tfoot"})
_TEXT_ONLY = frozenset({"text/plain", "text/html"})
"""What is shown as its words and never handed to another program."""


class _Enough(Exception):
    """The limits are reached: what was read so far is shown."""


class _Reading:
    """One document being turned into blocks; lives for one call."""

    def __init__(self, root: Element) -> None:
        self.cut = False
        self._blocks = 0
        self._characters = 0
        self._figures: dict[str, Figure] = {}
        self._shown: set[int] = set()
        self._embedded: list[Figure] = []
        held = {id(holder): (index, media_type) for index, (holder, media_type, _) in enumerate(cda.held(root))}
        for media in descendants(root, "observationMedia"):
            index, media_type = next((held[id(v)] for v in children(media, "value") if id(v) in held), (-1, ""))
            if name := attribute(media, "ID"):
                self._figures[name] = Figure(index, media_type)
        self._embedded = [Figure(index, media_type) for index, media_type in held.values()]

    def body(self, root: Element) -> Iterator[Block]:
        """The blocks in reading order; figures that no text refers to come last."""
        try:
            structured = child(root, "component", "structuredBody")
            for component in children(structured, "component") if structured is not None else ():
                for section in children(component, "section"):
                    yield from self._section(section, 1)
        except _Enough:
            self.cut = True
        for figure in self._embedded:
            if figure.index not in self._shown and figure.media_type not in _TEXT_ONLY:
                yield figure
        yield from self._plain(root)
        yield from self._elsewhere(root)

    def _plain(self, root: Element) -> Iterator[Block]:
        """The words of embedded texts, parted where the author left a line empty: laid out piece by piece."""
        for _, media_type, content in cda.held(root):
            text = embedded_text(media_type, content)
            self.cut |= len(text) > MAX_CHARACTERS
            for piece in islice(_pieces(text[:MAX_CHARACTERS]), MAX_BLOCKS):
                yield Paragraph((Run(piece),))

    def _elsewhere(self, root: Element) -> Iterator[Block]:
        """A body that stands in a file of its own: said, for a person to look for it; never fetched."""
        for body in descendants(root, "nonXMLBody"):
            for text in children(body, "text"):
                if (name := attribute(child(text, "reference"), "value")) and not words(text):
                    yield Figure(-1, attribute(text, "mediaType"), name[:200])

    def _section(self, section: Element, level: int) -> Iterator[Block]:
        if title := words(child(section, "title")):
            yield self._count(Heading(title, min(level, 4)), len(title))
        for narrative in children(section, "text"):
            yield from self._flow(narrative, Style.NONE, 0)
        if level < MAX_DEPTH:
            for component in children(section, "component"):
                for inner in children(component, "section"):
                    yield from self._section(inner, level + 1)

    def _count(self, block: Block, characters: int = 0) -> Block:
        self._blocks += 1
        self._characters += characters
        if self._blocks > MAX_BLOCKS or self._characters > MAX_CHARACTERS:
            raise _Enough
        return block

    def _flow(self, element: Element, style: Style, depth: int) -> Iterator[Block]:
        """Mixed content: text between blocks becomes paragraphs."""
        runs: list[Run] = [Run(element.text or "", style)]
        for each in element:
            name = kind(each)
            if name in _BLOCKS and depth < MAX_DEPTH:
                yield from self._paragraph(runs)
                runs = []
                yield from self._block(each, name, depth + 1)
            else:
                runs += self._inline(each, name, style, depth)
            runs.append(Run(each.tail or "", style))
        yield from self._paragraph(runs)

    def _inline(self, element: Element, name: str, style: Style, depth: int) -> Iterator[Run]:
        if name == "br":
            yield Run("\n", style)
        inner = style | _style(element, name)
        yield Run(element.text or "", inner)
        for each in element:
            if depth < MAX_DEPTH * 4:
                yield from self._inline(each, kind(each), inner, depth + 1)
            else:
                yield Run(words(each), inner)
            yield Run(each.tail or "", inner)
        if name in _BLOCKS or name == "item":
            yield Run(" ", inner)
        if name == "linkHtml" and (target := attribute(element, "href")) and not target.startswith("#"):
            # Said, never followed: the producer's addresses are foreign.
            yield Run(f" ({target[:200]})", inner)

    def _paragraph(self, runs: list[Run], *, small: bool = False) -> Iterator[Block]:
        tidy = _tidied(runs)
        if tidy:
            yield self._count(Paragraph(tidy, small), sum(len(run.text) for run in tidy))

    def _block(self, element: Element, name: str, depth: int) -> Iterator[Block]:
        match name:
            case "list":
                yield from self._list(element, depth)
            case "table":
                yield from self._table(element, depth)
            case "renderMultiMedia":
                yield from self._pictures(element)
            case "footnote":
                yield from self._paragraph([Run(words(element))], small=True)
            case _:
                caption = child(element, "caption")
                if caption is not None:
                    yield from self._paragraph([Run(words(caption), Style.BOLD)])
                    caption.clear()
                yield from self._flow(element, Style.NONE, depth)

    def _list(self, element: Element, depth: int) -> Iterator[Block]:
        for caption in children(element, "caption"):
            yield from self._paragraph([Run(words(caption), Style.BOLD)])
        items = [tuple(self._flow(item, Style.NONE, depth)) for item in element if kind(item) == "item"]
        yield from self._strays(element, {"item", "caption"})
        if items:
            yield self._count(Listing(tuple(items), is_ordered(element)))

    def _table(self, element: Element, depth: int) -> Iterator[Block]:
        rows = []
        yield from self._strays(element, {"tr", "caption", *_PARTS})
        for part in (each for each in element if local(each.tag) in _PARTS):
            yield from self._strays(part, {"tr"})
        for row in _rows(element):
            cells = [self._cell(cell, depth) for cell in list(row)[:MAX_COLUMNS]]
            self.cut |= len(row) > MAX_COLUMNS
            yield from self._strays(row, {local(cell.tag) for cell in row})
            if cells:
                rows.append(tuple(cells))
        caption = words(child(element, "caption"))
        if rows:
            yield self._count(Table(tuple(rows), caption), len(caption))

    def _strays(self, element: Element, expected: set[str]) -> Iterator[Block]:
        """Words where the schema has none: shown all the same, since a lost word may be a lost dose."""
        yield from self._paragraph([Run(element.text or "")])
        for each in element:
            if local(each.tag) not in expected and kind(each) not in expected:
                yield from self._paragraph([Run(words(each))])
            yield from self._paragraph([Run(each.tail or "")])

    def _cell(self, cell: Element, depth: int) -> Cell:
        blocks = tuple(self._flow(cell, Style.NONE, depth))
        return Cell(blocks, local(cell.tag) == "th", _span(cell, "colspan"), _span(cell, "rowspan"))

    def _pictures(self, element: Element) -> Iterator[Block]:
        caption = words(child(element, "caption"))
        for name in attribute(element, "referencedObject").split()[:20]:
            figure = self._figures.get(name, Figure(-1, ""))
            self._shown.add(figure.index)
            yield self._count(Figure(figure.index, figure.media_type, caption), len(caption))


def _pieces(text: str) -> Iterator[str]:
    lines: list[str] = []
    for line in text.splitlines():
        if line.strip():
            lines.append(line.rstrip())
        if lines and (not line.strip() or len(lines) >= _MOST_LINES):
            yield "\n".join(lines)
            lines = []
    if lines:
        yield "\n".join(lines)


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        name = local(each.tag)
        if name == "tr":
            yield each
        elif name in _PARTS:
            yield from children(each, "tr")


def _span(cell: Element, name: str) -> int:
    value = attribute(cell, name)
    return min(max(int(value), 1), MAX_COLUMNS) if value.isascii() and value.isdigit() and len(value) < 5 else 1


def _style(element: Element, name: str) -> Style:
    found = _TAGS.get(name.lower(), Style.NONE)
    for word in attribute(element, "styleCode").lower().split():
        found |= _EMPHASIS.get(word, Style.NONE)
    if attribute(element, "revised") == "delete":
        found |= Style.DELETED
    return found


def _tidied(runs: list[Run]) -> tuple[Run, ...]:
    """Runs of one style joined, white space collapsed as a reader would, the author's line breaks kept."""
    joined: list[Run] = []
    after_blank = True
    for run in runs:
        text = "\n" if run.text == "\n" else _collapsed(run.text, after_blank=after_blank)
        if not text:
            continue
        after_blank = text[-1] in " \n"
        if joined and joined[-1].style == run.style:
            joined[-1] = Run(joined[-1].text + text, run.style)
        else:
            joined.append(Run(text, run.style))
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[-1] = Run(joined[-1].text.rstrip(), joined[-1].style)
    return tuple(joined)


def _collapsed(text: str, *, after_blank: bool) -> str:
    inner = " ".join(text.split())
    if not inner:
        return "" if after_blank or not text else " "
    before = " " if text[0].isspace() and not after_blank else ""
    return before + inner + (" " if text[-1].isspace() else "")
