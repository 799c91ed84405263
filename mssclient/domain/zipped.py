"""A ZIP archive read without trusting it: every entry checked before anything is used (documents.md, hostile ones)."""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from mssclient.domain import sniff
from mssclient.domain.errors import Unread, Unreadable

MAX_UNPACKED = 64 * 1024 * 1024
MAX_ENTRIES = 1000
MAX_RATIO = 200
_RATIO_FROM = 1024 * 1024
"""Bytes unpacked below which a high ratio is harmless."""
_MOST_HEADERS = 20_000
"""Central headers (an attached office file holds some of its own) before the directory is even read."""
_LONGEST_NAME = 1024
_HEAD = 4096
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_KINDS = frozenset({0, 0o100000, 0o040000})
"""File type bits of a Unix mode: unsaid, regular, folder. Links, devices and pipes are refused."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of an archive, checked. `number` tells apart two entries of one name."""

    path: str
    """With forward slashes, relative, without "..": checked."""
    size: int
    sha1: str
    sha256: str
    head: bytes
    """The first 4,096 bytes."""
    sound: bool
    """Whether the CRC is right."""
    start: int
    packed: int
    method: int

    @property
    def name(self) -> str:
        """The last piece of the path."""
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path without its last piece; empty at the root."""
        return self.path.rpartition("/")[0]


def entries(data: bytes) -> tuple[Entry, ...]:
    """Every file of the archive, unpacked once to check it. Raises Unreadable: EMPTY, NOT_IT, DAMAGED (sizes that lie
    included), TOO_BIG (count, size, ratio) or FORBIDDEN (path outside, link, encryption, unknown method)."""
    infos = _directory(data)
    files = [info for info in infos if not _path(info).endswith("/")]
    if len(infos) > MAX_ENTRIES or sum(info.file_size for info in files) > MAX_UNPACKED:
        raise Unreadable(Unread.TOO_BIG, "zip")
    for info in infos:
        _check_header(info)
    spans = [_span(data, info) for info in files]
    _check_overlap(spans)
    return tuple(_entry(data, info, span) for info, span in zip(files, spans, strict=True))


def content(data: bytes, entry: Entry) -> bytes:
    """The bytes of one entry of these same archive bytes."""
    return _unpacked(data, entry.start, entry.packed, entry.size, entry.method)


def _directory(data: bytes) -> list[ZipInfo]:
    if not data:
        raise Unreadable(Unread.EMPTY, "zip")
    if not sniff.is_zip(data) and b"PK\x03\x04" not in data[:_HEAD]:
        raise Unreadable(Unread.NOT_IT, "zip")
    if data.count(b"PK\x01\x02") > _MOST_HEADERS:
        raise Unreadable(Unread.TOO_BIG, "zip entries")
    try:
        with ZipFile(BytesIO(data)) as archive:
            return archive.infolist()
    except (BadZipFile, struct.error, ValueError, OverflowError, NotImplementedError, EOFError, IndexError, OSError):
        raise Unreadable(Unread.DAMAGED, "zip") from None


def _path(info: ZipInfo) -> str:
    """The entry's name with forward slashes; names of old French archivers are in code page 850."""
    name = info.filename
    if not info.flag_bits & _UTF8 and not name.isascii():
        raw = name.encode("cp437", errors="replace")
        try:
            name = raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("cp850")
    return name.replace("\\", "/")


def _check_header(info: ZipInfo) -> None:
    path = _path(info)
    outside = path.startswith("/") or path[1:2] == ":" or ".." in path.split("/")
    if outside or "\0" in info.orig_filename or len(path) > _LONGEST_NAME or not path.strip("/"):
        raise Unreadable(Unread.FORBIDDEN, "zip path")
    if info.external_attr >> 16 & 0o170000 not in _KINDS:
        raise Unreadable(Unread.FORBIDDEN, "zip link")
    if info.flag_bits & _ENCRYPTED:
        raise Unreadable(Unread.FORBIDDEN, "zip encrypted")
    if info.compress_type not in {_STORED, _DEFLATED}:
        raise Unreadable(Unread.FORBIDDEN, "zip method")
    if info.file_size > _RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise Unreadable(Unread.TOO_BIG, "zip ratio")


def _span(data: bytes, info: ZipInfo) -> tuple[int, int, int]:
    """Where the local header, the packed bytes and their end stand; the local header must agree with the directory."""
    offset = info.header_offset
    if not 0 <= offset <= len(data) - _LOCAL.size:
        raise Unreadable(Unread.DAMAGED, "zip offset")
    magic, _, flags, method, _, _, _, packed, size, name_size, extra_size = _LOCAL.unpack_from(data, offset)
    start = offset + _LOCAL.size + name_size + extra_size
    end = start + info.compress_size
    if magic != b"PK\x03\x04" or end > len(data) or method != info.compress_type or flags & _ENCRYPTED:
        raise Unreadable(Unread.DAMAGED, "zip header")
    in_64 = 0xFFFFFFFF in {packed, size}
    if not flags & _DESCRIPTOR and not in_64 and (packed, size) != (info.compress_size, info.file_size):
        raise Unreadable(Unread.DAMAGED, "zip sizes")
    return offset, start, end


def _check_overlap(spans: list[tuple[int, int, int]]) -> None:
    """Entries that share packed bytes are a bomb without recursion."""
    reached = 0
    for offset, _, end in sorted(spans):
        if offset < reached:
            raise Unreadable(Unread.FORBIDDEN, "zip overlap")
        reached = end


def _entry(data: bytes, info: ZipInfo, span: tuple[int, int, int]) -> Entry:
    _, start, end = span
    unpacked = _unpacked(data, start, end - start, info.file_size, info.compress_type)
    return Entry(
        path=_path(info), size=len(unpacked),
        sha1=hashlib.sha1(unpacked, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(unpacked).hexdigest(),
        head=unpacked[:_HEAD], sound=zlib.crc32(unpacked) == info.CRC, start=start, packed=end - start,
        method=info.compress_type,
    )  # fmt: skip


def _unpacked(data: bytes, start: int, packed: int, size: int, method: int) -> bytes:
    """Exactly `size` bytes, or Unreadable: never more is unpacked than was announced."""
    raw = data[start : start + packed]
    if method == _STORED:
        if packed != size:
            raise Unreadable(Unread.DAMAGED, "zip sizes")
        return raw
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacked = inflater.decompress(raw, size + 1)
    except zlib.error:
        raise Unreadable(Unread.DAMAGED, "zip deflate") from None
    if len(unpacked) != size or not inflater.eof or inflater.unused_data:
        raise Unreadable(Unread.DAMAGED, "zip sizes")
    return unpacked
