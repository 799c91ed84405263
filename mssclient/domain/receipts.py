"""Bounces, DSN, MDN and integration answers: what became of a sent mail (RFC 3461–3464, RFC 8098, mssante.md §6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from mssclient.domain.address import domain_of, is_usager, normal
from mssclient.domain.outbox import Fate, Outgoing, SendState


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
    sender: str = ""
    """Who answers, lower case; empty when nobody is named."""
    from_system: bool = False
    """Written by a mail system as far as its envelope tells: an empty return path, or the name of a mail system."""
    quoted_subject: str = ""
    """Of the returned message, for reports that carry no id."""
    quoted_sent: datetime | None = None
    """The Date of the returned message, aware."""


def believed(report: Report, recipients: Sequence[str]) -> tuple[Outcome, ...]:
    """What a report may say about a message sent to `recipients`, each under the recipient's own address.

    A mail system speaks of whom it names, or of the only recipient it can mean. A read receipt speaks of its own writer.
    An integration answer may come from another address of the recipient's domain: record systems have their own. What a
    stranger says, or one recipient about another, is left out.
    """
    known = [normal(each) for each in recipients]
    found: dict[str, Outcome] = {}
    for outcome in report.outcomes:
        about = _about(report, normal(outcome.address), known)
        if about and about not in found:
            found[about] = replace(outcome, address=about)
    return tuple(found.values())


def _about(report: Report, named: str, recipients: list[str]) -> str:
    if report.kind is ReportKind.DSN:
        if not report.from_system:
            return ""
        if named in recipients:
            return named
        # An alias, or the address behind it: only where nobody else can be meant.
        return recipients[0] if len(recipients) == 1 else _only(recipients, domain_of(named))
    writer = report.sender
    if named in recipients and writer != named and not _speaks_for(report, named):
        return ""
    if named in recipients or writer in recipients:
        return named if named in recipients else writer
    other = _only(recipients, domain_of(writer))
    return other if other and _speaks_for(report, other) else ""


def _speaks_for(report: Report, recipient: str) -> bool:
    """Whether a record system may answer for a mailbox: from an address of its own in the same domain. Usagers share a
    domain and nothing else, and a reading is told by the reader alone: whole professions share one, too."""
    same = domain_of(report.sender) == domain_of(recipient)
    return same and report.kind is ReportKind.INTEGRATION and not is_usager(report.sender)


def _only(recipients: list[str], domain: str) -> str:
    """The recipient of a domain, when there is exactly one."""
    there = [each for each in recipients if domain and domain_of(each) == domain]
    return there[0] if len(there) == 1 else ""


class Loss(Enum):
    """Why a sent message wants somebody's attention."""

    FAILED = "failed"  # refused by our operator, or not delivered
    REFUSED = "refused"  # by the recipient's software
    DELAYED = "delayed"
    SILENT = "silent"  # a receipt was asked for, and nothing came


@dataclass(frozen=True, slots=True)
class Lost:
    """One line of "Ce qui n'est pas arrivé"."""

    line: Outgoing
    why: frozenset[Loss]


_LOSSES = {Fate.FAILED: Loss.FAILED, Fate.REFUSED: Loss.REFUSED, Fate.DELAYED: Loss.DELAYED}


def losses(line: Outgoing, *, asked: bool, now: datetime, silent_after: timedelta) -> frozenset[Loss]:
    """What is wrong with a message that left; `asked`: whether a delivery receipt was asked for (ECO.2.3.1)."""
    if line.state is SendState.FAILED:
        return frozenset({Loss.FAILED})
    if line.state not in {SendState.SENT, SendState.DONE}:
        return frozenset()
    found = {_LOSSES[each.fate] for each in line.recipients if each.fate in _LOSSES}
    silent = any(each.fate is Fate.ACCEPTED for each in line.recipients)
    if asked and silent and line.sent is not None and now - line.sent >= silent_after:
        found.add(Loss.SILENT)
    return frozenset(found)
