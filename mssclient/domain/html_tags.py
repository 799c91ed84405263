"""Foreign HTML written anew as plain, bounded tags, so that whatever parses it next meets exactly what was counted here.

Parsers of HTML repair: an element that was never closed comes again in every block, an attribute is compared with all
before it, a slash that should end an element is ignored. A small mail then takes minutes or gigabytes. One pass, linear.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

MAX_TAGS = 30_000
MAX_DEPTH = 200
MAX_ATTRIBUTES = 250
MAX_REPAIRS = 400_000
"""Elements that a parser may have to open again, all blocks together."""

_MARK = re.compile(r"<(?=[a-zA-Z/!?])")
_OPEN = re.compile(r"</?([a-zA-Z][^\s/>]*)")
_ATTRIBUTE = re.compile(r"""[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"?|'([^']*+)'?|([^\s>"'][^\s>]*+)))?+""")
_BLANKS = re.compile(r"[\s/]*+")
_VOID = frozenset(
    "br hr img input meta link col area base embed source wbr track param bgsound frame keygen".split()  # noqa: SIM905
)
_RAW = frozenset(
    {"script", "style", "title", "iframe", "noscript", "noembed", "noframes", "textarea", "xmp", "plaintext"}
)
"""What stands between their tags is no mark-up."""
_SHOWN_RAW = frozenset({"textarea", "xmp", "plaintext"})
_KEPT_BARE = frozenset({"svg", "math", "template", "object", "form", "head"})
"""Elements whose content is taken out by whoever comes next: their bare tags stay."""
_FOREIGN = frozenset({"svg", "math"})
_AUTOMATIC = frozenset({"p", "li", "td", "th", "tr", "dd", "dt", "tbody", "thead", "tfoot", "caption", "colgroup"})
"""They end where the next of their kind begins, and stand inside one another by way of other elements only."""
_STYLES = frozenset({"a", "b", "code", "em", "i", "s", "small", "strike", "strong", "tt", "u"})
_SAME_AGAIN = 3
"""A parser opens at most so many like ones again (HTML, "Noah's Ark clause")."""


class TooMuch(ValueError):
    """More tags, depth or repair than a message that a person wrote can need."""


def rewritten(html: str, wanted: Mapping[str, frozenset[str]]) -> str:
    """The text, and of the tags those that are `wanted` with the attributes that are wanted of each. Raises TooMuch."""
    return _Rewriting(html.replace("\0", ""), wanted).whole()


class _Rewriting:
    """One document; lives for one call."""

    def __init__(self, html: str, wanted: Mapping[str, frozenset[str]]) -> None:
        self._html = html
        self._wanted = wanted
        self._out: list[str] = []
        self._open: Counter[str] = Counter()
        self._tags = self._depth = self._repairs = 0

    def whole(self) -> str:
        at = 0
        while (mark := _MARK.search(self._html, at)) is not None:
            self._say(at, mark.start())
            self._tags += 1
            if self._tags > MAX_TAGS:
                raise TooMuch
            at = self._after(mark.start())
        self._say(at, len(self._html))
        return "".join(self._out)

    def _say(self, start: int, end: int) -> None:
        if start < end:
            self._out.append(self._html[start:end].replace("<", "&lt;"))

    def _after(self, start: int) -> int:
        """Where reading goes on after the mark-up at `start`."""
        html = self._html
        if html.startswith("<!--", start):
            return _behind(html, "-->", start + 2)
        tag = _OPEN.match(html, start)
        if tag is None:
            return _behind(html, ">", start)
        name = tag[1].lower()
        closing = html[start + 1] == "/"
        wanted = self._wanted.get(name)
        at, kept = self._attributes(tag.end(), frozenset() if closing or wanted is None else wanted)
        if html[at : at + 1] != ">":
            return len(html)  # a tag that never ends is none, and nothing comes after it
        at += 1
        if name in _RAW:
            return at if closing else self._raw(name, at)
        if name in _FOREIGN and html[at - 2] == "/":
            return at  # in these alone the slash ends the element
        if wanted is not None or name in _KEPT_BARE:
            self._out.append(f"</{name}>" if closing else f"<{name}{kept}>")
            self._count(name, closing=closing)
        return at

    def _attributes(self, at: int, wanted: frozenset[str]) -> tuple[int, str]:
        """Where the tag ends, and what is kept of its attributes."""
        kept: dict[str, str] = {}
        count = 0
        while (found := _ATTRIBUTE.match(self._html, at)) is not None:
            at = found.end()
            count += 1
            if count > MAX_ATTRIBUTES:
                raise TooMuch
            if wanted and (name := found[1].lower()) in wanted:
                kept.setdefault(name, found[2] or found[3] or found[4] or "")
        end = _BLANKS.match(self._html, at)
        return end.end() if end else at, "".join(f' {name}="{_quoted(value)}"' for name, value in kept.items())

    def _raw(self, name: str, at: int) -> int:
        close = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self._html, at)
        end = close.start() if close and name != "plaintext" else len(self._html)
        if name in _SHOWN_RAW:
            self._say(at, end)
        return end

    def _count(self, name: str, *, closing: bool) -> None:
        if name not in _VOID and name not in _AUTOMATIC:
            if not closing:
                self._open[name] += 1
                self._depth += 1
            elif self._open[name]:
                self._open[name] -= 1
                self._depth -= 1
        self._repairs += sum(min(self._open[each], _SAME_AGAIN) for each in _STYLES)
        if self._depth > MAX_DEPTH or self._repairs > MAX_REPAIRS:
            raise TooMuch


def _behind(html: str, end: str, at: int) -> int:
    found = html.find(end, at)
    return found + len(end) if found >= 0 else len(html)


def _quoted(value: str) -> str:
    return value.replace('"', "&quot;").replace("<", "&lt;")
