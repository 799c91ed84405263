"""What the sandbox's submission server promises, asked by smtplib and aiosmtplib."""

from __future__ import annotations

import asyncio
import base64
import email
import email.policy
import json
import smtplib
from collections.abc import Iterator
from email.message import EmailMessage

import aiosmtplib
import pytest

from mssclient.domain.address import USAGER_DOMAIN
from mssclient.sandbox.operator import Limits, Operator
from mssclient.sandbox.orders import Service, Stage
from mssclient.sandbox.smtp_reports import PROCESSED, disposition_report
from tests.sandbox.sandbox_kit import ORG, OTHER, OUTSIDE, PER, arrived, mail, sandbox, submitting, trust, xoauth2

ALL = ["NOTIFY=SUCCESS,FAILURE,DELAY"]


@pytest.fixture
def operator(tmp_path) -> Iterator[Operator]:
    with sandbox(tmp_path) as running:
        yield running


def _read(raw: bytes) -> EmailMessage:
    return email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[return-value]


def _fields(report: EmailMessage) -> list[dict[str, str]]:
    """The groups of the machine-readable part of a DSN."""
    (machine,) = [part for part in report.walk() if part.get_content_type() == "message/delivery-status"]
    return [dict(group.items()) for group in machine.get_payload()]


def test_what_is_announced(operator):
    with smtplib.SMTP("127.0.0.1", operator.ports["smtp"], timeout=10) as client:
        client.ehlo()
        assert client.has_extn("starttls")
        assert not client.has_extn("auth")
        assert client.docmd("MAIL", f"FROM:<{PER}>")[0] == 530
        assert client.docmd("AUTH", "XOAUTH2 " + xoauth2(PER, "jeton-aline"))[0] in {530, 538}
        client.starttls(context=trust(operator))
        client.ehlo()
        assert {"size", "8bitmime", "dsn", "pipelining", "enhancedstatuscodes"} <= client.esmtp_features.keys()
        assert client.esmtp_features["size"] == str(10 * 1024 * 1024)
        assert "smtputf8" not in client.esmtp_features
        assert client.esmtp_features["auth"].split() == ["OAUTHBEARER", "XOAUTH2"]
        assert client.docmd("MAIL", f"FROM:<{PER}>")[0] == 530


def test_aiosmtplib_submits(operator):
    async def submit() -> None:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=operator.ports["smtp"], start_tls=False, timeout=10)
        await client.connect()
        await client.starttls(server_hostname="localhost", tls_context=trust(operator))
        await client.auth_xoauth2(PER, "jeton-aline")
        await client.sendmail(PER, [OTHER], mail("Par aiosmtplib"))
        await client.quit()

    asyncio.run(submit())
    (raw,) = arrived(operator, OTHER, 1)
    assert raw.startswith(f"Return-Path: <{PER}>\r\nReceived: ".encode())
    assert raw.endswith(mail("Par aiosmtplib"))


def test_sign_in_waiting_for_the_challenge_with_a_long_token(tmp_path):
    token = "j" * 3_000
    with sandbox(tmp_path) as operator:
        operator._smtp._rules.check.__self__[token] = operator._smtp._rules.check("jeton-aline")
        try:
            with smtplib.SMTP("127.0.0.1", operator.ports["smtp"], timeout=10) as client:
                client.starttls(context=trust(operator))
                client.ehlo()
                assert client.docmd("AUTH", "XOAUTH2") == (334, b"")
                assert client.docmd(xoauth2(PER, token))[0] == 235
        finally:
            del operator._smtp._rules.check.__self__[token]


def test_an_operator_that_refuses_long_first_responses(tmp_path):
    with (
        sandbox(tmp_path, limits=Limits(auth_line=2_000)) as operator,
        smtplib.SMTP("127.0.0.1", operator.ports["smtp"], timeout=10) as client,
    ):
        client.starttls(context=trust(operator))
        client.ehlo()
        assert client.docmd("AUTH", "XOAUTH2 " + xoauth2(PER, "x" * 3_000))[0] == 500
        assert client.docmd("AUTH", "XOAUTH2")[0] == 334
        assert client.docmd("*")[0] == 501


@pytest.mark.parametrize("initial", [True, False])
@pytest.mark.parametrize(("address", "token"), [(PER, "faux"), (OTHER, "jeton-aline")])
def test_a_refused_token_is_told_in_json_then_535_then_the_end(operator, initial, address, token):
    with smtplib.SMTP("127.0.0.1", operator.ports["smtp"], timeout=10) as client:
        client.starttls(context=trust(operator))
        client.ehlo()
        response = xoauth2(address, token)
        if initial:
            code, text = client.docmd("AUTH", f"XOAUTH2 {response}")
        else:
            client.docmd("AUTH", "XOAUTH2")
            code, text = client.docmd(response)
        assert code == 334
        assert json.loads(base64.b64decode(text)) == {"status": "401", "schemes": "bearer", "scope": "mail"}
        client.putcmd("")
        assert client.getreply()[0] == 535
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            client.docmd("NOOP")


