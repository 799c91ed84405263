"""`mssclient doctor`: the state of the installation for support, without any content."""

from __future__ import annotations

import importlib.metadata
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
from mssclient.domain.errors import MssError
from mssclient.remote.tls import mail_context
from mssclient.remote.web import web_context

LEAST_FREE = 500 * 1024 * 1024
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


def examine(environment: str | None, home: str | None) -> list[Line]:
    """Every finding; nothing is changed, no network is used, no person or content is named."""
    place = app.home_of(home)
    return [
        Line("program", good=True, words=_tr("mssclient {}, Python {}, Qt {}, {}").format(
            __version__, platform.python_version(), qVersion(), sys.platform)),
        *_packages(),
        *_home(place),
        *_environment(environment),
        _keyring(),
        _reader(),
    ]  # fmt: skip


def _packages() -> list[Line]:
    found = []
    for name in PACKAGES:
        try:
            found.append(Line(f"package {name}", good=True, words=f"{name} {importlib.metadata.version(name)}"))
        except importlib.metadata.PackageNotFoundError:
            found.append(Line(f"package {name}", good=False, words=_tr("{} n’est pas installé").format(name)))
    return found


def _home(place: Path) -> list[Line]:
    there = place
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    words = _tr("Dossier {} : {} Mo libres").format(place, free // 1_048_576)
    stores = len(list((place / "persons").glob("*/mail*.sqlite"))) if (place / "persons").exists() else 0
    directory = any((place / "directory").glob("annuaire-*.sqlite"))
    return [
        Line("home", good=free > LEAST_FREE, words=words),
        Line("stores", good=True, words=_tr("Magasins de courrier sur ce poste : {}").format(stores)),
        Line("directory", good=True, words=_tr("Copie de l’Annuaire : présente") if directory
             else _tr("Copie de l’Annuaire : absente, elle sera chargée")),
    ]  # fmt: skip


def _environment(given: str | None) -> list[Line]:
    try:
        found = app.load_environment(given)
    except app.EnvironmentTrouble as trouble:
        return [Line("environment", good=False, words=_tr("Environnement illisible : {}").format(trouble))]
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


def _keyring() -> Line:
    try:
        keyring.get_password("mssclient", "doctor")
    except (KeyringError, RuntimeError):
        words = _tr("Trousseau du système : absent ; les magasins ne dureront que le temps du programme")
        return Line("keyring", good=False, words=words)
    return Line("keyring", good=True, words=_tr("Trousseau du système : présent"))


def _reader() -> Line:
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
