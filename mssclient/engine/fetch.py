"""Bodies and attachments, on connections of their own: a 20 MB scan never delays a mark-as-read."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from mssclient.domain import cda, headers, html_text, mime, reports, sniff, xdm
from mssclient.domain.bal import BalId
from mssclient.domain.documents import Archive, HealthDocument
from mssclient.domain.errors import Cancelled, MssError, Offline, Refused, Unreadable
from mssclient.domain.events import BodyArrived, MessagesChanged, OutboxChanged, PartArrived
from mssclient.domain.identity import is_qualified
from mssclient.domain.message import Loading, MessageId, PartId, PartSpec, UsagerMark
from mssclient.domain.receipts import Report
from mssclient.engine.fetch_lines import FetchLines
from mssclient.engine.house import House
from mssclient.engine.sanitise import sanitise
from mssclient.engine.worker import Worker
from mssclient.remote.imap import ImapSession
from mssclient.store.codec import dump
from mssclient.store.content import BodyRecord, PartPlace
from mssclient.store.mail import Place

log = logging.getLogger(__name__)
SWEEP_FIRST_S = 120.0
SWEEP_EVERY_S = 6 * 3600.0
RESUMED_FROM = 512 * 1024
"""Of larger attachments, as encoded, each piece is kept as it comes."""
WHOLE_LIMIT = 1024 * 1024
EAGER_ARCHIVE = 4 * 1024 * 1024
EAGER_IMAGE = 512 * 1024
TEXT_LIMIT = 4 * 1024 * 1024


class Fetch:
    """The thread `fetch`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._unwanted: set[PartId] = set()
        """Downloads a person gave up while they were under way."""
        self.documents_came: Callable[[PartId, Archive], None] = lambda _part_id, _archive: None
        """Runs on this thread once an archive or a CDA was read and kept; `paper_came` for a PDF."""
        self.paper_came: Callable[[MessageId], None] = lambda _message_id: None
        self.body_came: Callable[[MessageId], None] = lambda _message_id: None
        """Runs on this thread once a body and what belongs to it are here."""
        self.worker = Worker("fetch", self._tell, ending=self._hang_up)
        self._lines = FetchLines(house, self.worker)

    def start(self) -> None:
        """Begin."""
        self.worker.start()
        self.worker.post_in(SWEEP_FIRST_S, self.sweep)

    def stop(self) -> None:
        """End politely."""
        self.worker.stop()

    def cut(self) -> None:
        """End now: for a stop that takes too long."""
        self._lines.cut()

    # -- any thread
    def want_bodies(self, ids: Iterable[MessageId], *, now: bool) -> None:
        """Fetch bodies; `now` for what a person is looking at, else behind everything."""
        for message_id in ids:
            job = self._job(message_id)
            if now:
                self.worker.post_first(job)
            else:
                self.worker.post(job)

    def want_part(
        self,
        part_id: PartId,
        then: Callable[[], None] | None = None,
        otherwise: Callable[[], None] | None = None,
    ) -> None:
        """Fetch an attachment a person asked for, then run `then` on this thread, or `otherwise` when it failed."""

        self._unwanted.discard(part_id)

        def job() -> None:
            try:
                self._part(part_id)
            except MssError:
                if otherwise is not None:
                    otherwise()
                raise
            if then is not None:
                then()

        if not self.worker.post_first(job) and otherwise is not None:
            otherwise()

    def stop_part(self, part_id: PartId) -> None:
        """The person wants this attachment no more; what came of it stays for the next time."""
        self._unwanted.add(part_id)

    def part_behind(self, part_id: PartId) -> None:
        """Fetch an attachment nobody looks at; a failure is told to nobody. On the `fetch` thread only."""
        self._part(part_id, asked=False)

    def part_bytes(self, part_id: PartId) -> bytes:
        """The bytes of an attachment, fetched when absent. On the `fetch` thread only."""
        self._part(part_id)
        content = self._house.stores.content.part_bytes(part_id)
        if content is None:
            raise Offline("attachment is not here")
        return content

    def _job(self, message_id: MessageId) -> Callable[[], None]:
        return lambda: self._body(message_id)

    # -- bodies
    def _body(self, message_id: MessageId) -> None:
        content = self._house.stores.content
        if content.body_loading(message_id) in {None, Loading.HERE}:
            return
        content.set_body_loading(message_id, Loading.COMING)
        try:
            self._fetch_body(message_id)
        except Unreadable as error:
            content.keep_body(message_id, BodyRecord("", problem=error.reason.value))
        except Refused:
            # Gone, moved by a colleague for one: asking again would not bring it, the next listing tells.
            content.set_body_loading(message_id, Loading.FAILED)
            raise
        except MssError:
            content.set_body_loading(message_id, Loading.ABSENT)
            raise
        finally:
            if content.body_loading(message_id) is Loading.COMING:
                content.set_body_loading(message_id, Loading.FAILED)  # nobody foresaw it: not to be waited for for ever
            self._house.speaker.announce(BodyArrived(message_id))
        for part in content.parts(message_id):
            if _eager(part):
                self._part(part.id, asked=False)
        self.body_came(message_id)

    def _fetch_body(self, message_id: MessageId) -> None:
        stores = self._house.stores
        places = stores.mail.places([message_id])
        if not places:
            return
        parts = stores.content.parts(message_id)
        if not parts or stores.mail.looks_like_report(message_id):
            self._whole(places[0], known=bool(parts))
        else:
            self._by_parts(places[0], parts)

    def _by_parts(self, place: Place, parts: list[PartPlace]) -> None:
        text = html = ""
        for part in parts:
            spec = part.spec
            if spec.attachment or spec.size > TEXT_LIMIT:
                continue
            if spec.media_type == "text/plain" and not text:
                text = headers.text_of(self._bytes_of(place, spec), spec.charset)
            elif spec.media_type == "text/html" and not html:
                html = headers.text_of(self._bytes_of(place, spec), spec.charset)
        self._keep(place.message_id, text, html, None)

    def _whole(self, place: Place, *, known: bool) -> None:
        progress = self._progress("body", place.bal_id)
        raw = self._lines.read(place, lambda line: line.body(place.uid, progress, lambda: self.worker.stopping))
        parsed = mime.parse(raw)
        report = reports.read(raw) if len(raw) <= WHOLE_LIMIT else None
        if not known:
            self._keep_files(place.message_id, parsed.attachments)
        self._keep(place.message_id, parsed.text, parsed.html, report)

    def _keep_files(self, message_id: MessageId, files: tuple[mime.ParsedAttachment, ...]) -> None:
        """What is attached to a message whose structure the operator did not tell, or not so that it could be read."""
        content = self._house.stores.content
        found = {each.number: each for each in files}
        content.add_parts(
            message_id,
            [
                PartSpec(f.number, f.media_type, f.size, "binary", "", f.name, f.content_id, attachment=True)
                for f in files
            ],
        )
        for part in content.parts(message_id):
            if (file := found.get(part.spec.number)) is not None:
                content.keep_part(part.id, file.content, file.media_type, xdm=False)

    def _keep(self, message_id: MessageId, text: str, html: str, report: Report | None) -> None:
        clean = sanitise(html) if html else None
        shown = text if text.strip() else html_text.html_to_text(html)
        receipt = dump(report) if report else ""
        record = BodyRecord(
            "\n".join(shown.splitlines()), clean.html if clean else "", clean.blocked if clean else 0, receipt
        )
        self._house.stores.content.keep_body(message_id, record)
        self._house.owed()
        if report:
            self._hear(message_id, report)

    def _hear(self, message_id: MessageId, report: Report) -> None:
        """Match an answer to the message it speaks of, and keep what it says of each recipient."""
        origin = self._house.stores.mail.origin(message_id)
        now = self._house.now()
        at = now if origin is None else min(now, int(origin[2].timestamp()))
        outbox_id = self._house.stores.receipts.hear(report, at)
        if outbox_id is not None:
            self._house.speaker.announce(OutboxChanged(outbox_id))

    # -- attachments
    def _part(self, part_id: PartId, *, asked: bool = True) -> None:
        content = self._house.stores.content
        part = content.part(part_id)
        if part is None:
            return
        if content.part_bytes(part_id) is None:
            content.set_part_loading(part_id, Loading.COMING)
            self._house.speaker.announce(PartArrived(part_id))
            try:
                self._fetch_part(part)
            except MssError as error:
                given_up = isinstance(error, Cancelled)
                content.set_part_loading(part_id, Loading.ABSENT if given_up else Loading.FAILED)
                self._house.speaker.announce(PartArrived(part_id))
                if asked and not isinstance(error, Cancelled):
                    self._house.speaker.problem(error, "part", message_id=part.message_id)
                raise
            self._house.speaker.announce(PartArrived(part_id))

    def _fetch_part(self, part: PartPlace) -> None:
        stores = self._house.stores
        places = stores.mail.places([part.message_id])
        if not places:
            raise Refused("EXPUNGED")
        place = places[0]
        try:
            raw = self._download(place, part)
        finally:
            self._unwanted.discard(part.id)
            self._house.speaker.progress("part", place.bal_id, 1, 1)
        kind = sniff.media_type(raw, part.spec.media_type, part.spec.name)
        archive = self._read_documents(raw, kind)
        stores.content.keep_part(part.id, raw, kind, xdm=bool(archive and archive.documents))
        if stores.content.part(part.id) is None:
            raise Refused("EXPUNGED")
        self._house.owed()
        if archive is not None:
            stores.content.keep_archive(part.id, archive, _about(archive.documents))
            self._house.speaker.announce(MessagesChanged(place.folder_id))
            self._house.speaker.announce(BodyArrived(part.message_id))
            self.documents_came(part.id, archive)
        elif kind == "application/pdf":
            self.paper_came(part.message_id)

    def _download(self, place: Place, part: PartPlace) -> bytes:
        """A part, from where an earlier try ended; a line that is cut in the middle is replaced once."""
        content, progress = self._house.stores.content, self._progress("part", place.bal_id)
        big = part.spec.size > RESUMED_FROM

        def keep(start: int, piece: bytes) -> None:
            if big:
                content.keep_piece(part.id, start, piece)

        def ask(line: ImapSession) -> bytes:
            have = content.pieces(part.id) if big else b""
            return line.part(place.uid, part.spec, progress, lambda: self._is_unwanted(part.id), have=have, keep=keep)

        try:
            return self._lines.read(place, ask)
        except Offline:
            if not big or self.worker.stopping:
                raise
            log.info("part %d: taken up again on another line", part.id)
            self._lines.drop(place.bal_id)
            return self._lines.read(place, ask)

    def _is_unwanted(self, part_id: PartId) -> bool:
        return self.worker.stopping or part_id in self._unwanted

    @staticmethod
    def _read_documents(raw: bytes, kind: str) -> Archive | None:
        """What an archive or a bare CDA holds; a refused one is an attachment like any other, and its preview says why."""
        try:
            if kind == "application/zip":
                return xdm.read(raw)
            if kind in {"text/xml", "application/xml"}:
                return Archive(is_xdm=False, documents=(cda.read(raw),), entries=(), warnings=())
        except Unreadable as error:
            log.info("documents not read: %s", error.reason.value)
        return None

    def _bytes_of(self, place: Place, spec: PartSpec) -> bytes:
        return self._lines.read(place, lambda line: line.part(place.uid, spec, None, lambda: self.worker.stopping))

    def _progress(self, what: str, bal_id: BalId) -> Callable[[int, int], None]:
        return lambda done, total: self._house.speaker.progress(what, bal_id, done, total)

    # -- what is kept
    def sweep(self) -> None:
        """Content that is older than the administrator lets it be, or more than fits, goes; oldest first."""
        policy, keep = self._house.environment.policy, self._house.stores.retention
        gone: list[MessageId] = []
        while policy.offline_days and not self.worker.stopping:
            if not (some := keep.drop_older(self._house.now() - policy.offline_days * 86_400)):
                break
            gone += some
        while policy.offline_size_mb and not self.worker.stopping:
            if keep.used() <= policy.offline_size_mb << 20 or not (some := keep.drop_oldest()):
                break
            gone += some
        if gone:
            log.info("%d messages are kept at the operator only", len(gone))
        for message_id in gone:
            self._house.speaker.announce(BodyArrived(message_id))
        self.worker.post_in(SWEEP_EVERY_S, self.sweep)

    # -- the end
    def _hang_up(self) -> None:
        self._lines.close()
        self._house.stores.database.release()

    def _tell(self, error: MssError | None) -> None:
        """A fetch failed: the piece says so where it stands. Lines that may be broken are not used again."""
        if isinstance(error, Offline) or error is None:
            self._lines.drop_all()


def _eager(part: PartPlace) -> bool:
    """Whether an attachment comes with the body: documents that say who it is about, pictures the text shows."""
    shown = part.spec.content_id and part.spec.media_type.startswith("image/") and part.spec.size <= EAGER_IMAGE
    return bool(shown or (part.is_xdm and part.spec.size <= EAGER_ARCHIVE))


def _about(documents: tuple[HealthDocument, ...]) -> UsagerMark | None:
    """Who the documents are about, when they agree."""
    usagers = [d.usager for d in documents if d.usager is not None]
    if not usagers or len({u.matricule for u in usagers}) > 1:
        return None
    first = usagers[0]
    name = " ".join(piece for piece in (first.birth_name, *first.given[:1]) if piece)
    return UsagerMark(name, first.birth_date, first.matricule or "", is_qualified(first))
