"""Reads an IHE_XDM archive as real software writes it, and gives one rendition of what it holds (documents.md)."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import replace
from posixpath import normpath
from urllib.parse import unquote

from mssclient.domain import cda, metadata, sniff, zipped
from mssclient.domain.address import fold
from mssclient.domain.documents import Archive, Content, HealthDocument, Warn
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.metadata import Described
from mssclient.domain.xdm_merge import Presence, disagreements, joined, merged
from mssclient.domain.zipped import Entry

_MOST_MARKUP = 600_000
"""Angle brackets in all the XML of one archive: bounds the time spent on it."""
_INNER = "!/"
"""Between the path of an archive inside the archive and a path in it."""
_JUNK_ENDS = ("~", ".bak", ".swp", ".swo", ".tmp", ".orig", ".svn-base")
_JUNK_NAMES = frozenset({"thumbs.db", "desktop.ini", "__macosx"})
_FURNITURE = frozenset({"index.htm", "index.html", "readme.txt", "readme", "readme.md", "metadata.xml"})


def read(data: bytes) -> Archive:
    """What the archive holds. Raises Unreadable for anything hostile or damaged; oddities become warnings."""
    entries = zipped.entries(data)
    files = [entry for entry in entries if not _is_junk(entry.path)]
    described = [entry for entry in files if _is_metadata(entry)]
    if described:
        return _Reading(data, files, described).archive()
    if inner := _inner(data, files):
        return inner
    return Archive(False, (), tuple(_content_of(entry) for entry in files), ())


def content(data: bytes, path: str, embedded: int = -1) -> bytes:
    """One rendition: an entry by its path, or what the CDA there embeds. `data` may be a bare CDA, with an empty path.

    Raises Unreadable when there is no such content.
    """
    whole = _entry_bytes(data, path) if path else data
    return whole if embedded < 0 else cda.embedded(whole, embedded)


def key(document: HealthDocument, rendition: Content) -> str:
    """`FilingChoice.content` for one rendition of a document: a path, or "cda:<path>#n" for what a CDA embeds."""
    if rendition.embedded < 0:
        return rendition.path
    path = next((each.path for each in document.contents if each.embedded < 0), "")
    return f"cda:{path}#{rendition.embedded}"


def by_key(data: bytes, content_key: str) -> bytes:
    """The bytes that `key` names; an empty key is the data itself. Raises Unreadable when there is no such content."""
    if not content_key.startswith("cda:"):
        return content(data, content_key)
    path, _, number = content_key.removeprefix("cda:").rpartition("#")
    if not number.isdigit():
        raise Unreadable(Unread.NOT_IT, "content key")
    return content(data, path, int(number))


def _entry_bytes(data: bytes, path: str) -> bytes:
    matching = [entry for entry in zipped.entries(data) if entry.path == path]
    if matching:
        return zipped.content(data, matching[-1])
    outer, mark, inner = path.partition(_INNER)
    if not mark or _INNER in inner:
        raise Unreadable(Unread.NOT_IT, "no such entry")
    return _entry_bytes(_entry_bytes(data, outer), inner)


def _is_junk(path: str) -> bool:
    """What Macs, editors and version control leave behind."""
    pieces = path.casefold().split("/")
    return any(p.startswith((".", "~$")) or p in _JUNK_NAMES for p in pieces) or pieces[-1].endswith(_JUNK_ENDS)


def _is_metadata(entry: Entry) -> bool:
    folders = entry.folder.casefold().split("/")
    return entry.name.casefold() == "metadata.xml" and "ihe_xdm" in folders


def _content_of(entry: Entry, declared: str = "") -> Content:
    return Content(sniff.media_type(entry.head, declared, entry.name), entry.size, entry.path)


def _inner(data: bytes, files: list[Entry]) -> Archive | None:
    """An archive that was packed once more: its documents, their paths behind the outer one's."""
    for entry in files:
        if not sniff.is_zip(entry.head):
            continue
        packed = zipped.content(data, entry)
        if b"metadata.xml" not in packed.lower():
            continue
        members = zipped.entries(packed)
        if sum(each.size for each in members) + sum(each.size for each in files) > zipped.MAX_UNPACKED:
            raise Unreadable(Unread.TOO_BIG, "zip")
        kept = [each for each in members if not _is_junk(each.path)]
        if described := [each for each in kept if _is_metadata(each)]:
            found = _Reading(packed, kept, described).archive()
            others = tuple(_content_of(each) for each in files if each is not entry)
            return _behind(found, entry.path, others)
    return None


