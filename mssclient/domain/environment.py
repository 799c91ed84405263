"""What the program trusts and where it begins: data, never code. One TOML file is one environment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """What an administrator decides for a workstation."""

    card_out_grace_s: float = 2.0
    idle_lock_s: int = 900
    undo_send_s: int = 10
    operator_saves_sent: bool = False
    connection_limit: int = 8
    keep_key_in_file: bool = False
    """Where no keyring exists, keep the store's key in a private file: for demonstrations and tests only."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that differs between production, formation, the sandbox and the lab. Paths are absolute."""

    name: str
    autoconfig: str
    """URL template with {domain} (ECO.1.1.9)."""
    psc_relay: str
    """Base URL of the institution's relay."""
    directory: str
    """URL of the Annuaire extraction; empty when only files are imported."""
    white_list: str
    """URL of listeblanchemssante.xml."""
    mail_anchors: str
    """PEM file: the only roots that mail servers may chain to (ECO.1.1.5)."""
    web_anchors: str
    """PEM file for autoconfiguration, relay, directory and white list."""
    product: str
    """X-MSS-NIL (ECO.2.4.3)."""
    bals: tuple[str, ...] = ()
    """Addresses an administrator offers to everybody at this workstation; each operator decides who is let in."""
    hosts: tuple[tuple[str, str], ...] = ()
    """Host name → address overrides, for environments without DNS (sandbox, lab). Empty in production."""
    filing_folder: str = ""
    filing_profile: str = "standard"
    mail_crl: str = ""
    """PEM or DER file of CRLs that must be consulted; empty: revocation by policy of issue 3."""
    policy: Policy = Policy()
    training: bool = False
    """True for every environment but production: the window says so."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One discovered server. Always STARTTLS (ECO.1.0.1, 1.0.2)."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class OperatorProfile:
    """What autoconfiguration says about the operator of a domain."""

    domain: str
    name: str
    imap: Endpoint
    smtp: Endpoint
    login: str = "address"
    """"address": the whole address is the user name; "local": its local part."""
