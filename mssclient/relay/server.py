"""The relay as a program: sockets, certificates, time limits on connections, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from cryptography import x509
from uvicorn.protocols.http.h11_impl import H11Protocol

from mssclient import __version__
from mssclient.relay import app, audit
from mssclient.relay.config import BadConfig, RelayConfig, Wrong, secret_in
from mssclient.relay.meters import Meters
from mssclient.relay.sessions import Clock

log = logging.getLogger(__name__)

_PSC_S = 15.0
_HEADERS_S = 10.0
_HEADERS_MOST = 16 * 1024
_GOODBYE_S = 10
_SUITES = "ECDHE+AESGCM:ECDHE+CHACHA20"  # of TLS 1.2; those of TLS 1.3 are all good


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that waits so long for a request's head, and no longer: uvicorn itself would wait for ever."""

    _judging: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._judging is not None:
            self._judging.cancel()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._judging = self.loop.call_later(_HEADERS_S, self._judge, self.cycle)

    def _judge(self, cycle_then: object) -> None:
        """Nothing new was asked since, and nothing is being answered: whoever began to ask does not mean it."""
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or self.cycle is not cycle_then:
            self._wait()
        else:
            self.transport.close()


class _Server(uvicorn.Server):
    """One of two servers in a loop: the first one's signals end both."""

    def __init__(self, config: uvicorn.Config, *, signals: bool) -> None:
        super().__init__(config)
        self._signals = signals

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Unlike uvicorn's, leaves the process alive after a signal: what is still to be said is said."""
        if not self._signals:
            yield
            return
        numbers = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(number, self.handle_exit) for number in numbers]
        try:
            yield
        finally:
            for number, previous in zip(numbers, before, strict=True):
                signal.signal(number, previous)


def run(config: RelayConfig, clock: Clock) -> None:
    """Serve until interrupted. Raises BadConfig for what cannot serve: a relay never speaks plain HTTP, for one."""
    for name in ("certificate", "private_key"):
        if not getattr(config, name):
            raise BadConfig(name, Wrong.MISSING)
    logging.getLogger("mssclient").setLevel(config.log_level.upper())
    # What these write at lower levels holds addresses with codes in them.
    for name in ("httpx", "httpcore", "redis", "asyncio", "uvicorn"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        audit.direct(config.audit)
    except OSError as error:
        raise BadConfig("audit", Wrong.FILE, Path(config.audit).name) from error
    _warn_of_open_files(config)
    asyncio.run(_serve(config, clock))


async def _serve(config: RelayConfig, clock: Clock) -> None:
    _check_pair(config.certificate, config.private_key, "", "certificate")
    async with httpx.AsyncClient(verify=psc_context(config), timeout=_PSC_S, trust_env=False) as http:
        service, watch = app.pair(config, clock, http)
        told = audit.Audit(clock, Meters())
        main = _Server(
            _settings(
                service,
                host=config.listen_host,
                port=config.listen_port,
                ssl_certfile=config.certificate,
                ssl_keyfile=config.private_key,
                ssl_ciphers=_SUITES,
                limit_concurrency=config.connections,
            ),
            signals=True,
        )
        watching = _Server(_settings(watch, host=config.metrics_host, port=config.metrics_port), signals=False)
        told.started(__version__, shared=bool(config.redis_url))
        ends = [asyncio.create_task(_listened(main, "listen_port"))]
        if config.metrics_port:
            ends.append(asyncio.create_task(_listened(watching, "metrics_port")))
        await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        main.should_exit = watching.should_exit = True
        await asyncio.wait(ends)
        told.stopped()
        # Each is asked: a failure that nobody took would be told by asyncio, with its whole trace.
        failures = [failure for end in ends if (failure := end.exception()) is not None]
        if failures:
            raise failures[0]


async def _listened(server: _Server, entry: str) -> None:
    try:
        await server.serve()
    except SystemExit as error:  # uvicorn's answer to a port that is taken
        raise BadConfig(entry, Wrong.TAKEN) from error


def _settings(service: Any, **more: Any) -> uvicorn.Config:
    return uvicorn.Config(
        service,
        http=PatientProtocol,
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,  # whom to believe is for trusted_proxies to say
        h11_max_incomplete_event_size=_HEADERS_MOST,
        timeout_graceful_shutdown=_GOODBYE_S,
        **more,
    )


def psc_context(config: RelayConfig) -> ssl.SSLContext:
    """TLS towards PSC, with the client certificate when there is one. Raises BadConfig."""
    try:
        context = ssl.create_default_context(cafile=config.psc_anchors or None)
    except (OSError, ssl.SSLError) as error:
        raise BadConfig("psc_anchors", Wrong.ANCHORS, Path(config.psc_anchors).name) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if config.by_certificate:
        named = config.client_key_password_file
        password = secret_in(named, "client_key_password_file") if named else ""
        _check_pair(config.client_certificate, config.client_key, password, "client_certificate")
        context.load_cert_chain(config.client_certificate, config.client_key, password)
    return context


def _check_pair(certificate: str, key: str, password: str, entry: str) -> None:
    """Both files are there, fit, and need no more than this password: OpenSSL would ask for it on the terminal."""
    for file in (certificate, key):
        if not Path(file).is_file():
            raise BadConfig(entry, Wrong.FILE, Path(file).name)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password)
        leaf = x509.load_pem_x509_certificates(Path(certificate).read_bytes())[0]
    except (OSError, ssl.SSLError, ValueError) as error:
        raise BadConfig(entry, Wrong.PAIR, Path(certificate).name) from error
    log.info("%s is good until %s", entry, leaf.not_valid_after_utc.date().isoformat())


def _warn_of_open_files(config: RelayConfig) -> None:
    for name in ("private_key", "client_key", "redis_key_file", "redis_password_file", "store_secret_file"):
        file = getattr(config, name)
        with contextlib.suppress(OSError):
            if file and Path(file).stat().st_mode & 0o007:
                log.warning("%s can be read by everybody on this machine", name)
