"""The fictitious institution of the sandbox: who works there, who lives there, which mailboxes they share.

Nobody and nothing in here exists. Usagers bear ANS's public INS test values, or names of plants and a matricule
whose birth place (63999) is no commune. RPPS numbers begin with 999, which no professional has.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from mssclient.domain.address import USAGER_DOMAIN, domain_of
from mssclient.domain.bal import BalKind
from mssclient.domain.identity import OID_NIR, OID_TEST, Usager, key_of
from mssclient.domain.session import Activity, CardHolder, Person

DOMAIN = "tilleuls.mss.example"
SECRETARIAT = f"secretariat@{DOMAIN}"
CARE = f"soins@{DOMAIN}"
PHYSICIAN = f"claire.vasseur@{DOMAIN}"
SECRETARY = f"sylvie.marchal@{DOMAIN}"
APPLICATION = f"dui.tilleuls@{DOMAIN}"
INBOX, SENT, TRASH, ARCHIVES, JUNK = ("INBOX",), ("Éléments envoyés",), ("Corbeille",), ("Archives",), ("Indésirables",)
USUAL_FOLDERS = (INBOX, ("Brouillons",), SENT, TRASH, JUNK, ARCHIVES)
VASSEUR, LEMOINE, NURSE, THERAPIST = "Dr VASSEUR", "Dr LEMOINE", "Mme ROUX (IDEC)", "M. ORTEGA (kinésithérapeute)"


@dataclass(frozen=True, slots=True)
class Staff:
    """A person of the institution who signs in at a workstation."""

    person: Person
    role: str
    """"secretary", "physician" or "assistant"."""
    profession: str
    """As the card says it."""
    address: str = ""
    """The person's own BAL, or empty."""

    @property
    def card_name(self) -> str:
        """The holder as a card spells it, without PIN."""
        return f"{self.person.family.upper()} {self.person.given}"

    @property
    def card(self) -> CardHolder:
        """What this person's (test) card says in a reader."""
        return CardHolder(self.person.national_id, self.card_name, self.profession, test_card=True)


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A BAL of the institution. Folder paths run from the root; sub-folders of an ORG BAL are one a professional."""

    address: str
    kind: BalKind
    label: str
    let_in: frozenset[str]
    """National ids of the persons the operator opens it to."""
    folders: tuple[tuple[str, ...], ...] = USUAL_FOLDERS


@dataclass(frozen=True, slots=True)
class Correspondent:
    """A professional or structure one writes with; `family` is empty for an organisational BAL."""

    address: str
    label: str
    """The display name of the From header (ECO.2.2.7)."""
    structure: str
    speciality: str
    title: str = ""
    given: str = ""
    family: str = ""
    national_id: str = ""
    street: str = ""
    town: str = "63999 Montfleury-les-Bois"
    phone: str = ""

    @property
    def name(self) -> str:
        """Who signs: the person, else the structure."""
        return " ".join(piece for piece in (self.title, self.given, self.family) if piece) or self.structure


@dataclass(frozen=True, slots=True)
class Resident:
    """A usager of the institution and what the record knows."""

    usager: Usager
    room: str
    record: str
    """Record number in the DUI."""
    qualified: bool = True
    refuses_citizen_mail: bool = False

    @property
    def address(self) -> str:
        """The usager's address in Mon espace santé; empty without a qualified INS (ECO.2.2.6)."""
        return f"{self.usager.matricule}@{USAGER_DOMAIN}" if self.qualified and self.usager.matricule else ""

    @property
    def civil(self) -> str:
        """As colleagues write it: "Mme BRUYERE Germaine"."""
        family = self.usager.used_name or self.usager.birth_name
        return f"{'M.' if self.usager.sex == 'M' else 'Mme'} {family} {self.usager.given[0].title()}"


@dataclass(frozen=True, slots=True)
class Institution:
    """Everything the sandbox operator has to know to open its doors."""

    name: str
    structure_id: str
    street: str
    town: str
    people: tuple[Staff, ...]
    mailboxes: tuple[Mailbox, ...]
    residents: tuple[Resident, ...]
    correspondents: tuple[Correspondent, ...]
    trusted_domains: tuple[str, ...]
    """Domains for the white list, ours and Mon espace santé's among them, sorted."""

    def mailboxes_of(self, national_id: str) -> tuple[Mailbox, ...]:
        """The BAL a person may open with their own identity."""
        return tuple(box for box in self.mailboxes if national_id in box.let_in)

    def staff(self, role: str) -> Staff:
        """The member with that role; KeyError when there is none."""
        return {member.role: member for member in self.people}[role]


