"""Plain, believable mail by the ten thousand, from templates: for large mailboxes."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import format_datetime

from mssclient.domain.address import domain_of
from mssclient.sandbox import papers_text as texts
from mssclient.sandbox.letters_mime import NIL, address, encoded, party
from mssclient.sandbox.letters_talk import end
from mssclient.sandbox.papers_pdf import letter as pdf
from mssclient.sandbox.papers_text import paper
from mssclient.sandbox.people import institution

_SUBJECTS = (
    "Rendez-vous de {who}",
    "Pesée et surveillance, {who}",
    "Ordonnance de {who}",
    "Transport du matin, {who}",
    "Résultats de {who} à récupérer",
    "Question sur le traitement de {who}",
    "Planning de la semaine",
    "Facture du mois",
    "Retour d'hospitalisation de {who}",
    "Matériel à commander",
    "Vaccination de {who}",
    "Visite de la famille de {who}",
)
_OPENINGS = (
    "Bonjour,", "Bonjour à toutes,", "Chère consœur,", "Bonjour Madame MARCHAL,", "Bonsoir,",
)  # fmt: skip
_MIDDLES = (
    "Pouvez-vous confirmer l'heure d'arrivée de {who} ? L'ambulance est prévue à {hour} h.",
    "Le bilan de {who} est satisfaisant. Prochain contrôle dans {count} semaines.",
    "Merci de nous transmettre la dernière ordonnance de {who}, ainsi que le poids du jour.",
    "La famille de {who} souhaite rencontrer le médecin avant {hour} h, salle {count}.",
    "Nous avons bien reçu les {count} documents concernant {who}. Il manque la fiche de liaison.",
    "La livraison passera à {hour} h. {count} cartons, à réceptionner par l'équipe de jour.",
    "{who} a présenté {count} épisodes de douleur cette semaine, soulagés par le paracétamol.",
    "Rien à signaler pour {who}. Je repasse jeudi vers {hour} h.",
)
_CLOSINGS = ("Cordialement,", "Bien à vous,", "Merci d'avance,", "Bonne journée,", "Confraternellement,")
_PDF_EVERY = 23
_BOUNDARY = "=_lot"


def bulk(count: int, now: datetime, to: str, years: float = 3.0) -> Iterator[tuple[datetime, bytes]]:
    """So many mails for a mailbox with their arrival, oldest first, over the last years.

    Up to a fifth are answers, one in 23 carries a PDF. Some 70,000 a second.
    """
    chance = random.Random(f"{to} {count}")  # noqa: S311  # varied wording, no secret
    senders = [(address(party(who)), who.address, end(who.address)) for who in institution().correspondents]
    names = [resident.civil for resident in institution().residents]
    attached = _attachment(now)
    subjects = {subject: _subjects(subject, names) for subject in _SUBJECTS}
    span = timedelta(days=365 * years) / max(count, 1)
    former: list[tuple[str, str]] = [("", "")] * 8
    for number in range(count):
        sent = (now - span * (count - number)).replace(microsecond=0)
        sender, sender_address, signature = senders[chance.randrange(len(senders))]
        who = chance.randrange(len(names))
        ident = f"<lot.{number:06d}.{chance.getrandbits(40):010x}@{domain_of(sender_address)}>"
        previous, subject = former[number % 8] if number % 5 == 0 else ("", "")
        subject = f"Re: {subject}" if previous else subjects[_SUBJECTS[chance.randrange(len(_SUBJECTS))]][who]
        former[chance.randrange(8)] = (ident, subject.removeprefix("Re: "))
        body = _body(chance, names[who], signature)
        head = _head(sender, sender_address, to, subject, ident, previous, format_datetime(sent))
        raw = _with_pdf(head, body, attached) if number % _PDF_EVERY == 7 else head + _TEXT_PART + body.encode()
        yield sent, raw


_TEXT_PART = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"


def _subjects(template: str, names: list[str]) -> list[str]:
    return [encoded(template.format(who=name)) for name in names]


def _body(chance: random.Random, who: str, signature: str) -> str:
    middles = chance.sample(_MIDDLES, 2)
    hour, count = chance.randrange(8, 19), chance.randrange(2, 12)
    text = " ".join(middles).format(who=who, hour=hour, count=count)
    pieces = (_OPENINGS[chance.randrange(5)], "", text, "", _CLOSINGS[chance.randrange(5)], signature, "")
    return "\r\n".join(pieces).replace("\n", "\r\n").replace("\r\r\n", "\r\n")


def _head(sender: str, path: str, to: str, subject: str, ident: str, previous: str, date: str) -> bytes:
    thread = f"In-Reply-To: {previous}\r\nReferences: {previous}\r\n" if previous else ""
    return (
        f"Return-Path: <{path}>\r\nFrom: {sender}\r\nTo: <{to}>\r\nSubject: {subject}\r\nDate: {date}\r\n"
        f"Message-ID: {ident}\r\n{thread}X-MSS-NIL: {NIL}\r\nMIME-Version: 1.0\r\n"
    ).encode()


def _attachment(now: datetime) -> bytes:
    some = institution()
    lab = next(who for who in some.correspondents if who.address.startswith("resultats@"))
    document = paper(texts.BIOLOGY, some.residents[0].usager, lab, now, 1)
    content = base64.encodebytes(pdf(document)).replace(b"\n", b"\r\n")
    return (
        b'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="resultats.pdf"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n" + content
    )


def _with_pdf(head: bytes, body: str, attached: bytes) -> bytes:
    mark = _BOUNDARY.encode()
    return b"".join((
        head, b'Content-Type: multipart/mixed; boundary="', mark, b'"\r\n\r\n--', mark, b"\r\n", _TEXT_PART,
        body.encode(), b"\r\n--", mark, b"\r\n", attached, b"\r\n--", mark, b"--\r\n",
    ))  # fmt: skip
