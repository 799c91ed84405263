"""`mssclient bench`: what the program takes, beside the targets of its design and beside a bare limit of the same run.

The sandbox runs in a process of its own, as an operator does. Nothing is asserted: the table is the result.
"""

from __future__ import annotations

import imaplib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mssclient import app
from mssclient.domain.bal import BalId, Folder, FolderId, FolderRole
from mssclient.domain.environment import Environment
from mssclient.domain.machine import Machine
from mssclient.domain.message import ListQuery
from mssclient.domain.session import SessionState
from mssclient.sandbox import people
from mssclient.stage.list_measures import opened, scrolled, sorted_by, typed
from mssclient.stage.loop import NeverHappened, rest, until
from mssclient.stage.measures import HEADING, Gaps, Line, share
from mssclient.stage.memory import pss_bytes
from mssclient.stage.peers import floor, raw_fetch, sandbox
from mssclient.stage.workplace import Workplace

MESSAGES = 20_000
LINES = 60_000
TIMES = 5
TYPED = ("martin lyon", "dupont marie", "le goff", "cardiologue", "pharmacie bel air", "dupnot", "69003 kiné", "ehpad")
SEARCHED = ("compte rendu", "nessi", "bruyere", "transport", "ordonnance")


class Bench:
    """The measures, in an order that each finds what it needs. Main thread."""

    def __init__(self, environment: Environment, environment_file: Path, home: Path) -> None:
        policy = replace(environment.policy, card_out_grace_s=0.0)
        self._environment = replace(environment, policy=policy)
        self._file = environment_file
        self._home = home
        self._card = people.institution().staff("secretary").card
        self._place = Workplace(self._environment, home)

    def tell(self, *lines: Line) -> None:
        """Print as soon as known."""
        for line in lines:
            print(line, flush=True)

    def run(self) -> None:
        """Everything."""
        place = self._place
        place.window.resize(1366, 768)
        place.start()
        try:
            for step in (self._first_sync, self._raw_fetch, self._list, self._directory, self._search, self._lock):
                self._guarded(step)
            self.tell(Line("mémoire après la première synchronisation (PSS)", pss_bytes() / 1e6, "Mo", 192))
        finally:
            place.stop()
        self._guarded(self._cold_start)

    @staticmethod
    def _guarded(step: Callable[[], None]) -> None:
        try:
            step()
        except (NeverHappened, StopIteration, OSError, imaplib.IMAP4.error) as failure:
            print(f"{step.__name__.strip('_')} : non mesuré ({type(failure).__name__} {failure})")

    # -- pieces
    def _archive(self) -> Folder:
        bal = self._place.bal("secretariat")
        return next(f for f in self._place.engine.reader.folders(bal.id) if f.role is FolderRole.ARCHIVE)

    # -- the first synchronisation
    def _first_sync(self) -> None:
        place, engine = self._place, self._place.engine
        spans: dict[BalId | None, list[tuple[float, int]]] = {}

        def note() -> None:
            now = time.perf_counter()
            for p in engine.progress():
                if p.what == "headers" and p.total >= MESSAGES:
                    spans.setdefault(p.bal_id, []).append((now, p.done))

        place.app.herald.progress_changed.connect(lambda _event: note())
        # Loading the Annuaire is another job, once a day: it must neither help nor hinder this one.
        until(lambda: engine.reader.directory_status().entries > LINES // 2 and not engine.progress(), "directory", 90)
        since = place.sign_in(self._card)
        table = place.window.desk.list.table
        until(lambda: table.isVisible() and table.model().rowCount() > 0, "first rows")
        first = time.monotonic() - since
        until(lambda: any(b.address.startswith("secretariat") for b in engine.reader.bals()), "secretariat")
        until(lambda: engine.reader.folders(place.bal("secretariat").id), "folders")
        with Gaps() as gaps:
            place.go_to(("folder", self._archive().id))
            until(lambda: table.model().rowCount() >= MESSAGES, "all headers", 120)
        points = next(iter(spans.values()), [])
        seconds = points[-1][0] - points[0][0] if len(points) > 1 else 0
        speed = (points[-1][1] - points[0][1]) / seconds if seconds else 0
        self.tell(
            Line("premiers messages après l’identification", first, "s", 1.0),
            Line(
                f"première synchronisation, liste ouverte ({MESSAGES} msg)", speed, "en-têtes/s", 10_000, at_least=True
            ),
            Line("  pendant ce temps, fil de l’écran : p99", share(gaps.found, 0.99), "ms"),
            Line("  pendant ce temps, fil de l’écran : p99,9", share(gaps.found, 0.999), "ms", 50, max(gaps.found)),
        )
        place.quiet()

    def _raw_fetch(self) -> None:
        """The limit: the same items over the same line, counted and thrown away."""
        found: list[tuple[int, float]] = []
        trouble: list[str] = []
        desk = self._place.engine._desk
        address = self._place.bal("secretariat").address
        mailbox = "/".join(self._archive().path)

        def fetch() -> None:
            try:
                found.append(raw_fetch(self._environment, address, desk.fresh_token(), mailbox))
            except (OSError, imaplib.IMAP4.error) as error:
                trouble.append(str(error))

        thread = threading.Thread(target=fetch, name="bench-raw")
        thread.start()
        until(lambda: not thread.is_alive(), "raw fetch", 60)
        if not found:
            raise NeverHappened(trouble[0] if trouble else "raw fetch")
        size, seconds = found[0]
        self.tell(Line("  limite : le même FETCH, compté sans être lu", MESSAGES / seconds, "en-têtes/s",
                       beside=f"{size / 1e6:.1f} Mo en {seconds:.2f} s"))  # fmt: skip

    # -- the list
    def _list(self) -> None:
        place = self._place
        inbox, archive = place.folder(place.bal("secretariat")), self._archive()
        spent = opened(place, archive, inbox, MESSAGES, TIMES)
        reads = place.engine.reader.mail._reads if place.engine.reader.mail else None
        bare = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            if reads is not None:
                reads.all("SELECT id FROM message WHERE folder_id = ? ORDER BY rank DESC", (archive.id,))
            bare.append((time.perf_counter() - begun) * 1000)
        self.tell(Line(f"ouvrir un dossier de {MESSAGES}, lignes peintes", statistics.median(spent), "ms", 50, max(spent),
                       beside=f"lire les seuls numéros par SQLite : {statistics.median(bare):.1f} ms"))  # fmt: skip
        pages, jumps = scrolled(place)
        self.tell(
            Line("défiler d’une page, p95", share(pages, 0.95), "ms", 8, max(pages)),
            Line("sauter n’importe où, p95", share(jumps, 0.95), "ms", 16, max(jumps)),
        )
        self._sort(archive.id)

    def _sort(self, folder_id: FolderId) -> None:
        spent = [(took, column) for column, each in sorted_by(self._place).items() for took in each]
        begun = time.perf_counter()
        self._place.engine.reader.ids(ListQuery(folder_id))
        bare = (time.perf_counter() - begun) * 1000
        times = [took for took, _ in spent]
        self.tell(Line(f"trier {MESSAGES} par n’importe quelle colonne", statistics.median(times), "ms", 150, max(times),
                       beside=f"la plus lente : {max(spent)[1]} ; par date sans peindre : {bare:.1f} ms"))  # fmt: skip

    # -- words
    def _directory(self) -> None:
        place, reader = self._place, self._place.engine.reader
        spent, bare = [], []
        annuaire = place.engine._annuaire.reader()
        for text in (words[:end] for words in TYPED for end in range(1, len(words) + 1)):
            begun = time.perf_counter()
            reader.directory(text, 20)
            spent.append((time.perf_counter() - begun) * 1000)
            match = " ".join(f'"{word}"*' for word in re.findall(r"\w+", text))
            with annuaire._reading() as connection:
                begun = time.perf_counter()
                if connection is not None and match:
                    sql = "SELECT rowid FROM entry_words WHERE entry_words MATCH ? LIMIT 20"
                    connection.execute(sql, (match,)).fetchall()
                bare.append((time.perf_counter() - begun) * 1000)
        entries = reader.directory_status().entries
        self.tell(
            Line(f"proposer pendant la frappe, {entries} adresses, médiane", statistics.median(spent), "ms", 3,
                 beside=f"FTS5 nu : {statistics.median(bare):.2f} ms"),
            Line("proposer pendant la frappe, p99", share(spent, 0.99), "ms", 15, max(spent),
                 beside=f"FTS5 nu : {share(bare, 0.99):.2f} ms"),
        )  # fmt: skip

    def _search(self) -> None:
        pause = self._place.window.desk._typing.interval()
        spent = typed(self._place, (words[:end] for words in SEARCHED for end in range(1, len(words) + 1)))
        self.tell(Line("chercher : d’une touche aux lignes, p95", share(spent, 0.95), "ms", 50, max(spent),
                       beside=f"sans la pause de {pause} ms qui attend la touche suivante"))  # fmt: skip

    # -- the lock
    def _lock(self) -> None:
        place = self._place
        spent: list[float] = []
        begun, wanted = 0.0, 0

        def note() -> None:
            if place.window.lock.on and len(spent) < wanted:
                spent.append((time.perf_counter() - begun) * 1000)

        place.app.herald.session_changed.connect(lambda _event: note())
        for _ in range(TIMES):
            wanted += 1
            begun = time.perf_counter()
            place.reader.remove()
            until(lambda: place.window.lock.on, "covered", 5)
            until(lambda: place.engine.session_state() is SessionState.LOCKED, "locked")
            rest(300)
            place.sign_in(self._card)
            until(lambda: not place.window.lock.on, "uncovered")
            rest(100)
        self.tell(
            Line(
                "carte retirée, fenêtre couverte (sans délai de grâce)", statistics.median(spent), "ms", 100, max(spent)
            )
        )

    # -- the cold start
    def _cold_start(self) -> None:
        told = []
        for _ in range(TIMES):
            done = subprocess.run(
                [sys.executable, "-m", "mssclient.stage.starter", str(self._file), str(self._home),
                 self._card.national_id, str(time.monotonic())],
                capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
            if done.returncode:
                raise NeverHappened(done.stderr.strip()[-200:])
            told.append(json.loads(done.stdout.splitlines()[-1]))
        bare = [floor() for _ in range(3)]
        totals = [t["window_s"] + t["list_s"] for t in told]
        windows = [t["window_s"] for t in told]
        imports = statistics.median(t["import_s"] for t in told)
        self.tell(
            Line("démarrer jusqu’à la fenêtre", statistics.median(windows), "s", None, max(windows),
                 beside=f"imports {imports:.2f} s ; Python et PySide6 seuls {statistics.median(bare):.2f} s"),
            Line("démarrer jusqu’à la liste remplie (hors carte et navigateur)", statistics.median(totals), "s", 1.0,
                 max(totals), beside=f"{told[0]['rows']} lignes, magasin de {MESSAGES} messages"),
            Line("mémoire après le démarrage (PSS)", statistics.median(t["pss"] for t in told) / 1e6, "Mo", 192),
        )  # fmt: skip


def run() -> int:
    """The whole table; always 0."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app.qt_application()
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="mssclient-bench-"))
    print(HEADING)
    try:
        with sandbox(folder / "sandbox", LINES, MESSAGES) as environment_file:
            Bench(app.load_environment(str(environment_file), Machine()), environment_file, folder / "home").run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"en {time.monotonic() - begun:.0f} s ; données fictives, opérateur fictif dans un autre processus")
    return 0
