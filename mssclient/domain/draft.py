"""A message being written, and why it may not leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import NewType

from mssclient.domain.address import (
    Correspondent,
    CorrespondentKind,
    domain_of,
    guessed_kind,
    is_address,
    is_usager,
    normal,
)
from mssclient.domain.bal import Bal, BalId
from mssclient.domain.identity import key_is_valid
from mssclient.domain.message import Message, MessageId
from mssclient.domain.outbox import Fate, Outgoing

DraftId = NewType("DraftId", str)
"""A random id made where the draft is begun, so that a window never waits for the disk."""
AttachmentId = NewType("AttachmentId", str)

MAX_CORRESPONDENTS = 10
MES_LIMIT = 25 * 1024 * 1024
"""Mon espace santé refuses larger mails."""


class Field(Enum):
    """Which header a correspondent stands in."""

    TO = "to"
    CC = "cc"


class Origin(Enum):
    """Where a recipient came from: it decides what has to be checked (ECO.3.1.4, 3.1.5)."""

    DIRECTORY = "directory"
    TYPED = "typed"
    ANSWER = "answer"
    RECORD = "record"  # handed over by the DUI


@dataclass(frozen=True, slots=True)
class Recipient:
    """One correspondent of a draft."""

    who: Correspondent
    field: Field = Field.TO
    origin: Origin = Origin.DIRECTORY


@dataclass(frozen=True, slots=True)
class DraftAttachment:
    """A file attached to a draft; its bytes are in the store under `id`."""

    id: AttachmentId
    name: str
    media_type: str
    size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything the composer holds. Frozen: each key press makes a new one, kept by `engine.keep_draft`."""

    id: DraftId
    bal_id: BalId
    recipients: tuple[Recipient, ...] = ()
    subject: str = ""
    text: str = ""
    attachments: tuple[DraftAttachment, ...] = ()
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    answers: MessageId | None = None
    forwards: MessageId | None = None
    ask_delivery: bool = True
    ask_read: bool = False
    no_answer: bool = False
    """X-MSS-MES: FIN: the usager may not answer (ECO.2.2.8)."""
    updated: datetime | None = None

    def is_empty(self) -> bool:
        """Nothing a person would miss."""
        return not (self.recipients or self.subject.strip() or self.text.strip() or self.attachments)


class Why(Enum):
    """Every reason a draft may not leave, or deserves a question first."""

    NO_RECIPIENT = "no recipient"
    TOO_MANY = "too many"
    BAD_ADDRESS = "bad address"
    OUTSIDE = "outside"  # not in the white list
    NO_WHITE_LIST = "no white list"  # never fetched: nothing typed can be checked
    TYPED_USAGER = "typed usager"  # a usager's address is built by the program only
    USAGER_KEY = "usager key"  # wrong key in the matricule
    TWICE = "twice"
    NO_SUBJECT = "no subject"
    NO_TEXT = "no text"
    TOO_BIG = "too big"
    MES_TOO_BIG = "mes too big"
    APP_BAL = "app bal"  # an applicative BAL is not written from by hand
    MANY_USAGERS = "many usagers"  # one mail, one usager
    ATTACHMENT_FORGOTTEN = "attachment forgotten"  # the text speaks of one
    NO_PRODUCT = "no product"  # X-MSS-NIL is not configured
    DEPARTED = "departed"  # left the Annuaire since it was last written to
    REPLACED = "replaced"  # stands for somebody else since it was last written to
    LOOKALIKE = "lookalike"  # the domain resembles a trusted or a usual one
    DISGUISED = "disguised"  # the domain is written with other than plain letters
    NO_INSTITUTION = "no institution"  # who sends health documents is not configured
    NO_USAGER = "no usager"  # health documents without the traits of whom they are about
    NOT_QUALIFIED = "not qualified"  # a matricule goes on documents and in addresses only when the INS is qualified
    NO_AUTHOR = "no author"  # a professional who is not in the Annuaire
    NO_TYPE = "no type"
    NO_ACT_DATE = "no act date"
    OTHER_USAGER = "other usager"  # a document or a recipient is somebody else than whom the mail is about
    OPPOSED = "opposed"  # the usager objected to messages in their own space
    OPPOSED_PROFESSIONALS = "opposed professionals"  # the usager objected to messages between professionals
    HIDDEN = "hidden"  # a document that its patient may not see, to the patient
    NOT_PREPARED = "not prepared"  # the archive is not made from what the composer shows


