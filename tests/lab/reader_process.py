"""Our reader in a process of its own, since libpcsclite reads its socket's name once: tells each change of status.

Each line on stdout is `{"after_s": …, "stuck": …, "status": {…}}`; a reader that gets stuck, or is not stuck any more,
is told too. It ends when stdin ends; `cancel` on stdin cancels a wait, `holds` tells descriptors and threads.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path

from mssclient.card.reader import PcscReader
from mssclient.domain.session import CardStatus

WATCH_S = 0.05


def main() -> None:
    reader = PcscReader()
    over = threading.Event()
    speaking = threading.Lock()
    status: CardStatus | None = None

    def tell(**words: object) -> None:
        with speaking:
            sys.stdout.write(json.dumps(words) + "\n")
            sys.stdout.flush()

    def listen() -> None:
        for line in sys.stdin:
            match line.strip():
                case "cancel":
                    reader.cancel()
                case "holds":
                    fds = len(list(Path("/proc/self/fd").iterdir()))
                    tell(holds=[fds, threading.active_count()], pid=os.getpid())
        over.set()
        reader.cancel()

    def watch_over() -> None:
        stuck = False
        while not over.wait(WATCH_S):
            if reader.is_stuck() != stuck:
                stuck = not stuck
                tell(after_s=0.0, stuck=stuck, status=asdict(status) if status else None)

    threading.Thread(target=listen, daemon=True).start()
    threading.Thread(target=watch_over, daemon=True).start()
    while not over.is_set():
        began = time.monotonic()
        status = reader.wait(status, 30)
        tell(after_s=time.monotonic() - began, stuck=reader.is_stuck(), status=asdict(status))
    reader.close()


if __name__ == "__main__":
    main()