def test_only_ones_own_bal_may_send(operator):
    with submitting(operator) as client:
        assert client.mail(OTHER)[0] == 553
        assert client.mail(ORG)[0] == 250


def test_recipients_outside_the_trust_space_are_refused(operator):
    with submitting(operator) as client:
        client.mail(PER)
        code, text = client.rcpt("quelqu.un@exemple.fr")
        assert (code, text[:5]) == (550, b"5.7.1")
        assert client.rcpt(OUTSIDE)[0] == 250
        assert client.rcpt(f"255069744600155@{USAGER_DOMAIN}")[0] == 250


def test_recipient_limit(operator):
    with submitting(operator) as client:
        client.mail(PER)
        codes = [client.rcpt(f"p{n}@etablissement-001.mss.example")[0] for n in range(51)]
    assert codes == [250] * 50 + [452]


def test_size_is_refused_at_mail_and_at_the_end(tmp_path):
    with sandbox(tmp_path, limits=Limits(size=20_000)) as operator, submitting(operator) as client:
        code, text = client.mail(PER, ["SIZE=20001"])
        assert (code, text[:5]) == (552, b"5.3.4")
        client.mail(PER)
        client.rcpt(OTHER)
        code, text = client.data(mail(body="x\r\n" * 10_000))
        assert (code, text[:5]) == (552, b"5.3.4")
        assert operator.submissions == ()


@pytest.mark.parametrize("raw", [mail(X_MSS_NIL=""), mail(body="x" * 1_200)])
def test_content_that_breaks_the_norm_is_refused(operator, raw):
    with submitting(operator) as client:
        client.mail(PER)
        client.rcpt(OTHER)
        code, text = client.data(raw)
    assert (code, text[:5]) == (550, b"5.6.0")
    assert operator.messages(OTHER) == ()


def test_delivered_byte_for_byte_dots_included(operator):
    raw = mail(body=".\r\n..deux\r\n.fin")
    with submitting(operator) as client:
        assert client.sendmail(PER, [OTHER, ORG], raw) == {}
    for address in (OTHER, ORG):
        (stored,) = arrived(operator, address, 1)
        assert stored.endswith(raw)
    assert [one.address for one in operator.submissions[0].recipients] == [OTHER, ORG]


def test_success_and_failure_are_reported_to_the_sender(operator):
    with submitting(operator) as client:
        client.mail(PER, ["RET=HDRS", "ENVID=Env-42"])
        for address in (OTHER, OUTSIDE, "inconnu@etablissement-002.mss.example", "nul@tilleuls.mss.example"):
            assert client.rcpt(address, [*ALL, f"ORCPT=rfc822;{address}"])[0] == 250
        client.data(mail("À suivre"))
    reports = [_read(raw) for raw in arrived(operator, PER, 2)]
    assert [report.get_content_type() for report in reports] == ["multipart/report"] * 2
    assert all(report["Return-Path"] == "<>" for report in reports)
    success, failure = (_fields(report) for report in reports)
    assert success[0]["Original-Envelope-Id"] == "Env-42"
    assert [(one["Action"], one["Status"], one["Final-Recipient"]) for one in success[1:]] == [
        ("delivered", "2.0.0", f"rfc822; {OTHER}"), ("delivered", "2.0.0", f"rfc822; {OUTSIDE}"),
    ]  # fmt: skip
    assert [(one["Action"], one["Status"]) for one in failure[1:]] == [("failed", "5.1.1")] * 2
    assert failure[1]["Original-Recipient"] == "rfc822;inconnu@etablissement-002.mss.example"
    headers = list(reports[0].iter_parts())[2]
    assert headers.get_content_type() == "text/rfc822-headers"
    assert "À suivre" not in headers.get_payload()  # raw UTF-8 is not decoded by the part
    assert "Message-ID:" in headers.get_payload()


def test_ret_full_returns_the_message(operator):
    with submitting(operator) as client:
        client.sendmail(PER, [OUTSIDE], mail("Entier", "corps entier"), ["RET=FULL"], ALL)
    (report,) = arrived(operator, PER, 1)
    assert b"message/rfc822" in report
    assert b"corps entier" in report


