"""Plain text of a CDA's narrative (level 3): sections, paragraphs, lists and tables, bounded."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from mssclient.domain.headers import text_of
from mssclient.domain.html_text import html_to_text
from mssclient.domain.rtf import rtf_to_text
from mssclient.domain.xml import child, children, local, words

MAX_TEXT = 1_000_000
"""Characters; a document longer than this is cut."""
_BLOCKS = frozenset(
    {"paragraph", "list", "table", "item", "caption", "tr", "footnote", "text", "thead", "tbody", "tfoot"}
)
_HTML = {
    **dict.fromkeys(
        ("p", "div", "pre", "blockquote", "center", "address", "section", "article", "dl", "dt", "dd", "h1", "h2", "h3", "h4",
         "h5", "h6"),
        "paragraph",
    ),
    "ul": "list", "ol": "list", "li": "item", "a": "linkHtml",
}  # fmt: skip
"""Some producers write HTML where the narrative block of CDA R2 stands: its words must not run together."""


def kind(element: Element) -> str:
    """The name of a narrative element, HTML's by what CDA R2 calls it."""
    name = local(element.tag)
    return _HTML.get(name) or _HTML.get(name.lower(), name)


def is_ordered(element: Element) -> bool:
    """Whether a list is numbered."""
    return element.get("listType", "").lower() == "ordered" or local(element.tag).lower() == "ol"


def embedded_text(media_type: str, content: bytes) -> str:
    """The words of an embedded content that is text: plain, HTML or RTF; empty for any other."""
    match media_type:
        case "text/plain":
            return text_of(content)
        case "text/html":
            return html_to_text(text_of(content))
        case "application/rtf" | "text/rtf":
            return rtf_to_text(content)
        case _:
            return ""


def rendered(root: Element) -> str:
    """The narrative of every section, headings underlined, nested sections in order."""
    body = child(root, "component", "structuredBody")
    if body is None:
        return ""
    lines: list[str] = []
    for component in children(body, "component"):
        for section in children(component, "section"):
            _section(section, lines, 0)
    return "\n".join(lines).strip()[:MAX_TEXT]


def _section(section: Element, lines: list[str], depth: int) -> None:
    title = words(child(section, "title"))
    if title:
        lines += ["", title, ("=" if depth == 0 else "-") * min(len(title), 60)]
    for narrative in children(section, "text"):
        lines += _Narrative().lines(narrative)
    for component in children(section, "component"):
        for inner in children(component, "section"):
            _section(inner, lines, depth + 1)


class _Narrative:
    """One section's text being written line by line; lives for one call."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line = ""
        self._indent = 0

    def lines(self, narrative: Element) -> list[str]:
        self._walk(narrative)
        self._break()
        return self._lines

    def _break(self) -> None:
        text = " ".join(self._line.split())
        if text:
            self._lines.append("  " * self._indent + text)
        self._line = ""

    def _add(self, text: str | None) -> None:
        if text:
            self._line += text

    def _walk(self, element: Element) -> None:
        self._add(element.text)
        for each in element:
            self._step(each, kind(each))
            self._add(each.tail)

    def _step(self, element: Element, name: str) -> None:
        if name == "br":
            self._break()
        elif name == "tr":
            self._break()
            self._lines.append("  " * self._indent + " | ".join(words(cell) for cell in element))
        elif name == "list":
            self._list(element)
        elif name in _BLOCKS:
            self._break()
            self._walk(element)
            self._break()
        else:
            self._walk(element)

    def _list(self, element: Element) -> None:
        self._break()
        ordered = is_ordered(element)
        for caption in children(element, "caption"):
            self._walk(caption)
            self._break()
        for number, item in enumerate((each for each in element if kind(each) == "item"), 1):
            self._line = f"{number}. " if ordered else "• "
            self._indent += 1
            self._walk(item)
            self._break()
            self._indent -= 1
