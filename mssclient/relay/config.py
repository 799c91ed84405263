"""What an administrator decides for a relay, read from one TOML file."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import os
import tomllib
from dataclasses import dataclass, field, fields
from enum import Enum
from pathlib import Path
from typing import Any

KEY_BYTES = 32
_KEYS_MOST = 4
_SECRET_MOST = 16 * 1024
_STORE_SECRET_LEAST = 32


class Wrong(Enum):
    """What is the matter with an entry of the configuration."""

    NOT_TOML = "not TOML"
    MISSING = "missing"
    UNKNOWN = "unknown"
    TYPE = "type"  # detail: the type that is meant
    NOT_HTTPS = "not an https address"
    NOT_REDIS = "not a redis or rediss address"
    FINAL_SLASH = "ends with a slash"
    RANGE = "out of range"  # detail: the range
    ADDRESS = "not an address or a network"
    FILE = "file cannot be read"  # detail: the file
    KEY = "not a key"  # detail: the file
    SHORT = "too short"  # detail: the file
    PAIR = "certificate and key do not fit"
    ANCHORS = "no certificate in the file"
    CHOICE = "not one of the choices"  # detail: the choices
    TWICE = "said twice"  # detail: the other entry
    ALONE = "needs another entry"  # detail: the other entry
    TAKEN = "already in use"


class BadConfig(ValueError):
    """The configuration cannot serve: `entry` names what to mend, `wrong` and `detail` say why. Never a secret."""

    def __init__(self, entry: str, wrong: Wrong, detail: str = "") -> None:
        super().__init__(f"{entry}: {wrong.value} {detail}".strip())
        self.entry = entry
        self.wrong = wrong
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """One relay in front of one PSC environment (identity.md §1). URLs are https; durations are seconds; files are PEM
    unless said otherwise.
    """

    base_url: str
    """Where workstations and browsers reach this relay, without a final slash."""
    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    """Empty when a client certificate stands in for it."""
    client_certificate: str = ""
    """Certificate and chain for mutual TLS at PSC (RFC 8705 §2.1); then no secret is sent."""
    client_key: str = ""
    client_key_password_file: str = ""
    discovery: str = "wallet-openid-configuration"
    """Last piece of the discovery address; PSC does not use the usual name."""
    scope: str = "openid scope_all"
    acr_values: str = "eidas1"
    polling: bool = True
    """Whether a workstation whose browser cannot reach its loopback may ask for its session here."""
    ticket_s: int = 60
    start_s: int = 600
    """How long a person may take to authenticate in the browser."""
    session_max_s: int = 4 * 3600
    session_idle_s: int = 30 * 60
    requests_per_minute: int = 600
    """For one client address; an institution may stand behind a single one."""
    failures_per_minute: int = 20
    """Wrong tickets, verifiers and sessions from one address before it has to wait."""
    phone_requests_per_ten_minutes: int = 20
    """e-CPS requests to one person: nobody's phone is to be worn out until they say yes."""
    connections: int = 1000
    """Open at the same time; more are told to come back."""
    listen_host: str = "127.0.0.1"
    listen_port: int = 8443
    certificate: str = ""
    private_key: str = ""
    psc_anchors: str = ""
    """PEM file of the roots PSC may chain to; empty: the system's (PSC's front is a public certificate)."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded-For is believed; nobody else's is."""
    redis_url: str = field(default="", repr=False)
    """redis:// or rediss://, when several relays share their sessions; may carry a password."""
    redis_password_file: str = ""
    redis_anchors: str = ""
    redis_key_file: str = ""
    """Keys of 32 bytes in base64, one a line: the first seals, each opens. The relays share them, Redis never has them."""
    store_secret_file: str = ""
    """Secret behind `store_share`, at least 32 characters; never change it: the people's local stores depend on it."""
    audit: str = "log"
    """Where the audit goes: "log" (with the other messages), "stdout", or a file."""
    log_level: str = "info"
    metrics_host: str = "127.0.0.1"
    metrics_port: int = 0
    """Port of /metrics, /health and /ready in plain HTTP; 0: none."""
    metrics_on_loopback: bool = False
    """Whether the relay's own port answers /metrics to this machine."""

    def __post_init__(self) -> None:
        for name in ("base_url", "issuer"):
            if not getattr(self, name).startswith("https://"):
                raise BadConfig(name, Wrong.NOT_HTTPS)
            if getattr(self, name).endswith("/"):
                raise BadConfig(name, Wrong.FINAL_SLASH)
        if not self.client_id:
            raise BadConfig("client_id", Wrong.MISSING)
        self._check_credentials()
        self._check_shared()
        self._check_ranges()
        for proxy in self.trusted_proxies:
            try:
                ipaddress.ip_network(proxy, strict=False)
            except ValueError as error:
                raise BadConfig("trusted_proxies", Wrong.ADDRESS) from error

    def _check_credentials(self) -> None:
        if not self.client_secret and not self.client_certificate:
            raise BadConfig("client_secret_file", Wrong.MISSING)
        if self.client_secret and self.client_certificate:
            raise BadConfig("client_secret_file", Wrong.TWICE, "client_certificate")
        if bool(self.client_certificate) != bool(self.client_key):
            lone, other = ("client_certificate", "client_key")[:: 1 if self.client_certificate else -1]
            raise BadConfig(lone, Wrong.ALONE, other)

    def _check_shared(self) -> None:
        # Options after a question mark could switch the check of Redis's certificate off.
        if self.redis_url and (not self.redis_url.startswith(("redis://", "rediss://")) or "?" in self.redis_url):
            raise BadConfig("redis_url", Wrong.NOT_REDIS)
        if self.redis_url and not self.redis_key_file:
            raise BadConfig("redis_url", Wrong.ALONE, "redis_key_file")
        for name in ("redis_key_file", "redis_password_file", "redis_anchors"):
            if getattr(self, name) and not self.redis_url:
                raise BadConfig(name, Wrong.ALONE, "redis_url")

    def _check_ranges(self) -> None:
        for name, (least, most) in _RANGES.items():
            if not least <= getattr(self, name) <= most:
                raise BadConfig(name, Wrong.RANGE, f"{least} … {most}")
        if self.log_level not in _LEVELS:
            raise BadConfig("log_level", Wrong.CHOICE, ", ".join(_LEVELS))

    @property
    def redirect_uri(self) -> str:
        """The one exact address registered at PSC."""
        return f"{self.base_url}/callback"

    @property
    def by_certificate(self) -> bool:
        """Whether the relay proves itself to PSC by mutual TLS."""
        return bool(self.client_certificate)


