"""Mail servers that each have one thing wrong, over IMAP and SMTP: the right reason, and not one word said to them."""

from __future__ import annotations

import socket
import ssl
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from mssclient.domain.environment import Policy
from mssclient.domain.errors import Distrust, Offline, Untrusted
from mssclient.remote import tls
from mssclient.remote.tls import MailTrust
from mssclient.sandbox.pki import Pki
from tests.remote import scripted
from tests.remote import wrong_servers as wrong
from tests.remote.scripted import IMAP_HOST, SMTP_HOST, Peer
from tests.remote.wrong_servers import DAY, GOOD, Authority, Certificate, Leaf

SERVICES = ("imap", "smtp")


@dataclass(frozen=True, slots=True)
class World:
    """A root, its domain for mail and a sibling, as IGC-Santé has them."""

    folder: Path
    pki: Pki
    root: Authority
    organisations: Authority
    sibling: Authority

    def trust(self, *anchors: Authority, crl: bytes = b"", **changes: object) -> MailTrust:
        """A workstation that trusts the organisations' authority, or other anchors, all pinned."""
        chosen = anchors or (self.organisations,)
        file = self.folder / f"anchors-{len(list(self.folder.iterdir()))}.pem"
        file.write_bytes(b"".join(each.pem for each in chosen))
        if crl:
            lists = file.with_suffix(".crl")
            lists.write_bytes(crl)
            changes["mail_crl"] = str(lists)
        pins = tuple(each.pin for each in chosen)
        return MailTrust(scripted.environment(self.pki, mail_anchors=str(file), pins=pins, **changes))

    def server(self, leaf: Leaf = GOOD, issuer: Authority | None = None) -> Certificate:
        """A server's certificate, of the right authority unless told."""
        return wrong.certificate(self.folder, issuer or self.organisations, leaf)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("world")
    root = wrong.authority("AC RACINE D'ESSAI")
    return World(
        folder,
        scripted.new_pki(folder / "pki"),
        root,
        wrong.authority("AC D'ESSAI ORGANISATIONS", root),
        wrong.authority("AC D'ESSAI PERSONNES", root),
    )


def judged(service: str, trust: MailTrust, context: ssl.SSLContext) -> Distrust | None:
    """Why the server is not trusted; None when the client spoke to it. Nothing is heard by who is not trusted."""
    heard: list[bytes] = []
    error = wrong.outcome(service, trust, wrong.presenting(service, context, heard))
    if isinstance(error, Untrusted):
        assert heard in ([b""], []), "something was said to a server that is not trusted"
        assert error.subject == (IMAP_HOST if service == "imap" else SMTP_HOST)
        return error.reason
    assert isinstance(error, Offline), error  # the script hangs up where an operator would answer
    assert heard
    assert heard[0], "a good server is spoken to"
    return None


Row = tuple[str, Callable[[World], tuple[MailTrust, Certificate]], Distrust | None]


def departing(**changes: object) -> Callable[[World], tuple[MailTrust, Certificate]]:
    """The right trust, and a certificate that departs from the good one."""
    return lambda world: (world.trust(), world.server(Leaf(**changes)))  # type: ignore[arg-type]


def revoked(world: World) -> tuple[MailTrust, Certificate]:
    shown = world.server()
    return world.trust(crl=wrong.revocation_list(world.organisations, [shown.cert.serial_number])), shown


def revoked_long_ago(world: World) -> tuple[MailTrust, Certificate]:
    shown = world.server()
    old = wrong.revocation_list(world.organisations, [shown.cert.serial_number], begin=-30 * DAY)
    return world.trust(crl=old), shown


def authority_revoked(world: World) -> tuple[MailTrust, Certificate]:
    above = wrong.revocation_list(world.root, [world.organisations.cert.serial_number])
    return world.trust(world.root, world.organisations, crl=above), world.server()


