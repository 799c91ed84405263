"""Fetches the Annuaire's public extraction and the white list, and opens an extraction that is at hand.

Blocking, no threads; writes only into the file it is given. What is fetched is foreign: size, ratio and number of
entries are bounded. Progress is told in bytes.
"""

from __future__ import annotations

import io
import logging
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Any, BinaryIO

import httpx

from mssclient.domain import whitelist
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Cancelled, MssError, Offline, Unread, Unreadable
from mssclient.domain.extraction import stamp_of
from mssclient.remote import web

log = logging.getLogger(__name__)

TRANSFER_LIMIT = 400 * 1024 * 1024
"""Bytes over the line: 20 MB zipped, 89 MB as plain text in August 2026."""
TEXT_LIMIT = 1024 * 1024 * 1024
"""Bytes of text that an archive may hold."""
_RATIO_LIMIT = 100
_MEMBER_LIMIT = 50
_ATTEMPTS = 4
_PROGRESS = 256 * 1024
"""Bytes that an attempt has to bring for the next ones not to be counted: some lines break every few megabytes."""
_AS_IS = {"Accept-Encoding": "identity"}
_FILE_NAME = re.compile(r"filename=\s*\"?([^\";]{1,200})", re.IGNORECASE)
_TOTAL = re.compile(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Freshness:
    """What the Annuaire offers now, known without a transfer."""

    name: str
    stamp: str
    """AAAAMMJJhhmm of the extraction; empty when the server does not say."""
    size: int
    """Bytes over the line; 0 when the server does not say."""
    validator: str = field(default="", compare=False)
    """A strong ETag, else the Last-Modified date, as the server wrote it (RFC 9110 §8.8); empty without either."""


def freshness(environment: Environment) -> Freshness:
    """What a HEAD request says (Content-Disposition, Content-Length, ETag). Raises Offline, Refused, Untrusted.

    A server that does not know HEAD gives an empty answer: the transfer will tell.
    """
    with _asking(environment) as client:
        answer = client.head(environment.directory, headers=_AS_IS, follow_redirects=True)
        if answer.status_code in {httpx.codes.METHOD_NOT_ALLOWED, httpx.codes.NOT_IMPLEMENTED}:
            return Freshness("", "", 0)
        answer.raise_for_status()
        return _freshness(answer)


def download(
    environment: Environment,
    target: BinaryIO,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
    known: Freshness | None = None,
) -> Freshness:
    """Fetch the extraction, zipped or not, into `target`, a seekable file open for reading and writing.

    What stands in `target` from an interrupted call is continued when `known` (then required) is still what the server
    offers, and replaced when not. Raises Offline when the line stays cut: what arrived is kept for the next call.
    """
    with _asking(environment) as client:
        resumable = known if known is not None and known.size else None
        if resumable is None or target.seek(0, io.SEEK_END) > resumable.size:
            _empty(target)
        farthest, left = target.seek(0, io.SEEK_END), _ATTEMPTS
        while left:
            try:
                return _fetch(client, environment.directory, target, progress, cancelled, resumable)
            except _Cut as cut:
                have = target.seek(0, io.SEEK_END)
                left = _ATTEMPTS if have >= farthest + _PROGRESS else left - 1
                farthest = max(farthest, have)
                log.info("directory cut at %d bytes, attempts left: %d", have, left)
                resumable = cut.offered if cut.offered.size else None
        raise Offline("transfer cut")


class _Cut(Exception):
    """The answer ended before its announced length."""

    def __init__(self, offered: Freshness) -> None:
        super().__init__()
        self.offered = offered


def _fetch(
    client: httpx.Client,
    url: str,
    target: BinaryIO,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
    known: Freshness | None,
) -> Freshness:
    """One transfer, from where `target` ends when it is the beginning of the same file."""
    have = target.seek(0, io.SEEK_END)
    if known is not None and have == known.size:
        return known
    headers = dict(_AS_IS)
    if have and known:
        headers["Range"] = f"bytes={have}-"
        if known.validator:
            headers["If-Range"] = known.validator
    with client.stream("GET", url, headers=headers, follow_redirects=True) as answer:
        if answer.status_code == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
            _empty(target)
            raise _Cut(Freshness("", "", 0))
        answer.raise_for_status()
        offered = _freshness(answer)
        if answer.status_code != httpx.codes.PARTIAL_CONTENT:
            _empty(target)
        elif not _continues(answer, offered, known, have):
            _empty(target)
            raise _Cut(Freshness("", "", 0))
        _pour(answer, target, offered, progress, cancelled)
    return offered


def _pour(
    answer: httpx.Response,
    target: BinaryIO,
    offered: Freshness,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> None:
    done = target.tell()
    try:
        for chunk in answer.iter_raw():  # as it comes: a fixed size would hold back, and lose, what a cut line brought
            if cancelled():
                raise Cancelled
            done += len(chunk)
            if done > TRANSFER_LIMIT or (offered.size and done > offered.size):
                raise Unreadable(Unread.TOO_BIG, "extraction")
            target.write(chunk)
            progress(done, offered.size)
    except httpx.TransportError as error:
        raise _Cut(offered) from error
    if done < offered.size:
        raise _Cut(offered)


def _continues(answer: httpx.Response, offered: Freshness, known: Freshness | None, have: int) -> bool:
    """Whether a partial answer goes on with the very file that was begun."""
    found = _TOTAL.fullmatch(answer.headers.get("Content-Range", ""))
    same = known is not None and offered.size == known.size and (offered.stamp or known.stamp) == known.stamp
    if known is not None and known.validator and offered.validator and known.validator != offered.validator:
        return False
    return found is not None and same and int(found[1]) == have


def _freshness(answer: httpx.Response) -> Freshness:
    """The size is the whole file's, also in a partial answer."""
    found = _FILE_NAME.search(answer.headers.get("Content-Disposition", ""))
    name = (found[1] if found else answer.url.path.rpartition("/")[2]).strip()
    ranged = _TOTAL.fullmatch(answer.headers.get("Content-Range", ""))
    length = ranged[2] if ranged else answer.headers.get("Content-Length", "")
    size = int(length) if length.isascii() and length.isdigit() else 0
    if size > TRANSFER_LIMIT:
        raise Unreadable(Unread.TOO_BIG, "extraction")
    tag = answer.headers.get("ETag", "")
    validator = tag if tag.startswith('"') else answer.headers.get("Last-Modified", "")
    return Freshness(name, stamp_of(name) or _modified(answer), size, validator[:200])


def _modified(answer: httpx.Response) -> str:
    try:
        return f"{parsedate_to_datetime(answer.headers.get('Last-Modified', '')).astimezone(UTC):%Y%m%d%H%M}"
    except ValueError:
        return ""


def _empty(target: BinaryIO) -> None:
    target.seek(0)
    target.truncate()


def white_list(environment: Environment) -> bytes:
    """The white list as it stands on its server. Raises Offline, Refused, Untrusted, Unreadable(TOO_BIG)."""
    content = bytearray()
    with (
        _asking(environment) as client,
        client.stream("GET", environment.white_list, headers=_AS_IS, follow_redirects=True) as answer,
    ):
        answer.raise_for_status()
        for chunk in answer.iter_raw():
            content += chunk
            if len(content) > whitelist.SIZE_LIMIT:
                raise Unreadable(Unread.TOO_BIG, "white list")
        announced = answer.headers.get("Content-Length", "")
    if announced.isdigit() and len(content) < int(announced):
        raise Offline("transfer cut")
    return bytes(content)


@contextmanager
def _asking(environment: Environment) -> Iterator[httpx.Client]:
    try:
        with web.client(environment) as client:
            yield client
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        trouble: MssError = web.failure(error)
        raise trouble from error


class _Bounded(io.RawIOBase):
    """Bytes of a file or of an archive's member; damage met on the way is Unreadable, and so is too much of them."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._left = TEXT_LIMIT

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        try:
            piece = self._source.read(len(view))
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise Unreadable(Unread.DAMAGED, "archive") from error
        self._left -= len(piece)
        if self._left < 0:
            raise Unreadable(Unread.TOO_BIG, "extraction")
        view[: len(piece)] = piece
        return len(piece)


class ExtractionText(io.BufferedReader):
    """The text of an extraction, to be read once, with what is known of it beforehand."""

    def __init__(self, source: IO[bytes], size_bytes: int, stamp: str) -> None:
        super().__init__(_Bounded(source), 1 << 20)
        self.size_bytes = size_bytes
        """Of the whole text."""
        self.stamp = stamp
        """AAAAMMJJhhmm of its name, or empty."""


@contextmanager
def extraction_stream(source: Path | IO[bytes]) -> Iterator[ExtractionText]:
    """The text of an extraction that is at hand, zipped or plain. Raises Unreadable; OSError when a path leads nowhere.

    An archive is read in place, never unpacked to the disk; a bomb, an encrypted or a damaged one is refused.
    """
    if isinstance(source, Path):
        with source.open("rb") as file, _text_of(file, stamp_of(source.name)) as text:
            yield text
    else:
        with _text_of(source, "") as text:
            yield text


@contextmanager
def _text_of(file: IO[bytes], stamp: str) -> Iterator[ExtractionText]:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    zipped = file.read(4) == b"PK\x03\x04"
    file.seek(0)
    if not zipped:
        yield ExtractionText(file, size, stamp)
        return
    with _archive(file) as archive:
        member = _member(archive)
        try:
            inside = archive.open(member)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raise Unreadable(Unread.DAMAGED, "archive") from error
        with inside:
            yield ExtractionText(inside, member.file_size, stamp_of(member.filename) or stamp)


def _archive(file: IO[bytes]) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable(Unread.DAMAGED, "archive") from error


def _is_shadow(name: str) -> bool:
    """What a Mac lays beside each file of an archive."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _member(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one text in an archive."""
    members = archive.infolist()
    if len(members) > _MEMBER_LIMIT:
        raise Unreadable(Unread.TOO_BIG, "archive")
    members = [one for one in members if not one.is_dir() and not _is_shadow(one.filename)]
    texts = [one for one in members if one.filename.lower().endswith((".txt", ".csv"))] or members[:2]
    named = [one for one in texts if "correspondance_mssante" in one.filename.lower()] or texts
    if len(named) != 1:
        raise Unreadable(Unread.NOT_IT, "archive")
    member = named[0]
    if member.flag_bits & 1:
        raise Unreadable(Unread.FORBIDDEN, "encrypted")
    if member.file_size > TEXT_LIMIT or member.file_size > _RATIO_LIMIT * max(1, member.compress_size):
        raise Unreadable(Unread.TOO_BIG, "archive")
    return member
