"""Our reader on a real pcscd with virtual cards: everything that happens to cards, readers and the service."""

from __future__ import annotations

import itertools
import signal
import time
from contextlib import closing
from pathlib import Path

import pytest

from mssclient.card import pkcs15
from tests.card import cards
from tests.card.watched import LIMIT_S, Watched, absent, known, no_reader, present
from tests.lab import pcscd

pytestmark = pytest.mark.lab
CPS3_CONTACTLESS = "3B8F80010031B86404B0ECC1739401808290000E"
CPS4 = "3B9B188001001225006480040100009044"
OTHER_CARDS = {
    "3B7513000044094EA90E019000": "VITALE",
    "3F65250028099000": "VITALE",
    "3B6500002063CB6800": "UNKNOWN",
    "3B00": "UNKNOWN",
}


def seen(card: pcscd.VirtualCard) -> set[str]:
    """The instructions that a card was sent so far."""
    found = card.order("seen")["seen"]
    assert isinstance(found, list)
    return set(found)


class TestCards:
    def test_a_card_comes_is_named_and_goes(self, watched: Watched, card: pcscd.VirtualCard) -> None:
        watched.until(absent)
        card.order("insert")
        holder = watched.until(known)[-1]["status"]["holder"]
        assert (holder["national_id"], holder["profession"]) == ("899900000011", "Médecin")
        assert holder["test_card"] is True
        assert seen(card) <= {"A4", "B0", "C0"}, "no PIN, no key"
        began = time.monotonic()
        card.order("remove")
        watched.until(absent)
        assert time.monotonic() - began < 2

    @pytest.mark.parametrize(
        ("atr", "application"),
        [(pcscd.CPS3, 0), (CPS3_CONTACTLESS, 1), (CPS4, 2)],
        ids=["CPS3 contact", "CPS3 contactless", "CPS4"],
    )
    def test_every_generation_is_read(
        self, daemon: pcscd.Pcscd, watched: Watched, tmp_path: Path, atr: str, application: int
    ) -> None:
        files = cards.files(cards.certificate())
        aid = pkcs15.APPLICATIONS[application].hex()
        with closing(pcscd.VirtualCard(tmp_path, daemon.port, atr, files, aid)) as card:
            card.order("insert")
            assert watched.until(known)[-1]["status"]["holder"]["national_id"] == "899900000011"

    @pytest.mark.parametrize(("atr", "trouble"), OTHER_CARDS.items(), ids=OTHER_CARDS)
    def test_another_card_is_told_by_name_and_never_spoken_to(
        self, daemon: pcscd.Pcscd, watched: Watched, tmp_path: Path, atr: str, trouble: str
    ) -> None:
        with closing(pcscd.VirtualCard(tmp_path, daemon.port, atr)) as card:
            watched.until(absent)
            card.order("insert")
            assert not watched.until(lambda status: status["trouble"] == trouble)[-1]["status"]["present"]
            assert seen(card) == set()

    def test_a_card_that_does_not_take_the_current_is_mute(self, watched: Watched, card: pcscd.VirtualCard) -> None:
        watched.until(absent)
        card.order("dead")
        card.order("insert")
        told = watched.until(lambda status: status["trouble"] == "MUTE")
        assert not any(line["status"]["present"] for line in told)
        card.order("alive")
        card.order("remove")
        watched.until(absent)
        card.order("insert")
        watched.until(known)

    def test_a_card_without_readable_files_is_there_but_nobodys(
        self, daemon: pcscd.Pcscd, watched: Watched, tmp_path: Path
    ) -> None:
        with closing(pcscd.VirtualCard(tmp_path, daemon.port)) as card:
            card.order("insert")
            assert watched.until(present)[-1]["status"]["holder"] is None
            card.order("remove")
            watched.until(absent)

    def test_a_card_put_back_is_a_card_that_was_gone(
        self, watched: Watched, card: pcscd.VirtualCard, rival: pcscd.Rival
    ) -> None:
        """In again as soon as the service has noticed: it looks every 0.4 s, and nobody hears of a shorter absence."""
        card.order("insert")
        watched.until(known)
        rival.order("watch")
        card.order("remove")
        assert float(rival.order("woke")) > 0
        card.order("insert")
        watched.until(absent)
        watched.until(known)

    def test_a_card_pulled_while_it_is_read_is_gone_at_once(self, watched: Watched, card: pcscd.VirtualCard) -> None:
        """The silent card holds the reading; the watch goes on, and the next card is read."""
        watched.until(absent)
        card.order("mute")
        card.order("insert")
        watched.until(present)
        assert seen(card) == {"A4"}
        card.order("remove")
        watched.until(absent, 3)
        card.order("speak")
        card.order("insert")
        watched.until(known)

    def test_a_wait_is_cancelled_at_once(self, watched: Watched) -> None:
        watched.until(absent)
        watched.say("cancel")
        assert watched.until(absent)[-1]["after_s"] < 3
        assert watched.close() == 0

    def test_the_program_ends_although_a_card_keeps_silent(self, watched: Watched, card: pcscd.VirtualCard) -> None:
        card.order("mute")
        card.order("insert")
        watched.until(present)
        began = time.monotonic()
        assert watched.close() == 0
        assert time.monotonic() - began < 6


