"""A synthetic Annuaire extraction of any size, in the real 31 columns, with the difficulties of the real one.

Compound and particle names, accents, homonyms, several boxes for one person, several people on one box, hospital
services, capitals in addresses, CEDEX, missing post codes, signs without legal name, every spelling of the paperless
flag.
"""

from __future__ import annotations

import io
import random
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from xml.sax.saxutils import escape

from mssclient.domain.address import fold
from mssclient.sandbox import french_names as words

HEADER = (
    "Type de BAL|Adresse BAL|Type Identifiant PP|Identifiant PP|Identification nationale PP|Type identifiant structure|"
    "Identification Structure|Service de rattachement|Civilité d'exercice|Nom d'exercice|Prénom d'exercice|"
    "Catégorie profession|Libellé de catégorie profession|Code Profession|Libellé Profession|Code savoir-faire|"
    "Libellé savoir-faire|Dématérialisation|Raison Sociale structure BAL|Enseigne commerciale structure BAL|"
    "L2COMPLEMENTLOCALISATION structure BAL|L3COMPLEMENTDISTRIBUTION structure BAL|L4NUMEROVOIE structure BAL|"
    "L4COMPLEMENTNUMEROVOIE structure BAL|NL4TYPEVOIE structure BAL|L4LIBELLEVOIE structure BAL|"
    "L5LIEUDITMENTION structure BAL|L6LIGNEACHEMINEMENT structure BAL|Code postal structure BAL|"
    "Département structure BAL|Pays structure BAL"
)
PROFESSIONS = {
    "10": "Médecin", "21": "Pharmacien", "26": "Audioprothésiste", "28": "Opticien-Lunetier", "35": "Aide-soignant",
    "40": "Chirurgien-Dentiste", "41": "Assistant de service social", "50": "Sage-Femme", "60": "Infirmier",
    "70": "Masseur-Kinésithérapeute", "80": "Pédicure-Podologue", "91": "Orthophoniste", "92": "Orthoptiste",
    "93": "Psychologue", "94": "Ergothérapeute", "95": "Diététicien", "96": "Psychomotricien", "98": "Manipulateur ERM",
}  # fmt: skip
SPECIALITIES = {
    "SM02": "Anesthesie-réanimation", "SM04": "Cardiologie et maladies vasculaires", "SM05": "Chirurgie générale",
    "SM15": "Dermatologie et vénéréologie", "SM16": "Endocrinologie et métabolisme", "SM18": "Gériatrie",
    "SM20": "Gynécologie-obstétrique", "SM24": "Gastro-entérologie et hépatologie", "SM26": "Médecine générale",
    "SM32": "Neurologie", "SM35": "Néphrologie", "SM37": "Oncologie option médicale", "SM38": "Ophtalmologie",
    "SM39": "Oto-rhino-laryngologie et chirurgie cervico-faciale", "SM40": "Pédiatrie", "SM41": "Pneumologie",
    "SM42": "Psychiatrie", "SM44": "Radiodiagnostic", "SM48": "Rhumatologie", "SM54": "Médecine d’urgence",
}  # fmt: skip
_DOMAIN_OF = {"10": "medecin", "21": "pharmacien", "40": "dentiste", "50": "sagefemme", "60": "infirmier", "70": "kine"}
_FLAGS = ("O", "N", "True", "False", "1", "0", "", "O")
_SPARE_DOMAINS = (
    "pro-fictif.mssante.fr",
    "chu-bac-a-sable.mssante.fr",
    "exemple-regional.mssante.fr",
    "autre.mss.example",
)
_DAILY_SHARE = 1570
"""One line in so many is away on a given day: some 340 of 536,000 come and go, as in the real one."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A line that has to be in the extraction: the institution's own people and boxes."""

    address: str
    kind: str = "PER"
    rpps: str = ""
    title: str = ""
    family: str = ""
    given: str = ""
    profession_code: str = ""
    speciality: str = ""
    structure: str = ""
    structure_id: str = ""
    service: str = ""
    post_code: str = ""
    town: str = ""
    paperless: bool | None = True
    profession: str = ""
    """Empty: the usual wording of `profession_code`."""


@dataclass(frozen=True, slots=True)
class _Structure:
    name: str
    sign: str
    finess: str
    number: str
    street: str
    post_code: str
    town: str
    domain: str

    @property
    def columns(self) -> str:
        """The last thirteen columns."""
        code = "" if self.number == "13" else self.post_code  # a quirk of the source: the code stands in the line only
        cedex = " CEDEX 08" if self.number == "8" else ""
        line = f"{self.post_code} {self.town}{cedex}"
        return (f"{self.name}|{self.sign}|||{self.number}||RUE|{self.street}||{line}|{code}|"
                f"{self.post_code[: 3 if self.post_code > '97' else 2]}|FRANCE")  # fmt: skip


def _slug(text: str) -> str:
    return fold(text).replace(" ", "-")


