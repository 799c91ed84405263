"""Reports that a mail system sends back: delivery status (RFC 3464), receipts and integration answers (RFC 8098)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formatdate

from mssclient.sandbox.imap_mime import parse

DISPLAYED = "manual-action/MDN-sent-manually; displayed"
PROCESSED = "automatic-action/MDN-sent-automatically; processed"
"""The answer of a recipient's software that integrated the documents (mssante.md §6)."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message at one recipient. `action` is RFC 3464's: delivered, failed or delayed."""

    recipient: str
    original: str
    """ORCPT as the client sent it, `rfc822;…`; empty when it sent none."""
    action: str
    status: str
    diagnostic: str = ""


_SUBJECTS = {
    "delivered": "Successful Mail Delivery Report",
    "failed": "Undelivered Mail Returned to Sender",
    "delayed": "Delayed Mail (still being retried)",
}


def delivery_report(
    host: str, sender: str, envelope_id: str, fates: Sequence[Fate], raw: bytes, *, full: bool
) -> bytes:
    """One DSN for recipients of one and the same action. `full` returns the message, else its header (RET=)."""
    action = fates[0].action
    subject = _SUBJECTS[action]
    human = [f"This is the mail system at host {host}.", "", *(f"<{fate.recipient}>: {fate.action}" for fate in fates)]
    machine = [f"Reporting-MTA: dns; {host}"]
    if envelope_id:
        machine.append(f"Original-Envelope-Id: {envelope_id}")
    machine.append(f"Arrival-Date: {formatdate(localtime=True)}")
    for fate in fates:
        machine += ["", *([f"Original-Recipient: {fate.original}"] if fate.original else [])]
        machine += [f"Final-Recipient: rfc822; {fate.recipient}", f"Action: {fate.action}", f"Status: {fate.status}"]
        if fate.diagnostic:
            machine.append(f"Diagnostic-Code: smtp; {fate.diagnostic}")
    returned = raw if full else parse(raw).header
    kind = "message/rfc822" if full else "text/rfc822-headers"
    head = [
        "Return-Path: <>",
        f"From: Mail Delivery System <mailer-daemon@{host}>",
        f"To: {sender}",
        f"Subject: {subject}",
        *_common(host),
        "Auto-Submitted: auto-replied",
    ]
    return _report(head, "delivery-status", human, ("message/delivery-status", machine), (kind, returned))


def disposition_report(
    recipient: str,
    raw: bytes,
    disposition: str = DISPLAYED,
    *,
    subject: str = "Accusé de lecture",
    error: str = "",
) -> bytes | None:
    """The MDN of one recipient; None when the message does not ask for one.

    An integration failure is `disposition=PROCESSED + "/Error: 904^Discordance"` and a `[KO …]` subject.
    """
    node = parse(raw)
    wanted = node.field(b"disposition-notification-to")
    if wanted is None:
        return None
    host = recipient.rpartition("@")[2]
    original = (node.field(b"message-id") or b"").decode("ascii", "replace")
    machine = [
        f"Reporting-UA: {host}; mssclient sandbox",
        f"Final-Recipient: rfc822; {recipient}",
        f"Original-Message-ID: {original}",
        f"Disposition: {disposition}",
        *([f"Error: {error}"] if error else []),
    ]
    head = [
        f"From: {recipient}",
        f"To: {wanted.decode('ascii', 'replace')}",
        f"Subject: =?utf-8?Q?{_q_encoded(subject)}?=",
        *_common(host),
        f"In-Reply-To: {original}",
        f"References: {original}",
    ]
    human = [f"The message sent to <{recipient}> was: {disposition.partition(';')[2].strip()}."]
    status = ("message/disposition-notification", machine)
    return _report(head, "disposition-notification", human, status, ("text/rfc822-headers", node.header))


def _q_encoded(text: str) -> str:
    safe = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return "".join(chr(byte) if byte in safe else f"={byte:02X}" for byte in text.encode())


def _common(host: str) -> list[str]:
    return [
        f"Date: {formatdate(localtime=True)}",
        f"Message-ID: <{uuid.uuid4().hex}@{host}>",
        "MIME-Version: 1.0",
    ]


def _report(
    head: list[str], kind: str, human: list[str], machine: tuple[str, list[str]], returned: tuple[str, bytes]
) -> bytes:
    boundary = uuid.uuid4().hex
    content_type = f'Content-Type: multipart/report; report-type={kind}; boundary="{boundary}"'
    lines = [
        *head, content_type, "",
        f"--{boundary}", "Content-Type: text/plain; charset=us-ascii", "", *human, "",
        f"--{boundary}", f"Content-Type: {machine[0]}", "", *machine[1], "",
        f"--{boundary}", f"Content-Type: {returned[0]}", "", "",
    ]  # fmt: skip
    text = "\r\n".join(lines).encode("utf-8", "replace")
    return text + returned[1].rstrip(b"\r\n") + f"\r\n\r\n--{boundary}--\r\n".encode("ascii")
