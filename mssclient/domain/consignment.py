"""The health documents of a message being written: what a person says of them, and why they may not leave yet."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import NewType

from mssclient.domain.address import (
    USAGER_DOMAIN,
    Correspondent,
    CorrespondentKind,
    guessed_kind,
    is_usager,
    matricule_of,
)
from mssclient.domain.bal import BalId
from mssclient.domain.draft import AttachmentId, Draft, DraftId, Objection, Origin, Recipient, Why
from mssclient.domain.identity import OID_NIA, OID_NIR, Usager, is_qualified, key_is_valid
from mssclient.domain.outbox import OutboxId
from mssclient.domain.shipment import Institution, Signatory

PaperId = NewType("PaperId", str)
MAX_PAPERS = 20


class PaperKind(Enum):
    """What a person brought."""

    PDF = "pdf"
    CDA = "cda"
    ARCHIVE = "archive"  # an IHE_XDM.ZIP of somebody else's making


@dataclass(frozen=True, slots=True)
class Paper:
    """One document of the message. Its bytes are in the store; of a CDA and an archive, what they say of themselves
    stands here and is nobody's to change."""

    id: PaperId
    name: str
    kind: PaperKind
    size: int
    unique_id: str
    """An OID, made once: a retry is the same document."""
    set_id: str
    type_code: str = ""
    title: str = ""
    act_date: str = ""
    """ISO date."""
    version: int = 1
    replaces: str = ""
    action: str = ""
    """C replaces, D asks for deletion."""
    made: datetime | None = None
    """When the CDA around a PDF was made first; aware."""
    rendition_of: PaperId | None = None
    """The CDA that this PDF shows."""
    usager: Usager | None = None
    """As a CDA or an archive names them."""
    hidden: bool = False
    """Not visible to the patient, by its own word."""
    documents: int = 1


@dataclass(frozen=True, slots=True)
class Order:
    """What a person says of all documents of one message: one mail, one usager (ECO.2.1.1)."""

    usager: Usager | None = None
    qualified: bool = False
    """The record says that this INS is qualified: only then does its matricule go on documents and in an address."""
    author: Signatory | None = None
    """None: the signed-in person."""
    to_usager: bool = False
    record_number: str = ""
    submission_id: str = ""
    """An OID, made once."""
    successor_of: str = ""
    """unique id of the version that the next document replaces, with `set_id` and `version` for it."""
    set_id: str = ""
    version: int = 1
    type_code: str = ""
    """Type, title and act of the version that is replaced: the next one is of the same act unless a person says else."""
    title: str = ""
    act_date: str = ""


@dataclass(frozen=True, slots=True)
class Consignment:
    """The health documents of one draft, as the composer shows them."""

    draft_id: DraftId
    order: Order
    papers: tuple[Paper, ...]
    fresh: bool = False
    """Whether the attachments were made from just this."""
    subject: str = ""
    attachments: tuple[AttachmentId, ...] = ()
    """Those that were made."""
    origin: str = ""
    """Name of the file in the "to send" folder that it came from."""


@dataclass(frozen=True, slots=True)
class SentDocument:
    """One line of the registry: which version of which document the operator took for whom, and when."""

    outbox_id: OutboxId
    draft_id: DraftId
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
    recipients: tuple[tuple[str, str], ...]
    """Address and label."""
    bal_id: BalId
    sent: datetime
    author: str = ""
    structure: str = ""
    latest: bool = True
    """No later version of it, nor a request to delete it, was sent."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules need of the world: the institution, whether this is a training environment, who objected."""

    institution: Institution | None
    training: bool
    opposed: bool = False
    """The record holds an opposition of this usager to their own messaging."""
    opposed_professionals: bool = False
    """The record holds an opposition of this usager to messages between professionals (DUI.MSS.15)."""


def digest(order: Order, papers: Iterable[Paper]) -> str:
    """Stands for everything that the attachments are made from."""
    return hashlib.sha256(repr((order, tuple(papers))).encode()).hexdigest()


def shown_usager(order: Order) -> Usager | None:
    """The usager as documents may name them: without the matricule unless the INS is qualified (documents.md)."""
    if order.usager is None or order.qualified:
        return order.usager
    return replace(order.usager, matricule=None, oid=None)


def usager_address(order: Order, *, training: bool) -> str:
    """`<matricule>@patient.mssante.fr`, from a qualified INS only (ECO.2.2.6, 3.1.5); empty for any other."""
    usager = order.usager
    if usager is None or not order.qualified or not is_qualified(usager) or not usager.matricule:
        return ""
    if not key_is_valid(usager.matricule) or not (training or usager.oid in {OID_NIR, OID_NIA}):
        return ""
    return f"{usager.matricule.upper()}@{USAGER_DOMAIN}".lower()


def usager_correspondent(order: Order, *, training: bool) -> Correspondent | None:
    """The usager as a recipient; None where no address may be built."""
    address = usager_address(order, training=training)
    if not address or order.usager is None:
        return None
    return Correspondent(usager_label(order.usager), address, CorrespondentKind.USAGER)


