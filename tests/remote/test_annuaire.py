"""The Annuaire over HTTPS: freshness, transfers that are cut and go on, and archives that are not to be opened."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from mssclient.domain import extraction as reading
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Cancelled, Distrust, Offline, Refused, Unread, Unreadable, Untrusted
from mssclient.remote import annuaire
from mssclient.remote.annuaire import Freshness
from mssclient.sandbox import directory as sandbox
from mssclient.sandbox.pki import Pki
from tests.remote import https_kit

HOST = "annuaire.mss.example"
NOW = datetime(2026, 8, 26, 10, 13, tzinfo=UTC)
NAME = "Extraction_Correspondance_MSSante_202608261013.zip"
LINES = list(sandbox.extraction(3_000, 5))
ZIPPED = sandbox.zipped(LINES, NOW)


@dataclass
class Site:
    """What the server holds, and what it does wrong; `asked` are the Range headers it got, in order."""

    body: bytes = ZIPPED
    name: str = NAME
    cut: list[int] = field(default_factory=list)
    """Bytes after which each next answer breaks off."""
    ranges: bool = True
    status: list[int] = field(default_factory=list)
    redirect: str = ""
    sized: bool = True
    content_range: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        self.asked.append((request.method, request.headers.get("range", "")))
        if self.redirect and request.url.path == "/extraction":
            return RedirectResponse(self.redirect, 302)
        if self.status:
            return Response(status_code=self.status.pop(0))
        begin = int(request.headers["range"][6:-1]) if self.ranges and "range" in request.headers else 0
        if begin and begin >= len(self.body):
            return Response(status_code=416)
        headers = {"Content-Disposition": f'attachment; filename="{self.name}"'} if self.name else {}
        headers["Last-Modified"] = "Wed, 26 Aug 2026 08:13:00 GMT"
        if self.sized:
            headers["Content-Length"] = str(len(self.body) - begin)
        if begin:
            headers["Content-Range"] = self.content_range or f"bytes {begin}-{len(self.body) - 1}/{len(self.body)}"
        piece = self.body[begin:]
        if self.cut and request.method == "GET":
            return StreamingResponse(self._broken(piece[: self.cut.pop(0)]), 206 if begin else 200, headers)
        content = b"" if request.method == "HEAD" else piece
        return Response(content, 206 if begin else 200, headers) if self.sized else self._unsized(content, headers)

    async def _broken(self, piece: bytes) -> AsyncIterator[bytes]:
        yield piece
        raise ConnectionError

    @staticmethod
    def _unsized(content: bytes, headers: dict[str, str]) -> Response:
        return StreamingResponse(iter([content]), 200, headers)


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
        yield replace(
            base, directory=f"https://{HOST}:{port}/extraction", white_list=f"https://{HOST}:{port}/listeblanche.xml"
        )


@pytest.fixture
def target() -> Iterator[io.BufferedRandom]:
    with tempfile.TemporaryFile() as file:
        yield file  # type: ignore[misc]


def fetch(world: Environment, target: io.BufferedRandom, known: Freshness | None = None) -> Freshness:
    return annuaire.download(world, target, lambda done, total: None, lambda: False, known)


def held(target: io.BufferedRandom) -> bytes:
    target.seek(0)
    return target.read()


def test_freshness_needs_no_transfer(world: Environment, site: Site) -> None:
    assert annuaire.freshness(world) == Freshness(NAME, "202608261013", len(ZIPPED))
    assert [method for method, _ in site.asked] == ["HEAD"]


def test_freshness_without_a_name_is_the_date_of_the_file(world: Environment, site: Site) -> None:
    site.name = ""
    assert annuaire.freshness(world) == Freshness("extraction", "202608260813", len(ZIPPED))


def test_a_redirect_is_followed(world: Environment, site: Site) -> None:
    site.redirect = "/ailleurs"
    assert annuaire.freshness(world).stamp == "202608261013"


def test_a_transfer_tells_its_progress(world: Environment, target: io.BufferedRandom) -> None:
    told: list[tuple[int, int]] = []
    annuaire.download(world, target, lambda done, total: told.append((done, total)), lambda: False)
    assert held(target) == ZIPPED
    assert told[-1] == (len(ZIPPED), len(ZIPPED))
    assert told == sorted(told)


def test_without_an_announced_length(world: Environment, site: Site, target: io.BufferedRandom) -> None:
    site.sized = False
    assert fetch(world, target).size == 0
    assert held(target) == ZIPPED


def test_a_cut_transfer_goes_on_where_it_stopped(world: Environment, site: Site, target: io.BufferedRandom) -> None:
    site.cut = [50_000, 20_000]
    fetch(world, target)
    assert held(target) == ZIPPED
    begun = [int(ranged[6:-1]) for _, ranged in site.asked if ranged]
    assert len(begun) == 2
    assert 0 < begun[0] <= 50_000
    assert begun[0] < begun[1] <= 70_000


def test_a_line_that_stays_cut_keeps_what_arrived(world: Environment, site: Site, target: io.BufferedRandom) -> None:
    site.cut = [10_000] * 4
    with pytest.raises(Offline):
        fetch(world, target)
    kept = held(target)
    assert kept
    assert kept == ZIPPED[: len(kept)]
    site.asked.clear()
    fetch(world, target, Freshness(NAME, "202608261013", len(ZIPPED)))
    assert held(target) == ZIPPED
    assert [ranged for _, ranged in site.asked] == [f"bytes={len(kept)}-"]


def test_a_line_that_breaks_again_and_again_gets_there(
    world: Environment, site: Site, target: io.BufferedRandom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annuaire, "_PROGRESS", 5_000)
    site.cut = [10_000] * 9
    fetch(world, target)
    assert held(target) == ZIPPED
    assert len(site.asked) == 10


def test_a_server_without_ranges_that_cuts_is_given_up(
    world: Environment, site: Site, target: io.BufferedRandom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annuaire, "_PROGRESS", 5_000)
    site.cut, site.ranges = [10_000] * 20, False
    with pytest.raises(Offline):
        fetch(world, target)
    assert len(site.asked) == 5


def test_a_server_without_ranges_begins_anew(world: Environment, site: Site, target: io.BufferedRandom) -> None:
    site.cut, site.ranges = [50_000], False
    fetch(world, target)
    assert held(target) == ZIPPED


def test_another_extraction_is_not_glued_to_the_old(world: Environment, site: Site, target: io.BufferedRandom) -> None:
    target.write(b"beginning of yesterday's")
    fetch(world, target, Freshness(NAME.replace("26", "25"), "202608251013", len(ZIPPED) + 7))
    assert held(target) == ZIPPED


def test_leftovers_of_an_unknown_transfer_are_dropped(world: Environment, target: io.BufferedRandom) -> None:
    target.write(b"what is this")
    fetch(world, target)
    assert held(target) == ZIPPED


def test_a_lying_range_begins_anew(world: Environment, site: Site, target: io.BufferedRandom) -> None:
    site.cut, site.content_range = [50_000], f"bytes 0-{len(ZIPPED) - 1}/{len(ZIPPED)}"
    fetch(world, target)
    assert held(target) == ZIPPED


def test_a_whole_file_is_not_fetched_again(world: Environment, site: Site, target: io.BufferedRandom) -> None:
    target.write(ZIPPED)
    fetch(world, target, Freshness(NAME, "202608261013", len(ZIPPED)))
    assert site.asked == []


def test_a_transfer_is_given_up_when_nobody_wants_it(world: Environment, target: io.BufferedRandom) -> None:
    with pytest.raises(Cancelled):
        annuaire.download(world, target, lambda done, total: None, lambda: True)


def test_an_endless_transfer_is_refused(
    world: Environment, site: Site, target: io.BufferedRandom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(annuaire, "TRANSFER_LIMIT", 10_000)
    with pytest.raises(Unreadable) as announced:
        fetch(world, target)
    site.sized = False
    with pytest.raises(Unreadable) as poured:
        fetch(world, target)
    assert announced.value.reason is poured.value.reason is Unread.TOO_BIG
    assert len(held(target)) <= 10_000


@pytest.mark.parametrize(
    ("status", "error"), [(404, Refused), (403, Refused), (500, Offline), (503, Offline), (429, Offline)]
)
def test_what_the_server_says_is_understood(
    world: Environment, site: Site, target: io.BufferedRandom, status: int, error: type[Exception]
) -> None:
    site.status = [status] * 3
    with pytest.raises(error):
        annuaire.freshness(world)
    with pytest.raises(error):
        fetch(world, target)
    with pytest.raises(error):
        annuaire.white_list(world)


def test_nobody_listens(pki: Pki, target: io.BufferedRandom) -> None:
    with https_kit.bound() as gone:
        port = gone.getsockname()[1]
    nowhere = replace(https_kit.environment(pki.web_anchors, "", HOST), directory=f"https://{HOST}:{port}/x")
    with pytest.raises(Offline):
        fetch(nowhere, target)


def test_never_in_the_clear(world: Environment, target: io.BufferedRandom) -> None:
    with pytest.raises(Untrusted) as caught:
        fetch(replace(world, directory=world.directory.replace("https", "http")), target)
    assert caught.value.reason is Distrust.PROTOCOL


def test_the_white_list_is_fetched_whole(world: Environment, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.body = sandbox.white_list(["a.mss.example"], NOW)
    assert annuaire.white_list(world) == site.body
    site.cut = [30]
    with pytest.raises(Offline):
        annuaire.white_list(world)
    monkeypatch.setattr("mssclient.domain.whitelist.SIZE_LIMIT", 10)
    with pytest.raises(Unreadable):
        annuaire.white_list(world)


# -- an extraction that is at hand


def _zip(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def _lines_of(path: Path) -> int:
    with annuaire.extraction_stream(path) as text:
        return sum(1 for _ in reading.rows(reading.bounded_lines(text)))


def _refusal(path: Path) -> Unread:
    with pytest.raises(Unreadable) as caught:
        _lines_of(path)
    return caught.value.reason


@pytest.mark.parametrize("zipped", [True, False])
def test_zipped_or_plain(tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / NAME.replace("zip", "zip" if zipped else "txt")
    path.write_bytes(ZIPPED if zipped else b"".join(LINES))
    assert _lines_of(path) == 3_000
    with annuaire.extraction_stream(path) as text:
        assert (text.size_bytes, text.stamp) == (sum(map(len, LINES)), "202608261013")
    with path.open("rb") as file, annuaire.extraction_stream(file) as text:
        assert text.readline().startswith(b"\xef\xbb\xbfType de BAL|")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (ZIPPED[: len(ZIPPED) // 2], Unread.DAMAGED),
        (ZIPPED[:3000] + bytes(3000) + ZIPPED[6000:], Unread.DAMAGED),
        (b"PK\x03\x04", Unread.DAMAGED),
        (_zip(("lisez-moi.pdf", b"x")), Unread.NOT_IT),
        (_zip(("a.txt", b"x"), ("b.txt", b"y")), Unread.NOT_IT),
        (_zip(("Extraction_Correspondance_MSSante.txt", bytes(50_000_000))), Unread.TOO_BIG),
        (_zip(*((f"{number}.txt", b"x") for number in range(60))), Unread.TOO_BIG),
    ],
    ids=["half", "overwritten", "stub", "no text", "two texts", "bomb", "many"],
)
def test_an_archive_that_is_not_one_is_refused(tmp_path: Path, content: bytes, reason: Unread) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    assert _refusal(path) is reason


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    raw = bytearray(_zip(("Extraction_Correspondance_MSSante.txt", b"".join(LINES))))
    for place in (raw.index(b"PK\x03\x04") + 6, raw.index(b"PK\x01\x02") + 8):
        raw[place] |= 1
    path = tmp_path / "x.zip"
    path.write_bytes(raw)
    assert _refusal(path) is Unread.FORBIDDEN


def test_a_lying_size_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annuaire, "TEXT_LIMIT", 100_000)
    path = tmp_path / "x.txt"
    path.write_bytes(b"".join(LINES))
    assert _refusal(path) is Unread.TOO_BIG
    with pytest.raises(Unreadable), annuaire.ExtractionText(io.BytesIO(b"x\n" * 100_000), 10, "") as text:
        text.read()


@pytest.mark.parametrize(
    "members",
    [
        ("__MACOSX/._Extraction_Correspondance_MSSante.txt", "Extraction_Correspondance_MSSante.txt"),
        ("dossier/", "dossier/Extraction_Correspondance_MSSante_202608261013"), ("EXTRACTION.TXT",), (".a.txt", "b.csv"),
    ],
)  # fmt: skip
def test_odd_names_in_an_archive(tmp_path: Path, members: tuple[str, ...]) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(_zip(*((name, b"?") for name in members[:-1]), (members[-1], b"".join(LINES))))
    assert _lines_of(path) == 3_000


def test_other_members_beside_the_extraction_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(
        _zip(("lisez-moi.txt", b"?"), ("Extraction_Correspondance_MSSante_202608261013.txt", b"".join(LINES)))
    )
    assert _lines_of(path) == 3_000
