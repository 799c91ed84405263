"""Who is signed in, the states of a session, and the only table that may decide to lock."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class SessionState(Enum):
    """Where the workstation stands between two people."""

    SIGNED_OUT = "signed out"
    SIGNING_IN = "signing in"
    OPEN = "open"
    READING = "reading"
    """PSC is over and the policy lets the person read and draft on: nothing is sent or fetched, nothing is covered."""
    LOCKED = "locked"


class SessionEvent(Enum):
    """What can happen to a session."""

    SIGN_IN = "sign in"  # the person asked to sign in
    SIGNED_IN = "signed in"
    CARD_OUT = "card out"
    PSC_OVER = "psc over"  # 4 h, 30 min idle, or signed out elsewhere
    TOKEN_REFUSED = "token refused"  # noqa: S105  # twice, by the operator
    LINE_DOWN = "line down"
    IDLE = "idle"
    LOCK = "lock"  # by hand
    GIVE_UP = "give up"  # sign-in cancelled or failed
    SIGN_OUT = "sign out"


_S, _E = SessionState, SessionEvent
_LOCKING = (_E.CARD_OUT, _E.PSC_OVER, _E.TOKEN_REFUSED, _E.IDLE, _E.LOCK)

STEPS: dict[tuple[SessionState, SessionEvent], SessionState] = {
    (_S.SIGNED_OUT, _E.SIGN_IN): _S.SIGNING_IN,
    (_S.SIGNED_OUT, _E.SIGNED_IN): _S.OPEN,
    (_S.SIGNING_IN, _E.SIGNED_IN): _S.OPEN,
    (_S.SIGNING_IN, _E.CARD_OUT): _S.SIGNED_OUT,
    (_S.SIGNING_IN, _E.PSC_OVER): _S.SIGNED_OUT,
    (_S.SIGNING_IN, _E.TOKEN_REFUSED): _S.SIGNED_OUT,
    (_S.SIGNING_IN, _E.GIVE_UP): _S.SIGNED_OUT,
    (_S.LOCKED, _E.SIGNED_IN): _S.OPEN,
    (_S.LOCKED, _E.SIGN_OUT): _S.SIGNED_OUT,
    (_S.OPEN, _E.SIGN_OUT): _S.SIGNED_OUT,
    **{(_S.OPEN, event): _S.LOCKED for event in _LOCKING},
    (_S.READING, _E.SIGNED_IN): _S.OPEN,
    (_S.READING, _E.SIGN_OUT): _S.SIGNED_OUT,
    **{(_S.READING, event): _S.LOCKED for event in (_E.CARD_OUT, _E.IDLE, _E.LOCK)},
}
READING_STEPS: dict[tuple[SessionState, SessionEvent], SessionState] = {
    (_S.OPEN, _E.PSC_OVER): _S.READING,
    (_S.OPEN, _E.TOKEN_REFUSED): _S.READING,
}
"""What differs where reading and drafting may go on without PSC (identity.md §3)."""

SESSION_MOST_S = 4 * 3600.0
"""PSC ends every session after that, whatever was refreshed (identity.md §1)."""
ENDING_S = 15 * 60.0
"""So long before the end the person is told."""


def step(state: SessionState, event: SessionEvent, *, reading: bool = False) -> SessionState:
    """The state after an event (architecture, session table); events a state does not know leave it as it is.
    `reading`: the policy lets a person read on when PSC is over."""
    if reading and (state, event) in READING_STEPS:
        return READING_STEPS[state, event]
    return STEPS.get((state, event), state)


@dataclass(frozen=True, slots=True)
class Activity:
    """One place and function a person practises in, from PSC's SubjectRefPro."""

    profession: str
    """Label, or the code when PSC gives no label."""
    speciality: str
    structure: str
    structure_id: str = ""

    @property
    def key(self) -> str:
        """What the choice of this activity is kept under."""
        return "|".join((self.structure_id or self.structure, self.profession, self.speciality))


@dataclass(frozen=True, slots=True)
class Person:
    """The signed-in individual, canonicalised by the relay."""

    national_id: str
    """Type digit + number: "8" + 11-digit RPPS, "0" + ADELI, "3" FINESS-internal."""
    given: str
    family: str
    title: str = ""
    activities: tuple[Activity, ...] = ()

    @property
    def name(self) -> str:
        """As one says it: "Dr Claire VASSEUR"."""
        return " ".join(piece for piece in (self.title, self.given, self.family.upper()) if piece)


def activity_of(person: Person, kept: str) -> Activity | None:
    """What the person works as: the activity of the kept key while PSC still names it, the only one, or None while
    several wait for a choice: PSC selects none (identity.md §1)."""
    if len(person.activities) == 1:
        return person.activities[0]
    return next((activity for activity in person.activities if activity.key == kept), None)


@dataclass(frozen=True, slots=True)
class CardHolder:
    """What a card in the reader says without PIN; empty strings where it could not be read."""

    national_id: str
    name: str
    profession: str
    test_card: bool = False


@dataclass(frozen=True, slots=True)
class CardStatus:
    """The reader as the sign-in screen shows it."""

    supported: bool
    """Whether a card reader can be used at all on this machine."""
    reader: bool
    present: bool
    holder: CardHolder | None = None
    trouble: str = ""
    """Name of an `errors.CardReason`, or empty."""


class SignInStage(Enum):
    """Where a sign-in under way stands."""

    IDLE = "idle"
    BROWSER = "browser"  # waiting for the person in their browser
    PHONE = "phone"  # waiting for the e-CPS application; digits are shown
    OPENING = "opening"  # identity known, store and mailboxes being opened
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SignInView:
    """What the sign-in screen shows of a sign-in under way."""

    stage: SignInStage = SignInStage.IDLE
    digits: str = ""
    """The two digits of the e-CPS request."""
    expires_in_s: int = 0
    url: str = ""
    """Where the browser was sent, for a person whose browser did not open."""
    code: str = ""
    """Four digits that the browser's page shows too, when it could not reach this workstation by itself."""
    failure: Exception | None = None
    """An `MssError`, worded by the UI."""


def canonical_id(raw: str) -> str:
    """A national id with its type digit: one PSC environment returns the bare 11 digits of an RPPS (identity.md §1)."""
    digits = raw.strip()
    return "8" + digits if len(digits) == 11 and digits.isdigit() else digits


def same_person(one: str, other: str) -> bool:
    """Whether two national ids are one person's."""
    return canonical_id(one) == canonical_id(other) != ""


def holder_id(card: CardStatus) -> str:
    """The national id of the card that is in the reader; empty without a card, or while it is not read."""
    return canonical_id(card.holder.national_id) if card.present and card.holder is not None else ""


def is_strangers(card: CardStatus, person: Person) -> bool:
    """Whether the card in the reader is known to be another person's."""
    return holder_id(card) != "" and not same_person(holder_id(card), person.national_id)


def card_left(before: CardStatus, now: CardStatus) -> bool:
    """Whether the card that was seen is gone: pulled out, or another one, or an unread one, stands in its place."""
    if not before.present:
        return False
    return not now.present or (holder_id(before) != "" and holder_id(now) != holder_id(before))
