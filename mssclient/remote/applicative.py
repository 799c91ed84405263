"""How an applicative BAL signs in: mutual TLS with the certificate of the institution, then SASL PLAIN (mssante.md §1)."""

from __future__ import annotations

import base64
import os
import ssl
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from mssclient.domain.environment import Environment
from mssclient.domain.errors import Distrust, Untrusted
from mssclient.remote.tls import MailTrust, utc_now

__all__ = ["Identity", "Plain", "plain", "trust_with"]


@dataclass(frozen=True, slots=True)
class Plain:
    """A password, where a person would have a token. Never shown by `repr`."""

    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Identity:
    """The certificate that the institution proves itself with, and its key, PEM."""

    certificate: bytes = field(repr=False)
    key: bytes = field(repr=False)
    expires: datetime = field(repr=False)

    @classmethod
    def read(cls, content: bytes, password: str) -> Identity:
        """From PKCS#12. Raises Untrusted(IDENTITY) for a wrong password or what is none."""
        try:
            found = pkcs12.load_pkcs12(content, password.encode() or None)
        except (ValueError, TypeError) as error:
            raise Untrusted(Distrust.IDENTITY, "pkcs12") from error
        if found.key is None or found.cert is None:
            raise Untrusted(Distrust.IDENTITY, "pkcs12")
        above = b"".join(each.certificate.public_bytes(Encoding.PEM) for each in found.additional_certs)
        key = found.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        own: x509.Certificate = found.cert.certificate
        return cls(own.public_bytes(Encoding.PEM) + above, key, own.not_valid_after_utc)


def plain(login: str, password: str) -> bytes:
    """The one response of PLAIN in base64 (RFC 4616); the same on IMAP and SMTP."""
    return base64.b64encode(f"\0{login}\0{password}".encode())


def trust_with(environment: Environment, identity: Identity, folder: Path) -> MailTrust:
    """Whom to believe, and who we are: every line made with it presents the certificate. `folder` keeps the lists of
    revoked certificates. Raises Untrusted(IDENTITY) when certificate and key are no pair."""
    trust = MailTrust(environment, folder, utc_now)
    context = trust.context()
    descriptor, name = tempfile.mkstemp(prefix="mssclient-", suffix=".pem")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(identity.certificate + identity.key)
        context.load_cert_chain(name)
    except (ssl.SSLError, OSError) as error:
        raise Untrusted(Distrust.IDENTITY, "certificate") from error
    finally:
        # The key of the institution in clear: nothing of it stays on the disk.
        Path(name).unlink(missing_ok=True)
    return trust
