"""What the client says, the server says, and silence: IMAP sessions against a script."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import socket
import threading
import time
from collections.abc import Callable

import pytest

from mssclient.domain.errors import Cancelled, Distrust, MssError, Offline, Refused, Untrusted
from mssclient.remote.imap import CHUNK, Idle, ImapSession, RemoteFolder
from mssclient.sandbox.pki import Pki, server_context
from tests.remote.scripted import (
    BAL,
    CAPABILITIES,
    TOKEN,
    Peer,
    environment,
    imap_secured,
    imap_signed_in,
    profile,
    script,
)

BLOB = base64.b64encode(f"user={BAL}\x01auth=Bearer {TOKEN}\x01\x01".encode())


def opened(pki: Pki, port: int, *, timeout_s: float = 5, login: str = "address") -> ImapSession:
    return ImapSession.open(environment(pki), profile(port, login=login), BAL, TOKEN, timeout_s=timeout_s)


def refusal(pki: Pki, talk: Callable[[Peer], None]) -> MssError:
    with script(talk) as port, pytest.raises(MssError) as caught:
        opened(pki, port).cut()
    return caught.value


# Before TLS


def test_without_starttls_nothing_secret_is_said(pki: Pki) -> None:
    said: list[bytes] = []

    def talk(peer: Peer) -> None:
        peer.send(b"* OK [CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR] ready")
        tag = peer.command(b"STARTTLS")
        peer.send(tag + b" BAD unknown command")
        said.append(peer.rest())

    error = refusal(pki, talk)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.PROTOCOL
    assert said == [b""]


def test_preauth_is_refused_before_a_word(pki: Pki) -> None:
    said: list[bytes] = []

    def talk(peer: Peer) -> None:
        peer.send(b"* PREAUTH welcome")
        said.append(peer.rest())

    error = refusal(pki, talk)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.PROTOCOL
    assert said == [b""]


def test_bytes_injected_behind_starttls_end_the_attempt(pki: Pki) -> None:
    said: list[bytes] = []

    def talk(peer: Peer) -> None:
        peer.send(b"* OK ready")
        peer.send(peer.command(b"STARTTLS") + b" OK begin", b"* CAPABILITY IMAP4rev1 AUTH=PLAIN")
        said.append(peer.rest())

    error = refusal(pki, talk)
    assert isinstance(error, Untrusted)
    assert error.reason is Distrust.PROTOCOL
    assert TOKEN.encode() not in said[0]


def test_capabilities_told_before_tls_are_forgotten(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(b"* OK [CAPABILITY IMAP4rev1 STARTTLS X-INJECTED AUTH=XOAUTH2 SASL-IR] ready")
        tag = peer.command(b"STARTTLS")
        peer.send(b"* CAPABILITY X-INJECTED AUTH=XOAUTH2 SASL-IR", tag + b" OK begin")
        peer.secure(server_context(pki.imap))
        peer.send(b"* CAPABILITY IMAP4rev1 AUTH=XOAUTH2", peer.command(b"CAPABILITY") + b" OK")
        tag = peer.command(b"AUTHENTICATE XOAUTH2")
        peer.send(b"+ ")
        assert peer.line() == BLOB
        peer.send(tag + b" OK in")
        peer.send(b"* CAPABILITY IMAP4rev1 IDLE", peer.command(b"CAPABILITY") + b" OK")
        peer.rest()

    with script(talk) as port:
        session = opened(pki, port)
        assert session.capabilities == {"IMAP4REV1", "IDLE"}
        session.cut()


@pytest.mark.parametrize("greeting", [b"garbage", b"* OKAY", b"* NO way", b"\xff\xfe\x00", b"+ go on"])
def test_a_server_that_is_no_imap_server_is_offline(pki: Pki, greeting: bytes) -> None:
    assert isinstance(refusal(pki, lambda peer: peer.send(greeting)), Offline)


def test_a_bye_at_the_door_is_an_operator_in_trouble(pki: Pki) -> None:
    error = refusal(pki, lambda peer: peer.send(b"* BYE [UNAVAILABLE] maintenance"))
    assert isinstance(error, Offline)
    assert error.busy


def test_a_silent_server_is_left_in_time(pki: Pki) -> None:
    begin = time.monotonic()
    with script(lambda peer: peer.rest() and None) as port, pytest.raises(Offline):
        opened(pki, port, timeout_s=0.2)
    assert time.monotonic() - begin < 2


# Sign-in


def test_the_bal_is_the_user_and_the_token_the_persons_in_one_round_trip(pki: Pki) -> None:
    seen: list[bytes] = []

    def talk(peer: Peer) -> None:
        imap_secured(peer, pki)
        peer.send(b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2", peer.command(b"CAPABILITY") + b" OK")
        line = peer.line()
        seen.append(line)
        peer.send(line.split()[0] + b" OK [CAPABILITY IMAP4rev1 IDLE] in")
        peer.rest()

    with script(talk) as port:
        opened(pki, port).cut()
        opened(pki, port, login="local").cut()
    assert seen[0].endswith(b"AUTHENTICATE XOAUTH2 " + BLOB)
    assert base64.b64decode(seen[1].split()[-1]).startswith(b"user=cabinet\x01")


@pytest.mark.parametrize("initial", [True, False])
def test_a_refused_token_is_told_with_the_servers_status(pki: Pki, initial: bool) -> None:
    def talk(peer: Peer) -> None:
        imap_secured(peer, pki)
        words = b"AUTH=XOAUTH2" + (b" SASL-IR" if initial else b"")
        peer.send(b"* CAPABILITY IMAP4rev1 " + words, peer.command(b"CAPABILITY") + b" OK")
        tag = peer.command(b"AUTHENTICATE XOAUTH2")
        if not initial:
            peer.send(b"+ ")
            assert peer.line() == BLOB
        peer.send(b"+ " + base64.b64encode(b'{"status":"401","schemes":"bearer","scope":"mail"}'))
        assert peer.line() == b""
        peer.send(tag + b" NO [AUTHENTICATIONFAILED] Authentication failed.")
        peer.rest()

    error = refusal(pki, talk)
    assert isinstance(error, Refused)
    assert (error.code, error.text) == ("AUTHENTICATIONFAILED", "Authentication failed. (401)")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"NO [AUTHORIZATIONFAILED] not your BAL", "AUTHORIZATIONFAILED"),
        (b"NO no code", "AUTHENTICATIONFAILED"),
        (b"NO [EXPIRED] gone", "EXPIRED"),
        (b"BAD what", "BAD"),
    ],
)
def test_who_is_not_let_in_is_told_apart_from_a_bad_token(pki: Pki, answer: bytes, code: str) -> None:
    def talk(peer: Peer) -> None:
        imap_secured(peer, pki)
        peer.send(b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2", peer.command(b"CAPABILITY") + b" OK")
        peer.send(peer.command(b"AUTHENTICATE") + b" " + answer)
        peer.rest()

    error = refusal(pki, talk)
    assert isinstance(error, Refused)
    assert error.code == code


@pytest.mark.parametrize("answer", [b"NO [UNAVAILABLE] later", b"NO [INUSE] later", b"NO [LIMIT] too many lines"])
def test_an_operator_in_trouble_at_sign_in_is_no_refusal(pki: Pki, answer: bytes) -> None:
    def talk(peer: Peer) -> None:
        imap_secured(peer, pki)
        peer.send(b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2", peer.command(b"CAPABILITY") + b" OK")
        peer.send(peer.command(b"AUTHENTICATE") + b" " + answer)
        peer.rest()

    error = refusal(pki, talk)
    assert isinstance(error, Offline)
    assert error.busy


def test_a_server_without_xoauth2_hears_no_token(pki: Pki) -> None:
    said: list[bytes] = []

    def talk(peer: Peer) -> None:
        imap_secured(peer, pki)
        peer.send(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN", peer.command(b"CAPABILITY") + b" OK")
        said.append(peer.rest())

    error = refusal(pki, talk)
    assert isinstance(error, Refused)
    assert error.code == "XOAUTH2"
    assert said == [b""]


# Commands


def session_test(
    pki: Pki, talk: Callable[[Peer], None], capabilities: bytes = CAPABILITIES
) -> contextlib.AbstractContextManager[int]:
    return script(imap_signed_in(pki, talk, capabilities))


@pytest.mark.parametrize(
    "line",
    [
        b"* 1 FETCH (UID 7 FLAGS (\\Seen BODYSTRUCTURE ((((",
        b"* 1 FETCH (UID 7 FLAGS (\\Seen) BODY[] {99999999999}",
        b"* 1 FETCH (UID 7 ENVELOPE",
        b"\x00\x01\x02",
        b"* BYE [UNAVAILABLE] shutting down",
        b"zz OK done",
        b"* 1 FETCH (UID 7 RFC822.SIZE 3 BODY[]<0> " + b"(" * 200,
    ],
)
def test_a_senseless_answer_is_a_line_that_is_down(pki: Pki, line: bytes) -> None:
    def talk(peer: Peer) -> None:
        peer.command(b"UID FETCH")
        peer.send(line)
        peer.hang_up()

    with session_test(pki, talk) as port:
        session = opened(pki, port)
        with pytest.raises(Offline):
            session.body(7)
        session.close()


def test_a_no_carries_its_code_and_words(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(peer.command(b"SELECT") + b" NO [NONEXISTENT] Bo\xc3\xaete inconnue")
        peer.send(peer.command(b"SELECT") + b" NO no code")
        peer.send(peer.command(b"SELECT") + b" BAD syntax")
        peer.send(peer.command(b"SELECT") + b" NO [UNAVAILABLE] storage")
        peer.rest()

    with session_test(pki, talk) as port:
        session = opened(pki, port)
        for code, text in (("NONEXISTENT", "Boîte inconnue"), ("NO", "no code"), ("BAD", "syntax")):
            with pytest.raises(Refused) as caught:
                session.select("Absent")
            assert (caught.value.code, caught.value.text) == (code, text)
        with pytest.raises(Offline) as trouble:
            session.select("Absent")
        assert trouble.value.busy
        session.cut()


def test_folders_without_extensions_have_the_personal_prefix_taken_off(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        tag = peer.command(b"NAMESPACE")
        peer.send(b'* NAMESPACE (("INBOX." ".")) NIL (("Partages." "."))', tag + b" OK")
        line = peer.line()
        assert line.endswith(b' LIST "" "*"')
        peer.send(
            b'* LIST (\\HasChildren) "." INBOX',
            b'* LIST (\\HasNoChildren) "." "INBOX.Envoy&AOk-s"',
            b'* LIST (\\HasNoChildren \\Trash) "." {9}\r\nINBOX.a"b',
            b'* LIST (\\Noselect) "." Partages',
            b'* LIST () "." "Partages.R&-D"',
            b'* LIST () NIL "plat.sans"',
            line.split()[0] + b" OK",
        )
        peer.rest()

    with session_test(pki, talk, CAPABILITIES + b" NAMESPACE") as port:
        session = opened(pki, port)
        assert session.folders() == (
            RemoteFolder("INBOX", ("INBOX",), (), selectable=True),
            RemoteFolder("INBOX.Envoyés", ("Envoyés",), (), selectable=True),
            RemoteFolder('INBOX.a"b', ('a"b',), ("\\Trash",), selectable=True),
            RemoteFolder("Partages", ("Partages",), (), selectable=False, personal=False),
            RemoteFolder("Partages.R&D", ("Partages", "R&D"), (), selectable=True, personal=False),
            RemoteFolder("plat.sans", ("plat.sans",), (), selectable=True),
        )
        session.cut()


def test_counts_are_asked_folder_by_folder_where_list_status_is_unknown(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(b'* LIST () "/" ""', peer.command(b'LIST "" ""') + b" OK")
        peer.send(b'* LIST () "/" INBOX', b'* LIST () "/" Secret', peer.command(b"LIST") + b" OK")
        tag = peer.command(b'STATUS "INBOX" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)')
        peer.send(b"* STATUS INBOX (UIDVALIDITY 9 MESSAGES 3 UNSEEN 1 UIDNEXT 12)", tag + b" OK")
        peer.send(peer.command(b"STATUS") + b" NO [NOPERM] not yours")
        peer.rest()

    with session_test(pki, talk) as port:
        session = opened(pki, port)
        counts = session.all_counts()
        assert set(counts) == {"INBOX"}
        assert counts["INBOX"].messages == 3
        assert counts["INBOX"].uidvalidity == 9
        assert counts["INBOX"].highest_modseq == 0
        session.cut()


def test_move_without_the_extension_copies_marks_and_erases_those_alone(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        tag = peer.command(b'UID COPY 3:4,9 "Corbeille"')
        peer.send(tag + b" OK [COPYUID 7 3:4,9 101:103] done")
        peer.send(peer.command(b"UID STORE 3:4,9 +FLAGS.SILENT (\\DELETED)") + b" OK")
        peer.send(b"* 1 EXPUNGE", peer.command(b"UID EXPUNGE 3:4,9") + b" OK")
        peer.rest()

    with session_test(pki, talk, b"IMAP4rev1 SASL-IR AUTH=XOAUTH2 UIDPLUS") as port:
        session = opened(pki, port)
        assert session.move([9, 3, 4], "Corbeille") == {3: 101, 4: 102, 9: 103}
        session.cut()


def test_a_mailbox_without_modseqs_is_not_asked_for_any(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        tag = peer.command(b'SELECT "INBOX" (CONDSTORE)')
        peer.send(b"* 1 EXISTS", b"* OK [NOMODSEQ] none", tag + b" OK")
        peer.send(b"* 1 FETCH (UID 3 FLAGS (\\Seen))", peer.command(b"UID FETCH 1:* (UID FLAGS)") + b" OK")
        peer.rest()

    with session_test(pki, talk, CAPABILITIES + b" CONDSTORE") as port:
        session = opened(pki, port)
        assert session.select("INBOX").highest_modseq == 0
        assert session.flags(7) == [(3, {"\\Seen"}, 0)]
        session.cut()


def test_uids_of_a_range_beyond_the_last_message_are_none(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(b"* SEARCH 7", peer.command(b"UID SEARCH UID 8:*") + b" OK")
        peer.send(b"* SEARCH", peer.command(b"UID SEARCH UID 1:*") + b" OK")
        peer.send(b"* SEARCH 1 3", b"* SEARCH 9", peer.command(b"UID SEARCH UID 1:*") + b" OK")
        peer.rest()

    with session_test(pki, talk, b"IMAP4rev1 SASL-IR AUTH=XOAUTH2") as port:
        session = opened(pki, port)
        assert session.uids(8) == []
        assert session.uids() == []
        assert session.uids() == [1, 3, 9]
        session.cut()


def test_an_enormous_range_of_uids_is_not_believed(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        tag = peer.command(b"UID SEARCH RETURN")
        peer.send(b'* ESEARCH (TAG "' + tag + b'") UID ALL 1:4294967295', tag + b" OK")
        peer.rest()

    with session_test(pki, talk) as port:
        session = opened(pki, port)
        with pytest.raises(Offline):
            session.uids()
        session.cut()


def test_a_large_body_comes_in_chunks_that_can_be_watched_and_stopped(pki: Pki) -> None:
    whole = bytes(range(256)) * 2600  # two chunks and a half

    def talk(peer: Peer) -> None:
        while line := peer.line():
            start = int(line.partition(b"<")[2].partition(b".")[0])
            piece = whole[start : start + CHUNK]
            size = b" RFC822.SIZE %d" % len(whole) if b"RFC822.SIZE" in line else b""
            head = b"* 3 FETCH (UID 7%s BODY[]<%d> {%d}\r\n" % (size, start, len(piece))
            peer.send(b"* 4 FETCH (FLAGS ())", head + piece + b")", line.split()[0] + b" OK")

    with session_test(pki, talk) as port:
        session = opened(pki, port)
        seen: list[tuple[int, int]] = []
        assert session.body(7, lambda done, total: seen.append((done, total))) == whole
        assert seen == [(CHUNK, len(whole)), (2 * CHUNK, len(whole)), (len(whole), len(whole))]
        answers = iter([False, True])
        with pytest.raises(Cancelled):
            session.body(7, None, lambda: next(answers))
        assert session.body(7) == whole, "a cancelled fetch leaves the line usable"
        session.cut()


def test_a_message_that_is_gone_is_told(pki: Pki) -> None:
    with session_test(pki, lambda peer: peer.send(peer.command(b"UID FETCH") + b" OK")) as port:
        session = opened(pki, port)
        with pytest.raises(Refused) as caught:
            session.body(7)
        assert caught.value.code == "NONEXISTENT"
        session.cut()


def test_append_waits_to_be_let_and_hears_a_full_box_before_the_bytes_leave(pki: Pki) -> None:
    got: list[bytes] = []

    def talk(peer: Peer) -> None:
        line = peer.line()
        assert line.endswith(b' APPEND "Envoy&AOk-s" (\\Seen) "03-Mar-2026 10:11:12 +0100" {5}'), line
        peer.send(b"+ go")
        got.append(peer.exactly(7))
        peer.send(line.split()[0] + b" OK [APPENDUID 9 44] done")
        tag = peer.command(b"APPEND")
        peer.send(tag + b" NO [OVERQUOTA] full")
        got.append(peer.rest())

    when = dt.datetime(2026, 3, 3, 10, 11, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    with session_test(pki, talk) as port:
        session = opened(pki, port)
        assert session.append("Envoyés", b"12345", frozenset({"\\Seen"}), when) == 44
        with pytest.raises(Refused) as caught:
            session.append("Envoyés", b"12345", frozenset(), when)
        assert caught.value.code == "OVERQUOTA"
        session.cut()
    assert got == [b"12345\r\n", b""]


@pytest.mark.parametrize("flag", ["a b", "x)", 'q"', "", "\\Seen)\r\nA1 LOGOUT"])
def test_no_flag_smuggles_a_command(pki: Pki, flag: str) -> None:
    with session_test(pki, lambda peer: peer.rest() and None) as port:
        session = opened(pki, port)
        with pytest.raises(Refused):
            session.mark([1], frozenset({flag}))
        session.cut()


def test_no_folder_name_smuggles_a_command(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(peer.command(b'SELECT "IN&AA0ACg-A1 \\"LOGOUT"') + b" OK")
        peer.rest()

    with session_test(pki, talk) as port:
        session = opened(pki, port)
        session.select('IN\r\nA1 "LOGOUT')
        session.cut()


def test_other_calls_may_stand_between_two_batches(pki: Pki) -> None:
    def fetched(uid: int) -> bytes:
        block = b"Subject: s%d\r\n\r\n" % uid
        return (
            b'* %d FETCH (UID %d FLAGS () INTERNALDATE "01-Jan-2026 10:00:00 +0000" RFC822.SIZE 9 BODYSTRUCTURE '
            b'("text" "plain" NIL NIL NIL "7bit" 1 1 NIL NIL NIL NIL) BODY[HEADER.FIELDS (SUBJECT)] {%d}\r\n%s)'
        ) % (uid, uid, len(block), block)

    def talk(peer: Peer) -> None:
        peer.send(*(fetched(uid) for uid in range(201, 401)), peer.command(b"UID FETCH 201:400 ") + b" OK")
        peer.send(*(fetched(uid) for uid in range(1, 201)), peer.command(b"UID FETCH 1:200 ") + b" OK")
        peer.send(peer.command(b"NOOP") + b" OK")
        peer.rest()

    with session_test(pki, talk) as port:
        session = opened(pki, port)
        uids = list(range(400, 0, -1))
        batches = []
        for batch in session.envelopes(uids):
            batches.append([e.uid for e in batch])
            if len(batches) == 1:
                session.noop()
        assert [uid for batch in batches for uid in batch] == uids
        session.cut()


# IDLE


def idle_talk(*pushed: bytes, after: threading.Event | None = None) -> Callable[[Peer], None]:
    def talk(peer: Peer) -> None:
        tag = peer.command(b"IDLE")
        peer.send(b"+ idling")
        if after is not None:
            assert after.wait(5)
        if pushed:
            peer.send(*pushed)
        assert peer.line() == b"DONE"
        peer.send(tag + b" OK")
        peer.rest()

    return talk


@pytest.mark.parametrize("push", [b"* 4 EXISTS", b"* 2 EXPUNGE", b"* 2 FETCH (FLAGS (\\Seen))", b"* VANISHED 3"])
def test_a_push_ends_idle(pki: Pki, push: bytes) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, session_test(pki, idle_talk(b"* OK Still here", push)) as port:
        session = opened(pki, port)
        assert session.idle(ours, 5) is Idle.PUSHED
        session.cut()


def test_a_ring_ends_idle_at_once_and_is_left_to_be_read(pki: Pki) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, session_test(pki, idle_talk()) as port:
        session = opened(pki, port)
        timer = threading.Timer(0.05, lambda: theirs.send(b"!"))
        timer.start()
        begin = time.monotonic()
        assert session.idle(ours, 20) is Idle.WOKEN
        assert time.monotonic() - begin < 1
        timer.join()
        assert ours.recv(8) == b"!"
        session.cut()


def test_idle_ends_by_itself(pki: Pki) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, session_test(pki, idle_talk(b"* OK Still here")) as port:
        session = opened(pki, port)
        assert session.idle(ours, 0.05) is Idle.TIMEOUT
        session.cut()


@pytest.mark.parametrize("how", ["hangs up", "says bye", "talks nonsense"])
def test_a_server_that_goes_away_in_idle_is_offline(pki: Pki, how: str) -> None:
    def talk(peer: Peer) -> None:
        peer.command(b"IDLE")
        peer.send(b"+ idling")
        if how != "hangs up":
            peer.send(b"* BYE going" if how == "says bye" else b"nonsense")
        peer.hang_up()

    ours, theirs = socket.socketpair()
    with ours, theirs, session_test(pki, talk) as port:
        session = opened(pki, port)
        with pytest.raises(Offline):
            session.idle(ours, 5)
        session.close()


def test_news_told_in_passing_ends_the_next_idle_before_it_begins(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(b"* 5 EXISTS", peer.command(b"NOOP") + b" OK")
        idle_talk()(peer)

    ours, theirs = socket.socketpair()
    with ours, theirs, session_test(pki, talk) as port:
        session = opened(pki, port)
        session.noop()
        assert session.idle(ours, 5) is Idle.PUSHED
        assert session.idle(ours, 0.05) is Idle.TIMEOUT
        session.cut()


def test_without_idle_the_server_is_asked(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(b"* 5 EXISTS", peer.command(b"NOOP") + b" OK")
        peer.rest()

    ours, theirs = socket.socketpair()
    with ours, theirs, session_test(pki, talk, b"IMAP4rev1 SASL-IR AUTH=XOAUTH2") as port:
        session = opened(pki, port)
        assert session.idle(ours, 0.02) is Idle.PUSHED
        theirs.send(b"!")
        assert session.idle(ours, 5) is Idle.WOKEN
        session.cut()


def test_cut_from_another_thread_ends_a_wait_at_once(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.command(b"IDLE")
        peer.send(b"+ idling")
        assert peer.rest() == b""

    ours, theirs = socket.socketpair()
    with ours, theirs, session_test(pki, talk) as port:
        session = opened(pki, port)
        timer = threading.Timer(0.05, session.cut)
        timer.start()
        begin = time.monotonic()
        with pytest.raises(Offline):
            session.idle(ours, 20)
        assert time.monotonic() - begin < 2
        timer.join()
        with pytest.raises(Offline):
            session.noop()


def test_goodbye_waits_for_nobody_long(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.command(b"LOGOUT")
        peer.send(b"* BYE bye")
        peer.rest()

    with session_test(pki, talk) as port:
        session = opened(pki, port)
        session.close()
        session.close()
