"""Messages as the list and the reading pane know them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import NewType

from mssclient.domain.address import Correspondent
from mssclient.domain.bal import BalId, FolderId

MessageId = NewType("MessageId", int)
"""Our row id; never an IMAP UID."""
PartId = NewType("PartId", int)


class Flag(Enum):
    """The marks of a message that we show and set; values are IMAP's (RFC 3501 §2.3.2) and usual keywords."""

    SEEN = "\\Seen"
    FLAGGED = "\\Flagged"
    ANSWERED = "\\Answered"
    DRAFT = "\\Draft"
    DELETED = "\\Deleted"
    FORWARDED = "$Forwarded"
    MDN_SENT = "$MDNSent"


@dataclass(frozen=True, slots=True)
class PartSpec:
    """One leaf of a BODYSTRUCTURE (RFC 3501 §7.4.2)."""

    number: str
    """IMAP section number, such as "1.2"."""
    media_type: str
    size: int
    """Bytes as encoded on the server."""
    encoding: str
    charset: str
    name: str
    """File name, decoded; empty for body parts."""
    content_id: str
    """Without angle brackets; empty when there is none."""
    attachment: bool
    """Whether a person should see it as an attachment."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a header fetch tells of one message: server truth, as `remote` hands it over."""

    uid: int
    flags: frozenset[str]
    received: datetime
    """INTERNALDATE, aware."""
    size: int
    message_id: str
    """With angle brackets; empty when there is none."""
    subject: str
    sender: Correspondent
    to: tuple[Correspondent, ...]
    cc: tuple[Correspondent, ...]
    reply_to: str
    sent: datetime | None
    """The Date header, aware; None when missing or senseless."""
    in_reply_to: str
    references: tuple[str, ...]
    mss_headers: tuple[tuple[str, str], ...] = ()
    """Header name in lower case and value, of: x-mss-nil, x-mss-codecda, x-mss-ins, x-mss-mes, return-path,
    disposition-notification-to, return-receipt-to, auto-submitted, content-type (of the whole message), thread-index."""
    parts: tuple[PartSpec, ...] = ()
    modseq: int = 0

    def header(self, name: str) -> str:
        """The value of one of `mss_headers`, or an empty string."""
        return next((value for key, value in self.mss_headers if key == name), "")


class RowState(Enum):
    """Where a message stands in the day's work."""

    NONE = "none"
    TO_FILE = "to file"  # carries documents that are not in the record yet
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class UsagerMark:
    """Who a message is about, as far as it says so. The identity that counts is METADATA.XML's (ECO.2.1.2)."""

    name: str
    """Birth name and first given name, as one reads them."""
    birth_date: str
    """ISO date, or empty."""
    matricule: str
    """15 characters, or empty."""
    qualified: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the list: everything the delegate paints, nothing to compute."""

    id: MessageId
    folder_id: FolderId
    bal_id: BalId
    seen: bool
    flagged: bool
    answered: bool
    forwarded: bool
    sender: Correspondent
    """In Sent and Drafts: the first recipient."""
    subject: str
    """As shown: the XDM/1.0/DDM+ prefix is hidden (ECO.3.1.3)."""
    date: datetime
    size: int
    attachments: int
    documents: int
    """Health documents known in it; 0 until an archive was read."""
    has_xdm: bool
    state: RowState
    usager: UsagerMark | None
    conversation: int
    """Conversation id."""
    conversation_size: int
    """Messages of the conversation in all folders but Drafts and the trash; copies of one mail count once."""
    pending: bool
    """A wish of the user's on it has not reached the operator yet."""
    conversation_unread: int = 0
    fate: str = ""
    """In Sent: an `outbox.Fate` by value, of the recipient that wants somebody first; empty when nothing is known."""
    found_there: bool = False
    """A search found it at the operator: its words are not here."""


class Loading(Enum):
    """Whether a piece of content is at hand."""

    ABSENT = "absent"
    COMING = "coming"
    HERE = "here"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part with a name, as the reading pane lists it."""

    id: PartId
    message_id: MessageId
    name: str
    media_type: str
    """From the bytes once they are here, else as declared."""
    size: int
    """Bytes decoded once here, else estimated."""
    loading: Loading
    filed: bool
    is_xdm: bool
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message opened in the reading pane."""

    row: Row
    to: tuple[Correspondent, ...]
    cc: tuple[Correspondent, ...]
    reply_to: str
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    body: Loading
    text: str
    """The plain text; empty until the body is here."""
    safe_html: str
    """Sanitised HTML, or empty when there is only text. Remote content is gone; `cid:` images may remain."""
    blocked_remote: int
    """Remote resources that were removed from the HTML."""
    attachments: tuple[Attachment, ...]
    receipt_asked: str
    """Address a read receipt is asked for, or empty (ECO.3.1.6)."""
    receipt_doubtful: bool
    """The receipt would go elsewhere than Return-Path: ask the user."""
    mes_closed: bool
    """X-MSS-MES: FIN, the usager cannot answer (ECO.2.2.8)."""
    receipt: str = ""
    """What an automatic answer says of a sent message, as JSON of `receipts.Report`; empty for ordinary mail."""
    problem: str = ""
    """Name of an `errors.Unread` when the body could not be read."""


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of the list."""

    column: str = "date"
    """One of date, sender, subject, size, usager, state."""
    descending: bool = True


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the list shows: a folder, or a search, in an order."""

    folder_id: FolderId | None = None
    search: str = ""
    bal_id: BalId | None = None
    """Limits a search to one BAL; None searches all."""
    unread_only: bool = False
    to_file_only: bool = False
    conversations: bool = False
    """One line a conversation: its newest message."""
    sort: Sort = field(default_factory=Sort)
