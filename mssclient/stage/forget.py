"""Forgetting people at the shell, for an administrator: one of them by national id, or everybody of a home."""

from __future__ import annotations

import logging
import secrets
import sys
from pathlib import Path

from PySide6.QtCore import QLockFile

from mssclient.domain.errors import StoreTrouble
from mssclient.engine.house import Speaker, utc_now
from mssclient.engine.persons import Persons
from mssclient.store.keys import folder_name

log = logging.getLogger(__name__)
YES = "oui"


def run(home: Path, national_id: str, *, everybody: bool, confirmed: bool) -> int:
    """0 when nothing of whom it is about is left, 1 when something is, 2 when it was not done, 3 while the program is
    open on this home. Asks on the terminal unless `confirmed`."""
    if bool(national_id) == everybody:
        print("Qui oublier\u00a0? Donnez un identifiant national, ou --all pour tout le monde.", file=sys.stderr)
        return 2
    if not home.is_dir():
        print("Rien à oublier\u00a0: ce dossier n’existe pas.")
        return 0
    alone = QLockFile(str(home / "mssclient.lock"))
    if not alone.tryLock(500):
        print("mssclient est ouvert pour ce dossier\u00a0: fermez-le d’abord.", file=sys.stderr)
        return 3
    try:
        return _forget(home, "" if everybody else folder_name(national_id), confirmed=confirmed)
    finally:
        alone.unlock()


def _forget(home: Path, wanted: str, *, confirmed: bool) -> int:
    persons = Persons(home, Speaker(lambda _event: None), utc_now, secrets.token_hex(12), file_allowed=True)
    there = {*persons.places.known(), *persons.places.doomed()}
    folders = sorted(there if not wanted else there & {wanted})
    if not folders:
        print("Rien à oublier\u00a0: ce poste ne garde rien de cette personne." if wanted else "Rien à oublier.")
        return 0
    if not confirmed and not _agreed(len(folders)):
        print("Rien n’a été effacé.", file=sys.stderr)
        return 2
    left = sum(not _gone(persons, folder) for folder in folders)
    persons.stop()
    persons.join()
    if left:
        print("Tout n’a pas pu être effacé\u00a0: le trousseau est verrouillé, ou un fichier est tenu ouvert. Ce qui reste le "
              "sera à la prochaine ouverture de mssclient.", file=sys.stderr)  # fmt: skip
        return 1
    print("Oublié\u00a0: messages, brouillons, envois en attente, journaux et clé ne sont plus sur ce poste.")
    return 0


def _gone(persons: Persons, folder: str) -> bool:
    try:
        reached = persons.forget_folder(folder)
    except StoreTrouble as trouble:
        log.info("not forgotten: %s", trouble.reason.value)
        return False
    if not reached:
        print(
            "Aucun trousseau n’est joignable d’ici\u00a0: une clé qui y resterait n’ouvre plus rien.", file=sys.stderr
        )
    return True


def _agreed(count: int) -> bool:
    """Whether the administrator says yes; nobody is asked where nobody can answer."""
    if not sys.stdin.isatty():
        print("Sans terminal pour confirmer, ajoutez --yes.", file=sys.stderr)
        return False
    whom = "cette personne" if count == 1 else f"{count} personnes"
    lost = "Brouillons et envois en attente seront perdus\u202f; les messages restent chez l’opérateur."
    print(f"Tout ce que ce poste garde de {whom} sera effacé. {lost}")
    return input(f"Tapez «\u00a0{YES}\u00a0» pour effacer\u00a0: ").strip().lower() == YES
