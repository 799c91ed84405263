"""The program among the desktop's own: its menu entry, the `mssante:` link, "Envoyer par MSSanté" in the file manager.

Freedesktop entries on Linux (Desktop Entry 1.5, for every file manager that reads them, and KDE's, Cinnamon's and GNOME's
own menus), the classes of the registry on Windows. Only for this account unless everybody's were asked for.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mssclient.ui.theme import resource

if sys.platform == "win32":
    import winreg

TYPES = ("application/pdf", "text/xml", "application/xml", "application/zip")
_EVERYBODY = Path("/usr/local/share")
_ENDINGS = (".pdf", ".xml", ".zip")
_SEND = "Envoyer par MSSanté"
_RESERVED = set("\"`$\\ \t\n'><~|&;*?#()")
_PATIENCE_S = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One file to be laid, under a data folder of the desktop."""

    path: str
    text: str
    executable: bool = False
    for_everybody: bool = True
    """False for what only a home folder can hold."""


def program() -> tuple[str, ...]:
    """How this program is started: by its own name where it is installed, else by its interpreter."""
    beside = Path(sys.executable).with_name("mssclient.exe" if sys.platform == "win32" else "mssclient")
    if beside.is_file():
        return (str(beside),)
    found = shutil.which("mssclient")
    return (found,) if found else (sys.executable, "-m", "mssclient")


def entries(start: tuple[str, ...]) -> tuple[Entry, ...]:
    """What a Linux desktop is given."""
    line = " ".join(_quoted(piece) for piece in start)
    types, script = "".join(f"{each};" for each in TYPES), " ".join(_shell(piece) for piece in start)
    return (
        Entry("applications/mssclient.desktop", _APPLICATION.format(line=line)),
        Entry("applications/mssclient-envoyer.desktop", _OPEN_WITH.format(line=line, types=types, send=_SEND)),
        Entry("kio/servicemenus/mssclient.desktop", _SERVICE_MENU.format(line=line, types=types, send=_SEND), executable=True),
        Entry("nemo/actions/mssclient.nemo_action", _NEMO.format(line=line, types=types, send=_SEND)),
        Entry(f"nautilus/scripts/{_SEND}", _SCRIPT.format(line=script), executable=True, for_everybody=False),
        Entry("icons/hicolor/scalable/apps/mssclient.svg", resource("icons/application.svg").read_text("utf-8")),
    )  # fmt: skip


def keys(start: tuple[str, ...]) -> dict[str, str]:
    """What Windows is given, under `Software\\Classes`: key, and its default value."""
    line = subprocess.list2cmdline(start)
    found = {"mssante": "URL:Messagerie MSSanté", r"mssante\shell\open\command": f'{line} "%1"'}
    for ending in _ENDINGS:
        found[rf"SystemFileAssociations\{ending}\shell\mssclient"] = _SEND
        found[rf"SystemFileAssociations\{ending}\shell\mssclient\command"] = f'{line} compose "%1"'
    return found


def run(*, install: bool, everybody: bool, environment: Mapping[str, str] = os.environ) -> int:
    """0 when it is done, 1 when the place refuses, 2 on a system that has no such place."""
    if sys.platform == "win32":
        _registry(install=install, everybody=everybody)
    elif sys.platform.startswith("linux"):
        base = _EVERYBODY if everybody else _home(environment)
        try:
            for entry in entries(program()):
                if entry.for_everybody or not everybody:
                    _lay(base / entry.path, entry) if install else (base / entry.path).unlink(missing_ok=True)
        except OSError as error:
            print(f"{base}\u00a0: {error.strerror}", file=sys.stderr)
            return 1
        _refresh(base)
    else:
        print("Ce système n’a pas d’entrées à poser\u00a0: seuls Linux et Windows en ont.", file=sys.stderr)
        return 2
    print("Entrées de menu et lien mssante: posés." if install else "Entrées de menu et lien mssante: retirés.")
    return 0


