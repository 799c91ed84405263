"""Writes XML: elements as escaped text, so that no value can become markup or make a document ill-formed."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

Xml = str
"""A finished element, or the empty string."""

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Element(str):
    """Marks text that is an element already: anything else is escaped."""

    __slots__ = ()


def tag(name: str, /, *inside: str, **attributes: str) -> str:
    """One element. What `tag` made goes in as it is; any other text is escaped, forbidden characters dropped.

    Attribute names are given as Python words: a colon is written as two underscores.
    """
    written = "".join(f" {key.replace('__', ':')}={quoteattr(_legal(value))}" for key, value in attributes.items())
    body = "".join(each if isinstance(each, _Element) else escape(_legal(each)) for each in inside)
    return _Element(f"<{name}{written}>{body}</{name}>" if body else f"<{name}{written}/>")


def lines(root: str) -> bytes:
    """The document with its declaration, UTF-8."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}\n'.encode()


def _legal(text: str) -> str:
    """XML 1.0 has no way to write these, not even escaped (§2.2)."""
    return _ILLEGAL.sub("", text)
