"""Reads the file of authorities that an administrator installed for mail, and believes only those that are pinned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from mssclient.domain import trust
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Distrust, Untrusted

SIZE_CAP = 1024 * 1024
COUNT_CAP = 32

_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----")


@dataclass(frozen=True, slots=True)
class Anchors:
    """What a file of authorities gives: `all` sign lists of revoked certificates, `lowest` are what chains end at."""

    file: str
    """The file's name, for messages."""
    all: tuple[x509.Certificate, ...]
    lowest: tuple[x509.Certificate, ...]

    def pem(self) -> str:
        """The anchors of TLS, and nothing else that the file may hold."""
        return "".join(cert.public_bytes(Encoding.PEM).decode("ascii") for cert in self.lowest)


def read(environment: Environment) -> Anchors:
    """The mail anchors of an environment (ECO.1.1.5).

    An authority that issued another of the file is no anchor itself: with a root beside the intermediate
    ORGANISATIONS, chains end at the intermediate, and the root's other domains stay out. Raises Untrusted(ANCHOR)
    naming the file when it is missing, damaged, empty, holds a certificate that is not pinned, one of the other
    environment, one that is no authority, or a root of IGC-Santé alone; nothing of it is used then.
    """
    path = Path(environment.mail_anchors)
    refusal = Untrusted(Distrust.ANCHOR, path.name)
    try:
        with path.open("rb") as file:
            content = file.read(SIZE_CAP + 1)
        found = _certificates(content)
    except (OSError, ValueError) as error:
        raise refusal from error
    pins = frozenset(environment.pins)
    foreign = trust.PRODUCTION if environment.training else trust.TEST
    for cert in found:
        print_ = fingerprint(cert)
        if (pins and print_ not in pins) or print_ in foreign or not _is_authority(cert):
            raise refusal
    lowest = tuple(cert for cert in found if not any(_issued(cert, other) for other in found))
    if not lowest or any(fingerprint(cert) in trust.ROOTS for cert in lowest):
        raise refusal
    return Anchors(path.name, found, lowest)


def fingerprint(cert: x509.Certificate) -> str:
    """SHA-256 of the whole certificate, as environments pin it."""
    return cert.fingerprint(hashes.SHA256()).hex().upper()


def _certificates(content: bytes) -> tuple[x509.Certificate, ...]:
    """Those of a PEM file, or the one of a DER file, each once. Raises ValueError."""
    if len(content) > SIZE_CAP:
        raise ValueError("too big")
    if content.startswith(b"\x30"):
        return (x509.load_der_x509_certificate(content),)
    blocks = _BLOCK.findall(content)
    # A block that is cut off must not go unnoticed: the file would then hold less than it seems to.
    if not 0 < len(blocks) <= COUNT_CAP or len(blocks) != content.count(b"-----BEGIN "):
        raise ValueError("no certificates, too many, or something else")
    return tuple(dict.fromkeys(x509.load_pem_x509_certificate(block) for block in blocks))


def _is_authority(cert: x509.Certificate) -> bool:
    try:
        return cert.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _issued(issuer: x509.Certificate, cert: x509.Certificate) -> bool:
    if issuer == cert:
        return False
    try:
        cert.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
