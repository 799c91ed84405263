"""A station in a process of its own, made to be killed: says "listed", and works when it is told to.

    python station_process.py ENVIRONMENT HOME NAME
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

from tests.faults.station import Station, Work


def say(word: str, **more: object) -> None:
    """To whoever gives the orders."""
    sys.stdout.write(json.dumps({"said": word, **more}) + "\n")
    sys.stdout.flush()


def main(environment_file: Path, home: Path, name: str) -> None:
    """Never returns by itself, but for the end of its input."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    station, work = Station(environment_file, home), Work(name)
    station.start()
    station.until(lambda: work.is_listed(station), "listed")
    say("listed")
    for order in sys.stdin:
        match order.strip():
            case "work":
                work.do(station)
                station.engine.refresh()
                say("worked")
            case "stop":
                break
    station.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
