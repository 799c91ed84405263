"""The mail engine on a real Dovecot, beside a bare IMAP client, mbsync, notmuch and mu on the same mail.

    python -m tests.bench.mail --messages 20000

The server and its large inbox are a process of their own, warm; the program is the real one, without a screen, on an
encrypted store. Nothing is asserted: the table is the result. Mailboxes and the peers' indexes are made once and kept;
the first run takes some minutes more.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from mssclient import app
from mssclient.stage.measures import HEADING, Line
from tests.bench import mail_peers
from tests.bench.mail_desk import Desk, keystrokes
from tests.bench.mail_world import World, world
from tests.lab import mail

CACHE = Path(__file__).resolve().parents[2] / "build" / "bench"


def tell(*told: Line | str) -> None:
    """Print as soon as known."""
    sys.stdout.write("".join(f"{each}\n" for each in told))
    sys.stdout.flush()


def _not_of_the_offscreen_platform(kind: QtMsgType, _context: object, text: str) -> None:
    if "This plugin does not support" not in text:
        sys.stderr.write(f"{kind.name} {text}\n")


def peers(there: World, count: int, folder: Path) -> mail_peers.Found:
    """What the others take."""
    found = mail_peers.Found(tell)
    mail_peers.raw(there, count, found)
    command = mail_peers.mbsync_pull(there, count, folder / "mbsync", found)
    mail_peers.resyncs(there, found, mbsync=command)
    shutil.rmtree(folder / "mbsync", ignore_errors=True)
    kept = Path(there.corpus)
    mail_peers.indexes(kept, mail_peers.sample_of(kept, folder / "sample" / "maildir"), keystrokes(), found)
    return found


def main(arguments: list[str] | None = None) -> int:
    """The table; 0, also where there is nothing to measure on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--cache", type=Path, default=CACHE)
    asked = parser.parse_args(arguments)
    if lack := mail.missing():
        tell(f"messagerie sur un vrai Dovecot : non mesurée ({lack})")
        return 0
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app.qt_application()
    qInstallMessageHandler(_not_of_the_offscreen_platform)
    # Ended from outside, it still ends its servers and removes what it wrote.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    begun = time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="mssclient-bench-"))
    tell(f"{asked.messages} messages sur un vrai Dovecot ; charge de la machine {os.getloadavg()[0]:.1f}", HEADING)
    try:
        with world(asked.cache, asked.messages) as there:
            found = peers(there, asked.messages, folder)
            Desk(there, asked.messages, folder, found.beside, tell).run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tell(f"en {time.monotonic() - begun:.0f} s ; données fictives ; charge de la machine {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
