"""Health documents in French: what is odd, why one is refused, what kind it is. QtCore only: `inspect` uses it."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from mssclient.domain.documents import Warn
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.type_codes import label_of

CONTEXT = "documents"

_WARNINGS: dict[str, object] = {
    "dangerous": QT_TRANSLATE_NOOP("documents", "Pièce jointe dangereuse (programme, script ou page active) : {}"),
    "deletion": QT_TRANSLATE_NOOP(
        "documents", "L’expéditeur demande la suppression de ce document ; rien n’est supprimé sans votre décision : {}"
    ),
    "hash": QT_TRANSLATE_NOOP("documents", "L’empreinte annoncée n’est pas celle du document : {}"),
    "id-mismatch": QT_TRANSLATE_NOOP(
        "documents", "L’archive et le document ne portent pas le même identifiant de document : {}"
    ),
    "ins-only-in-cda": QT_TRANSLATE_NOOP(
        "documents", "L’INS figure dans le document mais pas dans l’archive, identité à vérifier : {}"
    ),
    "key": QT_TRANSLATE_NOOP("documents", "La clé du matricule INS est fausse ; pas de classement automatique : {}"),
    "metadata": QT_TRANSLATE_NOOP("documents", "Un des METADATA.XML de l’archive est illisible : {}"),
    "no-document": QT_TRANSLATE_NOOP("documents", "L’archive ne décrit aucun document : {}"),
    "no-file": QT_TRANSLATE_NOOP("documents", "Un document annoncé manque dans l’archive : {}"),
    "no-ins": QT_TRANSLATE_NOOP("documents", "Aucun document de l’archive ne porte d’INS"),
    "no-patient-id": QT_TRANSLATE_NOOP("documents", "L’archive n’identifie pas l’usager : {}"),
    "no-uri": QT_TRANSLATE_NOOP("documents", "Document sans nom de fichier, retrouvé par son empreinte : {}"),
    "not-cda": QT_TRANSLATE_NOOP("documents", "Annoncé comme document structuré, mais n’est pas un CDA lisible : {}"),
    "packed-twice": QT_TRANSLATE_NOOP("documents", "L’archive était elle-même dans une archive : {}"),
    "patient-mismatch": QT_TRANSLATE_NOOP(
        "documents", "Le matricule INS de l’archive et celui du document diffèrent, identité à vérifier : {}"
    ),
    "plain-zip": QT_TRANSLATE_NOOP("documents", "Pas de dossier IHE_XDM dans cette archive : simple fichier ZIP"),
    "refused-damaged": QT_TRANSLATE_NOOP("documents", "Pièce jointe abîmée, contenu non lu : {}"),
    "refused-empty": QT_TRANSLATE_NOOP("documents", "Pièce jointe vide : {}"),
    "refused-forbidden": QT_TRANSLATE_NOOP("documents", "Pièce jointe refusée, elle contient un élément interdit : {}"),
    "refused-not-it": QT_TRANSLATE_NOOP("documents", "Pièce jointe qui n’est pas ce qu’elle annonce : {}"),
    "refused-too-big": QT_TRANSLATE_NOOP("documents", "Pièce jointe refusée, son contenu dépasse les limites : {}"),
    "replacement": QT_TRANSLATE_NOOP("documents", "Ce document annule et remplace une version précédente : {}"),
    "same-id": QT_TRANSLATE_NOOP("documents", "Deux documents différents portent le même identifiant : {}"),
    "several-usagers": QT_TRANSLATE_NOOP("documents", "Les documents concernent plusieurs usagers"),
    "size": QT_TRANSLATE_NOOP("documents", "La taille annoncée n’est pas celle du document : {}"),
    "traits-mismatch": QT_TRANSLATE_NOOP(
        "documents", "Les traits d’identité de l’archive et du document diffèrent, identité à vérifier : {}"
    ),
    "truncated": QT_TRANSLATE_NOOP("documents", "Message hors normes : une partie n’a pas été lue"),
    "twice": QT_TRANSLATE_NOOP("documents", "Document présent deux fois, compté une seule : {}"),
    "type-mismatch": QT_TRANSLATE_NOOP("documents", "L’archive et le document n’annoncent pas le même type : {}"),
    "unlisted": QT_TRANSLATE_NOOP("documents", "Document structuré que l’archive ne décrit pas : {}"),
    "uri": QT_TRANSLATE_NOOP("documents", "Nom de fichier inexact, document retrouvé par son empreinte : {}"),
}
_UNREADABLE: dict[Unread, object] = {
    Unread.NOT_IT: QT_TRANSLATE_NOOP("documents", "Ce fichier n’est pas ce qu’il annonce ; il n’a pas été lu."),
    Unread.DAMAGED: QT_TRANSLATE_NOOP("documents", "Ce fichier est abîmé ou incomplet ; il n’a pas été lu."),
    Unread.TOO_BIG: QT_TRANSLATE_NOOP("documents", "Ce fichier dépasse les limites admises ; il a été refusé."),
    Unread.FORBIDDEN: QT_TRANSLATE_NOOP("documents", "Ce fichier contient un élément interdit ; il a été refusé."),
    Unread.EMPTY: QT_TRANSLATE_NOOP("documents", "Ce fichier est vide."),
}


def codes() -> frozenset[str]:
    """Every code of `Warn` that has its words."""
    return frozenset(_WARNINGS)


def warning(warn: Warn) -> str:
    """One oddity in French; the technical detail, when there is one, ends the sentence."""
    words = _WARNINGS.get(warn.code, QT_TRANSLATE_NOOP("documents", "Particularité relevée : {}"))
    text = QCoreApplication.translate(CONTEXT, str(words))
    about = warn.about or ("" if warn.code in _WARNINGS else warn.code)
    return text.replace("{}", about) if about else text.removesuffix("{}").rstrip("\u00a0: ")


def unreadable(error: Unreadable) -> str:
    """Why a file is not read, in French."""
    return QCoreApplication.translate(CONTEXT, str(_UNREADABLE[error.reason]))


def type_label(code: str, said: str = "") -> str:
    """The label of a document type; what the producer said for a code we do not know, else one that says so."""
    return label_of(code, said) or QCoreApplication.translate(CONTEXT, "Document de type inconnu")
