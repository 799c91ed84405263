"""Our reader: what it says without PC/SC, and on a real pcscd with a virtual reader (marker `lab`)."""

from __future__ import annotations

import importlib.util
import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mssclient.card import reader
from mssclient.domain.errors import CardReason
from tests.card import cards
from tests.lab import pcscd

LIMIT_S = 8.0


@pytest.mark.parametrize(
    "atr",
    [
        "3BAC00402A001225006480000310009000",
        "3B8F80010031B86404B0ECC1739401808290000E",
        "3B9B188001001225006480040100009044",
        "3B9B188001001225006480000401009044",
        "3BDC18FF00001225006480000401009000",
    ],
)
def test_every_known_cpx_is_recognised(atr: str) -> None:
    assert reader.is_cpx(bytes.fromhex(atr))


@pytest.mark.parametrize("atr", ["3B7513000044094EA90E019000", "3F65250028099000"])
def test_a_vitale_is_told_by_name(atr: str) -> None:
    assert not reader.is_cpx(bytes.fromhex(atr))
    assert reader.trouble_of(bytes.fromhex(atr)) is CardReason.VITALE


def test_another_card_is_unknown() -> None:
    assert not reader.is_cpx(bytes.fromhex("3B6500002063CB6800"))
    assert reader.trouble_of(bytes.fromhex("3B6500002063CB6800")) is CardReason.UNKNOWN


def test_without_pyscard_the_program_says_so_and_waits_without_spinning() -> None:
    code = (
        "import sys, time; sys.modules['smartcard'] = None\n"
        "from mssclient.card.reader import PcscReader\n"
        "r = PcscReader(); first = r.wait(None, 5); began = time.monotonic(); again = r.wait(first, 0.3)\n"
        "waited = time.monotonic() - began; r.cancel(); r.wait(first, 30); r.close()\n"
        "assert not first.supported and not first.present and first.trouble == 'NO_SUPPORT', first\n"
        "assert again == first and 0.25 < waited < 2, waited\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)


class Watched:
    """Our reader at work in a child process."""

    def __init__(self, socket: Path) -> None:
        environment = os.environ | {pcscd.SOCKET_VARIABLE: str(socket)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.reader_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
            bufsize=1,
        )

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """The statuses told, up to and with the first wanted one."""
        assert self._process.stdout is not None
        told: list[dict[str, Any]] = []
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end:
            ready, _, _ = select.select([self._process.stdout], [], [], end - time.monotonic())
            if ready:
                told.append(json.loads(self._process.stdout.readline()))
                if wanted(told[-1]["status"]):
                    return told
        raise AssertionError(told)

    def say(self, word: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()

    def close(self) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            return self._process.wait(10)
        finally:
            self._process.kill()
            self._process.wait(5)
            self._process.stdout.close()


def present(status: dict[str, Any]) -> bool:
    return bool(status["present"])


def absent(status: dict[str, Any]) -> bool:
    return bool(status["reader"]) and not status["present"] and status["trouble"] == "ABSENT"


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[pcscd.Pcscd]:
    pcscd.need(pcscd.missing())
    pcscd.need("" if importlib.util.find_spec("smartcard") else "pyscard is not installed")
    daemon = pcscd.Pcscd(tmp_path)
    daemon.start()
    yield daemon
    daemon.stop()


@pytest.fixture
def watched(daemon: pcscd.Pcscd) -> Iterator[Watched]:
    watched = Watched(daemon.path)
    yield watched
    watched.close()


@pytest.fixture
def card(daemon: pcscd.Pcscd, tmp_path: Path) -> Iterator[pcscd.VirtualCard]:
    files = cards.files(cards.certificate(authority=True), cards.certificate())
    card = pcscd.VirtualCard(tmp_path, daemon.port, files=files)
    yield card
    card.close()


@pytest.mark.lab
class TestOnPcscd:
    def test_a_card_comes_is_named_and_goes(self, watched: Watched, card: pcscd.VirtualCard) -> None:
        watched.until(absent)
        card.order("insert")
        told = watched.until(present)
        holder = told[-1]["status"]["holder"]
        assert holder["national_id"] == "899900000011"
        assert holder["test_card"] is True
        assert not set(card.order("seen")["seen"]) - {"A4", "B0", "C0"}, "no PIN, no key"
        began = time.monotonic()
        card.order("remove")
        watched.until(absent)
        assert time.monotonic() - began < 2

    def test_a_card_put_back_is_a_card_that_was_gone(self, watched: Watched, card: pcscd.VirtualCard) -> None:
        card.order("insert")
        watched.until(present)
        card.order("remove")
        card.order("insert")
        watched.until(absent)
        assert watched.until(present)[-1]["status"]["holder"] is not None

    def test_a_vitale_is_not_a_card(self, daemon: pcscd.Pcscd, watched: Watched, tmp_path: Path) -> None:
        card = pcscd.VirtualCard(tmp_path, daemon.port, atr=pcscd.VITALE)
        watched.until(absent)
        card.order("insert")
        told = watched.until(lambda status: status["trouble"] == "VITALE")
        assert not told[-1]["status"]["present"]
        card.close()

    def test_a_card_without_readable_files_is_there_but_nobodys(
        self, daemon: pcscd.Pcscd, watched: Watched, tmp_path: Path
    ) -> None:
        card = pcscd.VirtualCard(tmp_path, daemon.port)
        card.order("insert")
        assert watched.until(present)[-1]["status"]["holder"] is None
        card.order("remove")
        watched.until(absent)
        card.close()

    def test_when_the_service_dies_the_card_is_gone_and_comes_back_with_it(
        self, daemon: pcscd.Pcscd, watched: Watched, card: pcscd.VirtualCard
    ) -> None:
        card.order("insert")
        watched.until(present)
        daemon.stop()
        told = watched.until(lambda status: not status["present"])
        assert told[-1]["status"]["trouble"] == "NO_READER"
        card.order("remove")
        daemon.start()
        watched.until(absent)
        card.order("insert")
        assert watched.until(present)[-1]["status"]["holder"] is not None

    def test_a_wait_is_cancelled_at_once(self, watched: Watched) -> None:
        watched.until(absent)
        watched.say("cancel")
        told = watched.until(absent)
        assert told[-1]["after_s"] < 3
        assert watched.close() == 0

    def test_a_card_that_falls_silent_is_over_once_it_is_pulled(
        self, watched: Watched, card: pcscd.VirtualCard
    ) -> None:
        """PC/SC cannot interrupt a transmission: the reading hangs, but pulling the card ends it."""
        watched.until(absent)
        card.order("mute")
        card.order("insert")
        end = time.monotonic() + LIMIT_S
        while not card.order("seen")["seen"]:
            assert time.monotonic() < end, "our reader never spoke to the card"
        card.order("remove")
        card.order("speak")
        card.order("insert")
        assert watched.until(present)[-1]["status"]["holder"] is not None