def sibling_under_a_pinned_root(world: World) -> tuple[MailTrust, Certificate]:
    shown = wrong.certificate(world.folder, world.sibling, above=[world.sibling, world.root])
    return world.trust(world.root, world.organisations), shown


def good_under_a_pinned_root(world: World) -> tuple[MailTrust, Certificate]:
    shown = wrong.certificate(world.folder, world.organisations, above=[world.organisations, world.root])
    return world.trust(world.root, world.organisations), shown


def constrained(permitted: str) -> Callable[[World], tuple[MailTrust, Certificate]]:
    def made(world: World) -> tuple[MailTrust, Certificate]:
        limited = wrong.authority(f"AC LIMITEE {permitted}", permitted=permitted)
        below = wrong.authority(f"AC SOUS {permitted}", limited)
        return world.trust(limited), wrong.certificate(world.folder, below, above=[below])

    return made


def weak_authority(world: World) -> tuple[MailTrust, Certificate]:
    weak = wrong.authority("AC FAIBLE", world.organisations, key=wrong.rsa_key("weak authority", 1024))
    return world.trust(), wrong.certificate(world.folder, weak, above=[weak])


def weak_anchor(world: World) -> tuple[MailTrust, Certificate]:
    weak = wrong.authority("AC FAIBLE INSTALLEE", key=wrong.rsa_key("weak anchor", 1024))
    return world.trust(weak), world.server(issuer=weak)


def old_digest(world: World) -> tuple[MailTrust, Certificate]:
    return world.trust(), world.server(Leaf(sha1=world.organisations))


def old_digest_above(world: World) -> tuple[MailTrust, Certificate]:
    fresh = wrong.authority("AC SHA-1", world.organisations)
    old = Authority(wrong.signed_with_sha1(fresh.cert, world.organisations), fresh.key)
    return world.trust(), wrong.certificate(world.folder, old, above=[old])


CERTIFICATES: list[Row] = [
    ("good", departing(), None),
    ("good beside the root", good_under_a_pinned_root, None),
    ("good within its constraint", constrained(scripted.DOMAIN), None),
    ("expired", departing(end=-DAY), Distrust.EXPIRED),
    ("not yet valid", departing(begin=2 * DAY), Distrust.EXPIRED),
    ("another's name", departing(hosts=("imap.ailleurs.example",)), Distrust.NAME),
    ("the domain itself", departing(hosts=(scripted.DOMAIN,)), Distrust.NAME),
    ("name in the subject only", departing(alternative=False), Distrust.NAME),
    ("wildcard of the level above", departing(hosts=("*.mss.example",)), Distrust.NAME),
    ("self-signed", lambda w: (w.trust(), wrong.certificate(w.folder, None)), Distrust.CHAIN),
    ("unknown root", lambda w: (w.trust(), w.server(issuer=wrong.authority("AC INCONNUE"))), Distrust.CHAIN),
    (
        "a root of the same name",
        lambda w: (
            w.trust(),
            w.server(issuer=wrong.authority("AC D'ESSAI ORGANISATIONS", key=wrong.rsa_key("namesake"))),
        ),
        Distrust.CHAIN,
    ),
    ("sibling domain", lambda w: (w.trust(), w.server(issuer=w.sibling)), Distrust.CHAIN),
    ("sibling domain, root pinned", sibling_under_a_pinned_root, Distrust.CHAIN),
    ("missing intermediate", lambda w: (w.trust(w.root), w.server()), Distrust.CHAIN),
    ("for clients only", departing(usages=(ExtendedKeyUsageOID.CLIENT_AUTH,)), Distrust.CHAIN),
    ("outside its constraint", constrained("ailleurs.example"), Distrust.CHAIN),
    ("RSA of 1024 bits", departing(key=wrong.rsa_key("weak", 1024)), Distrust.PROTOCOL),
    ("authority of 1024 bits", weak_authority, Distrust.PROTOCOL),
    ("anchor of 1024 bits", weak_anchor, Distrust.PROTOCOL),
    ("SHA-1", old_digest, Distrust.PROTOCOL),
    ("SHA-1 above", old_digest_above, Distrust.PROTOCOL),
    ("revoked", revoked, Distrust.REVOKED),
    ("revoked, the list expired", revoked_long_ago, Distrust.REVOKED),
    ("authority revoked", authority_revoked, Distrust.REVOKED),
]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("made", "reason"), [row[1:] for row in CERTIFICATES], ids=[row[0] for row in CERTIFICATES])
def test_a_wrong_certificate_gets_its_reason_and_nothing_else(
    world: World, service: str, made: Callable[[World], tuple[MailTrust, Certificate]], reason: Distrust | None
) -> None:
    trust, shown = made(world)
    assert judged(service, trust, wrong.server(shown.pem)) is reason


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("age", ["none", "expired", "another's", "fresh"])
@pytest.mark.parametrize("policy", ["required", "known", "off"])
def test_each_policy_does_with_lists_what_it_says(world: World, service: str, age: str, policy: str) -> None:
    lists = {
        "none": b"",
        "expired": wrong.revocation_list(world.organisations, begin=-30 * DAY),
        "another's": wrong.revocation_list(world.sibling),
        "fresh": wrong.revocation_list(world.organisations),
    }
    trust = world.trust(crl=lists[age], policy=Policy(revocation=policy))
    expected = Distrust.REVOCATION if policy == "required" and age != "fresh" else None
    assert judged(service, trust, wrong.server(world.server().pem)) is expected


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("policy", "reason"), [("required", Distrust.REVOKED), ("known", Distrust.REVOKED), ("off", None)]
)
def test_a_revoked_server_is_refused_unless_nobody_asks(
    world: World, service: str, policy: str, reason: Distrust | None
) -> None:
    shown = world.server()
    crl = wrong.revocation_list(world.organisations, [shown.cert.serial_number])
    assert judged(service, world.trust(crl=crl, policy=Policy(revocation=policy)), wrong.server(shown.pem)) is reason


