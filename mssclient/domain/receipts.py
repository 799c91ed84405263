"""Bounces, DSN, MDN and integration answers: what became of a sent mail (RFC 3461–3464, RFC 8098, mssante.md §6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mssclient.domain.outbox import Fate


class ReportKind(Enum):
    """Which kind of answer it is."""

    DSN = "dsn"
    MDN = "mdn"
    INTEGRATION = "integration"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a report says about one recipient."""

    address: str
    """Lower case; empty when the report does not name one."""
    fate: Fate
    status: str
    """Enhanced status code, MDN disposition or integration code, as found."""
    reason: str
    """Diagnostic text of the other side, as found."""


@dataclass(frozen=True, slots=True)
class Report:
    """An automatic answer, read: which message it is about, and what happened at each recipient."""

    kind: ReportKind
    original_message_id: str
    """With angle brackets; empty when unknown."""
    envelope_id: str
    outcomes: tuple[Outcome, ...]