_LEVELS = ("debug", "info", "warning")
_RANGES = {
    "ticket_s": (1, 60),
    "start_s": (60, 3600),
    "session_max_s": (60, 4 * 3600),
    "session_idle_s": (60, 4 * 3600),
    "requests_per_minute": (1, 1_000_000),
    "failures_per_minute": (1, 1_000_000),
    "phone_requests_per_ten_minutes": (1, 1_000),
    "connections": (8, 100_000),
    "listen_port": (1, 65535),
    "metrics_port": (0, 65535),
}
_FILES = frozenset({
    "certificate", "client_certificate", "client_key", "client_key_password_file", "private_key", "psc_anchors",
    "redis_anchors", "redis_key_file", "redis_password_file", "store_secret_file",
})  # fmt: skip
_TYPES = {"str": str, "int": int, "bool": bool, "tuple[str, ...]": list}


def read(path: Path) -> RelayConfig:
    """The configuration in a TOML file. Secrets stand in files of their own, named by entries that end in `_file`;
    files are looked for beside the TOML file, and may begin with $CREDENTIALS_DIRECTORY (systemd's LoadCredential).

    Raises BadConfig, also when the file itself cannot be read.
    """
    try:
        entries: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfig(path.name, Wrong.NOT_TOML) from error
    except OSError as error:
        raise BadConfig(path.name, Wrong.FILE, path.name) from error
    for name, value in entries.items():
        _check_type(name, value)
    _find_files(path, entries)
    for name in ("base_url", "issuer", "client_id"):
        if name not in entries:
            raise BadConfig(name, Wrong.MISSING)
    return RelayConfig(**entries)


def _find_files(path: Path, entries: dict[str, Any]) -> None:
    """Files by their whole names, and the secrets that replace an entry read from theirs."""
    for name in _FILES & entries.keys():
        entries[name] = _beside(path, entries[name])
    if entries.get("audit", "log") not in {"log", "stdout"}:
        entries["audit"] = _beside(path, entries["audit"])
    if "trusted_proxies" in entries:
        entries["trusted_proxies"] = tuple(entries["trusted_proxies"])
    for name in ("client_secret", "redis_url"):
        named = entries.pop(f"{name}_file", "")
        if named and name in entries:
            raise BadConfig(f"{name}_file", Wrong.TWICE, name)
        if named:
            entries[name] = secret_in(_beside(path, named), f"{name}_file")


def _check_type(name: str, value: object) -> None:
    known = {each.name: str(each.type) for each in fields(RelayConfig) if each.name != "client_secret"}
    meant = {**known, "client_secret_file": "str", "redis_url_file": "str"}.get(name)
    if meant is None:
        raise BadConfig(name, Wrong.UNKNOWN)
    sound = type(value) is _TYPES[meant]
    if isinstance(value, list):
        sound = sound and all(isinstance(each, str) for each in value)
    if not sound:
        raise BadConfig(name, Wrong.TYPE, meant)


def _beside(path: Path, named: str) -> str:
    return str(path.absolute().parent / os.path.expandvars(named)) if named else ""


def secret_in(file: str, entry: str) -> str:
    """The one secret a file holds. Raises BadConfig naming the entry."""
    try:
        with Path(file).open("rb") as opened:
            found = opened.read(_SECRET_MOST).decode("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig(entry, Wrong.FILE, Path(file).name) from error
    if not found:
        raise BadConfig(entry, Wrong.SHORT, Path(file).name)
    return found


def shared_keys(config: RelayConfig) -> tuple[bytes, ...]:
    """The keys that seal what Redis keeps, the sealing one first."""
    try:
        lines = secret_in(config.redis_key_file, "redis_key_file").split()
        keys = tuple(base64.b64decode(line, validate=True) for line in lines)
    except (binascii.Error, ValueError) as error:
        if isinstance(error, BadConfig):
            raise
        raise BadConfig("redis_key_file", Wrong.KEY, Path(config.redis_key_file).name) from error
    if not 0 < len(keys) <= _KEYS_MOST or any(len(key) != KEY_BYTES for key in keys):
        raise BadConfig("redis_key_file", Wrong.KEY, Path(config.redis_key_file).name)
    return keys


def store_secret(config: RelayConfig) -> bytes:
    """The secret behind `store_share`, or nothing when none is configured."""
    if not config.store_secret_file:
        return b""
    found = secret_in(config.store_secret_file, "store_secret_file")
    if len(found) < _STORE_SECRET_LEAST:
        raise BadConfig("store_secret_file", Wrong.SHORT, Path(config.store_secret_file).name)
    return found.encode()