def _home(environment: Mapping[str, str]) -> Path:
    """XDG Base Directory Specification 0.8: an empty or relative path counts for nothing."""
    told = environment.get("XDG_DATA_HOME", "")
    return Path(told) if told and Path(told).is_absolute() else Path.home() / ".local" / "share"


def _lay(path: Path, entry: Entry) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.part")
    temporary.write_text(entry.text, "utf-8")
    temporary.chmod(0o755 if entry.executable else 0o644)
    temporary.replace(path)


def _refresh(base: Path) -> None:
    """Desktops keep an index of who opens what; where the tool is missing, the next sign-in rebuilds it."""
    tool = shutil.which("update-desktop-database")
    if tool is not None:
        try:
            subprocess.run([tool, "-q", str(base / "applications")], check=False, timeout=_PATIENCE_S)
        except subprocess.TimeoutExpired:
            print("L’index du bureau se rafraîchira à la prochaine session.", file=sys.stderr)


def _registry(*, install: bool, everybody: bool) -> None:
    if sys.platform == "win32":
        root = winreg.HKEY_LOCAL_MACHINE if everybody else winreg.HKEY_CURRENT_USER
        told = keys(program())
        for key, value in told.items():
            if install:
                winreg.SetValue(root, rf"Software\Classes\{key}", winreg.REG_SZ, value)
        if install:
            with winreg.OpenKey(root, r"Software\Classes\mssante", 0, winreg.KEY_SET_VALUE) as opened:
                winreg.SetValueEx(opened, "URL Protocol", 0, winreg.REG_SZ, "")
            return
        parents = (r"mssante\shell\open", r"mssante\shell")
        for key in sorted({*told, *parents}, key=len, reverse=True):
            try:
                winreg.DeleteKey(root, rf"Software\Classes\{key}")
            except FileNotFoundError:
                continue


def _quoted(piece: str) -> str:
    """An argument of an Exec line (Desktop Entry 1.5, "The Exec key"): quoted, then escaped as a value, percent doubled."""
    text = piece.replace("%", "%%")
    if not set(text) & _RESERVED:
        return text
    inner = "".join(f"\\{c}" if c in '"`$\\' else c for c in text)
    return '"' + inner.replace("\\", "\\\\") + '"'


def _shell(piece: str) -> str:
    return "'" + piece.replace("'", "'\\''") + "'"


_APPLICATION = """[Desktop Entry]
Type=Application
Name=mssclient
GenericName=Messagerie sécurisée de santé
Comment=Client de messagerie MSSanté
Exec={line} %u
Icon=mssclient
Terminal=false
Categories=Network;Email;
MimeType=x-scheme-handler/mssante;
StartupNotify=true
X-GNOME-SingleWindow=true
"""
_OPEN_WITH = """[Desktop Entry]
Type=Application
Name={send}
Exec={line} compose %F
Icon=mssclient
Terminal=false
NoDisplay=true
MimeType={types}
"""
_SERVICE_MENU = """[Desktop Entry]
Type=Service
X-KDE-ServiceTypes=KonqPopupMenu/Plugin
MimeType={types}
Actions=envoyer

[Desktop Action envoyer]
Name={send}
Icon=mssclient
Exec={line} compose %F
"""
_NEMO = """[Nemo Action]
Name={send}
Comment=Ouvre un message MSSanté avec ces documents
Exec={line} compose %F
Icon-Name=mssclient
Selection=notnone
Mimetypes={types}
Quote=double
"""
_SCRIPT = """#!/bin/sh
set -u
set --
while IFS= read -r chemin; do
    [ -n "$chemin" ] && set -- "$@" "$chemin"
done <<FIN
${{NAUTILUS_SCRIPT_SELECTED_FILE_PATHS:-}}
FIN
[ "$#" -gt 0 ] && exec {line} compose "$@"
"""
