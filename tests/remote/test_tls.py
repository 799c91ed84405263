"""Which mail servers are believed: one trust store, the norm's suites, names, dates, revocation (ECO.1.1.1-1.1.7)."""

from __future__ import annotations

import socket
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from mssclient.domain.environment import Policy
from mssclient.domain.errors import Distrust, Offline, Untrusted
from mssclient.domain.trust import Trouble
from mssclient.remote import tls
from mssclient.remote.imap import ImapSession
from mssclient.remote.tls import MailTrust
from mssclient.sandbox.pki import Fault, Pki, server_context
from tests.remote import scripted
from tests.remote.scripted import BAL, TOKEN, Peer, environment, profile, script


def presenting(context: ssl.SSLContext, heard: list[bytes] | None = None) -> Callable[[Peer], None]:
    """An IMAP server with this TLS context, which notes what it hears behind the handshake."""

    def talk(peer: Peer) -> None:
        peer.send(b"* OK ready")
        peer.send(peer.command(b"STARTTLS") + b" OK begin")
        try:
            peer.secure(context)
        except ssl.SSLError:
            return
        content = peer.line()
        if heard is not None:
            heard.append(content)

    return talk


def verdict(pki: Pki, context: ssl.SSLContext, **changes: object) -> Untrusted | None:
    """Why the server is not trusted; None when the client went on to talk to it."""
    heard: list[bytes] = []
    with script(presenting(context, heard)) as port:
        try:
            ImapSession.open(environment(pki, **changes), profile(port), BAL, TOKEN, timeout_s=5)
        except Untrusted as error:
            assert not any(heard), "something was said to a server that is not trusted"
            return error
        except Offline:
            return None  # the script hangs up where an operator would answer
    raise AssertionError("the script signed somebody in")


def dh_group(name: str) -> bytes:
    """Parameters of a known Diffie-Hellman group (RFC 7919), which the ssl module cannot make."""
    command = ["openssl", "genpkey", "-genparam", "-algorithm", "DH", "-pkeyopt", f"group:{name}"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def test_a_good_server_is_trusted_with_and_without_revocation_lists(pki: Pki) -> None:
    assert verdict(pki, server_context(pki.imap)) is None
    assert verdict(pki, server_context(pki.imap), mail_crl=str(pki.mail_crl)) is None


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.NAME, Distrust.NAME),
        (Fault.EXPIRED, Distrust.EXPIRED),
        (Fault.NOT_YET, Distrust.EXPIRED),
        (Fault.CHAIN, Distrust.CHAIN),
        (Fault.SELF_SIGNED, Distrust.CHAIN),
    ],
)
def test_a_wrong_certificate_is_told_apart(pki: Pki, fault: Fault, reason: Distrust) -> None:
    error = verdict(pki, server_context(pki.mail_server([scripted.IMAP_HOST], fault)))
    assert error is not None
    assert (error.reason, error.subject) == (reason, scripted.IMAP_HOST)


def test_the_intermediate_alone_as_anchor_shuts_other_domains_of_the_same_root_out(pki: Pki) -> None:
    (organisations,) = x509.load_pem_x509_certificates(pki.mail_anchors.read_bytes())
    assert organisations.issuer != organisations.subject
    other = server_context(pki.mail_server([scripted.IMAP_HOST], Fault.OTHER_DOMAIN))
    assert verdict(pki, server_context(pki.imap)) is None
    error = verdict(pki, other)
    assert error is not None
    assert error.reason is Distrust.CHAIN


