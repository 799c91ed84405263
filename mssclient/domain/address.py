"""MSSanté addresses, the labels beside them, and who stands behind one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

USAGER_DOMAIN = "patient.mssante.fr"
"""Mon espace santé gives each usager `<matricule INS>@patient.mssante.fr` (ECO.2.2.6)."""

_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_GAPS = re.compile(r"[\W_]+")
_MATRICULE = re.compile(r"[12378][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}", re.IGNORECASE)


class CorrespondentKind(Enum):
    """Who stands behind an address: told apart at a glance in the list (ECO.3.1.1)."""

    PROFESSIONAL = "professional"
    ORGANISATION = "organisation"
    APPLICATION = "application"
    USAGER = "usager"
    OUTSIDE = "outside"  # not of the MSSanté trust space


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A person, structure or program as one end of a message. `label` may be empty, `address` is lower case."""

    label: str
    address: str
    kind: CorrespondentKind


def normal(address: str) -> str:
    """The one spelling of an address that is compared and stored: trimmed, lower case."""
    return address.strip().lower()


def is_address(text: str) -> bool:
    """Whether the text has the shape of a mail address (no display name, no quoting, no comment)."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None and ".." not in text


def domain_of(address: str) -> str:
    """The part after the last @, lower case; empty when there is none."""
    return normal(address).rpartition("@")[2] if "@" in address else ""


def is_usager(address: str) -> bool:
    """Whether this is the address of a usager in Mon espace santé."""
    local, _, domain = normal(address).rpartition("@")
    return domain == USAGER_DOMAIN and _MATRICULE.fullmatch(local) is not None


def matricule_of(address: str) -> str:
    """The matricule INS that a usager's address carries, upper case; empty for anybody else's."""
    return normal(address).partition("@")[0].upper() if is_usager(address) else ""


class _Accents(dict[int, int | None]):
    """Which characters stay when accents go; each is asked for once: five times as fast as asking for every letter."""

    def __missing__(self, code: int) -> int | None:
        kept = self[code] = None if unicodedata.combining(chr(code)) else code
        return kept


_ACCENTS = _Accents()


def fold(text: str) -> str:
    """Lower case without accents, ligatures opened, punctuation as blanks: how names are compared and searched."""
    if text.isascii():
        return _GAPS.sub(" ", text.casefold()).strip()
    opened = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", opened).translate(_ACCENTS)
    return _GAPS.sub(" ", plain.casefold()).strip()


def guessed_kind(address: str, label: str = "") -> CorrespondentKind:
    """Who an address seems to be when neither the Annuaire nor the white list is at hand.

    The label of a person is `Titre_Prénom_NOM_Entité` (ECO.2.2.7); a functional label has no underscores.
    """
    domain = domain_of(address)
    if is_usager(address):
        return CorrespondentKind.USAGER
    if domain != "mssante.fr" and not domain.endswith((".mssante.fr", ".mss.example", ".mss.test")):
        return CorrespondentKind.OUTSIDE
    words = fold(f"{address.partition('@')[0]} {label}").split()
    if {"noreply", "automate", "applicatif", "application", "app", "mailer", "logiciel"} & set(words):
        return CorrespondentKind.APPLICATION
    functional = {
        "ehpad",
        "secretariat",
        "service",
        "cabinet",
        "laboratoire",
        "clinique",
        "hopital",
        "chu",
        "ch",
        "residence",
        "pharmacie",
        "ssr",
        "had",
        "centre",
        "ssiad",
        "accueil",
        "contact",
        "usld",
        "imagerie",
    }
    if functional & set(words) and "_" not in label:
        return CorrespondentKind.ORGANISATION
    return CorrespondentKind.PROFESSIONAL


def practitioner_label(title: str, given: str, family: str, entity: str) -> str:
    """The `From` label of a personal mailbox, `Titre_Prénom_NOM_Entité` (ECO.2.2.7); empty pieces are left out."""
    return "_".join(piece for piece in (title.strip(), given.strip(), family.strip().upper(), entity.strip()) if piece)


def shown_label(label: str) -> str:
    """A label as a person reads it: the underscores of ECO.2.2.7 become blanks, and "M_" and the like are kept."""
    return " ".join(label.replace("_", " ").split())
