"""Messages deleted for good, and nobody else's with them, with UIDPLUS (RFC 4315) and without."""

from __future__ import annotations

from collections.abc import Sequence

from mssclient.remote import imap_words as words
from mssclient.remote.imap_news import search
from mssclient.remote.imap_wire import Wire


def expunge(wire: Wire, wanted: bytes, capabilities: frozenset[str]) -> None:
    """Deletes a short set of uids of the selected mailbox.

    A plain EXPUNGE takes all that is marked: what others marked is unmarked for that moment. A cut leaves it so, which
    loses nothing.
    """
    _mark(wire, [wanted], b"+")
    if "UIDPLUS" in capabilities:
        wire.command(b"UID EXPUNGE", wanted)
        return
    marked = search(wire, b"DELETED", 1, short="ESEARCH" in capabilities)
    others: Sequence[bytes] = list(words.sets(sorted(set(marked) - words.expanded(wanted))))
    _mark(wire, others, b"-")
    wire.command(b"EXPUNGE")
    _mark(wire, others, b"+")


def _mark(wire: Wire, some: Sequence[bytes], sign: bytes) -> None:
    for each in some:
        wire.command(b"UID STORE", each, sign + b"FLAGS.SILENT", rb"(\Deleted)")
