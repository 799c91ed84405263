"""`mssclient annuaire`: the local Annuaire at a terminal: import, status, search, and publishing it for workstations.

Works beside an open window, on the same numbered generations. Answers go to the standard output, progress and sentences
to the error output. Exit codes: 0 done, 1 not reachable or not now, 2 refused or unusable, 3 a person has to confirm a
shrunken file, 130 interrupted.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mssclient.domain.directory_criteria import Criteria
from mssclient.domain.directory_words import folded
from mssclient.domain.entry import DirectoryEntry
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Cancelled, MssError, Offline, StoreReason, StoreTrouble
from mssclient.domain.extraction import Shrunken, bounded_lines
from mssclient.engine.directory_intake import Intake
from mssclient.remote import annuaire
from mssclient.stage import annuaire_words as words
from mssclient.store.directory import DirectoryStore
from mssclient.store.directory_files import Incoming
from mssclient.store.directory_publish import PublicationFolder

DONE, LATER, REFUSED, CONFIRM, INTERRUPTED = 0, 1, 2, 3, 130


def copy_of(home: Path) -> Path:
    """The family of files that the program of this home searches."""
    return home / "directory" / "annuaire.sqlite"


class Meter:
    """How far it is, on the error output: a line that rewrites itself on a terminal, one each ten percent elsewhere."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._last = ("", -1)

    def __call__(self, what: str, done: int, total: int) -> None:
        percent = min(100, done * 100 // total) if total else 0
        step = percent if self._live else percent // 10 * 10
        if (what, step) == self._last:
            return
        self._last = (what, step)
        name = {
            "fetch": "Téléchargement",
            "load": "Indexation",
            "publish": "Publication",
            "reconcile": "Rapprochement",
        }[what]
        end = "\r" if self._live else "\n"
        print(f"{name}\u00a0: {step}\u00a0%   ", end=end, file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leave the line that was rewritten."""
        if self._live and self._last[0]:
            print(file=sys.stderr)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C asks politely: what is under way is given up whole."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield asked.is_set
    finally:
        signal.signal(signal.SIGINT, before)


def guarded(work: Callable[[Callable[[], bool]], int], kept: str = "") -> int:
    """Run one command; its failure becomes a sentence and an exit code, and `kept` says what was left as it was."""
    with interruptible() as cancelled:
        try:
            return work(cancelled)
        except Cancelled:
            say(f"Interrompu. {kept}")
            return INTERRUPTED
        except (MssError, OSError) as error:
            say(f"{words.failure(error)} {kept}".rstrip())
            return code_of(error)


def code_of(error: MssError | OSError) -> int:
    """The exit code of a failure."""
    match error:
        case Shrunken():
            return CONFIRM
        case Offline() | StoreTrouble(reason=StoreReason.LOCKED):
            return LATER
        case _:
            return REFUSED


def say(sentence: str) -> None:
    """One sentence for the person, beside the answers."""
    print(sentence, file=sys.stderr)


def take(home: Path, environment: Callable[[], Environment], source: str, *, confirmed: bool) -> int:
    """Import a file, an address or a published folder; without one, whatever the environment names."""

    def work(cancelled: Callable[[], bool]) -> int:
        chosen = _environment_of(source, environment)
        location = source or chosen.directory
        if not location:
            say("L’environnement ne nomme aucune source de l’Annuaire\u00a0: indiquez un fichier ou une adresse.")
            return REFUSED
        if "://" in location and not location.startswith("https://"):
            say("Seules les adresses https:// sont admises.")
            return REFUSED
        meter = Meter()
        store = DirectoryStore(copy_of(home))
        try:
            intake = Intake(chosen, store, copy_of(home).parent, meter, cancelled, confirmed=confirmed)
            result = intake.take(location, _now().isoformat())
            if not source:
                intake.white_list()
        finally:
            meter.close()
            store.close()
        if result is None:
            say("La copie est déjà à jour.")
            return DONE
        say(
            f"{words.number(result.entries)} lignes en place\u00a0; {words.number(result.arrived)} arrivées, "
            f"{words.number(result.vanished)} parties, {words.number(result.skipped)} inutilisables."
        )
        return DONE

    return guarded(work, words.KEPT)


def status(home: Path, *, as_json: bool) -> int:
    """Age and size of the copy; 2 when there is none."""

    def work(_cancelled: Callable[[], bool]) -> int:
        store = DirectoryStore(copy_of(home))
        try:
            found, held, busy = store.status(), store.held(), store.is_loading_elsewhere()
            dated = store.white_list_date()
        finally:
            store.close()
        if as_json:
            _print_json({
                "entries": found.entries, "extracted": found.extracted, "loaded_at": found.loaded_at,
                "age_days": _age_days(found.extracted), "loading": busy, "series": held.series, "number": held.number,
                "mark": held.mark, "white_list": {"domains": found.white_list_domains, "generated": dated},
            })  # fmt: skip
        elif found.entries:
            dates = words.dates(found.extracted, found.loaded_at, _now())
            print(f"{words.number(found.entries)} lignes, {dates}.")
            print(
                f"Liste blanche\u00a0: {words.number(found.white_list_domains)} domaines ({dated or 'jamais reçue'})."
            )
            if held.series:
                print(f"Reçue de la publication de l’établissement, numéro {held.number}.")
        if busy:
            say("Un chargement est en cours.")
        if not found.entries:
            say("Aucune copie de l’Annuaire sur ce poste.")
        return DONE if found.entries else REFUSED

    return guarded(work)


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as the command line took it."""

    text: str
    limit: int
    kind: str
    near: str
    criteria: Criteria
    as_json: bool


def search(home: Path, asked: Asked) -> int:
    """The best answers, best first; 2 without a copy."""

    def work(_cancelled: Callable[[], bool]) -> int:
        if not folded(asked.text) and not asked.criteria:
            say("Que faut-il chercher\u00a0? Indiquez un texte ou au moins un critère.")
            return REFUSED
        store = DirectoryStore(copy_of(home))
        try:
            known = store.status().entries
            found = store.search(asked.text, asked.limit, asked.kind, asked.near, criteria=asked.criteria)
        finally:
            store.close()
        if asked.as_json:
            _print_json([answer(entry) for entry in found])
        elif found:
            print("\n".join(map(_printable, map(words.lines_of, found))))
        if not known:
            say("Aucune copie de l’Annuaire sur ce poste\u00a0: mssclient annuaire import la charge.")
            return REFUSED
        if not found:
            say("Aucune réponse.")
        return DONE

    return guarded(work)


def answer(entry: DirectoryEntry) -> dict[str, Any]:
    """One answer as `search --json` gives it."""
    return {
        "address": entry.address,
        "kind": entry.kind.value,
        "person": {
            "id": entry.national_id, "name": entry.family, "given": entry.given, "profession": entry.profession,
            "specialty": entry.speciality,
        },
        "structure": {
            "id": entry.structure_id, "name": entry.structure, "town": entry.town, "post_code": entry.post_code,
        },
        "paperless": entry.paperless,
    }  # fmt: skip


def publish(
    home: Callable[[], Path],
    environment: Callable[[], Environment],
    folder: Path,
    source: str,
    *,
    days: int,
    confirmed: bool,
) -> int:
    """Publish an extraction for the workstations of the institution."""

    def work(cancelled: Callable[[], bool]) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        target, meter = PublicationFolder(folder), Meter()
        before = target.current()
        with _extraction(home, environment, source, before.extracted if before else "", meter, cancelled) as text:
            if text is None:
                say("La publication est déjà à jour.")
                return DONE
            done = target.publish(
                bounded_lines(text), lambda now, total: meter("publish", now, total), cancelled, extracted=text.stamp,
                published_at=_now().isoformat(timespec="seconds"), size_bytes=text.size_bytes, confirmed=confirmed,
                days=days,
            )  # fmt: skip
        meter.close()
        if not done.fresh:
            say(f"Rien n’a changé depuis la publication numéro {done.number}.")
            return DONE
        said = (
            f"Publication numéro {done.number}\u00a0: {words.number(done.entries)} lignes "
            f"({done.snapshot_bytes / 1e6:.1f} Mo)"
        )
        if done.delta_bytes:
            said += (
                f"\u202f; {words.number(done.arrived)} arrivées et {words.number(done.vanished)} parties depuis la "
                f"précédente ({done.delta_bytes / 1e3:.0f} ko)"
            )
        say(f"{said}.")
        return DONE

    return guarded(work, words.KEPT_PUBLICATION)


@contextmanager
def _extraction(
    home: Callable[[], Path],
    environment: Callable[[], Environment],
    source: str,
    known: str,
    meter: Meter,
    cancelled: Callable[[], bool],
) -> Iterator[annuaire.ExtractionText | None]:
    """The extraction to publish, from a file or over the line; None when the server still offers the `known` one."""
    if source and not source.startswith("https://"):
        with annuaire.extraction_stream(Path(source)) as text:
            yield text
        return
    chosen = environment()
    chosen = replace(chosen, directory=source or chosen.directory)
    fresh = annuaire.freshness(chosen)
    if fresh.stamp and fresh.stamp == known:
        yield None
        return
    incoming = Incoming(home() / "publication")
    with incoming.opened() as target:
        arrived = annuaire.download(chosen, target, lambda done, total: meter("fetch", done, total), cancelled)
        with annuaire.extraction_stream(target) as text:
            text.stamp = text.stamp or arrived.stamp
            yield text
    incoming.drop()


def _environment_of(source: str, environment: Callable[[], Environment]) -> Environment:
    """A file on the disk needs no environment, and must not fail for want of one."""
    if source and not source.startswith("https://"):
        return Environment("", "", "", "", "", "", "", "")
    return environment()


def _age_days(stamp: str) -> int | None:
    try:
        return (_now().date() - datetime.strptime(stamp, "%Y%m%d%H%M").astimezone().date()).days
    except ValueError:
        return None


def _now() -> datetime:
    return datetime.now(UTC)


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    print()


def _printable(text: str) -> str:
    """Foreign text without control and direction marks; our own line ends stay."""
    return "".join(c if c.isprintable() or c in "\n\u00a0\u202f" else "\ufffd" for c in text)
