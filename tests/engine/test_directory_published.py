"""Many workstations and one published folder: deltas, snapshots, cuts, damage, and a folder that goes back in time."""

from __future__ import annotations

import io
import json
import random
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mssclient.domain import publication
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Cancelled, MssError, Offline, StoreReason, StoreTrouble, Unread, Unreadable
from mssclient.domain.extraction import Shrunken
from mssclient.engine.directory_intake import Intake
from mssclient.sandbox.directory import Listed, extraction
from mssclient.sandbox.pki import Pki
from mssclient.store.directory import Arrival, DirectoryStore, LoadResult
from mssclient.store.directory_publish import PublicationFolder, Published
from tests.remote import https_kit

NOWHERE = Environment("", "", "", "", "", "", "", "")
HOST = "depot.mss.example"
NOW = "2026-08-26T12:00:00+00:00"


def day(number: int, count: int = 600) -> list[bytes]:
    """The extraction of a day: a dozen lines differ from the one before."""
    fixed = tuple(Listed(f"p{n}@jour.mss.example", family=f"Jour{n}", given="Ada") for n in range(number, number + 12))
    return list(extraction(count, fixed=fixed))


def publish(folder: Path, number: int, **more: object) -> Published:
    text = b"".join(day(number))
    chosen: dict[str, object] = {"extracted": f"2026082{number}1013", "published_at": NOW, "size_bytes": len(text)}
    return PublicationFolder(folder).publish(
        io.BytesIO(text), lambda done, total: None, lambda: False, **(chosen | more)  # type: ignore[arg-type]
    )  # fmt: skip


class Station:
    """One workstation: a copy of its own, refreshed from wherever it is told."""

    def __init__(self, folder: Path, environment: Environment = NOWHERE) -> None:
        self.folder = folder
        self.store = DirectoryStore(folder / "annuaire.sqlite")
        self._environment = environment
        self.fetched: list[tuple[int, int]] = []

    def refresh(self, location: str, *, confirmed: bool = False, cancelled: bool = False) -> LoadResult | None:
        def told(what: str, done: int, total: int) -> None:
            if what == "fetch":
                self.fetched.append((done, total))

        intake = Intake(self._environment, self.store, self.folder, told, lambda: cancelled, confirmed=confirmed)
        return intake.take(location, NOW)

    @property
    def mark(self) -> str:
        return self.store.held().mark

    def close(self) -> None:
        self.store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "depot"
    made.mkdir()
    return made


@pytest.fixture
def station(tmp_path: Path) -> Iterator[Station]:
    with closing(Station(tmp_path / "poste")) as made:
        yield made


def manifest(folder: Path) -> publication.Manifest:
    return publication.read_manifest((folder / publication.MANIFEST).read_bytes())


def test_a_new_workstation_takes_the_snapshot_and_later_the_changes(folder: Path, station: Station) -> None:
    publish(folder, 0)
    first = station.refresh(str(folder))
    assert first is not None
    assert (first.entries, first.fresh) == (600, True)
    assert station.refresh(str(folder)) is None
    publish(folder, 1)
    publish(folder, 2)
    station.fetched.clear()
    later = station.refresh(str(folder))
    assert later is not None
    assert (later.arrived, later.vanished, later.fresh) == (2, 2, False)
    assert station.mark == manifest(folder).mark
    assert max(total for _, total in station.fetched) < manifest(folder).snapshot.size / 5
    assert [entry.family for entry in station.store.search("jour13")] == ["Jour13"]
    assert station.store.search("jour0") == []
    assert station.store.status().extracted == "202608221013"


def test_changes_end_where_the_extraction_itself_would(folder: Path, station: Station, tmp_path: Path) -> None:
    for number in range(4):
        publish(folder, number)
        station.refresh(str(folder))
    with closing(Station(tmp_path / "seul")) as alone:
        text = b"".join(day(3))
        alone.store.load(io.BytesIO(text), lambda done, total: None, lambda: False, arrival=Arrival())
        assert alone.mark == station.mark
        for asked in ("jour", "martin", "ehpad", "marie"):
            ours, theirs = station.store.search(asked, 300), alone.store.search(asked, 300)
            assert {one.address for one in ours} == {one.address for one in theirs}


