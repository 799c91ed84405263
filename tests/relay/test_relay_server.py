"""The relay as a program: its configuration told in French, its certificates, and clients that take their time."""

from __future__ import annotations

import base64
import contextlib
import gc
import logging
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from cryptography.hazmat.primitives import serialization
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from mssclient import cli
from mssclient.relay import app, config, server
from mssclient.relay.audit import Audit, Way, direct, plain
from mssclient.relay.config import BadConfig, RelayConfig, Wrong
from mssclient.relay.meters import Meters
from mssclient.sandbox.pki import Fault, Pki
from mssclient.stage import relay_words
from tests.lab.redis_server import free_port
from tests.relay import kit

GOOD = (
    'base_url = "https://relais.example"\nissuer = "https://psc.example/auth/realms/x"\n'
    'client_id = "relais"\nclient_secret_file = "secret"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("le-secret-du-relais\n")
    (tmp_path / "key").write_text(base64.b64encode(os.urandom(32)).decode())
    (tmp_path / "short").write_text("court")
    (tmp_path / "empty").write_text("\n")
    return tmp_path


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"), [["imap.example"], ["smtp.example"]], ["relais.mss.example"])


@pytest.mark.parametrize(
    ("entries", "entry", "wrong"),
    [
        (GOOD.replace("https://relais", "http://relais"), "base_url", Wrong.NOT_HTTPS),
        (GOOD.replace("realms/x", "realms/x/"), "issuer", Wrong.FINAL_SLASH),
        (GOOD.replace('client_id = "relais"\n', ""), "client_id", Wrong.MISSING),
        (GOOD.replace('client_id = "relais"', 'client_id = ""'), "client_id", Wrong.MISSING),
        (GOOD.replace('client_secret_file = "secret"\n', ""), "client_secret_file", Wrong.MISSING),
        (GOOD.replace('"secret"', '"nothing"'), "client_secret_file", Wrong.FILE),
        (GOOD.replace('"secret"', '"empty"'), "client_secret_file", Wrong.SHORT),
        (GOOD + 'client_secret = "here"\n', "client_secret", Wrong.UNKNOWN),
        (GOOD + "unknown = 1\n", "unknown", Wrong.UNKNOWN),
        (GOOD + "ticket_s = 600\n", "ticket_s", Wrong.RANGE),
        (GOOD + 'ticket_s = "60"\n', "ticket_s", Wrong.TYPE),
        (GOOD + "ticket_s = true\n", "ticket_s", Wrong.TYPE),
        (GOOD + "session_max_s = 20000\n", "session_max_s", Wrong.RANGE),
        (GOOD + "listen_port = 0\n", "listen_port", Wrong.RANGE),
        (GOOD + 'trusted_proxies = "10.0.0.1"\n', "trusted_proxies", Wrong.TYPE),
        (GOOD + "trusted_proxies = [1]\n", "trusted_proxies", Wrong.TYPE),
        (GOOD + 'trusted_proxies = ["proxy.example"]\n', "trusted_proxies", Wrong.ADDRESS),
        (GOOD + 'log_level = "trace"\n', "log_level", Wrong.CHOICE),
        (GOOD + 'client_certificate = "c.pem"\nclient_key = "k.pem"\n', "client_secret_file", Wrong.TWICE),
        (GOOD.replace("client_secret_file", "client_certificate"), "client_certificate", Wrong.ALONE),
        (GOOD.replace("client_secret_file", "client_key"), "client_secret_file", Wrong.MISSING),
        (GOOD + 'redis_url = "http://redis.example"\nredis_key_file = "key"\n', "redis_url", Wrong.NOT_REDIS),
        (GOOD + 'redis_url = "rediss://r?ssl_cert_reqs=none"\nredis_key_file = "key"\n', "redis_url", Wrong.NOT_REDIS),
        (GOOD + 'redis_url = "redis://r"\nredis_url_file = "secret"\n', "redis_url_file", Wrong.TWICE),
        (GOOD + 'redis_url = "redis://r"\n', "redis_url", Wrong.ALONE),
        (GOOD + 'redis_key_file = "key"\n', "redis_key_file", Wrong.ALONE),
        ("not toml", "relay.toml", Wrong.NOT_TOML),
        ("\udcff", "relay.toml", Wrong.NOT_TOML),
    ],
)
def test_a_configuration_says_which_entry_to_mend(folder: Path, entries: str, entry: str, wrong: Wrong) -> None:
    file = folder / "relay.toml"
    file.write_bytes(entries.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadConfig) as caught:
        config.read(file)
    assert (caught.value.entry, caught.value.wrong) == (entry, wrong)


@pytest.mark.parametrize(
    ("entries", "entry", "wrong"),
    [
        ('redis_key_file = "secret"\n', "redis_key_file", Wrong.KEY),
        ('redis_key_file = "nothing"\n', "redis_key_file", Wrong.FILE),
        ('redis_key_file = "key"\nredis_password_file = "nothing"\n', "redis_password_file", Wrong.FILE),
        ('redis_key_file = "key"\nredis_anchors = "secret"\n', "redis_anchors", Wrong.ALONE),
    ],
)
def test_what_redis_needs_is_looked_at_before_it_serves(folder: Path, entries: str, entry: str, wrong: Wrong) -> None:
    file = folder / "relay.toml"
    file.write_text(GOOD + 'redis_url = "redis://127.0.0.1"\n' + entries)
    with pytest.raises(BadConfig) as caught:
        app.create(config.read(file), kit.Clock(), httpx.AsyncClient())
    assert (caught.value.entry, caught.value.wrong) == (entry, wrong)


def test_a_store_secret_that_could_be_guessed_is_refused(folder: Path) -> None:
    with pytest.raises(BadConfig) as caught:
        config.store_secret(_plain(store_secret_file=str(folder / "short")))
    assert (caught.value.entry, caught.value.wrong) == ("store_secret_file", Wrong.SHORT)


def _plain(**more: str) -> RelayConfig:
    return RelayConfig("https://relais.example", "https://psc.example", "relais", "le-secret", **more)  # type: ignore[arg-type]


def test_files_stand_beside_the_configuration_or_in_systemds_credentials(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder / "credentials"))
    (folder / "credentials").mkdir()
    (folder / "credentials" / "url").write_text("rediss://:mot-de-passe@redis.example:6380/1\n")
    file = folder / "relay.toml"
    file.write_text(
        GOOD
        + 'redis_url_file = "$CREDENTIALS_DIRECTORY/url"\nredis_key_file = "key"\naudit = "audit.jsonl"\n'
        + 'certificate = "/etc/x.pem"\ntrusted_proxies = ["10.0.0.0/8", "2001:db8::1"]\n'
    )
    read = config.read(file)
    assert read.redis_url == "rediss://:mot-de-passe@redis.example:6380/1"
    assert "mot-de-passe" not in repr(read)
    assert (read.redis_key_file, read.audit) == (str(folder / "key"), str(folder / "audit.jsonl"))
    assert (read.certificate, read.trusted_proxies) == ("/etc/x.pem", ("10.0.0.0/8", "2001:db8::1"))


