"""Measures the lock on a real pcscd with a virtual reader: from the card's departure to every window covered.

    python -m tests.bench.lock --times 15

The whole program runs on the sandbox: the main window with a preview, a composer, the directory, the settings and the
palette of commands. Beside it, in the same run, a bare client waits in SCardGetStatusChange on the same service: no program
can know earlier than that one wakes. Ends with status 1 when the target is missed; says so where there is no pcscd.
"""

from __future__ import annotations

import argparse
import os
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from mssclient import app
from mssclient.domain.bal import Link
from mssclient.domain.message import Attachment, Loading
from mssclient.domain.session import SessionState
from mssclient.sandbox import people
from mssclient.stage.browser import StandInBrowser
from mssclient.stage.loop import NeverHappened, rest, until
from mssclient.stage.measures import Line
from mssclient.stage.peers import sandbox
from tests.card import cards
from tests.lab import pcscd

TIMES = 15
TARGET_MS = 100.0
LINES = 2_000
COVER = "lock.cover"
WINDOWS_LEAST = 5


class Watcher(QObject):
    """Notes when the last cover was painted. Listens to the covers only: watching everything would slow it down."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: set[QObject] = set()
        self.covered_at = 0.0
        """When the turn of the loop that locked had hidden everything."""
        self.painted_at = 0.0
        self.windows = 0
        self.bare: list[str] = []
        """Windows that were found without a cover: there must be none."""

    def clear(self) -> None:
        """Before the next departure."""
        self.covered_at = self.painted_at = 0.0

    def look(self) -> None:
        """In the turn of the loop that locked, after every listener of ours."""
        self.covered_at = time.monotonic()
        shown = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
        found = {window: window.findChild(QWidget, COVER) for window in shown}
        self.bare += [window.objectName() for window, cover in found.items() if cover is None]
        covers = [cover for cover in found.values() if cover is not None]
        self.windows = len(covers)
        self._waiting = set(covers)
        for cover in covers:
            cover.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and watched in self._waiting:
            self._waiting.discard(watched)
            watched.removeEventFilter(self)
            if not self._waiting:
                self.painted_at = time.monotonic()
        return False


class Scene:
    """The program at work, and the card in its reader. Main thread."""

    def __init__(self, environment_file: str, home: Path, number: str, card: pcscd.VirtualCard) -> None:
        environment = app.load_environment(environment_file)
        context = ssl.create_default_context(cafile=environment.web_anchors)
        self.card = card
        self.browser = StandInBrowser(context, dict(environment.hosts), lambda: number)
        self.program = app.Application(environment, home, browser=self.browser)
        self.window, self.engine = self.program.window, self.program.engine
        self.watcher = Watcher()
        self.program.herald.session_changed.connect(lambda _event: self._on_session())
        self.program.start()

    def _on_session(self) -> None:
        if self.window.lock.on and not self.watcher.covered_at:
            self.watcher.look()

    def open(self) -> None:
        """Signed in with the card, every kind of window on the screen."""
        self.back()
        if self.engine.session_state() is not SessionState.OPEN:
            self.engine.sign_in_with_browser()
            until(lambda: self.engine.session_state() is SessionState.OPEN, "session open", 30)
            until(lambda: any(b.link is Link.LIVE for b in self.engine.reader.bals()), "a mailbox on line", 30)
        reader = self.engine.reader
        until(lambda: reader.bals() and reader.ids(self.window.desk.list.query), "the list", 30)
        self.window.windows.new()
        self.window.windows.directory()
        self.window.windows.settings()
        self._preview()
        self.window.commands.named("palette").trigger()
        rest(500)

    def _preview(self) -> None:
        """A document on the screen, beside the list."""
        desk, reader = self.window.desk, self.engine.reader
        row = next(row for row in reader.rows(reader.ids(desk.list.query)[:200]) if row.attachments)
        desk.list.go_to(row.id)

        def part() -> Attachment | None:
            message = reader.message(row.id)
            return next((a for a in message.attachments if a.loading is Loading.HERE), None) if message else None

        until(part, "a document is here", 30)
        if (found := part()) is not None:
            desk.workbench.show_part(found.id, "", found.name, filing=False)
            desk.right.setCurrentWidget(desk.workbench)
        until(desk.workbench.preview.isVisible, "the preview is shown")

    def back(self) -> None:
        """The card goes in and is named; within the grace that lifts the covers."""
        self.card.order("insert")
        until(lambda: self.engine.card_status().holder, "the card is read", 15)
        rest(100)

    def departure(self, rival: pcscd.Rival) -> tuple[float, float, float, float]:
        """Seconds: removal → bare client, bare client → hidden, bare client → painted, removal → painted."""
        until(lambda: not self.window.lock.on, "uncovered", 5)
        rest(400)
        self.watcher.clear()
        rival.order("watch")
        removed = float(str(self.card.order("remove")["at"]))
        until(lambda: self.watcher.painted_at, "covered and painted", 5)
        woke = float(rival.order("woke"))
        hidden, painted = self.watcher.covered_at, self.watcher.painted_at
        return woke - removed, hidden - woke, painted - woke, painted - removed

    def stop(self) -> None:
        """End the program."""
        self.program.stop()
        self.browser.join()
        self.window.close()


def _not_of_the_offscreen_platform(kind: QtMsgType, _context: object, text: str) -> None:
    if "This plugin does not support" not in text:
        sys.stderr.write(f"{kind.name} {text}\n")


def tell(*told: object) -> None:
    """Print as soon as known."""
    sys.stdout.write("".join(f"{each}\n" for each in told))
    sys.stdout.flush()


def lines(found: list[tuple[float, float, float, float]], windows: int) -> list[Line]:
    """What `make bench` prints; milliseconds."""
    bare, hidden, painted, whole = ([each * 1000 for each in column] for column in zip(*found, strict=True))
    return [
        Line("carte retirée : un client PC/SC nu le sait (limite)", statistics.median(bare), "ms", None, max(bare),
             beside="pcscd regarde la carte toutes les 400 ms"),
        Line("  de là : tout est masqué (moment où pcscd le dit)", statistics.median(hidden), "ms", TARGET_MS, max(hidden)),
        Line(f"  de là : les {windows} fenêtres couvertes et peintes", statistics.median(painted), "ms", TARGET_MS,
             max(painted), beside=f"{len(found)} retraits sur un vrai pcscd"),
        Line("  du retrait à tout couvert et peint", statistics.median(whole), "ms", None, max(whole)),
    ]  # fmt: skip


def inside(environment_file: str, folder: Path, socket: Path, port: int, times: int) -> int:
    """In the process that libpcsclite was told the socket of before it was loaded."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app.qt_application()
    qInstallMessageHandler(_not_of_the_offscreen_platform)
    number = people.institution().staff("secretary").card.national_id
    card = pcscd.VirtualCard(folder, port, files=cards.files(cards.certificate(number)))
    rival = pcscd.Rival(socket)
    scene = Scene(environment_file, folder / "home", number, card)
    try:
        scene.open()
        found = []
        for _ in range(times):
            found.append(scene.departure(rival))
            scene.back()
            if scene.window.lock.on:
                scene.open()
    finally:
        scene.stop()
        rival.close()
        card.close()
    table = lines(found, scene.watcher.windows)
    tell(*table)
    if scene.watcher.bare or scene.watcher.windows < WINDOWS_LEAST:
        tell(f"fenêtres restées découvertes : {scene.watcher.bare} ; couvertes : {scene.watcher.windows}")
        return 1
    return 1 if any(line.verdict == "non tenu" for line in table) else 0


