"""TLS towards mail servers: pinned anchors and nothing else, the norm's suites, revocation, failures as values.

Web services (autoconfiguration, relay, directory) have a trust store of their own: `web.py`.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from mssclient.domain import trust
from mssclient.domain.environment import Environment
from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.trust import Revocation
from mssclient.remote import anchors
from mssclient.remote.anchors import Anchors
from mssclient.remote.revocation import Lists
from mssclient.remote.tls_failures import NO_LIST, REVOKED, failure

__all__ = ["SUITES", "MailTrust", "address", "failure", "mail_context", "utc_now"]

SUITES = (
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES256-SHA384",
    "ECDHE-RSA-AES128-SHA256",
    "DHE-RSA-AES256-GCM-SHA384",
    "DHE-RSA-AES128-GCM-SHA256",
)
"""All that TLS 1.2 may negotiate (ECO.1.1.2). Those of TLS 1.3 are fixed by OpenSSL and all fit."""

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The system's clock, aware."""
    return datetime.now(UTC)


class MailTrust:
    """Which mail servers are believed in one environment (ECO.1.1.1 to 1.1.7). Made once; any thread.

    The last good lists of revoked certificates are kept in `folder`; without one, in memory only. Nothing is read
    before it is needed, and nothing is fetched but in `refresh`.
    """

    def __init__(self, environment: Environment, folder: Path | None = None, clock: Clock = utc_now) -> None:
        self.environment = environment
        self._folder = folder
        self._clock = clock
        self._lock = threading.Lock()
        self._read: tuple[Anchors, Lists] | None = None
        self._context: _MailContext | None = None

    def context(self) -> ssl.SSLContext:
        """The TLS context of IMAP and SMTP; it consults revocation by itself, in every handshake.

        Security level 2 refuses RSA and DH below 2048 bits, curves below 224 and SHA-1 in each certificate of a chain,
        and OpenSSL offers no curve between that and 255. Raises Untrusted(ANCHOR) as `anchors.read`.
        """
        found, _ = self._material()
        with self._lock:
            if self._context is None:
                self._context = _context(found, self.verdict)
            return self._context

    def verdict(self, certificate: bytes) -> Distrust | None:
        """Whether the DER certificate of a server that passed every other check is revoked: REVOKED, REVOCATION
        (nobody can know, and the policy demands it), or None. Raises as `context`."""
        policy = self.environment.policy.revocation
        if policy == "off":
            return None
        found, lists = self._material()
        now = self._clock()
        lists.look(now)
        try:
            cert = x509.load_der_x509_certificate(certificate)
            serial, issuer = cert.serial_number, cert.issuer
        except ValueError:
            return Distrust.CHAIN
        above = [each for each in found.all if each.subject == issuer]
        suspects = [(serial, issuer), *((each.serial_number, each.issuer) for each in above)]
        if any(number in held.serials for number, name in suspects for held in lists.of(name)):
            return Distrust.REVOKED
        known = any(
            _issued(held.issuer, cert) and trust.valid(held.this_update, held.next_update, now)
            for held in lists.of(issuer)
        )
        return None if known or policy != "required" else Distrust.REVOCATION

    def refresh(self, *, at_once: bool = False) -> bool:
        """Asks for the lists that are due, or for all; whether something newer came. Blocks for the network.

        A download that fails is quiet: see `state`. Raises as `context`.
        """
        if self.environment.policy.revocation == "off":
            return False
        _, lists = self._material()
        return lists.refresh(self._clock(), at_once=at_once)

    def state(self) -> Revocation:
        """What is known of revoked certificates, for support and for the screen. Raises as `context`."""
        policy = self.environment.policy.revocation
        if policy == "off":
            return Revocation(policy)
        _, lists = self._material()
        return Revocation(policy, *lists.state(self._clock()))

    def _material(self) -> tuple[Anchors, Lists]:
        with self._lock:
            if self._read is None:
                found = anchors.read(self.environment)
                self._read = found, Lists(self.environment, found.all, self._folder, self._clock())
            return self._read


def mail_context(environment: Environment) -> ssl.SSLContext:
    """The context of a trust that keeps nothing, for a single look. Raises as `MailTrust.context`."""
    return MailTrust(environment).context()


def _context(found: Anchors, verdict: Callable[[bytes], Distrust | None]) -> _MailContext:
    context = _MailContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verdict = verdict
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(":".join(SUITES) + ":@SECLEVEL=2")
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    # The server profile of IGC-Santé has its names in subjectAltName: a common name proves nothing.
    context.hostname_checks_common_name = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        context.load_verify_locations(cadata=found.pem())
    except ssl.SSLError as error:
        raise Untrusted(Distrust.ANCHOR, found.file) from error
    return context


class _MailSocket(ssl.SSLSocket):
    """A blocking line whose handshake ends with the question of revocation: nothing was said yet."""

    def do_handshake(self, block: bool = False) -> None:
        super().do_handshake(block)
        _consult(self)


class _MailObject(ssl.SSLObject):
    """The same for asyncio."""

    def do_handshake(self) -> None:
        super().do_handshake()
        _consult(self)


class _MailContext(ssl.SSLContext):
    """A context that no caller can use without consulting revocation."""

    sslsocket_class = _MailSocket
    sslobject_class = _MailObject
    verdict: Callable[[bytes], Distrust | None]


def _consult(line: ssl.SSLSocket | ssl.SSLObject) -> None:
    """Raises, as OpenSSL would, SSLCertVerificationError for a revoked certificate or an unknown state of it."""
    context, certificate = line.context, line.getpeercert(binary_form=True)
    if not isinstance(context, _MailContext) or certificate is None:
        raise ssl.SSLError("no certificate")
    match context.verdict(certificate):
        case None:
            return
        case Distrust.REVOKED:
            code = REVOKED
        case _:
            code = NO_LIST
    error = ssl.SSLCertVerificationError(ssl.SSL_ERROR_SSL, "revocation")
    error.verify_code = code
    raise error


def _issued(issuer: x509.Certificate, cert: x509.Certificate) -> bool:
    try:
        cert.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def address(environment: Environment, host: str) -> str:
    """Where a connection to `host` goes: the environment's override, else the name itself.

    The certificate is checked against `host` in both cases.
    """
    return dict(environment.hosts).get(host, host)