def _town_domain(town: str) -> str:
    return f"ch-{_slug(town)}.mss.example"


def domains(fixed: Sequence[Listed] = ()) -> list[str]:
    """Every domain an extraction may use, for the white list of the sandbox."""
    own = {f"{name}.mss.example" for name in (*_DOMAIN_OF.values(), "professionnel", "structures")}
    hospitals = {_town_domain(town.partition(" ")[2]) for town in words.TOWNS}
    return sorted(own | hospitals | set(_SPARE_DOMAINS) | {one.address.rpartition("@")[2].lower() for one in fixed})


class _Names:
    """Draws names with the frequencies of a real country: few very common ones, many rare."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._family_weights = list(accumulate(1 / (place + 8) for place in range(len(words.FAMILY))))
        self._given_weights = list(accumulate(1 / (place + 12) for place in range(len(words.GIVEN))))
        self._stock: list[tuple[str, str]] = []

    def draw(self) -> tuple[str, str]:
        """(given, family)."""
        if not self._stock:
            families = self._rng.choices(words.FAMILY, cum_weights=self._family_weights, k=2_000)
            given = self._rng.choices(words.GIVEN, cum_weights=self._given_weights, k=2_000)
            self._stock = [(first, self._varied(family)) for first, family in zip(given, families, strict=True)]
        return self._stock.pop()

    def _varied(self, family: str) -> str:
        luck = self._rng.random()
        if luck < 0.40:
            return family
        if luck < 0.93:
            return self._rare()
        if luck < 0.98:
            return f"{family}-{self._rare()}"
        return f"{('de ', 'd’', 'Le ', 'du ')[int(luck * 1000) % 4]}{self._rare()}"

    def _rare(self) -> str:
        draw = self._rng.random
        middle = words.MIDDLES[int(draw() * len(words.MIDDLES))] if draw() < 0.8 else ""
        beginning = words.BEGINNINGS[int(draw() * len(words.BEGINNINGS))]
        return beginning + middle + words.ENDINGS[int(draw() * len(words.ENDINGS))]


class _Author:
    """Writes the lines of one extraction."""

    def __init__(self, count: int, seed: int) -> None:
        self._rng = random.Random(seed)  # noqa: S311  a repeatable fiction, not a secret
        self._names = _Names(self._rng)
        self._taken = bytearray(1 << 22)
        self._structures = [self._structure(number) for number in range(max(12, count // 8))]
        self._last_person: tuple[str, str, str, str, str] | None = None
        self._last_address = ""

    def line(self, number: int) -> str:
        """One line; mostly people, one in seven a structure's box."""
        structure = self._structures[int(self._rng.random() * len(self._structures))]
        return self._organisation(number, structure) if self._rng.random() < 0.148 else self._person(number, structure)

    def _structure(self, number: int) -> _Structure:
        rng = self._rng
        post_code, _, town = rng.choice(words.TOWNS).partition(" ")
        house = rng.choice(words.HOUSES)
        name, sign = rng.choice((
            (f"CENTRE HOSPITALIER DE {town}", f"CH {town}"), (f"EHPAD {house}", ""), ("", f"Résidence {house}"),
            (f"SELARL PHARMACIE {house}", f"Pharmacie {house}"), (f"Clinique {house}", ""), (f"SSIAD {house}", ""),
            (f"Maison de santé pluriprofessionnelle {house}", f"MSP {house}"), (f"Laboratoire Bio-{house}", ""),
            (f"CABINET DU DR {self._names.draw()[1].upper()}", ""), (f"Cabinet infirmier {house}", ""),
            (f"CHU DE {town} - Hôpital {house}", f"CHU {town}"), (f"Cabinet médical {house}", ""),
        ))  # fmt: skip
        domain = _town_domain(town) if "C" in sign[:1] else rng.choice(("structures.mss.example", *_SPARE_DOMAINS))
        street = rng.choice(words.STREETS)
        return _Structure(name, sign, f"{post_code[:2]}9{number:06d}", str(rng.randint(1, 40)), street, post_code, town,
                          domain)  # fmt: skip

    def _address(self, local: str, domain: str, number: int) -> str:
        address = f"{local}@{domain}"
        place = zlib.crc32(address.encode()) & 0x1FFFFFF
        if self._taken[place >> 3] >> (place & 7) & 1:
            return f"{local}{number}@{domain}"
        self._taken[place >> 3] |= 1 << (place & 7)
        return address

    def _organisation(self, number: int, structure: _Structure) -> str:
        service = self._rng.choice(words.SERVICES) if structure.sign.startswith("CH") else ""
        what = service or structure.sign or structure.name
        local = _slug(what)[:40].strip("-")
        address = self._address(local, structure.domain, number)
        return (f"ORG|{address}||||1|{structure.finess}|{service}||||||||||{_FLAGS[number & 7]}|"
                f"{structure.columns}")  # fmt: skip

    def _person(self, number: int, structure: _Structure) -> str:
        luck = self._rng.random()
        if self._last_person is not None and luck < 0.04:
            given, family, rpps, code, speciality_code = self._last_person  # another box of the same person
        else:
            given, family = self._names.draw()
            rpps = f"10{number:08d}"
            rpps += luhn(rpps)
            code = "10" if luck < 0.45 else tuple(PROFESSIONS)[int(luck * 1000) % len(PROFESSIONS)]
            speciality_code = self._rng.choice(tuple(SPECIALITIES)) if code == "10" else ""
        self._last_person = (given, family, rpps, code, speciality_code)
        domain = structure.domain if luck < 0.5 else f"{_DOMAIN_OF.get(code, 'professionnel')}.mss.example"
        address = self._address(f"{_slug(given)}.{_slug(family)}", domain, number)
        if luck > 0.9996 and self._last_address:
            address = self._last_address  # several people on one box
        elif luck > 0.98:
            address = address.title()  # capitals, as some operators publish them
        self._last_address = address
        title = ("DR", "", "PR", "MME", "M")[number % 5] if code == "10" else ("M", "MME", "")[number % 3]
        name = f"{family.upper() if luck < 0.8 else family}|{given}"
        speciality = f"{speciality_code}|{SPECIALITIES.get(speciality_code, '')}"
        return (f"PER|{address}|8|{rpps}|8{rpps}|1|{structure.finess}||{title}|{name}|C|Civil|{code}|"
                f"{PROFESSIONS[code]}|{speciality}|{_FLAGS[number & 7]}|{structure.columns}")  # fmt: skip


