"""`mssclient doctor`: the state of the installation for support, without any content."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keyring
from keyring.errors import KeyringError
from PySide6.QtCore import QCoreApplication, qVersion

from mssclient import __version__, app
from mssclient.card.reader import PcscReader
from mssclient.domain.environment import Environment, Policy
from mssclient.domain.errors import MssError, Untrusted
from mssclient.domain.machine import EnvironmentTrouble, Machine, Trouble
from mssclient.remote.tls import MailTrust, mail_context
from mssclient.remote.web import web_context
from mssclient.stage import refusals
from mssclient.store import binding

LEAST_FREE = 500 * 1024 * 1024
REVOCATION_FOLDER = "revocation"
"""Where the engine keeps lists of revoked certificates, in the home."""
PACKAGES = (
    "PySide6-Essentials",
    "imapclient",
    "aiosmtplib",
    "cryptography",
    "sqlcipher3",
    "keyring",
    "nh3",
    "pypdfium2",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One finding. `name` is stable, `words` is for the person."""

    name: str
    good: bool
    words: str


def _tr(text: str) -> str:
    return QCoreApplication.translate("doctor", text)


def examine(given_environment: str | None, given_home: str | None, machine: Machine | None = None) -> list[Line]:
    """Every finding; nothing is changed, no network is used, no person or content is named.

    `machine` None: this workstation's own settings.
    """
    told = [
        Line("program", good=True, words=_tr("mssclient {}, Python {}, Qt {}, {}").format(
            __version__, platform.python_version(), qVersion(), sys.platform)),
        *_packages(),
    ]  # fmt: skip
    environment: Environment | None = None
    home: Path | None = None
    try:
        machine = machine if machine is not None else app.machine_settings()
        told.append(Line("machine", good=True, words=_tr("Réglages du poste : {}").format(refusals.machine(machine))))
        environment = app.load_environment(given_environment, machine)
    except EnvironmentTrouble as trouble:
        told.append(_trouble(trouble))
    try:
        home = app.home_of(given_home, environment, machine if machine is not None else Machine())
    except EnvironmentTrouble as trouble:
        told.append(_trouble(trouble))
    if home is not None:
        told += [*_home(home), *([_binding(home, environment)] if environment else [])]
    if environment is not None:
        told += [*_environment(environment), *_revocation(environment, home)]
    return [*told, keyring_line(environment.policy if environment else Policy()), reader_line()]


def _trouble(trouble: EnvironmentTrouble) -> Line:
    of_machine = trouble.why in {Trouble.MACHINE, Trouble.NOT_ADMINISTRATORS}
    name = "machine" if of_machine else "home" if trouble.why is Trouble.OTHER_HOME else "environment"
    return Line(name, good=False, words=refusals.settings(trouble))


def _packages() -> list[Line]:
    found = []
    for name in PACKAGES:
        try:
            found.append(Line(f"package {name}", good=True, words=f"{name} {importlib.metadata.version(name)}"))
        except importlib.metadata.PackageNotFoundError:
            found.append(Line(f"package {name}", good=False, words=_tr("{} n’est pas installé").format(name)))
    return found


