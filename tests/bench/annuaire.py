"""Measures the local Annuaire at full size, each figure beside its target or its peer.

    python -m tests.bench.annuaire --lines 536000

Load beside the plain parse and a bare FTS5 build of the same columns; the daily difference; publishing and following by
deltas; the memory of a load in a process of its own; fifty workstations that take one published folder, as processes;
each keystroke of realistic questions, alone and during a refresh, beside SQLite's own unranked search; and whether people
find whom they look for. Ends with status 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from mssclient.domain import extraction
from mssclient.domain.directory_words import folded
from mssclient.domain.environment import Environment
from mssclient.domain.extraction import entry_of
from mssclient.engine.directory_intake import Intake
from mssclient.sandbox import directory as sandbox
from mssclient.store.directory import Arrival, DirectoryStore
from mssclient.store.directory_files import Generations
from mssclient.store.directory_publish import PublicationFolder
from tests.bench.queries import Question, questions

DAY = datetime(2026, 8, 26, 10, 13, tzinfo=UTC)
SWITCH_INTERVAL_S = 0.0002
"""As the application sets it."""
AT_ONCE = 8
"""Workstations that a busy folder serves at a time."""
BOOSTS = {f"sophie.{name}@medecin.mss.example": 5 for name in ("martin", "durand", "petit", "leroy")}


@dataclass
class Table:
    """The figures, in the order they were measured."""

    rows: list[tuple[str, float, float, str]] = field(default_factory=list)

    def add(self, name: str, value: float, target: float = 0.0, note: str = "") -> None:
        """A figure; `target` 0 is only told, a negative one is a least."""
        self.rows.append((name, value, target, note))
        sys.stdout.write(f"{self._line(name, value, target, note)}\n")
        sys.stdout.flush()

    @staticmethod
    def _missed(value: float, target: float) -> bool:
        return (value > target > 0) or (target < 0 and value < -target)

    def _line(self, name: str, value: float, target: float, note: str) -> str:
        verdict = "" if not target else "MISSED" if self._missed(value, target) else "ok"
        shown = f"{'≥' if target < 0 else '≤'} {abs(target):g}" if target else ""
        return f"{name:44}{value:10.2f}  {shown:>8} {verdict:7}{note}"

    @property
    def missed(self) -> int:
        return sum(self._missed(value, target) for _, value, target, _ in self.rows)


def lines_of(count: int, day: datetime) -> bytes:
    return b"".join(sandbox.extraction(count, now=day))


def splitting(text: bytes) -> float:
    """Seconds to read the lines into columns: the plain parse."""
    begun = time.perf_counter()
    for _ in extraction.rows(extraction.bounded_lines(io.BytesIO(text))):
        pass
    return time.perf_counter() - begun


def bare_build(text: bytes, folder: Path) -> float:
    """Seconds of the least that any searchable copy needs: the same rows in a table, the same words in FTS5."""
    begun = time.perf_counter()
    with closing(sqlite3.connect(folder / "bare.sqlite", isolation_level=None)) as connection:
        connection.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            f"CREATE TABLE entry (id INTEGER PRIMARY KEY, {', '.join(f'c{n} TEXT' for n in range(15))});"
            "CREATE VIRTUAL TABLE words USING fts5 (family, given, own, place, work, mail, content = '', columnsize = 0,"
            " detail = 'column', prefix = '1 2 3 4 5', tokenize = 'unicode61 remove_diacritics 2');"
            "INSERT INTO words (words, rank) VALUES ('hashsize', 16777216); BEGIN"
        )
        insert = f"INSERT INTO entry VALUES (?{', ?' * 15})"
        for number, row in enumerate(extraction.rows(extraction.bounded_lines(io.BytesIO(text))), 1):
            values = extraction.fields(row)
            if values is None:
                continue
            entry = entry_of(values)
            words = (entry.family, entry.given, f"{entry.structure} {entry.service}", f"{entry.town} {entry.post_code}",
                     f"{entry.profession} {entry.speciality}", entry.address)  # fmt: skip
            connection.execute(insert, (number, *values))
            connection.execute(
                "INSERT INTO words (rowid, family, given, own, place, work, mail) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, *words),
            )
        connection.execute("COMMIT")
    return time.perf_counter() - begun


def load(store: DirectoryStore, text: bytes, day: datetime) -> tuple[float, str]:
    begun = time.perf_counter()
    result = store.load(
        io.BytesIO(text), lambda done, total: None, lambda: False,
        arrival=Arrival(day.isoformat(), f"{day:%Y%m%d%H%M}"), size_bytes=len(text),
    )  # fmt: skip
    return time.perf_counter() - begun, f"{result.entries:,} entries, +{result.arrived:,} −{result.vanished:,}"


def published(folder: Path, text: bytes, day: datetime) -> tuple[float, int, int]:
    """Seconds of a publication, bytes of its snapshot and of its changes."""
    folder.mkdir(exist_ok=True)
    begun = time.perf_counter()
    done = PublicationFolder(folder).publish(
        io.BytesIO(text), lambda done, total: None, lambda: False, extracted=f"{day:%Y%m%d%H%M}",
        published_at=day.isoformat(), size_bytes=len(text),
    )  # fmt: skip
    return time.perf_counter() - begun, done.snapshot_bytes, done.delta_bytes


def followed(store: DirectoryStore, folder: Path, home: Path) -> float:
    nowhere = Environment("", "", "", "", "", "", "", "")
    begun = time.perf_counter()
    Intake(nowhere, store, home, lambda what, done, total: None, lambda: False).take(str(folder), DAY.isoformat())
    return time.perf_counter() - begun


def as_process(what: str, source: Path, home: Path) -> dict[str, Any]:
    """What a workstation did, in a process of its own (tests.bench.station)."""
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.bench.station", what, str(source), str(home)]
    done = subprocess.run(command, check=True, capture_output=True, timeout=900)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def measure_stations(table: Table, lines: int, folder: Path, stations: int) -> None:
    """Many workstations, a few at once, take one folder: its snapshot on the first day, its changes on the next."""
    depot, homes = folder / "depot", [folder / f"poste{number}" for number in range(stations)]
    folder.mkdir(parents=True, exist_ok=True)
    for name, day in (("snapshot", DAY), ("changes", DAY + timedelta(days=1))):
        published(depot, lines_of(lines, day), day)
        begun = time.perf_counter()
        with ThreadPoolExecutor(AT_ONCE) as pool:
            told = list(pool.map(lambda home: as_process("take", depot, home), homes))
        seconds = time.perf_counter() - begun
        marks = {one["mark"] for one in told}
        table.add(f"{stations} workstations take the {name}, s", seconds, 0, f"{AT_ONCE} at once, {lines:,} lines")
        table.add("   the slowest of them, s", max(one["seconds"] for one in told))
        table.add("   different copies afterwards", len(marks), 1, "1: all are the same")


def measure_memory(table: Table, lines: int, folder: Path) -> None:
    """The memory of a first load and of a difference, each alone in a process."""
    for name, day in (("first load", DAY), ("difference", DAY + timedelta(days=1))):
        path = folder / "extraction.txt"
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(lines_of(lines, day))
        told = as_process("load", path, folder / "seul")
        table.add(f"peak memory of a {name} alone, MB", told["peak_mb"], 0, f"{told['seconds']:.1f} s, {lines:,} lines")


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values stays under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def keystrokes(asked: list[Question]) -> Iterator[tuple[str, str]]:
    """What the search box holds after each key, and the department of who types."""
    for place, one in enumerate(asked):
        for end in range(1, len(one.text) + 1):
            yield one.text[:end], "69" if place % 2 else ""


def typed(
    store: DirectoryStore, asked: list[Question], clock: Callable[[], float] = time.perf_counter
) -> list[tuple[float, str]]:
    """Milliseconds of each keystroke; `time.thread_time` tells its work without what else the machine does."""
    spent = []
    for text, near in keystrokes(asked):
        begun = clock()
        store.search(text, 20, "", near, BOOSTS)
        spent.append(((clock() - begun) * 1000, f"{text} [{near}]"))
    return spent


def unranked(path: Path, asked: list[Question]) -> list[float]:
    """Milliseconds of SQLite's own search for the same keystrokes: the first twenty, in no order, no mistakes forgiven."""
    spent = []
    with closing(sqlite3.connect(path)) as connection:
        for text, _ in keystrokes(asked):
            words = folded(text).split()
            if words:
                begun = time.perf_counter()
                match = " AND ".join(f'"{word}" *' for word in words)
                numbers = connection.execute(
                    "SELECT rowid FROM entry_words WHERE entry_words MATCH ? LIMIT 20", (match,)
                ).fetchall()
                wanted = json.dumps([number for (number,) in numbers])
                connection.execute(
                    "SELECT * FROM entry WHERE id IN (SELECT value FROM json_each(?))", (wanted,)
                ).fetchall()
                spent.append((time.perf_counter() - begun) * 1000)
    return spent


