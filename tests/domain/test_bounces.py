"""Bounces of common servers that write no DSN, receipts told by their subject, and what is neither."""

from __future__ import annotations

import pytest

from mssclient.domain import reports
from mssclient.domain.outbox import Fate
from mssclient.domain.receipts import Report, ReportKind

ORIGINAL = "<orig@ch.mssante.fr>"
US = "claire@ch.mssante.fr"


def read(raw: str) -> Report | None:
    return reports.read(raw.lstrip("\n").replace("\n", "\r\n").encode())


def mail(sender: str, subject: str, text: str, *headers: str) -> str:
    head = "\n".join((f"From: {sender}", f"To: {US}", f"Subject: {subject}", *headers))
    return f"{head}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n"


SENDMAIL = mail(
    "Mail Delivery Subsystem <MAILER-DAEMON@mx.b.fr>",
    "Returned mail: see transcript for details",
    f"""
The original message was received at Wed, 4 Mar 2026 10:00:00 +0100

   ----- The following addresses had permanent fatal errors -----
<jean@b.fr>
    (reason: 550 5.1.1 <jean@b.fr>... User unknown)

   ----- Transcript of session follows -----
... while talking to mx.b.fr.:
>>> DATA
<<< 550 5.1.1 <jean@b.fr>... User unknown
Message-ID: {ORIGINAL}
""",
    "Auto-Submitted: auto-generated (failure)",
)
DOMINO = mail(
    "postmaster@b.fr",
    "DELIVERY FAILURE: User jean (jean@b.fr) not listed in Domino Directory",
    """Your message

  Subject: Bilan

was not delivered to:

  jean@b.fr

because:

  User jean (jean@b.fr) not listed in Domino Directory
""",
)
DOMINO_FRENCH = mail(
    "Postmaster@b.fr",
    "Rapport d'échec de distribution : Bilan",
    "Votre message\n\n  Bilan\n\nn'a pas été délivré à :\n\n  jean@b.fr\n\ncar :\n\n  La boîte aux lettres est pleine (552)\n",
)
OLD_EXCHANGE = mail(
    "System Administrator <postmaster@b.fr>",
    "Undeliverable: Bilan",
    """Your message did not reach some or all of the intended recipients.

      Subject:  Bilan
      Sent:     3/4/2026 10:00 AM

The following recipient(s) could not be reached:

      jean@b.fr on 3/4/2026 10:00 AM
            The e-mail account does not exist at the organization this message was sent to.
            <mx.b.fr #5.1.1>
""",
)
GOOGLE = mail(
    "Mail Delivery Subsystem <mailer-daemon@b.fr>",
    "Delivery Status Notification (Failure)",
    f"{US},\n\nYour message wasn't delivered to jean@b.fr because the address couldn't be found.\n",
)
ZIMBRA = mail(
    "MAILER-DAEMON@zimbra.b.fr (Mail Delivery System)",
    "Undelivered Mail Returned to Sender",
    "This is the mail system at host zimbra.b.fr.\n\n<jean@b.fr>: host zimbra.b.fr[/opt/zimbra/data/lmtp] said: 552 5.2.2"
    "\n    Over quota (in reply to end of DATA command)\n",
)
QMAIL_OLD = mail(
    "MAILER-DAEMON@b.fr",
    "failure notice",
    "Hi. This is the qmail-send program at b.fr.\n\n<jean@b.fr>:\n192.0.2.1 does not like recipient.\n"
    "Remote host said: 550 sorry, no mailbox here by that name. (#5.1.1)\nGiving up on 192.0.2.1.\n",
)
FRENCH_OPERATOR = mail(
    "Postmaster <postmaster@operateur.mssante.fr>",
    "Notification de non remise",
    "Bonjour,\n\nVotre message du 4 mars n'a pas pu être délivré à l'adresse suivante : jean@b.fr\n\n"
    "Motif : la boîte du destinataire a dépassé son quota (quota dépassé).\n",
)
MES_CLOSED = mail(
    "Mon espace santé <noreply@patient.mssante.fr>",
    "Message non distribué",
    "Votre message n'a pas été remis à 277076322082910@patient.mssante.fr : l'usager a clôturé son espace santé.\n",
    "Auto-Submitted: auto-generated",
)
MES_BIG = mail(
    "noreply@patient.mssante.fr",
    "Message refusé",
    "Le message pour 277076322082910@patient.mssante.fr dépasse la taille maximale de 25 Mo.\n",
    "Auto-Submitted: auto-generated",
)


