"""The thread `shipping`: health documents of drafts, read and made into what leaves; nothing of it on the screen's thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from mssclient.domain import packing, professions
from mssclient.domain.address import Correspondent, CorrespondentKind, guessed_kind, is_usager, normal
from mssclient.domain.bal import Bal, BalId, BalKind
from mssclient.domain.consignment import (
    MAX_PAPERS,
    Consignment,
    Order,
    Paper,
    PaperId,
    PaperKind,
    Rules,
    SentDocument,
    before_building,
    digest,
    usager_correspondent,
)
from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.draft import AttachmentId, Draft, DraftAttachment, DraftId, Origin, Recipient
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import MssError, NotAllowed, SessionEnded, Unread, Unreadable
from mssclient.domain.events import ShipmentChanged
from mssclient.domain.handover import Handover
from mssclient.domain.identity import Usager, is_qualified, key_is_valid
from mssclient.domain.matching import Agreement, Candidate
from mssclient.domain.session import Person, same_person
from mssclient.domain.shipment import PROFESSIONS, Coded, Signatory
from mssclient.engine.clerk import ATTACHMENT_LIMIT, Clerk
from mssclient.engine.house import House
from mssclient.engine.session import new_id
from mssclient.engine.worker import Worker

log = logging.getLogger(__name__)
Opposed = Callable[[Usager], tuple[bool, bool]]
"""Whether the record holds oppositions of a usager: to their own messaging, to messages between professionals."""


def nobody_opposed(_usager: Usager) -> tuple[bool, bool]:
    """Where no record says anything."""
    return False, False


_HEALTH = {".pdf", ".xml", ".zip", ".cda"}


def opposed_by(candidates: Iterable[Candidate]) -> tuple[bool, bool]:
    """The oppositions of whoever in the record may be this usager (DUI.MSS.15, 16); a mere likeness opposes nothing."""
    same = {Agreement.EXACT, Agreement.SAME_NUMBER, Agreement.SAME_TRAITS}
    records = [each.record for each in candidates if each.agreement in same]
    return any(r.refuses_citizen for r in records), any(r.refuses_professional for r in records)


class Directory(Protocol):
    """What of `engine.api.Reader` a hand-over needs."""

    def bals(self) -> tuple[Bal, ...]:
        """Mailboxes of the person."""
        ...

    def entries_of(self, address: str) -> tuple[DirectoryEntry, ...]:
        """Every tie of one address."""
        ...

    def directory(self, text: str, limit: int = 20, kind: str = "", criteria: Criteria = ...) -> list[DirectoryEntry]:
        """Search in the Annuaire."""
        ...


class Shipping:
    """Everything public may be called on any thread; it returns at once and ends in ShipmentChanged or a Problem."""

    def __init__(
        self, house: House, clerk: Clerk, opposed: Opposed = nobody_opposed, look: Callable[[], object] = lambda: None
    ) -> None:
        """`look` reads the record's usagers anew where they changed; called on this thread."""
        self._house = house
        self._look = look
        self._clerk = clerk
        self._opposed = opposed
        self.worker = Worker("shipping", self._tell, ending=house.stores.database.release)

    def start(self) -> None:
        """Begin; what belongs to drafts that are gone goes."""
        self.worker.start()
        self.worker.post(self._house.stores.shipments.forget_gone)

    def rules(self, order: Order) -> Rules:
        """What the rules need of the world, for this usager."""
        environment = self._house.environment
        usager, professionals = self._opposed(order.usager) if order.usager else (False, False)
        return Rules(environment.institution, environment.training, usager, professionals)

    # -- what the person brings and says
    def add_file(self, draft_id: DraftId, path: Path) -> PaperId:
        """A PDF, a CDA or an IHE_XDM archive joins the draft's documents."""
        paper_id = PaperId(new_id())
        self._post(draft_id, lambda: self._add(draft_id, paper_id, path.name, _content(path)))
        return paper_id

    def remove(self, draft_id: DraftId, paper_id: PaperId) -> None:
        """One document less."""

        def job() -> None:
            store = self._house.stores.shipments
            store.remove_paper(paper_id)
            if (found := store.get(draft_id)) is not None:
                for paper in found.papers:
                    if paper.rendition_of == paper_id:
                        store.keep_paper(replace(paper, rendition_of=None))
                if not found.papers:
                    self._attach(found, packing.Made("", (), ()), "")
            self._changed(draft_id)

        self._post(draft_id, job)

    def keep(self, draft_id: DraftId, order: Order, papers: tuple[Paper, ...] = ()) -> None:
        """Autosave of what the person says; only a PDF's words are a person's to change."""

        def job() -> None:
            store = self._house.stores.shipments
            former = store.get(draft_id)
            made_once = former.order.submission_id if former else ""
            store.keep_order(
                draft_id, replace(order, submission_id=order.submission_id or made_once or packing.new_oid())
            )
            known = {p.id: p for p in former.papers} if former else {}
            for paper in papers:
                if paper.id in known and known[paper.id] != paper and paper.kind is PaperKind.PDF:
                    store.keep_paper(paper)
            self._changed(draft_id)

        self._post(draft_id, job)

    def _add(
        self,
        draft_id: DraftId,
        paper_id: PaperId,
        name: str,
        content: bytes,
        said: Handover | None = None,
        *,
        action: str = "",
    ) -> None:
        store = self._house.stores.shipments
        paper = packing.paper_of(name, content, paper_id, self._house.clock().replace(microsecond=0))
        if said is not None:
            paper = packing.as_handed_over(paper, said)
        if action:
            paper = replace(paper, action=action)
        found = store.get(draft_id)
        order, papers = (found.order, found.papers) if found else (Order(), ())
        if len(papers) >= MAX_PAPERS:
            raise Unreadable(Unread.TOO_BIG, "documents")
        if order.successor_of and not any(p.action for p in papers):
            paper = _successor(paper, order)
        if paper.kind is not PaperKind.PDF and any(
            p.unique_id == paper.unique_id for p in papers if p.kind is not PaperKind.PDF
        ):
            log.info("a document was given twice")
            self._changed(draft_id)
            return
        if order.usager is None and paper.usager is not None:
            known = paper.usager.matricule is not None and paper.usager.oid is not None
            order = replace(order, usager=paper.usager, qualified=known)
        if not order.submission_id:
            order = replace(order, submission_id=packing.new_oid())
        store.keep_order(draft_id, order)
        store.add_paper(draft_id, paper, content)
        before = {p.id: p for p in (*papers, paper)}
        for each in packing.paired((*papers, paper)):
            if each != before[each.id]:
                store.keep_paper(each)
        self._changed(draft_id)

    # -- drafts that begin with documents
    def follow(self, draft: Draft, sent: SentDocument, *, deletion: bool) -> None:
        """The next version of a document, or the request to delete it, to those who have it."""
        store = self._house.stores.shipments
        order = Order(sent.usager, sent.qualified, submission_id=packing.new_oid())
        if not deletion:
            order = replace(
                order, successor_of=sent.unique_id, set_id=sent.set_id, version=sent.version + 1,
                type_code=sent.type_code, title=sent.title, act_date=sent.act_date,
            )  # fmt: skip
        self._clerk.keep_draft(draft)

        def job() -> None:
            store.keep_order(draft.id, order)
            if deletion:
                content = store.cda_of(sent.draft_id, sent.unique_id)
                self._add(draft.id, PaperId(new_id()), "document.xml", content, action="D")
                self._build(draft.id)
            self._changed(draft.id)

        self._post(draft.id, job)

    def take(self, handed: Handover, folder: Path | None, reader: Directory, origin: str = "") -> Draft:
        """A draft from the record system's words. Main thread: the Annuaire names people. Raises SessionEnded."""
        draft_id = DraftId(new_id())
        order = ordered(handed, self._house.person, reader)
        recipients = _recipients(handed, order, reader, training=self._house.environment.training)
        text = handed.text or (packing.words_for(handed.action, handed.title, order.usager) if order.usager else "")
        draft = Draft(draft_id, _bal(handed, reader), recipients, handed.subject, text)
        files = tuple((folder / name if folder else Path(name)) for name in handed.attachments)
        self._clerk.keep_draft(draft)
        health = tuple(f for f in files if f.suffix.lower() in _HEALTH) if order.usager or handed.type_code else ()
        for path in files:
            if path not in health:
                self._clerk.attach_file(draft_id, path)

        def job() -> None:
            store = self._house.stores.shipments
            if origin:
                store.set_origin(draft_id, tuple(dict.fromkeys((origin, *handed.attachments))))
            if not (health or order.usager):
                return
            store.keep_order(draft_id, order)
            for place, path in enumerate(health):
                said = handed if place == 0 else replace(handed, unique_id="", set_id="", replaces="", version=0)
                self._add(draft_id, PaperId(new_id()), path.name, _content(path), said)
            found = store.get(draft_id)
            if found is not None and found.papers and not before_building(found, self.rules(found.order)):
                self._build(draft_id)
            self._changed(draft_id)

        self._post(draft_id, job)
        return draft

    # -- making
    def build(self, draft_id: DraftId) -> None:
        """Make the attachments of a draft from its documents, in the place of those made before."""
        self._post(draft_id, lambda: self._build(draft_id))

    def _build(self, draft_id: DraftId) -> None:
        house, store = self._house, self._house.stores.shipments
        found = store.get(draft_id)
        if found is None or not found.papers:
            raise Unreadable(Unread.EMPTY, "documents")
        # An opposition that the record learnt a moment ago counts already.
        self._look()
        rules = self.rules(found.order)
        if blocking := before_building(found, rules):
            raise NotAllowed(blocking)
        if rules.institution is None:
            return
        author = found.order.author or packing.signatory(house.person, house.activity)
        contents = {paper.id: store.bytes_of(paper.id) for paper in found.papers}
        try:
            made = packing.made(found, contents, author, rules.institution, house.clock().replace(microsecond=0))
        except ValueError as error:
            raise Unreadable(Unread.NOT_IT, "usager") from error
        self._attach(found, made, digest(found.order, found.papers))
        log.info("%d documents packed", len(made.packed))

    def _attach(self, found: Consignment, made: packing.Made, stamp: str) -> None:
        """The ids are on the disk before the attachments are: what a crash leaves half done is replaced next time."""
        store = self._house.stores.shipments
        files = [
            (DraftAttachment(AttachmentId(new_id()), name, kind, len(content)), content)
            for name, kind, content in made.files
        ]
        ids = tuple(attachment.id for attachment, _ in files)
        store.built(found.draft_id, "", "", (*found.attachments, *ids), ())

        def done() -> None:
            store.built(found.draft_id, stamp, made.subject, ids, made.packed)
            self._changed(found.draft_id)

        self._clerk.replace_attachments(found.draft_id, found.attachments, files, done)

    def _changed(self, draft_id: DraftId) -> None:
        self._house.speaker.announce(ShipmentChanged(draft_id))

    def _post(self, draft_id: DraftId, job: Callable[[], None]) -> None:
        def about() -> None:
            try:
                job()
            except MssError as error:
                self._house.speaker.problem(error, "documents", draft_id=draft_id)
                self._changed(draft_id)

        self.worker.post(about)

    def _tell(self, error: MssError | None) -> None:
        self._house.speaker.problem(error or MssError("a bug"), "documents")


