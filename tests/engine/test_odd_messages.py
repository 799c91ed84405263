"""One message that will not come, one folder with an odd name, one move cut in two: the rest goes on as if nothing was."""

from __future__ import annotations

from pathlib import Path

import pytest

from mssclient.domain.bal import FolderId
from mssclient.domain.changes import Wish
from mssclient.domain.documents import Archive
from mssclient.domain.message import PartSpec
from mssclient.engine import watch
from mssclient.engine.suspects import FEW, PAUSE_S, Care, Suspects
from mssclient.sandbox.pki import Pki
from mssclient.store.content import BodyRecord
from tests.engine.sync_kit import sync_desk
from tests.engine.test_sync_liar import CAN, Liar, lie
from tests.remote import scripted
from tests.remote.places import Place
from tests.remote.scripted import Peer, environment, imap_signed_in, profile, script

ODD = 17


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """A chain for these scripts."""
    return scripted.new_pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(autouse=True)
def _nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "back_off_s", lambda _tries: 0.0)


class Damaged(Liar):
    """One of its messages makes every FETCH of its structure, or of anything, fail."""

    def __init__(self, how: str, *, spare: bool) -> None:
        super().__init__()
        self.how = how
        self.spare = spare
        self.pushes = []

    def talk(self, peer: Peer) -> None:
        """As a server with one damaged message does."""
        while line := peer.line():
            tag, _, rest = line.partition(b" ")
            words = rest.split(b" ")
            name = b" ".join(words[: 2 if words[0].upper() == b"UID" else 1]).decode().upper()
            self.heard[name] += 1
            if name == "IDLE":
                peer.send(b"+ idling")
                peer.line()
            elif name == "UID FETCH" and ODD in self.wanted(rest) and self.fails(rest):
                if self.how == "hangs up":
                    peer.send(b"* BYE internal error")
                    return
                if self.how == "nonsense":
                    peer.send(b"* 17 FETCH (UID )((")
                    return
                peer.send(tag + b" " + self.how.encode())
                continue
            else:
                peer.send(*self.answer(name, rest))
            peer.send(tag + b" OK done")
            if name == "LOGOUT":
                return

    def fails(self, rest: bytes) -> bool:
        """Whether this FETCH is one of those that fail."""
        return b"BODY" in rest and (not self.spare or b"BODYSTRUCTURE" in rest)

    def answer(self, name: str, rest: bytes) -> list[bytes]:
        """A FETCH of a header alone is answered without a structure."""
        if name == "UID FETCH" and b"BODY.PEEK[HEADER]<0" in rest:
            head = b"Message-ID: <%d@x.mss.example>\r\nSubject: s\r\n\r\n" % ODD
            start = (
                b'* 17 FETCH (UID 17 FLAGS () INTERNALDATE "03-Mar-2026 10:00:00 +0000" RFC822.SIZE 9 BODY[HEADER]<0>'
            )
            return [start + b" {%d}\r\n" % len(head) + head + b")"]
        return super().answer(name, rest)


@pytest.mark.parametrize("how", ["NO damaged", "BAD what", "NO [SERVERBUG] internal error", "hangs up", "nonsense"])
@pytest.mark.parametrize("spare", [True, False], ids=["header-comes", "nothing-comes"])
def test_one_message_that_cannot_be_fetched_keeps_no_other_away(
    pki: Pki, tmp_path: Path, how: str, spare: bool
) -> None:
    server = Damaged(how, spare=spare)

    def act(desk) -> None:  # type: ignore[no-untyped-def]
        expected = 30 if spare else 29
        desk.until(lambda: len(desk.ids("INBOX")) == expected, "all the others are here")
        assert ("<17@x.mss.example>" in desk.ids("INBOX")) is spare
        assert not desk.problems()

    lie(pki, server, tmp_path, act)