def test_who_was_away_for_a_day_has_not_left(folder: Path, station: Station) -> None:
    publish(folder, 0)
    station.refresh(str(folder))
    publish(folder, 1)  # without the entry of day 0
    PublicationFolder(folder).publish(
        day(0)[:-1], lambda done, total: None, lambda: False, extracted="202608301013", published_at=NOW, size_bytes=0
    )
    station.fetched.clear()
    result = station.refresh(str(folder))
    assert result is not None
    assert (result.arrived, result.vanished, result.fresh) == (1, 2, False)  # who came for that day also left
    assert len(manifest(folder).deltas) == 2
    assert max(total for _, total in station.fetched) < manifest(folder).snapshot.size / 5
    assert [entry.family for entry in station.store.search("jour0")] == ["Jour0"]
    assert station.store.departure("p0@jour.mss.example") is None
    assert station.mark == manifest(folder).mark


def test_the_same_entries_published_later_make_the_copy_younger(folder: Path, station: Station) -> None:
    publish(folder, 0)
    station.refresh(str(folder))
    publish(folder, 0, extracted="202608251013")
    assert station.refresh(str(folder)) is None
    assert station.store.status().extracted == "202608251013"
    publish(folder, 1, extracted="202608261013")
    assert station.refresh(str(folder)) is not None


def test_a_copy_made_from_the_extraction_goes_on_with_changes(folder: Path, station: Station) -> None:
    publish(folder, 0)
    station.store.load(
        io.BytesIO(b"".join(day(0))), lambda done, total: None, lambda: False, arrival=Arrival(extracted="202608201013")
    )
    publish(folder, 1)
    result = station.refresh(str(folder))
    assert result is not None
    assert (result.arrived, result.vanished) == (1, 1)


def test_a_workstation_that_was_away_too_long_takes_the_snapshot(folder: Path, station: Station) -> None:
    publish(folder, 0)
    station.refresh(str(folder))
    for number in range(1, 5):
        publish(folder, number, days=2)
    assert len(manifest(folder).deltas) == 2
    station.fetched.clear()
    result = station.refresh(str(folder))
    assert result is not None
    assert (result.arrived, result.fresh) == (4, False)
    assert {total for _, total in station.fetched} == {manifest(folder).snapshot.size}
    assert station.mark == manifest(folder).mark


def test_old_files_go_and_the_last_snapshot_but_one_stays(folder: Path) -> None:
    for number in range(5):
        publish(folder, number, days=3)
    names = sorted(path.name[:17] for path in folder.glob("*.xz"))
    assert names == [f"delta-0000000{n}"[:17] + "-" * 0 for n in ()] or len(names) == 5
    assert len(list(folder.glob("snapshot-*.xz"))) == 2
    assert len(list(folder.glob("delta-*.xz"))) == 3


def test_nothing_new_is_not_published_twice(folder: Path) -> None:
    publish(folder, 0)
    before = {path.name for path in folder.iterdir()}
    again = publish(folder, 0, extracted="202608211013")
    assert (again.fresh, again.number) == (False, 1)
    assert {path.name for path in folder.iterdir()} == before
    assert manifest(folder).extracted == "202608211013"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [(day(1)[:200], Shrunken), ([b"<html>"], Unreadable), ([*day(1), b"PER|cut"], Unreadable), ([], Unreadable)],
    ids=["shrunken", "page", "cut", "empty"],
)
def test_a_bad_extraction_leaves_the_publication_as_it_was(
    folder: Path, lines: list[bytes], kind: type[Exception]
) -> None:
    publish(folder, 0)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(kind):
        PublicationFolder(folder).publish(
            lines, lambda done, total: None, lambda: False, extracted="202608271013", published_at=NOW, size_bytes=0
        )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_older_extraction_is_not_published(folder: Path) -> None:
    publish(folder, 3)
    with pytest.raises(Unreadable) as caught:
        publish(folder, 1)
    assert caught.value.reason is Unread.FORBIDDEN


