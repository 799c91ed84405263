"""`mssclient annuaire reconcile`: a record system's correspondents beside the Annuaire, as a CSV for a person or a batch."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mssclient.domain.correspondents import SIZE_LIMIT, read
from mssclient.domain.errors import Unread, Unreadable
from mssclient.domain.reconcile import Verdict, totals
from mssclient.domain.reconcile_report import NOTES, OUTCOMES, result
from mssclient.engine.directory_reconcile import verdicts
from mssclient.stage import annuaire_words as words
from mssclient.stage.annuaire import DONE, REFUSED, Meter, copy_of, say
from mssclient.stage.annuaire import guarded as told
from mssclient.store.directory import DirectoryReader


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
    """Whole or not at all."""
    partial = target.with_name(f".{target.name}.part")
    try:
        with partial.open("wb") as file:
            file.write(result(found))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


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