@pytest.mark.parametrize("wrong", list(Wrong), ids=lambda wrong: wrong.name)
def test_every_trouble_is_one_french_sentence(wrong: Wrong) -> None:
    said = relay_words.refusal(BadConfig("entree", wrong, "detail"))
    assert said.startswith("Configuration refusée\u00a0: entree ")
    assert said.endswith(".")
    assert "\n" not in said


@pytest.fixture
def _logging_as_before() -> Iterator[None]:
    """What the program sets up for itself is undone."""
    loggers = [logging.getLogger(name) for name in ("mssclient", "httpx", "httpcore", "redis", "asyncio", "uvicorn")]
    root, audit = logging.getLogger(), logging.getLogger("mssclient.relay.audit")
    before, handlers = [each.level for each in loggers], list(root.handlers)
    yield
    for each, level in zip(loggers, before, strict=True):
        each.setLevel(level)
    for handler in [each for each in root.handlers if each not in handlers]:
        root.removeHandler(handler)
    for handler in list(audit.handlers):
        audit.removeHandler(handler)
        handler.close()
    audit.propagate = True
    audit.setLevel(logging.NOTSET)


@pytest.mark.usefixtures("_logging_as_before")
@pytest.mark.logs
@pytest.mark.parametrize(
    ("entries", "said"),
    [
        (GOOD, "certificate manque"),
        (GOOD + 'certificate = "{pem}"\n', "private_key manque"),
        (GOOD + 'certificate = "{pem}"\nprivate_key = "secret"\n', "certificate ne va pas avec sa clé"),
        (GOOD + 'certificate = "{pem}"\nprivate_key = "{other}"\n', "certificate désigne un fichier"),
        (GOOD + 'certificate = "{pem}"\nprivate_key = "{pem}"\npsc_anchors = "secret"\n', "psc_anchors désigne"),
        (GOOD + 'certificate = "{pem}"\nprivate_key = "{pem}"\naudit = "no/where"\n', "audit désigne un fichier"),
        (GOOD + 'certificate = "{pem}"\nprivate_key = "{pem}"\nlisten_port = {taken}\n', "listen_port désigne"),
        (
            GOOD + 'certificate = "{pem}"\nprivate_key = "{pem}"\nlisten_port = {taken}\nmetrics_port = {taken}\n',
            "listen_port désigne",
        ),
        (
            GOOD + 'certificate = "{pem}"\nprivate_key = "{pem}"\nlisten_port = {free}\nmetrics_port = {taken}\n',
            "metrics_port désigne",
        ),
        (
            GOOD.replace('client_secret_file = "secret"', 'client_certificate = "{pem}"\nclient_key = "{locked}"\n')
            + 'certificate = "{pem}"\nprivate_key = "{pem}"\nclient_key_password_file = "short"\n',
            "client_certificate ne va pas avec sa clé",
        ),
    ],
)
def test_the_command_ends_with_2_and_the_sentence(
    folder: Path,
    pki: Pki,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    entries: str,
    said: str,
) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        (folder / "locked.pem").write_bytes(_locked(pki, b"un autre mot de passe"))
        words = {
            "pem": str(pki.web), "other": "/nowhere/key.pem", "taken": str(busy.getsockname()[1]),
            "free": str(free_port()), "locked": "locked.pem",
        }  # fmt: skip
        for name, value in words.items():
            entries = entries.replace(f"{{{name}}}", value)
        file = folder / "relay.toml"
        file.write_text(entries)
        assert cli.main(["relay", "--config", str(file)]) == 2
    err = capsys.readouterr().err
    (sentence,) = [line for line in err.splitlines() if line.startswith("Configuration refusée")]
    assert said in sentence
    assert "le-secret-du-relais" not in err
    assert "Traceback" not in err
    gc.collect()
    assert "never retrieved" not in caplog.text