def _recipients(handed: Handover, order: Order, reader: Directory, *, training: bool) -> tuple[Recipient, ...]:
    """An address of a usager that is not built from the qualified INS of the same hand-over counts as typed: a web page
    may open a link, and names nobody's own messaging (ECO.3.1.5)."""
    usager = usager_correspondent(order, training=training)
    own = usager.address if usager else ""
    people = [
        Recipient(named(each, reader), origin=Origin.TYPED if is_usager(each) else Origin.RECORD)
        for each in handed.to if each != own
    ]  # fmt: skip
    if usager is not None and (handed.to_usager or own in handed.to):
        people.append(Recipient(usager, origin=Origin.RECORD))
    return tuple(people)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > ATTACHMENT_LIMIT:
            raise Unreadable(Unread.TOO_BIG, "document")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(Unread.DAMAGED, "document") from error


def _successor(paper: Paper, order: Order) -> Paper:
    """The new version of a document that was sent."""
    if paper.kind is not PaperKind.PDF:
        return replace(paper, action="C")
    return replace(
        paper, set_id=order.set_id, version=order.version, replaces=order.successor_of, action="C",
        type_code=paper.type_code or order.type_code, title=order.title or paper.title,
        act_date=order.act_date or paper.act_date,
    )  # fmt: skip


