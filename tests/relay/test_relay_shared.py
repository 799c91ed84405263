"""What sessions promise, in memory and in a real Redis alike; and what only a shared store can get wrong."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from mssclient.domain.errors import Offline
from mssclient.relay import redis_sessions
from mssclient.relay.config import RelayConfig
from mssclient.relay.seal import Seal
from mssclient.relay.sessions import (
    Arrival,
    Entry,
    Failure,
    Grant,
    MemorySessions,
    PhoneRequest,
    RelaySession,
    Sessions,
    Start,
)
from mssclient.sandbox.pki import Pki
from tests.lab import redis_server
from tests.lab.pcscd import need
from tests.relay.kit import ALICE, Clock

pytestmark = pytest.mark.lab

GRANT = Grant("the-access-token", 5.0, "the-refresh-token", 9.5, "the-id-token", "f:psc:899900000011", "sid", 1.0)
ENTRIES: tuple[Entry, ...] = (
    Start("challenge", "station-state", 50123, "nonce", "verifier", "cookie", "192.0.2.10"),
    Arrival("challenge", ALICE, GRANT, "192.0.2.10", 3.0, ready=True, loopback=True),
    Failure("access_denied"),
    PhoneRequest("challenge", ALICE.national_id, "auth-req-id", 5.0, 6.0, 7.0),
    RelaySession(ALICE, GRANT, 14400.0, 3),
    "a word",
)
Scene = Callable[[Sessions], Awaitable[None]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[redis_server.RedisServer]:
    need(redis_server.missing())
    folder = tmp_path_factory.mktemp("redis")
    pki = Pki(folder / "pki", [["imap.example"], ["smtp.example"]], ["redis.mss.example"])
    made = redis_server.RedisServer(folder / "data", pki.web)
    (folder / "anchors.pem").write_bytes(pki.web_anchors.read_bytes())
    made.start()
    yield made
    made.stop()


@pytest.fixture
def config(server: redis_server.RedisServer, tmp_path: Path) -> RelayConfig:
    with server.client() as client:
        client.flushall()
    (tmp_path / "key").write_text(_key())
    (tmp_path / "password").write_text(redis_server.PASSWORD)
    return RelayConfig(
        "https://relais.example",
        "https://psc.example",
        "relais",
        "secret",
        redis_url=server.url,
        redis_key_file=str(tmp_path / "key"),
        redis_password_file=str(tmp_path / "password"),
    )


@pytest.fixture(params=["memory", "redis"])
def play(request: pytest.FixtureRequest) -> Callable[[Scene], None]:
    """Plays a scene on one kind of sessions."""
    if request.param == "memory":
        return lambda scene: asyncio.run(_in_memory(scene))
    settings: RelayConfig = request.getfixturevalue("config")
    return lambda scene: asyncio.run(_on_redis(settings, scene))


async def _in_memory(scene: Scene) -> None:
    await scene(MemorySessions(time.monotonic))


async def _on_redis(config: RelayConfig, *scenes: Scene) -> None:
    sessions = redis_sessions.connected(config)
    try:
        for scene in scenes:
            await scene(sessions)
    finally:
        await sessions.close()


def _key() -> str:
    return base64.b64encode(os.urandom(32)).decode() + "\n"


async def _until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(5):
        while not await condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: type(entry).__name__)
def test_an_entry_comes_back_as_it_was(play: Callable[[Scene], None], entry: Entry) -> None:
    async def scene(sessions: Sessions) -> None:
        assert await sessions.get("session:1") is None
        await sessions.put("session:1", entry, 60)
        assert await sessions.get("session:1") == entry
        assert await sessions.take("session:1") == entry
        assert await sessions.take("session:1") is None

    play(scene)


def test_an_entry_lives_so_long(play: Callable[[Scene], None]) -> None:
    async def scene(sessions: Sessions) -> None:
        await sessions.put("start:1", "word", 0.05)
        await sessions.put("start:2", "word", 60)

        async def gone() -> bool:
            return await sessions.get("start:1") is None

        await _until(gone)
        assert await sessions.get("start:2") == "word"

    play(scene)


def test_of_many_takers_one_succeeds(play: Callable[[Scene], None]) -> None:
    async def scene(sessions: Sessions) -> None:
        await asyncio.gather(*(sessions.ping() for _ in range(20)))  # every connection is there
        for _ in range(10):
            await sessions.put("ticket:1", "word", 60)
            taken = await asyncio.gather(*(sessions.take("ticket:1") for _ in range(20)))
            assert sorted(str(each) for each in taken) == ["None"] * 19 + ["word"]

    play(scene)


def test_one_at_a_time_holds_a_key(play: Callable[[Scene], None]) -> None:
    async def scene(sessions: Sessions) -> None:
        inside = most = 0

        async def work(key: str) -> None:
            nonlocal inside, most
            async with sessions.alone(key):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.01)
                inside -= 1

        await asyncio.gather(*(work("session:1") for _ in range(5)))
        assert most == 1
        await asyncio.gather(work("session:1"), work("session:2"))
        assert most == 2, "another key is another matter"

    play(scene)


def test_what_is_counted_is_counted_for_a_while(play: Callable[[Scene], None]) -> None:
    async def scene(sessions: Sessions) -> None:
        assert await sessions.counted("requests-of:x") == 0
        assert [await sessions.tally("requests-of:x", 0.2) for _ in range(3)] == [1, 2, 3]
        assert await sessions.counted("requests-of:x") == 3

        async def forgotten() -> bool:
            return await sessions.counted("requests-of:x") == 0

        await _until(forgotten)
        assert await sessions.tally("requests-of:x", 60) == 1

    play(scene)


def test_an_index_knows_its_keys(play: Callable[[Scene], None]) -> None:
    async def scene(sessions: Sessions) -> None:
        await sessions.note("sub:x", "session:1", 60)
        await sessions.note("sub:x", "session:2", 60)
        await sessions.note("sub:y", "session:3", 60)
        assert set(await sessions.noted("sub:x")) == {"session:1", "session:2"}
        await sessions.forget("sub:x", "session:1")
        assert await sessions.noted("sub:x") == ("session:2",)
        assert await sessions.noted("sub:z") == ()
        await sessions.ping()

    play(scene)


# -- Redis only
def test_a_key_whose_holder_died_is_free_soon(config: RelayConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_sessions, "_HELD_MS", 300)
    monkeypatch.setattr(redis_sessions, "_RENEWED_S", 0.05)
    monkeypatch.setattr(redis_sessions, "_WAIT_S", 0.6)

    async def scene(sessions: Any) -> None:
        dead = sessions.alone("session:1")
        await dead.__aenter__()
        with pytest.raises(Offline) as caught:
            async with sessions.alone("session:1"):
                raise AssertionError("held, and its hold renewed")
        assert caught.value.busy
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()  # as if the process had died: nobody renews, nobody releases
        async with sessions.alone("session:1"):
            pass

    asyncio.run(_on_redis(config, scene))


def test_nobody_lets_go_of_what_another_holds(config: RelayConfig, server: redis_server.RedisServer) -> None:
    async def scene(sessions: Any) -> None:
        with server.client() as other:
            async with sessions.alone("session:1"):
                (name,) = other.keys("*:held")
                other.set(name, "another owner", px=60_000)
            assert other.get(name) == b"another owner"

    asyncio.run(_on_redis(config, scene))


def test_a_copy_of_redis_says_nothing(config: RelayConfig, server: redis_server.RedisServer) -> None:
    async def scene(sessions: Sessions) -> None:
        for number, entry in enumerate(ENTRIES):
            await sessions.put(f"session:{number}", entry, 60)
        await sessions.note("sub:" + GRANT.subject, "session:4", 60)
        await sessions.tally("requests-of:192.0.2.10", 60)

    asyncio.run(_on_redis(config, scene))
    written = server.written()
    assert b"mssclient:session:" in written
    words = (
        "access-token",
        "refresh-token",
        "id-token",
        "national_id",
        "Alice",
        "Fictive",
        "nonce",
        "cookie",
        "192.0.2",
    )
    assert not [word for word in (*words, ALICE.national_id, GRANT.subject) if word.encode() in written]


def test_a_value_moved_to_another_name_does_not_open(config: RelayConfig, server: redis_server.RedisServer) -> None:
    async def scene(sessions: Sessions) -> None:
        await sessions.put("session:mine", ENTRIES[4], 60)
        await sessions.put("session:theirs", ENTRIES[4], 60)
        with server.client() as thief:
            one, two = thief.keys("mssclient:session:*")
            thief.set(one, thief.get(two))
            thief.set(two, b"garbage")
        assert [await sessions.get(key) for key in ("session:mine", "session:theirs")] == [None, None]

    asyncio.run(_on_redis(config, scene))


def test_keys_change_without_a_session_lost(config: RelayConfig) -> None:
    file = Path(config.redis_key_file)
    old, new = file.read_text(), _key()

    async def begin(sessions: Sessions) -> None:
        await sessions.put("session:1", ENTRIES[4], 60)
        await sessions.note("sub:x", "session:1", 60)

    async def go_on(sessions: Sessions) -> None:
        entry = await sessions.get("session:1")
        assert isinstance(entry, RelaySession)
        assert await sessions.noted("sub:x") == ("session:1",)
        await sessions.put("session:1", replace(entry, tokens=entry.tokens + 1), 60)

    async def end(sessions: Sessions) -> None:
        entry = await sessions.get("session:1")
        assert isinstance(entry, RelaySession)
        assert entry.tokens == 5

    async def nothing(sessions: Sessions) -> None:
        assert await sessions.get("session:1") is None

    for keys, scene in ((old, begin), (old + new, go_on), (new + old, go_on), (new, end), (old, nothing)):
        file.write_text(keys)
        asyncio.run(_on_redis(config, scene))


def test_a_full_redis_is_busy_and_keeps_what_it_has(config: RelayConfig, server: redis_server.RedisServer) -> None:
    async def scene(sessions: Sessions) -> None:
        await sessions.put("session:1", "kept", 60)
        with server.client() as client:
            client.config_set("maxmemory", "1kb")
            try:
                with pytest.raises(Offline) as caught:
                    await sessions.put("session:2", "more", 60)
                assert caught.value.busy
                assert await sessions.get("session:1") == "kept"
            finally:
                client.config_set("maxmemory", "64mb")

    asyncio.run(_on_redis(config, scene))


@pytest.mark.parametrize("change", ["port", "password"])
def test_a_redis_that_cannot_be_used_is_busy(config: RelayConfig, change: str) -> None:
    if change == "password":
        Path(config.redis_password_file).write_text("wrong")
    else:
        config = replace(config, redis_url=f"redis://127.0.0.1:{redis_server.free_port()}/0")

    async def scene(sessions: Sessions) -> None:
        for ask in (
            sessions.get("x"),
            sessions.take("x"),
            sessions.ping(),
            sessions.tally("x", 1),
            sessions.noted("x"),
        ):
            with pytest.raises(Offline) as caught:
                await ask
            assert caught.value.busy

    asyncio.run(_on_redis(config, scene))


@pytest.mark.parametrize("sound", [True, False])
def test_redis_over_tls_must_prove_itself(
    config: RelayConfig, server: redis_server.RedisServer, tmp_path: Path, sound: bool
) -> None:
    anchors = server.folder.parent / "anchors.pem"
    if not sound:
        anchors = Pki(tmp_path / "other", [["a.example"], ["b.example"]], ["c.example"]).mail_chain
    config = replace(config, redis_url=f"rediss://127.0.0.1:{server.tls_port}/0", redis_anchors=str(anchors))

    async def scene(sessions: Sessions) -> None:
        if sound:
            await sessions.put("x:1", "word", 60)
            assert await sessions.get("x:1") == "word"
            return
        with pytest.raises(Offline):
            await sessions.ping()

    asyncio.run(_on_redis(config, scene))


def test_a_relay_a_version_older_or_newer_is_understood_or_not_believed() -> None:
    """Relays of one Redis are updated one after the other."""
    seal = Seal((os.urandom(32),))

    session = RelaySession(ALICE, GRANT, 14400.0, 3)

    def sealed(**more: Any) -> bytes:
        text = json.dumps({"kind": "RelaySession", **asdict(session)} | more).encode()
        nonce = os.urandom(12)
        return nonce + seal._ciphers[0].encrypt(nonce, text, b"session:1")

    assert seal.open("session:1", sealed(invented_later="x")) == session
    assert seal.open("session:1", sealed(kind="InventedLater")) is None
    assert seal.open("session:1", sealed(grant={"access_token": "alone"})) is None
    assert seal.open("session:1", sealed()[:-1]) is None
    assert seal.open("session:1", b"") is None


def test_memory_is_not_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mssclient.relay.sessions._CAPACITY", 3)
    clock = Clock()

    async def scene() -> None:
        sessions = MemorySessions(clock)
        for number in range(3):
            await sessions.put(f"start:{number}", "word", 10)
            await sessions.tally(f"requests-of:{number}", 10)
        with pytest.raises(Offline):
            await sessions.put("start:4", "word", 10)
        with pytest.raises(Offline):
            await sessions.tally("requests-of:4", 10)
        clock.pass_by(10)
        await sessions.put("start:4", "word", 10)
        assert await sessions.tally("requests-of:4", 10) == 1

    asyncio.run(scene())
