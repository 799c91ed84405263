"""Automatic answers to what our boxes sent: DSN (RFC 3464), MDN (RFC 8098), integration answers, out of office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime

from mssclient.sandbox.letters_documents import sent_documents
from mssclient.sandbox.letters_mime import (
    NIL,
    SEEN,
    Letter,
    Mail,
    Party,
    ago,
    encoded,
    kept,
    letter,
    message_id,
    party,
    traced,
)
from mssclient.sandbox.letters_talk import ADDRESSES, Post
from mssclient.sandbox.people import DOMAIN, INBOX, PHYSICIAN, SECRETARIAT, SENT, correspondent

_INTEGRATION = {
    "900": "Version du document incorrecte",
    "901": "Auteur non habilité",
    "902": "Patient inconnu",
    "903": "Absence d'INS dans le document",
    "904": "Incohérence entre l'INS et les traits",
    "905": "Traits d'identité incomplets",
    "906": "Autre erreur",
}
"""Codes of mssante.md §6."""


@dataclass(frozen=True, slots=True)
class Report:
    """A multipart/report: what a person reads, and its machine part."""

    key: str
    sender: str
    to: str
    subject: str
    text: str
    sent: datetime
    kind: str
    """report-type: "delivery-status" or "disposition-notification"."""
    fields: str
    """The machine part, CRLF within, its last line ended."""
    original: Mail
    label: str = ""


Answer = tuple[bytes, datetime]
"""A delivered report, and when it came."""


def raw(report: Report) -> bytes:
    """The bytes of a report, with the headers of the original mail as its third part."""
    boundary = f"=_report_{message_id(report.key, report.sender)[1:13]}"
    sender = f"{encoded(report.label)} <{report.sender}>" if report.label else report.sender
    original = report.original
    auto = "auto-replied" if report.kind == "disposition-notification" else "auto-generated"
    head = [
        f"From: {sender}",
        f"To: <{report.to}>",
        f"Subject: {encoded(report.subject)}",
        f"Date: {format_datetime(report.sent)}",
        f"Message-ID: {message_id(report.key, report.sender)}",
        f"In-Reply-To: {original.message_id}",
        f"Auto-Submitted: {auto}",
        f"X-MSS-NIL: {NIL}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type={report.kind};\r\n boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        "",
        *report.text.split("\n"),
        f"--{boundary}",
        f"Content-Type: message/{report.kind}",
        "",
        report.fields,
        f"--{boundary}",
        "Content-Type: text/rfc822-headers",
        "",
        f"From: {original.sender.address}",
        f"To: {original.to[0].address}",
        f"Subject: {encoded(original.subject)}",
        f"Message-ID: {original.message_id}",
        "",
        f"--{boundary}--",
        "",
    ]
    return "\r\n".join(head).encode()


def _delivery(original: Mail, action: str, status: str, said: str, after: timedelta) -> Answer:
    """A DSN of our operator about one recipient."""
    to, when = original.to[0].address, original.sent + after
    failed = action == "failed"
    fields = (
        f"Reporting-MTA: dns; mta.{DOMAIN}\r\nOriginal-Envelope-Id: {original.message_id.strip('<>')}\r\n"
        f"Arrival-Date: {format_datetime(original.sent)}\r\n\r\n"
        f"Original-Recipient: rfc822;{to}\r\nFinal-Recipient: rfc822;{to}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Remote-MTA: dns; mx.{to.partition('@')[2]}\r\nDiagnostic-Code: smtp; {said}\r\n"
    )
    text = (
        f"Le message suivant n'a pas pu être remis à {to} :\n\n    {said}\n" if failed
        else f"Votre message a bien été remis au serveur de {to}.\n"
    )  # fmt: skip
    subject = "Échec de remise (Undelivered Mail Returned to Sender)" if failed else "Successful Mail Delivery Report"
    sender = f"mailer-daemon@mta.{DOMAIN}"
    key = f"dsn/{action}/{original.key}"
    report = Report(
        key, sender, original.sender.address, subject, text, when, "delivery-status", fields, original,
        "Mail Delivery System",
    )  # fmt: skip
    # RFC 3464 §2: a notification has an empty return path.
    return traced(raw(report), "", original.sender.address, when), when


def disposition(original: Mail, said: str, subject: str, text: str, after: timedelta, note: str = "") -> Answer:
    """An MDN or an integration answer of the first recipient; `said` is the whole Disposition field."""
    to, when = original.to[0], original.sent + after
    fields = (
        "Reporting-UA: logiciel-metier.example; Messagerie 4.2\r\n"
        f"Original-Recipient: rfc822;{to.address}\r\nFinal-Recipient: rfc822;{to.address}\r\n"
        f"Original-Message-ID: {original.message_id}\r\nDisposition: {said}\r\n{note}"
    )
    key = f"mdn/{said}/{original.key}"
    report = Report(
        key, to.address, original.sender.address, subject, text, when, "disposition-notification", fields, original,
        to.label,
    )  # fmt: skip
    return traced(raw(report), to.address, original.sender.address, when), when


_AUTOMATIC = "automatic-action/MDN-sent-automatically"


def integrated(original: Mail, code: str = "") -> Answer:
    """What the recipient's record system says of a document mail: taken, or an error code of 900–906."""
    after = timedelta(minutes=12)
    if not code:
        text = "Le document a été intégré dans le dossier du patient.\n"
        return disposition(
            original, f"{_AUTOMATIC}; processed", f"[OK Intégration système] {original.subject}", text, after
        )
    label = _INTEGRATION[code]
    text = f"Le document n'a pas pu être intégré.\nCode : {code}\nMotif : {label}\n"
    # The label is ASCII-folded as producers do: the field has no charset.
    plain = label.encode("ascii", "replace").decode("ascii").replace("?", "e")
    subject = f"[KO Intégration système !][{code}] {original.subject}"
    return disposition(
        original, f"{_AUTOMATIC}; processed/Error: {code}^{plain}", subject, text, after, f"Error: {code}\r\n"
    )


