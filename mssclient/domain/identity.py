"""INS: matricules, their key, and the traits that go with them."""

from __future__ import annotations

import re
from dataclasses import dataclass

OID_NIR = "1.2.250.1.213.1.4.8"
OID_NIA = "1.2.250.1.213.1.4.9"
OID_TEST = "1.2.250.1.213.1.4.10"
OID_DEMO = "1.2.250.1.213.1.4.11"
INS_OIDS = frozenset({OID_NIR, OID_NIA, OID_TEST, OID_DEMO})

_MATRICULE = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}")


@dataclass(frozen=True, slots=True)
class Usager:
    """A person as a document names them. Any piece may be missing; `matricule` counts only with its `oid`."""

    matricule: str | None
    oid: str | None
    birth_name: str
    given: tuple[str, ...]
    birth_date: str
    """ISO date (YYYY-MM-DD), or what of it is known, or empty."""
    sex: str
    """M, F, U or empty."""
    used_name: str = ""
    birth_place: str = ""
    """INSEE code."""


def key_of(first13: str) -> int | None:
    """The two-digit key of 13 characters: 97 − N mod 97, with 2A→19 and 2B→18; None when they are no matricule."""
    digits = first13.upper()
    if digits[5:7] in {"2A", "2B"}:
        digits = digits[:5] + ("19" if digits[6] == "A" else "18") + digits[7:]
    if len(digits) != 13 or not digits.isascii() or not digits.isdigit():
        return None
    return 97 - int(digits) % 97


def key_is_valid(matricule: str) -> bool:
    """Whether 15 characters are a matricule INS with the right key."""
    text = matricule.strip().upper()
    return _MATRICULE.fullmatch(text) is not None and key_of(text[:13]) == int(text[13:])


def is_qualified(usager: Usager) -> bool:
    """Whether the document carries all that a qualified INS consists of (ECO.2.4.2): matricule, OID and five traits."""
    return bool(
        usager.matricule and usager.oid in INS_OIDS and usager.birth_name and usager.given
        and len(usager.birth_date) == 10 and usager.sex in {"M", "F"}
    )  # fmt: skip
