"""Bodies and attachments, in pieces: what a cancel or a progress bar waits for, and what a cut line does not lose."""

from __future__ import annotations

from collections.abc import Callable

from mssclient.domain.errors import Cancelled, Refused
from mssclient.remote import imap_lean
from mssclient.remote.imap_stream import malformed
from mssclient.remote.imap_wire import Wire

CHUNK = 256 * 1024
"""Bytes of one piece."""
CONTENT_CAP = 256 << 20
"""No message is larger: a server that never stops is left."""

Progress = Callable[[int, int], None]
"""Bytes so far, bytes in all (0 when unknown)."""
Keep = Callable[[int, bytes], None]
"""Where a piece begins, and the piece."""


def content(
    wire: Wire,
    uid: int,
    section: bytes,
    *,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    size: int = 0,
    have: bytes = b"",
    keep: Keep | None = None,
) -> bytes:
    """A section of a message as it lies on the server, from the end of `have` on; each piece is handed to `keep`.

    Raises Refused("NONEXISTENT") when the message is gone, Cancelled between two pieces.
    """
    pieces, done = [have], len(have)
    while True:
        if cancelled is not None and cancelled():
            raise Cancelled
        item = b"BODY.PEEK[%s]<%d.%d>" % (section, done, CHUNK)
        first = not section and len(pieces) == 1
        found = _items(wire, uid, (b"(UID RFC822.SIZE %s)" if first else b"(UID %s)") % item)
        piece = found.get(b"BODY") or b""
        if not isinstance(piece, bytes) or len(piece) > CHUNK:
            raise malformed()
        size = imap_lean.number(found.get(b"RFC822.SIZE")) or size
        if piece and keep is not None:
            keep(done, piece)
        pieces.append(piece)
        done += len(piece)
        if done > CONTENT_CAP:
            raise malformed()
        if progress is not None:
            progress(done, max(size, done))
        # The size is no criterion: some servers announce it wrong.
        if len(piece) < CHUNK:
            return b"".join(pieces)


def _items(wire: Wire, uid: int, wanted: bytes) -> dict[bytes, imap_lean.Value]:
    for line in wire.command(b"UID FETCH %d" % uid, wanted).lines:
        found = imap_lean.items(line)
        if found is not None and imap_lean.number(found.get(b"UID")) == uid and b"BODY" in found:
            return found
    raise Refused("NONEXISTENT")
