"""What sample documents say: clinical wording by document type, varied from a serial number."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime

from mssclient.domain.identity import Usager
from mssclient.sandbox.papers import Kind, Paper, Section
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

_Chance = random.Random
_Sections = tuple[Section, ...]
_Writer = Callable[[random.Random, Usager], tuple[Section, ...]]


def _treatment(chance: _Chance) -> Section:
    lines = (
        ("BISOPROLOL 2,5 mg", "1 comprimé", "matin"),
        ("RAMIPRIL 5 mg", "1 comprimé", "matin"),
        ("FUROSÉMIDE 40 mg", "½ comprimé", "matin"),
        ("APIXABAN 2,5 mg", "1 comprimé", "matin et soir"),
        ("PARACÉTAMOL 1 g", "1 comprimé", "si douleur, 3 par jour au plus"),
        ("MACROGOL 10 g", "1 sachet", "matin"),
        ("CHOLÉCALCIFÉROL 50 000 UI", "1 ampoule", "une fois par mois"),
        ("LÉVOTHYROXINE 75 µg", "1 comprimé", "à jeun"),
    )
    chosen = sorted(chance.sample(lines, 5))
    return Section("Traitement", table=(("Médicament", "Dose", "Prise"), *chosen))


def _cardiology(chance: _Chance, usager: Usager) -> _Sections:
    rhythm = chance.choice(("en fibrillation atriale permanente, bien ralentie", "en rythme sinusal régulier"))
    systolic, fraction = chance.randrange(118, 156, 2), chance.randrange(45, 62)
    return (
        Section(
            "Motif",
            (
                (
                    "Consultation de suivi à la demande de l'équipe de l'EHPAD, pour un essoufflement modéré à la marche "
                    "remarqué depuis trois semaines par les soignants."
                ),
            ),
        ),
        Section(
            "Antécédents",
            items=(
                "Hypertension artérielle traitée depuis 2004",
                "Fibrillation atriale connue depuis 2018, anticoagulée",
                "Insuffisance rénale chronique modérée (stade 3a)",
                "Fracture du col fémoral droit en 2022, prothèse intermédiaire",
            ),
        ),
        Section(
            "Examen clinique",
            (
                (
                    f"Pression artérielle {systolic}/{systolic // 2 + 8} mmHg, fréquence cardiaque {chance.randrange(62, 84)} par "
                    f"minute, saturation {chance.randrange(93, 98)} % en air ambiant. Le cœur est {rhythm}. Souffle systolique "
                    "d'intensité 2/6 au foyer aortique. Discrets œdèmes des membres inférieurs, mollets souples, pas de "
                    "crépitants."
                ),
            ),
        ),
        Section(
            "Échocardiographie",
            (
                (
                    f"Ventricule gauche non dilaté, fraction d'éjection estimée à {fraction} %. Rétrécissement aortique peu "
                    f"serré (surface 1,{chance.randrange(3, 8)} cm²). Pressions pulmonaires à "
                    f"{chance.randrange(32, 44)} mmHg. Péricarde sec."
                ),
            ),
        ),
        _treatment(chance),
        Section(
            "Conclusion",
            (
                (
                    "L'état cardiologique est stable. Je propose d'augmenter le furosémide à un comprimé le matin pendant cinq "
                    "jours, avec surveillance du poids tous les deux jours et un ionogramme à J7. Merci de me recontacter si le "
                    "poids augmente de plus de 2 kg. Prochaine consultation dans six mois."
                ),
            ),
        ),
    )


def _neurology(chance: _Chance, usager: Usager) -> _Sections:
    score = chance.randrange(14, 24)
    return (
        Section(
            "Histoire de la maladie",
            (
                (
                    "Les troubles de la mémoire évoluent depuis quatre ans environ. La famille décrit une désorientation dans le "
                    "temps plus nette depuis l'été, sans trouble du comportement diurne. Le sommeil est fragmenté, avec des "
                    "déambulations en fin de nuit."
                ),
            ),
        ),
        Section(
            "Examen",
            (
                (
                    f"MMSE à {score}/30 (contre {score + 2}/30 il y a un an). Marche possible avec un déambulateur, petits pas, "
                    "demi-tour décomposé. Pas de signe de localisation. Tremblement de repos absent."
                ),
            ),
            (
                "Autonomie : aide pour la toilette et l'habillage",
                "Alimentation : mange seul(e), texture hachée",
                "Chutes : deux en six mois, sans traumatisme crânien",
            ),
        ),
        Section(
            "Conduite à tenir",
            (
                (
                    "Pas d'indication à un traitement symptomatique. Je recommande de poursuivre les ateliers et l'orthophonie, "
                    "d'éviter les benzodiazépines et de réévaluer la prescription d'hydroxyzine."
                ),
            ),
        ),
    )


def _geriatrics(chance: _Chance, usager: Usager) -> _Sections:
    return (
        Section(
            "Évaluation gériatrique standardisée",
            ("Évaluation réalisée en hôpital de jour, en présence d'une aide-soignante de la résidence.",),
            table=(
                ("Domaine", "Outil", "Résultat"),
                ("Cognition", "MMSE", f"{chance.randrange(13, 27)}/30"),
                ("Humeur", "GDS-15", f"{chance.randrange(2, 8)}/15"),
                ("Nutrition", "MNA", f"{chance.randrange(17, 25)}/30"),
                ("Marche", "Timed up and go", f"{chance.randrange(14, 32)} s"),
                ("Autonomie", "ADL de Katz", f"{chance.randrange(2, 6)}/6"),
                ("Escarre", "Braden", f"{chance.randrange(12, 20)}/23"),
            ),
        ),
        Section(
            "Synthèse",
            (
                "Syndrome gériatrique associant troubles neurocognitifs modérés, dénutrition débutante et risque de chute.",
            ),
        ),
        Section(
            "Propositions",
            items=(
                "Enrichissement des repas et deux compléments nutritionnels oraux par jour, pesée hebdomadaire",
                "Kinésithérapie : travail de l'équilibre, trois séances par semaine",
                "Arrêt de l'oxazépam sur quatre semaines, par paliers",
                "Bilan bucco-dentaire à prévoir",
            ),
        ),
    )


def _value(chance: _Chance, low: float, high: float, step: float) -> tuple[str, bool]:
    value = round(chance.uniform(low - (high - low) * 0.3, high + (high - low) * 0.3) / step) * step
    shown = f"{value:.0f}" if step >= 1 else f"{value:.1f}".replace(".", ",")
    return shown, not low <= value <= high


def _biology(chance: _Chance, usager: Usager) -> _Sections:
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
                "Prélèvement veineux réalisé à la résidence par une infirmière, à jeun. Conditions préanalytiques conformes.",
            ),
        ),
        Section("Résultats", table=(("Analyse", "Résultat", "Unité", "Valeurs usuelles", "Antériorité"), *rows)),
        Section(
            "Commentaire",
            (
                (
                    "Les résultats hors des valeurs usuelles sont marqués d'une étoile. À interpréter selon le contexte clinique. "
                    "Clairance estimée selon CKD-EPI sous réserve du poids transmis."
                ),
            ),
        ),
    )


def _imaging(chance: _Chance, usager: Usager) -> _Sections:
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
                    f"Fracture métaphysaire distale du radius {side}, peu déplacée, à bascule postérieure modérée. Intégrité de "
                    "l'ulna. Déminéralisation osseuse diffuse. Au bassin, la prothèse intermédiaire est en place, sans signe de "
                    "descellement ; pas de trait de fracture décelable des branches ischio-pubiennes."
                ),
            ),
        ),
        Section(
            "Conclusion",
            (f"Fracture peu déplacée de l'extrémité distale du radius {side}. Avis orthopédique souhaitable.",),
        ),
    )


def _stay(chance: _Chance, usager: Usager) -> _Sections:
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
                    f"Séjour de {days} jours. À l'entrée, température 38,9 °C, saturation 90 % sous 2 litres d'oxygène, foyer de "
                    "crépitants à la base droite. La radiographie confirme une pneumopathie lobaire inférieure droite. "
                    "Antibiothérapie par amoxicilline et acide clavulanique pendant sept jours, apyrexie obtenue à 48 heures, "
                    "sevrage en oxygène à J4."
                ),
                (
                    "Une confusion aiguë est apparue la deuxième nuit, résolutive sans traitement sédatif. Les anticoagulants ont "
                    "été poursuivis. Un déconditionnement à la marche persiste à la sortie : aide d'une tierce personne pour "
                    "les transferts, déambulateur pour les petits trajets."
                ),
                (
                    "L'appétit reste médiocre malgré les compléments nutritionnels. La pression talonnière droite a été traitée "
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
        _treatment(chance),
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
                    "La personne et sa fille, personne de confiance, ont reçu une information sur le séjour et les traitements. "
                    "La présente lettre a été remise à la sortie."
                ),
            ),
        ),
    )


def _emergency(chance: _Chance, usager: Usager) -> _Sections:
    return (
        Section("Motif de recours", ("Chute non vue au lit, plaie du cuir chevelu, sous anticoagulant oral direct.",)),
        Section(
            "Prise en charge",
            (
                (
                    f"Arrivée à {chance.randrange(18, 23)} h 40. Glasgow 15, pas de déficit. Scanner cérébral sans injection : pas de "
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


def _prescription(chance: _Chance, usager: Usager) -> _Sections:
    return (
        _treatment(chance),
        Section(
            "Précisions",
            ("Traitement pour 28 jours, à renouveler deux fois. Préparation des doses à administrer par l'officine.",),
        ),
    )


def _summary(chance: _Chance, usager: Usager) -> _Sections:
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
        _treatment(chance),
        Section(
            "Points de vigilance",
            items=(
                f"Poids {chance.randrange(48, 76)} kg, stable sur trois mois",
                "Directives anticipées recueillies, au dossier",
                "Risque de fausse route aux liquides : eau gélifiée",
            ),
        ),
    )


_WORDS: dict[str, _Writer] = {
    BIOLOGY.code: _biology,
    IMAGING.code: _imaging,
    DISCHARGE.code: _stay,
    HOSPITAL.code: _stay,
    EMERGENCY.code: _emergency,
    TRANSFER.code: _emergency,
    PRESCRIPTION.code: _prescription,
    SUMMARY.code: _summary,
    CARE_PLAN.code: _geriatrics,
}
_SPECIALITIES: dict[str, _Writer] = {"Cardiologie": _cardiology, "Neurologie": _neurology, "Gériatrie": _geriatrics}
_TITLES = {
    "Cardiologie": "Compte rendu de consultation de cardiologie",
    "Neurologie": "Compte rendu de consultation de neurologie",
    "Gériatrie": "Évaluation gériatrique en hôpital de jour",
}


def paper(kind: Kind, usager: Usager, author: Correspondent, act: datetime, serial: int) -> Paper:
    """A document of that type about a usager; the same serial always says the same."""
    chance = random.Random(serial)  # noqa: S311  # varied wording, no secret
    if kind is CONSULTATION:
        words: _Writer = _SPECIALITIES.get(author.speciality, _geriatrics)
        title = _TITLES.get(author.speciality, f"Compte rendu de consultation, {author.speciality.lower()}")
    else:
        words, title = _WORDS[kind.code], kind.label
    salute = Section("", ("Cher confrère, chère consœur,",)) if author.family else Section("", ())
    sections = words(chance, usager)
    return Paper(kind, title, usager, author, act, (salute, *sections) if salute.paragraphs else sections, serial)