@pytest.mark.parametrize(
    ("raw", "address", "status"),
    [
        (SENDMAIL, "jean@b.fr", "5.1.1"),
        (DOMINO, "jean@b.fr", "5.1.1"),
        (DOMINO_FRENCH, "jean@b.fr", "5.2.2"),
        (OLD_EXCHANGE, "jean@b.fr", "5.1.1"),
        (GOOGLE, "jean@b.fr", "5.1.1"),
        (ZIMBRA, "jean@b.fr", "5.2.2"),
        (QMAIL_OLD, "jean@b.fr", "5.1.1"),
        (FRENCH_OPERATOR, "jean@b.fr", "5.2.2"),
        (MES_CLOSED, "277076322082910@patient.mssante.fr", "5.2.1"),
        (MES_BIG, "277076322082910@patient.mssante.fr", "5.3.4"),
    ],
    ids=[
        "sendmail",
        "domino",
        "domino-fr",
        "exchange-2003",
        "google",
        "zimbra",
        "qmail",
        "operator",
        "mes-closed",
        "mes-big",
    ],
)
def test_a_servers_own_words(raw: str, address: str, status: str) -> None:
    report = read(raw)
    assert report is not None
    assert [(o.address, o.fate, o.status) for o in report.outcomes] == [(address, Fate.FAILED, status)]


def test_the_id_that_a_bounce_quotes_in_its_text_is_found() -> None:
    report = read(SENDMAIL)
    assert report is not None
    assert report.original_message_id == ORIGINAL


@pytest.mark.parametrize(
    "text",
    [
        "<jean@b.fr>: connection timed out\n\nYour message has been delayed; it will be retried for 5 days.",
        "Votre message à jean@b.fr n'a pas encore été remis. De nouvelles tentatives auront lieu.",
        "  jean@b.fr\n    delivery temporarily suspended: 451 4.3.0 try later\n\nIt will keep trying.",
    ],
)
def test_a_delay_is_no_failure(text: str) -> None:
    report = read(mail("mailer-daemon@b.fr", "Warning: message 1abc delayed 4 hours", text))
    assert report is not None
    assert [(o.address, o.fate) for o in report.outcomes] == [("jean@b.fr", Fate.DELAYED)]


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("jean@b.fr", "Réponse automatique : Bilan"),
        ("jean@b.fr", "Absence du bureau : Bilan"),
        ("jean@b.fr", "Automatic reply: Undeliverable mail"),
        ("jean@b.fr", "Out of Office: Bilan"),
        ("jean@b.fr", "Je suis absente – remise impossible avant lundi"),
        ("jean@b.fr", "Message d'absence (message non remis)"),
        ("secretariat@b.fr", "Accusé de réception automatique"),
        ("jean@b.fr", "Fermeture du cabinet du 3 au 12 avril"),
    ],
)
@pytest.mark.parametrize("auto", ["Auto-Submitted: auto-replied", "Return-Path: <>", "Precedence: bulk"])
def test_somebody_who_is_away_is_no_bounce(sender: str, subject: str, auto: str) -> None:
    text = "Je suis absent jusqu'au 30. En cas d'urgence : <lea@b.fr>, 550 rue de la Paix. user unknown"
    assert read(mail(sender, subject, text, auto, f"In-Reply-To: {ORIGINAL}")) is None


