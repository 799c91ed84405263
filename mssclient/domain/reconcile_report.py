"""The result of a comparison with the Annuaire as a CSV, the same from the command line and from the window.

`;`, a BOM and CRLF: a French spreadsheet opens it with a double click. No cell is taken for a formula.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mssclient.domain.correspondents import guarded
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import MssError
from mssclient.domain.reconcile import Match, Note, Outcome, Reason, Verdict

HEADING = (
    "ligne", "resultat", "certain", "score", "rpps_base", "nom_base", "prenom_base", "ville_base", "adresse_base",
    "adresse_annuaire", "identifiant_annuaire", "nom_annuaire", "prenom_annuaire", "profession_annuaire",
    "specialite_annuaire", "structure_annuaire", "code_postal_annuaire", "ville_annuaire", "type_bal", "explication",
    "autres_adresses", "remarques", "accepte",
)  # fmt: skip
OUTCOMES = {
    Outcome.SAME: "inchangé", Outcome.NEW: "nouveau", Outcome.CHANGED: "modifié", Outcome.VANISHED: "disparu",
    Outcome.AMBIGUOUS: "ambigu", Outcome.UNKNOWN: "introuvable",
}  # fmt: skip
REASONS = {
    Reason.NUMBER: "même numéro RPPS ou ADELI", Reason.OTHER_NAME: "ce numéro est celui d’une personne d’un autre nom",
    Reason.NUMBER_UNLISTED: "ce numéro n’a pas d’adresse dans l’Annuaire", Reason.FAMILY: "même nom",
    Reason.FAMILY_NEAR: "nom proche", Reason.GIVEN: "même prénom", Reason.GIVEN_NEAR: "prénom proche ou initiale",
    Reason.OTHER_GIVEN: "autre prénom", Reason.POST_CODE: "même code postal", Reason.TOWN: "même commune",
    Reason.DEPARTMENT: "même département", Reason.PROFESSION: "même profession ou spécialité",
    Reason.STRUCTURE: "même structure", Reason.ADDRESS: "adresse déjà connue",
    Reason.SEVERAL_PEOPLE: "plusieurs personnes conviennent", Reason.SEVERAL_BOXES: "plusieurs boîtes de la même personne",
    Reason.ADDRESS_OF_OTHER: "l’adresse connue est celle d’un autre correspondant",
}  # fmt: skip
NOTES = {
    Note.NO_NUMBER: "RPPS manquant", Note.RUINED_NUMBER: "RPPS arrondi par un tableur",
    Note.WRONG_NUMBER: "RPPS erroné (clé)", Note.TWICE_NUMBER: "RPPS en double", Note.TWICE_ADDRESS: "adresse en double",
    Note.TWICE_NAME: "nom en double",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A list that is being compared, as far as it is."""

    source: str
    """Name of the file."""
    total: int = 0
    """Lines to compare; 0 while the file is being read."""
    verdicts: tuple[Verdict, ...] = ()
    running: bool = True
    error: MssError | None = None
    """Why it ended early, or why the result was not written."""
    written: str = ""
    """Name of the result that was written last."""


def chosen(verdict: Verdict, address: str) -> Verdict:
    """The verdict with the match that a person took for the right one, if it is among those that were found."""
    matches = [match for match in (verdict.best, *verdict.others) if match is not None]
    taken = next((match for match in matches if match.entry.address == address), None)
    if taken is None or taken is verdict.best:
        return verdict
    return replace(verdict, best=taken, others=tuple(match for match in matches if match is not taken))


def result(verdicts: Iterable[Verdict], accepted: Mapping[int, str] | None = None) -> bytes:
    """The whole file. `accepted` holds, by place, the address that a person accepted; the last column stays empty
    where nobody was asked."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADING)
    for place, verdict in enumerate(verdicts):
        told = chosen(verdict, accepted.get(place, "")) if accepted is not None else verdict
        decision = "" if accepted is None else "oui" if accepted.get(place) else "non"
        writer.writerow([guarded(cell) for cell in (*row_of(told), decision)])
    return text.getvalue().encode("utf-8-sig")


def row_of(verdict: Verdict) -> tuple[str, ...]:
    """One line of the result but for its last column, before it is guarded against spreadsheets."""
    one, best = verdict.correspondent, verdict.best
    return (
        str(one.line), OUTCOMES[verdict.outcome], "oui" if verdict.certain else "non", str(best.score) if best else "",
        one.number, one.family or one.structure, one.given, one.town, one.address, *_entry(best),
        ", ".join(REASONS[reason] for reason in (*(best.reasons if best else ()), *verdict.reasons)),
        " | ".join(_other(match) for match in verdict.others), ", ".join(NOTES[note] for note in verdict.notes),
    )  # fmt: skip


def _entry(match: Match | None) -> tuple[str, ...]:
    if match is None:
        return ("",) * 10
    e: DirectoryEntry = match.entry
    return (e.address, e.national_id, e.family, e.given, e.profession, e.speciality, e.structure, e.post_code, e.town,
            e.kind.value)  # fmt: skip


def _other(match: Match) -> str:
    entry = match.entry
    return f"{entry.address} ({entry.name}, {entry.town}, {match.score})"
