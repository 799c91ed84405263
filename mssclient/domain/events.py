"""Everything the engine announces. Events say what changed, never what it is: ids only, the UI re-reads."""

from __future__ import annotations

from dataclasses import dataclass

from mssclient.domain.bal import BalId, FolderId
from mssclient.domain.draft import DraftId
from mssclient.domain.message import MessageId, PartId
from mssclient.domain.outbox import OutboxId
from mssclient.domain.session import SessionState


@dataclass(frozen=True, slots=True)
class SessionChanged:
    """The session entered a state; LOCKED must cover every window before anything else happens."""

    state: SessionState


@dataclass(frozen=True, slots=True)
class SignInChanged:
    """`engine.sign_in_view()` has news."""


@dataclass(frozen=True, slots=True)
class SessionEnding:
    """`engine.session_ends_at()` is near (15 minutes), or was moved: renewing now interrupts nothing."""


@dataclass(frozen=True, slots=True)
class OutsideReady:
    """`engine.outside_file(part_id, content)` can be opened by another program."""

    part_id: PartId
    content: str


@dataclass(frozen=True, slots=True)
class CardChanged:
    """`engine.card_status()` has news."""


@dataclass(frozen=True, slots=True)
class BalsChanged:
    """The list of BAL, their links, labels or quotas changed."""


@dataclass(frozen=True, slots=True)
class FoldersChanged:
    """Folders of a BAL, or their counts, changed."""

    bal_id: BalId


@dataclass(frozen=True, slots=True)
class MessagesChanged:
    """Messages entered, left or changed in a folder."""

    folder_id: FolderId


@dataclass(frozen=True, slots=True)
class MessagesArrived:
    """New mail in an inbox: a notice may be shown (a count, never a name)."""

    folder_id: FolderId
    count: int


@dataclass(frozen=True, slots=True)
class BodyArrived:
    """A message's body, attachments or documents are at hand, or could not be had."""

    message_id: MessageId


@dataclass(frozen=True, slots=True)
class PartArrived:
    """An attachment's bytes are at hand, or could not be had."""

    part_id: PartId


@dataclass(frozen=True, slots=True)
class PreviewReady:
    """`engine.picture(part_id, content, page)` has a page, or a failure."""

    part_id: PartId
    page: int


@dataclass(frozen=True, slots=True)
class ProgressChanged:
    """`engine.progress()` has news."""


@dataclass(frozen=True, slots=True)
class OutboxChanged:
    """A line of the outbox or the fate of a sent message changed."""

    outbox_id: OutboxId


@dataclass(frozen=True, slots=True)
class DraftChanged:
    """The engine changed a draft (an attachment came in, it was kept, it came back from the outbox)."""

    draft_id: DraftId


@dataclass(frozen=True, slots=True)
class ShipmentChanged:
    """The health documents of a draft changed: `reader.shipment(draft_id)`; the draft may have come with them."""

    draft_id: DraftId


@dataclass(frozen=True, slots=True)
class ProposalsChanged:
    """`engine.proposals()` has news: the record system laid something down to be sent, or took it back."""


@dataclass(frozen=True, slots=True)
class DashboardReady:
    """`engine.dashboard(span)` has the counts that were asked for."""


@dataclass(frozen=True, slots=True)
class DraftInConflict:
    """A draft was changed here and elsewhere, or that is settled: `engine.draft_conflict(draft_id)` tells."""

    draft_id: DraftId


@dataclass(frozen=True, slots=True)
class QuotaReached:
    """A BAL passed 80 or 95 percent of its quota: told once each time it does."""

    bal_id: BalId
    percent: int


@dataclass(frozen=True, slots=True)
class DirectoryChanged:
    """The Annuaire or the white list was refreshed, or its age changed."""


@dataclass(frozen=True, slots=True)
class CorrespondentsChanged:
    """A favourite or a group of the person changed."""


@dataclass(frozen=True, slots=True)
class ReconciliationChanged:
    """`engine.reconciliation()` has news."""


@dataclass(frozen=True, slots=True)
class AttachmentFiled:
    """A document went into the record system's folder, or its filing mark was undone."""

    part_id: PartId


@dataclass(frozen=True, slots=True)
class WorklistChanged:
    """Received health documents came, went or changed their state, or the record's usagers were read anew."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a person should know; `engine.problem(problem_id)` tells what."""

    problem_id: int


Event = (
    SessionChanged | SignInChanged | CardChanged | BalsChanged | FoldersChanged | MessagesChanged | MessagesArrived
    | BodyArrived | PartArrived | PreviewReady | ProgressChanged | OutboxChanged | DraftChanged | DirectoryChanged
    | AttachmentFiled | WorklistChanged | Problem | SessionEnding | OutsideReady | DraftInConflict | QuotaReached
    | ShipmentChanged | ProposalsChanged | DashboardReady | CorrespondentsChanged | ReconciliationChanged
)  # fmt: skip
