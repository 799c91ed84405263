"""Reads a message from its bytes: body, attachments and headers; lenient with mess, bounded against attack.

The tree is in `mime_tree`, header notations in `headers`; what other rooms need of them is re-exported here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape

from mssclient.domain import sniff
from mssclient.domain.headers import (
    addresses,
    decode_header,
    message_ids,
    parameters,
    sent_date,
    shown_subject,
    text_of,
    xdm_subject,
)
from mssclient.domain.html_text import html_to_text
from mssclient.domain.mime_tree import DEFAULT, Leaf, Limits, Tree, decoded, headers_of, leaves, tidy

__all__ = [
    "Leaf",
    "Limits",
    "Parsed",
    "ParsedAttachment",
    "addresses",
    "decode_header",
    "decode_text",
    "decoded",
    "headers_of",
    "html_to_text",
    "leaves",
    "message_ids",
    "parameters",
    "parse",
    "sent_date",
    "shown_subject",
    "text_of",
    "xdm_subject",
]

_NAMELESS = {
    "message/rfc822": "message.eml",
    "text/calendar": "invitation.ics",
    "application/ms-tnef": "winmail.dat",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "text/rfc822-headers": "headers.txt",
}
_EXTENSIONS = {
    "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/tiff": "tif",
    "text/xml": "xml", "application/xml": "xml", "application/zip": "zip", "text/plain": "txt", "text/html": "html",
    "application/x-zip-compressed": "zip",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ParsedAttachment:
    """A file in a message."""

    name: str
    """Safe to show and to take as a file name: one line, no path."""
    media_type: str
    """From the bytes."""
    content: bytes
    content_id: str
    inline: bool
    """Whether the HTML body shows it: an image whose Content-ID it names."""
    number: str
    """IMAP section number."""

    @property
    def size(self) -> int:
        """Bytes decoded."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A message, read. `text` falls back on the HTML's own words."""

    text: str
    html: str
    """The foreign HTML as it came: never to be shown without `engine.sanitise`."""
    attachments: tuple[ParsedAttachment, ...]
    headers: tuple[tuple[str, str], ...] = field(repr=False, default=())
    """Every header of the message: name in lower case, value unfolded but not decoded."""
    truncated: bool = False
    """Whether something over the limits was left out."""

    def header(self, name: str) -> str:
        """The first value of a header, not decoded (see `decode_header`, `addresses`); empty when there is none."""
        return next((value for key, value in self.headers if key == name), "")


def parse(raw: bytes, limits: Limits = DEFAULT) -> Parsed:
    """Read a message. Raises Unreadable: EMPTY, TOO_BIG, or NOT_IT when the bytes have no mail header at all."""
    tree = Tree(limits)
    headers, found = tree.message(raw)
    bodies = [leaf for leaf in found if leaf.is_body]
    html = _html(bodies, limits.text)[: limits.text]
    text = _plain(bodies, limits.text)
    files = tuple(_attachment(leaf, html) for leaf in found if not leaf.is_body)
    cut = tree.truncated or len(text) > limits.text
    return Parsed(text[: limits.text], html, files, tuple(headers), cut)


def decode_text(raw: bytes, charset: str = "") -> str:
    """A text part already out of its transfer encoding, as text with "\\n" newlines, whatever charset was declared."""
    return tidy(text_of(raw, charset))


def _alternative(leaf: Leaf) -> str | None:
    """Section number of the outermost multipart/alternative around a leaf ("" for the message itself), or None."""
    if "multipart/alternative" not in leaf.parents:
        return None
    return ".".join(leaf.number.split(".")[: leaf.parents.index("multipart/alternative")])


def _plain(bodies: list[Leaf], most: int) -> str:
    """The words of every body in order: plain text, and HTML's own where no plain alternative says the same. Stops once
    there are more characters than are wanted."""
    texts = {leaf.number: leaf.text.strip("\n") for leaf in _first(bodies, most) if leaf.media_type == "text/plain"}
    said = {key for leaf in bodies if texts.get(leaf.number, "").strip() and (key := _alternative(leaf)) is not None}
    pieces: list[str] = []
    for leaf in _first(bodies, most):
        if leaf.media_type == "text/plain":
            pieces.append(texts[leaf.number])
        elif _alternative(leaf) not in said:
            pieces.append(html_to_text(leaf.text))
    return "\n\n".join(piece for piece in pieces if piece.strip())


def _html(bodies: list[Leaf], most: int) -> str:
    """The HTML of every body in order, loose plain text in between as preformatted; empty when there is no HTML."""
    if all(leaf.media_type == "text/plain" for leaf in bodies):
        return ""
    rich = {_alternative(leaf) for leaf in bodies if leaf.media_type == "text/html"} - {None}
    return "\n".join(
        leaf.text if leaf.media_type == "text/html" else f"<pre>{escape(leaf.text)}</pre>"
        for leaf in _first(bodies, most)
        if leaf.media_type == "text/html" or _alternative(leaf) not in rich
    )


def _first(bodies: list[Leaf], most: int) -> Iterator[Leaf]:
    """The bodies that begin within so many bytes of text, as they lie in the message: base64 weighs a third more."""
    size = 0
    for leaf in bodies:
        yield leaf
        size += len(leaf.raw)
        if size > most * 2:
            return


def _attachment(leaf: Leaf, html: str) -> ParsedAttachment:
    content = leaf.content
    kind = sniff.media_type(content, leaf.media_type, leaf.name)
    if leaf.media_type.startswith("message/") or leaf.media_type in {"text/rfc822-headers", "text/calendar"}:
        kind = leaf.media_type
    inline = kind.startswith("image/") and bool(leaf.content_id) and f"cid:{leaf.content_id}" in html
    return ParsedAttachment(leaf.name or _nameless(leaf, kind), kind, content, leaf.content_id, inline, leaf.number)


def _nameless(leaf: Leaf, kind: str) -> str:
    if leaf.media_type == "message/rfc822":
        subject = next((value for key, value in headers_of(leaf.content) if key == "subject"), "")
        title = re.sub(r'[<>:"/\\|?*]+', " ", shown_subject(decode_header(subject))).strip()[:80]
        return f"{title}.eml" if title else "message.eml"
    extension = _EXTENSIONS.get(kind, "bin")
    return _NAMELESS.get(leaf.media_type) or f"document-{leaf.number.replace('.', '-')}.{extension}"