NAME = "EHPAD Résidence Les Tilleuls"
STRUCTURE_ID = "1639999915"
STREET = "14 allée des Tilleuls"
TOWN = "63999 Montfleury-les-Bois"


def _activity(profession: str, speciality: str = "") -> Activity:
    return Activity(profession, speciality, NAME, STRUCTURE_ID)


def _people() -> tuple[Staff, ...]:
    secretary = Person("3639999915/0042", "Sylvie", "MARCHAL", "Mme", (_activity("Secrétaire médicale"),))
    physician = Person(
        "899900000016", "Claire", "VASSEUR", "Dr",
        (
            _activity("Médecin", "Gériatrie"),
            Activity("Médecin", "Médecine générale", "Cabinet médical du Pont-Vieux", "1639999923"),
        ),
    )  # fmt: skip
    assistant = Person("899900000024", "Nadia", "BELKACEM", "Mme", (_activity("Infirmier", "Assistante médicale"),))
    return (
        Staff(secretary, "secretary", "Secrétaire médicale", SECRETARY),
        Staff(physician, "physician", "Médecin", PHYSICIAN),
        Staff(assistant, "assistant", "Infirmier"),
    )


def _mailboxes(people: Iterable[Staff]) -> tuple[Mailbox, ...]:
    ids = {member.role: member.person.national_id for member in people}
    secretary, physician, assistant = ids["secretary"], ids["physician"], ids["assistant"]
    by_professional = tuple((name,) for name in (VASSEUR, LEMOINE, NURSE, THERAPIST))
    return (
        Mailbox(
            SECRETARIAT, BalKind.ORG, "Secrétariat Résidence Les Tilleuls",
            frozenset({secretary, physician, assistant}), USUAL_FOLDERS + by_professional,
        ),
        Mailbox(CARE, BalKind.ORG, "Équipe soignante Résidence Les Tilleuls", frozenset({secretary, physician})),
        Mailbox(
            PHYSICIAN, BalKind.PER, "Dr_Claire_VASSEUR_Résidence Les Tilleuls", frozenset({physician, assistant}),
            (*USUAL_FOLDERS, (*ARCHIVES, "2025"), ("Staff gériatrique",)),
        ),
        Mailbox(SECRETARY, BalKind.PER, "Mme_Sylvie_MARCHAL_Résidence Les Tilleuls", frozenset({secretary})),
        Mailbox(APPLICATION, BalKind.APP, "DUI Résidence Les Tilleuls", frozenset()),
    )  # fmt: skip


def _born(first13: str, born: str, family: str, *given: str, used: str = "") -> Usager:
    key = key_of(first13)
    if key is None:
        raise ValueError(first13)
    sex = "M" if first13[0] == "1" else "F"
    return Usager(f"{first13}{key:02d}", OID_TEST, family, given, born, sex, used, first13[5:10])


def _residents() -> tuple[Resident, ...]:
    """The first four bear ANS's test values (documents.md); the last two have no qualified INS."""
    known = (
        Usager("279035121518989", OID_NIR, "PAT-TROIS", ("DOMINIQUE",), "1979-03-28", "F", "", "51215"),
        Usager("277076322082910", OID_NIR, "NESSI", ("RUTH",), "1977-07-14", "F", "", "63220"),
        Usager("146026322000196", OID_TEST, "PAT-QUATRE", ("ROBERT", "LOUIS"), "1946-02-11", "M", "", "63220"),
        Usager("274075176079430", OID_TEST, "PAT-CINQ", ("MARIE-LOU",), "1974-07-22", "F", "", "51760"),
        _born("2360563999001", "1936-05-12", "BRUYERE", "GERMAINE", "LOUISE"),
        _born("1381163999014", "1938-11-03", "TOURNESOL", "LUCIEN"),
        _born("2310163999022", "1931-01-27", "COQUELICOT", "ODETTE", "MARIE", used="PERVENCHE"),
        _born("1340863999037", "1934-08-19", "MARRONNIER", "MARCEL", "EMILE"),
        _born("2400463999041", "1940-04-30", "MIMOSA", "SIMONE"),
        _born("2290963999056", "1929-09-08", "GENET D'OR", "YVONNE", "JEANNE", used="LAVANDE"),
        _born("1411263999063", "1941-12-24", "CHEVREFEUILLE", "EMILE"),
        _born(
            "2330363999078", "1933-03-17", "AUBEPINE DE LA ROCHE-SAINT-CHRISTOPHE-DES-BOIS",
            "MARIE-ANTOINETTE", "GENEVIEVE", used="CAPUCINE-DE-MONTFLEURY",
        ),
    )  # fmt: skip
    housed = tuple(
        Resident(usager, f"{100 + 3 * i}", f"R{2041 + i}", refuses_citizen_mail=i == 8)
        for i, usager in enumerate(known)
    )
    arriving = Usager(None, None, "GLYCINE", ("PAULETTE",), "1937-06-02", "F")
    stay = _born("1350263999089", "1935-02-21", "EGLANTIER", "GASTON")
    return (*housed, Resident(arriving, "", "R2061", False), Resident(stay, "142", "R2062", False))


