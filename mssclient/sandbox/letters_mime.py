"""Turns a sample mail into bytes as an operator delivers it: trace headers, MIME, CRLF (RFC 5322, RFC 2045)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from mssclient.domain.address import USAGER_DOMAIN, domain_of
from mssclient.sandbox.people import SECRETARIAT, Correspondent, institution

NIL = "SANDBOX-NIL-0001"
"""X-MSS-NIL of the fictitious products (ECO.2.4.3)."""
SEEN, FLAGGED, ANSWERED, FORWARDED, MDN_SENT = "\\Seen", "\\Flagged", "\\Answered", "$Forwarded", "$MDNSent"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that stands in a folder of a BAL from the start; flags in IMAP spelling, `received` aware."""

    folder: tuple[str, ...]
    raw: bytes
    flags: frozenset[str]
    received: datetime


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a mail: display name and address."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class File:
    """An attachment, or a picture of the HTML body when `content_id` is set."""

    name: str
    media_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail before it is MIME. `key` is unique in the sandbox: the Message-ID comes from it."""

    key: str
    sender: Party
    to: tuple[Party, ...]
    subject: str
    text: str
    sent: datetime
    cc: tuple[Party, ...] = ()
    html: str = ""
    files: tuple[File, ...] = ()
    answers: tuple[str, ...] = ()
    """Message-IDs of the conversation so far, oldest first."""
    headers: tuple[tuple[str, str], ...] = ()
    enclosed: bytes = b""
    """A whole message attached as message/rfc822."""

    @property
    def message_id(self) -> str:
        """With angle brackets."""
        return message_id(self.key, self.sender.address)


def message_id(key: str, address: str) -> str:
    """The Message-ID that a key gives at the sender's domain."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:24]}@{domain_of(address)}>"


def party(who: Correspondent | str) -> Party:
    """The end of a mail for a correspondent, or for one of our mailboxes by address."""
    if isinstance(who, Correspondent):
        return Party(who.label, who.address)
    return {box.address: Party(box.label, box.address) for box in institution().mailboxes}[who]


def ago(now: datetime, days: int, clock: str) -> datetime:
    """A moment so many days ago at HH:MM, Sundays not counted; never later than `now`."""
    hour, minute = map(int, clock.split(":"))
    when = now.replace(hour=hour, minute=minute, second=17, microsecond=0)
    for _ in range(days):
        when -= timedelta(days=2 if when.weekday() == 0 else 1)
    return when if when < now else now - timedelta(minutes=3 + minute)


def submitted(mail: Mail) -> bytes:
    """The mail as it leaves its author: MIME, CRLF, the body in UTF-8, without the operator's trace headers."""
    message = EmailMessage(policy=SMTP)
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html:
        _add_html(message, mail)
    for file in mail.files:
        if not file.content_id:
            main, _, sub = file.media_type.partition("/")
            message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    if mail.enclosed:
        message.add_attachment(message_from_bytes(mail.enclosed, policy=SMTP))
    _fix_boundaries(message, mail.key)
    return headers(mail) + message.as_bytes()


def headers(mail: Mail) -> bytes:
    """The header lines of a mail but for its MIME ones, each ended by CRLF."""
    lines = [
        f"From: {address(mail.sender)}",
        f"To: {_listed(mail.to)}",
        *([f"Cc: {_listed(mail.cc)}"] if mail.cc else []),
        f"Subject: {encoded(mail.subject)}",
        f"Date: {format_datetime(mail.sent)}",
        f"Message-ID: {mail.message_id}",
    ]
    if mail.answers:
        lines += [f"In-Reply-To: {mail.answers[-1]}", "References: " + "\r\n ".join(mail.answers)]
    lines += [f"{name}: {value}" for name, value in mail.headers]
    if mail.sender.address.partition("@")[2] != USAGER_DOMAIN and not any(n == "X-MSS-NIL" for n, _ in mail.headers):
        lines.append(f"X-MSS-NIL: {NIL}")
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def encoded(text: str) -> str:
    """A header's text by RFC 2047 when it is not ASCII, folded."""
    # Not EmailMessage's own folding: CPython 3.11 puts a blank into a name that spans two encoded words.
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, maxlinelen=72, header_name="Subject").encode(linesep="\r\n")


def address(one: Party) -> str:
    """A display name and its address as a header spells them."""
    if not one.label:
        return one.address
    if one.label.isascii():
        return formataddr((one.label, one.address))
    return f"{encoded(one.label)}\r\n <{one.address}>"


def _listed(parties: Sequence[Party]) -> str:
    return ",\r\n ".join(address(one) for one in parties)


def _add_html(message: EmailMessage, mail: Mail) -> None:
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    parts = message.get_payload()
    if not isinstance(parts, list) or not isinstance(page := parts[-1], EmailMessage):
        raise TypeError("add_alternative makes a multipart")
    for file in mail.files:
        if file.content_id:
            main, _, sub = file.media_type.partition("/")
            page.add_related(
                file.content, maintype=main, subtype=sub, cid=f"<{file.content_id}>", filename=file.name,
                disposition="inline",
            )  # fmt: skip


def _fix_boundaries(message: EmailMessage, key: str) -> None:
    """Give every multipart a boundary drawn from the key: the standard library's own are random."""
    root = hashlib.sha256(f"boundary {key}".encode()).hexdigest()[:20]
    for number, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart":
            part.set_boundary(f"=_{root}_{number}")


def traced(raw: bytes, sender: str, to: str, sent: datetime) -> bytes:
    """The bytes as the operator hands them over: Return-Path and one Received line in front (RFC 5321 §4.4)."""
    token = hashlib.sha256(raw[:400]).hexdigest()[:12]
    head = (
        f"Return-Path: <{sender}>\r\n"
        f"Received: from mta.{domain_of(sender) or 'mailer.example'} by mx.{domain_of(to)} with ESMTPS id {token}\r\n"
        f"\tfor <{to}>; {format_datetime(sent)}\r\n"
    )
    return head.encode("ascii") + raw


def delivered(mail: Mail, to: str = "", return_path: str | None = None) -> bytes:
    """The bytes of a mail received at a mailbox (the first recipient's, unless said)."""
    sender = mail.sender.address if return_path is None else return_path
    return traced(submitted(mail), sender, to or mail.to[0].address, mail.sent)


def letter(mail: Mail, folder: tuple[str, ...] = ("INBOX",), *flags: str, to: str = "") -> Letter:
    """A received mail in its folder."""
    return Letter(folder, delivered(mail, to), frozenset(flags), mail.sent + timedelta(seconds=4))


def kept(mail: Mail, folder: tuple[str, ...], *flags: str) -> Letter:
    """A mail of ours in Sent or elsewhere: as submitted, without trace headers, read."""
    return Letter(folder, submitted(mail), frozenset({SEEN, *flags}), mail.sent + timedelta(seconds=1))


SIGNATURE = (
    "\n-- \nSylvie MARCHAL\nSecrétariat, EHPAD Résidence Les Tilleuls\n14 allée des Tilleuls, 63999 "
    f"Montfleury-les-Bois\nTél. 04 99 01 08 08 - {SECRETARIAT}\n"
)
