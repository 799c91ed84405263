"""What careless servers and hostile mail make of IMAP's answers: one odd thing never hides the others."""

from __future__ import annotations

import socket

import pytest

from mssclient.domain.errors import Offline
from mssclient.remote import imap_words as words
from mssclient.remote.imap import Idle, ImapSession
from mssclient.remote.imap_lean import envelope
from mssclient.sandbox.pki import Pki
from tests.remote.scripted import BAL, TOKEN, Peer, environment, imap_signed_in, profile, script
from tests.remote.test_imap_lean import HEADER, response

CAN = b"IMAP4rev1 SASL-IR AUTH=XOAUTH2 IDLE NAMESPACE QUOTA"


def opened(pki: Pki, port: int) -> ImapSession:
    return ImapSession.open(environment(pki), profile(port), BAL, TOKEN, timeout_s=5)


# Names of mailboxes


@pytest.mark.parametrize(
    "name",
    [b"INBOX", b"Class&AOk-s", b"R&D", b"&", b"&&", b"a&b-c", b"&2AA-", b"&AAo-x", b"&AAA-x", b"&AGE-", b"&AOk",
     b"\xe9t\xe9", b'a"b\\c', b"&IDM-", b"&AKA-x"],
)  # fmt: skip
def test_every_name_leads_back_to_its_mailbox(name: bytes) -> None:
    assert words.mailbox_word(words.mailbox_name(name)) == words.quoted(name)


def test_what_is_good_is_read_and_no_name_is_one_of_ours() -> None:
    assert words.mailbox_name(b"Class&AOk-s") == "Classés"
    assert words.mailbox_name("Classés".encode()) == "Classés"
    assert not words.mailbox_name(b"&AAo-x").startswith("\n")


def test_a_folder_with_an_odd_name_is_shown_as_told() -> None:
    found = words.listed(b'(\\HasNoChildren) "/" "Projets/R&D"', ())
    assert found is not None
    assert found.path == ("Projets", "R&D")
    assert words.mailbox_word(found.mailbox) == b'"Projets/R&D"'


@pytest.mark.parametrize("line", [b'() "/" NIL', b"() NIL (x)", b"nonsense", b"((((((", b""])
def test_a_folder_that_cannot_be_read_is_left_out(line: bytes) -> None:
    assert words.listed(line, ()) is None
    assert words.status(b"STATUS " + line) is None


# Structures of messages


@pytest.mark.parametrize("levels", [99, 120, 240])
def test_parts_as_deep_as_servers_tell_are_read(levels: int) -> None:
    structure = (
        b"(" * levels + response(b"").partition(b"BODYSTRUCTURE ")[2].partition(b" BODY[")[0] + b' "mixed")' * levels
    )
    found = envelope(response(HEADER, structure))
    assert found is not None
    assert found.message_id == "<1@pro.mss.example>"
    assert [part.media_type for part in found.parts] == ["text/plain"]
    assert words.SECTION.fullmatch(found.parts[0].number) or levels > 150


@pytest.mark.parametrize("structure", [b"(" * 400 + b")" * 400, b'("text" "plain"', b")))", b'("a" {3}\r\nb)', b"(1 2"])
@pytest.mark.parametrize("order", ["usual", "Dovecot's"])
def test_a_message_whose_structure_makes_no_sense_is_listed_without_parts(structure: bytes, order: str) -> None:
    found = envelope(response(HEADER, structure, order=order))
    assert found is not None
    assert (found.uid, found.size, found.parts) == (7, 900, ())
    assert found.message_id == "<1@pro.mss.example>"
    assert "\\Seen" in found.flags
    assert found.received.year == 2026


def test_an_answer_that_does_not_say_whose_it_is_ends_the_line() -> None:
    with pytest.raises(Offline):
        envelope(b"3 FETCH (((")


# Extensions that are announced and refused


def test_what_is_announced_and_refused_is_done_without(pki: Pki) -> None:
    def talk(peer: Peer) -> None:
        peer.send(peer.command(b"NAMESPACE") + b" NO not here")
        peer.send(b'* LIST () "." ""', peer.command(b'LIST "" ""') + b" OK")
        peer.send(b'* LIST () "." INBOX', peer.command(b"LIST") + b" OK")
        peer.send(peer.command(b"GETQUOTAROOT") + b" NO not here")
        peer.send(peer.command(b"CREATE") + b" OK")
        peer.send(peer.command(b"SUBSCRIBE") + b" NO not here")
        peer.send(peer.command(b"IDLE") + b" NO not here")
        peer.send(b"* 3 EXISTS", peer.command(b"NOOP") + b" OK")
        peer.rest()

    with script(imap_signed_in(pki, talk, CAN)) as port:
        session = opened(pki, port)
        assert [folder.path for folder in session.folders()] == [("INBOX",)]
        assert session.quota() is None
        assert session.create(("Classés",)) == "Classés"
        ours, wake = socket.socketpair()
        with ours, wake:
            assert session.idle(wake, 0.05) is Idle.TIMEOUT
            assert session.idle(wake, 0.05) is Idle.PUSHED
        session.cut()


def test_without_uidplus_nobody_elses_deletions_are_carried_out_and_ours_are(pki: Pki) -> None:
    said: list[bytes] = []

    def talk(peer: Peer) -> None:
        while line := peer.line():
            tag, _, rest = line.partition(b" ")
            said.append(rest)
            peer.send(*([b"* SEARCH 3 4 9"] if b"SEARCH" in rest else []), tag + b" OK")

    with script(imap_signed_in(pki, talk, CAN)) as port:
        session = opened(pki, port)
        session.erase([4])
        session.cut()
    assert said == [
        b"UID STORE 4 +FLAGS.SILENT (\\Deleted)", b"UID SEARCH DELETED", b"UID STORE 3,9 -FLAGS.SILENT (\\Deleted)",
        b"EXPUNGE", b"UID STORE 3,9 +FLAGS.SILENT (\\Deleted)",
    ]  # fmt: skip
