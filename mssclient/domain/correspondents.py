"""Reads the list of correspondents of a record system, in the CSV dialects that offices really produce (`csv_table`)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mssclient.domain import csv_table
from mssclient.domain.address import is_address
from mssclient.domain.directory_words import folded

SIZE_LIMIT = csv_table.SIZE_LIMIT
_RUINED = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.IGNORECASE)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

_NAMES = {
    "rpps": ("rpps", "no rpps", "n rpps", "num rpps", "numero rpps", "code rpps", "id rpps", "identifiant rpps",
             "rpps adeli", "identifiant national", "identification nationale pp", "identifiant pp", "id national"),
    "adeli": ("adeli", "no adeli", "n adeli", "num adeli", "numero adeli", "code adeli", "id adeli"),
    "family": ("nom", "nom d exercice", "nom exercice", "nom de famille", "nom usage", "nom d usage", "name", "last name",
               "lastname", "nom correspondant", "nom du correspondant", "nom medecin", "nom praticien", "family"),
    "given": ("prenom", "prenom d exercice", "prenom exercice", "prenoms", "first name", "firstname", "given",
              "prenom correspondant", "prenom medecin", "prenom praticien"),
    "whole": ("nom prenom", "nom complet", "nom et prenom", "correspondant", "medecin", "praticien", "contact",
              "destinataire", "full name"),
    "structure": ("structure", "raison sociale", "etablissement", "organisme", "cabinet", "societe", "organization"),
    "profession": ("profession", "metier", "qualite", "libelle profession"),
    "speciality": ("specialite", "savoir faire", "libelle savoir faire", "specialty", "discipline"),
    "post_code": ("code postal", "cp", "codepostal", "zip", "post code"),
    "town": ("ville", "commune", "localite", "town", "city", "bureau distributeur"),
    "address": ("adresse mssante", "mssante", "mail mssante", "email mssante", "e mail mssante", "bal mssante", "bal",
                "adresse bal", "messagerie securisee", "mail securise", "email securise", "adresse mail", "adresse email",
                "adresse e mail", "email", "e mail", "mail", "courriel", "messagerie", "mss", "adresse"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correspondent:
    """One line of a record system's base."""

    line: int
    """In the file, its heading being 1."""
    number: str = ""
    """RPPS or ADELI as it stands there, without blanks; empty when there is none that can be read."""
    is_ruined: bool = False
    """There was a number, which a spreadsheet rounded."""
    family: str = ""
    given: str = ""
    structure: str = ""
    profession: str = ""
    speciality: str = ""
    post_code: str = ""
    town: str = ""
    address: str = ""
    """The address that is known so far, lower case."""

    @property
    def is_person(self) -> bool:
        """Whether a person is meant, not a service."""
        return bool(self.number or self.given or (self.family and not self.structure))


def read(content: bytes) -> tuple[Correspondent, ...]:
    """Every line that says something. Raises Unreadable: NOT_IT without a column that names or numbers people."""
    told = csv_table.read(content, _NAMES, {"rpps", "adeli", "family", "whole", "address", "structure"})
    return tuple(_correspondent(line, values) for line, values in told)


def _correspondent(line: int, told: dict[str, str]) -> Correspondent:
    number = told.get("rpps", "") or told.get("adeli", "")
    family, given = told.get("family", ""), told.get("given", "")
    if not family:
        family, given = _split(told.get("whole", ""), given)
    address = told.get("address", "").lower().removeprefix("mailto:").strip(" <>;,")
    return Correspondent(
        line, _digits(number), bool(_RUINED.fullmatch(number.strip())), family, given, told.get("structure", ""),
        told.get("profession", ""), told.get("speciality", ""), _post_code(told.get("post_code", "")),
        told.get("town", ""), address if is_address(address) else "",
    )  # fmt: skip


def _split(whole: str, given: str) -> tuple[str, str]:
    """ "DUPONT Marie" and "Marie DUPONT": what stands in capitals is the family name; without capitals, the first word."""
    words = [word for word in whole.split() if folded(word) not in {"dr", "docteur", "pr", "m", "mme", "mlle"}]
    loud = [word for word in words if word.isupper() and len(word) > 1]
    if loud and len(loud) < len(words):
        return " ".join(loud), given or " ".join(word for word in words if word not in loud)
    return (words[0], given or " ".join(words[1:])) if words and not given else (" ".join(words), given)


def _digits(number: str) -> str:
    bare = re.sub(r"[\s.\-]", "", number.removesuffix(",0").removesuffix(".0"))
    return bare.upper() if re.fullmatch(r"[0-9AB]{8,12}", bare.upper()) else ""


def _post_code(text: str) -> str:
    bare = text.replace(" ", "").removesuffix(".0").removesuffix(",0")
    return bare.zfill(5) if bare.isdigit() and len(bare) in {4, 5} else ""


def guarded(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value
