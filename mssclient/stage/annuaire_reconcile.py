"""`mssclient annuaire reconcile`: a record system's correspondents beside the Annuaire, as a CSV for a person or a batch."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mssclient.domain.correspondents import SIZE_LIMIT, guarded, read
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.reconcile import Match, Note, Outcome, Reason, Verdict, totals
from mssclient.engine.directory_reconcile import verdicts
from mssclient.stage import annuaire_words as words
from mssclient.stage.annuaire import DONE, REFUSED, Meter, copy_of, say
from mssclient.stage.annuaire import guarded as told
from mssclient.store.directory import DirectoryReader

HEADING = (
    "ligne", "resultat", "certain", "score", "rpps_base", "nom_base", "prenom_base", "ville_base", "adresse_base",
    "adresse_annuaire", "identifiant_annuaire", "nom_annuaire", "prenom_annuaire", "profession_annuaire",
    "specialite_annuaire", "structure_annuaire", "code_postal_annuaire", "ville_annuaire", "type_bal", "explication",
    "autres_adresses", "remarques",
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
class Asked:
    """What the command line took."""

    source: Path
    target: Path


def reconcile(home: Path, asked: Asked) -> int:
    """Write the result beside; 2 for a list that cannot be read or without a copy of the Annuaire."""

    def work(cancelled: Callable[[], bool]) -> int:
        with asked.source.open("rb") as file:
            base = read(file.read(SIZE_LIMIT + 1))
        if not base:
            raise Unreadable(Unread.EMPTY, "csv")
        meter, reader = Meter(), DirectoryReader(copy_of(home))
        try:
            if not reader.status().entries:
                say("Aucune copie de l’Annuaire sur ce poste\u00a0: mssclient annuaire import la charge.")
                return REFUSED
            found = list(verdicts(reader, base, lambda done, total: meter("reconcile", done, total), cancelled))
        finally:
            reader.close()
            meter.close()
        _write(asked.target, found)
        _sum_up(found)
        return DONE

    return told(work)


def _write(target: Path, found: Iterable[Verdict]) -> None:
    """Whole or not at all. `;`, a BOM and CRLF: a French spreadsheet opens it with a double click."""
    partial = target.with_name(f".{target.name}.part")
    try:
        with partial.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow(HEADING)
            writer.writerows([guarded(cell) for cell in row_of(verdict)] for verdict in found)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def row_of(verdict: Verdict) -> tuple[str, ...]:
    """One line of the result, before it is guarded against spreadsheets."""
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


def _sum_up(found: list[Verdict]) -> None:
    count = totals(found)
    said = [
        f"{words.number(count[outcome.value])} {name}" for outcome, name in OUTCOMES.items() if count[outcome.value]
    ]
    noted = [f"{words.number(count[note.value])} {name}" for note, name in NOTES.items() if count[note.value]]
    print(f"{words.number(len(found))} correspondants\u00a0: {', '.join(said)}.", file=sys.stderr)
    print(f"{words.number(count['certain'])} peuvent être acceptés sans relecture.", file=sys.stderr)
    if noted:
        print(f"Dans la base\u00a0: {', '.join(noted)}.", file=sys.stderr)
