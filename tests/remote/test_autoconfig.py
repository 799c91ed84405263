"""From an address to its operator: what is believed of a clientConfig document, and from whom (ECO.1.1.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mssclient.domain.environment import Endpoint, OperatorProfile
from mssclient.domain.errors import Distrust, MssError, Offline, Untrusted
from mssclient.remote import autoconfig
from mssclient.sandbox.pki import Fault, Pki
from tests.remote import https_kit, scripted
from tests.remote.scripted import BAL, DOMAIN, WEB_HOST

SERVER = """<{way}Server type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>{socket}</socketType>
<authentication>OAuth2</authentication><username>{login}</username></{way}Server>"""


def server(way: str, **changes: str) -> str:
    kind, port = ("imap", "143") if way == "incoming" else ("smtp", "587")
    values = {"kind": kind, "host": f"{kind}.{DOMAIN}", "port": port, "socket": "STARTTLS", "login": "%EMAILADDRESS%"}
    return SERVER.format(way=way, **{**values, **changes})


def document(*servers: str, domain: str = DOMAIN, head: str = "") -> bytes:
    inside = "".join(servers or (server("incoming"), server("outgoing")))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<clientConfig version="1.1"><emailProvider id="{domain}">'
        f"<domain>{domain}</domain><displayName>Opérateur</displayName>{inside}</emailProvider></clientConfig>"
    ).encode()


def test_a_document_becomes_a_profile() -> None:
    assert autoconfig.profile(document(), DOMAIN) == OperatorProfile(
        DOMAIN, "Opérateur", Endpoint(f"imap.{DOMAIN}", 143), Endpoint(f"smtp.{DOMAIN}", 587), "address"
    )


def test_servers_may_stand_anywhere_and_names_may_be_filled_in() -> None:
    found = autoconfig.profile(
        document(
            server("incoming", kind="pop3", host="pop.mss.example"),
            server("incoming", host="IMAP.%EMAILDOMAIN%", login="%EMAILLOCALPART%", port="1143"),
            server("outgoing", host="relais.ailleurs.example"),
        ),
        DOMAIN,
    )
    assert found.imap == Endpoint(f"imap.{DOMAIN}", 1143)
    assert found.smtp.host == "relais.ailleurs.example"
    assert found.login == "local"


def test_the_server_with_starttls_is_taken_among_several() -> None:
    found = autoconfig.profile(
        document(
            server("incoming", socket="SSL", port="993"),
            server("incoming", port="1143"),
            server("outgoing", socket="plain", port="25"),
            server("outgoing", port="1587"),
        ),
        DOMAIN,
    )
    assert (found.imap.port, found.smtp.port) == (1143, 1587)


@pytest.mark.parametrize("socket", ["SSL", "plain", "", "TLS"])
@pytest.mark.parametrize("way", ["incoming", "outgoing"])
def test_a_server_without_starttls_is_refused(way: str, socket: str) -> None:
    other = server("outgoing" if way == "incoming" else "incoming")
    with pytest.raises(Untrusted) as caught:
        autoconfig.profile(document(server(way, socket=socket), other), DOMAIN)
    assert (caught.value.reason, caught.value.subject) == (Distrust.PROTOCOL, DOMAIN)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>not found</html>",
        document()[:-40],
        document(server("incoming")),
        document(server("outgoing")),
        document(domain="ailleurs.mss.example"),
        document(server("incoming", host="a b"), server("outgoing")),
        document(server("incoming", host=""), server("outgoing")),
        document(server("incoming", port="0"), server("outgoing")),
        document(server("incoming", port="70000"), server("outgoing")),
        document(server("incoming", port="²"), server("outgoing")),
        document(server("incoming", login="root"), server("outgoing")),
        document(head='<!DOCTYPE clientConfig [<!ENTITY a "b">]>'),
        document(head="<!DOCTYPE clientConfig SYSTEM 'http://ailleurs.example/x.dtd'>"),
        document(head='<!DOCTYPE clientConfig [<!ENTITY a "b">]>').decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        b"\xff\xfe\x00",
        b'<?xml version="1.0" encoding="klingon"?><clientConfig/>',
        b"<a>" * 20_000,
    ],
)
def test_a_damaged_or_foreign_document_is_not_believed(content: bytes) -> None:
    with pytest.raises(Untrusted) as caught:
        autoconfig.profile(content, DOMAIN)
    assert caught.value.reason is Distrust.DISCOVERY


@pytest.mark.parametrize("way", ["incoming", "outgoing"])
@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "8.8.8.8", "127.1", "2130706433", "0x7f.1",
        "0x7f000001", "017700000001", "::1", "[::1]", "[fe80::1]", "localhost", "imap", "imap.localhost", "imap.local",
        "metadata.google.internal", "1.0.0.127.in-addr.arpa", "imap." + DOMAIN + ".",
    ],
)  # fmt: skip
def test_a_server_that_is_an_address_or_a_name_of_this_network_is_refused(way: str, host: str) -> None:
    other = server("outgoing" if way == "incoming" else "incoming")
    with pytest.raises(Untrusted) as caught:
        autoconfig.profile(document(server(way, host=host), other), DOMAIN)
    assert caught.value.reason is Distrust.DISCOVERY


@pytest.mark.parametrize(
    ("way", "port", "good"),
    [
        ("incoming", 143, True), ("incoming", 1143, True), ("incoming", 65535, True), ("incoming", 22, False),
        ("incoming", 25, False), ("incoming", 587, False), ("incoming", 445, False), ("incoming", 1023, False),
        ("outgoing", 587, True), ("outgoing", 25, True), ("outgoing", 2525, True), ("outgoing", 143, False),
        ("outgoing", 22, False), ("outgoing", 80, False),
    ],
)  # fmt: skip
def test_ports_of_other_services_are_refused(way: str, port: int, good: bool) -> None:
    content = document(server(way, port=str(port)), server("outgoing" if way == "incoming" else "incoming"))
    if good:
        assert autoconfig.profile(content, DOMAIN)
        return
    with pytest.raises(Untrusted) as caught:
        autoconfig.profile(content, DOMAIN)
    assert caught.value.reason is Distrust.DISCOVERY


def test_hosts_that_the_administrator_mapped_may_stand_anywhere() -> None:
    content = document(server("incoming", host="imap", port="99"), server("outgoing", host="smtp"))
    found = autoconfig.profile(content, DOMAIN, frozenset({"imap", "smtp"}))
    assert found.imap == Endpoint("imap", 99)


def test_among_several_providers_ours_is_taken_and_two_of_ours_are_none() -> None:
    own, other = document(), document(domain="ailleurs.mss.example")

    def inside(content: bytes) -> bytes:
        return content[content.index(b"<emailProvider") : content.index(b"</clientConfig>")]

    head = own[: own.index(b"<emailProvider")]
    found = autoconfig.profile(head + inside(other) + inside(own) + b"</clientConfig>", DOMAIN)
    assert found.domain == DOMAIN
    assert found.imap.host == f"imap.{DOMAIN}"
    with pytest.raises(Untrusted) as caught:
        autoconfig.profile(head + inside(own) + inside(own) + b"</clientConfig>", DOMAIN)
    assert caught.value.reason is Distrust.DISCOVERY


# Over HTTPS

Answer = tuple[int, dict[str, str], bytes]
CHUNK = 64 * 1024


class Site:
    """An HTTPS site that answers each path as a test says."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[str] = []
        self.sent = 0

    async def __call__(self, scope: dict[str, Any], _receive: object, send: Callable[[dict[str, Any]], Any]) -> None:
        host = dict(scope["headers"])[b"host"].decode().partition(":")[0]
        self.asked.append(host + scope["path"])
        status, headers, body = self.answers.get(scope["path"], (404, {}, b""))
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": pairs})
        for at in range(0, len(body), CHUNK):
            await send({"type": "http.response.body", "body": body[at : at + CHUNK], "more_body": True})
            self.sent += CHUNK
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def port(site: Site, pki: Pki) -> Iterator[int]:
    pem = pki.web_server([WEB_HOST, DOMAIN, "autres.example"])
    with https_kit.served(site, pem) as served:  # type: ignore[arg-type]
        yield served


