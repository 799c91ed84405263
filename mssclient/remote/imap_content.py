"""Transfer encodings of a part → its bytes (RFC 2045 §6): what a server sends may be cut, wrapped or mixed."""

from __future__ import annotations

import binascii

from mssclient.domain.errors import Unread, Unreadable
from mssclient.remote.imap_headers import base64_bytes


def transfer_decoded(raw: bytes, encoding: str) -> bytes:
    """The bytes behind a transfer encoding; an unknown one is taken for none. Raises Unreadable(DAMAGED)."""
    match encoding.strip().lower():
        case "base64":
            return _base64(raw)
        case "quoted-printable":
            return binascii.a2b_qp(raw)
        case "x-uuencode" | "uuencode" | "x-uue":
            return _uuencoded(raw)
        case _:
            return raw


def _base64(raw: bytes) -> bytes:
    try:
        return binascii.a2b_base64(raw)
    except binascii.Error:
        decoded = base64_bytes(raw)
        if raw.strip() and not decoded:
            raise Unreadable(Unread.DAMAGED, "base64") from None
        return decoded


def _uuencoded(raw: bytes) -> bytes:
    lines = iter(raw.splitlines())
    if not any(line.startswith(b"begin ") for line in lines):
        raise Unreadable(Unread.DAMAGED, "uuencode")
    content = bytearray()
    for line in lines:
        if line.strip() in {b"end", b"`"}:
            break
        try:
            content += binascii.a2b_uu(line)
        except binascii.Error:
            # Some programs pad their last characters beyond the announced length.
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                content += binascii.a2b_uu(line[:length])
            except binascii.Error as error:
                raise Unreadable(Unread.DAMAGED, "uuencode") from error
    return bytes(content)
