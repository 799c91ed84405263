"""The list of health documents to put into the record: its lines, its states, and how versions follow one another.

DUI.MSS.23–26; mssante.md §9: never the same version twice, an older version is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import NewType

from mssclient.domain.bal import BalId
from mssclient.domain.documents import HealthDocument
from mssclient.domain.identity import Usager
from mssclient.domain.message import MessageId, PartId

DocumentId = NewType("DocumentId", int)
SORTS = frozenset({"received", "act", "title", "type", "usager", "author", "organisation", "version", "bal", "state"})


class WorkState(Enum):
    """Where a received document stands."""

    NEW = "new"
    FILED = "filed"
    REPLACED = "replaced"  # a newer version came before this one was filed
    ASIDE = "aside"  # a person said why it is not filed
    DOUBLE = "double"  # the same document came before


OPEN_STATES = frozenset({WorkState.NEW})


class AsideReason(Enum):
    """Why a document is not filed; the value is the integration answer's code (mssante.md §6)."""

    OLD = "900"
    AUTHOR = "901"
    UNKNOWN = "902"
    NO_INS = "903"
    IDENTITY = "904"
    TRAITS = "905"
    OTHER = "906"


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One received document."""

    id: DocumentId
    message_id: MessageId
    part_id: PartId
    content: str
    """As `FilingChoice.content`."""
    bal_id: BalId
    state: WorkState
    reason: AsideReason | None
    title: str
    type_code: str
    type_label: str
    act_date: str
    """ISO 8601 as precise as the source, or empty; as `created`."""
    created: str
    received: datetime
    usager: Usager | None
    key_valid: bool | None
    whole: bool
    """False when the digest or the size is not what the sender announced."""
    author: str
    organisation: str
    version: int | None
    set_id: str
    unique_id: str
    action: str
    replaces: bool
    newer: DocumentId | None
    """The line of the version that takes its place."""
    twin: DocumentId | None
    deletion: bool
    """Its sender asked for its deletion: a person decides (mssante.md §5)."""


@dataclass(frozen=True, slots=True)
class WorkQuery:
    """What of the list is shown, and in which order."""

    states: frozenset[WorkState] = OPEN_STATES
    bal_id: BalId | None = None
    type_code: str = ""
    words: str = ""
    sort: str = "received"
    """One of `SORTS`."""
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Received:
    """What is known of a document that came before, to say how a new one stands to it."""

    id: DocumentId
    unique_id: str
    sha1: str
    set_id: str
    version: int | None
    state: WorkState
    replaces: tuple[str, ...] = ()
    action: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document that comes in stands to those that came before."""

    state: WorkState
    twin: DocumentId | None = None
    newer: DocumentId | None = None
    replaced: tuple[DocumentId, ...] = ()
    """Earlier lines whose place it takes."""
    deleted: tuple[DocumentId, ...] = ()
    """Earlier lines whose deletion it asks for."""


def standing(document: HealthDocument, known: tuple[Received, ...]) -> Standing:
    """Compares a document with those of the same id, the same set, or that one names as replaced by the other.

    Versions are linked by setId and versionNumber: ids named as replaced match nothing at times (documents.md).
    """
    if document.action == "D":
        meant = {document.unique_id, *document.replaces} - {""}
        return Standing(WorkState.NEW, deleted=tuple(k.id for k in known if k.unique_id in meant and k.action != "D"))
    others = [k for k in known if k.action != "D"]
    twin = next((k for k in others if is_same(document, k)), None)
    if twin is not None:
        return Standing(WorkState.DOUBLE, twin=twin.id)
    newer = next((k for k in others if _supersedes(k, document)), None)
    if newer is not None:
        return Standing(WorkState.REPLACED, newer=newer.id)
    return Standing(WorkState.NEW, replaced=tuple(k.id for k in others if _is_superseded(k, document)))


def is_same(document: HealthDocument, known: Received) -> bool:
    """Whether both are one document: one uniqueId, or the same bytes. One id over other bytes is none (a producer that
    numbers badly): a person has to see it."""
    same_bytes = bool(document.sha1) and document.sha1 == known.sha1
    same_id = bool(document.unique_id) and document.unique_id == known.unique_id
    return same_bytes or (same_id and not (document.sha1 and known.sha1))


def _supersedes(known: Received, document: HealthDocument) -> bool:
    if document.unique_id and document.unique_id in known.replaces:
        return True
    return bool(document.set_id) and document.set_id == known.set_id and (known.version or 0) > (document.version or 0)


def _is_superseded(known: Received, document: HealthDocument) -> bool:
    if known.unique_id and known.unique_id in document.replaces:
        return True
    return bool(document.set_id) and document.set_id == known.set_id and (known.version or 0) < (document.version or 0)
