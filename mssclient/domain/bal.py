"""Mailboxes (boîtes aux lettres, BAL) and their folders."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NewType

BalId = NewType("BalId", int)
FolderId = NewType("FolderId", int)


class BalKind(Enum):
    """The kinds of mailbox of the Référentiel socle MSSanté #2, and the practice's of 2026."""

    PER = "PER"
    ORG = "ORG"
    APP = "APP"
    CAB = "CAB"


class FolderRole(Enum):
    """What a folder is for: its SPECIAL-USE attribute (RFC 6154), else its usual name."""

    INBOX = "inbox"
    DRAFTS = "drafts"
    SENT = "sent"
    TRASH = "trash"
    JUNK = "junk"
    ARCHIVE = "archive"
    OTHER = "other"
    TRASHED = "trashed"  # below the trash: what is in it waits for nobody


class Link(Enum):
    """How the line to a BAL stands."""

    WAITING = "waiting"  # no attempt yet
    CONNECTING = "connecting"
    LIVE = "live"
    OFFLINE = "offline"  # will try again by itself
    REFUSED = "refused"  # this person is not let in, or the operator refuses


@dataclass(frozen=True, slots=True)
class Bal:
    """A mailbox the signed-in person opens. `own` is false for an ORG BAL and for a colleague's by delegation."""

    id: BalId
    address: str
    kind: BalKind
    label: str
    letter: str
    """One capital that marks the BAL on rows, panes and composers, beside its colour (never colour alone)."""
    colour: int
    """Index into the palette of the UI, stable for the life of the BAL in the store."""
    own: bool
    link: Link = Link.WAITING
    quota_used: int = 0
    """Bytes; 0 with quota_limit 0 when the operator announces none."""
    quota_limit: int = 0
    max_size: int = 10 * 1024 * 1024
    """Bytes of a whole message: the operator's SMTP SIZE, else 10 MB."""


QUOTA_STEPS = (80, 95)
"""Percent of a quota at which a person is warned."""
_REARMED_BELOW = 5
"""Percent under a step: only then passing it again is news."""


def quota_step(used: int, limit: int, told: int) -> int:
    """The step of `QUOTA_STEPS` that counts as told from now on, 0 for none; higher than `told` means: warn."""
    percent = used * 100 / limit if limit > 0 else 0.0
    reached = max((step for step in QUOTA_STEPS if percent >= step), default=0)
    return told if reached < told and percent > told - _REARMED_BELOW else reached


@dataclass(frozen=True, slots=True)
class Folder:
    """One folder of a BAL. `path` is its names from the root, decoded; `name` the last of them."""

    id: FolderId
    bal_id: BalId
    path: tuple[str, ...]
    role: FolderRole
    unread: int
    total: int
    selectable: bool = True

    @property
    def name(self) -> str:
        """The folder's own name, as the server spells it."""
        return self.path[-1]


_ROLE_BY_NAME = {
    "inbox": FolderRole.INBOX,
    "drafts": FolderRole.DRAFTS, "brouillons": FolderRole.DRAFTS,
    "sent": FolderRole.SENT, "envoyes": FolderRole.SENT, "elements envoyes": FolderRole.SENT,
    "sent items": FolderRole.SENT,
    "trash": FolderRole.TRASH, "corbeille": FolderRole.TRASH, "deleted items": FolderRole.TRASH,
    "junk": FolderRole.JUNK, "indesirables": FolderRole.JUNK, "courrier indesirable": FolderRole.JUNK,
    "spam": FolderRole.JUNK,
    "archive": FolderRole.ARCHIVE, "archives": FolderRole.ARCHIVE,
}  # fmt: skip
_ROLE_BY_USE = {
    "\\drafts": FolderRole.DRAFTS, "\\sent": FolderRole.SENT, "\\trash": FolderRole.TRASH,
    "\\junk": FolderRole.JUNK, "\\archive": FolderRole.ARCHIVE,
}  # fmt: skip


def role_of(folded_name: str, uses: tuple[str, ...], depth: int) -> FolderRole:
    """The role of a folder from its SPECIAL-USE attributes (RFC 6154), else from its folded name at the root."""
    for use in uses:
        if role := _ROLE_BY_USE.get(use.lower()):
            return role
    return _ROLE_BY_NAME.get(folded_name, FolderRole.OTHER) if depth == 1 else FolderRole.OTHER
