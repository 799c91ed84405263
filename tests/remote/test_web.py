"""HTTPS to our own services: whom it trusts, where overrides lead, and what its failures are called."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from mssclient.domain.errors import Distrust, MssError, Offline, Refused, Untrusted
from mssclient.remote import web
from mssclient.sandbox.pki import Fault, Pki
from tests.remote import https_kit

HOST = "service.mss.example"
OTHER = "autre.mss.example"


async def _host(request: Request) -> Response:
    return PlainTextResponse(request.headers["host"])


async def _away(request: Request) -> Response:
    return RedirectResponse(request.query_params["to"], 302)


async def _status(request: Request) -> Response:
    return Response(status_code=int(request.query_params["code"]))


APP = Starlette(routes=[Route("/host", _host), Route("/away", _away), Route("/status", _status)])


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return Pki(tmp_path_factory.mktemp("pki"), [["imap.example"], ["smtp.example"]], [HOST])


@pytest.fixture
def port(pki: Pki) -> Iterator[int]:
    with https_kit.served(APP, pki.web) as port:
        yield port


def _asked(pki: Pki, url: str, **more: object) -> httpx.Response:
    with web.client(https_kit.environment(pki.web_anchors, "", HOST, OTHER)) as http:
        try:
            return http.get(url, **more).raise_for_status()  # type: ignore[arg-type]
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise web.failure(error) from error


def _refused(pki: Pki, url: str, **more: object) -> MssError:
    with pytest.raises(MssError) as caught:
        _asked(pki, url, **more)
    return caught.value


def test_an_overridden_host_keeps_its_name(pki: Pki, port: int) -> None:
    answer = _asked(pki, f"https://{HOST}:{port}/host")
    assert answer.text == f"{HOST}:{port}"
    assert str(answer.url) == f"https://{HOST}:{port}/host"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.CHAIN, Distrust.CHAIN),
        (Fault.SELF_SIGNED, Distrust.CHAIN),
        (Fault.NAME, Distrust.NAME),
        (Fault.EXPIRED, Distrust.EXPIRED),
        (Fault.NOT_YET, Distrust.EXPIRED),
    ],
)
def test_a_bad_certificate_is_named(pki: Pki, fault: Fault, reason: Distrust) -> None:
    with https_kit.served(APP, pki.web_server([HOST], fault)) as port:
        error = _refused(pki, f"https://{HOST}:{port}/host")
    assert isinstance(error, Untrusted)
    assert (error.reason, error.subject) == (reason, HOST)


def test_a_line_that_was_checked_for_one_name_does_not_serve_another(pki: Pki, port: int) -> None:
    """Both names lead to one address; only HOST is in its certificate."""
    with web.client(https_kit.environment(pki.web_anchors, "", HOST, OTHER)) as http:
        assert http.get(f"https://{HOST}:{port}/host").is_success
        with pytest.raises(httpx.ConnectError) as caught:
            http.get(f"https://{OTHER}:{port}/host")
    error = web.failure(caught.value)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.NAME


def test_old_tls_is_not_spoken(pki: Pki) -> None:
    assert web.web_context(https_kit.environment(pki.web_anchors)).minimum_version is ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("suite", ["AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-SHA256"])
def test_suites_without_forward_secrecy_or_with_sha_1_are_not_spoken(pki: Pki, suite: str) -> None:
    context = web.web_context(https_kit.environment(pki.web_anchors))
    offered = {each["name"] for each in context.get_ciphers()}
    assert suite not in offered
    assert {"ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384", "TLS_AES_128_GCM_SHA256"} <= offered
    assert context.options & ssl.OP_NO_RENEGOTIATION
    assert not context.hostname_checks_common_name


def test_plain_http_is_for_documents_that_prove_themselves_and_stays_plain(pki: Pki, port: int) -> None:
    told = https_kit.environment("", "", HOST)
    with web.client_for(told, "http://service.mss.example/x") as http:
        with pytest.raises(httpx.UnsupportedProtocol):
            http.get(f"https://{HOST}:{port}/host")
        with pytest.raises(httpx.HTTPError):
            http.get(f"http://{HOST}:{port}/host")  # a server that speaks TLS
    with web.client_for(https_kit.environment(pki.web_anchors, "", HOST), f"https://{HOST}:{port}/host") as http:
        assert http.get(f"https://{HOST}:{port}/host").is_success


def test_redirects_are_followed_on_request_and_never_to_plain_http(pki: Pki, port: int) -> None:
    there = f"https://{HOST}:{port}"
    away = f"{there}/away"
    assert _asked(pki, away, params={"to": "/host"}, follow_redirects=True).text == f"{HOST}:{port}"
    plain = _refused(pki, away, params={"to": f"http://{HOST}:{port}/host"}, follow_redirects=True)
    assert isinstance(plain, Untrusted)
    assert plain.reason is Distrust.PROTOCOL
    circle = _refused(pki, away, params={"to": "?to=" + "%3Fto%3D" * 9}, follow_redirects=True)
    assert isinstance(circle, Refused)


@pytest.mark.parametrize("code", [429, 500, 503])
def test_a_service_in_trouble_is_asked_again_later(pki: Pki, port: int, code: int) -> None:
    error = _refused(pki, f"https://{HOST}:{port}/status?code={code}")
    assert isinstance(error, Offline)
    assert error.busy


def test_a_refusal_is_final(pki: Pki, port: int) -> None:
    error = _refused(pki, f"https://{HOST}:{port}/status?code=404")
    assert isinstance(error, Refused)
    assert error.code == "http 404"


def test_nobody_there_is_offline(pki: Pki) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        error = _refused(pki, f"https://{HOST}:{closed.getsockname()[1]}/")
    assert isinstance(error, Offline)
    assert not error.busy


def test_a_line_cut_in_the_handshake_is_offline(pki: Pki) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        listener.settimeout(5)
        port = listener.getsockname()[1]
        http = web.client(https_kit.environment(pki.web_anchors, "", HOST))
        client = socket.create_connection(("127.0.0.1", port))
        client.close()
        listener.accept()[0].close()
        listener.close()
        with http, pytest.raises(httpx.HTTPError) as caught:
            http.get(f"https://{HOST}:{port}/")
    assert isinstance(web.failure(caught.value), Offline)


@pytest.mark.parametrize("content", [None, "", "pas un certificat"])
def test_a_missing_anchor_file_is_named(tmp_path: Path, content: str | None) -> None:
    anchors = tmp_path / "web.pem"
    if content is not None:
        anchors.write_text(content)
    with pytest.raises(Untrusted) as caught:
        web.client(https_kit.environment(anchors))
    assert (caught.value.reason, caught.value.subject) == (Distrust.ANCHOR, "web.pem")


def test_the_systems_proxies_are_not_used(pki: Pki, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert _asked(pki, f"https://{HOST}:{port}/host").is_success
