"""Measures the local Annuaire at full size: load, daily difference, and each keystroke of realistic searches.

    python tests/bench/annuaire.py --lines 536000

Prints one table with targets; ends with status 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import gc
import io
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from mssclient.domain import extraction
from mssclient.sandbox import directory as sandbox
from mssclient.store.directory import DirectoryStore

DAY = datetime(2026, 8, 26, 10, 13, tzinfo=UTC)
TYPED = (
    "dupont marie lyon", "martin", "jean martin", "le goff", "kervella quimper", "cardiologue lyon", "infirmière brest",
    "ehpad les tilleuls", "centre hospitalier de rennes urgences", "pharmacie bel air", "69003 kiné", "marie",
    "medecin generaliste paris", "dupnot mraie", "lefebvre", "de la croix", "sophie durand bordeaux", "psy strasbourg",
    "anne-sophie d'almeida", "ch brest pneumologie", "10000000041", "catherine.mathieu@professionnel", "ma du le",
    "laboratoire", "nguyen dentiste", "dr petit ophtalmo 31", "zyx", "saint martin", "m", "a b c", "fr", "mar lyo",
)  # fmt: skip


def keystrokes(text: str) -> Iterator[str]:
    """What the search box holds after each key."""
    return (text[:end] for end in range(1, len(text) + 1))


def percentile(values: list[float], share: float) -> float:
    """The value that this share of the values stays under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def load(store: DirectoryStore, lines: int, day: datetime) -> tuple[float, str]:
    """Seconds of one load, and what it says; making the lines is not counted."""
    text = b"".join(sandbox.extraction(lines, now=day))
    begun = time.perf_counter()
    result = store.load(
        io.BytesIO(text), lambda done, total: None, lambda: False, extracted=f"{day:%Y%m%d%H%M}",
        loaded_at=day.isoformat(), size_bytes=len(text),
    )  # fmt: skip
    return time.perf_counter() - begun, f"{result.entries:,} entries, +{result.arrived:,} −{result.vanished:,}"


def splitting(lines: int) -> float:
    """Seconds to read that many lines into columns."""
    text = io.BytesIO(b"".join(sandbox.extraction(lines)))
    begun = time.perf_counter()
    for _ in extraction.rows(extraction.bounded_lines(text)):
        pass
    return time.perf_counter() - begun


def main() -> int:
    """Run everything and print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    arguments.add_argument("--lines", type=int, default=536_000)
    arguments.add_argument("--slowest", action="store_true", help="list the slowest keystrokes")
    chosen = arguments.parse_args()
    table: list[tuple[str, float, float, str, str]] = []
    scale = max(1.0, chosen.lines / 536_000)
    with tempfile.TemporaryDirectory() as folder:
        store = DirectoryStore(Path(folder) / "annuaire.sqlite")
        table.append(("split lines, s", splitting(chosen.lines), 2 * scale, "", ""))
        seconds, said = load(store, chosen.lines, DAY)
        table.append(("first load, s", seconds, 45 * scale, said, ""))
        seconds, said = load(store, chosen.lines, DAY + timedelta(days=1))
        table.append(("daily difference, s", seconds, 15 * scale, said, ""))
        size = max(path.stat().st_size for path in Path(folder).iterdir())
        table.append(("file, MB", size / 1e6, 350 * scale, "", ""))
        gc.collect()
        spent: list[tuple[float, str]] = []
        boosts = {f"sophie.{name}@medecin.mss.example": 5 for name in ("martin", "durand", "petit", "leroy")}
        for near in ("", "69"):
            for text in (typed for sentence in TYPED for typed in keystrokes(sentence)):
                begun = time.perf_counter()
                store.search(text, 20, "", near, boosts)
                spent.append(((time.perf_counter() - begun) * 1000, f"{text} [{near}]"))
        times = [took for took, _ in spent]
        table.append(("keystroke median, ms", statistics.median(times), 3, f"{len(times)} keystrokes", ""))
        table.append(("keystroke p95, ms", percentile(times, 0.95), 8, "", ""))
        table.append(("keystroke p99, ms", percentile(times, 0.99), 15, "", ""))
        table.append(("keystroke worst, ms", max(times), 50, "", ""))
        store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    missed = 0
    sys.stdout.write(f"{chosen.lines:,} lines\n{'':24}{'measured':>12}{'target':>10}\n")
    for name, value, target, note, _ in table:
        missed += value > target
        sys.stdout.write(f"{name:24}{value:12.2f}{target:10.0f}  {'ok' if value <= target else 'MISSED':8}{note}\n")
    sys.stdout.write(f"{'peak memory, MB':24}{peak:12.0f}{'':12}(with the lines themselves in memory)\n")
    if chosen.slowest:
        for took, text in sorted(spent, reverse=True)[:25]:
            sys.stdout.write(f"{took:8.1f} ms  {text}\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