@pytest.mark.parametrize("form", ["pem", "der"])
def test_a_revoked_server_is_refused(tmp_path: Path, form: str) -> None:
    pki = scripted.new_pki(tmp_path)
    revoked = server_context(pki.mail_server([scripted.IMAP_HOST], Fault.REVOKED))
    lists = pki.mail_crl
    if form == "der":
        blocks = pki.mail_crl.read_bytes().split(b"-----END X509 CRL-----\n")
        lists = tmp_path / "organisations.crl"
        lists.write_bytes(x509.load_pem_x509_crl(blocks[1] + b"-----END X509 CRL-----\n").public_bytes(Encoding.DER))
    assert verdict(pki, revoked) is None, "without lists nobody can know"
    error = verdict(pki, revoked, mail_crl=str(lists))
    assert error is not None
    assert error.reason is Distrust.REVOKED


def test_the_web_trust_store_opens_no_mail_server(pki: Pki) -> None:
    error = verdict(pki, server_context(pki.web_server([scripted.IMAP_HOST])))
    assert error is not None
    assert error.reason is Distrust.CHAIN


@pytest.mark.parametrize("suite", tls.SUITES)
def test_each_suite_of_the_norm_is_spoken_at_tls_1_2(pki: Pki, suite: str, tmp_path: Path) -> None:
    context = server_context(pki.imap)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    if suite.startswith("DHE"):
        group = tmp_path / "dh.pem"
        group.write_bytes(dh_group("ffdhe2048"))
        context.load_dh_params(str(group))
    assert verdict(pki, context) is None


@pytest.mark.parametrize(
    "suite", ["ECDHE-RSA-CHACHA20-POLY1305", "AES256-GCM-SHA384", "ECDHE-RSA-AES256-SHA", "AES128-SHA256"]
)
def test_no_other_suite_is_spoken_at_tls_1_2(pki: Pki, suite: str) -> None:
    context = server_context(pki.imap)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(suite)
    error = verdict(pki, context)
    assert error is not None
    assert error.reason is Distrust.PROTOCOL


def test_the_context_offers_the_six_suites_and_those_of_tls_1_3_only(pki: Pki) -> None:
    offered = {c["name"]: c["protocol"] for c in tls.mail_context(environment(pki)).get_ciphers()}
    assert {name for name, version in offered.items() if version == "TLSv1.2"} == set(tls.SUITES)
    assert set(offered.values()) <= {"TLSv1.2", "TLSv1.3"}


def test_tls_1_1_is_not_spoken(pki: Pki) -> None:
    assert tls.mail_context(environment(pki)).minimum_version >= ssl.TLSVersion.TLSv1_2


@pytest.mark.parametrize("content", [None, "", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_missing_empty_or_damaged_anchor_file_trusts_nobody(pki: Pki, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "anchors.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(Untrusted) as caught:
        tls.mail_context(environment(pki, mail_anchors=str(path)))
    assert (caught.value.reason, caught.value.subject) == (Distrust.ANCHOR, "anchors.pem")


@pytest.mark.parametrize("content", [None, b"", b"0\x03abc", b"nothing of the kind"])
def test_a_missing_or_damaged_revocation_list_is_told(pki: Pki, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "lists.pem"
    if content is not None:
        path.write_bytes(content)
    trust = MailTrust(environment(pki, mail_crl=str(path)))
    trust.context()  # a share that is away cuts nothing, and is seen by support
    (source,) = trust.state().sources
    assert (source.name, source.trouble) == ("lists.pem", Trouble.MISSING if content is None else Trouble.DAMAGED)
    assert trust.state().blind
    error = verdict(pki, server_context(pki.imap), mail_crl=str(path), policy=Policy(revocation="required"))
    assert error is not None
    assert error.reason is Distrust.REVOCATION


def test_nobody_at_home_is_offline(pki: Pki) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Offline) as caught:
        ImapSession.open(environment(pki), profile(port), BAL, TOKEN, timeout_s=2)
    assert not caught.value.busy


def test_host_overrides_apply_to_the_connection_only(pki: Pki) -> None:
    told = environment(pki, hosts=(("a.mss.example", "127.0.0.9"),))
    assert tls.address(told, "a.mss.example") == "127.0.0.9"
    assert tls.address(told, "b.mss.example") == "b.mss.example"
