"""An operator whose numbers do not agree with each other: looked at, then left alone; nothing of ours is lost by it."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from mssclient.domain.changes import Wish
from mssclient.sandbox.pki import Pki
from tests.engine.sync_kit import sync_desk
from tests.engine.test_sync_history import filed
from tests.remote import scripted
from tests.remote.places import Place
from tests.remote.scripted import Peer, environment, imap_signed_in, profile, script

CAN = b"IMAP4rev1 SASL-IR AUTH=XOAUTH2 IDLE UIDPLUS MOVE ESEARCH CONDSTORE LIST-STATUS"


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    """A chain for these scripts."""
    return scripted.new_pki(tmp_path_factory.mktemp("pki"))


class Liar:
    """A mailbox told badly."""

    def __init__(self) -> None:
        self.uids = list(range(1, 31))
        self.exists = 30
        self.uidnext = 31
        self.modseq = 5
        self.hidden: set[int] = set()
        """Listed, never fetched."""
        self.extra: list[bytes] = []
        self.heard: Counter[str] = Counter()
        self.pushes: list[bytes] = []
        self._over = threading.Event()

    def talk(self, peer: Peer) -> None:
        """Answers until the client goes away."""
        while line := peer.line():
            tag, _, rest = line.partition(b" ")
            name = rest.split(b" ")[0].decode().upper()
            if name == "UID":
                name = b" ".join(rest.split(b" ")[:2]).decode().upper()
            self.heard[name] += 1
            if name == "IDLE":
                peer.send(b"+ idling", *self.pushes)
                self.pushes.clear()
                peer.line()
            else:
                peer.send(*self.extra, *self.answer(name, rest))
            peer.send(tag + b" OK done")
            if name == "LOGOUT":
                return

    def answer(self, name: str, rest: bytes) -> list[bytes]:
        """Untagged responses to a command."""
        if name == "LIST" and b"STATUS" in rest:
            told = b"MESSAGES %d UNSEEN 0 UIDNEXT %d UIDVALIDITY 9 HIGHESTMODSEQ %d"
            return [b"* STATUS INBOX (" + told % (self.exists, self.uidnext, self.modseq) + b")"]
        if name == "LIST":
            return [b'* LIST () "/" ""' if b'"" ""' in rest else b'* LIST () "/" INBOX']
        if name == "SELECT":
            return [
                b"* %d EXISTS" % self.exists, b"* OK [UIDVALIDITY 9] ok", b"* OK [UIDNEXT %d] ok" % self.uidnext,
                b"* OK [HIGHESTMODSEQ %d] ok" % self.modseq,
            ]  # fmt: skip
        if name == "UID SEARCH":
            shuffled = self.uids[::2][::-1] + self.uids[1::2]
            return [b'* ESEARCH (TAG "x") UID ALL ' + b",".join(b"%d" % u for u in shuffled)] if self.uids else []
        if name == "UID FETCH":
            return [self.told(u) for u in self.wanted(rest) if u not in self.hidden]
        return []

    def wanted(self, rest: bytes) -> list[int]:
        """The uids of a FETCH, answered in the wrong order."""
        found: list[int] = []
        for piece in rest.split(b" ")[2].split(b","):
            first, _, last = piece.partition(b":")
            high = max(self.uids, default=0) if last == b"*" else int(last or first)
            found += [u for u in self.uids if int(first) <= u <= high]
        return found[::-1]

    def told(self, uid: int) -> bytes:
        """One message, and a word about another one that nobody asked for."""
        head = b"Message-ID: <%d@x.mss.example>\r\nSubject: s\r\nFrom: a@x.mss.example\r\n\r\n" % uid
        return (
            b"* 99 FETCH (FLAGS (\\Deleted))\r\n"
            b"* %d FETCH (UID %d FLAGS () INTERNALDATE \"03-Mar-2026 10:00:00 +0000\" RFC822.SIZE 9 MODSEQ (3)"
            b' BODYSTRUCTURE ("text" "plain" NIL NIL NIL "7bit" 3 1) BODY[HEADER.FIELDS (X)] {%d}\r\n' % (uid, uid, len(head))
            + head + b")"
        )  # fmt: skip


def lie(pki: Pki, liar: Liar, home: Path, act: Callable[..., None]) -> None:
    """A BAL at such an operator."""
    with script(imap_signed_in(pki, liar.talk, CAN)) as port:
        place = Place(environment(pki), profile(port), lambda _person: scripted.TOKEN, scripted.DOMAIN)
        with sync_desk(place, "cabinet", home) as desk:
            desk.until(lambda: len(desk.ids("INBOX")) >= 25, "listed")
            desk.settle()
            act(desk)


def few(liar: Liar) -> bool:
    """Whether the operator was left in peace: some commands a look, not a storm."""
    return liar.heard["SELECT"] + liar.heard["UID SEARCH"] + liar.heard["UID FETCH"] < 60


@pytest.mark.parametrize("exists", [0, 29, 31, 4_000_000_000])
def test_a_count_that_disagrees_is_looked_into_once(pki: Pki, tmp_path: Path, exists: int) -> None:
    liar = Liar()
    liar.exists = exists

    def act(desk) -> None:  # type: ignore[no-untyped-def]
        assert len(desk.ids("INBOX")) == 30
        before, listed = sum(liar.heard.values()), liar.heard["UID SEARCH"]
        desk.settle()
        desk.settle()
        assert sum(liar.heard.values()) - before < 60
        assert liar.heard["UID SEARCH"] == listed
        assert few(liar)

    lie(pki, liar, tmp_path, act)


def test_answers_that_are_missing_are_asked_for_again_but_not_for_ever(pki: Pki, tmp_path: Path) -> None:
    liar = Liar()
    liar.hidden = {7, 8}

    def act(desk) -> None:  # type: ignore[no-untyped-def]
        assert len(desk.ids("INBOX")) == 28
        desk.settle()
        assert few(liar)
        liar.hidden.clear()
        liar.modseq += 1
        desk.settle()
        assert len(desk.ids("INBOX")) == 30

    lie(pki, liar, tmp_path, act)


def test_a_folder_that_looks_empty_for_a_moment_loses_nothing(pki: Pki, tmp_path: Path) -> None:
    liar = Liar()

    def act(desk) -> None:  # type: ignore[no-untyped-def]
        ids = desk.ids("INBOX")
        filed(desk, ids["<5@x.mss.example>"])
        liar.uids, liar.exists, liar.modseq = [], 29, 6
        desk.watch.refresh()
        desk.until(lambda: liar.heard["UID SEARCH"] >= 2, "listed twice")
        desk.settle()
        assert desk.ids("INBOX") == ids
        # It insists: then they are gone, and what was done to one waits for it.
        liar.exists, liar.modseq = 0, 7
        desk.watch.refresh()
        desk.until(lambda: desk.watch.refresh() or not desk.ids("INBOX"), "gone", 20)
        liar.uids, liar.exists, liar.modseq = list(range(1, 31)), 30, 8
        desk.until(lambda: desk.watch.refresh() or len(desk.ids("INBOX")) == 30, "back", 20)
        assert desk.ids("INBOX")["<5@x.mss.example>"] == ids["<5@x.mss.example>"]

    lie(pki, liar, tmp_path, act)


def test_nonsense_that_nobody_asked_for_changes_nothing(pki: Pki, tmp_path: Path) -> None:
    liar = Liar()
    liar.extra = [
        b"* 3 EXPUNGE", b"* 4294967295 EXISTS", b"* XYZZY (1 2", b"* 5 FETCH (FLAGS (\\Seen) UID 900000)",
        b"* VANISHED 1:30", b"* SEARCH 1 2 x", b'* STATUS "INBOX" (MESSAGES -1)', b"* OK [UIDVALIDITY 4 x] hm",
    ]  # fmt: skip

    def act(desk) -> None:  # type: ignore[no-untyped-def]
        ids = desk.ids("INBOX")
        desk.wish(Wish.FLAG, ["4"], ("INBOX",))
        desk.settle()
        assert desk.ids("INBOX") == ids
        assert sum(liar.heard.values()) < 250

    lie(pki, liar, tmp_path, act)


def test_the_liar_speaks_as_servers_do() -> None:
    assert re.match(rb"\* 99 FETCH", Liar().told(1))