def test_two_publishers_do_not_meet(folder: Path) -> None:
    publish(folder, 0)

    def lines() -> Iterator[bytes]:
        with pytest.raises(StoreTrouble) as caught:
            publish(folder, 2)
        assert caught.value.reason is StoreReason.LOCKED
        yield from day(1)

    done = PublicationFolder(folder).publish(
        lines(), lambda done, total: None, lambda: False, extracted="202608211013", published_at=NOW, size_bytes=0
    )
    assert done.number == 2


def test_a_publication_broken_off_anywhere_leaves_a_whole_one(folder: Path, station: Station) -> None:
    publish(folder, 0)

    def broken() -> Iterator[bytes]:
        yield from day(1)[:300]
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreTrouble) as caught:
        PublicationFolder(folder).publish(
            broken(), lambda done, total: None, lambda: False, extracted="202608211013", published_at=NOW, size_bytes=0
        )
    assert caught.value.reason is StoreReason.FULL
    assert len(list(folder.glob("*.xz"))) == 1
    (folder / "snapshot-00000009-dead.xz").write_bytes(b"what a crash left")
    assert station.refresh(str(folder)) is not None
    assert publish(folder, 1).number == 2
    assert not (folder / "snapshot-00000009-dead.xz").exists()


# -- folders that are not to be trusted
def _edited(folder: Path, change: Callable[[dict[str, object]], None]) -> None:
    path = folder / publication.MANIFEST
    told = json.loads(path.read_text("utf-8"))
    change(told)
    path.write_text(json.dumps(told), "utf-8")


def _flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 0x10
    path.write_bytes(raw)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda told: told.update(format="autre"), Unread.NOT_IT),
        (lambda told: told.update(version=99), Unread.NOT_IT),
        (lambda told: told.update(number="1"), Unread.DAMAGED),
        (lambda told: told.update(number=True), Unread.DAMAGED),
        (lambda told: told.update(mark="x"), Unread.DAMAGED),
        (lambda told: told.pop("snapshot"), Unread.DAMAGED),
        (lambda told: told["snapshot"].update(name="../../etc/passwd"), Unread.DAMAGED),
        (lambda told: told["snapshot"].update(name="/etc/passwd"), Unread.DAMAGED),
        (lambda told: told["snapshot"].update(size=10**12), Unread.TOO_BIG),
        (lambda told: told["snapshot"].update(unpacked=10**12), Unread.TOO_BIG),
        (lambda told: told["snapshot"].update(sha256="0" * 64), Unread.DAMAGED),
        (lambda told: told["snapshot"].update(unpacked=500), Unread.TOO_BIG),
        (lambda told: told.update(deltas=[{}] * 1000), Unread.DAMAGED),
        (lambda told: told.update(entries=7), Unread.DAMAGED),
    ],
)
def test_a_hostile_or_foreign_manifest_is_refused(
    folder: Path, station: Station, change: Callable[[dict[str, object]], None], reason: Unread
) -> None:
    publish(folder, 0)
    _edited(folder, change)
    with pytest.raises(Unreadable) as caught:
        station.refresh(str(folder))
    assert caught.value.reason is reason
    assert station.store.status().entries == 0


@pytest.mark.parametrize("raw", [b"", b"<html>", b"{", b"[" * 100_000, b"x" * 300_000, b"\xff\xfe{}", b"null"])
def test_what_is_no_manifest_is_refused(folder: Path, station: Station, raw: bytes) -> None:
    (folder / publication.MANIFEST).write_bytes(raw)
    with pytest.raises(Unreadable):
        station.refresh(str(folder))


def test_a_damaged_snapshot_is_refused_and_fetched_anew(folder: Path, station: Station) -> None:
    publish(folder, 0)
    path = folder / manifest(folder).snapshot.name
    good = path.read_bytes()
    _flip(path)
    with pytest.raises(Unreadable) as caught:
        station.refresh(str(folder))
    assert caught.value.reason is Unread.DAMAGED
    path.write_bytes(good)
    assert station.refresh(str(folder)) is not None


