"""Sessions in Redis, shared by the relays of an institution: what one began another ends, and none is missed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import cast

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from mssclient.domain.errors import Offline
from mssclient.relay.config import BadConfig, RelayConfig, Wrong, secret_in, shared_keys
from mssclient.relay.seal import Seal
from mssclient.relay.sessions import Entry, secret

log = logging.getLogger(__name__)

_ANSWER_S = 2.0
_CONNECTIONS = 64
_HELD_MS = 10_000  # how long the others wait for a relay that died while it held a key
_RENEWED_S = 3.0
_WAIT_S = 25.0
_LOOK_S = (0.01, 0.04)

_RELEASE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) else return 0 end"
_RENEW = (
    "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) else return 0 end"
)
_TALLY = "local n = redis.call('INCR', KEYS[1]); if n == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end; return n"


class RedisSessions:
    """`sessions.Sessions` on one Redis (6.2 or later). Lives on the server's event loop.

    Values are sealed and names are digests (`seal.Seal`); lives are Redis's own expiry. Every trouble with Redis, a
    full one included, is Offline(busy): the workstation asks again. No relay keeps a copy.
    """

    def __init__(self, redis: Redis, seal: Seal) -> None:
        self._redis = redis
        self._seal = seal

    async def put(self, key: str, entry: Entry, life_s: float) -> None:
        name, *older = self._seal.names(key)
        sealed = self._seal.close(key, entry)
        with _told():
            async with self._redis.pipeline(transaction=True) as steps:
                steps.set(name, sealed, px=_ms(life_s))
                for each in older:
                    steps.delete(each)
                await steps.execute()

    async def get(self, key: str) -> Entry | None:
        for name in self._seal.names(key):
            with _told():
                sealed = await self._redis.get(name)
            if sealed is not None:
                return self._seal.open(key, cast("bytes", sealed))
        return None

    async def take(self, key: str) -> Entry | None:
        for name in self._seal.names(key):
            with _told():
                sealed = await self._redis.getdel(name)
            if sealed is not None:
                return self._seal.open(key, cast("bytes", sealed))
        return None

    def alone(self, key: str) -> AbstractAsyncContextManager[object]:
        return self._alone(f"{self._seal.names(key)[-1]}:held")

    @contextlib.asynccontextmanager
    async def _alone(self, name: str) -> AsyncIterator[None]:
        owner = secret()
        await self._hold(name, owner)
        renewing = asyncio.create_task(self._keep_holding(name, owner))
        try:
            yield
        finally:
            renewing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await renewing
            # An answer that is ready is not withheld because Redis went away meanwhile: the hold ends by itself.
            with contextlib.suppress(Offline), _told():
                await cast("Awaitable[int]", self._redis.eval(_RELEASE, 1, name, owner))

    async def _hold(self, name: str, owner: str) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + _WAIT_S
        while True:
            with _told():
                if await self._redis.set(name, owner, nx=True, px=_HELD_MS):
                    return
            if loop.time() >= end:
                raise Offline("key held too long", busy=True)
            await asyncio.sleep(random.uniform(*_LOOK_S))  # noqa: S311

    async def _keep_holding(self, name: str, owner: str) -> None:
        """A slow answer of PSC must not let another relay refresh the same token beside us."""
        while True:
            await asyncio.sleep(_RENEWED_S)
            with contextlib.suppress(Offline), _told():
                await cast("Awaitable[int]", self._redis.eval(_RENEW, 1, name, owner, str(_HELD_MS)))

    async def note(self, index: str, key: str, life_s: float) -> None:
        name = self._seal.names(index)[0]
        with _told():
            async with self._redis.pipeline(transaction=True) as steps:
                steps.sadd(name, key)
                steps.pexpire(name, _ms(life_s))
                await steps.execute()

    async def noted(self, index: str) -> tuple[str, ...]:
        found: set[str] = set()
        for name in self._seal.names(index):
            with _told():
                members = await cast("Awaitable[set[bytes]]", self._redis.smembers(name))
            found.update(each.decode() for each in members)
        return tuple(found)

    async def forget(self, index: str, key: str) -> None:
        for name in self._seal.names(index):
            with _told():
                await self._redis.srem(name, key)

    async def tally(self, key: str, life_s: float) -> int:
        with _told():
            name = self._seal.names(key)[0]
            return int(await cast("Awaitable[int]", self._redis.eval(_TALLY, 1, name, str(_ms(life_s)))))

    async def counted(self, key: str) -> int:
        with _told():
            return int(await self._redis.get(self._seal.names(key)[0]) or 0)

    async def ping(self) -> None:
        with _told():
            await self._redis.ping()

    async def close(self) -> None:
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()


def connected(config: RelayConfig) -> RedisSessions:
    """The sessions of a configuration that names a Redis; the first connection is made when it is needed.

    Raises BadConfig.
    """
    more: dict[str, object] = {}
    if config.redis_url.startswith("rediss://"):
        more |= {"ssl_cert_reqs": "required", "ssl_check_hostname": True, "ssl_min_version": ssl.TLSVersion.TLSv1_2}
    if config.redis_password_file:
        more["password"] = secret_in(config.redis_password_file, "redis_password_file")
    if config.redis_anchors:
        if not config.redis_url.startswith("rediss://"):
            raise BadConfig("redis_anchors", Wrong.ALONE, "rediss://")
        if not Path(config.redis_anchors).is_file():
            raise BadConfig("redis_anchors", Wrong.FILE, Path(config.redis_anchors).name)
        more["ssl_ca_certs"] = config.redis_anchors
    try:
        pool = BlockingConnectionPool.from_url(
            config.redis_url,
            max_connections=_CONNECTIONS,
            timeout=_ANSWER_S,
            socket_timeout=_ANSWER_S,
            socket_connect_timeout=_ANSWER_S,
            retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), 2),
            **more,
        )
    except ValueError as error:
        raise BadConfig("redis_url", Wrong.NOT_REDIS) from error
    return RedisSessions(Redis(connection_pool=pool), Seal(shared_keys(config)))


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError, TimeoutError) as error:
        log.info("redis: %s", type(error).__name__)
        raise Offline(f"redis {type(error).__name__}", busy=True) from error


def _ms(life_s: float) -> int:
    return max(int(life_s * 1000), 1)
