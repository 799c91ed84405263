"""What two people leave behind on one workstation, politely or killed: nothing that anybody could read."""

from __future__ import annotations

import base64
import contextlib
import json
import math
import os
import quopri
import signal
import subprocess
import sys
import urllib.parse
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from mssclient.sandbox import people
from mssclient.stage.theatre import Theatre
from tests.engine import leaving
from tests.engine.conftest import Workstation

CHILD = Path(leaving.__file__)
SUBJECT, SENDER, ADDRESS = "SujetMarquéZQX", "Expéditeur MARQUEZQX", "adresse.marquezqx@medecins.mss.example"
CONTENT = "ContenuMarquéZQX"
WORDS = (
    SUBJECT, SENDER, ADDRESS, CONTENT, leaving.BODY, leaving.DRAFT, leaving.OUTBOX, leaving.QUERY, leaving.LAYOUT,
    leaving.FILE, leaving.PRIVATE_NAME, leaving.VISITED, "ContenuJointMarquéZQX", leaving.USAGER.birth_name,
    leaving.USAGER.given[0], str(leaving.USAGER.matricule),
)  # fmt: skip
RAW = (
    f"From: =?utf-8?b?{b64encode(SENDER.encode()).decode()}?= <{ADDRESS}>\r\n"
    f"Subject: =?utf-8?b?{b64encode(SUBJECT.encode()).decode()}?=\r\nMessage-ID: <marque@x>\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    f"--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    f"{b64encode(leaving.BODY.encode()).decode()}\r\n"
    f'--b\r\nContent-Type: text/plain; charset=utf-8; name="{leaving.PRIVATE_NAME}"\r\n'
    "Content-Transfer-Encoding: base64\r\n"
    f'Content-Disposition: attachment; filename="{leaving.PRIVATE_NAME}"\r\n\r\n'
    f"{b64encode(CONTENT.encode() * 40).decode()}\r\n--b--\r\n"
).encode()
PAGE = 4096
KNOWN = {"persons", "directory", "revocation", "environment.json", "mssclient.log"}
"""Everything of a home: the people's encrypted things, and what is public."""