@pytest.mark.parametrize("damage", [_flip, lambda path: path.write_bytes(path.read_bytes()[:-9]), Path.unlink])
def test_damaged_changes_give_way_to_the_snapshot(
    folder: Path, station: Station, damage: Callable[[Path], None]
) -> None:
    publish(folder, 0)
    station.refresh(str(folder))
    publish(folder, 1)
    damage(folder / manifest(folder).deltas[-1].file.name)
    result = station.refresh(str(folder))
    assert result is not None
    assert station.mark == manifest(folder).mark


def test_changes_that_lie_about_their_end_give_way_to_the_snapshot(folder: Path, station: Station) -> None:
    publish(folder, 0)
    station.refresh(str(folder))
    publish(folder, 1)

    def lie(told: dict[str, object]) -> None:
        told["mark"] = told["deltas"][-1]["after"] = "0" * 16  # type: ignore[index]

    _edited(folder, lie)
    with pytest.raises(Unreadable):  # the snapshot does not have that mark either
        station.refresh(str(folder))
    assert station.store.search("jour0") != []


def test_a_folder_that_went_back_in_time_is_refused(folder: Path, station: Station, tmp_path: Path) -> None:
    publish(folder, 1)
    old = tmp_path / "sauvegarde"
    shutil.copytree(folder, old)
    publish(folder, 2)
    station.refresh(str(folder))
    with pytest.raises(Unreadable) as caught:
        station.refresh(str(old))
    assert caught.value.where == "rolled back"
    other = tmp_path / "autre"
    other.mkdir()
    publish(other, 0)
    with pytest.raises(Unreadable):
        station.refresh(str(other))
    assert station.mark == manifest(folder).mark


def test_a_shrunken_publication_waits_for_a_person(folder: Path, station: Station) -> None:
    publish(folder, 0)
    station.refresh(str(folder))
    text = day(1)[:300]
    PublicationFolder(folder).publish(
        text, lambda done, total: None, lambda: False, extracted="202608211013", published_at=NOW, size_bytes=0,
        confirmed=True,
    )  # fmt: skip
    result = station.refresh(str(folder), confirmed=True)
    assert result is not None
    assert result.entries == 299


