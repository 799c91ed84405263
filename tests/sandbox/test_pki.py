"""The throw-away chain is shaped like IGC-Santé, good where it is good, and wrong in one way at a time."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

from mssclient.sandbox.operator import Operator
from mssclient.sandbox.orders import Service
from mssclient.sandbox.pki import NORM_SUITES, Fault, Pki
from tests.sandbox.sandbox_kit import sandbox, trust

HOST = "imap.tilleuls.mss.example"


@pytest.fixture(scope="module")
def operator(tmp_path_factory) -> Iterator[Operator]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def _shaken(operator: Operator, context: ssl.SSLContext, host: str = HOST) -> tuple[str, bytes]:
    """Protocol and certificate after STARTTLS."""
    with socket.create_connection(("127.0.0.1", operator.ports["imap"]), timeout=5) as connection:
        connection.recv(1000)
        connection.sendall(b"a STARTTLS\r\n")
        connection.recv(1000)
        with context.wrap_socket(connection, server_hostname=host) as secure:
            return secure.version() or "", secure.getpeercert(binary_form=True) or b""


def test_the_server_profile(operator):
    _, der = _shaken(operator, trust(operator))
    cert = x509.load_der_x509_certificate(der)
    assert [attribute.oid for attribute in cert.subject] == [
        NameOID.COUNTRY_NAME, NameOID.STATE_OR_PROVINCE_NAME, NameOID.ORGANIZATION_NAME,
        NameOID.ORGANIZATIONAL_UNIT_NAME, NameOID.COMMON_NAME,
    ]  # fmt: skip
    assert cert.public_key().key_size == 2048
    names = cert.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
    assert HOST in names.get_values_for_type(x509.DNSName)
    assert "imap.cabinet.mss.example" in names.get_values_for_type(x509.DNSName)


def test_every_suite_of_the_norm_is_taken_at_tls_1_2(operator):
    for suite in NORM_SUITES.split(":"):
        context = trust(operator)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(suite)
        assert _shaken(operator, context)[0] == "TLSv1.2", suite


def test_older_tls_and_other_suites_are_refused(operator):
    context = trust(operator)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-CHACHA20-POLY1305:AES256-GCM-SHA384")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        _shaken(operator, context)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.EXPIRED, 10), (Fault.NOT_YET, 9), (Fault.NAME, 62), (Fault.CHAIN, 20), (Fault.SELF_SIGNED, 18),
        (Fault.OTHER_DOMAIN, 20), (Fault.REVOKED, 23), (Fault.USAGE, 26),
    ],
)  # fmt: skip
def test_each_fault_is_seen_for_what_it_is(operator, fault, code):
    operator.present(Service.IMAP, fault)
    context = trust(operator)
    context.load_verify_locations(cafile=str(operator.pki.mail_crl))
    context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    try:
        with pytest.raises(ssl.SSLCertVerificationError) as caught:
            _shaken(operator, context)
        assert caught.value.verify_code in {code, 21 if code == 20 else code}
    finally:
        operator.present(Service.IMAP, None)
    assert _shaken(operator, context)[0] == "TLSv1.3"


def test_the_mail_trust_does_not_reach_the_web_and_back(operator):
    context = ssl.create_default_context(cafile=str(operator.pki.web_anchors))
    with pytest.raises(ssl.SSLCertVerificationError):
        _shaken(operator, context)


def test_keys_are_for_the_owner_only(tmp_path):
    pki = Pki(tmp_path / "pki", [["imap.x.mss.example"], ["smtp.x.mss.example"]], ["autoconfig.x.mss.example"])
    assert {path.stat().st_mode & 0o077 for path in (pki.imap, pki.smtp, pki.web)} == {0}