def discovered(pki: Pki, port: int, address: str = BAL, **changes: object) -> OperatorProfile:
    template = f"https://autoconfig.{{domain}}:{port}/mail/config-v1.1.xml"
    hosts = tuple((host, "127.0.0.1") for host in (WEB_HOST, DOMAIN, "autres.example"))
    return autoconfig.discover(scripted.environment(pki, autoconfig=template, hosts=hosts, **changes), address)


def refusal(pki: Pki, port: int, **changes: object) -> MssError:
    with pytest.raises(MssError) as caught:
        discovered(pki, port, **changes)
    return caught.value


PATH = "/mail/config-v1.1.xml"


def test_the_document_is_fetched_from_the_domain_of_the_address(site: Site, port: int, pki: Pki) -> None:
    site.answers[PATH] = (200, {}, document())
    assert discovered(pki, port, f"Cabinet@{DOMAIN.upper()}").domain == DOMAIN
    assert site.asked == [WEB_HOST + PATH]


def test_a_redirect_within_the_domain_is_followed(site: Site, port: int, pki: Pki) -> None:
    site.answers[PATH] = (302, {"location": f"https://{DOMAIN}:{port}/ici.xml"}, b"")
    site.answers["/ici.xml"] = (200, {}, document())
    assert discovered(pki, port).domain == DOMAIN
    assert site.asked[-1] == DOMAIN + "/ici.xml"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://" + DOMAIN + ":{port}/ici.xml", Distrust.PROTOCOL),
        ("https://autres.example:{port}/ici.xml", Distrust.DISCOVERY),
        ("https://x" + DOMAIN + ":{port}/ici.xml", Distrust.DISCOVERY),
        ("https://[", Distrust.DISCOVERY),
        ("file:///etc/hosts", Distrust.PROTOCOL),
        (PATH, Distrust.DISCOVERY),  # round and round
    ],
)
def test_other_redirects_are_refused(site: Site, port: int, pki: Pki, location: str, reason: Distrust) -> None:
    site.answers[PATH] = (302, {"location": location.format(port=port)}, b"")
    site.answers["/ici.xml"] = (200, {}, document())
    error = refusal(pki, port)
    assert isinstance(error, Untrusted)
    assert error.reason is reason
    assert not any(path.endswith("ici.xml") for path in site.asked)


