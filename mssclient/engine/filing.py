"""Files a document into the record system's folder: fetched, named, dropped whole, journalled before and after."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from pathlib import Path

from mssclient.domain import filing_rules, sniff, xdm
from mssclient.domain.documents import Archive, HealthDocument
from mssclient.domain.errors import Cancelled, FilingReason, FilingRefused, MssError, SessionEnded, StoreTrouble
from mssclient.domain.events import AttachmentFiled, FoldersChanged, MessagesChanged, WorklistChanged
from mssclient.domain.filing import FilingChoice
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.worklist import WorkLine
from mssclient.dui import folder as dui_folder
from mssclient.dui import profile
from mssclient.dui.sidecar import Facts
from mssclient.engine.fetch import Fetch
from mssclient.engine.house import House
from mssclient.store.documents import looked_at

log = logging.getLogger(__name__)


def document_of(archive: Archive | None, content: str) -> HealthDocument | None:
    """The document a rendition belongs to: of an archive by its content key, else the only one there is."""
    if archive is None:
        return None
    for document in archive.documents:
        if any(xdm.key(document, c) == content for c in document.contents):
            return document
    return archive.documents[0] if len(archive.documents) == 1 else None


def _pieces(raw: bytes, content: bytes, document: HealthDocument | None) -> dict[str, bytes]:
    """The bytes an export profile chooses from: what the person looked at first, then its other renditions."""
    kind = sniff.media_type(content)
    if document is None:
        return {"pdf": content} if kind == "application/pdf" else {"file": content}
    found = {}
    for rendition in document.contents:
        piece = {"application/pdf": "pdf", "text/xml": "cda", "application/xml": "cda"}.get(rendition.media_type)
        if piece is not None and piece not in found:
            found[piece] = xdm.by_key(raw, xdm.key(document, rendition))
    if kind == "application/pdf":
        found["pdf"] = content
    if sniff.is_zip(raw):
        found["zip"] = raw
    return found or {"file": content}


class Filing:
    """Use case of the thread `fetch`: the bytes may have to come first."""

    def __init__(self, house: House, fetch: Fetch) -> None:
        self._house = house
        self._fetch = fetch
        self._profile = house.export_profile
        self._waiting: set[object] = set()
        self.settled: Callable[[MessageId], None] = lambda _message_id: None
        """Runs on `fetch` once a document of a message was filed."""

    def file(self, part_id: PartId, choice: FilingChoice, folder: Path | None) -> None:
        """Begin on the `fetch` thread; ends in AttachmentFiled or a Problem, always. Any thread."""
        mark = object()

        def job() -> None:
            message_id: MessageId | None = None
            trouble: MssError | None = MssError("a bug")
            try:
                place = self._house.stores.content.part(part_id)
                message_id = place.message_id if place else None
                self._file(part_id, choice, folder)
                trouble = None
            except Cancelled:
                trouble = SessionEnded("locked")
            except MssError as error:
                trouble = error
            finally:
                if self._taken(mark) and trouble is not None:
                    self._house.speaker.problem(trouble, "file", message_id=message_id)

        self._waiting.add(mark)
        if not self._fetch.worker.post_first(job):
            self.give_up()

    def _taken(self, mark: object) -> bool:
        """Whether this call is the one that tells how a filing ended."""
        try:
            self._waiting.remove(mark)
        except KeyError:
            return False
        return True

    def give_up(self) -> None:
        """The lines were closed: what has not begun will not, and the person is told."""
        for mark in list(self._waiting):
            if self._taken(mark):
                self._house.speaker.problem(SessionEnded("locked"), "file")

    def _file(self, part_id: PartId, choice: FilingChoice, folder: Path | None) -> None:
        if folder is None:
            raise FilingRefused(FilingReason.NO_FOLDER)
        self.file_now(part_id, choice, folder)

    def file_now(self, part_id: PartId, choice: FilingChoice, folder: Path, *, act: str = "file") -> None:
        """File a document, journalled before and after. On `fetch` only. Raises FilingRefused and what fetching raises."""
        if not choice.usager.birth_name.strip():
            raise FilingRefused(FilingReason.IDENTITY)
        stores = self._house.stores
        part = stores.content.part(part_id)
        if part is None:
            raise FilingRefused(FilingReason.VANISHED)
        raw = self._fetch.part_bytes(part_id)
        content = xdm.by_key(raw, choice.content)
        document = document_of(stores.content.archive(part_id), choice.content)
        line = stores.documents.of_part(part_id, looked_at(document)) if document else self._paper_line(part_id)
        found = self._with_paper(part_id, raw, content, document)
        pieces = profile.files(self._profile, self._facts(part.message_id, choice), found, document)
        for name, piece in pieces:
            if reason := filing_rules.refusal(name, piece[:64]):
                raise FilingRefused(reason)
        digest = hashlib.sha256(content).hexdigest()
        unique_id = document.unique_id if document else line.unique_id if line else ""
        self._check_versions(line, choice)
        if stores.filings.already(digest, unique_id) and not choice.again:
            raise FilingRefused(FilingReason.ALREADY)
        filing_id = stores.filings.begin(
            part.message_id, part_id, choice, self._house.person.national_id, digest, unique_id, self._house.now(),
            document_id=line.id if line else 0,
            last_sha256=hashlib.sha256(pieces[-1][1]).hexdigest(),
        )  # fmt: skip
        try:
            written = dui_folder.drop(folder, pieces)
        except MssError:
            stores.filings.give_up(filing_id)
            raise
        names = [path.name for path, (_, piece) in zip(written, pieces, strict=True) if piece == content]
        stores.filings.finish(filing_id, part.message_id, names[0] if names else written[-1].name)
        self._tell_filed(part.message_id, part_id, act)
        self.settled(part.message_id)

    def _paper_line(self, part_id: PartId) -> WorkLine | None:
        """The line of a loose PDF: that of the document which it shows, else its own."""
        stores = self._house.stores
        place = stores.papers.companion(part_id)
        if place is None:
            return stores.documents.of_part(part_id, "")
        shown = document_of(stores.content.archive(place[0]), place[1])
        return stores.documents.of_part(place[0], looked_at(shown)) if shown else None

    def _with_paper(
        self, part_id: PartId, raw: bytes, content: bytes, document: HealthDocument | None
    ) -> dict[str, bytes]:
        """The pieces of a document, with the PDF that came beside it where it has none of its own."""
        pieces = _pieces(raw, content, document)
        if document is None or "pdf" in pieces:
            return pieces
        first = next((xdm.key(document, c) for c in document.contents), "")
        for paper in self._house.stores.papers.companions(part_id, first)[:1]:
            pieces["pdf"] = self._fetch.part_bytes(paper)
        return pieces

    def _check_versions(self, line: WorkLine | None, choice: FilingChoice) -> None:
        """mssante.md §9: an older version is refused, the same one is not filed twice unasked."""
        if line is None:
            return
        documents = self._house.stores.documents
        if documents.is_outdated(line.set_id, line.version):
            raise FilingRefused(FilingReason.OUTDATED)
        if documents.is_version_filed(line.set_id, line.version) and not choice.again:
            raise FilingRefused(FilingReason.ALREADY)

    def _facts(self, message_id: MessageId, choice: FilingChoice) -> Facts:
        """What a sidecar may say of where the document came from."""
        origin = self._house.stores.mail.origin(message_id)
        if origin is None:
            return Facts(choice, "", "", 0, "")
        sender, recipient, received, header_id = origin
        return Facts(choice, "", "", 0, "", sender=sender, recipient=recipient, received=received, message_id=header_id)

    def _tell_filed(self, message_id: MessageId, part_id: PartId, act: str) -> None:
        speaker = self._house.speaker
        speaker.announce(AttachmentFiled(part_id))
        speaker.announce(WorklistChanged())
        for place in self._house.stores.mail.places([message_id]):
            self._house.trace(self._house.address_of(place.bal_id), act, "1 document", "OK")
            speaker.announce(MessagesChanged(place.folder_id))
            speaker.announce(FoldersChanged(place.bal_id))

    def save_copy(self, part_id: PartId, content: str, target: Path) -> None:
        """A copy where the person chose, whole or not at all, on the `fetch` thread. Any thread."""

        def job() -> None:
            try:
                dui_folder.replace(target, xdm.by_key(self._fetch.part_bytes(part_id), content))
            except MssError as error:
                self._house.speaker.problem(error, "save")

        self._fetch.worker.post_first(job)

    def mend(self, folder: Path | None) -> None:
        """After a sign-in, on `fetch`: a drop that a crash cut is settled by looking at the folder; where the file is not
        there an importer may have taken it, and the person is told. Our own temporaries go."""
        if folder is None:
            return
        try:
            dui_folder.left_over(folder)
        except FilingRefused as error:
            log.info("folder not tidied: %s", error.reason.value)
        for filing_id, message_id, digest, last in self._house.stores.filings.begun():
            try:
                found = dui_folder.find(folder, last)
                named = dui_folder.find(folder, digest) if found is not None and last != digest else found
            except (FilingRefused, StoreTrouble):
                continue
            if found is None:
                self._house.stores.filings.doubt(filing_id)
                self._house.speaker.problem(FilingRefused(FilingReason.VANISHED), "filed", message_id=message_id)
            else:
                self._house.stores.filings.finish(filing_id, message_id, (named or found).name)
