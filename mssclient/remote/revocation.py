"""Lists of revoked certificates: fetched, believed only when their issuer signed them, the last good one kept.

IGC-Santé publishes over plain http: what makes a list true is its signature, what makes it new is its number and date.
"""

from __future__ import annotations

import bisect
import contextlib
import hashlib
import logging
import os
import re
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from mssclient.domain import trust
from mssclient.domain.environment import Environment
from mssclient.domain.errors import MssError, Offline, Refused, Unread, Unreadable
from mssclient.domain.trust import Listed, Source, Trouble
from mssclient.remote import web

log = logging.getLogger(__name__)

SIZE_CAP = 20 * 1024 * 1024
LISTS_CAP = 16
"""Lists in one file."""
ENTRIES_CAP = 1_000_000
TIMEOUT = httpx.Timeout(15.0, connect=8.0)
WHOLE_S = 180.0
"""For one list from the first byte asked to the last: a server that drips is given up."""
_SERIAL_BYTES = 20  # RFC 5280 §4.1.2.2
_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
_KNOWN = frozenset(
    {ExtensionOID.CRL_NUMBER, ExtensionOID.AUTHORITY_KEY_IDENTIFIER, ExtensionOID.ISSUING_DISTRIBUTION_POINT}
)
_UNREAD = (x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
_BLOCK = re.compile(rb"-----BEGIN X509 CRL-----[^-]*-----END X509 CRL-----")


class Doubt(Exception):
    """A list that is not believed, or a place that gave none; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


class Serials:
    """Serial numbers, sorted, in twenty bytes each: half a million take 11 MB, and none is parsed at a connection."""

    def __init__(self, numbers: Sequence[bytes]) -> None:
        self._sorted = b"".join(sorted(set(numbers)))

    def __len__(self) -> int:
        return len(self._sorted) // _SERIAL_BYTES

    def __getitem__(self, at: int) -> bytes:
        return self._sorted[at * _SERIAL_BYTES : (at + 1) * _SERIAL_BYTES]

    def __contains__(self, serial: object) -> bool:
        if not isinstance(serial, int) or serial.bit_length() > 8 * _SERIAL_BYTES or serial < 0:
            return False
        wanted = serial.to_bytes(_SERIAL_BYTES, "big")
        at = bisect.bisect_left(self, wanted)
        return at < len(self) and self[at] == wanted


@dataclass(frozen=True, slots=True)
class RevokedList:
    """A list whose signature was checked. Times are aware."""

    issuer: x509.Certificate
    number: int | None
    this_update: datetime
    next_update: datetime
    serials: Serials
    source: str
    asked_at: datetime


def believed(crl: x509.CertificateRevocationList, issuers: Sequence[x509.Certificate]) -> x509.Certificate:
    """The authority whose list this is (RFC 5280 §6.3.3); its signature is checked before any entry is read.

    Raises Doubt for another's list, a bad or weak signature, a list for some certificates only, or one that says
    something critical that we do not understand.
    """
    candidates = [cert for cert in issuers if cert.subject == crl.issuer and _may_sign_lists(cert)]
    if not candidates:
        raise Doubt(Trouble.FOREIGN)
    issuer = next((cert for cert in candidates if _signed(crl, cert)), None)
    if issuer is None:
        raise Doubt(Trouble.FORGED)
    for extension in crl.extensions:
        match extension.value:
            case x509.IssuingDistributionPoint() as point:
                partial = point.only_contains_ca_certs or point.only_contains_attribute_certs or point.only_some_reasons
                if partial or point.indirect_crl:
                    raise Doubt(Trouble.DAMAGED)
            case x509.DeltaCRLIndicator():
                raise Doubt(Trouble.DAMAGED)
            case _ if extension.critical and extension.oid not in _KNOWN:
                raise Doubt(Trouble.DAMAGED)
    return issuer


def _may_sign_lists(cert: x509.Certificate) -> bool:
    try:
        return cert.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False


def _signed(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    try:
        if not isinstance(crl.signature_hash_algorithm, _HASHES) or not isinstance(
            key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey
        ):
            return False
        return crl.is_signature_valid(key)
    except (UnsupportedAlgorithm, InvalidSignature, ValueError, TypeError):
        return False


def parse(
    content: bytes, issuers: Sequence[x509.Certificate], source: str, now: datetime
) -> tuple[RevokedList, x509.CertificateRevocationList]:
    """One list in DER. Raises Doubt."""
    try:
        crl = x509.load_der_x509_crl(content)
        issuer = believed(crl, issuers)
        this_update, next_update = crl.last_update_utc, crl.next_update_utc
        if next_update is None or next_update <= this_update:
            raise Doubt(Trouble.DAMAGED)
        if this_update > now + trust.AHEAD:
            raise Doubt(Trouble.FUTURE)
        if len(crl) > ENTRIES_CAP:
            raise Doubt(Trouble.TOO_BIG)
        numbers = [entry.serial_number.to_bytes(_SERIAL_BYTES, "big") for entry in crl]
        found = RevokedList(issuer, _number(crl), this_update, next_update, Serials(numbers), source, now)
    except (ValueError, TypeError, OverflowError, *_UNREAD) as error:
        raise Doubt(Trouble.DAMAGED) from error
    return found, crl


def _number(crl: x509.CertificateRevocationList) -> int | None:
    try:
        return crl.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        return None


def several(content: bytes) -> Iterator[bytes]:
    """The DER of each list of a file, PEM or DER. Raises Doubt."""
    if len(content) > SIZE_CAP:
        raise Doubt(Trouble.TOO_BIG)
    if content.startswith(b"\x30"):
        yield content
        return
    blocks = _BLOCK.findall(content)
    if not blocks or len(blocks) != content.count(b"-----BEGIN "):
        raise Doubt(Trouble.DAMAGED)
    if len(blocks) > LISTS_CAP:
        raise Doubt(Trouble.TOO_BIG)
    for block in blocks:
        try:
            yield x509.load_pem_x509_crl(block).public_bytes(Encoding.DER)
        except ValueError as error:
            raise Doubt(Trouble.DAMAGED) from error


def fetch(environment: Environment, url: str, timeout: httpx.Timeout = TIMEOUT, whole_s: float = WHOLE_S) -> bytes:
    """A published list, as it came: at most `SIZE_CAP` bytes, from that very place. Raises Doubt."""
    end, pieces, size = time.monotonic() + whole_s, list[bytes](), 0
    try:
        with (
            web.client_for(environment, url) as http,
            http.stream("GET", url, headers={"accept-encoding": "identity"}, timeout=timeout) as answer,
        ):
            answer.raise_for_status()  # a redirect too
            for piece in answer.iter_raw():
                pieces.append(piece)
                size += len(piece)
                if size > SIZE_CAP:
                    raise Doubt(Trouble.TOO_BIG)
                if time.monotonic() > end:
                    raise Doubt(Trouble.OFFLINE)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Doubt(_trouble(web.failure(error))) from error
    except MssError as error:
        raise Doubt(_trouble(error)) from error
    return b"".join(pieces)


def _trouble(error: MssError) -> Trouble:
    match error:
        case Offline():
            return Trouble.OFFLINE
        case Unreadable(reason=Unread.TOO_BIG):
            return Trouble.TOO_BIG
        case Refused() | _:
            return Trouble.REFUSED


class Lists:
    """The last good list of each authority, in memory and in `folder` (kept nowhere when None). Any thread.

    What stands in the folder is believed no more than what comes from the network: it is checked at each start.
    """

    def __init__(
        self, environment: Environment, issuers: Sequence[x509.Certificate], folder: Path | None, now: datetime
    ) -> None:
        self._environment = environment
        self._issuers = tuple(issuers)
        self._folder = folder
        self._held: dict[x509.Certificate, RevokedList] = {}
        self._lock = threading.RLock()
        self._fetching = threading.Lock()
        names = [*environment.crl_urls, *([Path(environment.mail_crl).name] if environment.mail_crl else [])]
        self._sources = {name: Source(name) for name in names}
        self._installed: tuple[int, int] | None = None
        self._unkept = False
        for issuer in self._issuers:
            self._load(issuer, now)
        self.look(now)

    # -- reading
    def of(self, issuer: x509.Name) -> tuple[RevokedList, ...]:
        """The lists of every authority of that name."""
        with self._lock:
            return tuple(held for held in self._held.values() if held.issuer.subject == issuer)

    def state(self, now: datetime) -> tuple[tuple[Listed, ...], tuple[Source, ...]]:
        """What is held for each authority, and how each place answered."""
        with self._lock:
            held = dict(self._held)
            return tuple(_listed(issuer, held.get(issuer), now) for issuer in self._issuers), tuple(
                self._sources.values()
            )

    # -- taking
    def offer(self, content: bytes, source: str, now: datetime) -> bool:
        """Takes what is good and new of a file of lists; whether there was any. Raises Doubt when nothing was good."""
        taken, good, doubt = False, False, Doubt(Trouble.DAMAGED)
        for der in several(content):
            try:
                taken |= self._take(der, source, now)
                good = True
            except Doubt as why:
                doubt = why
        if not good:
            raise doubt
        return taken

    def _take(self, der: bytes, source: str, now: datetime) -> bool:
        found, crl = parse(der, self._issuers, source, now)
        with self._lock:
            held = self._held.get(found.issuer)
            if held is not None and not trust.supersedes(_age(found), _age(held)):
                raise Doubt(Trouble.ROLLED_BACK)
            self._held[found.issuer] = found
        self._keep(found, crl.public_bytes(Encoding.DER))
        return held is None or _age(found) != _age(held)

    def look(self, now: datetime) -> None:
        """Reads the administrator's own file, when it is new or changed."""
        if not self._environment.mail_crl:
            return
        path = Path(self._environment.mail_crl)
        with self._lock:
            trouble: Trouble | None = None
            try:
                status = path.stat()
                if (seen := (status.st_mtime_ns, status.st_size)) == self._installed:
                    return
                self._installed = seen
                with path.open("rb") as file:
                    self.offer(file.read(SIZE_CAP + 1), path.name, now)
            except OSError:
                self._installed, trouble = None, Trouble.MISSING
            except Doubt as doubt:
                trouble = doubt.trouble
            self._sources[path.name] = Source(path.name, trouble, now)

    def refresh(self, now: datetime, *, at_once: bool = False, timeout: httpx.Timeout = TIMEOUT) -> bool:
        """Asks the places whose list is due, or all of them; whether something newer came. Blocks for the network."""
        self.look(now)
        newer = False
        with self._fetching:
            for url in self._environment.crl_urls:
                if at_once or self._due(url, now):
                    newer |= self._ask(url, now, timeout)
        return newer

    def _ask(self, url: str, now: datetime, timeout: httpx.Timeout) -> bool:
        newer, trouble = False, None
        try:
            newer = self.offer(fetch(self._environment, url, timeout), url, now)
            trouble = Trouble.DISK if self._unkept else None
        except Doubt as doubt:
            trouble = doubt.trouble
        log.info("list of revoked certificates: %s", trouble.value if trouble else "newer" if newer else "the same")
        with self._lock:
            self._sources[url] = Source(url, trouble, now)
        return newer

    def _due(self, url: str, now: datetime) -> bool:
        with self._lock:
            held = [each for each in self._held.values() if each.source == url]
        return not held or any(trust.due(e.this_update, e.next_update, e.asked_at, now) for e in held)

    # -- keeping
    def _path(self, issuer: x509.Certificate) -> Path | None:
        name = hashlib.sha256(issuer.public_bytes(Encoding.DER)).hexdigest()[:24]
        return self._folder / f"{name}.crl" if self._folder is not None else None

    def _load(self, issuer: x509.Certificate, now: datetime) -> None:
        if (path := self._path(issuer)) is None:
            return
        try:
            with path.open("rb") as file:
                content = file.read(SIZE_CAP + 1)
            asked_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found, _ = parse(content, [issuer], self._source_kept(path), now)
        except FileNotFoundError:
            return
        except (OSError, OverflowError, Doubt) as error:
            log.info("a kept list of revoked certificates is not believed: %s", type(error).__name__)
            return
        self._held[issuer] = RevokedList(
            issuer, found.number, found.this_update, found.next_update, found.serials, found.source, asked_at
        )

    def _source_kept(self, path: Path) -> str:
        try:
            told = path.with_suffix(".from").read_text("utf-8")[:2000]
        except (OSError, ValueError):
            return path.name
        return told if told in self._sources else path.name

    def _keep(self, found: RevokedList, der: bytes) -> None:
        """A full disk costs the next start a list, and this run nothing."""
        if (path := self._path(found.issuer)) is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(path, der, found.asked_at)
            _write(path.with_suffix(".from"), found.source.encode(), found.asked_at)
            self._unkept = False
        except OSError as error:
            log.info("a list of revoked certificates is not kept: %s", type(error).__name__)
            self._unkept = True


def _write(target: Path, content: bytes, when: datetime) -> None:
    """Whole or not at all, and dated by our clock. Raises OSError."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix="incoming-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.utime(name, (when.timestamp(), when.timestamp()))
        Path(name).replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _age(held: RevokedList) -> tuple[int | None, datetime]:
    return held.number, held.this_update


def _listed(issuer: x509.Certificate, held: RevokedList | None, now: datetime) -> Listed:
    names = issuer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else ""
    if held is None:
        return Listed(name, trouble=Trouble.MISSING)
    good = trust.valid(held.this_update, held.next_update, now)
    return Listed(
        name, len(held.serials), held.this_update, held.next_update, held.source, None if good else Trouble.EXPIRED
    )
