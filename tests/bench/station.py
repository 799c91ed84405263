"""One workstation as a process of its own, for `tests.bench.annuaire`: loads or follows, and says what that took.

python -m tests.bench.station load FILE HOME
python -m tests.bench.station take FOLDER HOME
"""

from __future__ import annotations

import json
import sys
import time
from contextlib import closing
from pathlib import Path

from mssclient.domain.environment import Environment
from mssclient.engine.directory_intake import Intake
from mssclient.store.directory import Arrival, DirectoryStore


def peak_mb() -> float:
    """The most memory this program held. Not `getrusage`: its figure begins with that of who started the process."""
    for line in Path("/proc/self/status").read_text("ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main(what: str, source: Path, home: Path) -> int:
    """Do it once; a line of JSON tells."""
    begun = time.perf_counter()
    with closing(DirectoryStore(home / "annuaire.sqlite")) as store:
        if what == "load":
            with source.open("rb") as text:
                store.load(
                    text, lambda done, total: None, lambda: False, arrival=Arrival("", ""),
                    size_bytes=source.stat().st_size,
                )  # fmt: skip
        else:
            nowhere = Environment("", "", "", "", "", "", "", "")
            intake = Intake(nowhere, store, home, lambda what, done, total: None, lambda: False)
            intake.take(str(source), "2026-08-26T10:13:00+00:00")
        told = {
            "seconds": time.perf_counter() - begun,
            "peak_mb": peak_mb(),
            "entries": store.status().entries,
            "mark": store.held().mark,
        }
    sys.stdout.write(f"{json.dumps(told)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])))
