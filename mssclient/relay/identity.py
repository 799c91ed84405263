"""From PSC's userinfo to the `Person` that a workstation is told about, and its JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple
from typing import Any

from mssclient.domain.errors import Refused
from mssclient.domain.session import Activity, Person, canonical_id

_TITLES = {"DR": "Dr", "PR": "Pr", "M": "M.", "MME": "Mme"}
_MOST = 64  # exercises of a person, activities of an exercise: far above what the directory knows
_LONGEST = 200


def person_of(userinfo: Mapping[str, Any]) -> Person:
    """The person a userinfo answer describes, national id canonicalised (identity.md §1, "Identity").

    Many entries are empty strings in PSC's answers: what names nothing, or the same twice, is no activity.
    Raises Refused("identity") when there is no national id.
    """
    national_id = canonical_id(_text(userinfo, "SubjectNameID", "preferred_username"))
    if not national_id:
        raise Refused("identity", "userinfo without a national id")
    profile = userinfo.get("SubjectRefPro")
    exercises = list(_objects(profile, "exercices"))
    first: Mapping[str, Any] = exercises[0] if exercises else {}
    civility = _text(first, "codeCiviliteDexercice", "civilite") or _text(profile, "codeCivilite")
    return Person(
        national_id=national_id,
        given=_text(userinfo, "given_name") or _text(first, "prenomDexercice"),
        family=_text(userinfo, "family_name") or _text(first, "nomDexercice"),
        title=_TITLES.get(civility.upper().rstrip("."), ""),
        activities=tuple(dict.fromkeys(each for each in _activities(exercises) if any(astuple(each)))),
    )


def _activities(exercises: list[Mapping[str, Any]]) -> Iterator[Activity]:
    for exercise in exercises:
        profession = _text(exercise, "libelleProfession", "codeProfession")
        speciality = _text(exercise, "libelleSavoirFaire", "codeSavoirFaire")
        for place in list(_objects(exercise, "activities")) or [{}]:
            yield Activity(
                profession=profession,
                speciality=speciality,
                structure=_text(place, "raisonSocialeSite", "enseigneCommercialeSite"),
                structure_id=_text(
                    place,
                    "identifiantTechniqueDeLaStructure",
                    "numeroFinessSite",
                    "numeroSiretSite",
                    "numeroFinessetablissementJuridique",
                ),
            )


def as_json(person: Person) -> dict[str, Any]:
    """What GET /identity answers."""
    return {
        "national_id": person.national_id,
        "given": person.given,
        "family": person.family,
        "title": person.title,
        "activities": [
            {
                "profession": activity.profession,
                "speciality": activity.speciality,
                "structure": activity.structure,
                "structure_id": activity.structure_id,
            }
            for activity in person.activities
        ],
    }


def _text(source: object, *names: str) -> str:
    if not isinstance(source, Mapping):
        return ""
    for name in names:
        value = source.get(name)
        if isinstance(value, str) and value.strip():
            return value.strip()[:_LONGEST]
    return ""


def _objects(source: object, name: str) -> Iterator[Mapping[str, Any]]:
    found = source.get(name) if isinstance(source, Mapping) else None
    for each in found[:_MOST] if isinstance(found, list) else ():
        if isinstance(each, Mapping):
            yield each
