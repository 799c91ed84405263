"""Reads the usagers that a record system exports: who has which record number, which INS, and who objects to what."""

from __future__ import annotations

import re

from mssclient.domain import csv_table
from mssclient.domain.directory_words import folded
from mssclient.domain.identity import INS_OIDS, Usager
from mssclient.domain.matching import RecordUsager

_NAMES = {
    "matricule": ("matricule ins", "matricule", "ins", "ins c", "insi", "numero ins", "no ins", "nir", "ins matricule",
                  "no securite sociale", "numero de securite sociale"),
    "key": ("cle", "cle ins", "cle nir", "cle matricule", "cle securite sociale"),
    "oid": ("oid", "oid ins", "ins oid", "autorite", "identifiant de l autorite", "autorite d affectation"),
    "birth_name": ("nom de naissance", "nom naissance", "nom patronymique", "nom de famille", "nom"),
    "given": ("prenoms", "prenoms de naissance", "liste des prenoms", "prenom s", "prenom", "premier prenom",
              "prenom de naissance"),
    "first": ("premier prenom", "premier prenom de naissance", "1er prenom"),
    "used_name": ("nom utilise", "nom d usage", "nom usuel", "nom marital"),
    "birth_date": ("date de naissance", "naissance", "ddn", "date naissance", "ne le", "nee le", "ne e le"),
    "sex": ("sexe", "genre", "civilite"),
    "place": ("code lieu de naissance", "lieu de naissance", "code insee naissance", "insee naissance",
              "code insee du lieu de naissance", "commune de naissance"),
    "record": ("numero de dossier", "no de dossier", "no dossier", "n dossier", "num dossier", "numero dossier", "dossier",
               "ipp", "code usager", "code resident", "identifiant", "id", "n de dossier"),
    "status": ("statut ins", "statut de l ins", "statut identite", "statut d identite", "statut", "qualite ins"),
    "refuses_citizen": ("opposition mes", "opposition mon espace sante", "refus mes", "opposition messagerie citoyenne",
                        "opposition usager", "opposition citoyenne"),
    "refuses_professional": ("opposition pro", "opposition professionnels", "refus professionnels", "opposition mssante",
                             "opposition messagerie professionnelle", "opposition professionnelle"),
}  # fmt: skip
_SEXES = {
    "f": "F", "2": "F", "femme": "F", "feminin": "F", "mme": "F", "madame": "F", "m": "M", "1": "M", "h": "M",
    "homme": "M", "masculin": "M", "monsieur": "M", "mr": "M", "i": "U", "u": "U", "indetermine": "U",
}  # fmt: skip
_YES = frozenset({"1", "o", "oui", "x", "y", "yes", "vrai", "true", "opposition", "oppose", "opposee", "refus"})
_QUALIFIED = frozenset({"qual", "qualifie", "qualifiee", "identite qualifiee", "ins qualifiee"})
_BODY = 13
"""Characters of a matricule without its key."""
_NUMBER = re.compile(r"[0-9]{6}[0-9AB][0-9]{6}([0-9]{2})?")
_FRENCH = re.compile(r"(\d{1,2})[/. -](\d{1,2})[/. -](\d{4})(?:\s.*)?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?")
_BARE = re.compile(r"(\d{4})(\d{2})(\d{2})")


def read(content: bytes) -> tuple[RecordUsager, ...]:
    """Every usager of the file. Raises Unreadable: NOT_IT without a column of birth names; and as `csv_table.read`."""
    told = csv_table.read(content, _NAMES, {"birth_name"})
    return tuple(_record(values) for _line, values in told if values.get("birth_name"))


def _record(told: dict[str, str]) -> RecordUsager:
    matricule = _matricule(told)
    oid = told.get("oid", "").removeprefix("urn:oid:") if matricule or not told.get("matricule") else ""
    usager = Usager(
        matricule=matricule or None, oid=oid or None,
        birth_name=told.get("birth_name", ""), given=_given(told), birth_date=_day(told.get("birth_date", "")),
        sex=_SEXES.get(folded(told.get("sex", "")), ""), used_name=told.get("used_name", ""),
        birth_place=told.get("place", ""),
    )  # fmt: skip
    qualified = folded(told.get("status", "")) in _QUALIFIED and usager.oid in INS_OIDS
    return RecordUsager(
        told.get("record", ""), usager, qualified, refuses_citizen=_yes(told.get("refuses_citizen", "")),
        refuses_professional=_yes(told.get("refuses_professional", "")),
    )  # fmt: skip


def _matricule(told: dict[str, str]) -> str:
    """The number with its key, which may stand in a column of its own; nothing for what a spreadsheet rounded."""
    number = "".join(told.get("matricule", "").split()).upper()
    key = "".join(told.get("key", "").split())
    if len(number) == _BODY and len(key) == 2 and key.isdigit():
        number += key
    return number if _NUMBER.fullmatch(number) else ""


def _given(told: dict[str, str]) -> tuple[str, ...]:
    """All given names, the first one first. Between commas or blanks; a composed name keeps its hyphen."""
    every = tuple(piece for piece in re.split(r"[,;\s]+", told.get("given", "")) if piece)
    first = told.get("first", "")
    if not first or (every and folded(every[0]) == folded(first)):
        return every
    return (first, *(name for name in every if folded(name) != folded(first)))


def _day(text: str) -> str:
    for pattern, order in ((_ISO, (1, 2, 3)), (_FRENCH, (3, 2, 1)), (_BARE, (1, 2, 3))):
        if found := pattern.fullmatch(text.strip()):
            year, month, day = (int(found[place]) for place in order)
            return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""
    return ""


def _yes(text: str) -> bool:
    return folded(text) in _YES