def following(draft_id: DraftId, sent: SentDocument, text: str) -> Draft:
    """A draft to everybody who received a document (DUI.MSS.20)."""
    people = (Correspondent(label, address, guessed_kind(address, label)) for address, label in sent.recipients)
    recipients = tuple(Recipient(who, origin=Origin.RECORD) for who in people)
    return Draft(draft_id, sent.bal_id, recipients, text=text)


def usager_label(usager: Usager) -> str:
    """As the recipients' field shows them."""
    return " ".join(piece for piece in (usager.birth_name.upper(), *usager.given[:1]) if piece)


def objections(draft: Draft, found: Consignment | None, rules: Rules) -> tuple[Objection, ...]:
    """Why a draft with health documents may not leave (mssante.md §4, §5); nothing for a draft without."""
    if found is None or not found.papers:
        return ()
    said = [*_about_usager(found, rules), *_about_papers(found), *_about_recipients(draft, found, rules)]
    if rules.institution is None:
        said.append(Objection(Why.NO_INSTITUTION))
    if not said and not (found.fresh and set(found.attachments) <= {a.id for a in draft.attachments}):
        said.append(Objection(Why.NOT_PREPARED))
    return tuple(said)


def before_building(found: Consignment, rules: Rules) -> tuple[Objection, ...]:
    """What stands in the way of making the attachments."""
    said = [*_about_usager(found, rules), *_about_papers(found)]
    return (*said, Objection(Why.NO_INSTITUTION)) if rules.institution is None else tuple(said)


def _about_usager(found: Consignment, rules: Rules) -> list[Objection]:
    usager = found.order.usager
    if usager is None or not (
        usager.birth_name and usager.given and len(usager.birth_date) == 10 and usager.sex in {"M", "F"}
    ):
        return [Objection(Why.NO_USAGER)]
    if usager.matricule and not key_is_valid(usager.matricule):
        return [Objection(Why.USAGER_KEY, usager.matricule)]
    author = found.order.author
    if author is not None and not author.family:
        return [Objection(Why.NO_AUTHOR, author.national_id)]
    if found.order.qualified and not is_qualified(usager):
        return [Objection(Why.NOT_QUALIFIED)]
    if found.order.qualified and not rules.training and usager.oid not in {OID_NIR, OID_NIA}:
        return [Objection(Why.NOT_QUALIFIED)]
    return []


def _about_papers(found: Consignment) -> list[Objection]:
    alone = [p for p in found.papers if p.kind is PaperKind.PDF and p.rendition_of is None]
    said = [Objection(Why.NO_TYPE, p.name) for p in alone if not p.type_code]
    said += [Objection(Why.NO_ACT_DATE, p.name) for p in alone if len(p.act_date) != 10]
    said += [Objection(Why.OTHER_USAGER, p.name) for p in found.papers if p.usager and differs(p.usager, found.order)]
    return said


def differs(named: Usager, order: Order) -> bool:
    """Whether a document is somebody else's: by matricule and OID where both have one, always by name and birth."""
    wanted = order.usager
    if wanted is None:
        return False
    if named.matricule and wanted.matricule and (named.matricule, named.oid) != (wanted.matricule, wanted.oid):
        return True
    return (named.birth_name.casefold(), named.birth_date) != (wanted.birth_name.casefold(), wanted.birth_date)


def strangers(recipients: Iterable[Recipient], order: Order, *, training: bool) -> tuple[Objection, ...]:
    """Addresses of usagers that the program would not build from this very order (ECO.2.2.6, 3.1.5)."""
    said = []
    for address in (r.who.address for r in recipients if is_usager(r.who.address)):
        own = order.usager.matricule if order.usager else None
        if matricule_of(address) != (own or "").upper():
            said.append(Objection(Why.OTHER_USAGER, address))
        elif not usager_address(order, training=training):
            said.append(Objection(Why.NOT_QUALIFIED))
    return tuple(said)


def oppositions(draft: Draft, rules: Rules) -> tuple[Objection, ...]:
    """What the usager objected to, of what this message would do, documents or none (DUI.MSS.15, 16)."""
    usagers = sum(is_usager(r.who.address) for r in draft.recipients)
    said = [Objection(Why.OPPOSED)] if usagers and rules.opposed else []
    if rules.opposed_professionals and usagers < len(draft.recipients):
        said.append(Objection(Why.OPPOSED_PROFESSIONALS))
    return tuple(said)


def hidden_from(recipients: Iterable[Recipient], papers: Iterable[Paper]) -> tuple[Objection, ...]:
    """Documents that are not visible to the patient, on their way to one."""
    if not any(is_usager(r.who.address) for r in recipients):
        return ()
    return tuple(Objection(Why.HIDDEN, p.name) for p in papers if p.hidden)


def written_to(draft: Draft) -> Usager | None:
    """The usager whom a message without documents goes to, as far as an address tells; None when there is none."""
    numbers = [matricule_of(r.who.address) for r in draft.recipients if is_usager(r.who.address)]
    return Usager(numbers[0], None, "", (), "", "") if numbers else None


def _about_recipients(draft: Draft, found: Consignment, rules: Rules) -> list[Objection]:
    strange = strangers(draft.recipients, found.order, training=rules.training)
    return [*strange, *oppositions(draft, rules), *hidden_from(draft.recipients, found.papers)]
