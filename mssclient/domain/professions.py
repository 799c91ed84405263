"""The professions that a CPx card names by a code: nomenclature TRE_G15-ProfessionSante of ANS and its neighbours."""

from __future__ import annotations

import re

_CODE = re.compile(r"(?:G(?:15|16)_)?([0-9]{2})")
LABELS = {
    "10": "Médecin",
    "21": "Pharmacien",
    "26": "Audioprothésiste",
    "28": "Opticien-lunetier",
    "31": "Assistant dentaire",
    "35": "Aide-soignant",
    "40": "Chirurgien-dentiste",
    "41": "Assistant de service social",
    "50": "Sage-femme",
    "60": "Infirmier",
    "70": "Masseur-kinésithérapeute",
    "71": "Ostéopathe",
    "72": "Psychothérapeute",
    "80": "Pédicure-podologue",
    "91": "Orthophoniste",
    "92": "Orthoptiste",
    "93": "Psychologue",
    "94": "Ergothérapeute",
    "95": "Diététicien",
    "96": "Psychomotricien",
    "98": "Manipulateur ERM",
}
"""As the national directory spells them; the ones that hold a CPx card or an MSSanté mailbox."""


def label(raw: str) -> str:
    """The profession in words. What is no code stays as it is; a code that is not known says nothing to anybody and
    gives an empty string."""
    text = raw.strip()
    if found := _CODE.fullmatch(text):
        return LABELS.get(found[1], "")
    return "" if text.isdigit() else text