def test_what_was_left_out_comes_once_it_can(pki: Pki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mssclient.engine.suspects.PAUSE_S", 0.1)
    server = Damaged("NO damaged", spare=False)

    def act(desk) -> None:  # type: ignore[no-untyped-def]
        desk.until(lambda: len(desk.ids("INBOX")) == 29, "the others")
        server.how, server.spare = "NO", True
        desk.until(lambda: len(desk.ids("INBOX")) == 30, "the last one, without anybody asking")

    lie(pki, server, tmp_path, act)


def test_care_grows_only_around_what_failed() -> None:
    now = [0.0]
    suspects, inbox = Suspects(lambda: now[0]), FolderId(1)
    uids = list(range(1000, 0, -1))
    assert suspects.next(inbox, uids, 200) == (200, Care.USUAL)
    suspects.broke(inbox, uids[:200], Care.USUAL)
    assert suspects.next(inbox, uids, 200) == (FEW, Care.FEW)
    assert suspects.next(inbox, uids[190:], 200) == (10, Care.FEW)
    assert suspects.next(inbox, uids[200:], 200) == (200, Care.USUAL)
    suspects.came(inbox, uids[:FEW])
    suspects.broke(inbox, uids[FEW : 2 * FEW], Care.FEW)
    assert suspects.next(inbox, uids[FEW:], 200) == (1, Care.ALONE)
    for care in (Care.ALONE, Care.SPARING):
        suspects.broke(inbox, [uids[FEW]], care)
    assert suspects.next(inbox, uids[FEW:], 200) == (1, Care.LEFT_OUT)
    assert suspects.pause_s(inbox) == PAUSE_S
    now[0] += PAUSE_S
    assert suspects.next(inbox, uids[FEW:], 200) == (1, Care.ALONE)
    for care in (Care.ALONE, Care.SPARING):
        suspects.broke(inbox, [uids[FEW]], care)
    assert suspects.pause_s(inbox) == 4 * PAUSE_S
    suspects.renumbered(inbox)
    assert suspects.next(inbox, uids, 200) == (200, Care.USUAL)


class Parted(Liar):
    """Two folders, no MOVE; the line is cut once where it is told."""

    def __init__(self, cut: str) -> None:
        super().__init__()
        self.cut = cut
        self.boxes = {b"INBOX": list(range(1, 31)), b"Autre": list[int]()}
        self.names = dict(zip(range(1, 31), range(1, 31), strict=True))
        self.here = b"INBOX"

    def talk(self, peer: Peer) -> None:
        """Copies and erases in earnest."""
        while line := peer.line():
            tag, _, rest = line.partition(b" ")
            words = rest.split(b" ")
            name = b" ".join(words[: 2 if words[0].upper() == b"UID" else 1]).decode().upper()
            self.heard[name] += 1
            if name == "IDLE":
                peer.send(b"+ idling")
                peer.line()
            lines = self.answer(name, rest)
            if name == self.cut:
                self.cut = ""
                return
            peer.send(*lines, tag + b" OK done")
            if name == "LOGOUT":
                return

    def answer(self, name: str, rest: bytes) -> list[bytes]:
        """Untagged responses to a command."""
        if name == "LIST":
            listed = [b'* LIST () "/" INBOX', b'* LIST () "/" Autre']
            if b"STATUS" in rest:
                return [*listed, self.counts(b"INBOX"), self.counts(b"Autre")]
            return [b'* LIST () "/" ""'] if b'"" ""' in rest else listed
        if name == "STATUS":
            return [self.counts(b"Autre" if b"Autre" in rest else b"INBOX")]
        if name == "SELECT":
            self.here = b"Autre" if b"Autre" in rest else b"INBOX"
        self.uids = self.boxes[self.here]
        self.exists, self.uidnext = len(self.uids), 1000
        if name == "UID COPY":
            for uid in self.wanted(rest):
                self.modseq += 1
                self.names[500 + self.modseq] = self.names[uid]
                self.boxes[b"Autre"].append(500 + self.modseq)
            return []
        if name == "UID EXPUNGE":
            self.modseq += 1
            self.boxes[self.here] = [u for u in self.uids if u not in self.wanted(rest)]
            return []
        if name == "UID SEARCH" and b"MESSAGE-ID" in rest.upper():
            return [b'* ESEARCH (TAG "x") UID' + b"".join(b" ALL %d" % u for u in self.uids[-1:])]
        return super().answer(name, rest)

    def counts(self, box: bytes) -> bytes:
        uidnext = 500 + self.modseq + 1 if box == b"Autre" else 1000
        return b"* STATUS %s (MESSAGES %d UNSEEN 0 UIDNEXT %d UIDVALIDITY 9 HIGHESTMODSEQ %d)" % (
            box, len(self.boxes[box]), uidnext, self.modseq,
        )  # fmt: skip

    def told(self, uid: int) -> bytes:
        """Under the name of the message that it is a copy of."""
        told = super().told(uid)
        own, name = b"<%d@x" % uid, b"<%d@x" % self.names[uid]
        size = len(told.partition(b"}\r\n")[2]) - 1
        return told.replace(own, name).replace(b"{%d}" % size, b"{%d}" % (size - len(own) + len(name)))


@pytest.mark.parametrize("cut", ["UID COPY", "UID STORE", "UID EXPUNGE"])
def test_a_move_without_the_extension_that_is_cut_makes_one_copy(pki: Pki, tmp_path: Path, cut: str) -> None:
    server = Parted(cut)
    script_of = imap_signed_in(pki, server.talk, CAN.replace(b" MOVE", b""))
    with script(_with_literals(script_of)) as port:
        place = Place(environment(pki), profile(port), lambda _person: scripted.TOKEN, scripted.DOMAIN)
        with sync_desk(place, "cabinet", tmp_path) as desk:
            desk.until(lambda: len(desk.ids("INBOX")) == 30, "listed")
            desk.wish(Wish.MOVE, ["2"], ("INBOX",), ("Autre",))
            desk.until(lambda: not desk.house.stores.changes.of_bal(desk.bal_id) and not server.cut, "moved")
            desk.settle()
            assert len(server.boxes[b"Autre"]) == 1
            assert 2 not in server.boxes[b"INBOX"]
            assert list(desk.ids("Autre")) == ["<2@x.mss.example>"]
            assert len(desk.ids("INBOX")) == 29
            assert not desk.problems()


def _with_literals(talk):  # type: ignore[no-untyped-def]
    """A peer whose lines hold the literals that were sent with them."""

    def whole(peer: Peer) -> None:
        plain = peer.line

        def line() -> bytes:
            told = plain()
            while told.endswith(b"}") and b"{" in told:
                peer.send(b"+ go on")
                start, _, size = told.rpartition(b"{")
                told = start + peer.exactly(int(size[:-1])) + plain()
            return told

        peer.line = line  # type: ignore[method-assign]
        talk(peer)

    return whole


def test_what_comes_for_a_message_that_is_gone_is_dropped(pki: Pki, tmp_path: Path) -> None:
    def act(desk) -> None:  # type: ignore[no-untyped-def]
        content, mail = desk.house.stores.content, desk.house.stores.mail
        message_id = desk.ids("INBOX")["<5@x.mss.example>"]
        content.add_parts(message_id, [PartSpec("2", "application/zip", 3, "7bit", "", "a.zip", "", attachment=True)])
        part_id = next(part.id for part in content.parts(message_id) if part.spec.number == "2")
        mail.erased([message_id])
        content.keep_body(message_id, BodyRecord("trop tard"))
        content.add_parts(message_id, [PartSpec("3", "text/plain", 3, "7bit", "", "a", "", attachment=True)])
        content.keep_piece(part_id, 0, b"abc")
        content.keep_part(part_id, b"abc", "application/zip", xdm=True)
        content.keep_archive(part_id, Archive(is_xdm=True, documents=(), entries=(), warnings=()), None)
        assert content.part_bytes(part_id) is None
        assert content.archive(part_id) is None

    lie(pki, Liar(), tmp_path, act)
