"""A private pcscd with a virtual reader, our reader beside it, and a card."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.card import cards
from tests.card.watched import Watched
from tests.lab import pcscd


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[pcscd.Pcscd]:
    """Running; two empty slots."""
    pcscd.need(pcscd.missing())
    pcscd.need("" if importlib.util.find_spec("smartcard") else "pyscard is not installed")
    daemon = pcscd.Pcscd(tmp_path)
    daemon.start()
    yield daemon
    daemon.stop()


@pytest.fixture
def watched(daemon: pcscd.Pcscd) -> Iterator[Watched]:
    """Our reader at that service."""
    watched = Watched(daemon.path)
    yield watched
    watched.close()


@pytest.fixture
def card(daemon: pcscd.Pcscd, tmp_path: Path) -> Iterator[pcscd.VirtualCard]:
    """A CPS3 for the first slot, not in it yet."""
    files = cards.files(cards.certificate(authority=True), cards.certificate())
    card = pcscd.VirtualCard(tmp_path, daemon.port, files=files)
    yield card
    card.close()


@pytest.fixture
def other(daemon: pcscd.Pcscd, tmp_path: Path) -> Iterator[pcscd.VirtualCard]:
    """Another person's card for the second slot."""
    files = cards.files(cards.certificate("899900000029"))
    card = pcscd.VirtualCard(tmp_path, daemon.port + 1, files=files)
    yield card
    card.close()


@pytest.fixture
def rival(daemon: pcscd.Pcscd) -> Iterator[pcscd.Rival]:
    """Another program on the same service."""
    rival = pcscd.Rival(daemon.path)
    yield rival
    rival.close()
