"""Certificates and card files of people who do not exist, shaped like a CPS3's."""

from __future__ import annotations

import datetime as dt
import functools

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_PRIVATE = "1.2.250.1.71.1.2"


@functools.lru_cache(maxsize=1)
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(
    number: str = "899900000011",
    *,
    title: str = "Médecin",
    category: bytes = b"\x04\x01\x80",
    profession: bytes = b"",
    authority: bool = False,
    spread: bool = False,
) -> bytes:
    """DER of a holder's certificate: givenName, CN and surname share one RDN, with a comma and a plus to trip over;
    `spread` gives each its own."""

    def one(oid: x509.ObjectIdentifier, value: str) -> x509.RelativeDistinguishedName:
        return x509.RelativeDistinguishedName([x509.NameAttribute(oid, value)])

    attributes = [
        x509.NameAttribute(NameOID.GIVEN_NAME, "Élise, Anne"),
        x509.NameAttribute(NameOID.COMMON_NAME, number),
        x509.NameAttribute(NameOID.SURNAME, "Le+Goff"),
    ]
    person = [[each] for each in reversed(attributes)] if spread else [attributes]
    titles = [one(NameOID.TITLE, title)] if title else []
    subject = x509.Name(
        [one(NameOID.COUNTRY_NAME, "FR"), *titles, *(x509.RelativeDistinguishedName(rdn) for rdn in person)]
    )
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([one(NameOID.COMMON_NAME, "TEST AC PERSONNES")]))
        .public_key(key().public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    private = {"2": b"\x04\x01\x00", "3": b"\x16\x0a2800000011", "5": category, "7": profession}
    for leaf, value in private.items():
        if value:
            oid = x509.ObjectIdentifier(f"{_PRIVATE}.{leaf}")
            builder = builder.add_extension(x509.UnrecognizedExtension(oid, value), critical=False)
    return builder.sign(key(), hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def tlv(tag: int, content: bytes) -> bytes:
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes(2, "big")
    return bytes([tag, 0x82]) + length + content


def _path(hexadecimal: str) -> bytes:
    return tlv(0x30, tlv(0x04, bytes.fromhex(hexadecimal)))


def files(*certificates: bytes) -> dict[str, str]:
    """The PKCS#15 files that lead to these certificates, keyed by path below the master file."""
    directory = tlv(0xA8, _path("3F0000017001")) + tlv(0xA4, _path("3F0000017004"))
    entries = b""
    found = {}
    for number, der in enumerate(certificates):
        place = f"0001D1{number:02X}"
        labelled = tlv(0x30, tlv(0x0C, b"Certificat") + tlv(0x03, b"\x00"))
        where = tlv(0xA1, tlv(0x30, _path("3F00" + place)))
        entries += tlv(0x30, labelled + tlv(0x30, tlv(0x04, bytes([number]))) + where)
        found[place] = der.hex()
    return {"00015031": directory.hex(), "00017004": entries.hex(), **found}