def typed_during(store: DirectoryStore, asked: list[Question], text: bytes, day: datetime) -> list[tuple[float, str]]:
    """Milliseconds of keystrokes while another thread applies a daily difference."""
    worker = threading.Thread(target=load, args=(store, text, day), name="refresh")
    spent: list[tuple[float, str]] = []
    worker.start()
    while worker.is_alive():
        for one in asked:
            if not worker.is_alive():
                break
            spent += typed(store, [one])
    worker.join()
    return spent


def quality(store: DirectoryStore, asked: list[Question]) -> tuple[float, float, list[str]]:
    """Percent first, percent in the first five, and what was not."""
    first = five = 0
    lost = []
    for one in asked:
        found = [entry.address for entry in store.search(one.text, 20)]
        place = next((place for place, address in enumerate(found, 1) if address in one.accepted), 999)
        first += place == 1
        five += place <= 5
        if place > 5:
            lost.append(f"{one.text}  ({one.shape})")
    return 100 * first / len(asked), 100 * five / len(asked), lost


def measure_loads(table: Table, lines: int, folder: Path, store: DirectoryStore) -> list[Question]:
    """First load, publication, the next day; gives 500 questions about what is loaded."""
    today, tomorrow = DAY, DAY + timedelta(days=1)
    text = lines_of(lines, today)
    parse = min(splitting(text) for _ in range(3))
    table.add("plain parse, s", parse)
    begun = time.process_time()
    bare = bare_build(text, folder)
    bare_work = time.process_time() - begun
    table.add("bare FTS5 build, s", bare, 0, f"{bare_work:.1f} s of work")
    begun = time.process_time()
    seconds, said = load(store, text, today)
    work = time.process_time() - begun
    table.add("first load, s", seconds, 0, f"{work:.1f} s of work, {said}")
    table.add("first load / bare build", seconds / bare, 1.3)
    table.add("the same by work, not by the clock", work / bare_work, 0, "what a busy machine does not distort")
    table.add("file, MB", current(folder).stat().st_size / 1e6)
    seconds, snapshot, _ = published(folder / "depot", text, today)
    table.add("first publication, s", seconds, 0, f"snapshot {snapshot / 1e6:.1f} MB")
    asked = questions(text.splitlines(keepends=True), 500)
    with closing(DirectoryStore(folder / "poste" / "annuaire.sqlite")) as station:
        load(station, text, today)
        text = lines_of(lines, tomorrow)
        seconds, _, delta = published(folder / "depot", text, tomorrow)
        table.add("next publication, s", seconds, 0, f"changes {delta / 1e3:.1f} kB")
        table.add("a workstation follows by changes, s", followed(station, folder / "depot", folder / "poste"))
    seconds, said = load(store, text, tomorrow)
    table.add("daily difference, s", seconds, 0, said)
    table.add("daily difference / parse", seconds / parse, 6)
    return asked


