"""What becomes of a message when the operator says no, later, nothing, or hangs up: submissions against a script."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable

import pytest

from mssclient.domain.errors import Cancelled, Distrust, MssError, Offline, Refused, Untrusted
from mssclient.remote import smtp
from mssclient.remote.smtp import Outcome, Stage, Submission, Verdict
from mssclient.sandbox.pki import Fault, Pki, server_context
from tests.remote import scripted
from tests.remote.scripted import BAL, DOMAIN, TOKEN, Peer, environment, profile, script, smtp_signed_in

RAW = b"Subject: essai\r\nMessage-ID: <1@script.mss.example>\r\n\r\nligne\r\n.\r\n..deux\r\nfin\r\n"
ONE = (f"bob@{DOMAIN}",)
TWO = (f"bob@{DOMAIN}", f"carol@{DOMAIN}")


def submission(recipients: tuple[str, ...] = ONE, raw: bytes = RAW, *, ask_delivery: bool = True) -> Submission:
    return Submission(BAL, recipients, raw, "env+1", ask_delivery)


def submitted(
    pki: Pki,
    talk: Callable[[Peer], None],
    what: Submission | None = None,
    *,
    extensions: tuple[bytes, ...] = (b"SIZE 1000000", b"DSN", b"8BITMIME"),
    on_stage: Callable[[Stage], None] = lambda _stage: None,
) -> Verdict:
    with script(smtp_signed_in(pki, talk, extensions)) as port:
        return smtp.submit(environment(pki), profile(port), BAL, TOKEN, what or submission(), on_stage)


def said(peer: Peer, start: bytes, answer: bytes) -> bytes:
    line = peer.line()
    assert line.startswith(start), line
    peer.send(answer)
    return line


def farewell(peer: Peer) -> bytes:
    """Whatever the client still says; its goodbye is answered."""
    lines = []
    while line := peer.line():
        lines.append(line)
        if line == b"QUIT":
            peer.send(b"221 bye")
    return b"\r\n".join(lines)


def content(peer: Peer) -> bytes:
    said(peer, b"DATA", b"354 go")
    lines = []
    while (line := peer.line()) != b".":
        lines.append(line)
    return b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines) + b"\r\n"


def accepting(got: list[bytes], recipients: int = 1) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        got.append(said(peer, b"MAIL", b"250 2.1.0 ok"))
        got.extend(said(peer, b"RCPT", b"250 2.1.5 ok") for _ in range(recipients))
        got.append(content(peer))
        peer.send(b"250 2.0.0 Ok: queued as 4711")
        said(peer, b"QUIT", b"221 bye")

    return talk


def test_a_message_arrives_as_it_was_with_its_report_wishes(pki: Pki) -> None:
    got: list[bytes] = []
    stages: list[Stage] = []
    verdict = submitted(pki, accepting(got, 2), submission(TWO), on_stage=stages.append)
    assert verdict == Verdict(Outcome.ACCEPTED, "2.0.0", "Ok: queued as 4711", (), 1_000_000, dsn=True)
    mail, first, second, whole = got
    assert mail == b"MAIL FROM:<cabinet@script.mss.example> SIZE=%d RET=HDRS ENVID=env+2B1" % (len(RAW) + 2)
    assert first.endswith(b"NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;bob@script.mss.example")
    assert second.startswith(b"RCPT TO:<carol@script.mss.example> ")
    assert whole == RAW
    assert stages == [Stage.CONTENT, Stage.DOT, Stage.ANSWERED]


def test_without_a_receipt_wish_only_bad_news_is_asked_for(pki: Pki) -> None:
    got: list[bytes] = []
    submitted(pki, accepting(got), submission(ask_delivery=False))
    assert b"NOTIFY=FAILURE,DELAY " in got[1]


def test_nothing_is_asked_of_a_server_that_announces_nothing(pki: Pki) -> None:
    got: list[bytes] = []
    verdict = submitted(pki, accepting(got), extensions=(b"PIPELINING",))
    assert (verdict.size_limit, verdict.dsn) == (0, False)
    assert got[:2] == [b"MAIL FROM:<cabinet@script.mss.example>", b"RCPT TO:<bob@script.mss.example>"]


def test_bare_line_ends_and_eight_bits_are_made_safe(pki: Pki) -> None:
    got: list[bytes] = []
    raw = "Subject: é\n\nun\n.\nMAIL FROM:<x>\r.\rfin".encode()
    submitted(pki, accepting(got), submission(raw=raw))
    assert b" BODY=8BITMIME" in got[0]
    assert got[2] == "Subject: é\r\n\r\nun\r\n.\r\nMAIL FROM:<x>\r\n.\r\nfin\r\n".encode()


def test_a_large_message_goes_through_whole(pki: Pki) -> None:
    got: list[bytes] = []
    raw = b"Subject: grand\r\n\r\n" + b"0123456789" * 7 + b"\r\n" + b"".join(b"%076d\r\n" % n for n in range(60_000))
    verdict = submitted(pki, accepting(got), submission(raw=raw), extensions=(b"SIZE 10000000",))
    assert verdict.outcome is Outcome.ACCEPTED
    assert got[2] == raw


def test_too_large_a_message_does_not_leave(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        said(peer, b"QUIT", b"221 bye")

    verdict = submitted(pki, talk, extensions=(b"SIZE 60",))
    assert (verdict.outcome, verdict.code, verdict.size_limit) == (Outcome.REFUSED, "5.3.4", 60)


@pytest.mark.parametrize(
    ("answers", "outcome", "code", "named"),
    [
        ((b"250 ok", b"550 5.1.1 unknown"), Outcome.REFUSED, "5.1.1", {TWO[1]}),
        ((b"450 4.2.0 greylisted", b"550 5.7.1 not trusted"), Outcome.REFUSED, "5.7.1", set(TWO)),
        ((b"250 ok", b"452 4.5.3 too many"), Outcome.LATER, "4.5.3", {TWO[1]}),
        ((b"550 no words of code", b"250 ok"), Outcome.REFUSED, "550", {TWO[0]}),
    ],
)
def test_one_recipient_refused_holds_the_message_back_from_all(
    pki: Pki, answers: tuple[bytes, bytes], outcome: Outcome, code: str, named: set[str]
) -> None:
    def talk(peer: Peer) -> None:
        said(peer, b"MAIL", b"250 ok")
        for answer in answers:
            said(peer, b"RCPT", answer)
        said(peer, b"RSET", b"250 ok")
        said(peer, b"QUIT", b"221 bye")

    verdict = submitted(pki, talk, submission(TWO))
    assert (verdict.outcome, verdict.code) == (outcome, code)
    assert {address for address, _, _ in verdict.recipients} == named


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        (b"250 2.0.0 ok", Outcome.ACCEPTED, "2.0.0"),
        (b"451 4.3.0 queue file write error", Outcome.LATER, "4.3.0"),
        (b"554 5.6.0 refused by policy", Outcome.REFUSED, "5.6.0"),
        (b"421 4.3.2 shutting down", Outcome.LATER, "4.3.2"),
        (b"354 what", Outcome.UNKNOWN, "354"),
        (b"nonsense", Outcome.UNKNOWN, ""),
    ],
)
def test_the_word_after_the_final_dot_counts(pki: Pki, answer: bytes, outcome: Outcome, code: str) -> None:
    def talk(peer: Peer) -> None:
        said(peer, b"MAIL", b"250 ok")
        said(peer, b"RCPT", b"250 ok")
        content(peer)
        peer.send(answer)
        farewell(peer)

    verdict = submitted(pki, talk)
    assert (verdict.outcome, verdict.code) == (outcome, code)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"451 4.3.0 later", Outcome.LATER),
        (b"554 5.5.1 no valid recipients", Outcome.REFUSED),
        (b"250 what", Outcome.LATER),
    ],
)
def test_a_refusal_of_data_sends_nothing(pki: Pki, answer: bytes, outcome: Outcome) -> None:
    rest: list[bytes] = []

    def talk(peer: Peer) -> None:
        said(peer, b"MAIL", b"250 ok")
        said(peer, b"RCPT", b"250 ok")
        said(peer, b"DATA", answer)
        rest.append(farewell(peer))

    assert submitted(pki, talk).outcome is outcome
    assert b"ligne" not in rest[0]


@pytest.mark.parametrize("at", ["MAIL", "RCPT", "DATA", "content"])
def test_a_line_cut_before_the_final_dot_means_later(pki: Pki, at: str) -> None:
    large = RAW + b"x" * 70 + b"\r\n" + (b"y" * 998 + b"\r\n") * 8_000

    def talk(peer: Peer) -> None:
        for verb, answer in ((b"MAIL", b"250 ok"), (b"RCPT", b"250 ok"), (b"DATA", b"354 go")):
            line = peer.line()
            assert line.startswith(verb)
            if verb.decode() == at:
                peer.hang_up()
                return
            peer.send(answer)
        peer.exactly(1_000_000)
        peer.hang_up()

    verdict = submitted(pki, talk, submission(raw=large), extensions=(b"SIZE 100000000",))
    assert verdict.outcome is Outcome.LATER


def test_a_line_cut_after_the_final_dot_is_unknown(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        said(peer, b"MAIL", b"250 ok")
        said(peer, b"RCPT", b"250 ok")
        content(peer)
        peer.hang_up()

    assert submitted(pki, talk).outcome is Outcome.UNKNOWN


def test_the_caller_may_stop_before_the_final_dot(pki: Pki) -> None:
    rest: list[bytes] = []

    def talk(peer: Peer) -> None:
        said(peer, b"MAIL", b"250 ok")
        said(peer, b"RCPT", b"250 ok")
        said(peer, b"DATA", b"354 go")
        rest.append(farewell(peer))

    def stop(stage: Stage) -> None:
        if stage is Stage.DOT:
            raise Cancelled

    with pytest.raises(Cancelled):
        submitted(pki, talk, on_stage=stop)
    assert not rest[0].rstrip(b"\r\n").endswith(b"\n.")


def test_stages_are_told_in_the_callers_thread(pki: Pki) -> None:
    threads: list[str] = []
    submitted(pki, accepting([]), on_stage=lambda _stage: threads.append(threading.current_thread().name))
    assert set(threads) == {threading.current_thread().name}


@pytest.mark.parametrize("bad", ["x", "a@b c.mss.example", "a@b.mss.example>\r\nRCPT TO:<c@d", ""])
def test_no_address_smuggles_a_command(pki: Pki, bad: str) -> None:
    def talk(peer: Peer) -> None:
        said(peer, b"QUIT", b"221 bye")

    verdict = submitted(pki, talk, submission((bad,)))
    assert (verdict.outcome, verdict.code) == (Outcome.REFUSED, "5.1.3")


# Before the first word of the message


def refusal(pki: Pki, talk: Callable[[Peer], None]) -> MssError:
    with script(talk) as port, pytest.raises(MssError) as caught:
        smtp.submit(environment(pki), profile(port), BAL, TOKEN, submission())
    return caught.value


@pytest.mark.parametrize("how", ["not announced", "refused"])
def test_without_starttls_nothing_secret_is_said(pki: Pki, how: str) -> None:
    rest: list[bytes] = []

    def talk(peer: Peer) -> None:
        peer.send(b"220 ready")
        peer.line()
        if how == "not announced":
            peer.send(b"250-hello", b"250 AUTH XOAUTH2")
        else:
            peer.send(b"250-hello", b"250 STARTTLS")
            said(peer, b"STARTTLS", b"502 5.5.1 no")
        rest.append(farewell(peer))

    error = refusal(pki, talk)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.PROTOCOL
    assert rest[0] in {b"", b"QUIT"}


def test_a_wrong_certificate_is_told_before_sign_in(pki: Pki) -> None:
    context = server_context(pki.mail_server([scripted.SMTP_HOST], Fault.NAME))

    def talk(peer: Peer) -> None:
        peer.send(b"220 ready")
        peer.line()
        peer.send(b"250-hello", b"250 STARTTLS")
        said(peer, b"STARTTLS", b"220 go")
        peer.secure(context)
        assert peer.line() == b""

    error = refusal(pki, talk)
    assert isinstance(error, Untrusted)
    assert (error.reason, error.subject) == (Distrust.NAME, scripted.SMTP_HOST)


def auth_talk(pki: Pki, *answers: bytes) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        peer.send(b"220 ready")
        peer.line()
        peer.send(b"250-hello", b"250 STARTTLS")
        said(peer, b"STARTTLS", b"220 go")
        peer.secure(server_context(pki.smtp))
        peer.line()
        peer.send(b"250-hello", b"250 AUTH PLAIN XOAUTH2")
        for answer in answers:
            peer.line()
            peer.send(answer)
        farewell(peer)

    return talk


def test_a_refused_token_is_told_with_its_status(pki: Pki) -> None:
    told = b"334 " + base64.b64encode(b'{"status":"401","schemes":"bearer","scope":"mail"}')
    error = refusal(pki, auth_talk(pki, b"334 ", told, b"535 5.7.8 Error: authentication failed"))
    assert isinstance(error, Refused)
    assert (error.code, error.text) == ("AUTHENTICATIONFAILED", "Error: authentication failed (401)")


@pytest.mark.parametrize("answer", [b"454 4.7.0 Temporary authentication failure", b"421 4.3.2 later"])
def test_an_operator_in_trouble_at_sign_in_is_no_refusal(pki: Pki, answer: bytes) -> None:
    error = refusal(pki, auth_talk(pki, b"334 ", answer))
    assert isinstance(error, Offline)
    assert error.busy


def test_another_refusal_keeps_its_code(pki: Pki) -> None:
    error = refusal(pki, auth_talk(pki, b"550 5.7.1 this BAL is suspended"))
    assert isinstance(error, Refused)
    assert error.code == "5.7.1"


@pytest.mark.parametrize(
    ("greeting", "kind"), [(b"421 busy", Offline), (b"554 5.7.1 go away", Refused), (b"hello", Offline)]
)
def test_a_bad_greeting_is_told(pki: Pki, greeting: bytes, kind: type[MssError]) -> None:
    def talk(peer: Peer) -> None:
        peer.send(greeting)
        farewell(peer)

    assert isinstance(refusal(pki, talk), kind)


def test_a_server_that_hangs_up_is_offline(pki: Pki) -> None:
    assert isinstance(refusal(pki, lambda peer: peer.hang_up()), Offline)


def test_limits_are_those_announced_after_sign_in(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        said(peer, b"QUIT", b"221 bye")

    for extensions, limit in (((b"SIZE 26214400",), 26_214_400), ((b"SIZE",), 0), ((), 0)):
        with script(smtp_signed_in(pki, talk, extensions)) as port:
            assert smtp.limits(environment(pki), profile(port), BAL, TOKEN) == limit