def _doctor(local: str, given: str, family: str, speciality: str, structure: str, serial: int) -> Correspondent:
    return Correspondent(
        f"{local}.mss.example", f"Dr_{given}_{family}_{structure}", structure, speciality, "Dr", given, family,
        f"8999000{serial:05d}",
        street="2 rue des Lavoirs" if "@medecins" in local else "1 avenue de l'Hôpital",
        phone=f"04 99 01 {serial % 90 + 10} {serial % 70 + 20}",
    )  # fmt: skip


_SERVICES = (
    ("resultats@biolys", "Laboratoire BioLys", "Biologie médicale", "8 place du Marché", "04 99 01 31 31"),
    ("secretariat@imagerie-lys", "Centre d'imagerie de la Lys", "Radiologie", "3 rue Curie", "04 99 01 44 10"),
    ("sau@ch-montfleury", "Urgences CH de Montfleury", "Médecine d'urgence", "1 avenue de l'Hôpital", "04 99 01 15 15"),
    ("secretariat.geriatrie@ch-montfleury", "Secrétariat gériatrie CH de Montfleury", "Gériatrie",
     "1 avenue de l'Hôpital", "04 99 01 15 40"),
    ("officine@pharmacie-du-pont", "Pharmacie du Pont", "Pharmacie", "21 Grande Rue", "04 99 01 22 05"),
    ("contact@had-valdelys", "HAD Val de Lys", "Hospitalisation à domicile", "40 route de Lyon", "04 99 01 60 60"),
    ("noreply@automate.ch-montfleury", "Envoi automatique CH de Montfleury", "Logiciel", "1 avenue de l'Hôpital", ""),
)  # fmt: skip


def _correspondents() -> tuple[Correspondent, ...]:
    hospital, town = "CH de Montfleury", "Cabinet médical du Pont-Vieux"
    coteaux = "Maison de santé pluriprofessionnelle des Coteaux de Montfleury-les-Bois"
    services = tuple(
        Correspondent(f"{local}.mss.example", label, label, speciality, street=street, phone=phone)
        for local, label, speciality, street, phone in _SERVICES
    )
    kine = Correspondent(
        "isabelle.ortega@kine.mss.example", "Mme_Isabelle_ORTEGA_Cabinet de kinésithérapie",
        "Cabinet de kinésithérapie", "Masso-kinésithérapie", "Mme", "Isabelle", "ORTEGA", "899900000107",
        "5 rue des Lavoirs", phone="04 99 01 70 12",
    )  # fmt: skip
    return (
        _doctor("thomas.lemoine@medecins", "Thomas", "LEMOINE", "Médecine générale", town, 32),
        _doctor("helene.garnier@medecins", "Hélène", "GARNIER", "Médecine générale", "Cabinet Garnier", 40),
        _doctor("antoine.delcourt@ch-montfleury", "Antoine", "DELCOURT", "Cardiologie", hospital, 57),
        _doctor("mireille.fabre@ch-montfleury", "Mireille", "FABRE", "Gériatrie", hospital, 65),
        _doctor("karim.benali@ch-montfleury", "Karim", "BENALI", "Neurologie", hospital, 73),
        _doctor("lucie.perrin@ch-montfleury", "Lucie", "PERRIN", "Chirurgie orthopédique", hospital, 81),
        _doctor(
            "jean-baptiste.de-la-tour@dermato", "Jean-Baptiste", "DE LA TOUR D'ÉGLANTINE", "Dermatologie", coteaux, 99
        ),
        *services,
        kine,
    )


@cache
def institution() -> Institution:
    """The one institution of the sandbox; the same value at each call."""
    people, correspondents = _people(), _correspondents()
    domains = {DOMAIN, USAGER_DOMAIN, *(domain_of(c.address) for c in correspondents)}
    return Institution(
        NAME, STRUCTURE_ID, STREET, TOWN, people, _mailboxes(people), _residents(), correspondents,
        tuple(sorted(domains)),
    )  # fmt: skip


def correspondent(address: str) -> Correspondent:
    """One of the institution's correspondents by address; KeyError when unknown."""
    return {c.address: c for c in institution().correspondents}[address]


def resident(birth_name: str) -> Resident:
    """A resident by birth name; KeyError when unknown."""
    return {r.usager.birth_name: r for r in institution().residents}[birth_name]
