"""“My card goes into the reader of this machine”: pcscd, its events and the card's own certificate, end to end."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.session import CardHolder, CardStatus, SessionState
from tests.card import cards
from tests.journeys.workstation import BALS_OF_ALICE, POLICY, Workstation, environment_of
from tests.journeys.worlds import World
from tests.lab import pcscd
from tests.lab.world import ALICE, BOB

pytestmark = pytest.mark.lab
START_S = 10.0
GRACE_S = 2.0


class ReaderNextDoor:
    """Our PC/SC reader in a process of its own, which alone knows the private pcscd; `wait` follows what it tells."""

    def __init__(self, socket: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.reader_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {pcscd.SOCKET_VARIABLE: str(socket)},
        )
        self._wake, self._bell = os.pipe()
        self._rest = b""
        self._stuck = False
        self._over = threading.Event()
        self._status = CardStatus(supported=True, reader=False, present=False)

    def wait(self, previous: CardStatus | None, timeout_s: float) -> CardStatus:
        """The status as soon as it differs from `previous`, else after `timeout_s`; held while the reader is."""
        assert self._process.stdout is not None
        told = self._process.stdout.fileno()
        while (self._status == previous or self._stuck) and not self._over.is_set():
            ready, _, _ = select.select([told, self._wake], [], [], timeout_s)
            if told in ready:
                self._take(os.read(told, 65536))
            elif not self._stuck:
                break
        return self._status

    def is_stuck(self) -> bool:
        """As the reader next door says."""
        return self._stuck

    def _take(self, piece: bytes) -> None:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        for line in lines:
            said: dict[str, Any] = json.loads(line)
            self._stuck = said["stuck"]
            if found := said["status"]:
                holder = found.pop("holder")
                self._status = CardStatus(**found, holder=CardHolder(**holder) if holder else None)

    def cancel(self) -> None:
        """End a wait, now and ever: a journey cancels when it is over."""
        self._over.set()
        with contextlib.suppress(OSError):
            os.write(self._bell, b"!")

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        os.close(self._wake)
        os.close(self._bell)


@pytest.fixture
def card(tmp_path: Path) -> Iterator[tuple[pcscd.Pcscd, pcscd.VirtualCard]]:
    """A reader with Alice's card beside it."""
    pcscd.need(pcscd.missing())
    daemon = pcscd.Pcscd(tmp_path)
    daemon.start()
    files = cards.files(cards.certificate(ALICE.national_id))
    virtual = pcscd.VirtualCard(tmp_path, daemon.port, files=files)
    yield daemon, virtual
    virtual.close()
    daemon.stop()


@dataclass(frozen=True, slots=True)
class Seat:
    """A workstation at that reader, and what one can do to both."""

    desk: Workstation
    daemon: pcscd.Pcscd
    card: pcscd.VirtualCard
    """Alice's, for the only slot that is used."""

    def read(self, national_id: str = ALICE.national_id) -> None:
        """Wait until the card in the reader is named."""
        engine = self.desk.engine
        self.desk.until(
            lambda: (h := engine.card_status().holder) and h.national_id == national_id, "the holder is read", START_S
        )

    def signed_in(self) -> None:
        """Alice, with her card in the reader."""
        self.card.order("insert")
        self.read()
        self.desk.sign_in(card=False)
        assert self.desk.world.lines_open() > 0

    def locked(self, within_s: float = 3.0) -> None:
        """Wait for the lock."""
        self.desk.until(lambda: self.desk.engine.session_state() is SessionState.LOCKED, "locked", within_s)


@pytest.fixture
def seat(world: World, tmp_path: Path, card: tuple[pcscd.Pcscd, pcscd.VirtualCard]) -> Iterator[Seat]:
    """With the grace of a real installation: a bad contact is no departure."""
    daemon, virtual = card
    environment = environment_of(world, policy=replace(POLICY, card_out_grace_s=GRACE_S))
    reader = ReaderNextDoor(daemon.path)
    desk = Workstation(world, tmp_path / "home", reader=reader, environment=environment)
    try:
        desk.until(lambda: desk.engine.card_status().reader, "the reader is there", START_S)
        yield Seat(desk, daemon, virtual)
    finally:
        desk.close()