def read(original: Mail, after: timedelta) -> Answer:
    """The read receipt of a person."""
    text = f"Ceci est un accusé de lecture du message envoyé le {original.sent:%d/%m/%Y} à {original.sent:%H:%M}.\n"
    return disposition(original, "manual-action/MDN-sent-manually; displayed", f"Lu : {original.subject}", text, after)


def letters(now: datetime) -> Iterator[Post]:
    """Answers to the documents our boxes sent, an unknown address, a full mailbox, an absence."""
    sent = sent_documents(now)
    seconds, hours = timedelta(seconds=9), timedelta(hours=2)
    relayed = "250 2.1.9 relayed to Mon espace sante"
    answers = (
        (0, _delivery(sent[0][1], "delivered", "2.0.0", "250 2.0.0 Ok: queued as 4Fk2", seconds), SEEN),
        (0, integrated(sent[0][1]), SEEN),
        (1, integrated(sent[1][1], "902"), ""),
        (2, _delivery(sent[2][1], "relayed", "2.1.9", relayed, seconds), SEEN),
        (3, _delivery(sent[3][1], "delivered", "2.0.0", "250 2.0.0 Ok", seconds), SEEN),
        (3, read(sent[3][1], hours), SEEN),
        (3, integrated(sent[3][1], "904"), SEEN),
        (4, read(sent[4][1], 7 * hours), SEEN),
        (4, integrated(sent[4][1]), SEEN),
        (5, integrated(sent[5][1], "902"), ""),
    )
    for number, (body, when), flag in answers:
        yield sent[number][0], Letter(INBOX, body, frozenset({flag} if flag else ()), when)
    yield from _failures(now)
    yield from _absence(now)


def _failures(now: datetime) -> Iterator[Post]:
    unknown = Mail(
        "lost/1", party(SECRETARIAT), (Party("", "paul.anemone@medecins.mss.example"),), "Demande de rendez-vous",
        "Bonjour,\n\nPouvez-vous recevoir M. PAT-QUATRE avant la fin du mois ?\n", ago(now, 2, "10:40"),
    )  # fmt: skip
    full = Mail(
        "lost/2", party(PHYSICIAN), (party(correspondent(ADDRESSES["perrin"])),), "Radiographies de Mme PERVENCHE",
        "Chère consœur,\n\nLes radiographies sont faites, je te les transmets demain.\n", ago(now, 1, "16:10"),
    )  # fmt: skip
    said = "550 5.1.1 <paul.anemone@medecins.mss.example>: Recipient address rejected: User unknown"
    for box, original, status, words in (
        (SECRETARIAT, unknown, "5.1.1", said),
        (PHYSICIAN, full, "5.2.2", "552 5.2.2 Mailbox full: quota exceeded"),
    ):
        body, when = _delivery(original, "failed", status, words, timedelta(minutes=1))
        yield box, kept(original, SENT)
        yield box, Letter(INBOX, body, frozenset(), when)


def _absence(now: datetime) -> Iterator[Post]:
    """An out-of-office answer (RFC 3834)."""
    who = party(correspondent(ADDRESSES["garnier"]))
    text = (
        "Bonjour,\n\nJe suis absente jusqu'au lundi 30 inclus. En cas d'urgence, merci de contacter le Dr LEMOINE "
        "(04 99 01 42 52).\nVotre message ne sera pas transféré.\n\nDr Hélène GARNIER\n"
    )
    headers = (("Auto-Submitted", "auto-replied"), ("Precedence", "bulk"), ("X-Auto-Response-Suppress", "All"))
    mail = Mail(
        "absence", who, (party(SECRETARIAT),), "Réponse automatique : Pesées du mois", text, ago(now, 3, "09:45"),
        answers=(message_id("sent/1", SECRETARIAT),), headers=headers,
    )  # fmt: skip
    yield SECRETARIAT, letter(mail, INBOX, SEEN)