def test_too_long_a_document_is_refused(site: Site, port: int, pki: Pki) -> None:
    site.answers[PATH] = (200, {}, document() + b" " * autoconfig.SIZE_CAP)
    error = refusal(pki, port)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.DISCOVERY


def test_ten_megabytes_are_not_listened_to(site: Site, port: int, pki: Pki) -> None:
    site.answers[PATH] = (200, {}, document() + b" " * 10_000_000)
    error = refusal(pki, port)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.DISCOVERY
    assert site.sent < 10_000_000


def test_a_site_that_drips_is_given_up(site: Site, port: int, pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(autoconfig, "WHOLE_S", 0.0)
    site.answers[PATH] = (200, {}, document())
    assert isinstance(refusal(pki, port), Offline)


def test_a_site_under_another_root_is_not_asked(site: Site, pki: Pki) -> None:
    site.answers[PATH] = (200, {}, document())
    for pem in (pki.web_server([WEB_HOST], Fault.CHAIN), pki.mail_server([WEB_HOST])):
        with https_kit.served(site, pem) as port:  # type: ignore[arg-type]
            error = refusal(pki, port)
        assert isinstance(error, Untrusted)
        assert error.reason is Distrust.CHAIN
    assert site.asked == []


def test_a_compressed_bomb_is_refused(site: Site, port: int, pki: Pki) -> None:
    import gzip

    site.answers[PATH] = (200, {"content-encoding": "gzip"}, gzip.compress(b" " * 50_000_000))
    error = refusal(pki, port)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.DISCOVERY


@pytest.mark.parametrize(("status", "busy"), [(500, True), (503, True)])
def test_a_service_in_trouble_is_offline(site: Site, port: int, pki: Pki, status: int, busy: bool) -> None:
    site.answers[PATH] = (status, {}, b"")
    error = refusal(pki, port)
    assert isinstance(error, Offline)
    assert error.busy is busy


def test_a_domain_without_a_document_has_no_operator(port: int, pki: Pki) -> None:
    error = refusal(pki, port)
    assert isinstance(error, Untrusted)
    assert (error.reason, error.subject) == (Distrust.DISCOVERY, DOMAIN)


def test_a_site_with_a_wrong_certificate_is_not_believed(site: Site, pki: Pki) -> None:
    site.answers[PATH] = (200, {}, document())
    with https_kit.served(site, pki.web_server([WEB_HOST], Fault.NAME)) as port:  # type: ignore[arg-type]
        error = refusal(pki, port)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.NAME
    assert site.asked == []


def test_a_template_in_clear_is_never_followed(pki: Pki) -> None:
    with pytest.raises(Untrusted) as caught:
        autoconfig.discover(scripted.environment(pki, autoconfig="http://autoconfig.{domain}/x"), BAL)
    assert caught.value.reason is Distrust.PROTOCOL


@pytest.mark.parametrize("address", ["", "cabinet", "cabinet@", "a@b/c", "a@x:1", "a@[", "a@é.example", "a@b c"])
def test_what_is_no_address_asks_nobody(pki: Pki, address: str) -> None:
    with pytest.raises(Untrusted) as caught:
        autoconfig.discover(scripted.environment(pki), address)
    assert caught.value.reason is Distrust.DISCOVERY