def _locked(pki: Pki, password: bytes) -> bytes:
    key = serialization.load_pem_private_key(pki.web.read_bytes(), None)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    )


def test_a_key_with_a_password_opens_with_it(folder: Path, pki: Pki) -> None:
    (folder / "locked.pem").write_bytes(_locked(pki, b"court"))
    settings = RelayConfig(
        "https://relais.example",
        "https://psc.example",
        "relais",
        client_certificate=str(pki.web),
        client_key=str(folder / "locked.pem"),
        client_key_password_file=str(folder / "short"),
    )
    assert settings.by_certificate
    context = server.psc_context(settings)
    assert context.verify_mode is ssl.VerifyMode.CERT_REQUIRED
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


# -- clients that take their time
async def _page(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok")


@pytest.fixture
def port(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A page behind the relay's own protocol, with little patience."""
    monkeypatch.setattr(server, "_HEADERS_S", 0.3)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    settings = uvicorn.Config(
        Starlette(routes=[Route("/", _page)]),
        http=server.PatientProtocol,
        ssl_certfile=str(pki.web),
        ssl_keyfile=str(pki.web),
        ssl_ciphers=server._SUITES,
        log_config=None,
        ws="none",
        timeout_graceful_shutdown=1,
    )
    running = server._Server(settings, signals=False)
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, name="server-slow")
    thread.start()
    yield int(listener.getsockname()[1])
    running.should_exit = True
    thread.join(10)
    listener.close()


def _line(pki: Pki, port: int) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=pki.web_anchors)
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), 10), server_hostname="relais.mss.example")


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: "])
def test_who_begins_a_request_and_does_not_end_it_is_left(pki: Pki, port: int, begun: bytes) -> None:
    with _line(pki, port) as line:
        line.sendall(begun)
        assert line.recv(100) == b"", "closed, without an answer"


