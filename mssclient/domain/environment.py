"""What the program trusts and where it begins: data, never code. One TOML file is one environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from mssclient.domain.changes import folder_name
from mssclient.domain.shipment import FACILITIES, SETTINGS, Coded, Institution
from mssclient.domain.trust import is_other_issuer, mixed

AUTO = "auto"
REVOCATION_POLICIES = ("required", "known", "off")
AFTER_FILING = ("keep", "read", "delete")
INTO_FOLDER = "folder:"
"""Before the name of a folder, in `after_filing`."""
_BOUNDS = {"card_out_grace_s": (0.0, 2.0), "idle_lock_s": (1, 30 * 60)}


@dataclass(frozen=True, slots=True)
class Policy:
    """What an administrator decides for a workstation."""

    card_out_grace_s: float = 2.0
    idle_lock_s: int = 900
    undo_send_s: int = 10
    operator_saves_sent: bool | str = AUTO
    """True or false: the operator puts its own copy of what is sent into Sent, or does not; "auto": it is watched."""
    connection_limit: int = 8
    """IMAP connections in all, two at least: one a BAL to listen on, the others for content."""
    offline_days: int = 90
    """How long bodies and attachments stay on this workstation after they came; 0: no limit. Lists stay."""
    offline_size_mb: int = 2_048
    """How many megabytes of them, the oldest go first; 0: no limit. Never what waits to be filed, nor drafts."""
    keep_key_in_file: bool = False
    """Where no keyring exists, keep the store's key in a private file: for demonstrations and tests only."""
    read_after_session: bool = False
    """Whether a PSC session that ended leaves reading and drafting open (identity.md §3), or covers the screen."""
    file_exact_matches: bool = False
    """Whether a document files itself when matricule, OID and every trait are those of one usager of the record, and of
    one only (mssante.md §9)."""
    integration_answers: bool = False
    """Whether a sender who asked for it hears that a document was integrated, or why not (mssante.md §6)."""
    after_filing: str = "keep"
    """What becomes of a message whose documents are all settled: "keep", "read" (marked), "delete" (to the trash), or
    "folder:Name" or "folder:Name/Under it" (moved there, in its own mailbox; the folder is made when it is not there)."""
    documents_behind_days: int = 30
    """How old a message may be whose documents are fetched behind, for the list of what is to file; 0: none."""
    silent_days: int = 3
    """After so many days without any sign of life, a message that asked for a delivery receipt is shown among those that
    did not arrive; 0: never."""
    revocation: str = "known"
    """"required": no connection without a valid list of revoked certificates; "known": the last good list serves however
    old, and a list that was never had is said but does not cut the service; "off"."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that differs between production, formation, the sandbox and the lab. Paths are absolute."""

    name: str
    autoconfig: str
    """URL template with {domain} (ECO.1.1.9)."""
    psc_relay: str
    """Base URL of the institution's relay."""
    directory: str
    """Where the Annuaire comes from: the https address or the absolute path of its extraction, or of a folder that
    `mssclient annuaire publish` fills (an address that ends with `/`); empty when only files are imported."""
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
    filing_roster: str = ""
    """CSV file of the record system's usagers; empty: there is none."""
    mail_crl: str = ""
    """PEM or DER file of CRLs that the administrator installed; consulted beside those of `crl_urls`."""
    pins: tuple[str, ...] = ()
    """SHA-256 of the certificates that the mail anchors file may hold, upper-case hexadecimal. Needed in production;
    empty in training only: then whatever the file holds is an anchor."""
    crl_urls: tuple[str, ...] = ()
    """Where the lists of revoked mail certificates are published; plain http as IGC-Santé does: they are signed."""
    psc_issuer: str = ""
    """The OpenID issuer that the relay must stand in front of; empty, in training only: whatever the relay says."""
    directory_api: str = ""
    """Base of the Annuaire's FHIR API, for checking one address while it is used; needs a key, which is no part of this
    file."""
    department: str = ""
    """Of the institution ("69", "2A", "974"): its neighbours come first among the answers of the Annuaire. Empty: that of
    the mailboxes' own entries."""
    policy: Policy = Policy()
    training: bool = False
    """True for every environment but production: the window says so."""
    institution: Institution | None = None
    """Who sends health documents; nothing is built without it."""
    send_folder: str = ""
    """Where the record system lays what is to be sent; empty: it does not."""
    locked: frozenset[str] = frozenset()
    """What the person may not change at this workstation: names of `domain.machine.LOCKABLE`."""


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


def parse(table: Mapping[str, object]) -> Environment:
    """An environment from its TOML tables: top level, [trust], [hosts], [policy], [filing]. Relative paths stay as
    they are: the caller knows the folder. Raises ValueError naming the key that is missing or of a wrong type."""
    trust, filing = _table(table, "trust"), _table(table, "filing")
    policy = _table(table, "policy")
    bals = table.get("bals", [])
    if not isinstance(bals, list):
        raise ValueError("bals")
    training, pins = _flag(table, "training"), _pins(trust)
    if (not training and not pins) or mixed(pins, training=training):
        raise ValueError("trust.pins")
    issuer = _https(table, "psc_issuer", optional=True)
    if is_other_issuer(issuer, training=training):
        raise ValueError("psc_issuer")
    chosen = policy_of(policy)
    if chosen.keep_key_in_file and not training:
        raise ValueError("policy.keep_key_in_file")
    return Environment(
        name=_text(table, "name"), autoconfig=_https(table, "autoconfig"), psc_relay=_https(table, "psc_relay"),
        directory=_place(table, "directory"), white_list=_https(table, "white_list", optional=True),
        mail_anchors=_text(trust, "mail"), web_anchors=_text(trust, "web"), product=_text(table, "product"),
        bals=tuple(str(b).strip().lower() for b in bals),
        hosts=tuple((str(k), str(v)) for k, v in _table(table, "hosts").items()),
        filing_folder=_text(filing, "folder", optional=True), filing_profile=_text(filing, "profile", optional=True)
        or "standard", filing_roster=_text(filing, "roster", optional=True),
        mail_crl=_text(trust, "crl", optional=True), policy=chosen,
        training=training, pins=pins, crl_urls=_crl_urls(trust),
        psc_issuer=issuer, department=_department(table),
        directory_api=_https(table, "directory_api", optional=True), institution=institution_of(table),
        send_folder=_place(_table(table, "sending"), "folder"),
    )  # fmt: skip


