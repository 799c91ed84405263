"""Autoconfiguration, white list, directory and applications over HTTPS, as a client without DNS reaches them."""

from __future__ import annotations

import ssl
import threading
import time
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from mssclient.domain.address import USAGER_DOMAIN
from mssclient.domain.environment import Policy
from mssclient.sandbox.operator import Operator
from tests.sandbox.sandbox_kit import ORG, OTHER, PER, sandbox

EXTRACTION = bytes(range(256)) * 40


def _relay(urls: dict[str, str]) -> Starlette:
    async def whoami(request):
        return JSONResponse({"own": urls["relay"], "host": request.url.hostname})

    return Starlette(routes=[Route("/whoami", whoami)])


@pytest.fixture
def operator(tmp_path) -> Iterator[Operator]:
    with sandbox(tmp_path, extraction=EXTRACTION, white_list=["hopital.mss.example"], apps={"relay": _relay}) as one:
        yield one


def _asked(operator: Operator, method: str, url: str, **headers: str) -> httpx.Response:
    """A request that keeps the host's name for TLS and HTTP but connects to 127.0.0.1."""
    parts = urlsplit(url)
    context = ssl.create_default_context(cafile=str(operator.pki.web_anchors))
    with httpx.Client(verify=context, trust_env=False) as client:
        return client.request(
            method,
            f"https://127.0.0.1:{parts.port}{parts.path}",
            headers={"Host": parts.netloc, **headers},
            extensions={"sni_hostname": parts.hostname},
        )


def test_the_environment_leads_to_everything(operator):
    environment = tomllib.loads(
        operator.environment_toml(
            policy=Policy(undo_send_s=1), filing_folder="/tmp/é", extra_toml='carte = "fictive"\n[autre]\nx = 1'
        )
    )
    assert environment["name"] == "sandbox"
    assert environment["product"] == "MSSCLIENT-SANDBOX-0001"
    assert environment["training"] is True
    assert environment["bals"] == [PER, ORG, OTHER]
    assert environment["policy"]["undo_send_s"] == 1
    assert environment["filing"] == {"folder": "/tmp/é", "profile": "standard"}
    assert environment["carte"] == "fictive"
    assert environment["psc_relay"] == operator.url("relay")
    names = {urlsplit(environment[key]).hostname for key in ("psc_relay", "directory", "white_list")}
    names |= {f"{kind}.{domain}" for kind in ("imap", "smtp", "autoconfig") for domain in operator.domains}
    assert names <= environment["hosts"].keys()
    assert set(environment["hosts"].values()) == {"127.0.0.1"}
    trust = environment["trust"]
    assert trust["pins"] == list(operator.pki.pins)
    for path in (trust["mail"], trust["web"], trust["crl"]):
        assert Path(path).read_text(encoding="ascii").startswith("-----BEGIN")


def test_autoconfiguration_of_each_domain(operator):
    template = tomllib.loads(operator.environment_toml())["autoconfig"]
    for domain in ("tilleuls.mss.example", "cabinet.mss.example"):
        answer = _asked(operator, "GET", template.format(domain=domain))
        assert answer.status_code == 200
        root = ET.fromstring(answer.content)
        incoming = root.find("emailProvider/incomingServer")
        outgoing = root.find("emailProvider/outgoingServer")
        assert incoming is not None
        assert outgoing is not None
        assert incoming.findtext("hostname") == f"imap.{domain}"
        assert incoming.findtext("port") == str(operator.ports["imap"])
        assert outgoing.findtext("port") == str(operator.ports["smtp"])
        assert {server.findtext("socketType") for server in (incoming, outgoing)} == {"STARTTLS"}
        assert {server.findtext("authentication") for server in (incoming, outgoing)} == {"OAuth2"}
    port = urlsplit(template.format(domain="x")).port
    for host in ("autoconfig.ailleurs.mss.example", "tilleuls.mss.example"):
        url = f"https://autoconfig.tilleuls.mss.example:{port}/mail/config-v1.1.xml"
        assert _asked(operator, "GET", url, Host=host).status_code == 404


def test_the_white_list_has_the_real_shape(operator):
    url = tomllib.loads(operator.environment_toml())["white_list"]
    root = ET.fromstring(_asked(operator, "GET", url).content)
    space = "{https://listeblanche.mssante.fr/schema}"
    assert root.tag == f"{space}ListeBlancheMSSante"
    assert root.findtext(f"{space}DateDeGeneration")
    names = [entry.findtext(f"{space}Nom") for entry in root.iterfind(f"{space}ListeDomaines/{space}Domaine")]
    assert {"tilleuls.mss.example", "hopital.mss.example", USAGER_DOMAIN} <= set(names)
    assert len(names) > 300
    assert len(names) == len(set(names)) + 1, "one domain stands twice, as in the real list"


def test_the_directory_answers_head_and_range(operator):
    url = tomllib.loads(operator.environment_toml())["directory"]
    head = _asked(operator, "HEAD", url)
    assert head.headers["Content-Length"] == str(len(EXTRACTION))
    assert head.content == b""
    name = head.headers["Content-Disposition"].partition("filename=")[2].strip('"')
    assert name.startswith("Extraction_Correspondance_MSSante_2")
    assert len(name) == len("Extraction_Correspondance_MSSante_AAAAMMJJhhmm.zip")
    assert _asked(operator, "GET", url).content == EXTRACTION
    part = _asked(operator, "GET", url, Range="bytes=100-199")
    assert (part.status_code, part.content) == (206, EXTRACTION[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(EXTRACTION)}"
    assert _asked(operator, "GET", url, Range="bytes=-5").content == EXTRACTION[-5:]
    assert _asked(operator, "GET", url, Range="bytes=10000-").content == EXTRACTION[10000:]
    assert _asked(operator, "GET", url, Range="bytes=999999-").status_code == 416


def test_web_faults_on_command(operator):
    url = tomllib.loads(operator.environment_toml())["white_list"]
    whole = _asked(operator, "GET", url).content
    operator.orders.http("/listeblanchemssante.xml", 503)
    operator.orders.truncate("/listeblanchemssante.xml")
    assert _asked(operator, "GET", url).status_code == 503
    assert _asked(operator, "GET", url).content == whole[: len(whole) // 2]
    assert _asked(operator, "GET", url).content == whole


def test_an_application_knows_its_own_url(operator):
    url = operator.url("relay")
    answer = _asked(operator, "GET", f"{url}/whoami").json()
    assert answer == {"own": url, "host": "relay.sandbox.mss.example"}


def test_it_starts_fast_and_leaves_no_thread(tmp_path):
    begin = time.monotonic()
    with sandbox(tmp_path) as operator:
        assert time.monotonic() - begin < 1.5
        assert [thread.name for thread in threading.enumerate() if "sandbox" in thread.name].count(
            "server-sandbox"
        ) >= 1
    operator.stop()
    with pytest.raises(RuntimeError):
        operator.orders.cut()