def ordered(handed: Handover, person: Person, reader: Directory) -> Order:
    """What a hand-over says of the documents. The record system gives a matricule only for a qualified INS."""
    usager = handed.usager
    qualified = bool(usager and is_qualified(usager) and usager.matricule and key_is_valid(usager.matricule))
    author = None
    if handed.author_id and not same_person(handed.author_id, person.national_id):
        author = known_author(handed.author_id, reader)
    return Order(
        usager, qualified, author, handed.to_usager, handed.record_number, submission_id=packing.new_oid(),
    )  # fmt: skip


def known_author(number: str, reader: Directory) -> Signatory:
    """A professional by their national id, as the Annuaire knows them; without a name when it does not."""
    for entry in reader.directory(number, 20):
        if same_person(entry.national_id, number):
            label = professions.label(entry.profession_code) or entry.profession
            role = (
                Coded(f"G15_{entry.profession_code}", label, PROFESSIONS)
                if entry.profession_code
                else Coded("", "", "")
            )
            return Signatory(entry.national_id, entry.family, entry.given, entry.title, role)
    return Signatory(number, "", "")


def named(address: str, reader: Directory) -> Correspondent:
    """A correspondent as the Annuaire knows them."""
    for entry in reader.entries_of(normal(address)):
        kinds = {
            BalKind.PER: CorrespondentKind.PROFESSIONAL, BalKind.ORG: CorrespondentKind.ORGANISATION,
            BalKind.CAB: CorrespondentKind.ORGANISATION, BalKind.APP: CorrespondentKind.APPLICATION,
        }  # fmt: skip
        return Correspondent(entry.name, normal(address), kinds[entry.kind])
    return Correspondent("", normal(address), guessed_kind(address))


def _bal(handed: Handover, reader: Directory) -> BalId:
    """The mailbox that was named, else the first that one writes from by hand."""
    usable = [bal for bal in reader.bals() if bal.kind is not BalKind.APP]
    wanted = [bal for bal in usable if handed.bal and bal.address == normal(handed.bal)]
    if not usable:
        raise SessionEnded("no BAL")
    return (wanted or usable)[0].id