def institution_of(table: Mapping[str, object]) -> Institution | None:
    """The [institution] table: name, identifier (1 + FINESS, 3 + SIRET), and codes with their labels for facility and
    setting. None without it; raises ValueError as `parse`."""
    found = _table(table, "institution")
    if not found:
        return None
    identifier = _text(found, "identifier")
    if not (identifier.isascii() and identifier.isalnum() and 9 <= len(identifier) <= 16):
        raise ValueError("institution.identifier")
    usual = Institution(_text(found, "name"), identifier)
    return Institution(
        usual.name, identifier, _coded(found, "facility", FACILITIES, usual.facility),
        _coded(found, "setting", SETTINGS, usual.setting),
    )  # fmt: skip


def _coded(table: Mapping[str, object], key: str, system: str, usual: Coded) -> Coded:
    code, label = _text(table, key, optional=True), _text(table, f"{key}_label", optional=True)
    return Coded(code, label or code, system) if code else usual


def filed_folder(value: object) -> tuple[str, ...]:
    """The path of the folder that `after_filing` names; empty when it names none, or one that no operator would keep."""
    if not isinstance(value, str) or not value.startswith(INTO_FOLDER):
        return ()
    try:
        return tuple(folder_name(piece, "", ()) for piece in value.removeprefix(INTO_FOLDER).split("/"))
    except ValueError:
        return ()


def policy_of(table: Mapping[str, object]) -> Policy:
    """A policy whose every value has the type of its default, and is no negative number nor laxer than the rules of
    identity.md §3. Raises ValueError as `parse`."""
    if unknown := set(table) - {f.name for f in fields(Policy)}:
        raise ValueError(f"policy.{min(unknown)}")
    defaults = Policy()
    for key, value in table.items():
        usual = getattr(defaults, key)
        match usual:
            case bool():
                right = isinstance(value, bool)
            case _ if key == "operator_saves_sent":
                right = isinstance(value, bool) or value == AUTO
            case _ if key == "after_filing":
                right = value in AFTER_FILING or bool(filed_folder(value))
            case str():
                right = value in REVOCATION_POLICIES
            case _:
                right = _is_number(value, whole=isinstance(usual, int)) and _is_within(key, value)
        if not right:
            raise ValueError(f"policy.{key}")
    return Policy(**table)  # type: ignore[arg-type]


def _pins(trust: Mapping[str, object]) -> tuple[str, ...]:
    """Fingerprints as people write them: any case, with or without colons and blanks."""
    found = trust.get("pins", [])
    if not isinstance(found, list):
        raise ValueError("trust.pins")
    pins = tuple("".join(c for c in str(each) if c not in ": ").upper() for each in found)
    if not all(len(pin) == 64 and set(pin) <= set("0123456789ABCDEF") for pin in pins):
        raise ValueError("trust.pins")
    return pins


def _crl_urls(trust: Mapping[str, object]) -> tuple[str, ...]:
    found = trust.get("crl_urls", [])
    if not isinstance(found, list) or not all(str(url).startswith(("http://", "https://")) for url in found):
        raise ValueError("trust.crl_urls")
    return tuple(str(url) for url in found)


def _is_number(value: object, *, whole: bool) -> bool:
    return isinstance(value, int if whole else int | float) and not isinstance(value, bool) and value >= 0


def _is_within(key: str, value: object) -> bool:
    least, most = _BOUNDS.get(key, (0, float("inf")))
    return isinstance(value, int | float) and least <= value <= most


def _flag(table: Mapping[str, object], key: str) -> bool:
    found = table.get(key, True)
    if not isinstance(found, bool):
        raise ValueError(key)
    return found


def _table(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = table.get(key, {})
    if not isinstance(found, Mapping):
        raise ValueError(key)
    return found


def _text(table: Mapping[str, object], key: str, *, optional: bool = False) -> str:
    found = table.get(key, "" if optional else None)
    if not isinstance(found, str) or (not found and not optional):
        raise ValueError(key)
    return found


def _department(table: Mapping[str, object]) -> str:
    found = _text(table, "department", optional=True).upper()
    if found and not (2 <= len(found) <= 3 and found[:1].isdigit() and found.isalnum()):
        raise ValueError("department")
    return found


def _place(table: Mapping[str, object], key: str) -> str:
    """An https address, or an absolute path of this system or of a Windows share; may be missing."""
    found = _text(table, key, optional=True)
    if found and not (found.startswith(("https://", "/", "\\\\")) or (found[1:3] in {":\\", ":/"})):
        raise ValueError(key)
    return found


def _https(table: Mapping[str, object], key: str, *, optional: bool = False) -> str:
    found = _text(table, key, optional=optional)
    if found and not found.startswith("https://"):
        raise ValueError(key)
    return found