def luhn(digits: str) -> str:
    """The check digit that follows these (RPPS and FINESS use it)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def _fixed_line(one: Listed) -> str:
    flag = {True: "O", False: "N", None: ""}[one.paperless]
    person = f"8|{one.rpps}|8{one.rpps}" if one.rpps else "||"
    profession = one.profession or PROFESSIONS.get(one.profession_code, "")
    category = "C|Civil" if one.family else "|"
    structure_type = "1" if one.structure_id else ""
    return (f"{one.kind}|{one.address}|{person}|{structure_type}|{one.structure_id}|{one.service}|{one.title}|"
            f"{one.family}|{one.given}|{category}|{one.profession_code}|{profession}||{one.speciality}|{flag}|"
            f"{one.structure}|||||||||{one.post_code} {one.town}|{one.post_code}|{one.post_code[:2]}|FRANCE"
            )  # fmt: skip


def extraction(
    count: int = 2_000, seed: int = 1, now: datetime | None = None, fixed: Sequence[Listed] = ()
) -> Iterator[bytes]:
    """The lines of an extraction of about `count` lines, header first, the `fixed` ones spread among them.

    The day of `now` decides which few are away; without it everybody is there.
    """
    yield f"\ufeff{HEADER}\r\n".encode()
    author = _Author(count, seed)
    away = now.toordinal() % _DAILY_SHARE if now else -1
    invented = max(0, count - len(fixed))
    stride = max(1, invented // (len(fixed) + 1))
    waiting = list(reversed(fixed))
    for number in range(invented):
        line = author.line(number)
        if number % _DAILY_SHARE != away:
            yield f"{line}\r\n".encode()
        if waiting and number % stride == stride - 1:
            yield f"{_fixed_line(waiting.pop())}\r\n".encode()
    for one in reversed(waiting):
        yield f"{_fixed_line(one)}\r\n".encode()


def file_name(now: datetime) -> str:
    """The name of the extraction of that minute, as the Annuaire gives it."""
    return f"Extraction_Correspondance_MSSante_{now:%Y%m%d%H%M}.txt"


def zipped(lines: Iterable[bytes], now: datetime) -> bytes:
    """The lines as the ZIP that the Annuaire publishes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        member = zipfile.ZipInfo(file_name(now), (now.year, now.month, now.day, now.hour, now.minute, now.second))
        member.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(member, "w", force_zip64=True) as target:
            for line in lines:
                target.write(line)
    return buffer.getvalue()


def white_list(names: Iterable[str], now: datetime) -> bytes:
    """A `listeblanchemssante.xml` that lists these domains, shaped as the real one."""
    items = "".join(
        f"<Domaine><Nom>{escape(name)}</Nom><Description>Domaine fictif</Description>"
        f"<DNCertificatOperateur>CN={escape(name)}</DNCertificatOperateur><ResponsableContact>contact@{escape(name)}"
        f"</ResponsableContact><SupportContact/><DateMAJ>{now:%Y-%m-%d}</DateMAJ></Domaine>\n"
        for name in names
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<ListeBlancheMSSante xmlns="https://listeblanche.mssante.fr/schema">'
        f"<DateDeGeneration>{now:%Y-%m-%dT%H:%M:%S}</DateDeGeneration><ListeDomaines>\n{items}</ListeDomaines>"
        "</ListeBlancheMSSante>"
    ).encode()
