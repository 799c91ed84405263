"""HL7's small notations as documents use them: time stamps, CX identifiers, XCN persons, PID lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from mssclient.domain.identity import INS_OIDS, Usager

_TS = re.compile(r"(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:[.,]\d+)?\s*(Z|[+-]\d{2}:?\d{2})?")
_ISO = re.compile(r"\d{4}-\d{2}(-\d{2})?([T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?\s*(Z|[+-]\d{2}:?\d{2})?)?")
_SEX = {"M": "M", "F": "F", "U": "U", "UN": "U", "I": "U", "UNK": "U", "1": "M", "2": "F", "H": "M"}


def iso(stamp: str, *, utc: bool = False) -> str:
    """An HL7 time stamp as ISO 8601, as precise as the source; empty when it is none.

    `utc` says what a time without offset means: METADATA.XML writes UTC (IHE ITI DTM), a CDA its own local time.
    """
    text = stamp.strip()
    if _ISO.fullmatch(text):
        text = text.replace("-", "", 2).replace(":", "", 2).replace("T", "").replace(" ", "")
    found = _TS.fullmatch(text)
    if found is None:
        return ""
    year, month, day, hour, minute, second, offset = found.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    if not day or not 1 <= int(day) <= 31:
        return f"{year}-{month}"
    if not hour or int(hour) > 23 or (minute and int(minute) > 59):
        return f"{year}-{month}-{day}"
    clock = f"T{hour}:{minute or '00'}" + (f":{second}" if second and int(second) < 60 else "")
    return f"{year}-{month}-{day}{clock}{_offset(offset, utc=utc)}"


def _offset(offset: str | None, *, utc: bool) -> str:
    if not offset:
        return "+00:00" if utc else ""
    return "+00:00" if offset == "Z" else f"{offset[:3]}:{offset[-2:]}"


def sex(code: str) -> str:
    """M, F, U or empty from an administrative gender code."""
    return _SEX.get(code.strip().upper(), "")


def squeezed(text: str) -> str:
    """White space collapsed and trimmed."""
    return " ".join(text.split())


@dataclass(frozen=True, slots=True)
class Identifier:
    """A CX identifier: a number and the authority that gave it."""

    number: str
    oid: str

    @property
    def is_ins(self) -> bool:
        """Whether an INS authority gave it."""
        return self.oid in INS_OIDS and bool(self.number)


def identifier(cx: str) -> Identifier:
    """`279035121518989^^^&1.2.250.1.213.1.4.8&ISO^NH` as number and OID; tolerates doubly escaped ampersands."""
    pieces = (unescape(cx) if "&amp;" in cx else cx).strip().split("^")
    authority = pieces[3].split("&") if len(pieces) > 3 else []
    oid = next(
        (piece for piece in authority[1:] + authority[:1] if piece[:1].isdigit() or piece.startswith("urn:")), ""
    )
    return Identifier("".join(pieces[0].split()).upper(), oid.strip().removeprefix("urn:oid:"))


def person(xcn: str) -> str:
    """An XCN person as one says it: prefix, given name, family name."""
    pieces = [squeezed(piece) for piece in xcn.split("^")]
    if len(pieces) == 1:
        return pieces[0]
    pieces += [""] * 6
    family = pieces[1].split("&")[0]
    return squeezed(f"{pieces[5]} {pieces[2]} {family}") or pieces[0]


def organisation(xon: str) -> str:
    """The name in an XON organisation."""
    return squeezed(xon.split("^", maxsplit=1)[0])


def _names(value: str) -> tuple[str, str, str]:
    """Birth name, given names and used name of a PID-5, whose repetitions carry a type: L or B birth, D used."""
    birth = used = given = first = first_given = ""
    for repetition in value.split("~"):
        pieces = [squeezed(piece.split("&")[0]) for piece in repetition.split("^")] + [""] * 7
        if not first:
            first, first_given = pieces[0], squeezed(f"{pieces[1]} {pieces[2]}")
        if pieces[6] in {"L", "B"}:
            birth, given = pieces[0], squeezed(f"{pieces[1]} {pieces[2]}")
        elif pieces[6] == "D":
            used = pieces[0]
    return birth or first, given or first_given, used


def _birth_place(value: str) -> str:
    for repetition in value.split("~"):
        pieces = repetition.split("^") + [""] * 9
        if pieces[6] in {"BDL", "N"}:
            return (pieces[8] or pieces[4]).strip()
    return ""


def source_patient(lines: tuple[str, ...]) -> Usager:
    """The traits that METADATA.XML's sourcePatientInfo carries (PID-5 name, PID-7 birth, PID-8 sex, PID-11 place)."""
    fields = {key.strip().upper(): value for key, _, value in (line.partition("|") for line in lines)}
    birth, given, used = _names(fields.get("PID-5", ""))
    return Usager(
        matricule=None, oid=None, birth_name=birth, given=tuple(given.split()),
        birth_date=iso(fields.get("PID-7", ""))[:10], sex=sex(fields.get("PID-8", "")),
        used_name=used, birth_place=_birth_place(fields.get("PID-11", "")),
    )  # fmt: skip
