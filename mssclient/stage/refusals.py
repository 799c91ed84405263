"""Why the program does not start, and what to do about it, as sentences for a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

from mssclient import app
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Untrusted
from mssclient.domain.machine import EnvironmentTrouble, Machine, Trouble
from mssclient.store import binding

_SYSTEM_WORDS = {
    "No such file or directory": "fichier introuvable",
    "Permission denied": "accès refusé",
    "Is a directory": "c’est un dossier",
    "Not a directory": "ce n’est pas un dossier",
}


def settings(trouble: EnvironmentTrouble) -> str:
    """What is wrong with an environment file, the administrator's settings, or what was asked beside them."""
    told = _settings(trouble)
    for english, french in _SYSTEM_WORDS.items():
        told = told.replace(english, french)
    return told


def _settings(trouble: EnvironmentTrouble) -> str:
    match trouble.why:
        case Trouble.ENVIRONMENT:
            return f"Environnement illisible : {trouble}"
        case Trouble.MACHINE:
            return f"Réglages du poste illisibles : {trouble}. L’administrateur doit corriger ce fichier."
        case Trouble.NOT_ADMINISTRATORS:
            return (
                f"Réglages du poste refusés : {trouble} peut être écrit par quelqu’un d’autre qu’un administrateur. "
                "Le fichier et son dossier doivent lui appartenir, et n’être modifiables que par lui."
            )
        case Trouble.OTHER_ENVIRONMENT:
            return (
                f"L’administrateur de ce poste a fixé l’environnement ({trouble}) : ne donnez ni --environment ni "
                "MSSCLIENT_ENVIRONMENT."
            )
        case Trouble.OTHER_HOME:
            return (
                f"L’administrateur de ce poste a fixé le dossier du programme ({trouble}) : ne donnez ni --home ni "
                "MSSCLIENT_HOME."
            )
        case _:
            assert_never(trouble.why)


def other_environment(home: Path, environment: Environment, error: Untrusted) -> str:
    """The home is another environment's."""
    if not error.subject:
        return (
            f"Le fichier {binding.FILE} du dossier {home} est abîmé : on ne sait pas à quel environnement sont ses "
            f"données. Rien n’a été ouvert. Donnez un autre dossier par --home, ou prévenez votre service informatique."
        )
    if error.subject == environment.name:
        return (
            f"Le dossier {home} a servi à un autre environnement du nom de « {error.subject} », avec un autre Pro Santé "
            "Connect ou un autre relais. Rien n’a été ouvert. Donnez un autre dossier par --home."
        )
    return (
        f"Le dossier {home} appartient à l’environnement « {error.subject} » et ne peut pas servir à "
        f"« {environment.name} » : courrier et brouillons ne se mélangent pas. Rien n’a été ouvert. Donnez un autre "
        "dossier par --home, ou l’environnement de ce dossier par --environment."
    )


def no_home(home: Path, error: OSError) -> str:
    """The home cannot be used at all."""
    if home.exists() and not home.is_dir():
        return f"{home} est un fichier, et non un dossier : donnez un dossier par --home."
    place = Path(str(error.filename)) if error.filename else home
    return f"Le dossier du programme ne peut pas être utilisé : {place} ({error.strerror})."


def no_folder(folder: Path, error: OSError) -> str:
    """A folder that a command writes to cannot be used."""
    if folder.exists() and not folder.is_dir():
        return f"{folder} est un fichier, et non un dossier."
    return f"Le dossier {folder} ne peut pas être utilisé ({error.strerror})."


def machine(found: Machine) -> str:
    """What an administrator fixed."""
    if not found.path:
        return "aucun, chacun choisit"
    told = [f"environnement {found.environment}"] if found.environment else []
    told += [f"dossier {found.home}"] if found.home else []
    told += sorted({*(f"policy.{key}" for key in found.policy), *(f"filing.{key}" for key in found.filing)})
    told += [f"{name} verrouillé" for name in sorted(found.locked)]
    return f"{found.path} ({', '.join(told) or 'vide'})"


def start(given_environment: str | None, given_home: str | None) -> tuple[Environment, Path] | str:
    """What the window starts with, or the sentence that says why it does not. Nothing is opened or made."""
    try:
        found = app.machine_settings()
        environment = app.load_environment(given_environment, found)
        home = app.home_of(given_home, environment, found)
    except EnvironmentTrouble as trouble:
        return settings(trouble)
    try:
        binding.check(home, environment)
    except Untrusted as error:
        return other_environment(home, environment, error)
    except OSError as error:
        return no_home(home, error)
    return environment, home