def test_in_signed_in_out_locked_in_again(seat: Seat) -> None:
    seat.signed_in()
    seat.card.order("remove")
    seat.locked()
    seat.desk.until(lambda: seat.desk.world.lines_open() == 0, "sessions closed")
    seat.card.order("insert")
    seat.read()
    seat.desk.sign_in(card=False)


def test_a_bad_contact_covers_and_uncovers_and_closes_nothing(seat: Seat) -> None:
    seat.signed_in()
    seat.card.order("remove")
    seat.locked()
    seat.card.order("insert")
    seat.desk.until(lambda: seat.desk.engine.session_state() is SessionState.OPEN, "uncovered", GRACE_S + 1)
    assert seat.desk.live() == BALS_OF_ALICE
    assert seat.desk.world.lines_open() >= BALS_OF_ALICE, "no line of a mailbox was closed"
    assert not seat.desk.told()


def test_another_card_within_the_grace_opens_nothing(seat: Seat, tmp_path: Path) -> None:
    seat.signed_in()
    files = cards.files(cards.certificate(BOB.national_id))
    with contextlib.closing(pcscd.VirtualCard(tmp_path, seat.daemon.port, files=files)) as bobs:
        seat.card.order("remove")
        seat.locked()
        bobs.order("insert")
        seat.read(BOB.national_id)
        seat.desk.until(lambda: seat.desk.world.lines_open() == 0, "sessions closed")
        assert seat.desk.engine.session_state() is SessionState.LOCKED
        bobs.order("remove")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
def test_the_service_dies_and_the_workstation_locks(seat: Seat, how: signal.Signals) -> None:
    seat.signed_in()
    seat.daemon.stop(how)
    seat.locked()
    seat.card.order("remove")
    seat.daemon.start()
    seat.desk.until(lambda: seat.desk.engine.card_status().reader, "the reader is back", START_S)
    seat.card.order("insert")
    seat.read()
    seat.desk.sign_in(card=False)


def test_the_service_hangs_and_the_workstation_locks(seat: Seat) -> None:
    """Nobody knows whether the card is still there: that counts as gone."""
    seat.signed_in()
    seat.daemon.hang()
    seat.locked(START_S)
    assert not seat.desk.engine.card_status().present
    seat.daemon.resume()
    seat.read()
    seat.desk.sign_in(card=False)


def test_another_person_in_the_browser_than_on_the_card(seat: Seat) -> None:
    seat.desk.person = BOB
    seat.card.order("insert")
    seat.read()
    seat.desk.engine.sign_in_with_browser()
    refused(seat.desk)


def test_a_card_put_in_while_somebody_else_is_in_the_browser(seat: Seat) -> None:
    """Bob begins without a card; Alice's goes in before he has finished."""
    at_the_page, go_on = threading.Event(), threading.Event()

    def choose() -> str:
        at_the_page.set()
        go_on.wait(START_S)
        return BOB.national_id

    seat.desk.browser._choose = choose
    seat.desk.engine.sign_in_with_browser()
    assert at_the_page.wait(START_S)
    seat.card.order("insert")
    seat.read()
    go_on.set()
    refused(seat.desk)


def refused(desk: Workstation) -> None:
    """Told that the persons differ, and nothing opened."""
    desk.until(lambda: desk.engine.sign_in_view().failure, "told")
    failure = desk.engine.sign_in_view().failure
    assert isinstance(failure, Untrusted)
    assert failure.reason is Distrust.IDENTITY
    assert desk.engine.session_state() is SessionState.SIGNED_OUT
    desk.browser.join()
