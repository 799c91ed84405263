"""The document types met in medico-social work: labels of the code system, by code (documents.md).

These are the nomenclature's own words, data like the codes beside them: producers' displayNames are free text.
"""

from __future__ import annotations

TYPE_LABELS: dict[str, str] = {
    "28653-4": "Document du secteur social ou médico-social",
    "34842-5": "Grille d'évaluation",
    "80788-3": "Projet personnalisé",
    "18776-5": "Plan personnalisé de soins",
    "83981-1": "Lettre de liaison à la sortie d'une structure MS",
    "88348-8": "Lettre de liaison à l'entrée en structure MS",
    "11490-0": "Lettre de liaison à la sortie d'un établissement de soins",
    "18761-7": "Lettre de liaison à l'entrée en établissement de soins",
    "74207-2": "Document de liaison d'urgence",
    "78341-5": "Fiche de transfert vers les urgences",
    "60280-5": "Fiche de retour des urgences",
    "15507-7": "Compte rendu de passage aux urgences",
    "34112-3": "Compte rendu hospitalier",
    "34133-9": "Synthèse d'épisode",
    "60591-5": "Synthèse médicale",
    "11488-4": "Compte rendu de consultation",
    "11502-2": "Compte rendu de biologie",
    "18748-4": "Compte rendu d'imagerie",
    "60568-3": "Compte rendu d'anatomopathologie",
    "57833-6": "Prescription de médicaments",
    "60593-1": "Dispensation de médicaments",
    "89601-9": "Certificat",
}
CLASS_LABELS: dict[str, str] = {
    "10": "Compte rendu",
    "11": "Synthèse",
    "31": "Imagerie",
    "42": "Prescription",
    "43": "Dispensation",
    "44": "Plan de soins",
    "52": "Certificat",
    "90": "Document du patient",
    "95": "Gestion",
}
CLASS_OF: dict[str, str] = {
    **dict.fromkeys(("34133-9", "60591-5"), "11"),
    "18748-4": "31",
    "57833-6": "42",
    "60593-1": "43",
    **dict.fromkeys(("80788-3", "18776-5"), "44"),
    "89601-9": "52",
}
"""The class of a type where it is not a "compte rendu"."""


def label_of(type_code: str, said: str = "", class_code: str = "") -> str:
    """The label of a document type; what the producer said, or its class, for a code we do not know."""
    known = TYPE_LABELS.get(type_code.strip())
    return known or " ".join(said.split()) or CLASS_LABELS.get(class_code.strip(), "")
