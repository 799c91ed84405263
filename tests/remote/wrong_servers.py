"""Servers that each have one thing wrong: certificates made to measure, TLS made weak, lines tampered with."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import functools
import os
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mssclient.domain.errors import MssError
from mssclient.remote import smtp
from mssclient.remote.imap import ImapSession
from mssclient.remote.tls import MailTrust
from tests.remote import scripted
from tests.remote.scripted import BAL, IMAP_HOST, SMTP_HOST, Peer

Key: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_SHA256_RSA, _SHA1_RSA = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")  # RFC 8017 §A.2.4
DAY = dt.timedelta(days=1)
SECRETS = (scripted.TOKEN.encode(), base64.b64encode(scripted.TOKEN.encode()), b"Bearer", b"AUTH", BAL.encode())
"""What must not be heard by a server that is not trusted."""


@functools.lru_cache(maxsize=32)
def rsa_key(slot: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key a slot and a process."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


@functools.lru_cache(maxsize=8)
def ec_key(slot: str, curve: type[ec.EllipticCurve]) -> ec.EllipticCurvePrivateKey:
    """The same on a curve."""
    return ec.generate_private_key(curve())


def name(common: str) -> x509.Name:
    """A short subject."""
    return x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR"), x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate authority of a test."""

    cert: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        return self.cert.public_bytes(serialization.Encoding.PEM)

    @property
    def pin(self) -> str:
        return self.cert.fingerprint(hashes.SHA256()).hex().upper()


def now() -> dt.datetime:
    """In whole seconds, as certificates count."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def authority(
    common: str,
    parent: Authority | None = None,
    *,
    key: Key | None = None,
    permitted: str = "",
    lists: bool = True,
) -> Authority:
    """A root, or an intermediate; `permitted` limits it to one DNS domain, without `lists` it may sign none."""
    own = key or rsa_key(common)
    signer, issuer = (parent.key, parent.cert.subject) if parent else (own, name(common))
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=lists, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(name(common))
        .issuer_name(issuer)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - 60 * DAY)
        .not_valid_after(now() + 365 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(own.public_key()), critical=False)
    )
    if permitted:
        constraint = x509.NameConstraints([x509.DNSName(permitted)], None)
        builder = builder.add_extension(constraint, critical=True)
    return Authority(builder.sign(signer, hashes.SHA256()), own)


@dataclass(frozen=True, slots=True)
class Leaf:
    """How a server's certificate departs from the good one."""

    hosts: tuple[str, ...] = (IMAP_HOST, SMTP_HOST)
    key: Key | None = None
    begin: dt.timedelta = -30 * DAY
    end: dt.timedelta = 90 * DAY
    usages: tuple[x509.ObjectIdentifier, ...] = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
    alternative: bool = True
    sha1: Authority | None = None
    """Sign with SHA-1: by this authority, which is the issuer."""
    serial: int = 0


GOOD = Leaf()


@dataclass(frozen=True, slots=True)
class Certificate:
    """A server's certificate and the PEM file of its key, itself and what it presents above."""

    cert: x509.Certificate
    pem: Path


def certificate(
    folder: Path, issuer: Authority | None, leaf: Leaf = GOOD, above: Sequence[Authority] = ()
) -> Certificate:
    """Signed by `issuer`, or by itself."""
    key = leaf.key or rsa_key("server")
    subject = name(leaf.hosts[0])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.cert.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(leaf.serial or x509.random_serial_number())
        .not_valid_before(now() + leaf.begin)
        .not_valid_after(now() + leaf.end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage(list(leaf.usages)), critical=False)
    )
    if leaf.alternative:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in leaf.hosts])
        builder = builder.add_extension(names, critical=False)
    cert = builder.sign(issuer.key if issuer else key, hashes.SHA256())
    if leaf.sha1 is not None:
        cert = signed_with_sha1(cert, leaf.sha1)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = folder / f"{cert.serial_number:x}.pem"
    pem.write_bytes(secret + b"".join([cert.public_bytes(serialization.Encoding.PEM), *(a.pem for a in above)]))
    return Certificate(cert, pem)


