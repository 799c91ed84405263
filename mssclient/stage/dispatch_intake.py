"""From a sidecar and its documents to a message in the durable queue, by the book; or the reason why not."""

from __future__ import annotations

import hashlib
import logging
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from mssclient.domain import consignment as consignments
from mssclient.domain import packing
from mssclient.domain.address import Correspondent, domain_of, guessed_kind, shown_label
from mssclient.domain.bal import Bal, BalId, BalKind
from mssclient.domain.consignment import Consignment, Order, PaperId, Rules
from mssclient.domain.draft import (
    AttachmentId,
    Draft,
    DraftAttachment,
    DraftId,
    Facts,
    Objection,
    Origin,
    Recipient,
    Why,
    objections,
)
from mssclient.domain.environment import Environment
from mssclient.domain.errors import NotAllowed, Unread, Unreadable
from mssclient.domain.handover import Handover
from mssclient.domain.identity import is_qualified, key_is_valid
from mssclient.domain.mime_build import build
from mssclient.domain.shipment import Signatory
from mssclient.dui import inbound
from mssclient.engine.shipping import Opposed, nobody_opposed
from mssclient.stage.dispatch_config import Config
from mssclient.store.database import Database
from mssclient.store.outbox import Frozen, OutboxStore
from mssclient.store.shipments import ShipmentStore

log = logging.getLogger(__name__)
BAL = BalId(1)
_HEALTH = {".pdf", ".xml", ".zip"}
_PASSED = {Why.APP_BAL, Why.NO_SUBJECT, Why.NO_TEXT, Why.ATTACHMENT_FORGOTTEN, Why.NOT_PREPARED}
"""Objections meant for a person at the composer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One sidecar with its documents' bytes."""

    name: str
    handed: Handover
    files: tuple[tuple[str, bytes], ...]

    @property
    def draft_id(self) -> DraftId:
        """The same request has the same id, whenever it is met: a crash between queue and folder doubles nothing."""
        digest = hashlib.sha256(
            repr((self.handed, [(n, hashlib.sha256(c).hexdigest()) for n, c in self.files])).encode()
        )
        return DraftId(f"d-{digest.hexdigest()[:32]}")


def asked(folder: Path, name: str, handed: Handover) -> Asked:
    """The documents are read once. Raises Unreadable."""
    return Asked(name, handed, tuple((each, inbound.document(folder, each)) for each in handed.attachments))


