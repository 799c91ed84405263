"""From what a person said of some documents to what leaves: IHE_XDM.ZIP, the same documents as PDF, the subject
(ECO.2.1.1, 2.1.3, 2.1.6). Pure: the same words and bytes give the same result."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from mssclient.domain import cda, professions, sniff, xdm
from mssclient.domain.cda_build import level_1
from mssclient.domain.consignment import Consignment, Order, Paper, PaperId, PaperKind, shown_usager
from mssclient.domain.documents import HealthDocument
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.filing import FilingChoice
from mssclient.domain.filing_rules import name_for, numbered
from mssclient.domain.handover import Handover
from mssclient.domain.identity import Usager
from mssclient.domain.mime_build import health_subject
from mssclient.domain.session import Activity, Person
from mssclient.domain.shipment import PROFESSIONS, Act, Coded, Institution, Parcel, Shipment, Signatory, oid_of
from mssclient.domain.type_codes import TYPE_LABELS
from mssclient.domain.xdm_build import NAME, archive

REPLACES = "[Annule et remplace] "
DELETES = "[Demande de suppression] "
_TEXTS = {
    "": "Bonjour,\n\nVeuillez trouver ci-joint {what} concernant {who}.\n\nCordialement,\n",
    "C": "Bonjour,\n\nLe document ci-joint annule et remplace la version précédente que vous avez reçue de nous :"
    " {what}, concernant {who}. Merci de ne plus tenir compte de l’ancienne version.\n\nCordialement,\n",
    "D": "Bonjour,\n\nNous vous demandons de supprimer de vos dossiers le document suivant, que vous avez reçu de nous :"
    " {what}, concernant {who}. Il vous a été adressé à tort ou ne doit plus être utilisé.\n\nCordialement,\n",
}
"""Preset words of a mail (DUI.MSS.20), sent as they are or changed by the person: content, not screen."""
_BYTES_MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """One document as it stands in an archive of ours."""

    unique_id: str
    set_id: str
    version: int
    replaces: str
    action: str
    type_code: str
    title: str
    act_date: str
    usager: Usager
    qualified: bool
    author: str
    structure: str
    cda: bytes


@dataclass(frozen=True, slots=True)
class Made:
    """What leaves: name, media type and bytes of each attachment, and what they hold."""

    subject: str
    files: tuple[tuple[str, str, bytes], ...]
    packed: tuple[Packed, ...]


def signatory(person: Person, activity: Activity | None) -> Signatory:
    """The signed-in professional as author, in the activity they work in. A profession that the nomenclature does not
    know is left out: none is better than a wrong one."""
    said = activity.profession if activity else ""
    found = next((code for code, label in professions.LABELS.items() if label.casefold() == said.casefold()), "")
    role = Coded(f"G15_{found}", professions.LABELS[found], PROFESSIONS) if found else Coded("", said, PROFESSIONS)
    return Signatory(person.national_id, person.family, person.given, person.title, role)


def new_oid() -> str:
    """An OID that nobody else has."""
    return oid_of(uuid.uuid4().int)


def paper_of(name: str, content: bytes, paper_id: PaperId, now: datetime) -> Paper:
    """What a file says of itself. Raises Unreadable: NOT_IT for what is no PDF, CDA or IHE_XDM archive, or for documents
    of several usagers (one mail, one usager), TOO_BIG, and what the parsers raise."""
    if len(content) > _BYTES_MOST:
        raise Unreadable(Unread.TOO_BIG, "document")
    if not content:
        raise Unreadable(Unread.EMPTY, "document")
    blank = Paper(paper_id, name, PaperKind.PDF, len(content), new_oid(), new_oid(), made=now)
    if sniff.media_type(content) == "application/pdf":
        stem = name.rpartition(".")[0] or name
        return replace(blank, title=" ".join(stem.replace("_", " ").split())[:120])
    if cda.is_cda(content):
        return _told(replace(blank, kind=PaperKind.CDA), [cda.read(content)])
    if sniff.is_zip(content):
        found = xdm.read(content)
        if found.is_xdm and found.documents:
            return _told(replace(blank, kind=PaperKind.ARCHIVE), list(found.documents))
    raise Unreadable(Unread.NOT_IT, "document")


def _told(paper: Paper, documents: list[HealthDocument]) -> Paper:
    people = {(u.matricule, u.oid, u.birth_name.casefold(), u.birth_date) for d in documents if (u := d.usager)}
    if len(people) != 1:
        raise Unreadable(Unread.NOT_IT, "usager")
    first = documents[0]
    hidden = any("INVISIBLE" in code.upper() or "MASQUE_PATIENT" in code.upper()
                 for d in documents for code in d.confidentiality)  # fmt: skip
    return replace(
        paper, unique_id=first.unique_id, set_id=first.set_id or "", type_code=first.type_code, title=first.title,
        act_date=(first.act_date or first.created)[:10], version=first.version or 1, replaces=next(iter(first.replaces), ""),
        action=first.action, usager=next(u for d in documents if (u := d.usager)), hidden=hidden, documents=len(documents),
    )  # fmt: skip


def as_handed_over(paper: Paper, order: Handover) -> Paper:
    """A PDF of the record system, with what it said of it."""
    if paper.kind is not PaperKind.PDF:
        return replace(paper, action=order.action or paper.action)
    return replace(
        paper, unique_id=order.unique_id or paper.unique_id, set_id=order.set_id or paper.set_id,
        type_code=order.type_code, title=order.title or paper.title, act_date=order.act_date,
        version=order.version or 1, replaces=order.replaces, action=order.action,
    )  # fmt: skip


def paired(papers: tuple[Paper, ...]) -> tuple[Paper, ...]:
    """A PDF that bears the name of a CDA is taken for the same document; a person may say otherwise."""
    stems = {p.name.rpartition(".")[0].casefold(): p.id for p in papers if p.kind is PaperKind.CDA}
    return tuple(
        replace(p, rendition_of=stems.get(p.name.rpartition(".")[0].casefold())) if p.kind is PaperKind.PDF else p
        for p in papers
    )


def words_for(action: str, title: str, usager: Usager | None) -> str:
    """The preset text of a mail (DUI.MSS.20)."""
    who = " ".join([usager.birth_name.upper(), *usager.given[:1]]) if usager else "l’usager nommé dans le document"
    return _TEXTS[action].format(what=f"« {title} »" if title else "un document", who=who)


def made(
    found: Consignment, bytes_of: Mapping[PaperId, bytes], author: Signatory, institution: Institution, now: datetime
) -> Made:
    """The attachments and the subject. Raises Unreadable for a document that cannot be read, ValueError (NotIts among
    them) for one that is somebody else's: `consignment.before_building` should have stopped these."""
    order, usager = found.order, shown_usager(found.order)
    if usager is None:
        raise ValueError("usager")
    packing = _Packing(found, bytes_of, author, institution, usager, now)
    parcels = packing.parcels()
    source = oid_of(uuid.uuid5(uuid.NAMESPACE_OID, f"mssclient:{institution.identifier}").int)
    shipment = Shipment(usager, tuple(p for p, _ in parcels), author, institution, order.submission_id, source, now)
    whole = packing.only_archive() or archive(shipment)
    headers = [header for _, header in parcels]
    files = [(NAME, "application/zip", whole), *_pdfs(parcels, order, usager)]
    actions = {p.action for p, _ in parcels}
    mark = DELETES if actions == {"D"} else REPLACES if "C" in actions else ""
    packed = tuple(
        Packed(h.unique_id, h.set_id or "", h.version or 1, next(iter(h.replaces), ""), p.action, h.type_code,
               h.title or h.type_label, (h.act_date or h.created)[:10], usager, order.qualified, h.author,
               h.organisation, p.cda)
        for p, h in parcels
    )  # fmt: skip
    return Made(mark + health_subject([replace(h, usager=usager) for h in headers]), tuple(files), packed)


