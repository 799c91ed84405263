"""`mssclient forget`: asked for twice, done once, and never while the program is open."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.errors import KeyringLocked
from PySide6.QtCore import QLockFile

from mssclient import cli
from mssclient.store.database import Database
from mssclient.store.keys import KeyEntry, KeyVault, Place, folder_name
from mssclient.store.places import Places
from tests.keyrings import MemoryKeyring, TroubledKeyring

ALICE, BOB = "899900000001", "899900000002"


@pytest.fixture
def ring() -> Iterator[TroubledKeyring]:
    """A keyring that works, until it is troubled."""
    before, found = keyring.get_keyring(), TroubledKeyring()
    keyring.set_keyring(found)
    yield found
    keyring.set_keyring(before)


@pytest.fixture
def home(tmp_path: Path, ring: MemoryKeyring) -> Path:
    """Two people's."""
    for who in (ALICE, BOB):
        entry = KeyEntry.fresh()
        KeyVault(tmp_path, file_allowed=False).keep(folder_name(who), entry, Place.KEYRING)
        Database(Places(tmp_path).folder(who) / "mail.sqlite", entry.secret).close()
        Places(tmp_path).private(folder_name(who)).lay("a.txt", b"a")
    return tmp_path


def forget(home: Path, *more: str) -> int:
    return cli.main(["--home", str(home), "forget", *more])


def there(home: Path) -> list[str]:
    return Places(home).known()


def test_one_person(home: Path, ring: MemoryKeyring, capsys: pytest.CaptureFixture[str]) -> None:
    assert forget(home, "99900000001", "--yes") == 0
    assert there(home) == [folder_name(BOB)]
    assert [name.partition("@")[0] for _, name in ring.kept] == [folder_name(BOB)]
    assert "Oublié" in capsys.readouterr().out
    assert forget(home, ALICE, "--yes") == 0
    assert "Rien à oublier" in capsys.readouterr().out


def test_everybody(home: Path, ring: MemoryKeyring) -> None:
    assert forget(home, "--all", "--yes") == 0
    assert there(home) == []
    assert not ring.kept
    assert not [p for p in home.rglob("*") if p.is_file()]


@pytest.mark.parametrize("asked", [(), (ALICE, "--all")])
def test_whom_is_asked(home: Path, asked: tuple[str, ...]) -> None:
    assert forget(home, *asked, "--yes") == 2
    assert len(there(home)) == 2


def test_without_terminal_nothing_is_done_without_yes(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert forget(home, ALICE) == 2
    assert "--yes" in capsys.readouterr().err
    assert len(there(home)) == 2


def test_not_while_the_program_is_open(home: Path) -> None:
    lock = QLockFile(str(home / "mssclient.lock"))
    assert lock.tryLock(0)
    assert forget(home, ALICE, "--yes") == 3
    assert len(there(home)) == 2
    lock.unlock()
    assert forget(home, ALICE, "--yes") == 0


def test_a_locked_keyring_is_told_and_the_files_go(
    home: Path, ring: TroubledKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    ring.trouble = KeyringLocked("dismissed")
    assert forget(home, ALICE, "--yes") == 1
    assert "trousseau est verrouillé" in capsys.readouterr().err
    assert there(home) == [folder_name(BOB)]
    ring.trouble = None
    assert forget(home, ALICE, "--yes") == 0
    assert [name.partition("@")[0] for _, name in ring.kept] == [folder_name(BOB)]
    assert not (home / "forget").exists()


@pytest.mark.parametrize(("answer", "code", "left"), [("oui", 0, 1), ("non", 2, 2), ("", 2, 2)])
def test_on_a_terminal_the_administrator_is_asked(home: Path, answer: str, code: int, left: int) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "mssclient", "--home", str(home), "forget", ALICE],
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    os.write(ours, f"{answer}\n".encode())
    said, _ = process.communicate(timeout=60)
    os.close(theirs)
    os.close(ours)
    assert process.returncode == code, said
    assert "restent chez l’opérateur" in said.decode()
    assert len(there(home)) == left


HOLDING = """
import sys
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
print(lock.tryLock(0), flush=True)
sys.stdin.read()
"""


def test_the_lock_of_a_program_that_was_killed_is_taken_over(home: Path) -> None:
    place = str(home / "mssclient.lock")
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDING, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    assert not QLockFile(place).tryLock(0)
    process.kill()
    process.communicate()
    assert Path(place).exists()
    assert QLockFile(place).tryLock(500)
