"""TLS towards mail servers: IGC-Santé anchors and nothing else, the norm's suites, revocation, failures as values.

Web services (autoconfiguration, relay, directory) have a trust store of their own: `web.py`.
"""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
from pathlib import Path

from mssclient.domain.environment import Environment
from mssclient.domain.errors import Distrust, MssError, Offline, Untrusted

SUITES = (
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-SHA384",
    "ECDHE-RSA-AES128-SHA256",
    "DHE-RSA-AES256-GCM-SHA384",
    "DHE-RSA-AES128-GCM-SHA256",
)
"""All that TLS 1.2 may negotiate (ECO.1.1.2). Those of TLS 1.3 are fixed by OpenSSL and all fit."""

_NOT_YET_VALID, _EXPIRED, _REVOKED = 9, 10, 23
_OTHER_NAME = frozenset({62, 63, 64})  # host, mail, IP address: X509_V_ERR_* of OpenSSL's x509_vfy.h


def mail_context(environment: Environment) -> ssl.SSLContext:
    """The TLS context of IMAP and SMTP (ECO.1.1.1 to 1.1.7): `mail_anchors` only, never the system's store.

    Security level 2 refuses DH and RSA below 2048 bits and curves below 224, and OpenSSL offers none between that and
    256. Each certificate of the anchor file is an anchor, so that a file with the intermediate ORGANISATIONS alone
    shuts out the other domains of IGC-Santé. Raises Untrusted(ANCHOR) for a missing, empty or damaged file.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(":".join(SUITES) + ":@SECLEVEL=2")
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    _load(context, environment.mail_anchors)
    if not context.cert_store_stats()["x509_ca"]:
        raise Untrusted(Distrust.ANCHOR, Path(environment.mail_anchors).name)
    if environment.mail_crl:
        _load_crl(context, environment.mail_crl)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    return context


def _load(context: ssl.SSLContext, path: str) -> None:
    try:
        context.load_verify_locations(cafile=path)
    except OSError as error:  # ssl.SSLError is one
        raise Untrusted(Distrust.ANCHOR, Path(path).name) from error


def _load_crl(context: ssl.SSLContext, path: str) -> None:
    """Adds revocation lists; a file that holds none must not pass for one, since every handshake would then fail."""
    before = context.cert_store_stats()["crl"]
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise Untrusted(Distrust.ANCHOR, Path(path).name) from error
    if content.startswith(b"\x30"):
        _load_der_crl(context, content, path)
    else:
        _load(context, path)
    if context.cert_store_stats()["crl"] == before:
        raise Untrusted(Distrust.ANCHOR, Path(path).name)


def _load_der_crl(context: ssl.SSLContext, content: bytes, path: str) -> None:
    # OpenSSL through Python reads lists from PEM files only, and IGC-Santé publishes DER.
    armoured = ssl.DER_cert_to_PEM_cert(content).replace("CERTIFICATE", "X509 CRL")
    descriptor, name = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(armoured)
        context.load_verify_locations(cafile=name)
    except OSError as error:
        raise Untrusted(Distrust.ANCHOR, Path(path).name) from error
    finally:
        Path(name).unlink(missing_ok=True)


def address(environment: Environment, host: str) -> str:
    """Where a connection to `host` goes: the environment's override, else the name itself.

    The certificate is checked against `host` in both cases.
    """
    return dict(environment.hosts).get(host, host)


def failure(error: OSError, host: str) -> MssError:
    """The domain error behind a failed connection or handshake; `host` is a server's name."""
    match error:
        case ssl.SSLCertVerificationError():
            return Untrusted(_distrust(error.verify_code), host)
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return Offline("cut")
        case ssl.SSLError():
            return Untrusted(Distrust.PROTOCOL, host)
        case TimeoutError():
            return Offline("timeout")
        case ConnectionRefusedError():
            return Offline("connection refused")
        case socket.gaierror():
            return Offline("unknown host")
        case _:
            return Offline("cut")


def _distrust(verify_code: int) -> Distrust:
    if verify_code in _OTHER_NAME:
        return Distrust.NAME
    if verify_code in {_EXPIRED, _NOT_YET_VALID}:
        return Distrust.EXPIRED
    return Distrust.REVOKED if verify_code == _REVOKED else Distrust.CHAIN
