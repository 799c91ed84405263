"""A throw-away certificate chain shaped like IGC-Santé, another for the web, and wrong certificates on demand."""

from __future__ import annotations

import datetime as dt
import functools
import ipaddress
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NORM_SUITES = (
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:"
    "DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256"
)
"""The TLS 1.2 suites that the norm allows (ECO.1.1.2), in OpenSSL's spelling."""

_DH_PARAMETERS = b"""\
-----BEGIN DH PARAMETERS-----
MIIBCAKCAQEA//////////+t+FRYortKmq/cViAnPTzx2LnFg84tNpWp4TZBFGQz
+8yTnc4kmz75fS/jY2MMddj2gbICrsRhetPfHtXV/WVhJDP1H18GbtCFY2VVPe0a
87VXE15/V8k1mE8McODmi3fipona8+/och3xWKE2rec1MKzKT0g6eXq8CrGCsyT7
YdEIqUuyyOP7uWrat2DX9GgdT0Kj3jlN9K5W7edjcrsZCwenyO4KbXCeAvzhzffi
7MA0BM0oNC9hkXL+nOmFg/+OTxIy7vKBg8P+OxtMb61zO7X8vC7CIAXFjvGDfRaD
ssbzSibBsu/6iGtCOGEoXJf//////////wIBAg==
-----END DH PARAMETERS-----
"""
"""Group ffdhe2048 of RFC 7919: Python offers no DHE suite without parameters in a file."""

_DAY = dt.timedelta(days=1)
_STRUCTURE = "318751275100020"  # OU of the IGC-Santé server profile: a structure identifier


class Fault(Enum):
    """What can be wrong with a certificate that a test asks for."""

    EXPIRED = "expired"
    NAME = "name"  # a good chain, another host
    CHAIN = "chain"  # a root that nobody trusts
    SELF_SIGNED = "self-signed"
    REVOKED = "revoked"  # listed in the CRL written by the same call
    OTHER_DOMAIN = "other domain"  # the right root, but the intermediate of another IGC-Santé domain
    NOT_YET = "not yet"
    USAGE = "usage"  # a good chain, for clients only


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority: its certificate and its key."""

    cert: x509.Certificate
    key: rsa.RSAPrivateKey


@functools.lru_cache(maxsize=16)
def _key(slot: str) -> rsa.RSAPrivateKey:
    """One key a slot and a process: making keys is the slow part, and these guard nothing."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(*pairs: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


def _authority_name(unit: str, common: str) -> x509.Name:
    return _name(
        (NameOID.COUNTRY_NAME, "FR"),
        (NameOID.ORGANIZATION_NAME, "BAC A SABLE MSS"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, unit),
        (NameOID.COMMON_NAME, common),
    )


def _server_name(host: str) -> x509.Name:
    """The server profile of IGC-Santé: C, ST, O, OU = structure identifier, CN = host name."""
    return _name(
        (NameOID.COUNTRY_NAME, "FR"),
        (NameOID.STATE_OR_PROVINCE_NAME, "Ille-et-Vilaine (35)"),
        (NameOID.ORGANIZATION_NAME, "OPERATEUR BAC A SABLE"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, _STRUCTURE),
        (NameOID.COMMON_NAME, host[:64]),
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=False, key_encipherment=not authority,
        data_encipherment=False, key_agreement=False, key_cert_sign=authority, crl_sign=authority,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, issuer_key: rsa.RSAPrivateKey
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )


def _authority(subject: x509.Name, slot: str, parent: Authority | None = None) -> Authority:
    key, now = _key(slot), dt.datetime.now(dt.UTC).replace(microsecond=0)
    signer = parent.key if parent else key
    cert = (
        _builder(subject, parent.cert.subject if parent else subject, key, signer)
        .not_valid_before(now - _DAY)
        .not_valid_after(now + 365 * _DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0 if parent else 1), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(signer, hashes.SHA256())
    )
    return Authority(cert, key)


def _alternative(hosts: Sequence[str]) -> x509.SubjectAlternativeName:
    names: list[x509.GeneralName] = [x509.DNSName(host) for host in hosts]
    return x509.SubjectAlternativeName([*names, x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])


def _crl(authority: Authority, serials: Sequence[int]) -> bytes:
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(authority.cert.subject)
        .last_update(now - dt.timedelta(hours=1))
        .next_update(now + 7 * _DAY)
        .add_extension(x509.CRLNumber(1 + len(serials)), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
    )
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - _DAY).build()
        builder = builder.add_revoked_certificate(revoked)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _pem(*certs: x509.Certificate) -> bytes:
    return b"".join(cert.public_bytes(serialization.Encoding.PEM) for cert in certs)


