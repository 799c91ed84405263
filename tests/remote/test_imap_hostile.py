"""IMAP servers that lie, and people in the middle who speak for them: nothing leaks, hangs, grows or passes for ours."""

from __future__ import annotations

import socket
import zlib
from collections.abc import Callable

import pytest

from mssclient.domain.errors import Distrust, MssError, Offline, Refused, Untrusted
from mssclient.remote import imap_stream, imap_wire
from mssclient.remote.imap import Idle, ImapSession, Known
from mssclient.sandbox.pki import Pki, server_context
from tests.remote.scripted import BAL, CAPABILITIES, TOKEN, Peer, environment, imap_signed_in, profile, script

QRESYNC = CAPABILITIES + b" ENABLE CONDSTORE QRESYNC NAMESPACE NOTIFY"


def opened(pki: Pki, port: int, *, compress: bool = False) -> ImapSession:
    return ImapSession.open(environment(pki), profile(port), BAL, TOKEN, timeout_s=5, compress=compress)


def resyncing(pki: Pki, talk: Callable[[Peer], None]) -> Callable[[Peer], None]:
    """A server with QRESYNC, once the client has enabled it."""

    def whole(peer: Peer) -> None:
        peer.send(b"* ENABLED QRESYNC", peer.command(b"ENABLE QRESYNC") + b" OK")
        talk(peer)

    return imap_signed_in(pki, whole, QRESYNC)


# STARTTLS


@pytest.mark.parametrize(
    "greeting",
    [
        b"* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR] stripped",
        b"* OK [ALERT] Votre session a expire, saisissez votre code sur http://mechant.example",
        b"* OK ready\r\n* CAPABILITY IMAP4rev1 AUTH=XOAUTH2 SASL-IR\r\n* 12 EXISTS\r\n* BYE [ALERT] bye",
    ],
)
@pytest.mark.parametrize("answer", [b"NO no", b"BAD no", b"NO [ALERT] Telephonez au 08 99", b"BYE"])
def test_without_tls_no_credential_leaves_and_no_word_passes(pki: Pki, greeting: bytes, answer: bytes) -> None:
    said: list[bytes] = []

    def talk(peer: Peer) -> None:
        peer.send(greeting)
        line = peer.line()
        said.append(line)
        peer.send((b"* " if answer == b"BYE" else line.split()[0] + b" ") + answer)
        said.append(peer.rest())

    with script(talk) as port, pytest.raises(MssError) as caught:
        opened(pki, port)
    told = b"".join(said)
    assert told.endswith(b"STARTTLS")
    assert TOKEN.encode() not in told
    assert isinstance(caught.value, Untrusted | Offline)
    assert "08 99" not in str(caught.value)
    assert "http" not in str(caught.value)


