"""The `directory` thread's hours, and the extraction over a line that breaks: the next start goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from mssclient.domain.environment import Environment, parse
from mssclient.domain.errors import Offline, Unreadable
from mssclient.domain.events import Event
from mssclient.engine.directory import QUIET_FOR, QUIET_FROM, SOON_S, Directory, first_wait_s, until_quiet_s
from mssclient.engine.directory_intake import Intake
from mssclient.engine.house import Speaker
from mssclient.sandbox import annuaire_fhir
from mssclient.sandbox import directory as sandbox
from mssclient.sandbox.pki import Pki
from mssclient.store import api_key
from mssclient.store.directory import DirectoryStore, LoadResult
from tests.remote import https_kit

HOST = "annuaire.mss.example"
NOW = datetime(2026, 8, 26, 10, 13, tzinfo=UTC)
ZIPPED = sandbox.zipped(sandbox.extraction(2_000, 5), NOW)


# -- hours
def test_workstations_spread_over_the_quiet_hours() -> None:
    noon = datetime(2026, 8, 26, 12, 0).astimezone()
    moments = [noon + timedelta(seconds=until_quiet_s(noon)) for _ in range(300)]
    begin = datetime.combine(noon.date(), QUIET_FROM, noon.tzinfo)
    assert all(begin <= moment <= begin + QUIET_FOR for moment in moments)
    assert len({moment.replace(second=0, microsecond=0) for moment in moments}) > 150


def test_the_first_look_after_a_start() -> None:
    fresh, old = (NOW - timedelta(hours=3)).isoformat(), (NOW - timedelta(days=2)).isoformat()
    assert first_wait_s("", NOW) == 0
    assert first_wait_s("nonsense", NOW) == 0
    assert 0 < first_wait_s(old, NOW) <= SOON_S
    assert 0 < first_wait_s((NOW + timedelta(days=9)).isoformat(), NOW) <= SOON_S
    assert first_wait_s(fresh, NOW) > 3600


# -- the extraction over the line
class Site:
    """The national server, with an ETag; answers break off where they are told to."""

    def __init__(self) -> None:
        self.body, self.tag = ZIPPED, '"un"'
        self.cuts: list[int] = []
        self.heads = True
        self.asked: list[tuple[str, str, str]] = []

    async def answer(self, request: Request) -> Response:
        ranged, condition = request.headers.get("range", ""), request.headers.get("if-range", "")
        self.asked.append((request.method, ranged, condition))
        if request.method == "HEAD" and not self.heads:
            return Response(status_code=405)
        begin = int(ranged[6:-1]) if ranged and condition in {"", self.tag} else 0
        headers = {"ETag": self.tag, "Content-Length": str(len(self.body) - begin)}
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(self.body) - 1}/{len(self.body)}"
        if request.method == "HEAD":
            return Response(headers=headers)
        status = 206 if begin else 200
        if self.cuts:
            return StreamingResponse(self._broken(self.body[begin:][: self.cuts.pop(0)]), status, headers)
        return Response(self.body[begin:], status, headers)

    async def _broken(self, piece: bytes):  # type: ignore[no-untyped-def]
        yield piece
        raise ConnectionError


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"), [["imap.example"], ["smtp.example"]], [HOST])


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def world(pki: Pki, site: Site) -> Iterator[Environment]:
    app = Starlette(routes=[Route("/{path:path}", site.answer, methods=["GET", "HEAD"])])
    with https_kit.served(app, pki.web) as port:
        base = https_kit.environment(pki.web_anchors, "", HOST)
        yield replace(base, directory=f"https://{HOST}:{port}/extraction")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[DirectoryStore]:
    with closing(DirectoryStore(tmp_path / "annuaire.sqlite")) as made:
        yield made


def take(world: Environment, store: DirectoryStore) -> LoadResult | None:
    folder = store._path.parent
    intake = Intake(world, store, folder, lambda what, done, total: None, lambda: False)
    return intake.take(world.directory, NOW.isoformat())


def test_what_is_known_is_not_fetched_again(world: Environment, store: DirectoryStore, site: Site) -> None:
    assert take(world, store) is not None
    site.asked.clear()
    assert take(world, store) is None
    assert [method for method, _, _ in site.asked] == ["HEAD"]
    site.tag = '"deux"'
    assert take(world, store) is not None


def test_a_server_without_head_is_asked_directly(world: Environment, store: DirectoryStore, site: Site) -> None:
    site.heads = False
    assert take(world, store) is not None


def test_the_next_start_goes_on_where_the_line_broke(world: Environment, store: DirectoryStore, site: Site) -> None:
    site.cuts = [20_000, 0, 0, 0, 0]
    with pytest.raises(Offline):
        take(world, store)
    kept = (store._path.parent / "incoming.part").stat().st_size
    assert kept > 0
    site.cuts.clear()
    site.asked.clear()
    assert take(world, store) is not None
    assert (site.asked[-1][1], site.asked[-1][2]) == (f"bytes={kept}-", '"un"')
    assert not list(store._path.parent.glob("incoming.*"))


def test_what_was_begun_of_another_file_is_not_glued_on(world: Environment, store: DirectoryStore, site: Site) -> None:
    site.cuts = [20_000, 0, 0, 0, 0]
    with pytest.raises(Offline):
        take(world, store)
    site.cuts.clear()
    site.body, site.tag = sandbox.zipped(sandbox.extraction(2_000, 6), NOW), '"deux"'
    result = take(world, store)
    assert result is not None
    assert result.entries > 1_900


@pytest.mark.parametrize("place", [0, 1, 17, 30_000, len(ZIPPED) - 1])
def test_a_line_that_breaks_at_any_byte(world: Environment, store: DirectoryStore, site: Site, place: int) -> None:
    site.cuts = [place, place // 2]
    assert take(world, store) is not None
    assert store.status().entries > 1_900


def test_rubbish_is_not_kept_for_the_next_start(world: Environment, store: DirectoryStore, site: Site) -> None:
    site.body = b"<html>503</html>"
    with pytest.raises(Unreadable):
        take(world, store)
    assert not list(store._path.parent.glob("incoming.*"))


@pytest.mark.parametrize(
    ("place", "fine"),
    [("/srv/annuaire", True), ("https://x.mss.example/annuaire/", True), ("C:\\annuaire", True), ("\\\\depot\\a", True),
     ("http://x.mss.example/", False), ("annuaire", False), ("ftp://x", False)],
)  # fmt: skip
def test_where_an_environment_may_point(place: str, fine: bool) -> None:
    table = {
        "name": "essai", "autoconfig": "https://x/{domain}", "psc_relay": "https://x", "product": "X", "directory": place,
        "trust": {"mail": "m.pem", "web": "w.pem"}, "department": "69",
    }  # fmt: skip
    if fine:
        assert (parse(table).directory, parse(table).department) == (place, "69")
    else:
        with pytest.raises(ValueError, match="directory"):
            parse(table)


# -- one address, now
def test_an_address_is_checked_once_and_quietly(
    pki: Pki, tmp_path: Path, store: DirectoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_key, "read", lambda home: annuaire_fhir.KEY)
    listed = sandbox.Listed("claire.essai@tilleuls.mss.example")
    told: list[Event] = []
    heard = threading.Event()

    def hear(event: Event) -> None:
        told.append(event)
        heard.set()

    with https_kit.served(annuaire_fhir.create((listed,)), pki.web) as port:
        base = https_kit.environment(pki.web_anchors, "", HOST)
        world = replace(base, directory_api=f"https://{HOST}:{port}/fhir/v2")
        directory = Directory(world, store, tmp_path / "directory", Speaker(hear), lambda: NOW)
        directory.worker.start()
        for address, answer in ((listed.address, True), ("parti@tilleuls.mss.example", False)):
            heard.clear()
            assert directory.checked(address) is None
            directory.check(address)
            assert heard.wait(20)
            assert directory.checked(address) is answer
        told.clear()
        directory.check(listed.address)
    # the server is gone: the next question fails, and nobody is told
    directory.check("autre@tilleuls.mss.example")
    directory.worker.finish()
    assert directory.worker.join(40)
    assert directory.checked("autre@tilleuls.mss.example") is None
    assert told == []