def server_context(pem: Path) -> ssl.SSLContext:
    """A server's TLS context for one of our PEM files (key, chain, DH group): TLS 1.2 at least, the norm's suites."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(NORM_SUITES)
    context.load_cert_chain(pem)
    context.load_dh_params(str(pem))
    return context


class Pki:
    """Both chains, written into a folder. Any thread; the keys live as long as the process and no longer.

    `mail_anchors` holds the intermediate ORGANISATIONS alone, so that the root's other domains stay out (ECO.1.1.5);
    `mail_chain` the root as well, for clients that want chains whole; `web_anchors` the web root; `mail_crl` the
    lists of both mail authorities. `imap`, `smtp` and `web` are servers' files: key and chain.
    """

    def __init__(self, folder: Path, mail_hosts: Sequence[Sequence[str]], web_hosts: Sequence[str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._root = _authority(_authority_name("ELEMENTAIRE", "AC RACINE BAC A SABLE ELEMENTAIRE"), "mail root")
        self._organisations = _authority(
            _authority_name("ORGANISATIONS", "AC BAC A SABLE ELEMENTAIRE ORGANISATIONS"), "mail orga", self._root
        )
        self._web_root = _authority(_authority_name("WEB", "AC RACINE BAC A SABLE WEB"), "web root")
        self._revoked: list[int] = []
        self.mail_anchors = self._write("mail.pem", _pem(self._organisations.cert))
        self.mail_chain = self._write("mail-chain.pem", _pem(self._root.cert, self._organisations.cert))
        self.web_anchors = self._write("web.pem", _pem(self._web_root.cert))
        self.mail_crl = folder / "mail-crl.pem"
        self._write_crl()
        self.imap, self.smtp = (self.mail_server(hosts) for hosts in mail_hosts)
        self.web = self.web_server(web_hosts)

    @property
    def pins(self) -> tuple[str, ...]:
        """SHA-256 of the mail anchors, as environments write it."""
        return (self._organisations.cert.fingerprint(hashes.SHA256()).hex().upper(),)

    def mail_server(self, hosts: Sequence[str], fault: Fault | None = None) -> Path:
        """A file for an IMAP or SMTP server named `hosts`, good or wrong in one way."""
        issuer = self._organisations
        match fault:
            case Fault.CHAIN:
                issuer = _authority(_authority_name("INCONNUE", "AC RACINE INCONNUE"), "unknown root")
            case Fault.OTHER_DOMAIN:
                subject = _authority_name("PERSONNES", "AC BAC A SABLE ELEMENTAIRE PERSONNES")
                issuer = _authority(subject, "mail persons", self._root)
            case _:
                pass
        return self._server(hosts, issuer, fault)

    def web_server(self, hosts: Sequence[str], fault: Fault | None = None) -> Path:
        """A file for an HTTPS server named `hosts`, good or wrong in one way."""
        issuer = self._web_root
        if fault is Fault.CHAIN:
            issuer = _authority(_authority_name("INCONNUE", "AC RACINE INCONNUE"), "unknown root")
        return self._server(hosts, issuer, fault)

    def _server(self, hosts: Sequence[str], issuer: Authority, fault: Fault | None) -> Path:
        key, now = _key("server"), dt.datetime.now(dt.UTC).replace(microsecond=0)
        names = ["ailleurs.mss.example"] if fault is Fault.NAME else list(hosts)
        begin = now + 2 * _DAY if fault is Fault.NOT_YET else now - 30 * _DAY
        end = now - _DAY if fault is Fault.EXPIRED else now + 90 * _DAY
        subject = _server_name(names[0])
        own = fault is Fault.SELF_SIGNED
        signer = key if own else issuer.key
        usages = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH][fault is Fault.USAGE :]
        cert = (
            _builder(subject, subject if own else issuer.cert.subject, key, signer)
            .not_valid_before(begin)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(_san(names, fault), critical=False)
            .sign(signer, hashes.SHA256())
        )
        if fault is Fault.REVOKED:
            self._revoked.append(cert.serial_number)
            self._write_crl()
        secret = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        above = () if own or issuer.cert.issuer == issuer.cert.subject else (issuer.cert,)
        return self._write(f"server-{cert.serial_number:x}.pem", secret + _pem(cert, *above) + _DH_PARAMETERS)

    def _write_crl(self) -> None:
        self._write("mail-crl.pem", _crl(self._root, ()) + _crl(self._organisations, self._revoked))

    def _write(self, name: str, content: bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content)
        path.chmod(0o600)
        return path


def _san(names: Sequence[str], fault: Fault | None) -> x509.SubjectAlternativeName:
    if fault is Fault.NAME:  # without the IP address, which would let a client that connects by it through
        return x509.SubjectAlternativeName([x509.DNSName(name) for name in names])
    return _alternative(names)