def revocation_list(
    issuer: Authority,
    serials: Sequence[int] = (),
    *,
    number: int | None = 1,
    begin: dt.timedelta = -DAY,
    life: dt.timedelta = 7 * DAY,
    at: dt.datetime | None = None,
    signer: Authority | None = None,
    extension: x509.ExtensionType | None = None,
) -> bytes:
    """A list in DER, issued `begin` from `at` (now), by `issuer` or in its name by `signer`."""
    issued = (at or now()) + begin
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.cert.subject)
        .last_update(issued)
        .next_update(issued + life)
    )
    if number is not None:
        builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    if extension is not None:
        builder = builder.add_extension(extension, critical=True)
    for serial in serials:
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(issued).build()
        builder = builder.add_revoked_certificate(entry)
    signed = builder.sign((signer or issuer).key, hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def signed_with_sha1(cert: x509.Certificate, signer: Authority) -> x509.Certificate:
    """The same certificate under an old signature, which cryptography no longer makes; lengths stay as they are."""
    assert isinstance(signer.key, rsa.RSAPrivateKey)
    body = cert.tbs_certificate_bytes.replace(_SHA256_RSA, _SHA1_RSA)
    signature = signer.key.sign(body, padding.PKCS1v15(), hashes.SHA1())
    whole = cert.public_bytes(serialization.Encoding.DER).replace(cert.tbs_certificate_bytes, body)
    found = x509.load_der_x509_certificate(whole.replace(_SHA256_RSA, _SHA1_RSA).replace(cert.signature, signature))
    assert isinstance(found.signature_hash_algorithm, hashes.SHA1)
    return found


def list_signed_with_sha1(der: bytes, signer: Authority) -> bytes:
    """The same for a list."""
    assert isinstance(signer.key, rsa.RSAPrivateKey)
    crl = x509.load_der_x509_crl(der)
    body = crl.tbs_certlist_bytes.replace(_SHA256_RSA, _SHA1_RSA)
    signature = signer.key.sign(body, padding.PKCS1v15(), hashes.SHA1())
    whole = der.replace(crl.tbs_certlist_bytes, body).replace(_SHA256_RSA, _SHA1_RSA)
    return whole.replace(crl.signature, signature)


def server(pem: Path, ciphers: str = "ALL:@SECLEVEL=0") -> ssl.SSLContext:
    """A server that takes whatever the client offers: what is refused is refused by the client."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(ciphers)
    context.load_cert_chain(pem)
    return context


# Two protocols up to TLS

Talk: TypeAlias = Callable[[Peer], None]


def imap_preamble(peer: Peer) -> None:
    """Up to the answer to STARTTLS."""
    peer.send(b"* OK ready")
    peer.send(peer.command(b"STARTTLS") + b" OK begin")


def smtp_preamble(peer: Peer) -> None:
    """Up to the answer to STARTTLS."""
    peer.send(b"220 ready")
    assert peer.line().startswith(b"EHLO [")
    peer.send(b"250-hello", b"250 STARTTLS")
    assert peer.line() == b"STARTTLS"
    peer.send(b"220 go")


PREAMBLES: dict[str, Talk] = {"imap": imap_preamble, "smtp": smtp_preamble}


def call(service: str, trust: MailTrust, port: int) -> None:
    """What the engine does first on a line: connect, TLS, sign in."""
    profile = scripted.profile(port)
    if service == "imap":
        ImapSession.open(trust.environment, profile, BAL, scripted.TOKEN, trust=trust, timeout_s=5).cut()
    else:
        smtp.limits(trust.environment, profile, BAL, scripted.TOKEN, trust=trust)


def outcome(service: str, trust: MailTrust, talk: Talk) -> MssError | None:
    """How the call ended against this server."""
    with scripted.script(talk) as port:
        try:
            call(service, trust, port)
        except MssError as error:
            return error
    return None


def presenting(service: str, context: ssl.SSLContext, heard: list[bytes]) -> Talk:
    """A server with this TLS context; `heard` is all it hears behind TLS."""

    def talk(peer: Peer) -> None:
        PREAMBLES[service](peer)
        try:
            peer.secure(context)
            heard.append(peer.line())
        except ssl.SSLError:
            heard.append(b"")

    return talk


@contextlib.contextmanager
def openssl_server(pem: Path, *options: str) -> Iterator[tuple[int, bytearray]]:
    """`openssl s_server`, for what Python's ssl cannot do; yields (port, what it heard so far)."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = str(pem)
    command = ["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-cert", file, "-key", file, "-cert_chain", file]
    process = subprocess.Popen(
        [*command, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = bytearray()
    ready = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        while piece := os.read(process.stdout.fileno(), 65536):
            said.extend(piece)
            if b"ACCEPT" in said:
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, name="server-openssl")
    reader.start()
    try:
        assert ready.wait(10)
        assert b"ACCEPT" in said, bytes(said)
        yield port, said
    finally:
        process.terminate()
        process.wait(10)
        reader.join(10)
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.close()
        process.stdout.close()


def relayed(service: str, port: int) -> Talk:
    """A server that is another one from the answer to STARTTLS on."""

    def talk(peer: Peer) -> None:
        PREAMBLES[service](peer)
        with socket.create_connection(("127.0.0.1", port)) as other:
            peer.relay(other)

    return talk


# A place that publishes lists

LISTS_HOST = "crl.mss.example"


@dataclass
class Place:
    """A web server as bare as can be: whatever bytes a test wants, in plain http. `sent` counts bytes."""

    body: bytes = b""
    head: bytes = b"HTTP/1.1 200 OK\r\n"
    length: int | None = None
    stalls: bool = False
    asked: list[bytes] = field(default_factory=list)
    sent: int = 0

    @contextlib.contextmanager
    def served(self) -> Iterator[str]:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.05)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                with contextlib.suppress(OSError), listener.accept()[0] as line:
                    self._answer(line, over)

        thread = threading.Thread(target=serve, name="server-lists")
        thread.start()
        try:
            yield f"http://{LISTS_HOST}:{listener.getsockname()[1]}/ACI-EL-ORG.crl"
        finally:
            over.set()
            thread.join()
            listener.close()

    def _answer(self, line: socket.socket, over: threading.Event) -> None:
        line.settimeout(5)
        asked = b""
        while b"\r\n\r\n" not in asked:
            asked += line.recv(4096)
        self.asked.append(asked)
        size = len(self.body) if self.length is None else self.length
        line.sendall(self.head + b"content-length: %d\r\nconnection: close\r\n\r\n" % size)
        for at in range(0, len(self.body), 65536):
            line.sendall(self.body[at : at + 65536])
            self.sent += 65536
        if self.stalls:
            over.wait(5)
