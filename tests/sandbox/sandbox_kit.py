"""A small sandbox for its own tests: two people, three BAL, and the clients that open them."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from imapclient import IMAPClient

from mssclient.domain.bal import BalKind
from mssclient.sandbox.mailstore import Box, Seed
from mssclient.sandbox.operator import Operator

ALINE, BRUNO = "899700000001", "899700000002"
PER = "aline.demo@tilleuls.mss.example"
ORG = "secretariat@tilleuls.mss.example"
OTHER = "bruno.demo@cabinet.mss.example"
OUTSIDE = "dr.ailleurs@etablissement-001.mss.example"
BOXES = (
    Box(PER, BalKind.PER, frozenset({ALINE}), "Dr_Aline_DEMO_EHPAD"),
    Box(ORG, BalKind.ORG, frozenset({ALINE, BRUNO}), "EHPAD des Tilleuls"),
    Box(OTHER, BalKind.PER, frozenset({BRUNO}), "Dr_Bruno_DEMO_Cabinet"),
)
TOKENS = {"jeton-aline": ALINE, "jeton-bruno": BRUNO}
PASSWORD = "pour-mbsync"
WHEN = dt.datetime(2026, 6, 1, 10, 0, tzinfo=dt.UTC)


def mail(subject: str = "Bonjour", body: str = "Texte.", **headers: str) -> bytes:
    """A plain message, with what every MSSanté message carries."""
    fields = {
        "From": PER,
        "To": OTHER,
        "Subject": subject,
        "Date": "Mon, 01 Jun 2026 10:00:00 +0200",
        "Message-ID": f"<{abs(hash((subject, body))):x}@tilleuls.mss.example>",
        "X-MSS-NIL": "TEST-1",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"{head}\r\n{body}\r\n".encode()


def seeds(count: int, folder: tuple[str, ...] = ("INBOX",)) -> list[Seed]:
    """So many plain messages, each received a minute after the one before."""
    return [
        Seed(folder, mail(f"Sujet {n}", f"Corps {n}"), frozenset(), WHEN + dt.timedelta(minutes=n))
        for n in range(1, count + 1)
    ]


@contextlib.contextmanager
def sandbox(folder: Path, messages: dict[str, Sequence[Seed]] | None = None, **options: Any) -> Iterator[Operator]:
    """The operator, running."""
    with Operator(BOXES, messages or {}, TOKENS.get, folder, **options) as operator:
        yield operator


def trust(operator: Operator) -> ssl.SSLContext:
    """What a client trusts for mail."""
    context = ssl.create_default_context(cafile=str(operator.pki.mail_anchors))
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


@contextlib.contextmanager
def opened(operator: Operator, address: str = PER, token: str = "jeton-aline") -> Iterator[IMAPClient]:
    """A signed-in IMAPClient, hung up at the end."""
    client = IMAPClient("127.0.0.1", port=operator.ports["imap"], ssl=False, timeout=10)
    try:
        client.starttls(trust(operator))
        client.oauth2_login(address, token)
        yield client
    finally:
        client.shutdown()


def xoauth2(address: str, token: str) -> str:
    """The SASL response."""
    return base64.b64encode(f"user={address}\x01auth=Bearer {token}\x01\x01".encode()).decode()


@contextlib.contextmanager
def submitting(operator: Operator, address: str = PER, token: str = "jeton-aline") -> Iterator[smtplib.SMTP]:
    """A signed-in smtplib client, hung up at the end."""
    client = smtplib.SMTP("127.0.0.1", operator.ports["smtp"], timeout=10)
    try:
        client.starttls(context=trust(operator))
        client.ehlo()
        code, text = client.docmd("AUTH", "XOAUTH2 " + xoauth2(address, token))
        assert code == 235, text
        yield client
    finally:
        client.close()


def arrived(operator: Operator, address: str, count: int, folder: tuple[str, ...] = ("INBOX",)) -> list[bytes]:
    """The messages of a folder once there are `count` of them, waited for over IMAP IDLE."""
    if len(operator.messages(address, folder)) < count:
        person = next(token for token, who in TOKENS.items() if operator.store.lets_in(address, who))
        with opened(operator, address, person) as client:
            client.select_folder("/".join(folder), readonly=True)
            while len(operator.messages(address, folder)) < count:
                client.idle()
                assert client.idle_check(timeout=5) or len(operator.messages(address, folder)) >= count
                client.idle_done()
    return [message.raw for message in operator.messages(address, folder)]
