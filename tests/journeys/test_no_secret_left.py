"""“Whatever happened on this workstation, nothing on it lets anybody in as me.” A real process, and a search of all it left."""

from __future__ import annotations

import base64
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from mssclient.domain.session import Person
from mssclient.sandbox import papers_text as texts
from mssclient.sandbox.letters_documents import xdm_mail
from mssclient.sandbox.letters_mime import delivered, party
from mssclient.sandbox.letters_talk import ADDRESSES
from mssclient.sandbox.people import correspondent, resident
from mssclient.stage.browser import StandInBrowser
from mssclient.store.keys import KeyEntry
from tests.journeys.recorded_world import CLIENT_SECRET, STORE_SECRET, RecordedWorld
from tests.journeys.workstation import letter
from tests.lab.recorder import LEAST, spellings
from tests.lab.world import ALICE, BOB

PATIENCE_S = 60.0
SAMPLE_S = 0.2
PUBLIC = "home/directory/"
"""The Annuaire lists everybody, for everybody."""


class Samples:
    """What `ps` shows of a process and its children, every now and then."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.seen: set[bytes] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="samples")
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(SAMPLE_S):
            for pid in (self._pid, *self._children()):
                for what in ("cmdline", "environ"):
                    try:
                        self.seen.add(Path(f"/proc/{pid}/{what}").read_bytes())
                    except OSError:
                        continue

    def _children(self) -> list[int]:
        try:
            listed = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text("ascii")
        except OSError:
            return []
        return [int(pid) for pid in listed.split()]

    def stop(self) -> None:
        self._over.set()
        self._thread.join(5)


class Run:
    """One life of the program, in `folder`: home, temp, working folder, output, all to be searched."""

    def __init__(self, world: RecordedWorld, folder: Path, name: str) -> None:
        self.world = world
        self.person: Person = ALICE
        self.keys: dict[str, str] = {}
        self._browser = StandInBrowser(world.web_context(), world.hosts(), lambda: self.person.national_id)
        for place in ("home", "tmp", "cwd"):
            (folder / place).mkdir(exist_ok=True)
        orders, self._orders = os.pipe()
        self._answers, answers = os.pipe()
        environment = {k: v for k, v in os.environ.items() if k not in {"PYTHON_KEYRING_BACKEND", "TMPDIR", "HOME"}}
        root = Path(__file__).parents[2]
        with (folder / f"{name}.out").open("wb") as out, (folder / f"{name}.err").open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-X", "faulthandler", "-m", "tests.lab.day_process", str(world.environment_file),
                 str(folder / "home"), str(orders), str(answers)],
                pass_fds=[orders, answers], stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=folder / "cwd",
                env=environment | {"TMPDIR": str(folder / "tmp"), "HOME": str(folder), "PYTHONPATH": str(root),
                                   "QT_QPA_PLATFORM": "offscreen", "PYTHONDONTWRITEBYTECODE": "1"},
            )  # fmt: skip
        os.close(orders)
        os.close(answers)
        self._rest = b""
        self.samples = Samples(self._process.pid)
        try:
            self._until("ready")
        except AssertionError:
            self.end(signal.SIGKILL)
            raise

    def do(self, verb: str, *words: object) -> None:
        """One order, carried out; the browser and the phone are played meanwhile."""
        os.write(self._orders, json.dumps([verb, *words]).encode() + b"\n")
        self._until("done")

    def _until(self, wanted: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.world.approve()
            ready, _, _ = select.select([self._answers], [], [], 0.1)
            if not ready:
                assert self._process.poll() is None, f"the program ended with {self._process.returncode}"
                continue
            piece = os.read(self._answers, 65536)
            assert piece, "the program ended"
            *lines, self._rest = (self._rest + piece).split(b"\n")
            for said in (dict[str, Any](json.loads(line)) for line in lines):
                if "browser" in said:
                    self._browser(said["browser"])
                self.keys.update(said.get("keys", {}))
                if wanted in said:
                    return
        raise AssertionError(f"never {wanted}")

    def end(self, how: signal.Signals | None = None) -> None:
        """The process ends, by itself or by a signal."""
        if how is not None:
            self._process.send_signal(how)
        os.close(self._orders)
        try:
            self._process.wait(30)
        finally:
            self._process.kill()
            self._process.wait(5)
            self.samples.stop()
            self._browser.join()
            os.close(self._answers)


def found_in(folder: Path, secrets: dict[str, bytes], also: dict[str, bytes]) -> list[tuple[str, str]]:
    """Where which secret lies, in whatever spelling; names of files count as well as their content."""
    places = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    places = {name: name.encode() + b"\0" + content for name, content in places.items()} | also
    hits = []
    for kind, secret in secrets.items():
        written = spellings(secret)
        hits += [(kind, place) for place, content in places.items() if any(each in content for each in written)]
    return hits


def report(number: int) -> bytes:
    """A laboratory's report in an IHE_XDM.ZIP."""
    laboratory, about, now = correspondent(ADDRESSES["laboratory"]), resident("MARRONNIER"), datetime.now().astimezone()
    papers = (texts.paper(texts.BIOLOGY, about.usager, laboratory, now, number),)
    return delivered(xdm_mail(f"day/{number}", party(laboratory), (party(laboratory),), papers, now, "Ci-joint.\n"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[RecordedWorld]:
    """A world of its own: its recorder has seen nothing else."""
    folder = tmp_path / "world"
    folder.mkdir()
    found = RecordedWorld(folder)
    found.start()
    yield found
    found.stop()


@dataclass(frozen=True, slots=True)
class Left:
    """What opens something, by kind, and what `ps` showed of the program."""

    secrets: dict[str, bytes]
    shown: dict[str, bytes]


def a_whole_day(world: RecordedWorld, folder: Path) -> Left:
    """Sign-in both ways, mail, a document filed, locks, refusals, bugs, two crashes, three starts."""
    first = _killed_at_noon(world, folder)
    second = Run(world, folder, "second")
    try:
        second.do("keys", first.keys)
        second.do("insert", ALICE.national_id)
        second.person = BOB
        second.do("failed")
        second.person = ALICE
        second.do("browser")
        second.do("read", "Bonjour à tous")
        second.do("bugs")
    finally:
        second.end(signal.SIGABRT)
    third = Run(world, folder, "third")
    try:
        third.do("keys", first.keys)
        third.do("insert", ALICE.national_id)
        third.do("browser")
        third.do("close")
    finally:
        third.end()
    runs = (first, second, third)
    secrets = {f"word {n}": word.encode() for n, word in enumerate(sorted(world.recorder.secrets()))}
    for n, text in enumerate(sorted({text for run in runs for text in run.keys.values()})):
        secrets |= {f"entry {n}": text.encode()} | _keys(f"key {n}", text, world)
    secrets |= {"client secret": CLIENT_SECRET.encode(), "secret of the stores": STORE_SECRET.encode()}
    return Left(secrets, {f"ps {n}": seen for run in runs for n, seen in enumerate(run.samples.seen)})


def _killed_at_noon(world: RecordedWorld, folder: Path) -> Run:
    raw = report(10_000_777)
    world.deliver("cabinet", letter(world, "Bonjour à tous").as_bytes())
    world.deliver("cabinet", raw)
    run = Run(world, folder, "first")
    try:
        run.do("insert", ALICE.national_id)
        run.do("browser")
        run.do("read", "Bonjour à tous")
        run.do("send", world.address("bob.durand"))
        run.do("file", str(message_from_bytes(raw)["Message-ID"]))
        run.do("bugs")
        run.do("remove")
        run.do("insert", ALICE.national_id)
        run.do("ecps", ALICE.national_id)
        world.refuse_tokens(refuse=True)
        run.do("refused")
        world.refuse_tokens(refuse=False)
    finally:
        run.end(signal.SIGKILL)
    return run


def _keys(name: str, text: str, world: RecordedWorld) -> dict[str, bytes]:
    """The keys that an entry of the keyring stands for, with every share that the relay lent."""
    entry = KeyEntry.read(text)
    assert entry is not None
    answers = [json.loads(each.answer) for each in world.asked_of_relay() if each.target == "/identity"]
    shares = {answer.get("store_share", "") for answer in answers} - {""}
    assert shares, "the relay lends a share"
    found = {f"{name} secret": entry.secret}
    return found | {f"{name} bound {n}": entry.key(base64.b64decode(share)) for n, share in enumerate(shares)}


def test_nothing_that_opens_anything_is_left_on_the_workstation(world: RecordedWorld, tmp_path: Path) -> None:
    folder = tmp_path / "workstation"
    folder.mkdir()
    left = a_whole_day(world, folder)
    secrets, shown = left.secrets, left.shown
    kinds = {each.target.partition("?")[0] for each in world.asked_of_relay()}
    assert {"/start", "/callback", "/session", "/ciba", "/token", "/identity"} <= kinds, "the day was a whole one"
    assert len(secrets) > 30
    assert all(len(secret) >= LEAST for secret in secrets.values())
    assert list((folder / "home" / "persons").rglob("*.sqlite")), "a store was written"
    logged = (folder / "home" / "mssclient.log").read_text("utf-8")
    assert logged.count("RuntimeError") >= 4, "the bugs were noticed, by their place"
    assert found_in(folder, secrets, shown) == []

    for url in (each.target for each in world.asked_of_relay() if not each.target.startswith("/callback")):
        assert not any(secret.decode("latin-1") in url for secret in secrets.values()), url
        assert not any(person.national_id[-11:] in url for person in (ALICE, BOB)), url
    who = {f"id {p.national_id}": p.national_id.encode() for p in (ALICE, BOB)}
    told = [place for _, place in found_in(folder, who, shown) if not place.startswith(PUBLIC)]
    assert told == [], "national ids are in encrypted stores only"

    # The search must be able to find.
    word = max(secrets.values(), key=len)
    planted = folder / "tmp" / "oubli.txt"
    for spelt in sorted(spellings(word)):
        planted.write_bytes(b"avant " + spelt + b" apres")
        assert {place for _, place in found_in(folder, secrets, shown)} == {"tmp/oubli.txt"}
    planted.unlink()
