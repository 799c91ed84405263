"""What the comparison of a record system's base with the Annuaire found, in French."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from mssclient.domain.errors import MssError, Unread, Unreadable
from mssclient.domain.reconcile import Match, Note, Outcome, Reason, Verdict
from mssclient.ui import wording

translate = QCoreApplication.translate

_OUTCOMES = {
    Outcome.SAME: QT_TRANSLATE_NOOP("reconcile", "Inchangé"),
    Outcome.NEW: QT_TRANSLATE_NOOP("reconcile", "Nouveau"),
    Outcome.CHANGED: QT_TRANSLATE_NOOP("reconcile", "Modifié"),
    Outcome.VANISHED: QT_TRANSLATE_NOOP("reconcile", "Disparu"),
    Outcome.AMBIGUOUS: QT_TRANSLATE_NOOP("reconcile", "Ambigu"),
    Outcome.UNKNOWN: QT_TRANSLATE_NOOP("reconcile", "Introuvable"),
}
_REASONS = {
    Reason.NUMBER: QT_TRANSLATE_NOOP("reconcile", "même numéro RPPS ou ADELI"),
    Reason.OTHER_NAME: QT_TRANSLATE_NOOP("reconcile", "ce numéro est celui d’une personne d’un autre nom"),
    Reason.NUMBER_UNLISTED: QT_TRANSLATE_NOOP("reconcile", "ce numéro n’a pas d’adresse dans l’Annuaire"),
    Reason.FAMILY: QT_TRANSLATE_NOOP("reconcile", "même nom"),
    Reason.FAMILY_NEAR: QT_TRANSLATE_NOOP("reconcile", "nom proche"),
    Reason.GIVEN: QT_TRANSLATE_NOOP("reconcile", "même prénom"),
    Reason.GIVEN_NEAR: QT_TRANSLATE_NOOP("reconcile", "prénom proche ou initiale"),
    Reason.OTHER_GIVEN: QT_TRANSLATE_NOOP("reconcile", "autre prénom"),
    Reason.POST_CODE: QT_TRANSLATE_NOOP("reconcile", "même code postal"),
    Reason.TOWN: QT_TRANSLATE_NOOP("reconcile", "même commune"),
    Reason.DEPARTMENT: QT_TRANSLATE_NOOP("reconcile", "même département"),
    Reason.PROFESSION: QT_TRANSLATE_NOOP("reconcile", "même profession ou spécialité"),
    Reason.STRUCTURE: QT_TRANSLATE_NOOP("reconcile", "même structure"),
    Reason.ADDRESS: QT_TRANSLATE_NOOP("reconcile", "adresse déjà connue"),
    Reason.SEVERAL_PEOPLE: QT_TRANSLATE_NOOP("reconcile", "plusieurs personnes conviennent"),
    Reason.SEVERAL_BOXES: QT_TRANSLATE_NOOP("reconcile", "plusieurs boîtes de la même personne"),
    Reason.ADDRESS_OF_OTHER: QT_TRANSLATE_NOOP("reconcile", "l’adresse connue est celle d’un autre correspondant"),
}
_NOTES = {
    Note.NO_NUMBER: QT_TRANSLATE_NOOP("reconcile", "RPPS manquant"),
    Note.RUINED_NUMBER: QT_TRANSLATE_NOOP("reconcile", "RPPS arrondi par un tableur"),
    Note.WRONG_NUMBER: QT_TRANSLATE_NOOP("reconcile", "RPPS erroné"),
    Note.TWICE_NUMBER: QT_TRANSLATE_NOOP("reconcile", "RPPS en double"),
    Note.TWICE_ADDRESS: QT_TRANSLATE_NOOP("reconcile", "adresse en double"),
    Note.TWICE_NAME: QT_TRANSLATE_NOOP("reconcile", "nom en double"),
}


def outcome(found: Outcome) -> str:
    """What became of a correspondent, in a word."""
    return translate("reconcile", str(_OUTCOMES[found]))


def note(found: Note) -> str:
    """What is wrong with a line of the base."""
    return translate("reconcile", str(_NOTES[found]))


def why(verdict: Verdict, match: Match | None) -> str:
    """Why a match was found and why it is no more than that, and what is wrong with the line."""
    reasons = [
        translate("reconcile", str(_REASONS[one])) for one in (*(match.reasons if match else ()), *verdict.reasons)
    ]
    return ", ".join(dict.fromkeys([*reasons, *map(note, verdict.notes)]))


def name(verdict: Verdict) -> str:
    """The correspondent as the base has it."""
    one = verdict.correspondent
    person = " ".join(piece for piece in (one.given, one.family.upper()) if piece)
    return person or one.structure or one.address or one.number


def proposal(match: Match) -> str:
    """A match in one line, with what tells it apart from others."""
    entry = match.entry
    work = " · ".join(piece for piece in (entry.profession, entry.speciality) if piece)
    place = " ".join(piece for piece in (entry.post_code, entry.town) if piece)
    told = ", ".join(piece for piece in (entry.name, work, entry.structure, place, entry.address) if piece)
    return translate("reconcile", "{told} ({score} sur 100)").format(told=told, score=match.score)


def failure(error: MssError) -> str:
    """Why a comparison ended early or its result was not written."""
    if isinstance(error, Unreadable):
        if error.where == "directory":
            return translate("reconcile", "Il n’y a pas encore d’Annuaire sur ce poste : actualisez-le d’abord.")
        if error.where == "file":
            return translate("reconcile", "Ce fichier ne peut pas être ouvert.")
        return {
            Unread.NOT_IT: translate(
                "reconcile",
                "Ce fichier n’a ni colonne de nom, ni colonne de RPPS ou d’adresse : ce n’est pas le bon.",
            ),
            Unread.EMPTY: translate("reconcile", "Ce fichier est vide."),
            Unread.TOO_BIG: translate("reconcile", "Ce fichier est trop grand : 500 000 lignes ou 64 Mo au plus."),
        }.get(error.reason, translate("reconcile", "Ce fichier est abîmé."))
    sentence = wording.failure(error, "save")
    return f"{sentence.title}. {sentence.text}"