@pytest.mark.parametrize(
    ("subject", "fate"),
    [
        ("Lu : Bilan", Fate.READ),
        ("Read: Bilan", Fate.READ),
        ("Accusé de lecture : Bilan", Fate.READ),
        ("Non lu : Bilan", Fate.DELIVERED),
    ],
)
def test_a_read_receipt_without_its_machine_part(subject: str, fate: Fate) -> None:
    automatic = mail(
        "jean@b.fr", subject, "Votre message a été lu.", "Auto-Submitted: auto-replied", f"In-Reply-To: {ORIGINAL}"
    )
    report = read(automatic)
    assert report is not None
    assert (report.kind, report.original_message_id) == (ReportKind.MDN, ORIGINAL)
    assert [(o.address, o.fate) for o in report.outcomes] == [("jean@b.fr", fate)]
    # A person may well begin a subject so.
    assert read(mail("jean@b.fr", subject, "Je l'ai lu.", f"In-Reply-To: {ORIGINAL}")) is None


@pytest.mark.parametrize(
    "subject", ["Return receipt", "Accusé de réception : Bilan", "Remis : Bilan", "Delivered: Bilan"]
)
def test_an_answer_to_return_receipt_to(subject: str) -> None:
    text = f"Le message a été remis aux destinataires suivants :\n\n  jean@b.fr\n\nMessage-ID: {ORIGINAL}\n"
    report = read(mail("MAILER-DAEMON@b.fr", subject, text, "Return-Path: <>"))
    assert report is not None
    assert (report.kind, report.original_message_id, report.from_system) == (ReportKind.DSN, ORIGINAL, True)
    assert [(o.address, o.fate) for o in report.outcomes] == [("jean@b.fr", Fate.DELIVERED)]


def test_recipients_that_nothing_sets_apart() -> None:
    raw = f"""
From: MAILER-DAEMON@b.fr
Subject: Undelivered Mail
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; b.fr
Final-Recipient: rfc822; un@b.fr
Action: failed
Status: 5.1.1
Final-Recipient: rfc822; deux@b.fr
Action: delivered
Status: 2.0.0
--b
Content-Type: message/rfc822

Message-ID: {ORIGINAL}
Subject: =?utf-8?Q?Bilan_d=27=C3=A9t=C3=A9?=
Date: Wed, 4 Mar 2026 10:00:00 +0100

x
--b--
"""
    report = read(raw)
    assert report is not None
    assert [(o.address, o.fate) for o in report.outcomes] == [("un@b.fr", Fate.FAILED), ("deux@b.fr", Fate.DELIVERED)]
    assert report.quoted_subject == "Bilan d'été"
    assert report.quoted_sent is not None
    assert report.quoted_sent.hour == 10


def test_a_global_report_of_rfc_6533() -> None:
    raw = f"""
From: MAILER-DAEMON@b.fr
Subject: Undelivered Mail
Content-Type: multipart/report; report-type=global-delivery-status; boundary=b

--b
Content-Type: message/global-delivery-status; charset=utf-8
Content-Transfer-Encoding: 8bit

Reporting-MTA: dns; b.fr

Original-Recipient: utf-8; h\\x{{E9}}l\\x{{E8}}ne@b.fr
Final-Recipient: utf-8; hélène@b.fr
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 boîte inconnue
--b
Content-Type: message/global-headers
Content-Transfer-Encoding: 8bit

Message-ID: {ORIGINAL}
--b--
"""
    report = read(raw)
    assert report is not None
    assert (report.original_message_id, report.outcomes[0].address) == (ORIGINAL, "hélène@b.fr")
    assert report.outcomes[0].reason == "550 5.1.1 boîte inconnue"


@pytest.mark.parametrize(
    ("header", "system"),
    [
        ("Return-Path: <>", True),
        ("Return-Path: <lea@b.fr>", False),
        ("X-None: 1", True),
    ],
)
def test_a_report_with_somebodys_return_path_is_no_systems(header: str, system: bool) -> None:
    report = read(
        mail("MAILER-DAEMON@b.fr", "Undelivered Mail Returned to Sender", "<jean@b.fr>: 550 5.1.1 no", header)
    )
    assert report is not None
    assert report.from_system is system
