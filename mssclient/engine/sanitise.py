"""Foreign HTML made harmless: a strict allow-list, no remote resource, bounded size and depth.

nh3 with its defaults lets remote content through: that is cut off here. It takes minutes or gigabytes for some small
sources: it is given what `domain.html_tags` wrote anew. Runs on `fetch`, never on the UI thread.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3

from mssclient.domain.html_tags import TooMuch, rewritten

MAX_BYTES = 2 * 1024 * 1024

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
_WANTED = {tag: frozenset(_ATTRIBUTES.get(tag, ())) for tag in _TAGS}
# Possessive: two runs of blanks side by side would be tried in every way they can be shared.
_REMOTE = re.compile(
    r"(?:src|background|poster|data|srcset)\s*+=\s*+[\"']?+\s*+(?:https?:)?//|url\(\s*+[\"']?+\s*+(?:https?:)?//"
    r"|<link\b|@import",
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
    if len(html) > MAX_BYTES:
        return Clean("", blocked)
    try:
        source = rewritten(html, _WANTED)
    except TooMuch:
        return Clean("", blocked)
    clean = nh3.clean(
        source,
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