def measure_searches(
    table: Table, folder: Path, store: DirectoryStore, asked: list[Question]
) -> list[tuple[float, str]]:
    """Keystrokes beside SQLite's own search, and whether people are found; gives each keystroke's time."""
    spent = typed(store, asked)
    times = [took for took, _ in spent]
    table.add(
        "keystroke median, ms", statistics.median(times), 3, f"{len(times):,} keystrokes of {len(asked)} questions"
    )
    table.add("keystroke p99, ms", percentile(times, 0.99), 15)
    table.add("keystroke worst, ms", max(times))
    work = [took for took, _ in typed(store, asked, time.thread_time)]
    table.add("the same p99 by work, not by the clock", percentile(work, 0.99), 0, f"worst {max(work):.1f} ms")
    own = unranked(current(folder), asked)
    table.add("SQLite unranked median, ms", statistics.median(own), 0, "its first twenty, in no order")
    table.add("SQLite unranked p99, ms", percentile(own, 0.99))
    first, five, lost = quality(store, asked[:300])
    table.add("first answer is the one, %", first, -80, "of 300 questions")
    table.add("among the first five, %", five, -95)
    for line in lost:
        sys.stdout.write(f"    not found: {line}\n")
    return spent


def current(folder: Path) -> Path:
    """The generation that is searched."""
    path = Generations(folder / "annuaire.sqlite").current()
    if path is None:
        raise SystemExit("nothing was loaded")
    return path


def measure(lines: int, folder: Path, *, slowest: bool) -> Table:
    """Everything, in one table that is written as it grows."""
    table = Table()
    store = DirectoryStore(folder / "annuaire.sqlite")
    asked = measure_loads(table, lines, folder, store)
    later = DAY + timedelta(days=2)
    text = lines_of(lines, later)
    gc.collect()
    gc.freeze()
    spent = measure_searches(table, folder, store, asked)
    during = [took for took, _ in typed_during(store, asked[::7], text, later)]
    alone = percentile([took for took, _ in spent], 0.99)
    table.add("keystroke p99 during a refresh, ms", percentile(during, 0.99), 0, f"{len(during):,} keystrokes")
    table.add("a refresh delays a keystroke (p99), ms", percentile(during, 0.99) - alone, 30)
    store.close()
    for took, what in sorted(spent, reverse=True)[: 25 if slowest else 0]:
        sys.stdout.write(f"    {took:8.1f} ms  {what}\n")
    return table


def main() -> int:
    """Run everything; the status."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--lines", type=int, default=536_000)
    arguments.add_argument("--slowest", action="store_true", help="list the slowest keystrokes")
    arguments.add_argument("--stations", type=int, default=50, help="workstations that take one folder")
    arguments.add_argument("--station-lines", type=int, default=40_000, help="lines that the fifty workstations take")
    chosen = arguments.parse_args()
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    sys.stdout.write(f"{chosen.lines:,} lines\n")
    with tempfile.TemporaryDirectory() as folder:
        table = measure(chosen.lines, Path(folder), slowest=chosen.slowest)
        measure_memory(table, chosen.lines, Path(folder) / "memory")
        measure_stations(table, chosen.station_lines, Path(folder) / "stations", chosen.stations)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{'peak memory, MB':44}{peak:10.0f}  (with the extractions themselves in memory)\n")
    return 1 if table.missed else 0


if __name__ == "__main__":
    sys.exit(main())
