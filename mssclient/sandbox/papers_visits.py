"""What the sample reports of consultations say, one writer a speciality."""

from __future__ import annotations

import random
from collections.abc import Callable

from mssclient.domain.identity import Usager
from mssclient.sandbox.papers import Section

Chance = random.Random
Sections = tuple[Section, ...]
Writer = Callable[[random.Random, Usager], tuple[Section, ...]]


def treatment(chance: Chance) -> Section:
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


def _cardiology(chance: Chance, usager: Usager) -> Sections:
    rhythm = chance.choice(("en fibrillation atriale permanente, bien ralentie", "en rythme sinusal régulier"))
    systolic, fraction = chance.randrange(118, 156, 2), chance.randrange(45, 62)
    return (
        Section(
            "Motif",
            (
                (
                    "Consultation de suivi à la demande de l'équipe de l'EHPAD, pour un essoufflement modéré à la "
                    "marche "
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
                    f"Pression artérielle {systolic}/{systolic // 2 + 8} mmHg, fréquence cardiaque "
                    f"{chance.randrange(62, 84)} par "
                    f"minute, saturation {chance.randrange(93, 98)} % en air ambiant. Le cœur est {rhythm}. Souffle "
                    "systolique "
                    "d'intensité 2/6 au foyer aortique. Discrets œdèmes des membres inférieurs, mollets souples, pas "
                    "de "
                    "crépitants."
                ),
            ),
        ),
        Section(
            "Échocardiographie",
            (
                (
                    f"Ventricule gauche non dilaté, fraction d'éjection estimée à {fraction} %. Rétrécissement "
                    "aortique peu "
                    f"serré (surface 1,{chance.randrange(3, 8)} cm²). Pressions pulmonaires à "
                    f"{chance.randrange(32, 44)} mmHg. Péricarde sec."
                ),
            ),
        ),
        treatment(chance),
        Section(
            "Conclusion",
            (
                (
                    "L'état cardiologique est stable. Je propose d'augmenter le furosémide à un comprimé le matin "
                    "pendant cinq "
                    "jours, avec surveillance du poids tous les deux jours et un ionogramme à J7. Merci de me "
                    "recontacter si le "
                    "poids augmente de plus de 2 kg. Prochaine consultation dans six mois."
                ),
            ),
        ),
    )


def _neurology(chance: Chance, usager: Usager) -> Sections:
    score = chance.randrange(14, 24)
    return (
        Section(
            "Histoire de la maladie",
            (
                (
                    "Les troubles de la mémoire évoluent depuis quatre ans environ. La famille décrit une "
                    "désorientation dans le "
                    "temps plus nette depuis l'été, sans trouble du comportement diurne. Le sommeil est fragmenté, "
                    "avec des "
                    "déambulations en fin de nuit."
                ),
            ),
        ),
        Section(
            "Examen",
            (
                (
                    f"MMSE à {score}/30 (contre {score + 2}/30 il y a un an). Marche possible avec un déambulateur, "
                    "petits pas, "
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
                    "Pas d'indication à un traitement symptomatique. Je recommande de poursuivre les ateliers et "
                    "l'orthophonie, "
                    "d'éviter les benzodiazépines et de réévaluer la prescription d'hydroxyzine."
                ),
            ),
        ),
    )


def geriatrics(chance: Chance, usager: Usager) -> Sections:
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
                (
                    "Syndrome gériatrique associant troubles neurocognitifs modérés, dénutrition débutante "
                    "et risque de chute."
                ),
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


def _dermatology(chance: Chance, usager: Usager) -> Sections:
    width = chance.randrange(6, 14)
    return (
        Section(
            "Téléexpertise",
            ("Avis rendu sur photographies transmises par l'équipe soignante, sans examen direct.",),
        ),
        Section(
            "Description",
            (
                (
                    f"Lésion du cuir chevelu de {width} mm, érythémato-squameuse, rugueuse, sans ulcération ni "
                    "bourrelet. Peau environnante photo-altérée."
                ),
            ),
        ),
        Section(
            "Avis",
            ("Aspect en faveur d'une kératose actinique. Cryothérapie proposée lors de ma venue à la résidence.",),
            ("Photoprotection du cuir chevelu", "Nouvelle photographie dans six semaines, sur le même repère"),
        ),
    )


def _orthopaedics(chance: Chance, usager: Usager) -> Sections:
    return (
        Section(
            "Consultation de contrôle",
            (
                (
                    f"Contrôle à {chance.randrange(3, 8)} semaines d'une fracture du poignet traitée par manchette. "
                    "Pas de douleur au repos, mobilité des doigts complète, pas de trouble vasculo-nerveux."
                ),
            ),
        ),
        Section("Radiographies", ("Pas de déplacement secondaire. Cal osseux visible sur le profil.",)),
        Section(
            "Suite",
            ("Ablation de la manchette dans dix jours, puis rééducation douce.",),
            ("Dix séances de kinésithérapie", "Paracétamol si douleur, pas d'anti-inflammatoire"),
        ),
    )


BY_SPECIALITY: dict[str, Writer] = {
    "Cardiologie": _cardiology,
    "Neurologie": _neurology,
    "Gériatrie": geriatrics,
    "Dermatologie": _dermatology,
    "Chirurgie orthopédique": _orthopaedics,
}
TITLES = {
    "Cardiologie": "Compte rendu de consultation de cardiologie",
    "Neurologie": "Compte rendu de consultation de neurologie",
    "Gériatrie": "Évaluation gériatrique en hôpital de jour",
}
