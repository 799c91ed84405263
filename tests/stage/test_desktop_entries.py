"""What `mssclient desktop` lays down starts the program with the files as they are, wherever it is installed."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mssclient import cli
from mssclient.stage import desktop_entries

ODD = '/opt/Mes programmes/100% "sûr" $HOME `x` \\ fin/mssclient'


def words_of(line: str) -> list[str]:
    """An Exec value read back: the escapes of a value, then the quotes, then doubled percents."""
    value = line.replace("\\\\", "\0").replace("\\s", " ").replace("\0", "\\")
    found = []
    for quoted, plain in re.findall(r'"((?:\\.|[^"\\])*)"|(\S+)', value):
        word = re.sub(r"\\(.)", r"\1", quoted) if quoted else plain
        found.append(word.replace("%%", "%"))
    return found


def sections(path: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(interpolation=None)
    found.optionxform = str  # type: ignore[assignment, method-assign]
    found.read_string(path.read_text("utf-8"))
    return found


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "données"))
    return tmp_path / "données"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="entries of a Linux desktop")
def test_entries_are_laid_and_taken_away_again(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["desktop", "install"]) == 0
    laid = sorted(str(path.relative_to(data)) for path in data.rglob("*") if path.is_file() and path.suffix != ".cache")
    assert "applications/mssclient.desktop" in laid
    assert "nautilus/scripts/Envoyer par MSSanté" in laid
    entry = sections(data / "applications/mssclient.desktop")["Desktop Entry"]
    assert entry["MimeType"] == "x-scheme-handler/mssante;"
    assert words_of(entry["Exec"]) == [*desktop_entries.program(), "%u"]
    menu = sections(data / "kio/servicemenus/mssclient.desktop")["Desktop Action envoyer"]
    assert words_of(menu["Exec"]) == [*desktop_entries.program(), "compose", "%F"]
    assert os.access(data / "kio/servicemenus/mssclient.desktop", os.X_OK)
    assert cli.main(["desktop", "install"]) == 0, "twice does no harm"
    assert cli.main(["desktop", "remove"]) == 0
    assert [path for path in data.rglob("*") if path.is_file() and path.suffix != ".cache"] == []
    assert cli.main(["desktop", "remove"]) == 0
    assert "retirés" in capsys.readouterr().out


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="entries of a Linux desktop")
def test_a_place_that_refuses_is_said(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.parent.mkdir(exist_ok=True)
    data.write_text("no folder")
    assert cli.main(["desktop", "install"]) == 1
    assert str(data) in capsys.readouterr().err


def test_any_path_of_the_program_is_quoted() -> None:
    for entry in desktop_entries.entries((ODD, "-m")):
        for line in re.findall(r"^Exec=(.*)$", entry.text, re.MULTILINE):
            assert words_of(line)[:2] == [ODD, "-m"], entry.path


def test_the_entries_are_valid(tmp_path: Path) -> None:
    tool = shutil.which("desktop-file-validate")
    if tool is None:
        pytest.skip("desktop-file-utils is not installed")
    for entry in desktop_entries.entries(("/opt/Mes programmes/mssclient",)):
        if entry.path.startswith("applications/"):
            path = tmp_path / Path(entry.path).name
            path.write_text(entry.text, "utf-8")
            subprocess.run([tool, path], check=True)


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_the_script_of_files_hands_over_every_path_as_it_is(tmp_path: Path) -> None:
    program = tmp_path / "mon programme" / "mss'client"
    program.parent.mkdir()
    program.write_text('#!/bin/sh\nfor each in "$@"; do printf "%s|" "$each"; done\n')
    program.chmod(0o755)
    script = next(e for e in desktop_entries.entries((str(program),)) if e.path.startswith("nautilus/"))
    path = tmp_path / "script"
    path.write_text(script.text, "utf-8")
    chosen = ["/a/Compte rendu.pdf", "/a/-l'été $HOME.xml"]
    told = subprocess.run(
        ["/bin/sh", str(path)], env={"NAUTILUS_SCRIPT_SELECTED_FILE_PATHS": "\n".join(chosen) + "\n"}, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    assert told.stdout == "|".join(["compose", *chosen, ""])


def test_what_windows_is_given() -> None:
    told = desktop_entries.keys((r"C:\Program Files\mssclient\mssclient.exe",))
    assert told[r"mssante\shell\open\command"] == r'"C:\Program Files\mssclient\mssclient.exe" "%1"'
    assert told[r"SystemFileAssociations\.pdf\shell\mssclient\command"].endswith('mssclient.exe" compose "%1"')
