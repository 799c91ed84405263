"""What has to be said about a message above its words: blocked content, receipts, closed threads, reports."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication

from mssclient.domain.errors import Unread
from mssclient.domain.message import Loading, Message
from mssclient.domain.outbox import Fate
from mssclient.domain.receipts import Outcome, Report, ReportKind
from mssclient.ui import wording
from mssclient.ui.compose.notice import Tone

translate = QCoreApplication.translate


class Ask(Enum):
    """What a note's button does."""

    RECEIPT = "receipt"
    NO_RECEIPT = "no receipt"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence above a message, with its buttons."""

    name: str
    text: str
    tone: Tone
    actions: tuple[tuple[str, Ask], ...] = ()


def notes(message: Message) -> list[Note]:
    """What to say above a message, what matters most first."""
    found = [_report(message), _unread(message), _closed(message), _receipt(message), _blocked(message)]
    return [note for note in found if note is not None]


def parsed(text: str) -> Report | None:
    """The report a message carries as JSON, or None for ordinary mail and for JSON we do not know."""
    try:
        raw = json.loads(text) if text else None
        if not isinstance(raw, dict):
            return None
        outcomes = tuple(
            Outcome(str(o["address"]), Fate(o["fate"]), str(o["status"]), str(o["reason"])) for o in raw["outcomes"]
        )
        return Report(ReportKind(raw["kind"]), str(raw["original_message_id"]), str(raw["envelope_id"]), outcomes)
    except (KeyError, TypeError, ValueError):
        return None


def _report(message: Message) -> Note | None:
    report = parsed(message.receipt)
    if report is None:
        return None
    bad = any(wording.arrived_badly(outcome.fate) for outcome in report.outcomes)
    return Note("reading.note.report", wording.report(report), Tone.ERROR if bad else Tone.DONE)


def _unread(message: Message) -> Note | None:
    if message.body is Loading.FAILED and not message.problem:
        text = translate("notes", "Le texte de ce message n’a pas pu être reçu. Il est intact chez l’opérateur.")
        return Note("reading.note.failed", text, Tone.WARNING, ((translate("notes", "Réessayer"), Ask.RETRY),))
    if not message.problem:
        return None
    known = {reason.name: reason for reason in Unread} | {reason.value: reason for reason in Unread}
    reason = known.get(message.problem)
    text = wording.unread(reason) if reason else translate("notes", "Ce message n’a pas pu être lu.")
    return Note("reading.note.unread", text, Tone.WARNING)


def _closed(message: Message) -> Note | None:
    if not message.mes_closed:
        return None
    text = translate(
        "notes", "Échange clos : l’usager ne peut pas répondre tant que vous ne lui écrivez pas à nouveau."
    )
    return Note("reading.note.closed", text, Tone.NOTE)


def _receipt(message: Message) -> Note | None:
    if not message.receipt_asked:
        return None
    if message.receipt_doubtful:
        text = translate(
            "notes",
            "Un accusé de lecture est demandé pour {address}, qui n’est pas l’adresse de l’expéditeur. L’envoyer ?",
        ).format(address=message.receipt_asked)
    else:
        text = translate("notes", "L’expéditeur demande un accusé de lecture.")
    actions = (
        (translate("notes", "Envoyer l’accusé"), Ask.RECEIPT),
        (translate("notes", "Ne pas envoyer"), Ask.NO_RECEIPT),
    )
    return Note("reading.note.receipt", text, Tone.WARNING if message.receipt_doubtful else Tone.NOTE, actions)


def _blocked(message: Message) -> Note | None:
    if not message.blocked_remote:
        return None
    if message.blocked_remote == 1:
        text = translate("notes", "Un contenu distant a été bloqué : rien n’est chargé depuis Internet.")
    else:
        text = translate("notes", "{n} contenus distants ont été bloqués : rien n’est chargé depuis Internet.")
    return Note("reading.note.blocked", text.format(n=message.blocked_remote), Tone.NOTE)
