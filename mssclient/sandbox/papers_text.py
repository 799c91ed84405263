"""What sample documents say: clinical wording by document type, varied from a serial number."""

from __future__ import annotations

import random
from datetime import datetime

from mssclient.domain.identity import Usager
from mssclient.sandbox.papers import Kind, Paper, Section
from mssclient.sandbox.papers_visits import BY_SPECIALITY, TITLES, Chance, Sections, Writer, geriatrics, treatment
from mssclient.sandbox.people import Correspondent

_REPORT, _SYNTHESIS = ("10", "Compte rendu"), ("11", "Synthèse")
CONSULTATION = Kind("11488-4", "CR ou fiche de consultation ou de visite", *_REPORT)
BIOLOGY = Kind("11502-2", "CR d'examens biologiques", *_REPORT)
IMAGING = Kind("18748-4", "CR d'imagerie médicale", "31", "Imagerie médicale")
DISCHARGE = Kind("11490-0", "Lettre de liaison à la sortie d'un établissement de soins", *_REPORT)
HOSPITAL = Kind("34112-3", "CR hospitalier", *_REPORT)
EMERGENCY = Kind("15507-7", "CR de passage aux urgences", *_REPORT)
SUMMARY = Kind("60591-5", "Synthèse médicale (VSM)", *_SYNTHESIS)
PRESCRIPTION = Kind("57833-6", "Prescription de médicaments", "42", "Prescription")
TRANSFER = Kind("78341-5", "Fiche de transfert vers les urgences", *_SYNTHESIS)
CARE_PLAN = Kind("18776-5", "Plan personnalisé de soins", "44", "Plan de soins")


def _value(chance: Chance, low: float, high: float, step: float) -> tuple[str, bool]:
    value = round(chance.uniform(max(low * 0.7, low - (high - low) * 0.3), high + (high - low) * 0.3) / step) * step
    shown = f"{value:.0f}" if step >= 1 else f"{value:.1f}".replace(".", ",")
    return shown, not low <= value <= high


def _biology(chance: Chance, usager: Usager) -> Sections:
    tests = (
        ("Hémoglobine", 11.5, 16.0, 0.1, "g/dL"),
        ("Leucocytes", 4.0, 10.0, 0.1, "G/L"),
        ("Plaquettes", 150, 400, 1, "G/L"),
        ("Sodium", 136, 145, 1, "mmol/L"),
        ("Potassium", 3.5, 5.1, 0.1, "mmol/L"),
        ("Créatinine", 45, 90, 1, "µmol/L"),
        ("Urée", 2.8, 8.1, 0.1, "mmol/L"),
        ("CRP", 0.6, 5.0, 0.1, "mg/L"),
        ("Albumine", 35, 52, 1, "g/L"),
        ("TSH", 0.4, 4.0, 0.1, "mUI/L"),
    )
    rows = []
    for name, low, high, step, unit in tests:
        shown, odd = _value(chance, low, high, step)
        limits = f"{low:g} à {high:g}".replace(".", ",")
        rows.append((name, f"{shown} *" if odd else shown, unit, limits, _value(chance, low, high, step)[0]))
    return (
        Section(
            "Prélèvement",
            (
                (
                    "Prélèvement veineux réalisé à la résidence par une infirmière, à jeun. Conditions préanalytiques "
                    "conformes."
                ),
            ),
        ),
        Section("Résultats", table=(("Analyse", "Résultat", "Unité", "Valeurs usuelles", "Antériorité"), *rows)),
        Section(
            "Commentaire",
            (
                (
                    "Les résultats hors des valeurs usuelles sont marqués d'une étoile. À interpréter selon le "
                    "contexte clinique. "
                    "Clairance estimée selon CKD-EPI sous réserve du poids transmis."
                ),
            ),
        ),
    )


def _imaging(chance: Chance, usager: Usager) -> Sections:
    side = chance.choice(("droit", "gauche"))
    return (
        Section(
            "Indication", (f"Chute de sa hauteur ce jour, douleur du poignet {side} avec impotence fonctionnelle.",)
        ),
        Section("Technique", (f"Radiographies du poignet {side} de face et de profil, et du bassin de face.",)),
        Section(
            "Résultats",
            (
                (
                    f"Fracture métaphysaire distale du radius {side}, peu déplacée, à bascule postérieure modérée. "
                    "Intégrité de "
                    "l'ulna. Déminéralisation osseuse diffuse. Au bassin, la prothèse intermédiaire est en place, "
                    "sans signe de "
                    "descellement ; pas de trait de fracture décelable des branches ischio-pubiennes."
                ),
            ),
        ),
        Section(
            "Conclusion",
            (f"Fracture peu déplacée de l'extrémité distale du radius {side}. Avis orthopédique souhaitable.",),
        ),
    )


