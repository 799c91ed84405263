"""A mailbox at work: the same promises on the sandbox and on Dovecot."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from mssclient.domain.errors import Offline, Refused
from mssclient.remote.imap import Idle, ImapSession, RemoteFolder
from mssclient.sandbox.operator import Operator
from mssclient.sandbox.orders import When
from tests.lab import mail as lab
from tests.lab.mail import LabMail
from tests.remote.places import Place, sandbox_place

WHEN = dt.datetime(2026, 3, 3, 10, 11, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
PDF = b"%PDF-1.4\n" + bytes(range(256)) * 1500


@pytest.fixture
def session(place: Place) -> Iterator[ImapSession]:
    opened = place.session()
    yield opened
    opened.close()


@pytest.fixture
def box(session: ImapSession) -> str:
    """A fresh folder, selected."""
    mailbox = session.create((f"Essai {secrets.token_hex(4)} é/"[:-1],))
    session.select(mailbox)
    return mailbox


def message(at: int = 0, *, subject: str = "") -> bytes:
    """A mail with a text and a PDF."""
    body = base64.encodebytes(PDF).replace(b"\n", b"\r\n")
    head = (
        f"From: =?utf-8?q?Dr_H=C3=A9l=C3=A8ne?= <helene@tilleuls.mss.example>\r\nTo: cabinet@tilleuls.mss.example\r\n"
        f"Subject: {subject or f'sujet {at}'}\r\nMessage-ID: <{at}.{secrets.token_hex(4)}@tilleuls.mss.example>\r\n"
        "Date: Tue, 03 Mar 2026 10:00:00 +0100\r\nX-MSS-NIL: TEST-1\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\nBonjour =C3=A0 tous.\r\n--b\r\n"
        "Content-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename*=utf-8''r%C3%A9sultat.pdf\r\n\r\n"
    )
    return head.encode() + body + b"--b--\r\n"


def plain(at: int) -> bytes:
    return (
        f"From: a@tilleuls.mss.example\r\nTo: b@tilleuls.mss.example\r\nSubject: s{at}\r\n"
        f"Message-ID: <{at}@x.mss.example>\r\nX-MSS-NIL: TEST-1\r\n\r\ntexte {at}\r\n"
    ).encode()


def filled(session: ImapSession, box: str, count: int) -> list[int]:
    for at in range(count):
        session.append(box, plain(at), frozenset(), WHEN)
    session.select(box)
    return session.uids()


def test_an_org_bal_opens_with_each_persons_own_token_and_with_no_others(place: Place) -> None:
    mine = place.session("cabinet", "alice")
    mailbox = mine.create((f"Partage {secrets.token_hex(4)}",))
    theirs = place.session("cabinet", "bob")
    assert mailbox in {f.mailbox for f in theirs.folders()}
    own = place.session()
    assert mailbox not in {f.mailbox for f in own.folders()}
    for each in (mine, theirs, own):
        each.close()
    for name, person in (("cabinet", "carol"), ("alice.martin", "bob")):
        with pytest.raises(Refused) as caught:
            place.session(name, person)
        assert caught.value.code in {"AUTHENTICATIONFAILED", "AUTHORIZATIONFAILED"}


def test_folders_say_what_they_are_for(session: ImapSession) -> None:
    folders = session.folders()
    assert RemoteFolder("INBOX", ("INBOX",), (), selectable=True) in folders
    uses = {use for folder in folders for use in folder.uses}
    assert {"\\Drafts", "\\Sent", "\\Trash"} <= uses


def test_a_created_folder_is_listed_selected_and_counted(session: ImapSession, box: str) -> None:
    child = session.create((box, "sous-dossier"))
    assert (box, "sous-dossier") in {f.path for f in session.folders()}
    empty = session.select(box)
    assert (empty.exists, empty.uidnext) == (0, 1)
    uids = filled(session, box, 3)
    session.mark(uids[:1], frozenset({"\\Seen"}))
    chosen = session.select(box)
    assert chosen.exists == 3
    assert chosen.uidvalidity > 0
    assert chosen.highest_modseq > 0
    session.select(child)
    counts = session.counts(box)
    assert (counts.messages, counts.unseen, counts.uidnext) == (3, 2, uids[-1] + 1)
    assert counts.uidvalidity == chosen.uidvalidity
    everything = session.all_counts()
    assert everything[box] == counts
    assert set(everything) == {f.mailbox for f in session.folders() if f.selectable}


def test_what_was_filed_is_read_back_whole_and_in_parts(session: ImapSession, box: str) -> None:
    raw = message(1)
    uid = session.append(box, raw, frozenset({"\\Seen", "\\Flagged"}), WHEN)
    session.select(box)
    assert session.uids() == [uid]
    ((envelope,),) = list(session.envelopes([uid]))
    assert {"\\Seen", "\\Flagged"} <= envelope.flags
    assert envelope.received == WHEN
    assert envelope.size == len(raw)
    assert envelope.subject == "sujet 1"
    assert envelope.sender.label == "Dr Hélène"
    assert envelope.header("x-mss-nil") == "TEST-1"
    assert envelope.modseq > 0
    text, pdf = envelope.parts
    assert (text.number, text.media_type, text.attachment) == ("1", "text/plain", False)
    assert (pdf.number, pdf.media_type, pdf.name, pdf.attachment) == ("2", "application/pdf", "résultat.pdf", True)
    seen: list[tuple[int, int]] = []
    assert session.part(uid, pdf, lambda done, total: seen.append((done, total))) == PDF
    assert len(seen) == 3
    assert session.part(uid, text).decode() == "Bonjour à tous."
    assert session.body(uid) == raw


def test_reading_leaves_unread(session: ImapSession, box: str) -> None:
    uid = session.append(box, message(2), frozenset(), WHEN)
    session.select(box)
    (batch,) = session.envelopes([uid])
    session.body(uid)
    session.part(uid, batch[0].parts[1])
    assert all("\\Seen" not in flags for _, flags, _ in session.flags())


def test_envelopes_come_in_the_order_asked_without_those_that_are_gone(session: ImapSession, box: str) -> None:
    uids = filled(session, box, 230)
    wanted = [*reversed(uids), uids[-1] + 50]
    batches = list(session.envelopes(wanted))
    assert [len(batch) for batch in batches] == [200, 30]
    assert [e.uid for batch in batches for e in batch] == list(reversed(uids))
    assert [e.subject for e in batches[1]][-1] == "s0"
    assert list(session.envelopes([])) == []


def test_marks_are_set_cleared_and_told_since_a_modseq(session: ImapSession, box: str) -> None:
    uids = filled(session, box, 5)
    before = session.select(box).highest_modseq
    session.mark(uids[1:3], frozenset({"\\Seen", "$Forwarded"}))
    session.mark(uids[2:3], remove=frozenset({"\\Seen"}))
    changed = {uid: flags - {"\\Recent"} for uid, flags, _ in session.flags(before)}
    assert changed == {uids[1]: {"\\Seen", "$Forwarded"}, uids[2]: {"$Forwarded"}}
    assert {uid for uid, _, _ in session.flags()} == set(uids)
    assert [uid for uid, _, _ in session.flags(uids=uids[3:4])] == uids[3:4]
    after = max(modseq for _, _, modseq in session.flags(before))
    assert after > before
    assert session.flags(after) == []


def test_moved_messages_are_told_with_their_new_uids(session: ImapSession, box: str) -> None:
    uids = filled(session, box, 4)
    target = session.create((f"Cible {secrets.token_hex(4)}",))
    ids = {e.uid: e.message_id for batch in session.envelopes(uids) for e in batch}
    table = session.move([uids[2], uids[0]], target)
    assert set(table) == {uids[0], uids[2]}
    assert session.uids() == [uids[1], uids[3]]
    session.select(target)
    moved = {e.uid: e.message_id for batch in session.envelopes(session.uids()) for e in batch}
    assert moved == {table[uid]: ids[uid] for uid in table}


def test_moving_to_a_folder_that_is_gone_is_refused_and_moves_nothing(session: ImapSession, box: str) -> None:
    uids = filled(session, box, 1)
    with pytest.raises(Refused):
        session.move(uids, "Absent")
    assert session.uids() == uids


def test_erasing_takes_these_alone(session: ImapSession, box: str) -> None:
    uids = filled(session, box, 3)
    session.mark(uids[2:], frozenset({"\\Deleted"}))
    session.erase(uids[:1])
    assert session.uids() == uids[1:]


def test_a_message_is_found_by_its_id(session: ImapSession, box: str) -> None:
    uids = filled(session, box, 3)
    assert session.find("<1@x.mss.example>") == [uids[1]]
    assert session.find("<9@x.mss.example>") == []
    assert session.find('<"\r\n é>') == []


def test_new_uids_are_asked_from_one_on(session: ImapSession, box: str) -> None:
    uids = filled(session, box, 3)
    assert session.uids(uids[1]) == uids[1:]
    assert session.uids(uids[-1] + 1) == []


def test_the_quota_is_told_in_bytes(session: ImapSession) -> None:
    quota = session.quota()
    assert quota is not None
    used, limit = quota
    assert limit == 2 * 1024**3
    assert 0 <= used < limit


def test_idle_hears_of_a_message_filed_elsewhere(place: Place, session: ImapSession, box: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        other = place.session()
        filing = threading.Timer(0.1, lambda: other.append(box, plain(1), frozenset(), WHEN))
        filing.start()
        assert session.idle(ours, 10) is Idle.PUSHED
        filing.join()
        other.close()
        assert session.uids() == [1]


def test_idle_is_woken_within_milliseconds_and_the_line_is_usable_after(session: ImapSession, box: str) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        rung: list[float] = []

        def ring() -> None:
            rung.append(time.monotonic())
            theirs.send(b"!")

        timer = threading.Timer(0.1, ring)
        timer.start()
        assert session.idle(ours, 10) is Idle.WOKEN
        assert time.monotonic() - rung[0] < 0.25
        timer.join()
    assert session.uids() == []


def test_a_cut_session_is_offline_for_good(place: Place) -> None:
    session = place.session()
    session.cut()
    for verb in (session.noop, session.folders, session.uids):
        with pytest.raises(Offline):
            verb()
    session.close()


@pytest.mark.lab
def test_a_forged_and_an_expired_token_open_nothing(lab_mail: LabMail) -> None:
    environment, profile = lab_mail.environment(), lab_mail.profile()
    for token in (lab_mail.token(lab.ALICE, forged=True), lab_mail.token(lab.ALICE, lives_s=-60), "x", "a.b.c"):
        with pytest.raises(Refused) as caught:
            ImapSession.open(environment, profile, lab.address("alice.martin"), token)
        assert caught.value.code == "AUTHENTICATIONFAILED"
    ImapSession.open(environment, profile, lab.address("alice.martin"), lab_mail.token(lab.ALICE)).close()


@pytest.mark.parametrize("when", list(When))
def test_a_line_cut_in_the_middle_of_an_answer_is_offline(operator: Operator, when: When) -> None:
    session = sandbox_place(operator).session()
    session.select("INBOX")
    operator.orders.drop("FETCH", when)
    with pytest.raises(Offline):
        session.body(1) if when is not When.AFTER else _twice(session)
    session.close()


def _twice(session: ImapSession) -> None:
    with pytest.raises(Refused):
        session.body(1)  # an empty box: the whole answer came
    session.noop()


def test_a_token_that_the_sandbox_refuses_once_is_taken_the_next_time(operator: Operator) -> None:
    place = sandbox_place(operator)
    operator.orders.refuse_tokens(1)
    with pytest.raises(Refused) as caught:
        place.session()
    assert caught.value.code == "AUTHENTICATIONFAILED"
    assert "401" in caught.value.text
    place.session().close()