def main(arguments: list[str] | None = None) -> int:
    """The table; 0 when the target is kept, or when there is nothing to measure on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--inside", nargs=3, metavar=("ENVIRONMENT", "FOLDER", "PORT"), help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.inside:
        environment, folder, port = asked.inside
        socket = Path(os.environ[pcscd.SOCKET_VARIABLE])
        return inside(environment, Path(folder), socket, int(port), asked.times)
    if lack := pcscd.missing():
        tell(f"carte retirée : non mesuré, pas de pcscd à lecteur virtuel ({lack})")
        return 0
    folder = Path(tempfile.mkdtemp(prefix="mssclient-bench-"))
    daemon = pcscd.Pcscd(folder)
    daemon.start()
    try:
        with sandbox(folder / "sandbox", LINES, 0) as environment_file:
            return subprocess.run(
                [sys.executable, "-m", "tests.bench.lock", "--times", str(asked.times),
                 "--inside", str(environment_file), str(folder), str(daemon.port)],
                env=os.environ | {pcscd.SOCKET_VARIABLE: str(daemon.path)}, check=False, timeout=300,
            ).returncode  # fmt: skip
    except (NeverHappened, OSError, subprocess.TimeoutExpired) as failure:
        tell(f"carte retirée : non mesuré ({type(failure).__name__})")
        return 1
    finally:
        daemon.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