_ASKED = {Why.DEPARTED, Why.REPLACED, Why.LOOKALIKE, Why.DISGUISED}
"""What `domain.doubts` finds."""
BLOCKING = frozenset(Why) - {Why.NO_SUBJECT, Why.NO_TEXT, Why.ATTACHMENT_FORGOTTEN} - _ASKED


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason, and what it is about (an address, a count or a size in bytes: shown to the user, never logged)."""

    why: Why
    about: str = ""
    since: str = ""
    """ISO date from which it holds, where there is one."""
    instead: str = ""
    """The address that was probably meant; empty when nothing says which."""

    @property
    def blocking(self) -> bool:
        """Whether the message must not leave; else the person is asked."""
        return self.why in BLOCKING


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules need to know of the world."""

    bal: Bal
    white_list: frozenset[str]
    """Trusted domains, lower case; empty when none was ever fetched."""
    product: str
    """X-MSS-NIL; empty when not configured."""
    quoted: str = ""
    """The quoted text the draft began with: not the person's own words."""


def encoded_size(draft: Draft) -> int:
    """Bytes the message will weigh on the wire: base64 is 78 characters for 57 bytes (RFC 2045 §6.8), plus headers."""
    attached = sum((a.size + 56) // 57 * 78 + 400 for a in draft.attachments)
    return attached + (len(draft.text.encode()) * 4 + 2) // 3 * 2 + 4096


def objections(draft: Draft, facts: Facts) -> tuple[Objection, ...]:
    """Why this draft may not leave, blocking reasons first (mssante.md §3, §4; ECO.3.1.4–3.1.5, ECO.2.4.3)."""
    found = [*_about_recipients(draft, facts), *_about_size(draft, facts), *_about_words(draft, facts)]
    if facts.bal.kind.value == "APP":
        found.append(Objection(Why.APP_BAL))
    if not facts.product:
        found.append(Objection(Why.NO_PRODUCT))
    return tuple(sorted(found, key=lambda o: not o.blocking))


def _about_recipients(draft: Draft, facts: Facts) -> list[Objection]:
    addresses = [normal(r.who.address) for r in draft.recipients]
    found = [] if addresses else [Objection(Why.NO_RECIPIENT)]
    if len(addresses) > MAX_CORRESPONDENTS:
        found.append(Objection(Why.TOO_MANY, str(len(addresses))))
    if len({a for a in addresses if is_usager(a)}) > 1:
        found.append(Objection(Why.MANY_USAGERS))
    found += [Objection(Why.TWICE, a) for a in sorted({a for a in addresses if addresses.count(a) > 1})]
    for recipient in draft.recipients:
        found += _about_recipient(recipient, facts)
    return found


def _about_recipient(recipient: Recipient, facts: Facts) -> list[Objection]:
    address = normal(recipient.who.address)
    if not is_address(address):
        return [Objection(Why.BAD_ADDRESS, recipient.who.address)]
    if is_usager(address) or recipient.who.kind is CorrespondentKind.USAGER:
        if recipient.origin in {Origin.TYPED, Origin.DIRECTORY}:
            return [Objection(Why.TYPED_USAGER, address)]
        return [] if key_is_valid(address.partition("@")[0]) else [Objection(Why.USAGER_KEY, address)]
    if not facts.white_list:
        return [] if recipient.origin is Origin.DIRECTORY else [Objection(Why.NO_WHITE_LIST, address)]
    return [] if domain_of(address) in facts.white_list else [Objection(Why.OUTSIDE, address)]


def _about_size(draft: Draft, facts: Facts) -> list[Objection]:
    size = encoded_size(draft)
    found = [Objection(Why.TOO_BIG, str(facts.bal.max_size))] if size > facts.bal.max_size else []
    if size > MES_LIMIT and any(is_usager(r.who.address) for r in draft.recipients):
        found.append(Objection(Why.MES_TOO_BIG, str(MES_LIMIT)))
    return found


def _about_words(draft: Draft, facts: Facts) -> list[Objection]:
    own = draft.text.replace(facts.quoted, "").lower() if facts.quoted else draft.text.lower()
    found = [] if draft.subject.strip() else [Objection(Why.NO_SUBJECT)]
    if not draft.text.strip() and not draft.attachments:
        found.append(Objection(Why.NO_TEXT))
    spoken = ("ci-joint", "ci joint", "pièce jointe", "piece jointe", "en pj", "joins", "joint à ce")
    if not draft.attachments and any(word in own for word in spoken):
        found.append(Objection(Why.ATTACHMENT_FORGOTTEN))
    return found


def _prefixed(prefix: str, subject: str) -> str:
    bare = subject
    while bare[:3].lower() in {"re:", "tr:"} or bare[:4].lower() in {"fwd:", "re :", "tr :"}:
        bare = bare.partition(":")[2].strip()
    return f"{prefix} {bare}".strip()


def quoted(message: Message, heading: str) -> str:
    """The text of a message as an answer quotes it; `heading` is the French line that introduces it."""
    lines = message.text.rstrip().splitlines()
    return "\n".join(["", "", heading, *(f"> {line}" if line else ">" for line in lines)])


def answer(new_id: DraftId, message: Message, bal: Bal, *, to_all: bool, heading: str) -> Draft:
    """The draft that answers a message (ECO.2.2.2); never back to the BAL that answers."""
    row = message.row
    first = (
        Correspondent(row.sender.label, normal(message.reply_to), row.sender.kind) if message.reply_to else row.sender
    )
    people = [Recipient(first, Field.TO, Origin.ANSWER)]
    if to_all:
        people += [Recipient(c, Field.TO, Origin.ANSWER) for c in message.to]
        people += [Recipient(c, Field.CC, Origin.ANSWER) for c in message.cc]
    seen: set[str] = {normal(bal.address)}
    kept = []
    for person in people:
        if normal(person.who.address) not in seen:
            seen.add(normal(person.who.address))
            kept.append(person)
    chain = (*message.references, message.message_id) if message.message_id else message.references
    return Draft(
        id=new_id, bal_id=bal.id, recipients=tuple(kept), subject=_prefixed("Re:", row.subject),
        text=quoted(message, heading), in_reply_to=message.message_id, references=chain[-20:], answers=row.id,
    )  # fmt: skip


def forward(new_id: DraftId, message: Message, bal: Bal, *, heading: str) -> Draft:
    """The draft that passes a message on; its attachments are copied by the engine."""
    text = "\n".join(["", "", heading, "", message.text])
    return Draft(
        id=new_id,
        bal_id=bal.id,
        subject=_prefixed("TR:", message.row.subject),
        text=text,
        forwards=message.row.id,
    )


def again(new_id: DraftId, message: Message, line: Outgoing) -> Draft:
    """The draft that says the same once more to those whom a sent message did not reach, all of them when nobody is known
    to have it; its attachments are copied by the engine."""
    bad = {Fate.FAILED, Fate.REFUSED, Fate.DELAYED}
    failed = [each for each in line.recipients if each.fate in bad]
    silent = [each for each in line.recipients if each.fate is Fate.ACCEPTED]
    who = failed or silent or line.recipients
    people = (Correspondent(each.label, each.address, guessed_kind(each.address, each.label)) for each in who)
    to = tuple(Recipient(each, origin=Origin.ANSWER) for each in people)
    return Draft(id=new_id, bal_id=line.bal_id, recipients=to, subject=message.row.subject, text=message.text)


def with_recipient(draft: Draft, recipient: Recipient) -> Draft:
    """The draft with one more correspondent; the same address never stands twice."""
    known = {normal(r.who.address) for r in draft.recipients}
    if normal(recipient.who.address) in known:
        return draft
    return replace(draft, recipients=(*draft.recipients, recipient))
