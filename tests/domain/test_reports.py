"""Automatic answers of every make: DSN, bounces in servers' own words, MDN, integration answers (mssante.md §6)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mssclient.domain import reports
from mssclient.domain.errors import Unreadable
from mssclient.domain.outbox import Fate
from mssclient.domain.receipts import Outcome, Report, ReportKind

ORIGINAL = "<orig@ch.mssante.fr>"


def read(raw: str) -> Report | None:
    return reports.read(raw.lstrip("\n").replace("\n", "\r\n").encode())


def found(raw: str) -> Report:
    report = read(raw)
    assert report is not None
    return report


def one(raw: str) -> Outcome:
    (outcome,) = found(raw).outcomes
    return outcome


def dsn(fields: str, tail: str = f"Message-ID: {ORIGINAL}") -> str:
    return f"""
From: MAILER-DAEMON@ch.mssante.fr
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.ch.mssante.fr
Original-Envelope-Id: mss-1+2B2

{fields}
--b
Content-Type: text/rfc822-headers

{tail}
Subject: x
--b--
"""


def test_a_failure_report() -> None:
    report = found(
        dsn(
            "Final-Recipient: rfc822; Jean@B.mssante.fr\nAction: failed\nStatus: 5.1.1\n"
            "Diagnostic-Code: smtp; 550 5.1.1 <jean@b.mssante.fr>: User\n unknown"
        )
    )
    assert (report.kind, report.original_message_id, report.envelope_id) == (ReportKind.DSN, ORIGINAL, "mss-1+2")
    (outcome,) = report.outcomes
    assert outcome == Outcome("jean@b.mssante.fr", Fate.FAILED, "5.1.1", "550 5.1.1 <jean@b.mssante.fr>: User unknown")


@pytest.mark.parametrize(
    ("fields", "fate", "status"),
    [
        ("Action: delivered\nStatus: 2.0.0", Fate.DELIVERED, "2.0.0"),
        ("Action: relayed\nStatus: 2.0.0", Fate.DELIVERED, "2.0.0"),
        ("Action: delayed\nStatus: 4.4.1", Fate.DELAYED, "4.4.1"),
        ("Action: Failed (bounced)\nStatus: 5.0.0\nDiagnostic-Code: smtp;552 5.2.2 Mailbox full", Fate.FAILED, "5.2.2"),
        ("Status: 4.2.1", Fate.DELAYED, "4.2.1"),
        ("Action: failed", Fate.FAILED, ""),
    ],
)
def test_actions_and_codes(fields: str, fate: Fate, status: str) -> None:
    outcome = one(dsn(f"Final-Recipient: RFC822;<a@b.mssante.fr>\n{fields}"))
    assert (outcome.address, outcome.fate, outcome.status) == ("a@b.mssante.fr", fate, status)


def test_several_recipients_and_the_original_one() -> None:
    report = found(
        dsn(
            "Original-Recipient: rfc822;one+40b@x.fr\nFinal-Recipient: rfc822; un@x.fr\nAction: delivered\n"
            "Status: 2.0.0\n\nOriginal-Recipient: rfc822;a+2Bb@x.fr\nFinal-Recipient: rfc822; two@x.fr\n"
            "Action: failed\nStatus: 5.1.1"
        )
    )
    assert [(o.address, o.fate) for o in report.outcomes] == [
        ("one+40b@x.fr", Fate.DELIVERED),
        ("a+b@x.fr", Fate.FAILED),
    ]


def test_the_returned_message_whole_names_itself() -> None:
    raw = dsn("Final-Recipient: rfc822; a@b.fr\nAction: failed\nStatus: 5.0.0").replace(
        "text/rfc822-headers", "message/rfc822"
    )
    assert found(raw).original_message_id == ORIGINAL


POSTFIX = """
From: MAILER-DAEMON@mx.b.fr (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied

This is the mail system at host mx.b.fr.

I'm sorry to have to inform you that your message could not be delivered.

                   The mail system

<jean@b.mssante.fr>: host mail.b.mssante.fr[192.0.2.1] said: 552 5.2.2
    <jean@b.mssante.fr>: Mailbox is full (in reply to RCPT TO command)

<lea@b.mssante.fr>: Host or domain name not found. Name service error
"""
EXIM = f"""
From: Mail Delivery System <Mailer-Daemon@mx.b.fr>
Subject: Mail delivery failed: returning message to sender
X-Failed-Recipients: jean@b.mssante.fr, lea@b.mssante.fr

This message was created automatically by mail delivery software.

  jean@b.mssante.fr
    host mail.b.mssante.fr [192.0.2.1]
    SMTP error from remote mail server after RCPT TO:<jean@b.mssante.fr>:
    550 Mailbox is full
  lea@b.mssante.fr
    Unrouteable address

------ This is a copy of the message, including all the headers. ------
Return-path: <claire@ch.mssante.fr>
Message-ID: {ORIGINAL}
To: someone.else@b.fr
"""
QMAIL = f"""
From: MAILER-DAEMON@b.fr
Subject: failure notice

Hi. This is the qmail-send program at b.fr.
I'm afraid I wasn't able to deliver your message to the following addresses.

<jean@b.mssante.fr>:
This recipient's mailbox is full. Over quota.

<lea@b.mssante.fr>:
Sorry, I couldn't find any host named b.mssante.fr. (#5.1.2)

--- Below this line is a copy of the message.

Return-Path: <claire@ch.mssante.fr>
Message-ID: {ORIGINAL}
"""
EXCHANGE = """
From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@b.fr>
Subject: Non remis : Votre message
In-Reply-To: <orig@ch.mssante.fr>
Auto-Submitted: auto-replied

La remise a échoué pour ces destinataires ou groupes :

Jean Dupont (jean@b.mssante.fr)
La boîte aux lettres du destinataire est pleine. #552 5.2.2 STOREDRV

Lea (lea@b.mssante.fr)
Remote Server returned '550 5.1.2 no such domain'

En-têtes de message d'origine :
"""


@pytest.mark.parametrize("raw", [POSTFIX, EXIM, QMAIL, EXCHANGE], ids=["postfix", "exim", "qmail", "exchange"])
def test_bounces_in_a_servers_own_words(raw: str) -> None:
    report = found(raw)
    assert report.kind is ReportKind.DSN
    assert [(o.address, o.fate, o.status) for o in report.outcomes] == [
        ("jean@b.mssante.fr", Fate.FAILED, "5.2.2"),
        ("lea@b.mssante.fr", Fate.FAILED, "5.1.2"),
    ]
    assert "full" in report.outcomes[0].reason.lower() or "pleine" in report.outcomes[0].reason
    if raw is not POSTFIX:
        assert report.original_message_id == ORIGINAL


def test_a_warning_of_delay_is_no_failure() -> None:
    raw = """
From: Mailer-Daemon@mx.b.fr
Subject: Warning: message 1abc delayed 24 hours
Auto-Submitted: auto-replied

This message was created automatically. It will be retried.

  jean@b.mssante.fr
    Delay reason: connection timed out
"""
    assert one(raw).fate is Fate.DELAYED


@pytest.mark.parametrize(
    "headers",
    [
        "From: jean@b.fr\nSubject: Re: Undelivered Mail Returned to Sender",
        "From: jean@b.fr\nSubject: Message non remis hier, voici la suite",
        "From: jean@b.fr\nSubject: Re: [KO Intégration système !][902] XDM/1.0/DDM+X",
        "From: jean@b.fr\nSubject: bonjour\nReturn-Path: <>\nAuto-Submitted: auto-replied",
        "From: postmaster@b.fr\nSubject: Maintenance de la messagerie",
    ],
)
def test_ordinary_mail_is_no_report(headers: str) -> None:
    assert read(f"{headers}\n\nBonjour, <jean@b.fr>: 550 5.1.1 user unknown") is None


def mdn(disposition: str, *, subject: str = "Lu", extra: str = "") -> str:
    return f"""
From: Jean <jean@b.mssante.fr>
Subject: {subject}
Content-Type: multipart/report; report-type=disposition-notification; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Le dossier n'existe pas.
--b
Content-Type: message/disposition-notification

Final-Recipient: rfc822; Jean@b.mssante.fr
Original-Message-ID: {ORIGINAL}
Disposition: {disposition}
{extra}
--b--
"""


@pytest.mark.parametrize(
    ("disposition", "kind", "fate", "status"),
    [
        ("manual-action/MDN-sent-manually; displayed", ReportKind.MDN, Fate.READ, "displayed"),
        ("automatic-action/MDN-sent-automatically;displayed", ReportKind.MDN, Fate.READ, "displayed"),
        ("manual-action/MDN-sent-automatically; deleted", ReportKind.MDN, Fate.DELIVERED, "deleted"),
        ("automatic-action/MDN-sent-automatically; processed", ReportKind.INTEGRATION, Fate.INTEGRATED, "processed"),
        (
            "automatic-action/MDN-sent-automatically; processed/Error: 902^Patient inconnu",
            ReportKind.INTEGRATION,
            Fate.REFUSED,
            "902",
        ),
        ("automatic-action/MDN-sent-automatically; processed/error:906", ReportKind.INTEGRATION, Fate.REFUSED, "906"),
        (
            "automatic-action/MDN-sent-automatically;\n processed/Error : 904 ^INS/traits",
            ReportKind.INTEGRATION,
            Fate.REFUSED,
            "904",
        ),
        ("processed/ERROR", ReportKind.INTEGRATION, Fate.REFUSED, "906"),
    ],
)
def test_dispositions(disposition: str, kind: ReportKind, fate: Fate, status: str) -> None:
    report = found(mdn(disposition))
    assert (report.kind, report.original_message_id) == (kind, ORIGINAL)
    assert report.outcomes[0].address == "jean@b.mssante.fr"
    assert (report.outcomes[0].fate, report.outcomes[0].status) == (fate, status)


@pytest.mark.parametrize("code", range(900, 907))
def test_every_integration_code_keeps_its_label(code: int) -> None:
    outcome = one(mdn(f"automatic-action/MDN-sent-automatically; processed/Error: {code}^Libellé du logiciel"))
    assert (outcome.status, outcome.reason) == (str(code), "Libellé du logiciel")


def test_an_integration_refusal_told_by_its_subject_alone() -> None:
    raw = f"""
From: dui@ehpad.mssante.fr
Subject: =?utf-8?Q?[KO_Int=C3=A9gration_syst=C3=A8me_!][901]_XDM/1.0/DDM+CR?=
In-Reply-To: {ORIGINAL}

Auteur non habilité.

Détails
"""
    report = found(raw)
    assert (report.kind, report.original_message_id) == (ReportKind.INTEGRATION, ORIGINAL)
    assert report.outcomes == (Outcome("dui@ehpad.mssante.fr", Fate.REFUSED, "901", "Auteur non habilité."),)


def test_fields_outside_a_report_part_are_read_too() -> None:
    raw = f"""
From: jean@b.fr
Subject: Lu

Final-Recipient: rfc822; jean@b.fr
Original-Message-ID: {ORIGINAL}
Disposition: manual-action/MDN-sent-manually; displayed
"""
    assert found(raw).original_message_id == ORIGINAL
    assert one(raw).fate is Fate.READ


@settings(max_examples=150, deadline=1000)
@given(st.data())
def test_any_corruption_reads_or_is_none(data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from([POSTFIX, EXIM, EXCHANGE, mdn("x; displayed"), dsn("Final-Recipient: a@b.fr")]))
    raw = bytearray(sample.lstrip("\n").encode())
    for _ in range(data.draw(st.integers(1, 10))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        reports.read(bytes(raw))
    except Unreadable:
        return
