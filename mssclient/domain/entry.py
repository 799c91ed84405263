"""Entries of the Annuaire Santé, and how a query about them is understood."""

from __future__ import annotations

from dataclasses import dataclass

from mssclient.domain.bal import BalKind

TITLES = {"M": "M.", "MME": "Mme", "MLLE": "Mme", "DR": "Dr", "PR": "Pr"}
"""Codes of the extraction's civility columns, as one writes them."""


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """One tie of the extraction: an address, with the person or the structure behind it."""

    address: str
    kind: BalKind
    national_id: str
    """Of the person, with its type digit; empty for structures."""
    title: str
    given: str
    family: str
    profession: str
    profession_code: str
    speciality: str
    structure: str
    """Raison sociale, else enseigne."""
    structure_id: str
    service: str
    town: str
    post_code: str
    paperless: bool | None

    @property
    def name(self) -> str:
        """As one says it: the person, else the service or structure."""
        title = TITLES.get(self.title.upper(), self.title)
        person = " ".join(piece for piece in (title, self.given, self.family.upper()) if piece)
        return person or self.service or self.structure or self.address


@dataclass(frozen=True, slots=True)
class DirectoryStatus:
    """The local copy as the screen shows it."""

    entries: int
    extracted: str
    """AAAAMMJJhhmm of the extraction, or empty when there is none."""
    loaded_at: str
    """ISO time of the last load, or empty."""
    white_list_domains: int
    loading: bool = False


@dataclass(frozen=True, slots=True)
class Departure:
    """What became of an address that the Annuaire once listed."""

    address: str
    since: str
    """ISO date of the extraction that showed it; who wrote to it before that day wrote to somebody else."""
    replaced: bool
    """Still listed, for another person or structure."""
    national_id: str = ""
    """Of the person who had it, with its type digit; empty for a structure's."""
    structure_id: str = ""
    name: str = ""
    """Structure and service that had it; empty for a person's."""
