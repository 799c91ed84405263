"""The words of an HTML body as plain text; one pass, linear, runs nothing and fetches nothing."""

from __future__ import annotations

import re
from html import unescape

MAX_HTML = 2_000_000
"""Characters that are read."""
MAX_TAGS = 150_000
"""Tags that are read; what follows is left out."""
_SILENT = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg", "math"})
_BREAKS = frozenset(
    {"br", "div", "tr", "section", "article", "header", "footer", "address", "form", "dt", "dd", "option"}
)
_PARAGRAPHS = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre", "hr", "dl"})
_MARK = re.compile(r"<(?=[A-Za-z/!?])")
_TAG = re.compile(r"/?([A-Za-z][A-Za-z0-9:-]{0,40})")
_QUOTED_ENDS = 4
"""How many ">" are looked at before an unclosed quote is taken for a fault."""
_BLANKS = re.compile(r"[ \t\r\n\f\u200b\u00ad]+")
_LINES = re.compile(r"\n{3,}")


def html_to_text(html: str) -> str:
    """A readable plain text: one line a block, a bullet a list item, cells apart, scripts and styles left out."""
    source = html[:MAX_HTML]
    lower = source.lower()
    if len(lower) != len(source):
        lower = source
    out: list[str] = []
    position = tags = 0
    while (mark := _MARK.search(source, position)) is not None and tags < MAX_TAGS:
        _say(out, source[position : mark.start()])
        position = _after(source, lower, mark.start(), out)
        tags += 1
    _say(out, source[position : mark.start() if mark is not None else len(source)])
    lines = (line.strip(" ") for line in "".join(out).split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()


def _say(out: list[str], text: str) -> None:
    words = _BLANKS.sub(" ", unescape(text))
    if words and not (words == " " and (not out or out[-1].endswith(("\n", " ")))):
        out.append(words)


def _after(source: str, lower: str, start: int, out: list[str]) -> int:
    """Where reading goes on after the mark-up at `start`; block tags leave their line breaks in `out`."""
    if source.startswith("<!--", start):
        end = source.find("-->", start + 4)
        return end + 3 if end >= 0 else len(source)
    tag = _TAG.match(source, start + 1)
    if tag is None:
        end = source.find(">", start)
        return end + 1 if end >= 0 else len(source)
    name, closing = tag[1].lower(), source[start + 1] == "/"
    end = _tag_end(source, tag.end())
    if name in _SILENT and not closing and source[end - 2 : end] != "/>":
        close = lower.find(f"</{name}", end)
        return _tag_end(source, close) if close >= 0 else len(source)
    _mark(out, name, closing)
    return end


def _tag_end(source: str, position: int) -> int:
    """Just after the ">" that ends a tag; one inside a quoted attribute does not end it, within reason."""
    end = position
    for _ in range(_QUOTED_ENDS):
        end = source.find(">", end) + 1
        if not end:
            return len(source)
        if source.count('"', position, end) % 2 == 0:
            return end
    return end


def _mark(out: list[str], name: str, closing: bool) -> None:
    if name in _PARAGRAPHS:
        out.append("\n\n")
    elif name == "li":
        out.append("" if closing else "\n• ")
    elif name in _BREAKS and not (closing and name == "br"):
        out.append("\n")
    elif name in {"td", "th"} and closing:
        out.append("  ")
