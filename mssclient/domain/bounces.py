"""Bounces that are no DSN: which mails they are, and whom they name, from the wording of common servers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mssclient.domain.address import fold, normal

_DAEMONS = ("mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "microsoftexchange", "mailerdaemon")
_SUBJECTS = (
    "undelivered mail returned to sender", "undeliverable", "mail delivery failed", "mail delivery failure",
    "delivery status notification", "failure notice", "returned mail", "delivery failure", "delivery has failed",
    "message delivery failure", "undeliverable mail", "non remis", "echec de la remise", "echec de remise",
    "echec de distribution", "non distribuable", "message non delivre", "notification d etat de remise",
    "notification d echec", "delayed mail", "warning message", "delivery delayed", "remise differee",
    "retard de remise",    "mail system error", "nondeliverable", "message non remis",
)  # fmt: skip
_DELAYS = (
    "delayed mail",
    "warning message",
    "delivery delayed",
    "remise differee",
    "still be retried",
    "will be retried",
)
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_SMTP = re.compile(r"\b([45]\d\d)[ -]")
_END = re.compile(
    r"^[ \t]*(-{2,} ?(this is a copy|below this line|original message|the header|included)|reporting-mta:|"
    r"received: from|return-path:|original message headers|en-tetes|------ )",
    re.IGNORECASE | re.MULTILINE,
)
_LINE_START = re.compile(
    r"^[ \t]*(?:<([^<>\s]+@[^<>\s]+)>|([^\s<>(]+@[^\s<>:)]+)|.{0,80}\(([^()\s]+@[^()\s]+)\))[ \t]*:?", re.MULTILINE
)
_WORDING = (
    ("5.2.2", ("mailbox full", "over quota", "quota exceeded", "mailbox is full", "boite pleine", "exceeded storage")),
    ("5.1.1", ("user unknown", "unknown user", "no such user", "does not exist", "no mailbox here", "recipient unknown",
               "no such mailbox", "recipientnotfound", "mailbox unavailable", "invalid recipient", "inconnu")),
    ("5.1.2", ("host or domain name not found", "domain not found", "no such domain", "unrouteable",
               "couldn t find any host", "name service error", "domaine inconnu")),
    ("5.3.4", ("message size exceeds", "too large", "size limit", "trop volumineux")),
    ("4.4.1", ("connection timed out", "connection refused", "retry timeout", "timed out", "network is unreachable")),
    ("5.7.1", ("relay access denied", "access denied", "not authorized", "blocked", "rejected by policy", "spam")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient that a bounce names."""

    address: str
    """Lower case; empty when the bounce names nobody."""
    status: str
    """Enhanced status, found or deduced from the wording; empty when neither."""
    reason: str
    delayed: bool


def is_bounce(sender: str, subject: str, *, automatic: bool, listed: bool) -> bool:
    """Whether a mail without delivery-status is a bounce: sent by a mail system and worded as one, never an answer."""
    words = fold(subject)
    if words.startswith(("re ", "tr ", "fwd ", "fw ")):
        return False
    worded = any(phrase in words for phrase in _SUBJECTS)
    system = sender == "" or normal(sender).partition("@")[0].startswith(_DAEMONS)
    return listed or (worded and (system or automatic)) or (system and automatic and "deliver" in words)


def failures(text: str, listed: Sequence[str] = ()) -> tuple[Failure, ...]:
    """The recipients a bounce names, with the words that stand after each; `listed` are those a header names.

    Postfix and qmail write `<address>: why`, Exim the address on a line and why below, Exchange `Name (address)`.
    """
    end = _END.search(text, 1)
    own = text[: end.start()] if end else text
    delayed = any(phrase in fold(own[:20_000]) for phrase in _DELAYS) and "5." not in _codes(own)
    named = _named(own)
    wanted = [normal(each) for each in listed] or [address for address, _ in named]
    reasons: dict[str, str] = {}
    for address, words in named:
        # A server's quoted answer may begin a line with the same address.
        reasons[address] = f"{reasons.get(address, '')} {words}".strip()[:500]
    if not wanted:
        wanted = [normal(found[0]) for found in _ADDRESS.finditer(own)][:1]
    found = []
    for address in dict.fromkeys(wanted[:200]):
        reason = reasons.get(address, "") or _about(own)
        found.append(Failure(address, _status(reason) or _status(own), reason, delayed))
    if not found and (status := _status(own)):
        found.append(Failure("", status, _about(own), delayed))
    return tuple(found)


def _codes(text: str) -> str:
    return " ".join(found[1] for found in _STATUS.finditer(text[:20_000]))


def _named(text: str) -> list[tuple[str, str]]:
    """Addresses that begin a line, each with the words up to the next one."""
    starts = [
        m for m in _LINE_START.finditer(text[:100_000]) if _ADDRESS.fullmatch((m[1] or m[2] or m[3]).rstrip(":,.;"))
    ]
    named = []
    for number, match in enumerate(starts):
        until = starts[number + 1].start() if number + 1 < len(starts) else match.end() + 1000
        address = normal((match[1] or match[2] or match[3]).rstrip(":,.;"))
        named.append((address, " ".join(text[match.end() : until].split())[:500]))
    return named


def _about(text: str) -> str:
    """The line that carries a code, else the first words."""
    for line in text.splitlines():
        if _STATUS.search(line) or _SMTP.search(line):
            return " ".join(line.split())[:500]
    return " ".join(text.split())[:200]


def _status(text: str) -> str:
    if found := _STATUS.search(text):
        return found[1]
    words = fold(text)
    deduced = next((status for status, phrases in _WORDING if any(phrase in words for phrase in phrases)), "")
    smtp = _SMTP.search(text)
    return deduced or (f"{smtp[1][0]}.0.0" if smtp else "")