def _behind(archive: Archive, outer: str, others: tuple[Content, ...]) -> Archive:
    def moved(contents: tuple[Content, ...]) -> tuple[Content, ...]:
        return tuple(replace(c, path=f"{outer}{_INNER}{c.path}") if c.path else c for c in contents)

    documents = tuple(replace(each, contents=moved(each.contents)) for each in archive.documents)
    warnings = (*archive.warnings, Warn("packed-twice", outer))
    return replace(archive, documents=documents, entries=moved(archive.entries) + others, warnings=warnings)


class _Reading:
    """One archive being read; lives for one call."""

    def __init__(self, data: bytes, files: list[Entry], described: list[Entry]) -> None:
        self._data = data
        self._metadata = described
        self._files = [entry for entry in files if entry not in described]
        self._index = _Files(self._files)
        self._warnings: list[Warn] = []
        self._claimed: set[str] = set()
        self._headers: dict[str, HealthDocument | None] = {}
        self._markup = 0

    def archive(self) -> Archive:
        documents: list[HealthDocument] = []
        for folder, described in self._described():
            documents += joined([(each, self._document(each, folder)) for each in described])
        kept = self._once(documents)
        self._check_usagers(kept)
        return Archive(True, tuple(kept), self._others(), tuple(dict.fromkeys(self._warnings)))

    def _warn(self, code: str, about: str = "") -> None:
        self._warnings.append(Warn(code, about))

    def _bytes(self, entry: Entry) -> bytes:
        content_bytes = zipped.content(self._data, entry)
        if sniff.is_xml(entry.head):
            self._markup += content_bytes.count(b"<")
            if self._markup > _MOST_MARKUP:
                raise Unreadable(Unread.TOO_BIG, "xml")
        return content_bytes

    def _described(self) -> Iterable[tuple[str, tuple[Described, ...]]]:
        """The documents of each subset that can be read; DOCTYPE and bombs refuse the whole archive."""
        read_any, total = False, 0
        for entry in self._metadata:
            try:
                described = metadata.read(self._bytes(entry))
            except Unreadable as error:
                if error.reason in {Unread.FORBIDDEN, Unread.TOO_BIG}:
                    raise
                self._warn("metadata", entry.path)
                continue
            read_any = True
            total += len(described)
            if total > metadata.MAX_DOCUMENTS:
                raise Unreadable(Unread.TOO_BIG, "metadata")
            if not described:
                self._warn("no-document", entry.path)
            yield entry.folder, described
        if not read_any:
            raise Unreadable(Unread.DAMAGED, "metadata")

    def _document(self, described: Described, folder: str) -> HealthDocument:
        entry = self._file_of(described, folder)
        header = self._header(entry, described) if entry is not None else None
        if entry is None:
            self._warn("no-file", described.uri or described.unique_id)
        else:
            self._claimed.add(entry.path)
        document = merged(described, header, _presence(described, entry))
        self._check(document, described, header)
        if entry is not None and not entry.sound and document.hash_ok is not True:
            raise Unreadable(Unread.DAMAGED, "zip crc")
        return document

    def _file_of(self, described: Described, folder: str) -> Entry | None:
        found = self._index.named(described.uri, folder)
        if found is not None:
            return found
        if described.hash:
            found = self._index.summed(described.hash, folder)
        elif not described.uri:
            near = [entry for entry in self._files if entry.path.startswith(folder + "/")]
            free = [e for e in near if e.path not in self._claimed and e.name.casefold() not in _FURNITURE]
            found = free[0] if len(free) == 1 else None
        if found is not None:
            self._warn("uri" if described.uri else "no-uri", found.path)
        return found

    def _header(self, entry: Entry, described: Described) -> HealthDocument | None:
        if entry.path not in self._headers:
            self._headers[entry.path] = self._read_header(entry, described)
        return self._headers[entry.path]

    def _read_header(self, entry: Entry, described: Described) -> HealthDocument | None:
        if not sniff.is_xml(entry.head):
            if described.media_type.endswith("xml") and entry.size:
                self._warn("not-cda", entry.path)
            return None
        try:
            return cda.read(self._bytes(entry))
        except Unreadable as error:
            if error.reason in {Unread.FORBIDDEN, Unread.TOO_BIG}:
                raise
            self._warn("not-cda", entry.path)
            return None

    def _check(self, document: HealthDocument, described: Described, header: HealthDocument | None) -> None:
        about = document.uri or document.unique_id
        if document.hash_ok is False and document.contents:
            self._warn("hash", about)
        if document.size_ok is False and document.contents:
            self._warn("size", about)
        if document.key_valid is False:
            self._warn("key", about)
        if document.action:
            self._warn("replacement" if document.action == "C" else "deletion", about)
        for code in disagreements(described, header):
            self._warn(code, about)

    def _once(self, documents: list[HealthDocument]) -> list[HealthDocument]:
        """The archive may hold everything twice: uniqueId is the duplicate key."""
        kept: dict[tuple[str, str], HealthDocument] = {}
        for each in documents:
            name = (each.unique_id or each.uri, each.sha1)
            if name in kept and any(name):
                self._warn("twice", each.uri or each.unique_id)
            else:
                if each.unique_id and any(known == each.unique_id for known, _ in kept):
                    self._warn("same-id", each.unique_id)
                kept[name] = each
        return list(kept.values())

    def _check_usagers(self, documents: list[HealthDocument]) -> None:
        """One mail, one usager (mssante.md §5)."""
        people = {(u.matricule, fold(u.birth_name), u.birth_date) for d in documents if (u := d.usager) is not None}
        if len({matricule for matricule, _, _ in people if matricule}) > 1:
            self._warn("several-usagers")
        if documents and not any(u.matricule for d in documents if (u := d.usager) is not None):
            self._warn("no-ins")

    def _others(self) -> tuple[Content, ...]:
        sums = {entry.sha1 for entry in self._files if entry.path in self._claimed}
        others = []
        for entry in self._files:
            if entry.path in self._claimed or entry.name.casefold() in _FURNITURE or entry.sha1 in sums:
                continue
            if cda.is_cda(entry.head):
                self._warn("unlisted", entry.path)
            others.append(_content_of(entry))
        return tuple(others)