class Intake:
    """Makes and queues messages. One thread."""

    def __init__(
        self, config: Config, environment: Environment, database: Database, opposed: Opposed = nobody_opposed
    ) -> None:
        self._config = config
        self._opposed = opposed
        self._environment = environment
        self._outbox = OutboxStore(database)
        self._shipments = ShipmentStore(database)

    def queue(self, wish: Asked, white_list: frozenset[str], now: datetime, size_limit: int) -> bool:
        """Queue a message; False when it is under way or gone already. Raises NotAllowed or Unreadable for what may not
        leave: nothing was kept of it."""
        if self._outbox.under_way(wish.draft_id):
            return False
        order = self._order(wish.handed)
        people = self._recipients(wish.handed, order)
        if not people:
            raise NotAllowed((Objection(Why.NO_RECIPIENT),))
        health = tuple((n, c) for n, c in wish.files if Path(n).suffix.lower() in _HEALTH)
        made = self._made(wish, order, health, people, now) if order.usager is not None else packing.Made("", (), ())
        taken = {n for n, _ in health} if made.files else set()
        files = [*made.files, *((n, _kind(n), c) for n, c in wish.files if n not in taken)]
        attached = tuple(
            DraftAttachment(AttachmentId(f"a{k}"), n, kind, len(c)) for k, (n, kind, c) in enumerate(files)
        )
        draft = Draft(
            wish.draft_id, BAL, people, made.subject or wish.handed.subject or "Document", self._text(wish.handed, order),
            attached,
        )  # fmt: skip
        self._check(draft, order, white_list, size_limit)
        frozen = self._frozen(draft, {a.id: c for a, (_, _, c) in zip(attached, files, strict=True)}, now)
        self._shipments.queued(draft.id, order, made.packed, (wish.name, *wish.handed.attachments))
        self._outbox.queue(draft, frozen, int(now.timestamp()), int(now.timestamp()))
        return True

    def _order(self, handed: Handover) -> Order:
        usager = handed.usager
        qualified = bool(usager and is_qualified(usager) and usager.matricule and key_is_valid(usager.matricule))
        author = self._config.authors.get(handed.author_id) if handed.author_id else self._config.author
        if author is None:
            author = Signatory(handed.author_id, "", "")
        return Order(usager, qualified, author, handed.to_usager, handed.record_number, packing.new_oid())

    def _recipients(self, handed: Handover, order: Order) -> tuple[Recipient, ...]:
        people = [Correspondent("", address, guessed_kind(address)) for address in handed.to]
        if handed.to_usager:
            usager = consignments.usager_correspondent(order, training=self._environment.training)
            if usager is None:
                raise NotAllowed((Objection(Why.NOT_QUALIFIED),))
            people.append(usager)
        return tuple(Recipient(who, origin=Origin.RECORD) for who in people)

    def _made(
        self,
        wish: Asked,
        order: Order,
        health: tuple[tuple[str, bytes], ...],
        people: tuple[Recipient, ...],
        now: datetime,
    ) -> packing.Made:
        if not health:
            return packing.Made("", (), ())
        found, contents = Consignment(wish.draft_id, order, ()), dict[PaperId, bytes]()
        for place, (name, content) in enumerate(health):
            said = wish.handed if place == 0 else replace(wish.handed, unique_id="", set_id="", replaces="", version=0)
            paper = packing.as_handed_over(packing.paper_of(name, content, PaperId(f"p{place}"), now), said)
            found = replace(found, papers=(*found.papers, paper))
            contents[paper.id] = content
        found = replace(found, papers=packing.paired(found.papers))
        institution = self._environment.institution
        if blocking := consignments.before_building(found, Rules(institution, self._environment.training)):
            raise NotAllowed(blocking)
        if hidden := consignments.hidden_from(people, found.papers):
            raise NotAllowed(hidden)
        if institution is None or order.author is None:
            raise NotAllowed((Objection(Why.NO_INSTITUTION),))
        try:
            return packing.made(found, contents, order.author, institution, now)
        except ValueError as error:
            raise Unreadable(Unread.NOT_IT, "usager") from error

    def _text(self, handed: Handover, order: Order) -> str:
        own = handed.text or packing.words_for(handed.action, handed.title, order.usager)
        return own.rstrip() + self._config.notice.format(address=self._config.reply_to) + "\n"

    def _check(self, draft: Draft, order: Order, white_list: frozenset[str], size_limit: int) -> None:
        bal = replace(self._bal(), max_size=size_limit)
        said = objections(draft, Facts(bal, white_list, self._environment.product))
        if blocking := tuple(o for o in said if o.blocking and o.why not in _PASSED):
            raise NotAllowed(blocking)
        if strange := consignments.strangers(draft.recipients, order, training=self._environment.training):
            raise NotAllowed(strange)
        if about := order.usager or consignments.written_to(draft):
            rules = Rules(None, self._environment.training, *self._opposed(about))
            if opposed := consignments.oppositions(draft, rules):
                raise NotAllowed(opposed)

    def _bal(self) -> Bal:
        return Bal(BAL, self._config.address, BalKind.APP, self._config.label, "A", 0, own=False)

    def _frozen(self, draft: Draft, contents: Mapping[AttachmentId, bytes], now: datetime) -> Frozen:
        """The Message-ID is the request's: should everything else be lost, the copy in Sent is found by it."""
        address = self._config.address
        header_id = f"<{draft.id}.{self._shipments.times_queued(draft.id)}@{domain_of(address)}>"
        raw = build(
            draft, self._bal(), self._config.label, self._environment.product, header_id, now, contents,
            reply_to=self._config.reply_to,
        )  # fmt: skip
        people = tuple((r.who.address, shown_label(r.who.label)) for r in draft.recipients)
        return Frozen(BAL, address, draft.subject, header_id, f"mss-{draft.id}"[:100], raw, people, True, None, "")


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