def _home(place: Path) -> list[Line]:
    if place.exists() and not place.is_dir():
        words = _tr("{} est un fichier, et non un dossier").format(place)
        return [Line("home", good=False, words=words)]
    there = place
    while not there.is_dir():
        there = there.parent
    free = shutil.disk_usage(there).free
    words = _tr("Dossier {} : {} Mo libres").format(place, free // 1_048_576)
    if not os.access(there, os.W_OK | os.X_OK):
        return [Line("home", good=False, words=_tr("Dossier {} : on ne peut pas y écrire").format(place))]
    stores = len(list((place / "persons").glob("*/mail*.sqlite"))) if (place / "persons").exists() else 0
    directory = any((place / "directory").glob("annuaire-*.sqlite"))
    return [
        Line("home", good=free > LEAST_FREE, words=words),
        Line("stores", good=True, words=_tr("Magasins de courrier sur ce poste : {}").format(stores)),
        Line("directory", good=True, words=_tr("Copie de l’Annuaire : présente") if directory
             else _tr("Copie de l’Annuaire : absente, elle sera chargée")),
    ]  # fmt: skip


def _binding(home: Path, environment: Environment) -> Line:
    try:
        found = binding.bound_to(home)
        binding.check(home, environment)
    except Untrusted as error:
        return Line("binding", good=False, words=refusals.other_environment(home, environment, error))
    except OSError as error:
        return Line("binding", good=False, words=refusals.no_home(home, error))
    if found is None:
        words = _tr("Le dossier n’appartient encore à aucun environnement")
    else:
        words = _tr("Le dossier appartient à l’environnement « {} »").format(found.name)
    return Line("binding", good=True, words=words)


def _environment(found: Environment) -> list[Line]:
    lines = [Line("environment", good=True, words=_tr("Environnement : {}").format(found.name))]
    for name, check, words in (
        ("mail anchors", mail_context, _tr("Autorités de la messagerie")),
        ("web anchors", web_context, _tr("Autorités des services web")),
    ):
        try:
            check(found)
            lines.append(Line(name, good=True, words=_tr("{} : installées").format(words)))
        except MssError as error:
            lines.append(Line(name, good=False, words=_tr("{} : {} manque ou ne convient pas").format(
                words, getattr(error, "subject", ""))))  # fmt: skip
    folder = Path(found.filing_folder) if found.filing_folder else None
    if folder is not None:
        good = folder.is_dir()
        words = _tr("Dossier d’export du DUI : présent") if good else _tr("Dossier d’export du DUI : introuvable")
        lines.append(Line("filing folder", good=good, words=words))
    return lines


def _revocation(environment: Environment, home: Path | None) -> list[Line]:
    """The lists that are kept; none is asked for."""
    try:
        kept = home / REVOCATION_FOLDER if home is not None else None
        state = MailTrust(environment, kept if kept is not None and kept.is_dir() else None).state()
    except MssError:
        return []  # the anchors are told already
    if state.policy == "off":
        return [Line("revocation", good=True, words=_tr("Révocation : non consultée, par la politique du poste"))]
    lines = []
    for each in state.lists:
        if each.this_update is None:
            words = _tr("Révocation, {} : aucune liste sur ce poste").format(each.authority)
        else:
            words = _tr("Révocation, {} : liste du {}, {} certificats révoqués").format(
                each.authority, f"{each.this_update:%d/%m/%Y}", each.count
            )
            if each.trouble is not None:
                words += _tr(" ; elle est périmée")
        good = each.trouble is None or state.policy != "required"
        lines.append(Line("revocation", good=good, words=words))
    return lines


def keyring_line(policy: Policy) -> Line:
    """Whether a key can be kept; none is read or made."""
    try:
        keyring.get_password("mssclient", "doctor")
    except (KeyringError, RuntimeError):
        if policy.keep_key_in_file:
            words = _tr("Trousseau du système : absent ; la clé des magasins est dans un fichier, par la politique")
            return Line("keyring", good=True, words=words)
        words = _tr("Trousseau du système : absent ; les magasins ne dureront que le temps du programme")
        return Line("keyring", good=False, words=words)
    return Line("keyring", good=True, words=_tr("Trousseau du système : présent"))


def reader_line() -> Line:
    """The card service and its reader; a card is not touched."""
    reader = PcscReader()
    try:
        status = reader.wait(None, 0.5)
    finally:
        reader.close()
    if not status.supported:
        return Line("card reader", good=True, words=_tr("Lecteur de carte : pas de service PC/SC ; e-CPS seulement"))
    words = _tr("Lecteur de carte : branché") if status.reader else _tr("Lecteur de carte : aucun n’est branché")
    return Line("card reader", good=True, words=words)


def as_text(lines: list[Line]) -> str:
    """For a terminal."""
    return "\n".join(f"{'ok ' if line.good else '!! '} {line.words}" for line in lines)


def as_json(lines: list[Line]) -> list[dict[str, Any]]:
    """For a support tool."""
    return [{"name": line.name, "good": line.good, "text": line.words} for line in lines]
