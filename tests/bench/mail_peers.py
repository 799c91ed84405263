"""Other programs on the same mail as the mail bench: mbsync from the same server, notmuch and mu on the same messages.

What is not installed is said in the table. Their indexes of the whole mailbox stay in the cache, for the next run.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from mssclient.stage.measures import Line, share
from tests.bench.mail_raw import RawLine, newest
from tests.bench.mail_world import World

CHANGED = 1_000
TIMES = 5
SAMPLE = 4_000
"""Messages that an index is made of in each run, to see how fast."""
SEARCHES = 60
ROWS = 50
FIRST_PAGE = 200
LONG_S = 900

_MBSYNC = """
FSync no

IMAPStore there
Host 127.0.0.1
Port {port}
User charge
Pass {password}
SSLType STARTTLS
CertificateFile {certificate}
PipelineDepth 50

MaildirStore here
Path {folder}/mail/
Inbox {folder}/mail/INBOX

Channel inbox
Far :there:INBOX
Near :here:INBOX
Create Near
Sync Pull
SyncState *
"""
_NOTMUCH = """
[database]
path={index}
mail_root={mail}
[user]
name=Essai
primary_email=charge@lab.mss.example
[new]
tags=new
[search]
exclude_tags=
"""


@dataclass(slots=True)
class Found:
    """What is measured of the peers is told at once; `beside` stands beside our lines."""

    tell: Callable[..., None]
    beside: dict[str, str] = field(default_factory=dict)


def changed(world: World, *, on: bool) -> None:
    """The oldest `CHANGED` messages get a mark on the server, or lose it."""
    act = "add" if on else "remove"
    _run("doveadm", "-c", world.dovecot, "flags", act, "-u", "charge", r"\Flagged", "mailbox", "INBOX", "1:1000")


def _run(*command: str, env: dict[str, str] | None = None) -> float:
    """Seconds of another program. Raises OSError when it fails."""
    begun = time.perf_counter()
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=LONG_S,
        env=os.environ | (env or {}),
    )
    if done.returncode:
        raise OSError(f"{command[0]} : {done.stderr.decode(errors='replace').strip()[-200:]}")
    return time.perf_counter() - begun


def raw(world: World, count: int, found: Found) -> None:
    """The limit: the same items, counted and thrown away."""
    speeds, sizes = [], []
    for at in range(TIMES + 1):
        with RawLine(world.host, world.port, world.chain) as line:
            line.sign_in(world.address, world.token)
            line.select("INBOX")
            size, seconds = line.headers("1:*")
        if at:  # the first one warms the server
            speeds.append(count / seconds)
            sizes.append(size)
    found.tell(
        Line("limite : le même FETCH, compté sans être lu", statistics.median(speeds), "en-têtes/s", None, min(speeds),
             at_least=True, beside=f"{sizes[0] / 1e6:.1f} Mo")
    )  # fmt: skip
    found.beside["headers"] = f"brut {statistics.median(speeds):,.0f}/s".replace(",", " ")
    far = [
        newest(world.host, world.far_port, world.chain, world.address, world.token, FIRST_PAGE) for _ in range(TIMES)
    ]
    whole, after, turn = (statistics.median(each) for each in zip(*far, strict=True))
    found.beside["newest"] = (
        f"brut {whole:.2f} s depuis rien, {after:.2f} s une fois connecté ; aller-retour mesuré {1000 * turn:.0f} ms"
    )


def resyncs(world: World, found: Found, *, mbsync: Sequence[str]) -> None:
    """Nothing new and `CHANGED` changes: a bare SELECT with QRESYNC, and mbsync where it is."""
    nothing, raw_changes, sizes, pulls, idle = [], [], [], [], []
    with RawLine(world.host, world.port, world.chain) as line:
        line.sign_in(world.address, world.token)
        line.command(b"ENABLE QRESYNC")
        for at in range(TIMES):
            line.select("Corbeille")
            uidvalidity, modseq, _ = line.select("INBOX")
            nothing.append(line.resync("INBOX", uidvalidity, modseq))
            line.select("Corbeille")
            changed(world, on=at % 2 == 0)
            size, seconds = line.resync("INBOX", uidvalidity, modseq)
            raw_changes.append(seconds * 1000)
            sizes.append(size)
            if mbsync:
                pulls.append(_run(*mbsync))
                _run(*mbsync)  # it waits a second before it reads a folder that has just changed
                idle.append(_run(*mbsync))
        if TIMES % 2:
            changed(world, on=False)
    bare, bytes_ = statistics.median(s for _, s in nothing) * 1000, nothing[0][0]
    found.beside["nothing"] = f"brut {bare:.1f} ms, {bytes_} o"
    found.beside["changes"] = f"brut {statistics.median(raw_changes):.1f} ms, {sizes[0] / 1000:.0f} ko"
    if mbsync:
        _run(*mbsync)
        found.beside["nothing"] += f" ; mbsync {statistics.median(idle) * 1000:.0f} ms"
        found.beside["changes"] += f" ; mbsync {statistics.median(pulls) * 1000:.0f} ms"


def mbsync_pull(world: World, count: int, folder: Path, found: Found) -> list[str]:
    """A whole mailbox into a maildir, bodies too; the command, or nothing where it is not installed."""
    if (program := shutil.which("mbsync")) is None:
        found.tell("mbsync : non mesuré, isync n’est pas installé")
        return []
    (folder / "mail").mkdir(parents=True)
    (folder / "mbsyncrc").write_text(
        _MBSYNC.format(port=world.port, password=world.password, certificate=world.certificate, folder=folder)
    )
    command = [program, "-c", str(folder / "mbsyncrc"), "-q", "inbox"]
    try:
        seconds = _run(*command)
    except (OSError, subprocess.TimeoutExpired) as failure:
        found.tell(f"mbsync : non mesuré ({failure})")
        return []
    pulled = sum(len(list((folder / "mail" / "INBOX" / place).iterdir())) for place in ("cur", "new"))
    told = f"corps compris, fichiers en clair ; {pulled} messages"
    found.tell(Line("mbsync vers un maildir (isync)", count / seconds, "messages/s", at_least=True, beside=told))
    found.beside["headers"] += f" ; mbsync {count / seconds:,.0f}/s avec les corps".replace(",", " ")
    return command


class Index:
    """One of the two programs that index a maildir: its commands."""

    def __init__(self, program: str, mail: Path, index: Path) -> None:
        self.program = program
        self._env: dict[str, str] = {}
        index.mkdir(parents=True, exist_ok=True)
        if program == "notmuch":
            settings = index / "config"
            settings.write_text(_NOTMUCH.format(index=index, mail=mail))
            self._env = {"NOTMUCH_CONFIG": str(settings)}
            self._make = [["notmuch", "new", "--quiet", "--no-hooks"]]
            self._again = self._make[-1]
        else:
            home = f"--muhome={index}"
            self._make = [["mu", "init", home, f"--maildir={mail}", "--quiet"], ["mu", "index", home, "--quiet"]]
            self._again = self._make[-1]
        self._index = index

    def make(self) -> float:
        """Seconds to index everything."""
        return sum(_run(*command, env=self._env) for command in self._make)

    def again(self) -> float:
        """Seconds to find nothing new."""
        return _run(*self._again, env=self._env)

    def search(self, words: str) -> float:
        """Seconds from words to the newest rows, as one process."""
        last = "*" if re.search(r"\w\Z", words) else ""
        asked = f"{words}{last}"
        if self.program == "notmuch":
            return _run("notmuch", "search", f"--limit={ROWS}", asked, env=self._env)
        home = f"--muhome={self._index}"
        try:
            return _run("mu", "find", home, f"--maxnum={ROWS}", "--sortfield=date", "--reverse", asked)
        except OSError as failure:
            if str(failure).endswith("no matches for search expression"):
                return 0.0
            raise


def indexes(folder: Path, sample: Path, texts: Sequence[str], found: Found) -> None:
    """How fast notmuch and mu index some messages and search all; nothing is searched before all are indexed."""
    for program in ("notmuch", "mu"):
        if shutil.which(program) is None:
            found.tell(f"{program} : non mesuré, n’est pas installé")
            continue
        try:
            _one(program, folder, sample, texts, found)
        except (OSError, subprocess.TimeoutExpired) as failure:
            found.tell(f"{program} : non mesuré ({failure})")


def _one(program: str, folder: Path, sample: Path, texts: Sequence[str], found: Found) -> None:
    some = len(list((sample / "cur").iterdir()))
    fast = some / Index(program, sample, sample.parent / program).make()
    whole = Index(program, folder / "maildir", folder / program)
    if not (folder / f"{program}.made").exists():
        shutil.rmtree(folder / program)
        whole = Index(program, folder / "maildir", folder / program)
        whole.make()
        (folder / f"{program}.made").touch()
    again = [whole.again() for _ in range(TIMES)]
    spent = [1000 * took for text in _some(texts) if (took := whole.search(text))]
    p95, median = share(spent, 0.95), statistics.median(spent)
    found.tell(
        Line(f"{program} : indexer (échantillon de {some})", fast, "messages/s", at_least=True),
        Line(f"{program} : chercher dans tout, un processus, p95", p95, "ms", None, max(spent),
             beside=f"médiane {median:.0f} ms ; rien de neuf {statistics.median(again) * 1000:.0f} ms"),
    )  # fmt: skip
    for key, text in (
        ("indexing", f"{program} {fast:,.0f}/s".replace(",", " ")),
        ("search", f"{program} {p95:.0f} ms"),
    ):
        found.beside[key] = f"{found.beside[key]} ; {text}" if key in found.beside else text


def _some(texts: Sequence[str]) -> Iterator[str]:
    """Evenly among the texts that mean the same to all: words, no filters of ours."""
    plain = [text.strip() for text in texts if re.fullmatch(r"[\w ]{3,}", text.strip())]
    return iter(plain[:: max(1, len(plain) // SEARCHES)])


def sample_of(folder: Path, to: Path) -> Path:
    """Some messages of a mailbox, evenly taken, as a maildir of their own."""
    for place in ("cur", "new", "tmp"):
        (to / place).mkdir(parents=True)
    paths = sorted((folder / "maildir" / "cur").iterdir())
    for path in paths[:: max(1, len(paths) // SAMPLE)]:
        shutil.copy(path, to / "cur" / path.name)
    return to