def _digests(entry: Entry) -> frozenset[str]:
    """Every spelling of the entry's digest met in `hash` slots: SHA-1 in hexadecimal, base64, and SHA-256."""
    raw = bytes.fromhex(entry.sha1)
    return frozenset({entry.sha1, entry.sha256, base64.b64encode(raw).decode().lower()})


class _Files:
    """The files of an archive by path, by path in any case, by last piece and by digest; the first of equals wins."""

    def __init__(self, files: list[Entry]) -> None:
        self._paths: dict[str, Entry] = {}
        self._folded: dict[str, Entry] = {}
        self._digests: dict[str, list[Entry]] = {}
        for entry in files:
            self._paths.setdefault(entry.path, entry)
            self._folded.setdefault(entry.path.casefold(), entry)
            for digest in _digests(entry):
                self._digests.setdefault(digest, []).append(entry)

    def named(self, uri: str, folder: str) -> Entry | None:
        """The file a URI names: exactly, in another case, by its last piece in the subset, or from the root."""
        if not uri:
            return None
        wanted = unquote(uri).replace("\\", "/").removeprefix("file:").lstrip("/")
        path = normpath(f"{folder}/{wanted}")
        if path.startswith((".", "/")):
            raise Unreadable(Unread.FORBIDDEN, "uri")
        tries = (path, f"{folder}/{uri}", f"{folder}/{wanted.rpartition('/')[2]}", normpath(wanted))
        exact = next((entry for each in tries[:2] if (entry := self._paths.get(each))), None)
        return exact or next((entry for each in tries if (entry := self._folded.get(each.casefold()))), None)

    def summed(self, digest: str, folder: str) -> Entry | None:
        """The file with this digest, in the subset first."""
        found = self._digests.get(digest, [])
        near = [entry for entry in found if entry.path.startswith(folder + "/")]
        return next(iter(near or found), None)


def _presence(described: Described, entry: Entry | None) -> Presence:
    """How the file that was found agrees with the digest and size that were announced."""
    if entry is None:
        return Presence((), False if described.hash else None, False if described.size is not None else None, "")
    return Presence(
        contents=(_content_of(entry, described.media_type),),
        hash_ok=described.hash in _digests(entry) if described.hash else None,
        size_ok=described.size == entry.size if described.size is not None else None,
        sha1=entry.sha1,
    )
