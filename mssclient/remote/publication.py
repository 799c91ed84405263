"""Reads what an institution publishes of the Annuaire, from a folder, a share or a web server.

Blocking, no threads; writes only into the file it is given. What is read is foreign: it is bounded, and nothing is used
before its SHA-256 was found right.
"""

from __future__ import annotations

import hashlib
import io
import logging
import lzma
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import httpx

from mssclient.domain import publication
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Cancelled, Offline, Refused, Unread, Unreadable
from mssclient.domain.publication import Manifest, Packed
from mssclient.remote import web

log = logging.getLogger(__name__)
_MISSING = "http 404"
_PIECE = 256 * 1024
_MEMORY_LIMIT = 256 * 1024 * 1024
_LINE_LIMIT = 65_536
_AS_IS = {"Accept-Encoding": "identity"}

Progress = Callable[[int, int], None]


def is_publication(location: str) -> bool:
    """Whether a location is a published folder, not an extraction: a folder's path, or an address that ends with `/`
    or with the manifest's name."""
    if location.startswith("https://"):
        return location.endswith(("/", f"/{publication.MANIFEST}"))
    return bool(location) and (Path(location).name == publication.MANIFEST or Path(location).is_dir())


class PublishedFolder:
    """One published folder, as a workstation sees it. Close it, or use it in `with`.

    Raises Offline while it is not there, Refused, Untrusted, Unreadable.
    """

    def __init__(self, environment: Environment, location: str) -> None:
        self._client: httpx.Client | None = None
        if location.startswith("https://"):
            self._client = web.client(environment)
            self._base = location.removesuffix(publication.MANIFEST)
        else:
            path = Path(location)
            self._folder = path.parent if path.name == publication.MANIFEST else path

    def __enter__(self) -> PublishedFolder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the line."""
        if self._client is not None:
            self._client.close()

    def manifest(self) -> Manifest:
        """What is published now."""
        content = bytearray()
        try:
            with self._pieces(publication.MANIFEST, 0) as pieces:
                for piece in pieces:
                    content += piece
                    if len(content) > publication.MANIFEST_LIMIT:
                        raise Unreadable(Unread.TOO_BIG, "manifest")
        except Refused as error:
            if error.code != _MISSING:
                raise
            raise Unreadable(Unread.NOT_IT, "manifest") from error
        return publication.read_manifest(bytes(content))

    def fetch(self, packed: Packed, target: BinaryIO, progress: Progress, cancelled: Callable[[], bool]) -> None:
        """Bring one file into `target`, going on behind what stands there; it is whole and right afterwards.

        Raises Unreadable(DAMAGED) when the bytes are not those that the manifest announced: `target` is empty then.
        """
        begun = -1
        while (have := target.seek(0, io.SEEK_END)) < packed.size:
            try:
                self._go_on(packed, target, progress, cancelled)
            except Offline as error:
                if error.busy or target.seek(0, io.SEEK_END) == have == begun:
                    raise
                log.info("publication cut at %d bytes", have)
            begun = have
        if have > packed.size or _sha256(target) != packed.sha256:
            target.seek(0)
            target.truncate()
            raise Unreadable(Unread.DAMAGED, "publication")

    def _go_on(self, packed: Packed, target: BinaryIO, progress: Progress, cancelled: Callable[[], bool]) -> None:
        have = target.seek(0, io.SEEK_END)
        with self._pieces(packed.name, have) as pieces:
            for piece in pieces:
                if cancelled():
                    raise Cancelled
                have += len(piece)
                if have > packed.size:
                    raise Unreadable(Unread.DAMAGED, "publication")
                target.write(piece)
                progress(have, packed.size)
        if have < packed.size:
            raise Unreadable(Unread.DAMAGED, "publication")  # a cut line is an error; this is the file's own end

    @contextmanager
    def _pieces(self, name: str, begin: int) -> Iterator[Iterable[bytes]]:
        """The bytes of one file from `begin` on."""
        if self._client is None:
            with _file_pieces(self._folder / name, begin) as pieces:
                yield pieces
            return
        headers = _AS_IS | ({"Range": f"bytes={begin}-"} if begin else {})
        try:
            with self._client.stream("GET", self._base + name, headers=headers, follow_redirects=True) as answer:
                answer.raise_for_status()
                partial = answer.status_code == httpx.codes.PARTIAL_CONTENT
                yield answer.iter_raw() if partial or not begin else _behind(answer.iter_raw(), begin)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise web.failure(error) from error


@contextmanager
def _file_pieces(path: Path, begin: int) -> Iterator[Iterable[bytes]]:
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        # a share that is not mounted looks like a folder without the file
        raise (Refused(_MISSING) if path.parent.is_dir() else Offline("folder missing")) from error
    except OSError as error:
        raise Offline(type(error).__name__) from error
    with file:
        file.seek(begin)
        yield _read_through(file)


def _read_through(file: BinaryIO) -> Iterator[bytes]:
    """A share may go away at any byte."""
    try:
        while piece := file.read(_PIECE):
            yield piece
    except OSError as error:
        raise Offline(type(error).__name__) from error


def _behind(pieces: Iterable[bytes], begin: int) -> Iterator[bytes]:
    """What follows `begin` in an answer that starts at the beginning: the server knows no ranges."""
    for piece in pieces:
        if begin < len(piece):
            yield piece[begin:]
        begin = max(0, begin - len(piece))


def _sha256(file: BinaryIO) -> str:
    file.seek(0)
    found = hashlib.sha256()
    while piece := file.read(_PIECE):
        found.update(piece)
    return found.hexdigest()


def lines(file: BinaryIO, packed: Packed) -> Iterator[bytes]:
    """The lines of a fetched file. Raises Unreadable for one that unpacks to something else than announced."""
    file.seek(0)
    unpack = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MEMORY_LIMIT)
    left, rest = packed.unpacked, b""
    try:
        while not unpack.eof:
            piece = unpack.decompress(file.read(_PIECE) if unpack.needs_input else b"", 4 * _PIECE)
            if not piece and unpack.needs_input and file.tell() >= packed.size and not unpack.eof:
                raise Unreadable(Unread.DAMAGED, "publication")
            left -= len(piece)
            whole, newline, tail = (rest + piece).rpartition(b"\n")
            rest = tail
            if left < 0 or len(rest) > _LINE_LIMIT:
                raise Unreadable(Unread.TOO_BIG, "publication")
            if newline:
                yield from whole.split(b"\n")
    except lzma.LZMAError as error:
        raise Unreadable(Unread.DAMAGED, "publication") from error
    if left or rest:
        raise Unreadable(Unread.DAMAGED, "publication")
