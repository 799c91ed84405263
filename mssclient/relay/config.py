"""What an administrator decides for a relay, read from one TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


class BadConfig(ValueError):
    """The configuration cannot serve; the message says which entry and why, never a secret."""


@dataclass(frozen=True, slots=True)
class RelayConfig:
    """One relay in front of one PSC environment (identity.md §1). URLs are https; durations are seconds."""

    base_url: str
    """Where workstations and browsers reach this relay, without a final slash."""
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
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
    listen_host: str = "127.0.0.1"
    listen_port: int = 8443
    certificate: str = ""
    private_key: str = ""
    psc_anchors: str = ""
    """PEM file of the roots PSC may chain to; empty: the system's (PSC's front is a public certificate)."""

    def __post_init__(self) -> None:
        for name in ("base_url", "issuer"):
            if not getattr(self, name).startswith("https://"):
                raise BadConfig(f"{name} is not an https address")
        if self.base_url.endswith("/") or self.issuer.endswith("/"):
            raise BadConfig("base_url and issuer end without a slash")
        if not self.client_id or not self.client_secret:
            raise BadConfig("client_id or client_secret is empty")
        if not 0 < self.ticket_s <= 60:
            raise BadConfig("ticket_s is not between 1 and 60")

    @property
    def redirect_uri(self) -> str:
        """The one exact address registered at PSC."""
        return f"{self.base_url}/callback"


def read(path: Path) -> RelayConfig:
    """The configuration in a TOML file. The secret stands in a file of its own, named by `client_secret_file`.

    Raises BadConfig for an unknown or missing entry, and OSError when a file cannot be read.
    """
    try:
        entries: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"not TOML: {error}") from error
    secret_file = entries.pop("client_secret_file", None)
    if not isinstance(secret_file, str):
        raise BadConfig("client_secret_file is missing")
    secret = (path.parent / secret_file).read_text(encoding="utf-8").strip()
    known = {each.name: each for each in fields(RelayConfig) if each.name != "client_secret"}
    if unknown := entries.keys() - known.keys():
        raise BadConfig(f"unknown entry: {', '.join(sorted(unknown))}")
    for name, value in entries.items():
        if type(value).__name__ != known[name].type:
            raise BadConfig(f"{name} is not of type {known[name].type}")
    try:
        return RelayConfig(client_secret=secret, **entries)
    except TypeError as error:
        raise BadConfig("base_url, issuer and client_id are needed") from error