def disguises(word: str) -> set[bytes]:
    """The ways in which a word may stand in a file: character sets, base64 at each offset, quoted, escaped, in hex."""
    plain = word.encode()
    found = {plain, word.encode("utf-16-le"), word.encode("utf-16-be"), word.encode("latin-1"), plain.hex().encode(),
             quopri.encodestring(plain).rstrip(b"=\n"), urllib.parse.quote(word).encode(),
             json.dumps(word)[1:-1].encode()}  # fmt: skip
    for before in range(3):
        # Without the first and last characters, which hang on what stands beside.
        coded = base64.b64encode(b"\0" * before + plain + b"\0\0\0")
        found.add(coded[(before * 8 + 5) // 6 : (before + len(plain)) * 8 // 6])
    return found


def test_disguises_are_seen_through() -> None:
    word = "SujetMarquéZQX"
    for before in (b"", b"a", b"ab", b"abc"):
        assert any(d in base64.b64encode(before + word.encode() + b"xyz") for d in disguises(word)), before
    assert any(d in quopri.encodestring(f"x {word} y".encode()) for d in disguises(word))
    assert any(d in f"\x00{word}".encode("utf-16-le") for d in disguises(word))


def files_below(*folders: Path) -> Iterator[Path]:
    return (f for folder in folders for f in folder.rglob("*") if f.is_file() and not f.is_symlink())


@dataclass
class Trial:
    """One run of the program, and everything it must not leave."""

    theatre: Theatre
    top: Path
    tokens: set[str]
    secrets: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        return self.top / "home"

    @property
    def places(self) -> list[Path]:
        """Where a program may leave something: its home, the temporary folder, the account's own folders."""
        return [self.home, self.top / "tmp", self.top / "account"]

    def begin(self) -> subprocess.Popen[str]:
        """The program, come to the point where the second person works."""
        for name in ("tmp", "account/run", "aside/dui"):
            (self.top / name).mkdir(parents=True, mode=0o700)
        account = str(self.top / "account")
        environment = os.environ | {
            "PYTHONPATH": str(CHILD.parents[2]), "PYTHON_KEYRING_BACKEND": "tests.keyrings.MemoryKeyring",
            "HOME": account, "TMPDIR": str(self.top / "tmp"), "XDG_RUNTIME_DIR": f"{account}/run",
            **{f"XDG_{each}_HOME": f"{account}/{each.lower()}" for each in ("DATA", "CACHE", "CONFIG", "STATE")},
        }  # fmt: skip
        found = subprocess.Popen(
            [sys.executable, "-W", "ignore", str(CHILD), str(self.theatre.environment_file), str(self.home),
             str(self.top / "aside")],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert found.stdout is not None
        told = found.stdout.readline()
        if not told:
            found.kill()
            found.communicate()
        assert told, "the program came to its point"
        self.secrets = json.loads(told)
        assert len(self.secrets) > 10
        return found

    def sought(self, *, public: bool) -> dict[bytes, str]:
        """What is looked for, by its disguise; `public`: in the Annuaire, where the people's names belong."""
        staff = [people.institution().staff(role).person for role in ("secretary", "physician")]
        named = [*(p.national_id for p in staff), *(p.national_id[1:] for p in staff), *(p.family for p in staff),
                 *(p.family.upper() for p in staff)]  # fmt: skip
        words = {*WORDS, *self.tokens, *self.secrets, *(() if public else named)}
        return {disguise: word for word in words for disguise in disguises(word) if len(disguise) > 5}

    def found(self, *, without_private: bool = False) -> list[tuple[str, str]]:
        """Where something stands in clear."""
        sought, public = self.sought(public=False), self.sought(public=True)
        found = []
        for path in files_below(*self.places):
            pieces = path.relative_to(self.top).parts
            if without_private and "private" in pieces:
                continue
            raw = path.read_bytes() + "\n".join(pieces).encode()
            for disguise, word in (public if "directory" in pieces else sought).items():
                if disguise in raw:
                    found.append(("/".join(pieces), word))
        return found

    def noisy(self) -> list[str]:
        """Every file of a person's folder that reads like noise; fails for one that does not."""
        seen = []
        for path in files_below(self.home / "persons"):
            raw = path.read_bytes()
            if path.name.endswith("-shm") or not raw:
                continue
            assert not raw.startswith(b"SQLite format 3"), path.name
            for start in range(0, len(raw) - PAGE + 1, PAGE):
                assert entropy(raw[start : start + PAGE]) > 7.5, (path.name, start)
            seen.append(path.name)
        return seen


def entropy(raw: bytes) -> float:
    """Bits a byte: 8 for noise."""
    return -sum(n / len(raw) * math.log2(n / len(raw)) for n in Counter(raw).values())


@pytest.fixture
def trial(theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """A marked message in two mailboxes, and an ear for tokens."""
    tokens: set[str] = set()
    check = theatre.provider.check

    def heard(token: str) -> str | None:
        tokens.add(token)
        return check(token)

    monkeypatch.setattr(theatre.provider, "check", heard)
    for role in ("secretary", "physician"):
        box = theatre.institution.mailboxes_of(theatre.institution.staff(role).person.national_id)[0]
        theatre.operator.deliver(box.address, RAW)
    return Trial(theatre, tmp_path, tokens)


def shown_by_the_system(process: subprocess.Popen[str], trial: Trial) -> list[tuple[str, str]]:
    """What anybody on this machine may read of a running process, and files that it deleted and still holds."""
    place = Path(f"/proc/{process.pid}")
    sought = trial.sought(public=False)
    pieces = {name: (place / name).read_bytes() for name in ("cmdline", "environ", "comm", "maps")}
    for held in (place / "fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed while we look
            if "(deleted)" in str(held.readlink()) and held.is_file():
                pieces[f"fd/{held.name}"] = held.read_bytes()
    return [(name, word) for name, raw in pieces.items() for disguise, word in sought.items() if disguise in raw]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_two_people_in_turn_leave_nothing_to_read(trial: Trial) -> None:
    process = trial.begin()
    try:
        assert trial.tokens
        assert shown_by_the_system(process, trial) == []
        limits = Path(f"/proc/{process.pid}/limits").read_text().splitlines()
        assert next(line for line in limits if line.startswith("Max core file size")).split()[4:6] == ["0", "0"]
        assert trial.found(without_private=True) == []
        assert trial.found(), "the copy that is open now is what it is"
        assert process.stdin is not None
        process.stdin.write("end\n")
        process.stdin.flush()
        assert process.wait(60) == 0
    finally:
        process.kill()
        process.communicate()
    assert trial.found() == []
    assert len(trial.noisy()) >= 2
    assert not list(trial.home.glob("persons/*/private"))
    assert {p.name for p in trial.home.iterdir()} <= KNOWN
    assert not [f for f in files_below(trial.top / "tmp") if f.stat().st_size]


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="needs /proc")
def test_killed_in_the_middle_nothing_is_left_to_read_after_the_next_start(trial: Trial) -> None:
    process = trial.begin()
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert trial.found(without_private=True) == []
    copies = [f for f in files_below(trial.home) if "private" in f.parts]
    assert [f.name for f in copies] == [leaving.PRIVATE_NAME]
    assert all(f.stat().st_mode & 0o777 == 0o400 for f in copies)
    after = Workstation(trial.theatre, trial.home)
    after.engine.start()
    after.engine.stop()
    assert trial.found() == []
    assert any(name.endswith("-wal") for name in trial.noisy())
