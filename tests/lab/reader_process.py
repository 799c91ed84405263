"""Our reader in a process of its own, since libpcsclite reads its socket's name once: tells each change of status.

Each line on stdout is `{"after_s": …, "status": {…}}`. It ends when stdin ends; `cancel` on stdin cancels a wait.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from dataclasses import asdict

from mssclient.card.reader import PcscReader


def main() -> None:
    reader = PcscReader()
    over = threading.Event()

    def listen() -> None:
        for line in sys.stdin:
            if line.strip() == "cancel":
                reader.cancel()
        over.set()
        reader.cancel()

    threading.Thread(target=listen, daemon=True).start()
    previous = None
    while not over.is_set():
        began = time.monotonic()
        status = reader.wait(previous, 30)
        line = {"after_s": time.monotonic() - began, "status": asdict(status)}
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        previous = status
    reader.close()


if __name__ == "__main__":
    main()