class TestReaders:
    def test_a_card_beside_the_one_in_use_changes_nothing(
        self, watched: Watched, card: pcscd.VirtualCard, other: pcscd.VirtualCard
    ) -> None:
        other.order("insert")
        assert watched.until(known)[-1]["status"]["holder"]["national_id"] == "899900000029"
        card.order("insert")
        assert watched.during(1.5) == [], "the first slot comes first in the list, not in time"
        card.order("remove")
        assert watched.during(1.0) == []

    def test_the_card_in_use_goes_and_the_one_beside_it_is_another(
        self, watched: Watched, card: pcscd.VirtualCard, other: pcscd.VirtualCard
    ) -> None:
        card.order("insert")
        watched.until(known)
        other.order("insert")
        assert watched.during(1.0) == []
        card.order("remove")
        told = watched.until(known)
        assert absent(told[0]["status"]), "said to be gone before another is named"
        assert told[-1]["status"]["holder"]["national_id"] == "899900000029"

    def test_a_reader_unplugged_with_its_card_and_plugged_again(
        self, daemon: pcscd.Pcscd, watched: Watched, card: pcscd.VirtualCard
    ) -> None:
        card.order("insert")
        watched.until(known)
        daemon.stop()
        daemon.start(reader=False)
        watched.until(no_reader)
        card.order("remove")
        assert not any(status["reader"] for status in watched.during(1.5)), "a service without a reader"
        daemon.stop()
        daemon.start()
        watched.until(absent)
        card.order("insert")
        watched.until(known)


class TestService:
    @pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
    def test_when_it_dies_the_card_is_gone_and_comes_back_with_it(
        self, daemon: pcscd.Pcscd, watched: Watched, card: pcscd.VirtualCard, how: signal.Signals
    ) -> None:
        card.order("insert")
        watched.until(known)
        began = time.monotonic()
        daemon.stop(how)
        watched.until(no_reader)
        assert time.monotonic() - began < 2
        card.order("remove")
        daemon.start()
        watched.until(absent)
        card.order("insert")
        watched.until(known)

    def test_when_it_hangs_the_watchdog_knows_and_it_goes_on_afterwards(
        self, daemon: pcscd.Pcscd, watched: Watched, card: pcscd.VirtualCard
    ) -> None:
        card.order("insert")
        watched.until(known)
        daemon.hang()
        watched.until_stuck(stuck=True)
        card.order("remove")
        daemon.resume()
        watched.until_stuck(stuck=False)
        watched.until(absent)
        card.order("insert")
        watched.until(known)

    def test_one_that_hangs_and_is_killed_is_one_that_died(
        self, daemon: pcscd.Pcscd, watched: Watched, card: pcscd.VirtualCard
    ) -> None:
        card.order("insert")
        watched.until(known)
        daemon.hang()
        watched.until_stuck(stuck=True)
        daemon.stop(signal.SIGKILL)
        watched.until(no_reader)
        card.order("remove")
        daemon.start()
        watched.until(absent)
        card.order("insert")
        watched.until(known)


class TestOtherPrograms:
    def test_a_card_held_exclusively_is_there_and_read_once_let_go(
        self, watched: Watched, card: pcscd.VirtualCard, rival: pcscd.Rival, daemon: pcscd.Pcscd
    ) -> None:
        card.order("insert")
        watched.until(known)
        assert rival.order("exclusive") == "00000000", "reading is over: the card is free for others"
        late = Watched(daemon.path)
        try:
            assert late.until(present)[-1]["status"]["holder"] is None
            assert rival.order("release") == "00000000"
            late.until(known)
        finally:
            late.close()

    def test_a_long_transaction_of_another_program_does_not_blind_us(
        self, watched: Watched, card: pcscd.VirtualCard, rival: pcscd.Rival
    ) -> None:
        card.order("insert")
        assert rival.order("transaction") == "00000000"
        watched.until(present)
        watched.during(1.0)
        card.order("remove")
        watched.until(absent, 3)

    def test_a_transaction_that_ends_lets_the_holder_be_read(
        self, daemon: pcscd.Pcscd, card: pcscd.VirtualCard, rival: pcscd.Rival
    ) -> None:
        card.order("insert")
        assert rival.order("transaction") == "00000000"
        late = Watched(daemon.path)
        try:
            assert late.until(present)[-1]["status"]["holder"] is None
            assert rival.order("release") == "00000000"
            late.until(known)
        finally:
            late.close()


def test_fifty_insertions_leave_nothing_behind(daemon: pcscd.Pcscd, watched: Watched, card: pcscd.VirtualCard) -> None:
    def round_trip() -> None:
        card.order("insert")
        watched.until(known)
        card.order("remove")
        watched.until(absent)

    watched.until(absent)
    round_trip()
    ours, theirs = watched.holds(), daemon.holds()
    for _ in itertools.repeat(None, 50):
        round_trip()
    assert watched.holds() == ours
    end = time.monotonic() + LIMIT_S
    while daemon.holds() > theirs:
        assert time.monotonic() < end, (daemon.holds(), theirs)
