"""Messages submitted for real: to the sandbox and to Postfix, read back over IMAP, reports included."""

from __future__ import annotations

import dataclasses
import secrets
import socket
import time

import pytest

from mssclient.domain.errors import Distrust, Offline, Refused, Untrusted
from mssclient.domain.message import Envelope
from mssclient.remote import autoconfig, smtp
from mssclient.remote.imap import ImapSession
from mssclient.remote.smtp import Outcome, Stage, Submission, Verdict
from mssclient.sandbox.operator import Operator
from mssclient.sandbox.orders import Service
from mssclient.sandbox.orders import Stage as Step
from mssclient.sandbox.pki import Fault
from tests.lab import mail as lab
from tests.lab.mail import LabMail
from tests.remote.places import Place, lab_place, sandbox_place


def letter(place: Place, key: str, *to: str, size: int = 0, sender: str = "cabinet") -> Submission:
    recipients = tuple(f"{name}@{place.domain}" if "@" not in name else name for name in to)
    raw = (
        f"From: {sender}@{place.domain}\r\nTo: {', '.join(recipients)}\r\n"
        f"Subject: =?utf-8?q?r=C3=A9sum=C3=A9?= {key}\r\n"
        f"Message-ID: <{key}@{place.domain}>\r\nX-MSS-NIL: TEST-1\r\n\r\nBonjour,\r\n.\r\n.. fin\r\n"
    ).encode()
    raw += (b"x" * 74 + b"\r\n") * (size // 76)
    return Submission(f"{sender}@{place.domain}", recipients, raw, f"env-{key}", True)


def submitted(place: Place, what: Submission, person: str = "alice", bal: str = "cabinet") -> Verdict:
    return smtp.submit(place.environment, place.profile, f"{bal}@{place.domain}", place.token(person), what)


def arrived(session: ImapSession, wanted: str, *, seconds: float = 20) -> Envelope:
    """The first message whose source has these words, waited for with IDLE."""
    ours, theirs = socket.socketpair()
    end = time.monotonic() + seconds
    with ours, theirs:
        while time.monotonic() < end:
            session.select("INBOX")
            for batch in session.envelopes(list(reversed(session.uids()))):
                for envelope in batch:
                    if wanted in envelope.message_id or wanted.encode() in session.body(envelope.uid):
                        return envelope
            session.idle(ours, 1)
    raise AssertionError("nothing arrived")


def test_a_message_of_the_org_bal_arrives_whole_and_is_reported(place: Place) -> None:
    key = secrets.token_hex(6)
    what = letter(place, key, "carol.petit")
    verdict = submitted(place, what)
    assert (verdict.outcome, verdict.dsn) == (Outcome.ACCEPTED, True)
    carol = place.session("carol.petit", "carol")
    found = arrived(carol, key)
    assert found.subject == f"résumé {key}"
    assert found.header("x-mss-nil") == "TEST-1"
    assert found.header("return-path") == f"<cabinet@{place.domain}>"
    assert carol.body(found.uid).endswith(b"Bonjour,\r\n.\r\n.. fin\r\n")
    carol.close()
    cabinet = place.session("cabinet", "bob")
    report = arrived(cabinet, f"env-{key}")
    assert "delivery-status" in report.header("content-type")
    assert {"message/delivery-status"} <= {part.media_type for part in report.parts}
    cabinet.close()


@pytest.mark.lab
def test_an_unknown_recipient_holds_the_message_back(lab_mail: LabMail) -> None:
    place = lab_place(lab_mail)
    key = secrets.token_hex(6)
    verdict = submitted(place, letter(place, key, "carol.petit", "personne"))
    assert verdict.outcome is Outcome.REFUSED
    assert verdict.code == "5.1.1"
    assert [address for address, _, _ in verdict.recipients] == [f"personne@{place.domain}"]
    carol = place.session("carol.petit", "carol")
    carol.select("INBOX")
    assert carol.find(f"<{key}@{place.domain}>") == []
    carol.close()


def test_outside_the_trust_space_nothing_goes(place: Place) -> None:
    verdict = submitted(place, letter(place, secrets.token_hex(6), "quelquun@example.com"))
    assert verdict.outcome is Outcome.REFUSED
    assert verdict.code.startswith("5.")


def test_someone_elses_address_as_sender_is_refused(place: Place) -> None:
    verdict = submitted(place, letter(place, secrets.token_hex(6), "bob.durand", sender="carol.petit"))
    assert verdict.outcome is Outcome.REFUSED


def test_the_announced_size_counts_before_anything_leaves(place: Place) -> None:
    address, token = f"cabinet@{place.domain}", place.token("alice")
    limit = smtp.limits(place.environment, place.profile, address, token)
    assert limit == 10 * 1024 * 1024
    verdict = submitted(place, letter(place, secrets.token_hex(6), "bob.durand", size=limit))
    assert (verdict.outcome, verdict.code, verdict.size_limit) == (Outcome.REFUSED, "5.3.4", limit)


def test_five_megabytes_arrive(place: Place) -> None:
    key = secrets.token_hex(6)
    what = letter(place, key, "bob.durand", size=5_000_000)
    assert submitted(place, what).outcome is Outcome.ACCEPTED
    bob = place.session("bob.durand", "bob")
    found = arrived(bob, key)
    assert bob.body(found.uid).endswith(what.raw[-1_000_000:])
    bob.close()


def test_a_stranger_may_not_submit(place: Place) -> None:
    with pytest.raises(Refused) as caught:
        submitted(place, letter(place, "x", "bob.durand"), "carol", "cabinet")
    assert caught.value.code == "AUTHENTICATIONFAILED"


# Faults that the sandbox makes on command


@pytest.fixture
def sandbox(operator: Operator) -> Place:
    operator.orders.clear()
    return sandbox_place(operator)


@pytest.mark.parametrize(
    ("step", "reply", "outcome"),
    [
        (Step.MAIL, "451 4.3.0 later", Outcome.LATER),
        (Step.RCPT, "450 4.2.1 later", Outcome.LATER),
        (Step.RCPT, "550 5.2.1 disabled", Outcome.REFUSED),
        (Step.DATA, "451 4.3.0 later", Outcome.LATER),
        (Step.DOT, "452 4.3.1 full", Outcome.LATER),
        (Step.DOT, "554 5.7.1 policy", Outcome.REFUSED),
    ],
)
def test_each_step_may_be_refused(operator: Operator, sandbox: Place, step: Step, reply: str, outcome: Outcome) -> None:
    key, before = secrets.token_hex(6), len(operator.submissions)
    operator.orders.submission(step, reply)
    verdict = submitted(sandbox, letter(sandbox, key, "bob.durand"))
    assert (verdict.outcome, verdict.code) == (outcome, reply.split()[1])
    assert len(operator.submissions) == before


@pytest.mark.parametrize("step", [Step.MAIL, Step.RCPT, Step.DATA])
def test_a_line_cut_early_means_later(operator: Operator, sandbox: Place, step: Step) -> None:
    operator.orders.drop_submission(step)
    assert submitted(sandbox, letter(sandbox, "k", "bob.durand")).outcome is Outcome.LATER


@pytest.mark.parametrize("delivered", [True, False])
def test_a_line_cut_at_the_dot_is_unknown_whatever_became_of_it(
    operator: Operator, sandbox: Place, delivered: bool
) -> None:
    before = len(operator.submissions)
    operator.orders.drop_at_dot(delivered=delivered)
    assert submitted(sandbox, letter(sandbox, "k", "bob.durand")).outcome is Outcome.UNKNOWN
    assert len(operator.submissions) == before + delivered


def test_a_refused_token_and_an_operator_that_is_down_are_told_apart(operator: Operator, sandbox: Place) -> None:
    operator.orders.refuse_tokens(1)
    with pytest.raises(Refused) as caught:
        submitted(sandbox, letter(sandbox, "k", "bob.durand"))
    assert caught.value.code == "AUTHENTICATIONFAILED"
    operator.orders.line_down(Service.SMTP)
    try:
        with pytest.raises(Offline):
            submitted(sandbox, letter(sandbox, "k", "bob.durand"))
    finally:
        operator.orders.line_up(Service.SMTP)
    assert submitted(sandbox, letter(sandbox, "k", "bob.durand")).outcome is Outcome.ACCEPTED


def test_the_sandbox_is_found_by_autoconfiguration(operator: Operator, sandbox: Place) -> None:
    template = f"https://autoconfig.{{domain}}:{operator.ports['web']}/mail/config-v1.1.xml"
    environment = dataclasses.replace(sandbox.environment, autoconfig=template)
    found = autoconfig.discover(environment, f"cabinet@{sandbox.domain}")
    assert (found.imap.port, found.smtp.port) == (operator.ports["imap"], operator.ports["smtp"])
    assert found.login == "address"


@pytest.mark.lab
def test_the_lab_is_found_by_autoconfiguration(lab_mail: LabMail) -> None:
    found = autoconfig.discover(lab_mail.environment(), lab.address("cabinet"))
    assert found == lab_mail.profile()


@pytest.mark.lab
def test_a_token_longer_than_postfix_takes_in_one_line_signs_in(lab_mail: LabMail) -> None:
    token = lab_mail.token(lab.ALICE)
    assert len(token) > 2_000
    stages: list[Stage] = []
    place = Place(lab_mail.environment(), lab_mail.profile(), lambda _person: token, lab.DOMAIN)
    what = letter(place, secrets.token_hex(6), "bob.durand")
    verdict = smtp.submit(place.environment, place.profile, lab.address("cabinet"), token, what, stages.append)
    assert verdict.outcome is Outcome.ACCEPTED
    assert stages == list(Stage)


@pytest.mark.lab
def test_a_bounce_of_another_operator_comes_back_to_the_bal(lab_mail: LabMail) -> None:
    place = lab_place(lab_mail)
    key = secrets.token_hex(6)
    assert submitted(place, letter(place, key, "quelquun@echec.example"), "bob").outcome is Outcome.ACCEPTED
    cabinet = place.session("cabinet", "bob")
    report = arrived(cabinet, f"env-{key}")
    assert b"Status: 5.1.1" in cabinet.body(report.uid)
    cabinet.close()


def test_a_wrong_certificate_of_the_submission_server_is_told(operator: Operator, sandbox: Place) -> None:
    operator.present(Service.SMTP, Fault.EXPIRED)
    try:
        with pytest.raises(Untrusted) as caught:
            submitted(sandbox, letter(sandbox, "k", "bob.durand"))
        assert caught.value.reason is Distrust.EXPIRED
    finally:
        operator.present(Service.SMTP, None)