def test_what_was_said_in_clear_is_no_news_and_no_notice_afterwards(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(b"* OK [ALERT] in clear")
        peer.send(b"* 3 EXISTS", b'* STATUS "INBOX" (MESSAGES 3)', peer.command(b"STARTTLS") + b" OK [ALERT] go")
        peer.secure(server_context(pki.imap))
        peer.send(b"* CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2 IDLE", peer.command(b"CAPABILITY") + b" OK")
        tag = peer.command(b"AUTHENTICATE XOAUTH2 ")
        peer.send(b"* OK [ALERT] Maintenance \x1b[31mce soir\t\xc3\xa0 20 h", tag + b" OK in")
        peer.send(b"* CAPABILITY IMAP4rev1 IDLE", peer.command(b"CAPABILITY") + b" OK")
        peer.rest()

    with script(talk) as port:
        session = opened(pki, port)
        assert session.capabilities == {"IMAP4REV1", "IDLE"}
        assert session.alerts() == ("Maintenance [31mce soir à 20 h",)
        assert session.alerts() == ()
        news = session.news()
        assert (news.counts, news.folders) == ({}, False)
        session.cut()


def test_notices_are_few_and_short(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        tag = peer.command(b"NOOP")
        peer.send(*(b"* OK [ALERT] %d " % n + b"x" * 5000 for n in range(50)), tag + b" OK")
        peer.rest()

    with script(imap_signed_in(pki, talk)) as port:
        session = opened(pki, port)
        session.noop()
        told = session.alerts()
        assert len(told) == 5
        assert max(map(len, told)) <= 500
        session.cut()


# QRESYNC and NOTIFY


def test_the_difference_is_told_with_the_mailbox(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        tag = peer.command(b'SELECT "INBOX" (QRESYNC (7 90))')
        peer.send(
            b"* OK [CLOSED]", b"* 3 EXISTS", b"* OK [UIDVALIDITY 7] ok", b"* OK [UIDNEXT 50] ok",
            b"* OK [HIGHESTMODSEQ 120] ok", b"* VANISHED (EARLIER) 1:4294967295,7", b"* VANISHED 9",
            b"* 2 FETCH (UID 30 FLAGS (\\Seen) MODSEQ (110))", b"* 1 FETCH (FLAGS () MODSEQ (111) UID 4)",
            b"* 1 FETCH (MODSEQ (112))", tag + b" OK [READ-WRITE] done",
        )  # fmt: skip
        tag = peer.command(b'SELECT "INBOX" (QRESYNC (7 120))')
        peer.send(b"* 3 EXISTS", b"* OK [UIDVALIDITY 8] other", b"* OK [HIGHESTMODSEQ 3] ok", tag + b" OK done")
        tag = peer.command(b'SELECT "INBOX" (CONDSTORE)')
        peer.send(b"* 3 EXISTS", b"* OK [UIDVALIDITY 8] other", b"* OK [NOMODSEQ] none", tag + b" OK done")
        peer.rest()

    with script(resyncing(pki, talk)) as port:
        session = opened(pki, port)
        delta = session.select("INBOX", Known(7, 90)).delta
        assert delta is not None
        assert delta.vanished == ((1, 4294967295), (7, 7), (9, 9))
        assert sorted(delta.flags) == [(4, frozenset(), 111), (30, frozenset({"\\Seen"}), 110)]
        assert session.select("INBOX", Known(7, 120)).delta is None
        assert session.select("INBOX", Known(0, 120)).delta is None
        session.cut()


def test_an_extension_that_is_announced_and_refused_is_done_without(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(peer.command(b"ENABLE") + b" BAD what")
        peer.send(peer.command(b"NOTIFY SET (selected") + b" NO [BADEVENT (MailboxName)] no")
        peer.send(peer.command(b"NOTIFY SET (selected") + b" NO [NOTIFICATIONOVERFLOW] no")
        peer.send(b"* OK [UIDVALIDITY 7] ok", peer.command(b'SELECT "INBOX" (CONDSTORE)') + b" OK")
        peer.rest()

    with script(imap_signed_in(pki, talk, QRESYNC)) as port:
        session = opened(pki, port)
        assert not session.resyncs
        assert not session.notify()
        assert session.select("INBOX", Known(7, 90)).delta is None
        session.cut()


def test_news_of_other_mailboxes_end_idle_in_any_spelling(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(b"* OK [HIGHESTMODSEQ 9]", peer.command(b"NOTIFY SET") + b" OK")
        tag = peer.command(b"IDLE")
        peer.send(b"+ idling", b'* STATUS "Suivi \xc3\xa9" (MESSAGES 3)', b"* STATUS R&- (MESSAGES 1)")
        peer.send(b'* LIST () "/" "Neuf"', b"* STATUS broken", b"* STATUS &&&& (UNSEEN 1)")
        assert peer.line() == b"DONE"
        peer.send(tag + b" OK")
        peer.rest()

    left, right = socket.socketpair()
    with left, right, script(resyncing(pki, talk)) as port:
        session = opened(pki, port)
        assert session.notify()
        assert session.idle(left, 5) is Idle.ELSEWHERE
        news = session.news()
        assert news.folders
        assert {"Suivi é", "R&"} <= set(news.counts)
        session.cut()


# Bounds


def test_a_flood_is_left_before_it_fills_the_memory(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_wire, "_REPLY_CAP", 200_000)

    def talk(peer: Peer) -> None:
        peer.command(b"NOOP")
        for _ in range(100):
            peer.send(*(b"* OK nonsense %d" % n for n in range(500)))

    with script(imap_signed_in(pki, talk)) as port:
        session = opened(pki, port)
        with pytest.raises(Offline):
            session.noop()
        session.cut()


def test_a_line_without_an_end_is_left(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_stream, "_LINE_CAP", 100_000)

    def talk(peer: Peer) -> None:
        peer.command(b"NOOP")
        for _ in range(40):
            peer.raw(b"x" * 10_000)

    with script(imap_signed_in(pki, talk)) as port:
        session = opened(pki, port)
        with pytest.raises(Offline):
            session.noop()
        session.cut()


def test_a_dribble_is_left(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    def talk(peer: Peer) -> None:
        peer.command(b"NOOP")
        peer.raw(b"* ")
        peer.rest()

    with script(imap_signed_in(pki, talk)) as port:
        session = opened(pki, port)
        monkeypatch.setattr(imap_stream, "_DRIBBLE_AFTER_S", 0.0)
        monkeypatch.setattr(imap_stream, "_DRIBBLE_BYTES_S", 10_000_000)
        with pytest.raises(Offline):
            session.noop()
        session.cut()


def test_a_piece_larger_than_asked_for_is_not_taken(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        tag = peer.command(b"UID FETCH 7")
        peer.raw(b"* 1 FETCH (UID 7 BODY[]<0> {300000}\r\n" + b"x" * 300_000 + b")\r\n")
        peer.send(tag + b" OK")
        peer.rest()

    with script(imap_signed_in(pki, talk)) as port:
        session = opened(pki, port)
        with pytest.raises(Offline):
            session.body(7)
        session.cut()


@pytest.mark.parametrize("packed", [b"\xff\xff\xff\xff not deflate", zlib.compress(b"* OK zlib header\r\n")])
def test_a_compressed_stream_that_is_none_is_a_line_that_is_down(pki: Pki, packed: bytes) -> None:
    def talk(peer: Peer) -> None:
        peer.send(peer.command(b"COMPRESS DEFLATE") + b" OK")
        peer.raw(packed)
        peer.rest()

    with script(imap_signed_in(pki, talk, CAPABILITIES + b" COMPRESS=DEFLATE")) as port:
        session = opened(pki, port, compress=True)
        with pytest.raises(Offline):
            session.noop()
        session.cut()


def test_a_bomb_of_zeros_is_taken_in_small_pieces_and_left(pki: Pki, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap_stream, "_LINE_CAP", 1 << 20)
    bomb = zlib.compressobj(9, wbits=-15)

    def talk(peer: Peer) -> None:
        peer.send(peer.command(b"COMPRESS DEFLATE") + b" OK")
        peer.raw(bomb.compress(b"0" * (200 << 20)) + bomb.flush(zlib.Z_SYNC_FLUSH))
        peer.rest()

    with script(imap_signed_in(pki, talk, CAPABILITIES + b" COMPRESS=DEFLATE")) as port:
        session = opened(pki, port, compress=True)
        with pytest.raises(Offline):
            session.noop()
        session.cut()


def test_names_that_are_traps_are_never_sent(pki: Pki) -> None:
    said: list[bytes] = []

    def talk(peer: Peer) -> None:
        peer.send(b'* NAMESPACE (("INBOX." ".")) NIL NIL', peer.command(b"NAMESPACE") + b" OK")
        peer.send(peer.command(b'CREATE "INBOX.R&-D &AOk-t&AOk-"') + b" OK")
        peer.send(peer.command(b"SUBSCRIBE") + b" OK")
        said.append(peer.rest())

    with script(imap_signed_in(pki, talk, CAPABILITIES + b" NAMESPACE")) as port:
        session = opened(pki, port)
        assert session.create(("R&D été",)) == "INBOX.R&D été"
        for bad in ("a.b", "", " a", "a\r\nb", "a\x00", "x" * 500):
            with pytest.raises(Refused):
                session.create((bad,))
            with pytest.raises(Refused):
                session.name_anew("INBOX.x", (bad,))
        assert session.mailbox_of(("inbox", "Sous")) == "INBOX.Sous"
        session.cut()
    assert said == [b""]


def test_distrust_names_the_protocol(pki: Pki) -> None:
    with script(lambda peer: peer.send(b"* PREAUTH [CAPABILITY IMAP4rev1] come in")) as port:
        with pytest.raises(Untrusted) as caught:
            opened(pki, port)
        assert caught.value.reason is Distrust.PROTOCOL