def test_who_asks_in_time_may_ask_again(pki: Pki, port: int) -> None:
    with _line(pki, port) as line:
        for _ in range(5):
            line.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            answer = b""
            while not answer.endswith(b"ok"):
                answer += line.recv(4096)
            assert answer.startswith(b"HTTP/1.1 200")
            threading.Event().wait(0.12)


def test_one_byte_at_a_time_is_not_asking(pki: Pki, port: int) -> None:
    with _line(pki, port) as line:
        line.sendall(b"GET / HTTP/1.1\r\nx-slow: ")
        line.settimeout(0.05)
        for _ in range(100):
            try:
                line.sendall(b"a")
                assert line.recv(1) == b""
                return
            except TimeoutError:
                continue
            except OSError:
                return
    raise AssertionError("never closed")


def test_old_tls_is_not_spoken(pki: Pki, port: int) -> None:
    context = ssl.create_default_context(cafile=pki.web_anchors)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("AES128-SHA:AES256-GCM-SHA384:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", port), 10) as raw, pytest.raises(ssl.SSLError):
        context.wrap_socket(raw, server_hostname="relais.mss.example")


def test_psc_must_prove_itself(folder: Path, pki: Pki) -> None:
    bad = pki.web_server(["psc.example"], Fault.CHAIN)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(bad)
    ours, theirs = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = server.psc_context(_plain(psc_anchors=str(pki.web_anchors))).wrap_bio(ours, theirs, False, "psc.example")
    peer = context.wrap_bio(theirs, ours, True)
    with pytest.raises(ssl.SSLCertVerificationError):
        _greet(client, peer)


def _greet(*sides: ssl.SSLObject) -> None:
    for _ in range(4):
        for side in sides:
            with contextlib.suppress(ssl.SSLWantReadError):
                side.do_handshake()


# -- the audit
@pytest.mark.usefixtures("_logging_as_before")
def test_the_audit_goes_on_in_a_new_file_when_the_old_one_is_moved_away(folder: Path) -> None:
    file = folder / "audit.jsonl"
    direct(str(file))
    audit = Audit(kit.Clock(), Meters())
    audit.begun(Way.PHONE, "192.0.2.1")
    file.rename(folder / "audit.1")
    audit.failed(Way.PHONE, "access_denied")
    assert "sign_in_begun" in (folder / "audit.1").read_text()
    assert file.read_text().count("\n") == 1
    assert "access_denied" in file.read_text()


@pytest.mark.parametrize("code", ["a\nb", "é" * 100, '"}', "x" * 500])
def test_a_foreign_code_cannot_write_a_line_of_its_own(code: str) -> None:
    assert len(plain(code)) <= 48
    assert not set(plain(code)) - set("abcdefghijklmnopqrstuvwxyz?")
