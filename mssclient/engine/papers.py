"""PDF files that came loose: which show a document of their message, and which are documents of their own."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from dataclasses import replace

from mssclient.domain import xdm
from mssclient.domain.documents import Archive, HealthDocument
from mssclient.domain.errors import Unreadable
from mssclient.domain.events import BodyArrived
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.pairing import Candidate, Paper, as_document, distinct, pairs
from mssclient.engine.document_text import PdfReader, text_of
from mssclient.engine.house import House
from mssclient.store.content import PartPlace
from mssclient.store.documents import Arrived

LARGEST_PAIRED = 30 * 1024 * 1024
_MOST_READ = 6
"""Papers of one message, and documents, whose words are compared."""


class Papers:
    """Use case of the thread `fetch`."""

    def __init__(self, house: House, reader: Callable[[], PdfReader] = PdfReader) -> None:
        self._house = house
        self._reader = reader

    def take(self, message_id: MessageId, largest: int) -> list[Arrived]:
        """Put the papers of a message that show no document of it on the list. `largest`: bytes of an archive beyond which
        nobody waits for it."""
        stores = self._house.stores
        came: list[Arrived] = []
        for paper in stores.papers.unlisted(message_id, largest):
            raw = stores.content.part_bytes(paper.part_id)
            if raw is not None:
                alone = Archive(is_xdm=False, documents=(as_document(paper.name, raw),), entries=(), warnings=())
                came += stores.documents.take(paper.part_id, alone, loose=True)
        return came

    def pair(self, message_id: MessageId) -> None:
        """Which loose PDFs of a message show one of its documents: one line on the screen, not two."""
        parts = self._house.stores.content.parts(message_id)
        candidates = [c for part in parts for c in self._candidates(part.id)]
        if not candidates:
            return
        papers = self._papers(parts, candidates)
        chosen = pairs(papers, candidates)
        alone = [p for p in papers if p.part_id not in chosen]
        taken = {(c.part_id, c.content) for c in chosen.values()}
        free = [c for c in candidates if (c.part_id, c.content) not in taken]
        if alone and free:
            chosen |= self._by_words(alone[:_MOST_READ], free[:_MOST_READ])
        found = {paper: (c.part_id, c.content) for paper, c in chosen.items()}
        if self._house.stores.papers.pair(message_id, found):
            self._house.speaker.announce(BodyArrived(message_id))

    def _candidates(self, part_id: PartId) -> list[Candidate]:
        archive = self._house.stores.content.archive(part_id)
        documents = archive.documents if archive else ()
        raw = self._house.stores.content.part_bytes(part_id) if documents else None
        return [self._candidate(part_id, document, raw) for document in documents]

    def _candidate(self, part_id: PartId, document: HealthDocument, raw: bytes | None) -> Candidate:
        first = next((xdm.key(document, c) for c in document.contents), "")
        sheets = [piece for kind, piece in _pieces(document, raw) if kind == "application/pdf"]
        digests = frozenset(hashlib.sha1(piece, usedforsecurity=False).hexdigest() for piece in sheets)
        return Candidate(part_id, first, document, digests)

    def _papers(self, parts: list[PartPlace], candidates: list[Candidate]) -> list[Paper]:
        sizes = {c.size for each in candidates for c in each.document.contents if c.media_type == "application/pdf"}
        papers = []
        for part in parts:
            if part.spec.attachment and part.spec.name.lower().endswith(".pdf"):
                # Its bytes are looked at only where they could be those of a document.
                raw = self._house.stores.content.part_bytes(part.id) if part.spec.size in sizes else None
                sha1 = hashlib.sha1(raw, usedforsecurity=False).hexdigest() if raw else ""
                papers.append(Paper(part.id, part.spec.name, sha1))
        return papers

    def _by_words(self, papers: list[Paper], candidates: list[Candidate]) -> dict[PartId, Candidate]:
        """What no name and no digest tells, the text may: a producer's own print of its CDA."""
        content = self._house.stores.content
        here = [(paper, raw) for paper in papers if (raw := content.part_bytes(paper.part_id)) is not None]
        if not here:
            return {}
        with contextlib.closing(self._reader()) as pdf:
            read = [replace(paper, words=distinct(text_of(raw, pdf))) for paper, raw in here]
            if not any(paper.words for paper in read):
                return {}
            told = [self._with_words(each, pdf) for each in candidates]
        return pairs(read, told)

    def _with_words(self, candidate: Candidate, pdf: PdfReader) -> Candidate:
        raw = self._house.stores.content.part_bytes(candidate.part_id)
        texts = [text_of(piece, pdf) for _, piece in _pieces(candidate.document, raw)]
        return replace(candidate, words=distinct(max(texts, key=len, default="")))


def _pieces(document: HealthDocument, raw: bytes | None) -> list[tuple[str, bytes]]:
    """Media type and bytes of the renditions that are here and not too large."""
    if raw is None or len(raw) > LARGEST_PAIRED:
        return []
    found = []
    for rendition in document.contents[:_MOST_READ]:
        with contextlib.suppress(Unreadable):
            found.append((rendition.media_type, xdm.by_key(raw, xdm.key(document, rendition))))
    return found
