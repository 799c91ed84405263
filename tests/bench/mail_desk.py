"""Our side of the mail bench: the real engine and the real window without a screen, on an encrypted store. Main thread."""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mssclient import app
from mssclient.domain.bal import Folder, FolderId, FolderRole, Link
from mssclient.domain.machine import Machine
from mssclient.domain.message import ListQuery, MessageId
from mssclient.domain.session import SessionState
from mssclient.engine.bring_up import BringUp
from mssclient.engine.house import Stores
from mssclient.stage.list_measures import opened, scrolled, sorted_by, typed
from mssclient.stage.loop import NeverHappened, until
from mssclient.stage.measures import Gaps, Line, share
from mssclient.stage.memory import pss_bytes
from mssclient.stage.workplace import Workplace
from mssclient.store.content import BodyRecord
from tests.bench import search
from tests.bench.mail_corpus import Corpus, number_of
from tests.bench.mail_peers import CHANGED, FIRST_PAGE, TIMES, changed
from tests.bench.mail_world import World
from tests.lab import mail

LATEST_S = 240.0
IDLE_MB, PER_100_000_MB = 180, 60
FEWEST_TO_SCALE = 20_000
"""Of a smaller mailbox one cannot say what 100,000 messages weigh."""
COLUMN_NAMES = {
    "sender": "expéditeur", "subject": "objet", "size": "taille", "usager": "usager", "state": "état", "date": "date",
}  # fmt: skip
Teller = Callable[..., None]


def gap_lines(gaps: Gaps) -> list[Line]:
    """What a person feels of a thread that is away."""
    found = gaps.found
    return [
        Line("  pendant ce temps, fil de l’écran : p99", share(found, 0.99), "ms"),
        Line("  pendant ce temps, fil de l’écran : p99,9", share(found, 0.999), "ms", 50),
        Line("  pendant ce temps, fil de l’écran : pire", max(found), "ms", 100, beside=f"{len(found)} battements"),
    ]


class Rounds:
    """Times each round of the engine that brings a folder up to date. One at a time; any thread writes, main reads."""

    def __init__(self) -> None:
        self._begin = BringUp.begin
        self.found: list[tuple[FolderId, float, int]] = []
        """Folder, milliseconds, bytes that came over the line."""

    def __enter__(self) -> Rounds:
        begin, found = self._begin, self.found

        def timed(self: BringUp, folder_id: FolderId) -> None:
            line = self._line
            before = line.session.received if line.is_up else 0
            begun = time.perf_counter()
            begin(self, folder_id)
            took = (time.perf_counter() - begun) * 1000
            found.append((folder_id, took, line.session.received - before if line.is_up else 0))

        BringUp.begin = timed  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        BringUp.begin = self._begin  # type: ignore[method-assign]

    def of(self, folder_id: FolderId) -> list[tuple[float, int]]:
        """Those of one folder."""
        return [(took, size) for found, took, size in tuple(self.found) if found == folder_id]


def sign_in(place: Workplace) -> float:
    """The person's phone answers at once; time.monotonic() at which the session was open."""
    place.engine.sign_in_with_ecps(mail.ALICE)
    until(lambda: place.engine.session_state() is SessionState.OPEN, "session open")
    since = time.monotonic()
    until(lambda: not (place.window.lock.on or place.window.sign_in.isVisible()), "the screen follows")
    if place.window.choose_activity.isVisible():
        place.window.choose_activity.button.click()
    return since


@contextmanager
def at_work(environment_file: str, home: Path) -> Iterator[Workplace]:
    """The program, opened and closed again."""
    place = Workplace(app.load_environment(environment_file, Machine()), home)
    place.window.resize(1366, 768)
    place.start()
    try:
        yield place
    finally:
        place.stop()


