"""Foreign HTML made harmless: a strict allow-list, no remote resource, bounded size and depth.

nh3 with its defaults lets remote content through, and takes seconds on deep nesting: both are cut off here first.
Runs on `fetch`, never on the UI thread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3

MAX_BYTES = 2 * 1024 * 1024
MAX_TAGS = 30_000
MAX_DEPTH = 200

_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "center", "code", "col", "colgroup", "dd", "div", "dl", "dt", "em",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "ol", "p", "pre", "s", "small", "span", "strike", "strong",
    "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "tt", "u", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan", "align", "valign"},
    "th": {"colspan", "rowspan", "align", "valign"},
    "table": {"border", "cellpadding", "cellspacing", "align"},
    "p": {"align"},
    "div": {"align"},
    "ol": {"start", "type"},
}
_CLEAN_CONTENT = {"script", "style", "title", "head", "svg", "math", "template", "iframe", "object", "noscript", "form"}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^>]*?(/?)>")
_VOID = {"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "embed", "source", "wbr", "track", "param"}
_REMOTE = re.compile(
    r"(?:src|background|poster|data|srcset)\s*=\s*[\"']?\s*(?:https?:)?//|url\(\s*[\"']?\s*(?:https?:)?//|<link\b|@import",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clean:
    """Sanitised HTML, empty when the source was refused, and how many remote resources were taken out."""

    html: str
    blocked: int


def sanitise(html: str) -> Clean:
    """The harmless part of a message's HTML; `Clean("", n)` when it is too big or too deep: show the text instead."""
    blocked = len(_REMOTE.findall(html[:MAX_BYTES]))
    if len(html) > MAX_BYTES or _too_deep(html):
        return Clean("", blocked)
    clean = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_CLEAN_CONTENT,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "cid"},
        link_rel=None,
        strip_comments=True,
    )
    return Clean(clean, blocked)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Images come from the message itself only; links keep their target, which is shown before it is followed."""
    if tag == "img" and name == "src":
        return value if value.lower().startswith("cid:") else None
    if tag == "a" and name == "href":
        return value if value.lower().startswith(("http://", "https://", "mailto:")) else None
    if name in {"width", "height", "border", "cellpadding", "cellspacing", "colspan", "rowspan", "start"}:
        return value if re.fullmatch(r"\d{1,4}%?", value.strip()) and _small(name, value) else None
    return value


def _small(name: str, value: str) -> bool:
    limit = 100 if name in {"colspan", "rowspan", "border", "cellpadding", "cellspacing"} else 4000
    return int(value.strip().rstrip("%")) <= limit


def _too_deep(html: str) -> bool:
    depth = count = 0
    for match in _TAG.finditer(html):
        count += 1
        name = match[2].lower()
        if name in _VOID or match[3]:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH or count > MAX_TAGS:
            return True
    return False
