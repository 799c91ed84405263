"""The failures a person can be told about.

    MssError
    ├── Offline         the world is not there; keep, retry quietly          (status bar)
    ├── SessionEnded    PSC session over, token refused twice, card gone     (sign-in screen)
    ├── Refused         the operator said no for good; carries its code      (told once, with the code)
    ├── Untrusted       a certificate, a host or an address is not to be trusted (told, nothing was sent)
    ├── NotAllowed      our own rules said no; carries objections            (next to the field)
    ├── CardTrouble     absent, blocked, unknown card, no reader             (card panel)
    ├── FilingRefused   folder missing, full, name taken, type refused       (filing panel)
    ├── Unreadable      foreign input that we refuse or cannot read          (told where it stands)
    ├── StoreTrouble    disk full, locked, damaged: the world's fault        (told, with what to do)
    └── Cancelled       the user changed their mind; never shown
    anything else is a bug: logged with its traceback, the user gets one calm sentence

Each is raised at the border room that understood the library's exception, and caught in two places only:
`engine/worker.py` and the last-chance hook of `app.py`. The messages are English, for logs, and carry no content;
`ui/wording.py` words every class (and its `reason`) in French.
"""

from __future__ import annotations

import re
from enum import Enum

_NO_WORD = re.compile(r"[A-Za-z0-9+/=_.~-]{48,}")
"""Longer than any word, address or host name: a token, or base64 of one."""


class MssError(Exception):
    """Root of the tree. `str(error)` is for logs: codes and verbs, never names, subjects or addresses."""


class Offline(MssError):
    """The service cannot be reached now, or asked to come back later; whatever was asked is kept and retried."""

    def __init__(self, why: str = "", *, busy: bool = False) -> None:
        super().__init__(why)
        self.busy = busy
        """True when the server answered that it is in trouble ([UNAVAILABLE], 4xx), false when the line is cut."""


class SessionEnded(MssError):
    """The PSC session is over, or the operator refused a fresh token twice: sign in again."""


class Refused(MssError):
    """The operator said no for good. `code` is its enhanced status or IMAP response code, `text` its own words, without
    what no person reads: some servers repeat the token they refuse."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.text = _NO_WORD.sub("…", text)


class Distrust(Enum):
    """Why a server, a host or an address is not trusted."""

    CHAIN = "chain"  # certificate does not chain to the trust store of this service
    NAME = "name"  # certificate is for another host
    EXPIRED = "expired"
    REVOKED = "revoked"
    PROTOCOL = "protocol"  # no STARTTLS, TLS too old, suite or key too weak
    DISCOVERY = "discovery"  # autoconfiguration missing, damaged or pointing elsewhere
    ANCHOR = "anchor"  # a trust anchor file is missing or not the pinned one
    IDENTITY = "identity"  # the relay signed in another person than the card's
    REVOCATION = "revocation"  # no valid list of revoked certificates, and the policy demands one
    ENVIRONMENT = "environment"  # pieces of two environments were mixed: the relay's PSC, the anchors, the home


class Untrusted(MssError):
    """A peer failed a trust check; nothing was sent to it. `subject` is a host name (never a person)."""

    def __init__(self, reason: Distrust, subject: str = "") -> None:
        super().__init__(f"{reason.value} {subject}".strip())
        self.reason = reason
        self.subject = subject


class NotAllowed(MssError):
    """Our own rules said no; `objections` are `domain.draft.Objection` values."""

    def __init__(self, objections: tuple[object, ...]) -> None:
        super().__init__(f"{len(objections)} objections")
        self.objections = objections


class CardReason(Enum):
    """What is the matter with the card or its reader."""

    NO_SUPPORT = "no support"  # no PC/SC on this machine
    NO_READER = "no reader"
    ABSENT = "absent"
    UNKNOWN = "unknown"  # a card, but not a CPx
    VITALE = "vitale"
    MUTE = "mute"  # a card that does not answer


class CardTrouble(MssError):
    """No usable card; `reason` says why."""

    def __init__(self, reason: CardReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class FilingReason(Enum):
    """Why a document was not filed."""

    NO_FOLDER = "no folder"
    READ_ONLY = "read only"
    FULL = "full"
    NAME = "name"  # the folder refuses the name or its length
    TYPE = "type"  # a refused kind of file
    ALREADY = "already"  # the same document was filed before
    VANISHED = "vanished"  # the share went away while writing
    IDENTITY = "identity"  # no usager was confirmed
    OUTDATED = "outdated"  # a newer version of the document was filed


class FilingRefused(MssError):
    """The document was not filed and nothing half-written was left."""

    def __init__(self, reason: FilingReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Unread(Enum):
    """Why foreign input is not read."""

    NOT_IT = "not it"  # not the kind of thing it claims to be
    DAMAGED = "damaged"
    TOO_BIG = "too big"  # over our limits: size, count, depth, ratio, time
    FORBIDDEN = "forbidden"  # DOCTYPE, entity, path outside, symlink, encrypted entry
    EMPTY = "empty"


class Unreadable(MssError):
    """Foreign input that is refused or cannot be read; nothing of it was executed or fetched."""

    def __init__(self, reason: Unread, where: str = "") -> None:
        super().__init__(f"{reason.value} {where}".strip())
        self.reason = reason
        self.where = where


class StoreReason(Enum):
    """What is the matter with the local store."""

    FULL = "full"
    DAMAGED = "damaged"
    LOCKED = "locked"  # another process holds it
    NEWER = "newer"  # written by a newer version of the program
    KEY = "key"  # the key does not open it, or the relay does not lend the share that does
    KEY_LOST = "key lost"  # the keyring has it no more: the store was kept aside and another begun
    KEYRING = "keyring"  # there is none: what is kept here ends with the program
    KEYRING_LOCKED = "keyring locked"  # there is one, and nobody opened it


class StoreTrouble(MssError):
    """The local store cannot be used: the world's fault, not a bug."""

    def __init__(self, reason: StoreReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Cancelled(MssError):
    """The user changed their mind; never shown."""