@pytest.mark.parametrize(
    ("notify", "local", "expected"),
    [
        ([], "dr.ailleurs", None),
        ([], "inconnu", "5.1.1"),
        (["NOTIFY=NEVER"], "inconnu", None),
        (["NOTIFY=SUCCESS"], "inconnu", None),
        (["NOTIFY=FAILURE"], "dr.pleine", "5.2.2"),
        (["NOTIFY=DELAY"], "lent", "4.4.1"),
    ],
)
def test_notify_decides_what_is_reported(operator, notify, local, expected):
    with submitting(operator) as client:
        client.sendmail(PER, [f"{local}@etablissement-003.mss.example"], mail(), [], notify)
        # a witness, delivered after it: what has not come by then does not come
        client.sendmail(PER, [PER], mail("Témoin".encode("ascii", "ignore").decode()))
    raws = arrived(operator, PER, 2 if expected else 1)
    statuses = [_fields(_read(raw))[1]["Status"] for raw in raws if b"multipart/report" in raw]
    assert statuses == ([expected] if expected else [])


def test_a_bounce_can_be_ordered(operator):
    operator.orders.bounce("dr.ailleurs", "5.7.1", "550 5.7.1 Refused by policy")
    with submitting(operator) as client:
        client.sendmail(PER, [OUTSIDE], mail())
    (report,) = arrived(operator, PER, 1)
    assert _fields(_read(report))[1]["Diagnostic-Code"] == "smtp; 550 5.7.1 Refused by policy"


def test_bad_dsn_parameters_are_refused(operator):
    with submitting(operator) as client:
        assert client.mail(PER, ["RET=SOME"])[0] == 501
        client.mail(PER)
        assert client.rcpt(OTHER, ["NOTIFY=NEVER,SUCCESS"])[0] == 501


def test_an_outside_correspondent_answers_with_a_read_receipt(tmp_path):
    with sandbox(tmp_path, answer=disposition_report) as operator:
        with submitting(operator) as client:
            client.sendmail(PER, [OUTSIDE], mail("Lu ?", Disposition_Notification_To=PER))
        (raw,) = arrived(operator, PER, 1)
    report = _read(raw)
    assert report.get_param("report-type") == "disposition-notification"
    assert report["To"] == PER
    assert b"Disposition: manual-action/MDN-sent-manually; displayed" in raw
    assert b"Original-Message-ID: <" in raw


def test_integration_answers_are_spelt_as_the_norm_has_them():
    raw = mail(Disposition_Notification_To=PER)
    answer = disposition_report(
        OUTSIDE, raw, PROCESSED + "/Error: 904^Traits", subject="[KO Intégration système !][904] XDM/1.0/DDM+CR"
    )
    assert answer is not None
    assert _read(answer)["Subject"] == "[KO Intégration système !][904] XDM/1.0/DDM+CR"
    assert b"automatic-action/MDN-sent-automatically; processed/Error: 904^Traits" in answer
    assert disposition_report(OUTSIDE, mail()) is None


@pytest.mark.parametrize(
    ("stage", "reply"),
    [
        (Stage.MAIL, "451 4.3.0 later"),
        (Stage.RCPT, "450 4.2.0 busy"),
        (Stage.DATA, "554 5.7.1 no"),
        (Stage.DOT, "552 5.2.2 full"),
    ],
)
def test_orders_refuse_at_each_step_once(operator, stage, reply):
    operator.orders.submission(stage, reply)
    with submitting(operator) as client:
        with pytest.raises(smtplib.SMTPException) as caught:
            client.sendmail(PER, [OTHER], mail())
        assert reply[:3] in str(caught.value)
        client.rset()
        assert client.sendmail(PER, [OTHER], mail()) == {}


def test_one_recipient_refused_on_order(operator):
    operator.orders.submission(Stage.RCPT, "550 5.1.1 nobody", recipient=OTHER)
    with submitting(operator) as client:
        assert set(client.sendmail(PER, [ORG, OTHER], mail())) == {OTHER}


@pytest.mark.parametrize("delivered", [True, False])
def test_the_line_is_cut_after_the_dot(operator, delivered):
    operator.orders.drop_at_dot(delivered=delivered)
    with submitting(operator) as client, pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.sendmail(PER, [OTHER], mail())
    if delivered:
        assert len(arrived(operator, OTHER, 1)) == 1
    assert len(operator.submissions) == delivered
    with submitting(operator) as client:
        assert client.noop()[0] == 250


def test_the_line_is_cut_before_the_content(operator):
    operator.orders.drop_submission(Stage.DATA)
    with submitting(operator) as client, pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.sendmail(PER, [OTHER], mail())
    assert operator.submissions == ()


def test_line_down_refuses_and_line_up_accepts_again(operator):
    operator.orders.line_down(Service.SMTP)
    with pytest.raises(ConnectionRefusedError), submitting(operator):
        pass
    operator.orders.line_up(Service.SMTP)
    with submitting(operator) as client:
        assert client.noop()[0] == 250