def test_a_missing_folder_is_offline(station: Station, tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        station.refresh(str(tmp_path))
    with pytest.raises((Offline, OSError)):
        station.refresh(str(tmp_path / "nowhere" / publication.MANIFEST))


def test_a_cancelled_refresh_changes_nothing(folder: Path, station: Station) -> None:
    publish(folder, 0)
    with pytest.raises(Cancelled):
        station.refresh(str(folder), cancelled=True)
    assert station.store.status().entries == 0


def test_fifty_workstations_refresh_while_it_is_published(folder: Path, tmp_path: Path) -> None:
    publish(folder, 0)
    stations = [Station(tmp_path / f"poste{number}") for number in range(50)]
    failures: list[MssError] = []
    seen: list[str] = []
    over = threading.Event()
    gate = threading.Semaphore(8)
    marks = {manifest(folder).mark}

    def work(station: Station, chance: random.Random) -> None:
        while True:
            last = over.is_set()
            with gate:
                try:
                    station.refresh(str(folder))
                except MssError as error:
                    failures.append(error)
                seen.append(station.mark)
                station.store.search("jour")
            if last:
                return
            over.wait(chance.uniform(0, 0.5))

    threads = [
        threading.Thread(target=work, args=(one, random.Random(place)), name=f"poste-{place}")
        for place, one in enumerate(stations)
    ]
    for thread in threads:
        thread.start()
    for number in range(1, 8):
        publish(folder, number, days=3)
        marks.add(manifest(folder).mark)
    over.set()
    for thread in threads:
        thread.join(100)
    assert not [thread for thread in threads if thread.is_alive()]
    assert failures == []
    assert {station.mark for station in stations} == {manifest(folder).mark}
    assert set(seen) <= marks
    for station in stations:
        station.close()


# -- over the line
class Depot:
    """A web server over a folder, whose answers break off where they are told to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cuts: list[int] = []
        self.ranges = True
        self.asked: list[tuple[str, str]] = []

    async def answer(self, request: Request) -> Response:
        name = request.path_params["name"]
        self.asked.append((name, request.headers.get("range", "")))
        path = self.folder / name
        if not path.is_file():
            return Response(status_code=404)
        raw = path.read_bytes()
        begin = int(request.headers["range"][6:-1]) if self.ranges and "range" in request.headers else 0
        headers = {"Content-Length": str(len(raw) - begin)}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(raw) - 1}/{len(raw)}"
        status = 206 if begin else 200
        if self.cuts and name.endswith(".xz"):
            return StreamingResponse(self._broken(raw[begin:][: self.cuts.pop(0)]), status, headers)
        return Response(raw[begin:], status, headers)

    async def _broken(self, piece: bytes):  # type: ignore[no-untyped-def]
        yield piece
        raise ConnectionError


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"), [["imap.example"], ["smtp.example"]], [HOST])


@pytest.fixture
def depot(folder: Path) -> Depot:
    publish(folder, 0)
    return Depot(folder)


@pytest.fixture
def far(pki: Pki, depot: Depot, tmp_path: Path) -> Iterator[tuple[Station, str]]:
    app = Starlette(routes=[Route("/annuaire/{name}", depot.answer)])
    with https_kit.served(app, pki.web) as port:
        base = https_kit.environment(pki.web_anchors, "", HOST)
        location = f"https://{HOST}:{port}/annuaire/"
        with closing(Station(tmp_path / "loin", replace(base, directory=location))) as station:
            yield station, location


def test_over_https_whole_and_then_by_changes(far: tuple[Station, str], depot: Depot) -> None:
    station, location = far
    assert station.refresh(location) is not None
    publish(depot.folder, 1)
    depot.asked.clear()
    assert station.refresh(location) is not None
    assert [name[:5] for name, _ in depot.asked] == ["annua", "delta"]
    assert station.refresh(location + publication.MANIFEST) is None


@pytest.mark.parametrize("ranges", [True, False])
def test_a_line_that_breaks_at_any_byte_is_gone_on_with(far: tuple[Station, str], depot: Depot, ranges: bool) -> None:
    station, location = far
    depot.ranges = ranges
    size = manifest(depot.folder).snapshot.size
    depot.cuts = [size // 3, size // 4, size - 1] if not ranges else [1, size // 3, 1, size // 4]
    assert station.refresh(location) is not None
    assert station.mark == manifest(depot.folder).mark


def test_what_arrived_serves_the_next_start(far: tuple[Station, str], depot: Depot) -> None:
    station, location = far
    depot.cuts = [8_000, 0, 0, 0]
    with pytest.raises(Offline):
        station.refresh(location)
    held = (station.folder / "incoming.part").stat().st_size
    assert held > 0
    depot.cuts.clear()
    depot.asked.clear()
    assert station.refresh(location) is not None
    assert depot.asked[-1][1] == f"bytes={held}-"
    assert not (station.folder / "incoming.part").exists()


def test_what_arrived_of_another_snapshot_is_dropped(far: tuple[Station, str], depot: Depot) -> None:
    station, location = far
    depot.cuts = [8_000, 0, 0, 0]
    with pytest.raises(Offline):
        station.refresh(location)
    depot.cuts.clear()
    publish(depot.folder, 1)
    assert station.refresh(location) is not None
    assert station.mark == manifest(depot.folder).mark


def test_a_file_that_went_away_since_the_manifest_is_looked_up_again(far: tuple[Station, str], depot: Depot) -> None:
    station, location = far
    (depot.folder / manifest(depot.folder).snapshot.name).unlink()
    with pytest.raises(Unreadable):
        station.refresh(location)
