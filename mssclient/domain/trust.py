"""Which certificates of IGC-Santé are production's and which are for tests, and what is known of revoked ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

PRODUCTION_ROOTS = frozenset(
    {
        "2D9E22CA19F777C6B745257C723ECB8DF3C35FA6F1F6EC36B83600C97346967F",  # ELEMENTAIRE
        "5891815E864506C662AFB32F8DE5B8DE38BFFA1AF721780B69E19A0C050386C3",  # STANDARD
        "53D30A19570826BDE0C0762501F1F1C7A659F976C6C023123DF5239DF34A4EEA",  # FORT
    }
)
PRODUCTION_ORGANISATIONS = "D834EE5B40686B73573F60547BF6052C6D404D942A5665CDB2C0B9137B5D27B2"
TEST_ROOTS = frozenset({"01325AEB193871EEC90FA89556804E4185CB362E0CA87A3D79939C71186DA805"})
TEST_ORGANISATIONS = "DC528E3788691B3F7950164076F95B02C64334C68662BDEDE5750B4E0E5338F6"

PRODUCTION = PRODUCTION_ROOTS | {PRODUCTION_ORGANISATIONS}
"""SHA-256 of IGC-Santé's own certificates (identity.md §4)."""
TEST = TEST_ROOTS | {TEST_ORGANISATIONS}
ROOTS = PRODUCTION_ROOTS | TEST_ROOTS
"""Above every domain of IGC-Santé: none of them is an anchor for mail, which is the domain Organisations' alone."""

_PRODUCTION_PSC, _TEST_PSC = "auth.esw.esante.gouv.fr", "auth.bas.psc.esante.gouv.fr"
"""Where Pro Santé Connect's two issuers stand (identity.md §1)."""

ASKED_EVERY = timedelta(hours=24)
"""A list is asked for again after a day, even where half of its life has not passed: it may be a long one."""
AHEAD = timedelta(minutes=10)
"""How far the issuer's clock may be ahead of ours."""


def mixed(pins: Collection[str], *, training: bool) -> bool:
    """Whether pins belong to another environment than the one that names them, or leave no anchor for mail."""
    foreign = PRODUCTION if training else TEST
    named = frozenset(pins)
    return bool(named & foreign) or (bool(named) and named <= ROOTS)


def is_other_issuer(issuer: str, *, training: bool) -> bool:
    """Whether an issuer is the Pro Santé Connect of the other kind of environment, or is not named in production."""
    host = issuer.lower().removeprefix("https://").partition("/")[0].partition(":")[0]
    return host == (_PRODUCTION_PSC if training else _TEST_PSC) or not (host or training)


class Trouble(Enum):
    """What is the matter with a list of revoked certificates, or with the place it comes from."""

    MISSING = "missing"  # none was ever had
    EXPIRED = "expired"  # past its next update
    OFFLINE = "offline"  # the place does not answer
    REFUSED = "refused"  # the place answers something else, or leads elsewhere
    TOO_BIG = "too big"
    DAMAGED = "damaged"  # no list, or one we cannot rely on
    FOREIGN = "foreign"  # not signed by an authority of the anchors file
    FORGED = "forged"  # its signature is not its issuer's
    ROLLED_BACK = "rolled back"  # older than the one we hold
    FUTURE = "future"  # issued later than now: one of the two clocks is wrong
    DISK = "disk"  # could not be kept: it serves until the program ends


@dataclass(frozen=True, slots=True)
class Listed:
    """The list held for one authority; `this_update` None while there is none. Times are aware."""

    authority: str
    """The authority's common name."""
    count: int = 0
    """How many certificates it revokes."""
    this_update: datetime | None = None
    next_update: datetime | None = None
    source: str = ""
    """Where it came from: a URL, or a file's name."""
    trouble: Trouble | None = None
    """MISSING, EXPIRED, or None: it serves every policy."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place that lists come from, and how the last try ended; `asked_at` None before the first."""

    name: str
    trouble: Trouble | None = None
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Revocation:
    """All that is known, for support and for the screen. No person stands in it."""

    policy: str
    lists: tuple[Listed, ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def cuts(self) -> bool:
        """Whether no mail server can be believed now for want of a valid list."""
        return self.policy == "required" and not any(each.trouble is None for each in self.lists)

    @property
    def blind(self) -> bool:
        """Whether lists are wanted and none was ever had."""
        return (
            self.policy != "off" and bool(self.sources) and all(each.trouble is Trouble.MISSING for each in self.lists)
        )


def valid(this_update: datetime, next_update: datetime, now: datetime) -> bool:
    """Whether a list says what is true now (RFC 5280 §5.1.2.4, 5.1.2.5)."""
    return this_update - AHEAD <= now < next_update


def due(this_update: datetime, next_update: datetime, asked_at: datetime, now: datetime) -> bool:
    """Whether to ask for a newer list: half of its life has passed, a day since it was asked for, or a clock jumped."""
    half = this_update + (next_update - this_update) / 2
    return now >= half or not timedelta(0) <= now - asked_at < ASKED_EVERY


def supersedes(new: tuple[int | None, datetime], held: tuple[int | None, datetime]) -> bool:
    """Whether a list may take another's place; each is (CRL number, this update).

    A number never falls (RFC 5280 §5.2.3) nor vanishes, and the date never goes back: an attacker on plain http has
    every old list at hand, each with a good signature.
    """
    (number, issued), (held_number, held_issued) = new, held
    if held_number is not None and (number is None or number < held_number):
        return False
    return issued >= held_issued