# TLS made weak


def python_server(world: World, ciphers: str, curve: str = "", dh: str = "") -> ssl.SSLContext:
    context = wrong.server(world.server().pem, f"{ciphers}:@SECLEVEL=0")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    if curve:
        context.set_ecdh_curve(curve)
    if dh:
        path = world.folder / f"{dh}.pem"
        if not path.exists():
            made = ["-dsaparam", dh] if dh.isdigit() else []
            command = ["openssl", "dhparam", *made] if made else [
                "openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", f"group:{dh}",
            ]  # fmt: skip
            path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
        context.load_dh_params(str(path))
    return context


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("ciphers", "curve", "dh", "reason"),
    [
        ("ECDHE-RSA-AES128-GCM-SHA256", "prime256v1", "", None),
        ("ECDHE-RSA-AES256-SHA384", "secp384r1", "", None),
        ("DHE-RSA-AES256-GCM-SHA384", "", "ffdhe2048", None),
        ("DHE-RSA-AES256-GCM-SHA384", "", "1024", Distrust.PROTOCOL),
        ("ECDHE-RSA-AES128-GCM-SHA256", "prime192v1", "", Distrust.PROTOCOL),
        ("ECDHE-RSA-AES128-GCM-SHA256", "secp224r1", "", Distrust.PROTOCOL),
        ("AES256-GCM-SHA384:AES128-SHA", "", "", Distrust.PROTOCOL),
        ("ECDHE-RSA-AES256-SHA:ECDHE-RSA-AES128-SHA", "", "", Distrust.PROTOCOL),
        ("DHE-RSA-AES128-SHA256", "", "ffdhe2048", Distrust.PROTOCOL),
        ("ECDHE-RSA-CHACHA20-POLY1305", "", "", Distrust.PROTOCOL),
        ("ADH-AES128-GCM-SHA256:AECDH-AES128-SHA", "", "ffdhe2048", Distrust.PROTOCOL),
    ],
)
def test_weak_suites_and_groups_are_refused_at_tls_1_2(
    world: World, service: str, ciphers: str, curve: str, dh: str, reason: Distrust | None
) -> None:
    assert judged(service, world.trust(), python_server(world, ciphers, curve, dh)) is reason


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "options",
    [
        ("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"),
        ("-tls1", "-cipher", "ALL:@SECLEVEL=0"),
        ("-tls1_2", "-cipher", "eNULL:@SECLEVEL=0"),
        ("-tls1_2", "-cipher", "CAMELLIA:@SECLEVEL=0"),
    ],
    ids=" ".join,
)
def test_old_versions_and_suites_of_another_implementation(
    world: World, service: str, options: tuple[str, ...]
) -> None:
    with (
        wrong.openssl_server(world.server().pem, *options) as (port, said),
        scripted.script(wrong.relayed(service, port)) as relay,
        pytest.raises(Untrusted) as caught,
    ):
        wrong.call(service, world.trust(), relay)
    assert caught.value.reason is Distrust.PROTOCOL
    assert not any(secret in said for secret in wrong.SECRETS)