def _pdfs(parcels: list[tuple[Parcel, HealthDocument]], order: Order, usager: Usager) -> list[tuple[str, str, bytes]]:
    files: list[tuple[str, str, bytes]] = []
    taken: set[str] = set()
    for parcel, header in parcels:
        if not parcel.pdf:
            continue
        choice = FilingChoice(
            usager, (header.act_date or header.created)[:10], header.type_code, header.type_label, header.title,
            record_number=order.record_number,
        )  # fmt: skip
        wanted = name_for(choice, "application/pdf")
        name = next(n for k in range(1, 200) if (n := numbered(wanted, k)).casefold() not in taken)
        taken.add(name.casefold())
        files.append((name, "application/pdf", parcel.pdf))
    return files


class _Packing:
    """One making; lives for one call."""

    def __init__(
        self, found: Consignment, bytes_of: Mapping[PaperId, bytes], author: Signatory, institution: Institution,
        usager: Usager, now: datetime,
    ) -> None:  # fmt: skip
        self._found = found
        self._bytes = bytes_of
        self._author = author
        self._institution = institution
        self._usager = usager
        self._now = now
        self._pdfs = {p.rendition_of: p for p in found.papers if p.kind is PaperKind.PDF and p.rendition_of}

    def only_archive(self) -> bytes:
        """An archive that came as it is leaves as it is."""
        papers = [p for p in self._found.papers if p.kind is not PaperKind.PDF or p.rendition_of is None]
        alone = len(papers) == 1 and papers[0].kind is PaperKind.ARCHIVE and not papers[0].action
        return self._bytes[papers[0].id] if alone else b""

    def parcels(self) -> list[tuple[Parcel, HealthDocument]]:
        """Every document, in the order the person put them."""
        kinds: dict[PaperKind, Callable[[Paper], list[Parcel]]] = {
            PaperKind.PDF: self._of_pdf, PaperKind.CDA: self._of_cda, PaperKind.ARCHIVE: self._of_archive,
        }  # fmt: skip
        found = [parcel for paper in self._found.papers for parcel in kinds[paper.kind](paper)]
        return [(parcel, cda.read(parcel.cda)) for parcel in found]

    def _of_pdf(self, paper: Paper) -> list[Parcel]:
        if paper.rendition_of is not None:
            return []
        content = self._bytes[paper.id]
        act = Act(
            paper.unique_id, paper.set_id, paper.type_code, paper.title or TYPE_LABELS.get(paper.type_code, ""),
            paper.act_date, paper.made or self._now, paper.version, paper.replaces,
        )  # fmt: skip
        document = level_1(act, self._usager, self._author, self._institution, content)
        return [Parcel(document, paper.action, content)]

    def _of_cda(self, paper: Paper) -> list[Parcel]:
        content, shown = self._bytes[paper.id], self._pdfs.get(paper.id)
        return [Parcel(content, paper.action, self._bytes[shown.id] if shown else _embedded_pdf(content))]

    def _of_archive(self, paper: Paper) -> list[Parcel]:
        whole = self._bytes[paper.id]
        found = []
        for document in xdm.read(whole).documents:
            path = next((c.path for c in document.contents if c.embedded < 0 and document.cda_code), "")
            if not path:
                raise Unreadable(Unread.NOT_IT, "cda")
            content = xdm.content(whole, path)
            beside = next((c for c in document.contents if c.embedded < 0 and c.media_type == "application/pdf"), None)
            shown = xdm.content(whole, beside.path) if beside else _embedded_pdf(content)
            found.append(Parcel(content, paper.action or document.action, shown))
        return found


def _embedded_pdf(content: bytes) -> bytes:
    """The PDF that a CDA consists of; empty for one with a structured body, or several."""
    inside = [c for c in cda.read(content).contents if c.embedded >= 0]
    if len(inside) == 1 and inside[0].media_type == "application/pdf":
        return cda.embedded(content, inside[0].embedded)
    return b""
