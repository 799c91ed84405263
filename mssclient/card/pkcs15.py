"""Finding the certificates of a CPx card: PKCS#15 files of an IAS-ECC application, read without PIN."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mssclient.domain.errors import Unread, Unreadable

Transmit = Callable[[bytes], tuple[bytes, int]]
"""Sends one APDU; answers its content and the status word."""

APPLICATIONS = (
    bytes.fromhex("E828BD080F8025000001FF0010"),  # IAS contact
    bytes.fromhex("E828BD080F8025000001FF0020"),  # IAS contactless
    bytes.fromhex("80250000 01FF0100"),  # CPS4
)
_OK = 0x9000
_FILE_MOST = 8 * 1024
_CERTIFICATES_MOST = 6
_DEPTH_MOST = 8
_DIRECTORY_FILE = bytes.fromhex("5031")
_CERTIFICATES = 0xA4  # [4] of PKCS15Objects in the directory file (PKCS#15 §6.2)
_TYPE_ATTRIBUTES = 0xA1


def certificates(transmit: Transmit) -> Iterator[bytes]:
    """The certificates on the card, DER, in the card's order. Raises Unreadable when it is no such card."""
    _select_application(transmit)
    directory = _file(transmit, 0x02, _DIRECTORY_FILE)
    lists = [_path(value) for tag, value in tlvs(directory) if tag == _CERTIFICATES]
    seen = 0
    for place in lists:
        for tag, entry in tlvs(_file(transmit, 0x08, place)):
            if tag != 0x30 or seen >= _CERTIFICATES_MOST:
                continue
            seen += 1
            where = [_path(value) for part, value in tlvs(entry) if part == _TYPE_ATTRIBUTES]
            if where:
                yield _file(transmit, 0x08, where[0])


def tlvs(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The DER elements one after the other, until the padding of the file. Raises Unreadable on damage."""
    at = 0
    while at < len(content) and content[at] not in {0x00, 0xFF}:
        tag, start, end = _element(content, at)
        if end > len(content):
            raise Unreadable(Unread.DAMAGED, "card file")
        yield tag, content[start:end]
        at = end


def _element(content: bytes, at: int) -> tuple[int, int, int]:
    """Tag, and where the value of the element at `at` begins and ends, possibly beyond what was read yet."""
    head = content[at : at + 5]
    if len(head) < 2 or head[0] & 0x1F == 0x1F:
        raise Unreadable(Unread.DAMAGED, "card file")
    long = head[1] - 0x80
    if long < 0:
        return head[0], at + 2, at + 2 + head[1]
    if long not in {1, 2} or len(head) < 2 + long:
        raise Unreadable(Unread.DAMAGED, "card file")
    return head[0], at + 2 + long, at + 2 + long + int.from_bytes(head[2 : 2 + long], "big")


def _path(content: bytes, depth: int = 0) -> bytes:
    """The first OCTET STRING within: a path from the master file, which `3F00` names."""
    for tag, value in tlvs(content):
        if tag == 0x04:
            path = value.removeprefix(b"\x3f\x00")
            if not path or len(path) % 2 or len(path) > 8:
                break
            return path
        if tag & 0x20 and depth < _DEPTH_MOST:
            return _path(value, depth + 1)
    raise Unreadable(Unread.DAMAGED, "card path")


def _select_application(transmit: Transmit) -> None:
    for application in APPLICATIONS:
        _, status = _exchange(transmit, bytes([0x00, 0xA4, 0x04, 0x00, len(application)]) + application)
        if status == _OK:
            return
    raise Unreadable(Unread.NOT_IT, "no cpx application")


def _file(transmit: Transmit, how: int, path: bytes) -> bytes:
    """A transparent file: by identifier below the application (`how` 02) or by path from the master file (08)."""
    _, status = _exchange(transmit, bytes([0x00, 0xA4, how, 0x04, len(path)]) + path)
    if status != _OK:
        raise Unreadable(Unread.NOT_IT, f"select {status:04x}")
    content = b""
    while len(content) < _FILE_MOST:
        chunk, status = _exchange(transmit, bytes([0x00, 0xB0, len(content) >> 8, len(content) & 0xFF, 0x00]))
        content += chunk
        if status not in {_OK, 0x6282} and not (content and status in {0x6B00, 0x6A86}):
            raise Unreadable(Unread.DAMAGED, f"read {status:04x}")
        if not chunk or status != _OK or _is_whole(content):
            return content
    raise Unreadable(Unread.TOO_BIG, "card file")


def _is_whole(content: bytes) -> bool:
    """Whether a file that is one DER element was read to its end; others are read until the card says so."""
    if content[0] != 0x30 or len(content) < 5:
        return False
    _, _, end = _element(content, 0)
    one_element = end > 256  # a certificate; short elements follow one another in directory files
    return one_element and len(content) >= end


def _exchange(transmit: Transmit, apdu: bytes) -> tuple[bytes, int]:
    """One command, with what T=0 asks for: the right length (6Cxx) and the rest of the answer (61xx)."""
    content, status = transmit(apdu)
    if status >> 8 == 0x6C:
        content, status = transmit(apdu[:4] + bytes([status & 0xFF]))
    rounds = 0
    while status >> 8 == 0x61 and rounds < 32:
        rounds += 1
        more, status = transmit(bytes([0x00, 0xC0, 0x00, 0x00, status & 0xFF]))
        content += more
    return content, status
