"""“My card goes into the reader of this machine”: pcscd, its events and the card's own certificate, end to end."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mssclient.domain.errors import Distrust, Untrusted
from mssclient.domain.session import CardHolder, CardStatus, SessionState
from tests.card import cards
from tests.journeys.workstation import Workstation
from tests.journeys.worlds import World
from tests.lab import pcscd
from tests.lab.world import ALICE, BOB

pytestmark = pytest.mark.lab
START_S = 10.0


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
        self._status = CardStatus(supported=True, reader=False, present=False)

    def wait(self, previous: CardStatus | None, timeout_s: float) -> CardStatus:
        """The status as soon as it differs from `previous`, else after `timeout_s`."""
        assert self._process.stdout is not None
        told = self._process.stdout.fileno()
        while self._status == previous:
            ready, _, _ = select.select([told, self._wake], [], [], timeout_s)
            if told not in ready:
                break
            self._take(os.read(told, 65536))
        return self._status

    def _take(self, piece: bytes) -> None:
        *lines, self._rest = (self._rest + piece).split(b"\n")
        if lines:
            found: dict[str, Any] = json.loads(lines[-1])["status"]
            holder = found.pop("holder")
            self._status = CardStatus(**found, holder=CardHolder(**holder) if holder else None)

    def cancel(self) -> None:
        """End a wait, now and ever: a journey cancels when it is over."""
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


@pytest.fixture
def seat(
    world: World, tmp_path: Path, card: tuple[pcscd.Pcscd, pcscd.VirtualCard]
) -> Iterator[tuple[Workstation, pcscd.VirtualCard]]:
    """A workstation at that reader."""
    daemon, virtual = card
    found = Workstation(world, tmp_path / "home", reader=ReaderNextDoor(daemon.path))
    try:
        found.until(lambda: found.engine.card_status().reader, "the reader is there", START_S)
        yield found, virtual
    finally:
        found.close()


def test_in_signed_in_out_locked_in_again(seat: tuple[Workstation, pcscd.VirtualCard]) -> None:
    desk, card = seat
    card.order("insert")
    desk.until(lambda: (h := desk.engine.card_status().holder) and h.national_id, "the holder is read", START_S)
    holder = desk.engine.card_status().holder
    assert holder is not None
    assert holder.national_id == ALICE.national_id
    desk.sign_in(card=False)
    assert desk.world.lines_open() > 0
    card.order("remove")
    desk.until(lambda: desk.engine.session_state() is SessionState.LOCKED, "locked", 3)
    desk.until(lambda: desk.world.lines_open() == 0, "sessions closed")
    card.order("insert")
    desk.until(lambda: (h := desk.engine.card_status().holder) and h.national_id, "read again", START_S)
    desk.sign_in(card=False)


def test_another_person_in_the_browser_than_on_the_card(seat: tuple[Workstation, pcscd.VirtualCard]) -> None:
    desk, card = seat
    desk.person = BOB
    card.order("insert")
    desk.until(lambda: (h := desk.engine.card_status().holder) and h.national_id, "the holder is read", START_S)
    desk.engine.sign_in_with_browser()
    desk.until(lambda: desk.engine.sign_in_view().failure, "told")
    failure = desk.engine.sign_in_view().failure
    assert isinstance(failure, Untrusted)
    assert failure.reason is Distrust.IDENTITY
    desk.browser.join()