class Desk:
    """The measures, in an order that each finds what it needs."""

    def __init__(self, world: World, count: int, folder: Path, beside: dict[str, str], tell: Teller) -> None:
        self._world, self._count, self._folder, self._beside, self._tell = world, count, folder, beside, tell
        self._home = folder / "home"

    def run(self) -> None:
        """Everything; what fails is said, and the rest is measured."""
        self._guarded(self._first_page)
        with at_work(self._world.near, self._home) as place:
            steps = (self._headers, self._resyncs, self._list, self._bodies, self._search)
            for step in steps:
                self._guarded(lambda step=step: step(place), step.__name__)  # type: ignore[misc]
            most = IDLE_MB + PER_100_000_MB * self._count / 100_000
            self._tell(Line("mémoire à la fin de tout cela (PSS)", pss_bytes() / 1e6, "Mo", round(most)))
        self._guarded(self._starts)

    def _guarded(self, step: Callable[[], None], name: str = "") -> None:
        try:
            step()
        except (NeverHappened, StopIteration, OSError, subprocess.TimeoutExpired) as failure:
            why = " ".join(str(failure).split())
            self._tell(f"{(name or step.__name__).strip('_')} : non mesuré ({type(failure).__name__} {why})")

    # -- the first page, far away
    def _first_page(self) -> None:
        spent, after = [], []
        for at in range(TIMES):
            home = self._folder / f"far-{at}"
            with at_work(self._world.far, home) as place:
                whole, signed_in = self._one_page(place)
                spent.append(whole)
                after.append(signed_in)
            shutil.rmtree(home)
        told = f"dont {statistics.median(after):.2f} s une fois connecté ; {self._beside['newest']}"
        self._tell(
            Line(
                "200 premiers messages à 20 ms d’aller-retour",
                statistics.median(spent),
                "s",
                1.0,
                max(spent),
                beside=told,
            )
        )

    def _one_page(self, place: Workplace) -> tuple[float, float]:
        """Seconds to the first rows on the screen, from PSC's answer and from the operator's."""
        table, wanted = place.window.desk.list.table, min(FIRST_PAGE, self._count)
        since = sign_in(place)
        until(lambda: any(b.link is Link.LIVE for b in place.engine.reader.bals()), "on line")
        live = time.monotonic()
        until(lambda: table.isVisible() and table.model().rowCount() >= wanted, "first page", 60)
        return time.monotonic() - since, time.monotonic() - live

    # -- all headers, near
    def _headers(self, place: Workplace) -> None:
        table = place.window.desk.list.table
        sign_in(place)
        with Gaps() as gaps:
            until(lambda: table.isVisible() and table.model().rowCount() > 0, "first rows")
            first, begun = table.model().rowCount(), time.perf_counter()
            until(lambda: table.model().rowCount() >= self._count, "all headers", LATEST_S)
            seconds = time.perf_counter() - begun
        speed = (self._count - first) / seconds
        self._tell(
            Line("en-têtes au magasin chiffré, liste ouverte", speed, "en-têtes/s", 10_000, at_least=True,
                 beside=self._beside["headers"]),
            *gap_lines(gaps),
        )  # fmt: skip
        begun, owed = time.perf_counter(), self._stores(place).index.owed()
        self._until_indexed(place)
        if owed > self._count // 20:
            speed = owed / (time.perf_counter() - begun)
            self._tell(Line("indexation derrière, en-têtes seuls", speed, "messages/s", 1_500, at_least=True))
        place.quiet()

    @staticmethod
    def _stores(place: Workplace) -> Stores:
        office = place.engine._office
        if office is None:
            raise NeverHappened("nobody is signed in")
        return office.house.stores

    def _until_indexed(self, place: Workplace) -> None:
        stores, over = self._stores(place), threading.Event()

        def look() -> None:
            while not over.is_set() and stores.index.owed():
                over.wait(0.1)
            stores.database.release()

        self._aside(look, over, "indexed")

    @staticmethod
    def _aside(job: Callable[[], None], over: threading.Event, what: str) -> None:
        """On a thread of its own while the window lives."""
        thread = threading.Thread(target=job, name="bench")
        thread.start()
        try:
            until(lambda: not thread.is_alive(), what, LATEST_S)
        finally:
            over.set()
            thread.join()

    # -- what changed
    @staticmethod
    def _inbox(place: Workplace) -> Folder:
        return place.folder(place.engine.reader.bals()[0])

    def _resyncs(self, place: Workplace) -> None:
        inbox = self._inbox(place)
        nothing = []
        with Rounds() as rounds:
            for _ in range(TIMES):
                rounds.found.clear()
                place.engine.open_folder(inbox.id)
                until(lambda: rounds.of(inbox.id), "looked at again")
                nothing.append(rounds.of(inbox.id)[0])
                place.quiet()
        times, sizes = [took for took, _ in nothing], [size for _, size in nothing]
        self._tell(
            Line("rien de neuf dans un dossier", statistics.median(times), "ms", 50, max(times),
                 beside=self._beside["nothing"]),
            Line("rien de neuf dans un dossier, octets reçus", statistics.median(sizes), "o", 1_000, max(sizes),
                 beside="compressés, comme ils arrivent"),
        )  # fmt: skip
        self._changes(place, inbox)

    def _changes(self, place: Workplace, inbox: Folder) -> None:
        changes = []
        for at in range(TIMES + 1):
            place.engine.lock()
            until(lambda: place.engine.session_state() is SessionState.LOCKED, "locked")
            until(lambda: all(b.link is Link.OFFLINE for b in place.engine.reader.bals()), "lines closed")
            changed(self._world, on=at % 2 == 0)
            with Rounds() as rounds:
                sign_in(place)
                until(lambda: rounds.of(inbox.id), "changes")
                changes.append(rounds.of(inbox.id)[0])
            place.quiet()
            self._verify(place, inbox, on=at % 2 == 0)
        times, sizes = [took for took, _ in changes], [size for _, size in changes]
        self._tell(
            Line("1 000 changements au retour en ligne", statistics.median(times), "ms", 300, max(times),
                 beside=f"{statistics.median(sizes) / 1000:.1f} ko compressés ; {self._beside['changes']}"),
        )  # fmt: skip

    def _verify(self, place: Workplace, inbox: Folder, *, on: bool) -> None:
        """What is measured happened: the marks of the oldest messages are those of the server."""
        reader = place.engine.reader
        oldest = reader.ids(ListQuery(inbox.id))[-CHANGED:]

        def right() -> bool:
            pages = (reader.rows(oldest[at : at + 200]) for at in range(0, len(oldest), 200))
            flagged = sum(row.flagged for page in pages for row in page)
            return flagged == len(oldest) if on else flagged == 0

        until(right, "marks as on the server", 5)

    # -- the list
    def _list(self, place: Workplace) -> None:
        inbox = self._inbox(place)
        sent = place.folder(place.engine.reader.bals()[0], FolderRole.SENT)
        spent = opened(place, inbox, sent, self._count, TIMES)
        pages, jumps = scrolled(place)
        self._tell(
            Line(f"ouvrir le dossier de {self._count}, lignes peintes", statistics.median(spent), "ms", 50, max(spent)),
            Line("défiler d’une page, p95", share(pages, 0.95), "ms", 8, max(pages)),
            Line("sauter n’importe où, p95", share(jumps, 0.95), "ms", 16, max(jumps)),
        )
        for column, took in sorted_by(place, TIMES).items():
            self._tell(Line(f"trier par {COLUMN_NAMES[column]}", statistics.median(took), "ms", 150, max(took)))

    # -- the index
    def _bodies(self, place: Workplace) -> None:
        """Every body into the store as `fetch` puts them there, the index held; then the index let go."""
        office = place.engine._office
        if office is None:
            raise NeverHappened("nobody is signed in")
        corpus = Corpus(self._count, self._world.address)
        stores, inbox, gate, over = self._stores(place), self._inbox(place), threading.Event(), threading.Event()

        def fill() -> None:
            rows = stores.database.read("SELECT id, header_id FROM message WHERE folder_id = ?", (inbox.id,))
            for message_id, header_id in rows:
                if over.is_set():
                    break
                stores.content.keep_body(MessageId(message_id), BodyRecord(corpus.text(number_of(header_id))))
            stores.database.release()

        office.indexing.worker.post(lambda: (gate.wait(LATEST_S), None)[1])
        begun = time.perf_counter()
        try:
            self._aside(fill, over, "bodies in the store")
        finally:
            gate.set()
        stored = time.perf_counter() - begun
        owed = stores.index.owed()
        begun = time.perf_counter()
        office.indexing.ring()
        with Gaps() as gaps:
            self._until_indexed(place)
        speed = owed / (time.perf_counter() - begun)
        told = f"{self._beside.get('indexing', '')} ; {owed} corps posés au magasin en {stored:.0f} s".lstrip(" ;")
        self._tell(
            Line("indexation derrière, avec les corps", speed, "messages/s", 1_500, at_least=True, beside=told),
            *gap_lines(gaps),
        )

    def _search(self, place: Workplace) -> None:
        place.go(self._inbox(place))
        texts = keystrokes()
        spent = typed(place, texts)
        slowest = max(zip(spent, texts, strict=True))[1]
        if not all(place.engine.reader.ids(ListQuery(search=word)) for word in search.COMMON.split()[:5]):
            raise NeverHappened("words that are in many messages are found")
        pause = place.window.desk._typing.interval()
        told = f"{self._beside.get('search', '')} ; sans la pause de {pause} ms ; le plus lent « {slowest} »".lstrip(
            " ;"
        )
        self._tell(Line(f"chercher dans {self._count} corps : touche → lignes, p95", share(spent, 0.95), "ms", 50,
                        max(spent), beside=told))  # fmt: skip

    # -- the next day
    def _starts(self) -> None:
        populated = [self._start(self._world.near, self._home) for _ in range(TIMES)]
        self._start(self._world.small, self._folder / "small")
        small = [self._start(self._world.small, self._folder / "small") for _ in range(3)]
        totals = [each["window_s"] + each["list_s"] for each in populated]
        imports = statistics.median(each["import_s"] for each in populated)
        idle, full = (statistics.median(each["pss"] for each in runs) / 1e6 for runs in (small, populated))
        self._tell(
            Line("démarrer jusqu’à la liste remplie (hors e-CPS)", statistics.median(totals), "s", 1.0, max(totals),
                 beside=f"imports {imports:.2f} s ; {populated[0]['rows']:.0f} lignes"),
            Line("mémoire au repos, boîte de 50 messages (PSS)", idle, "Mo", IDLE_MB),
            Line(f"mémoire au repos, boîte de {self._count} (PSS)", full, "Mo"),
        )  # fmt: skip
        if self._count >= FEWEST_TO_SCALE:
            more = (full - idle) * 100_000 / self._count
            self._tell(Line("  soit, pour 100 000 messages de plus", more, "Mo", PER_100_000_MB))

    def _start(self, environment_file: str, home: Path) -> dict[str, float]:
        command = [
            sys.executable, "-m", "mssclient.stage.starter", environment_file, str(home), mail.ALICE,
            str(time.monotonic()), "ecps",
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
        if done.returncode:
            raise NeverHappened(done.stderr.strip()[-200:])
        found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        return found


def keystrokes() -> list[str]:
    """What is searched for."""
    return list(search.keystrokes())