@pytest.mark.parametrize(
    ("options", "version"),
    [(("-tls1_2",), "TLSv1.2"), (("-tls1_3",), "TLSv1.3"), (("-tls1_3", "-groups", "secp384r1"), "TLSv1.3")],
)
def test_another_implementation_is_spoken_to(world: World, options: tuple[str, ...], version: str) -> None:
    with (
        wrong.openssl_server(world.server().pem, *options) as (port, _),
        socket.create_connection(("127.0.0.1", port)) as line,
        world.trust().context().wrap_socket(line, server_hostname=IMAP_HOST) as secure,
    ):
        assert secure.version() == version


# The line tampered with


@pytest.mark.parametrize("service", SERVICES)
def test_starttls_stripped_from_the_line(world: World, service: str) -> None:
    said: list[bytes] = []

    def talk(peer: Peer) -> None:
        if service == "imap":
            peer.send(b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready")
            peer.send(peer.command(b"STARTTLS") + b" BAD unknown")
        else:
            peer.send(b"220 ready")
            peer.line()
            peer.send(b"250-hello", b"250 AUTH XOAUTH2 PLAIN LOGIN")
        said.append(peer.rest())

    error = wrong.outcome(service, world.trust(), talk)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.PROTOCOL
    assert not any(secret in each for each in said for secret in wrong.SECRETS)


INJECTIONS = {
    "imap": (b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n", b"A2 OK in\r\n", b"x"),
    "smtp": (b"250-hello\r\n250 AUTH PLAIN\r\n", b"235 2.7.0 in\r\n", b"220-more\r\n", b"x"),
}


@pytest.mark.parametrize(("service", "slipped"), [(s, each) for s in SERVICES for each in INJECTIONS[s]])
def test_bytes_slipped_in_behind_the_answer_to_starttls(world: World, service: str, slipped: bytes) -> None:
    heard: list[bytes] = []
    context = wrong.server(world.server().pem)

    def talk(peer: Peer) -> None:
        if service == "imap":
            peer.send(b"* OK ready")
            peer.raw(peer.command(b"STARTTLS") + b" OK begin\r\n" + slipped)
        else:
            peer.send(b"220 ready")
            peer.line()
            peer.send(b"250-hello", b"250 STARTTLS")
            peer.line()
            peer.raw(b"220 go\r\n" + slipped)
        try:
            peer.secure(context)
            heard.append(peer.line())
        except ssl.SSLError:
            heard.append(b"")

    error = wrong.outcome(service, world.trust(), talk)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.PROTOCOL
    assert set(heard) <= {b"", b"QUIT"}, "somebody spoke on a line that was tampered with"


# What the client offers


def client_hello(trust: MailTrust) -> bytes:
    """The first flight of a handshake, as a bare socket sees it."""
    seen: list[bytes] = []

    def talk(peer: Peer) -> None:
        wrong.imap_preamble(peer)
        head = peer.exactly(5)
        seen.append(peer.exactly(struct.unpack(">H", head[3:])[0]))

    wrong.outcome("imap", trust, talk)
    return seen[0]


def offered(hello: bytes) -> tuple[set[int], dict[int, bytes], bytes]:
    """(suites, extensions, compression methods) of a ClientHello (RFC 8446 §4.1.2)."""
    assert hello[0] == 1
    at = 4 + 2 + 32
    at += 1 + hello[at]
    size = struct.unpack_from(">H", hello, at)[0]
    suites = set(struct.unpack_from(f">{size // 2}H", hello, at + 2))
    at += 2 + size
    compression = hello[at + 1 : at + 1 + hello[at]]
    at += 1 + hello[at] + 2
    extensions = dict[int, bytes]()
    while at < len(hello):
        kind, size = struct.unpack_from(">HH", hello, at)
        extensions[kind] = hello[at + 4 : at + 4 + size]
        at += 4 + size
    return suites, extensions, compression


NORM = {0xC030, 0xC02F, 0xC028, 0xC027, 0x009F, 0x009E}
TLS_1_3 = {0x1301, 0x1302, 0x1303}
NO_RENEGOTIATION = 0x00FF  # a signal, no suite (RFC 5746 §3.3)
GROUPS = {23, 24, 25, 29, 30, *range(256, 261)}  # P-256 to P-521, X25519, X448, ffdhe2048 to ffdhe8192
SERVER_NAME, SUPPORTED_GROUPS, SIGNATURES, VERSIONS = 0, 10, 13, 43


def test_exactly_the_norms_suites_are_offered(world: World) -> None:
    suites, extensions, compression = offered(client_hello(world.trust()))
    assert suites - {NO_RENEGOTIATION} == NORM | TLS_1_3
    assert compression == b"\x00"
    versions = set(struct.unpack(f">{extensions[VERSIONS][0] // 2}H", extensions[VERSIONS][1:]))
    assert versions == {0x0303, 0x0304}
    groups = set(struct.unpack(f">{(len(extensions[SUPPORTED_GROUPS]) - 2) // 2}H", extensions[SUPPORTED_GROUPS][2:]))
    assert groups <= GROUPS
    assert 23 in groups
    schemes = set(struct.unpack(f">{(len(extensions[SIGNATURES]) - 2) // 2}H", extensions[SIGNATURES][2:]))
    assert not {scheme for scheme in schemes if scheme >> 8 in {1, 2} and scheme < 0x0800}, "MD5 or SHA-1"
    assert IMAP_HOST.encode() in extensions[SERVER_NAME]


def test_no_renegotiation_no_compression_no_common_name(world: World) -> None:
    context = world.trust().context()
    assert context.options & ssl.OP_NO_RENEGOTIATION
    assert context.options & ssl.OP_NO_COMPRESSION
    assert not context.hostname_checks_common_name
    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


def test_a_curve_of_224_bits_in_a_certificate_is_no_way_in(world: World) -> None:
    """Neither the suites of TLS 1.2 nor the signatures of 1.3 carry it."""
    shown = world.server(Leaf(key=wrong.ec_key("p224", ec.SECP224R1)))
    assert judged("imap", world.trust(), wrong.server(shown.pem)) is Distrust.PROTOCOL


@pytest.mark.parametrize("service", SERVICES)
def test_without_anchors_nobody_is_even_called(world: World, service: str) -> None:
    trust, called = world.trust(), list[bool]()
    Path(trust.environment.mail_anchors).unlink()
    error = wrong.outcome(service, trust, lambda _peer: called.append(True))
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.ANCHOR
    assert not called


def test_one_context_serves_every_line(world: World) -> None:
    trust = world.trust()
    assert trust.context() is trust.context()
    assert tls.mail_context(trust.environment) is not trust.context()
