"""Whose document is it? Compares the identity on a document with those of the record system (mssante.md §9, DUI.MSS.25)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from mssclient.domain.address import fold
from mssclient.domain.identity import INS_OIDS, Usager, key_is_valid


@dataclass(frozen=True, slots=True)
class RecordUsager:
    """One usager of the record system, from its export file."""

    record_number: str
    usager: Usager
    qualified: bool = False
    """The record system says that the INS is qualified (statut QUAL)."""
    refuses_citizen: bool = False
    """Opposed to documents in their own Mon espace santé (DUI.MSS.15)."""
    refuses_professional: bool = False
    """Opposed to exchanges between professionals (DUI.MSS.16)."""


class Trait(Enum):
    """What identities are compared on."""

    MATRICULE = "matricule"
    OID = "oid"
    BIRTH_NAME = "birth name"
    GIVEN = "given"
    BIRTH_DATE = "birth date"
    SEX = "sex"


class Agreement(Enum):
    """How well two identities agree, best first."""

    EXACT = "exact"  # matricule, OID and every trait: the only one that may file by itself
    SAME_NUMBER = "same number"  # one INS, and a trait that differs: a person must look
    SAME_TRAITS = "same traits"  # every trait, and no INS to compare
    CLOSE = "close"  # name and birth date, or name and first name


_ORDER = tuple(Agreement)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One usager of the record who may be the document's."""

    record: RecordUsager
    agreement: Agreement
    differences: tuple[Trait, ...]
    """What does not agree, or stands on one side only."""


def differences(one: Usager, other: Usager) -> tuple[Trait, ...]:
    """The traits that do not agree. Case, accents and hyphens make no difference: systems write them in different ways."""
    pairs = (
        (Trait.MATRICULE, one.matricule or "", other.matricule or ""),
        (Trait.OID, one.oid or "", other.oid or ""),
        (Trait.BIRTH_NAME, fold(one.birth_name), fold(other.birth_name)),
        (Trait.GIVEN, fold(_first(one)), fold(_first(other))),
        (Trait.BIRTH_DATE, one.birth_date, other.birth_date),
        (Trait.SEX, one.sex, other.sex),
    )
    return tuple(trait for trait, here, there in pairs if here != there)


def _first(usager: Usager) -> str:
    """The first given name; composed ones are written with a hyphen or a blank, the rest of the names may be missing."""
    return usager.given[0] if usager.given else ""


def agreement(document: Usager, record: Usager) -> Agreement | None:
    """How a document's identity agrees with a record's; None when they are two people."""
    apart = set(differences(document, record))
    traits = apart - {Trait.MATRICULE, Trait.OID}
    numbered = bool(document.matricule and record.matricule)
    whole = bool(
        document.birth_name and _first(document) and len(document.birth_date) == 10 and document.sex in {"M", "F"}
    )
    if numbered and Trait.MATRICULE not in apart:
        sound = document.oid in INS_OIDS and key_is_valid(document.matricule or "")
        return Agreement.EXACT if not apart and whole and sound else Agreement.SAME_NUMBER
    if whole and not traits:
        # Two numbers that differ under the same traits: homonyms exist, and so do typing errors. Never by itself.
        return Agreement.CLOSE if numbered else Agreement.SAME_TRAITS
    named = Trait.BIRTH_NAME not in apart and bool(document.birth_name)
    if named and document.birth_date and (Trait.BIRTH_DATE not in apart or Trait.GIVEN not in apart):
        return Agreement.CLOSE
    return None


def _spoken(record: RecordUsager) -> str:
    usager = record.usager
    day = "/".join(reversed(usager.birth_date.split("-")))
    names = (usager.birth_name, *usager.given, usager.used_name, record.record_number, usager.matricule or "", day)
    return " " + fold(" ".join(names))


class Roster:
    """The usagers of the record system, ready to be asked. Immutable once made; any thread."""

    def __init__(self, records: Iterable[RecordUsager] = ()) -> None:
        self.records = tuple(records)
        self._by_number: dict[str, list[RecordUsager]] = defaultdict(list)
        self._by_name: dict[str, list[RecordUsager]] = defaultdict(list)
        self._spoken: tuple[str, ...] = ()
        for each in self.records:
            if each.usager.matricule:
                self._by_number[each.usager.matricule].append(each)
            self._by_name[fold(each.usager.birth_name)].append(each)

    def candidates(self, document: Usager, most: int = 10) -> tuple[Candidate, ...]:
        """Who the document may belong to, best first."""
        known = {id(each): each for each in self._by_number.get(document.matricule or "", ())}
        if name := fold(document.birth_name):
            known.update({id(each): each for each in self._by_name.get(name, ())})
        found = [
            Candidate(each, how, differences(document, each.usager))
            for each in known.values()
            if (how := agreement(document, each.usager)) is not None
        ]
        found.sort(key=lambda c: (_ORDER.index(c.agreement), len(c.differences), c.record.record_number))
        return tuple(found[:most])

    def search(self, text: str, most: int = 20) -> tuple[RecordUsager, ...]:
        """Usagers whose names, birth date or record number hold every word of the text."""
        words = fold(text).split()
        if not words:
            return ()
        if not self._spoken and self.records:
            self._spoken = tuple(_spoken(each) for each in self.records)
        found = []
        for each, spoken in zip(self.records, self._spoken, strict=False):
            if all(f" {word}" in spoken for word in words):
                found.append(each)
                if len(found) == most:
                    break
        return tuple(found)

    def certain(self, document: Usager) -> RecordUsager | None:
        """The one record that agrees exactly; None when there is none, or more than one (a record twice in the system)."""
        exact = [each.record for each in self.candidates(document, 50) if each.agreement is Agreement.EXACT]
        same = self._by_number.get(document.matricule or "", ())
        return exact[0] if len(exact) == 1 and len(same) == 1 else None

    def by_matricule(self, matricule: str) -> RecordUsager | None:
        """The record of a matricule, for a name beside a usager's address; None when several bear it."""
        found = self._by_number.get(matricule, ())
        return found[0] if len(found) == 1 else None
