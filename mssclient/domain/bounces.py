"""Bounces that are no DSN: which mails they are, and whom they name, from the wording of common servers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mssclient.domain.address import fold, normal

_DAEMONS = (
    "mailer-daemon", "postmaster", "mail-daemon", "mdaemon", "microsoftexchange", "mailerdaemon", "mail.delivery",
    "mail-delivery", "delivery-subsystem", "mailsystem", "mail-system", "internet.mail.delivery", "nepasrepondre-remise",
)  # fmt: skip
_SUBJECTS = (
    "undelivered mail returned to sender", "undeliverable", "mail delivery failed", "mail delivery failure",
    "delivery status notification", "failure notice", "returned mail", "delivery failure", "delivery has failed",
    "message delivery failure", "undeliverable mail", "non remis", "echec de la remise", "echec de remise",
    "echec de distribution", "non distribuable", "message non delivre", "notification d etat de remise",
    "notification d echec", "delayed mail", "warning message", "delivery delayed", "remise differee",
    "retard de remise", "mail system error", "nondeliverable", "message non remis", "mail could not be delivered",
    "delivery failure report", "rapport d echec", "rapport de non remise", "rapport de non distribution", "non delivre",
    "avis de non remise", "avis de non distribution", "notification de non", "erreur de remise", "erreur d envoi",
    "remise impossible", "impossible de remettre", "could not be delivered", "was not delivered", "undelivered mail",
    "unzustellbar", "message refuse", "message rejete", "message status undeliverable", "mail undeliverable",
    "delivery problem", "email rejected", "mail refuse", "retour de message", "message non distribue",
)  # fmt: skip
_ABSENCES = (
    "reponse automatique", "out of office", "absence du bureau", "absent du bureau", "message d absence", "absence de",
    "automatic reply", "auto reply", "autoreply", "en conges", "en conge ", "vacation", "accuse de reception automatique",
    "abwesend", "je suis absent", "notification d absence", "fermeture du cabinet",
)  # fmt: skip
_DELAYS = (
    "delayed mail",
    "warning message",
    "delivery delayed",
    "remise differee",
    "still be retried",
    "will be retried",
    "will keep trying",
    "will continue to try",
    "nouvelle tentative",
    "nouvelles tentatives",
    "n a pas encore ete",
    "has not yet been delivered",
    "has been delayed",
    "no action is required",
    "retardee",
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
    ("5.2.2", ("mailbox full", "over quota", "quota exceeded", "mailbox is full", "boite pleine", "exceeded storage",
               "boite aux lettres pleine", "est pleine", "quota depasse", "depassement de quota", "quota atteint",
               "insufficient storage", "mailbox for user is full", "storage full", "exceeds quota", "exceeded quota")),
    ("5.3.4", ("message size exceeds", "too large", "size limit", "trop volumineux", "taille maximale", "taille du message",
               "depasse la taille", "trop grand", "exceeds maximum", "message too big", "25 mo")),
    ("5.2.1", ("disabled", "desactive", "suspendu", "cloture", "inactive", "inactif", "account closed", "ferme son",
               "n est plus active", "n a pas active", "non active")),
    ("5.7.1", ("oppose", "opposition", "ne souhaite pas recevoir", "n accepte pas", "a bloque", "non autorise",
               "n est pas autorise")),
    ("5.1.2", ("host or domain name not found", "domain not found", "no such domain", "unrouteable",
               "couldn t find any host", "name service error", "domaine inconnu", "domain does not exist",
               "no route found", "host unknown", "unknown host", "nom de domaine", "not listed in domino domain")),
    ("5.1.1", ("user unknown", "unknown user", "no such user", "does not exist", "no mailbox here", "recipient unknown",
               "no such mailbox", "recipientnotfound", "mailbox unavailable", "invalid recipient", "inconnu",
               "not listed in", "couldn t be found", "wasn t found", "address not found", "introuvable", "n existe pas",
               "n existe plus", "unknown recipient", "no mailbox", "not found in directory", "adresse invalide",
               "unknown address", "unknown local part")),
    ("4.4.1", ("connection timed out", "connection refused", "retry timeout", "timed out", "network is unreachable",
               "ne repond pas", "injoignable", "delai depasse")),
    ("5.4.6", ("mail loop", "too many hops", "boucle")),
    ("5.7.1", ("relay access denied", "access denied", "not authorized", "blocked", "rejected by policy", "spam",
               "refuse par", "message refuse", "virus", "content rejected", "listed in", "policy")),
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
    if words.startswith(("re ", "tr ", "fwd ", "fw ")) or is_absence(subject):
        return False
    worded = any(phrase in words for phrase in _SUBJECTS)
    system = is_system(sender)
    return listed or (worded and (system or automatic)) or (system and automatic and "deliver" in words)


def is_system(sender: str) -> bool:
    """Whether an address is that of a mail system, by its name; nobody's address is."""
    return sender == "" or normal(sender).partition("@")[0].startswith(_DAEMONS)


def is_absence(subject: str) -> bool:
    """Whether a subject is that of an automatic answer of a person who is away: good news, in a way (RFC 3834)."""
    words = f"{fold(subject)} "
    return any(words.startswith(phrase) or f" {phrase}" in words for phrase in _ABSENCES)


def failures(text: str, listed: Sequence[str] = (), ours: Sequence[str] = ()) -> tuple[Failure, ...]:
    """The recipients a bounce names, with the words that stand after each; `listed` are those a header names, `ours` those
    it was sent to.

    Postfix and qmail write `<address>: why`, Exim the address on a line and why below, Exchange `Name (address)`.
    """
    end = _END.search(text, 1)
    own = text[: end.start()] if end else text
    delayed = any(phrase in fold(own[:20_000]) for phrase in _DELAYS) and "5." not in _codes(own)
    named = [(address, words) for address, words in _named(own) if address not in ours]
    wanted = [normal(each) for each in listed] or [address for address, _ in named]
    reasons: dict[str, str] = {}
    for address, words in named:
        # A server's quoted answer may begin a line with the same address.
        reasons[address] = f"{reasons.get(address, '')} {words}".strip()[:500]
    if not wanted:
        met = (normal(found[0]) for found in _ADDRESS.finditer(own[:100_000]))
        wanted = [address for address in met if address not in ours][:1]
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
