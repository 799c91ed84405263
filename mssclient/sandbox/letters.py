"""All the mail of the fictitious institution: what stands in each mailbox, and what may arrive during a demonstration.

Pure: the same `now` gives the same bytes. `now` is aware and is the only notion of time.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import Enum

from mssclient.sandbox import (
    letters_documents,
    letters_odd,
    letters_reports,
    letters_talk,
    letters_usagers,
)
from mssclient.sandbox import papers_text as texts
from mssclient.sandbox.letters_bulk import bulk
from mssclient.sandbox.letters_mime import Letter, Mail, delivered, party
from mssclient.sandbox.letters_talk import ADDRESSES, end
from mssclient.sandbox.papers_text import paper
from mssclient.sandbox.people import CARE, PHYSICIAN, SECRETARIAT, correspondent, institution, resident

__all__ = ["Letter", "NewMail", "bulk", "mailboxes", "new_mail"]

_ROOMS = (letters_talk, letters_documents, letters_usagers, letters_reports, letters_odd)


def mailboxes(now: datetime) -> Mapping[str, tuple[Letter, ...]]:
    """Every mailbox's letters by address, in the order they came; boxes without mail are there, empty."""
    boxes: dict[str, list[Letter]] = {box.address: [] for box in institution().mailboxes}
    for room in _ROOMS:
        for address, letter in room.letters(now):
            boxes[address].append(letter)
    return {address: tuple(sorted(letters, key=lambda letter: letter.received)) for address, letters in boxes.items()}


class NewMail(Enum):
    """What may arrive while somebody looks on."""

    PLAIN = "plain"
    XDM = "xdm"
    USAGER = "usager"


_PLAIN = (
    (CARE, "pharmacy", "Livraison dans une heure", "Bonjour,\n\nLe livreur est en route, arrivée vers 16 h."),
    (SECRETARIAT, "ward", "Demande de renseignements", "Bonjour,\n\nQuel est le poids actuel de Mme LAVANDE ?"),
    (PHYSICIAN, "delcourt", "Résultat du Holter", "Chère consœur,\n\nPas de pause significative, on poursuit."),
    (SECRETARIAT, "imaging", "Créneau libéré", "Bonjour,\n\nUn créneau de scanner se libère demain à 9 h 45."),
)
_DOCUMENTS = (
    ("laboratory", texts.BIOLOGY, "MARRONNIER"), ("imaging", texts.IMAGING, "MIMOSA"),
    ("fabre", texts.CONSULTATION, "PAT-TROIS"), ("delcourt", texts.CONSULTATION, "TOURNESOL"),
    ("emergency", texts.EMERGENCY, "CHEVREFEUILLE"),
)  # fmt: skip
_WORDS = (
    ("NESSI", "Bonjour,\n\nMa fille pourra finalement venir avec moi. Merci."),
    ("PAT-CINQ", "Bonjour, puis-je avoir une copie de mon ordonnance svp ?"),
    ("PAT-TROIS", "Bonsoir, je vous envoie la carte de mutuelle par courrier. Cordialement"),
)


def new_mail(kind: NewMail | str, now: datetime, serial: int = 0) -> tuple[str, bytes]:
    """A mail that has just arrived, and the mailbox it is for. `serial` tells apart two asked at the same moment."""
    asked = NewMail(kind)
    key = f"new/{asked.value}/{now.isoformat()}/{serial}"
    chance = random.Random(key)  # noqa: S311  # varied wording, no secret
    match asked:
        case NewMail.PLAIN:
            mail = _plain(key, chance, now)
        case NewMail.XDM:
            mail = _document(key, chance, now)
        case NewMail.USAGER:
            mail = _from_usager(key, chance, now)
    return mail.to[0].address, delivered(replace(mail, sent=now))


def _plain(key: str, chance: random.Random, now: datetime) -> Mail:
    box, name, subject, text = chance.choice(_PLAIN)
    who = correspondent(ADDRESSES[name])
    return Mail(key, party(who), (party(box),), subject, f"{text}\n\n{end(who.address)}\n", now)


def _document(key: str, chance: random.Random, now: datetime) -> Mail:
    name, kind, usager = chance.choice(_DOCUMENTS)
    who, about = correspondent(ADDRESSES[name]), resident(usager)
    papers = (paper(kind, about.usager, who, now - timedelta(hours=1), 10_000_000 + chance.getrandbits(24)),)
    text = f"{letters_documents.about(about, papers, chance.randrange(3))}\n{end(who.address)}\n"
    return letters_documents.xdm_mail(key, party(who), (party(SECRETARIAT),), papers, now, text)


def _from_usager(key: str, chance: random.Random, now: datetime) -> Mail:
    name, text = chance.choice(_WORDS)
    return letters_usagers.latest(name, text, now, key)
