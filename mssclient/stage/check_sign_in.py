"""The part of `mssclient check` that signs a person in: PSC, then the mailbox over IMAP and SMTP, then out again.

Nothing is read but what servers announce, nothing is changed, and no token is shown.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from mssclient.domain.environment import Environment, OperatorProfile
from mssclient.domain.errors import MssError, Offline
from mssclient.remote import smtp
from mssclient.remote.imap import ImapSession
from mssclient.remote.psc import PscRelay, RelaySession
from mssclient.remote.tls import MailTrust
from mssclient.remote.web import web_context
from mssclient.stage.check_walk import Found, Walk

SIGN_IN_S = 300.0
NEARLY_FULL = 0.9
_DIGITS = {
    "0": ("####", "#  #", "#  #", "#  #", "####"),
    "1": ("  # ", " ## ", "  # ", "  # ", " ###"),
    "2": ("####", "   #", "####", "#   ", "####"),
    "3": ("####", "   #", " ###", "   #", "####"),
    "4": ("#  #", "#  #", "####", "   #", "   #"),
    "5": ("####", "#   ", "####", "   #", "####"),
    "6": ("####", "#   ", "####", "#  #", "####"),
    "7": ("####", "   #", "  # ", " #  ", " #  "),
    "8": ("####", "#  #", "####", "#  #", "####"),
    "9": ("####", "#  #", "####", "   #", "####"),
}
CAPABILITIES = (
    ("MOVE", "déplacer"),
    ("UIDPLUS", "effacer un seul message"),
    ("IDLE", "arrivée immédiate"),
    ("CONDSTORE", "suivi des changements"),
    ("QRESYNC", "reprise rapide"),
    ("SPECIAL-USE", "dossiers nommés"),
    ("NAMESPACE", "espaces de dossiers"),
    ("QUOTA", "place disponible"),
)
"""What the program makes use of, and why a person cares."""


class Way(Enum):
    """How the person signs in for the check."""

    NONE = "none"
    BROWSER = "browser"
    E_CPS = "e-cps"


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the sign-in needs. `tell` shows the person a text at once; `opener` opens their browser."""

    way: Way
    national_id: str
    opener: Callable[[str], object]
    tell: Callable[[str], None]
    cancelled: Callable[[], bool] = lambda: False
    limit_s: float = SIGN_IN_S


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The mailbox that is opened, and what its servers are judged by."""

    environment: Environment
    profile: OperatorProfile
    address: str
    trust: MailTrust


def large(digits: str) -> str:
    """Digits that are read from across a desk."""
    rows = ["   ".join(_DIGITS[d][row] for d in digits if d in _DIGITS) for row in range(5)]
    return "\n".join("      " + row.rstrip() for row in rows)


@dataclass(frozen=True, slots=True)
class Ready:
    """Which services stand, from the steps before."""

    relay: bool
    imap: bool
    smtp: bool


_IMAP_STEPS = (
    ("imap-auth", "IMAP, ouverture de la boîte"), ("imap-capabilities", "IMAP, possibilités"),
    ("imap-folders", "IMAP, dossiers"), ("imap-quota", "IMAP, place"),
)  # fmt: skip
_SMTP_STEPS = (("smtp-auth", "SMTP, identification"), ("smtp-limits", "SMTP, limites"))


def walk_through(walk: Walk, asked: SignIn, environment: Environment, mailbox: Mailbox | None, ready: Ready) -> None:
    """Sign in, look, sign out; what does not stand is not tried."""
    session = walk.take("sign-in", "Identification", lambda: _signed_in(asked, environment), possible=ready.relay)
    if session is None:
        _skip(walk, *_IMAP_STEPS, *_SMTP_STEPS, ("sign-out", "Fin de session"))
        return
    try:
        if mailbox is not None and ready.imap:
            _imap_steps(walk, session, mailbox)
        else:
            _skip(walk, *_IMAP_STEPS)
        if mailbox is not None and ready.smtp:
            _smtp_steps(walk, session, mailbox)
        else:
            _skip(walk, *_SMTP_STEPS)
    finally:
        walk.take("sign-out", "Fin de session", lambda: _ended(session))


def _skip(walk: Walk, *steps: tuple[str, str]) -> None:
    for name, title in steps:
        walk.skip(name, title)


def _signed_in(asked: SignIn, environment: Environment) -> Found[RelaySession]:
    relay = PscRelay(environment, web_context(environment))
    session = _by_phone(relay, asked) if asked.way is Way.E_CPS else _by_browser(relay, asked)
    places = len(session.person.activities)
    return Found(session, f"Pro Santé Connect a répondu, {places} lieu(x) d’exercice")


def _by_browser(relay: PscRelay, asked: SignIn) -> RelaySession:
    begun = relay.begin_browser()
    asked.tell(f"    Le navigateur va s’ouvrir. Sinon, ouvrez cette adresse :\n    {begun.url}")
    asked.opener(begun.url)
    return begun.wait(asked.cancelled, asked.limit_s)


def _by_phone(relay: PscRelay, asked: SignIn) -> RelaySession:
    begun = relay.begin_ecps(asked.national_id)
    asked.tell(
        f"    Confirmez sur le téléphone, si ces deux chiffres y sont aussi ({begun.digits}) :\n\n{large(begun.digits)}\n"
    )
    try:
        return begun.wait(asked.cancelled)
    except KeyboardInterrupt:
        # A request that is left pending would refuse the next one.
        with contextlib.suppress(MssError):
            begun.wait(lambda: True)
        raise


def _ended(session: RelaySession) -> Found[bool]:
    session.end()
    return Found(value=True, words="session refermée au relais et à Pro Santé Connect")


def _imap_steps(walk: Walk, session: RelaySession, mailbox: Mailbox) -> None:
    (auth, title), *others = _IMAP_STEPS
    line = walk.take(auth, title, lambda: _opened(session, mailbox))
    if line is None:
        _skip(walk, *others)
        return
    acts = (_capabilities, _folders, _quota)
    try:
        for (name, title), act in zip(others, acts, strict=True):
            walk.take(name, title, functools.partial(act, line))
    finally:
        line.close()


def _opened(session: RelaySession, mailbox: Mailbox) -> Found[ImapSession]:
    token = session.token().value
    line = ImapSession.open(mailbox.environment, mailbox.profile, mailbox.address, token, trust=mailbox.trust)
    return Found(line, "boîte ouverte")


def _capabilities(line: ImapSession) -> Found[bool]:
    told = line.capabilities
    # QRESYNC brings CONDSTORE (RFC 7162 §3.2.3); QUOTA may be told as QUOTA=RES-STORAGE (RFC 9208 §3.1).
    there = {name for name, _ in CAPABILITIES if any(w == name or w.startswith(f"{name}=") for w in told)}
    there |= {"CONDSTORE"} if "QRESYNC" in there else set()
    yes = ", ".join(f"{name} ({why})" for name, why in CAPABILITIES if name in there) or "aucune"
    no = ", ".join(f"{name} ({why})" for name, why in CAPABILITIES if name not in there)
    return Found(value=True, words=f"{yes} ; absentes : {no}" if no else yes)


def _folders(line: ImapSession) -> Found[bool]:
    found = line.folders()
    return Found(value=True, words=f"{len(found)} dossiers, dont {sum(f.selectable for f in found)} à lire")


def _quota(line: ImapSession) -> Found[bool]:
    told = line.quota()
    if told is None:
        return Found(value=True, words="l’opérateur n’annonce pas de limite")
    used, limit = told
    said = f"{used / 1_048_576:.0f} Mo sur {limit / 1_048_576:.0f} Mo"
    if limit and used > NEARLY_FULL * limit:
        return Found(True, said, "la boîte est presque pleine", "Classez puis supprimez d’anciens messages.")
    return Found(value=True, words=said)


def _smtp_steps(walk: Walk, session: RelaySession, mailbox: Mailbox) -> None:
    (auth, title), (limits, limits_title) = _SMTP_STEPS

    found = walk.take(auth, title, lambda: _announced(session, mailbox))
    walk.take(limits, limits_title, lambda: _limits(found or {}), possible=found is not None)


def _announced(session: RelaySession, mailbox: Mailbox) -> Found[dict[str, str]]:
    def ask() -> dict[str, str]:
        token = session.token().value
        return smtp.announced(mailbox.environment, mailbox.profile, mailbox.address, token, trust=mailbox.trust)

    try:
        return Found(ask(), "acceptée")
    except Offline as error:
        if not error.busy:
            raise
    # Postfix answers the first AUTH after a restart of its SASL service with 454: a second one tells a real trouble.
    return Found(ask(), "acceptée au second essai")


def _limits(found: dict[str, str]) -> Found[bool]:
    size = found.get("size", "").strip()
    told = f"messages de {int(size) / 1_048_576:.1f} Mo au plus" if size.isdigit() and int(size) else "taille non dite"
    if "dsn" in found:
        return Found(value=True, words=f"{told} ; accusés de remise (DSN)")
    return Found(
        True, f"{told} ; pas d’accusés de remise (DSN)", "on ne saura pas qu’un message est arrivé", "Rien à faire."
    )
