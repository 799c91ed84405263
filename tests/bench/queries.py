"""Questions as secretaries type them, made from an extraction: each with the entries that a person would accept.

Names in any order, cut short, misspelled, without accents, with a profession as one says it, a town, a post code, a
pasted address or number; services of hospitals by their usual words. Repeatable: same lines and seed, same questions.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mssclient.domain.address import fold
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.extraction import entry_of, fields, rows

SPOKEN = {
    "Médecin": "médecin", "Pharmacien": "pharmacien", "Chirurgien-Dentiste": "dentiste", "Sage-Femme": "sage-femme",
    "Infirmier": "infirmière", "Masseur-Kinésithérapeute": "kiné", "Pédicure-Podologue": "podologue",
    "Orthophoniste": "orthophoniste", "Orthoptiste": "orthoptiste", "Psychologue": "psychologue",
    "Cardiologie et maladies vasculaires": "cardiologue", "Gériatrie": "gériatre", "Pédiatrie": "pédiatre",
    "Dermatologie et vénéréologie": "dermato", "Médecine générale": "généraliste", "Neurologie": "neurologue",
    "Ophtalmologie": "ophtalmo", "Pneumologie": "pneumologue", "Psychiatrie": "psychiatre",
    "Rhumatologie": "rhumatologue", "Radiodiagnostic": "radiologue", "Néphrologie": "néphrologue",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, and the addresses of which one has to be answered."""

    text: str
    accepted: frozenset[str]
    shape: str
    """Which kind of question it is, for the table of what fails."""


def _misspelled(word: str, rng: random.Random) -> str:
    place = rng.randrange(1, len(word) - 1)
    match rng.randrange(4):
        case 0:
            return word[:place] + word[place + 1 :]
        case 1:
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case 2:
            return word[:place] + word[place] + word[place:]
        case _:
            return word[:place] + rng.choice("aeioulnrst") + word[place + 1 :]


def _work(one: DirectoryEntry) -> str:
    return SPOKEN.get(one.speciality) or SPOKEN.get(one.profession) or one.profession.lower()


def _town(one: DirectoryEntry) -> str:
    return one.town.title()


_PEOPLE: dict[str, Callable[[DirectoryEntry, random.Random], str]] = {
    "family given town": lambda e, r: f"{e.family.lower()} {e.given.lower()} {_town(e).lower()}",
    "given FAMILY town": lambda e, r: f"{e.given} {e.family.upper()} {_town(e)}",
    "no accents": lambda e, r: f"{fold(e.family)} {fold(e.given)} {fold(e.town)}",
    "family given post code": lambda e, r: f"{e.family} {e.given} {e.post_code}",
    "family given department": lambda e, r: f"{e.family} {e.given} {e.post_code[:2]}",
    "Dr family work town": lambda e, r: f"Dr {e.family} {e.given[:1]} {_work(e)} {_town(e)}",
    "work town family": lambda e, r: f"{_work(e)} {_town(e)} {e.family} {e.given}",
    "beginnings": lambda e, r: f"{fold(e.family)[:6]} {fold(e.given)[:5]} {fold(e.town)[:5]}",
    "town given family": lambda e, r: f"{fold(e.town)} {e.given} {e.family}",
    "misspelled family": lambda e, r: f"{_misspelled(fold(e.family), r)} {fold(e.given)} {fold(e.town)}",
    "misspelled given": lambda e, r: f"{fold(e.family)} {_misspelled(fold(e.given), r)} {fold(e.town)}",
    "joined": lambda e, r: f"{fold(e.family).replace(' ', '')} {fold(e.given)} {fold(e.town)}",
    "structure": lambda e, r: f"{e.family} {e.given} {e.structure}",
    "address": lambda e, r: e.address,
    "pasted": lambda e, r: f"{e.given} {e.family} <{e.address.upper()}>",
    "beginning of address": lambda e, r: e.address[: e.address.index("@") + 4],
    "number": lambda e, r: e.national_id[1:],
    "number with blanks": lambda e, r: (
        f"{e.national_id[1:3]} {e.national_id[3:6]} {e.national_id[6:9]} {e.national_id[9:]}"
    ),
}
_PLACES: dict[str, Callable[[DirectoryEntry, random.Random], str]] = {
    "structure town": lambda e, r: f"{e.structure} {_town(e)}",
    "structure town, no accents": lambda e, r: f"{fold(e.structure)} {fold(e.town)}",
    "service structure": lambda e, r: f"{e.service} {e.structure}",
    "town structure": lambda e, r: f"{fold(e.town)} {fold(e.structure)}",
    "structure post code": lambda e, r: f"{e.structure} {e.post_code}",
}


def questions(lines: Iterable[bytes], count: int, seed: int = 5) -> list[Question]:
    """`count` questions about entries of an extraction drawn by chance: most are about people, as most entries are."""
    rng = random.Random(seed)
    found = [entry_of(values) for row in rows(lines) if (values := fields(row)) is not None]
    people, places = _alike(found)
    asked: list[Question] = []
    while len(asked) < count:
        entry = found[rng.randrange(len(found))]
        shapes = _PEOPLE if entry.family else _PLACES
        if entry.family and min(len(fold(entry.family)), len(fold(entry.given))) < 4:
            continue  # too short to be misspelled
        shape = rng.choice(list(shapes))
        text = " ".join(shapes[shape](entry, rng).split())
        asked.append(Question(text, frozenset(_accepted(entry, shape, people, places)), shape))
    return asked


Groups = dict[tuple[str, ...], set[str]]


def _alike(found: Iterable[DirectoryEntry]) -> tuple[Groups, Groups]:
    """Addresses by what a question may say of them: people by name and department, places by name and town."""
    people: Groups = defaultdict(set)
    places: Groups = defaultdict(set)
    for one in found:
        if one.family:
            people[fold(one.family).replace(" ", ""), fold(one.given), one.post_code[:2]].add(one.address)
        else:
            places[fold(one.structure), one.town, fold(one.service)].add(one.address)
            places[fold(one.structure), one.town, ""].add(one.address)
    return people, places


def _accepted(entry: DirectoryEntry, shape: str, people: Groups, places: Groups) -> set[str]:
    if shape in {"address", "pasted"}:
        return {entry.address}
    if entry.family:
        return people[fold(entry.family).replace(" ", ""), fold(entry.given), entry.post_code[:2]] | {entry.address}
    service = fold(entry.service) if shape.startswith("service") else ""
    towns = (
        {key[1] for key in places if key[0] == fold(entry.structure)} if shape.startswith("service") else {entry.town}
    )
    return set().union(*(places.get((fold(entry.structure), town, service), set()) for town in towns)) | {entry.address}