def _stay(chance: Chance, usager: Usager) -> Sections:
    days = chance.randrange(5, 13)
    return (
        Section(
            "Motif d'hospitalisation",
            ("Altération de l'état général fébrile avec toux productive, adressé(e) par le médecin traitant.",),
        ),
        Section(
            "Histoire et évolution",
            (
                (
                    f"Séjour de {days} jours. À l'entrée, température 38,9 °C, saturation 90 % sous 2 litres "
                    "d'oxygène, foyer de "
                    "crépitants à la base droite. La radiographie confirme une pneumopathie lobaire inférieure droite. "
                    "Antibiothérapie par amoxicilline et acide clavulanique pendant sept jours, apyrexie obtenue à 48 "
                    "heures, "
                    "sevrage en oxygène à J4."
                ),
                (
                    "Une confusion aiguë est apparue la deuxième nuit, résolutive sans traitement sédatif. Les "
                    "anticoagulants ont "
                    "été poursuivis. Un déconditionnement à la marche persiste à la sortie : aide d'une tierce "
                    "personne pour "
                    "les transferts, déambulateur pour les petits trajets."
                ),
                (
                    "L'appétit reste médiocre malgré les compléments nutritionnels. La pression talonnière droite a "
                    "été traitée "
                    "par décharge, avec une évolution favorable au jour de la sortie."
                ),
            ),
        ),
        Section(
            "Examens du séjour",
            table=(
                ("Examen", "Date", "Résultat"),
                ("Radiographie du thorax", "J1", "Foyer lobaire inférieur droit"),
                ("Hémocultures", "J1", "Stériles à J5"),
                ("Antigénurie pneumocoque", "J2", "Positive"),
                ("CRP", "J1 / J7", f"{chance.randrange(120, 240)} / {chance.randrange(12, 40)} mg/L"),
                ("Créatinine", "J7", f"{chance.randrange(70, 130)} µmol/L"),
            ),
        ),
        treatment(chance),
        Section(
            "Consignes de sortie",
            items=(
                "Surveillance de la température et de la saturation deux fois par jour pendant cinq jours",
                "Ionogramme, créatinine et CRP à J7, résultats au médecin traitant",
                "Kinésithérapie respiratoire et reprise de la marche, dix séances",
                "Pansement hydrocellulaire du talon droit tous les trois jours, décharge stricte la nuit",
                "Portage de bactérie hautement résistante : non recherché ; transfusion : aucune",
            ),
        ),
        Section(
            "Information",
            (
                (
                    "La personne et sa fille, personne de confiance, ont reçu une information sur le séjour et les "
                    "traitements. "
                    "La présente lettre a été remise à la sortie."
                ),
            ),
        ),
    )


def _emergency(chance: Chance, usager: Usager) -> Sections:
    return (
        Section("Motif de recours", ("Chute non vue au lit, plaie du cuir chevelu, sous anticoagulant oral direct.",)),
        Section(
            "Prise en charge",
            (
                (
                    f"Arrivée à {chance.randrange(18, 23)} h 40. Glasgow 15, pas de déficit. Scanner cérébral sans "
                    "injection : pas de "
                    "saignement intracrânien. Suture de trois points simples, vaccination antitétanique à jour."
                ),
            ),
        ),
        Section(
            "Retour en EHPAD",
            items=(
                "Surveillance neurologique toutes les quatre heures pendant 24 heures",
                "Ablation des fils à J8 par l'infirmière de la résidence",
                "Reprise de l'anticoagulant à la prochaine prise prévue",
            ),
        ),
    )


def _prescription(chance: Chance, usager: Usager) -> Sections:
    return (
        treatment(chance),
        Section(
            "Précisions",
            ("Traitement pour 28 jours, à renouveler deux fois. Préparation des doses à administrer par l'officine.",),
        ),
    )


def _summary(chance: Chance, usager: Usager) -> Sections:
    return (
        Section(
            "Pathologies en cours",
            items=(
                "Hypertension artérielle",
                "Trouble neurocognitif majeur d'intensité modérée",
                "Arthrose des genoux",
                "Carence en vitamine D substituée",
            ),
        ),
        Section(
            "Allergies et intolérances",
            ("Pénicilline : éruption en 1987, jamais réévaluée. Pas d'allergie alimentaire.",),
        ),
        treatment(chance),
        Section(
            "Points de vigilance",
            items=(
                f"Poids {chance.randrange(48, 76)} kg, stable sur trois mois",
                "Directives anticipées recueillies, au dossier",
                "Risque de fausse route aux liquides : eau gélifiée",
            ),
        ),
    )


_WORDS: dict[str, Writer] = {
    BIOLOGY.code: _biology,
    IMAGING.code: _imaging,
    DISCHARGE.code: _stay,
    HOSPITAL.code: _stay,
    EMERGENCY.code: _emergency,
    TRANSFER.code: _emergency,
    PRESCRIPTION.code: _prescription,
    SUMMARY.code: _summary,
    CARE_PLAN.code: geriatrics,
}


def paper(kind: Kind, usager: Usager, author: Correspondent, act: datetime, serial: int) -> Paper:
    """A document of that type about a usager; the same serial always says the same."""
    chance = random.Random(serial)  # noqa: S311  # varied wording, no secret
    if kind is CONSULTATION:
        words: Writer = BY_SPECIALITY.get(author.speciality, geriatrics)
        title = TITLES.get(author.speciality, f"Compte rendu de consultation, {author.speciality.lower()}")
    else:
        words, title = _WORDS[kind.code], kind.label
    salute = Section("", ("Cher confrère, chère consœur,",)) if author.family else Section("", ())
    sections = words(chance, usager)
    return Paper(kind, title, usager, author, act, (salute, *sections) if salute.paragraphs else sections, serial)
