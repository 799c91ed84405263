"""Mail that tries a reader: HTML, hostile HTML, receipts asked, broken charsets, enclosed messages, long names."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime

from mssclient.sandbox import letters_pages as pages
from mssclient.sandbox import papers_pictures as pictures
from mssclient.sandbox import papers_text as texts
from mssclient.sandbox.letters_mime import (
    FLAGGED,
    MDN_SENT,
    NIL,
    SEEN,
    File,
    Letter,
    Mail,
    Party,
    ago,
    delivered,
    kept,
    letter,
    message_id,
    party,
    submitted,
    traced,
)
from mssclient.sandbox.letters_talk import ADDRESSES, Post, end
from mssclient.sandbox.papers_pdf import letter as pdf
from mssclient.sandbox.papers_text import paper
from mssclient.sandbox.people import (
    ARCHIVES,
    CARE,
    INBOX,
    JUNK,
    PHYSICIAN,
    SECRETARIAT,
    SENT,
    correspondent,
    resident,
)


def _from(name: str) -> Party:
    return party(correspondent(ADDRESSES[name]))


def _pages(now: datetime) -> Iterator[Post]:
    """HTML: a newsletter with a picture inside, a table, a hostile page."""
    leaf = File("tilleul.png", "image/png", pictures.logo(), content_id="logo@ch-montfleury.mss.example")
    newsletter = Mail(
        "newsletter", _from("ward"), (party(SECRETARIAT),), "Lettre ville-hôpital n° 42 : filière gériatrique",
        pages.NEWSLETTER_TEXT, ago(now, 4, "09:00"), html=pages.NEWSLETTER, files=(leaf,),
    )  # fmt: skip
    yield SECRETARIAT, letter(newsletter, INBOX, SEEN)
    # The same letter to two of our boxes keeps its Message-ID.
    yield PHYSICIAN, letter(newsletter, ARCHIVES, SEEN, to=PHYSICIAN)
    planning = Mail(
        "planning", _from("imaging"), (party(SECRETARIAT),), "Créneaux de radiologie réservés aux EHPAD",
        pages.PLANNING_TEXT, ago(now, 1, "17:45"), html=pages.PLANNING,
    )  # fmt: skip
    yield SECRETARIAT, letter(planning, INBOX)
    hostile = Mail(
        "hostile-page", Party("Service Sécurité MSSanté", "alerte@automate.ch-montfleury.mss.example"),
        (party(SECRETARIAT),), "URGENT : votre boîte sera suspendue sous 24 h", pages.HOSTILE_TEXT,
        ago(now, 1, "04:44"),
        html=pages.HOSTILE,
    )  # fmt: skip
    yield SECRETARIAT, letter(hostile, INBOX)
    yield SECRETARIAT, letter(replace(hostile, key="hostile-page/2", sent=ago(now, 9, "04:12")), JUNK, SEEN)


def _receipts(now: datetime) -> Iterator[Post]:
    """Mail that asks a read receipt: plainly, to a doubtful address, and one already answered (RFC 8098 §2.1)."""
    perrin, lab = _from("perrin"), _from("laboratory")
    text = (
        f"Bonjour,\n\nMerci d'accuser lecture de ce message : la date opératoire de Mme NESSI est avancée au "
        "mercredi.\n\n"
        f"{end(perrin.address)}\n"
    )
    plain = Mail(
        "receipt/1", perrin, (party(SECRETARIAT),), "Date opératoire avancée - Mme NESSI", text, ago(now, 0, "09:20"),
        headers=(("Disposition-Notification-To", f"<{perrin.address}>"), ("Return-Receipt-To", f"<{perrin.address}>")),
    )  # fmt: skip
    yield SECRETARIAT, letter(plain, INBOX, FLAGGED)
    text = f"Bonjour,\n\nNouvelle notice de prélèvement en vigueur. Accusé demandé.\n\n{end(lab.address)}\n"
    doubtful = Mail(
        "receipt/2", lab, (party(SECRETARIAT),), "Notice de prélèvement : accusé de lecture demandé", text,
        ago(now, 2, "08:05"), headers=(("Disposition-Notification-To", "<qualite@biolys.mss.example>"),),
    )  # fmt: skip
    raw = delivered(doubtful, return_path="bounces+4711@biolys.mss.example")
    yield SECRETARIAT, Letter(INBOX, raw, frozenset(), doubtful.sent)
    answered = replace(
        plain, key="receipt/3", subject="Bloc : dossier d'anesthésie de Mme NESSI", sent=ago(now, 8, "10:15")
    )
    yield SECRETARIAT, letter(answered, INBOX, SEEN, MDN_SENT)


def _head(key: str, sender: Party, to: str, subject: str, sent: datetime, content: str) -> str:
    return (
        f"From: {sender.address}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(sent)}\r\n"
        f"Message-ID: {message_id(key, sender.address)}\r\nX-MSS-NIL: {NIL}\r\nMIME-Version: 1.0\r\n{content}\r\n\r\n"
    )


def _charsets(now: datetime) -> Iterator[Post]:
    """Charsets: Latin-1 well said, Latin-1 passed off as UTF-8, bare 8-bit in a subject, an unknown one, UTF-7."""
    pharmacy, home_care, lemoine = _from("pharmacy"), _from("home_care"), _from("lemoine")
    words = (
        "Bonjour,\r\n\r\nLivraison différée à cause de la neige : piluliers prévus à 18 h.\r\n"
        "Désolés pour la gêne occasionnée.\r\n\r\nLa préparatrice\r\n"
    )
    cases = (
        (
            CARE,
            pharmacy,
            "=?iso-8859-1?Q?Livraison_diff=E9r=E9e?=",
            "text/plain; charset=ISO-8859-1",
            "8bit",
            "latin-1",
        ),
        (CARE, home_care, "=?utf-8?Q?Tourn=C3=A9e_modifi=C3=A9e?=", "text/plain; charset=utf-8", "8bit", "latin-1"),
        (SECRETARIAT, lemoine, "=?x-inconnu?Q?Visite_report=E9e?=", "text/plain; charset=x-inconnu", "8bit", "cp1252"),
    )
    for number, (box, sender, subject, kind, encoding, charset) in enumerate(cases):
        sent = ago(now, 6 + number, "11:0" + str(number))
        content = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}"
        raw = _head(f"charset/{number}", sender, box, subject, sent, content).encode() + words.encode(charset)
        yield box, Letter(INBOX, traced(raw, sender.address, box, sent), frozenset({SEEN}), sent)
    sent = ago(now, 9, "12:12")
    content = "Content-Type: text/plain\r\nContent-Transfer-Encoding: 8bit"
    bare = _head("charset/bare", pharmacy, CARE, "Rappel : périmés à retirer", sent, content).encode("latin-1")
    raw = traced(bare + words.encode("latin-1"), pharmacy.address, CARE, sent)
    yield CARE, Letter(INBOX, raw, frozenset({SEEN}), sent)


def _broken(now: datetime) -> Iterator[Post]:
    """MIME as it should not be: a boundary never closed, wrong Base64, a file name by RFC 2047, no Date, no text."""
    sender = _from("home_care")
    scan = base64.encodebytes(
        pdf(paper(texts.CARE_PLAN, resident("MIMOSA").usager, correspondent(sender.address), now, 7900))
    )
    encoded = scan.replace(b"\n", b"\r\n")
    sent = ago(now, 10, "15:15")
    content = 'Content-Type: multipart/mixed; boundary="jamais-fini"'
    name = "=?iso-8859-1?Q?Pr=E9visions_de_passage.pdf?="
    raw = _head("broken/1", sender, CARE, "Previsions de passage", sent, content).encode() + (
        b"--jamais-fini\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nVoir le fichier joint.\r\n"
        b'--jamais-fini\r\nContent-Type: application/pdf; name="' + name.encode()
        + b'"\r\nContent-Disposition: attachment;'
        b' filename="' + name.encode() + b'"\r\nContent-Transfer-Encoding: base64\r\n\r\n' + encoded
    )  # fmt: skip
    yield CARE, Letter(INBOX, traced(raw, sender.address, CARE, sent), frozenset({SEEN}), sent)
    sent = ago(now, 11, "16:16")
    content = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64"
    raw = _head("broken/2", sender, CARE, "(sans accent)", sent, content).encode() + b"Qm9uam91ciwg*** pas du base64 "
    "***\r\n"
    yield CARE, Letter(INBOX, traced(raw, sender.address, CARE, sent), frozenset({SEEN}), sent)
    sent = ago(now, 12, "17:17")
    raw = b"From: contact@had-valdelys.mss.example\r\nTo: undisclosed-recipients:;\r\nSubject:\r\nX-MSS-NIL: 0\r\n\r\n"
    yield CARE, Letter(INBOX, traced(raw, sender.address, CARE, sent), frozenset(), sent)


def _enclosed(now: datetime) -> Iterator[Post]:
    """A forwarded message as an attachment, and mail with very long names and many recipients."""
    lab, secretary = _from("laboratory"), party(SECRETARIAT)
    inner = Mail(
        "inner", lab, (secretary,), "Délai de rendu des résultats", "Bonjour,\n\nLe délai passe à 24 h ouvrées.\n",
        ago(now, 7, "09:30"), files=(File("Délais 2026.png", "image/png", pictures.pill_box()),),
    )  # fmt: skip
    outer = Mail(
        "outer", secretary, (party(PHYSICIAN),), "TR : Délai de rendu des résultats",
        f"Bonjour docteur,\n\nPour information, le message du laboratoire en pièce jointe.\n\n{end(SECRETARIAT)}\n",
        ago(now, 6, "10:10"), enclosed=submitted(inner),
    )  # fmt: skip
    yield PHYSICIAN, letter(outer, INBOX, SEEN)
    yield SECRETARIAT, kept(outer, SENT)
    names = ("delcourt", "fabre", "benali", "perrin", "lemoine", "garnier", "kine", "pharmacy")
    long_subject = (
        "Réunion de concertation pluridisciplinaire du réseau de soins gériatriques et palliatifs du pays de "
        "Montfleury, "
        "calendrier prévisionnel, lieux, modalités de visioconférence et liste des dossiers à présenter par chaque "
        "équipe"
    )
    crowded = Mail(
        "crowd", _from("dermatologist"), (party(PHYSICIAN), *map(_from, names[:3])), long_subject,
        "Chères consœurs, chers confrères,\n\nMerci de me retourner vos disponibilités.\n\n"
        + end(ADDRESSES["dermatologist"]) + "\n",
        ago(now, 3, "12:30"), cc=tuple(map(_from, names[3:])),
    )  # fmt: skip
    yield PHYSICIAN, letter(crowded, INBOX)


def letters(now: datetime) -> Iterator[Post]:
    """Every difficult mail."""
    yield from _pages(now)
    yield from _receipts(now)
    yield from _charsets(now)
    yield from _broken(now)
    yield from _enclosed(now)
