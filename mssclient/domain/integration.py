"""What a receiver's software answers about a document it took in, or did not (mssante.md §6): codes and their labels."""

from __future__ import annotations

from mssclient.domain.worklist import AsideReason

PREFIX = "XDM/1.0/DDM+"
PROCESSED = "processed"
_LABELS = {
    AsideReason.OLD: "Version incorrecte du document",
    AsideReason.AUTHOR: "Auteur non habilité",
    AsideReason.UNKNOWN: "Patient inconnu",
    AsideReason.NO_INS: "INS absente du document",
    AsideReason.IDENTITY: "Incohérence entre INS et traits",
    AsideReason.TRAITS: "Traits d'identité incomplets",
    AsideReason.OTHER: "Autre motif",
}


def disposition(reason: AsideReason | None) -> str:
    """The type of the MDN's Disposition: "processed", or "processed/Error: <code>^<label>"."""
    return PROCESSED if reason is None else f"{PROCESSED}/Error: {reason.value}^{_LABELS[reason]}"


def subject(reason: AsideReason | None, shown: str) -> str:
    """The answer's subject, from the subject as the list shows it, without its prefix."""
    about = f"{PREFIX}{shown}"
    return about if reason is None else f"[KO Intégration système !][{reason.value}] {about}"
