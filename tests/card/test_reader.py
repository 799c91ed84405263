"""Our reader without a service: which cards it knows, and what it says where there is no PC/SC at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mssclient.card import reader
from mssclient.domain.errors import CardReason
from tests.lab import pcscd


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


def test_without_libpcsclite_the_program_says_so() -> None:
    """What pyscard does then: its compiled half cannot be loaded."""
    code = (
        "import sys, importlib.abc\n"
        "class Broken(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name.startswith('smartcard.'):\n"
        "            raise ImportError('libpcsclite.so.1: cannot open shared object file')\n"
        "sys.meta_path.insert(0, Broken())\n"
        "from mssclient.card.reader import PcscReader, NO_SUPPORT\n"
        "r = PcscReader(); assert r.wait(None, 1) == NO_SUPPORT and not r.is_stuck(); r.close()\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)


def test_without_a_service_there_is_no_reader_and_asking_does_not_spin(tmp_path: Path) -> None:
    code = (
        "import time\n"
        "from mssclient.card.reader import PcscReader\n"
        "r = PcscReader(); first = r.wait(None, 5); began = time.monotonic(); again = r.wait(first, 0.7)\n"
        "waited = time.monotonic() - began; r.close()\n"
        "assert first.supported and not first.reader and not first.present and first.trouble == 'NO_READER', first\n"
        "assert again == first and 0.6 < waited < 3, waited\n"
    )
    environment = os.environ | {pcscd.SOCKET_VARIABLE: str(tmp_path / "nobody")}
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20, env=environment)
